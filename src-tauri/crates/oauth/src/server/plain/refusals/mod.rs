//! Servers that say no more than an RFC's code: Spring Authorization Server, zitadel, django-oauth-toolkit, Hydra, dex, and every API
//! that is not a gateway's. Seen at the three of `tests/servers`, whose answers stand in `tests/fixtures/servers`.
//!
//! One code stands for many causes there. What the shelf and the journal know decides; where they do not, all causes are listed,
//! each with how to tell it. Words of a server that name the cause come before both.

mod call;
mod clients;
mod entra;
mod said;
mod said_api;
mod success;
mod token;

use crate::{
    profile::Dialect,
    refusal::{entry::Refusal, when::When},
};
use record::operation::Operation;

const API: &[Operation] = &[Operation::CallApi];
const USERINFO: &[Operation] = &[Operation::Userinfo];
const CALL: &[Operation] = &[Operation::CallApi, Operation::Userinfo];
const EXCHANGE: &[Operation] = &[Operation::TokenExchange];
const REFRESH: &[Operation] = &[Operation::Refresh];
const REVOKE: &[Operation] = &[Operation::Revoke];
const ASSERTION: &[Operation] = &[Operation::JwtBearer];

/// What all rows share.
const PLAIN: Refusal = Refusal {
    dialect: Some(Dialect::Plain),
    seen: "Spring Authorization Server 7.0.6, zitadel/oidc 3.49.2, django-oauth-toolkit 3.4.1",
    ..Refusal::BLANK
};

/// A cause among several of one answer: it is settled by its proof, or by nobody.
const CAUSE: Refusal = Refusal { when: When::Refusal, ..PLAIN };

/// A cause that the server's own words name; they are enough.
const SAID: Refusal = Refusal { certain: true, ..PLAIN };

/// Refusals: words first, then what the shelf knows, then what is left.
pub(crate) const REFUSALS: &[&[Refusal]] = &[entra::ROWS, said::ROWS, said_api::ROWS, call::ROWS, token::ROWS, clients::ROWS];

/// What a success lacks.
pub(crate) const SUCCESSES: &[&[Refusal]] = &[success::ROWS];
