//! Profiles and discovery.

use engine::secrets::Owner;
use oauth::{
    binding,
    import::{Import, ImportPreview},
    profile::{ClientAuth, Profile, ServerRole},
};
use record::audit::Outcome;
use tauri::State;
use wire::{Discovered, Fault, FaultKind, OpenProfile, ProfileSummary};

use super::{in_background, secrets::secret_state};
use crate::{fault, lab, profiles, state::AppState};

pub(super) async fn open(state: &AppState, profile: Profile) -> Result<OpenProfile, Fault> {
    let bench = state.bench().await?;
    let mut secrets = Vec::new();
    for client in profile.clients.iter().filter(|client| client.auth != ClientAuth::None && !client.client_id.is_empty()) {
        secrets.push(secret_state(state, &bench, &profile, &Owner::of(&profile, client)).await);
    }
    let (redirect_uri, redirect_note) = oauth::message::redirect_hint(&profile);
    let elsewhere = binding::elsewhere(&profile);
    let allowed = super::secrets::allowed(state, &bench, &profile.id).await;
    Ok(OpenProfile { profile, secrets, elsewhere, allowed, redirect_uri, redirect_note })
}

/// Profiles, the lab first.
#[tauri::command(rename_all = "snake_case")]
pub async fn list_profiles(state: State<'_, AppState>) -> Result<Vec<ProfileSummary>, Fault> {
    let running = state.lab_state().running;
    Ok(state.profiles.summaries(running))
}

/// A profile for the editor.
#[tauri::command(rename_all = "snake_case")]
pub async fn open_profile(state: State<'_, AppState>, id: String) -> Result<OpenProfile, Fault> {
    let profile = state.profiles.find(&id)?;
    open(&state, profile).await
}

/// Makes a profile the one that is worked with.
#[tauri::command(rename_all = "snake_case")]
pub async fn choose_profile(state: State<'_, AppState>, id: String) -> Result<Profile, Fault> {
    let profile = state.profiles.find(&id)?;
    let mut view = state.saved_view();
    view.profile = Some(id);
    state.save_view(view)?;
    Ok(profile)
}

/// Saves what the editor holds.
#[tauri::command(rename_all = "snake_case")]
pub async fn save_profile(state: State<'_, AppState>, profile: Profile) -> Result<OpenProfile, Fault> {
    let mut profile = profile;
    if profile.name.trim().is_empty() {
        return Err(fault::at_field("name", "no-name", "The profile has no name.", "Type a name."));
    }
    if profile.id == lab::ID {
        return Err(fault::fault(
            FaultKind::Input,
            "lab-is-built-in",
            "The lab's profile is made anew at every start.",
            "Duplicate it and edit the copy.",
        ));
    }
    if let Some(index) = profiles::nameless_client(&profile) {
        return Err(fault::at_field(
            &format!("clients.{index}.client_id"),
            "no-client-id",
            "This client has no id.",
            "Type the client_id it is registered under, or remove the client.",
        ));
    }
    if let Some(index) = profiles::repeated_client(&profile) {
        return Err(fault::at_field(
            &format!("clients.{index}.client_id"),
            "repeated-client-id",
            "Another client of this server has the same id.",
            "Give it the id it is registered under, or remove one of the two.",
        ));
    }
    if let Some(hidden) = profile.name.chars().find(|letter| token::shown::is_hidden(*letter)) {
        return Err(fault::at_field(
            "name",
            "hidden-character",
            format!(
                "The name holds a character that cannot be seen or that turns the text around (U+{:04X}).",
                u32::from(hidden)
            ),
            "Type the name anew, without it.",
        ));
    }
    if let Some(wrong) = oauth::message::redirect_fault(&profile.redirect) {
        return Err(fault::at_field(wrong.field, "bad-redirect", wrong.message, wrong.advice));
    }
    if let Some(fault) = super::expectations::faults(&profile) {
        return Err(fault);
    }
    if profile.id.is_empty() {
        profile.id = unused_id(&state, &profile.name);
        profile.simulated = false;
        clear(&state, &profile).await?;
    }
    let before = state.profiles.find(&profile.id).ok();
    state.profiles.save(profile.clone())?;
    let bench = state.bench().await?;
    // A store that is locked keeps nothing of it, and the user is asked.
    if bench.allow_named(&profile, before.as_ref()).await.unwrap_or(false) {
        super::secrets::note_saved(&state, &bench, &Owner::at(&profile.id, ServerRole::Provider, ""))?;
    }
    open(&state, profile).await
}

/// An id no profile has, and under which no secret was ever kept.
fn unused_id(state: &AppState, name: &str) -> String {
    state.profiles.free_id_where(name, |id| super::secrets::ever_saved(state, id))
}

/// Forgets what the store may still hold under the names of a profile that is new: nobody inherits a secret by a name.
/// A store that is locked does not keep a profile from being saved: its id was never used, so this is a second fence.
async fn clear(state: &AppState, profile: &Profile) -> Result<(), Fault> {
    let bench = state.bench().await?;
    if !profile.clients.is_empty() {
        let _ = bench.forget_approvals(&profile.id).await;
    }
    for client in &profile.clients {
        let _ = bench.forget_secret(&Owner::of(profile, client)).await;
    }
    Ok(())
}

/// Makes a copy of a profile under a name of the user's. What belongs to the server it was copied from (secrets, what was seen
/// of it, its events address) comes along only when the user says so; a copy of the lab always has it, since it is the lab.
#[tauri::command(rename_all = "snake_case")]
pub async fn duplicate_profile(
    state: State<'_, AppState>,
    id: String,
    name: String,
    take_along: bool,
) -> Result<OpenProfile, Fault> {
    if name.trim().is_empty() {
        return Err(fault::at_field("name", "no-name", "The copy needs a name.", "Type a name."));
    }
    let source = state.profiles.find(&id)?;
    let mut copy = source.clone();
    copy.id = unused_id(&state, &name);
    copy.name = name.trim().to_owned();
    let bench = state.bench().await?;
    clear(&state, &copy).await?;
    if take_along || source.id == lab::ID {
        for client in &source.clients {
            let secret = bench.secret(&Owner::of(&source, client)).await.map_err(|error| fault::secret(&error))?;
            if let Some(secret) = secret {
                let owner = Owner::of(&copy, client);
                bench.keep_bound(&owner, secret).await.map_err(|error| fault::secret(&error))?;
                super::secrets::note_saved(&state, &bench, &owner)?;
            }
        }
    } else {
        profiles::forget_evidence(&mut copy);
    }
    bench.forget_secrets();
    state.profiles.save(copy.clone())?;
    open(&state, copy).await
}

/// Takes a profile off the list and its secrets out of the store. Both can be brought back until the app closes.
#[tauri::command(rename_all = "snake_case")]
pub async fn delete_profile(state: State<'_, AppState>, id: String) -> Result<Vec<ProfileSummary>, Fault> {
    let profile = state.profiles.find(&id)?;
    let bench = state.bench().await?;
    let mut owners: Vec<Owner> = profile.clients.iter().map(|client| Owner::of(&profile, client)).collect();
    // Those of clients that were renamed or removed since go too.
    owners.extend(super::secrets::once_saved(&state, &id));
    let mut secrets = Vec::new();
    for owner in owners {
        if let Some(secret) = bench.secret(&owner).await.map_err(|error| fault::secret(&error))? {
            secrets.push((owner, secret));
        }
    }
    state.profiles.delete(&id)?;
    if super::secrets::ever_saved(&state, &id) {
        // Where the store fails, no other profile is ever given this id.
        let _ = bench.forget_approvals(&id).await;
    }
    bench.forget_words(&id);
    for (owner, _) in &secrets {
        bench.forget_secret(owner).await.map_err(|error| fault::secret(&error))?;
    }
    bench.forget_secrets();
    state.keep_deleted(&id, secrets);
    let running = state.lab_state().running;
    Ok(state.profiles.summaries(running))
}

/// Brings a deleted profile back, with its secrets.
#[tauri::command(rename_all = "snake_case")]
pub async fn restore_profile(state: State<'_, AppState>, id: String) -> Result<Vec<ProfileSummary>, Fault> {
    state.profiles.restore(&id)?;
    let bench = state.bench().await?;
    for (owner, secret) in state.take_deleted(&id) {
        bench.keep_bound(&owner, secret).await.map_err(|error| fault::secret(&error))?;
    }
    bench.forget_secrets();
    let running = state.lab_state().running;
    Ok(state.profiles.summaries(running))
}

/// A profile as text, without secrets.
#[tauri::command(rename_all = "snake_case")]
pub async fn export_profile(state: State<'_, AppState>, id: String) -> Result<String, Fault> {
    profiles::export(&state.profiles.find(&id)?)
}

/// Says what an import would take and what not; nothing is saved.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_import(text: String, server: String) -> Result<ImportPreview, Fault> {
    // A realm export may have megabytes; reading it must not hold up other commands.
    Ok(in_background(move || profiles::read_import(&text, &server)).await?.preview)
}

/// Reads an exported profile or the configuration of another program, saves it under a new id, and its secrets in the
/// secret store.
#[tauri::command(rename_all = "snake_case")]
pub async fn import_profile(state: State<'_, AppState>, text: String, server: String) -> Result<OpenProfile, Fault> {
    let Import { mut profile, secrets, .. } = in_background(move || profiles::read_import(&text, &server)).await?;
    profile.id = unused_id(&state, &profile.name);
    profile.simulated = false;
    // Secrets first: a store that is locked stops the import before anything of it is saved.
    let bench = state.bench().await?;
    clear(&state, &profile).await?;
    for (client, secret) in secrets {
        let Some(client) = profile.clients.iter().find(|known| known.client_id == client) else { continue };
        let owner = Owner::of(&profile, client);
        bench.keep_secret(&profile, client, secret).await.map_err(|error| fault::secret(&error))?;
        super::secrets::note_saved(&state, &bench, &owner)?;
    }
    bench.forget_secrets();
    state.profiles.save(profile.clone())?;
    open(&state, profile).await
}

/// Reads an issuer's metadata into a profile, which is not saved yet.
#[tauri::command(rename_all = "snake_case")]
pub async fn discover(
    state: State<'_, AppState>,
    issuer: String,
    realm: String,
    profile: Option<Profile>,
) -> Result<Discovered, Fault> {
    let bench = state.bench().await?;
    let mut base = profile.unwrap_or_default();
    let saved = state.profiles.find(&base.id).unwrap_or_default();
    // What was seen of a server belongs to that server, and the draft's issuer may have been typed since.
    base.provider.capabilities.clear();
    let typed_events = base.provider.events != saved.provider.events;
    let discovered = bench.discover_realm(&issuer, &realm, &base).await.map_err(fault::discover)?;
    let step = discovered.step;
    match discovered.provider {
        Ok(mut provider) => {
            let same = saved.provider.issuer == provider.issuer;
            if same {
                oauth::capability::merge(&mut provider.capabilities, &saved.provider.capabilities);
            }
            let capabilities = provider.capabilities.clone();
            let mut profile = base;
            // The events address of the server before is not this one's.
            if !same && !typed_events {
                profile.provider.events.clear();
            }
            if profile.name.trim().is_empty() {
                profile.name.clone_from(&provider.name);
            }
            if profile.scopes.is_empty() {
                profile.scopes = ["openid", "profile", "email"]
                    .into_iter()
                    .filter(|scope| provider.scopes.is_empty() || provider.scopes.iter().any(|known| known == scope))
                    .map(str::to_owned)
                    .collect();
            }
            if profile.provider.events.is_empty() {
                profile.provider.events = keycloak_events(&provider.issuer).unwrap_or_default();
            }
            let events = std::mem::take(&mut profile.provider.events);
            profile.provider = provider;
            if oauth::server::habits(profile.provider.dialect).has_events {
                profile.provider.events = events;
            }
            let seen = saved.provider.read_ms > 0 && same;
            let moved = if seen { binding::moved_in(&saved, &profile) } else { Vec::new() };
            let elsewhere = binding::elsewhere(&profile);
            Ok(Discovered { profile, capabilities, moved, elsewhere, duration_ms: step.duration_us / 1000, step: step.id })
        }
        Err(problem) => Err(Fault {
            step: Some(step.id),
            // Both ask for a name that completes the address.
            field: Some(
                if matches!(problem.id.as_str(), "realm-needed" | "discovery-template-issuer") { "realm" } else { "issuer" }
                    .into(),
            ),
            ..fault::fault(
                match step.outcome {
                    Outcome::Cancelled => FaultKind::Cancelled,
                    _ if step.status.is_some() => FaultKind::Server,
                    _ => FaultKind::Network,
                },
                &problem.id,
                problem.message,
                problem.advice,
            )
        }),
    }
}

/// Asks the provider of a saved profile for its server info, as the client that reads events, and keeps what it learns.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_server_info(state: State<'_, AppState>, profile: String) -> Result<OpenProfile, Fault> {
    let mut profile = state.profiles.find(&profile)?;
    let bench = state.bench().await?;
    let read = bench.server_info(&profile).await.map_err(fault::run)?;
    match read.provider {
        Ok(provider) => {
            profile.provider = provider;
            state.profiles.save(profile.clone())?;
            open(&state, profile).await
        }
        Err(problem) => {
            let kind = if problem.id.starts_with("secret-") { FaultKind::Input } else { FaultKind::Server };
            Err(Fault { step: Some(read.step.id), ..fault::fault(kind, &problem.id, problem.message, problem.advice) })
        }
    }
}

/// Keycloak's events address for an issuer of its shape.
fn keycloak_events(issuer: &str) -> Option<String> {
    let (base, realm) = issuer.rsplit_once("/realms/")?;
    (!realm.is_empty() && !realm.contains('/')).then(|| format!("{base}/admin/realms/{realm}/events"))
}

/// The redirect URI to register for what the editor holds.
#[tauri::command(rename_all = "snake_case")]
pub async fn redirect_hint(state: State<'_, AppState>, profile: Profile) -> Result<OpenProfile, Fault> {
    open(&state, profile).await
}
