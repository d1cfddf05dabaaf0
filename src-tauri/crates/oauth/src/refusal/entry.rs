//! What an entry of the catalogue is.

use super::when::{Proof, When};
use crate::profile::Dialect;
use record::operation::Operation;

/// One known refusal.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// Stable id, which begins with a short name of the server.
    pub id: &'static str,
    /// At which server; none = at any.
    pub dialect: Option<Dialect>,
    /// For which operations.
    pub operations: Tried,
    /// HTTP status; 0 = any.
    pub status: u16,
    /// `error` member or a gateway's code, any of; empty = any.
    pub error: &'static [&'static str],
    /// Small-letter words, any of which stands in the description or body; empty = any. After `=` they are the whole
    /// description, after `==` with its capitals: one server says "Invalid token" and "Invalid Token" for two causes.
    pub words: &'static [&'static str],
    /// `reason` (or `error`) of a joined event, any of, small letters: decides when present. After `=` it is the whole of it.
    pub event: &'static [&'static str],
    /// A condition on what was sent, beyond the words.
    pub when: When,
    /// Whether words or code alone decide.
    pub certain: bool,
    /// What would settle that it is this cause, where several share the words.
    pub proof: Proof,
    /// How a reader finds out whether it is this cause; empty where no other shares its words.
    pub tell: &'static str,
    /// Why it was refused; `{client}`, `{audience}`, `{scope}`, `{issuer}`, `{named}`, `{origin}`, `{age}` are filled in.
    pub cause: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// Evidence to show.
    pub show: &'static [Show],
    /// Buttons.
    pub actions: &'static [Act],
    /// Versions or rule it was seen at; for whoever maintains the table.
    pub seen: &'static str,
}

/// The operations that a refusal is for. The families are named here and not listed, since what belongs to them follows from
/// what the operations say of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// All of them.
    Anything,
    /// These.
    These(&'static [Operation]),
    /// Those that bring tokens.
    Issuing,
    /// Those that bring tokens for one request.
    Grants,
    /// Those in which a client asks as itself.
    AsClient,
}

/// A piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    /// `aud`, with the requester marked missing.
    RequesterInAud,
    /// `aud`, with the requested audiences marked missing.
    RequestedInAud,
    /// `aud` as it is.
    Aud,
    /// `azp`.
    Azp,
    /// `iss` against the issuer of the profile.
    Iss,
    /// `exp` in words.
    Exp,
    /// `iat` in words.
    Iat,
    /// `scope` of the token.
    Scope,
    /// `scope` that was asked for.
    AskedScope,
    /// `audience` that was asked for.
    AskedAudience,
    /// The client and how it authenticates.
    Client,
    /// Subject token type that was sent.
    SubjectType,
    /// Requested token type.
    RequestedType,
    /// `alg` of the token.
    Alg,
    /// `sub`.
    Sub,
    /// `aut`: application or user.
    Aut,
    /// Roles wherever they are.
    Roles,
    /// What the provider said to the gateway's own exchange.
    Behind,
    /// `exp` of the token the sent one was made from.
    ParentExp,
    /// The end of the secret that was used.
    SecretEnd,
    /// Scopes that the challenge names, with those the token lacks marked missing.
    WantedScope,
}

/// A fix that can be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Exchange as a client the subject token names.
    ExchangeAsNamed,
    /// Leave a parameter out.
    Without(&'static str),
    /// Set a parameter.
    Set(&'static str, &'static str, &'static str),
    /// Log in again.
    LogIn,
    /// Log in with `openid` among the scopes.
    LogInOpenid,
    /// Use the refresh token.
    Refresh,
    /// Make a gateway user token first.
    MapUser,
    /// Get an application token first.
    ApplicationToken,
    /// Introspect the token.
    Introspect,
    /// Exchange for the audience the API expects.
    ExchangeForApi,
    /// Get a token with the scopes that the challenge names.
    ScopeOfChallenge,
}

impl Refusal {
    /// An entry that says nothing yet, for the families of a server to start from.
    pub const BLANK: Self = Self {
        id: "",
        dialect: None,
        operations: Tried::Anything,
        status: 0,
        error: &[],
        words: &[],
        event: &[],
        when: When::Always,
        certain: false,
        proof: Proof::Nothing,
        tell: "",
        cause: "",
        fix: "",
        show: &[],
        actions: &[],
        seen: "",
    };
}
