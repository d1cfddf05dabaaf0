//! What may be kept of a token on disk: what it says, and nothing that could be used.
//!
//! Claims are no secret by themselves, but a server may put one among them: the token's own text as its `jti`, another token, the
//! private key an encrypted message carries (RFC 7517 Appendix C), a password. Their names stay, so that the evidence still says
//! that they were there.

use serde_json::{Map, Value};

use super::{DOTS, JWT_DOTS, Known, Needles, json, names, plain};
use crate::{secret::Secret, text::Ink};

/// What stands where a token's own text was.
const ITSELF: &str = "[the token itself]";

/// Members of a key that only its owner may have (RFC 7518 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "k", "oth"];

/// Takes out of claims or a header what must not be kept; `own` is the text of the token they belong to.
pub fn kept(members: &mut Map<String, Value>, own: Option<&Secret>) {
    object(members, &needles(own));
}

/// The same for a text: JSON laid out, or running text.
pub fn kept_text(text: &str, own: Option<&Secret>) -> String {
    let needles = needles(own);
    let Some(lines) = json::lines(text, &needles) else {
        return plain::running(text, &needles);
    };
    // The quiet remarks of the exchange view are no part of the text.
    let line = |line: crate::text::Line| -> String {
        line.into_iter().filter(|span| span.ink != Ink::Quiet).map(|span| span.text).collect()
    };
    lines.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The same for one value that stands under a name.
pub fn kept_value(name: &str, value: &mut Value, own: Option<&Secret>) {
    member(name, value, false, &needles(own));
}

fn needles(own: Option<&Secret>) -> Needles {
    let tokens = own.map(|own| (own.clone(), ITSELF.to_owned()));
    Needles::new(&Known { secrets: Vec::new(), tokens: tokens.into_iter().collect() })
}

fn object(members: &mut Map<String, Value>, needles: &Needles) {
    let key = members.contains_key("kty");
    let signed = members.contains_key("payload") || members.contains_key("protected");
    for (name, value) in members.iter_mut() {
        member(name, value, key && PRIVATE.contains(&name.as_str()) || signed && name == "signature", needles);
    }
    if members.keys().any(|name| plain::tokens(name, needles) != *name) {
        *members = std::mem::take(members).into_iter().map(|(name, value)| (plain::tokens(&name, needles), value)).collect();
    }
}

fn member(name: &str, value: &mut Value, secret: bool, needles: &Needles) {
    match value {
        Value::String(text) if !text.is_empty() && (secret || names::sensitive_member(name)) => {
            let shown = plain::tokens(text, needles);
            // What the token itself stood for says more than dots.
            *text = if shown == ITSELF {
                shown
            } else if text.starts_with("eyJ") {
                JWT_DOTS.into()
            } else {
                DOTS.into()
            };
        }
        Value::Array(_) | Value::Object(_) if secret => *value = Value::from(DOTS),
        other => inside(other, needles),
    }
}

fn inside(value: &mut Value, needles: &Needles) {
    match value {
        Value::String(text) => {
            let shown = plain::tokens(text, needles);
            if shown != *text {
                *text = shown;
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| inside(value, needles)),
        Value::Object(members) => object(members, needles),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(value: Value, own: &str) -> Value {
        let mut members = value.as_object().cloned().unwrap_or_default();
        kept(&mut members, Some(&Secret::new(own)));
        Value::Object(members)
    }

    #[test]
    fn the_tokens_own_text_is_nowhere() {
        let said = json!({"jti": "0f5c-ref", "more": {"list": ["Bearer 0f5c-ref", "kept"], "0f5c-ref": 1}});
        let expected = json!({"jti": ITSELF, "more": {"list": [format!("Bearer {ITSELF}"), "kept"], ITSELF: 1}});
        assert_eq!(shown(said, "0f5c-ref"), expected);
    }

    #[test]
    fn other_tokens_keys_and_passwords_are_masked_under_their_names() {
        let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";
        let said = json!({"note": format!("see {jwt}."), "id_token": jwt, "password": "geheim", "client_secret": "s", "code_challenge": "x",
            "key": {"kty": "OKP", "crv": "Ed25519", "x": "pub", "d": "priv"}, "d": "day",
            "inner": {"payload": "e30", "signatures": [{"protected": "e30", "signature": "c2ln"}]}, "signature": "by hand"});
        let expected = json!({"note": format!("see {JWT_DOTS}"), "id_token": JWT_DOTS, "password": DOTS, "client_secret": DOTS, "code_challenge": "x",
            "key": {"kty": "OKP", "crv": "Ed25519", "x": "pub", "d": DOTS}, "d": "day",
            "inner": {"payload": "e30", "signatures": [{"protected": "e30", "signature": DOTS}]}, "signature": "by hand"});
        let shown = shown(said, "own-text-of-it");
        // A dot at the end of a sentence may be taken for one of the token's.
        assert_eq!(shown["note"].as_str().map(|note| note.trim_end_matches('.')), expected["note"].as_str());
        for name in ["id_token", "password", "client_secret", "code_challenge", "key", "d", "inner", "signature"] {
            assert_eq!(shown[name], expected[name], "{name}");
        }
    }

    #[test]
    fn plain_claims_stay_as_they_are() {
        let claims = json!({"sub": "alice", "tierInfo": {"Basic subscription": 1}, "scope": "code state=x openid", "typ": "Bearer",
            "cnf": {"jwk": {"kty": "EC", "x": "eyJw", "y": "q"}}, "exp": 1, "name": "Bearer of the long-winded-name"});
        assert_eq!(shown(claims.clone(), "another token"), claims);
    }

    #[test]
    fn texts_are_laid_out_and_masked() {
        let text = kept_text(r#"{"n":12345678901234567890123,"n":1,"k":{"kty":"oct","k":"geheim"}}"#, None);
        assert!(text.contains("12345678901234567890123") && text.contains("\"n\": 1,") && !text.contains("geheim"), "{text}");
        assert_eq!(kept_text("see eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln now", None), format!("see {JWT_DOTS} now"));
    }
}
