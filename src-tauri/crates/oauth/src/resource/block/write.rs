//! Writes expectations as a security block, such that reading it gives them back as far as the block has words for them.

use std::fmt::Write as _;

use crate::profile::{Dialect, Profile};
use token::check::{Binding, Expectations};

/// The block of a resource. What the block has no word for is listed in a comment at its end.
pub fn write(wanted: &Expectations, profile: &Profile) -> String {
    // Every field by name: another one does not compile until it stands below, in the block or in the comment.
    let Expectations {
        issuer,
        audience,
        token_type,
        roles_all,
        roles_any,
        roles_path,
        scope,
        claims,
        binding,
        needs_user,
        max_lifetime_s,
        max_age_s,
        clock_tolerance_s,
        signature,
    } = wanted;
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
    line("audience", audience);
    line("issuer", issuer);
    if !roles_all.is_empty() || !roles_any.is_empty() || !roles_path.is_empty() {
        text.push_str("    roles:\n");
        for (key, values) in [("all", roles_all), ("any", roles_any)] {
            if !values.is_empty() {
                let _ =
                    writeln!(text, "      {key}: [{}]", values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "));
            }
        }
        if !roles_path.is_empty() {
            let _ = writeln!(text, "      path: {}", quoted(roles_path));
        }
    }
    text.push_str("    expiration:\n      enabled: true\n");
    for (key, seconds) in [("max_lifetime", *max_lifetime_s), ("max_age", *max_age_s), ("clock_tolerance", *clock_tolerance_s)] {
        if seconds > 0 {
            let _ = writeln!(text, "      {key}: {seconds}");
        }
    }
    let unsaid: Vec<&str> = [
        ("token type", !token_type.is_empty()),
        ("scope", !scope.is_empty()),
        ("claims", !claims.is_empty()),
        ("binding", *binding != Binding::NotAsked),
        ("user", *needs_user),
        ("unverified signature", !*signature),
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
