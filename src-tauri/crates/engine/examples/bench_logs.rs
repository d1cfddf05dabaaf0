//! Figures of server logs, one a line as `name value unit`: reading and indexing a million lines against `grep -c` over the same
//! file and `jq` over its JSON form, filtering at a million events, memory. Run by `cargo xtask bench`, in release. The log is made
//! by a seeded rule: events of many types, errors, lines of the server, stack traces.

use std::{
    fmt::Write as _,
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use engine::logs::Logs;
use record::logs::{LogPhase, LogQuery, LogSource};

/// Events in the log; lines of other kinds come on top.
const EVENTS: u64 = 1_000_000;

const TYPES: [(&str, u64); 9] = [
    ("LOGIN", 20),
    ("CODE_TO_TOKEN", 20),
    ("REFRESH_TOKEN", 25),
    ("TOKEN_EXCHANGE", 12),
    ("CLIENT_LOGIN", 8),
    ("INTROSPECT_TOKEN", 6),
    ("LOGOUT", 4),
    ("TOKEN_EXCHANGE_ERROR", 3),
    ("LOGIN_ERROR", 2),
];
const ERRORS: [(&str, &str); 3] = [
    ("not_allowed", "client is not within the token audience"),
    ("invalid_user_credentials", "wrong password"),
    ("invalid_token", "subject_token validation failure"),
];

/// A small generator with a fixed beginning: the same log at every run.
struct Random(u64);

impl Random {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }

    fn hex(&mut self, text: &mut String, digits: usize) {
        for _ in 0..digits {
            let digit = self.next(16) as u32;
            text.extend(char::from_digit(digit, 16));
        }
    }

    fn uuid(&mut self) -> String {
        let mut text = String::with_capacity(36);
        for (at, digits) in [8, 4, 4, 4, 12].into_iter().enumerate() {
            if at > 0 {
                text.push('-');
            }
            self.hex(&mut text, digits);
        }
        text
    }
}

fn main() {
    let folder = std::env::temp_dir().join(format!("claimscope-logs-bench-{}", std::process::id()));
    if let Err(problem) = run(&folder) {
        eprintln!("{problem}");
    }
    let _ = std::fs::remove_dir_all(&folder);
}

fn run(folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let (text, json) = (folder.join("keycloak.log"), folder.join("keycloak.json.log"));
    generate(&text, &json).map_err(|error| error.to_string())?;
    let size = std::fs::metadata(&text).map_err(|error| error.to_string())?.len();
    println!("log_file {:.0} MB", size as f64 / 1e6);
    let before = memory("VmRSS:");

    let logs = Logs::default();
    let began = Instant::now();
    let log = open(&logs, &text)?;
    let read = began.elapsed();
    let state = log.state();
    if state.phase != LogPhase::Ready || state.events != EVENTS {
        return Err(format!("the log was not read whole: {:?}, {} events, {:?}", state.phase, state.events, state.problem));
    }
    println!("log_read {:.0} ms", ms(read));
    println!("log_lines {} lines", state.lines);
    println!("log_memory_peak {:.0} MiB", memory("VmHWM:") - before);
    println!("log_index {:.0} MiB", state.memory as f64 / 1024.0 / 1024.0);

    let typed = "user:user-4821 token_exchange";
    let mut worst = Duration::ZERO;
    for end in 1..=typed.len() {
        worst = worst.max(filter(&log, LogQuery { search: typed[..end].into(), ..LogQuery::default() })?);
    }
    println!("log_filter_typed_worst {:.1} ms", ms(worst));
    let queries = [
        ("log_filter_nothing", LogQuery::default()),
        ("log_filter_one_letter", LogQuery { search: "e".into(), ..LogQuery::default() }),
        ("log_filter_token_id", LogQuery { search: "onrtac:00ab".into(), ..LogQuery::default() }),
        ("log_filter_stack_trace", LogQuery { search: "illegalstate".into(), ..LogQuery::default() }),
        ("log_filter_three_words", LogQuery { search: "client-7 10.0 openid".into(), ..LogQuery::default() }),
        ("log_filter_errors", LogQuery { chips: vec!["errors".into()], ..LogQuery::default() }),
        (
            "log_filter_type_and_client",
            LogQuery { event_type: Some("TOKEN_EXCHANGE".into()), client: Some("client-7".into()), ..LogQuery::default() },
        ),
    ];
    for (name, query) in queries {
        let mut times = (0..5).map(|_| filter(&log, query.clone())).collect::<Result<Vec<_>, _>>()?;
        times.sort();
        println!("{name} {:.1} ms", ms(times[2]));
    }
    let mut pages = Vec::new();
    for offset in (0..1_000_000).step_by(97_003) {
        let began = Instant::now();
        log.page(&LogQuery { offset, limit: 200, ..LogQuery::default() }).map_err(|fault| fault.message)?;
        pages.push(began.elapsed());
    }
    pages.sort();
    println!("log_page {:.1} ms", ms(pages[pages.len() / 2]));
    drop(log);
    logs.close();

    let began = Instant::now();
    drop(open(&logs, &json)?);
    let read_json = began.elapsed();
    logs.close();
    println!("log_read_json {:.0} ms", ms(read_json));
    let grep = outside(Command::new("grep").args(["-c", "type=\"LOGIN\""]).arg(&text))?;
    println!("grep {:.0} ms", ms(grep));
    println!("log_read_to_grep {:.1} times", read.as_secs_f64() / grep.as_secs_f64());
    let jq = outside(Command::new("jq").args(["-c", "select(.loggerName == \"org.keycloak.events\") | .level"]).arg(&json))?;
    println!("jq {:.0} ms", ms(jq));
    println!("log_read_json_to_jq {:.2} times", read_json.as_secs_f64() / jq.as_secs_f64());
    Ok(())
}

fn open(logs: &Logs, path: &Path) -> Result<std::sync::Arc<engine::logs::OpenLog>, String> {
    let log = logs.open(&LogSource::Files { paths: vec![path.display().to_string()] }).map_err(|fault| fault.message)?;
    log.read(|| ());
    Ok(log)
}

/// Time of one filter with its first page. Its answer is not the one before, so nothing comes from what was kept.
fn filter(log: &engine::logs::OpenLog, query: LogQuery) -> Result<Duration, String> {
    log.page(&LogQuery { search: "kept by nobody".into(), ..LogQuery::default() }).map_err(|fault| fault.message)?;
    let began = Instant::now();
    log.page(&LogQuery { limit: 200, ..query }).map_err(|fault| fault.message)?;
    Ok(began.elapsed())
}

/// Time of another program, the better of two runs.
fn outside(command: &mut Command) -> Result<Duration, String> {
    let mut best = Duration::MAX;
    for _ in 0..2 {
        let began = Instant::now();
        // Not to the null device: grep sees that and ends at the first hit.
        let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
        if !output.status.success() {
            return Err(format!("{command:?} ended with {}", output.status));
        }
        best = best.min(began.elapsed());
    }
    Ok(best)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A line of this process's status, in MiB; 0 where there is none.
fn memory(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}

fn generate(text: &PathBuf, json: &PathBuf) -> std::io::Result<()> {
    let (mut text, mut json) = (BufWriter::new(File::create(text)?), BufWriter::new(File::create(json)?));
    let mut random = Random(0x5eed_c1a1_35c0_9e11);
    let weights: u64 = TYPES.iter().map(|(_, weight)| weight).sum();
    let mut sessions: Vec<String> = (0..5000).map(|_| random.uuid()).collect();
    let mut ms = 0u64;
    for number in 0..EVENTS {
        ms += random.next(170);
        let stamp = stamp(ms);
        let mut pick = random.next(weights);
        let kind = TYPES
            .iter()
            .find(|(_, weight)| {
                if pick < *weight {
                    true
                } else {
                    pick -= weight;
                    false
                }
            })
            .map_or("LOGIN", |(kind, _)| kind);
        let user = random.next(20_000);
        let at = random.next(5000) as usize;
        if kind == "LOGIN" {
            sessions[at] = random.uuid();
        }
        let failed = kind.ends_with("_ERROR");
        let mut message = format!(
            "type=\"{kind}\", realmId=\"5c1f4a9e-0f5c-4b1d-9d0e-b318aa02c9f1\", realmName=\"realm-{}\", clientId=\"client-{}\", userId=\"{user:08x}-52d4-4d6e-9f3c-1d2e498d0b7a\", sessionId=\"{}\", ipAddress=\"10.0.{}.{}\"",
            user % 3,
            random.next(200),
            sessions[at],
            random.next(8),
            random.next(250),
        );
        if failed {
            let (error, reason) = ERRORS[random.next(3) as usize];
            let _ = write!(message, ", error=\"{error}\", reason=\"{reason}\"");
        } else {
            let _ = write!(message, ", token_id=\"onrtac:{}\"", random.uuid());
            if kind != "CLIENT_LOGIN" {
                let _ = write!(message, ", refresh_token_id=\"{}\", refresh_token_type=\"Refresh\"", random.uuid());
            }
        }
        let _ = write!(
            message,
            ", grant_type=\"authorization_code\", scope=\"openid profile email\", client_auth_method=\"client-secret\", username=\"user-{user}\""
        );
        let level = if failed { "WARN" } else { "DEBUG" };
        write_line(&mut text, &mut json, &stamp, level, "org.keycloak.events", &message)?;
        if number % 12 == 5 {
            let message = format!("Cache {} took {} ms to answer", random.next(40), random.next(900));
            write_line(&mut text, &mut json, &stamp, "INFO", "org.infinispan.CLUSTER", &message)?;
        }
        if number % 500 == 77 {
            write_line(
                &mut text,
                &mut json,
                &stamp,
                "ERROR",
                "org.keycloak.services.error.KeycloakErrorHandler",
                "Uncaught server error: java.lang.IllegalStateException: broken",
            )?;
            for frame in 0..24 {
                writeln!(text, "\tat org.keycloak.services.Thing{frame}.run(Thing{frame}.java:{})", frame * 7 + 12)?;
            }
        }
    }
    text.flush()?;
    json.flush()
}

fn write_line(
    text: &mut impl std::io::Write,
    json: &mut impl std::io::Write,
    stamp: &str,
    level: &str,
    logger: &str,
    message: &str,
) -> std::io::Result<()> {
    writeln!(text, "{} {level:<5} [{logger}] (executor-thread-1) {message}", stamp.replace('T', " ").replace('.', ","))?;
    let message = serde_json::Value::from(message);
    writeln!(
        json,
        "{{\"timestamp\":\"{stamp}Z\",\"sequence\":1,\"loggerClassName\":\"org.jboss.logging.Logger\",\"loggerName\":\"{logger}\",\"level\":\"{level}\",\"message\":{message},\"threadName\":\"executor-thread-1\",\"threadId\":41,\"mdc\":{{}},\"ndc\":\"\",\"hostName\":\"kc\",\"processName\":\"java\",\"processId\":1}}"
    )
}

/// A time of 20 November 2026, or of the days after it.
fn stamp(ms: u64) -> String {
    let (day, rest) = (20 + ms / 86_400_000, ms % 86_400_000);
    format!("2026-11-{day:02}T{:02}:{:02}:{:02}.{:03}", rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000)
}
