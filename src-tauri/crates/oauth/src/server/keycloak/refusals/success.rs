//! Answers of 200 that lack what was asked for.

use super::family::{EXCHANGE, KEYCLOAK};
use crate::refusal::{
    entry::{Act, Refusal, Show, Tried},
    when::{Proof, When},
};
use record::operation::Operation;
use token::inspect::TokenKind;

const INTROSPECT: Tried = Tried::These(&[Operation::Introspect]);
const INACTIVE: &[&str] = &["\"active\":false", "\"active\": false"];

/// An answer of 200.
const SUCCESS: Refusal = Refusal { status: 200, certain: true, ..KEYCLOAK };

/// Introspection says no with 200 (RFC 7662 2.2), and not why.
const NOT_ACTIVE: Refusal = Refusal {
    operations: INTROSPECT,
    words: INACTIVE,
    seen: "26.7.5, event invalid_token, Access token JWT check failed",
    ..SUCCESS
};

pub(crate) const ROWS: &[Refusal] = &[
    // Scope.
    Refusal {
        id: "kc-200-scope-legacy",
        operations: EXCHANGE,
        words: &["token-type:refresh_token"],
        when: When::All(&[When::ScopeNotIssued, When::Lacks("requested_token_type")]),
        cause: "{scopes_missing} was asked for and is not in the new token. The legacy exchange answered, and it gives no scope that the subject token does not have.",
        fix: "Log in with the scope, or let the standard exchange answer: switch it on for {client} and send no legacy parameter.",
        show: &[Show::AskedScope, Show::Scope],
        seen: "24-26.7.5, legacy exchange V1",
        ..NOT_ACTIVE
    },
    Refusal {
        id: "kc-200-scope-role",
        operations: Tried::Issuing,
        when: When::ScopeNotIssued,
        certain: false,
        proof: Proof::ScopeGated,
        tell: "The tab Scope of the client scope lists roles, and the user has none of them.",
        cause: "{scopes_missing} was asked for and is not in the new token: the client scope is bound to roles that the user does not have, or that the audience asked for does not have.",
        fix: "Give the user one of the scope's roles, or ask without audience.",
        show: &[Show::AskedScope, Show::AskedAudience],
        ..SUCCESS
    },
    Refusal {
        id: "kc-200-scope-hidden",
        operations: Tried::Issuing,
        when: When::ScopeNotIssued,
        certain: false,
        proof: Proof::ScopeHidden,
        tell: "Include in token scope is off in the settings of the client scope, and its claims are in the token.",
        cause: "{scopes_missing} works, but is not named in the token: the client scope is set not to stand in the claim scope.",
        fix: "Switch on Include in token scope for it, if somebody reads the claim.",
        show: &[Show::AskedScope],
        ..SUCCESS
    },
    Refusal {
        id: "kc-200-no-audience",
        operations: EXCHANGE,
        when: When::NoAudience,
        cause: "The new token names nobody in aud: no mapper and no client role of the user adds an audience for {client} and these scopes.",
        fix: "Add an audience mapper to {client}, or ask for a client scope that carries one. Without aud even introspection says that the token is not active (26.6.2 and later).",
        show: &[Show::AskedAudience, Show::AskedScope],
        ..SUCCESS
    },
    // Tokens that were asked for.
    Refusal {
        id: "kc-200-refresh-offline",
        operations: EXCHANGE,
        when: When::All(&[When::AskedScope("offline_access"), When::NotIssued(TokenKind::Refresh)]),
        cause: "offline_access was asked for, and no refresh token came: the standard exchange leaves the scope out without a word.",
        fix: "Take offline_access out of the scope. A refresh token bound to the session comes with requested_token_type refresh_token, where the client may have it.",
        show: &[Show::AskedScope, Show::RequestedType],
        actions: &[Act::Without("scope")],
        seen: "26.7.5",
        ..SUCCESS
    },
    Refusal {
        id: "kc-200-refresh-off",
        operations: Tried::These(&[Operation::LogIn, Operation::Password]),
        when: When::NotIssued(TokenKind::Refresh),
        cause: "No refresh token came: {client} may not have one.",
        fix: "Switch on Use refresh tokens in the advanced settings of {client}, under OpenID Connect compatibility modes.",
        show: &[Show::Client],
        ..SUCCESS
    },
    // Parameters without effect.
    Refusal {
        id: "kc-200-actor-ignored",
        operations: EXCHANGE,
        when: When::All(&[When::Has("actor_token"), When::WithoutClaim("act")]),
        cause: "An actor_token was sent, and the new token has no act: Keycloak left it unread and made an ordinary exchange. Delegation is an experiment: 26.7 has only the log in by which a user agrees to it (may_act), and no exchange that reads an actor_token.",
        fix: "Leave actor_token out, or use a later version with the features token-exchange-delegation and parameterized-scopes on, and have the user log in with the delegation scope.",
        actions: &[Act::Without("actor_token")],
        seen: "26.7.5, with the feature as well as without",
        ..SUCCESS
    },
    Refusal {
        id: "kc-200-resource-ignored",
        operations: EXCHANGE,
        when: When::Has("resource"),
        cause: "resource was sent, and Keycloak does nothing with it: the new token is not limited to it.",
        fix: "Use audience with the client id of the API.",
        show: &[Show::AskedAudience],
        actions: &[Act::Without("resource")],
        seen: "26.7.5",
        ..SUCCESS
    },
    Refusal {
        id: "kc-200-no-subject",
        operations: Tried::Issuing,
        when: When::NoSubject,
        cause: "The new token has no sub: {client} lacks the client scope basic, which carries it since Keycloak 25.",
        fix: "Add the client scope basic to {client} as default.",
        show: &[Show::Client],
        seen: "25-26.8",
        ..SUCCESS
    },
    // Introspection says no with 200 (RFC 7662 2.2), and not why.
    Refusal {
        id: "kc-200-inactive-not-jwt",
        when: When::NotJwt,
        cause: "What was sent is not a token of Keycloak: it is no JWT.",
        fix: "Choose an access or refresh token of this realm.",
        ..NOT_ACTIVE
    },
    Refusal {
        id: "kc-200-inactive-signature",
        when: When::BadSignature,
        cause: "The signature of the token does not fit the realm's key, so it was changed or is of somebody else.",
        fix: "Get a fresh token.",
        show: &[Show::Alg, Show::Iss],
        actions: &[Act::LogIn],
        ..NOT_ACTIVE
    },
    Refusal {
        id: "kc-200-inactive-issuer",
        when: When::ForeignIssuer,
        cause: "The token names {issuer} as issuer, and this realm is {server}. Another spelling of the host is another issuer to Keycloak.",
        fix: "Ask the server that issued it, through the address in its iss.",
        show: &[Show::Iss],
        ..NOT_ACTIVE
    },
    Refusal {
        id: "kc-200-inactive-expired",
        when: When::Expired,
        cause: "The token has ended {ended}.",
        fix: "Refresh it or log in again.",
        show: &[Show::Exp],
        actions: &[Act::Refresh, Act::LogIn],
        ..NOT_ACTIVE
    },
    Refusal {
        id: "kc-200-inactive-audience",
        event: &["is not in the token audience"],
        when: When::RequesterNotInAud,
        cause: "{client} is not in the aud of the token. From 26.6.2 on Keycloak then says that the token is not active, whatever it is; this holds for the client it was issued to as well.",
        fix: "Ask as a client that aud names, or add an audience mapper for {client} to {origin}.",
        show: &[Show::RequesterInAud],
        seen: "26.6.2-26.8, event invalid_token",
        ..NOT_ACTIVE
    },
    Refusal {
        id: "kc-200-inactive-session",
        event: &["user_session_not_found"],
        certain: false,
        proof: Proof::SessionOver,
        tell: "The event says user_session_not_found, or the session is missing under Sessions of the user.",
        cause: "The session of the token is over: logged out, idle too long, or ended by an administrator.",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        seen: "26.7.5, event user_session_not_found",
        ..NOT_ACTIVE
    },
    Refusal {
        id: "kc-200-inactive-revoked",
        certain: false,
        proof: Proof::Revoked,
        tell: "A REVOKE_GRANT event names its jti.",
        cause: "The token was revoked.",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        ..NOT_ACTIVE
    },
    Refusal {
        id: "kc-200-inactive-user",
        event: &["user_disabled"],
        certain: false,
        proof: Proof::UserDisabled,
        tell: "The user's page in the admin console shows it as disabled.",
        cause: "The user {user} is disabled.",
        fix: "Enable the user at the provider.",
        seen: "26.7.5",
        ..NOT_ACTIVE
    },
    Refusal {
        id: "kc-200-inactive-not-before",
        certain: false,
        proof: Proof::NotBefore,
        tell: "Sessions, Revocation in the admin console shows a not-before after the token's iat.",
        cause: "A not-before of the realm, the user or {origin} is later than the token.",
        fix: "Log in again.",
        show: &[Show::Iat],
        actions: &[Act::LogIn],
        seen: "26.7.5",
        ..NOT_ACTIVE
    },
    // Revocation of what is no token is answered with 200 and an error (RFC 7009 2.2).
    Refusal {
        id: "kc-200-revoke-nothing",
        operations: Tried::These(&[Operation::Revoke]),
        error: &["invalid_token"],
        cause: "Nothing was revoked: Keycloak does not know what was sent as a token. It answers 200 all the same, as RFC 7009 asks.",
        fix: "Choose a token of this realm.",
        show: &[Show::Iss],
        seen: "26.7.5, event REVOKE_GRANT_ERROR invalid_token",
        ..SUCCESS
    },
];
