//! How a client proves who it is, where it failed: the code `invalid_client` names none of the causes (RFC 6749 5.2), and some
//! endpoints say nothing but 401 or 403.

use super::{Entry, Operation, Shelf, Show, When, cause, said};
use crate::refusal::entry::Act;

/// Whatever a client asks for as itself.
const ASKED: &[Operation] = &[
    Operation::LogIn,
    Operation::ClientCredentials,
    Operation::TokenExchange,
    Operation::Password,
    Operation::JwtBearer,
    Operation::Refresh,
    Operation::Introspect,
    Operation::Revoke,
    Operation::LogOut,
];
const REFUSED: &[&str] = &["invalid_client", "unauthorized", "Unauthorized", "forbidden", "Forbidden", ""];
/// Words that say no more than the code.
const VAGUE: &[&str] = &["client", "credential", "secret", "authentication", "unauthorized", "forbidden"];
const GRANTS: &[Operation] =
    &[Operation::ClientCredentials, Operation::TokenExchange, Operation::Password, Operation::JwtBearer, Operation::Refresh];

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

pub(super) const ENTRIES: &[Entry] = &[
    // Words that name the cause.
    said("client-said-secret-ended", ASKED, CODES, &["secret has expired", "secret is expired", "secret expired", "expired client secret", "expired client_secret"])
        .because("The secret of {client} has ended at the server.", "Make a new one there, and enter it in Profiles.")
        .shows(&[Show::Client]),
    said(
        "client-said-secret",
        ASKED,
        CODES,
        &["for a confidential client is invalid", "invalid client secret", "invalid client_secret", "client secret is invalid", "client_secret is invalid", "client secret mismatch", "client secret does not match", "incorrect client secret", "wrong client secret", "client secret is incorrect", "bad client secret"],
    )
        .because("The secret of {client} is not the one the server has.", "Enter the client's secret anew in Profiles.")
        .shows(&[Show::Client]),
    said(
        "client-said-unknown",
        ASKED,
        CODES,
        &["client does not exist", "client was not found", "client could not be found", "no such client", "unknown client", "=invalid client_id", "=invalid client id", "invalid value for 'client_id'", "client_id is invalid", "client_id not found"],
    )
        .because("The server has no client named {client}.", "Compare the client id with the server's list, capitals too.")
        .shows(&[Show::Client]),
    said("client-said-method", ASKED, CODES, &["supports client authentication method", "token_endpoint_auth_method", "client authentication method is not", "not allowed to use client_secret", "invalid client authentication method"])
        .because(
            "{client} is set to another way of authenticating at the server than the one that was used.",
            "Set the client in Profiles to the way that the server's words name.",
        )
        .shows(&[Show::Client]),
    said("client-said-unproved", ASKED, CODES, &["no client credentials found", "client credentials are missing", "missing client credentials", "client authentication is required", "client authentication required", "client_secret is required", "client_secret is missing", "missing client_secret"])
        .because("The server found nothing in the request by which {client} proves who it is.", "Ask as a confidential client, or send the secret in the other way: header or body.")
        .shows(&[Show::Client]),
    // Keycloak's words, at a server that is not known to be one.
    cause("client-words-secret", ASKED, &["unauthorized_client"], None)
        .when(When::All(OF_CREDENTIALS))
        .because("The secret of {client} is not the one the server has.", "Enter the client's secret anew in Profiles.")
        .told_by("With a new secret from the server it is taken.")
        .shows(&[Show::Client]),
    cause("client-words-unknown", ASKED, &["unauthorized_client"], None)
        .when(When::All(OF_CREDENTIALS))
        .because("The server has no client named {client}, or it is switched off.", "Compare the client id with the server's list, capitals too.")
        .told_by("The server's list of clients does not have it.")
        .shows(&[Show::Client]),
    // Auth0 says so where the secret is wrong.
    cause("client-denied-secret", ASKED, &["access_denied"], None)
        .when(When::All(NOT_PROVED))
        .because("The secret of {client} is not the one the server has.", "Enter the client's secret anew in Profiles.")
        .told_by("With a new secret from the server it is taken.")
        .shows(&[Show::Client]),
    cause("client-denied-unknown", ASKED, &["access_denied"], None)
        .when(When::All(NOT_PROVED))
        .because("The server has no client named {client}, or it is switched off.", "Compare the client id with the server's list, capitals too.")
        .told_by("The server's list of clients does not have it.")
        .shows(&[Show::Client]),
    cause("client-denied-policy", ASKED, &["access_denied"], None)
        .when(When::All(NOT_PROVED))
        .because("The server's policy does not allow it for {client}.", "Read the server's log.")
        .told_by("The log of the server names a rule.")
        .shows(&[Show::Client]),
    cause("client-assertion-key", ASKED, REFUSED, None)
        .when(When::All(BY_KEY))
        .because(
            "The server could not check the assertion of {client}: it was signed with another key than the server has for the client, or names a kid or an algorithm it does not know.",
            "Compare the public key at the server (its JWKS, or jwks_uri of the client) with the private key here, the kid and the algorithm.",
        )
        .told_by("The key here is not among the client's keys at the server.")
        .shows(&[Show::Client]),
    cause("client-assertion-secret", ASKED, REFUSED, None)
        .when(When::All(BY_SHARED_KEY))
        .because(
            "The server could not check the assertion of {client}: it was signed with another secret than the server has.",
            "Enter the client's secret anew in Profiles. The server must keep it in clear to check such an assertion.",
        )
        .told_by("With a new secret from the server it is taken.")
        .shows(&[Show::Client]),
    cause("client-assertion-audience", ASKED, REFUSED, None)
        .when(When::All(BY_ASSERTION))
        .because(
            "The server expects another aud in the assertion of {client}: its issuer instead of its token endpoint, or the reverse (RFC 7523 3).",
            "Set the audience of the client's assertion in Profiles.",
        )
        .told_by("With the other of the two as aud it is taken.")
        .shows(&[Show::Client]),
    cause("client-assertion-clock", ASKED, REFUSED, None)
        .when(When::All(BY_ASSERTION))
        .because(
            "The clocks differ, so the assertion of {client}, which is good for a minute, is over or has not begun at the server.",
            "Set both clocks by the network.",
        )
        .told_by("The header Date of the server's answers is off by more than some seconds.")
        .shows(&[Show::Client]),
    // An empty 403 is not how a server says that a secret is wrong (RFC 6749 5.2 has 401 and 400 for that).
    cause("client-no-right", ASKED, FORBIDDEN, None)
        .when(When::All(&[When::Status(403), When::Vague(VAGUE)]))
        .because(
            "The server knows {client}, and {client} may not do this: a right, a role or the grant is missing.",
            "Give {client} the right at the server.",
        )
        .told_by("The server's log has the client and the refusal.")
        .shows(&[Show::Client]),
    cause("client-proxy", ASKED, FORBIDDEN, None)
        .when(When::All(&[When::Status(403), When::Vague(VAGUE)]))
        .because(
            "A proxy or firewall before the server refused the request, and the server did not see it.",
            "Look at the headers of the response for who answered, and ask whoever runs the proxy.",
        )
        .told_by("The server's log has no such request."),
    // Who was taken before has the right id, and had the right secret.
    cause("client-taken-before", ASKED, FORBIDDEN, None)
        .when(When::All(TAKEN))
        .because(
            "The server took {client} before, so its name is right: something before the server refused the request, or the client, its secret or its rights were changed since.",
            "Ask for another token of {client}. If that is refused as well, compare the client's settings and secret at the server; else look at this request.",
        )
        .told_by("Another request of {client} is taken at once.")
        .shows(&[Show::Client]),
    cause("client-secret-wrong", ASKED, REFUSED, None)
        .when(When::All(BY_SECRET))
        .because("The secret of {client} is not the one the server has.", "Enter the client's secret anew in Profiles.")
        .told_by("With a new secret from the server it is taken.")
        .shows(&[Show::Client]),
    cause("client-public", ASKED, REFUSED, None)
        .when(When::All(PUBLIC))
        .because("{client} is public, and this request wants a client that proves who it is.", "Ask as a confidential client of the profile.")
        .told_by("A confidential client is taken.")
        .shows(&[Show::Client]),
    cause("client-auth-method", ASKED, REFUSED, None)
        .when(When::All(BY_SECRET))
        .because(
            "The server does not take the secret of {client} in the way it was sent.",
            "Move it from the header into the body, or back; the client's settings at the server say which.",
        )
        .told_by("The client at the server is set to another way of authenticating.")
        .shows(&[Show::Client]),
    cause("client-unknown", ASKED, REFUSED, None)
        .when(When::All(ANYHOW))
        .because("The server has no client named {client}, or it is switched off.", "Compare the client id with the server's list, capitals too.")
        .told_by("The server's list of clients does not have it.")
        .shows(&[Show::Client]),
    // A page for people where a program asked.
    cause("client-sent-to-page", ASKED, &[""], None)
        .when(When::Redirected)
        .because(
            "The server sent the request on to a page for people, as it does with whoever it does not recognise as a client. A public client can not authenticate at such an endpoint.",
            "Ask as a confidential client of the profile, or take the address from the server's metadata.",
        )
        .shows(&[Show::Client]),
    cause("call-sent-to-page", super::CALL, &[""], None)
        .when(When::Redirected)
        .because(
            "A log in page for people stands before the API, and the token was not looked at.",
            "Ask for the API's own address, without the log in in front of it.",
        ),
    // RFC 6749 5.2 has one meaning for the code at a grant.
    Entry { certain: true, ..cause("grant-not-allowed", GRANTS, &["unauthorized_client"], None) }
        .when(When::Vague(&["grant", "allowed", "authorized", "authorised", "permitted", "enabled", "not available", "support"]))
        .because("{client} is known to the server and may not use this grant.", "Allow the grant for the client at the server, or ask as another client.")
        .shows(&[Show::Client]),
    // Scopes.
    Entry { certain: true, ..cause("exchange-scope-of-subject", &[Operation::TokenExchange], &["invalid_scope"], None) }
        .when(When::Lacks("scope"))
        .because(
            "No scope was asked for, so the server takes those of the subject token, and {client} may not have all of them.",
            "Ask for the scopes that {client} may have.",
        )
        .shows(&[Show::Scope, Show::Client]),
    Entry { certain: true, ..cause("refresh-scope-wider", &[Operation::Refresh], &["invalid_scope"], None) }
        .when(When::HasScope)
        .because(
            "A refresh may ask for what was granted at the log in and no more (RFC 6749 6), and at least one of these was not: {scope}.",
            "Leave scope out, or log in again with the scope.",
        )
        .shows(&[Show::AskedScope])
        .offers(&[Act::Without("scope"), Act::LogIn]),
    Entry { certain: true, ..cause("scope-not-allowed", &[], &["invalid_scope"], Some(Shelf::UnlistedScope)) }
        .when(When::HasScope)
        .because(
            "The server does not give {client} at least one of these scopes: {scope}. It is unknown there, or not allowed for the client.",
            "Leave scopes out one by one, or allow them for the client at the server.",
        )
        .shows(&[Show::AskedScope, Show::Scope])
        .offers(&[Act::Without("scope")]),
];
