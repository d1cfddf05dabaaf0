//! Flows: what happens when the user presses the button, from draft to journal.
//!
//! Every flow runs beside a [`Tape`]; whatever ends it (an answer, a refusal, a fault, the user), the step is written with what
//! the tape holds. A refusal by a server is a value here, not an error.

mod answer;
mod discover;
mod finish;
mod foreign;
mod login;
mod logout;
mod portal;
mod predict;
mod send;
mod server_info;
mod visit;

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use oauth::{
    message::{Built, LogoutChannel, value},
    profile::Profile,
    progress::{Progress, Stage, StageState},
};
use record::{
    audit::Step,
    operation::{Draft, FieldFault, Operation},
};

use crate::{
    gate::AtHand, http::NetFault, journal::JournalFault, running::Running, secrets::SecretFault, shelf::Held, tape::Tape,
    workbench::Workbench,
};

pub use discover::{DiscoverFault, Discovered};
pub use foreign::FOREIGN_TOKEN;
pub(crate) use foreign::{elsewhere, unconfirmed};
pub use portal::{Asked, KeptSecret};
pub(crate) use send::challenged;
pub use server_info::InfoRead;

/// Why nothing was run, or why what was run could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum RunFault {
    /// The draft is not complete; nothing was sent.
    #[error("The form is not complete.")]
    Fields(Vec<FieldFault>),
    /// A token of another environment that was not confirmed; nothing was sent.
    #[error("{}", .0.message)]
    Foreign(Problem),
    /// The secret store failed; nothing was sent.
    #[error(transparent)]
    Secret(#[from] SecretFault),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalFault),
}

/// A problem that ended a step, in our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Stable id.
    pub id: String,
    /// What happened.
    pub message: String,
    /// What to do.
    pub advice: String,
}

impl Problem {
    pub(crate) fn new(id: &str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { id: id.into(), message: message.into(), advice: advice.into() }
    }
}

impl From<NetFault> for Problem {
    fn from(fault: NetFault) -> Self {
        Self { id: fault.id.into(), message: fault.message, advice: fault.advice }
    }
}

/// The words of a server, before redaction.
#[derive(Clone, Default)]
pub(crate) struct Words {
    pub(crate) status: u16,
    pub(crate) body: bytes::Bytes,
    pub(crate) headers: http::HeaderMap,
    pub(crate) error: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) from_gateway: bool,
}

/// How a flow ended.
pub(crate) enum Ending {
    Done {
        tokens: Vec<Held>,
        words: Option<Words>,
    },
    Refused {
        words: Words,
    },
    /// Refused through the browser, where only an error code comes back.
    Denied {
        problem: Problem,
    },
    Failed {
        problem: Problem,
        words: Option<Words>,
        tokens: Vec<Held>,
    },
    Cancelled,
}

impl From<Problem> for Ending {
    fn from(problem: Problem) -> Self {
        Ending::Failed { problem, words: None, tokens: Vec::new() }
    }
}

/// What is known of a step before it ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    pub(crate) client: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) tokens_in: Vec<String>,
}

/// Tells the window how a step goes.
pub(crate) struct Teller<'a> {
    report: &'a (dyn Fn(Progress) + Send + Sync),
    progress: Mutex<Progress>,
    stage_began: Mutex<Instant>,
}

impl<'a> Teller<'a> {
    fn new(run: &str, headline: &str, started_ms: i64, stages: &[&str], report: &'a (dyn Fn(Progress) + Send + Sync)) -> Self {
        let stages = stages
            .iter()
            .map(|label| Stage { label: (*label).to_owned(), state: StageState::Waiting, note: String::new() })
            .collect();
        let progress = Progress {
            run: run.to_owned(),
            headline: headline.to_owned(),
            detail: String::new(),
            deadline_ms: None,
            started_ms,
            stages,
            browser: false,
            browser_failed: false,
            strays: Vec::new(),
            repetition: None,
        };
        Self { report, progress: Mutex::new(progress), stage_began: Mutex::new(Instant::now()) }
    }

    /// Changes the progress and reports it.
    pub(crate) fn tell(&self, change: impl FnOnce(&mut Progress)) {
        let progress = {
            let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
            change(&mut progress);
            progress.clone()
        };
        (self.report)(progress);
    }

    /// Begins a stage.
    pub(crate) fn begin(&self, index: usize) {
        *self.stage_began.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.tell(|progress| {
            if let Some(stage) = progress.stages.get_mut(index) {
                stage.state = StageState::Running;
            }
        });
    }

    /// Ends a stage; without a note it says how long it took.
    pub(crate) fn end(&self, index: usize, note: Option<String>) {
        let took = self.stage_began.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
        self.tell(|progress| {
            if let Some(stage) = progress.stages.get_mut(index) {
                stage.state = StageState::Done;
                stage.note = note.unwrap_or_else(|| format!("{} ms", took.as_millis()));
            }
        });
    }

    /// Marks a stage as failed.
    pub(crate) fn fail(&self, index: usize) {
        self.tell(|progress| {
            if let Some(stage) = progress.stages.get_mut(index) {
                stage.state = StageState::Failed;
            }
        });
    }
}

impl Workbench {
    /// Runs a draft at a profile and records it as a step. `run` names it for [`Workbench::cancel`]; `report` hears how it goes.
    ///
    /// # Errors
    /// Only when nothing was sent (incomplete form, secret store) or the journal failed. Everything a server or the network does is in the step.
    pub async fn run(
        &self,
        run: &str,
        draft: &Draft,
        profile: &Profile,
        report: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Step, RunFault> {
        self.run_bundled(run, draft, profile, report, None).await
    }

    /// The same as one of several steps that belong together; `bundle` is the first of them.
    pub(crate) async fn run_bundled(
        &self,
        run: &str,
        draft: &Draft,
        profile: &Profile,
        report: &(dyn Fn(Progress) + Send + Sync),
        bundle: Option<i64>,
    ) -> Result<Step, RunFault> {
        if draft.operation == Operation::Portal {
            return Ok(self.portal(run, draft, profile, report).await?.step);
        }
        Box::pin(self.in_one_go(self.run_alone(run, draft, profile, report, bundle))).await
    }

    async fn run_alone(
        &self,
        run: &str,
        draft: &Draft,
        profile: &Profile,
        report: &(dyn Fn(Progress) + Send + Sync),
        bundle: Option<i64>,
    ) -> Result<Step, RunFault> {
        let started_ms = self.world.now_ms();
        let began = Instant::now();
        let tape = Tape::default();
        let running = Running::default();
        let _listed = self.listed(run, &running);
        // What stops it stops it anywhere: at the keychain, which may ask somebody, as well as at a server.
        let mut about = About::default();
        let playing = Box::pin(self.play(run, draft, profile, report, &tape, &running, &mut about, started_ms));
        let ending = tokio::select! {
            ending = playing => ending?,
            () = running.cancelled() => Ending::Cancelled,
        };
        let duration_us = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
        Ok(self.finish(finish::Finished { draft, profile, about, ending, tape: &tape, started_ms, duration_us, bundle })?)
    }
}

impl Workbench {
    /// The step itself, up to its ending. `about` is filled as soon as it is known, so that a stopped step says it too.
    #[allow(clippy::too_many_arguments)] // One call; a struct would only repeat the fields.
    async fn play(
        &self,
        run: &str,
        draft: &Draft,
        profile: &Profile,
        report: &(dyn Fn(Progress) + Send + Sync),
        tape: &Tape,
        running: &Running,
        about: &mut About,
        started_ms: i64,
    ) -> Result<Ending, RunFault> {
        let materials = self.materials(draft, profile).await?;
        self.prepare(tape, &materials, draft);
        if let Some(problem) = unconfirmed(draft, profile, &materials) {
            *about = About { client: value(draft, "client").map(str::to_owned), ..About::default() };
            return Ok(problem.into());
        }
        if draft.operation == Operation::LogIn {
            return Ok(match self.prepare_login(draft, profile, &materials).await? {
                Err((known, problem)) => {
                    *about = known;
                    problem.into()
                }
                Ok(login) => {
                    *about = login.about();
                    let teller = Teller::new(run, "Log in", started_ms, &login::STAGES, report);
                    self.log_in(login, profile, tape, &teller, running).await
                }
            });
        }
        if draft.operation == Operation::LogOut && LogoutChannel::of(draft) == LogoutChannel::Front {
            let (known, prepared) = self.prepare_logout(draft, profile, &materials).await?;
            *about = known;
            return Ok(match prepared {
                Err(problem) => problem.into(),
                Ok(logout) => {
                    let teller = Teller::new(run, "Log out", started_ms, &logout::STAGES, report);
                    self.log_out(logout, tape, &teller, running).await
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
        let teller = Teller::new(run, &built.label, started_ms, &send::STAGES, report);
        Ok(self.send_built(built, draft, profile, tape, &teller).await)
    }

    /// Tells a tape what must not be shown: the secrets at hand, what was typed, and every token of the shelf by its evidence.
    fn prepare(&self, tape: &Tape, materials: &AtHand<'_>, draft: &Draft) {
        for secret in oauth::form::secrets(draft) {
            tape.hide(&secret);
        }
        materials.hide_on(tape);
        for held in self.shelf.all() {
            if let Some(text) = held.text() {
                tape.name(text, record::redact::evidence(&held.view(self.world.now_s())));
            }
        }
    }
}

/// A request, or the end of a step whose form is complete but whose secret may not go where it was to go. Nothing was sent then.
pub(crate) fn built_or_stopped(
    built: Result<Built, Vec<FieldFault>>,
    materials: &AtHand<'_>,
) -> Result<Result<Built, (About, Ending)>, RunFault> {
    match (built, materials.stopped()) {
        (Ok(built), _) => Ok(Ok(built)),
        (Err(faults), Some(crossing)) if faults.len() == 1 => {
            let about = About { client: Some(crossing.owner.client.clone()), ..About::default() };
            Ok(Err((about, Problem::from(&crossing).into())))
        }
        (Err(faults), _) => Err(RunFault::Fields(faults)),
    }
}
