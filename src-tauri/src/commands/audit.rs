//! The timeline, server events and the sequence diagram.

use engine::{
    events::{Blocked, SearchFault},
    flow::RunFault,
};
use oauth::{
    events::{EventFilter, Purpose, RightsHelp, rights_help as rights},
    profile::Profile,
};
use record::audit::{AuditPage, AuditQuery, Event, Sequence, Step};
use tauri::State;
use token::bounded::Part;
use wire::{EventSettingsRead, EventsRead, Fault, FaultKind};

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

/// More of a long response than its record has, while it is at hand.
#[tauri::command(rename_all = "snake_case")]
pub async fn exchange_part(state: State<'_, AppState>, step: i64, seq: u32, from: usize) -> Result<Part, Fault> {
    let bench = state.bench().await?;
    // Eight megabytes are laid out for it.
    crate::commands::in_background(move || bench.response_part(step, seq, from).map_err(fault::token)).await
}

/// Reads new server events of a profile.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_events(state: State<'_, AppState>, profile: String) -> Result<EventsRead, Fault> {
    let profile = state.profiles.find(&profile)?;
    if let Some(stopped) = lab_stopped(&state, &profile).await? {
        return Ok(stopped);
    }
    let read = state.bench().await?.read_events(&profile).await.map_err(|error| fault::journal(&error))?;
    Ok(wired(read))
}

/// Reads the events that fit a filter, as far back as it goes.
#[tauri::command(rename_all = "snake_case")]
pub async fn search_events(state: State<'_, AppState>, profile: String, filter: EventFilter) -> Result<EventsRead, Fault> {
    let profile = state.profiles.find(&profile)?;
    if let Some(stopped) = lab_stopped(&state, &profile).await? {
        return Ok(stopped);
    }
    match state.bench().await?.search_events(&profile, &filter).await {
        Ok(read) => Ok(wired(read)),
        Err(SearchFault::Fields(faults)) => Err(fault::run(RunFault::Fields(faults))),
        Err(SearchFault::Journal(error)) => Err(fault::journal(&error)),
    }
}

/// What the profile's realm saves, and how reading it is granted.
#[tauri::command(rename_all = "snake_case")]
pub async fn event_settings(state: State<'_, AppState>, profile: String) -> Result<EventSettingsRead, Fault> {
    let profile = state.profiles.find(&profile)?;
    let bench = state.bench().await?;
    let help = rights(&profile, Purpose::Events);
    let chosen = bench.chosen_reader(&profile.id).await;
    if let Some(stopped) = lab_stopped(&state, &profile).await? {
        return Ok(EventSettingsRead { settings: None, advice: Vec::new(), problem: stopped.problem, help, chosen });
    }
    Ok(match bench.event_settings(&profile).await {
        Ok((settings, advice)) => EventSettingsRead { settings: Some(settings), advice, problem: None, help, chosen },
        Err(blocked) => EventSettingsRead { settings: None, advice: Vec::new(), problem: Some(blocked.message), help, chosen },
    })
}

/// How somebody is allowed to read events, or to ask for predictions, at a profile as the editor holds it.
#[tauri::command(rename_all = "snake_case")]
pub async fn rights_help(profile: Profile, purpose: Purpose) -> Result<RightsHelp, Fault> {
    Ok(rights(&profile, purpose))
}

/// Makes a token on the shelf the reader of a profile's admin API; none goes back to the service account.
#[tauri::command(rename_all = "snake_case")]
pub async fn choose_reader(state: State<'_, AppState>, profile: String, token: Option<String>) -> Result<(), Fault> {
    state.bench().await?.choose_reader(&profile, token).await;
    Ok(())
}

/// One server event with all its keys and values.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_event(state: State<'_, AppState>, id: String) -> Result<Event, Fault> {
    let bench = state.bench().await?;
    bench.journal.event(&id).map_err(|error| fault::journal(&error))?.ok_or_else(|| {
        fault::fault(FaultKind::Input, "no-such-event", "This event is not in the journal.", "Choose another one.")
    })
}

async fn lab_stopped(state: &AppState, profile: &Profile) -> Result<Option<EventsRead>, Fault> {
    if profile.id != crate::lab::ID || state.lab_state().running {
        return Ok(None);
    }
    let blocked = Blocked { id: "lab-stopped", message: "The lab is stopped. Start it to read its events.".into() };
    Ok(Some(wired(engine::events::EventsRead::nothing(state.bench().await?.now_ms(), blocked))))
}

fn wired(read: engine::events::EventsRead) -> EventsRead {
    EventsRead {
        new: read.new,
        read: read.read,
        covered: read.covered,
        oldest_ms: read.oldest_ms,
        read_ms: read.read_ms,
        reader: read.reader,
        problem: read.problem,
        problem_id: read.problem_id.map(str::to_owned),
    }
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
    Ok(record::sequence::sequence(&found, &profile.as_ref().map(oauth::profile::Profile::places).unwrap_or_default()))
}

/// The steps of the current run: from the last log in on.
#[tauri::command(rename_all = "snake_case")]
pub async fn current_run(state: State<'_, AppState>) -> Result<Vec<i64>, Fault> {
    let Some(profile) = state.saved_view().profile else { return Ok(Vec::new()) };
    state.bench().await?.journal.current_run(&profile, 40).map_err(|error| fault::journal(&error))
}
