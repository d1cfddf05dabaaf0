//! The developer portal of WSO2 API Manager, as messages: what to ask it for, how it answers, and what its refusals mean.
//!
//! A call of the portal is a draft like every other operation, so that it is previewed, copied as curl, recorded and repeated by
//! the same machinery. Built here, sent by the engine, read here. Requests carry exactly the members the server knows,
//! because it refuses every other (400 "Unrecognized property"); answers are read leniently, because releases add members and
//! the published contract gets some types wrong.

mod answer;
mod build;
mod call;
mod diagnose;
mod read;
mod secrets;
mod ways;

pub use answer::{
    Api, Application, ConsumerSecret, Key, KeyManager, Policy, PortalAnswer, Registered, Settings, Standing, Subscription,
    standing,
};
pub use build::build;
pub use call::Call;
pub use diagnose::diagnose;
pub use read::{CallReading, CallResult, NewSecret, read, words_of};
pub use secrets::{SecretWays, secret_ways};
pub use ways::{PortalWays, get_token, portal_ways, takes};

#[cfg(test)]
mod tests;
