//! What a server is stays in its room: the sources are read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::*;
use crate::server::{ALL, habits};

/// Rust files under a folder of the crates, without tests: path below the crates, and the text before its own tests.
fn sources(folder: &str) -> Vec<(String, String)> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut waiting: Vec<PathBuf> = vec![crates.join(folder)];
    let mut found = Vec::new();
    while let Some(at) = waiting.pop() {
        for entry in fs::read_dir(&at).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(&crates).expect("below the crates").to_string_lossy().replace('\\', "/");
            if path.is_dir() && !name.ends_with("/tests") {
                waiting.push(path);
            } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).expect("readable");
                found.push((name, text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()));
            }
        }
    }
    assert!(found.len() > 5, "{folder} has sources");
    found
}

/// Where a server may be named outside its room, and why.
const MAY_NAME: [(&str, &str); 1] = [("engine/src/diagnosis.rs", "Dialect::default(), an API that has no habits")];

#[test]
fn a_server_is_named_in_its_room_only() {
    for folder in ["oauth/src", "engine/src"] {
        for (name, text) in sources(folder) {
            let may = name.starts_with("oauth/src/server/") || MAY_NAME.iter().any(|(file, _)| *file == name);
            assert!(may || !text.contains("Dialect::"), "{name} asks which server it is: make it a field of Habits");
        }
    }
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/src/diagnosis.rs")).expect("readable");
    assert!(!text.replace("Dialect::default()", "").contains("Dialect::"));
}

/// Where it may be asked which operation a step was, and why that is no property of operations.
const MAY_ASK: [(&str, &str); 9] = [
    ("oauth/src/acceptance/attempts.rs", "what was tried with one token: calls and revocations"),
    ("oauth/src/refusal/learned.rs", "an exchange has several capabilities, one for each kind"),
    ("oauth/src/resource/fix.rs", "an audience is asked for by an exchange"),
    ("oauth/src/server/", "rows of refusals name what they are for"),
    ("engine/src/asking.rs", "introspection and userinfo are asked together"),
    ("engine/src/journal/", "a log out and a revocation end tokens they were not sent for"),
    ("engine/src/judge.rs", "actors are sent with an exchange"),
    ("engine/src/repeat.rs", "a revocation is part of a repetition"),
    ("engine/src/flow/", "flows of one operation each"),
];

#[test]
fn what_an_operation_is_like_is_asked_of_its_definition() {
    for folder in ["oauth/src", "engine/src"] {
        for (name, text) in sources(folder) {
            let own = name.starts_with("oauth/src/operation/") || MAY_ASK.iter().any(|(place, _)| name.starts_with(place));
            let asks = |line: &&str| {
                let told_apart = ["== Operation::", "!= Operation::"].iter().any(|sign| line.contains(sign));
                let arm = line.split_once("=>").is_some_and(|(arm, _)| arm.contains("Operation::"));
                told_apart || arm || line.contains("matches!") && line.contains("Operation::")
            };
            let line = text.lines().filter(|_| !own).find(asks);
            assert!(line.is_none(), "{name} tells operations apart, make it a field of Definition: {line:?}");
        }
    }
}

#[test]
fn what_reads_refusals_knows_no_server() {
    for (name, text) in sources("oauth/src/refusal") {
        for word in ["dialect::", "keycloak", "wso2", "kc-"] {
            let text = text.replace("profile::Dialect", "").to_lowercase();
            assert!(!text.contains(word), "{name} names {word}");
        }
    }
}

/// The variants as serde knows them, from what it says of a word that is none.
#[test]
fn every_server_is_among_all() {
    let fault = serde_json::from_str::<Dialect>("\"?\"").expect_err("no server").to_string();
    let names: Vec<&str> = fault.split('`').skip(1).step_by(2).filter(|name| *name != "?").collect();
    assert_eq!(names.len(), ALL.len(), "{names:?} are not all in ALL");
    for name in names {
        let dialect: Dialect = serde_json::from_value(json!(name)).expect("a server");
        assert!(ALL.contains(&dialect), "{name} is missing in ALL");
    }
}

#[test]
fn ids_that_habits_name_have_rows_and_rows_are_of_their_server() {
    for dialect in ALL {
        let own = habits(dialect);
        let rows = || own.refusals.iter().chain(own.successes).copied().flatten();
        for row in rows() {
            // One of no server speaks at every server; only what is written for all may.
            let for_all = dialect == Dialect::default() && row.dialect.is_none();
            assert!(row.dialect == Some(dialect) || for_all, "{} stands in the room of {dialect:?}", row.id);
        }
        let told = own.userinfo_tells.iter().map(|(id, _)| id);
        for id in own.in_settings.iter().chain(own.one_for_all).chain(told) {
            assert!(rows().any(|row| row.id == *id), "{id} has no row");
        }
    }
}

#[test]
fn servers_have_names_of_their_own_and_the_one_that_all_are_comes_last() {
    assert_eq!(ALL.last(), Some(&Dialect::default()), "it recognises every server");
    for (at, dialect) in ALL.iter().enumerate() {
        for other in &ALL[at + 1..] {
            let (own, others) = (habits(*dialect), habits(*other));
            assert_ne!(own.title, others.title);
            assert!(own.yaml != others.yaml || own.yaml.is_empty(), "{dialect:?} and {other:?} are both named {}", own.yaml);
        }
    }
}

#[test]
fn every_placeholder_of_every_row_is_filled() {
    let token = view("t", json!({"issuer": "https://issuer", "client": "frontend"}));
    for case in [Case::default(), Case { token: Some(&token), description: "Invalid scopes: a b", ..Case::default() }] {
        with_facts(case, |facts| {
            let reading = fit::Said::of(facts);
            for row in catalogue::all().chain(catalogue::successes()) {
                let said = evidence::diagnosis(row, false, &[row], facts, &reading);
                let other = &said.others[0];
                for text in [&said.cause, &said.fix, &other.cause, &other.fix, &other.tell] {
                    assert!(!text.contains(['{', '}']), "{}: {text}", row.id);
                }
            }
        });
    }
}

#[test]
fn a_placeholder_in_a_servers_words_is_not_filled() {
    let draft = draft(Operation::TokenExchange, &[("client", "portal"), ("scope", "{client}")]);
    let found = read(Case { draft: &draft, error: "invalid_scope", description: "Invalid scopes: {client}", ..Case::default() });
    let cause = found.expect("known").cause;
    assert!(cause.ends_with("optional for portal: {client}."), "{cause}");
}

#[test]
fn the_page_of_refusals_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/refusals.md");
    let page = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(page == document::page(), "docs/refusals.md is behind: cargo run -p oauth --example refusals > docs/refusals.md");
}
