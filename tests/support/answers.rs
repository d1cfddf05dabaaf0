//! Reading what a server answered out of a step's words.

use serde_json::Value;
use token::text::Line;

/// The body as text.
pub fn text(lines: &[Line]) -> String {
    lines.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect::<String>()).collect::<Vec<_>>().join("\n")
}

/// The body, when it is JSON.
pub fn json(lines: &[Line]) -> Value {
    serde_json::from_str(&text(lines)).expect("a JSON body")
}
