//! Identity chaining across two realms (RFC 7523 2.1): a token of the partner, exchanged for the one audience of the other realm,
//! becomes a token there.

use oauth::profile::{Client, ClientAuth, Dialect, Profile, Provider, Support};
use record::operation::Operation;
use token::{inspect::TokenKind, secret::Secret};

use crate::{
    flows::exchanges::{beside, known, signed_in},
    support::{Bench, Desk, real::secret_of, with},
};

/// The realm of the other company, as its people would connect it.
fn partner(issuer: &str) -> Profile {
    Profile {
        id: "partner".into(),
        name: "Partner".into(),
        provider: Provider { issuer: issuer.to_owned(), dialect: Dialect::Keycloak, ..Provider::default() },
        clients: vec![Client { client_id: "partner-app".into(), auth: ClientAuth::ClientSecretBasic, ..Client::default() }],
        ..Profile::default()
    }
}

/// The partner of the lab, and the secret of its client.
pub(super) fn of_the_lab(bench: &Bench) -> (Profile, Secret) {
    let about = &bench.lab.description().partner;
    let app = about.clients.iter().find(|client| client.client_id == "partner-app");
    (partner(&about.issuer), Secret::new(app.and_then(|client| client.secret.clone()).expect("a confidential client")))
}

/// The partner of the real Keycloak, the same way.
pub(super) fn of_keycloak(desk: &Desk) -> (Profile, Secret) {
    let issuer = desk.profile.provider.issuer.replace("/realms/platform", "/realms/partner");
    (partner(&issuer), secret_of("partner-app"))
}

/// The partner beside the desk's own realm, its metadata read.
pub(super) async fn connected(desk: &Desk, partner: Profile, secret: Secret) -> Profile {
    beside(desk, partner, vec![("partner-app".into(), secret)]).await
}

/// Two steps in two realms, and the third that is one too many.
async fn chained(desk: &mut Desk, partner: Profile, secret: Secret, scope: &str) {
    let partner = connected(desk, partner, secret).await;
    let ours = std::mem::replace(&mut desk.profile, partner);
    let issuer = ours.provider.issuer.clone();
    let subject = signed_in(desk, "partner-app", "alice").await;
    let first = with(
        desk.draft(Operation::TokenExchange, Some(&subject)),
        &[("client", "partner-app"), ("scope", scope), ("audience", &issuer)],
    );
    let step = desk.done(&first).await;
    let meant = desk.made(&step, TokenKind::Access);
    assert_eq!(meant.audience, [issuer.as_str()], "one audience, and the other realm is it");

    desk.profile = ours;
    let grant = with(
        desk.draft(Operation::JwtBearer, None),
        &[("client", "partner-desk"), ("assertion", &format!("token:{}", meant.id))],
    );
    let preview = desk.workbench.preview(&grant, &desk.profile).await.expect("a preview");
    assert!(preview.faults.is_empty());
    // It is a token of another realm: it is named, and nothing is sent before the user says that it may go there.
    let named: Vec<_> = preview.foreign.iter().map(|one| (one.token.as_str(), one.confirmed)).collect();
    assert_eq!(named, [(meant.id.as_str(), false)]);
    let stopped = desk.run(&grant).await;
    assert_eq!((stopped.problem_id.as_deref(), stopped.exchanges.len()), (Some("foreign-token"), 0));
    let grant = desk.workbench.confirmed(&grant, &desk.profile).await.expect("a memory store");
    assert!(
        preview.ready.iter().any(|line| line.value == "The assertion's aud is this realm alone, as it has to be."),
        "{:?}",
        preview.ready
    );
    let step = desk.done(&grant).await;
    assert_eq!((step.title.as_str(), step.subject.as_deref()), ("JWT authorization grant", Some("alice")));
    let token = desk.made(&step, TokenKind::Access);
    assert_eq!((token.parent.as_deref(), token.client.as_deref()), (Some(meant.id.as_str()), Some("partner-desk")));
    assert_eq!(token.session, None, "there is no session behind it");
    assert!(step.verdicts.iter().any(|verdict| verdict.id == "issuer"), "{:?}", step.verdicts);

    let again = desk.refused(&grant, 400, "invalid_grant").await.0;
    assert_eq!(again.words.and_then(|words| words.description).as_deref(), Some("Token reuse detected"));
    let mut taught = desk.profile.clone();
    desk.workbench.teach(&mut taught, &step);
    desk.profile = taught;
    assert_eq!(known(desk, "jwt-bearer").0, Support::Supported);
}

mod lab {
    use crate::support::Bench;

    #[tokio::test]
    async fn two_realms_are_chained() {
        let mut bench = Bench::start().await;
        let (partner, secret) = super::of_the_lab(&bench);
        super::chained(&mut bench, partner, secret, "lab:access").await;
    }
}

mod keycloak {
    use crate::support::real::Keycloak;

    #[tokio::test]
    #[ignore = "needs a real Keycloak, which `cargo xtask test` starts"]
    async fn two_realms_are_chained() {
        let mut desk = Keycloak::standard().desk().await;
        let (partner, secret) = super::of_keycloak(&desk);
        super::chained(&mut desk, partner, secret, "platform:access").await;
    }
}
