//! What can be done with a session: refresh, introspection, userinfo, revocation, log out by both ways.

use record::{
    audit::Step,
    operation::{Draft, Operation},
};
use token::inspect::{TokenKind, Verification};

use crate::support::{Desk, text, with};

both! {
    a_session_can_be_refreshed_asked_about_and_ended,
    a_refresh_token_works_once_and_its_reuse_ends_the_session_of_the_client,
    a_revoked_refresh_token_is_no_longer_taken,
    a_revoked_access_token_ends_alone,
    only_a_client_the_token_names_is_told_about_it,
    a_log_out_by_id_token_ends_the_session,
    userinfo_needs_the_scope_openid,
}

fn refresh(desk: &Desk, token: &str) -> Draft {
    with(desk.draft(Operation::Refresh, None), &[("refresh_token", &format!("token:{token}"))])
}

fn introspect(desk: &Desk, token: &str, client: &str) -> Draft {
    with(desk.draft(Operation::Introspect, Some(token)), &[("client", client)])
}

fn described(step: &Step) -> Option<&str> {
    step.words.as_ref().and_then(|words| words.description.as_deref())
}

async fn a_session_can_be_refreshed_asked_about_and_ended(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let (access, first) = (desk.made(&login, TokenKind::Access), desk.made(&login, TokenKind::Refresh));

    let refreshed = desk.done(&desk.draft(Operation::Refresh, None)).await;
    assert_eq!(refreshed.tokens_in, std::slice::from_ref(&first.id));
    let newer = desk.made(&refreshed, TokenKind::Access);
    assert_eq!(newer.parent.as_deref(), Some(first.id.as_str()));
    assert_eq!(newer.session, access.session);
    assert!(matches!(newer.verification, Verification::Verified { .. }));

    let asked = desk.done(&introspect(desk, &access.id, "portal")).await;
    assert_eq!(asked.tokens_in, std::slice::from_ref(&access.id));
    assert_eq!(desk.token(&access.id).active, Some(true));

    let info = desk.done(&desk.draft(Operation::Userinfo, Some(&access.id))).await;
    assert_eq!(info.status, Some(200));
    assert!(text(&info.words.expect("words").body).contains("alice"));

    let newest = desk.made(&refreshed, TokenKind::Refresh);
    let hint = format!("token:{}", newest.id);
    let log_out = with(desk.draft(Operation::LogOut, None), &[("channel", "back_channel"), ("refresh_token", &hint)]);
    assert_eq!(desk.done(&log_out).await.status, Some(204));
    let (gone, diagnosis) = desk.refused(&refresh(desk, &newest.id), 400, "invalid_grant").await;
    assert_eq!((described(&gone), diagnosis.as_str()), (Some("Session not active"), "kc-session-over"));
    assert_eq!(desk.run(&log_out).await.status, Some(204), "logging out twice is no fault");
    desk.done(&introspect(desk, &access.id, "portal")).await;
    assert_eq!(desk.token(&access.id).active, Some(false), "the session's tokens died with it");
}

async fn a_refresh_token_works_once_and_its_reuse_ends_the_session_of_the_client(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let first = desk.made(&login, TokenKind::Refresh).id;
    let refreshed = desk.done(&refresh(desk, &first)).await;
    let second = desk.made(&refreshed, TokenKind::Refresh).id;
    let claims = desk.claims(&desk.made(&refreshed, TokenKind::Access).id);
    assert!(claims["jti"].as_str().is_some_and(|jti| jti.starts_with("onrtrt:")), "{}", claims["jti"]);

    let (reused, diagnosis) = desk.refused(&refresh(desk, &first), 400, "invalid_grant").await;
    assert_eq!(
        (described(&reused), diagnosis.as_str()),
        (Some("Maximum allowed refresh token reuse exceeded"), "kc-refresh-reuse")
    );
    let (after, diagnosis) = desk.refused(&refresh(desk, &second), 400, "invalid_grant").await;
    assert_eq!((described(&after), diagnosis.as_str()), (Some("Session doesn't have required client"), "kc-session-over"));
}

async fn a_revoked_refresh_token_is_no_longer_taken(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let token = desk.made(&login, TokenKind::Refresh).id;
    assert_eq!(desk.done(&desk.draft(Operation::Revoke, Some(&token))).await.status, Some(200));
    let (_, diagnosis) = desk.refused(&refresh(desk, &token), 400, "invalid_grant").await;
    assert!(diagnosis.starts_with("kc-"), "{diagnosis}");
}

async fn a_revoked_access_token_ends_alone(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access).id;
    let exchanged = desk.done(&desk.draft(Operation::TokenExchange, Some(&subject))).await.tokens_out[0].clone();

    let foreign = with(desk.draft(Operation::Revoke, Some(&subject)), &[("client", "portal")]);
    let (_, diagnosis) = desk.refused(&foreign, 400, "invalid_request").await;
    assert_eq!(diagnosis, "kc-revoke-other-client");

    let revoked = desk.done(&desk.draft(Operation::Revoke, Some(&subject))).await;
    desk.done(&introspect(desk, &subject, "portal")).await;
    assert_eq!(desk.token(&subject).active, Some(false));
    let (step, id) = desk.refused(&desk.draft(Operation::TokenExchange, Some(&subject)), 400, "invalid_request").await;
    let diagnosis = step.diagnosis.expect("a diagnosis");
    assert_eq!((id.as_str(), diagnosis.certain), ("kc-v2-subject-revoked", true));
    let journal = diagnosis.evidence.iter().find(|evidence| evidence.name == "journal").expect("our own step is the evidence");
    assert_eq!(journal.values, [format!("step {} revoked it", revoked.id)]);
    desk.done(&introspect(desk, &exchanged, "orders-api")).await;
    assert_eq!(desk.token(&exchanged).active, Some(true), "what was made from it by exchange lives on");
    desk.done(&desk.draft(Operation::Refresh, None)).await;
}

async fn only_a_client_the_token_names_is_told_about_it(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let access = desk.made(&login, TokenKind::Access).id;
    desk.done(&introspect(desk, &access, "billing")).await;
    assert_eq!(desk.token(&access).active, Some(false), "billing is not in aud");
    desk.done(&introspect(desk, &access, "orders-api")).await;
    assert_eq!(desk.token(&access).active, Some(true));
    let (_, diagnosis) = desk.refused(&introspect(desk, &access, "mobile"), 403, "invalid_request").await;
    assert_eq!(diagnosis, "kc-introspect-public");
}

async fn a_log_out_by_id_token_ends_the_session(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let (id, token) = (desk.made(&login, TokenKind::Id).id, desk.made(&login, TokenKind::Refresh).id);
    let draft = with(
        desk.draft(Operation::LogOut, None),
        &[("channel", "front_channel"), ("refresh_token", ""), ("id_token_hint", &format!("token:{id}"))],
    );
    desk.done(&draft).await;
    let (gone, diagnosis) = desk.refused(&refresh(desk, &token), 400, "invalid_grant").await;
    assert_eq!((described(&gone), diagnosis.as_str()), (Some("Session not active"), "kc-session-over"));
}

async fn userinfo_needs_the_scope_openid(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access).id;
    let exchange = desk.done(&desk.draft(Operation::TokenExchange, Some(&subject))).await;
    let asked = desk.draft(Operation::Userinfo, Some(&exchange.tokens_out[0]));
    let (step, diagnosis) = desk.refused(&asked, 403, "insufficient_scope").await;
    assert_eq!((described(&step), diagnosis.as_str()), (Some("Missing openid scope"), "kc-userinfo-openid"));
}
