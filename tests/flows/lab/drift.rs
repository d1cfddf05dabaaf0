//! The token the lab's gateway keeps, beside a fresh exchange: a role that was taken away, a user who was disabled, and tokens that
//! ended.

use engine::drift::DriftFault;
use lab::Options;
use oauth::drift::{Drift, DriftKind, DriftOf};
use record::{
    audit::{Outcome, Step},
    operation::Operation,
};
use token::inspect::{ShelfGroup, TokenKind};

use engine::workbench::Bounds;

use crate::support::{Bench, with};

async fn user_token(bench: &Bench) -> String {
    bench.log_in("alice").await;
    let draft = with(bench.draft(Operation::JwtBearer, None), &[("client", "orders-app"), ("scope", "orders_edit")]);
    let mapped = bench.done(&draft).await;
    bench.made(&mapped, TokenKind::Access).id
}

async fn call(bench: &Bench, token: &str, method: &str) -> Step {
    let url = format!("{}/orders/1.0/orders", bench.lab.description().gateway);
    bench.done(&with(bench.draft(Operation::CallApi, Some(token)), &[("url", &url), ("method", method)])).await
}

/// Calls twice, so that the second goes with what the gateway keeps; gives that step.
async fn called_with_a_kept_token(bench: &Bench, token: &str, method: &str) -> Step {
    let first = call(bench, token, method).await;
    assert!(!first.exchanges.iter().any(|exchange| exchange.cached), "the first call exchanges");
    let again = call(bench, token, method).await;
    assert!(again.exchanges.iter().any(|exchange| exchange.cached), "the second goes with the kept token");
    again
}

async fn drift(bench: &Bench, of: DriftOf) -> (Drift, Step) {
    let drifted = bench.workbench.drift("run", &of, &bench.profile, &|_| {}).await.expect("the kept token is known");
    let kept = bench.workbench.journal.step(drifted.step.id).expect("readable");
    assert_eq!(kept.as_ref(), Some(&drifted.step), "the fresh exchange is a step of its own");
    assert_eq!(drifted.drift.step, drifted.step.id);
    let main = drifted.step.exchanges.iter().find(|exchange| Some(exchange.seq) == drifted.drift.exchange);
    assert!(main.is_some_and(|exchange| exchange.method == "POST" && !exchange.request.is_empty()), "with its request");
    (drifted.drift, drifted.step)
}

fn ids(drift: &Drift) -> Vec<&str> {
    drift.findings.iter().map(|finding| finding.id.as_str()).collect()
}

fn later(bench: &Bench, seconds: i64) {
    bench.clock.set_ahead(seconds);
    bench.lab.set_clock_offset(seconds);
}

#[tokio::test]
async fn nothing_drifts_while_nothing_is_changed() {
    let bench = Bench::start().await;
    let token = user_token(&bench).await;
    let step = called_with_a_kept_token(&bench, &token, "GET").await;
    let (drift, fresh) = drift(&bench, DriftOf::Call { step: step.id }).await;
    assert_eq!((drift.kind, drift.lines.as_slice(), ids(&drift)), (DriftKind::Same, &[][..], vec![]), "{}", drift.headline);
    assert_eq!(
        (fresh.client.as_deref(), fresh.audience.as_deref()),
        (Some("gateway"), Some("orders-api")),
        "as the gateway asks"
    );

    // The kept one is on the shelf once, under the token it was exchanged for, and can be compared and not sent.
    let again = call(&bench, &token, "GET").await;
    self::drift(&bench, DriftOf::Call { step: again.id }).await;
    let kept: Vec<_> = bench.workbench.tokens().into_iter().filter(|token| token.shelf == ShelfGroup::KeptByGateway).collect();
    assert_eq!(kept.len(), 1);
    assert!(kept[0].evidence_only && kept[0].id == drift.kept.id);
    assert_eq!(kept[0].parent.as_ref(), fresh.tokens_in.first());
    let compared = bench.workbench.compare(&[drift.kept.id, fresh.tokens_out[0].clone()], None, Some(&bench.profile));
    assert!(compared.is_ok_and(|compared| !compared.comparison.groups.is_empty()));
}

#[tokio::test]
async fn a_role_that_was_taken_away_is_only_in_the_kept_token() {
    let bench = Bench::start().await;
    let token = user_token(&bench).await;
    called_with_a_kept_token(&bench, &token, "POST").await;
    assert!(bench.lab.set_role("alice", "orders-api", "editor", false));
    later(&bench, 62);
    let step = call(&bench, &token, "POST").await;
    assert_eq!(step.status, Some(201), "the API goes by the kept token");

    let (drift, _) = drift(&bench, DriftOf::Call { step: step.id }).await;
    assert_eq!((drift.kind, drift.fresh.is_some()), (DriftKind::Changed, true));
    assert!(ids(&drift).contains(&"drift-roles"), "{:?}", drift.findings);
    let detail = &drift.findings[0].detail;
    assert!(detail.contains("editor of orders-api") && detail.contains("ends in"), "{detail}");
    let roles = drift.verdicts.iter().find(|verdict| verdict.id == "roles").expect("the usual statement");
    assert_eq!((roles.word.as_str(), roles.rest.as_str()), ("narrowed", "2 → 1"));
    let line = drift.lines.iter().find(|line| line.path == "resource_access.orders-api.roles").expect("claim by claim");
    assert_eq!((line.kept.join(" "), line.fresh.join(" ")), ("viewer editor".to_owned(), "viewer".to_owned()));
}

#[tokio::test]
async fn a_user_who_was_disabled_goes_on_with_the_kept_token() {
    let bench = Bench::start().await;
    let token = user_token(&bench).await;
    called_with_a_kept_token(&bench, &token, "GET").await;
    bench.lab.disable_user("alice");
    let step = call(&bench, &token, "GET").await;
    let (drift, fresh) = drift(&bench, DriftOf::Call { step: step.id }).await;
    assert_eq!((drift.kind, fresh.outcome, drift.fresh.is_none()), (DriftKind::Refused, Outcome::Refused, true));
    assert_eq!(ids(&drift), ["drift-refused"]);
    assert!(
        drift.headline.starts_with("A fresh exchange is refused, and the kept token passes for another"),
        "{}",
        drift.headline
    );
    assert_eq!(drift.said.as_deref(), Some("Invalid token"), "the server's own words");
    let diagnosis = drift.diagnosis.expect("the refusal's diagnosis is the drift");
    let causes = std::iter::once(&diagnosis.id).chain(diagnosis.others.iter().map(|other| &other.id));
    assert!(causes.clone().any(|id| id.contains("user-disabled")), "{:?}", causes.collect::<Vec<_>>());
    assert_eq!(call(&bench, &token, "GET").await.status, Some(200), "and the gateway goes on");
}

#[tokio::test]
async fn the_kept_token_outlives_the_one_it_was_exchanged_for() {
    let bench = Bench::start().await;
    let token = user_token(&bench).await;
    later(&bench, 200);
    called_with_a_kept_token(&bench, &token, "GET").await;
    later(&bench, 320);
    let step = call(&bench, &token, "GET").await;
    let (drift, _) = drift(&bench, DriftOf::Call { step: step.id }).await;
    assert_eq!((drift.kind, ids(&drift)), (DriftKind::Refused, vec!["drift-refused", "drift-subject-ended"]));
}

#[tokio::test]
async fn a_token_of_the_shelf_is_held_against_its_own_exchange_made_anew() {
    let options = Options { access_token_lifespan_s: 60, ..Options::default() };
    let bench = Bench::of(options, Bounds::default()).await;
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access).id;
    let exchange =
        with(bench.draft(Operation::TokenExchange, Some(&subject)), &[("client", "portal"), ("audience", "orders-api")]);
    let made = bench.done(&exchange).await;
    let kept = bench.made(&made, TokenKind::Access).id;
    let of = || DriftOf::Token { token: kept.clone() };
    assert_eq!(drift(&bench, of()).await.0.kind, DriftKind::Same);
    later(&bench, 61);
    let (ended, _) = drift(&bench, of()).await;
    assert_eq!((ended.kind, ids(&ended)), (DriftKind::Refused, vec!["drift-refused", "drift-subject-ended", "drift-kept-ended"]));

    let nothing = bench.workbench.drift("run", &DriftOf::Token { token: subject }, &bench.profile, &|_| {}).await;
    assert!(matches!(nothing, Err(DriftFault::Unknown(fault)) if fault.id == "not-exchanged"));
    let silent = bench.workbench.drift("run", &DriftOf::Call { step: login.id }, &bench.profile, &|_| {}).await;
    assert!(matches!(silent, Err(DriftFault::Unknown(fault)) if fault.id == "kept-not-told"));
}
