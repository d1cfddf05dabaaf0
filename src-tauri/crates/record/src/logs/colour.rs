//! The colours of a terminal, which some programs write into their logs as well.

use std::borrow::Cow;

use memchr::memchr;

/// Whether colours of a terminal may stand in it, as they are or as syslog writes them.
pub(super) fn has_colour(text: &str) -> bool {
    memchr(0x1b, text.as_bytes()).is_some() || (memchr(b'#', text.as_bytes()).is_some() && text.contains(ESCAPED))
}

/// How rsyslog writes the character that begins a colour.
const ESCAPED: &str = "#033[";

/// The text without the colours of a terminal.
pub(super) fn uncoloured(text: &str) -> String {
    let replaced = if text.contains(ESCAPED) { Cow::Owned(text.replace(ESCAPED, "\u{1b}[")) } else { Cow::Borrowed(text) };
    let mut plain = String::with_capacity(replaced.len());
    let mut rest = replaced.as_ref();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = match after.strip_prefix('[') {
            Some(after) => {
                let end = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
                // Whatever else stands there is no end of a colour: it stays, and so does the rest of the line.
                end.strip_prefix(|c: char| matches!(c, '@'..='~')).unwrap_or(end)
            }
            // A character set is chosen by two characters more.
            None => after.strip_prefix("(B").unwrap_or_else(|| {
                plain.push('\u{1b}');
                after
            }),
        };
    }
    plain.push_str(rest);
    plain
}
