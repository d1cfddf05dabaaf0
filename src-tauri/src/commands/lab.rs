//! The built-in servers: start, stop, change, and the lab's gateway in front of a provider of the user's own.

use std::time::Instant;

use engine::{gate::Stopped, secrets::Owner, workbench::Workbench};
use lab::{Caches, GatewayRelease, Lab, Options};
use oauth::profile::{Profile, Provider, ServerRole};
use tauri::State;
use token::secret::Secret;
use wire::{Fault, FaultKind, LabChange, LabJoin, LabRelease, LabState, OpenProfile};

use crate::{
    fault,
    lab::{ID, follow, join, of_lab, profile, secrets, trusted},
    state::{AppState, RunningLab},
};

/// Starts the built-in servers and reads their metadata as from any server.
#[tauri::command(rename_all = "snake_case")]
pub async fn start_lab(state: State<'_, AppState>, legacy: bool, release: LabRelease) -> Result<LabState, Fault> {
    start(&state, legacy, release).await?;
    Ok(state.lab_state())
}

/// The same; a lab that runs already is left as it is.
async fn start(state: &AppState, legacy: bool, release: LabRelease) -> Result<(), Fault> {
    let _turn = state.lab_turn().await;
    if state.lab().is_some() {
        return Ok(());
    }
    let bench = state.bench().await?;
    let began = Instant::now();
    let gateway_release = match release {
        LabRelease::V4_6 => GatewayRelease::V4_6,
        LabRelease::V4_7 => GatewayRelease::V4_7,
    };
    let options = Options { legacy_exchange: legacy, gateway_release, ..Options::default() };
    let lab = Lab::start(options).await.map_err(|error| {
        fault::fault(
            FaultKind::Storage,
            "lab-not-started",
            format!("The lab could not start: {error}."),
            "It needs four free ports on 127.0.0.1. Check what blocks them, then start it again.",
        )
    })?;
    let started_in_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
    bench.forget_servers().await;
    let mut lab_profile = profile(lab.description());
    let discovered = bench.discover(&lab_profile.provider.issuer, &lab_profile).await.map_err(fault::discover)?;
    match discovered.provider {
        Ok(mut provider) => {
            provider.name.clone_from(&lab_profile.provider.name);
            lab_profile.provider = provider;
            bench.secrets.overlay(&lab_profile, secrets(lab.description()));
            bench.forget_secrets();
            let read = bench.server_info(&lab_profile).await.map_err(fault::run)?;
            match read.provider {
                Ok(provider) => lab_profile.provider = provider,
                Err(problem) => {
                    return Err(fault::fault(
                        FaultKind::Bug,
                        &problem.id,
                        problem.message,
                        "This is a mistake in the lab; report it.",
                    ));
                }
            }
        }
        Err(problem) => {
            return Err(fault::fault(FaultKind::Bug, &problem.id, problem.message, "This is a mistake in the lab; report it."));
        }
    }
    if let Ok(before) = state.profiles.find(ID) {
        for copy in state.profiles.copies_of_lab() {
            let copy = follow(&copy, &before, &lab_profile);
            let of_lab = secrets(lab.description());
            bench.secrets.keep_ours(&copy, of_lab).await.map_err(|error| fault::secret(&error))?;
            state.profiles.save(copy)?;
        }
        bench.forget_secrets();
    }
    state.profiles.save(lab_profile)?;
    *state.lab() = Some(RunningLab { lab, started_in_ms, legacy, release, joined: Vec::new() });
    Ok(())
}

/// Stops the built-in servers.
#[tauri::command(rename_all = "snake_case")]
pub async fn stop_lab(state: State<'_, AppState>) -> Result<LabState, Fault> {
    let _turn = state.lab_turn().await;
    let stopped = state.lab().take();
    if let Some(running) = stopped {
        let bench = state.bench().await?;
        bench.secrets.uncover(ID);
        for profile in &running.joined {
            bench.secrets.uncover(profile);
        }
        bench.forget_servers().await;
        // Dropping waits for the servers' thread, so it is not done on a thread that serves commands.
        tokio::task::spawn_blocking(move || drop(running)).await.map_err(|error| {
            fault::fault(FaultKind::Bug, "lab-not-stopped", format!("The lab did not stop in order: {error}."), "Report this.")
        })?;
    }
    Ok(state.lab_state())
}

/// Changes the running lab as an administrator of real servers would: a user, a role, or how long caches last.
#[tauri::command(rename_all = "snake_case")]
pub async fn change_lab(state: State<'_, AppState>, change: LabChange) -> Result<LabState, Fault> {
    let done = state.lab().as_ref().map(|RunningLab { lab, .. }| match &change {
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
        Some(true) => Ok(state.lab_state()),
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

/// Puts the lab's gateway in front of the provider of a saved profile: it trusts that provider, exchanges there as one of the
/// profile's clients, and the profile gets its address, its clients and its APIs. The lab is started when it does not run.
#[tauri::command(rename_all = "snake_case")]
pub async fn join_lab(state: State<'_, AppState>, profile: String, how: LabJoin) -> Result<OpenProfile, Fault> {
    let mut own = state.profiles.find(&profile)?;
    let bench = state.bench().await?;
    joinable(&own, &how)?;
    let secret = exchange_secret(&bench, &own, &how).await?;
    let LabState { legacy, release, .. } = state.lab_state();
    start(&state, legacy, release).await?;
    let turn = state.lab_turn().await;
    let description = {
        let place = state.lab();
        let running = place.as_ref().ok_or_else(|| {
            fault::fault(FaultKind::Storage, "lab-not-started", "The lab was stopped meanwhile.", "Start it again.")
        })?;
        running.lab.trust(trusted(&own, &how, &secret)).map_err(|error| {
            fault::fault(
                FaultKind::Input,
                "lab-trust",
                format!("The gateway cannot trust this provider: {error}."),
                "Correct the certificates under TLS.",
            )
        })?;
        running.lab.description().clone()
    };
    // What the portal of an earlier start handed out is void.
    let gone: Vec<Owner> =
        own.clients.iter().filter(|client| client.server == ServerRole::Gateway).map(|client| Owner::of(&own, client)).collect();
    join(&mut own, &description);
    for owner in &gone {
        bench.forget_secret(owner).await.map_err(|error| fault::secret(&error))?;
    }
    // Only the clients of the lab's gateway, and for its addresses alone: the provider is the user's own.
    let mut of_gateway = Profile { provider: Provider::default(), ..own.clone() };
    of_gateway.clients.retain(|client| client.server == ServerRole::Gateway);
    let known: Vec<String> = of_gateway.clients.iter().map(|client| client.client_id.clone()).collect();
    let laid = secrets(&description).into_iter().filter(|(client, _)| known.contains(client));
    bench.secrets.overlay(&of_gateway, laid);
    if let Some(running) = &mut *state.lab()
        && !running.joined.contains(&own.id)
    {
        running.joined.push(own.id.clone());
    }
    drop(turn);
    bench.forget_servers().await;
    bench.forget_secrets();
    state.profiles.save(own.clone())?;
    super::profiles::open(&state, own).await
}

/// The secret the gateway will exchange with at the provider's token endpoint.
async fn exchange_secret(bench: &Workbench, own: &Profile, how: &LabJoin) -> Result<Secret, Fault> {
    let client = own.clients.iter().find(|one| one.client_id == how.client && one.server == ServerRole::Provider);
    let to = url::Url::parse(own.provider.endpoints.token.trim()).ok();
    let secret = match (client, to) {
        (Some(client), Some(to)) => bench.secret_for(own, client, &to).await,
        _ => Ok(None),
    };
    match secret {
        Ok(Some(secret)) => Ok(secret),
        Err(Stopped::Store(error)) => Err(fault::secret(&error)),
        Err(Stopped::Crossing(crossing)) => Err(fault::at_field("client", crossing.id(), crossing.message(), crossing.advice())),
        Ok(None) => Err(fault::at_field(
            "client",
            "no-secret",
            format!("The secret of {} is not at hand, so the gateway could not exchange as this client.", how.client),
            "Save its secret under Clients first, or choose another client.",
        )),
    }
}

/// Why the lab's gateway cannot stand before this provider, as far as the profile tells.
fn joinable(own: &Profile, how: &LabJoin) -> Result<(), Fault> {
    let input = |id: &str, message: &str, advice: &str| Err(fault::fault(FaultKind::Input, id, message, advice));
    if own.simulated {
        return input(
            "lab-joins-itself",
            "This profile belongs to the lab, which has its gateway already.",
            "Use it with a profile of your own provider.",
        );
    }
    if own.provider.endpoints.token.is_empty() || own.provider.endpoints.jwks.is_empty() {
        return input(
            "not-discovered",
            "The token endpoint and the keys of this provider are not known, so no gateway could trust it.",
            "Press Discover under Identity provider and save, then try again.",
        );
    }
    if own.gateway.as_ref().is_some_and(|gateway| !of_lab(gateway)) {
        return input(
            "has-gateway",
            "This profile has a gateway of its own, which would be lost.",
            "Duplicate the profile and remove the gateway in the copy.",
        );
    }
    if !own.clients.iter().any(|client| client.client_id == how.client && client.server == ServerRole::Provider) {
        return Err(fault::at_field(
            "client",
            "no-client",
            "No client is chosen that the gateway exchanges as.",
            "Choose a confidential client of the provider.",
        ));
    }
    Ok(())
}
