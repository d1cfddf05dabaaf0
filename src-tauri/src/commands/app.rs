//! Start and preferences.

use oauth::cut::Shown as _;
use tauri::State;
use wire::{Boot, Fault, Notice, SavedView};

use super::secrets::store_state;
use crate::state::AppState;

/// All the window needs for its first frame.
#[tauri::command(rename_all = "snake_case")]
pub async fn boot(state: State<'_, AppState>) -> Result<Boot, Fault> {
    let bench = state.bench().await?;
    let view = state.saved_view();
    let lab = state.lab_state();
    // A record that cannot be read is said and keeps nobody from working.
    let last_step = match bench.journal.last_step() {
        Ok(Some(id)) => bench.journal.step(id).unwrap_or_else(|error| {
            state.notify(unreadable(format!("Step {id} of the journal cannot be shown. {error}")));
            None
        }),
        Ok(None) => None,
        Err(error) => {
            state.notify(unreadable(error.to_string()));
            None
        }
    };
    Ok(Boot {
        version: env!("CARGO_PKG_VERSION").into(),
        profiles: state.profiles.summaries(lab.running),
        profile: view.profile.as_deref().and_then(|id| state.profiles.find(id).ok()),
        tokens: bench.tokens().shown(),
        steps: bench.journal.steps().unwrap_or_default(),
        last_step,
        view,
        secrets: store_state(&bench),
        lab,
        notices: state.notices(),
    })
}

fn unreadable(message: String) -> Notice {
    Notice {
        id: "journal-record".into(),
        message,
        advice: "The other steps are there. What is recorded from now on is not affected.".into(),
        standing: false,
    }
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

/// Whether something is typed in the window that closing it would lose. It is then asked, and says itself when it leaves.
#[tauri::command(rename_all = "snake_case")]
pub async fn hold_window(state: State<'_, AppState>, held: bool) -> Result<(), Fault> {
    state.hold(held);
    Ok(())
}

/// Closes the window, whatever is typed in it: its user was asked.
#[tauri::command(rename_all = "snake_case")]
pub async fn leave(state: State<'_, AppState>) -> Result<(), Fault> {
    state.hold(false);
    (state.outside.leave)();
    Ok(())
}
