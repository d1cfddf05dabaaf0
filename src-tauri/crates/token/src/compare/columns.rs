//! One token of a comparison, and what can be known of its end and of claims that nobody was told.

use serde_json::{Map, Value};

use crate::{
    decode::json::Exact,
    inspect::{TokenFormat, TokenKind, TokenView},
};

/// One token of a comparison.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    /// Its shelf line.
    pub view: TokenView,
    /// Its header; none for opaque tokens.
    pub header: Option<&'a Map<String, Value>>,
    /// Its claims, or what introspection said of an opaque token.
    pub claims: Option<&'a Map<String, Value>>,
    /// Texts of the numbers that the claims can not hold.
    pub exact: &'a Exact,
}

/// When a token ends, as far as anybody can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Its claims say when, or its response did.
    At(i64),
    /// It can be read and names no end.
    Never,
    /// It cannot be read, and nobody said.
    Unknown,
}

impl Column<'_> {
    /// Whether its claims are what introspection chose to say of a token that cannot be read: a member that is not there is not
    /// known, then (RFC 7662 2.2: all but `active` are OPTIONAL).
    pub(super) fn is_told(&self) -> bool {
        self.claims.is_some() && matches!(self.view.format, TokenFormat::Opaque | TokenFormat::Jwe) && !self.view.decrypted
    }

    /// Whether nobody can know that it has none of these claims.
    pub(super) fn may_hide(&self, names: &[&str]) -> bool {
        match self.claims {
            Some(claims) => self.is_told() && !names.iter().any(|name| claims.contains_key(*name)),
            None => true,
        }
    }

    pub(super) fn end(&self) -> End {
        match self.view.expires_at {
            Some(at) => End::At(at),
            None if self.may_hide(&["exp"]) => End::Unknown,
            None => End::Never,
        }
    }

    /// Whether its end is that of a session for the server alone, which is no measure for the end of a token for an API.
    pub(super) fn is_refresh(&self) -> bool {
        self.view.kind == TokenKind::Refresh
    }
}
