//! What a step sends that is not for everybody, and where it goes.

use crate::{message::value, profile::ServerRole};
use record::operation::Draft;

/// Something confidential that a step sends, beside what its client proves itself with, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// What it is, to begin a sentence with, e.g. `The authorization code with its PKCE verifier`.
    pub what: String,
    /// The server of the profile it is meant for.
    pub server: ServerRole,
    /// The client that sends it; empty = none is named.
    pub client: String,
    /// The address it goes to.
    pub address: String,
}

/// Whether it goes to whoever answers the browser, as nothing a client proves itself with ever does.
pub fn is_page(load: &Load) -> bool {
    load.what == PAGE || load.what == PAGE_AND_CODE
}

/// What is typed at a login page.
pub(crate) const PAGE: &str = "What is typed at the login page";
/// The same where the code is redeemed at the same address.
pub(crate) const PAGE_AND_CODE: &str = "What is typed at the login page, and the authorization code with its PKCE verifier,";

impl Load {
    /// Something that goes to an address of the provider.
    pub(crate) fn to_provider(what: &str, draft: &Draft, address: &str) -> Self {
        Self {
            what: what.into(),
            server: ServerRole::Provider,
            client: value(draft, "client").unwrap_or_default().into(),
            address: address.to_owned(),
        }
    }
}
