//! Legacy exchange V1: permissions. One sentence, told apart by the event.

use super::family::{ACCESS_TYPE, EXCHANGE, KEYCLOAK};
use crate::refusal::{
    entry::{Act, Refusal, Show},
    when::When,
};

/// What most of these rows share.
const PERMISSION: Refusal = Refusal { operations: EXCHANGE, status: 403, error: &["access_denied"], ..KEYCLOAK };

/// The sentence that stands for every missing permission.
const NOT_ALLOWED: Refusal = Refusal { words: &["client not allowed to exchange"], seen: "V1, 26.7.5", ..PERMISSION };

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "kc-v1-audience-permission",
        event: &["client not allowed to exchange to audience"],
        when: When::All(&[When::Lacks("requested_subject"), When::Lacks("requested_issuer"), When::Lacks("subject_issuer")]),
        certain: true,
        cause: "{client} has no token-exchange permission on {audience}.",
        fix: "Switch permissions on for {audience} (the target) and add a client policy that lists {client}; fine-grained permissions V1 are needed.",
        show: &[Show::AskedAudience],
        seen: "V1",
        ..NOT_ALLOWED
    },
    Refusal {
        id: "kc-v1-requested-issuer-permission",
        event: &["not allowed to exchange for requested_issuer"],
        when: When::All(&[When::Has("requested_issuer"), When::Lacks("requested_subject")]),
        certain: true,
        cause: "{client} has no token-exchange permission on the identity provider.",
        fix: "Switch permissions on for the identity provider and add a client policy that lists {client}.",
        seen: "V1",
        ..NOT_ALLOWED
    },
    Refusal {
        id: "kc-v1-subject-issuer-permission",
        event: &["not allowed to exchange subject_issuer"],
        when: When::All(&[When::Has("subject_issuer"), When::Lacks("requested_subject"), When::Lacks("audience")]),
        certain: true,
        cause: "{client} has no token-exchange permission on the identity provider that issued the token.",
        fix: "Switch permissions on for the identity provider and add a client policy that lists {client}.",
        show: &[Show::Iss],
        seen: "V1",
        ..NOT_ALLOWED
    },
    // With an audience there are two permissions; that of the identity provider is looked at first.
    Refusal {
        id: "kc-v1-subject-issuer-permission-first",
        event: &["not allowed to exchange subject_issuer"],
        when: When::All(&[When::Has("subject_issuer"), When::Lacks("requested_subject"), When::Has("audience")]),
        tell: "Permissions of the identity provider, token-exchange, names no policy with {client}.",
        cause: "{client} has no token-exchange permission on the identity provider that issued the token.",
        fix: "Switch permissions on for the identity provider and add a client policy that lists {client}; {audience} needs one too.",
        show: &[Show::Iss],
        ..NOT_ALLOWED
    },
    Refusal {
        id: "kc-v1-audience-permission-outside",
        event: &["client not allowed to exchange to audience"],
        when: When::All(&[When::Has("subject_issuer"), When::Has("audience"), When::Lacks("requested_subject")]),
        tell: "Permissions of {audience}, token-exchange, names no policy with {client}.",
        cause: "{client} has no token-exchange permission on {audience}; a token from outside needs it as one of the realm does.",
        fix: "Leave audience out, or add a client policy that lists {client} to the token-exchange permission of {audience}.",
        show: &[Show::AskedAudience],
        actions: &[Act::Without("audience")],
        ..NOT_ALLOWED
    },
    Refusal {
        id: "kc-v1-impersonate-public",
        event: &["public clients not allowed"],
        when: When::All(&[When::Has("requested_subject"), When::Lacks("subject_token"), When::Public]),
        certain: true,
        cause: "{client} is public, and impersonation without a subject token is for clients with a secret.",
        fix: "Ask as a confidential client.",
        show: &[Show::Client],
        actions: &[Act::ExchangeAsNamed],
        ..NOT_ALLOWED
    },
    Refusal {
        id: "kc-v1-impersonate-subject",
        event: &["subject not allowed to impersonate"],
        when: When::All(&[When::Has("requested_subject"), When::Has("subject_token")]),
        tell: "resource_access of the subject token names no role impersonation of realm-management.",
        cause: "The user of the subject token may not impersonate.",
        fix: "Give that user the role impersonation of realm-management, and the client the token was issued to full scope or a scope mapping of that role.",
        show: &[Show::Sub],
        actions: &[Act::Without("requested_subject")],
        ..NOT_ALLOWED
    },
    Refusal {
        id: "kc-v1-impersonate-client",
        event: &["client not allowed to impersonate"],
        when: When::All(&[When::Has("requested_subject"), When::Lacks("subject_token")]),
        tell: "Permissions of Users, admin-impersonating, names no policy with {client}.",
        cause: "{client} may not impersonate without a subject token.",
        fix: "Add a client policy that lists {client} to admin-impersonating of the users' permissions, not to user-impersonated.",
        show: &[Show::Client],
        actions: &[Act::Without("requested_subject")],
        ..NOT_ALLOWED
    },
    Refusal {
        id: "kc-v1-impersonate-nobody",
        event: &["requested_subject not found"],
        when: When::Has("requested_subject"),
        tell: "Searching Users in the admin console for requested_subject finds nobody, or somebody who is disabled.",
        cause: "There is no user of this name or id to be impersonated, or the user is disabled.",
        fix: "Correct requested_subject (the user name or the user's id), or enable the user.",
        actions: &[Act::Without("requested_subject")],
        ..NOT_ALLOWED
    },
    Refusal {
        id: "kc-v1-audience-permission-impersonated",
        event: &["client not allowed to exchange to audience"],
        when: When::All(&[When::Has("requested_subject"), When::Has("audience")]),
        tell: "Permissions of {audience}, token-exchange, names no policy with {client}.",
        cause: "{client} may impersonate, but has no token-exchange permission on {audience}.",
        fix: "Leave audience out, or add a client policy that lists {client} to the token-exchange permission of {audience}.",
        show: &[Show::AskedAudience],
        actions: &[Act::Without("audience")],
        ..NOT_ALLOWED
    },
    Refusal {
        id: "kc-v1-not-allowed",
        cause: "The legacy exchange refused {client}. Seven causes share this sentence; the reason stands only in Keycloak's event.",
        fix: "Read the TOKEN_EXCHANGE_ERROR event. Most often the permission on the target lists no policy with {client}, or fine-grained permissions V2 are on instead of V1.",
        show: &[Show::AskedAudience],
        seen: "V1",
        ..NOT_ALLOWED
    },
    Refusal {
        id: "kc-v1-not-holder",
        words: &["client is not the holder of the token"],
        event: &["not the token holder"],
        certain: true,
        cause: "The server takes {client} for a public client, which may exchange only tokens issued to itself; this one was issued to {origin}.",
        fix: "Exchange as a confidential client. Where {client} has a secret, switch Client authentication on for it at the server.",
        show: &[Show::Azp, Show::Client],
        actions: &[Act::ExchangeAsNamed],
        seen: "V1, 18 and later",
        ..NOT_ALLOWED
    },
    Refusal {
        id: "kc-v1-consent",
        status: 400,
        error: &["invalid_client"],
        words: &["client requires user consent"],
        event: &["audience requires consent"],
        certain: true,
        cause: "The target client requires consent, which an exchange can not ask for.",
        fix: "Switch consent off for {audience}.",
        show: &[Show::AskedAudience],
        seen: "V1",
        ..NOT_ALLOWED
    },
    Refusal {
        id: "kc-v1-token-type",
        status: 400,
        error: &["invalid_request"],
        words: &["must be access token"],
        event: &["unable to parse jwt subject_token", "subject_token supports access tokens only"],
        certain: true,
        cause: "The subject token is not an access token of this realm.",
        fix: "Send an access token, or name its issuer with subject_issuer.",
        show: &[Show::SubjectType, Show::Iss],
        actions: &[ACCESS_TYPE],
        seen: "V1",
        ..NOT_ALLOWED
    },
];
