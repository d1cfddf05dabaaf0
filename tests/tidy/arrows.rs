//! Which crate may depend on which, read from the manifests as cargo understands them.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

use crate::root;

/// Crates a crate of ours must not depend on, with the reason.
const FORBIDDEN: &[(&str, &[&str], &str)] = &[
    ("token", &["record", "oauth", "http"], "it knows no OAuth message"),
    ("record", &["oauth"], "what was done is recorded without knowing how it is done"),
    ("engine", &["tauri", "tauri-build", "wire", "lab", "claimscope"], "it knows nothing of windows"),
    ("lab", &["token", "record", "oauth", "engine", "wire", "claimscope", "tauri"], "it is an independent judge of them"),
    ("lab-profile", &["engine", "tauri", "wire", "claimscope"], "the engine is driven against the lab without a window"),
    ("flows", &["tauri", "wire", "claimscope"], "flows run without a window"),
    ("wire", &["engine", "tauri", "lab", "tokio", "reqwest", "claimscope"], "it is types only"),
    (
        "claimscope",
        &["reqwest", "rusqlite", "oauth2", "keyring", "hyper", "jsonwebtoken"],
        "the shell holds no protocol logic and sends nothing itself",
    ),
];

/// Crates that are pure, and what none of them may depend on.
const PURE: [&str; 3] = ["token", "record", "oauth"];
const IMPURE: &[&str] =
    &["tokio", "reqwest", "hyper", "tauri", "rusqlite", "keyring", "rand", "engine", "lab", "wire", "claimscope"];

/// Direct dependencies of every package of the workspace, those of tests left out.
fn direct() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let wanted =
                package["dependencies"].as_array().expect("dependencies").iter().filter(|dependency| dependency["kind"] != "dev");
            (text(&package["name"]), wanted.map(|dependency| text(&dependency["name"])).collect())
        })
        .collect()
}

#[test]
fn no_crate_depends_on_what_it_must_not_know() {
    let direct = direct();
    let pure = PURE.iter().map(|name| (name, &IMPURE, &"it is pure: no I/O, no clock, no randomness"));
    for (name, forbidden, why) in FORBIDDEN.iter().map(|(name, forbidden, why)| (name, forbidden, why)).chain(pure) {
        let found = direct.get(*name).unwrap_or_else(|| panic!("{name} is a package of this workspace"));
        let wrong: Vec<&String> = found.iter().filter(|dependency| forbidden.contains(&dependency.as_str())).collect();
        assert!(wrong.is_empty(), "{name} must not depend on {wrong:?}: {why}");
    }
    assert_eq!(direct["lab"].iter().filter(|name| direct.contains_key(*name)).count(), 0, "the lab depends on no crate of ours");
}
