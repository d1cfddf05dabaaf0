//! The catalogue: all entries of all servers.

use super::{entry::Entry, gateway, keycloak, plain, servers};

/// All entries, those of a particular server before those every server shares.
pub(super) fn all() -> impl Iterator<Item = &'static Entry> {
    keycloak::ENTRIES.iter().chain(gateway::ENTRIES).chain(servers::all()).chain(plain::ENTRIES)
}
