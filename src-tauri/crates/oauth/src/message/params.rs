//! Reading a draft: which value a field has, which client asks, which token is meant.

use crate::profile::{Client, Profile, ServerRole};
use record::operation::Draft;

/// First value of a field, trimmed; none when it is empty (RFC 6749 3.2: a parameter without a value counts as omitted).
pub fn value<'a>(draft: &'a Draft, name: &str) -> Option<&'a str> {
    values(draft, name).next()
}

/// All values of a field that are not empty, trimmed, in order.
pub fn values<'a>(draft: &'a Draft, name: &str) -> impl Iterator<Item = &'a str> {
    draft.values.iter().filter(move |pair| pair.name == name).map(|pair| pair.value.trim()).filter(|value| !value.is_empty())
}

/// The words of a space separated parameter, each once, in order (RFC 6749 3.3).
pub fn words<'a>(draft: &'a Draft, name: &str) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for word in values(draft, name).flat_map(str::split_whitespace) {
        if !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen
}

/// The id in `token:<id>`.
pub fn token_id(value: &str) -> Option<&str> {
    value.strip_prefix("token:").filter(|id| !id.is_empty())
}

/// The client with this id, preferring the given server where both know one of that name.
pub fn client_of<'a>(profile: &'a Profile, id: &str, prefer: ServerRole) -> Option<&'a Client> {
    let named = || profile.clients.iter().filter(|client| client.client_id == id);
    named().find(|client| client.server == prefer).or_else(|| named().next())
}
