//! From chunks of a file to records: lines are found, bounded, decoded and handed on one by one.

use memchr::{memchr, memmem};

use super::{Record, parse};

/// Longest line that is read whole, in bytes; of a longer one the rest is counted and passed over.
pub const LONGEST_LINE: usize = 256 * 1024;

/// Where a line stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line number, from 1.
    pub line: u64,
    /// Bytes before it.
    pub offset: u64,
    /// Its length in bytes without the line end, as far as it is read.
    pub bytes: u32,
}

/// What takes the records.
pub trait Sink {
    /// A line that begins a record.
    fn record(&mut self, place: Place, record: &Record<'_>);
    /// A line that belongs to the record before: a stack trace, the rest of a message.
    fn more(&mut self, place: Place, text: &str);
}

/// Counts of a reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines.
    pub lines: u64,
    /// Records.
    pub records: u64,
    /// Of them events.
    pub events: u64,
    /// Lines that belong to the record before.
    pub attached: u64,
    /// Empty lines.
    pub empty: u64,
    /// Lines of which only the beginning was read.
    pub cut: u64,
    /// Lines that are no UTF-8; what cannot be read stands as U+FFFD.
    pub damaged: u64,
    /// The first of them.
    pub first_damaged: Option<u64>,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Reader {
    /// Beginning of a line whose end has not come.
    held: Vec<u8>,
    /// Bytes of that line that were passed over.
    passed: u64,
    offset: u64,
    tally: Tally,
}

impl Reader {
    /// Counts so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, chunk: &[u8], sink: &mut impl Sink) {
        let mut rest = chunk;
        while let Some(at) = memchr(b'\n', rest) {
            let (line, after) = (&rest[..at], &rest[at + 1..]);
            if self.held.is_empty() && line.len() <= LONGEST_LINE {
                self.take(line, 0, sink);
            } else {
                self.hold(line);
                let held = std::mem::take(&mut self.held);
                let passed = std::mem::take(&mut self.passed);
                self.take(&held, passed, sink);
                self.held = held;
                self.held.clear();
            }
            self.offset += 1;
            rest = after;
        }
        self.hold(rest);
    }

    /// Takes the last line, which may have no end.
    pub fn finish(&mut self, sink: &mut impl Sink) {
        if !self.held.is_empty() {
            let held = std::mem::take(&mut self.held);
            let passed = std::mem::take(&mut self.passed);
            self.take(&held, passed, sink);
        }
    }

    fn hold(&mut self, bytes: &[u8]) {
        let fits = bytes.len().min(LONGEST_LINE - self.held.len().min(LONGEST_LINE));
        self.held.extend_from_slice(&bytes[..fits]);
        self.passed += (bytes.len() - fits) as u64;
    }

    fn take(&mut self, raw: &[u8], passed: u64, sink: &mut impl Sink) {
        self.tally.lines += 1;
        let place = Place { line: self.tally.lines, offset: self.offset, bytes: u32::try_from(raw.len()).unwrap_or(u32::MAX) };
        self.offset += raw.len() as u64 + passed;
        if passed > 0 {
            self.tally.cut += 1;
        }
        let bytes = raw.strip_suffix(b"\r").unwrap_or(raw);
        let bytes = if place.line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
        let lossy;
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            // A line that was cut may end inside a character.
            Err(fault) if passed > 0 && fault.error_len().is_none() => {
                std::str::from_utf8(&bytes[..fault.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => {
                self.tally.damaged += 1;
                self.tally.first_damaged.get_or_insert(place.line);
                lossy = String::from_utf8_lossy(bytes);
                &lossy
            }
        };
        let plain;
        let text = if memchr(0x1b, text.as_bytes()).is_some() {
            plain = uncoloured(text);
            &plain
        } else {
            text
        };
        self.line(place, text, sink);
    }

    fn line(&mut self, place: Place, text: &str, sink: &mut impl Sink) {
        if text.trim().is_empty() {
            self.tally.empty += 1;
            return;
        }
        match parse(text) {
            Some(record) => {
                self.tally.records += 1;
                if record.kind.is_event() {
                    self.tally.events += 1;
                }
                sink.record(place, &record);
            }
            None if self.tally.records > 0 => {
                self.tally.attached += 1;
                sink.more(place, text);
            }
            None => {
                self.tally.records += 1;
                sink.record(place, &Record::new(super::LogKind::Text, text));
            }
        }
    }
}

/// Bytes of a file as text that can be parsed and shown: damage as U+FFFD, without the colours of a terminal.
pub fn plain_text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    if memchr(0x1b, text.as_bytes()).is_some() { uncoloured(&text) } else { text.into_owned() }
}

/// The text without the colours of a terminal.
pub(super) fn uncoloured(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        plain.push_str(before);
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        // Whatever else stands there is no end of a colour: it stays, and so does the rest of the line.
        rest = rest.strip_prefix(|c: char| matches!(c, '@'..='~')).unwrap_or(rest);
    }
    plain.push_str(rest);
    plain
}

/// What a file turns out to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Lines of a log.
    Log,
    /// A metrics page.
    Metrics,
    /// Neither, with what to do about it.
    Unreadable {
        /// What it is.
        message: &'static str,
        /// What to do.
        advice: &'static str,
    },
}

/// Looks at the first bytes of a file.
pub fn sniff(head: &[u8]) -> Contents {
    let unreadable = |message, advice| Contents::Unreadable { message, advice };
    match head {
        [0x1f, 0x8b, ..] | [b'P', b'K', 3, 4, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            unreadable("This file is compressed.", "Unpack it first, then open the log inside.")
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => unreadable(
            "This file is UTF-16, as PowerShell writes it with >.",
            "Write it again as UTF-8, for example with Out-File -Encoding utf8.",
        ),
        _ if memchr(0, &head[..head.len().min(4096)]).is_some() => {
            unreadable("This file is binary, not text.", "Choose the server's log file, for example keycloak.log.")
        }
        _ if head.starts_with(b"# HELP ") || head.starts_with(b"# TYPE ") || metrics_line(head) => Contents::Metrics,
        _ => Contents::Log,
    }
}

fn metrics_line(head: &[u8]) -> bool {
    head.starts_with(b"keycloak_") || memmem::find(head, b"\nkeycloak_user_events").is_some()
}
