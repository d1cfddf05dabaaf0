//! Why an operation can not run at a profile: what several of them need.

use crate::profile::{ClientAuth, Endpoints, Profile};

/// Of an operation that runs at every profile.
pub(super) fn nothing(_: &Profile) -> Option<String> {
    None
}

/// A token endpoint of any server.
pub(super) fn token_endpoint(profile: &Profile) -> Option<String> {
    somewhere(profile, |endpoints| &endpoints.token, "token endpoint")
}

/// A client that can prove who it is.
pub(super) fn confidential_client(profile: &Profile) -> Option<String> {
    let none = profile.clients.iter().all(|client| client.auth == ClientAuth::None);
    none.then(|| "It needs a client with a secret, and the profile has none. Add one in Profiles.".into())
}

/// An endpoint of the provider or of the gateway.
pub(super) fn somewhere(profile: &Profile, pick: fn(&Endpoints) -> &String, what: &str) -> Option<String> {
    let gateway = profile.gateway.as_ref().map(|gateway| &gateway.endpoints);
    let known = !pick(&profile.provider.endpoints).is_empty() || gateway.is_some_and(|endpoints| !pick(endpoints).is_empty());
    (!known).then(|| missing(what))
}

/// The sentence about an endpoint the profile lacks.
pub(super) fn missing(what: &str) -> String {
    format!("The profile has no {what}. Read the server's metadata in Profiles.")
}
