//! Logging in, and what can be done with a session: refresh, introspection, userinfo, revocation, log out.

use lab::Server;
use model::{
    operation::Operation,
    progress::StageState,
    token::{TokenFormat, TokenKind, Verification},
};
use serde_json::Value;

use crate::support::{Bench, with};

fn query(bench: &Bench, name: &str) -> String {
    let address = bench.browser.address();
    let found: Vec<String> = address.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned()).collect();
    assert_eq!(found.len(), 1, "{name} is sent once");
    found[0].clone()
}

#[tokio::test]
async fn a_login_gives_three_verified_tokens_with_their_history() {
    let bench = Bench::start().await;
    let step = bench.log_in("alice").await;

    let kinds: Vec<TokenKind> = step.tokens_out.iter().map(|id| bench.token(id).kind).collect();
    assert_eq!(kinds, [TokenKind::Access, TokenKind::Id, TokenKind::Refresh]);
    for kind in [TokenKind::Access, TokenKind::Id] {
        let token = bench.made(&step, kind);
        assert!(matches!(token.verification, Verification::Verified { .. }), "{:?}", token.verification);
        assert_eq!((token.format, token.alg.as_deref(), token.simulated), (TokenFormat::Jws, Some("RS256"), true));
        assert_eq!((token.step, token.parent.as_deref()), (Some(step.id), None));
        assert_eq!(token.origin, "log in by frontend");
        let left = token.expires_at.expect("an end") - bench.workbench.now_ms() / 1000;
        assert!((290..=300).contains(&left), "{left} s are left");
    }
    let access = bench.made(&step, TokenKind::Access);
    assert!(
        access.audience.contains(&"portal".to_owned()) && access.audience.contains(&"gateway".to_owned()),
        "{:?}",
        access.audience
    );
    assert_eq!((step.subject.as_deref(), step.client.as_deref(), step.status), (Some("alice"), Some("frontend"), Some(200)));
    assert!(step.headline.starts_with("alice is logged in"), "{}", step.headline);
}

#[tokio::test]
async fn the_authorization_request_is_bound_to_this_login() {
    let bench = Bench::start().await;
    bench.log_in("alice").await;
    assert_eq!(query(&bench, "code_challenge_method"), "S256");
    assert_eq!(query(&bench, "code_challenge").len(), 43);
    assert!(query(&bench, "redirect_uri").starts_with("http://127.0.0.1:"));
    let first = (query(&bench, "state"), query(&bench, "nonce"), query(&bench, "code_challenge"));
    assert!(first.0.len() >= 32 && first.1.len() >= 32);
    bench.log_in("bob").await;
    let second = (query(&bench, "state"), query(&bench, "nonce"), query(&bench, "code_challenge"));
    assert!(first.0 != second.0 && first.1 != second.1 && first.2 != second.2, "all three are new for every log in");

    let redeemed = bench
        .lab
        .received()
        .into_iter()
        .filter(|request| request.server == Server::Provider && request.body.contains("grant_type=authorization_code"))
        .count();
    assert_eq!(redeemed, 2, "each code is redeemed once");
}

#[tokio::test]
async fn the_window_hears_every_stage() {
    let bench = Bench::start().await;
    bench.log_in("alice").await;
    let told = bench.told();
    let waiting = told.iter().find(|progress| progress.browser).expect("the browser was out");
    assert!(waiting.headline.starts_with("Waiting for the browser on 127.0.0.1:"), "{}", waiting.headline);
    assert_eq!(waiting.deadline_ms.map(|ms| (ms - waiting.started_ms) / 1000), Some(300));
    let states: Vec<StageState> = told.last().expect("progress").stages.iter().map(|stage| stage.state).collect();
    assert_eq!(states, [StageState::Done; 6]);
    assert!(!told.last().expect("progress").browser);
}

#[tokio::test]
async fn a_session_can_be_refreshed_asked_about_and_ended() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let (access, refresh) = (bench.made(&login, TokenKind::Access), bench.made(&login, TokenKind::Refresh));

    let refreshed = bench.done(&bench.draft(Operation::Refresh, None)).await;
    assert_eq!(refreshed.tokens_in, std::slice::from_ref(&refresh.id));
    let newer = bench.made(&refreshed, TokenKind::Access);
    assert_eq!(newer.parent.as_deref(), Some(refresh.id.as_str()));
    assert_eq!(newer.session, access.session);
    assert!(matches!(newer.verification, Verification::Verified { .. }));

    let asked = bench.done(&with(bench.draft(Operation::Introspect, Some(&access.id)), &[("client", "portal")])).await;
    assert_eq!(asked.tokens_in, std::slice::from_ref(&access.id));
    assert_eq!(bench.token(&access.id).active, Some(true));

    let info = bench.done(&bench.draft(Operation::Userinfo, Some(&access.id))).await;
    assert_eq!(info.status, Some(200));
    assert!(text(&info.words.expect("words").body).contains("alice"));

    let newest = bench.made(&refreshed, TokenKind::Refresh);
    let out =
        bench.done(&with(bench.draft(Operation::LogOut, None), &[("refresh_token", &format!("token:{}", newest.id))])).await;
    assert_eq!(out.status, Some(204));
    let gone =
        bench.run(&with(bench.draft(Operation::Refresh, None), &[("refresh_token", &format!("token:{}", newest.id))])).await;
    assert_eq!(gone.words.and_then(|words| words.error).as_deref(), Some("invalid_grant"));
    bench.done(&with(bench.draft(Operation::Introspect, Some(&access.id)), &[("client", "portal")])).await;
    assert_eq!(bench.token(&access.id).active, Some(false), "the session's tokens died with it");
}

#[tokio::test]
async fn a_revoked_refresh_token_is_no_longer_taken() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let refresh = bench.made(&login, TokenKind::Refresh);
    let revoked = bench.done(&bench.draft(Operation::Revoke, Some(&refresh.id))).await;
    assert_eq!(revoked.status, Some(200));
    let (_, diagnosis) = bench.refused(&bench.draft(Operation::Refresh, None), 400, "invalid_grant").await;
    assert!(diagnosis.starts_with("kc-"), "{diagnosis}");
}

#[tokio::test]
async fn new_keys_are_fetched_when_a_token_names_them() {
    let bench = Bench::start().await;
    let jwks = || {
        bench
            .lab
            .received()
            .into_iter()
            .filter(|request| {
                request.path.ends_with("/certs")
                    && request.header("user-agent").is_some_and(|agent| agent.starts_with("Claimscope"))
            })
            .count()
    };
    let first = bench.log_in("alice").await;
    let after_first = jwks();
    bench.log_in("bob").await;
    assert_eq!(jwks(), after_first, "the keys are kept");

    bench.lab.rotate_keys();
    bench.clock.set_ahead(11);
    let second = bench.log_in("alice").await;
    assert_eq!(jwks(), after_first + 1, "an unknown kid is worth one reading");
    let (old, new) = (bench.made(&first, TokenKind::Access), bench.made(&second, TokenKind::Access));
    assert_ne!(old.kid, new.kid);
    assert!(matches!(new.verification, Verification::Verified { .. }), "{:?}", new.verification);
}

#[tokio::test]
async fn the_password_grant_keeps_no_password() {
    let bench = Bench::start().await;
    let draft =
        with(bench.draft(Operation::Password, None), &[("client", "portal"), ("username", "alice"), ("password", "alice")]);
    let step = bench.try_run(&draft).await.expect("a step");
    assert_eq!(step.status, Some(200), "{:?}", step.words);
    let kept = step.draft.expect("the draft");
    assert!(kept.values.iter().all(|pair| pair.name != "password"));
    assert!(kept.values.iter().any(|pair| pair.name == "username" && pair.value == "alice"));
}

pub fn text(lines: &[model::text::Line]) -> String {
    lines.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect::<String>()).collect::<Vec<_>>().join("\n")
}

/// JSON body of a server's words, when it is one.
pub fn json(lines: &[model::text::Line]) -> Value {
    serde_json::from_str(&text(lines)).expect("a JSON body")
}
