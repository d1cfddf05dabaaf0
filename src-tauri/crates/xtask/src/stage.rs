//! Stages of a proof: what `cargo xtask test` and `cargo xtask check` are made of. A stage that others stand on stops the run when
//! it fails; the others are all run, so that one visit shows everything that is wrong. The last line is `N passed, N failed`, with
//! what was skipped if anything was.

use std::{
    fs,
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use crate::{Result, shell};

/// Lines of a failed stage's log that are shown.
const SHOWN: usize = 120;

/// One thing to be proved.
pub struct Stage {
    /// Its headline; the name of its log is made from it.
    pub title: &'static str,
    /// Whether others stand on it.
    pub needed: bool,
    /// Whether it goes beside the others: all of these run one after the other on a thread of their own, begun when the first of
    /// them is due.
    pub beside: bool,
    /// Why it cannot be run on this machine, if so.
    pub hindered: fn() -> Option<String>,
    /// What it does, given its log file.
    pub work: fn(&Path) -> Result<()>,
}

/// What most stages begin with.
pub const STAGE: Stage = Stage { title: "", needed: false, beside: false, hindered: || None, work: |_| Ok(()) };

/// A stage's title, and why it failed.
pub type Failure = (&'static str, String);

/// Runs all of `stages`, or with the words `--only TEXT` those whose titles hold the text; then `end`, which answers with what
/// failed of it. Logs go to the folder `name` under `target/xtask`.
pub fn play(name: &str, stages: &[Stage], words: &[&str], end: fn() -> Result<Vec<Failure>>) -> Result<()> {
    let only = match words {
        [] => String::new(),
        ["--only", text] => text.to_lowercase(),
        [other, ..] => {
            return Err(format!("`{other}` is not expected here. Give nothing, or --only and a part of a stage's name."));
        }
    };
    let asked = |stage: &Stage| stage.title.to_lowercase().contains(&only);
    let left_out = stages.iter().filter(|stage| !asked(stage)).count();
    if left_out == stages.len() {
        let titles: Vec<&str> = stages.iter().map(|stage| stage.title).collect();
        return Err(format!("No stage has `{only}` in its name. They are: {}.", titles.join(", ")));
    }
    let logs = shell::kept()?.join(name);
    fs::create_dir_all(&logs).map_err(|e| format!("{}: {e}", logs.display()))?;
    let started = Instant::now();
    let places: Vec<Place<'_>> =
        stages.iter().enumerate().filter(|(_, stage)| asked(stage)).map(|(at, stage)| (at + 1, stages.len(), stage)).collect();
    let Tally { passed, skipped, mut failures } = both(&places, &logs)?;
    failures.extend(end()?.into_iter().map(|(title, message)| (title, String::new(), message)));
    // Said once more where a reader of a long log looks first: at its end.
    for (title, told, message) in &failures {
        print!("\nFAILED: {title}\n{told}{message}\n");
    }
    let failed = failures.len();
    println!("\nLogs: {}, {} in all.", logs.display(), shell::human(started.elapsed()));
    let more = |count: usize, what: &str| if count == 0 { String::new() } else { format!(", {count} {what}") };
    println!("{passed} passed, {failed} failed{}{}", more(skipped, "SKIPPED"), more(left_out, "not asked for"));
    std::io::stdout().flush().map_err(|e| e.to_string())?;
    if failed == 0 { Ok(()) } else { std::process::exit(1) }
}

/// A stage with its number and how many there are.
type Place<'a> = (usize, usize, &'a Stage);

/// What became of stages: a failure with its title, its log and its words.
#[derive(Default)]
struct Tally {
    passed: usize,
    skipped: usize,
    failures: Vec<(&'static str, String, String)>,
}

/// Runs the stages in order, and those that go beside them on a thread of their own.
fn both(places: &[Place<'_>], logs: &Path) -> Result<Tally> {
    let (beside, own): (Vec<_>, Vec<_>) = places.iter().copied().partition(|(_, _, stage)| stage.beside);
    let due = beside.first().map_or(0, |(number, ..)| own.partition_point(|(other, ..)| other < number));
    let mut tally = Tally::default();
    if !series(&own[..due], logs, &mut tally) {
        return Ok(tally);
    }
    std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            let mut tally = Tally::default();
            series(&beside, logs, &mut tally);
            tally
        });
        series(&own[due..], logs, &mut tally);
        let Tally { passed, skipped, failures } = other.join().map_err(|_| "A stage broke off.".to_owned())?;
        tally.passed += passed;
        tally.skipped += skipped;
        tally.failures.extend(failures);
        Ok(tally)
    })
}

/// Runs stages one after the other; false where the rest stands on one that failed.
fn series(places: &[Place<'_>], logs: &Path, tally: &mut Tally) -> bool {
    for (at, (number, all, stage)) in places.iter().enumerate() {
        if let Some(why) = (stage.hindered)() {
            tally.skipped += 1;
            println!("[{number}/{all}] {}: SKIPPED. {why}", stage.title);
            continue;
        }
        let log = logs.join(format!("{number:02}-{}.log", stage.title.to_lowercase().replace(' ', "-")));
        match run(stage, (*number, *all), &log) {
            Ok(()) => tally.passed += 1,
            Err(message) => {
                tally.failures.push((stage.title, told(&log), message));
                if stage.needed {
                    println!("{} more stages stand on this one and were not run.", places.len() - at - 1);
                    return false;
                }
            }
        }
    }
    true
}

fn run(stage: &Stage, (number, all): (usize, usize), log: &Path) -> Result<()> {
    let headline = format!("[{number}/{all}] {}", stage.title);
    // A log of an earlier run must not be taken for this one's.
    let _ = fs::remove_file(log);
    if stage.beside {
        // Its line would stand in the middle of another's.
    } else if std::io::stdout().is_terminal() {
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

/// Runs commands with their output in the log.
pub fn logged(log: &Path) -> impl FnMut(&mut Command) -> Result<()> {
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
