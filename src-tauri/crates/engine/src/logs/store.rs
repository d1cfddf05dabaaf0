//! The index of an open log: columns of numbers, and where each record stands in its file.
//!
//! The text of a log is not held; a page of rows is read again from the file. What is held is what is filtered by. Chosen by
//! measuring against SQLite ([decision 8](../../../../../docs/decisions/0008-logs-are-indexed-in-columns.md)).

use record::logs::{Level, LogKind, Place, Record, Sink};

use super::values::{Column, Texts, Values};

/// Longest part of a text that can be searched for, in bytes.
const SEARCHED: usize = 300;

/// Values that occur once or twice in a log: finding them among the known ones would only cost time.
const UNIQUE: &[&str] = &[
    "token_id",
    "refresh_token_id",
    "updated_refresh_token_id",
    "client_assertion_id",
    "correlationId",
    "traceId",
    "spanId",
    "parentId",
];

const ZONED: u8 = 1;
const OWN_TIME: u8 = 2;
/// A record before it in its file has a time, or it has its own.
const PLACED: u8 = 4;

/// See the module.
#[derive(Default)]
pub(super) struct Store {
    pub(super) values: Values,
    pub(super) event_type: Column,
    pub(super) client: Column,
    pub(super) user: Column,
    pub(super) error: Column,
    /// Values of each row, one row after the other.
    pub(super) flat: Vec<u32>,
    pub(super) flat_ends: Vec<u32>,
    /// Values of each row that are nearly unique.
    pub(super) ids: Texts,
    kinds: Vec<u8>,
    levels: Vec<u8>,
    flags: Vec<u8>,
    files: Vec<u8>,
    times: Vec<i64>,
    offsets: Vec<u64>,
    spans: Vec<u32>,
    lines: Vec<u32>,
    heights: Vec<u32>,
    /// File the next records are from.
    pub(super) file: u8,
    /// Midnight that times without a day are counted from, epoch milliseconds.
    pub(super) day_ms: i64,
    /// Milliseconds to take off times without a zone.
    pub(super) zone_ms: i64,
    /// Whether there is any.
    pub(super) zoneless: bool,
    /// Rows from oldest to newest, when that is not the order of the files.
    pub(super) order: Option<Vec<u32>>,
}

impl Store {
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    pub(super) fn kind(&self, row: u32) -> LogKind {
        self.kinds.get(row as usize).and_then(|kind| LogKind::ALL.get(*kind as usize)).copied().unwrap_or(LogKind::Text)
    }

    pub(super) fn level(&self, row: u32) -> Option<Level> {
        self.levels.get(row as usize).and_then(|level| Level::ALL.get(usize::from(*level).wrapping_sub(1))).copied()
    }

    /// Epoch milliseconds, the zone applied; 0 where no time is known.
    pub(super) fn time(&self, row: u32) -> i64 {
        if !self.is_placed(row) {
            return 0;
        }
        let at = row as usize;
        let zone = if self.is_zoned(row) { 0 } else { self.zone_ms };
        self.times.get(at).copied().unwrap_or_default() - zone
    }

    pub(super) fn is_zoned(&self, row: u32) -> bool {
        self.flags.get(row as usize).is_some_and(|flags| flags & ZONED != 0)
    }

    /// Whether a time is known: its own, or that of a record before it in its file.
    pub(super) fn is_placed(&self, row: u32) -> bool {
        self.flags.get(row as usize).is_some_and(|flags| flags & PLACED != 0)
    }

    pub(super) fn has_time(&self, row: u32) -> bool {
        self.flags.get(row as usize).is_some_and(|flags| flags & OWN_TIME != 0)
    }

    /// File, offset and length of the record with all its lines.
    pub(super) fn place(&self, row: u32) -> Option<(usize, u64, u32)> {
        let at = row as usize;
        Some((usize::from(*self.files.get(at)?), *self.offsets.get(at)?, *self.spans.get(at)?))
    }

    /// First line and number of lines.
    pub(super) fn lines(&self, row: u32) -> (u64, u32) {
        let at = row as usize;
        (self.lines.get(at).copied().unwrap_or_default().into(), self.heights.get(at).copied().unwrap_or(1))
    }

    /// Values of a row.
    pub(super) fn flat(&self, row: usize) -> &[u32] {
        let begin = if row == 0 { 0 } else { self.flat_ends.get(row - 1).copied().unwrap_or_default() };
        let end = self.flat_ends.get(row).copied().unwrap_or(begin);
        self.flat.get(begin as usize..end as usize).unwrap_or_default()
    }

    /// Whether a row failed: it carries an error, or its level says so.
    pub(super) fn failed(&self, row: u32) -> bool {
        self.error.rows.get(row as usize).is_some_and(|error| *error != 0) || self.level(row) >= Some(Level::Error)
    }

    /// Oldest and newest time; none where no record has one.
    pub(super) fn span(&self) -> Option<(i64, i64)> {
        let placed = |row: &u32| self.is_placed(*row);
        let ends = match &self.order {
            Some(order) => (order.iter().copied().find(placed)?, order.iter().rev().copied().find(placed)?),
            None => ((0..self.len() as u32).find(placed)?, (0..self.len() as u32).rev().find(placed)?),
        };
        Some((self.time(ends.0), self.time(ends.1)))
    }

    /// Finds the order of time; costs nothing when it is that of the lines.
    pub(super) fn sort(&mut self) {
        self.order = None;
        let count = self.len() as u32;
        if (1..count).all(|row| self.time(row - 1) <= self.time(row)) {
            return;
        }
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_by_key(|row| (self.time(*row), *row));
        self.order = Some(order);
    }

    /// Bytes held.
    pub(super) fn memory(&self) -> usize {
        let columns =
            [&self.event_type, &self.client, &self.user, &self.error].iter().map(|column| column.memory()).sum::<usize>();
        let bytes = [&self.kinds, &self.levels, &self.flags, &self.files].iter().map(|column| column.capacity()).sum::<usize>();
        let numbers = [&self.flat, &self.flat_ends, &self.spans, &self.lines, &self.heights];
        let order = self.order.as_ref().map_or(0, |order| order.capacity() * 4);
        columns
            + bytes
            + numbers.iter().map(|column| column.capacity() * 4).sum::<usize>()
            + (self.times.capacity() + self.offsets.capacity()) * 8
            + self.values.memory()
            + self.ids.memory()
            + order
    }
}

impl Sink for Store {
    fn record(&mut self, place: Place, record: &Record<'_>) {
        let columns = record.columns;
        // What has no type is told apart by who logged it.
        let kind_word = record.value(columns.event_type).unwrap_or(record.logger.as_ref());
        for (column, value) in [
            (&mut self.event_type, Some(kind_word)),
            (&mut self.client, record.value(columns.client)),
            (&mut self.user, record.value(columns.user)),
            (&mut self.error, record.value(columns.error)),
        ] {
            let value = value.map_or(0, |value| self.values.intern(cut(value), true));
            column.push(value);
            if value != 0 {
                self.flat.push(value);
            }
        }
        let taken = [columns.event_type, columns.client, columns.user, columns.error];
        let mut unique: Vec<u8> = Vec::new();
        for (at, (name, value)) in record.fields.iter().enumerate() {
            if value.is_empty() || value == "null" || taken.contains(&Some(at)) || name == "realmId" {
                continue;
            }
            if UNIQUE.contains(&name.as_ref()) {
                if !unique.is_empty() {
                    unique.push(b'\n');
                }
                unique.extend(cut(value).bytes().map(|byte| byte.to_ascii_lowercase()));
            } else {
                let value = self.values.intern(cut(value), false);
                self.flat.push(value);
            }
        }
        if record.fields.is_empty() || !record.kind.is_event() {
            let message = self.values.intern(cut(&record.message), false);
            self.flat.push(message);
        }
        self.flat_ends.push(self.flat.len() as u32);
        self.ids.push(&unique);
        let mut flags = 0;
        let time = match record.time {
            Some(time) => {
                flags = OWN_TIME | PLACED;
                if time.zoned {
                    flags |= ZONED;
                } else {
                    self.zoneless = true;
                }
                if time.dated { time.until(self.day_ms) } else { time.ms + self.day_ms }
            }
            // A line without a time stands where the line before it in its file does; before the first time there is none.
            None if self.files.last() == Some(&self.file) => {
                flags |= self.flags.last().copied().unwrap_or_default() & (ZONED | PLACED);
                self.times.last().copied().unwrap_or_default()
            }
            None => 0,
        };
        self.times.push(time);
        self.flags.push(flags);
        self.kinds.push(LogKind::ALL.iter().position(|kind| *kind == record.kind).unwrap_or_default() as u8);
        self.levels.push(Level::ALL.iter().position(|level| Some(*level) == record.level).map_or(0, |at| at as u8 + 1));
        self.files.push(self.file);
        self.offsets.push(place.offset);
        self.spans.push(place.bytes);
        self.lines.push(u32::try_from(place.line).unwrap_or(u32::MAX));
        self.heights.push(place.lines.max(1));
    }

    fn more(&mut self, place: Place, text: &str) {
        let Some(row) = self.len().checked_sub(1) else { return };
        if self.files.get(row) != Some(&self.file) {
            return;
        }
        let begin = self.offsets.get(row).copied().unwrap_or_default();
        if let (Some(span), Some(height)) = (self.spans.get_mut(row), self.heights.get_mut(row)) {
            *span = u32::try_from(place.offset + u64::from(place.bytes) - begin).unwrap_or(u32::MAX);
            *height = u32::try_from(place.line + u64::from(place.lines.max(1)) - u64::from(self.lines[row])).unwrap_or(u32::MAX);
        }
        let value = self.values.intern(cut(text.trim()), false);
        self.flat.push(value);
        if let Some(end) = self.flat_ends.last_mut() {
            *end = self.flat.len() as u32;
        }
    }
}

/// The beginning of a long text, at a character.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(SEARCHED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
