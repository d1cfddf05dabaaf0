//! Opening: public vectors decided as they say, and the answers a person gets.

use serde_json::{Value, json};

use super::*;
use crate::verify::{KeySet, verify};

fn vectors(path: &str) -> Value {
    let path = format!("{}/../../../tests/fixtures/vectors/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map(Vec::as_slice).unwrap_or_else(|| panic!("no list {name}"))
}

fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn open_with(token: &str, key: &str) -> Result<Opened, Closed> {
    decrypt(&decode(token), &Keys::from_text(key, "pasted key").unwrap_or_else(|error| panic!("{error}")))
}

/// What was inside, as text.
fn plain(opened: &Opened) -> String {
    let claims = opened.decoded.spelled.claims.clone();
    opened.nested.clone().or(claims).or_else(|| opened.decoded.content.clone()).unwrap_or_default()
}

#[test]
fn cookbook_examples_open() {
    let folder = format!("{}/../../../tests/fixtures/vectors/jose-cookbook/jwe", env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| format!("jose-cookbook/jwe/{}", entry.unwrap().file_name().to_string_lossy()))
        .collect();
    names.push("jose-cookbook/curve25519/ecdh-es.json".into());
    let mut opened = 0;
    for name in names {
        let file = vectors(&name);
        let keys: Vec<String> = match (&file["input"]["key"], &file["input"]["pwd"]) {
            (Value::Array(many), _) => many.iter().map(Value::to_string).collect(),
            (Value::Null, password) => vec![written(password)],
            (one, _) => vec![one.to_string()],
        };
        for form in ["compact", "json", "json_flat"] {
            let Some(token) = file["output"].get(form) else { continue };
            for key in &keys {
                let result = open_with(&written(token), key);
                // One of the recipients of 5.13 is meant to use RSA1_5 as well.
                if name.contains("5_1.") || (name.contains("5_13.") && key.contains("RSA")) {
                    assert!(result.unwrap_err().reason.contains("RSA1_5 is refused"), "{name}");
                    continue;
                }
                let result = result.unwrap_or_else(|closed| panic!("{name} {form}: {}", closed.reason));
                assert_eq!(plain(&result), written(&file["input"]["plaintext"]), "{name} {form}");
                opened += 1;
            }
        }
    }
    // 5.2 to 5.9 and Curve25519 in three forms, 5.10 to 5.12 in two, 5.13 with two of its keys.
    assert_eq!(opened, 9 * 3 + 3 * 2 + 2);
}

#[test]
fn a_nested_token_is_a_token_of_its_own() {
    let file = vectors("jose-cookbook/6.nesting_signatures_and_encryption.json");
    let opened =
        open_with(&written(&file["encrypt"]["output"]["compact"]), &file["encrypt"]["input"]["key"].to_string()).unwrap();
    assert_eq!(opened.how, "RSA-OAEP and A128GCM");
    assert_eq!((opened.key.kind.as_str(), opened.key.kid.as_str()), ("RSA 4096", "samwise.gamgee@hobbiton.example"));
    let nested = opened.nested.clone().unwrap();
    assert_eq!(nested, written(&file["sign"]["output"]["compact"]));
    let keys = KeySet::from_text(&file["sign"]["input"]["key"].to_string(), "RFC 7520").unwrap();
    assert!(matches!(verify(&decode(&nested), Some(&keys)), crate::inspect::Verification::Verified { .. }));
    assert_eq!(opened.decoded.claims.unwrap()["iss"], "hobbiton.example");
    assert!(opened.decoded.findings.iter().any(|finding| finding.id == "nested-token"));
}

/// The case decided otherwise: it is valid, and marked invalid for readers of the compact form alone.
const JSON_SERIALISATION: i64 = 22;

/// Valid cases that are refused all the same, and how many they are.
const REFUSED: (&str, usize) = ("RSA1_5 is refused", 8);

#[test]
fn wycheproof_is_decided_as_the_file_says() {
    let file = vectors("wycheproof-jwe/json_web_encryption_test.json");
    let (mut wrong, mut run, mut refused) = (Vec::new(), 0, 0);
    for group in list(&file, "testGroups") {
        for case in list(group, "tests") {
            let result = open_with(&written(&case["jwe"]), &group["private"].to_string());
            run += 1;
            if case["tcId"] == JSON_SERIALISATION {
                assert!(result.is_ok(), "{result:?}");
                continue;
            }
            let valid = case["result"] == "valid";
            let expected: Vec<u8> = (0..written(&case["pt"]).len() / 2)
                .filter_map(|at| u8::from_str_radix(&written(&case["pt"])[2 * at..2 * at + 2], 16).ok())
                .collect();
            let fits = match &result {
                Ok(opened) => valid && plain(opened).as_bytes() == expected,
                Err(closed) if valid && closed.reason.contains(REFUSED.0) => {
                    refused += 1;
                    true
                }
                Err(_) => !valid,
            };
            if !fits {
                wrong.push(format!("{} {} {}: {result:?}", case["tcId"], case["comment"], case["result"]));
            }
        }
    }
    assert_eq!(run, 139);
    assert!(wrong.is_empty(), "{} cases\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(refused, REFUSED.1);
}

/// A JWE with a content key of zeros: `dir` and A128GCM over nothing that fits.
fn token(header: &Value) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let encrypted = if header["alg"] == "dir" { "" } else { "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
    format!("{}.{encrypted}.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA", URL_SAFE_NO_PAD.encode(header.to_string()))
}

const SECRET: &str = r#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA"}"#;

#[test]
fn reasons_say_what_would_help() {
    let check = |header: Value, key: &str, expected: &str| {
        let reason = open_with(&token(&header), key).unwrap_err().reason;
        assert!(reason.contains(expected), "{header}: {reason}");
    };
    let dir = json!({"alg": "dir", "enc": "A128GCM"});
    check(dir.clone(), SECRET, "was encrypted for another key");
    check(dir.clone(), "short", "needs 16 here");
    check(dir.clone(), r#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA","use":"sig"}"#, "not for encryption");
    check(dir.clone(), r#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA","alg":"A128KW"}"#, "for A128KW only");
    check(dir.clone(), r#"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAA","key_ops":["encrypt"]}"#, "not for decrypting");
    check(dir, r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, "public key");
    check(json!({"alg": "RSA-OAEP", "enc": "A128GCM"}), SECRET, "needs an RSA private key");
    check(json!({"alg": "ECDH-ES+A128KW", "enc": "A128GCM"}), SECRET, "needs an EC or X25519 private key");
    check(json!({"alg": "RSA1_5", "enc": "A128GCM"}), SECRET, "RSA1_5 is refused");
    check(json!({"alg": "X", "enc": "A128GCM"}), SECRET, "is not known here");
    check(json!({"alg": "dir", "enc": "X"}), SECRET, "content encryption X is not known");
    check(json!({"alg": "dir", "enc": "A128GCM", "crit": ["exp"]}), SECRET, "something critical");
    let password = |count: Value| json!({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2s": "AAAAAAAAAAAAAAAA", "p2c": count});
    check(password(json!(2_000_000_000)), "password", "from 1 to 1000000");
    check(password(json!(0)), "password", "from 1 to 1000000");
    check(password(json!(1000)), "password", "was encrypted for another key");
    check(json!({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2s": "AAAA", "p2c": 1000}), "password", "shorter than 8 bytes");
    assert!(open_with("eyJhbGciOiJSUzI1NiJ9.e30.AAAA", SECRET).unwrap_err().reason.contains("not encrypted"));
}

#[test]
fn texts_that_are_no_key_say_why() {
    let check = |text: &str, expected: &str| {
        let reason = Keys::from_text(text, "pasted key").unwrap_err();
        assert!(reason.contains(expected), "{reason}");
    };
    check("", "no key");
    check("{", "breaks off");
    check("{}", "neither a JWKS");
    check("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "public key");
    check("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", "protected by a password");
    check("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "can not be read");
    check("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----", "can not be used");
}

#[test]
fn debug_shows_no_key_and_no_content() {
    let keys = Keys::from_text("hunter2", "pasted key").unwrap();
    assert_eq!(format!("{keys:?}"), "Keys(1)");
}

#[test]
fn what_grows_too_large_is_a_finding() {
    // 300,000 zeros in DEFLATE: a stored pattern that repeats.
    let packed = miniz_oxide::deflate::compress_to_vec(&vec![b'0'; 300_000], 9);
    let (reason, limit) = content::inflate(&packed).unwrap_err();
    assert!(limit && reason.contains("250000"), "{reason}");
    assert_eq!(content::inflate(&miniz_oxide::deflate::compress_to_vec(b"{}", 9)).unwrap(), b"{}");
    let (_, limit) = content::inflate(b"\xff\xff\xff").unwrap_err();
    assert!(!limit);
}
