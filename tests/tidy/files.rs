//! What stands in the files themselves.

use std::{fs, path::PathBuf};

use crate::root;

/// Longest file, in lines.
const LONGEST: usize = 600;

/// Where a secret may leave its type. A new file here is a decision, not a detail.
const EXPOSES: &[&str] = &[
    // Signs with a client's key.
    "src-tauri/crates/engine/src/client_assertion.rs",
    // Asks for events with a token of its own.
    "src-tauri/crates/engine/src/events/reader.rs",
    // Asks for settings with the token that reads events.
    "src-tauri/crates/engine/src/events/reread.rs",
    // Compares state and nonce, builds the code redemption.
    "src-tauri/crates/engine/src/flow/login.rs",
    // Compares state.
    "src-tauri/crates/engine/src/flow/logout.rs",
    // Asks for the server info with a token of its own.
    "src-tauri/crates/engine/src/flow/server_info.rs",
    // Knows the answer by its state.
    "src-tauri/crates/engine/src/loopback/door.rs",
    // Opens the login address.
    "src-tauri/crates/engine/src/running.rs",
    // The stores that keep secrets.
    "src-tauri/crates/engine/src/secrets/bound.rs",
    "src-tauri/crates/engine/src/secrets/file.rs",
    "src-tauri/crates/engine/src/secrets/mod.rs",
    // Decodes tokens.
    "src-tauri/crates/engine/src/shelf/held.rs",
    // Write requests.
    "src-tauri/crates/oauth/src/message/build.rs",
    "src-tauri/crates/oauth/src/message/builder.rs",
    // Hashes for at_hash and c_hash.
    "src-tauri/crates/oauth/src/message/id_token.rs",
    "src-tauri/crates/oauth/src/message/login.rs",
    "src-tauri/crates/oauth/src/message/logout.rs",
    // Writes requests of the developer portal.
    "src-tauri/crates/oauth/src/portal/build.rs",
    "src-tauri/crates/oauth/src/snippet/arguments.rs",
    // Finds what has to be masked.
    "src-tauri/crates/record/src/redact/needles.rs",
    // Hashes for at_hash and ath of tokens at hand.
    "src-tauri/crates/token/src/inspect/kin.rs",
    // The user's own visible requests: copy, Reveal, Show raw.
    "src-tauri/src/commands/copy.rs",
    "src-tauri/src/commands/secrets.rs",
    "src-tauri/src/commands/tokens.rs",
    // Tells the lab's gateway the secret it exchanges with.
    "src-tauri/src/lab.rs",
];

/// All Rust files under these folders, as path relative to the root and text.
pub(super) fn rust(folders: &[&str]) -> Vec<(String, String)> {
    let root = root();
    let mut waiting: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                if !path.ends_with("node_modules") && !path.ends_with("target") {
                    waiting.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).expect("under the root").to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).expect("readable")));
            }
        }
    }
    found.sort();
    found
}

fn everything() -> Vec<(String, String)> {
    rust(&["src-tauri", "tests"])
}

/// The part of a file that is shipped: without the test module at its end, and without comments.
fn shipped(text: &str) -> String {
    let product = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    product.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn is_test(name: &str) -> bool {
    name.contains("/tests/")
        || name.starts_with("tests/")
        || name.ends_with("/tests.rs")
        || name.contains("/examples/")
        || name.contains("/xtask/")
}

#[test]
fn every_module_says_why_it_exists() {
    let silent: Vec<String> = everything()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//!") && !text.starts_with("#!["))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(silent, Vec::<String>::new());
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = everything()
        .into_iter()
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(name, lines)| format!("{name}: {lines}"))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

#[test]
fn secrets_leave_their_type_only_where_it_was_decided() {
    let exposing: Vec<String> = everything()
        .into_iter()
        .filter(|(name, text)| !is_test(name) && shipped(text).contains(".expose()"))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(exposing, EXPOSES, "invariant 6: read the new place, then add it to the list or take it out");
}

#[test]
fn nothing_is_left_for_later_or_for_one_machine() {
    // Put together, so that this file does not hold them itself.
    let words = [
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["/home", "/"].concat(),
        ["/root", "/"].concat(),
        ["/Us", "ers/"].concat(),
    ];
    let found: Vec<String> = everything()
        .into_iter()
        .flat_map(|(name, text)| {
            words.iter().filter(|word| text.contains(word.as_str())).map(|word| format!("{name}: {word}")).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(found, Vec::<String>::new());
}
