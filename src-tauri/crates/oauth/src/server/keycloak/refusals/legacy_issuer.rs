//! Legacy exchange V1: subjects from outside, issuers and accounts.

use super::family::{ACCESS_TYPE, EXCHANGE, KEYCLOAK};
use crate::refusal::{
    entry::{Act, Refusal, Show},
    when::When,
};

/// What most of these rows share.
const ISSUER: Refusal = Refusal { operations: EXCHANGE, status: 400, certain: true, ..KEYCLOAK };

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "kc-v1-requested-issuer-unknown",
        error: &["invalid_request"],
        words: &["invalid issuer"],
        event: &["unknown requested_issuer"],
        cause: "No identity provider of the realm has the alias that requested_issuer names.",
        fix: "Correct requested_issuer; it is the identity provider's alias, not its address.",
        seen: "V1, 26.7.5, event unknown_identity_provider",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-subject-issuer-unknown",
        error: &["invalid_issuer"],
        words: &["invalid subject_issuer"],
        event: &["invalid_issuer"],
        cause: "No identity provider of the realm has the alias or issuer that subject_issuer names.",
        fix: "Correct subject_issuer: the identity provider's alias, or its issuer exactly as configured. For a gateway the realm does not know yet, Portal, Mapping, The way back writes down what to set.",
        show: &[Show::Iss],
        seen: "V1, 26.7.5, event invalid_issuer",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-issuer-unsupported",
        error: &["invalid_request"],
        words: &["issuer does not support token exchange"],
        event: &["exchange unsupported by requested_issuer"],
        cause: "This kind of identity provider keeps no token that could be handed out.",
        fix: "Use an OpenID Connect provider that stores tokens.",
        seen: "V1, 26.7.5: checked before the permission",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-not-linked-session",
        error: &["not_linked"],
        words: &["can only link to current user session"],
        event: &["requested_issuer has not linked"],
        cause: "The identity provider stores no tokens, so it has one only for a user who logged in through it in this session.",
        fix: "Log in through that identity provider, or switch on Store tokens for it and link the account.",
        show: &[Show::Azp],
        actions: &[Act::LogIn],
        seen: "V1, 26.7.5, event invalid_request",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-not-linked",
        error: &["not_linked"],
        words: &["identity provider is not linked"],
        event: &["requested_issuer is not linked"],
        cause: "The realm keeps no token of the identity provider for this user: not linked to it, or linked and not logged in through it yet.",
        fix: "Log in through the identity provider, or link the account: account-link-url in the answer does it in the browser.",
        seen: "V1, 26.7.5",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-linked-expired",
        error: &["token_expired"],
        cause: "The stored token of the identity provider has ended.",
        fix: "Have the user log in through that identity provider again.",
        actions: &[Act::LogIn],
        seen: "V1",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-requested-type",
        error: &["invalid_target"],
        words: &["token_type_unsupported", "target_exchange_unsupported"],
        event: &["requested_token_type unsupported"],
        cause: "Of another provider only its access token is handed out; another requested_token_type is refused.",
        fix: "Leave requested_token_type out.",
        show: &[Show::RequestedType],
        actions: &[Act::Without("requested_token_type")],
        seen: "V1, 26.7.5, event invalid_request",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-external-type",
        error: &["invalid_token"],
        words: &["invalid token type"],
        event: &["subject_token_type invalid"],
        cause: "With subject_issuer, subject_token_type must be access_token, jwt or id_token.",
        fix: "Set it to what the other provider's token is.",
        show: &[Show::SubjectType],
        actions: &[ACCESS_TYPE],
        seen: "V1, 26.7.5, event invalid_token_type",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-external-no-typ",
        error: &["invalid_token"],
        words: &["token type not supported"],
        cause: "As type jwt or id_token, Keycloak reads the kind of the token from the claim typ in its content (Bearer, ID), and this one has none or another. WSO2 writes typ into the header only.",
        fix: "Send it as access_token: Keycloak then asks the gateway's userinfo about it, for which the token needs the scope openid.",
        show: &[Show::SubjectType, Show::Scope],
        actions: &[ACCESS_TYPE],
        seen: "V1, 26.7.5, writes no event",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-external-signature",
        error: &["invalid_token"],
        words: &["==invalid token"],
        event: &["token validation failure", "user info call failure"],
        when: When::All(&[When::Has("subject_issuer"), When::BadSignature]),
        cause: "The signature of the other provider's token does not fit its keys.",
        fix: "Get a fresh token there and send it whole; check the JWKS address of the identity provider.",
        show: &[Show::Iss, Show::Alg],
        seen: "V1, 26.7.5, event invalid_token",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-external-userinfo-off",
        error: &["invalid_token"],
        words: &["==invalid token"],
        event: &["user info service disabled"],
        when: When::All(&[When::Has("subject_issuer"), When::SubjectType("access_token")]),
        certain: false,
        tell: "Disable user info is on in the settings of the identity provider.",
        cause: "Keycloak asks the other provider's userinfo about an access token, and for this identity provider userinfo is switched off.",
        fix: "Switch Disable user info off, or send the token as type jwt with signature checks on.",
        show: &[Show::Iss, Show::SubjectType],
        seen: "V1, 26.7.5, event invalid_token",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-external-userinfo-openid",
        error: &["invalid_token"],
        words: &["==invalid token"],
        event: &["user info call failure"],
        when: When::All(&[When::Has("subject_issuer"), When::SubjectType("access_token"), When::NoOpenid]),
        cause: "Keycloak asks the other provider's userinfo about the token, and the token lacks the scope openid, without which userinfo refuses it.",
        fix: "Get the token there with scope openid, or send it as type jwt with signature checks on for the identity provider.",
        show: &[Show::Scope, Show::Iss],
        seen: "V1, 26.7.5, event invalid_token",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-external-userinfo",
        error: &["invalid_token"],
        words: &["==invalid token"],
        event: &["user info call failure", "sub claim is null"],
        when: When::All(&[When::Has("subject_issuer"), When::SubjectType("access_token")]),
        certain: false,
        tell: "Calling the other provider's userinfo with the token fails as well.",
        cause: "Keycloak asked the other provider's userinfo about the token, and it refused: ended, not for userinfo, or without the scope openid.",
        fix: "Get the token with scope openid, or send it as type jwt with signature checks on for the identity provider.",
        show: &[Show::Iss, Show::Scope, Show::SubjectType],
        seen: "V1, 26.7.5, event invalid_token",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-external-invalid",
        error: &["invalid_token"],
        words: &["==invalid token"],
        event: &["token validation failure", "failed to extract identity"],
        when: When::All(&[When::Has("subject_issuer"), When::SubjectType("jwt")]),
        cause: "Keycloak could not check the other provider's token: the signature does not fit the keys it knows, or the claims are not those of a user.",
        fix: "Check the JWKS address of the identity provider and the token's iss.",
        show: &[Show::Iss, Show::Alg],
        seen: "V1, 26.7.5, event invalid_token",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-external-missing",
        error: &["invalid_token"],
        words: &["token not set"],
        cause: "subject_issuer was sent without a subject_token.",
        fix: "Choose a token of the other provider.",
        seen: "V1",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-config",
        error: &["invalid_config"],
        cause: "The identity provider is set to check signatures and has neither a JWKS address nor a public key.",
        fix: "Set its JWKS address, or paste its public key.",
        show: &[Show::Iss],
        seen: "V1; 26.7.5 does not let such a setting be saved",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-account-exists",
        error: &["invalid_token"],
        words: &["user already exists"],
        event: &["federated_identity_account_exists"],
        cause: "A user of this name or address exists already and is not linked.",
        fix: "Link the account first.",
        seen: "V1",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-external-user-disabled",
        error: &["invalid_token"],
        words: &["==Invalid Token"],
        event: &["user_disabled"],
        when: When::Has("subject_issuer"),
        cause: "The user linked to the other provider's token is disabled or locked.",
        fix: "Enable the user at the provider.",
        show: &[Show::Sub],
        seen: "V1, 26.7.5: the words are Invalid Token, the event user_disabled",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-subject-missing",
        status: 500,
        error: &["unknown_error"],
        when: When::Lacks("subject_token"),
        cause: "No subject_token was sent, and the legacy exchange breaks on that inside.",
        fix: "Choose a subject token.",
        seen: "26.7.5",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-external-not-json",
        status: 500,
        error: &["invalid_request"],
        words: &["cannot parse the json"],
        when: When::Has("subject_issuer"),
        cause: "What was sent as the other provider's JWT is none, and Keycloak breaks on it inside.",
        fix: "Send a whole JWT, or set subject_token_type to access_token.",
        show: &[Show::SubjectType],
        seen: "26.7.5",
        ..ISSUER
    },
    Refusal {
        id: "kc-v1-server-error",
        status: 500,
        error: &["unknown_error"],
        certain: false,
        cause: "Keycloak failed inside. Typical: the legacy exchange with fine-grained permissions V2, or a legacy external exchange without subject_issuer.",
        fix: "Read the server's log. Use the standard exchange, or start with token-exchange:v1 and admin-fine-grained-authz:v1.",
        seen: "26.0-26.7.5, among others for no subject_token and no requested_subject",
        ..ISSUER
    },
];
