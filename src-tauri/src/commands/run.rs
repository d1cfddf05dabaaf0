//! Forms, previews and running.

use model::operation::{Draft, Operation, Preview};
use tauri::State;
use wire::{Fault, FaultKind, OpenForm, OperationChoice, Ran};

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
    let operations = model::form::menu(&profile)
        .into_iter()
        .map(|(operation, title, note, unavailable)| OperationChoice {
            operation,
            title: title.into(),
            note: note.into(),
            unavailable,
        })
        .collect();
    Ok(OpenForm { form: model::form::form(operation, &profile, &tokens, token.as_deref()), operations })
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
    if draft.operation == Operation::LogIn {
        (state.outside.come_forward)();
    }
    Ok(Ran { step, tokens: bench.tokens(), steps: bench.journal.steps().map_err(|error| fault::journal(&error))? })
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
