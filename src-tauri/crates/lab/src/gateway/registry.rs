//! Who may ask the gateway for tokens: the consumers, whoever made them.
//!
//! Three ways lead here: the lab's own table, dynamic client registration, and keys generated in the developer portal. A
//! token request must not care which, so all end up as the same value. A consumer may have several secrets at once, because
//! release 4.7 gives it new ones beside the old.

use subtle::ConstantTimeEq as _;

use super::grants::{JWT_BEARER, TOKEN_EXCHANGE};
use super::release::GatewayRelease;
use crate::random;

/// A consumer of the lab's own table.
pub(crate) struct Seed {
    pub key: &'static str,
    pub name: &'static str,
    pub note: &'static str,
    pub grants: &'static [&'static str],
    /// Opaque reference tokens instead of JWTs.
    pub opaque: bool,
    /// The contexts of the APIs it is subscribed to.
    pub subscriptions: &'static [&'static str],
}

pub(crate) const SEEDS: &[Seed] = &[
    Seed {
        key: "orders-app",
        name: "Orders app",
        note: "application with JWT tokens: client_credentials for itself, jwt-bearer or token exchange for its user",
        grants: &["client_credentials", "refresh_token", JWT_BEARER, TOKEN_EXCHANGE],
        opaque: false,
        subscriptions: &["/catalog", "/orders"],
    },
    Seed {
        key: "orders-app-ref",
        name: "Orders app (reference tokens)",
        note: "application with opaque reference tokens, client_credentials",
        grants: &["client_credentials"],
        opaque: true,
        subscriptions: &["/catalog", "/orders"],
    },
    Seed {
        key: "devportal",
        name: "Developer portal",
        note: "turns a Keycloak token whose aud contains gateway into a WSO2 user token (jwt-bearer)",
        grants: &["client_credentials", "refresh_token", "password", JWT_BEARER],
        opaque: false,
        subscriptions: &["/catalog", "/orders"],
    },
    Seed {
        key: "unsubscribed-app",
        name: "Unsubscribed app",
        note: "application without a subscription: every API answers 900908",
        grants: &["client_credentials"],
        opaque: false,
        subscriptions: &[],
    },
];

/// One secret of a consumer.
#[derive(Clone)]
pub(crate) struct ConsumerSecret {
    pub id: String,
    pub value: String,
    pub description: String,
    /// Epoch seconds; none = never.
    pub expires: Option<i64>,
}

impl ConsumerSecret {
    pub fn fresh() -> Self {
        ConsumerSecret {
            id: format!("sec_{}", random::uuid()),
            value: random::token(21),
            description: String::new(),
            expires: None,
        }
    }

    /// As every read after the first shows it: since 4.7 a secret is readable only where it was made.
    pub fn later(&self, release: GatewayRelease) -> String {
        match release {
            GatewayRelease::V4_6 => self.value.clone(),
            GatewayRelease::V4_7 => self.masked(),
        }
    }

    /// Three stars and its end.
    pub fn masked(&self) -> String {
        let end: String = self.value.chars().skip(self.value.chars().count().saturating_sub(8)).collect();
        format!("***{end}")
    }
}

/// What a consumer may call.
#[derive(Clone)]
pub(crate) enum Rights {
    /// The contexts of the lab's own table.
    Seeded(&'static [&'static str]),
    /// Whatever this application of the portal is subscribed to.
    Application(String),
    /// Nothing: a client of the product's own APIs.
    None,
}

/// Someone who may ask for tokens.
#[derive(Clone)]
pub(crate) struct Consumer {
    pub key: String,
    /// Its application's name, for the backend statement.
    pub name: String,
    pub grants: Vec<String>,
    pub opaque: bool,
    /// The `sub` of its owner, which is the `sub` of its application tokens.
    pub owner: String,
    pub secrets: Vec<ConsumerSecret>,
    pub rights: Rights,
}

impl Consumer {
    pub fn seeded(seed: &Seed, owner: &str) -> Self {
        Consumer {
            key: seed.key.to_owned(),
            name: seed.name.to_owned(),
            grants: seed.grants.iter().map(|grant| (*grant).to_owned()).collect(),
            opaque: seed.opaque,
            owner: owner.to_owned(),
            secrets: vec![ConsumerSecret::fresh()],
            rights: Rights::Seeded(seed.subscriptions),
        }
    }

    /// Whether it is one of its secrets, and still good.
    pub fn has_secret(&self, text: &str, now: i64) -> bool {
        let live = |secret: &&ConsumerSecret| secret.expires.is_none_or(|until| until > now);
        self.secrets.iter().filter(live).any(|secret| secret.value.as_bytes().ct_eq(text.as_bytes()).into())
    }

    /// The secret made last.
    pub fn newest(&self) -> &str {
        self.secrets.last().map_or("", |secret| secret.value.as_str())
    }
}

/// A name that is taken, with what it stands for.
pub(crate) struct Registration {
    pub name: String,
    pub owner: String,
    pub key: String,
    pub callback: String,
    pub grants: String,
    pub saas: bool,
}

/// One name belongs to another owner from the start, so that its refusal can be met.
pub(crate) fn registered() -> Vec<Registration> {
    vec![Registration {
        name: "rest_api_publisher".to_owned(),
        owner: "publisher".to_owned(),
        key: "publisher-tool".to_owned(),
        callback: String::new(),
        grants: "client_credentials".to_owned(),
        saas: true,
    }]
}
