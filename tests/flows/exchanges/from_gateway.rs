//! From the gateway's token to one of the provider, by hand: the legacy exchange with `subject_issuer`, and the JWT authorization grant
//! that the gateway's audience does not fit. And the drift: what the gateway keeps of an exchange against what a new one would give.

use engine::acceptance::Doors;
use oauth::form::onward;
use record::{
    audit::{Outcome, Step},
    operation::{Draft, Operation},
};
use token::inspect::TokenKind;

use crate::support::{Bench, with};

/// A token of the gateway for a user who just signed in; gives its id.
async fn mapped(bench: &Bench, user: &'static str, scope: &str) -> String {
    bench.log_in(user).await;
    let step = bench.done(&with(bench.draft(Operation::JwtBearer, None), &[("client", "orders-app"), ("scope", scope)])).await;
    bench.made(&step, TokenKind::Access).id
}

/// The form a token of the gateway leads to, as the window fills it in.
fn offered(bench: &Bench, token: &str, operation: Operation) -> Draft {
    let action =
        onward(&bench.token(token), &bench.profile).into_iter().find(|action| action.operation == operation).expect("offered");
    let form = bench.draft(operation, Some(token));
    let pairs: Vec<(&str, &str)> = action.values.iter().map(|pair| (pair.name.as_str(), pair.value.as_str())).collect();
    with(form, &pairs)
}

fn diagnosed(step: &Step) -> &str {
    step.diagnosis.as_ref().map_or("", |found| found.id.as_str())
}

#[tokio::test]
async fn the_gateways_token_becomes_one_of_the_realm_by_its_issuer() {
    let bench = Bench::legacy().await;
    let token = mapped(&bench, "alice", "openid").await;
    let draft = offered(&bench, &token, Operation::TokenExchange);
    let step = bench.done(&draft).await;
    let made = bench.made(&step, TokenKind::Access);
    assert_eq!((made.issuer.as_ref(), made.who.as_str()), (Some(&bench.profile.provider.issuer), "alice"));
    assert_eq!(made.parent.as_deref(), Some(token.as_str()), "it hangs under the gateway's token");
    assert_eq!(step.tokens_in.first(), Some(&token));
    // By its signature it is not taken: its content does not say what kind of token it is.
    let as_jwt = with(draft.clone(), &[("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")]);
    let (_, id) = bench.refused(&as_jwt, 400, "invalid_token").await;
    assert_eq!(id, "kc-v1-external-no-typ");
    let by_alias = bench.done(&with(draft, &[("subject_issuer", "wso2")])).await;
    assert_eq!(by_alias.status, Some(200));
}

#[tokio::test]
async fn what_the_provider_misses_in_a_token_of_the_gateway_is_named() {
    let bench = Bench::legacy().await;
    let without = mapped(&bench, "alice", "orders_edit").await;
    let draft = offered(&bench, &without, Operation::TokenExchange);
    let by_userinfo = with(draft.clone(), &[("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")]);
    let (step, id) = bench.refused(&by_userinfo, 400, "invalid_token").await;
    assert_eq!(id, "kc-v1-external-userinfo-openid", "{:?}", step.diagnosis);
    let (_, id) = bench.refused(&with(draft.clone(), &[("client", "gateway")]), 403, "access_denied").await;
    assert_eq!(id, "kc-v1-subject-issuer-permission");
    let (_, id) = bench.refused(&with(draft, &[("subject_issuer", "https://elsewhere.test")]), 400, "invalid_issuer").await;
    assert_eq!(id, "kc-v1-subject-issuer-unknown");
    let bob = mapped(&bench, "bob", "openid").await;
    let (_, id) = bench.refused(&offered(&bench, &bob, Operation::TokenExchange), 400, "invalid_token").await;
    assert_eq!(id, "kc-v1-account-exists", "not linked, and the name is taken");
}

#[tokio::test]
async fn without_the_legacy_exchange_it_says_so() {
    let bench = Bench::start().await;
    let token = mapped(&bench, "alice", "openid").await;
    let step = bench.run(&offered(&bench, &token, Operation::TokenExchange)).await;
    let words = step.words.clone().expect("the server's words");
    assert_eq!(words.description.as_deref(), Some("Parameter 'subject_issuer' is not supported for standard token exchange"));
    assert!(step.diagnosis.is_some());
}

#[tokio::test]
async fn as_an_authorization_grant_its_audience_is_in_the_way() {
    let bench = Bench::start().await;
    let token = mapped(&bench, "alice", "openid").await;
    let draft = offered(&bench, &token, Operation::JwtBearer);
    let (step, id) = bench.refused(&with(draft.clone(), &[("client", "partner-desk")]), 400, "invalid_grant").await;
    assert_eq!(id, "kc-jwt-gateway-audience", "{:?}", step.words);
    let found = step.diagnosis.expect("named");
    assert_eq!(
        (found.evidence[0].name.as_str(), found.evidence[0].values.as_slice()),
        ("aud", ["orders-app".to_owned()].as_slice())
    );
    let (_, id) = bench.refused(&draft, 400, "invalid_grant").await;
    assert_eq!(id, "kc-jwt-client-off", "the client may not use the grant at all");
}

#[tokio::test]
async fn what_the_gateway_keeps_drifts_from_what_a_new_exchange_gives() {
    let bench = Bench::start().await;
    let token = mapped(&bench, "alice", "openid").await;
    let orders = format!("{}/orders/1.0/orders", bench.lab.description().gateway);
    let call = with(bench.draft(Operation::CallApi, Some(&token)), &[("url", &orders)]);
    bench.done(&call).await;
    bench.lab.disable_user("alice");
    let stale = bench.done(&call).await;
    let trace = bench.workbench.trace(&token, &bench.profile, &Doors::default()).expect("on the shelf");
    assert_eq!(trace.attempts.last().map(|attempt| (attempt.step, attempt.cached)), Some((stale.id, true)), "from its cache");
    assert!(trace.remarks.iter().any(|remark| remark.id == "exchange-cached"), "{:?}", trace.remarks);

    // The same user, exchanged anew: refused.
    let login = bench
        .workbench
        .tokens()
        .into_iter()
        .find(|one| one.issuer.as_ref() == Some(&bench.profile.provider.issuer) && one.kind == TokenKind::Access);
    let subject = login.expect("of the log in").id;
    let fresh = bench.run(&with(bench.draft(Operation::TokenExchange, Some(&subject)), &[("audience", "orders-api")])).await;
    assert_eq!((fresh.outcome, diagnosed(&fresh).is_empty()), (Outcome::Refused, false), "{:?}", fresh.words);
}
