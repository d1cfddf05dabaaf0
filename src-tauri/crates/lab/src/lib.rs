//! The lab: an identity provider shaped like Keycloak, a gateway shaped like WSO2 API Manager, and two APIs.
//!
//! It serves two masters. A newcomer presses "Try the lab" and has the whole loop of product and tokens running without
//! an account; and the flow tests have a strict counterpart that remembers every request. Both need the same thing: what
//! the real servers refuse is refused here with the same status, code and words. That is why this crate shares no code
//! with the client it judges.
//!
//! All servers listen on 127.0.0.1 at ports the system picks, on a runtime and thread of their own, so the lab works
//! under any runtime of its host and is really gone when it is dropped. Keys, certificates and client secrets are made
//! anew at every start.

#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "a server of its own, with its own clock and client")]
#![expect(clippy::expect_used, clippy::panic, reason = "what its own keys cannot fail at; it runs in nobody's production")]

mod api;
mod caches;
mod description;
mod fault;
mod form;
mod gateway;
mod home;
mod jose;
mod keyset;
mod random;
mod serve;
mod start;
mod tls;
mod world;

mod provider;

use std::fmt;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::oneshot;

pub use crate::caches::Caches;
pub use crate::description::{Description, LabClient, LabUser, Partner};
pub use crate::fault::Fault;
pub use crate::gateway::{GatewayRelease, OwnProvider, Way};
pub use crate::jose::KeyError;
pub use crate::start::{StartError, TrustError};
pub use crate::tls::{Certificate, TlsError};
pub use crate::world::{Answered, Clock, Received, Server};

use crate::api::OrdersApi;
use crate::gateway::Gateway;
use crate::provider::Provider;
use crate::world::World;

/// How a lab is to be started. Times are in seconds.
#[derive(Clone)]
pub struct Options {
    /// The time all servers go by, in epoch milliseconds.
    pub clock: Clock,
    /// How long the provider's access and ID tokens live; Keycloak's default is 300.
    pub access_token_lifespan_s: i64,
    /// How long a single sign-on session lives without being used; 1800.
    pub sso_idle_s: i64,
    /// How long a single sign-on session lives at most; 36000.
    pub sso_max_s: i64,
    /// How long an authorization code lives; 60.
    pub code_lifespan_s: i64,
    /// How long the gateway's access tokens live; WSO2's default is 3600.
    pub gateway_token_lifespan_s: i64,
    /// Which release of WSO2 API Manager the gateway plays.
    pub gateway_release: GatewayRelease,
    /// What the gateway shows when a client connects.
    pub gateway_certificate: Certificate,
    /// How long a new subscription takes to reach the gateway; 0, though real ones take some seconds.
    pub subscription_delay_s: i64,
    /// Keycloak's legacy token exchange V1 with its permissions. Off as at a fresh server: where it is on, it answers for the
    /// standard exchange wherever that has no switch.
    pub legacy_exchange: bool,
    /// How long the gateway goes by what it found out before.
    pub caches: Caches,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            clock: Arc::new(system_clock),
            access_token_lifespan_s: 300,
            sso_idle_s: 1800,
            sso_max_s: 36_000,
            code_lifespan_s: 60,
            gateway_token_lifespan_s: 3600,
            gateway_release: GatewayRelease::default(),
            gateway_certificate: Certificate::default(),
            subscription_delay_s: 0,
            legacy_exchange: false,
            caches: Caches::default(),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("access_token_lifespan_s", &self.access_token_lifespan_s)
            .field("sso_idle_s", &self.sso_idle_s)
            .field("sso_max_s", &self.sso_max_s)
            .field("code_lifespan_s", &self.code_lifespan_s)
            .field("gateway_token_lifespan_s", &self.gateway_token_lifespan_s)
            .field("gateway_release", &self.gateway_release)
            .field("gateway_certificate", &self.gateway_certificate)
            .field("subscription_delay_s", &self.subscription_delay_s)
            .field("legacy_exchange", &self.legacy_exchange)
            .field("caches", &self.caches)
            .finish_non_exhaustive()
    }
}

fn system_clock() -> i64 {
    // A clock before 1970 reads as 1970; no token would be right then anyway.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// How a person stands at the provider now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The name to sign in with.
    pub username: String,
    /// Whether the account is enabled.
    pub enabled: bool,
    /// The roles of APIs the person has from the start.
    pub roles: Vec<HeldRole>,
}

/// A client role of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// The client it belongs to.
    pub client: String,
    /// Its name.
    pub role: String,
    /// Whether the person has it now.
    pub held: bool,
}

/// A running lab. Dropping it stops every server before the drop returns, and panics if a handler panicked meanwhile:
/// a test against a broken lab must not pass.
pub struct Lab {
    world: Arc<World>,
    provider: Arc<Provider>,
    gateway: Arc<Gateway>,
    orders: Arc<OrdersApi>,
    description: Description,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Lab {
    /// Makes keys and certificates, binds the ports and starts the servers.
    pub async fn start(options: Options) -> Result<Lab, StartError> {
        start::start(options).await
    }

    /// Addresses, clients, users and the CA.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Makes the gateway and its orders API trust a provider that is not the lab's own, as an administrator registers an identity
    /// provider; the same issuer again replaces what was set. The address is not asked before a token of it comes.
    pub fn trust(&self, provider: OwnProvider) -> Result<(), TrustError> {
        start::trust(&self.gateway, &self.orders, provider).map_err(TrustError)
    }

    /// Every request received so far, oldest first (the last few thousand).
    pub fn received(&self) -> Vec<Received> {
        self.world.received()
    }

    /// Gives the provider a new signing key. Tokens signed before stay valid, since the old key stays in the key set.
    /// Takes as long as making an RSA key does.
    pub fn rotate_keys(&self) {
        self.provider.rotate(provider::rsa_key().expect("a key like the ones made at the start"));
    }

    /// Sets how far the clock of all servers is ahead of [`Options::clock`]. Not cumulative: 0 puts it right.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.world.set_offset(seconds);
    }

    /// Disables a user at the provider; an unknown name changes nothing. Tokens already out become invalid there.
    pub fn disable_user(&self, username: &str) {
        self.provider.set_enabled(username, false);
    }

    /// Enables a user at the provider; an unknown name changes nothing.
    pub fn enable_user(&self, username: &str) {
        self.provider.set_enabled(username, true);
    }

    /// Takes a client role from a user of the provider, or gives it back. Tokens already out keep what they say. False when there
    /// is no such user, or the user does not have the role from the start.
    pub fn set_role(&self, username: &str, client: &str, role: &str, held: bool) -> bool {
        self.provider.set_role(username, client, role, held)
    }

    /// The people who can sign in, as they stand now.
    pub fn people(&self) -> Vec<Standing> {
        let roles = |person: &provider::Person| {
            let of_apis = person.roles_of_apis().into_iter();
            of_apis.map(|((client, role), held)| HeldRole { client: client.into(), role: role.into(), held }).collect()
        };
        let standing = |(person, enabled): (&provider::Person, bool)| Standing {
            username: person.username.clone(),
            enabled,
            roles: roles(person),
        };
        self.provider.people().into_iter().map(standing).collect()
    }

    /// How long the gateway goes by what it found out before.
    pub fn caches(&self) -> Caches {
        self.world.caches()
    }

    /// Changes that; it counts for what the gateway keeps already, too.
    pub fn set_caches(&self, caches: Caches) {
        self.world.set_caches(caches);
    }

    /// Puts a fault in force, or none.
    pub fn set_fault(&self, fault: Fault) {
        self.world.set_fault(fault);
    }
}

impl fmt::Debug for Lab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lab").field("description", &self.description).finish_non_exhaustive()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        drop(self.stop.take());
        let crashed = self.thread.take().is_some_and(|thread| thread.join().is_err());
        let panics = self.world.panics();
        if (crashed || !panics.is_empty()) && !std::thread::panicking() {
            panic!("a server of the lab panicked: {}", panics.join("; "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_of_a_server_fails_the_drop() {
        let lab = Lab::start(Options::default()).await.expect("the lab starts");
        lab.world.panicked("Provider GET /".to_owned());
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || drop(lab)));
        let message = outcome.expect_err("the drop panics");
        let message = message.downcast_ref::<String>().map_or("", String::as_str);
        assert_eq!(message, "a server of the lab panicked: Provider GET /");
    }
}
