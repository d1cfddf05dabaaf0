//! Expectations from a token that is known to work: "require what this one has".

use serde_json::{Map, Value};

use super::expectations::{Binding, Expectations};
use crate::claims;

/// Default tolerance for clocks that differ, in seconds; the usual choice of resource servers.
pub const CLOCK_TOLERANCE_S: i64 = 30;
/// Scopes that say something about the login, not about what an API allows.
const LOGIN_SCOPES: [&str; 7] = ["openid", "profile", "email", "address", "phone", "offline_access", "roles"];

/// Expectations a token meets: its issuer, audience, type, scopes, roles and length of life.
///
/// Roles are taken from one place, the one of the first audience where it has roles there.
pub fn derive(claims: &Map<String, Value>, header: Option<&Map<String, Value>>) -> Expectations {
    let audience = claims::audience(claims);
    let roles = claims::roles(claims);
    let of_audience = audience.iter().map(|name| format!("resource_access.{name}.roles"));
    let path = of_audience.into_iter().find(|path| roles.iter().any(|(place, _)| place == path));
    let path = path.or_else(|| roles.first().map(|(place, _)| place.clone())).unwrap_or_default();
    let claim_typ = claims::text(claims, "typ");
    let header_typ = header.and_then(|header| claims::text(header, "typ"));
    let span = claims::epoch(claims, "exp").zip(claims::epoch(claims, "iat")).map(|(exp, iat)| exp.saturating_sub(iat));
    Expectations {
        issuer: claims::text(claims, "iss").into_iter().collect(),
        audience,
        // `JWT` says nothing about the use, so it is not worth requiring.
        token_type: claim_typ.or(header_typ.filter(|typ| !typ.eq_ignore_ascii_case("JWT"))).unwrap_or_default(),
        roles_all: roles.iter().filter(|(place, _)| *place == path).map(|(_, role)| role.clone()).collect(),
        roles_any: Vec::new(),
        roles_path: path,
        scope: claims::scopes(claims).into_iter().filter(|scope| !LOGIN_SCOPES.contains(&scope.as_str())).collect(),
        claims: Vec::new(),
        binding: match claims.get("cnf") {
            Some(cnf) if cnf.get("jkt").is_some() => Binding::Dpop,
            Some(cnf) if cnf.get("x5t#S256").is_some() => Binding::Mtls,
            _ => Binding::NotAsked,
        },
        needs_user: claims::user(claims).is_some(),
        max_lifetime_s: span.filter(|span| *span > 0).unwrap_or_default(),
        max_age_s: 0,
        clock_tolerance_s: CLOCK_TOLERANCE_S,
        signature: true,
    }
}
