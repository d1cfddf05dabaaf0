//! Expectations in words, for the moment before they are saved.

use super::expectations::{Binding, Expectations};
use crate::{text::Pair, words};

/// What is required, one line an expectation: its name and its words. What is not checked has no line.
pub fn in_words(wanted: &Expectations) -> Vec<Pair> {
    let mut lines = Vec::new();
    let mut say = |name: &str, value: String, asked: bool| {
        if asked {
            lines.push(Pair { name: name.into(), value });
        }
    };
    let any = |list: &[String]| if list.len() > 1 { format!("one of {}", words::list(list)) } else { words::list(list) };
    say("Signature", "verified with the issuer's key".into(), wanted.signature);
    say("Issuer", any(&wanted.issuer), !wanted.issuer.is_empty());
    say("Token type", wanted.token_type.clone(), !wanted.token_type.is_empty());
    say("Audience", any(&wanted.audience), !wanted.audience.is_empty());
    say("User", "a user behind the token".into(), wanted.needs_user);
    say("Scope", words::list(&wanted.scope), !wanted.scope.is_empty());
    let place = if wanted.roles_path.is_empty() { String::new() } else { format!(" in {}", wanted.roles_path) };
    say("Roles, all", format!("{}{place}", words::list(&wanted.roles_all)), !wanted.roles_all.is_empty());
    say("Roles, any", format!("{}{place}", any(&wanted.roles_any)), !wanted.roles_any.is_empty());
    for required in &wanted.claims {
        let value = match (required.value.as_str(), required.pattern.as_str()) {
            ("", "") => "any value".to_owned(),
            (value, "") => value.to_owned(),
            ("", pattern) => format!("fits {pattern}"),
            (value, pattern) => format!("{value}, fits {pattern}"),
        };
        say(&format!("Claim {}", required.path), value, true);
    }
    let binding = match wanted.binding {
        Binding::NotAsked => "",
        Binding::Dpop => "to a DPoP key",
        Binding::Mtls => "to a client certificate",
        Binding::AnyKey => "to a key",
    };
    say("Bound", binding.into(), !binding.is_empty());
    say("Lifetime", format!("at most {}", words::duration(wanted.max_lifetime_s)), wanted.max_lifetime_s > 0);
    say("Age", format!("at most {}", words::duration(wanted.max_age_s)), wanted.max_age_s > 0);
    say("Clock tolerance", words::duration(wanted.clock_tolerance_s), wanted.clock_tolerance_s > 0);
    lines
}
