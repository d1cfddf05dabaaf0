//! What comes back through the browser and must not be believed, and what must not even be taken.

use std::sync::Arc;

use lab::Fault;
use record::{
    audit::{Outcome, Step},
    operation::Operation,
};
use url::Url;

use crate::support::{
    Bench,
    browser::{Hit, Return, Visit},
};

fn redeemed(bench: &Bench) -> usize {
    bench.lab.received().iter().filter(|request| request.body.contains("grant_type=authorization_code")).count()
}

/// The same address with other parameters.
fn changed(url: &Url, change: impl Fn(&mut Vec<(String, String)>)) -> Url {
    let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    change(&mut pairs);
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(pairs);
    url
}

fn altered(change: impl Fn(&mut Vec<(String, String)>) + Send + Sync + 'static) -> Return {
    Arc::new(move |home| vec![Hit::get(changed(&home, &change))])
}

/// A log in whose browser comes back wrongly and which waits on: it is cancelled once everything the browser sent was answered.
/// Gives the step and the statuses.
async fn waits_on(bench: &Bench, visit: Visit) -> (Step, Vec<u16>) {
    let before = bench.browser.answers().len();
    bench.browser.next(visit);
    let draft = bench.draft(Operation::LogIn, None);
    let (step, ()) = tokio::join!(bench.run(&draft), async {
        bench.browser.done.notified().await;
        while bench.told().last().is_none_or(|progress| progress.strays.is_empty()) {
            tokio::task::yield_now().await;
        }
        bench.workbench.cancel("run");
    });
    assert_eq!((step.outcome, step.problem_id.as_deref()), (Outcome::Cancelled, Some("cancelled")), "the wait went on");
    (step, bench.browser.answers()[before..].iter().map(|answer| answer.status).collect())
}

/// What the step says was refused.
fn refused(step: &Step) -> String {
    let told = step.exchanges.iter().find(|exchange| exchange.label.ends_with("refused"));
    told.map(|told| told.request.iter().flatten().map(|span| span.text.as_str()).collect()).unwrap_or_default()
}

#[tokio::test]
async fn an_answer_without_this_state_is_nobodys_and_the_wait_goes_on() {
    let bench = Bench::start().await;
    for fault in [Fault::AuthorizationWrongState, Fault::AuthorizationMissingState, Fault::AuthorizationRepeatedState] {
        bench.lab.set_fault(fault);
        let (step, statuses) = waits_on(&bench, Visit::SignIn("alice")).await;
        assert_eq!(statuses, [400], "{fault:?}");
        assert!(refused(&step).contains("1 answer without the right state"), "{:?}", step.exchanges);
        let progress = bench.told().pop().expect("progress");
        assert!(progress.detail.contains("cancel, and look at what it redirected to"), "{}", progress.detail);
    }
    assert_eq!(redeemed(&bench), 0, "no code was sent on");
}

#[tokio::test]
async fn an_answer_of_the_server_that_does_not_hold_is_not_used() {
    let bench = Bench::start().await;
    for (fault, problem) in [(Fault::AuthorizationWrongIssuer, "iss-mismatch"), (Fault::AuthorizationNoCode, "code-missing")] {
        bench.lab.set_fault(fault);
        bench.browser.next(Visit::SignIn("alice"));
        bench.fails(&bench.draft(Operation::LogIn, None), problem).await;
    }
    assert_eq!(redeemed(&bench), 0, "no code was sent on");
}

#[tokio::test]
async fn an_answer_changed_on_the_way_is_not_used() {
    let bench = Bench::start().await;
    let table: [(Return, &str); 6] = [
        (altered(|pairs| pairs.retain(|(name, _)| name != "iss")), "iss-missing"),
        (altered(|pairs| pairs.push(("iss".into(), "https://other.example".into()))), "iss-repeated"),
        (altered(|pairs| pairs.push(("code".into(), "another".into()))), "code-repeated"),
        (altered(|pairs| pairs.push(("error".into(), "access_denied".into()))), "code-and-error"),
        (
            altered(|pairs| pairs.iter_mut().filter(|(name, _)| name == "code").for_each(|(_, value)| value.clear())),
            "code-missing",
        ),
        (altered(|pairs| pairs.push(("padding".into(), "x".repeat(17 * 1024)))), "callback-too-long"),
    ];
    for (back, problem) in table {
        bench.browser.next(Visit::Altered("alice", back));
        bench.fails(&bench.draft(Operation::LogIn, None), problem).await;
        bench.browser.done.notified().await;
    }
    assert_eq!(redeemed(&bench), 0, "no code was sent on");
    let statuses: Vec<u16> = bench.browser.answers().iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 414]);
}

#[tokio::test]
async fn what_is_no_redirect_by_get_ends_nothing() {
    let bench = Bench::start().await;
    let posted: Return = Arc::new(|home| vec![Hit { method: "POST", url: home, host: None }]);
    let (step, statuses) = waits_on(&bench, Visit::Altered("alice", posted)).await;
    assert_eq!(statuses, [405]);
    assert!(refused(&step).contains("1 POST"), "{:?}", step.exchanges);
    // 64 kB are refused before they are read.
    let long = altered(|pairs| pairs.push(("padding".into(), "x".repeat(64 * 1024))));
    let (step, statuses) = waits_on(&bench, Visit::Altered("alice", long)).await;
    assert_eq!(statuses, [414]);
    assert!(refused(&step).contains("too long"), "{:?}", step.exchanges);
    assert_eq!(redeemed(&bench), 0, "no code was sent on");
}

#[tokio::test]
async fn strangers_at_the_door_do_not_end_the_login() {
    let bench = Bench::start().await;
    let back: Return = Arc::new(|home| {
        let mut elsewhere = home.clone();
        elsewhere.set_path("/favicon.ico");
        vec![
            Hit { method: "GET", url: home.clone(), host: Some("attacker.example") },
            Hit { method: "GET", url: home.clone(), host: Some("attacker.example:80") },
            Hit::get(elsewhere),
            Hit { method: "PUT", url: home.clone(), host: None },
            Hit::get(home),
        ]
    });
    bench.browser.next(Visit::Altered("alice", back));
    let draft = bench.draft(Operation::LogIn, None);
    let (step, ()) = tokio::join!(bench.run(&draft), bench.browser.done.notified());
    assert_eq!(step.outcome, Outcome::Success, "{:?}", step.problem);
    let answers = bench.browser.answers();
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [421, 421, 404, 405, 200]);
    let code = bench
        .browser
        .address()
        .query_pairs()
        .find(|(name, _)| name == "state")
        .map(|(_, value)| value.into_owned())
        .expect("state");
    for answer in answers {
        assert!(!answer.text.contains(&code) && !answer.text.contains("attacker"), "the page repeats nothing of the request");
        assert!(answer.text.contains("default-src 'none'") && answer.text.contains("no-store"), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_second_callback_is_told_so() {
    let bench = Bench::start().await;
    // The token endpoint hangs, so that the log in is still going on when the second one comes.
    bench.lab.set_fault(Fault::TokenHang);
    bench.browser.next(Visit::Altered("alice", Arc::new(|home| vec![Hit::get(home.clone()), Hit::get(home)])));
    let draft = bench.draft(Operation::LogIn, None);
    let (step, ()) = tokio::join!(bench.run(&draft), async {
        bench.browser.done.notified().await;
        while redeemed(&bench) == 0 {
            tokio::task::yield_now().await;
        }
        bench.workbench.cancel("run");
    });
    assert_eq!(step.outcome, Outcome::Cancelled);
    let answers = bench.browser.answers();
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [200, 410]);
    assert!(answers[1].text.contains("This address has been used before"));
    assert_eq!(redeemed(&bench), 1, "the code is redeemed once");
}
