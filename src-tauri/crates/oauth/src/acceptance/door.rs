//! The doors a token is shown at, what happens at one, and what is known of them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::profile::{Profile, Resource};
use record::audit::{FixAction, Step};
use token::{check::Report, inspect::TokenView, truth::Told};

/// A place that may refuse a token, in the order a call meets them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Signature and time, checked here with the issuer's keys.
    Signature,
    /// The introspection endpoint of the server that issued it (RFC 7662).
    Introspection,
    /// A call through the gateway.
    Gateway,
    /// A call to an API directly.
    Api,
}

/// What happened at a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// The token was not shown there yet.
    NotAsked,
    /// There is no such door here; the words say why.
    Unavailable,
    /// Let in.
    Accepted,
    /// Refused because of the token.
    Refused,
    /// It answered nothing that speaks for or against the token.
    Unknown,
}

/// The claim a refusal is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Blame {
    /// Claim or header path, e.g. `aud`.
    pub claim: String,
    /// What the token has.
    pub found: String,
    /// What the door wants; empty when it is not known.
    pub expected: String,
}

/// One door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AtDoor {
    /// Which.
    pub door: Door,
    /// Heading, e.g. `Introspection`.
    pub title: String,
    /// Who stands there: the issuer, an address, the name of an API.
    pub target: String,
    /// What happened.
    pub admission: Admission,
    /// One line: `200`, `401 900901`, `active`, why it can not be asked.
    pub words: String,
    /// The server's own description of its refusal.
    pub said: Option<String>,
    /// Claim at fault, when it is known.
    pub blame: Option<Blame>,
    /// Why it refused.
    pub cause: Option<String>,
    /// What to do.
    pub fix: Option<String>,
    /// Fixes as buttons.
    pub actions: Vec<FixAction>,
    /// Step in the journal.
    pub step: Option<i64>,
    /// When it was asked, epoch milliseconds.
    pub at_ms: Option<i64>,
}

/// A call door with what is known of it.
pub struct Called<'a> {
    /// The API.
    pub resource: &'a Resource,
    /// Checks of the token for it.
    pub report: Report,
}

/// Everything a trace is made from.
pub struct TraceFacts<'a> {
    /// The token.
    pub token: TokenView,
    /// Signature and time, checked here.
    pub own: Report,
    /// What introspection said; the error says why it can not be asked.
    pub introspection: Result<Option<&'a Told>, String>,
    /// The API behind the gateway; the error says why there is none.
    pub gateway: Result<Called<'a>, String>,
    /// The API that is called directly; the error says why there is none.
    pub api: Result<Called<'a>, String>,
    /// Steps that used the token, oldest first.
    pub steps: &'a [Step],
    /// The profile.
    pub profile: &'a Profile,
    /// Now, epoch seconds.
    pub now_s: i64,
}
