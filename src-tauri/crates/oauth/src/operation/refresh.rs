//! A refresh token for younger tokens (RFC 6749 6).

use super::{
    definition::{
        ByServer, Carries, Definition, Headline, IdToken, Issues, Menu, NOTHING_CHANGED, Scope, Spends, Target, as_listed,
        every_field, not_in_browser,
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
};
use record::{join::Caused, operation::Operation};
use token::inspect::{Obtained, TokenKind};

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
    capability: |_| Some("refresh"),
    fields,
    sends: every_field,
    secrets: &[],
    scope: Scope::Narrows,
    build,
    ready: |asked| ready::about(asked, "refresh_token"),
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Confidential("The refresh token"),
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
    builder.push("grant_type", "refresh_token");
    builder.token("refresh_token", true);
    builder.scope();
    builder.at_token_endpoint("refresh_token", None)
}
