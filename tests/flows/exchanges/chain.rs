//! Identity chaining across two realms (RFC 7523 2.1): a token of the partner, exchanged for the one audience of the other realm,
//! becomes a token there.

use model::{
    operation::Operation,
    profile::{Client, ClientAuth, Dialect, Profile, Provider, Support},
    secret::Secret,
    token::TokenKind,
};

use super::{beside, known, signed_in};
use crate::support::{Bench, with};

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

/// Two steps in two realms, and the third that is one too many.
async fn chained(desk: &mut Bench, partner: Profile, secret: Secret, scope: &str) {
    let partner = beside(desk, partner, vec![("partner-app".into(), secret)]).await;
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
    // Where no gateway is, the form itself takes the token that was meant for this realm.
    let grant = with(
        desk.draft(Operation::JwtBearer, None),
        &[("client", "partner-desk"), ("assertion", &format!("token:{}", meant.id))],
    );
    let preview = desk.workbench.preview(&grant, &desk.profile).await.expect("a preview");
    assert!(preview.faults.is_empty());
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

#[tokio::test]
async fn two_realms_of_the_lab_are_chained() {
    let mut bench = Bench::start().await;
    let about = bench.lab.description().partner.clone();
    let secret = about.clients.iter().find(|client| client.client_id == "partner-app").and_then(|client| client.secret.clone());
    let secret = Secret::new(secret.expect("a confidential client"));
    chained(&mut bench, partner(&about.issuer), secret, "lab:access").await;
}
