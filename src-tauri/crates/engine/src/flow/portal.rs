//! Calls of the developer portal: one request, whose answer is kept as a step like any other and handed to the window as values.
//!
//! A secret in an answer goes to the secret store before anything else is done with the answer, because since WSO2 4.7 it is
//! shown once. If the store fails, the secret is held for this run of the app and that is said: it is not lost by our doing.

use std::time::Instant;

use oauth::{
    message::{Built, TokenResponse, value},
    portal::{CallReading, CallResult, NewSecret, PortalAnswer, read},
    profile::{Profile, ServerRole},
    progress::Progress,
};
use record::{
    audit::{Actor, Step},
    operation::Draft,
};
use token::{inspect::Obtained, secret::Secret};

use super::{
    answer::{self, Receiving, record, words},
    begin::{self, built_or_stopped},
    ending::{About, Ending, RunFault},
    finish::{self, Finished},
    send::STAGES,
    teller::Teller,
};
use crate::{
    fault::Problem,
    foreign::unconfirmed,
    gate,
    ground::Ground,
    running::Running,
    secrets::{BoundSecret, Owner, Sort},
    tape::Tape,
};

/// What a call of the portal left.
#[derive(Debug)]
pub struct CallMade {
    /// The step in the journal.
    pub step: Step,
    /// What the portal told; none when it refused or did not answer.
    pub answer: Option<PortalAnswer>,
    /// Where each secret of the answer went.
    pub secrets: Vec<KeptSecret>,
}

/// Where a secret went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSecret {
    /// The client it belongs to.
    pub client_id: String,
    /// Why it could not be saved and is held in memory until the app closes; none when it is saved.
    pub problem: Option<String>,
}

/// Sends a call of the portal and records it as a step. `run` names it for [`Workbench::cancel`](crate::workbench::Workbench::cancel).
pub(crate) async fn portal(
    ground: &Ground,
    run: &str,
    draft: &Draft,
    profile: &Profile,
    report: &(dyn Fn(Progress) + Send + Sync),
) -> Result<CallMade, RunFault> {
    let started_ms = ground.world.now_ms();
    let began = Instant::now();
    let tape = Tape::default();
    let running = Running::default();
    let _listed = ground.runs.listed(run, &running);
    let mut told = Told::default();
    let mut about = About::default();
    let asking = Box::pin(gate::in_one_go(&ground.gate, ask(ground, run, draft, profile, report, &tape, &mut about, &mut told)));
    let ending = tokio::select! {
        ending = asking => ending?,
        () = running.cancelled() => Ending::Cancelled,
    };
    let duration_us = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
    let step =
        finish::finish(ground, Finished { draft, profile, about, ending, tape: &tape, started_ms, duration_us, bundle: None })
            .await?;
    Ok(CallMade { step, answer: told.answer, secrets: told.secrets })
}

#[allow(clippy::too_many_arguments)] // One call; a struct would only repeat the fields.
async fn ask(
    ground: &Ground,
    run: &str,
    draft: &Draft,
    profile: &Profile,
    report: &(dyn Fn(Progress) + Send + Sync),
    tape: &Tape,
    about: &mut About,
    told: &mut Told,
) -> Result<Ending, RunFault> {
    let started_ms = ground.world.now_ms();
    let materials = gate::materials(ground, draft, profile).await?;
    if let Some(problem) = unconfirmed(draft, profile, &materials) {
        return Ok(problem.into());
    }
    let built = built_or_stopped(materials.build(draft), &materials)?;
    begin::prepare(ground, tape, &materials, draft);
    for secret in oauth::form::known(draft, &materials).secrets() {
        tape.hide(secret);
    }
    let built = match built {
        Ok(built) => built,
        Err((known, ending)) => {
            *about = known;
            return Ok(ending);
        }
    };
    *about = About { client: built.client.clone(), audience: None, tokens_in: built.tokens_in.clone() };
    tape.sends(Actor::Portal, &built.label, &built.request, started_ms);
    super::finish::begin(ground, draft, profile, about, tape, started_ms, None).await?;
    let teller = Teller::new(run, &built.title, started_ms, &STAGES, report);
    Ok(ask_portal(ground, built, draft, profile, tape, &teller, told).await)
}

async fn ask_portal(
    ground: &Ground,
    built: Built,
    draft: &Draft,
    profile: &Profile,
    tape: &Tape,
    teller: &Teller<'_>,
    told: &mut Told,
) -> Ending {
    teller.begin(0);
    let recorded = ground.http.send(built.request, &profile.tls, ground.bounds.usual).await;
    let received = recorded.result.clone();
    // Before the exchange is written down anywhere: what is secret in it is known from here on.
    let reading = received.as_ref().ok().map(|answer| match answer.readable() {
        Ok(()) => read(draft, answer.status, answer.content_type(), &answer.body),
        Err(fault) => CallReading::Malformed { id: fault.id, message: fault.message, advice: fault.advice },
    });
    if let Some(CallReading::Ok(read)) = &reading {
        for NewSecret { client_id, secret } in &read.secrets {
            tape.hide(secret);
            told.secrets.push(keep_new_secret(ground, profile, client_id, secret).await);
        }
        read.token.iter().for_each(|token| tape.hide(token));
    }
    let answer = match record(tape, Actor::Portal, &built.label, recorded) {
        Ok(answer) => answer,
        Err(fault) => {
            teller.fail(0);
            return Problem::from(fault).into();
        }
    };
    teller.end(0, None);
    teller.begin(1);
    let mut words = words(&answer, Actor::Portal);
    let ending = match reading {
        Some(CallReading::Ok(read)) => {
            let CallResult { answer, token, secrets } = *read;
            let client = secrets.first().map(|one| one.client_id.clone()).or_else(|| value(draft, "client").map(str::to_owned));
            let mut tokens = Vec::new();
            if let Some(token) = token {
                let receiving = Receiving {
                    to: Actor::Portal,
                    profile,
                    parent: None,
                    obtained: Obtained::Portal,
                    words: "the developer portal".into(),
                    client,
                    audience: None,
                    asked_scope: Vec::new(),
                    asked_type: None,
                };
                let response = TokenResponse { access_token: Some(token), ..TokenResponse::default() };
                tokens = answer::receive(ground, response, &receiving, tape).await;
            }
            told.answer = Some(answer);
            Ending::Done { tokens, words: Some(words) }
        }
        Some(CallReading::Refused { code, description }) => {
            words.error = Some(code);
            words.description = Some(description).filter(|text| !text.is_empty());
            Ending::Refused { words }
        }
        Some(CallReading::Malformed { id, message, advice }) => {
            Ending::Failed { problem: Problem::new(id, message, advice), words: Some(words), tokens: Vec::new() }
        }
        None => Ending::Refused { words },
    };
    teller.end(1, None);
    ending
}

/// Saves a secret that may never be shown again.
async fn keep_new_secret(ground: &Ground, profile: &Profile, client_id: &str, secret: &Secret) -> KeptSecret {
    let owner = Owner::at(&profile.id, ServerRole::Gateway, client_id);
    if profile.simulated {
        // The server is gone when the app closes, and the secret with it.
        ground.vault.store.lay(profile, ServerRole::Gateway, client_id, secret.clone());
        ground.vault.forget_unsaved(&owner);
        return KeptSecret { client_id: client_id.to_owned(), problem: None };
    }
    let bound = BoundSecret::entered(secret.clone(), Sort::Secret, profile, ServerRole::Gateway);
    ground.vault.hold_unsaved(&owner, bound.clone());
    let kept = gate::keep_bound(ground, &owner, bound).await;
    KeptSecret { client_id: client_id.to_owned(), problem: kept.err().map(|fault| fault.to_string()) }
}

/// What came out beside the ending; it outlives a cancelled call.
#[derive(Default)]
struct Told {
    answer: Option<PortalAnswer>,
    secrets: Vec<KeptSecret>,
}
