//! Whole lines in every layout there is, and the reading in chunks.

use super::{colour::uncoloured, *};

mod containers;
mod evidence;
mod heads;
mod learned;
mod real;

const UUID: &str = "3b5ad17b-efd4-4434-81dc-0b8c1f9a2860";

/// Type, client, user, session, error, level, kind of a line.
type Row<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

fn row<'a>(record: &'a Record<'_>) -> Row<'a> {
    let value = |column| record.value(column).unwrap_or_default();
    let columns = record.columns;
    (value(columns.event_type), value(columns.client), value(columns.user), value(columns.session), value(columns.error))
}

fn check(line: &str, kind: LogKind, level: Option<Level>, expected: Row<'_>) {
    let record = parse(line).unwrap_or_else(|| panic!("{line} is a record"));
    assert_eq!((record.kind, record.level), (kind, level), "{line}");
    assert_eq!(row(&record), expected, "{line}");
}

#[test]
fn keycloak_in_every_layout() {
    let (user, warn, debug) = (LogKind::UserEvent, Some(Level::Warn), Some(Level::Debug));
    let refused = ("TOKEN_EXCHANGE_ERROR", "backend", "alice", "s1", "not_allowed");
    let new = r#"type="TOKEN_EXCHANGE_ERROR", realmId="r", realmName="demo", clientId="backend", userId="u-1", sessionId="s1", ipAddress="127.0.0.1", error="not_allowed", reason="client is not within the token audience", username="alice""#;
    let old = "type=TOKEN_EXCHANGE_ERROR, realmId=demo, clientId=backend, userId=u-1, ipAddress=127.0.0.1, error=not_allowed, reason='client is not within the token audience', code_id=s1, username=alice";
    let head = "2026-11-20 14:02:31,204 WARN  [org.keycloak.events] (executor-thread-1) ";
    check(&format!("{head}{new}"), user, warn, refused);
    check(&format!("{head}{old}"), user, warn, refused);
    check(&format!("{head}{}", new.replace('"', "'")), user, warn, refused);
    check(&format!("{head}{}", new.replace('"', "")), user, warn, refused);
    // WildFly's console, before 17: no day.
    check(&format!("14:02:31,204 WARN  [org.keycloak.events] (default task-1) {old}"), user, warn, refused);
    // Copied without its beginning.
    check(new, user, None, refused);
    check(&format!("keycloak-1  | {head}{new}"), user, warn, refused);
    check(&format!("2026-11-20T14:02:31.204123456Z stdout F {head}{new}"), user, warn, refused);
    let json = serde_json::json!({"timestamp": "2026-11-20T14:02:31.204+01:00", "sequence": 7, "loggerClassName": "org.jboss.logging.Logger",
        "loggerName": "org.keycloak.events", "level": "WARN", "message": new, "threadName": "executor-thread-1", "threadId": 5, "mdc": {}, "ndc": ""});
    check(&json.to_string(), user, warn, refused);
    let ecs = serde_json::json!({"@timestamp": "2026-11-20T14:02:31.204+01:00", "log.logger": "org.keycloak.events", "log.level": "DEBUG",
        "message": new, "process": {"thread": {"name": "x"}}, "ecs.version": "1.12.2"});
    check(&ecs.to_string(), user, debug, refused);
    let docker = serde_json::json!({"log": format!("{head}{new}\n"), "stream": "stdout", "time": "2026-11-20T13:02:31.204Z"});
    check(&docker.to_string(), user, warn, refused);
    let admin = r#"operationType="CREATE", realmId="r", realmName="master", clientId="admin-cli", userId="u-9", ipAddress="::1", resourceType="USER", resourcePath="users/1""#;
    check(&format!("{head}{admin}"), LogKind::AdminEvent, warn, ("CREATE USER", "admin-cli", "u-9", "", ""));
    check(
        "2026-11-20 14:02:30,001 INFO  [io.quarkus] (main) Keycloak 26.7.5 on JVM started in 8.1s.",
        LogKind::Server,
        Some(Level::Info),
        ("", "", "", "", ""),
    );
}

#[test]
fn the_console_of_wso2_beside_its_file() {
    let console = [
        "[2026-11-21 22:30:42,500]  WARN - APIAuthenticationHandler API authentication failure due to Invalid Credentials",
        "[2026-11-21 22:30:43,001] ERROR - OAuth2Service Error while issuing token for Client Id : CkAbCdEfGh12, 900901 for user: alice",
        "[2026-11-21 22:30:44,000]  INFO - StartupFinalizerServiceComponent",
    ];
    let read = |line: &str| {
        parse(line).map(|record| {
            let ms = record.time.map(|time| time.ms % 86_400_000).unwrap_or_default();
            (record.level, record.logger.to_string(), record.message.to_string(), ms)
        })
    };
    let failure = "API authentication failure due to Invalid Credentials".to_owned();
    let at = (22 * 3600 + 30 * 60 + 42) * 1000 + 500;
    assert_eq!(read(console[0]), Some((Some(Level::Warn), "APIAuthenticationHandler".into(), failure, at)));
    check(console[1], LogKind::Server, Some(Level::Error), ("", "CkAbCdEfGh12", "alice", "", "900901"));
    assert_eq!(read(console[2]).map(|read| read.1), Some("StartupFinalizerServiceComponent".into()));
    // As Compose and Kubernetes print it, too; and what begins with a bracket alone is no record.
    let compose = format!("apim-1  | {}", console[0]);
    assert_eq!(read(&compose), read(console[0]));
    assert_eq!(read("[main] something - else"), None);
}

#[test]
fn times_of_keycloak() {
    let at = |line: &str| parse(line).and_then(|record| record.time).map(|time| (time.ms, time.zoned, time.dated));
    assert_eq!(at("2024-04-21 16:47:02,352 INFO  [a] (b) c"), Some((1_713_718_022_352, false, true)));
    assert_eq!(at("16:47:02,352 INFO  [a] (b) c"), Some((60_422_352, false, false)));
    assert_eq!(
        at(r#"{"timestamp":"2024-04-21T18:47:02.352+02:00","level":"INFO","message":"c"}"#),
        Some((1_713_718_022_352, true, true))
    );
    assert_eq!(
        at(r#"{"log":"16:47:02,352 INFO  [a] (b) c\n","time":"2024-04-21T16:47:02.352Z"}"#),
        Some((1_713_718_022_352, true, true))
    );
}

#[test]
fn details_keep_their_order_and_null_is_no_value() {
    let line = r#"2026-11-20 14:02:31,204 DEBUG [org.keycloak.events] (t) type="LOGIN", realmId="r", clientId="web", userId="null", z="1", a="2""#;
    let record = parse(line).expect("a record");
    let names: Vec<&str> = record.fields.iter().map(|(name, _)| name.as_ref()).collect();
    assert_eq!(names, ["type", "realmId", "clientId", "userId", "z", "a"]);
    assert_eq!(record.value(record.columns.user), None);
    assert_eq!(record.value(record.columns.realm), Some("r"), "the id where there is no name");
}

#[test]
fn wso2_in_every_layout() {
    let (info, error) = (Some(Level::Info), Some(Level::Error));
    let audit = |message: &str| format!("TID: [-1234] [2026-11-20 14:02:31,204]  INFO {{AUDIT_LOG}} - {message}");
    check(
        &audit(
            r#"{"type":"Application","action":"created","performedBy":"admin","info":{"tier":"Unlimited","name":"App1","consumerKey":"ck_1"}}"#,
        ),
        LogKind::Audit,
        info,
        ("Application created", "ck_1", "admin", "", ""),
    );
    check(
        &audit(r#"{"typ":"Subscription","action":"deleted","performedBy":"alice","info":"{\"application_name\":\"App1\"}"}"#),
        LogKind::Audit,
        info,
        ("Subscription deleted", "", "alice", "", ""),
    );
    // The server took the backslashes away.
    check(
        &audit(r#"{"typ":"API","action":"updated","performedBy":"bob","info":"{"name":"Orders"}"}"#),
        LogKind::Audit,
        info,
        ("API updated", "", "bob", "", ""),
    );
    check(
        &audit("'admin@carbon.super [-1234]' logged in at [2026-11-20 14:02:31,204+0000]"),
        LogKind::Audit,
        info,
        ("logged in", "", "admin@carbon.super", "", ""),
    );
    check(
        &audit("Initiator : alice | Action : Change-Password | Target : bob | Data : {} | Result : Failed"),
        LogKind::Audit,
        info,
        ("Change-Password", "", "alice", "", "Failed"),
    );
    check(
        &audit("POST /api/am/devportal/v3/applications user: alice app: ck_1"),
        LogKind::Audit,
        info,
        ("POST /api/am/devportal/v3/applications", "ck_1", "alice", "", ""),
    );
    check(
        "TID: [-1234] [api/am] [2026-11-20 14:02:31,204] ERROR {org.wso2.carbon.identity.oauth2.OAuth2Service} - Error while issuing token for Client Id : CkAbCdEfGh12, 900901 for user: alice@carbon.super",
        LogKind::Server,
        error,
        ("", "CkAbCdEfGh12", "alice@carbon.super", "", "900901"),
    );
    check(
        &format!(
            "2026-11-20 14:02:31,204|{UUID}|PassThroughMessageProcessor-1|12|HTTP State Transition|http-incoming-7|GET|/orders/1.0/list|REQUEST_HEAD"
        ),
        LogKind::Correlation,
        None,
        ("HTTP State Transition", "", "", UUID, ""),
    );
    check(
        &format!(
            r#"[2026-11-20 14:02:31,204]  INFO {{API_LOG}} Orders - {{"sourceIP":"10.0.0.7","verb":"GET","correlationId":"{UUID}","flow":"REQUEST_OUT","statusCode":401}}"#
        ),
        LogKind::Correlation,
        info,
        ("REQUEST_OUT", "", "", UUID, "401"),
    );
    check(
        r#"10.0.0.7 - alice [20/Nov/2026:14:02:31 +0000] "POST /oauth2/token HTTP/1.1" 401 87 "-" "curl/8.5.0""#,
        LogKind::Access,
        None,
        ("POST", "", "alice", "", "401"),
    );
    check(
        &format!(r#"- 10.0.0.7 - - [20/Nov/2026:14:02:31 +0000] "GET /orders/1.0/list HTTP/1.1" 200 - "-" "-" {UUID}"#),
        LogKind::Access,
        None,
        ("GET", "", "", UUID, ""),
    );
}

#[derive(Default)]
struct Seen {
    records: Vec<(u64, u64, LogKind)>,
    more: Vec<(u64, String)>,
}

impl Sink for Seen {
    fn record(&mut self, place: Place, record: &Record<'_>) {
        self.records.push((place.line, place.offset, record.kind));
    }
    fn more(&mut self, place: Place, text: &str) {
        self.more.push((place.line, text.to_owned()));
    }
}

fn read(bytes: &[u8], chunk: usize) -> (Seen, Tally) {
    let (mut seen, mut reader) = (Seen::default(), Reader::default());
    for part in bytes.chunks(chunk) {
        reader.feed(part, &mut seen);
    }
    reader.finish(&mut seen);
    (seen, reader.tally().clone())
}

#[test]
fn any_chunks_give_the_same() {
    let text = "\u{feff}banner\r\n2026-11-20 14:02:31,204 ERROR [a.B] (t) Uncaught\r\njava.lang.Error: x\r\n\tat a.B.c(B.java:1)\r\nCaused by: y\r\n\r\n2026-11-20 14:02:31,205 DEBUG [org.keycloak.events] (t) type=\"LOGIN\", clientId=\"é\"";
    let (whole, tally) = read(text.as_bytes(), usize::MAX);
    assert_eq!(
        whole.records.iter().map(|(line, _, kind)| (*line, *kind)).collect::<Vec<_>>(),
        [(1, LogKind::Text), (2, LogKind::Server), (7, LogKind::UserEvent)]
    );
    assert_eq!(
        whole.more.iter().map(|(line, text)| (*line, text.as_str())).collect::<Vec<_>>(),
        [(3, "java.lang.Error: x"), (4, "\tat a.B.c(B.java:1)"), (5, "Caused by: y")]
    );
    for (line, offset, _) in &whole.records {
        let begins = &text.as_bytes()[*offset as usize..];
        assert_eq!(
            text.lines().nth(*line as usize - 1).map(str::as_bytes),
            begins.split(|byte| *byte == b'\n').next().map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        );
    }
    assert_eq!((tally.lines, tally.records, tally.events, tally.attached, tally.empty), (7, 3, 1, 3, 1));
    for chunk in [1, 2, 3, 7, 64] {
        let (parts, again) = read(text.as_bytes(), chunk);
        assert_eq!(
            (parts.records, parts.more, again),
            (whole.records.clone(), whole.more.clone(), tally.clone()),
            "chunks of {chunk}"
        );
    }
}

#[test]
fn long_lines_are_bounded_and_damage_is_named() {
    let mut bytes = b"2026-11-20 14:02:31,204 INFO  [a] (b) ".to_vec();
    bytes.extend(std::iter::repeat_n(b'x', LONGEST_LINE * 3));
    let after = bytes.len() as u64 + 1;
    bytes.extend(b"\n2026-11-20 14:02:31,205 INFO  [a] (b) caf\xe9\n");
    for chunk in [usize::MAX, 1000] {
        let (seen, tally) = read(&bytes, chunk);
        assert_eq!(seen.records, [(1, 0, LogKind::Server), (2, after, LogKind::Server)]);
        assert_eq!((tally.cut, tally.damaged, tally.first_damaged), (1, 1, Some(2)));
    }
}

#[test]
fn what_a_file_holds_is_seen_by_its_beginning() {
    assert_eq!(sniff(b"2026-11-20 14:02:31,204 INFO"), Contents::Log);
    assert_eq!(sniff(b"# HELP jvm_x y\n# TYPE jvm_x gauge\n"), Contents::Metrics);
    assert_eq!(sniff(b"keycloak_user_events_total{event=\"login\"} 1"), Contents::Metrics);
    for head in [&b"\x1f\x8b\x08"[..], b"\xff\xfe2\x000\x00", b"PK\x03\x04", b"\x7fELF\0\0"] {
        assert!(matches!(sniff(head), Contents::Unreadable { .. }), "{head:?}");
    }
}

#[test]
fn colours_of_a_terminal_are_taken_out() {
    assert_eq!(uncoloured("\u{1b}[33m14:02\u{1b}[0m \u{1b}[1;31mERROR\u{1b}[m x"), "14:02 ERROR x");
}

#[test]
fn nothing_secret_is_shown() {
    let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";
    let line = format!(
        r#"2026-11-20 14:02:31,204 WARN  [org.keycloak.events] (t) type="LOGIN_ERROR", clientId="web", client_secret="hunter2", token_id="onrtac:1", note="got {jwt}", reason="bad""#
    );
    let record = parse(&line).expect("a record");
    let shown = format!("{:?} {} {}", safe_fields(&record), row_text(&record), safe_line(&line));
    assert!(!shown.contains("hunter2") && !shown.contains("c2lnbmF0dXJl"), "{shown}");
    assert!(shown.contains("onrtac:1") && row_text(&record).starts_with("reason=bad"));
}

#[test]
fn an_event_of_a_log_is_the_event_of_the_api() {
    let line = r#"2026-11-20 14:02:31,204 DEBUG [org.keycloak.events] (t) type="TOKEN_EXCHANGE", realmId="r", clientId="portal", userId="u", sessionId="s", ipAddress="::1", audience="orders-api", token_id="ntrtte:1", username="alice""#;
    let record = parse(line).expect("a record");
    let event = as_event(&record, 5, "keycloak.log", "line 1".into()).expect("an event");
    assert_eq!((event.event_type.as_str(), event.time_ms, event.error), ("TOKEN_EXCHANGE", 5, None));
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    assert_eq!(
        [
            text(&event.client),
            text(&event.username),
            text(&event.user_id),
            text(&event.session),
            text(&event.token_id),
            text(&event.audience)
        ],
        ["portal", "alice", "u", "s", "ntrtte:1", "orders-api"]
    );
}

const CONSOLE: &str = include_str!("../../../../../tests/fixtures/logs/keycloak-26.2.5-console.log");
const JSON: &str = include_str!("../../../../../tests/fixtures/logs/keycloak-26.7.5-json.log");
const METRICS: &str = include_str!("../../../../../tests/fixtures/logs/keycloak-26.7.5-metrics.txt");

#[test]
fn a_real_console_is_read_line_by_line() {
    let (seen, tally) = read(CONSOLE.as_bytes(), 4096);
    // The first line comes before any time; one sentence without a time stands between two lines with one.
    assert_eq!((tally.lines, tally.records, tally.events, tally.attached), (28, 27, 16, 1));
    assert_eq!(seen.records.first().map(|(_, _, kind)| *kind), Some(LogKind::Text));
    for line in CONSOLE.lines().filter(|line| line.contains("[org.keycloak.events]")) {
        let record = parse(line).expect("a record");
        let (event_type, _, _, _, error) = row(&record);
        assert_eq!(record.kind, LogKind::UserEvent, "{line}");
        assert_eq!(event_type.ends_with("_ERROR"), !error.is_empty(), "{line}");
        assert_eq!(event_type.ends_with("_ERROR"), record.level == Some(Level::Warn), "{line}");
        assert_eq!(record.value(record.columns.realm), Some("platform"), "{line}");
        assert_eq!(line.matches("=\"").count(), record.fields.len(), "every pair of {line}");
        assert!(record.time.is_some_and(|time| time.dated && !time.zoned), "{line}");
    }
}

#[test]
fn a_real_json_console_is_read_line_by_line() {
    let found: Vec<Record<'_>> = JSON.lines().filter(|line| line.contains("org.keycloak.events")).filter_map(parse).collect();
    let types: Vec<&str> = found.iter().filter_map(|record| record.value(record.columns.event_type)).collect();
    assert_eq!(
        types,
        [
            "LOGIN",
            "LOGIN_ERROR",
            "LOGIN_ERROR",
            "LOGIN_ERROR",
            "REFRESH_TOKEN_ERROR",
            "CREATE USER",
            "CREATE REALM",
            "CLIENT_LOGIN",
            "TOKEN_EXCHANGE",
            "TOKEN_EXCHANGE_ERROR",
            "USER_INFO_REQUEST_ERROR"
        ]
    );
    assert!(found.iter().all(|record| record.time.is_some_and(|time| time.zoned)));
    // A user called `it"s, error="x` writes no field.
    let odd = found.get(2).expect("the third");
    assert_eq!((row(odd).2, row(odd).4), ("it\"s, error=\"x", "user_not_found"));
    let exchange = found.get(8).expect("the exchange");
    assert_eq!(exchange.field("token_id"), Some("trrtte:a650ac1b-d08b-f508-b34d-70945cb0d1e2"));
    assert_eq!(exchange.field("subject_token_client_id"), Some("portal"));
}

#[test]
fn a_real_metrics_page_is_counted() {
    assert_eq!(sniff(METRICS.as_bytes()), Contents::Metrics);
    let metrics = read_metrics(METRICS).expect("a page");
    assert_eq!((metrics.series.len(), metrics.remarks), (9, vec![]));
    let portal = metrics.clients.iter().find(|bar| bar.name == "portal").expect("portal");
    assert_eq!((portal.succeeded, portal.failed), (2.0, 1.0));
    assert!(metrics.others > 0);
}

#[test]
fn a_colour_that_is_none_takes_nothing_away() {
    for (line, expected) in [
        ("a\u{1b}[31mb\u{1b}[0mc", "abc"),
        ("a\u{1b}[é and the rest", "aé and the rest"),
        ("a\u{1b}[31\u{202e} and the rest", "a\u{202e} and the rest"),
        ("a\u{1b}[", "a"),
        ("a\u{1b}[1;2", "a"),
        ("a\u{1b}[\u{1b}[31mb", "ab"),
    ] {
        assert_eq!(super::plain_text(line.as_bytes()), expected, "{line:?}");
    }
}
