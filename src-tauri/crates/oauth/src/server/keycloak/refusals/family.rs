//! What rows of this server have in common: each begins as one of these.

use crate::{
    profile::Dialect,
    refusal::entry::{Act, Refusal, Tried},
};
use record::operation::Operation;

pub(super) const EXCHANGE: Tried = Tried::These(&[Operation::TokenExchange]);
pub(super) const JWT: Tried = Tried::These(&[Operation::JwtBearer]);
pub(super) const ACCESS_TYPE: Act =
    Act::Set("Use access_token", "subject_token_type", "urn:ietf:params:oauth:token-type:access_token");

/// What all rows share.
pub(super) const KEYCLOAK: Refusal = Refusal { dialect: Some(Dialect::Keycloak), seen: "26.2-26.8", ..Refusal::BLANK };
