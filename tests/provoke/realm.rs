//! The two realms provocations happen in, made for the run and thrown away after it.

use serde_json::{Value, json};

use crate::{Reads, keycloak::Admin, reads};

/// The realm that is asked.
pub const REALM: &str = "provoked";
/// The one its identity provider stands for.
pub const PARTNER: &str = "provoked-partner";
/// Secret of every client.
pub const SECRET: &str = "provoked";
/// The client that reads events and settings.
pub const READER: &str = "reader";

/// Clients of the realm with a secret, in the order of the profile.
pub const CLIENTS: &[&str] = &[
    "frontend",
    "portal",
    "billing",
    "reporting",
    "consenting",
    "orders-api",
    "dead-api",
    "far-api",
    "gated",
    "bare",
    "unmapped",
];
/// The public one.
pub const PUBLIC: &str = "spa";

fn audience(client: &str) -> Value {
    json!({"name": format!("aud-{client}"), "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
        "config": {"included.client.audience": client, "access.token.claim": "true", "id.token.claim": "false"}})
}

fn custom(name: &str, audience: &str) -> Value {
    json!({"name": name, "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
        "config": {"included.custom.audience": audience, "access.token.claim": "true", "id.token.claim": "false"}})
}

fn client(id: &str, more: &Value) -> Value {
    let mut client = json!({"clientId": id, "publicClient": false, "secret": SECRET, "standardFlowEnabled": false,
        "directAccessGrantsEnabled": true, "serviceAccountsEnabled": true, "fullScopeAllowed": false});
    crate::keycloak::merge(&mut client, more);
    client
}

fn user(realm: &str, name: &str) -> Value {
    json!({"username": name, "enabled": true, "email": format!("{name}@example.test"), "emailVerified": true, "firstName": name,
        "lastName": "Test", "realmRoles": [format!("default-roles-{realm}")],
        "credentials": [{"type": "password", "value": name, "temporary": false}]})
}

/// Makes both realms anew.
pub async fn make(admin: &Admin) {
    leave(admin).await;
    let exchange = json!({"standard.token.exchange.enabled": "true"});
    let issuer = |realm: &str| format!("{}/realms/{realm}", admin.base);
    let mappers = ["portal", "billing", "consenting", "bare", "gated", "unmapped"].map(audience);
    let mut plain = user(REALM, "carol");
    plain["realmRoles"] = json!([]);
    admin
        .make(
            "",
            &json!({"realm": REALM, "enabled": true, "sslRequired": "none", "eventsEnabled": true,
            "adminEventsEnabled": reads() != Reads::UserEvents, "adminEventsDetailsEnabled": reads() != Reads::UserEvents,
            "users": [user(REALM, "alice"), user(REALM, "bob"), plain],
            "clients": [
                client("frontend", &json!({"protocolMappers": mappers, "fullScopeAllowed": true})),
                client("portal", &json!({"attributes": exchange, "protocolMappers": [audience("orders-api")]})),
                client("billing", &json!({})),
                client("reporting", &json!({"attributes": exchange})),
                client("consenting", &json!({"attributes": exchange, "consentRequired": true})),
                client("orders-api", &json!({})),
                client("dead-api", &json!({"enabled": false})),
                client("far-api", &json!({"directAccessGrantsEnabled": false, "serviceAccountsEnabled": false})),
                client("gated", &json!({"attributes": exchange})),
                client("bare", &json!({"attributes": exchange})),
                client("unmapped", &json!({"attributes": exchange})),
                client(READER, &json!({"fullScopeAllowed": true})),
                client(PUBLIC, &json!({"publicClient": true, "secret": null, "serviceAccountsEnabled": false})),
            ]}),
        )
        .await;
    admin
        .make(
            "",
            &json!({"realm": PARTNER, "enabled": true, "sslRequired": "none", "users": [user(PARTNER, "alice"), user(PARTNER, "bob"), user(PARTNER, "dora")],
        "clients": [
            client("good", &json!({"protocolMappers": [custom("here", &issuer(REALM))]})),
            client("two", &json!({"protocolMappers": [custom("here", &issuer(REALM)), custom("there", "elsewhere")]})),
            client("elsewhere", &json!({"protocolMappers": [custom("there", "elsewhere")]})),
            client("nameless", &json!({"protocolMappers": [custom("here", &issuer(REALM))]})),
        ]}),
        )
        .await;
    drop_scope(admin, PARTNER, "nameless", "basic").await;
    drop_scope(admin, REALM, "bare", "basic").await;
    give_rights(admin).await;
    save_all_events(admin).await;
    gate(admin).await;
    let at = |end: &str| format!("{}/protocol/openid-connect/{end}", issuer(PARTNER));
    admin
        .make(
            &format!("/{REALM}/identity-provider/instances"),
            &json!({"alias": "partner", "providerId": "oidc", "enabled": true, "config": {
        "issuer": issuer(PARTNER), "clientId": "good", "clientSecret": SECRET, "clientAuthMethod": "client_secret_post",
        "authorizationUrl": at("auth"), "tokenUrl": at("token"), "userInfoUrl": at("userinfo"), "jwksUrl": at("certs"),
        "useJwksUrl": "true", "validateSignature": "true", "syncMode": "IMPORT", "jwtAuthorizationGrantEnabled": "true"}}),
        )
        .await;
    admin
        .make(
            &format!("/{REALM}/identity-provider/instances"),
            &json!({"alias": "saml", "providerId": "saml", "enabled": true,
                "config": {"singleSignOnServiceUrl": "http://127.0.0.1:1/sso", "entityId": "here", "idpEntityId": "there"}}),
        )
        .await;
    for (id, change) in [
        (
            "portal",
            json!({"attributes": {"oauth2.jwt.authorization.grant.enabled": "true", "oauth2.jwt.authorization.grant.idp": "partner"}}),
        ),
        ("reporting", json!({"attributes": {"oauth2.jwt.authorization.grant.enabled": "true"}})),
    ] {
        let path = admin.client(REALM, id).await;
        admin.change(&path, &change).await;
    }
}

/// Throws both realms away.
pub async fn leave(admin: &Admin) {
    admin.delete(&format!("/{REALM}")).await;
    admin.delete(&format!("/{PARTNER}")).await;
}

async fn drop_scope(admin: &Admin, realm: &str, client: &str, scope: &str) {
    let path = admin.client(realm, client).await;
    let id = scope_id(admin, realm, scope).await;
    admin.delete(&format!("{path}/default-client-scopes/{id}")).await;
}

async fn scope_id(admin: &Admin, realm: &str, name: &str) -> String {
    let scopes = admin.read(&format!("/{realm}/client-scopes")).await;
    let list = scopes.as_array().expect("client scopes");
    let found = list.iter().find(|scope| scope["name"] == name).and_then(|scope| scope["id"].as_str());
    found.unwrap_or_else(|| panic!("no client scope {name} in {realm}")).to_owned()
}

/// The reader may see events, and the settings that decide between causes where that is asked for.
async fn give_rights(admin: &Admin) {
    let account = admin.user(REALM, &format!("service-account-{READER}")).await;
    let management = admin.client(REALM, "realm-management").await;
    let id = management.rsplit('/').next().expect("an id").to_owned();
    let mut roles = Vec::new();
    let settings = ["view-realm", "view-users", "view-clients", "view-identity-providers"];
    let settings = if reads() == Reads::Settings { settings.as_slice() } else { &[] };
    for role in ["view-events"].iter().chain(settings) {
        roles.push(admin.read(&format!("{management}/roles/{role}")).await);
    }
    admin.make(&format!("{account}/role-mappings/clients/{id}"), &Value::Array(roles)).await;
}

async fn save_all_events(admin: &Admin) {
    let path = format!("/{REALM}/events/config");
    let mut config = admin.read(&path).await;
    config["eventsEnabled"] = json!(true);
    let mut types: Vec<Value> = config["enabledEventTypes"].as_array().cloned().unwrap_or_default();
    for name in ["REFRESH_TOKEN", "INTROSPECT_TOKEN", "USER_INFO_REQUEST"] {
        types.push(json!(name));
        types.push(json!(format!("{name}_ERROR")));
    }
    config["enabledEventTypes"] = Value::Array(types);
    admin.put(&path, &config).await;
}

/// A client scope that only users with a role get, and one that is not named in tokens: both optional for `gated`.
async fn gate(admin: &Admin) {
    let client = admin.client(REALM, "gated").await;
    admin.make(&format!("/{REALM}/roles"), &json!({"name": "gatekeeper"})).await;
    let role = admin.read(&format!("/{REALM}/roles/gatekeeper")).await;
    for (name, named) in [("behind-role", "true"), ("unnamed", "false")] {
        let scope = json!({"name": name, "protocol": "openid-connect", "attributes": {"include.in.token.scope": named}});
        let id = admin.make(&format!("/{REALM}/client-scopes"), &scope).await;
        if name == "behind-role" {
            admin.make(&format!("/{REALM}/client-scopes/{id}/scope-mappings/realm"), &json!([role])).await;
        }
        admin.put(&format!("{client}/optional-client-scopes/{id}"), &Value::Null).await;
    }
}
