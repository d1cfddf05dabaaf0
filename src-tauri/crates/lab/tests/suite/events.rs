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
    assert_eq!((bad.status, bad.json()["errorMessage"].as_str()), (400, Some(text)));
    for event in bench.events("").await {
        assert_eq!(event["ipAddress"], "127.0.0.1");
        assert!(event["details"].as_object().is_some_and(|details| details.values().all(Value::is_string)), "{event}");
    }
}
