//! Keys as a user pastes them: a set, one key, PEM, or a shared secret; and what is said of a text that is none of them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    key::Key,
    key_set::{KeySet, MAX_KEYS, TWICE},
    loosely,
    material::Material,
    mistaken::mistaken,
    nested::{first_text, jwks},
    recognise::{Recognised, Repaired, read_json, recognise},
};
use crate::{
    decode::{Decoded, json::Oddity, warning_finding as warning},
    finding::Finding,
};

const NO_KEY: &str = "This is no key. Paste a JWKS, a JWK, or a PEM text that starts with -----BEGIN PUBLIC KEY----- or -----BEGIN CERTIFICATE-----.";
/// Names of members that say nothing of the key.
const GENERAL: [&str; 10] =
    ["public_key", "publicKey", "certificate", "cert", "key", "pem", "x5c", "realm-public-key", "verification_key", "value"];
const PRIVATE: &str = "This is a private key. Verifying needs the public one; do not paste private keys anywhere.";

impl KeySet {
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
                    return Err(mistaken(trimmed).unwrap_or(NO_KEY).into());
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
            None => Err(match mistaken(trimmed) {
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

/// A text without what editors and copying put around it.
fn bare(text: &str) -> &str {
    text.trim().trim_start_matches('\u{feff}').trim()
}
