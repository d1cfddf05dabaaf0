//! A set of trusted keys: a JWKS read from an issuer, or whatever key the user pasted.

use std::collections::HashSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};

use super::{
    algorithm::Algorithm,
    key::Key,
    material::{Family, Material},
    remarks,
};
use crate::{
    decode::{
        json::{self, Oddity},
        warning_finding as warning,
    },
    finding::Finding,
    shown::shown,
};

/// More keys of one set are not read: every key without a name is tried.
pub const MAX_KEYS: usize = 200;

pub(super) const TWICE: &str = "A member of the JSON stands twice, so two readers see two keys; none is used.";

/// Trusted keys of one place. Its `Debug` says how many, never which numbers.
#[derive(Clone)]
pub struct KeySet {
    pub(super) keys: Vec<Key>,
    pub(super) source: String,
    pub(super) remarks: Vec<Finding>,
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeySet({})", self.words())
    }
}

impl KeySet {
    /// Reads a published JWKS (RFC 7517 5). `read_ms` is the moment it was read, epoch milliseconds.
    ///
    /// A shared secret in a published set is no secret, and a private key in it is no longer private, so neither is used. The
    /// error is a sentence.
    pub fn from_jwks(text: &str, source: &str, read_ms: i64) -> Result<Self, String> {
        let (value, odd) = json::read(text.as_bytes())
            .map_err(|_| format!("The keys at {source} are no JSON. The address should answer with a JWKS."))?;
        let list = value.get("keys").and_then(Value::as_array);
        let list = list.ok_or_else(|| format!("The answer of {source} has no list keys, so it is no JWKS (RFC 7517 5)."))?;
        if odd.contains(&Oddity::Duplicate("keys".into())) {
            return Err(format!("The answer of {source} has two lists of keys, so two readers see two sets; none is used."));
        }
        Ok(Self::of(list, &odd, source, Some(read_ms)))
    }

    /// A shared secret that is one of the published numbers of a key of `other` is no secret: it is taken out of use.
    pub fn unlike(&mut self, other: &Self) {
        self.distrust(&other.keys);
    }

    pub(super) fn distrust(&mut self, published: &[Key]) {
        if !self.keys.iter().any(|key| matches!(key.material, Material::Secret(_))) {
            return;
        }
        let known: HashSet<Vec<u8>> = published.iter().flat_map(|key| remarks::spellings(&key.material)).collect();
        for key in &mut self.keys {
            if matches!(&key.material, Material::Secret(secret) if known.contains(secret)) {
                key.refuse(
                    "The secret is a number of a public key that everybody can read, so it proves nothing (RFC 8725 2.1).",
                );
            }
        }
    }

    /// What is remarkable about the keys as a set, whatever token is verified with them.
    pub fn remarks(&self) -> &[Finding] {
        &self.remarks
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
        self.keys.iter().filter(nameless).filter(|key| algorithm.suits(key)).collect()
    }

    /// `read_ms` says that the set was published, and when it was read.
    pub(super) fn of(list: &[Value], odd: &[Oddity], source: &str, read_ms: Option<i64>) -> Self {
        let published = read_ms.is_some();
        let all: Vec<(usize, &Map<String, Value>)> =
            list.iter().take(MAX_KEYS).enumerate().filter_map(|(at, jwk)| Some((at, jwk.as_object()?))).collect();
        let jwks: Vec<&Map<String, Value>> = all.iter().map(|(_, jwk)| *jwk).collect();
        let mut keys: Vec<Key> = jwks.iter().map(|jwk| Key::from_jwk(jwk, source, read_ms)).collect();
        for (jwk, key) in jwks.iter().zip(&mut keys) {
            key.was_secret = jwk.get("kty").and_then(Value::as_str) == Some("oct");
        }
        let mut found = remarks::remarks(&jwks, &keys, published);
        let repeated: HashSet<usize> = odd
            .iter()
            .filter_map(|one| match one {
                Oddity::Duplicate(path) => path.strip_prefix("keys[")?.split_once(']')?.0.parse().ok(),
                _ => None,
            })
            .collect();
        let mut twice = Vec::new();
        for ((at, jwk), key) in all.iter().zip(&mut keys) {
            if repeated.contains(at) {
                twice.push(shown(&key.kid));
                key.refuse("A member of the key stands twice, so two readers see two keys (RFC 7517 4).");
            } else if published && key.material.family() == Some(Family::Hmac) {
                key.refuse("The key is a shared secret that was published, so it proves nothing.");
            } else if published && remarks::is_private(jwk) {
                key.refuse(
                    "The private half of the key is published beside it, so anybody could have signed; it proves nothing.",
                );
            }
        }
        if !twice.is_empty() {
            let detail = format!(
                "A member stands twice in the key {}, so two readers see two keys; it is not used.",
                crate::words::few(&twice)
            );
            found.push(crate::decode::error_finding("key-repeated-member", "Member stands twice", &detail, Some("RFC 7517 4")));
        }
        if list.len() > MAX_KEYS {
            let detail = format!("The set has {} keys; the first {MAX_KEYS} are read.", list.len());
            found.push(warning("key-set-too-many", "Too many keys", &detail, Some("RFC 7517 5")));
        }
        if jwks.len() < list.len().min(MAX_KEYS) {
            let detail = "The list of keys holds something that is no JSON object; it is left out.";
            found.push(warning("key-set-not-keys", "Not all are keys", detail, Some("RFC 7517 5")));
        }
        let public = keys.clone();
        let mut set = Self { keys, source: source.into(), remarks: found };
        set.distrust(&public);
        set
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
