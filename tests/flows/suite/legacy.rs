//! The legacy exchange (V1) where it is switched on and permitted: between clients, and from another provider to this realm.

use model::{operation::Operation, token::TokenKind};

use crate::{
    flows::exchanges::signed_in,
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

/// A token of the partner becomes one of the realm, by the form's own filling.
async fn from_outside(desk: &mut Desk, client: &str, partner: model::profile::Profile, secret: model::secret::Secret) {
    let partner = super::chain::connected(desk, partner, secret).await;
    let ours = std::mem::replace(&mut desk.profile, partner);
    let foreign = signed_in(desk, "partner-app", "alice").await;
    desk.profile = ours;
    let draft = with(desk.draft(Operation::TokenExchange, Some(&foreign)), &[("client", client), ("audience", "")]);
    assert!(draft.values.iter().any(|pair| pair.name == "subject_issuer"), "{:?}", draft.values);
    let step = desk.done(&draft).await;
    let token = desk.made(&step, TokenKind::Access);
    assert_eq!(token.issuer.as_deref(), Some(desk.profile.provider.issuer.as_str()));
    assert_eq!(desk.claims(&token.id)["preferred_username"], "alice");
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
}
