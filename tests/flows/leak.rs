//! After the whole main job nothing secret stands on disk (invariant 6).

use std::{fs, path::Path};

use lab::Server;
use record::operation::Operation;
use token::{inspect::TokenKind, text::Pair};

use crate::support::{Bench, browser::Visit, with};

/// Shortest piece of a secret that counts as a leak.
const PIECE: usize = 12;

fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push((path.display().to_string(), fs::read(&path).expect("the file can be read")));
        }
    }
}

/// Everything that must not be found: name and text.
fn secrets(bench: &Bench) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for client in &bench.lab.description().clients {
        all.extend(client.secret.clone().map(|secret| (format!("secret of {}", client.client_id), secret)));
    }
    for token in bench.usable() {
        let text = bench.workbench.raw_token(&token.id).expect("a live token").expose().to_owned();
        // Header and claims are kept as evidence; what makes a token usable is its signature, or the whole of an opaque one.
        all.push((format!("token {} {:?}", token.id, token.kind), text.rsplit('.').next().unwrap_or_default().to_owned()));
    }
    for (name, value) in bench.browser.address().query_pairs() {
        if matches!(name.as_ref(), "state" | "nonce") {
            all.push((name.into_owned(), value.into_owned()));
        }
    }
    for request in
        bench.lab.received().into_iter().filter(|request| request.server == Server::Provider && request.path.ends_with("/token"))
    {
        for (name, value) in url::form_urlencoded::parse(request.body.as_bytes()) {
            match name.as_ref() {
                // A Keycloak code names session and client after its own part.
                "code" => all.push((name.into_owned(), value.split('.').next().unwrap_or_default().to_owned())),
                "code_verifier" | "client_secret" | "password" => all.push((name.into_owned(), value.into_owned())),
                "subject_token" | "refresh_token" | "assertion" => {
                    all.push((name.into_owned(), value.rsplit('.').next().unwrap_or_default().to_owned()));
                }
                _ => {}
            }
        }
        if let Some(basic) = request.header("authorization") {
            all.push(("Authorization".into(), basic.trim_start_matches("Basic ").to_owned()));
        }
    }
    all.retain(|(_, text)| text.len() >= PIECE);
    all
}

#[tokio::test]
async fn nothing_secret_is_written_by_the_main_job() {
    let bench = Bench::start().await;
    let login = bench.log_in("alice").await;
    let subject = bench.made(&login, TokenKind::Access).id;
    bench.done(&bench.draft(Operation::TokenExchange, Some(&subject))).await;
    bench.run(&with(bench.draft(Operation::TokenExchange, Some(&subject)), &[("client", "reporting")])).await;
    let mapped = bench.done(&bench.draft(Operation::JwtBearer, None)).await;
    let user = bench.made(&mapped, TokenKind::Access).id;
    for client in ["orders-app", "orders-app-ref"] {
        bench.done(&with(bench.draft(Operation::ClientCredentials, None), &[("client", client)])).await;
    }
    for path in ["/orders/1.0/orders", "/catalog/1.0/items"] {
        let url = format!("{}{path}", bench.lab.description().gateway);
        bench.done(&with(bench.draft(Operation::CallApi, Some(&user)), &[("url", &url)])).await;
    }
    bench.done(&with(bench.draft(Operation::Introspect, Some(&subject)), &[("client", "portal")])).await;
    bench.done(&bench.draft(Operation::Userinfo, Some(&subject))).await;
    bench.done(&bench.draft(Operation::Refresh, None)).await;
    let text = bench.workbench.raw_token(&subject).expect("a live token").expose().to_owned();
    bench.workbench.paste(&format!("curl -H 'Authorization: Bearer {text}' http://127.0.0.1/")).expect("a token");
    bench.workbench.read_events(&bench.profile).await.expect("the journal takes events");
    // A token typed where the form knows none: as a parameter of one's own, under a name that says nothing.
    let mut typed = bench.draft(Operation::TokenExchange, Some(&subject));
    typed.extra.push(Pair { name: "hint".into(), value: text });
    assert!(bench.try_run(&typed).await.is_ok(), "a server ignores what it does not know");
    bench.browser.next(Visit::Deny);
    bench.run(&bench.draft(Operation::LogIn, None)).await;
    bench.done(&bench.draft(Operation::LogOut, None)).await;

    let secrets = secrets(&bench);
    assert!(secrets.len() > 25, "{}", secrets.len());
    let mut found = Vec::new();
    files(bench.folder.path(), &mut found);
    assert!(found.iter().any(|(name, bytes)| name.ends_with(".sqlite") && !bytes.is_empty()));
    assert!(found.iter().any(|(_, bytes)| bytes.windows(5).any(|window| window == b"alice")), "the journal is what is scanned");
    let mut leaks = Vec::new();
    for (file, bytes) in &found {
        let pieces: std::collections::HashSet<&[u8]> = bytes.windows(PIECE).collect();
        for (name, secret) in &secrets {
            if let Some(piece) = secret.as_bytes().windows(PIECE).find(|piece| pieces.contains(piece)) {
                let at = bytes.windows(PIECE).position(|window| window == piece).unwrap_or_default();
                let around = String::from_utf8_lossy(&bytes[at.saturating_sub(60)..(at + 40).min(bytes.len())]);
                leaks.push(format!("{name} in {file}: {around}"));
            }
        }
    }
    assert_eq!(leaks, Vec::<String>::new());
}
