//! Prediction: what Keycloak would issue to a client for a user, put on the shelf beside what it did issue.

use std::time::Instant;

use oauth::{
    belongs,
    events::{PredictAsk, Purpose, id_of_first, is_user_id, rights_help},
    message::words as words_of,
    profile::{Profile, ServerRole},
};
use record::{
    audit::{Actor, Step},
    encode::form_encode,
    operation::{Draft, Operation},
};
use serde_json::Value;
use token::inspect::{Obtained, Origin, ShelfGroup, TokenKind};

use super::{
    answer::words,
    ending::{About, Ending, RunFault, Words},
    finish::{self, Finished},
};
use crate::{
    events::{self, Blocked, EventsAccess, Reader, refusal},
    fault::{Problem, TokenFault},
    ground::Ground,
    http::HttpAnswer,
    lasting,
    shelf::Held,
    tape::Tape,
    tokens,
};

/// Where a prediction ended before there was one.
enum Stopped {
    Blocked(Blocked),
    /// The server's own no.
    Refused(Box<Words>),
    Problem(Problem),
    /// By the user.
    Cancelled,
}

impl From<Blocked> for Stopped {
    fn from(blocked: Blocked) -> Self {
        Self::Blocked(blocked)
    }
}

/// What to ask so that the answer can be compared with a token: its client and user, and the scope and audience that were
/// asked for when it was issued, or, where that is not known, those it has.
pub(crate) fn open_prediction(ground: &Ground, token: &str) -> Result<PredictAsk, TokenFault> {
    let held = tokens::held(ground, token)?;
    let view = held.view(ground.world.now_s());
    let draft = view.step.and_then(|step| ground.journal.step(step).ok().flatten()).and_then(|step| step.draft);
    let asked = |name: &str| draft.as_ref().map(|draft| words_of(draft, name).join(" "));
    Ok(PredictAsk {
        client: view.client.clone().unwrap_or_default(),
        user: view.subject.clone().filter(|id| is_user_id(id)).unwrap_or(view.who),
        scope: asked("scope").unwrap_or_else(|| view.scope.join(" ")),
        audience: asked("audience").unwrap_or_default(),
        beside: Some(view.id),
    })
}

/// Asks what a client would get for a user, records that as a step, and puts the answer on the shelf.
pub(crate) async fn predict(ground: &Ground, ask: &PredictAsk, profile: &Profile) -> Result<Step, RunFault> {
    let faults = ask.faults();
    if !faults.is_empty() {
        return Err(RunFault::Fields(faults));
    }
    let started_ms = ground.world.now_ms();
    let began = Instant::now();
    let tape = Tape::default();
    let ending = {
        let before = ground.readers.of(&profile.id);
        let mut reader = before.clone();
        let asking = evaluate(ground, ask, profile, &mut reader, &tape);
        let told = lasting::until_cancelled(ground, &lasting::prediction(&profile.id), asking).await;
        ground.readers.keep(&profile.id, &before, &reader);
        match told.unwrap_or(Err(Stopped::Cancelled)) {
            Ok((held, answer)) => Ending::Done { tokens: vec![held], words: Some(words(&answer, Actor::Provider)) },
            Err(Stopped::Refused(words)) => Ending::Refused { words: *words },
            Err(Stopped::Problem(problem)) => problem.into(),
            Err(Stopped::Cancelled) => Ending::Cancelled,
            Err(Stopped::Blocked(blocked)) => {
                let help = rights_help(profile, Purpose::Predict);
                let advice = match blocked.id {
                    "forbidden" | "no-reader" => format!("How to grant {}: Profiles, Audit events.", help.role),
                    _ => "Choose who asks, or check the address under Audit events in the profile.".to_owned(),
                };
                Problem::new(blocked.id, blocked.message, advice).into()
            }
        }
    };
    let draft = Draft { operation: Operation::Predict, profile: profile.id.clone(), values: Vec::new(), extra: Vec::new() };
    let audience = Some(ask.audience.trim().to_owned()).filter(|text| !text.is_empty());
    // The token it is compared with was not used, so it is none of the step's.
    let about = About { client: Some(ask.client.trim().to_owned()), audience, tokens_in: Vec::new() };
    let duration_us = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
    let mut step = finish::finish(
        ground,
        Finished { draft: &draft, profile, about, ending, tape: &tape, started_ms, duration_us, bundle: None },
    )
    .await?;
    step.draft = None;
    Ok(step)
}

async fn evaluate(
    ground: &Ground,
    ask: &PredictAsk,
    profile: &Profile,
    reader: &mut Reader,
    tape: &Tape,
) -> Result<(Held, HttpAnswer), Stopped> {
    let mut door = events::open_door(ground, profile, reader, Some(tape)).await?;
    let role = rights_help(profile, Purpose::Predict).role;
    let client = ask.client.trim();
    let address = format!("{}/clients?clientId={}", door.at.api, form_encode(client));
    let answer = events::ask_admin(ground, profile, reader, &mut door, &address, Some((tape, "GET client"))).await?;
    let uuid = found(&answer, &door, &role)?.ok_or_else(|| {
        Stopped::Problem(Problem::new(
            "no-such-client",
            format!("The realm has no client named {client}, or {} may not see it.", door.who),
            "Check the client id.",
        ))
    })?;
    let user = ask.user.trim();
    let user_id = if is_user_id(user) {
        user.to_owned()
    } else {
        let address = format!("{}/users?exact=true&username={}", door.at.api, form_encode(user));
        let answer = events::ask_admin(ground, profile, reader, &mut door, &address, Some((tape, "GET user"))).await?;
        found(&answer, &door, "view-users of realm-management")?.ok_or_else(|| {
            Stopped::Problem(Problem::new(
                "no-such-user",
                format!("The realm has no user named {user}."),
                "Check the name, or paste the user's id (the claim sub of one of their tokens).",
            ))
        })?
    };
    let address = ask.address(&door.at.api, &uuid, &user_id);
    let answer =
        events::ask_admin(ground, profile, reader, &mut door, &address, Some((tape, "GET generate-example-access-token")))
            .await?;
    if answer.status != 200 {
        return Err(refused(answer, &door, &role));
    }
    let Ok(Value::Object(claims)) = serde_json::from_slice::<Value>(&answer.body) else {
        return Err(Stopped::Problem(Problem::new(
            "prediction-unreadable",
            "The server did not answer with the content of a token.",
            "Check that it is a Keycloak of version 19 or later.",
        )));
    };
    let ignored = ask.ignored(&claims);
    let skipped =
        if ignored.is_empty() { String::new() } else { format!("; not in it although asked for: {}", ignored.join(", ")) };
    let origin = Origin {
        id: tokens::new_token_id(ground),
        kind: TokenKind::Access,
        parent: None,
        step: None,
        obtained: Obtained::Predicted,
        words: format!("prediction for {client}, asked as {}{skipped}", door.who),
        user_hint: None,
        shelf_hint: Some(ShelfGroup::Predicted),
        audience_hint: None,
        client_hint: Some(client.to_owned()),
        expires_at_hint: None,
        granted: None,
        provenance: Some(belongs::provenance_at(profile, ServerRole::Provider)),
        simulated: profile.simulated,
        evidence_only: true,
        active: None,
    };
    Ok((Held::predicted(claims, origin), answer))
}

/// The id a search found.
fn found(answer: &HttpAnswer, door: &EventsAccess, role: &str) -> Result<Option<String>, Stopped> {
    match answer.status {
        200 => Ok(id_of_first(&answer.body)),
        _ => Err(refused(answer.clone(), door, role)),
    }
}

/// A right that is missing is explained by us; everything else is said in the server's words.
fn refused(answer: HttpAnswer, door: &EventsAccess, role: &str) -> Stopped {
    if answer.status == 403 {
        return refusal(&answer, &door.who, role).into();
    }
    let mut words = words(&answer, Actor::Provider);
    let body = serde_json::from_slice::<Value>(&answer.body).unwrap_or_default();
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    words.error = text("error").or_else(|| text("errorMessage"));
    words.description = text("error_description");
    Stopped::Refused(Box::new(words))
}
