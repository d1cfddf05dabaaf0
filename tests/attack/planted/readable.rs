//! What a diagnosis and a reader of the record need, which no net may catch.

use super::desk::{answer, json};

/// An answer, and the words of it that must be read in the record.
pub struct Readable {
    pub name: &'static str,
    pub answer: Vec<u8>,
    pub words: &'static [&'static str],
    pub secret: &'static str,
    pub api: bool,
}

/// What a diagnosis and a reader need.
pub fn readable() -> Vec<Readable> {
    let ordinary = "an ordinary secret";
    let row = |name, answer, words| Readable { name, answer, words, secret: ordinary, api: true };
    let token = |name, answer, words| Readable { name, answer, words, secret: ordinary, api: false };
    let short = |secret, name, answer, words| Readable { name, answer, words, secret, api: false };
    let refused = |error: &str, said: &str| json(400, &format!(r#"{{"error":"{error}","error_description":"{said}"}}"#));
    let page = |body: &str| answer(500, &[("Content-Type", "text/plain")], body);
    vec![
        token(
            "error and description",
            refused("invalid_grant", "Invalid user credentials"),
            &["invalid_grant", "Invalid user credentials"],
        ),
        token(
            "invalid_client",
            refused("invalid_client", "Invalid client or Invalid client credentials"),
            &["invalid_client", "Invalid client or Invalid client credentials"],
        ),
        token(
            "a scope",
            refused("invalid_scope", "Invalid scopes: orders:read profile"),
            &["invalid_scope", "Invalid scopes: orders:read profile"],
        ),
        token(
            "a token's fault",
            refused("invalid_token", "Token expired at 12:00"),
            &["invalid_token", "Token expired at 12:00"],
        ),
        token(
            "words that sound secret",
            refused("invalid_request", "Invalid token: expired long ago"),
            &["Invalid token: expired long ago"],
        ),
        token("a password's fault", refused("invalid_grant", "The password: must be changed first"), &["must be changed first"]),
        token(
            "a parameter's name",
            refused("invalid_request", "Missing parameter: subject_token"),
            &["Missing parameter: subject_token"],
        ),
        row(
            "a kid",
            json(200, r#"{"kid":"5Rk3vT0kLm9xWcB7nRdYsAe5uHjPo2i","alg":"RS256","use":"sig"}"#),
            &["5Rk3vT0kLm9xWcB7nRdYsAe5uHjPo2i", "RS256"],
        ),
        row(
            "client ids",
            json(200, r#"{"client_id":"portal","azp":"orders-app","aud":["orders-api"]}"#),
            &["portal", "orders-app", "orders-api"],
        ),
        row(
            "claims that are echoed",
            json(200, r#"{"token":{"azp":"gateway","sub":"0f5c1111-2222-3333-4444-55555555b318"}}"#),
            &["gateway", "0f5c1111-2222-3333-4444-55555555b318"],
        ),
        row(
            "an exception",
            page("org.wso2.carbon.InvalidTokenException: expired\n\tat x.y.Z(Z.java:12)"),
            &["org.wso2.carbon.InvalidTokenException: expired", "Z.java:12"],
        ),
        row("requestURI", page("requestURI=/orders/1 method=GET"), &["requestURI=/orders/1 method=GET"]),
        row(
            "a fault number",
            json(401, r#"{"code":"900901","message":"Invalid Credentials","description":"Access failure for API: /orders"}"#),
            &["900901", "Invalid Credentials", "Access failure for API: /orders"],
        ),
        row("a fault's code in words", json(404, r#"{"code":"resource_not_found","status":404}"#), &["resource_not_found"]),
        row(
            "a fault in XML",
            answer(
                401,
                &[("Content-Type", "text/xml")],
                "<am:fault><am:code>900902</am:code><am:message>Missing Credentials</am:message></am:fault>",
            ),
            &["900902", "Missing Credentials"],
        ),
        row(
            "a challenge",
            answer(
                401,
                &[("WWW-Authenticate", "Bearer realm=\"orders\", error=\"insufficient_scope\", scope=\"orders:write\"")],
                "",
            ),
            &["realm=\"orders\"", "insufficient_scope", "orders:write"],
        ),
        row(
            "ids of requests",
            answer(
                200,
                &[
                    ("X-Request-Id", "0f5c1111-2222-3333-4444-55555555b318"),
                    ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
                    ("activityid", "a17"),
                ],
                "ok",
            ),
            &["0f5c1111-2222-3333-4444-55555555b318", "4bf92f3577b34da6a3ce929d0e0e4736", "a17", "r-17", "c-18"],
        ),
        row(
            "an address",
            answer(
                302,
                &[("Location", "https://id.example/auth?client_id=portal&scope=openid&redirect_uri=https%3A%2F%2Fapp")],
                "",
            ),
            &["client_id=portal", "scope=openid"],
        ),
        row(
            "types of tokens",
            json(
                200,
                r#"{"issued_token_type":"urn:ietf:params:oauth:token-type:access_token","t":"urn:ietf:params:oauth:token-type:jwt"}"#,
            ),
            &["urn:ietf:params:oauth:token-type:access_token", "urn:ietf:params:oauth:token-type:jwt"],
        ),
        row(
            "names of grants and assertions",
            json(
                200,
                r#"{"a":"urn:ietf:params:oauth:client-assertion-type:jwt-bearer","b":"urn:ietf:params:oauth:grant-type:token-exchange"}"#,
            ),
            &["client-assertion-type:jwt-bearer", "grant-type:token-exchange"],
        ),
        row("the own query", json(200, "{}"), &["/orders/1", "page=2"]),
        row(
            "settings about secrets",
            json(
                200,
                r#"{"token_type":"Bearer","expires_in":300,"client_secret_expires_at":0,"password_policy":"length(8)","tokenId":"t-9"}"#,
            ),
            &["Bearer", "300", "length(8)", "t-9"],
        ),
        row(
            "metadata",
            json(
                200,
                r#"{"token_endpoint":"https://id/token","token_endpoint_auth_methods_supported":["client_secret_basic"],"grant_types_supported":["password"]}"#,
            ),
            &["https://id/token", "client_secret_basic", "\"password\""],
        ),
        row(
            "a page of HTML",
            answer(
                403,
                &[("Content-Type", "text/html")],
                "<h1>Forbidden</h1><span id=\"kc-error-password\">Account is locked</span><input name=\"user\" value=\"alice\">",
            ),
            &["Forbidden", "Account is locked", "alice"],
        ),
        row(
            "a date and numbers",
            json(200, r#"{"time":"2026-11-30T11:45:22Z","n":12345678901234567890,"ids":[1,22,333]}"#),
            &["2026-11-30T11:45:22Z", "12345678901234567890", "333"],
        ),
        row(
            "words about a secret",
            page(
                "token: expired\ncode=invalid_grant\ncookie: disabled\nstate=ENABLED\nsecret: missing\npassword: incorrect\nsession: closed\nnonce mismatch",
            ),
            &[
                "token: expired",
                "code=invalid_grant",
                "cookie: disabled",
                "state=ENABLED",
                "secret: missing",
                "password: incorrect",
                "session: closed",
                "nonce mismatch",
            ],
        ),
        row(
            "words about a secret in JSON",
            json(400, r#"{"token":"revoked","password":"incorrect","client_secret":"required","code":"invalid_grant"}"#),
            &["revoked", "incorrect", "required", "invalid_grant"],
        ),
        row(
            "a class behind a grant",
            page("grant-type:jwt-bearer org.wso2.carbon.InvalidGrantException, jwt-bearer TokenExpiredException"),
            &["org.wso2.carbon.InvalidGrantException", "TokenExpiredException"],
        ),
        row(
            "a class behind a name",
            page("token: com.example.auth.InvalidTokenException"),
            &["com.example.auth.InvalidTokenException"],
        ),
        row(
            "sentences about secrets",
            page("assertion: audience does not match; client_secret is required; the password of alice is wrong"),
            &["audience does not match", "client_secret is required", "the password of alice is wrong"],
        ),
        row(
            "lists of grants",
            json(200, r#"{"grant_types":["password","refresh_token"],"amr":["pwd","mfa"],"required":["client_secret","email"]}"#),
            &["refresh_token", "mfa", "email"],
        ),
        row(
            "ports and users of commands",
            page("docker run -p 8080:80 -u 1000:1000 app; psql -p 5432 -h db; --password is required"),
            &["8080:80", "1000:1000", "5432", "--password is required"],
        ),
        row(
            "states of a session in headers",
            answer(200, &[("X-Session", "closed"), ("X-Otp", "required"), ("X-Session-Timeout", "300")], "ok"),
            &["closed", "required", "300"],
        ),
        short(
            "a",
            "a one-letter secret that is a word",
            refused("invalid_grant", "This is not a valid code, but a stale one"),
            &["This is not a valid code, but a stale one"],
        ),
        short(
            "the",
            "a secret that is an article",
            refused("invalid_grant", "the token of the client"),
            &["the token of the client"],
        ),
        short(
            "7",
            "a one-digit secret that is a number",
            refused("invalid_request", "line 7 of 9 in 7 s"),
            &["line 7 of 9 in 7 s"],
        ),
        short(
            "a",
            "a one-letter secret",
            refused("invalid_grant", "Invalid user credentials at last"),
            &["invalid_grant", "Invalid user credentials at last"],
        ),
        short(
            "er",
            "a two-letter secret",
            refused("server_error", "The server never answered"),
            &["server_error", "The server never answered"],
        ),
        short(
            "in",
            "a secret that is a syllable",
            refused("invalid_client", "Invalid client"),
            &["invalid_client", "Invalid client"],
        ),
        short(
            "1",
            "a one-digit secret",
            refused("invalid_request", "HTTP/1.1 at 127.0.0.1:8080, line 12"),
            &["HTTP/1.1 at 127.0.0.1:8080, line 12"],
        ),
        short(
            "pass",
            "a secret that is part of a word",
            refused("invalid_request", "Bypassing is passive"),
            &["Bypassing is passive"],
        ),
        short(
            "token",
            "a secret that is a word of names",
            refused("invalid_token", "unsupported_token_type"),
            &["invalid_token", "unsupported_token_type"],
        ),
        short(
            "app",
            "a secret that is the client's name",
            refused("invalid_client", "Unknown application"),
            &["invalid_client", "Unknown application"],
        ),
    ]
}
