//! What the gateway is and what it remembers: the part that every handler knows, and that knows no handler.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde::Serialize;
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq as _;

use super::portal::store::Portal;
use super::registry::{Consumer, Registration, SEEDS, Seed, registered};
use super::release::GatewayRelease;
use super::trusted::{OwnProvider, Trusted, Way};
use crate::description::LabClient;
use crate::jose::{Key, KeyError, KidStyle, Parsed};
use crate::keyset::{KeySet, client};
use crate::random;
use crate::world::{World, lock};

/// The one local user: introspects, registers clients, owns the lab's own applications.
pub(super) const ADMIN: &str = "admin";
/// The `sub` of that user.
pub(super) const ADMIN_ID: &str = "4a8d1c2b-6e57-4f90-b1d3-92c7e0f5a6b7";

/// The audience a Keycloak token needs for jwt-bearer: the alias of the identity provider entry.
pub(super) const ALIAS: &str = "gateway";

/// A token the gateway issued and has not forgotten.
#[derive(Clone)]
pub(crate) struct Issued {
    pub consumer: String,
    pub sub: String,
    /// Of a user (`APPLICATION_USER`) or of the application itself.
    pub user: bool,
    pub scope: String,
    pub issued: i64,
    pub expires: i64,
    pub revoked: bool,
    /// The Keycloak token it was made from; never leaves the gateway except to be exchanged.
    pub subject_token: Option<String>,
    /// The claims of that token that userinfo and scopes go by.
    pub subject: Map<String, Value>,
}

/// A token obtained at the provider for one of ours.
#[derive(Clone)]
pub(crate) struct Exchanged {
    pub token: String,
    pub id: String,
    pub expires: i64,
    /// When it was obtained, in milliseconds.
    pub at_ms: i64,
    /// The scope that was asked for.
    pub scope: Option<String>,
    /// The id of the token it was exchanged for.
    pub subject: Option<String>,
    /// The client the gateway asked as.
    pub client: String,
}

/// One HTTP exchange the gateway made, safe to show.
#[derive(Clone, Serialize)]
pub(crate) struct Exchange {
    pub from: &'static str,
    pub to: &'static str,
    pub method: String,
    pub url: String,
    pub request_headers: Vec<[String; 2]>,
    pub request_body: String,
    pub status: u16,
    pub response_headers: Vec<[String; 2]>,
    pub response_body: String,
    pub started_ms: i64,
    pub duration_ms: u64,
    /// The id of the token obtained or used.
    pub token_id: Option<String>,
    /// Whether that token came from the gateway's cache.
    pub cached: bool,
    /// Content of the exchanged token that was used, without its signature, and how it was obtained.
    pub exchanged: Option<Value>,
}

/// What a code stands for.
pub(crate) struct Code {
    pub(super) consumer: String,
    pub(super) redirect_uri: String,
    pub(super) scope: String,
    pub(super) challenge: Option<String>,
    pub(super) expires: i64,
}

/// Where the gateway goes, and as whom.
pub(crate) struct Upstream {
    /// The provider's issuer.
    pub issuer: String,
    /// The secret of client `gateway` at the provider.
    pub client_secret: String,
    pub orders_api: String,
    pub catalog_api: String,
}

/// What the gateway keeps from one request to the next, behind one lock.
#[derive(Default)]
pub(crate) struct State {
    /// Who may ask for tokens, in the order they came.
    pub(super) consumers: Vec<Consumer>,
    /// Clients of dynamic client registration.
    pub(super) registrations: Vec<Registration>,
    /// The developer portal's own data.
    pub(super) portal: Portal,
    /// Authorization codes that were not redeemed yet.
    pub(super) codes: HashMap<String, Code>,
    /// Tokens the gateway refused, and since when (ms): for a while it goes on refusing them unseen (the invalid-token cache).
    pub(super) refused: HashMap<String, i64>,
    /// Reference tokens that introspection once called active, and since when (ms): for a while only their end is looked at.
    pub(super) introspected: HashMap<String, i64>,
    /// By token id; for a reference token the id is the token.
    pub(super) tokens: HashMap<String, Issued>,
    /// By id of the refresh token: what a refresh continues, and until when.
    pub(super) refresh: HashMap<String, (Issued, i64)>,
    /// By id of the caller's token.
    pub(super) exchanged: HashMap<String, Exchanged>,
    /// What the gateway did for each call, newest last.
    pub(super) activities: VecDeque<(String, Vec<Exchange>)>,
}

/// The gateway as its handlers share it.
pub(crate) struct Gateway {
    pub(super) world: Arc<World>,
    /// `https://127.0.0.1:PORT`.
    pub(super) base: String,
    /// The token URL is the issuer.
    pub(super) issuer: String,
    pub(super) key: Key,
    pub(super) admin_password: String,
    pub(crate) release: GatewayRelease,
    pub(super) upstream: Upstream,
    /// The lab's own first.
    pub(super) providers: Mutex<Vec<Arc<Trusted>>>,
    pub(super) http: reqwest::Client,
    pub(super) lifespan: i64,
    /// How long a new subscription takes to reach the gateway, in milliseconds.
    pub(super) subscription_delay_ms: i64,
    pub(super) state: Mutex<State>,
}

/// The one key of the gateway, for its tokens and its backend statements: the default keystore has one, too.
pub(crate) fn signing_key() -> Result<Key, KeyError> {
    Key::rsa("localhost", KidStyle::Wso2)
}

/// What is told to a gateway when it is made.
pub(crate) struct Setup {
    /// `https://127.0.0.1:PORT`, or with `localhost` where the certificate is good for nothing else.
    pub base: String,
    pub release: GatewayRelease,
    /// Life of an access token, in seconds.
    pub lifespan: i64,
    /// How long a new subscription takes to reach the gateway, in milliseconds.
    pub subscription_delay_ms: i64,
}

impl Gateway {
    pub fn new(world: Arc<World>, setup: Setup, key: Key, upstream: Upstream) -> Result<Arc<Self>, reqwest::Error> {
        let Setup { base, release, lifespan, subscription_delay_ms } = setup;
        let http = client(None)?;
        let oidc = format!("{}/protocol/openid-connect", upstream.issuer);
        let own = Trusted {
            at: OwnProvider {
                issuer: upstream.issuer.clone(),
                jwks: format!("{oidc}/certs"),
                token_endpoint: format!("{oidc}/token"),
                ca_pem: String::new(),
                client_id: "gateway".to_owned(),
                client_secret: upstream.client_secret.clone(),
                way: Way::UserToken,
                portal_role: "/engineering".to_owned(),
            },
            keys: KeySet::new(http.clone(), format!("{oidc}/certs")),
            http: http.clone(),
            built_in: true,
        };
        let state = State {
            consumers: SEEDS.iter().map(|seed| Consumer::seeded(seed, ADMIN_ID)).collect(),
            registrations: registered(),
            ..State::default()
        };
        Ok(Arc::new(Gateway {
            world,
            issuer: format!("{base}/oauth2/token"),
            base,
            key,
            admin_password: random::token(21),
            release,
            upstream,
            providers: Mutex::new(vec![Arc::new(own)]),
            http,
            lifespan,
            subscription_delay_ms,
            state: Mutex::new(state),
        }))
    }

    /// The lab's own consumers with their secrets, and the admin who may introspect.
    pub fn clients(&self) -> Vec<LabClient> {
        let state = lock(&self.state);
        let known = |seed: &Seed| state.consumers.iter().find(|consumer| consumer.key == seed.key);
        let mut clients: Vec<LabClient> = SEEDS
            .iter()
            .map(|seed| LabClient {
                client_id: seed.key.to_owned(),
                secret: known(seed).map(|consumer| consumer.newest().to_owned()),
                auth: "client_secret_basic",
                server: "gateway",
                note: seed.note,
            })
            .collect();
        clients.push(LabClient {
            client_id: ADMIN.to_owned(),
            secret: Some(self.admin_password.clone()),
            auth: "client_secret_basic",
            server: "gateway",
            note: "user allowed to introspect at the gateway (HTTP Basic), no OAuth client",
        });
        clients
    }

    /// The token URL, which is the issuer.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whether a token carries a signature of the gateway.
    pub fn signed_here(&self, token: &Parsed) -> bool {
        self.key.verifies(token)
    }

    /// A consumer by its key.
    pub(super) fn consumer(&self, key: &str) -> Option<Consumer> {
        lock(&self.state).consumers.iter().find(|consumer| consumer.key == key).cloned()
    }

    /// Whether this is the local user with the right password.
    pub(super) fn is_admin(&self, user: &str, password: &str) -> bool {
        user == ADMIN && bool::from(self.admin_password.as_bytes().ct_eq(password.as_bytes()))
    }

    /// The provider an issuer names.
    pub(super) fn provider(&self, issuer: &str) -> Option<Arc<Trusted>> {
        lock(&self.providers).iter().find(|one| one.at.issuer == issuer).cloned()
    }

    /// Trusts one more provider, or the same with other settings. What was exchanged at it before is forgotten.
    pub fn trust(&self, provider: Trusted) {
        let mut providers = lock(&self.providers);
        providers.retain(|one| one.at.issuer != provider.at.issuer);
        providers.push(Arc::new(provider));
        drop(providers);
        lock(&self.state).exchanged.clear();
    }

    /// A JWT with the header WSO2 writes (`x5t`, `kid`, `typ`, `alg`).
    pub(super) fn sign(&self, typ: &str, claims: Value) -> String {
        let header = json!({"x5t": self.key.certificate_thumbprint(), "kid": self.key.kid, "typ": typ, "alg": "RS256"});
        match claims {
            Value::Object(claims) => self.key.sign_with(&header, &claims),
            _ => String::new(),
        }
    }
}
