//! The files or the text a log is read from, and whether they can be read as one.

use std::{
    fs::{File, Metadata},
    io::{Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, RwLock, atomic::AtomicBool},
};

use record::logs::{Contents, Layout, LogFile, LogSource, Metrics, read_metrics, sniff};

use super::fault::{LogFault, fault};

/// Most files of a log.
pub(super) const MOST_FILES: usize = 200;
/// Largest metrics page.
const MOST_METRICS: u64 = 64 << 20;
/// A day, milliseconds.
pub(super) const DAY_MS: i64 = 86_400_000;

/// Where the bytes of a log are.
pub(super) enum Bytes {
    File(Mutex<File>),
    Text(Vec<u8>),
}

impl Bytes {
    /// Up to `length` bytes at a place; fewer at the end.
    pub(super) fn at(&self, offset: u64, length: usize) -> std::io::Result<Vec<u8>> {
        match self {
            Self::Text(text) => {
                let begin = usize::try_from(offset).unwrap_or(usize::MAX).min(text.len());
                Ok(text[begin..begin.saturating_add(length).min(text.len())].to_vec())
            }
            Self::File(file) => {
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(offset))?;
                let mut bytes = Vec::with_capacity(length);
                std::io::Read::by_ref(&mut *file).take(length as u64).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
        }
    }

    /// Bytes there are now.
    pub(super) fn length(&self) -> u64 {
        match self {
            Self::Text(text) => text.len() as u64,
            Self::File(file) => file.lock().unwrap_or_else(PoisonError::into_inner).metadata().map_or(0, |about| about.len()),
        }
    }
}

/// Which file this is, whatever its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    #[cfg(unix)]
    number: (u64, u64),
    #[cfg(not(unix))]
    created: Option<std::time::SystemTime>,
}

impl Identity {
    pub(super) fn of(file: &File) -> Option<Self> {
        file.metadata().ok().map(|about| Self::from(&about))
    }

    #[cfg(unix)]
    pub(super) fn from(about: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self { number: (about.dev(), about.ino()) }
    }

    #[cfg(not(unix))]
    pub(super) fn from(about: &Metadata) -> Self {
        Self { created: about.created().ok() }
    }
}

/// One of the files of a log, or its text.
pub(super) struct Source {
    pub(super) about: LogFile,
    pub(super) bytes: Bytes,
    /// Midnight before the file was last written, for lines without a day.
    pub(super) day_ms: i64,
    /// Where the file is looked for again when it is followed; none for text.
    pub(super) place: Option<PathBuf>,
    /// Which file stood there when it was opened.
    pub(super) identity: Option<Identity>,
    /// Whether the server emptied it since, so that its lines can be read no more.
    pub(super) gone: AtomicBool,
    /// How its lines are written, as far as that had to be learned.
    pub(super) layout: RwLock<Layout>,
}

impl Source {
    pub(super) fn text(text: &str, day_ms: i64) -> Self {
        let about = LogFile { name: "pasted text".into(), path: String::new(), bytes: text.len() as u64 };
        let bytes = Bytes::Text(text.as_bytes().to_vec());
        Self { about, bytes, day_ms, place: None, identity: None, gone: AtomicBool::new(false), layout: RwLock::default() }
    }

    pub(super) fn layout(&self) -> Layout {
        self.layout.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what a reader has learned for reading single records again.
    pub(super) fn learned(&self, layout: &Layout) {
        let known = *self.layout.read().unwrap_or_else(PoisonError::into_inner) == *layout;
        if !known {
            *self.layout.write().unwrap_or_else(PoisonError::into_inner) = layout.clone();
        }
    }
}

/// Opens what was named; a metrics page is read at once.
pub(super) fn prepare(source: &LogSource, today: i64) -> Result<(Vec<Source>, Option<Metrics>), LogFault> {
    let mut sources = Vec::new();
    match source {
        LogSource::Text { text } => {
            if text.trim().is_empty() {
                return Err(fault(
                    "empty",
                    "There is nothing in the pasted text.",
                    "Copy lines of a server log and paste them here.",
                ));
            }
            sources.push(Source::text(text, today));
        }
        LogSource::Files { paths } => {
            if paths.is_empty() {
                return Err(fault("no-such-file", "No file was named.", "Choose a log file, or paste lines."));
            }
            if paths.len() > MOST_FILES {
                return Err(fault(
                    "too-many",
                    format!("{} files are more than the {MOST_FILES} that can be open at once.", paths.len()),
                    "Open the ones of the time you need.",
                ));
            }
            for path in paths {
                sources.push(file(path)?);
            }
        }
    }
    for source in &sources {
        let name = &source.about.name;
        let head = source.bytes.at(0, 64 << 10).map_err(|error| unreadable(name, &error))?;
        match sniff(&head) {
            Contents::Log => {}
            Contents::Unreadable { message, advice } => {
                return Err(fault("unreadable", format!("{name} cannot be read as a log. {message}"), advice));
            }
            Contents::Metrics if sources.len() > 1 => {
                return Err(fault("bad-metrics", format!("{name} is a metrics page, not a log."), "Open it alone."));
            }
            Contents::Metrics => {
                let whole = source.bytes.at(0, MOST_METRICS as usize).map_err(|error| unreadable(name, &error))?;
                let metrics = read_metrics(&String::from_utf8_lossy(&whole))
                    .map_err(|message| fault("bad-metrics", message, "Nothing was changed; the log that was open still is."))?;
                return Ok((sources, Some(metrics)));
            }
        }
    }
    Ok((sources, None))
}

fn file(path: &str) -> Result<Source, LogFault> {
    let trimmed = path.trim();
    let place = Path::new(trimmed);
    if !place.is_absolute() {
        return Err(fault(
            "no-such-file",
            format!("{trimmed} is not a whole path."),
            "Type it from the root on, for example /var/log/keycloak.log.",
        ));
    }
    let name = place.file_name().map_or_else(|| trimmed.to_owned(), |name| name.to_string_lossy().into_owned());
    let about = std::fs::metadata(place).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            fault("no-such-file", format!("There is no file {trimmed}."), "Check the path; Tab completes it.")
        }
        _ => unreadable(trimmed, &error),
    })?;
    if !about.is_file() {
        let what = if about.is_dir() { "a folder" } else { "no regular file" };
        return Err(fault("no-file", format!("{trimmed} is {what}."), "Choose a log file."));
    }
    if about.len() == 0 {
        return Err(fault(
            "empty",
            format!("{name} is empty."),
            "Choose another file, or wait until the server has written to it.",
        ));
    }
    let opened = File::open(place).map_err(|error| unreadable(trimmed, &error))?;
    Ok(Source {
        about: LogFile { name, path: trimmed.to_owned(), bytes: about.len() },
        day_ms: day_of(&about),
        identity: Identity::of(&opened),
        bytes: Bytes::File(Mutex::new(opened)),
        place: Some(place.to_owned()),
        gone: AtomicBool::new(false),
        layout: RwLock::default(),
    })
}

/// Midnight before a file was last written, epoch milliseconds.
pub(super) fn day_of(about: &std::fs::Metadata) -> i64 {
    let written = about.modified().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
    let written_ms = written.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or_default());
    written_ms.div_euclid(DAY_MS) * DAY_MS
}

pub(super) fn unreadable(name: &str, error: &std::io::Error) -> LogFault {
    fault(
        "not-readable",
        format!("{name} cannot be read: {error}."),
        "Check the rights of the file, or copy it to a folder of yours.",
    )
}
