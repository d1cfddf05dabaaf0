//! How the time of redaction grows with the text, with 200 known values: one line a content, with the seconds at 1, 2, 4 and 8 MiB and
//! the exponent of the whole (1 is linear, 2 is quadratic).
//!
//! `cargo run --release -p model --example redaction`; with a word only the contents that hold it, with a number as well only up to so
//! many MiB.

use std::{hint::black_box, time::Instant};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use record::redact::{self, KnownSecrets};
use token::secret::Secret;

type Piece = fn(usize) -> String;

/// What the texts are made of, piece by piece.
const CONTENTS: [(&str, Piece); 26] = [
    ("prose", |at| format!("The server answered request {at} and said that the token is expired, or was never there at all. ")),
    ("log", |at| {
        format!("2026-11-20 14:02:31,204 WARN [org.keycloak.events] (t) type=\"LOGIN\", userId=\"{at}\", code=\"x{at}\"\n")
    }),
    ("JSON", |at| format!("{{\"id\":{at},\"name\":\"role-{at}\",\"list\":[1,\"a\",null]}},\n")),
    ("escaped JSON", |at| format!("{{\\\"id\\\":{at},\\\"name\\\":\\\"role-{at}\\\"}},")),
    ("known values", |at| format!("got {} here; ", secret(at % 200))),
    ("half known values", |at| format!("got {} here; ", &secret(at % 200)[..24])),
    ("base64", |at| STANDARD.encode(format!("item {at} of a list that is long enough for a line;")) + "\n"),
    ("base64, three deep", |at| (0..3).fold(format!("item {at} of a list"), |text, _| STANDARD.encode(text)) + " "),
    ("one run of base64", |at| STANDARD.encode(format!("{at:09}"))),
    ("hex", |at| format!("{at:032x} ")),
    ("percent", |at| format!("%7B%22a%22%3A{at}%7D")),
    ("percent of percent", |at| format!("%25252525257B{at}")),
    ("backslashes", |at| format!("\\68 \\75\\x6e\\\\u{:04x}", at % 65_536)),
    ("entities", |at| format!("&#{};&#x{:x};", 32 + at % 90, 32 + at % 90)),
    ("quoted-printable", |at| format!("=68=75{at}=\n")),
    ("UTF-7", |at| format!("+AGgAdQBu- {at} +AG")),
    ("numbers", |at| format!("{},", at % 256)),
    ("letters apart", |_| "h u n t e r ".into()),
    ("XML", |at| format!("<entry><name>n{at}</name><value a=\"{at}\">x</value></entry>")),
    ("open tags", |at| format!("<password x=\"{at}\" ")),
    ("names", |at| format!("password of {at} token: [\"secret\",\"a{at}b\"] -u x -p ")),
    ("a table", |at| if at == 0 { "user,password\n".into() } else { format!("u{at},p{at}\n") }),
    ("signs", |_| "\"':=,;@-<&%\\+({[|".into()),
    ("names without an end", |at| format!("cookie: off{at} password: | # - tokens: (p,password)values({at} [\"secret\",\"")),
    ("names of lists", |_| "- tokens:\n".into()),
    ("addresses", |at| format!("https://me:{at}@h/x a@b:{at}@c ")),
];

fn secret(at: usize) -> String {
    format!("Zq{at:04}-k9_w~{}T.yV3nB8xR5mK2pL7sD4fG6hJ{}", at * 7919 % 9973, at * 104_729 % 99_991)
}

fn main() {
    let word = std::env::args().nth(1).unwrap_or_default();
    let most: usize = std::env::args().nth(2).and_then(|most| most.parse().ok()).unwrap_or(8);
    let known = KnownSecrets::new((0..200).map(|at| Secret::new(secret(at))).collect(), Vec::new());
    let mut worst = (0.0_f64, "");
    for (name, piece) in CONTENTS {
        if !name.contains(&word) {
            continue;
        }
        let sizes: Vec<usize> = [1, 2, 4, 8].into_iter().filter(|size| *size <= most).collect();
        let times: Vec<f64> = sizes
            .iter()
            .map(|size| {
                let mut text = String::new();
                for at in 0.. {
                    text.push_str(&piece(at));
                    if text.len() >= size << 20 {
                        break;
                    }
                }
                (0..2)
                    .map(|_| {
                        let began = Instant::now();
                        black_box(redact::text(black_box(&text), &known));
                        began.elapsed().as_secs_f64()
                    })
                    .fold(f64::MAX, f64::min)
            })
            .collect();
        let doublings = (sizes.len().max(2) - 1) as f64;
        let exponent = (times[times.len() - 1] / times[0]).log2() / doublings;
        let listed: Vec<String> = times.iter().map(|time| format!("{time:.2}")).collect();
        println!("{name}: {} s, exponent {exponent:.2}", listed.join(", "));
        if exponent > worst.0 {
            worst = (exponent, name);
        }
    }
    println!("worst exponent {:.2} ({})", worst.0, worst.1);
}
