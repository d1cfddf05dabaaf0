//! Figures of the engine, one a line as `name value unit`: the cost of an exchange over the bare round trip, and of the journal
//! at 10,000 and 200,000 steps. Run by `cargo xtask bench`, in release.

use std::{
    net::Ipv4Addr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use engine::{
    http::{Http, Limits},
    journal::Journal,
    secrets::Secrets,
    workbench::Workbench,
    world::{Browser, SystemClock, SystemRandom, World},
};
use oauth::profile::{Client, ClientAuth, Endpoints, Profile, Provider, Tls};
use record::{
    audit::{AuditQuery, Event, Outcome, Step},
    operation::{Draft, Operation},
};
use token::{secret::Secret, text::Pair};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

struct NoBrowser;

impl Browser for NoBrowser {
    fn open(&self, _: &str) -> Result<(), String> {
        Err("none here".into())
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let Ok(runtime) = runtime else { return eprintln!("no runtime") };
    let folder = std::env::temp_dir().join(format!("claimscope-bench-{}", std::process::id()));
    runtime.block_on(exchange(&folder));
    for steps in [10_000, 200_000] {
        journal(&folder, steps);
    }
    let _ = std::fs::remove_dir_all(&folder);
}

fn world() -> World {
    World { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), browser: Arc::new(NoBrowser) }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A token endpoint that always answers the same, on keep-alive connections.
async fn endpoint() -> std::io::Result<u16> {
    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSIsImF1ZCI6WyJvcmRlcnMtYXBpIl0sImV4cCI6NDEwMjQ0NDgwMH0.c2ln";
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    let body = format!("{{\"access_token\":\"{TOKEN}\",\"token_type\":\"Bearer\",\"expires_in\":300}}");
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut buffer = [0; 16 * 1024];
                // One read is one request here: the client sends head and body in one piece.
                while let Ok(read) = stream.read(&mut buffer).await {
                    if read == 0 || stream.write_all(answer.as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    Ok(port)
}

async fn exchange(folder: &Path) {
    let Ok(port) = endpoint().await else { return eprintln!("no loopback") };
    let secrets = Secrets::memory(folder.join("secrets"));
    let Ok((bench, _)) = Workbench::with(folder, world(), secrets) else { return eprintln!("no journal") };
    let profile = Profile {
        id: "bench".into(),
        provider: Provider {
            endpoints: Endpoints { token: format!("http://127.0.0.1:{port}/token"), ..Endpoints::default() },
            ..Provider::default()
        },
        clients: vec![Client { client_id: "portal".into(), auth: ClientAuth::ClientSecretBasic, ..Client::default() }],
        ..Profile::default()
    };
    let _ = bench.keep_secret(&profile, &profile.clients[0], Secret::new("secret")).await;
    let draft = Draft {
        operation: Operation::ClientCredentials,
        profile: "bench".into(),
        values: vec![Pair { name: "client".into(), value: "portal".into() }],
        extra: Vec::new(),
    };
    let http = Http::new(world());
    let (mut bare, mut whole) = (Vec::new(), Vec::new());
    for round in 0..220 {
        let request = http::Request::post(format!("http://127.0.0.1:{port}/token"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(b"grant_type=client_credentials".to_vec());
        let Ok(request) = request else { return };
        let began = Instant::now();
        let sent = http.send(request, &Tls::default(), Limits::USUAL).await;
        let took = began.elapsed();
        if sent.result.is_err() {
            return eprintln!("the endpoint did not answer");
        }
        let began = Instant::now();
        match bench.run("bench", &draft, &profile, &|_| {}).await {
            Ok(step) if step.outcome == Outcome::Success => {}
            Ok(step) => return eprintln!("the exchange failed: {:?}", step.problem),
            Err(error) => return eprintln!("the exchange failed: {error}"),
        }
        let all = began.elapsed();
        for held in bench.tokens() {
            let _ = bench.remove_token(&held.id);
        }
        if round >= 20 {
            bare.push(took);
            whole.push(all);
        }
    }
    let (bare, whole) = (median(bare), median(whole));
    println!("http_round_trip {:.3} ms", bare.as_secs_f64() * 1000.0);
    println!("exchange_whole {:.3} ms", whole.as_secs_f64() * 1000.0);
    println!("exchange_added {:.3} ms", whole.saturating_sub(bare).as_secs_f64() * 1000.0);
}

fn step(index: i64) -> Step {
    let refused = index % 17 == 0;
    Step {
        id: 0,
        started_ms: 1_790_000_000_000 + index * 900,
        duration_us: 41_000,
        operation: if index % 5 == 0 { Operation::LogIn } else { Operation::TokenExchange },
        title: "Token exchange".into(),
        headline: format!("portal got a token for api-{}", index % 40),
        profile: "bench".into(),
        subject: Some(format!("user-{}", index % 300)),
        client: Some("portal".into()),
        audience: Some(format!("api-{}", index % 40)),
        outcome: if refused { Outcome::Refused } else { Outcome::Success },
        status: Some(if refused { 403 } else { 200 }),
        problem: None,
        problem_id: None,
        advice: None,
        words: None,
        diagnosis: None,
        surprises: Vec::new(),
        tokens_in: Vec::new(),
        tokens_out: Vec::new(),
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
        time_ms: 1_790_000_000_030 + index * 900,
        server: "bench".into(),
        event_type: "TOKEN_EXCHANGE".into(),
        error: None,
        client: Some("portal".into()),
        user_id: None,
        username: Some(format!("user-{}", index % 300)),
        session: None,
        token_id: None,
        audience: None,
        details: Vec::new(),
        step: Some(step),
        joined_by: None,
    }
}

fn journal(folder: &Path, steps: i64) {
    let folder = folder.join(steps.to_string());
    let Ok((journal, _)) = Journal::open(&folder, 0) else { return eprintln!("no journal") };
    let began = Instant::now();
    for index in 0..steps {
        match journal.append(&step(index), &[], 1) {
            Ok(id) if index % 4 == 0 => {
                let _ = journal.add_events("bench", &[event(index, id)]);
            }
            Ok(_) => {}
            Err(error) => return eprintln!("{error}"),
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("journal_inserts_at_{steps} {:.0} steps/s", steps as f64 / seconds);
    let base = AuditQuery { limit: 100, ..AuditQuery::default() };
    let filters = [
        ("all", base.clone()),
        ("errors", AuditQuery { chips: vec!["errors".into()], ..base.clone() }),
        ("search", AuditQuery { search: "user-17 api-7".into(), ..base.clone() }),
        ("deep", AuditQuery { offset: 5_000, chips: vec!["logins".into(), "errors".into()], ..base.clone() }),
    ];
    for (name, query) in filters {
        let mut times = Vec::new();
        for _ in 0..21 {
            let began = Instant::now();
            if let Err(error) = journal.rows(&query) {
                return eprintln!("{error}");
            }
            times.push(began.elapsed());
        }
        println!("journal_page_{name}_at_{steps} {:.3} ms", median(times).as_secs_f64() * 1000.0);
        let began = Instant::now();
        if let Err(error) = journal.page(&query) {
            return eprintln!("{error}");
        }
        println!("journal_first_page_with_counts_{name}_at_{steps} {:.3} ms", began.elapsed().as_secs_f64() * 1000.0);
    }
}
