//! What a line of a log is read for stays legible: masking goes by the whole name and by the shape of a value.

use super::*;

#[test]
fn masking_leaves_the_evidence_of_a_log() {
    let head = "2026-11-30 14:02:31,204 WARN  [org.example.Thing] (t) ";
    let event = r#"2026-11-30 14:02:31,204 WARN  [org.keycloak.events] (t) type="LOGIN_ERROR", realmId="r", clientId="web", "#;
    // Line, and what must stand in what is shown of it.
    let mut cases: Vec<(String, &str)> = vec![
        (format!("{head}GET requestURI=/orders/1 refused"), "requestURI=/orders/1"),
        (
            "2026-11-30 14:02:31,204|41e4f8a5-63a4-4b8e-9d0c-0a1b2c3d4e5f|t|12|HTTP|c|GET|requestURI=/orders/1|x".into(),
            "requestURI=/orders/1",
        ),
        (
            format!("{head}grant type urn:ietf:params:oauth:grant-type:jwt-bearer org.wso2.carbon.InvalidGrantException: late"),
            "jwt-bearer org.wso2.carbon.InvalidGrantException",
        ),
        (format!("{head}jwt-bearer com.example.TokenExpiredException: late"), "com.example.TokenExpiredException"),
        (format!("{head}token: expired"), "token: expired"),
        (format!("{head}code=invalid_grant"), "code=invalid_grant"),
        (format!("{head}client_secret is required"), "client_secret is required"),
        (format!("{head}session: closed"), "session: closed"),
        (format!(r#"{event}requestUri="http://127.0.0.1/realms/demo""#), "http://127.0.0.1/realms/demo"),
        (format!(r#"{event}grant_type="urn:ietf:params:oauth:grant-type:jwt-bearer""#), "jwt-bearer"),
        (format!(r#"{event}reason="subject_token validation failure""#), "subject_token validation failure"),
        (format!(r#"{event}client_auth_method="client-secret""#), "client_auth_method=client-secret"),
    ];
    let layouts = |message: &str| -> Vec<String> {
        vec![
            format!("{head}{message}"),
            format!("2026/11/30 14:02:31 WARN org.example.Thing - {message}"),
            format!("TID: [-1234] [] [2026-11-30 14:02:31,204] []  WARN {{org.wso2.carbon.Thing}} - {message}"),
            serde_json::json!({"timestamp": "2026-11-30T14:02:31Z", "level": "WARN", "loggerName": "a.B", "message": message})
                .to_string(),
            format!("2026-11-30T14:02:31.204Z stdout F {head}{message}"),
            format!("<28>1 2026-11-30T14:02:31.204Z host kc 1 - - {message}"),
            format!("time=\"2026-11-30T14:02:31Z\" level=warning msg=\"{}\"", message.replace('"', "\\\"")),
            format!("2026-11-30T14:02:31.204+01:00  WARN 812 --- [orders] [nio-8080-exec-1] o.s.Thing : {message}"),
        ]
    };
    for message in [
        "requestURI=/orders/1 refused",
        "requestUri=/realms/demo/protocol/openid-connect/token",
        "request.uri=/orders/1?page=2",
        "REQUEST_URI: /orders/1",
        "urn:ietf:params:oauth:grant-type:jwt-bearer org.wso2.carbon.identity.oauth2.IdentityOAuth2Exception: late",
        "grant type jwt-bearer java.lang.NullPointerException at com.example.Handler",
        "Bearer io.jsonwebtoken.ExpiredJwtException: JWT expired 12 s ago",
        "Bearer com.auth0.jwt.exceptions.TokenExpiredException",
        "token org.springframework.security.oauth2.jwt.JwtValidationException: An error occurred",
        "Bearer authentication failed for GET /orders/1",
        "Bearer error=invalid_token",
        "access_token expired",
        "refresh_token not found",
        "token_type=Bearer",
        "token_endpoint=https://kc.example/token",
        "token_endpoint_auth_method=client_secret_basic",
        "client_secret_expires_at=0",
        "password grant is disabled",
        "session_state=none",
        "code_challenge_method=S256",
        "tokenUrl=https://kc.example/token",
        "authorization: denied by policy",
        "cookie: missing",
        "key=rsa-generated kid=abc123",
        "secret rotation is enabled",
    ] {
        cases.extend(layouts(message).into_iter().map(|line| (line, message)));
    }
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(line, kept)| {
            let record = parse(line).expect("a record");
            !row_text(&record).contains(kept)
        })
        .map(|(line, kept)| format!("{kept} is not in {:?}", parse(line).map(|record| row_text(&record))))
        .collect();
    println!("evidence: {} inputs, {} right, {} wrong", cases.len(), cases.len() - wrong.len(), wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn secrets_in_any_head_and_layer_are_masked() {
    let jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";
    for line in [
        format!("2026-11-30 14:02:31,204 access_token={jwt}, traceId=b636 WARN  [a.B] (t) client_secret=hunter2-and-more"),
        format!("keycloak-1  | 2026-11-30 14:02:31,204 WARN  [a.B] (t) Bearer {jwt} password=hunter2-and-more"),
        format!("<28>1 2026-11-30T14:02:31.204Z host kc 1 - [a@1 access_token=\"{jwt}\" password=\"hunter2-and-more\"] x"),
        format!(
            "{{\"timestamp\":\"2026-11-30T14:02:31Z\",\"level\":\"WARN\",\"message\":\"m\",\"mdc\":{{\"password\":\"hunter2-and-more\",\"x\":\"{jwt}\"}}}}"
        ),
        format!("time=\"2026-11-30T14:02:31Z\" level=warn msg=\"m\" token={jwt} client_secret=hunter2-and-more"),
    ] {
        let record = parse(&line).expect("a record");
        let shown = format!("{:?} {} {}", safe_fields(&record), row_text(&record), safe_line(&line));
        assert!(!shown.contains("c2lnbmF0dXJl") && !shown.contains("hunter2"), "{shown}");
    }
}
