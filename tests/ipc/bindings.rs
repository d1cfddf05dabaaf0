//! Secrets and whom they were entered for, copies and imports, as the window meets them.

use lab::{Lab, Options};
use serde_json::{Value, json};

use super::{Started, profile, start};

/// A saved profile of one confidential client, with its secret.
fn shop(app: &Started, name: &str) -> Value {
    let mut wanted = profile(name, "https://id.example.org/realms/shop");
    wanted["clients"] = json!([{"client_id": "portal", "auth": "client_secret_basic"}]);
    wanted["provider"]["read_ms"] = json!(1);
    wanted["provider"]["keys"] = json!("2, RS256");
    wanted["provider"]["events"] = json!("https://id.example.org/admin/realms/shop/events");
    wanted["provider"]["endpoints"]["token"] = json!("https://id.example.org/token");
    let id = app.ask("save_profile", json!({"profile": wanted})).expect("saved")["profile"]["id"].clone();
    let state = app.ask("save_secret", secret(&id, "portal", "provider", "secret", "hunter2")).expect("kept");
    assert_eq!((&state["saved"], &state["sort"]), (&json!(true), &json!("secret")));
    assert_eq!(state["issuer"], json!("https://id.example.org/realms/shop"));
    id
}

fn secret(profile: &Value, client: &str, server: &str, sort: &str, text: &str) -> Value {
    json!({"profile": profile, "client_id": client, "server": server, "sort": sort, "secret": text})
}

fn client(profile: &Value, server: &str) -> Value {
    json!({"profile": profile, "client_id": "portal", "server": server})
}

#[test]
fn a_copy_has_nothing_of_the_server_unless_it_is_taken_along() {
    let (app, _folder) = start();
    let id = shop(&app, "Shop");
    let plain = app.ask("duplicate_profile", json!({"id": id, "name": "Copy", "take_along": false})).expect("a copy");
    let provider = &plain["profile"]["provider"];
    assert_eq!((&provider["read_ms"], &provider["keys"], &provider["events"]), (&json!(0), &json!(""), &json!("")));
    assert_eq!((&plain["secrets"][0]["saved"], &plain["profile"]["id"]), (&json!(false), &json!("copy")));
    let whole = app.ask("duplicate_profile", json!({"id": id, "name": "Whole", "take_along": true})).expect("a copy");
    let state = &whole["secrets"][0];
    assert_eq!((&state["saved"], &state["issuer"]), (&json!(true), &json!("https://id.example.org/realms/shop")));
    assert_eq!(whole["profile"]["provider"]["read_ms"], json!(1));
}

#[test]
fn a_key_and_a_secret_are_told_apart_before_either_is_kept() {
    let (app, _folder) = start();
    let id = shop(&app, "Shop");
    let key = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let public = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    for (sort, text, fault) in [
        ("secret", key, "key-as-secret"),
        ("secret", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "key-as-secret"),
        ("secret", public, "public-key-as-secret"),
        ("key", public, "public-key-as-secret"),
        ("secret", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "public-key-as-secret"),
        ("key", "hunter2", "not-a-key"),
        ("key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "not-a-key"),
        ("key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", "not-a-key"),
        ("secret", " \n", "empty-secret"),
        ("secret", "", "empty-secret"),
    ] {
        let (kind, found, told) = app.fault("save_secret", secret(&id, "portal", "provider", sort, text));
        assert_eq!((kind.as_str(), found.as_str(), &told["field"]), ("input", fault, &json!("secret")), "{sort} {text}");
        assert!(!told.to_string().contains("nWGxne") && !told.to_string().contains("hunter2"), "{told}");
    }
    assert_eq!(app.ask("reveal_secret", client(&id, "provider")).expect("the old one"), "hunter2");
    let state = app.ask("save_secret", secret(&id, "portal", "provider", "key", key)).expect("a key");
    assert_eq!(state["sort"], json!("key"));
    let opened = app.ask("open_profile", json!({"id": id})).expect("opened");
    assert_eq!(opened["secrets"][0]["sort"], json!("key"), "and everywhere at once");
}

#[test]
fn a_gateways_client_and_a_providers_of_the_same_id_have_a_secret_each() {
    let (app, _folder) = start();
    let id = shop(&app, "Shop");
    app.ask("save_secret", secret(&id, "portal", "gateway", "secret", "of the gateway")).expect("kept");
    assert_eq!(app.ask("reveal_secret", client(&id, "provider")).expect("kept"), "hunter2");
    assert_eq!(app.ask("reveal_secret", client(&id, "gateway")).expect("kept"), "of the gateway");
    app.ask("clear_secret", client(&id, "gateway")).expect("cleared");
    assert_eq!(app.ask("reveal_secret", client(&id, "provider")).expect("kept"), "hunter2");
}

#[test]
fn a_new_profile_never_inherits_a_secret_by_its_name() {
    let (app, folder) = start();
    let id = shop(&app, "Shop");
    // A client renamed, and the profile deleted: its first secret is of a client the profile no longer has.
    let mut renamed = app.ask("open_profile", json!({"id": id})).expect("opened")["profile"].clone();
    renamed["clients"][0]["client_id"] = json!("renamed");
    app.ask("save_profile", json!({"profile": renamed})).expect("saved");
    app.ask("delete_profile", json!({"id": id})).expect("deleted");
    assert_eq!(app.fault("reveal_secret", client(&id, "provider")).1, "no-secret", "gone with the profile");
    drop(app);
    let app = Started::in_folder(folder.path());
    for name in ["Shop", "shop", "SHOP"] {
        let mut wanted = profile(name, "https://id.example.org/realms/shop");
        wanted["clients"] = json!([{"client_id": "portal", "auth": "client_secret_basic"}]);
        let text =
            json!({"claimscope_profile": 1, "profile": {"id": id, "name": name, "clients": wanted["clients"]}}).to_string();
        for made in [
            app.ask("save_profile", json!({"profile": wanted})).expect("saved"),
            app.ask("import_profile", json!({"text": text, "server": ""})).expect("imported"),
        ] {
            assert_ne!(made["profile"]["id"], id, "{name}");
            assert_eq!(made["secrets"][0]["saved"], json!(false), "{name}");
        }
    }
}

#[test]
fn an_import_takes_no_switch_no_trust_and_no_id() {
    let (app, _folder) = start();
    let id = shop(&app, "Shop");
    for wanted in ["lab", "shop", ""] {
        let mut file = app.ask("open_profile", json!({"id": id})).expect("opened")["profile"].clone();
        file["id"] = json!(wanted);
        file["simulated"] = json!(true);
        file["provider"]["endpoints"]["token"] = json!("https://evil.example/token");
        file["tls"] =
            json!({"ca_pem": "x", "pins": [{"server": "a:1"}], "danger_accept_any_certificate": true, "danger_plain_http": true});
        let text = json!({"claimscope_profile": 1, "profile": file}).to_string();
        let preview = app.ask("read_import", json!({"text": text, "server": ""})).expect("read");
        let said = |list: &str, what: &str| {
            preview[list]
                .as_array()
                .expect("lines")
                .iter()
                .any(|line| line["what"].as_str().is_some_and(|told| told.contains(what)))
        };
        assert!(said("warned", "Token endpoint"), "{preview}");
        for what in
            ["Accept any certificate", "Allow plain http", "Pinned certificates", "Certificates of authorities", "lab", "read"]
        {
            assert!(said("left", what), "{what}: {preview}");
        }
        let made = app.ask("import_profile", json!({"text": text, "server": ""})).expect("imported");
        let own = &made["profile"];
        assert!(own["id"] != "lab" && own["id"] != id && own["id"] != "", "{own}");
        assert_eq!((&own["simulated"], &own["provider"]["read_ms"]), (&json!(false), &json!(0)));
        assert_eq!(
            own["tls"],
            json!({"ca_pem": "", "pins": [], "danger_accept_any_certificate": false, "danger_plain_http": false})
        );
        assert_eq!((&made["secrets"][0]["saved"], made["elsewhere"].as_array().map(Vec::len)), (&json!(false), Some(1)));
    }
}

#[test]
fn a_secret_for_another_host_is_asked_about_and_goes_with_the_users_word() {
    let (app, _folder) = start();
    let lab = tauri::async_runtime::block_on(Lab::start(Options::default())).expect("a lab");
    let issuer = lab.description().issuer.clone();
    let found = app.ask("discover", json!({"issuer": issuer, "realm": "", "profile": null})).expect("read");
    let mut own = found["profile"].clone();
    assert_eq!((&found["moved"], &found["elsewhere"]), (&json!([]), &json!([])));
    own["name"] = json!("Mine");
    own["clients"] = json!([{"client_id": "orders-batch", "auth": "client_secret_basic"}]);
    let id = app.ask("save_profile", json!({"profile": own})).expect("saved")["profile"]["id"].clone();
    let of_lab = lab.description().client("orders-batch").and_then(|client| client.secret.clone()).expect("a secret");
    app.ask("save_secret", secret(&id, "orders-batch", "provider", "secret", &of_lab)).expect("kept");
    let mut elsewhere = app.ask("open_profile", json!({"id": id})).expect("opened")["profile"].clone();
    let token = elsewhere["provider"]["endpoints"]["token"].as_str().expect("an address").replace("127.0.0.1", "localhost");
    elsewhere["provider"]["endpoints"]["token"] = json!(token);
    app.ask("save_profile", json!({"profile": elsewhere})).expect("saved");
    let draft = json!({"operation": "client_credentials", "profile": id, "values": [{"name": "client", "value": "orders-batch"}], "extra": []});
    let run = || app.ask("run", json!({"run": "a", "draft": draft})).expect("a step")["step"].clone();
    let before = lab.received().len();
    let step = run();
    assert_eq!((&step["problem_id"], step["exchanges"].as_array().map(Vec::len)), (&json!("secret-to-another-host"), Some(0)));
    assert_eq!(lab.received().len(), before);
    let questions = app.ask("secret_questions", json!({})).expect("questions");
    let question = &questions[0];
    assert_eq!((&question["client_id"], &question["bound"]), (&json!("orders-batch"), &json!(issuer)));
    assert!(question["origin"].as_str().is_some_and(|origin| origin.starts_with("http://localhost:")), "{question}");
    assert!(!questions.to_string().contains(&of_lab));
    assert_eq!(app.ask("answer_secret_question", json!({"id": "x", "consent": "always"})).expect("told"), json!(false));
    let answer = json!({"id": question["id"], "consent": "once"});
    assert_eq!(app.ask("answer_secret_question", answer).expect("told"), json!(true));
    assert_eq!(run()["outcome"], json!("success"));
    assert_eq!(run()["problem_id"], json!("secret-to-another-host"), "once is one time");
    let id_of = |questions: Value| questions[0]["id"].clone();
    let answer = json!({"id": id_of(app.ask("secret_questions", json!({})).expect("questions")), "consent": "always"});
    assert_eq!(app.ask("answer_secret_question", answer).expect("told"), json!(true));
    assert_eq!((&run()["outcome"], &run()["outcome"]), (&json!("success"), &json!("success")));
    let state = app.ask("open_profile", json!({"id": id})).expect("opened")["secrets"][0].clone();
    assert_eq!(state["approved"].as_array().map(Vec::len), Some(1), "{state}");
}

#[test]
fn a_secret_is_said_to_be_for_another_server_once_the_issuer_is_edited() {
    let (app, _folder) = start();
    let id = shop(&app, "Shop");
    let saved = app.ask("open_profile", json!({"id": id})).expect("opened");
    assert_eq!(saved["secrets"][0]["elsewhere"], json!(false));
    for (issuer, elsewhere) in [
        ("https://id.example.org/realms/shoq", true),
        ("https://id.example.org/realms/shop/", true),
        ("https://id.example.com/realms/shop", true),
        ("http://id.example.org/realms/shop", true),
        ("", true),
        ("not an address", true),
        ("https://ID.example.org:443/realms/shop", false),
    ] {
        let mut edited = saved["profile"].clone();
        edited["provider"]["issuer"] = json!(issuer);
        let told = app.ask("redirect_hint", json!({"profile": edited})).expect("told");
        let state = &told["secrets"][0];
        assert_eq!((&state["saved"], &state["elsewhere"]), (&json!(true), &json!(elsewhere)), "{issuer}");
        assert_eq!(state["issuer"], json!("https://id.example.org/realms/shop"), "for whom it was entered");
    }
}

#[test]
fn a_password_for_another_host_is_asked_about_and_the_word_is_no_copys_and_no_imports() {
    let (app, _folder) = start();
    let mut wanted = profile("Public", "http://127.0.0.1:1/realms/shop");
    wanted["clients"] = json!([{"client_id": "app", "auth": "none"}]);
    wanted["provider"]["endpoints"]["token"] = json!("http://localhost:1/token");
    let id = app.ask("save_profile", json!({"profile": wanted})).expect("saved")["profile"]["id"].clone();
    let run = |id: &Value| {
        let values = [("client", "app"), ("username", "alice"), ("password", "wonderland")];
        let values: Vec<Value> = values.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let draft = json!({"operation": "password", "profile": id, "values": values, "extra": []});
        let preview = app.ask("preview", json!({"draft": draft})).expect("a preview");
        let step = app.ask("run", json!({"run": "a", "draft": draft})).expect("a step")["step"].clone();
        let asked = step["problem_id"] == json!("secret-to-another-host");
        assert_eq!(preview["questions"].as_array().map(Vec::len), Some(usize::from(asked)), "{preview}");
        asked
    };
    assert!(run(&id));
    let questions = app.ask("secret_questions", json!({})).expect("questions");
    let question = &questions[0];
    assert_eq!((&question["load"], &question["client_id"]), (&json!("The user's name and password"), &json!("app")));
    assert_eq!(
        (&question["issuer"], &question["origin"]),
        (&json!("http://127.0.0.1:1/realms/shop"), &json!("http://localhost:1"))
    );
    assert!(!questions.to_string().contains("wonderland"));
    let answer = json!({"id": question["id"], "consent": "always"});
    assert_eq!(app.ask("answer_secret_question", answer).expect("told"), json!(true));
    assert!(!run(&id), "asked once, then quiet");
    for take_along in [false, true] {
        let copy = app.ask("duplicate_profile", json!({"id": id, "name": "Copy", "take_along": take_along})).expect("a copy");
        assert!(run(&copy["profile"]["id"]), "a copy has no word of its source");
    }
    let text = app.ask("export_profile", json!({"id": id})).expect("exported");
    let made = app.ask("import_profile", json!({"text": text, "server": ""})).expect("imported");
    assert!(run(&made["profile"]["id"]), "nor has an import");
    app.ask("delete_profile", json!({"id": id})).expect("deleted");
    let again = app.ask("save_profile", json!({"profile": wanted})).expect("saved")["profile"]["id"].clone();
    assert!(again != id && run(&again), "nor a new one of the same name");
}

#[test]
fn what_is_allowed_is_listed_and_can_be_taken_back() {
    let (app, _folder) = start();
    let mut wanted = profile("Public", "http://127.0.0.1:1/realms/shop");
    wanted["clients"] = json!([{"client_id": "app", "auth": "none"}]);
    wanted["provider"]["endpoints"]["token"] = json!("http://localhost:1/token");
    let saved = app.ask("save_profile", json!({"profile": wanted})).expect("saved");
    let id = saved["profile"]["id"].clone();
    assert_eq!(saved["allowed"], json!([]));
    let values = [("client", "app"), ("username", "alice"), ("password", "wonderland")];
    let values: Vec<Value> = values.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let draft = json!({"operation": "password", "profile": id, "values": values, "extra": []});
    let asked = || {
        app.ask("run", json!({"run": "a", "draft": draft})).expect("a step")["step"]["problem_id"]
            == json!("secret-to-another-host")
    };
    let listed = || app.ask("open_profile", json!({"id": id})).expect("opened")["allowed"].clone();
    let answer = |consent: &str| {
        let open = app.ask("secret_questions", json!({})).expect("questions");
        app.ask("answer_secret_question", json!({"id": open[0]["id"], "consent": consent})).expect("told")
    };
    assert!(asked());
    // A command with the password in it is as good as sent. There may be no clipboard here, which is said otherwise.
    let refused = |include: bool| {
        let source = json!({"what": "draft", "draft": draft, "format": "bash", "include_secrets": include});
        app.ask("copy", json!({"source": source})).is_err_and(|fault| fault.to_string().contains("http://localhost:1"))
    };
    assert!(!refused(false) && refused(true));
    assert_eq!(answer("once"), json!(true));
    assert_eq!(listed(), json!([]), "once is nothing that lasts");
    assert!(!asked() && asked());
    assert_eq!(answer("always"), json!(true));
    let address = json!({"server": "provider", "issuer": "http://127.0.0.1:1/realms/shop", "origin": "http://localhost:1"});
    assert_eq!(listed(), json!([address]));
    assert!(!asked());
    assert!(!refused(true));
    for other in [("server", "gateway"), ("issuer", "http://127.0.0.1:1/realms/other"), ("origin", "http://localhost:2")] {
        let mut wrong = address.clone();
        wrong[other.0] = json!(other.1);
        assert_eq!(app.ask("take_back_address", json!({"profile": id, "address": wrong})).expect("told"), json!([address]));
    }
    let copy = app.ask("duplicate_profile", json!({"id": id, "name": "Copy", "take_along": true})).expect("a copy");
    assert_eq!(copy["allowed"], json!([]));
    assert_eq!(app.ask("take_back_address", json!({"profile": id, "address": address})).expect("told"), json!([]));
    assert_eq!(listed(), json!([]));
    assert!(asked(), "it is asked again");
    app.ask("delete_profile", json!({"id": id})).expect("deleted");
    assert_eq!(app.ask("secret_questions", json!({})).expect("questions"), json!([]), "nobody is left to ask about");
}
