//! The developer portal: the way a person goes through it, and every refusal on it. What the two releases have in common is
//! tried at both.

use lab::{GatewayRelease, Options};
use serde_json::{Value, json};

use crate::support::{Answer, Bench, basic};

pub const CATALOG: &str = "0a6b1f0e-8c52-4c0b-9b3f-5d2e5c1a7f01";
pub const ORDERS: &str = "0a6b1f0e-8c52-4c0b-9b3f-5d2e5c1a7f02";
const SCOPES: &str = "openid apim:subscribe apim:app_manage apim:sub_manage apim:store_settings";

/// A bench at the portal with a token for it.
pub struct Portal {
    pub bench: Bench,
    pub token: String,
}

impl Portal {
    pub async fn at(release: GatewayRelease) -> Self {
        Self::with(Options { gateway_release: release, ..Options::default() }).await
    }

    pub async fn with(options: Options) -> Self {
        let bench = Bench::with(options).await;
        let token = bench.user_token("devportal", "alice", SCOPES).await.member("access_token");
        Portal { bench, token }
    }

    pub async fn send(&self, method: &str, path: &str, body: Value) -> Answer {
        self.send_as(&format!("Bearer {}", self.token), method, path, body).await
    }

    pub async fn send_as(&self, authorization: &str, method: &str, path: &str, body: Value) -> Answer {
        let url = self.bench.gateway(&format!("/api/am/devportal/v3{path}"));
        let mut headers = vec![("authorization", authorization)];
        let text = if body.is_null() { String::new() } else { body.to_string() };
        if !text.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.bench.send(method, &url, &headers, text).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Value::Null).await
    }

    /// A new application's address.
    pub async fn application(&self, name: &str) -> String {
        let made = self.send("POST", "/applications", json!({"name": name, "throttlingPolicy": "Unlimited"})).await;
        assert_eq!(made.status, 201, "{}", made.text);
        format!("/applications/{}", made.member("applicationId"))
    }

    pub async fn keys(&self, application: &str) -> Value {
        let asked = json!({"keyType": "PRODUCTION", "grantTypesToBeSupported": ["client_credentials"]});
        let made = self.send("POST", &format!("{application}/generate-keys"), asked).await;
        assert_eq!(made.status, 200, "{}", made.text);
        made.json()
    }

    /// An application token by a pair made in the portal.
    pub async fn redeem(&self, key: &str, secret: &str) -> Answer {
        let headers = [("authorization", basic(key, secret)), ("content-type", "application/x-www-form-urlencoded".into())];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.bench.send("POST", &self.bench.gateway("/oauth2/token"), &headers, "grant_type=client_credentials".into()).await
    }

    pub async fn subscribe(&self, application: &str, api: &str) -> Answer {
        let id = application.rsplit('/').next().unwrap_or_default();
        let asked = json!({"applicationId": id, "apiId": api, "throttlingPolicy": "Unlimited"});
        self.send("POST", "/subscriptions", asked).await
    }
}

/// Status and code of a refusal.
fn refusal(answer: &Answer) -> (u16, i64) {
    (answer.status, answer.json()["code"].as_i64().unwrap_or_else(|| panic!("a numeric code: {}", answer.text)))
}

#[tokio::test]
async fn from_nothing_to_a_call() {
    let mut told = contract::Report::default();
    for release in [GatewayRelease::V4_6, GatewayRelease::V4_7] {
        let portal = Portal::at(release).await;
        let application = portal.application("Web shop").await;
        assert_eq!(portal.get(&application).await.json()["tokenType"], "JWT");
        let keys = portal.keys(&application).await;
        let (key, secret) = (keys["consumerKey"].as_str().unwrap(), keys["consumerSecret"].as_str().unwrap());
        let token = portal.redeem(key, secret).await.member("access_token");
        assert_eq!(portal.bench.fault("/catalog/1.0/items", &token).await, (403, "900908".into()), "not subscribed yet");
        for api in [CATALOG, ORDERS] {
            let made = portal.subscribe(&application, api).await;
            assert_eq!((made.status, &made.json()["status"]), (201, &json!("UNBLOCKED")), "{}", made.text);
        }
        let items = portal.bench.api("GET", "/catalog/1.0/items", &token).await;
        assert_eq!((items.status, &items.json()["application"]["name"]), (200, &json!("Web shop")), "{}", items.text);
        assert_eq!(portal.bench.fault("/orders/1.0/orders", &token).await, (401, "900905".into()), "it names no user");

        let id = application.rsplit('/').next().unwrap_or_default();
        let listed = portal.get(&format!("/subscriptions?applicationId={id}")).await.json();
        assert_eq!((&listed["count"], &listed["list"][0]["apiInfo"]["name"]), (&json!(2), &json!("Catalog")));
        let subscription = listed["list"][0]["subscriptionId"].as_str().unwrap();
        assert_eq!(portal.get(&format!("/subscriptions/{subscription}")).await.status, 200);
        assert_eq!(portal.send("DELETE", &format!("/subscriptions/{subscription}"), Value::Null).await.status, 200);
        assert_eq!(portal.bench.fault("/catalog/1.0/items", &token).await, (403, "900908".into()));

        let mapping = format!("{application}/oauth-keys/{}", keys["keyMappingId"].as_str().unwrap());
        let short =
            json!({"consumerSecret": secret, "validityPeriod": 60, "scopes": ["default"], "grantType": "CLIENT_CREDENTIALS"});
        let made = portal.send("POST", &format!("{mapping}/generate-token"), short).await;
        assert_eq!((made.status, &made.json()["validityTime"]), (200, &json!(60)), "{}", made.text);
        let changed = json!({"supportedGrantTypes": ["password"], "keyType": "PRODUCTION"});
        assert_eq!(portal.send("PUT", &mapping, changed).await.json()["supportedGrantTypes"], json!(["password"]));
        assert_eq!(portal.redeem(key, secret).await.member("error"), "unauthorized_client");
        assert_eq!(portal.get(&mapping).await.status, 200);
        assert_eq!(portal.send("DELETE", &mapping, Value::Null).await.status, 200);
        assert_eq!(portal.redeem(key, secret).await.status, 401, "the pair is dead at once");
        assert_eq!(portal.get(&format!("{application}/oauth-keys")).await.json()["count"], 0);

        let renamed = json!({"name": "Shop", "throttlingPolicy": "10PerMin", "description": "renamed"});
        assert_eq!(portal.send("PUT", &application, renamed).await.json()["name"], "Shop");
        assert_eq!(portal.get("/applications?query=Shop&sortOrder=desc&limit=1").await.json()["pagination"]["total"], 1);
        for path in
            ["/key-managers", "/settings", "/apis", "/throttling-policies/application", "/throttling-policies/subscription"]
        {
            assert_eq!(portal.get(path).await.status, 200, "{path}");
        }
        assert_eq!(portal.get(&format!("/apis/{ORDERS}")).await.json()["keyManagers"], json!(["all"]));
        assert_eq!(portal.send("DELETE", &application, Value::Null).await.status, 200);
        assert_eq!(portal.get("/applications").await.json()["count"], 0);
        told.add(portal.bench.contract());
    }
    println!("contract, portal walked in both releases: {told}");
    told.assert_kept();
    assert!(told.operations.len() >= 19, "{:?}", told.operations);
}

#[tokio::test]
async fn a_missing_scope_reads_like_a_bad_token() {
    let portal = Portal::at(GatewayRelease::V4_7).await;
    let narrow = portal.bench.user_token("devportal", "bob", SCOPES).await;
    assert_eq!(narrow.json()["scope"], "openid", "no mapped role, no scope, and still 200");
    let body = json!({"code": 401, "message": "", "description": "Unauthenticated request", "moreInfo": "", "error": []});
    let keycloak = portal.bench.access_token("alice").await;
    for token in ["junk", &narrow.member("access_token"), &keycloak] {
        let refused = portal.send_as(&format!("Bearer {token}"), "GET", "/applications", Value::Null).await;
        assert_eq!((refused.status, refused.json()), (401, body.clone()));
    }
    let secret = portal.bench.lab.description().client("admin").and_then(|admin| admin.secret.clone()).unwrap_or_default();
    let as_admin = portal.send_as(&basic("admin", &secret), "GET", "/applications", Value::Null).await;
    assert_eq!(as_admin.status, 200, "Basic of a user with the roles is taken as well");
    portal.application("Mine").await;
    assert_eq!(
        portal.send_as(&basic("admin", &secret), "GET", "/applications", Value::Null).await.json()["count"],
        0,
        "an owner's own"
    );
}

#[tokio::test]
async fn a_revoked_token_lives_on_at_the_portal_for_a_while() {
    let portal = Portal::at(GatewayRelease::V4_7).await;
    assert_eq!(portal.get("/applications").await.status, 200);
    let revoke = portal.bench.gateway("/oauth2/revoke");
    assert_eq!(portal.bench.post_as(&revoke, "devportal", &[("token", &portal.token)]).await.status, 200);
    assert_eq!(portal.get("/applications").await.status, 200, "seen before, so it is not asked about");
    portal.bench.lab.set_clock_offset(301);
    assert_eq!(portal.get("/applications").await.status, 401);
}

#[tokio::test]
async fn what_an_application_must_not_be() {
    let portal = Portal::at(GatewayRelease::V4_7).await;
    portal.application("Web shop").await;
    let table = [
        (
            json!({"name": "Web shop", "throttlingPolicy": "Unlimited"}),
            (409, 900_301),
            "An application already exists with name Web shop",
        ),
        (json!({"name": "", "throttlingPolicy": "Unlimited"}), (400, 400), "name: size must be between 1 and 100"),
        (
            json!({"name": " a", "throttlingPolicy": "Unlimited"}),
            (400, 400),
            "Application name cannot contain leading or trailing white spaces",
        ),
        (json!({"name": "a;b", "throttlingPolicy": "Unlimited"}), (400, 400), "Application name contains invalid characters"),
        (json!({"name": "b", "throttlingPolicy": "Free"}), (400, 400), "Specified application throttling policy is invalid"),
        (json!({"name": "b", "throttlingPolicy": "Unlimited", "colour": "red"}), (400, 400), "Unrecognized property 'colour'"),
        (json!([1]), (400, 400), "Malformed request body."),
        (Value::Null, (400, 400), "Request payload cannot be empty."),
    ];
    for (body, code, words) in table {
        let refused = portal.send("POST", "/applications", body).await;
        assert_eq!((refusal(&refused), refused.member("description").as_str()), (code, words));
    }
    assert_eq!(refusal(&portal.get("/applications/nowhere").await), (404, 900_307));
}

#[tokio::test]
async fn what_keys_must_not_be() {
    let portal = Portal::at(GatewayRelease::V4_7).await;
    let application = portal.application("Web shop").await;
    let generate = format!("{application}/generate-keys");
    let with = |name: &str, value: Value| {
        let mut body = json!({"keyType": "PRODUCTION", "grantTypesToBeSupported": ["client_credentials"]});
        body[name] = value;
        body
    };
    let table = [
        (with("keyType", json!("TEST")), (400, 400)),
        (with("keyManager", json!("Nobody")), (400, 901_403)),
        (with("keyManager", json!("Keycloak")), (400, 901_405)),
        (with("keyManager", json!("Retired")), (400, 901_406)),
        (with("grantTypesToBeSupported", json!(["authorization_code"])), (400, 400)),
    ];
    for (body, code) in table {
        assert_eq!(refusal(&portal.send("POST", &generate, body).await), code);
    }
    portal.keys(&application).await;
    assert_eq!(refusal(&portal.send("POST", &generate, with("keyManager", json!(""))).await), (409, 901_409));
    assert_eq!(refusal(&portal.get(&format!("{application}/oauth-keys/none")).await), (404, 900_331));
    let again = portal.subscribe(&application, CATALOG).await;
    assert_eq!(again.status, 201);
    assert_eq!(refusal(&portal.subscribe(&application, CATALOG).await), (409, 900_336));
    assert_eq!(refusal(&portal.get("/subscriptions/none").await), (404, 900_310));
}

#[tokio::test]
async fn a_keycloak_client_can_be_mapped_to_an_application() {
    let portal = Portal::at(GatewayRelease::V4_7).await;
    let batch = portal.bench.service_token("orders-batch").await;
    assert_eq!(portal.bench.fault("/catalog/1.0/items", &batch).await, (403, "900908".into()), "no application has this azp");
    let application = portal.application("Batch").await;
    let asked = json!({"consumerKey": "orders-batch", "keyManager": "Keycloak", "keyType": "PRODUCTION"});
    let mapped = portal.send("POST", &format!("{application}/map-keys"), asked.clone()).await;
    assert_eq!((mapped.status, &mapped.json()["mode"]), (200, &json!("MAPPED")), "{}", mapped.text);
    assert_eq!(portal.subscribe(&application, CATALOG).await.status, 201);
    assert_eq!(portal.bench.api("GET", "/catalog/1.0/items", &batch).await.status, 200);
    let other = portal.application("Other").await;
    assert_eq!(refusal(&portal.send("POST", &format!("{other}/map-keys"), asked).await), (409, 901_409));
}

#[tokio::test]
async fn a_subscription_takes_its_time() {
    let portal = Portal::with(Options { subscription_delay_s: 5, ..Options::default() }).await;
    let application = portal.application("Web shop").await;
    let keys = portal.keys(&application).await;
    let token = portal.redeem(keys["consumerKey"].as_str().unwrap(), keys["consumerSecret"].as_str().unwrap()).await;
    let token = token.member("access_token");
    assert_eq!(portal.subscribe(&application, CATALOG).await.status, 201);
    assert_eq!(portal.bench.fault("/catalog/1.0/items", &token).await, (403, "900908".into()));
    portal.bench.lab.set_clock_offset(5);
    assert_eq!(portal.bench.api("GET", "/catalog/1.0/items", &token).await.status, 200);
}
