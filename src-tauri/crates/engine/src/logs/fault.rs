//! Why a log cannot be opened or shown.

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

pub(super) fn fault(id: &'static str, message: impl Into<String>, advice: impl Into<String>) -> LogFault {
    LogFault { id, message: message.into(), advice: advice.into() }
}
