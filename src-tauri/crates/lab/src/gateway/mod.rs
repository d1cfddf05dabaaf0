//! The WSO2-shaped gateway: an OAuth token endpoint for applications, and two APIs behind it.
//!
//! It is what stands between an application token and a user token in real installations, so it keeps both apart: it
//! knows which consumer key belongs to which application, turns a Keycloak token into one of its own (jwt-bearer), and
//! exchanges back at the provider before it calls the backend. Fault codes and texts follow WSO2 API Manager 4.7.

mod activity;
mod assertion;
mod authorize;
mod call;
mod caller;
mod dcr;
mod fault;
mod grants;
mod introspect;
mod issue;
mod portal;
mod refusal;
mod registry;
mod release;
mod state;
mod token;
mod trusted;
mod upstream;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{any, get, post};

pub use self::release::GatewayRelease;
pub(crate) use self::state::{Gateway, Setup, Upstream, signing_key};
pub(crate) use self::trusted::Trusted;
pub use self::trusted::{OwnProvider, Way};

/// Everything the gateway serves.
pub(crate) fn routes(gateway: &Arc<Gateway>) -> Router {
    Router::new()
        .route("/oauth2/token", post(token::endpoint))
        .route("/oauth2/introspect", post(introspect::introspect))
        .route("/oauth2/revoke", post(introspect::revoke))
        .route("/oauth2/userinfo", get(introspect::userinfo).post(introspect::userinfo))
        .route("/oauth2/jwks", get(introspect::jwks))
        .route("/jwks", get(introspect::jwks))
        .route("/oauth2/token/.well-known/openid-configuration", get(introspect::metadata))
        .route("/oauth2/authorize", get(authorize::page).post(authorize::submit))
        .route("/client-registration/v0.17/register", post(dcr::register))
        .nest("/api/am/devportal/v3", portal::routes())
        .route("/catalog/1.0/{*resource}", any(call::catalog))
        .route("/orders/1.0/{*resource}", any(call::orders))
        .route("/lab/activity/{id}", get(activity::read))
        .fallback(call::not_found)
        .layer(from_fn(activity::identify))
        .with_state(gateway.clone())
}

/// What the servlet transport without TLS serves of the key manager (WSO2's port 9763): all that another server asks for.
pub(crate) fn plain_routes(gateway: &Arc<Gateway>) -> Router {
    Router::new()
        .route("/oauth2/userinfo", get(introspect::userinfo).post(introspect::userinfo))
        .route("/oauth2/jwks", get(introspect::jwks))
        .fallback(call::not_found)
        .with_state(gateway.clone())
}
