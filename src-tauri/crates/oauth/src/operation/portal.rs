//! A call of WSO2's developer portal or of its client registration; the draft's field `call` says which.

use super::{
    definition::{
        ByServer, Carries, Definition, Ended, Flow, Headline, Issues, Menu, NOTHING_CHANGED, Scope, SecretField, Spends, Target,
        TokenField, any_kind, every_field, no_capability, not_in_browser, not_offered, nothing_by_browser, nothing_remarkable,
        token_unremarked,
    },
    needs,
};
use crate::{
    form::{Field, choices::Context, ready},
    message::{Built, builder::Builder, value},
    portal,
    portal::Call,
    profile::ServerRole,
};
use record::{
    join::Caused,
    operation::{Draft, Operation},
};

/// The definition.
pub(super) const DEFINITION: Definition = Definition {
    operation: Operation::Portal,
    menu: Menu::Elsewhere,
    title: ByServer::both("Developer portal"),
    verb: ByServer::both("Ask"),
    again: "Get it again",
    listed: ByServer::both("Developer portal"),
    step_title: |draft, listed| called(draft).unwrap_or(listed),
    prefer: ServerRole::Gateway,
    target: Target::Portal,
    unavailable: needs::nothing,
    grant: None,
    capability: no_capability,
    fields,
    sends: every_field,
    tokens: &[TokenField { name: "token", misfit: any_kind, may_be_over: false, offer: not_offered, remarks: token_unremarked }],
    secrets: &[SecretField { name: "password", variable: "PASSWORD", what: "password of the user" }],
    as_client: false,
    scope: Scope::None,
    asks_type: false,
    remarks: nothing_remarkable,
    flow: Flow::Portal,
    build,
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

/// The portal has a place of its own in the window, with a form for each call.
fn fields(_: &Context<'_>) -> (Vec<Field>, ServerRole) {
    (Vec::new(), ServerRole::Gateway)
}

fn build(builder: &mut Builder<'_>) -> Option<Built> {
    portal::build(builder.draft, builder.profile, builder.materials).map_err(|faults| builder.faults.extend(faults)).ok()
}

fn called(draft: &Draft) -> Option<&'static str> {
    value(draft, "call").and_then(Call::named).map(Call::title)
}

fn headline(ended: &Ended<'_>) -> Headline {
    let call = called(ended.draft).unwrap_or(DEFINITION.listed.gateway);
    Headline::new(format!("{call}: done"), format!("{call}: not done"))
}
