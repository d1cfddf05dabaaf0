//! Writings, names and places of secrets that were tried from outside, and words that look like them and are none.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue};

use super::{KnownSecrets, response, text};
use token::secret::Secret;

fn each(value: &str, write: impl Fn(u8) -> String, between: &str) -> String {
    value.bytes().map(write).collect::<Vec<_>>().join(between)
}

fn wrapped(value: &str, width: usize, end: &str) -> String {
    let lines: Vec<&str> = value.as_bytes().chunks(width).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    lines.join(end)
}

#[test]
fn a_known_value_is_found_in_every_writing() {
    for value in
        ["hunter2-Kx9Qz/4", "Grüße-aus-Köln7", "0f5c9a11-2222-4333-8444-5555b318aaaa", "Zr8vQp2LmXw6TnB4yHs1KdG7fJc3ReA5uNtVo9Wi"]
    {
        let known = KnownSecrets::new(vec![Secret::new(value)], Vec::new());
        let little: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = value.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let long = STANDARD.encode(format!("a beginning that is long enough to be wrapped {value} and as much of it behind"));
        let plain = |byte: u8| byte.is_ascii_alphanumeric();
        let printable = each(value, |byte| if plain(byte) { char::from(byte).to_string() } else { format!("={byte:02X}") }, "");
        let letters = |between: &str| value.chars().map(String::from).collect::<Vec<_>>().join(between);
        let rows = [
            ("UTF-16", letters("\0")),
            ("UTF-16 in JSON", letters("\\u0000")),
            ("UTF-16 in base64", STANDARD.encode(&little)),
            ("UTF-16, large end first, in base64", STANDARD.encode(&big)),
            ("UTF-16 in hex", little.iter().map(|byte| format!("{byte:02x}")).collect()),
            ("base64 in lines of 76", wrapped(&long, 76, "\r\n")),
            ("base64 in lines of 64, in JSON", wrapped(&long, 64, "\\n")),
            ("base64 in lines of 20", wrapped(&long, 20, "\n")),
            ("base64 with an indent", wrapped(&long, 64, "\n    ")),
            ("large letters", value.to_uppercase()),
            ("small letters", value.to_lowercase()),
            ("a list of bytes", each(value, |byte| byte.to_string(), ", ")),
            ("a list of bytes in JSON", format!("{{\"data\":[{}]}}", each(value, |byte| byte.to_string(), ","))),
            ("a list of bytes with signs", each(value, |byte| i8::from_ne_bytes([byte]).to_string(), ", ")),
            ("a list of letters", letters(", ")),
            ("a list of letters in quotes", format!("['{}']", letters("','"))),
            ("hex with colons", each(value, |byte| format!("{byte:02x}"), ":")),
            ("hex with blanks", each(value, |byte| format!("{byte:02X}"), " ")),
            ("hex with 0x", each(value, |byte| format!("0x{byte:02x}"), ", ")),
            ("octal", each(value, |byte| format!("\\{byte:03o}"), "")),
            ("quoted-printable", printable),
            ("names of signs", value.replace('-', "&hyphen;").replace('/', "&sol;")),
            ("UTF-8 as Latin-1", value.bytes().map(char::from).collect()),
            ("invisible letters between", letters("\u{200b}")),
            ("soft hyphens", letters("&shy;")),
            ("tags between", letters("<wbr>")),
            ("two texts of a list", format!("[\"{}\"]", letters("\",\""))),
            ("a sum of texts", letters("' + '")),
        ];
        for (writing, written) in rows {
            let shown = text(&format!("got {written} here"), &known);
            assert!(shown.contains(super::DOTS), "{value} as {writing}: {shown}");
        }
    }
}

/// Places of a secret nobody knows; `{s}` is one made by a machine.
const PLACES: &[(&str, &str)] = &[
    ("text/plain", "Das Kennwort lautet: {s}"),
    ("text/plain", "Das Geheimnis {s} ist falsch"),
    ("text/plain", "Ungültiges Zugriffstoken: {s}"),
    ("text/plain", "API-Schlüssel: {s}"),
    ("text/plain", "mot de passe : {s}"),
    ("text/plain", "contraseña: {s}"),
    ("text/plain", "hasło: {s}"),
    ("text/plain", "пароль: {s}"),
    ("text/plain", "密码: {s}"),
    ("text/plain", "密码：{s}"),
    ("application/json", "{\"contraseña\":\"{s}\"}"),
    ("application/json", "{\"Kundengeheimnis\":\"{s}\"}"),
    ("text/plain", "Invalid password \"{s}\" for alice"),
    ("text/plain", "The password is {s}"),
    ("text/plain", "client secret '{s}' does not match"),
    ("text/plain", "refresh token {s} is expired"),
    ("text/plain", "authorization code {s} was used twice"),
    ("text/plain", "curl --password {s} https://x"),
    ("text/plain", "password -> {s}"),
    ("text/plain", "| password | {s} |"),
    ("text/plain", "**password**: {s}"),
    ("text/plain", "X-API-KEY {s}"),
    ("text/yaml", "client_secret: >-\n  {s}\nissuer: x"),
    ("text/xml", "<entry><name>password</name><value>{s}</value></entry>"),
    ("text/html", "<dt>Password</dt><dd>{s}</dd>"),
    ("text/html", "<tr><td>client_secret</td><td>{s}</td></tr>"),
    ("text/html", "<input type=hidden name=csrf value={s}>"),
    ("application/json", "{\"verification_code\":\"{s}\"}"),
    ("application/json", "{\"reset_code\":\"{s}\"}"),
    ("application/json", "{\"token_v2\":\"{s}\"}"),
    ("application/json", "{\"client_secret_new\":\"{s}\"}"),
    ("application/json", "{\"apiKeyProd\":\"{s}\"}"),
    ("application/json", "{\"db_pw\":\"{s}\"}"),
    ("application/json", "{\"root_pass\":\"{s}\"}"),
    ("application/json", "{\"creds\":\"{s}\"}"),
    ("application/json", "{\"bearer\":\"{s}\"}"),
    ("application/json", "{\"privateExponent\":\"{s}\"}"),
    ("application/json", "{\"k\":\"password\",\"v\":\"{s}\"}"),
    ("application/json", "{\"label\":\"Password\",\"value\":\"{s}\"}"),
    ("application/json", "{\"field\":\"password\",\"rejectedValue\":\"{s}\"}"),
    ("application/json", "{\"parameter\":\"client_secret\",\"given\":\"{s}\"}"),
    ("text/plain", "{'kty': 'RSA', 'n': 'public', 'd': '{s}'}"),
    ("text/plain", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj{s}"),
    ("text/plain", "MIIEpAIBAAKCAQEA0pQ3{s}{s}"),
    ("text/plain", "MHcCAQEEI{s}{s}{s}"),
    ("text/plain", "MC4CAQAwBQYDK2VwBCIEI{s}{s}"),
    ("text/plain", "//me:{s}@host/x"),
    ("text/plain", "https://me:{s}/x@host/"),
    ("text/plain", "https://me:{s}#@host/"),
    ("text/plain", "https://me:{s}?@host/"),
    ("text/plain", "Bearer\t{s}"),
    ("text/plain", "BEARER  {s}"),
    ("text/plain", "Bearer \"{s}\""),
    ("text/plain", "Bearer <{s}>"),
    ("text/plain", "Bearer:{s}"),
    ("application/x-www-form-urlencoded", "verification_code={s}&x=1"),
];

#[test]
fn a_secret_nobody_knows_is_told_by_what_stands_before_it() {
    const SECRET: &str = "ZQ7x9Said49k02Wm3VuR8";
    for (kind, place) in PLACES {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static(kind));
        let body = place.replace("{s}", SECRET);
        let lines = response(400, "", &headers, body.as_bytes(), &KnownSecrets::default());
        let shown: String = lines.iter().flatten().map(|span| span.text.as_str()).collect();
        assert!(!shown.contains("Said49"), "{kind}, {place}: {shown}");
    }
}

#[test]
fn a_token_that_was_broken_into_lines_goes_whole() {
    let token = format!("{}.{}.{}", "eyJhbGciOiJSUzI1NiIsImtpZCI6ImFiYyJ9", STANDARD.encode([b'x'; 300]), "Sig7".repeat(80));
    for end in ["\n", "\r\n", "\\n", "\n\t", "=\r\n", "\n  ", "<br>", " "] {
        let shown = text(&format!("rejected:\n{}\nend", wrapped(&token, 76, end)), &KnownSecrets::default());
        assert!(!shown.contains("Sig7Sig7") && shown.ends_with("end"), "{end:?}: {shown}");
    }
    let apart = "eyJhbGciOiJSUzI1NiJ9 . eyJzdWIiOiJhbGljZSJ9 . c2lnbmF0dXJlc2lnbmF0dXJl";
    assert_eq!(text(apart, &KnownSecrets::default()), super::JWT_DOTS);
}

#[test]
fn words_that_only_sound_like_it_stay() {
    for kept in [
        "The password must have at least 8 characters",
        "Passwort: zu kurz",
        "password: must not be empty",
        "Password policy: length(12) and digits(2)",
        "password is required since 2026",
        "The secret 'client_secret' is missing",
        "the password \"must not be blank\"",
        "token 'access_token' missing",
        "invalid_grant: Token is not active",
        "code is 4711",
        "error code AADSTS70043",
        "Code 'invalid_request' not found",
        "The access token expired at 2026-11-30T11:45:22Z",
        "token of realm https://id.example.org/realms/prod-2026-eu",
        "Basic authentication required",
        "Bearer authentication is required",
        "token_type: Bearer",
        "secret of client orders-api",
        "[1, 2, 3, 104, 117, 110, 116]",
        "at 11:45:22 from 10:20:30:40",
        "https://host:8443/a@b",
        "https://example.org/@alice/post",
        "https://cdn.example.org/npm/@scope/pkg",
        "mail alice@example.org // see notes",
        "kid 4kQ2xXy8 of the token",
        "the key MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQ is public",
    ] {
        assert_eq!(text(kept, &KnownSecrets::new(vec![Secret::new("hunter2-Kx9Qz")], Vec::new())), kept);
    }
}
