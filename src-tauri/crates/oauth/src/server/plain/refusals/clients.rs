//! How a client proves who it is, where it failed: the code `invalid_client` names none of the causes (RFC 6749 5.2), and some
//! endpoints say nothing but 401 or 403.

use super::family::{CALL, CAUSE, SAID};
use crate::refusal::{
    entry::{Act, Refusal, Show, Tried},
    when::{Proof, Shelf, When},
};
use record::operation::Operation;

const REFUSED: &[&str] = &["invalid_client", "unauthorized", "Unauthorized", "forbidden", "Forbidden", ""];
/// Words that say no more than the code.
const VAGUE: &[&str] = &["client", "credential", "secret", "authentication", "unauthorized", "forbidden"];
const fn on(what: When) -> [When; 3] {
    [When::Refusal, When::Vague(VAGUE), what]
}

const BY_KEY: &[When] = &on(When::ByKey);
const BY_SHARED_KEY: &[When] = &on(When::BySharedKey);
const BY_ASSERTION: &[When] = &on(When::ByAssertion);
const BY_SECRET: &[When] = &on(When::BySecret);
const PUBLIC: &[When] = &on(When::Public);
const FORBIDDEN: &[&str] = &["forbidden", "Forbidden", ""];
/// Nothing was said, of a client that the server took before.
const TAKEN: &[When] = &[When::Refusal, When::Vague(&[]), When::BySecret, When::Known(Shelf::ClientTaken)];
const ANYHOW: &[When] = &on(When::Always);
/// Codes beside which a server says in words that it is the client.
const CODES: &[&str] =
    &["invalid_client", "unauthorized_client", "access_denied", "invalid_request", "invalid_grant", "invalid_credentials"];
const OF_CREDENTIALS: &[When] = &[When::Refusal, When::Says(&["credential", "secret", "invalid client"])];
const NOT_PROVED: &[When] = &[When::Status(401), When::Vague(VAGUE)];

/// One of the causes why a client is not taken.
const REFUSED_CLIENT: Refusal = Refusal { operations: Tried::AsClient, error: REFUSED, ..CAUSE };

/// The server says in words what is wrong with the client.
const SAID_OF_CLIENT: Refusal = Refusal { operations: Tried::AsClient, error: CODES, ..SAID };

/// The server says no more than that access is denied.
const DENIED: Refusal = Refusal { error: &["access_denied"], when: When::All(NOT_PROVED), ..REFUSED_CLIENT };

pub(crate) const ROWS: &[Refusal] = &[
    // Words that name the cause.
    Refusal {
        id: "client-said-secret-ended",
        words: &["secret has expired", "secret is expired", "secret expired", "expired client secret", "expired client_secret"],
        cause: "The secret of {client} has ended at the server.",
        fix: "Make a new one there, and enter it in Profiles.",
        show: &[Show::Client],
        ..SAID_OF_CLIENT
    },
    Refusal {
        id: "client-said-secret",
        words: &[
            "for a confidential client is invalid",
            "invalid client secret",
            "invalid client_secret",
            "client secret is invalid",
            "client_secret is invalid",
            "client secret mismatch",
            "client secret does not match",
            "incorrect client secret",
            "wrong client secret",
            "client secret is incorrect",
            "bad client secret",
        ],
        cause: "The secret of {client} is not the one the server has.",
        fix: "Enter the client's secret anew in Profiles.",
        show: &[Show::Client],
        ..SAID_OF_CLIENT
    },
    Refusal {
        id: "client-said-unknown",
        words: &[
            "client does not exist",
            "client was not found",
            "client could not be found",
            "no such client",
            "unknown client",
            "=invalid client_id",
            "=invalid client id",
            "invalid value for 'client_id'",
            "client_id is invalid",
            "client_id not found",
        ],
        cause: "The server has no client named {client}.",
        fix: "Compare the client id with the server's list, capitals too.",
        show: &[Show::Client],
        ..SAID_OF_CLIENT
    },
    Refusal {
        id: "client-said-method",
        words: &[
            "supports client authentication method",
            "token_endpoint_auth_method",
            "client authentication method is not",
            "not allowed to use client_secret",
            "invalid client authentication method",
        ],
        cause: "{client} is set to another way of authenticating at the server than the one that was used.",
        fix: "Set the client in Profiles to the way that the server's words name.",
        show: &[Show::Client],
        ..SAID_OF_CLIENT
    },
    Refusal {
        id: "client-said-unproved",
        words: &[
            "no client credentials found",
            "client credentials are missing",
            "missing client credentials",
            "client authentication is required",
            "client authentication required",
            "client_secret is required",
            "client_secret is missing",
            "missing client_secret",
        ],
        cause: "The server found nothing in the request by which {client} proves who it is.",
        fix: "Ask as a confidential client, or send the secret in the other way: header or body.",
        show: &[Show::Client],
        ..SAID_OF_CLIENT
    },
    // Keycloak's words, at a server that is not known to be one.
    Refusal {
        id: "client-words-secret",
        error: &["unauthorized_client"],
        when: When::All(OF_CREDENTIALS),
        tell: "With a new secret from the server it is taken.",
        cause: "The secret of {client} is not the one the server has.",
        fix: "Enter the client's secret anew in Profiles.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    Refusal {
        id: "client-words-unknown",
        error: &["unauthorized_client"],
        when: When::All(OF_CREDENTIALS),
        tell: "The server's list of clients does not have it.",
        cause: "The server has no client named {client}, or it is switched off.",
        fix: "Compare the client id with the server's list, capitals too.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    // Auth0 says so where the secret is wrong.
    Refusal {
        id: "client-denied-secret",
        tell: "With a new secret from the server it is taken.",
        cause: "The secret of {client} is not the one the server has.",
        fix: "Enter the client's secret anew in Profiles.",
        show: &[Show::Client],
        ..DENIED
    },
    Refusal {
        id: "client-denied-unknown",
        tell: "The server's list of clients does not have it.",
        cause: "The server has no client named {client}, or it is switched off.",
        fix: "Compare the client id with the server's list, capitals too.",
        show: &[Show::Client],
        ..DENIED
    },
    Refusal {
        id: "client-denied-policy",
        tell: "The log of the server names a rule.",
        cause: "The server's policy does not allow it for {client}.",
        fix: "Read the server's log.",
        show: &[Show::Client],
        ..DENIED
    },
    Refusal {
        id: "client-assertion-key",
        when: When::All(BY_KEY),
        tell: "The key here is not among the client's keys at the server.",
        cause: "The server could not check the assertion of {client}: it was signed with another key than the server has for the client, or names a kid or an algorithm it does not know.",
        fix: "Compare the public key at the server (its JWKS, or jwks_uri of the client) with the private key here, the kid and the algorithm.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    Refusal {
        id: "client-assertion-secret",
        when: When::All(BY_SHARED_KEY),
        tell: "With a new secret from the server it is taken.",
        cause: "The server could not check the assertion of {client}: it was signed with another secret than the server has.",
        fix: "Enter the client's secret anew in Profiles. The server must keep it in clear to check such an assertion.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    Refusal {
        id: "client-assertion-audience",
        when: When::All(BY_ASSERTION),
        tell: "With the other of the two as aud it is taken.",
        cause: "The server expects another aud in the assertion of {client}: its issuer instead of its token endpoint, or the reverse (RFC 7523 3).",
        fix: "Set the audience of the client's assertion in Profiles.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    Refusal {
        id: "client-assertion-clock",
        when: When::All(BY_ASSERTION),
        tell: "The header Date of the server's answers is off by more than some seconds.",
        cause: "The clocks differ, so the assertion of {client}, which is good for a minute, is over or has not begun at the server.",
        fix: "Set both clocks by the network.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    // An empty 403 is not how a server says that a secret is wrong (RFC 6749 5.2 has 401 and 400 for that).
    Refusal {
        id: "client-no-right",
        error: FORBIDDEN,
        when: When::All(&[When::Status(403), When::Vague(VAGUE)]),
        tell: "The server's log has the client and the refusal.",
        cause: "The server knows {client}, and {client} may not do this: a right, a role or the grant is missing.",
        fix: "Give {client} the right at the server.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    Refusal {
        id: "client-proxy",
        error: FORBIDDEN,
        when: When::All(&[When::Status(403), When::Vague(VAGUE)]),
        tell: "The server's log has no such request.",
        cause: "A proxy or firewall before the server refused the request, and the server did not see it.",
        fix: "Look at the headers of the response for who answered, and ask whoever runs the proxy.",
        ..REFUSED_CLIENT
    },
    // Who was taken before has the right id, and had the right secret.
    Refusal {
        id: "client-taken-before",
        error: FORBIDDEN,
        when: When::All(TAKEN),
        tell: "Another request of {client} is taken at once.",
        cause: "The server took {client} before, so its name is right: something before the server refused the request, or the client, its secret or its rights were changed since.",
        fix: "Ask for another token of {client}. If that is refused as well, compare the client's settings and secret at the server; else look at this request.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    Refusal {
        id: "client-secret-wrong",
        when: When::All(BY_SECRET),
        tell: "With a new secret from the server it is taken.",
        cause: "The secret of {client} is not the one the server has.",
        fix: "Enter the client's secret anew in Profiles.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    Refusal {
        id: "client-public",
        when: When::All(PUBLIC),
        tell: "A confidential client is taken.",
        cause: "{client} is public, and this request wants a client that proves who it is.",
        fix: "Ask as a confidential client of the profile.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    Refusal {
        id: "client-auth-method",
        when: When::All(BY_SECRET),
        tell: "The client at the server is set to another way of authenticating.",
        cause: "The server does not take the secret of {client} in the way it was sent.",
        fix: "Move it from the header into the body, or back; the client's settings at the server say which.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    Refusal {
        id: "client-unknown",
        when: When::All(ANYHOW),
        tell: "The server's list of clients does not have it.",
        cause: "The server has no client named {client}, or it is switched off.",
        fix: "Compare the client id with the server's list, capitals too.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    // A page for people where a program asked.
    Refusal {
        id: "client-sent-to-page",
        error: &[""],
        when: When::Redirected,
        cause: "The server sent the request on to a page for people, as it does with whoever it does not recognise as a client. A public client can not authenticate at such an endpoint.",
        fix: "Ask as a confidential client of the profile, or take the address from the server's metadata.",
        show: &[Show::Client],
        ..REFUSED_CLIENT
    },
    Refusal {
        id: "call-sent-to-page",
        operations: CALL,
        error: &[""],
        when: When::Redirected,
        cause: "A log in page for people stands before the API, and the token was not looked at.",
        fix: "Ask for the API's own address, without the log in in front of it.",
        ..CAUSE
    },
    // RFC 6749 5.2 has one meaning for the code at a grant.
    Refusal {
        id: "grant-not-allowed",
        operations: Tried::Grants,
        error: &["unauthorized_client"],
        when: When::Vague(&["grant", "allowed", "authorized", "authorised", "permitted", "enabled", "not available", "support"]),
        cause: "{client} is known to the server and may not use this grant.",
        fix: "Allow the grant for the client at the server, or ask as another client.",
        show: &[Show::Client],
        ..SAID
    },
    // Scopes.
    Refusal {
        id: "exchange-scope-of-subject",
        operations: Tried::These(&[Operation::TokenExchange]),
        error: &["invalid_scope"],
        when: When::Lacks("scope"),
        cause: "No scope was asked for, so the server takes those of the subject token, and {client} may not have all of them.",
        fix: "Ask for the scopes that {client} may have.",
        show: &[Show::Scope, Show::Client],
        ..SAID
    },
    Refusal {
        id: "refresh-scope-wider",
        operations: Tried::These(&[Operation::Refresh]),
        error: &["invalid_scope"],
        when: When::HasScope,
        cause: "A refresh may ask for what was granted at the log in and no more (RFC 6749 6), and at least one of these was not: {scope}.",
        fix: "Leave scope out, or log in again with the scope.",
        show: &[Show::AskedScope],
        actions: &[Act::Without("scope"), Act::LogIn],
        ..SAID
    },
    Refusal {
        id: "scope-not-allowed",
        error: &["invalid_scope"],
        when: When::HasScope,
        proof: Proof::Of(Shelf::UnlistedScope),
        cause: "The server does not give {client} at least one of these scopes: {scope}. It is unknown there, or not allowed for the client.",
        fix: "Leave scopes out one by one, or allow them for the client at the server.",
        show: &[Show::AskedScope, Show::Scope],
        actions: &[Act::Without("scope")],
        ..SAID
    },
];
