//! Where keys stand in JSON: in a set, in a list, under whatever name.

use serde_json::{Map, Value};

/// A text, or the first of a list of texts, as `x5c` is.
pub(super) fn first_text(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.as_array()?.first()?.as_str())
}

/// A JWK or a set of them as one object, wherever it stands in the value: in a list, under a name. Several sets are one.
pub(super) fn jwks(value: &Value, levels: usize) -> Option<Map<String, Value>> {
    let inner = |value: &Value| levels.checked_sub(1).and_then(|next| jwks(value, next));
    match value {
        Value::Object(object) if object.contains_key("kty") || object.get("keys").is_some_and(Value::is_array) => {
            Some(object.clone())
        }
        Value::Object(object) => object.values().take(64).filter(|value| !value.is_string()).find_map(inner),
        Value::Array(list) if list.iter().any(|one| one.get("kty").is_some()) => {
            Some(Map::from_iter([("keys".to_owned(), Value::Array(list.clone()))]))
        }
        Value::Array(list) => {
            let mut keys: Vec<Value> = Vec::new();
            for set in list.iter().take(64).filter_map(inner) {
                match set.get("keys") {
                    Some(Value::Array(more)) => keys.extend(more.iter().cloned()),
                    _ => keys.push(Value::Object(set)),
                }
            }
            (!keys.is_empty()).then(|| Map::from_iter([("keys".to_owned(), Value::Array(keys))]))
        }
        _ => None,
    }
}
