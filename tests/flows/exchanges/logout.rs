//! Log out on its ways: in the browser, with the state that comes back, and by the refresh token without any browser.

use record::{audit::Actor, operation::Operation};
use token::inspect::TokenKind;

use crate::support::{Bench, browser::Visit, with};

/// In the browser, and the session is over.
async fn in_the_browser(desk: &Bench) {
    let login = desk.log_in("alice").await;
    let (hint, refresh) = (desk.made(&login, TokenKind::Id), desk.made(&login, TokenKind::Refresh));
    let draft = with(
        desk.draft(Operation::LogOut, None),
        &[("channel", "front_channel"), ("id_token_hint", &format!("token:{}", hint.id)), ("refresh_token", "")],
    );
    let preview = desk.workbench.preview(&draft, &desk.profile).await.expect("a preview");
    assert!(preview.in_browser && preview.faults.is_empty(), "{:?}", preview.faults);
    let step = desk.done(&draft).await;
    let ways: Vec<(Actor, Actor)> = step.exchanges.iter().map(|one| (one.from, one.to)).collect();
    assert_eq!(
        ways,
        [(Actor::Claimscope, Actor::Browser), (Actor::Browser, Actor::Provider), (Actor::Browser, Actor::Claimscope)]
    );
    assert!(!format!("{step:?}").contains("eyJ"), "the hint is not kept");
    let draft = with(desk.draft(Operation::Refresh, None), &[("refresh_token", &format!("token:{}", refresh.id))]);
    let refused = desk.refused(&draft, 400, "invalid_grant").await.0;
    assert_eq!(refused.words.and_then(|words| words.description).as_deref(), Some("Session not active"));
}

/// By the refresh token.
async fn without_a_browser(desk: &Bench) {
    let login = desk.log_in("alice").await;
    let refresh = desk.made(&login, TokenKind::Refresh);
    let token = format!("token:{}", refresh.id);
    let draft = with(desk.draft(Operation::LogOut, None), &[("channel", "back_channel"), ("refresh_token", &token)]);
    assert_eq!(desk.done(&draft).await.status, Some(204));
    let draft = with(desk.draft(Operation::Refresh, None), &[("refresh_token", &token)]);
    desk.refused(&draft, 400, "invalid_grant").await;
}

#[tokio::test]
async fn the_lab_ends_a_session_on_each_way() {
    let bench = Bench::start().await;
    in_the_browser(&bench).await;
    without_a_browser(&bench).await;
}

#[tokio::test]
async fn a_browser_that_comes_back_with_another_state_proves_nothing_and_ends_nothing() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let hint = bench.made(&login, TokenKind::Id);
    let draft = with(
        bench.draft(Operation::LogOut, None),
        &[("channel", "front_channel"), ("id_token_hint", &format!("token:{}", hint.id)), ("refresh_token", "")],
    );
    let forged = std::sync::Arc::new(|mut home: url::Url| {
        home.set_query(Some("state=another"));
        vec![crate::support::browser::Hit::get(home)]
    });
    bench.browser.next(Visit::Altered("alice", forged));
    let (step, ()) = tokio::join!(bench.run(&draft), async {
        bench.browser.done.notified().await;
        while bench.told().last().is_none_or(|progress| progress.strays.is_empty()) {
            tokio::task::yield_now().await;
        }
        bench.workbench.cancel("run");
    });
    assert_eq!(step.outcome, record::audit::Outcome::Cancelled, "the wait went on: {step:?}");
    assert!(step.problem.as_ref().is_some_and(|words| words.contains("is not known")), "the session may be over: {step:?}");
    assert!(!step.advice.as_ref().is_some_and(|words| words.contains("Nothing was changed")), "{step:?}");
    assert!(step.exchanges.iter().any(|exchange| exchange.label == "1 request refused"), "{step:?}");
}
