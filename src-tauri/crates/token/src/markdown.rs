//! Markdown for a ticket or a review: a comparison, the claims of one token, or what its server says of it.
//!
//! Never a signature and never the text of a token, so that what is pasted into a ticket can not be used.

use crate::{
    check::{CheckOutcome, Report},
    claims,
    compare::{Cell, Comparison, Mark},
    finding::{Finding, Severity},
    inspect::{ClaimValue, Inspection, TokenView, Verification},
    truth::Truth,
};

/// What is written in place of the value at a path: the value, or dots where it is a secret.
pub type Shown = fn(path: &str, value: String) -> String;

/// A comparison: for each column its verdicts, findings and checks, then the claims. `reports` go with the columns.
pub fn comparison(comparison: &Comparison, reports: &[Option<&Report>], shown: Shown) -> String {
    let mut out = Text::default();
    out.line("## Token comparison");
    for (letter, view) in letters().zip(&comparison.columns) {
        out.line(&format!("- **{letter}** {}", described(view)));
    }
    for (letter, pair) in letters().skip(1).zip(&comparison.pairs) {
        if comparison.pairs.len() > 1 {
            out.line(&format!("### {letter} against A"));
        }
        out.table(&["Verdict", "", ""]);
        for verdict in pair.verdicts.iter().chain(&pair.environment) {
            out.row(&[&verdict.label, &verdict.word, &verdict.rest]);
        }
    }
    let heads: Vec<String> = letters().take(comparison.columns.len()).map(String::from).collect();
    for group in comparison.groups.iter().filter(|group| !group.folded) {
        out.line(&format!("### {} ({})", escape(&group.title), escape(&group.summary)));
        let mut columns = vec!["Claim"];
        columns.extend(heads.iter().map(String::as_str));
        columns.push("Change");
        out.table(&columns);
        for row in &group.rows {
            let cells: Vec<String> = row.cells.iter().map(|one| shown(&row.path, cell(one))).collect();
            let mut line = vec![row.path.as_str()];
            line.extend(cells.iter().map(String::as_str));
            line.push(&row.change_text);
            out.row(&line);
        }
    }
    let folded: Vec<String> = comparison
        .groups
        .iter()
        .filter(|group| group.folded)
        .map(|group| format!("{}: {}", escape(&group.title), escape(&group.summary)))
        .collect();
    if !folded.is_empty() {
        out.line(&folded.join("; "));
    }
    for (letter, pair) in letters().skip(1).zip(&comparison.pairs) {
        out.findings(&format!("Findings on {letter}"), &pair.findings);
    }
    for (letter, report) in letters().zip(reports).skip(1) {
        if let Some(report) = report {
            out.report(&format!("{letter}: {}", report.headline), report);
        }
    }
    out.0
}

/// The claims of one token, with what was found about it and what a resource would answer.
pub fn claims(inspection: &Inspection, more: &[Finding], report: Option<&Report>, shown: Shown) -> String {
    let mut out = Text::default();
    out.line(&format!("## Token {}", described(&inspection.token)));
    if let Some(source) = &inspection.claims_source {
        out.line(&format!("Claims from {}.", escape(source)));
    }
    for group in &inspection.groups {
        out.line(&format!("### {}", escape(&group.title)));
        out.table(&["Claim", "Value"]);
        for row in &group.rows {
            out.row(&[&row.path, &shown(&row.path, value(&row.value))]);
        }
    }
    if !inspection.header.is_empty() {
        out.line("### Header");
        out.table(&["Parameter", "Value"]);
        for row in &inspection.header {
            out.row(&[&row.label, &shown(&row.label, value(&row.value))]);
        }
    }
    let all: Vec<Finding> = inspection.findings.iter().chain(more).cloned().collect();
    out.findings("Findings", &all);
    if let Some(report) = report {
        out.report(&report.headline, report);
    }
    out.0
}

/// What a token and its server say, side by side.
pub fn truth(truth: &Truth, shown: Shown) -> String {
    let mut out = Text::default();
    out.line(&format!("## Token and server: {}", described(&truth.token)));
    for source in &truth.sources {
        out.line(&format!("- **{}** {}", escape(&source.title), escape(&source.words)));
    }
    out.findings("Findings", &truth.findings);
    out.line("### Claims");
    let mut heads = vec!["Claim"];
    heads.extend(truth.sources.iter().map(|source| source.title.as_str()));
    heads.push("");
    out.table(&heads);
    for row in truth.groups.iter().flat_map(|group| &group.rows) {
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(|cell| cell.value.as_ref().map_or_else(|| "not said".into(), |one| shown(&row.path, value(one))))
            .collect();
        let mut line = vec![row.path.as_str()];
        line.extend(cells.iter().map(String::as_str));
        line.push(&row.words);
        out.row(&line);
    }
    out.0
}

fn letters() -> impl Iterator<Item = char> {
    'A'..='Z'
}

/// Paragraphs and tables, one blank line between blocks.
#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, line: &str) {
        let list = line.starts_with("- ") && self.0.lines().next_back().is_some_and(|last| last.starts_with("- "));
        if !self.0.is_empty() && !list {
            self.0.push('\n');
        }
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn table(&mut self, heads: &[&str]) {
        self.0.push('\n');
        self.row(heads);
        self.0.push_str(&"|---".repeat(heads.len()));
        self.0.push_str("|\n");
    }

    fn row(&mut self, cells: &[&str]) {
        for cell in cells {
            self.0.push_str("| ");
            self.0.push_str(&escape(cell));
            self.0.push(' ');
        }
        self.0.push_str("|\n");
    }

    fn findings(&mut self, title: &str, findings: &[Finding]) {
        if findings.is_empty() {
            return;
        }
        self.line(&format!("### {title}"));
        self.0.push('\n');
        for finding in findings {
            let weight = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            let rule = finding.rfc.as_ref().map(|rule| format!(" ({rule})")).unwrap_or_default();
            self.0.push_str(&format!("- **{}** ({weight}): {}{rule}\n", escape(&finding.title), escape(&finding.detail)));
        }
    }

    fn report(&mut self, title: &str, report: &Report) {
        self.line(&format!("### {}", escape(title)));
        if let Some(challenge) = &report.challenge {
            self.line(&format!("WWW-Authenticate: {}", escape(challenge)));
        }
        self.table(&["Check", "Result", "Expected", "Found", "Looked for at", "Advice"]);
        for check in &report.checks {
            let result = match check.outcome {
                CheckOutcome::Pass => "pass",
                CheckOutcome::Fail => "**fail**",
                CheckOutcome::NotApplicable => "not asked",
                CheckOutcome::Unknown => "unknown",
            };
            let advice = check.advice.clone().unwrap_or_default();
            let cells = [&check.title, &check.expected, &check.found, &check.path, &advice].map(|text| escape(text));
            self.0.push_str(&format!("| {} | {result} | {} |\n", cells[0], cells[1..].join(" | ")));
        }
    }
}

fn described(view: &TokenView) -> String {
    let state = match &view.verification {
        Verification::Verified { key } => format!("verified {} {}", key.alg, key.kid),
        Verification::BadSignature { .. } => "signature bad".into(),
        Verification::Unverifiable { .. } => "not verified".into(),
        Verification::Unsecured => "not signed".into(),
    };
    let name = format!("{} {}", view.label, view.note);
    format!("{}: {}, {} ({})", escape(&view.who), escape(name.trim()), escape(state.trim()), escape(&view.origin))
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Absent => "absent".into(),
        Cell::Unknown => "unknown".into(),
        Cell::Equal => "=".into(),
        Cell::Value { value } => self::value(value),
        Cell::Members { members, .. } => {
            let signed = members.iter().map(|member| match member.mark {
                Mark::Kept => member.text.clone(),
                Mark::Removed => format!("−{}", member.text),
                Mark::Added => format!("+{}", member.text),
                Mark::Missing => format!("✕{} missing", member.text),
            });
            signed.collect::<Vec<_>>().join(", ")
        }
    }
}

fn value(value: &ClaimValue) -> String {
    match value {
        ClaimValue::Text { text } | ClaimValue::Json { text } => text.clone(),
        ClaimValue::Set { members, .. } => members.join(", "),
        ClaimValue::Time { epoch } => claims::utc(*epoch),
    }
}

/// Keeps text from becoming markup: pipes end cells, the rest starts links, code, HTML or emphasis.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Line breaks of a value were written out for the window; a cell takes them as spaces.
    let text = ["\\u{a}", "\\u{d}", "\\u{9}"].iter().fold(text.to_owned(), |text, written| text.replace(written, " "));
    for letter in text.chars() {
        match letter {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' => {
                out.push('\\');
                out.push(letter);
            }
            '\n' | '\r' | '\t' => out.push(' '),
            hidden if hidden.is_control() || crate::decode::json::is_hidden(hidden) => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}
