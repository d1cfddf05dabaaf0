//! Keeps the window's types equal to the shell's. The types are written by the example `wire-types` of this package, so
//! that xtask itself need not be built with them.

use std::fs;

use crate::{Result, shell};

/// Where they stand.
const TYPES: &str = "ui/src/wire/types.ts";

/// `cargo xtask wire [--check]`.
pub fn wire(words: &[&str]) -> Result<()> {
    match words {
        [] => write(),
        ["--check"] => check(),
        _ => Err("`cargo xtask wire` takes --check or nothing.".into()),
    }
}

fn write() -> Result<()> {
    let path = shell::root().join(TYPES);
    let text = typescript()?;
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        println!("{TYPES} is as the Rust types say.");
        return Ok(());
    }
    fs::write(&path, text).map_err(|e| format!("{TYPES}: {e}"))?;
    println!("{TYPES} written.");
    Ok(())
}

fn check() -> Result<()> {
    let path = shell::root().join(TYPES);
    let found = fs::read_to_string(&path).map_err(|e| format!("{TYPES}: {e}"))?;
    let expected = typescript()?;
    if found == expected {
        return Ok(());
    }
    let line = found.lines().zip(expected.lines()).take_while(|(a, b)| a == b).count() + 1;
    Err(format!("{TYPES} differs from the Rust types, first at line {line}. Run `cargo xtask wire` and commit the file."))
}

fn typescript() -> Result<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    shell::read(&mut shell::command(&[&cargo, "run", "--quiet", "--package", "xtask", "--example", "wire-types"]))
}
