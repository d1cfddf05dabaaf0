//! Newer readings of steps, and what the journal knows of a token besides: earlier steps with it, events about it.
//!
//! A step is never changed. When its event or a setting says more than its own exchange did, the newer diagnosis lies in a
//! table of its own, and whoever reads the step gets that one.

use oauth::{
    message::value,
    operation::Spends,
    refusal::{MadeSecret, Past},
};
use record::{
    audit::{Diagnosis, Event, Step},
    operation::Operation,
};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use token::inspect::{TokenKind, TokenView};

use super::{Journal, JournalFault, stored};

/// How many steps back an earlier use of a token is looked for.
const BACK: u32 = 300;

/// What a step was diagnosed as later on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reread {
    /// In place of the step's own.
    pub diagnosis: Option<Diagnosis>,
    /// In place of the step's own.
    pub surprises: Vec<Diagnosis>,
}

impl Journal {
    /// Steps from `from_ms` on that have events and could be read better with them, and were not yet.
    pub(crate) fn to_be_read_again(&self, profile: &str, from_ms: i64) -> Result<Vec<i64>, JournalFault> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT id FROM steps WHERE profile = ? AND started_ms >= ?
               AND (outcome = 1 OR (outcome = 0 AND (SELECT json_array_length(body, '$.surprises') FROM bodies WHERE bodies.step = steps.id AND json_valid(body)) > 0))
               AND EXISTS (SELECT 1 FROM events WHERE events.step = steps.id)
               AND NOT EXISTS (SELECT 1 FROM readings WHERE readings.step = steps.id)
             ORDER BY id DESC LIMIT 50",
        )?;
        let rows = statement.query_map(params![profile, from_ms], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps a newer reading of a step.
    pub(crate) fn keep_reading(&self, step: i64, reread: &Reread) -> Result<(), JournalFault> {
        self.lock().execute(
            "INSERT OR REPLACE INTO readings (step, body) VALUES (?, ?)",
            params![step, serde_json::to_string(reread)?],
        )?;
        self.changed();
        Ok(())
    }

    /// Calls, introspections and revocations that sent a token, oldest first; `since` is the step that made it, if any.
    pub(crate) fn uses(&self, token: &str, since: Option<i64>) -> Result<Vec<Step>, JournalFault> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT b.body FROM steps s JOIN bodies b ON b.step = s.id
             WHERE s.id >= ?1 AND s.operation IN ('call_api', 'introspect', 'revoke') AND instr(b.body, ?2) > 0 ORDER BY s.id DESC LIMIT 200",
        )?;
        let rows = statement.query_map(params![since.unwrap_or(0), token], |row| row.get::<_, String>(0))?;
        let mut steps = Vec::new();
        for body in rows {
            let Some(mut step) = stored::readable(body)?.and_then(|body| stored::parsed::<Step>(&body)) else { continue };
            if step.tokens_in.iter().any(|id| id == token) {
                renew(&connection, &mut step)?;
                steps.push(step);
            }
        }
        steps.reverse();
        Ok(steps)
    }

    /// Successful earlier steps with a token; `before` is the number of the step that is asked about.
    pub(crate) fn past(&self, profile: &str, token: &TokenView, before: Option<i64>) -> Result<Past, JournalFault> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT s.id, s.outcome, b.body FROM steps s JOIN bodies b ON b.step = s.id
             WHERE s.profile = ? AND s.id < ? AND s.operation IN ('log_out', 'revoke', 'refresh', 'jwt_bearer')
             ORDER BY s.id DESC LIMIT ?",
        )?;
        let rows = statement.query_map(params![profile, before.unwrap_or(i64::MAX), BACK], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
        })?;
        let mut past = Past::default();
        for row in rows {
            let Some((id, outcome, body)) = stored::readable(row)? else { continue };
            let Some(step) = stored::parsed::<Step>(&body) else { continue };
            for used in &step.tokens_in {
                let Some(used) = view(&connection, used)? else { continue };
                let same = used.id == token.id || (used.jti.is_some() && used.jti == token.jti);
                let same_session = used.session.is_some() && used.session == token.session;
                // Without sessions, what came of one answer ends together.
                let same_login = same_session
                    || (used.session.is_none() && token.session.is_none() && used.step.is_some() && used.step == token.step);
                let done = outcome == 0;
                // A server need not do what another client asks (RFC 7009 2.1), and answers 200 all the same.
                let by_other = step.client.is_some() && used.client.is_some() && step.client != used.client;
                if step.operation == Operation::Revoke && by_other {
                    continue;
                }
                let brought = |kind| {
                    step.tokens_out
                        .iter()
                        .any(|id| view(&connection, id).is_ok_and(|found| found.is_some_and(|found| found.kind == kind)))
                };
                if step.operation == Operation::Refresh && done && same && brought(TokenKind::Refresh) {
                    past.rotated.get_or_insert(id);
                }
                let spends = oauth::operation::of(step.operation).spends;
                let mark = match step.operation {
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
    pub(crate) fn made_secret(
        &self,
        profile: &str,
        client: &str,
        before: Option<i64>,
    ) -> Result<Option<MadeSecret>, JournalFault> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT s.id, b.body FROM steps s JOIN bodies b ON b.step = s.id
             WHERE s.profile = ? AND s.id < ? AND s.operation = ? AND s.outcome = 0 ORDER BY s.id DESC LIMIT ?",
        )?;
        let word = super::operation_word(Operation::Portal);
        let rows = statement.query_map(params![profile, before.unwrap_or(i64::MAX), word, BACK], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })?;
        for row in rows {
            let Some((id, body)) = stored::readable(row)? else { continue };
            let Some(step) = stored::parsed::<Step>(&body) else { continue };
            let Some(draft) = step.draft.filter(|draft| value(draft, "client") == Some(client)) else { continue };
            match value(&draft, "call") {
                Some("generate_secret") => {
                    let life = value(&draft, "expires_in").and_then(|text| text.trim().parse::<i64>().ok());
                    return Ok(life.map(|life| MadeSecret { step: id, ends_s: step.started_ms / 1000 + life }));
                }
                Some("regenerate_secret") => return Ok(None),
                _ => {}
            }
        }
        Ok(None)
    }

    /// The last step of an operation by a client, if it was refused and its cause is certain: number, id and cause.
    pub(crate) fn last_refusal(
        &self,
        profile: &str,
        operation: Operation,
        client: &str,
    ) -> Result<Option<(i64, Diagnosis)>, JournalFault> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT s.id, s.outcome, b.body FROM steps s JOIN bodies b ON b.step = s.id
             WHERE s.profile = ? AND s.operation = ? AND s.outcome IN (0, 1) ORDER BY s.id DESC LIMIT 20",
        )?;
        let rows = statement.query_map(params![profile, super::operation_word(operation)], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
        })?;
        for row in rows {
            let Some((id, outcome, body)) = stored::readable(row)? else { continue };
            let Some(mut step) = stored::parsed::<Step>(&body) else { continue };
            if step.client.as_deref() != Some(client) {
                continue;
            }
            renew(&connection, &mut step)?;
            return Ok(step.diagnosis.filter(|diagnosis| outcome == 1 && diagnosis.certain).map(|diagnosis| (id, diagnosis)));
        }
        Ok(None)
    }

    /// Events that name the session or the id of a token, newest first.
    pub(crate) fn events_about(&self, profile: &str, token: &TokenView) -> Result<Vec<Event>, JournalFault> {
        if token.session.is_none() && token.jti.is_none() {
            return Ok(Vec::new());
        }
        let connection = self.lock();
        let mut statement = connection.prepare_cached(
            "SELECT body FROM (SELECT body FROM events WHERE profile = ? AND time_ms >= ? ORDER BY time_ms DESC LIMIT 5000)
             WHERE CASE WHEN json_valid(body) THEN json_extract(body, '$.session') = ? OR json_extract(body, '$.token_id') = ? END LIMIT 50",
        )?;
        let from_ms = token.issued_at.map_or(0, |issued| issued.saturating_mul(1000) - 60_000);
        let mut events = Vec::new();
        for row in statement.query_map(params![profile, from_ms, token.session, token.jti], |row| row.get::<_, String>(0))? {
            events.extend(stored::readable(row)?.and_then(|body| stored::parsed::<Event>(&body)));
        }
        Ok(events)
    }
}

/// Puts the newer reading of a step, if there is one, in place of its own.
pub(super) fn renew(connection: &Connection, step: &mut Step) -> Result<(), JournalFault> {
    let body = connection
        .prepare_cached("SELECT body FROM readings WHERE step = ?")?
        .query_row([step.id], |row| row.get::<_, String>(0));
    let body = stored::readable(body.optional())?.flatten();
    if let Some(reread) = body.and_then(|body| stored::parsed::<Reread>(&body)) {
        (step.diagnosis, step.surprises) = (reread.diagnosis, reread.surprises);
    }
    Ok(())
}

fn view(connection: &Connection, id: &str) -> Result<Option<TokenView>, JournalFault> {
    let body = connection.prepare_cached("SELECT view FROM tokens WHERE id = ?")?.query_row([id], |row| row.get::<_, String>(0));
    Ok(stored::readable(body.optional())?.flatten().and_then(|body| stored::parsed(&body)))
}
