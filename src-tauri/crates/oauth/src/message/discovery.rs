//! Reading a server's metadata (OpenID Connect Discovery 1.0, RFC 8414).
//!
//! The document decides where secrets are sent, so it is only believed when it names the very issuer it was asked for.

use serde_json::{Map, Value};
use url::Url;

use super::{
    instead::{difference, is_log_in_page, no_issuer},
    json::{self, NotObject, list},
    malformed::{Malformed, malformed},
};

use crate::{
    operation,
    profile::{Capability, Dialect, Endpoints, Provider, Support},
};
use record::issuer::is_loopback;
use token::{bounded, measure, shown::shown};

/// Most scopes a profile takes over; nobody chooses among more.
const MOST_SCOPES: usize = 500;

/// What the metadata says, ready to stand in a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovery {
    /// The provider; `keys` and `read_ms` are left for whoever reads the keys and has a clock.
    pub provider: Provider,
}

/// Reads the metadata found for an issuer.
pub fn read_discovery(issuer: &str, content_type: &str, body: &[u8]) -> Result<Discovery, Malformed> {
    let object = json::object(body).map_err(|error| match error {
        _ if json::is_html(content_type, body) => malformed(
            "discovery-html",
            if is_log_in_page(body) {
                "The server answered with an HTML page where people log in, where its metadata should be.".into()
            } else {
                "The server answered with an HTML page where its metadata should be.".into()
            },
            if is_log_in_page(body) {
                "Something stands before the metadata that lets only people in. Ask whoever runs the server for the address that programs use, or enter the endpoints by hand in Profiles."
            } else {
                "Check the issuer address: an application that answers every path with its page looks like this, and a proxy's login page, too. The issuer is what the iss of the server's tokens says."
            },
        ),
        NotObject::Syntax(place) => malformed("discovery-invalid-json", format!("The server's metadata is not valid JSON ({place})."), "Check the issuer address, and that nothing between changes the answer."),
        NotObject::More(place) => malformed("discovery-invalid-json", format!("After the server's metadata something else follows ({place}), so it is not valid JSON."), "Check the issuer address, and that nothing between changes the answer."),
        NotObject::Script => malformed("discovery-invalid-json", "The server's metadata is wrapped into script instead of plain JSON.".to_owned(), "Check the issuer address, and that nothing between changes the answer."),
        NotObject::Type(kind) => malformed("discovery-not-object", format!("The server's metadata is {kind} where a JSON object is due."), "Check the issuer address."),
    })?;
    if let Some(name) = object.repeated.first() {
        return Err(malformed(
            "discovery-duplicate-member",
            format!("The server's metadata has the member {} more than once.", shown(name)),
            "This is a fault of the server; nothing of it was used.",
        ));
    }
    let members = object.members;
    let named = text(&members, "issuer");
    if named.is_empty() {
        return Err(no_issuer(&members));
    }
    if named.contains('{') {
        return Err(malformed(
            "discovery-template-issuer",
            format!(
                "These metadata are those of every tenant: their issuer is {}, with a place for the tenant's id.",
                shown(&named)
            ),
            "Name your own tenant, by its id or one of its domains: it takes the place of common, organizations or consumers in the address.",
        ));
    }
    // RFC 8414 3.3: identical as strings. A trailing slash is cut before the metadata address is made (OpenID Connect
    // Discovery 4), so both spellings lead to the same document, and the document's own spelling is the issuer.
    if named.trim_end_matches('/') != issuer.trim_end_matches('/') && !microsofts(issuer, &named) {
        return Err(malformed(
            "discovery-other-issuer",
            format!("The metadata found for {issuer} names another issuer: {}. Nothing of it was used.", shown(&named)),
            difference(issuer, &named),
        ));
    }
    let endpoints = Endpoints {
        authorization: text(&members, "authorization_endpoint"),
        token: text(&members, "token_endpoint"),
        introspection: text(&members, "introspection_endpoint"),
        revocation: text(&members, "revocation_endpoint"),
        userinfo: text(&members, "userinfo_endpoint"),
        end_session: text(&members, "end_session_endpoint"),
        jwks: text(&members, "jwks_uri"),
    };
    check_endpoints(issuer, &endpoints)?;
    let (dialect, crate::server::Recognised { name, events }) = crate::server::recognise(&named, &endpoints);
    Ok(Discovery {
        provider: Provider {
            capabilities: capabilities(&members, &endpoints, dialect),
            scopes: list(&members, "scopes_supported").into_iter().filter(|scope| scope.len() <= 256).take(MOST_SCOPES).collect(),
            keys: String::new(),
            read_ms: 0,
            iss_in_response: members.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
            issuer: named,
            name,
            dialect,
            endpoints,
            events,
        },
    })
}

/// The issuer that a document of metadata names, wherever it stood; none where it is no such document. It is not judged here.
pub fn named_issuer(body: &[u8]) -> Option<String> {
    let members = json::object(body).ok()?.members;
    let endpoints = ["authorization_endpoint", "token_endpoint", "jwks_uri"].iter().any(|name| members.contains_key(*name));
    Some(text(&members, "issuer")).filter(|issuer| endpoints && !issuer.is_empty())
}

/// Whether an issuer is the one that Microsoft's metadata name for an address of theirs: a tenant's domain stands for its id, and a
/// policy of B2C stands in the address alone. Both are hosts of Microsoft, so nobody else can put such a document there.
fn microsofts(asked: &str, named: &str) -> bool {
    const HOSTS: [&str; 6] = [
        "login.microsoftonline.com",
        "login.microsoftonline.us",
        "login.partner.microsoftonline.cn",
        "login.microsoft.com",
        "login.windows.net",
        "sts.windows.net",
    ];
    const OF_TENANTS: [&str; 2] = [".b2clogin.com", ".ciamlogin.com"];
    let host = |address: &str| {
        let url = Url::parse(address).ok().filter(|url| url.scheme() == "https" && url.port().is_none())?;
        url.host_str().map(str::to_owned)
    };
    match (host(asked), host(named)) {
        (Some(asked), Some(named)) if HOSTS.contains(&asked.as_str()) => HOSTS.contains(&named.as_str()),
        (Some(asked), Some(named)) => asked == named && OF_TENANTS.iter().any(|end| asked.ends_with(end)),
        _ => false,
    }
}

fn check_endpoints(issuer: &str, endpoints: &Endpoints) -> Result<(), Malformed> {
    // RFC 8414 2: a server without these issues nothing itself, or publishes no keys; but one of them there must be.
    if endpoints.token.is_empty() && endpoints.jwks.is_empty() && endpoints.authorization.is_empty() {
        return Err(malformed(
            "discovery-missing-member",
            "The server's metadata has no token_endpoint, no authorization_endpoint and no jwks_uri.".into(),
            "With none of them nothing can be asked or checked. Check the issuer address, or enter the endpoints by hand in Profiles.",
        ));
    }
    // An issuer on plain http was only asked because the user allowed that; one on https must not lead away from it.
    let plain_allowed = Url::parse(issuer).is_ok_and(|url| url.scheme() == "http" && !is_loopback(&url));
    let named = [
        ("authorization_endpoint", &endpoints.authorization),
        ("token_endpoint", &endpoints.token),
        ("introspection_endpoint", &endpoints.introspection),
        ("revocation_endpoint", &endpoints.revocation),
        ("userinfo_endpoint", &endpoints.userinfo),
        ("end_session_endpoint", &endpoints.end_session),
        ("jwks_uri", &endpoints.jwks),
    ];
    for (member, address) in named.into_iter().filter(|(_, address)| !address.is_empty()) {
        if address.len() > bounded::TEXT {
            return Err(malformed(
                "discovery-bad-endpoint",
                format!("The {member} in the server's metadata is {} long.", measure::size(address.len())),
                "This is a fault of the server's configuration.",
            ));
        }
        let Ok(url) = Url::parse(address) else {
            return Err(malformed(
                "discovery-bad-endpoint",
                format!("The {member} in the server's metadata is not an address."),
                "This is a fault of the server's configuration.",
            ));
        };
        let good = match url.scheme() {
            "https" => true,
            "http" => is_loopback(&url) || plain_allowed,
            _ => false,
        };
        if !good || url.host_str().is_none() {
            return Err(malformed(
                "discovery-plain-http",
                format!("The {member} in the server's metadata does not use https: {address}."),
                if address.contains("/protocol/openid-connect/") {
                    "Tokens would cross the network in the clear. Set the server's public address to https (Keycloak: hostname and proxy headers)."
                } else {
                    "Tokens would cross the network in the clear. Set the server's public address to https; behind a proxy it has to be told of it."
                },
            ));
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(malformed(
                "discovery-bad-endpoint",
                format!("The {member} in the server's metadata holds credentials or a # part."),
                "This is a fault of the server's configuration.",
            ));
        }
    }
    Ok(())
}

/// Adds what a second document of the same issuer knows beyond the first: Discovery 1.0 does not define introspection and revocation,
/// and RFC 8414's document stands beside it. What the first says is not changed.
pub fn complete(first: &mut Provider, second: &Provider) {
    if first.issuer.trim_end_matches('/') != second.issuer.trim_end_matches('/') {
        return;
    }
    let mut add = |id: &str, to: &mut String, from: &str| {
        if to.is_empty() && !from.is_empty() {
            to.push_str(from);
            let known = second.capabilities.iter().find(|capability| capability.id == id);
            if let (Some(at), Some(known)) = (first.capabilities.iter().position(|capability| capability.id == id), known) {
                first.capabilities[at] = known.clone();
            }
        }
    };
    add("introspection", &mut first.endpoints.introspection, &second.endpoints.introspection);
    add("revocation", &mut first.endpoints.revocation, &second.endpoints.revocation);
}

fn capabilities(members: &Map<String, Value>, endpoints: &Endpoints, dialect: Dialect) -> Vec<Capability> {
    let grants = list(members, "grant_types_supported");
    let capability = |id: &str, label: &str, support: Support, source: &str| Capability {
        id: id.into(),
        label: label.into(),
        support,
        source: source.into(),
        seen_ms: 0,
    };
    let grant = |id: &str, label: &str, name: &str| {
        if endpoints.token.is_empty() {
            capability(id, label, Support::NotSupported, "no token endpoint advertised")
        } else if grants.iter().any(|grant| grant == name) {
            capability(id, label, Support::Supported, "advertised")
        } else if crate::server::habits(dialect).lists_all_grants && !grants.is_empty() {
            // With most servers the list is a hint.
            capability(id, label, Support::NotSupported, "not advertised")
        } else {
            capability(id, label, Support::Unknown, "not advertised")
        }
    };
    let at = |id: &str, label: &str, address: &str| match address {
        "" => capability(id, label, Support::NotSupported, "no endpoint advertised"),
        _ => capability(id, label, Support::Supported, "advertised"),
    };
    // Discovery 1.0 does not define these two; that its document lacks them says nothing.
    let openid = members.contains_key("subject_types_supported") || members.contains_key("id_token_signing_alg_values_supported");
    let beyond = |id: &str, label: &str, address: &str| match address {
        "" if openid => capability(id, label, Support::Unknown, "not part of OpenID metadata"),
        _ => at(id, label, address),
    };
    let methods = list(members, "code_challenge_methods_supported");
    let pkce = match (endpoints.authorization.is_empty(), methods.iter().any(|method| method == "S256"), methods.is_empty()) {
        (true, _, _) => (Support::NotSupported, "no endpoint advertised"),
        (_, true, _) => (Support::Supported, "advertised"),
        // RFC 8414 2 reads an absent list as "no PKCE", OpenID Connect documents often just leave it out.
        (_, _, true) => (Support::Unknown, "not advertised"),
        _ => (Support::NotSupported, "not advertised"),
    };
    let flag = |id: &str, label: &str, known: bool| {
        if known {
            capability(id, label, Support::Supported, "advertised")
        } else {
            capability(id, label, Support::Unknown, "not advertised")
        }
    };
    let mut known = vec![
        capability("login", "Login with PKCE S256", pkce.0, pkce.1),
        flag(
            "iss",
            "Issuer in the login answer",
            members.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
        ),
    ];
    known.extend(operation::ALL.iter().filter_map(|one| one.grant).map(|one| grant(one.id, one.label, one.grant_type)));
    known.extend([
        grant("device", "Device login", "urn:ietf:params:oauth:grant-type:device_code"),
        beyond("introspection", "Introspection", &endpoints.introspection),
        beyond("revocation", "Revocation", &endpoints.revocation),
        at("userinfo", "Userinfo", &endpoints.userinfo),
        at("logout", "Log out", &endpoints.end_session),
        flag("dpop", "DPoP", !list(members, "dpop_signing_alg_values_supported").is_empty()),
        flag("par", "Pushed authorization requests", !text(members, "pushed_authorization_request_endpoint").is_empty()),
    ]);
    if crate::server::habits(dialect).exchange.kinds
        && let Some(at) = known.iter().position(|one| one.id == "token-exchange")
    {
        let kinds = crate::capability::exchanges(known[at].support);
        known.splice(at + 1..at + 1, kinds);
    }
    known
}

fn text(members: &Map<String, Value>, name: &str) -> String {
    members.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://id.example.org/realms/shop";

    fn document(change: impl FnOnce(&mut Map<String, Value>)) -> Vec<u8> {
        let base = "https://id.example.org/realms/shop/protocol/openid-connect";
        let mut members = Map::new();
        for (name, value) in [
            ("issuer", ISSUER.to_owned()),
            ("authorization_endpoint", format!("{base}/auth")),
            ("token_endpoint", format!("{base}/token")),
            ("introspection_endpoint", format!("{base}/token/introspect")),
            ("jwks_uri", format!("{base}/certs")),
        ] {
            members.insert(name.into(), value.into());
        }
        members.insert(
            "grant_types_supported".into(),
            serde_json::json!(["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:token-exchange"]),
        );
        members.insert("code_challenge_methods_supported".into(), serde_json::json!(["plain", "S256"]));
        members.insert("authorization_response_iss_parameter_supported".into(), true.into());
        change(&mut members);
        Value::Object(members).to_string().into_bytes()
    }

    #[test]
    fn keycloak_is_recognised() {
        let provider = read_discovery(ISSUER, "application/json", &document(|_| {})).expect("good").provider;
        assert_eq!((provider.dialect, provider.name.as_str()), (Dialect::Keycloak, "Keycloak, realm shop"));
        assert_eq!(provider.events, "https://id.example.org/admin/realms/shop/events");
        assert!(provider.iss_in_response);
        let support = |id: &str| provider.capabilities.iter().find(|c| c.id == id).map(|c| c.support);
        assert_eq!(support("login"), Some(Support::Supported));
        assert_eq!(support("token-exchange"), Some(Support::Supported));
        assert_eq!(support("jwt-bearer"), Some(Support::NotSupported));
        assert_eq!(support("introspection"), Some(Support::Supported));
        assert_eq!(support("revocation"), Some(Support::NotSupported));
        assert_eq!(support("dpop"), Some(Support::Unknown));
    }

    #[test]
    fn every_bad_document_has_its_own_id() {
        let set = |name: &'static str, value: &'static str| document(|members| drop(members.insert(name.into(), value.into())));
        let table: Vec<(Vec<u8>, &str, &str)> = vec![
            (b"<!DOCTYPE html><html>".to_vec(), "text/html", "discovery-html"),
            (b"{\"issuer\":".to_vec(), "application/json", "discovery-invalid-json"),
            (b"[]".to_vec(), "application/json", "discovery-not-object"),
            (b"{\"issuer\":\"a\",\"issuer\":\"b\"}".to_vec(), "application/json", "discovery-duplicate-member"),
            (document(|m| drop(m.shift_remove("issuer"))), "", "discovery-missing-issuer"),
            (set("issuer", "https://id.example.org/realms/other"), "", "discovery-other-issuer"),
            (set("issuer", "http://id.example.org/realms/shop"), "", "discovery-other-issuer"),
            (
                document(|m| {
                    ["token_endpoint", "jwks_uri", "authorization_endpoint"].iter().for_each(|name| drop(m.shift_remove(*name)))
                }),
                "",
                "discovery-missing-member",
            ),
            (set("issuer", "https://login.microsoftonline.com/{tenantid}/v2.0"), "", "discovery-template-issuer"),
            (set("token_endpoint", "http://id.example.org/token"), "", "discovery-plain-http"),
            (set("token_endpoint", "javascript:alert(1)"), "", "discovery-plain-http"),
            (set("token_endpoint", "/token"), "", "discovery-bad-endpoint"),
            (set("token_endpoint", "https://a:b@id.example.org/token"), "", "discovery-bad-endpoint"),
        ];
        for (body, content_type, id) in table {
            assert_eq!(read_discovery(ISSUER, content_type, &body).map(|_| ()).map_err(|m| m.id), Err(id));
        }
        let fault = read_discovery(ISSUER, "", &set("issuer", "https://evil.example")).expect_err("other");
        assert!(fault.message.contains(ISSUER) && fault.message.contains("https://evil.example"));
    }

    /// RFC 8414 2: OpenShift, service accounts of Kubernetes, issuers that only log in, or only publish keys.
    #[test]
    fn what_the_metadata_lack_is_not_supported_and_the_rest_is_taken() {
        let without = |names: &[&str]| {
            let body = document(|m| names.iter().for_each(|name| drop(m.shift_remove(*name))));
            read_discovery(ISSUER, "", &body).map(|found| found.provider).map_err(|fault| fault.id)
        };
        let support = |provider: &Provider, id: &str| provider.capabilities.iter().find(|c| c.id == id).map(|c| c.support);
        for names in [
            &["jwks_uri"][..],
            &["token_endpoint"],
            &["token_endpoint", "jwks_uri"],
            &["authorization_endpoint"],
            &["authorization_endpoint", "token_endpoint"],
            &["authorization_endpoint", "jwks_uri"],
        ] {
            let found = without(names).unwrap_or_else(|fault| panic!("{names:?}: {fault}"));
            assert_eq!(found.endpoints.token.is_empty(), names.contains(&"token_endpoint"));
            let grants = if names.contains(&"token_endpoint") { Support::NotSupported } else { Support::Supported };
            assert_eq!(support(&found, "token-exchange"), Some(grants), "{names:?}");
            if names.contains(&"authorization_endpoint") {
                assert_eq!(support(&found, "login"), Some(Support::NotSupported));
            }
        }
        assert_eq!(without(&["authorization_endpoint", "token_endpoint", "jwks_uri"]), Err("discovery-missing-member"));
    }

    #[test]
    fn what_openid_metadata_do_not_define_is_unknown_and_the_other_document_tells() {
        let openid = |m: &mut Map<String, Value>| {
            m.shift_remove("introspection_endpoint");
            m.insert("subject_types_supported".into(), serde_json::json!(["public"]));
        };
        let mut first = read_discovery(ISSUER, "", &document(openid)).expect("good").provider;
        let support = |provider: &Provider, id: &str| provider.capabilities.iter().find(|c| c.id == id).map(|c| c.support);
        assert_eq!(
            (support(&first, "introspection"), support(&first, "revocation")),
            (Some(Support::Unknown), Some(Support::Unknown))
        );
        let mut second = first.clone();
        let oauth = document(|m| drop(m.insert("token_endpoint".into(), "https://elsewhere.example/token".into())));
        complete(&mut second, &read_discovery(ISSUER, "", &oauth).expect("good").provider);
        assert_eq!(second.endpoints.introspection, "https://id.example.org/realms/shop/protocol/openid-connect/token/introspect");
        assert_eq!(second.endpoints.token, first.endpoints.token, "what the first says is not changed");
        assert_eq!(
            (support(&second, "introspection"), support(&second, "revocation")),
            (Some(Support::Supported), Some(Support::Unknown))
        );
        let before = first.clone();
        complete(&mut first, &Provider { issuer: "https://other.example".into(), ..second });
        assert_eq!(first, before, "another issuer's document completes nothing");
    }

    #[test]
    fn a_tenant_of_entra_and_a_policy_of_b2c_are_the_issuers_their_metadata_name() {
        let at = |asked: &str, named: &'static str| {
            let host = Url::parse(asked).expect("an address");
            let place = format!("https://{}/oauth2/v2.0", host.host_str().expect("a host"));
            let body = document(|m| {
                m.insert("issuer".into(), named.into());
                for member in ["authorization_endpoint", "token_endpoint", "introspection_endpoint", "jwks_uri"] {
                    m.insert(member.into(), format!("{place}/x").into());
                }
            });
            read_discovery(asked, "", &body).map(|found| found.provider.issuer).map_err(|fault| fault.id)
        };
        let id = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0";
        let rows: [(&str, &'static str, Result<&str, &str>); 10] = [
            ("https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0", id, Ok(id)),
            (
                "https://login.microsoftonline.com/contoso.com",
                "https://sts.windows.net/11111111/",
                Ok("https://sts.windows.net/11111111/"),
            ),
            (
                "https://login.microsoftonline.com/common/v2.0",
                "https://login.microsoftonline.com/{tenantid}/v2.0",
                Err("discovery-template-issuer"),
            ),
            (
                "https://login.microsoftonline.com/organizations/v2.0",
                "https://login.microsoftonline.com/{tenantid}/v2.0",
                Err("discovery-template-issuer"),
            ),
            (
                "https://contoso.b2clogin.com/contoso.onmicrosoft.com/b2c_1_in/v2.0",
                "https://contoso.b2clogin.com/11111111/v2.0/",
                Ok("https://contoso.b2clogin.com/11111111/v2.0/"),
            ),
            (
                "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0",
                "https://contoso.ciamlogin.com/11111111/v2.0",
                Ok("https://contoso.ciamlogin.com/11111111/v2.0"),
            ),
            (
                "https://contoso.b2clogin.com/x/v2.0",
                "https://fabrikam.b2clogin.com/11111111/v2.0/",
                Err("discovery-other-issuer"),
            ),
            ("https://login.microsoftonline.com/contoso.com/v2.0", "https://evil.example/v2.0", Err("discovery-other-issuer")),
            ("https://login.microsoftonline.com.evil.example/x", id, Err("discovery-other-issuer")),
            ("https://evilb2clogin.com/x", "https://evilb2clogin.com/y", Err("discovery-other-issuer")),
        ];
        for (asked, named, expected) in rows {
            assert_eq!(at(asked, named).as_deref().map_err(|id| *id), expected, "{asked}");
        }
    }

    #[test]
    fn a_trailing_slash_is_the_documents_to_choose() {
        let body = document(|members| drop(members.insert("issuer".into(), "https://id.example.org/realms/shop/".into())));
        assert_eq!(read_discovery(ISSUER, "", &body).expect("slash").provider.issuer, "https://id.example.org/realms/shop/");
    }
}
