//! What a token endpoint says where it does not speak as RFC 6749 5.2 asks: Okta's `errorCode`, a gateway's fault, problem details
//! (RFC 9457), a `message`, or the same in XML.

use serde_json::{Map, Value};

use super::oauth_error::OAuthError;
use record::redact;

/// Most letters that are taken of a server's words.
const LONGEST: usize = 400;
/// How deep a fault may lie.
const DEPTH: usize = 3;

const CODES: [&str; 5] = ["errorCode", "error_code", "code", "Code", "faultcode"];
const WORDS: [&str; 15] = [
    "errorSummary",
    "error_description",
    "errorDescription",
    "error_message",
    "errorMessage",
    "description",
    "detail",
    "message",
    "Message",
    "msg",
    "title",
    "reason",
    "summary",
    "faultstring",
    "details",
];

/// The refusal that an object without the member `error` tells; none where it has no words.
pub(super) fn in_object(members: &Map<String, Value>, status: u16) -> Option<OAuthError> {
    let (code, words) = within(members, DEPTH)?;
    // The status again is no code.
    let error = code.filter(|code| *code != status.to_string()).unwrap_or_default();
    (!error.is_empty() || !words.is_empty()).then(|| OAuthError { error, description: joined(words), uri: None })
}

fn within(members: &Map<String, Value>, depth: usize) -> Option<(Option<String>, Vec<String>)> {
    let code = CODES.iter().find_map(|name| match members.get(*name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Some(short(text)),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    });
    let texts = WORDS.iter().filter_map(|name| members.get(*name).and_then(Value::as_str));
    let words: Vec<String> = texts.map(short).filter(|text| !text.is_empty()).take(3).collect();
    if !words.is_empty() || code.as_deref().is_some_and(|code| !code.bytes().all(|byte| byte.is_ascii_digit())) {
        return Some((code, words));
    }
    let inner = members.values().filter_map(|value| match value {
        Value::Object(inner) => Some(inner),
        Value::Array(items) => items.first().and_then(Value::as_object),
        _ => None,
    });
    depth.checked_sub(1).and_then(|depth| inner.take(16).find_map(|inner| within(inner, depth)))
}

/// The words of a refusal in XML, its code before them, or of a short plain text; none where there are none.
pub(super) fn in_text(body: &[u8]) -> Option<String> {
    const MOST: usize = 8_192;
    let text = String::from_utf8_lossy(body.get(..MOST).unwrap_or(body)).trim().to_owned();
    if text.starts_with('<') {
        let found = |names: &[&str]| names.iter().filter_map(|name| element(&text, name)).collect::<Vec<_>>();
        let mut words: Vec<String> = found(&CODES).into_iter().take(1).collect();
        words.extend(found(&WORDS).into_iter().take(3));
        return joined(words);
    }
    let plain = !text.starts_with(['{', '[', '"']) && text.chars().count() <= LONGEST && text.contains(char::is_alphabetic);
    let prose = !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    (plain && prose && !text.contains('<')).then(|| short(&text))
}

fn element(text: &str, name: &str) -> Option<String> {
    let end_of_name = format!("{name}>");
    let open = text.find(&end_of_name)?;
    // `</code>` or `<errorcode>` is not the opening of `code`.
    if !text.get(..open)?.ends_with(['<', ':']) {
        return None;
    }
    let inner = text.get(open + end_of_name.len()..)?.split('<').next()?.trim();
    (!inner.is_empty()).then(|| short(inner))
}

fn joined(words: Vec<String>) -> Option<String> {
    let mut list: Vec<String> = Vec::new();
    for word in words {
        if !list.contains(&word) {
            list.push(word);
        }
    }
    (!list.is_empty()).then(|| list.join(": "))
}

fn short(text: &str) -> String {
    let text = redact::text(text.trim(), &redact::KnownSecrets::default());
    text.chars().take(LONGEST).collect()
}
