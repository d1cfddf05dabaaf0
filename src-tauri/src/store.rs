//! Profiles and preferences on disk, through tauri-plugin-store, with a last good copy beside each file.
//!
//! The plugin writes a file in place and reads a broken one as empty. So a file is looked at before the plugin sees it: a
//! broken one is moved aside and its last good copy put in its place, a newer one is refused, and either is said.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;
use tauri::{AppHandle, Runtime};
use tauri_plugin_store::StoreExt as _;
use wire::Notice;

/// Profiles.
const PROFILES: &str = "profiles.json";
/// Where the user was, and the window's habits.
const PREFERENCES: &str = "preferences.json";

type Read = Box<dyn Fn(&str) -> Option<Value> + Send + Sync>;
type Write = Box<dyn Fn(&str, Value) -> Result<(), String> + Send + Sync>;

/// One file.
pub struct KeptFile {
    read: Read,
    write: Write,
}

impl KeptFile {
    /// The value under a key.
    pub fn read(&self, key: &str) -> Option<Value> {
        (self.read)(key)
    }

    /// Saves a value under a key, then renews the last good copy. The error is a sentence.
    pub fn write(&self, key: &str, value: Value) -> Result<(), String> {
        (self.write)(key, value)
    }
}

/// Both files.
pub struct Kept {
    /// Profiles, under `profiles`.
    pub profiles: KeptFile,
    /// Preferences, under `view`.
    pub preferences: KeptFile,
}

/// Opens both files and says what had to be repaired.
pub fn open<R: Runtime>(app: &AppHandle<R>, folder: &Path) -> Result<(Kept, Vec<Notice>), Box<dyn std::error::Error>> {
    fs::create_dir_all(folder)?;
    engine::storage::keep_private(folder)?;
    let mut notices = Vec::new();
    let profiles = open_file(app, folder, PROFILES, "profiles", &mut notices)?;
    let preferences = open_file(app, folder, PREFERENCES, "preferences", &mut notices)?;
    Ok((Kept { profiles, preferences }, notices))
}

fn open_file<R: Runtime>(
    app: &AppHandle<R>,
    folder: &Path,
    name: &str,
    what: &str,
    notices: &mut Vec<Notice>,
) -> Result<KeptFile, Box<dyn std::error::Error>> {
    let path = folder.join(name);
    let good = folder.join(format!("{name}.good"));
    let mut usable = path.clone();
    if let Some((notice, instead)) = repair(&path, &good, what) {
        notices.push(notice);
        usable = instead;
    }
    let store = app.store_builder(&usable).disable_auto_save().build()?;
    let schema = Value::from(model::profile::SCHEMA_VERSION);
    let reading = Arc::clone(&store);
    // One write after the other, to the end: two at once would take each other's file away while it is copied.
    let writing = Mutex::new(());
    let write: Write = Box::new(move |key, value| {
        let _alone = writing.lock().unwrap_or_else(PoisonError::into_inner);
        store.set("schema", schema.clone());
        store.set(key, value);
        store.save().map_err(|error| format!("{} cannot be written: {error}.", usable.display()))?;
        fs::read(&usable)
            .and_then(|bytes| engine::storage::write_whole(&good, &bytes))
            .map_err(|error| format!("The safety copy {} cannot be written: {error}.", good.display()))
    });
    Ok(KeptFile { read: Box::new(move |key| reading.get(key)), write })
}

enum State {
    Absent,
    Sound,
    Newer(u64),
    Broken(String),
}

fn look(path: &Path) -> State {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return State::Absent,
        Err(error) => return State::Broken(format!("cannot be read ({error})")),
    };
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(Value::Object(map)) => match map.get("schema").and_then(Value::as_u64) {
            Some(schema) if schema > u64::from(model::profile::SCHEMA_VERSION) => State::Newer(schema),
            _ => State::Sound,
        },
        Ok(_) => State::Broken("holds something else than a JSON object".into()),
        Err(error) => State::Broken(format!("is not whole ({error})")),
    }
}

/// What had to be done, and which file to use from now on.
fn repair(path: &Path, good: &Path, what: &str) -> Option<(Notice, PathBuf)> {
    match look(path) {
        State::Absent | State::Sound => None,
        State::Newer(schema) => {
            let instead = path.with_extension(format!("v{}.json", model::profile::SCHEMA_VERSION));
            let notice = Notice {
                id: format!("{what}-newer"),
                message: format!("The {what} file was written by a newer version of Claimscope (schema {schema})."),
                advice: format!("It was left as it is. This version works with {} until you update.", instead.display()),
            };
            Some((notice, instead))
        }
        State::Broken(why) => {
            let aside = aside(path);
            let moved = fs::rename(path, &aside);
            let restored = matches!(look(good), State::Sound) && fs::copy(good, path).is_ok();
            let kept = match moved {
                Ok(()) => format!("The broken file was kept as {}.", aside.display()),
                Err(error) => format!("The broken file could not be moved aside ({error})."),
            };
            let advice = if restored {
                format!("The last good copy was put in its place. {kept}")
            } else {
                format!("There was no good copy, so the {what} begin empty. {kept}")
            };
            let notice = Notice { id: format!("{what}-recovered"), message: format!("The {what} file {why}."), advice };
            Some((notice, path.to_owned()))
        }
    }
}

/// A free name beside the file.
fn aside(path: &Path) -> PathBuf {
    (1..)
        .map(|number| path.with_extension(format!("broken-{number}.json")))
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| path.with_extension("broken.json"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_are_written_by_several_at_once() {
        let folder = folder("at-once");
        let context = tauri::test::mock_context(tauri::test::noop_assets());
        let builder = tauri::test::mock_builder().plugin(tauri_plugin_store::Builder::default().build());
        let app = builder.build(context).unwrap();
        let (kept, _) = open(app.handle(), &folder).unwrap();
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let preferences = &kept.preferences;
                scope.spawn(move || {
                    for turn in 0..25 {
                        assert_eq!(preferences.write("view", json!({ "writer": writer, "turn": turn })), Ok(()));
                    }
                });
            }
        });
        assert_eq!(fs::read(folder.join("preferences.json")).unwrap(), fs::read(folder.join("preferences.json.good")).unwrap());
        fs::remove_dir_all(&folder).unwrap();
    }

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("claimscope-store-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn check(name: &str, content: &[u8], copy: Option<&[u8]>, expected: &str, after: Option<&[u8]>) {
        let folder = folder(name);
        let (path, good) = (folder.join("profiles.json"), folder.join("profiles.json.good"));
        fs::write(&path, content).unwrap();
        if let Some(copy) = copy {
            fs::write(&good, copy).unwrap();
        }
        let found = repair(&path, &good, "profiles");
        assert_eq!(found.as_ref().map_or("", |(notice, _)| notice.id.as_str()), expected, "{name}");
        assert_eq!(fs::read(&path).ok().as_deref(), after, "{name}");
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_file_is_looked_at_before_it_is_used() {
        let sound: &[u8] = br#"{"schema":1,"profiles":[]}"#;
        check("sound", sound, None, "", Some(sound));
        check("truncated", &sound[..10], Some(sound), "profiles-recovered", Some(sound));
        check("truncated-no-copy", &sound[..10], None, "profiles-recovered", None);
        check("other-json", b"[]", Some(sound), "profiles-recovered", Some(sound));
        let newer: &[u8] = br#"{"schema":99}"#;
        check("newer", newer, Some(sound), "profiles-newer", Some(newer));
    }
}
