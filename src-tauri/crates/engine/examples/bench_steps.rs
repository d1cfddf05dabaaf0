//! What a step costs whatever is there already, as ratios in one run, one a line as `name value unit`: with 100,000 steps in the
//! journal over none, and with 1,000 tokens on the shelf over one. Run by `cargo xtask bench`, in release.

use std::{
    net::Ipv4Addr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use engine::{
    journal::Journal,
    secrets::Secrets,
    workbench::Workbench,
    world::{Browser, SystemClock, SystemRandom, World},
};
use oauth::profile::{Client, Endpoints, Profile, Provider};
use record::{
    audit::{Event, Outcome, Step},
    operation::{Draft, Operation},
};
use token::text::Pair;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// Steps of the long journal.
const STEPS: i64 = 100_000;
/// Tokens of the full shelf.
const TOKENS: usize = 1_000;
/// Measured steps of each kind.
const ROUNDS: usize = 200;
/// Steps before those, which nobody measures.
const WARM: usize = 20;

const GRANTED: &str = "{\"access_token\":\"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSIsImF1ZCI6WyJvcmRlcnMtYXBpIl0sImV4cCI6NDEwMjQ0NDgwMH0.c2ln\",\"token_type\":\"Bearer\",\"expires_in\":300}";
const REFUSED: &str = "{\"error\":\"invalid_grant\",\"error_description\":\"Session not active\"}";

struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _: &str) -> Result<(), String> {
        Err("none here".into())
    }
}

fn main() {
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() else {
        return eprintln!("no runtime");
    };
    let folder = std::env::temp_dir().join(format!("claimscope-bench-steps-{}", std::process::id()));
    if let Err(why) = runtime.block_on(measure(&folder)) {
        eprintln!("{why}");
    }
    let _ = std::fs::remove_dir_all(&folder);
}

/// A token endpoint that grants or refuses, each at a path of its own, on keep-alive connections.
async fn endpoint() -> std::io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut buffer = [0; 16 * 1024];
                // One read is one request here: the client sends head and body in one piece.
                while let Ok(read) = stream.read(&mut buffer).await {
                    let (status, body) =
                        if buffer.starts_with(b"POST /refuse") { ("400 Bad Request", REFUSED) } else { ("200 OK", GRANTED) };
                    let answer = format!(
                        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    if read == 0 || stream.write_all(answer.as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    Ok(port)
}

/// A token like any other, of one user.
fn text(user: usize) -> String {
    use base64::Engine as _;
    let part = |text: String| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text);
    let claims = format!(
        "{{\"sub\":\"user-{user}\",\"jti\":\"token-{user}\",\"sid\":\"session-{user}\",\"aud\":\"portal\",\"exp\":4102444800}}"
    );
    format!("{}.{}.c2ln", part("{\"alg\":\"RS256\"}".into()), part(claims))
}

/// A workbench with so many steps behind it and so many tokens on its shelf, and the drafts that are run in it.
struct Place {
    bench: Workbench,
    profile: Profile,
    granted: Draft,
    refused: Draft,
    times: [Vec<Duration>; 2],
}

async fn place(folder: &Path, port: u16, steps: i64, tokens: usize) -> Result<Place, String> {
    fill(folder, steps)?;
    let world = World { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), browser: Arc::new(NoBrowser) };
    let (bench, _) = Workbench::with(folder, world, Secrets::memory(folder.join("secrets"))).map_err(|e| e.to_string())?;
    let mut subject = String::new();
    for user in 0..tokens {
        let (added, _) = bench.paste(&text(user)).map_err(|fault| fault.message)?;
        subject = added.first().cloned().ok_or("no token")?;
    }
    let profile = Profile {
        id: "bench".into(),
        provider: Provider {
            issuer: format!("http://127.0.0.1:{port}"),
            endpoints: Endpoints { token: format!("http://127.0.0.1:{port}/token"), ..Endpoints::default() },
            ..Provider::default()
        },
        clients: vec![Client { client_id: "portal".into(), ..Client::default() }],
        ..Profile::default()
    };
    let draft = |operation, values: &[(&str, &str)]| Draft {
        operation,
        profile: "bench".into(),
        values: values.iter().map(|(name, value)| Pair { name: (*name).into(), value: (*value).into() }).collect(),
        extra: Vec::new(),
    };
    let granted = draft(Operation::ClientCredentials, &[("client", "portal")]);
    let subject = format!("token:{subject}");
    let refused = draft(
        Operation::TokenExchange,
        &[
            ("client", "portal"),
            ("subject_token", &subject),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            ("audience", "orders-api"),
        ],
    );
    Ok(Place { bench, profile, granted, refused, times: [Vec::new(), Vec::new()] })
}

/// Steps of the same profile, client and user, each with the token it made, and an event with every fourth.
fn fill(folder: &Path, steps: i64) -> Result<(), String> {
    let (journal, _) = Journal::open(folder, 0).map_err(|error| error.to_string())?;
    for index in 0..steps {
        let id = journal.append(&step(index), &[], 1).map_err(|error| error.to_string())?;
        if index % 4 == 0 {
            journal.add_events("bench", &[event(index, id)]).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

fn step(index: i64) -> Step {
    let refused = index % 17 == 0;
    Step {
        id: 0,
        started_ms: 1_780_000_000_000 + index * 900,
        duration_us: 41_000,
        operation: if index % 5 == 0 { Operation::LogIn } else { Operation::TokenExchange },
        title: "Token exchange".into(),
        headline: format!("portal got a token for api-{}", index % 40),
        profile: "bench".into(),
        subject: Some(format!("user-{}", index % 300)),
        client: Some("portal".into()),
        audience: Some(format!("api-{}", index % 40)),
        outcome: if refused { Outcome::Refused } else { Outcome::Success },
        status: Some(if refused { 400 } else { 200 }),
        problem: None,
        problem_id: None,
        advice: None,
        words: None,
        diagnosis: None,
        surprises: Vec::new(),
        tokens_in: vec![format!("subject-{}", index % 300)],
        tokens_out: vec![format!("made-{index}")],
        verdicts: Vec::new(),
        report: None,
        main_exchange: None,
        bundle: None,
        exchanges: Vec::new(),
        events: Vec::new(),
        draft: None,
    }
}

fn event(index: i64, step: i64) -> Event {
    Event {
        id: format!("event-{index}"),
        time_ms: 1_780_000_000_030 + index * 900,
        server: "bench".into(),
        event_type: "TOKEN_EXCHANGE".into(),
        error: None,
        client: Some("portal".into()),
        user_id: None,
        username: Some(format!("user-{}", index % 300)),
        session: Some(format!("session-{}", index % 300)),
        token_id: Some(format!("token-{index}")),
        audience: None,
        details: Vec::new(),
        step: Some(step),
        joined_by: None,
    }
}

async fn one(place: &mut Place, kept: bool) -> Result<(), String> {
    let at = place.profile.provider.issuer.clone();
    for (kind, outcome) in [Outcome::Success, Outcome::Refused].into_iter().enumerate() {
        let (draft, path) = if kind == 0 { (&place.granted, "token") } else { (&place.refused, "refuse") };
        place.profile.provider.endpoints.token = format!("{at}/{path}");
        let draft = place.bench.confirmed(draft, &place.profile).await.map_err(|_| "not confirmed")?;
        let began = Instant::now();
        let step = place.bench.run("bench", &draft, &place.profile, &|_| {}).await.map_err(|error| format!("{error:?}"))?;
        let took = began.elapsed();
        if step.outcome != outcome {
            return Err(format!("the step ended otherwise: {:?}", step.problem));
        }
        for token in &step.tokens_out {
            place.bench.remove_token(token).map_err(|error| error.to_string())?;
        }
        if kept {
            place.times[kind].push(took);
        }
    }
    Ok(())
}

async fn measure(folder: &Path) -> Result<(), String> {
    let port = endpoint().await.map_err(|error| error.to_string())?;
    let mut places = [
        place(&folder.join("new"), port, 0, 1).await?,
        place(&folder.join("long"), port, STEPS, 1).await?,
        place(&folder.join("full"), port, 0, TOKENS).await?,
    ];
    // In turn, so that the machine's moods fall on each alike.
    for round in 0..WARM + ROUNDS {
        for place in &mut places {
            one(place, round >= WARM).await?;
        }
    }
    let median = |place: &Place, kind: usize| {
        let mut times = place.times[kind].clone();
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1000.0
    };
    for (kind, name) in ["granted", "refused"].into_iter().enumerate() {
        let new = median(&places[0], kind);
        println!("step_{name} {new:.3} ms");
        println!("step_cost_{name}_after_{STEPS} {:.3} times", median(&places[1], kind) / new);
        println!("step_cost_{name}_with_{TOKENS}_tokens {:.3} times", median(&places[2], kind) / new);
    }
    Ok(())
}
