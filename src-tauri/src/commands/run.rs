//! Forms, previews and running.

use engine::workbench::Workbench;
use oauth::{acceptance::repeat::RepeatPlan, cut::Shown as _, form::Preview, profile::Profile};
use record::{
    audit::Step,
    operation::{Draft, Operation},
};
use tauri::State;
use wire::{Fault, FaultKind, OpenForm, OperationChoice, Ran, Repeated};

use crate::{fault, state::AppState};

/// A form and the menu it was chosen from.
#[tauri::command(rename_all = "snake_case")]
pub async fn open_form(
    state: State<'_, AppState>,
    profile: String,
    operation: Operation,
    token: Option<String>,
) -> Result<OpenForm, Fault> {
    let profile = state.profiles.find(&profile)?;
    let tokens = state.bench().await?.tokens();
    let operations = oauth::form::menu(&profile)
        .into_iter()
        .map(|(operation, title, note, unavailable)| OperationChoice {
            operation,
            title: title.into(),
            note: note.into(),
            unavailable,
        })
        .collect();
    Ok(OpenForm { form: oauth::form::form(operation, &profile, &tokens, token.as_deref()), operations })
}

/// What would be sent, secrets masked.
#[tauri::command(rename_all = "snake_case")]
pub async fn preview(state: State<'_, AppState>, draft: Draft) -> Result<Preview, Fault> {
    let profile = state.profiles.find(&draft.profile)?;
    state.bench().await?.preview(&draft, &profile).await.map_err(|error| fault::secret(&error))
}

/// Runs a draft; answers when the step has ended. Progress comes as events.
#[tauri::command(rename_all = "snake_case")]
pub async fn run(state: State<'_, AppState>, run: String, draft: Draft) -> Result<Ran, Fault> {
    let profile = state.profiles.find(&draft.profile)?;
    let bench = state.bench().await?;
    let step = bench.run(&run, &draft, &profile, &*state.outside.progress).await.map_err(fault::run)?;
    if step.exchanges.iter().any(|exchange| exchange.through_browser) {
        (state.outside.come_forward)();
    }
    let portal = oauth::portal::portal_ways(&step, &bench.tokens(), &profile);
    let profile = learned(&state, &bench, &step).map_err(|fault| Fault { step: Some(step.id), ..fault })?;
    Ok(Ran {
        profile,
        portal,
        step,
        tokens: bench.tokens().shown(),
        steps: bench.journal.steps().map_err(|error| fault::journal(&error))?,
    })
}

/// Keeps with the profile what the step taught about its server. The profile is read anew: it may have been edited, or deleted,
/// while the step ran.
fn learned(state: &AppState, bench: &Workbench, step: &Step) -> Result<Option<Profile>, Fault> {
    let Ok(mut profile) = state.profiles.find(&step.profile) else { return Ok(None) };
    if !bench.teach(&mut profile, step) {
        return Ok(None);
    }
    state.profiles.save(profile.clone())?;
    Ok(Some(profile))
}

/// Makes a call again and again until its answer changes. Every call comes as an event.
#[tauri::command(rename_all = "snake_case")]
pub async fn repeat(state: State<'_, AppState>, run: String, draft: Draft, plan: RepeatPlan) -> Result<Repeated, Fault> {
    let profile = state.profiles.find(&draft.profile)?;
    let bench = state.bench().await?;
    let done = bench.repeat(&run, &draft, &plan, &profile, &*state.outside.progress).await.map_err(fault::run)?;
    let steps = bench.journal.steps().map_err(|error| fault::journal(&error))?;
    Ok(Repeated { repetition: done.repetition, tokens: bench.tokens().shown(), steps, last_step: done.last })
}

/// Stops a running step.
#[tauri::command(rename_all = "snake_case")]
pub async fn cancel_run(state: State<'_, AppState>, run: String) -> Result<(), Fault> {
    state.bench().await?.cancel(&run);
    Ok(())
}

/// Opens the browser once more.
#[tauri::command(rename_all = "snake_case")]
pub async fn open_again(state: State<'_, AppState>, run: String) -> Result<(), Fault> {
    state.bench().await?.open_again(&run).map_err(|message| {
        fault::fault(FaultKind::Storage, "no-browser", message, "Copy the address and open it in a browser yourself.")
    })
}
