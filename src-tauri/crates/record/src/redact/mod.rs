//! Taking secrets out of everything that is shown, recorded or exported.
//!
//! Three nets hang below each other, so that one hole is not a leak: by **name** (a parameter called
//! `client_secret` is masked whatever it holds), by **known value** (a secret we hold is masked wherever it
//! turns up, also form- or JSON-encoded), and by **shape** (whatever looks like a JWT or credentials).
//! Redaction comes before cutting and pretty printing, so no half of a secret survives at an edge.

mod by_name;
mod commands;
mod json;
mod kept;
mod layers;
mod markup;
mod message;
mod names;
mod near;
mod needles;
mod ordinary;
mod pairs;
mod part;
mod plain;
mod scan;
mod shape;
mod step;
mod tables;
mod tells;
mod writings;

pub use kept::Kept;
pub use message::header_case;
pub use message::{LineRange, request, response, response_lines};
pub use names::opaque;
pub use names::{harmless_header, redeemable, sensitive_header, sensitive_member, sensitive_parameter};
pub use part::response_part;
pub use plain::{claim, claim_value, text, url, url_text};
pub use step::{diagnosis, event, step};

use std::sync::{Arc, OnceLock};

use needles::Needles;

use token::{
    inspect::{TokenKind, TokenView},
    measure,
    secret::Secret,
    text::{Ink, Span},
};

/// What stands where a secret was. Always the same length, so that it does not tell the secret's.
pub const DOTS: &str = "••••••••";

/// What stands where a JWT was: its constant first characters (`{"` in base64url), then dots.
pub const JWT_DOTS: &str = "eyJ••••••••";

/// Values that are known to be secret: client secrets, passwords, codes, verifiers, states, nonces; and tokens with the evidence
/// shown in their place, e.g. `[access, alice, jti onrtac:0f5c…b318]`.
///
/// What they are searched with is built when it is first needed and then shared by all copies.
#[derive(Clone, Default)]
pub struct Known(Arc<Values>);

#[derive(Default)]
struct Values {
    below: Option<Known>,
    secrets: Vec<Secret>,
    tokens: Vec<(Secret, String)>,
    needles: OnceLock<Needles>,
}

impl Known {
    /// Secrets, and tokens with their evidence.
    pub fn new(secrets: Vec<Secret>, tokens: Vec<(Secret, String)>) -> Self {
        Self(Arc::new(Values { below: None, secrets, tokens, needles: OnceLock::new() }))
    }

    /// The same on top of what was known before, which is not looked at again: what a step adds costs what the step adds. Where
    /// both know a value, this is what is said of it.
    pub fn over(below: &Known, secrets: Vec<Secret>, tokens: Vec<(Secret, String)>) -> Self {
        Self(Arc::new(Values { below: Some(below.clone()), secrets, tokens, needles: OnceLock::new() }))
    }

    /// The secrets.
    pub fn secrets(&self) -> Vec<&Secret> {
        let below = self.0.below.iter().flat_map(Known::secrets);
        self.0.secrets.iter().chain(below).collect()
    }

    /// The tokens with their evidence.
    pub fn tokens(&self) -> Vec<&(Secret, String)> {
        let below = self.0.below.iter().flat_map(Known::tokens);
        self.0.tokens.iter().chain(below).collect()
    }

    fn needles(&self) -> &Needles {
        self.0.needles.get_or_init(|| Needles::new(&self.0.secrets, &self.0.tokens, self.0.below.clone()))
    }
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Known({} secrets, {} tokens)", self.secrets().len(), self.tokens().len())
    }
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

/// A masked value with the quiet remark that says what it is.
fn masked(value: &str, needles: &Needles) -> Vec<Span> {
    let remark = match needles.whole(value).flatten() {
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
mod hostile;
#[cfg(test)]
mod tests;
