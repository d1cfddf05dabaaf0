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
use super::issue::{known_access_token, own_access_token};
use super::registry::{Rights, subscribed as has_subscription};
use super::upstream::{Answer, Ask, NoToken, User};
use super::{ADMIN, ALIAS, Gateway, Issued};
use crate::api::GATEWAY_ISSUER;
use crate::form::words;
use crate::keyset::Unverified;
use crate::world::lock;
use crate::{jose, serve};

/// A fault in WSO2's JSON shape; `code` is a string on the wire.
struct Fault {
    status: u16,
    code: &'static str,
    message: &'static str,
    description: String,
}

/// Whoever presented a token that holds.
pub(super) struct Caller {
    pub(super) token_id: String,
    /// The token itself, when it is the gateway's own.
    pub(super) token: Option<String>,
    client_id: String,
    application: String,
    rights: Rights,
    user: Option<User>,
    scope: String,
    /// For a token of the provider: its audience. The gateway's own tokens are not bound to an API.
    audience: Option<Vec<String>>,
}

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

/// The token of a call. Expired, revoked, forged and unknown are one and the same fault, as they are at WSO2.
async fn authenticate(gateway: &Gateway, headers: &HeaderMap) -> Result<Caller, Fault> {
    let Some(token) = serve::bearer(headers) else {
        return Err(Fault {
            status: 401,
            code: "900902",
            message: "Missing Credentials",
            description:
                "Invalid Credentials. Make sure your API invocation call has a header: 'Authorization : Bearer ACCESS_TOKEN'"
                    .to_owned(),
        });
    };
    // A token that was refused once stays refused for a while, whatever became of the reason.
    let (now, kept_ms) = (gateway.world.now_ms(), gateway.world.caches().refused_ms);
    if lock(&gateway.state).refused.get(token).is_some_and(|since| now - since < kept_ms) {
        return Err(invalid_credentials());
    }
    let found = known_caller(gateway, token).await;
    if found.as_ref().is_err_and(|fault| fault.code == "900901") {
        let refused = &mut lock(&gateway.state).refused;
        refused.retain(|_, since| now - *since < kept_ms);
        refused.insert(token.to_owned(), now);
    }
    found
}

/// A token of the resident key manager. The gateway hears of a revoked JWT by an event; what introspection said of a reference
/// token it keeps, and the event does not clear that.
fn of_this_server(gateway: &Gateway, token: &str) -> Option<(String, Issued)> {
    if token.contains('.') {
        return own_access_token(gateway, token);
    }
    let (now, kept_ms) = (gateway.world.now_ms(), gateway.world.caches().introspected_ms);
    if lock(&gateway.state).introspected.get(token).is_some_and(|since| now - since < kept_ms) {
        return known_access_token(gateway, token).filter(|(_, held)| held.expires > gateway.world.now_s());
    }
    let found = own_access_token(gateway, token)?;
    let introspected = &mut lock(&gateway.state).introspected;
    introspected.retain(|_, since| now - *since < kept_ms);
    introspected.insert(token.to_owned(), now);
    Some(found)
}

/// Who a token stands for, by the key manager its issuer names.
async fn known_caller(gateway: &Gateway, token: &str) -> Result<Caller, Fault> {
    if let Some((token_id, held)) = of_this_server(gateway, token) {
        let consumer = gateway.consumer(&held.consumer).ok_or_else(invalid_credentials)?;
        let issuer = held.subject.get("iss").and_then(Value::as_str).unwrap_or_default();
        let user = held.subject_token.zip(gateway.provider(issuer));
        return Ok(Caller {
            token_id,
            token: Some(token.to_owned()),
            client_id: consumer.key,
            application: consumer.name,
            rights: consumer.rights,
            user: user.map(|(subject_token, provider)| User { sub: held.sub, subject_token, provider }),
            scope: held.scope,
            audience: None,
        });
    }
    // The key manager is chosen by `iss`; each provider is registered as a further one.
    let issuer = jose::parse(token).and_then(|parsed| parsed.text("iss").map(str::to_owned)).unwrap_or_default();
    let provider = gateway.provider(&issuer).ok_or_else(invalid_credentials)?;
    let claims = provider.keys.claims(token).await.map_err(|why| match why {
        Unverified::NoKeys => unclassified(),
        Unverified::Unreadable | Unverified::Signature => invalid_credentials(),
    })?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let live = claims.get("exp").and_then(Value::as_i64).is_some_and(|exp| exp > gateway.world.now_s());
    if !live || text("typ") != "Bearer" {
        return Err(invalid_credentials());
    }
    let azp = text("azp");
    // Client ids of the provider that are mapped to an application: two by the lab, others by `map-keys`.
    let mapped = lock(&gateway.state).portal.mapped(&azp);
    let (application, rights) = match mapped {
        Some((id, name)) => (name, Rights::Application(id)),
        None if provider.built_in && ["frontend", "portal"].contains(&azp.as_str()) => {
            (azp.clone(), Rights::Seeded(&["/catalog", "/orders"]))
        }
        None => (azp.clone(), Rights::None),
    };
    Ok(Caller {
        token_id: text("jti"),
        token: None,
        application,
        client_id: azp,
        rights,
        user: Some(User { sub: text("sub"), subject_token: token.to_owned(), provider }),
        scope: text("scope"),
        audience: Some(jose::audience(claims.get("aud"))),
    })
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
fn backend(answer: Answer) -> Response {
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

fn no_resource() -> Fault {
    Fault {
        status: 403,
        code: "900906",
        message: "No matching resource found in the API for the given request",
        description: "Check the API documentation and add a proper REST resource path to the invocation URL".to_owned(),
    }
}

fn unclassified() -> Fault {
    Fault {
        status: 500,
        code: "900900",
        message: "Unclassified Authentication Failure",
        description: "Error while accessing backend services for API key validation".to_owned(),
    }
}

fn unreachable_backend() -> Fault {
    Fault { status: 500, code: "101503", message: "Runtime Error", description: "Error connecting to the back end".to_owned() }
}

fn invalid_credentials() -> Fault {
    Fault {
        status: 401,
        code: "900901",
        message: "Invalid Credentials",
        description: "Make sure you have provided the correct security credentials".to_owned(),
    }
}

/// A fault of a request with a body comes in the media type of that body.
fn wants_xml(method: &Method, headers: &HeaderMap) -> bool {
    let kind = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    [Method::POST, Method::PUT, Method::PATCH].contains(method) && kind.contains("xml")
}

fn faulty(fault: &Fault, xml: bool) -> Response {
    let response = if xml { xml_fault(fault) } else { json_fault(fault) };
    match (fault.status, fault.code) {
        (401, "900902") => serve::with_header(response, "www-authenticate", "Bearer realm=\"WSO2 API Manager\""),
        (401, _) => {
            let challenge = "Bearer realm=\"WSO2 API Manager\", error=\"invalid_token\", \
                             error_description=\"The provided token is invalid\"";
            serve::with_header(response, "www-authenticate", challenge)
        }
        _ => response,
    }
}

fn xml_fault(fault: &Fault) -> Response {
    let safe = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let (code, message, description) = (fault.code, safe(fault.message), safe(&fault.description));
    let body = format!(
        "<ams:fault xmlns:ams=\"http://wso2.org/apimanager/security\"><ams:code>{code}</ams:code>\
         <ams:message>{message}</ams:message><ams:description>{description}</ams:description></ams:fault>"
    );
    serve::text(fault.status, "application/xml; charset=UTF-8", body)
}

fn json_fault(fault: &Fault) -> Response {
    let mut body = json!({"code": fault.code, "message": fault.message, "description": fault.description});
    // Faults that are not about security say so in one more member.
    if !fault.code.starts_with("9009") {
        body = json!({"code": fault.code, "type": "Status report", "message": fault.message, "description": fault.description});
    }
    serve::json(fault.status, &body)
}
