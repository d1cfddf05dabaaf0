//! Records as rows hold them, of this form and of earlier ones; and those that are not what was written: one that cannot be read
//! is left out where many are looked through, so that it keeps nobody from the others.

use record::{
    audit::{Event, Step},
    v1, view,
};
use rusqlite::{Connection, Error, OptionalExtension as _};

use super::fault::JournalFault;

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

/// A step as its row holds it, without its events and later readings; none when there is no such row. The inner error is that of
/// its record.
pub(super) fn step(connection: &Connection, id: i64) -> Result<Option<Result<Step, JournalFault>>, JournalFault> {
    let body = connection
        .prepare_cached("SELECT body FROM bodies WHERE step = ?")?
        .query_row([id], |row| row.get::<_, String>(0))
        .optional();
    let body = match body {
        // What is no text is no record.
        Err(error @ (Error::InvalidColumnType(..) | Error::Utf8Error(..))) => return Ok(Some(Err(error.into()))),
        body => body?,
    };
    Ok(body.map(|body| step_of(id, &body)))
}

/// The picture of a step's record.
pub(super) fn step_of(id: i64, body: &str) -> Result<Step, JournalFault> {
    Ok(view::step(id, v1::read(body)?)?)
}

/// The picture of an event's record.
pub(super) fn event(body: &str) -> Result<Event, JournalFault> {
    Ok(view::event(v1::read(body)?))
}

/// A token's record; none when there is none that can be read.
pub(super) fn token(connection: &Connection, id: &str) -> Result<Option<v1::Token>, JournalFault> {
    let body = connection.prepare_cached("SELECT view FROM tokens WHERE id = ?")?.query_row([id], |row| row.get::<_, String>(0));
    Ok(readable(body.optional())?.flatten().and_then(|body| v1::read(&body).ok()))
}
