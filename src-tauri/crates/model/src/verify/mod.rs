//! Verification: does a trusted key fit this token, and if not, why not.
//!
//! The rules are those of RFC 8725: the key decides which algorithms are possible, the header only chooses
//! among them; nothing the sender put into the header (`jwk`, `jku`, `x5u`, `x5c`) is ever trusted; whatever
//! is not understood is refused. The answer always carries its reason, since "invalid signature" helps
//! nobody. The cryptography is done by aws-lc-rs, which has every algorithm of RFC 7518 including ES512.

mod algorithm;
mod key;
mod key_set;
#[cfg(test)]
mod tests;

use serde_json::Value;

use crate::{
    decode::Decoded,
    token::{TokenFormat, Verification},
};
use algorithm::{Algorithm, Misfit};
use key::Key;
pub use key_set::KeySet;

/// Checks the signature of a decoded token against trusted keys, or says what keeps it from being checked.
pub fn verify(decoded: &Decoded, keys: Option<&KeySet>) -> Verification {
    match attempt(decoded, keys) {
        Ok(verification) => verification,
        Err(reason) => Verification::Unverifiable { reason },
    }
}

fn attempt(decoded: &Decoded, keys: Option<&KeySet>) -> Result<Verification, String> {
    let signed = &decoded.signed;
    let header = decoded.header.as_ref();
    let text = |name: &str| header.and_then(|header| header.get(name)).and_then(Value::as_str);
    let alg = text("alg").unwrap_or_default();
    let readable = matches!(decoded.format, TokenFormat::Jws | TokenFormat::SdJwt);
    if readable && alg.eq_ignore_ascii_case("none") {
        return Ok(Verification::Unsecured);
    }
    if let Some(reason) = &signed.refuse {
        return Err(reason.clone());
    }
    let header = header.ok_or("The header can not be read.")?;
    let Some(signature) = &signed.signature else {
        return Ok(Verification::Unsecured);
    };
    // RFC 7515 4.1.11: what is critical and not understood refuses the token. None is understood here.
    if let Some(critical) = header.get("crit") {
        return Err(critical_reason(critical));
    }
    if header.contains_key("b64") {
        return Err("The header says b64, which a JWT must not use (RFC 7797 7).".into());
    }
    let algorithm = Algorithm::named(alg).ok_or_else(|| {
        if alg.is_empty() { "The header names no algorithm.".into() } else { format!("The algorithm {alg} is not known here.") }
    })?;
    let keys = keys
        .filter(|keys| !keys.is_empty())
        .ok_or("No key is at hand. Connect a profile whose issuer made this token, or paste its JWKS or public key.")?;
    let kid = header.get("kid").map(|kid| kid.as_str().ok_or("The kid in the header is no text.")).transpose()?;
    let candidates = keys.candidates(kid, algorithm);
    if candidates.is_empty() {
        return Err(no_key(kid, alg, keys));
    }
    decide(&candidates, algorithm, alg, kid, signed.input.as_bytes(), signature)
}

/// Tries the candidates. One that fits decides; otherwise the most telling failure is the answer.
fn decide(
    candidates: &[&Key],
    algorithm: Algorithm,
    alg: &str,
    kid: Option<&str>,
    input: &[u8],
    signature: &[u8],
) -> Result<Verification, String> {
    let mut bad = None;
    let mut unfit = None;
    for key in candidates {
        match algorithm.check(key, alg, input, signature) {
            Ok(()) => {
                return Ok(Verification::Verified { key: key.evidence(alg) });
            }
            Err(Misfit::Signature) => {
                bad.get_or_insert((
                    *key,
                    "The issuer has a key with this kid, but the text was changed after signing or another key signed it."
                        .to_owned(),
                ));
            }
            // A key the token names tells of forgery; one that merely was at hand tells nothing.
            Err(Misfit::Algorithm(reason)) if kid == Some(key.kid.as_str()) => {
                bad.get_or_insert((*key, reason));
            }
            Err(Misfit::Algorithm(reason) | Misfit::Key(reason)) => {
                unfit.get_or_insert(reason);
            }
        }
    }
    let Some((key, mut reason)) = bad else {
        return Err(unfit.unwrap_or_else(|| "None of the keys can be used.".into()));
    };
    if kid.is_none_or(|kid| key.kid != kid) {
        reason = match candidates.len() {
            1 => "The key does not fit: the text was changed after signing, or another key signed it.".into(),
            count => format!(
                "None of the {count} keys of the right kind fits: the text was changed after signing, or another key signed it."
            ),
        };
    }
    Ok(Verification::BadSignature { key: key.evidence(alg), reason })
}

fn critical_reason(critical: &Value) -> String {
    let names: Vec<&str> = critical.as_array().map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default();
    if names.is_empty() {
        return "The header has crit without names in it, a verifier must refuse that (RFC 7515 4.1.11).".into();
    }
    format!(
        "The header makes {} critical, which is not understood here, so the token must be refused (RFC 7515 4.1.11).",
        names.join(", ")
    )
}

fn no_key(kid: Option<&str>, alg: &str, keys: &KeySet) -> String {
    let place = keys.source();
    match kid {
        Some(kid) if !kid.is_empty() => {
            format!(
                "No key with kid {} is among the {} keys of {place}. The issuer may have rotated its keys, or this is another issuer's token.",
                shorten(kid),
                keys.len()
            )
        }
        _ => format!("The token names no key, and none of the {} keys of {place} is for {alg}.", keys.len()),
    }
}

/// A name from outside, short enough for a sentence.
fn shorten(name: &str) -> String {
    let clean: String = name.chars().filter(|letter| !letter.is_control() && !crate::decode::json::is_hidden(*letter)).collect();
    if clean.chars().count() <= 48 {
        return clean;
    }
    let head: String = clean.chars().take(46).collect();
    format!("{head}…")
}
