//! Causes that a token endpoint, userinfo or a revocation names in words of its own.

use super::family::{CAUSE, EXCHANGE, REVOKE, SAID, USERINFO};
use crate::refusal::{
    entry::{Act, Refusal, Show, Tried},
    when::When,
};
use record::operation::Operation;

const LOGIN: Tried = Tried::These(&[Operation::LogIn]);
const ASSERTION: Tried = Tried::These(&[Operation::JwtBearer]);
const PARAMETER: &[&str] = &["invalid_request", "unsupported_token_type", "invalid_target"];
const GRANT: &[&str] = &["invalid_grant", "invalid_request", "invalid_token"];
/// What asks for a token for somewhere.
const TARGETED: Tried = Tried::These(&[
    Operation::LogIn,
    Operation::ClientCredentials,
    Operation::TokenExchange,
    Operation::Password,
    Operation::Refresh,
]);
const NO_TARGET: &[&str] = &["invalid_target", "invalid_request", "access_denied", "unauthorized_client"];
/// Words that speak of the target as a whole, and not of the `aud` of a token or of the resource owner.
const OF_TARGET: &[&str] = &[
    "requested audience",
    "requested resource",
    "unknown audience",
    "unknown resource",
    "audience is not allowed",
    "audience not allowed",
    "resource is not",
    "audience parameter",
    "resource parameter",
    "audience is required",
    "resource is required",
    "missing audience",
    "missing resource",
    "resource indicator",
];

pub(crate) const ROWS: &[Refusal] = &[
    // Token endpoint: parameters of an exchange.
    Refusal {
        id: "exchange-requested-type",
        dialect: None,
        operations: EXCHANGE,
        error: PARAMETER,
        words: &["requested_token_type", "issues only urn:"],
        cause: "The server does not issue the requested token type{sent:requested_token_type}.",
        fix: "Leave requested_token_type out.",
        show: &[Show::RequestedType],
        actions: &[Act::Without("requested_token_type")],
        ..SAID
    },
    Refusal {
        id: "exchange-subject-type",
        dialect: None,
        operations: EXCHANGE,
        error: PARAMETER,
        words: &["subject_token_type"],
        cause: "The server does not take this subject token type{sent:subject_token_type}.",
        fix: "Set it to one the server takes; most take access_token.",
        show: &[Show::SubjectType],
        actions: &[Act::Set("Use access_token", "subject_token_type", "urn:ietf:params:oauth:token-type:access_token")],
        ..SAID
    },
    Refusal {
        id: "exchange-actor-type",
        dialect: None,
        operations: EXCHANGE,
        error: PARAMETER,
        words: &["actor_token_type"],
        cause: "actor_token and actor_token_type go together, and the server takes only some types.",
        fix: "Send both, with a type the server takes, or none.",
        actions: &[Act::Without("actor_token"), Act::Without("actor_token_type")],
        ..SAID
    },
    // Without a word about which: the two types that were sent.
    Refusal {
        id: "exchange-token-type",
        operations: EXCHANGE,
        error: &["unsupported_token_type"],
        cause: "The server does not take one of the token types of this exchange{sent:subject_token_type}{sent:requested_token_type}.",
        fix: "Leave requested_token_type out, and send an access token as subject token.",
        show: &[Show::SubjectType, Show::RequestedType],
        actions: &[Act::Without("requested_token_type")],
        ..CAUSE
    },
    Refusal {
        id: "exchange-actor-required",
        operations: EXCHANGE,
        error: GRANT,
        words: &[
            "actor_token is required",
            "actor_token is missing",
            "missing actor_token",
            "actor token is required",
            "missing actor token",
        ],
        cause: "The server wants an actor_token with this exchange, and none was sent.",
        fix: "Send the token of who acts as actor_token, with its type.",
        ..SAID
    },
    Refusal {
        id: "exchange-connector",
        operations: EXCHANGE,
        words: &["connector does not exist", "connector_id"],
        cause: "The exchange names no connector of the server, or one it does not have: dex takes tokens of the providers behind its connectors (connector_id).",
        fix: "Add connector_id with the id of the connector whose provider issued the subject token.",
        show: &[Show::Iss],
        ..SAID
    },
    Refusal {
        id: "audience-not-granted",
        error: &["access_denied", "unauthorized_client", "invalid_target"],
        words: &["create a \"client-grant\"", "client grant for"],
        cause: "{client} is known to the server and has no grant for the API it asks a token for{sent:audience}{none_sent}.",
        fix: "Allow {client} for that API at the server.",
        show: &[Show::AskedAudience, Show::Client],
        ..SAID
    },
    Refusal {
        id: "audience-none-sent",
        operations: TARGETED,
        error: NO_TARGET,
        words: OF_TARGET,
        when: When::NoTarget,
        cause: "Neither audience nor resource was sent, and the server's words speak of one: it wants one, or took one by default.",
        fix: "Send the audience or resource as it is registered at the server, or correct the default that the server takes for {client}.",
        show: &[Show::Client],
        ..SAID
    },
    Refusal {
        id: "audience-no-service",
        words: &["service not enabled within domain", "service not found"],
        cause: "The server has no API of the identifier that it names: {named}{none_sent}.",
        fix: "Send the API's identifier as the server has it, to the letter; where none was sent, correct the server's default.",
        show: &[Show::AskedAudience],
        ..SAID
    },
    Refusal {
        id: "policy-refused",
        words: &["policy evaluation failed"],
        cause: "No rule of the server's access policy lets this through for {client}: grant, user and scopes must fit one rule.",
        fix: "Compare the access policies of the authorization server with the grant, the user's groups and the scopes.",
        show: &[Show::Client, Show::AskedScope],
        ..SAID
    },
    Refusal {
        id: "resource-unknown",
        error: &["invalid_target", "invalid_request"],
        words: &["resource"],
        when: When::Has("resource"),
        cause: "The server does not know the resource that was sent{sent:resource}, or it is no absolute address.",
        fix: "Send the resource as it is registered at the server, to the letter, or leave it out (RFC 8707 2).",
        actions: &[Act::Without("resource")],
        ..SAID
    },
    Refusal {
        id: "audience-unknown",
        error: &["invalid_target", "invalid_request"],
        words: &["audience"],
        when: When::Has("audience"),
        cause: "The server does not issue a token for the audience that was sent{sent:audience}.",
        fix: "Send it as it is registered at the server, or leave it out.",
        show: &[Show::AskedAudience],
        actions: &[Act::Without("audience")],
        ..SAID
    },
    Refusal {
        id: "scope-required",
        error: &["invalid_scope", "invalid_request", "insufficient_scope"],
        words: &["missing required scope", "required scope", "scope is required", "must include"],
        cause: "The server asks for a scope that was not among those sent: {required}.",
        fix: "Add the scope to the request; leaving scopes out makes it worse.",
        show: &[Show::AskedScope],
        ..SAID
    },
    Refusal {
        id: "parameter-not-taken",
        dialect: None,
        error: &["invalid_request"],
        words: &["oauth 2.0 parameter: "],
        cause: "The server does not take the parameter {named} as it was sent, or misses it.",
        fix: "Correct or leave out {named}.",
        ..SAID
    },
    Refusal {
        id: "parameter-missing",
        error: &["invalid_request"],
        words: &["missing parameter: ", "missing required parameter: ", "missing form parameter: ", "missing parameters: "],
        cause: "The server misses the parameter {named}.",
        fix: "Add {named} to the request.",
        ..SAID
    },
    Refusal {
        id: "resource-code",
        error: &["invalid_resource"],
        cause: "The server does not know the resource or audience that was asked for{sent:resource}{sent:audience}.",
        fix: "Send it as it is registered at the server, to the letter.",
        show: &[Show::AskedAudience, Show::AskedScope],
        ..CAUSE
    },
    // The words of an inner error that say what a code would have said.
    Refusal {
        id: "server-says-permission",
        error: &["server_error"],
        words: &["permission", "not allowed", "not permitted", "forbidden", "denied", "not authorized", "unauthorized"],
        cause: "The server calls it an error of its own, and its words say that it is not allowed: a right of the user or of {client} is missing.",
        fix: "Give the right at the server, or do it as somebody who has it.",
        show: &[Show::Client],
        ..SAID
    },
    Refusal {
        id: "server-says-unsupported",
        error: &["server_error"],
        words: &["not supported", "unsupported", "not implemented"],
        cause: "The server calls it an error of its own, and its words say that it can not do this.",
        fix: "Ask for something it can do: another requested_token_type, another kind of subject token.",
        show: &[Show::SubjectType, Show::RequestedType],
        actions: &[Act::Without("requested_token_type")],
        ..SAID
    },
    // A log in's code.
    Refusal {
        id: "code-verifier",
        operations: LOGIN,
        error: GRANT,
        words: &["code_verifier", "code verifier", "pkce"],
        cause: "The PKCE verifier does not fit the challenge of this log in (RFC 7636 4.6).",
        fix: "Log in again, in one browser window only.",
        actions: &[Act::LogIn],
        ..SAID
    },
    Refusal {
        id: "code-redirect-uri",
        operations: LOGIN,
        error: GRANT,
        words: &["redirect_uri", "redirect uri"],
        cause: "The code was made for another redirect URI (RFC 6749 4.1.3).",
        fix: "Log in again, and do not change the redirect URI meanwhile.",
        actions: &[Act::LogIn],
        ..SAID
    },
    Refusal {
        id: "code-used",
        operations: LOGIN,
        error: GRANT,
        words: &["already been used", "already redeemed", "already used", "code was used", "used before", "used more than once"],
        cause: "The code was redeemed before; a code is good for one time (RFC 6749 4.1.2).",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        ..SAID
    },
    Refusal {
        id: "code-ended",
        operations: LOGIN,
        error: GRANT,
        words: &["code expired", "code has expired", "code is expired", "expired authorization code"],
        cause: "The code is too old; it is good for some seconds or minutes.",
        fix: "Log in again, and go on at once.",
        actions: &[Act::LogIn],
        ..SAID
    },
    Refusal {
        id: "code-redirect-mismatch",
        error: &["redirect_uri_mismatch"],
        certain: true,
        cause: "The redirect URI of the request is not one that the server has for {client} (RFC 6749 3.1.2.3).",
        fix: "Register it at the server, to the letter.",
        ..CAUSE
    },
    Refusal {
        id: "second-factor",
        error: &["mfa_required", "interaction_required"],
        certain: true,
        cause: "The server asks for a second factor or another step by the user, which this grant can not take.",
        fix: "Log in through the browser.",
        actions: &[Act::LogIn],
        ..CAUSE
    },
    // The server's password check; it may be the account as well.
    Refusal {
        id: "password-wrong",
        operations: Tried::These(&[Operation::Password]),
        error: &["invalid_grant"],
        cause: "User name or password is wrong, or the user is locked or may not log in this way.",
        fix: "Check both, or log in through the browser.",
        actions: &[Act::LogIn],
        ..CAUSE
    },
    // Assertions (RFC 7523 3).
    Refusal {
        id: "assertion-signature",
        operations: ASSERTION,
        error: GRANT,
        words: &["signature"],
        cause: "The signature of the assertion does not fit the key that the server has for its issuer {issuer}.",
        fix: "Compare kid and key with those the server knows for that issuer.",
        show: &[Show::Iss, Show::Alg],
        ..SAID
    },
    Refusal {
        id: "assertion-audience",
        operations: ASSERTION,
        error: GRANT,
        words: &["audience", "aud "],
        cause: "The aud of the assertion does not name this server.",
        fix: "Make one with the server's issuer or token endpoint as aud (RFC 7523 3).",
        show: &[Show::Aud],
        ..SAID
    },
    Refusal {
        id: "assertion-ended",
        operations: ASSERTION,
        error: GRANT,
        words: &["expired", "exp "],
        cause: "The server calls the assertion expired: {ended_words}.",
        fix: "Make or get a new one.",
        show: &[Show::Exp],
        ..SAID
    },
    Refusal {
        id: "assertion-issuer",
        operations: ASSERTION,
        error: GRANT,
        words: &["issuer", "iss "],
        cause: "The server does not trust the issuer of the assertion, {issuer}.",
        fix: "Register it at the server.",
        show: &[Show::Iss],
        ..SAID
    },
    Refusal {
        id: "assertion-not-jwt",
        operations: ASSERTION,
        error: GRANT,
        words: &["segments", "not a jwt", "malformed", "parsing of request failed", "invalid jwt"],
        cause: "What was sent as assertion is no JWT.",
        fix: "Choose a JWT of an issuer that the server trusts.",
        ..SAID
    },
    // Revocation.
    Refusal {
        id: "revoke-said-other-client",
        operations: REVOKE,
        words: &["not issued for this client", "not issued to this client", "another client", "different client"],
        cause: "The token was issued to another client than {client}. A server refuses that (RFC 7009 2.1), and nothing was revoked.",
        fix: "Revoke it as {origin}.",
        show: &[Show::Azp],
        ..SAID
    },
    Refusal {
        id: "userinfo-openid-said",
        operations: USERINFO,
        words: &["openid scope", "scope openid", "scope 'openid'", "scope \"openid\""],
        cause: "The token's scope lacks openid, which userinfo asks for (OpenID Connect Core 5.3).",
        fix: "Log in with scope openid.",
        show: &[Show::Scope],
        actions: &[Act::LogInOpenid],
        ..SAID
    },
];
