//! Copying: the text goes from here to the clipboard and not through the window.

use engine::{flow::RunFault, workbench::Workbench};
use oauth::{
    form,
    profile::Profile,
    snippet::{self, Secrets, SnippetFormat},
};
use record::{operation::Draft, redact};
use tauri::State;
use wire::{Copied, CopySource, Fault, FaultKind};

use crate::{fault, state::AppState};

/// Copies something to the system clipboard.
#[tauri::command(rename_all = "snake_case")]
pub async fn copy(state: State<'_, AppState>, source: CopySource) -> Result<Copied, Fault> {
    let bench = state.bench().await?;
    let (text, copied) = match source {
        CopySource::Draft { draft, format, include_secrets } => {
            let profile = state.profiles.find(&draft.profile)?;
            let secrets = if include_secrets { Secrets::Include } else { Secrets::Environment };
            written(&state, &bench, &draft, &profile, format, secrets).await?
        }
        CopySource::Exchange { step, seq, format } => {
            let step = super::audit::read_step(state.clone(), step).await?;
            let sent = step.exchanges.iter().find(|exchange| exchange.seq == seq).cloned();
            let Some(draft) = step.draft else {
                return Err(fault::fault(
                    FaultKind::Input,
                    "not-repeatable",
                    "This step cannot be written as one request.",
                    "Copy it as evidence instead.",
                ));
            };
            let profile = state.profiles.find(&draft.profile)?;
            let (text, copied) = written(&state, &bench, &draft, &profile, format, Secrets::Environment).await?;
            let lost = sent.map(|sent| snippet::lost(&sent, &text)).unwrap_or_default();
            if lost.is_empty() {
                (text, copied)
            } else {
                // Better an incomplete command that says so than one that looks whole.
                let words = format!("Not in it, because it was secret and is not kept: {}.", lost.join(", "));
                (
                    format!("{}{text}", comment(format, &words)),
                    Copied { message: format!("{} {words}", copied.message), ..copied },
                )
            }
        }
        CopySource::Comparison { tokens, resource } => {
            let compared = super::tokens::compare(state.clone(), tokens, resource).await?;
            let reports: Vec<_> =
                compared.reports.iter().map(|checked| checked.as_ref().map(|checked| &checked.report)).collect();
            let text = token::markdown::comparison(&compared.comparison, &reports, redact::claim_value);
            (redact::claim(&text, &bench.known_here()), said("Comparison copied as Markdown, without signatures."))
        }
        CopySource::Claims { token, resource } => {
            let inspection = bench.inspect(&token).map_err(fault::token)?;
            let examined = bench.examine(&token, resource.as_deref(), state.current().as_ref()).map_err(fault::token)?;
            let text = token::markdown::claims(
                &inspection,
                &examined.findings,
                examined.report.as_ref().map(|checked| &checked.report),
                redact::claim_value,
            );
            (redact::claim(&text, &bench.known_here()), said("Claims copied as Markdown, without the signature."))
        }
        CopySource::Truth { token } => {
            let truth = bench.truth(&token, state.current().as_ref()).map_err(fault::token)?;
            let text = token::markdown::truth(&truth, redact::claim_value);
            (redact::claim(&text, &bench.known_here()), said("Token and server copied as Markdown, without the signature."))
        }
        CopySource::Token { token } => {
            let text = bench.raw_token(&token).map_err(fault::token)?;
            (text.expose().to_owned(), said("The token was copied in clear. Whoever has it can use it until it expires."))
        }
        CopySource::Evidence { step } => {
            let step = super::audit::read_step(state.clone(), step).await?;
            let text = record::evidence::markdown(&step, &utc);
            (redact::claim(&text, &bench.known_here()), said("Step copied as Markdown evidence, without secrets."))
        }
        CopySource::LoginAddress { run } => match bench.login_address(&run) {
            Some(address) => (address.expose().to_owned(), said("Address copied. Open it in a browser on this machine.")),
            None => return Err(fault::fault(FaultKind::Input, "no-login", "No log in is waiting any more.", "Log in again.")),
        },
        // What the window shows of a text from outside has its hidden characters written out; copied is the text itself.
        CopySource::Text { text } => (token::shown::original(&text).into_owned(), said("Copied.")),
    };
    (state.outside.clipboard)(text)
        .map_err(|message| fault::fault(FaultKind::Storage, "clipboard", message, "Select the text and copy it by hand."))?;
    Ok(copied)
}

fn said(message: &str) -> Copied {
    Copied { message: message.to_owned(), environment: Vec::new() }
}

async fn written(
    state: &AppState,
    bench: &Workbench,
    draft: &Draft,
    profile: &Profile,
    format: SnippetFormat,
    secrets: Secrets,
) -> Result<(String, Copied), Fault> {
    let materials = match secrets {
        Secrets::Include => bench.materials(draft, profile).await,
        Secrets::Environment | Secrets::Mask => bench.materials_for_writing(draft, profile).await,
    }
    .map_err(|error| fault::secret(&error))?;
    // A command with secrets in it is as good as sent.
    let built = match secrets {
        Secrets::Include => materials.build(draft),
        Secrets::Environment | Secrets::Mask => oauth::message::build(draft, profile, &materials),
    };
    let built = built.map_err(|faults| fault::run(RunFault::Fields(faults)))?;
    let sensitive = form::sensitive(draft, profile, &materials);
    let own_authority = built.request.uri().scheme_str() == Some("https") && !profile.tls.ca_pem.trim().is_empty();
    let written = snippet::write(format, &built.request, &sensitive, secrets, own_authority);
    let mut text = written.text;
    if own_authority && format != SnippetFormat::Raw {
        let path = state.authority_file(profile)?;
        text = format!("{}{text}", assignment(format, &path));
    }
    let environment: Vec<String> = written
        .environment
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| !(own_authority && name == "CLAIMSCOPE_CA"))
        .collect();
    let what = if format == SnippetFormat::Raw { "Request" } else { "Command" };
    let message = if environment.is_empty() {
        match secrets {
            Secrets::Include => format!("{what} copied with its secrets in clear."),
            Secrets::Environment | Secrets::Mask => format!("{what} copied."),
        }
    } else {
        format!("{what} copied. Set {} before running it.", environment.join(", "))
    };
    Ok((text, Copied { message, environment }))
}

/// A line that the shell passes over; raw HTTP has none.
fn comment(format: SnippetFormat, words: &str) -> String {
    match format {
        SnippetFormat::Bash | SnippetFormat::Powershell => format!("# {words}\n"),
        SnippetFormat::Cmd => format!("rem {words}\r\n"),
        SnippetFormat::Raw => String::new(),
    }
}

/// The line that names the profile's own authority for curl.
fn assignment(format: SnippetFormat, path: &str) -> String {
    match format {
        SnippetFormat::Bash => format!("CLAIMSCOPE_CA='{}'\n", path.replace('\'', r"'\''")),
        SnippetFormat::Powershell => format!("$env:CLAIMSCOPE_CA = '{}'\n", path.replace('\'', "''")),
        SnippetFormat::Cmd => format!("set \"CLAIMSCOPE_CA={path}\"\r\n"),
        SnippetFormat::Raw => String::new(),
    }
}

/// Epoch milliseconds as RFC 3339 in UTC.
fn utc(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| format!("{ms} ms"), |moment| moment.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utc_is_written_as_rfc_3339() {
        for (ms, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400_000, "2000-02-29T00:00:00Z"),
            (1_795_172_538_402, "2026-11-20T11:02:18.402Z"),
            (i64::MAX, "9223372036854775807 ms"),
        ] {
            assert_eq!(utc(ms), text);
        }
    }

    #[test]
    fn the_authority_is_named_for_each_shell() {
        assert_eq!(assignment(SnippetFormat::Bash, "/a'b/ca.pem"), "CLAIMSCOPE_CA='/a'\\''b/ca.pem'\n");
        assert_eq!(assignment(SnippetFormat::Powershell, "C:\\a'b"), "$env:CLAIMSCOPE_CA = 'C:\\a''b'\n");
    }
}
