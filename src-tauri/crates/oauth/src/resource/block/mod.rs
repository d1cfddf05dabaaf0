//! Expectations as the security block of a service's YAML: what it trusts, how tokens are exchanged on the way to it, what it
//! checks.
//!
//! ```yaml
//! security:
//!   identity_provider: keycloak
//!   api_gateway: wso2
//!   token_exchange: { enabled: true, source_token: wso2, target_token: keycloak }
//!   checks:
//!     audience: orders-api
//!     issuer: https://id.example.test/realms/shop
//!     roles: [viewer]
//!     expiration: 5m
//! ```
//!
//! A check may stand alone (`- audience`) or with its value. Nothing is dropped silently: what is not known here, and what says
//! nothing a token could be checked for, is named with its line.

mod reader;
mod said;
#[cfg(test)]
mod tests;
mod write;

pub use reader::read;
pub use said::{Block, BlockFault, LARGEST};
pub use write::write;
