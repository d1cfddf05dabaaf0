//! Records from before there was a form number: the JSON of the picture as it was then. They are read for ever; the journals
//! under `tests/fixtures/journal` hold some.
//!
//! They differ from form 1 in three things. A line was a list of spans, a fix stood in its check, and only the words of an exchange
//! said what it was for. Fields that came later are
//! missing in the oldest, which form 1 allows.

use serde_json::{Map, Value, json};

use super::{Line, words::Ink};

/// A step.
pub(super) fn step(step: &mut Value) {
    let Some(step) = step.as_object_mut() else { return };
    // The number is that of its row, and events never were stored in it.
    step.shift_remove("id");
    step.shift_remove("events");
    for exchange in step.get_mut("exchanges").and_then(Value::as_array_mut).into_iter().flatten() {
        for side in ["request", "response"] {
            exchange.get_mut(side).map(lines);
        }
        // What it was for was told by its words alone.
        if exchange.get("label").and_then(Value::as_str) == Some("GET keys (JWKS)")
            && let Some(exchange) = exchange.as_object_mut()
        {
            exchange.insert("purpose".into(), "keys".into());
        }
    }
    step.get_mut("words").and_then(|words| words.get_mut("body")).map(lines);
    step.get_mut("report").and_then(Value::as_object_mut).map(fixes);
}

/// Lines of spans.
fn lines(lines: &mut Value) {
    for line in lines.as_array_mut().into_iter().flatten() {
        let Some(spans) = line.as_array() else { continue };
        let piece = |span: &'_ Value| {
            let text = |name: &str| span.get(name).and_then(Value::as_str).map(str::to_owned);
            Some((text("text")?, Ink::from(text("ink")?)))
        };
        let Some(pieces) = spans.iter().map(piece).collect::<Option<Vec<_>>>() else { continue };
        if let Ok(stored) = serde_json::to_value(Line::of(pieces.iter().map(|(text, ink)| (text.as_str(), ink.clone())))) {
            *line = stored;
        }
    }
}

/// Fixes that stand in their checks.
fn fixes(report: &mut Map<String, Value>) {
    let mut found = Vec::new();
    for check in report.get_mut("checks").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(check) = check.as_object_mut() else { continue };
        if let Some(fix) = check.shift_remove("fix").filter(|fix| !fix.is_null()) {
            found.push(json!({ "check": check.get("id"), "action": fix }));
        }
    }
    if !found.is_empty() {
        report.insert("fixes".into(), found.into());
    }
}
