//! The provider of a profile, made from the address of a Keycloak and the name of a realm, without asking the server.

use super::ImportFault;
use crate::{
    oauth::read_pasted,
    profile::{Dialect, Endpoints, Provider},
};

/// The provider, with the endpoints at Keycloak's fixed paths. Empty but for its name where no server is known.
pub(super) fn provider(server: &str, realm: &str) -> Result<Provider, ImportFault> {
    let mut provider = Provider { name: shown(realm), dialect: Dialect::Keycloak, ..Provider::default() };
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

fn shown(realm: &str) -> String {
    if realm.is_empty() { "Keycloak".into() } else { crate::oauth::realm_name(realm) }
}
