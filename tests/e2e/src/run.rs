//! Plays scenarios and the tour, and tells how they went.

use std::{path::PathBuf, time::Instant};

use crate::{Result, scenario, scene::Scene, tour};

/// What the harness needs to know of the repository.
#[derive(Clone, Debug)]
pub struct Paths {
    /// The app.
    pub binary: PathBuf,
    /// The lab as a program of its own, to stand for a provider the app knows nothing of. The tour needs none.
    pub lab: Option<PathBuf>,
    /// Address of a real Keycloak that runs. Without one its scenarios are left out, and said to be.
    pub keycloak: Option<String>,
    /// The same of one with the legacy exchange.
    pub legacy: Option<String>,
    /// Where logs and what a failure leaves are kept.
    pub kept: PathBuf,
    /// Where the tour puts its pictures.
    pub pictures: PathBuf,
    /// axe-core's script.
    pub axe: PathBuf,
}

/// Which scenarios are wanted.
pub struct Chosen(Vec<&'static scenario::Scenario>);

impl Chosen {
    /// Those with these names; all when there is none.
    pub fn named(names: &[&str]) -> Result<Self> {
        if names.is_empty() {
            return Ok(Self(every().collect()));
        }
        let find = |name: &&str| {
            every().find(|one| one.name == *name).ok_or_else(|| format!("there is no scenario `{name}`; --list names them"))
        };
        names.iter().map(find).collect::<Result<_>>().map(Self)
    }
}

/// Names and what they prove.
pub fn list() -> Vec<(&'static str, &'static str)> {
    every().map(|one| (one.name, one.about)).collect()
}

/// Those without a real Keycloak first.
fn every() -> impl Iterator<Item = &'static scenario::Scenario> {
    scenario::ALL.iter().chain(scenario::AT_KEYCLOAK).chain(scenario::AT_LEGACY)
}

/// Plays scenarios one after the other; all are played, then the failed ones are named.
pub fn scenarios(paths: &Paths, chosen: &Chosen) -> Result<()> {
    let among = |list: &[scenario::Scenario], one: &scenario::Scenario| list.iter().any(|other| other.name == one.name);
    let missing = |one: &scenario::Scenario| {
        if among(scenario::AT_KEYCLOAK, one) && paths.keycloak.is_none() {
            Some("No real Keycloak runs; `cargo xtask keycloak` starts one.")
        } else if among(scenario::AT_LEGACY, one) && paths.legacy.is_none() {
            Some("No real Keycloak with the legacy exchange runs; `cargo xtask keycloak --legacy` starts one.")
        } else {
            None
        }
    };
    let (mut failed, mut skipped) = (Vec::new(), 0);
    for one in &chosen.0 {
        if let Some(why) = missing(one) {
            skipped += 1;
            println!("  {}: SKIPPED. {why}", one.name);
            continue;
        }
        println!("  {}: {}", one.name, one.about);
        let started = Instant::now();
        match play(paths, one) {
            Ok(()) => println!("  {}: passed ({:.1} s)", one.name, started.elapsed().as_secs_f64()),
            Err(error) => {
                println!("  {}: FAILED ({:.1} s)\n    {error}", one.name, started.elapsed().as_secs_f64());
                println!("    pictures, logs and data: {}", paths.kept.join(one.name).display());
                failed.push(format!("{}: {error}", one.name));
            }
        }
    }
    let left = if skipped == 0 { String::new() } else { format!(", {skipped} SKIPPED") };
    println!("  {} of {} scenarios passed{left}", chosen.0.len() - failed.len() - skipped, chosen.0.len());
    // On CI, and where nothing else was asked for, a proof that was not made is no proof.
    if skipped > 0 && (std::env::var_os("CI").is_some() || skipped == chosen.0.len()) {
        failed.push("No real Keycloak to try it at.".into());
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("Failed in the real window:\n{}", failed.join("\n"))) }
}

/// Plays the main job and takes its pictures.
pub fn tour(paths: &Paths) -> Result<()> {
    let mut scene = Scene::set(paths, "tour", Default::default())?;
    let result = tour::play(&mut scene, &paths.pictures);
    if result.is_err() {
        scene.keep_evidence();
    }
    result.map_err(|error| format!("The tour failed. {error}\nPictures, logs and data: {}", scene.kept().display()))
}

fn play(paths: &Paths, one: &scenario::Scenario) -> Result<()> {
    let mut scene = Scene::set(paths, one.name, one.make)?;
    let result = (one.play)(&mut scene).and_then(|()| scene.step("close the window", Scene::close));
    if result.is_err() {
        scene.keep_evidence();
    }
    result
}
