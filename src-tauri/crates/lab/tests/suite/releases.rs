//! Where 4.6 and 4.7 differ for a client, registration, and the certificates WSO2 comes with.

use lab::{Certificate, GatewayRelease, Options};
use serde_json::{Value, json};

use crate::portal::Portal;
use crate::support::{Bench, EXCHANGE, JWT_BEARER, basic, claims};

#[tokio::test]
async fn secrets_of_4_6_are_one_and_readable() {
    let portal = Portal::at(GatewayRelease::V4_6).await;
    let application = portal.application("Web shop").await;
    let keys = portal.keys(&application).await;
    let mapping = format!("{application}/oauth-keys/{}", keys["keyMappingId"].as_str().unwrap());
    assert_eq!(portal.get(&mapping).await.json()["consumerSecret"], keys["consumerSecret"], "readable again");
    let key = keys["consumerKey"].as_str().unwrap();
    let renewed = portal.send("POST", &format!("{mapping}/regenerate-secret"), Value::Null).await;
    assert_eq!(renewed.status, 200, "{}", renewed.text);
    assert_eq!(portal.redeem(key, keys["consumerSecret"].as_str().unwrap()).await.status, 401, "the old one is dead at once");
    assert_eq!(portal.redeem(key, &renewed.member("consumerSecret")).await.status, 200);
    assert_eq!(portal.get(&format!("{mapping}/secrets")).await.status, 404);
    assert_eq!(portal.send("POST", &format!("{mapping}/clean-up"), Value::Null).await.status, 200);
}

#[tokio::test]
async fn secrets_of_4_7_are_several_and_readable_once() {
    let portal = Portal::at(GatewayRelease::V4_7).await;
    let application = portal.application("Web shop").await;
    let keys = portal.keys(&application).await;
    let (key, first) = (keys["consumerKey"].as_str().unwrap(), keys["consumerSecret"].as_str().unwrap());
    let mapping = format!("{application}/oauth-keys/{}", keys["keyMappingId"].as_str().unwrap());
    assert!(portal.get(&mapping).await.member("consumerSecret").starts_with("***"));
    let regenerate = portal.send("POST", &format!("{mapping}/regenerate-secret"), Value::Null).await;
    assert_eq!((regenerate.status, &regenerate.json()["code"]), (500, &json!(900_967)));

    let asked = json!({"additionalProperties": {"description": "laptop", "expiresIn": 60}});
    let second = portal.send("POST", &format!("{mapping}/generate-secret"), asked).await;
    assert_eq!(second.status, 201, "{}", second.text);
    let value = second.member("secretValue");
    for secret in [first, &value] {
        assert_eq!(portal.redeem(key, secret).await.status, 200, "all live ones work beside each other");
    }
    let listed = portal.get(&format!("{mapping}/secrets")).await.json();
    assert_eq!(listed["count"], 2);
    assert!(listed["list"][1]["secretValue"].as_str().unwrap().starts_with("***"), "{listed}");
    let revoke = |id: &Value| json!({"secretId": id});
    let newest = portal.send("POST", &format!("{mapping}/revoke-secret"), revoke(&listed["list"][1]["secretId"])).await;
    assert_eq!((newest.status, newest.member("description").as_str()), (400, "The most recent secret cannot be revoked"));
    let oldest = portal.send("POST", &format!("{mapping}/revoke-secret"), revoke(&listed["list"][0]["secretId"])).await;
    assert_eq!(oldest.status, 204);
    assert_eq!(portal.redeem(key, first).await.status, 401);
    portal.bench.lab.set_clock_offset(61);
    assert_eq!(portal.redeem(key, &value).await.status, 401, "it ends when it was told to");
}

#[tokio::test]
async fn tokens_of_4_6_push_each_other_out() {
    let bench = Bench::with(Options { gateway_release: GatewayRelease::V4_6, ..Options::default() }).await;
    let first = bench.application_token("orders-app").await;
    assert!(claims(&first).get("entity_id").is_none());
    let second = bench.application_token("orders-app").await;
    assert_eq!(bench.fault("/catalog/1.0/items", &first).await, (401, "900901".into()), "the second revoked it");
    assert_eq!(bench.api("GET", "/catalog/1.0/items", &second).await.status, 200);
    let user = bench.user_token("devportal", "alice", "openid").await;
    assert!(!user.member("refresh_token").contains('.'), "opaque");
    let pairs = [("grant_type", "refresh_token"), ("refresh_token", &user.member("refresh_token"))];
    assert_eq!(bench.gateway_token("devportal", &pairs).await.status, 200);
}

#[tokio::test]
async fn a_refused_token_stays_refused() {
    let bench = Bench::new().await;
    let token = bench.application_token("orders-app").await;
    bench.lab.set_clock_offset(3600);
    assert_eq!(bench.fault("/catalog/1.0/items", &token).await, (401, "900901".into()));
    bench.lab.set_clock_offset(2800);
    assert_eq!(bench.fault("/catalog/1.0/items", &token).await, (401, "900901".into()), "though it would be good again");
    let fresh = bench.application_token("orders-app").await;
    assert_eq!(bench.api("GET", "/catalog/1.0/items", &fresh).await.status, 200);
}

#[tokio::test]
async fn a_fault_comes_as_xml_to_who_sent_xml() {
    let bench = Bench::new().await;
    let headers = [("content-type", "application/xml")];
    let fault = bench.send("POST", &bench.gateway("/orders/1.0/orders"), &headers, "<order/>".into()).await;
    assert_eq!((fault.status, fault.header("content-type")), (401, "application/xml; charset=UTF-8"));
    assert!(
        fault.text.starts_with("<ams:fault xmlns:ams=") && fault.text.contains("<ams:code>900902</ams:code>"),
        "{}",
        fault.text
    );
}

#[tokio::test]
async fn exchange_at_the_gateway() {
    let bench = Bench::new().await;
    let alice = bench.access_token("alice").await;
    let jwt = "urn:ietf:params:oauth:token-type:jwt";
    let ask = async |subject: &str, kind: &str, more: &[(&str, &str)]| {
        let base = [("grant_type", EXCHANGE), ("subject_token", subject), ("subject_token_type", kind)];
        let pairs: Vec<_> = base.iter().chain(more).copied().collect();
        bench.gateway_token("orders-app", &pairs).await
    };
    let good = ask(&alice, jwt, &[("scope", "openid orders_edit")]).await;
    assert_eq!((good.status, good.member("issued_token_type").as_str()), (200, jwt), "{}", good.text);
    assert_eq!(good.json()["scope"], "openid orders_edit");
    assert_eq!(claims(&good.member("access_token"))["sub"], claims(&alice)["sub"]);
    let saml = "urn:ietf:params:oauth:token-type:saml2";
    let wrong = ask(&alice, saml, &[]).await.refusal();
    assert_eq!(wrong, (400, "invalid_request".into(), format!("Unsupported subject token type : {saml} provided")));
    let wrong = ask(&alice, jwt, &[("requested_token_type", saml)]).await.refusal();
    assert_eq!(wrong, (400, "invalid_request".into(), format!("Unsupported requested token type : {saml} provided")));
    let narrow = bench.exchange("portal", &alice, &[("audience", "orders-api")]).await.member("access_token");
    let wrong = ask(&narrow, jwt, &[]).await.refusal();
    assert_eq!(wrong, (400, "invalid_target".into(), "Invalid audience values provided".into()));
    bench.lab.set_clock_offset(300);
    assert_eq!(ask(&alice, jwt, &[]).await.refusal(), (400, "invalid_request".into(), "JSON Web Token is expired.".into()));
    assert_eq!(bench.gateway_token("devportal", &[("grant_type", EXCHANGE)]).await.member("error"), "unauthorized_client");
}

#[tokio::test]
async fn registration() {
    for release in [GatewayRelease::V4_6, GatewayRelease::V4_7] {
        let bench = Bench::with(Options { gateway_release: release, ..Options::default() }).await;
        let secret = bench.lab.description().client("admin").and_then(|admin| admin.secret.clone()).unwrap_or_default();
        let register = async |authorization: &str, body: Value| {
            let headers = [("authorization", authorization), ("content-type", "application/json")];
            bench.send("POST", &bench.gateway("/client-registration/v0.17/register"), &headers, body.to_string()).await
        };
        let grants = format!("client_credentials authorization_code {JWT_BEARER}");
        let asked = json!({"clientName": "tool", "owner": "admin", "grantType": grants, "saasApp": true, "tokenType": "JWT"});
        let admin = basic("admin", &secret);
        assert_eq!(register(&basic("admin", "wrong"), asked.clone()).await.status, 401);
        let made = register(&admin, asked.clone()).await;
        assert_eq!(made.status, 200, "{}", made.text);
        let inner: Value = serde_json::from_str(&made.member("jsonString")).expect("JSON in a text");
        assert_eq!(inner["grant_types"], format!("client_credentials {JWT_BEARER}"), "no callback, no authorization_code");
        let again = register(&admin, asked.clone()).await;
        assert_eq!(again.member("clientId"), made.member("clientId"), "the same client again");
        assert_eq!(again.member("clientSecret") == made.member("clientSecret"), release == GatewayRelease::V4_6);
        let pair = basic(&made.member("clientId"), &made.member("clientSecret"));
        let headers = [("authorization", pair.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let url = bench.gateway("/oauth2/token");
        assert_eq!(bench.send("POST", &url, &headers, "grant_type=client_credentials".into()).await.status, 200);

        let with = |name: &str, value: &str| {
            let mut body = asked.clone();
            body[name] = json!(value);
            body
        };
        let taken = register(&admin, with("clientName", "rest_api_publisher")).await;
        assert_eq!((taken.status, taken.member("description").as_str()), (403, "Access is forbidden to the application"));
        let ownerless = register(&admin, with("owner", "")).await;
        assert_eq!((ownerless.status, ownerless.member("description").as_str()), (400, "Application owner cannot be empty"));
        assert_eq!(register(&admin, with("owner", "nobody")).await.status, 403);
    }
}

#[tokio::test]
async fn a_code_of_the_gateway_s_own_login_page() {
    let bench = Bench::new().await;
    let secret = bench.lab.description().client("admin").and_then(|admin| admin.secret.clone()).unwrap_or_default();
    let headers = [("authorization", basic("admin", &secret)), ("content-type", "application/json".to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let callback = "http://127.0.0.1:49152/callback";
    let asked = json!({"clientName": "tool", "owner": "admin", "grantType": "authorization_code", "callbackUrl": callback});
    let made = bench.send("POST", &bench.gateway("/client-registration/v0.17/register"), &headers, asked.to_string()).await;
    let (id, pair) = (made.member("clientId"), basic(&made.member("clientId"), &made.member("clientSecret")));
    let query = crate::support::form(&[
        ("client_id", &id),
        ("response_type", "code"),
        ("redirect_uri", callback),
        ("scope", "openid apim:subscribe"),
        ("state", "xyz"),
    ]);
    let url = bench.gateway(&format!("/oauth2/authorize?{query}"));
    assert!(bench.get(&url).await.text.contains("loginForm"));
    let typed = crate::support::form(&[("username", "admin"), ("password", &secret)]);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let back = bench.send("POST", &url, &form, typed).await.redirect();
    assert_eq!(crate::support::value(&back, "state"), "xyz");
    let body = crate::support::form(&[
        ("grant_type", "authorization_code"),
        ("code", &crate::support::value(&back, "code")),
        ("redirect_uri", callback),
    ]);
    let headers = [("authorization", pair.as_str()), form[0]];
    let tokens = bench.send("POST", &bench.gateway("/oauth2/token"), &headers, body.clone()).await;
    assert_eq!((tokens.status, &tokens.json()["scope"]), (200, &json!("apim:subscribe openid")), "{}", tokens.text);
    let twice = bench.send("POST", &bench.gateway("/oauth2/token"), &headers, body).await;
    assert_eq!(twice.member("error"), "invalid_grant");
    let stray = url.replace("callback", "elsewhere");
    assert_eq!(crate::support::value(&bench.get(&stray).await.redirect(), "oauthErrorMsg"), "callback.not.match");
}

#[tokio::test]
async fn certificates_of_wso2() {
    use std::error::Error as _;
    let words = |error: &reqwest::Error| {
        let mut found = String::new();
        let mut next = error.source();
        while let Some(current) = next {
            found = format!("{found} {current}");
            next = current.source();
        }
        found
    };
    let cases = [
        (Certificate::SelfSigned, "localhost", None),
        (Certificate::SelfSigned, "127.0.0.1", Some("not valid for name")),
        (Certificate::SelfSignedExpired, "localhost", Some("expired")),
        (Certificate::SelfSignedAuthority, "localhost", Some("CaUsedAsEndEntity")),
    ];
    for (kind, host, fault) in cases {
        let bench = Bench::with(Options { gateway_certificate: kind, ..Options::default() }).await;
        let url = bench.gateway("/oauth2/jwks").replace("localhost", host);
        let outcome = bench.http.get(&url).send().await;
        match (outcome, fault) {
            (Ok(answer), None) => assert_eq!(answer.status(), 200),
            (Err(error), Some(fault)) => assert!(words(&error).contains(fault), "{kind:?} {host}: {}", words(&error)),
            (outcome, _) => panic!("{kind:?} {host}: {outcome:?}"),
        }
    }
}
