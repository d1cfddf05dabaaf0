//! One value as it is drawn: masked with a remark, or with its control characters made visible.

use token::{
    measure,
    text::{Ink, Span},
};

use super::{
    mask::{DOTS, JWT_DOTS},
    needles::Needles,
};

/// A masked value with the quiet remark that says what it is.
pub(super) fn masked(value: &str, needles: &Needles) -> Vec<Span> {
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
pub(super) fn visible(text: &str) -> String {
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
