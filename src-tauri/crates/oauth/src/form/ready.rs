//! The "Ready to send" lines: what the token and the profile already say about the request.

use super::preview::line;
use crate::{
    message::{ExchangeKind, Materials, client_of, token_id, value, values, words},
    profile::{ClientAuth, Profile, ServerRole},
    server::habits,
};
use record::operation::{Draft, Operation};
use token::{
    inspect::{TokenView, Verification},
    text::Pair,
    words as say,
};

/// Facts worth reading before pressing the button; a label and a sentence each.
pub(super) fn ready(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Vec<Pair> {
    let now_s = materials.now_s();
    let mut lines = Vec::new();
    let view = |field: &str| value(draft, field).and_then(token_id).and_then(|id| materials.token(id)).map(|token| token.view);
    match draft.operation {
        Operation::LogIn => {
            let (uri, note) = crate::message::redirect_hint(profile);
            lines.push(line("Redirect", format!("{uri} must be registered for the client. {note}")));
            let scope = words(draft, "scope");
            lines.push(line(
                "Tokens",
                if scope.contains(&"openid") {
                    "An access token and an ID token are asked for.".into()
                } else {
                    "Without openid there is no ID token, and the user stays unnamed.".to_owned()
                },
            ));
        }
        Operation::TokenExchange => {
            let kind = ExchangeKind::of(draft);
            if let Some(subject) = view("subject_token").filter(|_| kind.sends("subject_token")) {
                exchange(draft, profile, &subject, &mut lines);
                common(&subject, now_s, &mut lines);
            }
            if kind.is_legacy() {
                lines.push(line(
                    "Needs",
                    "The features token-exchange:v1 and admin-fine-grained-authz:v1 at the server, and a permission for this client."
                        .into(),
                ));
            }
            let lines_of = habits(profile.provider.dialect).exchange.standard_ready;
            lines.extend(
                lines_of.iter().filter(|_| kind == ExchangeKind::Standard).map(|(label, said)| line(label, (*said).into())),
            );
        }
        Operation::JwtBearer => {
            if let Some(subject) = view("assertion") {
                if let Some(issuer) = &subject.issuer {
                    lines.push(line("Issuer", format!("The server must trust {issuer} under exactly this name.")));
                }
                audience_of_assertion(draft, profile, &subject, &mut lines);
                common(&subject, now_s, &mut lines);
            }
        }
        Operation::CallApi | Operation::Introspect | Operation::Userinfo | Operation::Revoke => {
            if let Some(subject) = view("token") {
                common(&subject, now_s, &mut lines);
            }
        }
        Operation::Refresh => {
            if let Some(subject) = view("refresh_token") {
                common(&subject, now_s, &mut lines);
            }
        }
        Operation::ClientCredentials
        | Operation::Password
        | Operation::LogOut
        | Operation::Discover
        | Operation::ReadEvents
        | Operation::Predict
        | Operation::Portal => {}
    }
    let prefer = if matches!(draft.operation, Operation::JwtBearer | Operation::ClientCredentials) {
        ServerRole::Gateway
    } else {
        ServerRole::Provider
    };
    if let Some(client) = value(draft, "client").and_then(|id| client_of(profile, id, prefer))
        && draft.operation != Operation::LogIn
    {
        let how = match client.auth {
            ClientAuth::None => format!("{} is public: it sends its name and no secret.", client.client_id),
            ClientAuth::ClientSecretBasic => format!("{} shows its secret in the Authorization header.", client.client_id),
            ClientAuth::ClientSecretPost => format!("{} shows its secret in the body.", client.client_id),
            ClientAuth::ClientSecretJwt | ClientAuth::PrivateKeyJwt => {
                format!("{} shows a {}, made when it is sent and good once.", client.client_id, client.auth.words())
            }
        };
        lines.push(line("Client", how));
    }
    lines
}

/// RFC 7523 3: the assertion names the server it is shown to. Keycloak takes its issuer or token endpoint, alone, and each
/// assertion once.
fn audience_of_assertion(draft: &Draft, profile: &Profile, subject: &TokenView, lines: &mut Vec<Pair>) {
    let at_provider = value(draft, "client")
        .and_then(|id| client_of(profile, id, ServerRole::Gateway))
        .is_some_and(|client| client.server == ServerRole::Provider);
    if at_provider {
        let said = (habits(profile.provider.dialect).assertion_ready)(&profile.provider, subject);
        lines.extend(said.into_iter().map(|(label, said)| line(label, said)));
    }
}

fn exchange(draft: &Draft, profile: &Profile, subject: &TokenView, lines: &mut Vec<Pair>) {
    let Some(client) = value(draft, "client") else { return };
    if subject.audience.iter().any(|audience| audience == client) {
        let so = habits(profile.provider.dialect).exchange.requester_in_aud;
        lines.push(line("Requester", format!("{client} is in the subject token's aud{so}.")));
    } else if subject.client.as_deref() == Some(client) {
        lines.push(line("Requester", format!("The subject token was issued to {client} itself.")));
    }
    for audience in values(draft, "audience") {
        if subject.audience.iter().any(|named| named == audience) {
            lines.push(line(
                "Audience",
                format!("{audience} is in the subject token's aud already. The exchange can narrow to it."),
            ));
        }
    }
}

fn common(subject: &TokenView, now_s: Option<i64>, lines: &mut Vec<Pair>) {
    if let Some(left) = subject.expires_at.zip(now_s).map(|(end, now)| end.saturating_sub(now)).filter(|left| *left > 0) {
        lines.push(line("Lifetime", format!("The token is valid for another {}.", say::duration(left))));
    }
    match &subject.verification {
        Verification::Verified { key } => lines.push(line("Signature", format!("Verified with {} {}.", key.alg, key.kind))),
        Verification::BadSignature { .. } => {
            lines.push(line("Signature", "Does not fit the issuer's key; a server will refuse it.".into()))
        }
        Verification::Unsecured => lines.push(line("Signature", "The token is not signed; a server will refuse it.".into())),
        Verification::Unverifiable { .. } => {}
    }
}
