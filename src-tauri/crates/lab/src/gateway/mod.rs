//! The WSO2-shaped gateway: an OAuth token endpoint for applications, and two APIs behind it.
//!
//! It is what stands between an application token and a user token in real installations, so it keeps both apart: it
//! knows which consumer key belongs to which application, turns a Keycloak token into one of its own (jwt-bearer), and
//! exchanges back at the provider before it calls the backend. Fault codes and texts follow WSO2 API Manager 4.7.

mod activity;
mod assertion;
mod call;
mod introspect;
mod token;
mod upstream;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{any, get, post};
use serde_json::{Map, Value, json};

use self::activity::Exchange;
use crate::description::LabClient;
use crate::jose::{Key, KeyError, KidStyle};
use crate::keyset::{KeySet, client};
use crate::random;
use crate::world::World;

pub(crate) use self::upstream::Upstream;

/// An application with its consumer key.
pub(crate) struct Consumer {
    pub key: &'static str,
    pub name: &'static str,
    pub note: &'static str,
    pub grants: &'static [&'static str],
    /// Opaque reference tokens instead of JWTs.
    pub opaque: bool,
    /// The contexts of the APIs it is subscribed to.
    pub subscriptions: &'static [&'static str],
}

pub(crate) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

pub(crate) const CONSUMERS: &[Consumer] = &[
    Consumer {
        key: "orders-app",
        name: "Orders app",
        note: "application with JWT tokens: client_credentials for itself, jwt-bearer for its user",
        grants: &["client_credentials", "refresh_token", JWT_BEARER],
        opaque: false,
        subscriptions: &["/catalog", "/orders"],
    },
    Consumer {
        key: "orders-app-ref",
        name: "Orders app (reference tokens)",
        note: "application with opaque reference tokens, client_credentials",
        grants: &["client_credentials"],
        opaque: true,
        subscriptions: &["/catalog", "/orders"],
    },
    Consumer {
        key: "devportal",
        name: "Developer portal",
        note: "turns a Keycloak token whose aud contains gateway into a WSO2 user token (jwt-bearer)",
        grants: &["client_credentials", "refresh_token", JWT_BEARER],
        opaque: false,
        subscriptions: &["/catalog", "/orders"],
    },
    Consumer {
        key: "unsubscribed-app",
        name: "Unsubscribed app",
        note: "application without a subscription: every API answers 900908",
        grants: &["client_credentials"],
        opaque: false,
        subscriptions: &[],
    },
];

/// The user behind introspection, as WSO2 wants one.
const ADMIN: &str = "admin";
const ADMIN_ID: &str = "4a8d1c2b-6e57-4f90-b1d3-92c7e0f5a6b7";

/// The audience a Keycloak token needs for jwt-bearer: the alias of the identity provider entry.
pub(crate) const ALIAS: &str = "gateway";

/// A token the gateway issued and has not forgotten.
#[derive(Clone)]
pub(crate) struct Issued {
    pub consumer: &'static str,
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
}

#[derive(Default)]
pub(crate) struct State {
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
    secrets: HashMap<&'static str, String>,
    upstream: Upstream,
    provider_keys: KeySet,
    http: reqwest::Client,
    lifespan: i64,
    state: Mutex<State>,
}

/// The one key of the gateway, for its tokens and its backend statements: the default keystore has one, too.
pub(crate) fn signing_key() -> Result<Key, KeyError> {
    Key::rsa("localhost", KidStyle::Wso2)
}

impl Gateway {
    pub fn new(
        world: Arc<World>,
        base: String,
        key: Key,
        upstream: Upstream,
        lifespan: i64,
    ) -> Result<Arc<Self>, reqwest::Error> {
        let names = CONSUMERS.iter().map(|consumer| consumer.key).chain([ADMIN]);
        let http = client(None)?;
        let certs = format!("{}/protocol/openid-connect/certs", upstream.issuer);
        Ok(Arc::new(Gateway {
            world,
            issuer: format!("{base}/oauth2/token"),
            base,
            key,
            secrets: names.map(|name| (name, random::token(21))).collect(),
            upstream,
            provider_keys: KeySet::new(http.clone(), certs),
            http,
            lifespan,
            state: Mutex::default(),
        }))
    }

    /// The consumers with their secrets, and the admin who may introspect.
    pub fn clients(&self) -> impl Iterator<Item = LabClient> + '_ {
        let consumers = CONSUMERS.iter().map(|consumer| (consumer.key, consumer.note));
        let admin = (ADMIN, "user allowed to introspect at the gateway (HTTP Basic), no OAuth client");
        consumers.chain([admin]).map(|(key, note)| LabClient {
            client_id: key.to_owned(),
            secret: self.secrets.get(key).cloned(),
            server: "gateway",
            note,
        })
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
            .route("/catalog/1.0/{*resource}", any(call::catalog))
            .route("/orders/1.0/{*resource}", any(call::orders))
            .route("/lab/activity/{id}", get(activity::read))
            .fallback(call::not_found)
            .layer(from_fn(activity::identify))
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
