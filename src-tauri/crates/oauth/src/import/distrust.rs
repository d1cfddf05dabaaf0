//! What no file is believed about, whoever wrote it: what was seen of a server, whom to trust, and which checks to leave out.
//!
//! A file may say where a server is; whether that holds is found out by asking. It is told in the preview what was left out,
//! and what of the rest a careful reader looks at first.

use serde_json::Value;

use super::{Import, ImportFault, ImportLine, line};
use crate::{binding, profile::Profile};
use record::issuer::is_loopback;
use token::shown;

/// Free texts of a profile: deceptive characters in them are made visible. Everywhere else they are refused.
const FREE_TEXTS: [&str; 3] = ["name", "note", "keys"];

/// Whether a character hides, reverses or breaks the text around it: controls, the marks and overrides of writing direction,
/// and characters without a shape.
pub fn deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with deceptive characters written out, as `\u{202e}`.
pub fn visible(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, c| {
        match c {
            '\t' | '\n' | '\r' => shown.push(' '),
            c if deceptive(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
        shown
    })
}

/// Takes out of an import what is not for a file to say, and says so in its preview.
///
/// # Errors
/// Where an identifier, address or setting holds characters that deceive the reader.
pub(super) fn distrust(mut import: Import) -> Result<Import, ImportFault> {
    filled_in(&mut import)?;
    let keys = keys_elsewhere(&import.profile);
    import.preview.left.extend(strip(&mut import.profile));
    import.profile = without_deception(&import.profile)?;
    for text in [&mut import.preview.title, &mut import.preview.name] {
        *text = visible(text);
    }
    for line in import.preview.taken.iter_mut().chain(&mut import.preview.left) {
        line.what = visible(&line.what);
        line.words = visible(&line.words);
    }
    if let Some((client, _)) = import.secrets.iter().find(|(client, _)| client.chars().any(deceptive)) {
        return Err(refused("client_id", client));
    }
    // What the file calls its servers is shown before it is taken, as what it is: words of the file.
    let gateway = import.profile.gateway.as_ref().map(|gateway| gateway.name.as_str());
    for (of, name) in [("the provider", Some(import.profile.provider.name.as_str())), ("the gateway", gateway)] {
        if let Some(name) = name.filter(|name| !name.trim().is_empty()) {
            let words = format!("{}: so the file calls {of}. The window calls it by its host.", shown::shown(name));
            import.preview.taken.push(line("Shown as", words));
        }
    }
    import.preview.warned = warned(&import.profile);
    import.preview.warned.extend(keys);
    Ok(import)
}

/// Takes out whatever is left of placeholders, whichever format brought them. A secret is looked at where it is read.
fn filled_in(import: &mut Import) -> Result<(), ImportFault> {
    let broken = |_| refused("profile", "");
    let mut value = serde_json::to_value(&import.profile).map_err(broken)?;
    let (asked, changed) = super::placeholders::take(&mut value);
    if !changed {
        return Ok(());
    }
    import.profile = serde_json::from_value(value).map_err(broken)?;
    import.profile.clients.retain(|client| !client.client_id.is_empty());
    if import.profile.provider.issuer.is_empty() {
        import.preview.taken.retain(|line| line.what != "Issuer");
    }
    import.preview.left.extend(super::placeholders::lines(&asked));
    Ok(())
}

const OF_ISSUER: &str = "Where the issuer's keys are";
const OF_GATEWAY: &str = "Where the gateway's keys are";

/// Key addresses at another origin than the server whose keys they are to be. Whoever names the keys says what is genuine, so only
/// the server's own host may, or what it publishes itself.
fn keys_elsewhere(profile: &Profile) -> Vec<ImportLine> {
    let own = |keys: &str, names: [&str; 2]| {
        let named = names.into_iter().find(|name| !name.trim().is_empty());
        keys.trim().is_empty()
            || named.is_some_and(|name| binding::origin(name).is_some() && binding::origin(name) == binding::origin(keys))
    };
    let provider = &profile.provider;
    let gateway =
        profile.gateway.iter().map(|one| (OF_GATEWAY, one.endpoints.jwks.as_str(), [one.issuer.as_str(), one.base.as_str()]));
    std::iter::once((OF_ISSUER, provider.endpoints.jwks.as_str(), [provider.issuer.as_str(), ""]))
        .chain(gateway)
        .filter(|(_, keys, names)| !own(keys, *names))
        .map(|(what, keys, _)| {
            let words = format!(
                "{}: another host, and not taken. Discover asks the issuer itself where its keys are.",
                shown::shown(keys)
            );
            line(what, words)
        })
        .collect()
}

/// Empties what only a server or the user may say. Gives a line for each thing that was there.
pub fn strip(profile: &mut Profile) -> Vec<ImportLine> {
    let mut left = Vec::new();
    let fresh = "Not taken from a file. Discover asks the server itself.";
    let provider = &mut profile.provider;
    if provider.read_ms != 0 || !provider.keys.is_empty() {
        left.push(line("That the issuer was read, and its keys", fresh));
    }
    if !provider.capabilities.is_empty() {
        left.push(line("What the server supports", fresh));
    }
    let keys = keys_elsewhere(profile);
    let provider = &mut profile.provider;
    if keys.iter().any(|line| line.what == OF_ISSUER) {
        provider.endpoints.jwks.clear();
    }
    if let Some(gateway) = &mut profile.gateway
        && keys.iter().any(|line| line.what == OF_GATEWAY)
    {
        gateway.endpoints.jwks.clear();
    }
    left.extend(keys.into_iter().map(|line| ImportLine { words: "Not taken: they lie at another host.".into(), ..line }));
    let provider = &mut profile.provider;
    (provider.read_ms, provider.iss_in_response) = (0, false);
    provider.keys.clear();
    provider.capabilities.clear();
    if let Some(gateway) = &mut profile.gateway
        && !gateway.activity.is_empty()
    {
        gateway.activity.clear();
        left.push(line("Where the gateway reports its own exchanges", "Only the lab's gateway does, and says so itself."));
    }
    let tls = std::mem::take(&mut profile.tls);
    let by_hand = "Never taken from a file. Set it under TLS, if you trust this server.";
    if tls.danger_accept_any_certificate {
        left.push(line("Accept any certificate", by_hand));
    }
    if tls.danger_plain_http {
        left.push(line("Allow plain http", by_hand));
    }
    if !tls.ca_pem.trim().is_empty() {
        left.push(line("Certificates of authorities", by_hand));
    }
    if !tls.pins.is_empty() {
        let servers: Vec<&str> = tls.pins.iter().map(|pin| pin.server.as_str()).collect();
        left.push(line(format!("Pinned certificates of {}", super::fields::list(servers.into_iter(), 4)), by_hand));
    }
    if profile.simulated {
        left.push(line("That it is the lab", "Only the built-in lab is."));
    }
    profile.simulated = false;
    profile.id.clear();
    left
}

/// What a careful reader looks at before taking the profile.
fn warned(profile: &Profile) -> Vec<ImportLine> {
    let mut lines: Vec<ImportLine> = binding::elsewhere(profile)
        .into_iter()
        .map(|one| {
            let mut what = one.what;
            if let Some(first) = what.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            line(
                what,
                format!(
                    "lies at {}, the issuer at {}. No secret goes there, and no code, token or password, before you say so.",
                    one.found, one.expected
                ),
            )
        })
        .collect();
    let plain: Vec<String> = binding::origins(profile)
        .into_iter()
        .filter(|origin| url::Url::parse(origin).is_ok_and(|url| url.scheme() == "http" && !is_loopback(&url)))
        .collect();
    if !plain.is_empty() {
        lines.push(line("Plain http", format!("{}: not asked unless you allow it under TLS.", plain.join(", "))));
    }
    for (field, address) in [("Issuer", &profile.provider.issuer), ("Events address", &profile.provider.events)] {
        if !address.trim().is_empty() && binding::normal(address).is_none() {
            lines.push(line(field, "is no address of a server, or hides it behind a user name."));
        }
    }
    lines
}

/// The profile with deceptive characters of its free texts made visible; one anywhere else is refused.
fn without_deception(profile: &Profile) -> Result<Profile, ImportFault> {
    let broken = |_| refused("profile", "");
    let mut value = serde_json::to_value(profile).map_err(broken)?;
    walk(&mut value, "", false)?;
    serde_json::from_value(value).map_err(broken)
}

/// A profile is read strictly by then, so its depth is that of the type.
fn walk(value: &mut Value, path: &str, free: bool) -> Result<(), ImportFault> {
    match value {
        Value::String(text) if free => {
            // A name stands where the window speaks, so it may not look like its signs either.
            *text = shown::name(&visible(text)).into_owned();
            Ok(())
        }
        Value::String(text) if text.chars().any(deceptive) => Err(refused(path, text)),
        Value::Array(items) => {
            items.iter_mut().enumerate().try_for_each(|(index, item)| walk(item, &format!("{path}.{index}"), free))
        }
        Value::Object(map) => map.iter_mut().try_for_each(|(name, member)| {
            let at = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            // The name of a resource is its audience, and so an identifier.
            let free = FREE_TEXTS.contains(&name.as_str()) && !path.starts_with("resources");
            walk(member, &at, free)
        }),
        _ => Ok(()),
    }
}

fn refused(path: &str, text: &str) -> ImportFault {
    let shown: String = visible(text).chars().take(80).collect();
    ImportFault {
        id: "deceptive-characters",
        field: "text",
        message: format!("{path} holds characters that cannot be seen or that turn the text around: {shown}."),
        advice: "Ask where the file is from. Take these characters out if it is the one you mean.".into(),
    }
}
