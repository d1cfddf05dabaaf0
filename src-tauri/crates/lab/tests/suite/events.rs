//! Reading events: who may, and what the filters do.

use serde_json::{Value, json};

use crate::support::{Bench, NOW};

#[tokio::test]
async fn permissions() {
    let bench = Bench::new().await;
    let url = format!("{}/admin/realms/lab/events", bench.lab.description().provider);
    let none = bench.get(&url).await;
    assert_eq!((none.status, none.json()), (401, json!({"error": "HTTP 401 Unauthorized"})));
    let alice = bench.get_bearer(&url, &bench.access_token("alice").await).await;
    assert_eq!((alice.status, alice.json()), (403, json!({"error": "HTTP 403 Forbidden"})));
    let reader = bench.service_token("audit-reader").await;
    assert_eq!(bench.get_bearer(&url, &reader).await.status, 200);
    assert_eq!(bench.lab.description().events_client.client_id, "audit-reader");
    bench.lab.set_clock_offset(300);
    assert_eq!(bench.get_bearer(&url, &reader).await.status, 401, "expired");
}

#[tokio::test]
async fn filters() {
    let bench = Bench::new().await;
    for (offset, user) in [(0, "alice"), (10, "bob"), (20, "alice")] {
        bench.lab.set_clock_offset(offset);
        bench.tokens(user).await;
    }
    let kinds =
        |events: Vec<Value>| events.iter().map(|event| event["type"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>();
    let logins = bench.events("type=LOGIN").await;
    assert_eq!(logins.len(), 3);
    let times: Vec<_> = logins.iter().map(|event| event["time"].as_i64().unwrap_or_default()).collect();
    assert_eq!(times, [20, 10, 0].map(|offset| (NOW + offset) * 1000), "newest first");
    let bob = logins[1]["userId"].as_str().unwrap_or_default();
    assert_eq!(kinds(bench.events(&format!("user={bob}")).await), ["CODE_TO_TOKEN", "LOGIN"]);
    assert_eq!(bench.events("type=LOGIN&client=nobody").await.len(), 0);
    assert_eq!(bench.events("type=LOGIN&client=frontend").await.len(), 3);
    assert_eq!(bench.events("type=LOGIN&max=1&first=1").await[0]["id"], logins[1]["id"]);
    assert_eq!(bench.events("type=LOGIN&direction=asc").await[0]["id"], logins[2]["id"]);
    let between = format!("type=LOGIN&dateFrom={}&dateTo={}", (NOW + 10) * 1000, (NOW + 10) * 1000);
    assert_eq!(bench.events(&between).await.len(), 1, "both ends included");
    assert_eq!(bench.events("type=LOGIN&dateFrom=2026-11-18&dateTo=2026-11-18").await.len(), 3);
    assert_eq!(bench.events("type=LOGIN&dateTo=2026-11-17").await.len(), 0);

    let url = format!("{}/admin/realms/lab/events?dateFrom=soon", bench.lab.description().provider);
    let bad = bench.get_bearer(&url, &bench.service_token("audit-reader").await).await;
    let text = "Invalid value for 'dateFrom', expected format is yyyy-MM-dd or an Epoch timestamp";
    assert_eq!((bad.status, bad.json()["error"].as_str()), (400, Some(text)));
    for event in bench.events("").await {
        assert_eq!(event["ipAddress"], "127.0.0.1");
        assert!(event["details"].as_object().is_some_and(|details| details.values().all(Value::is_string)), "{event}");
    }
}

#[tokio::test]
async fn pages_join_without_a_gap() {
    let bench = Bench::new().await;
    for offset in 0..4 {
        bench.lab.set_clock_offset(offset);
        bench.tokens("alice").await;
    }
    let all = bench.events("max=1000&client=frontend").await;
    let mut paged = Vec::new();
    for first in (0..all.len()).step_by(3) {
        paged.extend(bench.events(&format!("max=3&first={first}&client=frontend")).await);
    }
    assert_eq!(paged, all);
}

#[tokio::test]
async fn settings_and_admin_events() {
    let bench = Bench::new().await;
    let reader = bench.service_token("audit-reader").await;
    let at = |path: &str| format!("{}/admin/realms/lab/{path}", bench.lab.description().provider);
    let config = bench.get_bearer(&at("events/config"), &reader).await.json();
    assert_eq!((config["eventsEnabled"].as_bool(), config["eventsExpiration"].as_i64()), (Some(true), Some(0)));
    let types: Vec<&str> = config["enabledEventTypes"].as_array().expect("types").iter().filter_map(Value::as_str).collect();
    assert!(types.contains(&"REFRESH_TOKEN_ERROR") && types.contains(&"LOGIN"), "{types:?}");
    assert_eq!(bench.get_bearer(&at("admin-events"), &reader).await.json(), json!([]));
    for path in ["events/config", "admin-events", "clients", "users"] {
        assert_eq!(bench.get_bearer(&at(path), &bench.access_token("alice").await).await.status, 403, "{path}");
        assert_eq!(bench.get(&at(path)).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn a_prediction_is_what_the_token_endpoint_would_issue() {
    let bench = Bench::new().await;
    let reader = bench.service_token("audit-reader").await;
    let at = |path: &str| format!("{}/admin/realms/lab/{path}", bench.lab.description().provider);
    let alice = bench.access_token("alice").await;
    let sub = crate::support::claims(&alice)["sub"].as_str().expect("sub").to_owned();
    let found = bench.get_bearer(&at("users?username=alice&exact=true"), &reader).await.json();
    assert_eq!(found[0]["id"].as_str(), Some(sub.as_str()));
    assert_eq!(bench.get_bearer(&at("clients?clientId=nobody"), &reader).await.json(), json!([]));
    let client = bench.get_bearer(&at("clients?clientId=portal"), &reader).await.json();
    let id = client[0]["id"].as_str().expect("an id").to_owned();
    let ask = async |query: &str| {
        bench.get_bearer(&at(&format!("clients/{id}/evaluate-scopes/generate-example-access-token?{query}")), &reader).await
    };
    let predicted = ask(&format!("scope=&userId={sub}&audience=orders-api")).await;
    assert_eq!(predicted.status, 200, "{}", predicted.text);
    let issued = bench.exchange("portal", &alice, &[("audience", "orders-api")]).await.member("access_token");
    let issued = crate::support::claims(&issued);
    let predicted = predicted.json();
    for claim in ["iss", "aud", "sub", "azp", "scope", "resource_access", "preferred_username"] {
        assert_eq!(predicted[claim], issued[claim], "{claim}");
    }
    assert!(predicted["jti"].as_str().is_some_and(|jti| jti.starts_with("onrtna:")), "{predicted}");
    for (query, error) in [
        ("scope=openid".to_owned(), "No userId provided"),
        ("userId=nobody".to_owned(), "No user found"),
        (format!("userId={sub}&audience=billing-api"), "Requested audience not available: billing-api"),
    ] {
        let refused = ask(&query).await;
        assert_eq!((refused.status, refused.json()["error"].as_str()), (404, Some(error)), "{query}");
    }
    // What it does not know it passes over, where the token endpoint would refuse.
    assert_eq!(ask(&format!("userId={sub}&audience=nobody&scope=nonsense")).await.status, 200);
}
