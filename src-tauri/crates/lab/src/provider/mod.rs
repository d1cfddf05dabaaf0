//! The Keycloak-shaped provider: realm `lab`, everything under `/realms/lab`, and the realm `partner` it trusts.
//!
//! It exists to refuse what a real Keycloak refuses, with the same status, error, description and audit event, so that a
//! flow that works here works there. Strings and their order follow Keycloak 26.7 where it was measured, its source
//! where it was not.

mod admin;
mod answer;
mod assertion;
mod authorize;
mod broker;
mod client_auth;
mod cookies;
mod discovery;
mod events;
mod exchange;
mod grant;
mod introspect;
mod legacy;
mod logout;
mod mint;
mod page;
mod realm;
mod redirect;
mod revoke;
mod store;
mod token;
mod userinfo;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::routing::{get, post};

use self::realm::{Client, Realm};
use self::store::Store;
use crate::gateway::Gateway;
use crate::jose::{self, Key, KeyError, KidStyle, Parsed};
use crate::world::{World, lock};

pub(crate) use self::realm::{PARTNER, Person, Proof, REALM};
pub(crate) use self::store::Lifespans;

/// The provider's state; handlers share it behind an `Arc`.
pub(crate) struct Provider {
    world: Arc<World>,
    pub realm: Realm,
    store: Mutex<Store>,
    keys: Mutex<Keys>,
    /// `http://127.0.0.1:PORT`.
    base: String,
    /// `{base}/realms/{name}`.
    issuer: String,
    /// The keys of clients that sign for themselves.
    client_keys: HashMap<&'static str, Key>,
    /// The realm behind the identity provider `partner`.
    partner: Option<Arc<Provider>>,
    /// The gateway behind the identity provider `wso2`; it comes up after the realm that trusts it.
    gateway: OnceLock<Arc<Gateway>>,
    /// Feature `token-exchange:v1`.
    legacy: bool,
    /// Client assertions that were used, by client and id, with the time they end.
    spent: Mutex<HashMap<(String, String), i64>>,
}

/// The realm's keys, by what they are for.
pub(crate) struct Keys {
    /// Newest first: the first one signs, all of them verify.
    rsa: Vec<Key>,
    ec: Key,
    /// Published beside the others, as Keycloak does, so that a client has to choose; the partner has none.
    encryption: Option<Key>,
    refresh: Key,
}

impl Keys {
    pub fn new(signing: Key, encryption: Option<Key>) -> Result<Self, KeyError> {
        Ok(Keys { rsa: vec![signing], ec: Key::ec()?, encryption, refresh: Key::hmac() })
    }
}

/// A new RSA key of the realm.
pub(crate) fn rsa_key() -> Result<Key, KeyError> {
    Key::rsa(realm::REALM, KidStyle::Keycloak)
}

/// An access token that passed every check the provider makes before it acts on one.
struct Valid<'a> {
    token: Parsed,
    client: &'static Client,
    person: &'a Person,
}

impl Provider {
    pub fn new(world: Arc<World>, base: String, name: &'static str, keys: Keys, lifespans: Lifespans) -> Result<Self, KeyError> {
        let mut realm = Realm::new(name, &base);
        let mut client_keys = HashMap::new();
        for client in realm.clients().iter().filter(|client| client.proof == Proof::PrivateKeyJwt) {
            let key = Key::ec()?;
            realm.keep_key(client.id, key.private_pem().ok_or(KeyError::Generate)?);
            client_keys.insert(client.id, key);
        }
        let store = Mutex::new(Store::new(&realm, lifespans));
        let issuer = format!("{base}/realms/{name}");
        let keys = Mutex::new(keys);
        Ok(Provider {
            world,
            realm,
            store,
            keys,
            base,
            issuer,
            client_keys,
            partner: None,
            gateway: OnceLock::new(),
            legacy: false,
            spent: Mutex::default(),
        })
    }

    /// With an identity provider to trust, and the legacy exchange on or off.
    pub fn trusting(self, partner: Arc<Provider>, legacy: bool) -> Self {
        Provider { partner: Some(partner), legacy, ..self }
    }

    /// Takes the gateway as an identity provider, under the alias `wso2`. Only the first one counts.
    pub fn trust_gateway(&self, gateway: Arc<Gateway>) {
        let _ = self.gateway.set(gateway);
    }

    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// A new signing key; tokens of the old one stay valid, since it stays in the key set.
    pub fn rotate(&self, key: Key) {
        lock(&self.keys).rsa.insert(0, key);
    }

    /// Switches a user on or off; false when there is no such user.
    pub fn set_enabled(&self, username: &str, enabled: bool) -> bool {
        let Some(person) = self.realm.user(username) else {
            return false;
        };
        let mut store = lock(&self.store);
        let changed = if enabled { store.disabled.remove(person.id) } else { store.disabled.insert(person.id) };
        if changed {
            let event = admin::changed(self, "UPDATE", "USER", &format!("users/{}", person.id));
            store.admin_events.insert(0, event);
        }
        true
    }

    /// Takes a client role from a user or gives it back; false when the user does not have it from the start.
    pub fn set_role(&self, username: &str, client: &str, role: &str, held: bool) -> bool {
        let Some(person) = self.realm.user(username) else {
            return false;
        };
        if person.set_role(client, role, held).is_some() {
            let path = format!("users/{}/role-mappings/clients/{}", person.id, admin::uuid_of_id(client));
            let event = admin::changed(self, if held { "CREATE" } else { "DELETE" }, "CLIENT_ROLE_MAPPING", &path);
            lock(&self.store).admin_events.insert(0, event);
        }
        person.roles_of_apis().iter().any(|((owner, name), _)| *owner == client && *name == role)
    }

    /// The people who can sign in, each with whether the account is enabled.
    pub fn people(&self) -> Vec<(&Person, bool)> {
        let store = lock(&self.store);
        let visible = self.realm.people.iter().filter(|person| person.service_of.is_none() && !person.imported);
        visible.map(|person| (person, !store.disabled.contains(person.id))).collect()
    }

    pub fn routes(self: &Arc<Self>) -> Router {
        let oidc = |path: &str| format!("/realms/{}/protocol/openid-connect/{path}", self.realm.name);
        let realm_path = |path: &str| format!("/realms/{}/{path}", self.realm.name);
        let metadata = || get(discovery::metadata);
        let own = Router::new()
            .route(&realm_path(".well-known/openid-configuration"), metadata())
            .route(&realm_path(".well-known/oauth-authorization-server"), metadata())
            .route(&format!("/.well-known/oauth-authorization-server/realms/{}", self.realm.name), metadata())
            .route(&oidc("certs"), get(discovery::certs))
            .route(&oidc("auth"), get(authorize::by_query).post(authorize::by_form))
            .route(&realm_path("login-actions/authenticate"), post(authorize::submit))
            .route(&oidc("token"), post(token::endpoint))
            .route(&oidc("token/introspect"), post(introspect::endpoint))
            .route(&oidc("revoke"), post(revoke::endpoint))
            .route(&oidc("userinfo"), get(userinfo::by_header).post(userinfo::by_form))
            .route(&oidc("logout"), get(logout::front_channel).post(logout::post))
            .with_state(self.clone());
        let Some(partner) = &self.partner else { return own };
        // What belongs to the server and not to one of its realms.
        own.merge(partner.routes()).merge(
            Router::new()
                .route("/resources/lab.css", get(page::style))
                .route("/admin/serverinfo", get(admin::server_info))
                .route("/admin/realms/{realm}/events", get(admin::events))
                .route("/admin/realms/{realm}/events/config", get(admin::events_config))
                .route("/admin/realms/{realm}/admin-events", get(admin::admin_events))
                .route("/admin/realms/{realm}/clients", get(admin::clients))
                .route("/admin/realms/{realm}/users", get(admin::users))
                .route(
                    "/admin/realms/{realm}/clients/{id}/evaluate-scopes/generate-example-access-token",
                    get(admin::example_access_token),
                )
                .fallback(discovery::not_found)
                .with_state(self.clone()),
        )
    }

    /// Signs an access or ID token for a client.
    fn sign(&self, client: &Client, claims: &serde_json::Map<String, serde_json::Value>) -> String {
        let keys = lock(&self.keys);
        if client.es256 { keys.ec.sign("JWT", claims) } else { keys.rsa[0].sign("JWT", claims) }
    }

    /// Whether a token carries a signature of this realm, whatever else it says.
    fn signed_here(&self, token: &Parsed) -> bool {
        let keys = lock(&self.keys);
        let published = keys.rsa.iter().chain([&keys.ec]);
        token.kid().is_some_and(|kid| published.into_iter().any(|key| key.kid == kid && key.verifies(token)))
    }

    /// Reads a refresh token of this realm: signature, issuer and type only.
    fn refresh_token(&self, text: &str) -> Option<Parsed> {
        let token = jose::parse(text)?;
        let genuine = lock(&self.keys).refresh.verifies(&token);
        (genuine && token.text("iss") == Some(self.issuer.as_str()) && token.text("typ") == Some("Refresh")).then_some(token)
    }

    /// What Keycloak asks of an access token it is shown: its own signature and issuer, not expired, of type Bearer, not
    /// revoked, an enabled user and client, and the session it names still there with that client in it.
    fn valid_access_token(&self, store: &Store, text: &str) -> Option<Valid<'_>> {
        let token = jose::parse(text)?;
        if !self.signed_here(&token) || token.text("iss") != Some(self.issuer.as_str()) || token.text("typ") != Some("Bearer") {
            return None;
        }
        let now = self.world.now_s();
        let jti = token.text("jti")?;
        if token.number("exp")? <= now || store.is_revoked(jti) {
            return None;
        }
        let client = self.realm.client(token.text("azp")?).filter(|client| client.enabled)?;
        let person = self.realm.person(token.text("sub")?).filter(|person| !store.disabled.contains(person.id))?;
        if let Some(sid) = token.text("sid") {
            let session = store.live(sid, now).filter(|session| session.user == person.id)?;
            // An exchanged token lives in the session without a client session of its own; its id says so.
            if !jti.starts_with("nt") && !session.clients.contains_key(client.id) {
                return None;
            }
        }
        Some(Valid { token, client, person })
    }
}
