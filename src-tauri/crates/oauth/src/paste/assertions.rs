//! Assertions of SAML inside longer texts: as XML, and as base64 that was broken into lines (RFC 2045 6.8 breaks it at 76 letters).
//!
//! They are found before anything else is tried. XML holds ampersands and names with values, and each line of base64 looks like a
//! token of its own, so that a search by pairs or by looks would offer pieces of one assertion.

use std::{borrow::Cow, ops::Range};

use super::{fold, found::MOST_TOKENS};
use token::decode;

/// Narrower lines are not broken for their width.
const NARROWEST: usize = 40;
/// Most lines of one assertion.
const MOST_LINES: usize = 8_000;

/// An assertion in a text.
pub(super) struct FoundAssertion<'t> {
    /// Where it stands.
    pub range: Range<usize>,
    /// Its XML or its base64, in one piece and without what a string of a program escapes.
    pub token: Cow<'t, str>,
    /// Whether it is base64.
    pub encoded: bool,
}

/// The assertions of a text in their order.
pub(super) fn found(text: &str) -> Vec<FoundAssertion<'_>> {
    let mut found = as_xml(text);
    if found.is_empty() {
        found = as_base64(text);
    }
    found
}

fn as_xml(text: &str) -> Vec<FoundAssertion<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while found.len() < MOST_TOKENS
        && let Some(xml) = decode::assertion_in(&text[at..])
    {
        // It is a part of this very text.
        let start = xml.as_ptr() as usize - text.as_ptr() as usize;
        at = start + xml.len();
        found.push(FoundAssertion { range: start..at, token: unescaped(xml), encoded: false });
    }
    found
}

/// XML as it stood in a string of JSON or a program, without the backslashes; XML itself has none before a quote.
fn unescaped(xml: &str) -> Cow<'_, str> {
    if !xml.contains("=\\\"") {
        return Cow::Borrowed(xml);
    }
    let mut plain = String::with_capacity(xml.len());
    let mut letters = xml.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            plain.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('t') => plain.push('\t'),
            Some(other) => plain.push(other),
            None => {}
        }
    }
    Cow::Owned(plain)
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte)
}

fn as_base64(text: &str) -> Vec<FoundAssertion<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() && found.len() < MOST_TOKENS {
        if !is_letter(bytes[at]) {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && is_letter(bytes[at]) {
            at += 1;
        }
        // `SAMLResponse=` before it.
        let run = &text[start..at];
        let named = run.trim_end_matches('=').rfind('=').map_or(0, |name| name + 1);
        let start = start + named;
        if at - start < NARROWEST || !decode::reaches_assertion(&text[start..at]) {
            continue;
        }
        let Some((ends, joined)) = lines(text, start, at) else { continue };
        // The last line may be a word of what follows: then the XML does not end with its element.
        let whole = ends.iter().rev().take(2).find_map(|(end, length)| {
            let token = joined.get(..*length)?;
            let xml = decode::assertion_xml(token)?;
            xml.trim_end().ends_with('>').then(|| (*end, token.to_owned()))
        });
        let cut = || decode::is_assertion(&joined).then(|| ends.last().map(|(end, _)| (*end, joined.clone())));
        let whole = whole.or_else(|| cut().flatten());
        match whole {
            Some((end, token)) => {
                found.push(FoundAssertion { range: start..end, token: Cow::Owned(token), encoded: true });
                at = end;
            }
            None => at = ends.last().map_or(at, |(end, _)| *end),
        }
    }
    found
}

/// The lines of base64 that go on from the first, joined, and where each of them ends in the text and in what is joined; none where
/// it has one line only.
fn lines(text: &str, start: usize, end: usize) -> Option<(Vec<(usize, usize)>, String)> {
    let width = end - start;
    let mut joined = text[start..end].to_owned();
    let mut ends = vec![(end, joined.len())];
    let mut at = end;
    while ends.len() < MOST_LINES && !joined.ends_with('=') {
        let Some(skip) = fold::glue(&text[at..]) else { break };
        let from = at + skip;
        let length = text[from..].bytes().take_while(|byte| is_letter(*byte)).count();
        let to = from + length;
        // A name may stand before the first line, so the second may be longer; no further one is.
        let widest = ends.get(1).map_or(usize::MAX, |(_, second)| second - width);
        if length == 0 || length > widest || !fold::ends(&text[to..]) {
            break;
        }
        joined.push_str(&text[from..to]);
        ends.push((to, joined.len()));
        at = to;
        if length < widest && ends.len() > 2 {
            break;
        }
    }
    (ends.len() > 1).then_some((ends, joined))
}
