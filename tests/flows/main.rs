//! The engine from draft to journal, without a window.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests panic, ask servers themselves and know the time"
)]

#[path = "mod.rs"]
mod flows;
#[path = "../support/mod.rs"]
mod support;

use std::path::PathBuf;

/// The project's own folder.
fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
