//! Writing files so that a crash leaves either the old or the new content, never half of one.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

/// Writes a whole file beside its place, syncs it, and renames it over. On Unix only the owner may read it.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // A name of its own for each, so that two at once do not take each other's file away.
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let beside = path.with_extension(format!("{}-{}.writing", std::process::id(), WRITTEN.fetch_add(1, Ordering::Relaxed)));
    let written = create_private(&beside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, path)).inspect_err(|_| {
        // What is half written is of no use; that it cannot be removed either changes nothing.
        let _ = fs::remove_file(&beside);
    })
}

/// Lets only the owner into a folder (Unix); elsewhere the system's profile folders are private already.
#[cfg(unix)]
pub fn keep_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Lets only the owner into a folder (Unix); elsewhere the system's profile folders are private already.
#[cfg(not(unix))]
pub fn keep_private(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create_private(path: &Path) -> io::Result<File> {
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
        fs::remove_dir_all(&folder).unwrap();
    }
}
