//! What only a real Keycloak can show: settings changed through its Admin API, each at a client or user of the test's own.

use oauth::profile::Support;
use record::operation::Operation;
use serde_json::json;
use token::{inspect::TokenKind, text::Pair};

use crate::support::{
    Desk,
    browser::Visit,
    real::{Keycloak, until},
    with,
};

/// Signs alice in at the client by the password grant; gives the access token's id.
async fn signed_in(desk: &Desk, client: &str) -> String {
    let draft = with(desk.draft(Operation::Password, None), &[("client", client), ("username", "alice"), ("password", "alice")]);
    let step = desk.try_run(&draft).await.expect("a step");
    assert_eq!(step.status, Some(200), "{:?}", step.words);
    desk.made(&step, TokenKind::Access).id
}

#[tokio::test]
#[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
async fn a_subject_token_that_ran_out_is_named_so() {
    let keycloak = Keycloak::standard();
    let mut desk = keycloak.desk().await;
    let short = keycloak.own_client(&mut desk, "portal", &json!({ "attributes": { "access.token.lifespan": "1" } })).await;
    let subject = signed_in(&desk, &short).await;
    let draft = with(desk.draft(Operation::TokenExchange, Some(&subject)), &[("client", &short), ("audience", "")]);
    let refused = until("the token runs out", async || {
        let step = desk.run(&draft).await;
        (step.status == Some(400)).then_some(step)
    })
    .await;
    assert_eq!(refused.diagnosis.map(|diagnosis| diagnosis.id).as_deref(), Some("kc-v2-subject-expired"));
}

#[tokio::test]
#[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
async fn a_requester_that_needs_consent_is_named_so() {
    let keycloak = Keycloak::standard();
    let mut desk = keycloak.desk().await;
    let asking = keycloak.own_client(&mut desk, "gateway", &json!({ "consentRequired": true })).await;
    let mapper = json!({
        "name": "names the requester", "protocol": "openid-connect", "protocolMapper": "oidc-audience-mapper",
        "config": { "included.client.audience": asking, "access.token.claim": "true" },
    });
    let first = keycloak.own_client(&mut desk, "portal", &json!({ "protocolMappers": [mapper] })).await;
    let subject = signed_in(&desk, &first).await;
    let draft = with(desk.draft(Operation::TokenExchange, Some(&subject)), &[("client", &asking), ("audience", "")]);
    let (_, diagnosis) = desk.refused(&draft, 400, "invalid_scope").await;
    assert_eq!(diagnosis, "kc-v2-consent-missing");
}

#[tokio::test]
#[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
async fn another_spelling_of_the_host_is_another_issuer() {
    let keycloak = Keycloak::standard();
    let mut desk = keycloak.desk().await;
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access).id;
    desk.profile.provider.endpoints.token = desk.profile.provider.endpoints.token.replace("127.0.0.1", "localhost");
    desk.profile.provider.issuer = desk.profile.provider.issuer.replace("127.0.0.1", "localhost");
    // To the form the token is of another issuer, so a person chooses and confirms it.
    desk.agree();
    let draft = desk.draft(Operation::TokenExchange, None);
    assert!(draft.values.iter().any(|pair| pair.name == "exchange" && pair.value == "standard"), "{:?}", draft.values);
    let draft = with(draft, &[("subject_token", &format!("token:{subject}"))]);
    let draft = desk.workbench.confirmed(&draft, &desk.profile).await.expect("secrets in memory can be read");
    let preview = desk.workbench.preview(&draft, &desk.profile).await.expect("a preview");
    assert!(preview.warnings.iter().any(|one| one.id == "kc-other-host"), "{:?}", preview.warnings);
    let (_, diagnosis) = desk.refused(&draft, 400, "invalid_request").await;
    assert_eq!(diagnosis, "kc-v2-subject-other-host");
}

#[tokio::test]
#[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
async fn an_event_can_be_read_as_soon_as_the_answer_is_back() {
    let keycloak = Keycloak::standard();
    let mut desk = keycloak.desk().await;
    let own = keycloak.own_client(&mut desk, "portal", &json!({})).await;
    signed_in(&desk, &own).await;
    let events = keycloak.events(&own).await;
    assert_eq!((events.len(), &events[0]["type"]), (1, &json!("LOGIN")), "{events:?}");
}

#[tokio::test]
#[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
async fn with_legacy_exchange_on_a_missing_switch_reads_otherwise() {
    let keycloak = Keycloak::legacy();
    let desk = keycloak.desk().await;
    let login = desk.log_in("alice").await;
    let subject = desk.made(&login, TokenKind::Access).id;
    let draft = with(desk.draft(Operation::TokenExchange, Some(&subject)), &[("client", "billing"), ("audience", "orders-api")]);
    let (step, diagnosis) = desk.refused(&draft, 403, "access_denied").await;
    assert_eq!(step.words.expect("words").description.as_deref(), Some("Client not allowed to exchange"));
    assert!(diagnosis.starts_with("kc-v1-"), "V1 answers for V2: {diagnosis}");
}

/// Delegation of 26.7: a user agrees at the log in, and the token says whom to. No exchange reads the actor token, so the window
/// says what is missing, and the profile learns it.
#[tokio::test]
#[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
async fn delegation_is_agreed_to_at_the_log_in_and_no_exchange_reads_the_actor() {
    let keycloak = Keycloak::legacy();
    let mut desk = keycloak.desk().await;
    let (subject, actor) = (keycloak.own_user("platform").await, keycloak.own_user("platform").await);
    keycloak.let_impersonate(&actor).await;
    let changes = json!({ "publicClient": false, "consentRequired": true, "clientAuthenticatorType": "client-secret" });
    let agreeing = keycloak.own_client(&mut desk, "frontend", &changes).await;
    let scope = keycloak.delegation_scope(&agreeing).await;

    desk.browser.next(Visit::SignIn(subject.name));
    let asked = format!("openid {scope}:{}", actor.name);
    let login = desk.done(&with(desk.draft(Operation::LogIn, None), &[("client", &agreeing), ("scope", &asked)])).await;
    let subject = desk.made(&login, TokenKind::Access).id;
    assert_eq!(desk.claims(&subject)["may_act"], json!({ "sub": actor.id }));
    let acting = [("client", "portal"), ("username", actor.name), ("password", actor.name), ("scope", "openid")];
    let step = desk.try_run(&with(desk.draft(Operation::Password, None), &acting)).await.expect("a step");
    let actor = desk.made(&step, TokenKind::Access).id;

    let token = format!("token:{actor}");
    let kind = "urn:ietf:params:oauth:token-type:access_token";
    let both =
        [("exchange", "delegation"), ("client", "portal"), ("audience", ""), ("actor_token", &token), ("actor_token_type", kind)];
    let step = desk.run(&with(desk.draft(Operation::TokenExchange, Some(&subject)), &both)).await;
    assert_eq!(step.status, Some(200), "{:?}", step.words);
    assert_eq!(step.tokens_in, [subject, actor], "both stand behind the new token");
    let made = desk.made(&step, TokenKind::Access);
    assert!(!desk.claims(&made.id).contains_key("act"));
    let ids: Vec<&str> = step.surprises.iter().map(|one| one.id.as_str()).collect();
    assert!(ids.contains(&"kc-200-actor-ignored"), "{ids:?}");
    let mut taught = desk.profile.clone();
    desk.workbench.teach(&mut taught, &step);
    let known = taught.provider.capabilities.iter().find(|one| one.id == "delegation").expect("listed");
    assert_eq!(known.support, Support::NotSupported, "{known:?}");
}

#[tokio::test]
#[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
async fn the_token_stored_at_a_log_in_through_the_partner_is_handed_out() {
    let keycloak = Keycloak::legacy();
    let mut desk = keycloak.desk().await;
    let asking = keycloak.own_client(&mut desk, "billing", &json!({})).await;
    keycloak.permit_provider("partner", &asking).await;
    let (here, there) = (keycloak.own_user("platform").await, keycloak.own_user("partner").await);
    keycloak.link(&here, "partner", &there).await;
    let to_partner = |subject: &str| {
        let draft = desk.draft(Operation::TokenExchange, Some(subject));
        let kind = [("exchange", "internal_to_external"), ("client", &asking), ("requested_issuer", "partner"), ("audience", "")];
        with(draft, &kind)
    };
    // Linked is not enough: the partner gave no token yet, and the answer says where it can.
    let login = desk.log_in(here.name).await;
    let subject = desk.made(&login, TokenKind::Access).id;
    let (step, diagnosis) = desk.refused(&to_partner(&subject), 400, "not_linked").await;
    assert_eq!(diagnosis, "kc-v1-not-linked");
    let link = step.words.and_then(|words| words.account_link).expect("where to link");
    assert!(link.contains("/broker/partner/link?nonce="), "{link}");

    desk.browser.next(Visit::SignIn(there.name));
    let mut through = desk.draft(Operation::LogIn, None);
    through.extra.push(Pair { name: "kc_idp_hint".into(), value: "partner".into() });
    let login = desk.done(&through).await;
    let subject = desk.made(&login, TokenKind::Access);
    assert_eq!(subject.who, here.name);
    let step = desk.done(&to_partner(&subject.id)).await;
    let token = desk.made(&step, TokenKind::Access);
    assert_eq!((token.who.as_str(), token.parent.as_deref()), (there.name, Some(subject.id.as_str())));
    assert!(token.issuer.as_deref().is_some_and(|issuer| issuer.ends_with("/realms/partner")), "{:?}", token.issuer);
    assert_eq!(step.tokens_out.len(), 1, "the partner's refresh token stays at the server");
}
