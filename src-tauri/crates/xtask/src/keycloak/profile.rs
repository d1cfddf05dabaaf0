//! The ready profile: a file Claimscope imports, and the words a developer needs beside it.

use std::{fs, path::PathBuf};

use serde_json::Value;

use super::place::{self, Note, Place};
use crate::Result;

/// Stands for the server's address in the files under `tests/fixtures/keycloak`.
const BASE: &str = "${CLAIMSCOPE_KEYCLOAK_BASE}";

fn path(place: &Place) -> PathBuf {
    place.folder().join("profile.json")
}

/// Writes the profile with the address of this start.
pub fn write(place: &Place, note: &Note) -> Result<()> {
    fs::write(path(place), text(note)?).map_err(|e| format!("{}: {e}", path(place).display()))
}

fn text(note: &Note) -> Result<String> {
    let from = place::fixtures().join("profile.json");
    let text = fs::read_to_string(&from).map_err(|e| format!("{}: {e}", from.display()))?;
    Ok(text.replace(BASE, &note.base()))
}

/// Says what runs and how to use it.
pub fn print(place: &Place, note: &Note) {
    let base = note.base();
    println!(
        "\n\
         Issuer           {base}/realms/platform   (the partner is {base}/realms/partner)\n\
         Admin console    {base}/admin/   user admin, password admin\n\
         Users            alice, bob, carol (disabled); each one's password is the name\n\
         Client secrets   secret-of-CLIENT, such as secret-of-portal: {}\n\
         Profile          {}   (Profiles, Import; then enter the secrets of the clients you use)\n\
         Health, metrics  http://127.0.0.1:{}/health, /metrics\n\
         Log              {}\n\
         Stop             cargo xtask keycloak stop",
        confidential(note).join(", "),
        path(place).display(),
        note.management,
        place.log().display()
    );
}

/// The clients of the profile that have a secret.
fn confidential(note: &Note) -> Vec<String> {
    let value: Value = text(note).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let clients = value["profile"]["clients"].as_array().cloned().unwrap_or_default();
    clients
        .iter()
        .filter(|client| client["auth"] != "none")
        .filter_map(|client| client["client_id"].as_str().map(str::to_owned))
        .collect()
}
