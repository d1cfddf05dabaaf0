//! `cargo xtask check`: what can be known in a few minutes while one works: formats, linters, types, and the tests that need no
//! server and no window. `cargo xtask test` begins with the same stages.

use std::path::Path;

use crate::{
    Result,
    app::cargo,
    packages::{self, For},
    shell,
    stage::{self, STAGE, Stage, logged},
    ui,
};

pub const RUST_FORMAT: Stage =
    Stage { title: "Rust format", work: |log| shell::log(&mut cargo(&["fmt", "--all", "--check"]), log), ..STAGE };
pub const RUST_LINT: Stage = Stage {
    title: "Rust lint",
    work: |log| shell::log(&mut cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]), log),
    ..STAGE
};
pub const UI_PACKAGES: Stage = Stage { title: "UI packages", needed: true, work: |log| ui::install(&mut logged(log)), ..STAGE };
pub const UI_LINT: Stage = Stage { title: "UI lint", work: |log| shell::log(&mut ui::script("lint"), log), ..STAGE };
pub const UI_TYPES: Stage = Stage { title: "UI types", work: |log| shell::log(&mut ui::script("check"), log), ..STAGE };
pub const UI_TESTS: Stage = Stage { title: "UI tests", work: |log| shell::log(&mut ui::script("test"), log), ..STAGE };

const STAGES: &[Stage] = &[
    Stage { title: "System packages", needed: true, work: |_| packages::ensure(For::App).map(drop), ..STAGE },
    UI_PACKAGES,
    // Node and cargo wait for each other in turn, so they go side by side.
    Stage { beside: true, ..UI_LINT },
    Stage { beside: true, ..UI_TYPES },
    Stage { beside: true, ..UI_TESTS },
    RUST_FORMAT,
    // The shell holds the built UI and cannot be compiled without one; which one does not matter here.
    Stage { title: "UI for the shell", needed: true, work: |log| ui::build_if_missing(&mut logged(log)), ..STAGE },
    RUST_LINT,
    Stage { title: "Rules and unit tests", work: |log| tests(&["--lib", "--bins", "--test", "tidy"], log), ..STAGE },
];

/// Crates whose tests start servers or link a window; `cargo xtask test` has them.
const SLOW: [&str; 4] = ["bare-window", "claimscope", "engine", "lab"];

/// Runs all stages, or with `--only TEXT` those whose titles hold the text.
pub fn check(words: &[&str]) -> Result<()> {
    stage::play("check", STAGES, words, || Ok(Vec::new()))
}

/// These targets of every crate that is not slow, so that a new crate is tested without being named here. The set is the same for
/// all stages: cargo compiles a dependency once for each set of features.
fn tests(targets: &[&str], log: &Path) -> Result<()> {
    let mut command = cargo(&["test", "--locked", "--no-fail-fast", "--workspace"]);
    command.args(SLOW.iter().flat_map(|name| ["--exclude", name]));
    shell::log(command.args(targets), log)
}
