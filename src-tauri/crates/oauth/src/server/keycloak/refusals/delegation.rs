//! Delegation (experimental).

use super::family::{EXCHANGE, KEYCLOAK};
use crate::refusal::entry::{Act, Refusal, Show};

/// What most of these rows share.
const DELEGATION: Refusal = Refusal {
    operations: EXCHANGE,
    status: 400,
    error: &["invalid_request"],
    certain: true,
    seen: "26.7-26.8, feature token-exchange-delegation",
    ..KEYCLOAK
};

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "kc-delegation-actor-type",
        words: &["invalid actor token type"],
        event: &["invalid actor token type"],
        cause: "actor_token_type is not one that delegation takes.",
        fix: "Send an access token as actor, and set actor_token_type to access_token.",
        actions: &[Act::Set("Use access_token", "actor_token_type", "urn:ietf:params:oauth:token-type:access_token")],
        ..DELEGATION
    },
    Refusal {
        id: "kc-delegation-actor-invalid",
        words: &["invalid actor token"],
        event: &["invalid actor token"],
        cause: "The actor token is not valid here: ended, revoked, or not an access token of this realm.",
        fix: "Get a fresh access token for the actor.",
        actions: &[Act::Without("actor_token")],
        ..DELEGATION
    },
    Refusal {
        id: "kc-delegation-same-user",
        words: &["actor and subject user cannot be the same"],
        event: &["actor and subject user cannot be the same"],
        cause: "The actor token and the subject token are of the same user.",
        fix: "Choose a token of the one who acts as actor_token.",
        show: &[Show::Sub],
        actions: &[Act::Without("actor_token")],
        ..DELEGATION
    },
    Refusal {
        id: "kc-delegation-may-act-invalid",
        words: &["invalid may_act claim"],
        event: &["invalid may_act claim"],
        cause: "The may_act of the subject token cannot be read.",
        fix: "Have the user log in again with the delegation scope.",
        actions: &[Act::LogIn],
        ..DELEGATION
    },
    Refusal {
        id: "kc-delegation-actor-not-named",
        words: &["is not allowed by the may_act claim"],
        event: &["is not allowed by the may_act claim"],
        cause: "The may_act of the subject token names somebody else than this actor.",
        fix: "Have the user log in with the delegation scope of this actor and agree.",
        show: &[Show::Sub],
        actions: &[Act::LogIn],
        ..DELEGATION
    },
    Refusal {
        id: "kc-delegation-other-client",
        words: &["does not match the client_id in the may_act claim"],
        event: &["does not match the client_id in the may_act claim"],
        cause: "The may_act of the subject token names another client than {client}.",
        fix: "Exchange as the client that may_act names.",
        show: &[Show::Client],
        actions: &[Act::ExchangeAsNamed],
        ..DELEGATION
    },
    Refusal {
        id: "kc-delegation-no-consent",
        words: &["carries no may_act claim"],
        event: &["carries no may_act claim"],
        cause: "The subject token carries no may_act, so the user has not agreed to this delegation.",
        fix: "Have the user log in with the delegation scope for this actor and agree.",
        show: &[Show::Scope],
        actions: &[Act::LogIn],
        ..DELEGATION
    },
    Refusal {
        id: "kc-delegation-not-allowed",
        words: &["actor is not allowed to delegate"],
        event: &["actor is not allowed to delegate"],
        cause: "The actor lacks the permission to act for this user.",
        fix: "Give it the permission delegate for the user, or delegate-members for a group (fine-grained permissions V2, 26.8).",
        show: &[Show::Sub],
        actions: &[Act::Without("actor_token")],
        ..DELEGATION
    },
];
