//! The release the lab's gateway plays: chosen at its start, said by the lab, and followed by every profile that points at it.

use serde_json::{Value, json};

use super::start;

/// What the profile says of its gateway's release, and whether the portal offers to regenerate and to add secrets.
fn offered(app: &super::Started, profile: &str) -> Value {
    let place = app.ask("open_portal", json!({"profile": profile})).expect("the lab has a portal");
    json!([place["release"], place["secrets"]["regenerate"], place["secrets"]["further"]])
}

#[test]
fn the_labs_gateway_starts_as_either_release_and_its_profiles_follow() {
    let (app, _folder) = start();
    let lab = app.ask("start_lab", json!({"legacy": false, "release": "4.7"})).expect("the lab starts");
    assert_eq!((&lab["running"], &lab["release"]), (&json!(true), &json!("4.7")));
    let copy = app.ask("duplicate_profile", json!({"id": "lab", "name": "Mine", "take_along": true})).expect("a copy")["profile"]
        ["id"]
        .clone();
    let copy = copy.as_str().expect("an id");
    assert_eq!(offered(&app, "lab"), json!(["4.7", false, true]));

    app.ask("stop_lab", json!({})).expect("the lab stops");
    let lab = app.ask("start_lab", json!({"legacy": true, "release": "4.6"})).expect("the lab starts again");
    assert_eq!((&lab["legacy"], &lab["release"]), (&json!(true), &json!("4.6")));
    assert_eq!((offered(&app, "lab"), offered(&app, copy)), (json!(["4.6", true, false]), json!(["4.6", true, false])));

    // The gateway itself is the earlier release: it gives the secret of a registered client again.
    let register = [("call", "register"), ("client", "admin"), ("name", "claimscope"), ("grant", "client_credentials")];
    let values: Vec<Value> = register.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let draft = json!({"operation": "portal", "profile": "lab", "values": values, "extra": []});
    let told = || {
        let made = app.ask("ask_portal", json!({"run": "a", "draft": draft})).expect("registered");
        made["answer"]["client"]["has_secret"].clone()
    };
    assert_eq!((told(), told()), (json!(true), json!(true)));
    app.ask("stop_lab", json!({})).expect("the lab stops");
    app.ask("start_lab", json!({"legacy": false, "release": "4.7"})).expect("the lab starts again");
    assert_eq!((told(), told()), (json!(true), json!(false)), "since 4.7 it is told once");
    app.ask("stop_lab", json!({})).expect("the lab stops");
}
