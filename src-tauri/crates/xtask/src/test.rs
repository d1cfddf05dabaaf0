//! `cargo xtask test`: the whole proof in stages, from a clean clone on. A stage that others stand on stops the run when it
//! fails; the others are all run, so that one visit shows everything that is wrong. The last line is `N passed, N failed`.

use std::{
    fs,
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use crate::{
    Result,
    app::cargo,
    packages::{self, For},
    shell, ui, window, wire,
};

/// Lines of a failed stage's log that are shown.
const SHOWN: usize = 120;

/// A stage: its headline, whether others stand on it, and what it does with its log file.
struct Stage {
    title: &'static str,
    needed: bool,
    work: fn(&Path) -> Result<()>,
}

const STAGES: &[Stage] = &[
    Stage { title: "System packages", needed: true, work: |_| packages::ensure(For::Desk).map(drop) },
    Stage { title: "UI packages", needed: true, work: |log| ui::install(&mut logged(log)) },
    Stage { title: "UI lint", needed: false, work: |log| shell::log(&mut ui::script("lint"), log) },
    Stage { title: "UI types", needed: false, work: |log| shell::log(&mut ui::script("check"), log) },
    Stage { title: "UI tests", needed: false, work: |log| shell::log(&mut ui::script("test"), log) },
    Stage { title: "UI build", needed: true, work: |log| ui::build(&mut logged(log)).map(drop) },
    Stage { title: "Rust format", needed: false, work: |log| shell::log(&mut cargo(&["fmt", "--all", "--check"]), log) },
    Stage {
        title: "Rust lint",
        needed: false,
        work: |log| shell::log(&mut cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]), log),
    },
    Stage { title: "Wire types", needed: false, work: |_| wire::wire(&["--check"]) },
    Stage {
        title: "Provider of other people",
        needed: false,
        work: |log| ui::install_in("tests/servers/oidc-provider", &mut logged(log)),
    },
    Stage {
        title: "Server made of the contract",
        needed: false,
        work: |log| ui::install_in("tests/servers/prism", &mut logged(log)),
    },
    Stage {
        title: "Rust tests",
        needed: false,
        work: |log| shell::log(&mut cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]), log),
    },
    Stage { title: "Real window", needed: false, work: |_| window::e2e(&[]) },
];

/// Runs all stages.
pub fn test() -> Result<()> {
    let logs = shell::kept()?.join("test");
    fs::create_dir_all(&logs).map_err(|e| format!("{}: {e}", logs.display()))?;
    let (mut passed, mut failures) = (0, Vec::new());
    let started = Instant::now();
    for (index, stage) in STAGES.iter().enumerate() {
        let log = logs.join(format!("{:02}-{}.log", index + 1, stage.title.to_lowercase().replace(' ', "-")));
        match run(stage, index + 1, &log) {
            Ok(()) => passed += 1,
            Err(message) => {
                failures.push((stage.title, told(&log), message));
                if stage.needed {
                    println!("{} more stages stand on this one and were not run.", STAGES.len() - index - 1);
                    break;
                }
            }
        }
    }
    // Said once more where a reader of a long log looks first: at its end.
    for (title, told, message) in &failures {
        print!("\nFAILED: {title}\n{told}{message}\n");
    }
    let failed = failures.len();
    println!("\nLogs: {}, {} in all.", logs.display(), shell::human(started.elapsed()));
    println!("{passed} passed, {failed} failed");
    std::io::stdout().flush().map_err(|e| e.to_string())?;
    if failed == 0 { Ok(()) } else { std::process::exit(1) }
}

fn run(stage: &Stage, number: usize, log: &Path) -> Result<()> {
    let headline = format!("[{number}/{}] {}", STAGES.len(), stage.title);
    // A log of an earlier run must not be taken for this one's.
    let _ = fs::remove_file(log);
    if std::io::stdout().is_terminal() {
        print!("{headline} …");
        let _ = std::io::stdout().flush();
    } else {
        println!("{headline}");
    }
    let started = Instant::now();
    let result = (stage.work)(log);
    let time = shell::human(started.elapsed());
    match &result {
        Ok(()) => println!("\r{headline}: passed in {time}{}", counted(log)),
        Err(message) => {
            println!("\r{headline}: FAILED after {time}");
            print!("{}", told(log));
            println!("{message}");
        }
    }
    result
}

fn logged(log: &Path) -> impl FnMut(&mut Command) -> Result<()> {
    let log: PathBuf = log.to_owned();
    move |command| shell::log(command, &log)
}

/// How many tests a `cargo test` log tells of.
fn counted(log: &Path) -> String {
    // A stage without a log has nothing to count.
    let text = fs::read_to_string(log).unwrap_or_default();
    let count: u64 =
        text.lines().filter_map(|line| line.strip_prefix("test result: ok. ")?.split(' ').next()?.parse::<u64>().ok()).sum();
    if count == 0 { String::new() } else { format!(", {count} tests") }
}

/// What a failed stage's log tells: the failures by name and words where the test runner lists them, else its last lines.
fn told(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let failures = failures(&text);
    let lines = if failures.is_empty() { text.lines().collect() } else { failures };
    let from = lines.len().saturating_sub(SHOWN);
    lines[from..].iter().map(|line| format!("    {line}\n")).collect()
}

/// The blocks `failures:` of `cargo test`, each up to the summary of its binary.
fn failures(text: &str) -> Vec<&str> {
    let mut inside = false;
    text.lines()
        .filter(|line| {
            if *line == "failures:" {
                inside = true;
            } else if line.starts_with("test result: ") {
                let summary = inside;
                inside = false;
                return summary;
            }
            inside
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::failures;

    #[test]
    fn a_failure_is_told_among_other_binaries() {
        let text = "running 2 tests\ntest a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\nleft: 1\n\nfailures:\n    b\n\n\
                    test result: FAILED. 1 passed; 1 failed\n\nrunning 1 test\ntest c ... ok\n\ntest result: ok. 1 passed; 0 failed\n";
        let told = failures(text);
        assert!(told.contains(&"left: 1") && told.contains(&"    b"), "{told:?}");
        assert!(told.last().is_some_and(|line| line.starts_with("test result: FAILED")), "{told:?}");
        assert!(!told.iter().any(|line| line.contains("test c")), "{told:?}");
        assert_eq!(failures("running 1 test\ntest result: ok. 1 passed\n"), Vec::<&str>::new());
    }
}
