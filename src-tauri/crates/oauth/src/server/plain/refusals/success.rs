//! Answers of 200 that lack what was asked for, or do not say that it was done.

use super::family::PLAIN;
use crate::refusal::{
    entry::{Act, Refusal, Show, Tried},
    when::{Proof, Shelf, When},
};
use record::operation::Operation;

const INACTIVE: &[&str] = &["\"active\":false", "\"active\": false"];
const INTROSPECT: Tried = Tried::These(&[Operation::Introspect]);

/// An answer of 200.
const SUCCESS: Refusal =
    Refusal { operations: Tried::These(&[Operation::Revoke]), status: 200, actions: &[Act::Introspect], ..PLAIN };

/// A log out that a program can not see the end of: the request is sent on to another page.
const SENT_ON: Refusal = Refusal {
    operations: Tried::These(&[Operation::LogOut]),
    when: When::Redirected,
    cause: "The server sent the request on to another page. It does so when the session is over, and when it wants a person to confirm: the session may be over.",
    fix: "Introspect a token of the session to see, or log out through the browser.",
    seen: "zitadel/oidc 3.49.2, Spring Authorization Server 7.0.6",
    ..SUCCESS
};

pub(crate) const ROWS: &[Refusal] = &[
    // RFC 7009 2.2 answers 200 to a token it does not know, and some servers answer it for another client's token and do nothing.
    Refusal {
        id: "200-revoke-other-client",
        when: When::Known(Shelf::OtherClient),
        proof: Proof::Of(Shelf::OtherClient),
        cause: "The token was issued to {origin}, and {client} asked to revoke it. A server need not do that (RFC 7009 2.1); 200 does not say that it did.",
        fix: "Introspect the token to see whether it is still active, and revoke it as {origin}.",
        show: &[Show::Azp],
        seen: "django-oauth-toolkit 3.4.1: 200, and the token goes on working",
        ..SUCCESS
    },
    Refusal {
        id: "200-revoke-id-token",
        when: When::Known(Shelf::IdToken),
        certain: true,
        proof: Proof::Of(Shelf::IdToken),
        cause: "An ID token was sent. It can not be revoked: a server answers 200 to whatever it does not know (RFC 7009 2.2).",
        fix: "Revoke the refresh token or the access token that came with it.",
        actions: &[],
        seen: "zitadel/oidc 3.49.2, django-oauth-toolkit 3.4.1",
        ..SUCCESS
    },
    Refusal {
        id: "200-revoke-accepted",
        when: When::All(&[When::NotKnown(Shelf::OtherClient), When::NotKnown(Shelf::IdToken), When::Introspects]),
        cause: "The server accepted the revocation. It answers 200 to tokens it does not know as well (RFC 7009 2.2), so this alone does not say that the token is over.",
        fix: "Introspect the token: active is false when it is over.",
        seen: "RFC 7009 2.2",
        ..SUCCESS
    },
    // A log out that a program can not see the end of.
    Refusal { id: "200-logout-redirect", status: 302, ..SENT_ON },
    Refusal { id: "200-logout-see-other", status: 303, ..SENT_ON },
    Refusal {
        id: "200-logout-page",
        words: &["<html", "<!doctype"],
        operations: Tried::These(&[Operation::LogOut]),
        cause: "The server answered with a page. It may say that the session is over, or ask a person to confirm: the session may be over.",
        fix: "Introspect a token of the session to see, or log out through the browser.",
        seen: "django-oauth-toolkit 3.4.1",
        ..SUCCESS
    },
    // Introspection by a client the token is not for.
    Refusal {
        id: "200-inactive-other-client",
        operations: INTROSPECT,
        words: INACTIVE,
        when: When::All(&[When::Known(Shelf::OtherClient), When::NotKnown(Shelf::Revoked), When::NotKnown(Shelf::Ended)]),
        cause: "The server calls the token inactive. It was issued to {origin}, and {client} asked: some servers say so to whoever a token is not for, whatever it is (RFC 7662 2.2).",
        fix: "Ask as {origin}, or as a client that aud names.",
        show: &[Show::Azp, Show::Aud],
        actions: &[],
        seen: "zitadel/oidc 3.49.2",
        ..SUCCESS
    },
];
