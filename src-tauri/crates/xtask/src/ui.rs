//! The UI: its packages and its build, each done only when what it is made from changed.

use std::process::Command;

use crate::{Result, packages, shell, stamp};

/// Folders in `ui/` that are made, not written.
const MADE: &[&str] = &["node_modules", "dist", "coverage"];

/// Installs the UI's packages exactly as locked.
pub fn install(run: &mut dyn FnMut(&mut Command) -> Result<()>) -> Result<()> {
    install_in("ui", run)
}

/// Installs the packages of the npm project in `folder` exactly as locked.
pub fn install_in(folder: &str, run: &mut dyn FnMut(&mut Command) -> Result<()>) -> Result<()> {
    packages::ensure_node()?;
    let place = shell::root().join(folder);
    let digest = stamp::digest(&[place.join("package.json"), place.join("package-lock.json")], &[])?;
    let name = format!("npm-{}", folder.replace('/', "-"));
    if stamp::fits(&name, &digest)? && place.join("node_modules/.package-lock.json").is_file() {
        return Ok(());
    }
    run(npm(&["ci", "--no-audit", "--no-fund"]).current_dir(&place))?;
    stamp::keep(&name, &digest)
}

/// Builds `ui/dist` when a source changed. Answers whether it was built.
pub fn build(run: &mut dyn FnMut(&mut Command) -> Result<()>) -> Result<bool> {
    let place = shell::root().join("ui");
    let digest = stamp::digest(std::slice::from_ref(&place), MADE)?;
    if stamp::fits("ui", &digest)? && place.join("dist/index.html").is_file() {
        return Ok(false);
    }
    run(&mut script("build"))?;
    stamp::keep("ui", &digest)?;
    Ok(true)
}

/// Builds `ui/dist` when there is none.
pub fn build_if_missing(run: &mut dyn FnMut(&mut Command) -> Result<()>) -> Result<()> {
    if shell::root().join("ui/dist/index.html").is_file() {
        return Ok(());
    }
    build(run).map(drop)
}

/// A script of `ui/package.json`.
pub fn script(name: &str) -> Command {
    let mut command = npm(&["run", name]);
    command.current_dir(shell::root().join("ui"));
    command
}

fn npm(words: &[&str]) -> Command {
    let mut command = shell::command(&["npm"]);
    command.args(words);
    command
}
