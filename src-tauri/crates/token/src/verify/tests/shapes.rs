//! Further shapes of keys: what editors, shells, languages, consoles and exports make of them, and what is pasted by mistake.

use base64::engine::general_purpose::STANDARD;

use super::{pasted::*, *};

/// The key as PKCS #1, the form of `BEGIN RSA PUBLIC KEY`.
fn pkcs1() -> String {
    let bytes = STANDARD.decode(spki()).unwrap();
    // Behind the algorithm and the head of the bit string.
    let at = bytes.windows(4).position(|window| window == [0x30, 0x82, 0x01, 0x0a]).unwrap();
    STANDARD.encode(&bytes[at..])
}

fn armoured(label: &str, body: &str) -> String {
    let lines: Vec<String> = body.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

#[test]
fn keys_of_editors_shells_and_exports_verify() {
    let (jwk, spki, pem, certificate) = (jwk(), spki(), pem(), certificate());
    let set = json!({"keys": [jwk]}).to_string();
    let (n, e) = (text(&jwk, "n").to_owned(), text(&jwk, "e").to_owned());
    let standard = |name: &str| STANDARD.encode(number(name));
    let one_line = pem.trim().replace('\n', " ");
    let mut padded = jwk.clone();
    padded["n"] = json!(format!("{n}=="));
    let rows: Vec<(&str, String)> = vec![
        ("PEM with CRLF", pem.replace('\n', "\r\n")),
        ("PEM in one line with blanks", one_line.clone()),
        ("PEM in one line with nothing", pem.replace('\n', "")),
        ("PEM with escaped CRLF", pem.replace('\n', "\\r\\n")),
        ("PEM with twice escaped breaks", pem.replace('\n', "\\\\n")),
        ("PEM in quotes with escaped breaks", format!("\"{}\"", pem.trim().replace('\n', "\\n"))),
        ("PEM indented", pem.lines().map(|line| format!("    {line}\n")).collect()),
        ("PEM with blanks at the ends", pem.lines().map(|line| format!("{line}  \n")).collect()),
        ("PEM as a block of YAML", format!("publicKey: |\n{}other: 1\n", pem.lines().map(|line| format!("  {line}\n")).collect::<String>())),
        ("PEM in .env", format!("PUBLIC_KEY=\"{}\"\n", pem.trim().replace('\n', "\\n"))),
        ("PEM with blank lines", pem.replace('\n', "\n\n")),
        ("PEM in a mail", pem.lines().map(|line| format!("> {line}\n")).collect()),
        ("PEM as strings of code", pem.lines().map(|line| format!("\"{line}\\n\" +\n")).collect()),
        ("PEM in base64", STANDARD.encode(&pem)),
        ("PKCS #1", armoured("RSA PUBLIC KEY", &pkcs1())),
        ("PKCS #1 bare", pkcs1()),
        ("PKCS #1 with CRLF", armoured("RSA PUBLIC KEY", &pkcs1()).replace('\n', "\r\n")),
        ("PKCS #1 under the wrong label", armoured("PUBLIC KEY", &pkcs1())),
        ("SPKI under the wrong label", armoured("RSA PUBLIC KEY", &spki)),
        ("two PEMs", format!("{certificate}{pem}")),
        ("PEM with bag attributes", format!("Bag Attributes\n    localKeyID: 01 02\nsubject=CN = a\n{pem}")),
        ("PEM after openssl's text", format!("Certificate:\n    Data:\n        Version: 3 (0x2)\n{pem}")),
        ("JSON with comments", format!("// the keys\n{{\n  /* of the realm */\n  \"keys\": [{jwk}] // one\n}}")),
        ("JSON with a hash comment", format!("# from the console\n{set}")),
        ("JSON in a fence", format!("```json\n{set}\n```")),
        ("PEM in a fence", format!("```\n{pem}```")),
        ("answer with its head", format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{set}")),
        ("command before it", format!("$ curl -s https://id.test/certs\n{set}")),
        ("words before and after", format!("Our keys:\n{set}\nThanks")),
        ("Python's repr", set.replace('"', "'")),
        ("JavaScript", format!("const jwks = {set};")),
        ("JavaScript without quotes", format!("{{keys:[{{kty:\"RSA\",kid:\"rsa-1\",n:\"{n}\",e:\"{e}\"}}]}}")),
        ("set in a member as a string", json!({"jwks": set}).to_string()),
        ("client metadata", json!({"client_id": "a", "jwks": {"keys": [jwk]}}).to_string()),
        ("keys by their names", json!({"keys": {"rsa-1": jwk}}).to_string()),
        ("PEMs by their names under keys", json!({"keys": {"rsa-1": pem}}).to_string()),
        ("JWKs by their names", json!({"rsa-1": jwk}).to_string()),
        ("two sets one after the other", format!("{{\"keys\":[]}}\n{set}")),
        ("JWKs one a line", format!("{jwk}\n{}", json!({"kty": "oct"}))),
        ("Spring's token_key", json!({"alg": "SHA256withRSA", "value": pem}).to_string()),
        ("Kong", json!({"rsa_public_key": pem, "key": "a36c3049b36249a3c9f8891cb127243c", "algorithm": "RS256"}).to_string()),
        ("n in standard base64", json!({"kty": "RSA", "n": standard("n"), "e": e}).to_string()),
        ("n with padding", padded.to_string()),
        ("members in capitals", json!({"Keys": [jwk]}).to_string()),
        (".NET's XML", format!("<RSAKeyValue><Modulus>{}</Modulus><Exponent>{}</Exponent></RSAKeyValue>", standard("n"), standard("e"))),
        ("XML with line breaks", format!("<ds:X509Certificate>\n{}\n</ds:X509Certificate>", spki.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>().join("\n"))),
        ("SPKI broken into lines among words", format!("The key is\n{}\n", spki.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>().join("\n"))),
        ("data address", format!("data:application/x-pem-file;base64,{}", STANDARD.encode(&pem))),
        ("percent encoding", pem.trim().replace('+', "%2B").replace('/', "%2F").replace('\n', "%0A").replace(' ', "%20")),
        ("UTF-16 as text", pem.chars().flat_map(|letter| [letter, '\0']).collect()),
        ("UTF-16 JSON as text", format!("\u{fffd}\u{fffd}{}", set.chars().flat_map(|letter| [letter, '\0']).collect::<String>())),
        ("mark of another encoding", format!("ï»¿{set}")),
        ("non-breaking blanks", set.replace(":", ":\u{a0}")),
        ("typographic dashes", pem.replace("-----", "—————")),
        ("kubernetes ConfigMap", format!("apiVersion: v1\ndata:\n  jwks.json: |\n    {set}\n")),
        ("properties with escapes", format!("key={}", pem.trim().replace('\n', "\\n\\\n"))),
        ("x5c beside a name", json!({"keys": [{"kid": "rsa-1", "kty": "RSA", "use": "sig", "x5t": "a", "n": n, "e": e, "x5c": [body(&certificate)]}]}).to_string()),
    ];
    let mut wrong = Vec::new();
    for (name, text) in &rows {
        let keys = KeySet::from_text(text, "pasted key");
        let answer = keys.as_ref().map(|keys| verify(&decode(&good()), Some(keys)));
        if !matches!(answer, Ok(Verification::Verified { .. })) {
            wrong.push(format!("{name}: {answer:?}"));
        }
        let hmac = format!("{}.e30.AAAA", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#));
        let secret = KeySet::for_token(&decode(&hmac), text, "pasted key").map(|keys| keys.words());
        if secret.as_ref().is_ok_and(|words| words.contains("secret")) {
            wrong.push(format!("{name}: taken for a secret, {secret:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn certificates_alone_in_a_jwk_are_keys() {
    let certificate = certificate();
    let x5c = body(&certificate);
    for text in [
        json!({"kty": "EC", "kid": "a", "x5c": [x5c]}).to_string(),
        json!({"keys": [{"kty": "EC", "kid": "a", "use": "sig", "x5c": [x5c]}]}).to_string(),
        json!({"keys": [{"kid": "a", "x5c": [x5c, x5c]}]}).to_string(),
        json!({"keys": [{"kid": "a", "x5c": x5c}]}).to_string(),
        format!("{certificate}{certificate}"),
        certificate.replace("CERTIFICATE", "X509 CERTIFICATE"),
        certificate.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
        certificate.replace('\n', "\\n"),
        format!("0 s:CN = issuer.test\n   i:CN = issuer.test\n{certificate}---\nServer certificate"),
    ] {
        let words = KeySet::from_text(&text, "pasted key").map(|keys| keys.words());
        assert!(words.as_ref().is_ok_and(|words| words.ends_with("EC P-256")), "{text}: {words:?}");
    }
}

#[test]
fn a_private_key_where_a_public_one_is_asked_is_said() {
    let mut private = jwk();
    private["d"] = json!("AQAB");
    let (private_set, mixed) =
        (json!({"keys": [private]}).to_string(), json!({"keys": [jwk(), {"kty": "oct", "k": "aGVsbG8"}]}).to_string());
    let mut wrong = Vec::new();
    for text in [private.to_string(), private_set, json!({"jwks": {"keys": [private]}}).to_string()] {
        match KeySet::from_text(&text, "pasted key") {
            Ok(set) if set.remarks().iter().any(|remark| remark.id == "key-set-private") => {}
            other => wrong.push(format!("{text}: {:?}", other.map(|set| set.remarks().to_vec()))),
        }
    }
    assert!(KeySet::from_text(&mixed, "pasted key").unwrap().remarks().iter().all(|remark| remark.id != "key-set-private"));
    let armour =
        |label: &str| format!("-----BEGIN {label}-----\nMIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7\n-----END {label}-----");
    for text in [
        armour("PRIVATE KEY"),
        armour("RSA PRIVATE KEY"),
        armour("EC PRIVATE KEY"),
        armour("ENCRYPTED PRIVATE KEY"),
        armour("OPENSSH PRIVATE KEY"),
        format!("{}{}", armour("PRIVATE KEY"), pem()),
        format!("{}{}", pem(), armour("PRIVATE KEY")),
        armour("PRIVATE KEY").replace('\n', "\\n"),
        armour("PRIVATE KEY").replace('\n', " "),
        json!({"private_key": armour("PRIVATE KEY"), "client_email": "a@a.test"}).to_string(),
        json!({"type": "service_account", "private_key_id": "a", "private_key": armour("PRIVATE KEY")}).to_string(),
        format!("privateKey: |\n  {}", armour("RSA PRIVATE KEY").replace('\n', "\n  ")),
        "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nComment: a\nPublic-Lines: 6\nAAAA\nPrivate-Lines: 14\nAAAA".to_owned(),
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBF\n-----END PGP PRIVATE KEY BLOCK-----".to_owned(),
    ] {
        match KeySet::from_text(&text, "pasted key") {
            Err(reason) if reason.contains("private key") => {}
            other => wrong.push(format!("{text}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_is_pasted_by_mistake_is_named() {
    let mut wrong = Vec::new();
    let cut = jwk().to_string();
    for (text, words) in [
        ("{\"keys\":{}}".to_owned(), "no keys in it"),
        ("{\"keys\":[]}".to_owned(), "no keys in it"),
        ("{\"keys\":null}".to_owned(), "no keys in it"),
        ("{\"keys\":\"rsa-1\"}".to_owned(), "neither"),
        ("https://id.test/realms/a/protocol/openid-connect/certs".to_owned(), "address"),
        ("{\"issuer\":\"https://id.test\",\"jwks_uri\":\"https://id.test/certs\"}".to_owned(), "jwks_uri"),
        (good(), "token"),
        (format!("Bearer {}", good()), "token"),
        ("AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01".to_owned(), "fingerprint"),
        ("SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8".to_owned(), "fingerprint"),
        ("<html><body>Sign in</body></html>".to_owned(), "page"),
        ("<!DOCTYPE html>\n<html>".to_owned(), "page"),
        ("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----".to_owned(), "CERTIFICATE REQUEST"),
        ("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n-----END PGP PUBLIC KEY BLOCK-----".to_owned(), "PGP"),
        ("-----BEGIN PUBLIC KEY-----\n...\n-----END PUBLIC KEY-----".to_owned(), "can not be read"),
        (cut[..cut.len() / 2].to_owned(), "breaks off"),
        ("rsa-1".to_owned(), "no key"),
        ("{\"error\":\"Realm does not exist\"}".to_owned(), "error"),
        ("{\"kid\":\"rsa-1\",\"alg\":\"RS256\",\"typ\":\"JWT\"}".to_owned(), "header"),
    ] {
        match KeySet::from_text(&text, "pasted key") {
            Err(reason) if reason.contains(words) => {}
            other => wrong.push(format!("{text}\n  lacks {words}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
