//! Clients that prove themselves with a JWT they sign (RFC 7523 2.2): at the token endpoint and wherever else a client is asked for.

use crate::support::{Bench, with};
use oauth::profile::ClientAuth;
use record::operation::{Draft, Operation};
use token::secret::Secret;

/// The private key of RFC 7517 appendix A.2: published, so it is good for tests and for nothing else.
const PRIVATE: &str = r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE","use":"enc","kid":"1"}"#;

fn asks_as(desk: &Bench, client: &str) -> Draft {
    with(desk.draft(Operation::ClientCredentials, None), &[("client", client), ("scope", "")])
}

/// A token, twice, since an assertion is good once; and nothing of it in what is kept.
async fn proves_itself(desk: &Bench, client: &str) {
    for _ in 0..2 {
        let step = desk.done(&asks_as(desk, client)).await;
        let sent: String = step.exchanges[0].request.iter().flatten().map(|span| span.text.as_str()).collect();
        assert!(sent.contains("client_assertion_type=") && sent.contains("client_assertion="), "{sent}");
        assert!(!sent.contains("eyJh"), "no more than three letters of the assertion: {sent}");
    }
}

#[tokio::test]
async fn both_ways_of_signing_hold_at_the_lab() {
    let bench = Bench::start().await;
    for (client, auth) in [("payments", ClientAuth::PrivateKeyJwt), ("ledger", ClientAuth::ClientSecretJwt)] {
        let known = bench.profile.clients.iter().find(|one| one.client_id == client).expect("a client of the lab");
        assert_eq!(known.auth, auth);
        proves_itself(&bench, client).await;
    }
    // Another key than the one that is registered.
    bench.workbench.secrets.overlay(&bench.profile, [("payments".to_owned(), Secret::new(PRIVATE))]);
    bench.workbench.forget_secrets();
    bench.refused(&asks_as(&bench, "payments"), 400, "invalid_client").await;
    // A key that is none is said at the form, before anything is sent.
    bench.workbench.secrets.overlay(&bench.profile, [("payments".to_owned(), Secret::new("no key"))]);
    bench.workbench.forget_secrets();
    let preview = bench.workbench.preview(&asks_as(&bench, "payments"), &bench.profile).await.expect("a preview");
    assert!(
        preview.faults.iter().any(|fault| fault.field == "client" && fault.message.contains("neither a PEM")),
        "{:?}",
        preview.faults
    );
}
