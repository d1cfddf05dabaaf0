//! `cargo xtask keycloak`: a real Keycloak on this machine, with the realms of `tests/fixtures/keycloak`.
//!
//! The lab is a judge we wrote ourselves; this is the one we did not. It is brought from Maven Central once, runs in dev
//! mode on loopback, and is found again by the note it leaves in its place under `target/keycloak`.

mod dist;
mod place;
mod profile;
mod server;

use std::{process::Command, time::Duration};

pub use place::{Kind, Place};
pub use server::Life;

use crate::{Result, shell};

/// The version the suite is written against.
pub const VERSION: &str = "26.7.5";

/// What the places of the servers of `cargo xtask test` begin with.
pub const FOR_TESTS: &str = "test-";

/// How long a start may take. Two free cores need about a minute for the very first; two busy ones took more than five for two.
const LIMIT: Duration = Duration::from_secs(600);

const HELP: &str = "\
cargo xtask keycloak [start]   brings and starts it, and prints how to use it
cargo xtask keycloak status    what runs, and where
cargo xtask keycloak stop      stops what runs; the data stay
cargo xtask keycloak reset     throws the data away and imports the realms anew

  --version 26.7.5   another version
  --legacy           legacy exchange V1, its permissions and delegation switched on; a server of its own
  --port 8080        a fixed port instead of a free one";

/// What was asked for.
struct Wish {
    place: Place,
    /// Whether the place was named, or is only the usual one.
    named: bool,
    port: Option<u16>,
}

/// Runs the command.
pub fn keycloak(words: &[&str]) -> Result<()> {
    let (verb, rest) = match words.split_first() {
        Some((verb, rest)) if !verb.starts_with('-') => (*verb, rest),
        _ => ("start", words),
    };
    let wish = wish(rest)?;
    match verb {
        "start" => start(&wish),
        "status" => status(),
        "stop" => stop(&wish),
        "reset" => reset(&wish),
        "help" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("there is no `cargo xtask keycloak {other}`.\n\n{HELP}")),
    }
}

fn wish(words: &[&str]) -> Result<Wish> {
    let (mut version, mut kind, mut port, mut named) = (VERSION.to_owned(), Kind::Standard, None, false);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().copied().ok_or_else(|| format!("`{word}` needs a value.\n\n{HELP}"));
        match *word {
            "--version" => (version, named) = (value()?.to_owned(), true),
            "--port" => {
                let text = value()?;
                port = Some(text.parse().map_err(|_| format!("`{text}` is no port. Give a number from 1 to 65535."))?);
            }
            "--legacy" => (kind, named) = (Kind::Legacy, true),
            "--help" | "-h" => return Err(HELP.to_owned()),
            other => return Err(format!("`{other}` is not expected here.\n\n{HELP}")),
        }
    }
    Ok(Wish { place: Place::new(&version, kind, "")?, named, port })
}

fn start(wish: &Wish) -> Result<()> {
    let place = &wish.place;
    if let Some(note) = place.running()? {
        if wish.port.is_some_and(|port| port != note.port) {
            return Err(format!("It runs on port {} already. Stop it first: cargo xtask keycloak stop", note.port));
        }
        println!("Keycloak {} runs already.", place.version);
        profile::print(place, &note);
        return Ok(());
    }
    bring(place, &mut |command| shell::show(command))?;
    if place.realms_changed()? {
        println!("The realm files changed since they were imported. `cargo xtask keycloak reset` imports them anew.");
    }
    let note = server::spawn(place, wish.port, Life::Own)?;
    server::wait(place, &note, LIMIT, &mut |line| println!("{line}"))?;
    profile::write(place, &note)?;
    profile::print(place, &note);
    Ok(())
}

fn status() -> Result<()> {
    let mut any = false;
    for place in Place::all()? {
        any = true;
        let state = match place.note()? {
            None => "stopped".to_owned(),
            Some(note) if !note.alive() => "dead: it ended without being stopped, its log says why".to_owned(),
            Some(note) if !note.is_ready() => format!("alive (process {}), but not ready", note.pid),
            Some(note) => format!("runs at {} (process {})", note.base(), note.pid),
        };
        println!("{:<20}{state}\n{:<20}log {}", place.name(), "", place.log().display());
    }
    if !any {
        println!("There is none yet. `cargo xtask keycloak` brings and starts one.");
    }
    Ok(())
}

fn stop(wish: &Wish) -> Result<()> {
    let places = if wish.named { vec![wish.place.clone()] } else { Place::all()? };
    let mut any = false;
    for place in places {
        if server::stop(&place)? {
            any = true;
            println!("Stopped: Keycloak {}.", place.name());
        }
    }
    if !any {
        println!("Nothing runs.");
    }
    Ok(())
}

fn reset(wish: &Wish) -> Result<()> {
    let ran = server::stop(&wish.place)?;
    wish.place.forget()?;
    println!("Keycloak {}: the data are gone.", wish.place.name());
    if ran { start(wish) } else { Ok(()) }
}

/// Sees that Java and the unpacked distribution are there.
pub fn bring(place: &Place, run: &mut dyn FnMut(&mut Command) -> Result<()>) -> Result<()> {
    dist::bring(place, run)
}

/// Starts a server with fresh realms that ends with this process, for tests. It is not waited for.
pub fn begin(place: &Place) -> Result<()> {
    server::stop(place)?;
    place.forget()?;
    server::spawn(place, None, Life::WithUs).map(drop)
}

/// Whether a server was begun and still lives.
pub fn begun(place: &Place) -> Result<bool> {
    Ok(place.note()?.is_some_and(|note| note.alive()))
}

/// Waits for a server that was begun, and gives its address.
pub fn ready(place: &Place) -> Result<String> {
    let note = place.note()?.ok_or_else(|| format!("Keycloak {} was not started.", place.name()))?;
    server::wait(place, &note, LIMIT, &mut |_| {})?;
    profile::write(place, &note)?;
    Ok(note.base())
}

/// Address of a server of a kind that runs: the one of the tests, else a developer's own.
pub fn found(kind: Kind) -> Result<Option<String>> {
    for purpose in [FOR_TESTS, ""] {
        if let Some(note) = Place::new(VERSION, kind, purpose)?.running()? {
            return Ok(Some(note.base()));
        }
    }
    Ok(None)
}

/// Ends a server that was begun.
pub fn end(place: &Place) -> Result<()> {
    server::stop(place).map(drop)
}
