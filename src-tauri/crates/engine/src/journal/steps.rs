//! Steps, tokens and events: how they are written and read, on the thread they belong to.

use record::{
    audit::{Event, Step},
    join::StepKey,
    operation::Operation,
    v1, view,
};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::{Map, Value};

use super::{
    facts,
    fault::JournalFault,
    kept::{KeptToken, Particulars},
    numbers::{OPEN, joined_by, joined_number, operation_word, outcome_number},
    query, readings,
    rows::Rows,
    stored,
};

impl Rows {
    /// Notes a step before anything of it is sent, so that it is known whatever becomes of it; gives its number. `step.id` is
    /// ignored.
    pub(crate) fn begin(&mut self, step: &Step) -> Result<i64, JournalFault> {
        let transaction = self.connection.transaction()?;
        let id = insert_step(&transaction, step, OPEN)?;
        facts::keep(&transaction, &Step { id, ..step.clone() })?;
        transaction.commit()?;
        Ok(id)
    }

    /// Writes a step that has ended with the tokens it produced, in place of the note of its beginning where there is one; gives
    /// its number. `step.id` is ignored.
    pub(crate) fn append(
        &mut self,
        step: &Step,
        tokens: &[KeptToken],
        session: i64,
        begun: Option<i64>,
    ) -> Result<i64, JournalFault> {
        let transaction = self.connection.transaction()?;
        let outcome = outcome_number(step.outcome);
        let id =
            match begun {
                Some(id) => {
                    transaction
                        .prepare_cached("UPDATE bodies SET body = ? WHERE step = ?")?
                        .execute(params![v1::write(&view::step_record(step.clone()))?, id])?;
                    transaction
                        .prepare_cached("UPDATE steps SET duration_us = ?, outcome = ? WHERE id = ?")?
                        .execute(params![step.duration_us, outcome, id])?;
                    // Another start of the app may have found it open.
                    query::unindex(&transaction, &format!("step:{id}"))?;
                    id
                }
                None => insert_step(&transaction, step, outcome)?,
            };
        for kept in tokens {
            insert_token(&transaction, kept, Some(id), session, step.started_ms)?;
        }
        let step = Step { id, ..step.clone() };
        facts::keep(&transaction, &step)?;
        query::index_step(&transaction, &step)?;
        transaction.commit()?;
        self.changed();
        Ok(id)
    }

    /// Puts steps that were begun and never ended into the timeline.
    pub(crate) fn index_open(&mut self) -> Result<(), JournalFault> {
        let transaction = self.connection.transaction()?;
        {
            let mut open = transaction.prepare(
                "SELECT id FROM steps WHERE outcome = 4 AND NOT EXISTS (SELECT 1 FROM timeline WHERE key = 'step:' || id) LIMIT 1000",
            )?;
            for id in open.query_map([], |row| row.get::<_, i64>(0))? {
                if let Some(Ok(step)) = stored::step(&transaction, id?)? {
                    query::index_step(&transaction, &step)?;
                }
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Keeps the evidence of a token that no step produced (pasted), or a better reading of one (introspected).
    pub(crate) fn keep_token(&mut self, kept: &KeptToken, session: i64, now_ms: i64) -> Result<(), JournalFault> {
        let connection = &self.connection;
        insert_token(connection, kept, kept.view.step, session, now_ms)
    }

    /// Takes a token off the shelf; its evidence stays in the record of its step.
    pub(crate) fn remove_token(&mut self, id: &str) -> Result<(), JournalFault> {
        self.connection.execute("UPDATE tokens SET removed = 1 WHERE id = ?", [id])?;
        Ok(())
    }

    /// Puts a token back on the shelf.
    pub(crate) fn put_back_token(&mut self, id: &str) -> Result<(), JournalFault> {
        self.connection.execute("UPDATE tokens SET removed = 0 WHERE id = ?", [id])?;
        Ok(())
    }

    /// Number of the next session; a session is one start of the app.
    pub(crate) fn next_session(&self) -> Result<i64, JournalFault> {
        Ok(self.connection.query_row("SELECT coalesce(max(session), 0) + 1 FROM tokens", [], |row| row.get(0))?)
    }

    /// Evidence of the tokens of the last session that had any, oldest first, and how many records of them cannot be read.
    pub(crate) fn last_tokens(&self) -> Result<(Vec<KeptToken>, usize), JournalFault> {
        let connection = &self.connection;
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
    pub(crate) fn token(&self, id: &str) -> Result<Option<KeptToken>, JournalFault> {
        let found = self
            .connection
            .query_row("SELECT view, header, claims, claims_source, told, known FROM tokens WHERE id = ?", [id], kept_columns)
            .optional()?;
        found.map(parse_kept).transpose()
    }

    /// Number of steps.
    pub(crate) fn steps(&self) -> Result<i64, JournalFault> {
        Ok(self.connection.query_row("SELECT count(*) FROM steps", [], |row| row.get(0))?)
    }

    /// One step with the events joined to it.
    pub(crate) fn step(&self, id: i64) -> Result<Option<Step>, JournalFault> {
        let connection = &self.connection;
        let Some(step) = stored::step(connection, id)? else { return Ok(None) };
        let mut step = step?;
        let mut statement =
            connection.prepare_cached("SELECT body, joined_by FROM events WHERE step = ? ORDER BY time_ms, id")?;
        let rows = statement.query_map([id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?)))?;
        for row in rows {
            let Some((body, by)) = stored::readable(row)? else { continue };
            let Ok(mut event) = stored::event(&body) else { continue };
            event.step = Some(id);
            event.joined_by = by.and_then(joined_by);
            step.events.push(event);
        }
        readings::renew(connection, &mut step)?;
        Ok(Some(step))
    }

    /// Number of the newest step, if any.
    pub(crate) fn last_step(&self) -> Result<Option<i64>, JournalFault> {
        Ok(self.connection.query_row("SELECT max(id) FROM steps", [], |row| row.get(0))?)
    }

    /// The steps of the current run of a profile: from its last successful log in on, oldest first, at most `limit`.
    pub(crate) fn current_run(&self, profile: &str, limit: u32) -> Result<Vec<i64>, JournalFault> {
        let connection = &self.connection;
        let mut statement = connection.prepare_cached(
            "SELECT id FROM (SELECT id FROM steps WHERE profile = ?1 AND operation NOT IN ('discover', 'read_events', 'predict')
               AND NOT EXISTS (SELECT 1 FROM facts WHERE step = id AND bundle IS NOT NULL AND operation = 'call_api')
               AND id >= coalesce((SELECT max(id) FROM steps WHERE profile = ?1 AND operation = 'log_in' AND outcome = 0), 0)
             ORDER BY id DESC LIMIT ?2) ORDER BY id",
        )?;
        let rows = statement.query_map(params![profile, limit], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Steps an event of this time could belong to, newest first.
    pub(crate) fn marks(&self, profile: &str, from_ms: i64, to_ms: i64) -> Result<Vec<StepKey>, JournalFault> {
        let connection = &self.connection;
        let mut statement = connection
            .prepare_cached("SELECT id FROM steps WHERE profile = ? AND started_ms BETWEEN ? AND ? ORDER BY id DESC LIMIT 500")?;
        let ids: Vec<i64> = statement.query_map(params![profile, from_ms, to_ms], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let mut facts = connection.prepare_cached(
            "SELECT s.operation, s.started_ms, s.duration_us, f.client, f.reported FROM steps s JOIN facts f ON f.step = s.id WHERE s.id = ?",
        )?;
        let columns = |row: &rusqlite::Row<'_>| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, i64>(2)?,
                row.get::<_, Option<String>>(3)?,
                row.get::<_, Option<String>>(4)?,
            ))
        };
        let mut carried =
            connection.prepare_cached("SELECT token, made FROM carried WHERE step = ? ORDER BY made DESC, place")?;
        let mut marks = Vec::with_capacity(ids.len());
        for id in ids {
            let Some((operation, started_ms, duration_us, client, reported)) =
                stored::readable(facts.query_row([id], columns).optional())?.flatten()
            else {
                continue;
            };
            let Some(operation) = view::operation(&operation) else { continue };
            let mut jtis: Vec<String> = reported.and_then(|list| serde_json::from_str(&list).ok()).unwrap_or_default();
            let tokens: Vec<(String, bool)> =
                carried.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?.filter_map(Result::ok).collect();
            let mut sessions = Vec::new();
            for (token, made) in tokens {
                // A refresh names the token it used up in its event, so that one counts as well.
                if made || operation == Operation::Refresh {
                    jtis.extend(
                        connection
                            .prepare_cached("SELECT jti FROM tokens WHERE id = ? AND jti IS NOT NULL")?
                            .query_row([&token], |row| row.get::<_, String>(0))
                            .optional()
                            .unwrap_or_default(),
                    );
                }
                // A gateway's token carries no session of the provider; the token it was made from does.
                let mut family = connection.prepare_cached(
                    "WITH RECURSIVE up(parent, sid) AS (SELECT parent, sid FROM tokens WHERE id = ?
                       UNION SELECT t.parent, t.sid FROM tokens t JOIN up ON t.id = up.parent)
                     SELECT sid FROM up WHERE sid IS NOT NULL",
                )?;
                for sid in family.query_map([&token], |row| row.get::<_, String>(0))? {
                    sessions.extend(stored::readable(sid)?);
                }
            }
            marks.push(StepKey {
                step: id,
                caused: oauth::operation::of(operation).events,
                client,
                from_ms: started_ms,
                to_ms: started_ms + duration_us / 1000,
                jtis,
                sessions,
            });
        }
        Ok(marks)
    }

    /// Adds events that are not there yet, with what they were joined to; gives how many were new.
    pub(crate) fn add_events(&mut self, profile: &str, events: &[Event]) -> Result<u32, JournalFault> {
        let transaction = self.connection.transaction()?;
        let mut new = 0;
        for event in events {
            let inserted = transaction
                .prepare_cached(
                    "INSERT OR IGNORE INTO events (id, profile, time_ms, step, joined_by, sid, token_id, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                )?
                .execute(params![
                    event.id,
                    profile,
                    event.time_ms,
                    event.step,
                    event.joined_by.map(joined_number),
                    event.session,
                    event.token_id,
                    v1::write(&view::event_record(event.clone()))?
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
    pub(crate) fn loose_events(&self, profile: &str, from_ms: i64) -> Result<Vec<Event>, JournalFault> {
        let connection = &self.connection;
        let mut statement = connection.prepare_cached(
            "SELECT body FROM events WHERE profile = ? AND step IS NULL AND joined_by IS NULL AND time_ms >= ? ORDER BY time_ms LIMIT 1000",
        )?;
        let mut events = Vec::new();
        for row in statement.query_map(params![profile, from_ms], |row| row.get::<_, String>(0))? {
            events.extend(stored::readable(row)?.and_then(|body| stored::event(&body).ok()));
        }
        Ok(events)
    }

    /// One event with what joined it.
    pub(crate) fn event(&self, id: &str) -> Result<Option<Event>, JournalFault> {
        let found = self
            .connection
            .query_row("SELECT body, step, joined_by FROM events WHERE id = ?", [id], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, Option<i64>>(2)?))
            })
            .optional()?;
        let Some((body, step, by)) = found else { return Ok(None) };
        let mut event = stored::event(&body)?;
        event.step = step;
        event.joined_by = by.and_then(joined_by);
        Ok(Some(event))
    }

    /// Joins an event to a step after all.
    pub(crate) fn join_event(&mut self, profile: &str, event: &Event) -> Result<(), JournalFault> {
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "UPDATE events SET step = ?, joined_by = ? WHERE id = ?",
            params![event.step, event.joined_by.map(joined_number), event.id],
        )?;
        query::unindex(&transaction, &format!("event:{}", event.id))?;
        query::index_event(&transaction, profile, event)?;
        transaction.commit()?;
        self.changed();
        Ok(())
    }

    /// Time of the newest event of a profile, epoch milliseconds.
    pub(crate) fn newest_event(&self, profile: &str) -> Result<Option<i64>, JournalFault> {
        Ok(self.connection.query_row("SELECT max(time_ms) FROM events WHERE profile = ?", [profile], |row| row.get(0))?)
    }
}

type KeptColumns = (String, [Option<String>; 5]);

fn kept_columns(row: &rusqlite::Row<'_>) -> rusqlite::Result<KeptColumns> {
    Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?]))
}

fn parse_kept((view, [header, claims, claims_source, told, known]): KeptColumns) -> Result<KeptToken, JournalFault> {
    let mut view = view::token(v1::read(&view)?)?;
    view.evidence_only = true;
    view.verification = view.verification.as_evidence(view.decrypted);
    let map = |text: Option<String>| text.map(|text| serde_json::from_str(&text)).transpose();
    let told = told.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default();
    let mut known: Particulars = known.map(|text| serde_json::from_str(&text)).transpose()?.unwrap_or_default();
    known.reading = known.reading.as_evidence();
    Ok(KeptToken { view, header: map(header)?, claims: map(claims)?, claims_source, told, known })
}

/// A new row of a step, with its record.
fn insert_step(connection: &Connection, step: &Step, outcome: i64) -> Result<i64, JournalFault> {
    connection
        .prepare_cached("INSERT INTO steps (started_ms, duration_us, operation, profile, outcome) VALUES (?, ?, ?, ?, ?)")?
        .execute(params![step.started_ms, step.duration_us, operation_word(step.operation), step.profile, outcome])?;
    let id = connection.last_insert_rowid();
    connection
        .prepare_cached("INSERT INTO bodies (step, body) VALUES (?, ?)")?
        .execute(params![id, v1::write(&view::step_record(step.clone()))?])?;
    Ok(id)
}

fn insert_token(
    connection: &Connection,
    kept: &KeptToken,
    step: Option<i64>,
    session: i64,
    now_ms: i64,
) -> Result<(), JournalFault> {
    let mut view = kept.view.clone();
    view.step = step;
    let (id, parent, jti, sid) = (view.id.clone(), view.parent.clone(), view.jti.clone(), view.session.clone());
    // What a later version wrote of it stays.
    let more = stored::token(connection, &id)?.map(|record| record.more).unwrap_or_default();
    let record = v1::write(&view::token_record(view, more))?;
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
            id,
            step,
            parent,
            session,
            now_ms,
            jti,
            sid,
            record,
            json(&kept.header)?,
            json(&kept.claims)?,
            kept.claims_source,
            serde_json::to_string(&kept.told)?,
            serde_json::to_string(&kept.known)?
        ])?;
    Ok(())
}
