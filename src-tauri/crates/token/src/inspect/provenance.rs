//! Where a token came from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use crate::shown::visible;

/// The environment a token came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Provenance {
    /// Id of the profile.
    pub profile: String,
    /// Name the profile had then.
    pub name: String,
    /// Issuer of the server that gave it, as the profile had it then; its token endpoint or base address where no issuer was known.
    pub issuer: String,
}

impl Provenance {
    /// It in words: `Keycloak prod (https://id.prod.test/realms/shop)`.
    pub fn words(&self) -> String {
        place_words(&self.name, &self.issuer)
    }
}

/// A name and an address, each where there is one.
pub fn place_words(name: &str, address: &str) -> String {
    // Both may come from outside: a name from a file, an issuer from a token.
    let (name, address) = (visible(name), visible(address));
    match (name.is_empty(), address.is_empty()) {
        (false, false) => format!("{name} ({address})"),
        (false, true) => name.into_owned(),
        _ => address.into_owned(),
    }
}

/// Scheme, host and port of an address; the text itself where it is none.
pub fn origin_of(address: &str) -> String {
    match Url::parse(address.trim()) {
        Ok(url) if url.has_host() => url.origin().ascii_serialization(),
        _ => address.trim().to_owned(),
    }
}
