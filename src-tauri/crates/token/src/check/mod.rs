//! Checks: would an API with these expectations accept this token?
//!
//! Every check runs; the report says what the API would answer and on which check it would trip first.

mod advice;
mod challenge;
mod derive;
pub mod pattern;
mod rights;
mod run;
#[cfg(test)]
mod tests;
mod trust;
mod words;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use derive::derive;
pub use run::{Presented, run, run_on};
pub use words::in_words;

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

/// How one check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// Holds.
    Pass,
    /// Does not hold.
    Fail,
    /// Nothing is expected here.
    NotApplicable,
    /// Can not be told from what is at hand (e.g. signature of evidence).
    Unknown,
}

/// One check with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Check {
    /// Stable: `signature`, `issuer`, `audience`, `expiry`, `not-before`, `token-type`, `roles`, `scope`, `claim:<path>`, `lifetime`, `age`, `user`, `binding`, `active`, `roles-any`.
    pub id: String,
    /// Short word shown when it passes, e.g. `audience`.
    pub label: String,
    /// Sentence when it matters, e.g. `Role viewer of orders-api`.
    pub title: String,
    /// Result.
    pub outcome: CheckOutcome,
    /// What the API wants.
    pub expected: String,
    /// What the token has.
    pub found: String,
    /// Claim path it was looked for at.
    pub path: String,
    /// Members that are required and absent (dashed chips).
    pub missing: Vec<String>,
    /// One sentence of advice or evidence, e.g. `Role viewer is in realm_access, the API reads resource_access.orders-api`.
    pub advice: Option<String>,
    /// Rule it comes from, e.g. `RFC 9068 4`.
    pub rfc: Option<String>,
    /// Moment the found value is about, epoch seconds (end, begin, issue): the window says it anew as time passes.
    pub moment: Option<i64>,
}

impl Check {
    /// It with whatever hidden character of the token got into its texts written out ([`crate::shown`]).
    #[must_use]
    pub fn visible(self) -> Self {
        use crate::shown::{made_sentence, made_visible};
        Self {
            title: made_sentence(self.title),
            expected: made_sentence(self.expected),
            found: made_sentence(self.found),
            path: made_sentence(self.path),
            missing: self.missing.into_iter().map(made_visible).collect(),
            advice: self.advice.map(made_sentence),
            ..self
        }
    }
}

/// All checks of one token against one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Report {
    /// Name of the resource, e.g. `orders-api`.
    pub resource: String,
    /// Status the API would answer: 200, 401 or 403; none when it cannot be told.
    pub answer: Option<u16>,
    /// Error code of RFC 6750 3.1 that goes with the status: `invalid_token` or `insufficient_scope`.
    pub error: Option<String>,
    /// Value of `WWW-Authenticate` that goes with it (RFC 6750 3, RFC 9449 7.1).
    pub challenge: Option<String>,
    /// Sentence, e.g. `orders-api would answer 403`.
    pub headline: String,
    /// Id of the check it would trip over first.
    pub first_failure: Option<String>,
    /// All checks in the order an API runs them.
    pub checks: Vec<Check>,
    /// Next moment a check will end otherwise because time passed, epoch seconds; none when none will.
    pub until_s: Option<i64>,
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
