//! Small readings that several formats share: lists in words, secrets that are none, redirect URIs of this machine.

use serde::{Deserialize, Deserializer};
use url::Url;

use crate::profile::Redirect;
use record::issuer::is_loopback;
use token::secret::Secret;

/// A member that may be `null`, which counts as absent.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// The first few of a list, and how many there are besides.
pub(super) fn list<'a>(items: impl Iterator<Item = &'a str>, most: usize) -> String {
    let all: Vec<&str> = items.collect();
    match all.len() {
        0 => "none".into(),
        count if count > most => format!("{} and {} more", all.get(..most).unwrap_or_default().join(", "), count - most),
        _ => all.join(", "),
    }
}

/// `1 user`, `3 users`.
pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// The scopes to ask for at log in, of those that are known.
pub(super) fn login_scopes(known: &[String]) -> Vec<String> {
    ["openid", "profile", "email"]
        .into_iter()
        .filter(|scope| *scope == "openid" || known.is_empty() || known.iter().any(|name| name == scope))
        .map(str::to_owned)
        .collect()
}

/// What stands where a secret is due.
pub(super) enum Written {
    /// A secret.
    Secret(Secret),
    /// Nothing.
    Absent,
    /// Stars: the server hides it in exports and from administrators who may only look.
    Masked,
    /// A variable, a template or a vault's entry that somebody else fills in.
    Placeholder,
}

pub(super) fn written(text: &str) -> Written {
    let text = text.trim();
    if text.is_empty() {
        Written::Absent
    } else if text.chars().all(|c| c == '*') {
        Written::Masked
    } else if super::placeholders::is_placeholder(text) {
        Written::Placeholder
    } else {
        Written::Secret(Secret::new(text.to_owned()))
    }
}

/// The redirect a registered URI stands for, if it is on this machine. Without a port, any is meant (RFC 8252 7.3).
pub(super) fn loopback(uri: &str) -> Option<Redirect> {
    let url = Url::parse(uri.trim().trim_end_matches('*')).ok().filter(|url| url.scheme() == "http" && is_loopback(url))?;
    let host = match url.host_str()? {
        "localhost" => "localhost",
        "127.0.0.1" => "127.0.0.1",
        _ => return None,
    };
    let open = uri.trim().ends_with('*');
    let path = match (url.path().trim_end_matches('/'), open) {
        ("", _) => "/callback".to_owned(),
        (path, true) => format!("{path}/callback"),
        (path, false) => path.to_owned(),
    };
    Some(Redirect { host: host.into(), port: url.port().unwrap_or(0), path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_of_this_machine() {
        let table = [
            ("http://127.0.0.1/*", Some(("127.0.0.1", 0, "/callback"))),
            ("http://localhost:8250/callback", Some(("localhost", 8250, "/callback"))),
            ("http://localhost:3000/app/*", Some(("localhost", 3000, "/app/callback"))),
            ("http://127.0.0.1/cb", Some(("127.0.0.1", 0, "/cb"))),
            ("https://shop.example.org/*", None),
            ("https://localhost/*", None),
            ("http://127.0.0.1.example.org/*", None),
            ("/relative/*", None),
            ("*", None),
        ];
        for (uri, expected) in table {
            let found = loopback(uri).map(|redirect| (redirect.host, redirect.port, redirect.path));
            assert_eq!(found, expected.map(|(host, port, path)| (host.to_owned(), port, path.to_owned())), "{uri}");
        }
    }

    #[test]
    fn secrets_that_are_none() {
        assert!(matches!(written("**********"), Written::Masked));
        assert!(matches!(written("${vault.portal}"), Written::Placeholder));
        assert!(matches!(written("  "), Written::Absent));
        assert!(matches!(written("s3cret"), Written::Secret(_)));
    }
}
