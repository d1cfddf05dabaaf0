//! What stands at an address that was pasted: a document wherever a server has it, a page, a redirect, nothing.

use std::sync::{Arc, Mutex};

use engine::flow::Discovered;
use oauth::profile::Profile;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::bench::bench;

type Pages = Arc<Mutex<Vec<(String, String)>>>;

/// Serves pages by their path, with its query; every other path answers 404.
struct Server {
    base: String,
    pages: Pages,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (pages, asked): (Pages, Arc<Mutex<Vec<String>>>) = Default::default();
        let (shown, remembered) = (pages.clone(), asked.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
                while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                    match stream.read(&mut buffer).await {
                        Ok(count) if count > 0 => head.extend_from_slice(&buffer[..count]),
                        _ => break,
                    }
                }
                let path = String::from_utf8_lossy(&head).split(' ').nth(1).unwrap_or_default().to_owned();
                let page =
                    shown.lock().expect("not poisoned").iter().find(|(known, _)| *known == path).map(|(_, page)| page.clone());
                remembered.lock().expect("not poisoned").push(path);
                let page = page.unwrap_or_else(|| answer(404, "text/plain", "nothing here"));
                let _ = stream.write_all(page.as_bytes()).await;
            }
        });
        Self { base, pages, asked }
    }

    fn put(&self, path: &str, page: String) {
        self.pages.lock().expect("not poisoned").push((path.into(), page));
    }

    /// Paths that were asked since the last look.
    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("not poisoned"))
    }

    /// A document for an issuer below the base.
    fn document(&self, issuer: &str) -> String {
        let base = &self.base;
        let text = format!(
            "{{\"issuer\":\"{base}{issuer}\",\"authorization_endpoint\":\"{base}/authorize\",\"token_endpoint\":\"{base}/token\",\"introspection_endpoint\":\"{base}/introspect\",\"revocation_endpoint\":\"{base}/revoke\"}}"
        );
        answer(200, "application/json", &text)
    }
}

fn answer(status: u16, kind: &str, text: &str) -> String {
    format!("HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}", text.len())
}

fn redirect(target: &str) -> String {
    format!("HTTP/1.1 302 X\r\nlocation: {target}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

#[tokio::test]
async fn the_document_is_found_wherever_it_stands() {
    let (bench, server) = (bench(), Server::start().await);
    let page = answer(200, "text/html", "<!doctype html><html><div id=app></div></html>");
    let rows: Vec<(&str, &str, &str, Option<String>)> = vec![
        // Pasted, where the document stands, its issuer, and what stands in front of it.
        ("/a", "/a/.well-known/openid-configuration", "/a", None),
        ("/b", "/.well-known/oauth-authorization-server/b", "/b", None),
        ("/c", "/c/.well-known/oauth-authorization-server", "/c", None),
        ("/d", "/.well-known/openid-configuration/d", "/d", None),
        ("/e/", "/e/.well-known/openid-configuration", "/e", None),
        ("/f", "/f/.well-known/openid-configuration", "/f/", None),
        ("/g/.well-known/openid-configuration", "/g/.well-known/openid-configuration", "/g", None),
        ("/.well-known/oauth-authorization-server/h", "/.well-known/oauth-authorization-server/h", "/h", None),
        // Anywhere else, exactly as it was pasted.
        ("/i/metadata.json", "/i/metadata.json", "/i", None),
        ("/j", "/j", "", None),
        ("/k/oidc/config", "/k/oidc/config", "/k/oidc", None),
        (
            "/.well-known/openid-configuration.json",
            "/.well-known/openid-configuration.json",
            "/.well-known/openid-configuration.json",
            None,
        ),
        // A page, a redirect or a refusal at the first place says nothing of the second.
        ("/l", "/.well-known/oauth-authorization-server/l", "/l", Some(page.clone())),
        ("/m", "/.well-known/oauth-authorization-server/m", "/m", Some(redirect("/login"))),
        ("/n", "/.well-known/oauth-authorization-server/n", "/n", Some(answer(401, "text/plain", "no"))),
        ("/o", "/.well-known/oauth-authorization-server/o", "/o", Some(answer(405, "text/plain", "no"))),
        ("/p", "/.well-known/oauth-authorization-server/p", "/p", Some(answer(503, "text/plain", "later"))),
    ];
    let mut wrong = Vec::new();
    for (pasted, place, issuer, before) in rows {
        if let Some(before) = before {
            server.put(&format!("{pasted}/.well-known/openid-configuration"), before);
        }
        server.put(place, server.document(issuer));
        let found: Discovered =
            bench.workbench.discover(&format!("{}{pasted}", server.base), &Profile::default()).await.expect("the journal");
        let asked = server.asked();
        match found.provider {
            Ok(provider)
                if provider.issuer == format!("{}{issuer}", server.base)
                    && asked.first().is_some_and(|first| first == pasted) => {}
            other => wrong.push(format!("{pasted}: {:?}, asked {asked:?}", other.map(|provider| provider.issuer))),
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn what_is_no_document_is_told_by_what_it_is() {
    let (bench, server) = (bench(), Server::start().await);
    let base = server.base.clone();
    let well_known = "/.well-known/openid-configuration";
    let log_in = answer(200, "text/html", "<html><title>Sign in</title><input type=\"password\"></html>");
    server.put(&format!("/a{well_known}"), answer(200, "text/html", "<html><div id=app></div></html>"));
    server.put(&format!("/b{well_known}"), log_in);
    server.put(&format!("/c{well_known}"), redirect("https://sso.example/login?next=x"));
    server.put(&format!("/d{well_known}"), redirect(&format!("{base}/moved")));
    server.put(
        "/f/api",
        answer(
            200,
            "application/json",
            "{\"resource\":\"https://api.example\",\"authorization_servers\":[\"https://id.example\"]}",
        ),
    );
    server.put("/g/certs", answer(200, "application/json", "{\"keys\":[{\"kty\":\"RSA\"}]}"));
    server.put(
        "/h/meta",
        answer(
            200,
            "application/json",
            "{\"issuer\":\"https://bank.example\",\"token_endpoint\":\"https://bank.example/token\"}",
        ),
    );
    server.put(&format!("/i{well_known}"), server.document("/other"));
    server.put(&format!("/j{well_known}"), server.document("/J"));
    server.put(&format!("/k{well_known}"), server.document("/k").replace("http://127.0.0.1", "http://localhost"));
    server.put(&format!("/l{well_known}"), answer(200, "application/json", ""));
    server.put(&format!("/m{well_known}"), answer(500, "application/json", "{}"));
    server.put("/n", answer(200, "application/json", "{\"status\":\"up\"}"));
    let mut wrong = Vec::new();
    for (path, id, words) in [
        ("/a", "discovery-html", "every path"),
        ("/b", "discovery-html", "lets only people in"),
        ("/c", "discovery-redirect", "log in page"),
        ("/d", "discovery-redirect", "Paste the issuer URL"),
        ("/e", "no-metadata", "iss of the server's tokens"),
        ("/f/api", "discovery-protected-resource", "https://id.example"),
        ("/g/certs", "discovery-keys", "keys of a server"),
        ("/h/meta", "discovery-other-issuer", "https://bank.example"),
        ("/i", "discovery-other-issuer", "path differs"),
        ("/j", "discovery-other-issuer", "capital letters"),
        ("/k", "discovery-other-issuer", "this machine"),
        ("/l", "discovery-invalid-json", "JSON"),
        ("/m", "discovery-status", "500"),
        ("/n", "no-metadata", "404"),
    ] {
        let found = bench.workbench.discover(&format!("{base}{path}"), &Profile::default()).await.expect("the journal");
        match found.provider {
            Err(problem) if problem.id == id && format!("{} {}", problem.message, problem.advice).contains(words) => {
                // None of them is a Keycloak, and none is told what Keycloak does.
                if problem.advice.contains("Keycloak") {
                    wrong.push(format!("{path}: {}", problem.advice));
                }
            }
            other => wrong.push(format!("{path}: {other:?}, expected {id} with {words}")),
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
