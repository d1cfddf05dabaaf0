//! A real Keycloak that `cargo xtask test` started (or `cargo xtask keycloak`), and its Admin API.
//!
//! One server serves all tests at once, so a test that changes a setting makes a client or a user of its own first.

use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use engine::workbench::Bounds;
use oauth::profile::{Client, ClientAuth, Profile};
use serde_json::{Value, json};
use token::secret::Secret;

use super::{
    desk::Desk,
    differences::Target,
    keycloak::{Admin, merge},
    world::TestClock,
};

/// The profile a developer imports; the tests use the same one.
const PROFILE: &str = include_str!("../fixtures/keycloak/profile.json");

/// The realm the suite runs at.
const REALM: &str = "platform";

/// How long a condition of the server is waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// The first permission makes things that all share, and the server cannot make them for two at once.
static PERMITTING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// See the module.
pub struct Keycloak {
    admin: Admin,
}

/// A user of a test's own, whose password is the name.
pub struct Person {
    pub name: &'static str,
    /// Id in the realm.
    pub id: String,
}

impl Keycloak {
    /// The one with the features of a fresh Keycloak.
    pub fn standard() -> Self {
        Self::named("CLAIMSCOPE_KEYCLOAK")
    }

    /// The one with legacy exchange.
    pub fn legacy() -> Self {
        Self::named("CLAIMSCOPE_KEYCLOAK_LEGACY")
    }

    fn named(variable: &str) -> Self {
        let base = env::var(variable).unwrap_or_else(|_| {
            panic!(
                "{variable} is not set. Run this by `cargo xtask test`, or set it to the address `cargo xtask keycloak` prints."
            )
        });
        Self { admin: Admin::at(&base) }
    }

    /// A desk of its own at realm platform.
    pub async fn desk(&self) -> Desk {
        let file: Value = serde_json::from_str(&PROFILE.replace("${CLAIMSCOPE_KEYCLOAK_BASE}", &self.admin.base)).expect("JSON");
        let profile: Profile = serde_json::from_value(file["profile"].clone()).expect("a profile");
        let confidential = profile.clients.iter().filter(|client| client.auth != ClientAuth::None);
        let secrets = confidential.map(|client| (client.client_id.clone(), secret_of(&client.client_id))).collect();
        Desk::at(Target::Keycloak, profile, secrets, Arc::new(TestClock::real()), fresh(), Bounds::default()).await
    }

    /// A confidential client of the test's own, made like the client `model` with `changes` over it, and known to the desk's
    /// profile and secrets. Mappers come along; role scope mappings do not.
    pub async fn own_client(&self, desk: &mut Desk, model: &str, changes: &Value) -> String {
        let name = format!("{model}-{:x}", fresh());
        let mut client = self.admin.read(&self.admin.client(REALM, model).await).await;
        let members = client.as_object_mut().expect("a client");
        for gone in ["id", "access", "authenticationFlowBindingOverrides"] {
            members.remove(gone);
        }
        for mapper in members.get_mut("protocolMappers").and_then(Value::as_array_mut).into_iter().flatten() {
            mapper.as_object_mut().expect("a mapper").remove("id");
        }
        members.insert("clientId".into(), json!(name));
        members.insert("secret".into(), json!(format!("secret-of-{name}")));
        merge(&mut client, changes);
        self.admin.make(&format!("/{REALM}/clients"), &client).await;
        desk.know(Client { client_id: name.clone(), auth: ClientAuth::ClientSecretBasic, ..Client::default() }, secret_of(&name));
        name
    }

    /// A user of the test's own in a realm, with nothing but the realm's default roles.
    pub async fn own_user(&self, realm: &str) -> Person {
        let name: &'static str = format!("user-{:x}", fresh()).leak();
        let user = json!({
            "username": name, "enabled": true, "email": format!("{name}@example.test"), "emailVerified": true,
            "firstName": "Own", "lastName": "User",
            "credentials": [{ "type": "password", "value": name, "temporary": false }],
        });
        Person { name, id: self.admin.make(&format!("/{realm}/users"), &user).await }
    }

    /// Gives a user the right to impersonate every other.
    pub async fn let_impersonate(&self, user: &Person) {
        let management = self.admin.client(REALM, "realm-management").await;
        let role = self.admin.read(&format!("{management}/roles/impersonation")).await;
        let client = management.rsplit('/').next().expect("an id");
        self.admin.make(&format!("/{REALM}/users/{}/role-mappings/clients/{client}", user.id), &json!([role])).await;
    }

    /// A client scope by which a user lets another act for them, as the server itself gives it to new realms while delegation is
    /// on, optional for a client; gives its name.
    pub async fn delegation_scope(&self, client: &str) -> String {
        let name = format!("delegation-{:x}", fresh());
        let mapper = json!({
            "name": "may_act sub", "protocol": "openid-connect", "protocolMapper": "oidc-parameterized-scope-user-property-mapper",
            "config": { "user.attribute": "id", "claim.name": "may_act.sub", "jsonType.label": "String", "access.token.claim": "true" },
        });
        let scope = json!({
            "name": name, "protocol": "openid-connect", "protocolMappers": [mapper],
            "attributes": {
                "is.parameterized.scope": "true", "parameterized.scope.type": "delegation", "always.display.consent": "true",
                "display.on.consent.screen": "true", "include.in.token.scope": "true",
            },
        });
        let id = self.admin.make(&format!("/{REALM}/client-scopes"), &scope).await;
        let client = self.admin.client(REALM, client).await;
        self.admin.put(&format!("{client}/optional-client-scopes/{id}"), &Value::Null).await;
        name
    }

    /// Links a user of the realm to one of an identity provider.
    pub async fn link(&self, user: &Person, alias: &str, there: &Person) {
        let link = json!({ "identityProvider": alias, "userId": there.id, "userName": there.name });
        self.admin.make(&format!("/{REALM}/users/{}/federated-identity/{alias}", user.id), &link).await;
    }

    /// Lets a client exchange (legacy) to a client of the realm.
    pub async fn permit_client(&self, target: &str, requester: &str) {
        let _one = PERMITTING.lock().await;
        self.admin.permit(REALM, &self.admin.client(REALM, target).await, requester).await;
    }

    /// Lets a client exchange (legacy) the tokens of an identity provider of the realm.
    pub async fn permit_provider(&self, alias: &str, requester: &str) {
        let _one = PERMITTING.lock().await;
        self.admin.permit(REALM, &format!("/{REALM}/identity-provider/instances/{alias}"), requester).await;
    }

    /// The saved events of a client, newest first.
    pub async fn events(&self, client: &str) -> Vec<Value> {
        let found = self.admin.read(&format!("/{REALM}/events?client={client}&max=100")).await;
        found.as_array().cloned().unwrap_or_default()
    }
}

/// Asks again and again until it is so, and fails when that takes too long.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = ask().await {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "not so after {PATIENCE:?}: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What the realm files give every client.
pub fn secret_of(client: &str) -> Secret {
    Secret::new(format!("secret-of-{client}"))
}

/// A number no other test and no earlier run had.
fn fresh() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970");
    u64::try_from(now.as_micros()).expect("it is not that late") * 100 + COUNT.fetch_add(1, Ordering::SeqCst) % 100
}
