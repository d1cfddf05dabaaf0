//! When the conditions of the rows hold.

use super::{
    facts::{RefusalFacts, audiences_missing, claim, issued, lacking, scopes_missing, server_issuer, told},
    fate::Fate,
    known::{Background, ScopeSettings},
    shelf::expected_and_found,
    when::{Proof, When},
};
use crate::{
    message::{client_of, values, words},
    operation::of,
    profile::ClientAuth,
    server::habits,
};
use record::audit::Event;
use token::inspect::{KeyEvidence, TokenFormat, TokenKind, TokenView, Verification};

/// Whether a parameter was sent. Fields of another kind of exchange may still hold what was typed there, and are not sent.
fn has(facts: &RefusalFacts<'_>, name: &str) -> bool {
    let kept_back = !(of(facts.operation).sends)(facts.draft, name);
    values(facts.draft, name).next().is_some_and(|_| !kept_back)
        || facts.draft.extra.iter().any(|pair| pair.name.trim() == name && !pair.value.trim().is_empty())
}

fn two_issuers(facts: &RefusalFacts<'_>) -> Option<(url::Url, url::Url)> {
    let theirs = url::Url::parse(facts.token_in?.issuer.as_deref()?).ok()?;
    let ours = url::Url::parse(server_issuer(facts)).ok()?;
    Some((theirs, ours))
}

fn same_place(theirs: &url::Url, ours: &url::Url) -> bool {
    theirs.host_str() == ours.host_str() && theirs.port_or_known_default() == ours.port_or_known_default()
}

impl When {
    pub fn holds(self, facts: &RefusalFacts<'_>) -> bool {
        let token = facts.token_in;
        let typ = || claim(facts, "typ").unwrap_or_default();
        match self {
            Self::Always => true,
            Self::All(list) => list.iter().all(|when| when.holds(facts)),
            Self::Expired => token.and_then(|token| token.expires_at).is_some_and(|end| end <= facts.now_s),
            Self::ParentEnded => facts.known.parent_ends_s.is_some_and(|end| end <= facts.now_s),
            Self::RefusedBehind => facts.known.behind.is_some(),
            Self::SecretEnded => facts.known.secret.as_ref().is_some_and(|secret| secret.ends_s <= facts.now_s),
            // Whose tokens a gateway takes that the profile does not have is not known.
            Self::ForeignIssuer if of(facts.operation).calls_api() && !habits(facts.dialect).apis_take_known_issuer => false,
            Self::ForeignIssuer => {
                token.and_then(|token| token.issuer.as_deref()).is_some_and(|issuer| issuer != server_issuer(facts))
            }
            Self::FromGateway => {
                let gateway = facts.profile.gateway.as_ref().map(|gateway| gateway.issuer.as_str());
                token.is_some_and(|token| token.issuer.is_some() && token.issuer.as_deref() == gateway)
            }
            Self::OtherHost => two_issuers(facts).is_some_and(|(theirs, ours)| {
                theirs.path() == ours.path() && (!same_place(&theirs, &ours) || theirs.scheme() != ours.scheme())
            }),
            Self::OtherRealm => {
                two_issuers(facts).is_some_and(|(theirs, ours)| theirs.path() != ours.path() && same_place(&theirs, &ours))
            }
            Self::OwnIssuer => {
                token.and_then(|token| token.issuer.as_deref()).is_some_and(|issuer| issuer == server_issuer(facts))
            }
            Self::IsIdToken => token.is_some_and(|token| token.kind == TokenKind::Id) || typ() == "ID",
            Self::IsRefreshToken => {
                token.is_some_and(|token| token.kind == TokenKind::Refresh) || matches!(typ().as_str(), "Refresh" | "Offline")
            }
            Self::NotRefreshToken => matches!(typ().as_str(), "Bearer" | "ID" | "DPoP"),
            Self::NotJwt => token.is_some_and(|token| token.format == TokenFormat::Opaque),
            Self::BadSignature => token
                .is_some_and(|token| matches!(token.verification, Verification::BadSignature { .. } | Verification::Unsecured)),
            Self::NoUser => {
                claim(facts, "aut").as_deref() == Some("APPLICATION")
                    || token
                        .is_some_and(|token| token.session.is_none() && token.subject == token.client && token.client.is_some())
            }
            Self::UserBehind => claim(facts, "aut").as_deref() == Some("APPLICATION_USER"),
            Self::NoOpenid => token.is_some_and(|token| !token.scope.iter().any(|scope| scope == "openid")),
            Self::Public => client_auth(facts) == Some(ClientAuth::None),
            Self::Has(name) => has(facts, name),
            Self::Lacks(name) => !has(facts, name),
            Self::Requested(word) => {
                values(facts.draft, "requested_token_type").any(|kind| kind.rsplit(':').next() == Some(word))
            }
            Self::SubjectType(word) => {
                values(facts.draft, "subject_token_type").any(|kind| kind.rsplit(':').next() == Some(word))
            }
            Self::AskedScope(scope) => words(facts.draft, "scope").contains(&scope),
            Self::RequesterNotInAud => token.is_some_and(|token| {
                token.format == TokenFormat::Jws
                    && values(facts.draft, "client").any(|client| !token.audience.iter().any(|named| named == client))
            }),
            Self::ScopeNotIssued => !scopes_missing(facts).is_empty(),
            Self::AudienceNotIssued => !audiences_missing(facts).is_empty(),
            Self::NoAudience => issued(facts).is_some_and(|token| token.audience.is_empty()),
            Self::NoSubject => issued(facts).is_some_and(|token| token.subject.is_none()),
            Self::NotIssued(kind) => !facts.issued.is_empty() && facts.issued.iter().all(|token| token.kind != kind),
            Self::WithoutClaim(name) => {
                issued(facts).is_some() && facts.issued_claims.is_some_and(|claims| !claims.contains_key(name))
            }
            Self::Refusal => matches!(facts.status, 400..=403),
            Self::Status(status) => facts.status == status,
            Self::Redirected => matches!(facts.status, 300..=399),
            Self::Vague(words) => {
                let text = told(facts).to_lowercase();
                text.is_empty() || words.iter().any(|word| text.contains(word))
            }
            Self::Says(words) => {
                let text = told(facts).to_lowercase();
                words.iter().any(|word| text.contains(word))
            }
            Self::Numbered => told(facts).contains("AADSTS"),
            Self::Known(fact) => fact.holds(facts) == Some(true),
            Self::NotKnown(fact) => fact.holds(facts) != Some(true),
            Self::ByKey => client_auth(facts) == Some(ClientAuth::PrivateKeyJwt),
            Self::BySharedKey => client_auth(facts) == Some(ClientAuth::ClientSecretJwt),
            Self::ByAssertion => client_auth(facts).is_some_and(ClientAuth::by_assertion),
            Self::BySecret => {
                matches!(client_auth(facts), Some(ClientAuth::ClientSecretBasic | ClientAuth::ClientSecretPost))
            }
            Self::Introspects => !facts.profile.provider.endpoints.introspection.is_empty(),
            Self::HasScope => !words(facts.draft, "scope").is_empty(),
            Self::NoTarget => !has(facts, "audience") && !has(facts, "resource"),
            Self::ScopesHeld => token.is_some() && !facts.known.wanted_scope.is_empty() && lacking(facts).is_empty(),
            Self::ExpectedOther => expected_and_found(told(facts)).is_some(),
        }
    }
}

fn client_auth(facts: &RefusalFacts<'_>) -> Option<ClientAuth> {
    let prefer = of(facts.operation).prefer;
    let id = values(facts.draft, "client").next()?;
    client_of(facts.profile, id, prefer).map(|client| client.auth)
}

/// The key of its issuer that a token was found to fit.
fn fits_its_key(token: Option<&TokenView>) -> Option<&KeyEvidence> {
    match &token?.verification {
        // A key somebody pasted need not be the issuer's.
        Verification::Verified { key } if key.read_ms.is_some() => Some(key),
        _ => None,
    }
}

impl Proof {
    /// Whether it holds; none where nobody told.
    pub fn holds(self, facts: &RefusalFacts<'_>) -> Option<bool> {
        if self.told_by_userinfo(facts) {
            return Some(true);
        }
        let Background { past, settings, .. } = facts.known;
        let token = facts.token_in;
        let happened = |what: bool| what.then_some(true);
        let provider = || {
            let issuer = token?.issuer.as_deref()?;
            let found = settings.identity_providers.as_ref()?.iter().find(|provider| provider.issuer == issuer);
            // That one was not read of says nothing, where not all were.
            (found.is_some() || settings.providers_complete).then_some(found)
        };
        let scope = |is: fn(&ScopeSettings) -> bool| {
            let missing = scopes_missing(facts);
            let known = settings.scopes.as_ref()?;
            Some(known.iter().any(|scope| missing.contains(&scope.name) && is(scope)))
        };
        match self {
            Self::Nothing => None,
            Self::Of(fact) => fact.holds(facts),
            Self::SessionOver if past.logged_out.is_some() || self.told_by_event(facts) => Some(true),
            Self::SessionOver => settings.session_alive.map(|alive| !alive),
            Self::Revoked => happened(past.revoked.is_some() || self.told_by_event(facts)),
            Self::UsedBefore => happened(past.used.is_some()),
            Self::UserDisabled => settings.user_enabled.map(|enabled| !enabled),
            Self::OriginDisabled => settings.origin.as_ref().map(|client| !client.exists || !client.enabled),
            Self::NotBefore => {
                let issued = token?.issued_at?;
                let limits = [
                    settings.realm_not_before,
                    settings.user_not_before,
                    settings.origin.as_ref().map(|client| client.not_before),
                ];
                match limits.iter().flatten().any(|limit| *limit > issued) {
                    true => Some(true),
                    // A limit nobody told could still be the one.
                    false => limits.iter().all(Option::is_some).then_some(false),
                }
            }
            Self::RequesterMissing => settings.requester.as_ref().map(|client| !client.exists),
            Self::RequesterDisabled => settings.requester.as_ref().map(|client| client.exists && !client.enabled),
            Self::ExchangeRefreshOff => settings.requester.as_ref().map(|client| !client.exchange_refresh),
            Self::RefreshOff => settings.requester.as_ref().map(|client| !client.refresh_tokens),
            Self::ProviderMissing => provider().map(|found| found.is_none()),
            Self::ProviderDisabled => provider().map(|found| found.is_some_and(|provider| !provider.enabled)),
            Self::ProviderGrantOff => {
                provider().map(|found| found.is_some_and(|provider| provider.enabled && !provider.jwt_grant))
            }
            Self::ScopeHidden => scope(|scope| !scope.named),
            Self::ScopeGated => scope(|scope| scope.gated && scope.named),
            // It fits the issuer's key by our own check, and the server says that it does not.
            Self::ProviderOtherKeys if fits_its_key(token).is_some() => Some(true),
            Self::ProviderOtherKeys => provider().map(|found| found.is_some_and(|provider| !provider.own_keys)),
        }
    }

    fn told_by_userinfo(self, facts: &RefusalFacts<'_>) -> bool {
        facts.known.userinfo.is_some() && Fate::of(self) == facts.known.userinfo
    }

    fn told_by_event(self, facts: &RefusalFacts<'_>) -> bool {
        let Some(token) = facts.token_in else { return false };
        let until_ms = facts.until_ms().unwrap_or(i64::MAX);
        let before = |event: &&Event| event.error.is_none() && event.time_ms <= until_ms;
        facts.known.around.iter().filter(before).any(|event| match self {
            Self::SessionOver => event.event_type == "LOGOUT" && event.session.is_some() && event.session == token.session,
            Self::Revoked => event.event_type == "REVOKE_GRANT" && event.token_id.is_some() && event.token_id == token.jti,
            _ => false,
        })
    }

    /// What is shown as evidence when it holds: a name and a sentence without a full stop.
    pub fn words(self, facts: &RefusalFacts<'_>) -> Option<(&'static str, String)> {
        if let Some(fate) = facts.known.userinfo.filter(|_| self.told_by_userinfo(facts)) {
            return Some(("userinfo", fate.words().to_owned()));
        }
        let past = &facts.known.past;
        let told = |step: Option<i64>, did: &str, event: &str| match step {
            Some(step) => ("journal", format!("step {step} {did}")),
            None => ("earlier event", event.to_owned()),
        };
        let origin = || facts.token_in.and_then(|token| token.client.clone()).unwrap_or_default();
        let source = if facts.known.settings.by_admin_events { "settings, as admin events tell" } else { "settings" };
        let setting = |text: String| Some((source, text));
        match self {
            Self::Nothing => None,
            Self::Of(fact) => fact.words(facts),
            Self::SessionOver if facts.known.settings.session_alive == Some(false) && past.logged_out.is_none() => {
                let ended = "an administrator ended the session";
                setting(
                    if facts.known.settings.by_admin_events { ended } else { "the session is not among the user's sessions" }
                        .into(),
                )
            }
            Self::SessionOver => Some(told(past.logged_out, "ended the session", "LOGOUT of the same session")),
            Self::Revoked => Some(told(past.revoked, "revoked it", "REVOKE_GRANT of the same token")),
            Self::UsedBefore => Some(told(past.used, "used it", "an earlier use")),
            Self::UserDisabled => setting("the user is not enabled".into()),
            Self::OriginDisabled => setting(format!("client {} is not enabled", origin())),
            Self::NotBefore => setting("a not-before is later than the token's iat".into()),
            Self::RequesterMissing => setting("no client of this id".into()),
            Self::RequesterDisabled => setting("the client is not enabled".into()),
            Self::ExchangeRefreshOff => setting("standard.token.exchange.enableRefreshRequestedTokenType is NO".into()),
            Self::RefreshOff => setting("use.refresh.tokens is false".into()),
            Self::ProviderMissing => setting("no identity provider has this issuer".into()),
            Self::ProviderDisabled => setting("the identity provider is not enabled".into()),
            Self::ProviderGrantOff => setting("jwtAuthorizationGrantEnabled is off".into()),
            Self::ScopeHidden => setting("include.in.token.scope is off".into()),
            Self::ScopeGated => setting("the client scope is bound to roles".into()),
            Self::ProviderOtherKeys if fits_its_key(facts.token_in).is_some() => fits_its_key(facts.token_in)
                .map(|key| ("signature", format!("the assertion fits the key {} of {}", key.kid, key.source))),
            Self::ProviderOtherKeys => setting("the JWKS address lies outside the issuer".into()),
        }
    }
}
