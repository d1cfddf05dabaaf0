//! The Keycloak-shaped provider: realm `lab`, everything under `/realms/lab`, and the realm `partner` it trusts.
//!
//! It exists to refuse what a real Keycloak refuses, with the same status, error, description and audit event, so that a
//! flow that works here works there. Strings and their order follow Keycloak 26.7 where it was measured, its source
//! where it was not.

mod admin;
mod answer;
mod assertion;
mod authorize;
mod broker;
mod client_auth;
mod cookies;
mod discovery;
mod events;
mod exchange;
mod grant;
mod introspect;
mod issue;
mod legacy;
mod logout;
mod mint;
mod page;
mod realm;
mod redirect;
mod refusal;
mod revoke;
mod state;
mod store;
mod token;
mod userinfo;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use self::realm::{PARTNER, Person, Proof, REALM};
pub(crate) use self::state::{Keys, Provider, rsa_key};
pub(crate) use self::store::Lifespans;

/// Everything a realm serves, and for the realm that trusts another what belongs to the server.
pub(crate) fn routes(provider: &Arc<Provider>) -> Router {
    let oidc = |path: &str| format!("/realms/{}/protocol/openid-connect/{path}", provider.realm.name);
    let realm_path = |path: &str| format!("/realms/{}/{path}", provider.realm.name);
    let metadata = || get(discovery::metadata);
    let own = Router::new()
        .route(&realm_path(".well-known/openid-configuration"), metadata())
        .route(&realm_path(".well-known/oauth-authorization-server"), metadata())
        .route(&format!("/.well-known/oauth-authorization-server/realms/{}", provider.realm.name), metadata())
        .route(&oidc("certs"), get(discovery::certs))
        .route(&oidc("auth"), get(authorize::by_query).post(authorize::by_form))
        .route(&realm_path("login-actions/authenticate"), post(authorize::submit))
        .route(&oidc("token"), post(token::endpoint))
        .route(&oidc("token/introspect"), post(introspect::endpoint))
        .route(&oidc("revoke"), post(revoke::endpoint))
        .route(&oidc("userinfo"), get(userinfo::by_header).post(userinfo::by_form))
        .route(&oidc("logout"), get(logout::front_channel).post(logout::post))
        .with_state(provider.clone());
    let Some(partner) = &provider.partner else { return own };
    // What belongs to the server and not to one of its realms.
    own.merge(routes(partner)).merge(
        Router::new()
            .route("/resources/lab.css", get(page::style))
            .route("/admin/serverinfo", get(admin::server_info))
            .route("/admin/realms/{realm}/events", get(admin::events))
            .route("/admin/realms/{realm}/events/config", get(admin::events_config))
            .route("/admin/realms/{realm}/admin-events", get(admin::admin_events))
            .route("/admin/realms/{realm}/clients", get(admin::clients))
            .route("/admin/realms/{realm}/users", get(admin::users))
            .route(
                "/admin/realms/{realm}/clients/{id}/evaluate-scopes/generate-example-access-token",
                get(admin::example_access_token),
            )
            .fallback(discovery::not_found)
            .with_state(provider.clone()),
    )
}
