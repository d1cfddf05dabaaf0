//! Remembers what a step was last done with, so that the second start takes seconds. A stamp is a digest of contents:
//! a fresh clone or a changed branch has new times, but not new contents.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::{Result, shell};

/// Digest of the files and folders in `paths`, leaving out folders with a name in `except`.
pub fn digest(paths: &[PathBuf], except: &[&str]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for path in paths {
        add(path, except, &mut hasher)?;
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Whether the step `name` was last done with this digest.
pub fn fits(name: &str, digest: &str) -> Result<bool> {
    // A missing stamp means that the step was never done.
    Ok(fs::read_to_string(path(name)?).is_ok_and(|kept| kept == digest))
}

/// Remembers that the step `name` was done with this digest.
pub fn keep(name: &str, digest: &str) -> Result<()> {
    let path = path(name)?;
    fs::write(&path, digest).map_err(|e| format!("{}: {e}", path.display()))
}

fn path(name: &str) -> Result<PathBuf> {
    Ok(shell::kept()?.join(format!("{name}.stamp")))
}

fn add(path: &Path, except: &[&str], hasher: &mut DefaultHasher) -> Result<()> {
    let told = |e: std::io::Error| format!("{}: {e}", path.display());
    if path.is_file() {
        path.hash(hasher);
        fs::read(path).map_err(told)?.hash(hasher);
        return Ok(());
    }
    let mut entries: Vec<_> = fs::read_dir(path).map_err(told)?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !except.contains(&name) {
            add(&entry, except, hasher)?;
        }
    }
    Ok(())
}
