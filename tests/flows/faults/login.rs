//! Log ins that the user, the machine or the clock prevents, and ID tokens that do not hold.

use std::time::Duration;

use engine::workbench::Bounds;
use lab::Fault;
use oauth::progress::StageState;
use record::{audit::Outcome, operation::Operation};
use token::inspect::{TokenKind, Verification};

use crate::support::{Bench, browser::Visit, with};

#[tokio::test]
async fn a_denied_login_says_what_the_provider_said() {
    let bench = Bench::start().await;
    bench.browser.next(Visit::Deny);
    let step = bench.denied(&bench.draft(Operation::LogIn, None), "login-denied").await;
    assert!(step.problem.is_some_and(|text| text.contains("access_denied")));
    assert_eq!(step.tokens_out, Vec::<String>::new());
    bench.browser.done.notified().await;
    assert_eq!(bench.browser.answers()[0].status, 200, "the browser shows that one can go back");
}

#[tokio::test]
async fn a_refused_request_is_not_called_denied() {
    let bench = Bench::start().await;
    bench.browser.next(Visit::SignIn("alice"));
    let step = bench.denied(&with(bench.draft(Operation::LogIn, None), &[("scope", "openid unheard-of")]), "login-refused").await;
    assert!(step.problem.is_some_and(|text| text.contains("scope")));
}

#[tokio::test]
async fn a_cancelled_login_closes_its_listener() {
    let bench = Bench::start().await;
    bench.browser.next(Visit::Idle);
    let draft = bench.draft(Operation::LogIn, None);
    let (step, ()) = tokio::join!(bench.run(&draft), async {
        bench.browser.opened.notified().await;
        bench.workbench.cancel("run");
    });
    assert_eq!((step.outcome, step.problem_id.as_deref()), (Outcome::Cancelled, Some("cancelled")));
    assert_eq!(bench.workbench.login_address("run"), None);
    assert!(bench.workbench.open_again("run").is_err());
    let home = bench
        .browser
        .address()
        .query_pairs()
        .find(|(name, _)| name == "redirect_uri")
        .map(|(_, value)| value.into_owned())
        .expect("a redirect_uri");
    let port = url::Url::parse(&home).expect("an address").port().expect("a port");
    // Nobody listens there any more; the listener's task needs a turn to end.
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
        tokio::task::yield_now().await;
    }
    bench.log_in("alice").await;
}

#[tokio::test]
async fn a_browser_that_never_comes_back_is_given_up() {
    let bench = Bench::bounded(Bounds { login: Duration::from_millis(50), ..Bounds::default() }).await;
    bench.browser.next(Visit::Idle);
    let step = bench.fails(&bench.draft(Operation::LogIn, None), "login-timed-out").await;
    assert!(step.problem.is_some_and(|text| text.starts_with("The browser did not come back within ")));
    let states: Vec<StageState> = bench.told().last().expect("progress").stages.iter().map(|stage| stage.state).collect();
    assert_eq!(states[3], StageState::Failed);
}

#[tokio::test]
async fn without_a_browser_the_address_can_be_copied_and_tried_again() {
    let bench = Bench::start().await;
    bench.browser.next(Visit::Missing);
    let draft = bench.draft(Operation::LogIn, None);
    let (step, ()) = tokio::join!(bench.run(&draft), async {
        while !bench.told().last().is_some_and(|progress| progress.browser_failed) {
            tokio::task::yield_now().await;
        }
        let progress = bench.told().pop().expect("progress");
        assert!(
            progress.detail.contains("no program is set for links") && progress.detail.contains("Copy the address"),
            "{}",
            progress.detail
        );
        assert_eq!(progress.stages[2].state, StageState::Failed);
        let address = bench.workbench.login_address("run").expect("the address to copy");
        assert_eq!(address.expose(), bench.browser.address().as_str());
        assert_eq!(bench.workbench.open_again("run"), Err("no program is set for links".into()));
        bench.browser.next(Visit::SignIn("alice"));
        bench.workbench.open_again("run").expect("now there is one");
    });
    assert_eq!(step.outcome, Outcome::Success, "the log in waited: {:?}", step.problem);
    assert_eq!(bench.browser.opened_times(), 3);
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let mut bench = Bench::start().await;
    let other = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = other.local_addr().expect("an address").port();
    bench.profile.redirect.port = port;
    bench.browser.next(Visit::SignIn("alice"));
    let step = bench.fails(&bench.draft(Operation::LogIn, None), "port-in-use").await;
    assert!(step.problem.is_some_and(|text| text.contains(&format!("Port {port} on 127.0.0.1 is taken"))));
    assert_eq!((step.client.as_deref(), bench.browser.opened_times()), (Some("frontend"), 0));
    drop(other);
    bench.log_in("alice").await;
    assert!(bench.browser.address().as_str().contains(&format!("127.0.0.1%3A{port}%2Fcallback")), "the fixed port is used");
}

#[tokio::test]
async fn a_clock_an_hour_off_is_told_from_a_bad_token() {
    let bench = Bench::start().await;
    // Ten seconds more than the hour: the server's clock shows whole seconds, and answers take a moment.
    for (ahead, problem, way) in [(3610, "id-token-expired", "fast"), (-3610, "id-token-future", "slow")] {
        bench.clock.set_ahead(ahead);
        bench.browser.next(Visit::SignIn("alice"));
        let step = bench.fails(&bench.draft(Operation::LogIn, None), problem).await;
        let told = format!("this computer's clock is 1 h {way}");
        assert!(step.problem.as_ref().is_some_and(|text| text.contains(&told)), "{:?}", step.problem);
    }
    bench.clock.set_ahead(30);
    bench.log_in("alice").await;
}

#[tokio::test]
async fn an_id_token_that_does_not_hold_ends_the_login() {
    let bench = Bench::start().await;
    for (fault, problem) in [
        (Fault::IdTokenWrongNonce, "id-token-nonce"),
        (Fault::IdTokenWrongAudience, "id-token-audience"),
        (Fault::IdTokenWrongIssuer, "id-token-issuer"),
        (Fault::IdTokenBadSignature, "id-token-signature"),
        (Fault::IdTokenAlgNone, "id-token-alg-none"),
    ] {
        bench.lab.set_fault(fault);
        bench.browser.next(Visit::SignIn("alice"));
        let step = bench.fails(&bench.draft(Operation::LogIn, None), problem).await;
        let left: Vec<_> = step.tokens_out.iter().map(|id| bench.token(id)).collect();
        assert_eq!(left.iter().map(|token| token.kind).collect::<Vec<_>>(), [TokenKind::Id], "only the token to look at is left");
        assert!(left[0].evidence_only);
        if fault == Fault::IdTokenAlgNone {
            assert_eq!(left[0].verification, Verification::Unsecured);
        }
    }
}

#[tokio::test]
async fn keys_that_cannot_be_read_leave_the_id_token_unverified_and_said_so() {
    let mut bench = Bench::start().await;
    bench.profile.provider.endpoints.jwks = format!("{}/nowhere", bench.lab.description().provider);
    bench.workbench.forget_servers().await;
    bench.browser.next(Visit::SignIn("alice"));
    let step = bench.run(&bench.draft(Operation::LogIn, None)).await;
    assert_eq!(
        (step.outcome, step.problem_id.as_deref()),
        (Outcome::Failed, Some("id-token-not-verified")),
        "{:?}",
        step.problem
    );
    assert!(step.problem.as_ref().is_some_and(|text| text.contains("answered 404")), "{:?}", step.problem);
    assert_eq!(step.headline, "Tokens came, and nobody could check who logged in");
    let token = bench.made(&step, TokenKind::Id);
    assert!(
        matches!(&token.verification, Verification::Unverifiable { reason } if reason.contains("answered 404")),
        "{:?}",
        token.verification
    );
    assert!(bench.workbench.raw_token(&bench.made(&step, TokenKind::Access).id).is_ok(), "the tokens are kept");
}
