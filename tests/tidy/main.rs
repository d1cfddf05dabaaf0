//! The rules of the tree (ARCHITECTURE.md) that a compiler does not know. Built with xtask and not with the app, so that they are
//! asked in seconds.

#![expect(clippy::expect_used, clippy::panic, reason = "tests panic")]

use std::path::PathBuf;

mod arrows;
mod circles;
mod commands;
mod files;
mod uses;

/// The repository's root.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..")
}
