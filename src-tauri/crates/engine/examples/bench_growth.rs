//! How the cost of what comes from outside grows with its size, one figure a line as `name value unit`: a granted token by its
//! claims, and the redaction of texts that are made to be dear. An exponent of 1 is linear. Run in release:
//! `cargo run --release -p engine --example bench_growth`.

use std::{
    net::Ipv4Addr,
    sync::Arc,
    time::{Duration, Instant},
};

use engine::{
    secrets::Secrets,
    workbench::Workbench,
    world::{Browser, SystemClock, SystemRandom, World},
};
use oauth::profile::{Client, ClientAuth, Endpoints, Profile, Provider};
use record::{
    audit::Outcome,
    operation::{Draft, Operation},
    redact::{self, KnownSecrets},
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
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() else {
        return eprintln!("no runtime");
    };
    runtime.block_on(granted());
    hostile();
    issued();
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The best of some runs: what is measured is the work and not what else the machine does.
fn best(runs: usize, mut work: impl FnMut()) -> f64 {
    let times = (0..runs).map(|_| {
        let began = Instant::now();
        work();
        milliseconds(began.elapsed())
    });
    times.fold(f64::INFINITY, f64::min)
}

/// The slope between the two largest sizes, on logarithmic scales.
fn exponent(name: &str, figures: &[(usize, f64)]) {
    for (size, time) in figures {
        println!("{name}_at_{size} {time:.2} ms");
    }
    if let [.., (small, short), (large, long)] = figures {
        println!("{name}_exponent {:.2}", (long / short).ln() / (*large as f64 / *small as f64).ln());
    }
}

/// A token with so many claims, as a server would write it.
fn token(claims: usize) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
    let members: Vec<String> = (0..claims).map(|index| format!("\"claim_{index}\":\"value-{index}-of-it\"")).collect();
    let payload = format!("{{\"sub\":\"alice\",\"exp\":4102444800,{}}}", members.join(","));
    format!("{}.{}.{}", BASE64.encode(r#"{"alg":"RS256","kid":"k"}"#), BASE64.encode(payload), BASE64.encode([7; 256]))
}

async fn granted() {
    let mut figures = Vec::new();
    for claims in [100, 1_000, 10_000] {
        let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await else { return eprintln!("no loopback") };
        let Ok(address) = listener.local_addr() else { return };
        let body = format!("{{\"access_token\":\"{}\",\"token_type\":\"Bearer\",\"expires_in\":300}}", token(claims));
        let answer = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let answer = answer.clone();
                tokio::spawn(async move {
                    let mut buffer = [0; 16 * 1024];
                    while let Ok(read) = stream.read(&mut buffer).await {
                        if read == 0 || stream.write_all(answer.as_bytes()).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        let folder = std::env::temp_dir().join(format!("claimscope-growth-{}-{claims}", std::process::id()));
        let world = World { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), browser: Arc::new(NoBrowser) };
        let Ok((bench, _)) = Workbench::with(&folder, world, Secrets::memory(folder.join("secrets"))) else {
            return eprintln!("no journal");
        };
        let profile = Profile {
            id: "bench".into(),
            provider: Provider {
                endpoints: Endpoints { token: format!("http://{address}/token"), ..Endpoints::default() },
                ..Provider::default()
            },
            clients: vec![Client { client_id: "portal".into(), auth: ClientAuth::ClientSecretBasic, ..Client::default() }],
            ..Profile::default()
        };
        let _ = bench.keep_secret(&profile, &profile.clients[0], Secret::new("secret of the bench")).await;
        let draft = Draft {
            operation: Operation::ClientCredentials,
            profile: "bench".into(),
            values: vec![Pair { name: "client".into(), value: "portal".into() }],
            extra: Vec::new(),
        };
        let mut least = f64::INFINITY;
        for _ in 0..5 {
            let began = Instant::now();
            match bench.run("bench", &draft, &profile, &|_| {}).await {
                Ok(step) if step.outcome == Outcome::Success => {}
                Ok(step) => return eprintln!("the exchange failed: {:?}", step.problem),
                Err(error) => return eprintln!("the exchange failed: {error}"),
            }
            least = least.min(milliseconds(began.elapsed()));
            for held in bench.tokens() {
                let _ = bench.remove_token(&held.id);
            }
        }
        figures.push((claims, least));
        drop(bench);
        let _ = std::fs::remove_dir_all(&folder);
    }
    exponent("granted_token_claims", &figures);
}

/// Texts that were quadratic somewhere, or could be.
fn hostile() {
    let known = KnownSecrets::new(
        vec![Secret::new("hunter22-of-the-bench"), Secret::new("a".repeat(200)), Secret::new("ab")],
        vec![(Secret::new(token(20)), "[access, alice, 1 kB]".into())],
    );
    let pieces: [(&str, &str); 20] = [
        ("lists", "["),
        ("objects", "{\"a\":"),
        ("quotes", "\""),
        ("escaped_quotes", "\"name\":\\\""),
        ("names", "password:"),
        ("pairs", "password=[access,"),
        ("headers", "x-api-token://"),
        ("tags", "<password "),
        ("open_tags", "<a b='"),
        ("elements", "<token>x"),
        ("tokens", "eyJ"),
        ("schemes", "Bearer Bearer "),
        ("keys", "-----BEGIN PRIVATE KEY"),
        ("addresses", "://a@"),
        ("percent", "%2525252541"),
        ("character_references", "&#x26;#x41;"),
        ("letters", "a"),
        ("words", "ab abc hunter22-of-the-benc "),
        ("base64", "aHVudGVyMjItb2YtdGhlLWJlbmNo"),
        ("form", "name=\"password\"\r\n\r\n"),
    ];
    for (name, piece) in pieces {
        let figures: Vec<(usize, f64)> = [64 << 10, 256 << 10, 1 << 20]
            .into_iter()
            .map(|size| {
                let text = piece.repeat(size / piece.len());
                let headers = http::HeaderMap::new();
                let time = best(3, || drop(redact::response(200, "", &headers, text.as_bytes(), &known)));
                (size, time)
            })
            .collect();
        exponent(&format!("redact_{name}"), &figures);
    }
}

/// Answers as servers give them, and what is known in number.
fn issued() {
    let headers = http::HeaderMap::new();
    let known = KnownSecrets::new(vec![Secret::new("hunter22-of-the-bench")], Vec::new());
    let figures: Vec<(usize, f64)> = [1_000, 10_000, 40_000]
        .into_iter()
        .map(|roles| {
            let list: Vec<String> = (0..roles).map(|index| format!("\"role-{index}-of-orders\"")).collect();
            let body = format!("{{\"sub\":\"a\",\"roles\":[{}]}}", list.join(","));
            (roles, best(3, || drop(redact::response(200, "", &headers, body.as_bytes(), &known))))
        })
        .collect();
    exponent("redact_roles", &figures);
    let figures: Vec<(usize, f64)> = [10, 100, 1_000]
        .into_iter()
        .map(|count| {
            let tokens: Vec<(Secret, String)> =
                (0..count).map(|index| (Secret::new(token(20 + index % 7) + &index.to_string()), "[access]".into())).collect();
            let time = best(3, || {
                let known = KnownSecrets::new(Vec::new(), tokens.clone());
                drop(redact::text("a short text", &known));
            });
            (count, time)
        })
        .collect();
    exponent("known_tokens", &figures);
}
