//! One list of commands: what may be asked, what can be asked, and how the window spells it (invariant 10).

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use super::start;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_capability_file_allows_the_list_and_nothing_else() {
    let text = fs::read_to_string(root().join("src-tauri/capabilities/main.json")).expect("the capability file");
    let capability: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(capability["windows"], json!(["main"]));
    assert_eq!(capability.get("remote"), None, "no page from elsewhere may ask for anything");
    let allowed: BTreeSet<String> = capability["permissions"]
        .as_array()
        .expect("permissions")
        .iter()
        .map(|name| name.as_str().expect("a name").to_owned())
        .collect();
    let listed = wire::commands::NAMES.iter().map(|name| format!("allow-{}", name.replace('_', "-")));
    let expected: BTreeSet<String> =
        listed.chain(["core:event:allow-listen", "core:event:allow-unlisten"].map(str::to_owned)).collect();
    assert_eq!(allowed, expected);
}

#[test]
fn every_command_of_the_list_has_a_handler_and_nothing_else_is_let_in() {
    let (app, _folder) = start();
    for name in wire::commands::NAMES {
        // Without arguments most answer with a complaint about one; a command that is missing or not allowed says so.
        if let Err(Value::String(text)) = app.ask(name, json!({})) {
            assert!(!text.contains("not found") && !text.contains("not allowed"), "{name}: {text}");
        }
    }
    for name in ["secrets", "plugin:store|get", "plugin:fs|read_file", "plugin:event|emit"] {
        assert!(app.ask(name, json!({})).is_err(), "{name} is nobody's business");
    }
}

#[test]
fn the_windows_types_are_those_of_the_shell() {
    let path = root().join("ui/src/wire/types.ts");
    assert!(
        fs::read_to_string(&path).expect("the types") == wire::export::typescript(),
        "{} drifted; `cargo xtask wire` writes it",
        path.display()
    );
}
