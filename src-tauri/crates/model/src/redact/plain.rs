//! Redaction of running text and of addresses.

use url::Url;

use super::{DOTS, Known, Needles, names};
use crate::oauth::form_decode;

/// An address with everything secret in its query, fragment and user part masked.
pub fn url(url: &Url, known: &Known) -> String {
    address(url.as_str(), &Needles::new(known))
}

/// Running text: known values, `name=value` and `"name": "value"` by name, and everything that looks like a credential.
pub fn text(text: &str, known: &Known) -> String {
    running(text, &Needles::new(known))
}

pub(super) fn running(text: &str, needles: &Needles) -> String {
    by_shape(&by_name(&by_value(text, needles)))
}

/// Known values, wherever they stand.
pub(super) fn by_value(text: &str, needles: &Needles) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end, evidence) in needles.find(text) {
        out.push_str(&text[from..start]);
        out.push_str(evidence.unwrap_or(DOTS));
        from = end;
    }
    out + &text[from..]
}

/// `name=value`, `name: value` in quotes, and `"name" : "value"`.
fn by_name(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(sign) = rest.find(['=', ':']) {
        let (before, after) = (&rest[..sign], &rest[sign + 1..]);
        let colon = rest.as_bytes()[sign] == b':';
        let quoted_name = before.trim_end().ends_with(['"', '\'']);
        let name = last_word(before);
        let secret = if colon { quoted_name && names::sensitive_member(name) } else { names::sensitive_parameter(name) };
        out.push_str(&rest[..=sign]);
        rest = after;
        if !secret || colon && name == "token" && after.trim_start().starts_with('{') {
            continue;
        }
        let blanks = after.len() - after.trim_start().len();
        let value = &after[blanks..];
        match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let end = closing(&value[1..], quote);
                if end == 0 {
                    continue;
                }
                out.push_str(&after[..blanks]);
                out.push(quote);
                out.push_str(DOTS);
                rest = &value[1 + end..];
            }
            // Without quotes only directly after the sign: `token = x` in prose keeps its words.
            Some(_) if blanks == 0 => {
                let end = value
                    .find(|c: char| c.is_whitespace() || matches!(c, '&' | '"' | '\'' | '<' | '>' | ';' | ',' | ')' | '#'))
                    .unwrap_or(value.len());
                if end == 0 || value.starts_with('[') || value.starts_with(DOTS) || value.starts_with(super::JWT_DOTS) {
                    continue;
                }
                out.push_str(DOTS);
                rest = &value[end..];
            }
            _ => {}
        }
    }
    out + rest
}

/// Index of the closing quote, backslash escapes skipped; the whole rest when it is missing.
fn closing(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at,
            _ => {}
        }
    }
    text.len()
}

fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    let start = text
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    &text[start..]
}

/// Known values and JWTs only; what merely sounds like a credential stays.
pub(super) fn tokens(text: &str, needles: &Needles) -> String {
    let text = by_value(text, needles);
    if !text.contains("eyJ") {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("eyJ") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // Without a dot it is one part of a token, or some other base64 text.
        let end = jwt(rest).filter(|end| rest[..*end].contains('.'));
        out.push_str(if end.is_some() { super::JWT_DOTS } else { &rest[..3] });
        rest = &rest[end.unwrap_or(3)..];
    }
    out + rest
}

/// JWTs, and what follows `Basic`, `Bearer` or `DPoP`.
fn by_shape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if let Some(end) = jwt(rest) {
            out.push_str(super::JWT_DOTS);
            at += end;
            continue;
        }
        if let Some((keep, end)) = scheme(rest).filter(|_| at == 0 || !text.as_bytes()[at - 1].is_ascii_alphanumeric()) {
            out.push_str(&rest[..keep]);
            out.push_str(DOTS);
            at += end;
            continue;
        }
        let c = rest.chars().next().unwrap_or_default();
        out.push(c);
        at += c.len_utf8().max(1);
    }
    out
}

/// Length of a JWT (or the beginning of one) at the start of a text.
fn jwt(text: &str) -> Option<usize> {
    if !text.starts_with("eyJ") {
        return None;
    }
    let end =
        text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '=' | '%'))).unwrap_or(text.len());
    // Shorter than this it is a word, not a header with an algorithm in it.
    (end >= 16).then_some(end)
}

/// `Basic dGVzdA==`: how much to keep and how much there is.
fn scheme(text: &str) -> Option<(usize, usize)> {
    let name = ["Basic ", "Bearer ", "DPoP "]
        .into_iter()
        .find(|name| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))?;
    let value = &text[name.len()..];
    let end = value
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '+' | '/' | '=')))
        .unwrap_or(value.len());
    // A challenge (`Bearer realm="x"`, `Bearer error="..."`) and prose ("Bearer token") are not credentials.
    // Some servers leave out the quotes: `Basic realm=localhost:9443`. In credentials `=` stands at the end only (RFC 9110 11.2).
    let parameter = |name: &str| value[..end].get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let challenge = value[..end].ends_with('=') && value[end..].starts_with('"')
        || ["realm=", "error=", "scope=", "charset=", "algs="]
            .iter()
            .any(|name| parameter(name) && !value[name.len()..end].trim_matches('=').is_empty());
    let prose = end < 12 && value[..end].chars().all(|c| c.is_ascii_alphabetic() || c == '.');
    (end > 3 && !challenge && !prose).then_some((name.len(), name.len() + end))
}

/// An address as text, parsed only as far as needed, so that broken ones are redacted as well.
pub(super) fn address(address: &str, needles: &Needles) -> String {
    let (address, fragment) = address.split_once('#').map_or((address, None), |(a, f)| (a, Some(f)));
    let (base, query) = address.split_once('?').map_or((address, None), |(a, q)| (a, Some(q)));
    let mut out = match base.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let host = match rest[..end].rsplit_once('@') {
                Some((_, host)) => format!("{DOTS}@{host}"),
                None => rest[..end].to_owned(),
            };
            format!("{scheme}://{}{}", running(&host, needles), running(&rest[end..], needles))
        }
        None => running(base, needles),
    };
    for (sign, part) in [('?', query), ('#', fragment)] {
        if let Some(part) = part {
            out.push(sign);
            out.push_str(&pairs(part, needles));
        }
    }
    out
}

fn pairs(query: &str, needles: &Needles) -> String {
    let masked: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) if names::sensitive_parameter(&form_decode(name)) && !value.is_empty() => {
                format!("{}={DOTS}", running(name, needles))
            }
            Some((name, value)) => {
                // Decoded, a value may show a secret that its escapes hide.
                let plain = form_decode(value);
                let redacted = running(&plain, needles);
                let value = if redacted == plain { running(value, needles) } else { redacted };
                format!("{}={value}", running(name, needles))
            }
            None => running(pair, needles),
        })
        .collect();
    masked.join("&")
}
