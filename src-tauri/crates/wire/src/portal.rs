//! Answers of the commands about the developer portal.

use oauth::{
    portal::{PortalAnswer, SecretWays, Standing},
    profile::Profile,
};
use record::audit::{FixAction, Step};
use serde::{Deserialize, Serialize};
use token::inspect::TokenView;
use ts_rs::TS;

/// A token of the portal's own token endpoint, with what it can do there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PortalToken {
    /// The token.
    pub token: TokenView,
    /// Scopes it has and lacks.
    pub standing: Standing,
}

/// What the portal's place needs before anything is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OpenPortal {
    /// Address of the portal's server; empty = the profile has none.
    pub address: String,
    /// Readable name of the gateway.
    pub name: String,
    /// Release as the profile says; empty = not known.
    pub release: String,
    /// What that release offers for secrets.
    pub secrets: SecretWays,
    /// Why nothing can be asked, and what to do.
    pub unavailable: Option<String>,
    /// Tokens that can be used, the most useful first.
    pub tokens: Vec<PortalToken>,
    /// The form that gets a token for all of the portal.
    pub get_token: FixAction,
    /// Clients of the gateway whose secret or password is at hand, for registration.
    pub registrars: Vec<String>,
}

/// Where a secret that an answer showed went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecretFate {
    /// The client it belongs to.
    pub client_id: String,
    /// Where, in words: `Saved in the system keychain`.
    pub place: String,
    /// Why it could not be saved, and what to do; it is held in memory then.
    pub problem: Option<String>,
}

/// What a call of the portal left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PortalAnswered {
    /// The step.
    pub step: Step,
    /// What the portal told; none when it refused.
    pub answer: Option<PortalAnswer>,
    /// Secrets of the answer.
    pub secrets: Vec<SecretFate>,
    /// The profile, when a client was added to it.
    pub profile: Option<Profile>,
    /// The shelf after it.
    pub tokens: Vec<TokenView>,
    /// Steps in the journal.
    pub steps: i64,
}
