//! What stands in the record: server events joined to steps, pages and filters, the sequence, and what a restart leaves.

use engine::events::SearchFault;
use oauth::events::{self, EventFilter};
use record::{
    audit::{Actor, AuditQuery, JoinedBy, Outcome, Step},
    operation::Operation,
};
use token::inspect::TokenKind;

use crate::support::{
    Bench,
    browser::Visit,
    server::{PageServer, response},
    with,
};

/// Log in, exchange, a refused exchange, user token, call.
async fn main_job(bench: &Bench) -> Vec<Step> {
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access).id;
    let exchange = bench.done(&bench.draft(Operation::TokenExchange, Some(&subject))).await;
    let refused = bench.run(&with(bench.draft(Operation::TokenExchange, Some(&subject)), &[("client", "reporting")])).await;
    let mapped = bench.done(&bench.draft(Operation::JwtBearer, None)).await;
    let user = bench.made(&mapped, TokenKind::Access);
    let url = format!("{}/orders/1.0/orders", bench.lab.description().gateway);
    let call = bench.done(&with(bench.draft(Operation::CallApi, Some(&user.id)), &[("url", &url)])).await;
    vec![login, exchange, refused, mapped, call]
}

fn query() -> AuditQuery {
    AuditQuery { limit: 100, ..AuditQuery::default() }
}

#[tokio::test]
async fn the_gateways_own_exchange_belongs_to_the_call() {
    let bench = Bench::start().await;
    let steps = main_job(&bench).await;
    bench.workbench.read_events(&bench.profile).await.expect("the journal takes events");
    let call = bench.workbench.journal.step(steps[4].id).expect("readable").expect("there");
    let exchange = call.events.iter().find(|event| event.event_type == "TOKEN_EXCHANGE");
    assert_eq!(exchange.and_then(|event| event.joined_by), Some(JoinedBy::TokenId), "{:?}", call.events);
}

#[tokio::test]
async fn events_that_cannot_be_read_say_why() {
    let mut bench = Bench::start().await;
    bench.profile.clients.retain(|client| !client.events);
    let read = bench.workbench.read_events(&bench.profile).await.expect("the journal");
    assert!(read.problem.is_some_and(|text| text.contains("view-events")));
    bench.profile.provider.events = String::new();
    let read = bench.workbench.read_events(&bench.profile).await.expect("the journal");
    assert!(read.problem.is_some_and(|text| text.contains("no events address")));
}

#[tokio::test]
async fn a_search_goes_back_page_by_page_and_filters() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access).id;
    // More than one page of events of one type.
    for _ in 0..(events::PAGE + 20) {
        bench.run(&with(bench.draft(Operation::TokenExchange, Some(&subject)), &[("client", "reporting")])).await;
    }
    let search = async |filter: EventFilter| bench.workbench.search_events(&bench.profile, &filter).await.expect("the journal");
    let refused = search(EventFilter { types: vec!["TOKEN_EXCHANGE_ERROR".into()], ..EventFilter::default() }).await;
    assert_eq!((refused.problem.as_deref(), refused.covered, refused.reader.as_str()), (None, true, "audit-reader"));
    assert_eq!(usize::try_from(refused.read).expect("few"), events::PAGE + 20);
    let named = search(EventFilter { user: "alice".into(), types: vec!["LOGIN".into()], ..EventFilter::default() }).await;
    assert_eq!((named.read, named.new), (1, 1));
    assert_eq!(search(EventFilter { client: "nobody".into(), ..EventFilter::default() }).await.read, 0);
    assert_eq!(search(EventFilter { to_ms: Some(1), ..EventFilter::default() }).await.read, 0);
    assert_eq!(search(EventFilter { admin: true, ..EventFilter::default() }).await.problem, None);
    let lower = EventFilter { types: vec!["login".into()], ..EventFilter::default() };
    let wrong = bench.workbench.search_events(&bench.profile, &lower).await;
    assert!(matches!(wrong, Err(SearchFault::Fields(faults)) if faults[0].field == "types"));
}

#[tokio::test]
async fn older_servers_are_asked_by_days_and_unknown_types_are_named() {
    let mut bench = Bench::start().await;
    let server = PageServer::start().await;
    bench.profile.provider.events = format!("{}/admin/realms/lab/events", server.base);
    bench.agree();
    let put = |query: &str, status: u16, body: &str| {
        server.put(&format!("/admin/realms/lab/events?{query}"), response(status, "application/json", body));
    };
    let complaint = r#"{"errorMessage":"Invalid value for 'dateFrom', expected format is yyyy-MM-dd"}"#;
    put("first=0&max=200&dateFrom=1763640000123", 400, complaint);
    let events = r#"[{"time":1763640000200,"type":"LOGIN","clientId":"a"},{"time":1763600000000,"type":"LOGIN","clientId":"b"}]"#;
    put("first=0&max=200&dateFrom=2025-11-20", 200, events);
    let search = async |filter: EventFilter| bench.workbench.search_events(&bench.profile, &filter).await.expect("the journal");
    let read = search(EventFilter { from_ms: Some(1_763_640_000_123), ..EventFilter::default() }).await;
    assert_eq!((read.problem, read.read, read.covered), (None, 1, true), "the day began before the moment that was meant");

    put("first=0&max=200&type=BRAND_NEW", 500, r#"{"error":"unknown_error"}"#);
    let unknown = search(EventFilter { types: vec!["BRAND_NEW".into()], ..EventFilter::default() }).await;
    assert_eq!(unknown.problem_id, Some("unknown-type"));
    assert!(unknown.problem.is_some_and(|text| text.contains("does not know the event type BRAND_NEW")));
    put("first=0&max=200&type=LOGIN", 200, "<html>");
    let html = search(EventFilter { types: vec!["LOGIN".into()], ..EventFilter::default() }).await;
    assert_eq!(html.problem_id, Some("unreadable"));
    bench.profile.provider.events = format!("{}/elsewhere", server.base);
    let elsewhere = bench.workbench.read_events(&bench.profile).await.expect("the journal");
    assert_eq!(elsewhere.problem_id, Some("no-address"));
}

#[tokio::test]
async fn a_users_token_reads_only_with_the_right() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let alice = bench.made(&login, TokenKind::Access).id;
    bench.workbench.choose_reader(&bench.profile.id, Some(alice.clone())).await;
    let read = bench.workbench.read_events(&bench.profile).await.expect("the journal");
    assert_eq!(read.problem_id, Some("forbidden"));
    assert!(read.problem.is_some_and(|text| text.starts_with("the token of alice may not read this (403)")));
    let settings = bench.workbench.event_settings(&bench.profile).await.expect_err("alice has no right");
    assert_eq!(settings.id, "forbidden");
    bench.clock.set_ahead(600);
    let expired = bench.workbench.read_events(&bench.profile).await.expect("the journal");
    assert_eq!(expired.problem_id, Some("reader-expired"));
    bench.clock.set_ahead(0);
    bench.workbench.remove_token(&alice).expect("the journal");
    bench.workbench.choose_reader(&bench.profile.id, Some("t-gone".into())).await;
    let gone = bench.workbench.read_events(&bench.profile).await.expect("the journal");
    assert_eq!(gone.problem_id, Some("reader-gone"));
    bench.workbench.choose_reader(&bench.profile.id, None).await;
    let (settings, advice) = bench.workbench.event_settings(&bench.profile).await.expect("the service account has it");
    assert!(settings.events_enabled && advice.is_empty(), "{advice:?}");
}

#[tokio::test]
async fn the_timeline_is_filtered_counted_and_paged() {
    let bench = Bench::start().await;
    let steps = main_job(&bench).await;
    bench.workbench.read_events(&bench.profile).await.expect("the journal takes events");
    let page = |query: AuditQuery| bench.workbench.journal.page(&query).expect("a page");

    let all = page(query());
    assert_eq!((all.matching, all.total), (all.total, u32::try_from(all.rows.len()).expect("few")));
    let times: Vec<i64> = all.rows.iter().filter(|row| !row.is_event).filter_map(|row| row.step).collect();
    assert!(times.windows(2).all(|pair| pair[0] > pair[1]), "newest step first: {times:?}");
    assert!(all.bins.iter().map(|bin| bin.steps + bin.events).sum::<u32>() == all.total, "every row is in a bar");

    let chip = |name: &str| page(AuditQuery { chips: vec![name.into()], ..query() });
    assert!(chip("logins").rows.iter().any(|row| !row.is_event && row.step == Some(steps[0].id)));
    let errors = chip("errors");
    assert!(errors.rows.iter().all(|row| row.outcome != Outcome::Success));
    assert!(
        errors.rows.iter().any(|row| row.step == Some(steps[2].id) && row.outcome_text == "403 access_denied"),
        "{:?}",
        errors.rows
    );
    assert!(chip("server_events").rows.iter().all(|row| row.is_event));
    for count in &all.chips {
        assert_eq!(chip(&count.chip).matching, count.count, "{}", count.chip);
    }

    let wanted = times[times.len() / 2];
    let one = page(AuditQuery { search: format!("Step {wanted}"), ..query() });
    assert!(!one.rows.is_empty() && one.rows.iter().all(|row| row.step == Some(wanted)), "{:?}", one.rows);
    let found = page(AuditQuery { search: "reporting access_denied".into(), ..query() });
    assert_eq!(found.rows.iter().filter(|row| !row.is_event).filter_map(|row| row.step).collect::<Vec<_>>(), [steps[2].id]);
    let lineage = page(AuditQuery { lineage: Some(steps[1].tokens_out[0].clone()), ..query() });
    let lineage: Vec<i64> = lineage.rows.iter().filter(|row| !row.is_event).filter_map(|row| row.step).collect();
    assert!(lineage.contains(&steps[0].id) && lineage.contains(&steps[1].id), "{lineage:?}");

    let first = page(AuditQuery { limit: 2, ..query() });
    let second = page(AuditQuery { limit: 2, offset: 2, ..query() });
    assert_eq!([first.rows, second.rows].concat(), all.rows[..4]);
    assert_eq!(page(AuditQuery { to_ms: Some(1), ..query() }).rows, []);
    assert_eq!(page(AuditQuery { profile: Some("other".into()), ..query() }).rows, []);
    assert_eq!(page(AuditQuery { search: "\" OR 1=1; --".into(), ..query() }).rows, [], "what is typed is words, not SQL");
}

#[tokio::test]
async fn a_run_is_drawn_with_all_who_took_part() {
    let bench = Bench::start().await;
    let steps = main_job(&bench).await;
    let run = bench.workbench.journal.current_run(&bench.profile.id, 40).expect("the journal");
    assert_eq!(run, steps.iter().map(|step| step.id).collect::<Vec<_>>(), "from the log in on, without the discovery before it");

    let drawn = record::sequence::sequence(&steps, &bench.profile.places());
    let lanes: Vec<Actor> = drawn.lanes.iter().map(|lane| lane.actor).collect();
    assert_eq!(lanes, [Actor::Browser, Actor::Claimscope, Actor::Gateway, Actor::Portal, Actor::Provider, Actor::Api]);
    let port = bench.lab.description().provider.rsplit(':').next().expect("a port").to_owned();
    assert_eq!(drawn.lanes[4].note, port);
    let arrows: Vec<(Actor, Actor, bool)> = drawn.scenes[0]
        .arrows
        .iter()
        .map(|arrow| (arrow.exchange.from, arrow.exchange.to, arrow.exchange.through_browser))
        .collect();
    assert_eq!(
        arrows[..4],
        [
            (Actor::Claimscope, Actor::Browser, true),
            (Actor::Browser, Actor::Provider, true),
            (Actor::Browser, Actor::Claimscope, true),
            (Actor::Claimscope, Actor::Provider, false),
        ]
    );
    assert!(drawn.summary.contains("one refused"), "{}", drawn.summary);

    bench.log_in("bob").await;
    assert_eq!(
        bench.workbench.journal.current_run(&bench.profile.id, 40).expect("the journal").len(),
        1,
        "a log in begins a new run"
    );
}

#[tokio::test]
async fn a_restart_leaves_evidence_that_cannot_be_sent() {
    let mut bench = Bench::start().await;
    let steps = main_job(&bench).await;
    let before = bench.workbench.tokens();
    bench.reopen();
    let after = bench.workbench.tokens();
    assert_eq!(after.iter().map(|token| &token.id).collect::<Vec<_>>(), before.iter().map(|token| &token.id).collect::<Vec<_>>());
    assert!(after.iter().all(|token| token.evidence_only));
    let access = &steps[0].tokens_out[0];
    assert_eq!(bench.claims(access)["preferred_username"], "alice");
    assert_eq!(bench.workbench.raw_token(access).expect_err("no text is left").id, "evidence-only");
    let pair = [access.clone(), steps[1].tokens_out[0].clone()];
    let compared = bench.workbench.compare(&pair, None, Some(&bench.profile)).expect("evidence can be compared");
    assert_eq!(compared.comparison.pairs[0].verdicts, steps[1].verdicts);
    let draft = with(bench.draft(Operation::TokenExchange, None), &[("subject_token", &format!("token:{access}"))]);
    assert!(bench.try_run(&draft).await.is_err(), "and not be sent");
    assert_eq!(bench.workbench.journal.steps().expect("the journal"), 6);
    bench.browser.next(Visit::Idle);
}
