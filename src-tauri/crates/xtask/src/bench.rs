//! `cargo xtask bench`: every figure that has a goal, in one run, with the goal beside it.
//!
//! Start time and memory are ratios to a bare Tauri window (`tests/bench/bare`), built from the same lock file with the
//! same profile and started in turn with the app on the same virtual display, so that the machine cancels out. What
//! "usable" means and how it is seen stands in `e2e::screen`.

mod others;

use std::{path::Path, process::Command};

use e2e::{
    desk::{Desk, Make},
    launch,
};

use crate::{
    Result,
    app::{self, Build},
    packages::{self, For},
    shell, ui,
};

/// Starts of each window that are measured, after one that is not.
const ROUNDS: usize = 7;

/// Figures of the engine's benchmark with a goal: how their names begin, and the largest value in the unit printed.
const GOALS: &[(&str, f64)] = &[
    ("exchange_added", 3.0),
    // With 100,000 steps behind it over none, with 1,000 tokens on the shelf over one.
    ("step_cost_", 1.2),
    ("journal_page_", 20.0),
    ("log_filter_", 50.0),
    ("log_read_json_to_jq", 1.0),
    // Linear growth is 1; caches and allocators may add a little.
    ("decode_growth", 1.3),
    ("decode_and_check_growth", 1.3),
    ("compare_growth", 1.3),
];

/// Figures that must not be smaller: signatures a second over those of the bare check.
const LEAST: &[(&str, f64)] = &[("verify_rs256_of_", 0.95), ("verify_es256_of_", 0.95), ("verify_eddsa_of_", 0.95)];

/// Journal sizes for which there must be a figure.
const SIZES: [&str; 2] = ["_at_10000", "_at_200000"];

/// What a step costs whatever is there already.
const STEP_COSTS: [&str; 4] = [
    "step_cost_granted_after_100000",
    "step_cost_refused_after_100000",
    "step_cost_granted_with_1000_tokens",
    "step_cost_refused_with_1000_tokens",
];

/// A line of the table.
struct Figure {
    name: String,
    value: f64,
    unit: String,
    /// Largest value that is good enough.
    goal: Option<f64>,
    /// Smallest value that is good enough.
    least: Option<f64>,
}

/// Measures and prints the table; fails when a goal is missed.
pub fn bench(words: &[&str]) -> Result<()> {
    match words {
        ["token"] => return table(&token()?),
        ["start"] => return table(&start()?),
        [] => {}
        _ => return Err("`cargo xtask bench` takes `start`, `token` or nothing.".into()),
    }
    let mut figures = start()?;
    let output = shell::read(&mut app::cargo(&["run", "--quiet", "--release", "--package", "engine", "--example", "bench"]))?;
    figures.extend(output.lines().filter_map(figure));
    let has = |begin: &str, end: &str| figures.iter().any(|f| f.name.starts_with(begin) && f.name.ends_with(end));
    if !has("exchange_added", "") || !SIZES.iter().all(|size| has("journal_page_", size)) {
        return Err(format!("the engine's benchmark does not print every figure with a goal; it printed:\n{output}"));
    }
    println!("Running steps in a long journal and beside a full shelf.");
    let output =
        shell::read(&mut app::cargo(&["run", "--quiet", "--release", "--package", "engine", "--example", "bench_steps"]))?;
    figures.extend(output.lines().filter_map(figure));
    if !STEP_COSTS.iter().all(|name| has_figure(&figures, name)) {
        return Err(format!("the benchmark of steps does not print every figure; it printed:\n{output}"));
    }
    println!("Reading a server log of a million events.");
    let output =
        shell::read(&mut app::cargo(&["run", "--quiet", "--release", "--package", "engine", "--example", "bench_logs"]))?;
    figures.extend(output.lines().filter_map(figure));
    if !["log_filter_typed_worst", "log_read_to_grep", "log_read_json_to_jq", "log_memory_peak"]
        .iter()
        .all(|name| has_figure(&figures, name))
    {
        return Err(format!("the benchmark of server logs does not print every figure; it printed:\n{output}"));
    }
    figures.extend(token()?);
    table(&figures)
}

/// Start time and memory of the window.
fn start() -> Result<Vec<Figure>> {
    packages::ensure(For::Bench)?;
    ui::install(&mut shell::show)?;
    ui::build(&mut shell::show)?;
    println!("Building both windows with the release profile.");
    windows(&app::build("claimscope", Build::Release)?, &app::build("bare-window", Build::Release)?)
}

/// Tokens: the crate token's own benchmark, then the same decoding by other people's programs.
fn token() -> Result<Vec<Figure>> {
    let example = ["build", "--quiet", "--release", "--package", "token", "--example", "bench_tokens"];
    shell::show(&mut app::cargo(&example))?;
    let program = shell::root().join("target/release/examples/bench_tokens");
    let output = shell::read(&mut Command::new(&program))?;
    let mut figures: Vec<Figure> = output.lines().filter_map(figure).collect();
    for (begin, _) in LEAST {
        if !figures.iter().any(|figure| figure.name.starts_with(begin)) {
            return Err(format!("the crate token's benchmark does not print {begin}…; it printed:\n{output}"));
        }
    }
    figures.extend(others::figures(&program, &figures_of(&figures))?.lines().filter_map(figure));
    Ok(figures)
}

fn figures_of(figures: &[Figure]) -> Vec<(String, f64)> {
    figures.iter().map(|figure| (figure.name.clone(), figure.value)).collect()
}

fn has_figure(figures: &[Figure], name: &str) -> bool {
    figures.iter().any(|figure| figure.name == name)
}

fn windows(app: &Path, bare: &Path) -> Result<Vec<Figure>> {
    println!("Starting both windows {} times in turn.", ROUNDS + 1);
    let desk = Desk::new(&shell::kept()?.join("bench"), Make::default())?;
    let (mut of_app, mut of_bare) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (one, other) = (launch::measure(&desk, bare)?, launch::measure(&desk, app)?);
        // The first start fills caches and makes folders.
        if round > 0 {
            of_bare.push(one);
            of_app.push(other);
        }
    }
    let time = |of: &[launch::Launch]| median(of.iter().map(|l| l.usable.as_secs_f64() * 1e3));
    let memory = |of: &[launch::Launch]| median(of.iter().map(|l| l.pss_kb as f64 / 1024.0));
    let plain =
        |name: &str, value: f64, unit: &str| Figure { name: name.into(), value, unit: unit.into(), goal: None, least: None };
    let ratio = |name: &str, value: f64, goal: f64| Figure {
        name: name.into(),
        value,
        unit: "times".into(),
        goal: Some(goal),
        least: None,
    };
    Ok(vec![
        plain("start_bare", time(&of_bare), "ms"),
        plain("start_app", time(&of_app), "ms"),
        ratio("start_ratio", time(&of_app) / time(&of_bare), 1.25),
        plain("memory_bare", memory(&of_bare), "MiB"),
        plain("memory_app", memory(&of_app), "MiB"),
        ratio("memory_ratio", memory(&of_app) / memory(&of_bare), 1.2),
    ])
}

/// Reads `name value unit`; other lines are remarks.
fn figure(line: &str) -> Option<Figure> {
    let mut words = line.split_whitespace();
    let (name, value, unit) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
    let limit = |list: &[(&str, f64)]| list.iter().find(|(begin, _)| name.starts_with(begin)).map(|(_, limit)| *limit);
    Some(Figure { name: name.into(), value, unit: unit.into(), goal: limit(GOALS), least: limit(LEAST) })
}

fn table(figures: &[Figure]) -> Result<()> {
    println!("\n{:<40}{:>12} {:<10}{:<12}", "figure", "value", "unit", "goal");
    let mut missed = Vec::new();
    for Figure { name, value, unit, goal, least } in figures {
        let (limit, met) = match (goal, least) {
            (Some(goal), _) => (format!("at most {goal}"), value <= goal),
            (None, Some(least)) => (format!("at least {least}"), value >= least),
            (None, None) => (String::new(), true),
        };
        let mark = match (limit.is_empty(), met) {
            (true, _) => limit,
            (false, true) => format!("{limit}: met"),
            (false, false) => {
                missed.push(name.as_str());
                format!("{limit}: MISSED")
            }
        };
        println!("{name:<40}{value:>12.2} {unit:<10}{mark}");
    }
    if missed.is_empty() { Ok(()) } else { Err(format!("\nGoals missed: {}.", missed.join(", "))) }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => values[middle],
        _ => (values[middle - 1] + values[middle]) / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_engine_are_read_and_remarks_are_not() {
        let least = figure("verify_rs256_of_aws_lc 0.97 times").and_then(|f| f.least);
        assert_eq!(least, Some(0.95));
        let read = figure("journal_page_errors_at_200000 11.4 ms").map(|f| (f.name, f.value, f.goal));
        assert_eq!(read, Some(("journal_page_errors_at_200000".into(), 11.4, Some(20.0))));
        assert!(figure("warming up the journal").is_none());
    }

    #[test]
    fn medians() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), 2.5);
    }
}
