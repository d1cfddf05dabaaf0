//! Client authentication, service accounts and the password grant.

use super::family::KEYCLOAK;
use crate::refusal::{
    entry::{Act, Refusal, Show, Tried},
    when::{Proof, When},
};
use record::operation::Operation;

/// What most of these rows share.
const CLIENT: Refusal = Refusal { certain: true, ..KEYCLOAK };

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "kc-client-unknown",
        status: 401,
        error: &["invalid_client"],
        words: &["invalid client or invalid client credentials"],
        event: &["client_not_found"],
        proof: Proof::RequesterMissing,
        tell: "Clients in the admin console of this realm does not list {client}.",
        cause: "There is no client {client} in this realm.",
        fix: "Check the client id and the realm.",
        show: &[Show::Client],
        seen: "26.2-26.8, event client_not_found",
        ..KEYCLOAK
    },
    Refusal {
        id: "kc-client-disabled",
        status: 401,
        error: &["invalid_client"],
        words: &["invalid client or invalid client credentials"],
        event: &["client_disabled"],
        proof: Proof::RequesterDisabled,
        tell: "{client} is shown as disabled in the admin console.",
        cause: "The client {client} is disabled.",
        fix: "Enable it at the provider.",
        show: &[Show::Client],
        seen: "26.2-26.8, event client_disabled",
        ..KEYCLOAK
    },
    Refusal {
        id: "kc-client-secret-missing",
        status: 401,
        error: &["unauthorized_client"],
        words: &["invalid client or invalid client credentials"],
        event: &["invalid_client_credentials"],
        when: When::Public,
        cause: "The request carries no secret, and {client} is a confidential client at the server.",
        fix: "Say in the profile how {client} shows its secret, and enter it; or switch Client authentication off for it.",
        show: &[Show::Client],
        seen: "26.7.5, event invalid_client_credentials",
        ..CLIENT
    },
    Refusal {
        id: "kc-client-secret",
        status: 401,
        error: &["unauthorized_client"],
        words: &["invalid client or invalid client credentials"],
        event: &["invalid_client_credentials"],
        cause: "The secret of {client} is wrong or was sent in a way the client is not set to.",
        fix: "Copy the secret from the Credentials tab again. From 26.6 on a client registered for the body does not take Basic, and the reverse.",
        show: &[Show::Client],
        ..CLIENT
    },
    Refusal {
        id: "kc-client-assertion",
        status: 400,
        error: &["invalid_client"],
        words: &["client_assertion_type is missing"],
        cause: "{client} is set to authenticate with a signed JWT, and a secret was sent.",
        fix: "Set Client Authenticator of {client} to Client Id and Secret, or use a client that has a secret.",
        show: &[Show::Client],
        seen: "26.7.5, event invalid_client_credentials",
        ..CLIENT
    },
    Refusal {
        id: "kc-introspect-secret",
        operations: Tried::These(&[Operation::Introspect]),
        status: 401,
        error: &["invalid_client"],
        words: &["client authentication failed"],
        event: &["invalid_client_credentials"],
        cause: "The secret of {client} is wrong.",
        fix: "Copy the secret from the Credentials tab again.",
        show: &[Show::Client],
        seen: "26.7.5, event invalid_client_credentials",
        ..CLIENT
    },
    Refusal {
        id: "kc-client-id-missing",
        status: 400,
        error: &["invalid_client"],
        words: &["missing client_id parameter"],
        cause: "The request names no client.",
        fix: "Choose a client.",
        ..CLIENT
    },
    Refusal {
        id: "kc-client-setup",
        status: 400,
        error: &["unauthorized_client"],
        words: &["client credentials setup required"],
        cause: "{client} has no credentials set up.",
        fix: "Set a secret in its Credentials tab.",
        show: &[Show::Client],
        ..CLIENT
    },
    Refusal {
        id: "kc-bearer-only",
        status: 400,
        error: &["invalid_client"],
        words: &["bearer-only not allowed"],
        cause: "{client} is bearer-only: it takes tokens and can not ask for any.",
        fix: "Use another client.",
        show: &[Show::Client],
        ..CLIENT
    },
    Refusal {
        id: "kc-service-account-public",
        operations: Tried::These(&[Operation::ClientCredentials]),
        error: &["unauthorized_client"],
        words: &["public client not allowed to retrieve service account"],
        event: &["public client not allowed"],
        cause: "{client} is a public client, which has no service account.",
        fix: "Use a confidential client, or switch Client authentication on for it.",
        show: &[Show::Client],
        seen: "26.7.5",
        ..CLIENT
    },
    Refusal {
        id: "kc-service-account-off",
        operations: Tried::These(&[Operation::ClientCredentials]),
        error: &["unauthorized_client"],
        words: &["not enabled to retrieve service account"],
        cause: "{client} has no service account.",
        fix: "Switch on Service account roles for {client}.",
        show: &[Show::Client],
        ..CLIENT
    },
    Refusal {
        id: "kc-direct-grant-off",
        operations: Tried::These(&[Operation::Password]),
        error: &["unauthorized_client"],
        words: &["not allowed for direct access grants"],
        cause: "The password grant is switched off for {client}.",
        fix: "Switch on Direct access grants for a test, or log in through the browser.",
        show: &[Show::Client],
        actions: &[Act::LogIn],
        seen: "26.2-26.8, event not_allowed",
        ..CLIENT
    },
    Refusal {
        id: "kc-user-credentials",
        operations: Tried::These(&[Operation::Password]),
        error: &["invalid_grant"],
        words: &["invalid user credentials"],
        event: &["invalid_user_credentials"],
        tell: "The user is listed under Users and enabled.",
        cause: "The password is wrong.",
        fix: "Correct it; after several tries the user may be locked for a while.",
        seen: "26.7.5 answers 400, older versions 401; event invalid_user_credentials",
        ..KEYCLOAK
    },
    Refusal {
        id: "kc-user-unknown",
        operations: Tried::These(&[Operation::Password]),
        error: &["invalid_grant"],
        words: &["invalid user credentials"],
        event: &["user_not_found"],
        tell: "Searching Users in the admin console finds nobody.",
        cause: "There is no user of this name in the realm.",
        fix: "Correct the user name, or choose another realm.",
        seen: "26.7.5, event user_not_found",
        ..KEYCLOAK
    },
    Refusal {
        id: "kc-user-locked",
        operations: Tried::These(&[Operation::Password]),
        error: &["invalid_grant"],
        words: &["invalid user credentials"],
        event: &["user_temporarily_disabled", "user_permanently_disabled", "user_disabled_by"],
        tell: "The user's page shows Temporarily locked, and Brute force detection is on in the realm.",
        cause: "The user is locked after too many wrong passwords; even the right one is refused with the same words.",
        fix: "Wait, or unlock the user at the provider.",
        seen: "26.7.5, event user_temporarily_disabled",
        ..KEYCLOAK
    },
    Refusal {
        id: "kc-user-setup",
        operations: Tried::These(&[Operation::Password]),
        status: 400,
        error: &["invalid_grant"],
        words: &["account is not fully set up"],
        event: &["resolve_required_actions"],
        cause: "The user has something to do first, such as a new password or a complete profile.",
        fix: "Log in through the browser once.",
        actions: &[Act::LogIn],
        ..CLIENT
    },
    Refusal {
        id: "kc-direct-grant-consent",
        operations: Tried::These(&[Operation::Password]),
        status: 400,
        error: &["invalid_client"],
        words: &["client requires user consent"],
        event: &["client requires user consent"],
        cause: "{client} requires consent, which the password grant can not ask for.",
        fix: "Log in through the browser, or switch consent off for {client}.",
        show: &[Show::Client],
        actions: &[Act::LogIn],
        seen: "26.7.5, event consent_denied",
        ..CLIENT
    },
    Refusal {
        id: "kc-offline-not-allowed",
        status: 400,
        error: &["not_allowed"],
        words: &["offline tokens not allowed"],
        cause: "offline_access was asked for, and the user lacks the role of that name or {client} the scope.",
        fix: "Give the user the role offline_access (it is in the default roles), or leave the scope out.",
        show: &[Show::AskedScope],
        actions: &[Act::Without("scope")],
        seen: "26.7.5",
        ..CLIENT
    },
    Refusal {
        id: "kc-user-disabled",
        status: 400,
        error: &["invalid_grant"],
        words: &["account disabled", "user disabled"],
        event: &["user_disabled"],
        cause: "The user is disabled or locked for a while.",
        fix: "Enable the user at the provider, or wait.",
        ..CLIENT
    },
];
