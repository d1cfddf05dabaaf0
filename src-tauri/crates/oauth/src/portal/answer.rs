//! What the portal tells, as the window shows it. Secrets are not among it: they go to the secret store, and here stands where.

use record::audit::FixAction;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Call;

/// The answer to a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum PortalAnswer {
    /// A client is registered, or was before.
    Registered {
        /// The client.
        client: Registered,
    },
    /// What the portal can do.
    Settings {
        /// The settings.
        settings: Settings,
    },
    /// Who issues tokens.
    KeyManagers {
        /// In the server's order.
        list: Vec<KeyManager>,
    },
    /// Throttling policies.
    Policies {
        /// In the server's order.
        list: Vec<Policy>,
    },
    /// APIs to subscribe to.
    Apis {
        /// In the server's order.
        list: Vec<Api>,
        /// How many there are in all.
        total: u32,
    },
    /// One API in full.
    Api {
        /// The API.
        api: Api,
    },
    /// The user's applications.
    Applications {
        /// In the server's order.
        list: Vec<Application>,
        /// How many there are in all.
        total: u32,
    },
    /// One application, just made.
    Application {
        /// The application.
        application: Application,
    },
    /// Keys of an application.
    Keys {
        /// In the server's order.
        list: Vec<Key>,
    },
    /// One pair, just made or mapped.
    Key {
        /// The pair.
        key: Key,
    },
    /// Secrets of a consumer key, masked by the server.
    Secrets {
        /// Oldest first.
        list: Vec<ConsumerSecret>,
    },
    /// One secret, just made; its value went to the secret store.
    Secret {
        /// The secret.
        secret: ConsumerSecret,
    },
    /// Subscriptions of an application.
    Subscriptions {
        /// In the server's order.
        list: Vec<Subscription>,
        /// How many there are in all.
        total: u32,
    },
    /// One subscription, just made.
    Subscription {
        /// The subscription.
        subscription: Subscription,
    },
    /// An application token; it is on the shelf.
    Token {
        /// Its scopes.
        scope: Vec<String>,
        /// Its life in seconds, if told.
        expires_in: Option<i64>,
    },
    /// It is taken and waits for somebody's approval.
    Waiting {
        /// The workflow's state as the server calls it.
        status: String,
    },
    /// Done, and nothing more to tell.
    Done,
}

/// A client of dynamic registration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Registered {
    /// Its id.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// The user it belongs to.
    pub owner: String,
    /// The grants it really got.
    pub grants: Vec<String>,
    /// Grants that were asked for and silently dropped.
    pub dropped: Vec<String>,
    /// Its redirect URI, if any.
    pub callback: String,
    /// Whether the answer held a secret that can be used. A name that was there before answers with the old client, whose
    /// secret may be masked.
    pub has_secret: bool,
}

/// Settings of the portal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Settings {
    /// Grants an application may be given.
    pub grants: Vec<String>,
    /// Scopes of the portal.
    pub scopes: Vec<String>,
    /// Whether clients that exist can be mapped to applications.
    pub map_clients: bool,
    /// The gateway's address, if told.
    pub gateway: String,
    /// The release as far as the members of the answer tell: `4.7 or later`, or empty.
    pub release: String,
}

/// A key manager.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KeyManager {
    /// Id.
    pub id: String,
    /// Name, used when keys are generated.
    pub name: String,
    /// Kind, e.g. `default`, `KeyCloak`.
    pub kind: String,
    /// The administrator's words.
    pub description: String,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Whether it makes clients.
    pub creates_clients: bool,
    /// Whether clients that exist can be mapped.
    pub maps_clients: bool,
    /// `DIRECT`, `EXCHANGED` or `BOTH`.
    pub token_type: String,
    /// Where tokens come from.
    pub token_endpoint: String,
    /// Audience a token needs to be exchanged here; may be empty.
    pub alias: String,
    /// Grants it offers.
    pub grants: Vec<String>,
}

/// A throttling policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Policy {
    /// Name.
    pub name: String,
    /// The administrator's words.
    pub description: String,
}

/// An API of the portal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Api {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// Context, e.g. `/orders/1.0`.
    pub context: String,
    /// The publisher's words.
    pub description: String,
    /// Life cycle state, e.g. `PUBLISHED`.
    pub status: String,
    /// Policies a subscription may have.
    pub policies: Vec<String>,
    /// Addresses at gateways; only of an API in full.
    pub addresses: Vec<String>,
    /// Scopes its resources may ask for; only of an API in full.
    pub scopes: Vec<String>,
    /// Key managers whose tokens it takes, `all` for any; only of an API in full.
    pub key_managers: Vec<String>,
}

/// An application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Application {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Words of whoever made it.
    pub description: String,
    /// Throttling policy.
    pub policy: String,
    /// `APPROVED`, `CREATED`, `REJECTED`.
    pub status: String,
    /// Owner.
    pub owner: String,
    /// Number of subscriptions.
    pub subscriptions: u32,
}

/// A consumer key of an application.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Key {
    /// Id of the mapping.
    pub id: String,
    /// Consumer key, which is the client id.
    pub consumer_key: String,
    /// Key manager.
    pub key_manager: String,
    /// `PRODUCTION` or `SANDBOX`.
    pub key_type: String,
    /// `CREATED` here or `MAPPED` from elsewhere.
    pub mode: String,
    /// `APPROVED`, or a state of a workflow.
    pub state: String,
    /// Grants it may use.
    pub grants: Vec<String>,
    /// Redirect URI.
    pub callback: String,
    /// Whether the answer showed a usable secret.
    pub has_secret: bool,
    /// Forms it can be used in; nothing is sent.
    pub uses: Vec<FixAction>,
}

/// A secret of a consumer key, without its value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConsumerSecret {
    /// Id.
    pub id: String,
    /// What the server shows of it, e.g. `***r3tV@lu3`; empty for one just made.
    pub masked: String,
    /// Words of whoever made it.
    pub description: String,
    /// End, epoch seconds; none = never.
    pub expires_at: Option<i64>,
}

/// A subscription.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Subscription {
    /// Id.
    pub id: String,
    /// The API's id.
    pub api: String,
    /// The API's name and version, for people.
    pub api_name: String,
    /// The API's context.
    pub context: String,
    /// Policy.
    pub policy: String,
    /// `UNBLOCKED`, `BLOCKED`, `ON_HOLD`, …
    pub status: String,
}

/// Whether a token can do what the portal offers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Standing {
    /// Scopes the whole of the portal needs that the token has.
    pub has: Vec<String>,
    /// Those it lacks.
    pub lacks: Vec<String>,
    /// What follows, and what to do; empty when nothing is missing.
    pub advice: String,
}

/// What of the portal a token with these scopes can do.
pub fn standing(scope: &[String]) -> Standing {
    let wanted = ["apim:subscribe", "apim:app_manage", "apim:sub_manage"];
    let holds = |name: &&str| scope.iter().any(|one| one == name);
    let (has, lacks): (Vec<&str>, Vec<&str>) = wanted.iter().partition(|name| holds(name));
    let can = Call::ALL.iter().filter(|(call, _)| !call.scopes().is_empty() && call.scopes().iter().any(&holds));
    let advice = match (lacks.len(), can.count()) {
        (0, _) => String::new(),
        (_, 0) => "The portal will answer 401 to everything: this token has none of its scopes. The token endpoint answers 200 and \
                   leaves out scopes whose role the user has not. Map a role claim of the identity provider (a flat array such as \
                   roles or groups) to Internal/subscriber, then get the token again with these scopes."
            .to_owned(),
        // `apim:subscribe` alone opens all of it.
        _ if holds(&"apim:subscribe") => String::new(),
        _ => "Some calls will answer 401 for want of a scope. Get the token again with apim:subscribe, which opens all of them."
            .to_owned(),
    };
    let own = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
    Standing { has: own(has), lacks: own(lacks), advice }
}
