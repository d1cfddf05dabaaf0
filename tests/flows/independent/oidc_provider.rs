//! npm `oidc-provider` in a process of its own: code with PKCE at any loopback port, RFC 9207, introspection, revocation,
//! refresh token rotation.

use std::{io::Write as _, path::Path, process::Stdio};

use oauth::profile::{Client, ClientAuth, Profile};
use record::{audit::Outcome, operation::Operation};
use serde_json::Value;
use token::{
    inspect::{TokenFormat, TokenKind, Verification},
    text::Pair,
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use super::Desk;
use crate::support::{browser::Visit, with};

/// How long the server may take to say that it listens.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// The server lives as long as its standard input is open, which is as long as this is kept.
struct Place {
    desk: Desk,
    resource: String,
    api: String,
    _server: Child,
}

/// None when its packages are not installed.
async fn place() -> Option<Place> {
    let folder = crate::root().join("tests/servers/oidc-provider");
    if !folder.join("node_modules").is_dir() {
        // Past the harness, which would keep the words of a test that passes to itself.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: oidc-provider is not installed. `cargo xtask test` installs it, or run `npm ci` in {}.",
            folder.display()
        );
        return None;
    }
    let (server, line) = said(&folder).await;
    let told: Value = serde_json::from_str(&line).expect("one line of JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let (native, api) = (text(&told["native"]), text(&told["api"]["client_id"]));
    let client = |id: &str, auth, login| Client { client_id: id.into(), auth, login, ..Client::default() };
    let profile = Profile {
        id: "node".into(),
        name: "oidc-provider".into(),
        clients: vec![client(&native, ClientAuth::None, true), client(&api, ClientAuth::ClientSecretBasic, false)],
        scopes: ["openid", "profile", "offline_access"].map(str::to_owned).to_vec(),
        ..Profile::default()
    };
    let desk = Desk::at(&text(&told["issuer"]), profile, &[(&api, &text(&told["api"]["client_secret"]))]).await;
    Some(Place { desk, resource: text(&told["resource"]), api, _server: server })
}

/// Starts the server and gives the line it says when it listens. Node 20 now and then blocks for ever while it makes a key
/// (main thread in a futex, nothing printed), so one that says nothing is ended and another started.
async fn said(folder: &Path) -> (Child, String) {
    for _ in 0..5 {
        let mut server = Command::new("node")
            .arg("server.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Node runs");
        let mut lines = BufReader::new(server.stdout.take().expect("its output")).lines();
        if let Ok(line) = tokio::time::timeout(PATIENCE, lines.next_line()).await {
            return (server, line.expect("readable").expect("it says where it is"));
        }
    }
    panic!("oidc-provider did not come up in five starts of {} s each", PATIENCE.as_secs());
}

#[tokio::test]
async fn a_login_at_any_port_is_verified_and_can_be_asked_about() {
    let Some(Place { desk, api, _server, .. }) = place().await else { return };
    assert!(desk.profile.provider.iss_in_response, "its metadata promise iss (RFC 9207)");
    assert_eq!(desk.profile.redirect.port, 0);
    let login = desk.log_in(&desk.draft(Operation::LogIn, None)).await;
    let id = desk.made(&login, TokenKind::Id);
    assert!(matches!(id.verification, Verification::Verified { .. }), "{:?}", id.verification);
    assert_eq!(desk.claims(&id.id)["sub"], "alice");
    let access = desk.made(&login, TokenKind::Access);
    assert_eq!(access.format, TokenFormat::Opaque);

    desk.done(&with(desk.draft(Operation::Introspect, Some(&access.id)), &[("client", &api)])).await;
    assert_eq!(desk.claims(&access.id)["sub"], "alice");
    let info = desk.done(&desk.draft(Operation::Userinfo, Some(&access.id))).await;
    assert_eq!(info.status, Some(200));

    desk.done(&with(desk.draft(Operation::Revoke, Some(&access.id)), &[("client", "claimscope-native")])).await;
    desk.done(&with(desk.draft(Operation::Introspect, Some(&access.id)), &[("client", &api)])).await;
    assert_eq!(desk.workbench.held(&access.id).expect("on the shelf").active(), Some(false));
    desk.refused(&desk.draft(Operation::Userinfo, Some(&access.id)), "invalid_token").await;
}

#[tokio::test]
async fn refresh_tokens_rotate_and_an_old_one_is_refused() {
    let Some(Place { desk, _server, .. }) = place().await else { return };
    let login = desk.log_in(&with(desk.draft(Operation::LogIn, None), &[("prompt", "consent")])).await;
    let first = desk.made(&login, TokenKind::Refresh);
    let with_first = desk.draft(Operation::Refresh, Some(&first.id));
    let refreshed = desk.done(&with_first).await;
    let second = desk.made(&refreshed, TokenKind::Refresh);
    assert_eq!(second.parent.as_deref(), Some(first.id.as_str()));
    let id = desk.made(&refreshed, TokenKind::Id);
    assert!(matches!(id.verification, Verification::Verified { .. }), "{:?}", id.verification);
    desk.refused(&with_first, "invalid_grant").await;
}

#[tokio::test]
async fn a_resource_makes_the_token_a_jwt_for_it() {
    let Some(Place { desk, resource, _server, .. }) = place().await else { return };
    let mut draft = with(desk.draft(Operation::LogIn, None), &[("scope", "openid"), ("scope", "orders:read")]);
    draft.extra.push(Pair { name: "resource".into(), value: resource });
    let login = desk.log_in(&draft).await;
    let token = desk.made(&login, TokenKind::Access);
    assert_eq!((token.format, token.audience.as_slice()), (TokenFormat::Jws, ["orders-api".to_owned()].as_slice()));
    assert!(matches!(token.verification, Verification::Verified { .. }), "{:?}", token.verification);
}

#[tokio::test]
async fn its_refusal_comes_back_through_the_browser() {
    let Some(Place { desk, _server, .. }) = place().await else { return };
    desk.browser.next(Visit::SignIn("nobody asks"));
    let step = desk.run(&with(desk.draft(Operation::LogIn, None), &[("login_hint", "deny")])).await;
    assert_eq!((step.outcome, step.problem_id.as_deref()), (Outcome::Refused, Some("login-denied")));
    assert!(step.problem.is_some_and(|text| text.contains("The user said no")));
}
