//! A realm, or one client of it, as Keycloak exports them.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;
use serde_json::Value;

use super::{
    Import, ImportFault, ImportKind, ImportLine, ImportPreview,
    adapter::{masked, placeholder},
    fields::{self, Written, count, or_default, written},
    keycloak, line,
    placeholders::Placeholder,
};
use crate::profile::{Client, ClientAuth, Profile, Provider, Resource};
use token::{check::Expectations, secret::Secret};

/// Clients Keycloak makes for itself in every realm.
const BUILT_IN: [&str; 6] = ["account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"];

/// What is read of a realm; everything else is passed over.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Realm {
    #[serde(deserialize_with = "or_default")]
    pub(super) realm: String,
    #[serde(deserialize_with = "or_default")]
    display_name: String,
    #[serde(deserialize_with = "or_default")]
    clients: Vec<Registration>,
    #[serde(deserialize_with = "or_default")]
    client_scopes: Vec<ClientScope>,
    #[serde(deserialize_with = "or_default")]
    roles: Roles,
    #[serde(deserialize_with = "or_default")]
    users: Vec<User>,
    #[serde(deserialize_with = "or_default")]
    identity_providers: Vec<Named>,
    #[serde(deserialize_with = "or_default")]
    attributes: BTreeMap<String, Value>,
    #[serde(deserialize_with = "or_default")]
    components: BTreeMap<String, Value>,
    events_enabled: Option<bool>,
}

/// One client.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Registration {
    #[serde(deserialize_with = "or_default")]
    client_id: String,
    #[serde(deserialize_with = "or_default")]
    description: String,
    #[serde(deserialize_with = "or_default")]
    protocol: String,
    enabled: Option<bool>,
    #[serde(deserialize_with = "or_default")]
    public_client: bool,
    #[serde(deserialize_with = "or_default")]
    bearer_only: bool,
    standard_flow_enabled: Option<bool>,
    #[serde(deserialize_with = "or_default")]
    service_accounts_enabled: bool,
    #[serde(deserialize_with = "or_default")]
    client_authenticator_type: String,
    #[serde(deserialize_with = "or_default")]
    secret: String,
    #[serde(deserialize_with = "or_default")]
    redirect_uris: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    base_url: String,
    #[serde(deserialize_with = "or_default")]
    attributes: BTreeMap<String, Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ClientScope {
    #[serde(deserialize_with = "or_default")]
    name: String,
    #[serde(deserialize_with = "or_default")]
    protocol: String,
    #[serde(deserialize_with = "or_default")]
    attributes: BTreeMap<String, Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Roles {
    #[serde(deserialize_with = "or_default")]
    client: BTreeMap<String, Vec<Named>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    #[serde(alias = "alias", deserialize_with = "or_default")]
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct User {
    #[serde(deserialize_with = "or_default")]
    service_account_client_id: String,
    #[serde(deserialize_with = "or_default")]
    client_roles: BTreeMap<String, Vec<String>>,
}

impl Registration {
    fn built_in(&self, realm: &str) -> bool {
        BUILT_IN.contains(&self.client_id.as_str()) || (realm == "master" && self.client_id.ends_with("-realm"))
    }

    fn saml(&self) -> bool {
        self.protocol == "saml"
    }

    fn logs_in(&self) -> bool {
        // Keycloak's own default is on.
        self.standard_flow_enabled.unwrap_or(true) && !self.bearer_only && self.enabled != Some(false)
    }

    fn loopback(&self) -> bool {
        self.redirect_uris.iter().any(|uri| fields::loopback(uri).is_some())
    }

    fn on(&self, attribute: &str) -> bool {
        match self.attributes.get(attribute) {
            Some(Value::String(text)) => text == "true",
            Some(Value::Bool(on)) => *on,
            _ => false,
        }
    }

    /// What it is, for the note at the client.
    fn words(&self, reads_events: bool) -> String {
        let mut words = vec![if self.public_client { "public" } else { "confidential" }];
        words.extend(self.service_accounts_enabled.then_some("service account"));
        words.extend(self.on("standard.token.exchange.enabled").then_some("may exchange tokens"));
        words.extend(self.on("oauth2.jwt.authorization.grant.enabled").then_some("JWT authorization grant"));
        words.extend(reads_events.then_some("may read events"));
        words.extend((self.enabled == Some(false)).then_some("disabled"));
        words.join(", ")
    }
}

/// Reads a realm export.
pub(super) fn read(mut realm: Realm, server: &str, asked: &[Placeholder]) -> Result<Import, ImportFault> {
    if asked.iter().any(|one| one.path == "realm" || one.path == "[0].realm") {
        realm.realm = keycloak::realm_of(server)
            .ok_or_else(|| keycloak::realm_missing("The name of the realm in this export is a placeholder"))?;
    }
    let name = realm.realm.trim().to_owned();
    if name.is_empty() {
        return Err(ImportFault {
            id: "realm-without-name",
            field: "text",
            message: "This looks like a realm export, but its member realm is empty.".into(),
            advice: "Export it again: Realm settings, Action, Partial export, with clients and roles.".into(),
        });
    }
    // A realm may be told its public address, which is then where its tokens are from.
    let told = realm.attributes.get("frontendUrl").and_then(Value::as_str).unwrap_or_default().to_owned();
    let address = if server.trim().is_empty() { told.as_str() } else { server };
    let provider = keycloak::provider(address, &name)?;
    let shown = if realm.display_name.trim().is_empty() { name.clone() } else { realm.display_name.trim().to_owned() };
    let title = format!("Export of the realm {name}");
    Ok(take(
        realm,
        provider,
        &Naming { kind: ImportKind::Realm, title, profile: shown, realm: name, asks_server: told.is_empty() },
    ))
}

/// Reads the export of one client: a realm of which only that is known.
pub(super) fn read_client(client: Registration, server: &str) -> Result<Import, ImportFault> {
    // A host alone is no issuer of Keycloak, and the export does not say the realm.
    if !server.trim().is_empty() && keycloak::realm_of(server).is_none() {
        // What is no address at all is said as that.
        keycloak::provider(server, "")?;
        return Err(keycloak::realm_missing(
            "The export of a client does not name its realm, and the address is that of a server",
        ));
    }
    let provider = keycloak::provider(server, "")?;
    let naming = Naming {
        kind: ImportKind::Client,
        title: format!("Export of the client {}", client.client_id),
        profile: client.client_id.clone(),
        realm: String::new(),
        asks_server: true,
    };
    Ok(take(Realm { clients: vec![client], ..Realm::default() }, provider, &naming))
}

struct Naming {
    kind: ImportKind,
    title: String,
    profile: String,
    realm: String,
    asks_server: bool,
}

fn take(realm: Realm, mut provider: Provider, naming: &Naming) -> Import {
    let mut taken = Vec::new();
    let mut left = Vec::new();
    if provider.issuer.is_empty() {
        let words = if naming.kind == ImportKind::Client {
            "The export of a client says neither where the server is nor which realm it is of. Give the address of the realm, or fill in the issuer afterwards."
        } else {
            "The export does not say where the server is. Give its address, or fill in the issuer afterwards."
        };
        left.push(line("Issuer", words));
    } else {
        taken.push(line("Issuer", provider.issuer.clone()));
    }
    let (own, others): (Vec<&Registration>, Vec<&Registration>) = realm
        .clients
        .iter()
        .partition(|client| !client.built_in(&naming.realm) && !client.saml() && !client.client_id.is_empty());
    let login = login_client(&own);
    let readers: HashSet<&str> = realm
        .users
        .iter()
        .filter(|user| {
            user.client_roles.get("realm-management").is_some_and(|roles| roles.iter().any(|role| role == "view-events"))
        })
        .map(|user| user.service_account_client_id.as_str())
        .collect();
    let reader = own.iter().find(|client| client.service_accounts_enabled && readers.contains(client.client_id.as_str()));
    let mut profile = Profile { name: naming.profile.clone(), ..Profile::default() };
    let mut secrets: Vec<(String, Secret)> = Vec::new();
    for client in own.iter().filter(|client| !client.bearer_only) {
        let logs_in = login.is_some_and(|one| one.client_id == client.client_id);
        let reads = reader.is_some_and(|one| one.client_id == client.client_id);
        profile.clients.push(Client {
            client_id: client.client_id.clone(),
            auth: if client.public_client { ClientAuth::None } else { ClientAuth::ClientSecretBasic },
            note: if client.description.is_empty() { client.words(reads) } else { client.description.clone() },
            login: logs_in,
            events: reads,
            ..Client::default()
        });
        let role = if logs_in { ", logs users in" } else { "" };
        taken.push(line(format!("Client {}", client.client_id), format!("{}{role}", client.words(reads))));
        secret_of(client, &mut secrets, &mut left);
    }
    redirect(login, &mut profile, &mut taken, &mut left);
    scopes(&realm, &mut profile, &mut provider, &mut taken);
    for client in &own {
        let roles: Vec<String> =
            realm.roles.client.get(&client.client_id).into_iter().flatten().map(|role| role.name.clone()).collect();
        if roles.is_empty() && !client.bearer_only {
            continue;
        }
        taken.push(line(
            format!("Resource {}", client.client_id),
            match roles.len() {
                0 => "an API of its own (bearer only)".to_owned(),
                _ => format!("wants one of its roles: {}", fields::list(roles.iter().map(String::as_str), 6)),
            },
        ));
        profile.resources.push(resource(client, roles, &provider.issuer));
    }
    passed_over(&realm, &others, &mut left);
    profile.provider = provider;
    Import {
        preview: ImportPreview {
            kind: naming.kind,
            title: naming.title.clone(),
            name: profile.name.clone(),
            warned: Vec::new(),
            taken,
            left,
            secrets: secrets.iter().map(|(client, _)| client.clone()).collect(),
            asks_server: naming.asks_server,
            next: "Discover confirms the endpoints and reads what the server supports.".into(),
        },
        profile,
        secrets,
    }
}

/// The client that logs users in from here: best a public one with a redirect URI on this machine.
fn login_client<'a>(own: &[&'a Registration]) -> Option<&'a Registration> {
    let ranks: [fn(&Registration) -> bool; 4] =
        [|client| client.public_client && client.loopback(), |client| client.loopback(), |client| client.public_client, |_| true];
    ranks.iter().find_map(|fits| own.iter().find(|client| client.logs_in() && fits(client)).copied())
}

fn secret_of(client: &Registration, secrets: &mut Vec<(String, Secret)>, left: &mut Vec<ImportLine>) {
    if client.public_client {
        return;
    }
    let id = &client.client_id;
    match client.client_authenticator_type.as_str() {
        "" | "client-secret" | "client-secret-jwt" => {}
        other => {
            let words = format!("The client authenticates by {other}, not by a secret. Set that at the client by hand.");
            left.push(line(format!("Authentication of {id}"), words));
            return;
        }
    }
    match written(&client.secret) {
        Written::Secret(secret) => secrets.push((id.clone(), secret)),
        Written::Masked => left.push(masked(id)),
        Written::Placeholder => left.push(placeholder(id)),
        Written::Absent => {
            left.push(line(format!("Secret of {id}"), format!("Not in the export. Copy it from Clients, {id}, Credentials.")));
        }
    }
}

fn redirect(login: Option<&Registration>, profile: &mut Profile, taken: &mut Vec<ImportLine>, left: &mut Vec<ImportLine>) {
    let Some(client) = login else {
        left.push(line("Log in", "No client of the export may log users in from a browser. Add one that may."));
        return;
    };
    let found = client.redirect_uris.iter().find_map(|uri| Some((uri, fields::loopback(uri)?)));
    match found {
        Some((uri, redirect)) => {
            let port =
                if redirect.port == 0 { "any port".to_owned() } else { format!("port {}, which must be free", redirect.port) };
            taken.push(line("Redirect URI", format!("{uri} of {}: {port}", client.client_id)));
            profile.redirect = redirect;
        }
        None => left.push(line(
            "Redirect URI",
            format!(
                "{} has none on this machine ({}). Register http://127.0.0.1/* there to log in from here.",
                client.client_id,
                fields::list(client.redirect_uris.iter().map(String::as_str), 3)
            ),
        )),
    }
}

fn scopes(realm: &Realm, profile: &mut Profile, provider: &mut Provider, taken: &mut Vec<ImportLine>) {
    let hidden = |scope: &ClientScope| {
        scope.attributes.get("include.in.token.scope").and_then(Value::as_str) == Some("false") || scope.protocol == "saml"
    };
    let names: Vec<String> = realm
        .client_scopes
        .iter()
        .filter(|scope| !hidden(scope) && !scope.name.is_empty())
        .map(|scope| scope.name.clone())
        .collect();
    if !names.is_empty() {
        taken.push(line("Scopes", fields::list(names.iter().map(String::as_str), 8)));
        provider.scopes = std::iter::once("openid".to_owned()).chain(names).collect();
    }
    profile.scopes = fields::login_scopes(&provider.scopes);
}

fn resource(client: &Registration, roles: Vec<String>, issuer: &str) -> Resource {
    let url = if client.base_url.starts_with("https://") || client.base_url.starts_with("http://") {
        client.base_url.clone()
    } else {
        String::new()
    };
    Resource {
        name: client.client_id.clone(),
        url,
        expectations: Expectations {
            issuer: if issuer.is_empty() { Vec::new() } else { vec![issuer.to_owned()] },
            audience: vec![client.client_id.clone()],
            roles_path: format!("resource_access.{}.roles", client.client_id),
            roles_any: roles,
            signature: true,
            ..Expectations::default()
        },
        ..Resource::default()
    }
}

/// What was in the export and is not needed, in a few lines.
fn passed_over(realm: &Realm, others: &[&Registration], left: &mut Vec<ImportLine>) {
    let built_in: Vec<&str> = others.iter().filter(|client| !client.saml()).map(|client| client.client_id.as_str()).collect();
    if !built_in.is_empty() {
        left.push(line("Keycloak's own clients", fields::list(built_in.into_iter(), 6)));
    }
    let saml: Vec<&str> = others.iter().filter(|client| client.saml()).map(|client| client.client_id.as_str()).collect();
    if !saml.is_empty() {
        left.push(line("SAML clients", fields::list(saml.into_iter(), 6)));
    }
    if !realm.identity_providers.is_empty() {
        let names = realm.identity_providers.iter().map(|one| one.name.as_str());
        left.push(line("Identity providers", format!("{}: not read, nor their secrets", fields::list(names, 6))));
    }
    let people = realm.users.iter().filter(|user| user.service_account_client_id.is_empty()).count();
    if people > 0 {
        left.push(line("Users", format!("{} with their credentials: not read", count(people, "user"))));
    }
    if realm.components.contains_key("org.keycloak.keys.KeyProvider") {
        left.push(line("Keys of the realm", "Private keys are not read."));
    }
    if realm.events_enabled == Some(false) {
        left.push(line("Events", "The realm does not save events. Realm settings, Events, User events settings switches it on."));
    }
}
