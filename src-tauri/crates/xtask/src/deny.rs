//! What the dependencies may be, checked with cargo-deny by the rules in `deny.toml`. The tool and its database of known weaknesses
//! are used where they are and never fetched: what cannot be checked is said.

use std::path::{Path, PathBuf};

use crate::{
    Result,
    app::cargo,
    shell,
    stage::{STAGE, Stage},
};

/// Licences, sources and doubles: what the lock file alone tells.
pub const DEPENDENCIES: Stage =
    Stage { title: "Dependencies", hindered: without_tool, work: |log| check(&["licenses", "sources", "bans"], log), ..STAGE };

/// Advisories of the RustSec database.
pub const WEAKNESSES: Stage = Stage {
    title: "Known weaknesses of dependencies",
    hindered: || without_tool().or_else(without_database),
    work: |log| {
        check(&["advisories"], log)?;
        println!("    The database is of {}.", database().and_then(|path| day(&path)).unwrap_or_else(|| "an unknown day".into()));
        Ok(())
    },
    ..STAGE
};

fn check(what: &[&str], log: &Path) -> Result<()> {
    // The crates of all systems are looked at, and a build brings those of this one only.
    shell::log(&mut cargo(&["fetch", "--locked"]), log)?;
    let mut command = cargo(&["deny", "--offline", "--locked", "--workspace", "check", "--hide-inclusion-graph"]);
    shell::log(command.args(what), log)
}

fn without_tool() -> Option<String> {
    let there = shell::read(&mut cargo(&["deny", "--version"])).is_ok();
    (!there).then(|| "cargo-deny is not installed. This installs it: cargo install cargo-deny --locked".into())
}

fn without_database() -> Option<String> {
    database().is_none().then(|| "There is no database of advisories. This fetches it: cargo deny fetch db".into())
}

/// Where cargo-deny keeps the database: a clone with the digest of its address in the name.
fn database() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    // Cargo's own place when it is not told one.
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))?;
    let entries = std::fs::read_dir(home.join("advisory-dbs")).ok()?;
    entries.flatten().map(|entry| entry.path()).find(|path| path.join(".git").exists())
}

/// The day of its last commit.
fn day(database: &Path) -> Option<String> {
    let mut git = shell::command(&["git", "-C"]);
    let text = shell::read(git.arg(database).args(["show", "-s", "--format=%cs", "HEAD"])).ok()?;
    Some(text.trim().to_owned())
}
