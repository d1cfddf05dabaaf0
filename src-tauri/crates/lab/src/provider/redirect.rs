//! Which redirect URIs a client may use, by Keycloak's rules.
//!
//! The one liberty is RFC 8252 section 7.3: for a loopback host the port of the request is ignored when nothing matches
//! as is, since a desktop program takes whatever port it is given.

use url::{Host, Url};

/// Whether `requested` is one of `registered`. Wildcards count only at the very end.
pub(crate) fn allowed(registered: &[&str], requested: &str) -> bool {
    let Ok(url) = Url::parse(requested) else {
        return false;
    };
    // Fragments are forbidden by RFC 6749 section 3.1.2; user info and `..` are ways past a wildcard.
    if url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() || climbs(requested) {
        return false;
    }
    if matches(registered, requested) {
        return true;
    }
    let Some(without_port) = loopback_without_port(&url, requested) else {
        return false;
    };
    matches(registered, &without_port)
}

fn matches(registered: &[&str], requested: &str) -> bool {
    // With a wildcard the query is not compared.
    let path = requested.split('?').next().unwrap_or(requested);
    registered.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix) || path == prefix.trim_end_matches('/'),
        None => *pattern == requested,
    })
}

fn climbs(requested: &str) -> bool {
    // The parser resolves `..`, so it has to be looked for in the text, also percent-encoded.
    requested.replace("%2e", ".").replace("%2E", ".").contains("/..")
}

fn loopback_without_port(url: &Url, requested: &str) -> Option<String> {
    let loopback = match url.host()? {
        Host::Ipv4(address) => address == std::net::Ipv4Addr::LOCALHOST,
        Host::Ipv6(address) => address == std::net::Ipv6Addr::LOCALHOST,
        Host::Domain(name) => name == "localhost",
    };
    let port = url.port()?;
    if !loopback || url.scheme() != "http" {
        return None;
    }
    Some(requested.replacen(&format!(":{port}"), "", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_rules() {
        let registered = ["http://127.0.0.1/*", "http://localhost/*"];
        let table = [
            ("http://127.0.0.1:49152/callback", true),
            ("http://127.0.0.1:49152/", true),
            ("http://127.0.0.1:49152", true),
            ("http://127.0.0.1/callback", true),
            ("http://localhost:5000/a/b?c=d", true),
            ("http://[::1]:49152/callback", false),
            ("https://127.0.0.1:49152/callback", false),
            ("http://127.0.0.1.evil.test/callback", false),
            ("http://127.0.0.1:80@evil.test/callback", false),
            ("http://user@127.0.0.1:49152/callback", false),
            ("http://127.0.0.1:49152/../up", false),
            ("http://127.0.0.1:49152/%2e%2e/up", false),
            ("http://127.0.0.1:49152/callback#part", false),
            ("http://127.0.0.2:49152/callback", false),
            ("http://localhost.evil.test:49152/", false),
            ("myapp://callback", false),
            ("not a url", false),
        ];
        for (uri, expected) in table {
            assert_eq!(allowed(&registered, uri), expected, "{uri}");
        }
    }
}
