//! Asking the servers about a token: introspection and userinfo, then all three side by side.

use oauth::{form, profile::Profile, progress::Progress};
use record::{
    audit::Step,
    operation::{Draft, Operation},
};
use token::{
    claims,
    inspect::TokenKind,
    text::Pair,
    truth::{self, AtHand, Truth},
};

use crate::{
    fault::TokenFault,
    flow::{self, RunFault},
    foreign::elsewhere,
    ground::Ground,
    judge,
    running::Running,
    shelf::Held,
    tokens,
};

/// What the token, introspection and userinfo say, as far as they were asked. Nothing is sent.
pub(crate) fn truth(ground: &Ground, id: &str, profile: Option<&Profile>) -> Result<Truth, TokenFault> {
    let held = tokens::held(ground, id)?;
    let now_s = ground.world.now_s();
    let told = held.told();
    let heard = |told, operation| match (told, askable(&held, operation, profile)) {
        (Some(told), _) => Ok(Some(told)),
        (None, Ok(())) => Ok(None),
        (None, Err(why)) => Err(why),
    };
    let at_hand = AtHand {
        view: held.view(now_s),
        claims: held.own_claims(),
        exact: held.exact(),
        introspection: heard(told.introspection.as_ref(), Operation::Introspect),
        userinfo: heard(told.userinfo.as_ref(), Operation::Userinfo),
    };
    Ok(truth::truth(&at_hand, now_s))
}

/// Asks introspection and userinfo about a token, as far as the profile has them. Each is a step in the journal; a
/// refusal is an answer too.
pub(crate) async fn ask_server(
    ground: &Ground,
    run: &str,
    id: &str,
    profile: &Profile,
    report: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Vec<Step>, RunFault> {
    let running = Running::default();
    let _listed = ground.runs.listed(run, &running);
    let mut steps = Vec::new();
    for operation in [Operation::Introspect, Operation::Userinfo] {
        if running.is_stopped() {
            break;
        }
        let held = tokens::held(ground, id).ok();
        if held.is_some_and(|held| askable(&held, operation, Some(profile)).is_ok()) {
            let draft = draft(operation, profile, &judge::views(ground), id);
            steps.push(flow::run(ground, run, &draft, profile, report).await?);
        }
    }
    Ok(steps)
}

/// The form's own filling, about this token.
pub(crate) fn draft(operation: Operation, profile: &Profile, shelf: &[token::inspect::TokenView], id: &str) -> Draft {
    let form = form::form_about(operation, profile, shelf, id);
    let mut values: Vec<Pair> = form
        .fields
        .iter()
        .filter(|field| field.unavailable.is_none() && field.name != "token")
        .flat_map(|field| field.initial.iter().map(|value| Pair { name: field.name.clone(), value: value.clone() }))
        .collect();
    values.push(Pair { name: "token".into(), value: format!("token:{id}") });
    Draft { operation, profile: profile.id.clone(), values, extra: Vec::new() }
}

/// Whether a server can be asked about a token; the error says why not.
pub(crate) fn askable(held: &Held, operation: Operation, profile: Option<&Profile>) -> Result<(), String> {
    let no = |why: &str| Err(why.to_owned());
    let Some(profile) = profile else { return no("no profile is chosen") };
    if held.text().is_none() {
        return no("its text is gone since the app was closed");
    }
    if held.kind() == TokenKind::Id {
        return no("an ID token is for the client alone");
    }
    let endpoints = &profile.provider.endpoints;
    let address = if operation == Operation::Introspect { &endpoints.introspection } else { &endpoints.userinfo };
    if let Some(why) = elsewhere(&held.view(0), profile, address) {
        return Err(why);
    }
    if operation == Operation::Userinfo && held.kind() != TokenKind::Access {
        return no("it takes access tokens only");
    }
    if operation == Operation::Userinfo && held.claims().is_some_and(|claims| claims::user(claims).is_none()) {
        return no("no user stands behind the token");
    }
    match form::form(operation, profile, &[], None).unavailable {
        Some(_) if operation == Operation::Introspect => no("the profile has no introspection endpoint"),
        Some(_) => no("the profile has no userinfo endpoint"),
        None => Ok(()),
    }
}
