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
#[cfg(test)]
mod tests;
mod write;

use crate::profile::Profile;
use token::check::Expectations;

pub use write::write;

/// Largest block that is read, in bytes.
pub const LARGEST: usize = 64 * 1024;

/// What a block said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The resource's expectations with what the block says put in; what it does not speak of stays.
    pub expectations: Expectations,
    /// What was read and changes nothing, and what is not known here: one sentence each, with its line.
    pub notes: Vec<String>,
}

/// Why a block can not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockFault {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub advice: String,
}

/// Reads a block for a resource of a profile. `now` are the resource's expectations before.
pub fn read(text: &str, profile: &Profile, resource: &str, now: &Expectations) -> Result<Block, BlockFault> {
    reader::read(text, profile, resource, now)
}
