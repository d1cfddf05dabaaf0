//! The portal's scopes and the roles that open them (WSO2 API Manager 4.0 to 4.7 as it comes).

use serde_json::{Map, Value};

use super::{
    facts::MappingFacts,
    side::{PortalScope, RoleClaim, names_roles},
};
use token::{claims, words};

/// A scope of the portal, what it opens, and the roles of which one is needed.
const SCOPES: &[(&str, &str, &[&str])] = &[
    ("apim:subscribe", "everything of the portal but its settings", SUBSCRIBER_OR_DEVOPS),
    ("apim:app_manage", "applications, keys and secrets", SUBSCRIBER_OR_DEVOPS),
    ("apim:sub_manage", "subscriptions", SUBSCRIBER_OR_DEVOPS),
    ("apim:api_key", "API keys", SUBSCRIBER),
    ("apim:store_settings", "the portal's settings, which tell the release", SUBSCRIBER),
    ("apim:app_import_export", "import and export of applications", &["admin", "Internal/devops"]),
    ("apim:admin", "the admin API", &["admin"]),
];
const SUBSCRIBER: &[&str] = &["admin", "Internal/subscriber"];
const SUBSCRIBER_OR_DEVOPS: &[&str] = &["admin", "Internal/subscriber", "Internal/devops"];

/// Scopes without which the portal is of no use; the others are shown when they were asked for or granted.
const NEEDED: usize = 3;

/// Lists that are no roles, whatever they hold.
const NO_ROLES: &[&str] = &["aud", "amr", "allowed-origins", "scp", "scope", "address", "events", "crit", "acr_values"];

/// Every place where roles or groups stand, those WSO2 can read first.
pub(super) fn role_claims(token: &Map<String, Value>) -> Vec<RoleClaim> {
    let mut found = Vec::new();
    for (name, value) in token {
        if NO_ROLES.contains(&name.as_str()) {
            continue;
        }
        match value {
            Value::Array(list) if list.iter().all(Value::is_string) => found.push(RoleClaim {
                path: name.clone(),
                values: claims::words(value),
                usable: !list.is_empty(),
                why: if list.is_empty() {
                    "a top-level array, and empty: the user has none of these".into()
                } else {
                    "a top-level array of strings: WSO2 reads it when it is named as the role claim".into()
                },
            }),
            Value::String(text) if names_roles(name) => found.push(RoleClaim {
                path: name.clone(),
                values: vec![text.clone()],
                usable: false,
                why: "one string and no array: switch Multivalued on in the mapper".into(),
            }),
            _ => {}
        }
    }
    let mut nested: Vec<RoleClaim> = Vec::new();
    for (path, role) in claims::roles(token).into_iter().filter(|(path, _)| path.contains('.')) {
        match nested.iter_mut().find(|one| one.path == path) {
            Some(one) => one.values.push(role),
            None => nested.push(RoleClaim {
                path,
                values: vec![role],
                usable: false,
                why: "nested in an object: WSO2 looks for a top-level claim and does not find it".into(),
            }),
        }
    }
    // The accounts every user has say nothing here.
    nested.retain(|one| one.path != "resource_access.account.roles");
    found.extend(nested);
    found.sort_by_key(|one| !one.usable);
    found
}

/// The scopes of the portal worth showing.
pub(super) fn all(facts: &MappingFacts<'_>, claims: &[RoleClaim], read: Option<&RoleClaim>) -> Vec<PortalScope> {
    let held = facts.issued.as_ref().map(|issued| claims::scopes(issued.claims));
    SCOPES
        .iter()
        .enumerate()
        .filter_map(|(index, (scope, opens, roles))| {
            let granted = held.as_ref().map(|held| held.iter().any(|one| one == scope));
            let asked = facts.asked.as_ref().map(|asked| asked.iter().any(|one| one == scope));
            let shown = index < NEEDED || asked == Some(true) || granted == Some(true);
            shown.then(|| PortalScope {
                scope: (*scope).into(),
                opens: (*opens).into(),
                roles: roles.iter().map(|role| (*role).to_owned()).collect(),
                asked,
                granted,
                why: why(facts, asked, granted, roles, claims, read),
            })
        })
        .collect()
}

fn why(
    facts: &MappingFacts<'_>,
    asked: Option<bool>,
    granted: Option<bool>,
    roles: &[&str],
    claims: &[RoleClaim],
    read: Option<&RoleClaim>,
) -> String {
    let any = words::list(roles).replace(" and ", " or ");
    if granted == Some(true) {
        return match read {
            Some(read) if read.usable => {
                format!("Granted: one of {} ({}) is mapped to {any}.", words::few(&read.values), read.path)
            }
            _ => format!("Granted: the user has {any} at WSO2."),
        };
    }
    if facts.issued.as_ref().is_some_and(|issued| claims::user(issued.claims).is_none()) {
        return "No user stands behind this token, so there is no role.".into();
    }
    if asked == Some(false) {
        return "It was not asked for. Name it in scope.".into();
    }
    let would = if granted.is_none() { "will be" } else { "was" };
    match read {
        None if facts.source.is_none() => format!("The user needs {any} at WSO2. The token it was made from is not at hand."),
        None => {
            let nested = claims.iter().find(|one| !one.usable);
            let place = nested.map(|one| format!(": {} is {}", one.path, one.why)).unwrap_or_default();
            format!("No role {would} found{place}.")
        }
        Some(read) if !read.usable => format!("No role {would} found: {} is {}.", read.path, read.why),
        Some(read) => {
            format!(
                "Of {} in {} none is mapped to {any}, or {} is not named as the role claim.",
                words::few(&read.values),
                read.path,
                read.path
            )
        }
    }
}
