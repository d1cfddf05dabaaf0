//! JSON serialisations of signed and encrypted tokens (RFC 7515 7.2, RFC 7516 7.2).

use serde_json::{Map, Value};

use super::{
    decoded::Decoded,
    json, jwe,
    notes::{self, note, warning, wrong},
    sd_jwt,
    signed::{Parts, jws},
};

/// More signatures than this are not read: each is checked over the whole payload.
pub const MAX_SIGNATURES: usize = 16;

/// Reads a JSON serialisation; none when the object is something else.
pub fn read(text: &str) -> Option<Decoded> {
    let (value, odd) = json::read(text.as_bytes()).ok()?;
    let outer = value.as_object()?;
    let mut decoded = if is_encrypted(outer) {
        jwe::serialised(outer, text.len())
    } else if is_signed(outer) {
        signed(outer, text.len())?
    } else {
        return None;
    };
    // The encoded parts have their own remarks; here it is about the members around them.
    for oddity in odd.into_iter().filter(|oddity| matches!(oddity, json::Oddity::Duplicate(_))) {
        decoded.findings.push(notes::oddity(oddity, "text"));
        decoded.refuse_all("The text names a member twice, so its meaning depends on the reader (RFC 7515 4).");
    }
    Some(decoded)
}

/// Whether an object has the members of a signature (RFC 7515 7.2): `payload`, and `signature` with `protected` or `header` beside
/// it or in each element of `signatures`. A token answer with a member `signature` is none.
///
/// The payload may travel elsewhere (Appendix F); then the protected header has to be one.
fn is_signed(outer: &Map<String, Value>) -> bool {
    let detached = match outer.get("payload") {
        Some(payload) if payload.is_string() => false,
        Some(_) => return false,
        None => true,
    };
    let one = |one: &Map<String, Value>| {
        let protected = one.get("protected").and_then(Value::as_str);
        let named =
            if detached { protected.is_some_and(names_algorithm) } else { protected.is_some_and(|text| !text.is_empty()) };
        one.get("signature").is_some_and(Value::is_string) && (named || is_header(one.get("header")))
    };
    match outer.get("signatures") {
        Some(Value::Array(list)) => list.iter().any(|element| element.as_object().is_some_and(one)),
        Some(_) => false,
        None => one(outer),
    }
}

/// Whether an object has the members of encrypted content (RFC 7516 7.2): `ciphertext`, and a header that says how it was
/// encrypted. Many programs call something else `ciphertext`.
fn is_encrypted(outer: &Map<String, Value>) -> bool {
    let recipients = outer.get("recipients").and_then(Value::as_array);
    let header = outer.get("protected").and_then(Value::as_str).is_some_and(|text| !text.is_empty())
        || is_header(outer.get("unprotected"))
        || is_header(outer.get("header"))
        || recipients.is_some_and(|list| list.iter().any(|one| is_header(one.get("header"))));
    outer.get("ciphertext").is_some_and(Value::is_string) && header
}

/// An unprotected header says at least how the text was made, unless a protected one does.
fn is_header(value: Option<&Value>) -> bool {
    value.and_then(Value::as_object).is_some_and(|header| header.contains_key("alg") || header.contains_key("enc"))
}

/// Whether an encoded header is one.
fn names_algorithm(protected: &str) -> bool {
    let header = super::segment::read(protected).0.and_then(|bytes| json::read(&bytes).ok());
    header.is_some_and(|(header, _)| header.get("alg").is_some_and(Value::is_string))
}

fn signed(outer: &Map<String, Value>, size: usize) -> Option<Decoded> {
    let payload = outer.get("payload").and_then(Value::as_str).unwrap_or_default();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::TokenFormat;

    /// `{"alg":"RS256"}`.
    const HEADER: &str = "eyJhbGciOiJSUzI1NiJ9";

    #[test]
    fn only_the_members_of_rfc_7515_and_7516_make_an_object_a_serialisation() {
        let all = |text: &str| text.replace('H', HEADER);
        for text in [
            r#"{"payload":"e30","protected":"H","signature":"AAAA"}"#,
            r#"{"payload":"e30","header":{"alg":"RS256"},"signature":"AAAA"}"#,
            r#"{"payload":"e30","protected":"H","header":{"kid":"1"},"signature":""}"#,
            r#"{"payload":"e30","signatures":[{"protected":"H","signature":"AAAA"}]}"#,
            r#"{"payload":"e30","signatures":[{"header":{"alg":"RS256"},"signature":"AAAA"},{"protected":"H","signature":"BBBB"}]}"#,
            r#"{"protected":"H","signature":"AAAA"}"#,
            r#"{"signatures":[{"protected":"H","signature":"AAAA"}]}"#,
            // Broken, and still what it wants to be.
            r#"{"payload":"e30","protected":"*","signature":"AAAA"}"#,
        ] {
            assert_eq!(read(&all(text)).map(|decoded| decoded.format), Some(TokenFormat::Jws), "{text}");
        }
        for text in [
            r#"{"ciphertext":"AAAA","protected":"H","iv":"AA","tag":"AA"}"#,
            r#"{"ciphertext":"AAAA","unprotected":{"enc":"A128GCM"},"recipients":[{"encrypted_key":"AA"}]}"#,
            r#"{"ciphertext":"AAAA","header":{"alg":"dir","enc":"A128GCM"}}"#,
            r#"{"ciphertext":"AAAA","recipients":[{"header":{"alg":"dir"}}]}"#,
        ] {
            assert_eq!(read(&all(text)).map(|decoded| decoded.format), Some(TokenFormat::Jwe), "{text}");
        }
        for text in [
            r#"{"access_token":"H.e30.AAAA","signature":"x","instance_url":"https://a.test","issued_at":"1"}"#,
            r#"{"access_token":"H.e30.AAAA","signature":"x","protected":"no header"}"#,
            r#"{"access_token":"H.e30.AAAA","payload":"x"}"#,
            r#"{"access_token":"H.e30.AAAA","payload":"x","signature":"y"}"#,
            r#"{"access_token":"H.e30.AAAA","payload":"x","signature":"y","header":{"Content-Type":"text/plain"}}"#,
            r#"{"access_token":"H.e30.AAAA","payload":{"a":1},"signature":"y","protected":"H"}"#,
            r#"{"access_token":"H.e30.AAAA","payload":"x","protected":"H"}"#,
            r#"{"access_token":"H.e30.AAAA","signatures":["x","y"],"payload":"z"}"#,
            r#"{"access_token":"H.e30.AAAA","signatures":[]}"#,
            r#"{"access_token":"H.e30.AAAA","signature":true,"payload":"x","protected":"H"}"#,
            r#"{"ciphertext":"vault:v1:AAAA"}"#,
            r#"{"ciphertext":"AAAA","iv":"AA","tag":"AA"}"#,
            r#"{"ciphertext":"AAAA","header":"x"}"#,
            r#"{"ciphertext":"AAAA","header":{"kid":"1"}}"#,
            r#"{"ciphertext":{"protected":"H"}}"#,
            r#"{"ciphertext":"AAAA","recipients":["alice","bob"]}"#,
        ] {
            assert!(read(&all(text)).is_none(), "{text}");
        }
    }
}
