//! Looking at a file before it is used: whether it is whole, of this version, and holds what its last good copy leads to expect.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde_json::value::RawValue;

/// Largest file that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// What a file holds: the text of each value, so that what this version cannot read is kept as it is, to the byte.
pub type Values = BTreeMap<String, Box<RawValue>>;

/// What a file was found to be.
pub enum State {
    /// There is none.
    Absent,
    /// As it should be.
    Sound(Values),
    /// Written by a newer version, of this schema.
    Newer(u64),
    /// The end of a sentence that says why not.
    Broken(String),
}

/// Looks at a file. `list` is the key under which it should hold a list, `what` what the list is of.
pub fn look(path: &Path, list: Option<&str>, what: &str) -> State {
    let bytes = match engine::storage::read_bounded(path, LARGEST) {
        Ok(bytes) => bytes,
        // A link that leads nowhere is something that was put there; a missing file, or a missing folder, is not.
        Err(_) if path.symlink_metadata().is_err() => return State::Absent,
        Err(error) => return State::Broken(format!("cannot be read ({error})")),
    };
    let values: Values = match serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)) {
        Ok(values) => values,
        Err(error) if error.is_data() => return State::Broken("holds something else than a JSON object".into()),
        Err(error) => return State::Broken(format!("is not whole ({error})")),
    };
    // Of a key that stands twice, as after a merge by hand, one value would be forgotten with the next save.
    if let Some(twice) = repeated(&bytes) {
        return State::Broken(format!("names {} twice", token::shown::shown(&twice)));
    }
    if let Some(schema) = values.get("schema") {
        match serde_json::from_str::<u64>(schema.get()) {
            Ok(schema) if schema > u64::from(oauth::profile::SCHEMA_VERSION) => return State::Newer(schema),
            Ok(_) => {}
            Err(_) => return State::Broken("names no version that can be read".into()),
        }
    }
    match list.and_then(|key| values.get(key)) {
        Some(text) if entries(text).is_none() => State::Broken(format!("holds no list of {what}")),
        _ => State::Sound(values),
    }
}

/// The first key of the file that stands in it twice.
fn repeated(bytes: &[u8]) -> Option<String> {
    struct Keys;
    impl<'de> serde::de::Visitor<'de> for Keys {
        type Value = Option<String>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut seen = std::collections::BTreeSet::new();
            let mut twice = None;
            while let Some((key, _)) = map.next_entry::<String, &'de RawValue>()? {
                if !seen.insert(key.clone()) {
                    twice.get_or_insert(key);
                }
            }
            Ok(twice)
        }
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    serde::Deserializer::deserialize_map(&mut reader, Keys).ok().flatten()
}

/// The entries of a list; none when it is no list, or one in which nothing is an object.
pub fn entries(list: &RawValue) -> Option<Vec<Box<RawValue>>> {
    let list: Vec<Box<RawValue>> = serde_json::from_str(list.get()).ok()?;
    (list.is_empty() || list.iter().any(|entry| is_object(entry))).then_some(list)
}

/// Whether an entry is an object; a list would be read as the fields of one in their order.
pub fn is_object(entry: &RawValue) -> bool {
    entry.get().starts_with('{')
}

/// How many entries there are under a key; 0 where there is no list.
pub fn count(values: &Values, key: &str) -> usize {
    values.get(key).and_then(|text| entries(text)).map_or(0, |list| list.len())
}

/// What an entry is known by: its id, or its whole text where it has none.
pub fn key(entry: &RawValue) -> String {
    #[derive(serde::Deserialize)]
    struct Named {
        id: String,
    }
    let named = is_object(entry).then(|| serde_json::from_str::<Named>(entry.get()).ok()).flatten();
    named.map_or_else(|| entry.get().to_owned(), |named| named.id)
}

/// A free name for a copy: `stem` with the next number, and the oldest of those that are there removed, so that `kept` stay.
pub fn next_copy(folder: &Path, stem: &str, end: &str, kept: usize) -> PathBuf {
    let mut numbers: Vec<u64> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_prefix(stem)?.strip_suffix(end)?.parse().ok())
        .collect();
    numbers.sort_unstable();
    let name = |number: u64| folder.join(format!("{stem}{number}{end}"));
    for number in &numbers[..numbers.len().saturating_sub(kept.saturating_sub(1))] {
        // A folder among them is somebody's own; it stays.
        let _ = std::fs::remove_file(name(*number));
    }
    let mut next = numbers.last().map_or(1, |last| last.saturating_add(1));
    while name(next).symlink_metadata().is_ok() {
        next = next.wrapping_add(1).max(1);
    }
    name(next)
}
