//! The journal as a crash, another program or another version left it: the app starts, says so, and goes on without what is
//! broken.

use std::{fs, path::Path};

use rusqlite::Connection;
use serde_json::{Value, json};

use super::{Started, blocking, folder, hold, ids, names, save, worded};
use crate::row::Attack;

/// What was done to the files of a journal.
type Damage = fn(&Path);
/// What was done inside it.
type Change = &'static str;

fn journal(folder: &Path) -> std::path::PathBuf {
    folder.join("journal.sqlite")
}

/// The start's notice, and whether the steps and the token that were there are still there.
const FILES: &[(&str, Damage, &str, bool)] = &[
    ("untouched", |_| {}, "", true),
    ("no bytes", |path| fs::write(journal(path), b"").expect("written"), "", false),
    ("garbage", |path| fs::write(journal(path), b"not a database".repeat(500)).expect("written"), "journal-damaged", false),
    ("zeros", |path| fs::write(journal(path), vec![0; 8192]).expect("written"), "journal-damaged", false),
    (
        "its first page alone",
        |path| fs::write(journal(path), &fs::read(journal(path)).expect("read")[..4096]).expect("written"),
        "journal-damaged",
        false,
    ),
    (
        "all but its first page spoiled",
        |path| {
            let mut bytes = fs::read(journal(path)).expect("read");
            bytes[4096..].fill(0x5a);
            fs::write(journal(path), bytes).expect("written");
        },
        "journal-damaged",
        false,
    ),
    ("gone", |path| fs::remove_file(journal(path)).expect("removed"), "", false),
    (
        "a folder",
        |path| {
            fs::remove_file(journal(path)).expect("removed");
            fs::create_dir(journal(path)).expect("a folder");
        },
        "journal-unreadable",
        false,
    ),
    (
        "a pipe",
        |path| {
            fs::remove_file(journal(path)).expect("removed");
            std::process::Command::new("mkfifo").arg(journal(path)).status().expect("a pipe");
        },
        "journal-unreadable",
        false,
    ),
    (
        "a link that leads to itself",
        |path| {
            fs::remove_file(journal(path)).expect("removed");
            std::os::unix::fs::symlink(journal(path), journal(path)).expect("a link");
        },
        "journal-unreadable",
        false,
    ),
    (
        "a link that leads nowhere",
        |path| {
            fs::remove_file(journal(path)).expect("removed");
            std::os::unix::fs::symlink("/nonexistent/journal", journal(path)).expect("a link");
        },
        "journal-unreadable",
        false,
    ),
    (
        "a log of garbage beside it",
        |path| fs::write(path.join("journal.sqlite-wal"), b"garbage".repeat(900)).expect("written"),
        "",
        true,
    ),
    ("a log of zeros beside it", |path| fs::write(path.join("journal.sqlite-wal"), vec![0; 9000]).expect("written"), "", true),
    (
        "an index of garbage beside it",
        |path| fs::write(path.join("journal.sqlite-shm"), b"garbage".repeat(900)).expect("written"),
        "",
        true,
    ),
    (
        "a folder in place of its log",
        |path| fs::create_dir(path.join("journal.sqlite-wal")).expect("a folder"),
        "journal-unreadable",
        false,
    ),
    (
        "a folder in place of its index",
        |path| fs::create_dir(path.join("journal.sqlite-shm")).expect("a folder"),
        "journal-unreadable",
        false,
    ),
    ("a mark that it is suspect", |path| fs::write(path.join("journal.suspect"), "x").expect("written"), "", true),
    ("a folder in place of the mark", |path| fs::create_dir(path.join("journal.suspect")).expect("a folder"), "", true),
];

const CHANGES: &[(&str, Change, &str, bool)] = &[
    ("a newer version", "PRAGMA user_version = 99", "journal-newer", true),
    ("a version that is far too old for its tables", "PRAGMA user_version = 0", "journal-damaged", false),
    ("a negative version", "PRAGMA user_version = -7", "journal-damaged", false),
    ("no table of tokens", "DROP TABLE tokens", "journal-mended", true),
    ("no table of events", "DROP TABLE events", "journal-mended", true),
    ("no timeline", "DROP TABLE timeline", "journal-mended", true),
    ("no words", "DROP TABLE words", "journal-mended", true),
    ("no readings", "DROP TABLE readings", "journal-mended", true),
    ("neither timeline nor words", "DROP TABLE timeline; DROP TABLE words", "journal-mended", true),
    ("no steps", "PRAGMA foreign_keys = OFF; DROP TABLE steps", "journal-damaged", false),
    ("no bodies", "DROP TABLE bodies", "journal-damaged", false),
    (
        "no table at all",
        "PRAGMA foreign_keys = OFF; DROP TABLE bodies; DROP TABLE readings; DROP TABLE steps; DROP TABLE tokens; DROP TABLE events; DROP TABLE timeline; DROP TABLE words",
        "journal-damaged",
        false,
    ),
    ("tokens in another shape", "DROP TABLE tokens; CREATE TABLE tokens (x)", "journal-damaged", false),
    ("a token's view that is no JSON", "UPDATE tokens SET view = '{'", "journal-tokens", true),
    ("a token's view of another shape", "UPDATE tokens SET view = '{\"id\": 7}'", "journal-tokens", true),
    ("a token's view of bytes", "UPDATE tokens SET view = x'ff00ff'", "journal-tokens", true),
    ("a token's claims that are no JSON", "UPDATE tokens SET claims = 'x'", "journal-tokens", true),
    ("a token's session that is a word", "UPDATE tokens SET session = 'x'", "", true),
    (
        "the last step's body that is no JSON",
        "DROP TRIGGER bodies_stay; UPDATE bodies SET body = '{' WHERE step = (SELECT max(step) FROM bodies)",
        "journal-record",
        true,
    ),
    ("every step's body of bytes", "DROP TRIGGER bodies_stay; UPDATE bodies SET body = x'00'", "journal-record", true),
    ("a timeline of nonsense", "UPDATE timeline SET time_ms = 'x', outcome = 'y', duration_us = 'z'", "", true),
    (
        "no triggers",
        "DROP TRIGGER steps_stay; DROP TRIGGER steps_are_kept; DROP TRIGGER bodies_stay; DROP TRIGGER bodies_are_kept",
        "",
        true,
    ),
    ("no indexes", "DROP INDEX steps_by_time; DROP INDEX tokens_by_session; DROP INDEX timeline_order", "", true),
];

/// Rows about journals.
pub fn rows() -> Vec<Attack> {
    let mut rows: Vec<Attack> = FILES
        .iter()
        .map(|(name, damage, notice, kept)| {
            blocking(format!("journal: {name}"), move || {
                let folder = written()?;
                damage(folder.path());
                starts(folder.path(), notice, *kept)
            })
        })
        .collect();
    rows.extend(CHANGES.iter().map(|(name, change, notice, kept)| {
        blocking(format!("journal: {name}"), move || {
            let folder = written()?;
            let connection = Connection::open(journal(folder.path())).map_err(|error| error.to_string())?;
            connection.execute_batch(change).map_err(|error| format!("{change}: {error}"))?;
            drop(connection);
            starts(folder.path(), notice, *kept)
        })
    }));
    rows.push(blocking("journal: locked by another program", || {
        let folder = written()?;
        let other = Connection::open(journal(folder.path())).map_err(|error| error.to_string())?;
        other.pragma_update(None, "locking_mode", "EXCLUSIVE").map_err(|error| error.to_string())?;
        other.execute_batch("BEGIN EXCLUSIVE").map_err(|error| error.to_string())?;
        starts(folder.path(), "journal-locked", false)?;
        drop(other);
        starts(folder.path(), "", true)
    }));
    rows.push(blocking("journal: damaged again and again does not pile up", || {
        let folder = folder(&[]);
        for turn in 0..8 {
            fs::write(journal(folder.path()), format!("damaged {turn} ").repeat(50)).map_err(|error| error.to_string())?;
            for side in ["journal.sqlite-wal", "journal.sqlite-shm"] {
                let _ = fs::remove_file(folder.path().join(side));
            }
            drop(Started::in_folder(folder.path()));
        }
        let damaged =
            super::files(folder.path()).into_iter().filter(|path| path.to_string_lossy().contains("journal.damaged-")).count();
        hold((1..=5).contains(&damaged), || format!("{damaged} damaged journals"))
    }));
    rows.push(blocking("journal: a removed token is put back after a hundred new ones", || {
        let folder = folder(&[]);
        let app = Started::in_folder(folder.path());
        let paste = |subject: &str| -> Result<String, String> {
            use base64::Engine as _;
            let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("{{\"sub\":\"{subject}\"}}"));
            let pasted =
                app.ask("paste", json!({"text": format!("eyJhbGciOiJub25lIn0.{claims}.")})).map_err(|fault| fault.to_string())?;
            pasted["added"][0].as_str().map(str::to_owned).ok_or_else(|| pasted.to_string())
        };
        let first = paste("first")?;
        app.ask("remove_token", json!({"token": first})).map_err(|fault| fault.to_string())?;
        for turn in 0..100 {
            let id = paste(&format!("turn-{turn}"))?;
            if turn % 2 == 0 {
                app.ask("remove_token", json!({"token": id})).map_err(|fault| fault.to_string())?;
            }
        }
        let shelf = app.ask("restore_token", json!({"token": first})).map_err(|fault| fault.to_string())?;
        hold(shelf[0]["id"] == first.as_str() && shelf[0]["evidence_only"] == false, || shelf[0].to_string())
    }));
    rows
}

/// A folder the app was used in: two steps, a token, a profile.
fn written() -> Result<tempfile::TempDir, String> {
    let folder = folder(&[]);
    {
        let app = Started::in_folder(folder.path());
        save(&app, "Mine").map_err(|fault| fault.to_string())?;
        app.ask("paste", json!({"text": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."})).map_err(|fault| fault.to_string())?;
        for _ in 0..2 {
            hold(app.ask("discover", json!({"issuer": "http://127.0.0.1:1", "realm": "", "profile": null})).is_err(), || {
                "nobody is there".into()
            })?;
        }
    }
    // The app's state outlives its window here; what it would write at its end is written now.
    let connection = Connection::open(journal(folder.path())).map_err(|error| error.to_string())?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").map_err(|error| error.to_string())?;
    let steps: i64 =
        connection.query_row("SELECT count(*) FROM steps", [], |row| row.get(0)).map_err(|error| error.to_string())?;
    hold(steps == 2, || format!("{steps} steps"))?;
    drop(connection);
    let copy = tempfile::TempDir::new().map_err(|error| error.to_string())?;
    for name in ["journal.sqlite", "profiles.json", "profiles.json.good"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).map_err(|error| error.to_string())?;
    }
    Ok(copy)
}

fn starts(folder: &Path, notice: &str, kept: bool) -> Result<(), String> {
    let app = Started::in_folder(folder);
    let boot = app.boot();
    worded(&boot)?;
    let expected: Vec<&str> = if notice.is_empty() { Vec::new() } else { vec![notice] };
    hold(ids(&boot) == expected, || format!("{}", boot["notices"]))?;
    let memory = matches!(notice, "journal-newer" | "journal-locked" | "journal-unreadable");
    hold(boot["notices"].as_array().into_iter().flatten().all(|one| one["standing"] == memory), || boot["notices"].to_string())?;
    hold(names(&boot) == ["Mine"], || boot["profiles"].to_string())?;
    let steps = if kept { 2 } else { 0 };
    hold(boot["steps"] == steps, || format!("{} steps", boot["steps"]))?;
    // What is recorded from now on is there, and can be looked at.
    let gone =
        app.ask("discover", json!({"issuer": "http://127.0.0.1:1", "realm": "", "profile": null})).err().unwrap_or_default();
    let step = app.ask("read_step", json!({"step": gone["step"]})).map_err(|fault| format!("the new step: {fault}"))?;
    hold(step["problem_id"] == "unreachable", || step.to_string())?;
    let query = json!({"query": {"search": "", "profile": null, "from_ms": null, "to_ms": null, "chips": [], "lineage": null, "offset": 0, "limit": 50}});
    let page = app.ask("audit", query).map_err(|fault| format!("the timeline: {fault}"))?;
    hold(page["rows"].as_array().is_some_and(|rows| rows.iter().any(|row| row["step"] == gone["step"])), || page.to_string())?;
    let pasted: Value = app
        .ask("paste", json!({"text": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJuZXcifQ."}))
        .map_err(|fault| format!("a new token: {fault}"))?;
    hold(pasted["added"].as_array().is_some_and(|added| added.len() == 1), || pasted.to_string())
}
