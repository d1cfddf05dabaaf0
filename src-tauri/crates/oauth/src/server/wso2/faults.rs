//! The codes of WSO2's gateway, wherever they stand.

use serde_json::Value;

use crate::refusal::markup::element;

/// Digits of a gateway's fault code.
const CODE_DIGITS: usize = 6;

fn is_code(text: &str) -> bool {
    text.len() == CODE_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The code of a fault of WSO2's gateway, wherever it stands: a member `code` however deep, an XML element, or `(900901)` in a text
/// that was rewritten.
pub(super) fn gateway_code(body: &str, json: Option<&Value>) -> Option<String> {
    fn within(value: &Value, depth: usize) -> Option<String> {
        let below = |value: &Value| if depth == 0 { None } else { within(value, depth - 1) };
        match value {
            Value::Object(members) => members
                .iter()
                .filter(|(name, _)| matches!(name.as_str(), "code" | "errorCode" | "error_code"))
                .find_map(|(_, value)| match value {
                    Value::String(text) => Some(text.trim().to_owned()),
                    Value::Number(number) => Some(number.to_string()),
                    _ => None,
                })
                .filter(|code| is_code(code))
                .or_else(|| members.values().find_map(below)),
            Value::Array(items) => items.iter().find_map(below),
            _ => None,
        }
    }
    const DEPTH: usize = 5;
    json.and_then(|json| within(json, DEPTH)).or_else(|| element(body, "code").filter(|code| is_code(code))).or_else(|| {
        body.split('(').skip(1).find_map(|rest| rest.split(')').next().filter(|code| is_code(code))).map(str::to_owned)
    })
}

/// The code of a fault of WSO2's gateway from an API that is not known to stand behind one. Six digits are anybody's: the code is
/// one of the catalogue, and its words stand beside it, as the gateway writes both.
pub(super) fn known_fault(description: &str, body: &str, json: Option<&Value>) -> Option<String> {
    const WORDS: [&str; 14] = [
        "invalid credentials",
        "missing credentials",
        "access failure",
        "authentication failure",
        "runtime error",
        "access token",
        "incorrect access token type",
        "resource forbidden",
        "subscription",
        "user is not authorized",
        "api blocked",
        "inactive",
        "allow you to access the requested resource",
        "wso2",
    ];
    const PREFIX: &str = "9009";
    let body = body.get(..8_192).unwrap_or(body);
    let found = gateway_code(body, json).or_else(|| gateway_code(description, None));
    let code = found.filter(|code| code.starts_with(PREFIX))?;
    let said = format!("{}\n{body}", description).to_lowercase();
    (super::refusals::knows(&code) && WORDS.iter().any(|words| said.contains(words))).then_some(code)
}
