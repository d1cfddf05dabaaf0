//! Running other programs: where the repository is, and three ways to treat a program's output.

use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use crate::Result;

/// The repository's root.
pub fn root() -> PathBuf {
    // Cargo sets it for `cargo run`; the compiled-in path serves a binary that is started by hand.
    let manifest = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    let manifest = PathBuf::from(manifest);
    manifest.ancestors().nth(3).map(Path::to_owned).unwrap_or(manifest)
}

/// Where xtask keeps logs, stamps and what a failed scenario leaves.
pub fn kept() -> Result<PathBuf> {
    let path = root().join("target/xtask");
    fs::create_dir_all(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(path)
}

/// A command in the repository's root.
pub fn command(words: &[&str]) -> Command {
    let (program, arguments) = words.split_first().unwrap_or((&"true", &[]));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    // The scenario's own manifest must not leak into a build it starts.
    command.env_remove("CARGO_MANIFEST_DIR").env_remove("CARGO_PKG_NAME");
    command
}

/// Runs a program in the open: its output is the user's to see.
pub fn show(command: &mut Command) -> Result<()> {
    let words = words(command);
    let status = command.status().map_err(|e| format!("{words}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{words} ended with {status}.")) }
}

/// Runs a program and returns what it printed.
pub fn read(command: &mut Command) -> Result<String> {
    let words = words(command);
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("{words}: {e}"))?;
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(|e| format!("{words}: {e}"));
    }
    Err(format!("{words} ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim()))
}

/// Runs a program with all its output appended to a file.
pub fn log(command: &mut Command, file: &Path) -> Result<()> {
    let words = words(command);
    let open = || File::options().create(true).append(true).open(file).map_err(|e| format!("{}: {e}", file.display()));
    writeln!(open()?, "$ {words}").map_err(|e| format!("{}: {e}", file.display()))?;
    let status = command.stdin(Stdio::null()).stdout(open()?).stderr(open()?).status();
    let status = status.map_err(|e| format!("{words}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{words} ended with {status}.")) }
}

/// Whether a program can be found.
pub fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// A duration the way a person says it.
pub fn human(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..60 => format!("{seconds}.{} s", duration.subsec_millis() / 100),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

fn words(command: &Command) -> String {
    let words: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).map(|w| w.to_string_lossy()).collect();
    words.join(" ")
}
