//! Standard token exchange (V2): audience, scope, consent and policies.

use super::family::{ACCESS_TYPE, EXCHANGE, KEYCLOAK};
use crate::refusal::entry::{Act, Refusal, Show, Tried};

/// What most of these rows share.
const TARGET: Refusal = Refusal { operations: EXCHANGE, status: 400, certain: true, ..KEYCLOAK };

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "kc-v2-audience-not-found",
        error: &["invalid_client"],
        words: &["audience not found"],
        event: &["audience not found"],
        cause: "{an_audience} is no client of this realm. An audience is a client id here.",
        fix: "Correct the audience, or create a client of that name (its id may be an address).",
        show: &[Show::AskedAudience],
        actions: &[Act::Without("audience")],
        seen: "26.2-26.8, event client_not_found",
        ..TARGET
    },
    Refusal {
        id: "kc-v2-audience-disabled",
        error: &["invalid_client"],
        words: &["client disabled"],
        event: &["audience client disabled"],
        cause: "{an_audience} is a disabled client.",
        fix: "Enable it at the provider, or choose another audience.",
        show: &[Show::AskedAudience],
        seen: "26.2-26.8, event client_disabled",
        ..TARGET
    },
    Refusal {
        id: "kc-v2-audience-not-available",
        error: &["invalid_request"],
        words: &["requested audience not available"],
        event: &["requested audience not available"],
        cause: "The parameter audience only narrows what the new token would have anyway, and nothing puts {named} into it for this user and these scopes.",
        fix: "Ask for a scope that carries {named}, give the user a role of {named}, or add an audience mapper for {named} to {client}.",
        show: &[Show::AskedAudience, Show::AskedScope, Show::Aud],
        actions: &[Act::Without("audience")],
        ..TARGET
    },
    Refusal {
        id: "kc-invalid-scopes",
        operations: Tried::Anything,
        error: &["invalid_scope"],
        words: &["invalid scopes"],
        event: &["invalid scopes"],
        cause: "At least one of these scopes is neither default nor optional for {client}: {named}.",
        fix: "Leave it out, or add the client scope to {client} as optional{scopes_to_make}.",
        show: &[Show::AskedScope],
        actions: &[Act::Without("scope")],
        ..TARGET
    },
    Refusal {
        id: "kc-v2-public-client",
        error: &["invalid_client"],
        words: &["public client is not allowed to exchange"],
        event: &["public client is not allowed"],
        cause: "{client} is a public client. Keycloak lets only clients with a secret exchange tokens.",
        fix: "Exchange as a confidential client.",
        show: &[Show::Client],
        actions: &[Act::ExchangeAsNamed],
        seen: "26.7.5, only where the attribute is set on a public client",
        ..TARGET
    },
    Refusal {
        id: "kc-v2-consent-missing",
        error: &["invalid_scope"],
        words: &["missing consents for token exchange"],
        event: &["missing consents"],
        cause: "{client} requires consent, and the user has not given it for these scopes.",
        fix: "Have the user log in to {client} once and agree, or switch consent off for it.",
        show: &[Show::AskedScope],
        seen: "26.2-26.8, event consent_denied",
        ..TARGET
    },
    Refusal {
        id: "kc-v2-refresh-needs-session",
        error: &["invalid_request"],
        words: &["refresh token not valid as requested_token_type"],
        event: &["creating a new session is needed"],
        cause: "A refresh token was asked for, and the subject token has no online session to tie it to: it comes from client credentials or an offline log in.",
        fix: "Ask for an access token, or start from a user's normal log in.",
        show: &[Show::RequestedType, Show::Azp],
        actions: &[Act::Without("requested_token_type")],
        ..TARGET
    },
    Refusal {
        id: "kc-v2-offline-access",
        error: &["invalid_request"],
        words: &["scope offline_access not allowed"],
        event: &["offline_access not allowed"],
        cause: "A refresh token was asked for together with offline_access, and an exchange never makes an offline session.",
        fix: "Leave offline_access out of the scope.",
        show: &[Show::AskedScope],
        actions: &[Act::Without("scope")],
        seen: "26.7.5, only with requested_token_type refresh_token; else the scope is left out without a word",
        ..TARGET
    },
    Refusal {
        id: "kc-v2-sender-constrained",
        error: &["invalid_request"],
        words: &["sender-constrained token exchange rejected"],
        event: &["sender-constrained"],
        cause: "The subject token is bound to a key (DPoP or mutual TLS) of another client, and only that client may exchange it.",
        fix: "Exchange as {origin}, or use bearer tokens for this hop.",
        show: &[Show::Azp],
        seen: "26.6-26.8",
        ..TARGET
    },
    Refusal {
        id: "kc-dpop-missing",
        operations: Tried::Anything,
        error: &["invalid_request", "invalid_dpop_proof"],
        words: &["dpop proof is missing"],
        event: &["dpop proof is missing"],
        cause: "The token is bound by DPoP, and the request carries no proof.",
        fix: "Switch DPoP off for the client, or send the request with a DPoP header.",
        seen: "26.4-26.8",
        ..TARGET
    },
    Refusal {
        id: "kc-v2-subject-type-invalid",
        error: &["invalid_request"],
        words: &["invalid subject token type"],
        event: &["subject_token_type invalid"],
        cause: "subject_token_type is not one this exchange takes.",
        fix: "Set it to access_token.",
        show: &[Show::SubjectType],
        actions: &[ACCESS_TYPE],
        seen: "26.7-26.8",
        ..TARGET
    },
    Refusal {
        id: "kc-policy-downscope",
        error: &["invalid_scope"],
        words: &["not present in the initial access token"],
        event: &["client_policy_error"],
        cause: "A client policy of the realm (downscope-assertion-grant-enforcer) lets an exchange keep only scopes that the subject token has.",
        fix: "Ask for these scopes when logging in, or take the policy off {client}.",
        show: &[Show::AskedScope, Show::Scope],
        actions: &[Act::Without("scope")],
        seen: "26.7.5, event client_policy_error",
        ..TARGET
    },
    Refusal {
        id: "kc-client-policy",
        operations: Tried::Anything,
        words: &["request not allowed"],
        event: &["client_policy_error"],
        cause: "A client policy of the realm refused the request.",
        fix: "Look through Realm settings, Client policies, for those that hold for {client}; the event's details name the error.",
        show: &[Show::Client],
        seen: "26.7.5, event client_policy_error",
        ..TARGET
    },
    Refusal {
        id: "kc-https-required",
        operations: Tried::Anything,
        status: 403,
        error: &["invalid_request"],
        words: &["https required"],
        cause: "The realm requires https for this address.",
        fix: "Use the https address, or set Require SSL of the realm to external requests or none for a test.",
        ..TARGET
    },
    Refusal {
        id: "kc-duplicated-parameter",
        operations: Tried::Anything,
        error: &["invalid_request"],
        words: &["duplicated parameter"],
        cause: "A parameter was sent more than once. Keycloak allows that for audience and resource only.",
        fix: "Remove the repeated one from the added parameters.",
        ..TARGET
    },
];
