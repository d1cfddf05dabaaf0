//! Writes expectations as a security block, such that reading it gives them back as far as the block has words for them.

use std::fmt::Write as _;

use crate::profile::{Dialect, Profile};
use token::check::{Binding, Expectations};

/// The block of a resource. What the block has no word for is listed in a comment at its end.
pub fn write(wanted: &Expectations, profile: &Profile) -> String {
    let mut text = String::from("security:\n");
    let _ = writeln!(text, "  identity_provider: {}", name(profile.provider.dialect, &profile.provider.issuer));
    if let Some(gateway) = &profile.gateway {
        let _ = writeln!(text, "  api_gateway: {}", name(gateway.dialect, &gateway.issuer));
    }
    text.push_str("  checks:\n");
    let mut line = |key: &str, values: &[String]| match values {
        [] => {}
        [one] => {
            let _ = writeln!(text, "    {key}: {}", quoted(one));
        }
        many => {
            let _ = writeln!(text, "    {key}: [{}]", many.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "));
        }
    };
    line("audience", &wanted.audience);
    line("issuer", &wanted.issuer);
    if !wanted.roles_all.is_empty() || !wanted.roles_any.is_empty() || !wanted.roles_path.is_empty() {
        text.push_str("    roles:\n");
        for (key, values) in [("all", &wanted.roles_all), ("any", &wanted.roles_any)] {
            if !values.is_empty() {
                let _ =
                    writeln!(text, "      {key}: [{}]", values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "));
            }
        }
        if !wanted.roles_path.is_empty() {
            let _ = writeln!(text, "      path: {}", quoted(&wanted.roles_path));
        }
    }
    text.push_str("    expiration:\n      enabled: true\n");
    for (key, seconds) in
        [("max_lifetime", wanted.max_lifetime_s), ("max_age", wanted.max_age_s), ("clock_tolerance", wanted.clock_tolerance_s)]
    {
        if seconds > 0 {
            let _ = writeln!(text, "      {key}: {seconds}");
        }
    }
    let unsaid: Vec<&str> = [
        ("token type", !wanted.token_type.is_empty()),
        ("scope", !wanted.scope.is_empty()),
        ("claims", !wanted.claims.is_empty()),
        ("binding", wanted.binding != Binding::NotAsked),
        ("user", wanted.needs_user),
        ("unverified signature", !wanted.signature),
    ]
    .into_iter()
    .filter_map(|(name, there)| there.then_some(name))
    .collect();
    if !unsaid.is_empty() {
        let _ = writeln!(text, "  # Also expected, without a word in this block: {}.", unsaid.join(", "));
    }
    text
}

fn name(dialect: Dialect, issuer: &str) -> String {
    match crate::server::habits(dialect).yaml {
        "" => quoted(issuer),
        name => name.into(),
    }
}

/// Double quotes, with the escapes YAML shares with JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
