//! Running a draft: which flow it is, and the step it leaves whatever ends it.

use std::time::Instant;

use oauth::{
    message::{LogoutChannel, value},
    operation::{Flow, of},
    profile::Profile,
    progress::Progress,
};
use record::{audit::Step, operation::Draft};

use super::{
    begin::{self, built_or_stopped},
    ending::{About, Ending, RunFault},
    finish::{self, Finished},
    login, logout, portal, send,
    teller::Teller,
};
use crate::{foreign::unconfirmed, gate, ground::Ground, running::Running, tape::Tape};

/// Runs a draft at a profile and records it as a step. `run` names it for [`Workbench::cancel`](crate::workbench::Workbench::cancel); `report` hears how it goes.
pub(crate) async fn run(
    ground: &Ground,
    run: &str,
    draft: &Draft,
    profile: &Profile,
    report: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Step, RunFault> {
    run_bundled(ground, run, draft, profile, report, None).await
}

/// The same as one of several steps that belong together; `bundle` is the first of them.
pub(crate) async fn run_bundled(
    ground: &Ground,
    run: &str,
    draft: &Draft,
    profile: &Profile,
    report: &(dyn Fn(Progress) + Send + Sync),
    bundle: Option<i64>,
) -> Result<Step, RunFault> {
    if of(draft.operation).flow == Flow::Portal {
        return Ok(portal::portal(ground, run, draft, profile, report).await?.step);
    }
    Box::pin(gate::in_one_go(&ground.gate, run_alone(ground, run, draft, profile, report, bundle))).await
}

async fn run_alone(
    ground: &Ground,
    run: &str,
    draft: &Draft,
    profile: &Profile,
    report: &(dyn Fn(Progress) + Send + Sync),
    bundle: Option<i64>,
) -> Result<Step, RunFault> {
    let started_ms = ground.world.now_ms();
    let began = Instant::now();
    let tape = Tape::default();
    let running = Running::default();
    let _listed = ground.runs.listed(run, &running);
    // What stops it stops it anywhere: at the keychain, which may ask somebody, as well as at a server.
    let mut about = About::default();
    let playing = Box::pin(play(ground, run, draft, profile, report, &tape, &running, &mut about, started_ms, bundle));
    let ending = tokio::select! {
        ending = playing => ending?,
        () = running.cancelled() => Ending::Cancelled,
    };
    let duration_us = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
    Ok(finish::finish(ground, Finished { draft, profile, about, ending, tape: &tape, started_ms, duration_us, bundle }).await?)
}

/// The step itself, up to its ending. `about` is filled as soon as it is known, so that a stopped step says it too.
#[allow(clippy::too_many_arguments)] // One call; a struct would only repeat the fields.
async fn play(
    ground: &Ground,
    run: &str,
    draft: &Draft,
    profile: &Profile,
    report: &(dyn Fn(Progress) + Send + Sync),
    tape: &Tape,
    running: &Running,
    about: &mut About,
    started_ms: i64,
    bundle: Option<i64>,
) -> Result<Ending, RunFault> {
    let materials = gate::materials(ground, draft, profile).await?;
    begin::prepare(ground, tape, &materials, draft);
    if let Some(problem) = unconfirmed(draft, profile, &materials) {
        *about = About { client: value(draft, "client").map(str::to_owned), ..About::default() };
        return Ok(problem.into());
    }
    let flow = of(draft.operation).flow;
    if flow == Flow::LogIn {
        return Ok(match login::prepare_login(ground, draft, profile, &materials).await? {
            Err((known, problem)) => {
                *about = known;
                problem.into()
            }
            Ok(login) => {
                *about = login.about();
                finish::begin(ground, draft, profile, about, tape, started_ms, bundle).await?;
                let teller = Teller::new(run, "Log in", started_ms, &login::STAGES, report);
                login::log_in(ground, login, profile, tape, &teller, running).await
            }
        });
    }
    if flow == Flow::LogOut && LogoutChannel::of(draft) == LogoutChannel::Front {
        let (known, prepared) = logout::prepare_logout(ground, draft, profile, &materials).await?;
        *about = known;
        return Ok(match prepared {
            Err(problem) => problem.into(),
            Ok(logout) => {
                finish::begin(ground, draft, profile, about, tape, started_ms, bundle).await?;
                let teller = Teller::new(run, "Log out", started_ms, &logout::STAGES, report);
                logout::log_out(ground, logout, tape, &teller, running).await
            }
        });
    }
    let built = match built_or_stopped(materials.build(draft), &materials)? {
        Ok(built) => built,
        Err((known, ending)) => {
            *about = known;
            return Ok(ending);
        }
    };
    for assertion in materials.assertions() {
        tape.hide(&assertion);
    }
    *about = About { client: built.client.clone(), audience: built.audience.clone(), tokens_in: built.tokens_in.clone() };
    tape.sends(built.to, &built.label, &built.request, started_ms);
    finish::begin(ground, draft, profile, about, tape, started_ms, bundle).await?;
    let teller = Teller::new(run, &built.label, started_ms, &send::STAGES, report);
    Ok(send::send_built(ground, built, draft, profile, tape, &teller).await)
}
