//! A call repeated until its answer changes: how long a revoked token passes, that a refused one stays out, and that the timeline is
//! not flooded.

use engine::{flow::RunFault, workbench::Bounds};
use lab::{Caches, Options};
use oauth::acceptance::{
    Admission,
    repeat::{RepeatEnd, RepeatPlan, Repetition},
};
use record::{
    audit::{AuditQuery, AuditRow},
    operation::{Draft, Operation},
};
use token::inspect::TokenKind;

use crate::support::{Bench, with};

const PLAN: RepeatPlan = RepeatPlan { every_ms: 100, for_ms: 1_200_000, revoke: true };

async fn reference_token(bench: &Bench) -> String {
    bench.done(&with(bench.draft(Operation::ClientCredentials, None), &[("client", "orders-app-ref")])).await.tokens_out[0]
        .clone()
}

fn call(bench: &Bench, token: &str, path: &str) -> Draft {
    let url = format!("{}{path}", bench.lab.description().gateway);
    with(bench.draft(Operation::CallApi, Some(token)), &[("url", &url)])
}

/// Repeats while both clocks run ahead by so many seconds a call, so that minutes pass in the blink of an eye.
async fn repeated(bench: &Bench, draft: &Draft, plan: RepeatPlan, stride_s: i64) -> Repetition {
    let heard = std::sync::atomic::AtomicI64::new(0);
    let report = |progress: oauth::progress::Progress| {
        assert!(progress.repetition.is_some_and(|going| !going.calls.is_empty()), "every call is told");
        let ahead = (heard.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1) * stride_s;
        bench.clock.set_ahead(ahead);
        bench.lab.set_clock_offset(ahead);
    };
    let done = bench.workbench.repeat("again", draft, &plan, &bench.profile, &report).await.expect("the journal takes the steps");
    for call in &done.repetition.calls {
        let step = bench.workbench.journal.step(call.step).expect("readable").expect("every call is in the journal");
        assert_eq!((step.started_ms, step.operation), (call.at_ms, Operation::CallApi));
    }
    done.repetition
}

fn rows(bench: &Bench) -> Vec<AuditRow> {
    let query = AuditQuery { limit: 100, ..AuditQuery::default() };
    let rows = bench.workbench.journal.rows(&query).expect("readable");
    rows.into_iter().filter(|row| row.operation.starts_with("API call")).collect()
}

#[tokio::test]
async fn a_revoked_reference_token_passes_until_the_gateways_memory_of_it_ends() {
    let bench = Bench::start().await;
    let token = reference_token(&bench).await;
    let found = repeated(&bench, &call(&bench, &token, "/catalog/1.0/items"), PLAN, 100).await;
    assert_eq!((found.end, found.answers.len()), (RepeatEnd::Changed, 2), "{found:?}");
    let (passed, refused) = (&found.answers[0], &found.answers[1]);
    assert_eq!((passed.words.as_str(), refused.words.as_str()), ("200", "401 900901"));
    assert_eq!((passed.calls, refused.calls), (9, 1), "nine calls, 100 s apart, fit into 15 min");
    assert!((800_000..900_000).contains(&passed.to_ms) && refused.from_ms >= 900_000, "{found:?}");
    assert!(
        found.headline.starts_with("It passed for 13 min 2")
            && found.headline.ends_with("after the revocation, then 401 900901."),
        "{}",
        found.headline
    );

    // Eleven calls are two rows; the revocation stands between the first and the others.
    let rows = rows(&bench);
    let words: Vec<(&str, &str)> = rows.iter().map(|row| (row.operation.as_str(), row.outcome_text.as_str())).collect();
    assert_eq!(words, [("API call", "401 900901"), ("API call, 10 times", "200")]);
    let run = bench.workbench.journal.current_run(&bench.profile.id, 50).expect("readable");
    assert_eq!(run.iter().filter(|id| found.calls.iter().any(|call| call.step == **id)).count(), 0, "nor is the diagram flooded");
    let trace = bench.workbench.trace(&token, &bench.profile, &engine::acceptance::Doors::default()).expect("on the shelf");
    assert!(trace.remarks.iter().any(|remark| remark.id == "stale-after-revoke"), "{:?}", trace.remarks);
    assert!(trace.attempts.len() <= 4, "{:?}", trace.attempts);
}

#[tokio::test]
async fn shortened_caches_end_sooner() {
    let options = Options { caches: Caches::SHORT, ..Options::default() };
    let bench = Bench::of(options, Bounds::default()).await;
    let token = reference_token(&bench).await;
    let found = repeated(&bench, &call(&bench, &token, "/catalog/1.0/items"), PLAN, 5).await;
    assert_eq!((found.end, found.answers[0].calls), (RepeatEnd::Changed, 3), "{found:?}");
}

#[tokio::test]
async fn a_refused_token_stays_refused_until_the_end_that_was_set() {
    let bench = Bench::start().await;
    bench.log_in("alice").await;
    let mapped = bench.done(&bench.draft(Operation::JwtBearer, None)).await;
    let token = bench.made(&mapped, TokenKind::Access).id;
    bench.done(&bench.draft(Operation::Revoke, Some(&token))).await;
    let plan = RepeatPlan { for_ms: 600_000, revoke: false, ..PLAN };
    let found = repeated(&bench, &call(&bench, &token, "/orders/1.0/orders"), plan, 200).await;
    assert_eq!((found.end, found.answers.len(), found.answers[0].admission), (RepeatEnd::TimeOver, 1, Admission::Refused));
    assert!(found.headline.starts_with("It was still refused (401 900901)"), "{}", found.headline);
    assert!(found.revoked_ms.is_some(), "the revocation before it counts");
}

#[tokio::test]
async fn the_products_own_apis_take_a_revoked_token_for_five_minutes() {
    let bench = Bench::start().await;
    bench.log_in("alice").await;
    let fields = [("client", "devportal"), ("scope", "apim:subscribe")];
    let mapped = bench.done(&with(bench.draft(Operation::JwtBearer, None), &fields)).await;
    let token = bench.made(&mapped, TokenKind::Access).id;
    let found = repeated(&bench, &call(&bench, &token, "/api/am/devportal/v3/applications"), PLAN, 60).await;
    assert_eq!(
        (found.end, found.answers[0].calls, found.answers[1].words.as_str()),
        (RepeatEnd::Changed, 5, "401 401"),
        "{found:?}"
    );
}

#[tokio::test]
async fn it_is_cancelled_between_two_calls_and_what_came_is_kept() {
    let bench = Bench::start().await;
    let token = reference_token(&bench).await;
    let heard = std::sync::atomic::AtomicUsize::new(0);
    let report = |_| {
        if heard.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 2 {
            bench.workbench.cancel("again");
        }
    };
    let plan = RepeatPlan { revoke: false, ..PLAN };
    let draft = call(&bench, &token, "/catalog/1.0/items");
    let done =
        bench.workbench.repeat("again", &draft, &plan, &bench.profile, &report).await.expect("the journal takes the steps");
    assert_eq!((done.repetition.end, done.repetition.calls.len()), (RepeatEnd::Cancelled, 3));
    assert!(done.repetition.headline.starts_with("Stopped: it was accepted until"), "{}", done.repetition.headline);
    assert_eq!(rows(&bench).len(), 1);

    let wrong = bench.workbench.repeat("again", &draft, &RepeatPlan { every_ms: 1, ..plan }, &bench.profile, &|_| {}).await;
    assert!(matches!(wrong, Err(RunFault::Fields(faults)) if faults[0].field == "every"), "nothing is sent");
    let not_a_call = bench.draft(Operation::ClientCredentials, None);
    let wrong = bench.workbench.repeat("again", &not_a_call, &PLAN, &bench.profile, &|_| {}).await;
    assert!(matches!(wrong, Err(RunFault::Fields(faults)) if faults.iter().any(|fault| fault.field == "operation")));
}
