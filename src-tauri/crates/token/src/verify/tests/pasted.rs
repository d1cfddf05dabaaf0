//! Keys in every shape people have them in: each row verifies a token of the issuer, or says why not.

use base64::engine::general_purpose::STANDARD;

use super::*;

/// The JWK that signed [`good`].
pub(super) fn jwk() -> Value {
    let file = vectors("inspector-cases/cases.json");
    list(&file["jwks"], "keys").iter().find(|key| text(key, "kid") == "rsa-1").unwrap().clone()
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let low = u8::try_from(length & 0xff).unwrap();
    let header = match length {
        ..0x80 => vec![tag, low],
        0x80..0x100 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, u8::try_from(length >> 8).unwrap(), low],
    };
    [header, content.to_vec()].concat()
}

pub(super) fn number(name: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text(&jwk(), name)).unwrap()
}

/// The same key as SubjectPublicKeyInfo in base64, as Keycloak's console shows it.
pub(super) fn spki() -> String {
    let positive = |number: Vec<u8>| if number[0] & 0x80 == 0 { number } else { [vec![0], number].concat() };
    let rsa = der(0x30, &[der(2, &positive(number("n"))), der(2, &positive(number("e")))].concat());
    let algorithm = der(0x30, &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0]);
    STANDARD.encode(der(0x30, &[algorithm, der(3, &[vec![0], rsa].concat())].concat()))
}

pub(super) fn certificate() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/fixtures/vectors/pem");
    std::fs::read_to_string(format!("{folder}/certificate-p256.pem")).unwrap()
}

/// Base64 of a PEM text without its lines.
pub(super) fn body(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

pub(super) fn pem() -> String {
    let lines: Vec<String> = spki().as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

#[test]
fn keys_are_read_in_every_shape_people_have_them_in() {
    let (jwk, spki, pem, certificate) = (jwk(), spki(), pem(), certificate());
    let set = json!({"keys": [jwk]}).to_string();
    let rows: Vec<(&str, String)> = vec![
        ("JWKS", set.clone()),
        ("JWK", jwk.to_string()),
        ("byte order mark", format!("\u{feff}{set}")),
        ("byte order mark before a JWK", format!("\u{feff}{jwk}")),
        ("bare base64 of Keycloak", spki.clone()),
        ("bare base64 with line breaks", spki.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>().join("\r\n")),
        ("bare base64 in quotes", format!("\"{spki}\",")),
        ("byte order mark before base64", format!("\u{feff}{spki}\n")),
        ("answer of Keycloak's realm", json!({"realm": "shop", "public_key": spki, "token-service": "https://id.test/x", "tokens-not-before": 0}).to_string()),
        ("member public_key", json!({"public_key": spki}).to_string()),
        ("member public_key in PEM", json!({"public_key": pem}).to_string()),
        ("adapter file", json!({"realm": "shop", "realm-public-key": spki, "auth-server-url": "https://id.test", "resource": "portal"}).to_string()),
        ("kid to PEM", json!({"rsa-1": pem, "other": certificate}).to_string()),
        ("kid to base64", json!({"other": body(&certificate), "rsa-1": spki}).to_string()),
        ("kid to PEM, one key of another name", json!({"f00": pem}).to_string()),
        ("kid to list, as x5c", json!({"rsa-1": [spki], "other": [certificate]}).to_string()),
        ("JWKS in a list", format!("[{set}]")),
        ("JWKs in a list", format!("[{jwk}]")),
        ("two JWKS in a list", format!("[{{\"keys\":[]}},{set}]")),
        ("JWKS in an object", json!({"jwks": {"keys": [jwk]}, "issuer": "https://id.test"}).to_string()),
        ("answer around it", json!({"data": [{"jwks": {"keys": [jwk]}}]}).to_string()),
        ("trailing comma in the list", format!("{{\"keys\":[{jwk},]}}")),
        ("trailing comma in the object", format!("{{\"keys\":[{jwk}],\n}}")),
        ("trailing comma in the key", set.replace("}]}", ",}]}")),
        ("comma after it", format!("{jwk},")),
        ("list with a trailing comma", format!("[{jwk}, ]")),
        ("JSON in a JSON string", Value::String(set.clone()).to_string()),
        ("Keycloak's admin API", json!({"active": {"RS256": "rsa-1"}, "keys": [{"providerId": "x", "kid": "rsa-1", "status": "ACTIVE", "type": "RSA", "algorithm": "RS256", "publicKey": spki, "use": "SIG"}, {"kid": "hmac", "type": "OCT", "algorithm": "HS512"}]}).to_string()),
        ("list with PEM", json!({"keys": [{"kid": "rsa-1", "pem": pem}]}).to_string()),
        ("YAML", format!("mp.jwt.verify:\n  publickey: {spki}\n")),
        ("properties", format!("KEY={spki}\n")),
        ("XML", format!("<X509Certificate>{spki}</X509Certificate>")),
        ("PEM", pem.clone()),
        ("PEM with escaped breaks", pem.replace('\n', "\\n")),
        ("PEM with a byte order mark", format!("\u{feff}{pem}")),
        ("PEM among words", format!("the key is:\n{pem}thanks")),
    ];
    let mut wrong = Vec::new();
    for (name, text) in &rows {
        let keys = KeySet::from_text(text, "pasted key");
        let answer = keys.as_ref().map(|keys| verify(&decode(&good()), Some(keys)));
        if !matches!(answer, Ok(Verification::Verified { .. })) {
            wrong.push(format!("{name}: {answer:?}"));
        }
        // None of them is ever a shared secret.
        let hmac = format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#));
        let secret = KeySet::for_token(&decode(&hmac), text, "pasted key").map(|keys| keys.words());
        if secret.as_ref().is_ok_and(|words| words.contains("secret")) {
            wrong.push(format!("{name}: taken for a secret, {secret:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn certificates_are_read_with_and_without_their_armour() {
    let certificate = certificate();
    for text in [
        certificate.clone(),
        body(&certificate),
        json!({"certificate": body(&certificate)}).to_string(),
        json!({"x5c": [body(&certificate)]}).to_string(),
        json!({"abc": certificate, "def": certificate}).to_string(),
        format!("Certificate\n{}\n", body(&certificate)),
    ] {
        let words = KeySet::from_text(&text, "pasted key").map(|keys| keys.words());
        assert!(words.as_ref().is_ok_and(|words| words.ends_with("EC P-256")), "{text}: {words:?}");
    }
}

#[test]
fn a_modulus_with_a_zero_in_front_verifies_with_a_remark() {
    let mut jwk = jwk();
    let padded = [vec![0], number("n")].concat();
    jwk["n"] = json!(URL_SAFE_NO_PAD.encode(padded));
    let ids = |set: &KeySet| set.remarks().iter().map(|remark| remark.id.clone()).collect::<Vec<_>>();
    let text = json!({"keys": [jwk]}).to_string();
    for set in [
        KeySet::from_text(&text, "pasted key").unwrap(),
        KeySet::from_jwks(&text, "https://id.test/keys", 0).unwrap(),
        KeySet::from_text(&jwk.to_string(), "pasted key").unwrap(),
    ] {
        assert_eq!(state(&verify(&decode(&good()), Some(&set))), "verified");
        assert_eq!(ids(&set), ["key-modulus-padded"]);
        assert!(set.remarks()[0].detail.contains("Amazon") && set.remarks()[0].rfc.as_deref() == Some("RFC 7518 6.3.1.1"));
    }
    assert_eq!(ids(&KeySet::from_text(&super::pasted::jwk().to_string(), "pasted key").unwrap()), Vec::<String>::new());
}

#[test]
fn what_only_looks_like_keys_is_refused_with_a_reason() {
    let key = jwk().to_string();
    let twice = format!("[{{\"keys\":[{}]}}]", key.replacen('{', "{\"kty\":\"RSA\",", 1));
    let private = json!({"rsa-1": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "b": pem()}).to_string();
    for (text, reason) in [
        (twice, "stands twice"),
        (private, "private key"),
        ("{\"keys\":[{\"kid\":\"a\"".to_owned(), "breaks off in line 1"),
        ("[1,2".to_owned(), "breaks off"),
        ("[1,2]".to_owned(), "no key"),
        ("{\"a\":\"b\"}".to_owned(), "neither a JWKS"),
        ("{\"a\":{\"b\":[{}]}}".to_owned(), "neither a JWKS"),
        ("{\"keys\":[,]}".to_owned(), "breaks off"),
        (format!("MI{}", "A".repeat(200)), "no key"),
        (format!("key: MI{}", "A".repeat(200)), "no key"),
    ] {
        let found = KeySet::from_text(&text, "pasted key").map(|set| set.words()).unwrap_err();
        assert!(found.contains(reason), "{text}: {found}");
    }
}

#[test]
fn a_comma_too_many_is_said() {
    let set = KeySet::from_text(&format!("{{\"keys\":[{},]}}", jwk()), "pasted key").unwrap();
    assert!(set.remarks().iter().any(|remark| remark.id == "key-set-comma"));
    // A comma inside a text is no comma of the JSON.
    let mut named = jwk();
    named["kid"] = json!("a,]\\\",}");
    let set = KeySet::from_text(&format!("[{named},]"), "pasted key").unwrap();
    assert!(set.has_kid("a,]\\\",}"));
}
