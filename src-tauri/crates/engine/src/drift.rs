//! Holding a token somebody keeps against a fresh exchange: the kept one is learned, the same exchange is made anew as a step of its
//! own, and the model says what the differences mean.

use oauth::{
    belongs,
    drift::{self, Drift, DriftFacts, DriftOf},
    form,
    profile::{Profile, ServerRole},
    progress::Progress,
};
use record::{
    audit::{Actor, Outcome, Step},
    operation::{Draft, Operation},
};
use serde_json::{Map, Value};
use token::{
    inspect::{Obtained, Origin, ShelfGroup, TokenKind, TokenView},
    text::Pair,
};

use crate::{
    fault::TokenFault,
    flow::{self, RunFault},
    ground::Ground,
    journal::JournalFault,
    judge::column,
    lasting,
    shelf::Held,
    tokens,
};

/// A drift and the step that showed it.
#[derive(Clone, Debug)]
pub struct Drifted {
    /// What was found.
    pub drift: Drift,
    /// The fresh exchange.
    pub step: Step,
}

/// Why nothing could be compared.
#[derive(Debug, thiserror::Error)]
pub enum DriftFault {
    /// The kept token, or what it was exchanged for, is not known; nothing was exchanged.
    #[error(transparent)]
    Unknown(#[from] TokenFault),
    /// The exchange could not be made or recorded.
    #[error(transparent)]
    Run(#[from] RunFault),
}

impl From<JournalFault> for DriftFault {
    fn from(fault: JournalFault) -> Self {
        DriftFault::Run(fault.into())
    }
}

/// The kept token, how to make it anew, and when it was obtained.
struct KeptExchange {
    kept: Held,
    draft: Draft,
    obtained_ms: i64,
}

/// What a gateway tells of a token it exchanged.
struct Told {
    header: Option<Map<String, Value>>,
    claims: Map<String, Value>,
    obtained_ms: i64,
    client: String,
    audience: String,
    scope: String,
    subject: String,
}

/// Makes the exchange of a kept token anew, and says what differs. `run` names it for [`Workbench::cancel`](crate::workbench::Workbench::cancel).
pub(crate) async fn drift(
    ground: &Ground,
    run: &str,
    of: &DriftOf,
    profile: &Profile,
    report: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Drifted, DriftFault> {
    let known = match of {
        DriftOf::Call { step } => match lasting::until_cancelled(ground, run, kept_of_call(ground, *step, profile)).await {
            Some(known) => known?,
            None => {
                return Err(unknown("cancelled", "You stopped this.", "Nothing was exchanged; compare again when you like."));
            }
        },
        DriftOf::Token { token } => kept_on_shelf(ground, token, profile)?,
    };
    let step = flow::run(ground, run, &known.draft, profile, report).await?;
    let now_s = ground.world.now_s();
    let fresh = step.tokens_out.first().filter(|_| step.outcome == Outcome::Success).and_then(|id| tokens::held(ground, id).ok());
    let subject = step.tokens_in.first().and_then(|id| tokens::held(ground, id).ok()).map(|held| held.view(now_s));
    let drift = drift::drift(&DriftFacts {
        kept: column(&known.kept, now_s),
        fresh: fresh.as_ref().map(|held| column(held, now_s)),
        step: &step,
        subject: subject.as_ref(),
        obtained_ms: known.obtained_ms,
        now_ms: ground.world.now_ms(),
    });
    Ok(Drifted { drift, step })
}

/// A token on the shelf and the step that made it.
fn kept_on_shelf(ground: &Ground, id: &str, profile: &Profile) -> Result<KeptExchange, DriftFault> {
    let kept = tokens::held(ground, id).map_err(DriftFault::Unknown)?;
    let step = match kept.view(ground.world.now_s()).step {
        Some(step) => ground.journal.step(step)?,
        None => None,
    };
    let made = step.filter(|step| oauth::operation::of(step.operation).from_token);
    let (Some(draft), Some(obtained_ms)) = (made.as_ref().and_then(|step| step.draft.clone()), made.map(|step| step.started_ms))
    else {
        return Err(unknown(
            "not-exchanged",
            "This token did not come from an exchange of the journal, so there is none to make anew.",
            "Choose a token that was exchanged here, or compare it with another one by hand.",
        ));
    };
    if draft.profile != profile.id {
        return Err(unknown(
            "other-profile",
            "This token was exchanged with another profile.",
            "Choose that profile, then compare again.",
        ));
    }
    Ok(KeptExchange { kept, draft, obtained_ms })
}

/// The token a gateway used for a call, as it tells it; it is on the shelf afterwards.
async fn kept_of_call(ground: &Ground, step: i64, profile: &Profile) -> Result<KeptExchange, DriftFault> {
    let told = match ground.journal.step_later(step).await? {
        Some(step) => told_of(ground, &step, profile).await,
        None => None,
    };
    let Some(told) = told else {
        return Err(unknown(
            "kept-not-told",
            "The gateway does not tell which token it kept for this call.",
            "Only the lab's gateway tells, and only while it runs. Of another one, put the token it sends to the API on the shelf, and compare that.",
        ));
    };
    let now_s = ground.world.now_s();
    let views = ground.shelf.views(now_s);
    let of_subject = |view: &&TokenView| {
        view.jti.as_deref() == Some(told.subject.as_str())
            && view.obtained != Obtained::KeptByGateway
            && !view.evidence_only
            && !told.subject.is_empty()
    };
    let Some(subject) = views.iter().rfind(of_subject) else {
        return Err(unknown(
            "subject-not-here",
            "The token the gateway exchanged is not on the shelf, or only its content is left.",
            "Log in, map the user again and call the API with that token; then compare.",
        ));
    };
    let jti = told.claims.get("jti").and_then(Value::as_str);
    let there = views.iter().find(|view| view.obtained == Obtained::KeptByGateway && jti.is_some() && view.jti.as_deref() == jti);
    let draft = draft(&told, subject, profile, &views);
    let obtained_ms = told.obtained_ms;
    let kept = match there.and_then(|view| tokens::held(ground, &view.id).ok()) {
        Some(kept) => kept,
        None => {
            let kept = kept(ground, told, subject, profile);
            let evidence = kept.kept(now_s, &tokens::known_here(ground));
            ground.journal.keep_token_later(evidence, ground.session, ground.world.now_ms()).await?;
            ground.shelf.put(kept.clone());
            kept
        }
    };
    Ok(KeptExchange { kept, draft, obtained_ms })
}

fn kept(ground: &Ground, told: Told, subject: &TokenView, profile: &Profile) -> Held {
    let words = format!("kept by the gateway since its exchange as {}", told.client);
    let origin = Origin {
        parent: Some(subject.id.clone()),
        user_hint: Some(subject.who.clone()),
        shelf_hint: Some(ShelfGroup::KeptByGateway),
        client_hint: Some(told.client),
        audience_hint: Some(told.audience),
        // The gateway keeps it; the provider of the same profile issued it.
        provenance: Some(belongs::provenance_at(profile, ServerRole::Provider)),
        simulated: profile.simulated,
        evidence_only: true,
        ..Origin::new(tokens::new_token_id(ground), TokenKind::Access, Obtained::KeptByGateway, &words)
    };
    Held::kept_elsewhere(told.header, told.claims, origin)
}

/// Asks the gateway what it did for a call, by the id the call's answer carried.
async fn told_of(ground: &Ground, step: &Step, profile: &Profile) -> Option<Told> {
    let base = profile.gateway.as_ref().map(|gateway| gateway.activity.as_str()).filter(|base| !base.is_empty())?;
    let main = step.exchanges.iter().find(|exchange| exchange.to == Actor::Gateway && !exchange.reported)?;
    let texts = main.response.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect::<String>());
    let id = texts.into_iter().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("activityid").then(|| value.trim().to_owned())
    })?;
    let request = http::Request::get(format!("{base}/{id}")).body(Vec::new()).ok()?;
    let answer = ground.http.send(request, &profile.tls, ground.bounds.metadata).await.result.ok()?;
    let Ok(Value::Array(list)) = serde_json::from_slice::<Value>(&answer.body) else { return None };
    list.iter().rev().find_map(|made| told(made.get("exchanged")?))
}

fn told(value: &Value) -> Option<Told> {
    let map = value.as_object()?;
    let object = |name: &str| map.get(name).and_then(Value::as_object).cloned();
    let text = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    Some(Told {
        header: object("header"),
        claims: object("claims")?,
        obtained_ms: map.get("obtained_ms")?.as_i64()?,
        client: text("client"),
        audience: text("audience"),
        scope: text("scope"),
        subject: text("subject_token_id"),
    })
}

/// The gateway's exchange as a draft of ours.
fn draft(told: &Told, subject: &TokenView, profile: &Profile, shelf: &[TokenView]) -> Draft {
    let own = ["client", "subject_token", "audience", "scope"];
    let form = form::form_about(Operation::TokenExchange, profile, shelf, &subject.id);
    let mut draft =
        Draft { operation: Operation::TokenExchange, profile: profile.id.clone(), values: Vec::new(), extra: Vec::new() };
    let usual = form.fields.iter().filter(|field| field.unavailable.is_none() && !own.contains(&field.name.as_str()));
    draft.values = usual
        .flat_map(|field| field.initial.iter().map(|value| Pair { name: field.name.clone(), value: value.clone() }))
        .collect();
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            draft.values.push(Pair { name: name.into(), value: value.into() });
        }
    };
    put("client", &told.client);
    put("subject_token", &format!("token:{}", subject.id));
    put("audience", &told.audience);
    told.scope.split_whitespace().for_each(|word| put("scope", word));
    draft
}

fn unknown(id: &'static str, message: &str, advice: &str) -> DriftFault {
    DriftFault::Unknown(TokenFault { id, message: message.into(), advice: advice.into() })
}
