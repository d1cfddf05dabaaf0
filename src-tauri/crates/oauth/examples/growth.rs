//! How the time of every reader of outside text grows with the text, one a line as `reader, content: milliseconds at 1 MiB,
//! exponent`. The exponent is that of the last doubling but one to the last: 1 is linear, 2 is quadratic.
//!
//! `cargo run --release -p model --example growth`; with a word only the lines that hold it.

use std::{hint::black_box, time::Instant};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use oauth::{cut::Shown as _, import, message, paste, profile::Profile, resource::block};
use record::{
    audit::Event,
    join, logs,
    redact::{self, KnownSecrets},
};
use token::{
    bounded,
    check::Expectations,
    compare, decode,
    inspect::{self, Obtained, Origin, TokenKind, Verification},
    markdown,
    verify::KeySet,
};

type Made = fn(usize) -> String;

/// What the texts are made of, about the size asked for.
const CONTENTS: [(&str, Made); 12] = [
    ("roles", |size| {
        format!("{{\"realm_access\":{{\"roles\":[{}\"z\"]}}}}", numbered(size / 14, |at| format!("\"role-{at:06}\",")))
    }),
    ("claims", |size| format!("{{{}\"z\":1}}", numbered(size / 22, |at| format!("\"claim-{at:06}\":{at},")))),
    ("clients", |size| {
        format!("{{\"resource_access\":{{{}\"z\":1}}}}", numbered(size / 26, |at| format!("\"c{at:06}\":{{\"roles\":[\"a\"]}},")))
    }),
    ("numbers", |size| format!("[{}1]", "1,".repeat(size / 2))),
    ("odd numbers", |size| format!("{{\"a\":[{}1]}}", "1.50,".repeat(size / 5))),
    ("long name", |size| {
        format!("{{\"{}\":{{{}\"z\":1}}}}", "n".repeat(size / 2), numbered(size / 24, |at| format!("\"m{at}\":1.50,")))
    }),
    ("repeated members", |size| format!("{{{}\"a\":1}}", "\"a\":1,".repeat(size / 6))),
    ("scopes", |size| format!("{{\"scope\":\"{}\"}}", numbered(size / 12, |at| format!("read:{at:06} ")))),
    ("depth", |size| format!("{}{}", "[".repeat(size / 2), "]".repeat(size / 2))),
    ("one text", |size| format!("{{\"a\":\"{}\"}}", "x".repeat(size))),
    ("lines", |size| {
        numbered(size / 96, |at| {
            format!("2026-11-20 14:02:31,204 WARN  [org.keycloak.events] (t) type=\"LOGIN\", a=\"x\", b=\"{at}\"\n")
        })
    }),
    ("events", |size| {
        format!(
            "[{}{{\"time\":1,\"type\":\"LOGIN\"}}]",
            numbered(size / 60, |at| format!(
                "{{\"id\":\"{at:06}\",\"time\":{at},\"type\":\"LOGIN\",\"details\":{{\"a\":\"b\"}}}},"
            ))
        )
    }),
];

fn numbered(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

fn jws(payload: &str) -> String {
    format!("{}.{}.c2ln", BASE64.encode("{\"alg\":\"RS256\"}"), BASE64.encode(payload))
}

#[derive(Default)]
struct Nothing;

impl logs::Sink for Nothing {
    fn record(&mut self, _: logs::Place, record: &logs::Record<'_>) {
        black_box(record.fields.len());
    }

    fn more(&mut self, _: logs::Place, text: &str) {
        black_box(text.len());
    }
}

fn inspect(text: &str) {
    let decoded = decode::decode(text);
    let reading = inspect::reading(&decoded);
    let (header, claims) = (decoded.header.as_ref(), decoded.claims.as_ref());
    let found = inspect::findings(header, claims, &Verification::Unsecured, 1_800_000_000);
    let origin = Origin::new("t", TokenKind::Access, Obtained::Pasted, "the clipboard");
    let view = inspect::view(&origin, header, claims, decoded.format, decoded.size, &Verification::Unsecured, 0);
    let whole = inspect::inspection(view, header, claims, found, None, &reading);
    black_box(markdown::claims(&whole, &[], None, record::redact::claim_value).len());
    black_box(serde_json::to_string(&whole.shown()).map_or(0, |text| text.len()));
}

fn compare(text: &str) {
    let decoded = decode::decode(text);
    let exact = decode::json::Exact::new();
    let origin = Origin::new("t", TokenKind::Access, Obtained::Pasted, "the clipboard");
    let view = inspect::view(&origin, None, decoded.claims.as_ref(), decoded.format, 1, &Verification::Unsecured, 0);
    let column = || compare::Column { view: view.clone(), header: None, claims: decoded.claims.as_ref(), exact: &exact };
    let whole = compare::compare(&[column(), column()], None);
    black_box(markdown::comparison(&whole, &[], record::redact::claim_value).len());
    black_box(whole.shown());
}

type Read = fn(&str);

/// Every reader, and whether it takes the text inside a token.
const READERS: [(&str, bool, Read); 14] = [
    ("decode", true, |text| drop(black_box(decode::decode(text)))),
    ("inspect", true, inspect),
    ("compare", true, compare),
    ("keep", true, |text| {
        let decoded = decode::decode(text);
        black_box(inspect::reading(&decoded).kept(
            decoded.header.as_ref(),
            decoded.claims.as_ref(),
            &redact::KeepFilter::of(None, &KnownSecrets::default()),
        ));
    }),
    ("paste", false, |text| drop(black_box(paste::find_tokens(bounded::up_to(text, decode::MAX_SIZE))))),
    ("lay out", false, |text| {
        let mut headers = http::HeaderMap::new();
        headers.insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
        black_box(redact::response_part(200, "OK", &headers, text.as_bytes(), &KnownSecrets::default(), 0));
    }),
    ("token response", false, |text| drop(black_box(message::read_token_response(200, "application/json", text.as_bytes())))),
    ("metadata", false, |text| drop(black_box(message::read_discovery("https://id.test", "application/json", text.as_bytes())))),
    ("keys", false, |text| drop(black_box(KeySet::from_jwks(text, "https://id.test/keys", 0)))),
    ("events", false, |text| {
        let events: Vec<Event> = join::read_events(text, "server").unwrap_or_default();
        for event in &events {
            black_box(join::join(event, &[]));
        }
    }),
    ("import", false, |text| drop(black_box(import::read(text, "")))),
    ("realm", false, |text| {
        drop(black_box(import::read(&format!("{{\"realm\":\"a\",\"enabled\":true,\"attributes\":{text}}}"), "")))
    }),
    ("log", false, |text| {
        let mut reader = logs::Reader::default();
        reader.feed(text.as_bytes(), &mut Nothing);
        reader.finish(&mut Nothing);
    }),
    ("block", false, |text| {
        let _ = black_box(block::read(bounded::up_to(text, block::LARGEST), &Profile::default(), "a", &Expectations::default()));
    }),
];

/// The best of a few runs, seconds.
fn time(read: Read, text: &str) -> f64 {
    (0..5)
        .map(|_| {
            let began = Instant::now();
            read(black_box(text));
            began.elapsed().as_secs_f64()
        })
        .fold(f64::MAX, f64::min)
}

fn main() {
    let word = std::env::args().nth(1).unwrap_or_default();
    let mut worst = (0.0_f64, String::new());
    let mut slowest = (0.0_f64, String::new());
    for (reader, in_token, read) in READERS {
        for (content, made) in CONTENTS {
            let name = format!("{reader}, {content}");
            if !name.contains(&word) {
                continue;
            }
            // A token is a third longer than its claims.
            let size = if in_token { 760_000 } else { 1_000_000 };
            let times = [size / 4, size / 2, size].map(|size| {
                let text = made(size);
                if in_token { time(read, &jws(&text)) } else { time(read, &text) }
            });
            let exponent = (times[2] / times[0]).log2() / 2.0;
            println!("{name}: {:.1} ms, exponent {exponent:.2}", times[2] * 1e3);
            // What takes less than a few milliseconds says nothing of growth.
            if times[2] > 3e-3 && exponent > worst.0 {
                worst = (exponent, name.clone());
            }
            if times[2] > slowest.0 {
                slowest = (times[2], name);
            }
        }
    }
    println!("worst exponent {:.2} ({}), slowest {:.0} ms ({})", worst.0, worst.1, slowest.0 * 1e3, slowest.1);
}
