//! Start, preferences and the lab.

use std::time::Instant;

use lab::{Caches, Lab, Options};
use tauri::State;
use wire::{Boot, Fault, FaultKind, LabChange, LabState, SavedView};

use super::secrets::store_state;
use crate::{
    fault,
    lab::{ID, follow, profile, secrets},
    state::{AppState, RunningLab},
};

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

/// Starts the built-in servers and reads their metadata as from any server.
#[tauri::command(rename_all = "snake_case")]
pub async fn start_lab(state: State<'_, AppState>, legacy: bool) -> Result<LabState, Fault> {
    {
        let mut place = state.lab.lock().await;
        if place.is_none() {
            let bench = state.bench().await?;
            let began = Instant::now();
            let lab = Lab::start(Options { legacy_exchange: legacy, ..Options::default() }).await.map_err(|error| {
                fault::fault(
                    FaultKind::Storage,
                    "lab-not-started",
                    format!("The lab could not start: {error}."),
                    "It needs four free ports on 127.0.0.1. Check what blocks them, then start it again.",
                )
            })?;
            let started_in_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
            bench.forget_servers().await;
            bench.secrets.overlay(ID, secrets(lab.description()));
            let mut lab_profile = profile(lab.description());
            let discovered = bench.discover(&lab_profile.provider.issuer, &lab_profile).await.map_err(fault::discover)?;
            match discovered.provider {
                Ok(mut provider) => {
                    provider.name.clone_from(&lab_profile.provider.name);
                    lab_profile.provider = provider;
                }
                Err(problem) => {
                    return Err(fault::fault(
                        FaultKind::Bug,
                        &problem.id,
                        problem.message,
                        "This is a mistake in the lab; report it.",
                    ));
                }
            }
            if let Ok(before) = state.profiles.find(ID) {
                for copy in state.profiles.copies_of_lab() {
                    let copy = follow(&copy, &before, &lab_profile);
                    for (client, secret) in secrets(lab.description()) {
                        bench.secrets.keep(&copy.id, &client, secret).await.map_err(|error| fault::secret(&error))?;
                    }
                    state.profiles.save(copy)?;
                }
                bench.forget_secrets();
            }
            state.profiles.save(lab_profile)?;
            *place = Some(RunningLab { lab, started_in_ms, legacy });
        }
    }
    Ok(state.lab_state().await)
}

/// Stops the built-in servers.
#[tauri::command(rename_all = "snake_case")]
pub async fn stop_lab(state: State<'_, AppState>) -> Result<LabState, Fault> {
    let stopped = state.lab.lock().await.take();
    if let Some(running) = stopped {
        let bench = state.bench().await?;
        bench.secrets.overlay(ID, []);
        bench.forget_servers().await;
        // Dropping waits for the servers' thread, so it is not done on a thread that serves commands.
        tokio::task::spawn_blocking(move || drop(running)).await.map_err(|error| {
            fault::fault(FaultKind::Bug, "lab-not-stopped", format!("The lab did not stop in order: {error}."), "Report this.")
        })?;
    }
    Ok(state.lab_state().await)
}

/// Changes the running lab as an administrator of real servers would: a user, a role, or how long caches last.
#[tauri::command(rename_all = "snake_case")]
pub async fn change_lab(state: State<'_, AppState>, change: LabChange) -> Result<LabState, Fault> {
    let done = state.lab.lock().await.as_ref().map(|RunningLab { lab, .. }| match &change {
        LabChange::User { username, enabled } => {
            if *enabled {
                lab.enable_user(username);
            } else {
                lab.disable_user(username);
            }
            lab.people().iter().any(|person| person.username == *username)
        }
        LabChange::Role { username, client, role, held } => lab.set_role(username, client, role, *held),
        LabChange::Caches { short } => {
            lab.set_caches(if *short { Caches::SHORT } else { Caches::default() });
            true
        }
    });
    match done {
        Some(true) => Ok(state.lab_state().await),
        Some(false) => Err(fault::fault(
            FaultKind::Input,
            "not-of-the-lab",
            "The lab has no such user or role.",
            "Choose one of those shown.",
        )),
        None => Err(fault::fault(
            FaultKind::Input,
            "lab-stopped",
            "The lab is stopped, so nothing of it can be changed.",
            "Start it first.",
        )),
    }
}
