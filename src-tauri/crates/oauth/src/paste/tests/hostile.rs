//! Texts made to take long: each is looked at a fixed number of times, whatever it holds.

use std::time::{Duration, Instant};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{ID, JWT, MOST_TOKENS, find_tokens};

/// The longer of the two sizes that are compared.
const SIZE: usize = 32 * 1024;
/// How many times longer it is than the other.
const TIMES: usize = 4;
/// How often a text is looked at before its growth is believed: whatever else the machine does, one look of each goes through.
const LOOKS: usize = 8;

fn filled(size: usize, piece: &str) -> String {
    piece.repeat(size / piece.len())
}

fn numbered(size: usize, one: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    let mut at = 0;
    while text.len() < size {
        text.push_str(&one(at));
        at += 1;
    }
    text
}

/// The texts, about the size asked for.
fn texts(size: usize) -> Vec<(&'static str, String)> {
    let packed = STANDARD.encode(miniz_oxide::deflate::compress_to_vec(format!("<{}", " ".repeat(200_000)).as_bytes(), 9));
    let signed = |at: usize| format!("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJh{at:08}In0.AAAA");
    vec![
        ("one letter", filled(size, "a")),
        ("dots", filled(size, ".")),
        ("headers without end", filled(size, "eyJhbGciOiJSUzI1NiJ9.")),
        ("beginnings of headers", filled(size, "eyJ")),
        ("names", filled(size, "token=")),
        ("names with quotes", filled(size, "token=\"")),
        ("names with escaped quotes", filled(size, "token=\\\"")),
        ("names with spaces", filled(size, "access_token  :  ")),
        ("Bearer", filled(size, "Bearer ")),
        ("Authorization", filled(size, "Authorization: ")),
        ("lines of headers", filled(size, "X-Token: a=b\n")),
        ("lines that go on", format!("Authorization: Bearer a\n{}", filled(size, " b\n"))),
        ("cookies", format!("Cookie: {}", filled(size, "token=a1b2c3d4; "))),
        ("commands", filled(size, "curl -H 'a: b' ; ")),
        ("commands that never end", format!("curl '{}", filled(size, "curl \""))),
        ("options", format!("curl {}", filled(size, "-sSfLkv "))),
        ("percent", filled(size, "%41%25")),
        ("percent of percent", filled(size, "%2525252525252541")),
        ("entities", filled(size, "&quot;&amp;")),
        ("base64 runs", filled(size, "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB ")),
        ("base64 that unpacks", filled(size, &format!("SAMLResponse={packed}&"))),
        ("one word of many tokens", numbered(size, |at| format!("{}=", signed(at)))),
        ("one token many times", filled(size, &format!("{JWT}="))),
        ("tokens in lines", numbered(size, |at| format!("{}\n", signed(at)))),
        ("broken lines", filled(size, &format!("a{}\n", &JWT[..50]))),
        (
            "lines to be joined",
            format!("{}{}", JWT, filled(size, "\nAb1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1")),
        ),
        ("brackets", filled(size, "[")),
        ("objects", filled(size, "{\"a\":")),
        ("members", format!("{{{}\"z\":1}}", numbered(size, |at| format!("\"token{at}\":\"a1b2c3d4e5f6{at}\",")))),
        ("pairs", format!("[{}1]", filled(size, "{\"name\":\"Authorization\",\"value\":\"Bearer x\"},"))),
        ("strings of strings", format!("[{}1]", filled(size, "\"{\\\"token\\\":\\\"a1b2c3d4\\\"}\","))),
        ("a Secret", format!("kind: Secret\ndata:\n{}", filled(size, "  token: cmVmLThhN2I2YzVkNGUzZjJhMWI=\n"))),
        ("assertions that only begin", filled(size, "<Assertion urn:oasis:names:tc:SAML:2.0:assertion ")),
        ("strings that go on", filled(size, &format!("\"{}\" +\n", &JWT[..50]))),
        ("escaped line breaks", filled(size, &format!("{}\\n", &JWT[..50]))),
        ("equals signs and ends of lines", filled(size, &format!("{}=\n", "a".repeat(75)))),
        ("escapes of a mail", filled(size, "=3D=20")),
        ("words that say it", filled(size, "the token is aB3dE5fG7hJ9kL1mN3pQ5rS7tU9 ")),
        ("cells", filled(size, "access_token\ta1b2c3d4e5f6a7b8c9d0\t")),
        ("rows of a table", filled(size, "<tr><td>access_token</td><td>a1b2c3d4e5f6a7b8</td></tr>")),
        ("names that wait", filled(size, "- name: token\n")),
        ("invisible letters", filled(size, "\u{200b}a\u{ad}")),
        ("zeros", filled(size, "e\0y\0J\0")),
        ("tildes", format!("{JWT}{}", filled(size, "~A"))),
        ("carets", filled(size, "^\"^\n")),
        ("nothing but white space and an end", format!("{}x", filled(size, " \t\n"))),
    ]
}

fn time(text: &str) -> Duration {
    let began = Instant::now();
    let found = find_tokens(text).map_or(0, |pasting| pasting.tokens.len());
    assert!(found <= MOST_TOKENS, "{found} in {:.40}", text);
    began.elapsed()
}

/// Whether the time grows as the length does, and not as its square. Only the two are compared, the fastest look of each, so a
/// slow or busy machine is slow at both.
fn grows_as_the_length(small: &str, large: &str, time: impl Fn(&str) -> Duration) -> bool {
    let (mut few, mut many) = (Duration::MAX, Duration::MAX);
    let limit = u32::try_from(2 * TIMES).expect("a small number");
    (0..LOOKS).any(|_| {
        few = few.min(time(small));
        many = many.min(time(large));
        many < few * limit
    })
}

#[test]
fn the_time_stays_that_of_the_length() {
    for ((name, small), (_, large)) in texts(SIZE / TIMES).into_iter().zip(texts(SIZE)) {
        assert!(grows_as_the_length(&small, &large, time), "{name}: {:?}, {:?}", time(&small), time(&large));
    }
}

#[test]
fn the_square_of_the_length_is_told_from_it() {
    let (small, large) = ("a".repeat(100), "a".repeat(100 * TIMES));
    let took = |length: usize| Duration::from_micros(length as u64);
    assert!(grows_as_the_length(&small, &large, |text| took(text.len())));
    assert!(!grows_as_the_length(&small, &large, |text| took(text.len() * text.len())));
}

#[test]
#[ignore = "prints figures"]
fn growth() {
    for ((name, small), (_, large)) in texts(SIZE).into_iter().zip(texts(SIZE * TIMES)) {
        let (small, large) = (time(&small).as_secs_f64(), time(&large).as_secs_f64());
        println!("{name}: {:.0} ms, exponent {:.2}", large * 1e3, (large / small).log2() / 2.0);
    }
}

#[test]
fn layers_end_somewhere() {
    let mut text = JWT.to_owned();
    for depth in 0..12 {
        text = STANDARD.encode(&text);
        let found = find_tokens(&text)
            .map(|pasting| pasting.tokens.into_iter().map(|token| token.text.expose().to_owned()).collect::<Vec<_>>());
        if depth < 3 {
            assert_eq!(found, Ok(vec![JWT.to_owned()]), "{depth}");
        }
    }
    let mut json = format!("{{\"id_token\":\"{ID}\"}}");
    for depth in 0..5 {
        json = serde_json::json!({ "body": json }).to_string();
        let found = find_tokens(&json).map(|pasting| pasting.tokens.len());
        assert!(depth > 3 || found == Ok(1), "{depth}: {found:?}");
    }
}
