//! Requests and answers in the shape of the product's own APIs.

use std::collections::HashMap;

use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::serve;

/// A refusal in the shape of the product's own APIs: `code` is a number here.
#[derive(Debug)]
pub(crate) struct Error {
    status: u16,
    code: u32,
    message: String,
    description: String,
}

impl Error {
    pub fn new(status: u16, message: &str, description: &str) -> Self {
        Error::coded(status, status.into(), message, description)
    }

    pub fn coded(status: u16, code: u32, message: &str, description: &str) -> Self {
        Error { status, code, message: message.to_owned(), description: description.to_owned() }
    }

    pub fn bad(description: &str) -> Self {
        Error::new(400, "Bad Request", description)
    }

    pub fn response(&self) -> Response {
        let body = json!({
            "code": self.code, "message": self.message, "description": self.description, "moreInfo": "", "error": [],
        });
        serve::json(self.status, &body)
    }
}

/// The members of a JSON body.
pub(crate) struct Body(Map<String, Value>);

impl Body {
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A text member, empty when it is absent or no text.
    pub fn text(&self, name: &str) -> &str {
        self.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The texts of an array member.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let list = self.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// Reads a JSON object of these members; the real server refuses every other one.
pub(crate) fn members(body: &[u8], allowed: &[&str]) -> Result<Body, Error> {
    if body.is_empty() {
        return Err(Error::bad("Request payload cannot be empty."));
    }
    let Ok(Value::Object(found)) = serde_json::from_slice::<Value>(body) else {
        return Err(Error::bad("Malformed request body."));
    };
    if let Some(name) = found.keys().find(|name| !allowed.contains(&name.as_str())) {
        return Err(Error::bad(&format!("Unrecognized property '{name}'")));
    }
    Ok(Body(found))
}

/// A list with its pagination, from offset and limit of the query.
pub(super) fn page(query: &HashMap<String, String>, all: Vec<Value>) -> Value {
    let number = |name: &str, usual: usize| query.get(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (offset, limit) = (number("offset", 0), number("limit", 25));
    let total = all.len();
    let list: Vec<Value> = all.into_iter().skip(offset).take(limit).collect();
    let link = |at: usize| format!("?limit={limit}&offset={at}");
    json!({
        "count": list.len(),
        "list": list,
        "pagination": {
            "offset": offset, "limit": limit, "total": total,
            "next": if offset + limit < total { link(offset + limit) } else { String::new() },
            "previous": if offset > 0 { link(offset.saturating_sub(limit)) } else { String::new() },
        },
    })
}

/// What a handler gives becomes the answer.
pub(super) fn answer(result: Result<Response, Error>) -> Response {
    result.unwrap_or_else(|error| error.response())
}
