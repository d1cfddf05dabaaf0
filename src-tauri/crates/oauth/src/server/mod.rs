//! Servers: what each of them does in its own way, and what its refusals mean.

pub(crate) mod catalogue;
mod keycloak;
mod plain;
mod rfc;
mod warnings;
pub(crate) mod wso2;

pub use keycloak::{changes::Asked, realms::keys_of_sibling};
pub use warnings::warnings;

#[cfg(test)]
mod tests;
