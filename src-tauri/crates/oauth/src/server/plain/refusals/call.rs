//! An API or userinfo does not take a token and does not say why.

use super::family::{API, CALL, CAUSE, USERINFO};
use crate::refusal::{
    entry::{Act, Refusal, Show},
    when::{Proof, Shelf, When},
};

/// What is said of a token that is not taken, by an API or userinfo; an empty body is said as well.
const NOT_TAKEN: &[&str] = &[
    "invalid_token",
    "access_denied",
    "unauthorized",
    "Unauthorized",
    "forbidden",
    "Forbidden",
    "invalid_grant",
    "request_unauthorized",
    "token_inactive",
    "token_not_valid",
    "InvalidAuthenticationToken",
    "UNAUTHENTICATED",
    "",
];
/// The same of a token at an API.
const OF_TOKEN: &[&str] = &[
    "token",
    "unauthorized",
    "forbidden",
    "credentials",
    "authentication",
    "not authenticated",
    "access denied",
    "permission",
    "could not be authorized",
];
const VAGUE: When = When::All(&[When::Refusal, When::Vague(OF_TOKEN)]);

/// One of the causes why a token is not taken.
const NOT_TAKEN_THERE: Refusal = Refusal { operations: CALL, error: NOT_TAKEN, when: VAGUE, ..CAUSE };

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "token-expired",
        proof: Proof::Of(Shelf::Ended),
        tell: "Its exp, or expires_in of the answer it came with, is past.",
        cause: "The token has ended {ended}.",
        fix: "Refresh it or log in again.",
        show: &[Show::Exp],
        actions: &[Act::Refresh, Act::LogIn],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "token-revoked",
        proof: Proof::Of(Shelf::Revoked),
        tell: "Introspection says active: false.",
        cause: "The token was revoked.",
        fix: "Log in again.",
        show: &[Show::Exp],
        actions: &[Act::LogIn, Act::Introspect],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "token-session-over",
        proof: Proof::SessionOver,
        tell: "Introspection says active: false before the token's end.",
        cause: "The session of the token is over.",
        fix: "Log in again.",
        actions: &[Act::LogIn, Act::Introspect],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "token-is-id-token",
        proof: Proof::Of(Shelf::IdToken),
        tell: "It came as id_token, or its aud is the client itself.",
        cause: "An ID token was sent. It tells a client who logged in; it is no access token (RFC 9068 5).",
        fix: "Use the access token that came with it.",
        show: &[Show::Aud],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "token-is-refresh-token",
        proof: Proof::Of(Shelf::RefreshToken),
        tell: "It came as refresh_token.",
        cause: "A refresh token was sent. Only the token endpoint takes it.",
        fix: "Use the access token that came with it, or refresh first.",
        actions: &[Act::Refresh],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "userinfo-no-openid",
        operations: USERINFO,
        proof: Proof::Of(Shelf::NoOpenid),
        tell: "scope of the token, or of the answer it came with, has no openid.",
        cause: "The token's scope lacks openid, which userinfo asks for (OpenID Connect Core 5.3).",
        fix: "Log in with scope openid.",
        show: &[Show::Scope],
        actions: &[Act::LogInOpenid],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "userinfo-no-user",
        operations: USERINFO,
        proof: Proof::Of(Shelf::NoUser),
        tell: "It came from client credentials; sub is the client itself, or there is none.",
        cause: "The token was issued to an application and has no user behind it, and userinfo tells of a user.",
        fix: "Use a token a user logged in for.",
        show: &[Show::Sub],
        actions: &[Act::LogIn],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "userinfo-other-issuer",
        operations: USERINFO,
        proof: Proof::Of(Shelf::OtherIssuer),
        tell: "iss of the token is another server's.",
        cause: "The token was issued by {issuer}, and this server is {server}.",
        fix: "Ask the server that issued it, or log in here.",
        show: &[Show::Iss],
        actions: &[Act::LogIn],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "token-inactive",
        proof: Proof::Of(Shelf::Inactive),
        tell: "Introspection says active: false.",
        cause: "The server that issued the token calls it inactive: it was ended by somebody else, its user is locked, or it is not for the client that asked.",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "token-signature",
        proof: Proof::Of(Shelf::BadSignature),
        tell: "The signature on the shelf is marked as wrong.",
        cause: "The token was changed or cut: its signature does not fit.",
        fix: "Get it anew and send it whole.",
        show: &[Show::Alg],
        actions: &[Act::LogIn],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "api-lacks-right",
        operations: API,
        error: &["access_denied", "forbidden", "Forbidden", ""],
        when: When::All(&[When::Status(403), When::Vague(OF_TOKEN)]),
        tell: "The API's own description names a scope or role that the token lacks.",
        cause: "The API knows the token and does not allow this: a scope or role is missing.",
        fix: "Compare scope and roles with what the API asks for.",
        show: &[Show::Scope, Show::Roles, Show::Aud],
        actions: &[Act::ExchangeForApi],
        ..CAUSE
    },
    Refusal {
        id: "api-other-audience",
        operations: API,
        tell: "aud of the token does not name the API.",
        cause: "The token is not meant for this API.",
        fix: "Get one with this API in aud.",
        show: &[Show::Aud],
        actions: &[Act::ExchangeForApi],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "api-other-issuer",
        operations: API,
        tell: "The API is set to another issuer, or to another spelling of it.",
        cause: "The API does not trust the issuer of the token, {issuer}.",
        fix: "Compare iss with the issuer the API is set to.",
        show: &[Show::Iss],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "token-unknown",
        operations: USERINFO,
        tell: "A fresh token of the same client is taken.",
        cause: "The server does not know the token: cut while it was copied, of another server, or forgotten since.",
        fix: "Get a fresh token and send that.",
        show: &[Show::Iss],
        actions: &[Act::LogIn, Act::Introspect],
        ..NOT_TAKEN_THERE
    },
    // What an API calls a missing scope while the shelf knows better: an ID token has no scope at all.
    Refusal {
        id: "scope-of-id-token",
        error: &["insufficient_scope"],
        when: When::Known(Shelf::IdToken),
        proof: Proof::Of(Shelf::IdToken),
        cause: "An ID token was sent, which has no scope at all. Asking for more scopes does not help.",
        fix: "Use the access token that came with it.",
        show: &[Show::Aud],
        ..NOT_TAKEN_THERE
    },
    Refusal {
        id: "scope-without-user",
        operations: USERINFO,
        error: &["insufficient_scope"],
        when: When::Known(Shelf::NoUser),
        proof: Proof::Of(Shelf::NoUser),
        cause: "The token was issued to an application and has no user behind it; it can not have what userinfo asks for.",
        fix: "Use a token a user logged in for, with scope openid.",
        show: &[Show::Sub, Show::Scope],
        actions: &[Act::LogInOpenid],
        ..CAUSE
    },
    Refusal {
        id: "scope-openid",
        operations: USERINFO,
        error: &["insufficient_scope"],
        when: When::NotKnown(Shelf::NoUser),
        proof: Proof::Of(Shelf::NoOpenid),
        cause: "The token's scope lacks openid, which userinfo asks for (OpenID Connect Core 5.3).",
        fix: "Log in with scope openid.",
        show: &[Show::Scope],
        actions: &[Act::LogInOpenid],
        ..CAUSE
    },
];
