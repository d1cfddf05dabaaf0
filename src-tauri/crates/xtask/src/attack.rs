//! `cargo xtask attack`: everything from outside that must hold, tried on loopback, with counts.

use std::process::Command;

use crate::{Result, app::cargo, shell};

/// Runs the command. `--only TEXT` takes the attacks whose name holds the text.
pub fn attack(words: &[&str]) -> Result<()> {
    let mut command = suite();
    match words {
        [] => {}
        ["--only", text] => {
            command.env("ATTACK_ONLY", text);
        }
        [other, ..] => {
            return Err(format!("`{other}` is not expected here. Give nothing, or --only and a part of an attack's name."));
        }
    }
    let log = shell::kept()?.join("attack.log");
    // The counts are of this run alone.
    let _ = std::fs::remove_file(&log);
    let result = shell::log(&mut command, &log);
    let text = std::fs::read_to_string(&log).unwrap_or_default();
    text.lines().filter_map(told).for_each(|line| println!("{line}"));
    println!("{}", summary(&text));
    result
}

/// The suite, built with the window's other tests: packages that are built together share what is compiled.
pub fn suite() -> Command {
    // One kind after the other: some measure memory, all share the loopback interface.
    cargo(&["test", "--locked", "--workspace", "--test", "attack", "--", "--ignored", "--nocapture", "--test-threads=1"])
}

/// What a line of the log tells of the suite. The test runner writes its own words before the first of a kind's.
pub fn told(line: &str) -> Option<&str> {
    let line = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")).map_or(line, |(_, told)| told);
    (line.starts_with("attack ") || line.starts_with("  did not hold: ")).then_some(line)
}

/// All kinds together: `970 tried, 970 held, 0 failed`.
pub fn summary(log: &str) -> String {
    let sum = |word: &str| -> usize {
        log.lines().filter_map(told).filter(|line| line.starts_with("attack ")).filter_map(|line| count(line, word)).sum()
    };
    format!("attacks: {} tried, {} held, {} failed", sum("tried"), sum("held"), sum("failed"))
}

/// The number before a word: 3 in `attack callbacks: 3 tried, …`.
fn count(line: &str, word: &str) -> Option<usize> {
    let (_, counts) = line.split_once(": ")?;
    counts.split(", ").find_map(|part| part.strip_suffix(word)?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::summary;

    #[test]
    fn counts_of_all_kinds_are_added() {
        let log = "running 2 tests\ntest callbacks ... attack callbacks: 3 tried, 2 held, 1 failed\n  did not hold: callbacks: x\nattack files: 40 tried, 40 held, 0 failed\n";
        assert_eq!(summary(log), "attacks: 43 tried, 42 held, 1 failed");
    }
}
