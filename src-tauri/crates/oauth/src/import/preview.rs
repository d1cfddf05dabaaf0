//! What an import would do, as it is read before it is done, and why a text can not be read.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::profile::Profile;
use token::{bounded, secret::Secret};

/// What a text turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ImportKind {
    /// A profile Claimscope exported.
    Profile,
    /// Keycloak's client adapter configuration (`keycloak.json`), or the three members of its JavaScript adapter.
    Adapter,
    /// A realm as Keycloak exports it.
    Realm,
    /// One client as Keycloak's console exports it.
    Client,
    /// Server metadata (OpenID Connect Discovery 3, RFC 8414 2).
    Metadata,
}

/// One thing that is taken, or left, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportLine {
    /// What it is, e.g. `Client portal`.
    pub what: String,
    /// What becomes of it.
    pub words: String,
}

/// What an import would do, for the user to read before it is done. No secret is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportPreview {
    /// What was recognised.
    pub kind: ImportKind,
    /// The same in words, e.g. `Export of the realm shop`.
    pub title: String,
    /// Name the profile will get.
    pub name: String,
    /// What a careful reader looks at first: addresses that lie on another host than the issuer, plain http.
    pub warned: Vec<ImportLine>,
    /// What is taken over.
    pub taken: Vec<ImportLine>,
    /// What is not, and why.
    pub left: Vec<ImportLine>,
    /// Clients whose secrets go to the secret store.
    pub secrets: Vec<String>,
    /// Whether the text names no server, so that its address has to be given beside it.
    pub asks_server: bool,
    /// What to do afterwards.
    pub next: String,
}

/// Most lines of each kind that a preview has; a person reads fewer.
const MOST_LINES: usize = 500;

impl ImportPreview {
    /// Cuts it to what a window shows; what is left out is counted.
    pub(super) fn bound(&mut self) {
        let short = |list: &mut Vec<ImportLine>| {
            let more = list.len().saturating_sub(MOST_LINES);
            list.truncate(MOST_LINES);
            for line in list.iter_mut() {
                *line = ImportLine { what: bounded::sentence(&line.what), words: bounded::sentence(&line.words) };
            }
            if more > 0 {
                list.push(line(format!("{more} more"), "Too many to be listed; they are treated like those above."));
            }
        };
        short(&mut self.taken);
        short(&mut self.left);
        self.title = bounded::sentence(&self.title);
        self.name = bounded::sentence(&self.name);
        let more = self.secrets.len().saturating_sub(MOST_LINES);
        self.secrets.truncate(MOST_LINES);
        if more > 0 {
            self.secrets.push(format!("{more} more"));
        }
    }
}

/// A text that was read.
#[derive(Clone, Debug)]
pub struct Import {
    /// The profile; its id is empty.
    pub profile: Profile,
    /// Secrets by client id.
    pub secrets: Vec<(String, Secret)>,
    /// What to show first.
    pub preview: ImportPreview,
}

/// Why a text cannot be read. Nothing of its content is repeated, since that may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFault {
    /// Stable id, e.g. `not-json`.
    pub id: &'static str,
    /// `text` or `server`.
    pub field: &'static str,
    /// What is wrong, with line and column where there are any.
    pub message: String,
    /// What to do.
    pub advice: String,
}

/// A line of a preview.
pub(super) fn line(what: impl Into<String>, words: impl Into<String>) -> ImportLine {
    ImportLine { what: what.into(), words: words.into() }
}
