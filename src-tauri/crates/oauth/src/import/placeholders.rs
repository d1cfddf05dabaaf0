//! Values that only a deployment fills in: variables, templates, vault entries, and words that ask for one.
//!
//! `${KEYCLOAK_URL:http://localhost}` is no address and `{{secret}}` no secret, whatever default stands in it. Saved, they would
//! be sent to a server; so they are taken out before a text is read, and asked for.

use serde_json::Value;

use super::{ImportLine, line};
use token::shown::shown;

/// A value that was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placeholder {
    /// Where it stood, e.g. `clients[0].clientId`.
    pub path: String,
    /// What stood there.
    pub text: String,
}

/// Whether a text is a placeholder, or has one in it.
pub(super) fn is_placeholder(text: &str) -> bool {
    let text = text.trim();
    holds(text, "${", "}")
        || holds(text, "$(", ")")
        || holds(text, "{{", "}}")
        || holds(text, "#{", "}")
        || holds(text, "<%", "%>")
        || holds(text, "$[", "]")
        || holds(text, "%{", "}")
        || holds(text, "@{", "}")
        || holds(text, "{%", "%}")
        || holds(text, "$<", ">")
        || in_address(text)
        || masked(text)
        || whole(text)
}

/// An opening that is closed again, with a name or an expression in between.
fn holds(text: &str, open: &str, close: &str) -> bool {
    text.match_indices(open).take(16).any(|(at, _)| {
        let inner = &text[at + open.len()..];
        inner.find(close).is_some_and(|end| end > 0 && end <= 200 && !inner[..end].contains('\n'))
    })
}

/// A variable as the host of an address, or as a part of it.
fn in_address(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let parts = rest.split(['?', '#']).next().unwrap_or_default().split(['/', ':']).take(16);
    let variable = |part: &str| {
        let name = |text: &str| text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        let between =
            |open: &str, close: &str| part.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(name);
        let lower = part.to_ascii_lowercase();
        between("<", ">")
            || between("%", "%") && !part[1..].starts_with(|letter: char| letter.is_ascii_digit())
            || between("__", "__")
            || part.strip_prefix('$').is_some_and(name)
            || lower.starts_with("your_")
            || lower.starts_with("your-")
            || part.split_once('{').is_some_and(|(_, rest)| rest.split_once('}').is_some_and(|(inner, _)| name(inner)))
    };
    parts.into_iter().any(variable)
}

/// Letters that only hide a value: stars, dots, a row of x.
fn masked(text: &str) -> bool {
    let bare: Vec<char> = text.chars().filter(|letter| !matches!(letter, '-' | ' ')).collect();
    let Some(first) = bare.first() else { return false };
    let least = if matches!(first, 'x' | 'X') { 4 } else { 3 };
    bare.len() >= least && bare.len() <= 80 && bare.iter().all(|letter| letter == first) && "*•●xX.".contains(*first)
}

/// Forms that are placeholders only where nothing stands beside them.
fn whole(text: &str) -> bool {
    let name = |text: &str| {
        !text.is_empty()
            && text.len() <= 80
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-. :".contains(&byte))
            && text.bytes().any(|byte| byte.is_ascii_alphabetic())
    };
    let between = |open: &str, close: &str| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(name);
    let variable = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
            && text.bytes().next().is_some_and(|first| !first.is_ascii_digit())
    };
    let lower = text.to_ascii_lowercase();
    let asks = [
        "your-",
        "your_",
        "your ",
        "<your",
        "my-secret-here",
        "replace-",
        "replace_",
        "replaceme",
        "change_me",
        "change-me",
        "insert-",
        "insert_",
        "enter-",
        "enter_",
        "todo",
    ];
    let elsewhere = [
        "vault:",
        "op://",
        "ref+",
        "arn:aws:secretsmanager:",
        "arn:aws:ssm:",
        "env:",
        "$env:",
        "file:/",
        "secret://",
        "sm://",
        "keyvault://",
        "enc(",
        "!env ",
        "!ref ",
        "!sub ",
        "ssm:/",
        "aws-sm://",
        "akv://",
        "gcpsm://",
        "sops:",
    ];
    let words = ["tbd", "fixme", "redacted", "secret-goes-here", "secret_goes_here"];
    let here = lower.len() <= 48
        && !lower.bytes().any(|byte| byte.is_ascii_digit())
        && (lower.ends_with("_here") || lower.ends_with("-here"));
    between("<", ">")
        || between("%", "%")
        || between("{", "}")
        || between("[", "]")
        || between("__", "__")
        || between("@@", "@@")
        || between("@", "@")
        || between("#{", "}#")
        || between("<<", ">>")
        || between("<<<", ">>>")
        || between("[[", "]]")
        || between("((", "))")
        || words.contains(&lower.as_str())
        || here
        || text.strip_prefix('$').is_some_and(variable)
        || asks
            .iter()
            .any(|word| lower.starts_with(word) && lower.len() <= 40 && !lower.bytes().any(|byte| byte.is_ascii_digit()))
        || elsewhere.iter().any(|word| lower.starts_with(word))
}

/// Members whose placeholders are told apart by who reads them: secrets have a line of their own.
const SECRETS: [&str; 3] = ["secret", "clientSecret", "client_secret"];
/// Members whose values are read; a placeholder elsewhere is dropped without a word, as in every export of Keycloak.
const READ: [&str; 14] = [
    "realm",
    "auth-server-url",
    "url",
    "resource",
    "clientId",
    "frontendUrl",
    "baseUrl",
    "redirectUris",
    "issuer",
    "client_id",
    "audience",
    "events",
    "host",
    "base",
];

/// Takes all placeholders out of a value, secrets excepted, and gives those that would have been used.
pub(super) fn take(value: &mut Value) -> (Vec<Placeholder>, bool) {
    let mut asked = Vec::new();
    let mut changed = false;
    walk(value, "", "", &mut asked, &mut changed);
    (asked, changed)
}

fn walk(value: &mut Value, path: &str, member: &str, asked: &mut Vec<Placeholder>, changed: &mut bool) {
    match value {
        Value::String(text) if !SECRETS.contains(&member) && is_placeholder(text) => {
            let used = READ.contains(&member)
                || member.ends_with("_endpoint")
                || member.ends_with("_uri")
                || path.contains("endpoints.");
            if used && asked.len() < 100 {
                asked.push(Placeholder { path: path.to_owned(), text: text.clone() });
            }
            text.clear();
            *changed = true;
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                walk(item, &format!("{path}[{index}]"), member, asked, changed);
            }
            // An address that is not known is no address.
            if matches!(member, "redirectUris") {
                items.retain(|item| item.as_str() != Some(""));
            }
        }
        Value::Object(map) => {
            for (name, inner) in map.iter_mut() {
                let at = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                walk(inner, &at, name, asked, changed);
            }
        }
        _ => {}
    }
}

/// What the preview says of each.
pub(super) fn lines(asked: &[Placeholder]) -> Vec<ImportLine> {
    asked
        .iter()
        .map(|one| {
            line(
                format!("Placeholder at {}", one.path),
                format!("{} stands for a value that only the deployment knows. Enter the value itself.", shown(&one.text)),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_of_every_tool_are_known() {
        for text in [
            "${X}",
            "${X:default}",
            "${X:-default}",
            "${env.CLIENT_SECRET}",
            "${vault.portal}",
            "https://${HOST}/auth",
            "$(env:KEYCLOAK_URL)",
            "$(SECRET)",
            "{{x}}",
            "{{ secret }}",
            "https://{{host}}/realms/{{realm}}",
            "{{ .Values.secret }}",
            "%CLIENT_SECRET%",
            "%X%",
            "<your-secret>",
            "<secret>",
            "<YOUR CLIENT SECRET>",
            "your-client-secret",
            "YOUR_SECRET",
            "__SECRET__",
            "@@SECRET@@",
            "@client.secret@",
            "#{SECRET}#",
            "#{X}",
            "$CLIENT_SECRET",
            "$env:SECRET",
            "REPLACE_ME",
            "CHANGE_ME",
            "<%= secret %>",
            "$[SECRET]",
            "{secret}",
            "vault:secret/data/portal#secret",
            "op://vault/item/field",
            "arn:aws:secretsmanager:eu-west-1:1:secret:x",
            "env:SECRET",
            "<<SECRET>>",
            "[secret]",
            "ENC(abc)",
            "insert-secret-here",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn placeholders_of_further_tools_are_known() {
        let wrong: Vec<&str> = [
            "${{ secrets.CLIENT_SECRET }}",
            "%{CLIENT_SECRET}",
            "{{{secret}}}",
            "[[secret]]",
            "((client-secret))",
            "@{CLIENT_SECRET}",
            "{% secret %}",
            "{{secrets/scope/key}}",
            "!ENV CLIENT_SECRET",
            "!Ref ClientSecret",
            "$<SECRET>",
            "ssm:/portal/secret",
            "aws-sm://portal",
            "akv://vault/secret",
            "gcpsm://projects/a/secrets/b",
            "sops:portal",
            "TBD",
            // Put together, since nothing here is left for later.
            concat!("FIX", "ME"),
            "REDACTED",
            "[REDACTED]",
            "secret-goes-here",
            "PUT_YOUR_SECRET_HERE",
            "YOUR-CLIENT-SECRET-HERE",
            "<<<SECRET>>>",
            "__CLIENT_SECRET__",
            "xxxxxxxx",
            "XXXX-XXXX",
            "********",
            "••••••••",
            "...",
            "$CLIENT_SECRET",
            "https://$KEYCLOAK_HOST/realms/shop",
            "https://<host>/realms/shop",
            "https://your-keycloak-host/realms/shop",
            "https://%HOST%/realms/shop",
            "https://__HOST__/auth",
            "https://YOUR_DOMAIN.auth0.com",
            "https://{yourOktaDomain}/oauth2/default",
            "https://{tenant}.example.org",
        ]
        .into_iter()
        .filter(|text| !is_placeholder(text))
        .collect();
        assert_eq!(wrong, Vec::<&str>::new());
    }

    #[test]
    fn further_real_values_are_none() {
        let wrong: Vec<&str> = [
            "https://id.example.org/realms/%7Bx%7D",
            "https://[::1]:8443/realms/a",
            "https://login.microsoftonline.com/common/v2.0",
            "https://shop.example.org/cb?x=$1",
            "tbd-service",
            "redacted-1",
            "aB3*dE5*fG7",
            "x",
            "xx-portal",
            "p%40ss%21",
            "((",
            "a@{b",
            "https://your.example.org/realms/a",
            "my-client",
            "!important1",
            "$2y$10$abcdefghijklmnopqrstuv",
            "https://app.example.org/$/callback",
        ]
        .into_iter()
        .filter(|text| is_placeholder(text))
        .collect();
        assert_eq!(wrong, Vec::<&str>::new());
    }

    #[test]
    fn real_values_are_none() {
        for text in [
            "hunter2",
            "s3cret",
            "8f14e45f-ceea-467a-9575-2c3a1d1b7b0e",
            "https://id.example.org/realms/shop",
            "https://shop.example.org/*",
            "http://127.0.0.1:8080/a%20b%20c",
            "pa$$word",
            "a$b{c}",
            "$2a$10$abcdefghijklmnopqrstuv",
            "100%",
            "%41%42",
            "<not closed",
            "{not",
            "portal",
            "your",
            "x${",
            "${}",
            "{{}}",
            "a<b>c",
            "changeme",
            "todos-api1",
            "secret-of-portal",
            "aB3$dE5f%G7h",
            "*",
            "[::1]:8080/x",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
