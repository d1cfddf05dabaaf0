//! The numbers of a key, whatever it was read from, and the kind of algorithm they are for.

use jsonwebtoken::DecodingKey;
use x509_parser::{public_key::PublicKey, x509::SubjectPublicKeyInfo};

/// Shortest RSA modulus a signature is believed of (RFC 7518 3.3).
pub const MIN_RSA_BITS: usize = 2048;

/// The numbers of a key.
#[derive(Clone)]
pub enum Material {
    /// Modulus and exponent, big endian without leading zeros.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// Curve name and uncompressed point.
    Ec { curve: &'static str, point: Vec<u8> },
    /// Edwards curve key.
    Ed25519(Vec<u8>),
    /// Shared secret.
    Secret(Vec<u8>),
    /// A key that can not be used, and why.
    Unusable(String),
}

impl Material {
    /// Readable kind and size.
    pub fn words(&self) -> String {
        match self {
            Self::Rsa { n, .. } => format!("RSA {}", bits(n)),
            Self::Ec { curve, .. } => format!("EC {curve}"),
            Self::Ed25519(_) => "Ed25519".into(),
            Self::Secret(secret) => format!("shared secret {}", secret.len() * 8),
            Self::Unusable(_) => "unusable key".into(),
        }
    }

    pub(super) fn prepared(&self) -> Option<DecodingKey> {
        match self {
            Self::Rsa { n, e } => Some(DecodingKey::from_rsa_raw_components(n, e)),
            Self::Ec { curve: "P-256" | "P-384", point } => Some(DecodingKey::from_ec_der(point)),
            Self::Ed25519(key) => Some(DecodingKey::from_ed_der(key)),
            // None for an empty one.
            Self::Secret(secret) => DecodingKey::from_secret(secret).ok(),
            Self::Ec { .. } | Self::Unusable(_) => None,
        }
    }

    /// Which family of algorithms the key belongs to.
    pub fn family(&self) -> Option<Family> {
        match self {
            Self::Rsa { .. } => Some(Family::Rsa),
            Self::Ec { .. } => Some(Family::Ec),
            Self::Ed25519(_) => Some(Family::Ed),
            Self::Secret(_) => Some(Family::Hmac),
            Self::Unusable(_) => None,
        }
    }
}

/// Length of a big endian number in bits.
pub fn bits(number: &[u8]) -> usize {
    number.iter().position(|byte| *byte != 0).map_or(0, |at| (number.len() - at) * 8 - number[at].leading_zeros() as usize)
}

/// Public key of a certificate's or PEM's SubjectPublicKeyInfo.
pub fn spki(info: &SubjectPublicKeyInfo<'_>) -> Result<Material, String> {
    // RFC 8410 3: id-Ed25519.
    if info.algorithm.algorithm.to_id_string() == "1.3.101.112" {
        return Ok(Material::Ed25519(info.subject_public_key.data.to_vec()));
    }
    let unreadable = "The public key is of a kind that can not be used here. RSA, EC and Ed25519 keys can.";
    match info.parsed().map_err(|_| unreadable)? {
        PublicKey::RSA(rsa) => Ok(Material::Rsa { n: trim(rsa.modulus), e: trim(rsa.exponent) }),
        PublicKey::EC(point) => {
            let oid = info.algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok()).map(|oid| oid.to_id_string());
            let curve = match oid.as_deref() {
                Some("1.2.840.10045.3.1.7") => "P-256",
                Some("1.3.132.0.34") => "P-384",
                Some("1.3.132.0.35") => "P-521",
                Some("1.3.132.0.10") => "secp256k1",
                _ => return Err("The curve of the EC key is not known here. P-256, P-384, P-521 and secp256k1 are.".into()),
            };
            Ok(Material::Ec { curve, point: point.data().to_vec() })
        }
        _ => Err(unreadable.into()),
    }
}

/// A big endian number without leading zeros.
pub(super) fn trim(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number[zeros..].to_vec()
}

/// Kind of key an algorithm needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// RSA, both paddings.
    Rsa,
    /// Elliptic curves of RFC 7518 and RFC 8812.
    Ec,
    /// Edwards curves.
    Ed,
    /// Shared secrets.
    Hmac,
}

impl Family {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Ec => "EC",
            Self::Ed => "Ed25519",
            Self::Hmac => "shared secret",
        }
    }
}
