//! The legacy exchange: impersonation, from outside to inside and back, naked, and between clients; what it refuses; and what the
//! profile learns of the server by it.

use oauth::profile::Support;
use record::operation::Operation;
use token::{inspect::TokenKind, secret::Secret};

use super::{beside, known, signed_in};
use crate::support::{Bench, with};

/// Runs an exchange and lets the profile learn from it; gives the step.
async fn exchange(desk: &mut Bench, subject: Option<&str>, kind: &str, changes: &[(&str, &str)]) -> record::audit::Step {
    let draft = with(desk.draft(Operation::TokenExchange, subject), &[("exchange", kind), ("audience", "")]);
    let step = desk.run(&with(draft, changes)).await;
    let mut taught = desk.profile.clone();
    desk.workbench.teach(&mut taught, &step);
    desk.profile = taught;
    step
}

fn who(desk: &Bench, step: &record::audit::Step) -> String {
    assert_eq!(step.status, Some(200), "{:?}", step.words);
    let token = desk.made(step, TokenKind::Access);
    desk.claims(&token.id)["preferred_username"].as_str().expect("a name").to_owned()
}

/// A token of the partner for alice, on the shelf of this desk.
async fn from_the_partner(desk: &mut Bench, issuer: &str, secret: Secret) -> String {
    use oauth::profile::{Client, ClientAuth, Dialect, Profile, Provider};
    let partner = Profile {
        id: "partner".into(),
        provider: Provider { issuer: issuer.to_owned(), dialect: Dialect::Keycloak, ..Provider::default() },
        clients: vec![Client { client_id: "partner-app".into(), auth: ClientAuth::ClientSecretBasic, ..Client::default() }],
        ..Profile::default()
    };
    let partner = beside(desk, partner, vec![("partner-app".into(), secret)]).await;
    let ours = std::mem::replace(&mut desk.profile, partner);
    let token = signed_in(desk, "partner-app", "alice").await;
    desk.profile = ours;
    token
}

#[tokio::test]
async fn a_lab_without_it_says_so_and_the_profile_learns_it() {
    let mut bench = Bench::start().await;
    bench.read_server_info().await;
    assert_eq!(known(&bench, "impersonation"), (Support::NotSupported, "TOKEN_EXCHANGE off, server info".into()));
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access).id;
    let step = exchange(&mut bench, Some(&subject), "impersonation", &[("requested_subject", "bob")]).await;
    let words = step.words.expect("the server's words");
    assert_eq!(words.description.as_deref(), Some("Parameter 'requested_subject' is not supported for standard token exchange"));
    assert_eq!(known(&bench, "standard-exchange").0, Support::Supported);
    // Before the next one the window says what is known.
    let draft = with(
        bench.draft(Operation::TokenExchange, Some(&subject)),
        &[("exchange", "impersonation"), ("requested_subject", "bob")],
    );
    let preview = bench.workbench.preview(&draft, &bench.profile).await.expect("a preview");
    assert!(preview.warnings.iter().any(|one| one.id == "kc-exchange-not-supported"), "{:?}", preview.warnings);
}

#[tokio::test]
async fn a_lab_with_it_exchanges_in_every_direction() {
    let mut bench = Bench::legacy().await;
    let about = bench.lab.description().partner.clone();
    let secret = about.clients.iter().find(|client| client.client_id == "partner-app").and_then(|client| client.secret.clone());
    let foreign = from_the_partner(&mut bench, &about.issuer, Secret::new(secret.expect("a secret"))).await;
    let login = bench.log_in("alice").await;
    let alice = bench.made(&login, TokenKind::Access).id;

    let draft = with(bench.brought(Operation::TokenExchange, &foreign).await, &[("audience", ""), ("client", "portal")]);
    let step = bench.done(&draft).await;
    assert_eq!(who(&bench, &step), "alice");
    let inside = bench.made(&step, TokenKind::Access).id;
    let portal = ("client", "portal");
    let step = exchange(&mut bench, Some(&inside), "internal_to_external", &[portal, ("requested_issuer", "partner")]).await;
    assert_eq!(bench.made(&step, TokenKind::Access).issuer.as_deref(), Some(about.issuer.as_str()));
    let step = exchange(&mut bench, Some(&alice), "impersonation", &[portal, ("requested_subject", "bob")]).await;
    assert_eq!(who(&bench, &step), "bob");
    let step = exchange(&mut bench, Some(&alice), "legacy", &[portal, ("audience", "orders-api")]).await;
    assert_eq!(who(&bench, &step), "alice");
    let step =
        exchange(&mut bench, None, "danger_naked_impersonation", &[("client", "gateway"), ("requested_subject", "bob")]).await;
    assert_eq!((who(&bench, &step).as_str(), step.tokens_in.as_slice()), ("bob", &[][..]));

    // Not linked: where to link it stands beside the words.
    let step = exchange(&mut bench, Some(&alice), "internal_to_external", &[portal, ("requested_issuer", "partner")]).await;
    let words = step.words.expect("the server's words");
    assert_eq!((words.status, words.error.as_deref()), (400, Some("not_linked")));
    assert!(words.account_link.is_some_and(|link| link.contains("/broker/partner/link?nonce=")));
    let step =
        exchange(&mut bench, Some(&alice), "impersonation", &[("client", "portal"), ("requested_subject", "nobody")]).await;
    assert_eq!(step.words.and_then(|words| words.description).as_deref(), Some("Client not allowed to exchange"));
    for id in ["legacy-exchange", "impersonation", "internal-to-external"] {
        assert_eq!(known(&bench, id).0, Support::Supported, "{id}");
    }
}
