//! What a log in asks of the provider, as the provider remembers it. How a log in goes is the suite's, which runs here too.

use lab::Server;
use token::inspect::{TokenKind, Verification};

use crate::support::Bench;

#[tokio::test]
async fn each_code_is_redeemed_once() {
    let bench = Bench::start().await;
    bench.log_in("alice").await;
    bench.log_in("bob").await;
    let redeemed = bench
        .lab
        .received()
        .into_iter()
        .filter(|request| request.server == Server::Provider && request.body.contains("grant_type=authorization_code"))
        .count();
    assert_eq!(redeemed, 2);
}

#[tokio::test]
async fn new_keys_are_fetched_when_a_token_names_them() {
    let bench = Bench::start().await;
    let jwks = || {
        bench
            .lab
            .received()
            .into_iter()
            .filter(|request| {
                request.path.ends_with("/certs")
                    && request.header("user-agent").is_some_and(|agent| agent.starts_with("Claimscope"))
            })
            .count()
    };
    let first = bench.log_in("alice").await;
    let after_first = jwks();
    bench.log_in("bob").await;
    assert_eq!(jwks(), after_first, "the keys are kept");

    bench.lab.rotate_keys();
    bench.clock.set_ahead(11);
    let second = bench.log_in("alice").await;
    assert_eq!(jwks(), after_first + 1, "an unknown kid is worth one reading");
    let (old, new) = (bench.made(&first, TokenKind::Access), bench.made(&second, TokenKind::Access));
    assert_ne!(old.kid, new.kid);
    assert!(matches!(new.verification, Verification::Verified { .. }), "{:?}", new.verification);
}
