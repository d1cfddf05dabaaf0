//! Signature algorithms of RFC 7518 and RFC 8037 and what each asks of a key.

use aws_lc_rs::{
    hmac,
    signature::{self, EcdsaVerificationAlgorithm, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey},
};

use super::key::{Key, MIN_RSA_BITS, Material, bits};

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
    fn words(self) -> &'static str {
        match self {
            Self::Rsa => "RSA",
            Self::Ec => "EC",
            Self::Ed => "Ed25519",
            Self::Hmac => "shared secret",
        }
    }
}

/// A known algorithm.
#[derive(Clone, Copy)]
pub struct Algorithm(How);

#[derive(Clone, Copy)]
enum How {
    Rsa(&'static RsaParameters),
    Ec(&'static str, &'static EcdsaVerificationAlgorithm),
    Ed,
    Hmac(hmac::Algorithm),
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
            "RS256" => How::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
            "RS384" => How::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
            "RS512" => How::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
            "PS256" => How::Rsa(&signature::RSA_PSS_2048_8192_SHA256),
            "PS384" => How::Rsa(&signature::RSA_PSS_2048_8192_SHA384),
            "PS512" => How::Rsa(&signature::RSA_PSS_2048_8192_SHA512),
            "ES256" => How::Ec("P-256", &signature::ECDSA_P256_SHA256_FIXED),
            "ES384" => How::Ec("P-384", &signature::ECDSA_P384_SHA384_FIXED),
            "ES512" => How::Ec("P-521", &signature::ECDSA_P521_SHA512_FIXED),
            "ES256K" => How::Ec("secp256k1", &signature::ECDSA_P256K1_SHA256_FIXED),
            "EdDSA" | "Ed25519" => How::Ed,
            "HS256" => How::Hmac(hmac::HMAC_SHA256),
            "HS384" => How::Hmac(hmac::HMAC_SHA384),
            "HS512" => How::Hmac(hmac::HMAC_SHA512),
            _ => return None,
        }))
    }

    /// Kind of key it needs.
    pub fn family(self) -> Family {
        match self.0 {
            How::Rsa(_) => Family::Rsa,
            How::Ec(..) => Family::Ec,
            How::Ed => Family::Ed,
            How::Hmac(_) => Family::Hmac,
        }
    }

    /// The one curve it works on.
    pub fn curve(self) -> Option<&'static str> {
        match self.0 {
            How::Ec(curve, _) => Some(curve),
            _ => None,
        }
    }

    /// Checks a signature with a key, after checking that the key may be used for it.
    pub fn check(self, key: &Key, alg: &str, input: &[u8], signature: &[u8]) -> Result<(), Misfit> {
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
            return Err(Misfit::Algorithm(format!("The key is for {own} only, and the header says {alg} (RFC 8725 3.1).")));
        }
        self.calculate(&key.material, alg, input, signature)
    }

    fn calculate(self, material: &Material, alg: &str, input: &[u8], bytes: &[u8]) -> Result<(), Misfit> {
        let fits = match (self.0, material) {
            (How::Rsa(parameters), Material::Rsa { n, e }) => {
                let size = bits(n);
                if size < MIN_RSA_BITS {
                    return Err(Misfit::Key(format!(
                        "The RSA key has {size} bits. Below {MIN_RSA_BITS} a signature proves nothing (RFC 7518 3.3)."
                    )));
                }
                RsaPublicKeyComponents { n, e }.verify(parameters, input, bytes).is_ok()
            }
            (How::Ec(curve, algorithm), Material::Ec { curve: own, point }) => {
                if *own != curve {
                    return Err(Misfit::Algorithm(format!(
                        "{alg} needs a key on {curve}, and the key is on {own} (RFC 7518 3.4)."
                    )));
                }
                UnparsedPublicKey::new(algorithm, point).verify(input, bytes).is_ok()
            }
            (How::Ed, Material::Ed25519(key)) => UnparsedPublicKey::new(&signature::ED25519, key).verify(input, bytes).is_ok(),
            (How::Hmac(algorithm), Material::Secret(secret)) => {
                let least = algorithm.digest_algorithm().output_len();
                if secret.len() < least {
                    return Err(Misfit::Key(format!(
                        "The secret has {} bytes, {alg} needs at least {least} (RFC 7518 3.2).",
                        secret.len()
                    )));
                }
                hmac::verify(&hmac::Key::new(algorithm, secret), input, bytes).is_ok()
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
