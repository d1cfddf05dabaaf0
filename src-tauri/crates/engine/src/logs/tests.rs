//! Opening, filtering, joining: against a plain filter over the same lines.

use std::{fmt::Write as _, fs};

use record::{
    audit::{Exchange, JoinedBy, Step},
    join::StepKey,
    logs::{LogFacet, LogKind, LogPhase, LogQuery, LogSource},
    operation::Operation,
};

use super::*;

const TYPES: [&str; 4] = ["LOGIN", "CODE_TO_TOKEN", "TOKEN_EXCHANGE", "TOKEN_EXCHANGE_ERROR"];

/// A log of `events` events, one a second from 14:00:00 on, with a stack trace after every seventh.
fn sample(events: usize) -> String {
    let mut text = String::from("2026-11-20 13:59:59,000 INFO  [io.quarkus] (main) Keycloak 26.7.5 on JVM started\n");
    for at in 0..events {
        let kind = TYPES[at % 4];
        let (level, error) = if at % 4 == 3 { ("WARN ", ", error=\"not_allowed\"") } else { ("DEBUG", "") };
        let _ = writeln!(
            text,
            "2026-11-20 14:{:02}:{:02},000 {level} [org.keycloak.events] (t) type=\"{kind}\", realmId=\"r\", realmName=\"demo\", clientId=\"Client-{}\", userId=\"u\", sessionId=\"s-{}\", ipAddress=\"10.0.0.1\"{error}, token_id=\"onrtac:{at:08}\", username=\"user-{}\"",
            at / 60 % 60,
            at % 60,
            at % 3,
            at / 4,
            at % 5,
        );
        if at % 7 == 6 {
            text.push_str("2026-11-20 14:00:00,000 ERROR [org.keycloak.Thing] (t) Uncaught server error\njava.lang.IllegalStateException: broken\n\tat org.keycloak.Thing.run(Thing.java:1)\n");
        }
    }
    text
}

fn opened(text: &str) -> (Logs, Arc<OpenLog>) {
    let logs = Logs::default();
    let log = logs.open(&LogSource::Text { text: text.into() }).expect("it opens");
    log.read(|| ());
    (logs, log)
}

fn page(log: &OpenLog, query: LogQuery) -> LogPage {
    log.page(&LogQuery { limit: 1000, ..query }).expect("a page")
}

fn search(words: &str) -> LogQuery {
    LogQuery { search: words.into(), ..LogQuery::default() }
}

#[test]
fn a_log_is_read_whole_and_shown_newest_first() {
    let text = sample(20);
    let (logs, log) = opened(&text);
    let state = logs.state();
    assert_eq!((state.phase, state.lines, state.records, state.events, state.attached), (LogPhase::Ready, 27, 23, 20, 4));
    assert_eq!((state.bytes_read, state.bytes_total), (text.len() as u64, text.len() as u64));
    assert!(state.zoneless && state.remarks.is_empty(), "{state:?}");
    let page = page(&log, LogQuery::default());
    assert_eq!((page.matching, page.total, page.rows.len()), (23, 23, 23));
    assert!(page.rows.windows(2).all(|pair| pair[0].time_ms >= pair[1].time_ms));
    let newest = &page.rows[0];
    assert_eq!(
        (newest.event_type.as_str(), newest.client.as_deref(), newest.line),
        ("TOKEN_EXCHANGE_ERROR", Some("Client-1"), 27)
    );
    assert_eq!((newest.error.as_deref(), newest.user.as_deref()), (Some("not_allowed"), Some("user-4")));
    let chips: Vec<u32> = page.chips.iter().map(|chip| chip.count).collect();
    assert_eq!(chips, [20, 7, 0, 3], "events, errors, joined, others");
}

#[test]
fn filters_find_what_a_plain_search_finds() {
    let (_logs, log) = opened(&sample(200));
    let found = |query: LogQuery| page(&log, query).matching;
    assert_eq!(found(search("token_exchange")), 100, "both kinds");
    assert_eq!(found(search("TYPE:error")), 50);
    assert_eq!(found(search("client:client-2 user:user-4")), (0..200).filter(|at| at % 3 == 2 && at % 5 == 4).count() as u32);
    assert_eq!(found(search("onrtac:00000042")), 1);
    assert_eq!(found(search("S-10 login")), 1, "a session and a type");
    assert_eq!(found(search("IllegalState")), 28, "in a stack trace");
    assert_eq!(found(search("client:user-4")), 0, "a word of another column");
    assert_eq!(found(search("nothing-like-it")), 0);
    let exactly = |event_type: &str| LogQuery { event_type: Some(event_type.into()), ..LogQuery::default() };
    assert_eq!((found(exactly("TOKEN_EXCHANGE")), found(exactly("token_exchange"))), (50, 0));
    let chips = |chips: &[&str]| LogQuery { chips: chips.iter().map(|chip| (*chip).into()).collect(), ..LogQuery::default() };
    assert_eq!((found(chips(&["errors"])), found(chips(&["others"])), found(chips(&["errors", "others"]))), (78, 29, 79));
    let from = log.page(&LogQuery { limit: 1, ..LogQuery::default() }).expect("a page").rows[0].time_ms - 9_000;
    assert_eq!(found(LogQuery { from_ms: Some(from), chips: vec!["events".into()], ..LogQuery::default() }), 10);
    assert_eq!(found(LogQuery { to_ms: Some(from), chips: vec!["events".into()], ..LogQuery::default() }), 190);
}

#[test]
fn a_choice_shows_what_other_choices_would_give() {
    let (_logs, log) = opened(&sample(40));
    let page = page(&log, LogQuery { event_type: Some("LOGIN".into()), client: Some("Client-0".into()), ..LogQuery::default() });
    let facet = |value: &str, count| LogFacet { value: value.into(), count };
    assert_eq!(page.matching, 4);
    let mut types = page.types.clone();
    types.sort_by(|a, b| a.value.cmp(&b.value));
    assert_eq!(
        types,
        [facet("CODE_TO_TOKEN", 3), facet("LOGIN", 4), facet("TOKEN_EXCHANGE", 3), facet("TOKEN_EXCHANGE_ERROR", 4)]
    );
    let mut clients = page.clients.clone();
    clients.sort_by(|a, b| a.value.cmp(&b.value));
    assert_eq!(clients, [facet("Client-0", 4), facet("Client-1", 3), facet("Client-2", 3)]);
    assert_eq!(page.bins.iter().map(|bin| bin.events).sum::<u32>(), 4);
}

#[test]
fn pages_go_on_where_the_last_ended() {
    let (_logs, log) = opened(&sample(200));
    let whole = page(&log, search("client-1"));
    let mut parts = Vec::new();
    while parts.len() < whole.rows.len() {
        let page = log.page(&LogQuery { offset: parts.len() as u32, limit: 7, ..search("client-1") }).expect("a page");
        assert!(!page.rows.is_empty());
        parts.extend(page.rows);
    }
    assert_eq!(parts, whole.rows);
}

#[test]
fn a_line_is_shown_whole_with_its_stack_trace_and_without_secrets() {
    let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";
    let text = format!(
        "{}2026-11-20 15:00:00,000 ERROR [x.Y] (t) Bearer {jwt} refused\njava.lang.Error: {jwt}\n\tat x.Y.z(Y.java:3)\n",
        sample(3)
    );
    let (_logs, log) = opened(&text);
    let newest = page(&log, LogQuery::default()).rows[0].clone();
    let line = log.line(newest.row).expect("a line");
    assert_eq!((line.text.len(), line.row.lines, line.hidden, line.logger.as_str()), (3, 3, 0, "x.Y"));
    let shown = format!("{line:?}");
    assert!(!shown.contains("c2lnbmF0dXJl") && shown.contains("Y.java:3"), "{shown}");
    let event = log.line(1).expect("a line");
    assert_eq!(event.fields.iter().map(|pair| pair.name.as_str()).take(3).collect::<Vec<_>>(), ["type", "realmId", "realmName"]);
    assert_eq!(log.line(99).map_err(|fault| fault.id), Err("no-such-line"));
}

#[test]
fn several_files_are_one_log_in_order_of_time() {
    let folder = tempfolder("several");
    let (older, newer) = (folder.join("keycloak.log.1"), folder.join("keycloak.log"));
    fs::write(&older, "2026-11-20 10:00:00,000 INFO  [a] (t) older\n2026-11-20 12:00:00,000 INFO  [a] (t) last\n")
        .expect("written");
    fs::write(&newer, "2026-11-20 11:00:00,000 INFO  [a] (t) newer\n").expect("written");
    let logs = Logs::default();
    let paths = [&newer, &older].map(|path| path.display().to_string()).to_vec();
    let log = logs.open(&LogSource::Files { paths }).expect("it opens");
    log.read(|| ());
    let rows = page(&log, LogQuery::default()).rows;
    assert_eq!(rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["last", "newer", "older"]);
    assert_eq!(rows.iter().map(|row| (row.file, row.line)).collect::<Vec<_>>(), [(1, 2), (0, 1), (1, 1)]);
    // The server began a new file in the old one's place.
    fs::write(&older, "x").expect("written");
    assert_eq!(log.page(&LogQuery { limit: 10, ..LogQuery::default() }).map_err(|fault| fault.id), Err("changed"));
    let _ = fs::remove_dir_all(folder);
}

#[test]
fn a_line_without_a_time_widens_no_axis() {
    let log = opened("Starting up\nkc-prod-1\n2026-11-20 14:02:11,900 WARN  [org.keycloak.X] (t) refused\n").1;
    let all = page(&log, LogQuery::default());
    assert_eq!(all.rows.iter().map(|row| row.time_ms == 0).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!((all.bins.len(), all.bins.iter().map(|bin| bin.events + bin.steps).sum::<u32>()), (1, 1));
    assert_eq!(
        page(&log, LogQuery { to_ms: Some(i64::MAX), ..LogQuery::default() }).rows.len(),
        1,
        "no range holds what has no time"
    );
    for text in ["# A heading\nand words\n", "type=\"LOGIN_ERROR\", realmId=\"r\", clientId=\"web\", error=\"user_not_found\"\n"]
    {
        let log = opened(text).1;
        let page = page(&log, LogQuery::default());
        assert!(page.bins.is_empty() && page.rows.iter().all(|row| row.time_ms == 0), "{text}");
    }
    // The second file knows nothing of the time of the first.
    let folder = tempfolder("timeless");
    let (first, second) = (folder.join("a.log"), folder.join("b.log"));
    fs::write(&first, "2026-11-20 10:00:00,000 INFO  [a] (t) one\n").expect("written");
    fs::write(&second, "head\n2026-11-20 11:00:00,000 INFO  [a] (t) two\n").expect("written");
    let logs = Logs::default();
    let paths = [&first, &second].map(|path| path.display().to_string()).to_vec();
    let log = logs.open(&LogSource::Files { paths }).expect("it opens");
    log.read(|| ());
    let rows = page(&log, LogQuery::default()).rows;
    assert_eq!(rows.iter().map(|row| row.text.as_str()).collect::<Vec<_>>(), ["two", "one", "head"]);
    let _ = fs::remove_dir_all(folder);
}

#[test]
fn what_is_no_log_is_named() {
    let folder = tempfolder("no-log");
    let path = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).expect("written");
        path.display().to_string()
    };
    let logs = Logs::default();
    let refused = |path: String| match logs.open(&LogSource::Files { paths: vec![path] }) {
        Ok(_) => "opened",
        Err(fault) => {
            assert!(fault.message.ends_with('.') && fault.advice.ends_with('.'), "{fault:?}");
            fault.id
        }
    };
    assert_eq!(refused(path("a.gz", b"\x1f\x8b\x08\0")), "unreadable");
    assert_eq!(refused(path("empty.log", b"")), "empty");
    assert_eq!(refused(folder.display().to_string()), "no-file");
    assert_eq!(refused(folder.join("none.log").display().to_string()), "no-such-file");
    assert_eq!(refused("keycloak.log".into()), "no-such-file");
    assert_eq!(refused(path("metrics", b"# HELP x y\nnot a metric at all {\n")), "bad-metrics");
    assert_eq!(refused(path("ok.log", b"just text\n")), "opened");
    let log = logs.current().expect("open");
    log.read(|| ());
    assert!(logs.state().remarks.iter().any(|text| text.contains("No line looks like")), "{:?}", logs.state());
    let _ = fs::remove_dir_all(folder);
}

#[test]
fn a_metrics_page_is_known_by_itself() {
    let logs = Logs::default();
    let text = "# TYPE keycloak_user_events counter\nkeycloak_user_events_total{event=\"login\",error=\"\",realm=\"demo\"} 4.0\n";
    logs.open(&LogSource::Text { text: text.into() }).expect("it opens");
    let state = logs.state();
    assert_eq!((state.phase, state.metrics.map(|metrics| metrics.series.len())), (LogPhase::Ready, Some(1)));
    logs.close();
    assert_eq!(logs.state().phase, LogPhase::Empty);
}

#[test]
fn a_stopped_reading_keeps_what_it_has() {
    let logs = Logs::default();
    let log = logs.open(&LogSource::Text { text: sample(10) }).expect("it opens");
    log.stop();
    log.read(|| ());
    assert_eq!((logs.state().phase, logs.state().records), (LogPhase::Stopped, 0));
    assert_eq!(page(&log, LogQuery::default()).matching, 0);
}

fn key(step: i64, operation: Operation, client: &str, from_ms: i64, jti: &str) -> StepKey {
    StepKey {
        step,
        caused: oauth::operation::of(operation).events,
        client: Some(client.into()),
        from_ms,
        to_ms: from_ms + 400,
        jtis: vec![jti.into()],
        sessions: Vec::new(),
    }
}

#[test]
fn the_zone_follows_from_our_own_tokens_and_records_join_steps() {
    let text = sample(60);
    let (_logs, log) = opened(&text);
    // The log says 14:00:02; we ran it at 12:00:02 UTC, so it is written two hours east.
    let utc =
        record::logs::parse(text.lines().nth(3).expect("a line")).and_then(|record| record.time).expect("a time").ms - 7_200_000;
    let keys = vec![
        key(4, Operation::TokenExchange, "Client-2", utc - 300, "onrtac:00000002"),
        key(5, Operation::TokenExchange, "Client-0", utc + 700, "none-of-these"),
    ];
    let ours = Ours::new(keys, std::iter::empty());
    let zone = ours.zone(&log.store.read().expect("readable"));
    assert_eq!(zone, Some(120));
    log.set_zone(120);
    let store = log.store.read().expect("readable");
    let joins = ours.join(&store, "keycloak.log", |row| log.text_and_layout(&store, row));
    let row = (0..store.len() as u32).find(|row| store.lines(*row).0 == 4).expect("the row");
    assert_eq!(joins.of(row), Some((4, JoinedBy::TokenId)));
    // The refused exchange one second later has no token of ours, but our client and time.
    assert_eq!(joins.of(row + 1), Some((5, JoinedBy::ClientAndTime)));
}

#[test]
fn a_gateways_lines_join_by_the_activity_id() {
    let id = "3b5ad17b-efd4-4434-81dc-0b8c1f9a2860";
    let text = format!(
        "2026-11-20 14:02:31,204|{id}|t-1|12|HTTP State Transition|c-7|GET|/orders|REQUEST_HEAD\n2026-11-20 14:02:31,204|other|t-1|12|x|c|GET|/orders|y\n"
    );
    let (_logs, log) = opened(&text);
    let line = vec![token::text::Span::new(token::text::Ink::Plain, format!("ActivityID: {id}"))];
    let exchange: Exchange = serde_json::from_value(serde_json::json!({"seq": 1, "label": "call", "from": "claimscope", "to": "gateway", "method": "GET", "url": "u",
        "request": [], "response": [line], "response_headers": 1, "status": 200, "failure": null, "started_ms": 0, "duration_us": 0, "response_bytes": 0,
        "reported": false, "through_browser": false})).expect("an exchange");
    let step: Step = serde_json::from_value(serde_json::json!({"id": 9, "started_ms": 0, "duration_us": 0, "operation": "call_api", "title": "", "headline": "",
        "profile": "p", "outcome": "success", "tokens_in": [], "tokens_out": [], "verdicts": [], "exchanges": [exchange], "events": []})).expect("a step");
    let ours = Ours::new(vec![key(9, Operation::CallApi, "c", 0, "j")], std::iter::once(step));
    let store = log.store.read().expect("readable");
    assert_eq!(store.kind(0), LogKind::Correlation);
    let joins = ours.join(&store, "correlation.log", |row| log.text_and_layout(&store, row));
    assert_eq!((joins.of(0), joins.of(1)), (Some((9, JoinedBy::ActivityId)), None));
}

#[test]
fn a_path_is_completed_within_its_folder() {
    let folder = tempfolder("complete");
    for name in ["keycloak.log", "Keycloak.log.1", ".hidden", "other"] {
        fs::write(folder.join(name), "x").expect("written");
    }
    fs::create_dir(folder.join("kc")).expect("made");
    let names = |typed: &str| {
        complete(&folder.join(typed).display().to_string(), None).into_iter().map(|choice| choice.name).collect::<Vec<_>>()
    };
    assert_eq!(names("k"), ["kc", "keycloak.log", "Keycloak.log.1"]);
    assert_eq!(names(".h"), [".hidden"]);
    assert_eq!(names("nowhere/x"), Vec::<String>::new());
    assert_eq!(complete("~/ke", Some(&folder)).len(), 2);
    assert_eq!(complete("relative", None), []);
    let _ = fs::remove_dir_all(folder);
}

pub(super) fn tempfolder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("claimscope-logs-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}
