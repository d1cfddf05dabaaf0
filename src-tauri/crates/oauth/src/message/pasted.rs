//! What people paste to connect, read as the issuers it may mean.
//!
//! Nobody knows their issuer by heart. What is at hand is the address of the admin console, of the account page, of the
//! metadata, or just the host; Keycloak's paths are known well enough to find the realm in each of them.

use url::{ParseError, Url};

use super::address::{common, fault, not_an_address};
use record::issuer::is_loopback;
use record::operation::FieldFault;

/// What was typed, as issuers to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// Issuers it may mean, likeliest first; never empty.
    pub candidates: Vec<Url>,
    /// Where only a host was given: bases at which a Keycloak would need the name of a realm, likeliest first.
    pub bases: Vec<Url>,
    /// What was pasted, where a metadata document may stand at it: it is asked first, exactly as it stands.
    pub exact: Option<Url>,
}

/// Longest name of a domain (RFC 1035 2.3.4).
const LONGEST_TENANT: usize = 253;

/// What follows the place of the tenant in an address that stands for all of them, as Entra writes it.
fn of_every_tenant(path: &str) -> Option<&str> {
    ["/common", "/organizations", "/consumers"]
        .iter()
        .filter_map(|word| path.strip_prefix(word))
        .find(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Paths that hang under a realm of Keycloak, in the browser or in its metadata. What follows the realm is cut off.
const UNDER_A_REALM: [&str; 7] =
    ["account", "protocol", ".well-known", "clients-registrations", "broker", "login-actions", "device"];

/// Reads an address as it was typed or pasted. `realm` is the answer to "which realm?", empty while it was not asked;
/// `plain_http` says whether the profile allows plain http beyond this machine.
pub fn read_pasted(text: &str, realm: &str, plain_http: bool) -> Result<Pasted, FieldFault> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>']).trim();
    if text.is_empty() {
        return Err(fault(
            "issuer",
            "Enter the issuer address of your identity provider, e.g. https://id.example.org/realms/shop.".into(),
        ));
    }
    let mut pasted = Pasted { candidates: Vec::new(), bases: Vec::new(), exact: None };
    let mut first_fault = None;
    for full in with_scheme(text) {
        match one(&full, text, realm.trim(), plain_http) {
            Ok(read) => {
                add(&mut pasted.candidates, read.candidates);
                add(&mut pasted.bases, read.bases);
                pasted.exact = pasted.exact.or(read.exact);
            }
            Err(fault) => first_fault = first_fault.or(Some(fault)),
        }
    }
    match first_fault {
        Some(fault) if pasted.candidates.is_empty() => Err(fault),
        _ => Ok(pasted),
    }
}

fn add(all: &mut Vec<Url>, more: Vec<Url>) {
    for url in more {
        if !all.contains(&url) {
            all.push(url);
        }
    }
}

/// An address without a scheme is https; on this machine a development server mostly speaks plain http.
fn with_scheme(text: &str) -> Vec<String> {
    let host = text.split(['/', '#', '?']).next().unwrap_or_default();
    // A port that is too large is still meant as one, and told as one.
    let number = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let name = host.rsplit_once(':').map_or(host, |(name, port)| if number(port) { name } else { host });
    let like_a_host = !host.contains('@') && (name.contains('.') || name == "localhost" || name != host);
    if text.contains("://") || !like_a_host || text.contains(char::is_whitespace) {
        return vec![text.to_owned()];
    }
    let secure = format!("https://{text}");
    match Url::parse(&secure) {
        Ok(url) if is_loopback(&url) => vec![format!("http://{text}"), secure],
        Ok(_) | Err(ParseError::InvalidPort) => vec![secure],
        Err(_) => vec![text.to_owned()],
    }
}

fn one(full: &str, typed: &str, realm: &str, plain_http: bool) -> Result<Pasted, FieldFault> {
    let mut url = Url::parse(full).map_err(|why| fault("issuer", not_an_address(typed, why)))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) || plain_http => {}
        "http" => {
            return Err(fault(
                "issuer",
                format!(
                    "{} is not on this machine, so its address must start with https://. Plain http can be allowed in the profile's TLS settings.",
                    url.host_str().unwrap_or_default()
                ),
            ));
        }
        other => return Err(fault("issuer", format!("An issuer starts with https://, not with {other}:. Correct it."))),
    }
    let cut = issuer_path(url.path()).to_owned();
    let mut exact = None;
    if cut != url.path() {
        let mut document = url.clone();
        document.set_fragment(None);
        exact = Some(document);
        // A query of its document (B2C names its policy there) is no part of an issuer.
        url.set_query(None);
        url.set_path(&cut);
    }
    let fragment = url.fragment().map(str::to_owned).unwrap_or_default();
    let place = Place::of(url.path(), &fragment);
    if !matches!(place, Place::Other) {
        // A console keeps its page in the fragment, a login page its request in the query: neither belongs to the realm.
        url.set_fragment(None);
        url.set_query(None);
    }
    common(&url, "issuer")?;
    if url.query().is_some() {
        return Err(fault(
            "issuer",
            "An issuer has no query, the part from the question mark on (RFC 8414 2). Remove it.".into(),
        ));
    }
    let at = |path: String| {
        let mut other = url.clone();
        other.set_path(&path);
        other
    };
    let realms = |base: &str, realm: &str| -> Vec<Url> {
        let realm = segment(realm);
        // Versions before 17 served everything under /auth, and many installations kept that.
        let other = match base {
            "" => Some("/auth"),
            "/auth" => Some(""),
            _ => None,
        };
        std::iter::once(base).chain(other).map(|base| at(format!("{base}/realms/{realm}"))).collect()
    };
    Ok(match place {
        Place::Realm { base, realm: named } => {
            let wanted = if realm.is_empty() { named } else { realm.to_owned() };
            Pasted { candidates: realms(&base, &wanted), bases: Vec::new(), exact }
        }
        Place::Base(base) if !realm.is_empty() => Pasted { candidates: realms(&base, realm), bases: Vec::new(), exact },
        Place::Base(base) => {
            let bases = if base.is_empty() { vec![at(String::new()), at("/auth".into())] } else { vec![at(base.clone())] };
            Pasted { candidates: vec![at(base)], bases, exact }
        }
        Place::Other if !realm.is_empty() && of_every_tenant(url.path()).is_some() => {
            let tenant = realm.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
            if !tenant || realm.len() > LONGEST_TENANT {
                return Err(fault("realm", "A tenant is its id or one of its domains, e.g. contoso.onmicrosoft.com.".into()));
            }
            let rest = of_every_tenant(url.path()).unwrap_or_default();
            Pasted {
                candidates: vec![at(format!("/{realm}{rest}").trim_end_matches('/').to_owned())],
                bases: Vec::new(),
                exact: None,
            }
        }
        Place::Other => {
            let path = url.path().to_owned();
            // A server may have its document anywhere.
            if exact.is_none() && path != "/" {
                exact = Some(url.clone());
            }
            let mut candidates = vec![at(path.trim_end_matches('/').to_owned())];
            // Other servers have realms, too; so the address as it stands comes first.
            if let Some((base, rest)) = path.split_once("/realms/") {
                let named = rest.split('/').next().unwrap_or_default();
                if !named.is_empty() && !named.starts_with('.') {
                    add(&mut candidates, realms(base, named));
                }
            }
            Pasted { candidates, bases: Vec::new(), exact }
        }
    })
}

/// What an address of Keycloak shows.
enum Place {
    /// Something of a realm. `base` has no slash at its end.
    Realm { base: String, realm: String },
    /// The server as a whole, so the realm is not known.
    Base(String),
    /// Not an address of Keycloak's, or an issuer as it is.
    Other,
}

impl Place {
    fn of(path: &str, fragment: &str) -> Self {
        let realm = |base: &str, realm: &str| Place::Realm { base: base.to_owned(), realm: realm.to_owned() };
        let segments =
            |text: &str| -> Vec<String> { text.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect() };
        if let Some((base, rest)) = path.split_once("/admin/realms/")
            && let Some(named) = segments(rest).first()
        {
            return realm(base, named);
        }
        if let Some((base, rest)) = path.split_once("/admin").filter(|(_, rest)| rest.is_empty() || rest.starts_with('/')) {
            let rest = segments(rest);
            let page = segments(fragment.split(['?', '&']).next().unwrap_or_default());
            // Consoles before version 19 wrote `#/realms/NAME/…`, newer ones `#/NAME/…`.
            let shown = match page.first().map(String::as_str) {
                Some("realms") => page.get(1),
                other => other.and(page.first()),
            };
            return match (shown, rest.first().map(String::as_str), rest.get(1).map(String::as_str)) {
                (Some(shown), _, Some("console")) => realm(base, shown),
                // The console of the master realm opens on whatever realm was looked at last.
                (None, Some("master"), Some("console")) | (_, None, _) => Place::Base(base.to_owned()),
                (None, Some(named), Some("console")) => realm(base, named),
                _ => Place::Other,
            };
        }
        if let Some((base, rest)) = path.split_once("/realms/") {
            let rest = segments(rest);
            return match (rest.first(), rest.get(1)) {
                (Some(named), Some(under)) if UNDER_A_REALM.contains(&under.as_str()) => realm(base, named),
                (Some(named), None) if base.is_empty() || base == "/auth" => realm(base, named),
                _ => Place::Other,
            };
        }
        match path.trim_end_matches('/') {
            "" => Place::Base(String::new()),
            "/auth" => Place::Base("/auth".into()),
            _ => Place::Other,
        }
    }
}

/// A realm's name as a segment of a path; one that came from an address is encoded already.
fn segment(realm: &str) -> String {
    let mut text = String::new();
    for c in realm.chars() {
        match c {
            '/' => text.push_str("%2F"),
            '?' => text.push_str("%3F"),
            '#' => text.push_str("%23"),
            other => text.push(other),
        }
    }
    text
}

/// The issuer path behind a pasted metadata path, in the appended and in the inserted form.
fn issuer_path(path: &str) -> &str {
    for name in ["openid-configuration", "oauth-authorization-server"] {
        let well_known = format!("/.well-known/{name}");
        if let Some(rest) = path.trim_end_matches('/').strip_suffix(well_known.as_str()) {
            return rest;
        }
        if let Some(rest) = path.strip_prefix(well_known.as_str()).filter(|rest| rest.starts_with('/')) {
            return rest;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(typed: &str, realm: &str) -> Vec<String> {
        match read_pasted(typed, realm, false) {
            Ok(pasted) => pasted.candidates.iter().map(|url| url.as_str().trim_end_matches('/').to_owned()).collect(),
            Err(fault) => vec![fault.message],
        }
    }

    #[test]
    fn a_pasted_document_is_asked_exactly_as_it_stands() {
        let rows = [
            (
                "https://id.example/.well-known/openid-configuration",
                Some("https://id.example/.well-known/openid-configuration"),
                "https://id.example",
            ),
            (
                "https://id.example/o/.well-known/openid-configuration/",
                Some("https://id.example/o/.well-known/openid-configuration/"),
                "https://id.example/o",
            ),
            (
                "https://id.example/.well-known/oauth-authorization-server/o",
                Some("https://id.example/.well-known/oauth-authorization-server/o"),
                "https://id.example/o",
            ),
            (
                "https://id.example/.well-known/openid-configuration/o",
                Some("https://id.example/.well-known/openid-configuration/o"),
                "https://id.example/o",
            ),
            (
                "https://c.b2clogin.com/c.onmicrosoft.com/v2.0/.well-known/openid-configuration?p=b2c_1_in",
                Some("https://c.b2clogin.com/c.onmicrosoft.com/v2.0/.well-known/openid-configuration?p=b2c_1_in"),
                "https://c.b2clogin.com/c.onmicrosoft.com/v2.0",
            ),
            ("https://id.example/o", Some("https://id.example/o"), "https://id.example/o"),
            ("https://id.example/o/", Some("https://id.example/o/"), "https://id.example/o"),
            ("https://id.example/meta/oidc.json", Some("https://id.example/meta/oidc.json"), "https://id.example/meta/oidc.json"),
            (
                "https://id.example/.well-known/oauth-protected-resource",
                Some("https://id.example/.well-known/oauth-protected-resource"),
                "https://id.example/.well-known/oauth-protected-resource",
            ),
            ("https://id.example", None, "https://id.example"),
            ("https://id.example/realms/shop", None, "https://id.example/realms/shop"),
            ("https://id.example/admin/master/console/#/shop", None, "https://id.example/realms/shop"),
        ];
        for (typed, exact, first) in rows {
            let pasted = read_pasted(typed, "", false).expect(typed);
            assert_eq!(pasted.exact.as_ref().map(Url::as_str), exact, "{typed}");
            assert_eq!(pasted.candidates[0].as_str().trim_end_matches('/'), first, "{typed}");
        }
    }

    #[test]
    fn every_address_of_a_realm_leads_to_it() {
        let both = ["http://localhost:8080/realms/x", "http://localhost:8080/auth/realms/x"];
        let auth_first = ["http://localhost:8080/auth/realms/x", "http://localhost:8080/realms/x"];
        let table: [(&str, &[&str]); 21] = [
            ("http://localhost:8080/realms/x", &both),
            (" http://localhost:8080/realms/x/ ", &both),
            ("\"http://localhost:8080/realms/x\"", &both),
            ("http://localhost:8080/auth/realms/x", &auth_first),
            ("http://localhost:8080/realms/x/.well-known/openid-configuration", &both),
            ("http://localhost:8080/auth/realms/x/.well-known/openid-configuration", &auth_first),
            ("http://localhost:8080/admin/master/console/#/x/clients", &both),
            ("http://localhost:8080/admin/master/console/#/x", &both),
            ("http://localhost:8080/admin/master/console/#/x/users/7c04/settings?first=0", &both),
            ("http://localhost:8080/admin/x/console/", &both),
            ("http://localhost:8080/admin/x/console/#/x/realm-settings", &both),
            ("http://localhost:8080/auth/admin/master/console/#/realms/x/clients", &auth_first),
            ("http://localhost:8080/admin/realms/x/events?max=5", &both),
            ("http://localhost:8080/realms/x/account/#/security/signing-in", &both),
            ("http://localhost:8080/realms/x/account", &both),
            ("http://localhost:8080/realms/x/account/?referrer=frontend", &both),
            ("http://localhost:8080/realms/x/protocol/openid-connect/auth?client_id=a&scope=openid", &both),
            ("http://localhost:8080/realms/x/protocol/openid-connect/token", &both),
            ("http://localhost:8080/realms/x/login-actions/authenticate?session_code=a", &both),
            (
                "https://id.example.org/.well-known/oauth-authorization-server/realms/shop",
                &["https://id.example.org/realms/shop", "https://id.example.org/auth/realms/shop"],
            ),
            (
                "https://am.example.org/am/oauth2/realms/top/realms/alpha",
                &["https://am.example.org/am/oauth2/realms/top/realms/alpha", "https://am.example.org/am/oauth2/realms/top"],
            ),
        ];
        for (typed, expected) in table {
            assert_eq!(candidates(typed, ""), expected, "{typed}");
        }
    }

    #[test]
    fn a_scheme_may_be_left_out() {
        assert_eq!(
            candidates("localhost:8080/realms/x", ""),
            [
                "http://localhost:8080/realms/x",
                "http://localhost:8080/auth/realms/x",
                "https://localhost:8080/realms/x",
                "https://localhost:8080/auth/realms/x"
            ]
        );
        assert_eq!(
            candidates("id.example.org:8443/realms/x", ""),
            ["https://id.example.org:8443/realms/x", "https://id.example.org:8443/auth/realms/x"]
        );
        assert_eq!(candidates("id.example.org/oauth2", ""), ["https://id.example.org/oauth2"]);
    }

    #[test]
    fn a_host_alone_asks_for_the_realm() {
        let bases = |typed: &str| -> Vec<String> {
            let pasted = read_pasted(typed, "", false).expect("an address");
            pasted.bases.iter().map(|url| url.as_str().trim_end_matches('/').to_owned()).collect()
        };
        for typed in [
            "http://localhost:8080",
            "http://localhost:8080/",
            "http://localhost:8080/admin/",
            "http://localhost:8080/admin/master/console/",
            "http://localhost:8080/admin/master/console/#/",
        ] {
            assert_eq!(bases(typed), ["http://localhost:8080", "http://localhost:8080/auth"], "{typed}");
            assert_eq!(candidates(typed, ""), ["http://localhost:8080"], "{typed}");
            assert_eq!(
                candidates(typed, " shop floor "),
                ["http://localhost:8080/realms/shop%20floor", "http://localhost:8080/auth/realms/shop%20floor"],
                "{typed}"
            );
        }
        assert_eq!(bases("http://localhost:8080/auth/"), ["http://localhost:8080/auth"]);
        assert_eq!(bases("http://localhost:8080/realms/x"), [""; 0]);
        // The answer to the question wins over what the address says.
        assert_eq!(candidates("http://localhost:8080/realms/x", "y")[0], "http://localhost:8080/realms/y");
    }

    #[test]
    fn other_servers_are_taken_as_they_stand() {
        for (typed, expected) in [
            ("https://id.example.org", "https://id.example.org"),
            ("\"https://id.example.org/a\"", "https://id.example.org/a"),
            ("https://id.example.org/.well-known/openid-configuration", "https://id.example.org"),
            ("http://[::1]:8080/x", "http://[::1]:8080/x"),
            ("https://localhost:9443/oauth2/token", "https://localhost:9443/oauth2/token"),
            ("https://id.example.org/administration", "https://id.example.org/administration"),
        ] {
            assert_eq!(candidates(typed, ""), [expected], "{typed}");
        }
    }

    #[test]
    fn refused_addresses_say_why() {
        let table = [
            ("", "Enter the issuer"),
            ("keycloak", "is not an address"),
            ("not a url", "is not an address"),
            ("http://id.example.org", "must start with https://"),
            ("http://id.example.org/realms/x", "must start with https://"),
            ("ftp://id.example.org", "not with ftp:"),
            ("javascript:alert(1)", "not with javascript:"),
            ("me@id.example.org", "is not"),
            ("https://me:pw@id.example.org", "before the @"),
            ("https://id.example.org/a#b", "fragment"),
            ("https://id.example.org/a?a=b", "query"),
            ("https://", "names no host"),
            ("http://", "names no host"),
            ("https://id.example.org:99999/realms/x", "is no number from 0 to 65535"),
            ("localhost:99999", "is no number from 0 to 65535"),
            ("id.example.org:99999", "is no number from 0 to 65535"),
            ("https://id.example.org:abc", "is no number from 0 to 65535"),
            ("https://1.2.3.999", "like an IP address and is none"),
            ("https://[::1", "like an IP address and is none"),
            ("https://a b.example.org", "characters that no host name has"),
        ];
        for (typed, words) in table {
            let fault = read_pasted(typed, "", false).expect_err(typed);
            assert_eq!(fault.field, "issuer");
            assert!(fault.message.contains(words), "{typed}: {}", fault.message);
        }
        assert!(read_pasted("http://id.example.org/realms/x", "", true).is_ok(), "allowed by its loud name");
    }

    #[test]
    fn a_tenant_takes_the_place_of_all_of_them() {
        let at = |text: &str, tenant: &str| {
            read_pasted(text, tenant, false)
                .map(|read| (read.candidates.iter().map(Url::to_string).collect::<Vec<_>>(), read.exact))
        };
        let entra = "https://login.microsoftonline.com";
        for (text, tenant, expected) in [
            ("/common/v2.0", "contoso.onmicrosoft.com", "/contoso.onmicrosoft.com/v2.0"),
            ("/organizations/v2.0/", "11111111-2222-3333-4444-555555555555", "/11111111-2222-3333-4444-555555555555/v2.0"),
            ("/consumers/v2.0/.well-known/openid-configuration", "contoso.com", "/contoso.com/v2.0"),
            ("/common/.well-known/openid-configuration", "contoso.com", "/contoso.com"),
            ("/common", " contoso.com ", "/contoso.com"),
        ] {
            assert_eq!(at(&format!("{entra}{text}"), tenant), Ok((vec![format!("{entra}{expected}")], None)), "{text}");
        }
        for tenant in ["a/b", "https://contoso.com", "contoso.com?x", "cont oso", &"a".repeat(300)] {
            let fault = at(&format!("{entra}/common/v2.0"), tenant).expect_err(tenant);
            assert_eq!(fault.field, "realm", "{tenant}");
        }
        // Nothing was asked for there.
        let (other, _) = at("https://id.example.org/commonplace/v2.0", "contoso.com").expect("read");
        assert_eq!(other, ["https://id.example.org/commonplace/v2.0"]);
    }
}
