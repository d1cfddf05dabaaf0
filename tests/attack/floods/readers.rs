//! Every reader of text that comes from outside, with texts that are deep, long or many.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
    sync::{Arc, LazyLock, mpsc},
    time::{Duration, Instant},
};

use oauth::{cut::Shown as _, events, import, message, paste, portal, profile::Profile, resource::block};
use record::{
    join,
    logs::{self, Place, Record},
    operation::{Draft, Operation},
    redact::{self, KnownSecrets},
};
use token::{
    bounded,
    check::Expectations,
    claims, compare, decode, decrypt,
    inspect::{self, Obtained, Origin, TokenKind, Verification},
    markdown,
    verify::{KeySet, verify_each},
};

use super::contents;
use crate::row::Attack;

/// Says that this is the process in which texts are read, and from which row on.
const CHILD: &str = "FLOODS_FROM";
/// Most a worker of the app may put on its stack.
const STACK: usize = 2 << 20;
/// No text may be read for longer, in a debug build on a busy machine. Quadratic work takes minutes.
const LONGEST: Duration = Duration::from_secs(15);

type Check = Result<(), String>;
type Read = Box<dyn FnOnce() -> Check + Send>;

pub fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// Reads the texts, one after the other, and prints what became of each.
pub fn in_child() -> Check {
    let from: usize = std::env::var(CHILD).ok().and_then(|from| from.parse().ok()).unwrap_or_default();
    for (name, read) in table().into_iter().skip(from) {
        println!("flood begins {name}");
        let thread = std::thread::Builder::new().stack_size(STACK).spawn(read).map_err(|error| error.to_string())?;
        match thread.join() {
            Ok(Ok(())) => println!("flood held {name}"),
            Ok(Err(why)) => println!("flood broke {name}: {}", why.replace('\n', " ")),
            Err(_) => println!("flood broke {name}: it panicked"),
        }
    }
    Ok(())
}

/// What the child processes said, by row.
static TOLD: LazyLock<Vec<Check>> = LazyLock::new(|| {
    let count = table().len();
    let mut told: Vec<Check> = Vec::new();
    while told.len() < count {
        let before = told.len();
        children(before, &mut told);
        // Whoever ends the process, or does not end at all, is the row that was begun and not told.
        if told.len() < count {
            told.push(Err("the process that read it was gone, or hung".into()));
        }
    }
    told
});

fn children(from: usize, told: &mut Vec<Check>) {
    let Ok(program) = std::env::current_exe() else { return };
    let spawned = Command::new(program)
        .args(["floods", "--exact", "--ignored", "--nocapture"])
        .env(CHILD, from.to_string())
        .env_remove("ATTACK_ONLY")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = spawned else { return };
    let Some(output) = child.stdout.take() else { return };
    let (sender, lines) = mpsc::channel();
    let reading = std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    let mut last = Instant::now();
    while let Ok(line) = lines.recv_timeout(LONGEST + Duration::from_secs(5)) {
        if line.contains("flood held ") {
            let took = last.elapsed();
            told.push(if took < LONGEST { Ok(()) } else { Err(format!("it took {} s", took.as_secs())) });
        } else if let Some((_, why)) = line.split_once("flood broke ") {
            told.push(Err(why.to_owned()));
        }
        last = Instant::now();
    }
    let _ = child.kill();
    let _ = child.wait();
    let _ = reading.join();
}

/// Reads all texts at once, before the first row is waited for: a row has a time of its own, and this is the time of them all.
pub fn read(only: &str) {
    if table().iter().any(|(name, _)| name.contains(only)) {
        LazyLock::force(&TOLD);
    }
}

/// A row for each text.
pub fn rows() -> Vec<Attack> {
    table()
        .into_iter()
        .enumerate()
        .map(|(at, (name, _))| {
            Attack::new(name, async move {
                tokio::task::spawn_blocking(move || TOLD.get(at).cloned().unwrap_or_else(|| Err("nobody read it".into())))
                    .await
                    .map_err(|error| error.to_string())?
            })
        })
        .collect()
}

fn ensure(holds: bool, why: &str) -> Check {
    if holds { Ok(()) } else { Err(why.to_owned()) }
}

/// A compact JWS around texts, whatever they are.
fn jws(header: &str, payload: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
    format!("{}.{}.c2ln", BASE64.encode(header), BASE64.encode(payload))
}

/// Everything that is said of one token, cut for the window.
fn inspected(text: &str) -> Result<usize, String> {
    let decoded = decode::decode(text);
    let reading = inspect::reading(&decoded);
    let answer = verify_each(&decoded, None);
    let (header, claims) = (decoded.header.as_ref(), decoded.claims.as_ref());
    let found = inspect::findings(header, claims, &answer.verification, 1_800_000_000);
    let found = inspect::with_text(&decoded.findings, found);
    let origin = Origin::new("t", TokenKind::Access, Obtained::Pasted, "the clipboard");
    let view = inspect::view(&origin, header, claims, decoded.format, decoded.size, &Verification::Unsecured, 0);
    let whole = inspect::inspection(view, header, claims, found, None, &reading);
    let _ = markdown::claims(&whole, &[], None, record::redact::claim_value);
    let _ = bounded::part_of_text(&whole.json, 0);
    let _ = reading.kept(header, claims, &redact::KeepFilter::of(None, &KnownSecrets::default()));
    let shown = serde_json::to_string(&whole.shown()).map_err(|error| error.to_string())?;
    ensure(shown.len() < 1_500_000, &format!("{} bytes of one token go to the window", shown.len()))?;
    Ok(decoded.findings.len())
}

fn compared(text: &str) -> Check {
    let decoded = decode::decode(text);
    let exact = decode::json::Exact::new();
    let origin = Origin::new("t", TokenKind::Access, Obtained::Pasted, "the clipboard");
    let view = inspect::view(&origin, None, decoded.claims.as_ref(), decoded.format, 1, &Verification::Unsecured, 0);
    let column = || compare::Column { view: view.clone(), header: None, claims: decoded.claims.as_ref(), exact: &exact };
    let other = compare::Column { claims: None, ..column() };
    let whole = compare::compare(&[column(), other, column()], None);
    let _ = markdown::comparison(&whole, &[], record::redact::claim_value);
    let shown = serde_json::to_string(&whole.shown()).map_err(|error| error.to_string())?;
    ensure(shown.len() < 3_000_000, &format!("{} bytes of one comparison go to the window", shown.len()))
}

#[derive(Default)]
struct Count(usize);

impl logs::Sink for Count {
    fn record(&mut self, _: Place, record: &Record<'_>) {
        self.0 += 1 + usize::from(record.fields.is_empty());
    }

    fn more(&mut self, _: Place, _: &str) {
        self.0 += 1;
    }
}

fn log(text: &str) -> Check {
    let mut reader = logs::Reader::default();
    let mut count = Count::default();
    // In chunks that end anywhere.
    text.as_bytes().chunks(4_099).for_each(|chunk| reader.feed(chunk, &mut count));
    reader.finish(&mut count);
    let _ = logs::sniff(text.as_bytes());
    ensure(count.0 > 0 || text.trim().is_empty(), "no line was found")
}

/// A long response is laid out in parts, and each of them is bounded.
fn laid_out(kind: &str, text: &str) -> Check {
    let mut headers = http::HeaderMap::new();
    headers.insert(http::header::CONTENT_TYPE, kind.parse().map_err(|_| "a type".to_owned())?);
    let mut from = 0;
    for _ in 0..3 {
        let part = redact::response_part(200, "OK", &headers, text.as_bytes(), &KnownSecrets::default(), from);
        let size: usize = part.lines.iter().flatten().map(|span| span.text.len() + 16).sum();
        ensure(part.lines.len() <= bounded::LINES && size <= 2 * bounded::PART, &format!("a part has {size} bytes"))?;
        match part.next {
            Some(next) if next > from => from = next,
            Some(_) => return Err("the next part begins where this one does".into()),
            None => break,
        }
    }
    Ok(())
}

fn refused<T, E: std::fmt::Debug>(read: Result<T, E>, say: impl Fn(&E) -> usize) -> Check {
    match read {
        Ok(_) => Err("it was read as an answer".into()),
        Err(fault) => ensure(say(&fault) < 6_000, "the fault repeats what was sent"),
    }
}

/// All texts with all readers, in one order.
fn table() -> Vec<(String, Read)> {
    let mut rows: Vec<(String, Read)> = Vec::new();
    let mut row = |name: String, read: Read| rows.push((name, read));
    // Deep enough for any stack, long enough for quadratic work to show, and short enough for a build that is not optimised.
    for content in contents::all(192 << 10) {
        let (name, kind, text) = (content.name, content.kind, content.text);
        let shared = Arc::new(text);
        let with = |read: fn(&str) -> Check| {
            let text = Arc::clone(&shared);
            Box::new(move || read(&text)) as Read
        };
        row(
            format!("{name}, pasted"),
            with(|text| {
                let text = bounded::up_to(text, decode::MAX_SIZE);
                match paste::find_tokens(text) {
                    Ok(found) => ensure(found.tokens.len() <= paste::MOST_TOKENS, "more tokens are taken than anybody pastes"),
                    Err(message) => ensure(message.len() < 2_000, "the refusal repeats what was pasted"),
                }
            }),
        );
        row(
            format!("{name}, as claims"),
            with(|text| inspected(&jws("{\"alg\":\"RS256\"}", bounded::up_to(text, 150_000))).map(drop)),
        );
        row(format!("{name}, as a header"), with(|text| inspected(&jws(bounded::up_to(text, 150_000), "{}")).map(drop)));
        row(format!("{name}, compared"), with(|text| compared(&jws("{\"alg\":\"RS256\"}", bounded::up_to(text, 150_000)))));
        let body = Arc::clone(&shared);
        row(format!("{name}, laid out"), Box::new(move || laid_out(kind, &body)));
        row(
            format!("{name}, as keys"),
            with(|text| {
                refused(KeySet::from_jwks(text, "https://id.test/keys", 0), String::len)?;
                let _ = KeySet::from_text(text, "pasted key");
                let _ = decrypt::Keys::from_text(text, "pasted key");
                Ok(())
            }),
        );
        row(
            format!("{name}, as a token response"),
            with(|text| match message::read_token_response(200, "application/json", text.as_bytes()) {
                message::ResponseReading::Ok(_) => Err("a token was found in it".into()),
                message::ResponseReading::Refused(_) => Ok(()),
                message::ResponseReading::Malformed { message, .. } => {
                    ensure(message.len() < 5_000_000, "the message is longer than the body")
                }
            }),
        );
        row(
            format!("{name}, as metadata"),
            with(|text| {
                refused(message::read_discovery("https://id.test", "application/json", text.as_bytes()), |fault| {
                    fault.message.len()
                })
            }),
        );
        row(
            format!("{name}, as events"),
            with(|text| {
                refused(join::read_events(text, "flood"), String::len)?;
                refused(events::read_admin_events(text, "flood"), String::len)?;
                let _ = (events::read_settings(text), events::id_of_first(text.as_bytes()));
                refused(oauth::capability::read_server_info(text), String::len)
            }),
        );
        row(
            format!("{name}, as the portal's answer"),
            with(|text| {
                for call in ["register", "settings", "applications", "apis", "keys", "subscriptions", "generate_keys"] {
                    let pair = token::text::Pair { name: "call".into(), value: call.into() };
                    let draft =
                        Draft { operation: Operation::Portal, profile: String::new(), values: vec![pair], extra: Vec::new() };
                    let _ = portal::read(&draft, 200, "application/json", text.as_bytes());
                }
                Ok(())
            }),
        );
        row(
            format!("{name}, imported"),
            with(|text| {
                refused(import::read(text, ""), |fault| fault.message.len())?;
                let realm = format!("{{\"realm\":\"shop\",\"enabled\":true,\"clients\":{text}}}");
                let _ = import::read(&realm, "");
                Ok(())
            }),
        );
        row(format!("{name}, as a server's log"), with(log));
        row(
            format!("{name}, as metrics and as a certificate"),
            with(|text| {
                let _ = (logs::read_metrics(text), oauth::certificate::read(text.as_bytes()));
                Ok(())
            }),
        );
        row(
            format!("{name}, as an expectation block"),
            with(|text| {
                let text = bounded::up_to(text, block::LARGEST);
                let read = block::read(text, &Profile::default(), "orders", &Expectations::default());
                read.err().map_or(Ok(()), |fault| ensure(fault.message.len() < 5_000, "the fault repeats what was pasted"))
            }),
        );
    }
    for (name, text) in yaml() {
        row(
            format!("a block of {name}"),
            Box::new(move || {
                let read = block::read(&text, &Profile::default(), "orders", &Expectations::default());
                refused(read, |fault| fault.message.len())
            }),
        );
    }
    for (name, claims) in long_claims() {
        row(
            format!("a token with {name}"),
            Box::new(move || {
                let text = jws("{\"alg\":\"RS256\"}", &claims);
                inspected(&text)?;
                compared(&text)
            }),
        );
    }
    for (name, text) in pastes() {
        row(
            format!("pasted: {name}"),
            Box::new(move || {
                paste::find_tokens(&text).map_or(Ok(()), |found| ensure(found.tokens.len() <= 50, "too many tokens are taken"))
            }),
        );
    }
    for (name, text) in lines() {
        row(format!("a log of {name}"), Box::new(move || log(&text)));
    }
    for (name, query) in callbacks() {
        row(
            format!("a callback with {name}"),
            Box::new(move || {
                refused(message::read_callback(&query, "state", None), |fault| fault.message.len() + fault.advice.len())
            }),
        );
    }
    row(
        "a chain of a thousand actors".into(),
        Box::new(|| {
            let claims = format!("{{\"sub\":\"a\",\"act\":{}1{}}}", "{\"sub\":\"b\",\"act\":".repeat(1_000), "}".repeat(1_000));
            inspected(&jws("{\"alg\":\"none\"}", &claims)).map(drop)
        }),
    );
    row(
        "a chain of sixty actors is read to its end".into(),
        Box::new(|| {
            let claims = format!(
                "{{\"sub\":\"a\",\"act\":{}{{\"sub\":\"last\"}}{}}}",
                "{\"sub\":\"b\",\"act\":".repeat(60),
                "}".repeat(60)
            );
            let decoded = decode::decode(&jws("{\"alg\":\"none\"}", &claims));
            let chain = decoded.claims.as_ref().map(claims::actor_chain).unwrap_or_default();
            ensure(chain.last().map(String::as_str) == Some("last") && chain.len() == 61, "the chain is cut")
        }),
    );
    row(
        "a chain of disclosures around a long text".into(),
        Box::new(|| inspected(&disclosed("x".repeat(100_000).into(), 28)).map(drop)),
    );
    row(
        "beginnings of escapes that never end are read back".into(),
        Box::new(|| {
            for text in ["\\u{", "\\u{1234567", "\\u{}", "\\u{zz}\\u{"] {
                let text = text.repeat((1 << 20) / text.len());
                ensure(token::shown::original(&text) == text, "what is no escape was read as one")?;
            }
            Ok(())
        }),
    );
    row(
        "a token in a token in a token".into(),
        Box::new(|| {
            let text = (0..12).fold(jws("{\"alg\":\"none\"}", "{\"sub\":\"a\"}"), |inner, _| {
                jws("{\"alg\":\"none\",\"cty\":\"JWT\"}", &format!("{{\"token\":\"{inner}\"}}"))
            });
            inspected(bounded::up_to(&text, decode::MAX_SIZE)).map(drop)
        }),
    );
    row(
        "a step with an endless description is one row of the timeline".into(),
        Box::new(|| {
            let long = bounded::sentence(&"x".repeat(1 << 20));
            ensure(long.len() < 3_000 && long.ends_with("(cut; it has 1.0 MB)"), "it is not cut, or does not say so")?;
            ensure(bounded::sentence("short") == "short", "a short one is left alone")
        }),
    );
    rows
}

/// An SD-JWT whose disclosures lie in each other, `links` of them around a value.
fn disclosed(heart: serde_json::Value, links: usize) -> String {
    let written = |value: serde_json::Value| crate::answers::made::b64(value.to_string());
    let mut all = vec![written(serde_json::json!(["salt", "heart", heart]))];
    for at in 0..links {
        let inner = crate::answers::made::sha256(&all[at]);
        all.push(written(serde_json::json!(["salt", format!("link-{at}"), {"_sd": [inner]}])));
    }
    let claims = serde_json::json!({"_sd": [crate::answers::made::sha256(&all[links])]});
    format!("{}~{}~", jws("{\"alg\":\"RS256\"}", &claims.to_string()), all.join("~"))
}

fn yaml() -> Vec<(&'static str, String)> {
    let size = block::LARGEST;
    let aliases = (1..400).fold("a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned(), |text, at| {
        let before = at - 1;
        text + &format!("a{at}: &a{at} [*a{before}, *a{before}, *a{before}, *a{before}]\n")
    });
    vec![
        ("dashes", "- ".repeat(size / 2)),
        ("question marks", "? ".repeat(size / 2)),
        ("flow lists", "[".repeat(size)),
        ("flow maps", "{a: ".repeat(size / 4)),
        ("indents", (0..350).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect()),
        ("aliases of aliases", bounded::up_to(&aliases, size).to_owned()),
        ("tags", "!!map ".repeat(size / 6)),
        ("one long line", "x".repeat(size)),
        ("more than is read", "a: b\n".repeat(size)),
        ("anchors", "&a ".repeat(size / 3)),
    ]
}

fn long_claims() -> Vec<(&'static str, String)> {
    let list = |count: usize| (0..count).map(|at| format!("\"role-{at:05}\"")).collect::<Vec<_>>().join(",");
    let long = "n".repeat(250_000);
    vec![
        ("40,000 roles", format!("{{\"realm_access\":{{\"roles\":[{}]}}}}", list(40_000))),
        ("40,000 audiences", format!("{{\"aud\":[{}]}}", list(40_000))),
        ("40,000 clients with a role", {
            let clients = (0..20_000).map(|at| format!("\"c{at}\":{{\"roles\":[\"a\"]}}")).collect::<Vec<_>>().join(",");
            format!("{{\"resource_access\":{{{clients}}}}}")
        }),
        ("a long name over many members", {
            let members = (0..20_000).map(|at| format!("\"m{at}\":1.50")).collect::<Vec<_>>().join(",");
            format!("{{\"{long}\":{{{members}}}}}")
        }),
        ("a long name over many numbers", format!("{{\"{long}\":[{}1.50]}}", "1.50,".repeat(80_000))),
        ("a long name over many controls", format!("{{\"{long}\":[{}\"\"]}}", "\"\\u0000\",".repeat(40_000))),
        ("numbers that lose digits", format!("{{\"a\":[{}1]}}", "0.12345678901234567890,".repeat(25_000))),
        ("scopes", format!("{{\"scope\":\"{}\"}}", "read:orders ".repeat(50_000))),
        ("a number of half a megabyte", format!("{{\"exp\":{}}}", "9".repeat(500_000))),
        ("a subject of half a megabyte", format!("{{\"sub\":\"{}\"}}", "x".repeat(500_000))),
        ("hidden letters", format!("{{\"sub\":\"{}\"}}", "\u{202e}".repeat(150_000))),
    ]
}

fn pastes() -> Vec<(&'static str, String)> {
    let token = |at: usize| jws("{\"alg\":\"none\"}", &format!("{{\"jti\":\"{at}\"}}"));
    let tokens = |count: usize| (0..count).map(token).collect::<Vec<_>>();
    vec![
        (
            "ten thousand tokens in a list",
            format!("[{}]", tokens(10_000).iter().map(|one| format!("{{\"token\":\"{one}\"}}")).collect::<Vec<_>>().join(",")),
        ),
        ("ten thousand tokens in prose", tokens(10_000).join(" and ")),
        ("ten thousand headers", tokens(9_000).iter().map(|one| format!("Authorization: Bearer {one}\n")).collect()),
        ("ten thousand parameters", tokens(9_000).iter().map(|one| format!("token={one}&")).collect()),
        ("a curl command of options", format!("curl {}", "-H 'a: b' ".repeat(100_000))),
        ("a curl command of quotes", format!("curl {}", "'".repeat(1_000_000))),
        ("a curl command of lines", format!("curl {}", "\\\n".repeat(500_000))),
        ("quotes in quotes", format!("{}x{}", "\"'`".repeat(150_000), "`'\"".repeat(150_000))),
        ("schemes", "Bearer ".repeat(140_000)),
        ("dots", ".".repeat(1_000_000)),
        ("tildes", format!("{}{}", token(1), "~".repeat(1_000_000))),
        ("a thousand signatures", {
            let one = "{\"protected\":\"eyJhbGciOiJub25lIn0\",\"signature\":\"\"}";
            format!("{{\"payload\":\"{}\",\"signatures\":[{}]}}", "QUFB".repeat(100_000), vec![one; 5_000].join(","))
        }),
    ]
}

fn lines() -> Vec<(&'static str, String)> {
    let head = "2026-11-20 14:02:31,204 WARN  [org.keycloak.events] (t) ";
    vec![
        ("values that end in a backslash", format!("{head}type=\"LOGIN\"{}", ", a=\"x\\\"".repeat(30_000))),
        ("quotes that never close", format!("{head}type=\"LOGIN\", {}", "a=\"x ".repeat(50_000))),
        ("pairs", format!("{head}type=\"LOGIN\"{}", ", a=\"x\"".repeat(30_000))),
        ("brackets before the time", format!("TID: {}", "[a] ".repeat(100_000))),
        ("bars", format!("2026-11-20 14:02:31,204{}", "|".repeat(250_000))),
        ("escape codes", format!("x{}", "\u{1b}[31m".repeat(200_000))),
        ("audit lines that are no JSON", "TID: [1] [2026-11-20 14:02:31,204]  INFO {AUDIT_LOG} - {\"a\":{\"b\":\n".repeat(5_000)),
        ("JSON lines in JSON lines", format!("{{\"log\":\"{}\"}}", "\\\"".repeat(100_000))),
        ("stack traces", format!("{head}oops\n{}", "\tat a.b.c(D.java:1)\n".repeat(50_000))),
    ]
}

fn callbacks() -> Vec<(&'static str, String)> {
    vec![
        ("half a megabyte", format!("code={}", "x".repeat(500_000))),
        ("a hundred thousand parameters", "a=b&".repeat(100_000)),
        ("an error of ten kilobytes", format!("error=access_denied&state=state&error_description={}", "x".repeat(10_000))),
        ("a thousand states", "state=x&".repeat(1_000)),
        ("percent signs", "%".repeat(15_000)),
    ]
}
