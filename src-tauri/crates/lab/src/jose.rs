//! Keys, signed tokens and key sets, as far as the lab needs them.
//!
//! Signing goes straight to the crypto library, because a server with faults must also be able to write tokens a JOSE
//! crate refuses to write. The APIs behind the gateway check tokens with another library (`api.rs`), so a mistake made
//! here does not pass unseen.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_SHA256, UnparsedPublicKey,
};
use aws_lc_rs::{error::Unspecified, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::random;

/// What a key failed at while it was made.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The crypto library made no key.
    #[error("the crypto library made no key")]
    Generate,
    /// The certificate over the key could not be made.
    #[error("no certificate for the key: {0}")]
    Certificate(#[from] rcgen::Error),
}

impl From<Unspecified> for KeyError {
    fn from(_: Unspecified) -> Self {
        KeyError::Generate
    }
}

/// A private key with the id it is published under.
pub(crate) struct Key {
    pub kid: String,
    kind: Kind,
    certificate: Option<Vec<u8>>,
}

enum Kind {
    Rsa(Box<RsaKeyPair>),
    Ec(Box<EcdsaKeyPair>),
    Hmac(Box<hmac::Key>),
}

/// How a key writes its own id.
pub(crate) enum KidStyle {
    /// Keycloak: the hash of the public key.
    Keycloak,
    /// WSO2: the certificate's thumbprint and the algorithm.
    Wso2,
}

impl Key {
    /// An RSA key of 2048 bits with a self-signed certificate, as both servers publish one.
    pub fn rsa(common_name: &str, style: KidStyle) -> Result<Self, KeyError> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048)?;
        let pkcs8: Pkcs8V1Der<'_> = pair.as_der()?;
        let signer = rcgen::KeyPair::try_from(pkcs8.as_ref())?;
        let mut params = rcgen::CertificateParams::default();
        params.distinguished_name.push(rcgen::DnType::CommonName, common_name);
        let certificate = params.self_signed(&signer)?.der().to_vec();
        let kid = match style {
            KidStyle::Keycloak => thumbprint(pair.public_key().as_ref()),
            KidStyle::Wso2 => format!("{}_RS256", thumbprint(&certificate)),
        };
        Ok(Key { kid, kind: Kind::Rsa(Box::new(pair)), certificate: Some(certificate) })
    }

    /// A P-256 key; Keycloak publishes those without a certificate.
    pub fn ec() -> Result<Self, KeyError> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        Ok(Key { kid: thumbprint(pair.public_key().as_ref()), kind: Kind::Ec(Box::new(pair)), certificate: None })
    }

    /// A secret only the provider knows: refresh tokens are nobody else's to verify.
    pub fn hmac() -> Self {
        let secret = random::token(64);
        Key {
            kid: random::uuid(),
            kind: Kind::Hmac(Box::new(hmac::Key::new(hmac::HMAC_SHA512, secret.as_bytes()))),
            certificate: None,
        }
    }

    /// The private half in PEM (PKCS#8), for a client that signs for itself. Only P-256 keys are given away.
    pub fn private_pem(&self) -> Option<String> {
        let Kind::Ec(pair) = &self.kind else { return None };
        let der = pair.to_pkcs8v1().ok()?;
        let body = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> = body.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        Some(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n")))
    }

    pub fn alg(&self) -> &'static str {
        match self.kind {
            Kind::Rsa(_) => "RS256",
            Kind::Ec(_) => "ES256",
            Kind::Hmac(_) => "HS512",
        }
    }

    /// The SHA-256 thumbprint of the certificate in base64url (the `x5t#S256` of RFC 7515 section 4.1.8).
    pub fn certificate_thumbprint(&self) -> Option<String> {
        self.certificate.as_deref().map(thumbprint)
    }

    /// A compact JWS (RFC 7515 section 3.1) with the header members Keycloak writes, in its order.
    pub fn sign(&self, typ: &str, claims: &Map<String, Value>) -> String {
        self.sign_with(&json!({"alg": self.alg(), "typ": typ, "kid": self.kid}), claims)
    }

    /// A compact JWS with a header of the caller's making.
    pub fn sign_with(&self, header: &Value, claims: &Map<String, Value>) -> String {
        let input = unsigned(header, claims);
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(self.signature(input.as_bytes())))
    }

    fn signature(&self, input: &[u8]) -> Vec<u8> {
        // Signing fails only for lack of memory or randomness; a lab that can not sign is of no use to anyone.
        match &self.kind {
            Kind::Rsa(pair) => {
                let mut out = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input, &mut out).expect("an RSA key signs");
                out
            }
            Kind::Ec(pair) => pair.sign(&SystemRandom::new(), input).expect("a P-256 key signs").as_ref().to_vec(),
            Kind::Hmac(key) => hmac::sign(key, input).as_ref().to_vec(),
        }
    }

    /// Whether this key made the signature of `token`. The header must name this key's algorithm.
    pub fn verifies(&self, token: &Parsed) -> bool {
        if token.header.get("alg").and_then(Value::as_str) != Some(self.alg()) {
            return false;
        }
        let (input, signature) = (token.signing_input.as_bytes(), token.signature.as_slice());
        match &self.kind {
            Kind::Rsa(pair) => {
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref()).verify(input, signature).is_ok()
            }
            Kind::Ec(pair) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref()).verify(input, signature).is_ok()
            }
            Kind::Hmac(key) => hmac::verify(key, input, signature).is_ok(),
        }
    }

    /// The public half as a JWK (RFC 7517 section 4, RFC 7518 section 6), or none for a secret key.
    pub fn jwk(&self, usage: &str, alg: &str) -> Option<Value> {
        let mut jwk = match &self.kind {
            Kind::Rsa(pair) => json!({
                "kid": self.kid, "kty": "RSA", "alg": alg, "use": usage,
                "n": URL_SAFE_NO_PAD.encode(pair.public_key().modulus().big_endian_without_leading_zero()),
                "e": URL_SAFE_NO_PAD.encode(pair.public_key().exponent().big_endian_without_leading_zero()),
            }),
            Kind::Ec(pair) => {
                // An uncompressed point: one byte of form, then x and y (SEC 1 section 2.3.3).
                let point = pair.public_key().as_ref();
                json!({
                    "kid": self.kid, "kty": "EC", "alg": alg, "use": usage, "crv": "P-256",
                    "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..65]),
                })
            }
            Kind::Hmac(_) => return None,
        };
        if let Some(der) = &self.certificate {
            jwk["x5c"] = json!([STANDARD.encode(der)]);
            jwk["x5t#S256"] = json!(thumbprint(der));
        }
        Some(jwk)
    }
}

fn thumbprint(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, bytes))
}

/// Header and claims without a signature; with a trailing dot this is a token of `alg` none (RFC 7515 appendix A.5).
pub(crate) fn unsigned(header: &Value, claims: &Map<String, Value>) -> String {
    let claims = Value::Object(claims.clone()).to_string();
    format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims))
}

/// The left half of the hash of an access token (OpenID Connect Core section 3.1.3.6), for RS256 and ES256.
pub(crate) fn at_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, access_token.as_bytes()).as_ref()[..16])
}

/// The S256 transformation of a code verifier (RFC 7636 section 4.2).
pub(crate) fn s256(verifier: &str) -> String {
    thumbprint(verifier.as_bytes())
}

impl Parsed {
    /// Whether a secret made the signature (HS256), as a client does that signs with its own.
    pub fn signed_with(&self, secret: &str) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        self.header.get("alg").and_then(Value::as_str) == Some("HS256")
            && hmac::verify(&key, self.signing_input.as_bytes(), &self.signature).is_ok()
    }
}

/// A token taken apart, nothing about it proven yet.
pub(crate) struct Parsed {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
    signing_input: String,
    signature: Vec<u8>,
}

impl Parsed {
    pub fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim).and_then(Value::as_str)
    }

    pub fn number(&self, claim: &str) -> Option<i64> {
        self.claims.get(claim).and_then(Value::as_i64)
    }

    pub fn kid(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str)
    }

    /// `aud` is one string or an array of them (RFC 7519 section 4.1.3).
    pub fn audience(&self) -> Vec<String> {
        audience(self.claims.get("aud"))
    }
}

/// The values of an `aud` claim, whichever of its two forms it has.
pub(crate) fn audience(claim: Option<&Value>) -> Vec<String> {
    match claim {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Reads a compact JWS; anything else is none.
pub(crate) fn parse(token: &str) -> Option<Parsed> {
    let (signing_input, signature) = token.rsplit_once('.')?;
    let (header, claims) = signing_input.split_once('.')?;
    let object = |part: &str| serde_json::from_slice::<Map<String, Value>>(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    Some(Parsed {
        header: object(header)?,
        claims: object(claims)?,
        signing_input: signing_input.to_owned(),
        signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
    })
}
