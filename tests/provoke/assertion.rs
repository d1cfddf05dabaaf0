//! The JWT authorization grant (RFC 7523), with tokens of the partner realm as assertions.

use record::operation::Operation;

use crate::{
    exchange::OPAQUE,
    row::{ACCESS, Kind, Login, ROW, Row, Set, Token},
};

const GRANT: Row =
    Row { token: PARTNERS, operation: Operation::JwtBearer, values: &[("client", "portal"), ("assertion", "$token")], ..ROW };
const PARTNERS: Token = Token::Partner(Kind::Access, GOOD);
const GOOD: Login = Login { client: "good", user: "alice", scope: "openid" };
const LINKED: Set = Set::Link("alice");

pub const ROWS: &[Row] = &[
    Row {
        name: "nobody has the issuer of the assertion",
        token: Token::PartnerLocalhost(Kind::Access, GOOD),
        expect: "kc-jwt-no-idp",
        ..GRANT
    },
    Row { name: "an assertion of the realm itself", token: ACCESS, expect: "kc-jwt-own-token", ..GRANT },
    Row {
        name: "the identity provider takes no assertions",
        before: &[Set::Provider("partner", r#"{"config":{"jwtAuthorizationGrantEnabled":"false"}}"#)],
        expect: "kc-jwt-idp-off",
        ..GRANT
    },
    Row {
        name: "the identity provider is disabled",
        before: &[Set::Provider("partner", r#"{"enabled":false}"#)],
        expect: "kc-jwt-idp-disabled",
        ..GRANT
    },
    Row {
        name: "the identity provider is not for the client",
        values: &[("client", "reporting"), ("assertion", "$token")],
        expect: "kc-jwt-idp-not-for-client",
        ..GRANT
    },
    Row {
        name: "the grant is off for the client",
        values: &[("client", "billing"), ("assertion", "$token")],
        expect: "kc-jwt-client-off",
        ..GRANT
    },
    Row {
        name: "the grant for a public client",
        values: &[("client", "spa"), ("assertion", "$token")],
        expect: "kc-jwt-public",
        ..GRANT
    },
    Row { name: "an assertion is used twice", after: &[LINKED, Set::Once], expect: "kc-jwt-reuse", ..GRANT },
    Row {
        name: "an assertion has ended",
        before: &[Set::PartnerClient("good", r#"{"attributes":{"access.token.lifespan":"1"}}"#)],
        after: &[LINKED, Set::UntilExpired],
        expect: "kc-jwt-expired",
        ..GRANT
    },
    Row {
        name: "an assertion is too old",
        before: &[Set::Provider("partner", r#"{"config":{"jwtAuthorizationGrantMaxAllowedAssertionExpiration":"1"}}"#)],
        after: &[LINKED, Set::UntilOld(2)],
        expect: "kc-jwt-too-old",
        ..GRANT
    },
    Row {
        name: "an assertion with two audiences",
        token: Token::Partner(Kind::Access, Login { client: "two", ..GOOD }),
        after: &[LINKED],
        expect: "kc-jwt-audiences",
        ..GRANT
    },
    Row {
        name: "an assertion for somebody else",
        token: Token::Partner(Kind::Access, Login { client: "elsewhere", ..GOOD }),
        after: &[LINKED],
        expect: "kc-jwt-audience",
        ..GRANT
    },
    Row {
        name: "an assertion without sub",
        token: Token::Partner(Kind::Access, Login { client: "nameless", ..GOOD }),
        expect: "kc-jwt-claims",
        ..GRANT
    },
    Row {
        name: "an ID token as assertion",
        token: Token::Partner(Kind::Id, GOOD),
        after: &[LINKED],
        expect: "kc-jwt-audience",
        ..GRANT
    },
    Row { name: "an assertion that is no JWT", token: Token::Text(OPAQUE), expect: "kc-jwt-not-a-jwt", ..GRANT },
    Row {
        name: "an assertion with a broken signature",
        token: Token::PartnerBroken(Kind::Access, GOOD),
        expect: "kc-jwt-signature-broken",
        ..GRANT
    },
    Row {
        name: "the identity provider wants another algorithm",
        before: &[Set::Provider("partner", r#"{"config":{"jwtAuthorizationGrantAssertionSignatureAlg":"ES256"}}"#)],
        after: &[LINKED],
        expect: "kc-jwt-algorithm",
        ..GRANT
    },
    Row {
        name: "the identity provider has other keys",
        before: &[Set::Provider("partner", r#"{"config":{"jwksUrl":"$base/realms/provoked/protocol/openid-connect/certs"}}"#)],
        after: &[LINKED],
        expect: "kc-jwt-keys-elsewhere",
        ..GRANT
    },
    Row {
        name: "nobody is linked to the subject",
        token: Token::Partner(Kind::Access, Login { user: "dora", ..GOOD }),
        expect: "kc-jwt-user",
        ..GRANT
    },
    Row {
        name: "the linked user is disabled",
        after: &[LINKED, Set::User("alice", r#"{"enabled":false}"#)],
        expect: "kc-jwt-user-disabled",
        ..GRANT
    },
    Row {
        name: "an assertion with an unknown scope",
        after: &[LINKED],
        values: &[("client", "portal"), ("assertion", "$token"), ("scope", "nonsense")],
        expect: "kc-invalid-scopes",
        ..GRANT
    },
];
