//! Standard token exchange (V2): the subject token. One sentence, "Invalid token", stands for a dozen causes.

use super::family::{EXCHANGE, KEYCLOAK};
use crate::refusal::{
    entry::{Act, Refusal, Show},
    when::{Proof, When},
};

/// What is said of every subject token that is not taken.
const INVALID_TOKEN: Refusal = Refusal {
    operations: EXCHANGE,
    status: 400,
    error: &["invalid_request", "invalid_token"],
    words: &["==Invalid token"],
    event: &["subject_token validation failure"],
    certain: true,
    seen: "26.7.5, event invalid_token",
    ..KEYCLOAK
};

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "kc-v2-subject-not-jwt",
        when: When::NotJwt,
        cause: "What was sent as subject token is no JWT, so it is no access token of this realm.",
        fix: "Choose an access token of this realm.",
        show: &[Show::SubjectType],
        actions: &[Act::LogIn],
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-is-refresh-token",
        when: When::IsRefreshToken,
        cause: "A refresh token was sent as subject token. Keycloak's exchange takes access tokens only.",
        fix: "Choose the access token of the same log in.",
        show: &[Show::SubjectType],
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-is-id-token",
        when: When::IsIdToken,
        cause: "An ID token was sent as subject token. Keycloak's exchange takes access tokens only.",
        fix: "Choose the access token of the same log in.",
        show: &[Show::SubjectType],
        seen: "26.2-26.8, event invalid_token",
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-signature",
        when: When::BadSignature,
        cause: "The signature of the subject token does not fit the realm's key: the token was changed, cut, or is of somebody else.",
        fix: "Get a fresh token and send it whole.",
        show: &[Show::Alg, Show::Iss],
        actions: &[Act::LogIn],
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-other-host",
        when: When::OtherHost,
        cause: "The subject token names {issuer} as issuer, and this realm is {server}: the same realm under another host name, which is another issuer to Keycloak.",
        fix: "Log in through the same base address, or give Keycloak one fixed hostname (--hostname).",
        show: &[Show::Iss],
        actions: &[Act::LogIn],
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-other-realm",
        when: When::OtherRealm,
        cause: "The subject token is of another realm: {issuer}, and this one is {server}.",
        fix: "Log in at this realm. A token of another realm needs the JWT bearer grant, with that realm as identity provider.",
        show: &[Show::Iss],
        actions: &[Act::LogIn],
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-expired",
        when: When::Expired,
        cause: "The subject token has ended {ended}.",
        fix: "Refresh it or log in again, then exchange the new token.",
        show: &[Show::Exp],
        actions: &[Act::Refresh, Act::LogIn],
        seen: "26.2-26.8, event invalid_token",
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-other-issuer",
        when: When::ForeignIssuer,
        cause: "The subject token names {issuer} as issuer, and this realm is {server}.",
        fix: "Log in at this provider. A token of another one needs the JWT bearer grant, with the other as identity provider.",
        show: &[Show::Iss],
        actions: &[Act::LogIn],
        seen: "26.2-26.8, event invalid_token",
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-session-over",
        certain: false,
        proof: Proof::SessionOver,
        tell: "Introspection by a client that aud names says active: false, and the session is missing under Sessions of the user.",
        cause: "The session of the subject token is over: logged out, idle too long, or ended by an administrator.",
        fix: "Log in again and exchange the new token.",
        show: &[Show::Exp, Show::Azp],
        actions: &[Act::LogIn, Act::Introspect],
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-revoked",
        certain: false,
        proof: Proof::Revoked,
        tell: "A REVOKE_GRANT event names its jti.",
        cause: "The subject token was revoked.",
        fix: "Log in again and exchange the new token.",
        show: &[Show::Azp],
        actions: &[Act::LogIn],
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-user-disabled",
        certain: false,
        proof: Proof::UserDisabled,
        tell: "The user's page in the admin console shows it as disabled.",
        cause: "The user {user} is disabled.",
        fix: "Enable the user at the provider.",
        show: &[Show::Sub],
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-client-disabled",
        certain: false,
        proof: Proof::OriginDisabled,
        tell: "The client {origin} is shown as disabled in the admin console.",
        cause: "The client {origin}, to which the subject token was issued, is disabled or deleted.",
        fix: "Enable {origin} at the provider, or log in through another client.",
        show: &[Show::Azp],
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-not-before",
        certain: false,
        proof: Proof::NotBefore,
        tell: "Sessions, Revocation in the admin console shows a not-before after the token's iat; a new log in helps at once.",
        cause: "A not-before of the realm, the user or {origin} is later than the subject token, so it is not taken any more.",
        fix: "Log in again and exchange the new token.",
        show: &[Show::Iat],
        actions: &[Act::LogIn],
        ..INVALID_TOKEN
    },
    Refusal {
        id: "kc-v2-subject-invalid",
        certain: false,
        tell: "A new log in works with the same settings.",
        cause: "Keycloak did not accept the subject token, for a reason that neither the token nor its event gives. It may have been signed with a key the realm no longer has.",
        fix: "Log in again and exchange the new token.",
        show: &[Show::Exp, Show::Iss, Show::Azp],
        actions: &[Act::LogIn, Act::Introspect],
        seen: "26.2-26.8, event invalid_token",
        ..INVALID_TOKEN
    },
];
