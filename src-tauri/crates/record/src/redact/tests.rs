//! Nothing secret may come out, whatever it is wrapped in; and what is no secret must stay readable.

mod written;

use http::{HeaderMap, HeaderValue, Request};
use proptest::prelude::*;

use super::*;
use crate::encode::basic;
use token::{secret::Secret, text::Line};

fn flat(lines: &[Line]) -> String {
    lines.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect::<String>()).collect::<Vec<_>>().join("\n")
}

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_str(value).expect("header")))
        .collect()
}

const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";

#[test]
fn an_object_called_token_describes_one_and_stays_readable() {
    let echoed = r#"{"token":{"azp":"gateway","aud":"orders-api"},"other":1}"#;
    let shown = flat(&super::response(
        200,
        "OK",
        &headers(&[("content-type", "application/json")]),
        echoed.as_bytes(),
        &KnownSecrets::default(),
    ));
    assert!(shown.contains(r#""azp": "gateway""#), "{shown}");
    assert_eq!(super::text(echoed, &KnownSecrets::default()), echoed);
    let real = r#"{"token":"a-secret-text-of-a-token"}"#;
    assert!(!super::text(real, &KnownSecrets::default()).contains("a-secret"));
}

#[test]
fn a_request_as_the_window_shows_it() {
    let request = Request::post("https://id.example.org/token?state=abc&x=1")
        .header("authorization", basic("portal", "s3cret"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(
            format!("grant_type=urn%3Ax&subject_token={JWT}&scope=profile+orders%3Awrite&client_secret=&password=p%20w")
                .into_bytes(),
        )
        .expect("request");
    let known = KnownSecrets::new(Vec::new(), vec![(Secret::new(JWT), "[access, alice, jti onrtac:0f5c…b318]".into())]);
    assert_eq!(
        flat(&super::request(&request, &known)),
        "POST /token?state=••••••••&x=1 HTTP/1.1\nHost: id.example.org\nAuthorization: Basic portal:••••••••\nContent-Type: application/x-www-form-urlencoded\n\n\
         grant_type=urn:x\n&subject_token=eyJ••••••••  access, alice, jti onrtac:0f5c…b318\n&scope=profile orders:write\n&client_secret=\n&password=••••••••"
    );
}

#[test]
fn a_response_is_laid_out_and_exact() {
    let body = format!(
        r#"{{"access_token":"{JWT}","expires_in":300,"n":1.50e3,"code":"900901","list":[1,"a",{{"refresh_token":"opaque-123"}}],"empty":{{}},"error_description":"It\u2019s off"}}"#
    );
    let lines = response(
        200,
        "OK",
        &headers(&[("content-type", "application/json"), ("set-cookie", "KC=secretvalue; Path=/; HttpOnly")]),
        body.as_bytes(),
        &KnownSecrets::default(),
    );
    assert_eq!(
        flat(&lines),
        "200 OK\nContent-Type: application/json\nSet-Cookie: KC=••••••••; Path=/; HttpOnly\n\n{\n  \"access_token\": \"eyJ••••••••\",  54 B\n  \"expires_in\": 300,\n  \"n\": 1.50e3,\n  \"code\": \"900901\",\n  \
         \"list\": [\n    1,\n    \"a\",\n    {\n      \"refresh_token\": \"••••••••\"\n    }\n  ],\n  \"empty\": {},\n  \"error_description\": \"It’s off\"\n}"
    );
}

#[test]
fn text_keeps_its_words() {
    let known = KnownSecrets::new(vec![Secret::new("hunter22")], Vec::new());
    let table = [
        ("Bearer realm=\"x\", error=\"invalid_token\"", "Bearer realm=\"x\", error=\"invalid_token\""),
        ("Basic realm=127.0.0.1:35229", "Basic realm=127.0.0.1:35229"),
        ("Basic realm==", "Basic ••••••••"),
        ("The Bearer token is missing", "The Bearer token is missing"),
        ("Authorization: Bearer abcdef0123456789", "Authorization: Bearer ••••••••"),
        (
            "Redirecting to http://127.0.0.1:1/cb?code=jkN_1ju9v3b&amp;state=s1&amp;iss=x",
            "Redirecting to http://127.0.0.1:1/cb?code=••••••••&amp;state=••••••••&amp;iss=x",
        ),
        ("password hunter22 and hunter22!", "password •••••••• and ••••••••!"),
        ("{\"client_secret\" : \"a\\\"b\", \"x\": 1", "{\"client_secret\" : \"••••••••\", \"x\": 1"),
        ("Parameter 'subject_token' required", "Parameter 'subject_token' required"),
        ("subject_token is not a live access token", "subject_token is not a live access token"),
        ("urn:ietf:params:oauth:token-type:access_token", "urn:ietf:params:oauth:token-type:access_token"),
        ("https://h/token:x and x/password:y", "https://h/token:x and x/password:y"),
        ("Token-Type: jwt-bearer", "Token-Type: jwt-bearer"),
        (
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
            "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
        ),
    ];
    for (said, shown) in table {
        assert_eq!(text(said, &known), shown);
    }
    assert!(!text(&format!("got {JWT}."), &KnownSecrets::default()).contains("hbGci"));
}

#[test]
fn addresses_lose_codes_and_credentials() {
    let parse = |text: &str| url::Url::parse(text).expect("url");
    let table = [
        (
            "http://127.0.0.1:1/cb?code=abc&state=def&iss=https%3A%2F%2Fid",
            "http://127.0.0.1:1/cb?code=••••••••&state=••••••••&iss=https%3A%2F%2Fid",
        ),
        ("https://me:pw@id.example.org/x", "https://••••••••@id.example.org/x"),
        ("https://id/#access_token=abc&token_type=Bearer", "https://id/#access_token=••••••••&token_type=Bearer"),
        ("https://id/x?id_token_hint=abc&client_id=app", "https://id/x?id_token_hint=••••••••&client_id=app"),
        ("https://maps.example.org/x?key=s3cr3t-KEY&keys=2", "https://maps.example.org/x?key=••••••••&keys=2"),
    ];
    for (address, shown) in table {
        assert_eq!(url(&parse(address), &KnownSecrets::default()), shown);
    }
}

#[test]
fn hidden_fields_and_keys_are_masked() {
    let page = "<html><form method=\"post\"><input type=\"hidden\" name=\"SAMLResponse\" value=\"PHNhbWxwOlJlc3BvbnNl\"/><input value='xyzzy-code' name='code'><input name=\"user\" value=\"alice\"></form>";
    let shown = flat(&response(200, "", &headers(&[("content-type", "text/html")]), page.as_bytes(), &KnownSecrets::default()));
    assert!(!shown.contains("PHNhb") && !shown.contains("xyzzy") && shown.contains("value=\"alice\""), "{shown}");
    let jwk = r#"{"keys":[{"kty":"RSA","n":"public","e":"AQAB","d":"privateexponent","p":"prime"}]}"#;
    let shown = flat(&response(200, "", &HeaderMap::new(), jwk.as_bytes(), &KnownSecrets::default()));
    assert!(!shown.contains("privateexponent") && !shown.contains("prime") && shown.contains("public"), "{shown}");
}

#[test]
fn a_long_page_is_cut_after_redaction() {
    let secret = "0123456789abcdef0123456789abcdef";
    let page = format!("{}{secret}{}", "x".repeat(2_040), "y".repeat(4_000));
    let shown = flat(&response(
        500,
        "Internal Server Error",
        &headers(&[("content-type", "text/html")]),
        page.as_bytes(),
        &KnownSecrets::new(vec![Secret::new(secret)], Vec::new()),
    ));
    assert!(!shown.contains("01234567") && shown.contains("cut here"), "{shown}");
}

#[test]
fn control_characters_can_not_move_the_reader() {
    let shown =
        flat(&response(200, "", &HeaderMap::new(), "{\"a\":\"x\\u202ey\\u001b[2J\"}".as_bytes(), &KnownSecrets::default()));
    assert!(shown.contains("x\\u{202e}y") && !shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn evidence_names_a_token_without_its_text() {
    let mut view: token::inspect::TokenView = serde_json::from_value(serde_json::json!({
        "id": "t1", "label": "access", "note": "", "group": "alice", "who": "alice", "kind": "access", "format": "jws", "verification": {"state": "unsecured"}, "parent": null, "step": null,
        "origin": "", "issuer": null, "client": null, "subject": null, "audience": [], "scope": [], "jti": "onrtac:0f5c1111-2222-3333-4444-55555555b318", "session": null, "issued_at": null,
        "expires_at": null, "size": 1310, "alg": null, "kid": null, "evidence_only": false, "active": null, "simulated": false, "findings": 0
    }))
    .expect("view");
    assert_eq!(evidence(&view), "[access, alice, jti onrtac:0f5c…b318]");
    view.jti = None;
    assert_eq!(evidence(&view), "[access, alice, 1.3 kB]");
}

#[test]
fn deep_texts_are_shown_flat_and_redacted() {
    for (open, inside, close) in [("[", "", "]"), ("{\"a\":", "1", "}"), ("[{\"a\":", "[]", "}]")] {
        for depth in [63, 64, 65, 1_000, 200_000] {
            let text = format!("{}{inside}{}", open.repeat(depth), close.repeat(depth));
            let lines = response(200, "", &HeaderMap::new(), text.as_bytes(), &KnownSecrets::default());
            let longest = lines.iter().map(|line| line.iter().map(|span| span.text.len()).sum::<usize>()).max();
            assert!(lines.len() < 300 && longest < Some(40_000), "{open} {depth}: {} lines, {longest:?}", lines.len());
            // Without an end it is no JSON and running text.
            response(200, "", &HeaderMap::new(), open.repeat(depth).as_bytes(), &KnownSecrets::default());
        }
    }
    let deep = |inside: &str| format!("{}{inside}{}", "[".repeat(80), "]".repeat(80));
    let known = KnownSecrets::new(vec![Secret::new("known-secret-1")], Vec::new());
    for inside in [
        r#"{"password":"hidden-by-name"}"#,
        r#""known-secret-1""#,
        r#"{"known\u002dsecret-1":0}"#,
        r#"{"kty":"oct","k":"hidden-by-name"}"#,
    ] {
        let shown = flat(&response(200, "", &HeaderMap::new(), deep(inside).as_bytes(), &known));
        assert!(!shown.contains("hidden-by") && !shown.contains("secret-1") && shown.contains(DOTS), "{shown}");
    }
    let below = format!(r#"{{"client_secret":{}}}"#, deep(r#""hidden-by-name""#));
    assert!(!flat(&response(200, "", &HeaderMap::new(), below.as_bytes(), &known)).contains("hidden"));
}

#[test]
fn a_long_body_is_laid_out_in_part_and_the_rest_can_be_had() {
    let list: Vec<String> = (0..5_000).map(|index| format!("\"role-{index}\"")).collect();
    let body = format!("[{}]", list.join(","));
    let lines = response(200, "", &HeaderMap::new(), body.as_bytes(), &KnownSecrets::default());
    assert_eq!(lines.len(), 2 + 2_000 + 1);
    assert_eq!(flat(&lines[2_002..]), "cut here; 3002 more lines");
    let rest = response_lines(
        200,
        "",
        &HeaderMap::new(),
        body.as_bytes(),
        &KnownSecrets::default(),
        LineRange { from: 2_000, count: 2_000 },
    );
    assert_eq!(flat(&rest[2..3]), "  \"role-1999\",");
    assert_eq!(flat(&rest[4_002 - 2_000..]), "cut here; 1002 more lines");
    let last = response_lines(
        200,
        "",
        &HeaderMap::new(),
        body.as_bytes(),
        &KnownSecrets::default(),
        LineRange { from: 5_000, count: 2_000 },
    );
    assert_eq!(flat(&last[2..]), "  \"role-4999\"\n]");
    let form: Vec<String> = (0..3_000).map(|index| format!("p{index}=1")).collect();
    let kind = headers(&[("content-type", "application/x-www-form-urlencoded")]);
    let lines = response(200, "", &kind, form.join("&").as_bytes(), &KnownSecrets::default());
    assert_eq!((lines.len(), flat(&lines[lines.len() - 1..])), (3 + 2_000 + 1, "cut here; 1000 more lines".to_owned()));
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(100_000));
    let shown = flat(&response(200, "", &HeaderMap::new(), long.as_bytes(), &KnownSecrets::default()));
    assert!(shown.len() < 17_000 && shown.contains("cut here; it has 100.0 kB"), "{}", &shown[shown.len() - 60..]);
}

#[test]
fn json_is_what_the_rfc_says() {
    for text in ["1", "-0.5e+3", "null", "\"\\u00e4\"", " [ ] ", "{\"a\" : [1 , {}]}\n", "[[],{\"b\":[{}]}]"] {
        assert!(json::lines(text, KnownSecrets::default().needles(), LineRange::ALL, true).is_some(), "{text}");
        assert!(serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(), "{text}");
    }
    for text in [
        "",
        "01",
        "1.",
        "1e",
        "+1",
        "nul",
        "[1,]",
        "{\"a\"}",
        "{a:1}",
        "[1 2]",
        "\"\\x\"",
        "\"a\nb\"",
        "[",
        "]",
        "{}}",
        "[}",
        "{\"a\":1,}",
        "\"\\u12\"",
    ] {
        assert!(json::lines(text, KnownSecrets::default().needles(), LineRange::ALL, true).is_none(), "{text}");
    }
}

#[test]
fn a_short_secret_masks_no_letters() {
    let known = KnownSecrets::new(vec![Secret::new("e"), Secret::new("7"), Secret::new("pass")], Vec::new());
    for said in ["The error: expired", "passive bypass", "HTTP/1.1 127.0.0.1:7 at 17:07", "error_description", "7.5 and -7"] {
        assert_eq!(text(said, &known), said);
    }
    for (said, shown) in [
        ("x=e&y=1", "x=••••••••&y=1"),
        ("said 'e' or \"7\".", "said '••••••••' or \"••••••••\"."),
        ("the password is pass.", "the password is ••••••••."),
        ("my pin is PLANT9xxxx", "my pin is ••••••••"),
        ("the OTP was 4711ab", "the OTP was ••••••••"),
        ("these pins are new", "these pins are new"),
    ] {
        assert_eq!(text(said, &known), shown);
    }
    let shown = flat(&response(200, "", &headers(&[("x-echo", "e")]), br#"{"a":"e","b":7,"e":["one","e"]}"#, &known));
    assert_eq!(
        shown,
        "200\nX-Echo: ••••••••\n\n{\n  \"a\": \"••••••••\",\n  \"b\": ••••••••,\n  \"••••••••\": [\n    \"one\",\n    \"••••••••\"\n  ]\n}"
    );
    let ordinary = response(200, "", &HeaderMap::new(), br#"{"expires":"never","n":77}"#, &known);
    assert_eq!(flat(&ordinary), "200\n\n{\n  \"expires\": \"never\",\n  \"n\": 77\n}");
}

#[test]
fn a_part_of_a_token_is_found_and_named() {
    let token = format!("opaque-{}", "Q7x9kV".repeat(40));
    let known = KnownSecrets::new(Vec::new(), vec![(Secret::new(token.clone()), "[access, alice, 247 B]".into())]);
    for (said, shown) in [
        (format!("got {token}."), "got [access, alice, 247 B].".to_owned()),
        (format!("got {}… cut", &token[..90]), "got [access, alice, 247 B]… cut".to_owned()),
        (format!("…{} end", &token[100..]), "…[access, alice, 247 B] end".to_owned()),
    ] {
        assert_eq!(text(&said, &known), shown);
    }
    // Of a JWT each part but the header is known by itself.
    let jwt = format!("{}{}", JWT, "x".repeat(80));
    let known = KnownSecrets::new(vec![Secret::new(jwt.clone())], Vec::new());
    let signature = jwt.rsplit('.').next().unwrap_or_default();
    assert!(!text(&format!("the signature {signature} is bad"), &known).contains("xxxx"));
}

#[test]
fn recorded_traffic_holds_no_token() {
    for file in ["oauth-as-1.0.1.json", "oidc-provider-9.13.3.json"] {
        let path = format!("{}/../../../tests/fixtures/vectors/recorded/{file}", env!("CARGO_MANIFEST_DIR"));
        let recorded: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).expect("fixture")).expect("JSON");
        for exchange in recorded["exchanges"].as_array().expect("list") {
            let mut secrets: Vec<String> = Vec::new();
            let pairs: Vec<(String, String)> = serde_json::from_value(exchange["request"]["form"].clone()).expect("form");
            let body = exchange["response"]["body"].as_str().unwrap_or_default();
            for (name, value) in &pairs {
                if ["code", "code_verifier", "token", "subject_token", "actor_token", "password", "refresh_token"]
                    .contains(&name.as_str())
                {
                    secrets.push(value.clone());
                }
            }
            for name in ["access_token", "refresh_token", "id_token", "device_code"] {
                secrets.extend(
                    serde_json::from_str::<serde_json::Value>(body).ok().and_then(|json| json[name].as_str().map(str::to_owned)),
                );
            }
            let mut builder = Request::builder()
                .method(exchange["request"]["method"].as_str().expect("method"))
                .uri(exchange["request"]["url"].as_str().expect("url"))
                .header("content-type", "application/x-www-form-urlencoded");
            for (name, value) in exchange["request"]["headers"].as_object().into_iter().flatten() {
                builder = builder.header(name, value.as_str().unwrap_or_default());
            }
            let request = builder.body(crate::encode::form_pairs(&pairs).into_bytes()).expect("request");
            let response_headers: HeaderMap = exchange["response"]["headers"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|pair| {
                    Some((pair[0].as_str()?.parse::<http::HeaderName>().ok()?, pair[1].as_str()?.parse::<HeaderValue>().ok()?))
                })
                .collect();
            let shown = flat(&super::request(&request, &KnownSecrets::default()))
                + &flat(&response(200, "", &response_headers, body.as_bytes(), &KnownSecrets::default()));
            for secret in secrets.iter().filter(|secret| secret.len() >= 8) {
                assert!(!shown.contains(&secret[..8]) || secret.starts_with("urn:"), "{} leaks\n{shown}", &secret[..8]);
            }
        }
    }
}

#[test]
fn a_token_with_a_blank_is_found_where_a_form_writes_a_plus() {
    let token = "0A!AAa0a00a0Aa AAA0aAaA";
    let known = KnownSecrets::new(vec![Secret::new("a-secret-without-a-blank")], vec![(Secret::new(token), "[token]".into())]);
    for said in ["r=0A%21AAa0a00a0Aa+AAA0aAaA", "r=0A!AAa0a00a0Aa%20AAA0aAaA", "said 0A!AAa0a00a0Aa AAA0aAaA"] {
        let shown = text(said, &known);
        assert!(!shown.contains("AAA0aAaA"), "{shown}");
    }
}

#[test]
fn the_name_of_a_client_stays_where_its_secret_begins_with_it() {
    for (client, secret) in [
        ("orders-batch", "orders-batch-secret"),
        ("orders-batch", "secret-of-orders-batch"),
        ("frontend-27e15ac95135531", "frontend-27e15ac95135531-secret"),
        ("partner_desk.eu", "partner_desk.eu_2026_geheim"),
    ] {
        let known = KnownSecrets::new(vec![Secret::new(secret)], Vec::new());
        assert_eq!(text(&format!("client {client} is not allowed"), &known), format!("client {client} is not allowed"));
        let shown = text(&format!("said {secret} to {client}"), &known);
        assert_eq!(shown, format!("said {DOTS} to {client}"));
    }
}

/// Text a generator of secrets or a person may come up with.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9_-]{16,60}",
        "[ -~]{16,40}",
        "[A-Za-z0-9äöü&=%+/\"'<> ]{16,40}",
        "eyJ[A-Za-z0-9_-]{12,30}\\.eyJ[A-Za-z0-9_-]{12,40}\\.[A-Za-z0-9_-]{10,40}"
    ]
}

fn no_window(secret: &str, shown: &str) {
    let letters: Vec<char> = secret.chars().collect();
    for window in letters.windows(8) {
        let window: String = window.iter().collect();
        assert!(!shown.contains(&window), "{window:?} of {secret:?} in\n{shown}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn known_values_never_come_out(value in secret(), token in secret()) {
        let known = KnownSecrets::new(vec![Secret::new(value.clone())], vec![(Secret::new(token.clone()), "[token]".into())]);
        let form = crate::encode::form_pairs(&[("x".into(), value.clone()), ("y".into(), format!("a{token}b")), ("z".into(), token.clone())]);
        let mut address = url::Url::parse("https://h/p").expect("url");
        address.query_pairs_mut().append_pair("q", &value).append_pair("r", &token);
        let builder = Request::post(address.as_str()).header("content-type", "application/x-www-form-urlencoded").header("authorization", basic("app", &value));
        let mut shown = flat(&super::request(&builder.body(form.into_bytes()).expect("request"), &known));
        shown += &url(&address, &known);
        let json = serde_json::json!({"x": value, "list": [format!("<{token}>")], "deep": {"y": token}}).to_string();
        shown += &flat(&response(200, "", &HeaderMap::new(), json.as_bytes(), &known));
        shown += &flat(&response(200, "", &headers(&[("content-type", "text/plain")]), format!("said {value}, then {token}").as_bytes(), &known));
        shown += &text(&format!("{value} {token} {value}{token}"), &known);
        no_window(&value, &shown);
        no_window(&token, &shown);
    }

    #[test]
    fn names_alone_are_enough(value in secret()) {
        let known = KnownSecrets::default();
        let names = ["client_secret", "password", "code", "code_verifier", "refresh_token", "token", "assertion", "id_token_hint", "client_assertion"];
        let pairs: Vec<(String, String)> = names.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
        let form = crate::encode::form_pairs(&pairs);
        let builder = Request::post(format!("https://h/p?{form}")).header("content-type", "application/x-www-form-urlencoded").header("authorization", basic("app", &value));
        let mut shown = flat(&super::request(&builder.body(form.into_bytes()).expect("request"), &known));
        let json = serde_json::json!({"access_token": value, "refresh_token": value, "nested": {"clientSecret": value, "password": [value]}}).to_string();
        shown += &flat(&response(200, "", &HeaderMap::new(), json.as_bytes(), &known));
        no_window(&value, &shown);
    }

    #[test]
    fn shapes_alone_are_enough(value in "eyJ[A-Za-z0-9_-]{12,30}\\.eyJ[A-Za-z0-9_-]{12,40}\\.[A-Za-z0-9_-]{10,40}") {
        let known = KnownSecrets::default();
        let mut shown = text(&format!("got {value}, and Bearer {value}"), &known);
        shown += &flat(&response(200, "", &headers(&[("x-some", &value), ("location", &format!("https://h/x?y={value}"))]), serde_json::json!([value]).to_string().as_bytes(), &known));
        no_window(&value[3..], &shown);
    }

    #[test]
    fn no_text_is_too_odd(said in any::<String>(), body in proptest::collection::vec(any::<u8>(), 0..200)) {
        text(&said, &KnownSecrets::default());
        response(200, &said, &HeaderMap::new(), &body, &KnownSecrets::default());
        response(200, "", &headers(&[("content-type", "text/html")]), said.as_bytes(), &KnownSecrets::new(vec![Secret::new(said.clone())], Vec::new()));
        response(200, "", &headers(&[("content-type", "application/x-www-form-urlencoded")]), said.as_bytes(), &KnownSecrets::default());
    }
}

/// What is known in two layers is found like what is known in one, wherever the border between them runs.
#[test]
fn what_is_laid_over_what_was_known_is_found_like_all_of_it_at_once() {
    let secrets: Vec<Secret> =
        ["hunter2-and-more", "s3cret", "alice", "correct horse", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln"]
            .into_iter()
            .map(Secret::new)
            .collect();
    let tokens: Vec<(Secret, String)> = [
        (JWT, "[access, alice, jti 1]"),
        ("opaque-token-of-bob-0123456789", "[token, bob s3cret, 30 bytes]"),
        ("0123456789-opaque-token-of-bob", "[refresh, bob]"),
    ]
    .into_iter()
    .map(|(text, words)| (Secret::new(text), words.to_owned()))
    .collect();
    let texts = [
        format!("token={JWT}&password=hunter2-and-more&who=alice"),
        "0123456789-opaque-token-of-bob-0123456789 and opaque-token-of-bob-0123".into(),
        format!("{{\"a\":\"s3cret\",\"b\":\"{JWT}\",\"user\":\"alice\",\"c\":[\"opaque-token-of-bob-0123456789\"]}}"),
        "correct+horse correct horse hunter2-and-mor hunter2-and-more".into(),
        "nothing of it".into(),
    ];
    let flat_one = KnownSecrets::new(secrets.clone(), tokens.clone());
    for (s, t) in [(0, 0), (0, 3), (5, 0), (2, 1), (3, 2), (5, 3), (1, 3)] {
        let below = KnownSecrets::new(secrets[s..].to_vec(), tokens[t..].to_vec());
        let two = KnownSecrets::over(&below, secrets[..s].to_vec(), tokens[..t].to_vec());
        let three = KnownSecrets::over(&two, Vec::new(), Vec::new());
        for known in [&two, &three] {
            for text in &texts {
                assert_eq!(super::text(text, known), super::text(text, &flat_one), "{s} {t}");
                let whole = |known: &KnownSecrets| known.needles().whole(text).map(|words| words.map(|words| words.into_owned()));
                assert_eq!(whole(known), whole(&flat_one));
            }
            assert_eq!((known.secrets().len(), known.tokens().len()), (5, 3));
            let named = known.needles().whole("opaque-token-of-bob-0123456789").flatten().expect("a token").into_owned();
            assert!(!named.contains("s3cret"), "{s} {t}: {named}");
        }
    }
    let again = KnownSecrets::over(&flat_one, Vec::new(), vec![(Secret::new(JWT), "[itself]".into())]);
    assert_eq!(again.needles().whole(JWT).flatten().as_deref(), Some("[itself]"));
    assert_eq!(super::text(&format!("x {JWT} y"), &again), "x [itself] y");
}
