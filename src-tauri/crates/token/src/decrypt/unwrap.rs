//! Key management: from the key a user has to the key of the content (RFC 7518 4, RFC 8037 3.2).

use std::num::NonZeroU32;

use aes_kw::{KekAes128, KekAes192, KekAes256};
use aws_lc_rs::{
    aead, agreement, digest, pbkdf2,
    rsa::{OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm, OaepPrivateDecryptingKey},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

use super::{
    content::{Encryption, gcm},
    key::{Key, Material, curve, octets},
};

/// Passwords are not hashed more often than this: the sender chooses the number, and the receiver does the work.
pub const MAX_ITERATIONS: u32 = 1_000_000;

/// How the key of the content is found.
#[derive(Clone, Copy)]
pub struct Way {
    alg: &'static str,
    how: How,
}

#[derive(Clone, Copy)]
enum How {
    Direct,
    Oaep(&'static OaepAlgorithm),
    /// Length of the wrapping key in bytes.
    Wrap(usize),
    Gcm(&'static aead::Algorithm, usize),
    /// Length of the wrapping key; none when the agreed key is that of the content.
    Agree(Option<usize>),
    Password(pbkdf2::Algorithm, usize),
}

const MISFIT: &str = "The key does not open the token: it was encrypted for another key, or changed afterwards.";

impl Way {
    /// The algorithm of that exact name; the error says why it is not used.
    pub fn named(alg: &str) -> Result<Self, String> {
        let (alg, how) = match alg {
            "dir" => ("dir", How::Direct),
            "RSA-OAEP" => ("RSA-OAEP", How::Oaep(&OAEP_SHA1_MGF1SHA1)),
            "RSA-OAEP-256" => ("RSA-OAEP-256", How::Oaep(&OAEP_SHA256_MGF1SHA256)),
            "A128KW" => ("A128KW", How::Wrap(16)),
            "A192KW" => ("A192KW", How::Wrap(24)),
            "A256KW" => ("A256KW", How::Wrap(32)),
            "A128GCMKW" => ("A128GCMKW", How::Gcm(&aead::AES_128_GCM, 16)),
            "A192GCMKW" => ("A192GCMKW", How::Gcm(&aead::AES_192_GCM, 24)),
            "A256GCMKW" => ("A256GCMKW", How::Gcm(&aead::AES_256_GCM, 32)),
            "ECDH-ES" => ("ECDH-ES", How::Agree(None)),
            "ECDH-ES+A128KW" => ("ECDH-ES+A128KW", How::Agree(Some(16))),
            "ECDH-ES+A192KW" => ("ECDH-ES+A192KW", How::Agree(Some(24))),
            "ECDH-ES+A256KW" => ("ECDH-ES+A256KW", How::Agree(Some(32))),
            "PBES2-HS256+A128KW" => ("PBES2-HS256+A128KW", How::Password(pbkdf2::PBKDF2_HMAC_SHA256, 16)),
            "PBES2-HS384+A192KW" => ("PBES2-HS384+A192KW", How::Password(pbkdf2::PBKDF2_HMAC_SHA384, 24)),
            "PBES2-HS512+A256KW" => ("PBES2-HS512+A256KW", How::Password(pbkdf2::PBKDF2_HMAC_SHA512, 32)),
            "RSA1_5" => {
                return Err("RSA1_5 is refused: whoever can tell good from bad paddings can decrypt without the key, so nothing here decrypts it. Have the sender use RSA-OAEP-256 (RFC 8725 3.2).".into());
            }
            other => return Err(format!("The key management algorithm {other} is not known here (RFC 7518 4.1).")),
        };
        Ok(Self { alg, how })
    }

    /// The key of the content. The error is a sentence.
    pub(super) fn unwrap(
        self,
        key: &Key,
        header: &Map<String, Value>,
        encrypted: &[u8],
        enc: Encryption,
    ) -> Result<Vec<u8>, String> {
        // RFC 7516 5.2 steps 10 and 11.
        let own = matches!(self.how, How::Direct | How::Agree(None));
        if own != encrypted.is_empty() {
            let rule = if own { "must be empty" } else { "must not be empty" };
            return Err(format!("With alg {} the encrypted key {rule} (RFC 7516 5.2).", self.alg));
        }
        match self.how {
            How::Direct => self.secret(key, enc.key_len()),
            How::Oaep(algorithm) => self.oaep(key, algorithm, encrypted),
            How::Wrap(length) => key_wrap(&self.secret(key, length)?, encrypted),
            How::Gcm(algorithm, length) => {
                let (iv, tag) = (octets(header, "iv"), octets(header, "tag"));
                let (Ok(iv), Ok(tag)) = (iv, tag) else {
                    return Err(format!("With alg {} the header needs iv and tag (RFC 7518 4.7.1).", self.alg));
                };
                gcm(algorithm, &self.secret(key, length)?, &iv, &[], encrypted, &tag).ok_or_else(|| MISFIT.into())
            }
            How::Agree(None) => self.agree(key, header, enc.name(), enc.key_len()),
            How::Agree(Some(length)) => key_wrap(&self.agree(key, header, self.alg, length)?, encrypted),
            How::Password(algorithm, length) => key_wrap(&self.password(key, header, algorithm, length)?, encrypted),
        }
    }

    fn needs(self, what: &str, key: &Key) -> String {
        format!("The header says {}, which needs {what}, and the key given is {}.", self.alg, key.material.words())
    }

    /// A shared secret of exactly that many bytes.
    fn secret(self, key: &Key, length: usize) -> Result<Vec<u8>, String> {
        let wrong = |found: usize| format!("The secret has {found} bytes, {} needs {length} here (RFC 7518 4.1).", self.alg);
        match &key.material {
            Material::Secret(secret) if secret.len() == length => Ok(secret.clone()),
            Material::Secret(secret) => Err(wrong(secret.len())),
            // Pasted as text, it is base64url when that gives the right length, else it is what stands there.
            Material::Text(text) => match URL_SAFE_NO_PAD.decode(text) {
                Ok(secret) if secret.len() == length => Ok(secret),
                _ if text.len() == length => Ok(text.clone().into_bytes()),
                Ok(secret) => Err(wrong(secret.len())),
                Err(_) => Err(wrong(text.len())),
            },
            _ => Err(self.needs("a shared secret", key)),
        }
    }

    fn oaep(self, key: &Key, algorithm: &'static OaepAlgorithm, encrypted: &[u8]) -> Result<Vec<u8>, String> {
        let Material::Rsa(private) = &key.material else {
            return Err(self.needs("an RSA private key", key));
        };
        let private = OaepPrivateDecryptingKey::new((**private).clone()).map_err(|_| MISFIT)?;
        let mut plain = vec![0; private.min_output_size()];
        let length = private.decrypt(algorithm, encrypted, &mut plain, None).map_err(|_| MISFIT)?.len();
        plain.truncate(length);
        Ok(plain)
    }

    /// ECDH-ES with the Concat KDF (RFC 7518 4.6).
    fn agree(self, key: &Key, header: &Map<String, Value>, purpose: &str, length: usize) -> Result<Vec<u8>, String> {
        let Material::Agreement(name, private) = &key.material else {
            return Err(self.needs("an EC or X25519 private key", key));
        };
        let epk = header.get("epk").and_then(Value::as_object);
        let epk = epk.ok_or_else(|| format!("With alg {} the header needs epk (RFC 7518 4.6.1.1).", self.alg))?;
        let (_, algorithm, size) = curve(name).ok_or(MISFIT)?;
        if epk.get("crv").and_then(Value::as_str) != Some(*name) {
            return Err(format!("The epk of the header is not on {name}, the curve of the key given."));
        }
        let (x, edwards) = (octets(epk, "x")?, *name == "X25519");
        let point = if edwards { x } else { [&[4][..], &x, &octets(epk, "y")?].concat() };
        if point.len() != if edwards { size } else { 1 + 2 * size } {
            return Err(format!("The coordinates of epk have the wrong length for {name} (RFC 7518 6.2.1.2)."));
        }
        // Both are optional and empty when they are not there.
        let party = |name: &str| header.get(name).map_or(Ok(Vec::new()), |_| octets(header, name));
        let (from, to) = (party("apu")?, party("apv")?);
        let peer = agreement::UnparsedPublicKey::new(algorithm, point);
        let invalid = || "The epk of the header is no point of its curve, so no key can be agreed on.".to_owned();
        agreement::agree(private, peer, invalid(), |shared| concat_kdf(shared, purpose, &from, &to, length))
    }

    fn password(
        self,
        key: &Key,
        header: &Map<String, Value>,
        algorithm: pbkdf2::Algorithm,
        length: usize,
    ) -> Result<Vec<u8>, String> {
        let password = match &key.material {
            Material::Text(text) => text.as_bytes(),
            Material::Secret(secret) => secret,
            _ => return Err(self.needs("a password", key)),
        };
        let salt = octets(header, "p2s").map_err(|_| "With a password the header needs p2s (RFC 7518 4.8.1.1).")?;
        if salt.len() < 8 {
            return Err("The p2s of the header is shorter than 8 bytes (RFC 7518 4.8.1.1).".into());
        }
        let count = header.get("p2c").and_then(Value::as_u64).and_then(|count| u32::try_from(count).ok());
        let count = count.filter(|count| *count <= MAX_ITERATIONS).and_then(NonZeroU32::new).ok_or_else(|| {
            format!("The p2c of the header is not a number from 1 to {MAX_ITERATIONS}; more is refused, since it is the sender who makes the receiver work (RFC 7518 8.1).")
        })?;
        let mut derived = vec![0; length];
        pbkdf2::derive(algorithm, count, &[self.alg.as_bytes(), &[0], &salt].concat(), password, &mut derived);
        Ok(derived)
    }
}

/// AES key wrap (RFC 3394).
fn key_wrap(key: &[u8], wrapped: &[u8]) -> Result<Vec<u8>, String> {
    // Two blocks and their check value are the least there can be.
    if wrapped.len() < 24 || !wrapped.len().is_multiple_of(8) {
        return Err(MISFIT.into());
    }
    let plain = match key.len() {
        16 => KekAes128::try_from(key).and_then(|kek| kek.unwrap_vec(wrapped)),
        24 => KekAes192::try_from(key).and_then(|kek| kek.unwrap_vec(wrapped)),
        _ => KekAes256::try_from(key).and_then(|kek| kek.unwrap_vec(wrapped)),
    };
    plain.map_err(|_| MISFIT.into())
}

/// One-step key derivation of NIST SP 800-56A 5.8.1 with SHA-256, as RFC 7518 4.6.2 fills it in.
fn concat_kdf(shared: &[u8], purpose: &str, from: &[u8], to: &[u8], length: usize) -> Result<Vec<u8>, String> {
    let with_length = |bytes: &[u8]| u32::try_from(bytes.len()).map(|length| [&length.to_be_bytes()[..], bytes].concat());
    let too_long = |_| MISFIT.to_owned();
    let purpose = with_length(purpose.as_bytes()).map_err(too_long)?;
    let (from, to) = (with_length(from).map_err(too_long)?, with_length(to).map_err(too_long)?);
    let bits = u32::try_from(length * 8).map_err(too_long)?.to_be_bytes();
    let mut derived = Vec::new();
    for round in 1_u32.. {
        if derived.len() >= length {
            break;
        }
        let mut context = digest::Context::new(&digest::SHA256);
        for part in [&round.to_be_bytes()[..], shared, &purpose, &from, &to, &bits] {
            context.update(part);
        }
        derived.extend_from_slice(context.finish().as_ref());
    }
    derived.truncate(length);
    Ok(derived)
}
