//! What Keycloak in particular will refuse or ignore, in an exchange and as an assertion.

use crate::{
    message::{EXCHANGE_FIELD, ExchangeKind, value, values},
    profile::{Client, Profile, Support},
    server::remarks::Remarks,
};
use record::issuer::same_but_for_the_host;
use record::operation::Draft;
use token::{
    finding::Severity,
    inspect::{TokenFormat, TokenKind, TokenView},
    words,
};

/// What is known of the kind of exchange itself, before any token is looked at.
pub(in crate::server) fn of_kind(kind: ExchangeKind, profile: &Profile, found: &mut Remarks) {
    if kind == ExchangeKind::DangerNakedImpersonation {
        found.add(
            "danger-naked-impersonation",
            Severity::Warning,
            "Naked impersonation",
            "The client alone gets a token of any user, without that user's log in or consent. Grant this to no client in production.".into(),
            None,
            EXCHANGE_FIELD,
        );
    }
    let id = kind.capability();
    if let Some(known) =
        profile.provider.capabilities.iter().find(|known| known.id == id && known.support == Support::NotSupported)
    {
        found.add(
            "kc-exchange-not-supported",
            Severity::Warning,
            "Not supported here",
            format!("{} is not supported by this server: {}.", kind.label(), known.source),
            None,
            EXCHANGE_FIELD,
        );
    }
}

/// A token of this very realm that names it by another spelling of the host: the tokens are compared by `iss`, letter by letter.
pub(in crate::server) fn other_host(profile: &Profile, token: &TokenView, field: &str, found: &mut Remarks) {
    let own = &profile.provider.issuer;
    if let Some(issuer) = token.issuer.as_deref().filter(|issuer| same_but_for_the_host(issuer, own)) {
        found.add(
            "kc-other-host",
            Severity::Error,
            "Host mix-up",
            format!(
                "The token names {issuer} as its issuer, and this profile {own}: one realm by two names of this machine, which are two issuers to Keycloak. Get a token through the profile's address, or write the profile's issuer the way the token does."
            ),
            None,
            field,
        );
    }
}

/// What Keycloak's standard exchange asks of the subject token; the legacy one has other rules.
pub(in crate::server) fn own_token(
    draft: &Draft,
    profile: &Profile,
    client: Option<&Client>,
    subject: &TokenView,
    found: &mut Remarks,
) {
    let kind = value(draft, "subject_token_type").and_then(|text| text.rsplit(':').next()).unwrap_or_default();
    if kind != "access_token" || matches!(subject.kind, TokenKind::Id | TokenKind::Refresh) {
        found.add(
            "kc-access-token-only",
            Severity::Error,
            "Access tokens only",
            "Keycloak exchanges access tokens only.".into(),
            None,
            "subject_token_type",
        );
    }
    if subject.format == TokenFormat::Opaque {
        found.add(
            "kc-subject-not-jwt",
            Severity::Error,
            "Not a JWT",
            format!("{} is no JWT, so it is no access token of Keycloak.", subject.label),
            None,
            "subject_token",
        );
    }
    let own = &profile.provider.issuer;
    if let Some(issuer) = subject.issuer.as_deref().filter(|issuer| *issuer != own && !same_but_for_the_host(issuer, own)) {
        found.add(
            "kc-foreign-subject",
            Severity::Error,
            "Foreign token",
            format!(
                "The subject token was issued by {issuer}, and Keycloak's standard exchange takes its own realm's tokens only."
            ),
            None,
            "subject_token",
        );
    }
    if let Some(client) = client.filter(|client| {
        subject.format == TokenFormat::Jws
            && !subject.audience.contains(&client.client_id)
            && subject.client.as_deref() != Some(client.client_id.as_str())
    }) {
        found.add("requester-not-in-aud", Severity::Error, "Requester not in aud", format!("{} is not in the subject token's aud ({}), so Keycloak will answer 403 \"Client is not within the token audience\".", client.client_id, words::list(&subject.audience)), None, "client");
    }
}

/// Keycloak's rules of the JWT authorization grant.
pub(in crate::server) fn assertion(profile: &Profile, subject: &TokenView, now_s: Option<i64>, found: &mut Remarks) {
    let own = &profile.provider.issuer;
    match subject.audience.as_slice() {
        [] => {}
        [one] if one == own || *one == profile.provider.endpoints.token => {}
        [_] => found.add(
            "kc-assertion-audience",
            Severity::Error,
            "Other audience",
            format!("The assertion is for {}; Keycloak takes one for {own} only.", words::list(&subject.audience)),
            None,
            "assertion",
        ),
        _ => found.add(
            "kc-assertion-audiences",
            Severity::Error,
            "Several audiences",
            "Keycloak takes an assertion with exactly one audience, its own issuer. Exchange for a single audience first.".into(),
            None,
            "assertion",
        ),
    }
    if subject.issuer.as_deref() == Some(own.as_str()) {
        found.add(
            "kc-assertion-own",
            Severity::Error,
            "Its own token",
            "The assertion was issued by this realm itself. The grant is for tokens of another provider; use an exchange.".into(),
            None,
            "assertion",
        );
    }
    let age = subject.issued_at.zip(now_s).map(|(issued, now)| now.saturating_sub(issued));
    if let Some(age) = age.filter(|age| *age > 300) {
        found.add(
            "kc-assertion-old",
            Severity::Warning,
            "Issued long ago",
            format!(
                "The token was issued {} ago; unless set otherwise Keycloak takes assertions of the last 5 min.",
                words::duration(age)
            ),
            None,
            "assertion",
        );
    }
}

/// What was asked of an exchange that Keycloak refuses or leaves out.
pub(in crate::server) fn asked(draft: &Draft, found: &mut Remarks) {
    let requested = value(draft, "requested_token_type").and_then(|text| text.rsplit(':').next()).unwrap_or_default();
    if values(draft, "scope").any(|scope| scope.split_whitespace().any(|word| word == "offline_access")) {
        let (severity, detail) = if requested == "refresh_token" {
            (
                Severity::Error,
                "Keycloak refuses offline_access together with a refresh token: an exchange makes no offline session.",
            )
        } else {
            (Severity::Warning, "Keycloak leaves offline_access out of an exchange without a word; no refresh token will come.")
        };
        found.add("kc-offline-exchange", severity, "No offline_access", detail.into(), None, "scope");
    }
    match requested {
        "" | "access_token" | "id_token" => {}
        "refresh_token" => found.add(
            "kc-requested-refresh",
            Severity::Note,
            "Refresh token",
            "Keycloak gives one only to a client set to Allow refresh token in Standard Token Exchange, and only for a user's online session.".into(),
            None,
            "requested_token_type",
        ),
        other => found.add(
            "kc-requested-type",
            Severity::Error,
            "Not issued",
            format!("Keycloak does not issue {other} in an exchange. Ask for access_token or leave it out."),
            None,
            "requested_token_type",
        ),
    }
    for name in ["requested_subject", "requested_issuer", "subject_issuer"] {
        if draft.extra.iter().any(|pair| pair.name.trim() == name) {
            found.add(
                "kc-legacy-parameter",
                Severity::Warning,
                "Legacy parameter",
                format!("{name} belongs to Keycloak's legacy exchange; the standard one refuses it."),
                None,
                "extra",
            );
        }
    }
}

/// A token whose `aud` does not name who asks about it.
pub(in crate::server) fn introspect(client: &Client, subject: &TokenView, found: &mut Remarks) {
    if subject.kind == TokenKind::Access && subject.format == TokenFormat::Jws && !subject.audience.contains(&client.client_id) {
        found.add(
                "introspect-not-in-aud",
                Severity::Warning,
                "Not in aud",
                format!(
                    "{} is not in the token's aud; Keycloak from 26.6.2 on then answers active: false whatever the token is, also to the client it was issued to.",
                    client.client_id
                ),
                None,
                "client",
            );
    }
}
