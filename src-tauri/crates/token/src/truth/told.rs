//! What is at hand about a token: its own word, and what each server answered when it was asked.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{decode::json::Exact, inspect::TokenView};

/// What a server answered when it was asked about a token. Kept with the token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Members of the answer; none when it was refused.
    pub claims: Option<Map<String, Value>>,
    /// Texts of the numbers that the members can not hold.
    #[serde(default)]
    pub exact: Exact,
    /// HTTP status; none when nothing came back.
    pub status: Option<u16>,
    /// Why there are no members, in the server's or our words.
    pub problem: Option<String>,
    /// Address that was asked.
    pub address: String,
    /// When, epoch milliseconds.
    pub read_ms: i64,
    /// Step in the journal.
    pub step: Option<i64>,
}

/// The answers kept with a token: the last of each endpoint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// Of the introspection endpoint.
    pub introspection: Option<Told>,
    /// Of the userinfo endpoint.
    pub userinfo: Option<Told>,
}

/// What is at hand about a token.
#[derive(Clone, Debug)]
pub struct AtHand<'a> {
    /// Its shelf line.
    pub view: TokenView,
    /// Its claims by its own text; none for opaque tokens, whatever introspection said.
    pub claims: Option<&'a Map<String, Value>>,
    /// Texts of the numbers that the claims can not hold.
    pub exact: &'a Exact,
    /// What introspection said; the error says why it can not be asked.
    pub introspection: Result<Option<&'a Told>, String>,
    /// What userinfo said; the error says why it can not be asked.
    pub userinfo: Result<Option<&'a Told>, String>,
}

/// Whether an answer says that the token is active (RFC 7662 2.2); none where it does not say.
pub(super) fn active(claims: &Map<String, Value>) -> Option<bool> {
    claims.get("active").and_then(Value::as_bool)
}
