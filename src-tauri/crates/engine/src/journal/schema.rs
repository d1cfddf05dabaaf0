//! Tables and their versions.

use rusqlite::Connection;

use super::JournalFault;

/// Each entry brings the file from its index to the next version.
const MIGRATIONS: &[&str] = &["
CREATE TABLE steps (
  id INTEGER PRIMARY KEY AUTOINCREMENT, started_ms INTEGER NOT NULL, duration_us INTEGER NOT NULL, operation TEXT NOT NULL,
  profile TEXT NOT NULL, outcome INTEGER NOT NULL
);
CREATE INDEX steps_by_time ON steps (profile, started_ms);
CREATE INDEX steps_by_operation ON steps (profile, operation, outcome, id);
CREATE TABLE bodies (step INTEGER PRIMARY KEY REFERENCES steps (id), body TEXT NOT NULL);
CREATE TRIGGER steps_stay BEFORE UPDATE ON steps BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER steps_are_kept BEFORE DELETE ON steps BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER bodies_stay BEFORE UPDATE ON bodies BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER bodies_are_kept BEFORE DELETE ON bodies BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

CREATE TABLE tokens (
  id TEXT PRIMARY KEY, step INTEGER, parent TEXT, session INTEGER NOT NULL, created_ms INTEGER NOT NULL, jti TEXT, sid TEXT,
  view TEXT NOT NULL, header TEXT, claims TEXT, claims_source TEXT, removed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX tokens_by_session ON tokens (session, removed);
CREATE INDEX tokens_by_parent ON tokens (parent);

CREATE TABLE events (
  id TEXT PRIMARY KEY, profile TEXT NOT NULL, time_ms INTEGER NOT NULL, step INTEGER, joined_by INTEGER, body TEXT NOT NULL
);
CREATE INDEX events_by_time ON events (profile, time_ms);
CREATE INDEX events_by_step ON events (step);

-- What the timeline shows, one row a step or event, derived from the above. An event sorts under its step.
CREATE TABLE timeline (
  row INTEGER PRIMARY KEY, sort_ms INTEGER NOT NULL, step INTEGER, is_event INTEGER NOT NULL, time_ms INTEGER NOT NULL, key TEXT NOT NULL UNIQUE,
  profile TEXT NOT NULL, operation TEXT NOT NULL, subject TEXT, client TEXT, audience TEXT, outcome INTEGER NOT NULL,
  outcome_text TEXT NOT NULL, joined_by INTEGER, duration_us INTEGER, login INTEGER NOT NULL, exchange INTEGER NOT NULL
);
CREATE INDEX timeline_order ON timeline (sort_ms DESC, step DESC, is_event, time_ms DESC, row);
CREATE INDEX timeline_login ON timeline (login, sort_ms DESC, step DESC, is_event, time_ms DESC) WHERE login = 1;
CREATE INDEX timeline_error ON timeline (sort_ms DESC, step DESC, is_event, time_ms DESC) WHERE outcome > 0;
CREATE INDEX timeline_counts ON timeline (time_ms, is_event, outcome, login, exchange);
CREATE INDEX timeline_step ON timeline (step);
CREATE VIRTUAL TABLE words USING fts5 (text, content = '', contentless_delete = 1, tokenize = \"unicode61 tokenchars '-_.:'\", prefix = '2 3');
", "
-- What introspection and userinfo last said of the token.
ALTER TABLE tokens ADD COLUMN told TEXT;
", "
-- What a step was diagnosed as once its events and settings were known; the step itself stays as it was.
CREATE TABLE readings (step INTEGER PRIMARY KEY REFERENCES steps (id), body TEXT NOT NULL);
", "
-- What was known of the token besides its claims: findings, each signature, disclosures.
ALTER TABLE tokens ADD COLUMN known TEXT;
", "
-- Repeated calls are one row for each run of the same answer: the first step they belong to, and how many they are.
ALTER TABLE timeline ADD COLUMN bundle INTEGER;
ALTER TABLE timeline ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
CREATE INDEX timeline_bundle ON timeline (bundle) WHERE bundle IS NOT NULL;
"];

/// Brings the file to this version, or refuses one that is newer.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), JournalFault> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let wanted = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > wanted {
        return Err(JournalFault::Newer(found));
    }
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "user_version", index + 1)?;
        transaction.commit()?;
    }
    Ok(())
}
