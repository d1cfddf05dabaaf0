//! Keycloak's refusals (standard token exchange V2, legacy V1, JWT grant, client authentication, refresh, userinfo).
//!
//! Words are those of the source of 26.2 to 26.8, held against a running 26.7.5 by `tests/provoke`; reasons are those its
//! events carry. Several causes share one sentence ("Invalid token" has a dozen): the draft, the tokens, the event or
//! the settings tell them apart, and where they do not, `tell` says how a reader finds out.

mod assertion;
mod client;
mod delegation;
mod exchange_parameters;
mod exchange_subject;
mod exchange_target;
mod family;
mod legacy_issuer;
mod legacy_permission;
mod login;
mod success;
mod token;

use crate::refusal::entry::Refusal;

/// Refusals, by topic.
pub(crate) const REFUSALS: &[&[Refusal]] = &[
    exchange_parameters::ROWS,
    exchange_subject::ROWS,
    exchange_target::ROWS,
    delegation::ROWS,
    legacy_permission::ROWS,
    legacy_issuer::ROWS,
    assertion::ROWS,
    client::ROWS,
    login::ROWS,
    token::ROWS,
];

/// What a success lacks.
pub(crate) const SUCCESSES: &[&[Refusal]] = &[success::ROWS];
