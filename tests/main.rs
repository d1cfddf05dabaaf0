//! The integration tests: flows against servers, and the shell through Tauri's mock runtime.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests panic, ask servers themselves and know the time"
)]

mod flows;
mod ipc;
mod support;
