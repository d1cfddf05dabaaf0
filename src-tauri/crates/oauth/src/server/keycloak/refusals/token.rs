//! Userinfo, introspection and revocation.

use super::family::KEYCLOAK;
use crate::refusal::{
    entry::{Act, Refusal, Show, Tried},
    when::{Proof, When},
};
use record::operation::Operation;

/// What most of these rows share.
const TOKEN: Refusal = Refusal {
    operations: Tried::These(&[Operation::Userinfo]),
    status: 401,
    error: &["invalid_token"],
    certain: true,
    ..KEYCLOAK
};

/// Userinfo does not take the token.
const USERINFO: Refusal = Refusal { words: &["token verification failed"], seen: "26.7.5, event invalid_token", ..TOKEN };

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "kc-userinfo-openid",
        status: 403,
        error: &["insufficient_scope"],
        words: &["missing openid scope"],
        cause: "The token's scope lacks openid.",
        fix: "Log in with scope openid.",
        show: &[Show::Scope],
        actions: &[Act::LogInOpenid],
        ..TOKEN
    },
    Refusal {
        id: "kc-userinfo-id-token",
        event: &["but was 'id'"],
        when: When::IsIdToken,
        cause: "An ID token was sent. Userinfo takes access tokens.",
        fix: "Choose the access token of the same log in.",
        ..USERINFO
    },
    Refusal {
        id: "kc-userinfo-refresh-token",
        event: &["but was 'refresh'"],
        when: When::IsRefreshToken,
        cause: "A refresh token was sent. Userinfo takes access tokens.",
        fix: "Choose the access token of the same log in.",
        ..USERINFO
    },
    Refusal {
        id: "kc-userinfo-not-jwt",
        event: &["failed to parse jwt"],
        when: When::NotJwt,
        cause: "What was sent is no JWT, so it is no access token of Keycloak.",
        fix: "Choose an access token of this realm.",
        actions: &[Act::LogIn],
        ..USERINFO
    },
    Refusal {
        id: "kc-userinfo-signature",
        event: &["invalid token signature"],
        when: When::BadSignature,
        cause: "The signature of the token does not fit the realm's key: it was changed or cut.",
        fix: "Get a fresh token and send it whole.",
        show: &[Show::Alg],
        actions: &[Act::LogIn],
        ..USERINFO
    },
    Refusal {
        id: "kc-userinfo-issuer",
        event: &["invalid token issuer"],
        when: When::ForeignIssuer,
        cause: "The token names {issuer} as issuer, and this realm is {server}. Another spelling of the host is another issuer to Keycloak.",
        fix: "Ask through the address in its iss, or log in through this one.",
        show: &[Show::Iss],
        actions: &[Act::LogIn],
        ..USERINFO
    },
    Refusal {
        id: "kc-userinfo-expired",
        event: &["token is not active"],
        when: When::Expired,
        cause: "The token has ended {ended}.",
        fix: "Refresh it or log in again.",
        show: &[Show::Exp],
        actions: &[Act::Refresh, Act::LogIn],
        ..USERINFO
    },
    Refusal {
        id: "kc-userinfo-revoked",
        event: &["tokenrevocationcheck"],
        certain: false,
        proof: Proof::Revoked,
        tell: "A REVOKE_GRANT event names its jti.",
        cause: "The token was revoked.",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        ..USERINFO
    },
    Refusal {
        id: "kc-userinfo-not-before",
        event: &["notbeforecheck", "stale token"],
        certain: false,
        proof: Proof::NotBefore,
        tell: "Sessions, Revocation in the admin console shows a not-before after the token's iat.",
        cause: "A not-before of the realm, the user or {origin} is later than the token.",
        fix: "Log in again.",
        show: &[Show::Iat],
        actions: &[Act::LogIn],
        seen: "26.7.5",
        ..USERINFO
    },
    Refusal {
        id: "kc-userinfo-session",
        words: &["user_session_not_found", "session not active"],
        event: &["user_session_not_found"],
        cause: "The session of the token is over: logged out, idle too long, or ended by an administrator.",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        seen: "26.7.5, event user_session_not_found",
        ..USERINFO
    },
    Refusal {
        id: "kc-userinfo-user-disabled",
        words: &["user disabled"],
        event: &["user_disabled"],
        cause: "The user {user} is disabled.",
        fix: "Enable the user at the provider.",
        show: &[Show::Sub],
        seen: "26.7.5, event user_disabled",
        ..USERINFO
    },
    Refusal {
        id: "kc-userinfo-client-disabled",
        words: &["client disabled"],
        event: &["client_disabled"],
        cause: "The client {origin}, to which the token was issued, is disabled.",
        fix: "Enable {origin} at the provider.",
        show: &[Show::Azp],
        seen: "26.7.5, event client_disabled",
        ..USERINFO
    },
    Refusal {
        id: "kc-userinfo-lightweight",
        words: &["lightweight access token not allowed"],
        event: &["lightweight access token"],
        cause: "The token is a lightweight one, and userinfo takes none of these (26.6.2 and later).",
        fix: "Switch Always use lightweight access token off for {origin}, or allow it with the attribute allow.userinfo.with.lightweight.access.token.",
        show: &[Show::Azp],
        seen: "26.6.2-26.8",
        ..USERINFO
    },
    Refusal {
        id: "kc-introspect-public",
        operations: Tried::These(&[Operation::Introspect]),
        words: &["client not allowed"],
        certain: true,
        cause: "{client} may not introspect: only clients with a secret may.",
        fix: "Choose a confidential client.",
        show: &[Show::Client],
        seen: "26.7.5, 403 invalid_request, Client not allowed.",
        ..KEYCLOAK
    },
    Refusal {
        id: "kc-revoke-other-client",
        operations: Tried::These(&[Operation::Revoke]),
        status: 400,
        error: &["invalid_request"],
        words: &["unmatching clients"],
        cause: "The token belongs to another client; each client can revoke only its own.",
        fix: "Revoke as {origin}.",
        show: &[Show::Azp],
        ..TOKEN
    },
    Refusal {
        id: "kc-revoke-id-token",
        operations: Tried::These(&[Operation::Revoke]),
        status: 400,
        error: &["unsupported_token_type"],
        words: &["unsupported token type"],
        event: &["unsupported token type"],
        cause: "Only access and refresh tokens can be revoked, and this is neither.",
        fix: "Choose the access or refresh token of the same log in.",
        seen: "26.7.5, event invalid_token_type",
        ..USERINFO
    },
    Refusal {
        id: "kc-realm-missing",
        operations: Tried::Anything,
        status: 404,
        error: &["Realm does not exist"],
        cause: "There is no realm of this name at the server.",
        fix: "Correct the realm in the issuer of the profile, and read the metadata again.",
        seen: "26.7.5",
        ..TOKEN
    },
    Refusal {
        id: "kc-parameter-missing",
        error: &["invalid_request"],
        words: &["missing form parameter", "missing parameter", "no refresh token", "token not provided"],
        certain: true,
        cause: "A parameter is missing: {named}.",
        fix: "Fill it in.",
        seen: "26.7.5",
        ..KEYCLOAK
    },
    Refusal {
        id: "kc-feature-off",
        error: &["unsupported_grant_type"],
        words: &["unsupported grant_type"],
        certain: true,
        cause: "This Keycloak does not know the grant: the feature is off or the version is too old (exchange 26.2, JWT grant 26.6).",
        fix: "Update Keycloak, or start it with the feature switched on.",
        ..KEYCLOAK
    },
];
