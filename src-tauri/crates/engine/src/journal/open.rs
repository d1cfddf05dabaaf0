//! Opening the journal: it is looked at, brought to this version, mended or moved aside, and where nothing of that is possible,
//! this session's steps are kept in memory. Whatever stands in its place, the app starts.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{
    facts,
    fault::JournalFault,
    handle::Journal,
    later,
    line::Line,
    query,
    rows::{CountCache, Rows},
    schema,
};
use crate::storage;

/// Largest journal in bytes that is read whole before it is used; a few milliseconds.
const CHECKED_AT_START: u64 = 4 << 20;
/// How many damaged journals are kept: the newest.
const DAMAGED_KEPT: usize = 5;
/// The journal and what SQLite keeps beside it.
const SUFFIXES: [&str; 3] = ["", "-wal", "-shm"];

/// What was done about a journal that could not be opened as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// Stable id: `journal-damaged`, `journal-locked`, `journal-newer`, `journal-unreadable`, `journal-mended`, `journal-tokens`.
    pub id: &'static str,
    /// What happened.
    pub message: String,
    /// What was done.
    pub advice: String,
    /// True when the steps of this session are gone with it.
    pub memory_only: bool,
}

impl Journal {
    /// Opens the journal in a folder. A damaged file is moved aside; a table that is missing is made anew; a journal that is
    /// locked, from a newer version or cannot be used at all is left alone and this session's is kept in memory, beside what can
    /// be read of a newer one. What was done is returned to be shown.
    pub fn open(folder: &Path, now_ms: i64) -> Result<(Self, Option<Recovered>), JournalFault> {
        let path = folder.join("journal.sqlite");
        // A folder that cannot be made shows up when the file in it is opened.
        std::fs::create_dir_all(folder).ok();
        match Self::open_file(&path) {
            Ok((journal, lost)) => Ok((journal, mended(&lost))),
            Err(fault) => Self::recover(&path, fault, now_ms),
        }
    }

    /// A journal that is gone when dropped.
    pub fn memory() -> Result<Self, JournalFault> {
        Ok(Self::prepare(Connection::open_in_memory()?)?.0)
    }

    /// A small file is checked whole before it is used. A large one is opened at once, because reading all of it would hold
    /// up the window; [`Journal::check`] reads it meanwhile, and what that found is looked at here at the next start. Gives the
    /// tables that were missing as well.
    fn open_file(path: &Path) -> Result<(Self, Vec<String>), JournalFault> {
        for suffix in SUFFIXES {
            let file = with(path, suffix);
            // Looked at before SQLite opens it: a pipe would be waited for.
            if file.metadata().is_ok_and(|data| !data.is_file()) {
                return Err(JournalFault::NotAFile(file.display().to_string()));
            }
        }
        newer(path)?;
        if path.symlink_metadata().is_err() {
            // Made here, so that it is nobody else's from its first byte; where that fails, SQLite says why.
            let _ = storage::create_private(path);
        }
        let (suspect, size) = (suspect(path), std::fs::metadata(path).map_or(0, |data| data.len()));
        let connection = Connection::open(path)?;
        for file in SUFFIXES.map(|suffix| with(path, suffix)).iter().chain([&suspect]) {
            // A file that is not there needs nothing; one of somebody else's is not ours to change.
            let _ = storage::keep_file_private(file);
        }
        if size > 0 && (size <= CHECKED_AT_START || suspect.exists()) {
            connection.busy_timeout(schema::BUSY)?;
            healthy(&connection)?;
            // Gone only when the file was found healthy; a damaged one is moved aside together with its mark.
            let _ = std::fs::remove_file(suspect);
        }
        Self::prepare(connection)
    }

    /// Reads the whole journal of a folder over a connection of its own, which takes seconds for a very large one. Damage is
    /// marked, so that the next start moves the file aside instead of trusting it; answers whether it is healthy.
    pub fn check(folder: &Path) -> Result<bool, JournalFault> {
        let path = folder.join("journal.sqlite");
        let found = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .map_err(JournalFault::from)
            .and_then(|connection| healthy(&connection));
        match found {
            Ok(()) => Ok(true),
            Err(fault) if is_damage(&fault) => {
                storage::write_whole(&suspect(&path), fault.to_string().as_bytes())
                    .map_err(|error| JournalFault::Unmarked(error.to_string()))?;
                Ok(false)
            }
            Err(fault) => Err(fault),
        }
    }

    fn prepare(mut connection: Connection) -> Result<(Self, Vec<String>), JournalFault> {
        connection.busy_timeout(schema::BUSY)?;
        schema::migrate(&mut connection)?;
        let lost = schema::mend(&mut connection)?;
        if lost.iter().any(|table| schema::DERIVED.contains(&table.as_str())) {
            query::rebuild(&mut connection)?;
        }
        if lost.iter().any(|table| schema::FACTS.contains(&table.as_str())) {
            facts::begin_again(&connection)?;
        }
        let mut rows = Rows { connection, version: 1, counts: CountCache::default() };
        rows.index_open()?;
        Ok((Self { line: Line::begin(rows)? }, lost))
    }

    /// A journal in memory that holds what this version can read of a later one's file, which is not written to.
    fn look_at(path: &Path, fault: &JournalFault) -> Result<(Self, Option<Recovered>), JournalFault> {
        let journal = Self::memory()?;
        let from = path.to_owned();
        let copied = journal.line.ask(move |rows| later::copy(rows, &from));
        let (journal, shown) = match copied {
            Ok(copied) => {
                let whole = copied.steps == copied.of;
                let shown =
                    if whole { "Its steps".into() } else { format!("The newest {} of its {} steps", copied.steps, copied.of) };
                let unread = unread_words(&copied.unread);
                (journal, format!("{shown} are shown as far as this version can read them{unread}"))
            }
            // Half a copy is none.
            Err(_) => (Self::memory()?, "This version can show nothing of it".to_owned()),
        };
        let recovered = Recovered {
            id: "journal-newer",
            message: fault.to_string(),
            advice: format!(
                "{shown}. The file is left as it is, and the steps of this session are kept in memory only. Update Claimscope to go on with it."
            ),
            memory_only: true,
        };
        Ok((journal, Some(recovered)))
    }

    fn recover(path: &Path, fault: JournalFault, now_ms: i64) -> Result<(Self, Option<Recovered>), JournalFault> {
        let recovered = match &fault {
            fault if fault.is_locked() => Recovered {
                id: "journal-locked",
                message: "The journal is locked by another program.".into(),
                advice: "The steps of this session are kept in memory only. Close the other program and start Claimscope again."
                    .into(),
                memory_only: true,
            },
            JournalFault::Newer(_) => return Self::look_at(path, &fault),
            fault if is_damage(fault) => match move_aside(path, now_ms).map(|aside| (aside, Self::open_file(path))) {
                Ok((aside, Ok((journal, _)))) => {
                    let recovered = Recovered {
                        id: "journal-damaged",
                        message: "The journal file was damaged and could not be read.".into(),
                        advice: format!("It was moved aside to {}; a new journal was begun.", aside.display()),
                        memory_only: false,
                    };
                    return Ok((journal, Some(recovered)));
                }
                Ok((aside, Err(error))) => Recovered {
                    id: "journal-damaged",
                    message: format!("The journal file was damaged, and no new one could be begun. {error}"),
                    advice: format!(
                        "It was moved aside to {}; the steps of this session are kept in memory only.",
                        aside.display()
                    ),
                    memory_only: true,
                },
                Err(error) => Recovered {
                    id: "journal-damaged",
                    message: format!("The journal file is damaged and cannot be moved aside ({error})."),
                    advice: "The steps of this session are kept in memory only. Check the rights of the data folder.".into(),
                    memory_only: true,
                },
            },
            _ => Recovered {
                id: "journal-unreadable",
                message: fault.to_string(),
                advice:
                    "The steps of this session are kept in memory only. Check the rights of the data folder and the free space."
                        .into(),
                memory_only: true,
            },
        };
        Ok((Self::memory()?, Some(recovered)))
    }
}

/// `; steps 2 and 8 it cannot read, and does not list`.
fn unread_words(unread: &[i64]) -> String {
    const NAMED: usize = 8;
    let numbers: Vec<String> = unread.iter().take(NAMED).map(i64::to_string).collect();
    match (numbers.as_slice(), unread.len().saturating_sub(NAMED)) {
        ([], _) => String::new(),
        ([one], _) => format!("; step {one} it cannot read, and does not list"),
        ([first @ .., last], 0) => format!("; steps {} and {last} it cannot read, and does not list", first.join(", ")),
        (all, more) => format!("; steps {} and {more} more it cannot read, and does not list", all.join(", ")),
    }
}

fn mended(lost: &[String]) -> Option<Recovered> {
    (!lost.is_empty()).then(|| Recovered {
        id: "journal-mended",
        message: format!("The journal had lost a part of itself: {}.", lost.join(", ")),
        advice: "It was made anew; what can be derived from the recorded steps was derived again, the rest is empty.".into(),
        memory_only: false,
    })
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

/// Refuses a file of a newer version, looked at without any right to write to it. Whatever else is wrong with it is found later.
fn newer(path: &Path) -> Result<(), JournalFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let version = Connection::open_with_flags(path, flags)
        .and_then(|connection| connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0)));
    match version {
        Ok(version) if version > schema::version() => Err(JournalFault::Newer(version)),
        _ => Ok(()),
    }
}

/// Where it is noted that a journal was found damaged while it was in use.
fn suspect(path: &Path) -> PathBuf {
    path.with_extension("suspect")
}

fn healthy(connection: &Connection) -> Result<(), JournalFault> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" {
        return Ok(());
    }
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    Err(JournalFault::Sqlite(rusqlite::Error::SqliteFailure(code, Some(found))))
}

fn is_damage(fault: &JournalFault) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match fault {
        JournalFault::Sqlite(error) => matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase)),
        JournalFault::Record(_) | JournalFault::Foreign(_) => true,
        _ => false,
    }
}

/// Moves a journal out of the way, under a name nothing else has.
fn move_aside(path: &Path, now_ms: i64) -> std::io::Result<PathBuf> {
    let mut aside = path.with_file_name(format!("journal.damaged-{now_ms}.sqlite"));
    let mut turn = 1;
    while aside.symlink_metadata().is_ok() {
        turn += 1;
        aside = path.with_file_name(format!("journal.damaged-{now_ms}-{turn}.sqlite"));
    }
    std::fs::rename(path, &aside)?;
    let _ = std::fs::remove_file(suspect(path));
    for suffix in &SUFFIXES[1..] {
        // A side file that is not there needs no moving.
        let _ = std::fs::rename(with(path, suffix), with(&aside, suffix));
    }
    if let Some(folder) = path.parent() {
        forget_oldest(folder);
    }
    Ok(aside)
}

/// Damaged journals do not pile up without end.
fn forget_oldest(folder: &Path) {
    let mut damaged: Vec<(std::time::SystemTime, PathBuf)> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.starts_with("journal.damaged-") && name.ends_with(".sqlite")
        })
        .filter_map(|entry| Some((entry.metadata().ok().filter(std::fs::Metadata::is_file)?.modified().ok()?, entry.path())))
        .collect();
    damaged.sort();
    for (_, old) in &damaged[..damaged.len().saturating_sub(DAMAGED_KEPT)] {
        for suffix in SUFFIXES {
            let _ = std::fs::remove_file(with(old, suffix));
        }
    }
}
