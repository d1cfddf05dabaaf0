//! Keycloak.

pub(crate) mod changes;
pub(crate) mod realms;
pub(crate) mod refusals;
pub(crate) mod warnings;
