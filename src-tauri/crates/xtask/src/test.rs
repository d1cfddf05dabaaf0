//! `cargo xtask test`: the whole proof in stages, from a clean clone on. A stage that others stand on stops the run when it
//! fails; the others are all run, so that one visit shows everything that is wrong. The last line is `N passed, N failed`, with
//! what was skipped if anything was; on CI only what cargo-deny would check is, where it is not installed.

use std::{fs, path::Path, process::Command, time::Duration};

use crate::{
    Result,
    app::cargo,
    attack, check, deny,
    keycloak::{self, Kind, Place},
    packages::{self, For},
    provoke, shell,
    stage::{self, STAGE, Stage, logged},
    strangers::{self, Stranger},
    ui, window, wire,
};

/// How long the suite at a real Keycloak may take, building not counted: it was done by the stage of the Rust tests.
const SUITE_LIMIT: Duration = Duration::from_secs(600);

const STAGES: &[Stage] = &[
    Stage { title: "System packages", needed: true, work: |_| packages::ensure(For::Desk).map(drop), ..STAGE },
    check::UI_PACKAGES,
    check::UI_LINT,
    check::UI_TYPES,
    check::UI_TESTS,
    Stage { title: "UI build", needed: true, work: |log| ui::build(&mut logged(log)).map(drop), ..STAGE },
    // Early: the servers build themselves and import their realms while others compile.
    Stage { title: "Keycloak", hindered: without_keycloak, work: begin_keycloak, ..STAGE },
    Stage { title: "Servers of other people", work: strangers::begin, ..STAGE },
    check::RUST_FORMAT,
    check::RUST_LINT,
    deny::DEPENDENCIES,
    deny::WEAKNESSES,
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

/// Runs all stages, or with `--only TEXT` those whose titles hold the text, and stops the servers they left running.
pub fn test(words: &[&str]) -> Result<()> {
    stage::play("test", STAGES, words, || {
        let end = |place: &Place| keycloak::end(place).err().map(|message| ("Keycloak's end", message));
        Ok(places()?.iter().filter_map(end).collect())
    })
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
    let words = ["test", "--locked", "--workspace", "--test", "flows", "--", "--include-ignored"];
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
