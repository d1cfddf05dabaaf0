//! The two APIs one can subscribe to, and the subscriptions.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::access::user;
use super::applications::info as application_info;
use super::published::{OFFERS, Offer, context};
use super::shape::{Error, answer, members, page};
use super::store::{Portal, Subscription};
use crate::gateway::state::Gateway;
use crate::world::lock;
use crate::{random, serve};

const SCOPES: &[&str] = &["apim:subscribe", "apim:sub_manage"];
const MEMBERS: &[&str] = &[
    "subscriptionId",
    "applicationId",
    "apiId",
    "apiInfo",
    "applicationInfo",
    "throttlingPolicy",
    "requestedThrottlingPolicy",
    "status",
    "redirectionParams",
];
const TIERS: &[&str] = &["Unlimited", "Gold", "Bronze"];

/// `GET /apis`: open to everybody, as the portal's front page is.
pub(super) async fn list(Query(query): Query<HashMap<String, String>>) -> Response {
    let wanted = query.get("query").map(|text| text.trim_start_matches("name:").to_lowercase()).unwrap_or_default();
    let found = OFFERS.iter().filter(|one| one.name.to_lowercase().contains(&wanted)).map(line);
    serve::json(200, &page(&query, found.collect()))
}

/// `GET /apis/{id}`.
pub(super) async fn read(State(gateway): State<Arc<Gateway>>, Path(id): Path<String>) -> Response {
    let Some(one) = OFFERS.iter().find(|one| one.id == id) else {
        let text = format!("Requested API with id '{id}' not found");
        return Error::new(404, "Not Found", &text).response();
    };
    let address = format!("{}{}/1.0", gateway.base, one.context);
    let default_version = format!("{}{}", gateway.base, one.context);
    let mut value = json!({
        "id": one.id, "name": one.name, "description": one.description, "context": format!("{}/1.0", one.context), "version": "1.0",
        "provider": "admin", "lifeCycleStatus": "PUBLISHED", "isDefaultVersion": false, "type": "HTTP",
        "transport": ["https"], "authorizationHeader": "Authorization",
        "securityScheme": ["oauth2", "oauth_basic_auth_api_key_mandatory"], "tags": [], "hasThumbnail": false,
        "additionalProperties": [], "environmentList": ["Default"], "avgRating": "0.0", "subscriptions": 0,
        "isSubscriptionAvailable": true, "categories": [], "keyManagers": ["all"], "createdTime": "1764000000000",
        "lastUpdatedTime": "1764000000000", "gatewayType": "wso2/synapse", "gatewayVendor": "wso2",
        "endpointURLs": [{
            "environmentName": "Default", "environmentDisplayName": "Default", "environmentType": "hybrid",
            "URLs": {"https": address}, "defaultVersionURLs": {"https": default_version},
        }],
    });
    let tier = |name: &&str| json!({"tierName": name, "tierPlan": "FREE"});
    value["tiers"] = TIERS.iter().map(tier).collect();
    let scope = |name: &&str| json!({"key": name, "name": name, "roles": ["Internal/subscriber"], "description": ""});
    value["scopes"] = one.scopes.iter().map(scope).collect();
    let operation = |(verb, target): &(&str, &str)| json!({"id": "", "target": target, "verb": verb});
    value["operations"] = one.operations.iter().map(operation).collect();
    serve::json(200, &value)
}

fn line(one: &Offer) -> Value {
    json!({
        "id": one.id, "name": one.name, "description": one.description, "context": format!("{}/1.0", one.context), "version": "1.0",
        "type": "HTTP", "createdTime": "1764000000000", "provider": "admin", "lifeCycleStatus": "PUBLISHED",
        "avgRating": "0.0", "throttlingPolicies": TIERS, "isSubscriptionAvailable": true, "gatewayType": "wso2/synapse",
        "gatewayVendor": "wso2", "additionalProperties": [], "monetizedInfo": false,
    })
}

/// `GET /subscriptions`: of one application or of one API.
pub(super) async fn subscriptions(
    State(gateway): State<Arc<Gateway>>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        let (application, api) = (query.get("applicationId"), query.get("apiId"));
        if application.is_none() && api.is_none() {
            return Err(Error::bad("Either applicationId or apiId should be available"));
        }
        let state = lock(&gateway.state);
        if let Some(id) = application {
            state.portal.own(id, &owner)?;
        }
        let fits = |one: &&Subscription| {
            application.is_none_or(|id| one.application == *id)
                && api.is_none_or(|id| one.api == *id)
                && state.portal.own(&one.application, &owner).is_ok()
        };
        let list = state.portal.subscriptions.iter().filter(fits).map(|one| shown(one, &state.portal)).collect();
        Ok(serve::json(200, &page(&query, list)))
    }))
}

/// `POST /subscriptions`: in force at the gateway some time later, when the news has reached it.
pub(super) async fn subscribe(State(gateway): State<Arc<Gateway>>, headers: HeaderMap, body: Bytes) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        let asked = members(&body, MEMBERS)?;
        let (application, api) = (asked.text("applicationId").to_owned(), asked.text("apiId").to_owned());
        let mut state = lock(&gateway.state);
        state.portal.own(&application, &owner)?;
        if context(&api).is_none() {
            let text = format!("Requested API with id '{api}' not found");
            return Err(Error::new(404, "Not Found", &text));
        }
        let policy = asked.text("throttlingPolicy");
        if !TIERS.contains(&policy) {
            return Err(Error::bad(&format!(
                "Tier {policy} is not allowed for API with id '{api}'. Only {TIERS:?} Tiers are allowed."
            )));
        }
        if state.portal.subscriptions.iter().any(|one| one.application == application && one.api == api) {
            let text = format!("Subscription already exists for API {api} for Application {application}");
            return Err(Error::coded(409, 900_336, "Subscription already exists", &text));
        }
        let made = Subscription {
            id: random::uuid(),
            application,
            api,
            policy: policy.to_owned(),
            in_force_ms: gateway.world.now_ms() + gateway.subscription_delay_ms,
        };
        let response = serve::json(201, &shown(&made, &state.portal));
        let place = format!("{}/api/am/devportal/v3/subscriptions/{}", gateway.base, made.id);
        state.portal.subscriptions.push(made);
        Ok(serve::with_header(response, "location", &place))
    }))
}

/// `GET /subscriptions/{id}`.
pub(super) async fn subscription(State(gateway): State<Arc<Gateway>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        let state = lock(&gateway.state);
        Ok(serve::json(200, &shown(own(&state.portal, &id, &owner)?, &state.portal)))
    }))
}

/// `DELETE /subscriptions/{id}`.
pub(super) async fn unsubscribe(State(gateway): State<Arc<Gateway>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answer(user(&gateway, &headers, SCOPES).and_then(|owner| {
        let mut state = lock(&gateway.state);
        own(&state.portal, &id, &owner)?;
        state.portal.subscriptions.retain(|one| one.id != id);
        Ok(Response::default())
    }))
}

fn own<'a>(portal: &'a Portal, id: &str, owner: &str) -> Result<&'a Subscription, Error> {
    let unknown =
        || Error::coded(404, 900_310, "Subscription not found", &format!("Couldn't retrieve subscription with id: {id}"));
    let found = portal.subscriptions.iter().find(|one| one.id == id);
    found.filter(|one| portal.own(&one.application, owner).is_ok()).ok_or_else(unknown)
}

fn shown(one: &Subscription, portal: &Portal) -> Value {
    let mut value = json!({
        "subscriptionId": one.id, "applicationId": one.application, "apiId": one.api, "throttlingPolicy": one.policy,
        "requestedThrottlingPolicy": one.policy, "status": "UNBLOCKED",
    });
    if let Some(api) = OFFERS.iter().find(|api| api.id == one.api) {
        value["apiInfo"] = line(api);
    }
    if let Some(application) = portal.applications.iter().find(|application| application.id == one.application) {
        value["applicationInfo"] = application_info(application, portal);
    }
    value
}
