//! The process: started in dev mode on loopback, waited for by its own word, and stopped by the number in the note.

use std::{
    fs::{self, File},
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt as _,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::place::{Note, Place};
use crate::{Result, shell};

/// What the admin's name and password are: it listens on loopback only, for as long as a developer wants.
pub const ADMIN: &str = "admin";

/// How long a stopped server may take to end before it is killed.
const PATIENCE: Duration = Duration::from_secs(20);

/// Between two looks at something that is waited for.
const LOOK: Duration = Duration::from_millis(200);

/// How long the process lives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Until it is stopped.
    Own,
    /// Until it is stopped or this process ends, whatever ends it.
    WithUs,
}

/// Lines of the server's log that say how far it is, and what they mean.
const MARKS: &[(&str, &str)] = &[
    ("Updating the configuration", "building the server for its features"),
    ("Running the server", "starting"),
    ("Initializing database schema", "making the database"),
    ("Realm 'partner' imported", "realm partner is imported"),
    ("Realm 'platform' imported", "realm platform is imported"),
    ("Listening on:", "listening"),
];

/// Starts the process and leaves a note of it. What an earlier start left dead is swept away first.
pub fn spawn(place: &Place, port: Option<u16>, life: Life) -> Result<Note> {
    if let Some(old) = place.note()? {
        if old.alive() {
            return Err(format!(
                "Process {} is there but not ready. Wait, or stop it: cargo xtask keycloak stop. Its log: {}",
                old.pid,
                place.log().display()
            ));
        }
        place.keep(&old, false)?;
    }
    let port = choose(place, port)?;
    let management = e2e::process::free_port()?;
    place.offer_realms()?;
    let log = File::create(place.log()).map_err(|e| format!("{}: {e}", place.log().display()))?;
    let errors = log.try_clone().map_err(|e| format!("{}: {e}", place.log().display()))?;

    let mut command = match life {
        Life::Own => Command::new("bash"),
        Life::WithUs => {
            let mut command = Command::new("setpriv");
            command.args(["--pdeathsig", "TERM", "--", "bash"]);
            command
        }
    };
    command.arg(place.home().join("bin/kc.sh")).args([
        "start-dev",
        "--http-host=127.0.0.1",
        &format!("--http-port={port}"),
        &format!("--http-management-port={management}"),
        "--import-realm",
        "--health-enabled=true",
        "--metrics-enabled=true",
        "--event-metrics-user-enabled=true",
        "--event-metrics-user-tags=realm,clientId,idp",
        "--log-level=INFO,org.keycloak.events:debug",
    ]);
    if let Some(features) = place.features() {
        command.arg(format!("--features={features}"));
    }
    command
        .env("KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN)
        .env("KC_BOOTSTRAP_ADMIN_PASSWORD", ADMIN)
        .env("CLAIMSCOPE_KEYCLOAK_BASE", format!("http://127.0.0.1:{port}"))
        .current_dir(place.folder())
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        // Ctrl+C in the terminal is meant for us, not for a server that shall stay.
        .process_group(0);
    let child = command.spawn().map_err(|e| format!("{}: {e}", place.home().join("bin/kc.sh").display()))?;
    let note = Note::of(child.id(), port, management);
    place.keep(&note, true)?;
    Ok(note)
}

/// Waits until it is ready, and tells each step it comes to.
pub fn wait(place: &Place, note: &Note, limit: Duration, tell: &mut dyn FnMut(&str)) -> Result<()> {
    let began = Instant::now();
    let mut told = 0;
    tell(&format!("Keycloak {} is being started on port {}.", place.version, note.port));
    loop {
        let log = fs::read_to_string(place.log()).unwrap_or_default();
        // A start without a rebuild, or with kept data, leaves some marks out.
        if let Some(reached) = MARKS.iter().rposition(|(mark, _)| log.contains(mark)).filter(|reached| *reached >= told) {
            told = reached + 1;
            tell(&format!("  {:>8}  {}", shell::human(began.elapsed()), MARKS[reached].1));
        }
        if note.is_ready() {
            tell(&format!("  {:>8}  ready", shell::human(began.elapsed())));
            return Ok(());
        }
        let end = |what: &str| {
            let from = log.lines().count().saturating_sub(15);
            let last: Vec<&str> = log.lines().skip(from).collect();
            format!("Keycloak {} {what}. The end of {}:\n{}", place.version, place.log().display(), last.join("\n"))
        };
        if !note.alive() {
            place.keep(note, false)?;
            return Err(end("ended before it was ready"));
        }
        if began.elapsed() > limit {
            return Err(end(&format!("is not ready after {}", shell::human(limit))));
        }
        std::thread::sleep(LOOK);
    }
}

/// Stops it. Answers whether anything ran.
pub fn stop(place: &Place) -> Result<bool> {
    let Some(note) = place.note()? else {
        return Ok(false);
    };
    let ran = note.alive();
    if ran {
        signal("-TERM", &note)?;
        let began = Instant::now();
        while note.alive() && began.elapsed() < PATIENCE {
            std::thread::sleep(LOOK);
        }
        if note.alive() {
            signal("-KILL", &note)?;
        }
    }
    place.keep(&note, false)?;
    Ok(ran)
}

fn signal(name: &str, note: &Note) -> Result<()> {
    shell::read(&mut shell::command(&["kill", name, &note.pid.to_string()])).map(drop)
}

/// The port: the one that is wished for, else the one the data were made with, else a free one. Addresses of the realms stand
/// in the data, so another port means data made anew.
fn choose(place: &Place, wished: Option<u16>) -> Result<u16> {
    let is_free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    if let Some(port) = wished
        && !is_free(port)
    {
        return Err(format!("Port {port} is taken by another program. Give another one, or leave --port out."));
    }
    let kept = place.kept_port();
    let port = match (wished, kept) {
        (Some(port), _) => port,
        (None, Some(port)) if is_free(port) => port,
        _ => e2e::process::free_port()?,
    };
    if kept.is_some_and(|kept| kept != port) {
        println!("The realms are imported anew, because the addresses in them had the port {}.", kept.unwrap_or_default());
        place.forget()?;
    }
    Ok(port)
}
