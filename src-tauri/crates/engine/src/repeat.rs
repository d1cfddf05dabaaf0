//! Repeating a call until its answer changes: a step each time, all of them one bundle in the journal, cancellable at any moment.

use std::time::Duration;

use oauth::{
    acceptance::repeat::{self, RepeatEnd, RepeatPlan, RepeatedCall, Repetition},
    message::value,
    operation::of,
    profile::Profile,
    progress::Progress,
};
use record::{
    audit::{Outcome, Step},
    operation::{Draft, FieldFault, Operation},
};

use crate::{
    asking::draft as usual,
    flow::{self, RunFault},
    foreign::unconfirmed,
    gate,
    ground::Ground,
    judge,
    running::Running,
    tokens,
};

/// What repeating left.
#[derive(Clone, Debug)]
pub struct Repeated {
    /// All calls and what they show.
    pub repetition: Repetition,
    /// The last step that was made.
    pub last: Option<Step>,
}

/// Makes a call again and again until it is answered otherwise, the plan ends or it is cancelled. With `revoke` it is called
/// once, so that whoever keeps answers knows the token, which is then revoked. `run` names it for [`Workbench::cancel`](crate::workbench::Workbench::cancel);
/// `report` hears of every call.
pub(crate) async fn repeat(
    ground: &Ground,
    run: &str,
    draft: &Draft,
    plan: &RepeatPlan,
    profile: &Profile,
    report: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Repeated, RunFault> {
    // What the user allowed once is allowed for all calls.
    Box::pin(gate::in_one_go(&ground.gate, repeat_calls(ground, run, draft, plan, profile, report))).await
}

async fn repeat_calls(
    ground: &Ground,
    run: &str,
    draft: &Draft,
    plan: &RepeatPlan,
    profile: &Profile,
    report: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Repeated, RunFault> {
    let token = value(draft, "token").and_then(|text| text.strip_prefix("token:")).map(str::to_owned);
    let faults = faults(draft, plan, token.as_deref());
    if !faults.is_empty() {
        return Err(RunFault::Fields(faults));
    }
    // The revocation goes to another server than the calls: who confirmed those did not confirm it.
    let revocation = usual(Operation::Revoke, profile, &judge::views(ground), token.as_deref().unwrap_or_default());
    for draft in std::iter::once(draft).chain(Some(&revocation).filter(|_| plan.revoke)) {
        if let Some(problem) = unconfirmed(draft, profile, &gate::materials(ground, draft, profile).await?) {
            return Err(RunFault::Foreign(problem));
        }
    }
    let running = Running::default();
    let _listed = ground.runs.listed(run, &running);
    let mut going = Going { run, count: 0, bundle: None, running, profile };
    let mut revoked_ms = token.as_deref().map(|id| revoked_before(ground, id)).transpose()?.flatten();
    if plan.revoke {
        let (first, stopped) = one(ground, &mut going, draft).await?;
        if stopped {
            return Ok(ended(vec![repeat::call(&first, first.started_ms)], None, RepeatEnd::Cancelled, first));
        }
        let (revoked, _) = one(ground, &mut Going { bundle: None, ..going.clone() }, &revocation).await?;
        going.count += 1;
        if revoked.outcome != Outcome::Success {
            return Ok(ended(Vec::new(), None, RepeatEnd::NotRevoked, revoked));
        }
        revoked_ms = Some(revoked.started_ms);
    }
    let started_ms = ground.world.now_ms();
    let mut calls: Vec<RepeatedCall> = Vec::new();
    loop {
        let (step, stopped) = one(ground, &mut going, draft).await?;
        let from_ms = revoked_ms.or(calls.first().map(|first| first.at_ms)).unwrap_or(step.started_ms);
        calls.push(repeat::call(&step, from_ms));
        let turned = calls.first().zip(calls.last()).is_some_and(|(first, last)| first.admission != last.admission);
        let over = ground.world.now_ms().saturating_sub(started_ms) + plan.every_ms > plan.for_ms;
        let end = match (stopped, turned, over) {
            (true, ..) => Some(RepeatEnd::Cancelled),
            (_, true, _) => Some(RepeatEnd::Changed),
            (_, _, true) => Some(RepeatEnd::TimeOver),
            _ => None,
        };
        report(progress(run, started_ms, plan, repeat::repetition(calls.clone(), revoked_ms, end.unwrap_or(RepeatEnd::Going))));
        if let Some(end) = end {
            return Ok(ended(calls, revoked_ms, end, step));
        }
        let pause = Duration::from_millis(u64::try_from(plan.every_ms).unwrap_or_default());
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = going.running.cancelled() => return Ok(ended(calls, revoked_ms, RepeatEnd::Cancelled, step)),
        }
    }
}

/// One call as a step of the bundle; the flag says whether the user stopped it meanwhile.
async fn one(ground: &Ground, going: &mut Going<'_>, draft: &Draft) -> Result<(Step, bool), RunFault> {
    going.count += 1;
    let name = format!("{}/{}", going.run, going.count);
    let call = flow::run_bundled(ground, &name, draft, going.profile, &|_| {}, going.bundle);
    tokio::pin!(call);
    let (step, stopped) = tokio::select! {
        step = &mut call => (step?, false),
        () = going.running.cancelled() => {
            ground.runs.cancel(&name);
            (call.await?, true)
        }
    };
    if of(draft.operation).calls_api() {
        going.bundle = going.bundle.or(Some(step.id));
    }
    Ok((step, stopped))
}

/// When a token was revoked, if it was.
fn revoked_before(ground: &Ground, id: &str) -> Result<Option<i64>, RunFault> {
    let from = tokens::held(ground, id).ok().and_then(|held| held.view(ground.world.now_s()).step);
    let steps = ground.journal.uses(id, from)?;
    let revoked = |step: &&Step| step.operation == Operation::Revoke && step.outcome == Outcome::Success;
    Ok(steps.iter().find(revoked).map(|step| step.started_ms))
}

/// A repetition under way.
#[derive(Clone)]
struct Going<'a> {
    run: &'a str,
    count: usize,
    /// First step of the bundle, once there is one.
    bundle: Option<i64>,
    running: Running,
    profile: &'a Profile,
}

fn ended(calls: Vec<RepeatedCall>, revoked_ms: Option<i64>, end: RepeatEnd, last: Step) -> Repeated {
    Repeated { repetition: repeat::repetition(calls, revoked_ms, end), last: Some(last) }
}

fn faults(draft: &Draft, plan: &RepeatPlan, token: Option<&str>) -> Vec<FieldFault> {
    let mut faults = plan.faults();
    let mut fault = |field: &str, message: &str| faults.push(FieldFault { field: field.into(), message: message.into() });
    if !of(draft.operation).calls_api() {
        fault("operation", "Only a call of an API can be repeated.");
    }
    if plan.revoke && token.is_none() {
        fault("token", "Choose a token of the shelf to revoke it first.");
    }
    faults
}

fn progress(run: &str, started_ms: i64, plan: &RepeatPlan, repetition: Repetition) -> Progress {
    Progress {
        run: run.to_owned(),
        headline: repetition.headline.clone(),
        detail: repetition.detail.clone(),
        deadline_ms: Some(started_ms.saturating_add(plan.for_ms)),
        started_ms,
        stages: Vec::new(),
        browser: false,
        browser_failed: false,
        strays: Vec::new(),
        repetition: Some(repetition),
    }
}
