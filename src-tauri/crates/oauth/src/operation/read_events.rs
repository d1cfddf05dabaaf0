//! Reading a server's audit events.

use super::{
    definition::{
        ByServer, Carries, Definition, Ended, Flow, Headline, Issues, Menu, NOTHING_CHANGED, Scope, Spends, Target, as_listed,
        every_field, no_capability, no_form, not_in_browser, not_one_request, nothing_by_browser, nothing_remarkable,
    },
    needs,
};
use crate::{form::ready, profile::ServerRole};
use record::{join::Caused, operation::Operation};

/// The definition.
pub(super) const DEFINITION: Definition = Definition {
    operation: Operation::ReadEvents,
    menu: Menu::Elsewhere,
    title: ByServer::both("Read events"),
    verb: ByServer::both("Read"),
    again: "Get it again",
    listed: ByServer::both("Read events"),
    step_title: as_listed,
    prefer: ServerRole::Provider,
    target: Target::OfClient(|endpoints| &endpoints.token),
    unavailable: needs::nothing,
    grant: None,
    capability: no_capability,
    fields: no_form,
    sends: every_field,
    tokens: &[],
    secrets: &[],
    as_client: false,
    scope: Scope::None,
    asks_type: false,
    remarks: nothing_remarkable,
    flow: Flow::Apart,
    build: not_one_request,
    ready: ready::nothing,
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Confidential("The request"),
    browser_loads: nothing_by_browser,
    issues: Issues::Nothing,
    from_token: false,
    sends_on: false,
    spends: Spends::Never,
    speaker: None,
    events: Caused { types: &[], by_gateway: false },
    headline,
    stopped: NOTHING_CHANGED,
};

fn headline(_: &Ended<'_>) -> Headline {
    Headline::new("Server events were read", "Server events cannot be read")
}
