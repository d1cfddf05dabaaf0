//! What is kept between two starts, and files that are not as they were left.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Started, profile, start};

fn notices(boot: &Value) -> Vec<String> {
    boot["notices"].as_array().expect("notices").iter().map(|notice| notice["id"].as_str().expect("an id").to_owned()).collect()
}

fn names(boot: &Value) -> Vec<String> {
    boot["profiles"]
        .as_array()
        .expect("profiles")
        .iter()
        .map(|profile| profile["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn an_empty_folder_boots_to_the_first_start() {
    let (app, _folder) = start();
    let boot = app.boot();
    assert_eq!(
        (&boot["profiles"], &boot["tokens"], &boot["steps"], &boot["last_step"]),
        (&json!([]), &json!([]), &json!(0), &json!(null))
    );
    assert_eq!((&boot["lab"]["running"], &boot["profile"], notices(&boot)), (&json!(false), &json!(null), Vec::new()));
    assert_eq!(boot["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn profile_view_and_journal_are_there_after_a_restart() {
    let (app, folder) = start();
    app.ask("start_lab", json!({"legacy": false, "release": "4.7"})).expect("the lab starts");
    let draft = json!({"operation": "client_credentials", "profile": "lab", "values": [{"name": "client", "value": "orders-batch"}], "extra": []});
    let ran = app.ask("run", json!({"run": "a", "draft": draft})).expect("a token");
    let saved = app.ask("duplicate_profile", json!({"id": "lab", "name": "My shop", "take_along": true})).expect("a copy");
    let id = saved["profile"]["id"].clone();
    app.ask("choose_profile", json!({"id": id})).expect("chosen");
    let mut view = app.boot()["view"].clone();
    view["view"] = json!("audit");
    view["theme"] = json!("dark");
    view["step"] = ran["step"]["id"].clone();
    app.ask("save_view", json!({"view": view})).expect("saved");
    app.ask("stop_lab", json!({})).expect("the lab stops");
    let before = app.boot();
    drop(app);

    let again = Started::in_folder(folder.path()).boot();
    assert_eq!(names(&again), ["Lab", "My shop"]);
    assert_eq!((&again["view"], &again["profile"]["id"]), (&view, &id));
    assert_eq!((&again["steps"], &again["last_step"]), (&before["steps"], &before["last_step"]));
    let token = &again["tokens"][0];
    assert_eq!((&token["id"], &token["evidence_only"]), (&ran["tokens"][0]["id"], &json!(true)));
    assert_eq!(notices(&again), Vec::<String>::new());
    for file in ["profiles.json", "preferences.json", "profiles.json.good"] {
        let text = fs::read_to_string(folder.path().join(file)).expect("saved");
        assert!(text.contains("\"schema\"") && !text.contains("secret\":\""), "{file}");
    }
}

/// A folder in which one profile was saved.
fn saved() -> TempDir {
    let (app, folder) = start();
    app.ask("save_profile", json!({"profile": profile("Mine", "https://id.example.org")})).expect("saved");
    folder
}

#[test]
fn a_truncated_profile_file_is_restored_from_its_good_copy() {
    let folder = saved();
    let path = folder.path().join("profiles.json");
    let whole = fs::read(&path).expect("saved");
    fs::write(&path, &whole[..whole.len() / 2]).expect("the damage");
    let boot = Started::in_folder(folder.path()).boot();
    assert_eq!((notices(&boot), names(&boot)), (vec!["profiles-recovered".to_owned()], vec!["Mine".to_owned()]));
    assert!(
        boot["notices"][0]["advice"].as_str().is_some_and(|text| text.contains("last good copy") && text.contains("broken-1"))
    );
    assert_eq!(fs::read(folder.path().join("profiles.broken-1.json")).expect("kept"), whole[..whole.len() / 2]);
    assert_eq!(notices(&Started::in_folder(folder.path()).boot()), Vec::<String>::new(), "said once");
}

#[test]
fn an_unreadable_profile_file_is_moved_aside() {
    let folder = saved();
    let path = folder.path().join("profiles.json");
    fs::remove_file(&path).expect("removed");
    fs::create_dir(&path).expect("a folder in its place");
    let boot = Started::in_folder(folder.path()).boot();
    assert_eq!((notices(&boot), names(&boot)), (vec!["profiles-recovered".to_owned()], vec!["Mine".to_owned()]));
    assert!(boot["notices"][0]["message"].as_str().is_some_and(|text| text.contains("cannot be read")));
}

#[test]
fn a_newer_profile_file_is_left_as_it_is() {
    let folder = saved();
    let path = folder.path().join("profiles.json");
    let newer = "{\"schema\": 99, \"profiles\": {\"another\": \"shape\"}}";
    fs::write(&path, newer).expect("written by a newer version");
    let app = Started::in_folder(folder.path());
    let boot = app.boot();
    assert_eq!((notices(&boot), names(&boot)), (vec!["profiles-newer".to_owned()], Vec::new()));
    app.ask("save_profile", json!({"profile": profile("Meanwhile", "https://id.example.org")})).expect("saved beside it");
    assert_eq!(fs::read_to_string(&path).expect("it is there"), newer);
    app.ask("dismiss_notice", json!({"id": "profiles-newer"})).expect("read");
    assert_eq!(notices(&app.boot()), Vec::<String>::new());
}

#[test]
fn a_profile_that_cannot_be_read_is_named_and_the_others_stay() {
    let folder = saved();
    let path = folder.path().join("profiles.json");
    let mut file: Value = serde_json::from_slice(&fs::read(&path).expect("saved")).expect("JSON");
    file["profiles"].as_array_mut().expect("a list").push(json!({"id": "x", "name": "From elsewhere", "colour": "red"}));
    fs::write(&path, file.to_string()).expect("written");
    let boot = Started::in_folder(folder.path()).boot();
    assert_eq!((notices(&boot), names(&boot)), (vec!["profile-unreadable".to_owned()], vec!["Mine".to_owned()]));
    assert!(boot["notices"][0]["message"].as_str().is_some_and(|text| text.contains("From elsewhere")));
}

/// What a later version may save: members and words of which this one knows nothing, at every depth.
const FUTURE: &str = r#"{"id":"f","name":"From the future","provider":{"issuer":"https://id.example.org","dialect":"auth0","endpoints":{"par":"https://id.example.org/par"},"capabilities":[{"id":"par","support":"required"}]},"clients":[{"client_id":"app","auth":"tls_client_auth","server":"broker","dpop":true}],"mark":"star","tls":{"client_certificate":"shop"},"workspace":{"of":["a",1.0e+2]}}"#;

#[test]
fn a_profile_from_the_future_comes_through_an_older_app_unchanged() {
    let future: Value = serde_json::from_str(FUTURE).expect("JSON");
    let words = ["/provider/dialect", "/provider/endpoints/par", "/provider/capabilities/0/support", "/clients/0/auth"];
    let words =
        words.into_iter().chain(["/clients/0/server", "/clients/0/dpop", "/mark", "/tls/client_certificate", "/workspace"]);
    // Each of them alone is enough, and so are all together.
    let mut entries = vec![FUTURE.to_owned()];
    for path in words {
        let (parent, member) = path.rsplit_once('/').expect("a path");
        let mut entry = json!({"id": "f", "name": "From the future", "provider": {"endpoints": {}, "capabilities": [{}]}, "clients": [{"client_id": "app"}], "tls": {}});
        let value = future.pointer(path).expect("it is there").clone();
        entry.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object").insert(member.into(), value);
        entries.push(entry.to_string());
    }
    for entry in entries {
        let folder = saved();
        let path = folder.path().join("profiles.json");
        let mine = fs::read_to_string(&path).expect("saved");
        let end = mine.rfind(']').expect("a list");
        fs::write(&path, format!("{},\n{entry}\n{}", mine[..end].trim_end(), &mine[end..])).expect("a later version saved it");
        let app = Started::in_folder(folder.path());
        let boot = app.boot();
        assert_eq!((notices(&boot), names(&boot)), (vec!["profile-unreadable".to_owned()], vec!["Mine".to_owned()]), "{entry}");
        assert!(boot["notices"][0]["message"].as_str().is_some_and(|text| text.contains("From the future")), "{entry}");
        app.ask("save_profile", json!({"profile": profile("Meanwhile", "https://id.example.org")})).expect("saved beside it");
        for file in ["profiles.json", "profiles.json.good"] {
            let text = fs::read_to_string(folder.path().join(file)).expect("it is there");
            assert!(text.contains(&entry) && text.contains("Meanwhile"), "{file}: {text}");
        }
    }
}

#[test]
fn a_damaged_journal_is_said_at_the_start() {
    let folder = saved();
    for side in ["journal.sqlite-wal", "journal.sqlite-shm"] {
        // Left by the first start, which did not get to close it; its pages would stand in for the damaged ones.
        let _ = fs::remove_file(folder.path().join(side));
    }
    fs::write(folder.path().join("journal.sqlite"), "not a database, but long enough to be looked at".repeat(50))
        .expect("the damage");
    let boot = Started::in_folder(folder.path()).boot();
    assert_eq!((notices(&boot), &boot["steps"]), (vec!["journal-damaged".to_owned()], &json!(0)));
    assert_eq!(names(&boot), ["Mine"], "profiles do not depend on it");
}

#[test]
fn a_deleted_profile_takes_its_secrets_out_of_the_store_and_undo_brings_them_back() {
    let (app, _folder) = start();
    app.ask("choose_secret_store", json!({"kind": "memory", "passphrase": ""})).expect("memory only");
    let mut wanted = profile("Shop", "https://id.example.org/realms/shop");
    wanted["clients"] = json!([{"client_id": "portal", "auth": "client_secret_basic"}]);
    let id = app.ask("save_profile", json!({"profile": wanted})).expect("saved")["profile"]["id"].clone();
    let client = json!({"profile": id, "client_id": "portal", "server": "provider"});
    app.ask(
        "save_secret",
        json!({"profile": id, "client_id": "portal", "server": "provider", "sort": "secret", "secret": "of-the-portal"}),
    )
    .expect("kept");
    app.ask("delete_profile", json!({"id": id})).expect("deleted");
    let (kind, fault, _) = app.fault("reveal_secret", client.clone());
    assert_eq!((kind.as_str(), fault.as_str()), ("storage", "no-secret"));
    app.ask("restore_profile", json!({"id": id})).expect("back");
    assert_eq!(app.ask("reveal_secret", client).expect("the secret"), "of-the-portal");
}

#[test]
fn the_profile_for_a_real_keycloak_can_be_imported() {
    let (app, _folder) = start();
    let text = include_str!("../fixtures/keycloak/profile.json").replace("${CLAIMSCOPE_KEYCLOAK_BASE}", "http://127.0.0.1:18080");
    let opened = app.ask("import_profile", json!({ "text": text, "server": "" })).expect("it is imported");
    assert_eq!(opened["profile"]["provider"]["issuer"], "http://127.0.0.1:18080/realms/platform");
    assert_eq!(opened["profile"]["clients"].as_array().map(Vec::len), Some(12));
    assert_eq!(names(&app.boot()), ["Keycloak platform"]);
}
