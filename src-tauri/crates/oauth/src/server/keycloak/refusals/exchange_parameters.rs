//! Standard token exchange (V2): who may exchange, and the parameters.

use super::family::{ACCESS_TYPE, EXCHANGE, KEYCLOAK};
use crate::refusal::{
    entry::{Act, Refusal, Show},
    when::{Proof, When},
};

/// What most of these rows share.
const PARAMETER: Refusal = Refusal { operations: EXCHANGE, status: 400, error: &["invalid_request"], certain: true, ..KEYCLOAK };

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "kc-v2-requester-not-in-aud",
        status: 403,
        error: &["access_denied"],
        words: &["client is not within the token audience"],
        event: &["client is not within the token audience"],
        cause: "The subject token is not meant for {client}. Keycloak exchanges a token only for a client that its aud names.",
        fix: "Add an audience mapper for {client} to the client {origin} (or give the user a client role of {client}), then log in again.",
        show: &[Show::RequesterInAud, Show::Azp],
        actions: &[Act::ExchangeAsNamed, Act::LogIn],
        seen: "26.2-26.8, event not_allowed",
        ..PARAMETER
    },
    Refusal {
        id: "kc-v2-not-enabled-public",
        words: &["standard token exchange is not enabled"],
        event: &["standard token exchange is not enabled"],
        when: When::Public,
        cause: "{client} is a public client, and only clients with a secret exchange tokens at Keycloak. The switch its words ask for would not help.",
        fix: "Exchange as a confidential client.",
        show: &[Show::Client],
        actions: &[Act::ExchangeAsNamed],
        seen: "26.7.5: the words are those of the missing switch, because a public client has none",
        ..PARAMETER
    },
    Refusal {
        id: "kc-v2-not-enabled",
        words: &["standard token exchange is not enabled"],
        event: &["standard token exchange is not enabled"],
        cause: "Token exchange is switched off for {client}.",
        fix: "Switch on Standard token exchange in the capability settings of {client} (attribute standard.token.exchange.enabled).",
        show: &[Show::Client],
        actions: &[Act::ExchangeAsNamed],
        ..PARAMETER
    },
    Refusal {
        id: "kc-v2-subject-token-missing",
        words: &["parameter 'subject_token' required"],
        cause: "The request holds no subject_token.",
        fix: "Choose a token from the shelf.",
        ..PARAMETER
    },
    Refusal {
        id: "kc-v2-subject-type-missing",
        words: &["parameter 'subject_token_type' required"],
        cause: "The request does not say what the subject token is.",
        fix: "Set subject_token_type to access_token.",
        actions: &[ACCESS_TYPE],
        ..PARAMETER
    },
    Refusal {
        id: "kc-v2-access-tokens-only",
        words: &["parameter 'subject_token' supports access tokens only"],
        event: &["supports access tokens only"],
        cause: "subject_token_type is not access_token, and Keycloak's standard exchange takes access tokens only.",
        fix: "Send an access token, and set subject_token_type to access_token.",
        show: &[Show::SubjectType],
        actions: &[ACCESS_TYPE],
        ..PARAMETER
    },
    Refusal {
        id: "kc-v2-requested-subject",
        words: &["parameter 'requested_subject' is not supported"],
        cause: "Impersonation (requested_subject) belongs to the legacy exchange, which is off.",
        fix: "Leave requested_subject out, or start Keycloak with the preview feature token-exchange and fine-grained permissions V1.",
        actions: &[Act::Without("requested_subject")],
        ..PARAMETER
    },
    Refusal {
        id: "kc-v2-requested-issuer",
        words: &["parameter 'requested_issuer' is not supported"],
        cause: "Getting another provider's token (requested_issuer) belongs to the legacy exchange, which is off.",
        fix: "Leave requested_issuer out, or use the Identity Brokering API of Keycloak 26.6 and later.",
        actions: &[Act::Without("requested_issuer")],
        ..PARAMETER
    },
    Refusal {
        id: "kc-v2-subject-issuer",
        words: &["parameter 'subject_issuer' is not supported"],
        cause: "Taking another provider's token (subject_issuer) belongs to the legacy exchange, which is off.",
        fix: "Use the JWT bearer grant of Keycloak 26.5 and later, with the other provider configured as identity provider.",
        show: &[Show::Iss],
        actions: &[Act::Without("subject_issuer")],
        ..PARAMETER
    },
    Refusal {
        id: "kc-requested-refresh-session-off",
        words: &["requested_token_type unsupported"],
        event: &["requested_token_type unsupported"],
        when: When::Requested("refresh_token"),
        certain: false,
        proof: Proof::ExchangeRefreshOff,
        tell: "Advanced, OpenID Connect compatibility modes of {client}: Allow refresh token in Standard Token Exchange is No.",
        cause: "A refresh token was asked for, and {client} may not have one in an exchange.",
        fix: "Set Allow refresh token in Standard Token Exchange to Same session for {client}, or ask for an access token.",
        show: &[Show::RequestedType, Show::Client],
        actions: &[Act::Without("requested_token_type")],
        ..PARAMETER
    },
    Refusal {
        id: "kc-requested-refresh-off",
        words: &["requested_token_type unsupported"],
        event: &["requested_token_type unsupported"],
        when: When::Requested("refresh_token"),
        certain: false,
        proof: Proof::RefreshOff,
        tell: "Advanced, OpenID Connect compatibility modes of {client}: Use refresh tokens is off.",
        cause: "A refresh token was asked for, and {client} may have none at all.",
        fix: "Switch on Use refresh tokens for {client}, or ask for an access token.",
        show: &[Show::RequestedType, Show::Client],
        actions: &[Act::Without("requested_token_type")],
        ..PARAMETER
    },
    Refusal {
        id: "kc-requested-type",
        words: &["requested_token_type unsupported"],
        event: &["requested_token_type unsupported"],
        cause: "The requested token type is not given by an exchange here: Keycloak gives access_token, id_token and, where the client may have it, refresh_token.",
        fix: "Ask for access_token.",
        show: &[Show::RequestedType],
        actions: &[Act::Without("requested_token_type")],
        ..PARAMETER
    },
];
