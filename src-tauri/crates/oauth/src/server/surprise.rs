//! Answers of 200 that lack what was asked for.
//!
//! A server may grant less than was asked and say so only by what is missing (RFC 6749 5.1 for scope). These rows are
//! read as those of a refusal are: by operation, words and conditions, of which the conditions on what was issued matter most.

use crate::{
    profile::Dialect,
    refusal::{
        entry::{Act, Entry, Show},
        shelf::Shelf,
        when::{Proof, When},
    },
};
use record::operation::Operation;
use token::inspect::TokenKind;

const KC: Option<Dialect> = Some(Dialect::Keycloak);
const NONE: &[&str] = &[];
const EXCHANGE: &[Operation] = &[Operation::TokenExchange];
const INTROSPECT: &[Operation] = &[Operation::Introspect];
const ISSUING: &[Operation] = &[
    Operation::LogIn,
    Operation::Password,
    Operation::ClientCredentials,
    Operation::Refresh,
    Operation::TokenExchange,
    Operation::JwtBearer,
];
const INACTIVE: &[&str] = &["\"active\":false", "\"active\": false"];

/// All rows.
pub(crate) fn all() -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter()
}

/// What an entry observes: entries about the same thing are causes of each other's observation.
pub(crate) fn about(id: &str) -> &str {
    const SHARED: [&str; 3] = ["200-inactive", "200-scope", "200-refresh"];
    let id = id.strip_prefix("kc-").unwrap_or(id);
    SHARED.into_iter().find(|shared| id.starts_with(shared)).unwrap_or(id)
}

/// A row: id, server, condition, operations, words, event reasons, certain, cause, fix, evidence, actions, seen.
macro_rules! row {
    ($id:literal, $dialect:expr, $when:expr, $operations:expr, $words:expr, $event:expr, $certain:expr, $cause:literal, $fix:literal, $show:expr, $actions:expr, $seen:literal) => {
        Entry {
            id: $id,
            dialect: $dialect,
            operations: $operations,
            status: 200,
            error: NONE,
            words: $words,
            event: $event,
            when: $when,
            certain: $certain,
            proof: Proof::Nothing,
            tell: "",
            cause: $cause,
            fix: $fix,
            show: $show,
            actions: $actions,
            seen: $seen,
        }
    };
}

pub(crate) const ENTRIES: &[Entry] = &[
    // Scope.
    row!(
        "kc-200-scope-legacy",
        KC,
        When::All(&[When::ScopeNotIssued, When::Lacks("requested_token_type")]),
        EXCHANGE,
        &["token-type:refresh_token"],
        NONE,
        true,
        "{scopes_missing} was asked for and is not in the new token. The legacy exchange answered, and it gives no scope that the subject token does not have.",
        "Log in with the scope, or let the standard exchange answer: switch it on for {client} and send no legacy parameter.",
        &[Show::AskedScope, Show::Scope],
        &[],
        "24-26.7.5, legacy exchange V1"
    ),
    row!(
        "kc-200-scope-role",
        KC,
        When::ScopeNotIssued,
        ISSUING,
        NONE,
        NONE,
        false,
        "{scopes_missing} was asked for and is not in the new token: the client scope is bound to roles that the user does not have, or that the audience asked for does not have.",
        "Give the user one of the scope's roles, or ask without audience.",
        &[Show::AskedScope, Show::AskedAudience],
        &[],
        "26.2-26.8"
    )
    .told(Proof::ScopeGated, "The tab Scope of the client scope lists roles, and the user has none of them."),
    row!(
        "kc-200-scope-hidden",
        KC,
        When::ScopeNotIssued,
        ISSUING,
        NONE,
        NONE,
        false,
        "{scopes_missing} works, but is not named in the token: the client scope is set not to stand in the claim scope.",
        "Switch on Include in token scope for it, if somebody reads the claim.",
        &[Show::AskedScope],
        &[],
        "26.2-26.8"
    )
    .told(Proof::ScopeHidden, "Include in token scope is off in the settings of the client scope, and its claims are in the token."),
    row!(
        "200-scope",
        None,
        When::ScopeNotIssued,
        ISSUING,
        NONE,
        NONE,
        false,
        "{scopes_missing} was asked for and is not in the new token. A server may grant less than it was asked for.",
        "Allow the scope for {client}, or for the user, at the server.",
        &[Show::AskedScope],
        &[],
        "RFC 6749 3.3"
    ),
    // Audience.
    row!(
        "200-audience",
        None,
        When::AudienceNotIssued,
        EXCHANGE,
        NONE,
        NONE,
        true,
        "{audiences_missing} was asked for as audience and is not in the aud of the new token.",
        "An API that looks at aud refuses it. Have the server put {audiences_missing} into aud.",
        &[Show::AskedAudience],
        &[],
        "RFC 8693 2.1; Keycloak V1 with its own client as audience"
    ),
    row!(
        "kc-200-no-audience",
        KC,
        When::NoAudience,
        EXCHANGE,
        NONE,
        NONE,
        true,
        "The new token names nobody in aud: no mapper and no client role of the user adds an audience for {client} and these scopes.",
        "Add an audience mapper to {client}, or ask for a client scope that carries one. Without aud even introspection says that the token is not active (26.6.2 and later).",
        &[Show::AskedAudience, Show::AskedScope],
        &[],
        "26.2-26.8"
    ),
    // Tokens that were asked for.
    row!(
        "kc-200-refresh-offline",
        KC,
        When::All(&[When::AskedScope("offline_access"), When::NotIssued(TokenKind::Refresh)]),
        EXCHANGE,
        NONE,
        NONE,
        true,
        "offline_access was asked for, and no refresh token came: the standard exchange leaves the scope out without a word.",
        "Take offline_access out of the scope. A refresh token bound to the session comes with requested_token_type refresh_token, where the client may have it.",
        &[Show::AskedScope, Show::RequestedType],
        &[Act::Without("scope")],
        "26.7.5"
    ),
    row!(
        "kc-200-refresh-off",
        KC,
        When::NotIssued(TokenKind::Refresh),
        &[Operation::LogIn, Operation::Password],
        NONE,
        NONE,
        true,
        "No refresh token came: {client} may not have one.",
        "Switch on Use refresh tokens in the advanced settings of {client}, under OpenID Connect compatibility modes.",
        &[Show::Client],
        &[],
        "26.2-26.8"
    ),
    row!(
        "200-id-token",
        None,
        When::All(&[When::AskedScope("openid"), When::NotIssued(TokenKind::Id)]),
        // An exchange answers with one token, of the type that was asked for (RFC 8693 2.2.1).
        &[Operation::LogIn, Operation::Password],
        NONE,
        NONE,
        true,
        "openid was asked for, and no ID token came.",
        "Check that the server speaks OpenID Connect for {client}, not plain OAuth.",
        &[Show::AskedScope],
        &[],
        "OpenID Connect Core 3.1.3.3"
    ),
    // Parameters without effect.
    row!(
        "kc-200-actor-ignored",
        KC,
        When::All(&[When::Has("actor_token"), When::WithoutClaim("act")]),
        EXCHANGE,
        NONE,
        NONE,
        true,
        "An actor_token was sent, and the new token has no act: Keycloak left it unread and made an ordinary exchange. Delegation is an experiment: 26.7 has only the log in by which a user agrees to it (may_act), and no exchange that reads an actor_token.",
        "Leave actor_token out, or use a later version with the features token-exchange-delegation and parameterized-scopes on, and have the user log in with the delegation scope.",
        &[],
        &[Act::Without("actor_token")],
        "26.7.5, with the feature as well as without"
    ),
    row!(
        "kc-200-resource-ignored",
        KC,
        When::Has("resource"),
        EXCHANGE,
        NONE,
        NONE,
        true,
        "resource was sent, and Keycloak does nothing with it: the new token is not limited to it.",
        "Use audience with the client id of the API.",
        &[Show::AskedAudience],
        &[Act::Without("resource")],
        "26.7.5"
    ),
    row!(
        "kc-200-no-subject",
        KC,
        When::NoSubject,
        ISSUING,
        NONE,
        NONE,
        true,
        "The new token has no sub: {client} lacks the client scope basic, which carries it since Keycloak 25.",
        "Add the client scope basic to {client} as default.",
        &[Show::Client],
        &[],
        "25-26.8"
    ),
    // Introspection says no with 200 (RFC 7662 2.2), and not why.
    row!(
        "kc-200-inactive-not-jwt",
        KC,
        When::NotJwt,
        INTROSPECT,
        INACTIVE,
        NONE,
        true,
        "What was sent is not a token of Keycloak: it is no JWT.",
        "Choose an access or refresh token of this realm.",
        &[],
        &[],
        "26.7.5, event invalid_token, Access token JWT check failed"
    ),
    row!(
        "kc-200-inactive-signature",
        KC,
        When::BadSignature,
        INTROSPECT,
        INACTIVE,
        NONE,
        true,
        "The signature of the token does not fit the realm's key, so it was changed or is of somebody else.",
        "Get a fresh token.",
        &[Show::Alg, Show::Iss],
        &[Act::LogIn],
        "26.7.5, event invalid_token, Access token JWT check failed"
    ),
    row!(
        "kc-200-inactive-issuer",
        KC,
        When::ForeignIssuer,
        INTROSPECT,
        INACTIVE,
        NONE,
        true,
        "The token names {issuer} as issuer, and this realm is {server}. Another spelling of the host is another issuer to Keycloak.",
        "Ask the server that issued it, through the address in its iss.",
        &[Show::Iss],
        &[],
        "26.7.5, event invalid_token, Access token JWT check failed"
    ),
    row!(
        "kc-200-inactive-expired",
        KC,
        When::Expired,
        INTROSPECT,
        INACTIVE,
        NONE,
        true,
        "The token has ended {ended}.",
        "Refresh it or log in again.",
        &[Show::Exp],
        &[Act::Refresh, Act::LogIn],
        "26.7.5, event invalid_token, Access token JWT check failed"
    ),
    row!(
        "kc-200-inactive-audience",
        KC,
        When::RequesterNotInAud,
        INTROSPECT,
        INACTIVE,
        &["is not in the token audience"],
        true,
        "{client} is not in the aud of the token. From 26.6.2 on Keycloak then says that the token is not active, whatever it is; this holds for the client it was issued to as well.",
        "Ask as a client that aud names, or add an audience mapper for {client} to {origin}.",
        &[Show::RequesterInAud],
        &[],
        "26.6.2-26.8, event invalid_token"
    ),
    row!(
        "kc-200-inactive-session",
        KC,
        When::Always,
        INTROSPECT,
        INACTIVE,
        &["user_session_not_found"],
        false,
        "The session of the token is over: logged out, idle too long, or ended by an administrator.",
        "Log in again.",
        &[],
        &[Act::LogIn],
        "26.7.5, event user_session_not_found"
    )
    .told(Proof::SessionOver, "The event says user_session_not_found, or the session is missing under Sessions of the user."),
    row!(
        "kc-200-inactive-revoked",
        KC,
        When::Always,
        INTROSPECT,
        INACTIVE,
        NONE,
        false,
        "The token was revoked.",
        "Log in again.",
        &[],
        &[Act::LogIn],
        "26.7.5, event invalid_token, Access token JWT check failed"
    )
    .told(Proof::Revoked, "A REVOKE_GRANT event names its jti."),
    row!(
        "kc-200-inactive-user",
        KC,
        When::Always,
        INTROSPECT,
        INACTIVE,
        &["user_disabled"],
        false,
        "The user {user} is disabled.",
        "Enable the user at the provider.",
        &[],
        &[],
        "26.7.5"
    )
    .told(Proof::UserDisabled, "The user's page in the admin console shows it as disabled."),
    row!(
        "kc-200-inactive-not-before",
        KC,
        When::Always,
        INTROSPECT,
        INACTIVE,
        NONE,
        false,
        "A not-before of the realm, the user or {origin} is later than the token.",
        "Log in again.",
        &[Show::Iat],
        &[Act::LogIn],
        "26.7.5"
    )
    .told(Proof::NotBefore, "Sessions, Revocation in the admin console shows a not-before after the token's iat."),
    // RFC 7009 2.2 answers 200 to a token it does not know, and some servers answer it for another client's token and do nothing.
    Entry {
        proof: Proof::Of(Shelf::OtherClient),
        ..row!(
            "200-revoke-other-client",
            Some(Dialect::Plain),
            When::Known(Shelf::OtherClient),
            &[Operation::Revoke],
            NONE,
            NONE,
            false,
            "The token was issued to {origin}, and {client} asked to revoke it. A server need not do that (RFC 7009 2.1); 200 does not say that it did.",
            "Introspect the token to see whether it is still active, and revoke it as {origin}.",
            &[Show::Azp],
            &[Act::Introspect],
            "django-oauth-toolkit 3.4.1: 200, and the token goes on working"
        )
    },
    Entry {
        proof: Proof::Of(Shelf::IdToken),
        ..row!(
            "200-revoke-id-token",
            Some(Dialect::Plain),
            When::Known(Shelf::IdToken),
            &[Operation::Revoke],
            NONE,
            NONE,
            true,
            "An ID token was sent. It can not be revoked: a server answers 200 to whatever it does not know (RFC 7009 2.2).",
            "Revoke the refresh token or the access token that came with it.",
            &[],
            &[],
            "zitadel/oidc 3.49.2, django-oauth-toolkit 3.4.1"
        )
    },
    row!(
        "200-revoke-accepted",
        Some(Dialect::Plain),
        When::All(&[When::NotKnown(Shelf::OtherClient), When::NotKnown(Shelf::IdToken), When::Introspects]),
        &[Operation::Revoke],
        NONE,
        NONE,
        false,
        "The server accepted the revocation. It answers 200 to tokens it does not know as well (RFC 7009 2.2), so this alone does not say that the token is over.",
        "Introspect the token: active is false when it is over.",
        &[],
        &[Act::Introspect],
        "RFC 7009 2.2"
    ),
    // A log out that a program can not see the end of.
    Entry {
        status: 302,
        ..row!(
            "200-logout-redirect",
            Some(Dialect::Plain),
            When::Redirected,
            &[Operation::LogOut],
            NONE,
            NONE,
            false,
            "The server sent the request on to another page. It does so when the session is over, and when it wants a person to confirm: the session may be over.",
            "Introspect a token of the session to see, or log out through the browser.",
            &[],
            &[Act::Introspect],
            "zitadel/oidc 3.49.2, Spring Authorization Server 7.0.6"
        )
    },
    Entry {
        status: 303,
        ..row!(
            "200-logout-see-other",
            Some(Dialect::Plain),
            When::Redirected,
            &[Operation::LogOut],
            NONE,
            NONE,
            false,
            "The server sent the request on to another page. It does so when the session is over, and when it wants a person to confirm: the session may be over.",
            "Introspect a token of the session to see, or log out through the browser.",
            &[],
            &[Act::Introspect],
            "zitadel/oidc 3.49.2, Spring Authorization Server 7.0.6"
        )
    },
    row!(
        "200-logout-page",
        Some(Dialect::Plain),
        When::Always,
        &[Operation::LogOut],
        &["<html", "<!doctype"],
        NONE,
        false,
        "The server answered with a page. It may say that the session is over, or ask a person to confirm: the session may be over.",
        "Introspect a token of the session to see, or log out through the browser.",
        &[],
        &[Act::Introspect],
        "django-oauth-toolkit 3.4.1"
    ),
    // Introspection by a client the token is not for.
    row!(
        "200-inactive-other-client",
        Some(Dialect::Plain),
        When::All(&[When::Known(Shelf::OtherClient), When::NotKnown(Shelf::Revoked), When::NotKnown(Shelf::Ended)]),
        INTROSPECT,
        INACTIVE,
        NONE,
        false,
        "The server calls the token inactive. It was issued to {origin}, and {client} asked: some servers say so to whoever a token is not for, whatever it is (RFC 7662 2.2).",
        "Ask as {origin}, or as a client that aud names.",
        &[Show::Azp, Show::Aud],
        &[],
        "zitadel/oidc 3.49.2"
    ),
    // Revocation of what is no token is answered with 200 and an error (RFC 7009 2.2).
    Entry {
        error: &["invalid_token"],
        ..row!(
            "kc-200-revoke-nothing",
            KC,
            When::Always,
            &[Operation::Revoke],
            NONE,
            NONE,
            true,
            "Nothing was revoked: Keycloak does not know what was sent as a token. It answers 200 all the same, as RFC 7009 asks.",
            "Choose a token of this realm.",
            &[Show::Iss],
            &[],
            "26.7.5, event REVOKE_GRANT_ERROR invalid_token"
        )
    },
];
