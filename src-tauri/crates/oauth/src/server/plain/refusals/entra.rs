//! Microsoft Entra: the number behind `AADSTS` decides, whatever OAuth code stands beside it, which is one for many causes.
//! A number is compared with its colon, because `AADSTS70008` begins others.

use super::{Act, Entry, Operation, Show, When, said};

const ANY: &[&str] = &[];
const ALL: &[Operation] = &[];
/// A row that a number decides.
const fn numbered(
    id: &'static str,
    operations: &'static [Operation],
    error: &'static [&'static str],
    words: &'static [&'static str],
) -> Entry {
    said(id, operations, error, words).when(When::Numbered)
}

const JWT: &[Operation] = &[Operation::JwtBearer, Operation::TokenExchange];

pub(super) const ENTRIES: &[Entry] = &[
    // The client.
    numbered("entra-secret-wrong", ALL, ANY, &["aadsts7000215:", "aadsts7000216:"])
        .because(
            "The secret of {client} is not one of the application's (AADSTS7000215). Often the secret's ID was copied in place of its value.",
            "Make a new secret at the application, copy its value, and enter that in Profiles.",
        )
        .shows(&[Show::Client]),
    numbered("entra-secret-ended", ALL, ANY, &["aadsts7000222:", "aadsts7000220:"])
        .because("The secret of {client} has ended (AADSTS7000222).", "Make a new secret at the application, and enter its value in Profiles.")
        .shows(&[Show::Client]),
    numbered("entra-client-unknown", ALL, ANY, &["aadsts700016:", "aadsts700018:", "aadsts7000112:"])
        .because(
            "The tenant that was asked has no enabled application {client} (AADSTS700016).",
            "Compare the client id, and the tenant in the address; a multitenant application must first be consented to in the tenant.",
        )
        .shows(&[Show::Client]),
    numbered("entra-client-assertion", ALL, ANY, &["aadsts700027:", "aadsts700023:", "aadsts700021:", "aadsts700022:", "aadsts700024:", "aadsts7000213:"])
        .because(
            "The assertion by which {client} proves itself was not taken: its certificate is not among the application's, or its aud, iss or times do not fit (AADSTS700021 to 700027).",
            "Compare the thumbprint (x5t) with the application's certificates, and read the rest of the server's words.",
        )
        .shows(&[Show::Client]),
    numbered("entra-client-unproved", ALL, ANY, &["aadsts7000218:", "aadsts7000219:"])
        .because(
            "{client} sent neither secret nor assertion, and the application is not set to be public (AADSTS7000218).",
            "Give the client its secret in Profiles, or allow public client flows at the application.",
        )
        .shows(&[Show::Client]),
    numbered("entra-client-public", ALL, ANY, &["aadsts700025:"])
        .because(
            "The application is public, and a secret or an assertion was sent (AADSTS700025).",
            "Set the client to public in Profiles.",
        )
        .shows(&[Show::Client]),
    numbered("entra-client-of-page", ALL, ANY, &["aadsts9002326:", "aadsts9002327:"])
        .because(
            "The redirect URI is registered for a single-page application, whose codes and tokens are only redeemed by a page in a browser (AADSTS9002327).",
            "Register the redirect URI under mobile and desktop applications, or under web.",
        ),
    // Places.
    numbered("entra-tenant-unknown", ALL, ANY, &["aadsts90002:", "aadsts900023:", "aadsts900021:"])
        .because("There is no tenant of the name that stands in the address (AADSTS90002).", "Compare the tenant in the token endpoint, and the cloud."),
    numbered("entra-redirect", ALL, ANY, &["aadsts50011:", "aadsts500112:", "aadsts500113:"])
        .because(
            "The redirect URI of the request is not one of the application's (AADSTS50011).",
            "Register it at the application, to the letter.",
        ),
    numbered("entra-resource-unknown", ALL, ANY, &["aadsts500011:", "aadsts50001:", "aadsts650057:", "aadsts65002:"])
        .because(
            "The tenant has no application of the resource that the scope names, or {client} is not registered for it (AADSTS500011).",
            "Compare the part of the scope before its last slash with the API's application ID URI, and give the application the permission.",
        )
        .shows(&[Show::AskedScope]),
    numbered("entra-scope-default", ALL, ANY, &["aadsts1002012:"])
        .because(
            "With client credentials a scope names the resource and ends in /.default (AADSTS1002012).",
            "Ask for the API's application ID URI with /.default behind it; its roles come by themselves.",
        )
        .shows(&[Show::AskedScope]),
    numbered("entra-scope", ALL, ANY, &["aadsts70011:", "aadsts28002:", "aadsts28003:", "aadsts650053:"])
        .because("A scope is malformed or not one of the resource's, or scopes of two resources were asked for at once (AADSTS70011).", "Ask for scopes of one API at a time, as it exposes them.")
        .shows(&[Show::AskedScope]),
    // Consent, policy, people.
    numbered("entra-consent", ALL, ANY, &["aadsts65001:", "aadsts90094:", "aadsts650051:"])
        .because(
            "Nobody has consented yet that {client} may do this for the user (AADSTS65001).",
            "Log in with prompt=consent, or have an administrator consent for the tenant. In an on-behalf-of chain the consent is for the API in the middle.",
        )
        .shows(&[Show::Client, Show::AskedScope])
        .offers(&[Act::LogIn]),
    numbered("entra-not-assigned", ALL, ANY, &["aadsts50105:", "aadsts501051:"])
        .because("The user, or {client}, is not assigned to the application, which asks for that (AADSTS50105).", "Assign it at the enterprise application."),
    numbered("entra-second-factor", ALL, ANY, &["aadsts50076:", "aadsts50079:", "aadsts50072:", "aadsts50074:", "aadsts50158:"])
        .because(
            "A policy asks for a second factor, which only a log in through the browser can give (AADSTS50076).",
            "Log in through the browser. In an on-behalf-of chain, hand the claims of the answer back to the client.",
        )
        .offers(&[Act::LogIn]),
    numbered("entra-policy", ALL, ANY, &["aadsts53000:", "aadsts53001:", "aadsts53002:", "aadsts53003:", "aadsts53004:", "aadsts530003:"])
        .because("Conditional Access blocks it: device, place or way of logging in (AADSTS53003).", "Read the sign-in log of the tenant; it names the policy."),
    numbered("entra-password", ALL, ANY, &["aadsts50126:", "aadsts50034:", "aadsts50020:"])
        .because("User name or password is wrong, or the user is not one of this tenant (AADSTS50126).", "Check both, and the tenant in the address.")
        .offers(&[Act::LogIn]),
    numbered("entra-account", ALL, ANY, &["aadsts50053:", "aadsts50055:", "aadsts50057:", "aadsts50144:"])
        .because("The account is locked or switched off, or its password has ended (AADSTS50053 to 50057).", "Have it unlocked, or set a new password, then log in again."),
    // Assertions of an on-behalf-of chain.
    numbered("entra-assertion-audience", JWT, ANY, &["aadsts500131:", "assertion audience does not match", "assertion audience claim does not match"])
        .because(
            "The token that was sent as assertion is meant for another application than {client}, which shows it (AADSTS500131).",
            "Send a token whose aud is {client} itself: log in with a scope of this API.",
        )
        .shows(&[Show::Aud, Show::Client])
        .offers(&[Act::LogIn]),
    numbered("entra-assertion-ended", JWT, ANY, &["aadsts500133:", "assertion is not within its valid time range"])
        .because("The token that was sent as assertion is over (AADSTS500133): {ended_words}.", "Refresh it or log in again.")
        .shows(&[Show::Exp])
        .offers(&[Act::Refresh, Act::LogIn]),
    numbered("entra-assertion-id-token", JWT, ANY, &["aadsts240002:"])
        .because("An ID token was sent as assertion (AADSTS240002).", "Send the access token that the caller showed.")
        .shows(&[Show::Aud]),
    numbered("entra-assertion-signature", JWT, ANY, &["aadsts50013:", "aadsts5002730:", "aadsts50027:"])
        .because(
            "The assertion was not taken: its signature does not fit, as with a token whose header has a nonce and that is meant for Microsoft Graph alone, or it is no token of this tenant (AADSTS50013).",
            "Send a token that was issued for {client}; one for Graph can not be passed on.",
        )
        .shows(&[Show::Aud, Show::Iss]),
    // Codes and refresh tokens.
    numbered("entra-code-used", ALL, ANY, &["aadsts54005:"])
        .because("The code was redeemed before (AADSTS54005).", "Log in again.")
        .offers(&[Act::LogIn]),
    numbered("entra-code-verifier", ALL, ANY, &["aadsts501481:", "aadsts50148:", "aadsts9002325:"])
        .because("The PKCE verifier is missing or does not fit the challenge of this log in (AADSTS501481).", "Log in again, in one browser window only.")
        .offers(&[Act::LogIn]),
    numbered("entra-refresh-ended", ALL, ANY, &["aadsts700082:", "aadsts700084:", "aadsts70008:", "aadsts700081:"])
        .because("The code or refresh token has ended: by its lifetime, or because it was not used for long (AADSTS70008, 700082).", "Log in again.")
        .offers(&[Act::LogIn]),
    numbered("entra-refresh-revoked", ALL, ANY, &["aadsts50173:", "aadsts50132:", "aadsts50133:", "aadsts50089:", "aadsts500213:", "aadsts70043:"])
        .because(
            "The log in behind the token was ended: a new password, a revocation, or a policy on how often to log in (AADSTS50173).",
            "Log in again.",
        )
        .offers(&[Act::LogIn]),
    numbered("entra-parameter", ALL, ANY, &["aadsts900144:", "aadsts90014:", "aadsts9002313:", "aadsts900561:"])
        .because("A parameter is missing or malformed, or the request went to the wrong endpoint (AADSTS900144, 9002313).", "Read which in the server's words."),
];
