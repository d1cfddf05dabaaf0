//! Taking secrets out of everything that is shown, recorded or exported.
//!
//! Three nets hang below each other, so that one hole is not a leak: by **name** (a parameter called
//! `client_secret` is masked whatever it holds), by **known value** (a secret we hold is masked wherever it
//! turns up, also form- or JSON-encoded), and by **shape** (whatever looks like a JWT or credentials).
//! Redaction comes before cutting and pretty printing, so no half of a secret survives at an edge.

mod html;
mod json;
mod kept;
mod message;
mod names;
mod plain;

pub use kept::{kept, kept_text, kept_value};
pub(crate) use message::header_case;
pub use message::{request, response};
pub use names::{sensitive_header, sensitive_member, sensitive_parameter};
pub use plain::{text, url};

use crate::{
    measure,
    oauth::form_encode,
    secret::Secret,
    text::{Ink, Span},
    token::{TokenKind, TokenView},
};

/// What stands where a secret was. Always the same length, so that it does not tell the secret's.
pub const DOTS: &str = "••••••••";

/// What stands where a JWT was: its constant first characters (`{"` in base64url), then dots.
pub const JWT_DOTS: &str = "eyJ••••••••";

/// Values that are known to be secret.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Client secrets, passwords, codes, verifiers, states.
    pub secrets: Vec<Secret>,
    /// Tokens with the evidence shown in their place, e.g. `[access, alice, jti onrtac:0f5c…b318]`.
    pub tokens: Vec<(Secret, String)>,
}

/// The words that stand for a token: kind, owner and a part of its id, never a part of its text.
pub fn evidence(view: &TokenView) -> String {
    let kind = match view.kind {
        TokenKind::Access => "access",
        TokenKind::Id => "id token",
        TokenKind::Refresh => "refresh",
        TokenKind::Other => "token",
    };
    let mut parts = vec![kind.to_owned()];
    if !view.who.is_empty() {
        parts.push(view.who.clone());
    }
    // A reference token that was its own id has a placeholder in its place, which tells nothing.
    match view.jti.as_ref().filter(|jti| !jti.starts_with('[')) {
        // Keycloak's prefix says session, kind and grant, and is worth keeping whole.
        Some(jti) => {
            parts.push(format!("jti {}", measure::middle_cut(jti, jti.find(':').map_or(4, |colon| colon.min(12) + 5), 4)))
        }
        None => parts.push(measure::size(view.size)),
    }
    format!("[{}]", parts.join(", "))
}

/// One known value in one of the forms it can take in a message.
struct Needle {
    text: String,
    /// Evidence of a token; none for other secrets.
    evidence: Option<String>,
}

/// All forms of all known values, longest first, so that a value inside another does not break it open.
struct Needles(Vec<Needle>);

impl Needles {
    fn new(known: &Known) -> Self {
        let mut needles: Vec<Needle> = Vec::new();
        let values = known
            .tokens
            .iter()
            .map(|(secret, evidence)| (secret, Some(evidence)))
            .chain(known.secrets.iter().map(|secret| (secret, None)));
        for (secret, evidence) in values.filter(|(secret, _)| !secret.is_empty()) {
            for text in forms(secret.expose()) {
                if needles.iter().all(|needle| needle.text != text) {
                    needles.push(Needle { text, evidence: evidence.cloned() });
                }
            }
        }
        needles.sort_by_key(|needle| std::cmp::Reverse(needle.text.len()));
        Self(needles)
    }

    /// Where known values stand in a text: byte ranges that do not overlap, each with the evidence to show.
    fn find<'a>(&'a self, text: &str) -> Vec<(usize, usize, Option<&'a str>)> {
        let mut found: Vec<(usize, usize, Option<&str>)> = Vec::new();
        for needle in &self.0 {
            let mut from = 0;
            while let Some(at) = text[from..].find(&needle.text).map(|at| at + from) {
                found.push((at, at + needle.text.len(), needle.evidence.as_deref()));
                // One character on, not one value: occurrences may overlap each other.
                from = at + text[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        found.sort_by_key(|(start, end, _)| (*start, usize::MAX - *end));
        let mut merged: Vec<(usize, usize, Option<&str>)> = Vec::new();
        for (start, end, evidence) in found {
            match merged.last_mut() {
                Some(last) if start < last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end, evidence)),
            }
        }
        merged
    }
}

/// How a value may be written in a URL, a form or a JSON text.
fn forms(value: &str) -> Vec<String> {
    let form = form_encode(value);
    let percent = form.replace('+', "%20");
    let json = serde_json::Value::from(value).to_string();
    let json = json.trim_matches('"').to_owned();
    let html = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let mut forms = vec![value.to_owned()];
    let lower = percent_lower(&form);
    for other in [percent, lower, form, json.replace('/', "\\/"), json, html] {
        if !forms.contains(&other) {
            forms.push(other);
        }
    }
    forms.retain(|form| !form.is_empty());
    forms
}

/// Percent escapes in small letters, as some servers write them.
fn percent_lower(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let end = rest.len().min(at + 3);
        out.push_str(&rest[at..end].to_ascii_lowercase());
        rest = &rest[end..];
    }
    out + rest
}

/// A masked value with the quiet remark that says what it is.
fn masked(value: &str, needles: &Needles) -> Vec<Span> {
    let evidence = needles.0.iter().find(|needle| needle.text == value).and_then(|needle| needle.evidence.as_deref());
    let remark = match evidence {
        Some(evidence) => Some(evidence.trim_start_matches('[').trim_end_matches(']').to_owned()),
        None if value.starts_with("eyJ") => Some(measure::size(value.len())),
        None => None,
    };
    let mut spans = vec![Span::new(Ink::Secret, if value.starts_with("eyJ") { JWT_DOTS } else { DOTS })];
    if let Some(remark) = remark {
        spans.push(Span::new(Ink::Quiet, format!("  {remark}")));
    }
    spans
}

/// Control characters made visible, so that one value stays on one line and can not move the cursor or the reading
/// direction (RFC 8259 strings may hold all of them).
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') => {
                out.push_str(&format!("\\u{{{:x}}}", c as u32))
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
