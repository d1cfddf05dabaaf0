//! Which crate may depend on which, read from the manifests as cargo understands them.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

use crate::root;

/// Crates a crate of ours must not depend on, with the reason.
const FORBIDDEN: &[(&str, &[&str], &str)] = &[
    (
        "model",
        &["tokio", "reqwest", "hyper", "tauri", "rusqlite", "keyring", "rand", "engine", "lab", "wire", "claimscope"],
        "it is pure: no I/O, no clock, no randomness",
    ),
    ("engine", &["tauri", "tauri-build", "wire", "lab", "claimscope"], "it knows nothing of windows"),
    ("lab", &["model", "engine", "wire", "claimscope", "tauri"], "it is an independent judge of them"),
    ("wire", &["engine", "tauri", "lab", "tokio", "reqwest", "claimscope"], "it is types only"),
    (
        "claimscope",
        &["reqwest", "rusqlite", "oauth2", "keyring", "hyper", "jsonwebtoken"],
        "the shell holds no protocol logic and sends nothing itself",
    ),
];

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
    for (name, forbidden, why) in FORBIDDEN {
        let found = direct.get(*name).unwrap_or_else(|| panic!("{name} is a package of this workspace"));
        let wrong: Vec<&String> = found.iter().filter(|dependency| forbidden.contains(&dependency.as_str())).collect();
        assert!(wrong.is_empty(), "{name} must not depend on {wrong:?}: {why}");
    }
    assert_eq!(direct["lab"].iter().filter(|name| direct.contains_key(*name)).count(), 0, "the lab depends on no crate of ours");
}
