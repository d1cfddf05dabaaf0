//! Where a server lives: one folder for each version and kind, with its home, its log and the note about its process.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{Result, shell, stamp};

/// Which features are on. V1 answers for V2 wherever V2 refuses a client without the switch, so the two cannot share a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What a fresh Keycloak has.
    Standard,
    /// Legacy exchange, its permissions, and delegation where the version has it.
    Legacy,
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Place {
    /// Version of the distribution.
    pub version: String,
    /// Features.
    pub kind: Kind,
    folder: PathBuf,
}

/// What is known of a process that was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Process id.
    pub pid: u32,
    /// When the process began, in the kernel's ticks since it booted: a number that is used again does not have the same.
    pub begun: u64,
    /// Port of the realms and of the admin console.
    pub port: u16,
    /// Port of health and metrics.
    pub management: u16,
}

impl Place {
    /// The place of a version and kind; `purpose` keeps a server for tests apart from a developer's own.
    pub fn new(version: &str, kind: Kind, purpose: &str) -> Result<Self> {
        let is_version = version.split('.').count() == 3 && version.split('.').all(|part| part.parse::<u32>().is_ok());
        if !is_version {
            return Err(format!("`{version}` is no version of Keycloak. Give three numbers, such as {}.", super::VERSION));
        }
        let name = match kind {
            Kind::Standard => format!("{purpose}{version}"),
            Kind::Legacy => format!("{purpose}{version}-legacy"),
        };
        Ok(Self { version: version.to_owned(), kind, folder: root().join(name) })
    }

    /// All places there are.
    pub fn all() -> Result<Vec<Self>> {
        let Ok(entries) = fs::read_dir(root()) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for entry in entries {
            let folder = entry.map_err(|e| format!("{}: {e}", root().display()))?.path();
            let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let kind = if name.ends_with("-legacy") { Kind::Legacy } else { Kind::Standard };
            let version = name.trim_end_matches("-legacy").rsplit('-').next().unwrap_or_default().to_owned();
            if folder.join("home").is_dir() {
                found.push(Self { version, kind, folder });
            }
        }
        found.sort_by(|a, b| a.folder.cmp(&b.folder));
        Ok(found)
    }

    /// Its name for people.
    pub fn name(&self) -> String {
        self.folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// The place's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The unpacked distribution.
    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// What the server prints.
    pub fn log(&self) -> PathBuf {
        self.folder.join("keycloak.log")
    }

    /// The features to switch on, as `--features` takes them.
    pub fn features(&self) -> Option<&'static str> {
        let mut numbers = self.version.split('.').filter_map(|part| part.parse::<u32>().ok());
        let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        match self.kind {
            Kind::Standard => None,
            Kind::Legacy if version >= (26, 7) => {
                Some("token-exchange:v1,admin-fine-grained-authz:v1,token-exchange-delegation,parameterized-scopes")
            }
            Kind::Legacy => Some("token-exchange:v1,admin-fine-grained-authz:v1"),
        }
    }

    /// The note about the last start, whether or not that process still lives.
    pub fn note(&self) -> Result<Option<Note>> {
        let path = self.note_path();
        let Ok(text) = fs::read_to_string(&path) else {
            return Ok(None);
        };
        let value: Value = serde_json::from_str(&text).map_err(|e| format!("{}: {e}. Delete it.", path.display()))?;
        let number = |name: &str| value[name].as_u64().ok_or_else(|| format!("{}: no {name}. Delete it.", path.display()));
        let small = |name: &str| {
            number(name).and_then(|n| u16::try_from(n).map_err(|_| format!("{}: {name} is no port.", path.display())))
        };
        let pid = u32::try_from(number("pid")?).map_err(|_| format!("{}: no process id.", path.display()))?;
        let note = Note { pid, begun: number("begun")?, port: small("port")?, management: small("management")? };
        Ok(if value["running"].as_bool() == Some(true) { Some(note) } else { None })
    }

    /// The note of a server that lives and answers.
    pub fn running(&self) -> Result<Option<Note>> {
        Ok(self.note()?.filter(|note| note.alive() && note.is_ready()))
    }

    /// The port the data were made with: addresses of the realms stand in them.
    pub fn kept_port(&self) -> Option<u16> {
        let text = fs::read_to_string(self.note_path()).ok()?;
        let value: Value = serde_json::from_str(&text).ok()?;
        if !self.home().join("data/h2").is_dir() {
            return None;
        }
        value["port"].as_u64().and_then(|port| u16::try_from(port).ok())
    }

    /// Keeps the note of a start, or says of the same that it was stopped.
    pub fn keep(&self, note: &Note, running: bool) -> Result<()> {
        let value =
            json!({ "pid": note.pid, "begun": note.begun, "port": note.port, "management": note.management, "running": running });
        fs::write(self.note_path(), format!("{value:#}\n")).map_err(|e| format!("{}: {e}", self.note_path().display()))
    }

    /// Throws the data away; the distribution stays.
    pub fn forget(&self) -> Result<()> {
        for path in [self.home().join("data"), self.folder.join("realms.stamp")] {
            let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            match gone {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(format!("{}: {error}", path.display())),
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether the data were made from other realm files than there are now.
    pub fn realms_changed(&self) -> Result<bool> {
        let Ok(before) = fs::read_to_string(self.folder.join("realms.stamp")) else {
            return Ok(false);
        };
        Ok(before != digest()?)
    }

    /// Puts the realm files where the server imports them from.
    pub fn offer_realms(&self) -> Result<()> {
        let to = self.home().join("data/import");
        let fresh = !self.home().join("data/h2").is_dir();
        fs::create_dir_all(&to).map_err(|e| format!("{}: {e}", to.display()))?;
        for name in ["platform.json", "partner.json"] {
            let from = fixtures().join(name);
            fs::copy(&from, to.join(name)).map_err(|e| format!("{}: {e}", from.display()))?;
        }
        if fresh {
            let stamp = self.folder.join("realms.stamp");
            fs::write(&stamp, digest()?).map_err(|e| format!("{}: {e}", stamp.display()))?;
        }
        Ok(())
    }

    fn note_path(&self) -> PathBuf {
        self.folder.join("server.json")
    }
}

impl Note {
    /// Address of the server, without a path.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The note of a process that was just started.
    pub fn of(pid: u32, port: u16, management: u16) -> Self {
        let begun = process(pid).map_or(0, |(_, begun)| begun);
        Self { pid, begun, port, management }
    }

    /// Whether the process is there and is the one that was started, not a stranger with its number.
    pub fn alive(&self) -> bool {
        process(self.pid).is_some_and(|(state, begun)| !matches!(state, 'Z' | 'X') && begun == self.begun)
    }

    /// Whether it answers that it is ready.
    pub fn is_ready(&self) -> bool {
        let limit = Duration::from_secs(5);
        let ok = |port: u16, path: &str| e2e::http::send(port, "GET", path, None, limit).is_ok_and(|answer| answer.status == 200);
        ok(self.management, "/health/ready") && ok(self.port, "/realms/platform/.well-known/openid-configuration")
    }
}

/// State and beginning of a process (proc(5), fields 3 and 22 of `stat`). Its name stands in brackets and may hold anything.
fn process(pid: u32) -> Option<(char, u64)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    Some((fields.first()?.chars().next()?, fields.get(19)?.parse().ok()?))
}

/// Where all servers live.
pub fn root() -> PathBuf {
    shell::root().join("target/keycloak")
}

/// The realm files.
pub fn fixtures() -> PathBuf {
    shell::root().join("tests/fixtures/keycloak")
}

fn digest() -> Result<String> {
    stamp::digest(&[fixtures().join("platform.json"), fixtures().join("partner.json")], &[])
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Kind, Note, Place};

    #[test]
    fn a_process_is_alive_until_it_ends_and_no_stranger_is_taken_for_it() {
        let mut child = Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        let note = Note::of(child.id(), 1, 2);
        assert!(note.alive());
        assert!(!Note { begun: note.begun + 1, ..note.clone() }.alive());
        drop(child.stdin.take());
        let ended = std::time::Instant::now();
        // Not waited for: what has ended stays in the table, and is dead all the same.
        while note.alive() && ended.elapsed().as_secs() < 10 {
            std::thread::yield_now();
        }
        assert!(!note.alive());
        child.wait().unwrap();
        assert!(!note.alive());
    }

    #[test]
    fn features_go_by_kind_and_version() {
        let features = |version: &str, kind| Place::new(version, kind, "").unwrap().features();
        assert_eq!(features("26.7.5", Kind::Standard), None);
        assert_eq!(features("26.2.5", Kind::Legacy), Some("token-exchange:v1,admin-fine-grained-authz:v1"));
        assert!(features("26.7.5", Kind::Legacy).is_some_and(|text| text.contains("token-exchange-delegation")));
        for wrong in ["26.7", "26.7.5.1", "latest", "../26.7.5", "26.7.x", ""] {
            assert!(Place::new(wrong, Kind::Standard, "").is_err(), "{wrong}");
        }
    }
}
