//! Figures of the model, one a line as `name value unit`: decoding, checking and comparing tokens of three sizes and how that
//! grows, and signatures beside the bare check of the crate that does the cryptography. Run by `cargo xtask bench`, in
//! release. With `decode TOKEN` it prints that token's header and claims and ends, to be measured as a whole process.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
        RsaPublicKeyComponents, UnparsedPublicKey,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde_json::json;
use token::{
    check::{self, Expectations},
    compare::{self, Column},
    decode::{Decoded, decode},
    inspect::{self, Obtained, Origin, TokenKind, Verification},
    verify::{KeySet, verify},
};

fn main() {
    let words: Vec<String> = std::env::args().collect();
    if let [_, command, text] = words.as_slice()
        && command == "decode"
    {
        let decoded = decode(text);
        println!("{:#}\n{:#}", json!(decoded.header), json!(decoded.claims));
        return;
    }
    let sizes = [1, 4, 64];
    let mut times: Vec<[f64; 3]> = Vec::new();
    for kilobytes in sizes {
        let text = unsigned(kilobytes * 1024);
        let other = unsigned(kilobytes * 1024 + 40);
        if words.get(1).is_some_and(|word| word == "tokens") {
            println!("token_{kilobytes}k {text}");
            continue;
        }
        let decoding = time(|| drop(black_box(decode(black_box(&text)))));
        let checking = time(|| check_all(&decode(black_box(&text))));
        let (one, two) = (decode(&text), decode(&other));
        let comparing = time(|| compare(black_box(&one), black_box(&two)));
        for (name, time) in [("decode", decoding), ("decode_and_check", checking), ("compare", comparing)] {
            println!("{name}_{kilobytes}k {:.2} us", time * 1e6);
            println!("{name}_{kilobytes}k_throughput {:.1} MB/s", text.len() as f64 / time / 1e6);
        }
        times.push([decoding, checking, comparing]);
    }
    // Linear growth is 1: time of 64 kB over sixteen times that of 4 kB.
    if let [_, small, large] = times.as_slice() {
        for (at, name) in ["decode", "decode_and_check", "compare"].into_iter().enumerate() {
            println!("{name}_growth {:.3} times", large[at] / small[at] / 16.0);
        }
        signatures();
    }
}

/// Fastest of several rounds, seconds a call: what disturbs only makes it slower.
fn time(mut work: impl FnMut()) -> f64 {
    let mut calls = 1_u32;
    loop {
        let began = Instant::now();
        (0..calls).for_each(|_| work());
        if began.elapsed() > Duration::from_millis(20) {
            break;
        }
        calls = calls.saturating_mul(2);
    }
    let round = |work: &mut dyn FnMut()| {
        let began = Instant::now();
        (0..calls).for_each(|_| work());
        began.elapsed().as_secs_f64() / f64::from(calls)
    };
    (0..9).map(|_| round(&mut work)).fold(f64::INFINITY, f64::min)
}

/// An access token of about that size; it grows by roles and groups, as real ones do.
fn unsigned(size: usize) -> String {
    let mut roles = Vec::new();
    let mut text = String::new();
    while text.len() < size {
        roles.push(format!("role-{:05}", roles.len()));
        let claims = json!({
            "iss": "https://id.example/realms/shop", "sub": "7c57d1f0-3a52-4c8e-9e61-b2a7f04e498d", "aud": ["orders-api", "portal"],
            "iat": 1_799_999_990, "exp": 1_800_000_290, "jti": "onrtac:1", "azp": "portal", "scope": "openid orders:read",
            "preferred_username": "alice", "realm_access": {"roles": roles}, "typ": "Bearer",
        });
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": "key-1"});
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        text = format!("{}.{}.{}", part(&header), part(&claims), URL_SAFE_NO_PAD.encode([7; 256]));
        // Building it anew for each role would take longer than measuring it.
        let missing = size.saturating_sub(text.len()) / 18;
        roles.extend((0..missing).map(|more| format!("role-{:05}", 100_000 + roles.len() + more)).collect::<Vec<_>>());
    }
    text
}

fn origin() -> Origin {
    Origin::new("t", TokenKind::Access, Obtained::Unknown, "")
}

fn unverified() -> Verification {
    Verification::Unverifiable { reason: String::new() }
}

fn check_all(decoded: &Decoded) {
    let expectations = Expectations {
        audience: vec!["orders-api".into()],
        issuer: vec!["https://id.example/realms/shop".into()],
        ..Expectations::default()
    };
    let (header, claims) = (decoded.header.as_ref(), decoded.claims.as_ref());
    black_box(inspect::findings(header, claims, &unverified(), 1_800_000_000));
    black_box(check::run("orders-api", &expectations, header, claims, &unverified(), None, 1_800_000_000));
}

fn compare(one: &Decoded, two: &Decoded) {
    let column = |decoded: &'_ Decoded| {
        inspect::view(&origin(), decoded.header.as_ref(), decoded.claims.as_ref(), decoded.format, decoded.size, &unverified(), 0)
    };
    let nothing = token::decode::json::Exact::new();
    let columns = [
        Column { view: column(one), header: one.header.as_ref(), claims: one.claims.as_ref(), exact: &nothing },
        Column { view: column(two), header: two.header.as_ref(), claims: two.claims.as_ref(), exact: &nothing },
    ];
    black_box(compare::compare(&columns, None));
}

/// Verification of a decoded token over the bare check of the same signature, in turn, so that the machine cancels out.
fn signatures() {
    let random = SystemRandom::new();
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let payload = unsigned(1024);
    let payload = payload.split('.').nth(1).unwrap_or_default();
    let input = |alg: &str| format!("{}.{payload}", encode(json!({"alg": alg, "kid": "k"}).to_string().as_bytes()));
    let Ok(rsa) = RsaKeyPair::generate(KeySize::Rsa2048) else { return };
    let (n, e) = (rsa.public_key().modulus().big_endian_without_leading_zero().to_vec(), vec![1, 0, 1]);
    let text = input("RS256");
    let mut signature = vec![0; rsa.public_modulus_len()];
    if rsa.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).is_err() {
        return;
    }
    let raw = RsaPublicKeyComponents { n: &n, e: &e };
    let jwk = json!({"kty": "RSA", "kid": "k", "n": encode(&n), "e": "AQAB"});
    ratio("rs256", &jwk, &text, &signature, Algorithm::RS256, &DecodingKey::from_rsa_raw_components(&n, &e), || {
        raw.verify(&RSA_PKCS1_2048_8192_SHA256, text.as_bytes(), &signature).is_ok()
    });
    let Ok(ec) = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING) else { return };
    let text = input("ES256");
    let Ok(signature) = ec.sign(&random, text.as_bytes()) else { return };
    let point = ec.public_key().as_ref();
    let jwk = json!({"kty": "EC", "crv": "P-256", "kid": "k", "x": encode(&point[1..33]), "y": encode(&point[33..])});
    let raw = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
    ratio("es256", &jwk, &text, signature.as_ref(), Algorithm::ES256, &DecodingKey::from_ec_der(point), || {
        raw.verify(text.as_bytes(), signature.as_ref()).is_ok()
    });
    let Ok(ed) = Ed25519KeyPair::generate() else { return };
    let text = input("EdDSA");
    let signature = ed.sign(text.as_bytes());
    let point = ed.public_key().as_ref();
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": encode(point)});
    let raw = UnparsedPublicKey::new(&ED25519, point);
    ratio("eddsa", &jwk, &text, signature.as_ref(), Algorithm::EdDSA, &DecodingKey::from_ed_der(point), || {
        raw.verify(text.as_bytes(), signature.as_ref()).is_ok()
    });
}

fn ratio(
    name: &str,
    jwk: &serde_json::Value,
    input: &str,
    signature: &[u8],
    algorithm: Algorithm,
    key: &DecodingKey,
    bare: impl Fn() -> bool,
) {
    let Ok(keys) = KeySet::from_text(&jwk.to_string(), "bench") else { return };
    let encoded = URL_SAFE_NO_PAD.encode(signature);
    let decoded = decode(&format!("{input}.{encoded}"));
    // A figure of something that does not verify would be worth nothing.
    let library = || crypto::verify(&encoded, input.as_bytes(), key, algorithm).unwrap_or(false);
    if !matches!(verify(&decoded, Some(&keys)), Verification::Verified { .. }) || !bare() || !library() {
        return;
    }
    let (mut ours, mut theirs, mut crypto) = (f64::INFINITY, f64::INFINITY, f64::INFINITY);
    for _ in 0..5 {
        ours = ours.min(time(|| drop(black_box(verify(black_box(&decoded), Some(&keys))))));
        theirs = theirs.min(time(|| assert!(black_box(library()))));
        crypto = crypto.min(time(|| assert!(black_box(bare()))));
    }
    println!("verify_{name} {:.2} us", ours * 1e6);
    println!("verify_{name}_of_jsonwebtoken {:.3} times", theirs / ours);
    println!("verify_{name}_of_aws_lc {:.3} times", crypto / ours);
}
