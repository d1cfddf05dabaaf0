//! The key binding JWT of an SD-JWT (RFC 9901 4.3): the holder signs what is shown, to whom and for which question.
//!
//! Its key is the one the issuer put into `cnf`, so the two signatures belong together: this one counts only when the
//! issuer's holds. The findings say so, and the nonce and the audience are shown for whoever asked the question.

use serde_json::{Map, Value};

use super::{
    decoded::Decoded,
    notes::{note, warning, wrong},
    signed::compact,
};
use crate::{
    claims,
    finding::{Finding, Severity},
    inspect::{ClaimGroup, ClaimRow, ClaimValue, Verification},
    shown::{made_visible, shown},
    verify::{KeySet, verify},
};

const RFC: Option<&str> = Some("RFC 9901 4.3");

/// Looks at the key binding JWT. `expected` is the hash of all that stands before it.
pub fn examine(decoded: &mut Decoded, binding: &str, expected: Option<&str>) {
    let parts: Vec<&str> = binding.split('.').collect();
    let inner = (parts.len() == 3).then(|| compact(&parts, binding.len()));
    let Some((inner, stated)) = inner.and_then(|inner| inner.claims.clone().map(|stated| (inner, stated))) else {
        let detail =
            "What stands at the end is no JWT with claims, so nothing ties the token to its holder; verifiers refuse it.";
        decoded.findings.push(wrong("sd-key-binding-broken", "Key binding broken", detail, RFC));
        return decoded.refuse_all(
            "What follows the last ~ is no key binding JWT, so verifiers must refuse the whole token (RFC 9901 7.3).",
        );
    };
    let mut found = Vec::new();
    let typ = inner.header.as_ref().and_then(|header| claims::text(header, "typ"));
    if typ.as_deref() != Some("kb+jwt") {
        let detail = "The key binding must have the type kb+jwt; verifiers refuse another one.";
        found.push(wrong("sd-key-binding-type", "Type of key binding", detail, RFC));
    }
    // iat is a time, the others are texts with something in them; what is of another type is not there.
    let there = |name: &str| match name {
        "iat" => claims::epoch(&stated, name).is_some(),
        _ => claims::text(&stated, name).is_some(),
    };
    let missing: Vec<&str> = ["iat", "aud", "nonce", "sd_hash"].into_iter().filter(|name| !there(name)).collect();
    if !missing.is_empty() {
        let detail = format!(
            "The key binding needs iat, aud, nonce and sd_hash; it lacks {}, or not in the right type.",
            crate::words::list(&missing)
        );
        found.push(wrong("sd-key-binding-incomplete", "Key binding incomplete", &detail, RFC));
    }
    if stated.get("sd_hash").and_then(Value::as_str).is_none_or(|hash| Some(hash) != expected) {
        let detail = "A key binding JWT is attached, but it was made for other disclosures; verifiers refuse the whole token.";
        found.push(wrong("sd-key-binding-mismatch", "Key binding does not fit", detail, RFC));
    } else {
        let word = |name: &str| claims::text(&stated, name).unwrap_or_else(|| "nobody".into());
        let detail = format!("A key binding JWT is attached and covers exactly these disclosures, for {}.", shown(&word("aud")));
        found.push(note("sd-key-binding", "Key binding", &detail, RFC));
    }
    // The binding is a JWT of its own, and what a verifier refuses in any JWT it refuses here.
    if let Some(flaw) = inner.findings.iter().find(|finding| finding.severity == Severity::Error && finding.id != "unsigned") {
        let detail = format!("In the key binding: {}", flaw.detail);
        found.push(wrong("sd-key-binding-flawed", "Key binding not strict", &detail, RFC));
    }
    times(decoded.claims.as_ref(), &stated, &mut found);
    let (words, finding) = signature(decoded.claims.as_ref(), &inner);
    found.push(finding);
    decoded.groups.push(group(&stated, words));
    if let Some(first) =
        found.iter().find(|finding| finding.severity == Severity::Error || UNPROVED.contains(&finding.id.as_str()))
    {
        decoded.refuse_all(&format!("{} So verifiers must refuse the whole token (RFC 9901 7.3).", first.detail));
    }
    decoded.findings.extend(found);
}

/// Remarks that leave it open whether the holder showed the token, which is no proof (RFC 9901 7.3).
const UNPROVED: [&str; 2] = ["sd-key-binding-no-key", "sd-key-binding-unclear"];

/// A binding made before the token was issued or after it ended can not be one for it, whatever the clock says.
fn times(claims: Option<&Map<String, Value>>, stated: &Map<String, Value>, found: &mut Vec<Finding>) {
    let (Some(claims), Some(made)) = (claims, claims::epoch(stated, "iat")) else { return };
    if claims::epoch(claims, "iat")
        .or_else(|| claims::epoch(claims, "nbf"))
        .is_some_and(|issued| made.saturating_add(TOLERANCE_S) < issued)
    {
        let detail = "The key binding was made before the token was issued.";
        found.push(wrong("sd-key-binding-time", "Key binding too old", detail, RFC));
    }
    if claims::epoch(claims, "exp").is_some_and(|end| made > end.saturating_add(TOLERANCE_S)) {
        let detail = "The key binding was made after the token had ended.";
        found.push(wrong("sd-key-binding-time", "Key binding too late", detail, RFC));
    }
}

/// Clock difference between issuer and holder, seconds.
const TOLERANCE_S: i64 = 60;

/// Whether the signature fits the key in `cnf`: in two words, and as a finding.
fn signature(claims: Option<&Map<String, Value>>, inner: &Decoded) -> (&'static str, Finding) {
    let jwk = claims.and_then(|claims| claims.get("cnf")).and_then(|cnf| cnf.get("jwk")).and_then(Value::as_object);
    let Some(jwk) = jwk.filter(|jwk| jwk.get("kty").and_then(Value::as_str) != Some("oct")) else {
        let detail = "The token has no public key in cnf.jwk, so the signature of the key binding can not be checked.";
        return ("not checked", warning("sd-key-binding-no-key", "No holder key", detail, Some("RFC 9901 4.1.2")));
    };
    let mut jwk = jwk.clone();
    // The one key decides, whatever name the holder wrote into the header.
    jwk.shift_remove("kid");
    let keys = KeySet::from_text(&Value::Object(jwk).to_string(), "cnf of the token").ok();
    match verify(inner, keys.as_ref()) {
        Verification::Verified { .. } => {
            let detail = "The signature of the key binding fits the key in cnf; it counts when the issuer's signature holds.";
            ("fits the key in cnf", note("sd-key-binding-signed", "Holder proved", detail, RFC))
        }
        Verification::BadSignature { .. } => {
            let detail = "The signature of the key binding does not fit the key in cnf, so somebody else presents the token.";
            ("does not fit the key in cnf", wrong("sd-key-binding-bad", "Holder not proved", detail, RFC))
        }
        Verification::Unsecured => {
            let detail = "The key binding is not signed, so anybody could present the token.";
            ("not signed", wrong("sd-key-binding-bad", "Holder not proved", detail, RFC))
        }
        Verification::Unverifiable { reason } => {
            let detail = format!("The signature of the key binding can not be checked. {reason}");
            ("not checked", warning("sd-key-binding-unclear", "Holder not checked", &detail, RFC))
        }
    }
}

fn group(stated: &Map<String, Value>, signature: &str) -> ClaimGroup {
    let row = |name: &str, value: ClaimValue, meaning: &str| ClaimRow {
        path: format!("key_binding.{name}"),
        label: name.into(),
        value,
        meaning: Some(meaning.into()),
    };
    let text = |text: &str| ClaimValue::Text { text: text.into() };
    let mut rows = vec![row("signature", text(signature), "Whether the holder's key, which the issuer named, signed this.")];
    for (name, meaning) in [
        ("aud", "For whom the token was shown; only that party may take it."),
        ("nonce", "The question it answers; whoever asked compares it."),
        ("sd_hash", "Hash of the token and the disclosures shown."),
    ] {
        if let Some(value) = stated.get(name) {
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            rows.push(row(name, text(&made_visible(shown)), meaning));
        }
    }
    if let Some(epoch) = claims::epoch(stated, "iat") {
        rows.push(row("iat", ClaimValue::Time { epoch }, "When the holder signed it."));
    }
    ClaimGroup { id: "key_binding".into(), title: "Key binding".into(), rows }
}
