//! What findings on claims have in common: the claim they stand at, and the kind of a value in a word.

use serde_json::Value;

use crate::finding::Finding;

/// Puts a finding on a claim.
pub(super) fn on(finding: Finding, claim: &str) -> Finding {
    Finding { path: Some(format!("claims.{claim}")), ..finding }
}

/// What a JSON value is, in a word.
pub(super) fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
        Value::Bool(_) => "true or false",
        Value::Null => "null",
        Value::Number(_) => "a number",
    }
}
