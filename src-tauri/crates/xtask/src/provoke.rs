//! `cargo xtask provoke`: brings two real Keycloaks, provokes every refusal of the catalogue there, and prints how many causes
//! the diagnosis named.

use std::process::Command;

use crate::{
    Result,
    app::cargo,
    keycloak::{self, Kind, Place},
    shell,
};

/// What the reader of events can read, as the suite takes it.
const READS: [&str; 3] = ["user-events", "events", "settings"];

/// Runs the command. `--only TEXT` takes the provocations whose name holds the text, and no goals; `--reads WHAT` gives the
/// reader of events other rights than `view-events`, or a realm that saves less.
pub fn provoke(words: &[&str]) -> Result<()> {
    let (mut only, mut reads) = (None, None);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match (*word, words.next()) {
            ("--only", Some(text)) => only = Some(*text),
            ("--reads", Some(what)) if READS.contains(what) => reads = Some(*what),
            (other, _) => {
                return Err(format!(
                    "`{other}` is not expected here. Give nothing, --only and a part of a name, or --reads and one of {}.",
                    READS.join(", ")
                ));
            }
        }
    }
    let place = |kind| Place::new(keycloak::VERSION, kind, "provoke-");
    let places = [place(Kind::Standard)?, place(Kind::Legacy)?];
    let result = at_both(&places, only, reads);
    for place in &places {
        keycloak::end(place)?;
    }
    result
}

fn at_both(places: &[Place; 2], only: Option<&str>, reads: Option<&str>) -> Result<()> {
    for place in places {
        keycloak::bring(place, &mut |command| shell::show(command))?;
        keycloak::begin(place)?;
    }
    let [standard, legacy] = places;
    let mut command = suite(Built::Alone, &keycloak::ready(standard)?, &keycloak::ready(legacy)?);
    for (name, value) in [("PROVOKE_ONLY", only), ("PROVOKE_READS", reads)] {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    shell::show(&mut command)
}

/// How the suite is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Built {
    /// By itself.
    Alone,
    /// With the window's own tests, which were built before: packages that are built together share what is compiled.
    WithTheRest,
}

/// The suite against two servers that run: one as it comes, one with the legacy exchange.
pub fn suite(built: Built, standard: &str, legacy: &str) -> Command {
    let packages: &[&str] = match built {
        Built::Alone => &["-p", "engine"],
        Built::WithTheRest => &["--workspace", "--test", "all"],
    };
    let mut command = cargo(&["test", "--locked"]);
    command.args(packages).args(["--test", "provoke", "--", "--ignored", "--nocapture", "each_cause_is_named"]);
    command.env("CLAIMSCOPE_KEYCLOAK", standard).env("CLAIMSCOPE_KEYCLOAK_LEGACY", legacy);
    command
}
