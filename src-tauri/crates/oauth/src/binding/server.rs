//! The address that names a server, and the addresses of a profile that lie elsewhere.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use crate::profile::{Endpoints, Gateway, Profile, Provider, ServerRole};

/// An address in its one spelling; none where it names no server over http or https, or hides one behind a user name.
pub fn normal(address: &str) -> Option<String> {
    let mut url = parsed(address)?;
    url.set_fragment(None);
    Some(url.into())
}

/// Scheme, host and port of an address as `https://id.example.org` or `http://127.0.0.1:8080`; none where [`normal`] has none.
/// A host in another script stands in punycode, so that a look-alike looks like none.
pub fn origin(address: &str) -> Option<String> {
    parsed(address).map(|url| url.origin().ascii_serialization())
}

/// Where a request to an address goes, whatever user name hides it; the address as it is written where it goes nowhere.
pub fn place(address: &str) -> String {
    served(address).map_or_else(|| address.trim().to_owned(), |url| url.origin().ascii_serialization())
}

fn parsed(address: &str) -> Option<Url> {
    served(address).filter(|url| url.username().is_empty() && url.password().is_none())
}

fn served(address: &str) -> Option<Url> {
    let url = Url::parse(address.trim()).ok()?;
    let server = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    server.then_some(url)
}

/// The address that names a server of the profile: for the provider its issuer, else its token endpoint; for the gateway its
/// issuer, else its base address, its token endpoint or its portal. None where the profile names none that can be read.
pub fn anchor(profile: &Profile, server: ServerRole) -> Option<String> {
    written(profile, server).and_then(normal)
}

/// The same as a word is said of it: normalised, or as it is written where it cannot be read, since two such names are two
/// servers; empty where nothing is written.
pub fn name(profile: &Profile, server: ServerRole) -> String {
    let written = written(profile, server).unwrap_or_default();
    normal(written).unwrap_or_else(|| written.trim().to_owned())
}

/// The address that names a server, as it is written.
fn written(profile: &Profile, server: ServerRole) -> Option<&str> {
    let named = match server {
        ServerRole::Provider => vec![&profile.provider.issuer, &profile.provider.endpoints.token],
        ServerRole::Gateway => match &profile.gateway {
            Some(gateway) => vec![&gateway.issuer, &gateway.base, &gateway.endpoints.token, &gateway.portal],
            None => Vec::new(),
        },
    };
    // The first that is written decides: one that cannot be read must not be passed over for a weaker name.
    named.into_iter().map(String::as_str).find(|address| !address.trim().is_empty())
}

/// Every address of a profile that a secret, or a token got with one, may be sent to, by its origin.
pub fn origins(profile: &Profile) -> Vec<String> {
    let gateway = profile.gateway.iter().flat_map(|gateway| {
        let own = [gateway.issuer.as_str(), gateway.base.as_str(), gateway.portal.as_str()];
        own.into_iter().chain(named(&gateway.endpoints).map(|(_, address)| address))
    });
    let provider = named(&profile.provider.endpoints).map(|(_, address)| address);
    let own = [profile.provider.issuer.as_str(), profile.provider.events.as_str()];
    let mut found: Vec<String> = own.into_iter().chain(provider).chain(gateway).filter_map(origin).collect();
    found.sort();
    found.dedup();
    found
}

fn named(endpoints: &Endpoints) -> impl Iterator<Item = (&'static str, &str)> {
    [
        ("authorization endpoint", endpoints.authorization.as_str()),
        ("token endpoint", endpoints.token.as_str()),
        ("introspection endpoint", endpoints.introspection.as_str()),
        ("revocation endpoint", endpoints.revocation.as_str()),
        ("userinfo endpoint", endpoints.userinfo.as_str()),
        ("end session endpoint", endpoints.end_session.as_str()),
        ("keys (jwks_uri)", endpoints.jwks.as_str()),
    ]
    .into_iter()
}

/// An address of a profile that lies on another host than it should.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Elsewhere {
    /// Which one, e.g. `token endpoint`.
    pub what: String,
    /// The origin it should have: the issuer's, or the one it had before.
    pub expected: String,
    /// The origin it has, or the address as it is written where it has none.
    pub found: String,
}

/// The addresses of a profile that lie at another origin than the server they belong to: the provider's beside its anchor, the
/// gateway's beside its own. Some servers do so on purpose; whoever reads a profile from a file or from a stranger has to see it.
pub fn elsewhere(profile: &Profile) -> Vec<Elsewhere> {
    let expected = |server, written: [&str; 3]| {
        let named = written.into_iter().find(|address| !address.trim().is_empty());
        // A name that cannot be read is nobody's: everything lies elsewhere then.
        anchor(profile, server).and_then(|anchor| origin(&anchor)).or(named.map(|address| address.trim().to_owned()))
    };
    let provider = &profile.provider;
    let by = expected(ServerRole::Provider, [&provider.issuer, &provider.endpoints.token, ""]);
    let mut found = off(by, of_provider(provider));
    if let Some(gateway) = &profile.gateway {
        let by = expected(ServerRole::Gateway, [&gateway.issuer, &gateway.base, &gateway.endpoints.token]);
        let those = off(by, of_gateway(gateway));
        found.extend(those.into_iter().map(|one| Elsewhere { what: format!("gateway's {}", one.what), ..one }));
    }
    found
}

/// What of a provider may be sent something, by its name.
fn of_provider(provider: &Provider) -> impl Iterator<Item = (&'static str, &str)> {
    named(&provider.endpoints).chain([("audit events address", provider.events.as_str())])
}

/// The same of a gateway.
fn of_gateway(gateway: &Gateway) -> impl Iterator<Item = (&'static str, &str)> {
    named(&gateway.endpoints).chain([("base address", gateway.base.as_str()), ("portal", gateway.portal.as_str())])
}

fn off<'a>(expected: Option<String>, addresses: impl Iterator<Item = (&'static str, &'a str)>) -> Vec<Elsewhere> {
    let Some(expected) = expected else { return Vec::new() };
    addresses
        .filter(|(_, address)| !address.trim().is_empty())
        .filter_map(|(what, address)| {
            let found = origin(address).unwrap_or_else(|| address.trim().to_owned());
            (found != expected).then(|| Elsewhere { what: what.to_owned(), expected: expected.clone(), found })
        })
        .collect()
}

/// What a second reading of the same issuer moved to another origin.
pub fn moved(before: &Provider, after: &Provider) -> Vec<Elsewhere> {
    shifted(of_provider(before), of_provider(after))
}

/// What moved to another origin in a whole profile, its gateway's addresses with it.
pub fn moved_in(before: &Profile, after: &Profile) -> Vec<Elsewhere> {
    let mut found = moved(&before.provider, &after.provider);
    if let (Some(old), Some(new)) = (&before.gateway, &after.gateway) {
        let issuers = [("issuer", old.issuer.as_str())].into_iter().zip([("issuer", new.issuer.as_str())]);
        let (old, new): (Vec<_>, Vec<_>) = issuers.chain(of_gateway(old).zip(of_gateway(new))).unzip();
        let those = shifted(old.into_iter(), new.into_iter());
        found.extend(those.into_iter().map(|one| Elsewhere { what: format!("gateway's {}", one.what), ..one }));
    }
    found
}

fn shifted<'a>(
    before: impl Iterator<Item = (&'static str, &'a str)>,
    after: impl Iterator<Item = (&'static str, &'a str)>,
) -> Vec<Elsewhere> {
    before
        .zip(after)
        .filter(|((_, old), (_, new))| !old.trim().is_empty() && !new.trim().is_empty())
        .filter_map(|((what, old), (_, new))| {
            let (old, new) = (origin(old).unwrap_or_else(|| old.into()), origin(new).unwrap_or_else(|| new.into()));
            (old != new).then(|| Elsewhere { what: what.to_owned(), expected: old, found: new })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Gateway;

    #[test]
    fn an_address_has_one_spelling_and_a_look_alike_has_another() {
        let here = normal("https://id.example.org/realms/shop").expect("an address");
        for same in [
            "HTTPS://ID.example.ORG/realms/shop",
            "https://id.example.org:443/realms/shop",
            " https://id.example.org/realms/shop ",
            "https://id.example.org/realms/../realms/shop",
            "https://id.example.org/realms/shop#part",
        ] {
            assert_eq!(normal(same).as_ref(), Some(&here), "{same}");
        }
        for other in [
            "https://id.example.org/realms/shop/",
            "https://id.example.org/realms/Shop",
            "https://id.example.org/realms/shop?x=1",
            "http://id.example.org/realms/shop",
            "https://id.example.org:8443/realms/shop",
            "https://id.example.org./realms/shop",
            "https://ld.example.org/realms/shop",
            "https://іd.example.org/realms/shop",
            "https://id.example.org.evil.example/realms/shop",
        ] {
            assert!(normal(other).is_some_and(|other| other != here), "{other}");
        }
        for none in [
            "",
            "id.example.org",
            "https://id.example.org@evil.example/realms/shop",
            "https://user:pass@id.example.org/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://",
        ] {
            assert_eq!(normal(none), None, "{none}");
            assert_eq!(origin(none), None, "{none}");
        }
        assert_eq!(origin("https://іd.example.org/").as_deref(), Some("https://xn--d-evb.example.org"));
        for (address, to) in [
            ("https://id.example.org@evil.example/realms/shop", "https://evil.example"),
            ("https://user:pass@id.example.org:8443/", "https://id.example.org:8443"),
            (" https://id.example.org/x ", "https://id.example.org"),
            (" id.example.org ", "id.example.org"),
        ] {
            assert_eq!(place(address), to, "{address}");
        }
    }

    #[test]
    fn the_anchor_is_the_first_name_that_is_written() {
        let mut profile = Profile::default();
        assert_eq!((anchor(&profile, ServerRole::Provider), anchor(&profile, ServerRole::Gateway)), (None, None));
        profile.provider.endpoints.token = "https://id.example.org/token".into();
        assert_eq!(anchor(&profile, ServerRole::Provider).as_deref(), Some("https://id.example.org/token"));
        profile.provider.issuer = "not an address".into();
        assert_eq!(anchor(&profile, ServerRole::Provider), None);
        assert_eq!(name(&profile, ServerRole::Provider), "not an address");
        profile.provider.issuer = "https://id.example.org".into();
        assert_eq!(anchor(&profile, ServerRole::Provider).as_deref(), Some("https://id.example.org/"));
        assert_eq!(name(&profile, ServerRole::Provider), "https://id.example.org/");
        assert_eq!(name(&profile, ServerRole::Gateway), "");
        let mut gateway = Gateway { base: "https://gw.example.org:8243".into(), ..Gateway::default() };
        gateway.endpoints.token = "https://gw.example.org:9443/oauth2/token".into();
        profile.gateway = Some(gateway);
        assert_eq!(anchor(&profile, ServerRole::Gateway).as_deref(), Some("https://gw.example.org:8243/"));
    }

    #[test]
    fn what_lies_elsewhere_and_what_moved_is_named() {
        let mut profile = Profile::default();
        profile.provider.issuer = "https://id.example.org/realms/shop".into();
        profile.provider.endpoints.token = "https://id.example.org/token".into();
        profile.provider.endpoints.jwks = "https://ID.example.org:443/certs".into();
        assert_eq!(elsewhere(&profile), []);
        let before = profile.provider.clone();
        profile.provider.endpoints.token = "https://evil.example/token".into();
        profile.provider.events = "https://id.example.org@evil.example/admin/realms/shop/events".into();
        let found: Vec<(String, String)> = elsewhere(&profile).into_iter().map(|one| (one.what, one.found)).collect();
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0], ("token endpoint".into(), "https://evil.example".into()));
        let moves = moved(&before, &profile.provider);
        assert_eq!((moves.len(), moves[0].expected.as_str()), (1, "https://id.example.org"));
        assert_eq!(moved(&before, &before), []);
    }

    #[test]
    fn what_has_no_issuer_has_its_token_endpoint_and_a_gateway_all_its_addresses() {
        let whats = |profile: &Profile| elsewhere(profile).into_iter().map(|one| one.what).collect::<Vec<_>>();
        let mut profile = Profile::default();
        assert_eq!(whats(&profile), [""; 0]);
        profile.provider.endpoints.token = "https://id.example.org/token".into();
        profile.provider.endpoints.introspection = "https://id.example.org/introspect".into();
        assert_eq!(whats(&profile), [""; 0]);
        profile.provider.endpoints.userinfo = "https://id.example.org:8443/userinfo".into();
        profile.provider.events = "http://id.example.org/admin/realms/shop/events".into();
        assert_eq!(whats(&profile), ["userinfo endpoint", "audit events address"]);
        assert!(elsewhere(&profile).iter().all(|one| one.expected == "https://id.example.org"));
        for nobody in ["id.example.org", "https://id.example.org@evil.example", "file:///etc/passwd"] {
            profile.provider.issuer = nobody.into();
            assert_eq!(whats(&profile).len(), 4, "{nobody}");
        }
        let mut gateway = Gateway { base: "https://gw.example.org:8243".into(), ..Gateway::default() };
        gateway.portal = "https://portal.evil.example".into();
        gateway.endpoints.token = "https://gw.example.org:8243/token".into();
        let mut profile = Profile { gateway: Some(gateway), ..Profile::default() };
        assert_eq!(whats(&profile), ["gateway's portal"]);
        let own = profile.gateway.get_or_insert_default();
        own.issuer = "https://gw.example.org/oauth2/token".into();
        assert_eq!(whats(&profile), ["gateway's token endpoint", "gateway's base address", "gateway's portal"]);
    }

    #[test]
    fn everything_that_may_be_sent_something_can_move() {
        let at = |host: &str| {
            let mut profile = Profile::default();
            let events = format!("https://{host}/admin/realms/shop/events");
            profile.provider = Provider { events, ..Provider::default() };
            let own = &mut profile.provider.endpoints;
            own.token = format!("https://{host}/token");
            own.userinfo = format!("https://{host}/userinfo");
            let mut gateway =
                Gateway { issuer: format!("https://{host}/o"), base: format!("https://{host}"), ..Gateway::default() };
            gateway.portal = format!("https://{host}/portal");
            gateway.endpoints.revocation = format!("https://{host}/revoke");
            profile.gateway = Some(gateway);
            profile
        };
        let (before, after) = (at("id.example.org"), at("evil.example"));
        let whats: Vec<String> = moved_in(&before, &after).into_iter().map(|one| one.what).collect();
        let expected = [
            "token endpoint",
            "userinfo endpoint",
            "audit events address",
            "gateway's issuer",
            "gateway's revocation endpoint",
            "gateway's base address",
            "gateway's portal",
        ];
        assert_eq!(whats, expected);
        assert_eq!(moved_in(&before, &at("ID.example.org:443")), []);
        assert_eq!(moved(&before.provider, &after.provider).len(), 3);
        let bare = Profile { gateway: None, ..after };
        assert_eq!(moved_in(&before, &bare).len(), 3, "a gateway that is gone moved nowhere");
    }
}
