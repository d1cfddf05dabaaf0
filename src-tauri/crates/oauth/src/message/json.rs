//! JSON as it was sent: members in their order, duplicates noticed.
//!
//! A JSON parser that keeps the last of two members lets two readers of one answer see two things
//! (RFC 8259 4), so repeated names are reported instead of being resolved silently.

use std::{collections::HashSet, fmt};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

/// Top-level members of an object and the names that stood there more than once.
pub(crate) struct Object {
    /// Members; the last of repeated ones.
    pub members: Map<String, Value>,
    /// Repeated names, each once.
    pub repeated: Vec<String>,
}

/// Why a text is not a JSON object.
pub(crate) enum NotObject {
    /// Not JSON; the parser's words, which name a place and never the content.
    Syntax(String),
    /// JSON of another type, e.g. `an array`.
    Type(&'static str),
    /// An object, and then something else; where that begins, and what it is.
    More(String),
    /// JSON that is wrapped into script, e.g. `callback({…})`, or has a guard against that before it.
    Script,
}

/// UTF-8 byte order mark, which must not stand before JSON and may be ignored (RFC 8259 8.1).
const BOM: &[u8] = &[0xef, 0xbb, 0xbf];

/// The body without a byte order mark; true when there was one.
pub(crate) fn without_bom(body: &[u8]) -> (&[u8], bool) {
    body.strip_prefix(BOM).map_or((body, false), |rest| (rest, true))
}

/// What stands in the way of reading a body as one JSON value.
fn syntax(body: &[u8], error: &serde_json::Error) -> NotObject {
    let start = body.trim_ascii_start();
    let call = start.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"_$.".contains(byte)));
    let called = call.is_some_and(|at| at > 0 && start[at..].trim_ascii_start().starts_with(b"("))
        && start.trim_ascii_end().ends_with(b")")
        || start.trim_ascii_end().ends_with(b");");
    if called
        || start.starts_with(b"/*")
        || start.starts_with(b")]}'")
        || start.starts_with(b"while(1)")
        || start.starts_with(b"for(;;)")
    {
        return NotObject::Script;
    }
    let mut first = serde_json::Deserializer::from_slice(body).into_iter::<Value>();
    if matches!(first.next(), Some(Ok(Value::Object(_)))) {
        return NotObject::More(format!("line {}, column {}", error.line(), error.column()));
    }
    NotObject::Syntax(format!("line {}, column {}", error.line(), error.column()))
}

/// Parses one JSON object. A byte order mark before it is left out.
pub(crate) fn object(body: &[u8]) -> Result<Object, NotObject> {
    let (body, _) = without_bom(body);
    match serde_json::from_slice::<Value>(body) {
        Err(error) => Err(syntax(body, &error)),
        Ok(Value::Object(_)) => serde_json::from_slice::<Object>(body)
            .map_err(|error| NotObject::Syntax(format!("line {}, column {}", error.line(), error.column()))),
        Ok(Value::Array(_)) => Err(NotObject::Type("an array")),
        Ok(Value::String(_)) => Err(NotObject::Type("a string")),
        Ok(Value::Number(_)) => Err(NotObject::Type("a number")),
        Ok(Value::Bool(_)) => Err(NotObject::Type("true or false")),
        Ok(Value::Null) => Err(NotObject::Type("null")),
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Object, A::Error> {
                let mut object = Object { members: Map::new(), repeated: Vec::new() };
                let mut twice = HashSet::new();
                while let Some((name, value)) = access.next_entry::<String, Value>()? {
                    if object.members.insert(name.clone(), value).is_some() && twice.insert(name.clone()) {
                        object.repeated.push(name);
                    }
                }
                Ok(object)
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// Whether a body is HTML, by its type or its first characters.
pub(crate) fn is_html(content_type: &str, body: &[u8]) -> bool {
    let (body, _) = without_bom(body);
    let start = String::from_utf8_lossy(&body[..body.len().min(256)]).trim_start().to_ascii_lowercase();
    content_type.to_ascii_lowercase().starts_with("text/html")
        || start.starts_with("<!doctype html")
        || start.starts_with("<html")
}

/// A whole number of seconds, as number or as decimal text: servers do both.
pub(crate) fn seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().filter(|f| f.is_finite() && f.abs() < 9e15).map(|f| f as i64))
        }
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The texts of a member that is a list; those that are none are left out.
pub(super) fn list(members: &Map<String, Value>, name: &str) -> Vec<String> {
    members
        .get(name)
        .and_then(Value::as_array)
        .map(|items| items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default()
}
