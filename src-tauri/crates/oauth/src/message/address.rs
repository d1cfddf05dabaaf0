//! Addresses: which ones may be sent to, and where the metadata of an issuer lies.

use url::{ParseError, Url};

use crate::profile::Profile;
use record::{issuer::is_loopback, operation::FieldFault};

/// The last part of an address's path, by which an exchange is named; a slash at the end parts nothing.
pub fn last_segment(url: &Url) -> &str {
    url.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// An address requests may go to: https, or plain http on loopback or where the profile allows it by its loud name.
pub fn endpoint(text: &str, field: &str, profile: &Profile) -> Result<Url, FieldFault> {
    let text = text.trim();
    let url = Url::parse(text).map_err(|why| fault(field, not_an_address(text, why)))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) || profile.tls.danger_plain_http => {}
        "http" => {
            return Err(fault(
                field,
                format!(
                    "{} would be asked over plain http, where everybody on the way can read tokens. Use https, or allow plain http in the profile.",
                    host(&url)
                ),
            ));
        }
        other => return Err(fault(field, format!("An address starts with https://, not with {other}:. Correct it."))),
    }
    common(&url, field)?;
    Ok(url)
}

/// Where the metadata of an issuer is looked for: OpenID Connect Discovery 4 (appended), then RFC 8414 3 (inserted).
pub fn discovery_urls(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    at_paths(
        issuer,
        [format!("{path}/.well-known/openid-configuration"), format!("/.well-known/oauth-authorization-server{path}")],
    )
}

/// Where else it may stand, for an issuer with a path: each name in the place that belongs to the other. Servers have it there that
/// follow neither text to the letter (RFC 8414 5).
pub fn further_discovery_urls(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    // Keycloak's places are known.
    if path.is_empty() || path.contains("/realms/") {
        return Vec::new();
    }
    at_paths(
        issuer,
        [format!("{path}/.well-known/oauth-authorization-server"), format!("/.well-known/openid-configuration{path}")],
    )
}

/// The issuer's address with each of these paths, without query and fragment.
fn at_paths(issuer: &Url, paths: [String; 2]) -> Vec<Url> {
    paths
        .into_iter()
        .map(|path| {
            let mut url = issuer.clone();
            url.set_query(None);
            url.set_fragment(None);
            url.set_path(&path);
            url
        })
        .collect()
}

pub(super) fn common(url: &Url, field: &str) -> Result<(), FieldFault> {
    if url.host_str().is_none_or(str::is_empty) {
        return Err(fault(field, "The address names no host. Enter it in full, e.g. https://id.example.org.".into()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(fault(
            field,
            "The address holds a user name or password before the @. Remove it; credentials belong to the client.".into(),
        ));
    }
    if url.fragment().is_some() {
        return Err(fault(field, "The address has a fragment, the part from # on, which is never sent. Remove it.".into()));
    }
    Ok(())
}

/// Says of a text that cannot be read as an address what is wrong with it.
pub(super) fn not_an_address(text: &str, why: ParseError) -> String {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    let begun = text.contains("://");
    match (text, why) {
        (_, ParseError::EmptyHost) if begun => {
            return format!("\"{shown}\" names no host. Enter the address in full, e.g. https://id.example.org.");
        }
        (_, ParseError::InvalidPort) => {
            return format!("The port in \"{shown}\" is no number from 0 to 65535. Correct what stands after the colon.");
        }
        (_, ParseError::InvalidIpv4Address | ParseError::InvalidIpv6Address) => {
            return format!("The host in \"{shown}\" is written like an IP address and is none. Correct it.");
        }
        (_, ParseError::InvalidDomainCharacter | ParseError::IdnaError) if begun => {
            return format!("The host in \"{shown}\" has characters that no host name has. Correct it.");
        }
        _ => {}
    }
    match text {
        "" => "There is no address. Enter one that starts with https://, or read the server's metadata again.".into(),
        _ if text.contains(['.', ':', '/']) && !text.contains(char::is_whitespace) && !begun => {
            format!("\"{shown}\" is not a full address. Put https:// in front of it.")
        }
        _ if begun => format!("\"{shown}\" cannot be read as an address: {why}. Correct it, e.g. https://id.example.org."),
        _ => format!("\"{shown}\" is not an address. Enter one that starts with https://."),
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().into()
}

pub(super) fn fault(field: &str, message: String) -> FieldFault {
    FieldFault { field: field.into(), message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Tls;

    #[test]
    fn metadata_is_looked_for_in_both_places() {
        let urls =
            |issuer: &str| discovery_urls(&Url::parse(issuer).expect("url")).iter().map(Url::to_string).collect::<Vec<_>>();
        assert_eq!(
            urls("https://h/realms/x"),
            ["https://h/realms/x/.well-known/openid-configuration", "https://h/.well-known/oauth-authorization-server/realms/x"]
        );
        assert_eq!(
            urls("https://h/"),
            ["https://h/.well-known/openid-configuration", "https://h/.well-known/oauth-authorization-server"]
        );
    }

    #[test]
    fn plain_http_needs_loopback_or_its_loud_name() {
        let mut profile = Profile::default();
        assert!(endpoint("http://127.0.0.1:1/token", "token", &profile).is_ok());
        assert!(endpoint("http://127.0.0.1.example.org/token", "token", &profile).is_err());
        assert!(endpoint("http://api.example.org", "url", &profile).expect_err("http").message.contains("plain http"));
        profile.tls = Tls { danger_plain_http: true, ..Tls::default() };
        assert!(endpoint("http://api.example.org", "url", &profile).is_ok());
        assert!(endpoint("file:///etc/passwd", "url", &profile).is_err());
        assert!(endpoint("", "url", &profile).is_err());
    }
}
