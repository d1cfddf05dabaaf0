//! What the window asks of an open log and gets: its state, pages of rows, one line in full.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    metrics::Metrics,
    record::{Level, LogKind},
};
use crate::audit::{Bin, ChipCount, JoinedBy};
use token::text::Pair;

/// Where a log comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum LogSource {
    /// Files the user chose, in the order of their lines (the older first).
    Files {
        /// Absolute paths.
        paths: Vec<String>,
    },
    /// Text the user pasted.
    Text {
        /// The text.
        text: String,
    },
}

/// A file that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogFile {
    /// Its name; `pasted text` for text.
    pub name: String,
    /// Where it is; empty for text.
    pub path: String,
    /// Its size in bytes when it was opened.
    pub bytes: u64,
}

/// How far a reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LogPhase {
    /// No log is open.
    #[default]
    Empty,
    /// Going on; what has been read can be looked at.
    Reading,
    /// All of it was read.
    Ready,
    /// The user stopped it; what was read stays.
    Stopped,
    /// It ended before the end of the file; `problem` says why.
    Broken,
}

/// The open log as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct LogState {
    /// How far.
    pub phase: LogPhase,
    /// Counts up with every opening and every change of what is shown, so that pages can be asked for anew.
    pub version: u64,
    /// What is open.
    pub files: Vec<LogFile>,
    /// Bytes read.
    pub bytes_read: u64,
    /// Bytes in all.
    pub bytes_total: u64,
    /// Lines read.
    pub lines: u64,
    /// Records among them (a record may have several lines).
    pub records: u64,
    /// Events among the records.
    pub events: u64,
    /// Lines that belong to the record before them.
    pub attached: u64,
    /// What is odd about the file, one sentence each.
    pub remarks: Vec<String>,
    /// Why it ended early, in two sentences: what happened and what to do.
    pub problem: Option<String>,
    /// Minutes east of UTC that times without a zone are read in.
    pub zone_minutes: i32,
    /// Whether any line has a time without a zone.
    pub zoneless: bool,
    /// Whether the zone was found by the ids of our own tokens.
    pub zone_found: bool,
    /// Records joined to our steps.
    pub joined: u32,
    /// Memory of the index, in bytes.
    pub memory: u64,
    /// Whether what the server appends is read as it comes.
    pub following: bool,
    /// The metrics page, when that is what was opened.
    pub metrics: Option<Metrics>,
}

/// Filter of an open log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct LogQuery {
    /// Words as typed; see [`super::words`].
    pub search: String,
    /// Any of `events`, `errors`, `joined`, `others`; empty = all.
    pub chips: Vec<String>,
    /// Only this type.
    pub event_type: Option<String>,
    /// Only this client.
    pub client: Option<String>,
    /// Only this user.
    pub user: Option<String>,
    /// Only this error.
    pub error: Option<String>,
    /// Only records joined to this step.
    pub step: Option<i64>,
    /// From, epoch milliseconds.
    pub from_ms: Option<i64>,
    /// To, epoch milliseconds.
    pub to_ms: Option<i64>,
    /// Rows to skip.
    pub offset: u32,
    /// Rows to return.
    pub limit: u32,
}

/// A record in the table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LogRow {
    /// Its number, from 0.
    pub row: u32,
    /// Position of its file in [`LogState::files`].
    pub file: u32,
    /// Line it begins on, from 1.
    pub line: u64,
    /// Lines it has.
    pub lines: u32,
    /// Epoch milliseconds, the zone applied; that of the record before in its file where it has none; 0 where none is known.
    pub time_ms: i64,
    /// How grave.
    pub level: Option<Level>,
    /// What it is.
    pub kind: LogKind,
    /// Type of an event, else what comes closest: method, kind, logger.
    pub event_type: String,
    /// Client.
    pub client: Option<String>,
    /// User.
    pub user: Option<String>,
    /// Error.
    pub error: Option<String>,
    /// What else it says, secrets masked, cut.
    pub text: String,
    /// Step it belongs to.
    pub step: Option<i64>,
    /// What joined it.
    pub joined_by: Option<JoinedBy>,
}

/// A value of a column and how many rows have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogFacet {
    /// Value.
    pub value: String,
    /// Rows.
    pub count: u32,
}

/// A page of rows, newest first, with what the filter leaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LogPage {
    /// Version of the log it was read from.
    pub version: u64,
    /// Rows.
    pub rows: Vec<LogRow>,
    /// Rows that match.
    pub matching: u32,
    /// Rows in all.
    pub total: u32,
    /// Counts for the chips.
    pub chips: Vec<ChipCount>,
    /// Most frequent types among what matches.
    pub types: Vec<LogFacet>,
    /// Most frequent clients.
    pub clients: Vec<LogFacet>,
    /// Most frequent users.
    pub users: Vec<LogFacet>,
    /// Most frequent errors.
    pub errors: Vec<LogFacet>,
    /// Histogram of what matches but for the time range.
    pub bins: Vec<Bin>,
    /// Width of a bin in milliseconds.
    pub bin_ms: i64,
    /// How long the filter took, microseconds.
    pub took_us: u64,
}

/// One record in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LogLine {
    /// Its row.
    pub row: LogRow,
    /// Name of its file.
    pub file: String,
    /// Category of the logger.
    pub logger: String,
    /// The lines as they stand, secrets masked.
    pub text: Vec<String>,
    /// Lines that are not shown because there are too many.
    pub hidden: u32,
    /// Names and values in the order of the line, secrets masked.
    pub fields: Vec<Pair>,
}

/// A way to complete a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PathChoice {
    /// Whole path; a folder ends with a separator.
    pub path: String,
    /// Last part.
    pub name: String,
    /// Whether it is a folder.
    pub folder: bool,
    /// Size in bytes.
    pub bytes: u64,
}
