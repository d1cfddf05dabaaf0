//! A text made up by a machine with a known secret in it, in a spelling made up as well: the secret never comes out.
#![no_main]

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::{HeaderMap, Request};
use libfuzzer_sys::fuzz_target;
use record::redact::{self, Kept, Known};
use token::{secret::Secret, text::Line};

/// Letters no other text comes up with by chance.
const SECRET: &str = "Zq7-k9/w~T+\"y&<V3nB8xR5mK2pL7";

fn flat(lines: &[Line]) -> String {
    lines.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect::<String>()).collect::<Vec<_>>().join("\n")
}

/// One spelling after the other, as the bytes say: escapes of every kind, at most three on top of each other.
fn spelled(ways: &[u8]) -> String {
    let mut text = SECRET.to_owned();
    for way in ways.iter().take(3) {
        text = match way % 11 {
            0 => text.bytes().map(|byte| format!("%{byte:02x}")).collect(),
            1 => text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect(),
            2 => text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect(),
            3 => text.chars().map(|letter| format!("&#{};", u32::from(letter))).collect(),
            4 => text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;"),
            5 => serde_json::Value::from(text.as_str()).to_string().trim_matches('"').to_owned(),
            // What is in base64 is read for one more round of escapes.
            6 => return STANDARD.encode(format!("{}{SECRET}", "user:".get(usize::from(way / 11) % 5..).unwrap_or_default())),
            7 => return URL_SAFE_NO_PAD.encode(SECRET),
            // Up to four deep.
            8 => return (0..=way / 11 % 4).fold(SECRET.to_owned(), |text, _| STANDARD.encode(text)),
            9 => text.chars().map(|letter| format!("\\u{{{:x}}}", u32::from(letter))).collect(),
            _ => return SECRET.bytes().map(|byte| format!("{byte:02x}")).collect(),
        };
    }
    text
}

fuzz_target!(|bytes: &[u8]| {
    let Some((ways, rest)) = bytes.split_at_checked(4) else { return };
    let said = String::from_utf8_lossy(rest);
    let mut middle = usize::from(ways[3]) * said.len() / 256;
    while !said.is_char_boundary(middle) {
        middle -= 1;
    }
    let planted = spelled(&ways[..usize::from(ways[3] % 4).min(3)]);
    // A sign on both sides, so that no run of letters goes on into the spelling and changes it.
    let text = format!("{}\n{planted}\n{}", &said[..middle], &said[middle..]);
    let known = Known::new(vec![Secret::new(SECRET)], Vec::new());
    let mut shown = vec![redact::text(&text, &known), redact::claim(&text, &known), Kept::of(None, &known).text(&text)];
    shown.push(flat(&redact::response(200, &text, &HeaderMap::new(), text.as_bytes(), &known)));
    let json = serde_json::json!({ "a": [text], &planted: { "b": planted } }).to_string();
    shown.push(flat(&redact::response(200, "", &HeaderMap::new(), json.as_bytes(), &known)));
    shown.push(redact::url_text(&format!("https://h/{planted}?{}", said.replace('\n', " ")), &known));
    if let Ok(request) = Request::post("https://h/").header("content-type", "application/x-www-form-urlencoded").body(text.clone().into_bytes()) {
        shown.push(flat(&redact::request(&request, &known)));
    }
    for shown in shown {
        assert!(!shown.contains(SECRET), "in clear: {shown}");
        assert!(!shown.contains(&planted), "as it was spelled: {shown}");
    }
});
