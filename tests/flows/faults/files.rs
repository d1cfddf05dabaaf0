//! Files and stores of this machine that are damaged, locked, newer or missing; and pasted text that is no token.

use std::{fs, path::Path, process::Command};

use engine::{
    flow::RunFault,
    journal::{Journal, Recovered},
    secrets::{BoundSecret, Kind, Owner, Secrets, Sort},
};
use oauth::profile::{Profile, ServerRole};
use record::operation::Operation;
use rusqlite::Connection;
use tempfile::TempDir;
use token::{inspect::TokenKind, secret::Secret};

use crate::support::{Bench, world::BEGIN_MS};

/// A secret to keep, and whose it is.
fn entry() -> (Owner, BoundSecret) {
    let owner = Owner::at("p", ServerRole::Provider, "c");
    let bound = BoundSecret::entered(Secret::new("kept"), Sort::Secret, &Profile::default(), ServerRole::Provider);
    (owner, bound)
}

/// Opens the journal in a folder; gives what had to be done.
fn open(folder: &Path) -> (Journal, Option<Recovered>) {
    Journal::open(folder, BEGIN_MS).expect("a journal, if only in memory")
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A journal with one step in it, closed again.
async fn written() -> TempDir {
    let bench = Bench::start().await;
    assert_eq!(bench.workbench.journal.steps().expect("the journal"), 1);
    bench.close()
}

#[tokio::test]
async fn a_damaged_journal_is_moved_aside_and_said_so() {
    for damage in ["header", "pages", "other file"] {
        let folder = written().await;
        let path = folder.path().join("journal.sqlite");
        let mut bytes = fs::read(&path).expect("the journal");
        match damage {
            "header" => bytes[..32].fill(b'x'),
            "pages" => bytes[4096..].fill(0x5a),
            _ => bytes = b"{\"not\":\"a database\"}".repeat(100),
        }
        fs::write(&path, &bytes).expect("the damage");
        let (journal, recovered) = open(folder.path());
        let recovered = recovered.expect("it is said");
        assert_eq!(recovered.id, "journal-damaged", "{damage}");
        let aside = format!("journal.damaged-{BEGIN_MS}.sqlite");
        assert!(recovered.advice.contains(&aside), "{}", recovered.advice);
        assert_eq!(fs::read(folder.path().join(aside)).expect("it is kept"), bytes, "{damage}: as it was");
        assert_eq!(journal.steps().expect("a new journal"), 0);
        drop(journal);
        assert_eq!(open(folder.path()).1, None, "{damage}: the new one is sound");
    }
}

#[tokio::test]
async fn damage_in_a_large_journal_is_found_while_it_is_used_and_acted_on_at_the_next_start() {
    let folder = written().await;
    let path = folder.path().join("journal.sqlite");
    assert!(Journal::check(folder.path()).expect("readable"), "a sound one is not suspected");
    let connection = Connection::open(&path).expect("the journal");
    connection
        .execute_batch(
            "CREATE TABLE filler (x);
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO filler SELECT randomblob(2000) FROM n;
             PRAGMA wal_checkpoint(TRUNCATE);",
        )
        .expect("a large journal");
    drop(connection);
    let mut bytes = fs::read(&path).expect("the journal");
    let from = bytes.len() - 8 * 4096;
    assert!(from > 4 << 20, "it is larger than what is read at the start");
    bytes[from..].fill(0x5a);
    fs::write(&path, &bytes).expect("the damage");

    let (journal, recovered) = open(folder.path());
    assert_eq!((recovered, journal.steps().expect("readable")), (None, 1), "the start does not wait for it");
    assert!(!Journal::check(folder.path()).expect("the mark is written"));
    drop(journal);
    let (journal, recovered) = open(folder.path());
    assert_eq!(recovered.map(|recovered| recovered.id), Some("journal-damaged"));
    drop(journal);
    assert_eq!(open(folder.path()).1, None, "the new one is sound and not suspected");
}

#[tokio::test]
async fn a_newer_journal_is_left_alone() {
    let folder = written().await;
    let path = folder.path().join("journal.sqlite");
    Connection::open(&path).expect("the journal").pragma_update(None, "user_version", 99).expect("a newer version");
    let before = fs::read(&path).expect("the journal");
    let (journal, recovered) = open(folder.path());
    let recovered = recovered.expect("it is said");
    assert_eq!(recovered.id, "journal-newer");
    assert!(recovered.message.contains("schema 99") && recovered.advice.contains("memory only"), "{recovered:?}");
    assert_eq!(journal.steps().expect("a journal in memory"), 1, "what was there can be looked at");
    assert!(journal.step(1).expect("readable").is_some());
    assert_eq!(fs::read(&path).expect("the journal"), before, "nothing of it was changed");
}

#[tokio::test]
async fn a_locked_journal_is_left_alone() {
    let folder = written().await;
    let other = Connection::open(folder.path().join("journal.sqlite")).expect("the journal");
    other.pragma_update(None, "locking_mode", "EXCLUSIVE").expect("a lock");
    other.execute_batch("BEGIN EXCLUSIVE").expect("a lock");
    let (journal, recovered) = open(folder.path());
    let recovered = recovered.expect("it is said");
    assert_eq!(recovered.id, "journal-locked");
    assert!(recovered.advice.contains("memory only"), "{recovered:?}");
    assert_eq!(journal.steps().expect("a journal in memory"), 0);
    other.execute_batch("ROLLBACK").expect("the lock is given back");
    drop(other);
    assert_eq!(open(folder.path()).0.steps().expect("the journal"), 1, "what was there is there");
}

#[tokio::test]
async fn a_place_where_no_journal_can_be_is_said() {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir(folder.path().join("journal.sqlite")).expect("a folder in its place");
    let (journal, recovered) = open(folder.path());
    assert_eq!(recovered.expect("it is said").id, "journal-unreadable");
    assert_eq!(journal.steps().expect("a journal in memory"), 0);
    assert_eq!(names(folder.path()), ["journal.sqlite"]);
}

#[tokio::test]
async fn a_journal_that_is_locked_meanwhile_is_no_success() {
    let bench = Bench::start().await;
    let other = Connection::open(bench.folder.path().join("journal.sqlite")).expect("the journal");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let draft = bench.draft(Operation::ClientCredentials, None);
    match bench.try_run(&draft).await {
        Err(RunFault::Journal(fault)) => assert!(fault.to_string().contains("locked"), "{fault}"),
        other => panic!("a step that is not recorded is no step: {other:?}"),
    }
    other.execute_batch("ROLLBACK").expect("the lock is given back");
    bench.done(&draft).await;
}

#[test]
fn without_a_keychain_secrets_stay_in_memory_and_the_reason_is_kept() {
    // The keychain is found by the environment of the process, so the test is a process of its own.
    let me = std::env::current_exe().expect("this program");
    let output = Command::new(me)
        .args(["flows::faults::files::secrets_without_a_session_bus", "--exact", "--ignored", "--nocapture"])
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .output()
        .expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
#[ignore = "run by the test above, in a process without a session bus"]
async fn secrets_without_a_session_bus() {
    let folder = TempDir::new().expect("a folder");
    let secrets = Secrets::unasked(folder.path().join("secrets.sealed"));
    assert_eq!(secrets.kind(), None, "nothing was asked yet");
    secrets.ask().await;
    assert_eq!(secrets.kind(), Some(Kind::Memory));
    let problem = secrets.keychain_problem().expect("the reason");
    assert!(problem.contains("keychain") && problem.ends_with('.'), "{problem}");
    let (owner, kept) = entry();
    secrets.keep(&owner, &kept).await.expect("memory takes it");
    assert_eq!(secrets.read(&owner).await.expect("memory"), Some(kept));
    assert!(secrets.use_keychain().await.is_err(), "asking again says the same");
    assert_eq!(secrets.kind(), Some(Kind::Memory));
    assert_eq!(names(folder.path()), Vec::<String>::new(), "nothing is written");
}

#[test]
fn a_locked_keychain_is_said_and_loses_nothing() {
    // A real Secret Service whose keyring exists and is not unlocked, on a session bus of its own.
    // The daemon that makes the keyring is ended before the one under test begins: else two would share the bus.
    const LOCKED: &str = "printf pw | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 & first=$!
        until test -e \"$HOME/.local/share/keyrings/login.keyring\"; do kill -0 $first || exit 3; sleep 0.05; done
        kill $first; wait $first
        gnome-keyring-daemon --components=secrets >/dev/null 2>&1
        exec \"$0\" flows::faults::files::secrets_in_a_locked_keychain --exact --ignored --nocapture";
    let home = TempDir::new().expect("a folder");
    let me = std::env::current_exe().expect("this program");
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", LOCKED])
        .arg(me)
        .env("HOME", home.path())
        .env_remove("XDG_DATA_HOME")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
#[ignore = "run by the test above, on a bus whose keychain is locked"]
async fn secrets_in_a_locked_keychain() {
    let folder = TempDir::new().expect("a folder");
    let secrets = Secrets::unasked(folder.path().join("secrets.sealed"));
    secrets.ask().await;
    assert_eq!((secrets.kind(), secrets.keychain_problem()), (Some(Kind::Keychain), None), "it is there, only locked");
    let (owner, entry) = entry();
    let kept = secrets.keep(&owner, &entry).await;
    assert!(kept.is_err_and(|fault| fault.to_string().contains("locked")), "and that is what is said");
    secrets.use_memory();
    secrets.keep(&owner, &entry).await.expect("memory takes it");
}

#[tokio::test]
async fn pasted_text_that_is_no_token_is_named() {
    let bench = Bench::start().await;
    for text in
        ["", "hello", "https://id.example.org/realms/shop", "{\"error\":\"invalid_grant\"}", "curl https://h/", "\u{0}\u{fffd}"]
    {
        let fault = match bench.workbench.paste(text) {
            Err(fault) => fault,
            Ok(found) => panic!("{text:?} is no token: {found:?}"),
        };
        assert_eq!(fault.id, "no-token", "{text:?}");
        assert!(!fault.message.is_empty() && fault.advice.starts_with("Paste a token"), "{fault:?}");
    }
    let key = [
        "-----BEGIN PRIVATE",
        "KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE",
        "KEY-----",
    ]
    .join(" ");
    let fault = bench.workbench.paste(&key).expect_err("no token");
    assert_eq!(fault.id, "private-key", "the window lets go of it: {fault:?}");
    let fault = bench.workbench.paste(&"x ".repeat(3 << 20)).expect_err("far too long");
    assert_eq!(fault.id, "no-token");
    assert!(bench.workbench.tokens().is_empty());

    let login = bench.log_in("alice").await;
    let access = bench.made(&login, TokenKind::Access).id;
    let text = bench.workbench.raw_token(&access).expect("a live token");
    let (ids, message) = bench.workbench.paste(&format!("Bearer {}", text.expose())).expect("a token");
    assert_eq!((ids, message.as_str()), (vec![access], "Found an access token."), "the same token is not shelved twice");
}
