//! Where each fact stands in the claims, by whatever name a server gives it.

use serde_json::{Map, Value};

use super::value::{strings, words};

/// Members of `aud`, which is a string or a list of strings (RFC 7519 4.1.3).
pub fn audience(claims: &Map<String, Value>) -> Vec<String> {
    claims.get("aud").map(strings).unwrap_or_default()
}

/// Granted scopes: `scope` as RFC 8693 4.2 writes it, or the lists `scope` and `scp` of other servers.
pub fn scopes(claims: &Map<String, Value>) -> Vec<String> {
    let value = claims.get("scope").or_else(|| claims.get("scp"));
    value.map(words).unwrap_or_default()
}

/// Every role with the path it stands at, e.g. `("resource_access.orders-api.roles", "viewer")`.
///
/// Reads Keycloak's `realm_access` and `resource_access`, and the flat `roles` and `groups` of RFC 9068 2.2.3.1.
pub fn roles(claims: &Map<String, Value>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut take = |path: String, value: Option<&Value>| {
        if let Some(value) = value {
            found.extend(strings(value).into_iter().map(|role| (path.clone(), role)));
        }
    };
    take("realm_access.roles".into(), claims.get("realm_access").and_then(|realm| realm.get("roles")));
    if let Some(Value::Object(clients)) = claims.get("resource_access") {
        for (client, access) in clients {
            take(format!("resource_access.{client}.roles"), access.get("roles"));
        }
    }
    for name in ["roles", "groups", "entitlements"] {
        take(name.into(), claims.get(name));
    }
    found
}

/// Who acts, current actor first, then the earlier ones (RFC 8693 4.1; only the first counts for access).
///
/// An actor without `sub` is named by its `client_id`, or by its `iss`.
pub fn actor_chain(claims: &Map<String, Value>) -> Vec<String> {
    let mut chain = Vec::new();
    let mut at = claims.get("act");
    while let Some(Value::Object(actor)) = at {
        let name = ["sub", "client_id", "azp", "iss"].iter().find_map(|name| text(actor, name));
        chain.push(name.unwrap_or_else(|| "an unnamed actor".into()));
        at = actor.get("act");
    }
    chain
}

/// A claim that is a non-empty string.
pub fn text(claims: &Map<String, Value>, name: &str) -> Option<String> {
    claims.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A NumericDate (RFC 7519 2) as whole seconds; fractions are cut, anything that is no number reads as absent.
pub fn epoch(claims: &Map<String, Value>, name: &str) -> Option<i64> {
    let number = claims.get(name)?;
    let whole = number.as_i64();
    whole.or_else(|| number.as_f64().filter(|n| n.is_finite() && n.abs() < 9.0e15).map(|n| n.floor() as i64))
}

/// The client the token was issued to: `azp` (OpenID Connect) or `client_id` (RFC 8693 4.3).
pub fn client(claims: &Map<String, Value>) -> Option<String> {
    ["azp", "client_id", "appid", "cid"].iter().find_map(|name| text(claims, name))
}

/// The readable user behind the token; none when it stands for an application only.
///
/// Applications are known by WSO2's `aut`, by Keycloak's service account names, and by `sub` being the
/// client itself (RFC 9068 2.2).
pub fn user(claims: &Map<String, Value>) -> Option<String> {
    if text(claims, "aut").as_deref() == Some("APPLICATION") {
        return None;
    }
    let name = ["preferred_username", "username", "upn", "unique_name", "email"];
    let name = name.iter().find_map(|name| text(claims, name));
    if name.as_deref().is_some_and(|name| name.starts_with("service-account-")) {
        return None;
    }
    let subject = text(claims, "sub");
    match name {
        Some(name) => Some(name),
        None if subject.is_some() && subject == client(claims) => None,
        None => subject,
    }
}

/// The value at a dotted path such as `resource_access.orders-api.roles`.
///
/// Member names may themselves hold dots (client ids often are addresses), so every split is tried, the
/// longest name first.
pub fn at<'a>(claims: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    if let Some(value) = claims.get(path) {
        return Some(value);
    }
    path.char_indices().rev().filter(|(_, letter)| *letter == '.').find_map(|(dot, _)| {
        let Value::Object(inner) = claims.get(&path[..dot])? else {
            return None;
        };
        at(inner, &path[dot + 1..])
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    #[test]
    fn sets_are_read_from_every_spelling() {
        assert_eq!(audience(&map(json!({"aud": "a"}))), ["a"]);
        assert_eq!(audience(&map(json!({"aud": ["a", "b"]}))), ["a", "b"]);
        assert_eq!(audience(&map(json!({}))), Vec::<String>::new());
        assert_eq!(scopes(&map(json!({"scope": "a  b"}))), ["a", "b"]);
        assert_eq!(scopes(&map(json!({"scope": ["a", "b"]}))), ["a", "b"]);
        assert_eq!(scopes(&map(json!({"scp": ["a"]}))), ["a"]);
    }

    #[test]
    fn roles_carry_the_path_they_stand_at() {
        let claims = map(json!({"realm_access": {"roles": ["auditor"]},
            "resource_access": {"orders-api": {"roles": ["viewer"]}}, "groups": ["/eu"]}));
        let expected = [("realm_access.roles", "auditor"), ("resource_access.orders-api.roles", "viewer"), ("groups", "/eu")];
        assert_eq!(roles(&claims), expected.map(|(path, role)| (path.to_owned(), role.to_owned())));
    }

    #[test]
    fn actors_are_listed_from_the_current_one_back() {
        let claims = map(json!({"sub": "alice", "act": {"sub": "gateway", "act": {"client_id": "portal", "act": {}}}}));
        assert_eq!(actor_chain(&claims), ["gateway", "portal", "an unnamed actor"]);
        assert!(actor_chain(&map(json!({"act": "gateway"}))).is_empty());
    }

    #[test]
    fn applications_have_no_user() {
        let check = |claims: Value, expected: Option<&str>| assert_eq!(user(&map(claims)).as_deref(), expected);
        check(json!({"sub": "7c57", "preferred_username": "alice", "azp": "frontend"}), Some("alice"));
        check(json!({"sub": "1", "preferred_username": "service-account-batch", "azp": "batch"}), None);
        check(json!({"sub": "owner", "aut": "APPLICATION"}), None);
        check(json!({"sub": "batch", "client_id": "batch"}), None);
        check(json!({"sub": "bdc@example.com"}), Some("bdc@example.com"));
    }

    #[test]
    fn paths_reach_members_whose_names_hold_dots() {
        let claims = map(json!({"resource_access": {"https://api.test": {"roles": ["a"]}}, "a.b": 1, "a": {"b": 2}}));
        assert_eq!(at(&claims, "resource_access.https://api.test.roles"), Some(&json!(["a"])));
        assert_eq!(at(&claims, "a.b"), Some(&json!(1)));
        assert_eq!(at(&claims, "a.c"), None);
    }

    #[test]
    fn times_are_whole_seconds() {
        let claims = map(json!({"a": 1800000000, "b": 1800000000.9, "c": "1800000000", "d": 1.8e9}));
        assert_eq!(epoch(&claims, "a"), Some(1_800_000_000));
        assert_eq!(epoch(&claims, "b"), Some(1_800_000_000));
        assert_eq!(epoch(&claims, "c"), None);
        assert_eq!(epoch(&claims, "d"), Some(1_800_000_000));
    }
}
