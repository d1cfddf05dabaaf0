//! Refusals of WSO2 API Manager: its gateway's codes, its token endpoint and its portal.

mod assertion;
mod family;
mod gateway;
mod token;

use crate::refusal::entry::Refusal;

/// Refusals, by topic.
pub(crate) const REFUSALS: &[&[Refusal]] = &[gateway::ROWS, assertion::ROWS, token::ROWS];

/// Whether it is a code of the gateway that the catalogue explains.
pub(crate) fn knows(code: &str) -> bool {
    REFUSALS.iter().copied().flatten().any(|entry| entry.error.contains(&code))
}
