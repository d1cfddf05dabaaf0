//! Refusals of WSO2 API Manager: its gateway's codes, its token endpoint and its portal.

mod assertion;
mod gateway;
mod token;

use crate::{profile::Dialect, refusal::entry::Refusal};
use record::operation::Operation;

const CALL: &[Operation] = &[Operation::CallApi];
const ASSERTION: &[Operation] = &[Operation::JwtBearer, Operation::TokenExchange];

/// What all rows share.
const WSO2: Refusal = Refusal { dialect: Some(Dialect::Wso2), seen: "4.0-4.7", ..Refusal::BLANK };

/// Refusals, by topic.
pub(crate) const REFUSALS: &[&[Refusal]] = &[gateway::ROWS, assertion::ROWS, token::ROWS];

/// Whether it is a code of the gateway that the catalogue explains.
pub(crate) fn knows(code: &str) -> bool {
    REFUSALS.iter().copied().flatten().any(|entry| entry.error.contains(&code))
}
