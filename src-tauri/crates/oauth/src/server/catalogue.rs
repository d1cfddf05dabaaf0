//! The catalogue: all entries of all servers.

use super::{keycloak, plain, rfc, wso2};
use crate::refusal::entry::Entry;

/// All entries, those of a particular server before those every server shares.
pub(crate) fn all() -> impl Iterator<Item = &'static Entry> {
    keycloak::refusals::ENTRIES.iter().chain(wso2::refusals::ENTRIES).chain(plain::refusals::all()).chain(rfc::ENTRIES)
}
