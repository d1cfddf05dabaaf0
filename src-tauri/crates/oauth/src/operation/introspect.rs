//! Asking a server what it knows of a token (RFC 7662).

use super::{
    about_token,
    definition::{
        ByServer, Carries, Definition, Ended, Flow, Headline, Issues, Menu, NOTHING_CHANGED, Offer, Remarked, Scope, Spends,
        Target, TokenField, any_kind, as_listed, every_field, not_in_browser, nothing_by_browser, nothing_remarkable,
    },
    needs,
};
use crate::{
    form::ready,
    message::Reads,
    profile::{ClientAuth, ServerRole},
    server::Remarks,
};
use record::{join::Caused, operation::Operation};
use token::{
    finding::Severity,
    inspect::{TokenKind, TokenView},
    truth::Speaker,
};

/// The definition.
pub(super) const DEFINITION: Definition = Definition {
    operation: Operation::Introspect,
    menu: Menu::Entry { note: "RFC 7662" },
    title: ByServer::both("Introspect"),
    verb: ByServer::both("Introspect"),
    again: "Get it again",
    listed: ByServer::both("Introspection"),
    step_title: as_listed,
    prefer: ServerRole::Provider,
    target: Target::OfClient(|endpoints| &endpoints.introspection),
    unavailable: |profile| needs::somewhere(profile, |endpoints| &endpoints.introspection, "introspection endpoint"),
    grant: None,
    capability: |_| Some("introspection"),
    fields: |context| about_token::fields(context, "RFC 7662 2.1", "Which token to ask about", true),
    sends: every_field,
    tokens: &[TokenField {
        name: "token",
        misfit: any_kind,
        may_be_over: true,
        offer: |token| if token.kind == TokenKind::Id { None } else { Offer::of("Introspect") },
        remarks: remarks_on_token,
    }],
    secrets: &[],
    as_client: true,
    scope: Scope::None,
    asks_type: false,
    remarks: nothing_remarkable,
    flow: Flow::Request,
    build: |builder| {
        about_token::build(builder, Reads::Introspection, |endpoints| &endpoints.introspection, "introspection endpoint")
    },
    ready: |asked| ready::about(asked, "token"),
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Confidential("The token"),
    browser_loads: nothing_by_browser,
    issues: Issues::Nothing,
    from_token: false,
    sends_on: false,
    spends: Spends::Never,
    speaker: Some(Speaker::Introspection),
    events: Caused { types: &["INTROSPECT_TOKEN"], by_gateway: false },
    headline,
    stopped: NOTHING_CHANGED,
};

fn headline(_: &Ended<'_>) -> Headline {
    Headline::new("The server told what it knows of the token", "The server did not tell")
}

fn remarks_on_token(remarked: &Remarked<'_>, subject: &TokenView, found: &mut Remarks) {
    if let Some(client) = remarked.client {
        if client.auth == ClientAuth::None {
            found.add(
                "introspect-public",
                Severity::Error,
                "Public client",
                "Introspection is for clients that show a secret.".into(),
                Some("RFC 7662 2.1"),
                "client",
            );
        }
        (remarked.own.introspect)(client, subject, found);
    }
}
