//! Causes that an API, or a gateway or proxy before it, names in words of its own.

use super::family::{API, CALL, SAID};
use crate::refusal::{
    entry::{Act, Refusal, Show},
    when::{Shelf, When},
};

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

pub(crate) const ROWS: &[Refusal] = &[
    // Gateways that did not come to look at the token.
    Refusal {
        id: "api-keys-unreachable",
        operations: CALL,
        words: &[
            "jwks remote fetch is failed",
            "retrieve remote jwk set",
            "failed to fetch jwks",
            "failed to get jwks",
            "could not fetch jwks",
            "idx20803",
            "idx20804",
            "unable to obtain configuration",
            "error fetching jwks",
        ],
        cause: "The API could not read the issuer's keys, so it could check no token at all.",
        fix: "From where the API runs, call its JWKS address: the host name, a proxy on the way, and whether it trusts the certificate.",
        show: &[Show::Iss],
        ..SAID
    },
    Refusal {
        id: "api-introspection-refused",
        operations: CALL,
        words: &["response indicates failure, status=4"],
        cause: "The gateway asked the issuer about the token and was refused itself, so it is the gateway's own client, its secret or its introspection address that is wrong.",
        fix: "Compare the gateway's client id, secret and introspection address with the issuer's.",
        ..SAID
    },
    Refusal {
        id: "api-no-route",
        operations: API,
        words: &["no route matched", "=missing authentication token", "no matching route", "404 route not found"],
        cause: "The gateway has no route for this address and method, and did not look at the token. AWS calls that a missing authentication token.",
        fix: "Compare path, stage and method with the gateway's routes.",
        ..SAID
    },
    Refusal {
        id: "api-upstream",
        operations: API,
        words: &["upstream connect error", "no healthy upstream", "upstream request timeout"],
        cause: "The proxy let the call through, and the service behind it did not answer. The token is not the cause.",
        fix: "Look at the service behind the proxy.",
        ..SAID
    },
    Refusal {
        id: "api-consumer-unknown",
        operations: CALL,
        words: &["no credentials found for given"],
        cause: "The gateway has no consumer whose JWT credential has the token's key claim, {issuer}.",
        fix: "Make a credential at the gateway whose key is the token's iss (or the claim it is set to), with the issuer's public key.",
        show: &[Show::Iss],
        ..SAID
    },
    Refusal {
        id: "api-acl",
        operations: CALL,
        words: &["you cannot consume this service"],
        cause: "The token was taken, and the gateway's access list does not have the consumer's group.",
        fix: "Put the consumer into a group that the route allows.",
        ..SAID
    },
    Refusal {
        id: "api-policy-deny",
        operations: API,
        words: &["with an explicit deny", "is not authorized to perform: execute-api"],
        cause: "The token was looked at, and the gateway's authorizer or resource policy denied the call.",
        fix: "Read the policy that the authorizer returned.",
        ..SAID
    },
    Refusal {
        id: "api-right-said",
        operations: API,
        words: &["insufficient privileges", "insufficient permission", "do not have permission to perform"],
        cause: "The API knows the token, and a permission is missing: of the application, or of the user behind it.",
        fix: "Compare scope and roles with what the API asks for; some permissions need an administrator's consent.",
        show: &[Show::Scope, Show::Roles, Show::WantedScope],
        actions: &[Act::ScopeOfChallenge],
        ..SAID
    },
    Refusal {
        id: "api-inactive",
        operations: CALL,
        words: &[
            "token isn't active",
            "token is not active",
            "token is inactive",
            "token inactive",
            "token_inactive",
            "inactive token",
        ],
        when: UNEXPLAINED,
        cause: "The server that issued the token calls it inactive: it has ended, was revoked, its session is over, or who asks may not see it.",
        fix: "Ask introspection yourself; log in again where it says the same.",
        show: &[Show::Exp],
        actions: &[Act::LogIn, Act::Introspect],
        ..SAID
    },
    Refusal {
        id: "api-out-of-time",
        operations: CALL,
        words: &["expired or is not yet valid", "expired or not yet valid"],
        cause: "By the API's clock the token has ended, or its time has not begun: {ended_words}.",
        fix: "Refresh it or log in again; where it has time left here, compare the clocks.",
        show: &[Show::Exp, Show::Iat],
        actions: &[Act::Refresh, Act::LogIn],
        ..SAID
    },
    // APIs: Envoy, Spring, Istio, oauth2-proxy, libraries.
    Refusal {
        id: "api-no-token",
        operations: API,
        words: NONE_SENT,
        cause: "The API found no token in the call.",
        fix: "Choose a token; a gateway on the way may have taken the header Authorization out.",
        ..SAID
    },
    Refusal {
        id: "api-wants-jwt",
        operations: CALL,
        words: &[
            "malformed token",
            "not in the form of header.payload.signature",
            "attempting to decode the jwt: malformed",
            "invalid number of segments",
            "jwt malformed",
            "not enough segments",
            "compacttoken parsing failed",
            "jwt header is an invalid json",
            "jwt payload is an invalid json",
            "bad token; invalid json",
            "idx12741",
            "idx14100",
            "must contain exactly 2 periods",
            "invalid compact jws",
            "invalid jwt serialization",
        ],
        cause: "It reads JWTs only, and what was sent is no signed JWT it could read.",
        fix: "Have the server issue JWTs to this client, exchange the token for one, or have the API ask introspection.",
        actions: &[Act::ExchangeForApi],
        ..SAID
    },
    Refusal {
        id: "api-expired-said",
        operations: CALL,
        words: &[
            "jwt is expired",
            "jwt expired",
            "token is expired",
            "token has expired",
            "token expired",
            "signature has expired",
            "lifetime validation failed",
            "\"exp\" claim timestamp check failed",
            "idx10223",
            "token_expired",
            "expired_token",
        ],
        cause: "The API calls the token expired: {ended_words}.",
        fix: "Refresh it or log in again; where it has time left here, compare the clocks.",
        show: &[Show::Exp],
        actions: &[Act::Refresh, Act::LogIn],
        ..SAID
    },
    Refusal {
        id: "api-not-yet",
        operations: CALL,
        words: &[
            "not yet valid",
            "used before",
            "issued in the future",
            "not active yet",
            "not valid yet",
            "not valid before",
            "jwt not active",
            "idx10222",
            "\"nbf\" claim timestamp check failed",
        ],
        cause: "The token's time has not begun at the API: the clocks differ.",
        fix: "Set both clocks by the network.",
        show: &[Show::Iat],
        ..SAID
    },
    Refusal {
        id: "api-issuer",
        operations: CALL,
        words: &[
            "jwt issuer is not configured",
            "issuer is not configured",
            "iss claim is not valid",
            "issuer is not trusted",
            "untrusted issuer",
            "unknown issuer",
            "invalid issuer",
            "issuer invalid",
            "jwt issuer",
            "the issuer '",
            "idx10205",
            "unexpected \"iss\"",
            "issued by a different provider",
            "wrong issuer",
            "issuer mismatch",
            "issuer does not match",
            "issuer did not match",
        ],
        cause: "The API does not know the issuer of the token, {issuer}.",
        fix: "Compare iss, to the letter, with the issuer the API is set to.",
        show: &[Show::Iss],
        ..SAID
    },
    Refusal {
        id: "api-audience",
        dialect: None,
        operations: CALL,
        words: &[
            "audiences in jwt are not allowed",
            "aud claim is not valid",
            "audience",
            "aud ",
            "unexpected \"aud\"",
            "idx10214",
            "idx10208",
        ],
        cause: "The token is not meant for this API.",
        fix: "Get one with this API in aud.",
        show: &[Show::Aud],
        actions: &[Act::ExchangeForApi],
        ..SAID
    },
    Refusal {
        id: "api-key-unknown",
        operations: CALL,
        words: &[
            "jwks doesn't have key",
            "no matching key",
            "unable to find a signing key",
            "kid or alg",
            "unknown kid",
            "no applicable key",
            "signature key was not found",
            "unable to match key",
            "idx10501",
            "idx10503",
            "idx10500",
            "key not found",
            "kid not found",
        ],
        cause: "The API has no key for the token's kid or alg: its copy of the issuer's keys is older than the key, or of another issuer.",
        fix: "Wait until the copy is read anew (Envoy: 5 min), and compare the API's JWKS address with the issuer's.",
        show: &[Show::Alg, Show::Iss],
        ..SAID
    },
    Refusal {
        id: "api-algorithm",
        operations: CALL,
        words: &[
            "unsupported algorithm",
            "algorithm not allowed",
            "signing method",
            "alg is not allowed",
            "invalid algorithm",
            "[alg] is not supported",
            "idx10696",
        ],
        cause: "The API does not take the algorithm the token is signed with.",
        fix: "Have the issuer sign with one it takes, usually RS256.",
        show: &[Show::Alg],
        ..SAID
    },
    Refusal {
        id: "api-signature",
        operations: CALL,
        words: &[
            "invalid signature",
            "jwt verification fails",
            "signature verification failed",
            "signature is invalid",
            "bad signature",
            "idx10511",
            "signature validation failed",
            "failed to verify signature",
            "verifysignature failed",
        ],
        cause: "The signature does not fit the key the API has: the token was changed or cut, or the API reads another issuer's keys.",
        fix: "Look at the signature on the shelf. If it fits there, compare the API's JWKS address with the issuer's.",
        show: &[Show::Alg, Show::Iss],
        ..SAID
    },
    Refusal {
        id: "api-rbac",
        operations: CALL,
        words: &["rbac: access denied"],
        cause: "The token was taken, and a rule of the proxy before the API (Envoy, Istio: RBAC) does not let this call through.",
        fix: "Compare the rule's claims, path and method with the token and the call.",
        show: &[Show::Scope, Show::Roles, Show::Aud],
        ..SAID
    },
    Refusal {
        id: "api-expected-other",
        operations: CALL,
        words: &["expected"],
        when: When::ExpectedOther,
        cause: "The API expected {expected} and found {found}{found_in}.",
        fix: "Get a token that has what it expects, or set the API to what the issuer writes.",
        show: &[Show::Iss, Show::Aud],
        ..SAID
    },
];
