//! The provider of a profile, made from the address of a Keycloak and the name of a realm, without asking the server.

use super::ImportFault;
use crate::{
    message::read_pasted,
    profile::{Endpoints, Provider},
};

/// The provider, with the endpoints at Keycloak's fixed paths. Empty but for its name where no server is known.
pub(super) fn provider(server: &str, realm: &str) -> Result<Provider, ImportFault> {
    let mut provider = Provider { name: shown(realm), dialect: crate::server::KEYCLOAK, ..Provider::default() };
    if server.trim().is_empty() {
        return Ok(provider);
    }
    // The address may be one of plain http beyond this machine; whether that is allowed is asked when it is used.
    let pasted = read_pasted(server, realm, true).map_err(|fault| ImportFault {
        id: "bad-server",
        field: "server",
        message: fault.message,
        advice: "It is the part of the issuer before /realms/, e.g. https://id.example.org.".into(),
    })?;
    let Some(issuer) = pasted.candidates.first() else { return Ok(provider) };
    let issuer = issuer.as_str().trim_end_matches('/').to_owned();
    let oidc = format!("{issuer}/protocol/openid-connect");
    provider.endpoints = Endpoints {
        authorization: format!("{oidc}/auth"),
        token: format!("{oidc}/token"),
        introspection: format!("{oidc}/token/introspect"),
        revocation: format!("{oidc}/revoke"),
        userinfo: format!("{oidc}/userinfo"),
        end_session: format!("{oidc}/logout"),
        jwks: format!("{oidc}/certs"),
    };
    if let Some((base, name)) = issuer.rsplit_once("/realms/") {
        provider.events = format!("{base}/admin/realms/{name}/events");
        if realm.is_empty() {
            provider.name = shown(name);
        }
    }
    provider.issuer = issuer;
    Ok(provider)
}

/// The realm an address names; none where it names a host alone.
pub(super) fn realm_of(address: &str) -> Option<String> {
    let issuer = read_pasted(address, "", true).ok()?.candidates.into_iter().next()?;
    let (_, realm) = issuer.path().split_once("/realms/")?;
    let realm = realm.trim_end_matches('/');
    let encoded = format!("realm={}", realm.replace('+', "%2B").replace('&', "%26"));
    let (_, realm) = url::form_urlencoded::parse(encoded.as_bytes()).next()?;
    (!realm.is_empty()).then(|| realm.into_owned())
}

/// Asks for the realm, which neither the text nor the address beside it names.
pub(super) fn realm_missing(why: &str) -> ImportFault {
    ImportFault {
        id: "realm-missing",
        field: "server",
        message: format!("{why}, so the realm is not known. Which one is it?"),
        advice: "Give the address with the realm, e.g. https://id.example.org/realms/shop.".into(),
    }
}

fn shown(realm: &str) -> String {
    if realm.is_empty() { "Keycloak".into() } else { crate::message::realm_name(realm) }
}
