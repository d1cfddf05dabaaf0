//! Every finding there is: made once by a token that deserves it, and well kept.
//!
//! People and tickets refer to findings by id, and a reviewer wants to look up the rule. So each must have a stable id in
//! one spelling, a weight, a reference and sentences that end; and none may exist that no token can bring about.

#![expect(clippy::expect_used, clippy::panic, reason = "tests panic")]

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use token::{
    decode::{Decoded, MAX_SIZE, decode},
    decrypt,
    finding::Finding,
    inspect::{self, Relative, TokenKind},
    secret::Secret,
    verify::{KeySet, verify},
};

const NOW: i64 = 1_800_000_000;

fn vectors(path: &str) -> Value {
    let path = format!("{}/../../../tests/fixtures/vectors/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn part(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn jws(header: &Value, payload: &str) -> String {
    format!("{}.{}.AAAA", part(header.to_string()), part(payload))
}

fn claims(claims: &Value) -> String {
    jws(&json!({"alg": "RS256", "kid": "k", "typ": "at+jwt"}), &claims.to_string())
}

fn id_token(claims: &Value) -> String {
    let mut claims = claims.clone();
    claims["typ"] = json!("ID");
    jws(&json!({"alg": "RS256", "kid": "k"}), &claims.to_string())
}

fn header(mut header: Value) -> String {
    if header.get("alg").is_none() {
        header["alg"] = json!("RS256");
    }
    jws(&header, "{}")
}

fn jwe(header: &Value, key: &str) -> String {
    format!("{}.{key}.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA", part(header.to_string()))
}

/// An assertion of SAML with more in it, before and among its conditions.
fn assertion(before: &str, among: &str) -> String {
    format!(
        "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"><saml:Issuer>https://id.test</saml:Issuer>{before}<saml:Conditions><saml:AudienceRestriction>{among}</saml:AudienceRestriction></saml:Conditions></saml:Assertion>"
    )
}

/// Texts made for one finding each.
fn made() -> Vec<String> {
    let flat = |header: Value, more: Value| {
        let mut text = json!({"payload": "e30", "protected": part(r#"{"alg":"RS256"}"#), "signature": "AAAA", "header": header});
        text.as_object_mut().expect("object").extend(more.as_object().cloned().unwrap_or_default());
        text.to_string()
    };
    let plain = json!({"protected": part(r#"{"alg":"RS256","b64":false,"crit":["b64"]}"#), "signature": "AAAA"});
    let usual = json!({"protected": part(r#"{"alg":"RS256"}"#), "signature": "AAAA"});
    let sd = |payload: &str, rest: &str| format!("{}~{rest}", jws(&json!({"alg": "ES256"}), payload));
    let binding = |typ: &str, claims: &Value| jws(&json!({"alg": "ES256", "typ": typ}), &claims.to_string());
    let digest = |text: &str| part(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()));
    let role = part(r#"["salt","role","admin"]"#);
    let reserved = part(r#"["salt","_sd",["x"]]"#);
    let holder = r#"{"cnf":{"jwk":{"kty":"EC","crv":"P-256","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}}}"#;
    let proof = |jwk: Value| jws(&json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": jwk}), r#"{"jti":"1"}"#);
    let key = json!({"kty": "EC", "crv": "P-256", "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"});
    vec![
        jws(
            &json!({"alg": "RS256", "kid": "k", "nonce": "n-1"}),
            &json!({"iss": "https://sts.windows.net/1/", "aud": "a"}).to_string(),
        ),
        "a".repeat(MAX_SIZE + 1),
        format!("'Bearer {}'", claims(&json!({}))),
        format!("Bearer {}", claims(&json!({}))),
        "8f14e45f-ceea-467a-9575-2c3a1d1b7b0e".into(),
        "ghp_0123456789abcdef".into(),
        "ory_at_0123456789abcdef.0123".into(),
        "authelia_at_0123456789abcdef".into(),
        "doo_v1_0123456789abcdef".into(),
        "v4.public.eyJhIjoxfQ".into(),
        "00D5g000004xyzA!ARcAQPx.0k1_Zt$9".into(),
        assertion("", ""),
        assertion("<ds:Signature/>", "<saml:Audience>a</saml:Audience>"),
        assertion("<saml:EncryptedAssertion/>", "") + &assertion("", ""),
        assertion("<!-- ", ""),
        assertion("", "").replace("SAML:2.0", "SAML:1.0"),
        "0123456789abcdef0123456789abcdef".into(),
        "eyJhbGciOiJSUzI1NiJ9.e30".into(),
        "eyJhbGciOiJSUzI1NiJ9.e30.".into(),
        "eyJhbGciOiJSUzI1NiJ9._w.AAAA".into(),
        "eyJhbGciOiJSUzI1NiJ9.e30.A=".into(),
        "eyJhbGciOiJSUzI1NiJ9.e31.AAAA".into(),
        "eyJhbGciOiJSUzI1NiJ9.e3 0.AAAA".into(),
        jws(&json!({"alg": "RS256"}), ""),
        jws(&json!({"alg": "RS256"}), "[]"),
        jws(&json!({"alg": "RS256"}), "no json"),
        jws(&json!({"alg": "RS256"}), "\u{feff}{}"),
        jws(&json!({"alg": "RS256"}), &"[".repeat(5000)),
        jws(&json!({"alg": "RS256"}), r#"{"sub":"a","sub":"b","n":12345678901234567890123,"exp":1.8e9}"#),
        jws(&json!({"alg": "RS256"}), r#"{"name":"a\u0000b","other":"a\u202eb"}"#),
        format!("{}.e30.AAAA", part("[1]")),
        header(json!({"kid": 7})),
        header(json!({"kid": "a' or 1=1"})),
        header(json!({"jwk": {"kty": "oct", "k": "AAAA"}})),
        header(json!({"jku": "http://a", "x5u": "http://a", "x5c": []})),
        header(json!({"crit": []})),
        header(json!({"crit": ["b64"]})),
        header(json!({"crit": ["x"], "x": 1, "b64": true})),
        header(json!({"alg": "none"})),
        header(json!({"alg": "HS256"})),
        jws(&json!({"typ": "JWT"}), "{}"),
        flat(json!({"alg": "RS256"}), json!({})),
        flat(json!({"crit": ["b64"]}), json!({})),
        flat(json!({"kid": "k"}), json!({"signatures": [usual]})),
        json!({"payload": "e30", "signatures": [usual, plain]}).to_string(),
        json!({"payload": "e30", "signatures": vec![usual; 17]}).to_string(),
        json!({"ciphertext": "AAAA", "recipients": [{"header": {"alg": "dir"}}, {"header": {"alg": "A128KW"}}]}).to_string(),
        jwe(&json!({"alg": "RSA1_5", "enc": "A128GCM", "zip": "DEF"}), "AAAA"),
        jwe(&json!({"alg": "dir", "enc": "A128GCM"}), "AAAA"),
        sd(r#"{"_sd_alg":"md5"}"#, ""),
        sd("{}", &format!("AAAA~{role}~{role}~")),
        sd(&format!(r#"{{"role":1,"_sd":["{}"]}}"#, digest(&role)), &format!("{role}~")),
        sd(&format!(r#"{{"_sd":["{0}","{0}"]}}"#, digest(&role)), &format!("{role}~")),
        sd("{}", &format!("{reserved}~")),
        sd("{}", "a.b.c"),
        sd("{}", &binding("JWT", &json!({"iat": 1}))),
        sd(holder, &binding("kb+jwt", &json!({"iat": 1}))),
        sd(holder, &jws(&json!({"alg": "XY", "typ": "kb+jwt"}), "{}")),
        sd(r#"{"iat":900,"exp":1000}"#, &jws(&json!({"alg": "ES256", "typ": "kb+jwt"}), r#"{"iat":9000}"#)),
        sd("{}", &jws(&json!({"alg": "ES256", "typ": "kb+jwt"}), r#"{"iat":1,"iat":2}"#)),
        jws(&json!({"alg": "ES256", "typ": "dc+sd-jwt"}), "{}"),
        proof(key.clone()),
        proof(json!({})),
        jws(&json!({"alg": "XY", "typ": "dpop+jwt", "jwk": key}), "{}"),
        claims(&json!({"aud": 7, "iss": 7, "act": "a", "may_act": {}, "scope": ["a"], "roles": ["admin"], "cnf": {"jkt": "x"}})),
        claims(&json!({"aud": ["a", "b", "c"], "act": {"sub": "g"}, "cnf": {"x5t#S256": "x"}})),
        claims(&json!({"aud": ["a", "b"], "cnf": {"kid": "x"}, "iat": NOW + 600, "nbf": NOW + 600, "exp": NOW + 300})),
        claims(&json!({"exp": "soon", "iat": -1, "nbf": 1.5, "auth_time": 1_800_000_000_000_i64})),
        claims(&json!({"exp": NOW - 1, "iat": NOW})),
        claims(&json!({"exp": NOW + 99_999, "iat": NOW})),
        jws(&json!({"alg": "RS256", "typ": "rt+jwt"}), "{}"),
        id_token(&json!({"aud": ["a", "b"], "sub": "x".repeat(256)})),
        id_token(&json!({"iss": "i", "sub": "s", "aud": "a", "azp": "b", "iat": NOW, "exp": NOW + 9})),
    ]
}

/// Everything the published vectors hold.
fn published() -> Vec<String> {
    let texts = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut all = Vec::new();
    for case in vectors("inspector-cases/cases.json")["cases"].as_array().expect("cases") {
        all.push(texts(&case["token"]));
    }
    for case in vectors("sd-jwt/examples.json")["cases"].as_array().expect("cases") {
        all.push(texts(&case["sd_jwt_presentation"]));
    }
    for case in vectors("rfc9449/examples.json")["tokens"].as_array().expect("tokens") {
        all.push(texts(&case["token"]));
    }
    all
}

fn of_token(decoded: &Decoded, keys: &KeySet) -> Vec<Finding> {
    let mut found = decoded.findings.clone();
    let verification = verify(decoded, Some(keys));
    found.extend(inspect::findings(decoded.header.as_ref(), decoded.claims.as_ref(), &verification, NOW));
    found
}

/// Findings that need more than one token, or a key for encryption.
fn of_company() -> Vec<Finding> {
    let mut found = Vec::new();
    let object = |value: Value| value.as_object().cloned().unwrap_or_default();
    let file = vectors("rfc9449/examples.json");
    let proof = decode(file["tokens"][3]["token"].as_str().expect("text"));
    let text = Secret::new(file["access_token"].as_str().expect("text"));
    let other = Secret::new("other");
    fn relative<'a>(
        header: Option<&'a Map<String, Value>>,
        claims: &'a Map<String, Value>,
        text: Option<&'a Secret>,
    ) -> Relative<'a> {
        Relative { label: "access", kind: TokenKind::Access, header, claims: Some(claims), text, step: Some(1) }
    }
    let none = Map::new();
    let shown = relative(proof.header.as_ref(), proof.claims.as_ref().expect("claims"), None);
    let (right, wrong) =
        (object(json!({"cnf": {"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}})), object(json!({"cnf": {"jkt": "x"}})));
    found.extend(inspect::relations(&relative(None, &right, Some(&text)), &[shown]));
    found.extend(inspect::relations(&relative(None, &wrong, Some(&text)), &[shown]));
    let header = object(json!({"alg": "RS256"}));
    let hash = object(json!({"at_hash": "77QmUPtjPfzWtF2AnpK9RQ"}));
    let issued = Secret::new("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
    found.extend(inspect::relations(&relative(Some(&header), &hash, None), &[relative(None, &none, Some(&issued))]));
    found.extend(inspect::relations(&relative(Some(&header), &hash, None), &[relative(None, &none, Some(&other))]));
    let file = vectors("jose-cookbook/6.nesting_signatures_and_encryption.json");
    let keys = decrypt::Keys::from_text(&file["encrypt"]["input"]["key"].to_string(), "pasted key").expect("a key");
    let opened = decrypt::decrypt(&decode(file["encrypt"]["output"]["compact"].as_str().expect("text")), &keys).expect("opens");
    found.extend(opened.decoded.findings);
    let cookbook = vectors("jose-cookbook/jws/4_8.multiple_signatures.json");
    found.extend(decode(&cookbook["output"]["json"].to_string()).findings);
    found
}

/// Ids as they stand in the sources, so that none is forgotten here.
fn written() -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for folder in ["decode", "inspect", "decrypt"] {
        let folder = format!("{}/src/{folder}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.ends_with("tests.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("readable");
            let product = text.split("mod tests {").next().unwrap_or_default();
            for call in ["note(", "warning(", "wrong(", "build(", "note_finding(", "error_finding("] {
                for after in product.split(call).skip(1) {
                    if let Some((id, _)) = after.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                        ids.insert(id.to_owned());
                    }
                }
            }
        }
    }
    ids
}

#[test]
fn every_finding_is_made_by_some_token_and_well_kept() {
    let keys = KeySet::from_jwks(&vectors("inspector-cases/cases.json")["jwks"].to_string(), "the issuer", 0).expect("keys");
    let mut found: BTreeMap<String, Finding> = BTreeMap::new();
    let texts = made().into_iter().chain(published());
    let all = texts.flat_map(|text| of_token(&decode(&text), &keys)).chain(of_company());
    for finding in all {
        let Finding { id, title, detail, rfc, .. } = &finding;
        assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'), "{id}");
        let rfc = rfc.as_deref().unwrap_or_default();
        assert!(["RFC ", "OpenID Connect", "Unicode TR "].iter().any(|begin| rfc.starts_with(begin)), "{id}: `{rfc}`");
        assert!(!title.is_empty() && title.len() <= 48 && !title.ends_with('.'), "{id}: {title}");
        assert!(detail.ends_with('.') && detail.len() > 12 && !detail.contains("  "), "{id}: {detail}");
        found.entry(id.clone()).or_insert(finding);
    }
    let missing: Vec<String> =
        written().into_iter().filter(|id| !found.contains_key(id) && id != "decompression-limit").collect();
    assert!(missing.is_empty(), "no token here brings about {missing:?}");
    assert!(found.len() >= 100, "{}", found.len());
}
