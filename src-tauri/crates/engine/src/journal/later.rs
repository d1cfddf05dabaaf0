//! A journal of a later version: looked at, never written. What this version can read of it is copied into the journal in
//! memory that this session's steps go to, so that earlier ones can be looked at beside them.

use std::{collections::BTreeSet, path::Path};

use rusqlite::{Connection, OpenFlags, params, types::Value};

use super::{fault::JournalFault, query, rows::Rows, schema};

/// How many steps are copied: the newest.
const STEPS: i64 = 2_000;
/// How many events and tokens are copied, of each the newest.
const BESIDE: i64 = 5_000;
/// How many bytes of records are copied.
const BYTES: usize = 64 << 20;

/// How much of a journal could be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Copied {
    /// Steps that are there now.
    pub(super) steps: i64,
    /// Steps the file has.
    pub(super) of: i64,
    /// Those of the copied that this version cannot read.
    pub(super) unread: Vec<i64>,
}

/// What stands beside the steps, each table by its columns here.
const TABLES: &[(&str, &str)] = &[
    ("tokens", "id, step, parent, session, created_ms, jti, sid, view, header, claims, claims_source, removed, told, known"),
    ("events", "id, profile, time_ms, step, joined_by, sid, token_id, body"),
    ("readings", "step, body, again"),
];

/// Copies what can be read. A table that is not what it was is left out, steps and their records excepted.
pub(super) fn copy(rows: &mut Rows, path: &Path) -> Result<Copied, JournalFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let from = Connection::open_with_flags(path, flags)?;
    from.busy_timeout(schema::BUSY)?;
    let of = from.query_row("SELECT count(*) FROM steps", [], |row| row.get(0))?;
    let into = rows.connection.transaction()?;
    let mut copied = Copied { steps: 0, of, unread: Vec::new() };
    let mut bytes = 0;
    {
        let mut steps = from.prepare(
            "SELECT s.id, s.started_ms, s.duration_us, s.operation, s.profile, s.outcome, b.body
             FROM steps s JOIN bodies b ON b.step = s.id ORDER BY s.id DESC LIMIT ?",
        )?;
        let mut found = steps.query([STEPS])?;
        while let Some(row) = found.next()? {
            let body: Value = row.get(6)?;
            bytes += size(&body);
            if bytes > BYTES {
                break;
            }
            let columns = (0..6).map(|at| row.get::<_, Value>(at)).collect::<Result<Vec<_>, _>>()?;
            into.prepare_cached(
                "INSERT INTO steps (id, started_ms, duration_us, operation, profile, outcome) VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(rusqlite::params_from_iter(&columns))?;
            into.prepare_cached("INSERT INTO bodies (step, body) VALUES (?, ?)")?.execute(params![columns[0], body])?;
            copied.steps += 1;
        }
    }
    for (table, columns) in TABLES {
        let there = columns_of(&from, table)?;
        let columns: Vec<&str> = columns.split(", ").filter(|column| there.contains(*column)).collect();
        let columns = columns.join(", ");
        // Made of our own words above; nothing of the file is in them.
        let select = format!("SELECT {columns} FROM {table} ORDER BY rowid DESC LIMIT {BESIDE}");
        let Ok(mut statement) = from.prepare(&select) else { continue };
        let width = statement.column_count();
        let mut lines = Vec::new();
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let line = (0..width).map(|at| row.get::<_, Value>(at)).collect::<Result<Vec<_>, _>>()?;
            bytes += line.iter().map(size).sum::<usize>();
            if bytes > BYTES {
                break;
            }
            lines.push(line);
        }
        let places = vec!["?"; width].join(", ");
        let mut insert = into.prepare(&format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})"))?;
        // In the order they were written.
        for line in lines.iter().rev() {
            // What does not fit here, such as a reading of a step that was not copied, is left out.
            let _ = insert.execute(rusqlite::params_from_iter(line));
        }
    }
    into.execute_batch(schema::UNDERIVED)?;
    into.commit()?;
    copied.unread = query::rebuild(&mut rows.connection)?;
    rows.changed();
    Ok(copied)
}

fn columns_of(connection: &Connection, table: &str) -> Result<BTreeSet<String>, JournalFault> {
    let mut statement = connection.prepare_cached("SELECT name FROM pragma_table_info(?)")?;
    Ok(statement.query_map([table], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        Value::Null | Value::Integer(_) | Value::Real(_) => 8,
    }
}
