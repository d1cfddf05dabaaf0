//! Every fault does what it says, and `Fault::None` ends it.

use lab::Fault;
use serde_json::json;

use crate::support::{Bench, claims, header, value};

#[tokio::test]
async fn discovery() {
    let bench = Bench::new().await;
    let url = bench.realm(".well-known/openid-configuration");
    bench.lab.set_fault(Fault::DiscoveryHtml);
    let page = bench.get(&url).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html;charset=UTF-8"));
    bench.lab.set_fault(Fault::DiscoveryOtherIssuer);
    assert_ne!(bench.get(&url).await.json()["issuer"], bench.lab.description().issuer);

    bench.lab.set_fault(Fault::DiscoveryHuge);
    let mut huge = bench.http.get(&url).send().await.expect("a head");
    let mut read = 0;
    while read <= 2 << 20 {
        read += huge.chunk().await.expect("a chunk").expect("no end").len();
    }
    bench.lab.set_fault(Fault::DiscoveryNeverEnds);
    let mut slow = bench.http.get(&url).send().await.expect("a head");
    assert!(slow.chunk().await.expect("a chunk").is_some());
    let more = tokio::time::timeout(std::time::Duration::from_millis(50), slow.chunk()).await;
    assert!(more.is_err(), "nothing comes after the first bytes");

    bench.lab.set_fault(Fault::None);
    assert_eq!(bench.get(&url).await.json()["issuer"], bench.lab.description().issuer);
}

#[tokio::test]
async fn token_endpoint() {
    let bench = Bench::new().await;
    let grant = [("grant_type", "client_credentials")];
    bench.lab.set_fault(Fault::TokenServerError);
    let page = bench.token("orders-batch", &grant).await;
    assert_eq!((page.status, page.header("content-type")), (500, "text/html;charset=UTF-8"));
    bench.lab.set_fault(Fault::TokenInvalidJson);
    let cut = bench.token("orders-batch", &grant).await;
    assert_eq!(cut.status, 200);
    assert!(serde_json::from_str::<serde_json::Value>(&cut.text).is_err());
    bench.lab.set_fault(Fault::TokenErrorWithOk);
    let odd = bench.token("orders-batch", &grant).await;
    assert_eq!((odd.status, odd.json()["error"].as_str()), (200, Some("temporarily_unavailable")));
    bench.lab.set_fault(Fault::TokenRedirect);
    let elsewhere = bench.token("orders-batch", &grant).await;
    assert_eq!(elsewhere.status, 302);
    assert!(elsewhere.header("location").ends_with("/elsewhere"));
    bench.lab.set_fault(Fault::TokenHang);
    let hang = bench.token("orders-batch", &grant);
    assert!(tokio::time::timeout(std::time::Duration::from_millis(50), hang).await.is_err());
    let open = bench.lab.received();
    assert_eq!(open.last().and_then(|request| request.status), None, "remembered though never answered");
    bench.lab.set_fault(Fault::None);
    assert_eq!(bench.token("orders-batch", &grant).await.status, 200);
}

#[tokio::test]
async fn id_token() {
    let bench = Bench::new().await;
    let good = bench.tokens("alice").await;
    let good = claims(good["id_token"].as_str().unwrap_or_default());
    let table = [
        (Fault::IdTokenWrongNonce, "nonce"),
        (Fault::IdTokenWrongAudience, "aud"),
        (Fault::IdTokenWrongIssuer, "iss"),
        (Fault::IdTokenBadSignature, "sub"),
    ];
    for (fault, claim) in table {
        bench.lab.set_fault(fault);
        let tokens = bench.tokens("alice").await;
        let token = tokens["id_token"].as_str().unwrap_or_default();
        assert_ne!(claims(token)[claim], good[claim], "{fault:?}");
        assert_eq!(header(token)["alg"], "RS256");
    }
    bench.lab.set_fault(Fault::IdTokenAlgNone);
    let tokens = bench.tokens("alice").await;
    let token = tokens["id_token"].as_str().unwrap_or_default();
    assert_eq!(header(token), json!({"alg": "none", "typ": "JWT"}));
    assert!(token.ends_with('.'));
}

#[tokio::test]
async fn authorization_response() {
    let bench = Bench::new().await;
    let states = async |fault| {
        bench.lab.set_fault(fault);
        let pairs = bench.sign_in("alice", &[]).await.redirect();
        let states: Vec<String> = pairs.iter().filter(|(name, _)| name == "state").map(|(_, value)| value.clone()).collect();
        (states, pairs)
    };
    assert_eq!(states(Fault::AuthorizationWrongState).await.0, ["another-state"]);
    assert!(states(Fault::AuthorizationMissingState).await.0.is_empty());
    assert_eq!(states(Fault::AuthorizationRepeatedState).await.0, ["the-state", "another-state"]);
    let (_, pairs) = states(Fault::AuthorizationWrongIssuer).await;
    assert_ne!(value(&pairs, "iss"), bench.lab.description().issuer);
    let (_, pairs) = states(Fault::AuthorizationNoCode).await;
    assert_eq!((value(&pairs, "code"), value(&pairs, "error")), (String::new(), String::new()));
    let (_, pairs) = states(Fault::None).await;
    assert!(!value(&pairs, "code").is_empty());
}
