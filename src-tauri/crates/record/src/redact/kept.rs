//! What may be kept of a token on disk: what it says, and nothing that could be used.
//!
//! Claims are no secret by themselves, but a server may put one among them: the token's own text as its `jti`, another token, the
//! private key an encrypted message carries (RFC 7517 Appendix C), a password, what the step sent. Their names stay, so that the
//! evidence still says that they were there.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{
    json,
    lines::LineRange,
    mask::{DOTS, JWT_DOTS, Nets},
    names,
    needles::{KnownSecrets, Needles},
    scan::redacted,
};
use token::{inspect::Keep, secret::Secret, text::Ink};

/// What stands where a token's own text was.
const ITSELF: &str = "[the token itself]";

/// Members of a key that only its owner may have (RFC 7518 6).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "k", "oth"];

/// Takes out of what is kept of one token what must not be; made once for all of it.
#[derive(Clone, Debug)]
pub struct KeepFilter(KnownSecrets);

impl KeepFilter {
    /// For the token with this text, if it is at hand, met in a run in which more is `known`.
    pub fn of(own: Option<&Secret>, known: &KnownSecrets) -> Self {
        Self(match own {
            Some(own) => KnownSecrets::over(known, Vec::new(), vec![(own.clone(), ITSELF.to_owned())]),
            None => known.clone(),
        })
    }

    /// Claims or a header.
    pub fn members(&self, members: &mut Map<String, Value>) {
        object(members, self.0.needles());
    }

    /// A sentence about it, or a value out of it that is no JSON.
    pub fn words(&self, text: &str) -> String {
        tokens(text, self.0.needles())
    }
}

impl Keep for KeepFilter {
    fn text(&self, text: &str) -> String {
        let needles = self.0.needles();
        let Some(lines) = json::lines(text, needles, LineRange::ALL, false) else {
            return redacted(text, needles, Nets::All);
        };
        // The quiet remarks of the exchange view are no part of the text.
        let line = |line: token::text::Line| -> String {
            line.into_iter().filter(|span| span.ink != Ink::Quiet).map(|span| span.text).collect()
        };
        lines.into_iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn value(&self, name: &str, value: &mut Value) {
        member(name, value, false, self.0.needles());
    }
}

/// Known values and what looks like one; what merely sounds like a credential stays.
fn tokens(text: &str, needles: &Needles) -> String {
    redacted(text, needles, Nets::Claims)
}

fn object(members: &mut Map<String, Value>, needles: &Needles) {
    let key = members.contains_key("kty");
    let signed = members.contains_key("payload") || members.contains_key("protected");
    let mut renamed = false;
    let shown: Vec<String> = members
        .iter_mut()
        .map(|(name, value)| {
            member(name, value, key && PRIVATE.contains(&name.as_str()) || signed && name == "signature", needles);
            let shown = tokens(name, needles);
            renamed |= shown != *name;
            shown
        })
        .collect();
    if renamed {
        *members = shown.into_iter().zip(std::mem::take(members).into_iter().map(|(_, value)| value)).collect();
    }
}

/// `material` says that it is a part of a key or a signature, whatever its name.
fn member(name: &str, value: &mut Value, material: bool, needles: &Needles) {
    let secret = material || names::sensitive_member(name);
    match value {
        Value::String(text) if secret && !text.is_empty() => {
            // What the token itself stood for says more than dots.
            *text = match needles.whole(text).flatten() {
                Some(evidence) => evidence.into_owned(),
                None if text.starts_with("eyJ") => JWT_DOTS.into(),
                None => DOTS.into(),
            };
        }
        Value::Number(_) if secret => *value = Value::from(DOTS),
        Value::Array(_) | Value::Object(_) if material => *value = Value::from(DOTS),
        Value::Array(list) if secret => list.iter_mut().for_each(|value| member(name, value, false, needles)),
        other => inside(other, needles),
    }
}

fn inside(value: &mut Value, needles: &Needles) {
    match value {
        Value::String(text) => {
            let shown = match needles.whole(text) {
                Some(evidence) => evidence.map_or_else(|| DOTS.to_owned(), Cow::into_owned),
                None => tokens(text, needles),
            };
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
        KeepFilter::of(Some(&Secret::new(own)), &KnownSecrets::default()).members(&mut members);
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
        let nothing = KeepFilter::of(None, &KnownSecrets::default());
        let text = nothing.text(r#"{"n":12345678901234567890123,"n":1,"k":{"kty":"oct","k":"geheim"}}"#);
        assert!(text.contains("12345678901234567890123") && text.contains("\"n\": 1,") && !text.contains("geheim"), "{text}");
        assert_eq!(nothing.text("see eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln now"), format!("see {JWT_DOTS} now"));
    }
}
