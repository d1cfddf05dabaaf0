//! What a step sends that is not for everybody, by what its operation says of itself.

use super::Load;
use crate::{
    message::Built,
    operation::{self, Carries},
    profile::{Profile, ServerRole},
};
use record::{audit::Actor, operation::Draft};

/// What a request that was built carries. None for a call of an API: tokens are made to be shown there, and its address stands in
/// the form itself.
pub fn load(draft: &Draft, built: &Built) -> Option<Load> {
    let server = match built.to {
        Actor::Gateway | Actor::Portal => ServerRole::Gateway,
        _ => ServerRole::Provider,
    };
    let Carries::Confidential(what) = operation::of(draft.operation).carries else { return None };
    let client = built.client.clone().unwrap_or_default();
    Some(Load { what: what.into(), server, client, address: built.request.uri().to_string() })
}

/// What a step through the browser carries: known before the browser opens.
pub fn browser_loads(draft: &Draft, profile: &Profile) -> Vec<Load> {
    (operation::of(draft.operation).browser_loads)(draft, profile)
}
