//! Configuration of other programs, read as a profile: Keycloak's adapter file, a realm or client export, a metadata document.
//!
//! Nobody types a realm twice. The text is recognised by what stands in it, never by its file name; a preview says in words
//! what is taken and what is not before anything is saved. Secrets come out apart from the profile, so that they can go to
//! the secret store and nowhere else.

mod adapter;
mod distrust;
mod fields;
mod keycloak;
mod placeholders;
mod preview;
mod realm;
#[cfg(test)]
mod tests;

pub use distrust::{deceptive, strip, visible};
use preview::line;
pub use preview::{Import, ImportFault, ImportKind, ImportLine, ImportPreview};

use serde::de::DeserializeOwned;

use crate::{
    message,
    profile::{Profile, Provider},
};
use token::shown::shown;

/// Largest text that is read, bytes. A realm export without users is far below it.
pub const LIMIT: usize = 16 << 20;

/// Reads a text. `server` is the address given beside it, for exports that name none; it may be anything
/// [`message::read_pasted`] understands, or empty.
pub fn read(text: &str, server: &str) -> Result<Import, ImportFault> {
    let mut read = recognised(text, server).and_then(distrust::distrust)?;
    read.preview.bound();
    Ok(read)
}

impl Import {
    /// The import without what is not for a file to say; for readers of further formats. [`read`] gives nothing else.
    ///
    /// # Errors
    /// Where the file holds characters that deceive its reader.
    pub fn distrusted(self) -> Result<Self, ImportFault> {
        distrust::distrust(self)
    }
}

fn recognised(text: &str, server: &str) -> Result<Import, ImportFault> {
    if text.len() > LIMIT {
        return Err(ImportFault {
            id: "too-large",
            field: "text",
            message: format!("The text has {} MiB; at most {} are read.", text.len() >> 20, LIMIT >> 20),
            advice: "Export the realm without its users (kc.sh export --users skip).".into(),
        });
    }
    // Nothing is cut off at the front but a byte order mark: lines are counted as the user sees them.
    let text = text.trim_start_matches('\u{feff}').trim_end();
    let mut value: serde_json::Value = serde_json::from_str(text).map_err(|error| broken_json(text, &error))?;
    let shape = kind_of(&value)?;
    // Lines and columns are those of the text as it was given, unless something had to be taken out of it.
    let (asked, changed) = placeholders::take(&mut value);
    let rewritten = if changed { value.to_string() } else { String::new() };
    let text = if changed { rewritten.as_str() } else { text };
    if let Some(one) = asked.iter().find(|one| one.path == "issuer").filter(|_| matches!(shape, Shape::Metadata(_))) {
        return Err(ImportFault {
            id: "placeholder",
            field: "text",
            message: format!("The issuer of this document is a placeholder, {}.", token::shown::shown(&one.text)),
            advice:
                "Read the document from the server itself (Discover), or replace the placeholder by the address it stands for."
                    .into(),
        });
    }
    let mut import = shaped(shape, text, server, &asked)?;
    import.preview.left.splice(0..0, placeholders::lines(&asked));
    Ok(import)
}

fn shaped(shape: Shape, text: &str, server: &str, asked: &[placeholders::Placeholder]) -> Result<Import, ImportFault> {
    match shape {
        Shape::Adapter(members) => adapter::read(parse(text)?, &members, server, asked),
        Shape::Realm => realm::read(parse(text)?, server, asked),
        // `kc.sh export --dir` and the admin API give a list where there may be several.
        Shape::Realms => {
            let mut realms: Vec<realm::Realm> = parse(text)?;
            let names: Vec<&str> = realms.iter().map(|realm| realm.realm.as_str()).collect();
            if realms.len() > 1 {
                return Err(ImportFault {
                    id: "several-realms",
                    field: "text",
                    message: format!("This holds {} realms: {}.", realms.len(), names.join(", ")),
                    advice: "Take out the one you mean, from its { to its }, and import that. A profile is one realm.".into(),
                });
            }
            realm::read(realms.pop().unwrap_or_default(), server, asked)
        }
        Shape::Client => realm::read_client(parse(text)?, server),
        Shape::Metadata(issuer) => metadata(&issuer, text),
    }
}

/// What the members of the outermost object say.
enum Shape {
    /// With the names of its members.
    Adapter(Vec<String>),
    Realm,
    Realms,
    Client,
    Metadata(String),
}

fn kind_of(value: &serde_json::Value) -> Result<Shape, ImportFault> {
    let unknown = |found: &str| {
        ImportFault {
        id: "not-recognised",
        field: "text",
        message: format!("This is {found}, but nothing that is known here."),
        advice: "Known are: a profile exported by Claimscope, Keycloak's keycloak.json, a realm or client export of Keycloak, and a metadata document (.well-known/openid-configuration).".into(),
    }
    };
    let map = match value {
        serde_json::Value::Object(map) => map,
        serde_json::Value::Array(items) if items.iter().any(|item| item.get("realm").is_some()) => return Ok(Shape::Realms),
        serde_json::Value::Array(_) => return Err(unknown("a JSON list")),
        _ => return Err(unknown("JSON")),
    };
    let has = |name: &str| map.contains_key(name);
    let any = |names: &[&str]| names.iter().any(|name| has(name));
    if any(&["auth-server-url", "realm-public-key"]) || (has("realm") && (has("resource") || (has("url") && has("clientId")))) {
        return Ok(Shape::Adapter(map.keys().cloned().collect()));
    }
    if has("realm") && any(&["clients", "clientScopes", "roles", "users", "sslRequired", "enabled", "keycloakVersion"]) {
        return Ok(Shape::Realm);
    }
    if has("clientId") && any(&["redirectUris", "publicClient", "protocol", "clientAuthenticatorType"]) {
        return Ok(Shape::Client);
    }
    if any(&["token_endpoint", "authorization_endpoint", "jwks_uri"]) {
        let issuer = map.get("issuer").and_then(serde_json::Value::as_str).unwrap_or_default();
        return Ok(Shape::Metadata(issuer.to_owned()));
    }
    Err(unknown("a JSON object"))
}

/// What is wrong with a text that is no JSON, and where; never its content.
pub fn broken_json(text: &str, error: &serde_json::Error) -> ImportFault {
    let (message, advice) = match text.trim_start().chars().next() {
        None => ("There is no text.".to_owned(), "Paste the file's content, or drop the file here."),
        Some('<') => (
            "This is XML or a web page, not JSON.".to_owned(),
            "Choose the format Keycloak OIDC JSON where Keycloak offers several, and copy the file, not the page around it.",
        ),
        _ => {
            let what = match error.classify() {
                serde_json::error::Category::Eof => "The JSON stops before its end",
                _ => "This is not valid JSON from here on",
            };
            (
                format!("{what}: line {}, column {}.", error.line(), error.column()),
                "Copy the whole file. A missing or extra comma or bracket near that place is the usual cause.",
            )
        }
    };
    ImportFault { id: "not-json", field: "text", message, advice: advice.into() }
}

/// Reads into a type; a fault names the member and its place in plain words, never its content.
///
/// # Errors
/// Where a member is missing, unknown, written twice or not of its kind.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ImportFault> {
    let mut reader = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        ImportFault {
            id: "wrong-type",
            field: "text",
            message: format!("{}: line {}, column {}.", wrong(&path, &inner), inner.line(), inner.column()),
            advice: "Export it again from the server, or correct it there by hand.".into(),
        }
    })
}

/// What the reader found, in words. Only what it says of our own types is told from its text; a name out of the file is repeated
/// where it can be nothing but a name.
fn wrong(path: &str, error: &serde_json::Error) -> String {
    let text = error.to_string();
    let named = |lead: &str| text.strip_prefix(lead)?.split_once('`').map(|(name, _)| name);
    let place = match path {
        "." | "?" | "" => "The text".to_owned(),
        path => format!("The member {}", shown(path)),
    };
    let is_name = |name: &&str| name.len() <= 40 && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    if let Some(name) = named("missing field `") {
        return format!("{place} lacks {name}");
    }
    if text.starts_with("unknown field `") {
        let own = path.rsplit('.').next().unwrap_or_default();
        let inside = named("unknown field `").is_some_and(|name| name == own);
        let place = match path.strip_suffix(own).map(|rest| rest.trim_end_matches('.')) {
            Some(rest) if inside && rest.is_empty() => "The text".to_owned(),
            Some(rest) if inside => format!("The member {}", shown(rest)),
            _ => place,
        };
        return match named("unknown field `").filter(is_name) {
            Some(name) => format!("{place} holds {name}, which is not known here"),
            None => format!("{place} holds a member that is not known here"),
        };
    }
    if let Some(name) = named("duplicate field `") {
        return format!("{place} holds {name} twice");
    }
    if text.starts_with("unknown variant") {
        return format!("{place} has a value that is none of those it may have");
    }
    format!("{place} is not of the kind it should be")
}

fn metadata(issuer: &str, text: &str) -> Result<Import, ImportFault> {
    let provider: Provider = message::read_discovery(issuer, "application/json", text.as_bytes())
        .map_err(|malformed| ImportFault {
            id: malformed.id,
            field: "text",
            message: malformed.message,
            advice: malformed.advice,
        })?
        .provider;
    let known = [
        &provider.endpoints.authorization,
        &provider.endpoints.token,
        &provider.endpoints.introspection,
        &provider.endpoints.revocation,
        &provider.endpoints.userinfo,
        &provider.endpoints.end_session,
        &provider.endpoints.jwks,
    ];
    let count = known.iter().filter(|address| !address.is_empty()).count();
    let mut taken = vec![line("Issuer", &provider.issuer), line("Endpoints", format!("{count} of 7 addresses"))];
    if !provider.scopes.is_empty() {
        taken.push(line("Scopes", fields::list(provider.scopes.iter().map(String::as_str), 8)));
    }
    let name = provider.name.clone();
    let mut profile = Profile { name: name.clone(), ..Profile::default() };
    profile.scopes = fields::login_scopes(&provider.scopes);
    profile.provider = provider;
    Ok(Import {
        preview: ImportPreview {
            kind: ImportKind::Metadata,
            title: format!("Server metadata of {issuer}"),
            name,
            warned: Vec::new(),
            taken,
            left: vec![
                line("Keys", "The document only says where they are. They are read when a signature is checked."),
                line("Whether it still holds", "A file may be old or from another server. Discover asks the server itself."),
            ],
            secrets: Vec::new(),
            asks_server: false,
            next: "Add a client that logs users in, then Discover to compare the file with the server.".into(),
        },
        profile,
        secrets: Vec::new(),
    })
}
