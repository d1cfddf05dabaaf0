//! The shelf, the inspector and comparison.

use model::token::{Inspection, TokenView};
use tauri::State;
use wire::{Compared, Fault, Pasted};

use crate::{fault, state::AppState};

/// Shelf lines, oldest first.
#[tauri::command(rename_all = "snake_case")]
pub async fn list_tokens(state: State<'_, AppState>) -> Result<Vec<TokenView>, Fault> {
    Ok(state.bench().await?.tokens())
}

/// Puts the tokens of a pasted text on the shelf.
#[tauri::command(rename_all = "snake_case")]
pub async fn paste(state: State<'_, AppState>, text: String) -> Result<Pasted, Fault> {
    let bench = state.bench().await?;
    let (added, message) = bench.paste(&text).map_err(fault::token)?;
    if let Some(profile) = state.saved_view().profile.and_then(|id| state.profiles.find(&id).ok()) {
        bench.verify_with_profile(&added, &profile).await;
    }
    Ok(Pasted { added, message, tokens: bench.tokens() })
}

/// Takes a token off the shelf.
#[tauri::command(rename_all = "snake_case")]
pub async fn remove_token(state: State<'_, AppState>, token: String) -> Result<Vec<TokenView>, Fault> {
    let bench = state.bench().await?;
    bench.remove_token(&token).map_err(|error| fault::journal(&error))?;
    Ok(bench.tokens())
}

/// Everything about one token.
#[tauri::command(rename_all = "snake_case")]
pub async fn inspect(state: State<'_, AppState>, token: String) -> Result<Inspection, Fault> {
    state.bench().await?.inspect(&token).map_err(fault::token)
}

/// The token's text, because the user asked to see it.
#[tauri::command(rename_all = "snake_case")]
pub async fn raw_token(state: State<'_, AppState>, token: String) -> Result<String, Fault> {
    Ok(state.bench().await?.raw_token(&token).map_err(fault::token)?.expose().to_owned())
}

/// Checks the signature with a pasted key.
#[tauri::command(rename_all = "snake_case")]
pub async fn verify_with_key(state: State<'_, AppState>, token: String, key: String) -> Result<Inspection, Fault> {
    state
        .bench()
        .await?
        .verify_with_key(&token, &key)
        .map_err(|error| Fault { field: (error.id == "bad-key").then(|| "key".to_owned()), ..fault::token(error) })
}

/// Two to four tokens side by side.
#[tauri::command(rename_all = "snake_case")]
pub async fn compare(state: State<'_, AppState>, tokens: Vec<String>, resource: Option<String>) -> Result<Compared, Fault> {
    let bench = state.bench().await?;
    let profile = state.saved_view().profile.and_then(|id| state.profiles.find(&id).ok());
    let compared = bench.compare(&tokens, resource.as_deref(), profile.as_ref()).map_err(fault::token)?;
    let step = match compared.step {
        Some(id) => bench.journal.step(id).map_err(|error| fault::journal(&error))?,
        None => None,
    };
    let resources =
        profile.map(|profile| profile.resources.into_iter().map(|resource| resource.name).collect()).unwrap_or_default();
    Ok(Compared { comparison: compared.comparison, report: compared.report, resources, step })
}
