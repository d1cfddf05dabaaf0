//! A server log through the commands of the window: opened from a file, read in the background, filtered, shown, closed.

use std::fs;

use serde_json::{Value, json};

use super::{Started, start};

const CONSOLE: &str = include_str!("../fixtures/logs/keycloak-26.2.5-console.log");

fn query(search: &str) -> Value {
    json!({"query": {"search": search, "chips": [], "event_type": null, "client": null, "user": null, "error": null, "step": null,
        "from_ms": null, "to_ms": null, "offset": 0, "limit": 100}})
}

/// Asks until the log is read.
fn read_through(app: &Started) -> Value {
    loop {
        let state = app.ask("log_state", json!({})).expect("a state");
        if state["phase"] != "reading" {
            return state;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_file_is_opened_filtered_and_closed() {
    let (app, folder) = start();
    assert_eq!(app.ask("log_state", json!({})).expect("a state")["phase"], "empty");
    assert_eq!(app.fault("log_page", query("")).1, "none-open");
    let path = folder.path().join("keycloak.log");
    fs::write(&path, CONSOLE).expect("written");
    let choices = app.ask("complete_path", json!({"text": folder.path().join("keyc")})).expect("choices");
    assert_eq!(choices[0]["path"], json!(path));
    app.ask("open_log", json!({"source": {"what": "files", "paths": [path]}, "profile": "lab"})).expect("it opens");
    let state = read_through(&app);
    assert_eq!((&state["phase"], &state["events"], &state["zoneless"]), (&json!("ready"), &json!(16), &json!(true)));
    let page = app.ask("log_page", query("token_exchange_error")).expect("a page");
    assert_eq!(page["matching"], 1);
    let row = &page["rows"][0];
    assert_eq!((&row["event_type"], &row["client"]), (&json!("TOKEN_EXCHANGE_ERROR"), &json!("portal")));
    let line = app.ask("log_line", json!({"row": row["row"]})).expect("a line");
    assert!(line["fields"].as_array().is_some_and(|fields| fields.iter().any(|pair| pair["name"] == "reason")), "{line}");
    let before = row["time_ms"].as_i64().expect("a time");
    app.ask("join_log", json!({"profile": "lab", "zone": 60})).expect("another zone");
    let page = app.ask("log_page", query("token_exchange_error")).expect("a page");
    assert_eq!(page["rows"][0]["time_ms"], before - 3_600_000);
    assert_eq!(app.ask("close_log", json!({})).expect("a state")["phase"], "empty");
}

#[test]
fn what_cannot_be_opened_is_said_at_its_field() {
    let (app, folder) = start();
    let path = folder.path().join("none.log");
    let (kind, id, fault) = app.fault("open_log", json!({"source": {"what": "files", "paths": [path]}, "profile": "lab"}));
    assert_eq!((kind.as_str(), id.as_str(), &fault["field"]), ("input", "no-such-file", &json!("log")));
    let (_, id, _) = app.fault("open_log", json!({"source": {"what": "text", "text": " \n"}, "profile": "lab"}));
    assert_eq!(id, "empty");
    // A log that is open stays open when another cannot be.
    app.ask("open_log", json!({"source": {"what": "text", "text": CONSOLE}, "profile": "lab"})).expect("it opens");
    app.fault("open_log", json!({"source": {"what": "files", "paths": [folder.path()]}, "profile": "lab"}));
    assert_eq!(read_through(&app)["events"], 16);
}
