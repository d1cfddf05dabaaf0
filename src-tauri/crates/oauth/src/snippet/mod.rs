//! A request written down so that it can be run again: raw HTTP, and curl for three shells.
//!
//! Each shell has its own idea of a quote. The request is first turned into curl's arguments, each a list of literal
//! pieces and variables; only then does a shell write them, so the meaning is decided once and the quoting three times.

mod arguments;
mod bash;
mod cmd;
mod lost;
mod powershell;
mod raw;
mod window;

pub use lost::lost;
pub use window::lines;

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

/// Writes a request. `ca_pem_hint` adds curl's option for certificate authorities of the profile's own.
///
/// A value that is secret by its name but not listed in `sensitive` is treated as if it were, with a variable named
/// after it, so that forgetting to list one does not write it out.
pub fn write(
    format: SnippetFormat,
    built: &http::Request<Vec<u8>>,
    sensitive: &[Sensitive],
    secrets: Secrets,
    ca_pem_hint: bool,
) -> Written {
    let mut vault = arguments::Vault::new(sensitive, secrets);
    if format == SnippetFormat::Raw {
        let text = raw::write(built, &mut vault);
        return Written { text, environment: vault.environment() };
    }
    let command = arguments::command(built, &mut vault, ca_pem_hint, format);
    let text = match format {
        SnippetFormat::Powershell => powershell::write(&command),
        SnippetFormat::Cmd => cmd::write(&command),
        SnippetFormat::Bash | SnippetFormat::Raw => bash::write(&command),
    };
    Written { text, environment: vault.environment() }
}

#[cfg(test)]
mod tests;
