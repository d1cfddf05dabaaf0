//! The "Ready to send" lines: what the token and the profile already say about the request.

use crate::{
    form::ReadyLine,
    message::{client_of, token_id, value},
    operation::definition::Wanted,
    profile::{ClientAuth, ServerRole},
};
use token::{
    inspect::{TokenView, Verification},
    words as say,
};

/// A line on what was compared and fits.
pub(crate) fn checked(name: &str, value: String) -> ReadyLine {
    ReadyLine { name: name.into(), value, checked: true, counts: false }
}

/// A line that states how it will be, where nothing was compared.
pub(crate) fn stated(name: &str, value: String) -> ReadyLine {
    ReadyLine { name: name.into(), value, checked: false, counts: false }
}

/// Of an operation of which nothing is known beforehand.
pub(crate) fn nothing(_: &Wanted<'_>) -> Vec<ReadyLine> {
    Vec::new()
}

/// Of an operation of which only the token in one field tells.
pub(crate) fn about(asked: &Wanted<'_>, field: &str) -> Vec<ReadyLine> {
    let mut lines = Vec::new();
    if let Some(subject) = view(asked, field) {
        of_token(asked, &subject, &mut lines);
    }
    lines
}

/// The token a field refers to.
pub(crate) fn view(asked: &Wanted<'_>, field: &str) -> Option<TokenView> {
    value(asked.draft, field).and_then(token_id).and_then(|id| asked.materials.token(id)).map(|token| token.view)
}

/// How the client proves itself; `prefer` is the server that is meant where it is registered at both.
pub(super) fn of_client(asked: &Wanted<'_>, prefer: ServerRole) -> Option<ReadyLine> {
    let client = value(asked.draft, "client").and_then(|id| client_of(asked.profile, id, prefer))?;
    let how = match client.auth {
        ClientAuth::None => format!("{} is public: it sends its name and no secret.", client.client_id),
        ClientAuth::ClientSecretBasic => format!("{} shows its secret in the Authorization header.", client.client_id),
        ClientAuth::ClientSecretPost => format!("{} shows its secret in the body.", client.client_id),
        ClientAuth::ClientSecretJwt | ClientAuth::PrivateKeyJwt => {
            format!("{} shows a {}, made when it is sent and good once.", client.client_id, client.auth.words())
        }
    };
    Some(stated("Client", how))
}

/// How long a token is still valid, and whether its signature holds.
pub(crate) fn of_token(asked: &Wanted<'_>, subject: &TokenView, lines: &mut Vec<ReadyLine>) {
    if let Some(left) =
        subject.expires_at.zip(asked.materials.now_s()).map(|(end, now)| end.saturating_sub(now)).filter(|left| *left > 0)
    {
        let value = format!("The token is valid for another {}.", say::duration(left));
        lines.push(ReadyLine { counts: true, ..checked("Lifetime", value) });
    }
    match &subject.verification {
        Verification::Verified { key } => lines.push(checked("Signature", format!("Verified with {} {}.", key.alg, key.kind))),
        Verification::BadSignature { .. } => {
            lines.push(checked("Signature", "Does not fit the issuer's key; a server will refuse it.".into()))
        }
        Verification::Unsecured => lines.push(checked("Signature", "The token is not signed; a server will refuse it.".into())),
        Verification::Unverifiable { .. } => {}
    }
}
