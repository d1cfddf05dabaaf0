//! Servers that say no more than an RFC's code: Spring Authorization Server, zitadel, django-oauth-toolkit, Hydra, dex, and every API
//! that is not a gateway's. Seen at the three of `tests/servers`, whose answers stand in `tests/fixtures/servers`.
//!
//! One code stands for many causes there. What the shelf and the journal know decides; where they do not, all causes are listed,
//! each with how to tell it. Words of a server that name the cause come before both.

mod clients;
mod entra;
mod said;

use crate::{
    profile::Dialect,
    refusal::{
        entry::{Act, Entry, Show},
        shelf::Shelf,
        when::{Proof, When},
    },
};
use record::operation::Operation;

const API: &[Operation] = &[Operation::CallApi];
const USERINFO: &[Operation] = &[Operation::Userinfo];
const CALL: &[Operation] = &[Operation::CallApi, Operation::Userinfo];
const EXCHANGE: &[Operation] = &[Operation::TokenExchange];
const REFRESH: &[Operation] = &[Operation::Refresh];
const REVOKE: &[Operation] = &[Operation::Revoke];
const NONE: &[&str] = &[];

/// What is said of a token that is not taken, by an API or userinfo; an empty body is said as well.
const NOT_TAKEN: &[&str] = &[
    "invalid_token",
    "access_denied",
    "unauthorized",
    "Unauthorized",
    "forbidden",
    "Forbidden",
    "invalid_grant",
    "request_unauthorized",
    "token_inactive",
    "token_not_valid",
    "InvalidAuthenticationToken",
    "UNAUTHENTICATED",
    "",
];
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
/// The same of a token at an API.
const OF_TOKEN: &[&str] = &[
    "token",
    "unauthorized",
    "forbidden",
    "credentials",
    "authentication",
    "not authenticated",
    "access denied",
    "permission",
    "could not be authorized",
];

/// A cause among several of one answer: it is settled by `fact`, or by nobody.
const fn cause(id: &'static str, operations: &'static [Operation], error: &'static [&'static str], fact: Option<Shelf>) -> Entry {
    Entry {
        id,
        dialect: Some(Dialect::Plain),
        operations,
        status: 0,
        error,
        words: NONE,
        event: NONE,
        when: When::Refusal,
        certain: false,
        proof: match fact {
            Some(fact) => Proof::Of(fact),
            None => Proof::Nothing,
        },
        tell: "",
        cause: "",
        fix: "",
        show: &[],
        actions: &[],
        seen: "Spring Authorization Server 7.0.6, zitadel/oidc 3.49.2, django-oauth-toolkit 3.4.1",
    }
}

/// The same, known by the server's own words; they are enough.
const fn said(
    id: &'static str,
    operations: &'static [Operation],
    error: &'static [&'static str],
    words: &'static [&'static str],
) -> Entry {
    Entry { words, certain: true, when: When::Always, ..cause(id, operations, error, None) }
}

impl Entry {
    const fn because(mut self, cause: &'static str, fix: &'static str) -> Self {
        self.cause = cause;
        self.fix = fix;
        self
    }

    const fn told_by(mut self, tell: &'static str) -> Self {
        self.tell = tell;
        self
    }

    const fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }

    const fn shows(mut self, show: &'static [Show]) -> Self {
        self.show = show;
        self
    }

    const fn offers(mut self, actions: &'static [Act]) -> Self {
        self.actions = actions;
        self
    }

    /// The same at every server.
    const fn anywhere(mut self) -> Self {
        self.dialect = None;
        self
    }

    const fn proved_by(mut self, proof: Proof) -> Self {
        self.proof = proof;
        self
    }
}

/// All rows: words first, then what the shelf knows, then what is left.
pub(crate) fn all() -> impl Iterator<Item = &'static Entry> {
    entra::ENTRIES.iter().chain(said::ENTRIES).chain(ENTRIES).chain(clients::ENTRIES)
}

const VAGUE: When = When::All(&[When::Refusal, When::Vague(OF_TOKEN)]);
const SUBJECT: When = When::All(&[When::Refusal, When::Vague(OF_SUBJECT)]);
const ACTOR: When =
    When::All(&[When::Refusal, When::Vague(&["actor_token is", "actor token", "invalid actor"]), When::Has("actor_token")]);

const ASSERTION: &[Operation] = &[Operation::JwtBearer];
/// What is said of an assertion that is not taken (RFC 7521 4.1 has `invalid_grant`).
const NO_ASSERTION: &[&str] = &["invalid_grant", "invalid_token", ""];
const ASSERTED: When =
    When::All(&[When::Refusal, When::Vague(&["assertion", "grant is invalid", "invalid grant", "jwt", "token is"])]);

const ENTRIES: &[Entry] = &[
    // An API or userinfo.
    cause("token-expired", CALL, NOT_TAKEN, Some(Shelf::Ended))
        .when(VAGUE)
        .because("The token has ended {ended}.", "Refresh it or log in again.")
        .told_by("Its exp, or expires_in of the answer it came with, is past.")
        .shows(&[Show::Exp])
        .offers(&[Act::Refresh, Act::LogIn]),
    cause("token-revoked", CALL, NOT_TAKEN, Some(Shelf::Revoked))
        .when(VAGUE)
        .because("The token was revoked.", "Log in again.")
        .told_by("Introspection says active: false.")
        .shows(&[Show::Exp])
        .offers(&[Act::LogIn, Act::Introspect]),
    cause("token-session-over", CALL, NOT_TAKEN, None)
        .proved_by(Proof::SessionOver)
        .when(VAGUE)
        .because("The session of the token is over.", "Log in again.")
        .told_by("Introspection says active: false before the token's end.")
        .offers(&[Act::LogIn, Act::Introspect]),
    cause("token-is-id-token", CALL, NOT_TAKEN, Some(Shelf::IdToken))
        .when(VAGUE)
        .because(
            "An ID token was sent. It tells a client who logged in; it is no access token (RFC 9068 5).",
            "Use the access token that came with it.",
        )
        .told_by("It came as id_token, or its aud is the client itself.")
        .shows(&[Show::Aud]),
    cause("token-is-refresh-token", CALL, NOT_TAKEN, Some(Shelf::RefreshToken))
        .when(VAGUE)
        .because(
            "A refresh token was sent. Only the token endpoint takes it.",
            "Use the access token that came with it, or refresh first.",
        )
        .told_by("It came as refresh_token.")
        .offers(&[Act::Refresh]),
    cause("userinfo-no-openid", USERINFO, NOT_TAKEN, Some(Shelf::NoOpenid))
        .when(VAGUE)
        .because("The token's scope lacks openid, which userinfo asks for (OpenID Connect Core 5.3).", "Log in with scope openid.")
        .told_by("scope of the token, or of the answer it came with, has no openid.")
        .shows(&[Show::Scope])
        .offers(&[Act::LogInOpenid]),
    cause("userinfo-no-user", USERINFO, NOT_TAKEN, Some(Shelf::NoUser))
        .when(VAGUE)
        .because("The token was issued to an application and has no user behind it, and userinfo tells of a user.", "Use a token a user logged in for.")
        .told_by("It came from client credentials; sub is the client itself, or there is none.")
        .shows(&[Show::Sub])
        .offers(&[Act::LogIn]),
    cause("userinfo-other-issuer", USERINFO, NOT_TAKEN, Some(Shelf::OtherIssuer))
        .when(VAGUE)
        .because("The token was issued by {issuer}, and this server is {server}.", "Ask the server that issued it, or log in here.")
        .told_by("iss of the token is another server's.")
        .shows(&[Show::Iss])
        .offers(&[Act::LogIn]),
    cause("token-inactive", CALL, NOT_TAKEN, Some(Shelf::Inactive))
        .when(VAGUE)
        .because(
            "The server that issued the token calls it inactive: it was ended by somebody else, its user is locked, or it is not for the client that asked.",
            "Log in again.",
        )
        .told_by("Introspection says active: false.")
        .offers(&[Act::LogIn]),
    cause("token-signature", CALL, NOT_TAKEN, Some(Shelf::BadSignature))
        .when(VAGUE)
        .because("The token was changed or cut: its signature does not fit.", "Get it anew and send it whole.")
        .told_by("The signature on the shelf is marked as wrong.")
        .shows(&[Show::Alg])
        .offers(&[Act::LogIn]),
    cause("api-lacks-right", API, &["access_denied", "forbidden", "Forbidden", ""], None)
        .when(When::All(&[When::Status(403), When::Vague(OF_TOKEN)]))
        .because(
            "The API knows the token and does not allow this: a scope or role is missing.",
            "Compare scope and roles with what the API asks for.",
        )
        .told_by("The API's own description names a scope or role that the token lacks.")
        .shows(&[Show::Scope, Show::Roles, Show::Aud])
        .offers(&[Act::ExchangeForApi]),
    cause("api-other-audience", API, NOT_TAKEN, None)
        .when(VAGUE)
        .because("The token is not meant for this API.", "Get one with this API in aud.")
        .told_by("aud of the token does not name the API.")
        .shows(&[Show::Aud])
        .offers(&[Act::ExchangeForApi]),
    cause("api-other-issuer", API, NOT_TAKEN, None)
        .when(VAGUE)
        .because("The API does not trust the issuer of the token, {issuer}.", "Compare iss with the issuer the API is set to.")
        .told_by("The API is set to another issuer, or to another spelling of it.")
        .shows(&[Show::Iss]),
    cause("token-unknown", USERINFO, NOT_TAKEN, None)
        .when(VAGUE)
        .because(
            "The server does not know the token: cut while it was copied, of another server, or forgotten since.",
            "Get a fresh token and send that.",
        )
        .told_by("A fresh token of the same client is taken.")
        .shows(&[Show::Iss])
        .offers(&[Act::LogIn, Act::Introspect]),
    // What an API calls a missing scope while the shelf knows better: an ID token has no scope at all.
    cause("scope-of-id-token", CALL, &["insufficient_scope"], None)
        .when(When::Known(Shelf::IdToken))
        .proved_by(Proof::Of(Shelf::IdToken))
        .because(
            "An ID token was sent, which has no scope at all. Asking for more scopes does not help.",
            "Use the access token that came with it.",
        )
        .shows(&[Show::Aud]),
    cause("scope-without-user", USERINFO, &["insufficient_scope"], None)
        .when(When::Known(Shelf::NoUser))
        .proved_by(Proof::Of(Shelf::NoUser))
        .because(
            "The token was issued to an application and has no user behind it; it can not have what userinfo asks for.",
            "Use a token a user logged in for, with scope openid.",
        )
        .shows(&[Show::Sub, Show::Scope])
        .offers(&[Act::LogInOpenid]),
    cause("scope-openid", USERINFO, &["insufficient_scope"], Some(Shelf::NoOpenid))
        .when(When::NotKnown(Shelf::NoUser))
        .because("The token's scope lacks openid, which userinfo asks for (OpenID Connect Core 5.3).", "Log in with scope openid.")
        .shows(&[Show::Scope])
        .offers(&[Act::LogInOpenid]),
    // Token exchange.
    cause("exchange-may-act-alone", EXCHANGE, NO_SUBJECT, Some(Shelf::MayActAlone))
        .when(SUBJECT)
        .because(
            "The subject token says who may act for its user (may_act), and no actor_token was sent. Some servers then refuse the exchange.",
            "Send the token of the actor that may_act names as actor_token.",
        )
        .told_by("The subject token has the claim may_act.")
        .shows(&[Show::Sub]),
    cause("exchange-subject-ended", EXCHANGE, NO_SUBJECT, Some(Shelf::Ended))
        .when(SUBJECT)
        .because("The subject token has ended {ended}.", "Refresh it or log in again, then exchange the new token.")
        .told_by("Its exp, or expires_in of the answer it came with, is past.")
        .shows(&[Show::Exp])
        .offers(&[Act::Refresh, Act::LogIn]),
    cause("exchange-subject-revoked", EXCHANGE, NO_SUBJECT, Some(Shelf::Revoked))
        .when(SUBJECT)
        .because("The subject token was revoked.", "Log in again, and exchange the new token.")
        .told_by("Introspection says active: false.")
        .offers(&[Act::LogIn, Act::Introspect]),
    cause("exchange-subject-session-over", EXCHANGE, NO_SUBJECT, None)
        .proved_by(Proof::SessionOver)
        .when(SUBJECT)
        .because("The session of the subject token is over.", "Log in again, and exchange the new token.")
        .told_by("Introspection says active: false before the token's end.")
        .offers(&[Act::LogIn, Act::Introspect]),
    cause("exchange-subject-is-id-token", EXCHANGE, NO_SUBJECT, Some(Shelf::IdToken))
        .when(When::All(&[SUBJECT, When::SubjectType("access_token")]))
        .because(
            "An ID token was sent as subject token, and called an access token.",
            "Send the access token, or set subject_token_type to id_token where the server takes one.",
        )
        .told_by("It came as id_token.")
        .shows(&[Show::SubjectType])
        .offers(&[Act::Set("Call it an ID token", "subject_token_type", "urn:ietf:params:oauth:token-type:id_token")]),
    cause("exchange-subject-is-refresh-token", EXCHANGE, NO_SUBJECT, Some(Shelf::RefreshToken))
        .when(When::All(&[SUBJECT, When::SubjectType("access_token")]))
        .because(
            "A refresh token was sent as subject token, and called an access token.",
            "Send the access token, or set subject_token_type to refresh_token where the server takes one.",
        )
        .told_by("It came as refresh_token.")
        .shows(&[Show::SubjectType])
        .offers(&[Act::Set("Call it a refresh token", "subject_token_type", "urn:ietf:params:oauth:token-type:refresh_token")]),
    cause("exchange-subject-no-user", EXCHANGE, NO_SUBJECT, Some(Shelf::NoUser))
        .when(SUBJECT)
        .because(
            "The subject token is a client's own, with no user behind it, and the server exchanges tokens of users.",
            "Send a token a user logged in for as subject token.",
        )
        .told_by("It came from client credentials; sub is the client itself, or there is none.")
        .shows(&[Show::Sub])
        .offers(&[Act::LogIn]),
    cause("exchange-subject-other-issuer", EXCHANGE, NO_SUBJECT, Some(Shelf::OtherIssuer))
        .when(SUBJECT)
        .because("The subject token was issued by {issuer}, and this server is {server}.", "Send a token of this server, or have it trust the other issuer.")
        .told_by("iss of the token is another server's.")
        .shows(&[Show::Iss]),
    cause("exchange-may-act-other", EXCHANGE, NO_SUBJECT, Some(Shelf::MayActOther))
        .when(SUBJECT)
        .because(
            "The actor is not the one that may_act of the subject token names: the server compares iss and sub of both.",
            "Send a token of the actor that may_act names.",
        )
        .told_by("iss and sub of the actor's token differ from may_act.")
        .shows(&[Show::Sub]),
    cause("exchange-subject-signature", EXCHANGE, NO_SUBJECT, Some(Shelf::BadSignature))
        .when(SUBJECT)
        .because("The subject token was changed or cut: its signature does not fit.", "Get it anew and send it whole.")
        .told_by("The signature on the shelf is marked as wrong.")
        .shows(&[Show::Alg]),
    cause("exchange-subject-inactive", EXCHANGE, NO_SUBJECT, Some(Shelf::Inactive))
        .when(SUBJECT)
        .because("The server calls the subject token inactive, and nothing done here explains it.", "Log in again, and exchange the new token.")
        .told_by("Introspection says active: false.")
        .offers(&[Act::LogIn]),
    cause("exchange-actor-not-taken", EXCHANGE, NO_SUBJECT, None)
        .when(ACTOR)
        .because(
            "The server does not take the actor token: ended, revoked, of another server or of another kind than actor_token_type says.",
            "Get a fresh token of the actor.",
        )
        .told_by("The same exchange without actor_token is taken, or refused in another way.")
        .offers(&[Act::Without("actor_token")]),
    // What is whole and of this server was neither cut nor is it another's.
    cause("exchange-subject-not-for-client", EXCHANGE, NO_SUBJECT, None)
        .when(When::All(&[SUBJECT, When::Known(Shelf::Sound), When::RequesterNotInAud]))
        .because(
            "The subject token is whole, of this server and has not ended, and its aud does not name {client}: servers may exchange only what is meant for who asks.",
            "Have {client} in aud of the subject token, or exchange as a client that is named there.",
        )
        .told_by("A subject token whose aud names {client} is taken.")
        .shows(&[Show::RequesterInAud, Show::Iss, Show::Exp]),
    cause("exchange-subject-ended-elsewhere", EXCHANGE, NO_SUBJECT, None)
        .when(When::All(&[SUBJECT, When::Known(Shelf::Sound), When::NotKnown(Shelf::Alive)]))
        .because(
            "The subject token is whole, of this server and has not ended by its exp, and the server has ended it since: revoked, logged out or its user locked.",
            "Log in again, and exchange the new token.",
        )
        .told_by("Introspection says active: false.")
        .shows(&[Show::Exp, Show::Iss])
        .offers(&[Act::Introspect, Act::LogIn]),
    cause("exchange-subject-policy", EXCHANGE, NO_SUBJECT, None)
        .when(When::All(&[SUBJECT, When::Known(Shelf::Sound)]))
        .because(
            "The subject token is whole, of this server and has not ended; {client} may not exchange it, or not of this type: the server's policy wants another client, scope or subject_token_type.",
            "Compare the server's rules for exchanges with {client}, {origin} and subject_token_type.",
        )
        .told_by("The server's log names a rule, or the same exchange by another client is taken.")
        .shows(&[Show::RequesterInAud, Show::SubjectType, Show::Exp]),
    cause("exchange-subject-unknown", EXCHANGE, NO_SUBJECT, None)
        .when(When::All(&[SUBJECT, When::NotKnown(Shelf::Sound)]))
        .because(
            "The server does not know the subject token: cut while it was copied, of another server, or forgotten since.",
            "Get a fresh token and exchange that.",
        )
        .told_by("A fresh token of the same client is taken.")
        .shows(&[Show::Iss])
        .offers(&[Act::LogIn, Act::Introspect]),
    // Refresh.
    cause("refresh-used", REFRESH, NO_REFRESH, Some(Shelf::Rotated))
        .because(
            "The refresh token was used before. The server gives a new one each time, and takes the old one no more.",
            "Use the newest refresh token. Some servers end the whole log in when an old one is shown: then log in again.",
        )
        .told_by("An earlier refresh with it brought another refresh token.")
        .offers(&[Act::LogIn]),
    cause("refresh-other-client", REFRESH, NO_REFRESH, Some(Shelf::OtherClient))
        .because("The refresh token was issued to {origin}, and {client} used it.", "Refresh as {origin}.")
        .told_by("Another client got it.")
        .shows(&[Show::Azp]),
    cause("refresh-is-access-token", REFRESH, NO_REFRESH, Some(Shelf::AccessToken))
        .because("An access token was sent as refresh token.", "Use the refresh token of the same log in.")
        .told_by("It came as access_token."),
    cause("refresh-is-id-token", REFRESH, NO_REFRESH, Some(Shelf::IdToken))
        .because("An ID token was sent as refresh token.", "Use the refresh token of the same log in.")
        .told_by("It came as id_token."),
    cause("refresh-revoked", REFRESH, NO_REFRESH, Some(Shelf::Revoked))
        .because("The refresh token was revoked.", "Log in again.")
        .told_by("Introspection says active: false.")
        .offers(&[Act::LogIn]),
    cause("refresh-session-over", REFRESH, NO_REFRESH, None)
        .proved_by(Proof::SessionOver)
        .because("The session of the refresh token is over.", "Log in again.")
        .told_by("Its user logged out, or the server ended the session.")
        .offers(&[Act::LogIn]),
    cause("refresh-ended", REFRESH, NO_REFRESH, Some(Shelf::Ended))
        .because("The refresh token has ended {ended}.", "Log in again.")
        .told_by("Its end is past.")
        .shows(&[Show::Exp])
        .offers(&[Act::LogIn]),
    cause("refresh-unknown", REFRESH, NO_REFRESH, None)
        .because("The server does not know the refresh token any more: ended, used or revoked elsewhere, or cut while it was copied.", "Log in again.")
        .told_by("A refresh token of a new log in is taken.")
        .offers(&[Act::LogIn]),
    // Assertions (RFC 7523 3), where the server has no words for what is wrong with them.
    cause("assertion-over", ASSERTION, NO_ASSERTION, Some(Shelf::Ended))
        .when(ASSERTED)
        .because("The assertion has ended {ended}.", "Make or get a new one.")
        .told_by("Its exp is past (RFC 7523 3, 4).")
        .shows(&[Show::Exp]),
    cause("assertion-not-signed", ASSERTION, NO_ASSERTION, Some(Shelf::BadSignature))
        .when(ASSERTED)
        .because("The signature of the assertion does not fit its issuer's key.", "Get it anew and send it whole.")
        .told_by("The signature on the shelf is marked as wrong (RFC 7523 3, 9).")
        .shows(&[Show::Alg, Show::Iss]),
    cause("assertion-other-audience", ASSERTION, NO_ASSERTION, Some(Shelf::OtherAudience))
        .when(ASSERTED)
        .because("The aud of the assertion does not name this server.", "Get one with the server's issuer or token endpoint as aud (RFC 7523 3, 3).")
        .told_by("aud names neither the server's issuer nor its token endpoint, and the server goes by no other name.")
        .shows(&[Show::Aud]),
    cause("assertion-used", ASSERTION, NO_ASSERTION, None)
        .proved_by(Proof::UsedBefore)
        .when(ASSERTED)
        .because("The assertion was used before, and the server takes each jti once (RFC 7523 3, 7).", "Make or get a new one.")
        .told_by("A new assertion of the same issuer is taken."),
    cause("assertion-other-issuer", ASSERTION, NO_ASSERTION, None)
        .when(ASSERTED)
        .because("The server does not trust the issuer of the assertion, {issuer}, or has no keys of it.", "Register the issuer and its keys at the server (RFC 7523 3, 1).")
        .told_by("The issuer is not among those the server is set to.")
        .shows(&[Show::Iss, Show::Alg]),
    cause("assertion-other-subject", ASSERTION, NO_ASSERTION, None)
        .when(ASSERTED)
        .because("The server does not know whom the assertion is about.", "Compare sub of the assertion with the server's users (RFC 7523 3, 2).")
        .told_by("The server has no user of that sub.")
        .shows(&[Show::Sub]),
    // Revocation.
    cause("revoke-other-client", REVOKE, NOT_YOURS, Some(Shelf::OtherClient))
        .because(
            "The token was issued to {origin}, and {client} asked to revoke it. A server refuses that (RFC 7009 2.1), and nothing was revoked.",
            "Revoke it as {origin}.",
        )
        .told_by("Another client got it.")
        .shows(&[Show::Azp]),
];
