//! A refresh token for younger tokens (RFC 6749 6).

use super::{
    definition::{
        ByServer, Carries, Definition, Flow, Grant, Headline, IdToken, Issues, Menu, NOTHING_CHANGED, Offer, Remarked, Scope,
        Spends, Target, TokenField, as_listed, every_field, not_in_browser, nothing_by_browser, nothing_remarkable,
    },
    needs,
};
use crate::{
    form::{
        Field,
        choices::Context,
        fields::{client, owner, scopes_at, token, words},
        ready,
    },
    message::{Built, builder::Builder},
    profile::ServerRole,
    server::Remarks,
};
use record::{join::Caused, operation::Operation};
use token::{
    finding::Severity,
    inspect::{Obtained, TokenKind, TokenView},
};

/// The definition.
pub(super) const DEFINITION: Definition = Definition {
    operation: Operation::Refresh,
    menu: Menu::Entry { note: "RFC 6749 6" },
    title: ByServer::both("Refresh"),
    verb: ByServer::both("Refresh"),
    again: "Refresh again",
    listed: ByServer::both("Refresh"),
    step_title: as_listed,
    prefer: ServerRole::Provider,
    target: Target::OfClient(|endpoints| &endpoints.token),
    unavailable: needs::token_endpoint,
    grant: Some(Grant { grant_type: "refresh_token", id: "refresh", label: "Refresh" }),
    capability: |_| Some("refresh"),
    fields,
    sends: every_field,
    tokens: &[TokenField {
        name: "refresh_token",
        misfit: |kind| matches!(kind, TokenKind::Access | TokenKind::Id).then_some("This is not a refresh token."),
        may_be_over: false,
        offer: |token| if token.kind == TokenKind::Refresh { Offer::of("Refresh") } else { None },
        remarks: remarks_on_token,
    }],
    secrets: &[],
    as_client: true,
    scope: Scope::Narrows,
    asks_type: false,
    remarks: nothing_remarkable,
    flow: Flow::Request,
    build,
    ready: |asked| ready::about(asked, "refresh_token"),
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Confidential("The refresh token"),
    browser_loads: nothing_by_browser,
    issues: Issues::Tokens { obtained: Obtained::Refreshed, words: "refresh", id_token: IdToken::Judged },
    from_token: false,
    sends_on: false,
    spends: Spends::WhenTaken,
    speaker: None,
    events: Caused { types: &["REFRESH_TOKEN"], by_gateway: false },
    headline: Headline::token,
    stopped: NOTHING_CHANGED,
};

fn fields(context: &Context<'_>) -> (Vec<Field>, ServerRole) {
    let subject = context.token(|token| token.kind == TokenKind::Refresh);
    let owner = owner(context, subject).or_else(|| context.profile.clients.iter().find(|client| client.login));
    let server = owner.map_or(ServerRole::Provider, |client| client.server);
    let fields = vec![
        client(context, server, "The client the token was issued to", |_| true, owner),
        token("refresh_token", "RFC 6749 6", "From the shelf, or pasted", subject, true),
        words("scope", "RFC 6749 6", "Equal or narrower; left out = as before", scopes_at(context, server), Vec::new()),
    ];
    (fields, server)
}

/// RFC 6749 6.
fn build(builder: &mut Builder<'_>) -> Option<Built> {
    builder.grant();
    builder.token("refresh_token", true);
    builder.scope();
    builder.at_token_endpoint("refresh_token", None)
}

fn remarks_on_token(remarked: &Remarked<'_>, subject: &TokenView, found: &mut Remarks) {
    if let (Some(client), Some(owner)) = (remarked.client, subject.client.as_deref())
        && client.client_id != owner
    {
        found.add(
            "refresh-other-client",
            Severity::Error,
            "Other client",
            format!("The refresh token was issued to {owner}; only {owner} can use it."),
            Some("RFC 6749 6"),
            "client",
        );
    }
}
