//! A running lab, as its host holds it: what can be asked of it, and what can be changed while it runs.

use std::fmt;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::api::OrdersApi;
use crate::caches::Caches;
use crate::description::Description;
use crate::fault::Fault;
use crate::gateway::{Gateway, OwnProvider};
use crate::options::Options;
use crate::provider::{self, Provider};
use crate::start::{self, StartError, Started, TrustError};
use crate::world::{Received, World};

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
        let Started { world, provider, gateway, orders, description, stop, thread } = start::start(options).await?;
        Ok(Lab { world, provider, gateway, orders, description, stop: Some(stop), thread: Some(thread) })
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
