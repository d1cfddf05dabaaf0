//! What resources expect of a token: from a known-good token, from a service's YAML, and back into it.

use oauth::{
    profile::{Profile, Resource},
    resource::block,
};
use tauri::State;
use token::check;
use wire::{Fault, FaultKind, Required};

use crate::{fault, state::AppState};

/// What this token would meet, as expectations: "require what this one has".
#[tauri::command(rename_all = "snake_case")]
pub async fn require_from(state: State<'_, AppState>, token: String) -> Result<Required, Fault> {
    let bench = state.bench().await?;
    let held = bench.held(&token).map_err(fault::token)?;
    let Some(claims) = held.claims() else {
        return Err(fault::fault(
            FaultKind::Input,
            "no-claims",
            "This token says nothing that could be required.",
            "Introspect it first, or take another token.",
        ));
    };
    let expectations = check::derive(claims, held.header());
    let named = |resource: &Resource| expectations.audience.contains(&resource.name);
    let known = state.current().and_then(|profile| profile.resources.into_iter().find(named));
    let resource = known.map(|resource| resource.name).or_else(|| expectations.audience.first().cloned()).unwrap_or_default();
    Ok(Required { lines: check::in_words(&expectations), expectations, resource, notes: Vec::new() })
}

/// Reads a service's security block into the expectations of a resource that is being edited. Nothing is saved.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_expectations(text: String, profile: Profile, resource: String) -> Result<Required, Fault> {
    let now = of(&profile, &resource).map(|resource| resource.expectations.clone()).unwrap_or_default();
    let block = block::read(&text, &profile, &resource, &now).map_err(|problem| {
        let message = format!("Line {}, column {}: {}", problem.line, problem.column, problem.message);
        fault::at_field("text", "not-a-security-block", message, problem.advice)
    })?;
    Ok(Required { lines: check::in_words(&block.expectations), expectations: block.expectations, resource, notes: block.notes })
}

/// The expectations of a resource that is being edited as a security block.
#[tauri::command(rename_all = "snake_case")]
pub async fn write_expectations(profile: Profile, resource: String) -> Result<String, Fault> {
    of(&profile, &resource).map(|resource| block::write(&resource.expectations, &profile)).ok_or_else(|| {
        fault::fault(FaultKind::Input, "no-such-resource", "The profile has no such resource.", "Choose one of its resources.")
    })
}

fn of<'p>(profile: &'p Profile, name: &str) -> Option<&'p Resource> {
    profile.resources.iter().find(|resource| resource.name == name)
}

/// What is wrong with the expectations of a profile that is to be saved.
pub fn faults(profile: &Profile) -> Option<Fault> {
    let each = profile
        .resources
        .iter()
        .enumerate()
        .map(|(index, resource)| (format!("resources.{index}.expectations"), resource.name.as_str(), &resource.expectations));
    each.chain([("every_api".to_owned(), oauth::resource::EVERY_API, &profile.every_api)]).find_map(
        |(place, name, expectations)| {
            let (field, message) = check::faults(expectations).into_iter().next()?;
            Some(fault::at_field(&format!("{place}.{field}"), "bad-expectation", message, format!("Correct it under {name}.")))
        },
    )
}
