//! Showing one token at every door: signature, introspection, gateway, API. What is known becomes a trace; walking it asks all of
//! them again, one step of the journal each.

use oauth::{
    acceptance::{self, Called, Door, Trace, TraceFacts},
    profile::{Profile, Resource},
    progress::Progress,
    resource::Wanted,
};
use record::{
    audit::{Outcome, Step},
    operation::{Draft, Operation},
};
use token::{
    check::{self, Expectations},
    inspect::{TokenKind, TokenView},
    text::Pair,
};

use crate::{
    asking::{askable, draft},
    fault::TokenFault,
    flow::{self, RunFault},
    foreign::elsewhere,
    ground::Ground,
    judge,
    running::Running,
    shelf::Held,
    tokens, verification,
};

/// Which APIs a trace calls; none = what fits the token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doors {
    /// Name of the resource behind the gateway.
    pub gateway: Option<String>,
    /// Name of the resource that is called directly.
    pub api: Option<String>,
}

/// What is known of a token at all doors. Nothing is sent.
pub(crate) fn trace(ground: &Ground, id: &str, profile: &Profile, doors: &Doors) -> Result<Trace, TokenFault> {
    let held = tokens::held(ground, id)?;
    let now_s = ground.world.now_s();
    let view = held.view(now_s);
    let steps = ground.journal.uses(id, view.step).map_err(|fault| TokenFault {
        id: "journal",
        message: fault.to_string(),
        advice: "What was done with the token before is not known.".into(),
    })?;
    let own = Expectations { signature: true, ..Expectations::default() };
    let called = |door, name: Option<&str>| {
        let resource = callable(&held, &view, door, name, doors.gateway.as_deref(), profile)?;
        Ok(Called { resource, report: judge::report_for(ground, &held, &Wanted::of(resource, profile), None).report })
    };
    Ok(acceptance::trace(&TraceFacts {
        own: check::run("", &own, held.header(), held.claims(), held.verification(), None, now_s),
        introspection: match (held.told().introspection.as_ref(), askable(&held, Operation::Introspect, Some(profile))) {
            (Some(told), _) => Ok(Some(told)),
            (None, Ok(())) => Ok(None),
            (None, Err(why)) => Err(why),
        },
        gateway: called(Door::Gateway, doors.gateway.as_deref()),
        api: called(Door::Api, doors.api.as_deref()),
        token: view,
        steps: &steps,
        profile,
        now_s,
    }))
}

/// Shows a token at every door there is: all of them, whoever refuses. Each question is a step; `run` names them for
/// [`Workbench::cancel`](crate::workbench::Workbench::cancel), which leaves out the rest.
pub(crate) async fn walk(
    ground: &Ground,
    run: &str,
    id: &str,
    profile: &Profile,
    doors: &Doors,
    report: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Vec<Step>, RunFault> {
    let Ok(held) = tokens::held(ground, id) else { return Ok(Vec::new()) };
    let running = Running::default();
    let _listed = ground.runs.listed(run, &running);
    let ids = [id.to_owned()];
    tokio::select! {
        () = verification::verify_with_profile(ground, &ids, profile) => {}
        () = running.cancelled() => return Ok(Vec::new()),
    }
    let view = held.view(ground.world.now_s());
    let mut drafts = Vec::new();
    if askable(&held, Operation::Introspect, Some(profile)).is_ok() {
        drafts.push(draft(Operation::Introspect, profile, &judge::views(ground), id));
    }
    for (door, name) in [(Door::Gateway, &doors.gateway), (Door::Api, &doors.api)] {
        if let Ok(resource) = callable(&held, &view, door, name.as_deref(), doors.gateway.as_deref(), profile) {
            drafts.push(call(profile, id, &resource.url));
        }
    }
    let mut steps = Vec::new();
    for draft in drafts {
        let step = flow::run(ground, run, &draft, profile, report).await?;
        let stopped = step.outcome == Outcome::Cancelled || running.is_stopped();
        steps.push(step);
        if stopped {
            break;
        }
    }
    Ok(steps)
}

/// The API a token is shown to at a door, `behind` being the name chosen at the gateway's; the error says why there is none.
fn callable<'p>(
    held: &Held,
    view: &TokenView,
    door: Door,
    name: Option<&str>,
    behind: Option<&str>,
    profile: &'p Profile,
) -> Result<&'p Resource, String> {
    if held.text().is_none() {
        return Err("its text is gone since the app was closed".into());
    }
    if held.kind() != TokenKind::Access {
        return Err("an API takes access tokens only".into());
    }
    let through = door == Door::Gateway;
    let named = name
        .and_then(|name| profile.resources.iter().find(|resource| resource.name == name && resource.through_gateway == through));
    let beside = match door {
        Door::Api => callable(held, view, Door::Gateway, behind, behind, profile).ok(),
        _ => None,
    };
    let resource = named.or_else(|| acceptance::usual(door, view, profile, beside)).ok_or_else(|| {
        match door {
            Door::Gateway => "the profile has no API behind a gateway; add one in Profiles, under Resources",
            _ => "the profile has no API that is called directly; add one in Profiles, under Resources",
        }
        .to_owned()
    })?;
    match elsewhere(view, profile, &resource.url) {
        Some(why) => Err(why),
        None => Ok(resource),
    }
}

/// A call that changes nothing.
fn call(profile: &Profile, id: &str, url: &str) -> Draft {
    let pair = |name: &str, value: &str| Pair { name: name.into(), value: value.into() };
    let values = vec![pair("token", &format!("token:{id}")), pair("method", "GET"), pair("url", url)];
    Draft { operation: Operation::CallApi, profile: profile.id.clone(), values, extra: Vec::new() }
}
