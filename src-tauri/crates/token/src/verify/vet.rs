//! What a key must be like by its numbers before any signature is believed of it.
//!
//! A key may be well-formed and still prove nothing: anybody can sign for an exponent of 1, for a point of small order, or for a
//! modulus whose factors can be calculated.

use aws_lc_rs::signature::{self, ParsedPublicKey, VerificationAlgorithm};

use super::material::{MIN_RSA_BITS, Material, bits};

/// Longest RSA modulus that is calculated with; verifying costs its square.
const MAX_RSA_BITS: usize = 16_384;

/// Why nothing that is signed with the key proves anything; none for a sound one. The size of an RSA key is judged where it is used.
pub(super) fn flaw(material: &Material) -> Option<String> {
    match material {
        Material::Rsa { n, e } => rsa(n, e),
        Material::Ec { curve, point } => {
            let algorithm: &'static dyn VerificationAlgorithm = match *curve {
                "P-256" => &signature::ECDSA_P256_SHA256_FIXED,
                "P-384" => &signature::ECDSA_P384_SHA384_FIXED,
                "P-521" => &signature::ECDSA_P521_SHA512_FIXED,
                _ => &signature::ECDSA_P256K1_SHA256_FIXED,
            };
            ParsedPublicKey::new(algorithm, point)
                .is_err()
                .then(|| format!("The point of the key does not lie on the curve {curve}, so it is no key (RFC 7518 6.2.2)."))
        }
        Material::Ed25519(key) if key.len() != 32 => {
            Some(format!("An Ed25519 key has 32 bytes, and this one has {} (RFC 8037 2).", key.len()))
        }
        Material::Ed25519(key) if small_order(key) => {
            Some("The Ed25519 key is a point of small order: anybody can sign for it (RFC 8032 8).".into())
        }
        Material::Ed25519(_) | Material::Unusable(_) => None,
        Material::Secret(secret) if secret.is_empty() => Some("The secret is empty, so anybody can sign with it.".into()),
        Material::Secret(_) => None,
    }
}

fn rsa(n: &[u8], e: &[u8]) -> Option<String> {
    let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    if !odd(e) || e == [1] {
        return Some("The exponent of the RSA key is even or 1, so anybody can sign for it (RFC 8017 3.1).".into());
    }
    if !odd(n) {
        return Some("The modulus of the RSA key is even, so it is no product of two large primes (RFC 8017 3.1).".into());
    }
    if bits(n) > MAX_RSA_BITS {
        return Some(format!("The RSA key has {} bits; more than {MAX_RSA_BITS} are not calculated with.", bits(n)));
    }
    if e.len() >= n.len() {
        return Some("The exponent of the RSA key is as long as its modulus, which no key has (RFC 8017 3.1).".into());
    }
    is_roca(n)
        .then(|| "The RSA key has the fingerprint of CVE-2017-15361 (ROCA): its private half can be calculated from it.".into())
}

/// Whether the exponent is legal and smaller than what is usual, which has made forgeries possible where padding is read loosely.
pub(super) fn tiny_exponent(material: &Material) -> bool {
    matches!(material, Material::Rsa { e, .. } if bits(e) <= 16)
}

/// Whether the modulus is too short for a signature to be believed.
pub(super) fn short(material: &Material) -> Option<usize> {
    match material {
        Material::Rsa { n, .. } => Some(bits(n)).filter(|size| *size < MIN_RSA_BITS),
        _ => None,
    }
}

/// The fingerprint of the weak primes some chips made (CVE-2017-15361): the modulus is a power of 65537 modulo each small prime.
pub(super) fn is_roca(n: &[u8]) -> bool {
    const PRIMES: [u32; 38] = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109, 113,
        127, 131, 137, 139, 149, 151, 157, 163, 167,
    ];
    // Shorter moduli fall into all the groups by chance, and are refused anyway.
    bits(n) >= 256
        && PRIMES.iter().all(|prime| {
            let rest = n.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
            let mut power = 1;
            (0..*prime).any(|_| {
                let here = power == rest;
                power = power * 65_537 % prime;
                here
            })
        })
}

/// The points of order 1, 2, 4 and 8 in all their spellings: a signature for one of them fits any text.
fn small_order(key: &[u8]) -> bool {
    const EIGHT: [[u8; 32]; 2] = [
        hex(b"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        hex(b"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ];
    let mut y: Vec<u8> = key.to_vec();
    // The highest bit is the sign of x.
    if let Some(last) = y.last_mut() {
        *last &= 0x7f;
    }
    let (first, rest) = (y[0], &y[1..31]);
    let low = rest.iter().all(|byte| *byte == 0) && y[31] == 0 && first <= 1;
    // p - 1, p and p + 1, with p = 2^255 - 19.
    let high = rest.iter().all(|byte| *byte == 0xff) && y[31] == 0x7f && (0xec..=0xee).contains(&first);
    low || high || EIGHT.iter().any(|point| point[..] == y[..])
}

const fn hex(text: &[u8; 64]) -> [u8; 32] {
    const fn digit(letter: u8) -> u8 {
        if letter <= b'9' { letter - b'0' } else { letter - b'a' + 10 }
    }
    let mut bytes = [0; 32];
    let mut at = 0;
    while at < 32 {
        bytes[at] = digit(text[2 * at]) << 4 | digit(text[2 * at + 1]);
        at += 1;
    }
    bytes
}
