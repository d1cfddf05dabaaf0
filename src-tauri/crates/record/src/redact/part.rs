//! A part of a long message, masked as the whole is.

use http::HeaderMap;

use super::{lines::LineRange, message::response_lines, needles::KnownSecrets};
use token::{
    bounded::{self, LINES, Part},
    text::{Ink, Line},
};

/// The part of a response that begins at a line, counted over the whole message: status, headers, an empty line, body. Only the lines
/// of the part are made; those before and after it are counted.
pub fn response_part(
    status: u16,
    reason: &str,
    response_headers: &HeaderMap,
    response_body: &[u8],
    known: &KnownSecrets,
    from: usize,
) -> Part {
    let head = 1 + response_headers.len() + usize::from(!response_body.is_empty());
    let first = from.saturating_sub(head);
    let range = LineRange { from: first, count: LINES + 1 };
    let mut lines = response_lines(status, reason, response_headers, response_body, known, range);
    let more = following(&mut lines);
    let whole = first + lines.len() + more;
    bounded::part(lines.into_iter().skip(from.min(head)), from, whole)
}

/// Takes off the line that says how many follow, and gives that number. No line of a body is a remark alone.
fn following(lines: &mut Vec<Line>) -> usize {
    let said = lines.last().and_then(|line| match line.as_slice() {
        [span] if span.ink == Ink::Quiet => span.text.strip_prefix("cut here; ")?.split_once(" more line")?.0.parse().ok(),
        _ => None,
    });
    if said.is_some() {
        lines.pop();
    }
    said.unwrap_or(0)
}
