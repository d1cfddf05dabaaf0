//! The portal's suite against a server somebody names: a client of its own, a portal token by the password grant, every call once,
//! each answer held against the contract, and everything taken away again. It runs at the lab in every test run, and at a real
//! WSO2 API Manager on request (docs/wso2-live-check.md).

use std::sync::Arc;

use contract::{Contract, Release, Report, Traffic};
use engine::{
    secrets::Secrets,
    workbench::{Bounds, Workbench},
    world::{SystemClock, World},
};
use lab::{GatewayRelease, Options};
use oauth::{
    portal::{Call, PortalAnswer},
    profile::{Client, ClientAuth, Dialect, Endpoints, Gateway, Pin, Profile, ServerRole},
};
use record::{
    audit::{Outcome, Step},
    operation::{Draft, Operation},
};
use token::text::{Ink, Line, Pair};

use crate::support::{Bench, browser::TestBrowser, world::TestRandom};

const SCOPES: &str = "openid apim:subscribe apim:app_manage apim:sub_manage apim:store_settings";

/// A server with a user who may register clients and write to its portal.
struct Live<'a> {
    workbench: &'a Workbench,
    profile: Profile,
    user: String,
    password: String,
    contract: Contract,
    report: Report,
    token: Option<String>,
}

/// The text of lines, without our remarks on sizes and owners.
fn text(lines: &[Line]) -> String {
    let line = |line: &Line| line.iter().filter(|span| span.ink != Ink::Quiet).map(|span| span.text.as_str()).collect::<String>();
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What stands after the empty line of a recorded message.
fn body(lines: &[Line]) -> String {
    lines
        .iter()
        .position(|line| line.iter().all(|span| span.text.is_empty()))
        .map(|at| text(&lines[at + 1..]))
        .unwrap_or_default()
}

impl Live<'_> {
    fn draft(&self, operation: Operation, values: &[(&str, &str)]) -> Draft {
        let values = values.iter().map(|(name, value)| Pair { name: (*name).into(), value: (*value).into() }).collect();
        Draft { operation, profile: self.profile.id.clone(), values, extra: Vec::new() }
    }

    /// A step's exchange as the contract sees it. Secrets are dots in it, which are as good a text as any.
    fn hold(&mut self, step: &Step) {
        let Some(main) = step.exchanges.iter().find(|exchange| Some(exchange.seq) == step.main_exchange) else { return };
        let url = url::Url::parse(&main.url).expect("an address");
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        let (request, answer) = (body(&main.request), body(&main.response));
        let kind = |body: &str| if body.is_empty() { "" } else { "application/json" };
        let found = self.contract.check(&Traffic {
            method: &main.method,
            path: &path,
            request_type: kind(&request),
            request: &request,
            status: main.status.unwrap_or_default(),
            answer_type: kind(&answer),
            answer: &answer,
        });
        self.report.add(found);
    }

    async fn ask(&mut self, call: Call, fields: &[(&str, &str)]) -> PortalAnswer {
        let token = self.token.as_ref().map(|id| format!("token:{id}")).unwrap_or_default();
        let own = [("call", call.name()), ("token", token.as_str())];
        let draft = self.draft(Operation::Portal, &own.iter().chain(fields).copied().collect::<Vec<_>>());
        let asked = self.workbench.portal("live", &draft, &self.profile, &|_| {}).await.expect("complete");
        self.hold(&asked.step);
        let step = &asked.step;
        assert_eq!(step.outcome, Outcome::Success, "{call:?} {:?} {:?} {:?}", step.problem, step.words, step.diagnosis);
        asked.answer.expect("a success has an answer")
    }

    fn client(&mut self, id: &str) {
        let auth = ClientAuth::ClientSecretBasic;
        self.profile.clients.push(Client { client_id: id.into(), auth, server: ServerRole::Gateway, ..Client::default() });
    }

    async fn walk(mut self, release: Release) -> Report {
        let (user, password) = (self.user.clone(), self.password.clone());
        let name = format!("claimscope-check-{}", self.workbench.now_ms());
        let grants = [("grant", "password"), ("grant", "client_credentials"), ("grant", "refresh_token")];
        let mut fields = vec![("username", user.as_str()), ("password", password.as_str()), ("name", name.as_str())];
        fields.extend(grants);
        let PortalAnswer::Registered { client } = self.ask(Call::Register, &fields).await else { panic!("a client") };
        assert!(client.has_secret && client.dropped.is_empty(), "{client:?}");
        self.client(&client.client_id);

        let who = [("client", client.client_id.as_str()), ("username", user.as_str()), ("password", password.as_str())];
        let draft = self.draft(Operation::Password, &[who[0], who[1], who[2], ("scope", SCOPES)]);
        let step = self.workbench.run("live", &draft, &self.profile, &|_| {}).await.expect("complete");
        assert_eq!(step.outcome, Outcome::Success, "{:?} {:?}", step.problem, step.words);
        self.token = step.tokens_out.first().cloned();

        self.ask(Call::Settings, &[]).await;
        self.ask(Call::KeyManagers, &[]).await;
        self.ask(Call::Policies, &[]).await;
        let PortalAnswer::Apis { list: apis, .. } = self.ask(Call::Apis, &[]).await else { panic!("APIs") };
        if let Some(api) = apis.first() {
            self.ask(Call::Api, &[("api", &api.id)]).await;
        }
        let PortalAnswer::Application { application } = self.ask(Call::CreateApplication, &[("name", &name)]).await else {
            panic!("an application")
        };
        self.ask(Call::Applications, &[("query", &name)]).await;
        let here = [("application", application.id.as_str())];
        let PortalAnswer::Key { key } = self.ask(Call::GenerateKeys, &[here[0], ("grant", "client_credentials")]).await else {
            panic!("a key")
        };
        assert!(key.has_secret, "{key:?}");
        self.client(&key.consumer_key);
        let pair = [here[0], ("key", key.id.as_str()), ("client", key.consumer_key.as_str())];
        self.ask(Call::Keys, &here).await;
        match release {
            Release::V4_6 => drop(self.ask(Call::RegenerateSecret, &pair).await),
            Release::V4_7 => {
                self.ask(Call::GenerateSecret, &pair).await;
                let PortalAnswer::Secrets { list } = self.ask(Call::Secrets, &pair).await else { panic!("secrets") };
                let oldest = list.first().map(|secret| secret.id.clone()).unwrap_or_default();
                self.ask(Call::RevokeSecret, &[pair[0], pair[1], pair[2], ("secret", &oldest)]).await;
            }
        }
        self.ask(Call::GenerateToken, &pair).await;
        if let Some((api, policy)) = apis.iter().find_map(|api| Some((api, api.policies.first()?))) {
            let fields = [here[0], ("api", api.id.as_str()), ("policy", policy.as_str())];
            if let PortalAnswer::Subscription { subscription } = self.ask(Call::Subscribe, &fields).await {
                self.ask(Call::Subscriptions, &here).await;
                self.ask(Call::Unsubscribe, &[("subscription", &subscription.id)]).await;
            }
        }
        self.ask(Call::DeleteKeys, &pair).await;
        self.ask(Call::DeleteApplication, &here).await;
        self.report
    }
}

#[tokio::test]
async fn the_live_suite_holds_at_the_lab() {
    for (release, contract) in [(GatewayRelease::V4_6, Release::V4_6), (GatewayRelease::V4_7, Release::V4_7)] {
        let bench = Bench::of(Options { gateway_release: release, ..Options::default() }, Bounds::default()).await;
        let admin = bench.lab.description().client("admin").and_then(|admin| admin.secret.clone()).expect("the lab has one");
        let live = Live {
            workbench: &bench.workbench,
            profile: bench.profile.clone(),
            user: "admin".into(),
            password: admin,
            contract: Contract::of(contract),
            report: Report::default(),
            token: None,
        };
        let report = live.walk(contract).await;
        println!("live suite at the lab, {release:?}: {report}");
        report.assert_kept();
        assert!(report.operations.len() >= 16, "{:?}", report.operations);
    }
}

#[tokio::test]
#[ignore = "needs a WSO2 API Manager that may be written to; docs/wso2-live-check.md says how"]
async fn the_live_suite_at_a_server_of_yours() {
    let given = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set; see docs/wso2-live-check.md"));
    let base = given("CLAIMSCOPE_WSO2").trim_end_matches('/').to_owned();
    let release = match given("CLAIMSCOPE_WSO2_RELEASE").as_str() {
        "4.6" => Release::V4_6,
        "4.7" => Release::V4_7,
        other => panic!("CLAIMSCOPE_WSO2_RELEASE is {other}; 4.6 and 4.7 are known"),
    };
    let url = url::Url::parse(&base).expect("CLAIMSCOPE_WSO2 is an address");
    let server = format!("{}:{}", url.host_str().expect("a host"), url.port_or_known_default().expect("a port"));
    let pin = Pin { server, sha256: given("CLAIMSCOPE_WSO2_FINGERPRINT"), note: String::new() };
    let mut profile = Profile { id: "live".into(), name: "Live".into(), ..Profile::default() };
    profile.tls.pins = vec![pin];
    profile.gateway = Some(Gateway {
        portal: base.clone(),
        issuer: format!("{base}/oauth2/token"),
        dialect: Dialect::Wso2,
        endpoints: Endpoints {
            token: format!("{base}/oauth2/token"),
            jwks: format!("{base}/oauth2/jwks"),
            ..Endpoints::default()
        },
        ..Gateway::default()
    });
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let world =
        World { clock: Arc::new(SystemClock), random: Arc::new(TestRandom::new(9)), browser: Arc::new(TestBrowser::new()) };
    let store = Secrets::memory(folder.path().join("secrets.sealed"));
    let (workbench, _) = Workbench::with(folder.path(), world, store).expect("the journal opens");
    let live = Live {
        workbench: &workbench,
        profile,
        user: given("CLAIMSCOPE_WSO2_USER"),
        password: given("CLAIMSCOPE_WSO2_PASSWORD"),
        contract: Contract::of(release),
        report: Report::default(),
        token: None,
    };
    let report = live.walk(release).await;
    println!("live suite at {base}: {report}");
    report.assert_kept();
}
