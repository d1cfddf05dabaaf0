//! Keys and tokens made for these rows.

use std::sync::OnceLock;

use aws_lc_rs::{
    digest,
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    hmac,
    rand::SystemRandom,
    rsa,
    signature::{
        self, ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
        RsaKeyPair,
    },
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use token::{
    decode::decode,
    inspect::Verification,
    verify::{KeySet, verify},
};

/// Key pairs of every kind, made once.
pub struct Pairs {
    pub rsa: RsaKeyPair,
    pub other_rsa: RsaKeyPair,
    pub p256: EcdsaKeyPair,
    pub p384: EcdsaKeyPair,
    pub ed: Ed25519KeyPair,
    /// PKCS #8 of the RSA key.
    pub rsa_private: Vec<u8>,
    /// PKCS #8 of the key on P-256.
    pub p256_private: Vec<u8>,
}

pub fn pairs() -> &'static Pairs {
    static PAIRS: OnceLock<Pairs> = OnceLock::new();
    PAIRS.get_or_init(|| {
        let rsa = || rsa::KeyPair::generate(rsa::KeySize::Rsa2048).expect("an RSA key");
        let (one, other) = (rsa(), rsa());
        let der = |pair: &rsa::KeyPair| {
            let der: Pkcs8V1Der<'_> = pair.as_der().expect("PKCS #8");
            der.as_ref().to_vec()
        };
        let ec = |alg| EcdsaKeyPair::generate(alg).expect("an EC key");
        let p256 = ec(&ECDSA_P256_SHA256_FIXED_SIGNING);
        let rsa_private = der(&one);
        let p256_private = p256.to_pkcs8v1().expect("PKCS #8").as_ref().to_vec();
        Pairs {
            rsa: RsaKeyPair::from_pkcs8(&rsa_private).expect("the key again"),
            other_rsa: RsaKeyPair::from_pkcs8(&der(&other)).expect("the key again"),
            p256,
            p384: ec(&ECDSA_P384_SHA384_FIXED_SIGNING),
            ed: Ed25519KeyPair::generate().expect("an Ed25519 key"),
            rsa_private,
            p256_private,
        }
    })
}

pub fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn n() -> Vec<u8> {
    pairs().rsa.public_key().modulus().big_endian_without_leading_zero().to_vec()
}

/// Uncompressed point on P-256.
pub fn point() -> Vec<u8> {
    pairs().p256.public_key().as_ref().to_vec()
}

/// SubjectPublicKeyInfo of the public halves.
pub fn spki(kind: &str) -> Vec<u8> {
    let der = |key: Result<PublicKeyX509Der<'static>, _>| key.map(|der: PublicKeyX509Der<'static>| der.as_ref().to_vec());
    let failed = |_: aws_lc_rs::error::Unspecified| "DER";
    match kind {
        "rsa" => der(pairs().rsa.public_key().as_der()),
        "p256" => der(pairs().p256.public_key().as_der()),
        "p384" => der(pairs().p384.public_key().as_der()),
        _ => der(pairs().ed.public_key().as_der()),
    }
    .map_err(failed)
    .expect("SubjectPublicKeyInfo")
}

/// PKCS #1 of the RSA key.
pub fn pkcs1() -> Vec<u8> {
    pairs().rsa.public_key().as_ref().to_vec()
}

pub fn pem(label: &str, der: &[u8], width: usize, end: &str) -> String {
    let base64 = STANDARD.encode(der);
    let lines: Vec<&str> = base64.as_bytes().chunks(width).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    format!("-----BEGIN {label}-----{end}{}{end}-----END {label}-----", lines.join(end))
}

pub fn jwk(kind: &str) -> Value {
    match kind {
        "rsa" => json!({"kty": "RSA", "kid": "k", "n": b64(n()), "e": "AQAB"}),
        "p256" => json!({"kty": "EC", "kid": "k", "crv": "P-256", "x": b64(&point()[1..33]), "y": b64(&point()[33..])}),
        "p384" => {
            let point = pairs().p384.public_key().as_ref().to_vec();
            json!({"kty": "EC", "kid": "k", "crv": "P-384", "x": b64(&point[1..49]), "y": b64(&point[49..])})
        }
        _ => json!({"kty": "OKP", "kid": "k", "crv": "Ed25519", "x": b64(pairs().ed.public_key().as_ref())}),
    }
}

/// What a public key is as an SSH field list.
pub fn ssh(kind: &str) -> Vec<u8> {
    let field = |bytes: &[u8]| [&u32::try_from(bytes.len()).expect("short").to_be_bytes()[..], bytes].concat();
    match kind {
        "rsa" => [field(b"ssh-rsa"), field(&[1, 0, 1]), field(&[&[0][..], &n()].concat())].concat(),
        "p256" => [field(b"ecdsa-sha2-nistp256"), field(b"nistp256"), field(&point())].concat(),
        _ => [field(b"ssh-ed25519"), field(pairs().ed.public_key().as_ref())].concat(),
    }
}

fn input(header: &Value, claims: &str) -> String {
    format!("{}.{}", b64(header.to_string()), b64(claims))
}

/// A token over claims in any spelling, signed with the key its algorithm asks for.
pub fn signed_text(header: &Value, claims: &str) -> String {
    let input = input(header, claims);
    let random = SystemRandom::new();
    let keys = pairs();
    let rsa = |pair: &RsaKeyPair| {
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(&signature::RSA_PKCS1_SHA256, &random, input.as_bytes(), &mut signature).expect("a signature");
        signature
    };
    let signature = match (header["alg"].as_str().unwrap_or_default(), header["kid"].as_str()) {
        ("RS256", Some("other")) => rsa(&keys.other_rsa),
        ("RS256", _) => rsa(&keys.rsa),
        ("ES256", _) => keys.p256.sign(&random, input.as_bytes()).expect("a signature").as_ref().to_vec(),
        ("ES384", _) => keys.p384.sign(&random, input.as_bytes()).expect("a signature").as_ref().to_vec(),
        ("EdDSA", _) => keys.ed.sign(input.as_bytes()).as_ref().to_vec(),
        _ => Vec::new(),
    };
    format!("{input}.{}", b64(signature))
}

pub fn signed(header: &Value, claims: &Value) -> String {
    signed_text(header, &claims.to_string())
}

/// A token with a MAC made with any octets.
pub fn forged(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let input = input(header, &claims.to_string());
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    format!("{input}.{}", b64(hmac::sign(&key, input.as_bytes())))
}

pub fn sha256(text: &str) -> String {
    b64(digest::digest(&digest::SHA256, text.as_bytes()))
}

/// What verifying came to, in a word.
pub fn word(verification: &Verification) -> &'static str {
    match verification {
        Verification::Verified { .. } => "verified",
        Verification::BadSignature { .. } => "bad",
        Verification::Unverifiable { .. } => "unverifiable",
        Verification::Unsecured => "unsecured",
    }
}

/// What a token is with a key that was pasted for it.
pub fn with_pasted(token: &str, key: &str) -> &'static str {
    let decoded = decode(token);
    KeySet::for_token(&decoded, key, "pasted key").map_or("no key", |keys| word(&verify(&decoded, Some(&keys))))
}

/// What a token is with the keys an issuer publishes.
pub fn with_published(token: &str, jwks: &Value) -> &'static str {
    KeySet::from_jwks(&jwks.to_string(), "https://id.test/keys", 1)
        .map_or("no keys", |keys| word(&verify(&decode(token), Some(&keys))))
}
