//! The developer portal's API (`/api/am/devportal/v3`), as far as a client of it goes.
//!
//! Paths, members and shapes are those of the published contract of the release played; the refusals are those of the real
//! server, which the contract hardly lists: 401 for a missing scope as much as for a bad token, 400 for a member it does not
//! know, 409 for a name that is taken.

mod access;
mod apis;
mod applications;
mod keys;
mod offers;
mod published;
mod secrets;
pub(super) mod shape;
pub(super) mod store;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post};

use super::state::Gateway;

/// Everything below the API's address.
pub(crate) fn routes() -> Router<Arc<Gateway>> {
    Router::new()
        .route("/applications", get(applications::list).post(applications::create))
        .route("/applications/{id}", get(applications::read).put(applications::update).delete(applications::delete))
        .route("/applications/{id}/generate-keys", post(keys::generate))
        .route("/applications/{id}/map-keys", post(keys::map))
        .route("/applications/{id}/oauth-keys", get(keys::list))
        .route("/applications/{id}/oauth-keys/{key}", get(keys::read).put(keys::update).delete(keys::delete))
        .route("/applications/{id}/oauth-keys/{key}/clean-up", post(keys::clean_up))
        .route("/applications/{id}/oauth-keys/{key}/generate-token", post(keys::generate_token))
        .route("/applications/{id}/oauth-keys/{key}/regenerate-secret", post(secrets::regenerate))
        .route("/applications/{id}/oauth-keys/{key}/generate-secret", post(secrets::generate))
        .route("/applications/{id}/oauth-keys/{key}/secrets", get(secrets::list))
        .route("/applications/{id}/oauth-keys/{key}/revoke-secret", post(secrets::revoke))
        .route("/apis", get(apis::list))
        .route("/apis/{id}", get(apis::read))
        .route("/subscriptions", get(apis::subscriptions).post(apis::subscribe))
        .route("/subscriptions/{id}", delete(apis::unsubscribe).get(apis::subscription))
        .route("/key-managers", get(offers::key_managers))
        .route("/throttling-policies/{level}", get(offers::policies))
        .route("/settings", get(offers::settings))
}
