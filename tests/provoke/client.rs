//! Client authentication, client credentials and the password grant.

use record::operation::Operation;

use crate::row::{ACCESS, EXCHANGE, ROW, Row, Set, Token};

const SERVICE: Row = Row { token: Token::None, operation: Operation::ClientCredentials, ..ROW };
const PASSWORD: Row = Row {
    token: Token::None,
    operation: Operation::Password,
    values: &[("client", "frontend"), ("username", "alice"), ("password", "alice"), ("scope", "openid")],
    ..ROW
};
const ASK: Row = Row { operation: Operation::Introspect, values: &[("client", "portal"), ("token", "$token")], ..ROW };

pub const ROWS: &[Row] = &[
    // Who asks.
    Row { name: "the secret is wrong", after: &[Set::Secret("portal", "wrong")], expect: "kc-client-secret", ..EXCHANGE },
    Row { name: "no secret is sent", after: &[Set::ProfilePublic("portal")], expect: "kc-client-secret-missing", ..EXCHANGE },
    Row {
        name: "there is no such client",
        before: &[Set::ProfileClient("ghost")],
        values: &[("client", "ghost")],
        expect: "kc-client-unknown",
        ..SERVICE
    },
    Row { name: "the client is disabled", values: &[("client", "dead-api")], expect: "kc-client-disabled", ..SERVICE },
    Row {
        name: "the client authenticates with a JWT",
        before: &[Set::Client("orders-api", r#"{"clientAuthenticatorType":"client-jwt"}"#)],
        values: &[("client", "orders-api")],
        expect: "kc-client-assertion",
        ..SERVICE
    },
    Row {
        name: "introspection with a wrong secret",
        after: &[Set::Secret("portal", "wrong")],
        expect: "kc-introspect-secret",
        ..ASK
    },
    Row {
        name: "introspection by an unknown client",
        before: &[Set::ProfileClient("ghost")],
        values: &[("client", "ghost"), ("token", "$token")],
        expect: "kc-client-unknown",
        ..ASK
    },
    Row {
        name: "introspection by a disabled client",
        values: &[("client", "dead-api"), ("token", "$token")],
        expect: "kc-client-disabled",
        ..ASK
    },
    Row {
        name: "introspection by a public client",
        token: ACCESS,
        values: &[("client", "spa"), ("token", "$token")],
        expect: "kc-introspect-public",
        ..ASK
    },
    Row {
        name: "the realm does not exist",
        before: &[Set::OtherRealm],
        values: &[("client", "portal")],
        expect: "kc-realm-missing",
        ..SERVICE
    },
    // Client credentials.
    Row { name: "no service account", values: &[("client", "far-api")], expect: "kc-service-account-off", ..SERVICE },
    Row {
        name: "client credentials of a public client",
        values: &[("client", "spa")],
        expect: "kc-service-account-public",
        ..SERVICE
    },
    Row {
        name: "a bearer-only client",
        before: &[Set::Client("far-api", r#"{"bearerOnly":true}"#)],
        values: &[("client", "far-api")],
        expect: "kc-bearer-only",
        ..SERVICE
    },
    Row {
        name: "client credentials with an unknown scope",
        values: &[("client", "portal"), ("scope", "nonsense")],
        expect: "kc-invalid-scopes",
        ..SERVICE
    },
    // Password grant.
    Row {
        name: "the password is wrong",
        values: &[("client", "frontend"), ("username", "alice"), ("password", "wrong")],
        expect: "kc-user-credentials",
        ..PASSWORD
    },
    Row {
        name: "there is no such user",
        values: &[("client", "frontend"), ("username", "zoe"), ("password", "zoe")],
        expect: "kc-user-unknown",
        ..PASSWORD
    },
    Row {
        name: "the user is locked",
        before: &[
            Set::Realm(
                r#"{"bruteForceProtected":true,"failureFactor":2,"quickLoginCheckMilliSeconds":1,"waitIncrementSeconds":60}"#,
            ),
            Set::WrongPasswords("bob", 3),
        ],
        values: &[("client", "frontend"), ("username", "bob"), ("password", "bob")],
        expect: "kc-user-locked",
        ..PASSWORD
    },
    Row {
        name: "the user is disabled",
        before: &[Set::User("bob", r#"{"enabled":false}"#)],
        values: &[("client", "frontend"), ("username", "bob"), ("password", "bob")],
        expect: "kc-user-disabled",
        ..PASSWORD
    },
    Row {
        name: "the user has something to do first",
        before: &[Set::User("bob", r#"{"requiredActions":["UPDATE_PASSWORD"]}"#)],
        values: &[("client", "frontend"), ("username", "bob"), ("password", "bob")],
        expect: "kc-user-setup",
        ..PASSWORD
    },
    Row {
        name: "the password grant is off",
        values: &[("client", "far-api"), ("username", "alice"), ("password", "alice")],
        expect: "kc-direct-grant-off",
        ..PASSWORD
    },
    Row {
        name: "the password grant at a client with consent",
        values: &[("client", "consenting"), ("username", "alice"), ("password", "alice")],
        expect: "kc-direct-grant-consent",
        ..PASSWORD
    },
    Row {
        name: "offline_access for a user without the role",
        values: &[("client", "frontend"), ("username", "carol"), ("password", "carol"), ("scope", "offline_access")],
        expect: "kc-offline-not-allowed",
        ..PASSWORD
    },
    Row {
        name: "a log in with an unknown scope",
        values: &[("client", "frontend"), ("username", "alice"), ("password", "alice"), ("scope", "nonsense")],
        expect: "kc-invalid-scopes",
        ..PASSWORD
    },
];
