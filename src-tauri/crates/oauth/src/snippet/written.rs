//! A request that was written down, and what that is asked with.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use token::{secret::Secret, text::Line};

/// A way of writing a request down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SnippetFormat {
    /// Raw HTTP.
    Raw,
    /// curl for POSIX shells.
    Bash,
    /// curl.exe for PowerShell.
    Powershell,
    /// curl for cmd.exe.
    Cmd,
}

/// The request written down once in one format, secrets masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Snippet {
    /// Format.
    pub format: SnippetFormat,
    /// The text.
    pub lines: Vec<Line>,
}

/// What happens to secrets. There is no default: whoever copies a request has to say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// They come from environment variables, which [`Written::environment`] lists.
    Environment,
    /// They are written out.
    Include,
    /// Dots; the text shows the request and can not be run.
    Mask,
}

/// A secret of the request and the variable it is written as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sensitive {
    /// The value.
    pub value: Secret,
    /// e.g. `CLAIMSCOPE_CLIENT_SECRET`.
    pub variable: String,
    /// What it is, e.g. `client secret of portal`.
    pub what: String,
}

/// A request as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The text. With [`Secrets::Include`] it holds secrets.
    pub text: String,
    /// Variables that must be set, in the order they occur, and what each holds.
    pub environment: Vec<(String, String)>,
}

/// Variable with the path of the profile's own certificate authorities.
pub(crate) const CA: &str = "CLAIMSCOPE_CA";
