//! What the provider is: the part that every handler knows, and that knows no handler.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use super::realm::{Client, Person, Proof, REALM, Realm};
use super::store::{Lifespans, Store};
use crate::gateway::Gateway;
use crate::jose::{self, Key, KeyError, KidStyle, Parsed};
use crate::world::{World, lock};

/// The provider's state; handlers share it behind an `Arc`.
pub(crate) struct Provider {
    pub(super) world: Arc<World>,
    pub realm: Realm,
    pub(super) store: Mutex<Store>,
    pub(super) keys: Mutex<Keys>,
    /// `http://127.0.0.1:PORT`.
    pub(super) base: String,
    /// `{base}/realms/{name}`.
    pub(super) issuer: String,
    /// The keys of clients that sign for themselves.
    pub(super) client_keys: HashMap<&'static str, Key>,
    /// The realm behind the identity provider `partner`.
    pub(super) partner: Option<Arc<Provider>>,
    /// The gateway behind the identity provider `wso2`; it comes up after the realm that trusts it.
    pub(super) gateway: OnceLock<Arc<Gateway>>,
    /// Feature `token-exchange:v1`.
    pub(super) legacy: bool,
    /// Client assertions that were used, by client and id, with the time they end.
    pub(super) spent: Mutex<HashMap<(String, String), i64>>,
}

/// The realm's keys, by what they are for.
pub(crate) struct Keys {
    /// Newest first: the first one signs, all of them verify.
    pub(super) rsa: Vec<Key>,
    pub(super) ec: Key,
    /// Published beside the others, as Keycloak does, so that a client has to choose; the partner has none.
    pub(super) encryption: Option<Key>,
    pub(super) refresh: Key,
}

impl Keys {
    pub fn new(signing: Key, encryption: Option<Key>) -> Result<Self, KeyError> {
        Ok(Keys { rsa: vec![signing], ec: Key::ec()?, encryption, refresh: Key::hmac() })
    }
}

/// A new RSA key of the realm.
pub(crate) fn rsa_key() -> Result<Key, KeyError> {
    Key::rsa(REALM, KidStyle::Keycloak)
}

/// An access token that passed every check the provider makes before it acts on one.
pub(super) struct Valid<'a> {
    pub(super) token: Parsed,
    pub(super) client: &'static Client,
    pub(super) person: &'a Person,
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

    /// The people who can sign in, each with whether the account is enabled.
    pub fn people(&self) -> Vec<(&Person, bool)> {
        let store = lock(&self.store);
        let visible = self.realm.people.iter().filter(|person| person.service_of.is_none() && !person.imported);
        visible.map(|person| (person, !store.disabled.contains(person.id))).collect()
    }

    /// Signs an access or ID token for a client.
    pub(super) fn sign(&self, client: &Client, claims: &serde_json::Map<String, serde_json::Value>) -> String {
        let keys = lock(&self.keys);
        if client.es256 { keys.ec.sign("JWT", claims) } else { keys.rsa[0].sign("JWT", claims) }
    }

    /// Whether a token carries a signature of this realm, whatever else it says.
    pub(super) fn signed_here(&self, token: &Parsed) -> bool {
        let keys = lock(&self.keys);
        let published = keys.rsa.iter().chain([&keys.ec]);
        token.kid().is_some_and(|kid| published.into_iter().any(|key| key.kid == kid && key.verifies(token)))
    }

    /// Reads a refresh token of this realm: signature, issuer and type only.
    pub(super) fn refresh_token(&self, text: &str) -> Option<Parsed> {
        let token = jose::parse(text)?;
        let genuine = lock(&self.keys).refresh.verifies(&token);
        (genuine && token.text("iss") == Some(self.issuer.as_str()) && token.text("typ") == Some("Refresh")).then_some(token)
    }

    /// What Keycloak asks of an access token it is shown: its own signature and issuer, not expired, of type Bearer, not
    /// revoked, an enabled user and client, and the session it names still there with that client in it.
    pub(super) fn valid_access_token(&self, store: &Store, text: &str) -> Option<Valid<'_>> {
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
