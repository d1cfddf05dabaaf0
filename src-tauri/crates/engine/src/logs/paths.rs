//! Completing a path that somebody types.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use record::logs::PathChoice;

/// Most choices.
const MOST: usize = 200;

/// The files and folders a path could become: those of its folder that begin as its last part does, folders first. `~` is the
/// home folder. What cannot be read has no choices.
pub fn complete(typed: &str, home: Option<&Path>) -> Vec<PathChoice> {
    let typed = typed.trim_start();
    let whole: PathBuf = match (typed.strip_prefix('~'), home) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with(['/', MAIN_SEPARATOR]) => {
            PathBuf::from(format!("{}{}", home.display(), if rest.is_empty() { "/" } else { rest }))
        }
        _ => PathBuf::from(typed),
    };
    if !whole.is_absolute() {
        return Vec::new();
    }
    let text = whole.to_string_lossy().into_owned();
    let at = text.rfind(['/', MAIN_SEPARATOR]).map_or(0, |at| at + 1);
    let (folder, begun) = text.split_at(at);
    let begun = begun.to_lowercase();
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut choices: Vec<PathChoice> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            // Hidden ones only when asked for.
            if !name.to_lowercase().starts_with(&begun) || (name.starts_with('.') && !begun.starts_with('.')) {
                return None;
            }
            let about = std::fs::metadata(entry.path()).ok()?;
            if !about.is_dir() && !about.is_file() {
                return None;
            }
            let end = if about.is_dir() { MAIN_SEPARATOR.to_string() } else { String::new() };
            Some(PathChoice { path: format!("{folder}{name}{end}"), name, folder: about.is_dir(), bytes: about.len() })
        })
        .collect();
    choices.sort_by_key(|choice| (!choice.folder, choice.name.to_lowercase()));
    choices.truncate(MOST);
    choices
}
