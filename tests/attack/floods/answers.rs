//! What servers answer, asked for by a whole workbench: every endpoint with every content.

use std::time::{Duration, Instant};

use engine::flow::RunFault;
use oauth::events::PredictAsk;
use record::{
    audit::{Outcome, Step},
    operation::Operation,
};
use token::bounded::{LINES, PART};

use super::{
    contents::{self, Content},
    desk::{Desk, TOKEN, answer, headed, oidc},
};
use crate::row::Attack;

/// No answer may take longer than this to be read, checked and kept, in a debug build on a busy machine.
const LONGEST: Duration = Duration::from_secs(20);

type Check = Result<(), String>;

fn ensure(holds: bool, why: impl Into<String>) -> Check {
    if holds { Ok(()) } else { Err(why.into()) }
}

/// The endpoints and how each is asked.
#[derive(Clone, Copy)]
enum Endpoint {
    Metadata,
    Keys,
    Token,
    TokenRefusal,
    Introspection,
    Userinfo,
    Revocation,
    Call,
    CallRefused,
    Events,
    EventSettings,
    Prediction,
    ServerInfo,
    Portal,
    Activity,
    KeysOfToken,
}

const ALL: [(&str, Endpoint); 16] = [
    ("metadata", Endpoint::Metadata),
    ("keys", Endpoint::Keys),
    ("the token endpoint", Endpoint::Token),
    ("a refusal of the token endpoint", Endpoint::TokenRefusal),
    ("introspection", Endpoint::Introspection),
    ("userinfo", Endpoint::Userinfo),
    ("revocation", Endpoint::Revocation),
    ("an API", Endpoint::Call),
    ("a refusal of an API", Endpoint::CallRefused),
    ("events", Endpoint::Events),
    ("the events' settings", Endpoint::EventSettings),
    ("a prediction", Endpoint::Prediction),
    ("server info", Endpoint::ServerInfo),
    ("the portal", Endpoint::Portal),
    ("the gateway's activity", Endpoint::Activity),
    ("keys of a pasted token", Endpoint::KeysOfToken),
];

/// A row for each endpoint and content, and the large ones.
pub fn rows() -> Vec<Attack> {
    let mut rows = Vec::new();
    for (place, endpoint) in ALL {
        // Every second content at every second endpoint: each content meets half of them, and each endpoint half of the contents.
        let turn = endpoint as usize;
        for (at, content) in contents::all(24 << 10).into_iter().enumerate().filter(|(at, _)| (at + turn).is_multiple_of(2)) {
            let _ = at;
            let name = format!("{} from {place}", content.name);
            rows.push(Attack::new(name, ask(endpoint, content)));
        }
    }
    // One of each shape of layout; in a build that is not optimised each takes seconds.
    let shapes = ["closed brackets", "numbers without end", "one long line", "short lines"];
    for content in contents::all((8 << 20) - 4096).into_iter().filter(|content| shapes.contains(&content.name)) {
        rows.push(Attack::new(format!("8 MiB of {} from an API", content.name), large(content)));
    }
    rows.push(Attack::new("8 MiB of bytes that are no text", no_text()));
    rows.push(Attack::new("more than 8 MiB", too_large()));
    rows.push(Attack::new("an answer of 5 MB that should be a token", large_message()));
    rows.push(Attack::new("a description of a megabyte", long_description()));
    rows.push(Attack::new("a coding nobody asked for", unasked_coding("gzip")));
    rows.push(Attack::new("two codings nobody asked for", unasked_coding("br, gzip")));
    rows.push(Attack::new("metadata in a coding nobody asked for", coded_metadata()));
    rows.push(Attack::new("an event of the year 292 million", event_at(i64::MAX)));
    rows.push(Attack::new("an event before all time", event_at(i64::MIN)));
    rows.push(Attack::new("a token of a megabyte is kept and shown in part", large_token()));
    rows
}

/// What goes to the window and into the journal of a step, in bytes.
fn written(step: &Step) -> usize {
    serde_json::to_string(step).map_or(usize::MAX, |text| text.len())
}

/// What holds of every step, whatever was answered.
fn sound(desk: &Desk, step: &Step, journal_before: u64) -> Check {
    let size = written(step);
    ensure(size < 1_000_000, format!("the step has {size} bytes"))?;
    for exchange in &step.exchanges {
        let bytes: usize = exchange.response.iter().flatten().map(|span| span.text.len() + 16).sum();
        ensure(exchange.response.len() <= LINES + 1 && bytes < 2 * PART, format!("a response is {bytes} bytes in the record"))?;
        let cut = exchange.response.last().is_some_and(|line| line.iter().any(|span| span.text.starts_with("cut here: ")));
        ensure(exchange.rest.is_some() == cut, "what is cut does not say so")?;
    }
    let told = [&step.problem, &step.advice];
    let said = step.words.iter().flat_map(|words| [&words.error, &words.description]);
    ensure(told.into_iter().chain(said).flatten().all(|text| text.len() < 4_096), "a sentence is as long as the answer")?;
    let kept = desk.workbench.journal.step(step.id).map_err(|fault| fault.to_string())?;
    ensure(kept.as_ref().map(|kept| kept.outcome) == Some(step.outcome), "the journal says something else")?;
    let grown = desk.journal_bytes().saturating_sub(journal_before);
    // The write-ahead log holds whole pages of everything that was touched.
    ensure(grown < 3 << 20, format!("the journal grew by {grown} bytes"))
}

fn ended(step: &Step, outcomes: &[Outcome]) -> Check {
    ensure(outcomes.contains(&step.outcome), format!("it ended as {:?}: {:?}", step.outcome, step.problem))
}

async fn ask(endpoint: Endpoint, content: Content) -> Check {
    let desk = Desk::new().await;
    let began = Instant::now();
    let journal = desk.journal_bytes();
    let body = content.text.as_bytes();
    let flood = answer(200, content.kind, body);
    let token = answer(
        200,
        "application/json",
        format!("{{\"access_token\":\"{TOKEN}\",\"token_type\":\"Bearer\",\"expires_in\":60}}").as_bytes(),
    );
    let (server, workbench, profile) = (&desk.server, &desk.workbench, &desk.profile);
    let metadata = "/realms/flood/.well-known/openid-configuration";
    let sound_metadata = || {
        let text = format!(
            "{{\"issuer\":\"{issuer}\",\"token_endpoint\":\"{issuer}/protocol/openid-connect/token\",\"jwks_uri\":\"{issuer}/protocol/openid-connect/certs\"}}",
            issuer = profile.provider.issuer
        );
        answer(200, "application/json", text.as_bytes())
    };
    match endpoint {
        Endpoint::Metadata => {
            server.put(metadata, flood);
            let found = workbench.discover(&profile.provider.issuer, profile).await.map_err(|fault| fault.to_string())?;
            ensure(found.provider.is_err(), "it was taken for metadata")?;
            ended(&found.step, &[Outcome::Failed])?;
            sound(&desk, &found.step, journal)?;
        }
        Endpoint::ServerInfo => {
            server.put(&oidc("token"), token);
            server.put("/admin/serverinfo", flood);
            let read = workbench.server_info(profile).await.map_err(|fault| fault.to_string())?;
            ended(&read.step, &[Outcome::Failed])?;
            sound(&desk, &read.step, journal)?;
        }
        Endpoint::Keys => {
            server.put(metadata, sound_metadata());
            server.put(&oidc("certs"), flood);
            let found = workbench.discover(&profile.provider.issuer, profile).await.map_err(|fault| fault.to_string())?;
            let provider = found.provider.map_err(|problem| format!("the metadata were not taken: {problem:?}"))?;
            ensure(provider.keys == "not readable", format!("keys: {}", provider.keys))?;
            sound(&desk, &found.step, journal)?;
        }
        Endpoint::Token | Endpoint::TokenRefusal => {
            let refused = matches!(endpoint, Endpoint::TokenRefusal);
            server.put(&oidc("token"), if refused { answer(400, content.kind, body) } else { flood });
            let step = desk.run(&desk.draft(Operation::ClientCredentials, &[("client", "frontend")])).await?;
            ended(&step, &[Outcome::Failed, Outcome::Refused])?;
            ensure(step.tokens_out.is_empty(), "a token came out of it")?;
            sound(&desk, &step, journal)?;
        }
        Endpoint::Introspection | Endpoint::Userinfo | Endpoint::Revocation => {
            let (operation, path, ends): (_, _, &[Outcome]) = match endpoint {
                Endpoint::Introspection => (Operation::Introspect, "token/introspect", &[Outcome::Failed]),
                Endpoint::Userinfo => (Operation::Userinfo, "userinfo", &[Outcome::Success, Outcome::Failed]),
                _ => (Operation::Revoke, "revoke", &[Outcome::Success, Outcome::Failed]),
            };
            server.put(&oidc(path), flood);
            let id = format!("token:{}", desk.token());
            let step = desk.run(&desk.draft(operation, &[("client", "frontend"), ("token", &id)])).await?;
            ended(&step, ends)?;
            sound(&desk, &step, journal)?;
        }
        Endpoint::Call | Endpoint::CallRefused => {
            let refused = matches!(endpoint, Endpoint::CallRefused);
            server.put("/orders", answer(if refused { 403 } else { 200 }, content.kind, body));
            let step = call(&desk).await?;
            ended(&step, &[if refused { Outcome::Refused } else { Outcome::Success }])?;
            sound(&desk, &step, journal)?;
        }
        Endpoint::Activity => {
            server.put("/orders", headed(200, "activityid: one\r\n", b"{}"));
            server.put("/activity/one", flood);
            let step = call(&desk).await?;
            ended(&step, &[Outcome::Success])?;
            ensure(step.exchanges.iter().all(|one| !one.reported), "it was taken for a report")?;
            sound(&desk, &step, journal)?;
        }
        Endpoint::Events => {
            server.put(&oidc("token"), token);
            server.put("/admin/realms/flood/events", flood);
            let read = workbench.read_events(profile).await.map_err(|fault| fault.to_string())?;
            ensure(read.problem_id.is_some() && read.new == 0, format!("events came out of it: {read:?}"))?;
            ensure(read.problem.is_some_and(|problem| problem.len() < 2_048), "the problem is as long as the answer")?;
        }
        Endpoint::EventSettings => {
            server.put(&oidc("token"), token);
            server.put("/admin/realms/flood/events/config", flood);
            let read = workbench.event_settings(profile).await;
            ensure(read.as_ref().map_or(true, |(settings, _)| !settings.events_enabled), "settings came out of it")?;
        }
        Endpoint::Prediction => {
            server.put(&oidc("token"), token);
            server.put("/admin/realms/flood/clients", flood);
            let ask = PredictAsk { client: "frontend".into(), user: "alice".into(), ..PredictAsk::default() };
            let step = workbench.predict(&ask, profile).await.map_err(|fault| fault.to_string())?;
            ended(&step, &[Outcome::Failed])?;
            sound(&desk, &step, journal)?;
        }
        Endpoint::Portal => {
            for path in ["/api/am/devportal/v3/settings", "/api/am/devportal/v2/settings"] {
                server.put(path, flood.clone());
            }
            let id = format!("token:{}", desk.token());
            let draft = desk.draft(Operation::Portal, &[("call", "settings"), ("token", &id)]);
            match workbench.portal("run", &draft, profile, &|_| {}).await {
                Ok(asked) => {
                    ended(&asked.step, &[Outcome::Failed, Outcome::Success, Outcome::Refused])?;
                    sound(&desk, &asked.step, journal)?;
                }
                Err(RunFault::Fields(faults)) => return Err(format!("nothing was asked: {faults:?}")),
                Err(fault) => return Err(fault.to_string()),
            }
        }
        Endpoint::KeysOfToken => {
            server.put(&oidc("certs"), flood);
            let text = signed(&profile.provider.issuer);
            let id = workbench.paste(&text).map_err(|fault| fault.message)?.0.remove(0);
            workbench.verify_with_profiles(std::slice::from_ref(&id), std::slice::from_ref(profile)).await;
            let state = workbench.held(&id).map_err(|fault| fault.message)?.verification().clone();
            ensure(
                matches!(&state, token::inspect::Verification::Unverifiable { reason } if reason.len() < 4_096),
                format!("{state:?}"),
            )?;
        }
    }
    ensure(began.elapsed() < LONGEST, format!("it took {} s", began.elapsed().as_secs()))
}

/// A token of an issuer with a signature nobody made.
fn signed(issuer: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
    let claims = format!("{{\"iss\":\"{issuer}\",\"sub\":\"alice\",\"scope\":\"openid\"}}");
    format!("{}.{}.c2ln", BASE64.encode("{\"alg\":\"RS256\",\"kid\":\"k\"}"), BASE64.encode(claims))
}

async fn call(desk: &Desk) -> Result<Step, String> {
    let id = format!("token:{}", desk.token());
    let url = format!("{}/orders", desk.server.base);
    desk.run(&desk.draft(Operation::CallApi, &[("token", &id), ("method", "GET"), ("url", &url)])).await
}

async fn large(content: Content) -> Check {
    let desk = Desk::new().await;
    let (journal, began) = (desk.journal_bytes(), Instant::now());
    desk.server.put("/orders", answer(200, content.kind, content.text.as_bytes()));
    let step = call(&desk).await?;
    ended(&step, &[Outcome::Success])?;
    sound(&desk, &step, journal)?;
    let main = step.exchanges.iter().find(|one| one.response_bytes == content.text.len()).ok_or("no exchange has the body")?;
    if let Some(rest) = &main.rest {
        ensure(rest.sha256.len() == 64 && rest.next <= rest.lines, format!("{rest:?}"))?;
        // A body of few and long lines says its length and digest too; there are no further lines to ask for.
        if rest.next == rest.lines {
            return ensure(began.elapsed() < LONGEST, format!("it took {} s", began.elapsed().as_secs()));
        }
        let last = desk.workbench.response_part(step.id, main.seq, rest.lines - 1).map_err(|fault| fault.message)?;
        ensure(last.next.is_none() && last.lines.len() == 1, "the last line is not the last")?;
    }
    ensure(began.elapsed() < LONGEST, format!("it took {} s", began.elapsed().as_secs()))
}

async fn no_text() -> Check {
    let desk = Desk::new().await;
    let journal = desk.journal_bytes();
    desk.server.put("/orders", answer(200, "application/octet-stream", &vec![0xff; 8 << 20]));
    let step = call(&desk).await?;
    ended(&step, &[Outcome::Success])?;
    sound(&desk, &step, journal)
}

async fn too_large() -> Check {
    let desk = Desk::new().await;
    let journal = desk.journal_bytes();
    desk.server.put("/orders", answer(200, "text/plain", &vec![b'x'; (8 << 20) + 1]));
    let step = call(&desk).await?;
    ended(&step, &[Outcome::Failed])?;
    ensure(step.problem_id.as_deref() == Some("too-large"), format!("{:?}", step.problem))?;
    sound(&desk, &step, journal)
}

async fn large_message() -> Check {
    let desk = Desk::new().await;
    let journal = desk.journal_bytes();
    let body = format!("{{\"access_token\":\"{}\",\"token_type\":\"Bearer\"}}", "x".repeat(5 << 20));
    desk.server.put(&oidc("token"), answer(200, "application/json", body.as_bytes()));
    let step = desk.run(&desk.draft(Operation::ClientCredentials, &[("client", "frontend")])).await?;
    ended(&step, &[Outcome::Failed])?;
    ensure(step.problem_id.as_deref() == Some("too-large-to-read"), format!("{:?}", step.problem))?;
    sound(&desk, &step, journal)
}

async fn long_description() -> Check {
    let desk = Desk::new().await;
    let journal = desk.journal_bytes();
    let long = "x".repeat(1 << 20);
    let body = format!("{{\"error\":\"{long}\",\"error_description\":\"{long}\"}}");
    desk.server.put(&oidc("token"), answer(400, "application/json", body.as_bytes()));
    let step = desk.run(&desk.draft(Operation::ClientCredentials, &[("client", "frontend")])).await?;
    ended(&step, &[Outcome::Refused])?;
    sound(&desk, &step, journal)?;
    let query = record::audit::AuditQuery { limit: 10, ..Default::default() };
    let rows = desk.workbench.journal.rows(&query).map_err(|fault| fault.to_string())?;
    ensure(rows.iter().all(|row| row.outcome_text.len() < 3_000), "the row of the timeline is as long as the answer")
}

async fn unasked_coding(coding: &str) -> Check {
    let desk = Desk::new().await;
    let headers = format!("Content-Type: application/json\r\nContent-Encoding: {coding}\r\n");
    desk.server.put("/orders", headed(200, &headers, b"\x1f\x8b\x08\x00secret garbage"));
    let step = call(&desk).await?;
    ended(&step, &[Outcome::Success])?;
    let text: String = step.exchanges.iter().flat_map(|one| &one.response).flatten().map(|span| span.text.as_str()).collect();
    ensure(text.contains(&format!("in the coding {coding}, which was not asked for")), text.clone())?;
    ensure(!text.contains("garbage"), "the bytes are shown")?;
    desk.server.put(&oidc("token"), headed(200, &headers, b"\x1f\x8b"));
    let step = desk.run(&desk.draft(Operation::ClientCredentials, &[("client", "frontend")])).await?;
    ended(&step, &[Outcome::Failed])?;
    ensure(step.problem_id.as_deref() == Some("unasked-coding"), format!("{:?}", step.problem))
}

async fn coded_metadata() -> Check {
    let desk = Desk::new().await;
    let headers = "Content-Type: application/json\r\nContent-Encoding: zstd\r\n";
    desk.server.put("/realms/flood/.well-known/openid-configuration", headed(200, headers, b"\x28\xb5\x2f\xfd"));
    let found = desk.workbench.discover(&desk.profile.provider.issuer, &desk.profile).await.map_err(|fault| fault.to_string())?;
    let problem = found.provider.err().ok_or("it was taken for metadata")?;
    ensure(problem.message.contains("zstd"), problem.message)
}

/// A server's clock may say anything.
async fn event_at(time: i64) -> Check {
    let desk = Desk::new().await;
    let token = format!("{{\"access_token\":\"{TOKEN}\",\"token_type\":\"Bearer\",\"expires_in\":{}}}", i64::MAX);
    desk.server.put(&oidc("token"), answer(200, "application/json", token.as_bytes()));
    let events = format!("[{{\"id\":\"a\",\"time\":{time},\"type\":\"LOGIN\"}},{{\"id\":\"b\",\"time\":0,\"type\":\"LOGIN\"}}]");
    desk.server.put("/admin/realms/flood/events", answer(200, "application/json", events.as_bytes()));
    for _ in 0..2 {
        let read = desk.workbench.read_events(&desk.profile).await.map_err(|fault| fault.to_string())?;
        ensure(read.problem.is_none(), format!("{read:?}"))?;
    }
    let query = record::audit::AuditQuery { limit: 10, ..Default::default() };
    let page = desk.workbench.journal.page(&query).map_err(|fault| fault.to_string())?;
    ensure(page.bins.len() < 1_000, format!("{} bars are drawn", page.bins.len()))
}

async fn large_token() -> Check {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
    use oauth::cut::Shown as _;
    let desk = Desk::new().await;
    let began = Instant::now();
    let roles = (0..50_000).map(|at| format!("\"role-{at:05}\"")).collect::<Vec<_>>().join(",");
    let claims = format!("{{\"sub\":\"alice\",\"realm_access\":{{\"roles\":[{roles}]}}}}");
    let text = format!("{}.{}.", BASE64.encode("{\"alg\":\"none\"}"), BASE64.encode(claims));
    ensure(text.len() <= 1 << 20, "it is longer than what is pasted")?;
    let id = desk.workbench.paste(&text).map_err(|fault| fault.message)?.0.remove(0);
    let whole = desk.workbench.inspect(&id).map_err(|fault| fault.message)?;
    let shown = whole.shown();
    let size = serde_json::to_string(&shown).map_or(usize::MAX, |text| text.len());
    ensure(size < 400_000, format!("{size} bytes go to the window"))?;
    ensure(shown.json_lines > 50_000, "the length of the JSON is not said")?;
    let part =
        desk.workbench.token_part(&id, token::bounded::TokenText::Claims, shown.json_lines - 5).map_err(|fault| fault.message)?;
    ensure(part.lines.iter().flatten().any(|span| span.text.contains("role-49999")), "its end cannot be asked for")?;
    ensure(began.elapsed() < LONGEST, format!("it took {} s", began.elapsed().as_secs()))
}
