//! The built-in servers as the window sees and changes them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// State of the lab.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabState {
    /// Servers are up.
    pub running: bool,
    /// Issuer of the lab provider while running.
    pub issuer: String,
    /// How long it took to start, milliseconds.
    pub started_in_ms: i64,
    /// Whether its provider has the legacy token exchange (V1) switched on.
    pub legacy: bool,
    /// Which release of WSO2 API Manager its gateway plays.
    pub release: LabRelease,
    /// Its users as they stand now.
    pub people: Vec<LabPerson>,
    /// Whether its gateway's caches are shortened.
    pub short_caches: bool,
    /// How long its gateway goes by what it found out before, in words.
    pub caches: String,
}

/// Which release of WSO2 API Manager the lab's gateway plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum LabRelease {
    /// One secret that is shown again and regenerated; a new token revokes the earlier one; refresh tokens are opaque.
    #[serde(rename = "4.6")]
    V4_6,
    /// Several secrets, each shown once; every token lives its own life; refresh tokens are JWTs.
    #[default]
    #[serde(rename = "4.7")]
    V4_7,
}

/// Which token the lab's gateway shows a provider of the user's own when it calls an API for a user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LabWay {
    /// The provider's token the user came with: standard exchange.
    #[default]
    UserToken,
    /// The gateway's own, with `subject_issuer`: legacy exchange.
    OwnToken,
}

/// How the lab's gateway stands before a provider of the user's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabJoin {
    /// The client of the provider that the gateway exchanges as.
    pub client: String,
    /// With which token.
    pub way: LabWay,
    /// The role or group that may use the developer portal, from the claims `groups` and `roles`; empty = everybody.
    pub role: String,
}

/// A client role of a user of the lab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabRole {
    /// Client it belongs to.
    pub client: String,
    /// Name.
    pub role: String,
    /// Whether the user has it now.
    pub held: bool,
}

/// A user of the lab as it stands now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LabPerson {
    /// Name to sign in with.
    pub username: String,
    /// Whether the account is enabled.
    pub enabled: bool,
    /// Roles the user has from the start.
    pub roles: Vec<LabRole>,
}

/// A change of the running lab, as an administrator of real servers would make it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum LabChange {
    /// Enables or disables a user.
    User {
        /// Who.
        username: String,
        /// Enabled from now on.
        enabled: bool,
    },
    /// Gives a user a role or takes it away.
    Role {
        /// Who.
        username: String,
        /// Client the role belongs to.
        client: String,
        /// The role.
        role: String,
        /// Held from now on.
        held: bool,
    },
    /// Makes the gateway's caches a sixtieth as long, or as long as WSO2's.
    Caches {
        /// Short from now on.
        short: bool,
    },
}
