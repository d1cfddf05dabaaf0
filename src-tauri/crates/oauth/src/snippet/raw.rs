//! Raw HTTP, as it goes over the wire.

use http::{Request, header};

use super::{
    Secrets,
    arguments::{Piece, Vault, address, masked_body, merge},
};
use record::{
    encode::{form_decode, form_encode},
    redact,
};

/// The message with CRLF replaced by LF, because it is for reading and pasting. A variable is written as `${NAME}`.
pub(super) fn write(request: &Request<Vec<u8>>, vault: &mut Vault<'_>) -> String {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let mut text = format!("{} {} HTTP/1.1\n", request.method(), flat(address(&target, vault)));
    if let Some(authority) = request.uri().authority() {
        text.push_str(&format!("Host: {}\n", authority.as_str().rsplit('@').next().unwrap_or_default()));
    }
    for (name, value) in request.headers() {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        let pieces = match value.split_once(' ') {
            Some((scheme, rest)) if *name == header::AUTHORIZATION => {
                let what = if scheme.eq_ignore_ascii_case("bearer") { "TOKEN" } else { "BASIC" };
                vec![Piece::Literal(format!("{scheme} ")), vault.whole(rest, what)]
            }
            _ if !value.is_empty() && telling(name.as_str(), &value) => vec![vault.whole(&value, name.as_str())],
            _ => vault.inside(&value),
        };
        text.push_str(&format!("{}: {}\n", redact::header_case(name.as_str()), flat(pieces)));
    }
    if request.body().is_empty() {
        return text;
    }
    if vault.mode() == Secrets::Include {
        // Only a body that is written as it is has a length that is right.
        text.push_str(&format!("Content-Length: {}\n", request.body().len()));
    }
    text.push('\n');
    let form = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    let body = String::from_utf8_lossy(request.body()).into_owned();
    let pieces = match form {
        true if vault.mode() != Secrets::Include => form_body(&body, vault),
        true => vec![Piece::Literal(body)],
        false => masked_body(&body, vault),
    };
    text.push_str(&flat(pieces));
    text
}

/// Of the user's own headers only those are written out that are known to tell nothing.
fn telling(name: &str, value: &str) -> bool {
    !redact::harmless_header(name) || redact::text(value, &redact::KnownSecrets::default()) != value
}

fn form_body(body: &str, vault: &mut Vault<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (index, pair) in body.split('&').enumerate() {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = form_decode(value);
        pieces.push(Piece::Literal(format!("{}{name}=", if index == 0 { "" } else { "&" })));
        let telling =
            redact::sensitive_parameter(&form_decode(name)) || redact::text(&plain, &redact::KnownSecrets::default()) != plain;
        if telling && !value.is_empty() {
            pieces.push(if plain == value {
                vault.whole(&plain, name)
            } else {
                vault.encoded(&plain, value, name, "_ENCODED", "form-encoded")
            });
        } else {
            let inside = vault.inside(&plain);
            pieces.extend(inside.into_iter().map(|piece| match piece {
                Piece::Literal(text) => Piece::Literal(form_encode(&text)),
                other => other,
            }));
        }
    }
    merge(pieces)
}

fn flat(pieces: Vec<Piece>) -> String {
    pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Literal(text) => text,
            Piece::Variable(name) | Piece::Encoded(name) => format!("${{{name}}}"),
        })
        .collect()
}
