//! Reading the timeline: pages, counts and the histogram.
//!
//! Counts and bars are kept until the journal changes, so that scrolling costs one indexed page read.

use std::{collections::BTreeMap, fmt::Write as _};

use record::audit::{AuditPage, AuditQuery, AuditRow, Bin, ChipCount, Event, Outcome, Step};
use record::operation::Operation;
use rusqlite::{Connection, params, params_from_iter, types::Value};

use super::{
    fault::JournalFault,
    numbers::{joined_by, joined_number, outcome_number, outcome_of},
    rows::{CountCache, Counts, Rows},
    stored,
};

const CHIPS: [&str; 4] = ["logins", "exchanges", "errors", "server_events"];

impl Rows {
    /// A page of the timeline with counts and histogram. A timeline that does not hold what was written is derived again.
    pub(super) fn page(&mut self, query: &AuditQuery) -> Result<AuditPage, JournalFault> {
        match self.page_as_it_is(query) {
            Err(JournalFault::Sqlite(rusqlite::Error::InvalidColumnType(..) | rusqlite::Error::IntegralValueOutOfRange(..))) => {
                rebuild(&mut self.connection)?;
                self.changed();
                self.page_as_it_is(query)
            }
            page => page,
        }
    }

    fn page_as_it_is(&mut self, query: &AuditQuery) -> Result<AuditPage, JournalFault> {
        let rows = self.rows(query)?;
        let counts = self.counts(query)?;
        Ok(AuditPage {
            rows,
            matching: counts.matching,
            total: counts.total,
            chips: counts.chips,
            bins: counts.bins,
            bin_ms: counts.bin_ms,
        })
    }

    /// Only the rows of a page.
    pub(super) fn rows(&self, query: &AuditQuery) -> Result<Vec<AuditRow>, JournalFault> {
        let connection = &self.connection;
        let filter = Filter::of(query, connection, true, true)?;
        let sql = format!(
            "SELECT key, time_ms, step, is_event, operation, subject, client, audience, outcome, outcome_text, joined_by, duration_us, times, profile
             FROM timeline {} ORDER BY sort_ms DESC, step DESC, is_event, time_ms DESC LIMIT ? OFFSET ?",
            filter.sql
        );
        let mut values = filter.values;
        values.push(Value::from(i64::from(query.limit.min(1000))));
        values.push(Value::from(i64::from(query.offset)));
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| {
            Ok(AuditRow {
                key: row.get(0)?,
                time_ms: row.get(1)?,
                step: row.get(2)?,
                is_event: row.get(3)?,
                operation: match row.get::<_, i64>(12)? {
                    1 => row.get(4)?,
                    times => format!("{}, {times} times", row.get::<_, String>(4)?),
                },
                subject: row.get(5)?,
                client: row.get(6)?,
                audience: row.get(7)?,
                outcome: outcome_of(row.get(8)?),
                outcome_text: row.get(9)?,
                joined_by: row.get::<_, Option<i64>>(10)?.and_then(joined_by),
                duration_us: row.get(11)?,
                profile: row.get(13)?,
            })
        })?;
        let mut read = Vec::new();
        for row in rows {
            read.extend(stored::readable(row)?);
        }
        Ok(read)
    }

    fn counts(&mut self, query: &AuditQuery) -> Result<Counts, JournalFault> {
        let key = serde_json::to_string(&AuditQuery { offset: 0, limit: 0, ..query.clone() })?;
        if self.counts.version != self.version {
            self.counts = CountCache { version: self.version, kept: BTreeMap::new() };
        }
        if let Some(counts) = self.counts.kept.get(&key) {
            return Ok(counts.clone());
        }
        let counts = count(&self.connection, query)?;
        self.counts.kept.insert(key, counts.clone());
        Ok(counts)
    }
}

fn count(connection: &Connection, query: &AuditQuery) -> Result<Counts, JournalFault> {
    let total = connection.query_row("SELECT count(*) FROM timeline", [], |row| row.get(0))?;
    let all = Filter::of(query, connection, true, true)?;
    let matching = connection
        .prepare_cached(&format!("SELECT count(*) FROM timeline {}", all.sql))?
        .query_row(params_from_iter(all.values), |row| row.get(0))?;
    let open = Filter::of(query, connection, false, true)?;
    let sums: (u32, u32, u32, u32) = connection
        .prepare_cached(&format!(
            "SELECT coalesce(sum(login), 0), coalesce(sum(exchange), 0), coalesce(sum(outcome IN (1, 2)), 0), coalesce(sum(is_event), 0) FROM timeline {}",
            open.sql
        ))?
        .query_row(params_from_iter(open.values), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let chips = CHIPS
        .iter()
        .zip([sums.0, sums.1, sums.2, sums.3])
        .map(|(chip, count)| ChipCount { chip: (*chip).to_owned(), count })
        .collect();
    let (bins, bin_ms) = histogram(connection, query)?;
    Ok(Counts { matching, total, chips, bins, bin_ms })
}

/// About 80 bars over the whole time of what matches, in round widths.
fn histogram(connection: &Connection, query: &AuditQuery) -> Result<(Vec<Bin>, i64), JournalFault> {
    const WIDTHS_S: [i64; 14] = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 86_400, 604_800, 2_592_000];
    let filter = Filter::of(query, connection, true, false)?;
    let span: (Option<i64>, Option<i64>) = connection
        .prepare_cached(&format!("SELECT min(time_ms), max(time_ms) FROM timeline {}", filter.sql))?
        .query_row(params_from_iter(filter.values.clone()), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (Some(first), Some(last)) = span else { return Ok((Vec::new(), 1000)) };
    let width = WIDTHS_S
        .iter()
        .map(|seconds| seconds * 1000)
        .find(|width| (last - first) / width < 120)
        .unwrap_or(((last - first) / 80).max(1));
    let sql = format!(
        "SELECT time_ms / {width}, sum(1 - is_event), sum(is_event), sum(outcome IN (1, 2)) FROM timeline {} GROUP BY 1 ORDER BY 1",
        filter.sql
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(filter.values), |row| {
        Ok(Bin { from_ms: row.get::<_, i64>(0)? * width, steps: row.get(1)?, events: row.get(2)?, errors: row.get(3)? })
    })?;
    let mut bins: Vec<Bin> = Vec::new();
    for row in rows {
        let bin = row?;
        // Times without a row are bars too, of height nothing, so that the axis is even.
        while let Some(next) = bins.last().map(|last| last.from_ms + width).filter(|next| *next < bin.from_ms) {
            bins.push(Bin { from_ms: next, steps: 0, events: 0, errors: 0 });
        }
        bins.push(bin);
    }
    Ok((bins, width))
}

struct Filter {
    sql: String,
    values: Vec<Value>,
}

impl Filter {
    fn of(query: &AuditQuery, connection: &Connection, chips: bool, range: bool) -> Result<Self, JournalFault> {
        let mut parts = Vec::new();
        let mut values = Vec::new();
        if let Some(profile) = &query.profile {
            parts.push("profile = ?".to_owned());
            values.push(Value::from(profile.clone()));
        }
        if range {
            for (bound, sign) in [(query.from_ms, ">="), (query.to_ms, "<")] {
                if let Some(bound) = bound {
                    parts.push(format!("time_ms {sign} ?"));
                    values.push(Value::from(bound));
                }
            }
        }
        if chips {
            let wanted: Vec<&str> = CHIPS
                .iter()
                .filter(|chip| query.chips.iter().any(|wanted| wanted == **chip))
                .map(|chip| match *chip {
                    "logins" => "login = 1",
                    "exchanges" => "exchange = 1",
                    // Of a step that was stopped, or whose end is not known, nobody knows an error. The first half finds the index.
                    "errors" => "outcome > 0 AND outcome < 3",
                    _ => "is_event = 1",
                })
                .collect();
            if !wanted.is_empty() {
                parts.push(format!("({})", wanted.join(" OR ")));
            }
        }
        if let Some(token) = &query.lineage {
            parts.push(format!("step IN ({})", list(&lineage(connection, token)?)));
        }
        if let Some(words) = match_words(&query.search) {
            parts.push("row IN (SELECT rowid FROM words WHERE words MATCH ?)".to_owned());
            values.push(Value::from(words));
        }
        let sql = if parts.is_empty() { String::new() } else { format!("WHERE {}", parts.join(" AND ")) };
        Ok(Self { sql, values })
    }
}

fn list(steps: &[i64]) -> String {
    steps.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// Steps that made or used the token, its ancestors or its descendants.
fn lineage(connection: &Connection, token: &str) -> Result<Vec<i64>, JournalFault> {
    let mut statement = connection.prepare_cached(
        "WITH RECURSIVE up(id, parent) AS (SELECT id, parent FROM tokens WHERE id = ?1 UNION SELECT t.id, t.parent FROM tokens t JOIN up ON t.id = up.parent),
           family(id) AS (SELECT id FROM up UNION SELECT t.id FROM tokens t JOIN family f ON t.parent = f.id)
         SELECT DISTINCT step FROM tokens WHERE id IN family AND step IS NOT NULL ORDER BY step",
    )?;
    let rows = statement.query_map([token], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Turns what the user typed into a full-text expression in which every word is a literal prefix. `step 30` is that very step, as
/// the window names it everywhere.
fn match_words(search: &str) -> Option<String> {
    let mut expression = String::new();
    let mut typed = search.split_whitespace().peekable();
    while let Some(word) = typed.next() {
        let number = word.eq_ignore_ascii_case("step").then(|| typed.peek().and_then(|next| next.parse::<u64>().ok())).flatten();
        if let Some(number) = number {
            typed.next();
            let _ = write!(expression, "\"step:{number}\" ");
            continue;
        }
        let word: String = word.chars().filter(|c| *c != '"').collect();
        if !word.is_empty() {
            let _ = write!(expression, "\"{word}\"* ");
        }
    }
    (!expression.is_empty()).then_some(expression)
}

/// Derives the timeline and its words again from the steps and events that can be read; gives the steps that cannot.
pub(super) fn rebuild(connection: &mut Connection) -> Result<Vec<i64>, JournalFault> {
    let mut unread = Vec::new();
    let transaction = connection.transaction()?;
    transaction.execute_batch("DELETE FROM timeline; INSERT INTO words (words) VALUES ('delete-all')")?;
    {
        let mut steps = transaction.prepare("SELECT step, body FROM bodies ORDER BY step")?;
        for row in steps.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1))))? {
            let (id, body) = row?;
            match stored::readable(body)?.and_then(|body| stored::step_of(id, &body).ok()) {
                Some(step) => index_step(&transaction, &step)?,
                None => unread.push(id),
            }
        }
        let mut events = transaction.prepare("SELECT profile, body, step, joined_by FROM events ORDER BY time_ms, id")?;
        let columns = |row: &rusqlite::Row<'_>| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, Option<i64>>(2)?, row.get::<_, Option<i64>>(3)?))
        };
        for row in events.query_map([], columns)? {
            let Some((profile, body, step, by)) = stored::readable(row)? else { continue };
            let Ok(event) = stored::event(&body) else { continue };
            index_event(&transaction, &profile, &Event { step, joined_by: by.and_then(joined_by), ..event })?;
        }
    }
    transaction.commit()?;
    Ok(unread)
}

pub(super) fn index_step(connection: &Connection, step: &Step) -> Result<(), JournalFault> {
    let outcome_text = match (step.outcome, step.status) {
        (Outcome::Success, Some(status)) => status.to_string(),
        (Outcome::Success, None) => "done".into(),
        (Outcome::Cancelled, _) => "cancelled".into(),
        (_, status) => {
            let word =
                step.words.as_ref().and_then(|words| words.error.clone()).or_else(|| step.problem_id.clone()).unwrap_or_default();
            match status {
                Some(status) => format!("{status} {word}").trim_end().to_owned(),
                None => word,
            }
        }
    };
    if let Some(first) = step.bundle
        && joined_row(connection, first, &outcome_text)?
    {
        return Ok(());
    }
    // What was asked for metadata is told in the row's one wide place; columns of audiences are narrow.
    let asked = step.audience.as_deref().filter(|_| step.operation == Operation::Discover);
    let operation = match asked {
        Some(asked) => format!("{} of {}", step.title, asked.split_once("://").map_or(asked, |(_, rest)| rest)),
        None => step.title.clone(),
    };
    let exchange = oauth::operation::of(step.operation).from_token;
    connection
        .prepare_cached(
            "INSERT INTO timeline (sort_ms, step, is_event, time_ms, key, profile, operation, subject, client, audience, outcome, outcome_text, duration_us, login, exchange, bundle)
             VALUES (?1, ?2, 0, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        )?
        .execute(params![
            step.started_ms,
            step.id,
            format!("step:{}", step.id),
            step.profile,
            operation,
            step.subject,
            step.client,
            step.audience.as_ref().filter(|_| asked.is_none()),
            outcome_number(step.outcome),
            outcome_text,
            Some(step.duration_us).filter(|_| step.outcome != Outcome::Unknown),
            step.operation == Operation::LogIn,
            exchange,
            step.bundle,
        ])?;
    let row = connection.last_insert_rowid();
    let mut text = format!("{} {} {outcome_text} step:{}", step.title, step.headline, step.id);
    for word in [&step.subject, &step.client, &step.audience, &step.problem].into_iter().flatten() {
        let _ = write!(text, " {word}");
    }
    if let Some(words) = &step.words {
        let _ =
            write!(text, " {} {}", words.error.as_deref().unwrap_or_default(), words.description.as_deref().unwrap_or_default());
    }
    for exchange in &step.exchanges {
        let _ = write!(text, " {} {}", exchange.label, exchange.url);
    }
    connection.prepare_cached("INSERT INTO words (rowid, text) VALUES (?, ?)")?.execute(params![row, text])?;
    Ok(())
}

/// Counts a repeated call with the row before it, when that is of the same repetition and was answered the same.
fn joined_row(connection: &Connection, first: i64, outcome_text: &str) -> Result<bool, JournalFault> {
    let counted = connection
        .prepare_cached(
            "UPDATE timeline SET times = times + 1 WHERE outcome_text = ?2 AND row =
               (SELECT max(row) FROM timeline WHERE is_event = 0 AND (bundle = ?1 OR step = ?1))",
        )?
        .execute(params![first, outcome_text])?;
    Ok(counted == 1)
}

pub(super) fn index_event(connection: &Connection, profile: &str, event: &Event) -> Result<(), JournalFault> {
    let sort_ms: i64 = match event.step {
        Some(step) => connection.query_row("SELECT started_ms FROM steps WHERE id = ?", [step], |row| row.get(0))?,
        None => event.time_ms,
    };
    let kind = event.event_type.as_str();
    let outcome = if event.error.is_some() { Outcome::Refused } else { Outcome::Success };
    connection
        .prepare_cached(
            "INSERT INTO timeline (sort_ms, step, is_event, time_ms, key, profile, operation, subject, client, audience, outcome, outcome_text, joined_by, login, exchange)
             VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            sort_ms,
            event.step,
            event.time_ms,
            format!("event:{}", event.id),
            profile,
            event.event_type,
            event.username.as_ref().or(event.user_id.as_ref()),
            event.client,
            event.audience,
            outcome_number(outcome),
            event.error.clone().unwrap_or_default(),
            event.joined_by.map(joined_number),
            kind.starts_with("LOGIN"),
            kind.starts_with("TOKEN_EXCHANGE"),
        ])?;
    let row = connection.last_insert_rowid();
    let mut text = format!("{kind} {}", event.error.as_deref().unwrap_or_default());
    for word in [&event.username, &event.user_id, &event.client, &event.session, &event.token_id].into_iter().flatten() {
        let _ = write!(text, " {word}");
    }
    for pair in &event.details {
        let _ = write!(text, " {}", pair.value);
    }
    connection.prepare_cached("INSERT INTO words (rowid, text) VALUES (?, ?)")?.execute(params![row, text])?;
    Ok(())
}

/// Takes a row out of the timeline, if it is there.
pub(super) fn unindex(connection: &Connection, key: &str) -> Result<(), JournalFault> {
    connection.execute("DELETE FROM words WHERE rowid = (SELECT row FROM timeline WHERE key = ?)", [key])?;
    connection.execute("DELETE FROM timeline WHERE key = ?", [key])?;
    Ok(())
}
