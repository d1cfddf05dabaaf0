//! The gateway in front of a provider that is not its own: here that of another lab, which knows nothing of it.

use lab::{OwnProvider, Way};
use serde_json::{Value, json};

use crate::support::{Answer, Bench, JWT_BEARER, claims};

/// What the gateway has to know of another lab's provider.
fn provider(of: &Bench, way: Way, portal_role: &str) -> OwnProvider {
    OwnProvider {
        issuer: of.lab.description().issuer.clone(),
        jwks: of.oidc("certs"),
        token_endpoint: of.oidc("token"),
        ca_pem: String::new(),
        client_id: "gateway".into(),
        client_secret: of.lab.description().client("gateway").and_then(|client| client.secret.clone()).expect("a secret"),
        way,
        portal_role: portal_role.into(),
    }
}

async fn mapped(bench: &Bench, assertion: &str) -> Answer {
    let scope = ("scope", "openid apim:subscribe");
    bench.gateway_token("orders-app", &[("grant_type", JWT_BEARER), ("assertion", assertion), scope]).await
}

/// The form of the exchange the gateway sent for a call.
async fn exchanged(bench: &Bench, call: &Answer) -> (String, String) {
    let made = bench.activity(call.header("activityid")).await;
    let to_provider: Vec<&Value> = made.iter().filter(|one| one["to"] == "provider").collect();
    assert_eq!(to_provider.len(), 1, "{made:?}");
    let text = |name: &str| to_provider[0][name].as_str().unwrap_or_default().to_owned();
    (text("url"), text("request_body"))
}

#[tokio::test]
async fn a_stranger_is_taken_once_he_is_trusted() {
    let (own, other) = (Bench::new().await, Bench::new().await);
    let assertion = other.access_token("alice").await;
    let refused = mapped(&own, &assertion).await;
    assert_eq!(refused.status, 400);
    assert!(refused.member("error_description").starts_with("No Registered IDP found"), "{}", refused.text);

    own.lab.trust(provider(&other, Way::UserToken, "/engineering")).expect("no certificate is needed");
    let user = mapped(&own, &assertion).await;
    assert_eq!((user.status, user.member("scope").as_str()), (200, "apim:subscribe openid"));
    let token = user.member("access_token");
    assert_eq!(claims(&token)["sub"], claims(&assertion)["sub"]);
    let call = own.api("GET", "/orders/1.0/orders", &token).await;
    assert_eq!((call.status, &call.json()["user"]["preferred_username"]), (200, &json!("alice")), "{}", call.text);
    assert_eq!(call.json()["application"]["name"], "Orders app");
    let (url, form) = exchanged(&own, &call).await;
    assert_eq!(url, other.oidc("token"), "at the provider the user came from");
    assert!(!form.contains("subject_issuer"), "{form}");

    // The lab's own users are still its users.
    let here = own.user_token("orders-app", "alice", "openid").await.member("access_token");
    let call = own.api("GET", "/orders/1.0/orders", &here).await;
    assert_eq!((call.status, exchanged(&own, &call).await.0), (200, own.oidc("token")));
}

#[tokio::test]
async fn a_role_opens_the_portal_or_none_is_needed() {
    let (own, other) = (Bench::new().await, Bench::new().await);
    let assertion = other.access_token("alice").await;
    for (role, scope) in [("/engineering", "apim:subscribe openid"), ("/sales", "openid"), ("", "apim:subscribe openid")] {
        own.lab.trust(provider(&other, Way::UserToken, role)).expect("trusted");
        assert_eq!(mapped(&own, &assertion).await.member("scope"), scope, "{role}");
    }
}

#[tokio::test]
async fn its_own_token_is_announced_by_its_issuer_and_a_refusal_is_told() {
    let (own, other) = (Bench::new().await, Bench::legacy().await);
    own.lab.trust(provider(&other, Way::OwnToken, "")).expect("trusted");
    let token = mapped(&own, &other.access_token("alice").await).await.member("access_token");
    // The other provider knows no such identity provider.
    let call = own.api("GET", "/orders/1.0/orders", &token).await;
    assert_eq!(call.status, 403);
    assert!(call.member("description").contains("invalid_issuer: Invalid subject_issuer parameter"), "{}", call.text);
    let (_, form) = exchanged(&own, &call).await;
    let issuer = format!("{}/oauth2/token", own.lab.description().gateway);
    let sent: Vec<(String, String)> = url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    let value = |name: &str| sent.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    assert_eq!((value("subject_issuer"), value("audience")), (issuer.as_str(), "orders-api"));
    assert!(value("subject_token_type").ends_with(":access_token"), "{form}");
}

#[tokio::test]
async fn certificates_that_are_none_are_refused() {
    let own = Bench::new().await;
    let broken = "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n".to_owned();
    let refused = own.lab.trust(OwnProvider { ca_pem: broken, ..provider(&own, Way::UserToken, "") });
    assert!(refused.is_err());
}

#[tokio::test]
async fn userinfo_and_keys_are_there_without_tls() {
    let bench = Bench::new().await;
    let plain = |path: &str| format!("{}{path}", bench.lab.description().gateway_plain);
    assert_eq!(bench.get(&plain("/oauth2/jwks")).await.json(), bench.get(&bench.gateway("/oauth2/jwks")).await.json());
    let token = bench.user_token("orders-app", "alice", "openid").await.member("access_token");
    let said = bench.get_bearer(&plain("/oauth2/userinfo"), &token).await;
    assert_eq!((said.status, said.json()["sub"].clone()), (200, claims(&token)["sub"].clone()));
    assert_eq!(bench.get(&plain("/oauth2/token")).await.status, 404, "secrets do not go there");
}
