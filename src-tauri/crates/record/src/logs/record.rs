//! One line of a log as a record: what it is, when, how grave, its names and values, and which of them are columns.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::time::Time;

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
    pub(super) fn new(kind: LogKind, message: impl Into<Cow<'a, str>>) -> Self {
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
    pub(super) fn push(&mut self, name: &'static str, value: impl Into<Cow<'a, str>>) -> Option<usize> {
        self.fields.push((Cow::Borrowed(name), value.into()));
        Some(self.fields.len() - 1)
    }

    /// The same with everything owned.
    pub(super) fn into_owned(self) -> Record<'static> {
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

/// Whether a value says something; Keycloak writes `null` where it has none.
pub(super) fn set(value: &str) -> bool {
    !value.is_empty() && value != "null"
}

/// A record with what decides whether the next line may belong to it.
#[derive(Debug)]
pub(super) struct Read<'a> {
    pub(super) record: Record<'a>,
    /// Who wrote the line, where a layer around it says so.
    pub(super) origin: Cow<'a, str>,
    /// Whether the line has a head of its own, rather than only what a layer around it says.
    pub(super) firm: bool,
}

impl<'a> Read<'a> {
    pub(super) fn firm(record: Record<'a>) -> Self {
        Self { record, origin: Cow::Borrowed(""), firm: true }
    }
}
