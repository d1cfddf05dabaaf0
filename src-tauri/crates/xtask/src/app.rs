//! Building the app: the binary with the UI in it.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::{Result, shell};

/// How it is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Quick to build, for tests.
    Dev,
    /// What users run.
    Release,
}

/// Builds `package`'s binary and answers with its path. Cargo's own progress is shown.
pub fn build(package: &str, build: Build) -> Result<PathBuf> {
    executable(&["--package", package, "--bin", package], package, build)
}

/// Builds an example of `package` and answers with its path.
pub fn build_example(package: &str, example: &str, build: Build) -> Result<PathBuf> {
    executable(&["--package", package, "--example", example], example, build)
}

fn executable(words: &[&str], name: &str, build: Build) -> Result<PathBuf> {
    let mut command = cargo(&["build", "--locked", "--message-format=json-render-diagnostics"]);
    command.args(words);
    if build == Build::Release {
        command.arg("--release");
    }
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|e| format!("cargo: {e}"))?;
    let mut found = None;
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(|e| format!("cargo: {e}"))?;
            // Only artifacts matter; the last executable is the package's own.
            let message: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(path) = message["executable"].as_str().filter(|_| message["target"]["name"] == name) {
                found = Some(PathBuf::from(path));
            }
        }
    }
    let status = child.wait().map_err(|e| format!("cargo: {e}"))?;
    match found {
        Some(path) if status.success() => Ok(path),
        _ if status.success() => Err(format!("cargo built no executable called {name}.")),
        _ => Err(format!("{name} could not be built; cargo says why above.")),
    }
}

/// A cargo command in the repository's root, by the cargo that started us.
pub fn cargo(words: &[&str]) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let mut command = shell::command(&[&cargo]);
    command.args(words);
    command
}
