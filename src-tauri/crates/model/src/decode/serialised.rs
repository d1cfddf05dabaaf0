//! JSON serialisations of signed and encrypted tokens (RFC 7515 7.2, RFC 7516 7.2).

use serde_json::{Map, Value};

use super::{
    Decoded, Parts, json, jwe, jws, notes,
    notes::{note, warning, wrong},
    sd_jwt,
};

/// More signatures than this are not read: each is checked over the whole payload.
pub const MAX_SIGNATURES: usize = 16;

/// Reads a JSON serialisation; none when the object is something else.
pub fn read(text: &str) -> Option<Decoded> {
    let (value, odd) = json::read(text.as_bytes()).ok()?;
    let outer = value.as_object()?;
    let mut decoded =
        if outer.contains_key("ciphertext") { jwe::serialised(outer, text.len()) } else { signed(outer, text.len())? };
    // The encoded parts have their own remarks; here it is about the members around them.
    for oddity in odd.into_iter().filter(|oddity| matches!(oddity, json::Oddity::Duplicate(_))) {
        decoded.findings.push(notes::oddity(oddity, "text"));
        decoded.refuse_all("The text names a member twice, so its meaning depends on the reader (RFC 7515 4).");
    }
    Some(decoded)
}

fn signed(outer: &Map<String, Value>, size: usize) -> Option<Decoded> {
    let payload = match outer.get("payload") {
        Some(payload) => payload.as_str()?,
        // Detached content (RFC 7515 Appendix F).
        None if outer.contains_key("signature") || outer.contains_key("signatures") => "",
        None => return None,
    };
    let all = outer.get("signatures").and_then(Value::as_array);
    let list: Vec<&Map<String, Value>> = match all {
        Some(list) => list.iter().filter_map(Value::as_object).collect(),
        None => vec![outer],
    };
    let text = |one: &Map<String, Value>, name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut read = list.iter().take(MAX_SIGNATURES).map(|one| {
        let unprotected = one.get("header").and_then(Value::as_object);
        jws(&Parts { protected: &text(one, "protected"), unprotected, payload, signature: Some(&text(one, "signature")) }, size)
    });
    let mut decoded = read.next()?;
    decoded.others = read.collect();
    several(&mut decoded, list.len());
    if all.is_some() && outer.contains_key("signature") {
        let detail = "The text mixes the general and the flattened serialisation; verifiers refuse that.";
        decoded.findings.push(wrong("serialisation-mixed", "Two serialisations", detail, Some("RFC 7515 7.2.2")));
        decoded.refuse_all("The text mixes two serialisations, so it is not clear which signature counts (RFC 7515 7.2.2).");
    }
    // RFC 9901 8.1 puts disclosures into the unprotected header; older drafts put them beside the payload.
    let first = list.first()?;
    let places = [first.get("header").and_then(Value::as_object), outer.get("header").and_then(Value::as_object), Some(outer)];
    let member = |name: &str| places.iter().flatten().find_map(|place| place.get(name));
    if let Some(list) = member("disclosures").and_then(Value::as_array) {
        let disclosures: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        let binding = member("kb_jwt").and_then(Value::as_str).unwrap_or_default();
        let signed = format!("{}.{payload}.{}", text(first, "protected"), text(first, "signature"));
        sd_jwt::present(&mut decoded, &signed, &disclosures, binding);
    }
    Some(decoded)
}

/// Remarks on a token with several signatures; all must agree on what they sign (RFC 7797 3).
fn several(decoded: &mut Decoded, count: usize) {
    if count > 1 {
        let detail = format!("The text carries {count} signatures over one payload; each is checked on its own.");
        decoded.findings.push(note("several-signatures", "Several signatures", &detail, Some("RFC 7515 7.2.1")));
    }
    if count > MAX_SIGNATURES {
        let detail = format!("Only the first {MAX_SIGNATURES} of {count} signatures are read.");
        decoded.findings.push(warning("too-many-signatures", "Too many signatures", &detail, Some("RFC 7515 7.2.1")));
    }
    if decoded.others.iter().any(|other| other.signed.plain != decoded.signed.plain) {
        let detail = "The signatures do not agree on b64, so they sign different texts; verifiers refuse that.";
        decoded.findings.push(wrong("b64-differs", "b64 differs", detail, Some("RFC 7797 3")));
        decoded.refuse_all("The signatures do not agree on b64, so they sign different texts (RFC 7797 3).");
    }
}
