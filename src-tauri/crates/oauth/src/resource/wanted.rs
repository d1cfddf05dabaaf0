//! What all APIs of a profile expect, put together with what one of them expects by itself.

use crate::profile::{Profile, Resource};
use token::check::{Binding, Expectations};

/// What the checks are called when they are those of all APIs and of none in particular.
pub const EVERY_API: &str = "every API";

/// Whose checks a token is put through: the name they go by, and what is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Name of the resource, or [`EVERY_API`].
    pub name: String,
    /// What is expected, the profile's own expectations included.
    pub expectations: Expectations,
}

impl Wanted {
    /// What one API expects, with what all of the profile do.
    pub fn of(resource: &Resource, profile: &Profile) -> Self {
        Self { name: resource.name.clone(), expectations: together(&profile.every_api, &resource.expectations) }
    }

    /// What all APIs of the profile expect; none where nothing is stated for all.
    pub fn of_every_api(profile: &Profile) -> Option<Self> {
        let expectations = &profile.every_api;
        is_stated(expectations).then(|| Self { name: EVERY_API.into(), expectations: expectations.clone() })
    }
}

/// Whether anything is expected at all. How far clocks may differ and where roles are read expect nothing by themselves.
fn is_stated(expectations: &Expectations) -> bool {
    let bare = Expectations {
        roles_path: expectations.roles_path.clone(),
        clock_tolerance_s: expectations.clock_tolerance_s,
        ..Expectations::default()
    };
    *expectations != bare
}

/// What a token must meet when both are asked of it. Where one of several values is enough (issuer, audience, any of the roles) or
/// only one can be meant (token type, path of the roles, claim, binding, clock tolerance), the API's own stand; what must be there
/// adds up; of two limits the shorter holds.
fn together(common: &Expectations, own: &Expectations) -> Expectations {
    let either = |own: &Vec<String>, common: &Vec<String>| if own.is_empty() { common.clone() } else { own.clone() };
    let text = |own: &String, common: &String| if own.is_empty() { common.clone() } else { own.clone() };
    let both = |own: &Vec<String>, common: &Vec<String>| {
        let more = common.iter().filter(|word| !own.contains(word));
        own.iter().chain(more).cloned().collect()
    };
    let limit = |own: i64, common: i64| match (own, common) {
        (0, limit) | (limit, 0) => limit,
        (own, common) => own.min(common),
    };
    let claims = common.claims.iter().filter(|claim| own.claims.iter().all(|other| other.path != claim.path));
    Expectations {
        issuer: either(&own.issuer, &common.issuer),
        audience: either(&own.audience, &common.audience),
        token_type: text(&own.token_type, &common.token_type),
        roles_all: both(&own.roles_all, &common.roles_all),
        roles_any: either(&own.roles_any, &common.roles_any),
        roles_path: text(&own.roles_path, &common.roles_path),
        scope: both(&own.scope, &common.scope),
        claims: own.claims.iter().chain(claims).cloned().collect(),
        binding: if own.binding == Binding::NotAsked { common.binding } else { own.binding },
        needs_user: own.needs_user || common.needs_user,
        max_lifetime_s: limit(own.max_lifetime_s, common.max_lifetime_s),
        max_age_s: limit(own.max_age_s, common.max_age_s),
        clock_tolerance_s: if own.clock_tolerance_s == 0 { common.clock_tolerance_s } else { own.clock_tolerance_s },
        signature: own.signature || common.signature,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use token::check::RequiredClaim;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn claim(path: &str, value: &str) -> RequiredClaim {
        RequiredClaim { path: path.into(), value: value.into(), ..RequiredClaim::default() }
    }

    #[test]
    fn an_api_names_its_own_values_what_is_required_adds_up_and_the_shorter_limit_holds() {
        let common = Expectations {
            issuer: words(&["https://idp.test"]),
            audience: words(&["apis"]),
            roles_all: words(&["member", "reader"]),
            scope: words(&["openid"]),
            claims: vec![claim("tenant", "a"), claim("email_verified", "true")],
            binding: Binding::Dpop,
            max_lifetime_s: 300,
            max_age_s: 60,
            clock_tolerance_s: 30,
            signature: true,
            ..Expectations::default()
        };
        let own = Expectations {
            audience: words(&["orders-api"]),
            token_type: "Bearer".into(),
            roles_all: words(&["reader", "editor"]),
            claims: vec![claim("tenant", "b")],
            needs_user: true,
            max_lifetime_s: 600,
            max_age_s: 20,
            clock_tolerance_s: 5,
            ..Expectations::default()
        };
        assert_eq!(
            together(&common, &own),
            Expectations {
                issuer: words(&["https://idp.test"]),
                audience: words(&["orders-api"]),
                token_type: "Bearer".into(),
                roles_all: words(&["reader", "editor", "member"]),
                scope: words(&["openid"]),
                claims: vec![claim("tenant", "b"), claim("email_verified", "true")],
                binding: Binding::Dpop,
                needs_user: true,
                max_lifetime_s: 300,
                max_age_s: 20,
                clock_tolerance_s: 5,
                signature: true,
                ..Expectations::default()
            }
        );
        assert_eq!(together(&Expectations::default(), &own), own);
        assert_eq!(together(&common, &Expectations::default()), common);
    }

    #[test]
    fn without_a_resource_the_checks_are_those_of_every_api_where_any_are_stated() {
        let mut profile = Profile::default();
        profile.every_api.clock_tolerance_s = 30;
        assert_eq!(Wanted::of_every_api(&profile), None, "a tolerance expects nothing");
        profile.every_api.max_lifetime_s = 300;
        assert_eq!(Wanted::of_every_api(&profile).map(|wanted| wanted.name).as_deref(), Some(EVERY_API));
        let resource = Resource { name: "orders-api".into(), ..Resource::default() };
        let wanted = Wanted::of(&resource, &profile);
        assert_eq!((wanted.name.as_str(), wanted.expectations.max_lifetime_s), ("orders-api", 300));
    }
}
