//! The journal: the append-only record of steps, the events read from servers, and the evidence of tokens.
//!
//! SQLite in WAL mode. Steps can be inserted and read, never changed or deleted (triggers say so); `timeline` is an index
//! derived from steps and events and may be rebuilt. Nothing secret is stored: texts arrive redacted, tokens as claims.

mod open;
mod query;
mod readings;
mod schema;
mod stored;

pub use open::Recovered;
pub use readings::Reread;

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use record::{
    audit::{Actor, Event, JoinedBy, Outcome, Step},
    join::StepKey,
    operation::Operation,
};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::{Map, Value};
use token::{
    finding::Finding,
    inspect::{Reading, TokenView},
    truth::Answers,
};

/// Why the journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalFault {
    /// SQLite refused.
    #[error("The journal cannot be read or written: {0}.")]
    Sqlite(#[from] rusqlite::Error),
    /// A stored value is not what was written.
    #[error("A record of the journal cannot be read: {0}.")]
    Record(#[from] serde_json::Error),
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

/// What is kept of a token: no text, no signature.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Shelf line as it was.
    pub view: TokenView,
    /// Header, when it could be read.
    pub header: Option<Map<String, Value>>,
    /// Claims, when they could be read.
    pub claims: Option<Map<String, Value>>,
    /// Where claims of an opaque token came from.
    pub claims_source: Option<String>,
    /// What introspection and userinfo last said of it.
    pub told: Answers,
    /// What else was known while its text was there.
    pub known: Known,
}

/// What was known of a token besides its claims.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Known {
    /// Each signature, disclosures, spelling.
    pub reading: Reading,
    /// What was remarkable about its text, and about opening it.
    pub findings: Vec<Finding>,
}

/// What of a step decides whether an event belongs to it. The rest is passed over: five hundred steps are looked through for every
/// reading of events, and each may have long answers in it.
#[derive(serde::Deserialize)]
struct Marked {
    operation: Operation,
    client: Option<String>,
    started_ms: i64,
    duration_us: i64,
    tokens_in: Vec<String>,
    tokens_out: Vec<String>,
    exchanges: Vec<MarkedExchange>,
}

#[derive(serde::Deserialize)]
struct MarkedExchange {
    to: Actor,
    reported: bool,
    #[serde(default)]
    token_id: Option<String>,
}

/// An open journal.
pub struct Journal {
    connection: Mutex<Connection>,
    version: AtomicU64,
    counts: Mutex<query::CountCache>,
}

impl Journal {
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.version.fetch_add(1, Ordering::Relaxed);
    }

    /// Reserves the next step number.
    pub fn next_step(&self) -> Result<i64, JournalFault> {
        Ok(self.lock().query_row("SELECT coalesce(max(id), 0) + 1 FROM steps", [], |row| row.get(0))?)
    }

    /// Appends a step with the tokens it produced; gives its number. `step.id` is ignored.
    pub fn append(&self, step: &Step, tokens: &[Kept], session: i64) -> Result<i64, JournalFault> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let mut step = step.clone();
        step.events.clear();
        transaction
            .prepare_cached("INSERT INTO steps (started_ms, duration_us, operation, profile, outcome) VALUES (?, ?, ?, ?, ?)")?
            .execute(params![
                step.started_ms,
                step.duration_us,
                operation_word(step.operation),
                step.profile,
                outcome_number(step.outcome)
            ])?;
        let id = transaction.last_insert_rowid();
        step.id = id;
        transaction
            .prepare_cached("INSERT INTO bodies (step, body) VALUES (?, ?)")?
            .execute(params![id, serde_json::to_string(&step)?])?;
        for kept in tokens {
            insert_token(&transaction, kept, Some(id), session, step.started_ms)?;
        }
        query::index_step(&transaction, &step)?;
        transaction.commit()?;
        self.changed();
        Ok(id)
    }

    /// Keeps the evidence of a token that no step produced (pasted), or a better reading of one (introspected).
    pub fn keep_token(&self, kept: &Kept, session: i64, now_ms: i64) -> Result<(), JournalFault> {
        let connection = self.lock();
        insert_token(&connection, kept, kept.view.step, session, now_ms)
    }

    /// Takes a token off the shelf; its evidence stays in the record of its step.
    pub fn remove_token(&self, id: &str) -> Result<(), JournalFault> {
        self.lock().execute("UPDATE tokens SET removed = 1 WHERE id = ?", [id])?;
        Ok(())
    }

    /// Puts a token back on the shelf.
    pub fn put_back_token(&self, id: &str) -> Result<(), JournalFault> {
        self.lock().execute("UPDATE tokens SET removed = 0 WHERE id = ?", [id])?;
        Ok(())
    }

    /// Number of the next session; a session is one start of the app.
    pub fn next_session(&self) -> Result<i64, JournalFault> {
        Ok(self.lock().query_row("SELECT coalesce(max(session), 0) + 1 FROM tokens", [], |row| row.get(0))?)
    }

    /// Evidence of the tokens of the last session that had any, oldest first, and how many records of them cannot be read.
    pub fn last_tokens(&self) -> Result<(Vec<Kept>, usize), JournalFault> {
        let connection = self.lock();
        let mut statement = connection.prepare(
            "SELECT view, header, claims, claims_source, told, known FROM tokens
             WHERE removed = 0 AND session = (SELECT max(session) FROM tokens WHERE removed = 0) ORDER BY rowid",
        )?;
        let (mut tokens, mut broken) = (Vec::new(), 0);
        for row in statement.query_map([], kept_columns)? {
            match stored::readable(row)?.and_then(|columns| parse_kept(columns).ok()) {
                Some(kept) => tokens.push(kept),
                None => broken += 1,
            }
        }
        Ok((tokens, broken))
    }

    /// Evidence of one token, on the shelf or not.
    pub fn token(&self, id: &str) -> Result<Option<Kept>, JournalFault> {
        let found = self
            .lock()
            .query_row("SELECT view, header, claims, claims_source, told, known FROM tokens WHERE id = ?", [id], kept_columns)
            .optional()?;
        found.map(parse_kept).transpose()
    }

    /// Number of steps.
    pub fn steps(&self) -> Result<i64, JournalFault> {
        Ok(self.lock().query_row("SELECT count(*) FROM steps", [], |row| row.get(0))?)
    }

    /// One step with the events joined to it.
    pub fn step(&self, id: i64) -> Result<Option<Step>, JournalFault> {
        let connection = self.lock();
        let body: Option<String> =
            connection.query_row("SELECT body FROM bodies WHERE step = ?", [id], |row| row.get(0)).optional()?;
        let Some(body) = body else { return Ok(None) };
        let mut step: Step = serde_json::from_str(&body)?;
        let mut statement =
            connection.prepare_cached("SELECT body, joined_by FROM events WHERE step = ? ORDER BY time_ms, id")?;
        let rows = statement.query_map([id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?)))?;
        for row in rows {
            let Some((body, by)) = stored::readable(row)? else { continue };
            let Some(mut event) = stored::parsed::<Event>(&body) else { continue };
            event.step = Some(id);
            event.joined_by = by.and_then(joined_by);
            step.events.push(event);
        }
        readings::renew(&connection, &mut step)?;
        Ok(Some(step))
    }

    /// Number of the newest step, if any.
    pub fn last_step(&self) -> Result<Option<i64>, JournalFault> {
        Ok(self.lock().query_row("SELECT max(id) FROM steps", [], |row| row.get(0))?)
    }

    /// The steps of the current run of a profile: from its last successful log in on, oldest first, at most `limit`.
    pub fn current_run(&self, profile: &str, limit: u32) -> Result<Vec<i64>, JournalFault> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT id FROM (SELECT id FROM steps WHERE profile = ?1 AND operation NOT IN ('discover', 'read_events', 'predict')
               AND NOT EXISTS (SELECT 1 FROM bodies WHERE step = id AND operation = 'call_api' AND CASE WHEN json_valid(body) THEN json_extract(body, '$.bundle') IS NOT NULL END)
               AND id >= coalesce((SELECT max(id) FROM steps WHERE profile = ?1 AND operation = 'log_in' AND outcome = 0), 0)
             ORDER BY id DESC LIMIT ?2) ORDER BY id",
        )?;
        let rows = statement.query_map(params![profile, limit], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Steps an event of this time could belong to, newest first.
    pub fn marks(&self, profile: &str, from_ms: i64, to_ms: i64) -> Result<Vec<StepKey>, JournalFault> {
        let connection = self.lock();
        let mut statement = connection
            .prepare_cached("SELECT id FROM steps WHERE profile = ? AND started_ms BETWEEN ? AND ? ORDER BY id DESC LIMIT 500")?;
        let ids: Vec<i64> = statement.query_map(params![profile, from_ms, to_ms], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut marks = Vec::with_capacity(ids.len());
        for id in ids {
            let body =
                connection.query_row("SELECT body FROM bodies WHERE step = ?", [id], |row| row.get::<_, String>(0)).optional();
            let Some(step) = stored::readable(body)?.flatten().and_then(|body| stored::parsed::<Marked>(&body)) else { continue };
            // What the gateway got at the provider for a call is named in the provider's event.
            let got = step.exchanges.iter().filter(|one| one.reported && one.to == Actor::Provider);
            let mut jtis: Vec<String> = got.filter_map(|one| one.token_id.clone()).collect();
            let mut sessions = Vec::new();
            for token in step.tokens_out.iter().chain(&step.tokens_in) {
                // A refresh names the token it used up in its event, so that one counts as well.
                if step.tokens_out.contains(token) || step.operation == Operation::Refresh {
                    jtis.extend(
                        connection
                            .prepare_cached("SELECT jti FROM tokens WHERE id = ? AND jti IS NOT NULL")?
                            .query_row([token], |row| row.get::<_, String>(0))
                            .optional()?,
                    );
                }
                // A gateway's token carries no session of the provider; the token it was made from does.
                let mut family = connection.prepare_cached(
                    "WITH RECURSIVE up(parent, sid) AS (SELECT parent, sid FROM tokens WHERE id = ?
                       UNION SELECT t.parent, t.sid FROM tokens t JOIN up ON t.id = up.parent)
                     SELECT sid FROM up WHERE sid IS NOT NULL",
                )?;
                for sid in family.query_map([token], |row| row.get::<_, String>(0))? {
                    sessions.push(sid?);
                }
            }
            marks.push(StepKey {
                step: id,
                caused: oauth::operation::of(step.operation).events,
                client: step.client,
                from_ms: step.started_ms,
                to_ms: step.started_ms + step.duration_us / 1000,
                jtis,
                sessions,
            });
        }
        Ok(marks)
    }

    /// Adds events that are not there yet, with what they were joined to; gives how many were new.
    pub fn add_events(&self, profile: &str, events: &[Event]) -> Result<u32, JournalFault> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let mut new = 0;
        for event in events {
            let inserted = transaction
                .prepare_cached(
                    "INSERT OR IGNORE INTO events (id, profile, time_ms, step, joined_by, body) VALUES (?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    event.id,
                    profile,
                    event.time_ms,
                    event.step,
                    event.joined_by.map(joined_number),
                    serde_json::to_string(event)?
                ])?;
            if inserted == 1 {
                new += 1;
                query::index_event(&transaction, profile, event)?;
            }
        }
        transaction.commit()?;
        if new > 0 {
            self.changed();
        }
        Ok(new)
    }

    /// Events of a profile of which nobody knows yet what caused them, and that are not older than `from_ms`.
    pub fn loose_events(&self, profile: &str, from_ms: i64) -> Result<Vec<Event>, JournalFault> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT body FROM events WHERE profile = ? AND step IS NULL AND joined_by IS NULL AND time_ms >= ? ORDER BY time_ms LIMIT 1000",
        )?;
        let mut events = Vec::new();
        for row in statement.query_map(params![profile, from_ms], |row| row.get::<_, String>(0))? {
            events.extend(stored::readable(row)?.and_then(|body| stored::parsed::<Event>(&body)));
        }
        Ok(events)
    }

    /// One event with what joined it.
    pub fn event(&self, id: &str) -> Result<Option<Event>, JournalFault> {
        let found = self
            .lock()
            .query_row("SELECT body, step, joined_by FROM events WHERE id = ?", [id], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, Option<i64>>(2)?))
            })
            .optional()?;
        let Some((body, step, by)) = found else { return Ok(None) };
        let mut event: Event = serde_json::from_str(&body)?;
        event.step = step;
        event.joined_by = by.and_then(joined_by);
        Ok(Some(event))
    }

    /// Joins an event to a step after all.
    pub fn join_event(&self, profile: &str, event: &Event) -> Result<(), JournalFault> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        transaction.execute(
            "UPDATE events SET step = ?, joined_by = ? WHERE id = ?",
            params![event.step, event.joined_by.map(joined_number), event.id],
        )?;
        query::unindex_event(&transaction, &event.id)?;
        query::index_event(&transaction, profile, event)?;
        transaction.commit()?;
        self.changed();
        Ok(())
    }

    /// Time of the newest event of a profile, epoch milliseconds.
    pub fn newest_event(&self, profile: &str) -> Result<Option<i64>, JournalFault> {
        Ok(self.lock().query_row("SELECT max(time_ms) FROM events WHERE profile = ?", [profile], |row| row.get(0))?)
    }
}

type KeptColumns = (String, [Option<String>; 5]);

fn kept_columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<KeptColumns> {
    Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?]))
}

fn parse_kept((view, [header, claims, claims_source, told, known]): KeptColumns) -> Result<Kept, JournalFault> {
    let mut view: TokenView = serde_json::from_str(&view)?;
    view.evidence_only = true;
    view.verification = view.verification.as_evidence(view.decrypted);
    let map = |text: Option<String>| text.map(|text| serde_json::from_str(&text)).transpose();
    let told = told.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default();
    let mut known: Known = known.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default();
    known.reading = known.reading.as_evidence();
    Ok(Kept { view, header: map(header)?, claims: map(claims)?, claims_source, told, known })
}

fn insert_token(connection: &Connection, kept: &Kept, step: Option<i64>, session: i64, now_ms: i64) -> Result<(), JournalFault> {
    let mut view = kept.view.clone();
    view.step = step;
    let json = |map: &Option<Map<String, Value>>| map.as_ref().map(serde_json::to_string).transpose();
    connection
        .prepare_cached(
            "INSERT INTO tokens (id, step, parent, session, created_ms, jti, sid, view, header, claims, claims_source, told, known)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET view = excluded.view, header = excluded.header, claims = excluded.claims,
               claims_source = excluded.claims_source, jti = excluded.jti, sid = excluded.sid, told = excluded.told,
               known = excluded.known",
        )?
        .execute(params![
            view.id,
            step,
            view.parent,
            session,
            now_ms,
            view.jti,
            view.session,
            serde_json::to_string(&view)?,
            json(&kept.header)?,
            json(&kept.claims)?,
            kept.claims_source,
            serde_json::to_string(&kept.told)?,
            serde_json::to_string(&kept.known)?
        ])?;
    Ok(())
}

fn operation_word(operation: Operation) -> String {
    serde_json::to_value(operation).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

fn outcome_number(outcome: Outcome) -> i64 {
    match outcome {
        Outcome::Success => 0,
        Outcome::Refused => 1,
        Outcome::Failed => 2,
        Outcome::Cancelled => 3,
    }
}

fn outcome_of(number: i64) -> Outcome {
    match number {
        0 => Outcome::Success,
        1 => Outcome::Refused,
        3 => Outcome::Cancelled,
        _ => Outcome::Failed,
    }
}

fn joined_number(by: JoinedBy) -> i64 {
    match by {
        JoinedBy::TokenId => 0,
        JoinedBy::Session => 1,
        JoinedBy::ClientAndTime => 2,
        JoinedBy::ActivityId => 3,
        JoinedBy::Reading => 4,
    }
}

fn joined_by(number: i64) -> Option<JoinedBy> {
    match number {
        0 => Some(JoinedBy::TokenId),
        1 => Some(JoinedBy::Session),
        2 => Some(JoinedBy::ClientAndTime),
        3 => Some(JoinedBy::ActivityId),
        4 => Some(JoinedBy::Reading),
        _ => None,
    }
}
