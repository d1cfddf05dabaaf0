//! The shell through Tauri's mock runtime, with the real configuration and permissions.

mod bindings;
mod commands;
mod expectations;
mod faults;
mod joined;
mod keep;
mod lab;
mod logs;
mod release;

use serde_json::Value;
use tempfile::TempDir;

use crate::window::Started;

fn start() -> (Started, TempDir) {
    let folder = TempDir::new().expect("a folder");
    (Started::in_folder(folder.path()), folder)
}

/// A profile that has its issuer and nothing else.
fn profile(name: &str, issuer: &str) -> Value {
    let profile = oauth::profile::Profile {
        name: name.into(),
        provider: oauth::profile::Provider { issuer: issuer.into(), ..Default::default() },
        ..Default::default()
    };
    serde_json::to_value(profile).expect("JSON")
}
