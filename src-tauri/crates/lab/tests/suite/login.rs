//! Signing in: the page, the redirect, PKCE, and everything a code is bound to.

use serde_json::json;

use crate::support::{Bench, CHALLENGE, NOW, REDIRECT, VERIFIER, claims, cookie, header, value};

#[tokio::test]
async fn the_whole_code_flow() {
    let bench = Bench::new().await;
    let answer = bench.sign_in("alice", &[]).await;
    assert!(answer.header("set-cookie").contains("HttpOnly; SameSite=Lax"));
    let pairs = answer.redirect();
    assert_eq!(value(&pairs, "state"), "the-state");
    assert_eq!(value(&pairs, "iss"), bench.lab.description().issuer);

    let tokens = bench.redeem(&value(&pairs, "code")).await;
    assert_eq!(tokens.header("cache-control"), "no-store");
    assert_eq!(tokens.json()["token_type"], "Bearer");
    assert_eq!(tokens.json()["expires_in"], 300);
    assert_eq!(tokens.json()["refresh_expires_in"], 1800);

    let access = claims(&tokens.member("access_token"));
    assert_eq!(access["aud"], json!(["portal", "gateway", "orders-api", "billing-api", "account"]));
    assert!(access["jti"].as_str().is_some_and(|jti| jti.starts_with("onrtac:")), "{access}");
    assert_eq!(access["typ"], "Bearer");
    assert_eq!(access["azp"], "frontend");
    assert_eq!(access["acr"], "1");
    assert_eq!(access["auth_time"], NOW);
    assert_eq!(access["exp"], NOW + 300);
    assert_eq!(access["preferred_username"], "alice");
    assert_eq!(access["realm_access"]["roles"][3], "operator");
    assert_eq!(access["resource_access"]["orders-api"]["roles"], json!(["viewer", "editor"]));
    assert_eq!(access["scope"], "openid profile email groups");
    assert_eq!(access["sid"].as_str(), Some(value(&pairs, "session_state").as_str()));
    assert_eq!(access.get("nonce"), None);

    let id = claims(&tokens.member("id_token"));
    assert_eq!((&id["nonce"], &id["aud"], &id["typ"]), (&json!("the-nonce"), &json!("frontend"), &json!("ID")));
    assert_eq!(id["sub"], access["sub"]);
    assert!(id["at_hash"].is_string());
    assert_eq!(header(&tokens.member("refresh_token"))["alg"], "HS512");

    let events = bench.events("type=LOGIN&type=CODE_TO_TOKEN").await;
    assert_eq!(events.len(), 2);
    let (redeemed, login) = (&events[0], &events[1]);
    assert_eq!(redeemed["details"]["token_id"], access["jti"]);
    assert_eq!(redeemed["sessionId"], access["sid"]);
    assert_eq!(redeemed["details"]["code_id"], login["details"]["code_id"]);
    assert_eq!(login["details"]["username"], "alice");
    assert_eq!(login["userId"], access["sub"]);
}

#[tokio::test]
async fn the_page_says_what_it_is() {
    let bench = Bench::new().await;
    let page = bench.get(&bench.auth_url(&[("login_hint", "bo\"b<")])).await;
    for part in [
        "simulated provider",
        "id=\"username\"",
        "id=\"password\"",
        "id=\"kc-login\"",
        "Cancel",
        "<code>alice</code>",
        "bo&quot;b&lt;",
    ] {
        assert!(page.text.contains(part), "{part}");
    }
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'; form-action 'self'"));
    let style = bench.get(&format!("{}/resources/lab.css", bench.lab.description().provider)).await;
    assert_eq!((style.status, style.header("content-type")), (200, "text/css;charset=UTF-8"));
}

#[tokio::test]
async fn the_page_is_good_in_its_own_browser_only() {
    let bench = Bench::new().await;
    let (action, cookie) = bench.login_page(&bench.auth_url(&[])).await;
    let alice = [("username", "alice"), ("password", "alice")];
    assert_eq!(bench.submit(&action, "AUTH_SESSION_ID=other", &alice).await.status, 400);
    assert_eq!(bench.submit(&action, &cookie, &alice).await.status, 302);
    assert_eq!(bench.submit(&action, &cookie, &alice).await.status, 400, "a form is good once");
}

#[tokio::test]
async fn refused_logins() {
    let table = [
        ("alice", "wrong", "Invalid username or password.", "invalid_user_credentials"),
        ("nobody", "nobody", "Invalid username or password.", "user_not_found"),
        ("carol", "carol", "Account is disabled, contact your administrator.", "user_disabled"),
        ("carol", "wrong", "Invalid username or password.", "invalid_user_credentials"),
    ];
    let bench = Bench::new().await;
    for (username, password, message, error) in table {
        let (action, cookie) = bench.login_page(&bench.auth_url(&[])).await;
        let page = bench.submit(&action, &cookie, &[("username", username), ("password", password)]).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains(message), "{username}: {}", page.text);
        let event = &bench.events("type=LOGIN_ERROR&max=1").await[0];
        assert_eq!((&event["error"], &event["details"]["username"]), (&json!(error), &json!(username)));
    }
    bench.lab.enable_user("carol");
    assert_eq!(bench.sign_in("carol", &[]).await.status, 302);
    bench.lab.disable_user("alice");
    assert_eq!(bench.sign_in("alice", &[]).await.status, 200);
}

#[tokio::test]
async fn cancel_goes_back_to_the_client() {
    let bench = Bench::new().await;
    let (action, cookie) = bench.login_page(&bench.auth_url(&[])).await;
    let pairs = bench.submit(&action, &cookie, &[("cancel", "true"), ("username", "")]).await.redirect();
    assert_eq!(value(&pairs, "error"), "access_denied");
    assert_eq!(value(&pairs, "state"), "the-state");
    assert_eq!(value(&pairs, "iss"), bench.lab.description().issuer);
}

#[tokio::test]
async fn errors_that_stay_on_a_page() {
    let table = [
        (vec![("client_id", "")], "Missing parameters: client_id", "invalid_request"),
        (vec![("client_id", "nobody")], "Client not found.", "client_not_found"),
        (vec![("client_id", "legacy-api")], "Client disabled.", "client_disabled"),
        (vec![("redirect_uri", "")], "Invalid parameter: redirect_uri", "invalid_redirect_uri"),
        (vec![("redirect_uri", "https://evil.test/callback")], "Invalid parameter: redirect_uri", "invalid_redirect_uri"),
        (vec![("redirect_uri", "http://127.0.0.1.evil.test/")], "Invalid parameter: redirect_uri", "invalid_redirect_uri"),
        (vec![("client_id", "orders-api")], "Invalid parameter: redirect_uri", "invalid_redirect_uri"),
    ];
    let bench = Bench::new().await;
    for (changes, text, error) in table {
        let page = bench.get(&bench.auth_url(&changes)).await;
        assert_eq!((page.status, page.header("location")), (400, ""), "{changes:?}");
        assert!(page.text.contains(text), "{changes:?}: {}", page.text);
        assert_eq!(bench.events("type=LOGIN_ERROR&max=1").await[0]["error"], error, "{changes:?}");
    }
    for uri in ["http://127.0.0.1:1/", "http://127.0.0.1:65535/any/path", "http://localhost:4711/callback"] {
        assert_eq!(bench.get(&bench.auth_url(&[("redirect_uri", uri)])).await.status, 200, "{uri}");
    }
}

#[tokio::test]
async fn errors_that_go_back_to_the_client() {
    let table = [
        (vec![("response_type", "")], "invalid_request", "Missing parameter: response_type"),
        (vec![("response_type", "token")], "unsupported_response_type", ""),
        (vec![("response_mode", "smoke")], "invalid_request", "Invalid parameter: response_mode"),
        (vec![("scope", "openid orders:read")], "invalid_scope", "Invalid scopes: openid orders:read"),
        (
            vec![("code_challenge_method", ""), ("code_challenge", "")],
            "invalid_request",
            "Missing parameter: code_challenge_method",
        ),
        (vec![("code_challenge", "")], "invalid_request", "Missing parameter: code_challenge"),
        (vec![("code_challenge", "short")], "invalid_request", "Invalid parameter: code_challenge"),
        (
            vec![("code_challenge_method", "plain")],
            "invalid_request",
            "Invalid parameter: code challenge method is not matching the configured one",
        ),
        (vec![("prompt", "none")], "login_required", ""),
    ];
    let bench = Bench::new().await;
    for (changes, error, description) in table {
        let pairs = bench.get(&bench.auth_url(&changes)).await.redirect();
        assert_eq!(
            (value(&pairs, "error"), value(&pairs, "error_description")),
            (error.into(), description.into()),
            "{changes:?}"
        );
        assert_eq!(value(&pairs, "state"), "the-state");
        assert_eq!(value(&pairs, "iss"), bench.lab.description().issuer);
    }
}

#[tokio::test]
async fn single_sign_on() {
    let bench = Bench::new().await;
    let session = cookie(&bench.sign_in("alice", &[]).await);
    let open = async |changes: &[(&str, &str)]| {
        bench.send("GET", &bench.auth_url(changes), &[("cookie", &session)], String::new()).await
    };

    let code = value(&open(&[]).await.redirect(), "code");
    assert_eq!(claims(&bench.redeem(&code).await.member("access_token"))["acr"], "0");
    assert!(!value(&open(&[("prompt", "none")]).await.redirect(), "code").is_empty());
    let again = open(&[("prompt", "login")]).await;
    assert_eq!(again.status, 200);
    assert!(again.text.contains("value=\"alice\""), "the known name is filled in");

    bench.lab.set_clock_offset(100);
    assert_eq!(open(&[("max_age", "60")]).await.status, 200);
    assert_eq!(open(&[("max_age", "600")]).await.status, 302);
    bench.lab.set_clock_offset(4000);
    assert_eq!(open(&[]).await.status, 200, "an idle session is over");
}

#[tokio::test]
async fn what_a_code_is_bound_to() {
    let bench = Bench::new().await;
    let short = "x".repeat(42);
    let table = [
        ("frontend", vec![("code_verifier", "")], "PKCE code verifier not specified", "code_verifier_missing"),
        (
            "frontend",
            vec![("code_verifier", short.as_str())],
            "PKCE verification failed: Invalid code verifier",
            "invalid_code_verifier",
        ),
        ("frontend", vec![("code_verifier", CHALLENGE)], "PKCE verification failed: Code mismatch", "pkce_verification_failed"),
        ("frontend", vec![("redirect_uri", "http://127.0.0.1:49153/callback")], "Incorrect redirect_uri", "invalid_redirect_uri"),
        ("frontend", vec![("redirect_uri", "")], "Incorrect redirect_uri", "invalid_redirect_uri"),
        ("portal", vec![], "Auth error: Found different client_id in clientSession", "invalid_client"),
    ];
    for (client, changes, description, event) in table {
        let code = value(&bench.sign_in("alice", &[]).await.redirect(), "code");
        let defaults = [("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)];
        let kept = defaults.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let given = changes.iter().filter(|(_, value)| !value.is_empty());
        let start = [("grant_type", "authorization_code"), ("code", code.as_str())];
        let pairs: Vec<_> = start.iter().chain(kept).chain(given).copied().collect();
        let answer = bench.token(client, &pairs).await;
        assert_eq!(answer.refusal(), (400, "invalid_grant".into(), description.into()));
        assert_eq!(bench.events("type=CODE_TO_TOKEN_ERROR&max=1").await[0]["error"], event, "{description}");
        let second = bench.redeem(&code).await;
        assert_eq!(second.refusal(), (400, "invalid_grant".into(), "Code not valid".into()), "spent by the first attempt");
    }
}

#[tokio::test]
async fn a_code_used_twice_takes_its_tokens_along() {
    let bench = Bench::new().await;
    let code = value(&bench.sign_in("alice", &[]).await.redirect(), "code");
    let tokens = bench.redeem(&code).await;
    let access = tokens.member("access_token");
    assert_eq!(bench.introspect("portal", &access).await["active"], true);
    assert_eq!(bench.redeem(&code).await.refusal(), (400, "invalid_grant".into(), "Code not valid".into()));
    assert_eq!(bench.introspect("portal", &access).await["active"], false);
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", &tokens.member("refresh_token"))];
    let text = "Session doesn't have required client";
    assert_eq!(bench.token("frontend", &refresh).await.refusal(), (400, "invalid_grant".into(), text.into()));
}

#[tokio::test]
async fn a_code_lives_a_minute() {
    let bench = Bench::new().await;
    let code = value(&bench.sign_in("alice", &[]).await.redirect(), "code");
    bench.lab.set_clock_offset(60);
    assert_eq!(bench.redeem(&code).await.refusal(), (400, "invalid_grant".into(), "Code is expired".into()));
    assert_eq!(bench.events("type=CODE_TO_TOKEN_ERROR").await[0]["error"], "expired_code");
}
