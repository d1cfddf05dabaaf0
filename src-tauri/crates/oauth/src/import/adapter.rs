//! `keycloak.json`: what Keycloak's console offers as adapter configuration of one client.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Import, ImportFault, ImportKind, ImportPreview, fields,
    fields::{Written, or_default, written},
    keycloak, line,
    placeholders::Placeholder,
};
use crate::profile::{Client, ClientAuth, Profile, Resource};
use token::check::Expectations;

/// Members that are understood; the others are listed as not taken.
const KNOWN: [&str; 10] = [
    "realm",
    "auth-server-url",
    "url",
    "resource",
    "clientId",
    "public-client",
    "bearer-only",
    "use-resource-role-mappings",
    "verify-token-audience",
    "credentials",
];

/// The file.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Adapter {
    #[serde(deserialize_with = "or_default")]
    realm: String,
    /// The JavaScript adapter calls it `url`.
    #[serde(alias = "url", deserialize_with = "or_default")]
    auth_server_url: String,
    /// The client id; the JavaScript adapter calls it `clientId`.
    #[serde(alias = "clientId", deserialize_with = "or_default")]
    resource: String,
    #[serde(deserialize_with = "or_default")]
    public_client: bool,
    #[serde(deserialize_with = "or_default")]
    bearer_only: bool,
    #[serde(deserialize_with = "or_default")]
    use_resource_role_mappings: bool,
    #[serde(deserialize_with = "or_default")]
    verify_token_audience: bool,
    #[serde(deserialize_with = "or_default")]
    credentials: Map<String, Value>,
}

/// Reads the file. `members` are the names in it, in its order.
pub(super) fn read(mut adapter: Adapter, members: &[String], server: &str, asked: &[Placeholder]) -> Result<Import, ImportFault> {
    let left_open = |name: &str| asked.iter().any(|one| one.path == name);
    let unsaid =
        adapter.realm.trim().is_empty() && !adapter.auth_server_url.trim().is_empty() && !adapter.resource.trim().is_empty();
    if left_open("realm") || unsaid {
        let why = if unsaid { "This file names a server and no realm" } else { "The realm in this file is a placeholder" };
        adapter.realm = keycloak::realm_of(if server.trim().is_empty() { &adapter.auth_server_url } else { server })
            .ok_or_else(|| keycloak::realm_missing(why))?;
    }
    let id = adapter.resource.trim().to_owned();
    let unnamed = id.is_empty() && (left_open("resource") || left_open("clientId"));
    if adapter.realm.trim().is_empty() || (id.is_empty() && !unnamed) {
        let missing = if id.is_empty() { "client (resource)" } else { "realm" };
        return Err(ImportFault {
            id: "adapter-incomplete",
            field: "text",
            message: format!("This looks like an adapter configuration, but it names no {missing}."),
            advice: "Download it again: Clients, the client, Action, Download adapter config.".into(),
        });
    }
    let asks_server = adapter.auth_server_url.trim().is_empty();
    let address = if server.trim().is_empty() { adapter.auth_server_url.as_str() } else { server };
    let provider = keycloak::provider(address, adapter.realm.trim())?;
    let (mut taken, mut left, mut secrets) = (Vec::new(), Vec::new(), Vec::new());
    if provider.issuer.is_empty() {
        left.push(line("Issuer", "The file names no server. Give its address, or fill it in afterwards."));
    } else {
        taken.push(line("Issuer", provider.issuer.clone()));
        taken.push(line("Endpoints", "At Keycloak's usual paths; Discover confirms them and reads what is supported."));
    }
    let secret = adapter.credentials.get("secret").and_then(Value::as_str).unwrap_or_default();
    let public = adapter.public_client || (adapter.credentials.is_empty() && !adapter.bearer_only);
    let auth = if public { ClientAuth::None } else { ClientAuth::ClientSecretBasic };
    if !adapter.bearer_only {
        let kind = if public { "public client, logs users in" } else { "confidential client, logs users in" };
        taken.push(line(format!("Client {id}"), kind));
    }
    let resource = adapter.bearer_only || adapter.verify_token_audience || adapter.use_resource_role_mappings;
    match written(secret) {
        Written::Secret(secret) => secrets.push((id.clone(), secret)),
        Written::Masked => left.push(masked(&id)),
        Written::Placeholder => left.push(placeholder(&id)),
        Written::Absent if !public && !adapter.bearer_only => {
            let named: Vec<&str> =
                adapter.credentials.keys().map(String::as_str).filter(|name| *name != "secret" && *name != "provider").collect();
            left.push(line(
                format!("Credentials of {id}"),
                if named.is_empty() {
                    "The file has no secret. Add it at the client.".to_owned()
                } else {
                    format!("The client authenticates by {}. Set that at the client by hand.", named.join(", "))
                },
            ));
        }
        Written::Absent => {}
    }
    let mut profile = Profile { name: format!("{}, {id}", adapter.realm.trim()), ..Profile::default() };
    if resource && !unnamed {
        let roles = if adapter.use_resource_role_mappings || adapter.bearer_only {
            format!("resource_access.{id}.roles")
        } else {
            String::new()
        };
        taken.push(line(format!("Resource {id}"), format!("an API that wants {id} in aud")));
        profile.resources.push(Resource {
            name: id.clone(),
            expectations: Expectations {
                issuer: if provider.issuer.is_empty() { Vec::new() } else { vec![provider.issuer.clone()] },
                audience: vec![id.clone()],
                roles_path: roles,
                signature: true,
                ..Expectations::default()
            },
            ..Resource::default()
        });
    }
    if unnamed {
        profile.name = adapter.realm.trim().to_owned();
        secrets.clear();
        taken.retain(|line| !line.what.starts_with("Client "));
        left.push(line("Client", "Its name is a placeholder. Add the client by hand, with its secret."));
    } else if !adapter.bearer_only {
        profile.clients.push(Client { client_id: id.clone(), auth, login: true, ..Client::default() });
        left.push(line(
            "Redirect URIs",
            format!("The file does not have them. Register the one the profile shows at {id}, in Clients, Settings."),
        ));
    }
    let rest: Vec<&str> = members.iter().map(String::as_str).filter(|name| !KNOWN.contains(name)).collect();
    if !rest.is_empty() {
        left.push(line("Settings of the adapter itself", fields::list(rest.into_iter(), 12)));
    }
    profile.scopes = fields::login_scopes(&[]);
    profile.provider = provider;
    Ok(Import {
        preview: ImportPreview {
            kind: ImportKind::Adapter,
            title: if unnamed {
                "Keycloak's adapter configuration".into()
            } else {
                format!("Keycloak's adapter configuration of the client {id}")
            },
            name: profile.name.clone(),
            warned: Vec::new(),
            taken,
            left,
            secrets: secrets.iter().map(|(client, _)| client.clone()).collect(),
            asks_server,
            next: "Discover reads the rest from the server.".into(),
        },
        profile,
        secrets,
    })
}

pub(super) fn masked(client: &str) -> super::ImportLine {
    line(
        format!("Secret of {client}"),
        format!(
            "Masked with stars in the text: the server does not give it to everybody. Copy it from Clients, {client}, Credentials."
        ),
    )
}

pub(super) fn placeholder(client: &str) -> super::ImportLine {
    line(
        format!("Secret of {client}"),
        "A placeholder that only the server or its deployment can fill in. Paste the secret at the client.",
    )
}
