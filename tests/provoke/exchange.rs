//! The standard exchange (V2): what it refuses, and what it leaves out without a word.

use record::operation::Operation;

use crate::row::{
    ACCESS_TYPE, ALICE, BOB, EXCHANGE, ID_TYPE, JWT_TYPE, Kind, Login, REFRESH, REFRESH_TYPE, ROW, Row, SAML_TYPE, Set, Token,
};

const SUBJECT: (&str, &str) = ("subject_token", "$token");
const TYPE: (&str, &str) = ("subject_token_type", ACCESS_TYPE);
const PORTAL: (&str, &str) = ("client", "portal");
const REFRESH_ALLOWED: Set =
    Set::Client("portal", r#"{"attributes":{"standard.token.exchange.enableRefreshRequestedTokenType":"SAME_SESSION"}}"#);

pub const ROWS: &[Row] = &[
    // Parameters and the client's switches.
    Row {
        name: "exchange is off for the client",
        values: &[("client", "billing"), SUBJECT, TYPE],
        expect: "kc-v2-not-enabled",
        ..EXCHANGE
    },
    Row {
        name: "a public client exchanges",
        values: &[("client", "spa"), SUBJECT, TYPE],
        expect: "kc-v2-not-enabled-public",
        ..EXCHANGE
    },
    Row {
        name: "a public client with the attribute exchanges",
        before: &[Set::Client("spa", r#"{"attributes":{"standard.token.exchange.enabled":"true"}}"#)],
        values: &[("client", "spa"), SUBJECT, TYPE],
        expect: "kc-v2-public-client",
        ..EXCHANGE
    },
    Row {
        name: "subject_token_type says ID token",
        values: &[PORTAL, SUBJECT, ("subject_token_type", ID_TYPE)],
        expect: "kc-v2-access-tokens-only",
        ..EXCHANGE
    },
    Row {
        name: "subject_token_type says JWT",
        values: &[PORTAL, SUBJECT, ("subject_token_type", JWT_TYPE)],
        expect: "kc-v2-access-tokens-only",
        ..EXCHANGE
    },
    Row {
        name: "requested_subject without V1",
        extra: &[("requested_subject", "bob")],
        expect: "kc-v2-requested-subject",
        ..EXCHANGE
    },
    Row {
        name: "requested_issuer without V1",
        extra: &[("requested_issuer", "partner")],
        expect: "kc-v2-requested-issuer",
        ..EXCHANGE
    },
    Row {
        name: "subject_issuer without V1",
        extra: &[("subject_issuer", "partner")],
        expect: "kc-v2-subject-issuer",
        ..EXCHANGE
    },
    Row {
        name: "a JWT is requested",
        values: &[PORTAL, SUBJECT, TYPE, ("requested_token_type", JWT_TYPE)],
        expect: "kc-requested-type",
        ..EXCHANGE
    },
    Row {
        name: "a SAML assertion is requested",
        values: &[PORTAL, SUBJECT, TYPE, ("requested_token_type", SAML_TYPE)],
        expect: "kc-requested-type",
        ..EXCHANGE
    },
    Row {
        name: "a refresh token is requested and not allowed",
        values: &[PORTAL, SUBJECT, TYPE, ("requested_token_type", REFRESH_TYPE)],
        expect: "kc-requested-refresh-session-off",
        ..EXCHANGE
    },
    Row {
        name: "a refresh token is requested by a client without any",
        before: &[REFRESH_ALLOWED, Set::Client("portal", r#"{"attributes":{"use.refresh.tokens":"false"}}"#)],
        values: &[PORTAL, SUBJECT, TYPE, ("requested_token_type", REFRESH_TYPE)],
        expect: "kc-requested-refresh-off",
        ..EXCHANGE
    },
    Row {
        name: "a refresh token for a service account",
        before: &[REFRESH_ALLOWED],
        token: Token::Service("frontend"),
        values: &[PORTAL, SUBJECT, TYPE, ("requested_token_type", REFRESH_TYPE)],
        expect: "kc-v2-refresh-needs-session",
        ..EXCHANGE
    },
    Row {
        name: "a refresh token for an offline session",
        before: &[REFRESH_ALLOWED],
        token: Token::Of(Kind::Access, Login { scope: "openid offline_access", ..ALICE }),
        values: &[PORTAL, SUBJECT, TYPE, ("requested_token_type", REFRESH_TYPE)],
        expect: "kc-v2-refresh-needs-session",
        ..EXCHANGE
    },
    Row {
        name: "a refresh token with offline_access",
        before: &[REFRESH_ALLOWED],
        values: &[PORTAL, SUBJECT, TYPE, ("requested_token_type", REFRESH_TYPE), ("scope", "offline_access")],
        expect: "kc-v2-offline-access",
        ..EXCHANGE
    },
    Row {
        name: "a parameter is sent twice",
        extra: &[("subject_token_type", ACCESS_TYPE)],
        expect: "kc-duplicated-parameter",
        ..EXCHANGE
    },
    Row {
        name: "the realm wants https",
        after: &[Set::Realm(r#"{"sslRequired":"all"}"#)],
        expect: "kc-https-required",
        ..EXCHANGE
    },
    Row { name: "a client policy refuses", after: &[Set::Policy("reject-request")], expect: "kc-client-policy", ..EXCHANGE },
    Row {
        name: "a client policy forbids further scopes",
        after: &[Set::Policy("downscope-assertion-grant-enforcer")],
        values: &[PORTAL, SUBJECT, TYPE, ("scope", "phone")],
        expect: "kc-policy-downscope",
        ..EXCHANGE
    },
    // Whom and what for.
    Row {
        name: "the requester is not in aud",
        values: &[("client", "reporting"), SUBJECT, TYPE],
        expect: "kc-v2-requester-not-in-aud",
        ..EXCHANGE
    },
    Row {
        name: "the audience is no client",
        values: &[PORTAL, SUBJECT, TYPE, ("audience", "nobody")],
        expect: "kc-v2-audience-not-found",
        ..EXCHANGE
    },
    Row {
        name: "the audience is disabled",
        values: &[PORTAL, SUBJECT, TYPE, ("audience", "dead-api")],
        expect: "kc-v2-audience-disabled",
        ..EXCHANGE
    },
    Row {
        name: "nothing puts the audience into the token",
        values: &[PORTAL, SUBJECT, TYPE, ("audience", "far-api")],
        expect: "kc-v2-audience-not-available",
        ..EXCHANGE
    },
    Row {
        name: "an unknown scope",
        values: &[PORTAL, SUBJECT, TYPE, ("scope", "nonsense")],
        expect: "kc-invalid-scopes",
        ..EXCHANGE
    },
    Row {
        name: "the user has not consented",
        values: &[("client", "consenting"), SUBJECT, TYPE],
        expect: "kc-v2-consent-missing",
        ..EXCHANGE
    },
    // Invalid token: a dozen causes of two words.
    Row { name: "the subject is no JWT", token: Token::Text(OPAQUE), expect: "kc-v2-subject-not-jwt", ..EXCHANGE },
    Row {
        name: "the subject is an ID token",
        token: Token::Of(Kind::Id, ALICE),
        expect: "kc-v2-subject-is-id-token",
        ..EXCHANGE
    },
    Row { name: "the subject is a refresh token", token: REFRESH, expect: "kc-v2-subject-is-refresh-token", ..EXCHANGE },
    Row {
        name: "the subject's signature is broken",
        token: Token::Broken(Kind::Access, ALICE),
        expect: "kc-v2-subject-signature",
        ..EXCHANGE
    },
    Row {
        name: "the subject has ended",
        before: &[Set::Client("frontend", r#"{"attributes":{"access.token.lifespan":"1"}}"#)],
        after: &[Set::UntilExpired],
        expect: "kc-v2-subject-expired",
        ..EXCHANGE
    },
    Row {
        name: "the subject is of the same realm at localhost",
        token: Token::Localhost(Kind::Access, ALICE),
        expect: "kc-v2-subject-other-host",
        ..EXCHANGE
    },
    Row {
        name: "the subject is of another realm",
        token: Token::Partner(Kind::Access, Login { client: "good", ..ALICE }),
        expect: "kc-v2-subject-other-realm",
        ..EXCHANGE
    },
    Row { name: "the user logged out here", after: &[Set::LogOut], expect: "kc-v2-subject-session-over", ..EXCHANGE },
    Row {
        name: "the user logged out elsewhere",
        after: &[Set::LogOutElsewhere],
        expect: "kc-v2-subject-session-over",
        ..EXCHANGE
    },
    Row {
        name: "an administrator ended the session",
        token: Token::Of(Kind::Access, BOB),
        after: &[Set::EndSessions("bob")],
        expect: "kc-v2-subject-session-over",
        ..EXCHANGE
    },
    Row { name: "the subject was revoked here", after: &[Set::Revoke], expect: "kc-v2-subject-revoked", ..EXCHANGE },
    Row {
        name: "the subject was revoked elsewhere",
        after: &[Set::RevokeElsewhere],
        expect: "kc-v2-subject-revoked",
        ..EXCHANGE
    },
    Row {
        name: "the user of the subject is disabled",
        token: Token::Of(Kind::Access, BOB),
        after: &[Set::User("bob", r#"{"enabled":false}"#)],
        expect: "kc-v2-subject-user-disabled",
        ..EXCHANGE
    },
    Row {
        name: "the client of the subject is disabled",
        after: &[Set::Client("frontend", r#"{"enabled":false}"#)],
        expect: "kc-v2-subject-client-disabled",
        ..EXCHANGE
    },
    Row {
        name: "a not-before of the client",
        after: &[Set::Client("frontend", r#"{"notBefore":"$soon"}"#)],
        expect: "kc-v2-subject-not-before",
        ..EXCHANGE
    },
    Row {
        name: "a not-before of the realm",
        after: &[Set::Realm(r#"{"notBefore":"$soon"}"#)],
        expect: "kc-v2-subject-not-before",
        ..EXCHANGE
    },
    // 200, and not what was asked for.
    Row {
        name: "offline_access is left out of an exchange",
        values: &[PORTAL, SUBJECT, TYPE, ("scope", "offline_access")],
        expect: "kc-200-refresh-offline",
        ..EXCHANGE
    },
    Row {
        name: "an actor token is ignored",
        values: &[PORTAL, SUBJECT, TYPE, ("actor_token", "$token"), ("actor_token_type", ACCESS_TYPE)],
        expect: "kc-200-actor-ignored",
        ..EXCHANGE
    },
    Row {
        name: "resource is ignored",
        values: &[PORTAL, SUBJECT, TYPE, ("resource", "http://127.0.0.1:3/orders")],
        expect: "kc-200-resource-ignored",
        ..EXCHANGE
    },
    Row {
        name: "the new token has no aud",
        values: &[("client", "unmapped"), SUBJECT, TYPE],
        expect: "kc-200-no-audience",
        ..EXCHANGE
    },
    Row {
        name: "the new token has no sub",
        token: Token::None,
        operation: Operation::Password,
        values: &[("client", "bare"), ("username", "alice"), ("password", "alice")],
        expect: "kc-200-no-subject",
        ..ROW
    },
    Row {
        name: "a scope is bound to a role the user lacks",
        values: &[("client", "gated"), SUBJECT, TYPE, ("scope", "behind-role")],
        expect: "kc-200-scope-role",
        ..EXCHANGE
    },
    Row {
        name: "a scope is not named in tokens",
        values: &[("client", "gated"), SUBJECT, TYPE, ("scope", "unnamed")],
        expect: "kc-200-scope-hidden",
        ..EXCHANGE
    },
    Row {
        name: "a log in without a refresh token",
        before: &[Set::Client("frontend", r#"{"attributes":{"use.refresh.tokens":"false"}}"#)],
        token: Token::None,
        operation: Operation::Password,
        values: &[("client", "frontend"), ("username", "alice"), ("password", "alice"), ("scope", "openid")],
        expect: "kc-200-refresh-off",
        ..ROW
    },
];

/// Text that is no token.
pub const OPAQUE: &str = "f3b1c0de-5a11-4e0f-9d2c-7b1e55aa0042";
