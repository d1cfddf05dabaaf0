//! The legacy exchange (V1) where it is switched on and permitted: between clients, as another user, from another provider to this
//! realm and back.

use oauth::profile::Support;
use record::{
    audit::{JoinedBy, Step},
    operation::Operation,
};
use token::inspect::TokenKind;

use crate::{
    flows::exchanges::{known, signed_in},
    support::{Desk, with},
};

/// Between clients of the realm: the target's own mappers make the token.
async fn between_clients(desk: &Desk, client: &str) {
    let subject = signed_in(desk, client, "alice").await;
    let draft = with(
        desk.draft(Operation::TokenExchange, Some(&subject)),
        &[("exchange", "legacy"), ("client", client), ("audience", "orders-api")],
    );
    let step = desk.done(&draft).await;
    let token = desk.made(&step, TokenKind::Access);
    assert_eq!((token.who.as_str(), token.parent.as_deref()), ("alice", Some(subject.as_str())));
    assert!(token.client.as_deref().is_some_and(|azp| azp == client || azp == "orders-api"), "{:?}", token.client);
}

/// A step after the server's events were read, and which of them it was joined with.
async fn with_events(desk: &Desk, step: &Step) -> (Step, Vec<(String, Option<JoinedBy>)>) {
    let read = desk.workbench.read_events(&desk.profile).await.expect("the journal takes events");
    assert_eq!(read.problem, None);
    let step = desk.workbench.journal.step(step.id).expect("readable").expect("there");
    let joined = step.events.iter().map(|event| (event.event_type.clone(), event.joined_by)).collect();
    (step, joined)
}

/// Impersonation: who has the right gets a token of another user, in a session of that user's.
async fn as_another(desk: &mut Desk, user: &'static str) {
    let login = desk.log_in(user).await;
    let subject = desk.made(&login, TokenKind::Access);
    let impersonation = |changes: &[(&str, &str)]| {
        let draft = desk.draft(Operation::TokenExchange, Some(&subject.id));
        let kind = [("exchange", "impersonation"), ("client", "portal"), ("requested_subject", "bob"), ("audience", "")];
        with(with(draft, &kind), changes)
    };
    let step = desk.done(&impersonation(&[])).await;
    let token = desk.made(&step, TokenKind::Access);
    assert_eq!((token.who.as_str(), token.parent.as_deref()), ("bob", Some(subject.id.as_str())));
    assert_eq!(token.client.as_deref(), Some("portal"));
    let (of_subject, of_token) = (desk.claims(&subject.id), desk.claims(&token.id));
    assert!(of_token["sid"].is_string() && of_token["sid"] != of_subject["sid"], "a session of its own");
    assert_eq!(of_token.get("act"), None, "26.7.5 does not say in the token who stands behind it");
    // What goes along: `openid` came over from the subject token, and a refresh token unless told otherwise.
    assert_eq!(desk.claims(&desk.made(&step, TokenKind::Id).id)["preferred_username"], "bob");
    let refresh = desk.made(&step, TokenKind::Refresh).id;
    let refreshed = desk.done(&with(desk.draft(Operation::Refresh, Some(&refresh)), &[("client", "portal")])).await;
    assert_eq!(desk.made(&refreshed, TokenKind::Access).who, "bob");
    let only = ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token");
    let step = desk.done(&impersonation(&[only, ("scope", "profile")])).await;
    let kinds: Vec<TokenKind> = step.tokens_out.iter().map(|id| desk.token(id).kind).collect();
    assert_eq!(kinds, [TokenKind::Access]);

    // A target has to permit it as for one's own token, a disabled user is nobody, and a requester has to be meant.
    let rows = [
        (("audience", "billing-api"), "Client not allowed to exchange", "kc-v1-audience-permission-impersonated"),
        (("requested_subject", "carol"), "Client not allowed to exchange", "kc-v1-impersonate-nobody"),
        (("client", "reporting"), "Client is not within the token audience", "kc-v2-requester-not-in-aud"),
    ];
    for (change, words, cause) in rows {
        let (refused, _) = desk.refused(&impersonation(&[change]), 403, "access_denied").await;
        assert_eq!(refused.words.as_ref().and_then(|words| words.description.as_deref()), Some(words));
        let (refused, events) = with_events(desk, &refused).await;
        assert_eq!(refused.diagnosis.map(|diagnosis| (diagnosis.id, diagnosis.certain)), Some((cause.into(), true)));
        // It tells neither user nor session.
        assert_eq!(events, [("TOKEN_EXCHANGE_ERROR".into(), Some(JoinedBy::ClientAndTime))], "{cause}");
    }
    let (_, events) = with_events(desk, &step).await;
    assert_eq!(events, [("TOKEN_EXCHANGE".into(), Some(JoinedBy::TokenId))]);

    let mut taught = desk.profile.clone();
    desk.workbench.teach(&mut taught, &step);
    desk.profile = taught;
    assert_eq!(known(desk, "impersonation").0, Support::Supported);
}

/// Back to where the session came from: the partner's own token is handed out again.
async fn there_and_back(desk: &mut Desk, client: &str, partner: oauth::profile::Profile, secret: token::secret::Secret) {
    let issuer = partner.provider.issuer.clone();
    let (foreign, inside) = from_outside(desk, client, partner, secret).await;
    let draft = with(
        desk.draft(Operation::TokenExchange, Some(&inside)),
        &[("exchange", "internal_to_external"), ("client", client), ("requested_issuer", "partner"), ("audience", "")],
    );
    let step = desk.done(&draft).await;
    let token = desk.made(&step, TokenKind::Access);
    assert_eq!((token.who.as_str(), token.issuer.as_deref()), ("alice", Some(issuer.as_str())));
    assert_eq!(desk.claims(&token.id)["jti"], desk.claims(&foreign)["jti"], "no new token is made");
    assert!(token.expires_at.is_some_and(|end| end > 0), "`expires_in` is 0 in this answer; the token says its own end");
    assert_eq!(step.tokens_out.len(), 1);
    // No token of the realm was made that an event could name.
    let (_, events) = with_events(desk, &step).await;
    assert_eq!(events, [("TOKEN_EXCHANGE".into(), Some(JoinedBy::ClientAndTime))]);
}

/// A token of the partner becomes one of the realm, by the action that brings it there. Gives the ids of both.
async fn from_outside(
    desk: &mut Desk,
    client: &str,
    partner: oauth::profile::Profile,
    secret: token::secret::Secret,
) -> (String, String) {
    let partner = super::chain::connected(desk, partner, secret).await;
    let ours = std::mem::replace(&mut desk.profile, partner);
    let foreign = signed_in(desk, "partner-app", "alice").await;
    desk.profile = ours;
    let draft = with(desk.brought(Operation::TokenExchange, &foreign).await, &[("client", client), ("audience", "")]);
    assert!(draft.values.iter().any(|pair| pair.name == "subject_issuer"), "{:?}", draft.values);
    let step = desk.done(&draft).await;
    let token = desk.made(&step, TokenKind::Access);
    assert_eq!(token.issuer.as_deref(), Some(desk.profile.provider.issuer.as_str()));
    assert_eq!(desk.claims(&token.id)["preferred_username"], "alice");
    (foreign, token.id)
}

mod lab {
    use crate::{flows::suite::chain, support::Bench};

    #[tokio::test]
    async fn one_client_exchanges_to_another() {
        let bench = Bench::legacy().await;
        super::between_clients(&bench, "portal").await;
    }

    #[tokio::test]
    async fn a_partners_token_becomes_one_of_the_realm() {
        let mut bench = Bench::legacy().await;
        let (partner, secret) = chain::of_the_lab(&bench);
        super::from_outside(&mut bench, "portal", partner, secret).await;
    }

    #[tokio::test]
    async fn who_may_impersonate_gets_another_users_token() {
        let mut bench = Bench::legacy().await;
        super::as_another(&mut bench, "alice").await;
    }

    #[tokio::test]
    async fn the_partners_token_is_handed_out_again() {
        let mut bench = Bench::legacy().await;
        let (partner, secret) = chain::of_the_lab(&bench);
        super::there_and_back(&mut bench, "portal", partner, secret).await;
    }
}

mod keycloak {
    use serde_json::json;

    use crate::{
        flows::suite::chain,
        support::{Desk, real::Keycloak},
    };

    /// A client of the test's own without the standard switch, for which V1 answers.
    async fn asking(keycloak: &Keycloak, desk: &mut Desk) -> String {
        keycloak.own_client(desk, "billing", &json!({ "directAccessGrantsEnabled": true, "fullScopeAllowed": true })).await
    }

    #[tokio::test]
    #[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
    async fn one_client_exchanges_to_another() {
        let keycloak = Keycloak::legacy();
        let mut desk = keycloak.desk().await;
        let client = asking(&keycloak, &mut desk).await;
        keycloak.permit_client("orders-api", &client).await;
        super::between_clients(&desk, &client).await;
    }

    #[tokio::test]
    #[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
    async fn a_partners_token_becomes_one_of_the_realm() {
        let keycloak = Keycloak::legacy();
        let mut desk = keycloak.desk().await;
        let client = asking(&keycloak, &mut desk).await;
        keycloak.permit_provider("partner", &client).await;
        let (partner, secret) = chain::of_keycloak(&desk);
        super::from_outside(&mut desk, &client, partner, secret).await;
    }

    #[tokio::test]
    #[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
    async fn who_may_impersonate_gets_another_users_token() {
        let keycloak = Keycloak::legacy();
        let mut desk = keycloak.desk().await;
        let user = keycloak.own_user("platform").await;
        keycloak.let_impersonate(&user).await;
        super::as_another(&mut desk, user.name).await;
    }

    #[tokio::test]
    #[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
    async fn the_partners_token_is_handed_out_again() {
        let keycloak = Keycloak::legacy();
        let mut desk = keycloak.desk().await;
        let client = asking(&keycloak, &mut desk).await;
        keycloak.permit_provider("partner", &client).await;
        let (partner, secret) = chain::of_keycloak(&desk);
        super::there_and_back(&mut desk, &client, partner, secret).await;
    }
}
