//! The sentence after a failed check: what in the token explains it, or how to get what is missing.
//!
//! Most failures are near misses (right role at the wrong path, a slash too many, the client instead of the
//! audience), and naming the near miss saves the afternoon.

use serde_json::{Map, Value};

use crate::{claims, words};

/// Why an issuer does not match although it may look right.
pub fn issuer(wanted: &[String], found: &str) -> Option<String> {
    wanted.iter().find_map(|wanted| {
        let (short, long) = (wanted.trim_end_matches('/'), found.trim_end_matches('/'));
        if short == long {
            return Some("The two differ only by a slash at the end. They are compared letter by letter, so one of them must change.".into());
        }
        if short.eq_ignore_ascii_case(long) {
            return Some("The two differ only in capital letters. Issuers are compared letter by letter.".into());
        }
        let (ours, theirs) = (url::Url::parse(wanted).ok()?, url::Url::parse(found).ok()?);
        if ours.path() != theirs.path() {
            return None;
        }
        if ours.host_str() == theirs.host_str() {
            return Some("Same host and path, other scheme or port. The server issues by the address it was asked at, unless its host name is fixed.".into());
        }
        Some(format!("Same path under another host name: the token says {}. In Keycloak fix the host name (hostname) so that every way in issues the same.", theirs.host_str().unwrap_or("another host")))
    })
}

/// What explains another `typ`.
pub fn token_type(wanted: &str, found: &[&str]) -> Option<String> {
    if found.contains(&"ID") {
        return Some("This is an ID token. Send the access token that came with it.".into());
    }
    if found.contains(&"Refresh") || found.contains(&"Offline") {
        return Some("This is a refresh token. Use it at the token endpoint and send the access token it yields.".into());
    }
    let rfc9068 = wanted.to_ascii_lowercase().ends_with("at+jwt");
    (rfc9068 && found.contains(&"JWT"))
        .then(|| "Keycloak writes JWT unless the client switches on at+jwt as access token header type (26.2 and later).".into())
}

/// Why the audience is not there.
pub fn audience(wanted: &[String], claims: &Map<String, Value>) -> Option<String> {
    let found = claims::audience(claims);
    let client = claims::client(claims);
    if let Some(name) = wanted.iter().find(|name| client.as_ref() == Some(name)) {
        return Some(format!(
            "{name} is the client that holds the token (azp), not an audience of it. An audience mapper puts it into aud."
        ));
    }
    for want in wanted {
        if let Some(near) = found.iter().find(|have| have.trim_end_matches('/').eq_ignore_ascii_case(want.trim_end_matches('/')))
        {
            return Some(format!(
                "The token says {near}: it differs only by a slash or capital letters, and audiences are compared letter by letter."
            ));
        }
        if claims::roles(claims).iter().any(|(path, _)| *path == format!("resource_access.{want}.roles")) {
            return Some(format!(
                "The token has roles of {want} and not its audience. The client scope roles (audience resolve) adds it, or an audience mapper."
            ));
        }
    }
    let wanted = wanted.first()?;
    Some(format!("Exchange the token with audience {wanted}, or add an audience mapper for it to the client."))
}

/// How to get missing scopes.
pub fn scope(missing: &[String], found: &[String]) -> Option<String> {
    let first = missing.first()?;
    if let Some(near) = found.iter().find(|have| have.eq_ignore_ascii_case(first)) {
        return Some(format!("The token has {near}; scopes are compared letter by letter."));
    }
    Some(format!(
        "Ask for scope {} when you get or exchange the token, and see that the client may have it.",
        words::list(missing)
    ))
}

/// Where the missing roles are, if they are somewhere else.
pub fn roles(missing: &[String], path: &str, all: &[(String, String)]) -> Option<String> {
    for role in missing {
        if let Some((elsewhere, _)) = all.iter().find(|(place, name)| name == role && place != path) {
            return Some(format!("Role {role} is in {elsewhere}, the API reads {path}."));
        }
        if let Some((_, near)) = all.iter().find(|(place, name)| place == path && name.eq_ignore_ascii_case(role)) {
            return Some(format!("The token has {near}; roles are compared letter by letter."));
        }
    }
    let client = path.strip_prefix("resource_access.").and_then(|rest| rest.strip_suffix(".roles"));
    match client {
        _ if missing.is_empty() => None,
        Some(client) if !all.iter().any(|(place, _)| place == path) => {
            Some(format!("The token has no roles of {client}. The user may have none, or no requested scope carries them."))
        }
        _ => Some("The user may not have it, or no requested scope carries it.".into()),
    }
}

/// Where a claim of the same name is, if it is somewhere else.
pub fn claim(path: &str, claims: &Map<String, Value>) -> Option<String> {
    if claims::at(claims, path).is_some() {
        return None;
    }
    let name = path.rsplit('.').next().unwrap_or(path);
    let rows = claims::entries(claims, claims::Layout::Inspect);
    let same = |other: &str| other.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(name));
    let near = rows.iter().find(|row| same(&row.path))?;
    Some(format!("The token has {}, the API reads {path}.", near.path))
}

/// Whose roles stand at a path, in one word.
pub fn place(path: &str) -> &str {
    match path {
        "realm_access.roles" => "the realm",
        other => other.strip_prefix("resource_access.").and_then(|rest| rest.strip_suffix(".roles")).unwrap_or(other),
    }
}
