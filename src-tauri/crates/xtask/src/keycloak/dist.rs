//! The distribution: brought from Maven Central by Maven, unpacked once for each place.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use super::place::{self, Place};
use crate::{
    Result,
    packages::{self, For},
    shell,
};

/// Maven's own plugin that fetches one file; named with its version, so that every machine does the same.
const COPY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";

/// Oldest Java that Keycloak 26 runs on.
const JAVA: u32 = 17;

/// See [`super::bring`].
pub fn bring(place: &Place, run: &mut dyn FnMut(&mut Command) -> Result<()>) -> Result<()> {
    let brought = place.home().join("bin/kc.sh").is_file();
    let runs = java().is_some_and(|version| version >= JAVA);
    if !runs || !(brought || ["mvn", "unzip"].iter().all(|program| shell::is_there(program))) {
        packages::ensure(For::Keycloak)?;
    }
    if brought {
        return Ok(());
    }
    let archive = archive(&place.version, run)?;
    println!("Unpacking Keycloak {}.", place.version);
    // Unpacked beside its place and then moved, so that what was broken off half-way is never taken for the whole.
    let half = place.folder().join("unpacking");
    let _ = fs::remove_dir_all(&half);
    fs::create_dir_all(&half).map_err(|e| format!("{}: {e}", half.display()))?;
    run(shell::command(&["unzip", "-q"]).arg(&archive).arg("-d").arg(&half))?;
    let whole = half.join(format!("keycloak-{}", place.version));
    fs::rename(&whole, place.home()).map_err(|e| format!("{}: {e}", whole.display()))?;
    fs::remove_dir_all(&half).map_err(|e| format!("{}: {e}", half.display()))
}

/// The archive, from the cache or from Maven Central.
fn archive(version: &str, run: &mut dyn FnMut(&mut Command) -> Result<()>) -> Result<PathBuf> {
    let folder = place::root().join("dist");
    let path = folder.join(format!("keycloak-quarkus-dist-{version}.zip"));
    if path.is_file() {
        return Ok(path);
    }
    println!("Bringing Keycloak {version} from Maven Central (about 170 MB, once).");
    // Checksums are compared strictly: what is unpacked here is run.
    let artifact = format!("-Dartifact=org.keycloak:keycloak-quarkus-dist:{version}:zip");
    let to = format!("-DoutputDirectory={}", folder.display());
    run(&mut shell::command(&["mvn", "--batch-mode", "--strict-checksums", COPY, &artifact, &to])).map_err(|error| {
        format!(
            "Keycloak {version} could not be brought from Maven Central. Is there such a version, and is the network there?\n{error}"
        )
    })?;
    if path.is_file() { Ok(path) } else { Err(format!("Maven said it was done, but {} is not there.", path.display())) }
}

/// The main number of the Java that would run.
fn java() -> Option<u32> {
    let output = Command::new("java").arg("-version").stdin(Stdio::null()).output().ok()?;
    // It is printed as: openjdk version "17.0.15" 2025-04-15
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.split('"').nth(1)?.split(['.', '-']).next()?.parse().ok()
}
