//! What was sent stands in the journal, whatever becomes of the step, and whatever earlier records look like.

use std::time::Duration;

use oauth::profile::{Client, Endpoints, Profile, Provider};
use record::{
    audit::Outcome,
    operation::{Draft, Operation},
};
use token::text::Pair;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::bench::{Bench, Page, bench};

const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSIsImp0aSI6ImoiLCJzaWQiOiJzIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2ln";

/// A profile whose introspection endpoint is at an address, and the draft that asks it about a pasted token.
fn asking(bench: &Bench, url: &str) -> (Profile, Draft) {
    let issuer = url.rsplit_once('/').expect("a path").0.to_owned();
    let endpoints = Endpoints { introspection: url.into(), ..Endpoints::default() };
    let provider = Provider { issuer, endpoints, ..Provider::default() };
    let clients = vec![Client { client_id: "app".into(), ..Client::default() }];
    let profile = Profile { id: "p".into(), provider, clients, ..Profile::default() };
    let (pasted, _) = bench.workbench.paste(TOKEN).expect("a token");
    let values = [("token", format!("token:{}", pasted[0])), ("client", "app".into())];
    let values = values.map(|(name, value)| Pair { name: name.into(), value }).into();
    (profile, Draft { operation: Operation::Introspect, profile: "p".into(), values, extra: Vec::new() })
}

/// Runs a draft that the user confirmed, so that a pasted token may go where it is sent.
async fn run(bench: &Bench, draft: &Draft, profile: &Profile) -> record::audit::Step {
    let draft = bench.workbench.confirmed(draft, profile).await.expect("confirmed");
    bench.workbench.run("run", &draft, profile, &|_| {}).await.expect("a step, whatever the memory is like")
}

#[tokio::test]
async fn memory_that_cannot_be_read_is_unknown_and_the_step_is_kept() {
    let bench = bench();
    let page = Page::serve("{\"error\":\"invalid_client\"}".into()).await;
    page.put(401, "{\"error\":\"invalid_client\"}".into());
    let (profile, draft) = asking(&bench, &page.url);
    let whole = run(&bench, &draft, &profile).await;
    assert_eq!(whole.outcome, Outcome::Refused, "{:?}", whole.problem);
    for damage in [
        "DROP TRIGGER bodies_stay; UPDATE bodies SET body = x'00ff'; UPDATE facts SET client = x'00', reported = 7",
        "UPDATE tokens SET view = '{', jti = x'ff', sid = 7",
        "ALTER TABLE events RENAME TO events_away",
        "ALTER TABLE tokens RENAME TO tokens_away",
    ] {
        let before = bench.workbench.journal.steps().expect("readable");
        let other = bench.journal();
        other.execute_batch(damage).expect(damage);
        drop(other);
        let step = run(&bench, &draft, &profile).await;
        assert_eq!(step.outcome, Outcome::Refused, "{damage}");
        assert_eq!(bench.workbench.journal.steps().expect("readable"), before + 1, "{damage}");
        let sent: String = bench
            .journal()
            .query_row("SELECT body FROM bodies WHERE step = ?", [step.id], |row| row.get(0))
            .expect("the step's record");
        assert!(sent.contains("invalid_client") && sent.contains("POST"), "{damage}: {sent}");
    }
}

#[tokio::test]
async fn a_step_whose_app_is_ended_while_it_waits_leaves_its_record() {
    let bench = bench();
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("http://{}/introspect", silent.local_addr().expect("an address"));
    let (profile, draft) = asking(&bench, &url);
    let draft = bench.workbench.confirmed(&draft, &profile).await.expect("confirmed");
    // What is dropped goes on no further, as in a process that is killed.
    let waiting = bench.workbench.run("run", &draft, &profile, &|_| {});
    let held = async {
        let taken = silent.accept().await.expect("a connection");
        tokio::time::sleep(Duration::from_millis(50)).await;
        taken
    };
    tokio::select! {
        ended = waiting => panic!("nobody answered: {ended:?}"),
        taken = held => drop(taken),
    }
    let again = bench.started_again();
    let last = again.journal.last_step().expect("readable").expect("there is one");
    let step = again.journal.step(last).expect("readable").expect("it is kept");
    assert_eq!((step.outcome, step.problem_id.as_deref()), (Outcome::Unknown, Some("interrupted")));
    assert_eq!((step.client.as_deref(), step.tokens_in.len()), (Some("app"), 1));
    assert_eq!(step.draft.as_ref().map(|kept| kept.values.len()), Some(draft.values.len()));
    let [sent] = step.exchanges.as_slice() else { panic!("the request is kept: {:?}", step.exchanges) };
    assert_eq!((sent.method.as_str(), sent.url.as_str(), sent.status), ("POST", url.as_str(), None));
    assert!(sent.failure.is_some() && step.main_exchange == Some(sent.seq) && !sent.request.is_empty());
    assert_eq!(rows_of_errors(&again), 0, "nobody knows of an error");
    assert!(!bench.written().contains(TOKEN), "and no token in it");
    let rows = again.journal.rows(&record::audit::AuditQuery { limit: 10, ..Default::default() }).expect("rows");
    assert_eq!(rows.first().map(|row| (row.outcome, row.outcome_text.as_str())), Some((Outcome::Unknown, "interrupted")));
}

/// Steps that the chip Errors shows.
fn rows_of_errors(workbench: &engine::workbench::Workbench) -> usize {
    let query = record::audit::AuditQuery { chips: vec!["errors".into()], limit: 10, ..Default::default() };
    workbench.journal.rows(&query).expect("rows").len()
}

#[tokio::test]
async fn what_a_server_gave_is_there_though_it_cannot_be_written_down() {
    let bench = bench();
    let server = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("http://{}/token", server.local_addr().expect("an address"));
    let provider = Provider { endpoints: Endpoints { token: url.clone(), ..Endpoints::default() }, ..Provider::default() };
    let clients = vec![Client { client_id: "app".into(), ..Client::default() }];
    let profile = Profile { id: "p".into(), provider, clients, ..Profile::default() };
    let values = vec![Pair { name: "client".into(), value: "app".into() }];
    let draft = Draft { operation: Operation::ClientCredentials, profile: "p".into(), values, extra: Vec::new() };
    let answer = async {
        let (mut stream, _) = server.accept().await.expect("a connection");
        let mut request = [0; 4096];
        assert!(stream.read(&mut request).await.expect("a request") > 0);
        // From here on the journal takes nothing, as on a full disk.
        let full = "CREATE TRIGGER full BEFORE UPDATE ON steps BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
        bench.journal().execute_batch(full).expect("made");
        let body = format!("{{\"access_token\":\"{TOKEN}\",\"token_type\":\"Bearer\"}}");
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).await.expect("sent");
        stream
    };
    let (step, _stream) = tokio::join!(bench.workbench.run("run", &draft, &profile, &|_| {}), answer);
    let step = step.expect("the step is shown");
    assert_eq!((step.outcome, step.status), (Outcome::Success, Some(200)));
    let remark = step.surprises.first().expect("it says so");
    assert!(remark.id == "not-recorded" && remark.cause.contains("disk is full"), "{remark:?}");
    let [token] = step.tokens_out.as_slice() else { panic!("one token: {:?}", step.tokens_out) };
    assert!(bench.workbench.tokens().iter().any(|held| held.id == *token && !held.evidence_only), "it can be used");
    let left = bench.workbench.journal.step(step.id).expect("readable").expect("its note");
    assert_eq!(left.outcome, Outcome::Unknown);
}

#[tokio::test]
async fn a_step_that_cannot_be_noted_is_not_sent() {
    let bench = bench();
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("http://{}/introspect", silent.local_addr().expect("an address"));
    let (profile, draft) = asking(&bench, &url);
    let draft = bench.workbench.confirmed(&draft, &profile).await.expect("confirmed");
    let full = "CREATE TRIGGER full BEFORE INSERT ON steps BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
    bench.journal().execute_batch(full).expect("made");
    let refused = bench.workbench.run("run", &draft, &profile, &|_| {}).await.expect_err("it is not run");
    assert!(refused.to_string().contains("disk is full"), "{refused}");
    assert!(tokio::time::timeout(Duration::from_millis(50), silent.accept()).await.is_err(), "nobody was asked");
}

#[tokio::test]
async fn a_step_that_was_cancelled_is_complete() {
    let bench = bench();
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let url = format!("http://{}/introspect", silent.local_addr().expect("an address"));
    let (profile, draft) = asking(&bench, &url);
    let draft = bench.workbench.confirmed(&draft, &profile).await.expect("confirmed");
    let cancel = async {
        let taken =
            tokio::time::timeout(Duration::from_secs(5), silent.accept()).await.expect("it is sent").expect("a connection");
        bench.workbench.cancel("run");
        taken
    };
    let (step, _taken) = tokio::join!(bench.workbench.run("run", &draft, &profile, &|_| {}), cancel);
    let step = step.expect("a step");
    assert_eq!(step.outcome, Outcome::Cancelled);
    assert_eq!(step.exchanges.iter().map(|sent| sent.url.as_str()).collect::<Vec<_>>(), [url.as_str()], "it was sent");
    assert!(step.advice.as_deref().is_some_and(|advice| advice.starts_with("It may have been done")), "{:?}", step.advice);
    assert_eq!(bench.workbench.journal.step(step.id).expect("readable"), Some(step));
    assert_eq!(bench.workbench.journal.steps().expect("readable"), 1, "the note of its beginning is none of its own");
}
