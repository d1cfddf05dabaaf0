//! Why the journal cannot be used.

use record::v1;

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalFault {
    /// SQLite refused.
    #[error("The journal cannot be read or written: {0}.")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored value is not what was written.
    #[error("A record of the journal cannot be read: {0}.")]
    Record(#[from] serde_json::Error),
    /// A record cannot be read.
    #[error("A record of the journal cannot be read: {0}.")]
    Unread(#[from] v1::Unread),
    /// The thread it is read and written on is not there.
    #[error("The journal cannot be read or written: its thread is not there ({0}).")]
    Thread(String),
    /// The file belongs to a newer version.
    #[error("The journal was written by a newer version of Claimscope (schema {0}).")]
    Newer(i64),
    /// It lacks what every journal has, or has it in another shape.
    #[error("The journal is not one of this program: {0}.")]
    Foreign(String),
    /// What stands in its place is no file.
    #[error("The journal cannot be opened: {0} is no plain file.")]
    NotAFile(String),
    /// It is damaged, and the mark that says so for the next start could not be written.
    #[error("The journal is damaged, and that could not be noted beside it: {0}.")]
    Unmarked(String),
}

impl JournalFault {
    /// Whether another program holds the file.
    pub fn is_locked(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        matches!(self, Self::Sqlite(error) if matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked)))
    }
}
