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
const SHOWN: usize = 80;

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
    let (mut passed, mut failed) = (0, 0);
    let started = Instant::now();
    for (index, stage) in STAGES.iter().enumerate() {
        let log = logs.join(format!("{:02}-{}.log", index + 1, stage.title.to_lowercase().replace(' ', "-")));
        match run(stage, index + 1, &log) {
            Ok(()) => passed += 1,
            Err(_) if stage.needed => {
                failed += 1;
                println!("{} more stages stand on this one and were not run.", STAGES.len() - index - 1);
                break;
            }
            Err(_) => failed += 1,
        }
    }
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
            print!("{}", tail(log));
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

fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(SHOWN);
    lines[from..].iter().map(|line| format!("    {line}\n")).collect()
}
