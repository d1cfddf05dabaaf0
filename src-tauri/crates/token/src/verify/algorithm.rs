//! Signature algorithms of RFC 7518 and RFC 8037 and what each asks of a key.

use aws_lc_rs::signature::{self, EcdsaVerificationAlgorithm, UnparsedPublicKey};
use jsonwebtoken::{Algorithm as Library, crypto};

use super::{
    key::Key,
    material::{Family, MIN_RSA_BITS, Material, bits},
};
use crate::{decode::Signed, shown::shown};

/// A known algorithm.
#[derive(Clone, Copy)]
pub struct Algorithm(How);

/// jsonwebtoken does the cryptography; the two curves it does not have are checked by the crate it stands on.
#[derive(Clone, Copy)]
enum How {
    Rsa(Library),
    Ec(&'static str, Library),
    OtherEc(&'static str, &'static EcdsaVerificationAlgorithm),
    Ed,
    /// With the length of its hash in bytes.
    Hmac(Library, usize),
}

/// Why a key does not verify a token.
pub enum Misfit {
    /// The signature does not fit the key.
    Signature,
    /// The key is for another algorithm than the header says.
    Algorithm(String),
    /// The key must not be used for this at all.
    Key(String),
}

impl Algorithm {
    /// The algorithm of that exact name; names are case-sensitive (RFC 7515 4.1.1).
    pub fn named(name: &str) -> Option<Self> {
        Some(Self(match name {
            "RS256" => How::Rsa(Library::RS256),
            "RS384" => How::Rsa(Library::RS384),
            "RS512" => How::Rsa(Library::RS512),
            "PS256" => How::Rsa(Library::PS256),
            "PS384" => How::Rsa(Library::PS384),
            "PS512" => How::Rsa(Library::PS512),
            "ES256" => How::Ec("P-256", Library::ES256),
            "ES384" => How::Ec("P-384", Library::ES384),
            "ES512" => How::OtherEc("P-521", &signature::ECDSA_P521_SHA512_FIXED),
            "ES256K" => How::OtherEc("secp256k1", &signature::ECDSA_P256K1_SHA256_FIXED),
            "EdDSA" | "Ed25519" => How::Ed,
            "HS256" => How::Hmac(Library::HS256, 32),
            "HS384" => How::Hmac(Library::HS384, 48),
            "HS512" => How::Hmac(Library::HS512, 64),
            _ => return None,
        }))
    }

    /// Kind of key it needs.
    pub fn family(self) -> Family {
        match self.0 {
            How::Rsa(_) => Family::Rsa,
            How::Ec(..) | How::OtherEc(..) => Family::Ec,
            How::Ed => Family::Ed,
            How::Hmac(..) => Family::Hmac,
        }
    }

    /// The one curve it works on.
    pub fn curve(self) -> Option<&'static str> {
        match self.0 {
            How::Ec(curve, _) | How::OtherEc(curve, _) => Some(curve),
            _ => None,
        }
    }

    /// Whether the key could be meant when a token names no key.
    pub fn suits(self, key: &Key) -> bool {
        key.material.family() == Some(self.family())
            && key.used_for.as_deref().is_none_or(|used| used == "sig")
            && self.curve().is_none_or(|curve| matches!(&key.material, Material::Ec { curve: own, .. } if *own == curve))
    }

    /// Checks a signature with a key, after checking that the key may be used for it.
    pub fn check(self, key: &Key, alg: &str, signed: &Signed) -> Result<(), Misfit> {
        if let Material::Unusable(reason) = &key.material {
            return Err(Misfit::Key(reason.clone()));
        }
        // The kind first: a token that asks for HMAC with an RSA key is the classic forgery (RFC 8725 2.1).
        if key.material.family() != Some(self.family()) {
            return Err(Misfit::Algorithm(format!(
                "The header says {alg}, which needs a key of kind {}, and the key is {}.",
                self.family().words(),
                key.material.words()
            )));
        }
        if key.used_for.as_deref().is_some_and(|used| used != "sig") {
            return Err(Misfit::Key("The key the token names is not for signatures (its use says so, RFC 7517 4.2).".into()));
        }
        let wanted = if self.family() == Family::Hmac { &["verify", "sign"][..] } else { &["verify"][..] };
        if key.operations.as_ref().is_some_and(|list| !list.iter().any(|one| wanted.contains(&one.as_str()))) {
            return Err(Misfit::Key("The key the token names is not for verifying (its key_ops say so, RFC 7517 4.3).".into()));
        }
        if let Some(own) = key.alg.as_deref().filter(|own| !same_algorithm(own, alg)) {
            return Err(Misfit::Algorithm(format!(
                "The key is for {} only, and the header says {alg} (RFC 8725 3.1).",
                shown(own)
            )));
        }
        self.calculate(key, alg, signed)
    }

    fn calculate(self, key: &Key, alg: &str, signed: &Signed) -> Result<(), Misfit> {
        let input = signed.input.as_bytes();
        let by_library = |algorithm| {
            let prepared = key.prepared.as_ref();
            prepared.is_some_and(|prepared| crypto::verify(&signed.encoded, input, prepared, algorithm).unwrap_or(false))
        };
        let fits = match (self.0, &key.material) {
            (How::Rsa(algorithm), Material::Rsa { n, .. }) => {
                let size = bits(n);
                if size < MIN_RSA_BITS {
                    return Err(Misfit::Key(format!(
                        "The RSA key has {size} bits. Below {MIN_RSA_BITS} a signature proves nothing (RFC 7518 3.3)."
                    )));
                }
                by_library(algorithm)
            }
            (How::Ec(curve, _) | How::OtherEc(curve, _), Material::Ec { curve: own, .. }) if *own != curve => {
                return Err(Misfit::Algorithm(format!("{alg} needs a key on {curve}, and the key is on {own} (RFC 7518 3.4).")));
            }
            (How::Ec(_, algorithm), Material::Ec { .. }) => by_library(algorithm),
            (How::OtherEc(_, algorithm), Material::Ec { point, .. }) => signed
                .signature
                .as_ref()
                .is_some_and(|bytes| UnparsedPublicKey::new(algorithm, point).verify(input, bytes).is_ok()),
            (How::Ed, Material::Ed25519(_)) => by_library(Library::EdDSA),
            (How::Hmac(algorithm, least), Material::Secret(secret)) => {
                if secret.len() < least {
                    return Err(Misfit::Key(format!(
                        "The secret has {} bytes, {alg} needs at least {least} (RFC 7518 3.2).",
                        secret.len()
                    )));
                }
                by_library(algorithm)
            }
            _ => false,
        };
        if fits { Ok(()) } else { Err(Misfit::Signature) }
    }
}

/// Whether two names mean one algorithm: `Ed25519` is the later name of `EdDSA` on that curve (RFC 9864).
fn same_algorithm(one: &str, other: &str) -> bool {
    let plain = |name| if name == "Ed25519" { "EdDSA" } else { name };
    plain(one) == plain(other)
}
