//! Log in: authorization code with PKCE in the system browser (RFC 6749 4.1, RFC 7636, RFC 8252).

use super::{
    definition::{
        ByBrowser, ByServer, Carries, Definition, Ended, Flow, Headline, IdToken, Issues, Menu, NOTHING_CHANGED, Scope, Spends,
        Target, Wanted, as_listed, every_field, not_one_request, nothing_remarkable,
    },
    needs,
};
use crate::{
    binding::{Load, PAGE, PAGE_AND_CODE, origin},
    form::{
        Field, FieldKind, ReadyLine, browser,
        choices::Context,
        fields::{choice, client, field, redirect_words, words},
        ready::stated,
    },
    message::{self, LoginValues, authorization_request, redirect_hint},
    profile::{Profile, ServerRole},
};
use record::{
    join::Caused,
    operation::{Draft, Operation},
};
use token::inspect::Obtained;

/// The definition.
pub(super) const DEFINITION: Definition = Definition {
    operation: Operation::LogIn,
    menu: Menu::Entry { note: "authorization code" },
    title: ByServer::both(message::LOG_IN),
    verb: ByServer::both("Log in"),
    again: "Log in again",
    listed: ByServer::both("Log in"),
    step_title: as_listed,
    prefer: ServerRole::Provider,
    target: Target::OfClient(|endpoints| &endpoints.token),
    unavailable,
    grant: None,
    capability: |_| Some("login"),
    fields,
    sends: every_field,
    tokens: &[],
    secrets: &[],
    as_client: true,
    scope: Scope::Asks,
    asks_type: false,
    remarks: nothing_remarkable,
    flow: Flow::LogIn,
    build: not_one_request,
    ready,
    says_client: false,
    browser,
    carries: Carries::Confidential(CODE),
    browser_loads,
    issues: Issues::Tokens { obtained: Obtained::LogIn, words: "log in", id_token: IdToken::ByLogIn },
    from_token: false,
    sends_on: false,
    spends: Spends::Never,
    speaker: None,
    events: Caused { types: EVENTS, by_gateway: false },
    headline,
    stopped: NOTHING_CHANGED,
};

/// What the second half of a log in sends, to begin a sentence with.
pub(crate) const CODE: &str = "The authorization code with its PKCE verifier";

/// Required actions, consent and broker events happen on the login pages.
const EVENTS: &[&str] = &[
    "LOGIN",
    "CODE_TO_TOKEN",
    "UPDATE_PROFILE",
    "UPDATE_PASSWORD",
    "UPDATE_CREDENTIAL",
    "GRANT_CONSENT",
    "VERIFY_EMAIL",
    "VERIFY_PROFILE",
    "CUSTOM_REQUIRED_ACTION",
    "REGISTER",
    "RESTART_AUTHENTICATION",
    "IDENTITY_PROVIDER_LOGIN",
    "IDENTITY_PROVIDER_FIRST_LOGIN",
    "IDENTITY_PROVIDER_POST_LOGIN",
    "FEDERATED_IDENTITY_LINK",
    "PUSHED_AUTHORIZATION_REQUEST",
];

fn unavailable(profile: &Profile) -> Option<String> {
    if profile.provider.endpoints.authorization.is_empty() {
        return Some(needs::missing("authorization endpoint"));
    }
    let none = profile.clients.iter().all(|client| client.server != ServerRole::Provider);
    none.then(|| "The profile has no client at the provider. Add one in Profiles.".into())
}

fn fields(context: &Context<'_>) -> (Vec<Field>, ServerRole) {
    let profile = context.profile;
    let initial = profile
        .clients
        .iter()
        .find(|client| client.login)
        .or_else(|| profile.clients.iter().find(|client| client.server == ServerRole::Provider));
    let port = match profile.redirect.port {
        0 => format!("Any free port on {}", profile.redirect.host),
        port => format!("Port {port} on {}", profile.redirect.host),
    };
    let scope = if profile.scopes.is_empty() { vec!["openid".to_owned()] } else { profile.scopes.clone() };
    let fields = vec![
        client(context, ServerRole::Provider, "Who logs the user in", |client| client.server == ServerRole::Provider, initial),
        Field { initial: vec![redirect_words(profile)], ..field("redirect_uri", "RFC 8252 7.3", &port, FieldKind::Made) },
        words("scope", "OIDC 3.1.2.1", "openid asks for an ID token", context.scopes(), scope),
        Field {
            initial: vec!["S256, made when you run".into()],
            ..field("code_challenge", "RFC 7636 4.2", "New for every login", FieldKind::Made)
        },
        Field {
            kind: choice(&[
                ("", "not sent", ""),
                ("login", "login", "asks for the password again"),
                ("consent", "consent", "asks for consent again"),
                ("select_account", "select_account", "lets the user choose"),
                ("none", "none", "no page at all"),
            ]),
            initial: vec![String::new()],
            ..field("prompt", "OIDC 3.1.2.1", "login asks for the password again", FieldKind::Text)
        },
        field("login_hint", "OIDC 3.1.2.1", "Fills in the user name", FieldKind::Text),
        field("acr_values", "OIDC 3.1.2.1", "Wanted strength of the log in", FieldKind::Text),
    ];
    (fields, ServerRole::Provider)
}

fn ready(asked: &Wanted<'_>) -> Vec<ReadyLine> {
    let (uri, note) = redirect_hint(asked.profile);
    let tokens = if message::words(asked.draft, "scope").contains(&"openid") {
        "An access token and an ID token are asked for."
    } else {
        "Without openid there is no ID token, and the user stays unnamed."
    };
    vec![stated("Redirect", format!("{uri} must be registered for the client. {note}")), stated("Tokens", tokens.into())]
}

/// The authorization request; what is made at run time is said instead of shown.
fn browser(asked: &Wanted<'_>) -> ByBrowser {
    let made = [
        ("redirect_uri", redirect_words(asked.profile), ""),
        ("state", "made when it runs".to_owned(), "128 bits, checked on return"),
        ("nonce", "made when it runs".to_owned(), "checked in the ID token"),
        ("code_challenge", "made when it runs".to_owned(), "SHA-256 of a verifier that stays here"),
    ];
    // Placeholders that no made value can be: they are replaced by words below and never sent.
    let filled = LoginValues { redirect_uri: "?", state: "?", nonce: "?", code_challenge: "?" };
    let request = authorization_request(asked.draft, asked.profile, &filled);
    Some(request.and_then(|request| browser::lines(&request, &made)))
}

fn headline(ended: &Ended<'_>) -> Headline {
    let not_done = if ended.tokens { "Tokens came, and nobody could check who logged in" } else { "Nobody was logged in" };
    Headline::new(format!("{} is logged in", ended.user), not_done)
}

fn browser_loads(draft: &Draft, profile: &Profile) -> Vec<Load> {
    let endpoints = &profile.provider.endpoints;
    if origin(&endpoints.authorization).is_some_and(|both| Some(both) == origin(&endpoints.token)) {
        return vec![Load::to_provider(PAGE_AND_CODE, draft, &endpoints.token)];
    }
    vec![Load::to_provider(PAGE, draft, &endpoints.authorization), Load::to_provider(CODE, draft, &endpoints.token)]
}
