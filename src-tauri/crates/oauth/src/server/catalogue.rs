//! The catalogue: all rows of all servers.

use super::{keycloak, plain, rfc, wso2};
use crate::refusal::entry::Entry;

/// All refusals, those of a particular server before those every server shares.
pub(crate) fn all() -> impl Iterator<Item = &'static Entry> {
    [keycloak::refusals::REFUSALS, wso2::refusals::REFUSALS, plain::refusals::REFUSALS, rfc::REFUSALS]
        .into_iter()
        .flatten()
        .copied()
        .flatten()
}

/// What successes lack, in the same order.
pub(crate) fn successes() -> impl Iterator<Item = &'static Entry> {
    [keycloak::refusals::SUCCESSES, plain::refusals::SUCCESSES, rfc::SUCCESSES].into_iter().flatten().copied().flatten()
}
