//! A token for the client itself (RFC 6749 4.4).

use super::{
    definition::{
        ByServer, Carries, Definition, Flow, Grant, Headline, IdToken, Issues, Menu, NOTHING_CHANGED, Remarked, Scope, Spends,
        Target, as_listed, every_field, not_in_browser, nothing_by_browser,
    },
    needs,
};
use crate::{
    form::{
        Field,
        choices::Context,
        fields::{client, scopes_at, words},
        ready,
    },
    message::{Built, builder::Builder},
    profile::{Client, ClientAuth, ServerRole},
    server::Remarks,
};
use record::{join::Caused, operation::Operation};
use token::{finding::Severity, inspect::Obtained};

/// The definition.
pub(super) const DEFINITION: Definition = Definition {
    operation: Operation::ClientCredentials,
    menu: Menu::Entry { note: "RFC 6749 4.4" },
    title: ByServer::both("Client credentials"),
    verb: ByServer::both("Get token"),
    again: "Get it again",
    listed: ByServer::both("Client credentials"),
    step_title: as_listed,
    prefer: ServerRole::Gateway,
    target: Target::OfClient(|endpoints| &endpoints.token),
    unavailable: |profile| needs::token_endpoint(profile).or_else(|| needs::confidential_client(profile)),
    grant: Some(Grant { grant_type: "client_credentials", id: "client-credentials", label: "Client credentials" }),
    capability: |_| Some("client-credentials"),
    fields,
    sends: every_field,
    tokens: &[],
    secrets: &[],
    as_client: true,
    scope: Scope::Asks,
    asks_type: false,
    remarks,
    flow: Flow::Request,
    build,
    ready: ready::nothing,
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Confidential("The request"),
    browser_loads: nothing_by_browser,
    issues: Issues::Tokens { obtained: Obtained::ClientCredentials, words: "client credentials", id_token: IdToken::NotJudged },
    from_token: false,
    sends_on: false,
    spends: Spends::Never,
    speaker: None,
    events: Caused { types: &["CLIENT_LOGIN"], by_gateway: false },
    headline: Headline::token,
    stopped: NOTHING_CHANGED,
};

fn fields(context: &Context<'_>) -> (Vec<Field>, ServerRole) {
    let confidential = |client: &Client| client.auth != ClientAuth::None;
    let application = context.profile.clients.iter().find(|client| client.server == ServerRole::Gateway && confidential(client));
    let initial = application.or_else(|| context.profile.clients.iter().find(|client| confidential(client) && !client.events));
    let server = initial.map_or(ServerRole::Provider, |client| client.server);
    let fields = vec![
        client(context, ServerRole::Gateway, "", confidential, initial),
        words("scope", "RFC 6749 4.4.2", "What the application may do", scopes_at(context, server), Vec::new()),
    ];
    (fields, server)
}

/// RFC 6749 4.4.2.
fn build(builder: &mut Builder<'_>) -> Option<Built> {
    builder.grant();
    builder.scope();
    builder.at_token_endpoint("client_credentials", None)
}

fn remarks(remarked: &Remarked<'_>, found: &mut Remarks) {
    if remarked.client.is_some_and(|client| client.auth == ClientAuth::None) {
        found.add(
            "public-client-credentials",
            Severity::Error,
            "Public client",
            "Only clients with a secret may use this grant.".into(),
            Some("RFC 6749 4.4"),
            "client",
        );
    }
}
