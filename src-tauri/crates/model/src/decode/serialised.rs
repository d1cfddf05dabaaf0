//! JSON serialisations of signed and encrypted tokens (RFC 7515 7.2, RFC 7516 7.2).

use serde_json::{Map, Value};

use super::{Decoded, compact, json, jwe, notes::note, sd_jwt};
use crate::token::TokenFormat;

/// Reads a JSON serialisation; none when the object is something else.
pub fn read(text: &str) -> Option<Decoded> {
    let (value, _) = json::read(text.as_bytes()).ok()?;
    let outer = value.as_object()?;
    if outer.contains_key("ciphertext") {
        return Some(encrypted(outer, text.len()));
    }
    let payload = outer.get("payload")?.as_str()?;
    let all = outer.get("signatures").and_then(Value::as_array);
    let first = match all {
        Some(list) => list.first()?.as_object()?,
        None => outer,
    };
    let part = |name: &str| first.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut decoded = compact(&[part("protected"), payload, part("signature")], text.len());
    merge(&mut decoded, first.get("header"));
    if let Some(count) = all.map(Vec::len).filter(|count| *count > 1) {
        let detail = format!("The text carries {count} signatures; the first one is shown and checked.");
        decoded.findings.push(note("several-signatures", "Several signatures", &detail, Some("RFC 7515 7.2.1")));
    }
    // RFC 9901 8.1 puts disclosures into the unprotected header; older drafts put them beside the payload.
    let places = [first.get("header"), outer.get("header"), Some(&value)];
    let member = |name: &str| places.iter().flatten().find_map(|place| place.get(name));
    if let Some(list) = member("disclosures").and_then(Value::as_array) {
        let disclosures: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
        let binding = member("kb_jwt").and_then(Value::as_str).unwrap_or_default();
        let signed = format!("{}.{payload}.{}", part("protected"), part("signature"));
        sd_jwt::present(&mut decoded, &signed, &disclosures, binding);
    }
    Some(decoded)
}

fn encrypted(outer: &Map<String, Value>, size: usize) -> Decoded {
    let mut decoded = Decoded::empty(TokenFormat::Jwe, size);
    if let Some(protected) = outer.get("protected").and_then(Value::as_str) {
        let bytes = super::encoded(&mut decoded, protected, "header");
        super::read_header(&mut decoded, bytes.as_deref());
    }
    merge(&mut decoded, outer.get("unprotected"));
    let recipient = outer.get("recipients").and_then(|list| list.get(0)).unwrap_or(&Value::Null);
    merge(&mut decoded, recipient.get("header").or_else(|| outer.get("header")));
    let key = recipient.get("encrypted_key").or_else(|| outer.get("encrypted_key"));
    jwe::describe(&mut decoded, key.and_then(Value::as_str).unwrap_or_default().is_empty());
    decoded
}

/// Adds unprotected parameters; a protected one of the same name stays, as names must not be shared.
fn merge(decoded: &mut Decoded, unprotected: Option<&Value>) {
    let Some(Value::Object(unprotected)) = unprotected else {
        return;
    };
    let header = decoded.header.get_or_insert_with(Map::new);
    for (name, value) in unprotected {
        if name != "disclosures" && name != "kb_jwt" && !header.contains_key(name) {
            header.insert(name.clone(), value.clone());
        }
    }
    let detail = "Some header parameters are not covered by the signature.";
    decoded.findings.push(note("unprotected-header", "Unprotected header", detail, Some("RFC 7515 7.2.1")));
}
