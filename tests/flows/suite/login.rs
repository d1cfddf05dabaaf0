//! Logging in, with the browser and without, and tokens for applications.

use oauth::progress::StageState;
use record::operation::Operation;
use token::inspect::{TokenFormat, TokenKind, Verification};

use crate::support::{Desk, with};

both! {
    a_login_gives_three_verified_tokens_with_their_history,
    the_authorization_request_is_bound_to_this_login,
    the_window_hears_every_stage,
    the_password_grant_keeps_no_password,
    an_application_gets_a_token_of_its_own,
}

fn query(desk: &Desk, name: &str) -> String {
    let address = desk.browser.address();
    let found: Vec<String> = address.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect();
    assert_eq!(found.len(), 1, "{name} is sent once");
    found[0].clone()
}

async fn a_login_gives_three_verified_tokens_with_their_history(desk: &Desk) {
    let step = desk.log_in("alice").await;

    let kinds: Vec<TokenKind> = step.tokens_out.iter().map(|id| desk.token(id).kind).collect();
    assert_eq!(kinds, [TokenKind::Access, TokenKind::Id, TokenKind::Refresh]);
    let marked = desk.target.expect("simulated") == "tokens are marked as simulated";
    for kind in [TokenKind::Access, TokenKind::Id] {
        let token = desk.made(&step, kind);
        assert!(matches!(token.verification, Verification::Verified { .. }), "{:?}", token.verification);
        assert_eq!((token.format, token.alg.as_deref(), token.simulated), (TokenFormat::Jws, Some("RS256"), marked));
        assert_eq!((token.step, token.parent.as_deref()), (Some(step.id), None));
        assert_eq!(token.origin, "log in by frontend");
        let left = token.expires_at.expect("an end") - desk.workbench.now_ms() / 1000;
        assert!((285..=300).contains(&left), "{left} s are left");
        let issuer = token.issuer.expect("an issuer");
        assert!(issuer.ends_with(&format!("/realms/{}", desk.target.expect("realm name"))), "{issuer}");
    }
    let access = desk.made(&step, TokenKind::Access);
    let mut audience = access.audience.clone();
    audience.sort();
    assert_eq!(audience, ["account", "billing-api", "gateway", "orders-api", "portal"]);
    let claims = desk.claims(&access.id);
    assert_eq!((claims["sub"].as_str(), claims["acr"].as_str()), (Some("2f9a61c4-5b1e-4c39-9d07-0a3c1f7be0a1"), Some("1")));
    assert_eq!(claims["groups"], serde_json::json!(["/engineering"]));
    assert_eq!(claims["allowed-origins"], serde_json::json!(["http://127.0.0.1", "http://localhost"]));
    assert!(claims["jti"].as_str().is_some_and(|jti| jti.starts_with("onrtac:")), "{}", claims["jti"]);
    let mut roles: Vec<&str> =
        claims["realm_access"]["roles"].as_array().expect("roles").iter().filter_map(|r| r.as_str()).collect();
    roles.sort_unstable();
    let default = format!("default-roles-{}", desk.target.expect("realm name"));
    assert_eq!(roles, ["auditor", default.as_str(), "offline_access", "operator", "uma_authorization"]);
    assert_eq!((step.subject.as_deref(), step.client.as_deref(), step.status), (Some("alice"), Some("frontend"), Some(200)));
    assert!(step.headline.starts_with("alice is logged in"), "{}", step.headline);
}

async fn the_authorization_request_is_bound_to_this_login(desk: &Desk) {
    desk.log_in("alice").await;
    assert_eq!(query(desk, "code_challenge_method"), "S256");
    assert_eq!(query(desk, "code_challenge").len(), 43);
    assert!(query(desk, "redirect_uri").starts_with("http://127.0.0.1:"));
    let first = (query(desk, "state"), query(desk, "nonce"), query(desk, "code_challenge"));
    assert!(first.0.len() >= 32 && first.1.len() >= 32);
    desk.log_in("bob").await;
    let second = (query(desk, "state"), query(desk, "nonce"), query(desk, "code_challenge"));
    assert!(first.0 != second.0 && first.1 != second.1 && first.2 != second.2, "all three are new for every log in");
}

async fn the_window_hears_every_stage(desk: &Desk) {
    desk.log_in("alice").await;
    let told = desk.told();
    let waiting = told.iter().find(|progress| progress.browser).expect("the browser was out");
    assert!(waiting.headline.starts_with("Waiting for the browser on 127.0.0.1:"), "{}", waiting.headline);
    assert_eq!(waiting.deadline_ms.map(|ms| (ms - waiting.started_ms) / 1000), Some(300));
    let states: Vec<StageState> = told.last().expect("progress").stages.iter().map(|stage| stage.state).collect();
    assert_eq!(states, [StageState::Done; 6]);
    assert!(!told.last().expect("progress").browser);
}

async fn the_password_grant_keeps_no_password(desk: &Desk) {
    let draft =
        with(desk.draft(Operation::Password, None), &[("client", "portal"), ("username", "alice"), ("password", "alice")]);
    let step = desk.try_run(&draft).await.expect("a step");
    assert_eq!(step.status, Some(200), "{:?}", step.words);
    let claims = desk.claims(&desk.made(&step, TokenKind::Access).id);
    assert!(claims["jti"].as_str().is_some_and(|jti| jti.starts_with("onrtro:")), "{}", claims["jti"]);
    assert_eq!(claims["aud"], "orders-api", "the portal's own scope lets through one role of orders-api");
    let kept = step.draft.expect("the draft");
    assert!(kept.values.iter().all(|pair| pair.name != "password"));
    assert!(kept.values.iter().any(|pair| pair.name == "username" && pair.value == "alice"));
}

async fn an_application_gets_a_token_of_its_own(desk: &Desk) {
    let step = desk.done(&with(desk.draft(Operation::ClientCredentials, None), &[("client", "orders-batch")])).await;
    assert_eq!(step.tokens_out.len(), 1, "no refresh token and no ID token");
    let token = desk.token(&step.tokens_out[0]);
    assert_eq!((token.alg.as_deref(), token.session.as_deref()), (Some("ES256"), None));
    assert!(matches!(token.verification, Verification::Verified { .. }), "{:?}", token.verification);
    let claims = desk.claims(&token.id);
    assert_eq!((claims["client_id"].as_str(), claims["azp"].as_str()), (Some("orders-batch"), Some("orders-batch")));
    assert_eq!(claims["preferred_username"], "service-account-orders-batch");
    assert_eq!(claims["resource_access"]["orders-api"]["roles"], serde_json::json!(["viewer"]));
    assert!(claims["jti"].as_str().is_some_and(|jti| jti.starts_with("trrtcc:")), "{}", claims["jti"]);
}
