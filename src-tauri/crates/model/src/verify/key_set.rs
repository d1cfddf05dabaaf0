//! A set of trusted keys: a JWKS read from an issuer, or whatever key the user pasted.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Map, Value};
use x509_parser::{certificate::X509Certificate, prelude::FromDer as _, public_key::RSAPublicKey};

use super::{
    algorithm::{Algorithm, Family},
    key::{Key, Material, spki},
};
use crate::decode::Decoded;

/// Trusted keys of one place. Its `Debug` says how many, never which numbers.
#[derive(Clone)]
pub struct KeySet {
    keys: Vec<Key>,
    source: String,
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeySet({})", self.words())
    }
}

impl KeySet {
    /// Reads a published JWKS (RFC 7517 5). `read_ms` is the moment it was read, epoch milliseconds.
    ///
    /// A shared secret in a published set is no secret, so it is never used. The error is a sentence.
    pub fn from_jwks(json: &str, source: &str, read_ms: i64) -> Result<Self, String> {
        let value: Value = serde_json::from_str(json)
            .map_err(|_| format!("The keys at {source} are no JSON. The address should answer with a JWKS."))?;
        let list = value.get("keys").and_then(Value::as_array);
        let list = list.ok_or_else(|| format!("The answer of {source} has no list keys, so it is no JWKS (RFC 7517 5)."))?;
        let mut set = Self::of(list, source, Some(read_ms));
        for key in &mut set.keys {
            if key.material.family() == Some(Family::Hmac) {
                key.material = Material::Unusable("The key is a shared secret that was published, so it proves nothing.".into());
                key.prepared = None;
            }
        }
        Ok(set)
    }

    /// Reads what a user pasted: a JWKS, one JWK (also `oct`), a PEM public key or certificate.
    ///
    /// Private keys are refused: verifying never needs one. The error is a sentence.
    pub fn from_text(text: &str, source: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.starts_with('{') {
            let value: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
                format!("The text starts like JSON and breaks off in line {}, column {}.", error.line(), error.column())
            })?;
            return match value.get("keys") {
                Some(Value::Array(list)) => Ok(Self::of(list, source, None)),
                _ if value.contains_key("kty") => {
                    Ok(Self { keys: vec![Key::from_jwk(&value, source, None)], source: source.into() })
                }
                _ => Err("The JSON is neither a JWKS (it has no keys) nor a JWK (it has no kty).".into()),
            };
        }
        let keys =
            pem_blocks(text)?.into_iter().map(|(label, der)| pem_key(&label, &der, source)).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err("This is no key. Paste a JWKS, a JWK, or a PEM text that starts with -----BEGIN PUBLIC KEY----- or -----BEGIN CERTIFICATE-----.".into());
        }
        Ok(Self { keys, source: source.into() })
    }

    /// Reads what a user pasted to verify one token: as [`KeySet::from_text`], and for a token signed with a shared secret any
    /// other text is that secret, as it stands and, where it can be read so, out of base64.
    ///
    /// A PEM text or a JSON is never taken as a secret: a public key as secret is how tokens are forged (RFC 8725 2.1).
    pub fn for_token(decoded: &Decoded, text: &str, source: &str) -> Result<Self, String> {
        let trimmed = text.trim();
        let plain = !trimmed.is_empty() && !trimmed.starts_with('{') && !trimmed.contains("-----BEGIN");
        if !plain || !decoded.asks_for_secret() {
            return Self::from_text(text, source);
        }
        let bare = |secret: Vec<u8>, how: &str| Key::bare(Material::Secret(secret), &format!("{source}, {how}"));
        let mut keys = vec![bare(trimmed.as_bytes().to_vec(), "as text")];
        let encoded = trimmed.trim_end_matches('=').replace('+', "-").replace('/', "_");
        keys.extend(URL_SAFE_NO_PAD.decode(encoded).ok().map(|secret| bare(secret, "out of base64")));
        Ok(Self { keys, source: source.into() })
    }

    /// Whether there is no key at all.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Number of keys, unusable ones included.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Where the keys were read.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Number of keys and what they are for, e.g. `2, RS256 and RSA-OAEP`.
    pub fn words(&self) -> String {
        let mut kinds: Vec<String> = Vec::new();
        for key in &self.keys {
            let kind = key.alg.clone().unwrap_or_else(|| key.material.words());
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        match kinds.split_last() {
            None => "none".into(),
            Some((last, [])) => format!("{}, {last}", self.keys.len()),
            Some((last, rest)) => format!("{}, {} and {last}", self.keys.len(), rest.join(", ")),
        }
    }

    /// Whether a key of that name is in the set.
    pub fn has_kid(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid == kid)
    }

    /// Keys worth trying: those of that name, or, when the token or the key has no name, those whose kind fits.
    pub(super) fn candidates(&self, kid: Option<&str>, algorithm: Algorithm) -> Vec<&Key> {
        let named: Vec<&Key> = self.keys.iter().filter(|key| kid.is_some_and(|kid| key.kid == kid && !kid.is_empty())).collect();
        if !named.is_empty() {
            return named;
        }
        let nameless = |key: &&Key| kid.is_none_or(str::is_empty) || key.kid.is_empty();
        // A single pasted key without a name is what the user wants to try, so its misfit is worth telling.
        if let [only] = self.keys.as_slice()
            && only.kid.is_empty()
        {
            return vec![only];
        }
        self.keys.iter().filter(nameless).filter(|key| key.suits(algorithm)).collect()
    }

    fn of(list: &[Value], source: &str, read_ms: Option<i64>) -> Self {
        let keys = list.iter().filter_map(Value::as_object).map(|jwk| Key::from_jwk(jwk, source, read_ms)).collect();
        Self { keys, source: source.into() }
    }
}

fn pem_key(label: &str, der: &[u8], source: &str) -> Result<Key, String> {
    match label {
        "PUBLIC KEY" => Key::from_spki(der, source),
        "RSA PUBLIC KEY" => {
            let (_, rsa) = RSAPublicKey::from_der(der)
                .map_err(|_| "The text says it is an RSA public key, but its content can not be read.")?;
            let trim = |number: &[u8]| number.iter().copied().skip_while(|byte| *byte == 0).collect();
            Ok(Key::bare(Material::Rsa { n: trim(rsa.modulus), e: trim(rsa.exponent) }, source))
        }
        "CERTIFICATE" => {
            let (_, certificate) = X509Certificate::from_der(der)
                .map_err(|_| "The text says it is a certificate, but its content can not be read.")?;
            Ok(Key::bare(spki(certificate.public_key())?, source))
        }
        other if other.contains("PRIVATE") => {
            Err("This is a private key. Verifying needs the public one; do not paste private keys anywhere.".into())
        }
        other => Err(format!("A PEM block of kind {other} is no key that verifies. Paste a PUBLIC KEY or a CERTIFICATE.")),
    }
}

/// Cuts PEM text (RFC 7468) into labels and contents.
pub(crate) fn pem_blocks(text: &str) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let broken = "The PEM text breaks off. Copy everything from -----BEGIN to the end of the -----END line.";
        let (label, body) = after.split_once("-----").ok_or(broken)?;
        let (body, next) = body.split_once("-----END ").ok_or(broken)?;
        // Escaped line breaks come along when a PEM is copied out of JSON.
        let base64: String = body.replace("\\n", "").chars().filter(|letter| !letter.is_whitespace()).collect();
        let der = STANDARD.decode(base64).map_err(|_| "The PEM text holds characters that are no base64.")?;
        blocks.push((label.to_owned(), der));
        rest = next;
    }
    Ok(blocks)
}
