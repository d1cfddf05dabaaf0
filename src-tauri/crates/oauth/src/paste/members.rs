//! Tokens in JSON: members by their names, pairs of a name and a value as HAR, Postman and cookie stores write them, and
//! what is JSON, an address or base64 inside a string.

use serde_json::{Map, Value};

use super::{
    Place, headers, layers, looks, names,
    place::{Step, named, ordinal, singular},
    walk::Walk,
};
use token::{
    decode,
    inspect::{TokenFormat, TokenKind},
};

/// Collects the tokens of a value.
pub(super) fn search<'a>(value: &'a Value, path: &mut Vec<Step<'a>>, place: &Place, depth: usize, finder: &mut dyn Walk) {
    match value {
        Value::Object(object) => members(object, path, place, depth, finder),
        Value::Array(list) => {
            for (at, element) in list.iter().enumerate() {
                path.push(Step::Item(at, list.len()));
                match element {
                    Value::String(text) => element_of(text, path, place, depth, finder),
                    other => search(other, path, place, depth, finder),
                }
                path.pop();
            }
        }
        Value::String(text) => finder.leaf(text, "the text", place, depth),
        _ => {}
    }
}

/// A text in a list: what the list is called says what it is, as `{"Authorization": ["Bearer …"]}`.
fn element_of(text: &str, path: &[Step<'_>], place: &Place, depth: usize, finder: &mut dyn Walk) {
    let (Some(Step::Item(at, count)), above) = (path.last().copied(), &path[..path.len().saturating_sub(1)]) else { return };
    if let Some(Step::Member(name)) = above.last() {
        let outer = place.below(&above[..above.len() - 1]);
        if member(name, text, &above[..above.len() - 1], &outer, depth, finder) {
            return;
        }
    }
    let list = above.iter().rev().find_map(|step| match step {
        Step::Member(name) => Some(*name),
        Step::Item(..) => None,
    });
    let base = match list {
        Some(list) if count > 1 => format!("the {} {}", ordinal(at), singular(list)),
        Some(list) => format!("member {}", named(list)),
        None if count > 1 => format!("the {} item of the list", ordinal(at)),
        None => "the item of the list".into(),
    };
    let place = Place { near: place.near.clone(), far: place.below(above).far };
    finder.leaf(text, &base, &place, depth);
}

fn members<'a>(object: &'a Map<String, Value>, path: &mut Vec<Step<'a>>, place: &Place, depth: usize, finder: &mut dyn Walk) {
    let serialised = ["signature", "signatures", "ciphertext"].iter().any(|name| object.contains_key(*name));
    if serialised && !path.is_empty() {
        let text = Value::Object(object.clone()).to_string();
        if decode::decode(&text).format != TokenFormat::Opaque {
            return finder.add(&text, None, "JSON serialisation", &place.below(path));
        }
    }
    let done = pair(object, path, place, depth, finder);
    let secret = object.get("kind").and_then(Value::as_str) == Some("Secret");
    for (name, value) in object {
        if done.is_some_and(|(name_key, value_key)| name == name_key || name == value_key) {
            continue;
        }
        if secret && let ("data", Value::Object(data)) = (name.as_str(), value) {
            kubernetes(data, place, depth, finder);
            continue;
        }
        match value {
            // Too short for a token under any name.
            Value::String(text) if text.len() < 3 => {}
            Value::String(text) => {
                let here = place.below(path);
                if !member(name, text, path, &here, depth, finder) {
                    path.push(Step::Member(name));
                    let place = Place { near: here.near, far: here.far };
                    finder.leaf(text, &format!("member {}", named(name)), &place, depth);
                    path.pop();
                }
            }
            other => {
                path.push(Step::Member(name));
                search(other, path, place, depth, finder);
                path.pop();
            }
        }
    }
    // Microsoft's cache calls every token a secret, and says beside it which it is.
    if let (Some(kind), Some(secret)) = (
        object.get("credentialType").or_else(|| object.get("credential_type")).and_then(Value::as_str),
        object.get("secret").and_then(Value::as_str),
    ) {
        let kind = match kind.to_ascii_lowercase().as_str() {
            "idtoken" => Some(TokenKind::Id),
            "refreshtoken" => Some(TokenKind::Refresh),
            "accesstoken" | "accesstoken_with_authscheme" => Some(TokenKind::Access),
            _ => None,
        };
        if kind.is_some() && looks::is_token(secret) && !looks::is_placeholder(secret) {
            finder.add(secret, kind, "member secret", &place.below(path));
        }
    }
}

/// A member by its name; false when nothing was taken of it.
fn member(name: &str, text: &str, path: &[Step<'_>], place: &Place, depth: usize, finder: &mut dyn Walk) -> bool {
    let headers = path
        .iter()
        .rev()
        .take(2)
        .any(|step| matches!(step, Step::Member(list) if list.to_ascii_lowercase().ends_with("headers")));
    let before = finder.count();
    if names::is_authorization(name) || names::is_cookie(name) || headers {
        headers::header(name, text, place, depth, finder);
        return finder.count() > before;
    }
    finder.named(name, text, &format!("member {}", named(name)), place, depth)
}

/// `{"name": …, "value": …}` and its like; gives the two members it was made of.
fn pair<'a>(
    object: &'a Map<String, Value>,
    path: &[Step<'a>],
    place: &Place,
    depth: usize,
    finder: &mut dyn Walk,
) -> Option<(&'static str, &'static str)> {
    let (name_key, name) =
        ["name", "key", "header", "Name", "Key", "k"].into_iter().find_map(|key| Some((key, object.get(key)?.as_str()?)))?;
    let (value_key, value) = ["value", "Value", "val", "currentValue", "v", "initialValue"]
        .into_iter()
        .find_map(|key| Some((key, object.get(key)?)))?;
    let text = match value {
        Value::String(text) => text,
        Value::Array(list) => list.first()?.as_str()?,
        _ => return None,
    };
    // The pair itself is one of a list that says what kind of pairs they are.
    let list_at = path.iter().rposition(|step| matches!(step, Step::Member(_)));
    let list = list_at.and_then(|at| match path[at] {
        Step::Member(list) => Some(list.to_ascii_lowercase()),
        Step::Item(..) => None,
    });
    let above = list_at.map_or(&[][..], |at| &path[..at]);
    let mut here = place.below(above);
    if let Some(at) = list_at {
        here.far = place.below(&path[..=at]).far;
    }
    let before = finder.count();
    let base = match list.as_deref() {
        Some(list) if list.ends_with("header") || list.ends_with("headers") => {
            headers::header(name, text, &here, depth, finder);
            return (finder.count() > before).then_some((name_key, value_key));
        }
        Some(list) if list.ends_with("cookies") => format!("cookie {}", named(name)),
        Some("querystring" | "query" | "params" | "urlencoded" | "formdata" | "parameters" | "urlparams") => {
            format!("parameter {}", named(name))
        }
        Some("values") => {
            here.near = format!(" in the environment{}", here.near);
            format!("value of {}", named(name))
        }
        Some("localstorage" | "sessionstorage") => format!("{} in the storage", named(name)),
        _ => format!("value of {}", named(name)),
    };
    if names::is_authorization(name) || names::is_cookie(name) {
        headers::header(name, text, &here, depth, finder);
    } else if !finder.named(name, text, &base, &here, depth) {
        finder.leaf(text, &base, &here, depth);
    }
    (finder.count() > before).then_some((name_key, value_key))
}

/// The data of a Kubernetes Secret: each value is base64.
pub(super) fn kubernetes(data: &Map<String, Value>, place: &Place, depth: usize, finder: &mut dyn Walk) {
    for (name, value) in data {
        if let Some(inner) = value.as_str().and_then(layers::base64_text) {
            secret(name, &inner, place, depth, finder);
        }
    }
}

/// One value of a Secret, out of its base64.
pub(super) fn secret(name: &str, inner: &str, place: &Place, depth: usize, finder: &mut dyn Walk) {
    let inner = inner.trim();
    let base = format!("{} in the Secret, out of base64", named(name));
    let before = finder.count();
    if !finder.named(name, inner, &base, place, depth) {
        finder.leaf(inner, &base, place, depth);
    }
    if finder.count() == before && looks::is_opaque(inner) && name.to_ascii_lowercase().contains("token") {
        finder.add(inner, None, &base, place);
    }
}
