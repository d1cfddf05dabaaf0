//! Code, redirect and refresh.

use super::family::KEYCLOAK;
use crate::refusal::{
    entry::{Act, Refusal, Show, Tried},
    when::{Proof, When},
};
use record::operation::Operation;

/// What most of these rows share.
const LOG_IN: Refusal = Refusal { status: 400, error: &["invalid_grant"], certain: true, ..KEYCLOAK };

/// What is said of most refresh tokens that are not taken.
const INVALID_REFRESH: Refusal = Refusal {
    operations: Tried::These(&[Operation::Refresh, Operation::LogOut]),
    words: &["invalid refresh token"],
    event: &["invalid refresh token"],
    actions: &[Act::LogIn],
    seen: "26.7.5",
    ..LOG_IN
};

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "kc-code",
        operations: Tried::These(&[Operation::LogIn]),
        words: &["code not valid", "code is expired", "code is not valid"],
        event: &["invalid_code", "expired_code"],
        cause: "The code was used before or is older than a minute.",
        fix: "Log in again.",
        seen: "26.2-26.8",
        ..INVALID_REFRESH
    },
    Refusal {
        id: "kc-logout-redirect",
        operations: Tried::These(&[Operation::LogOut]),
        error: &[],
        words: &["invalid redirect uri"],
        event: &["invalid_redirect_uri"],
        cause: "The address to come back to after the log out is not registered for this client. A portal that was set up for Keycloak 17 or before often sends one that never was.",
        fix: "Add it to Valid post logout redirect URIs of the client (+ takes its redirect URIs). Since Keycloak 18 the parameter is post_logout_redirect_uri, with id_token_hint or client_id beside it.",
        seen: "18-26.8; the lab's page, after 26.7.5",
        ..LOG_IN
    },
    Refusal {
        id: "kc-redirect",
        operations: Tried::These(&[Operation::LogIn]),
        words: &["incorrect redirect_uri"],
        event: &["invalid_redirect_uri"],
        cause: "The redirect URI of the second request differs from the first.",
        fix: "Log in again; if it stays, a proxy changes the address.",
        seen: "26.2-26.8",
        ..INVALID_REFRESH
    },
    Refusal {
        id: "kc-pkce",
        operations: Tried::These(&[Operation::LogIn]),
        words: &["pkce verification failed", "pkce code verifier"],
        event: &["pkce_verification_failed", "invalid_code_verifier", "code_verifier_missing"],
        cause: "The verifier does not fit the challenge of this log in.",
        fix: "Log in again, and leave code_challenge alone in the added parameters.",
        seen: "26.2-26.8",
        ..INVALID_REFRESH
    },
    Refusal {
        id: "kc-refresh-other-client",
        operations: Tried::These(&[Operation::Refresh, Operation::LogOut]),
        words: &["token client and authorized client don't match"],
        event: &["token client and authorized client don't match"],
        when: When::All(&[When::Has("client"), When::Has("refresh_token")]),
        cause: "The refresh token belongs to another client. After an exchange it belongs to the requester, not to the audience.",
        fix: "Refresh as {origin}.",
        show: &[Show::Azp],
        ..LOG_IN
    },
    Refusal {
        id: "kc-refresh-not-refresh",
        when: When::NotRefreshToken,
        cause: "What was sent is not a refresh token.",
        fix: "Choose the refresh token of the same log in.",
        actions: &[],
        ..INVALID_REFRESH
    },
    Refusal {
        id: "kc-refresh-not-jwt",
        when: When::NotJwt,
        cause: "What was sent is no JWT, so it is no refresh token of Keycloak.",
        fix: "Choose a refresh token of this realm.",
        ..INVALID_REFRESH
    },
    Refusal {
        id: "kc-refresh-issuer",
        words: &["invalid token issuer"],
        event: &[],
        cause: "The refresh token was got through another host name, which is another issuer to Keycloak.",
        fix: "Use one spelling of the address throughout, or give Keycloak a fixed hostname.",
        show: &[Show::Iss],
        seen: "26.2-26.8",
        ..INVALID_REFRESH
    },
    Refusal {
        id: "kc-refresh-reuse",
        operations: Tried::These(&[Operation::Refresh]),
        words: &["maximum allowed refresh token reuse"],
        event: &["maximum allowed refresh token reuse"],
        proof: Proof::UsedBefore,
        cause: "This refresh token was used before, and the realm takes each one once.",
        fix: "Use the newest refresh token of the shelf, or log in again.",
        ..INVALID_REFRESH
    },
    Refusal {
        id: "kc-refresh-stale",
        operations: Tried::These(&[Operation::Refresh]),
        words: &["stale token"],
        event: &["stale token"],
        cause: "A not-before of the realm, the user or {client} is later than the refresh token, so all tokens from before are over.",
        fix: "Log in again.",
        show: &[Show::Iat],
        seen: "26.7.5: not-before, not reuse",
        ..INVALID_REFRESH
    },
    Refusal {
        id: "kc-refresh-expired",
        operations: Tried::These(&[Operation::Refresh]),
        words: &["token is not active"],
        event: &["token is not active"],
        cause: "The refresh token has ended: the session was idle too long or reached its longest life.",
        fix: "Log in again; SSO Session Idle and Max in the realm's sessions settings say how long it lives.",
        show: &[Show::Exp],
        ..INVALID_REFRESH
    },
    Refusal {
        id: "kc-session-over",
        operations: Tried::These(&[Operation::Refresh]),
        words: &["session not active", "session doesn't have required client", "user session not found"],
        event: &["user_session_not_found", "session_expired", "session not active"],
        cause: "The session is over: logged out, revoked, or ended by an administrator.",
        fix: "Log in again.",
        show: &[Show::Exp],
        seen: "26.2-26.8",
        ..INVALID_REFRESH
    },
    Refusal {
        id: "kc-refresh-invalid",
        cause: "Keycloak does not know this refresh token: it was changed or cut, it is of another realm, or the realm's keys were replaced.",
        fix: "Log in again.",
        show: &[Show::Iss],
        ..INVALID_REFRESH
    },
];
