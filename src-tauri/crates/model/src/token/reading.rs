//! What the inspector shows of a token besides its claims as values: the exact spelling, the payload that is no set of
//! claims, disclosures and key binding.
//!
//! It is made once, when the text is at hand; the evidence that outlives the text has none of it.

use super::{ClaimGroup, ClaimRow, ClaimValue, SignatureView};
use crate::decode::{Decoded, json, laid_out};

/// See the module. The default is that of a token without text.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Groups of facts after those of the claims.
    pub groups: Vec<ClaimGroup>,
    /// Every signature on its own; empty when there is only one.
    pub signatures: Vec<SignatureView>,
    /// Payload that is text and no set of claims.
    pub content: Option<String>,
    pub(super) header_json: Option<String>,
    pub(super) json: Option<String>,
    exact: Vec<(String, String)>,
}

/// Takes out of a decoded token what the values do not hold.
pub fn reading(decoded: &Decoded) -> Reading {
    let spelled = &decoded.spelled;
    Reading {
        groups: decoded.groups.clone(),
        signatures: Vec::new(),
        content: decoded.content.clone(),
        header_json: spelled.header.as_deref().filter(|_| decoded.others.is_empty()).map(laid_out),
        json: spelled.claims.as_deref().map(laid_out),
        exact: spelled.claims.as_deref().map(json::exact).unwrap_or_default(),
    }
}

impl Reading {
    /// Puts the exact text where a value is shown that can not hold it.
    pub(super) fn correct(&self, row: &mut ClaimRow) {
        let exact = |path: &str| self.exact.iter().rev().find(|(other, _)| other == path).map(|(_, text)| text);
        match &mut row.value {
            ClaimValue::Text { text } | ClaimValue::Json { text } => {
                if let Some(found) = exact(&row.path) {
                    *text = found.trim_matches('"').to_owned();
                }
            }
            ClaimValue::Set { members } => {
                for (at, member) in members.iter_mut().enumerate() {
                    if let Some(found) = exact(&format!("{}[{at}]", row.path)) {
                        member.clone_from(found);
                    }
                }
            }
            ClaimValue::Time { .. } => {}
        }
    }
}
