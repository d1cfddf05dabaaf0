//! Standard token exchange: what the portal gets, narrowed by audience and by scope, and in each of its three forms.

use record::operation::Operation;
use token::{
    check::Report,
    compare::VerdictTone,
    inspect::{TokenKind, Verification},
};

use crate::support::{Desk, text, with};

both! {
    the_portal_narrows_a_users_token_to_one_api,
    scopes_choose_what_the_new_token_may_do,
    several_audiences_can_be_asked_for_at_once,
    an_id_token_can_be_asked_for,
    a_refresh_token_can_be_asked_for_where_the_client_may,
    the_same_form_says_what_would_be_refused,
}

const TYPE: &str = "urn:ietf:params:oauth:token-type:";

async fn subject(desk: &Desk) -> String {
    let login = desk.log_in("alice").await;
    desk.made(&login, TokenKind::Access).id
}

fn sorted(words: &[String]) -> Vec<&str> {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.sort_unstable();
    words
}

async fn the_portal_narrows_a_users_token_to_one_api(desk: &Desk) {
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access);
    let draft = desk.draft(Operation::TokenExchange, Some(&subject.id));
    for (name, value) in [("client", "portal"), ("audience", "orders-api"), ("subject_token", &format!("token:{}", subject.id))] {
        assert!(
            draft.values.iter().any(|pair| pair.name == name && pair.value == value),
            "the form proposes {name} {value}: {:?}",
            draft.values
        );
    }
    let step = desk.done(&draft).await;

    let issued = desk.token(&step.tokens_out[0]);
    assert_eq!((issued.audience.as_slice(), issued.client.as_deref()), (["orders-api".to_owned()].as_slice(), Some("portal")));
    assert_eq!(
        (issued.parent.as_deref(), step.subject.as_deref(), step.audience.as_deref()),
        (Some(subject.id.as_str()), Some("alice"), Some("orders-api"))
    );
    assert_eq!(issued.session, subject.session, "an exchange makes no session of its own");
    assert!(matches!(issued.verification, Verification::Verified { .. }));
    let claims = desk.claims(&issued.id);
    assert!(claims["jti"].as_str().is_some_and(|jti| jti.starts_with("ntrtte:")), "{}", claims["jti"]);
    assert_eq!(claims["resource_access"], serde_json::json!({ "orders-api": { "roles": ["viewer"] } }));
    assert_eq!(claims.get("realm_access"), None);

    let words: Vec<(&str, &str)> = step.verdicts.iter().map(|verdict| (verdict.id.as_str(), verdict.word.as_str())).collect();
    for expected in [("identity", "preserved"), ("audience", "narrowed"), ("roles", "narrowed"), ("requester", "changed")] {
        assert!(words.contains(&expected), "{expected:?} in {words:?}");
    }
    let identity = step.verdicts.iter().find(|verdict| verdict.id == "identity").expect("identity");
    assert_eq!(identity.tone, VerdictTone::Same);
    let report = &step.report.as_ref().expect("the checks of orders-api").report;
    assert_eq!(
        (report.resource.as_str(), report.answer, report.first_failure.as_deref()),
        ("orders-api", Some(200), None),
        "{report:?}"
    );

    let compared =
        desk.workbench.compare(&[subject.id.clone(), issued.id.clone()], None, Some(&desk.profile)).expect("a comparison");
    assert_eq!(compared.step, Some(step.id));
    let again = &compared.reports[1].as_ref().expect("without a choice the audience's own checks are shown").report;
    // Found in a check may be how long the token has left.
    let outcomes = |report: &Report| report.checks.iter().map(|check| (check.id.clone(), check.outcome)).collect::<Vec<_>>();
    assert_eq!((&again.resource, again.answer, outcomes(again)), (&report.resource, report.answer, outcomes(report)));
    assert_eq!(compared.comparison.pairs[0].verdicts, step.verdicts);
}

async fn scopes_choose_what_the_new_token_may_do(desk: &Desk) {
    let subject = subject(desk).await;
    let plain = with(desk.draft(Operation::TokenExchange, Some(&subject)), &[("audience", "")]);
    let token = desk.token(&desk.done(&plain).await.tokens_out[0]);
    assert_eq!((sorted(&token.scope), sorted(&token.audience)), (vec!["email", "profile"], vec!["orders-api"]));

    let token = desk.token(&desk.done(&with(plain.clone(), &[("scope", "orders:write")])).await.tokens_out[0]);
    assert_eq!(sorted(&token.scope), ["email", "orders:write", "profile"]);
    let mut roles: Vec<String> =
        serde_json::from_value(desk.claims(&token.id)["resource_access"]["orders-api"]["roles"].clone()).expect("roles");
    roles.sort();
    assert_eq!(roles, ["editor", "viewer"], "the scope brings the role it stands for");

    let token = desk.token(&desk.done(&with(plain.clone(), &[("scope", "gateway:access")])).await.tokens_out[0]);
    assert_eq!(sorted(&token.audience), ["gateway", "orders-api"], "the scope's mapper names the gateway");

    let filtered = with(plain, &[("audience", "orders-api"), ("scope", "orders:read billing:read")]);
    let token = desk.token(&desk.done(&filtered).await.tokens_out[0]);
    assert_eq!(sorted(&token.scope), ["email", "orders:read", "profile"], "a scope for another audience is left out");
    assert_eq!(token.audience, ["orders-api"]);
}

async fn several_audiences_can_be_asked_for_at_once(desk: &Desk) {
    let subject = subject(desk).await;
    let draft = with(
        desk.draft(Operation::TokenExchange, Some(&subject)),
        &[("audience", "orders-api"), ("audience", "billing-api"), ("scope", "billing:read gateway:access")],
    );
    let token = desk.token(&desk.done(&draft).await.tokens_out[0]);
    assert_eq!(sorted(&token.audience), ["billing-api", "orders-api"], "the gateway was not asked for");
    let claims = desk.claims(&token.id);
    let clients: Vec<&String> = claims["resource_access"].as_object().expect("roles of clients").keys().collect();
    assert_eq!(clients.len(), 2, "{clients:?}");
}

async fn an_id_token_can_be_asked_for(desk: &Desk) {
    let subject = subject(desk).await;
    let plain = with(desk.draft(Operation::TokenExchange, Some(&subject)), &[("audience", "")]);
    let step = desk.done(&with(plain.clone(), &[("requested_token_type", &format!("{TYPE}id_token"))])).await;
    let token = desk.token(&step.tokens_out[0]);
    assert_eq!(
        (step.tokens_out.len(), token.kind, token.audience.as_slice()),
        (1, TokenKind::Id, ["portal".to_owned()].as_slice())
    );
    assert!(matches!(token.verification, Verification::Verified { .. }), "{:?}", token.verification);
    let answer = text(&step.words.expect("words").body);
    assert!(answer.contains("N_A") && answer.contains(&format!("{TYPE}id_token")), "{answer}");

    let step = desk.done(&with(plain, &[("scope", "openid")])).await;
    let kinds: Vec<TokenKind> = step.tokens_out.iter().map(|id| desk.token(id).kind).collect();
    assert_eq!(kinds, [TokenKind::Access, TokenKind::Id], "with openid it comes along");
}

async fn a_refresh_token_can_be_asked_for_where_the_client_may(desk: &Desk) {
    let subject = subject(desk).await;
    let draft = with(
        desk.draft(Operation::TokenExchange, Some(&subject)),
        &[("client", "gateway"), ("audience", "orders-api"), ("requested_token_type", &format!("{TYPE}refresh_token"))],
    );
    let step = desk.done(&draft).await;
    let (access, refresh) = (desk.made(&step, TokenKind::Access), desk.made(&step, TokenKind::Refresh));
    let claims = desk.claims(&access.id);
    assert!(claims["jti"].as_str().is_some_and(|jti| jti.starts_with("onrtte:")), "{}", claims["jti"]);
    let again =
        with(desk.draft(Operation::Refresh, None), &[("client", "gateway"), ("refresh_token", &format!("token:{}", refresh.id))]);
    let refreshed = desk.done(&again).await;
    let newer = desk.made(&refreshed, TokenKind::Access);
    assert_eq!((newer.audience, newer.session), (access.audience, access.session), "audience and session stay");

    let foreign = with(
        again,
        &[("client", "portal"), ("refresh_token", &format!("token:{}", desk.made(&refreshed, TokenKind::Refresh).id))],
    );
    let (_, id) = desk.refused(&foreign, 400, "invalid_grant").await;
    assert_eq!(id, "kc-refresh-other-client");
}

async fn the_same_form_says_what_would_be_refused(desk: &Desk) {
    let subject = subject(desk).await;
    let draft = with(desk.draft(Operation::TokenExchange, Some(&subject)), &[("client", "reporting")]);
    let preview = desk.workbench.preview(&draft, &desk.profile).await.expect("a preview");
    assert_eq!(preview.faults, []);
    assert!(!preview.warnings.is_empty(), "reporting is not in aud, which can be known before sending");
    assert!(preview.masked);
    let raw = text(&preview.snippets[0].lines);
    let token = desk.workbench.raw_token(&subject).expect("a live token");
    assert!(!raw.contains(token.expose()), "the preview names the token and does not hold it");
}
