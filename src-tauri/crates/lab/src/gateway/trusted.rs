//! The identity providers the gateway trusts: the lab's own, and whichever a user brings.
//!
//! An administrator of WSO2 registers an identity provider by its issuer and keys, maps a role of it to one of the portal's, and
//! gives the gateway a client there to exchange as. That is all this is: with it the lab's gateway stands in front of a real
//! Keycloak. The one thing the two sides have to agree on beyond that is the alias, which has to be in `aud`.

use serde_json::{Map, Value};

use crate::keyset::KeySet;

/// What the gateway shows the provider when it calls an API for a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Way {
    /// The provider's own token that the user came with: the standard exchange between clients of one realm.
    #[default]
    UserToken,
    /// The gateway's token, with `subject_issuer`: the provider has to know the gateway as an identity provider (legacy exchange).
    OwnToken,
}

/// A provider that is not the lab's own, and how the gateway is known there.
#[derive(Clone)]
pub struct OwnProvider {
    /// Its issuer, exactly as in `iss`.
    pub issuer: String,
    /// Where its keys are.
    pub jwks: String,
    /// Where the gateway exchanges.
    pub token_endpoint: String,
    /// Certificate authorities to trust beside the system's, PEM; empty for none.
    pub ca_pem: String,
    /// The client the gateway exchanges as.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// With which token.
    pub way: Way,
    /// The role or group that may use the developer portal, looked for in the flat claims `groups` and `roles`; empty = everybody.
    pub portal_role: String,
}

/// One of them, as the gateway holds it.
pub(crate) struct Trusted {
    pub at: OwnProvider,
    pub keys: KeySet,
    pub http: reqwest::Client,
    /// The lab's own: its clients are known to the gateway by name.
    pub built_in: bool,
}

impl Trusted {
    /// Whether a user of it may use the developer portal. WSO2 reads one top-level array and nothing nested.
    pub fn subscriber(&self, claims: &Map<String, Value>) -> bool {
        let wanted = self.at.portal_role.as_str();
        let names =
            |claim: &str| claims.get(claim).and_then(Value::as_array).is_some_and(|all| all.iter().any(|one| one == wanted));
        wanted.is_empty() || names("groups") || names("roles")
    }
}
