//! A token endpoint that answers what it should not, or not at all.

use std::time::Duration;

use engine::{
    flow::RunFault,
    workbench::{Bounds, Limits},
};
use lab::Fault;
use record::{
    audit::Outcome,
    operation::{Draft, Operation},
};

use crate::support::{Bench, browser::Visit, server::nobody, with};

fn application(bench: &Bench) -> Draft {
    with(bench.draft(Operation::ClientCredentials, None), &[("client", "orders-batch")])
}

#[tokio::test]
async fn answers_that_are_no_token() {
    let bench = Bench::start().await;
    for (fault, problem, status, part) in [
        (Fault::TokenServerError, "token-server-error-html", 500, "HTML error page"),
        (Fault::TokenInvalidJson, "token-invalid-json", 200, "not valid JSON"),
        (Fault::TokenErrorWithOk, "token-error-with-200", 200, "temporarily_unavailable"),
        (Fault::TokenRedirect, "token-redirect", 302, "it was not followed"),
    ] {
        bench.lab.set_fault(fault);
        let step = bench.fails(&application(&bench), problem).await;
        assert!(step.problem.as_ref().is_some_and(|text| text.contains(part)), "{:?}", step.problem);
        assert_eq!(step.status, Some(status));
        assert_eq!(step.words.expect("what the server said is kept").status, status);
        assert_eq!(step.exchanges.len(), 1);

        // The same while a code is redeemed.
        bench.browser.next(Visit::SignIn("alice"));
        bench.fails(&bench.draft(Operation::LogIn, None), problem).await;
    }
    assert!(
        bench.lab.received().iter().all(|request| !request.path.contains("elsewhere")),
        "credentials do not follow a redirect"
    );
}

#[tokio::test]
async fn an_endpoint_that_never_answers_is_given_up() {
    let usual = Limits { timeout: Duration::from_millis(200), ..Limits::USUAL };
    let bench = Bench::bounded(Bounds { usual, ..Bounds::default() }).await;
    bench.lab.set_fault(Fault::TokenHang);
    let step = bench.fails(&application(&bench), "timeout").await;
    assert_eq!(step.status, None);
    assert!(step.exchanges[0].failure.is_some());
}

#[tokio::test]
async fn a_request_under_way_can_be_stopped() {
    let bench = Bench::start().await;
    bench.lab.set_fault(Fault::TokenHang);
    let before = bench.lab.received().len();
    let draft = application(&bench);
    let (step, ()) = tokio::join!(bench.run(&draft), async {
        while bench.lab.received().len() == before {
            tokio::task::yield_now().await;
        }
        bench.workbench.cancel("run");
    });
    assert_eq!((step.outcome, step.problem_id.as_deref(), step.status), (Outcome::Cancelled, Some("cancelled"), None));
    bench.workbench.cancel("run");
    bench.lab.set_fault(Fault::None);
    bench.done(&draft).await;
}

#[tokio::test]
async fn servers_that_cannot_be_reached_or_trusted() {
    let mut bench = Bench::start().await;
    let gone = nobody();
    bench.profile.provider.endpoints.token = format!("{}/token", gone.base);
    bench.agree();
    let step = bench.fails(&application(&bench), "unreachable").await;
    assert_eq!((step.status, step.exchanges.len()), (None, 1));

    let gateway = with(bench.draft(Operation::ClientCredentials, None), &[("client", "orders-app")]);
    bench.profile.tls.ca_pem = String::new();
    let step = bench.fails(&gateway, "tls-unknown-ca").await;
    assert!(step.advice.is_some_and(|text| text.contains("Nothing has to be switched off")));
    let url = format!("{}/catalog/1.0/items", bench.lab.description().gateway);
    let call = with(bench.draft(Operation::CallApi, None), &[("url", &url), ("token", "")]);
    bench.fails(&call, "tls-unknown-ca").await;
    bench.profile.tls.danger_accept_any_certificate = true;
    assert_eq!(bench.run(&call).await.status, Some(401), "only the loud switch goes on without trust");
}

#[tokio::test]
async fn what_is_not_filled_in_is_said_at_its_field_and_nothing_is_sent() {
    let bench = Bench::start().await;
    let (before, steps) = (bench.lab.received().len(), bench.workbench.journal.steps().expect("the journal"));
    let call = bench.draft(Operation::CallApi, None);
    for (draft, field) in [
        (with(call.clone(), &[("url", "orders")]), "url"),
        (with(call.clone(), &[("url", "http://api.example.org/")]), "url"),
        (with(call.clone(), &[("url", "https://h/"), ("headers", "no colon")]), "headers"),
        (with(call, &[("url", "https://h/"), ("token", "token:t-gone")]), "token"),
        (with(application(&bench), &[("client", "nobody")]), "client"),
        (with(bench.draft(Operation::TokenExchange, None), &[("client", "portal")]), "subject_token"),
    ] {
        match bench.try_run(&draft).await {
            Err(RunFault::Fields(faults)) => assert!(faults.iter().any(|fault| fault.field == field), "{field}: {faults:?}"),
            other => panic!("{field} is wrong: {other:?}"),
        }
        let preview = bench.workbench.preview(&draft, &bench.profile).await.expect("a preview");
        assert!(preview.faults.iter().any(|fault| fault.field == field), "the preview says it before: {:?}", preview.faults);
    }
    assert_eq!((bench.lab.received().len(), bench.workbench.journal.steps().expect("the journal")), (before, steps));
}

#[tokio::test]
async fn a_wrong_secret_is_told_from_a_wrong_grant() {
    let bench = Bench::start().await;
    bench.workbench.secrets.overlay(&bench.profile, [("orders-batch".to_owned(), token::secret::Secret::new("wrong"))]);
    bench.workbench.forget_secrets();
    let (_, id) = bench.refused(&application(&bench), 401, "unauthorized_client").await;
    assert_eq!(id, "kc-client-secret");
    bench.workbench.secrets.overlay(&bench.profile, []);
    bench.workbench.forget_secrets();
    match bench.try_run(&application(&bench)).await {
        Err(RunFault::Fields(faults)) => {
            assert!(faults[0].message.contains("secret of orders-batch is not at hand"), "{faults:?}")
        }
        other => panic!("no secret is at hand: {other:?}"),
    }
}
