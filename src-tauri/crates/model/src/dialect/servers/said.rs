//! Causes that a server names in words of its own.

use super::{API, CALL, EXCHANGE, Entry, Operation, REVOKE, Show, When, cause, said};
use crate::dialect::entry::Act;

const LOGIN: &[Operation] = &[Operation::LogIn];
const ASSERTION: &[Operation] = &[Operation::JwtBearer];
const PARAMETER: &[&str] = &["invalid_request", "unsupported_token_type", "invalid_target"];
const GRANT: &[&str] = &["invalid_grant", "invalid_request", "invalid_token"];
const ANY: &[&str] = &[];
const NONE_SENT: &[&str] = &[
    "jwt is missing",
    "no bearer token found",
    "missing bearer",
    "missing token",
    "no token",
    "authorization header is missing",
    "authorization header missing",
];

pub(super) const ENTRIES: &[Entry] = &[
    // Token endpoint: parameters of an exchange.
    said("exchange-requested-type", EXCHANGE, PARAMETER, &["requested_token_type", "issues only urn:"])
        .anywhere()
        .because("The server does not issue the requested token type{sent:requested_token_type}.", "Leave requested_token_type out.")
        .shows(&[Show::RequestedType])
        .offers(&[Act::Without("requested_token_type")]),
    said("exchange-subject-type", EXCHANGE, PARAMETER, &["subject_token_type"])
        .anywhere()
        .because("The server does not take this subject token type{sent:subject_token_type}.", "Set it to one the server takes; most take access_token.")
        .shows(&[Show::SubjectType])
        .offers(&[Act::Set("Use access_token", "subject_token_type", "urn:ietf:params:oauth:token-type:access_token")]),
    said("exchange-actor-type", EXCHANGE, PARAMETER, &["actor_token_type"])
        .anywhere()
        .because("actor_token and actor_token_type go together, and the server takes only some types.", "Send both, with a type the server takes, or none.")
        .offers(&[Act::Without("actor_token"), Act::Without("actor_token_type")]),
    // Without a word about which: the two types that were sent.
    cause("exchange-token-type", EXCHANGE, &["unsupported_token_type"], None)
        .because(
            "The server does not take one of the token types of this exchange{sent:subject_token_type}{sent:requested_token_type}.",
            "Leave requested_token_type out, and send an access token as subject token.",
        )
        .shows(&[Show::SubjectType, Show::RequestedType])
        .offers(&[Act::Without("requested_token_type")]),
    said("resource-unknown", &[], &["invalid_target", "invalid_request"], &["resource"])
        .when(When::Has("resource"))
        .because(
            "The server does not know the resource that was sent{sent:resource}, or it is no absolute address.",
            "Send the resource as it is registered at the server, to the letter, or leave it out (RFC 8707 2).",
        )
        .offers(&[Act::Without("resource")]),
    said("audience-unknown", &[], &["invalid_target", "invalid_request"], &["audience"])
        .when(When::Has("audience"))
        .because("The server does not issue a token for the audience that was sent{sent:audience}.", "Send it as it is registered at the server, or leave it out.")
        .shows(&[Show::AskedAudience])
        .offers(&[Act::Without("audience")]),
    said("scope-required", &[], &["invalid_scope", "invalid_request", "insufficient_scope"], &["missing required scope", "required scope", "scope is required", "must include"])
        .because(
            "The server asks for a scope that was not among those sent: {required}.",
            "Add the scope to the request; leaving scopes out makes it worse.",
        )
        .shows(&[Show::AskedScope]),
    said("parameter-not-taken", &[], &["invalid_request"], &["oauth 2.0 parameter: "])
        .anywhere()
        .because("The server does not take the parameter {named} as it was sent, or misses it.", "Correct or leave out {named}."),
    // The words of an inner error that say what a code would have said.
    said("server-says-permission", &[], &["server_error"], &["permission", "not allowed", "not permitted", "forbidden", "denied", "not authorized", "unauthorized"])
        .because(
            "The server calls it an error of its own, and its words say that it is not allowed: a right of the user or of {client} is missing.",
            "Give the right at the server, or do it as somebody who has it.",
        )
        .shows(&[Show::Client]),
    said("server-says-unsupported", &[], &["server_error"], &["not supported", "unsupported", "not implemented"])
        .because(
            "The server calls it an error of its own, and its words say that it can not do this.",
            "Ask for something it can do: another requested_token_type, another kind of subject token.",
        )
        .shows(&[Show::SubjectType, Show::RequestedType])
        .offers(&[Act::Without("requested_token_type")]),
    // A log in's code.
    said("code-verifier", LOGIN, GRANT, &["code_verifier", "code verifier", "pkce"])
        .because("The PKCE verifier does not fit the challenge of this log in (RFC 7636 4.6).", "Log in again, in one browser window only.")
        .offers(&[Act::LogIn]),
    said("code-redirect-uri", LOGIN, GRANT, &["redirect_uri", "redirect uri"])
        .because("The code was made for another redirect URI (RFC 6749 4.1.3).", "Log in again, and do not change the redirect URI meanwhile.")
        .offers(&[Act::LogIn]),
    // The server's password check; it may be the account as well.
    cause("password-wrong", &[Operation::Password], &["invalid_grant"], None)
        .because("User name or password is wrong, or the user is locked or may not log in this way.", "Check both, or log in through the browser.")
        .offers(&[Act::LogIn]),
    // Assertions (RFC 7523 3).
    said("assertion-signature", ASSERTION, GRANT, &["signature"])
        .because(
            "The signature of the assertion does not fit the key that the server has for its issuer {issuer}.",
            "Compare kid and key with those the server knows for that issuer.",
        )
        .shows(&[Show::Iss, Show::Alg]),
    said("assertion-audience", ASSERTION, GRANT, &["audience", "aud "])
        .because("The aud of the assertion does not name this server.", "Make one with the server's issuer or token endpoint as aud (RFC 7523 3).")
        .shows(&[Show::Aud]),
    said("assertion-ended", ASSERTION, GRANT, &["expired", "exp "])
        .because("The assertion has ended {ended}.", "Make or get a new one.")
        .shows(&[Show::Exp]),
    said("assertion-issuer", ASSERTION, GRANT, &["issuer", "iss "])
        .because("The server does not trust the issuer of the assertion, {issuer}.", "Register it at the server.")
        .shows(&[Show::Iss]),
    said("assertion-not-jwt", ASSERTION, GRANT, &["segments", "not a jwt", "malformed", "parsing of request failed", "invalid jwt"])
        .because("What was sent as assertion is no JWT.", "Choose a JWT of an issuer that the server trusts."),
    // Revocation.
    said("revoke-said-other-client", REVOKE, ANY, &["not issued for this client", "not issued to this client", "another client", "different client"])
        .because(
            "The token was issued to another client than {client}. A server refuses that (RFC 7009 2.1), and nothing was revoked.",
            "Revoke it as {origin}.",
        )
        .shows(&[Show::Azp]),
    // APIs: Envoy, Spring, Istio, oauth2-proxy, libraries.
    said("api-no-token", API, ANY, NONE_SENT)
        .because("The API found no token in the call.", "Choose a token; a gateway on the way may have taken the header Authorization out."),
    said("api-wants-jwt", CALL, ANY, &["malformed token", "not in the form of header.payload.signature", "attempting to decode the jwt: malformed", "invalid number of segments", "jwt malformed", "not enough segments"])
        .because(
            "It reads JWTs only, and what was sent is no signed JWT it could read.",
            "Have the server issue JWTs to this client, exchange the token for one, or have the API ask introspection.",
        )
        .offers(&[Act::ExchangeForApi]),
    said("api-expired-said", CALL, ANY, &["jwt is expired", "jwt expired", "token is expired", "token has expired", "token expired"])
        .because("The token has ended {ended}.", "Refresh it or log in again; where it has time left here, compare the clocks.")
        .shows(&[Show::Exp])
        .offers(&[Act::Refresh, Act::LogIn]),
    said("api-not-yet", CALL, ANY, &["not yet valid", "used before", "issued in the future", "not active yet"])
        .because("The token's time has not begun at the API: the clocks differ.", "Set both clocks by the network.")
        .shows(&[Show::Iat]),
    said("api-issuer", CALL, ANY, &["jwt issuer is not configured", "issuer is not configured", "iss claim is not valid", "issuer is not trusted", "untrusted issuer", "unknown issuer", "invalid issuer", "issuer invalid", "jwt issuer"])
        .because("The API does not know the issuer of the token, {issuer}.", "Compare iss, to the letter, with the issuer the API is set to.")
        .shows(&[Show::Iss]),
    said("api-audience", CALL, ANY, &["audiences in jwt are not allowed", "aud claim is not valid", "audience", "aud "])
        .anywhere()
        .because("The token is not meant for this API.", "Get one with this API in aud.")
        .shows(&[Show::Aud])
        .offers(&[Act::ExchangeForApi]),
    said("api-key-unknown", CALL, ANY, &["jwks doesn't have key", "no matching key", "unable to find a signing key", "kid or alg", "unknown kid", "no applicable key"])
        .because(
            "The API has no key for the token's kid or alg: its copy of the issuer's keys is older than the key, or of another issuer.",
            "Wait until the copy is read anew (Envoy: 5 min), and compare the API's JWKS address with the issuer's.",
        )
        .shows(&[Show::Alg, Show::Iss]),
    said("api-algorithm", CALL, ANY, &["unsupported algorithm", "algorithm not allowed", "unexpected signing method", "alg is not allowed"])
        .because("The API does not take the algorithm the token is signed with.", "Have the issuer sign with one it takes, usually RS256.")
        .shows(&[Show::Alg]),
    said("api-signature", CALL, ANY, &["invalid signature", "jwt verification fails", "signature verification failed", "signature is invalid", "bad signature"])
        .because(
            "The signature does not fit the key the API has: the token was changed or cut, or the API reads another issuer's keys.",
            "Look at the signature on the shelf. If it fits there, compare the API's JWKS address with the issuer's.",
        )
        .shows(&[Show::Alg, Show::Iss]),
    said("api-rbac", CALL, ANY, &["rbac: access denied"])
        .because("The token was taken, and a rule of the proxy before the API (Envoy, Istio: RBAC) does not let this call through.", "Compare the rule's claims, path and method with the token and the call.")
        .shows(&[Show::Scope, Show::Roles, Show::Aud]),
    said("api-expected-other", CALL, ANY, &["expected"])
        .when(When::ExpectedOther)
        .because("The API expected {expected} and found {found}{found_in}.", "Get a token that has what it expects, or set the API to what the issuer writes.")
        .shows(&[Show::Iss, Show::Aud]),
];
