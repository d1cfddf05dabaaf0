//! Client secrets. They cross to the window only by Reveal.

use engine::{
    client_assertion,
    gate::{Consent, Question},
    secrets::{Approval, BoundSecret, Kind, Owner, Sort},
    workbench::{Workbench, lasting},
};
use oauth::profile::{Client, Profile, ServerRole};
use serde_json::{Map, Value};
use tauri::State;
use token::secret::Secret;
use wire::{
    AllowedAddress, Fault, FaultKind, SecretConsent, SecretQuestion, SecretSort, SecretState, SecretStoreKind, SecretStoreState,
};

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
    if bench.until_cancelled(lasting::KEYCHAIN, bench.secrets.ask()).await.is_none() {
        return Err(fault::fault(
            FaultKind::Cancelled,
            "cancelled",
            "You stopped waiting for the keychain.",
            "Unlock it and look again, or choose another place for secrets under Settings.",
        ));
    }
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

fn name(owner: &Owner) -> String {
    let server = if owner.server == ServerRole::Gateway { "/gateway" } else { "" };
    format!("{}{server}/{}", owner.profile, owner.client)
}

/// Whether a profile of this id ever kept a secret: what the store still holds under it is nobody else's.
pub(crate) fn ever_saved(state: &AppState, profile: &str) -> bool {
    let prefix = format!("{profile}/");
    saved_times(state).keys().any(|name| name.starts_with(&prefix))
}

/// Clients whose secrets were ever saved under a profile, whether or not they are still clients of it.
pub(super) fn once_saved(state: &AppState, profile: &str) -> Vec<Owner> {
    let prefix = format!("{profile}/");
    let names = saved_times(state);
    let rest = names.keys().filter_map(|name| name.strip_prefix(&prefix));
    // A client's id may itself begin like the mark of the gateway, so both readings count.
    rest.flat_map(|rest| {
        let at_gateway = rest.strip_prefix("gateway/").map(|client| Owner::at(profile, ServerRole::Gateway, client));
        at_gateway.into_iter().chain([Owner::at(profile, ServerRole::Provider, rest)])
    })
    .collect()
}

pub(super) fn note_saved(state: &AppState, bench: &Workbench, owner: &Owner) -> Result<(), Fault> {
    let mut times = saved_times(state);
    times.insert(name(owner), Value::from(bench.now_ms()));
    state.keep(SAVED, Value::Object(times))
}

pub(super) async fn secret_state(state: &AppState, bench: &Workbench, profile: &Profile, owner: &Owner) -> SecretState {
    let told = bench.secret(owner).await;
    let (bound, place, problem) = match told {
        Ok(None) => (None, "Not saved".to_owned(), None),
        Ok(Some(bound)) if owner.profile == lab::ID => {
            (Some(bound), "Made by the lab at its start, never written".to_owned(), None)
        }
        Ok(Some(bound)) => {
            let place = match bench.secrets.kind() {
                Some(Kind::EncryptedFile) => "Saved in the encrypted file",
                Some(Kind::Memory) => "Kept in memory until the app closes",
                // A secret was just read, so the keychain has answered.
                Some(Kind::Keychain) | None => "Saved in the system keychain",
            };
            (Some(bound), place.to_owned(), None)
        }
        Err(error) => (None, "Not saved".to_owned(), Some(error.to_string())),
    };
    let saved = bound.is_some();
    let saved_ms = saved_times(state).get(&name(owner)).and_then(Value::as_i64).filter(|_| saved).unwrap_or(0);
    let named = oauth::binding::name(profile, owner.server);
    let elsewhere = bound.as_ref().is_some_and(|bound| {
        let allowed = bound.approved().iter().any(|one| one.issuer == named);
        bound.issuer().is_some_and(|issuer| issuer != named) && !allowed
    });
    let (sort, issuer, approved) = match &bound {
        Some(bound) => (
            sort_of(bound.sort()),
            bound.issuer().unwrap_or_default().to_owned(),
            bound.approved().iter().map(|one| one.origin.clone()).collect(),
        ),
        None => (SecretSort::Secret, String::new(), Vec::new()),
    };
    let (client_id, server) = (owner.client.clone(), owner.server);
    SecretState { client_id, server, sort, issuer, elsewhere, approved, saved, place, problem, saved_ms }
}

fn sort_of(sort: Sort) -> SecretSort {
    match sort {
        Sort::Secret => SecretSort::Secret,
        Sort::Key => SecretSort::Key,
    }
}

/// Why a text is not what is asked for here; a key and a secret are not taken for each other.
fn mistaken(client: &str, sort: Sort, secret: &Secret) -> Option<Fault> {
    let at = |id: &str, message: String, advice: &str| Some(fault::at_field("secret", id, message, advice));
    if secret.expose().trim().is_empty() {
        return at("empty-secret", format!("The {} is empty.", sort.words()), "Paste it, then save.");
    }
    match (sort, Sort::recognised(secret.expose())) {
        (_, None) => at(
            "public-key-as-secret",
            format!("This is a public key or certificate. Everybody may know it, so it is no {}.", sort.words()),
            if sort == Sort::Key { "Paste the private key that belongs to it." } else { "Paste the client's secret." },
        ),
        (Sort::Secret, Some(Sort::Key)) => at(
            "key-as-secret",
            format!("This is a private key, and {client} is to show a secret. It would be sent to the server in clear."),
            "Choose private_key_jwt as its authentication, or paste its secret.",
        ),
        (Sort::Key, _) => {
            let client = Client { client_id: client.to_owned(), ..Client::default() };
            let message = client_assertion::check_key(&client, secret).err()?;
            at("not-a-key", message, "A client that authenticates by private_key_jwt needs its private key.")
        }
        (Sort::Secret, Some(Sort::Secret)) => None,
    }
}

/// Keeps a client's secret, bound to the server the saved profile names for it.
#[tauri::command(rename_all = "snake_case")]
pub async fn save_secret(
    state: State<'_, AppState>,
    profile: String,
    client_id: String,
    server: ServerRole,
    sort: SecretSort,
    secret: String,
) -> Result<SecretState, Fault> {
    let secret = Secret::new(secret);
    let sort = match sort {
        SecretSort::Secret => Sort::Secret,
        SecretSort::Key => Sort::Key,
    };
    if let Some(fault) = mistaken(&client_id, sort, &secret) {
        return Err(fault);
    }
    let saved: Profile = state.profiles.find(&profile)?;
    let owner = Owner::at(&profile, server, &client_id);
    let bench = state.bench().await?;
    let bound = BoundSecret::entered(secret, sort, &saved, server);
    bench.keep_bound(&owner, bound).await.map_err(|error| fault::secret(&error))?;
    bench.forget_secrets();
    note_saved(&state, &bench, &owner)?;
    Ok(secret_state(&state, &bench, &saved, &owner).await)
}

/// Shows a client's secret, because the user pressed Reveal.
#[tauri::command(rename_all = "snake_case")]
pub async fn reveal_secret(
    state: State<'_, AppState>,
    profile: String,
    client_id: String,
    server: ServerRole,
) -> Result<String, Fault> {
    let bench = state.bench().await?;
    match bench.secret(&Owner::at(&profile, server, &client_id)).await.map_err(|error| fault::secret(&error))? {
        Some(secret) => Ok(secret.for_its_owner().expose().to_owned()),
        None => {
            Err(fault::fault(FaultKind::Storage, "no-secret", format!("No secret of {client_id} is saved."), "Type it and save."))
        }
    }
}

/// Forgets a client's secret.
#[tauri::command(rename_all = "snake_case")]
pub async fn clear_secret(
    state: State<'_, AppState>,
    profile: String,
    client_id: String,
    server: ServerRole,
) -> Result<SecretState, Fault> {
    let bench = state.bench().await?;
    let owner = Owner::at(&profile, server, &client_id);
    bench.forget_secret(&owner).await.map_err(|error| fault::secret(&error))?;
    bench.forget_secrets();
    let saved = state.profiles.find(&profile).unwrap_or_default();
    Ok(secret_state(&state, &bench, &saved, &owner).await)
}

/// Secrets that were about to go to somebody they were not entered for, and wait for the user's word.
#[tauri::command(rename_all = "snake_case")]
pub async fn secret_questions(state: State<'_, AppState>) -> Result<Vec<SecretQuestion>, Fault> {
    Ok(state.bench().await?.questions().into_iter().map(question).collect())
}

fn question(Question { id, crossing }: Question) -> SecretQuestion {
    let words = crossing.message();
    SecretQuestion {
        id: id.to_string(),
        profile: crossing.owner.profile,
        client_id: crossing.owner.client,
        sort: sort_of(crossing.sort),
        load: crossing.load,
        bound: crossing.bound,
        issuer: crossing.issuer,
        origin: crossing.origin,
        words,
    }
}

/// Takes the user's word. False when the question was no longer open; nothing may go then.
#[tauri::command(rename_all = "snake_case")]
pub async fn answer_secret_question(state: State<'_, AppState>, id: String, consent: SecretConsent) -> Result<bool, Fault> {
    let Ok(id) = id.parse() else { return Ok(false) };
    let consent = match consent {
        SecretConsent::Once => Consent::Once,
        SecretConsent::Always => Consent::Always,
        SecretConsent::No => Consent::No,
    };
    let bench = state.bench().await?;
    let asked = bench.questions().into_iter().find(|question| question.id == id);
    let taken = bench.answer_question(id, consent).await.map_err(|error| fault::secret(&error))?;
    if let (true, Consent::Always, Some(Question { crossing, .. })) = (taken, consent, asked)
        && crossing.load.is_some()
    {
        // The id of this profile is never another one's.
        note_saved(&state, &bench, &crossing.owner)?;
    }
    Ok(taken)
}

/// Hosts that a profile's servers may use without a question. The store is asked only where one was ever allowed.
pub(super) async fn allowed(state: &AppState, bench: &Workbench, profile: &str) -> Vec<AllowedAddress> {
    if !ever_saved(state, profile) {
        return Vec::new();
    }
    let all = bench.allowed_addresses(profile).await.into_iter();
    all.map(|(server, Approval { issuer, origin })| AllowedAddress { server, issuer, origin }).collect()
}

/// Takes back an address that was allowed; what is left.
#[tauri::command(rename_all = "snake_case")]
pub async fn take_back_address(
    state: State<'_, AppState>,
    profile: String,
    address: AllowedAddress,
) -> Result<Vec<AllowedAddress>, Fault> {
    let bench = state.bench().await?;
    let AllowedAddress { server, issuer, origin } = address;
    bench.take_back(&profile, server, &Approval { issuer, origin }).await.map_err(|error| fault::secret(&error))?;
    Ok(allowed(&state, &bench, &profile).await)
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
