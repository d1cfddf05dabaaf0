//! `cargo xtask provoke`: brings two real Keycloaks, provokes every refusal of the catalogue there, and prints how many causes
//! the diagnosis named.

use std::process::Command;

use crate::{
    Result,
    app::cargo,
    keycloak::{self, Kind, Place},
    shell,
};

/// Runs the command. `--only TEXT` takes the provocations whose name holds the text, and no goals.
pub fn provoke(words: &[&str]) -> Result<()> {
    let only = match words {
        [] => None,
        ["--only", text] => Some(*text),
        [other, ..] => return Err(format!("`{other}` is not expected here. Give nothing, or --only and a part of a name.")),
    };
    let place = |kind| Place::new(keycloak::VERSION, kind, "provoke-");
    let places = [place(Kind::Standard)?, place(Kind::Legacy)?];
    let result = at_both(&places, only);
    for place in &places {
        keycloak::end(place)?;
    }
    result
}

fn at_both(places: &[Place; 2], only: Option<&str>) -> Result<()> {
    for place in places {
        keycloak::bring(place, &mut |command| shell::show(command))?;
        keycloak::begin(place)?;
    }
    let [standard, legacy] = places;
    let mut command = suite(&keycloak::ready(standard)?, &keycloak::ready(legacy)?);
    if let Some(only) = only {
        command.env("PROVOKE_ONLY", only);
    }
    shell::show(&mut command)
}

/// The suite against two servers that run: one as it comes, one with the legacy exchange.
pub fn suite(standard: &str, legacy: &str) -> Command {
    let mut command = cargo(&["test", "--locked", "-p", "engine", "--test", "provoke", "--", "--ignored", "--nocapture"]);
    command.env("CLAIMSCOPE_KEYCLOAK", standard).env("CLAIMSCOPE_KEYCLOAK_LEGACY", legacy);
    command
}
