//! What a value says beyond its claim: Keycloak writes three facts into the first letters of a `jti`, WSO2 two kinds of token
//! into `aut`, and a list of subscribed APIs is read faster as a sentence than as JSON.

use serde_json::Value;

use super::meaning;
use crate::{inspect::ClaimValue, shown::shown, words};

/// Most subscriptions that are named.
const NAMED: usize = 8;

/// The line shown with a row: what the claim means, and what the values of the columns say beyond it, each said once.
pub fn explained(path: &str, values: &[Option<&ClaimValue>]) -> Option<String> {
    let mut said: Vec<(char, String)> = Vec::new();
    for (letter, value) in ('A'..).zip(values) {
        said.extend(value.and_then(|value| remark(path, value)).map(|text| (letter, text)));
    }
    let same = said.windows(2).all(|pair| pair[0].1 == pair[1].1) && said.len() == values.len();
    let rest: Vec<String> = match said.first() {
        Some((_, one)) if same => vec![one.clone()],
        _ => said.iter().map(|(letter, text)| format!("{letter}, {text}")).collect(),
    };
    let line: Vec<String> = meaning(path).map(str::to_owned).into_iter().chain(rest).collect();
    (!line.is_empty()).then(|| line.join(" "))
}

/// One sentence about this very value; none where the claim's own line says all.
pub fn remark(path: &str, value: &ClaimValue) -> Option<String> {
    match (path, value) {
        ("jti", ClaimValue::Text { text }) => jti(text),
        ("aut", ClaimValue::Text { text }) => match text.as_str() {
            "APPLICATION" => Some("Here: the application alone, no user behind it.".into()),
            "APPLICATION_USER" => Some("Here: a user stands behind the application.".into()),
            _ => None,
        },
        ("subscribedAPIs", ClaimValue::Json { text }) => subscriptions(text),
        ("active", ClaimValue::Text { text }) if text == "false" => {
            Some("Here: ended, revoked, unknown to the server, or not for the client that asked.".into())
        }
        _ => None,
    }
}

/// Keycloak 26.2 and later: two letters each for session, kind and grant, then a colon (`TokenContextEncoderProvider`).
fn jti(text: &str) -> Option<String> {
    let (prefix, id) = text.split_once(':')?;
    if prefix.len() != 6 || !prefix.is_ascii() || id.is_empty() {
        return None;
    }
    let session = match &prefix[..2] {
        "on" => "an online session",
        "of" => "an offline session",
        "tr" => "no session (transient)",
        "nt" => "the user's online session, kept for this client in no record (usual after an exchange)",
        "ft" => "the user's offline session, kept for this client in no record",
        "un" => "a session of unknown kind",
        _ => return None,
    };
    let kind = match &prefix[2..4] {
        "rt" => "a regular token",
        "lt" => "a lightweight token (full claims by introspection only)",
        _ => return None,
    };
    let grant = match &prefix[4..] {
        "ac" => "by authorization code",
        "rt" => "by refresh token",
        "cc" => "by client credentials",
        "ro" => "by password",
        "te" => "by token exchange",
        "dg" => "by device code",
        "ci" => "by CIBA",
        "pg" => "by UMA permission",
        "pc" => "by pre-authorized code",
        "ag" => "by JWT authorization grant",
        _ => "by an unnamed grant",
    };
    Some(format!("{prefix}: {kind} {grant}, with {session}."))
}

/// `orders 1.0.0 at Gold`, one after the other.
fn subscriptions(text: &str) -> Option<String> {
    let Ok(Value::Array(list)) = serde_json::from_str::<Value>(text) else {
        return None;
    };
    let name = |api: &Value| {
        let part = |name: &str| api.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(shown);
        let name = part("name").or_else(|| part("context")).unwrap_or_default();
        let tier = part("subscriptionTier").map(|tier| format!(" at {tier}")).unwrap_or_default();
        format!("{name} {}{tier}", part("version").unwrap_or_default())
    };
    // More of them than are named are only counted.
    let mut names: Vec<String> = list.iter().take(NAMED).map(name).collect();
    names.resize(list.len(), String::new());
    (!names.is_empty()).then(|| format!("Here: {}.", words::few(&names)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_outside_stay_names() {
        let said = |name: &str| {
            let json = serde_json::json!([{"name": name, "version": "1", "subscriptionTier": "Gold"}]).to_string();
            remark("subscribedAPIs", &ClaimValue::Json { text: crate::shown::json(&json).into_owned() }).unwrap()
        };
        for (name, expected) in [
            ("orders", "Here: orders 1 at Gold."),
            ("a\u{202e}b", "Here: \"a\\u{202e}b\" 1 at Gold."),
            ("x. The signature is verified.", "Here: \"x. The signature is verified.\" 1 at Gold."),
            ("x\u{3000}\u{2705}", "Here: \"x\\u{3000}\\u{2705}\" 1 at Gold."),
        ] {
            assert_eq!(said(name), expected);
        }
    }

    fn text(path: &str, value: &str) -> Option<String> {
        remark(path, &ClaimValue::Text { text: value.into() })
    }

    #[test]
    fn keycloaks_token_ids_say_how_the_token_was_made() {
        for (prefix, said) in [
            ("onrtac", "a regular token by authorization code, with an online session."),
            ("onrtrt", "a regular token by refresh token, with an online session."),
            ("trrtcc", "a regular token by client credentials, with no session (transient)."),
            ("ofrtro", "a regular token by password, with an offline session."),
            ("trltte", "a lightweight token (full claims by introspection only) by token exchange, with no session (transient)."),
            ("onrtxx", "a regular token by an unnamed grant, with an online session."),
        ] {
            assert_eq!(text("jti", &format!("{prefix}:0b1c")), Some(format!("{prefix}: {said}")));
        }
        assert!(
            text("jti", "ntrtte:1")
                .is_some_and(|said| said.contains("by token exchange") && said.contains("usual after an exchange"))
        );
        for other in ["0b1c2d3e-1111", "onrtac", "onrtac:", "xxrtac:1", "onxxac:1", "öörta:1", "a:b"] {
            assert_eq!(text("jti", other), None, "{other}");
        }
    }

    #[test]
    fn a_comparison_says_whose_value_is_meant() {
        let value = |text: &str| ClaimValue::Text { text: text.into() };
        let (login, other) = (value("onrtac:1"), value("trrtcc:2"));
        let said = |values: &[Option<&ClaimValue>]| explained("jti", values).unwrap_or_default();
        assert!(
            said(&[Some(&login)]).ends_with("token_id. onrtac: a regular token by authorization code, with an online session.")
        );
        assert!(
            said(&[Some(&login), Some(&other)]).contains("A, onrtac: ")
                && said(&[Some(&login), Some(&other)]).contains("B, trrtcc: ")
        );
        assert!(!said(&[Some(&login), Some(&value("onrtac:9"))]).contains("A, "));
        assert_eq!(explained("tenant", &[Some(&login), None]), None);
    }

    #[test]
    fn wso2s_values_are_said_in_words() {
        assert!(text("aut", "APPLICATION").is_some_and(|said| said.contains("no user")));
        let apis = r#"[{"name":"orders","version":"1.0.0","subscriptionTier":"Gold"},{"context":"/c","version":"2"}]"#;
        let said = remark("subscribedAPIs", &ClaimValue::Json { text: apis.into() });
        assert_eq!(said.as_deref(), Some("Here: orders 1.0.0 at Gold and /c 2."));
    }
}
