//! What every server means by the RFCs' error codes (RFC 6749 5.2, RFC 6750 3.1, RFC 8693 2.2.2, RFC 7009 2.2.1).

use crate::refusal::{
    entry::{Act, Entry, Show},
    when::{Proof, When},
};
use record::operation::Operation;

const CALL: &[Operation] = &[Operation::CallApi, Operation::Userinfo];
const EXCHANGE: &[Operation] = &[Operation::TokenExchange];
const NONE: &[&str] = &[];

/// A row: id, condition, operations, status, error, words, certain, cause, fix, evidence, actions, rule.
macro_rules! row {
    ($id:literal, $when:expr, $operations:expr, $status:expr, $error:expr, $words:expr, $certain:expr, $cause:literal, $fix:literal, $show:expr, $actions:expr, $seen:literal) => {
        Entry {
            id: $id,
            dialect: None,
            operations: $operations,
            status: $status,
            error: $error,
            words: $words,
            event: NONE,
            when: $when,
            certain: $certain,
            proof: Proof::Nothing,
            tell: "",
            cause: $cause,
            fix: $fix,
            show: $show,
            actions: $actions,
            seen: $seen,
        }
    };
}

/// One of the causes why scopes that the token has are said to be missing: id, cause, fix, how to tell.
macro_rules! one_of {
    ($id:literal, $cause:literal, $fix:literal, $tell:literal) => {
        row!(
            $id,
            When::ScopesHeld,
            CALL,
            0,
            &["insufficient_scope"],
            NONE,
            false,
            $cause,
            $fix,
            &[Show::WantedScope, Show::Scope, Show::Roles, Show::Aud],
            &[Act::ExchangeForApi, Act::Introspect],
            "RFC 6750 3.1"
        )
        .told(Proof::Nothing, $tell)
    };
}

pub(crate) const ENTRIES: &[Entry] = &[
    // Token endpoint.
    row!(
        "invalid-client",
        When::Always,
        &[],
        0,
        &["invalid_client"],
        NONE,
        false,
        "The server does not know {client}, its secret is wrong, or it shows the secret in a way the server does not take.",
        "Check client id, secret, and whether the secret belongs in the header or in the body.",
        &[Show::Client],
        &[],
        "RFC 6749 5.2"
    ),
    row!(
        "unauthorized-client",
        When::Always,
        &[],
        0,
        &["unauthorized_client"],
        NONE,
        false,
        "{client} may not use this grant.",
        "Allow the grant for the client at the server.",
        &[Show::Client],
        &[],
        "RFC 6749 5.2"
    ),
    row!(
        "unsupported-grant",
        When::Always,
        &[],
        0,
        &["unsupported_grant_type"],
        NONE,
        true,
        "The server does not know this grant, or it is switched off.",
        "Look at grant_types_supported in its metadata.",
        &[],
        &[],
        "RFC 6749 5.2"
    ),
    row!(
        "invalid-scope",
        When::Always,
        &[],
        0,
        &["invalid_scope"],
        NONE,
        false,
        "A scope is unknown, malformed, or more than may be given: {scope}.",
        "Leave scopes out one by one, or allow them for the client.",
        &[Show::AskedScope, Show::Scope],
        &[Act::Without("scope")],
        "RFC 6749 5.2"
    ),
    row!(
        "invalid-target",
        When::Always,
        &[],
        0,
        &["invalid_target"],
        NONE,
        false,
        "The server does not issue a token for this target: {target}.",
        "Correct audience or resource; some servers give only what the subject token was granted for.",
        &[Show::AskedAudience, Show::RequestedInAud],
        &[Act::Without("audience"), Act::Without("resource")],
        "RFC 8693 2.2.2"
    ),
    row!(
        "invalid-target-none-sent",
        When::NoTarget,
        &[],
        0,
        &["invalid_target"],
        NONE,
        false,
        "Neither audience nor resource was sent, and the server refuses the target all the same: it wants one, or took one by default.",
        "Send the audience or resource as it is registered at the server, or set the default that the server takes for {client}.",
        &[Show::Client],
        &[],
        "RFC 8693 2.2.2, RFC 8707 2"
    ),
    row!(
        "exchange-subject-expired",
        When::Expired,
        EXCHANGE,
        0,
        &["invalid_request", "invalid_grant", "access_denied", "invalid_token"],
        NONE,
        false,
        "The subject token has ended {ended}.",
        "Refresh it or log in again.",
        &[Show::Exp],
        &[Act::Refresh, Act::LogIn],
        "RFC 8693 2.2.2"
    ),
    row!(
        "exchange-subject-dead",
        When::Always,
        EXCHANGE,
        400,
        &["invalid_request", "invalid_grant"],
        &["subject_token is not", "subject token is not", "invalid subject", "not a live"],
        false,
        "The subject token is not valid at this server: ended, revoked, or of another issuer.",
        "Get a fresh token and exchange that.",
        &[Show::Exp, Show::Iss],
        &[Act::LogIn, Act::Introspect],
        "RFC 8693 2.2.2"
    ),
    row!(
        "exchange-refused",
        When::Always,
        EXCHANGE,
        0,
        &["invalid_request"],
        NONE,
        false,
        "The server refused the subject or actor token, or a parameter; RFC 8693 has one code for all of these.",
        "Read the server's words.",
        &[Show::RequesterInAud, Show::Exp, Show::Iss],
        &[],
        "RFC 8693 2.2.2"
    ),
    row!(
        "invalid-grant-code",
        When::Always,
        &[Operation::LogIn],
        0,
        &["invalid_grant"],
        NONE,
        false,
        "The code was used before, is too old, was made for another redirect URI, or the PKCE verifier does not fit.",
        "Log in again.",
        &[],
        &[Act::LogIn],
        "RFC 6749 5.2, RFC 7636 4.6"
    ),
    row!(
        "invalid-grant-refresh",
        When::Always,
        &[Operation::Refresh],
        0,
        &["invalid_grant"],
        NONE,
        false,
        "The refresh token is over, revoked, used before, or belongs to another client.",
        "Log in again.",
        &[Show::Azp, Show::Exp],
        &[Act::LogIn],
        "RFC 6749 5.2"
    ),
    row!(
        "invalid-grant-password",
        When::Always,
        &[Operation::Password],
        0,
        &["invalid_grant"],
        NONE,
        false,
        "User name or password is wrong, or the user may not log in this way.",
        "Check both, or log in through the browser.",
        &[],
        &[Act::LogIn],
        "RFC 6749 5.2"
    ),
    row!(
        "invalid-grant-assertion-expired",
        When::Expired,
        &[Operation::JwtBearer],
        0,
        &["invalid_grant"],
        NONE,
        true,
        "The assertion has ended {ended}.",
        "Refresh it or log in again.",
        &[Show::Exp],
        &[Act::Refresh, Act::LogIn],
        "RFC 7523 3.1"
    ),
    row!(
        "invalid-grant-assertion",
        When::Always,
        &[Operation::JwtBearer],
        0,
        &["invalid_grant"],
        NONE,
        false,
        "The server does not accept the assertion: issuer not trusted, audience not its own, times, or signature.",
        "Compare iss and aud with what the server expects.",
        &[Show::Iss, Show::Aud, Show::Exp, Show::Alg],
        &[],
        "RFC 7523 3.1"
    ),
    row!(
        "invalid-grant-client",
        When::Always,
        &[Operation::ClientCredentials],
        0,
        &["invalid_grant"],
        NONE,
        false,
        "The server does not give {client} a token of its own, and does not say why. Nothing was shown here that ends by itself.",
        "See at the server whether {client} is enabled and may use client_credentials.",
        &[Show::Client, Show::AskedScope],
        &[],
        "RFC 6749 5.2"
    ),
    row!(
        "invalid-grant",
        When::Always,
        &[],
        0,
        &["invalid_grant"],
        NONE,
        false,
        "What was shown to get the token is not valid any more.",
        "Start again with a fresh one.",
        &[Show::Exp],
        &[Act::LogIn],
        "RFC 6749 5.2"
    ),
    row!(
        "use-dpop-nonce",
        When::Always,
        &[],
        0,
        &["use_dpop_nonce", "invalid_dpop_proof"],
        NONE,
        true,
        "The server wants a DPoP proof, which is not sent here yet.",
        "Switch DPoP off for the client.",
        &[Show::Client],
        &[],
        "RFC 9449 8"
    ),
    row!(
        "unsupported-token-type",
        When::Always,
        &[Operation::Revoke],
        0,
        &["unsupported_token_type"],
        NONE,
        true,
        "The server can not revoke this kind of token.",
        "Revoke the refresh token instead; access tokens end by themselves.",
        &[],
        &[],
        "RFC 7009 2.2.1"
    ),
    row!(
        "access-denied",
        When::Always,
        &[],
        0,
        &["access_denied"],
        NONE,
        false,
        "The server's policy does not allow it for {client}.",
        "Read the server's words and its log.",
        &[Show::RequesterInAud, Show::Client],
        &[],
        "RFC 8628 3.5, in use for exchanges"
    ),
    row!(
        "server-error",
        When::Always,
        &[],
        0,
        &["server_error", "temporarily_unavailable"],
        NONE,
        false,
        "The server failed inside.",
        "Try again, and read its log for this time.",
        &[],
        &[],
        "RFC 6749 4.1.2.1"
    ),
    row!(
        "invalid-request",
        When::Always,
        &[],
        400,
        &["invalid_request"],
        NONE,
        false,
        "A parameter is missing, repeated or malformed.",
        "Compare the request with the server's words.",
        &[],
        &[],
        "RFC 6749 5.2"
    ),
    // Resource servers.
    row!(
        "api-expired",
        When::Expired,
        CALL,
        401,
        NONE,
        NONE,
        true,
        "The token has ended {ended}.",
        "Refresh it or log in again.",
        &[Show::Exp],
        &[Act::Refresh, Act::LogIn],
        "RFC 6750 3.1"
    ),
    row!(
        "api-id-token",
        When::IsIdToken,
        CALL,
        401,
        NONE,
        NONE,
        false,
        "An ID token was sent. It tells a client who logged in; APIs take access tokens.",
        "Use the access token.",
        &[],
        &[],
        "RFC 9068 5"
    ),
    row!(
        "userinfo-openid",
        When::NoOpenid,
        &[Operation::Userinfo],
        0,
        &["insufficient_scope", "invalid_token"],
        NONE,
        false,
        "The token's scope lacks openid.",
        "Log in with scope openid.",
        &[Show::Scope],
        &[Act::LogInOpenid],
        "OpenID Connect Core 5.3"
    ),
    row!(
        "api-scope",
        When::Always,
        CALL,
        0,
        &["insufficient_scope"],
        NONE,
        true,
        "The token lacks a scope or role this resource asks for.",
        "{wanted}.",
        &[Show::WantedScope, Show::Scope, Show::Roles],
        &[Act::ScopeOfChallenge, Act::ExchangeForApi],
        "RFC 6750 3.1"
    ),
    // The challenge names scopes that the token has: what it lacks is not known.
    one_of!(
        "api-scope-held-claim",
        "The token has the scopes that the API names. The API may read them from another claim (scope, scp, permissions, roles), or by another name, for example with a prefix.",
        "{wanted}, and the claim and the names of scopes that the API is set to.",
        "The API's settings name the claim and the form of the scopes."
    ),
    one_of!(
        "api-scope-held-role",
        "The token has the scopes that the API names, and the API also wants a role or permission that the user or the client does not have.",
        "Compare roles with what the API asks for.",
        "A user or client with the role is let through."
    ),
    one_of!(
        "api-scope-held-audience",
        "The token has the scopes that the API names, for another audience, so the API does not count them.",
        "Get a token whose aud names this API.",
        "aud of the token does not name the API."
    ),
    one_of!(
        "api-scope-held-issuer",
        "The API asks the issuer about the token (introspection) and is told of fewer scopes than are known here.",
        "Introspect the token yourself, as the API's client where you can.",
        "Introspection has no such scope."
    ),
    row!(
        "api-needs-user",
        When::NoUser,
        CALL,
        403,
        NONE,
        &["user"],
        false,
        "The API needs a user behind the token, and this is an application's.",
        "Use a token a user logged in for.",
        &[Show::Sub, Show::Aut],
        &[Act::LogIn, Act::MapUser],
        "RFC 6750 3.1"
    ),
    row!(
        "api-invalid-token",
        When::Always,
        CALL,
        401,
        &["invalid_token"],
        NONE,
        false,
        "The API does not accept the token: ended, revoked, another issuer, or not meant for it.",
        "Compare issuer and audience with what the API expects.",
        &[Show::Iss, Show::Aud, Show::Exp],
        &[Act::ExchangeForApi],
        "RFC 6750 3.1"
    ),
    row!(
        "api-401",
        When::Always,
        CALL,
        401,
        NONE,
        NONE,
        false,
        "The API wants a token it can accept.",
        "Compare issuer, audience and lifetime with what the API expects.",
        &[Show::Iss, Show::Aud, Show::Exp],
        &[Act::ExchangeForApi],
        "RFC 6750 3"
    ),
    row!(
        "api-403",
        When::Always,
        CALL,
        403,
        NONE,
        NONE,
        false,
        "The API knows the token and does not allow this: a role or scope is missing.",
        "Compare roles and scope with what the API expects.",
        &[Show::Aud, Show::Scope, Show::Roles],
        &[Act::ExchangeForApi],
        "RFC 6750 3.1"
    ),
    row!(
        "rate-limit",
        When::Always,
        &[],
        429,
        NONE,
        NONE,
        true,
        "Too many requests.",
        "Wait as long as Retry-After says.",
        &[],
        &[],
        "RFC 6585 4"
    ),
];
