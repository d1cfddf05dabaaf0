//! Each kind of fault, as it reaches the window.

use std::fs;

use serde_json::json;

use super::{Started, profile, start};
use crate::support::server::{PageServer, nobody, response};

fn issuer_of(app: &Started, issuer: &str) -> (String, String, serde_json::Value) {
    app.fault("discover", json!({"issuer": issuer, "realm": "", "profile": null}))
}

#[test]
fn input() {
    let (app, _folder) = start();
    let (kind, id, fault) = issuer_of(&app, "my keycloak");
    assert_eq!((kind.as_str(), id.as_str(), &fault["field"]), ("input", "not-an-issuer", &json!("issuer")));
    let (kind, id, fault) = app.fault("save_profile", json!({"profile": profile(" ", "https://id.example.org")}));
    assert_eq!((kind.as_str(), id.as_str(), &fault["field"]), ("input", "no-name", &json!("name")));
    let mut blank = profile("Blank client", "https://id.example.org");
    blank["clients"] = json!([{"client_id": "web"}, {"client_id": " "}]);
    let fault = app.ask("save_profile", json!({"profile": blank})).expect_err("nobody can ask as it");
    assert_eq!(
        (&fault["kind"], &fault["id"], &fault["field"]),
        (&json!("input"), &json!("no-client-id"), &json!("clients.1.client_id"))
    );
    let listed = app.ask("list_profiles", json!({})).expect("a list");
    assert_eq!(listed, json!([]), "nothing was saved");
    let (kind, id, _) = app.fault("paste", json!({"text": "hello"}));
    assert_eq!((kind.as_str(), id.as_str()), ("input", "no-token"));
    let (kind, id, fault) = app.fault("import_profile", json!({"text": "{\"claimscope_profile\": 99}", "server": ""}));
    assert_eq!((kind.as_str(), id.as_str(), &fault["field"]), ("input", "newer-profile", &json!("text")));
    for (command, arguments, expected) in [
        ("open_profile", json!({"id": "gone"}), "no-such-profile"),
        ("inspect", json!({"token": "gone"}), "no-such-token"),
        ("compare", json!({"tokens": ["one"], "resource": null}), "too-few"),
        ("read_step", json!({"step": 99}), "no-such-step"),
    ] {
        let (kind, id, _) = app.fault(command, arguments);
        assert_eq!((kind.as_str(), id.as_str()), ("input", expected), "{command}");
    }
}

#[test]
fn network_with_its_step() {
    let (app, _folder) = start();
    let gone = nobody();
    let (kind, id, fault) = issuer_of(&app, &gone.base);
    assert_eq!((kind.as_str(), id.as_str(), &fault["field"]), ("network", "unreachable", &json!("issuer")));
    let step = app.ask("read_step", json!({"step": fault["step"]})).expect("the step is in the journal");
    assert_eq!((&step["outcome"], &step["problem_id"]), (&json!("failed"), &json!("unreachable")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn server_with_its_step() {
    let server = PageServer::start().await;
    server.put("/.well-known/openid-configuration", response(200, "text/html", "<!doctype html><p>Log in to the guest network"));
    let issuer = server.base.clone();
    let asked = tokio::task::spawn_blocking(move || {
        let (app, _folder) = start();
        let (kind, id, fault) = issuer_of(&app, &issuer);
        assert_eq!((kind.as_str(), id.as_str()), ("server", "discovery-html"));
        app.ask("read_step", json!({"step": fault["step"]})).expect("the step is in the journal")
    });
    assert_eq!(asked.await.expect("it runs")["status"], 200);
}

#[test]
fn refused_and_cancelled_are_steps_and_no_faults() {
    let (app, _folder) = start();
    app.ask("start_lab", json!({"legacy": false, "release": "4.7"})).expect("the lab starts");
    let draft = |client: &str| json!({"operation": "client_credentials", "profile": "lab", "values": [{"name": "client", "value": client}], "extra": []});
    let ran = app.ask("run", json!({"run": "a", "draft": draft("portal")})).expect("a refusal is a value");
    assert_eq!((&ran["step"]["outcome"], &ran["step"]["words"]["error"]), (&json!("refused"), &json!("unauthorized_client")));
    assert_eq!(ran["step"]["draft"], draft("portal"), "what was typed is in the step");
    let ran = app.ask("run", json!({"run": "b", "draft": draft("orders-batch")})).expect("a token");
    assert_eq!((&ran["step"]["outcome"], ran["tokens"].as_array().map(Vec::len)), (&json!("success"), Some(1)));
    let crossed = ran.to_string();
    assert!(crossed.contains("eyJ••••••••"), "tokens cross to the window masked");
    // Three letters alone may stand in any key; a token goes on to its first dot.
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let token =
        crossed.split("eyJ").skip(1).find(|rest| rest.starts_with(part) && rest.trim_start_matches(part).starts_with('.'));
    assert_eq!(token, None, "tokens cross to the window masked only");
    let (kind, id, fault) = app.fault("run", json!({"run": "c", "draft": draft("")}));
    assert_eq!((kind.as_str(), id.as_str(), &fault["field"]), ("input", "incomplete", &json!("client")));
    app.ask("cancel_run", json!({"run": "a"})).expect("cancelling what is over is no fault");
    app.ask("stop_lab", json!({})).expect("the lab stops");
}

#[test]
fn storage() {
    let (app, folder) = start();
    let (kind, id, _) = app.fault("reveal_secret", json!({"profile": "p", "client_id": "c", "server": "provider"}));
    assert_eq!((kind.as_str(), id.as_str()), ("storage", "no-secret"));
    let (kind, id, _) = app.fault("open_again", json!({"run": "none"}));
    assert_eq!((kind.as_str(), id.as_str()), ("storage", "no-browser"));
    let (kind, id, fault) = app.fault("choose_secret_store", json!({"kind": "encrypted_file", "passphrase": "short"}));
    assert_eq!((kind.as_str(), id.as_str(), &fault["field"]), ("storage", "secret-store", &json!("passphrase")));
    // A folder stands where the file should be written: it is moved aside as it is, and the profile is saved.
    fs::create_dir(folder.path().join("profiles.json")).expect("a folder");
    fs::write(folder.path().join("profiles.json/in it"), "kept").expect("a file");
    app.ask("save_profile", json!({"profile": profile("Mine", "https://id.example.org")})).expect("it is saved");
    assert!(folder.path().join("profiles.json").is_file());
    let kept = fs::read_dir(folder.path()).expect("the folder").flatten().map(|entry| entry.path().join("in it"));
    assert_eq!(kept.filter(|path| path.is_file()).count(), 1, "what stood there is still there");
    // The data folder itself is gone, and something else is in its place.
    fs::remove_dir_all(folder.path()).expect("it goes");
    fs::write(folder.path(), "").expect("a file");
    let (kind, id, fault) = app.fault("save_profile", json!({"profile": profile("Yours", "https://id.example.org")}));
    assert_eq!((kind.as_str(), id.as_str()), ("storage", "not-saved"));
    assert!(fault["advice"].as_str().is_some_and(|text| text.contains("What you typed is still here")), "{fault}");
    fs::remove_file(folder.path()).expect("it goes");
}
