//! Server logs from files or pasted text: read in the background, indexed in memory, filtered while somebody types.
//!
//! One log is open at a time, of one or several files. Nothing is read but what the user named, nothing of it is kept when it is
//! closed, and reading it is no step: it asks nobody for anything.

mod filter;
mod join;
mod paths;
mod store;
#[cfg(test)]
mod tests;
mod values;

use std::{
    collections::HashMap,
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

use model::{
    logs::{
        Columns, Contents, LogFile, LogLine, LogPage, LogPhase, LogQuery, LogRow, LogSource, LogState, Metrics, Reader, Tally,
        parse, read_metrics, row_text, safe_fields, safe_line, sniff,
    },
    words::count,
};

pub use paths::complete;

use crate::{journal::JournalFault, workbench::Workbench};
use filter::Found;
use join::{FARTHEST_MS, Joins, Ours};
use store::Store;

/// Bytes read at a time; between two of them a filter gets its turn.
const CHUNK: usize = 1 << 20;
/// Most memory the index may take, in bytes.
const MOST_MEMORY: usize = 1 << 30;
/// Most files of a log.
const MOST_FILES: usize = 200;
/// Largest metrics page.
const MOST_METRICS: u64 = 64 << 20;
/// Most of a record that is read again for a row, and for the drawer.
const ROW_BYTES: u32 = 16 << 10;
const LINE_BYTES: u32 = 512 << 10;
/// Most lines of a record that are shown.
const SHOWN_LINES: usize = 400;
/// Most rows of a page.
const MOST_ROWS: u32 = 1000;
const DAY_MS: i64 = 86_400_000;

/// Why a log cannot be opened or shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFault {
    /// Stable id: `no-such-file`, `no-file`, `too-many`, `not-readable`, `empty`, `unreadable`, `bad-metrics`, `none-open`, `no-such-line`, `changed`.
    pub id: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub advice: String,
}

fn fault(id: &'static str, message: impl Into<String>, advice: impl Into<String>) -> LogFault {
    LogFault { id, message: message.into(), advice: advice.into() }
}

/// Where the bytes of a log are.
enum Bytes {
    File(Mutex<File>),
    Text(Vec<u8>),
}

impl Bytes {
    /// Up to `length` bytes at a place; fewer at the end.
    fn at(&self, offset: u64, length: usize) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Text(text) => {
                let begin = usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
                Ok(text[begin..begin.saturating_add(length).min(text.len())].to_vec())
            }
            Self::File(file) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(offset))?;
                let mut bytes = Vec::with_capacity(length);
                std::io::Read::by_ref(&mut *file).take(length as u64).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }
}

struct Source {
    about: LogFile,
    bytes: Bytes,
    /// Midnight before the file was last written, for lines without a day.
    day_ms: i64,
}

/// A log that is being read or has been.
pub struct OpenLog {
    number: u64,
    sources: Vec<Source>,
    metrics: Option<Metrics>,
    stop: AtomicBool,
    progress: Mutex<LogState>,
    store: RwLock<Store>,
    joins: RwLock<Joins>,
    /// What the last filter left.
    last: Mutex<Option<(LogQuery, u64, Arc<Found>)>>,
    /// Counts up with every change of what a filter could find.
    version: AtomicU64,
}

/// The place for the one open log.
#[derive(Default)]
pub struct Logs {
    open: Mutex<Option<Arc<OpenLog>>>,
    opened: AtomicU64,
}

impl Logs {
    /// Opens files or text and makes them the open log; [`OpenLog::read`] then reads them. The log that was open is closed.
    pub fn open(&self, source: &LogSource) -> Result<Arc<OpenLog>, LogFault> {
        let (sources, metrics) = prepare(source)?;
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
            sources,
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

fn prepare(source: &LogSource) -> Result<(Vec<Source>, Option<Metrics>), LogFault> {
    let mut sources = Vec::new();
    match source {
        LogSource::Text { text } => {
            if text.trim().is_empty() {
                return Err(fault(
                    "empty",
                    "There is nothing in the pasted text.",
                    "Copy lines of a server log and paste them here.",
                ));
            }
            let about = LogFile { name: "pasted text".into(), path: String::new(), bytes: text.len() as u64 };
            sources.push(Source { about, bytes: Bytes::Text(text.clone().into_bytes()), day_ms: 0 });
        }
        LogSource::Files { paths } => {
            if paths.is_empty() {
                return Err(fault("no-such-file", "No file was named.", "Choose a log file, or paste lines."));
            }
            if paths.len() > MOST_FILES {
                return Err(fault(
                    "too-many",
                    format!("{} files are more than the {MOST_FILES} that can be open at once.", paths.len()),
                    "Open the ones of the time you need.",
                ));
            }
            for path in paths {
                sources.push(file(path)?);
            }
        }
    }
    for source in &sources {
        let name = &source.about.name;
        let head = source.bytes.at(0, 64 << 10).map_err(|error| unreadable(name, &error))?;
        match sniff(&head) {
            Contents::Log => {}
            Contents::Unreadable { message, advice } => {
                return Err(fault("unreadable", format!("{name} cannot be read as a log. {message}"), advice));
            }
            Contents::Metrics if sources.len() > 1 => {
                return Err(fault("bad-metrics", format!("{name} is a metrics page, not a log."), "Open it alone."));
            }
            Contents::Metrics => {
                let whole = source.bytes.at(0, MOST_METRICS as usize).map_err(|error| unreadable(name, &error))?;
                let metrics = read_metrics(&String::from_utf8_lossy(&whole))
                    .map_err(|message| fault("bad-metrics", message, "Nothing was changed; the log that was open still is."))?;
                return Ok((sources, Some(metrics)));
            }
        }
    }
    Ok((sources, None))
}

fn file(path: &str) -> Result<Source, LogFault> {
    let trimmed = path.trim();
    let place = Path::new(trimmed);
    if !place.is_absolute() {
        return Err(fault(
            "no-such-file",
            format!("{trimmed} is not a whole path."),
            "Type it from the root on, for example /var/log/keycloak.log.",
        ));
    }
    let name = place.file_name().map_or_else(|| trimmed.to_owned(), |name| name.to_string_lossy().into_owned());
    let about = std::fs::metadata(place).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            fault("no-such-file", format!("There is no file {trimmed}."), "Check the path; Tab completes it.")
        }
        _ => unreadable(trimmed, &error),
    })?;
    if !about.is_file() {
        let what = if about.is_dir() { "a folder" } else { "no regular file" };
        return Err(fault("no-file", format!("{trimmed} is {what}."), "Choose a log file."));
    }
    if about.len() == 0 {
        return Err(fault(
            "empty",
            format!("{name} is empty."),
            "Choose another file, or wait until the server has written to it.",
        ));
    }
    let opened = File::open(place).map_err(|error| unreadable(trimmed, &error))?;
    let written = about.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let written_ms = written.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or_default());
    Ok(Source {
        about: LogFile { name, path: trimmed.to_owned(), bytes: about.len() },
        bytes: Bytes::File(Mutex::new(opened)),
        day_ms: written_ms.div_euclid(DAY_MS) * DAY_MS,
    })
}

fn unreadable(name: &str, error: &std::io::Error) -> LogFault {
    fault(
        "not-readable",
        format!("{name} cannot be read: {error}."),
        "Check the rights of the file, or copy it to a folder of yours.",
    )
}

impl OpenLog {
    /// How it stands.
    pub fn state(&self) -> LogState {
        let mut state = self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone();
        state.version = (self.number << 32) + self.version.load(Ordering::Relaxed);
        state
    }

    /// Ends the reading; what was read stays.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Reads all files, does `then` and only then says that it is ready. Blocking, and long for a large log.
    pub fn read(&self, then: impl FnOnce()) {
        if self.metrics.is_some() {
            return;
        }
        let mut sum = Tally::default();
        let mut ended = LogPhase::Ready;
        let mut problem = None;
        for (number, source) in self.sources.iter().enumerate() {
            match self.read_source(number, source, &mut sum) {
                Ok(true) => {}
                Ok(false) => ended = LogPhase::Stopped,
                Err(text) => (ended, problem) = (LogPhase::Broken, Some(text)),
            }
            if ended != LogPhase::Ready {
                break;
            }
        }
        {
            let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
            store.sort();
        }
        let remarks = self.remarks(&sum);
        then();
        self.progress(|state| {
            state.phase = ended;
            state.problem = problem;
            state.remarks = remarks;
        });
    }

    /// Whether it was read to its end; the error says why not.
    fn read_source(&self, number: usize, source: &Source, sum: &mut Tally) -> Result<bool, String> {
        let mut reader = Reader::default();
        let mut offset = 0;
        let store = || self.store.write().unwrap_or_else(PoisonError::into_inner);
        {
            let mut store = store();
            (store.file, store.day_ms) = (u8::try_from(number).unwrap_or(u8::MAX), source.day_ms);
        }
        let before = sum.clone();
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let bytes = source.bytes.at(offset, CHUNK).map_err(|error| {
                format!("{} could not be read on: {error}. What was read before is shown.", source.about.name)
            })?;
            let mut store = store();
            if bytes.is_empty() {
                reader.finish(&mut *store);
            } else {
                reader.feed(&bytes, &mut *store);
            }
            offset += bytes.len() as u64;
            *sum = added(&before, reader.tally());
            let (memory, zoneless) = (store.memory(), store.zoneless);
            drop(store);
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
                    reader.tally().lines,
                    source.about.name
                ));
            }
        }
    }

    fn progress(&self, change: impl FnOnce(&mut LogState)) {
        change(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner));
        self.version.fetch_add(1, Ordering::Relaxed);
    }

    fn remarks(&self, tally: &Tally) -> Vec<String> {
        let mut remarks = Vec::new();
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
        } else if tally.events == 0 && (0..store.len() as u32).all(|row| store.kind(row) == model::logs::LogKind::Server) {
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
        let text = self.text(&store, row, LINE_BYTES)?;
        let about = self.row(&store, &joins, row)?;
        let record = text.lines().next().and_then(parse);
        let shown: Vec<String> = text.lines().take(SHOWN_LINES).map(safe_line).collect();
        let left = if span > LINE_BYTES || text.lines().count() > SHOWN_LINES {
            about.lines.saturating_sub(shown.len() as u32)
        } else {
            0
        };
        Ok(LogLine {
            file: self.sources.get(file).map(|source| source.about.name.clone()).unwrap_or_default(),
            logger: record.as_ref().map(|record| record.logger.to_string()).unwrap_or_default(),
            fields: record.as_ref().map(safe_fields).unwrap_or_default(),
            text: shown,
            hidden: left,
            row: about,
        })
    }

    fn row(&self, store: &Store, joins: &Joins, row: u32) -> Result<LogRow, LogFault> {
        let text = self.text(store, row, ROW_BYTES)?;
        let first = text.lines().next().unwrap_or_default();
        let record = parse(first);
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
            file: store.place(row).map_or(0, |(file, _, _)| file as u32),
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
        let source = self.sources.get(file).ok_or_else(|| changed("The file"))?;
        let length = span.min(most) as usize;
        let bytes = source.bytes.at(offset, length).map_err(|error| unreadable(&source.about.name, &error))?;
        if bytes.len() < length {
            return Err(changed(&source.about.name));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        Ok(model::logs::plain_text(bytes))
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
    }
}

fn is_are(number: u64, noun: &str) -> String {
    let words = count(usize::try_from(number).unwrap_or(usize::MAX), noun);
    format!("{words} {}", if number == 1 { "is" } else { "are" })
}

impl Workbench {
    /// Joins the open log to the steps of a profile, and finds the zone of its times by our own tokens where it names none.
    /// Blocking.
    pub fn join_log(&self, profile: &str, find_zone: bool) -> Result<(), JournalFault> {
        let Ok(log) = self.logs.current() else { return Ok(()) };
        let Some((first, last)) = log.store.read().unwrap_or_else(PoisonError::into_inner).span() else { return Ok(()) };
        let keys = self.journal.marks(profile, first - FARTHEST_MS, last + FARTHEST_MS)?;
        let mut steps = HashMap::new();
        for key in &keys {
            if let Some(step) = self.journal.step(key.step)? {
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
        let server = log.sources.first().map(|source| source.about.name.clone()).unwrap_or_default();
        let joins = {
            let store = log.store.read().unwrap_or_else(PoisonError::into_inner);
            ours.join(&store, &server, |row| log.text(&store, row, ROW_BYTES).ok())
        };
        let joined = u32::try_from(joins.len()).unwrap_or(u32::MAX);
        *log.joins.write().unwrap_or_else(PoisonError::into_inner) = joins;
        log.progress(|state| state.joined = joined);
        Ok(())
    }
}
