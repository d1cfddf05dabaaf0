//! What is put in wrong, or comes back wrong, between Keycloak and WSO2: each with a message of its own that says what to do, and with
//! nothing lost of what was typed. The list is printed, so that the words themselves can be read.

use std::future::Future;

use engine::{flow::RunFault, workbench::Bounds};
use lab::{Certificate, GatewayRelease, Options};
use oauth::{portal::Call, profile::Tls};
use record::{
    audit::{Outcome, Step},
    operation::{Draft, Operation},
};
use token::{inspect::TokenKind, secret::Secret};

use super::portal::Desk;
use crate::support::{
    Bench,
    server::{PageServer, nobody, response},
    with,
};

/// What was said: a stable id, what happened, and what to do.
struct Said {
    id: String,
    message: String,
    advice: String,
}

/// What a step that did not succeed says; that nothing typed is lost is proved where it ran.
fn said(step: &Step) -> Said {
    assert_ne!(step.outcome, Outcome::Success);
    match &step.diagnosis {
        Some(found) => Said { id: found.id.clone(), message: found.cause.clone(), advice: found.fix.clone() },
        None => Said {
            id: step.problem_id.clone().unwrap_or_default(),
            message: step.problem.clone().unwrap_or_default(),
            advice: step.advice.clone().unwrap_or_default(),
        },
    }
}

fn application(bench: &Bench) -> Draft {
    with(bench.draft(Operation::ClientCredentials, None), &[("client", "orders-app")])
}

fn forget(bench: &Bench, secrets: &[(&str, &str)]) {
    let left = secrets.iter().map(|(client, secret)| ((*client).to_owned(), Secret::new(*secret)));
    bench.workbench.secrets.overlay(&bench.profile, left);
    bench.workbench.forget_secrets();
}

async fn secret_lost() -> Said {
    let bench = Bench::start().await;
    forget(&bench, &[]);
    let (draft, before) = (application(&bench), bench.lab.received().len());
    let Err(RunFault::Fields(faults)) = bench.try_run(&draft).await else { panic!("there is no secret to send") };
    let preview = bench.workbench.preview(&draft, &bench.profile).await.expect("a preview");
    assert_eq!(
        preview.faults.first().map(|fault| &fault.message),
        faults.first().map(|fault| &fault.message),
        "said while typing"
    );
    assert_eq!(bench.lab.received().len(), before, "nothing is sent");
    let (message, advice) = faults[0].message.split_once(". ").expect("two sentences");
    Said { id: format!("field {}", faults[0].field), message: format!("{message}."), advice: advice.to_owned() }
}

async fn secret_wrong() -> Said {
    let bench = Bench::start().await;
    forget(&bench, &[("orders-app", "not the one the portal showed")]);
    said(&bench.run(&application(&bench)).await)
}

async fn certificate(kind: Certificate, host: &str, tls: Option<Tls>) -> Said {
    let mut bench = Bench::of(Options { gateway_certificate: kind, ..Options::default() }, Bounds::default()).await;
    bench.profile.tls = tls.unwrap_or_else(|| bench.profile.tls.clone());
    if let Some(gateway) = &mut bench.profile.gateway {
        gateway.endpoints.token = gateway.endpoints.token.replace("localhost", host);
    }
    bench.agree();
    said(&bench.run(&application(&bench)).await)
}

async fn certificate_of_another_release() -> Said {
    let kind = || Options { gateway_certificate: Certificate::SelfSigned, ..Options::default() };
    let other = Bench::of(kind(), Bounds::default()).await.profile.tls.clone();
    certificate(Certificate::SelfSigned, "localhost", Some(other)).await
}

/// The servers' clock is two minutes ahead of this machine's, and the token lives for a minute and a half.
async fn clocks_apart() -> Said {
    let bench = Bench::of(Options { access_token_lifespan_s: 90, ..Options::default() }, Bounds::default()).await;
    bench.log_in("alice").await;
    let draft = bench.draft(Operation::JwtBearer, None);
    bench.lab.set_clock_offset(120);
    said(&bench.run(&draft).await)
}

async fn too_old() -> Said {
    let options = Options { access_token_lifespan_s: 7200, sso_idle_s: 7200, ..Options::default() };
    let bench = Bench::of(options, Bounds::default()).await;
    bench.log_in("alice").await;
    let draft = bench.draft(Operation::JwtBearer, None);
    bench.clock.set_ahead(1860);
    bench.lab.set_clock_offset(1860);
    said(&bench.run(&draft).await)
}

/// A portal at another address, asked for a new application.
async fn portal_at(base: &str) -> Said {
    let mut desk = Desk::at(GatewayRelease::V4_7).await;
    if let Some(gateway) = &mut desk.bench.profile.gateway {
        gateway.portal = base.to_owned();
    }
    desk.bench.agree();
    created(&desk).await
}

async fn created(desk: &Desk) -> Said {
    let typed = [("name", "Web shop"), ("description", "Orders by hand"), ("policy", "Unlimited")];
    let step = desk.ask(Call::CreateApplication, &typed).await.step;
    let kept = step.draft.as_ref().expect("what was typed");
    for (name, value) in typed {
        assert!(kept.values.iter().any(|pair| (pair.name.as_str(), pair.value.as_str()) == (name, value)), "{name} is lost");
    }
    said(&step)
}

async fn portal_down() -> Said {
    portal_at(&nobody().base).await
}

async fn name_taken() -> Said {
    let desk = Desk::at(GatewayRelease::V4_7).await;
    desk.answer(Call::CreateApplication, &[("name", "Web shop")]).await;
    created(&desk).await
}

const PORTAL: &str = "/api/am/devportal/v3/applications";
const PAGE: &str = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
const FAULT: &str = "<ams:fault xmlns:ams=\"http://wso2.org/apimanager/security\"><ams:code>900901</ams:code><ams:message>Invalid Credentials</ams:message><ams:description>Make sure you have provided the correct security credentials</ams:description></ams:fault>";

async fn portal_answers(status: u16, kind: &str, body: &str) -> Said {
    let server = PageServer::start().await;
    server.put(PORTAL, response(status, kind, body));
    portal_at(&server.base).await
}

async fn token_endpoint_answers(status: u16, kind: &str, body: &str) -> Said {
    let server = PageServer::start().await;
    server.put("/oauth2/token", response(status, kind, body));
    let mut bench = Bench::start().await;
    if let Some(gateway) = &mut bench.profile.gateway {
        gateway.endpoints.token = format!("{}/oauth2/token", server.base);
    }
    bench.agree();
    said(&bench.run(&application(&bench)).await)
}

async fn gateway_answers(status: u16, kind: &str, body: &str) -> Said {
    let server = PageServer::start().await;
    server.put("/orders/1.0/orders", response(status, kind, body));
    let mut bench = Bench::start().await;
    bench.log_in("alice").await;
    let mapped = bench.done(&bench.draft(Operation::JwtBearer, None)).await;
    let token = bench.made(&mapped, TokenKind::Access).id;
    if let Some(gateway) = &mut bench.profile.gateway {
        gateway.base = server.base.clone();
    }
    let url = format!("{}/orders/1.0/orders", server.base);
    said(&bench.run(&with(bench.draft(Operation::CallApi, Some(&token)), &[("url", &url)])).await)
}

/// Makes it, prints what was said, and holds it against what has to be in it. Each is made on the heap: side by side they are more
/// than the stack of a test holds.
async fn row<F: Future<Output = Said>>(
    title: &str,
    id: &str,
    message: &str,
    advice: &str,
    make: impl FnOnce() -> F,
    wrong: &mut Vec<String>,
) {
    let said = Box::pin(make()).await;
    println!("- {title}\n    {} [{}]\n    To do: {}", said.message, said.id, said.advice);
    let sentence = |text: &str| text.chars().next().is_some_and(char::is_uppercase) && text.ends_with(['.', ')']);
    let fits = said.id == id && said.message.contains(message) && said.advice.contains(advice);
    if !fits || !sentence(&said.message) || !sentence(&said.advice) {
        wrong.push(format!("{title}: [{}] {} / {}", said.id, said.message, said.advice));
    }
}

#[tokio::test]
async fn each_has_a_message_of_its_own_that_says_what_to_do() {
    use Certificate::{LabAuthority, SelfSigned};
    let wrong = &mut Vec::new();
    row(
        "consumer secret lost",
        "field client",
        "secret of orders-app is not at hand",
        "generate a further one",
        secret_lost,
        wrong,
    )
    .await;
    row("consumer secret wrong", "wso2-client", "orders-app is wrong", "generate a further one", secret_wrong, wrong).await;
    let untrusted = || certificate(LabAuthority, "127.0.0.1", Some(Tls::default()));
    row("certificate of an unknown authority", "tls-unknown-ca", "does not trust", "fingerprint", untrusted, wrong).await;
    let by_address = || certificate(SelfSigned, "127.0.0.1", None);
    row("certificate for another name", "tls-wrong-name", "is for localhost", "127.0.0.1 fails", by_address, wrong).await;
    row(
        "certificate of another release",
        "tls-other-key",
        "another key",
        "another release",
        certificate_of_another_release,
        wrong,
    )
    .await;
    row("clocks two minutes apart", "wso2-assertion-clock", "clocks differ", "timestamp_skew", clocks_apart, wrong).await;
    row("assertion older than 30 min", "wso2-assertion-old", "issued 31 min", "Refresh", too_old, wrong).await;
    row("portal down", "unreachable", "connection refused", "Start the server", portal_down, wrong).await;
    row("application name taken", "wso2-portal-name-taken", "called Web shop", "Choose another name", name_taken, wrong).await;
    let xml = "application/xml; charset=UTF-8";
    row("XML from the gateway", "wso2-900901", "", "", || gateway_answers(401, xml, FAULT), wrong).await;
    row(
        "XML from the portal",
        "wso2-portal-token",
        "did not take the token",
        "get a new one",
        || portal_answers(401, xml, FAULT),
        wrong,
    )
    .await;
    let odd = || portal_answers(200, xml, "<applications/>");
    row("XML where the portal promises JSON", "portal-not-json", "application/xml", "portal's address", odd, wrong).await;
    let odd = || token_endpoint_answers(200, xml, "<token/>");
    row("XML from the token endpoint", "token-xml", "XML", "control plane", odd, wrong).await;
    let html = "text/html; charset=UTF-8";
    row("web page from the portal", "portal-html", "502 Bad Gateway", "control plane", || portal_answers(502, html, PAGE), wrong)
        .await;
    let page = || token_endpoint_answers(502, html, PAGE);
    row("web page from the token endpoint", "token-server-error-html", "502", "", page, wrong).await;
    row("web page from the gateway", "wso2-web-page", "web page", "proxy", || gateway_answers(502, html, PAGE), wrong).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
}
