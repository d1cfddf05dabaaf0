//! From chunks of a file to records: lines are found, bounded, decoded and handed on one by one.
//!
//! The first hundred lines are held back until the layout is known they are written in. After that a line begins a record or
//! belongs to the one before; a record has a bound, and what cannot be read is named by its line and reason.

use std::borrow::Cow;

use memchr::memchr;

use super::{
    blocks::{self, Block, Next},
    colour::{has_colour, uncoloured},
    export,
    layout::{Layout, SAMPLE},
    line, parts,
    pieces::{self, LONGEST_LINE},
    record::{LogKind, Record},
    wrap,
};

/// Most lines of a record.
pub const LONGEST_RECORD: u64 = 1000;
/// Most bytes of a record of several lines.
const RECORD_BYTES: u64 = 4 << 20;
/// Lines in a row that may belong to a record without looking like the rest of a message: more are lines nobody can read.
const ODD: u64 = 50;
/// Lines before the first record that are a banner rather than unreadable.
const BANNER: u64 = 100;
/// Most bytes that are held back while the layout is learned.
const SAMPLE_BYTES: usize = 1 << 20;

/// Where a line stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line number, from 1.
    pub line: u64,
    /// Bytes before it.
    pub offset: u64,
    /// Its length in bytes without the line end, as far as it is read.
    pub bytes: u32,
    /// Lines of the file it is written on: more than one where a runtime cut it, or where an entry has a line for each field.
    pub lines: u32,
}

impl Place {
    /// From the beginning of this to the end of another.
    fn through(self, last: Self) -> Self {
        let bytes = last.offset + u64::from(last.bytes) - self.offset;
        let lines = last.line - self.line + u64::from(last.lines);
        Self { bytes: u32::try_from(bytes).unwrap_or(u32::MAX), lines: u32::try_from(lines).unwrap_or(u32::MAX), ..self }
    }
}

/// What takes the records.
pub trait Sink {
    /// A line that begins a record.
    fn record(&mut self, place: Place, record: &Record<'_>);
    /// A line that belongs to the record before: a stack trace, the rest of a message.
    fn more(&mut self, place: Place, text: &str);
}

/// A line that cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Its number, from 1.
    pub line: u64,
    /// Why, as the end of a sentence.
    pub why: &'static str,
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
    /// Lines that cannot be read and stand alone as they are.
    pub unread: u64,
    /// The first of them.
    pub first_unread: Option<Unread>,
}

/// The record that the next line may belong to.
#[derive(Debug, Default)]
struct Last {
    origin: String,
    /// Whether it has a head, so that lines without one are the rest of it.
    firm: bool,
    lines: u64,
    bytes: u64,
    /// Lines in a row that do not look like the rest of a message, and the first of them.
    odd: u64,
    odd_from: Option<Unread>,
}

/// A line of which pieces have come.
#[derive(Debug)]
struct Pending {
    place: Place,
    stamp: String,
    stream: String,
    text: String,
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
    layout: Layout,
    /// Lines from which the layout will be learned, and their bytes.
    sample: Vec<(Place, String)>,
    sample_bytes: usize,
    /// How many were learned from.
    sampled: usize,
    entry: Option<(Place, Block)>,
    pending: Option<Pending>,
    last: Option<Last>,
    /// Whether any line could be read.
    firm: bool,
    /// Whether the last line was taken before its end was written.
    open_end: bool,
    /// Whether records of this file are JSON that is laid out over lines.
    laid_out: bool,
}

impl Reader {
    /// Counts so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The layout as far as it was learned.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Bytes of the file that were taken as whole lines: behind them stands the beginning of a line whose end has not come.
    pub fn taken(&self) -> u64 {
        self.offset
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

    /// Hands on every line that has come whole, without waiting for more: for a file that may still grow.
    pub fn pause(&mut self, sink: &mut impl Sink) {
        self.settle(sink);
    }

    /// Takes the last line, which may have no end. Whatever is fed after it goes on where it ended.
    pub fn finish(&mut self, sink: &mut impl Sink) {
        if !self.held.is_empty() {
            let held = std::mem::take(&mut self.held);
            let passed = std::mem::take(&mut self.passed);
            self.take(&held, passed, sink);
            self.open_end = true;
        }
        self.end_of_entry(sink);
        self.settle(sink);
        self.end_of_pieces(sink);
    }

    fn hold(&mut self, bytes: &[u8]) {
        let fits = bytes.len().min(LONGEST_LINE - self.held.len().min(LONGEST_LINE));
        self.held.extend_from_slice(&bytes[..fits]);
        self.passed += (bytes.len() - fits) as u64;
    }

    fn take(&mut self, raw: &[u8], passed: u64, sink: &mut impl Sink) {
        if std::mem::take(&mut self.open_end) {
            self.take_end(raw, passed, sink);
            return;
        }
        self.tally.lines += 1;
        // Of the line end of Windows only the half behind it was taken off; it belongs to no value.
        let bytes = u32::try_from(without_return(raw).len()).unwrap_or(u32::MAX);
        let place = Place { line: self.tally.lines, offset: self.offset, bytes, lines: 1 };
        self.offset += raw.len() as u64 + passed;
        if let Some((first, entry)) = &mut self.entry {
            let whole = first.through(place);
            match entry.take(raw) {
                Next::Within if u64::from(whole.lines) < LONGEST_RECORD => {
                    *first = whole;
                    return;
                }
                Next::Within | Next::Last => {
                    *first = whole;
                    self.end_of_entry(sink);
                    return;
                }
                Next::Beyond => self.end_of_entry(sink),
            }
        }
        let begins = if place.line == 1 { raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw) } else { raw };
        if passed == 0
            && let Some(entry) = Block::new(begins)
        {
            self.entry = Some((place, entry));
            return;
        }
        if passed > 0 {
            self.tally.cut += 1;
        }
        let bytes = without_return(raw);
        let bytes = if place.line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes) } else { bytes };
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            // A line that was cut may end inside a character.
            Err(fault) if passed > 0 && fault.error_len().is_none() => {
                Cow::Borrowed(std::str::from_utf8(&bytes[..fault.valid_up_to()]).unwrap_or_default())
            }
            Err(_) => {
                self.tally.damaged += 1;
                self.tally.first_damaged.get_or_insert(place.line);
                String::from_utf8_lossy(bytes)
            }
        };
        let text = if has_colour(&text) { Cow::Owned(uncoloured(&text)) } else { text };
        if text.trim().is_empty() {
            self.tally.empty += 1;
            return;
        }
        if self.sampled < SAMPLE {
            self.one(place, text.into_owned(), sink);
        } else {
            self.line(place, &text, sink);
        }
    }

    /// Hands on an entry of several lines; what only looked like one is handed on line by line.
    fn end_of_entry(&mut self, sink: &mut impl Sink) {
        let Some((place, entry)) = self.entry.take() else { return };
        let text = entry.text();
        if !self.is_of_a_message(&entry) && (place.lines == 1 || blocks::read(&text, &self.layout).is_some()) {
            self.laid_out |= entry.may_be_of_a_message() && place.lines > 1;
            self.one(place, text, sink);
            return;
        }
        let (mut line, mut offset) = (place.line, place.offset);
        for piece in entry.lines() {
            let bytes = u32::try_from(without_return(piece).len()).unwrap_or(u32::MAX);
            let at = Place { line, offset, bytes, lines: 1 };
            (line, offset) = (line + 1, offset + piece.len() as u64 + 1);
            let piece = String::from_utf8_lossy(without_return(piece)).into_owned();
            if piece.trim().is_empty() {
                self.tally.empty += 1;
            } else {
                self.one(at, if has_colour(&piece) { uncoloured(&piece) } else { piece }, sink);
            }
        }
    }

    /// Whether what looks like an entry is part of a message: an answer that a server wrote to its log has braces, too.
    fn is_of_a_message(&self, entry: &Block) -> bool {
        let firm = |text: &str| line::read(text, &self.layout).is_some_and(|read| read.firm);
        entry.may_be_of_a_message()
            && !self.laid_out
            && (self.last.as_ref().is_some_and(|last| last.firm) || self.sample.iter().any(|(_, text)| firm(text)))
    }

    /// The end of a line whose beginning was taken as the last of the file: the server wrote on.
    fn take_end(&mut self, raw: &[u8], passed: u64, sink: &mut impl Sink) {
        let end = without_return(raw);
        let bytes = u32::try_from(end.len()).unwrap_or(u32::MAX);
        let place = Place { line: self.tally.lines, offset: self.offset, bytes, lines: 1 };
        self.offset += raw.len() as u64 + passed;
        let raw = end;
        if !raw.is_empty() && self.tally.records > 0 {
            sink.more(place, &String::from_utf8_lossy(raw));
        }
    }

    /// A line or an entry, held back as long as the layout is not known.
    fn one(&mut self, place: Place, text: String, sink: &mut impl Sink) {
        if self.sampled >= SAMPLE {
            self.line(place, &text, sink);
            return;
        }
        self.sample_bytes += text.len();
        self.sample.push((place, text));
        if self.sampled + self.sample.len() >= SAMPLE || self.sample_bytes > SAMPLE_BYTES {
            self.settle(sink);
        }
    }

    /// Learns from what was held back, and hands it on.
    fn settle(&mut self, sink: &mut impl Sink) {
        let sample = std::mem::take(&mut self.sample);
        if sample.is_empty() {
            return;
        }
        let full = self.sampled + sample.len() >= SAMPLE || self.sample_bytes > SAMPLE_BYTES;
        self.sampled = if full { SAMPLE } else { self.sampled + sample.len() };
        self.sample_bytes = 0;
        if !self.layout.is_learned() {
            self.layout.learn(sample.iter().map(|(_, text)| text.as_str()));
        }
        for (place, text) in sample {
            self.line(place, &text, sink);
        }
    }

    /// A line once the layout is known: it may be a piece of one.
    fn line(&mut self, place: Place, text: &str, sink: &mut impl Sink) {
        let Some((stamp, stream, piece, more)) = pieces::piece(text, self.pending.is_some()) else {
            self.end_of_pieces(sink);
            self.read(place, text, sink);
            return;
        };
        if self.pending.as_ref().is_some_and(|pending| pending.stream != stream) {
            self.end_of_pieces(sink);
        }
        match &mut self.pending {
            Some(pending) => {
                pending.place = pending.place.through(place);
                if pending.text.len() + piece.len() <= LONGEST_LINE {
                    pending.text.push_str(&piece);
                }
            }
            None if more => {
                let text = piece.into_owned();
                self.pending = Some(Pending { place, stamp: stamp.into(), stream: stream.into(), text });
                return;
            }
            None => {
                self.read(place, text, sink);
                return;
            }
        }
        if !more || self.pending.as_ref().is_some_and(|pending| u64::from(pending.place.lines) >= LONGEST_RECORD) {
            self.end_of_pieces(sink);
        }
    }

    fn end_of_pieces(&mut self, sink: &mut impl Sink) {
        if let Some(pending) = self.pending.take() {
            let whole = format!("{} {} F {}", pending.stamp, pending.stream, pending.text);
            self.read(pending.place, &whole, sink);
        }
    }

    fn read(&mut self, place: Place, text: &str, sink: &mut impl Sink) {
        let found = match blocks::begins(text.as_bytes()) {
            true => blocks::read(text, &self.layout).or_else(|| line::read(text, &self.layout)),
            false => line::read(text, &self.layout),
        };
        let Some(read) = found else {
            if self.belongs(place, text) {
                self.more(place, text, sink)
            } else {
                self.alone(place, text, sink)
            }
            return;
        };
        // A bar alone makes no service of the word before it: tables have bars, too.
        if !read.firm
            && read.record.time.is_none()
            && self.last.as_ref().is_some_and(|last| last.origin != read.origin)
            && !is_service(&read.origin)
        {
            if self.belongs(place, text) {
                self.more(place, text, sink)
            } else {
                self.alone(place, text, sink)
            }
            return;
        }
        // A header of RFC 5424 says where a message begins; only a trace that a program sent line by line goes on under the next.
        let begins = wrap::is_headed(text) && !is_rest(&read.record.message) && !is_thrown(&read.record.message);
        if !read.firm
            && !begins
            && self.last.as_ref().is_some_and(|last| last.origin == read.origin && (last.firm || is_rest(&read.record.message)))
            && self.belongs(place, &read.record.message)
        {
            self.more(place, text, sink);
            return;
        }
        if read.firm && !self.firm {
            self.firm = true;
            if self.tally.unread <= BANNER {
                (self.tally.unread, self.tally.first_unread) = (0, None);
            }
        }
        let record = &read.record;
        self.tally.records += 1;
        self.tally.events += u64::from(record.kind.is_event());
        match &mut self.last {
            Some(last) => {
                if last.origin != read.origin {
                    last.origin = read.origin.into_owned();
                }
                (last.firm, last.odd, last.odd_from) = (read.firm, 0, None);
                (last.lines, last.bytes) = (place.lines.into(), place.bytes.into());
            }
            None => {
                let (lines, bytes) = (place.lines.into(), place.bytes.into());
                self.last = Some(Last { origin: read.origin.into_owned(), firm: read.firm, lines, bytes, ..Last::default() });
            }
        }
        sink.record(place, &read.record);
    }

    /// Whether a line without a head can be the rest of the last record.
    fn belongs(&mut self, place: Place, message: &str) -> bool {
        let Some(last) = self.last.as_mut() else { return false };
        let rest = is_rest(message);
        if last.lines + u64::from(place.lines) > LONGEST_RECORD || last.bytes + u64::from(place.bytes) > RECORD_BYTES {
            return false;
        }
        if rest {
            (last.odd, last.odd_from) = (0, None);
            return true;
        }
        if !last.firm || last.odd >= ODD {
            return false;
        }
        last.odd += 1;
        last.odd_from.get_or_insert_with(|| Unread { line: place.line, why: why(message) });
        true
    }

    fn more(&mut self, place: Place, text: &str, sink: &mut impl Sink) {
        if let Some(last) = &mut self.last {
            last.lines += u64::from(place.lines);
            last.bytes += u64::from(place.bytes) + 1;
        }
        self.tally.attached += 1;
        sink.more(place, text);
    }

    /// A line that stands for itself. What is plainly the rest of a message but too long for its record begins another one.
    fn alone(&mut self, place: Place, text: &str, sink: &mut impl Sink) {
        let rest = self.firm && is_rest(text);
        if !rest {
            self.tally.unread += 1;
            if self.tally.first_unread.is_none() {
                let earlier = self.last.as_mut().and_then(|last| last.odd_from.take());
                self.tally.first_unread = Some(earlier.unwrap_or_else(|| Unread { line: place.line, why: why(text) }));
            }
        }
        let (lines, bytes) = (place.lines.into(), place.bytes.into());
        self.last = Some(Last { lines, bytes, ..Last::default() });
        self.tally.records += 1;
        sink.record(place, &Record::new(LogKind::Text, text));
    }
}

/// A line without the first half of a line end of Windows.
fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Whether a word is named as Compose names containers: with a number at its end, or a node.
fn is_service(origin: &str) -> bool {
    let number = origin.rsplit(['-', '_', '.']).next().unwrap_or_default();
    origin.contains('@')
        || origin.starts_with("pod/")
        || (number.len() < origin.len() && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether a line looks like the rest of a message: indented, a frame or a cause of a stack trace, the end of something in braces.
fn is_rest(text: &str) -> bool {
    const BEGINNINGS: [&str; 6] = ["at ", "Caused by:", "Suppressed:", "... ", "Wrapped by:", "--> "];
    text.starts_with([' ', '\t', '}', ']', ')']) || BEGINNINGS.iter().any(|begin| text.starts_with(begin))
}

/// Whether a line names what was thrown, as it stands above the frames of a stack trace: `java.lang.IllegalStateException: broken`.
fn is_thrown(text: &str) -> bool {
    let word = text.split([' ', ':']).next().unwrap_or_default();
    let class = word.rsplit('.').next().unwrap_or_default();
    parts::is_logger(word) && ["Exception", "Error", "Throwable", "Failure"].iter().any(|end| class.ends_with(end))
}

/// Why a line cannot be read.
fn why(text: &str) -> &'static str {
    let controls = text.chars().take(200).filter(|c| (c.is_control() && *c != '\t') || *c == '\u{fffd}').count();
    if controls * 4 > text.chars().take(200).count() {
        "it is not text"
    } else if text.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
        "it is JSON without a time among its members"
    } else if text.starts_with('{') && text.len() > 2 {
        "it begins like JSON but breaks off or has a fault"
    } else {
        "it begins with neither a time nor a level, and what it has in common with other lines gives no layout"
    }
}

/// Bytes of a file as text that can be parsed and shown: damage as U+FFFD, without the colours of a terminal.
pub fn plain_text(bytes: &[u8]) -> String {
    if export::begins(bytes) {
        return export::text(bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    if has_colour(&text) { uncoloured(&text) } else { text.into_owned() }
}
