//! A token endpoint or a revocation refuses and does not say why.

use super::family::{ASSERTION, CAUSE, EXCHANGE, REFRESH, REVOKE};
use crate::refusal::{
    entry::{Act, Refusal, Show},
    when::{Proof, Shelf, When},
};

/// The same of a subject token (RFC 8693 2.2.2 has `invalid_request`, many say `invalid_grant`).
const NO_SUBJECT: &[&str] = &["invalid_grant", "invalid_request", "invalid_token", "access_denied", ""];
/// The same of a refresh token.
const NO_REFRESH: &[&str] = &["invalid_grant", "invalid_token", "invalid_request", "token_inactive", ""];
/// What is said of a token that may not be revoked by who asks (RFC 7009 2.1).
const NOT_YOURS: &[&str] = &["invalid_client", "invalid_grant", "invalid_request", "unauthorized_client", "access_denied", ""];
/// Words that speak of the subject token as a whole; others name a parameter.
const OF_SUBJECT: &[&str] = &[
    "subject_token is",
    "subject_token' is",
    "subject token",
    "invalid token",
    "token is invalid",
    "token is not",
    "invalid subject",
    "not a live",
];
const SUBJECT: When = When::All(&[When::Refusal, When::Vague(OF_SUBJECT)]);
const ACTOR: When =
    When::All(&[When::Refusal, When::Vague(&["actor_token is", "actor token", "invalid actor"]), When::Has("actor_token")]);
/// What is said of an assertion that is not taken (RFC 7521 4.1 has `invalid_grant`).
const NO_ASSERTION: &[&str] = &["invalid_grant", "invalid_token", ""];
const ASSERTED: When =
    When::All(&[When::Refusal, When::Vague(&["assertion", "grant is invalid", "invalid grant", "jwt", "token is"])]);

/// One of the causes why a subject token is not taken.
const NO_EXCHANGE: Refusal = Refusal { operations: EXCHANGE, error: NO_SUBJECT, when: SUBJECT, ..CAUSE };

/// One of the causes why a refresh token is not taken.
const NO_REFRESHING: Refusal = Refusal { operations: REFRESH, error: NO_REFRESH, ..CAUSE };

/// One of the causes why an assertion is not taken.
const NO_ASSERTING: Refusal = Refusal { operations: ASSERTION, error: NO_ASSERTION, when: ASSERTED, ..CAUSE };

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "exchange-may-act-alone",
        proof: Proof::Of(Shelf::MayActAlone),
        tell: "The subject token has the claim may_act.",
        cause: "The subject token says who may act for its user (may_act), and no actor_token was sent. Some servers then refuse the exchange.",
        fix: "Send the token of the actor that may_act names as actor_token.",
        show: &[Show::Sub],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-subject-ended",
        proof: Proof::Of(Shelf::Ended),
        tell: "Its exp, or expires_in of the answer it came with, is past.",
        cause: "The subject token has ended {ended}.",
        fix: "Refresh it or log in again, then exchange the new token.",
        show: &[Show::Exp],
        actions: &[Act::Refresh, Act::LogIn],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-subject-revoked",
        proof: Proof::Of(Shelf::Revoked),
        tell: "Introspection says active: false.",
        cause: "The subject token was revoked.",
        fix: "Log in again, and exchange the new token.",
        actions: &[Act::LogIn, Act::Introspect],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-subject-session-over",
        proof: Proof::SessionOver,
        tell: "Introspection says active: false before the token's end.",
        cause: "The session of the subject token is over.",
        fix: "Log in again, and exchange the new token.",
        actions: &[Act::LogIn, Act::Introspect],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-subject-is-id-token",
        when: When::All(&[SUBJECT, When::SubjectType("access_token")]),
        proof: Proof::Of(Shelf::IdToken),
        tell: "It came as id_token.",
        cause: "An ID token was sent as subject token, and called an access token.",
        fix: "Send the access token, or set subject_token_type to id_token where the server takes one.",
        show: &[Show::SubjectType],
        actions: &[Act::Set("Call it an ID token", "subject_token_type", "urn:ietf:params:oauth:token-type:id_token")],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-subject-is-refresh-token",
        when: When::All(&[SUBJECT, When::SubjectType("access_token")]),
        proof: Proof::Of(Shelf::RefreshToken),
        tell: "It came as refresh_token.",
        cause: "A refresh token was sent as subject token, and called an access token.",
        fix: "Send the access token, or set subject_token_type to refresh_token where the server takes one.",
        show: &[Show::SubjectType],
        actions: &[Act::Set("Call it a refresh token", "subject_token_type", "urn:ietf:params:oauth:token-type:refresh_token")],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-subject-no-user",
        proof: Proof::Of(Shelf::NoUser),
        tell: "It came from client credentials; sub is the client itself, or there is none.",
        cause: "The subject token is a client's own, with no user behind it, and the server exchanges tokens of users.",
        fix: "Send a token a user logged in for as subject token.",
        show: &[Show::Sub],
        actions: &[Act::LogIn],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-subject-other-issuer",
        proof: Proof::Of(Shelf::OtherIssuer),
        tell: "iss of the token is another server's.",
        cause: "The subject token was issued by {issuer}, and this server is {server}.",
        fix: "Send a token of this server, or have it trust the other issuer.",
        show: &[Show::Iss],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-may-act-other",
        proof: Proof::Of(Shelf::MayActOther),
        tell: "iss and sub of the actor's token differ from may_act.",
        cause: "The actor is not the one that may_act of the subject token names: the server compares iss and sub of both.",
        fix: "Send a token of the actor that may_act names.",
        show: &[Show::Sub],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-subject-signature",
        proof: Proof::Of(Shelf::BadSignature),
        tell: "The signature on the shelf is marked as wrong.",
        cause: "The subject token was changed or cut: its signature does not fit.",
        fix: "Get it anew and send it whole.",
        show: &[Show::Alg],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-subject-inactive",
        proof: Proof::Of(Shelf::Inactive),
        tell: "Introspection says active: false.",
        cause: "The server calls the subject token inactive, and nothing done here explains it.",
        fix: "Log in again, and exchange the new token.",
        actions: &[Act::LogIn],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-actor-not-taken",
        when: ACTOR,
        tell: "The same exchange without actor_token is taken, or refused in another way.",
        cause: "The server does not take the actor token: ended, revoked, of another server or of another kind than actor_token_type says.",
        fix: "Get a fresh token of the actor.",
        actions: &[Act::Without("actor_token")],
        ..NO_EXCHANGE
    },
    // What is whole and of this server was neither cut nor is it another's.
    Refusal {
        id: "exchange-subject-not-for-client",
        when: When::All(&[SUBJECT, When::Known(Shelf::Sound), When::RequesterNotInAud]),
        tell: "A subject token whose aud names {client} is taken.",
        cause: "The subject token is whole, of this server and has not ended, and its aud does not name {client}: servers may exchange only what is meant for who asks.",
        fix: "Have {client} in aud of the subject token, or exchange as a client that is named there.",
        show: &[Show::RequesterInAud, Show::Iss, Show::Exp],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-subject-ended-elsewhere",
        when: When::All(&[SUBJECT, When::Known(Shelf::Sound), When::NotKnown(Shelf::Alive)]),
        tell: "Introspection says active: false.",
        cause: "The subject token is whole, of this server and has not ended by its exp, and the server has ended it since: revoked, logged out or its user locked.",
        fix: "Log in again, and exchange the new token.",
        show: &[Show::Exp, Show::Iss],
        actions: &[Act::Introspect, Act::LogIn],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-subject-policy",
        when: When::All(&[SUBJECT, When::Known(Shelf::Sound)]),
        tell: "The server's log names a rule, or the same exchange by another client is taken.",
        cause: "The subject token is whole, of this server and has not ended; {client} may not exchange it, or not of this type: the server's policy wants another client, scope or subject_token_type.",
        fix: "Compare the server's rules for exchanges with {client}, {origin} and subject_token_type.",
        show: &[Show::RequesterInAud, Show::SubjectType, Show::Exp],
        ..NO_EXCHANGE
    },
    Refusal {
        id: "exchange-subject-unknown",
        when: When::All(&[SUBJECT, When::NotKnown(Shelf::Sound)]),
        tell: "A fresh token of the same client is taken.",
        cause: "The server does not know the subject token: cut while it was copied, of another server, or forgotten since.",
        fix: "Get a fresh token and exchange that.",
        show: &[Show::Iss],
        actions: &[Act::LogIn, Act::Introspect],
        ..NO_EXCHANGE
    },
    // Refresh.
    Refusal {
        id: "refresh-used",
        proof: Proof::Of(Shelf::Rotated),
        tell: "An earlier refresh with it brought another refresh token.",
        cause: "The refresh token was used before. The server gives a new one each time, and takes the old one no more.",
        fix: "Use the newest refresh token. Some servers end the whole log in when an old one is shown: then log in again.",
        actions: &[Act::LogIn],
        ..NO_REFRESHING
    },
    Refusal {
        id: "refresh-other-client",
        proof: Proof::Of(Shelf::OtherClient),
        tell: "Another client got it.",
        cause: "The refresh token was issued to {origin}, and {client} used it.",
        fix: "Refresh as {origin}.",
        show: &[Show::Azp],
        ..NO_REFRESHING
    },
    Refusal {
        id: "refresh-is-access-token",
        proof: Proof::Of(Shelf::AccessToken),
        tell: "It came as access_token.",
        cause: "An access token was sent as refresh token.",
        fix: "Use the refresh token of the same log in.",
        ..NO_REFRESHING
    },
    Refusal {
        id: "refresh-is-id-token",
        proof: Proof::Of(Shelf::IdToken),
        tell: "It came as id_token.",
        cause: "An ID token was sent as refresh token.",
        fix: "Use the refresh token of the same log in.",
        ..NO_REFRESHING
    },
    Refusal {
        id: "refresh-revoked",
        proof: Proof::Of(Shelf::Revoked),
        tell: "Introspection says active: false.",
        cause: "The refresh token was revoked.",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        ..NO_REFRESHING
    },
    Refusal {
        id: "refresh-session-over",
        proof: Proof::SessionOver,
        tell: "Its user logged out, or the server ended the session.",
        cause: "The session of the refresh token is over.",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        ..NO_REFRESHING
    },
    Refusal {
        id: "refresh-ended",
        proof: Proof::Of(Shelf::Ended),
        tell: "Its end is past.",
        cause: "The refresh token has ended {ended}.",
        fix: "Log in again.",
        show: &[Show::Exp],
        actions: &[Act::LogIn],
        ..NO_REFRESHING
    },
    Refusal {
        id: "refresh-unknown",
        tell: "A refresh token of a new log in is taken.",
        cause: "The server does not know the refresh token any more: ended, used or revoked elsewhere, or cut while it was copied.",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        ..NO_REFRESHING
    },
    // Assertions (RFC 7523 3), where the server has no words for what is wrong with them.
    Refusal {
        id: "assertion-over",
        proof: Proof::Of(Shelf::Ended),
        tell: "Its exp is past (RFC 7523 3, 4).",
        cause: "The assertion has ended {ended}.",
        fix: "Make or get a new one.",
        show: &[Show::Exp],
        ..NO_ASSERTING
    },
    Refusal {
        id: "assertion-not-signed",
        proof: Proof::Of(Shelf::BadSignature),
        tell: "The signature on the shelf is marked as wrong (RFC 7523 3, 9).",
        cause: "The signature of the assertion does not fit its issuer's key.",
        fix: "Get it anew and send it whole.",
        show: &[Show::Alg, Show::Iss],
        ..NO_ASSERTING
    },
    Refusal {
        id: "assertion-other-audience",
        proof: Proof::Of(Shelf::OtherAudience),
        tell: "aud names neither the server's issuer nor its token endpoint, and the server goes by no other name.",
        cause: "The aud of the assertion does not name this server.",
        fix: "Get one with the server's issuer or token endpoint as aud (RFC 7523 3, 3).",
        show: &[Show::Aud],
        ..NO_ASSERTING
    },
    Refusal {
        id: "assertion-used",
        proof: Proof::UsedBefore,
        tell: "A new assertion of the same issuer is taken.",
        cause: "The assertion was used before, and the server takes each jti once (RFC 7523 3, 7).",
        fix: "Make or get a new one.",
        ..NO_ASSERTING
    },
    Refusal {
        id: "assertion-other-issuer",
        tell: "The issuer is not among those the server is set to.",
        cause: "The server does not trust the issuer of the assertion, {issuer}, or has no keys of it.",
        fix: "Register the issuer and its keys at the server (RFC 7523 3, 1).",
        show: &[Show::Iss, Show::Alg],
        ..NO_ASSERTING
    },
    Refusal {
        id: "assertion-other-subject",
        tell: "The server has no user of that sub.",
        cause: "The server does not know whom the assertion is about.",
        fix: "Compare sub of the assertion with the server's users (RFC 7523 3, 2).",
        show: &[Show::Sub],
        ..NO_ASSERTING
    },
    // Revocation.
    Refusal {
        id: "revoke-other-client",
        operations: REVOKE,
        error: NOT_YOURS,
        proof: Proof::Of(Shelf::OtherClient),
        tell: "Another client got it.",
        cause: "The token was issued to {origin}, and {client} asked to revoke it. A server refuses that (RFC 7009 2.1), and nothing was revoked.",
        fix: "Revoke it as {origin}.",
        show: &[Show::Azp],
        ..CAUSE
    },
];
