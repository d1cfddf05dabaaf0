//! A call to an API through the gateway: who calls, may they, and what goes to the backend.
//!
//! The checks stand in WSO2's order (token, subscription, token type, scope or audience), because a caller meets exactly
//! one of them. WSO2 itself has no exchange at the gateway; the lab does what people add by a custom sequence, and shows
//! a refusal by the provider as such a sequence would.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use serde_json::{Value, json};

use super::activity::ActivityId;
use super::caller::{Caller, authenticate};
use super::fault::{Fault, faulty, invalid_credentials, no_resource, unclassified, unreachable_backend, wants_xml};
use super::portal::store::Portal;
use super::registry::Rights;
use super::state::{ADMIN, ALIAS, Gateway};
use super::upstream::{Ask, NoToken, UpstreamAnswer};
use crate::api::GATEWAY_ISSUER;
use crate::form::words;
use crate::serve;
use crate::world::lock;

/// `/catalog/1.0`: any application.
pub(crate) async fn catalog(
    State(gateway): State<Arc<Gateway>>,
    activity: Extension<ActivityId>,
    method: Method,
    Path(resource): Path<String>,
    headers: HeaderMap,
) -> Response {
    let asked_by = method.clone();
    let answer = async {
        let caller = authenticate(&gateway, &headers).await?;
        subscribed(&gateway, &caller, "/catalog")?;
        if (method, resource.as_str()) != (Method::GET, "items") {
            return Err(no_resource());
        }
        let ask = Ask {
            to: "catalog-api",
            http: None,
            method: reqwest::Method::GET,
            url: format!("{}/items", gateway.upstream.catalog_api),
            headers: vec![("x-jwt-assertion".to_owned(), statement(&gateway, &caller, "Catalog", "/catalog/1.0"))],
            body: String::new(),
            used: None,
        };
        gateway.send(&activity, ask).await.map(backend).ok_or_else(unreachable_backend)
    };
    answer.await.unwrap_or_else(|fault| faulty(&fault, wants_xml(&asked_by, &headers)))
}

/// `/orders/1.0`: an application on behalf of a user.
pub(crate) async fn orders(
    State(gateway): State<Arc<Gateway>>,
    activity: Extension<ActivityId>,
    method: Method,
    Path(resource): Path<String>,
    headers: HeaderMap,
) -> Response {
    let answer = orders_answer(&gateway, &activity, &method, &resource, &headers).await;
    answer.unwrap_or_else(|fault| faulty(&fault, wants_xml(&method, &headers)))
}

async fn orders_answer(
    gateway: &Gateway,
    activity: &Extension<ActivityId>,
    method: &Method,
    resource: &str,
    headers: &HeaderMap,
) -> Result<Response, Fault> {
    let caller = authenticate(gateway, headers).await?;
    subscribed(gateway, &caller, "/orders")?;
    let editing = match (method.as_str(), resource) {
        ("GET", "orders") => false,
        ("POST", "orders") => true,
        _ => return Err(no_resource()),
    };
    let Some(user) = &caller.user else {
        return Err(Fault {
            status: 401,
            code: "900905",
            message: "Incorrect Access Token Type is provided",
            description: "Access failure for API: /orders/1.0, version: 1.0 status: (900905) - Incorrect Access Token Type is \
                          provided. This resource needs a user: an application token names none."
                .to_owned(),
        });
    };
    if editing && caller.audience.is_none() && !words(&caller.scope).any(|scope| scope == "orders_edit") {
        return Err(Fault {
            status: 403,
            code: "900910",
            message: "The access token does not allow you to access the requested resource",
            description: "User is NOT authorized to access the Resource: /orders. Scope validation failed.".to_owned(),
        });
    }
    if caller.audience.as_ref().is_some_and(|audience| !audience.iter().any(|one| one == ALIAS)) {
        return Err(Fault {
            status: 403,
            code: "900914",
            message: "Access Denied",
            description: "The audience of the access token does not contain the audience of the API.".to_owned(),
        });
    }

    // Changing orders needs the editor role, which only a scope brings into the exchanged token.
    let scope = editing.then_some("orders:write");
    let exchanged = gateway.exchanged(activity, &caller, user, scope).await;
    let (token, cached) = exchanged.map_err(|why| match why {
        NoToken::Subject => invalid_credentials(),
        NoToken::Refused(why) => Fault {
            status: 403,
            code: "403",
            message: "Forbidden",
            description: format!("The identity provider refused the token exchange for orders-api: {why}"),
        },
        NoToken::Unavailable => unclassified(),
    })?;
    let ask = Ask {
        to: "orders-api",
        http: None,
        method: if editing { reqwest::Method::POST } else { reqwest::Method::GET },
        url: format!("{}/orders", gateway.upstream.orders_api),
        headers: vec![
            ("authorization".to_owned(), format!("Bearer {}", token.token)),
            ("x-jwt-assertion".to_owned(), statement(gateway, &caller, "Orders", "/orders/1.0")),
        ],
        body: String::new(),
        used: Some((&token, cached)),
    };
    let answer = gateway.send(activity, ask).await.ok_or_else(unreachable_backend)?;
    Ok(serve::with_header(backend(answer), "x-lab-exchange", if cached { "cached" } else { "fresh" }))
}

/// The subscription is found by the token's `azp`.
fn subscribed(gateway: &Gateway, caller: &Caller, context: &str) -> Result<(), Fault> {
    if has_subscription(&caller.rights, &lock(&gateway.state).portal, context, gateway.world.now_ms()) {
        return Ok(());
    }
    Err(Fault {
        status: 403,
        code: "900908",
        message: "Resource forbidden ",
        description: "User is NOT authorized to access the Resource. API Subscription validation failed.".to_owned(),
    })
}

/// Whether a consumer may call the API at a context now.
fn has_subscription(rights: &Rights, portal: &Portal, context: &str, now_ms: i64) -> bool {
    match rights {
        Rights::Seeded(contexts) => contexts.contains(&context),
        Rights::Application(id) => portal.is_subscribed(id, context, now_ms),
        Rights::None => false,
    }
}

/// The backend JWT: the gateway's own word on which application and which user are calling.
fn statement(gateway: &Gateway, caller: &Caller, api: &str, context: &str) -> String {
    let now = gateway.world.now_s();
    let user = caller.user.as_ref().map(|user| user.sub.as_str());
    let claim = |name: &str| format!("http://wso2.org/claims/{name}");
    let mut claims = serde_json::Map::new();
    for (name, value) in [
        ("iss".to_owned(), json!(GATEWAY_ISSUER)),
        ("sub".to_owned(), json!(user.unwrap_or(ADMIN))),
        ("iat".to_owned(), json!(now)),
        ("exp".to_owned(), json!(now + 900)),
        (claim("subscriber"), json!(ADMIN)),
        (claim("applicationUUId"), json!(caller.client_id)),
        (claim("applicationname"), json!(caller.application)),
        (claim("applicationtier"), json!("Unlimited")),
        (claim("apiname"), json!(api)),
        (claim("apicontext"), json!(context)),
        (claim("version"), json!("1.0")),
        (claim("tier"), json!("Unlimited")),
        (claim("keytype"), json!("PRODUCTION")),
        (claim("usertype"), json!("Application_User")),
        (claim("enduser"), json!(user.unwrap_or(ADMIN))),
    ] {
        claims.insert(name, value);
    }
    gateway.sign("JWT", Value::Object(claims))
}

/// The backend's answer goes to the caller as it is.
fn backend(answer: UpstreamAnswer) -> Response {
    let response = serve::text(answer.status, "application/json", answer.body);
    match answer.challenge {
        Some(challenge) if answer.media_type.starts_with("application/json") => {
            serve::with_header(response, "www-authenticate", &challenge)
        }
        _ => response,
    }
}

/// Nothing deployed at this path.
pub(crate) async fn not_found() -> Response {
    let body = json!({
        "code": "404", "type": "Status report", "message": "Not Found",
        "description": "The requested resource is not available.",
    });
    serve::json(404, &body)
}
