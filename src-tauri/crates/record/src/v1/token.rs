//! The stored form of what is known of a token: its line on the shelf. Its claims are stored beside it, as JSON of their own.

use super::{
    form::stored,
    record::{More, Record},
    words::{Heading, Obtained, SignatureState, TokenFormat, TokenKind},
};

stored! {
    /// A key that was used or tried.
    Key {
        kid: String, alg: String, kind: String, source: String, read_ms: Option<i64>,
        #[serde(default)] nonce_hashed: bool,
    }
    /// What the check of a signature gave: the key where there was one, the reason where there is one to give.
    Verification {
        state: SignatureState,
        #[serde(default, skip_serializing_if = "Option::is_none")] key: Option<Key>,
        #[serde(default, skip_serializing_if = "Option::is_none")] reason: Option<String>,
    }
    /// The environment a token came from.
    Provenance { profile: String, name: String, issuer: String }
    /// A token.
    Token {
        id: String, label: String, note: String, group: String, who: String, kind: TokenKind, format: TokenFormat,
        verification: Verification, parent: Option<String>, step: Option<i64>,
        #[serde(default = "unknown")] obtained: Obtained,
        #[serde(default, skip_serializing_if = "Option::is_none")] heading: Option<Heading>,
        origin: String, issuer: Option<String>, provenance: Option<Provenance>, client: Option<String>,
        subject: Option<String>, audience: Vec<String>, scope: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")] granted: Option<Vec<String>>,
        jti: Option<String>, session: Option<String>, issued_at: Option<i64>, expires_at: Option<i64>, size: usize,
        alg: Option<String>, kid: Option<String>, evidence_only: bool, active: Option<bool>,
        #[serde(default)] decrypted: bool,
        simulated: bool, findings: usize,
    }
}

fn unknown() -> Obtained {
    Obtained::Unknown
}

impl Record for Token {
    fn earlier(_: &mut serde_json::Value) {}

    fn more(&mut self) -> &mut More {
        &mut self.more
    }
}
