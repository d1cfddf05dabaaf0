//! Entries that are written on several lines: JSON laid out over lines, `journalctl -o verbose`, the two lines of Java's own logging.
//!
//! Where such an entry ends is only known from its lines, so they are collected and read as one. The journal's export format, whose
//! values may be bytes, has a module of its own ([`super::export`]).

use std::borrow::Cow;

use super::{
    export, head, json,
    layout::Layout,
    line, parts, pieces,
    record::{Level, LogKind, Read, Record},
    stamps::{self, Form},
    time::Time,
};

/// Most bytes of an entry.
const LONGEST: usize = 512 * 1024;

/// How an entry is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Export,
    /// A brace alone on the first line and on the last.
    Json,
    /// `Mon 2026-11-30 14:02:31.204123 UTC [s=…;i=…]`, and a field a line behind four blanks.
    Verbose,
    /// `Nov 30, 2026 2:02:31 PM org.example.Class method`, and `WARNING: …` below it.
    Java,
}

/// What a further line is to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It belongs to the entry, which goes on.
    Within,
    /// It is its last line.
    Last,
    /// It belongs to what comes next.
    Beyond,
}

/// An entry whose end has not come.
#[derive(Debug)]
pub(super) struct Block {
    kind: Kind,
    export: export::Entry,
    bytes: Vec<u8>,
}

fn kind(line: &[u8]) -> Option<Kind> {
    if export::begins(line) {
        return Some(Kind::Export);
    }
    match line.first()? {
        b'{' if line.trim_ascii() == b"{" => Some(Kind::Json),
        b'A'..=b'Z' => {
            let line = std::str::from_utf8(line).ok()?.trim_end();
            if is_verbose(line) { Some(Kind::Verbose) } else { java(line).map(|_| Kind::Java) }
        }
        b'0'..=b'9' => is_verbose(std::str::from_utf8(line).ok()?.trim_end()).then_some(Kind::Verbose),
        _ => None,
    }
}

fn is_verbose(line: &str) -> bool {
    line.len() < 400
        && line.ends_with(']')
        && line.split_once(" [s=").is_some_and(|(stamp, cursor)| {
            cursor.contains(";i=") && stamps::any(stamp, false).is_some_and(|(_, end, _)| end == stamp.len())
        })
}

/// Time and class of the first line of Java's own logging.
fn java(line: &str) -> Option<(Time, &str)> {
    if line.len() > 400 {
        return None;
    }
    let (time, end, form) = stamps::any(line, false)?;
    let (class, method) = line.get(end..)?.strip_prefix(' ')?.split_once(' ')?;
    let fits = form == Form::MonthFirst && !time.yearless && parts::is_logger(class) && !method.contains([' ', ':', '=']);
    fits.then_some((time, class))
}

/// The level and the message of the second line.
fn of_java(line: &str) -> Option<(Level, &str)> {
    let (word, message) = line.split_once(':')?;
    Some((Level::read(word)?, message.trim_start()))
}

/// Whether an entry begins with this line.
pub(super) fn begins(line: &[u8]) -> bool {
    kind(line.split(|byte| *byte == b'\n').next().unwrap_or(line)).is_some()
}

impl Block {
    /// An entry with its first line; none where none begins with it.
    pub(super) fn new(line: &[u8]) -> Option<Self> {
        let mut block = Self { kind: kind(line)?, export: export::Entry::default(), bytes: Vec::new() };
        match block.kind {
            Kind::Export => _ = block.export.ends_with(line),
            _ => block.push(line),
        }
        Some(block)
    }

    fn push(&mut self, line: &[u8]) {
        if !self.bytes.is_empty() {
            self.bytes.push(b'\n');
        }
        self.bytes.extend_from_slice(line);
    }

    /// Takes a line without its end, or says that it is none of the entry's.
    pub(super) fn take(&mut self, line: &[u8]) -> Next {
        if self.kind == Kind::Export {
            return if self.export.ends_with(line) { Next::Last } else { Next::Within };
        }
        if self.bytes.len() + line.len() >= LONGEST {
            return Next::Beyond;
        }
        let next = match self.kind {
            Kind::Json if matches!(line.trim_ascii_end(), b"}" | b"},") => Next::Last,
            Kind::Json if line.first().is_some_and(|first| !matches!(first, b' ' | b'\t' | b'\r')) => Next::Beyond,
            Kind::Json => Next::Within,
            Kind::Verbose if line.starts_with(b"    ") => Next::Within,
            Kind::Java if std::str::from_utf8(line).is_ok_and(|line| of_java(line).is_some()) => Next::Last,
            _ => Next::Beyond,
        };
        if next != Next::Beyond {
            self.push(line);
        }
        next
    }

    /// The entry as text.
    pub(super) fn text(&self) -> String {
        match self.kind {
            Kind::Export => self.export.text(),
            _ => String::from_utf8_lossy(&self.bytes).trim_end_matches(['\r', ',']).to_owned(),
        }
    }

    /// Its lines as they came.
    pub(super) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.split(|byte| *byte == b'\n')
    }

    /// Whether lines like its own may stand in the message of another record.
    pub(super) fn may_be_of_a_message(&self) -> bool {
        self.kind == Kind::Json
    }
}

/// The lines of a text that are one entry; none where no entry begins with the first.
pub(super) fn whole(text: &str) -> Option<Cow<'_, str>> {
    let mut lines = text.split('\n');
    let first = lines.next()?;
    if kind(first.as_bytes())? == Kind::Export {
        return Some(Cow::Borrowed(text));
    }
    let mut block = Block::new(first.as_bytes())?;
    for line in lines {
        match block.take(line.as_bytes()) {
            Next::Within => {}
            Next::Last => break,
            Next::Beyond => break,
        }
    }
    Some(Cow::Owned(block.text()))
}

/// Reads an entry from its text.
pub(super) fn read(text: &str, layout: &Layout) -> Option<Read<'static>> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    match kind(first.as_bytes())? {
        Kind::Export => export::read(text, layout),
        Kind::Json => {
            let read = json::read(text, layout, line::read)?;
            Some(Read { record: read.record.into_owned(), origin: Cow::Owned(read.origin.into_owned()), firm: true })
        }
        Kind::Verbose => verbose(first, rest, layout),
        Kind::Java => {
            let (time, class) = java(first.trim_end())?;
            let (level, message) = match of_java(rest.lines().next().unwrap_or_default()) {
                Some((level, message)) => (Some(level), message),
                None => (None, first.get(first.find(class)?..)?),
            };
            let mut record: Record<'_> = head::told(class, message);
            (record.time, record.level, record.logger) = (Some(time), level, Cow::Borrowed(class));
            record.kind = if record.kind == LogKind::Text { LogKind::Server } else { record.kind };
            Some(Read::firm(record.into_owned()))
        }
    }
}

fn verbose(first: &str, rest: &str, layout: &Layout) -> Option<Read<'static>> {
    let (time, _, _) = stamps::any(first, false)?;
    let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> =
        vec![(Cow::Borrowed("__REALTIME_TIMESTAMP"), Cow::Owned((time.ms.saturating_mul(1000)).to_string()))];
    for line in rest.lines() {
        let line = line.trim_start_matches(' ');
        let named = line.split_once('=').filter(|(name, _)| {
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        });
        if let Some((name, value)) = named {
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

impl Layout {
    /// Reads a record from all its lines: the first, or more of them where a layer cut a line into pieces.
    pub fn record<'a>(&self, text: &'a str) -> Option<Record<'a>> {
        if let Some(entry) = whole(text)
            && let Some(read) = read(&entry, self)
        {
            return Some(read.record);
        }
        // Only before the end of a line `lines` takes a carriage return off; the last line may have no end.
        let first = text.lines().next()?.trim_end_matches('\r');
        if let Some(joined) = pieces::joined(text) {
            return line::read(&joined, self).map(|read| read.record.into_owned());
        }
        line::read(first, self).map(|read| read.record)
    }
}
