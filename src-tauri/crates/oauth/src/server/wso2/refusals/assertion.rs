//! The token endpoint: assertions.

use super::family::{ASSERTION, WSO2};
use crate::refusal::{
    entry::{Act, Refusal, Show, Tried},
    when::When,
};
use record::operation::Operation;

/// What most of these rows share.
const ASSERTED: Refusal = Refusal { operations: ASSERTION, certain: true, ..WSO2 };

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "wso2-idp-unknown",
        error: &["invalid_grant", "invalid_request"],
        words: &["no registered idp found", "no registered identity provider found"],
        cause: "No identity provider there has the issuer {issuer}; it is compared exactly, with scheme, host, port and path.",
        fix: "Enter exactly this issuer as Identity Provider's Issuer Name. Up to 4.6 the identity provider's own name must be the issuer, too.",
        show: &[Show::Iss],
        ..ASSERTED
    },
    Refusal {
        id: "wso2-idp-inactive",
        error: &["invalid_grant", "invalid_request"],
        words: &["no active idp"],
        cause: "The identity provider for {issuer} is disabled there.",
        fix: "Enable it.",
        show: &[Show::Iss],
        ..ASSERTED
    },
    Refusal {
        id: "wso2-alias",
        error: &["invalid_grant", "invalid_target"],
        words: &["none of the audience values matched", "invalid audience values"],
        cause: "The assertion's aud does not hold the alias the identity provider has there.",
        fix: "Set the alias to a value that is in aud, or add an audience mapper with the alias to the client {origin}.",
        show: &[Show::Aud],
        ..ASSERTED
    },
    Refusal {
        id: "wso2-alias-empty",
        words: &["alias of the local identity provider has not been configured"],
        cause: "The identity provider has no alias there, so no audience can fit.",
        fix: "Fill in Alias with a value that is in aud.",
        show: &[Show::Aud],
        ..ASSERTED
    },
    Refusal {
        id: "wso2-assertion-expired",
        error: &["invalid_grant", "invalid_request"],
        words: &["json web token is expired"],
        when: When::Expired,
        cause: "The assertion has ended {ended} by the server's clock, which tolerates no difference.",
        fix: "Refresh the provider token first. If it is fresh, compare the clocks.",
        show: &[Show::Exp],
        actions: &[Act::Refresh, Act::LogIn],
        ..ASSERTED
    },
    Refusal {
        id: "wso2-assertion-clock",
        error: &["invalid_grant", "invalid_request"],
        words: &["json web token is expired"],
        cause: "The server says that the assertion has ended, and by this machine's clock it has not: the clocks differ by at least what it has left. WSO2 tolerates no difference.",
        fix: "Compare the clocks of the server, the provider and this machine (NTP), or let the server tolerate some seconds: timestamp_skew under [oauth] in deployment.toml.",
        show: &[Show::Exp, Show::Iat],
        actions: &[Act::Refresh, Act::LogIn],
        ..ASSERTED
    },
    Refusal {
        id: "wso2-assertion-old",
        error: &["invalid_grant", "invalid_request"],
        words: &["issued before the allowed time"],
        cause: "The assertion was issued {age} ago; assertions older than 30 min (60 min in an exchange) are refused even when they are still valid.",
        fix: "Refresh the provider token first.",
        show: &[Show::Iat],
        actions: &[Act::Refresh, Act::LogIn],
        ..ASSERTED
    },
    Refusal {
        id: "wso2-assertion-nbf",
        words: &["used before not_before_time"],
        cause: "By the server's clock the assertion is not valid yet.",
        fix: "Compare the clocks of both servers.",
        show: &[Show::Iat],
        ..ASSERTED
    },
    Refusal {
        id: "wso2-assertion-signature",
        error: &["invalid_grant", "invalid_request"],
        words: &["signature or message authentication invalid"],
        certain: false,
        cause: "The assertion's signature does not fit the key the server has: keys were rotated, it is of another realm, or the keys could not be read within a second.",
        fix: "Give the identity provider a JWKS address instead of a pinned certificate, and check that the server reaches it quickly.",
        show: &[Show::Iss, Show::Alg],
        ..ASSERTED
    },
    Refusal {
        id: "wso2-assertion-claims",
        words: &["mandatory fields(issuer, subject, expiration time or audience) are empty"],
        cause: "The assertion lacks iss, sub, exp or aud.",
        fix: "In Keycloak the client scope basic carries sub, an audience mapper aud.",
        show: &[Show::Sub, Show::Aud, Show::Iss],
        ..ASSERTED
    },
    Refusal {
        id: "wso2-assertion-no-jwt",
        words: &["error when trying to retrieve claimsset", "no valid assertion was found"],
        cause: "The assertion is no JWT.",
        fix: "Choose a signed JWT; an opaque token can not be mapped.",
        ..ASSERTED
    },
    Refusal {
        id: "wso2-assertion-key",
        words: &["unable to locate certificate", "x509certificate has expired"],
        cause: "The identity provider has no usable key there.",
        fix: "Give it a JWKS address or a current certificate.",
        show: &[Show::Iss],
        ..ASSERTED
    },
    Refusal {
        id: "wso2-assertion-alg",
        words: &["could not create a signature verifier for algorithm"],
        cause: "The assertion is signed with an algorithm the server does not check; it takes RSA only.",
        fix: "Let the realm sign with RS256.",
        show: &[Show::Alg],
        ..ASSERTED
    },
    Refusal {
        id: "wso2-type",
        operations: Tried::These(&[Operation::TokenExchange]),
        error: &["invalid_request"],
        words: &["unsupported requested token type", "unsupported subject token type"],
        cause: "WSO2 exchanges JWTs for JWTs only.",
        fix: "Set both types to jwt.",
        show: &[Show::SubjectType, Show::RequestedType],
        actions: &[
            Act::Set("Use jwt", "subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            Act::Without("requested_token_type"),
        ],
        seen: "4.1-4.7",
        ..ASSERTED
    },
];
