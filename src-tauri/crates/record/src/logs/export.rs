//! Entries of the journal as `journalctl -o export` writes them: a field a line, an empty line between two entries.
//!
//! A value that holds a line end, or is no text, follows its name as a length in eight bytes and then itself (Journal Export
//! Format), so an entry is collected as bytes until its empty line and made into text with one `NAME=value` after the other.

use std::borrow::Cow;

use super::{json, layout::Layout, line, record::Read};

/// Most bytes of an entry that are kept.
const LONGEST: usize = 512 * 1024;

/// Whether an entry begins with this line.
pub(super) fn begins(line: &[u8]) -> bool {
    line.starts_with(b"__CURSOR=") || line.starts_with(b"__REALTIME_TIMESTAMP=")
}

/// An entry whose end has not come.
#[derive(Debug, Default)]
pub(super) struct Entry {
    bytes: Vec<u8>,
    /// Up to where it is known what is a name and what a value.
    known: usize,
}

impl Entry {
    /// Takes a line without its end; true when it was the empty one behind the entry, or when the entry is longer than any.
    pub(super) fn ends_with(&mut self, line: &[u8]) -> bool {
        if self.bytes.len() + line.len() >= LONGEST {
            return true;
        }
        self.bytes.extend_from_slice(line);
        self.bytes.push(b'\n');
        while let Some((_, _, next)) = field(&self.bytes, self.known) {
            if next == self.known + 1 {
                return true;
            }
            self.known = next;
        }
        false
    }

    /// The entry as text.
    pub(super) fn text(&self) -> String {
        text(&self.bytes)
    }
}

/// The field that begins at a place: its name, its value and where the next begins. An empty line is a field without a name.
fn field(bytes: &[u8], at: usize) -> Option<(&[u8], &[u8], usize)> {
    let rest = bytes.get(at..)?;
    let end = memchr::memchr(b'\n', rest)?;
    let line = &rest[..end];
    if let Some(sign) = memchr::memchr(b'=', line) {
        return Some((&line[..sign], &line[sign + 1..], at + end + 1));
    }
    let name = !line.is_empty() && line.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_');
    if !name {
        return Some((&line[..0], line, at + end + 1));
    }
    let length: [u8; 8] = rest.get(end + 1..end + 9)?.try_into().ok()?;
    let length = usize::try_from(u64::from_le_bytes(length)).ok().filter(|length| *length < LONGEST);
    // A length that cannot be is none: the line is taken for a damaged one.
    let Some(length) = length else { return Some((&line[..0], line, at + end + 1)) };
    let value = rest.get(end + 9..end + 9 + length)?;
    rest.get(end + 9 + length)?;
    Some((line, value, at + end + 10 + length))
}

/// The bytes of an entry as text, damage as U+FFFD.
pub(super) fn text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    let mut ended = Vec::new();
    let bytes = if bytes.ends_with(b"\n") {
        bytes
    } else {
        ended.extend_from_slice(bytes);
        ended.push(b'\n');
        &ended
    };
    while let Some((name, value, next)) = field(bytes, at) {
        if !name.is_empty() {
            text.push_str(&String::from_utf8_lossy(name));
            text.push('=');
        }
        if !name.is_empty() || !value.is_empty() {
            text.push_str(&String::from_utf8_lossy(value));
            text.push('\n');
        }
        at = next;
    }
    text
}

/// Reads an entry from its text.
pub(super) fn read(text: &str, layout: &Layout) -> Option<Read<'static>> {
    let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
    for line in text.lines() {
        let name = line.split_once('=').filter(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        });
        if let Some((name, value)) = name {
            if fields.len() < 200 {
                fields.push((Cow::Borrowed(name), Cow::Borrowed(value)));
            }
        } else if let Some((_, value)) = fields.last_mut() {
            let value = value.to_mut();
            value.push('\n');
            value.push_str(line);
        }
    }
    json::exported(fields, layout, line::read)
}
