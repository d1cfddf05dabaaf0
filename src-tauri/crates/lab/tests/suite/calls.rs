//! Calls through the gateway: its faults, the exchange behind `/orders`, and what it tells about it.

use serde_json::{Value, json};

use crate::support::Bench;

#[tokio::test]
async fn faults() {
    let bench = Bench::new().await;
    let missing = bench.get(&bench.gateway("/orders/1.0/orders")).await;
    assert_eq!(
        (missing.status, missing.member("code"), missing.member("message")),
        (401, "900902".into(), "Missing Credentials".into())
    );
    assert_eq!(missing.header("www-authenticate"), "Bearer realm=\"WSO2 API Manager\"");
    assert!(!missing.header("activityid").is_empty());
    let invalid = bench.api("GET", "/orders/1.0/orders", "junk").await;
    assert_eq!(
        (invalid.status, invalid.member("code"), invalid.member("message")),
        (401, "900901".into(), "Invalid Credentials".into())
    );
    assert!(invalid.header("www-authenticate").contains("error=\"invalid_token\""));
    let lost = bench.application_token("unsubscribed-app").await;
    assert_eq!(bench.fault("/catalog/1.0/items", &lost).await, (403, "900908".into()));
    let token = bench.application_token("orders-app").await;
    assert_eq!(bench.fault("/catalog/1.0/nothing", &token).await, (403, "900906".into()));
    assert_eq!(bench.fault("/nothing", &token).await, (404, "404".into()));
    let user = bench.user_token("orders-app", "alice", "").await.member("access_token");
    let narrow = bench.api("POST", "/orders/1.0/orders", &user).await;
    assert_eq!((narrow.status, narrow.member("code")), (403, "900910".into()));
    let editor = bench.user_token("orders-app", "alice", "orders_edit").await.member("access_token");
    let made = bench.api("POST", "/orders/1.0/orders", &editor).await;
    assert_eq!(made.status, 201, "{}", made.text);
    bench.lab.set_clock_offset(3600);
    assert_eq!(bench.fault("/catalog/1.0/items", &token).await, (401, "900901".into()), "expired reads as invalid");
}

#[tokio::test]
async fn orders_shows_both_identities() {
    let bench = Bench::new().await;
    let user = bench.user_token("orders-app", "alice", "").await.member("access_token");
    let first = bench.api("GET", "/orders/1.0/orders", &user).await;
    assert_eq!((first.status, first.header("x-lab-exchange")), (200, "fresh"), "{}", first.text);
    let body = first.json();
    assert_eq!(body["user"]["preferred_username"], "alice");
    assert_eq!(body["application"], json!({"client_id": "orders-app", "name": "Orders app"}));
    assert_eq!((&body["token"]["azp"], &body["token"]["aud"]), (&json!("gateway"), &json!("orders-api")));

    let made = bench.activity(first.header("activityid")).await;
    assert_eq!(made.len(), 2);
    assert_eq!((&made[0]["to"], &made[0]["status"], &made[0]["cached"]), (&json!("provider"), &json!(200), &json!(false)));
    assert_eq!((&made[1]["to"], &made[1]["token_id"]), (&json!("orders-api"), &made[0]["token_id"]));
    let event = &bench.events("type=TOKEN_EXCHANGE&client=gateway").await[0];
    assert_eq!(event["details"]["token_id"], made[0]["token_id"], "the event and the activity name the same token");
    let shown = Value::Array(made.clone()).to_string();
    assert!(!shown.contains("eyJ"), "no token text: {shown}");
    assert!(shown.contains("[access token, sub alice, azp gateway, aud orders-api, jti ntrtte:"));
    let secret = bench.lab.description().client("gateway").and_then(|client| client.secret.clone()).unwrap_or_default();
    assert!(!shown.contains(&secret));

    let bearer = format!("Bearer {user}");
    let headers = [("authorization", bearer.as_str()), ("activityid", "my-own-id")];
    let second = bench.send("GET", &bench.gateway("/orders/1.0/orders"), &headers, String::new()).await;
    assert_eq!((second.header("x-lab-exchange"), second.header("activityid")), ("cached", "my-own-id"));
    let made = bench.activity("my-own-id").await;
    assert_eq!((made.len(), &made[0]["to"], &made[0]["cached"]), (1, &json!("orders-api"), &json!(true)));

    let other = bench.user_token("orders-app", "alice", "").await.member("access_token");
    assert_eq!(bench.api("GET", "/orders/1.0/orders", &other).await.header("x-lab-exchange"), "fresh", "cached by token id");
    bench.lab.set_clock_offset(300);
    assert_eq!(bench.fault("/orders/1.0/orders", &user).await, (401, "900901".into()), "the Keycloak token behind it is over");
}

#[tokio::test]
async fn refusals_behind_the_gateway() {
    let bench = Bench::new().await;
    let bob = bench.user_token("orders-app", "bob", "").await.member("access_token");
    let answer = bench.api("GET", "/orders/1.0/orders", &bob).await;
    assert_eq!((answer.status, answer.member("code")), (403, "403".into()));
    assert!(answer.member("description").contains("Requested audience not available: orders-api"));
    let made = bench.activity(answer.header("activityid")).await;
    assert_eq!((made.len(), &made[0]["status"]), (1, &json!(400)));
    bench.lab.set_fault(lab::Fault::TokenServerError);
    assert_eq!(bench.fault("/orders/1.0/orders", &bob).await, (500, "900900".into()));
}

#[tokio::test]
async fn keycloak_tokens_are_taken_directly() {
    let bench = Bench::new().await;
    let alice = bench.access_token("alice").await;
    let answer = bench.api("GET", "/orders/1.0/orders", &alice).await;
    assert_eq!((answer.status, &answer.json()["application"]["client_id"]), (200, &json!("frontend")));
    let narrow = bench.exchange("portal", &alice, &[("audience", "orders-api")]).await.member("access_token");
    assert_eq!(bench.fault("/orders/1.0/orders", &narrow).await, (403, "900914".into()));
    let batch = bench.service_token("orders-batch").await;
    assert_eq!(bench.fault("/orders/1.0/orders", &batch).await, (403, "900908".into()), "no application has this azp");
}

#[tokio::test]
async fn the_backends_judge_for_themselves() {
    let bench = Bench::new().await;
    let orders = format!("{}/orders", bench.lab.description().orders_api);
    let none = bench.get(&orders).await;
    assert_eq!((none.status, none.header("www-authenticate")), (401, "Bearer realm=\"orders-api\""));
    let bob = bench.access_token("bob").await;
    let audience = bench.get_bearer(&orders, &bob).await;
    assert_eq!(audience.refusal(), (401, "invalid_token".into(), "the audience does not contain orders-api".into()));
    let alice = bench.access_token("alice").await;
    let viewer = bench.exchange("portal", &alice, &[("audience", "orders-api")]).await.member("access_token");
    let bearer = format!("Bearer {viewer}");
    let role = bench.send("POST", &orders, &[("authorization", &bearer)], String::new()).await;
    assert_eq!(role.refusal(), (403, "insufficient_scope".into(), "role editor of orders-api is missing".into()));
    let batch = bench.service_token("orders-batch").await;
    assert_eq!(bench.get_bearer(&orders, &batch).await.status, 200, "ES256 verifies there, too");
    bench.lab.set_clock_offset(300);
    assert_eq!(bench.get_bearer(&orders, &viewer).await.refusal(), (401, "invalid_token".into(), "the token is expired".into()));
    let catalog = format!("{}/items", bench.lab.description().catalog_api);
    assert_eq!(bench.get_bearer(&catalog, &alice).await.status, 401, "only the gateway may vouch for an application");
}
