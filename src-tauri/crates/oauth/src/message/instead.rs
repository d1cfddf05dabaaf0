//! What stands where a server's metadata should be: a page, keys, the metadata of an API, or those of another issuer. Said with what
//! it differs by, because that is what a person has to change.

use serde_json::{Map, Value};
use url::Url;

use super::{
    json::list,
    malformed::{Malformed, malformed},
};
use token::shown::shown;

/// Whether a page asks people for what they log in with.
pub(super) fn is_log_in_page(body: &[u8]) -> bool {
    let page = String::from_utf8_lossy(body.get(..64 * 1024).unwrap_or(body)).to_ascii_lowercase();
    ["type=\"password\"", "type='password'", "type=password", "samlrequest", "<title>sign in", "<title>log in", "<title>login"]
        .iter()
        .any(|sign| page.contains(sign))
}

/// What a document without an issuer is.
pub(super) fn no_issuer(members: &Map<String, Value>) -> Malformed {
    let servers = list(members, "authorization_servers");
    if !servers.is_empty() {
        let named: Vec<String> = servers.iter().take(5).map(|server| shown(server)).collect();
        return malformed(
            "discovery-protected-resource",
            format!(
                "These are the metadata of an API (RFC 9728) and not of the server that issues its tokens. That is {}.",
                token::words::list(&named.iter().map(String::as_str).collect::<Vec<_>>())
            ),
            "Connect to the server it names.",
        );
    }
    if members.get("keys").is_some_and(Value::is_array) {
        return malformed(
            "discovery-keys",
            "These are the keys of a server (JWKS) and not its metadata.".into(),
            "Connect to the issuer that publishes them: the iss of its tokens.",
        );
    }
    if members.contains_key("public_key") && members.contains_key("token-service") {
        return malformed(
            "discovery-missing-issuer",
            "This is what Keycloak says of a realm, and not its metadata.".into(),
            "Connect to the realm's address without anything behind its name.",
        );
    }
    malformed(
        "discovery-missing-issuer",
        "The server's metadata names no issuer.".into(),
        "Check the issuer address; RFC 8414 2 requires the member.",
    )
}

/// How the issuer of a document differs from the one that was asked, as advice.
pub(super) fn difference(asked: &str, named: &str) -> &'static str {
    let (Ok(one), Ok(other)) = (Url::parse(asked), Url::parse(named)) else {
        return "The issuer it names is no address. This is a fault of the server's configuration.";
    };
    let path = |url: &Url| url.path().trim_end_matches('/').to_owned();
    match () {
        () if record::issuer::same_but_for_the_host(asked, named) => {
            "Both are this machine by different names. Connect by the name the document uses; tokens carry that one."
        }
        () if one.scheme() != other.scheme() && one.host() == other.host() && path(&one) == path(&other) => {
            "Only http and https differ: the server does not know by which address it is reached, as behind a proxy that speaks https for it. Set its public address there; its tokens carry the wrong one, too."
        }
        () if one.host() == other.host() && path(&one) == path(&other) => {
            "Only the port differs: the server does not know by which address it is reached. Connect to the issuer it names, or set its public address there."
        }
        () if one.host() == other.host() && path(&one).eq_ignore_ascii_case(&path(&other)) => {
            "Only capital letters differ, and they count. Connect to the issuer it names."
        }
        () if one.host() == other.host() => {
            "The path differs. Connect to the issuer it names, if that is the one you mean; a tenant, a policy or a version belongs to it."
        }
        () if path(&one) == path(&other) => {
            "The host differs, as with a custom domain of the same server. Connect to the issuer it names: its tokens carry that one."
        }
        () => {
            "Connect to the issuer it names, if that is the one you mean; a different host name, port or http instead of https is enough to differ."
        }
    }
}
