//! What an entry of the catalogue is, and when it fits.

use serde_json::Value;

use super::Facts;
use crate::{operation::Operation, profile::Dialect};

/// One known refusal.
pub(super) struct Entry {
    /// Stable id, e.g. `kc-v2-requester-not-in-aud`.
    pub id: &'static str,
    /// At which server; none = at any.
    pub dialect: Option<Dialect>,
    /// For which operations; empty = any.
    pub operations: &'static [Operation],
    /// HTTP status; 0 = any.
    pub status: u16,
    /// `error` member or a gateway's code, any of; empty = any.
    pub error: &'static [&'static str],
    /// Small-letter words, any of which stands in the description or body; empty = any.
    pub words: &'static [&'static str],
    /// `reason` (or `error`) of a joined event, any of, small letters: decides when present.
    pub event: &'static [&'static str],
    /// A condition on what was sent, beyond the words.
    pub when: When,
    /// Whether words or code alone decide.
    pub certain: bool,
    /// Why it was refused; `{client}`, `{audience}`, `{scope}`, `{issuer}`, `{named}`, `{origin}`, `{age}` are filled in.
    pub cause: &'static str,
    /// What to do.
    pub fix: &'static str,
    /// Evidence to show.
    pub show: &'static [Show],
    /// Buttons.
    pub actions: &'static [Act],
    /// Versions or rule it was seen at; for whoever maintains the table.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by people and by the test of the table"))]
    pub seen: &'static str,
}

/// A condition that the words alone do not express.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// None.
    Always,
    /// The token that was sent has ended.
    Expired,
    /// The token that was sent is from another issuer than the server.
    ForeignIssuer,
    /// The token that was sent is an ID token.
    IsIdToken,
    /// The token that was sent has no user behind it.
    NoUser,
    /// A scope of this name is not in the token.
    NoOpenid,
}

/// A piece of evidence.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
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
    /// `aut` of a WSO2 token: application or user.
    Aut,
    /// Roles wherever they are.
    Roles,
}

/// A fix that can be pressed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
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
}

/// The server's words in the form entries are compared with.
pub(super) struct Reading {
    /// `error`, or the code a gateway puts into its fault body.
    pub error: String,
    /// Description and body in small letters.
    pub said: String,
    /// Description as it came.
    pub description: String,
    /// `error` and `reason` of joined events that carry an error, small letters.
    pub reasons: Vec<String>,
}

impl Reading {
    pub fn of(facts: &Facts<'_>) -> Self {
        let json: Option<Value> = serde_json::from_str(facts.body).ok();
        let member = |name: &str| {
            json.as_ref().and_then(|json| json.get(name)).map(|value| match value {
                Value::String(text) => text.clone(),
                Value::Object(_) | Value::Array(_) | Value::Null => String::new(),
                other => other.to_string(),
            })
        };
        // A gateway's fault: `{"code":"900901","message":…,"description":…}`, in JSON or as XML elements.
        let code = member("code").filter(|code| !code.is_empty()).or_else(|| xml(facts.body, "code"));
        let error = facts
            .error
            .map(str::to_owned)
            .or_else(|| member("error"))
            .filter(|error| !error.is_empty())
            .or(code)
            .unwrap_or_default();
        let description = facts
            .description
            .map(str::to_owned)
            .or_else(|| member("error_description"))
            .or_else(|| member("description"))
            .or_else(|| member("message"))
            .or_else(|| xml(facts.body, "description"))
            .unwrap_or_default();
        let reasons = facts
            .events
            .iter()
            .filter(|event| event.error.is_some() || event.event_type.ends_with("_ERROR"))
            .flat_map(|event| {
                event
                    .details
                    .iter()
                    .filter(|pair| pair.name == "reason")
                    .map(|pair| pair.value.clone())
                    .chain(event.error.clone())
            })
            .map(|reason| reason.to_lowercase())
            .collect();
        let body: String = facts.body.chars().take(8_192).collect();
        Self { said: format!("{description}\n{body}").to_lowercase(), error, description, reasons }
    }
}

fn xml(body: &str, element: &str) -> Option<String> {
    let open = body.find(&format!("{element}>"))? + element.len() + 1;
    let end = body[open..].find('<')? + open;
    Some(body[open..end].trim().to_owned())
}

impl Entry {
    /// How well the entry fits; none when it does not. A specific server, an event and a condition weigh more than words.
    pub fn score(&self, facts: &Facts<'_>, reading: &Reading) -> Option<u32> {
        let mut score = 1;
        match self.dialect {
            Some(dialect) if dialect != facts.dialect => return None,
            // What a server means by its own code counts more than what any server might mean by a word.
            Some(_) => score += 20,
            None => {}
        }
        if !self.operations.is_empty() {
            if !self.operations.contains(&facts.operation) {
                return None;
            }
            score += 2;
        }
        if self.status != 0 {
            if self.status != facts.status {
                return None;
            }
            score += 1;
        }
        if !self.error.is_empty() {
            if !self.error.contains(&reading.error.as_str()) {
                return None;
            }
            score += 8;
        }
        let by_words = self.words.iter().any(|words| reading.said.contains(words));
        let by_event = self.event.iter().any(|event| reading.reasons.iter().any(|reason| reason.contains(event)));
        match (self.words.is_empty(), self.event.is_empty()) {
            (false, _) if by_words => score += 16,
            (_, false) if by_event => {}
            (true, true) => {}
            _ => return None,
        }
        if by_event {
            score += 16;
        }
        if self.when != When::Always {
            if !self.when.holds(facts) {
                return None;
            }
            score += 4;
        }
        Some(score)
    }

    /// Whether the evidence decides: by itself, or because the server's event says the same.
    pub fn decided(&self, reading: &Reading) -> bool {
        self.certain || self.event.iter().any(|event| reading.reasons.iter().any(|reason| reason.contains(event)))
    }
}

impl When {
    fn holds(self, facts: &Facts<'_>) -> bool {
        let token = facts.token_in;
        match self {
            Self::Always => true,
            Self::Expired => token.and_then(|token| token.expires_at).is_some_and(|end| end <= facts.now_s),
            Self::ForeignIssuer => token
                .and_then(|token| token.issuer.as_deref())
                .is_some_and(|issuer| issuer != super::evidence::server_issuer(facts)),
            Self::IsIdToken => token.is_some_and(|token| token.kind == crate::token::TokenKind::Id),
            Self::NoUser => {
                super::evidence::claim(facts, "aut").as_deref() == Some("APPLICATION")
                    || token
                        .is_some_and(|token| token.session.is_none() && token.subject == token.client && token.client.is_some())
            }
            Self::NoOpenid => token.is_some_and(|token| !token.scope.iter().any(|scope| scope == "openid")),
        }
    }
}
