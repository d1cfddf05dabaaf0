//! Whether a token belongs to the profile it is about to be used with.
//!
//! Only what is known counts: the profile and issuer of the step that brought it, or, for a pasted one, the issuer it names. What
//! is not known stays unknown; a token that belongs elsewhere is chosen by nobody but the user, and named before it is sent.

use crate::profile::{Profile, ServerRole};
use record::issuer::same_but_for_the_host;
use token::inspect::{Provenance, TokenView, origin_of};

/// Where a token comes from that a server of this profile gives now.
pub fn provenance_at(profile: &Profile, server: ServerRole) -> Provenance {
    let gateway = profile.gateway.as_ref().filter(|_| server == ServerRole::Gateway);
    let issuer = match gateway {
        Some(gateway) => first(&[&gateway.issuer, &gateway.base]),
        None => first(&[&profile.provider.issuer, &profile.provider.endpoints.token]),
    };
    Provenance { profile: profile.id.clone(), name: profile.name.clone(), issuer: issuer.to_owned() }
}

/// Where a pasted token comes from: the one profile that has a server of the issuer it names. None where no profile or several have it.
pub fn provenance_of_issuer(issuer: &str, profiles: &[Profile]) -> Option<Provenance> {
    let mut knowing = profiles.iter().filter(|profile| names(profile, issuer));
    let profile = knowing.next()?;
    if knowing.next().is_some() {
        return None;
    }
    Some(Provenance { profile: profile.id.clone(), name: profile.name.clone(), issuer: issuer.to_owned() })
}

/// Whether a token is one of a profile's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// A server of the profile gave it, or it names one as its issuer.
    Here,
    /// It came from another profile, from another issuer than the profile has now, or names an issuer that is none of its servers.
    Elsewhere,
    /// Nothing says where it came from: a pasted token that names no issuer.
    Unknown,
}

/// Whether a token belongs to a profile.
pub fn belongs(token: &TokenView, profile: &Profile) -> Belongs {
    let here = match (&token.provenance, &token.issuer) {
        (Some(from), _) => from.profile == profile.id && (from.issuer.is_empty() || is_place(profile, &from.issuer)),
        (None, Some(issuer)) => names(profile, issuer) || same_but_for_the_host(issuer, &profile.provider.issuer),
        (None, None) => return Belongs::Unknown,
    };
    if here { Belongs::Here } else { Belongs::Elsewhere }
}

/// Whether a token of another profile goes back to the very issuer it came from: the profile has that issuer, and the address is on
/// that issuer's own scheme, host and port. Nobody learns anything then that did not give it.
pub fn goes_home(token: &TokenView, profile: &Profile, address: &str) -> bool {
    let issuer = token.provenance.as_ref().map(|from| from.issuer.as_str()).unwrap_or_default();
    names(profile, issuer) && origin_of(address) == origin_of(issuer)
}

/// Whether an issuer is that of a server of the profile.
fn names(profile: &Profile, issuer: &str) -> bool {
    let gateway = profile.gateway.as_ref().map(|gateway| gateway.issuer.as_str()).unwrap_or_default();
    !issuer.is_empty() && (issuer == profile.provider.issuer || issuer == gateway)
}

/// The same, for what stands for an issuer where a profile has none.
fn is_place(profile: &Profile, issuer: &str) -> bool {
    let gateway = profile.gateway.as_ref();
    let base = gateway.filter(|gateway| gateway.issuer.is_empty()).map(|gateway| gateway.base.as_str());
    names(profile, issuer) || (!issuer.is_empty() && (issuer == profile.provider.endpoints.token || base == Some(issuer)))
}

fn first<'a>(texts: &[&'a String]) -> &'a str {
    texts.iter().find(|text| !text.is_empty()).map_or("", |text| text.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::message::tests::{profile, view};

    const PROVIDER: &str = "http://127.0.0.1:1/realms/lab";
    const GATEWAY: &str = "https://127.0.0.1:2/oauth2/token";

    #[test]
    fn a_token_belongs_where_it_came_from_and_nowhere_else() {
        let at = |profile: &str, issuer: &str| json!({"profile": profile, "name": "N", "issuer": issuer});
        let rows: Vec<(&str, Value, Option<&str>, Belongs)> = vec![
            ("by its step", at("lab", PROVIDER), Some(PROVIDER), Belongs::Here),
            ("of the gateway", at("lab", GATEWAY), None, Belongs::Here),
            ("opaque, by its step", at("lab", PROVIDER), None, Belongs::Here),
            ("handed on by our provider", at("lab", PROVIDER), Some("https://linked.test"), Belongs::Here),
            (
                "another profile",
                at("prod", "https://id.prod.test/realms/shop"),
                Some("https://id.prod.test/realms/shop"),
                Belongs::Elsewhere,
            ),
            ("another profile of the same issuer", at("twin", PROVIDER), Some(PROVIDER), Belongs::Elsewhere),
            (
                "another run of the lab",
                at("lab", "http://127.0.0.1:9/realms/lab"),
                Some("http://127.0.0.1:9/realms/lab"),
                Belongs::Elsewhere,
            ),
            ("opaque, of another run", at("lab", "http://127.0.0.1:9/realms/lab"), None, Belongs::Elsewhere),
            ("claims to be ours, came from elsewhere", at("evil", "https://evil.test"), Some(PROVIDER), Belongs::Elsewhere),
            ("pasted, ours by its issuer", Value::Null, Some(PROVIDER), Belongs::Here),
            ("pasted, the gateway's", Value::Null, Some(GATEWAY), Belongs::Here),
            ("pasted, ours by another spelling", Value::Null, Some("http://localhost:1/realms/lab"), Belongs::Here),
            ("pasted, another realm", Value::Null, Some("http://127.0.0.1:1/realms/partner"), Belongs::Elsewhere),
            ("pasted, ours with a slash", Value::Null, Some("http://127.0.0.1:1/realms/lab/"), Belongs::Elsewhere),
            ("pasted, opaque", Value::Null, None, Belongs::Unknown),
        ];
        for (name, provenance, issuer, expected) in rows {
            let token = view("t", json!({"provenance": provenance, "issuer": issuer}));
            assert_eq!(belongs(&token, &profile()), expected, "{name}");
        }
    }

    #[test]
    fn a_twin_of_a_profile_may_send_a_token_back_to_its_own_issuer_only() {
        let twin = json!({"profile": "twin", "name": "N", "issuer": PROVIDER});
        let token = view("t", json!({"provenance": twin}));
        assert!(goes_home(&token, &profile(), "http://127.0.0.1:1/realms/lab/introspect"));
        let same = [
            "http://127.0.0.1:2/introspect",
            "https://127.0.0.1:1/introspect",
            "http://evil.test/realms/lab",
            "",
            "http://127.0.0.1:1@evil.test/",
        ];
        assert!(same.iter().all(|address| !goes_home(&token, &profile(), address)));
        let other = json!({"profile": "twin", "name": "N", "issuer": "http://127.0.0.1:1/realms/partner"});
        assert!(
            !goes_home(&view("t", json!({"provenance": other})), &profile(), "http://127.0.0.1:1/introspect"),
            "another realm"
        );
        assert!(!goes_home(&view("t", json!({})), &profile(), "http://127.0.0.1:1/introspect"), "its source is not known");
    }

    #[test]
    fn a_line_without_a_source_reads_as_unknown() {
        let old = serde_json::to_value(view("t", json!({}))).unwrap();
        let mut old = old.as_object().cloned().unwrap();
        old.remove("provenance");
        let read: TokenView = serde_json::from_value(old.into()).unwrap();
        assert_eq!(read.provenance, None);
    }

    #[test]
    fn a_pasted_token_is_of_the_only_profile_with_its_issuer() {
        let named = |id: &str, issuer: &str| {
            let mut one = profile();
            (one.id, one.name) = (id.into(), id.to_uppercase());
            one.provider.issuer = issuer.into();
            one.gateway = None;
            one
        };
        let list = [
            named("dev", "https://dev.test"),
            named("prod", "https://prod.test"),
            named("two", "https://prod.test"),
            named("none", ""),
        ];
        let of = |issuer: &str| provenance_of_issuer(issuer, &list).map(|from| from.profile);
        assert_eq!(of("https://dev.test").as_deref(), Some("dev"));
        for other in ["https://prod.test", "https://dev.test/", "https://DEV.test", "http://dev.test", "", "https://else.test"] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn a_profile_without_an_issuer_still_tells_its_tokens_apart() {
        let mut bare = profile();
        bare.gateway = None;
        bare.provider.issuer = String::new();
        bare.provider.endpoints.token = "https://id.test/token".into();
        let from = provenance_at(&bare, ServerRole::Provider);
        assert_eq!(from.issuer, "https://id.test/token");
        let token = view("t", json!({"provenance": from, "issuer": null}));
        assert_eq!(belongs(&token, &bare), Belongs::Here);
        bare.provider.issuer = "https://id.test".into();
        assert_eq!(belongs(&token, &bare), Belongs::Here, "its metadata were read since");
        bare.provider.endpoints.token = "https://other.test/token".into();
        assert_eq!(belongs(&token, &bare), Belongs::Elsewhere);
    }
}
