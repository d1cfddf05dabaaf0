//! From the running lab to its profile. The lab itself knows nothing of profiles.

use lab::Description;
use model::{
    check::{Expectations, RequiredClaim},
    profile::{Client, ClientAuth, Dialect, Endpoints, Gateway, Profile, Provider, Redirect, Resource, ServerRole, Tls},
    secret::Secret,
};

/// Id of the built-in profile.
pub const ID: &str = "lab";

/// The lab's profile as far as the lab itself says; metadata are read by discovery, as from any server.
pub fn profile(lab: &Description) -> Profile {
    let gateway = format!("{}/oauth2", lab.gateway);
    let clients = lab
        .clients
        .iter()
        .map(|client| Client {
            client_id: client.client_id.clone(),
            auth: auth(client.auth),
            server: if client.server == "gateway" { ServerRole::Gateway } else { ServerRole::Provider },
            note: client.note.to_owned(),
            plane: String::new(),
            login: client.client_id == "frontend",
            events: client.client_id == lab.events_client.client_id,
            ..Client::default()
        })
        .collect();
    Profile {
        id: ID.into(),
        name: "Lab".into(),
        provider: Provider {
            issuer: lab.issuer.clone(),
            name: "Lab provider, realm lab".into(),
            dialect: Dialect::Keycloak,
            events: format!("{}/admin/realms/lab/events", lab.provider),
            ..Provider::default()
        },
        gateway: Some(Gateway {
            base: lab.gateway.clone(),
            name: "Lab gateway".into(),
            dialect: Dialect::Wso2,
            issuer: format!("{gateway}/token"),
            endpoints: Endpoints {
                token: format!("{gateway}/token"),
                introspection: format!("{gateway}/introspect"),
                revocation: format!("{gateway}/revoke"),
                userinfo: format!("{gateway}/userinfo"),
                jwks: format!("{gateway}/jwks"),
                ..Endpoints::default()
            },
            activity: format!("{}/lab/activity", lab.gateway),
            portal: lab.gateway.clone(),
            release: "4.7".into(),
        }),
        clients,
        resources: resources(lab),
        redirect: Redirect::default(),
        tls: Tls { ca_pem: lab.ca_pem.clone(), ..Tls::default() },
        scopes: vec!["openid".into(), "profile".into(), "email".into()],
        simulated: true,
    }
}

fn resources(lab: &Description) -> Vec<Resource> {
    let orders = Expectations {
        issuer: vec![lab.issuer.clone()],
        audience: vec!["orders-api".into()],
        token_type: "Bearer".into(),
        roles_all: vec!["viewer".into()],
        roles_path: "resource_access.orders-api.roles".into(),
        claims: vec![RequiredClaim { path: "preferred_username".into(), ..RequiredClaim::default() }],
        needs_user: true,
        clock_tolerance_s: 30,
        signature: true,
        ..Expectations::default()
    };
    let through = |name: &str, path: &str, needs_user: bool| Resource {
        name: name.into(),
        url: format!("{}{path}", lab.gateway),
        through_gateway: true,
        expectations: Expectations {
            issuer: vec![format!("{}/oauth2/token", lab.gateway)],
            needs_user,
            clock_tolerance_s: 30,
            signature: true,
            ..Expectations::default()
        },
    };
    vec![
        Resource {
            name: "orders-api".into(),
            url: format!("{}/orders", lab.orders_api),
            through_gateway: false,
            expectations: orders,
        },
        through("/orders at the gateway", "/orders/1.0/orders", true),
        through("/catalog at the gateway", "/catalog/1.0/items", false),
    ]
}

/// The lab's word for how a client proves itself, by the name of RFC 7591 2.
fn auth(name: &str) -> ClientAuth {
    match name {
        "client_secret_basic" => ClientAuth::ClientSecretBasic,
        "client_secret_jwt" => ClientAuth::ClientSecretJwt,
        "private_key_jwt" => ClientAuth::PrivateKeyJwt,
        _ => ClientAuth::None,
    }
}

/// The secrets of this start, by client.
pub fn secrets(lab: &Description) -> Vec<(String, Secret)> {
    lab.clients
        .iter()
        .filter_map(|client| client.secret.as_ref().map(|secret| (client.client_id.clone(), Secret::new(secret.as_str()))))
        .collect()
}

/// A copy of the lab's profile brought to the addresses of this start: ports and the certificate authority are new every
/// time, and a saved copy would point at servers that are gone.
pub fn follow(copy: &Profile, before: &Profile, now: &Profile) -> Profile {
    let moves: Vec<(String, String)> = origins(before).into_iter().zip(origins(now)).collect();
    let mut followed = copy.clone();
    if let Ok(mut text) = serde_json::to_string(copy) {
        // In two passes, because an old port of one server may be the new port of another.
        for (index, (old, _)) in moves.iter().enumerate() {
            text = text.replace(old, &format!("\u{1}{index}\u{1}"));
        }
        for (index, (_, new)) in moves.iter().enumerate() {
            text = text.replace(&format!("\u{1}{index}\u{1}"), new);
        }
        if let Ok(moved) = serde_json::from_str(&text) {
            followed = moved;
        }
    }
    if followed.tls.ca_pem == before.tls.ca_pem {
        followed.tls.ca_pem.clone_from(&now.tls.ca_pem);
    }
    followed
}

/// Scheme, host and port of every server of the lab, in fixed order.
fn origins(profile: &Profile) -> Vec<String> {
    let gateway = profile.gateway.as_ref().map_or("", |gateway| gateway.base.as_str());
    let orders = profile.resources.first().map_or("", |resource| resource.url.as_str());
    [profile.provider.issuer.as_str(), gateway, orders].into_iter().map(origin).collect()
}

fn origin(url: &str) -> String {
    let end = url.find("://").map_or(0, |scheme| scheme + 3);
    let path = url[end..].find('/').map_or(url.len(), |slash| end + slash);
    url[..path].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(provider: &str, gateway: &str, orders: &str, ca: &str) -> Profile {
        Profile {
            provider: Provider { issuer: format!("{provider}/realms/lab"), ..Provider::default() },
            gateway: Some(Gateway { base: gateway.into(), issuer: format!("{gateway}/oauth2/token"), ..Gateway::default() }),
            resources: vec![Resource { name: "orders-api".into(), url: format!("{orders}/orders"), ..Resource::default() }],
            tls: Tls { ca_pem: ca.into(), ..Tls::default() },
            ..Profile::default()
        }
    }

    #[test]
    fn a_copy_follows_the_lab_even_when_ports_change_places() {
        let before = at("http://127.0.0.1:1001", "https://127.0.0.1:1002", "http://127.0.0.1:1003", "old");
        let now = at("http://127.0.0.1:1003", "https://127.0.0.1:1004", "http://127.0.0.1:1001", "new");
        let copy = Profile { id: "mine".into(), name: "Mine".into(), ..before.clone() };
        let expected = Profile { id: "mine".into(), name: "Mine".into(), ..now.clone() };
        assert_eq!(follow(&copy, &before, &now), expected);
        let own_ca = Profile { tls: Tls { ca_pem: "my own".into(), ..Tls::default() }, ..copy };
        assert_eq!(follow(&own_ca, &before, &now).tls.ca_pem, "my own");
    }
}
