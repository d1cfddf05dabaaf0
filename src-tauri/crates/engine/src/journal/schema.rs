//! Tables and their versions.

use std::collections::BTreeSet;

use rusqlite::{Connection, ErrorCode};

use super::fault::JournalFault;

/// How long another program may hold the journal before it counts as locked.
pub(super) const BUSY: std::time::Duration = std::time::Duration::from_secs(2);

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
", "
-- A step is noted before it is sent, and its record completed when it ends; outcome 4 is that of one whose end is not known.
DROP TRIGGER IF EXISTS steps_stay;
DROP TRIGGER IF EXISTS bodies_stay;
CREATE TRIGGER steps_stay BEFORE UPDATE ON steps WHEN OLD.outcome <> 4 BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER bodies_stay BEFORE UPDATE ON bodies WHEN (SELECT outcome FROM steps WHERE id = OLD.step) <> 4 BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE INDEX steps_open ON steps (id) WHERE outcome = 4;
-- What queries ask of steps, derived from their records.
CREATE TABLE facts (
  step INTEGER PRIMARY KEY, client TEXT, bundle INTEGER, surprises INTEGER NOT NULL, call TEXT, caller TEXT, reported TEXT
);
CREATE INDEX facts_by_caller ON facts (caller, step) WHERE caller IS NOT NULL;
CREATE TABLE carried (
  step INTEGER NOT NULL, token TEXT NOT NULL, made INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (token, made, step, place)
) WITHOUT ROWID;
CREATE INDEX carried_by_step ON carried (step);
-- How far that was derived for rows of earlier versions: what is below still waits.
CREATE TABLE underived (what TEXT PRIMARY KEY, below INTEGER NOT NULL);
ALTER TABLE events ADD COLUMN sid TEXT;
ALTER TABLE events ADD COLUMN token_id TEXT;
CREATE INDEX events_by_sid ON events (profile, sid, time_ms) WHERE sid IS NOT NULL;
CREATE INDEX events_by_token ON events (profile, token_id, time_ms) WHERE token_id IS NOT NULL;
CREATE INDEX tokens_by_jti ON tokens (jti);
CREATE INDEX tokens_by_sid ON tokens (sid);
CREATE INDEX tokens_by_step ON tokens (step);
-- Whether a reading is the one the step ended with or a newer one.
ALTER TABLE readings ADD COLUMN again INTEGER NOT NULL DEFAULT 1;
INSERT OR REPLACE INTO underived SELECT 'steps', max(id) + 1 FROM steps WHERE 1 HAVING max(id) IS NOT NULL;
INSERT OR REPLACE INTO underived SELECT 'events', max(rowid) + 1 FROM events WHERE 1 HAVING max(rowid) IS NOT NULL;
"];

/// Has everything derived again that is derived in the background.
pub(super) const UNDERIVED: &str = "
INSERT OR REPLACE INTO underived SELECT 'steps', max(id) + 1 FROM steps WHERE 1 HAVING max(id) IS NOT NULL;
INSERT OR REPLACE INTO underived SELECT 'events', max(rowid) + 1 FROM events WHERE 1 HAVING max(rowid) IS NOT NULL;
";

/// Number of this version's schema.
pub(super) fn version() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Brings the file to this version, or refuses one that is newer.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), JournalFault> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let wanted = version();
    if found > wanted {
        return Err(JournalFault::Newer(found));
    }
    for (version, migration) in (1_i64..).zip(MIGRATIONS).skip(usize::try_from(found).unwrap_or(0)) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration).map_err(foreign)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Tables that are derived from the others and can be derived again.
pub(super) const DERIVED: [&str; 2] = ["timeline", "words"];
/// Tables that are derived again in the background.
pub(super) const FACTS: [&str; 3] = ["facts", "carried", "underived"];
/// Tables without which there is no record.
const RECORD: [&str; 2] = ["steps", "bodies"];

/// What every journal has, each table asked for by the columns that are used.
const SHAPE: &[&str] = &[
    "SELECT id, started_ms, duration_us, operation, profile, outcome FROM steps",
    "SELECT step, body FROM bodies",
    "SELECT id, step, parent, session, created_ms, jti, sid, view, header, claims, claims_source, removed, told, known FROM tokens",
    "SELECT id, profile, time_ms, step, joined_by, sid, token_id, body FROM events",
    "SELECT row, sort_ms, step, is_event, time_ms, key, profile, operation, subject, client, audience, outcome, outcome_text,
       joined_by, duration_us, login, exchange, bundle, times FROM timeline",
    "SELECT rowid FROM words",
    "SELECT step, body, again FROM readings",
    "SELECT step, client, bundle, surprises, call, caller, reported FROM facts",
    "SELECT step, token, made, place FROM carried",
    "SELECT what, below FROM underived",
];

/// Makes anew what the file lacks: tables, indexes, and the triggers that keep it append-only. Gives the tables that were lost.
///
/// # Errors
/// When it lacks the record itself, or a table has another shape: then it is no journal of ours any more.
pub(super) fn mend(connection: &mut Connection) -> Result<Vec<String>, JournalFault> {
    let there: BTreeSet<String> = {
        let mut statement = connection.prepare("SELECT name FROM sqlite_master")?;
        let names = statement.query_map([], |row| row.get(0))?;
        names.collect::<Result<_, _>>()?
    };
    let mut missing: Vec<&str> = Vec::new();
    for name in names().filter(|name| !there.contains(*name)) {
        // A trigger that a later migration made anew has its name twice.
        if !missing.contains(&name) {
            missing.push(name);
        }
    }
    let mut lost = Vec::new();
    if !missing.is_empty() {
        if let Some(table) = missing.iter().find(|name| RECORD.contains(name)) {
            return Err(JournalFault::Foreign(format!("it has no table {table}")));
        }
        let mut whole = Connection::open_in_memory()?;
        migrate(&mut whole)?;
        let transaction = connection.transaction()?;
        for name in missing {
            let (kind, sql): (String, String) =
                whole.query_row("SELECT type, sql FROM sqlite_master WHERE name = ?", [name], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })?;
            // An index of a table that was made anew a moment ago is among the missing as well.
            transaction.execute_batch(&sql).map_err(foreign)?;
            if kind == "table" {
                lost.push(name.to_owned());
            }
        }
        transaction.commit()?;
    }
    for columns in SHAPE {
        connection.prepare(columns).map_err(foreign)?;
    }
    Ok(lost)
}

/// Names of everything the migrations make, tables before what belongs to them.
fn names() -> impl Iterator<Item = &'static str> {
    MIGRATIONS.iter().flat_map(|migration| migration.lines()).filter_map(|line| {
        let mut words = line.strip_prefix("CREATE ")?.split([' ', '(']).filter(|word| !matches!(*word, "VIRTUAL" | "UNIQUE"));
        matches!(words.next(), Some("TABLE" | "INDEX" | "TRIGGER")).then(|| words.next()).flatten()
    })
}

/// A file whose tables are not what this program made of them, as SQLite says when it is asked for them.
fn foreign(error: rusqlite::Error) -> JournalFault {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => JournalFault::Foreign(msg),
        rusqlite::Error::SqliteFailure(code, _) if code.code == ErrorCode::Unknown => JournalFault::Foreign(error.to_string()),
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_a_journal_has_is_known_by_name() {
        let mut connection = Connection::open_in_memory().expect("memory");
        migrate(&mut connection).expect("a journal");
        let mut statement = connection
            .prepare(
                "SELECT name FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'words_*' AND name NOT GLOB 'sqlite_*'",
            )
            .expect("the schema");
        let made: BTreeSet<String> =
            statement.query_map([], |row| row.get(0)).expect("names").collect::<Result<_, _>>().expect("names");
        assert_eq!(made, names().map(str::to_owned).collect());
        drop(statement);
        assert_eq!(mend(&mut connection).expect("whole"), Vec::<String>::new());
    }

    #[test]
    fn what_is_missing_is_made_anew() {
        for table in names().filter(|name| !RECORD.contains(name) && !name.contains('_')) {
            let mut connection = Connection::open_in_memory().expect("memory");
            migrate(&mut connection).expect("a journal");
            connection.execute_batch(&format!("DROP TABLE {table}")).expect("dropped");
            assert_eq!(mend(&mut connection).expect("mended"), [table]);
            assert_eq!(mend(&mut connection).expect("whole"), Vec::<String>::new());
        }
        let mut connection = Connection::open_in_memory().expect("memory");
        migrate(&mut connection).expect("a journal");
        connection.execute_batch("DROP TRIGGER steps_stay; DROP INDEX tokens_by_parent").expect("dropped");
        assert_eq!(mend(&mut connection).expect("mended"), Vec::<String>::new());
        assert!(
            connection
                .execute(
                    "INSERT INTO steps (started_ms, duration_us, operation, profile, outcome) VALUES (1, 1, 'x', 'p', 0)",
                    []
                )
                .is_ok()
        );
        assert!(connection.execute("UPDATE steps SET outcome = 1", []).is_err(), "append-only again");
        connection.execute_batch("ALTER TABLE tokens DROP COLUMN told").expect("dropped");
        assert!(matches!(mend(&mut connection), Err(JournalFault::Foreign(_))));
    }
}
