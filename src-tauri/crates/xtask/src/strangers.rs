//! Authorization servers of other people (`tests/servers`): built side by side while others compile, each by its own tool, into
//! `target/servers`. The flow tests start them; what is not there is left out there with a word.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
    thread::JoinHandle,
};

use crate::{
    Result,
    packages::{self, For},
    shell, stamp,
};

/// Oldest Go that brings the newer one a module asks for by itself.
const GO: (u32, u32) = (1, 21);

/// One of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stranger {
    Django,
    Spring,
    Zitadel,
}

/// All, the one that takes longest first.
pub const ALL: [Stranger; 3] = [Stranger::Zitadel, Stranger::Spring, Stranger::Django];

/// The folder of one that is being built, and the work.
type Building = (&'static str, JoinHandle<Result<()>>);

/// What was begun and not yet waited for.
static BEGUN: Mutex<Vec<Building>> = Mutex::new(Vec::new());

impl Stranger {
    fn folder(self) -> &'static str {
        match self {
            Self::Django => "django-oauth-toolkit",
            Self::Spring => "spring-authorization-server",
            Self::Zitadel => "zitadel",
        }
    }

    /// What must be there afterwards.
    fn made(self) -> PathBuf {
        let place = shell::root().join("target/servers").join(self.folder());
        match self {
            Self::Django => place.join("bin/python"),
            Self::Spring => place.join("server.jar"),
            Self::Zitadel => place,
        }
    }

    /// Why it cannot be had here, whatever is installed from the distribution.
    pub fn hindered(self) -> Option<String> {
        if self != Self::Zitadel || self.made().is_file() {
            return None;
        }
        let enough = go().is_some_and(|version| version >= GO);
        (!enough).then(|| {
            format!(
                "Its module needs Go, {}.{} or newer, which is not here and which Debian 12 does not have. https://go.dev/dl has it.",
                GO.0, GO.1
            )
        })
    }

    /// Builds it when its sources changed.
    fn build(self, log: &Path) -> Result<()> {
        let source = shell::root().join("tests/servers").join(self.folder());
        let digest = stamp::digest(std::slice::from_ref(&source), &["target", "__pycache__"])?;
        let name = format!("server-{}", self.folder());
        if stamp::fits(&name, &digest)? && self.made().is_file() {
            return Ok(());
        }
        let made = self.made();
        let all = shell::root().join("target/servers");
        fs::create_dir_all(&all).map_err(|e| format!("{}: {e}", all.display()))?;
        let there = |command: &mut Command| shell::log(command.current_dir(&source), log);
        match self {
            Self::Django => {
                let place = all.join(self.folder());
                let _ = fs::remove_dir_all(&place);
                there(shell::command(&["python3", "-m", "venv"]).arg(&place))?;
                let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt"];
                there(Command::new(&made).args(pip))?;
            }
            Self::Spring => there(&mut shell::command(&["mvn", "--batch-mode", "--quiet", "package"]))?,
            Self::Zitadel => there(shell::command(&["go", "build", "-o"]).arg(&made).arg("."))?,
        }
        stamp::keep(&name, &digest)
    }
}

/// The Go that would run.
fn go() -> Option<(u32, u32)> {
    // It is printed as: go version go1.26.8 linux/amd64
    let text = shell::read(&mut shell::command(&["go", "version"])).ok()?;
    let mut numbers = text.split("go1.").nth(1)?.split(|c: char| !c.is_ascii_digit());
    Some((1, numbers.next()?.parse().ok()?))
}

/// Begins to build all that can be had. `log` is one file for each, made from this name.
pub fn begin(log: &Path) -> Result<()> {
    let tools = ["mvn", "javac", "python3"].iter().all(|tool| shell::is_there(tool));
    if !tools || shell::read(&mut shell::command(&["python3", "-c", "import ensurepip"])).is_err() {
        packages::ensure(For::Servers)?;
    }
    for server in ALL.into_iter().filter(|server| server.hindered().is_none()) {
        let log = log.with_extension(format!("{}.log", server.folder()));
        let _ = fs::remove_file(&log);
        let work =
            std::thread::spawn(move || server.build(&log).map_err(|message| format!("{message} Its log: {}", log.display())));
        BEGUN.lock().map_err(|error| error.to_string())?.push((server.folder(), work));
    }
    Ok(())
}

/// Waits for one of them; it is built here when the stage that begins was not asked for.
pub fn ready(server: Stranger, log: &Path) -> Result<()> {
    let mut begun = BEGUN.lock().map_err(|error| error.to_string())?;
    match begun.iter().position(|(name, _)| *name == server.folder()) {
        Some(at) => begun.swap_remove(at).1.join().map_err(|_| format!("Building {} broke off.", server.folder()))?,
        None => server.build(log),
    }
}
