//! Two spellings of one issuer. `localhost` and `127.0.0.1` are one machine to a person and two issuers to a provider, which
//! compares `iss` letter by letter (OpenID Connect Core 3.1.3.7); so a token may look foreign that only came by another address.

use url::{Host, Url};

/// Whether two issuers differ in nothing but the spelling of this machine's name: `localhost`, `127.0.0.1` or `[::1]`. False
/// where they are equal, and where either is no address.
pub fn same_but_for_the_host(one: &str, other: &str) -> bool {
    let (Ok(one), Ok(other)) = (Url::parse(one), Url::parse(other)) else { return false };
    let rest = |url: &Url| (url.scheme().to_owned(), url.port_or_known_default(), url.path().trim_end_matches('/').to_owned());
    one.host() != other.host() && spells_this_machine(&one) && spells_this_machine(&other) && rest(&one) == rest(&other)
}

fn spells_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether a host is this machine: 127.0.0.0/8, `[::1]`, or a name that is reserved for it (RFC 6761 6.3).
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::same_but_for_the_host;

    #[test]
    fn only_the_spelling_of_this_machine_may_differ() {
        let here = "http://127.0.0.1:8080/realms/shop";
        for same in ["http://localhost:8080/realms/shop", "http://localhost:8080/realms/shop/", "http://[::1]:8080/realms/shop"] {
            assert!(same_but_for_the_host(here, same) && same_but_for_the_host(same, here), "{same}");
        }
        for other in [
            here,
            "http://127.0.0.1:8080/realms/shop/",
            "http://localhost:8081/realms/shop",
            "https://localhost:8080/realms/shop",
            "http://localhost:8080/realms/partner",
            "http://id.example.org:8080/realms/shop",
            "localhost:8080/realms/shop",
            "",
        ] {
            assert!(!same_but_for_the_host(here, other), "{other}");
        }
    }
}
