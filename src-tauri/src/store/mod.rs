//! Profiles and preferences on disk, through tauri-plugin-store, with a last good copy beside each file.
//!
//! The plugin writes a file in place, reads a broken one as empty, and would forget what it cannot read. So a file is looked at
//! before it is used: a broken one, and one that lost its list, is moved aside and its last good copy put in its place; a newer
//! one is left alone; either is said. Values are handed to the plugin as text, so that what this version cannot read stays as
//! it is; the plugin writes beside the file, and what it wrote is synced and renamed over it.
//!
//! Where nothing can be written at all, everything is kept in memory and the window says so for as long as it is open.

mod look;
mod merge;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use engine::storage;
use serde_json::{Value, value::RawValue};
use tauri::{AppHandle, Runtime};
use tauri_plugin_store::StoreExt as _;
use wire::Notice;

pub use look::is_object;
use look::{State, Values, count, entries, look, next_copy};

/// Profiles.
const PROFILES: &str = "profiles.json";
/// Where the user was, and the window's habits.
const PREFERENCES: &str = "preferences.json";
/// Id of the notice that nothing can be saved.
pub const UNWRITABLE: &str = "folder-unwritable";
/// Key of the list of profiles.
pub const LIST: &str = "profiles";
/// Held while a file is looked at and written, so that two windows do it one after the other.
const LOCK: &str = "files.lock";
/// How long another window may hold it.
const PATIENCE: Duration = Duration::from_secs(3);
/// How many broken files, and how many good copies that held more, are kept: the newest.
const COPIES: usize = 5;

/// Writes all values beside a file and gives the place. The error is the end of a sentence.
type Write = Box<dyn Fn(&Values) -> Result<PathBuf, String> + Send + Sync>;

/// Where values are kept.
enum Place {
    /// In a file, by this.
    File(Write),
    /// Nowhere but here.
    Memory,
}

struct Inner {
    values: Values,
    /// What the file held when it was last read or written.
    seen: Values,
    problem: Option<Notice>,
}

/// One file.
pub struct KeptFile {
    path: PathBuf,
    good: PathBuf,
    what: &'static str,
    list: Option<&'static str>,
    place: Place,
    inner: Mutex<Inner>,
}

impl KeptFile {
    /// The value under a key.
    pub fn read(&self, key: &str) -> Option<Value> {
        self.with(|inner| inner.values.get(key).and_then(|text| serde_json::from_str(text.get()).ok()))
    }

    /// The entries of the list, each as its text.
    pub fn read_list(&self, key: &str) -> Vec<Box<RawValue>> {
        self.with(|inner| inner.values.get(key).and_then(|text| entries(text)).unwrap_or_default())
    }

    /// Saves a value under a key, then renews the last good copy. The error is a sentence, and then everything is as it was.
    pub fn write(&self, key: &str, value: &Value) -> Result<(), String> {
        let text = serde_json::value::to_raw_value(value).map_err(|error| format!("{key} cannot be written: {error}."))?;
        self.with(|inner| {
            let mut values = inner.values.clone();
            values.insert(key.to_owned(), text);
            self.save(inner, values)
        })
    }

    /// The same for a list; gives it as it was saved, with what another window added meanwhile.
    pub fn write_list(&self, key: &str, list: &[Box<RawValue>]) -> Result<Vec<Box<RawValue>>, String> {
        let text = as_list(list)?;
        self.with(|inner| {
            let mut values = inner.values.clone();
            values.insert(key.to_owned(), text);
            self.save(inner, values)?;
            Ok(inner.values.get(key).and_then(|text| entries(text)).unwrap_or_default())
        })
    }

    /// What is wrong with the safety copy, if anything.
    pub fn problem(&self) -> Option<Notice> {
        self.with(|inner| inner.problem.clone())
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Inner) -> T) -> T {
        use_it(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn save(&self, inner: &mut Inner, mut values: Values) -> Result<(), String> {
        let Place::File(write) = &self.place else {
            inner.values = values;
            return Ok(());
        };
        let _alone = self.path.parent().and_then(alone);
        let mut broken = false;
        match look(&self.path, self.list, self.what) {
            State::Sound(theirs) if self.emptied(&theirs) => broken = true,
            State::Sound(theirs) => take_changes(&mut values, &inner.seen, theirs, self.list)?,
            State::Absent => {}
            // Somebody wrote it while this window was open; what it holds is not ours to replace.
            State::Newer(schema) => {
                return Err(format!(
                    "{} was written meanwhile by a newer version of Claimscope (schema {schema}), and was left as it is. Close this window and work with that version.",
                    self.path.display()
                ));
            }
            State::Broken(_) => broken = true,
        }
        let failed = |why: String| format!("{} cannot be written: {why}.", self.path.display());
        let written = write(&values).map_err(failed)?;
        if broken {
            keep_aside(&self.path).inspect_err(|_| drop(fs::remove_file(&written)))?;
        }
        storage::put_in_place(&written, &self.path).map_err(|error| {
            let _ = fs::remove_file(&written);
            failed(error.to_string())
        })?;
        inner.problem = self.renew_copy(&values).err().map(|why| Notice {
            id: format!("{}-copy", self.what),
            message: format!("The safety copy {} cannot be written: {why}.", self.good.display()),
            advice: format!("The {} themselves are saved. Check the free space and the rights of the data folder.", self.what),
            standing: false,
        });
        inner.seen.clone_from(&values);
        inner.values = values;
        Ok(())
    }

    /// Whether the list is empty while the last good copy is not: whoever deletes the last entry empties both.
    fn emptied(&self, theirs: &Values) -> bool {
        let Some(list) = self.list.filter(|list| count(theirs, list) == 0) else { return false };
        matches!(look(&self.good, Some(list), self.what), State::Sound(before) if count(&before, list) > 0)
    }

    /// Renews the last good copy; one that holds what the new one lacks is kept beside it.
    fn renew_copy(&self, values: &Values) -> std::io::Result<()> {
        let bytes = fs::read(&self.path)?;
        if let (Some(folder), Some(list)) = (self.good.parent(), self.list)
            && self.holds_more(values, list)
        {
            let name = self.good.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            fs::rename(&self.good, next_copy(folder, &format!("{name}-"), "", COPIES))?;
        }
        storage::write_whole(&self.good, &bytes)
    }

    /// Whether the last good copy has an entry the values have not, or is something nobody can read.
    fn holds_more(&self, values: &Values, list: &str) -> bool {
        // Counted, since entries that nobody can tell apart are more than one all the same.
        let names = |values: &Values| {
            let all = values.get(list).and_then(|text| entries(text)).unwrap_or_default();
            all.iter().fold(std::collections::BTreeMap::<String, usize>::new(), |mut names, entry| {
                *names.entry(look::key(entry)).or_default() += 1;
                names
            })
        };
        match look(&self.good, Some(list), self.what) {
            State::Absent => false,
            State::Sound(before) => {
                let now = names(values);
                names(&before).iter().any(|(name, count)| now.get(name).is_none_or(|here| here < count))
            }
            State::Newer(_) | State::Broken(_) => true,
        }
    }
}

/// Moves a file aside as it is, beside the newest of its like. The error is a sentence.
fn keep_aside(path: &Path) -> Result<PathBuf, String> {
    let (folder, stem) = (path.parent().unwrap_or(path), path.file_stem().unwrap_or_default().to_string_lossy());
    let aside = next_copy(folder, &format!("{stem}.broken-"), ".json", COPIES);
    fs::rename(path, &aside).map_err(|error| format!("The broken file {} cannot be moved aside: {error}.", path.display()))?;
    Ok(aside)
}

/// Takes over what another window changed since the file was last seen.
fn take_changes(values: &mut Values, seen: &Values, theirs: Values, list: Option<&str>) -> Result<(), String> {
    for (key, text) in theirs {
        let before = seen.get(&key);
        if before.is_some_and(|before| before.get() == text.get()) {
            continue;
        }
        if list == Some(key.as_str()) {
            let of = |text: Option<&Box<RawValue>>| text.and_then(|text| entries(text)).unwrap_or_default();
            let merged = merge::merge(&of(before), &of(values.get(&key)), &of(Some(&text)));
            values.insert(key, as_list(&merged)?);
        } else if values.get(&key).map(|ours| ours.get()) == before.map(|before| before.get()) {
            values.insert(key, text);
        }
    }
    Ok(())
}

fn as_list(list: &[Box<RawValue>]) -> Result<Box<RawValue>, String> {
    let lines: Vec<&str> = list.iter().map(|entry| entry.get()).collect();
    let text = if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", lines.join(",\n")) };
    RawValue::from_string(text).map_err(|error| format!("The list cannot be written: {error}."))
}

/// Waits until no other window works at the files of a folder; none when that cannot be told, which stops nobody.
fn alone(folder: &Path) -> Option<File> {
    let path = folder.join(LOCK);
    let file = fs::OpenOptions::new().write(true).create(true).truncate(false).open(&path).ok()?;
    let _ = storage::keep_file_private(&path);
    let until = Instant::now() + PATIENCE;
    while file.try_lock().is_err() {
        if Instant::now() > until {
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Some(file)
}

/// Both files.
pub struct KeptFiles {
    /// Profiles, under [`LIST`].
    pub profiles: KeptFile,
    /// Preferences, under `view`.
    pub preferences: KeptFile,
}

/// Opens both files and says what had to be repaired, or that nothing can be kept.
pub fn open<R: Runtime>(app: &AppHandle<R>, folder: &Path) -> (KeptFiles, Vec<Notice>) {
    let mut notices = Vec::new();
    let writable = storage::try_folder(folder);
    if let Err(error) = &writable {
        notices.push(Notice {
            id: UNWRITABLE.into(),
            message: format!("Nothing can be saved, because the data folder {} cannot be written: {error}.", folder.display()),
            advice: "Everything works, but profiles, preferences and the journal of this session are gone when the window is closed. Correct the rights or the free space, then start Claimscope again.".into(),
            standing: true,
        });
    }
    let _alone = writable.is_ok().then(|| {
        // A folder of somebody else's that lets us write is used all the same; the files in it are kept private.
        let _ = storage::keep_private(folder);
        let alone = alone(folder);
        storage::sweep(folder);
        storage::keep_files_private(folder);
        alone
    });
    let mut file = |name, what, list| open_file(app, &folder.join(name), what, list, writable.is_ok(), &mut notices);
    let profiles = file(PROFILES, "profiles", Some(LIST));
    let preferences = file(PREFERENCES, "preferences", None);
    (KeptFiles { profiles, preferences }, notices)
}

fn open_file<R: Runtime>(
    app: &AppHandle<R>,
    path: &Path,
    what: &'static str,
    list: Option<&'static str>,
    writable: bool,
    notices: &mut Vec<Notice>,
) -> KeptFile {
    let FileAtHand { path, good, values } = find(path, what, list, writable, notices);
    let beside = storage::beside(&path);
    let built = writable.then(|| {
        app.store_builder(&beside)
            .disable_auto_save()
            .create_new()
            .serialize(as_text)
            .deserialize(|_| Ok(Default::default()))
            .build()
    });
    let place = match built {
        Some(Ok(store)) => Place::File(Box::new(move |values: &Values| {
            store.set("schema", Value::from(oauth::profile::SCHEMA_VERSION));
            for (key, text) in values.iter().filter(|(key, _)| *key != "schema") {
                store.set(key, text.get());
            }
            let saved = storage::create_private(&beside)
                .map_err(|error| error.to_string())
                .and_then(|_| store.save().map_err(|error| error.to_string()))
                .and_then(|()| File::open(&beside).and_then(|file| file.sync_all()).map_err(|error| error.to_string()));
            saved.map(|()| beside.clone()).inspect_err(|_| {
                // What is half written is of no use.
                let _ = fs::remove_file(&beside);
            })
        })),
        Some(Err(error)) => {
            notices.push(Notice {
                id: format!("{what}-unwritable"),
                message: format!("The {what} cannot be saved: {error}."),
                advice: "They are kept until the window is closed. Check the rights of the data folder.".into(),
                standing: true,
            });
            Place::Memory
        }
        None => Place::Memory,
    };
    let seen = values.clone();
    KeptFile { path, good, what, list, place, inner: Mutex::new(Inner { values, seen, problem: None }) }
}

/// The plugin's values are the texts of values: written as they are, one a line.
fn as_text(values: &std::collections::HashMap<String, Value>) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    let mut lines = Vec::new();
    let sorted: std::collections::BTreeMap<_, _> = values.iter().collect();
    for (key, value) in sorted {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        lines.push(format!("{}: {text}", serde_json::to_string(key)?));
    }
    Ok(format!("{{\n{}\n}}\n", lines.join(",\n")).into_bytes())
}

/// The file to use, and what it holds.
struct FileAtHand {
    path: PathBuf,
    good: PathBuf,
    values: Values,
}

/// Looks at a file and its last good copy, repairs what can be, and says so.
fn find(path: &Path, what: &str, list: Option<&str>, writable: bool, notices: &mut Vec<Notice>) -> FileAtHand {
    let good = PathBuf::from(format!("{}.good", path.display()));
    let held = |values: &Values| list.map_or(0, |key| count(values, key));
    let copy = match look(&good, list, what) {
        State::Sound(values) if list.is_none() || held(&values) > 0 => Some(values),
        _ => None,
    };
    let found = |values| FileAtHand { path: path.to_owned(), good: good.clone(), values };
    let why = match look(path, list, what) {
        State::Newer(schema) => {
            let instead = path.with_extension(format!("v{}.json", oauth::profile::SCHEMA_VERSION));
            notices.push(Notice {
                id: format!("{what}-newer"),
                message: format!("The {what} file was written by a newer version of Claimscope (schema {schema})."),
                advice: format!("It was left as it is. This version works with {} until you update.", instead.display()),
                standing: false,
            });
            // An older version's own file has no newer one beside it.
            return if instead == path { found(Values::new()) } else { find(&instead, what, list, writable, notices) };
        }
        State::Absent => match &copy {
            Some(_) => "is gone".to_owned(),
            None => return found(Values::new()),
        },
        State::Sound(values) => match &copy {
            Some(before) if list.is_some() && held(&values) == 0 => {
                format!("holds an empty list, while its last good copy holds {}", held(before))
            }
            _ => return found(values),
        },
        State::Broken(why) => why,
    };
    let mut kept = String::new();
    if path.symlink_metadata().is_ok() {
        kept = if writable {
            match keep_aside(path) {
                Ok(aside) => format!(" The broken file was kept as {}.", aside.display()),
                Err(why) => format!(" {why}"),
            }
        } else {
            " The broken file was left as it is.".into()
        };
    }
    let restored = copy.is_some();
    if restored && writable {
        // What cannot be put in its place now is written at the next save; it is read from the copy either way.
        let _ = fs::read(&good).and_then(|bytes| storage::write_whole(path, &bytes));
    }
    let advice = if restored {
        format!("The last good copy was put in its place.{kept}")
    } else {
        format!("There was no good copy, so the {what} begin empty.{kept}")
    };
    notices.push(Notice { id: format!("{what}-recovered"), message: format!("The {what} file {why}."), advice, standing: false });
    found(copy.unwrap_or_default())
}

#[cfg(test)]
mod tests;
