//! Answers of 200 that lack what was asked for, at any server. A server may grant less than was asked and say so only by what is
//! missing (RFC 6749 5.1 for scope).

use crate::refusal::{
    entry::{Refusal, Show, Tried},
    when::When,
};
use record::operation::Operation;
use token::inspect::TokenKind;

const EXCHANGE: Tried = Tried::These(&[Operation::TokenExchange]);

/// An answer of 200.
const SUCCESS: Refusal = Refusal { status: 200, certain: true, show: &[Show::AskedScope], ..Refusal::BLANK };

pub(crate) const ROWS: &[Refusal] = &[
    Refusal {
        id: "200-scope",
        operations: Tried::Issuing,
        when: When::ScopeNotIssued,
        certain: false,
        cause: "{scopes_missing} was asked for and is not in the new token. A server may grant less than it was asked for.",
        fix: "Allow the scope for {client}, or for the user, at the server.",
        seen: "RFC 6749 3.3",
        ..SUCCESS
    },
    // Audience.
    Refusal {
        id: "200-audience",
        operations: EXCHANGE,
        when: When::AudienceNotIssued,
        cause: "{audiences_missing} was asked for as audience and is not in the aud of the new token.",
        fix: "An API that looks at aud refuses it. Have the server put {audiences_missing} into aud.",
        show: &[Show::AskedAudience],
        seen: "RFC 8693 2.1; Keycloak V1 with its own client as audience",
        ..SUCCESS
    },
    Refusal {
        id: "200-id-token",
        operations: Tried::These(&[Operation::LogIn, Operation::Password]),
        when: When::All(&[When::AskedScope("openid"), When::NotIssued(TokenKind::Id)]),
        cause: "openid was asked for, and no ID token came.",
        fix: "Check that the server speaks OpenID Connect for {client}, not plain OAuth.",
        seen: "OpenID Connect Core 3.1.3.3",
        ..SUCCESS
    },
];
