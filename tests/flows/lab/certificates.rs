//! Certificates the way WSO2 comes with them: each failure says which it is, and one certificate can be trusted by its fingerprint.

use engine::{tls::shown, workbench::Bounds};
use lab::{Certificate, Options};
use oauth::profile::{Pin, Tls};
use record::{audit::Outcome, operation::Operation};

use crate::support::{Bench, with};

async fn bench(kind: Certificate) -> Bench {
    Bench::of(Options { gateway_certificate: kind, ..Options::default() }, Bounds::default()).await
}

/// Asks the gateway for a token at this host under this trust; the problem, or none when it worked.
async fn problem(bench: &mut Bench, host: &str, tls: Tls) -> Option<(String, String, String)> {
    bench.profile.tls = tls;
    if let Some(gateway) = &mut bench.profile.gateway {
        gateway.endpoints.token = gateway.endpoints.token.replace("localhost", host).replace("127.0.0.1", host);
    }
    bench.agree();
    let step = bench.run(&with(bench.draft(Operation::ClientCredentials, None), &[("client", "orders-app")])).await;
    if step.outcome == Outcome::Success {
        return None;
    }
    Some((step.problem_id.unwrap_or_default(), step.problem.unwrap_or_default(), step.advice.unwrap_or_default()))
}

#[tokio::test]
async fn each_failure_says_which_it_is() {
    for (kind, host, trusted, id) in [
        (Certificate::SelfSigned, "localhost", true, ""),
        (Certificate::SelfSigned, "localhost", false, "tls-unknown-ca"),
        (Certificate::SelfSigned, "127.0.0.1", true, "tls-wrong-name"),
        (Certificate::SelfSignedExpired, "localhost", true, "tls-expired"),
        (Certificate::SelfSignedAuthority, "localhost", true, "tls-not-a-server-s"),
    ] {
        let mut bench = bench(kind).await;
        let tls = if trusted { bench.profile.tls.clone() } else { Tls::default() };
        let found = problem(&mut bench, host, tls).await;
        assert_eq!(found.as_ref().map_or("", |(id, ..)| id), id, "{kind:?} {host}: {found:?}");
        if id == "tls-wrong-name" {
            let (_, message, advice) = found.expect("a problem");
            assert!(message.contains("is for localhost and for no other name"), "{message}");
            assert!(advice.contains("fingerprint"), "{advice}");
        }
    }
    // The certificate of another release: same name, other key.
    let other = bench(Certificate::SelfSigned).await.profile.tls.clone();
    let mut here = bench(Certificate::SelfSigned).await;
    assert_eq!(problem(&mut here, "localhost", other).await.map(|(id, ..)| id).as_deref(), Some("tls-other-key"));
}

#[tokio::test]
async fn a_certificate_is_read_and_pinned_and_no_other_is_taken_for_it() {
    for (kind, unpinned) in [
        (Certificate::SelfSigned, "tls-unknown-ca"),
        (Certificate::SelfSignedExpired, "tls-expired"),
        (Certificate::SelfSignedAuthority, "tls-not-a-server-s"),
    ] {
        let mut bench = bench(kind).await;
        let base = bench.lab.description().gateway.replace("localhost", "127.0.0.1");
        let before = bench.lab.received().len();
        let certificate = shown(&base).await.expect("it shows one");
        assert_eq!(bench.lab.received().len(), before, "nothing is sent for it");
        assert_eq!(certificate.names, ["localhost"]);
        assert!(certificate.self_signed && certificate.subject.contains("O=WSO2"), "{certificate:?}");
        assert_eq!(certificate.authority, kind == Certificate::SelfSignedAuthority);
        let server = base.trim_start_matches("https://").to_owned();
        let pin = Pin { server: server.clone(), sha256: certificate.sha256.to_lowercase(), note: String::new() };
        let pinned = Tls { pins: vec![pin.clone()], ..Tls::default() };
        assert_eq!(problem(&mut bench, "127.0.0.1", pinned).await, None, "{kind:?}: by another name, ended or not");

        let wrong = Pin { sha256: "00:11".into(), ..pin };
        let found = problem(&mut bench, "127.0.0.1", Tls { pins: vec![wrong], ..Tls::default() }).await.expect("refused");
        assert_eq!(found.0, "tls-pin-mismatch");
        assert!(found.1.contains(&certificate.sha256), "{}", found.1);
        let elsewhere = Pin { server: "elsewhere:1".into(), sha256: certificate.sha256, note: String::new() };
        let found = problem(&mut bench, "127.0.0.1", Tls { pins: vec![elsewhere], ..Tls::default() }).await.expect("refused");
        assert_eq!(found.0, unpinned, "a pin is for its own server");
    }
}

#[tokio::test]
async fn a_pin_beside_an_authority_takes_nothing_from_it() {
    let mut bench = bench(Certificate::LabAuthority).await;
    let pin = Pin { server: "elsewhere:1".into(), sha256: "00".into(), note: String::new() };
    let tls = Tls { pins: vec![pin], ..bench.profile.tls.clone() };
    assert_eq!(problem(&mut bench, "127.0.0.1", tls).await, None);
}

#[tokio::test]
async fn what_has_no_certificate_says_so() {
    let bench = bench(Certificate::LabAuthority).await;
    let plain = bench.lab.description().provider.clone();
    assert_eq!(shown(&plain).await.map_err(|fault| fault.id), Err("not-https"));
    let plain = plain.replace("http://", "https://");
    assert_eq!(shown(&plain).await.map_err(|fault| fault.id), Err("unreachable"));
}
