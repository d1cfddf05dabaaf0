//! A public key is never a shared secret, in whatever spelling it is pasted; a private one neither.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{
    expect,
    made::{b64, forged, jwk, n, pairs, pem, pkcs1, point, signed, spki, ssh, with_pasted, with_published},
    row,
};
use crate::row::Attack;

fn claims() -> Value {
    json!({"iss": "https://id.test", "sub": "alice", "exp": 4_000_000_000_i64})
}

/// The algorithm that goes with a kind of key.
fn alg(kind: &str) -> &'static str {
    match kind {
        "rsa" => "RS256",
        "p256" => "ES256",
        "p384" => "ES384",
        _ => "EdDSA",
    }
}

/// Every spelling of a public key that people paste.
fn spellings(kind: &'static str) -> Vec<(&'static str, String)> {
    let der = spki(kind);
    let hex: String = der.iter().map(|byte| format!("{byte:02x}")).collect();
    let colons: String = der.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
    let plain = pem("PUBLIC KEY", &der, 64, "\n");
    let key = jwk(kind);
    let mut all = vec![
        ("PEM", plain.clone()),
        ("PEM with CRLF", pem("PUBLIC KEY", &der, 64, "\r\n")),
        ("PEM in one line", pem("PUBLIC KEY", &der, 10_000, "")),
        ("PEM with spaces for line breaks", pem("PUBLIC KEY", &der, 64, " ")),
        ("PEM with written line breaks", pem("PUBLIC KEY", &der, 64, "\\n")),
        ("PEM in lines of 7", pem("PUBLIC KEY", &der, 7, "\n\t")),
        ("PEM in a JSON string", Value::from(plain.clone()).to_string()),
        (
            "PEM in small letters at its edges",
            plain.replace("BEGIN PUBLIC KEY", "begin public key").replace("END PUBLIC KEY", "end public key"),
        ),
        ("PEM with long dashes", plain.replace("-----", "\u{2014}\u{2014}")),
        ("PEM after words", format!("Our key:\n{plain}\n")),
        ("base64 of DER", STANDARD.encode(&der)),
        ("base64url of DER", b64(&der)),
        (
            "base64 of DER in lines",
            STANDARD.encode(&der).as_bytes().chunks(40).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\n"),
        ),
        ("hex of DER", hex.clone()),
        ("hex of DER with colons", colons),
        ("hex of DER after 0x", format!("0x{hex}")),
        ("base64 of PEM", STANDARD.encode(&plain)),
        ("base64 of base64 of DER", STANDARD.encode(STANDARD.encode(&der))),
        ("JWK", key.to_string()),
        ("JWK laid out", serde_json::to_string_pretty(&key).unwrap_or_default()),
        ("JWKS", json!({"keys": [key]}).to_string()),
        ("list of JWK", json!([key]).to_string()),
        ("base64 of JWK", STANDARD.encode(key.to_string())),
        ("base64url of JWKS", b64(json!({"keys": [key]}).to_string())),
        ("Keycloak's realm", json!({"realm": "a", "public_key": STANDARD.encode(&der)}).to_string()),
    ];
    if kind == "rsa" {
        all.push(("PKCS #1 PEM", pem("RSA PUBLIC KEY", &pkcs1(), 64, "\n")));
        all.push(("base64 of PKCS #1", STANDARD.encode(pkcs1())));
        all.push(("hex of PKCS #1", pkcs1().iter().map(|byte| format!("{byte:02x}")).collect()));
    }
    if kind != "p384" {
        let name = match kind {
            "rsa" => "ssh-rsa",
            "p256" => "ecdsa-sha2-nistp256",
            _ => "ssh-ed25519",
        };
        all.push(("SSH line", format!("{name} {} alice@laptop", STANDARD.encode(ssh(kind)))));
        all.push(("SSH without its name", STANDARD.encode(ssh(kind))));
        all.push((
            "SSH2 file",
            format!(
                "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"alice\"\n{}\n---- END SSH2 PUBLIC KEY ----",
                STANDARD.encode(ssh(kind))
            ),
        ));
    }
    all
}

pub fn rows() -> Vec<Attack> {
    let mut rows = Vec::new();
    for kind in ["rsa", "p256", "ed"] {
        for (name, text) in spellings(kind) {
            // Small kinds only in the spellings that differ for them.
            if kind != "rsa"
                && !(name.starts_with("PEM") && name.len() < 4
                    || name.contains("base64 of DER")
                    || name.contains("SSH")
                    || name == "hex of DER"
                    || name == "JWK")
            {
                continue;
            }
            rows.push(row(format!("{kind} as secret: {name}"), move || {
                let header = json!({"alg": "HS256", "kid": "k"});
                let trimmed = text.trim();
                let mut secrets: Vec<Vec<u8>> = vec![trimmed.as_bytes().to_vec(), spki(kind), text.clone().into_bytes()];
                let bare: String = trimmed.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned();
                secrets.extend(base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(bare).ok());
                for secret in secrets {
                    let found = with_pasted(&forged(&header, &claims(), &secret), &text);
                    if found == "verified" {
                        return Err(format!("a token forged with {} bytes of the key is verified", secret.len()));
                    }
                }
                // The genuine one verifies with the very same text.
                expect(with_pasted(&signed(&json!({"alg": alg(kind), "kid": "k"}), &claims()), &text), "verified")
            }));
        }
    }
    rows.extend(certificates());
    rows.extend(private());
    rows.extend(numbers());
    rows.extend(genuine_secrets());
    rows
}

fn certificates() -> Vec<Attack> {
    let file = include_str!("../../fixtures/vectors/pem/certificate-p256.pem");
    let body: String = file.lines().filter(|line| !line.contains("-----")).collect();
    let texts = [
        ("PEM", file.to_owned()),
        ("base64", body.clone()),
        ("x5c of a JWK", body.clone()),
        ("base64 of PEM", STANDARD.encode(file)),
    ];
    texts
        .into_iter()
        .map(|(name, text)| {
            row(format!("certificate as secret: {name}"), move || {
                for secret in [text.trim().as_bytes().to_vec(), STANDARD.decode(text.trim()).unwrap_or_default()] {
                    let found = with_pasted(&forged(&json!({"alg": "HS256"}), &claims(), &secret), &text);
                    if !matches!(found, "bad" | "unverifiable") {
                        return Err(found.to_string());
                    }
                }
                Ok(())
            })
        })
        .collect()
}

fn private() -> Vec<Attack> {
    let texts = [
        ("PKCS #8 PEM", pem("PRIVATE KEY", &pairs().rsa_private, 64, "\n")),
        ("base64 of PKCS #8", STANDARD.encode(&pairs().rsa_private)),
        ("hex of PKCS #8", pairs().p256_private.iter().map(|byte| format!("{byte:02x}")).collect()),
        ("EC PKCS #8 PEM", pem("PRIVATE KEY", &pairs().p256_private, 64, "\n")),
        ("base64 of EC PKCS #8", STANDARD.encode(&pairs().p256_private)),
        ("base64 of PEM", STANDARD.encode(pem("PRIVATE KEY", &pairs().p256_private, 64, "\n"))),
        ("PEM that breaks off", "-----BEGIN PRIVATE KEY-----\nMIIEvQ".to_owned()),
        ("OpenSSH", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----".to_owned()),
    ];
    texts
        .into_iter()
        .map(|(name, text)| {
            row(format!("private key as secret: {name}"), move || {
                for secret in [text.as_bytes().to_vec(), STANDARD.decode(&text).unwrap_or_default()] {
                    expect(with_pasted(&forged(&json!({"alg": "HS256"}), &claims(), &secret), &text), "no key")?;
                }
                Ok(())
            })
        })
        .collect()
}

/// Secrets that are one of the public numbers.
fn numbers() -> Vec<Attack> {
    let secret = |bytes: Vec<u8>| json!({"kty": "oct", "kid": "k", "k": b64(bytes)});
    let mut rows = Vec::new();
    let cases: Vec<(&str, Vec<u8>, Value)> = vec![
        ("n of its neighbour", n(), jwk("rsa")),
        ("n in base64url", b64(n()).into_bytes(), jwk("rsa")),
        ("x of its neighbour", point()[1..33].to_vec(), jwk("p256")),
        ("both coordinates", point()[1..].to_vec(), jwk("p256")),
        ("x of an Ed25519 key", ssh("ed")[ssh("ed").len() - 32..].to_vec(), jwk("ed")),
        ("PEM of its neighbour", pem("PUBLIC KEY", &spki("rsa"), 64, "\n").into_bytes(), jwk("rsa")),
        ("DER of its neighbour", spki("rsa"), jwk("rsa")),
        ("JWK text of its neighbour", jwk("rsa").to_string().into_bytes(), jwk("rsa")),
    ];
    for (name, bytes, mut neighbour) in cases {
        neighbour["kid"] = json!("other");
        let set = json!({"keys": [neighbour, secret(bytes.clone())]}).to_string();
        rows.push(row(format!("secret in a pasted set: {name}"), move || {
            let token = forged(&json!({"alg": "HS256", "kid": "k"}), &claims(), &bytes);
            expect(with_pasted(&token, &set), "unverifiable")
        }));
    }
    rows.push(row("secret that is the n of the key in the token's own header", || {
        let token = forged(&json!({"alg": "HS256", "jwk": jwk("rsa")}), &claims(), &n());
        expect(with_pasted(&token, &b64(n())), "unverifiable")
    }));
    rows.push(row("raw point of a curve", || {
        let token = forged(&json!({"alg": "HS256"}), &claims(), &point());
        let found = with_pasted(&token, &b64(point()));
        if found == "verified" { Err("verified".into()) } else { Ok(()) }
    }));
    rows.push(row("oct key in a published set", move || {
        let bytes = b"a secret that anybody can read, as it is published".to_vec();
        let token = forged(&json!({"alg": "HS256", "kid": "k"}), &claims(), &bytes);
        expect(with_published(&token, &json!({"keys": [secret(bytes)]})), "unverifiable")
    }));
    for header in [
        json!({"alg": "HS256", "kid": "k"}),
        json!({"alg": "HS384", "kid": "k"}),
        json!({"alg": "HS256"}),
        json!({"alg": "none", "kid": "k"}),
        json!({"alg": "nOnE"}),
        json!({"alg": "NONE"}),
        json!({"alg": " none "}),
        json!({"alg": ""}),
        json!({"alg": ["RS256"]}),
        json!({"alg": "rs256", "kid": "k"}),
        json!({"kid": "k"}),
        json!({"alg": "ES256", "kid": "k"}),
        json!({"alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}}),
        json!({"alg": "HS256", "kid": "../../../../dev/null"}),
        json!({"alg": "HS256", "kid": "k' UNION SELECT 'x"}),
        json!({"alg": "HS256", "kid": "https://evil.test/key"}),
        json!({"alg": "HS256", "jku": "https://evil.test/jwks", "kid": "k"}),
        json!({"alg": "HS256", "x5u": "https://evil.test/cert", "kid": "k"}),
    ] {
        rows.push(row(format!("published keys: header {header}"), move || {
            for secret in [spki("rsa"), pem("PUBLIC KEY", &spki("rsa"), 64, "\n").into_bytes(), Vec::new(), vec![0], n()] {
                let found = with_published(&forged(&header, &claims(), &secret), &json!({"keys": [jwk("rsa")]}));
                if found == "verified" {
                    return Err("verified".into());
                }
            }
            Ok(())
        }));
    }
    rows.push(row("a key of its own in the header", || {
        let mut own = jwk("rsa");
        own["kid"] = json!("mine");
        let token = signed(&json!({"alg": "RS256", "kid": "mine", "jwk": own}), &claims());
        let mut other = jwk("p256");
        other["kid"] = json!("theirs");
        expect(with_published(&token, &json!({"keys": [other]})), "unverifiable")
    }));
    rows
}

/// What is a secret stays one, so that nothing above holds because no secret is taken at all.
fn genuine_secrets() -> Vec<Attack> {
    let bytes: Vec<u8> = (0..48_u8).map(|at| at.wrapping_mul(37) ^ 0x5a).collect();
    let texts: Vec<(&str, String, Vec<u8>)> = vec![
        ("words", "correct horse battery staple, and then some".into(), b"correct horse battery staple, and then some".to_vec()),
        ("base64 of random octets", STANDARD.encode(&bytes), bytes.clone()),
        ("base64 as text", STANDARD.encode(&bytes), STANDARD.encode(&bytes).into_bytes()),
        ("hex as text", "5a7f104325d8b1ac".repeat(4), "5a7f104325d8b1ac".repeat(4).into_bytes()),
        ("a UUID and more", "8f14e45f-ceea-467a-9575-2c3a1d1b7b0e".into(), b"8f14e45f-ceea-467a-9575-2c3a1d1b7b0e".to_vec()),
        (
            "dashes",
            "-----my-secret-that-is-no-key-and-long-enough-----".into(),
            b"-----my-secret-that-is-no-key-and-long-enough-----".to_vec(),
        ),
        (
            "a word of PEM",
            "the BEGIN of everything is the END of nothing at all".into(),
            b"the BEGIN of everything is the END of nothing at all".to_vec(),
        ),
    ];
    texts
        .into_iter()
        .map(|(name, text, secret)| {
            row(format!("genuine secret: {name}"), move || {
                expect(with_pasted(&forged(&json!({"alg": "HS256"}), &claims(), &secret), &text), "verified")
            })
        })
        .collect()
}
