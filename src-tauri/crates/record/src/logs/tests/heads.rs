//! Heads with anything between time and level: tracing, MDC, correlation ids, a user's own order.

use super::*;

const EVENT: &str = r#"type="LOGIN_ERROR", realmId="r-1", realmName="demo", clientId="web", userId="u-1", sessionId="s-1", ipAddress="10.0.0.7", error="invalid_user_credentials", username="alice""#;

/// Kind, level, logger, type, client, session, error of a line; the time must be 14:02:31 of some day.
pub(super) fn seen(line: &str) -> String {
    let Some(record) = parse(line) else { return "none".into() };
    let value = |column| record.value(column).unwrap_or("-");
    let columns = record.columns;
    let time = record.time.map(|time| time.ms.rem_euclid(86_400_000) / 1000);
    let time = if time == Some(14 * 3600 + 2 * 60 + 31) { "" } else { " at another time" };
    let level = record.level.map_or_else(|| "-".into(), |level| format!("{level:?}"));
    let logger = if record.logger.is_empty() { "-" } else { record.logger.as_ref() };
    format!(
        "{:?} {level} {logger} {} {} {} {}{time}",
        record.kind,
        value(columns.event_type),
        value(columns.client),
        value(columns.session),
        value(columns.error)
    )
}

fn all(kind: &str, cases: &[(String, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(line, expected)| seen(line) != *expected)
        .map(|(line, expected)| format!("{line}\n   is {}\n  not {expected}", seen(line)))
        .collect();
    println!("{kind}: {} inputs, {} right, {} wrong", cases.len(), cases.len() - wrong.len(), wrong.len());
    assert!(wrong.is_empty(), "{kind}\n{}", wrong.join("\n"));
}

#[test]
fn keycloak_with_anything_between_time_and_level() {
    const SEEN: &str = "UserEvent Warn org.keycloak.events LOGIN_ERROR web s-1 invalid_user_credentials";
    let heads = [
        "2026-11-30 14:02:31,204 WARN  [org.keycloak.events] (executor-thread-1) ",
        "2026-11-30 14:02:31,204 traceId=b636ac4c665ceb901f7fdc3fc7e80154, parentId=d59cea113d0c2549, spanId=d59cea113d0c2549, sampled=true WARN  [org.keycloak.events] (executor-thread-1) ",
        "2026-11-30 14:02:31,204 traceId=, parentId=, spanId=, sampled= WARN  [org.keycloak.events] (executor-thread-1) ",
        "2026-11-30 14:02:31,204 {kc.clientId=web, kc.realmName=demo, kc.userId=u-1} WARN  [org.keycloak.events] (executor-thread-1) ",
        "2026-11-30 14:02:31,204 {} WARN  [org.keycloak.events] (executor-thread-1) ",
        "2026-11-30 14:02:31,204 traceId=b636, parentId=d59c, spanId=d59c, sampled=false {kc.realmName=demo, kc.clientId=web} WARN  [org.keycloak.events] (executor-thread-1) ",
        "2026-11-30 14:02:31,204 WARN  [org.keycloak.events] (executor-thread-1) {kc.clientId=web} ",
        "2026-11-30 14:02:31,204 WARN  traceId=b636, spanId=d59c [org.keycloak.events] (executor-thread-1) ",
        "2026-11-30 14:02:31,204 WARN  [org.keycloak.events] [traceId=b636, spanId=d59c] (executor-thread-1) ",
        "2026-11-30 14:02:31,204 keycloak-0 WARN  [org.keycloak.events] (executor-thread-1) ",
        "2026-11-30 14:02:31,204 keycloak-0 keycloak[1] WARN  [org.keycloak.events] (executor-thread-1) ",
        "2026-11-30T14:02:31.204Z WARN  [org.keycloak.events] (executor-thread-1) ",
        "2026-11-30T14:02:31.204+00:00 [executor-thread-1] WARN  org.keycloak.events - ",
        "2026-11-30 14:02:31.204 [executor-thread-1] WARN  org.keycloak.events: ",
        "[2026-11-30 14:02:31,204] [WARN] [org.keycloak.events] ",
        "[2026-11-30 14:02:31,204] WARN [executor-thread-1] org.keycloak.events - ",
        "30.11.2026 14:02:31.204 WARN [org.keycloak.events] (executor-thread-1) ",
        "14:02:31,204 WARN  [org.keycloak.events] (default task-1) ",
        "2026-11-30 14:02:31,204 | WARN | [org.keycloak.events] | (executor-thread-1) | ",
        "WARN  2026-11-30 14:02:31,204 [org.keycloak.events] (executor-thread-1) ",
        "2026-11-30 14:02:31,204 UTC WARN  [org.keycloak.events] (executor-thread-1) ",
        "time=\"2026-11-30T14:02:31.204Z\" level=warn logger=org.keycloak.events thread=main ",
        "1796047351204 WARN [org.keycloak.events] (executor-thread-1) ",
        "Nov 30, 2026 2:02:31 PM WARN [org.keycloak.events] (executor-thread-1) ",
    ];
    let cases: Vec<(String, &str)> =
        heads.iter().filter(|head| !head.contains("] | executor-thread")).map(|head| (format!("{head}{EVENT}"), SEEN)).collect();
    all("Keycloak, fields between time and level", &cases);
    let line = format!("{}{EVENT}", heads[5]);
    let record = parse(&line).expect("a record");
    assert_eq!(
        [record.field("traceId"), record.field("sampled"), record.field("kc.realmName")],
        [Some("b636"), Some("false"), Some("demo")]
    );
}

#[test]
fn what_the_head_says_fills_the_columns_of_a_line_that_is_no_event() {
    let head = "2026-11-30 14:02:31,204 traceId=b636, parentId=d59c, spanId=d59c, sampled=true {kc.clientId=web, kc.realmName=demo, kc.userId=u-1, kc.sessionId=s-1} ERROR [org.keycloak.services.error.KeycloakErrorHandler] (executor-thread-3) Uncaught server error: java.lang.NullPointerException";
    let record = parse(head).expect("a record");
    let columns = record.columns;
    assert_eq!(
        [columns.client, columns.realm, columns.user, columns.session].map(|column| record.value(column)),
        [Some("web"), Some("demo"), Some("u-1"), Some("s-1")]
    );
    assert_eq!(record.message, "Uncaught server error: java.lang.NullPointerException");
    // A value may hold a comma.
    let odd = "2026-11-30 14:02:31,204 {kc.clientId=a, b, kc.realmName=demo} INFO [org.keycloak.x.Y] (t) hello";
    assert_eq!(parse(odd).and_then(|record| record.value(record.columns.client).map(str::to_owned)), Some("a, b".into()));
}

#[test]
fn carbon_with_any_groups() {
    const ID: &str = "41e4f8a5-63a4-4b8e-9d0c-0a1b2c3d4e5f";
    let message = "{org.wso2.carbon.apimgt.gateway.handlers.security.APIAuthenticationHandler} - API authentication failure due to Invalid Credentials 900901";
    let with_id: String = "Server Warn org.wso2.carbon.apimgt.gateway.handlers.security.APIAuthenticationHandler - - 41e4f8a5-63a4-4b8e-9d0c-0a1b2c3d4e5f 900901".into();
    let without: String = with_id.replace(ID, "-");
    let audit = r#"{"type":"Application","action":"created","performedBy":"admin","info":{"name":"App1","consumerKey":"ck_1"}}"#;
    let audited = "Audit Info AUDIT_LOG Application created ck_1 - -";
    let cases: Vec<(String, &str)> = vec![
        (format!("TID: [-1234] [api/am/devportal] [2026-11-30 14:02:31,204] [{ID}]  WARN {message}"), &with_id),
        (format!("TID: [-1234] [] [2026-11-30 14:02:31,204] []  WARN {message}"), &without),
        (format!("TID: [-1234] [2026-11-30 14:02:31,204] [{ID}]  WARN {message}"), &with_id),
        (format!("TID: [-1234] [internal/data/v1] [2026-11-30 14:02:31,204]  WARN {message}"), &without),
        (format!("TID:[-1234] [] [2026-11-30 14:02:31,204]  WARN {message}"), &without),
        (format!("TID CARBON: [-1234] [] [2026-11-30 14:02:31,204] [{ID}] WARN {message}"), &with_id),
        (format!("[-1234] [] [2026-11-30 14:02:31,204] [{ID}]  WARN {message}"), &with_id),
        (format!("[2026-11-30 14:02:31,204] [{ID}]  WARN {message}"), &with_id),
        (format!("[2026-11-30 14:02:31,204] []  WARN {message}"), &without),
        (format!("[2026-11-30 14:02:31,204]  WARN {message}"), &without),
        (format!("TID: [-1234] [] [@tenant.example] [2026-11-30 14:02:31,204]  WARN {message}"), &without),
        (
            format!(
                "TID: [1] [] [2026-11-30 14:02:31,204]  WARN {message} {{org.wso2.carbon.apimgt.gateway.handlers.security.APIAuthenticationHandler}}"
            ),
            &without,
        ),
        (format!("TID: [-1234] [] [2026-11-30T14:02:31.204+0000] [{ID}]  WARN {message}"), &with_id),
        (format!("2026-11-30 14:02:31,204 [-] [pool-4-thread-1]  WARN {message}"), &without),
        (
            "[2026-11-30 14:02:31,204]  WARN - APIAuthenticationHandler API authentication failure due to Invalid Credentials 900901".to_owned(),
            "Server Warn APIAuthenticationHandler - - - 900901",
        ),
        (
            format!("[2026-11-30 14:02:31,204] [{ID}]  WARN - APIAuthenticationHandler API authentication failure 900901"),
            "Server Warn APIAuthenticationHandler - - 41e4f8a5-63a4-4b8e-9d0c-0a1b2c3d4e5f 900901",
        ),
        (format!("TID: [-1234] [2026-11-30 14:02:31,204]  INFO {{AUDIT_LOG}} - {audit}"), audited),
        (
            format!("[2026-11-30 14:02:31,204] [{ID}]  INFO {{AUDIT_LOG}} - {audit}"),
            "Audit Info AUDIT_LOG Application created ck_1 41e4f8a5-63a4-4b8e-9d0c-0a1b2c3d4e5f -",
        ),
        (format!("TID: [-1234] [] [2026-11-30 14:02:31,204] [] INFO {{AUDIT_LOG}} - {audit}"), audited),
        (format!("2026-11-30 14:02:31,204 INFO {{AUDIT_LOG}} - {audit}"), audited),
        (format!("[2026-11-30 14:02:31,204]  INFO {{AUDIT_LOG}} - {audit}"), audited),
    ];
    all("carbon", &cases);
}

#[test]
fn other_programs_beside_them() {
    let cases: Vec<(String, &str)> = [
        ("2026-11-30T14:02:31.204Z  INFO 1 --- [orders] [nio-8080-exec-1] c.e.orders.OrdersApplication : Started", "Server Info c.e.orders.OrdersApplication - - - -"),
        ("2026-11-30 14:02:31.204  INFO 1 --- [           main] c.e.orders.OrdersApplication             : Started", "Server Info c.e.orders.OrdersApplication - - - -"),
        ("2026/11/30 14:02:31 [error] 31#31: *1 upstream timed out", "Server Error - - - - -"),
        ("2026-11-30 14:02:31.204 UTC [88] ERROR:  duplicate key value violates unique constraint", "Server Error - - - - -"),
        ("30-Nov-2026 14:02:31.204 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [420] milliseconds", "Server Info org.apache.catalina.startup.Catalina.start - - - -"),
        ("time=\"2026-11-30T14:02:31Z\" level=error msg=\"token refused\" client_id=web", "Server Error - - web - -"),
        ("{\"ts\":1796047351.204,\"level\":\"warn\",\"logger\":\"hydra\",\"msg\":\"refused\",\"client_id\":\"web\"}", "Server Warn hydra - web - -"),
        ("{\"time\":\"2026-11-30T14:02:31.204Z\",\"level\":\"ERROR\",\"msg\":\"refused\"}", "Server Error - - - - -"),
        ("{\"level\":30,\"time\":1796047351204,\"msg\":\"refused\",\"pid\":1}", "Server Info - - - - -"),
        ("{\"instant\":{\"epochSecond\":1796047351,\"nanoOfSecond\":204000000},\"thread\":\"main\",\"level\":\"INFO\",\"loggerName\":\"org.wso2.X\",\"message\":\"m\"}", "Server Info org.wso2.X - - - -"),
        ("{\"@timestamp\":\"2026-11-30T14:02:31.204Z\",\"log\":{\"level\":\"WARN\",\"logger\":\"a.B\"},\"message\":\"m\"}", "Server Warn a.B - - - -"),
        ("2026-11-30 14:02:31,204 INFO  [io.quarkus.http.access-log] (executor-thread-1) 10.0.0.7 - - [30/Nov/2026:14:02:31 +0000] \"GET /realms/demo HTTP/1.1\" 404 123", "Access Info io.quarkus.http.access-log GET - - 404"),
    ]
    .into_iter()
    .map(|(line, expected)| (line.to_owned(), expected))
    .collect();
    all("other programs", &cases);
}

#[test]
fn the_json_console_says_what_its_mdc_says() {
    let line = |mdc: &str, message: &str| {
        format!(
            r#"{{"timestamp":"2026-11-30T14:02:31.204Z","sequence":7,"loggerClassName":"org.jboss.logging.Logger","loggerName":"org.keycloak.events","level":"WARN","message":{},"threadName":"executor-thread-1","threadId":5,"mdc":{mdc},"ndc":"","hostName":"h","processName":"p","processId":1}}"#,
            serde_json::to_string(message).unwrap_or_default()
        )
    };
    let with = line(r#"{"kc.clientId":"web","kc.realmName":"demo","traceId":"b636"}"#, "hello");
    let record = parse(&with).expect("a record");
    assert_eq!(
        [record.value(record.columns.client), record.value(record.columns.realm), record.field("traceId")],
        [Some("web"), Some("demo"), Some("b636")]
    );
    assert_eq!(seen(&line("{}", EVENT)), "UserEvent Warn org.keycloak.events LOGIN_ERROR web s-1 invalid_user_credentials");
    assert_eq!(
        seen(&line(r#"{"kc.clientId":"other"}"#, EVENT)),
        "UserEvent Warn org.keycloak.events LOGIN_ERROR web s-1 invalid_user_credentials",
        "the event decides"
    );
}

#[test]
fn what_is_no_head_begins_no_record() {
    for line in [
        "\tat org.keycloak.Thing.run(Thing.java:1)",
        "java.lang.IllegalStateException: ERROR at 2026",
        "Caused by: java.lang.Exception: WARN",
        "ERROR: Failed to start server in (production) mode",
        "[main] something - else",
        "Running the server in development mode.",
        "INFO is a word",
        "12 files were read",
        "{",
        "{\"error\":\"invalid_grant\"}",
        "a=b c=d",
        "[ERROR] Failed to execute goal",
    ] {
        assert!(parse(line).is_none(), "{line}: {:?}", parse(line));
    }
}
