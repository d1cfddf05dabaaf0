//! What the provider says about itself: metadata and keys. Also where the discovery faults live.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::issue::{JWT_BEARER, TOKEN_EXCHANGE};
use super::realm::{PARTNER, Proof, REALM};
use super::state::Provider;
use crate::fault::Fault;
use crate::serve;
use crate::world::lock;

/// OpenID Connect Discovery section 4.2 and RFC 8414 section 3.2: Keycloak answers the same document at both places.
pub(crate) async fn metadata(State(provider): State<Arc<Provider>>) -> Response {
    match provider.world.fault() {
        Fault::DiscoveryHtml => {
            let page = "<!doctype html><title>Sign in to the network</title><p>Please accept the terms of use.</p>";
            serve::text(200, "text/html;charset=UTF-8", page.to_owned())
        }
        Fault::DiscoveryOtherIssuer => {
            let mut document = document(&provider);
            document["issuer"] = json!("http://127.0.0.1:1/realms/other");
            serve::json(200, &document)
        }
        Fault::DiscoveryHuge => {
            let filler = format!("\"{}\",", "x".repeat(16 * 1024));
            endless(&provider, stream::repeat(filler).boxed())
        }
        Fault::DiscoveryNeverEnds => endless(&provider, stream::pending().boxed()),
        _ => serve::json(200, &document(&provider)),
    }
}

/// Begins a document that is right so far, and goes on with whatever the stream gives.
fn endless(provider: &Provider, rest: stream::BoxStream<'static, String>) -> Response {
    let start = format!("{{\"issuer\":\"{}\",\"scopes_supported\":[", provider.issuer);
    let chunks = stream::once(async { start }).chain(rest).map(Ok::<_, std::io::Error>);
    let mut response = Response::new(Body::from_stream(chunks));
    response.headers_mut().insert("content-type", axum::http::HeaderValue::from_static("application/json"));
    response
}

fn document(provider: &Provider) -> Value {
    let issuer = &provider.issuer;
    let at = |path: &str| format!("{issuer}/protocol/openid-connect/{path}");
    let scopes: Vec<&str> = std::iter::once("openid").chain(provider.realm.scopes()).collect();
    // Keycloak advertises every way, whether or not a client of the realm uses it; the partner's clients know secrets only.
    let by_assertion = provider.realm.clients().iter().any(|client| client.proof != Proof::Secret);
    let client_auth = if by_assertion {
        json!(["private_key_jwt", "client_secret_basic", "client_secret_post", "client_secret_jwt"])
    } else {
        json!(["client_secret_basic", "client_secret_post"])
    };
    let mut grants = vec!["authorization_code", "client_credentials", "password", "refresh_token", TOKEN_EXCHANGE];
    if provider.partner.is_some() {
        grants.push(JWT_BEARER);
    }
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("auth"),
        "token_endpoint": at("token"),
        "introspection_endpoint": at("token/introspect"),
        "userinfo_endpoint": at("userinfo"),
        "end_session_endpoint": at("logout"),
        "jwks_uri": at("certs"),
        "revocation_endpoint": at("revoke"),
        "grant_types_supported": grants,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "userinfo_signing_alg_values_supported": ["none"],
        "acr_values_supported": ["0", "1"],
        "prompt_values_supported": ["none", "login"],
        "token_endpoint_auth_methods_supported": client_auth,
        "introspection_endpoint_auth_methods_supported": client_auth,
        "revocation_endpoint_auth_methods_supported": client_auth,
        "scopes_supported": scopes,
        "claims_supported": [
            "aud", "sub", "iss", "auth_time", "name", "given_name", "family_name", "preferred_username", "email", "acr", "azp",
            "nonce",
        ],
        "claim_types_supported": ["normal"],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "code_challenge_methods_supported": ["plain", "S256"],
        "authorization_response_iss_parameter_supported": true,
    })
}

/// The key set (RFC 7517 section 5): the key that signs, the ones before it, and one that only encrypts.
pub(crate) async fn certs(State(provider): State<Arc<Provider>>) -> Response {
    if provider.world.fault() == Fault::KeysUnavailable {
        return serve::text(503, "text/plain", "Service Unavailable".to_owned());
    }
    let keys = lock(&provider.keys);
    let signing = keys.rsa.iter().chain([&keys.ec]).map(|key| key.jwk("sig", key.alg()));
    let all: Vec<Value> = signing.chain(keys.encryption.iter().map(|key| key.jwk("enc", "RSA-OAEP"))).flatten().collect();
    serve::json(200, &json!({"keys": all}))
}

/// Keycloak's answer for a path it does not know; an unknown realm gets its own words.
pub(crate) async fn not_found(uri: axum::http::Uri) -> Response {
    let ours = |rest: &str| [REALM, PARTNER].contains(&rest.split('/').next().unwrap_or_default());
    let other_realm = uri.path().strip_prefix("/realms/").is_some_and(|rest| !ours(rest));
    let body = if other_realm {
        json!({"error": "Realm does not exist"})
    } else {
        json!({
            "error": "Unable to find matching target resource method",
            "error_description": "For more on this error consult the server log.",
        })
    };
    serve::json(404, &body)
}
