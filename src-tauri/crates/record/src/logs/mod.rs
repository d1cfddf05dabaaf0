//! Log files of Keycloak and WSO2 API Manager, read as records of one shape.
//!
//! A server's audit events are often only in its log: nobody may read the events API, or the realm saves none. The layouts differ
//! by server, version and settings, and a file mixes events with everything else a server says. Here each line becomes a
//! [`Record`] with the columns the window shows (type, realm, client, user, session, address, error) and every further value in
//! the order of the line; what is no event is a record too, so that nothing of a file gets lost.
//!
//! Reading is streamed ([`Reader`]): chunks in, records out, no line longer than a bound, so a file of any size can be read.

mod access;
mod blocks;
mod carbon;
mod contents;
mod export;
mod head;
mod json;
mod keycloak;
mod layout;
mod metrics;
mod pairs;
mod parts;
mod query;
mod reader;
mod shown;
mod stamps;
#[cfg(test)]
mod tests;
mod time;
mod view;
mod wrap;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use contents::{Contents, sniff};
pub use layout::Layout;
pub use metrics::{MetricBar, MetricSeries, Metrics, read_metrics};
pub use query::{Field, Word, words};
pub use reader::{LONGEST_LINE, LONGEST_RECORD, Place, Reader, Sink, Tally, Unread, plain_text};
pub use shown::{as_event, row_text, safe_fields, safe_line};
pub use time::Time;
pub use view::{LogFacet, LogFile, LogLine, LogPage, LogPhase, LogQuery, LogRow, LogSource, LogState, PathChoice};

/// What a line of a log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LogKind {
    /// User event of Keycloak (`org.keycloak.events`).
    UserEvent,
    /// Admin event of Keycloak (`operationType=…`).
    AdminEvent,
    /// Line of WSO2's `audit.log`: who changed what.
    Audit,
    /// Line of an HTTP access log.
    Access,
    /// Line of WSO2's `correlation.log`, or of an API's log, which carries a correlation id too.
    Correlation,
    /// Anything else with a time and a level.
    Server,
    /// A line without either, before the first line that has them.
    Text,
}

impl LogKind {
    /// Every kind, in the order of their numbers.
    pub const ALL: [Self; 7] =
        [Self::UserEvent, Self::AdminEvent, Self::Audit, Self::Access, Self::Correlation, Self::Server, Self::Text];

    /// Whether it says what somebody did, as against what the server did.
    pub fn is_event(self) -> bool {
        matches!(self, Self::UserEvent | Self::AdminEvent | Self::Audit)
    }
}

/// How grave a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Finest.
    Trace,
    /// For who looks for a fault.
    Debug,
    /// Usual.
    Info,
    /// Refused or odd.
    Warn,
    /// Failed.
    Error,
    /// The server cannot go on.
    Fatal,
}

impl Level {
    /// Every level, in the order of their numbers.
    pub const ALL: [Self; 6] = [Self::Trace, Self::Debug, Self::Info, Self::Warn, Self::Error, Self::Fatal];

    /// Reads the word a server writes; none for other words.
    pub fn read(word: &str) -> Option<Self> {
        Some(match word {
            "TRACE" | "FINEST" | "FINER" => Self::Trace,
            "DEBUG" | "FINE" | "CONFIG" => Self::Debug,
            "INFO" => Self::Info,
            "WARN" | "WARNING" => Self::Warn,
            "ERROR" | "SEVERE" => Self::Error,
            "FATAL" => Self::Fatal,
            _ => return None,
        })
    }

    /// The same in any case, with the words and numbers other programs use, where it is known that a level stands there.
    pub fn read_any(word: &str) -> Option<Self> {
        if word.is_empty() || word.len() > 11 {
            return None;
        }
        let upper = word.to_ascii_uppercase();
        Self::read(&upper).or_else(|| {
            Some(match upper.as_str() {
                // Numbers of pino and bunyan.
                "10" | "TRC" | "TRCE" | "VERBOSE" | "VRB" => Self::Trace,
                "20" | "DBG" | "DBUG" => Self::Debug,
                "INFORMATION" | "NOTICE" | "LOG" | "INF" | "30" => Self::Info,
                "WRN" | "40" => Self::Warn,
                "ERR" | "FAIL" | "50" => Self::Error,
                "CRITICAL" | "CRIT" | "ALERT" | "EMERG" | "EMERGENCY" | "PANIC" | "FTL" | "60" => Self::Fatal,
                _ => return None,
            })
        })
    }
}

/// A name and a value of a line.
pub type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Where the columns stand among the fields of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// What happened.
    pub event_type: Option<usize>,
    /// Realm, by name where the line has it; tenant at WSO2.
    pub realm: Option<usize>,
    /// Client id; consumer key at WSO2.
    pub client: Option<usize>,
    /// User name, else user id.
    pub user: Option<usize>,
    /// Session; correlation id (`activityid`) at WSO2.
    pub session: Option<usize>,
    /// Address of the caller.
    pub ip: Option<usize>,
    /// Error word or code.
    pub error: Option<usize>,
}

/// One line of a log, borrowed from the text it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Record<'a> {
    /// What it is.
    pub kind: LogKind,
    /// When.
    pub time: Option<Time>,
    /// How grave.
    pub level: Option<Level>,
    /// Category of the logger; empty where the layout has none.
    pub logger: Cow<'a, str>,
    /// The message as it stands, without time, level, logger and thread.
    pub message: Cow<'a, str>,
    /// All names and values, in the order of the line.
    pub fields: Vec<Pair<'a>>,
    /// Which of them are the columns.
    pub columns: Columns,
}

impl<'a> Record<'a> {
    fn new(kind: LogKind, message: impl Into<Cow<'a, str>>) -> Self {
        Self {
            kind,
            time: None,
            level: None,
            logger: Cow::Borrowed(""),
            message: message.into(),
            fields: Vec::new(),
            columns: Columns::default(),
        }
    }

    /// Value of a column; `null`, as Keycloak writes it, is none.
    pub fn value(&self, column: Option<usize>) -> Option<&str> {
        column.and_then(|at| self.fields.get(at)).map(|(_, value)| value.as_ref()).filter(|value| set(value))
    }

    /// Value of a field by its name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref()).filter(|value| set(value))
    }

    /// Adds a field and gives its place.
    fn push(&mut self, name: &'static str, value: impl Into<Cow<'a, str>>) -> Option<usize> {
        self.fields.push((Cow::Borrowed(name), value.into()));
        Some(self.fields.len() - 1)
    }

    /// The same with everything owned.
    fn into_owned(self) -> Record<'static> {
        let own = |text: Cow<'_, str>| Cow::<'static, str>::Owned(text.into_owned());
        Record {
            kind: self.kind,
            time: self.time,
            level: self.level,
            logger: own(self.logger),
            message: own(self.message),
            fields: self.fields.into_iter().map(|(name, value)| (own(name), own(value))).collect(),
            columns: self.columns,
        }
    }
}

fn set(value: &str) -> bool {
    !value.is_empty() && value != "null"
}

/// A record with what decides whether the next line may belong to it.
#[derive(Debug)]
struct Read<'a> {
    record: Record<'a>,
    /// Who wrote the line, where a layer around it says so.
    origin: Cow<'a, str>,
    /// Whether the line has a head of its own, rather than only what a layer around it says.
    firm: bool,
}

impl<'a> Read<'a> {
    fn firm(record: Record<'a>) -> Self {
        Self { record, origin: Cow::Borrowed(""), firm: true }
    }
}

/// Most layers around a line.
const LAYERS: usize = 4;

/// Reads one line in whatever layout it has; none when it begins no record, so that it belongs to the one before.
pub fn parse(line: &str) -> Option<Record<'_>> {
    read(line, &Layout::default()).map(|read| read.record)
}

/// Reads a line: as it is, else without the layers around it, else in a layout that was learned, else by its time and level.
fn read<'a>(line: &'a str, layout: &Layout) -> Option<Read<'a>> {
    // Stack traces are most of what is no record; a level may be set to the right in its column, so one blank is none of them.
    if line.starts_with('\t') || line.starts_with("  ") {
        return None;
    }
    if let Some(read) = known(line, layout).or_else(|| exported(line, layout)) {
        return Some(read);
    }
    let (mut rest, mut outer) = (line, None::<wrap::Outer<'a>>);
    let mut found = None;
    for _ in 0..LAYERS {
        let Some((layer, inner)) = wrap::peel(rest) else { break };
        rest = inner;
        outer = Some(match outer {
            Some(outer) => outer.around(layer),
            None => layer,
        });
        found = known(rest, layout);
        if found.is_some() {
            break;
        }
    }
    let style = layout.style();
    let found = found.or_else(|| layout.parse(rest).map(Read::firm));
    let weak = || head::line(rest, style).map(Read::firm);
    let Some(outer) = outer else { return found.or_else(weak) };
    let found = match found {
        Some(read) => read,
        None => match weak() {
            Some(read) if read.record.level.is_some() => read,
            // A stamp with a level further behind it is no layer but the line itself.
            weak => match layout.parse(line).or_else(|| head::line(line, style)).filter(|record| record.level.is_some()) {
                Some(record) => return Some(Read::firm(record)),
                None => weak.unwrap_or_else(|| loose(rest)),
            },
        },
    };
    let Read { mut record, origin, firm } = found;
    record.time = nearer(record.time, outer.time);
    record.level = record.level.or(outer.level);
    if record.time.is_none() && !firm {
        record.kind = LogKind::Text;
    }
    head::front(&mut record, outer.fields);
    let origin = if origin.is_empty() { Cow::Borrowed(outer.origin) } else { origin };
    Some(Read { record, origin, firm })
}

/// `1796047351204,"2026-11-30 14:02:31,204 WARN …"`: a row of a table that a cloud's log was exported to, the line in its last column.
fn exported<'a>(line: &'a str, layout: &Layout) -> Option<Read<'a>> {
    if !line.as_bytes().first()?.is_ascii_digit() || !line.ends_with('"') {
        return None;
    }
    let (stamp, inner) = line.split_once(",\"")?;
    let (time, end, _) = stamps::any(stamp, false)?;
    let inner = inner.strip_suffix('"').filter(|inner| end == stamp.len() && !inner.starts_with('"'))?;
    let inner = inner.replace("\"\"", "\"");
    let read = read(&inner, layout)?;
    let mut record = read.record.into_owned();
    record.time = nearer(record.time, Some(time));
    Some(Read { record, origin: Cow::Owned(read.origin.into_owned()), firm: true })
}

/// A line that only the layer around it says something of; a level may begin it.
fn loose(rest: &str) -> Read<'_> {
    let mut record = Record::new(LogKind::Server, rest);
    let word = rest.split([' ', ':']).next().unwrap_or_default();
    record.level = Level::read(word);
    let firm = record.level.is_some();
    Read { record, origin: Cow::Borrowed(""), firm }
}

/// The time of a line, or that of a layer around it where it knows the zone and the line does not.
fn nearer(own: Option<Time>, outer: Option<Time>) -> Option<Time> {
    match (own, outer) {
        (Some(own), Some(outer)) if own.zoned || !outer.zoned => Some(own).filter(|own| own.dated).or(Some(outer)),
        (own, outer) => outer.or(own),
    }
}

/// The layouts that are told by their first characters.
fn known<'a>(line: &'a str, layout: &Layout) -> Option<Read<'a>> {
    let record = match line.as_bytes().first()? {
        b'{' => return json::read(line, layout),
        // Server-sent events and sequences of JSON (RFC 7464), as the journal can write them.
        b'd' if line.starts_with("data: {") => return json::read(line.get(6..)?, layout),
        0x1e => return json::read(line.get(1..)?, layout),
        b'T' if line.starts_with("TID") => carbon::line(line),
        b'[' => carbon::line(line).or_else(|| access::line(line)),
        b't' | b'o' => keycloak::message_alone(line).or_else(|| access::line(line)),
        b' ' | b'\t' | b'}' => None,
        _ => keycloak::line(line)
            .or_else(|| carbon::correlation(line))
            .or_else(|| access::line(line))
            .or_else(|| access::leveled(line)),
    };
    record.map(Read::firm)
}
