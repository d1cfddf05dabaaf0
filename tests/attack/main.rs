//! The attack suite: everything from outside that once broke Claimscope or could, tried on loopback with the outcome that is
//! right. A kind is a file with rows; a row is one input and what must hold.
//!
//! `cargo xtask attack` runs it and prints the counts; `ATTACK_ONLY` takes the rows whose name holds the text.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests panic, ask servers themselves and know the time"
)]

mod answers;
mod bindings;
mod callbacks;
mod files;
mod floods;
mod foreign_tokens;
mod planted;
mod row;
#[path = "../support/mod.rs"]
#[allow(dead_code, unused_imports, reason = "the integration tests share it and use the rest")]
mod support;
mod text;
mod two_places;
#[path = "../support/window.rs"]
#[allow(dead_code, reason = "the integration tests share it and use the rest")]
mod window;

use row::hold;

/// A test for each kind.
macro_rules! kinds {
    ($($kind:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            #[ignore = "has a command of its own; cargo xtask test runs it as a stage"]
            async fn $kind() {
                hold(stringify!($kind), $kind::rows()).await;
            }
        )+
    };
}

kinds![answers, bindings, callbacks, files, floods, foreign_tokens, planted, text];

/// A process of its own for attacks that kill it or take what it needs; without a task it does nothing.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by attacks, as another process"]
async fn child() {
    match std::env::var("ATTACK_CHILD").unwrap_or_default().as_str() {
        "" => {}
        "descriptors" => callbacks::child().await,
        task => files::child(task).await,
    }
}
