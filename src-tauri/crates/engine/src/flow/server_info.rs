//! Server info: asking a Keycloak which features are switched on, where the profile has a client that may.
//!
//! The metadata name grants, but not which kind of exchange stands behind one. The client that reads events is an admin's
//! already, so its token is tried. That is never part of discovery: it is asked for by itself, for a saved profile, and the
//! secret goes through the gate like any other.

use std::time::Instant;

use oauth::{
    capability,
    message::{self, ResponseReading},
    profile::{Client, Profile, Provider},
    server::habits,
};
use record::{
    audit::{Actor, Step},
    operation::{Draft, Operation},
};
use token::secret::Secret;
use url::Url;

use super::{
    ending::{About, Ending, RunFault},
    finish::{self, Finished},
};
use crate::{
    events::{self, credentials, token_of},
    fault::Problem,
    gate::{self, Stopped},
    ground::Ground,
    lasting,
    tape::{Taken, Tape},
};

/// What reading the server info gave.
#[derive(Debug)]
pub struct InfoRead {
    /// The step in the journal.
    pub step: Step,
    /// The provider with what was learned, or why nothing was.
    pub provider: Result<Provider, Problem>,
}

/// Asks the provider of a saved profile for its server info as the client that reads events, and records that as a step.
pub(crate) async fn server_info(ground: &Ground, profile: &Profile) -> Result<InfoRead, RunFault> {
    let started_ms = ground.world.now_ms();
    let began = Instant::now();
    let tape = Tape::default();
    let told = match lasting::until_cancelled(ground, lasting::DISCOVERY, ask_server_info(ground, profile, &tape)).await {
        Some(told) => told?,
        None => Err(Problem::new("cancelled", "You stopped the reading.", "Nothing of it was used.")),
    };
    let ending = match &told {
        Ok(_) => Ending::Done { tokens: Vec::new(), words: None },
        Err(problem) if problem.id == "cancelled" => Ending::Cancelled,
        Err(problem) => problem.clone().into(),
    };
    let draft = Draft { operation: Operation::Discover, profile: profile.id.clone(), values: Vec::new(), extra: Vec::new() };
    let about = About { audience: Some(format!("{} server info", profile.provider.issuer)), ..About::default() };
    let duration_us = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
    let finished = Finished { draft: &draft, profile, about, ending, tape: &tape, started_ms, duration_us, bundle: None };
    let mut step = finish::finish(ground, finished).await?;
    step.draft = None;
    Ok(InfoRead { step, provider: told })
}

async fn ask_server_info(ground: &Ground, profile: &Profile, tape: &Tape) -> Result<Result<Provider, Problem>, RunFault> {
    let missing = |message: &str, advice: &str| Ok(Err(Problem::new("no-server-info", message, advice)));
    let Some(client) = profile.clients.iter().find(|client| client.events) else {
        return missing(
            "No client of this profile reads events, and only an administrator's client may see the server info.",
            "Mark a service account client under Clients as one that reads audit events.",
        );
    };
    let Some(server_info) = (habits(profile.provider.dialect).server_info)(&profile.provider.issuer) else {
        return missing("Only a Keycloak has a server info.", "Nothing is needed: the metadata say what this server can do.");
    };
    let Ok(address) = Url::parse(&server_info) else {
        return missing("The issuer is no address.", "Correct the issuer under Identity provider.");
    };
    // The token is worth the secret to whoever gets it, so both addresses are looked at before the first is asked.
    match gate::secret_for(ground, profile, client, &address).await {
        Ok(Some(_)) => {}
        Ok(None) => {
            let load = token_of(&client.client_id, address.as_str());
            if let Err(crossing) = gate::may_go(ground, profile, &load, true).await {
                events::ask_with(ground, profile, client).await;
                return Ok(Err(Problem::from(&*crossing)));
            }
        }
        Err(Stopped::Crossing(crossing)) => {
            events::ask_with(ground, profile, client).await;
            return Ok(Err(Problem::from(&*crossing)));
        }
        Err(Stopped::Store(fault)) => return Err(fault.into()),
    }
    let token = match token_for_info(ground, profile, client, tape).await? {
        Ok(token) => token,
        Err(problem) => return Ok(Err(problem)),
    };
    let info = read_info(ground, &address, profile, &token, tape).await;
    Ok(info.map(|info| {
        let mut provider = profile.provider.clone();
        for (id, support, source) in info.told {
            capability::learn(&mut provider, id, support, &source, ground.world.now_ms());
        }
        provider
    }))
}

async fn token_for_info(
    ground: &Ground,
    profile: &Profile,
    client: &Client,
    tape: &Tape,
) -> Result<Result<Secret, Problem>, RunFault> {
    let id = &client.client_id;
    let draft = credentials(profile, id);
    let materials = gate::materials(ground, &draft, profile).await?;
    materials.hide_on(tape);
    let built = match materials.build(&draft) {
        Ok(built) => built,
        Err(faults) => {
            return Ok(Err(match materials.stopped() {
                Some(crossing) => Problem::from(&crossing),
                None => {
                    let words = faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join(" ");
                    Problem::new("no-server-info", words, "Complete the client in Profiles, then read the server info again.")
                }
            }));
        }
    };
    let from_ms = ground.world.now_ms();
    let recorded = ground.http.send(built.request, &profile.tls, ground.bounds.metadata).await;
    let answer = recorded.result.clone();
    let reading = answer
        .and_then(|answer| answer.readable().map(|()| answer))
        .map(|answer| message::read_token_response(answer.status, answer.content_type(), &answer.body));
    let token = match &reading {
        Ok(ResponseReading::Ok(response)) => response.access_token.clone(),
        _ => None,
    };
    events::note_reading(ground, &profile.id, id, token.as_ref(), from_ms);
    if let Some(token) = &token {
        tape.hide(token);
    }
    tape.add(Taken::Ours {
        to: Actor::Provider,
        label: built.label,
        purpose: record::audit::ExchangePurpose::Other,
        recorded: Box::new(recorded),
    });
    Ok(match (token, reading) {
        (Some(token), _) => Ok(token),
        (None, Err(fault)) => Err(fault.into()),
        (None, Ok(_)) => Err(Problem::new(
            "no-server-info",
            format!("The provider gave {id} no token to ask with."),
            "Check its secret in Profiles, under clients, and that service accounts are on for it.",
        )),
    })
}

async fn read_info(
    ground: &Ground,
    address: &Url,
    profile: &Profile,
    token: &Secret,
    tape: &Tape,
) -> Result<capability::ServerInfo, Problem> {
    let said = |message: String| {
        Problem::new("no-server-info", message, "The client needs a role of realm-management; what the metadata say still holds.")
    };
    let request = http::Request::get(address.as_str())
        .header(http::header::ACCEPT, "application/json")
        .header(http::header::AUTHORIZATION, format!("Bearer {}", token.expose()))
        .body(Vec::new())
        .map_err(|_| said("The server info has no usable address.".into()))?;
    let recorded = ground.http.send(request, &profile.tls, ground.bounds.metadata).await;
    let result = recorded.result.clone();
    tape.add(Taken::Ours {
        to: Actor::Provider,
        label: "GET server info".into(),
        purpose: record::audit::ExchangePurpose::Other,
        recorded: Box::new(recorded),
    });
    let answer = result.map_err(Problem::from)?;
    if answer.status != 200 {
        return Err(said(format!("The server info answered {}.", answer.status)));
    }
    answer.readable().map_err(Problem::from)?;
    capability::read_server_info(&String::from_utf8_lossy(&answer.body))
        .map_err(|why| said(format!("The server info cannot be read: {why}.")))
}
