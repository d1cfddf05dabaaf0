//! The developer portal, from a login at the provider to a subscribed application, in both releases; every exchange with it is
//! held against WSO2's published contract.

use contract::{Contract, Release, Report, Traffic};
use engine::{flow::CallMade, secrets::Owner, workbench::Bounds};
use lab::{GatewayRelease, Options, Server};
use oauth::{
    portal::{Call, PortalAnswer},
    profile::ServerRole,
};
use record::{
    audit::{Outcome, Step},
    operation::{Draft, Operation},
};
use token::{
    inspect::{TokenFormat, TokenKind},
    secret::Secret,
    text::Pair,
};

use crate::support::{Bench, with};

const SCOPES: &str = "openid apim:subscribe apim:app_manage apim:sub_manage apim:store_settings";

/// A bench whose user has a token of the portal.
pub struct Desk {
    pub bench: Bench,
    pub token: String,
    release: GatewayRelease,
}

/// Whatever a test did: the contract was kept in it.
impl Drop for Desk {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.contract().assert_kept();
        }
    }
}

impl Desk {
    pub async fn at(release: GatewayRelease) -> Self {
        Self::as_user(release, "alice").await
    }

    pub async fn as_user(release: GatewayRelease, user: &'static str) -> Self {
        let options = Options { gateway_release: release, ..Options::default() };
        let bench = Bench::of(options, Bounds::default()).await;
        bench.log_in(user).await;
        let mapped = bench.done(&with(bench.draft(Operation::JwtBearer, None), &[("scope", SCOPES)])).await;
        let token = bench.made(&mapped, TokenKind::Access).id;
        Self { bench, token, release }
    }

    pub fn contract(&self) -> Report {
        let contract = Contract::of(match self.release {
            GatewayRelease::V4_6 => Release::V4_6,
            GatewayRelease::V4_7 => Release::V4_7,
        });
        let received = self.bench.lab.received();
        contract.check_all(received.iter().filter(|one| one.server == Server::Gateway).filter_map(|one| {
            let answer = one.answer.as_ref()?;
            Some(Traffic {
                method: &one.method,
                path: &one.path,
                request_type: one.header("content-type").unwrap_or_default(),
                request: &one.body,
                status: one.status?,
                answer_type: &answer.content_type,
                answer: &answer.body,
            })
        }))
    }

    pub fn draft(&self, call: Call, fields: &[(&str, &str)]) -> Draft {
        let token = format!("token:{}", self.token);
        let own = [("call", call.name()), ("token", token.as_str())];
        let values = own.iter().chain(fields).map(|(name, value)| Pair { name: (*name).into(), value: (*value).into() });
        Draft {
            operation: Operation::Portal,
            profile: self.bench.profile.id.clone(),
            values: values.collect(),
            extra: Vec::new(),
        }
    }

    pub async fn ask(&self, call: Call, fields: &[(&str, &str)]) -> CallMade {
        let draft = self.draft(call, fields);
        let asked = self.bench.workbench.portal("run", &draft, &self.bench.profile, &|_| {}).await.expect("complete");
        let kept = self.bench.workbench.journal.step(asked.step.id).expect("readable");
        assert_eq!(kept.as_ref(), Some(&asked.step), "the step is in the journal as it was given back");
        asked
    }

    pub async fn answer(&self, call: Call, fields: &[(&str, &str)]) -> PortalAnswer {
        let asked = self.ask(call, fields).await;
        assert_eq!(asked.step.outcome, Outcome::Success, "{call:?} {:?} {:?}", asked.step.problem, asked.step.words);
        asked.answer.expect("a success has an answer")
    }

    /// A call that is refused; gives the step with its diagnosis.
    pub async fn refused(&self, call: Call, fields: &[(&str, &str)], diagnosis: &str) -> Step {
        let asked = self.ask(call, fields).await;
        let found = asked.step.diagnosis.as_ref().map(|found| found.id.as_str());
        assert_eq!((asked.step.outcome, found), (Outcome::Refused, Some(diagnosis)), "{:?}", asked.step.words);
        assert_eq!(asked.answer, None);
        asked.step
    }

    /// A new application with a pair of keys: application, mapping, consumer key.
    pub async fn application(&self, name: &str) -> (String, String, String) {
        let PortalAnswer::Application { application } = self.answer(Call::CreateApplication, &[("name", name)]).await else {
            panic!("an application");
        };
        let fields = [("application", application.id.as_str()), ("grant", "client_credentials")];
        let PortalAnswer::Key { key } = self.answer(Call::GenerateKeys, &fields).await else { panic!("a key") };
        (application.id, key.id, key.consumer_key)
    }

    pub async fn secret(&self, client: &str) -> Option<Secret> {
        let owner = Owner::at(&self.bench.profile.id, ServerRole::Gateway, client);
        let kept = self.bench.workbench.secret(&owner).await.expect("memory does not fail");
        kept.map(|kept| kept.for_its_owner().clone())
    }
}

/// No secret and no token text stands anywhere in what is kept of a step.
fn assert_clean(step: &Step, secrets: &[&Secret]) {
    let text = serde_json::to_string(step).expect("writes");
    for secret in secrets {
        assert!(!text.contains(secret.expose()), "{}", step.title);
    }
}

/// The operations of the contract that the walk uses, in the order of a sorted list.
const WALKED: [&str; 15] = [
    "DELETE /applications/{applicationId}",
    "DELETE /applications/{applicationId}/oauth-keys/{keyMappingId}",
    "DELETE /subscriptions/{subscriptionId}",
    "GET /apis",
    "GET /apis/{apiId}",
    "GET /applications",
    "GET /applications/{applicationId}/oauth-keys",
    "GET /key-managers",
    "GET /settings",
    "GET /subscriptions",
    "GET /throttling-policies/{policyLevel}",
    "POST /applications",
    "POST /applications/{applicationId}/generate-keys",
    "POST /applications/{applicationId}/oauth-keys/{keyMappingId}/generate-token",
    "POST /subscriptions",
];

#[tokio::test]
async fn from_a_login_to_a_call_in_both_releases() {
    let mut told = Report::default();
    for release in [GatewayRelease::V4_6, GatewayRelease::V4_7] {
        let mut desk = Desk::at(release).await;
        let PortalAnswer::Settings { settings } = desk.answer(Call::Settings, &[]).await else { panic!("settings") };
        assert_eq!(settings.release.is_empty(), release == GatewayRelease::V4_6, "the server tells which release it is");
        let PortalAnswer::KeyManagers { list } = desk.answer(Call::KeyManagers, &[]).await else { panic!("key managers") };
        assert_eq!(list[0].name, "Resident Key Manager");
        let PortalAnswer::Policies { list } = desk.answer(Call::Policies, &[]).await else { panic!("policies") };
        assert_eq!(list[0].name, "Unlimited");
        let PortalAnswer::Apis { list, total } = desk.answer(Call::Apis, &[]).await else { panic!("APIs") };
        assert_eq!((list.len(), total), (2, 2));
        let PortalAnswer::Api { api } = desk.answer(Call::Api, &[("api", &list[1].id)]).await else { panic!("an API") };
        assert_eq!((api.key_managers, api.scopes), (vec!["all".to_owned()], vec!["orders_edit".to_owned()]));

        let (application, mapping, key) = desk.application("Web shop").await;
        let first = desk.secret(&key).await.expect("the secret went to the store");
        for one in &list {
            let fields = [("application", application.as_str()), ("api", one.id.as_str())];
            let PortalAnswer::Subscription { subscription } = desk.answer(Call::Subscribe, &fields).await else { panic!("one") };
            assert_eq!((subscription.status.as_str(), subscription.context.as_str()), ("UNBLOCKED", one.context.as_str()));
        }

        // The pair that was made is a client like any other: its token goes through the gateway.
        desk.bench.profile.clients.push(oauth::profile::Client {
            client_id: key.clone(),
            auth: oauth::profile::ClientAuth::ClientSecretBasic,
            server: oauth::profile::ServerRole::Gateway,
            ..Default::default()
        });
        let draft = with(desk.bench.draft(Operation::ClientCredentials, None), &[("client", &key)]);
        let made = desk.bench.done(&draft).await;
        let token = desk.bench.made(&made, TokenKind::Access).id;
        let url = format!("{}/catalog/1.0/items", desk.bench.lab.description().gateway);
        desk.bench.done(&with(desk.bench.draft(Operation::CallApi, Some(&token)), &[("url", &url)])).await;

        let generated = desk
            .ask(Call::GenerateToken, &[("application", &application), ("key", &mapping), ("client", &key), ("validity", "60")])
            .await;
        assert_clean(&generated.step, &[&first]);
        let shelf = desk.bench.workbench.tokens();
        let through = shelf.iter().find(|token| generated.step.tokens_out.contains(&token.id)).expect("it is on the shelf");
        assert_eq!((through.format, through.client.as_deref()), (TokenFormat::Jws, Some(key.as_str())));

        let PortalAnswer::Subscriptions { list, total } =
            desk.answer(Call::Subscriptions, &[("application", &application)]).await
        else {
            panic!("subscriptions")
        };
        assert_eq!((total, list[0].api_name.as_str()), (2, "Catalog 1.0"));
        assert_eq!(desk.answer(Call::Unsubscribe, &[("subscription", &list[0].id)]).await, PortalAnswer::Done);
        let PortalAnswer::Keys { list } = desk.answer(Call::Keys, &[("application", &application)]).await else { panic!("keys") };
        assert_eq!(list[0].has_secret, release == GatewayRelease::V4_6, "4.7 shows a secret once");
        assert_eq!(desk.answer(Call::DeleteKeys, &[("application", &application), ("key", &mapping)]).await, PortalAnswer::Done);
        assert_eq!(desk.answer(Call::DeleteApplication, &[("application", &application)]).await, PortalAnswer::Done);
        let PortalAnswer::Applications { total, .. } = desk.answer(Call::Applications, &[]).await else { panic!("applications") };
        assert_eq!(total, 0);
        told.add(desk.contract());
    }
    println!("contract, engine against the lab in both releases: {told}");
    let used: Vec<&str> = told.operations.iter().map(String::as_str).collect();
    assert_eq!(used, WALKED);
}

#[tokio::test]
async fn a_new_secret_goes_to_the_store_and_nowhere_else() {
    let desk = Desk::at(GatewayRelease::V4_7).await;
    let (application, mapping, key) = desk.application("Web shop").await;
    let first = desk.secret(&key).await.expect("kept");
    let place = [("application", application.as_str()), ("key", mapping.as_str()), ("client", key.as_str())];
    let more: Vec<_> = place.iter().copied().chain([("description", "laptop")]).collect();
    let made = desk.ask(Call::GenerateSecret, &more).await;
    let second = desk.secret(&key).await.expect("kept");
    assert_ne!(first, second);
    assert_clean(&made.step, &[&first, &second]);
    assert!(!format!("{:?}", made.answer).contains(second.expose()));
    let PortalAnswer::Secrets { list } = desk.answer(Call::Secrets, &place).await else { panic!("secrets") };
    assert!(list.iter().all(|secret| secret.masked.starts_with("***")), "{list:?}");
    let oldest: Vec<_> = place.iter().copied().chain([("secret", list[0].id.as_str())]).collect();
    assert_eq!(desk.answer(Call::RevokeSecret, &oldest).await, PortalAnswer::Done);
    let newest: Vec<_> = place.iter().copied().chain([("secret", list[1].id.as_str())]).collect();
    desk.refused(Call::RevokeSecret, &newest, "wso2-portal-newest-secret").await;
    desk.refused(Call::RegenerateSecret, &place, "wso2-portal-secret-multiple").await;

    let older = Desk::at(GatewayRelease::V4_6).await;
    let (application, mapping, key) = older.application("Web shop").await;
    let place = [("application", application.as_str()), ("key", mapping.as_str()), ("client", key.as_str())];
    let before = older.secret(&key).await;
    older.answer(Call::RegenerateSecret, &place).await;
    assert_ne!(older.secret(&key).await, before);
    older.refused(Call::Secrets, &place, "wso2-portal-no-such-address").await;
}

#[tokio::test]
async fn a_secret_that_ended_is_named_where_it_is_refused() {
    let mut desk = Desk::at(GatewayRelease::V4_7).await;
    let (application, mapping, key) = desk.application("Web shop").await;
    desk.bench.profile.clients.push(oauth::profile::Client {
        client_id: key.clone(),
        auth: oauth::profile::ClientAuth::ClientSecretBasic,
        server: oauth::profile::ServerRole::Gateway,
        ..Default::default()
    });
    let place = [("application", application.as_str()), ("key", mapping.as_str()), ("client", key.as_str())];
    let short: Vec<_> = place.iter().copied().chain([("expires_in", "60")]).collect();
    let asked = desk.ask(Call::GenerateSecret, &short).await;
    let draft = with(desk.bench.draft(Operation::ClientCredentials, None), &[("client", key.as_str())]);
    desk.bench.done(&draft).await;
    desk.bench.clock.set_ahead(100);
    desk.bench.lab.set_clock_offset(100);
    let step = desk.bench.run(&draft).await;
    let found = step.diagnosis.as_ref().expect("known");
    assert_eq!((found.id.as_str(), found.certain), ("wso2-secret-ended", false), "{:?}", step.words);
    let made = format!("(step {}) ended 4", asked.step.id);
    assert!(found.cause.contains(&made) && found.fix.contains("Generate a secret"), "{} {}", found.cause, found.fix);
}

#[tokio::test]
async fn a_client_of_our_own_in_one_call() {
    let desk = Desk::at(GatewayRelease::V4_7).await;
    let admin = desk.bench.lab.description().client("admin").and_then(|admin| admin.secret.clone()).expect("the lab has one");
    let fields = [("name", "desktop tool"), ("grant", "client_credentials"), ("grant", "password")];
    let typed: Vec<_> = fields.iter().copied().chain([("username", "admin"), ("password", admin.as_str())]).collect();
    let made = desk.ask(Call::Register, &typed).await;
    let Some(PortalAnswer::Registered { client }) = made.answer else { panic!("{:?}", made.step.words) };
    assert!(client.has_secret && desk.secret(&client.client_id).await.is_some());
    assert_clean(&made.step, &[&Secret::new(admin.as_str()), &desk.secret(&client.client_id).await.expect("kept")]);
    assert!(made.step.draft.as_ref().is_some_and(|draft| draft.values.iter().all(|pair| pair.name != "password")));

    let Some(PortalAnswer::Registered { client: again }) = desk.ask(Call::Register, &typed).await.answer else { panic!("again") };
    assert_eq!((again.client_id, again.has_secret), (client.client_id, false), "the same client, its secret masked");
    let with_name = |name: &'static str| {
        let mut fields = typed.clone();
        fields[0] = ("name", name);
        fields
    };
    desk.refused(Call::Register, &with_name("rest_api_publisher"), "wso2-dcr-name-of-another").await;
    let mut wrong = typed.clone();
    wrong.pop();
    wrong.push(("password", "guess"));
    desk.refused(Call::Register, &wrong, "wso2-dcr-password").await;
}

#[tokio::test]
async fn a_401_says_which_of_its_two_meanings_it_has() {
    let mut desk = Desk::as_user(GatewayRelease::V4_7, "bob").await;
    let held = desk.bench.workbench.tokens().into_iter().find(|token| token.id == desk.token).expect("on the shelf");
    let standing = oauth::portal::standing(&held.scope);
    assert!(standing.lacks.len() == 3 && !standing.advice.is_empty(), "200, and fewer scopes than asked for: {standing:?}");
    let step = desk.refused(Call::Applications, &[], "wso2-portal-scope").await;
    let evidence = &step.diagnosis.expect("named").evidence[0];
    assert_eq!((evidence.values.as_slice(), evidence.missing.len()), (["openid".to_owned()].as_slice(), 2));

    let shelf = desk.bench.workbench.tokens();
    let keycloak = shelf.iter().find(|token| token.kind == TokenKind::Access && token.id != desk.token).expect("of the login");
    desk.token.clone_from(&keycloak.id);
    desk.refused(Call::Applications, &[], "wso2-portal-foreign-token").await;
}

#[tokio::test]
async fn refusals_of_the_portal_are_named_and_nothing_is_lost() {
    let desk = Desk::at(GatewayRelease::V4_7).await;
    let (application, _, _) = desk.application("Web shop").await;
    let taken =
        desk.refused(Call::CreateApplication, &[("name", "Web shop"), ("description", "typed")], "wso2-portal-name-taken").await;
    let draft = taken.draft.expect("what was typed");
    assert!(draft.values.iter().any(|pair| pair.value == "typed"), "nothing typed is lost");
    assert!(taken.diagnosis.expect("named").cause.contains("Web shop"));
    let keys = [("application", application.as_str()), ("grant", "client_credentials")];
    desk.refused(Call::GenerateKeys, &keys, "wso2-portal-keys-exist").await;
    let at = |manager: &'static str| {
        keys.iter().copied().chain([("key_type", "SANDBOX"), ("key_manager", manager)]).collect::<Vec<_>>()
    };
    desk.refused(Call::GenerateKeys, &at("Keycloak"), "wso2-portal-km-exchanged").await;
    desk.refused(Call::GenerateKeys, &at("Retired"), "wso2-portal-km-unknown").await;
    desk.refused(Call::Keys, &[("application", "nowhere")], "wso2-portal-not-there").await;
}

#[tokio::test]
async fn a_secret_that_cannot_be_saved_is_held_until_the_app_closes() {
    let mut desk = Desk::at(GatewayRelease::V4_7).await;
    desk.bench.profile.simulated = false;
    // An encrypted file that a folder stands in the place of takes nothing.
    desk.bench.workbench.secrets.use_file(&Secret::new("long enough a passphrase")).expect("opens");
    let file = desk.bench.folder.path().join("secrets.sealed");
    let _ = std::fs::remove_file(&file);
    std::fs::create_dir_all(file.join("in the way")).expect("a folder");
    let draft = desk.draft(Call::CreateApplication, &[("name", "Web shop")]);
    let made = desk.bench.workbench.portal("run", &draft, &desk.bench.profile, &|_| {}).await;
    let application = match made.map(|asked| asked.answer) {
        Ok(Some(PortalAnswer::Application { application })) => application,
        other => panic!("{other:?}"),
    };
    let draft = desk.draft(Call::GenerateKeys, &[("application", &application.id), ("grant", "client_credentials")]);
    let asked = desk.bench.workbench.portal("run", &draft, &desk.bench.profile, &|_| {}).await.expect("the step is kept");
    assert_eq!(asked.secrets.len(), 1);
    assert!(asked.secrets[0].problem.is_some(), "it says that it was not saved");
    assert!(desk.secret(&asked.secrets[0].client_id).await.is_some(), "and still has it");
}
