//! What the shelf and the journal know of the token that was sent, for servers that do not say why they refuse it.
//!
//! Most servers have one answer for a dozen causes. What we know ourselves comes before any guess: a token that has ended, was
//! revoked here, is of another kind or of another client. Each of these is known to be so, known not to be so, or not known.

use serde_json::{Map, Value};

use super::{
    facts::{RefusalFacts, claim, server_issuer},
    when::{Proof, Shelf},
};
use crate::message::{value, values};
use token::inspect::{TokenFormat, TokenKind, TokenView, Verification};

/// How long after its end a server may still take a token, seconds: a usual tolerance of clocks.
const TOLERANCE_S: i64 = 60;

impl Shelf {
    /// Whether it is so; none where nobody knows.
    pub fn holds(self, facts: &RefusalFacts<'_>) -> Option<bool> {
        if self == Self::UnlistedScope {
            let unlisted = unlisted_scopes(facts);
            return (!facts.profile.provider.scopes.is_empty()).then_some(!unlisted.is_empty());
        }
        let token = facts.token_in?;
        let kind = |wanted: TokenKind, typ: &[&str]| {
            let said = claim(facts, "typ");
            if token.kind == wanted || said.as_deref().is_some_and(|said| typ.contains(&said)) {
                return Some(true);
            }
            // What was pasted may be anything, but an ID token is a JWT; what an answer brought is what the answer says.
            if wanted == TokenKind::Id && token.format == TokenFormat::Opaque {
                return Some(false);
            }
            (token.step.is_some() && !matches!(token.kind, TokenKind::Other)).then_some(false)
        };
        match self {
            Self::Ended => token.expires_at.map(|end| end <= facts.now_s),
            Self::OtherAudience => {
                let provider = &facts.profile.provider;
                let names = |one: &String| *one == provider.issuer || *one == provider.endpoints.token;
                let readable = token.format == TokenFormat::Jws && !provider.issuer.is_empty();
                readable.then(|| !token.audience.iter().any(names))
            }
            Self::Revoked => facts.known.past.revoked.is_some().then_some(true),
            Self::IdToken => kind(TokenKind::Id, &["ID"]),
            Self::RefreshToken => kind(TokenKind::Refresh, &["Refresh", "Offline"]),
            Self::AccessToken => {
                (token.step.is_some() || token.kind == TokenKind::Refresh).then_some(matches!(token.kind, TokenKind::Access))
            }
            Self::OtherClient => {
                let (of, asks) = (token.client.as_deref()?, value(facts.draft, "client")?);
                Some(of != asks)
            }
            Self::OtherIssuer => {
                let (of, server) = (token.issuer.as_deref()?, server_issuer(facts));
                (!server.is_empty()).then_some(of != server)
            }
            Self::NoUser => no_user(token, facts.subject_claims),
            Self::NoOpenid => (!token.scope.is_empty()).then(|| !token.scope.iter().any(|scope| scope == "openid")),
            Self::BadSignature => match &token.verification {
                Verification::BadSignature { .. } | Verification::Unsecured => Some(true),
                Verification::Verified { .. } => Some(false),
                Verification::Unverifiable { .. } => (token.format == TokenFormat::Opaque).then_some(false),
            },
            Self::Inactive => {
                let explained = [Self::Ended, Self::Revoked, Self::Rotated].iter().any(|fact| fact.holds(facts) == Some(true))
                    || facts.known.past.logged_out.is_some();
                token.active.map(|active| !active && !explained)
            }
            Self::Rotated => facts.known.past.rotated.is_some().then_some(true),
            Self::Sound => Some(
                matches!(token.verification, Verification::Verified { .. })
                    && Self::OtherIssuer.holds(facts) == Some(false)
                    && Self::Ended.holds(facts) == Some(false),
            ),
            Self::Alive => token.active,
            Self::ClientTaken => Some(
                token.step.is_some()
                    && Self::OtherIssuer.holds(facts) != Some(true)
                    && Self::OtherClient.holds(facts) == Some(false),
            ),
            Self::MayActAlone => may_act(facts).map(|may| may && value(facts.draft, "actor_token").is_none()),
            Self::MayActOther => may_act(facts).map(|may| may && value(facts.draft, "actor_token").is_some()),
            Self::UnlistedScope => None,
        }
    }

    /// Whether it alone is enough for the refusal, so that no other cause is needed. A server may take a token a little after its
    /// end; 200 at revocation is given to unknown tokens as well (RFC 7009 2.2), so only introspection proves it; whoever is
    /// allowed to act is compared by the server, not by us.
    pub fn suffices(self, facts: &RefusalFacts<'_>) -> bool {
        let Some(token) = facts.token_in else { return self == Self::UnlistedScope };
        match self {
            Self::Ended => token.expires_at.is_some_and(|end| end.saturating_add(TOLERANCE_S) <= facts.now_s),
            Self::Revoked => token.active == Some(false),
            // A server may go by another name than those of its metadata.
            Self::MayActOther | Self::OtherAudience => false,
            // 401 is said of a client that did not prove who it is (RFC 6749 5.2), whosever the token is.
            Self::OtherClient => facts.status != 401,
            _ => true,
        }
    }

    /// What is shown as evidence when it holds: a name and a sentence without a full stop.
    pub fn words(self, facts: &RefusalFacts<'_>) -> Option<(&'static str, String)> {
        let token = facts.token_in;
        let past = &facts.known.past;
        let shelf = |text: &str| Some(("shelf", text.to_owned()));
        match self {
            Self::Revoked => past.revoked.map(|step| {
                let proved = token.is_some_and(|token| token.active == Some(false));
                let more = if proved { ", and introspection says that it is not active" } else { "" };
                ("journal", format!("its revocation was accepted in step {step}{more}"))
            }),
            Self::Rotated => past.rotated.map(|step| ("journal", format!("it was used in step {step}, which brought another"))),
            Self::IdToken => shelf("it came as id_token"),
            Self::RefreshToken => shelf("it came as refresh_token"),
            Self::AccessToken => shelf("it came as access_token"),
            Self::OtherClient => Some(("issued to", token?.client.clone()?)),
            Self::NoUser => shelf("it was issued to an application, with no user behind it"),
            Self::Inactive => Some(("introspection", "active is false".into())),
            Self::MayActAlone | Self::MayActOther => claim(facts, "may_act").map(|text| ("may_act", text)),
            Self::UnlistedScope => Some(("not in scopes_supported", unlisted_scopes(facts).join(" "))),
            Self::Sound => shelf("its signature fits, it is of this server, and it has not ended"),
            Self::Alive => Some(("introspection", "active is true".into())),
            Self::ClientTaken => Some(("journal", format!("the same client was taken in step {}", token?.step?))),
            Self::Ended | Self::OtherIssuer | Self::OtherAudience | Self::NoOpenid | Self::BadSignature => None,
        }
    }
}

impl Proof {
    /// Whether what proves it is enough by itself for the refusal.
    pub(crate) fn suffices(self, facts: &RefusalFacts<'_>) -> bool {
        match self {
            Self::Of(fact) => fact.suffices(facts),
            // Where a log out ends in a page, only introspection says that the session is over.
            Self::SessionOver => facts.token_in.is_some_and(|token| token.active == Some(false)),
            // Userinfo or an event said so, or the journal has the log out.
            _ => true,
        }
    }
}

/// Scopes that were asked for and that the metadata do not list; none where they list none.
pub(crate) fn unlisted_scopes(facts: &RefusalFacts<'_>) -> Vec<String> {
    let listed = &facts.profile.provider.scopes;
    let asked = crate::message::words(facts.draft, "scope");
    let unlisted = asked.into_iter().filter(|scope| !listed.is_empty() && !listed.iter().any(|known| known == scope));
    unlisted.map(str::to_owned).collect()
}

fn may_act(facts: &RefusalFacts<'_>) -> Option<bool> {
    Some(facts.subject_claims?.contains_key("may_act"))
}

/// Whether nobody is behind a token: by its own claims, else by how it was got.
pub(crate) fn no_user(token: &TokenView, claims: Option<&Map<String, Value>>) -> Option<bool> {
    let aut = claims.and_then(|claims| claims.get("aut")).and_then(Value::as_str);
    match (aut, &token.subject, &token.client) {
        (Some("APPLICATION"), _, _) => Some(true),
        (Some(_), _, _) => Some(false),
        // How it was got says it where the token is opaque.
        (None, None, _) if token.origin.starts_with("client credentials") => Some(true),
        (None, Some(subject), Some(client)) => Some(token.session.is_none() && subject == client),
        _ if token.origin.starts_with("log in") || token.origin.starts_with("password") => Some(false),
        _ => None,
    }
}

/// `Expected 'a', but was 'b'` and its like: what was expected and what was found.
pub(crate) fn expected_and_found(text: &str) -> Option<(String, String)> {
    const BETWEEN: [&str; 5] = ["but was", "but got", "but found", "actual", "instead of"];
    let small = text.to_ascii_lowercase();
    let begin = small.find("expected")? + "expected".len();
    let (at, word) = BETWEEN.iter().filter_map(|word| small[begin..].find(word).map(|at| (begin + at, *word))).min()?;
    let piece = |text: &str| {
        let quoted = text.split(['\'', '"', '`']).nth(1);
        let bare = text.trim().trim_matches(|c: char| matches!(c, ':' | ',' | '.' | '[' | ']' | '=') || c.is_whitespace());
        let last = bare.rsplit(": ").next().unwrap_or(bare);
        quoted.unwrap_or(last).trim().to_owned()
    };
    let (expected, found) = (piece(text.get(begin..at)?), piece(text.get(at + word.len()..)?.lines().next()?));
    (!expected.is_empty() && !found.is_empty()).then_some((expected, found))
}

/// What a value that a server found is in the token: the claim's name.
pub(crate) fn which_claim(found: &str, facts: &RefusalFacts<'_>) -> Option<&'static str> {
    let token = facts.token_in?;
    let is = |value: &Option<String>| value.as_deref() == Some(found);
    if token.audience.iter().any(|named| named == found) {
        Some("aud")
    } else if is(&token.issuer) {
        Some("iss")
    } else if is(&token.client) {
        Some("azp")
    } else if is(&token.alg) {
        Some("alg")
    } else if is(&token.subject) {
        Some("sub")
    } else {
        None
    }
}

/// What was sent as a parameter, for a sentence.
pub(crate) fn sent(facts: &RefusalFacts<'_>, name: &str) -> Vec<String> {
    let extra = facts.draft.extra.iter().filter(|pair| pair.name.trim() == name).map(|pair| pair.value.as_str());
    values(facts.draft, name).chain(extra).filter(|value| !value.trim().is_empty()).map(str::to_owned).collect()
}
