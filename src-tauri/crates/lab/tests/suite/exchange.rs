//! Token exchange: what the happy path gives, and every refusal with its audit event.

use serde_json::{Value, json};

use crate::support::{ACCESS_TOKEN, Bench, EXCHANGE, NOW, claims, forged};

const REFRESH_TOKEN: &str = "urn:ietf:params:oauth:token-type:refresh_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

#[tokio::test]
async fn an_exchange_narrows() {
    let bench = Bench::new().await;
    let subject = bench.access_token("alice").await;
    let answer = bench.exchange("portal", &subject, &[("audience", "orders-api")]).await;
    let body = answer.json();
    assert_eq!(body["issued_token_type"], ACCESS_TOKEN);
    assert_eq!((&body["token_type"], &body["refresh_expires_in"]), (&json!("Bearer"), &json!(0)));
    assert_eq!((body.get("refresh_token"), body.get("id_token")), (None, None));
    let (before, after) = (claims(&subject), claims(&answer.member("access_token")));
    assert_eq!(after["aud"], "orders-api");
    assert_eq!(after["resource_access"], json!({"orders-api": {"roles": ["viewer"]}}));
    assert_eq!(after.get("realm_access"), None);
    assert_eq!(after["scope"], "profile email");
    assert_eq!(after["azp"], "portal");
    assert_eq!((&after["sub"], &after["sid"]), (&before["sub"], &before["sid"]));
    assert!(after["jti"].as_str().is_some_and(|jti| jti.starts_with("ntrtte:")));

    let event = &bench.events("type=TOKEN_EXCHANGE").await[0];
    let expected = json!({
        "grant_type": EXCHANGE, "client_auth_method": "client-secret", "auth_method": "token_exchange", "username": "alice",
        "subject_token_client_id": "frontend", "requested_token_type": ACCESS_TOKEN, "token_id": after["jti"],
        "scope": "profile email", "audience": "orders-api",
    });
    assert_eq!(event["details"], expected);
    assert_eq!((&event["clientId"], &event["sessionId"], &event["userId"]), (&json!("portal"), &before["sid"], &before["sub"]));

    let api = bench.get_bearer(&format!("{}/orders", bench.lab.description().orders_api), &answer.member("access_token")).await;
    assert_eq!(api.status, 200, "{}", api.text);
    assert_eq!(api.json()["user"]["preferred_username"], "alice");
    assert_eq!(api.json()["application"], Value::Null);
}

#[tokio::test]
async fn scope_brings_roles_and_audiences() {
    let bench = Bench::new().await;
    let subject = bench.access_token("alice").await;
    type Row = (&'static [(&'static str, &'static str)], Value, Value);
    let table: [Row; 5] = [
        (&[], json!("orders-api"), json!({"orders-api": {"roles": ["viewer"]}})),
        (&[("scope", "orders:write")], json!("orders-api"), json!({"orders-api": {"roles": ["viewer", "editor"]}})),
        (
            &[("scope", "billing:read")],
            json!(["orders-api", "billing-api"]),
            json!({"orders-api": {"roles": ["viewer"]}, "billing-api": {"roles": ["reader"]}}),
        ),
        (
            &[("scope", "billing:read"), ("audience", "billing-api")],
            json!("billing-api"),
            json!({"billing-api": {"roles": ["reader"]}}),
        ),
        (&[("scope", "gateway:access groups"), ("audience", "gateway")], json!("gateway"), Value::Null),
    ];
    for (more, audience, access) in table {
        let token = claims(&bench.exchange("portal", &subject, more).await.member("access_token"));
        assert_eq!((&token["aud"], &token["resource_access"]), (&audience, &access), "{more:?}");
    }
    let both = [("audience", "orders-api"), ("audience", "billing-api"), ("scope", "billing:read")];
    let token = claims(&bench.exchange("portal", &subject, &both).await.member("access_token"));
    assert_eq!(token["aud"], json!(["orders-api", "billing-api"]), "audience may repeat");
}

#[tokio::test]
async fn other_issued_types() {
    let bench = Bench::new().await;
    let subject = bench.access_token("alice").await;
    let id = bench.exchange("portal", &subject, &[("requested_token_type", ID_TOKEN)]).await;
    assert_eq!(id.json()["token_type"], "N_A");
    assert_eq!(id.json().get("id_token"), None);
    assert_eq!(claims(&id.member("access_token"))["typ"], "ID");

    let with_openid = bench.exchange("portal", &subject, &[("scope", "openid")]).await;
    assert_eq!(claims(&with_openid.member("id_token"))["aud"], "portal");

    let refresh = bench.exchange("gateway", &subject, &[("requested_token_type", REFRESH_TOKEN)]).await;
    assert_eq!(refresh.json()["issued_token_type"], REFRESH_TOKEN);
    assert!(claims(&refresh.member("access_token"))["jti"].as_str().is_some_and(|jti| jti.starts_with("onrtte:")));
    let again = [("grant_type", "refresh_token"), ("refresh_token", &refresh.member("refresh_token"))];
    assert_eq!(bench.token("gateway", &again).await.status, 200);

    let service = bench.service_token("gateway").await;
    let own = bench.exchange("gateway", &service, &[]).await.member("access_token");
    assert!(claims(&own)["jti"].as_str().is_some_and(|jti| jti.starts_with("trrtte:")));
    assert_eq!(claims(&own).get("sid"), None);
}

struct Case {
    client: &'static str,
    /// Parameters replaced; none takes one out.
    changes: &'static [(&'static str, Option<&'static str>)],
    refusal: (u16, &'static str, &'static str),
    /// Error and reason of the event; none when Keycloak writes none.
    event: Option<(&'static str, &'static str)>,
}

const fn case(
    client: &'static str,
    changes: &'static [(&'static str, Option<&'static str>)],
    refusal: (u16, &'static str, &'static str),
    event: Option<(&'static str, &'static str)>,
) -> Case {
    Case { client, changes, refusal, event }
}

const NOT_ENABLED: &str = "Standard token exchange is not enabled for the requested client";
const UNSUPPORTED: &str = "requested_token_type unsupported";
const NO_SESSION: &str = "Refresh token not valid as requested_token_type because creating a new session is needed";
const NO_OFFLINE: &str = "Scope offline_access not allowed for token exchange";
const PUBLIC: &str = "Public client is not allowed to exchange token";

#[rustfmt::skip]
const REFUSALS: &[Case] = &[
    case("billing", &[], (400, "invalid_request", NOT_ENABLED), Some(("invalid_request", NOT_ENABLED))),
    case("frontend", &[], (400, "invalid_request", NOT_ENABLED), Some(("invalid_request", NOT_ENABLED))),
    case("portal", &[("subject_token", None)],
        (400, "invalid_request", "Parameter 'subject_token' required for standard token exchange"),
        Some(("invalid_request", "Parameter 'subject_token' required for standard token exchange"))),
    case("portal", &[("subject_token_type", None)],
        (400, "invalid_request", "Parameter 'subject_token_type' required for standard token exchange"),
        Some(("invalid_request", "Parameter 'subject_token_type' required for standard token exchange"))),
    case("portal", &[("subject_token_type", Some(ID_TOKEN))],
        (400, "invalid_request", "Parameter 'subject_token' supports access tokens only"),
        Some(("invalid_request", "Parameter 'subject_token' supports access tokens only"))),
    case("portal", &[("requested_subject", Some("bob"))],
        (400, "invalid_request", "Parameter 'requested_subject' is not supported for standard token exchange"),
        Some(("invalid_request", "Parameter 'requested_subject' is not supported for standard token exchange"))),
    case("portal", &[("requested_issuer", Some("other"))],
        (400, "invalid_request", "Parameter 'requested_issuer' is not supported for standard token exchange"),
        Some(("invalid_request", "Parameter 'requested_issuer' is not supported for standard token exchange"))),
    case("portal", &[("subject_issuer", Some("other"))],
        (400, "invalid_request", "Parameter 'subject_issuer' is not supported for standard token exchange"),
        Some(("invalid_request", "Parameter 'subject_issuer' is not supported for standard token exchange"))),
    case("portal", &[("requested_token_type", Some("urn:ietf:params:oauth:token-type:jwt"))],
        (400, "invalid_request", UNSUPPORTED), Some(("invalid_request", UNSUPPORTED))),
    case("portal", &[("requested_token_type", Some(REFRESH_TOKEN))],
        (400, "invalid_request", UNSUPPORTED), Some(("invalid_request", UNSUPPORTED))),
    // The order measured on a real server: the requested type is looked at before the subject token.
    case("portal", &[("requested_token_type", Some(REFRESH_TOKEN)), ("subject_token", Some("junk"))],
        (400, "invalid_request", UNSUPPORTED), Some(("invalid_request", UNSUPPORTED))),
    case("portal", &[("subject_token", Some(""))],
        (400, "invalid_request", "Invalid token"), Some(("invalid_token", "subject_token validation failure"))),
    case("portal", &[("subject_token", Some("junk"))],
        (400, "invalid_request", "Invalid token"), Some(("invalid_token", "subject_token validation failure"))),
    case("reporting", &[],
        (403, "access_denied", "Client is not within the token audience"),
        Some(("not_allowed", "client is not within the token audience"))),
    case("portal", &[("audience", Some("nowhere"))],
        (400, "invalid_client", "Audience not found"), Some(("client_not_found", "audience not found"))),
    case("portal", &[("audience", Some("legacy-api"))],
        (400, "invalid_client", "Client disabled"), Some(("client_disabled", "audience client disabled"))),
    case("portal", &[("audience", Some("billing-api"))],
        (400, "invalid_request", "Requested audience not available: billing-api"),
        Some(("invalid_request", "Requested audience not available: billing-api"))),
    case("portal", &[("scope", Some("orders:read offline_access"))],
        (400, "invalid_scope", "Invalid scopes: orders:read offline_access"),
        Some(("invalid_request", "Invalid scopes: orders:read offline_access"))),
    case("mobile", &[], (400, "invalid_client", PUBLIC), Some(("invalid_client", PUBLIC))),
    case("gateway", &[("requested_token_type", Some(REFRESH_TOKEN)), ("scope", Some("offline_access"))],
        (400, "invalid_request", NO_OFFLINE), Some(("invalid_request", NO_OFFLINE))),
    case("portal", &[("grant_type", Some("urn:ietf:params:oauth:grant-type:none"))],
        (400, "unsupported_grant_type", "Unsupported grant_type"), None),
    case("portal", &[("grant_type", None)], (400, "invalid_request", "Missing form parameter: grant_type"), None),
];

#[tokio::test]
async fn refusals() {
    let bench = Bench::new().await;
    let subject = bench.access_token("alice").await;
    let mut seen = 0;
    for Case { client, changes, refusal, event } in REFUSALS {
        let defaults = [("grant_type", EXCHANGE), ("subject_token", subject.as_str()), ("subject_token_type", ACCESS_TOKEN)];
        let kept = defaults.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name)).copied();
        let given = changes.iter().filter_map(|(name, value)| Some((*name, (*value)?)));
        let pairs: Vec<_> = kept.chain(given).collect();
        let answer = bench.token(client, &pairs).await;
        let (status, error, description) = *refusal;
        assert_eq!(answer.refusal(), (status, error.into(), description.into()), "{client} {changes:?}");
        let events = bench.events("type=TOKEN_EXCHANGE_ERROR").await;
        seen += usize::from(event.is_some());
        assert_eq!(events.len(), seen, "{client} {changes:?}");
        if let Some((error, reason)) = event {
            let newest = &events[0];
            assert_eq!((&newest["error"], &newest["details"]["reason"]), (&json!(error), &json!(reason)), "{client} {changes:?}");
            assert_eq!(newest["clientId"], *client);
        }
    }
    assert!(bench.events("type=TOKEN_EXCHANGE").await.is_empty());
}

#[tokio::test]
async fn a_refresh_token_needs_a_session() {
    let bench = Bench::new().await;
    let subject = bench.service_token("gateway").await;
    let answer = bench.exchange("gateway", &subject, &[("requested_token_type", REFRESH_TOKEN)]).await;
    assert_eq!(answer.refusal(), (400, "invalid_request".into(), NO_SESSION.into()));
    assert_eq!(bench.events("type=TOKEN_EXCHANGE_ERROR").await[0]["details"]["reason"], NO_SESSION);
}

#[tokio::test]
async fn bob_can_not_have_what_he_has_no_role_for() {
    let bench = Bench::new().await;
    let subject = bench.access_token("bob").await;
    assert_eq!(claims(&subject)["aud"], json!(["portal", "gateway", "billing-api", "account"]));
    let answer = bench.exchange("portal", &subject, &[("audience", "orders-api")]).await;
    let text = "Requested audience not available: orders-api";
    assert_eq!(answer.refusal(), (400, "invalid_request".into(), text.into()));
    let without = claims(&bench.exchange("portal", &subject, &[]).await.member("access_token"));
    assert_eq!((without.get("aud"), without.get("resource_access")), (None, None));
}

#[tokio::test]
async fn subject_tokens_that_are_over() {
    let bench = Bench::new().await;
    let invalid = (400, "invalid_request".to_owned(), "Invalid token".to_owned());
    let tokens = bench.tokens("alice").await;
    let text = |name: &str| tokens[name].as_str().unwrap_or_default().to_owned();
    let subject = text("access_token");
    let forged = forged(&subject, &text("id_token"));
    assert_eq!(bench.exchange("portal", &forged, &[]).await.refusal(), invalid, "forged");
    assert_eq!(bench.exchange("portal", &text("id_token"), &[]).await.refusal(), invalid, "an ID token");
    assert_eq!(bench.exchange("portal", &text("refresh_token"), &[]).await.refusal(), invalid, "a refresh token");

    bench.lab.disable_user("alice");
    assert_eq!(bench.exchange("portal", &subject, &[]).await.refusal(), invalid, "user disabled");
    bench.lab.enable_user("alice");
    assert_eq!(bench.exchange("portal", &subject, &[]).await.status, 200);
    bench.lab.set_clock_offset(300);
    assert_eq!(bench.exchange("portal", &subject, &[]).await.refusal(), invalid, "expired");
    bench.lab.set_clock_offset(0);
    let logout = [("refresh_token", text("refresh_token"))];
    let pairs: Vec<_> = logout.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(bench.post_as(&bench.oidc("logout"), "frontend", &pairs).await.status, 204);
    assert_eq!(bench.exchange("portal", &subject, &[]).await.refusal(), invalid, "logged out");
}

#[tokio::test]
async fn an_exchanged_token_outlives_its_subject_but_not_the_session() {
    let bench = Bench::new().await;
    let subject = bench.access_token("alice").await;
    bench.lab.set_clock_offset(200);
    let token = bench.exchange("portal", &subject, &[]).await.member("access_token");
    assert_eq!(claims(&token)["exp"], NOW + 500, "its own lifespan, as at the real server");
    bench.lab.set_clock_offset(0);
    let session = bench.tokens("alice").await;
    let logout = [("refresh_token", session["refresh_token"].as_str().unwrap_or_default())];
    let token = bench.exchange("portal", session["access_token"].as_str().unwrap_or_default(), &[]).await.member("access_token");
    assert_eq!(bench.introspect("orders-api", &token).await["active"], true);
    bench.post_as(&bench.oidc("logout"), "frontend", &logout).await;
    assert_eq!(bench.introspect("orders-api", &token).await["active"], false);
}

#[tokio::test]
async fn repeated_parameters() {
    let bench = Bench::new().await;
    let subject = bench.access_token("alice").await;
    let twice = [("scope", "openid"), ("scope", "openid")];
    let text = "duplicated parameter";
    assert_eq!(bench.exchange("portal", &subject, &twice).await.refusal(), (400, "invalid_request".into(), text.into()));
    let resources = [("resource", "http://one.test"), ("resource", "http://two.test")];
    assert_eq!(bench.exchange("portal", &subject, &resources).await.status, 200);
}
