//! What rows of this server have in common: each begins as one of these.

use crate::{
    profile::Dialect,
    refusal::{
        entry::{Refusal, Tried},
        when::When,
    },
};
use record::operation::Operation;

pub(super) const API: Tried = Tried::These(&[Operation::CallApi]);
pub(super) const USERINFO: Tried = Tried::These(&[Operation::Userinfo]);
pub(super) const CALL: Tried = Tried::These(&[Operation::CallApi, Operation::Userinfo]);
pub(super) const EXCHANGE: Tried = Tried::These(&[Operation::TokenExchange]);
pub(super) const REFRESH: Tried = Tried::These(&[Operation::Refresh]);
pub(super) const REVOKE: Tried = Tried::These(&[Operation::Revoke]);
pub(super) const ASSERTION: Tried = Tried::These(&[Operation::JwtBearer]);

/// What all rows share.
pub(super) const PLAIN: Refusal = Refusal {
    dialect: Some(Dialect::Plain),
    seen: "Spring Authorization Server 7.0.6, zitadel/oidc 3.49.2, django-oauth-toolkit 3.4.1",
    ..Refusal::BLANK
};

/// A cause among several of one answer: it is settled by its proof, or by nobody.
pub(super) const CAUSE: Refusal = Refusal { when: When::Refusal, ..PLAIN };

/// A cause that the server's own words name; they are enough.
pub(super) const SAID: Refusal = Refusal { certain: true, ..PLAIN };
