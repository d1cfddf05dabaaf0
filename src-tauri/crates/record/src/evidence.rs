//! A step written down as evidence for a review: who asked what for whom, what the servers said, and what their events say.
//!
//! Everything in a step is redacted already, so the text can be sent to anyone.

use std::fmt::Write as _;

use crate::audit::{JoinedBy, Step};
use token::text::Line;

/// The step as Markdown. `time` writes epoch milliseconds in the words of the reader.
pub fn markdown(step: &Step, time: &dyn Fn(i64) -> String) -> String {
    let mut text = format!("# Step {}: {}\n\n{}\n\n", step.id, step.title, step.headline);
    let mut fact = |name: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = writeln!(text, "- {name}: {value}");
        }
    };
    fact("time", Some(&time(step.started_ms)));
    fact("client", step.client.as_deref());
    fact("subject", step.subject.as_deref());
    fact("audience", step.audience.as_deref());
    fact("status", step.status.map(|status| status.to_string()).as_deref());
    fact("problem", step.problem.as_deref());
    if let Some(words) = &step.words {
        fact("error", words.error.as_deref());
        fact("error description", words.description.as_deref());
    }
    if let Some(diagnosis) = &step.diagnosis {
        fact(if diagnosis.certain { "cause" } else { "likely cause" }, Some(&diagnosis.cause));
        fact("how to tell", diagnosis.tell.as_deref());
        fact("fix", Some(&diagnosis.fix));
        for other in &diagnosis.others {
            fact("or else", Some(&format!("{} How to tell: {}", other.cause, other.tell)));
        }
    }
    for surprise in &step.surprises {
        fact("not what was asked for", Some(&surprise.cause));
        fact("fix", Some(&surprise.fix));
    }
    for verdict in &step.verdicts {
        let _ = writeln!(text, "- {}: {} {}", verdict.label, verdict.word, verdict.rest);
    }
    if let Some(report) = &step.report {
        let _ = writeln!(text, "- {}", report.report.headline);
    }
    for exchange in &step.exchanges {
        let _ = write!(text, "\n## {}. {}\n\n", exchange.seq, exchange.label);
        fenced(&mut text, &exchange.request);
        fenced(&mut text, &exchange.response);
    }
    for event in &step.events {
        let by = match event.joined_by {
            Some(JoinedBy::TokenId) => "token id",
            Some(JoinedBy::Session) => "session and time",
            Some(JoinedBy::ClientAndTime) => "client and time",
            Some(JoinedBy::ActivityId) => "activity id",
            Some(JoinedBy::Reading) => "Claimscope's own reading",
            None => "nothing",
        };
        let _ = write!(
            text,
            "\n## Event {} of {}, joined by {by}\n\n- time: {}\n",
            event.event_type,
            event.server,
            time(event.time_ms)
        );
        for pair in &event.details {
            let _ = writeln!(text, "- {}: {}", pair.name, pair.value);
        }
    }
    text
}

fn fenced(text: &mut String, lines: &[Line]) {
    if lines.is_empty() {
        return;
    }
    text.push_str("```http\n");
    for line in lines {
        for span in line {
            text.push_str(&span.text);
        }
        text.push('\n');
    }
    text.push_str("```\n");
}
