//! What is done with tokens afterwards: refresh, userinfo, introspection, revocation, log out.

use record::operation::Operation;

use crate::{
    exchange::OPAQUE,
    row::{ACCESS, ALICE, BOB, Kind, Login, REFRESH, ROW, Row, Set, Token},
};

const RENEW: Row =
    Row { token: REFRESH, operation: Operation::Refresh, values: &[("client", "frontend"), ("refresh_token", "$token")], ..ROW };
const USERINFO: Row = Row { operation: Operation::Userinfo, values: &[("token", "$token")], ..ROW };
const ASK: Row = Row { operation: Operation::Introspect, values: &[("client", "portal"), ("token", "$token")], ..ROW };
const REVOKE: Row = Row { operation: Operation::Revoke, values: &[("client", "frontend"), ("token", "$token")], ..ROW };
const LOG_OUT: Row =
    Row { token: REFRESH, operation: Operation::LogOut, values: &[("client", "frontend"), ("refresh_token", "$token")], ..ROW };
const SHORT: Set = Set::Client("frontend", r#"{"attributes":{"access.token.lifespan":"1"}}"#);
const DISABLED: Set = Set::User("bob", r#"{"enabled":false}"#);
const BOBS: Token = Token::Of(Kind::Access, BOB);

pub const ROWS: &[Row] = &[
    Row {
        name: "refresh by another client",
        values: &[("client", "portal"), ("refresh_token", "$token")],
        expect: "kc-refresh-other-client",
        ..RENEW
    },
    Row { name: "refresh with an access token", token: ACCESS, expect: "kc-refresh-not-refresh", ..RENEW },
    Row { name: "refresh with an ID token", token: Token::Of(Kind::Id, ALICE), expect: "kc-refresh-not-refresh", ..RENEW },
    Row { name: "refresh with what is no token", token: Token::Text(OPAQUE), expect: "kc-refresh-not-jwt", ..RENEW },
    Row {
        name: "refresh with a broken token",
        token: Token::Broken(Kind::Refresh, ALICE),
        expect: "kc-refresh-invalid",
        ..RENEW
    },
    Row {
        name: "refresh through another host name",
        token: Token::Localhost(Kind::Refresh, ALICE),
        expect: "kc-refresh-issuer",
        ..RENEW
    },
    Row {
        name: "refresh with a used token",
        before: &[Set::Realm(r#"{"revokeRefreshToken":true}"#)],
        after: &[Set::Once],
        expect: "kc-refresh-reuse",
        ..RENEW
    },
    Row { name: "refresh after a log out", after: &[Set::LogOut], expect: "kc-session-over", ..RENEW },
    Row { name: "refresh after a revocation", after: &[Set::Revoke], expect: "kc-session-over", ..RENEW },
    Row {
        name: "refresh of a disabled user",
        token: Token::Of(Kind::Refresh, BOB),
        after: &[DISABLED],
        expect: "kc-user-disabled",
        ..RENEW
    },
    Row {
        name: "refresh after a not-before of the client",
        after: &[Set::Client("frontend", r#"{"notBefore":"$soon"}"#)],
        expect: "kc-refresh-stale",
        ..RENEW
    },
    Row {
        name: "refresh after the session's life",
        before: &[Set::Realm(r#"{"ssoSessionMaxLifespan":1}"#)],
        after: &[Set::UntilExpired],
        expect: "kc-refresh-expired",
        ..RENEW
    },
    Row {
        name: "refresh with an unknown scope",
        values: &[("client", "frontend"), ("refresh_token", "$token"), ("scope", "nonsense")],
        expect: "kc-invalid-scopes",
        ..RENEW
    },
    // Userinfo.
    Row {
        name: "userinfo without openid",
        token: Token::Of(Kind::Access, Login { scope: "profile", ..ALICE }),
        expect: "kc-userinfo-openid",
        ..USERINFO
    },
    Row { name: "userinfo with an ID token", token: Token::Of(Kind::Id, ALICE), expect: "kc-userinfo-id-token", ..USERINFO },
    Row { name: "userinfo with a refresh token", token: REFRESH, expect: "kc-userinfo-refresh-token", ..USERINFO },
    Row { name: "userinfo with what is no token", token: Token::Text(OPAQUE), expect: "kc-userinfo-not-jwt", ..USERINFO },
    Row {
        name: "userinfo with a broken token",
        token: Token::Broken(Kind::Access, ALICE),
        expect: "kc-userinfo-signature",
        ..USERINFO
    },
    Row {
        name: "userinfo through another host name",
        token: Token::Localhost(Kind::Access, ALICE),
        expect: "kc-userinfo-issuer",
        ..USERINFO
    },
    Row {
        name: "userinfo with an ended token",
        before: &[SHORT],
        after: &[Set::UntilExpired],
        expect: "kc-userinfo-expired",
        ..USERINFO
    },
    Row { name: "userinfo with a revoked token", after: &[Set::Revoke], expect: "kc-userinfo-revoked", ..USERINFO },
    Row {
        name: "userinfo with a token revoked elsewhere",
        after: &[Set::RevokeElsewhere],
        expect: "kc-userinfo-revoked",
        ..USERINFO
    },
    Row { name: "userinfo after a log out", after: &[Set::LogOutElsewhere], expect: "kc-userinfo-session", ..USERINFO },
    Row { name: "userinfo of a disabled user", token: BOBS, after: &[DISABLED], expect: "kc-userinfo-user-disabled", ..USERINFO },
    Row {
        name: "userinfo for a disabled client",
        after: &[Set::Client("frontend", r#"{"enabled":false}"#)],
        expect: "kc-userinfo-client-disabled",
        ..USERINFO
    },
    Row {
        name: "userinfo after a not-before of the realm",
        after: &[Set::Realm(r#"{"notBefore":"$soon"}"#)],
        expect: "kc-userinfo-not-before",
        ..USERINFO
    },
    Row {
        name: "userinfo with a lightweight token",
        before: &[Set::Client("frontend", r#"{"attributes":{"client.use.lightweight.access.token.enabled":"true"}}"#)],
        expect: "kc-userinfo-lightweight",
        ..USERINFO
    },
    // Introspection says active: false, and not why.
    Row {
        name: "introspection by a client outside aud",
        values: &[("client", "reporting"), ("token", "$token")],
        expect: "kc-200-inactive-audience",
        ..ASK
    },
    Row {
        name: "introspection by the client it was issued to",
        values: &[("client", "frontend"), ("token", "$token")],
        expect: "kc-200-inactive-audience",
        ..ASK
    },
    Row { name: "introspection of what is no token", token: Token::Text(OPAQUE), expect: "kc-200-inactive-not-jwt", ..ASK },
    Row {
        name: "introspection of a broken token",
        token: Token::Broken(Kind::Access, ALICE),
        expect: "kc-200-inactive-signature",
        ..ASK
    },
    Row {
        name: "introspection through another host name",
        token: Token::Localhost(Kind::Access, ALICE),
        expect: "kc-200-inactive-issuer",
        ..ASK
    },
    Row {
        name: "introspection of an ended token",
        before: &[SHORT],
        after: &[Set::UntilExpired],
        expect: "kc-200-inactive-expired",
        ..ASK
    },
    Row { name: "introspection after a log out here", after: &[Set::LogOut], expect: "kc-200-inactive-session", ..ASK },
    Row {
        name: "introspection after a log out elsewhere",
        after: &[Set::LogOutElsewhere],
        expect: "kc-200-inactive-session",
        ..ASK
    },
    Row { name: "introspection of a revoked token", after: &[Set::Revoke], expect: "kc-200-inactive-revoked", ..ASK },
    Row { name: "introspection for a disabled user", token: BOBS, after: &[DISABLED], expect: "kc-200-inactive-user", ..ASK },
    Row {
        name: "introspection after a not-before of the realm",
        after: &[Set::Realm(r#"{"notBefore":"$soon"}"#)],
        expect: "kc-200-inactive-not-before",
        ..ASK
    },
    // Revocation and log out.
    Row {
        name: "revocation by another client",
        values: &[("client", "portal"), ("token", "$token")],
        expect: "kc-revoke-other-client",
        ..REVOKE
    },
    Row { name: "revocation of an ID token", token: Token::Of(Kind::Id, ALICE), expect: "kc-revoke-id-token", ..REVOKE },
    Row { name: "revocation of what is no token", token: Token::Text(OPAQUE), expect: "kc-200-revoke-nothing", ..REVOKE },
    Row {
        name: "log out by another client",
        values: &[("client", "portal"), ("refresh_token", "$token")],
        expect: "kc-refresh-other-client",
        ..LOG_OUT
    },
    Row { name: "log out with what is no token", token: Token::Text(OPAQUE), expect: "kc-refresh-not-jwt", ..LOG_OUT },
];
