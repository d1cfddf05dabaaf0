//! A nonce in the header: the signature covers its hash.

use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};

use super::*;

struct Issuer(EcdsaKeyPair);

impl Issuer {
    fn new() -> Self {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).expect("a key");
        Self(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref()).expect("a key pair"))
    }

    fn keys(&self) -> KeySet {
        let public = self.0.public_key().as_ref();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let key = json!({"kty": "EC", "crv": "P-256", "kid": "k", "x": part(&public[1..33]), "y": part(&public[33..])});
        KeySet::from_text(&json!({"keys": [key]}).to_string(), "https://login.example/keys").expect("keys")
    }

    /// A token with one header, signed with another.
    fn token(&self, header: &str, signed: &str) -> String {
        let payload = URL_SAFE_NO_PAD.encode(json!({"aud": "00000003-0000-0000-c000-000000000000", "sub": "a"}).to_string());
        let input = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(signed));
        let signature = self.0.sign(&SystemRandom::new(), input.as_bytes()).expect("signs");
        format!("{}.{payload}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(signature))
    }
}

fn hash(nonce: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, nonce.as_bytes()))
}

#[test]
fn a_nonce_in_the_header_is_verified_by_its_hash_and_said_to_be() {
    let issuer = Issuer::new();
    let keys = issuer.keys();
    let header = |nonce: &str| format!(r#"{{"typ":"JWT","nonce":"{nonce}","alg":"ES256","kid":"k"}}"#);
    let spaced = |nonce: &str| format!(r#"{{ "alg": "ES256", "kid": "k",  "nonce" : "{nonce}" }}"#);
    let twin = |nonce: &str| format!(r#"{{"alg":"ES256","kid":"k","x":"n-1","nonce":"{nonce}"}}"#);
    let hashed = |text: &str| hash(text);
    let rows = [
        ("as Entra signs", header("n-1"), header(&hashed("n-1")), "verified", true),
        ("blanks and order stay", spaced("n-1"), spaced(&hashed("n-1")), "verified", true),
        ("only the nonce is replaced", twin("n-1"), twin(&hashed("n-1")), "verified", true),
        ("signed as it stands", header("n-1"), header("n-1"), "verified", false),
        ("the hash of another", header("n-1"), header(&hashed("n-2")), "bad", false),
        ("hashed twice", header("n-1"), header(&hash(&hash("n-1"))), "bad", false),
        ("an empty nonce", header(""), header(&hashed("")), "bad", false),
        ("no nonce", r#"{"alg":"ES256","kid":"k"}"#.into(), header(&hashed("n-1")), "bad", false),
    ];
    for (name, shown, signed, expected, warned) in rows {
        let decoded = decode(&issuer.token(&shown, &signed));
        let verification = verify(&decoded, Some(&keys));
        assert_eq!(state(&verification), expected, "{name}: {verification:?}");
        let found = inspect::findings(decoded.header.as_ref(), decoded.claims.as_ref(), &verification, 0);
        assert_eq!(found.iter().any(|finding| finding.id == "nonce-in-header"), warned, "{name}");
        let stranger = verify(&decoded, Some(&Issuer::new().keys()));
        assert_eq!(state(&stranger), "bad", "{name}");
    }
}
