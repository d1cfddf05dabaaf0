//! The end of a step: from what happened to the record of it.

use oauth::{
    capability,
    cut::Shown as _,
    form,
    operation::{self, Ended, Headline, Target},
    profile::Profile,
    refusal,
};
use record::{
    audit::{Diagnosis, Exchange, Outcome, ServerWords, Step},
    operation::{Draft, Operation},
    redact,
};
use serde_json::{Map, Value};
use token::{
    bounded,
    compare::{self, Column, Verdict},
    lineage::Kinship,
    shown::{made_sentence, made_visible, shown},
    text::{Line, Span},
    truth::Told,
};

use super::{
    answer::who,
    ending::{About, Ending, Words},
};
use crate::{
    diagnosis::{self, Read},
    fault::Problem,
    ground::Ground,
    journal::{JournalFault, Reread},
    judge,
    shelf::Held,
    tape::{Tape, reason},
    tokens,
};

/// Largest body that is searched for a cause, in bytes.
const LARGEST_TOLD: usize = 256 * 1024;

/// Problem of a step that was sent and never ended.
const INTERRUPTED: &str = "interrupted";
/// What to do about a request that may have reached the server.
const MAY_BE_DONE: &str = "It may have been done: look at the server's events before you run it again.";

/// Everything known when a step has ended.
pub(super) struct Finished<'a> {
    pub(super) draft: &'a Draft,
    pub(super) profile: &'a Profile,
    pub(super) about: About,
    pub(super) ending: Ending,
    pub(super) tape: &'a Tape,
    pub(super) started_ms: i64,
    pub(super) duration_us: i64,
    /// The first of several steps that belong together.
    pub(super) bundle: Option<i64>,
}

/// Writes the step, puts its tokens on the shelf and gives the record back.
///
/// The record comes first: what was sent and answered is in the journal before anything of earlier steps is looked at. How it is
/// read lies beside it.
pub(super) async fn finish(ground: &Ground, finished: Finished<'_>) -> Result<Step, JournalFault> {
    let Finished { draft, profile, about, ending, tape, started_ms, duration_us, bundle } = finished;
    let operation = draft.operation;
    let definition = operation::of(operation);
    let (outcome, tokens, words, problem) = match ending {
        Ending::Done { tokens, words } => (Outcome::Success, tokens, words, None),
        Ending::Refused { words } => (Outcome::Refused, Vec::new(), Some(words), None),
        Ending::Denied { problem } => (Outcome::Refused, Vec::new(), None, Some(problem)),
        Ending::Failed { problem, words, tokens } => (Outcome::Failed, tokens, words, Some(problem)),
        Ending::Cancelled => (
            Outcome::Cancelled,
            Vec::new(),
            None,
            Some(match tape.is_under_way() {
                true => Problem::new("cancelled", "You stopped this before an answer came.", MAY_BE_DONE),
                false => Problem::new("cancelled", definition.stopped.message, definition.stopped.advice),
            }),
        ),
    };
    let now_s = ground.world.now_s();
    let source = about.tokens_in.first().and_then(|id| tokens::held(ground, id).ok());
    let subject = who(&tokens).or_else(|| source.as_ref().and_then(|held| who(std::slice::from_ref(held))));
    let issued = tokens.first().filter(|_| outcome == Outcome::Success);
    let verdicts = verdicts(source.as_ref(), issued, now_s);
    let report = issued.and_then(|held| {
        judge::report(ground, held, Some(about.audience.as_deref()?), profile, Some(&form::recorded(draft, &tape.known())))
    });
    // Laid out once: a long body costs its time only here.
    let (exchanges, long) = tape.exchanges();
    // A login whose ID token nobody could check keeps its tokens, as what they are.
    let kept = tokens.iter().any(|held| held.text().is_some());
    let known = tape.known();
    let server_words = words.as_ref().map(|words| ServerWords {
        server: server_name(words, profile, operation),
        status: words.status,
        status_text: reason(words.status).to_owned(),
        body: said(words, &exchanges, tape.main(), &known),
        error: words.error.as_ref().map(|text| redacted(text, &known)),
        description: words.description.as_ref().map(|text| redacted(text, &known)),
        account_link: account_link(&words.body),
    });
    let recorded = form::recorded(draft, &known);
    let mut step = Step {
        id: 0,
        started_ms,
        duration_us,
        operation,
        title: title(draft, &about, profile).to_owned(),
        headline: bounded::sentence(&headline(outcome, &about, subject.as_deref(), profile, &recorded, kept)),
        profile: profile.id.clone(),
        subject: subject.map(|subject| bounded::sentence(&made_visible(subject))),
        client: about.client.map(made_visible),
        audience: about.audience.map(made_visible),
        outcome,
        status: words.as_ref().map(|words| words.status).or_else(|| tape.last_status().filter(|_| outcome != Outcome::Cancelled)),
        problem: problem.as_ref().map(|problem| bounded::sentence(&made_sentence(redact::text(&problem.message, &known)))),
        problem_id: problem.as_ref().map(|problem| problem.id.clone()),
        advice: problem.map(|problem| made_sentence(problem.advice)),
        words: server_words,
        diagnosis: None,
        surprises: Vec::new(),
        tokens_in: about.tokens_in,
        tokens_out: tokens.iter().map(|held| held.id().to_owned()).collect(),
        verdicts: verdicts.shown(),
        report: report.shown(),
        main_exchange: tape.main(),
        bundle,
        exchanges,
        events: Vec::new(),
        draft: Some(recorded),
    };
    redact::step(&mut step, &known);
    // The net under everything that was laid out from what servers said.
    let bodies = step.words.iter_mut().map(|words| &mut words.body);
    let exchanges = step.exchanges.iter_mut().flat_map(|exchange| [&mut exchange.request, &mut exchange.response]);
    bodies.chain(exchanges).flatten().flatten().for_each(Span::make_visible);
    let kept: Vec<_> = tokens.iter().map(|held| held.kept(now_s, &known)).collect();
    match ground.journal.finish(step.clone(), kept, ground.session, &tape.begun).await {
        Ok(id) => step.id = id,
        // What a server did cannot be undone because of a full disk: what came is shown, and the window says what is not kept. A
        // step that was never noted sent nothing.
        Err(fault) => {
            let Some(id) = tape.begun.id() else { return Err(fault) };
            unwritten(ground, &mut step, id, tokens, &fault);
            return Ok(step);
        }
    }
    if !long.is_empty() {
        ground.bodies.hold(step.id, long, known.clone());
    }
    first_reading(ground, &mut step, draft, profile, words.as_ref(), source.as_ref(), &tokens, &known).await;
    for mut held in tokens {
        held.set_step(step.id);
        ground.shelf.put(held);
    }
    remember(ground, &step, words.as_ref(), &known).await;
    Ok(step)
}

/// A step whose end could not be written: its tokens are on the shelf all the same, and the first thing it says is that.
fn unwritten(ground: &Ground, step: &mut Step, id: i64, tokens: Vec<Held>, fault: &JournalFault) {
    step.id = id;
    let remark = Diagnosis {
        id: "not-recorded".into(),
        certain: true,
        cause: bounded::sentence(&format!("This step is not in the journal as it ended. {fault}")),
        fix: "Make room or give the data folder its rights back. Until Claimscope ends, what came is here and its tokens are on the shelf; note what you need.".into(),
        evidence: Vec::new(),
        actions: Vec::new(),
        tell: None,
        others: Vec::new(),
    };
    step.surprises.insert(0, remark);
    for mut held in tokens {
        held.set_step(step.id);
        ground.shelf.put(held);
    }
}

/// Notes a step before anything of it is sent, with the request where it is known. Where the app ends before the step does, this is
/// what is known of it.
///
/// # Errors
/// When the journal cannot be written; then nothing is sent.
pub(super) async fn begin(
    ground: &Ground,
    draft: &Draft,
    profile: &Profile,
    about: &About,
    tape: &Tape,
    started_ms: i64,
    bundle: Option<i64>,
) -> Result<(), JournalFault> {
    let known = tape.known();
    let recorded = form::recorded(draft, &known);
    let title = title(draft, about, profile);
    let mut step = Step {
        id: 0,
        started_ms,
        duration_us: 0,
        operation: draft.operation,
        title: title.to_owned(),
        headline: format!("{title}: how it ended is not known"),
        profile: profile.id.clone(),
        subject: None,
        client: about.client.clone().map(made_visible),
        audience: about.audience.clone().map(made_visible),
        outcome: Outcome::Unknown,
        status: None,
        problem: Some(
            "How this step ended is not in the journal: Claimscope ended before it did, could not write, or runs it in another window."
                .into(),
        ),
        problem_id: Some(INTERRUPTED.into()),
        advice: Some(MAY_BE_DONE.into()),
        words: None,
        diagnosis: None,
        surprises: Vec::new(),
        tokens_in: about.tokens_in.clone(),
        tokens_out: Vec::new(),
        verdicts: Vec::new(),
        report: None,
        main_exchange: tape.main(),
        bundle,
        exchanges: tape.exchanges().0,
        events: Vec::new(),
        draft: Some(recorded),
    };
    redact::step(&mut step, &known);
    step.exchanges.iter_mut().flat_map(|exchange| &mut exchange.request).flatten().for_each(Span::make_visible);
    ground.journal.begin(step, &tape.begun).await
}

/// Reads a step that has just been written, with what the journal knows of earlier ones, and puts the reading beside it.
#[allow(clippy::too_many_arguments)] // One call; a struct would only repeat the fields.
async fn first_reading(
    ground: &Ground,
    step: &mut Step,
    draft: &Draft,
    profile: &Profile,
    words: Option<&Words>,
    source: Option<&Held>,
    issued: &[Held],
    secrets: &redact::KnownSecrets,
) {
    let (Outcome::Refused | Outcome::Success, Some(words)) = (step.outcome, words) else { return };
    let now_s = ground.world.now_s();
    let known = diagnosis::known(ground, profile, source, Some(step.id), draft, &step.exchanges, now_s).await;
    let read = Read {
        draft,
        profile,
        from_gateway: words.from_gateway,
        status: words.status,
        error: words.error.as_deref(),
        description: words.description.as_deref(),
        body: &String::from_utf8_lossy(told(&words.body)),
        source,
        issued,
        events: &[],
        now_s,
    };
    let (diagnosis, surprises) = read.by(&known, step.outcome == Outcome::Refused);
    let unsure = surprises.iter().any(|found| refusal::LOGOUT_UNSURE.contains(&found.id.as_str()));
    (step.diagnosis, step.surprises) = (diagnosis.shown(), surprises.shown());
    if unsure {
        step.headline = format!("{} may be logged out", step.subject.as_deref().unwrap_or("The user"));
    }
    if step.diagnosis.is_none() && step.surprises.is_empty() {
        return;
    }
    redact::step(step, secrets);
    let reread = Reread { diagnosis: step.diagnosis.clone(), surprises: step.surprises.clone() };
    let headline = unsure.then(|| step.headline.clone());
    // The step itself is recorded; without this it is read once more when its events are.
    let _ = ground.journal.keep_first_reading(step.id, reread, headline).await;
}

/// Keeps what introspection or userinfo said with the token it was asked about, a refusal too.
async fn remember(ground: &Ground, step: &Step, words: Option<&Words>, known: &redact::KnownSecrets) {
    let Some(endpoint) = operation::of(step.operation).speaker else { return };
    let Some(mut held) = step.tokens_in.first().and_then(|id| ground.shelf.find(id)) else { return };
    if step.outcome == Outcome::Cancelled {
        return;
    }
    // What is longer than a token may be is no description of one, and costs the journal its length.
    let unreadable = match words {
        Some(words) if words.body.len() > token::decode::MAX_SIZE => "the answer is longer than a token may be",
        _ => "the answer is no JSON object and no JWT",
    };
    let words = words.filter(|words| words.body.len() <= token::decode::MAX_SIZE);
    let claims = words.filter(|_| step.outcome == Outcome::Success).and_then(|words| members(&words.body));
    let main = step.exchanges.iter().find(|exchange| Some(exchange.seq) == step.main_exchange);
    let said = step.words.as_ref().and_then(|words| words.description.clone().or_else(|| words.error.clone()));
    let told = Told {
        problem: claims.is_none().then(|| said.or_else(|| step.problem.clone()).unwrap_or_else(|| unreadable.to_owned())),
        claims,
        exact: words.map(|words| super::answer::exact(&words.body)).unwrap_or_default(),
        status: step.status,
        address: main.map(|exchange| exchange.url.clone()).unwrap_or_default(),
        read_ms: step.started_ms,
        step: Some(step.id),
    };
    held.set_told(endpoint, told, known);
    // The step itself is recorded already; without this copy only a later look at all three together is poorer.
    let kept = held.kept(ground.world.now_s(), known);
    let _ = ground.journal.keep_token_later(kept, ground.session, ground.world.now_ms()).await;
    ground.shelf.put(held);
}

/// Takes over into the profile what a finished step taught about its provider; says whether anything changed.
pub(crate) fn teach(ground: &Ground, profile: &mut Profile, step: &Step) -> bool {
    let has = |ids: &[String], claim: &str| {
        ids.iter()
            .filter_map(|id| tokens::held(ground, id).ok())
            .any(|held| held.claims().is_some_and(|claims| claims.contains_key(claim)))
    };
    let allowed = step.tokens_in.get(..1).is_some_and(|subject| has(subject, "may_act"));
    let acts = (allowed || has(&step.tokens_out, "act")).then(|| has(&step.tokens_out, "act"));
    let mut changed = false;
    for (id, support, source) in refusal::learned(step, profile, acts) {
        changed |= capability::learn(&mut profile.provider, id, support, &source, step.started_ms);
    }
    changed
}

/// Members of an answer: JSON, or a JWT as userinfo (OpenID Connect Core 5.3.2) and introspection (RFC 9701) may give.
fn members(body: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(members)) => Some(members),
        _ => {
            let mut claims = token::decode::decode(std::str::from_utf8(body).ok()?.trim()).claims?;
            match claims.remove("token_introspection") {
                Some(Value::Object(members)) => Some(members),
                _ => Some(claims),
            }
        }
    }
}

/// As much of a body as is looked at for a cause: a server that explains a refusal does it in few words.
fn told(body: &[u8]) -> &[u8] {
    if body.len() > LARGEST_TOLD { &[] } else { body }
}

/// A text of a server that stands among ours: without secrets, and not longer than somebody would read.
fn redacted(text: &str, known: &redact::KnownSecrets) -> String {
    bounded::sentence(&made_visible(redact::text(text, known)))
}

/// The body of the server's words: as the exchange the step is about shows it, where that is the one that has it.
fn said(words: &Words, exchanges: &[Exchange], main: Option<u32>, known: &redact::KnownSecrets) -> Vec<Line> {
    let here =
        |one: &&Exchange| Some(one.seq) == main && one.status == Some(words.status) && one.response_bytes == words.body.len();
    match exchanges.iter().find(here) {
        Some(exchange) => body_only(exchange.response.clone()),
        None => body_only(redact::response_part(words.status, reason(words.status), &words.headers, &words.body, known, 0).lines),
    }
}

/// `account-link-url` of an answer, as far as it is an address somebody could open.
fn account_link(body: &[u8]) -> Option<String> {
    let json: serde_json::Value = serde_json::from_slice(told(body)).ok()?;
    let link = json.get("account-link-url")?.as_str()?;
    ["http://", "https://"].iter().any(|scheme| link.starts_with(scheme)).then(|| link.to_owned())
}

/// Status line and headers are shown elsewhere; the words are the body.
fn body_only(lines: Vec<Line>) -> Vec<Line> {
    let body = lines.iter().position(Vec::is_empty).map_or(0, |blank| blank + 1);
    lines.into_iter().skip(body).collect()
}

fn verdicts(source: Option<&Held>, issued: Option<&Held>, now_s: i64) -> Vec<Verdict> {
    let (Some(source), Some(issued)) = (source, issued) else { return Vec::new() };
    if source.claims().is_none() || issued.claims().is_none() {
        return Vec::new();
    }
    let column = |held: &'_ Held| -> token::inspect::TokenView { held.view(now_s) };
    let columns = [
        Column { view: column(source), header: source.header(), claims: source.claims(), exact: source.exact() },
        Column { view: column(issued), header: issued.header(), claims: issued.claims(), exact: issued.exact() },
    ];
    let kin = [Kinship::Unknown, Kinship::Descendant];
    compare::compare_all(&columns, &[None, None], &kin).pairs.pop().map(|pair| pair.verdicts).unwrap_or_default()
}

fn server_name(words: &Words, profile: &Profile, operation: Operation) -> String {
    if words.from_gateway {
        return profile.gateway.as_ref().map_or_else(|| "Gateway".into(), |gateway| gateway.name.clone());
    }
    if matches!(operation::of(operation).target, Target::Typed(_)) {
        return "API".into();
    }
    if profile.provider.name.is_empty() { "Identity provider".into() } else { profile.provider.name.clone() }
}

/// What a step is called in lists.
fn title(draft: &Draft, about: &About, profile: &Profile) -> &'static str {
    operation::step_title(draft, about.client.as_deref(), profile)
}

fn headline(outcome: Outcome, about: &About, subject: Option<&str>, profile: &Profile, draft: &Draft, tokens: bool) -> String {
    let server = operation::answered_by(draft.operation, about.client.as_deref(), profile);
    let ended = Ended {
        client: about.client.as_deref().map_or_else(|| "the client".to_owned(), shown),
        user: subject.map_or_else(|| "the user".to_owned(), shown),
        for_target: about.audience.as_deref().map(|target| format!(" for {}", shown(target))).unwrap_or_default(),
        server,
        tokens,
        draft,
        profile,
    };
    let Headline { done, not_done } = (operation::of(draft.operation).headline)(&ended);
    match outcome {
        Outcome::Success => done,
        Outcome::Cancelled => format!("{} was cancelled", operation::of(draft.operation).listed.at(server)),
        Outcome::Refused | Outcome::Failed | Outcome::Unknown => not_done,
    }
}
