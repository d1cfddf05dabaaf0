//! The data folder itself: absent, not writable, somebody else's modes, a full disk. The app starts and says what is wrong.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use serde_json::json;
use tempfile::TempDir;

use super::{Started, another, blocking, files, folder, hold, ids, names, save, worded};
use crate::row::Attack;

/// Puts something where the data folder should be, and gives the folder's path.
type Spoil = fn(&Path) -> String;

/// Rows about folders, modes and disks.
pub fn rows() -> Vec<Attack> {
    let mut rows = Vec::new();
    let places: [(&str, Spoil); 7] = [
        ("a file stands in its place", |base| {
            fs::write(base.join("data"), "a file").expect("a file");
            base.join("data").display().to_string()
        }),
        ("a file stands above it", |base| {
            fs::write(base.join("data"), "a file").expect("a file");
            base.join("data/below").display().to_string()
        }),
        ("its link leads to itself", |base| {
            std::os::unix::fs::symlink(base.join("data"), base.join("data")).expect("a link");
            base.join("data").display().to_string()
        }),
        ("its link leads nowhere", |base| {
            std::os::unix::fs::symlink("/nonexistent/data", base.join("data")).expect("a link");
            base.join("data").display().to_string()
        }),
        ("the system makes no folder there", |_| "/proc/claimscope".into()),
        ("the system lets nobody write there", |_| "/proc/self".into()),
        ("it lies below a device", |_| engine::storage::nowhere().display().to_string()),
    ];
    for (name, place) in places {
        rows.push(blocking(format!("folder: {name}"), move || {
            let base = TempDir::new().expect("a folder");
            works_in_memory(Path::new(&place(base.path())))
        }));
    }
    rows.push(blocking("folder: it is not there yet, nor the one above it", || {
        let base = TempDir::new().expect("a folder");
        let place = base.path().join("not/yet");
        let app = Started::in_folder(&place);
        hold(ids(&app.boot()).is_empty(), || app.boot().to_string())?;
        save(&app, "Mine").map_err(|fault| fault.to_string())?;
        hold(mode(&place) == 0o700, || format!("mode {:o}", mode(&place)))
    }));
    rows.push(blocking("folder: everybody may read what was there, and nobody may afterwards", || {
        let folder = folder(&[]);
        drop({
            let app = Started::in_folder(folder.path());
            save(&app, "Mine").map_err(|fault| fault.to_string())?;
            app.ask("choose_secret_store", json!({"kind": "encrypted_file", "passphrase": "long enough"}))
                .map_err(|fault| fault.to_string())?;
            app
        });
        fs::write(folder.path().join("profiles.broken-1.json"), "an older broken one").map_err(|error| error.to_string())?;
        open_to_all(folder.path());
        let _app = Started::in_folder(folder.path());
        private(folder.path())?;
        for name in ["profiles.json", "profiles.json.good", "preferences.json", "journal.sqlite", "secrets.sealed"] {
            hold(name == "preferences.json" || folder.path().join(name).is_file(), || format!("{name} is not there"))?;
        }
        Ok(())
    }));
    rows.push(blocking("folder: with any mask, nothing that is written is readable for others", || {
        let folder = folder(&[]);
        let app = Started::in_folder(folder.path());
        save(&app, "Mine").map_err(|fault| fault.to_string())?;
        let draft = app.ask("discover", json!({"issuer": "http://127.0.0.1:1", "realm": "", "profile": null}));
        hold(draft.is_err(), || "nobody answers there".into())?;
        hold(folder.path().join("journal.sqlite-wal").is_file(), || "the journal has no log".into())?;
        private(folder.path())
    }));
    rows.push(Attack::new("folder: the user's own lead nowhere", async {
        let output =
            another("export HOME=/dev/null/home XDG_DATA_HOME=/dev/null/data XDG_CONFIG_HOME=/dev/null/config;", "no-home")
                .output()
                .await
                .map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        hold(output.status.success() && text.contains("held: no-home"), || text)
    }));
    for blocks in [0, 1, 2, 8] {
        rows.push(Attack::new(format!("disk: a file may grow to {} bytes only", blocks * 512), async move {
            let folder = TempDir::new().expect("a folder");
            drop(
                tokio::task::block_in_place(|| save(&Started::in_folder(folder.path()), "Before"))
                    .map_err(|fault| fault.to_string())?,
            );
            // Written before the disk is full, so that the child has everything but room.
            let mut command = another(&format!("trap '' XFSZ; ulimit -f {blocks};"), "full-disk");
            let output = command.env("ATTACK_FOLDER", folder.path()).output().await.map_err(|error| error.to_string())?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            hold(output.status.success() && text.contains("held: full-disk"), || {
                format!("{text}{}", String::from_utf8_lossy(&output.stderr))
            })?;
            let boot = tokio::task::block_in_place(|| Started::in_folder(folder.path()).boot());
            hold(names(&boot).first().is_some_and(|name| name == "Before"), || boot.to_string())?;
            let half = files(folder.path()).into_iter().find(|path| path.extension().is_some_and(|end| end == "writing"));
            hold(half.is_none(), || format!("{half:?} is left behind"))
        }));
    }
    rows
}

fn works_in_memory(place: &Path) -> Result<(), String> {
    let app = Started::in_folder(place);
    let boot = app.boot();
    worded(&boot)?;
    let found = ids(&boot);
    hold(found == ["folder-unwritable"], || boot.to_string())?;
    let standing = boot["notices"].as_array().into_iter().flatten().all(|notice| notice["standing"] == true);
    hold(standing, || "a notice can be dismissed".into())?;
    app.ask("dismiss_notice", json!({"id": "folder-unwritable"})).map_err(|fault| fault.to_string())?;
    hold(ids(&app.boot()) == found, || "it was dismissed".into())?;
    // Everything works for as long as the window is open.
    let saved = save(&app, "Meanwhile").map_err(|fault| fault.to_string())?;
    app.ask("choose_profile", json!({"id": saved["profile"]["id"]})).map_err(|fault| fault.to_string())?;
    app.ask("paste", json!({"text": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."})).map_err(|fault| fault.to_string())?;
    let boot = app.boot();
    hold(names(&boot) == ["Meanwhile"] && boot["tokens"].as_array().is_some_and(|list| list.len() == 1), || boot.to_string())
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).map_or(0, |data| data.permissions().mode() & 0o777)
}

fn open_to_all(folder: &Path) {
    for path in files(folder) {
        if path.is_file() {
            fs::set_permissions(path, fs::Permissions::from_mode(0o666)).expect("a mode");
        }
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).expect("a mode");
}

fn private(folder: &Path) -> Result<(), String> {
    hold(mode(folder) == 0o700, || format!("the folder has mode {:o}", mode(folder)))?;
    let open: Vec<String> = files(folder)
        .iter()
        .filter(|path| path.is_file() && mode(path) & 0o077 != 0)
        .map(|path| format!("{} {:o}", path.display(), mode(path)))
        .collect();
    hold(open.is_empty(), || open.join(", "))
}
