//! What is pasted as an issuer, and what stands at its address.

use std::time::Duration;

use engine::{
    flow::{DiscoverFault, Discovered},
    workbench::{Bounds, Limits},
};
use lab::Fault;
use oauth::profile::{Dialect, Provider};
use record::audit::Outcome;

use crate::support::{
    Bench,
    server::{PageServer, nobody, response},
};

async fn discover(bench: &Bench, issuer: &str) -> Discovered {
    bench.workbench.discover(issuer, &bench.profile).await.expect("the journal takes the step")
}

/// Discovery fails with this problem, and the step says the same.
async fn fails(bench: &Bench, issuer: &str, problem: &str) -> String {
    let Discovered { step, provider } = discover(bench, issuer).await;
    let fault = provider.expect_err("nothing of it is used");
    assert_eq!(fault.id, problem, "{fault:?}");
    let kept = bench.workbench.journal.step(step.id).expect("readable").expect("the step is in the journal");
    assert_eq!((kept.outcome, kept.problem_id.as_deref()), (Outcome::Failed, Some(problem)));
    assert_eq!((kept.problem.as_deref(), kept.advice.as_deref()), (Some(fault.message.as_str()), Some(fault.advice.as_str())));
    assert!(kept.exchanges[0].url.starts_with(issuer), "what was typed is in the record: {}", kept.exchanges[0].url);
    assert_eq!(kept.exchanges, step.exchanges);
    assert_eq!(kept.audience.as_deref(), Some(issuer.trim_end_matches('/')));
    let query = record::audit::AuditQuery { limit: 1000, ..Default::default() };
    let rows = bench.workbench.journal.rows(&query).expect("the timeline");
    let row = rows.iter().find(|row| row.step == Some(step.id) && !row.is_event).expect("a row");
    let (_, place) = issuer.trim_end_matches('/').split_once("://").expect("a scheme");
    assert_eq!(row.operation, format!("Discovery of {place}"), "the row says which address was asked");
    fault.message
}

#[tokio::test]
async fn what_is_no_issuer_is_said_at_its_field() {
    let bench = Bench::start().await;
    let steps = bench.workbench.journal.steps().expect("the journal");
    for (text, part) in [
        ("", "Enter the issuer"),
        ("my keycloak", "is not a"),
        ("ftp://id.example.org", "starts with https://"),
        ("http://id.example.org/realms/shop", "must start with https://"),
        ("https://id.example.org/oauth2?realm=shop", "has no query"),
        ("https://user:pass@id.example.org", "user name or password"),
    ] {
        match bench.workbench.discover(text, &bench.profile).await {
            Err(DiscoverFault::Field(fault)) => {
                assert_eq!(fault.field, "issuer");
                assert!(fault.message.contains(part), "{text:?}: {}", fault.message);
            }
            other => panic!("{text:?} is no issuer: {other:?}"),
        }
    }
    assert_eq!(bench.workbench.journal.steps().expect("the journal"), steps, "nothing was asked, so there is no step");
}

#[tokio::test]
async fn a_pasted_metadata_address_is_cut_back_to_its_issuer() {
    let bench = Bench::start().await;
    let issuer = bench.profile.provider.issuer.clone();
    for text in [format!(" {issuer}/ "), format!("{issuer}/.well-known/openid-configuration")] {
        let found = discover(&bench, &text).await.provider.expect("the lab's metadata");
        assert_eq!(found.issuer, issuer);
        assert!(found.iss_in_response && found.read_ms > 0 && found.keys.contains("RS256"), "{found:?}");
    }
}

#[tokio::test]
async fn whatever_address_of_a_realm_is_pasted_the_realm_is_found() {
    let bench = Bench::start().await;
    let issuer = bench.profile.provider.issuer.clone();
    let base = issuer.strip_suffix("/realms/lab").expect("the lab's issuer");
    for text in [
        format!("{base}/admin/master/console/#/lab/clients"),
        format!("{base}/admin/lab/console/"),
        format!("{issuer}/account/#/security/signing-in"),
        format!("{issuer}/protocol/openid-connect/auth?client_id=frontend"),
        format!("{base}/auth/realms/lab"),
        base.trim_start_matches("http://").to_owned() + "/realms/lab/",
    ] {
        let found = discover(&bench, &text).await;
        assert_eq!(found.provider.unwrap_or_else(|fault| panic!("{text}: {fault:?}")).issuer, issuer, "{text}");
        let asked: Vec<&str> = found.step.exchanges.iter().map(|exchange| exchange.url.as_str()).collect();
        assert!(asked.contains(&format!("{issuer}/.well-known/openid-configuration").as_str()), "{text}: {asked:?}");
    }
}

#[tokio::test]
async fn a_host_alone_asks_for_the_realm_and_takes_the_answer() {
    let bench = Bench::start().await;
    let issuer = bench.profile.provider.issuer.clone();
    let base = issuer.strip_suffix("/realms/lab").expect("the lab's issuer");
    for text in [base.to_owned(), format!("{base}/"), format!("{base}/admin/"), format!("{base}/admin/master/console/")] {
        let found = discover(&bench, &text).await;
        assert_eq!(found.provider.map_err(|fault| fault.id), Err("realm-needed".into()), "{text}");
        let answer = bench.workbench.discover_realm(&text, " lab ", &bench.profile).await.expect("the journal");
        assert_eq!(answer.provider.expect("the realm").issuer, issuer, "{text}");
    }
    let missing = bench.workbench.discover_realm(base, "Lab", &bench.profile).await.expect("the journal");
    let fault = missing.provider.expect_err("names are case-sensitive");
    assert_eq!(fault.id, "no-such-realm");
    assert!(fault.message.ends_with("has no realm named Lab."), "{}", fault.message);
}

#[tokio::test]
async fn a_realm_that_was_imported_is_not_asked_for() {
    let bench = Bench::start().await;
    let issuer = bench.profile.provider.issuer.clone();
    let base = issuer.strip_suffix("/realms/lab").expect("the lab's issuer");
    let mut imported = bench.profile.clone();
    imported.provider = Provider { name: "Keycloak, realm lab".into(), dialect: Dialect::Keycloak, ..Provider::default() };
    let found = bench.workbench.discover(base, &imported).await.expect("the journal");
    assert_eq!(found.provider.expect("the imported realm").issuer, issuer);
    // Neither a realm the server lacks nor the name of a server that was read before answers the question.
    for (name, read_ms) in [("Keycloak, realm elsewhere", 0), ("Keycloak, realm lab", 1)] {
        imported.provider = Provider { name: name.into(), read_ms, ..imported.provider };
        let found = bench.workbench.discover(base, &imported).await.expect("the journal");
        assert_eq!(found.provider.map_err(|fault| fault.id), Err("realm-needed".into()), "{name}");
    }
}

#[tokio::test]
async fn https_at_a_port_of_plain_http_says_so() {
    let bench = Bench::start().await;
    let secure = bench.profile.provider.issuer.replace("http://", "https://");
    let message = fails(&bench, &secure, "tls-plain-http").await;
    assert!(message.contains("does not speak https"), "{message}");
}

#[tokio::test]
async fn documents_that_cannot_be_believed() {
    // Only the document that never ends is to run into the limit, on a busy machine too.
    let metadata = Limits { timeout: Duration::from_secs(1), ..Limits::METADATA };
    let (usual, hasty) = (Bench::start().await, Bench::bounded(Bounds { metadata, ..Bounds::default() }).await);
    for (bench, fault, problem, part) in [
        (&usual, Fault::DiscoveryHtml, "discovery-html", "HTML page"),
        (&usual, Fault::DiscoveryOtherIssuer, "discovery-other-issuer", "names another issuer"),
        (&hasty, Fault::DiscoveryNeverEnds, "timeout", "did not finish its answer"),
    ] {
        bench.lab.set_fault(fault);
        let message = fails(bench, &bench.profile.provider.issuer, problem).await;
        assert!(message.contains(part), "{message}");
    }
}

#[tokio::test]
async fn a_document_without_end_is_given_up_at_one_mebibyte() {
    let bench = Bench::start().await;
    bench.lab.set_fault(Fault::DiscoveryHuge);
    let message = fails(&bench, &bench.profile.provider.issuer, "too-large").await;
    assert!(message.contains("larger than 1 MiB"), "{message}");
}

#[tokio::test]
async fn servers_that_are_not_there_or_something_else() {
    let bench = Bench::start().await;
    let gone = nobody();
    let message = fails(&bench, &gone.base, "unreachable").await;
    assert!(message.contains("Nothing listens at 127.0.0.1:"), "{message}");

    let server = PageServer::start().await;
    let base = server.base.clone();
    fails(&bench, &base, "no-metadata").await;
    assert_eq!(server.asked().len(), 6, "both well-known places are tried, and Keycloak's at both of its: {:?}", server.asked());
    let well_known = "/.well-known/openid-configuration";
    server.put(&format!("/a{well_known}"), format!("HTTP/1.1 302 X\r\nLocation: {base}/b\r\nContent-Length: 0\r\n\r\n"));
    fails(&bench, &format!("{base}/a"), "discovery-redirect").await;
    server.put(&format!("/l{well_known}"), "HTTP/1.1 302 X\r\nLocation: /login?next=x\r\nContent-Length: 0\r\n\r\n".into());
    let found = discover(&bench, &format!("{base}/l")).await.provider.expect_err("a page for people");
    assert!(found.id == "discovery-redirect" && !found.advice.contains("Paste"), "{found:?}");
    server.put(&format!("/c{well_known}"), response(503, "text/plain", "later"));
    fails(&bench, &format!("{base}/c"), "discovery-status").await;
    server.put(&format!("/d{well_known}"), response(200, "application/json", "{\"issuer\":"));
    fails(&bench, &format!("{base}/d"), "discovery-invalid-json").await;
    server.put(&format!("/e{well_known}"), "SSH-2.0-OpenSSH_9.2\r\n".into());
    fails(&bench, &format!("{base}/e"), "broken-answer").await;
    let gateway = bench.lab.description().gateway.clone();
    fails(&bench, &gateway.replace("https://", "http://"), "broken-answer").await;
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_named() {
    let mut bench = Bench::start().await;
    let issuer = format!("{}/oauth2/token", bench.lab.description().gateway);
    discover(&bench, &issuer).await.provider.expect("with the lab's own authority it is read");
    bench.profile.tls.ca_pem = String::new();
    let message = fails(&bench, &issuer, "tls-unknown-ca").await;
    assert!(message.contains("signed by an authority this machine does not trust"), "{message}");
    bench.profile.tls.ca_pem = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----".into();
    fails(&bench, &issuer, "ca-unreadable").await;
}
