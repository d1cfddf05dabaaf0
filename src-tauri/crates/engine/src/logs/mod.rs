//! Server logs from files or pasted text: read in the background, indexed in memory, filtered while somebody types.
//!
//! One log is open at a time, of one or several files. Nothing is read but what the user named, nothing of it is kept when it is
//! closed, and reading it is no step: it asks nobody for anything.

mod fault;
mod filter;
mod follow;
mod join;
mod paths;
mod reading;
mod source;
mod store;
#[cfg(test)]
mod tests;
mod values;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use record::logs::{
    Columns, Layout, LogLine, LogPage, LogPhase, LogQuery, LogRow, LogSource, LogState, Metrics, Record, Tally, Unread, row_text,
    safe_fields, safe_line,
};
use token::words::count;

pub use paths::complete;

use crate::{
    journal::{Journal, JournalFault},
    world::Clock,
};
pub use fault::LogFault;
use fault::fault;
use filter::Filtered;
use join::{FARTHEST_MS, Joins, Ours};
use reading::{Following, SourcePosition};
use source::{DAY_MS, Source, prepare, unreadable};
use store::Store;

/// Bytes read at a time; between two of them a filter gets its turn.
const CHUNK: usize = 1 << 20;
/// Most memory the index may take, in bytes.
const MOST_MEMORY: usize = 1 << 30;
/// Most of a record that is read again for a row, and for the drawer.
const ROW_BYTES: u32 = 16 << 10;
const LINE_BYTES: u32 = 512 << 10;
/// Most lines of a record that are shown.
const SHOWN_LINES: usize = 400;
/// What stands in place of a line of a file that was emptied while it was followed.
const EMPTIED: &str = "The server emptied the file since this line was read.";
/// Most rows of a page.
const MOST_ROWS: u32 = 1000;

/// A log that is being read or has been.
pub struct OpenLog {
    number: u64,
    sources: RwLock<Vec<Arc<Source>>>,
    /// How far each source is read.
    readings: Mutex<Vec<SourcePosition>>,
    following: Following,
    metrics: Option<Metrics>,
    stop: AtomicBool,
    progress: Mutex<LogState>,
    store: RwLock<Store>,
    joins: RwLock<Joins>,
    /// What the last filter left.
    last: Mutex<Option<(LogQuery, u64, Arc<Filtered>)>>,
    /// Counts up with every change of what a filter could find.
    version: AtomicU64,
}

/// The place for the one open log.
#[derive(Default)]
pub struct Logs {
    open: Mutex<Option<Arc<OpenLog>>>,
    opened: AtomicU64,
    /// For the day of pasted lines that do not name it; without one it is the first of 1970.
    clock: Option<Arc<dyn Clock>>,
}

impl Logs {
    /// The place, with the clock that pasted lines without a day are read by.
    pub fn with(clock: Arc<dyn Clock>) -> Self {
        Self { clock: Some(clock), ..Self::default() }
    }

    /// Opens files or text and makes them the open log; [`OpenLog::read`] then reads them. The log that was open is closed.
    pub fn open(&self, source: &LogSource) -> Result<Arc<OpenLog>, LogFault> {
        let today = self.clock.as_ref().map_or(0, |clock| clock.now_ms().div_euclid(DAY_MS) * DAY_MS);
        let (sources, metrics) = prepare(source, today)?;
        let number = self.opened.fetch_add(1, Ordering::Relaxed) + 1;
        let state = LogState {
            phase: if metrics.is_some() { LogPhase::Ready } else { LogPhase::Reading },
            version: number << 32,
            files: sources.iter().map(|source| source.about.clone()).collect(),
            bytes_total: sources.iter().map(|source| source.about.bytes).sum(),
            metrics: metrics.clone(),
            ..LogState::default()
        };
        let log = Arc::new(OpenLog {
            number,
            readings: Mutex::new(sources.iter().map(|_| SourcePosition::default()).collect()),
            sources: RwLock::new(sources.into_iter().map(Arc::new).collect()),
            following: Following::default(),
            metrics,
            stop: AtomicBool::new(false),
            progress: Mutex::new(state),
            store: RwLock::default(),
            joins: RwLock::default(),
            last: Mutex::default(),
            version: AtomicU64::new(0),
        });
        self.close();
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&log));
        Ok(log)
    }

    /// The open log.
    pub fn current(&self) -> Result<Arc<OpenLog>, LogFault> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).clone();
        open.ok_or_else(|| fault("none-open", "No server log is open.", "Open a log file or paste lines."))
    }

    /// How the open log stands; the empty state when there is none.
    pub fn state(&self) -> LogState {
        self.current().map(|log| log.state()).unwrap_or_default()
    }

    /// Closes the open log and frees its index.
    pub fn close(&self) {
        if let Some(log) = self.open.lock().unwrap_or_else(PoisonError::into_inner).take() {
            log.stop();
        }
    }
}

impl OpenLog {
    /// How it stands.
    pub fn state(&self) -> LogState {
        let mut state = self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone();
        state.version = (self.number << 32) + self.version.load(Ordering::Relaxed);
        state
    }

    /// Ends the reading and the following; what was read stays.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.following.end();
        self.progress(|state| state.following = false);
    }

    fn sources(&self) -> Vec<Arc<Source>> {
        self.sources.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads all files, does `then` and only then says that it is ready. Blocking, and long for a large log.
    pub fn read(&self, then: impl FnOnce()) {
        if self.metrics.is_some() {
            return;
        }
        let mut ended = LogPhase::Ready;
        let mut problem = None;
        for (number, source) in self.sources().iter().enumerate() {
            match self.read_source(number, source, true) {
                Ok(true) => {}
                Ok(false) => ended = LogPhase::Stopped,
                Err(text) => (ended, problem) = (LogPhase::Broken, Some(text)),
            }
            if ended != LogPhase::Ready {
                break;
            }
        }
        self.store.write().unwrap_or_else(PoisonError::into_inner).sort();
        let remarks = self.remarks();
        then();
        self.progress(|state| {
            state.phase = ended;
            state.problem = problem;
            state.remarks = remarks;
        });
    }

    /// Reads a source on from where it is read to; whether it came to its end. The error says why not. `to_end` also takes the
    /// beginning of a line whose end is not written yet.
    fn read_source(&self, number: usize, source: &Source, to_end: bool) -> Result<bool, String> {
        let mut readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
            (store.file, store.day_ms) = (u8::try_from(number).unwrap_or(u8::MAX), source.day_ms);
        }
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let others = readings.iter().enumerate().filter(|(at, _)| *at != number);
            let others = others.fold(Tally::default(), |sum, (_, reading)| added(&sum, reading.reader.tally()));
            let Some(reading) = readings.get_mut(number) else { return Ok(true) };
            let bytes = source.bytes.at(reading.offset, CHUNK).map_err(|error| {
                format!("{} could not be read on: {error}. What was read before is shown.", source.about.name)
            })?;
            let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
            match (bytes.is_empty(), to_end) {
                (true, true) => reading.reader.finish(&mut *store),
                (true, false) => reading.reader.pause(&mut *store),
                _ => reading.reader.feed(&bytes, &mut *store),
            }
            let (memory, zoneless) = (store.memory(), store.zoneless);
            drop(store);
            reading.took(&bytes);
            source.learned(reading.reader.layout());
            let sum = added(&others, reading.reader.tally());
            self.progress(|state| {
                state.bytes_read += bytes.len() as u64;
                (state.lines, state.records, state.events, state.attached) = (sum.lines, sum.records, sum.events, sum.attached);
                (state.memory, state.zoneless) = (memory as u64, zoneless);
                // The file may have grown since it was opened.
                state.bytes_total = state.bytes_total.max(state.bytes_read);
            });
            if bytes.is_empty() {
                return Ok(true);
            }
            if memory > MOST_MEMORY {
                return Err(format!(
                    "The index reached 1 GiB at line {} of {}, so the rest was not read. Cut the file to the time you need and open it again.",
                    reading.reader.tally().lines,
                    source.about.name
                ));
            }
        }
    }

    fn progress(&self, change: impl FnOnce(&mut LogState)) {
        change(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner));
        self.version.fetch_add(1, Ordering::Relaxed);
    }

    fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let sources = self.sources();
        let (mut tally, mut unread) = (Tally::default(), None::<(Unread, String)>);
        {
            let readings = self.readings.lock().unwrap_or_else(PoisonError::into_inner);
            for (reading, source) in readings.iter().zip(&sources) {
                let own = reading.reader.tally();
                if let (None, Some(first)) = (&unread, &own.first_unread) {
                    unread = Some((first.clone(), source.about.name.clone()));
                }
                tally = added(&tally, own);
                for remark in reading.reader.layout().remarks() {
                    if !remarks.contains(&remark) {
                        remarks.push(remark);
                    }
                }
            }
        }
        if let Some((first, name)) = unread {
            let place = if sources.len() > 1 { format!(" of {name}") } else { String::new() };
            remarks.push(format!(
                "Line {}{place} is the first that cannot be read: {}. {} shown as {}.",
                first.line,
                first.why,
                is_are(tally.unread, "such line"),
                if tally.unread == 1 { "it stands" } else { "they stand" }
            ));
        }
        if let Some(first) = tally.first_damaged {
            remarks.push(format!(
                "{} not UTF-8, the first is line {first}; what cannot be read stands as \u{fffd}.",
                is_are(tally.damaged, "line")
            ));
        }
        if tally.cut > 0 {
            remarks.push(format!("{} longer than 256 KiB; only the beginning was read.", is_are(tally.cut, "line")));
        }
        let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
        let known = (0..store.len() as u32).any(|row| store.has_time(row) || store.kind(row).is_event());
        if !known {
            remarks.push(
                "No line looks like one of Keycloak or WSO2: none begins with a time and a level. The lines are shown as they are.".into(),
            );
        } else if tally.events == 0 && (0..store.len() as u32).all(|row| store.kind(row) == record::logs::LogKind::Server) {
            remarks.push(
                "There is no event in this log. Keycloak writes events that succeed at debug level: start it with --log-level=INFO,org.keycloak.events:debug."
                    .into(),
            );
        }
        remarks
    }

    /// A page of what a filter leaves, newest first.
    pub fn page(&self, query: &LogQuery) -> Result<LogPage, LogFault> {
        let began = Instant::now();
        let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
        let joins = self.joins.read().unwrap_or_else(PoisonError::into_inner);
        let version = self.version.load(Ordering::Relaxed);
        let key = LogQuery { offset: 0, limit: 0, ..query.clone() };
        let kept = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let found = match kept {
            Some((last, at, found)) if last == key && at == version => found,
            _ => {
                let found = Arc::new(filter::find(&store, &joins, query));
                *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, version, Arc::clone(&found)));
                found
            }
        };
        let took_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let rows = found.rows.iter().rev().skip(query.offset as usize).take(query.limit.min(MOST_ROWS) as usize);
        let rows = rows.map(|row| self.row(&store, &joins, *row)).collect::<Result<_, _>>()?;
        let [types, clients, users, errors] = found.facets.clone();
        Ok(LogPage {
            version: (self.number << 32) + version,
            rows,
            matching: u32::try_from(found.rows.len()).unwrap_or(u32::MAX),
            total: u32::try_from(store.len()).unwrap_or(u32::MAX),
            chips: found.chips.clone(),
            types,
            clients,
            users,
            errors,
            bins: found.bins.clone(),
            bin_ms: found.bin_ms,
            took_us,
        })
    }

    /// One record in full.
    pub fn line(&self, row: u32) -> Result<LogLine, LogFault> {
        let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
        let joins = self.joins.read().unwrap_or_else(PoisonError::into_inner);
        let (file, _, span) =
            store.place(row).ok_or_else(|| fault("no-such-line", "This line is not in the open log.", "Choose another line."))?;
        let source = self.sources().get(file).cloned();
        let about = self.row(&store, &joins, row)?;
        let text = self.text(&store, row, LINE_BYTES)?;
        let layout = source.as_ref().map(|source| source.layout()).unwrap_or_default();
        let record = layout.record(&text);
        let shown: Vec<String> = text.lines().take(SHOWN_LINES).map(safe_line).collect();
        let left = if span > LINE_BYTES || text.lines().count() > SHOWN_LINES {
            about.lines.saturating_sub(shown.len() as u32)
        } else {
            0
        };
        Ok(LogLine {
            file: source.map(|source| source.about.name.clone()).unwrap_or_default(),
            logger: record.as_ref().map(|record| record.logger.to_string()).unwrap_or_default(),
            fields: record.as_ref().map(safe_fields).unwrap_or_default(),
            text: shown,
            hidden: left,
            row: about,
        })
    }

    fn row(&self, store: &Store, joins: &Joins, row: u32) -> Result<LogRow, LogFault> {
        let file = store.place(row).map_or(0, |(file, _, _)| file);
        let source = self.sources().get(file).cloned();
        let text = if source.as_ref().is_some_and(|source| source.gone.load(Ordering::Relaxed)) {
            EMPTIED.to_owned()
        } else {
            self.text(store, row, ROW_BYTES)?
        };
        let first = text.lines().next().unwrap_or_default();
        let layout = source.map(|source| source.layout()).unwrap_or_default();
        let record: Option<Record<'_>> = layout.record(&text);
        let value = |pick: fn(&Columns) -> Option<usize>| {
            record.as_ref().and_then(|record| record.value(pick(&record.columns))).map(safe_line)
        };
        let (line, lines) = store.lines(row);
        let joined = joins.of(row);
        let event_type = value(|columns| columns.event_type)
            .or_else(|| record.as_ref().map(|record| record.logger.rsplit('.').next().unwrap_or_default().to_owned()))
            .unwrap_or_default();
        Ok(LogRow {
            row,
            file: file as u32,
            line,
            lines,
            time_ms: store.time(row),
            level: store.level(row),
            kind: store.kind(row),
            event_type,
            client: value(|columns| columns.client),
            user: value(|columns| columns.user),
            error: value(|columns| columns.error),
            text: record.as_ref().map_or_else(|| safe_line(first), row_text),
            step: joined.map(|(step, _)| step),
            joined_by: joined.map(|(_, by)| by),
        })
    }

    /// The lines of a record as they stand in the file.
    fn text(&self, store: &Store, row: u32, most: u32) -> Result<String, LogFault> {
        let (file, offset, span) =
            store.place(row).ok_or_else(|| fault("no-such-line", "This line is not in the open log.", "Choose another line."))?;
        let changed = |name: &str| {
            fault("changed", format!("{name} is shorter than when it was read."), "The server began a new file. Open it again.")
        };
        let source = self.sources().get(file).cloned().ok_or_else(|| changed("The file"))?;
        if source.gone.load(Ordering::Relaxed) {
            return Err(fault(
                "changed",
                EMPTIED,
                "Its type, time and counts are still here; open the file the server moved its lines to.",
            ));
        }
        let length = span.min(most) as usize;
        let bytes = source.bytes.at(offset, length).map_err(|error| unreadable(&source.about.name, &error))?;
        if bytes.len() < length {
            return Err(changed(&source.about.name));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        Ok(record::logs::plain_text(bytes))
    }

    /// The lines of a record with the layout they are in; none where they cannot be read any more.
    fn text_and_layout(&self, store: &Store, row: u32) -> Option<(String, Layout)> {
        let (file, _, _) = store.place(row)?;
        let text = self.text(store, row, ROW_BYTES).ok()?;
        Some((text, self.sources().get(file)?.layout()))
    }

    /// Reads times without a zone in another one.
    pub fn set_zone(&self, minutes: i32) {
        {
            let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
            store.zone_ms = i64::from(minutes) * 60_000;
            store.sort();
        }
        self.progress(|state| (state.zone_minutes, state.zone_found) = (minutes, false));
    }
}

fn added(before: &Tally, now: &Tally) -> Tally {
    Tally {
        lines: before.lines + now.lines,
        records: before.records + now.records,
        events: before.events + now.events,
        attached: before.attached + now.attached,
        empty: before.empty + now.empty,
        cut: before.cut + now.cut,
        damaged: before.damaged + now.damaged,
        first_damaged: before.first_damaged.or(now.first_damaged),
        unread: before.unread + now.unread,
        first_unread: before.first_unread.clone().or_else(|| now.first_unread.clone()),
    }
}

fn is_are(number: u64, noun: &str) -> String {
    let words = count(usize::try_from(number).unwrap_or(usize::MAX), noun);
    format!("{words} {}", if number == 1 { "is" } else { "are" })
}

/// Joins the open log to the steps of a profile, and finds the zone of its times by our own tokens where it names none.
/// Blocking.
pub(crate) fn join_steps(logs: &Logs, journal: &Journal, profile: &str, find_zone: bool) -> Result<(), JournalFault> {
    let Ok(log) = logs.current() else { return Ok(()) };
    let Some((first, last)) = log.store.read().unwrap_or_else(PoisonError::into_inner).span() else { return Ok(()) };
    let keys = journal.marks(profile, first - FARTHEST_MS, last + FARTHEST_MS)?;
    let mut steps = HashMap::new();
    for key in &keys {
        if let Some(step) = journal.step(key.step)? {
            steps.insert(key.step, step);
        }
    }
    let ours = Ours::new(keys, steps.into_values());
    if find_zone {
        let found = {
            let store = log.store.read().unwrap_or_else(PoisonError::into_inner);
            if store.zoneless { ours.zone(&store) } else { None }
        };
        if let Some(minutes) = found {
            log.set_zone(minutes);
            log.progress(|state| state.zone_found = true);
        }
    }
    let server = log.sources().first().map(|source| source.about.name.clone()).unwrap_or_default();
    let joins = {
        let store = log.store.read().unwrap_or_else(PoisonError::into_inner);
        ours.join(&store, &server, |row| log.text_and_layout(&store, row))
    };
    let joined = u32::try_from(joins.len()).unwrap_or(u32::MAX);
    *log.joins.write().unwrap_or_else(PoisonError::into_inner) = joins;
    log.progress(|state| state.joined = joined);
    Ok(())
}
