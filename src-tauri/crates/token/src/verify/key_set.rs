//! A set of trusted keys: a JWKS read from an issuer, or whatever key the user pasted.

use std::collections::HashSet;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Map, Value};

use super::{
    algorithm::{Algorithm, Family},
    key::{Key, Material},
    loosely,
    recognise::{Recognised, Repaired, first_text, jwks, read_json, recognise},
    remarks,
};
use crate::{
    decode::{
        Decoded,
        json::{self, Oddity},
        warning_finding as warning,
    },
    finding::Finding,
    shown::shown,
};

/// More keys of one set are not read: every key without a name is tried.
pub const MAX_KEYS: usize = 200;

const NO_KEY: &str = "This is no key. Paste a JWKS, a JWK, or a PEM text that starts with -----BEGIN PUBLIC KEY----- or -----BEGIN CERTIFICATE-----.";
const TWICE: &str = "A member of the JSON stands twice, so two readers see two keys; none is used.";
/// Names of members that say nothing of the key.
const GENERAL: [&str; 10] =
    ["public_key", "publicKey", "certificate", "cert", "key", "pem", "x5c", "realm-public-key", "verification_key", "value"];
const PRIVATE: &str = "This is a private key. Verifying needs the public one; do not paste private keys anywhere.";

/// Trusted keys of one place. Its `Debug` says how many, never which numbers.
#[derive(Clone)]
pub struct KeySet {
    keys: Vec<Key>,
    source: String,
    remarks: Vec<Finding>,
}

impl std::fmt::Debug for KeySet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeySet({})", self.words())
    }
}

/// What is said of a shared secret that has fewer bytes than the hash it is used with (RFC 7518 3.2).
fn short_secret(decoded: &Decoded, secret: &str) -> Option<Finding> {
    let alg = decoded.header.as_ref()?.get("alg")?.as_str()?;
    let least = match alg {
        "HS256" => 32,
        "HS384" => 48,
        "HS512" => 64,
        _ => return None,
    };
    let detail = format!(
        "The secret has {} bytes, and {alg} needs at least {least}: a shorter one can be guessed by whoever has one token.",
        secret.len()
    );
    (secret.len() < least).then(|| Finding::warning("key-short-secret", "Short secret", &detail, Some("RFC 7518 3.2")))
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

    /// Reads what a user pasted: a JWKS, one JWK (also `oct`), a public key or certificate in PEM, or as it is written elsewhere
    /// (base64 or hex of DER, a line for SSH).
    ///
    /// Private keys are refused where nothing but a private key can be meant. The error is a sentence.
    pub fn from_text(text: &str, source: &str) -> Result<Self, String> {
        let plain = loosely::plain(text);
        let trimmed = bare(&plain);
        // A text in quotes that is JSON was a string in JSON.
        if trimmed.starts_with('"')
            && let Ok(Value::String(inner)) = serde_json::from_str(trimmed)
            && bare(&inner).starts_with(['{', '['])
        {
            return Self::from_text(&inner, source);
        }
        if trimmed.starts_with(['{', '[']) {
            let Some((value, odd, repaired)) = read_json(trimmed) else {
                let error = serde_json::from_str::<Value>(trimmed).err();
                let (line, column) = error.map_or((1, 1), |error| (error.line(), error.column()));
                return Err(format!("The text starts like JSON and breaks off in line {line}, column {column}."));
            };
            if let Some(mut set) = Self::of_value(&value, &odd, source)? {
                let remark = match repaired {
                    Repaired::No => None,
                    Repaired::Comma => Some((
                        "key-set-comma",
                        "Comma too many",
                        "The JSON has a comma that nothing follows. It was read without it; strict parsers refuse the text.",
                    )),
                    Repaired::Notation => Some((
                        "key-set-notation",
                        "No JSON by the letter",
                        "The text has comments, quotes or words around the keys that JSON does not know. It was read as it is meant; strict parsers refuse it.",
                    )),
                };
                set.remarks.extend(remark.map(|(id, title, detail)| warning(id, title, detail, Some("RFC 8259 2"))));
                if set.is_empty() {
                    return Err(loosely::mistaken(trimmed).unwrap_or(NO_KEY).into());
                }
                return Ok(set);
            }
        }
        match recognise(trimmed) {
            Some(Recognised::Public(found)) => Ok(Self {
                keys: found.into_iter().map(|material| Key::bare(material, source)).collect(),
                source: source.into(),
                remarks: Vec::new(),
            }),
            Some(Recognised::Json(object)) => Ok(Self::of_json(&object, &[], source)),
            Some(Recognised::Private(_)) => Err(PRIVATE.into()),
            Some(Recognised::Other(reason)) => Err(reason),
            None => Err(match loosely::mistaken(trimmed) {
                Some(what) => what.into(),
                None if trimmed.starts_with('{') => {
                    "The JSON is neither a JWKS (it has no keys) nor a JWK (it has no kty).".into()
                }
                None => NO_KEY.into(),
            }),
        }
    }

    /// Reads what a user pasted to verify one token: as [`KeySet::from_text`], and for a token signed with a shared secret any
    /// other text is that secret, as it stands and, where it can be read so, out of base64.
    ///
    /// A text that is a key, public or private, in whatever spelling, is never taken as a secret: a public key as secret is how
    /// tokens are forged (RFC 8725 2.1).
    pub fn for_token(decoded: &Decoded, text: &str, source: &str) -> Result<Self, String> {
        let trimmed = bare(text);
        let json = trimmed.starts_with('{')
            || (trimmed.starts_with('[') && read_json(trimmed).is_some_and(|(value, ..)| !value.is_null()));
        let plain = !trimmed.is_empty() && !json && recognise(trimmed).is_none();
        if !plain || !decoded.asks_for_secret() {
            return Self::from_text(text, source);
        }
        let bare = |secret: Vec<u8>, how: &str| Key::bare(Material::Secret(secret), &format!("{source}, {how}"));
        let mut keys = vec![bare(trimmed.as_bytes().to_vec(), "as text")];
        let encoded = trimmed.trim_end_matches('=').replace('+', "-").replace('/', "_");
        keys.extend(URL_SAFE_NO_PAD.decode(encoded).ok().map(|secret| bare(secret, "out of base64")));
        let mut set = Self { keys, source: source.into(), remarks: short_secret(decoded, trimmed).into_iter().collect() };
        // The key a token carries in its own header is known to whoever made the token.
        for header in (0..=decoded.others.len()).filter_map(|at| decoded.header_of(at)) {
            if let Some(jwk) = header.get("jwk").and_then(Value::as_object) {
                set.distrust(&[Key::from_jwk(jwk, source, None)]);
            }
        }
        Ok(set)
    }

    /// A shared secret that is one of the published numbers of a key of `other` is no secret: it is taken out of use.
    pub fn unlike(&mut self, other: &Self) {
        self.distrust(&other.keys);
    }

    fn distrust(&mut self, published: &[Key]) {
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
        self.keys.iter().filter(nameless).filter(|key| key.suits(algorithm)).collect()
    }

    /// Keys of pasted JSON in whatever shape: a JWK, a set, sets in a list, a map of names to PEM or base64 as Google publishes
    /// it, a list as Keycloak's admin API gives it. None where there are none.
    fn of_value(value: &Value, odd: &[Oddity], source: &str) -> Result<Option<Self>, String> {
        let direct = value.get("keys").is_some_and(Value::is_array) || value.get("kty").is_some();
        let twice = odd.iter().any(|one| matches!(one, Oddity::Duplicate(_)));
        if let Some(object) = jwks(value, 4) {
            let list = object.get("keys").and_then(Value::as_array);
            if let Some(list) = list.filter(|list| !list.is_empty() && list.iter().all(|one| one.get("kty").is_none())) {
                let keys: Vec<Key> =
                    list.iter().take(MAX_KEYS).filter_map(|one| Key::from_listed(one.as_object()?, source)).collect();
                if !keys.is_empty() {
                    return Self::of_keys(keys, twice, source).map(Some);
                }
            }
            if !direct && twice {
                return Err(TWICE.into());
            }
            let odd = if direct { odd } else { &[] };
            return Ok(Some(Self::of_json(&object, odd, source)));
        }
        let Some(object) = value.as_object() else { return Ok(None) };
        let mut keys = Vec::new();
        for (name, text) in object.iter().take(MAX_KEYS).filter_map(|(name, value)| Some((name, first_text(value)?))) {
            // Numbers and names are no keys; PEM and DER are long.
            match if text.len() < 40 { None } else { recognise(text) } {
                Some(Recognised::Public(found)) => keys.extend(found.into_iter().map(|material| Key {
                    kid: if GENERAL.iter().any(|known| name.eq_ignore_ascii_case(known)) { String::new() } else { name.clone() },
                    ..Key::bare(material, source)
                })),
                Some(Recognised::Private(_)) => return Err(PRIVATE.into()),
                _ => {}
            }
        }
        if let [only] = keys.as_mut_slice() {
            // A single key is the one that is meant, whatever the token calls it.
            only.kid.clear();
        }
        if keys.is_empty() { Ok(None) } else { Self::of_keys(keys, twice, source).map(Some) }
    }

    fn of_keys(keys: Vec<Key>, twice: bool, source: &str) -> Result<Self, String> {
        if twice { Err(TWICE.into()) } else { Ok(Self { keys, source: source.into(), remarks: Vec::new() }) }
    }

    /// A pasted JWK or set of them.
    fn of_json(value: &Map<String, Value>, odd: &[Oddity], source: &str) -> Self {
        match value.get("keys") {
            Some(Value::Array(list)) => Self::of(list, odd, source, None),
            _ => {
                // One key alone: its members stand at the top.
                let odd: Vec<Oddity> = odd
                    .iter()
                    .filter_map(|one| match one {
                        Oddity::Duplicate(path) => Some(Oddity::Duplicate(format!("keys[0].{path}"))),
                        _ => None,
                    })
                    .collect();
                Self::of(&[Value::Object(value.clone())], &odd, source, None)
            }
        }
    }

    /// `read_ms` says that the set was published, and when it was read.
    fn of(list: &[Value], odd: &[Oddity], source: &str, read_ms: Option<i64>) -> Self {
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

/// A text without what editors and copying put around it.
fn bare(text: &str) -> &str {
    text.trim().trim_start_matches('\u{feff}').trim()
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
