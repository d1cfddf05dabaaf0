//! The integration tests: flows against servers, the shell through Tauri's mock runtime, and the rules of the tree.

mod flows;
mod ipc;
mod support;
mod tidy;
