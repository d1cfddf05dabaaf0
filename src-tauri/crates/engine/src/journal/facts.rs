//! What queries ask of steps and events, in columns: derived when a row is written, and for rows of earlier versions in the
//! background, a few at a time.

use oauth::message::value;
use record::{
    audit::{Actor, Step},
    operation::Operation,
};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{fault::JournalFault, rows::Rows, schema, stored};

/// How many rows are looked through at once: a few milliseconds.
const SOME: i64 = 20;

/// Writes down the facts of a step, in place of what was known of it before.
pub(super) fn keep(connection: &Connection, step: &Step) -> Result<(), JournalFault> {
    // What the gateway got at the provider for a call is named in the provider's event.
    let reported: Vec<&str> = step
        .exchanges
        .iter()
        .filter(|one| one.reported && one.to == Actor::Provider)
        .filter_map(|one| one.token_id.as_deref())
        .collect();
    let portal = step.draft.as_ref().filter(|draft| draft.operation == Operation::Portal);
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO facts (step, client, bundle, surprises, call, caller, reported) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            step.id,
            step.client,
            step.bundle,
            i64::try_from(step.surprises.len()).unwrap_or(i64::MAX),
            portal.and_then(|draft| value(draft, "call")),
            portal.and_then(|draft| value(draft, "client")),
            if reported.is_empty() { None } else { Some(serde_json::to_string(&reported)?) },
        ])?;
    connection.prepare_cached("DELETE FROM carried WHERE step = ?")?.execute([step.id])?;
    for (made, tokens) in [(false, &step.tokens_in), (true, &step.tokens_out)] {
        for (place, token) in (0_i64..).zip(tokens) {
            connection
                .prepare_cached("INSERT OR IGNORE INTO carried (step, token, made, place) VALUES (?, ?, ?, ?)")?
                .execute(params![step.id, token, made, place])?;
        }
    }
    Ok(())
}

/// Begins to derive everything again.
pub(super) fn begin_again(connection: &Connection) -> Result<(), JournalFault> {
    connection.execute_batch(schema::UNDERIVED)?;
    Ok(())
}

impl Rows {
    /// Derives the facts of some rows that have none, the newest first; says whether there may be more.
    pub(super) fn derive_some(&mut self) -> Result<bool, JournalFault> {
        let transaction = self.connection.transaction()?;
        let below = |what: &str| {
            transaction.query_row("SELECT below FROM underived WHERE what = ?", [what], |row| row.get::<_, i64>(0)).optional()
        };
        let more = if let Some(below) = stored::readable(below("steps"))?.flatten() {
            derive_steps(&transaction, below)?;
            true
        } else if let Some(below) = stored::readable(below("events"))?.flatten() {
            derive_events(&transaction, below)?;
            true
        } else {
            false
        };
        transaction.commit()?;
        Ok(more)
    }
}

fn derive_steps(connection: &Connection, below: i64) -> Result<(), JournalFault> {
    let ids: Vec<i64> = connection
        .prepare_cached("SELECT id FROM steps WHERE id < ? ORDER BY id DESC LIMIT ?")?
        .query_map([below, SOME], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in &ids {
        let known = connection.prepare_cached("SELECT 1 FROM facts WHERE step = ?")?.exists([id])?;
        if let Some(step) = (!known).then(|| stored::step(connection, *id)).transpose()?.flatten().and_then(Result::ok) {
            keep(connection, &step)?;
        }
    }
    advance(connection, "steps", ids.last().copied())
}

fn derive_events(connection: &Connection, below: i64) -> Result<(), JournalFault> {
    let rows: Vec<i64> = connection
        .prepare_cached("SELECT rowid FROM events WHERE rowid < ? ORDER BY rowid DESC LIMIT ?")?
        .query_map([below, SOME], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for row in &rows {
        let body =
            connection.prepare_cached("SELECT body FROM events WHERE rowid = ?")?.query_row([row], |row| row.get::<_, String>(0));
        let Some(event) = stored::readable(body)?.and_then(|body| stored::event(&body).ok()) else { continue };
        connection.prepare_cached("UPDATE events SET sid = ?, token_id = ? WHERE rowid = ?")?.execute(params![
            event.session,
            event.token_id,
            row
        ])?;
    }
    advance(connection, "events", rows.last().copied())
}

/// Notes how far it got; none when nothing is left.
fn advance(connection: &Connection, what: &str, reached: Option<i64>) -> Result<(), JournalFault> {
    match reached {
        Some(reached) => connection.execute("UPDATE underived SET below = ? WHERE what = ?", params![reached, what])?,
        None => connection.execute("DELETE FROM underived WHERE what = ?", [what])?,
    };
    Ok(())
}
