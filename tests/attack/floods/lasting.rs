//! Servers that are slow, that never end or that break off; and an end to everything that lasts.

use std::{
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use engine::workbench::lasting;
use oauth::{
    acceptance::repeat::RepeatPlan,
    events::{EventFilter, PredictAsk},
};
use record::{
    audit::{Outcome, Step},
    operation::Operation,
};

use super::desk::{Desk, Reply, TOKEN, answer, headed, oidc};
use crate::row::Attack;

/// What a hasty user waits for an answer.
const PATIENCE: Duration = Duration::from_millis(400);
/// What ends must end soon after.
const SOON: Duration = Duration::from_secs(8);

type Check = Result<(), String>;

fn ensure(holds: bool, why: impl Into<String>) -> Check {
    if holds { Ok(()) } else { Err(why.into()) }
}

/// A row for each way not to answer, and one for each thing that can be stopped.
pub fn rows() -> Vec<Attack> {
    const OK: &str = "HTTP/1.1 200 OK\r\n";
    let slow: Vec<(&str, Reply, &[&str])> = vec![
        ("nothing at all", Reply::Silence, &["timeout"]),
        ("one byte now and then", Reply::Drip("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"), &["timeout"]),
        ("a status line that never ends", Reply::Drip("HTTP/1.1 200 "), &["timeout", "head-too-large", "broken-answer"]),
        ("a header that never ends", Reply::Drip("HTTP/1.1 200 OK\r\nX-Long: "), &["timeout"]),
        ("headers without end", Reply::Stream(OK, "X-One: two\r\n"), &["head-too-large", "timeout"]),
        ("a header of megabytes", Reply::Stream("HTTP/1.1 200 OK\r\nX-Long: ", "xxxx"), &["head-too-large", "timeout"]),
        ("a body without end", Reply::Stream("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "xxxx"), &["too-large"]),
        (
            "chunks without end",
            Reply::Stream("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nxxxx\r\n"),
            &["too-large", "timeout"],
        ),
        (
            "one chunk of all there is",
            Reply::Drip("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffff\r\n"),
            &["timeout", "too-large", "broken-answer"],
        ),
        (
            "continue, again and again",
            Reply::Stream("", "HTTP/1.1 100 Continue\r\n\r\n"),
            &["timeout", "head-too-large", "broken-answer"],
        ),
        (
            "early hints, again and again",
            Reply::Stream("", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
            &["timeout", "head-too-large", "broken-answer"],
        ),
        (
            "a length beyond all bounds",
            Reply::Drip("HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n"),
            &["head-too-large", "too-large", "broken-answer"],
        ),
        ("a length that is none", Reply::Cut("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"), &["broken-answer"]),
        ("two lengths", Reply::Cut("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"), &["broken-answer"]),
        ("half a body", Reply::Cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":"), &["broken-answer"]),
        ("half a head", Reply::Cut("HTTP/1.1 200 OK\r\nX-"), &["broken-answer"]),
        ("no HTTP", Reply::Cut("SSH-2.0-OpenSSH_9.9\r\n"), &["broken-answer"]),
        ("an end at once", Reply::Cut(""), &["broken-answer"]),
    ];
    let mut rows: Vec<Attack> = slow
        .into_iter()
        .map(|(name, reply, ids)| Attack::new(format!("an API that answers {name}"), ends(reply, ids.to_vec())))
        .collect();
    rows.push(Attack::new("ninety headers are read, and a thousand cookies in them", many_headers()));
    for (name, stopped) in stops() {
        rows.push(Attack::new(format!("stopped: {name}"), stopped));
    }
    rows.push(Attack::new("a slow provider holds up no other", one_slow_provider()));
    rows.push(Attack::new("a slow reading holds up nothing of its own profile", one_slow_reading()));
    rows.push(Attack::new("a reader that is chosen while events are read stays chosen", chosen_meanwhile()));
    rows.push(Attack::new("keys that never come are waited for once", keys_waited_for_once()));
    rows
}

async fn call(desk: &Desk) -> Result<Step, String> {
    let id = format!("token:{}", desk.token());
    let url = format!("{}/orders", desk.server.base);
    desk.run(&desk.draft(Operation::CallApi, &[("token", &id), ("method", "GET"), ("url", &url)])).await
}

async fn ends(reply: Reply, ids: Vec<&'static str>) -> Check {
    let desk = Desk::hasty(PATIENCE).await;
    desk.server.put("/orders", reply);
    let began = Instant::now();
    let step = call(&desk).await?;
    ensure(step.outcome == Outcome::Failed, format!("it ended as {:?}", step.outcome))?;
    ensure(ids.contains(&step.problem_id.as_deref().unwrap_or_default()), format!("{:?}: {:?}", step.problem_id, step.problem))?;
    ensure(step.advice.is_some_and(|advice| !advice.is_empty()), "nothing says what to do")?;
    ensure(began.elapsed() < SOON, format!("it took {} s", began.elapsed().as_secs()))
}

async fn many_headers() -> Check {
    let desk = Desk::new().await;
    let cookies: String = (0..1_000).map(|at| format!("c{at}=v; ")).collect();
    let headers: String = (0..90).map(|at| format!("X-{at}: {}\r\n", "y".repeat(100))).collect();
    desk.server.put(
        "/orders",
        headed(200, &format!("{headers}Set-Cookie: {cookies}\r\nWWW-Authenticate: {}\r\n", "a=\"b\", ".repeat(1_000)), b"{}"),
    );
    let step = call(&desk).await?;
    ensure(step.outcome == Outcome::Success, format!("{:?}", step.problem))?;
    let longest = step
        .exchanges
        .iter()
        .flat_map(|one| &one.response)
        .map(|line| line.iter().map(|span| span.text.len()).sum::<usize>())
        .max();
    ensure(longest.is_some_and(|longest| longest < 8_192), format!("a line has {longest:?} bytes"))
}

/// Waits for something that must end, and says when it did not.
async fn soon<T>(what: impl Future<Output = T>) -> Result<T, String> {
    tokio::time::timeout(SOON, what).await.map_err(|_| "it did not end".to_owned())
}

/// Stops a name again and again until what runs has ended: nobody can tell when it begins to wait.
async fn stop_until<T>(desk: &Desk, name: &str, work: impl Future<Output = T>) -> Result<T, String> {
    tokio::pin!(work);
    let mut again = tokio::time::interval(Duration::from_millis(10));
    soon(async {
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = again.tick() => desk.workbench.cancel(name),
            }
        }
    })
    .await
}

type Stop = std::pin::Pin<Box<dyn Future<Output = Check> + Send>>;

/// A desk whose server answers nothing at the paths named, and tokens at the token endpoint.
async fn silent(paths: &[&str]) -> Desk {
    let desk = Desk::new().await;
    let token = format!("{{\"access_token\":\"{TOKEN}\",\"token_type\":\"Bearer\",\"expires_in\":60}}");
    desk.server.put(&oidc("token"), answer(200, "application/json", token.as_bytes()));
    for path in paths {
        desk.server.put(path, Reply::Silence);
    }
    desk
}

fn cancelled(step: &Step) -> Check {
    let id = step.problem_id.as_deref();
    ensure(step.outcome == Outcome::Cancelled && id == Some("cancelled"), format!("{:?}: {:?}", step.outcome, step.problem))
}

fn stops() -> Vec<(&'static str, Stop)> {
    const EVENTS: &str = "/admin/realms/flood/events";
    vec![
        (
            "a call of an API",
            Box::pin(async {
                let desk = silent(&["/orders"]).await;
                cancelled(&stop_until(&desk, "run", call(&desk)).await??)
            }),
        ),
        (
            "a call while its body comes",
            Box::pin(async {
                let desk = silent(&[]).await;
                desk.server.put("/orders", Reply::Drip("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"));
                cancelled(&stop_until(&desk, "run", call(&desk)).await??)
            }),
        ),
        (
            "a token request",
            Box::pin(async {
                let desk = silent(&[&oidc("token")]).await;
                let draft = desk.draft(Operation::ClientCredentials, &[("client", "frontend")]);
                cancelled(&stop_until(&desk, "run", desk.run(&draft)).await??)
            }),
        ),
        (
            "the keys of a token that came",
            Box::pin(async {
                let desk = silent(&[&oidc("certs")]).await;
                let issued =
                    format!("{{\"access_token\":\"{}\",\"token_type\":\"Bearer\"}}", signed(&desk.profile.provider.issuer));
                desk.server.put(&oidc("token"), answer(200, "application/json", issued.as_bytes()));
                let draft = desk.draft(Operation::ClientCredentials, &[("client", "frontend")]);
                cancelled(&stop_until(&desk, "run", desk.run(&draft)).await??)
            }),
        ),
        (
            "discovery",
            Box::pin(async {
                let desk = silent(&["/realms/flood/.well-known/openid-configuration"]).await;
                let issuer = desk.profile.provider.issuer.clone();
                let found = stop_until(&desk, lasting::DISCOVERY, desk.workbench.discover(&issuer, &desk.profile)).await?;
                let found = found.map_err(|fault| fault.to_string())?;
                ensure(found.provider.is_err_and(|problem| problem.id == "cancelled"), "a provider came out of it")?;
                cancelled(&found.step)
            }),
        ),
        (
            "reading events",
            Box::pin(async {
                let desk = silent(&[EVENTS]).await;
                let read = stop_until(&desk, &lasting::events("flood"), desk.workbench.read_events(&desk.profile)).await?;
                ensure(read.map_err(|fault| fault.to_string())?.problem_id == Some("cancelled"), "it does not say so")
            }),
        ),
        (
            "searching events",
            Box::pin(async {
                let desk = silent(&[EVENTS]).await;
                let filter = EventFilter::default();
                let read =
                    stop_until(&desk, &lasting::events("flood"), desk.workbench.search_events(&desk.profile, &filter)).await?;
                ensure(read.map_err(|fault| fault.to_string())?.problem_id == Some("cancelled"), "it does not say so")
            }),
        ),
        (
            "reading the events' settings",
            Box::pin(async {
                let desk = silent(&["/admin/realms/flood/events/config"]).await;
                let read = stop_until(&desk, &lasting::events("flood"), desk.workbench.event_settings(&desk.profile)).await?;
                ensure(read.is_err_and(|blocked| blocked.id == "cancelled"), "it does not say so")
            }),
        ),
        (
            "a prediction",
            Box::pin(async {
                let desk = silent(&["/admin/realms/flood/clients"]).await;
                let ask = PredictAsk { client: "frontend".into(), user: "alice".into(), ..PredictAsk::default() };
                let step = stop_until(&desk, &lasting::prediction("flood"), desk.workbench.predict(&ask, &desk.profile)).await?;
                cancelled(&step.map_err(|fault| fault.to_string())?)
            }),
        ),
        (
            "checking what was pasted",
            Box::pin(async {
                let desk = silent(&[&oidc("certs")]).await;
                let id = desk.workbench.paste(&signed(&desk.profile.provider.issuer)).map_err(|fault| fault.message)?.0;
                let profiles = [desk.profile.clone()];
                let whole = stop_until(&desk, lasting::VERIFICATION, desk.workbench.verify_with_profiles(&id, &profiles)).await?;
                ensure(!whole, "it says that all was checked")
            }),
        ),
        (
            "a call of the portal",
            Box::pin(async {
                let desk = silent(&["/api/am/devportal/v3/settings", "/api/am/devportal/v2/settings"]).await;
                let id = format!("token:{}", desk.token());
                let draft = desk.draft(Operation::Portal, &[("call", "settings"), ("token", &id)]);
                let asked = stop_until(&desk, "run", desk.workbench.portal("run", &draft, &desk.profile, &|_| {})).await?;
                cancelled(&asked.map_err(|fault| fault.to_string())?.step)
            }),
        ),
        (
            "asking the server about a token",
            Box::pin(async {
                let desk = silent(&[&oidc("token/introspect"), &oidc("userinfo")]).await;
                let id = desk.token();
                let steps = stop_until(&desk, "run", desk.workbench.ask_server("run", &id, &desk.profile, &|_| {})).await?;
                let steps = steps.map_err(|fault| fault.to_string())?;
                ensure(
                    steps.len() <= 1 && steps.iter().all(|step| step.outcome == Outcome::Cancelled),
                    "it went on to the next question",
                )
            }),
        ),
        (
            "a walk past all doors",
            Box::pin(async {
                let desk = silent(&[&oidc("token/introspect"), "/orders"]).await;
                let id = desk.token();
                let doors = engine::acceptance::Doors::default();
                let steps = stop_until(&desk, "run", desk.workbench.walk("run", &id, &desk.profile, &doors, &|_| {})).await?;
                let steps = steps.map_err(|fault| fault.to_string())?;
                ensure(
                    steps.len() <= 1 && steps.iter().all(|step| step.outcome == Outcome::Cancelled),
                    "it went on to the next door",
                )
            }),
        ),
        (
            "a repetition",
            Box::pin(async {
                let desk = silent(&["/orders"]).await;
                let id = format!("token:{}", desk.token());
                let url = format!("{}/orders", desk.server.base);
                let draft = desk.draft(Operation::CallApi, &[("token", &id), ("method", "GET"), ("url", &url)]);
                let plan = RepeatPlan { every_ms: 1_000, for_ms: 60_000, revoke: false };
                let done = stop_until(&desk, "run", desk.workbench.repeat("run", &draft, &plan, &desk.profile, &|_| {})).await?;
                let last = done.map_err(|fault| fault.to_string())?.last.ok_or("there is no step")?;
                cancelled(&last)
            }),
        ),
        (
            "waiting for a keychain",
            Box::pin(async {
                let desk = silent(&[]).await;
                let waiting = desk.workbench.until_cancelled(lasting::KEYCHAIN, std::future::pending::<()>());
                ensure(stop_until(&desk, lasting::KEYCHAIN, waiting).await?.is_none(), "it went on")
            }),
        ),
        (
            "reading a certificate",
            Box::pin(async {
                let desk = silent(&[]).await;
                // A server of plain HTTP that says nothing to a TLS greeting.
                let address = desk.server.base.replace("http://", "https://");
                let reading = desk.workbench.until_cancelled(lasting::CERTIFICATE, engine::tls::shown(&address));
                ensure(stop_until(&desk, lasting::CERTIFICATE, reading).await?.is_none_or(|read| read.is_err()), "it went on")
            }),
        ),
    ]
}

/// A token of an issuer with a signature nobody made.
fn signed(issuer: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
    let claims = format!("{{\"iss\":\"{issuer}\",\"sub\":\"alice\",\"scope\":\"openid\"}}");
    format!("{}.{}.c2ln", BASE64.encode("{\"alg\":\"RS256\",\"kid\":\"k\"}"), BASE64.encode(claims))
}

async fn one_slow_provider() -> Check {
    let desk = silent(&["/admin/realms/flood/events"]).await;
    let mut other = desk.profile.clone();
    other.id = "other".into();
    other.provider.events = format!("{}/admin/realms/other/events", desk.server.base);
    desk.server.put("/admin/realms/other/events", answer(200, "application/json", b"[]"));
    desk.workbench.secrets.overlay(&other, [("audit-reader".to_owned(), token::secret::Secret::new("s"))]);
    let slow = Arc::clone(&desk.workbench);
    let profile = desk.profile.clone();
    let reading = tokio::spawn(async move { slow.read_events(&profile).await.map(|read| read.problem_id) });
    let read = soon(desk.workbench.read_events(&other)).await?.map_err(|fault| fault.to_string())?;
    ensure(read.problem.is_none(), format!("{read:?}"))?;
    ensure(!reading.is_finished(), "the slow one is not slow")?;
    reading.abort();
    Ok(())
}

async fn one_slow_reading() -> Check {
    let desk = silent(&["/admin/realms/flood/events"]).await;
    desk.server.put("/admin/realms/flood/events/config", answer(200, "application/json", b"{\"eventsEnabled\":true}"));
    desk.server.put("/admin/realms/flood/clients", answer(200, "application/json", b"[]"));
    let slow = Arc::clone(&desk.workbench);
    let profile = desk.profile.clone();
    let reading = tokio::spawn(async move { slow.read_events(&profile).await.map(|read| read.problem_id) });
    soon(desk.workbench.choose_reader("flood", None)).await?;
    soon(desk.workbench.chosen_reader("flood")).await?;
    let settings = soon(desk.workbench.event_settings(&desk.profile)).await?.map_err(|blocked| blocked.message)?;
    ensure(settings.0.events_enabled, "the settings are not read")?;
    let ask = PredictAsk { client: "frontend".into(), user: "alice".into(), ..PredictAsk::default() };
    let step = soon(desk.workbench.predict(&ask, &desk.profile)).await?.map_err(|fault| fault.to_string())?;
    ensure(step.problem_id.as_deref() == Some("no-such-client"), format!("{:?}", step.problem))?;
    soon(desk.workbench.forget_servers()).await?;
    ensure(!reading.is_finished(), "the slow one is not slow")?;
    reading.abort();
    Ok(())
}

async fn chosen_meanwhile() -> Check {
    let desk = silent(&["/admin/realms/flood/events"]).await;
    let slow = Arc::clone(&desk.workbench);
    let profile = desk.profile.clone();
    let reading = tokio::spawn(async move { slow.read_events(&profile).await.map(|read| read.problem_id) });
    let id = desk.token();
    desk.workbench.choose_reader("flood", Some(id.clone())).await;
    let stopped = stop_until(&desk, &lasting::events("flood"), reading).await?;
    ensure(stopped.is_ok_and(|read| read.is_ok_and(|problem| problem == Some("cancelled"))), "it was not stopped")?;
    ensure(desk.workbench.chosen_reader("flood").await == Some(id), "the choice is gone")
}

async fn keys_waited_for_once() -> Check {
    let desk = Desk::hasty(PATIENCE).await;
    desk.server.put(&oidc("certs"), Reply::Silence);
    let issuer = &desk.profile.provider.issuer;
    let texts: Vec<String> = (0..8).map(|at| signed(issuer).replace(".c2ln", &format!(".c2ln{at}A"))).collect();
    let mut ids = Vec::new();
    for text in &texts {
        ids.extend(desk.workbench.paste(text).map_err(|fault| fault.message)?.0);
    }
    let began = Instant::now();
    let all = ids.iter().map(|id| {
        let (workbench, profile, id) = (Arc::clone(&desk.workbench), desk.profile.clone(), id.clone());
        tokio::spawn(async move { workbench.verify_with_profile(&[id], &profile).await })
    });
    for one in all.collect::<Vec<_>>() {
        soon(one).await?.map_err(|error| error.to_string())?;
    }
    ensure(began.elapsed() < PATIENCE * 4, format!("eight waited {} ms one after the other", began.elapsed().as_millis()))
}
