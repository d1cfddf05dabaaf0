//! Tokens at the workbench: pasted, verified, decrypted, with keys from an address that is asked no more than needed, and what a
//! response says of them.

#![expect(clippy::expect_used, clippy::panic, reason = "tests panic")]

mod bench;
mod discovery;
mod facts;
mod keys;
#[path = "../../../../../tests/attack/answers/made.rs"]
#[allow(dead_code, reason = "shared with the suite of attacks, which needs all of it")]
mod made;
#[path = "../../../../../tests/attack/answers/provider.rs"]
#[allow(dead_code, reason = "shared with the suite of attacks, which needs all of it")]
mod provider;
mod records;
mod slow;
mod tokens;
