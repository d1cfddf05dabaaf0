//! A desk: everything a desktop session gives an app, made for one scenario and thrown away after it. A home folder, a
//! virtual display, a session bus, an unlocked keychain (the real Secret Service), and a system browser that hands each
//! address over to the scenario instead of opening a window of its own.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use crate::{
    Result,
    process::{Environment, Process, output},
};

/// Screen of the virtual display: larger than the window, so that nothing is cut.
const SCREEN: &str = "1400x900x24";

/// How long each part of the desk may take to come up.
const LIMIT: Duration = Duration::from_secs(20);

/// Marks every process of a desk in its environment.
const MARK: &str = "CLAIMSCOPE_DESK";

/// What a desk is made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Make {
    /// A keychain that is there and unlocked.
    pub keychain: bool,
    /// A system browser that works.
    pub browser: bool,
}

impl Default for Make {
    fn default() -> Self {
        Self { keychain: true, browser: true }
    }
}

/// A desktop session.
pub struct Desk {
    folder: PathBuf,
    logs: PathBuf,
    environment: Environment,
    mark: String,
    // Ended in this order: who uses the display and the bus goes first.
    _keychain: Option<Process>,
    _bus: Process,
    _display: Process,
}

impl Desk {
    /// Sets up a desk. Logs of its parts go to `logs`, which is kept; the home folder is removed with the desk.
    pub fn new(logs: &Path, make: Make) -> Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let mark = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(format!("claimscope-desk-{mark}"));
        let logs = logs.to_owned();
        make_folder(&logs)?;
        for name in ["home", "data/applications", "config", "cache", "run", "screen"] {
            make_folder(&folder.join(name))?;
        }
        set_mode(&folder.join("run"), 0o700)?;
        let mut environment = environment(&folder, &mark);
        let log = |name: &str| logs.join(name);

        let screen = folder.join("screen").display().to_string();
        let words = ["Xvfb", "-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-fbdir", &screen];
        let (display, number) = Process::start_and_read_line(&words, &environment, &log("display.log"))?;
        environment.push(("DISPLAY".into(), format!(":{number}")));

        let words = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"];
        let (bus, address) = Process::start_and_read_line(&words, &environment, &log("bus.log"))?;
        environment.push(("DBUS_SESSION_BUS_ADDRESS".into(), address));

        let keychain = match make.keychain {
            true => Some(unlock_keychain(&environment, &log("keychain.log"))?),
            false => None,
        };
        let desk = Self { folder, logs, environment, mark, _keychain: keychain, _bus: bus, _display: display };
        desk.install_browser(make.browser)?;
        Ok(desk)
    }

    /// Environment for anything that runs on this desk.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Folder of all that programs keep: home, data, config, cache.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the logs go.
    pub fn logs(&self) -> &Path {
        &self.logs
    }

    /// The display's memory as an XWD file that X keeps up to date.
    pub fn screen(&self) -> PathBuf {
        self.folder.join("screen/Xvfb_screen0")
    }

    /// Addresses handed to the system browser so far, oldest first.
    pub fn opened(&self) -> Vec<String> {
        // No file means that nothing was opened yet.
        fs::read_to_string(self.folder.join("opened")).unwrap_or_default().lines().map(str::to_owned).collect()
    }

    /// Waits for address number `index` (from 0) to be handed to the system browser.
    pub fn wait_opened(&self, index: usize) -> Result<String> {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(address) = self.opened().into_iter().nth(index) {
                return Ok(address);
            }
            if Instant::now() > end {
                return Err(format!("the system browser was not opened (waited {} s)", LIMIT.as_secs()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The text on the clipboard.
    pub fn clipboard(&self) -> Result<String> {
        output(&["timeout", "10", "xclip", "-selection", "clipboard", "-out"], &self.environment)
    }

    /// A fresh folder on this desk.
    pub fn new_folder(&self, name: &str) -> Result<PathBuf> {
        let path = self.folder.join(name);
        make_folder(&path)?;
        Ok(path)
    }

    /// Ids of the living processes on this desk whose command name is `name`.
    pub fn processes(&self, name: &str) -> Vec<u32> {
        marked(MARK, &self.mark).into_iter().filter(|id| command_name(*id).as_deref() == Some(name)).collect()
    }

    /// xdg-open asks the desktop's default application first and `$BROWSER` only then; both are the same script here.
    fn install_browser(&self, works: bool) -> Result<()> {
        let script = self.folder.join("browser");
        let opened = self.folder.join("opened");
        let body = match works {
            true => format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", opened.display()),
            false => "#!/bin/sh\nexit 3\n".to_owned(),
        };
        write(&script, &body)?;
        set_mode(&script, 0o755)?;
        let entry = format!("[Desktop Entry]\nType=Application\nName=Browser\nExec={} %u\n", script.display());
        write(&self.folder.join("data/applications/browser.desktop"), &entry)?;
        let defaults = "[Default Applications]\nx-scheme-handler/http=browser.desktop\nx-scheme-handler/https=browser.desktop\n";
        write(&self.folder.join("config/mimeapps.list"), defaults)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let ids: Vec<String> = marked(MARK, &self.mark)
            .into_iter()
            .filter(|id| ![self._display.id(), self._bus.id()].contains(id))
            .map(|id| id.to_string())
            .collect();
        if !ids.is_empty() {
            // Whoever ended between looking and killing is no loss.
            let _ = Command::new("kill").arg("-KILL").args(&ids).status();
        }
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{} could not be removed: {error}", self.folder.display());
        }
    }
}

fn environment(folder: &Path, mark: &str) -> Environment {
    let at = |name: &str| folder.join(name).display().to_string();
    let path = std::env::var("PATH").unwrap_or_else(|_| "/usr/local/bin:/usr/bin:/bin".into());
    [
        ("PATH", path),
        ("LANG", "C.UTF-8".into()),
        ("TZ", "Europe/Paris".into()),
        ("HOME", at("home")),
        ("XDG_DATA_HOME", at("data")),
        ("XDG_CONFIG_HOME", at("config")),
        ("XDG_CACHE_HOME", at("cache")),
        ("XDG_RUNTIME_DIR", at("run")),
        ("BROWSER", at("browser")),
        ("NO_AT_BRIDGE", "1".into()),
        (MARK, mark.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn unlock_keychain(environment: &Environment, log: &Path) -> Result<Process> {
    let words = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"];
    let keychain = Process::start_with_input(&words, environment, log, "a desk's password\n")?;
    let ask = [
        "dbus-send",
        "--session",
        "--print-reply=literal",
        "--dest=org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        "org.freedesktop.DBus.NameHasOwner",
        "string:org.freedesktop.secrets",
    ];
    let end = Instant::now() + LIMIT;
    while !output(&ask, environment)?.contains("true") {
        if Instant::now() > end {
            return Err(format!("the keychain did not come up; see {}", log.display()));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(keychain)
}

/// Living processes that carry the variable `name` with `value`; every process of a desk inherits such a mark.
pub fn marked(name: &str, value: &str) -> Vec<u32> {
    let wanted = format!("{name}={value}");
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let mut ids: Vec<u32> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|id| {
            // A process of somebody else, or one that just ended, cannot be read and is not ours.
            let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|pair| pair == wanted.as_bytes())
        })
        .collect();
    ids.sort_unstable();
    ids
}

fn command_name(id: u32) -> Option<String> {
    fs::read_to_string(format!("/proc/{id}/comm")).ok().map(|name| name.trim().to_owned())
}

fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}

fn set_mode(path: &Path, mode: u32) -> Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|e| format!("{}: {e}", path.display()))
}
