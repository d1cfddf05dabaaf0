//! Writes a request down in one of the formats.

use super::{
    arguments, bash, cmd, powershell, raw,
    written::{Secrets, Sensitive, SnippetFormat, Written},
};

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
