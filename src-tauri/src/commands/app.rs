//! Start and preferences.

use tauri::State;
use wire::{Boot, Fault, SavedView};

use super::secrets::store_state;
use crate::{fault, state::AppState};

/// All the window needs for its first frame.
#[tauri::command(rename_all = "snake_case")]
pub async fn boot(state: State<'_, AppState>) -> Result<Boot, Fault> {
    let bench = state.bench().await?;
    let view = state.saved_view();
    let lab = state.lab_state().await;
    let last = bench.journal.last_step().map_err(|error| fault::journal(&error))?;
    let last_step = match last {
        Some(id) => bench.journal.step(id).map_err(|error| fault::journal(&error))?,
        None => None,
    };
    Ok(Boot {
        version: env!("CARGO_PKG_VERSION").into(),
        profiles: state.profiles.summaries(lab.running),
        profile: view.profile.as_deref().and_then(|id| state.profiles.find(id).ok()),
        tokens: bench.tokens(),
        steps: bench.journal.steps().map_err(|error| fault::journal(&error))?,
        last_step,
        view,
        secrets: store_state(&bench),
        lab,
        notices: state.notices(),
    })
}

/// Keeps where the user is.
#[tauri::command(rename_all = "snake_case")]
pub async fn save_view(state: State<'_, AppState>, view: SavedView) -> Result<(), Fault> {
    state.save_view(view)
}

/// A notice was read.
#[tauri::command(rename_all = "snake_case")]
pub async fn dismiss_notice(state: State<'_, AppState>, id: String) -> Result<(), Fault> {
    state.dismiss(&id);
    Ok(())
}
