//! JWT authorization grant.

use super::family::{JWT, KEYCLOAK};
use crate::refusal::{
    entry::{Act, Refusal, Show},
    when::{Proof, When},
};

/// What most of these rows share.
const ASSERTION: Refusal =
    Refusal { operations: JWT, status: 400, error: &["invalid_grant"], certain: true, seen: "26.5-26.8", ..KEYCLOAK };

/// The identity provider of the issuer does not fit.
const NO_PROVIDER: Refusal = Refusal {
    words: &["no identity provider for provided issuer"],
    event: &["no identity provider"],
    certain: false,
    show: &[Show::Iss],
    ..ASSERTION
};

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "kc-jwt-audiences",
        words: &["multiple audiences not allowed"],
        event: &["multiple audiences"],
        cause: "The assertion names several audiences; Keycloak takes exactly one, its own issuer or token endpoint.",
        fix: "Exchange the token for that single audience first.",
        show: &[Show::Aud],
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-audience",
        words: &["invalid token audience"],
        event: &["invalid token audience"],
        cause: "The assertion is not meant for this realm: its aud is neither the issuer nor the token endpoint.",
        fix: "Have the other side issue it with aud {server}.",
        show: &[Show::Aud],
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-gateway-audience",
        words: &["invalid token audience"],
        event: &["invalid token audience"],
        when: When::FromGateway,
        cause: "The gateway writes the consumer key into aud, and Keycloak takes an assertion only when its own issuer stands there, alone.",
        fix: "A WSO2 token can not be made to fit: an audience that is added there stands beside the consumer key, and Keycloak refuses several. Use the exchange with subject_issuer (legacy), or exchange the user's own Keycloak token.",
        show: &[Show::Aud],
        seen: "26.7.5 for the words; WSO2 4.0-4.7 for aud",
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-own-token",
        when: When::OwnIssuer,
        certain: true,
        cause: "The assertion was issued by this realm itself. The JWT grant takes tokens of another provider.",
        fix: "Use a token exchange for a token of this realm.",
        seen: "26.7.5",
        ..NO_PROVIDER
    },
    Refusal {
        id: "kc-jwt-no-idp",
        proof: Proof::ProviderMissing,
        tell: "Identity providers in the admin console: none has this issuer.",
        cause: "No identity provider of the realm has the issuer {issuer}.",
        fix: "Create one, or correct its issuer; it is compared exactly.",
        seen: "26.7.5",
        ..NO_PROVIDER
    },
    Refusal {
        id: "kc-jwt-idp-off",
        proof: Proof::ProviderGrantOff,
        tell: "The identity provider is there, and its switch JWT Authorization Grant is off.",
        cause: "The identity provider of {issuer} does not take assertions.",
        fix: "Switch on JWT Authorization Grant for it.",
        seen: "26.7.5: the words are those of no identity provider",
        ..NO_PROVIDER
    },
    Refusal {
        id: "kc-jwt-idp-disabled",
        proof: Proof::ProviderDisabled,
        tell: "The identity provider is there, and shown as disabled.",
        cause: "The identity provider of {issuer} is disabled.",
        fix: "Enable it.",
        seen: "26.7.5: the words are those of no identity provider",
        ..NO_PROVIDER
    },
    Refusal {
        id: "kc-jwt-idp-not-for-client",
        words: &["identity provider is not allowed for the client"],
        cause: "{client} may not use assertions of this identity provider.",
        fix: "Add the identity provider's alias to the JWT grant settings of {client}.",
        show: &[Show::Iss],
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-idp-not-configured",
        words: &["identity provider is not configured for jwt"],
        cause: "The identity provider does not take assertions.",
        fix: "Switch on JWT Authorization Grant for it.",
        show: &[Show::Iss],
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-client-off",
        words: &["jwt authorization grant is not supported for the requested client"],
        cause: "The JWT grant is switched off for {client}.",
        fix: "Switch on JWT Authorization Grant for {client}.",
        show: &[Show::Client],
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-public",
        words: &["public client not allowed to use authorization grant"],
        cause: "{client} is public, and the JWT grant is for clients with a secret.",
        fix: "Use a confidential client.",
        show: &[Show::Client],
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-reuse",
        words: &["token reuse detected"],
        event: &["token reuse"],
        proof: Proof::UsedBefore,
        cause: "This assertion was used before; Keycloak takes each one once, also where the first try was refused.",
        fix: "Get a fresh token and use it once, or allow reuse at the identity provider.",
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-expired",
        words: &["token is not active"],
        event: &["token is not active"],
        when: When::Expired,
        cause: "The assertion has ended {ended}.",
        fix: "Get a fresh token and use it at once.",
        show: &[Show::Exp],
        actions: &[Act::LogIn],
        seen: "26.7.5",
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-not-yet",
        words: &["token is not active", "issued in the future"],
        event: &["token is not active", "issued in the future"],
        cause: "By Keycloak's clock the assertion is not valid yet, or over.",
        fix: "Compare the clocks of both servers, or allow a clock skew at the identity provider.",
        show: &[Show::Exp, Show::Iat],
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-too-old",
        words: &["issued too far in the past", "expiration is too far"],
        event: &["too far"],
        cause: "The assertion was issued {age} ago, or lives longer, than the identity provider allows (300 s by default).",
        fix: "Get a fresh token, or raise the maximum expiration at the identity provider.",
        show: &[Show::Iat, Show::Exp],
        actions: &[Act::LogIn],
        seen: "26.7.5: iat counts; a long exp alone is taken",
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-no-exp",
        words: &["token exp claim is required"],
        cause: "The assertion has no exp.",
        fix: "Have the other side put it in.",
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-claims",
        words: &["missing claim", "token jti claim is required"],
        cause: "A claim is missing in the assertion: {named}.",
        fix: "Have the other side put it in; in Keycloak the client scope basic carries sub.",
        show: &[Show::Sub, Show::Iss],
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-algorithm",
        words: &["invalid signature algorithm"],
        event: &["invalid signature algorithm"],
        cause: "The identity provider is set to another signature algorithm than the assertion's.",
        fix: "Change the assertion signature algorithm at the identity provider, or leave it open.",
        show: &[Show::Alg],
        seen: "26.7.5",
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-signature-broken",
        words: &["=invalid signature", "error validating jwt"],
        event: &["=invalid signature"],
        when: When::BadSignature,
        cause: "The assertion's signature does not fit its issuer's key: it was changed or cut.",
        fix: "Get a fresh token and send it whole.",
        show: &[Show::Alg, Show::Iss],
        actions: &[Act::LogIn],
        seen: "26.7.5",
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-keys-elsewhere",
        words: &["=invalid signature", "error validating jwt"],
        event: &["=invalid signature"],
        proof: Proof::ProviderOtherKeys,
        tell: "The JWKS address of the identity provider lies outside {issuer}, or opening it from Keycloak's machine fails.",
        cause: "The identity provider is set to other keys than the issuer's: another JWKS address, a pasted key, or an address that does not answer.",
        fix: "Set its JWKS address to that of {issuer}, and look whether Keycloak reaches it.",
        show: &[Show::Iss, Show::Alg],
        seen: "26.7.5: a JWKS address that does not answer has the same words",
        ..NO_PROVIDER
    },
    Refusal {
        id: "kc-jwt-signature",
        words: &["=invalid signature", "error validating jwt"],
        event: &["=invalid signature"],
        tell: "The kid of the assertion is not in the JWKS of its issuer.",
        cause: "The assertion was signed with a key that Keycloak does not have: the other side changed its keys, or the assertion was changed.",
        fix: "Get a fresh token; if it stays, reload the keys of the identity provider.",
        show: &[Show::Iss, Show::Alg],
        actions: &[Act::LogIn],
        ..NO_PROVIDER
    },
    Refusal {
        id: "kc-jwt-user",
        words: &["user not found"],
        cause: "No user of the realm is linked to this subject at the identity provider. The JWT grant creates none.",
        fix: "Link the user: identity provider link with the assertion's sub as user id.",
        show: &[Show::Sub, Show::Iss],
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-user-disabled",
        words: &["user is not enabled"],
        event: &["user is not enabled"],
        cause: "The user linked to this subject is disabled.",
        fix: "Enable the user at the provider.",
        show: &[Show::Sub],
        seen: "26.7.5",
        ..ASSERTION
    },
    Refusal {
        id: "kc-jwt-not-a-jwt",
        words: &["missing parameter:assertion", "assertion is not a valid jwt"],
        cause: "The assertion is missing or not a JWT.",
        fix: "Choose a signed JWT.",
        ..ASSERTION
    },
];
