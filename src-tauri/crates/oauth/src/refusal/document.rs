//! The catalogue as a page: `docs/refusals.md`.

use std::fmt::Write as _;

use serde_json::Value;

use super::entry::Refusal;
use crate::server::{ALL, habits, rfc};

/// The page, in Markdown: what is known of the refusals of each server, and of what its successes may lack.
pub fn page() -> String {
    let mut page = String::from(
        "# Refusals\n\nWritten by `cargo run -p oauth --example refusals > docs/refusals.md` from the tables in `oauth/src/server`; change those, not this page.\n\nWords in braces are filled in. Of causes that share their words, *To tell* says how a reader finds out which it is.\n",
    );
    for dialect in ALL {
        let own = habits(dialect);
        section(&mut page, &format!("Server: {}", word(dialect)), own.refusals);
        section(&mut page, &format!("Server: {}, answers of success", word(dialect)), own.successes);
    }
    section(&mut page, "Every server", rfc::REFUSALS);
    section(&mut page, "Every server, answers of success", rfc::SUCCESSES);
    page
}

fn section(page: &mut String, title: &str, rows: &[&[Refusal]]) {
    if rows.is_empty() {
        return;
    }
    let _ = write!(page, "\n## {title}\n");
    for entry in rows.iter().copied().flatten() {
        row(page, entry);
    }
}

fn row(page: &mut String, entry: &Refusal) {
    let mut asked: Vec<String> = entry.operations.listed().into_iter().flatten().map(word).collect();
    if entry.dialect.is_none() {
        asked.push("at any server".into());
    }
    let code = |words: &&str| if words.is_empty() { "(no code)".to_owned() } else { format!("`{words}`") };
    let status = Some(entry.status).filter(|status| *status != 0).map(|status| status.to_string());
    let known_by = |title: &str, list: &[&str]| {
        (!list.is_empty()).then(|| format!("{title} {}", list.iter().map(code).collect::<Vec<_>>().join(" or ")))
    };
    let by: Vec<String> =
        [status, known_by("code", entry.error), known_by("words", entry.words), known_by("reason of an event", entry.event)]
            .into_iter()
            .flatten()
            .collect();
    let _ = write!(page, "\n### {}\n\n", entry.id);
    let lines = [
        ("Operation", asked.join(", ")),
        ("Known by", by.join("; ")),
        ("Cause", entry.cause.into()),
        ("Fix", entry.fix.into()),
        ("To tell", entry.tell.into()),
        ("Seen", entry.seen.into()),
    ];
    for (title, text) in lines.iter().filter(|(_, text): &&(&str, String)| !text.is_empty()) {
        let _ = writeln!(page, "- {title}: {text}");
    }
}

/// A name as it is stored.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().as_ref().and_then(Value::as_str).unwrap_or_default().to_owned()
}
