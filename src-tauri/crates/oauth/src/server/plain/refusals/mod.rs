//! Servers that say no more than an RFC's code: Spring Authorization Server, zitadel, django-oauth-toolkit, Hydra, dex, and every API
//! that is not a gateway's. Seen at the three of `tests/servers`, whose answers stand in `tests/fixtures/servers`.
//!
//! One code stands for many causes there. What the shelf and the journal know decides; where they do not, all causes are listed,
//! each with how to tell it. Words of a server that name the cause come before both.

mod call;
mod clients;
mod entra;
mod family;
mod said;
mod said_api;
mod success;
mod token;

use crate::refusal::entry::Refusal;

/// Refusals: words first, then what the shelf knows, then what is left.
pub(crate) const REFUSALS: &[&[Refusal]] = &[entra::ROWS, said::ROWS, said_api::ROWS, call::ROWS, token::ROWS, clients::ROWS];

/// What a success lacks.
pub(crate) const SUCCESSES: &[&[Refusal]] = &[success::ROWS];
