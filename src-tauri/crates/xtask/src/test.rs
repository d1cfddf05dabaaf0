//! `cargo xtask test`: the whole proof in stages, from a clean clone on. A stage that others stand on stops the run when it
//! fails; the others are all run, so that one visit shows everything that is wrong. The last line is `N passed, N failed`, with
//! what was skipped if anything was; on CI nothing is.

use std::{
    fs,
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    Result,
    app::cargo,
    attack,
    keycloak::{self, Kind, Place},
    packages::{self, For},
    provoke, shell,
    strangers::{self, Stranger},
    ui, window, wire,
};

/// Lines of a failed stage's log that are shown.
const SHOWN: usize = 120;

/// How long the suite at a real Keycloak may take, building not counted: it was done by the stage of the Rust tests.
const SUITE_LIMIT: Duration = Duration::from_secs(600);

/// A stage: its headline, whether others stand on it, what can stand in its way, and what it does with its log file.
struct Stage {
    title: &'static str,
    needed: bool,
    /// Why it cannot be run on this machine, if so.
    hindered: fn() -> Option<String>,
    work: fn(&Path) -> Result<()>,
}

/// What most stages begin with.
const STAGE: Stage = Stage { title: "", needed: false, hindered: || None, work: |_| Ok(()) };

const STAGES: &[Stage] = &[
    Stage { title: "System packages", needed: true, work: |_| packages::ensure(For::Desk).map(drop), ..STAGE },
    Stage { title: "UI packages", needed: true, work: |log| ui::install(&mut logged(log)), ..STAGE },
    Stage { title: "UI lint", work: |log| shell::log(&mut ui::script("lint"), log), ..STAGE },
    Stage { title: "UI types", work: |log| shell::log(&mut ui::script("check"), log), ..STAGE },
    Stage { title: "UI tests", work: |log| shell::log(&mut ui::script("test"), log), ..STAGE },
    Stage { title: "UI build", needed: true, work: |log| ui::build(&mut logged(log)).map(drop), ..STAGE },
    // Early: the servers build themselves and import their realms while others compile.
    Stage { title: "Keycloak", hindered: without_keycloak, work: begin_keycloak, ..STAGE },
    Stage { title: "Servers of other people", work: strangers::begin, ..STAGE },
    Stage { title: "Rust format", work: |log| shell::log(&mut cargo(&["fmt", "--all", "--check"]), log), ..STAGE },
    Stage {
        title: "Rust lint",
        work: |log| shell::log(&mut cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"]), log),
        ..STAGE
    },
    Stage { title: "Wire types", work: |_| wire::wire(&["--check"]), ..STAGE },
    Stage {
        title: "Provider of other people",
        work: |log| ui::install_in("tests/servers/oidc-provider", &mut logged(log)),
        ..STAGE
    },
    Stage { title: "Server made of the contract", work: |log| ui::install_in("tests/servers/prism", &mut logged(log)), ..STAGE },
    Stage {
        title: "Server of other people, Spring",
        hindered: || Stranger::Spring.hindered(),
        work: |log| strangers::ready(Stranger::Spring, log),
        ..STAGE
    },
    Stage {
        title: "Server of other people, django",
        hindered: || Stranger::Django.hindered(),
        work: |log| strangers::ready(Stranger::Django, log),
        ..STAGE
    },
    Stage {
        title: "Server of other people, zitadel",
        hindered: || Stranger::Zitadel.hindered(),
        work: |log| strangers::ready(Stranger::Zitadel, log),
        ..STAGE
    },
    Stage { title: "Rust tests", work: rust_tests, ..STAGE },
    Stage { title: "Attacks", work: attacks, ..STAGE },
    Stage { title: "Flows at a real Keycloak", hindered: without_keycloak, work: flows_at_keycloak, ..STAGE },
    Stage { title: "Refusals at a real Keycloak", hindered: without_keycloak, work: refusals_at_keycloak, ..STAGE },
    Stage { title: "Real window", work: |_| real_window(), ..STAGE },
];

/// Runs all stages, or with `--only TEXT` those whose titles hold the text.
pub fn test(words: &[&str]) -> Result<()> {
    let only = match words {
        [] => String::new(),
        ["--only", text] => text.to_lowercase(),
        [other, ..] => {
            return Err(format!("`{other}` is not expected here. Give nothing, or --only and a part of a stage's name."));
        }
    };
    let asked = |stage: &Stage| stage.title.to_lowercase().contains(&only);
    let left_out = STAGES.iter().filter(|stage| !asked(stage)).count();
    if left_out == STAGES.len() {
        let titles: Vec<&str> = STAGES.iter().map(|stage| stage.title).collect();
        return Err(format!("No stage has `{only}` in its name. They are: {}.", titles.join(", ")));
    }
    let logs = shell::kept()?.join("test");
    fs::create_dir_all(&logs).map_err(|e| format!("{}: {e}", logs.display()))?;
    let (mut passed, mut skipped, mut failures) = (0, 0, Vec::new());
    let started = Instant::now();
    for (index, stage) in STAGES.iter().enumerate().filter(|(_, stage)| asked(stage)) {
        if let Some(why) = (stage.hindered)() {
            skipped += 1;
            println!("[{}/{}] {}: SKIPPED. {why}", index + 1, STAGES.len(), stage.title);
            continue;
        }
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
    for place in places()? {
        if let Err(message) = keycloak::end(&place) {
            failures.push(("Keycloak's end", String::new(), message));
        }
    }
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

/// The two servers of the suite: with the features of a fresh Keycloak, and with the legacy ones.
fn places() -> Result<[Place; 2]> {
    let place = |kind| Place::new(keycloak::VERSION, kind, keycloak::FOR_TESTS);
    Ok([place(Kind::Standard)?, place(Kind::Legacy)?])
}

/// Only where the distribution is neither here nor to be had, and never on CI.
fn without_keycloak() -> Option<String> {
    if std::env::var_os("CI").is_some() {
        return None;
    }
    let bring = || places()?.iter().try_for_each(|place| keycloak::bring(place, &mut |command| shell::read(command).map(drop)));
    let why: String = bring().err()?;
    Some(format!(
        "No flow was run against a real Keycloak, so nothing here proves them. {}",
        why.lines().next().unwrap_or_default()
    ))
}

/// Starts both servers. Who needs them waits for them.
fn begin_keycloak(log: &Path) -> Result<()> {
    for place in &places()? {
        keycloak::bring(place, &mut logged(log))?;
        keycloak::begin(place)?;
    }
    Ok(())
}

/// Addresses of the two, once they are ready. They are started here when the stage that does so was not asked for.
fn servers() -> Result<[String; 2]> {
    let places = places()?;
    for place in &places {
        if !keycloak::begun(place)? {
            keycloak::bring(place, &mut |command| shell::read(command).map(drop))?;
            keycloak::begin(place)?;
        }
    }
    let [standard, legacy] = &places;
    Ok([keycloak::ready(standard)?, keycloak::ready(legacy)?])
}

/// All scenarios, two of them at the real Keycloaks that the stages before left running.
fn real_window() -> Result<()> {
    for place in &places()? {
        if keycloak::begun(place)? {
            keycloak::ready(place)?;
        }
    }
    window::e2e(&[])
}

/// All tests of the workspace; what was read of the refusals of other people's servers is told, and what was left out.
fn rust_tests(log: &Path) -> Result<()> {
    let result = shell::log(&mut cargo(&["test", "--locked", "--workspace", "--no-fail-fast"]), log);
    let text = fs::read_to_string(log).unwrap_or_default();
    let told = |line: &&str| line.starts_with("Refusals at ") || line.starts_with("SKIPPED: ");
    text.lines().filter(told).for_each(|line| println!("    {line}"));
    result
}

/// Everything from outside that must hold.
fn attacks(log: &Path) -> Result<()> {
    let result = shell::log(&mut limited(&attack::suite()), log);
    let text = fs::read_to_string(log).unwrap_or_default();
    text.lines().filter_map(attack::told).for_each(|line| println!("    {line}"));
    println!("    {}", attack::summary(&text));
    result
}

/// The suite at both of its targets, and what only a real server can show.
fn flows_at_keycloak(log: &Path) -> Result<()> {
    let [standard, legacy] = servers()?;
    let words = ["test", "--locked", "--workspace", "--test", "all", "--", "--include-ignored"];
    let mut command = cargo(&words);
    command.args(["flows::suite::", "flows::keycloak::"]);
    command.env("CLAIMSCOPE_KEYCLOAK", standard).env("CLAIMSCOPE_KEYCLOAK_LEGACY", legacy);
    let result = shell::log(&mut limited(&command), log);
    let text = fs::read_to_string(log).unwrap_or_default();
    let [lab, real, own] = ["::lab::", "::keycloak::", "flows::keycloak::"].map(|place| passed(&text, place));
    // The last are in the middle ones too: both name the real server.
    println!("    Passed at the lab: {lab}, the same at Keycloak {}: {}, only there: {own}", keycloak::VERSION, real - own);
    result?;
    if lab == 0 || lab != real - own {
        return Err("The suite did not run the same tests at the lab and at Keycloak.".into());
    }
    Ok(())
}

/// Every refusal of the catalogue, provoked at the same two servers.
fn refusals_at_keycloak(log: &Path) -> Result<()> {
    let [standard, legacy] = servers()?;
    let command = provoke::suite(provoke::Built::WithTheRest, &standard, &legacy);
    let result = shell::log(&mut limited(&command), log);
    let text = fs::read_to_string(log).unwrap_or_default();
    for line in text.lines().filter(|line| line.contains(" provoked, ") || line.contains("named exactly ")) {
        println!("    {line}");
    }
    result
}

/// The same command, ended when it takes too long.
fn limited(command: &Command) -> Command {
    let mut limited = shell::command(&["timeout", "--kill-after=10", &SUITE_LIMIT.as_secs().to_string()]);
    limited.arg(command.get_program()).args(command.get_args());
    limited.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited
}

/// How many tests with this in their names passed.
fn passed(log: &str, place: &str) -> usize {
    log.lines().filter(|line| line.starts_with("test ") && line.contains(place) && line.ends_with("... ok")).count()
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
