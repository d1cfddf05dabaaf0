//! Records that are not what was written: one that cannot be read is left out where many are looked through, so that it keeps
//! nobody from the others.

use rusqlite::Error;
use serde::de::DeserializeOwned;

use super::JournalFault;

/// What a row holds; none when it holds something of another kind. Everything else that SQLite says is a fault.
pub(super) fn readable<T>(row: rusqlite::Result<T>) -> Result<Option<T>, JournalFault> {
    match row {
        Ok(value) => Ok(Some(value)),
        Err(
            Error::InvalidColumnType(..)
            | Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::Utf8Error(..),
        ) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What a record holds; none when it is not what was written.
pub(super) fn parsed<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}
