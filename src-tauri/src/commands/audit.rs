//! The timeline, server events and the sequence diagram.

use model::audit::{AuditPage, AuditQuery, Sequence, Step};
use tauri::State;
use wire::{EventsRead, Fault, FaultKind};

use crate::{fault, state::AppState};

/// A page of the timeline.
#[tauri::command(rename_all = "snake_case")]
pub async fn audit(state: State<'_, AppState>, query: AuditQuery) -> Result<AuditPage, Fault> {
    let bench = state.bench().await?;
    // A search over a large journal takes a moment; it must not hold up other commands.
    tokio::task::spawn_blocking(move || bench.journal.page(&query))
        .await
        .map_err(|error| fault::fault(FaultKind::Bug, "audit", error.to_string(), "Report this."))?
        .map_err(|error| fault::journal(&error))
}

/// One step with its events.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_step(state: State<'_, AppState>, step: i64) -> Result<Step, Fault> {
    let bench = state.bench().await?;
    bench.journal.step(step).map_err(|error| fault::journal(&error))?.ok_or_else(|| {
        fault::fault(FaultKind::Input, "no-such-step", format!("There is no step {step}."), "Choose another step.")
    })
}

/// Reads new server events of a profile.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_events(state: State<'_, AppState>, profile: String) -> Result<EventsRead, Fault> {
    let profile = state.profiles.find(&profile)?;
    if profile.id == crate::lab::ID && !state.lab_state().await.running {
        let problem = Some("The lab is stopped. Start it to read its events.".to_owned());
        return Ok(EventsRead { new: 0, read_ms: state.bench().await?.now_ms(), problem });
    }
    let read = state.bench().await?.read_events(&profile).await.map_err(|error| fault::journal(&error))?;
    Ok(EventsRead { new: read.new, read_ms: read.read_ms, problem: read.problem })
}

/// Steps as actors and arrows.
#[tauri::command(rename_all = "snake_case")]
pub async fn sequence(state: State<'_, AppState>, steps: Vec<i64>) -> Result<Sequence, Fault> {
    let bench = state.bench().await?;
    let mut found = Vec::new();
    for id in steps.into_iter().take(100) {
        found.extend(bench.journal.step(id).map_err(|error| fault::journal(&error))?);
    }
    let profile = found.first().and_then(|step: &Step| state.profiles.find(&step.profile).ok());
    Ok(model::sequence::sequence(&found, profile.as_ref()))
}

/// The steps of the current run: from the last log in on.
#[tauri::command(rename_all = "snake_case")]
pub async fn current_run(state: State<'_, AppState>) -> Result<Vec<i64>, Fault> {
    let Some(profile) = state.saved_view().profile else { return Ok(Vec::new()) };
    state.bench().await?.journal.current_run(&profile, 40).map_err(|error| fault::journal(&error))
}
