//! Files as real programs write them.

use super::*;

const E: &str = r#"type="LOGIN_ERROR", realmId="r-1", realmName="demo", clientId="web", userId="u-1", sessionId="s-1", ipAddress="10.0.0.7", error="invalid_user_credentials", username="alice""#;

#[derive(Default)]
struct All(Vec<String>);

impl Sink for All {
    fn record(&mut self, place: Place, record: &Record<'_>) {
        let level = record.level.map_or_else(|| "-".into(), |level| format!("{level:?}"));
        let time = record.time.map_or_else(
            || "-".into(),
            |time| {
                let s = time.ms.rem_euclid(86_400_000) / 1000;
                format!(
                    "{:02}:{:02}:{:02}{}{}",
                    s / 3600,
                    s / 60 % 60,
                    s % 60,
                    if time.zoned { "z" } else { "" },
                    if time.dated { "" } else { "?" }
                )
            },
        );
        let c = &record.columns;
        let cols: Vec<String> = [c.event_type, c.client, c.user, c.ip, c.session, c.error]
            .into_iter()
            .map(|c| record.value(c).unwrap_or("-").to_owned())
            .collect();
        let message: String = record.message.chars().take(40).collect();
        let logger = if record.logger.is_empty() { "-" } else { record.logger.as_ref() };
        self.0.push(format!("{}: {:?} {level} {logger} {time} [{}] {message:?}", place.line, record.kind, cols.join(" ")));
    }
    fn more(&mut self, place: Place, _: &str) {
        self.0.push(format!("{}: more", place.line));
    }
}

/// Name, text, and what is read of it: `EVENT` is the whole event, `ZONED` the same with a zone.
fn files() -> Vec<(&'static str, String, &'static str)> {
    let q = "2026-11-30 14:02:31,204";
    let kc = format!("{q} WARN  [org.keycloak.events] (executor-thread-1) {E}");
    let trace = "java.lang.IllegalStateException: broken\n\tat org.keycloak.X.y(X.java:1)\nCaused by: java.io.IOException: gone\n\t... 12 more";
    let pretty = serde_json::to_string_pretty(&serde_json::json!({"timestamp": "2026-11-30T14:02:31.204+00:00", "sequence": 1, "loggerName": "org.keycloak.events", "level": "WARN", "message": E, "threadName": "t", "mdc": {"a": {"b": "c"}}})).expect("JSON");
    let journal_pretty = serde_json::to_string_pretty(&serde_json::json!({"__CURSOR": "s=1", "__REALTIME_TIMESTAMP": "1796047351204123", "_HOSTNAME": "h", "PRIORITY": "4", "SYSLOG_IDENTIFIER": "kc.sh", "MESSAGE": kc})).expect("JSON");
    let journal_pretty = journal_pretty.replace("\n  ", "\n\t");
    let verbose = format!(
        "Mon 2026-11-30 14:02:31.204123 UTC [s=1234;i=1;b=2;m=3;t=4;x=5]\n    PRIORITY=4\n    _UID=1000\n    _HOSTNAME=h\n    SYSLOG_IDENTIFIER=kc.sh\n    _PID=812\n    _SYSTEMD_UNIT=keycloak.service\n    MESSAGE={kc}\n    _TRANSPORT=stdout\n"
    );
    let two = |a: &str| format!("{a}\n{a}\n{a}\n");
    vec![
        ("quarkus abbreviated", two(&format!("{q} WARN  [org.key.events] (executor-thread-1) {E}")), r#"1: UserEvent Warn org.key.events 14:02:31 [LOGIN_ERROR web alice 10.0.0.7 s-1 invalid_user_credentials] "type=\"LOGIN_ERROR\", realmId=\"r-1\", realm" of 3, 0"#),
        ("quarkus host pid id", two(&format!("{q} keycloak-0 quarkus-run.jar[1] WARN  [org.keycloak.events] (23) {E}")), r#"1: EVENT of 3, 0"#),
        ("quarkus relative", two(&format!("8123 WARN  [org.keycloak.events] (executor-thread-1) {E}")), r#"1: UserEvent Warn org.keycloak.events - [LOGIN_ERROR web alice 10.0.0.7 s-1 invalid_user_credentials] "type=\"LOGIN_ERROR\", realmId=\"r-1\", realm" of 3, 0"#),
        ("quarkus class method line", two(&format!("WARN  14:02:31 b636ac org.keycloak.events.log.JBossLoggingEventListenerProvider.logEvent:123 {E}")), r#"1: UserEvent Warn org.keycloak.events.log.JBossLoggingEventListenerProvider.logEvent:123 14:02:31? [LOGIN_ERROR web alice 10.0.0.7 s-1 invalid_user_credentials] "type=\"LOGIN_ERROR\", realmId=\"r-1\", realm" of 3, 0"#),
        ("quarkus file line", two(&format!("{q} JBossLoggingEventListenerProvider.java:123 WARN [org.keycloak.events] (t) {E}")), r#"1: EVENT of 3, 0"#),
        ("date slashes", two(&format!("2026/11/30 14:02:31 WARN [org.keycloak.events] (executor-thread-1) {E}")), r#"1: EVENT of 3, 0"#),
        ("date slashes ms", two(&format!("2026/11/30 14:02:31.204 [executor-thread-1] WARN org.keycloak.events - {E}")), r#"1: EVENT of 3, 0"#),
        ("joined by slashes", two(&format!("{q}/WARN/org.keycloak.events/executor-thread-1/{E}")), r#"1: EVENT of 3, 0"#),
        ("joined by slashes date", two(&format!("2026/11/30 14:02:31/WARN/org.keycloak.events/executor-thread-1/{E}")), r#"1: EVENT of 3, 0"#),
        ("joined by spaced slashes", two(&format!("2026/11/30 14:02:31 / WARN / org.keycloak.events / executor-thread-1 / {E}")), r#"1: EVENT of 3, 0"#),
        ("joined by slashes T", two(&format!("2026/11/30T14:02:31.204Z/WARN/org.keycloak.events/executor-thread-1/{E}")), r#"1: ZONED of 3, 0"#),
        ("joined by semicolon", two(&format!("{q};WARN;org.keycloak.events;executor-thread-1;{E}")), r#"1: EVENT of 3, 0"#),
        ("joined by tab", two(&format!("{q}\tWARN\torg.keycloak.events\texecutor-thread-1\t{E}")), r#"1: EVENT of 3, 0"#),
        ("joined by hash", two(&format!("{q}#WARN#org.keycloak.events#executor-thread-1#{E}")), r#"1: EVENT of 3, 0"#),
        ("joined by underscore pipes", two(&format!("{q}||WARN||org.keycloak.events||executor-thread-1||{E}")), r#"1: EVENT of 3, 0"#),
        ("joined by tilde", two(&format!("{q}~WARN~org.keycloak.events~executor-thread-1~{E}")), r#"1: EVENT of 3, 0"#),
        ("joined by comma", two(&format!("{q},WARN,org.keycloak.events,executor-thread-1,{E}")), r#"1: EVENT of 3, 0"#),
        ("joined by colon", two(&format!("{q}:WARN:org.keycloak.events:executor-thread-1:{E}")), r#"1: EVENT of 3, 0"#),
        ("kc json exception", two(r#"{"timestamp":"2026-11-30T14:02:31.204123+00:00","sequence":11,"loggerClassName":"org.jboss.logging.Logger","loggerName":"org.keycloak.services.error.KeycloakErrorHandler","level":"ERROR","message":"Uncaught server error","threadName":"executor-thread-1","threadId":31,"mdc":{},"ndc":"","hostName":"kc","processName":"x","processId":1,"exception":{"refId":1,"exceptionType":"java.lang.RuntimeException","message":"x","frames":[{"class":"a","method":"b","line":1}]}}"#), r#"1: Server Error org.keycloak.services.error.KeycloakErrorHandler 14:02:31z [- - - - - -] "Uncaught server error" of 3, 0"#),
        ("kc ecs", two(&serde_json::json!({"@timestamp":"2026-11-30T14:02:31.204123456+00:00","event.sequence":1,"log.logger":"org.keycloak.events","log.level":"WARN","message":E,"process.thread.name":"t","process.thread.id":1,"mdc":{},"ndc":"","host.hostname":"h","process.name":"p","process.pid":1,"data_stream.type":"logs","ecs.version":"1.12.2"}).to_string()), r#"1: ZONED of 3, 0"#),
        ("kc json pretty", two(&pretty), r#"1: ZONED of 3, 0"#),
        ("kc json date-format", two(&serde_json::json!({"timestamp":"2026-11-30 14:02:31,204","loggerName":"org.keycloak.events","level":"WARN","message":E}).to_string()), r#"1: EVENT of 3, 0"#),
        ("gcp severity", two(&serde_json::json!({"severity":"WARNING","timestamp":{"seconds":1796047351,"nanos":204000000},"message":"m"}).to_string()), r#"1: Server Warn - 14:02:31z [- - - - - -] "m" of 3, 0"#),
        ("gcp export", two(&serde_json::json!({"insertId":"x","textPayload":kc,"timestamp":"2026-11-30T14:02:31.5Z","severity":"INFO","resource":{"type":"k8s_container"}}).to_string()), r#"1: ZONED of 3, 0"#),
        ("gcp jsonPayload", two(&serde_json::json!({"insertId":"x","jsonPayload":{"loggerName":"org.keycloak.events","level":"WARN","message":E},"timestamp":"2026-11-30T14:02:31.5Z","severity":"WARNING"}).to_string()), r#"1: ZONED of 3, 0"#),
        ("carbon blank correlation", two("TID: [-1234] [] [2026-11-30 14:02:31,204] [ ]  WARN {org.wso2.carbon.apimgt.gateway.handlers.security.APIAuthenticationHandler} - API authentication failure due to Invalid Credentials 900901"), r#"1: Server Warn org.wso2.carbon.apimgt.gateway.handlers.security.APIAuthenticationHandler 14:02:31 [- - - - - 900901] "API authentication failure due to Invali" of 3, 0"#),
        ("carbon tenant name", two("TID: [-1234] [api/am] [2026-11-30 14:02:31,204] [PassThroughMessageProcessor-12] ERROR {org.apache.synapse.transport.passthru.TargetHandler} - I/O error: null"), r#"1: Server Error org.apache.synapse.transport.passthru.TargetHandler 14:02:31 [- - - - PassThroughMessageProcessor-12 -] "I/O error: null" of 3, 0"#),
        ("wso2 access no quotes", two("127.0.0.1 - - [30/Nov/2026:14:02:31 +0000] POST /oauth2/token HTTP/1.1 401 87 - curl/8.5 0.012"), r#"1: Access - - 14:02:31z [POST - - 127.0.0.1 - 401] "POST /oauth2/token HTTP/1.1 401 87 - cur" of 3, 0"#),
        ("wso2 access passthrough", two("192.168.1.2 - - [30/Nov/2026:14:02:31 +0000] \"GET /pizzashack/1.0.0/menu HTTP/1.1\" - - \"-\" \"curl/8.5\""), r#"1: Access - - 14:02:31z [GET - - 192.168.1.2 - -] "\"GET /pizzashack/1.0.0/menu HTTP/1.1\" - " of 3, 0"#),
        ("wso2 access millis", two("127.0.0.1 - admin [2026-11-30 14:02:31.204] \"POST /oauth2/token HTTP/1.1\" 401 87 \"-\" \"curl\" 0.012"), r#"1: Access - - 14:02:31 [POST - admin 127.0.0.1 - 401] "\"POST /oauth2/token HTTP/1.1\" 401 87 \"-\"" of 3, 0"#),
        ("nginx combined ms", two("10.0.0.7 - alice [30/Nov/2026:14:02:31 +0000] \"POST /realms/demo HTTP/2.0\" 401 87 \"-\" \"curl\" \"-\" rt=0.012 uct=\"0.001\""), r#"1: Access - - 14:02:31z [POST - alice 10.0.0.7 - 401] "\"POST /realms/demo HTTP/2.0\" 401 87 \"-\" " of 3, 0"#),
        ("nginx error", two("2026/11/30 14:02:31 [error] 29#29: *17 upstream timed out (110: Connection timed out) while reading response header, client: 10.0.0.7, server: kc.example, request: \"POST /realms/demo HTTP/1.1\""), r#"1: Server Error - 14:02:31 [- - - - - -] "*17 upstream timed out (110: Connection " of 3, 0"#),
        ("nginx json", two(r#"{"time_local":"30/Nov/2026:14:02:31 +0000","remote_addr":"10.0.0.7","remote_user":"alice","request":"POST /token HTTP/1.1","status":"401","http_user_agent":"curl"}"#), r#"1: Access - - 14:02:31z [POST - alice 10.0.0.7 - 401] "POST /token HTTP/1.1 401" of 3, 0"#),
        ("nginx ingress", two("10.0.0.7 - - [30/Nov/2026:14:02:31 +0000] \"POST /realms HTTP/1.1\" 401 87 \"-\" \"curl\" 345 0.012 [default-kc-8080] [] 10.1.2.3:8080 87 0.012 401 7f8a9b0c1d2e3f405162738495a6b7c8"), r#"1: Access - - 14:02:31z [POST - - 10.0.0.7 - 401] "\"POST /realms HTTP/1.1\" 401 87 \"-\" \"curl" of 3, 0"#),
        ("envoy text", two("[2026-11-30T14:02:31.204Z] \"POST /orders HTTP/1.1\" 401 - jwt_authn_access_denied{Jwt_is_expired} - \"-\" 0 28 1 - \"10.0.0.7\" \"curl/8.5\" \"7f8a9b0c-1d2e-4f40-8162-738495a6b7c8\" \"api:8080\" \"-\" inbound|8080||"), r#"1: Access - - 14:02:31z [POST - - 10.0.0.7 7f8a9b0c-1d2e-4f40-8162-738495a6b7c8 401] "\"POST /orders HTTP/1.1\" 401 - jwt_authn_" of 3, 0"#),
        ("envoy json", two(r#"{"start_time":"2026-11-30T14:02:31.204Z","method":"POST","path":"/orders","response_code":401,"response_code_details":"jwt_authn_access_denied{Jwt_is_expired}","x_forwarded_for":"10.0.0.7","request_id":"7f8a9b0c-1d2e-4f40-8162-738495a6b7c8"}"#), r#"1: Access - - 14:02:31z [POST - - 10.0.0.7 7f8a9b0c-1d2e-4f40-8162-738495a6b7c8 401] "POST /orders 401" of 3, 0"#),
        ("envoy app", two("[2026-11-30 14:02:31.204][12][warning][jwt] [source/extensions/filters/http/jwt_authn/authenticator.cc:123] Jwt verification fails"), r#"1: Server Warn jwt 14:02:31 [- - - - - -] "[source/extensions/filters/http/jwt_auth" of 3, 0"#),
        ("istio app", two("2026-11-30T14:02:31.204123Z\twarning\tenvoy jwt external/envoy/source/x.cc:123\tJwt verification fails\tthread=23"), r#"1: Server Warn - 14:02:31z [- - - - - -] "envoy jwt external/envoy/source/x.cc:123" of 3, 0"#),
        ("kong access", two("172.18.0.1 - - [30/Nov/2026:14:02:31 +0000] \"GET /orders HTTP/1.1\" 401 26 \"-\" \"curl/8.5\" kong_request_id: \"7f8a9b\""), r#"1: Access - - 14:02:31z [GET - - 172.18.0.1 - 401] "\"GET /orders HTTP/1.1\" 401 26 \"-\" \"curl/" of 3, 0"#),
        ("apisix error", two("2026/11/30 14:02:31 [warn] 46#46: *1 [lua] openid-connect.lua:123: phase_func(): OIDC introspection failed, client: 10.0.0.7, server: _, request: \"GET /x HTTP/1.1\""), r#"1: Server Warn openid-connect.lua:123 14:02:31 [- - - - - -] "OIDC introspection failed, client: 10.0." of 3, 0"#),
        ("haproxy", two("Nov 30 14:02:31 lb haproxy[123]: 10.0.0.7:33317 [30/Nov/2026:14:02:31.204] https~ kc/kc1 0/0/1/20/21 401 312 - - ---- 1/1/0/0/0 0/0 \"POST /x HTTP/1.1\""), r#"1: Server - - 14:02:31 [- - - - - -] "https~ kc/kc1 0/0/1/20/21 401 312 - - --" of 3, 0"#),
        ("traefik logrus", two("time=\"2026-11-30T14:02:31Z\" level=error msg=\"the router orders@docker uses a non-existent resolver\" routerName=orders@docker"), r#"1: Server Error - 14:02:31z [- - - - - -] "the router orders@docker uses a non-exis" of 3, 0"#),
        ("traefik zerolog", two("2026-11-30T14:02:31Z ERR github.com/traefik/traefik/v3/pkg/server/router.go:12 > the middleware does not exist error=\"x\" routerName=orders@docker"), r#"1: Server Error github.com/traefik/traefik/v3/pkg/server/router.go:12 14:02:31z [- - - - - -] "the middleware does not exist error=\"x\" " of 3, 0"#),
        ("traefik access json", two(r#"{"ClientHost":"10.0.0.7","DownstreamStatus":401,"RequestMethod":"GET","RequestPath":"/orders","StartUTC":"2026-11-30T14:02:31.204Z","level":"info","msg":"","time":"2026-11-30T14:02:31Z"}"#), r#"1: Access Info - 14:02:31z [GET - - 10.0.0.7 - 401] "GET /orders 401" of 3, 0"#),
        ("spring 3", two("2026-11-30T14:02:31.204+00:00  WARN 812 --- [orders] [nio-8080-exec-1] o.s.s.o.s.r.a.JwtAuthenticationProvider : Failed to authenticate since the JWT was invalid"), r#"1: Server Warn o.s.s.o.s.r.a.JwtAuthenticationProvider 14:02:31z [- - - - - -] "Failed to authenticate since the JWT was" of 3, 0"#),
        ("spring 2", two("2026-11-30 14:02:31.204  INFO 812 --- [           main] o.s.b.w.embedded.tomcat.TomcatWebServer  : Tomcat started on port(s): 8080"), r#"1: Server Info o.s.b.w.embedded.tomcat.TomcatWebServer 14:02:31 [- - - - - -] "Tomcat started on port(s): 8080" of 3, 0"#),
        ("spring sleuth", two("2026-11-30 14:02:31.204  INFO [orders,b636ac4c665ceb90,d59cea113d0c2549] 812 --- [nio-8080-exec-1] c.e.OrdersController : got it"), r#"1: Server Info c.e.OrdersController 14:02:31 [- - - - - -] "got it" of 3, 0"#),
        ("spring trace", format!("2026-11-30T14:02:31.204+00:00 ERROR 812 --- [orders] [nio-8080-exec-1] o.a.c.c.C.[.[.[/].[dispatcherServlet]    : Servlet.service() for servlet threw exception\n\n{trace}\n2026-11-30T14:02:32.204+00:00 DEBUG 812 --- [orders] [nio-8080-exec-1] o.s.security.web.FilterChainProxy : Securing GET /orders\n"), r#"1: Server Error o.a.c.c.C.[.[.[/].[dispatcherServlet] 14:02:31z [- - - - - -] "Servlet.service() for servlet threw exce" of 2, 0"#),
        ("logback", two("14:02:31.204 [main] WARN  com.example.Foo -- message"), r#"1: Server Warn com.example.Foo 14:02:31? [- - - - - -] "message" of 3, 0"#),
        ("logback iso", two("2026-11-30 14:02:31,204 [http-nio-8080-exec-1] WARN  c.e.f.Foo [traceId=abc] - message"), r#"1: Server Warn c.e.f.Foo 14:02:31 [- - - - - -] "message" of 3, 0"#),
        ("catalina", two("30-Nov-2026 14:02:31.204 SEVERE [main] org.apache.catalina.core.StandardService.startInternal Failed to start"), r#"1: Server Error org.apache.catalina.core.StandardService.startInternal 14:02:31 [- - - - - -] "Failed to start" of 3, 0"#),
        ("jul two lines", two("Nov 30, 2026 2:02:31 PM org.apache.catalina.startup.Catalina start\nWARNING: Server startup in 2 ms"), r#"1: Server Warn org.apache.catalina.startup.Catalina 14:02:31 [- - - - - -] "Server startup in 2 ms" of 3, 0"#),
        ("journal verbose", format!("{verbose}{verbose}"), r#"1: ZONED of 2, 0"#),
        ("journal json-pretty", format!("{journal_pretty}\n{journal_pretty}\n"), r#"1: ZONED of 2, 0"#),
        ("journal cat", two(&kc), r#"1: EVENT of 3, 0"#),
        ("journal short-monotonic", two(&format!("[12345.678901] host kc.sh[812]: {kc}")), r#"1: EVENT of 3, 0"#),
        ("journal with-unit", two(&format!("Mon 2026-11-30 14:02:31 UTC host keycloak.service[812]: {kc}")), r#"1: ZONED of 3, 0"#),
        ("journal begins", format!("-- Logs begin at Mon 2026-11-30 10:00:00 UTC, end at Mon 2026-11-30 15:00:00 UTC. --\nNov 30 14:02:31 host kc.sh[812]: {kc}\n-- Boot 1234 --\nNov 30 14:02:32 host kc.sh[812]: {kc}\n"), r#"2: EVENT of 3, 0"#),
        ("stern", two(&format!("keycloak-0 keycloak {kc}")), r#"1: EVENT of 3, 0"#),
        ("kail", two(&format!("default/keycloak-0[keycloak]: {kc}")), r#"1: EVENT of 3, 0"#),
        ("ecs tail", two(&format!("2026-11-30T14:02:31.204000+00:00 ecs/keycloak/0a1b2c3d {kc}")), r#"1: ZONED of 3, 0"#),
        ("cloudwatch csv", format!("timestamp,message\n1796047351204,\"{}\"\n1796047351204,\"{}\"\n", kc.replace('"', "\"\""), kc.replace('"', "\"\"")), r#"2: ZONED of 3, 0"#),
        ("azure containerapp", two(&serde_json::json!({"TimeStamp":"2026-11-30T14:02:31.5","Log":kc}).to_string()), r#"1: EVENT of 3, 0"#),
        ("heroku", two(&format!("2026-11-30T14:02:31.204123+00:00 app[web.1]: {kc}")), r#"1: ZONED of 3, 0"#),
        ("logcli", two(&format!("2026-11-30T14:02:31Z {{app=\"keycloak\"}} {kc}")), r#"1: ZONED of 3, 0"#),
        ("crlf bom", format!("\u{feff}{kc}\r\n{kc}\r\n\r\n{kc}\r\n"), r#"1: EVENT of 3, 0"#),
        ("ansi", two(&format!("\u{1b}[36m{q}\u{1b}[0m \u{1b}[1;33mWARN \u{1b}[0m [\u{1b}[34morg.keycloak.events\u{1b}[0m] (\u{1b}[35mt\u{1b}[0m) {E}")), r#"1: EVENT of 3, 0"#),
        ("python", two("2026-11-30 14:02:31,204 - oauthlib.oauth2 - WARNING - Token expired"), r#"1: Server Warn oauthlib.oauth2 14:02:31 [- - - - - -] "Token expired" of 3, 0"#),
        ("python basic", two("WARNING:oauthlib.oauth2:Token expired"), r#"1: Server Warn oauthlib.oauth2 - [- - - - - -] "Token expired" of 3, 0"#),
        ("django", two("[30/Nov/2026 14:02:31] \"POST /o/token/ HTTP/1.1\" 401 45"), r#"1: Access - - 14:02:31 [POST - - - - 401] "\"POST /o/token/ HTTP/1.1\" 401 45" of 3, 0"#),
        ("gunicorn", two("[2026-11-30 14:02:31 +0000] [7] [WARNING] Booting worker with pid: 9"), r#"1: Server Warn - 14:02:31z [- - - - - -] "Booting worker with pid: 9" of 3, 0"#),
        ("uvicorn", two("INFO:     127.0.0.1:5000 - \"GET /orders HTTP/1.1\" 401 Unauthorized"), r#"1: Access Info - - [GET - - 127.0.0.1 - 401] "\"GET /orders HTTP/1.1\" 401 Unauthorized" of 3, 0"#),
        ("aspnet", two("warn: Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler[2]\n      Failed to validate the token."), r#"1: Server Warn Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler - [- - - - - -] "" of 3, 0"#),
        ("aspnet time", two("2026-11-30 14:02:31.204 warn: Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler[2] Failed to validate the token."), r#"1: Server Warn Microsoft.AspNetCore.Authentication.JwtBearer.JwtBearerHandler 14:02:31 [- - - - - -] "[2] Failed to validate the token." of 3, 0"#),
        ("serilog", two("[14:02:31 WRN] Failed to validate the token."), r#"1: Server Warn - 14:02:31? [- - - - - -] "Failed to validate the token." of 3, 0"#),
        ("serilog file", two("2026-11-30 14:02:31.204 +00:00 [WRN] Failed to validate the token."), r#"1: Server Warn - 14:02:31z [- - - - - -] "Failed to validate the token." of 3, 0"#),
        ("serilog clef", two(r#"{"@t":"2026-11-30T14:02:31.204Z","@m":"Failed to validate","@l":"Warning","SourceContext":"A.B"}"#), r#"1: Server Warn A.B 14:02:31z [- - - - - -] "Failed to validate" of 3, 0"#),
        ("zap", two("2026-11-30T14:02:31.204Z\twarn\tserver/x.go:12\tcannot verify token\t{\"client_id\": \"web\"}"), r#"1: Server Warn - 14:02:31z [- - - - - -] "server/x.go:12\tcannot verify token\t{\"cli" of 3, 0"#),
        ("klog", two("W1130 14:02:31.204123       1 authentication.go:73] Unable to authenticate the request"), r#"1: Server Warn authentication.go:73 14:02:31 [- - - - - -] "Unable to authenticate the request" of 3, 0"#),
        ("slog", two("time=2026-11-30T14:02:31.204Z level=WARN msg=\"cannot verify\" client_id=web user=alice"), r#"1: Server Warn - 14:02:31z [- web alice - - -] "cannot verify" of 3, 0"#),
        ("go std", two("2026/11/30 14:02:31 cannot verify token"), r#"1: Server - - 14:02:31 [- - - - - -] "cannot verify token" of 3, 0"#),
        ("go std micro", two("2026/11/30 14:02:31.204123 server.go:12: cannot verify token"), r#"1: Server - server.go:12 14:02:31 [- - - - - -] "cannot verify token" of 3, 0"#),
        ("authentik", two(r#"{"auth_via":"oauth","domain_url":"a.example","event":"/application/o/token/","host":"a","level":"warning","logger":"authentik.asgi","method":"POST","pid":1,"remote":"10.0.0.7","request_id":"r1","status":401,"timestamp":"2026-11-30T14:02:31.204"}"#), r#"1: Access Warn authentik.asgi 14:02:31 [POST - - 10.0.0.7 r1 401] "POST /application/o/token/ 401" of 3, 0"#),
        ("pino", two(r#"{"level":40,"time":1796047351204,"pid":1,"hostname":"h","msg":"jwt expired"}"#), r#"1: Server Warn - 14:02:31z [- - - - - -] "jwt expired" of 3, 0"#),
        ("winston", two(r#"{"level":"warn","message":"jwt expired","timestamp":"2026-11-30T14:02:31.204Z"}"#), r#"1: Server Warn - 14:02:31z [- - - - - -] "jwt expired" of 3, 0"#),
        ("postgres", two("2026-11-30 14:02:31.204 UTC [812] ERROR:  duplicate key value"), r#"1: Server Error - 14:02:31z [- - - - - -] "duplicate key value" of 3, 0"#),
        ("infinispan", two(&format!("{q} INFO  [org.infinispan.CLUSTER] (jgroups-5,keycloak-0-1234) ISPN000094: Received new cluster view")), r#"1: Server Info org.infinispan.CLUSTER 14:02:31 [- - - - - -] "ISPN000094: Received new cluster view" of 3, 0"#),
        ("oauth2-proxy std", two("[2026/11/30 14:02:31] [oauthproxy.go:823] No valid authentication in request. Initiating login."), r#"1: Server - oauthproxy.go:823 14:02:31 [- - - - - -] "No valid authentication in request. Init" of 3, 0"#),
        ("oauth2-proxy auth", two("10.0.0.7:1234 - 7f8a9b0c-1d2e-4f40-8162-738495a6b7c8 - alice@example.com [2026/11/30 14:02:31] [AuthSuccess] Authenticated via OAuth2"), r#"1: Server - AuthSuccess 14:02:31 [- - - - - -] "Authenticated via OAuth2" of 3, 0"#),
        ("oauth2-proxy req", two("10.0.0.7:1234 - 7f8a9b0c-1d2e-4f40-8162-738495a6b7c8 - - [2026/11/30 14:02:31] kc.example GET - \"/oauth2/callback\" HTTP/1.1 \"curl\" 403 8 0.001"), r#"1: Access - - 14:02:31 [GET - - 10.0.0.7 7f8a9b0c-1d2e-4f40-8162-738495a6b7c8 403] "GET - \"/oauth2/callback\" HTTP/1.1 \"curl\"" of 3, 0"#),
        ("gc", two("[2026-11-30T14:02:31.204+0000][info][gc] GC(12) Pause Young"), r#"1: Server Info gc 14:02:31z [- - - - - -] "GC(12) Pause Young" of 3, 0"#),
        ("alb", two("https 2026-11-30T14:02:31.204123Z app/lb/abc 10.0.0.7:1234 10.0.1.2:8443 0.001 0.020 0.000 401 401 345 312 \"POST https://kc:443/x HTTP/1.1\" \"curl\""), r#"1: Server - - 14:02:31z [- - - - - -] "app/lb/abc 10.0.0.7:1234 10.0.1.2:8443 0" of 3, 0"#),
        ("apache error", two("[Mon Nov 30 14:02:31.204123 2026] [auth_openidc:error] [pid 812:tid 139] [client 10.0.0.7:1234] oidc_proto_validate_jwt: could not verify"), r#"1: Server Error - 14:02:31 [- - - - - -] "could not verify" of 3, 0"#),
        ("kc banner", format!("Updating the configuration and installing your custom providers, if any. Please wait.\nJAVA_OPTS already set in environment; overriding default settings\n{kc}\n{kc}\n"), r#"3: EVENT of 4, 0"#),
        ("mixed", format!("{kc}\n127.0.0.1 - - [30/Nov/2026:14:02:31 +0000] \"GET /x HTTP/1.1\" 401 8 \"-\" \"curl\"\nTID: [-1234] [] [2026-11-30 14:02:31,204] []  WARN {{org.wso2.x.Y}} - m\n{}\n2026/11/30 14:02:31 [error] 29#29: *17 x\n", serde_json::json!({"timestamp":"2026-11-30T14:02:31.204Z","level":"INFO","loggerName":"a.B","message":"m"})), r#"1: EVENT of 5, 0"#),
        ("other: git log", "commit 5bb0bb3a\nAuthor: A <a@b>\nDate:   Mon Nov 30 14:02:31 2026 +0000\n\n    Prove the readings\n\ncommit 3233329\nAuthor: A <a@b>\n".into(), r#"5: more of 5, 1"#),
        ("other: python", "import os\n\ndef main():\n    print('x')\n\nmain()\n".into(), r#"4: more of 3, 1"#),
        ("other: csv", "id,name,mail\n1,alice,a@b\n2,bob,b@c\n".into(), r#"1: Text - - - [- - - - - -] "id,name,mail" of 3, 1"#),
        ("other: yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: kc\nspec:\n  a: b\n".into(), r#"4: more of 4, 1"#),
        ("other: dpkg", two("2026-11-30 14:02:31 status installed libc6:amd64 2.39"), r#"1: Server - - 14:02:31 [- - - - - -] "status installed libc6:amd64 2.39" of 3, 0"#),
        ("wildfly", two(&format!("14:02:31,204 WARN  [org.keycloak.events] (default task-1) {E}")), r#"1: UserEvent Warn org.keycloak.events 14:02:31? [LOGIN_ERROR web alice 10.0.0.7 s-1 invalid_user_credentials] "type=\"LOGIN_ERROR\", realmId=\"r-1\", realm" of 3, 0"#),
        ("ms before level", two(&format!("{q} [executor-thread-1] [traceId=abc] [WARN ] org.keycloak.events: {E}")), r#"1: EVENT of 3, 0"#),
        ("trailing logger", two(&format!("{q} WARN - {E} [org.keycloak.events] (executor-thread-1)")), r#"1: UserEvent Warn - 14:02:31 [LOGIN_ERROR web alice 10.0.0.7 s-1 invalid_user_credentials] "type=\"LOGIN_ERROR\", realmId=\"r-1\", realm" of 3, 0"#),
    ]
}

#[test]
fn files_of_real_programs() {
    check(&files());
}

#[test]
fn files_of_collectors_and_of_other_programs() {
    check(&more_files());
}

fn check(files: &[(&str, String, &str)]) {
    let mut wrong = Vec::new();
    for (name, text, expected) in files {
        let whole = |zone: &str| {
            format!(
                "UserEvent Warn org.keycloak.events 14:02:31{zone} [LOGIN_ERROR web alice 10.0.0.7 s-1 invalid_user_credentials] \"type=\\\"LOGIN_ERROR\\\", realmId=\\\"r-1\\\", realm\""
            )
        };
        let seen = seen_of(text).replace(&whole(""), "EVENT").replace(&whole("z"), "ZONED");
        if seen != *expected {
            wrong.push(format!("{name}\n   is  {seen}\n   not {expected}"));
        }
    }
    println!("files: {} inputs, {} wrong", files.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first record, how many there are, and the first line nobody can read.
fn seen_of(text: &str) -> String {
    let (mut all, mut reader) = (All::default(), Reader::default());
    text.as_bytes().chunks(11).for_each(|chunk| reader.feed(chunk, &mut all));
    reader.finish(&mut all);
    let tally = reader.tally();
    let first = all.0.iter().find(|row| !row.contains(": Text ")).or(all.0.first()).cloned().unwrap_or_default();
    let unread = tally.first_unread.as_ref().map_or(0, |unread| unread.line);
    format!("{first} of {}, {unread}", tally.records)
}

/// The same of what collectors, clouds and other programs make of lines.
#[rustfmt::skip]
fn more_files() -> Vec<(&'static str, String, &'static str)> {
    let kc = format!("2026-11-30 14:02:31,204 WARN  [org.keycloak.events] (executor-thread-1) {E}");
    let two = |a: &str| format!("{a}\n{a}\n");
    let spring_body = "2026-11-30T14:02:31.204+00:00 ERROR 812 --- [orders] [nio-8080-exec-1] c.e.Client : answer was\n{\n  \"timestamp\": \"2026-11-30T14:02:31Z\",\n  \"status\": 401,\n  \"message\": \"no\"\n}\n2026-11-30T14:02:32.204+00:00 INFO 812 --- [orders] [nio-8080-exec-1] c.e.Client : next\n";
    vec![
        ("json in a message", spring_body.to_owned(), r#"1: Server Error c.e.Client 14:02:31z [- - - - - -] "answer was" of 2, 0"#),
        ("json then lines", format!("{{\n  \"a\": 1\n}}\n{kc}\n{kc}\n"), r#"2: more of 3, 0"#),
        ("verbose with trace", "Mon 2026-11-30 14:02:31.204123 UTC [s=1;i=1;b=2;m=3;t=4;x=5]\n    PRIORITY=3\n    MESSAGE=2026-11-30 14:02:31,204 ERROR [a.B] (t) broken\n            java.lang.X: y\n            \tat a.B.c(B.java:1)\n    _PID=1\nMon 2026-11-30 14:02:32.204123 UTC [s=1;i=2;b=2;m=3;t=4;x=5]\n    MESSAGE=Started.\n".to_owned(), r#"1: Server Error a.B 14:02:31z [- - - - - -] "broken\njava.lang.X: y\n\tat a.B.c(B.java:1" of 1, 0"#),
        ("verbose no day", "2026-11-30 14:02:31.204123 UTC [s=1;i=1;b=2;m=3;t=4;x=5]\n    MESSAGE=x\n    PRIORITY=4\n".to_owned(), r#"1: Server Warn - 14:02:31z [- - - - - -] "x" of 1, 0"#),
        ("pretty crlf", two("{\r\n  \"time\": \"2026-11-30T14:02:31Z\",\r\n  \"level\": \"error\",\r\n  \"msg\": \"m\"\r\n}\r"), r#"1: Server Error - 14:02:31z [- - - - - -] "m" of 2, 0"#),
        ("docker pretty", two(&serde_json::json!({"log": format!("{kc}\n"), "stream": "stderr", "attrs": {"tag": "kc"}, "time": "2026-11-30T14:02:31.204Z"}).to_string()), r#"1: ZONED of 2, 0"#),
        ("fluentd", two(&format!("2026-11-30 14:02:31.000000000 +0000 kc.log: {}", serde_json::json!({"log": kc, "container": "kc"}))), r#"1: ZONED of 2, 0"#),
        ("vector", two(&serde_json::json!({"file": "/x", "host": "h", "message": kc, "source_type": "file", "timestamp": "2026-11-30T14:02:31.204Z"}).to_string()), r#"1: ZONED of 2, 0"#),
        ("elastic hit", two(&serde_json::json!({"_index": "x", "_source": {"@timestamp": "2026-11-30T14:02:31.204Z", "message": kc}}).to_string()), r#"1: ZONED of 2, 0"#),
        ("wso2 json appender", two(r#"{"@timestamp":"2026-11-30T14:02:31.204Z","level":"WARN","logger":"org.wso2.carbon.apimgt.gateway.handlers.security.APIAuthenticationHandler","thread":"x","message":"API authentication failure due to Invalid Credentials 900901","correlation-id":"41e4f8a5-63a4-4b8e-9d0c-0a1b2c3d4e5f"}"#), r#"1: Server Warn org.wso2.carbon.apimgt.gateway.handlers.security.APIAuthenticationHandler 14:02:31z [- - - - 41e4f8a5-63a4-4b8e-9d0c-0a1b2c3d4e5f 900901] "API authentication failure due to Invali" of 2, 0"#),
        ("wso2 api analytics", two("TID: [-1234] [] [2026-11-30 14:02:31,204]  INFO {org.wso2.am.analytics.publisher.reporter.elk.ELKCounterMetric} - apimMetrics: apim:response, properties :{\"apiName\":\"orders\"}"), r#"1: Server Info org.wso2.am.analytics.publisher.reporter.elk.ELKCounterMetric 14:02:31 [- - - - - -] "apimMetrics: apim:response, properties :" of 2, 0"#),
        ("wso2 trans log", two("[2026-11-30 14:02:31,204] [41e4f8a5-63a4-4b8e-9d0c-0a1b2c3d4e5f] [HTTP-Listener I/O dispatcher-1] DEBUG {org.apache.synapse.transport.http.headers} - http-incoming-1 >> POST /orders HTTP/1.1"), r#"1: Server Debug org.apache.synapse.transport.http.headers 14:02:31 [- - - - 41e4f8a5-63a4-4b8e-9d0c-0a1b2c3d4e5f -] "http-incoming-1 >> POST /orders HTTP/1.1" of 2, 0"#),
        ("wso2 is audit v2", two(r#"TID: [-1234] [2026-11-30 14:02:31,204] [41e4f8a5-63a4-4b8e-9d0c-0a1b2c3d4e5f]  INFO {AUDIT_LOG} - Initiator : alice | Action : Login | Target : ApplicationAuthenticationFramework | Data : {"ContextIdentifier":"x"} | Result : Failed"#), r#"1: Audit Info AUDIT_LOG 14:02:31 [Login - alice - 41e4f8a5-63a4-4b8e-9d0c-0a1b2c3d4e5f Failed] "Initiator : alice | Action : Login | Tar" of 2, 0"#),
        ("keycloak gelf", two(&serde_json::json!({"version": "1.1", "host": "kc", "short_message": E, "timestamp": 1796047351.204, "level": 4, "_LoggerName": "org.keycloak.events", "_Thread": "t"}).to_string()), r#"1: ZONED of 2, 0"#),
        ("quarkus syslog", two(&format!("<28>1 2026-11-30T14:02:31.204Z kc keycloak 1 org.keycloak.events - {kc}")), r#"1: ZONED of 2, 0"#),
        ("quarkus syslog3164", two(&format!("<12>Nov 30 14:02:31 kc keycloak[1]: {kc}")), r#"1: EVENT of 2, 0"#),
        ("rsyslog iso no zone", two(&format!("2026-11-30T14:02:31 kc keycloak[1]: {kc}")), r#"1: EVENT of 2, 0"#),
        ("authelia", two("time=\"2026-11-30T14:02:31Z\" level=error msg=\"Unsuccessful 1FA authentication attempt by user 'alice'\" method=POST path=/api/firstfactor remote_ip=10.0.0.7"), r#"1: Server Error - 14:02:31z [- - - - - -] "Unsuccessful 1FA authentication attempt " of 2, 0"#),
        ("authelia json", two(r#"{"level":"error","method":"POST","msg":"Access Request failed","path":"/api/oidc/token","remote_ip":"10.0.0.7","time":"2026-11-30T14:02:31Z"}"#), r#"1: Server Error - 14:02:31z [- - - - - -] "Access Request failed" of 2, 0"#),
        ("dex slog", two("time=2026-11-30T14:02:31.204Z level=ERROR msg=\"failed to authenticate\" err=\"invalid_client\""), r#"1: Server Error - 14:02:31z [- - - - - -] "failed to authenticate" of 2, 0"#),
        ("traefik clf", two("10.0.0.7 - - [30/Nov/2026:14:02:31 +0000] \"GET /orders HTTP/2.0\" 401 17 \"-\" \"-\" 12 \"orders@docker\" \"-\" 1ms"), r#"1: Access - - 14:02:31z [GET - - 10.0.0.7 - 401] "\"GET /orders HTTP/2.0\" 401 17 \"-\" \"-\" 12" of 2, 0"#),
        ("haproxy http no syslog", two("10.0.0.7:33317 [30/Nov/2026:14:02:31.204] https~ kc/kc1 0/0/1/20/21 401 312 - - ---- 1/1/0/0/0 0/0 \"POST /x HTTP/1.1\""), r#"1: Server - - 14:02:31 [- - - - - -] "https~ kc/kc1 0/0/1/20/21 401 312 - - --" of 2, 0"#),
        ("caddy", two(r#"{"level":"info","ts":1796047351.204,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.7","method":"GET","uri":"/orders"},"status":401}"#), r#"1: Access Info http.log.access 14:02:31z [GET - - 10.0.0.7 - 401] "handled request" of 2, 0"#),
        ("opentelemetry", two(r#"{"body":"m","severityText":"WARN","timeUnixNano":"1796047351204000000"}"#), r#"1: Server Warn - 14:02:31z [- - - - - -] "m" of 2, 0"#),
        ("logstash", two(r#"{"@timestamp":"2026-11-30T14:02:31.204Z","@version":"1","message":"m","logger_name":"a.B","thread_name":"t","level":"WARN","level_value":30000,"stack_trace":"java.lang.X"}"#), r#"1: Server Warn a.B 14:02:31z [- - - - - -] "m" of 2, 0"#),
        ("spring structured ecs", two(r#"{"@timestamp":"2026-11-30T14:02:31.204Z","log":{"level":"WARN","logger":"a.B"},"process":{"pid":1,"thread":{"name":"main"}},"service":{"name":"x"},"message":"m","ecs":{"version":"8.11"}}"#), r#"1: Server Warn a.B 14:02:31z [- - - - - -] "m" of 2, 0"#),
        ("spring gelf level", two(r#"{"version":"1.1","short_message":"m","timestamp":1796047351.204,"level":4,"_level_name":"WARN","_log_logger":"a.B","host":"x"}"#), r#"1: Server Warn a.B 14:02:31z [- - - - - -] "m" of 2, 0"#),
        ("nlog", two("2026-11-30 14:02:31.2041|WARN|A.B.C|token expired"), r#"1: Server Warn A.B.C 14:02:31 [- - - - - -] "token expired" of 2, 0"#),
        ("log4net", two("2026-11-30 14:02:31,204 [12] WARN  A.B.C - token expired"), r#"1: Server Warn A.B.C 14:02:31 [- - - - - -] "token expired" of 2, 0"#),
        ("envoy istio json", two(r#"{"authority":"api","method":"GET","path":"/orders","response_code":403,"response_code_details":"rbac_access_denied_matched_policy[none]","start_time":"2026-11-30T14:02:31.204Z","downstream_remote_address":"10.0.0.7:1234","x_forwarded_for":null}"#), r#"1: Access - - 14:02:31z [GET - - 10.0.0.7:1234 - 403] "GET /orders 403" of 2, 0"#),
        ("windows event", "11/30/2026 2:02:31 PM\tWarning\tAD FS\t364\tEncountered error during federation passive request\n11/30/2026 2:02:31 PM\tWarning\tAD FS\t364\tEncountered error\n".to_owned(), r#"1: Server Warn - 14:02:31 [- - - - - -] "AD FS\t364\tEncountered error during feder" of 2, 0"#),
        ("other: sql", "INSERT INTO users VALUES (1, 'alice', '2026-11-30 14:02:31');\nINSERT INTO users VALUES (2, 'bob', '2026-11-30 14:02:32');\n".to_owned(), r#"1: Text - - - [- - - - - -] "INSERT INTO users VALUES (1, 'alice', '2" of 2, 1"#),
        ("other: c", "int main(void)\n{\n    return 0;\n}\n".to_owned(), r#"3: more of 2, 1"#),
        ("other: env", "KC_DB=postgres\nKC_DB_URL=jdbc:postgresql://db/kc\nKC_HOSTNAME=kc.example\n".to_owned(), r#"1: Text - - - [- - - - - -] "KC_DB=postgres" of 3, 1"#),
    ]
}

/// Every record of a file read back from its bytes, as the window does: the last value of the line.
fn read_back(text: &str) -> Vec<String> {
    #[derive(Default)]
    struct Places(Vec<Place>);
    impl Sink for Places {
        fn record(&mut self, place: Place, _: &Record<'_>) {
            self.0.push(place);
        }
        fn more(&mut self, place: Place, _: &str) {
            if let Some(last) = self.0.last_mut() {
                last.bytes = u32::try_from(place.offset + u64::from(place.bytes) - last.offset).unwrap();
            }
        }
    }
    let (mut places, mut reader) = (Places::default(), Reader::default());
    text.as_bytes().chunks(11).for_each(|chunk| reader.feed(chunk, &mut places));
    reader.finish(&mut places);
    let mut back = Vec::new();
    for place in places.0 {
        let from = usize::try_from(place.offset).unwrap();
        let bytes = &text.as_bytes()[from..from + place.bytes as usize];
        let text = plain_text(bytes);
        assert!(!text.ends_with('\r'), "{text:?}");
        // A view may ask for the first bytes of a record alone, or for one line end too many.
        for text in [text.clone(), format!("{text}\r"), format!("{text}\r\n")] {
            let record = reader.layout().record(&text).unwrap_or_else(|| panic!("{text:?} is a record"));
            let values = record.fields.iter().map(|(_, value)| value.as_ref());
            for value in values.chain([record.message.as_ref(), record.logger.as_ref()]) {
                assert!(!value.contains('\r'), "{text:?}: {value:?}");
            }
            back.push(record.fields.last().map_or_else(|| record.message.to_string(), |(_, value)| value.to_string()));
        }
    }
    back.dedup();
    back
}

#[test]
fn line_ends_of_windows_belong_to_no_value() {
    let event = r#"type="LOGIN_ERROR", realmId="r", clientId="web", ipAddress="10.0.0.9", error="user_not_found""#;
    let plain = "type=LOGIN_ERROR, realmId=r, clientId=web, ipAddress=10.0.0.9, error=user_not_found";
    let head = "2026-11-30 19:02:11,900 WARN  [org.keycloak.events] (t-1) ";
    for line in [
        format!("{head}{event}"),
        format!("{head}{plain}"),
        format!("{head}{}", event.replace('"', "'")),
        event.to_owned(),
        format!("keycloak-1  | {head}{event}"),
        format!("2026-11-30T19:02:11.900Z stdout F {head}{event}"),
        format!("<28>1 2026-11-30T19:02:11.900Z host kc 1 - - {event}"),
        format!("Nov 30 19:02:11 host kc[812]: {event}"),
        format!("WARN / 2026-11-30 19:02:11,900 / org.keycloak.events / {event}"),
        serde_json::json!({"timestamp": "2026-11-30T19:02:11.900Z", "level": "WARN", "loggerName": "org.keycloak.events", "message": event})
            .to_string(),
    ] {
        let unix = read_back(&format!("{line}\n{line}\n"));
        assert!(unix.iter().all(|value| value == "user_not_found" || !value.contains("user_not_found\"")), "{line}: {unix:?}");
        assert_eq!(read_back(&format!("{line}\r\n{line}\r\n")), unix, "{line}");
        assert_eq!(read_back(&format!("{line}\r\n{line}\r")), unix, "the last line has half an end: {line}");
    }
    for line in [
        "TID: [-1234] [] [2026-11-30 19:02:11,900]  WARN {org.wso2.carbon.X} - refused",
        "10.0.0.9 - - [30/Nov/2026:19:02:11 +0000] \"POST /token HTTP/1.1\" 401 12 \"-\" \"curl/8\"",
        "2026-11-30 19:02:11,900 ERROR [org.keycloak.X] (t) broken\r\n\tat org.keycloak.X.y(X.java:1)",
    ] {
        let unix = read_back(&format!("{line}\n").replace('\r', ""));
        assert_eq!(read_back(&format!("{line}\r\n")), unix, "{line}");
    }
}
