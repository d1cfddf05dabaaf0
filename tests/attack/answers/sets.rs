//! Key sets: what is odd about them is said, and what proves nothing verifies nothing.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use token::verify::KeySet;

use super::{
    expect,
    made::{b64, jwk, n, pairs, signed, spki, with_published},
    row,
};
use crate::row::Attack;

fn with(mut key: Value, change: Value) -> Value {
    for (name, value) in change.as_object().into_iter().flatten() {
        key[name] = value.clone();
    }
    key
}

/// Remarks on a published set, warnings and errors.
fn remarks(jwks: &str) -> Vec<String> {
    KeySet::from_jwks(jwks, "https://id.test/keys", 1)
        .map(|set| set.remarks().iter().map(|finding| finding.id.clone()).collect())
        .unwrap_or_else(|error| vec![error])
}

pub fn rows() -> Vec<Attack> {
    let rsa = jwk("rsa");
    // Odd, as every modulus is: an even one is refused for that.
    let tiny: Vec<u8> = [&n()[..63], &[n()[63] | 1]].concat();
    let mut off = jwk("p256");
    off["y"] = json!(b64([7_u8; 32]));
    let certificate: String =
        include_str!("../../fixtures/vectors/pem/certificate-p256.pem").lines().filter(|line| !line.contains("-----")).collect();
    let own = json!({"x5c": [STANDARD.encode(spki("rsa"))]});
    let cases: Vec<(&str, Value, &str, &str)> = vec![
        ("control", rsa.clone(), "", "verified"),
        ("use sig", with(rsa.clone(), json!({"use": "sig", "alg": "RS256", "key_ops": ["verify"]})), "", "verified"),
        ("exponent of 3", with(rsa.clone(), json!({"e": "Aw"})), "key-exponent-small", "bad"),
        ("exponent of 1", with(rsa.clone(), json!({"e": "AQ"})), "key-unsound", "unverifiable"),
        ("exponent of 2", with(rsa.clone(), json!({"e": "Ag"})), "key-unsound", "unverifiable"),
        ("exponent of 0", with(rsa.clone(), json!({"e": "AA"})), "key-unsound", "unverifiable"),
        ("exponent even and large", with(rsa.clone(), json!({"e": "AQAA"})), "key-unsound", "unverifiable"),
        ("512 bits", with(rsa.clone(), json!({"n": b64(&tiny)})), "key-too-short", "unverifiable"),
        ("an even modulus", with(rsa.clone(), json!({"n": b64([0xf0_u8; 256])})), "key-unsound", "unverifiable"),
        ("no modulus", with(rsa.clone(), json!({"n": null})), "key-members-bad-type", "unverifiable"),
        ("a modulus that is a number", with(rsa.clone(), json!({"n": 7})), "key-members-bad-type", "unverifiable"),
        ("a private exponent", with(rsa.clone(), json!({"d": "AQAB"})), "key-set-private-published", "unverifiable"),
        ("a private prime", with(rsa.clone(), json!({"p": "AQAB"})), "key-set-private-published", "unverifiable"),
        ("alg HS256 on an RSA key", with(rsa.clone(), json!({"alg": "HS256"})), "key-alg-mismatch-kind", "bad"),
        ("alg ES256 on an RSA key", with(rsa.clone(), json!({"alg": "ES256"})), "key-alg-mismatch-kind", "bad"),
        ("alg none on an RSA key", with(rsa.clone(), json!({"alg": "none"})), "key-alg-mismatch-kind", "bad"),
        ("use enc", with(rsa.clone(), json!({"use": "enc"})), "", "unverifiable"),
        ("use that is a list", with(rsa.clone(), json!({"use": ["sig"]})), "key-members-bad-type", "unverifiable"),
        ("key_ops that is a text", with(rsa.clone(), json!({"key_ops": "verify"})), "key-members-bad-type", "unverifiable"),
        ("key_ops for encryption", with(rsa.clone(), json!({"key_ops": ["encrypt"]})), "", "unverifiable"),
        (
            "key_ops beside another use",
            with(rsa.clone(), json!({"use": "sig", "key_ops": ["verify", "encrypt"]})),
            "key-use-contradicts",
            "verified",
        ),
        ("kty in small letters", with(rsa.clone(), json!({"kty": "rsa"})), "key-unknown-kind", "unverifiable"),
        ("kty that is a number", with(rsa.clone(), json!({"kty": 7})), "key-members-bad-type", "unverifiable"),
        ("x5c of another key", with(rsa.clone(), json!({"x5c": [certificate]})), "key-x5c-mismatch", "verified"),
        ("x5c that is none", with(rsa.clone(), own), "key-x5c-mismatch", "verified"),
        ("alg of a list", with(rsa.clone(), json!({"alg": ["RS256"]})), "key-members-bad-type", "unverifiable"),
    ];
    let mut rows: Vec<Attack> = cases
        .into_iter()
        .map(|(name, key, remark, outcome)| {
            row(format!("key set: {name}"), move || {
                let set = json!({"keys": [key]});
                let token = signed(&json!({"alg": "RS256", "kid": "k"}), &json!({"iss": "https://id.test"}));
                let found = remarks(&set.to_string());
                let named = if remark.is_empty() { found.is_empty() } else { found.contains(&remark.to_owned()) };
                if !named {
                    return Err(format!("expected the remark {remark:?}, found {found:?}"));
                }
                expect(with_published(&token, &set), outcome)
            })
        })
        .collect();
    let other = |change: Value| with(jwk("p256"), change);
    let sets: Vec<(&str, Value, &str)> = vec![
        ("two keys of one name", json!({"keys": [jwk("rsa"), other(json!({}))]}), "key-set-duplicate-kid"),
        ("the same key twice", json!({"keys": [jwk("rsa"), jwk("rsa")]}), "key-set-duplicate-kid"),
        (
            "a secret beside public keys",
            json!({"keys": [jwk("rsa"), {"kty": "oct", "kid": "s", "k": b64([9_u8; 32])}]}),
            "key-set-mixed",
        ),
        ("a secret published", json!({"keys": [{"kty": "oct", "kid": "s", "k": b64([9_u8; 32])}]}), "key-set-secret-published"),
        ("an empty secret", json!({"keys": [{"kty": "oct", "kid": "s", "k": ""}]}), "key-set-secret-published"),
        ("a point off its curve", json!({"keys": [off]}), "key-unsound"),
        ("a point in another length", json!({"keys": [other(json!({"x": "AAAA"}))]}), "key-members-bad-type"),
        ("an unknown curve", json!({"keys": [jwk("rsa"), other(json!({"kid": "z", "crv": "P-192"}))]}), "key-unknown-kind"),
        ("an unknown kind", json!({"keys": [jwk("rsa"), {"kty": "AKP", "kid": "z", "pub": "AA"}]}), "key-unknown-kind"),
        (
            "Ed25519 of small order",
            json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "z", "x": b64([&[1_u8][..], &[0; 31]].concat())}]}),
            "key-unsound",
        ),
        (
            "Ed25519 of all zeros",
            json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "z", "x": b64([0_u8; 32])}]}),
            "key-unsound",
        ),
        (
            "Ed25519 too short",
            json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "z", "x": b64([5_u8; 31])}]}),
            "key-unsound",
        ),
        ("entries that are no keys", json!({"keys": [jwk("rsa"), "text", 7, null]}), "key-set-not-keys"),
        ("1,000 keys", json!({"keys": vec![json!({"kty": "OKP", "crv": "X448", "x": "AA"}); 1_000]}), "key-set-too-many"),
        ("an EC key on P-384 for ES256", json!({"keys": [with(jwk("p384"), json!({"alg": "ES256"}))]}), "key-alg-mismatch-kind"),
    ];
    rows.extend(sets.into_iter().map(|(name, set, remark)| {
        row(format!("key set: {name}"), move || {
            let found = remarks(&set.to_string());
            if found.iter().any(|id| id == remark) { Ok(()) } else { Err(format!("{remark} is not among {found:?}")) }
        })
    }));
    rows.push(row("key set: a member that stands twice", || {
        let text = format!("{{\"keys\":[{}]}}", jwk("rsa").to_string().replacen("{", "{\"n\":\"AQAB\",", 1));
        expect(remarks(&text).contains(&"key-repeated-member".to_owned()), true)
    }));
    rows.push(row("key set: two lists of keys", || {
        let text = format!("{{\"keys\":[{0}],\"keys\":[{0}]}}", jwk("rsa"));
        expect(KeySet::from_jwks(&text, "x", 1).is_err(), true)
    }));
    rows.push(row("key set: ROCA", || {
        let set = json!({"keys": [with(jwk("rsa"), json!({"n": b64(roca_modulus())}))]});
        let token = signed(&json!({"alg": "RS256", "kid": "k"}), &json!({}));
        expect(remarks(&set.to_string()), vec!["key-roca".to_owned()])?;
        expect(with_published(&token, &set), "unverifiable")
    }));
    rows.push(row("key set: the genuine key has no such fingerprint", || {
        expect(remarks(&json!({"keys": [jwk("rsa")]}).to_string()), Vec::new())
    }));
    for (alg, kind) in
        [("ES256", "p384"), ("ES384", "p256"), ("RS256", "p256"), ("ES256", "rsa"), ("EdDSA", "p256"), ("ES256", "ed")]
    {
        rows.push(row(format!("{alg} with a key of kind {kind}"), move || {
            let found = with_published(&signed(&json!({"alg": alg, "kid": "k"}), &json!({})), &json!({"keys": [jwk(kind)]}));
            if found == "verified" { Err(found.into()) } else { Ok(()) }
        }));
    }
    rows.push(row("ES256 with its own key verifies", || {
        let _ = pairs();
        expect(
            with_published(&signed(&json!({"alg": "ES256", "kid": "k"}), &json!({})), &json!({"keys": [jwk("p256")]})),
            "verified",
        )
    }));
    rows
}

/// A modulus with the fingerprint of CVE-2017-15361: one more than a multiple of all the small primes.
fn roca_modulus() -> Vec<u8> {
    let mut product = vec![1_u8];
    for prime in [
        3_u32, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
        127, 131, 137, 139, 149, 151, 157, 163, 167,
    ] {
        product = times(&product, prime);
    }
    // Grown by even factors to its length, so that 1 more is odd.
    while product.len() < 256 || product[0] < 0x80 {
        product = times(&product, if product.len() < 255 { 254 } else { 2 });
    }
    let last = product.len() - 1;
    product[last] += 1;
    product
}

/// Big endian number times a small one.
fn times(number: &[u8], factor: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(number.len() + 2);
    let mut carry = 0;
    for byte in number.iter().rev() {
        let product = u32::from(*byte) * factor + carry;
        out.push(u8::try_from(product & 0xff).expect("one byte"));
        carry = product >> 8;
    }
    while carry > 0 {
        out.push(u8::try_from(carry & 0xff).expect("one byte"));
        carry >>= 8;
    }
    out.reverse();
    out
}
