//! Microsoft Entra: the number behind `AADSTS` decides, whatever OAuth code stands beside it, which is one for many causes.
//! A number is compared with its colon, because `AADSTS70008` begins others.

use super::family::SAID;
use crate::refusal::{
    entry::{Act, Refusal, Show, Tried},
    when::When,
};
use record::operation::Operation;

const JWT: Tried = Tried::These(&[Operation::JwtBearer, Operation::TokenExchange]);

/// A row that a number decides.
const NUMBERED: Refusal = Refusal { when: When::Numbered, ..SAID };

pub(crate) const ROWS: &[Refusal] = &[
    // The client.
    Refusal {
        id: "entra-secret-wrong",
        words: &["aadsts7000215:", "aadsts7000216:"],
        cause: "The secret of {client} is not one of the application's (AADSTS7000215). Often the secret's ID was copied in place of its value.",
        fix: "Make a new secret at the application, copy its value, and enter that in Profiles.",
        show: &[Show::Client],
        ..NUMBERED
    },
    Refusal {
        id: "entra-secret-ended",
        words: &["aadsts7000222:", "aadsts7000220:"],
        cause: "The secret of {client} has ended (AADSTS7000222).",
        fix: "Make a new secret at the application, and enter its value in Profiles.",
        show: &[Show::Client],
        ..NUMBERED
    },
    Refusal {
        id: "entra-client-unknown",
        words: &["aadsts700016:", "aadsts700018:", "aadsts7000112:"],
        cause: "The tenant that was asked has no enabled application {client} (AADSTS700016).",
        fix: "Compare the client id, and the tenant in the address; a multitenant application must first be consented to in the tenant.",
        show: &[Show::Client],
        ..NUMBERED
    },
    Refusal {
        id: "entra-client-assertion",
        words: &["aadsts700027:", "aadsts700023:", "aadsts700021:", "aadsts700022:", "aadsts700024:", "aadsts7000213:"],
        cause: "The assertion by which {client} proves itself was not taken: its certificate is not among the application's, or its aud, iss or times do not fit (AADSTS700021 to 700027).",
        fix: "Compare the thumbprint (x5t) with the application's certificates, and read the rest of the server's words.",
        show: &[Show::Client],
        ..NUMBERED
    },
    Refusal {
        id: "entra-client-unproved",
        words: &["aadsts7000218:", "aadsts7000219:"],
        cause: "{client} sent neither secret nor assertion, and the application is not set to be public (AADSTS7000218).",
        fix: "Give the client its secret in Profiles, or allow public client flows at the application.",
        show: &[Show::Client],
        ..NUMBERED
    },
    Refusal {
        id: "entra-client-public",
        words: &["aadsts700025:"],
        cause: "The application is public, and a secret or an assertion was sent (AADSTS700025).",
        fix: "Set the client to public in Profiles.",
        show: &[Show::Client],
        ..NUMBERED
    },
    Refusal {
        id: "entra-client-of-page",
        words: &["aadsts9002326:", "aadsts9002327:"],
        cause: "The redirect URI is registered for a single-page application, whose codes and tokens are only redeemed by a page in a browser (AADSTS9002327).",
        fix: "Register the redirect URI under mobile and desktop applications, or under web.",
        ..NUMBERED
    },
    // Places.
    Refusal {
        id: "entra-tenant-unknown",
        words: &["aadsts90002:", "aadsts900023:", "aadsts900021:"],
        cause: "There is no tenant of the name that stands in the address (AADSTS90002).",
        fix: "Compare the tenant in the token endpoint, and the cloud.",
        ..NUMBERED
    },
    Refusal {
        id: "entra-redirect",
        words: &["aadsts50011:", "aadsts500112:", "aadsts500113:"],
        cause: "The redirect URI of the request is not one of the application's (AADSTS50011).",
        fix: "Register it at the application, to the letter.",
        ..NUMBERED
    },
    Refusal {
        id: "entra-resource-unknown",
        words: &["aadsts500011:", "aadsts50001:", "aadsts650057:", "aadsts65002:"],
        cause: "The tenant has no application of the resource that the scope names, or {client} is not registered for it (AADSTS500011).",
        fix: "Compare the part of the scope before its last slash with the API's application ID URI, and give the application the permission.",
        show: &[Show::AskedScope],
        ..NUMBERED
    },
    Refusal {
        id: "entra-scope-default",
        words: &["aadsts1002012:"],
        cause: "With client credentials a scope names the resource and ends in /.default (AADSTS1002012).",
        fix: "Ask for the API's application ID URI with /.default behind it; its roles come by themselves.",
        show: &[Show::AskedScope],
        ..NUMBERED
    },
    Refusal {
        id: "entra-scope",
        words: &["aadsts70011:", "aadsts28002:", "aadsts28003:", "aadsts650053:"],
        cause: "A scope is malformed or not one of the resource's, or scopes of two resources were asked for at once (AADSTS70011).",
        fix: "Ask for scopes of one API at a time, as it exposes them.",
        show: &[Show::AskedScope],
        ..NUMBERED
    },
    // Consent, policy, people.
    Refusal {
        id: "entra-consent",
        words: &["aadsts65001:", "aadsts90094:", "aadsts650051:"],
        cause: "Nobody has consented yet that {client} may do this for the user (AADSTS65001).",
        fix: "Log in with prompt=consent, or have an administrator consent for the tenant. In an on-behalf-of chain the consent is for the API in the middle.",
        show: &[Show::Client, Show::AskedScope],
        actions: &[Act::LogIn],
        ..NUMBERED
    },
    Refusal {
        id: "entra-not-assigned",
        words: &["aadsts50105:", "aadsts501051:"],
        cause: "The user, or {client}, is not assigned to the application, which asks for that (AADSTS50105).",
        fix: "Assign it at the enterprise application.",
        ..NUMBERED
    },
    Refusal {
        id: "entra-second-factor",
        words: &["aadsts50076:", "aadsts50079:", "aadsts50072:", "aadsts50074:", "aadsts50158:"],
        cause: "A policy asks for a second factor, which only a log in through the browser can give (AADSTS50076).",
        fix: "Log in through the browser. In an on-behalf-of chain, hand the claims of the answer back to the client.",
        actions: &[Act::LogIn],
        ..NUMBERED
    },
    Refusal {
        id: "entra-policy",
        words: &["aadsts53000:", "aadsts53001:", "aadsts53002:", "aadsts53003:", "aadsts53004:", "aadsts530003:"],
        cause: "Conditional Access blocks it: device, place or way of logging in (AADSTS53003).",
        fix: "Read the sign-in log of the tenant; it names the policy.",
        ..NUMBERED
    },
    Refusal {
        id: "entra-password",
        words: &["aadsts50126:", "aadsts50034:", "aadsts50020:"],
        cause: "User name or password is wrong, or the user is not one of this tenant (AADSTS50126).",
        fix: "Check both, and the tenant in the address.",
        actions: &[Act::LogIn],
        ..NUMBERED
    },
    Refusal {
        id: "entra-account",
        words: &["aadsts50053:", "aadsts50055:", "aadsts50057:", "aadsts50144:"],
        cause: "The account is locked or switched off, or its password has ended (AADSTS50053 to 50057).",
        fix: "Have it unlocked, or set a new password, then log in again.",
        ..NUMBERED
    },
    // Assertions of an on-behalf-of chain.
    Refusal {
        id: "entra-assertion-audience",
        operations: JWT,
        words: &["aadsts500131:", "assertion audience does not match", "assertion audience claim does not match"],
        cause: "The token that was sent as assertion is meant for another application than {client}, which shows it (AADSTS500131).",
        fix: "Send a token whose aud is {client} itself: log in with a scope of this API.",
        show: &[Show::Aud, Show::Client],
        actions: &[Act::LogIn],
        ..NUMBERED
    },
    Refusal {
        id: "entra-assertion-ended",
        operations: JWT,
        words: &["aadsts500133:", "assertion is not within its valid time range"],
        cause: "The token that was sent as assertion is over (AADSTS500133): {ended_words}.",
        fix: "Refresh it or log in again.",
        show: &[Show::Exp],
        actions: &[Act::Refresh, Act::LogIn],
        ..NUMBERED
    },
    Refusal {
        id: "entra-assertion-id-token",
        operations: JWT,
        words: &["aadsts240002:"],
        cause: "An ID token was sent as assertion (AADSTS240002).",
        fix: "Send the access token that the caller showed.",
        show: &[Show::Aud],
        ..NUMBERED
    },
    Refusal {
        id: "entra-assertion-signature",
        operations: JWT,
        words: &["aadsts50013:", "aadsts5002730:", "aadsts50027:"],
        cause: "The assertion was not taken: its signature does not fit, as with a token whose header has a nonce and that is meant for Microsoft Graph alone, or it is no token of this tenant (AADSTS50013).",
        fix: "Send a token that was issued for {client}; one for Graph can not be passed on.",
        show: &[Show::Aud, Show::Iss],
        ..NUMBERED
    },
    // Codes and refresh tokens.
    Refusal {
        id: "entra-code-used",
        words: &["aadsts54005:"],
        cause: "The code was redeemed before (AADSTS54005).",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        ..NUMBERED
    },
    Refusal {
        id: "entra-code-verifier",
        words: &["aadsts501481:", "aadsts50148:", "aadsts9002325:"],
        cause: "The PKCE verifier is missing or does not fit the challenge of this log in (AADSTS501481).",
        fix: "Log in again, in one browser window only.",
        actions: &[Act::LogIn],
        ..NUMBERED
    },
    Refusal {
        id: "entra-refresh-ended",
        words: &["aadsts700082:", "aadsts700084:", "aadsts70008:", "aadsts700081:"],
        cause: "The code or refresh token has ended: by its lifetime, or because it was not used for long (AADSTS70008, 700082).",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        ..NUMBERED
    },
    Refusal {
        id: "entra-refresh-revoked",
        words: &["aadsts50173:", "aadsts50132:", "aadsts50133:", "aadsts50089:", "aadsts500213:", "aadsts70043:"],
        cause: "The log in behind the token was ended: a new password, a revocation, or a policy on how often to log in (AADSTS50173).",
        fix: "Log in again.",
        actions: &[Act::LogIn],
        ..NUMBERED
    },
    Refusal {
        id: "entra-parameter",
        words: &["aadsts900144:", "aadsts90014:", "aadsts9002313:", "aadsts900561:"],
        cause: "A parameter is missing or malformed, or the request went to the wrong endpoint (AADSTS900144, 9002313).",
        fix: "Read which in the server's words.",
        ..NUMBERED
    },
];
