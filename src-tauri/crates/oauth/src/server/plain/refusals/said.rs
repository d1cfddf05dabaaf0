//! Causes that a server names in words of its own.

use super::{API, CALL, EXCHANGE, Entry, Operation, REVOKE, Shelf, Show, USERINFO, When, cause, said};
use crate::refusal::entry::Act;

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
    "missing jwt token",
    "missing jwt",
    "missing authorization in request",
    "no authorization token was found",
    "credentials were not provided",
    "=not authenticated",
];
/// A signature that was not looked at says nothing of the key.
const UNEXPLAINED: When = When::All(&[
    When::NotKnown(Shelf::Ended),
    When::NotKnown(Shelf::Revoked),
    When::NotKnown(Shelf::IdToken),
    When::NotKnown(Shelf::RefreshToken),
]);

/// What asks for a token for somewhere.
const TARGETED: &[Operation] =
    &[Operation::LogIn, Operation::ClientCredentials, Operation::TokenExchange, Operation::Password, Operation::Refresh];
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
    said("exchange-actor-required", EXCHANGE, GRANT, &["actor_token is required", "actor_token is missing", "missing actor_token", "actor token is required", "missing actor token"])
        .because("The server wants an actor_token with this exchange, and none was sent.", "Send the token of who acts as actor_token, with its type."),
    said("exchange-connector", EXCHANGE, ANY, &["connector does not exist", "connector_id"])
        .because(
            "The exchange names no connector of the server, or one it does not have: dex takes tokens of the providers behind its connectors (connector_id).",
            "Add connector_id with the id of the connector whose provider issued the subject token.",
        )
        .shows(&[Show::Iss]),
    said("audience-not-granted", &[], &["access_denied", "unauthorized_client", "invalid_target"], &["create a \"client-grant\"", "client grant for"])
        .because(
            "{client} is known to the server and has no grant for the API it asks a token for{sent:audience}{none_sent}.",
            "Allow {client} for that API at the server.",
        )
        .shows(&[Show::AskedAudience, Show::Client]),
    said("audience-none-sent", TARGETED, NO_TARGET, OF_TARGET)
        .when(When::NoTarget)
        .because(
            "Neither audience nor resource was sent, and the server's words speak of one: it wants one, or took one by default.",
            "Send the audience or resource as it is registered at the server, or correct the default that the server takes for {client}.",
        )
        .shows(&[Show::Client]),
    said("audience-no-service", &[], ANY, &["service not enabled within domain", "service not found"])
        .because(
            "The server has no API of the identifier that it names: {named}{none_sent}.",
            "Send the API's identifier as the server has it, to the letter; where none was sent, correct the server's default.",
        )
        .shows(&[Show::AskedAudience]),
    said("policy-refused", &[], ANY, &["policy evaluation failed"])
        .because(
            "No rule of the server's access policy lets this through for {client}: grant, user and scopes must fit one rule.",
            "Compare the access policies of the authorization server with the grant, the user's groups and the scopes.",
        )
        .shows(&[Show::Client, Show::AskedScope]),
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
    said("parameter-missing", &[], &["invalid_request"], &["missing parameter: ", "missing required parameter: ", "missing form parameter: ", "missing parameters: "])
        .because("The server misses the parameter {named}.", "Add {named} to the request."),
    cause("resource-code", &[], &["invalid_resource"], None)
        .because("The server does not know the resource or audience that was asked for{sent:resource}{sent:audience}.", "Send it as it is registered at the server, to the letter.")
        .shows(&[Show::AskedAudience, Show::AskedScope]),
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
    said("code-used", LOGIN, GRANT, &["already been used", "already redeemed", "already used", "code was used", "used before", "used more than once"])
        .because("The code was redeemed before; a code is good for one time (RFC 6749 4.1.2).", "Log in again.")
        .offers(&[Act::LogIn]),
    said("code-ended", LOGIN, GRANT, &["code expired", "code has expired", "code is expired", "expired authorization code"])
        .because("The code is too old; it is good for some seconds or minutes.", "Log in again, and go on at once.")
        .offers(&[Act::LogIn]),
    Entry { certain: true, ..cause("code-redirect-mismatch", &[], &["redirect_uri_mismatch"], None) }
        .because("The redirect URI of the request is not one that the server has for {client} (RFC 6749 3.1.2.3).", "Register it at the server, to the letter."),
    Entry { certain: true, ..cause("second-factor", &[], &["mfa_required", "interaction_required"], None) }
        .because("The server asks for a second factor or another step by the user, which this grant can not take.", "Log in through the browser.")
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
        .because("The server calls the assertion expired: {ended_words}.", "Make or get a new one.")
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
    said("userinfo-openid-said", USERINFO, ANY, &["openid scope", "scope openid", "scope 'openid'", "scope \"openid\""])
        .because("The token's scope lacks openid, which userinfo asks for (OpenID Connect Core 5.3).", "Log in with scope openid.")
        .shows(&[Show::Scope])
        .offers(&[Act::LogInOpenid]),
    // Gateways that did not come to look at the token.
    said("api-keys-unreachable", CALL, ANY, &["jwks remote fetch is failed", "retrieve remote jwk set", "failed to fetch jwks", "failed to get jwks", "could not fetch jwks", "idx20803", "idx20804", "unable to obtain configuration", "error fetching jwks"])
        .because(
            "The API could not read the issuer's keys, so it could check no token at all.",
            "From where the API runs, call its JWKS address: the host name, a proxy on the way, and whether it trusts the certificate.",
        )
        .shows(&[Show::Iss]),
    said("api-introspection-refused", CALL, ANY, &["response indicates failure, status=4"])
        .because(
            "The gateway asked the issuer about the token and was refused itself, so it is the gateway's own client, its secret or its introspection address that is wrong.",
            "Compare the gateway's client id, secret and introspection address with the issuer's.",
        ),
    said("api-no-route", API, ANY, &["no route matched", "=missing authentication token", "no matching route", "404 route not found"])
        .because(
            "The gateway has no route for this address and method, and did not look at the token. AWS calls that a missing authentication token.",
            "Compare path, stage and method with the gateway's routes.",
        ),
    said("api-upstream", API, ANY, &["upstream connect error", "no healthy upstream", "upstream request timeout"])
        .because("The proxy let the call through, and the service behind it did not answer. The token is not the cause.", "Look at the service behind the proxy."),
    said("api-consumer-unknown", CALL, ANY, &["no credentials found for given"])
        .because(
            "The gateway has no consumer whose JWT credential has the token's key claim, {issuer}.",
            "Make a credential at the gateway whose key is the token's iss (or the claim it is set to), with the issuer's public key.",
        )
        .shows(&[Show::Iss]),
    said("api-acl", CALL, ANY, &["you cannot consume this service"])
        .because("The token was taken, and the gateway's access list does not have the consumer's group.", "Put the consumer into a group that the route allows."),
    said("api-policy-deny", API, ANY, &["with an explicit deny", "is not authorized to perform: execute-api"])
        .because("The token was looked at, and the gateway's authorizer or resource policy denied the call.", "Read the policy that the authorizer returned."),
    said("api-right-said", API, ANY, &["insufficient privileges", "insufficient permission", "do not have permission to perform"])
        .because("The API knows the token, and a permission is missing: of the application, or of the user behind it.", "Compare scope and roles with what the API asks for; some permissions need an administrator's consent.")
        .shows(&[Show::Scope, Show::Roles, Show::WantedScope])
        .offers(&[Act::ScopeOfChallenge]),
    said("api-inactive", CALL, ANY, &["token isn't active", "token is not active", "token is inactive", "token inactive", "token_inactive", "inactive token"])
        .when(UNEXPLAINED)
        .because(
            "The server that issued the token calls it inactive: it has ended, was revoked, its session is over, or who asks may not see it.",
            "Ask introspection yourself; log in again where it says the same.",
        )
        .shows(&[Show::Exp])
        .offers(&[Act::LogIn, Act::Introspect]),
    said("api-out-of-time", CALL, ANY, &["expired or is not yet valid", "expired or not yet valid"])
        .because("By the API's clock the token has ended, or its time has not begun: {ended_words}.", "Refresh it or log in again; where it has time left here, compare the clocks.")
        .shows(&[Show::Exp, Show::Iat])
        .offers(&[Act::Refresh, Act::LogIn]),
    // APIs: Envoy, Spring, Istio, oauth2-proxy, libraries.
    said("api-no-token", API, ANY, NONE_SENT)
        .because("The API found no token in the call.", "Choose a token; a gateway on the way may have taken the header Authorization out."),
    said("api-wants-jwt", CALL, ANY, &["malformed token", "not in the form of header.payload.signature", "attempting to decode the jwt: malformed", "invalid number of segments", "jwt malformed", "not enough segments", "compacttoken parsing failed", "jwt header is an invalid json", "jwt payload is an invalid json", "bad token; invalid json", "idx12741", "idx14100", "must contain exactly 2 periods", "invalid compact jws", "invalid jwt serialization"])
        .because(
            "It reads JWTs only, and what was sent is no signed JWT it could read.",
            "Have the server issue JWTs to this client, exchange the token for one, or have the API ask introspection.",
        )
        .offers(&[Act::ExchangeForApi]),
    said("api-expired-said", CALL, ANY, &["jwt is expired", "jwt expired", "token is expired", "token has expired", "token expired", "signature has expired", "lifetime validation failed", "\"exp\" claim timestamp check failed", "idx10223", "token_expired", "expired_token"])
        .because("The API calls the token expired: {ended_words}.", "Refresh it or log in again; where it has time left here, compare the clocks.")
        .shows(&[Show::Exp])
        .offers(&[Act::Refresh, Act::LogIn]),
    said("api-not-yet", CALL, ANY, &["not yet valid", "used before", "issued in the future", "not active yet", "not valid yet", "not valid before", "jwt not active", "idx10222", "\"nbf\" claim timestamp check failed"])
        .because("The token's time has not begun at the API: the clocks differ.", "Set both clocks by the network.")
        .shows(&[Show::Iat]),
    said("api-issuer", CALL, ANY, &["jwt issuer is not configured", "issuer is not configured", "iss claim is not valid", "issuer is not trusted", "untrusted issuer", "unknown issuer", "invalid issuer", "issuer invalid", "jwt issuer", "the issuer '", "idx10205", "unexpected \"iss\"", "issued by a different provider", "wrong issuer", "issuer mismatch", "issuer does not match", "issuer did not match"])
        .because("The API does not know the issuer of the token, {issuer}.", "Compare iss, to the letter, with the issuer the API is set to.")
        .shows(&[Show::Iss]),
    said("api-audience", CALL, ANY, &["audiences in jwt are not allowed", "aud claim is not valid", "audience", "aud ", "unexpected \"aud\"", "idx10214", "idx10208"])
        .anywhere()
        .because("The token is not meant for this API.", "Get one with this API in aud.")
        .shows(&[Show::Aud])
        .offers(&[Act::ExchangeForApi]),
    said("api-key-unknown", CALL, ANY, &["jwks doesn't have key", "no matching key", "unable to find a signing key", "kid or alg", "unknown kid", "no applicable key", "signature key was not found", "unable to match key", "idx10501", "idx10503", "idx10500", "key not found", "kid not found"])
        .because(
            "The API has no key for the token's kid or alg: its copy of the issuer's keys is older than the key, or of another issuer.",
            "Wait until the copy is read anew (Envoy: 5 min), and compare the API's JWKS address with the issuer's.",
        )
        .shows(&[Show::Alg, Show::Iss]),
    said("api-algorithm", CALL, ANY, &["unsupported algorithm", "algorithm not allowed", "signing method", "alg is not allowed", "invalid algorithm", "[alg] is not supported", "idx10696"])
        .because("The API does not take the algorithm the token is signed with.", "Have the issuer sign with one it takes, usually RS256.")
        .shows(&[Show::Alg]),
    said("api-signature", CALL, ANY, &["invalid signature", "jwt verification fails", "signature verification failed", "signature is invalid", "bad signature", "idx10511", "signature validation failed", "failed to verify signature", "verifysignature failed"])
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
