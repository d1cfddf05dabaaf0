//! What a user typed into a draft and must not be kept or shown: passwords, credentials in headers, addresses and bodies.
//!
//! They are found twice: once to know their values, since a server may echo them anywhere, and once to leave them out of the record.

use url::Url;

use crate::{
    message::{token_id, value},
    operation,
};
use record::{
    encode::form_decode,
    operation::Draft,
    redact::{self, KnownSecrets},
};
use token::{secret::Secret, text::Pair};

/// Fields whose whole value is an address.
const ADDRESSES: [&str; 1] = ["url"];

/// The values a user typed that are secret by their name or place.
pub fn secrets(draft: &Draft) -> Vec<Secret> {
    let definition = operation::of(draft.operation);
    let mut found: Vec<String> = Vec::new();
    for pair in draft.values.iter().chain(&draft.extra).filter(|pair| token_id(pair.value.trim()).is_none()) {
        match pair.name.as_str() {
            "headers" => pair.value.lines().filter_map(header).for_each(|(name, text)| of_header(name, text, &mut found)),
            name if ADDRESSES.contains(&name) => of_address(&pair.value, &mut found),
            "body" => of_body(&pair.value, &mut found),
            name if is_secret(name) || definition.is_secret(name) => found.push(pair.value.clone()),
            _ => {}
        }
    }
    // What also names somebody is public: a test user whose password is the name.
    let public: Vec<&str> =
        ["client", "username", "audience", "scope", "resource"].iter().filter_map(|name| value(draft, name)).collect();
    found.retain(|text| !text.trim().is_empty() && !public.contains(&text.as_str()));
    found.into_iter().map(Secret::new).collect()
}

/// The draft as it may be recorded: what is secret is left out, under whatever name it was sent. A header goes with its line, a
/// parameter of an address with its pair; the rest stays, so that the step can be run again.
pub fn recorded(draft: &Draft, known: &KnownSecrets) -> Draft {
    let mut draft = draft.clone();
    let definition = operation::of(draft.operation);
    for pair in &mut draft.values {
        match pair.name.as_str() {
            "headers" => {
                let harmless = |line: &&str| match header(line) {
                    Some((name, text)) => redact::harmless_header(name) && is_plain(text, known),
                    None => is_plain(line, known),
                };
                if !pair.value.lines().all(|line| harmless(&line)) {
                    pair.value = pair.value.lines().filter(harmless).collect::<Vec<_>>().join("\n");
                }
            }
            name if ADDRESSES.contains(&name) && redact::url_text(&pair.value, known) != pair.value => {
                pair.value = address(&pair.value, known);
            }
            _ => {}
        }
    }
    let harmless = |pair: &Pair| {
        let referred = token_id(pair.value.trim()).is_some();
        let structured = pair.name == "headers" || ADDRESSES.contains(&pair.name.as_str());
        let secret = is_secret(&pair.name) || definition.is_secret(&pair.name);
        referred || pair.value.is_empty() || structured || !secret && is_plain(&pair.value, known)
    };
    let kept = |mut pairs: Vec<Pair>| {
        pairs.retain(harmless);
        pairs
    };
    draft.values = kept(draft.values);
    draft.extra = kept(draft.extra);
    // Only a name that is none of ours can hold a secret itself.
    draft.extra.retain(|pair| is_plain(&pair.name, known));
    draft
}

fn is_plain(text: &str, known: &KnownSecrets) -> bool {
    redact::text(text, known) == text
}

fn is_secret(name: &str) -> bool {
    redact::sensitive_parameter(name) || name.contains("secret") || name.contains("password")
}

fn header(line: &str) -> Option<(&str, &str)> {
    line.split_once(':').map(|(name, text)| (name.trim(), text.trim()))
}

fn of_header(name: &str, text: &str, found: &mut Vec<String>) {
    if redact::harmless_header(name) {
        return;
    }
    let lower = name.to_ascii_lowercase();
    if lower == "cookie" {
        let values = text.split(';').map(|part| part.split_once('=').map_or(part, |(_, value)| value).trim());
        found.extend(values.filter(|value| value.len() > 3).map(str::to_owned));
        return;
    }
    // What stands under a name of the user's own is secret, whatever it looks like; only switches would hide words and no secret.
    let switch = ["true", "false", "null", "none"].iter().any(|word| text.eq_ignore_ascii_case(word));
    if redact::sensitive_header(name) || text.chars().count() > 3 && !switch {
        found.push(text.to_owned());
        if let Some((scheme, rest)) = text.split_once(' ') {
            found.push(rest.trim().to_owned());
            if scheme.eq_ignore_ascii_case("basic") {
                found.extend(record::encode::basic_password(rest.trim()));
            }
        }
    }
}

fn of_address(text: &str, found: &mut Vec<String>) {
    let Ok(url) = Url::parse(text.trim()) else { return };
    found.extend(url.password().map(form_decode));
    found.extend(url.path().split('/').filter(|part| redact::opaque(part)).map(str::to_owned));
    let fragment = url.fragment().unwrap_or_default();
    let pairs = url.query_pairs().into_owned().chain(url::form_urlencoded::parse(fragment.as_bytes()).into_owned());
    found.extend(pairs.filter(|(name, value)| is_secret(name) && value.len() > 3).map(|(_, value)| value));
}

fn of_body(text: &str, found: &mut Vec<String>) {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(json) => of_json("", &json, found),
        Err(_) => {
            let pairs = url::form_urlencoded::parse(text.trim().as_bytes());
            found.extend(pairs.filter(|(name, value)| is_secret(name) && value.len() > 3).map(|(_, value)| value.into_owned()));
        }
    }
}

/// Depth is bounded by the parser.
fn of_json(name: &str, json: &serde_json::Value, found: &mut Vec<String>) {
    match json {
        serde_json::Value::String(text) if redact::sensitive_member(name) && text.len() > 3 => found.push(text.clone()),
        serde_json::Value::Array(list) => list.iter().for_each(|value| of_json(name, value, found)),
        serde_json::Value::Object(members) => members.iter().for_each(|(name, value)| of_json(name, value, found)),
        _ => {}
    }
}

/// An address without its user part, and without the pairs that hold a secret.
fn address(text: &str, known: &KnownSecrets) -> String {
    let Ok(mut url) = Url::parse(text.trim()) else { return String::new() };
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    let harmless = |pair: &&str| redact::url_text(&format!("?{pair}"), known) == format!("?{pair}");
    let query = url.query().map(|query| query.split('&').filter(harmless).collect::<Vec<_>>().join("&"));
    url.set_query(query.as_deref().filter(|query| !query.is_empty()));
    let left = url.to_string();
    // A secret in the path leaves nothing that could be called again.
    if redact::url_text(&left, known) == left { left } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use record::operation::Operation;

    fn draft(pairs: &[(&str, &str)]) -> Draft {
        let values = pairs.iter().map(|(name, value)| Pair { name: (*name).into(), value: (*value).into() }).collect();
        Draft { operation: Operation::CallApi, profile: "p".into(), values, extra: Vec::new() }
    }

    #[test]
    fn what_is_typed_is_known() {
        let typed = draft(&[
            ("username", "alice"),
            ("password", "pw of alice"),
            (
                "headers",
                "Accept: text/plain\nX-Api-Key: key-1\nCookie: a=cookie-a; b=cookie-b\nX-Debug: yes\nAuthorization: Basic dTpwdy1vZi11",
            ),
            ("url", "https://me:in-url@h/x?api_key=in-query&page=2#access_token=in-fragment"),
            ("body", r#"{"a":[{"client_secret":"in-body"}],"n":"open"}"#),
            ("token", "token:t-1"),
        ]);
        let found: Vec<String> = secrets(&typed).iter().map(|secret| secret.expose().to_owned()).collect();
        for secret in ["pw of alice", "key-1", "cookie-a", "cookie-b", "pw-of-u", "in-url", "in-query", "in-fragment", "in-body"]
        {
            assert!(found.iter().any(|other| other == secret), "{secret}: {found:?}");
        }
        for open in ["alice", "text/plain", "yes", "2", "open", "token:t-1"] {
            assert!(found.iter().all(|other| other != open), "{open}");
        }
        let same = draft(&[("username", "alice"), ("password", "alice")]);
        assert!(secrets(&same).is_empty(), "a name is not hidden for being a password as well");
    }

    #[test]
    fn a_header_of_ones_own_is_secret_whatever_its_value_looks_like() {
        let typed = draft(&[(
            "headers",
            "X-Pass: PLANTpass\nX-Foo: hunter2\nX-Custom-Thing: correcthorsebattery\nX-Mine: my-tenant-password\nX-Flag: true\nX-Tenant: orders",
        )]);
        let found: Vec<String> = secrets(&typed).iter().map(|secret| secret.expose().to_owned()).collect();
        assert_eq!(found, ["PLANTpass", "hunter2", "correcthorsebattery", "my-tenant-password"]);
    }

    #[test]
    fn a_record_holds_what_is_no_secret() {
        let typed = draft(&[
            ("url", "https://me:pw@h/orders?api_key=abc&page=2"),
            ("headers", "Accept: text/plain\nX-Api-Key: key-1\nX-Mine: whatever\nX-Request-Id: 7"),
            ("password", "p"),
            ("body", "password=x"),
            ("token", "token:t-1"),
        ]);
        let known = KnownSecrets::new(secrets(&typed), Vec::new());
        let kept = recorded(&typed, &known);
        let expected =
            [("url", "https://h/orders?page=2"), ("headers", "Accept: text/plain\nX-Request-Id: 7"), ("token", "token:t-1")];
        assert_eq!(kept, draft(&expected));
        let plain = draft(&[("url", "https://h/orders?page=2"), ("headers", "Accept: */*"), ("body", "{\"a\": 1}")]);
        assert_eq!(recorded(&plain, &KnownSecrets::default()), plain);
    }
}
