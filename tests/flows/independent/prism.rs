//! The developer portal as its published contract alone describes it: npm Prism serves the OpenAPI documents, and every call of ours
//! is made there once. It refuses a request that breaks the contract (422), and what it answers are the documents' own examples,
//! which nobody made fit our reader.

use std::{io::Write as _, process::Stdio};

use engine::{secrets::Owner, workbench::Workbench};
use oauth::{
    portal::{Call, PortalAnswer},
    profile::{Client, ClientAuth, Gateway, Profile, ServerRole},
};
use record::{
    audit::Outcome,
    operation::{Draft, Operation},
};
use serde_json::Value;
use token::{secret::Secret, text::Pair};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use super::desk_of;

struct Place {
    workbench: Workbench,
    profile: Profile,
    base: String,
    token: String,
    _folder: tempfile::TempDir,
    _server: Child,
}

/// None when its packages are not installed.
async fn place(release: &str) -> Option<Place> {
    let root = crate::root();
    let folder = root.join("tests/servers/prism");
    if !folder.join("node_modules").is_dir() {
        // Past the harness, which would keep the words of a test that passes to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: Prism is not installed. `cargo xtask test` installs it, or run `npm ci` in {}.",
            folder.display()
        );
        return None;
    }
    let contracts = root.join("tests/fixtures/wso2-openapi");
    let mut server = Command::new("node")
        .arg("server.mjs")
        .arg(contracts.join(format!("devportal-api-v3-{release}.yaml")))
        .arg(contracts.join("dcr-v0.17-4.7.0.yaml"))
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("Node runs");
    let mut lines = BufReader::new(server.stdout.take().expect("its output")).lines();
    let line = lines.next_line().await.expect("readable").expect("it says where it is");
    let told: Value = serde_json::from_str(&line).expect("one line of JSON");
    let base = told["base"].as_str().expect("a base").to_owned();
    let client = |id: &str| Client {
        client_id: id.into(),
        auth: ClientAuth::ClientSecretBasic,
        server: ServerRole::Gateway,
        ..Client::default()
    };
    let profile = Profile {
        id: "prism".into(),
        gateway: Some(Gateway { portal: base.clone(), ..Gateway::default() }),
        clients: vec![client("key")],
        ..Profile::default()
    };
    let (workbench, folder) = desk_of(&profile, &[("key", "of-the-mapped-client")]).await;
    let token = workbench.paste("Bearer 0a6b1f0e-8c52-4c0b-9b3f-5d2e5c1a7f01").expect("an opaque token").0.remove(0);
    Some(Place { workbench, profile, base, token, _folder: folder, _server: server })
}

impl Place {
    async fn ask(&self, call: Call, fields: &[(&str, &str)]) -> PortalAnswer {
        let token = format!("token:{}", self.token);
        let own = [("call", call.name()), ("token", token.as_str())];
        let values = own.iter().chain(fields).map(|(name, value)| Pair { name: (*name).into(), value: (*value).into() });
        let draft =
            Draft { operation: Operation::Portal, profile: self.profile.id.clone(), values: values.collect(), extra: Vec::new() };
        let asked = self.workbench.portal("run", &draft, &self.profile, &|_| {}).await.expect("complete");
        assert_eq!(asked.step.outcome, Outcome::Success, "{call:?} {:?} {:?}", asked.step.problem, asked.step.words);
        asked.answer.expect("a success has an answer")
    }
}

const PLACE: &[(&str, &str)] =
    &[("application", "896658a0-b4ee-4535-bbfa-806c894a4015"), ("key", "92ab520c-8847-427a-a921-3ed19b15aad7")];

/// What each call is filled with; those of 4.7 only come last.
fn calls() -> Vec<(Call, Vec<(&'static str, &'static str)>)> {
    let with = |more: &[(&'static str, &'static str)]| PLACE.iter().chain(more).copied().collect::<Vec<_>>();
    Call::ALL
        .iter()
        .map(|(call, _)| {
            let fields = match call {
                Call::Register => vec![
                    ("username", "admin"),
                    ("password", "admin"),
                    ("name", "tool"),
                    ("grant", "client_credentials"),
                    ("callback", "http://127.0.0.1/callback"),
                ],
                Call::Api => vec![("api", "01234567-0123-0123-0123-012345678901")],
                Call::Apis => vec![("query", "name:orders")],
                Call::CreateApplication => vec![("name", "Web shop"), ("description", "for the test")],
                Call::GenerateKeys => {
                    with(&[("grant", "client_credentials"), ("key_manager", "Resident Key Manager"), ("validity", "3600")])
                }
                Call::MapKeys => with(&[("consumer_key", "key")]),
                Call::GenerateToken => with(&[("client", "key"), ("scope", "default"), ("validity", "60")]),
                Call::GenerateSecret => with(&[("client", "key")]),
                Call::RevokeSecret => with(&[("secret", "sec_1")]),
                Call::Subscribe => with(&[("api", "01234567-0123-0123-0123-012345678901")]),
                Call::Unsubscribe => vec![("subscription", "faae5fcc-cbae-40c4-bf43-89931630d313")],
                Call::DeleteApplication | Call::Keys | Call::Subscriptions => PLACE[..1].to_vec(),
                _ => PLACE.to_vec(),
            };
            (*call, fields)
        })
        .collect()
}

#[tokio::test]
async fn every_call_of_the_portal_holds_at_a_server_made_of_the_contract() {
    for (release, expected) in [("4.6.0", Call::ALL.len() - 3), ("4.7.0", Call::ALL.len())] {
        let Some(place) = place(release).await else { return };
        let only_4_7 = [Call::Secrets, Call::GenerateSecret, Call::RevokeSecret];
        let calls: Vec<_> = calls().into_iter().filter(|(call, _)| release != "4.6.0" || !only_4_7.contains(call)).collect();
        assert_eq!(calls.len(), expected);
        let mut answered = Vec::new();
        for (call, fields) in &calls {
            answered.push((*call, place.ask(*call, fields).await));
        }
        for (call, answer) in &answered {
            let filled = match answer {
                PortalAnswer::Applications { list, .. } => !list.is_empty() && list.iter().all(|one| !one.id.is_empty()),
                PortalAnswer::Apis { list, .. } => !list.is_empty() && list.iter().all(|one| !one.name.is_empty()),
                PortalAnswer::KeyManagers { list } => !list.is_empty() && list.iter().all(|one| !one.name.is_empty()),
                PortalAnswer::Keys { list } => !list.is_empty() && list.iter().all(|one| !one.consumer_key.is_empty()),
                PortalAnswer::Subscriptions { list, .. } => !list.is_empty() && list.iter().all(|one| !one.id.is_empty()),
                PortalAnswer::Policies { list } => !list.is_empty() && list.iter().all(|one| !one.name.is_empty()),
                PortalAnswer::Settings { settings } => !settings.grants.is_empty(),
                PortalAnswer::Registered { client } => !client.client_id.is_empty() && client.has_secret,
                PortalAnswer::Key { key } => !key.consumer_key.is_empty(),
                _ => true,
            };
            assert!(filled, "{call:?} {answer:?}");
        }
        let seen = seen_by(&format!("{}/seen", place.base)).await;
        let seen = seen.as_array().expect("a list");
        let complaints: Vec<&Value> = seen.iter().filter(|one| !one["violations"].is_null() || one["problem"] == true).collect();
        println!("Prism, {release}: {} calls made, {} complaints", seen.len(), complaints.len());
        assert_eq!((seen.len(), complaints.len()), (expected, 0), "{complaints:?}");
    }
}

/// What the server made of each request.
async fn seen_by(url: &str) -> Value {
    let url = url::Url::parse(url).expect("an address");
    let answer = crate::support::raw::send("GET", &url, None).await;
    let body = answer.text.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))
}

#[tokio::test]
async fn a_request_that_breaks_the_contract_is_refused_there() {
    let Some(place) = place("4.7.0").await else { return };
    // Keys for a type the contract does not have: the server made of it says so, and we say what it said.
    let token = format!("token:{}", place.token);
    let fields = [("call", "generate_keys"), ("token", token.as_str()), ("grant", "password"), ("key_type", "TEST"), PLACE[0]];
    let values = fields.iter().map(|(name, value)| Pair { name: (*name).into(), value: (*value).into() }).collect();
    let draft = Draft { operation: Operation::Portal, profile: "prism".into(), values, extra: Vec::new() };
    let asked = place.workbench.portal("run", &draft, &place.profile, &|_| {}).await.expect("complete");
    assert_eq!((asked.step.outcome, asked.step.status), (Outcome::Refused, Some(400)), "{:?}", asked.step.words);
    let owner = Owner::at("prism", ServerRole::Gateway, "key");
    let kept = place.workbench.secret(&owner).await.expect("memory").expect("it is kept");
    assert_eq!(*kept.for_its_owner(), Secret::new("of-the-mapped-client"));
}
