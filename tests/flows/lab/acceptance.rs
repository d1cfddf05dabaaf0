//! One token at every door of the lab: who refuses it first, over what, and what repetition shows.

use engine::acceptance::Doors;
use oauth::acceptance::{Admission, Door, Trace};
use record::operation::Operation;
use token::inspect::TokenKind;

use crate::support::{Bench, with};

const ORDERS: &str = "/orders at the gateway";

async fn walked(bench: &Bench, token: &str, doors: &Doors) -> Trace {
    let steps = bench.workbench.walk("run", token, &bench.profile, doors, &|_| {}).await.expect("the journal takes the steps");
    for step in &steps {
        let kept = bench.workbench.journal.step(step.id).expect("readable");
        assert_eq!(kept.as_ref(), Some(step), "every question is a step of its own");
    }
    bench.workbench.trace(token, &bench.profile, doors).expect("it is on the shelf")
}

fn admissions(trace: &Trace) -> Vec<Admission> {
    trace.stages.iter().map(|stage| stage.admission).collect()
}

fn claim(trace: &Trace, door: Door) -> Option<&str> {
    trace.stages.iter().find(|stage| stage.door == door)?.blame.as_ref().map(|blame| blame.claim.as_str())
}

async fn user_token(bench: &Bench) -> String {
    bench.log_in("alice").await;
    let mapped =
        bench.done(&with(bench.draft(Operation::JwtBearer, None), &[("client", "orders-app"), ("scope", "openid")])).await;
    bench.made(&mapped, TokenKind::Access).id
}

/// Sets this machine's clock and the servers' ahead, not cumulative.
fn later(bench: &Bench, seconds: i64) {
    bench.clock.set_ahead(seconds);
    bench.lab.set_clock_offset(seconds);
}

#[tokio::test]
async fn a_gateway_token_passes_the_gateway_and_stops_at_the_api_behind_it() {
    use Admission::{Accepted, NotAsked, Refused};
    let bench = Bench::start().await;
    let token = user_token(&bench).await;
    let before = bench.workbench.trace(&token, &bench.profile, &Doors::default()).expect("on the shelf");
    assert_eq!(admissions(&before), [Accepted, NotAsked, NotAsked, NotAsked]);
    assert_eq!((before.gateway.as_deref(), before.api.as_deref()), (Some(ORDERS), Some("orders-api")), "they fit a user's token");
    let steps = bench.workbench.journal.steps().expect("readable");

    let trace = walked(&bench, &token, &Doors::default()).await;
    assert_eq!(bench.workbench.journal.steps().expect("readable"), steps + 3);
    assert_eq!(admissions(&trace), [Accepted, Accepted, Accepted, Refused]);
    assert_eq!((trace.refused_by, claim(&trace, Door::Api)), (Some(Door::Api), Some("iss")));
    assert_eq!(trace.headline, "orders-api is the first to refuse it, over iss.");
}

#[tokio::test]
async fn an_exchanged_token_passes_the_api_and_not_the_gateway() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access).id;
    let exchange =
        with(bench.draft(Operation::TokenExchange, Some(&subject)), &[("client", "portal"), ("audience", "orders-api")]);
    let step = bench.done(&exchange).await;
    let trace = walked(&bench, &bench.made(&step, TokenKind::Access).id, &Doors::default()).await;
    assert_eq!(trace.stages[3].admission, Admission::Accepted);
    assert_eq!((trace.stages[2].admission, trace.refused_by), (Admission::Refused, Some(Door::Gateway)));
    assert_eq!((trace.stages[2].words.as_str(), claim(&trace, Door::Gateway)), ("403 900914", Some("aud")));
}

#[tokio::test]
async fn an_application_is_refused_where_a_user_is_needed() {
    let bench = Bench::start().await;
    let made = bench.done(&with(bench.draft(Operation::ClientCredentials, None), &[("client", "orders-app")])).await;
    let token = bench.made(&made, TokenKind::Access).id;
    let trace = walked(&bench, &token, &Doors::default()).await;
    assert_eq!((trace.gateway.as_deref(), trace.stages[2].admission), (Some("/catalog at the gateway"), Admission::Accepted));
    let doors = Doors { gateway: Some(ORDERS.into()), api: None };
    let trace = walked(&bench, &token, &doors).await;
    assert_eq!((trace.refused_by, claim(&trace, Door::Gateway)), (Some(Door::Gateway), Some("aut")));
    assert_eq!(trace.stages[2].words, "401 900905");
}

#[tokio::test]
async fn a_revoked_token_stays_refused_and_the_time_since_is_told() {
    let bench = Bench::start().await;
    let token = user_token(&bench).await;
    walked(&bench, &token, &Doors::default()).await;
    bench.done(&bench.draft(Operation::Revoke, Some(&token))).await;
    later(&bench, 7);
    walked(&bench, &token, &Doors::default()).await;
    later(&bench, 27);
    let trace = walked(&bench, &token, &Doors::default()).await;
    assert_eq!(trace.refused_by, Some(Door::Introspection), "the signature still holds");
    assert_eq!((claim(&trace, Door::Introspection), trace.stages[2].words.as_str()), (Some("active"), "401 900901"));
    let calls: Vec<_> = trace.attempts.iter().filter(|attempt| attempt.what == ORDERS).collect();
    let since: Vec<Option<i64>> = calls.iter().map(|call| call.since_revoked_ms.map(|ms| ms / 1000)).collect();
    assert!(matches!(since[..], [None, Some(7..27), Some(27..)]), "{since:?}");
    assert!(trace.remarks.iter().any(|remark| remark.id == "refused-stays-refused"), "{:?}", trace.remarks);
}

#[tokio::test]
async fn a_refusal_behind_the_gateway_is_told_by_the_exchange_it_reports() {
    let bench = Bench::start().await;
    let token = user_token(&bench).await;
    // The provider's token has ended, the gateway's made from it has not.
    later(&bench, 400);
    let trace = walked(&bench, &token, &Doors::default()).await;
    let gateway = &trace.stages[2];
    assert_eq!((trace.refused_by, gateway.words.as_str()), (Some(Door::Gateway), "401 900901"));
    let blame = gateway.blame.as_ref().expect("the recorded exchange");
    let said = ("exchange at the provider", "400 invalid_request: Invalid token");
    assert_eq!((blame.claim.as_str(), blame.found.as_str()), said);
    let step = bench.workbench.journal.step(gateway.step.expect("asked")).expect("readable").expect("kept");
    let found = step.diagnosis.expect("named");
    assert_eq!((found.id.as_str(), found.certain), ("wso2-exchange-subject-ended", true));
    assert!(found.cause.contains("the provider's token ended 1 min 4"), "{}", found.cause);
    assert!(found.fix.starts_with("Log in again and map the user again"), "{}", found.fix);
}

#[tokio::test]
async fn an_ended_token_is_refused_by_its_time_before_anybody_is_asked() {
    let bench = Bench::start().await;
    let token = user_token(&bench).await;
    later(&bench, 4000);
    let trace = walked(&bench, &token, &Doors::default()).await;
    assert_eq!((trace.refused_by, claim(&trace, Door::Signature)), (Some(Door::Signature), Some("exp")));
    assert!(trace.stages.iter().all(|stage| stage.admission == Admission::Refused), "all the same, every door was tried");
}
