//! The other grants and endpoints: client authentication, refresh, introspection, revocation, userinfo, logout, keys.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde_json::{Value, json};

use crate::support::{Bench, claims, cookie, form, header, value};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const BAD_CLIENT: &str = "Invalid client or Invalid client credentials";

/// Verifies with nothing but the published keys and a JOSE crate.
async fn verify(bench: &Bench, token: &str) -> Value {
    let certs = bench.get(&bench.oidc("certs")).await;
    let set: JwkSet = serde_json::from_str(&certs.text).expect("a key set");
    let header = jsonwebtoken::decode_header(token).expect("a header");
    let key = set.find(header.kid.as_deref().expect("a kid")).expect("a published key");
    let mut validation = Validation::new(header.alg);
    validation.validate_exp = false;
    validation.validate_aud = false;
    decode(token, &DecodingKey::from_jwk(key).expect("a usable key"), &validation).expect("a good signature").claims
}

#[tokio::test]
async fn tokens_verify_with_the_published_keys() {
    let bench = Bench::new().await;
    let before = bench.tokens("alice").await;
    let text = |tokens: &Value, name: &str| tokens[name].as_str().unwrap_or_default().to_owned();
    for name in ["access_token", "id_token"] {
        assert_eq!(header(&text(&before, name))["alg"], "RS256");
        verify(&bench, &text(&before, name)).await;
    }
    let batch = bench.service_token("orders-batch").await;
    assert_eq!(jsonwebtoken::decode_header(&batch).expect("a header").alg, Algorithm::ES256);
    verify(&bench, &batch).await;

    bench.lab.rotate_keys();
    let after = bench.access_token("alice").await;
    assert_ne!(header(&after)["kid"], header(&text(&before, "access_token"))["kid"]);
    verify(&bench, &after).await;
    verify(&bench, &text(&before, "access_token")).await;
    assert_eq!(bench.exchange("portal", &text(&before, "access_token"), &[]).await.status, 200, "old key, still good");

    let keys = bench.get(&bench.oidc("certs")).await.json()["keys"].clone();
    let kinds: Vec<_> = keys.as_array().expect("keys").iter().map(|key| (key["alg"].clone(), key["use"].clone())).collect();
    let expected = [("RS256", "sig"), ("RS256", "sig"), ("ES256", "sig"), ("RSA-OAEP", "enc")];
    assert_eq!(kinds, expected.map(|(alg, usage)| (json!(alg), json!(usage))));
}

#[tokio::test]
async fn discovery_at_all_its_places() {
    let bench = Bench::new().await;
    let one = bench.get(&bench.realm(".well-known/openid-configuration")).await.json();
    assert_eq!(one["issuer"], bench.lab.description().issuer);
    assert_eq!(one["authorization_response_iss_parameter_supported"], true);
    let root = format!("{}/.well-known/oauth-authorization-server/realms/lab", bench.lab.description().provider);
    assert_eq!(bench.get(&root).await.json(), one);
    let other = format!("{}/realms/other/.well-known/openid-configuration", bench.lab.description().provider);
    let other = bench.get(&other).await;
    assert_eq!((other.status, other.json()), (404, json!({"error": "Realm does not exist"})));
}

#[tokio::test]
async fn client_authentication() {
    let bench = Bench::new().await;
    let url = bench.oidc("token");
    let basic = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
    let cc = ("grant_type", "client_credentials");
    let post = async |headers: &[(&str, &str)], pairs: &[(&str, &str)]| bench.send("POST", &url, headers, form(pairs)).await;

    let wrong = post(&[FORM, ("authorization", &basic("orders-batch:wrong"))], &[cc]).await;
    assert_eq!(wrong.refusal(), (401, "unauthorized_client".into(), BAD_CLIENT.into()));
    let none = post(&[FORM], &[cc, ("client_id", "orders-batch")]).await;
    assert_eq!(none.refusal(), (401, "unauthorized_client".into(), BAD_CLIENT.into()));
    let unknown = post(&[FORM, ("authorization", &basic("nobody:x"))], &[cc]).await;
    assert_eq!(unknown.refusal(), (401, "invalid_client".into(), BAD_CLIENT.into()));
    let disabled = post(&[FORM, ("authorization", &basic("legacy-api:x"))], &[cc]).await;
    assert_eq!(disabled.refusal(), (401, "invalid_client".into(), BAD_CLIENT.into()));
    let missing = post(&[FORM], &[cc]).await;
    assert_eq!(missing.refusal(), (400, "invalid_client".into(), "Missing client_id parameter".into()));
    let broken = post(&[FORM, ("authorization", "Basic !!!")], &[cc]).await;
    assert_eq!((broken.status, broken.header("www-authenticate")), (401, "Basic realm=\"lab\""));

    let errors: Vec<Value> = bench.events("type=CLIENT_LOGIN_ERROR").await.iter().map(|event| event["error"].clone()).collect();
    let expected = ["invalid_client_credentials", "invalid_client_credentials", "client_disabled", "client_not_found"];
    assert_eq!(errors[..4], expected.map(|error| json!(error)));

    let secret = bench.lab.description().client("orders-batch").and_then(|client| client.secret.clone()).expect("a secret");
    let in_body = post(&[FORM], &[cc, ("client_id", "orders-batch"), ("client_secret", &secret)]).await;
    let token = claims(&in_body.member("access_token"));
    assert!(token["jti"].as_str().is_some_and(|jti| jti.starts_with("trrtcc:")));
    assert_eq!((&token["aud"], &token["client_id"]), (&json!(["orders-api", "account"]), &json!("orders-batch")));
    assert_eq!((token.get("sid"), in_body.json().get("refresh_token"), in_body.json().get("session_state")), (None, None, None));
    let event = &bench.events("type=CLIENT_LOGIN&client=orders-batch").await[0];
    assert_eq!(event["details"]["username"], "service-account-orders-batch");
    assert_eq!(event["details"]["token_id"], token["jti"]);

    let text = "Public client not allowed to retrieve service account";
    let public = bench.token("frontend", &[cc]).await;
    assert_eq!(public.refusal(), (401, "unauthorized_client".into(), text.into()));
    let text = "Client not enabled to retrieve service account";
    assert_eq!(bench.token("portal", &[cc]).await.refusal(), (401, "unauthorized_client".into(), text.into()));
}

#[tokio::test]
async fn the_password_grant() {
    let bench = Bench::new().await;
    let grant = async |client, username, password| {
        let pairs = [("grant_type", "password"), ("username", username), ("password", password), ("scope", "openid")];
        bench.token(client, &pairs).await
    };
    let token = claims(&grant("portal", "alice", "alice").await.member("access_token"));
    assert!(token["jti"].as_str().is_some_and(|jti| jti.starts_with("onrtro:")));
    assert_eq!(token.get("auth_time"), None);
    let wrong = (400, "invalid_grant".to_owned(), "Invalid user credentials".to_owned());
    assert_eq!(grant("portal", "alice", "x").await.refusal(), wrong);
    assert_eq!(grant("portal", "nobody", "x").await.refusal(), wrong);
    assert_eq!(grant("portal", "carol", "carol").await.refusal(), (400, "invalid_grant".into(), "Account disabled".into()));
    let text = "Client not allowed for direct access grants";
    assert_eq!(grant("frontend", "alice", "alice").await.refusal(), (400, "unauthorized_client".into(), text.into()));
}

#[tokio::test]
async fn refresh_tokens_rotate() {
    let bench = Bench::new().await;
    let refresh =
        async |client, token: &str| bench.token(client, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await;
    let tokens = bench.tokens("alice").await;
    let first = tokens["refresh_token"].as_str().unwrap_or_default();
    bench.lab.set_clock_offset(30);
    let second = refresh("frontend", first).await;
    let access = claims(&second.member("access_token"));
    assert!(access["jti"].as_str().is_some_and(|jti| jti.starts_with("onrtrt:")));
    assert_eq!(claims(&second.member("id_token")).get("nonce"), None);
    let event = &bench.events("type=REFRESH_TOKEN").await[0];
    let details = json!({
        "grant_type": "refresh_token", "client_auth_method": "client-secret", "refresh_token_id": claims(first)["jti"],
        "refresh_token_type": "Refresh", "refresh_token_sub": access["sub"], "age_of_refresh_token": "30",
        "access_token_expiration_time": "300", "token_id": access["jti"], "scope": access["scope"],
        "updated_refresh_token_id": claims(&second.member("refresh_token"))["jti"],
    });
    assert_eq!(event["details"], details);

    let refused = |text: &str| (400, "invalid_grant".to_owned(), text.to_owned());
    let mismatch = "Invalid refresh token. Token client and authorized client don't match";
    assert_eq!(refresh("portal", &second.member("refresh_token")).await.refusal(), refused(mismatch));
    assert_eq!(refresh("frontend", "junk").await.refusal(), refused("Invalid refresh token"));
    assert_eq!(refresh("frontend", &second.member("access_token")).await.refusal(), refused("Invalid refresh token"));
    let missing = bench.token("frontend", &[("grant_type", "refresh_token")]).await;
    assert_eq!(missing.refusal(), (400, "invalid_request".into(), "No refresh token".into()));

    assert_eq!(refresh("frontend", first).await.refusal(), refused("Maximum allowed refresh token reuse exceeded"));
    let event = &bench.events("type=REFRESH_TOKEN_ERROR").await[0];
    assert_eq!(event["details"]["reason"], "Maximum allowed refresh token reuse exceeded");
    let after = refresh("frontend", &second.member("refresh_token")).await;
    assert_eq!(after.refusal(), refused("Session doesn't have required client"), "the whole family is gone");

    let tokens = bench.tokens("alice").await;
    bench.lab.set_clock_offset(30 + 1800);
    let late = refresh("frontend", tokens["refresh_token"].as_str().unwrap_or_default()).await;
    assert_eq!(late.refusal(), refused("Token is not active"));
}

#[tokio::test]
async fn introspection() {
    let bench = Bench::new().await;
    let token = bench.access_token("alice").await;
    let seen = bench.introspect("portal", &token).await;
    assert_eq!((&seen["active"], &seen["client_id"], &seen["username"]), (&json!(true), &json!("frontend"), &json!("alice")));
    assert_eq!((&seen["token_type"], &seen["aud"]), (&json!("Bearer"), &claims(&token)["aud"]));
    let inactive = json!({"active": false});
    assert_eq!(bench.introspect("reporting", &token).await, inactive, "not in the audience");
    assert_eq!(bench.introspect("portal", "junk").await, inactive);
    let url = bench.oidc("token/introspect");
    assert_eq!(bench.post_as(&url, "portal", &[]).await.refusal(), (400, "invalid_request".into(), "Token not provided.".into()));
    assert_eq!(bench.post_as(&url, "frontend", &[("token", &token)]).await.status, 403, "a public client");
    assert_eq!(bench.events("type=INTROSPECT_TOKEN").await.len(), 3);
    bench.lab.set_clock_offset(300);
    assert_eq!(bench.introspect("portal", &token).await, inactive, "expired");
}

#[tokio::test]
async fn revocation() {
    let bench = Bench::new().await;
    let url = bench.oidc("revoke");
    let tokens = bench.tokens("alice").await;
    let text = |name: &str| tokens[name].as_str().unwrap_or_default().to_owned();
    let (access, refresh) = (text("access_token"), text("refresh_token"));
    let exchanged = bench.exchange("portal", &access, &[]).await.member("access_token");

    assert_eq!(
        bench.post_as(&url, "portal", &[("token", &access)]).await.refusal(),
        (400, "invalid_request".into(), "Unmatching clients".into())
    );
    let unknown = bench.post_as(&url, "frontend", &[("token", "junk")]).await;
    assert_eq!(unknown.refusal(), (200, "invalid_token".into(), "Invalid token".into()));
    let done = bench.post_as(&url, "frontend", &[("token", &access)]).await;
    assert_eq!((done.status, done.text.as_str()), (200, ""));
    assert_eq!(bench.introspect("portal", &access).await["active"], false);
    assert_eq!(bench.introspect("orders-api", &exchanged).await["active"], true, "revoking one token leaves the next");
    let event = &bench.events("type=REVOKE_GRANT").await[0];
    assert_eq!(event["details"]["token_id"], claims(&access)["jti"]);

    let kept = bench.exchange("gateway", &bench.access_token("alice").await, &[]).await.status;
    assert_eq!(kept, 200);
    assert_eq!(bench.post_as(&url, "frontend", &[("token", &refresh)]).await.status, 200);
    let after = bench.token("frontend", &[("grant_type", "refresh_token"), ("refresh_token", &refresh)]).await;
    assert_eq!(after.refusal(), (400, "invalid_grant".into(), "Session not active".into()));
}

#[tokio::test]
async fn revoking_ends_what_was_exchanged_into_a_refresh_token() {
    let bench = Bench::new().await;
    let access = bench.access_token("alice").await;
    let kind = ("requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token");
    let exchanged = bench.exchange("gateway", &access, &[kind]).await.member("access_token");
    assert_eq!(bench.introspect("orders-api", &exchanged).await["active"], true);
    bench.post_as(&bench.oidc("revoke"), "frontend", &[("token", &access)]).await;
    assert_eq!(bench.introspect("orders-api", &exchanged).await["active"], false);
    assert_eq!(bench.events("type=REVOKE_GRANT").await[0]["details"]["token_exchange_revoked_clients"], "gateway");
}

#[tokio::test]
async fn userinfo() {
    let bench = Bench::new().await;
    let url = bench.oidc("userinfo");
    let token = bench.access_token("alice").await;
    let info = bench.get_bearer(&url, &token).await.json();
    assert_eq!((&info["sub"], &info["email"]), (&claims(&token)["sub"], &json!("alice@lab.test")));
    let posted = bench.send("POST", &url, &[FORM], form(&[("access_token", &token)])).await;
    assert_eq!(posted.json(), info);
    let none = bench.get(&url).await;
    assert_eq!(none.status, 401);
    let bad = bench.get_bearer(&url, "junk").await;
    let challenge = "Bearer realm=\"lab\", error=\"invalid_token\", error_description=\"Token verification failed\"";
    assert_eq!((bad.status, bad.header("www-authenticate")), (401, challenge));
    let narrow = bench.exchange("portal", &token, &[]).await.member("access_token");
    let refused = bench.get_bearer(&url, &narrow).await;
    let challenge = "Bearer realm=\"lab\", error=\"insufficient_scope\", error_description=\"Missing openid scope\"";
    assert_eq!((refused.status, refused.header("www-authenticate")), (403, challenge));
    assert_eq!(refused.text, "", "Keycloak says it in the header only");
    assert_eq!(bench.events("type=USER_INFO_REQUEST").await[0]["details"]["username"], "alice");
}

#[tokio::test]
async fn logout_by_browser() {
    let bench = Bench::new().await;
    let answer = bench.sign_in("alice", &[]).await;
    let session = cookie(&answer);
    let tokens = bench.redeem(&value(&answer.redirect(), "code")).await;
    let go = async |pairs: &[(&str, &str)]| {
        bench.send("GET", &format!("{}?{}", bench.oidc("logout"), form(pairs)), &[("cookie", &session)], String::new()).await
    };
    let target = ("post_logout_redirect_uri", "http://127.0.0.1:49152/bye");
    let hint = tokens.member("id_token");
    let elsewhere = [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", "https://evil.test/")];
    assert!(go(&elsewhere).await.text.contains("Invalid redirect uri"));
    assert!(go(&[target]).await.text.contains("Missing parameters: id_token_hint"));
    assert!(go(&[("id_token_hint", "junk")]).await.text.contains("Invalid parameter: id_token_hint"));
    assert!(go(&[]).await.text.contains("id=\"kc-logout\""), "asks when nobody says whose session it is");

    let done = go(&[("id_token_hint", &hint), target, ("state", "a b")]).await;
    assert_eq!(done.header("location"), "http://127.0.0.1:49152/bye?state=a+b");
    assert_eq!(bench.introspect("portal", &tokens.member("access_token")).await["active"], false);
    let event = &bench.events("type=LOGOUT").await[0];
    assert_eq!((&event["sessionId"], &event["clientId"]), (&claims(&hint)["sid"], &json!("frontend")));
    assert!(go(&[("id_token_hint", &hint)]).await.text.contains("You are logged out"));
}
