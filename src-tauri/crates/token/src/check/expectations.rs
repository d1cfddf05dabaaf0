//! What an API expects of a token, and what is wrong with it as it was typed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::pattern;

/// What a resource expects of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Expectations {
    /// Allowed `iss` values; empty = not checked.
    pub issuer: Vec<String>,
    /// At least one of these must be in `aud`; empty = not checked.
    pub audience: Vec<String>,
    /// Expected `typ` claim or header, e.g. `Bearer` or `at+jwt`; empty = not checked.
    pub token_type: String,
    /// All of these roles must be there.
    pub roles_all: Vec<String>,
    /// At least one of these must be there.
    pub roles_any: Vec<String>,
    /// Where roles are read, as a path: `realm_access.roles` or `resource_access.orders-api.roles`.
    pub roles_path: String,
    /// All of these scopes must be in `scope`.
    pub scope: Vec<String>,
    /// Claims that must be there, optionally with an exact value or a pattern.
    pub claims: Vec<RequiredClaim>,
    /// Whether the token must be bound to a key (`cnf`, RFC 7800).
    pub binding: Binding,
    /// Whether the API needs a user behind the token (not only an application).
    pub needs_user: bool,
    /// Longest allowed `exp - iat` in seconds; 0 = not checked.
    pub max_lifetime_s: i64,
    /// Longest allowed age `now - iat` in seconds; 0 = not checked.
    pub max_age_s: i64,
    /// Tolerated clock difference in seconds.
    pub clock_tolerance_s: i64,
    /// Whether the API verifies the signature (an API that does not is itself a finding).
    pub signature: bool,
}

/// A claim an API insists on. In a list one member that fits is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct RequiredClaim {
    /// Path, e.g. `email_verified`.
    pub path: String,
    /// Exact value as text; empty = any.
    pub value: String,
    /// Pattern the whole value must fit, see [`pattern`]; empty = any.
    pub pattern: String,
}

/// Which binding to a key an API insists on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// Not checked: a bearer token will do (RFC 6750).
    #[default]
    NotAsked,
    /// To a DPoP key, `cnf.jkt` (RFC 9449 6.1).
    Dpop,
    /// To a client certificate, `cnf.x5t#S256` (RFC 8705 3.1).
    Mtls,
    /// To any key.
    AnyKey,
}

/// What is wrong with expectations as they were typed: the field below `expectations`, and a sentence.
pub fn faults(wanted: &Expectations) -> Vec<(String, String)> {
    let claim = |index: usize, required: &RequiredClaim| {
        let empty = required.path.trim().is_empty() && !(required.value.is_empty() && required.pattern.is_empty());
        let nameless =
            empty.then(|| (format!("claims.{index}.path"), "Say which claim is meant, e.g. email_verified.".to_owned()));
        let unreadable = pattern::Pattern::new(&required.pattern).err();
        nameless.into_iter().chain(unreadable.map(|message| (format!("claims.{index}.pattern"), message)))
    };
    wanted.claims.iter().enumerate().flat_map(|(index, required)| claim(index, required).collect::<Vec<_>>()).collect()
}
