//! What every server means by the RFCs' error codes (RFC 6749 5.2, RFC 6750 3.1, RFC 8693 2.2.2, RFC 7009 2.2.1).

use crate::refusal::{
    entry::{Act, Refusal, Show, Tried},
    when::When,
};
use record::operation::Operation;

const CALL: Tried = Tried::These(&[Operation::CallApi, Operation::Userinfo]);
const EXCHANGE: Tried = Tried::These(&[Operation::TokenExchange]);

/// Of a call.
const CALLED: Refusal = Refusal { operations: CALL, seen: "RFC 6750 3.1", ..Refusal::BLANK };

/// One of the causes why scopes that the token has are said to be missing.
const SCOPES_HELD: Refusal = Refusal {
    error: &["insufficient_scope"],
    when: When::ScopesHeld,
    show: &[Show::WantedScope, Show::Scope, Show::Roles, Show::Aud],
    actions: &[Act::ExchangeForApi, Act::Introspect],
    ..CALLED
};

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "invalid-client",
        error: &["invalid_client"],
        cause: "The server does not know {client}, its secret is wrong, or it shows the secret in a way the server does not take.",
        fix: "Check client id, secret, and whether the secret belongs in the header or in the body.",
        show: &[Show::Client],
        seen: "RFC 6749 5.2",
        ..Refusal::BLANK
    },
    Refusal {
        id: "unauthorized-client",
        error: &["unauthorized_client"],
        cause: "{client} may not use this grant.",
        fix: "Allow the grant for the client at the server.",
        show: &[Show::Client],
        seen: "RFC 6749 5.2",
        ..Refusal::BLANK
    },
    Refusal {
        id: "unsupported-grant",
        error: &["unsupported_grant_type"],
        certain: true,
        cause: "The server does not know this grant, or it is switched off.",
        fix: "Look at grant_types_supported in its metadata.",
        seen: "RFC 6749 5.2",
        ..Refusal::BLANK
    },
    Refusal {
        id: "invalid-scope",
        error: &["invalid_scope"],
        cause: "A scope is unknown, malformed, or more than may be given: {scope}.",
        fix: "Leave scopes out one by one, or allow them for the client.",
        show: &[Show::AskedScope, Show::Scope],
        actions: &[Act::Without("scope")],
        seen: "RFC 6749 5.2",
        ..Refusal::BLANK
    },
    Refusal {
        id: "invalid-target",
        error: &["invalid_target"],
        cause: "The server does not issue a token for this target: {target}.",
        fix: "Correct audience or resource; some servers give only what the subject token was granted for.",
        show: &[Show::AskedAudience, Show::RequestedInAud],
        actions: &[Act::Without("audience"), Act::Without("resource")],
        seen: "RFC 8693 2.2.2",
        ..Refusal::BLANK
    },
    Refusal {
        id: "invalid-target-none-sent",
        error: &["invalid_target"],
        when: When::NoTarget,
        cause: "Neither audience nor resource was sent, and the server refuses the target all the same: it wants one, or took one by default.",
        fix: "Send the audience or resource as it is registered at the server, or set the default that the server takes for {client}.",
        show: &[Show::Client],
        seen: "RFC 8693 2.2.2, RFC 8707 2",
        ..Refusal::BLANK
    },
    Refusal {
        id: "exchange-subject-expired",
        operations: EXCHANGE,
        error: &["invalid_request", "invalid_grant", "access_denied", "invalid_token"],
        when: When::Expired,
        cause: "The subject token has ended {ended}.",
        fix: "Refresh it or log in again.",
        show: &[Show::Exp],
        actions: &[Act::Refresh, Act::LogIn],
        seen: "RFC 8693 2.2.2",
        ..SCOPES_HELD
    },
    Refusal {
        id: "exchange-subject-dead",
        operations: EXCHANGE,
        status: 400,
        error: &["invalid_request", "invalid_grant"],
        words: &["subject_token is not", "subject token is not", "invalid subject", "not a live"],
        cause: "The subject token is not valid at this server: ended, revoked, or of another issuer.",
        fix: "Get a fresh token and exchange that.",
        show: &[Show::Exp, Show::Iss],
        actions: &[Act::LogIn, Act::Introspect],
        seen: "RFC 8693 2.2.2",
        ..CALLED
    },
    Refusal {
        id: "exchange-refused",
        operations: EXCHANGE,
        error: &["invalid_request"],
        cause: "The server refused the subject or actor token, or a parameter; RFC 8693 has one code for all of these.",
        fix: "Read the server's words.",
        show: &[Show::RequesterInAud, Show::Exp, Show::Iss],
        seen: "RFC 8693 2.2.2",
        ..CALLED
    },
    Refusal {
        id: "invalid-grant-code",
        operations: Tried::These(&[Operation::LogIn]),
        error: &["invalid_grant"],
        cause: "The code was used before, is too old, was made for another redirect URI, or the PKCE verifier does not fit.",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        seen: "RFC 6749 5.2, RFC 7636 4.6",
        ..CALLED
    },
    Refusal {
        id: "invalid-grant-refresh",
        operations: Tried::These(&[Operation::Refresh]),
        error: &["invalid_grant"],
        cause: "The refresh token is over, revoked, used before, or belongs to another client.",
        fix: "Log in again.",
        show: &[Show::Azp, Show::Exp],
        actions: &[Act::LogIn],
        seen: "RFC 6749 5.2",
        ..CALLED
    },
    Refusal {
        id: "invalid-grant-password",
        operations: Tried::These(&[Operation::Password]),
        error: &["invalid_grant"],
        cause: "User name or password is wrong, or the user may not log in this way.",
        fix: "Check both, or log in through the browser.",
        actions: &[Act::LogIn],
        seen: "RFC 6749 5.2",
        ..CALLED
    },
    Refusal {
        id: "invalid-grant-assertion-expired",
        operations: Tried::These(&[Operation::JwtBearer]),
        error: &["invalid_grant"],
        when: When::Expired,
        certain: true,
        cause: "The assertion has ended {ended}.",
        fix: "Refresh it or log in again.",
        show: &[Show::Exp],
        actions: &[Act::Refresh, Act::LogIn],
        seen: "RFC 7523 3.1",
        ..SCOPES_HELD
    },
    Refusal {
        id: "invalid-grant-assertion",
        operations: Tried::These(&[Operation::JwtBearer]),
        error: &["invalid_grant"],
        cause: "The server does not accept the assertion: issuer not trusted, audience not its own, times, or signature.",
        fix: "Compare iss and aud with what the server expects.",
        show: &[Show::Iss, Show::Aud, Show::Exp, Show::Alg],
        seen: "RFC 7523 3.1",
        ..CALLED
    },
    Refusal {
        id: "invalid-grant-client",
        operations: Tried::These(&[Operation::ClientCredentials]),
        error: &["invalid_grant"],
        cause: "The server does not give {client} a token of its own, and does not say why. Nothing was shown here that ends by itself.",
        fix: "See at the server whether {client} is enabled and may use client_credentials.",
        show: &[Show::Client, Show::AskedScope],
        seen: "RFC 6749 5.2",
        ..CALLED
    },
    Refusal {
        id: "invalid-grant",
        error: &["invalid_grant"],
        cause: "What was shown to get the token is not valid any more.",
        fix: "Start again with a fresh one.",
        show: &[Show::Exp],
        actions: &[Act::LogIn],
        seen: "RFC 6749 5.2",
        ..Refusal::BLANK
    },
    Refusal {
        id: "use-dpop-nonce",
        error: &["use_dpop_nonce", "invalid_dpop_proof"],
        certain: true,
        cause: "The server wants a DPoP proof, which is not sent here yet.",
        fix: "Switch DPoP off for the client.",
        show: &[Show::Client],
        seen: "RFC 9449 8",
        ..Refusal::BLANK
    },
    Refusal {
        id: "unsupported-token-type",
        operations: Tried::These(&[Operation::Revoke]),
        error: &["unsupported_token_type"],
        certain: true,
        cause: "The server can not revoke this kind of token.",
        fix: "Revoke the refresh token instead; access tokens end by themselves.",
        seen: "RFC 7009 2.2.1",
        ..CALLED
    },
    Refusal {
        id: "access-denied",
        error: &["access_denied"],
        cause: "The server's policy does not allow it for {client}.",
        fix: "Read the server's words and its log.",
        show: &[Show::RequesterInAud, Show::Client],
        seen: "RFC 8628 3.5, in use for exchanges",
        ..Refusal::BLANK
    },
    Refusal {
        id: "server-error",
        error: &["server_error", "temporarily_unavailable"],
        cause: "The server failed inside.",
        fix: "Try again, and read its log for this time.",
        seen: "RFC 6749 4.1.2.1",
        ..Refusal::BLANK
    },
    Refusal {
        id: "invalid-request",
        status: 400,
        error: &["invalid_request"],
        cause: "A parameter is missing, repeated or malformed.",
        fix: "Compare the request with the server's words.",
        seen: "RFC 6749 5.2",
        ..Refusal::BLANK
    },
    // Resource servers.
    Refusal {
        id: "api-expired",
        status: 401,
        when: When::Expired,
        certain: true,
        cause: "The token has ended {ended}.",
        fix: "Refresh it or log in again.",
        show: &[Show::Exp],
        actions: &[Act::Refresh, Act::LogIn],
        ..CALLED
    },
    Refusal {
        id: "api-id-token",
        status: 401,
        when: When::IsIdToken,
        cause: "An ID token was sent. It tells a client who logged in; APIs take access tokens.",
        fix: "Use the access token.",
        seen: "RFC 9068 5",
        ..CALLED
    },
    Refusal {
        id: "userinfo-openid",
        operations: Tried::These(&[Operation::Userinfo]),
        error: &["insufficient_scope", "invalid_token"],
        when: When::NoOpenid,
        cause: "The token's scope lacks openid.",
        fix: "Log in with scope openid.",
        show: &[Show::Scope],
        actions: &[Act::LogInOpenid],
        seen: "OpenID Connect Core 5.3",
        ..SCOPES_HELD
    },
    Refusal {
        id: "api-scope",
        when: When::Always,
        certain: true,
        cause: "The token lacks a scope or role this resource asks for.",
        fix: "{wanted}.",
        show: &[Show::WantedScope, Show::Scope, Show::Roles],
        actions: &[Act::ScopeOfChallenge, Act::ExchangeForApi],
        ..SCOPES_HELD
    },
    // The challenge names scopes that the token has: what it lacks is not known.
    Refusal {
        id: "api-scope-held-claim",
        tell: "The API's settings name the claim and the form of the scopes.",
        cause: "The token has the scopes that the API names. The API may read them from another claim (scope, scp, permissions, roles), or by another name, for example with a prefix.",
        fix: "{wanted}, and the claim and the names of scopes that the API is set to.",
        ..SCOPES_HELD
    },
    Refusal {
        id: "api-scope-held-role",
        tell: "A user or client with the role is let through.",
        cause: "The token has the scopes that the API names, and the API also wants a role or permission that the user or the client does not have.",
        fix: "Compare roles with what the API asks for.",
        ..SCOPES_HELD
    },
    Refusal {
        id: "api-scope-held-audience",
        tell: "aud of the token does not name the API.",
        cause: "The token has the scopes that the API names, for another audience, so the API does not count them.",
        fix: "Get a token whose aud names this API.",
        ..SCOPES_HELD
    },
    Refusal {
        id: "api-scope-held-issuer",
        tell: "Introspection has no such scope.",
        cause: "The API asks the issuer about the token (introspection) and is told of fewer scopes than are known here.",
        fix: "Introspect the token yourself, as the API's client where you can.",
        ..SCOPES_HELD
    },
    Refusal {
        id: "api-needs-user",
        status: 403,
        words: &["user"],
        when: When::NoUser,
        cause: "The API needs a user behind the token, and this is an application's.",
        fix: "Use a token a user logged in for.",
        show: &[Show::Sub, Show::Aut],
        actions: &[Act::LogIn, Act::MapUser],
        ..CALLED
    },
    Refusal {
        id: "api-invalid-token",
        status: 401,
        error: &["invalid_token"],
        cause: "The API does not accept the token: ended, revoked, another issuer, or not meant for it.",
        fix: "Compare issuer and audience with what the API expects.",
        show: &[Show::Iss, Show::Aud, Show::Exp],
        actions: &[Act::ExchangeForApi],
        ..CALLED
    },
    Refusal {
        id: "api-401",
        status: 401,
        cause: "The API wants a token it can accept.",
        fix: "Compare issuer, audience and lifetime with what the API expects.",
        show: &[Show::Iss, Show::Aud, Show::Exp],
        actions: &[Act::ExchangeForApi],
        seen: "RFC 6750 3",
        ..CALLED
    },
    Refusal {
        id: "api-403",
        status: 403,
        cause: "The API knows the token and does not allow this: a role or scope is missing.",
        fix: "Compare roles and scope with what the API expects.",
        show: &[Show::Aud, Show::Scope, Show::Roles],
        actions: &[Act::ExchangeForApi],
        ..CALLED
    },
    Refusal {
        id: "rate-limit",
        status: 429,
        certain: true,
        cause: "Too many requests.",
        fix: "Wait as long as Retry-After says.",
        seen: "RFC 6585 4",
        ..Refusal::BLANK
    },
];
