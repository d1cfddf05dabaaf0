//! What the portal keeps: applications with their keys, and subscriptions.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::published;
use super::shape::Error;
use crate::gateway::registry::Consumer;
use crate::gateway::release::GatewayRelease;

/// Everything the portal keeps.
#[derive(Default)]
pub(crate) struct Portal {
    pub(super) applications: Vec<Application>,
    pub(super) subscriptions: Vec<Subscription>,
    /// Tokens seen, and since when (ms): for a while they are taken unseen, revoked or not.
    pub(super) seen: HashMap<String, i64>,
}

/// An application of the portal.
pub(crate) struct Application {
    pub id: String,
    pub name: String,
    pub policy: String,
    pub description: String,
    pub owner: String,
    pub groups: Value,
    pub attributes: Value,
    pub created_ms: i64,
    pub updated_ms: i64,
    pub keys: Vec<KeyMapping>,
}

/// A consumer key of an application for one key type at one key manager.
pub(crate) struct KeyMapping {
    pub id: String,
    pub key_type: String,
    pub key_manager: &'static str,
    pub consumer_key: String,
    pub grants: Vec<String>,
    pub callback: String,
    pub mapped: bool,
    pub additional: Value,
}

impl KeyMapping {
    /// As every read after the first shows it.
    pub fn later(&self, consumers: &[Consumer], release: GatewayRelease) -> Value {
        let secret = consumers.iter().find(|one| one.key == self.consumer_key).and_then(|one| one.secrets.last());
        let shown = secret.map(|secret| secret.later(release));
        self.shown(shown.as_deref().unwrap_or_default(), release)
    }

    pub(super) fn shown(&self, secret: &str, release: GatewayRelease) -> Value {
        let mut value = json!({
            "keyMappingId": self.id, "keyManager": self.key_manager, "consumerKey": self.consumer_key,
            "consumerSecret": secret, "supportedGrantTypes": self.grants, "callbackUrl": self.callback,
            "keyState": "APPROVED", "keyType": self.key_type, "mode": if self.mapped { "MAPPED" } else { "CREATED" },
            "additionalProperties": self.additional,
        });
        if release == GatewayRelease::V4_7 {
            value["consumerSecrets"] = json!([]);
        }
        value
    }
}

/// A subscription of an application to an API.
pub(crate) struct Subscription {
    pub id: String,
    pub application: String,
    pub api: String,
    pub policy: String,
    /// When the gateway has heard of it, in epoch milliseconds.
    pub in_force_ms: i64,
}

impl Portal {
    /// Whether an application may call the API at a context now.
    pub fn is_subscribed(&self, application: &str, context: &str, now_ms: i64) -> bool {
        let fits = |one: &&Subscription| one.application == application && published::context(&one.api) == Some(context);
        self.subscriptions.iter().filter(fits).any(|one| one.in_force_ms <= now_ms)
    }

    /// The application a foreign client id is mapped to: id and name.
    pub fn mapped(&self, consumer_key: &str) -> Option<(String, String)> {
        let fits = |one: &&Application| one.keys.iter().any(|key| key.mapped && key.consumer_key == consumer_key);
        self.applications.iter().find(fits).map(|one| (one.id.clone(), one.name.clone()))
    }

    /// The redirect address of a consumer key made here.
    pub fn callback(&self, consumer_key: &str) -> Option<String> {
        let mut keys = self.applications.iter().flat_map(|one| &one.keys);
        keys.find(|key| key.consumer_key == consumer_key).map(|key| key.callback.clone())
    }
}

impl Portal {
    /// An application of this user; another's is as unknown as one that is not there.
    pub(super) fn own(&self, id: &str, owner: &str) -> Result<&Application, Error> {
        self.applications.iter().find(|one| one.id == id && one.owner == owner).ok_or_else(|| unknown(id))
    }

    pub(super) fn own_mut(&mut self, id: &str, owner: &str) -> Result<&mut Application, Error> {
        self.applications.iter_mut().find(|one| one.id == id && one.owner == owner).ok_or_else(|| unknown(id))
    }
}

fn unknown(id: &str) -> Error {
    Error::coded(404, 900_307, "Application not found", &format!("Couldn't retrieve application with id: {id}"))
}
