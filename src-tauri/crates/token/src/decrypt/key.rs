//! Keys that open tokens: private JWKs, PEM texts, shared secrets and passwords, as a user pastes them.

use aws_lc_rs::{agreement, rsa::PrivateDecryptingKey};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use crate::{
    inspect::KeyEvidence,
    shown::{made_visible, shown},
    verify::{
        pem_blocks,
        recognise::{Recognised, recognise, recognise_octets},
    },
};

const PUBLIC: &str = "This is a public key. Decrypting needs the private one, which its owner has.";

/// What was pasted, read as keys. It has no `Debug` that shows them.
pub struct Keys(Vec<Key>);

/// One key.
pub struct Key {
    kid: String,
    alg: Option<String>,
    used_for: Option<String>,
    operations: Option<Vec<String>>,
    source: String,
    pub(super) material: Material,
}

/// What a key is made of.
pub(super) enum Material {
    /// RSA private key.
    Rsa(Box<PrivateDecryptingKey>),
    /// ECDH private key and the name of its curve.
    Agreement(&'static str, Box<agreement::PrivateKey>),
    /// Shared secret, from a JWK of kind `oct`.
    Secret(Vec<u8>),
    /// Text that is no key format: a password, or a secret in base64url or as it stands.
    Text(String),
    /// A key that can not decrypt, and why.
    Unusable(String),
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.0.len())
    }
}

impl Keys {
    /// Reads a JWK, a JWKS, a PEM private key, or a secret. The error is a sentence.
    pub fn from_text(text: &str, source: &str) -> Result<Self, String> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err("There is no key in the field.".into());
        }
        let keys = if trimmed.starts_with('{') {
            let value: Map<String, Value> = serde_json::from_str(trimmed).map_err(|error| {
                format!("The text starts like JSON and breaks off in line {}, column {}.", error.line(), error.column())
            })?;
            match value.get("keys") {
                Some(Value::Array(list)) => {
                    list.iter().filter_map(Value::as_object).map(|jwk| Key::from_jwk(jwk, source)).collect()
                }
                _ if value.contains_key("kty") => vec![Key::from_jwk(&value, source)],
                _ => return Err("The JSON is neither a JWKS (it has no keys) nor a JWK (it has no kty).".into()),
            }
        } else if trimmed.contains("-----BEGIN ") {
            let blocks = pem_blocks(trimmed)?;
            // EC PARAMETERS stands before many EC keys and is none itself.
            let keys = blocks.iter().filter(|(label, _)| !label.contains("PARAMETERS"));
            keys.map(|(label, der)| Ok(Key::bare(pem(label, der)?, source))).collect::<Result<_, String>>()?
        } else {
            // A key is what it is in whatever spelling; a public one as password is how anybody could have encrypted it.
            let material = match recognise(trimmed) {
                None => Material::Text(trimmed.to_owned()),
                Some(Recognised::Private(Some((label, der)))) => pem(&label, &der)?,
                Some(Recognised::Private(None)) => {
                    return Err("This is a private key in a form that can not be used here. Paste it as PEM or JWK.".into());
                }
                Some(Recognised::Json(object)) => {
                    let text = Value::Object(object).to_string();
                    return Self::from_text(&text, source);
                }
                Some(Recognised::Public(_)) => return Err(PUBLIC.into()),
                Some(Recognised::Other(reason)) => return Err(reason),
            };
            vec![Key::bare(material, source)]
        };
        Ok(Self(keys))
    }

    /// Keys worth trying: those of that name first, then all others, since trying harms nobody.
    pub(super) fn candidates(&self, kid: Option<&str>) -> Vec<&Key> {
        let mut all: Vec<&Key> = self.0.iter().collect();
        all.sort_by_key(|key| kid != Some(key.kid.as_str()));
        all
    }
}

impl Key {
    fn from_jwk(jwk: &Map<String, Value>, source: &str) -> Self {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str).map(str::to_owned);
        let operations = jwk.get("key_ops").and_then(Value::as_array);
        Self {
            kid: text("kid").unwrap_or_default(),
            alg: text("alg"),
            used_for: text("use"),
            operations: operations.map(|list| list.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
            source: source.into(),
            material: material(jwk).unwrap_or_else(Material::Unusable),
        }
    }

    fn bare(material: Material, source: &str) -> Self {
        Self { kid: String::new(), alg: None, used_for: None, operations: None, source: source.into(), material }
    }

    /// What its owner allows it for (RFC 7517 4.2 to 4.4).
    pub(super) fn fits(&self, alg: &str, enc: &str) -> Result<(), String> {
        if let Material::Unusable(reason) = &self.material {
            return Err(reason.clone());
        }
        if self.used_for.as_deref().is_some_and(|used| used != "enc") {
            return Err("The key is not for encryption (its use says so, RFC 7517 4.2).".into());
        }
        let wanted = ["decrypt", "unwrapKey", "deriveKey", "deriveBits"];
        if self.operations.as_ref().is_some_and(|list| !list.iter().any(|one| wanted.contains(&one.as_str()))) {
            return Err("The key is not for decrypting (its key_ops say so, RFC 7517 4.3).".into());
        }
        // With dir the key is that of the content, so it may be published for either name.
        match self.alg.as_deref() {
            Some(own) if own != alg && !(alg == "dir" && own == enc) => {
                Err(format!("The key is for {} only, and the header says {} (RFC 8725 3.1).", shown(own), shown(alg)))
            }
            _ => Ok(()),
        }
    }

    /// What is shown of it.
    pub(super) fn evidence(&self, alg: &str) -> KeyEvidence {
        KeyEvidence {
            kid: made_visible(self.kid.clone()),
            alg: made_visible(alg.into()),
            kind: self.material.words(),
            source: self.source.clone(),
            read_ms: None,
            nonce_hashed: false,
        }
    }
}

impl Material {
    /// Readable kind and size.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Rsa(key) => format!("RSA {}", key.key_size_bits()),
            Self::Agreement(curve, _) => format!("EC {curve}"),
            Self::Secret(secret) => format!("shared secret {}", secret.len() * 8),
            Self::Text(_) => "a secret".into(),
            Self::Unusable(_) => "unusable key".into(),
        }
    }
}

/// ECDH algorithm and coordinate length of a curve.
pub(super) fn curve(name: &str) -> Option<(&'static str, &'static agreement::Algorithm, usize)> {
    Some(match name {
        "P-256" => ("P-256", &agreement::ECDH_P256, 32),
        "P-384" => ("P-384", &agreement::ECDH_P384, 48),
        "P-521" => ("P-521", &agreement::ECDH_P521, 66),
        "X25519" => ("X25519", &agreement::X25519, 32),
        _ => return None,
    })
}

/// A member of a JWK that is base64url.
pub(super) fn octets(jwk: &Map<String, Value>, name: &str) -> Result<Vec<u8>, String> {
    let text = jwk.get(name).and_then(Value::as_str).ok_or_else(|| format!("The key has no {name}."))?;
    URL_SAFE_NO_PAD.decode(text).map_err(|_| format!("The {name} of the key is not base64url."))
}

fn material(jwk: &Map<String, Value>) -> Result<Material, String> {
    match jwk.get("kty").and_then(Value::as_str) {
        Some("oct") => {
            let secret = octets(jwk, "k")?;
            match recognise_octets(&secret) {
                None => Ok(Material::Secret(secret)),
                Some(_) => Err("The secret is itself a key or a certificate, and what everybody has is no secret.".into()),
            }
        }
        Some("RSA") if !jwk.contains_key("d") => Err(PUBLIC.into()),
        Some("RSA") => {
            let mut numbers = vec![vec![0]];
            for name in ["n", "e", "d", "p", "q", "dp", "dq", "qi"] {
                numbers.push(octets(jwk, name).map_err(|error| {
                    format!("{error} An RSA private key needs n, e, d, p, q, dp, dq and qi (RFC 7518 6.3.2).")
                })?);
            }
            let numbers: Vec<Vec<u8>> = numbers.iter().map(|number| integer(number)).collect();
            rsa(&tagged(0x30, &numbers.concat()))
        }
        Some("EC" | "OKP") => {
            let name = jwk.get("crv").and_then(Value::as_str).unwrap_or_default();
            let (name, algorithm, _) =
                curve(name).ok_or("Keys on this curve can not decrypt. P-256, P-384, P-521 and X25519 can (RFC 7518 4.6).")?;
            if !jwk.contains_key("d") {
                return Err(PUBLIC.into());
            }
            agreement::PrivateKey::from_private_key(algorithm, &octets(jwk, "d")?)
                .map(|key| Material::Agreement(name, Box::new(key)))
                .map_err(|_| format!("The d of the {name} key is no private key of that curve."))
        }
        Some(other) => Err(format!("Keys of kind {} can not be used here.", shown(other))),
        None => Err("The key does not say its kind (kty).".into()),
    }
}

fn pem(label: &str, der: &[u8]) -> Result<Material, String> {
    match label {
        "RSA PRIVATE KEY" => rsa(der),
        "PRIVATE KEY" | "EC PRIVATE KEY" => {
            if let Ok(key) = PrivateDecryptingKey::from_pkcs8(der) {
                return Ok(Material::Rsa(Box::new(key)));
            }
            ["P-256", "P-384", "P-521"]
                .into_iter()
                .filter_map(curve)
                .find_map(|(name, algorithm, _)| {
                    let key = agreement::PrivateKey::from_private_key_der(algorithm, der).ok()?;
                    Some(Material::Agreement(name, Box::new(key)))
                })
                .ok_or_else(|| "The private key can not be read, or is of a kind that does not decrypt. RSA of 2048 bits and more, P-256, P-384 and P-521 do.".into())
        }
        "ENCRYPTED PRIVATE KEY" => {
            Err("The private key is protected by a password. Remove that first, e.g. with openssl pkey.".into())
        }
        "PUBLIC KEY" | "RSA PUBLIC KEY" | "CERTIFICATE" => Err(PUBLIC.into()),
        other => Err(format!("A PEM block of kind {} is no key that decrypts. Paste a PRIVATE KEY.", shown(other))),
    }
}

/// Takes an RSAPrivateKey (RFC 8017 A.1.2) into the PKCS #8 form the library reads (RFC 5208 5).
fn rsa(private_key: &[u8]) -> Result<Material, String> {
    // SEQUENCE { OID rsaEncryption 1.2.840.113549.1.1.1, NULL }
    const ALGORITHM: &[u8] = &[0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
    let der = tagged(0x30, &[&integer(&[0]), ALGORITHM, &tagged(4, private_key)].concat());
    PrivateDecryptingKey::from_pkcs8(&der).map(|key| Material::Rsa(Box::new(key))).map_err(|_| {
        "The RSA private key can not be used: its numbers do not fit together, or it has fewer than 2048 bits.".into()
    })
}

/// DER of an unsigned number.
fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let number = &number[zeros.min(number.len().saturating_sub(1))..];
    let sign: &[u8] = if number.first().is_none_or(|first| *first >= 0x80) { &[0] } else { &[] };
    tagged(2, &[sign, number].concat())
}

/// DER of a tag with its content.
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let short = length.iter().position(|byte| *byte != 0).map_or(&length[length.len() - 1..], |at| &length[at..]);
    // Below 128 the length is one byte; above, its own length stands before it.
    let marker = if content.len() < 0x80 { None } else { u8::try_from(short.len()).ok().map(|count| 0x80 | count) };
    [&[tag][..], marker.as_slice(), short, content].concat()
}
