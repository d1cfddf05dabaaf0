//! How a lab is to be started: lifetimes, releases, and what is switched on.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::caches::Caches;
use crate::gateway::GatewayRelease;
use crate::tls::Certificate;
use crate::world::Clock;

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
