//! What the journal keeps of a token.

use serde_json::{Map, Value};
use token::{
    finding::Finding,
    inspect::{TextDetails, TokenView},
    truth::Answers,
};

/// What is kept of a token: no text, no signature.
#[derive(Clone, Debug)]
pub struct KeptToken {
    /// Shelf line as it was.
    pub view: TokenView,
    /// Header, when it could be read.
    pub header: Option<Map<String, Value>>,
    /// Claims, when they could be read.
    pub claims: Option<Map<String, Value>>,
    /// Where claims of an opaque token came from.
    pub claims_source: Option<String>,
    /// What introspection and userinfo last said of it.
    pub told: Answers,
    /// What else was known while its text was there.
    pub known: Particulars,
}

/// What was known of a token besides its claims.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Particulars {
    /// Each signature, disclosures, spelling.
    pub reading: TextDetails,
    /// What was remarkable about its text, and about opening it.
    pub findings: Vec<Finding>,
}
