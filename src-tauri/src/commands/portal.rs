//! The developer portal, and the certificate a server shows.

use engine::{http::NetFault, secrets::Owner, workbench::lasting};
use oauth::{
    certificate::Certificate,
    cut::Shown,
    mapping::Mapping,
    portal::{Call, PortalAnswer, get_token, secret_ways, standing, takes},
    profile::{Client, ClientAuth, Profile, ServerRole},
};
use record::operation::Draft;
use tauri::State;
use wire::{Fault, FaultKind, OpenPortal, PortalAnswered, PortalToken, SecretFate};

use super::{
    secrets::{note_saved, secret_state},
    tokens::chosen,
};
use crate::{fault, state::AppState};

/// What can be asked of a profile's portal, and with which tokens.
#[tauri::command(rename_all = "snake_case")]
pub async fn open_portal(state: State<'_, AppState>, profile: String) -> Result<OpenPortal, Fault> {
    let profile = state.profiles.find(&profile)?;
    let bench = state.bench().await?;
    let gateway = profile.gateway.clone().unwrap_or_default();
    let unavailable = match (&profile.gateway, gateway.portal.is_empty()) {
        (None, _) => Some("This profile has no gateway. Add one in Profiles, under Gateway.".to_owned()),
        (_, true) => Some(
            "This profile has no developer portal. Enter the control plane's address in Profiles, under Gateway: for WSO2 as it comes, https://localhost:9443."
                .to_owned(),
        ),
        _ => None,
    };
    let mut tokens: Vec<PortalToken> = bench
        .tokens()
        .into_iter()
        .rev()
        .filter(|token| takes(token, &profile))
        .map(|token| PortalToken { standing: standing(&token.scope), token })
        .collect();
    // Newest first among those that can do the same.
    tokens.sort_by_key(|one| one.standing.lacks.len());
    let mut registrars = Vec::new();
    for client in profile.clients.iter().filter(|client| client.server == ServerRole::Gateway && client.client_id == "admin") {
        if bench.secret(&Owner::of(&profile, client)).await.map_err(|error| fault::secret(&error))?.is_some() {
            registrars.push(client.client_id.clone());
        }
    }
    let secrets = secret_ways(&gateway.release);
    Ok(OpenPortal {
        address: gateway.portal,
        name: gateway.name,
        release: gateway.release,
        secrets,
        unavailable,
        tokens,
        get_token: get_token(),
        registrars,
    })
}

/// Sends a call of the portal. A pair it made becomes a client of the profile; a release it told is noted there.
#[tauri::command(rename_all = "snake_case")]
pub async fn ask_portal(state: State<'_, AppState>, run: String, draft: Draft) -> Result<PortalAnswered, Fault> {
    let mut profile = state.profiles.find(&draft.profile)?;
    let bench = state.bench().await?;
    let asked = bench.portal(&run, &draft, &profile, &*state.outside.progress).await.map_err(fault::run)?;
    let mut secrets = Vec::new();
    for kept in &asked.secrets {
        if kept.problem.is_none() && !profile.simulated {
            note_saved(&state, &bench, &at_gateway(&profile, &kept.client_id))?;
        }
        let place = if profile.simulated {
            "Held in memory as long as the lab runs".to_owned()
        } else {
            let state = secret_state(&state, &bench, &profile, &at_gateway(&profile, &kept.client_id)).await;
            state.problem.unwrap_or(state.place)
        };
        let problem = kept.problem.as_ref().map(|problem| {
            format!("{problem} The secret is held in memory until the app closes. Unlock the keychain or choose another store under Settings, then generate a further secret.")
        });
        secrets.push(SecretFate { client_id: kept.client_id.clone(), place, problem });
    }
    let gone = if asked.answer == Some(PortalAnswer::Done) { without(&draft, &mut profile) } else { Vec::new() };
    for client in &gone {
        bench.forget_secret(&at_gateway(&profile, client)).await.map_err(|error| fault::secret(&error))?;
    }
    if !gone.is_empty() {
        bench.forget_secrets();
    }
    let changed = !gone.is_empty() || asked.answer.as_ref().is_some_and(|answer| learn(answer, &mut profile));
    if changed {
        state.profiles.save(profile.clone())?;
    }
    Ok(PortalAnswered {
        step: asked.step,
        answer: asked.answer.shown(),
        secrets,
        profile: changed.then_some(profile),
        tokens: bench.tokens().shown(),
        steps: bench.journal.steps().map_err(|error| fault::journal(&error))?,
    })
}

/// A client of the profile's gateway.
fn at_gateway(profile: &Profile, client: &str) -> Owner {
    Owner::at(&profile.id, ServerRole::Gateway, client)
}

/// Takes into the profile what an answer tells: a client it has not yet, or the release of the server.
fn learn(answer: &PortalAnswer, profile: &mut Profile) -> bool {
    let (client_id, note) = match answer {
        PortalAnswer::Settings { settings } => {
            let gateway = profile.gateway.as_mut().filter(|gateway| gateway.release.is_empty() && !settings.release.is_empty());
            let told = gateway.is_some();
            gateway.into_iter().for_each(|gateway| gateway.release.clone_from(&settings.release));
            return told;
        }
        PortalAnswer::Key { key } if key.mode != "MAPPED" => {
            (&key.consumer_key, format!("{} keys of the developer portal", key.key_type.to_lowercase()))
        }
        PortalAnswer::Registered { client } => (&client.client_id, format!("{}, registered at the gateway", client.name)),
        _ => return false,
    };
    if profile.clients.iter().any(|client| client.client_id == *client_id && client.server == ServerRole::Gateway) {
        return false;
    }
    profile.clients.push(Client {
        client_id: client_id.clone(),
        auth: ClientAuth::ClientSecretBasic,
        server: ServerRole::Gateway,
        note,
        ..Client::default()
    });
    true
}

/// Takes the clients out of the profile that a call has just deleted at the gateway, as its draft names them. Gives their ids.
fn without(draft: &Draft, profile: &mut Profile) -> Vec<String> {
    let said = |name: &'static str| draft.values.iter().filter(move |pair| pair.name == name).map(|pair| pair.value.as_str());
    if !said("call").any(|call| call == Call::DeleteApplication.name() || call == Call::DeleteKeys.name()) {
        return Vec::new();
    }
    let named: Vec<&str> = said("client").collect();
    let dead = |client: &mut Client| client.server == ServerRole::Gateway && named.contains(&client.client_id.as_str());
    profile.clients.extract_if(.., dead).map(|client| client.client_id).collect()
}

/// How a user of the provider becomes one of the gateway, and which scopes of the portal follow.
#[tauri::command(rename_all = "snake_case")]
pub async fn mapping(
    state: State<'_, AppState>,
    token: String,
    other: Option<String>,
    claim: Option<String>,
) -> Result<Mapping, Fault> {
    let profile = chosen(&state)?;
    let plain = state.plain_address(&profile);
    let bench = state.bench().await?;
    bench.mapping(&token, other.as_deref(), claim.as_deref(), &profile, plain.as_deref()).map_err(fault::token)
}

fn stopped() -> NetFault {
    NetFault {
        id: "cancelled",
        message: "You stopped the reading.".into(),
        advice: "Read the certificate again when you like.".into(),
    }
}

/// The certificate of the server at an https address; only the handshake is made.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_certificate(state: State<'_, AppState>, address: String) -> Result<Certificate, Fault> {
    let bench = state.bench().await?;
    let read = bench.until_cancelled(lasting::CERTIFICATE, engine::tls::shown(&address)).await;
    read.unwrap_or_else(|| Err(stopped())).map(Shown::shown).map_err(|problem| {
        let kind = match problem.id {
            "not-https" => FaultKind::Input,
            "cancelled" => FaultKind::Cancelled,
            _ => FaultKind::Network,
        };
        fault::fault(kind, problem.id, problem.message, problem.advice)
    })
}

#[cfg(test)]
mod tests {
    use oauth::{
        portal::{Key, Settings},
        profile::Gateway,
    };
    use record::operation::Operation;
    use token::text::Pair;

    use super::*;

    #[test]
    fn a_pair_becomes_a_client_once_and_a_mapped_one_never() {
        let mut profile = Profile::default();
        let made = |mode: &str| PortalAnswer::Key {
            key: Key { consumer_key: "ck".into(), mode: mode.into(), key_type: "PRODUCTION".into(), ..Key::default() },
        };
        assert!(!learn(&made("MAPPED"), &mut profile));
        assert!(learn(&made("CREATED"), &mut profile));
        assert!(!learn(&made("CREATED"), &mut profile));
        assert_eq!(profile.clients.len(), 1);
        assert_eq!(profile.clients[0].note, "production keys of the developer portal");
        assert!(!learn(&PortalAnswer::Done, &mut profile));
    }

    #[test]
    fn what_is_deleted_at_the_gateway_goes_from_the_profile() {
        let client = |id: &str, server| Client { client_id: id.into(), server, ..Client::default() };
        let whole = Profile {
            clients: vec![
                client("ck", ServerRole::Gateway),
                client("ck", ServerRole::Provider),
                client("other", ServerRole::Gateway),
            ],
            ..Profile::default()
        };
        let pair = |name: &str, value: &str| Pair { name: name.into(), value: value.into() };
        for (call, left) in [("delete_application", 2), ("delete_keys", 2), ("revoke_secret", 3), ("unsubscribe", 3)] {
            let values = vec![pair("call", call), pair("client", "ck"), pair("client", "unknown")];
            let draft = Draft { operation: Operation::Portal, profile: String::new(), values, extra: Vec::new() };
            let mut profile = whole.clone();
            let gone = without(&draft, &mut profile);
            assert_eq!((profile.clients.len(), gone.len()), (left, 3 - left), "{call}");
            assert!(profile.clients.contains(&whole.clients[1]), "{call}: one of the provider stays");
        }
    }

    #[test]
    fn a_release_is_noted_where_the_user_said_none() {
        let told =
            |release: &str| PortalAnswer::Settings { settings: Settings { release: release.into(), ..Settings::default() } };
        let mut profile = Profile { gateway: Some(Gateway::default()), ..Profile::default() };
        assert!(!learn(&told(""), &mut profile));
        assert!(learn(&told("4.7 or later"), &mut profile));
        assert_eq!(profile.gateway.as_ref().map(|gateway| gateway.release.as_str()), Some("4.7 or later"));
        assert!(!learn(&told("other"), &mut profile), "what stands there stays");
    }
}
