//! The integration tests of the app: the shell through Tauri's mock runtime. Flows are a package of their own (`tests/flows`),
//! which links no window.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests panic, ask servers themselves and know the time"
)]

mod ipc;
#[allow(dead_code, unused_imports, reason = "the flows share it and use the rest")]
mod support;
#[path = "support/window.rs"]
mod window;
