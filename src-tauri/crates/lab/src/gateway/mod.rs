//! The WSO2-shaped gateway: an OAuth token endpoint for applications, and two APIs behind it.
//!
//! It is what stands between an application token and a user token in real installations, so it keeps both apart: it
//! knows which consumer key belongs to which application, turns a Keycloak token into one of its own (jwt-bearer), and
//! exchanges back at the provider before it calls the backend. Fault codes and texts follow WSO2 API Manager 4.7.

mod activity;
mod assertion;
mod authorize;
mod call;
mod dcr;
mod introspect;
mod issue;
mod portal;
mod registry;
mod token;
mod trusted;
mod upstream;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{any, get, post};
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq as _;

use self::activity::Exchange;
use self::authorize::Code;
use self::dcr::Registration;
use self::portal::Portal;
use self::registry::{Consumer, SEEDS};
use crate::description::LabClient;
use crate::jose::{Key, KeyError, KidStyle, Parsed};
use crate::keyset::{KeySet, client};
use crate::random;
use crate::world::{World, lock};

pub(crate) use self::trusted::Trusted;
pub use self::trusted::{OwnProvider, Way};
pub(crate) use self::upstream::Upstream;

pub(crate) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
pub(crate) const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// The one local user: introspects, registers clients, owns the lab's own applications.
const ADMIN: &str = "admin";
const ADMIN_ID: &str = "4a8d1c2b-6e57-4f90-b1d3-92c7e0f5a6b7";

/// The audience a Keycloak token needs for jwt-bearer: the alias of the identity provider entry.
pub(crate) const ALIAS: &str = "gateway";

/// Which release of WSO2 API Manager the gateway plays. They differ in what a caller sees of secrets and of earlier tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum GatewayRelease {
    /// 4.6: one secret, readable again, to be regenerated; tokens are kept on the server, so a new token for the same
    /// application, user and scope revokes the earlier one; refresh tokens are opaque.
    V4_6,
    /// 4.7: several secrets, each readable once; nothing is kept on the server, so every token lives its own life; refresh
    /// tokens are JWTs.
    #[default]
    V4_7,
}

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

#[derive(Default)]
pub(crate) struct State {
    /// Who may ask for tokens, in the order they came.
    consumers: Vec<Consumer>,
    /// Clients of dynamic client registration.
    registrations: Vec<Registration>,
    /// The developer portal's own data.
    portal: Portal,
    /// Authorization codes that were not redeemed yet.
    codes: HashMap<String, Code>,
    /// Tokens the gateway refused, and since when (ms): for a while it goes on refusing them unseen (the invalid-token cache).
    refused: HashMap<String, i64>,
    /// Reference tokens that introspection once called active, and since when (ms): for a while only their end is looked at.
    introspected: HashMap<String, i64>,
    /// By token id; for a reference token the id is the token.
    tokens: HashMap<String, Issued>,
    /// By id of the refresh token: what a refresh continues, and until when.
    refresh: HashMap<String, (Issued, i64)>,
    /// By id of the caller's token.
    exchanged: HashMap<String, Exchanged>,
    /// What the gateway did for each call, newest last.
    activities: VecDeque<(String, Vec<Exchange>)>,
}

pub(crate) struct Gateway {
    world: Arc<World>,
    /// `https://127.0.0.1:PORT`.
    base: String,
    /// The token URL is the issuer.
    issuer: String,
    key: Key,
    admin_password: String,
    pub(crate) release: GatewayRelease,
    upstream: Upstream,
    /// The lab's own first.
    providers: Mutex<Vec<Arc<Trusted>>>,
    http: reqwest::Client,
    lifespan: i64,
    /// How long a new subscription takes to reach the gateway, in milliseconds.
    subscription_delay_ms: i64,
    state: Mutex<State>,
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
            registrations: dcr::seeded(),
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
        let known = |seed: &registry::Seed| state.consumers.iter().find(|consumer| consumer.key == seed.key);
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

    /// The `sub` userinfo would answer with: only for a live access token with scope `openid`.
    pub fn user_of(&self, text: &str) -> Option<String> {
        let (_, held) = issue::own_access_token(self, text)?;
        crate::form::words(&held.scope).any(|word| word == "openid").then_some(held.sub)
    }

    /// A consumer by its key.
    fn consumer(&self, key: &str) -> Option<Consumer> {
        lock(&self.state).consumers.iter().find(|consumer| consumer.key == key).cloned()
    }

    /// Whether this is the local user with the right password.
    fn is_admin(&self, user: &str, password: &str) -> bool {
        user == ADMIN && bool::from(self.admin_password.as_bytes().ct_eq(password.as_bytes()))
    }

    pub fn routes(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/oauth2/token", post(token::endpoint))
            .route("/oauth2/introspect", post(introspect::introspect))
            .route("/oauth2/revoke", post(introspect::revoke))
            .route("/oauth2/userinfo", get(introspect::userinfo).post(introspect::userinfo))
            .route("/oauth2/jwks", get(introspect::jwks))
            .route("/jwks", get(introspect::jwks))
            .route("/oauth2/token/.well-known/openid-configuration", get(introspect::metadata))
            .route("/oauth2/authorize", get(authorize::page).post(authorize::submit))
            .route("/client-registration/v0.17/register", post(dcr::register))
            .nest("/api/am/devportal/v3", portal::routes())
            .route("/catalog/1.0/{*resource}", any(call::catalog))
            .route("/orders/1.0/{*resource}", any(call::orders))
            .route("/lab/activity/{id}", get(activity::read))
            .fallback(call::not_found)
            .layer(from_fn(activity::identify))
            .with_state(self.clone())
    }

    /// What the servlet transport without TLS serves of the key manager (WSO2's port 9763): all that another server asks for.
    pub fn plain_routes(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/oauth2/userinfo", get(introspect::userinfo).post(introspect::userinfo))
            .route("/oauth2/jwks", get(introspect::jwks))
            .fallback(call::not_found)
            .with_state(self.clone())
    }

    /// A JWT with the header WSO2 writes (`x5t`, `kid`, `typ`, `alg`).
    fn sign(&self, typ: &str, claims: Value) -> String {
        let header = json!({"x5t": self.key.certificate_thumbprint(), "kid": self.key.kid, "typ": typ, "alg": "RS256"});
        match claims {
            Value::Object(claims) => self.key.sign_with(&header, &claims),
            _ => String::new(),
        }
    }
}
