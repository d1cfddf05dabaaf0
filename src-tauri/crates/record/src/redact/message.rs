//! Whole requests and responses as lines.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue, Request};

use super::{
    json,
    lines::{LineRange, Lines, cut, whole_token},
    mask::DOTS,
    names,
    needles::{KnownSecrets, Needles},
    plain::{address, running, secret_parameter},
    tells::tells,
    value::{masked, visible},
};
use crate::encode::form_decode;
use token::{
    measure,
    text::{Ink, Line, Span},
};

/// How much of a page or text body is shown, in bytes.
const SHOWN_TEXT: usize = 2_048;

/// A request as raw HTTP; a form body stands one parameter a line, decoded. Of its headers, those are shown that are known to tell
/// nothing: a user may put a credential under any name.
pub fn request(request: &Request<Vec<u8>>, known: &KnownSecrets) -> Vec<Line> {
    let needles = known.needles();
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    let mut lines = vec![vec![
        Span::new(Ink::Strong, running(request.method().as_str(), needles)),
        Span::new(Ink::Plain, format!(" {} HTTP/1.1", visible(&address(target, needles)))),
    ]];
    if let Some(authority) = request.uri().authority() {
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        lines.push(vec![Span::new(Ink::Quiet, "Host: "), Span::new(Ink::Plain, running(host, needles))]);
    }
    for (name, value) in request.headers() {
        let text = header_text(value);
        let shown = match name.as_str() {
            "authorization" | "proxy-authorization" | "cookie" => header(name.as_str(), &text, needles),
            harmless if names::harmless_header(harmless) => header(harmless, &text, needles),
            _ if text.is_empty() => Line::new(),
            _ => masked(&text, needles),
        };
        lines.push(header_line(name.as_str(), shown, needles));
    }
    body(request.headers(), request.body(), needles, (LineRange::FIRST, false), &mut lines);
    lines
}

/// A response: status, headers, body; of a long body the first lines.
pub fn response(
    status: u16,
    reason: &str,
    response_headers: &HeaderMap,
    response_body: &[u8],
    known: &KnownSecrets,
) -> Vec<Line> {
    response_lines(status, reason, response_headers, response_body, known, LineRange::FIRST)
}

/// The same with other lines of the body.
pub fn response_lines(
    status: u16,
    reason: &str,
    response_headers: &HeaderMap,
    response_body: &[u8],
    known: &KnownSecrets,
    range: LineRange,
) -> Vec<Line> {
    let needles = known.needles();
    let reason = visible(&running(reason, needles));
    let mut lines =
        vec![vec![Span::new(Ink::Strong, if reason.is_empty() { status.to_string() } else { format!("{status} {reason}") })]];
    for (name, value) in response_headers {
        let shown = header(name.as_str(), &header_text(value), needles);
        lines.push(header_line(name.as_str(), shown, needles));
    }
    body(response_headers, response_body, needles, (range, true), &mut lines);
    lines
}

/// A header's value as text; bytes that are no UTF-8 are Latin-1, as RFC 9110 5.5 knows from before.
fn header_text(value: &HeaderValue) -> String {
    std::str::from_utf8(value.as_bytes())
        .map_or_else(|_| value.as_bytes().iter().copied().map(char::from).collect(), str::to_owned)
}

fn header_line(name: &str, value: Line, needles: &Needles) -> Line {
    let mut line = vec![Span::new(Ink::Quiet, format!("{}: ", header_case(&running(name, needles))))];
    line.extend(value);
    line
}

fn header(name: &str, value: &str, needles: &Needles) -> Line {
    let plain = |text: String| Span::new(Ink::Plain, visible(&text));
    let unknown = |name: &str| !names::harmless_header(name) && !names::readable_header(name);
    if needles.whole(value).is_some() {
        return masked(value, needles);
    }
    match name {
        "authorization" | "proxy-authorization" => credentials(value, needles),
        "cookie" => cookies(value, usize::MAX, needles),
        "set-cookie" => cookies(value, 1, needles),
        "location" | "content-location" | "referer" | "origin" => vec![plain(address(value, needles))],
        "refresh" | "link" => vec![plain(running(value, needles))],
        name if (names::sensitive_header(name) || unknown(name) && names::smelling_header(name))
            && !value.is_empty()
            && !tells(value.as_bytes()) =>
        {
            masked(value, needles)
        }
        // `X-Login: alice:…`
        name if unknown(name) && name.contains("login") && value.contains([':', '=']) && !value.contains("://") => {
            masked(value, needles)
        }
        // Made by a machine and called nothing we know: it may be good for something.
        name if unknown(name) && names::opaque(value) && !value.contains(' ') => masked(value, needles),
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

/// Attributes of a cookie that tell nothing (RFC 6265 5.2 and what came after).
const ATTRIBUTES: [&str; 9] =
    ["path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "priority", "partitioned"];

/// Names stay, values go; after `attributes_from` parts the rest are attributes like `Path=/`.
fn cookies(value: &str, attributes_from: usize, needles: &Needles) -> Line {
    let mut line = Line::new();
    for (index, part) in value.split(';').enumerate() {
        if index > 0 {
            line.push(Span::new(Ink::Plain, "; "));
        }
        let part = part.trim();
        let attribute = |name: &str| ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(name.trim()));
        match part.split_once('=') {
            Some((name, _)) if index < attributes_from => {
                line.push(Span::new(Ink::Plain, format!("{}=", visible(&running(name, needles)))));
                line.push(Span::new(Ink::Secret, DOTS));
            }
            None if index < attributes_from => line.push(Span::new(Ink::Secret, DOTS)),
            Some((name, _)) if attribute(name) => line.push(Span::new(Ink::Plain, visible(&running(part, needles)))),
            None if part.is_empty() || attribute(part) => line.push(Span::new(Ink::Plain, visible(part))),
            // A value with a semicolon in it goes on here.
            _ => line.push(Span::new(Ink::Secret, DOTS)),
        }
    }
    line
}

/// `answer` says that a server wrote it: there a word that tells what happened is none that somebody typed.
fn body(headers: &HeaderMap, body: &[u8], needles: &Needles, (range, answer): (LineRange, bool), lines: &mut Vec<Line>) {
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
        lines.extend(form(text, needles, range, answer));
    } else if let Some(json) = json::lines(text, needles, range, answer) {
        lines.extend(json);
    } else if let Some(whole) = whole_token(text.trim(), needles) {
        lines.push(whole);
    } else {
        // Redacted as a whole first, cut second: a secret at the edge must not lose the half that gives it away.
        lines.extend(page(&running(text, needles), body.len(), range));
    }
}

/// One parameter a line, as a person reads it: decoded, `&` in front from the second on.
fn form(text: &str, needles: &Needles, range: LineRange, answer: bool) -> Vec<Line> {
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    let mut lines = Lines::new(range);
    for (index, (name, value)) in pairs.enumerate() {
        let mut line = Line::new();
        if !lines.wanted() {
            lines.push(line);
            continue;
        }
        if index > 0 {
            line.push(Span::new(Ink::Plain, "&"));
        }
        line.push(Span::new(Ink::Key, visible(&running(&name, needles))));
        line.push(Span::new(Ink::Plain, "="));
        if secret_parameter(&name) && !value.is_empty() && !(answer && tells(value.as_bytes())) {
            line.extend(masked(&value, needles));
        } else if let Some(token) = whole_token(&value, needles) {
            line.extend(token);
        } else {
            let (shown, rest) = cut(visible(&running(&value, needles)));
            line.push(Span::new(Ink::Plain, shown));
            line.extend(rest);
        }
        lines.push(line);
    }
    lines.done()
}

fn page(text: &str, whole: usize, range: LineRange) -> Vec<Line> {
    if range != LineRange::FIRST {
        let mut lines = Lines::new(range);
        for line in text.lines() {
            let (shown, rest) = cut(if lines.wanted() { visible(line) } else { String::new() });
            lines.push(std::iter::once(Span::new(Ink::Plain, shown)).chain(rest).collect());
        }
        return lines.done();
    }
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
pub fn header_case(name: &str) -> String {
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
