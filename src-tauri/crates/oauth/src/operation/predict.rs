//! Asking Keycloak what a client would get (evaluate-scopes), without a token being issued.

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
    operation: Operation::Predict,
    menu: Menu::Elsewhere,
    title: ByServer::both("Predict"),
    verb: ByServer::both("Predict"),
    again: "Get it again",
    listed: ByServer::both("Prediction"),
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

fn headline(ended: &Ended<'_>) -> Headline {
    let Ended { client, for_target, .. } = ended;
    Headline::new(format!("What {client} would get{for_target}"), format!("The server did not say what {client} would get"))
}
