//! Client secrets. They cross to the window only by Reveal.

use engine::{secrets::Kind, workbench::Workbench};
use model::secret::Secret;
use serde_json::{Map, Value};
use tauri::State;
use wire::{Fault, FaultKind, SecretState, SecretStoreKind, SecretStoreState};

use crate::{fault, lab, state::AppState};

/// Key of the preferences under which the time of saving is kept (no secret, only when).
const SAVED: &str = "secrets_saved";

/// Where secrets are kept; none before the keychain has answered.
pub(super) fn store_state(bench: &Workbench) -> Option<SecretStoreState> {
    let kind = match bench.secrets.kind()? {
        Kind::Keychain => SecretStoreKind::Keychain,
        Kind::EncryptedFile => SecretStoreKind::EncryptedFile,
        Kind::Memory => SecretStoreKind::Memory,
    };
    let words = match kind {
        SecretStoreKind::Keychain => "system keychain is available",
        SecretStoreKind::EncryptedFile => "encrypted file",
        SecretStoreKind::Memory => "memory only, gone when the app closes",
    };
    Some(SecretStoreState {
        kind,
        words: words.into(),
        problem: bench.secrets.keychain_problem(),
        locked: bench.secrets.locked_file(),
    })
}

/// The same, once the keychain has answered.
async fn asked_store(bench: &Workbench) -> Result<SecretStoreState, Fault> {
    bench.secrets.ask().await;
    store_state(bench).ok_or_else(|| {
        fault::fault(FaultKind::Bug, "no-secret-store", "No place for secrets was chosen.", "Report this and start again.")
    })
}

fn saved_times(state: &AppState) -> Map<String, Value> {
    match state.kept(SAVED) {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

fn name(profile: &str, client: &str) -> String {
    format!("{profile}/{client}")
}

pub(super) fn note_saved(state: &AppState, bench: &Workbench, profile: &str, client: &str) -> Result<(), Fault> {
    let mut times = saved_times(state);
    times.insert(name(profile, client), Value::from(bench.now_ms()));
    state.keep(SAVED, Value::Object(times))
}

pub(super) async fn secret_state(state: &AppState, bench: &Workbench, profile: &str, client: &str) -> SecretState {
    let (saved, place) = match bench.secret(profile, client).await {
        Ok(None) => (false, "Not saved".to_owned()),
        Ok(Some(_)) if profile == lab::ID => (true, "Made by the lab at its start, never written".to_owned()),
        Ok(Some(_)) => {
            let place = match bench.secrets.kind() {
                Some(Kind::EncryptedFile) => "Saved in the encrypted file",
                Some(Kind::Memory) => "Kept in memory until the app closes",
                // A secret was just read, so the keychain has answered.
                Some(Kind::Keychain) | None => "Saved in the system keychain",
            };
            (true, place.to_owned())
        }
        Err(error) => (false, error.to_string()),
    };
    let saved_ms = saved_times(state).get(&name(profile, client)).and_then(Value::as_i64).filter(|_| saved).unwrap_or(0);
    SecretState { client_id: client.to_owned(), saved, place, saved_ms }
}

/// Keeps a client's secret.
#[tauri::command(rename_all = "snake_case")]
pub async fn save_secret(
    state: State<'_, AppState>,
    profile: String,
    client_id: String,
    secret: String,
) -> Result<SecretState, Fault> {
    let secret = Secret::new(secret);
    if secret.is_empty() {
        return Err(fault::at_field("secret", "empty-secret", "The secret is empty.", "Paste the client's secret."));
    }
    let bench = state.bench().await?;
    bench.secrets.keep(&profile, &client_id, secret).await.map_err(|error| fault::secret(&error))?;
    bench.forget_secrets();
    note_saved(&state, &bench, &profile, &client_id)?;
    Ok(secret_state(&state, &bench, &profile, &client_id).await)
}

/// Shows a client's secret, because the user pressed Reveal.
#[tauri::command(rename_all = "snake_case")]
pub async fn reveal_secret(state: State<'_, AppState>, profile: String, client_id: String) -> Result<String, Fault> {
    let bench = state.bench().await?;
    match bench.secret(&profile, &client_id).await.map_err(|error| fault::secret(&error))? {
        Some(secret) => Ok(secret.expose().to_owned()),
        None => {
            Err(fault::fault(FaultKind::Storage, "no-secret", format!("No secret of {client_id} is saved."), "Type it and save."))
        }
    }
}

/// Forgets a client's secret.
#[tauri::command(rename_all = "snake_case")]
pub async fn clear_secret(state: State<'_, AppState>, profile: String, client_id: String) -> Result<SecretState, Fault> {
    let bench = state.bench().await?;
    bench.secrets.forget(&profile, &client_id).await.map_err(|error| fault::secret(&error))?;
    bench.forget_secrets();
    Ok(secret_state(&state, &bench, &profile, &client_id).await)
}

/// Where secrets are kept, told when the keychain has answered.
#[tauri::command(rename_all = "snake_case")]
pub async fn secret_store(state: State<'_, AppState>) -> Result<SecretStoreState, Fault> {
    asked_store(&*state.bench().await?).await
}

/// Chooses where secrets are kept.
#[tauri::command(rename_all = "snake_case")]
pub async fn choose_secret_store(
    state: State<'_, AppState>,
    kind: SecretStoreKind,
    passphrase: String,
) -> Result<SecretStoreState, Fault> {
    let bench = state.bench().await?;
    let passphrase = Secret::new(passphrase);
    match kind {
        SecretStoreKind::Keychain => bench.secrets.use_keychain().await.map_err(|error| fault::secret(&error))?,
        SecretStoreKind::Memory => bench.secrets.use_memory(),
        SecretStoreKind::EncryptedFile => {
            // The key is stretched on purpose, which takes a moment of one core.
            let work = std::sync::Arc::clone(&bench);
            tokio::task::spawn_blocking(move || work.secrets.use_file(&passphrase))
                .await
                .map_err(|error| fault::fault(FaultKind::Bug, "secret-file", error.to_string(), "Report this."))?
                .map_err(|error| Fault { field: Some("passphrase".into()), ..fault::secret(&error) })?;
        }
    }
    bench.forget_secrets();
    asked_store(&bench).await
}
