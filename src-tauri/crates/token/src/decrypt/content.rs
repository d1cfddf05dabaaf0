//! Content encryption: AES-CBC with HMAC (RFC 7518 5.2) and AES-GCM (RFC 7518 5.3), and what was compressed before it.

use aws_lc_rs::{
    aead::{self, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::{self, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey},
    constant_time, hmac,
    iv::FixedLength,
};
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

/// Compressed content may grow to this many bytes, the bound RFC 8725 implementations have settled on.
pub const MAX_INFLATED: usize = 250_000;

/// A content encryption algorithm.
#[derive(Clone, Copy)]
pub struct Encryption {
    name: &'static str,
    key_len: usize,
    how: How,
}

#[derive(Clone, Copy)]
enum How {
    Gcm(&'static aead::Algorithm),
    /// Cipher, MAC and length of the tag, which is half the MAC.
    Cbc(&'static cipher::Algorithm, hmac::Algorithm, usize),
}

impl Encryption {
    /// The algorithm of that exact name.
    pub fn named(name: &str) -> Option<Self> {
        let (name, key_len, how) = match name {
            "A128GCM" => ("A128GCM", 16, How::Gcm(&aead::AES_128_GCM)),
            "A192GCM" => ("A192GCM", 24, How::Gcm(&aead::AES_192_GCM)),
            "A256GCM" => ("A256GCM", 32, How::Gcm(&aead::AES_256_GCM)),
            "A128CBC-HS256" => ("A128CBC-HS256", 32, How::Cbc(&cipher::AES_128, hmac::HMAC_SHA256, 16)),
            "A192CBC-HS384" => ("A192CBC-HS384", 48, How::Cbc(&cipher::AES_192, hmac::HMAC_SHA384, 24)),
            "A256CBC-HS512" => ("A256CBC-HS512", 64, How::Cbc(&cipher::AES_256, hmac::HMAC_SHA512, 32)),
            _ => return None,
        };
        Some(Self { name, key_len, how })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// Length of its key in bytes.
    pub fn key_len(self) -> usize {
        self.key_len
    }

    /// Opens content; none for whatever reason, since the reason would help who tries.
    pub fn open(self, key: &[u8], iv: &[u8], aad: &[u8], ciphertext: &[u8], tag: &[u8]) -> Option<Vec<u8>> {
        if key.len() != self.key_len {
            return None;
        }
        match self.how {
            How::Gcm(algorithm) => gcm(algorithm, key, iv, aad, ciphertext, tag),
            How::Cbc(cipher, mac, tag_len) => cbc(cipher, mac, tag_len, key, iv, aad, ciphertext, tag),
        }
    }
}

/// AES-GCM with a tag of 128 bits.
pub fn gcm(
    algorithm: &'static aead::Algorithm,
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
    tag: &[u8],
) -> Option<Vec<u8>> {
    if tag.len() != algorithm.tag_len() {
        return None;
    }
    let key = LessSafeKey::new(UnboundKey::new(algorithm, key).ok()?);
    let nonce = Nonce::try_assume_unique_for_key(iv).ok()?;
    let mut both = [ciphertext, tag].concat();
    let length = key.open_in_place(nonce, Aad::from(aad), &mut both).ok()?.len();
    both.truncate(length);
    Some(both)
}

/// The MAC first, in constant time; only what it vouches for is decrypted (RFC 7518 5.2.2.2).
#[expect(clippy::too_many_arguments, reason = "the parts of RFC 7518 5.2.2.2, each once")]
fn cbc(
    cipher: &'static cipher::Algorithm,
    mac: hmac::Algorithm,
    tag_len: usize,
    key: &[u8],
    iv: &[u8],
    aad: &[u8],
    ciphertext: &[u8],
    tag: &[u8],
) -> Option<Vec<u8>> {
    let (mac_key, enc_key) = key.split_at(key.len() / 2);
    let bits = u64::try_from(aad.len()).ok()?.checked_mul(8)?.to_be_bytes();
    let mut context = hmac::Context::with_key(&hmac::Key::new(mac, mac_key));
    for part in [aad, iv, ciphertext, &bits] {
        context.update(part);
    }
    let expected = context.sign();
    constant_time::verify_slices_are_equal(expected.as_ref().get(..tag_len)?, tag).ok()?;
    let iv: [u8; 16] = iv.try_into().ok()?;
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(cipher, enc_key).ok()?).ok()?;
    let mut plain = ciphertext.to_vec();
    let length = key.decrypt(&mut plain, DecryptionContext::Iv128(FixedLength::from(iv))).ok()?.len();
    plain.truncate(length);
    Some(plain)
}

/// Unpacks DEFLATE (RFC 1951) up to [`MAX_INFLATED`] bytes. The error is a sentence, and whether it was the bound.
pub fn inflate(packed: &[u8]) -> Result<Vec<u8>, (String, bool)> {
    decompress_to_vec_with_limit(packed, MAX_INFLATED).map_err(|error| match error.status {
        TINFLStatus::HasMoreOutput => (
            format!("The content was decrypted and grows to more than {MAX_INFLATED} bytes when it is unpacked, so it was not read (RFC 8725 3.6)."),
            true,
        ),
        _ => ("The content was decrypted and can not be unpacked: it is no DEFLATE text (RFC 1951).".into(), false),
    })
}
