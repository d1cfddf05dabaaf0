//! Journals of earlier forms, of later ones, and records that come before everything else.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use record::{
    audit::{AuditQuery, Outcome, Step},
    v1, view,
};
use serde_json::Value;

use super::*;

/// A journal of an earlier form in a folder of its own.
fn fixture(name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let from = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fixtures/journal").join(name);
    std::fs::copy(from, folder.path().join("journal.sqlite")).expect("the fixture");
    folder
}

fn open(folder: &tempfile::TempDir) -> Journal {
    let (journal, recovered) = Journal::open(folder.path(), 1).expect("opens");
    assert_eq!(recovered, None);
    journal
}

fn sqlite(folder: &tempfile::TempDir) -> rusqlite::Connection {
    rusqlite::Connection::open(folder.path().join("journal.sqlite")).expect("opens")
}

fn all_derived(journal: &Journal) {
    journal
        .line
        .ask(|rows| {
            while rows.derive_some()? {}
            Ok(())
        })
        .expect("derived");
}

#[test]
fn a_journal_of_schema_5_is_read_whole() {
    let folder = fixture("v5.sqlite");
    let (bodies, events, tokens): (Vec<(i64, String)>, Vec<String>, Vec<String>) = {
        let before = sqlite(&folder);
        let list = |sql: &str| -> Vec<String> {
            let mut statement = before.prepare(sql).expect("sql");
            statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("texts")
        };
        let mut statement = before.prepare("SELECT step, body FROM bodies").expect("sql");
        let bodies = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
        let bodies = bodies.collect::<Result<_, _>>().expect("bodies");
        (bodies, list("SELECT id FROM events"), list("SELECT id FROM tokens"))
    };
    assert_eq!((bodies.len(), events.len(), tokens.len()), (18, 7, 8), "the fixture is what it was");
    let journal = open(&folder);
    let (mut fixes, mut bundles, mut diagnoses) = (0, 0, 0);
    for (id, body) in &bodies {
        let step = journal.step(*id).expect("readable").expect("there");
        // Every text of the old record is in the picture: the letters of each line, and each sentence.
        let old: Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(step.headline, old["headline"].as_str().expect("a headline"));
        for (exchange, old) in step.exchanges.iter().zip(old["exchanges"].as_array().expect("exchanges")) {
            assert_eq!(serde_json::to_value(&exchange.request).expect("JSON"), old["request"]);
            assert_eq!(serde_json::to_value(&exchange.response).expect("JSON"), old["response"]);
        }
        assert_eq!(step.exchanges.len(), old["exchanges"].as_array().map_or(0, Vec::len));
        let mended = step.report.iter().flat_map(|report| &report.fixes);
        for fix in mended {
            let checks = old["report"]["checks"].as_array().expect("checks");
            let check = checks.iter().find(|check| check["id"] == fix.check.as_str()).expect("the check");
            assert_eq!(serde_json::to_value(&fix.action).expect("JSON"), check["fix"]);
            fixes += 1;
        }
        bundles += usize::from(step.bundle.is_some());
        diagnoses += usize::from(step.diagnosis.is_some());
    }
    assert_eq!((fixes, bundles, diagnoses), (1, 4, 2));
    for id in &events {
        assert!(journal.event(id).expect("readable").is_some(), "{id}");
    }
    for id in &tokens {
        let kept = journal.token(id).expect("readable").expect("there");
        assert_eq!(kept.view.obtained, token::inspect::Obtained::Unknown, "nobody wrote it down then");
    }
    let page = journal.page(&AuditQuery { limit: 100, ..AuditQuery::default() }).expect("a page");
    assert_eq!(page.rows.len(), 22);
    // What queries ask is derived from the old rows.
    all_derived(&journal);
    let by_facts: Vec<(i64, i64)> = journal
        .line
        .ask(|rows| {
            let mut statement = rows.connection.prepare("SELECT step, count(*) FROM carried GROUP BY step ORDER BY step")?;
            let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
            Ok(found)
        })
        .expect("facts");
    let mut by_records: Vec<(i64, i64)> = bodies
        .iter()
        .map(|(id, body)| {
            let old: Value = serde_json::from_str(body).expect("JSON");
            let count = |name: &str| old[name].as_array().map_or(0, Vec::len);
            (*id, i64::try_from(count("tokens_in") + count("tokens_out")).expect("few"))
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    by_records.sort_unstable();
    assert_eq!(by_facts, by_records);
    drop(journal);
    assert_eq!(open(&folder).steps().expect("readable"), 18, "and once more, as this version");
}

#[test]
fn a_step_is_written_in_the_form_of_this_version_and_read_as_it_was() {
    let folder = fixture("v5.sqlite");
    let journal = open(&folder);
    for id in 1..=18 {
        let old = journal.step(id).expect("readable").expect("there");
        let new = journal.append(&old, &[], 1).expect("written");
        let mut read = journal.step(new).expect("readable").expect("there");
        read.events.clone_from(&old.events);
        assert_eq!(Step { id, ..read }, old);
    }
    let body: String =
        sqlite(&folder).query_row("SELECT body FROM bodies ORDER BY step DESC LIMIT 1", [], |row| row.get(0)).expect("a body");
    assert!(body.starts_with(&format!("{{\"form\":{},", v1::FORM)), "{}", &body[..40]);
}

#[test]
fn a_later_versions_journal_is_not_touched_and_its_records_are_named() {
    let folder = fixture("v5.sqlite");
    sqlite(&folder).pragma_update(None, "user_version", 99).expect("a later version");
    let path = folder.path().join("journal.sqlite");
    let before = std::fs::read(&path).expect("the file");
    let (journal, recovered) = Journal::open(folder.path(), 1).expect("opens");
    let recovered = recovered.expect("said");
    assert_eq!(recovered.id, "journal-newer");
    assert!(recovered.message.contains("newer version of Claimscope (schema 99)"), "{}", recovered.message);
    assert!(recovered.advice.contains("Update Claimscope"), "{}", recovered.advice);
    assert_eq!(journal.steps().expect("readable"), 18, "what was there can be looked at");
    let step = journal.step(3).expect("readable").expect("there");
    assert!(!step.exchanges.is_empty(), "{step:?}");
    let page = journal.page(&AuditQuery { limit: 100, ..AuditQuery::default() }).expect("a page");
    assert_eq!(page.rows.len(), 22);
    assert!(!journal.last_tokens().expect("readable").0.is_empty());
    let new = journal.append(&step, &[], 99).expect("written in memory");
    assert_eq!((new, journal.steps().expect("readable")), (19, 19));
    drop(journal);
    assert_eq!(std::fs::read(&path).expect("the file"), before);
    assert!(!folder.path().join("journal.sqlite-wal").exists(), "nothing was written beside it");
}

#[test]
fn a_later_versions_journal_with_other_tables_is_shown_as_far_as_it_can_be() {
    for (change, steps) in [
        ("ALTER TABLE tokens RENAME TO keys; DROP TABLE readings", 18),
        ("ALTER TABLE steps ADD COLUMN colour TEXT; ALTER TABLE events DROP COLUMN joined_by", 18),
        ("DROP TABLE bodies", 0),
        ("ALTER TABLE steps RENAME TO strides", 0),
    ] {
        let folder = fixture("v5.sqlite");
        let other = sqlite(&folder);
        other.execute_batch(&format!("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; {change}")).expect(change);
        other.pragma_update(None, "user_version", 99).expect("a later version");
        drop(other);
        let (journal, recovered) = Journal::open(folder.path(), 1).expect("opens");
        let advice = recovered.expect("said").advice;
        assert_eq!(journal.steps().expect("readable"), steps, "{change}");
        assert_eq!(advice.contains("can show nothing"), steps == 0, "{change}: {advice}");
    }
}

#[test]
fn a_record_of_a_later_form_says_so_and_keeps_nobody_from_the_others() {
    let folder = fixture("v5.sqlite");
    drop(open(&folder));
    let other = sqlite(&folder);
    other.execute_batch("DROP TRIGGER bodies_stay").expect("dropped");
    other.execute("UPDATE bodies SET body = '{\"form\":7,\"magic\":1}' WHERE step = 3", []).expect("changed");
    drop(other);
    let journal = open(&folder);
    let said = journal.step(3).expect_err("cannot be read").to_string();
    assert!(said.contains("a newer version of Claimscope wrote it (form 7)"), "{said}");
    assert!(journal.step(4).expect("readable").is_some());
}

#[test]
fn a_later_journal_names_the_steps_it_cannot_show() {
    let folder = fixture("v5.sqlite");
    drop(open(&folder));
    let other = sqlite(&folder);
    other.execute_batch("DROP TRIGGER bodies_stay; PRAGMA user_version = 99").expect("changed");
    other.execute("UPDATE bodies SET body = '{\"form\":7}' WHERE step IN (2, 8)", []).expect("changed");
    drop(other);
    let (journal, recovered) = Journal::open(folder.path(), 1).expect("opens");
    let advice = recovered.expect("said").advice;
    assert!(advice.contains("steps 2 and 8 it cannot read, and does not list"), "{advice}");
    assert!(journal.step(3).expect("readable").is_some());
}

#[test]
fn a_step_that_never_ended_is_there_after_a_restart() {
    let folder = fixture("v5.sqlite");
    let journal = open(&folder);
    let old = journal.step(3).expect("readable").expect("there");
    let note = Step { outcome: Outcome::Unknown, exchanges: Vec::new(), tokens_out: Vec::new(), ..old.clone() };
    let two = note.clone();
    let (left, ended) = journal
        .line
        .ask(move |rows| {
            let left = rows.begin(&note)?;
            let ended = rows.begin(&two)?;
            rows.append(&Step { exchanges: old.exchanges.clone(), outcome: Outcome::Success, ..old }, &[], 1, Some(ended))?;
            Ok((left, ended))
        })
        .expect("written");
    drop(journal);
    let journal = open(&folder);
    assert_eq!(journal.step(left).expect("readable").expect("there").outcome, Outcome::Unknown);
    assert_eq!(journal.step(ended).expect("readable").expect("there").outcome, Outcome::Success);
    let rows = journal.rows(&AuditQuery { limit: 100, ..AuditQuery::default() }).expect("rows");
    let of = |id: i64| rows.iter().filter(|row| row.key == format!("step:{id}")).map(|row| row.outcome).collect::<Vec<_>>();
    assert_eq!((of(left), of(ended)), (vec![Outcome::Unknown], vec![Outcome::Success]));
    // What has ended cannot be changed, and what has not cannot be taken away.
    let other = sqlite(&folder);
    assert!(other.execute("UPDATE steps SET outcome = 1 WHERE id = ?", [ended]).is_err());
    assert!(other.execute("UPDATE bodies SET body = '' WHERE step = ?", [ended]).is_err());
    assert!(other.execute("DELETE FROM bodies WHERE step = ?", [left]).is_err());
}

#[test]
fn what_a_later_version_wrote_of_a_token_stays() {
    let folder = fixture("v5.sqlite");
    let journal = open(&folder);
    let id: String = sqlite(&folder).query_row("SELECT id FROM tokens LIMIT 1", [], |row| row.get(0)).expect("a token");
    let kept = journal.token(&id).expect("readable").expect("there");
    let mut record: Value =
        serde_json::from_str(&v1::write(&view::token_record(kept.view.clone(), v1::More::new())).expect("writes")).expect("JSON");
    record["colour"] = "green".into();
    sqlite(&folder).execute("UPDATE tokens SET view = ? WHERE id = ?", [&record.to_string(), &id]).expect("changed");
    journal.keep_token(&kept, 1, 1).expect("kept");
    let body: String =
        sqlite(&folder).query_row("SELECT view FROM tokens WHERE id = ?", [&id], |row| row.get(0)).expect("a view");
    assert!(body.contains("\"colour\":\"green\""), "{body}");
}

/// With one worker, an async caller that SQLite keeps waiting does not keep others waiting.
#[tokio::test]
async fn sqlite_works_on_a_thread_of_its_own() {
    let journal = Journal::memory().expect("a journal");
    let here = std::thread::current().id();
    let busy = journal.line.later(move |_| {
        let at = (std::thread::current().id(), std::thread::current().name().map(str::to_owned));
        std::thread::sleep(Duration::from_millis(300));
        Ok(at)
    });
    let ticks = async {
        let (began, mut ticks) = (Instant::now(), 0);
        while began.elapsed() < Duration::from_millis(200) {
            tokio::time::sleep(Duration::from_millis(5)).await;
            ticks += 1;
        }
        ticks
    };
    let (at, ticks) = tokio::join!(busy, ticks);
    let (thread, name) = at.expect("worked");
    assert!(thread != here && name.as_deref() == Some("journal"), "{name:?}");
    assert!(ticks >= 10, "{ticks} ticks while SQLite was busy");
}

#[test]
fn work_that_panics_answers_nobody_and_the_rest_goes_on() {
    let journal = Journal::memory().expect("a journal");
    let answer = journal.line.ask(|_| -> Result<(), JournalFault> { std::panic::resume_unwind(Box::new("x")) });
    assert!(matches!(answer, Err(JournalFault::Thread(_))));
    assert_eq!(journal.steps().expect("goes on"), 0);
}
