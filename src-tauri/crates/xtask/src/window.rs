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
    let mut paths = paths(&binary, Pictures::ToLookAt)?;
    paths.lab = Some(app::build_example("lab", "serve", build)?);
    paths.keycloak = keycloak::found(Kind::Standard)?;
    paths.legacy = keycloak::found(Kind::Legacy)?;
    e2e::run::scenarios(&paths, &chosen)
}

/// What the pictures of a main job are for, and so where they go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pictures {
    /// The documentation's, under version control. Only `cargo xtask tour` renews them: that is what it is called for.
    Documentation,
    /// To be looked at here and then forgotten, where no working tree is changed by them.
    ToLookAt,
}

impl Pictures {
    /// The folder they go to, relative to the repository's root.
    fn folder(self) -> &'static str {
        match self {
            Self::Documentation => "docs/screenshots",
            Self::ToLookAt => "target/xtask/pictures",
        }
    }
}

/// The main job with the documentation's pictures.
pub fn tour(words: &[&str]) -> Result<()> {
    let (build, names) = options(words);
    if let Some(name) = names.first() {
        return Err(format!("`cargo xtask tour` takes --release or nothing, not `{name}`."));
    }
    main_job(&prepare(build)?, Pictures::Documentation)
}

/// The main job with pictures, by a binary that was built already.
pub fn main_job(binary: &Path, pictures: Pictures) -> Result<()> {
    e2e::run::tour(&paths(binary, pictures)?)
}

fn prepare(build: Build) -> Result<std::path::PathBuf> {
    packages::ensure(For::Desk)?;
    ui::install(&mut shell::show)?;
    ui::build(&mut shell::show)?;
    app::build("claimscope", build)
}

fn paths(binary: &Path, pictures: Pictures) -> Result<Paths> {
    let root = shell::root();
    Ok(Paths {
        binary: binary.to_owned(),
        lab: None,
        keycloak: None,
        legacy: None,
        kept: shell::kept()?.join("e2e"),
        pictures: root.join(pictures.folder()),
        axe: root.join("ui/node_modules/axe-core/axe.min.js"),
    })
}

fn options<'a>(words: &[&'a str]) -> (Build, Vec<&'a str>) {
    let build = if words.contains(&"--release") { Build::Release } else { Build::Dev };
    (build, words.iter().copied().filter(|word| *word != "--release").collect())
}

#[cfg(test)]
mod tests {
    use super::Pictures;
    use crate::shell;

    /// What git lists of a folder that is, or could be, under version control.
    fn git(words: &[&str]) -> String {
        shell::read(shell::command(&["git"]).args(words)).unwrap_or_default()
    }

    #[test]
    fn only_the_documentation_s_pictures_change_the_working_tree() {
        let ignored = |folder: &str| !git(&["check-ignore", &format!("{folder}/compare-light.png")]).is_empty();
        assert!(ignored(Pictures::ToLookAt.folder()), "what `run` leaves without a display must be ignored by git");
        assert!(!ignored(Pictures::Documentation.folder()), "the documentation's pictures are committed");
        assert!(git(&["ls-files", Pictures::Documentation.folder()]).contains("compare-light.png"));
    }
}
