//! The legacy exchange (V1) with fine-grained permissions V1: it answers for every client without the standard switch.

use crate::{
    exchange::OPAQUE,
    row::{ACCESS_TYPE, ALICE, EXCHANGE, ID_TYPE, JWT_TYPE, Kind, Login, Row, SAML_TYPE, Set, Target, Token},
};

const SUBJECT: (&str, &str) = ("subject_token", "$token");
const TYPE: (&str, &str) = ("subject_token_type", ACCESS_TYPE);
const BILLING: (&str, &str) = ("client", "billing");
const LEGACY: Row = Row { values: &[BILLING, SUBJECT, TYPE], ..EXCHANGE };
const GOOD: Login = Login { client: "good", ..ALICE };
const FOREIGN: Row = Row { token: Token::Partner(Kind::Access, GOOD), extra: &[("subject_issuer", "partner")], ..LEGACY };
const PERMITTED: Set = Set::Permit(Target::Provider("partner"), "billing");
const STORING: Set = Set::Provider("partner", r#"{"storeToken":true}"#);

/// A token as WSO2 writes it: `typ` stands in its header and not in its content. Signed once with a key nobody kept.
const UNTYPED: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImVsc2V3aGVyZSIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJodHRwczovL2Vsc2V3aGVyZS50ZXN0Iiwic3ViIjoiYWxpY2UiLCJhdWQiOiJvcmRlcnMtYXBwIiwiaWF0IjoxNzY3MjI1NjAwLCJleHAiOjQxMDI0NDQ4MDAsImp0aSI6InVudHlwZWQifQ.qesqQGIhfNUWKWhATRA26anqTgj72JMyzN32AMoBffiT1NlvUcCj9rCELvdGXQx24_jC5zJW994BqYIBY0x3zmzRtYJpzGzG_l8sCa_C3EOrs6IBG7lGCiSR3YruOCumIn-BKyxEWtbfapZ5Am2jubg5W-1eU40mzhx5yzR7hRqLY4ZUCP1hbG3tVPDZFnZ0BF7RcOqx1zAFG81ipzljtYkkslo2oO2eD3B1ltUuN4ZdR6o8Gdq2d1ye3mdStFOvH2ZqpKnFyV-QOvQNGFlCo9d2aU69A8sGhiUaj2Ynt-NyoHrIJl8fhiusBT9aGsVgDi2q5l1Hd8m46tDEnP-9DQ";
/// The identity provider with the public half of that key and the issuer of that token.
const ELSEWHERE: Set = Set::Provider(
    "partner",
    r#"{"config":{"issuer":"https://elsewhere.test","useJwksUrl":"false","publicKeySignatureVerifier":"{\"keys\":[{\"kty\":\"RSA\",\"n\":\"thFD8PPN84B-sjyMMeyMJZmZ1V0ZUGJBE7icBpDZG48ljYGLj9FzVrPYSPnMtn0KbBdj73sIoC0CRU02c53Lh87xv9AbzcbCJfUP8iwTDV0Z44sNRxDVPF0KfRXoowDY-7aAEbKD6sp-nRhbGPrQNaiZ7THgSbSkh-kAk5jmt4OL2DhkIPLxNvYMl3m9IlIyGN5joZknk-B32icFaDbngyQ9QxIrb3HkpqsO-ixHj3BOlHgSfoiF-aThal4Jup3F3pL9DiAO10x9ipGqoxF9seVkzq4us0oyr2OX0ikSHGDY9QsWI5LYNELEPtSvrsRT_MTAkfd0pN-yhaHE7UrUbQ\",\"e\":\"AQAB\",\"kid\":\"elsewhere\",\"use\":\"sig\",\"alg\":\"RS256\"}]}"}}"#,
);

pub const ROWS: &[Row] = &[
    // Client not allowed to exchange: seven causes of five words.
    Row {
        name: "V1: no permission on the target",
        values: &[BILLING, SUBJECT, TYPE, ("audience", "orders-api")],
        expect: "kc-v1-audience-permission",
        ..LEGACY
    },
    Row {
        name: "V1: the permission lists another client",
        before: &[Set::Permit(Target::Client("far-api"), "portal")],
        values: &[BILLING, SUBJECT, TYPE, ("audience", "far-api")],
        expect: "kc-v1-audience-permission",
        ..LEGACY
    },
    Row {
        name: "V1: no permission on the requested issuer",
        extra: &[("requested_issuer", "partner")],
        values: &[("client", "frontend"), SUBJECT, TYPE],
        expect: "kc-v1-requested-issuer-permission",
        ..LEGACY
    },
    Row {
        name: "V1: no permission on the subject's issuer",
        values: &[("client", "frontend"), SUBJECT, TYPE],
        expect: "kc-v1-subject-issuer-permission",
        ..FOREIGN
    },
    Row {
        name: "V1: the subject may not impersonate",
        extra: &[("requested_subject", "bob")],
        expect: "kc-v1-impersonate-subject",
        ..LEGACY
    },
    Row {
        name: "V1: nobody of this name to impersonate",
        extra: &[("requested_subject", "zoe")],
        expect: "kc-v1-impersonate-nobody",
        ..LEGACY
    },
    Row {
        name: "V1: a token from outside for a target that does not permit it",
        before: &[PERMITTED],
        after: &[Set::Link("alice")],
        values: &[BILLING, SUBJECT, TYPE, ("audience", "orders-api")],
        expect: "kc-v1-audience-permission-outside",
        ..FOREIGN
    },
    // The rest of it.
    Row {
        name: "V1: the requester is not in aud",
        values: &[("client", "far-api"), SUBJECT, TYPE],
        expect: "kc-v2-requester-not-in-aud",
        ..LEGACY
    },
    Row {
        name: "V1: the audience is no client",
        values: &[BILLING, SUBJECT, TYPE, ("audience", "nobody")],
        expect: "kc-v2-audience-not-found",
        ..LEGACY
    },
    Row {
        name: "V1: the audience is disabled",
        values: &[BILLING, SUBJECT, TYPE, ("audience", "dead-api")],
        expect: "kc-v2-audience-disabled",
        ..LEGACY
    },
    Row {
        name: "V1: the audience requires consent",
        values: &[BILLING, SUBJECT, TYPE, ("audience", "consenting")],
        expect: "kc-v1-consent",
        ..LEGACY
    },
    Row {
        name: "V1: the type says ID token",
        values: &[BILLING, SUBJECT, ("subject_token_type", ID_TYPE)],
        expect: "kc-v1-token-type",
        ..LEGACY
    },
    Row { name: "V1: the subject is no JWT", token: Token::Text(OPAQUE), expect: "kc-v2-subject-not-jwt", ..LEGACY },
    Row {
        name: "V1: a JWT is requested",
        values: &[BILLING, SUBJECT, TYPE, ("requested_token_type", JWT_TYPE)],
        expect: "kc-requested-type",
        ..LEGACY
    },
    Row {
        name: "V1: a public client and a foreign token",
        values: &[("client", "spa"), SUBJECT, TYPE],
        expect: "kc-v1-not-holder",
        ..LEGACY
    },
    Row {
        name: "V1: a scope the subject lacks",
        values: &[BILLING, SUBJECT, TYPE, ("scope", "phone")],
        expect: "kc-200-scope-legacy",
        ..LEGACY
    },
    Row {
        name: "V1: the subject is an ID token",
        token: Token::Of(Kind::Id, ALICE),
        expect: "kc-v2-subject-is-id-token",
        ..LEGACY
    },
    Row {
        name: "V1: the subject is of the same realm at localhost",
        token: Token::Localhost(Kind::Access, ALICE),
        expect: "kc-v2-subject-other-host",
        ..LEGACY
    },
    Row {
        name: "V1: a foreign subject without subject_issuer",
        token: Token::Partner(Kind::Access, GOOD),
        expect: "kc-v2-subject-other-realm",
        ..LEGACY
    },
    Row { name: "V1: the user logged out here", after: &[Set::LogOut], expect: "kc-v2-subject-session-over", ..LEGACY },
    Row {
        name: "V1: the user logged out elsewhere",
        after: &[Set::LogOutElsewhere],
        expect: "kc-v2-subject-session-over",
        ..LEGACY
    },
    // Tokens of another provider.
    Row {
        name: "V1: the requested issuer is unknown",
        extra: &[("requested_issuer", "nobody")],
        expect: "kc-v1-requested-issuer-unknown",
        ..LEGACY
    },
    Row {
        name: "V1: the requested issuer is SAML",
        extra: &[("requested_issuer", "saml")],
        expect: "kc-v1-issuer-unsupported",
        ..LEGACY
    },
    Row {
        name: "V1: the requested issuer keeps no token",
        before: &[PERMITTED],
        extra: &[("requested_issuer", "partner")],
        expect: "kc-v1-not-linked-session",
        ..LEGACY
    },
    Row {
        name: "V1: the user is not linked to the requested issuer",
        before: &[PERMITTED, STORING],
        extra: &[("requested_issuer", "partner")],
        expect: "kc-v1-not-linked",
        ..LEGACY
    },
    Row {
        name: "V1: the user is linked, and the requested issuer gave no token yet",
        before: &[PERMITTED, STORING],
        after: &[Set::Link("alice")],
        extra: &[("requested_issuer", "partner")],
        expect: "kc-v1-not-linked",
        ..LEGACY
    },
    Row {
        name: "V1: an ID token of the requested issuer",
        before: &[PERMITTED],
        values: &[BILLING, SUBJECT, TYPE, ("requested_token_type", ID_TYPE)],
        extra: &[("requested_issuer", "partner")],
        expect: "kc-v1-requested-type",
        ..LEGACY
    },
    Row {
        name: "V1: the subject's issuer is unknown",
        extra: &[("subject_issuer", "nobody")],
        expect: "kc-v1-subject-issuer-unknown",
        ..FOREIGN
    },
    Row { name: "V1: the external user exists here", before: &[PERMITTED], expect: "kc-v1-account-exists", ..FOREIGN },
    Row {
        name: "V1: the external type is SAML",
        before: &[PERMITTED],
        values: &[BILLING, SUBJECT, ("subject_token_type", SAML_TYPE)],
        expect: "kc-v1-external-type",
        ..FOREIGN
    },
    Row {
        name: "V1: the content of the external token does not say what it is",
        before: &[PERMITTED, ELSEWHERE],
        token: Token::Text(UNTYPED),
        values: &[BILLING, SUBJECT, ("subject_token_type", JWT_TYPE)],
        expect: "kc-v1-external-no-typ",
        ..FOREIGN
    },
    Row {
        name: "V1: the external signature is broken",
        before: &[PERMITTED],
        token: Token::PartnerBroken(Kind::Access, GOOD),
        values: &[BILLING, SUBJECT, ("subject_token_type", JWT_TYPE)],
        expect: "kc-v1-external-signature",
        ..FOREIGN
    },
    Row {
        name: "V1: the external token lacks openid for userinfo",
        before: &[PERMITTED],
        token: Token::Partner(Kind::Access, Login { scope: "profile", ..GOOD }),
        expect: "kc-v1-external-userinfo-openid",
        ..FOREIGN
    },
    Row {
        name: "V1: userinfo does not know the broken external token",
        before: &[PERMITTED],
        token: Token::PartnerBroken(Kind::Access, GOOD),
        expect: "kc-v1-external-signature",
        ..FOREIGN
    },
    Row {
        name: "V1: the session of the external token is over",
        before: &[PERMITTED],
        after: &[Set::EndPartnerSessions("alice")],
        expect: "kc-v1-external-userinfo",
        ..FOREIGN
    },
    Row {
        name: "V1: userinfo is off at the provider",
        before: &[PERMITTED, Set::Provider("partner", r#"{"config":{"disableUserInfo":"true"}}"#)],
        expect: "kc-v1-external-userinfo-off",
        ..FOREIGN
    },
    Row {
        name: "V1: the external token is no JWT",
        before: &[PERMITTED],
        token: Token::Text(OPAQUE),
        values: &[BILLING, SUBJECT, ("subject_token_type", JWT_TYPE)],
        expect: "kc-v1-external-not-json",
        ..FOREIGN
    },
    Row {
        name: "V1: the linked user is disabled",
        before: &[PERMITTED],
        after: &[Set::Link("alice"), Set::User("alice", r#"{"enabled":false}"#)],
        expect: "kc-v1-external-user-disabled",
        ..FOREIGN
    },
];
