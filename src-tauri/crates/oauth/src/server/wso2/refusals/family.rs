//! What rows of this server have in common: each begins as one of these.

use crate::{
    profile::Dialect,
    refusal::entry::{Refusal, Tried},
};
use record::operation::Operation;

pub(super) const CALL: Tried = Tried::These(&[Operation::CallApi]);
pub(super) const ASSERTION: Tried = Tried::These(&[Operation::JwtBearer, Operation::TokenExchange]);

/// What all rows share.
pub(super) const WSO2: Refusal = Refusal { dialect: Some(Dialect::Wso2), seen: "4.0-4.7", ..Refusal::BLANK };
