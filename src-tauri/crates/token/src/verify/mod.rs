//! Verification: does a trusted key fit this token, and if not, why not.
//!
//! The rules are those of RFC 8725: the key decides which algorithms are possible, the header only chooses
//! among them; nothing the sender put into the header (`jwk`, `jku`, `x5u`, `x5c`) is ever trusted; whatever
//! is not understood is refused. The answer always carries its reason, since "invalid signature" helps
//! nobody. The cryptography is done by jsonwebtoken, with keys prepared when they are read; the curves it has no algorithm
//! for (P-521 and secp256k1) are checked by aws-lc-rs, on which it stands.

mod algorithm;
mod key;
mod key_set;
mod loosely;
mod material;
mod mistaken;
mod nested;
mod nonce;
mod pasted;
pub mod recognise;
mod remarks;
#[cfg(test)]
mod tests;
mod thumbprint;
mod vet;

use serde_json::{Map, Value};

use crate::{
    claims,
    decode::{Decoded, Signed},
    inspect::{KeyEvidence, SignatureView, TokenFormat, TokenKind, Verification, kind_of},
    shown::shown,
    words,
};
use algorithm::{Algorithm, Misfit};
use key::Key;
pub use key_set::KeySet;
pub(crate) use key_set::pem_blocks;
pub use thumbprint::thumbprint;

/// What the signatures of one token came to.
#[derive(Clone, Debug)]
pub struct SignatureResults {
    /// What holds for the token as a whole.
    pub verification: Verification,
    /// Which signature decided that, counted from 0.
    pub deciding: usize,
    /// Every signature on its own; empty when there is only one.
    pub each: Vec<SignatureView>,
    /// What kept it from being checked, where nothing came out.
    pub doubt: Option<Doubt>,
}

/// Why a signature could not be checked, as far as something follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// There was no key to check it with, or no sound one.
    NoKey,
    /// The keys were at hand, and none has the name the token says, or none is for its algorithm.
    UnknownKey,
    /// The header makes something critical that is not understood (RFC 7515 4.1.11).
    Critical,
    /// The text is not strictly spelled, names something twice, or breaks a rule of its own format.
    Spelling,
    /// The algorithm is not known here.
    Algorithm,
    /// The key the token names must not be used: too short, known to be weak, for something else.
    UnfitKey,
    /// There is nothing to check here: encrypted, opaque, or the payload travels elsewhere.
    Unreadable,
}

/// A reason with its kind.
type Unclear = (Doubt, String);

/// Checks the signature of a decoded token against trusted keys, or says what keeps it from being checked.
pub fn verify(decoded: &Decoded, keys: Option<&KeySet>) -> Verification {
    verify_each(decoded, keys).verification
}

/// Checks every signature of a token. One that does not fit, or is none, outweighs those that fit: receivers differ in
/// how many they ask for (RFC 7515 5.2), and a token must not look better than the strictest of them finds it.
pub fn verify_each(decoded: &Decoded, keys: Option<&KeySet>) -> SignatureResults {
    let all: Vec<&Decoded> = std::iter::once(decoded).chain(&decoded.others).collect();
    let (results, doubts): (Vec<Verification>, Vec<Option<Doubt>>) = all.iter().map(|one| single(one, keys)).unzip();
    let weight = |verification: &Verification| match verification {
        Verification::BadSignature { .. } => 0,
        Verification::Unsecured => 1,
        Verification::Verified { .. } => 2,
        Verification::Unverifiable { .. } => 3,
    };
    let deciding = (0..results.len()).min_by_key(|at| weight(&results[*at])).unwrap_or_default();
    let verification = results[deciding].clone();
    let each = all.iter().zip(results).map(|(one, verification)| view(one, verification));
    SignatureResults {
        verification,
        deciding,
        each: if decoded.others.is_empty() { Vec::new() } else { each.collect() },
        doubt: doubts[deciding],
    }
}

fn view(decoded: &Decoded, verification: Verification) -> SignatureView {
    let text = |name: &str| decoded.header.as_ref().and_then(|header| claims::text(header, name));
    let visible = |name: &str| text(name).map(crate::shown::made_visible);
    SignatureView { alg: visible("alg"), kid: visible("kid"), verification }
}

fn single(decoded: &Decoded, keys: Option<&KeySet>) -> (Verification, Option<Doubt>) {
    match attempt(decoded, keys) {
        Ok(Verification::BadSignature { .. }) if decoded.signed.detached => {
            let reason = "The token carries no payload: what it signs travels apart from it (RFC 7515 Appendix F). Verify it with a key and give that content too.".into();
            (Verification::Unverifiable { reason }, Some(Doubt::Unreadable))
        }
        Ok(verification) => (verification, None),
        Err((doubt, reason)) => (Verification::Unverifiable { reason }, Some(doubt)),
    }
}

fn attempt(decoded: &Decoded, keys: Option<&KeySet>) -> Result<Verification, Unclear> {
    let because = |doubt: Doubt| move |reason: String| (doubt, reason);
    let signed = &decoded.signed;
    let header = decoded.header.as_ref();
    let text = |name: &str| header.and_then(|header| header.get(name)).and_then(Value::as_str);
    let alg = text("alg").unwrap_or_default();
    let readable = matches!(decoded.format, TokenFormat::Jws | TokenFormat::SdJwt);
    if readable && alg.trim().eq_ignore_ascii_case("none") {
        return Ok(Verification::Unsecured);
    }
    if decoded.format == TokenFormat::Jwe {
        let reason = "The token is encrypted. Give the key it was encrypted for, then its content can be read.";
        return Err((Doubt::Unreadable, reason.into()));
    }
    if let Some(reason) = &signed.refuse {
        let doubt = if decoded.format == TokenFormat::Opaque { Doubt::Unreadable } else { Doubt::Spelling };
        return Err((doubt, reason.clone()));
    }
    let header = header.ok_or_else(|| (Doubt::Spelling, "The header can not be read.".to_owned()))?;
    if signed.signature.is_none() {
        return Ok(Verification::Unsecured);
    }
    critical(header, decoded.claims.is_some()).map_err(because(Doubt::Critical))?;
    let algorithm = Algorithm::named(alg).ok_or_else(|| {
        let reason = if alg.is_empty() {
            "The header names no algorithm.".into()
        } else {
            format!("The algorithm {} is not known here.", shown(alg))
        };
        (Doubt::Algorithm, reason)
    })?;
    let keys = keys.filter(|keys| !keys.is_empty());
    if keys.is_none() && decoded.is_dpop_proof() {
        return Err((Doubt::NoKey, "A DPoP proof is signed with the key in its own header; the findings say whether that signature fits. Whether it is the right key says the cnf of the token it was made for (RFC 9449 6).".into()));
    }
    let keys = keys.ok_or_else(|| (Doubt::NoKey, no_key_at_hand(decoded, alg)))?;
    let kid = header
        .get("kid")
        .map(|kid| kid.as_str().ok_or_else(|| (Doubt::Spelling, "The kid in the header is no text.".to_owned())))
        .transpose()?;
    let candidates = keys.candidates(kid, algorithm);
    if candidates.is_empty() {
        return Err((Doubt::UnknownKey, no_key(kid, alg, keys)));
    }
    let decided = decide(&candidates, algorithm, alg, kid, signed).map_err(because(Doubt::UnfitKey))?;
    if matches!(decided, Verification::BadSignature { .. })
        && let Some(hashed) = nonce::hashed(header, signed)
        && let Ok(Verification::Verified { key }) = decide(&candidates, algorithm, alg, kid, &hashed)
    {
        return Ok(Verification::Verified { key: KeyEvidence { nonce_hashed: true, ..key } });
    }
    Ok(decided)
}

/// What to do where there is no key. For a token signed with a secret no published key is of use.
fn no_key_at_hand(decoded: &Decoded, alg: &str) -> String {
    if !decoded.asks_for_secret() {
        return "No key is at hand. Connect a profile whose issuer made this token, or paste its JWKS or public key.".into();
    }
    let said = decoded.claims.as_ref().and_then(|claims| claims::text(claims, "typ"));
    match (kind_of(decoded.header.as_ref(), decoded.claims.as_ref()), said.as_deref()) {
        (TokenKind::Refresh, Some("Refresh" | "Offline")) => format!(
            "Keycloak signs refresh tokens with a secret of its own ({alg}) that nobody else has, so only the server can check it. Introspect it to hear whether it is valid."
        ),
        (TokenKind::Refresh, _) => format!(
            "This refresh token is signed with a secret of the server's own ({alg}), so only the server can check it. Introspect it to hear whether it is valid."
        ),
        _ => format!(
            "It is signed with a shared secret ({alg}), so no published key can verify it. Paste the secret if you have it; it is often the client's."
        ),
    }
}

/// Tries the candidates. One that fits decides; otherwise the most telling failure is the answer.
fn decide(
    candidates: &[&Key],
    algorithm: Algorithm,
    alg: &str,
    kid: Option<&str>,
    signed: &Signed,
) -> Result<Verification, String> {
    let mut bad = None;
    let mut unfit = None;
    for key in candidates {
        match algorithm.check(key, alg, signed) {
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

/// What is critical and not understood refuses the token (RFC 7515 4.1.11). Only `b64` is understood here, and never
/// in a JWT (RFC 7797 7).
fn critical(header: &Map<String, Value>, is_jwt: bool) -> Result<(), String> {
    let names = header.get("crit").map(|value| {
        let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().map(Value::as_str).collect::<Option<Vec<&str>>>().unwrap_or_default()
    });
    let unknown: Vec<&str> = names.iter().flatten().copied().filter(|name| *name != "b64").collect();
    if names.as_ref().is_some_and(Vec::is_empty) {
        return Err("The header has crit without names in it, a verifier must refuse that (RFC 7515 4.1.11).".into());
    }
    if !unknown.is_empty() {
        return Err(format!(
            "The header makes {} critical, which is not understood here, so the token must be refused (RFC 7515 4.1.11).",
            words::few(&unknown.iter().map(|name| shown(name)).collect::<Vec<_>>())
        ));
    }
    match (header.get("b64"), names.is_some()) {
        (None, false) => Ok(()),
        (None, true) => Err("crit names b64, which is not in the header, a verifier must refuse that (RFC 7515 4.1.11).".into()),
        _ if is_jwt || jwt_by_type(header) => Err("The header says b64, which a JWT must not use (RFC 7797 7).".into()),
        (Some(Value::Bool(false)), false) => Err(
            "The header says b64 is false and does not make it critical, so verifiers would check different texts; the token must be refused (RFC 7797 6).".into(),
        ),
        (Some(Value::Bool(_)), _) => Ok(()),
        (Some(_), _) => Err("The b64 in the header is neither true nor false (RFC 7797 3).".into()),
    }
}

/// Whether the header says the payload is a set of claims (RFC 7519 5.1, RFC 8725 3.11).
fn jwt_by_type(header: &Map<String, Value>) -> bool {
    let typ = header.get("typ").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    typ == "jwt" || typ.ends_with("+jwt")
}

fn no_key(kid: Option<&str>, alg: &str, keys: &KeySet) -> String {
    let place = keys.source();
    match kid {
        Some(kid) if !kid.is_empty() => {
            format!(
                "No key with kid {} is among the {} keys of {place}. The issuer may have rotated its keys, or this is another issuer's token.",
                shown(kid),
                keys.len()
            )
        }
        _ => format!("The token names no key, and none of the {} keys of {place} is for {alg}.", keys.len()),
    }
}
