//! A user's name and password for tokens (RFC 6749 4.3), for test users only.

use super::{
    definition::{
        ByServer, Carries, Definition, Flow, Grant, Headline, IdToken, Issues, Menu, NOTHING_CHANGED, Remarked, Scope,
        SecretField, Spends, Target, as_listed, every_field, not_in_browser, nothing_by_browser,
    },
    needs,
};
use crate::{
    form::{
        Field, FieldKind,
        choices::Context,
        fields::{client, field, words},
        ready,
    },
    message::{Built, builder::Builder},
    profile::ServerRole,
    server::Remarks,
};
use record::{join::Caused, operation::Operation};
use token::{finding::Severity, inspect::Obtained};

/// The definition.
pub(super) const DEFINITION: Definition = Definition {
    operation: Operation::Password,
    menu: Menu::Entry { note: "test users only" },
    title: ByServer::both("Password"),
    verb: ByServer::both("Get token"),
    again: "Get it again",
    listed: ByServer::both("Password grant"),
    step_title: as_listed,
    prefer: ServerRole::Provider,
    target: Target::OfClient(|endpoints| &endpoints.token),
    unavailable: needs::token_endpoint,
    grant: Some(Grant { grant_type: "password", id: "password", label: "Password grant" }),
    capability: |_| Some("password"),
    fields,
    sends: every_field,
    tokens: &[],
    secrets: &[SecretField { name: PASSWORD, variable: "PASSWORD", what: "password of the user" }],
    as_client: true,
    scope: Scope::Asks,
    asks_type: false,
    remarks,
    flow: Flow::Request,
    build,
    ready: ready::nothing,
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Confidential("The user's name and password"),
    browser_loads: nothing_by_browser,
    issues: Issues::Tokens { obtained: Obtained::Password, words: "password grant", id_token: IdToken::Judged },
    from_token: false,
    sends_on: false,
    spends: Spends::Never,
    speaker: None,
    events: Caused { types: &["LOGIN"], by_gateway: false },
    headline: Headline::token,
    stopped: NOTHING_CHANGED,
};

/// The field in which the password is typed.
const PASSWORD: &str = "password";

fn fields(context: &Context<'_>) -> (Vec<Field>, ServerRole) {
    let login = context
        .profile
        .clients
        .iter()
        .find(|client| client.login)
        .or_else(|| context.profile.clients.iter().find(|client| client.server == ServerRole::Provider));
    let fields = vec![
        client(context, ServerRole::Provider, "", |_| true, login),
        Field { required: true, ..field("username", "RFC 6749 4.3.2", "A test user", FieldKind::Text) },
        Field { required: true, ..field(PASSWORD, "RFC 6749 4.3.2", "Kept in memory for this run only", FieldKind::Password) },
        words("scope", "RFC 6749 4.3.2", "openid asks for an ID token", context.scopes(), context.profile.scopes.clone()),
    ];
    (fields, ServerRole::Provider)
}

/// RFC 6749 4.3.2.
fn build(builder: &mut Builder<'_>) -> Option<Built> {
    builder.grant();
    builder.one("username", true);
    // Taken as typed: blanks belong to a password.
    match builder
        .draft
        .values
        .iter()
        .find(|pair| pair.name == PASSWORD)
        .map(|pair| pair.value.clone())
        .filter(|text| !text.is_empty())
    {
        Some(password) => builder.push(PASSWORD, &password),
        None => builder.fault(PASSWORD, "Enter the password of the test user."),
    }
    builder.scope();
    builder.at_token_endpoint("password", None)
}

fn remarks(_: &Remarked<'_>, found: &mut Remarks) {
    found.add(
        "password-grant",
        Severity::Note,
        "For tests only",
        "The password grant shows the password to the client and is forbidden in new systems.".into(),
        Some("RFC 9700 2.4"),
        PASSWORD,
    );
}
