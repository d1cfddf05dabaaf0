//! Writing files so that a crash leaves either the old or the new content, never half of one; and keeping them the user's own.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

/// Suffix of files that are being written.
const WRITING: &str = "writing";
/// How old a half-written file is before it is taken for left behind.
const LEFT_BEHIND: Duration = Duration::from_secs(60);

/// Writes a whole file beside its place, syncs it, and renames it over. On Unix only the owner may read it.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = beside(path);
    let written = create_private(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| put_in_place(&beside, path)).inspect_err(|_| {
        // What is half written is of no use; that it cannot be removed either changes nothing.
        let _ = fs::remove_file(&beside);
    })
}

/// A name beside a file to write its next content to. A name of its own for each, so that two at once do not take each other's
/// file away.
pub fn beside(path: &Path) -> PathBuf {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    path.with_extension(format!("{}-{}.{WRITING}", std::process::id(), WRITTEN.fetch_add(1, Ordering::Relaxed)))
}

/// Renames a written and synced file over its place, and syncs the folder, so that the name lasts as well.
pub fn put_in_place(written: &Path, path: &Path) -> io::Result<()> {
    fs::rename(written, path)?;
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        // Not every file system can; the content is on disk either way.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

/// Reads a file of at most `limit` bytes. Nothing but a plain file is opened: a pipe would be waited for without end.
pub fn read_bounded(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a plain file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        return Err(io::Error::new(ErrorKind::FileTooLarge, format!("it is larger than {} MiB", limit >> 20)));
    }
    Ok(bytes)
}

/// Whether a file can be written into a folder; makes the folder if it is not there.
pub fn try_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let beside = beside(&folder.join("probe"));
    let written = create_private(&beside).and_then(|mut file| file.write_all(b"probe"));
    let removed = fs::remove_file(&beside);
    written.and(removed)
}

/// Lets only the owner into a folder (Unix); elsewhere the system's profile folders are private already.
#[cfg(unix)]
pub fn keep_private(folder: &Path) -> io::Result<()> {
    set_mode(folder, 0o700)
}

/// Lets only the owner into a folder (Unix); elsewhere the system's profile folders are private already.
#[cfg(not(unix))]
pub fn keep_private(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Lets only the owner read the plain files of a folder, whoever wrote them and with which mode. A link is left alone, and so is
/// what leads elsewhere. A file that cannot be changed is somebody else's.
pub fn keep_files_private(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let _ = keep_file_private(&entry.path());
        }
    }
}

/// Lets only the owner read a file (Unix).
#[cfg(unix)]
pub fn keep_file_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    match fs::symlink_metadata(path) {
        Ok(data) if data.is_file() && data.permissions().mode() & 0o177 != 0 => set_mode(path, 0o600),
        Ok(_) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Lets only the owner read a file (Unix).
#[cfg(not(unix))]
pub fn keep_file_private(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Removes what a killed process left half written.
#[expect(clippy::disallowed_methods, reason = "the age of a file by the clock that stamped it")]
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let left = entry.path().extension().is_some_and(|extension| extension == WRITING)
            && entry.metadata().is_ok_and(|data| {
                let age = data.modified().ok().and_then(|changed| SystemTime::now().duration_since(changed).ok());
                data.is_file() && age.is_some_and(|age| age > LEFT_BEHIND)
            });
        if left {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A place in which nothing can be written: what stands for the data folder where the system names none.
pub fn nowhere() -> PathBuf {
    PathBuf::from(if cfg!(windows) { r"\\.\NUL\claimscope" } else { "/dev/null/claimscope" })
}

/// Creates a file, or empties it, that only the owner may read (Unix).
#[cfg(unix)]
pub fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// Creates a file, or empties it, that only the owner may read (Unix).
#[cfg(not(unix))]
pub fn create_private(path: &Path) -> io::Result<File> {
    File::create(path)
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn others_get_neither_into_the_folder_nor_at_a_file() {
        use super::*;
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("claimscope-storage-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        keep_private(&folder).unwrap();
        write_whole(&folder.join("file"), b"content").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join("file"))), (0o700, 0o600));
        fs::set_permissions(folder.join("file"), fs::Permissions::from_mode(0o666)).unwrap();
        keep_files_private(&folder);
        assert_eq!(mode(&folder.join("file")), 0o600);
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn nothing_can_be_written_nowhere() {
        assert!(super::try_folder(&super::nowhere()).is_err());
    }
}
