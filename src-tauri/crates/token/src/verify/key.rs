//! One public key (or shared secret), read from a JWK (RFC 7517) or from a SubjectPublicKeyInfo.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use serde_json::{Map, Value};

use super::{
    material::{Family, Material, trim},
    nested::first_text,
    recognise::{Recognised, recognise, recognise_octets},
    vet,
};
use crate::{
    inspect::KeyEvidence,
    shown::{made_visible, shown},
};

/// A key with what its owner says it is for.
#[derive(Clone)]
pub struct Key {
    /// `kid`, empty when it has none.
    pub kid: String,
    /// `alg`, when the owner fixed one.
    pub alg: Option<String>,
    /// `use`.
    pub used_for: Option<String>,
    /// `key_ops`.
    pub operations: Option<Vec<String>>,
    /// The numbers.
    pub material: Material,
    /// Where it was read.
    pub source: String,
    /// When, epoch milliseconds.
    pub read_ms: Option<i64>,
    /// The key as the library that checks signatures takes it; none for what that has no algorithm for.
    pub prepared: Option<DecodingKey>,
    /// It is or was a shared secret, also where it was taken out of use.
    pub was_secret: bool,
}

impl Key {
    /// Reads a JWK. Keys of unknown kind and those that prove nothing become unusable ones, so that a token naming them gets a
    /// reason.
    pub fn from_jwk(jwk: &Map<String, Value>, source: &str, read_ms: Option<i64>) -> Self {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str).map(str::to_owned);
        let operations = jwk.get("key_ops").and_then(Value::as_array);
        let material = members(jwk).and_then(|()| material(jwk)).and_then(sound).unwrap_or_else(Material::Unusable);
        Self {
            kid: text("kid").unwrap_or_default(),
            alg: text("alg"),
            used_for: text("use"),
            operations: operations.map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            prepared: material.prepared(),
            was_secret: false,
            material,
            source: source.into(),
            read_ms,
        }
    }

    /// A key of a list that is no JWKS: of Keycloak's admin API (`publicKey`, `certificate`, `algorithm`), or with the certificate alone.
    pub fn from_listed(entry: &Map<String, Value>, source: &str) -> Option<Self> {
        let text = |name: &str| entry.get(name).and_then(first_text);
        let material =
            ["publicKey", "public_key", "certificate", "x5c", "pem", "key"].iter().find_map(|name| {
                match recognise(text(name)?)? {
                    Recognised::Public(found) => found.into_iter().next(),
                    _ => None,
                }
            })?;
        let used = text("use").map(str::to_ascii_lowercase);
        Some(Self {
            kid: text("kid").unwrap_or_default().to_owned(),
            alg: text("algorithm").or_else(|| text("alg")).map(str::to_owned),
            used_for: used,
            ..Self::bare(material, source)
        })
    }

    /// A key nobody said more about.
    pub fn bare(material: Material, source: &str) -> Self {
        let material = sound(material).unwrap_or_else(Material::Unusable);
        let prepared = material.prepared();
        let source = source.into();
        Self {
            kid: String::new(),
            alg: None,
            used_for: None,
            operations: None,
            material,
            source,
            read_ms: None,
            prepared,
            was_secret: false,
        }
    }

    /// Takes the key out of use; the reason is a sentence.
    pub fn refuse(&mut self, reason: impl Into<String>) {
        self.material = Material::Unusable(reason.into());
        self.prepared = None;
    }

    /// What is shown of the key. `alg` is the one its owner fixed, else the one it was used with.
    pub fn evidence(&self, alg: &str) -> KeyEvidence {
        KeyEvidence {
            kid: made_visible(self.kid.clone()),
            alg: made_visible(self.alg.clone().unwrap_or_else(|| alg.into())),
            kind: self.material.words(),
            source: self.source.clone(),
            read_ms: self.read_ms,
            nonce_hashed: false,
        }
    }
}

/// A key that proves nothing by its numbers is none.
fn sound(material: Material) -> Result<Material, String> {
    if let Material::Secret(secret) = &material
        && recognise_octets(secret).is_some()
    {
        return Err(
            "The secret is itself a key or a certificate, and a public key everybody has is no secret (RFC 8725 2.1).".into()
        );
    }
    vet::flaw(&material).map_or(Ok(material), Err)
}

/// Members that say what a key is for must be of their type: what cannot be read cannot permit anything (RFC 7517 4).
pub(super) fn members(jwk: &Map<String, Value>) -> Result<(), String> {
    for name in ["kty", "kid", "alg", "use"] {
        if jwk.get(name).is_some_and(|value| !value.is_string()) {
            return Err(format!("The {name} of the key is no text, so it is not known what the key is for (RFC 7517 4)."));
        }
    }
    let operations = jwk.get("key_ops");
    if operations.is_some_and(|value| value.as_array().is_none_or(|list| !list.iter().all(Value::is_string))) {
        return Err("The key_ops of the key are no list of texts, so it is not known what the key is for (RFC 7517 4.3).".into());
    }
    Ok(())
}

/// Whether a key has a certificate and not the numbers that RFC 7517 4.7 requires beside it.
pub(super) fn certificate_alone(jwk: &Map<String, Value>) -> bool {
    jwk.contains_key("x5c") && !["n", "e", "x", "y", "k"].iter().any(|name| jwk.contains_key(*name))
}

pub(super) fn material(jwk: &Map<String, Value>) -> Result<Material, String> {
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    let bytes = |name: &str| {
        let text = text(name).ok_or_else(|| format!("The key has no {name}."))?;
        // Padding and the letters of the other alphabet name the same number; that they are wrong is remarked.
        let plain = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
        URL_SAFE_NO_PAD.decode(plain).map_err(|_| format!("The {name} of the key is not base64url."))
    };
    if certificate_alone(jwk)
        && let Some(Recognised::Public(found)) = jwk.get("x5c").and_then(first_text).and_then(recognise)
        && let Some(material) = found.into_iter().next()
    {
        let fits = match text("kty") {
            Some("RSA") => material.family() == Some(Family::Rsa),
            Some("EC") => material.family() == Some(Family::Ec),
            Some("OKP") => material.family() == Some(Family::Ed),
            Some(_) => false,
            None => true,
        };
        return if fits {
            Ok(material)
        } else {
            Err("The certificate of the key (x5c) holds a key of another kind than kty says (RFC 7517 4.7).".into())
        };
    }
    match text("kty") {
        Some("RSA") => Ok(Material::Rsa { n: trim(&bytes("n")?), e: trim(&bytes("e")?) }),
        Some("EC") => {
            let (curve, size) = match text("crv") {
                Some("P-256") => ("P-256", 32),
                Some("P-384") => ("P-384", 48),
                Some("P-521") => ("P-521", 66),
                Some("secp256k1") => ("secp256k1", 32),
                other => {
                    return Err(format!("The curve {} is not known here.", other.map_or_else(|| "of the key".into(), shown)));
                }
            };
            let (x, y) = (bytes("x")?, bytes("y")?);
            // RFC 7518 6.2.1.2: the full size of a coordinate, leading zeros included.
            if x.len() != size || y.len() != size {
                return Err(format!("The coordinates of the {curve} key have the wrong length."));
            }
            Ok(Material::Ec { curve, point: [&[4][..], &x, &y].concat() })
        }
        Some("OKP") if text("crv") == Some("Ed25519") => Ok(Material::Ed25519(bytes("x")?)),
        Some("OKP") => {
            Err(format!("Keys on the curve {} can not be used here.", text("crv").map_or_else(|| "of the key".into(), shown)))
        }
        Some("oct") => Ok(Material::Secret(bytes("k")?)),
        Some(other) => Err(format!("Keys of kind {} can not be used here.", shown(other))),
        None => Err("The key does not say its kind (kty).".into()),
    }
}
