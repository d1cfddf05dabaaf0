//! A visit of the system browser: a page of the provider is opened there, and the browser comes back to this machine.
//!
//! Log in and front-channel log out share it: the listener is open before the browser is, the address can be copied or opened
//! again while it waits, and the user may stop at any time.

use std::{convert::Infallible, sync::PoisonError, time::Duration};

use record::{
    audit::{Actor, Exchange},
    redact,
};
use token::{
    secret::Secret,
    text::{Ink, Line, Span},
};
use tokio::sync::watch;
use url::Url;

use super::teller::Teller;
use crate::{
    fault::Problem,
    ground::Ground,
    loopback::{Loopback, Strays},
    running::Running,
    tape::{Taken, Tape},
    world::World,
};

/// What is opened, and the words around it.
pub(super) struct Visit<'a> {
    /// The address the browser opens.
    pub(super) address: &'a Url,
    /// Index of the stage "Listen"; opening and waiting follow it.
    pub(super) first: usize,
    /// e.g. `login page`.
    pub(super) page: &'a str,
    /// Words on the arrow from the browser to the provider.
    pub(super) seen: &'a str,
    /// Headline once the browser is back.
    pub(super) headline: &'a str,
    /// What to do in the browser.
    pub(super) there: &'a str,
    /// Id and advice when the browser does not come back.
    pub(super) late: (&'a str, &'a str),
}

/// Opens the page and waits for the browser to come back; gives the query of the answer and when it came.
pub(super) async fn visit(
    ground: &Ground,
    visit: &Visit<'_>,
    loopback: &mut Loopback,
    tape: &Tape,
    teller: &Teller<'_>,
    running: &Running,
) -> Result<(String, i64), Problem> {
    let (listen, open, wait) = (visit.first, visit.first + 1, visit.first + 2);
    teller.begin(listen);
    let place = format!("127.0.0.1:{}", loopback.address().port());
    // As the redirect URI names it; `localhost` is held at both of its addresses.
    let (host, held) = match loopback.redirect_uri().starts_with("http://localhost:") {
        true => {
            (format!("localhost:{}", loopback.address().port()), " It listens at 127.0.0.1 and, where there is one, at [::1].")
        }
        false => (place.clone(), ""),
    };
    teller.tell(|progress| {
        if let Some(stage) = progress.stages.get_mut(listen) {
            stage.label = format!("Listen on {host}");
        }
    });
    teller.end(listen, None);
    *running.address.lock().unwrap_or_else(PoisonError::into_inner) = Some(Secret::new(visit.address.as_str()));

    teller.begin(open);
    let opened_ms = ground.world.now_ms();
    let label = format!("open the {}", visit.page);
    let told = through_browser(Actor::Claimscope, Actor::Browser, &label, visit.address, opened_ms, None, tape);
    tape.add(Taken::Told(Box::new(told)));
    let browser = std::sync::Arc::clone(&ground.world.browser);
    let address = visit.address.to_string();
    // Starting a browser may take a moment; the listener is open meanwhile, and cancelling works.
    let opened = tokio::task::spawn_blocking(move || browser.open(&address))
        .await
        .unwrap_or_else(|error| Err(format!("the call broke off: {error}")));
    match &opened {
        Ok(()) => teller.end(open, None),
        Err(_) => teller.fail(open),
    }
    teller.begin(wait);
    let deadline_ms = opened_ms + i64::try_from(ground.bounds.login.as_millis()).unwrap_or(0);
    teller.tell(|progress| {
        progress.browser = true;
        progress.deadline_ms = Some(deadline_ms);
        progress.headline = format!("Waiting for the browser on {host}");
        progress.detail = match &opened {
            Ok(()) => format!("{}{held}", visit.there),
            Err(problem) => {
                format!("No browser could be opened: {problem}. Copy the address and open it in any browser on this machine.")
            }
        };
        progress.browser_failed = opened.is_err();
    });
    // Told in the step whatever ends the wait, the user included.
    let noted = Refused { world: &ground.world, tape, place: place.clone(), strays: loopback.strays(), opened_ms };
    let seen = loopback.strays();
    let waited = tokio::select! {
        waited = tokio::time::timeout(ground.bounds.login, loopback.arrived()) => waited,
        never = tell_strays(seen, teller) => match never {},
    };
    let strays = *noted.strays.borrow();
    drop(noted);
    let arrived = match waited {
        Ok(Some(arrived)) => arrived,
        Ok(None) => {
            return Err(Problem::new(
                "listener-closed",
                "The listener on this machine was closed before the browser came back.",
                format!("{} again.", visit.headline),
            ));
        }
        Err(_) => {
            teller.fail(wait);
            let waited = token::words::duration(i64::try_from(ground.bounds.login.as_secs()).unwrap_or(i64::MAX));
            let message = format!("The browser did not come back within {waited}. {}", strays.sentence());
            return Err(Problem::new(visit.late.0, message.trim_end(), visit.late.1));
        }
    };
    teller.tell(|progress| {
        progress.browser = false;
        progress.deadline_ms = None;
        progress.headline = visit.headline.to_owned();
        progress.detail = String::new();
        progress.strays = Vec::new();
    });
    let came_ms = ground.world.now_ms();
    let told = through_browser(Actor::Browser, Actor::Provider, visit.seen, visit.address, opened_ms, Some(came_ms), tape);
    tape.add(Taken::Told(Box::new(told)));
    Ok((arrived, came_ms))
}

/// An arrow that went through the browser: we did not see the HTTP exchange itself, only its address.
#[allow(clippy::too_many_arguments)] // One place builds these arrows; a struct would only repeat the fields.
pub(super) fn through_browser(
    from: Actor,
    to: Actor,
    label: &str,
    address: &Url,
    from_ms: i64,
    to_ms: Option<i64>,
    tape: &Tape,
) -> Exchange {
    let shown = redact::url(address, &tape.known());
    let user = to_ms.map_or(0, |to_ms| (to_ms - from_ms) * 1000);
    let answered = to == Actor::Claimscope;
    Exchange {
        seq: 0,
        from,
        to,
        label: label.to_owned(),
        through_browser: true,
        purpose: record::audit::ExchangePurpose::Other,
        reported: false,
        cached: false,
        method: "GET".into(),
        url: shown.clone(),
        request: address_lines(&shown),
        response: if answered {
            vec![vec![Span::new(Ink::Strong, "200 OK")], vec![Span::new(Ink::Quiet, "The page that says one can go back.")]]
        } else {
            vec![vec![Span::new(Ink::Quiet, "Seen by the browser only.")]]
        },
        rest: None,
        response_headers: 0,
        status: answered.then_some(200),
        failure: None,
        started_ms: from_ms,
        duration_us: user,
        response_bytes: 0,
        token_id: None,
    }
}

/// How long the window is spared the next count, so that a flood at the door does not become one in the window.
const BETWEEN_COUNTS: Duration = Duration::from_millis(200);

/// Tells the window what came and was not the answer, as often as that changes; never ends by itself.
async fn tell_strays(mut strays: watch::Receiver<Strays>, teller: &Teller<'_>) -> Infallible {
    let detail = std::cell::OnceCell::new();
    while strays.changed().await.is_ok() {
        let seen = *strays.borrow_and_update();
        teller.tell(|progress| {
            let detail: &String = detail.get_or_init(|| progress.detail.clone());
            progress.detail = format!("{detail} {}", seen.advice()).trim_end().to_owned();
            progress.strays = seen.lines();
        });
        tokio::time::sleep(BETWEEN_COUNTS).await;
    }
    // The listener is gone, which the wait beside this one finds out.
    std::future::pending().await
}

/// Writes down what was refused at the door when the wait ends.
struct Refused<'a> {
    world: &'a World,
    tape: &'a Tape,
    place: String,
    strays: watch::Receiver<Strays>,
    opened_ms: i64,
}

impl Drop for Refused<'_> {
    fn drop(&mut self) {
        let strays = *self.strays.borrow();
        if strays.sum() > 0 {
            self.tape.add(Taken::Told(Box::new(refused(&strays, &self.place, self.opened_ms, self.world.now_ms()))));
        }
    }
}

/// Everything that was refused, as one arrow: how much of which kind, and nothing of its content.
fn refused(strays: &Strays, place: &str, from_ms: i64, to_ms: i64) -> Exchange {
    let told = strays.lines().into_iter().map(|line| vec![Span::new(Ink::Plain, line)]);
    let first = vec![Span::new(Ink::Quiet, "Not the answer: without this state, path, Host or method, or made by a page.")];
    let count = strays.sum();
    Exchange {
        seq: 0,
        from: Actor::Browser,
        to: Actor::Claimscope,
        label: if count == 1 { "1 request refused".into() } else { format!("{count} requests refused") },
        through_browser: true,
        purpose: record::audit::ExchangePurpose::Other,
        reported: false,
        cached: false,
        method: String::new(),
        url: format!("http://{place}"),
        request: std::iter::once(first).chain(told).collect(),
        response: vec![vec![Span::new(Ink::Quiet, "Each was answered with an error, and the wait went on.")]],
        rest: None,
        response_headers: 0,
        status: None,
        failure: None,
        started_ms: from_ms,
        duration_us: (to_ms - from_ms) * 1000,
        response_bytes: 0,
        token_id: None,
    }
}

/// The address with one parameter a line, as the preview shows it.
fn address_lines(shown: &str) -> Vec<Line> {
    let (base, query) = shown.split_once('?').unwrap_or((shown, ""));
    let mut lines = vec![vec![Span::new(Ink::Strong, "GET"), Span::new(Ink::Plain, format!(" {base}"))]];
    for (index, part) in query.split('&').filter(|part| !part.is_empty()).enumerate() {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let sign = if index == 0 { "?" } else { "&" };
        let ink = if value.contains('•') || value.starts_with('[') { Ink::Secret } else { Ink::Plain };
        lines.push(vec![
            Span::new(Ink::Plain, sign),
            Span::new(Ink::Key, name),
            Span::new(Ink::Plain, "="),
            Span::new(ink, value),
        ]);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_one_parameter_a_line() {
        let lines = address_lines("https://id.example/auth?client_id=a&state=••••");
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[2][3].ink, Ink::Secret);
    }
}
