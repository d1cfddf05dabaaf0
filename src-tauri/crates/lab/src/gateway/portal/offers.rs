//! What the portal has to offer beside APIs: key managers, throttling policies, settings.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::access::user;
use super::shape::{Error, answer, page};
use crate::gateway::grants::KNOWN;
use crate::gateway::release::GatewayRelease;
use crate::gateway::state::{ALIAS, Gateway};
use crate::serve;

/// The key manager that comes with the product.
pub(super) const RESIDENT: &str = "Resident Key Manager";
/// Application policies with their requests a minute; none = no limit.
pub(super) const APPLICATION_POLICIES: &[(&str, Option<u32>)] =
    &[("Unlimited", None), ("50PerMin", Some(50)), ("20PerMin", Some(20)), ("10PerMin", Some(10))];
const SUBSCRIPTION_POLICIES: &[(&str, Option<u32>)] = &[("Unlimited", None), ("Gold", Some(5000)), ("Bronze", Some(1000))];

/// A key manager of the lab.
pub(super) struct KeyManager {
    id: &'static str,
    pub name: &'static str,
    kind: &'static str,
    note: &'static str,
    token_type: &'static str,
    /// Whether it makes clients.
    pub creates: bool,
    enabled: bool,
    /// What making a client there ends in: status, code and description.
    pub fails: Option<(u16, u32, &'static str)>,
}

const KEY_MANAGERS: &[KeyManager] = &[
    KeyManager {
        id: "7d0f4b0c-2f0c-4a38-9d51-4c1a6f2b9e01",
        name: RESIDENT,
        kind: "default",
        note: "This is the Resident Key Manager",
        token_type: "DIRECT",
        creates: true,
        enabled: true,
        fails: None,
    },
    KeyManager {
        id: "7d0f4b0c-2f0c-4a38-9d51-4c1a6f2b9e02",
        name: "Keycloak",
        kind: "KeyCloak",
        note: "The provider of the lab: its tokens work at the gateway, and its clients can be mapped, not made",
        token_type: "BOTH",
        creates: false,
        enabled: true,
        fails: None,
    },
    KeyManager {
        id: "7d0f4b0c-2f0c-4a38-9d51-4c1a6f2b9e03",
        name: "Retired",
        kind: "WSO2-IS",
        note: "Switched off",
        token_type: "DIRECT",
        creates: true,
        enabled: false,
        fails: None,
    },
    KeyManager {
        id: "7d0f4b0c-2f0c-4a38-9d51-4c1a6f2b9e04",
        name: "Unreachable",
        kind: "KeyCloak",
        note: "A provider whose certificate the portal does not trust: keys can not be made there",
        token_type: "DIRECT",
        creates: true,
        enabled: true,
        fails: Some((500, 900_950, "Error while creating OAuth application")),
    },
    KeyManager {
        id: "7d0f4b0c-2f0c-4a38-9d51-4c1a6f2b9e05",
        name: "Unfinished",
        kind: "KeyCloak",
        note: "A provider whose administrator's client was not filled in",
        token_type: "DIRECT",
        creates: true,
        enabled: true,
        fails: Some((400, 901_401, "Required Key Manager configuration values missing")),
    },
];

/// A key manager by name or id; none named means the resident one.
pub(super) fn key_manager(named: &str) -> Result<&'static KeyManager, Error> {
    let wanted = if named.is_empty() { RESIDENT } else { named };
    let found = KEY_MANAGERS.iter().find(|one| one.name == wanted || one.id == wanted);
    match found {
        None => Err(Error::coded(400, 901_403, "Bad Request", &format!("Key Manager {wanted} not registered"))),
        Some(one) if !one.enabled => Err(Error::coded(400, 901_406, "Bad Request", "Key Manager not enabled")),
        Some(one) => Ok(one),
    }
}

/// `GET /key-managers`.
pub(super) async fn key_managers(State(gateway): State<Arc<Gateway>>, headers: HeaderMap) -> Response {
    answer(user(&gateway, &headers, &["apim:subscribe"]).map(|_| {
        let list: Vec<Value> = KEY_MANAGERS.iter().map(|one| shown(one, &gateway)).collect();
        serve::json(200, &json!({"count": list.len(), "list": list}))
    }))
}

fn shown(one: &KeyManager, gateway: &Gateway) -> Value {
    let keycloak = format!("{}/protocol/openid-connect", gateway.upstream.issuer);
    let (token, revoke, userinfo) = match one.kind {
        "KeyCloak" => (format!("{keycloak}/token"), format!("{keycloak}/revoke"), format!("{keycloak}/userinfo")),
        _ => ["token", "revoke", "userinfo"].map(|last| format!("{}/oauth2/{last}", gateway.base)).into(),
    };
    let lifetime = |name: &str, label: &str| {
        json!({
            "name": name, "label": label, "type": "input", "required": false, "mask": false, "multiple": false,
            "tooltip": "Type a time in seconds, or N/A for the server's default", "default": "N/A", "values": [],
        })
    };
    let mut value = json!({
        "id": one.id, "name": one.name, "type": one.kind, "displayName": one.name, "description": one.note,
        "enabled": one.enabled, "availableGrantTypes": KNOWN, "tokenEndpoint": token, "revokeEndpoint": revoke,
        "userInfoEndpoint": userinfo, "enableTokenGeneration": one.creates, "enableTokenEncryption": false,
        "enableTokenHashing": false, "enableOAuthAppCreation": one.creates, "enableMapOAuthConsumerApps": true,
        "additionalProperties": {}, "tokenType": one.token_type,
        "applicationConfiguration": [
            lifetime("application_access_token_expiry_time", "Application Access Token Expiry Time"),
            lifetime("user_access_token_expiry_time", "User Access Token Expiry Time"),
        ],
    });
    if one.token_type != "DIRECT" {
        value["alias"] = json!(ALIAS);
    }
    value
}

/// `GET /throttling-policies/{level}`.
pub(super) async fn policies(Path(level): Path<String>, Query(query): Query<HashMap<String, String>>) -> Response {
    let table = match level.as_str() {
        "application" => APPLICATION_POLICIES,
        "subscription" => SUBSCRIPTION_POLICIES,
        _ => return Error::bad("Tier level should be one of application, subscription").response(),
    };
    let line = |(name, requests): &(&str, Option<u32>)| {
        json!({
            "name": name, "description": requests.map_or_else(|| "Allows unlimited requests".to_owned(), |n| format!("Allows {n} requests a minute")),
            "policyLevel": level, "attributes": {}, "requestCount": requests.map_or(2_147_483_647, i64::from),
            "dataUnit": "", "unitTime": if requests.is_some() { 60_000 } else { 0 }, "timeUnit": "min", "rateLimitCount": 0,
            "quotaPolicyType": "REQUESTCOUNT", "tierPlan": "FREE", "stopOnQuotaReach": true,
        })
    };
    serve::json(200, &page(&query, table.iter().map(line).collect()))
}

/// `GET /settings`.
pub(super) async fn settings(State(gateway): State<Arc<Gateway>>, headers: HeaderMap) -> Response {
    answer(user(&gateway, &headers, &["apim:store_settings"]).map(|_| {
        let mut value = json!({
            "grantTypes": KNOWN,
            "scopes": ["apim:subscribe", "apim:app_manage", "apim:sub_manage", "apim:api_key", "apim:store_settings", "openid"],
            "applicationSharingEnabled": false, "mapExistingAuthApps": true, "apiGatewayEndpoint": gateway.base,
            "monetizationEnabled": false, "recommendationEnabled": false, "IsUnlimitedTierPaid": false,
            "identityProvider": {"external": false}, "IsAnonymousModeEnabled": true, "IsPasswordChangeEnabled": true,
            "IsJWTEnabledForLoginTokens": true, "orgAccessControlEnabled": false, "devportalMode": "HYBRID",
        });
        // What tells the releases apart from outside.
        if gateway.release == GatewayRelease::V4_7 {
            value["IsLegacyApiKeysEnabled"] = json!(false);
        }
        serve::json(200, &value)
    }))
}
