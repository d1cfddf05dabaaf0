//! `cargo xtask fuzz [seconds]`: every fuzz target in turn, with seeds from the published vectors.
//!
//! No part of the CI run: it takes minutes, and what it finds becomes a test beside the code it is about. The counters work
//! with the stable compiler; only cargo-fuzz itself wants to be told that it may use an unstable flag.

use std::{fs, path::PathBuf, process::Command};

use serde_json::{Value, json};

use crate::{Result, shell};

/// The targets under `src-tauri/fuzz`.
const TARGETS: [&str; 5] = ["decode", "jwks", "curl", "json", "redaction"];

/// How long each runs when nothing is said, seconds.
const USUAL: u64 = 300;

/// Runs the targets; fails when one of them finds something.
pub fn fuzz(words: &[&str]) -> Result<()> {
    let seconds = match words {
        [] => USUAL,
        [one] => one.parse().map_err(|_| format!("`{one}` is no number of seconds"))?,
        _ => return Err("`cargo xtask fuzz` takes a number of seconds or nothing.".into()),
    };
    let tool = tool()?;
    seeds()?;
    let mut counts = Vec::new();
    for target in TARGETS {
        println!("Fuzzing {target} for {seconds} s.");
        let log = shell::kept()?.join(format!("fuzz-{target}.log"));
        let out = fs::File::create(&log).map_err(|e| format!("{}: {e}", log.display()))?;
        let copy = out.try_clone().map_err(|e| format!("{}: {e}", log.display()))?;
        let mut command = Command::new(&tool);
        command
            .args(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir", "src-tauri/fuzz", target, "--"])
            .args([format!("-max_total_time={seconds}"), "-timeout=10".into(), "-max_len=16384".into()])
            .current_dir(shell::root())
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("CARGO_MANIFEST_DIR")
            .stdout(out)
            .stderr(copy);
        let status = command.status().map_err(|e| format!("{}: {e}", tool.display()))?;
        let text = fs::read_to_string(&log).map_err(|e| format!("{}: {e}", log.display()))?;
        let done = text.lines().find_map(|line| line.strip_prefix("Done ")).unwrap_or("no count").to_owned();
        if !status.success() {
            return Err(format!("{target} found something: see {} and src-tauri/fuzz/artifacts/{target}", log.display()));
        }
        counts.push(format!("{target}: {done}"));
    }
    println!("{}", counts.join("\n"));
    Ok(())
}

/// cargo-fuzz, brought along when it is not there.
fn tool() -> Result<PathBuf> {
    let folder = shell::root().join("target/fuzz-tools");
    let tool = folder.join("bin/cargo-fuzz");
    if !tool.exists() {
        println!("Bringing cargo-fuzz.");
        let mut install = shell::command(&["cargo", "install", "cargo-fuzz", "--locked", "--root"]);
        shell::show(install.arg(&folder))?;
    }
    Ok(tool)
}

/// Writes tokens of the published vectors as first inputs; what a run adds to them stays for the next.
fn seeds() -> Result<()> {
    let path = shell::root().join("tests/fixtures/vectors/inspector-cases/cases.json");
    let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let file: Value = serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
    let tokens: Vec<&str> = file["cases"].as_array().into_iter().flatten().filter_map(|case| case["token"].as_str()).collect();
    for target in TARGETS {
        let folder = shell::root().join("src-tauri/fuzz/corpus").join(target);
        fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        let inputs: Vec<String> = match target {
            "jwks" => vec![file["jwks"].to_string()],
            "curl" => tokens.iter().map(|token| format!("-s -H 'Authorization: Bearer {token}' -d token=x http://a")).collect(),
            "json" => tokens.iter().map(|token| json!({"access_token": token, "expires_in": 300}).to_string()).collect(),
            _ => tokens.iter().map(|token| (*token).to_owned()).collect(),
        };
        for (at, input) in inputs.iter().enumerate() {
            let seed = folder.join(format!("seed-{at}"));
            fs::write(&seed, input).map_err(|e| format!("{}: {e}", seed.display()))?;
        }
    }
    Ok(())
}
