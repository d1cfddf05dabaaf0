//! The gateway as an authorization server: its token endpoint, assertions, introspection, TLS.

use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::support::{Bench, JWT_BEARER, claims, forged, header};

impl Bench {
    pub async fn gateway_token(&self, client: &str, pairs: &[(&str, &str)]) -> crate::support::Answer {
        self.post_as(&self.gateway("/oauth2/token"), client, pairs).await
    }

    pub async fn application_token(&self, client: &str) -> String {
        self.gateway_token(client, &[("grant_type", "client_credentials")]).await.member("access_token")
    }

    pub async fn user_token(&self, client: &str, user: &str, scope: &str) -> crate::support::Answer {
        let assertion = self.access_token(user).await;
        self.gateway_token(client, &[("grant_type", JWT_BEARER), ("assertion", &assertion), ("scope", scope)]).await
    }

    pub async fn api(&self, method: &str, path: &str, token: &str) -> crate::support::Answer {
        let bearer = format!("Bearer {token}");
        self.send(method, &self.gateway(path), &[("authorization", &bearer)], String::new()).await
    }

    /// Status and code of a fault.
    pub async fn fault(&self, path: &str, token: &str) -> (u16, String) {
        let answer = self.api("GET", path, token).await;
        (answer.status, answer.member("code"))
    }

    pub async fn activity(&self, id: &str) -> Vec<Value> {
        self.get(&self.gateway(&format!("/lab/activity/{id}"))).await.json().as_array().expect("a list").clone()
    }
}

#[tokio::test]
async fn only_the_lab_ca_vouches_for_it() {
    let bench = Bench::new().await;
    let url = bench.gateway("/oauth2/jwks");
    assert_eq!(bench.get(&url).await.status, 200);
    let by_name = url.replace("127.0.0.1", "localhost");
    assert_eq!(bench.get(&by_name).await.status, 200);
    let stranger = reqwest::Client::builder().no_proxy().redirect(Policy::none()).tls_certs_only([]).build().expect("a client");
    assert!(stranger.get(&url).send().await.is_err());
    let other = Bench::new().await;
    assert!(other.http.get(&url).send().await.is_err(), "another lab's CA");
}

#[tokio::test]
async fn application_tokens() {
    let bench = Bench::new().await;
    let answer = bench.gateway_token("orders-app", &[("grant_type", "client_credentials")]).await;
    let members: Vec<String> = answer.json().as_object().expect("an object").keys().cloned().collect();
    assert_eq!(members, ["access_token", "scope", "token_type", "expires_in"]);
    assert_eq!((&answer.json()["scope"], &answer.json()["expires_in"]), (&json!("default"), &json!(3600)));
    let token = answer.member("access_token");
    assert_eq!(header(&token)["typ"], "at+jwt");
    assert!(header(&token)["kid"].as_str().is_some_and(|kid| kid.ends_with("_RS256")));
    let body = claims(&token);
    assert_eq!((&body["aut"], &body["azp"], &body["aud"]), (&json!("APPLICATION"), &json!("orders-app"), &json!("orders-app")));
    assert_eq!(body["iss"], bench.gateway("/oauth2/token"));

    let first = bench.application_token("orders-app-ref").await;
    assert!(!first.contains('.'));
    assert_eq!(bench.application_token("orders-app-ref").await, first, "a live reference token comes again");
    assert_ne!(bench.application_token("orders-app").await, token, "a JWT is new each time");
    for token in [token, first] {
        assert_eq!(
            bench.api("GET", "/catalog/1.0/items", &token).await.json()["application"]["name"].as_str().map(|name| &name[..10]),
            Some("Orders app")
        );
        assert_eq!(bench.fault("/orders/1.0/orders", &token).await, (401, "900905".into()));
    }
}

#[tokio::test]
async fn token_endpoint_errors() {
    let bench = Bench::new().await;
    let url = bench.gateway("/oauth2/token");
    let wrong = bench.send("POST", &url, &[("authorization", "Basic eDp5")], "grant_type=client_credentials".into()).await;
    assert_eq!(wrong.refusal(), (401, "invalid_client".into(), "Client credentials are invalid.".into()));
    assert!(wrong.header("www-authenticate").starts_with("Basic realm=127.0.0.1"));
    assert!(wrong.text.starts_with("{\"error_description\""), "description first");
    let unknown = bench.gateway_token("orders-app", &[("grant_type", "smoke")]).await;
    assert_eq!(unknown.refusal(), (400, "invalid_request".into(), "Unsupported grant_type value".into()));
    let text = "The authenticated client is not authorized to use this authorization grant type";
    let not_ticked = bench.gateway_token("orders-app-ref", &[("grant_type", JWT_BEARER)]).await;
    assert_eq!(not_ticked.refusal(), (400, "unauthorized_client".into(), text.into()));
    let twice = bench.gateway_token("orders-app", &[("grant_type", "client_credentials"), ("scope", "a"), ("scope", "b")]).await;
    assert_eq!(twice.status, 400);
    let secret = bench.lab.description().client("orders-app").and_then(|client| client.secret.clone()).unwrap_or_default();
    let body = json!({"grant_type": "client_credentials", "client_id": "orders-app", "client_secret": secret});
    let as_json = bench.send("POST", &url, &[("content-type", "application/json")], body.to_string()).await;
    assert_eq!(as_json.status, 200, "JSON is taken as well");
}

#[tokio::test]
async fn assertions() {
    let bench = Bench::new().await;
    let tokens = bench.tokens("alice").await;
    let good = tokens["access_token"].as_str().unwrap_or_default().to_owned();
    let forged = forged(&good, tokens["id_token"].as_str().unwrap_or_default());
    let narrow = bench.exchange("portal", &good, &[("audience", "orders-api")]).await.member("access_token");
    let ec = bench.service_token("orders-batch").await;
    let own = bench.application_token("orders-app").await;
    let foreign = format!("No Registered IDP found for the JWT with issuer name : {}", bench.gateway("/oauth2/token"));
    let table = [
        ("", "No Valid Assertion was found for urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("junk", "Error when trying to retrieve claimsSet from the JWT"),
        (own.as_str(), foreign.as_str()),
        (ec.as_str(), "Could not create a signature verifier for algorithm type: ES256"),
        (forged.as_str(), "Signature or Message Authentication invalid."),
        (narrow.as_str(), "None of the audience values matched the tokenEndpoint Alias gateway"),
    ];
    let redeem =
        async |assertion: &str| bench.gateway_token("devportal", &[("grant_type", JWT_BEARER), ("assertion", assertion)]).await;
    for (assertion, text) in table {
        assert_eq!(redeem(assertion).await.refusal(), (400, "invalid_grant".into(), text.into()));
    }
    bench.lab.set_clock_offset(300);
    assert_eq!(redeem(&good).await.refusal(), (400, "invalid_grant".into(), "JSON Web Token is expired.".into()));
    bench.lab.set_clock_offset(0);
    bench.lab.rotate_keys();
    assert_eq!(redeem(&bench.access_token("alice").await).await.status, 200, "a rotated key is fetched");
}

#[tokio::test]
async fn user_tokens_and_their_scopes() {
    let bench = Bench::new().await;
    let alice = bench.user_token("devportal", "alice", "openid apim:subscribe apim:admin anything").await;
    assert_eq!(alice.json()["scope"], "anything apim:subscribe openid");
    let token = claims(&alice.member("access_token"));
    assert_eq!((&token["aut"], &token["is_federated"]), (&json!("APPLICATION_USER"), &json!(true)));
    assert_eq!(claims(&alice.member("id_token"))["sub"], token["sub"]);
    assert_eq!(header(&alice.member("refresh_token"))["typ"], "rt+jwt");
    let bob = bench.user_token("devportal", "bob", "openid apim:subscribe").await;
    assert_eq!(bob.json()["scope"], "openid", "no mapped role, no scope, and still 200");
    assert_eq!(bench.user_token("devportal", "bob", "").await.json()["scope"], "default");

    let info = bench.get_bearer(&bench.gateway("/oauth2/userinfo"), &alice.member("access_token")).await;
    assert_eq!(info.json()["preferred_username"], "alice");
    let plain = bench.user_token("devportal", "alice", "").await.member("access_token");
    let refused = bench.get_bearer(&bench.gateway("/oauth2/userinfo"), &plain).await;
    assert_eq!(refused.refusal(), (403, "insufficient_scope".into(), "Access token does not have the openid scope".into()));

    let pairs = [("grant_type", "refresh_token"), ("refresh_token", &alice.member("refresh_token"))];
    let again = bench.gateway_token("devportal", &pairs).await;
    assert_eq!((again.status, &again.json()["scope"]), (200, &alice.json()["scope"]));
    assert_eq!(bench.gateway_token("devportal", &pairs).await.member("error"), "invalid_grant", "good once");
}

#[tokio::test]
async fn introspection_and_revocation() {
    let bench = Bench::new().await;
    let url = bench.gateway("/oauth2/introspect");
    for client in ["orders-app", "orders-app-ref"] {
        let token = bench.application_token(client).await;
        let seen = bench.post_as(&url, "admin", &[("token", &token)]).await.json();
        assert_eq!((&seen["active"], &seen["client_id"], &seen["aud"]), (&json!(true), &json!(client), &json!([client])));
        let revoked = bench.post_as(&bench.gateway("/oauth2/revoke"), client, &[("token", &token)]).await;
        assert_eq!((revoked.status, revoked.text.as_str()), (200, ""));
        assert_eq!(bench.post_as(&url, client, &[("token", &token)]).await.json(), json!({"active": false}));
        assert_eq!(bench.fault("/catalog/1.0/items", &token).await, (401, "900901".into()));
    }
    assert_eq!(bench.post_as(&bench.gateway("/oauth2/revoke"), "orders-app", &[("token", "unknown")]).await.status, 200);
    assert_eq!(bench.send("POST", &url, &[], "token=x".into()).await.status, 401);
}
