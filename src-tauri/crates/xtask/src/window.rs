//! `cargo xtask e2e` and `cargo xtask tour`: the app is built, then driven in its real window by the crate `e2e`.

use std::path::Path;

use e2e::run::{Chosen, Paths};

use crate::{
    Result,
    app::{self, Build},
    keycloak::{self, Kind},
    packages::{self, For},
    shell, ui,
};

/// The scenarios, all or some of them.
pub fn e2e(words: &[&str]) -> Result<()> {
    if words == ["--list"] {
        for (name, about) in e2e::run::list() {
            println!("{name:<24}{about}");
        }
        return Ok(());
    }
    let (build, names) = options(words);
    let chosen = Chosen::named(&names)?;
    let binary = prepare(build)?;
    let mut paths = paths(&binary)?;
    paths.lab = Some(app::build_example("lab", "serve", build)?);
    paths.keycloak = keycloak::found(Kind::Standard)?;
    paths.legacy = keycloak::found(Kind::Legacy)?;
    e2e::run::scenarios(&paths, &chosen)
}

/// The main job with pictures.
pub fn tour(words: &[&str]) -> Result<()> {
    let (build, names) = options(words);
    if let Some(name) = names.first() {
        return Err(format!("`cargo xtask tour` takes --release or nothing, not `{name}`."));
    }
    tour_of(&prepare(build)?)
}

/// The main job with pictures, by a binary that was built already.
pub fn tour_of(binary: &Path) -> Result<()> {
    e2e::run::tour(&paths(binary)?)
}

fn prepare(build: Build) -> Result<std::path::PathBuf> {
    packages::ensure(For::Desk)?;
    ui::install(&mut shell::show)?;
    ui::build(&mut shell::show)?;
    app::build("claimscope", build)
}

fn paths(binary: &Path) -> Result<Paths> {
    let root = shell::root();
    Ok(Paths {
        binary: binary.to_owned(),
        lab: None,
        keycloak: None,
        legacy: None,
        kept: shell::kept()?.join("e2e"),
        pictures: root.join("docs/screenshots"),
        axe: root.join("ui/node_modules/axe-core/axe.min.js"),
    })
}

fn options<'a>(words: &[&'a str]) -> (Build, Vec<&'a str>) {
    let build = if words.contains(&"--release") { Build::Release } else { Build::Dev };
    (build, words.iter().copied().filter(|word| *word != "--release").collect())
}
