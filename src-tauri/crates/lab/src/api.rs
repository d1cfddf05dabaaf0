//! The two backends behind the gateway, as strict as a careful team would build them.
//!
//! Neither believes the gateway: `orders-api` checks the Keycloak token it is handed, `catalog-api` the gateway's signed
//! statement of who calls. They share nothing with the servers that issue those but the published keys.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Map, Value, json};

use crate::jose::{self, audience};
use crate::keyset::{KeySet, client};
use crate::serve;
use crate::world::{World, lock};

/// The issuer of WSO2's backend JWT.
pub(crate) const GATEWAY_ISSUER: &str = "wso2.org/products/am";

/// The resource server `orders-api`.
pub(crate) struct OrdersApi {
    world: Arc<World>,
    /// Whose tokens it takes: issuer and keys, the lab's own first.
    issuers: Mutex<Vec<(String, Arc<KeySet>)>>,
    gateway_keys: KeySet,
}

/// A refusal of an API (RFC 6750 section 3.1).
struct Refusal {
    status: u16,
    error: &'static str,
    description: String,
}

impl OrdersApi {
    pub fn new(world: Arc<World>, issuer: &str, gateway: &str, ca_pem: &str) -> Result<Arc<Self>, reqwest::Error> {
        let own = KeySet::new(client(None)?, format!("{issuer}/protocol/openid-connect/certs"));
        Ok(Arc::new(OrdersApi {
            world,
            issuers: Mutex::new(vec![(issuer.to_owned(), Arc::new(own))]),
            gateway_keys: KeySet::new(client(Some(ca_pem))?, format!("{gateway}/jwks")),
        }))
    }

    /// Takes the tokens of one more provider.
    pub fn trust(&self, issuer: &str, keys: KeySet) {
        let mut issuers = lock(&self.issuers);
        issuers.retain(|(known, _)| known != issuer);
        issuers.push((issuer.to_owned(), Arc::new(keys)));
    }

    /// The keys a token has to be signed with: those of its issuer, else the lab's, so that a stranger's fails on its signature.
    fn keys(&self, token: &str) -> Option<(String, Arc<KeySet>)> {
        let issuers = lock(&self.issuers);
        let named = jose::parse(token).and_then(|token| token.text("iss").map(str::to_owned));
        issuers.iter().find(|(issuer, _)| Some(issuer) == named.as_ref()).or(issuers.first()).cloned()
    }

    pub fn routes(self: &Arc<Self>) -> Router {
        Router::new().route("/orders", get(orders).post(orders)).with_state(self.clone())
    }

    /// Everything a token has to be before this API acts on it; the first failure is told.
    async fn check(&self, headers: &HeaderMap, role: &str) -> Result<Map<String, Value>, Refusal> {
        let refuse = |error, description: &str| Refusal { status: 401, error, description: description.to_owned() };
        let token = serve::bearer(headers).ok_or_else(|| refuse("", "a bearer token is needed"))?;
        let (issuer, keys) = self.keys(token).ok_or_else(|| refuse("invalid_token", "no issuer is trusted"))?;
        let claims = keys
            .claims(token)
            .await
            .map_err(|why| refuse("invalid_token", &format!("the signature can not be verified ({why:?})").to_lowercase()))?;
        let now = self.world.now_s();
        if claims.get("iss").and_then(Value::as_str) != Some(issuer.as_str()) {
            return Err(refuse("invalid_token", "the issuer is not trusted"));
        }
        if claims.get("typ").and_then(Value::as_str) != Some("Bearer") {
            return Err(refuse("invalid_token", "not an access token"));
        }
        if claims.get("exp").and_then(Value::as_i64).is_none_or(|exp| exp <= now) {
            return Err(refuse("invalid_token", "the token is expired"));
        }
        if !audience(claims.get("aud")).iter().any(|one| one == "orders-api") {
            return Err(refuse("invalid_token", "the audience does not contain orders-api"));
        }
        let roles = claims.get("resource_access").and_then(|owners| owners.pointer("/orders-api/roles"));
        if !roles.and_then(Value::as_array).is_some_and(|roles| roles.contains(&json!(role))) {
            let description = format!("role {role} of orders-api is missing");
            return Err(Refusal { status: 403, error: "insufficient_scope", description });
        }
        Ok(claims)
    }

    /// Who the gateway says is calling; nobody when the call did not come through it.
    async fn application(&self, headers: &HeaderMap) -> Value {
        match statement(&self.gateway_keys, &self.world, headers).await {
            Some(claims) => json!({
                "client_id": claims.get("http://wso2.org/claims/applicationUUId"),
                "name": claims.get("http://wso2.org/claims/applicationname"),
            }),
            None => Value::Null,
        }
    }
}

/// `GET /orders` needs role viewer, `POST /orders` role editor.
async fn orders(State(api): State<Arc<OrdersApi>>, method: Method, headers: HeaderMap) -> Response {
    let role = if method == Method::POST { "editor" } else { "viewer" };
    let claims = match api.check(&headers, role).await {
        Ok(claims) => claims,
        Err(refusal) => return refused("orders-api", &refusal),
    };
    let claim = |name: &str| claims.get(name).cloned().unwrap_or(Value::Null);
    let user = json!({"sub": claim("sub"), "preferred_username": claim("preferred_username")});
    let application = api.application(&headers).await;
    let token = json!({"azp": claim("azp"), "aud": claim("aud"), "scope": claim("scope")});
    if method == Method::POST {
        let order = json!({"id": "o-1004", "item": "new", "amount": 1});
        return serve::json(201, &json!({"order": order, "user": user, "application": application, "token": token}));
    }
    let orders = json!([
        {"id": "o-1001", "item": "Keyboard", "amount": 2},
        {"id": "o-1002", "item": "Monitor", "amount": 1},
        {"id": "o-1003", "item": "Desk lamp", "amount": 4},
    ]);
    serve::json(200, &json!({"orders": orders, "user": user, "application": application, "token": token}))
}

/// The API `catalog-api`: any application may read it, if the gateway says which one it is.
pub(crate) struct CatalogApi {
    world: Arc<World>,
    gateway_keys: KeySet,
}

impl CatalogApi {
    pub fn new(world: Arc<World>, gateway: &str, ca_pem: &str) -> Result<Arc<Self>, reqwest::Error> {
        Ok(Arc::new(CatalogApi { world, gateway_keys: KeySet::new(client(Some(ca_pem))?, format!("{gateway}/jwks")) }))
    }

    pub fn routes(self: &Arc<Self>) -> Router {
        Router::new().route("/items", get(items)).with_state(self.clone())
    }
}

async fn items(State(api): State<Arc<CatalogApi>>, headers: HeaderMap) -> Response {
    let Some(claims) = statement(&api.gateway_keys, &api.world, &headers).await else {
        let description = "a statement signed by the gateway is needed in X-JWT-Assertion".to_owned();
        return refused("catalog-api", &Refusal { status: 401, error: "invalid_token", description });
    };
    let claim = |name: &str| claims.get(&format!("http://wso2.org/claims/{name}")).cloned().unwrap_or(Value::Null);
    let items = json!([
        {"sku": "kb-01", "name": "Keyboard", "price": 79},
        {"sku": "mo-27", "name": "Monitor", "price": 249},
        {"sku": "dl-04", "name": "Desk lamp", "price": 35},
    ]);
    let application = json!({"client_id": claim("applicationUUId"), "name": claim("applicationname")});
    serve::json(200, &json!({"items": items, "application": application}))
}

/// The gateway's backend JWT, if it is there and good.
async fn statement(keys: &KeySet, world: &World, headers: &HeaderMap) -> Option<Map<String, Value>> {
    let token = headers.get("x-jwt-assertion")?.to_str().ok()?;
    let claims = keys.claims(token).await.ok()?;
    let right_issuer = claims.get("iss").and_then(Value::as_str) == Some(GATEWAY_ISSUER);
    let live = claims.get("exp").and_then(Value::as_i64).is_some_and(|exp| exp > world.now_s());
    (right_issuer && live).then_some(claims)
}

fn refused(realm: &str, refusal: &Refusal) -> Response {
    let Refusal { status, error, description } = refusal;
    // Without credentials there is no error code to give (RFC 6750 section 3.1).
    let challenge = match *error {
        "" => format!("Bearer realm=\"{realm}\""),
        error => format!("Bearer realm=\"{realm}\", error=\"{error}\", error_description=\"{description}\""),
    };
    let name = if error.is_empty() { "unauthorized" } else { error };
    let body = json!({"error": name, "error_description": description});
    serve::with_header(serve::json(*status, &body), "www-authenticate", &challenge)
}
