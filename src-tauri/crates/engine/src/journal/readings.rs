//! Newer readings of steps, and what the journal knows of a token besides: earlier steps with it, events about it.
//!
//! A step is never changed. When its event or a setting says more than its own exchange did, the newer diagnosis lies in a
//! table of its own, and whoever reads the step gets that one.

use oauth::{
    message::value,
    operation::{self, Definition, Spends},
    refusal::{MadeSecret, Past},
};
use record::{
    audit::{Diagnosis, Event, Step},
    operation::Operation,
    v1::{self, More},
    view,
};
use rusqlite::{Connection, OptionalExtension as _, params};
use token::inspect::{TokenKind, TokenView};

use super::{fault::JournalFault, numbers::operation_word, rows::Rows, stored};

/// How many steps back an earlier use of a token is looked for.
const BACK: u32 = 300;

/// What a step was diagnosed as later on.
#[derive(Clone, Debug, PartialEq)]
pub struct Reread {
    /// In place of the step's own.
    pub diagnosis: Option<Diagnosis>,
    /// In place of the step's own.
    pub surprises: Vec<Diagnosis>,
}

impl Rows {
    /// Steps from `from_ms` on that have events and could be read better with them, and were not yet.
    pub(super) fn to_be_read_again(&self, profile: &str, from_ms: i64) -> Result<Vec<i64>, JournalFault> {
        let connection = &self.connection;
        let mut statement = connection.prepare_cached(
            "SELECT id FROM steps WHERE profile = ? AND started_ms >= ?
               AND (outcome = 1 OR (outcome = 0 AND (SELECT surprises FROM facts WHERE facts.step = steps.id) > 0))
               AND EXISTS (SELECT 1 FROM events WHERE events.step = steps.id)
               AND NOT EXISTS (SELECT 1 FROM readings WHERE readings.step = steps.id AND again = 1)
             ORDER BY id DESC LIMIT 50",
        )?;
        let rows = statement.query_map(params![profile, from_ms], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps a reading of a step: the first, with the headline it gives the step if it gives one, or a newer one.
    pub(super) fn keep_reading(&mut self, step: i64, reread: Reread, first: Option<Option<String>>) -> Result<(), JournalFault> {
        let again = first.is_none();
        let headline = match first {
            Some(headline) => headline,
            // The newer one says nothing of it.
            None => reading(&self.connection, step)?.and_then(|earlier| earlier.headline),
        };
        let surprises = i64::try_from(reread.surprises.len()).unwrap_or(i64::MAX);
        let record = v1::Reading {
            diagnosis: reread.diagnosis.map(view::diagnosis_record),
            surprises: reread.surprises.into_iter().map(view::diagnosis_record).collect(),
            headline,
            more: More::new(),
        };
        let transaction = self.connection.transaction()?;
        transaction.prepare_cached("INSERT OR REPLACE INTO readings (step, body, again) VALUES (?, ?, ?)")?.execute(params![
            step,
            v1::write(&record)?,
            again
        ])?;
        if !again {
            transaction.prepare_cached("UPDATE facts SET surprises = ? WHERE step = ?")?.execute(params![surprises, step])?;
        }
        transaction.commit()?;
        self.changed();
        Ok(())
    }

    /// Calls, introspections and revocations that sent a token, oldest first; `since` is the step that made it, if any.
    pub(super) fn uses(&self, token: &str, since: Option<i64>) -> Result<Vec<Step>, JournalFault> {
        let connection = &self.connection;
        let mut statement = connection.prepare_cached(
            "SELECT DISTINCT s.id FROM carried c JOIN steps s ON s.id = c.step
             WHERE c.token = ?2 AND c.made = 0 AND s.id >= ?1 AND s.operation IN ('call_api', 'introspect', 'revoke')
             ORDER BY s.id DESC LIMIT 200",
        )?;
        let ids = statement.query_map(params![since.unwrap_or(0), token], |row| row.get::<_, i64>(0))?;
        let mut steps = Vec::new();
        for id in ids {
            let Some(Ok(mut step)) = stored::step(connection, id?)? else { continue };
            renew(connection, &mut step)?;
            steps.push(step);
        }
        steps.reverse();
        Ok(steps)
    }

    /// Successful earlier steps with a token; `before` is the number of the step that is asked about.
    pub(super) fn past(&self, profile: &str, token: &TokenView, before: Option<i64>) -> Result<Past, JournalFault> {
        let connection = &self.connection;
        // Tokens that are the same one, of the same session, or, where there are no sessions, of the same answer.
        let mut statement = connection.prepare_cached(&format!(
            "WITH kin (id) AS (
               SELECT ?1 UNION SELECT id FROM tokens WHERE jti = ?2 UNION SELECT id FROM tokens WHERE sid = ?3
               UNION SELECT id FROM tokens WHERE step = ?4 AND sid IS NULL AND ?3 IS NULL)
             SELECT DISTINCT s.id, s.outcome, s.operation, f.client FROM kin JOIN carried c ON c.token = kin.id AND c.made = 0
             JOIN steps s ON s.id = c.step JOIN facts f ON f.step = s.id
             WHERE s.profile = ?5 AND s.id < ?6 AND s.operation IN ({})
             ORDER BY s.id DESC LIMIT ?7",
            ending_words(),
        ))?;
        let mut carried = connection.prepare_cached("SELECT token FROM carried WHERE step = ? AND made = ? ORDER BY place")?;
        let mut tokens = |step: i64, made: bool| -> Result<Vec<String>, JournalFault> {
            let found = carried.query_map(params![step, made], |row| row.get::<_, String>(0))?;
            Ok(found.filter_map(Result::ok).collect())
        };
        let rows = statement.query_map(
            params![token.id, token.jti, token.session, token.step, profile, before.unwrap_or(i64::MAX), BACK],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?, row.get::<_, Option<String>>(3)?)),
        )?;
        let mut past = Past::default();
        for row in rows {
            let Some((id, outcome, operation, client)) = stored::readable(row)? else { continue };
            let Some(operation) = view::operation(&operation) else { continue };
            let made = tokens(id, true)?;
            for used in &tokens(id, false)? {
                let Some(used) = token_view(connection, used)? else { continue };
                let same = used.id == token.id || (used.jti.is_some() && used.jti == token.jti);
                let same_session = used.session.is_some() && used.session == token.session;
                // Without sessions, what came of one answer ends together.
                let same_login = same_session
                    || (used.session.is_none() && token.session.is_none() && used.step.is_some() && used.step == token.step);
                let done = outcome == 0;
                // A server need not do what another client asks (RFC 7009 2.1), and answers 200 all the same.
                let by_other = client.is_some() && used.client.is_some() && client != used.client;
                if operation == Operation::Revoke && by_other {
                    continue;
                }
                let brought = |kind| {
                    made.iter()
                        .any(|id| token_view(connection, id).is_ok_and(|found| found.is_some_and(|found| found.kind == kind)))
                };
                if operation == Operation::Refresh && done && same && brought(TokenKind::Refresh) {
                    past.rotated.get_or_insert(id);
                }
                let spends = oauth::operation::of(operation).spends;
                let mark = match operation {
                    Operation::LogOut if done && same_login => &mut past.logged_out,
                    Operation::Revoke if done && same => &mut past.revoked,
                    // Revoking a refresh token ends what it keeps alive.
                    Operation::Revoke if done && same_login && used.kind == TokenKind::Refresh => &mut past.logged_out,
                    _ if done && same && spends == Spends::WhenTaken => &mut past.used,
                    // An assertion counts as used where it was refused, too.
                    _ if same && spends == Spends::WhenSent => &mut past.used,
                    _ => continue,
                };
                mark.get_or_insert(id);
            }
        }
        Ok(past)
    }

    /// The secret that was made last for a client at a portal, if it was made with an end; what came before `before` counts.
    pub(super) fn made_secret(
        &self,
        profile: &str,
        client: &str,
        before: Option<i64>,
    ) -> Result<Option<MadeSecret>, JournalFault> {
        let connection = &self.connection;
        let found = connection
            .prepare_cached(
                "SELECT s.id, f.call FROM facts f JOIN steps s ON s.id = f.step
                 WHERE f.caller = ? AND f.call IN ('generate_secret', 'regenerate_secret') AND s.profile = ? AND s.id < ?
                   AND s.operation = ? AND s.outcome = 0 ORDER BY s.id DESC LIMIT 1",
            )?
            .query_row(params![client, profile, before.unwrap_or(i64::MAX), operation_word(Operation::Portal)], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
            })
            .optional();
        let Some((id, _)) = stored::readable(found)?.flatten().filter(|(_, call)| call == "generate_secret") else {
            return Ok(None);
        };
        let Some(Ok(step)) = stored::step(connection, id)? else { return Ok(None) };
        let life = step.draft.as_ref().and_then(|draft| value(draft, "expires_in"));
        let life = life.and_then(|text| text.trim().parse::<i64>().ok());
        Ok(life.map(|life| MadeSecret { step: id, ends_s: step.started_ms / 1000 + life }))
    }

    /// The last step of an operation by a client, if it was refused and its cause is certain: number, id and cause.
    pub(super) fn last_refusal(
        &self,
        profile: &str,
        operation: Operation,
        client: &str,
    ) -> Result<Option<(i64, Diagnosis)>, JournalFault> {
        let connection = &self.connection;
        let found = connection
            .prepare_cached(
                "SELECT s.id, s.outcome FROM steps s JOIN facts f ON f.step = s.id
                 WHERE s.profile = ? AND s.operation = ? AND s.outcome IN (0, 1) AND f.client = ? ORDER BY s.id DESC LIMIT 1",
            )?
            .query_row(params![profile, operation_word(operation), client], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
            })
            .optional();
        let Some((id, 1)) = stored::readable(found)?.flatten() else { return Ok(None) };
        let Some(Ok(mut step)) = stored::step(connection, id)? else { return Ok(None) };
        renew(connection, &mut step)?;
        Ok(step.diagnosis.filter(|diagnosis| diagnosis.certain).map(|diagnosis| (id, diagnosis)))
    }

    /// Events that name the session or the id of a token, newest first.
    pub(super) fn events_about(&self, profile: &str, token: &TokenView) -> Result<Vec<Event>, JournalFault> {
        if token.session.is_none() && token.jti.is_none() {
            return Ok(Vec::new());
        }
        let connection = &self.connection;
        let mut statement = connection.prepare_cached(
            "WITH newest (event) AS (
               SELECT * FROM (SELECT rowid FROM events WHERE profile = ?1 AND sid = ?3 AND time_ms >= ?2
                              ORDER BY time_ms DESC LIMIT 50)
               UNION
               SELECT * FROM (SELECT rowid FROM events WHERE profile = ?1 AND token_id = ?4 AND time_ms >= ?2
                              ORDER BY time_ms DESC LIMIT 50))
             SELECT body FROM newest JOIN events ON events.rowid = newest.event ORDER BY time_ms DESC LIMIT 50",
        )?;
        let from_ms = token.issued_at.map_or(0, |issued| issued.saturating_mul(1000) - 60_000);
        let mut events = Vec::new();
        for row in statement.query_map(params![profile, from_ms, token.session, token.jti], |row| row.get::<_, String>(0))? {
            events.extend(stored::readable(row)?.and_then(|body| stored::event(&body).ok()));
        }
        Ok(events)
    }
}

/// The operations after which a token may be of no more use, as a list of SQL; their words are our own.
fn ending_words() -> String {
    let ends = |one: &&&Definition| matches!(one.operation, Operation::LogOut | Operation::Revoke) || one.spends != Spends::Never;
    let words = operation::ALL.iter().filter(ends).map(|one| format!("'{}'", operation_word(one.operation)));
    words.collect::<Vec<_>>().join(", ")
}

/// The newest reading of a step; none where there is none that can be read.
fn reading(connection: &Connection, step: i64) -> Result<Option<v1::Reading>, JournalFault> {
    let body =
        connection.prepare_cached("SELECT body FROM readings WHERE step = ?")?.query_row([step], |row| row.get::<_, String>(0));
    Ok(stored::readable(body.optional())?.flatten().and_then(|body| v1::read(&body).ok()))
}

/// Puts the newest reading of a step, if there is one, in place of its own.
pub(super) fn renew(connection: &Connection, step: &mut Step) -> Result<(), JournalFault> {
    let Some(reading) = reading(connection, step.id)? else { return Ok(()) };
    let diagnosis = reading.diagnosis.map(view::diagnosis).transpose();
    let surprises = reading.surprises.into_iter().map(view::diagnosis).collect();
    // One that this version cannot show is as good as none.
    if let (Ok(diagnosis), Ok(surprises)) = (diagnosis, surprises) {
        (step.diagnosis, step.surprises) = (diagnosis, surprises);
    }
    if let Some(headline) = reading.headline {
        step.headline = headline;
    }
    Ok(())
}

fn token_view(connection: &Connection, id: &str) -> Result<Option<TokenView>, JournalFault> {
    Ok(stored::token(connection, id)?.and_then(|record| view::token(record).ok()))
}
