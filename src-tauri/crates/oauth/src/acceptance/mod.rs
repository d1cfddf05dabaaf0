//! Acceptance trace: one token shown at every door, and the first that stays shut.
//!
//! Whoever checks the signature, the server that issued the token, the gateway and the API behind it look at different things, so
//! "it is valid" and "it is refused" are often both true. All doors are tried, as every check runs; the first that refuses is
//! named, with the claim it tripped over. Calls with the same token before and after are laid side by side, because caches let
//! a stale token pass and keep a mended one out.

mod attempts;
mod door;
pub mod repeat;
mod stages;
#[cfg(test)]
pub(crate) mod tests;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use attempts::Attempt;
pub use door::{Admission, AtDoor, Blame, Called, Door, TraceFacts};

use crate::profile::{Profile, Resource};
use token::{finding::Finding, inspect::TokenView};

/// A token at all doors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Trace {
    /// The token.
    pub token: TokenView,
    /// All doors in order.
    pub stages: Vec<AtDoor>,
    /// The first that refuses.
    pub refused_by: Option<Door>,
    /// The whole in one sentence.
    pub headline: String,
    /// Resources behind the gateway that can be called.
    pub gateways: Vec<String>,
    /// The one that is called.
    pub gateway: Option<String>,
    /// Resources that can be called directly.
    pub apis: Vec<String>,
    /// The one that is called.
    pub api: Option<String>,
    /// Calls and revocations with this token, oldest first.
    pub attempts: Vec<Attempt>,
    /// What the repetition shows: a stale token that passed, a refusal that stayed.
    pub remarks: Vec<Finding>,
}

/// Lays out what is known of a token at all doors. Nothing is asked.
pub fn trace(facts: &TraceFacts<'_>) -> Trace {
    let stages = stages::all(facts);
    let refused = stages.iter().find(|stage| stage.admission == Admission::Refused);
    let attempts = attempts::of(facts);
    let named = |through: bool| {
        let fits = |resource: &&Resource| resource.through_gateway == through && !resource.url.is_empty();
        facts.profile.resources.iter().filter(fits).map(|resource| resource.name.clone()).collect()
    };
    let chosen = |called: &Result<Called<'_>, String>| called.as_ref().ok().map(|called| called.resource.name.clone());
    Trace {
        headline: format!("{}{}", headline(&stages, refused), another_api(facts, &stages, refused)),
        refused_by: refused.map(|stage| stage.door),
        gateways: named(true),
        gateway: chosen(&facts.gateway),
        apis: named(false),
        api: chosen(&facts.api),
        remarks: attempts::remarks(&attempts),
        attempts: attempts::folded(attempts),
        stages,
        token: facts.token.clone(),
    }
}

/// The API a token is shown to at a door when none was chosen: behind the gateway one that needs a user for a user's token and
/// one that needs none for an application's; directly the one its audience names, else the one that belongs to `beside`, the API
/// behind the gateway that it is shown to.
pub fn usual<'a>(door: Door, token: &TokenView, profile: &'a Profile, beside: Option<&Resource>) -> Option<&'a Resource> {
    let at = || {
        let through = door == Door::Gateway;
        profile.resources.iter().filter(move |resource| resource.through_gateway == through && !resource.url.is_empty())
    };
    let has_user = token.client.as_deref() != Some(token.who.as_str());
    let fits = |resource: &&Resource| match door {
        Door::Gateway => resource.expectations.needs_user == has_user,
        _ => token.audience.contains(&resource.name),
    };
    let paired = |resource: &&Resource| door == Door::Api && beside.is_some_and(|beside| belong_together(beside, resource));
    at().find(fits).or_else(|| at().find(paired)).or_else(|| at().next())
}

/// Whether a resource behind the gateway and one that is called directly look like one API: a word of the names, or of the paths
/// of their addresses, is the same.
fn belong_together(behind: &Resource, direct: &Resource) -> bool {
    const SAID_OF_ANY: [&str; 5] = ["api", "apis", "gateway", "the", "rest"];
    let words = |resource: &Resource| -> Vec<String> {
        let path = url::Url::parse(&resource.url).map(|url| url.path().to_owned()).unwrap_or_default();
        format!("{} {path}", resource.name)
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_lowercase)
            .filter(|word| word.len() > 2 && !SAID_OF_ANY.contains(&word.as_str()))
            .collect()
    };
    let behind = words(behind);
    words(direct).iter().any(|word| behind.contains(word))
}

/// Said where the API that refuses is not the one the gateway let the token through to; empty otherwise.
fn another_api(facts: &TraceFacts<'_>, stages: &[AtDoor], refused: Option<&AtDoor>) -> String {
    let through = stages.iter().any(|stage| stage.door == Door::Gateway && stage.admission == Admission::Accepted);
    match (&facts.gateway, &facts.api) {
        (Ok(behind), Ok(direct))
            if through
                && refused.is_some_and(|stage| stage.door == Door::Api)
                && !belong_together(behind.resource, direct.resource) =>
        {
            format!(" By name and address that is another API than {}, which let it pass.", behind.resource.name)
        }
        _ => String::new(),
    }
}

fn headline(stages: &[AtDoor], refused: Option<&AtDoor>) -> String {
    if let Some(stage) = refused {
        let over = stage.blame.as_ref().map(|blame| format!(", over {}", blame.claim)).unwrap_or_default();
        return format!("{} is the first to refuse it{over}.", stages::subject(stage));
    }
    let count = |admission| stages.iter().filter(|stage| stage.admission == admission).count();
    let open = count(Admission::NotAsked);
    let accepted = count(Admission::Accepted);
    let unknown: Vec<String> = stages.iter().filter(|stage| stage.admission == Admission::Unknown).map(stages::subject).collect();
    match (open, unknown.as_slice()) {
        (0, []) if accepted == 0 => "There is nobody here this token could be shown to.".into(),
        (0, []) => format!("Nobody refuses it: accepted at {}.", token::words::count(accepted, "place")),
        (0, unknown) => format!("Nobody refuses it, but {} could not tell.", token::words::list(unknown)),
        (open, _) => {
            format!("It was not shown at {} yet. Run the trace to find who refuses it first.", token::words::count(open, "place"))
        }
    }
}
