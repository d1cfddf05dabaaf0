//! From the running lab to its profile. The lab itself knows nothing of profiles, and whoever drives the engine against it
//! needs one, with a window or without.

use lab::{Description, LabClient};
use oauth::profile::{Client, ClientAuth, Dialect, Endpoints, Gateway, Profile, Provider, Redirect, Resource, ServerRole, Tls};
use token::{
    check::{Expectations, RequiredClaim},
    secret::Secret,
};

/// Id of the built-in profile.
pub const ID: &str = "lab";

/// Where the lab's gateway tells what it did, below its base address.
const ACTIVITY: &str = "/lab/activity";

/// Stands before the lab's certificate authority among those of a profile, so that it is found again.
const MARK: &str = "# The lab's gateway; made anew at every start.";

/// The end of a certificate.
const END: &str = "-----END CERTIFICATE-----";

/// The lab's profile as far as the lab itself says; metadata are read by discovery, as from any server.
pub fn profile(lab: &Description) -> Profile {
    let clients = lab.clients.iter().map(|client| client_of(lab, client)).collect();
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
        gateway: Some(gateway(lab)),
        clients,
        resources: resources(lab, &lab.issuer),
        every_api: Expectations::default(),
        redirect: Redirect::default(),
        tls: Tls { ca_pem: lab.ca_pem.clone(), ..Tls::default() },
        scopes: vec!["openid".into(), "profile".into(), "email".into()],
        simulated: true,
        production: false,
        mark: None,
    }
}

/// A client as the profile has it.
fn client_of(lab: &Description, client: &LabClient) -> Client {
    Client {
        client_id: client.client_id.clone(),
        auth: auth(client.auth),
        server: if client.server == "gateway" { ServerRole::Gateway } else { ServerRole::Provider },
        note: client.note.to_owned(),
        plane: String::new(),
        login: client.client_id == "frontend",
        events: client.client_id == lab.events_client.client_id,
        ..Client::default()
    }
}

fn gateway(lab: &Description) -> Gateway {
    let at = format!("{}/oauth2", lab.gateway);
    Gateway {
        base: lab.gateway.clone(),
        name: "Lab gateway".into(),
        dialect: Dialect::Wso2,
        issuer: format!("{at}/token"),
        endpoints: Endpoints {
            token: format!("{at}/token"),
            introspection: format!("{at}/introspect"),
            revocation: format!("{at}/revoke"),
            userinfo: format!("{at}/userinfo"),
            jwks: format!("{at}/jwks"),
            ..Endpoints::default()
        },
        activity: format!("{}{ACTIVITY}", lab.gateway),
        portal: lab.gateway.clone(),
        release: lab.release.into(),
    }
}

/// Whether a gateway is the lab's, of this start or an earlier one: no other tells what it did.
pub fn of_lab(gateway: &Gateway) -> bool {
    gateway.activity.ends_with(ACTIVITY)
}

/// Gives a profile of another provider the lab's gateway, its clients and its APIs, and takes what an earlier start left.
pub fn join(own: &mut Profile, lab: &Description) {
    own.gateway = Some(gateway(lab));
    own.clients.retain(|client| client.server == ServerRole::Provider);
    // An id names one client, whichever server it is registered at.
    let taken: Vec<String> = own.clients.iter().map(|client| client.client_id.clone()).collect();
    let theirs = lab.clients.iter().filter(|client| client.server == "gateway" && !taken.contains(&client.client_id));
    own.clients.extend(theirs.map(|client| client_of(lab, client)));
    for resource in resources(lab, &own.provider.issuer) {
        match own.resources.iter_mut().find(|known| known.name == resource.name) {
            // What the user expects of the API stays; the address is that of this start.
            Some(known) => {
                known.url = resource.url;
                if resource.through_gateway {
                    known.expectations.issuer = resource.expectations.issuer;
                }
            }
            None => own.resources.push(resource),
        }
    }
    own.tls.ca_pem = format!("{}{MARK}\n{}", without_lab_authority(&own.tls.ca_pem), lab.ca_pem);
}

/// The authorities of a profile without the lab's, which is another at every start.
pub fn without_lab_authority(pem: &str) -> String {
    let Some(from) = pem.find(MARK) else { return pem.to_owned() };
    let end = pem[from..].find(END).map_or(pem.len(), |at| from + at + END.len());
    format!("{}{}", &pem[..from], pem[end..].trim_start())
}

fn resources(lab: &Description, issuer: &str) -> Vec<Resource> {
    let orders = Expectations {
        issuer: vec![issuer.to_owned()],
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
    if let (Some(gateway), Some(now)) = (&mut followed.gateway, &now.gateway) {
        gateway.release.clone_from(&now.release);
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
    fn the_labs_authority_is_put_once_and_taken_away() {
        let own = "-----BEGIN CERTIFICATE-----\nown\n-----END CERTIFICATE-----\n";
        let labs = format!("{own}{MARK}\n-----BEGIN CERTIFICATE-----\nlab\n{END}\n");
        assert_eq!(without_lab_authority(&labs), own);
        assert_eq!(without_lab_authority(&format!("{labs}{own}")), format!("{own}{own}"));
        assert_eq!(without_lab_authority(own), own);
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
