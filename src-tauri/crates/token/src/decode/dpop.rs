//! DPoP proofs (RFC 9449): small tokens that carry their own key, to show that the sender holds it.
//!
//! The signature is checked with that key, which proves possession and nothing else; whose key it ought to be says the
//! token the proof goes with. So the result is a finding and a thumbprint to compare, never "verified".

use serde_json::{Map, Value};

use super::{
    decoded::Decoded,
    notes::{note, wrong},
    proof::proof_thumbprint,
};
use crate::{
    claims,
    finding::Finding,
    inspect::{ClaimGroup, ClaimRow, ClaimValue, Verification},
    shown::shown,
    verify::{KeySet, verify},
};

/// Adds what a proof shows by itself (RFC 9449 4.3).
pub fn examine(decoded: &mut Decoded) {
    let empty = Map::new();
    let header = decoded.header.clone().unwrap_or_default();
    let stated = decoded.claims.as_ref().unwrap_or(&empty);
    let word = |name: &str| claims::text(stated, name).unwrap_or_default();
    let clean = |name: &str| Some(word(name)).filter(|text| !text.is_empty()).map(|text| shown(&text)).unwrap_or_default();
    let mut found = Vec::new();
    let missing: Vec<&str> = ["jti", "htm", "htu", "iat"].into_iter().filter(|name| !stated.contains_key(*name)).collect();
    if !missing.is_empty() {
        let detail = format!("A proof needs jti, htm, htu and iat; it lacks {}.", crate::words::list(&missing));
        found.push(wrong("dpop-claims-missing", "Proof incomplete", &detail, Some("RFC 9449 4.2")));
    }
    match proof_thumbprint(&header) {
        Some(jkt) => {
            let purpose = format!("{} {}", clean("htm"), clean("htu"));
            let purpose = if purpose.trim().is_empty() { String::new() } else { format!(" for {}", purpose.trim()) };
            let detail = format!("It shows possession of the key {jkt}{purpose}.");
            found.push(note("dpop-proof", "A DPoP proof", &detail, Some("RFC 9449 4")));
            let row = ClaimRow {
                path: "header.jwk#thumbprint".into(),
                label: "jkt".into(),
                value: ClaimValue::Text { text: jkt },
                meaning: Some("Thumbprint of the key in the header; a token bound to it has the same in cnf.jkt.".into()),
            };
            decoded.groups.push(ClaimGroup { id: "dpop".into(), title: "Proof of possession".into(), rows: vec![row] });
        }
        None => {
            let detail = "A proof carries its public key as jwk in the header; here there is none that can be read.";
            found.push(wrong("dpop-key-missing", "Proof without key", detail, Some("RFC 9449 4.2")));
        }
    }
    found.extend(signature(decoded, &header));
    decoded.findings.extend(found);
}

fn signature(decoded: &Decoded, header: &Map<String, Value>) -> Option<Finding> {
    let jwk = header.get("jwk").filter(|jwk| jwk.get("kty").and_then(Value::as_str) != Some("oct"))?;
    let mut jwk = jwk.as_object()?.clone();
    // A name would only let the header choose among one key.
    jwk.shift_remove("kid");
    let keys = KeySet::from_text(&Value::Object(jwk).to_string(), "the proof's header").ok()?;
    let rfc = Some("RFC 9449 4.3");
    Some(match verify(decoded, Some(&keys)) {
        Verification::Verified { .. } => note(
            "dpop-signature-fits",
            "Proof is genuine",
            "The signature fits the key in the proof's own header, as it has to.",
            rfc,
        ),
        Verification::BadSignature { .. } => wrong(
            "dpop-signature-bad",
            "Proof is false",
            "The signature does not fit the key in the proof's own header; every server refuses it.",
            rfc,
        ),
        Verification::Unverifiable { reason } => wrong(
            "dpop-signature-unclear",
            "Proof not checked",
            &format!("The signature of the proof can not be checked. {reason}"),
            rfc,
        ),
        Verification::Unsecured => {
            wrong("dpop-signature-bad", "Proof is false", "The proof is not signed; every server refuses it.", rfc)
        }
    })
}
