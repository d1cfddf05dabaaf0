//! Client assertions: a client that proves itself with a JWT it signs (RFC 7523 2.2, OpenID Connect Core 9).
//!
//! The private key, or the secret, comes from the secret store and leaves it only to sign. An assertion is good once and for a
//! minute, names one audience, and is made anew for every request.

use aws_lc_rs::{
    hmac,
    rand::SystemRandom,
    rsa::{KeyPair as RsaKeyPair, KeyPairComponents, PublicKeyComponents},
    signature::{self, EcdsaKeyPair, Ed25519KeyPair, RsaEncoding},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth::profile::{Client, ClientAuth};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject as _};
use serde_json::{Map, Value, json};
use token::secret::Secret;

use crate::world::World;

/// How long an assertion is good, seconds.
const LIFETIME_S: i64 = 60;

/// A key that signs, with the id it is published under when it says one.
struct SigningKey {
    kid: Option<String>,
    kind: Kind,
}

enum Kind {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>, &'static str),
    Ed25519(Box<Ed25519KeyPair>),
    Secret(Box<hmac::Key>),
}

/// A new assertion of a client (RFC 7523 2.2), with a `jti` and times of its own. The error is a sentence.
pub(crate) fn fresh(world: &World, client: &Client, material: &Secret, audience: &str) -> Result<Secret, String> {
    sign(client, material, audience, &world.token(16), world.now_s())
}

/// Makes the assertion of a client for a server. `material` is its secret (`client_secret_jwt`) or its private key as PEM or
/// JWK (`private_key_jwt`); `jti` must never have been used before.
///
/// # Errors
/// A sentence saying what is wrong with the key and what to do.
pub fn sign(client: &Client, material: &Secret, audience: &str, jti: &str, now_s: i64) -> Result<Secret, String> {
    let key = read(client, material)?;
    let alg = algorithm(client, &key.kind)?;
    let mut header = json!({"alg": alg, "typ": "JWT"});
    let kid = Some(client.key_id.trim()).filter(|kid| !kid.is_empty()).map(str::to_owned).or(key.kid);
    if let Some(kid) = kid {
        header["kid"] = json!(kid);
    }
    let claims = json!({
        "iss": client.client_id, "sub": client.client_id, "aud": audience, "jti": jti,
        "iat": now_s, "nbf": now_s, "exp": now_s + LIFETIME_S,
    });
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = signature(&key.kind, alg, input.as_bytes())
        .ok_or_else(|| format!("The key of {} could not sign. Replace it in Profiles, under clients.", client.client_id))?;
    Ok(Secret::new(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))))
}

/// Whether a text can be the private key of a client.
///
/// # Errors
/// A sentence saying what is wrong with it and what to do.
pub fn check_key(client: &Client, material: &Secret) -> Result<(), String> {
    let signs = Client { auth: ClientAuth::PrivateKeyJwt, ..client.clone() };
    read(&signs, material).map(drop)
}

/// The algorithm the profile names, when it fits the key; else the usual one of the key.
fn algorithm(client: &Client, kind: &Kind) -> Result<&'static str, String> {
    let fitting: &[&str] = match kind {
        Kind::Rsa(_) => &["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
        Kind::Ec(_, alg) => std::slice::from_ref(alg),
        Kind::Ed25519(_) => &["EdDSA"],
        Kind::Secret(_) => &["HS256"],
    };
    let wanted = client.signing_alg.trim();
    match (fitting.first(), fitting.iter().find(|alg| **alg == wanted)) {
        (Some(usual), _) if wanted.is_empty() => Ok(usual),
        (_, Some(alg)) => Ok(alg),
        _ => Err(format!(
            "{} is to sign with {wanted}, but its key signs with {}. Change the algorithm or the key in Profiles, under clients.",
            client.client_id,
            token::words::list(&fitting.iter().map(|alg| (*alg).to_owned()).collect::<Vec<_>>())
        )),
    }
}

fn signature(kind: &Kind, alg: &str, input: &[u8]) -> Option<Vec<u8>> {
    let random = SystemRandom::new();
    match kind {
        Kind::Rsa(pair) => {
            let encoding: &'static dyn RsaEncoding = match alg {
                "RS384" => &signature::RSA_PKCS1_SHA384,
                "RS512" => &signature::RSA_PKCS1_SHA512,
                "PS256" => &signature::RSA_PSS_SHA256,
                "PS384" => &signature::RSA_PSS_SHA384,
                "PS512" => &signature::RSA_PSS_SHA512,
                _ => &signature::RSA_PKCS1_SHA256,
            };
            let mut out = vec![0; pair.public_modulus_len()];
            pair.sign(encoding, &random, input, &mut out).ok()?;
            Some(out)
        }
        Kind::Ec(pair, _) => Some(pair.sign(&random, input).ok()?.as_ref().to_vec()),
        Kind::Ed25519(pair) => Some(pair.sign(input).as_ref().to_vec()),
        Kind::Secret(key) => Some(hmac::sign(key, input).as_ref().to_vec()),
    }
}

/// Reads what the secret store holds for the client.
fn read(client: &Client, material: &Secret) -> Result<SigningKey, String> {
    if client.auth == ClientAuth::ClientSecretJwt {
        // The bytes of the secret as they are (OpenID Connect Core 10.1).
        let key = hmac::Key::new(hmac::HMAC_SHA256, material.expose().as_bytes());
        return Ok(SigningKey { kid: None, kind: Kind::Secret(Box::new(key)) });
    }
    let text = material.expose().trim();
    let found = if text.starts_with('{') { from_jwk(text) } else { from_pem(text) };
    found.map_err(|why| {
        format!(
            "The private key of {} can not be used: {why}. Enter it as PEM or JWK in Profiles, under clients.",
            client.client_id
        )
    })
}

/// PKCS#8, PKCS#1 or SEC 1 in PEM (RFC 7468).
fn from_pem(text: &str) -> Result<SigningKey, String> {
    if text.contains("ENCRYPTED") {
        return Err("it is encrypted with a passphrase; decrypt it first, e.g. with openssl pkey".into());
    }
    let der =
        PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| "it is neither a PEM private key nor a JWK".to_owned())?;
    let kind = match &der {
        PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()).ok().map(|pair| Kind::Rsa(Box::new(pair))),
        PrivateKeyDer::Sec1(key) => ec(|alg| EcdsaKeyPair::from_private_key_der(alg, key.secret_sec1_der()).ok()),
        PrivateKeyDer::Pkcs8(key) => {
            let der = key.secret_pkcs8_der();
            RsaKeyPair::from_pkcs8(der)
                .ok()
                .map(|pair| Kind::Rsa(Box::new(pair)))
                .or_else(|| ec(|alg| EcdsaKeyPair::from_pkcs8(alg, der).ok()))
                .or_else(|| Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).ok().map(|pair| Kind::Ed25519(Box::new(pair))))
        }
        _ => None,
    };
    kind.map(|kind| SigningKey { kid: None, kind }).ok_or_else(|| "it is no RSA, P-256, P-384, P-521 or Ed25519 key".into())
}

/// The curve is tried, since the reader of a key wants to be told it.
fn ec(read: impl Fn(&'static signature::EcdsaSigningAlgorithm) -> Option<EcdsaKeyPair>) -> Option<Kind> {
    [
        (&signature::ECDSA_P256_SHA256_FIXED_SIGNING, "ES256"),
        (&signature::ECDSA_P384_SHA384_FIXED_SIGNING, "ES384"),
        (&signature::ECDSA_P521_SHA512_FIXED_SIGNING, "ES512"),
    ]
    .into_iter()
    .find_map(|(curve, alg)| Some(Kind::Ec(Box::new(read(curve)?), alg)))
}

/// A private JWK (RFC 7517, RFC 7518 6, RFC 8037 2); of a JWK Set its first private key.
fn from_jwk(text: &str) -> Result<SigningKey, String> {
    let json: Value = serde_json::from_str(text).map_err(|error| format!("it is not valid JSON ({error})"))?;
    let keys = json.get("keys").and_then(Value::as_array);
    let jwk = match keys {
        Some(keys) => keys.iter().find(|key| key.get("d").is_some()).and_then(Value::as_object),
        None => json.as_object(),
    };
    let Some(jwk) = jwk.filter(|jwk| jwk.contains_key("d")) else {
        return Err("it is a public key; the private one has the member d".into());
    };
    let text = |name: &str| jwk.get(name).and_then(Value::as_str).unwrap_or_default();
    let kid = Some(text("kid")).filter(|kid| !kid.is_empty()).map(str::to_owned);
    let kind = match (text("kty"), text("crv")) {
        ("RSA", _) => rsa(jwk),
        ("EC", curve @ ("P-256" | "P-384" | "P-521")) => {
            // An uncompressed point: one byte of form, then x and y (SEC 1 2.3.3).
            let point = [vec![4], bytes(jwk, "x")?, bytes(jwk, "y")?].concat();
            let private = bytes(jwk, "d")?;
            let wanted = match curve {
                "P-256" => "ES256",
                "P-384" => "ES384",
                _ => "ES512",
            };
            ec(|alg| EcdsaKeyPair::from_private_key_and_public_key(alg, &private, &point).ok())
                .filter(|kind| matches!(kind, Kind::Ec(_, alg) if *alg == wanted))
        }
        ("OKP", "Ed25519") => Ed25519KeyPair::from_seed_and_public_key(&bytes(jwk, "d")?, &bytes(jwk, "x")?)
            .ok()
            .map(|pair| Kind::Ed25519(Box::new(pair))),
        (kty, crv) => return Err(format!("kty {kty} {crv} can not sign an assertion here")),
    };
    kind.map(|kind| SigningKey { kid, kind }).ok_or_else(|| "its members do not belong together".into())
}

fn rsa(jwk: &Map<String, Value>) -> Option<Kind> {
    let part = |name: &str| bytes(jwk, name).ok();
    let pair = RsaKeyPair::from_components(&KeyPairComponents {
        public_key: PublicKeyComponents { n: part("n")?, e: part("e")? },
        d: part("d")?,
        p: part("p")?,
        q: part("q")?,
        dP: part("dp")?,
        dQ: part("dq")?,
        qInv: part("qi")?,
    });
    pair.ok().map(|pair| Kind::Rsa(Box::new(pair)))
}

fn bytes(jwk: &Map<String, Value>, name: &str) -> Result<Vec<u8>, String> {
    let text = jwk.get(name).and_then(Value::as_str).ok_or_else(|| format!("the member {name} is missing"))?;
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).map_err(|_| format!("the member {name} is not base64url"))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        encoding::{AsBigEndian as _, AsDer as _, Pkcs8V1Der},
        signature::KeyPair as _,
    };
    use base64::engine::general_purpose::STANDARD;
    use token::verify::{self, KeySet};

    use super::*;

    fn client(auth: ClientAuth) -> Client {
        Client { client_id: "portal".into(), auth, ..Client::default() }
    }

    fn pem(kind: &str, der: &[u8]) -> Secret {
        let body =
            STANDARD.encode(der).as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect::<Vec<_>>();
        Secret::new(format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", body.join("\n")))
    }

    /// Signs, and lets the product's own verifier judge the result by the public key alone.
    fn holds(client: &Client, material: &Secret, public: &Value) {
        let keys = KeySet::from_jwks(&json!({"keys": [public]}).to_string(), "test", 0).expect("a key set");
        let token = sign(client, material, "https://id.example.org", "j-1", 1_000).expect("signs");
        let decoded = token::decode::decode(token.expose());
        let verdict = verify::verify(&decoded, Some(&keys));
        assert!(matches!(verdict, token::inspect::Verification::Verified { .. }), "{verdict:?}");
    }

    #[test]
    fn every_kind_of_key_signs_what_its_public_half_verifies() {
        let rsa = RsaKeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa2048).expect("a key");
        let modulus = rsa.public_key().modulus().big_endian_without_leading_zero().to_vec();
        let public = json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode(modulus), "e": "AQAB"});
        let der: Pkcs8V1Der<'_> = rsa.as_der().expect("DER");
        let own = client(ClientAuth::PrivateKeyJwt);
        holds(&own, &pem("PRIVATE KEY", der.as_ref()), &public);
        holds(&Client { signing_alg: "PS256".into(), ..own.clone() }, &pem("PRIVATE KEY", der.as_ref()), &public);

        let ec = EcdsaKeyPair::generate(&signature::ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        let point = ec.public_key().as_ref();
        let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..65]));
        let public = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y});
        let der = ec.to_pkcs8v1().expect("DER");
        holds(&own, &pem("PRIVATE KEY", der.as_ref()), &public);
        let d: aws_lc_rs::encoding::EcPrivateKeyBin<'_> = ec.private_key().as_be_bytes().expect("a number");
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "d": URL_SAFE_NO_PAD.encode(d.as_ref()), "kid": "own"});
        let token = sign(&own, &Secret::new(jwk.to_string()), "a", "j", 0).expect("signs");
        let header = token.expose().split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok()).expect("a header");
        assert_eq!(String::from_utf8_lossy(&header), r#"{"alg":"ES256","typ":"JWT","kid":"own"}"#);

        let secret = Secret::new("a secret of at least thirty-two bytes");
        let token = sign(&client(ClientAuth::ClientSecretJwt), &secret, "a", "j", 0).expect("signs");
        let (input, signature) = token.expose().rsplit_once('.').expect("a JWT");
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        let signature = URL_SAFE_NO_PAD.decode(signature).expect("base64url");
        assert!(hmac::verify(&key, input.as_bytes(), &signature).is_ok());
    }

    #[test]
    fn the_private_key_of_rfc_8037_signs() {
        // RFC 8037 appendix A.1.
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        let mut public = jwk.clone();
        public.as_object_mut().expect("an object").shift_remove("d");
        holds(&client(ClientAuth::PrivateKeyJwt), &Secret::new(jwk.to_string()), &public);
    }

    #[test]
    fn a_key_that_can_not_be_used_says_why() {
        let own = client(ClientAuth::PrivateKeyJwt);
        let rows = [
            ("hello", "neither a PEM private key nor a JWK"),
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "passphrase"),
            (r#"{"kty":"RSA","n":"AQ","e":"AQAB"}"#, "public key"),
            (r#"{"kty":"EC","crv":"P-256","d":"AQ"}"#, "x is missing"),
            (r#"{"kty":"oct","d":"x"}"#, "can not sign"),
            ("{", "not valid JSON"),
        ];
        for (text, words) in rows {
            let why = sign(&own, &Secret::new(text), "a", "j", 0).expect_err("no key");
            assert!(why.contains(words) && why.ends_with("under clients."), "{why}");
        }
        let wrong = Client { signing_alg: "RS256".into(), ..client(ClientAuth::ClientSecretJwt) };
        assert!(sign(&wrong, &Secret::new("s"), "a", "j", 0).expect_err("no fit").contains("HS256"));
    }
}
