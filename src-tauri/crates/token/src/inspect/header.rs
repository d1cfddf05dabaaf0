//! What is remarkable about the header and about how the signature check ended.

use serde_json::{Map, Value};

use super::verification::Verification;
use crate::{
    claims,
    decode::{error_finding as wrong, is_proof, note_finding as note, warning_finding as warning},
    finding::Finding,
    shown::shown,
};

/// More names in `crit` are not remarked on.
const MAX_CRITICAL: usize = 16;

fn on(finding: Finding, parameter: &str) -> Finding {
    Finding { path: Some(format!("header.{parameter}")), ..finding }
}

/// Remarks on the result of the signature check.
pub fn signature(header: Option<&Map<String, Value>>, verification: &Verification) -> Vec<Finding> {
    let alg = header.and_then(|header| claims::text(header, "alg")).unwrap_or_default();
    let mut found = Vec::new();
    let key = match verification {
        Verification::Verified { key } => key,
        Verification::BadSignature { key, reason } => {
            let detail = format!("No API that verifies would accept this token. {reason}");
            found.push(wrong("signature-mismatch", "Signature bad", &detail, Some("RFC 7515 5.2")));
            if alg.starts_with("HS") && !key.kind.starts_with("shared") {
                let detail = "The header asks for a shared secret where the issuer has a public key. That is how tokens are forged against verifiers that believe the header.";
                found.push(on(wrong("alg-confusion-suspect", "Looks forged", detail, Some("RFC 8725 2.1")), "alg"));
            }
            key
        }
        Verification::Unverifiable { .. } | Verification::Unsecured => return found,
    };
    if key.nonce_hashed {
        let detail = "Its signature fits only with the SHA-256 of the header's nonce in place of it: Entra signs tokens for its own APIs so. Its audience accepts it, every other API finds the signature bad. Ask for a token whose audience is your own API.";
        found.push(on(warning("nonce-in-header", "Verifiable by its own audience only", detail, Some("RFC 7515 5.2")), "nonce"));
    }
    if !key.alg.is_empty() && key.alg != alg {
        let verified = matches!(verification, Verification::Verified { .. });
        let detail = format!("The key is published for {}, and the header says {}.", key.alg, shown(&alg));
        let build = if verified { note } else { wrong };
        found.push(on(build("key-alg-mismatch", "Key for another algorithm", &detail, Some("RFC 8725 3.1")), "alg"));
    } else if alg.starts_with("HS") && !key.kind.starts_with("shared") {
        let detail = format!("The key is {}, and {} needs a shared secret.", key.kind, shown(&alg));
        found.push(on(wrong("key-alg-mismatch", "Key for another algorithm", &detail, Some("RFC 8725 3.1")), "alg"));
    }
    found
}

/// Remarks on the header parameters (RFC 7515 4.1, RFC 8725).
pub fn parameters(header: &Map<String, Value>, claims: Option<&Map<String, Value>>) -> Vec<Finding> {
    let mut found = Vec::new();
    let encrypted = header.contains_key("enc");
    if !encrypted {
        algorithm(header, &mut found);
        kid(header, &mut found);
    }
    keys(header, &mut found);
    nonce(header, claims, &mut found);
    critical(header, claims.is_some(), &mut found);
    found
}

/// A nonce in the header of a token of Entra: whoever verifies it as it stands finds its signature bad.
fn nonce(header: &Map<String, Value>, claims: Option<&Map<String, Value>>, found: &mut Vec<Finding>) {
    let issuer = claims.and_then(|claims| claims::text(claims, "iss")).unwrap_or_default();
    let entra = ["https://sts.windows.net/", "https://login.microsoftonline.com/", "https://login.microsoftonline.us/"]
        .iter()
        .any(|host| issuer.starts_with(host));
    if entra && header.get("nonce").is_some_and(Value::is_string) {
        let detail = "Entra signs tokens for its own APIs with the SHA-256 of the header's nonce in place of it, so only its audience can verify it as it stands. Ask for a token whose audience is your own API.";
        found.push(on(warning("nonce-in-header", "Verifiable by its own audience only", detail, Some("RFC 7515 5.2")), "nonce"));
    }
}

fn algorithm(header: &Map<String, Value>, found: &mut Vec<Finding>) {
    let Some(alg) = header.get("alg").and_then(Value::as_str) else {
        let detail = "The header names no algorithm, every verifier refuses that.";
        found.push(on(wrong("alg-missing", "No algorithm", detail, Some("RFC 7515 4.1.1")), "alg"));
        return;
    };
    if alg.eq_ignore_ascii_case("none") {
        let detail = "alg none means that nobody signed it. Anybody can write such a token.";
        found.push(on(wrong("alg-none", "alg none", detail, Some("RFC 8725 3.2")), "alg"));
    } else if alg.starts_with("HS") {
        let detail = "It is signed with a shared secret: whoever can verify it can also write it. Keycloak does this for refresh tokens only.";
        found.push(on(note("symmetric-alg", "Shared secret", detail, Some("RFC 7518 3.2")), "alg"));
    }
}

fn kid(header: &Map<String, Value>, found: &mut Vec<Finding>) {
    match header.get("kid") {
        None => {
            let symmetric = header
                .get("alg")
                .and_then(Value::as_str)
                .is_some_and(|alg| alg.starts_with("HS") || alg.eq_ignore_ascii_case("none"));
            if !symmetric && !is_proof(Some(header)) {
                let detail = "The header names no key, so a verifier has to try them all, and key rotation becomes guesswork.";
                found.push(on(note("kid-missing", "No key named", detail, Some("RFC 7515 4.1.4")), "kid"));
            }
        }
        Some(Value::String(kid)) => {
            let odd = |letter: char| letter.is_control() || letter.is_whitespace() || "'\"`;<>\\|".contains(letter);
            if kid.contains(odd) || kid.contains("../") {
                let detail =
                    "The kid holds characters that are used to attack verifiers which put it into a query or a file name.";
                found.push(on(warning("kid-suspicious", "Suspicious kid", detail, Some("RFC 8725 3.10")), "kid"));
            }
        }
        Some(_) => {
            let detail = "kid must be text.";
            found.push(on(wrong("kid-bad-type", "kid of wrong type", detail, Some("RFC 7515 4.1.4")), "kid"));
        }
    }
}

/// Keys the sender brought along: shown, never used.
fn keys(header: &Map<String, Value>, found: &mut Vec<Finding>) {
    if let Some(jwk) = header.get("jwk") {
        if !is_proof(Some(header)) {
            let detail = "The sender put a key into the header. It is not trusted here; only DPoP proofs may carry one.";
            found.push(on(warning("embedded-jwk", "Key in the header", detail, Some("RFC 8725 3.10")), "jwk"));
        }
        if ["d", "p", "q", "k"].iter().any(|name| jwk.get(name).is_some()) {
            let detail = "The key in the header is a private one. It is burnt: everybody who saw the token has it.";
            found.push(on(wrong("embedded-jwk-private-key", "Private key in the header", detail, Some("RFC 9449 4.3")), "jwk"));
        }
    }
    for name in ["jku", "x5u"] {
        let Some(address) = header.get(name) else {
            continue;
        };
        let detail = "The sender names an address to read the key from. It is never followed here; a verifier that does can be sent anywhere.";
        found.push(on(warning(&format!("{name}-present"), "Address of a key", detail, Some("RFC 8725 3.10")), name));
        if !address.as_str().is_some_and(|address| address.starts_with("https://")) {
            let detail = "The address is not https, so anybody on the way can put in another key.";
            found.push(on(wrong(&format!("{name}-not-https"), "Key address without TLS", detail, Some("RFC 7515 4.1.2")), name));
        }
    }
    if header.contains_key("x5c") {
        let detail = "The sender put a certificate into the header. It is not trusted here.";
        found.push(on(note("x5c-present", "Certificate in the header", detail, Some("RFC 8725 3.10")), "x5c"));
    }
}

/// `crit` (RFC 7515 4.1.11) and `b64` (RFC 7797).
fn critical(header: &Map<String, Value>, is_jwt: bool, found: &mut Vec<Finding>) {
    if let Some(value) = header.get("crit") {
        let names: Vec<&str> = value.as_array().map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default();
        let rfc = Some("RFC 7515 4.1.11");
        if names.is_empty() {
            found.push(on(
                wrong("crit-empty", "Empty crit", "crit must be a list with names in it; every verifier refuses this.", rfc),
                "crit",
            ));
        }
        for name in names.into_iter().take(MAX_CRITICAL) {
            if !header.contains_key(name) {
                let detail = format!("crit names {}, which is not in the header.", shown(name));
                found.push(on(wrong("crit-param-missing", "crit without parameter", &detail, rfc), "crit"));
            } else if name != "b64" {
                let detail =
                    format!("crit demands that a verifier understands {}. One that does not must refuse the token.", shown(name));
                found.push(on(warning("crit-unknown", "Critical parameter", &detail, rfc), "crit"));
            }
        }
    }
    if header.contains_key("b64") && is_jwt {
        let detail = "A JWT must not use b64; verifiers that ignore it check another text than the one that was signed.";
        found.push(on(wrong("b64-in-jwt", "b64 in a JWT", detail, Some("RFC 7797 7")), "b64"));
    }
}
