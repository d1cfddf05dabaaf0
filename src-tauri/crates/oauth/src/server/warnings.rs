//! What a server will likely refuse, said before it is asked.

use super::habits::Warnings;
use crate::{
    message::{ExchangeKind, Materials, client_of, token_id, value},
    profile::{Client, ClientAuth, Profile, ServerRole},
};
use record::operation::{Draft, Operation};
use token::{
    finding::{Finding, Severity},
    inspect::{TokenFormat, TokenKind, TokenView, Verification},
    words,
};

/// Remarks on a draft, worst first. Lifetimes are judged only when the materials know the time.
pub fn warnings(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Vec<Finding> {
    let mut found = Remarks { list: Vec::new() };
    let definition = crate::operation::of(draft.operation);
    let client = value(draft, "client").and_then(|id| client_of(profile, id, definition.prefer));
    let dialect = match (client.map(|client| client.server), &profile.gateway) {
        (Some(ServerRole::Gateway), Some(gateway)) => gateway.dialect,
        _ => profile.provider.dialect,
    };
    let own = &super::habits(dialect).warnings;
    let kind = ExchangeKind::of(draft);
    let sent = |field: &&str| (definition.sends)(draft, field);
    for field in ["subject_token", "assertion", "refresh_token", "token", "actor_token", "id_token_hint"].into_iter().filter(sent)
    {
        if let Some(material) = value(draft, field).and_then(token_id).and_then(|id| materials.token(id)) {
            if material.text.is_none() {
                found.add(
                    "evidence-only",
                    Severity::Error,
                    "Not sendable",
                    format!("Only the claims of {} are left, so it can be compared but not sent.", material.view.label),
                    None,
                    field,
                );
            }
            token(&material.view, field, draft.operation, materials.now_s(), &mut found);
            // An API behind a gateway looks at its own issuer.
            if draft.operation != Operation::CallApi {
                (own.token)(profile, &material.view, field, &mut found);
            }
            match (draft.operation, field) {
                (Operation::TokenExchange, "subject_token") => {
                    exchange(draft, own, client, &material.view, &mut found);
                    if !kind.is_legacy() {
                        (own.subject)(draft, profile, client, &material.view, &mut found);
                    }
                }
                (Operation::JwtBearer, "assertion") => assertion(own, profile, &material.view, materials.now_s(), &mut found),
                (Operation::Refresh, "refresh_token") => refresh(client, &material.view, &mut found),
                (Operation::Userinfo, "token") => userinfo(&material.view, &mut found),
                (Operation::Introspect, "token") => introspect(own, client, &material.view, &mut found),
                (Operation::CallApi, "token") => call(draft, profile, &material.view, &mut found),
                _ => {}
            }
        }
    }
    if draft.operation == Operation::TokenExchange {
        (own.kind)(kind, profile, &mut found);
    }
    common(draft, own, client, &mut found);
    if let Some(client) = client
        && let Some(refusal) = materials.refused_before(draft.operation, &client.client_id)
    {
        found.add(
            "refused-before",
            Severity::Warning,
            "Refused before",
            format!(
                "At step {} the server refused this: {} It will again, unless that was set right.",
                refusal.step, refusal.cause
            ),
            None,
            "client",
        );
    }
    found.list.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found.list
}

fn token(view: &TokenView, field: &str, operation: Operation, now_s: Option<i64>, found: &mut Remarks) {
    if let Some(ended) = view.expires_at.zip(now_s).map(|(end, now)| now.saturating_sub(end)) {
        // Asking about or ending a token that is over is legitimate.
        let harmless = matches!(operation, Operation::Introspect | Operation::Revoke) || field == "id_token_hint";
        if ended >= 0 && !harmless {
            found.add(
                "subject-expired",
                Severity::Error,
                "Token expired",
                format!(
                    "{} ended {} ago; the server will refuse it. Refresh it or log in again.",
                    view.label,
                    words::duration(ended)
                ),
                None,
                field,
            );
        } else if (-30..0).contains(&ended) && !harmless {
            found.add(
                "subject-expiring",
                Severity::Warning,
                "Expires soon",
                format!("{} ends in {}.", view.label, words::duration(ended)),
                None,
                field,
            );
        }
    }
    match &view.verification {
        Verification::BadSignature { .. } => found.add(
            "subject-bad-signature",
            Severity::Error,
            "Bad signature",
            format!("The signature of {} does not fit its issuer's key.", view.label),
            None,
            field,
        ),
        Verification::Unsecured => found.add(
            "subject-unsecured",
            Severity::Error,
            "Not signed",
            format!("{} is not signed (alg none).", view.label),
            Some("RFC 8725 3.2"),
            field,
        ),
        _ => {}
    }
    if view.active == Some(false) {
        found.add(
            "subject-inactive",
            Severity::Warning,
            "Not active",
            format!("Introspection said that {} is not active.", view.label),
            Some("RFC 7662 2.2"),
            field,
        );
    }
    let wrong = match (operation, field, view.kind) {
        (Operation::CallApi | Operation::Userinfo, "token", TokenKind::Id) => {
            Some("An ID token tells a client who logged in; an API should not take it. Use an access token.")
        }
        (Operation::CallApi | Operation::Userinfo, "token", TokenKind::Refresh) => {
            Some("A refresh token is for the token endpoint only; do not show it to an API.")
        }
        (Operation::Refresh, "refresh_token", TokenKind::Access | TokenKind::Id)
        | (Operation::LogOut, "refresh_token", TokenKind::Access | TokenKind::Id) => Some("This is not a refresh token."),
        (Operation::LogOut, "id_token_hint", TokenKind::Access | TokenKind::Refresh) => Some("This is not an ID token."),
        (Operation::JwtBearer, "assertion", TokenKind::Refresh) => {
            Some("A refresh token is no assertion. Use an access or ID token.")
        }
        _ => None,
    };
    if let Some(detail) = wrong {
        found.add("wrong-token-kind", Severity::Warning, "Other kind of token", detail.into(), None, field);
    }
}

fn exchange(draft: &Draft, own: &Warnings, client: Option<&Client>, subject: &TokenView, found: &mut Remarks) {
    let kind = value(draft, "subject_token_type").and_then(|text| text.rsplit(':').next()).unwrap_or_default();
    if kind == "access_token" && matches!(subject.kind, TokenKind::Id | TokenKind::Refresh)
        || kind == "id_token" && subject.kind == TokenKind::Access
        || kind == "jwt" && subject.format == TokenFormat::Opaque
    {
        found.add(
            "subject-type-mismatch",
            Severity::Warning,
            "Type does not fit",
            format!("subject_token_type says {kind}, and {} is something else.", subject.label),
            Some("RFC 8693 3"),
            "subject_token_type",
        );
    }
    (own.asked)(draft, found);
    if client.is_some_and(|client| client.auth == ClientAuth::None) {
        found.add(
            "public-requester",
            own.public_exchange,
            "Public client",
            "A public client has no secret, and servers do not let such a client exchange tokens.".into(),
            Some("RFC 8693 2.1"),
            "client",
        );
    }
    if value(draft, "audience").is_none() && value(draft, "resource").is_none() {
        found.add(
            "no-target",
            Severity::Note,
            "No audience",
            "Without audience or resource the server decides whom the token is for.".into(),
            Some("RFC 8693 2.1"),
            "audience",
        );
    }
}

fn assertion(own: &Warnings, profile: &Profile, subject: &TokenView, now_s: Option<i64>, found: &mut Remarks) {
    if subject.format != TokenFormat::Jws {
        found.add(
            "assertion-not-jwt",
            Severity::Error,
            "Not a JWT",
            "The assertion must be a signed JWT; this token is not one.".into(),
            Some("RFC 7523 3"),
            "assertion",
        );
        return;
    }
    if subject.issuer.is_none() || subject.subject.is_none() || subject.audience.is_empty() || subject.expires_at.is_none() {
        found.add(
            "assertion-claims",
            Severity::Error,
            "Claims missing",
            "An assertion needs iss, sub, aud and exp. In Keycloak the client scope basic carries sub, an audience mapper aud."
                .into(),
            Some("RFC 7523 3"),
            "assertion",
        );
    }
    (own.assertion)(profile, subject, now_s, found);
}

fn refresh(client: Option<&Client>, subject: &TokenView, found: &mut Remarks) {
    if let (Some(client), Some(owner)) = (client, subject.client.as_deref())
        && client.client_id != owner
    {
        found.add(
            "refresh-other-client",
            Severity::Error,
            "Other client",
            format!("The refresh token was issued to {owner}; only {owner} can use it."),
            Some("RFC 6749 6"),
            "client",
        );
    }
}

fn userinfo(subject: &TokenView, found: &mut Remarks) {
    if subject.format == TokenFormat::Jws
        && subject.kind == TokenKind::Access
        && !subject.scope.iter().any(|scope| scope == "openid")
    {
        found.add(
            "userinfo-openid",
            Severity::Warning,
            "No openid",
            "The token's scope lacks openid, which userinfo asks for.".into(),
            Some("OpenID Connect Core 5.3"),
            "token",
        );
    }
}

fn introspect(own: &Warnings, client: Option<&Client>, subject: &TokenView, found: &mut Remarks) {
    if let Some(client) = client {
        if client.auth == ClientAuth::None {
            found.add(
                "introspect-public",
                Severity::Error,
                "Public client",
                "Introspection is for clients that show a secret.".into(),
                Some("RFC 7662 2.1"),
                "client",
            );
        }
        (own.introspect)(client, subject, found);
    }
}

fn call(draft: &Draft, profile: &Profile, subject: &TokenView, found: &mut Remarks) {
    let Some(url) = value(draft, "url").and_then(|url| url::Url::parse(url).ok()) else { return };
    let Some(resource) = profile.resources.iter().find(|resource| crate::message::is_under(&url, &resource.url)) else { return };
    let gateway = profile.gateway.as_ref().filter(|_| resource.through_gateway);
    if let (Some(gateway), Some(issuer)) = (gateway, &subject.issuer)
        && !gateway.issuer.is_empty()
        && *issuer != gateway.issuer
    {
        found.add(
            "call-other-issuer",
            Severity::Warning,
            "Other issuer",
            format!("The gateway takes its own tokens ({}), this one is from {issuer}.", gateway.issuer),
            None,
            "token",
        );
    }
    let wanted = &resource.expectations.audience;
    if gateway.is_none()
        && !wanted.is_empty()
        && subject.format == TokenFormat::Jws
        && !subject.audience.iter().any(|audience| wanted.contains(audience))
    {
        found.add(
            "call-audience",
            Severity::Warning,
            "Not its audience",
            format!("{} expects {} in aud and would refuse this token. Exchange it first.", resource.name, words::list(wanted)),
            None,
            "token",
        );
    }
    if resource.expectations.needs_user
        && subject.session.is_none()
        && subject.subject.is_some()
        && subject.subject == subject.client
    {
        found.add(
            "call-needs-user",
            Severity::Warning,
            "No user",
            format!("{} needs a user behind the token, and this is an application's.", resource.name),
            None,
            "token",
        );
    }
}

fn common(draft: &Draft, own: &Warnings, client: Option<&Client>, found: &mut Remarks) {
    match draft.operation {
        Operation::ClientCredentials if client.is_some_and(|client| client.auth == ClientAuth::None) => {
            found.add(
                "public-client-credentials",
                Severity::Error,
                "Public client",
                "Only clients with a secret may use this grant.".into(),
                Some("RFC 6749 4.4"),
                "client",
            );
        }
        Operation::Password => found.add(
            "password-grant",
            Severity::Note,
            "For tests only",
            "The password grant shows the password to the client and is forbidden in new systems.".into(),
            Some("RFC 9700 2.4"),
            "password",
        ),
        Operation::CallApi if value(draft, "token").is_none() => found.add(
            "no-token",
            Severity::Note,
            "No token",
            "Without a token the call shows what the API tells strangers.".into(),
            None,
            "token",
        ),
        _ => {}
    }
    if draft.operation == Operation::TokenExchange {
        for (name, detail) in own.ignored {
            if value(draft, name).is_some() && ExchangeKind::of(draft).sends(name) {
                found.add("ignored-parameter", Severity::Warning, "Ignored here", (*detail).into(), None, name);
            }
        }
    }
    for (index, pair) in draft.extra.iter().enumerate() {
        let name = pair.name.trim();
        let repeatable = matches!(name, "audience" | "resource");
        if !name.is_empty()
            && !repeatable
            && (draft.extra[..index].iter().any(|other| other.name.trim() == name) || value(draft, name).is_some())
        {
            found.add(
                "repeated-parameter",
                Severity::Warning,
                "Sent twice",
                format!("{name} is sent more than once, which servers refuse."),
                Some("RFC 6749 3.2"),
                "extra",
            );
        }
    }
}

pub(super) struct Remarks {
    list: Vec<Finding>,
}

impl Remarks {
    pub(super) fn add(&mut self, id: &str, severity: Severity, title: &str, detail: String, rfc: Option<&str>, field: &str) {
        if self.list.iter().all(|other| other.id != id || other.path.as_deref() != Some(field)) {
            self.list.push(Finding {
                id: id.into(),
                severity,
                title: title.into(),
                detail,
                rfc: rfc.map(str::to_owned),
                path: Some(field.into()),
            });
        }
    }
}
