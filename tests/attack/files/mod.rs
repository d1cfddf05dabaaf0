//! Files and folders the app starts with: broken, read-only, newer, full disks, and processes killed while they write.
//!
//! Each row starts the real shell in Tauri's mock runtime in a folder of its own, as it was left.

mod folders;
mod journals;
mod kills;
mod profiles;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::{Value, json};
use tempfile::TempDir;

pub use kills::child;

use crate::{row::Attack, window::Started};

/// The rows of this kind.
pub fn rows() -> Vec<Attack> {
    let mut rows = profiles::rows();
    rows.extend(folders::rows());
    rows.extend(journals::rows());
    rows.extend(kills::rows());
    rows
}

/// A row whose body blocks, as the mock runtime does.
fn blocking(name: impl Into<String>, body: impl FnOnce() -> Result<(), String> + Send + 'static) -> Attack {
    Attack::new(name, async move { tokio::task::spawn_blocking(body).await.map_err(|error| format!("it broke off: {error}"))? })
}

/// A folder with these files in it.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, content) in files {
        fs::write(folder.path().join(name), content).expect("a file");
    }
    folder
}

fn ids(boot: &Value) -> Vec<String> {
    texts(&boot["notices"], "id")
}

fn names(boot: &Value) -> Vec<String> {
    texts(&boot["profiles"], "name")
}

fn texts(list: &Value, key: &str) -> Vec<String> {
    list.as_array().into_iter().flatten().map(|one| one[key].as_str().unwrap_or_default().to_owned()).collect()
}

/// A profile for the window to save.
fn profile(name: &str) -> Value {
    let provider = oauth::profile::Provider { issuer: "https://id.example.org".into(), ..Default::default() };
    serde_json::to_value(oauth::profile::Profile { name: name.into(), provider, ..Default::default() }).expect("JSON")
}

fn save(app: &Started, name: &str) -> Result<Value, Value> {
    app.ask("save_profile", json!({ "profile": profile(name) }))
}

/// What must hold, in words.
fn hold(held: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if held { Ok(()) } else { Err(why()) }
}

/// Whether every notice says what happened and what to do.
fn worded(boot: &Value) -> Result<(), String> {
    for notice in boot["notices"].as_array().into_iter().flatten() {
        let text = |key: &str| notice[key].as_str().unwrap_or_default().to_owned();
        hold(text("message").ends_with('.') && text("advice").ends_with('.'), || notice.to_string())?;
    }
    Ok(())
}

/// This program once more, for a task in a process of its own; `before` is run by the shell that becomes it.
fn another(before: &str, task: &str) -> tokio::process::Command {
    let mut command = tokio::process::Command::new("sh");
    command
        .args(["-c", &format!("{before} exec \"$0\" child --exact --ignored --nocapture")])
        .arg(std::env::current_exe().expect("this program"))
        .env("ATTACK_CHILD", task)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}
