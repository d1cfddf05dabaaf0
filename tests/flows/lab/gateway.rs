//! The gateway's side: user tokens, application tokens, and calls that need one or the other.

use lab::Server;
use record::{
    audit::{Actor, Outcome},
    operation::Operation,
};
use token::inspect::{TokenFormat, TokenKind, Verification};

use crate::support::{Bench, json, text, with};

fn url(bench: &Bench, path: &str) -> String {
    format!("{}{path}", bench.lab.description().gateway)
}

#[tokio::test]
async fn a_user_token_calls_the_api_and_both_identities_arrive() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let keycloak = bench.made(&login, TokenKind::Access);
    // The form proposes all of it: the portal's client and the token whose aud names the gateway.
    let mapped = bench.done(&bench.draft(Operation::JwtBearer, None)).await;
    assert_eq!(mapped.tokens_in, std::slice::from_ref(&keycloak.id));
    let user = bench.made(&mapped, TokenKind::Access);
    assert_eq!(user.issuer.as_deref(), Some(url(&bench, "/oauth2/token").as_str()));
    assert!(
        matches!(user.verification, Verification::Verified { .. }),
        "by the gateway's keys over its own CA: {:?}",
        user.verification
    );

    let draft = with(bench.draft(Operation::CallApi, Some(&user.id)), &[("url", &url(&bench, "/orders/1.0/orders"))]);
    let call = bench.done(&draft).await;
    let answer = json(&call.words.as_ref().expect("words").body);
    assert_eq!(answer["user"]["name"].as_str().or(answer["user"]["preferred_username"].as_str()), Some("alice"), "{answer}");
    assert!(answer["application"]["name"].as_str().is_some(), "{answer}");

    let reported: Vec<(Actor, Actor)> =
        call.exchanges.iter().filter(|exchange| exchange.reported).map(|exchange| (exchange.from, exchange.to)).collect();
    assert_eq!(reported, [(Actor::Gateway, Actor::Provider), (Actor::Gateway, Actor::Api)]);
    let exchanged = call.exchanges.iter().find(|exchange| exchange.to == Actor::Provider).expect("the gateway's exchange");
    assert!(exchanged.label.contains("token-exchange") && !exchanged.label.contains("cache"), "{}", exchanged.label);
    let again = bench.done(&draft).await;
    assert!(
        again.exchanges.iter().any(|exchange| exchange.label.contains("(from its cache)")),
        "the second call does not exchange anew"
    );
    let asked = bench.lab.received().into_iter().filter(|request| request.server == Server::OrdersApi).count();
    assert_eq!(asked, 2);
}

#[tokio::test]
async fn an_application_token_serves_the_catalogue_and_not_the_orders() {
    let bench = Bench::start().await;
    let step = bench.done(&with(bench.draft(Operation::ClientCredentials, None), &[("client", "orders-app")])).await;
    let token = bench.token(&step.tokens_out[0]);
    assert_eq!((token.format, token.alg.as_deref()), (TokenFormat::Jws, Some("RS256")));
    assert!(matches!(token.verification, Verification::Verified { .. }), "{:?}", token.verification);

    let catalog =
        bench.done(&with(bench.draft(Operation::CallApi, Some(&token.id)), &[("url", &url(&bench, "/catalog/1.0/items"))])).await;
    assert_eq!(catalog.status, Some(200));
    let draft = with(bench.draft(Operation::CallApi, Some(&token.id)), &[("url", &url(&bench, "/orders/1.0/orders"))]);
    let (orders, id) = bench.refused(&draft, 401, "900905").await;
    assert_eq!(id, "wso2-900905-application");
    let diagnosis = orders.diagnosis.expect("a diagnosis");
    assert!(diagnosis.cause.contains("has no user behind it"), "{}", diagnosis.cause);
    let offered: Vec<Operation> = diagnosis.actions.iter().map(|action| action.operation).collect();
    assert_eq!(offered, [Operation::JwtBearer], "the one way out is a user token");
    assert_eq!(orders.words.expect("words").server, "Lab gateway");
}

#[tokio::test]
async fn a_reference_token_is_read_by_introspection() {
    let bench = Bench::start().await;
    let step = bench.done(&with(bench.draft(Operation::ClientCredentials, None), &[("client", "orders-app-ref")])).await;
    let token = bench.token(&step.tokens_out[0]);
    assert_eq!((token.format, token.active), (TokenFormat::Opaque, Some(true)));
    let inspection = bench.workbench.inspect(&token.id).expect("an inspection");
    assert_eq!(
        inspection.claims_source.as_deref(),
        Some(format!("introspection at {}", url(&bench, "/oauth2/introspect")).as_str())
    );
    let claims = bench.claims(&token.id);
    assert_eq!(
        (&claims["client_id"], &claims["jti"]),
        (&"orders-app-ref".into(), &"[the token itself]".into()),
        "a reference token is its own jti, and claims are kept"
    );
    assert_eq!(step.exchanges.len(), 2, "the token and the question about it");
    let catalog =
        bench.done(&with(bench.draft(Operation::CallApi, Some(&token.id)), &[("url", &url(&bench, "/catalog/1.0/items"))])).await;
    assert_eq!(catalog.outcome, Outcome::Success);
}

#[tokio::test]
async fn refusals_of_the_gateway_are_explained() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let narrowed = bench.done(&bench.draft(Operation::TokenExchange, Some(&bench.made(&login, TokenKind::Access).id))).await;
    let narrow = format!("token:{}", narrowed.tokens_out[0]);
    let (_, id) =
        bench.refused(&with(bench.draft(Operation::JwtBearer, None), &[("assertion", &narrow)]), 400, "invalid_grant").await;
    assert_eq!(id, "wso2-alias");

    let orders = url(&bench, "/orders/1.0/orders");
    let (_, id) =
        bench.refused(&with(bench.draft(Operation::CallApi, None), &[("token", ""), ("url", &orders)]), 401, "900902").await;
    assert_eq!(id, "wso2-900902");
    let unsubscribed =
        bench.done(&with(bench.draft(Operation::ClientCredentials, None), &[("client", "unsubscribed-app")])).await;
    let draft = with(bench.draft(Operation::CallApi, Some(&unsubscribed.tokens_out[0])), &[("url", &orders)]);
    let (_, id) = bench.refused(&draft, 403, "900908").await;
    assert_eq!(id, "wso2-900908");
    let (step, id) = bench.refused(&with(draft, &[("url", &url(&bench, "/nowhere/1.0/x"))]), 404, "404").await;
    assert_eq!(id, "wso2-not-deployed", "{}", text(&step.words.expect("words").body));
}

#[tokio::test]
async fn a_revoked_user_token_is_refused_at_the_gateway() {
    let bench = Bench::start().await;
    bench.log_in("alice").await;
    let mapped = bench.done(&bench.draft(Operation::JwtBearer, None)).await;
    let user = bench.made(&mapped, TokenKind::Access);
    bench.done(&bench.draft(Operation::Revoke, Some(&user.id))).await;
    let draft = with(bench.draft(Operation::CallApi, Some(&user.id)), &[("url", &url(&bench, "/orders/1.0/orders"))]);
    let (_, id) = bench.refused(&draft, 401, "900901").await;
    assert_eq!(id, "wso2-900901");
}
