//! The lab's gateway in front of a provider of one's own: what the profile gets, what is refused, and what goes when it comes again.

use lab::{Lab, Options};
use serde_json::{Value, json};

use super::{Started, start};

/// A profile of a provider outside the app, saved with the secret of the client that exchanges. Gives its id.
fn own_profile(app: &Started, outside: &Lab) -> Value {
    let issuer = &outside.description().issuer;
    let found = app.ask("discover", json!({"issuer": issuer, "realm": "", "profile": null})).expect("it is found");
    let mut profile = found["profile"].clone();
    profile["name"] = json!("Mine");
    let client = |id: &str, auth: &str| json!({"client_id": id, "auth": auth, "server": "provider"});
    profile["clients"] =
        json!([client("frontend", "none"), client("gateway", "client_secret_basic"), client("portal", "client_secret_basic")]);
    let saved = app.ask("save_profile", json!({"profile": profile})).expect("saved");
    let id = saved["profile"]["id"].clone();
    let secret = outside.description().client("gateway").and_then(|client| client.secret.clone()).expect("a secret");
    app.ask(
        "save_secret",
        json!({"profile": id, "client_id": "gateway", "server": "provider", "sort": "secret", "secret": secret}),
    )
    .expect("kept");
    id
}

#[test]
fn the_profile_gets_gateway_clients_and_apis_and_the_same_again() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let outside = runtime.block_on(Lab::start(Options::default())).expect("it starts");
    let (app, _folder) = start();
    let id = own_profile(&app, &outside);
    let how = |client: &str| json!({"client": client, "way": "own_token", "role": ""});
    let join = |client: &str| json!({"profile": id, "how": how(client)});

    let (kind, fault, said) = app.fault("join_lab", join("portal"));
    assert_eq!((kind.as_str(), fault.as_str(), &said["field"]), ("input", "no-secret", &json!("client")));
    assert_eq!(app.fault("join_lab", join("nobody")).1, "no-client");
    assert_eq!(app.boot()["lab"]["running"], false, "nothing was started for it");

    let opened = app.ask("join_lab", join("gateway")).expect("joined");
    let profile = &opened["profile"];
    assert_eq!(app.boot()["lab"]["running"], true);
    assert_eq!(
        (&profile["gateway"]["name"], &profile["provider"]["issuer"]),
        (&json!("Lab gateway"), &json!(outside.description().issuer))
    );
    let clients = |profile: &Value| -> Vec<String> {
        profile["clients"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| one["client_id"].as_str().map(str::to_owned))
            .collect()
    };
    assert!(
        ["frontend", "gateway", "portal", "devportal", "orders-app"]
            .iter()
            .all(|id| clients(profile).iter().any(|one| one == id)),
        "{profile}"
    );
    let saved = |opened: &Value, client: &str| {
        opened["secrets"].as_array().into_iter().flatten().any(|one| one["client_id"] == client && one["saved"] == true)
    };
    assert!(saved(&opened, "devportal") && saved(&opened, "gateway") && !saved(&opened, "portal"), "{opened}");
    let orders = profile["resources"].as_array().into_iter().flatten().find(|one| one["name"] == "orders-api").expect("an API");
    assert_eq!(orders["expectations"]["issuer"], json!([outside.description().issuer]), "it takes that provider's tokens");
    assert_eq!(app.fault("join_lab", json!({"profile": "lab", "how": how("gateway")})).1, "lab-joins-itself");

    app.ask("stop_lab", json!({})).expect("it stops");
    let again = app.ask("join_lab", join("gateway")).expect("joined again");
    assert_eq!(
        (clients(&again["profile"]), again["profile"]["resources"].as_array().map(Vec::len)),
        (clients(profile), profile["resources"].as_array().map(Vec::len))
    );
    let authorities = again["profile"]["tls"]["ca_pem"].as_str().map(|pem| pem.matches("BEGIN CERTIFICATE").count());
    assert_eq!(authorities, Some(1), "that of the earlier start is gone");
    assert_ne!(again["profile"]["gateway"]["base"], profile["gateway"]["base"]);

    let mut other = again["profile"].clone();
    other["gateway"]["activity"] = json!("");
    app.ask("save_profile", json!({"profile": other})).expect("saved");
    assert_eq!(app.fault("join_lab", join("gateway")).1, "has-gateway");
    app.ask("stop_lab", json!({})).expect("it stops");
}
