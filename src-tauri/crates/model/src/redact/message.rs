//! Whole requests and responses as lines.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, Request};

use super::{
    DOTS, Known, Needles, html, json, masked, names,
    plain::{address, running},
    visible,
};
use crate::{
    measure,
    oauth::form_decode,
    text::{Ink, Line, Span},
};

/// How much of a page or text body is shown, in bytes.
const SHOWN_TEXT: usize = 2_048;

/// A request as raw HTTP; a form body stands one parameter a line, decoded.
pub fn request(request: &Request<Vec<u8>>, known: &Known) -> Vec<Line> {
    let needles = Needles::new(known);
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let mut lines = vec![vec![
        Span::new(Ink::Strong, request.method().as_str()),
        Span::new(Ink::Plain, format!(" {} HTTP/1.1", visible(&address(target, &needles)))),
    ]];
    if let Some(authority) = request.uri().authority() {
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        lines.push(vec![Span::new(Ink::Quiet, "Host: "), Span::new(Ink::Plain, host)]);
    }
    headers(request.headers(), &needles, &mut lines);
    body(request.headers(), request.body(), &needles, &mut lines);
    lines
}

/// A response: status, headers, body.
pub fn response(status: u16, reason: &str, response_headers: &HeaderMap, response_body: &[u8], known: &Known) -> Vec<Line> {
    let needles = Needles::new(known);
    let reason = visible(&running(reason, &needles));
    let mut lines =
        vec![vec![Span::new(Ink::Strong, if reason.is_empty() { status.to_string() } else { format!("{status} {reason}") })]];
    headers(response_headers, &needles, &mut lines);
    body(response_headers, response_body, &needles, &mut lines);
    lines
}

fn headers(headers: &HeaderMap, needles: &Needles, lines: &mut Vec<Line>) {
    for (name, value) in headers {
        let text = String::from_utf8_lossy(value.as_bytes());
        let mut line = vec![Span::new(Ink::Quiet, format!("{}: ", header_case(name.as_str())))];
        line.extend(header(name.as_str(), &text, needles));
        lines.push(line);
    }
}

fn header(name: &str, value: &str, needles: &Needles) -> Line {
    let plain = |text: String| Span::new(Ink::Plain, visible(&text));
    match name {
        "authorization" | "proxy-authorization" => credentials(value, needles),
        "cookie" => cookies(value, usize::MAX),
        "set-cookie" => cookies(value, 1),
        "location" | "content-location" | "referer" => vec![plain(address(value, needles))],
        name if names::sensitive_header(name) => masked(value, needles),
        _ => vec![plain(running(value, needles))],
    }
}

/// `Basic portal:••••••••` keeps the client id, which is no secret; other schemes keep their name.
fn credentials(value: &str, needles: &Needles) -> Line {
    let Some((scheme, rest)) = value.trim().split_once(' ') else { return masked(value, needles) };
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("basic") {
        let user = STANDARD
            .decode(rest)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|text| text.split_once(':').map(|(user, _)| form_decode(user)));
        let user = user.map(|user| visible(&running(&user, needles)));
        return match user {
            Some(user) => vec![Span::new(Ink::Plain, format!("Basic {user}:")), Span::new(Ink::Secret, DOTS)],
            None => vec![Span::new(Ink::Plain, "Basic "), Span::new(Ink::Secret, DOTS)],
        };
    }
    if scheme.len() > 20 || !scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return masked(value, needles);
    }
    let mut line = vec![Span::new(Ink::Plain, format!("{scheme} "))];
    line.extend(masked(rest, needles));
    line
}

/// Names stay, values go; after `attributes_from` parts the rest are attributes like `Path=/`.
fn cookies(value: &str, attributes_from: usize) -> Line {
    let mut line = Line::new();
    for (index, part) in value.split(';').enumerate() {
        if index > 0 {
            line.push(Span::new(Ink::Plain, "; "));
        }
        let part = part.trim();
        match part.split_once('=') {
            Some((name, _)) if index < attributes_from => {
                line.push(Span::new(Ink::Plain, format!("{}=", visible(name))));
                line.push(Span::new(Ink::Secret, DOTS));
            }
            _ if index < attributes_from => line.push(Span::new(Ink::Secret, DOTS)),
            _ => line.push(Span::new(Ink::Plain, visible(part))),
        }
    }
    line
}

fn body(headers: &HeaderMap, body: &[u8], needles: &Needles, lines: &mut Vec<Line>) {
    if body.is_empty() {
        return;
    }
    lines.push(Line::new());
    let content_type =
        headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let Ok(text) = std::str::from_utf8(body) else {
        lines.push(vec![Span::new(Ink::Quiet, format!("{} that are not text", measure::size(body.len())))]);
        return;
    };
    if content_type.starts_with("application/x-www-form-urlencoded") {
        lines.extend(form(text, needles));
    } else if let Some(json) = json::lines(text, needles) {
        lines.extend(json);
    } else if let Some(whole) = whole_token(text.trim(), needles) {
        lines.push(whole);
    } else {
        // Redacted as a whole first, cut second: a secret at the edge must not lose the half that gives it away.
        let redacted = running(&html::mask_fields(text), needles);
        lines.extend(page(&redacted, body.len()));
    }
}

/// One parameter a line, as a person reads it: decoded, `&` in front from the second on.
fn form(text: &str, needles: &Needles) -> Vec<Line> {
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    let mut lines = Vec::new();
    for (name, value) in pairs {
        let mut line = Line::new();
        if !lines.is_empty() {
            line.push(Span::new(Ink::Plain, "&"));
        }
        line.push(Span::new(Ink::Key, visible(&running(&name, needles))));
        line.push(Span::new(Ink::Plain, "="));
        if names::sensitive_parameter(&name) && !value.is_empty() {
            line.extend(masked(&value, needles));
        } else if let Some(token) = whole_token(&value, needles) {
            line.extend(token);
        } else {
            line.push(Span::new(Ink::Plain, visible(&running(&value, needles))));
        }
        lines.push(line);
    }
    lines
}

/// A value that is a token or another known secret as a whole.
pub(super) fn whole_token(value: &str, needles: &Needles) -> Option<Line> {
    let known = needles.0.iter().any(|needle| needle.text == value);
    let jwt = value.starts_with("eyJ")
        && value.len() >= 16
        && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '='));
    (known || jwt).then(|| masked(value, needles))
}

fn page(text: &str, whole: usize) -> Vec<Line> {
    let mut end = text.len().min(SHOWN_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut lines: Vec<Line> = text[..end].lines().map(|line| vec![Span::new(Ink::Plain, visible(line))]).collect();
    if end < text.len() {
        lines.push(vec![Span::new(Ink::Quiet, format!("cut here; the body has {}", measure::size(whole)))]);
    }
    lines
}

/// Header names as people write them: `Content-Type`, `WWW-Authenticate`.
pub(crate) fn header_case(name: &str) -> String {
    match name {
        "www-authenticate" => return "WWW-Authenticate".into(),
        "dpop" => return "DPoP".into(),
        "dpop-nonce" => return "DPoP-Nonce".into(),
        "etag" => return "ETag".into(),
        _ => {}
    }
    name.split('-')
        .map(|part| {
            let mut letters = part.chars();
            letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
        })
        .collect::<Vec<_>>()
        .join("-")
}
