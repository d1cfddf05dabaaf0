//! Expectations over the commands: from a token, from YAML and back, and what is refused at its field.

use serde_json::{Value, json};

use super::{Started, profile, start};

fn batch_token(app: &Started) -> Value {
    app.ask("start_lab", json!({"legacy": false, "release": "4.7"})).expect("the lab starts");
    app.ask("choose_profile", json!({"id": "lab"})).expect("chosen");
    let draft = json!({"operation": "client_credentials", "profile": "lab", "values": [{"name": "client", "value": "orders-batch"}], "extra": []});
    let ran = app.ask("run", json!({"run": "a", "draft": draft})).expect("a token");
    ran["step"]["tokens_out"][0].clone()
}

#[test]
fn a_known_good_token_becomes_expectations_it_meets() {
    let (app, _folder) = start();
    let token = batch_token(&app);
    let required = app.ask("require_from", json!({"token": token})).expect("expectations");
    assert!(required["lines"].as_array().is_some_and(|lines| lines.len() > 3), "{required}");

    let copy = app.ask("duplicate_profile", json!({"id": "lab", "name": "Mine", "take_along": true})).expect("a copy");
    let mut mine = copy["profile"].clone();
    let resources = mine["resources"].as_array_mut().expect("resources");
    resources.push(json!({"name": "batch-api", "url": "", "through_gateway": false, "expectations": required["expectations"]}));
    let saved = app.ask("save_profile", json!({"profile": mine})).expect("saved");
    app.ask("choose_profile", json!({"id": saved["profile"]["id"]})).expect("chosen");
    let examined = app.ask("examine", json!({"token": token, "resource": "batch-api"})).expect("examined");
    assert_eq!((&examined["report"]["answer"], &examined["report"]["first_failure"]), (&json!(200), &Value::Null), "{examined}");
    assert!(examined["report"]["until_s"].as_i64().is_some(), "it ends");

    let truth = app.ask("truth", json!({"token": token})).expect("a reading");
    let heard: Vec<&str> =
        truth["sources"].as_array().expect("three").iter().filter_map(|source| source["heard"].as_str()).collect();
    assert_eq!(heard, ["said", "not_asked", "unavailable"], "no user stands behind it");
    let asked = app.ask("ask_server", json!({"run": "b", "token": token})).expect("asked");
    assert_eq!(asked["truth"]["sources"][1]["active"], json!(true), "{asked}");
    assert_eq!(asked["last_step"]["operation"], "introspect");
    app.ask("stop_lab", json!({})).expect("the lab stops");
}

#[test]
fn a_security_block_is_read_and_written_without_saving() {
    let (app, _folder) = start();
    let mut edited = profile("Shop", "https://id.test/realms/shop");
    edited["resources"] =
        json!([{"name": "orders-api", "url": "", "through_gateway": false, "expectations": {"scope": ["kept"]}}]);
    let text = "cors: 1\nchecks:\n  audience: orders-api\n  issuer: identity_provider\n  roles: [viewer]\n  expiration: 5m\n";
    let arguments = |text: &str| json!({"text": text, "profile": edited, "resource": "orders-api"});
    let read = app.ask("read_expectations", arguments(text)).expect("readable");
    let wants = &read["expectations"];
    assert_eq!((&wants["issuer"], &wants["scope"]), (&json!(["https://id.test/realms/shop"]), &json!(["kept"])));
    assert_eq!(
        (&wants["max_lifetime_s"], &read["notes"]),
        (&json!(300), &json!(["Line 1: cors is not known here and was left out."]))
    );
    let (kind, id, fault) = app.fault("read_expectations", arguments("checks:\n  expiration: soon\n"));
    assert_eq!((kind.as_str(), id.as_str(), fault["field"].as_str()), ("input", "not-a-security-block", Some("text")));
    assert!(fault["message"].as_str().is_some_and(|message| message.starts_with("Line 2, column 15: ")), "{fault}");
    let written = app.ask("write_expectations", json!({"profile": edited, "resource": "orders-api"})).expect("written");
    assert!(
        written.as_str().is_some_and(|text| text.contains("# Also expected, without a word in this block: scope")),
        "{written}"
    );
    assert_eq!(app.fault("write_expectations", json!({"profile": edited, "resource": "gone"})).1, "no-such-resource");
    assert_eq!(app.boot()["profiles"], json!([]), "nothing is saved");
}

#[test]
fn a_pattern_that_cannot_be_read_is_refused_at_its_field() {
    let (app, _folder) = start();
    let mut edited = profile("Shop", "https://id.test/realms/shop");
    let claims = json!([{"path": "tenant", "value": "", "pattern": "shop-("}]);
    edited["resources"] =
        json!([{"name": "orders-api", "url": "", "through_gateway": false, "expectations": {"claims": claims}}]);
    let (kind, id, fault) = app.fault("save_profile", json!({"profile": edited}));
    assert_eq!((kind.as_str(), id.as_str()), ("input", "bad-expectation"));
    assert_eq!(fault["field"], "resources.0.expectations.claims.0.pattern");
}
