//! The system packages everything stands on, by their names on Debian 12.

use std::process::{Command, Stdio};

use crate::{Result, shell};

/// What building the app takes, and what a user needs to run it.
const BUILD: &[&str] =
    &["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev", "libgtk-3-dev", "librsvg2-dev", "libdbus-1-dev", "xdg-utils"];

/// What driving the real window without a desktop takes beside it.
const DESK: &[&str] = &[
    "webkit2gtk-driver",
    "xvfb",
    "dbus",
    "gnome-keyring",
    "chromium",
    "chromium-driver",
    "xclip",
    "curl",
    "util-linux",
    "fonts-dejavu-core",
];

/// What bringing and running a Keycloak takes.
const KEYCLOAK: &[&str] = &["maven", "default-jre-headless", "unzip", "util-linux"];

/// What building the servers of other people takes. Their Go is not here: Debian 12's is older than the module asks for.
const SERVERS: &[&str] = &["maven", "default-jdk-headless", "python3-venv"];

/// What figures are compared with.
const BENCH: &[&str] = &["grep", "jq"];

/// For what the packages are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Building and running the app on a desktop.
    App,
    /// Driving it on a virtual one.
    Desk,
    /// A real Keycloak beside it.
    Keycloak,
    /// Servers of other people beside it.
    Servers,
    /// Measuring.
    Bench,
}

/// Installs what is missing, or says the exact line to type. Answers with the packages it installed.
pub fn ensure(purpose: For) -> Result<Vec<&'static str>> {
    let wanted = wanted(purpose);
    if !shell::is_there("dpkg-query") {
        println!(
            "This is no Debian, so the system packages cannot be checked. On Debian they are called:\n  {}",
            wanted.join(" ")
        );
        return Ok(Vec::new());
    }
    let missing = missing(&wanted)?;
    if missing.is_empty() {
        return Ok(missing);
    }
    let Some(prefix) = privilege() else {
        return Err(format!(
            "System packages are missing, and installing them needs root. Type this, then run the command again:\n\n  \
             sudo apt-get update && sudo apt-get install --no-install-recommends -y {}\n",
            missing.join(" ")
        ));
    };
    println!("Installing system packages: {}", missing.join(" "));
    let apt = |words: &[&str]| {
        let mut all = prefix.to_vec();
        all.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y"]);
        all.extend(words);
        shell::show(&mut shell::command(&all))
    };
    apt(&["update"])?;
    let mut install = vec!["install", "--no-install-recommends"];
    install.extend(&missing);
    apt(&install)?;
    Ok(missing)
}

/// Node 20 or newer with npm. Debian 12 carries an older one, so it cannot be installed from there.
pub fn ensure_node() -> Result<()> {
    const ADVICE: &str = "Install Node.js 20 or newer (with npm) from https://nodejs.org/en/download and run the command again.\n\
                          Debian 12's own package nodejs is version 18, which is too old for the UI's build.";
    if !shell::is_there("node") || !shell::is_there("npm") {
        return Err(format!("Node.js and npm build the UI, and at least one of them is missing here.\n{ADVICE}"));
    }
    let version = shell::read(&mut shell::command(&["node", "--version"]))?;
    match version.trim().trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok()) {
        Some(20..) => Ok(()),
        _ => Err(format!("Node.js {} is too old to build the UI.\n{ADVICE}", version.trim())),
    }
}

fn wanted(purpose: For) -> Vec<&'static str> {
    match purpose {
        For::App => BUILD.to_vec(),
        For::Desk => [BUILD, DESK].concat(),
        For::Keycloak => KEYCLOAK.to_vec(),
        For::Servers => SERVERS.to_vec(),
        For::Bench => [BUILD, DESK, BENCH].concat(),
    }
}

fn missing(wanted: &[&'static str]) -> Result<Vec<&'static str>> {
    // dpkg-query fails when one of the names is unknown and prints the others all the same.
    let output = Command::new("dpkg-query")
        .args(["-W", "-f=${Package} ${db:Status-Status}\\n"])
        .args(wanted)
        .stderr(Stdio::null())
        .output()
        .map_err(|e| format!("dpkg-query: {e}"))?;
    let known = String::from_utf8_lossy(&output.stdout);
    let is_installed = |name: &str| known.lines().any(|line| line.split_once(' ') == Some((name, "installed")));
    Ok(wanted.iter().copied().filter(|name| !is_installed(name)).collect())
}

/// What to put before apt-get: nothing for root, sudo when it asks for no password.
fn privilege() -> Option<&'static [&'static str]> {
    let quiet = |words: &[&str]| shell::read(&mut shell::command(words));
    if quiet(&["id", "-u"]).is_ok_and(|id| id.trim() == "0") {
        return Some(&[]);
    }
    quiet(&["sudo", "-n", "true"]).is_ok().then_some(&["sudo", "-n"])
}
