//! Where a provocation happens: a fresh workbench for each, so that nothing is known but what the row made, and a server
//! whose settings are set back after it.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use engine::{
    secrets::Secrets,
    workbench::Workbench,
    world::{Browser, Clock as _, SystemClock, SystemRandom, World},
};
use oauth::profile::{Client, ClientAuth, Dialect, Profile, Provider};
use record::{
    audit::{Event, Step},
    operation::{Draft, Operation},
};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use token::{inspect::TokenKind, secret::Secret, text::Pair};

use crate::{
    keycloak::Admin,
    realm::{self, CLIENTS, PARTNER, PUBLIC, READER, REALM, SECRET},
    row::{Kind, Login, Row, Set, Target, Token},
    tally::{Named, Outcome},
};

const ID: &str = "provoked";

/// Between two looks at something that is waited for.
const LOOK: Duration = Duration::from_millis(50);

/// Nobody logs in through a browser here.
struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _address: &str) -> Result<(), String> {
        Err("there is no browser".into())
    }
}

/// See the module.
pub struct Bench {
    admin: Admin,
    profile: Profile,
}

/// One provocation under way.
struct Scene<'a> {
    bench: &'a Bench,
    workbench: Workbench,
    profile: Profile,
    /// What has to be put back, newest last: path and what stood there.
    undo: Vec<(String, Value)>,
    /// Secrets by client, as the profile has them.
    secrets: BTreeMap<String, String>,
    /// The token that is sent: its id, and the refresh token and client of its log in.
    token: Option<String>,
    refresh: Option<String>,
    client: String,
    _folder: TempDir,
}

impl Bench {
    /// Makes the realms and a profile for them.
    pub async fn at(base: &str) -> Self {
        let admin = Admin::at(base);
        realm::make(&admin).await;
        let issuer = format!("{}/realms/{REALM}", admin.base);
        let client = |id: &str, auth| Client { client_id: id.into(), auth, events: id == READER, ..Client::default() };
        let mut clients: Vec<Client> = CLIENTS.iter().map(|id| client(id, ClientAuth::ClientSecretBasic)).collect();
        clients.push(client(READER, ClientAuth::ClientSecretBasic));
        clients.push(client(PUBLIC, ClientAuth::None));
        let mut profile = Profile {
            id: ID.into(),
            provider: Provider { issuer: issuer.clone(), dialect: Dialect::Keycloak, ..Provider::default() },
            clients,
            ..Profile::default()
        };
        let (workbench, _folder) = workbench();
        let discovered = workbench.discover(&issuer, &profile).await.expect("the journal takes the step");
        profile.provider = discovered.provider.expect("the metadata hold");
        profile.provider.dialect = Dialect::Keycloak;
        profile.provider.events = format!("{}/admin/realms/{REALM}/events", admin.base);
        Self { admin, profile }
    }

    pub async fn leave(&self) {
        realm::leave(&self.admin).await;
    }

    /// Provokes, reads the diagnosis before and after the events, and sets everything back.
    pub async fn provoke(&self, row: &Row) -> Outcome {
        let (workbench, _folder) = workbench();
        let mut scene = Scene {
            bench: self,
            workbench,
            profile: self.profile.clone(),
            undo: Vec::new(),
            secrets: CLIENTS.iter().chain(&[READER]).map(|id| ((*id).to_owned(), SECRET.to_owned())).collect(),
            token: None,
            refresh: None,
            client: String::new(),
            _folder,
        };
        scene.hand_out_secrets();
        self.admin.delete(&format!("/{REALM}/events")).await;
        for set in row.before {
            scene.set(set, row).await;
        }
        scene.obtain(&row.token).await;
        for set in row.after {
            scene.set(set, row).await;
        }
        let step = scene.run(&scene.draft(row)).await;
        let without = Named::of(&step, row.expect);
        // Some settings shut out the reader of events as well; then they are read when all is as before.
        scene.profile.provider.endpoints = self.profile.provider.endpoints.clone();
        let mut read = scene.workbench.read_events(&scene.profile).await.expect("the journal takes the events");
        scene.put_back().await;
        if read.problem.is_some() {
            read = scene.workbench.read_events(&scene.profile).await.expect("the journal takes the events");
        }
        assert_eq!(read.problem, None, "{}", row.name);
        let step = scene.workbench.journal.step(step.id).expect("the journal can be read").expect("the step is there");
        Outcome { without, with: Named::of(&step, row.expect), events: step.events.iter().map(words).collect() }
    }
}

fn workbench() -> (Workbench, TempDir) {
    let folder = TempDir::new().expect("a temporary folder");
    let world = World { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), browser: Arc::new(NoBrowser) };
    let secrets = Secrets::memory(folder.path().join("secrets.sealed"));
    let (workbench, recovered) = Workbench::with(folder.path(), world, secrets).expect("the journal opens");
    assert_eq!(recovered, []);
    (workbench, folder)
}

fn words(event: &Event) -> String {
    let reason = event.details.iter().find(|pair| pair.name == "reason").map(|pair| pair.value.clone());
    [Some(event.event_type.clone()), event.error.clone(), reason].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn pairs(list: &[(&str, &str)]) -> Vec<Pair> {
    list.iter().map(|(name, value)| Pair { name: (*name).into(), value: (*value).into() }).collect()
}

impl Scene<'_> {
    fn now_s(&self) -> i64 {
        SystemClock.now_ms().div_euclid(1000)
    }

    fn hand_out_secrets(&self) {
        let all = self.secrets.iter().map(|(client, secret)| (client.clone(), Secret::new(secret.clone())));
        self.workbench.secrets.overlay(&self.profile, all);
        self.workbench.forget_secrets();
    }

    async fn run(&self, draft: &Draft) -> Step {
        // A token of another issuer is sent on purpose here, so it is confirmed as a person would.
        let draft = &self.workbench.confirmed(draft, &self.profile).await.expect("secrets in memory can be read");
        self.workbench.run("run", draft, &self.profile, &|_| {}).await.unwrap_or_else(|fault| panic!("{fault:?} {draft:?}"))
    }

    fn plain(&self, operation: Operation, values: &[(&str, &str)]) -> Draft {
        Draft { operation, profile: ID.into(), values: pairs(values), extra: Vec::new() }
    }

    fn draft(&self, row: &Row) -> Draft {
        let token = self.token.clone().unwrap_or_default();
        let filled = |list: &[(&str, &str)]| {
            let mut list = pairs(list);
            for pair in &mut list {
                pair.value = pair.value.replace("$token", &token);
            }
            list
        };
        Draft { operation: row.operation, profile: ID.into(), values: filled(row.values), extra: filled(row.extra) }
    }

    /// The token of the row, on the shelf.
    async fn obtain(&mut self, token: &Token) {
        self.token = match *token {
            Token::None => None,
            Token::Text(text) => Some(self.paste(text).await),
            Token::Service(client) => {
                let step = self.run(&self.plain(Operation::ClientCredentials, &[("client", client)])).await;
                Some(self.made(&step, Kind::Access))
            }
            Token::Of(kind, login) => Some(self.log_in(login, kind).await),
            Token::Broken(kind, login) => {
                let id = self.log_in(login, kind).await;
                let id = id.strip_prefix("token:").expect("a reference");
                let text = self.workbench.raw_token(id).expect("it is on the shelf").expose().to_owned();
                Some(self.paste(&broken(&text)).await)
            }
            Token::Localhost(kind, login) => {
                let text = self.elsewhere(&self.localhost(), REALM, login, kind).await;
                Some(self.paste(&text).await)
            }
            Token::Partner(kind, login) => {
                let text = self.elsewhere(&self.bench.admin.base, PARTNER, login, kind).await;
                Some(self.paste(&text).await)
            }
            Token::PartnerLocalhost(kind, login) => {
                let text = self.elsewhere(&self.localhost(), PARTNER, login, kind).await;
                Some(self.paste(&text).await)
            }
            Token::PartnerBroken(kind, login) => {
                let text = self.elsewhere(&self.bench.admin.base, PARTNER, login, kind).await;
                Some(self.paste(&broken(&text)).await)
            }
        };
    }

    /// The same server under another name, which makes it another issuer.
    fn localhost(&self) -> String {
        self.bench.admin.base.replace("127.0.0.1", "localhost")
    }

    async fn log_in(&mut self, login: Login, kind: Kind) -> String {
        let values = [("client", login.client), ("username", login.user), ("password", login.user), ("scope", login.scope)];
        let step = self.run(&self.plain(Operation::Password, &values)).await;
        login.client.clone_into(&mut self.client);
        self.refresh = step.tokens_out.iter().find(|id| self.kind(id) == TokenKind::Refresh).map(|id| format!("token:{id}"));
        self.made(&step, kind)
    }

    fn kind(&self, id: &str) -> TokenKind {
        self.workbench.held(id).expect("it is on the shelf").kind()
    }

    fn made(&self, step: &Step, kind: Kind) -> String {
        let kind = match kind {
            Kind::Access => TokenKind::Access,
            Kind::Id => TokenKind::Id,
            Kind::Refresh => TokenKind::Refresh,
        };
        let found = step.tokens_out.iter().find(|id| self.kind(id) == kind);
        format!("token:{}", found.unwrap_or_else(|| panic!("no {kind:?} token: {:?}", step.words)))
    }

    /// As the window does it: found in the text, put on the shelf, checked with the profile's keys.
    async fn paste(&self, text: &str) -> String {
        let (ids, _) = self.workbench.paste(text).expect("something that can be a token");
        self.workbench.verify_with_profile(&ids, &self.profile).await;
        format!("token:{}", ids[0])
    }

    /// A log in that Claimscope has no part in; gives the text of the token.
    async fn elsewhere(&self, base: &str, realm: &str, login: Login, kind: Kind) -> String {
        let url = format!("{base}/realms/{realm}/protocol/openid-connect/token");
        let pairs = [
            ("grant_type", "password"),
            ("client_id", login.client),
            ("client_secret", SECRET),
            ("username", login.user),
            ("password", login.user),
            ("scope", login.scope),
        ];
        let (status, answer) = self.bench.admin.post_form(&url, &pairs).await;
        let name = match kind {
            Kind::Access => "access_token",
            Kind::Id => "id_token",
            Kind::Refresh => "refresh_token",
        };
        answer[name].as_str().unwrap_or_else(|| panic!("{status} {answer}")).to_owned()
    }

    async fn set(&mut self, set: &Set, row: &Row) {
        let admin = &self.bench.admin;
        let soon = self.now_s() + 1;
        let json = |text: &str| -> Value {
            let text = text.replace("\"$soon\"", &soon.to_string()).replace("$base", &admin.base);
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
        };
        match *set {
            Set::Client(id, text) => {
                let path = admin.client(REALM, id).await;
                self.change(path, &json(text)).await;
            }
            Set::PartnerClient(id, text) => {
                let path = admin.client(PARTNER, id).await;
                self.change(path, &json(text)).await;
            }
            Set::User(name, text) => {
                let path = admin.user(REALM, name).await;
                self.change(path, &json(text)).await;
            }
            Set::Realm(text) => self.change(format!("/{REALM}"), &json(text)).await,
            Set::Provider(alias, text) => self.change(format!("/{REALM}/identity-provider/instances/{alias}"), &json(text)).await,
            Set::Policy(executor) => {
                let executors = json!([{"executor": executor, "configuration": {}}]);
                let conditions = json!([{"condition": "any-client", "configuration": {}}]);
                let policy = json!({"name": "all", "enabled": true, "conditions": conditions, "profiles": ["all"]});
                for (end, list) in [("profiles", json!({"name": "all", "executors": executors})), ("policies", policy)] {
                    let path = format!("/{REALM}/client-policies/{end}");
                    admin.put(&path, &json!({end: [list]})).await;
                    self.undo.push((path, json!({end: []})));
                }
            }
            Set::Secret(client, secret) => {
                self.secrets.insert(client.to_owned(), secret.to_owned());
                self.hand_out_secrets();
            }
            Set::ProfilePublic(id) => {
                for client in self.profile.clients.iter_mut().filter(|client| client.client_id == id) {
                    client.auth = ClientAuth::None;
                }
            }
            Set::ProfileClient(id) => {
                self.profile.clients.push(Client {
                    client_id: id.into(),
                    auth: ClientAuth::ClientSecretBasic,
                    ..Client::default()
                });
                self.secrets.insert(id.to_owned(), SECRET.to_owned());
                self.hand_out_secrets();
            }
            Set::OtherRealm => {
                let token = &mut self.profile.provider.endpoints.token;
                *token = token.replace(REALM, "nowhere");
            }
            Set::LogOut => {
                let refresh = self.refresh.clone().expect("a log in with a refresh token");
                self.run(&self.plain(Operation::LogOut, &[("client", &self.client), ("refresh_token", &refresh)])).await;
            }
            Set::LogOutElsewhere => self.end_elsewhere("logout", "refresh_token", self.refresh.clone()).await,
            Set::EndSessions(user) => end_sessions(admin, REALM, user).await,
            Set::EndPartnerSessions(user) => end_sessions(admin, PARTNER, user).await,
            Set::Revoke => {
                let token = self.token.clone().expect("a token");
                self.run(&self.plain(Operation::Revoke, &[("client", &self.client), ("token", &token)])).await;
            }
            Set::RevokeElsewhere => self.end_elsewhere("revoke", "token", self.token.clone()).await,
            Set::Once => drop(self.run(&self.draft(row)).await),
            Set::UntilExpired => self.until(|token| token.expires_at.unwrap_or(0)).await,
            Set::UntilOld(seconds) => self.until(|token| token.issued_at.unwrap_or(0) + seconds).await,
            Set::WrongPasswords(user, times) => {
                for _ in 0..times {
                    let values = [("client", "frontend"), ("username", user), ("password", "wrong"), ("scope", "openid")];
                    self.run(&self.plain(Operation::Password, &values)).await;
                }
                self.locked(user).await;
            }
            Set::Link(user) => {
                let path = admin.user(REALM, user).await;
                let id = self.token.as_deref().and_then(|token| token.strip_prefix("token:")).expect("a token");
                let subject = self.workbench.held(id).expect("on the shelf").view(0).subject.expect("a subject");
                let link = json!({"identityProvider": "partner", "userId": subject, "userName": user});
                let link_path = format!("{path}/federated-identity/partner");
                admin.delete(&link_path).await;
                let (status, answer, _) = admin.call(Method::POST, &link_path, Some(&link)).await;
                assert!(status < 300, "{status} {answer}");
                self.undo.push((link_path, Value::Null));
            }
            Set::Permit(target, client) => self.permit(target, client).await,
        }
        // A not-before shall not shut out tokens that are made after it.
        if matches!(set, Set::Client(_, text) | Set::Realm(text) if text.contains("$soon")) {
            while self.now_s() <= soon {
                tokio::time::sleep(LOOK).await;
            }
        }
    }

    /// Changes something and remembers how to undo it. The server merges attributes, so one that was not there is emptied, and
    /// a member that was not there gets the value that means nothing.
    async fn change(&mut self, path: String, change: &Value) {
        let mut before = self.bench.admin.change(&path, change).await;
        for name in change["attributes"].as_object().into_iter().flat_map(|attributes| attributes.keys()) {
            if before["attributes"][name].is_null() {
                before["attributes"][name] = json!("");
            }
        }
        for (name, nothing) in [("notBefore", json!(0)), ("requiredActions", json!([]))] {
            if change.get(name).is_some() && before[name].is_null() {
                before[name] = nothing;
            }
        }
        self.undo.push((path, before));
    }

    async fn put_back(&mut self) {
        while let Some((path, before)) = self.undo.pop() {
            if before.is_null() {
                self.bench.admin.delete(&path).await;
            } else {
                self.bench.admin.put(&path, &before).await;
            }
        }
    }

    async fn end_elsewhere(&self, end: &str, name: &str, token: Option<String>) {
        let token = token.expect("a token");
        let text = self.workbench.raw_token(token.strip_prefix("token:").expect("a reference")).expect("on the shelf");
        let url = format!("{}/realms/{REALM}/protocol/openid-connect/{end}", self.bench.admin.base);
        let pairs = [("client_id", self.client.as_str()), ("client_secret", SECRET), (name, text.expose())];
        let (status, answer) = self.bench.admin.post_form(&url, &pairs).await;
        assert!(status < 300, "{status} {answer}");
    }

    /// Until the clock is past a moment of the token.
    async fn until(&self, moment: impl Fn(&token::inspect::TokenView) -> i64) {
        let id = self.token.as_deref().and_then(|token| token.strip_prefix("token:")).expect("a token");
        let view = self.workbench.held(id).expect("on the shelf").view(0);
        while self.now_s() <= moment(&view) {
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Until the server has counted the wrong passwords, which it does beside the answer.
    async fn locked(&self, user: &str) {
        let path = self.bench.admin.user(REALM, user).await;
        let id = path.rsplit('/').next().expect("an id");
        for _ in 0..200 {
            let state = self.bench.admin.read(&format!("/{REALM}/attack-detection/brute-force/users/{id}")).await;
            if state["disabled"] == true {
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
        panic!("{user} is never locked");
    }

    async fn permit(&self, target: Target, client: &str) {
        let admin = &self.bench.admin;
        let path = match target {
            Target::Client(id) => admin.client(REALM, id).await,
            Target::Provider(alias) => format!("/{REALM}/identity-provider/instances/{alias}"),
        };
        admin.permit(REALM, &path, client).await;
    }
}

async fn end_sessions(admin: &Admin, realm: &str, user: &str) {
    let path = admin.user(realm, user).await;
    let (status, answer, _) = admin.call(Method::POST, &format!("{path}/logout"), Some(&json!({}))).await;
    assert!(status < 300, "{status} {answer}");
}

/// The same with the middle of its signature changed.
fn broken(text: &str) -> String {
    let (front, signature) = text.rsplit_once('.').expect("a JWS");
    let flipped = if signature.starts_with('A') { "B" } else { "A" };
    format!("{front}.{flipped}{}", &signature[1..])
}
