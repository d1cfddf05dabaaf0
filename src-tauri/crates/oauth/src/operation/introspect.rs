//! Asking a server what it knows of a token (RFC 7662).

use super::{
    about_token,
    definition::{
        ByServer, Carries, Definition, Ended, Headline, Issues, Menu, NOTHING_CHANGED, Scope, Spends, Target, as_listed,
        every_field, not_in_browser,
    },
    needs,
};
use crate::{form::ready, message::Reads, profile::ServerRole};
use record::{join::Caused, operation::Operation};
use token::truth::Speaker;

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
    capability: |_| Some("introspection"),
    fields: |context| about_token::fields(context, "RFC 7662 2.1", "Which token to ask about", true),
    sends: every_field,
    secrets: &[],
    scope: Scope::None,
    build: |builder| {
        about_token::build(builder, Reads::Introspection, |endpoints| &endpoints.introspection, "introspection endpoint")
    },
    ready: |asked| ready::about(asked, "token"),
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Confidential("The token"),
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
