//! What the inspector shows of a token besides its claims as values: the exact spelling, the payload that is no set of
//! claims, disclosures and key binding.
//!
//! It is made once, when the text is at hand, and kept with the evidence that outlives the text, without anything secret in it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    rows::{ClaimGroup, ClaimValue},
    verification::SignatureView,
};
use crate::decode::{Decoded, SAML, json::Exact, laid_out};

/// Takes out of a text or a value what must not be kept: the token's own text, tokens and keys inside it.
pub trait Keep {
    /// A text: JSON laid out, or running text.
    fn text(&self, text: &str) -> String;
    /// One value that stands under a name.
    fn value(&self, name: &str, value: &mut Value);
}

/// See the module. The default is that of a token without text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TextDetails {
    /// Groups of facts after those of the claims.
    pub groups: Vec<ClaimGroup>,
    /// Every signature on its own; empty when there is only one.
    pub signatures: Vec<SignatureView>,
    /// Payload that is text and no set of claims.
    pub content: Option<String>,
    pub(super) header_json: Option<String>,
    pub(super) json: Option<String>,
    /// Texts of the claims that their values can not hold.
    pub exact: Exact,
}

/// Takes out of a decoded token what the values do not hold.
pub fn reading(decoded: &Decoded) -> TextDetails {
    let spelled = &decoded.spelled;
    TextDetails {
        groups: decoded.groups.clone(),
        signatures: Vec::new(),
        content: decoded.content.clone(),
        header_json: spelled.header.as_deref().filter(|_| decoded.others.is_empty()).map(laid_out),
        json: spelled.claims.as_deref().map(laid_out),
        exact: decoded.exact(),
    }
}

impl TextDetails {
    /// What a token without claims says of itself in their place, by the names claims have: issuer, subject, audience and times of a
    /// SAML assertion (SAML Core 2.3.3), as RFC 7522 3 reads them. It is no more verified than the token is.
    pub fn said(&self) -> Option<Map<String, Value>> {
        let assertion = self.groups.iter().find(|group| group.id == SAML)?;
        let value = |path: &str| assertion.rows.iter().find(|row| row.path == path).map(|row| &row.value);
        let text = |path: &str| match value(path) {
            Some(ClaimValue::Text { text }) => Some(text.as_str()),
            _ => None,
        };
        // A time without a zone is none that is known.
        let time = |path: &str| {
            text(path).and_then(|text| text.parse::<jiff::Timestamp>().ok()).map(|time| time.as_millisecond().div_euclid(1000))
        };
        let mut said = Map::new();
        for (name, path) in
            [("iss", "Issuer"), ("sub", "Subject.NameID"), ("jti", "Assertion.ID"), ("sid", "AuthnStatement.SessionIndex")]
        {
            if let Some(text) = text(path) {
                said.insert(name.into(), text.into());
            }
        }
        if let Some(ClaimValue::Set { members, .. }) = value("Conditions.AudienceRestriction") {
            said.insert("aud".into(), members.iter().map(String::as_str).collect());
        }
        // Whichever comes first ends it: past one of them every receiver must refuse it (RFC 7522 3, 4).
        let ends = ["Conditions.NotOnOrAfter", "Subject.SubjectConfirmationData.NotOnOrAfter"];
        for (name, time) in [
            ("iat", time("Assertion.IssueInstant")),
            ("nbf", time("Conditions.NotBefore")),
            ("exp", ends.iter().filter_map(|path| time(path)).min()),
        ] {
            if let Some(seconds) = time {
                said.insert(name.into(), seconds.into());
            }
        }
        Some(said)
    }

    /// What of it may be kept on disk: without what `keep` takes out (the token's own text, tokens and keys inside it), and without
    /// what header and claims say just as well.
    #[must_use]
    pub fn kept(&self, header: Option<&Map<String, Value>>, claims: Option<&Map<String, Value>>, keep: &impl Keep) -> Self {
        let unlike =
            |text: &Option<String>, values| text.as_ref().filter(|text| **text != pretty(values)).map(|text| keep.text(text));
        let mut groups = self.groups.clone();
        for row in groups.iter_mut().flat_map(|group| &mut group.rows) {
            if let ClaimValue::Text { text } | ClaimValue::Json { text } = &mut row.value {
                let parsed: Option<Value> =
                    serde_json::from_str(text).ok().filter(|value: &Value| value.is_object() || value.is_array());
                let mut value = parsed.unwrap_or_else(|| Value::from(text.as_str()));
                keep.value(&row.label, &mut value);
                *text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            }
        }
        let number = |text: &String| text.starts_with(|letter: char| letter == '-' || letter.is_ascii_digit());
        Self {
            groups,
            signatures: self.signatures.clone(),
            content: self.content.as_deref().map(|text| keep.text(text)),
            header_json: unlike(&self.header_json, header),
            json: unlike(&self.json, claims),
            exact: self.exact.iter().filter(|(_, text)| number(text)).map(|(path, text)| (path.clone(), text.clone())).collect(),
        }
    }

    /// It when the text is gone: nothing in it can be checked any more.
    #[must_use]
    pub fn as_evidence(mut self) -> Self {
        for signature in &mut self.signatures {
            signature.verification = signature.verification.remembered();
        }
        self
    }
}

/// A header or claims as JSON in lines.
pub(super) fn pretty(map: Option<&Map<String, Value>>) -> String {
    // A map of plain values always serialises.
    map.and_then(|map| serde_json::to_string_pretty(map).ok()).unwrap_or_default()
}
