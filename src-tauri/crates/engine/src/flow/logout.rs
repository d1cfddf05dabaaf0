//! Front-channel log out: the end session endpoint in the user's own browser (OpenID Connect RP-Initiated Logout 1.0).
//!
//! Only there the single sign-on cookie is at hand, so only there it ends. The server sends the browser back to the loopback
//! address with the state it was given; without that nobody knows whether the user was logged out.

use oauth::{
    message,
    profile::{Dialect, Profile},
    server::habits,
};
use record::{audit::Actor, operation::Draft};
use token::secret::Secret;
use url::Url;

use super::{
    ending::{About, Ending, RunFault},
    teller::Teller,
    visit::{self, Visit},
};
use crate::{
    fault::Problem,
    gate::AtHand,
    ground::Ground,
    loopback::Loopback,
    running::Running,
    tape::{Taken, Tape},
};

/// What the window shows while it runs.
pub(super) const STAGES: [&str; 3] = ["Listen on 127.0.0.1", "Open the system browser", "Wait for the browser to come back"];

/// A log out that is ready to begin.
pub(super) struct Logout {
    loopback: Loopback,
    address: Url,
    state: Secret,
    dialect: Dialect,
}

/// Opens the listener and builds the request. Faults of the form come first; a listener that cannot be opened ends the step.
pub(super) async fn prepare_logout(
    ground: &Ground,
    draft: &Draft,
    profile: &Profile,
    materials: &AtHand<'_>,
) -> Result<(About, Result<Logout, Problem>), RunFault> {
    let about = About {
        client: message::value(draft, "client").map(str::to_owned),
        audience: None,
        tokens_in: message::value(draft, "id_token_hint").and_then(message::token_id).map(str::to_owned).into_iter().collect(),
    };
    let state = Secret::new(ground.world.token(24));
    message::logout_address(draft, profile, materials, "http://127.0.0.1", state.expose()).map_err(RunFault::Fields)?;
    let loopback = match Loopback::listen(&profile.redirect, &state).await {
        Ok(loopback) => loopback,
        Err(fault) => return Ok((about, Err(Problem::new(fault.id, fault.message, fault.advice)))),
    };
    let address =
        message::logout_address(draft, profile, materials, loopback.redirect_uri(), state.expose()).map_err(RunFault::Fields)?;
    if let Err(problem) = materials.browser(draft) {
        return Ok((about, Err(problem)));
    }
    Ok((about, Ok(Logout { loopback, address, state, dialect: profile.provider.dialect })))
}

pub(super) async fn log_out(ground: &Ground, mut logout: Logout, tape: &Tape, teller: &Teller<'_>, running: &Running) -> Ending {
    tape.hide(&logout.state);
    let visit = Visit {
        address: &logout.address,
        first: 0,
        page: "log out page",
        seen: "GET /logout",
        headline: "Log out",
        there: "Confirm there if you are asked; the window comes back by itself.",
        late: ("logout-timed-out", habits(logout.dialect).logout_late),
    };
    let (query, came_ms) = match visit::visit(ground, &visit, &mut logout.loopback, tape, teller, running).await {
        Ok(came) => came,
        Err(problem) => return problem.into(),
    };
    let mut came = logout.address.clone();
    if let Ok(mut address) = Url::parse(logout.loopback.redirect_uri()) {
        address.set_query((!query.is_empty()).then_some(&query));
        came = address;
    }
    let told = visit::through_browser(
        Actor::Browser,
        Actor::Claimscope,
        "GET /callback, logged out",
        &came,
        came_ms,
        Some(came_ms),
        tape,
    );
    tape.add(Taken::Told(Box::new(told)));
    if let Err(id) = message::read_logout_callback(&query, logout.state.expose()) {
        teller.fail(2);
        return Problem::new(
            id,
            "The browser came back, but without the state of this log out, so it is not known to be its answer.",
            "Check at the provider whether the session is over, and log out again from here.",
        )
        .into();
    }
    teller.end(2, None);
    Ending::Done { tokens: Vec::new(), words: None }
}
