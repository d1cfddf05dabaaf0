//! What a developer types. `cargo xtask` without a word lists it.
//!
//! This crate is built before anything else, on a machine that may have no compiler for the rest yet: it depends on
//! next to nothing, and installs or names what is missing.

mod app;
mod attack;
mod bench;
mod check;
mod deny;
mod fuzz;
mod keycloak;
mod packages;
mod provoke;
mod run;
mod shell;
mod stage;
mod stamp;
mod strangers;
mod test;
mod ui;
mod window;
mod wire;

use std::process::ExitCode;

/// Failures are told in one sentence and end the command.
type Result<T> = std::result::Result<T, String>;

const HELP: &str = "\
cargo xtask run                starts Claimscope (builds it first when something changed)
cargo xtask check              what a few minutes can prove: formats, linters, types, tests without servers; takes --only TEXT as well
cargo xtask test               proves everything, from a clean clone on; --only TEXT takes the stages with TEXT in their names
cargo xtask e2e [NAME…]        the scenarios in the real window, or some of them; --list names them
cargo xtask tour               the main job in the real window; writes docs/screenshots
cargo xtask bench              start time, memory, exchange, journal and token figures against their goals; or just start, or token
cargo xtask fuzz [SECONDS]     each fuzz target for so long (300), with counts
cargo xtask keycloak           a real Keycloak with our realms; start, status, stop, reset
cargo xtask provoke            every refusal of the catalogue, provoked at real Keycloaks; --only NAME takes some,
                               --reads user-events, events or settings gives the reader other rights
cargo xtask attack             everything from outside that must hold, tried on loopback; --only NAME takes some
cargo xtask wire [--check]     writes ui/src/wire/types.ts from the Rust types, or compares

e2e and tour take --release to drive the binary that `run` builds.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let result = match words.split_first() {
        Some((&"run", rest)) => none_of(rest).and_then(|()| run::run()),
        Some((&"check", rest)) => check::check(rest),
        Some((&"test", rest)) => test::test(rest),
        Some((&"e2e", rest)) => window::e2e(rest),
        Some((&"tour", rest)) => window::tour(rest),
        Some((&"bench", rest)) => bench::bench(rest),
        Some((&"keycloak", rest)) => keycloak::keycloak(rest),
        Some((&"provoke", rest)) => provoke::provoke(rest),
        Some((&"attack", rest)) => attack::attack(rest),
        Some((&"fuzz", rest)) => fuzz::fuzz(rest),
        Some((&"wire", rest)) => wire::wire(rest),
        None | Some((&("help" | "--help" | "-h"), _)) => {
            println!("{HELP}");
            Ok(())
        }
        Some((other, _)) => Err(format!("there is no command `{other}`.\n\n{HELP}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn none_of(rest: &[&str]) -> Result<()> {
    match rest.first() {
        Some(word) => Err(format!("`{word}` is not expected here.\n\n{HELP}")),
        None => Ok(()),
    }
}
