//! A record as it may be shown: secrets masked by name and by shape, and as the event that is joined to steps.

use crate::{
    audit::Event,
    redact::{self, KnownSecrets},
};
use token::{
    measure,
    shown::{made_visible, made_visible_lines},
    text::Pair,
};

use super::record::{LogKind, Record};

/// Fields that have a column of their own in the table, or tell nothing a reader looks for.
const IN_COLUMNS: &[&str] = &[
    "type",
    "operationType",
    "event",
    "realmId",
    "realmName",
    "clientId",
    "userId",
    "username",
    "sessionId",
    "code_id",
    "ipAddress",
    "error",
    "performedBy",
    "consumerKey",
    "user",
    "tenant",
    "method",
    "correlationId",
    "thread",
    "traceId",
    "parentId",
    "spanId",
    "sampled",
    "host",
    "process",
];

/// Longest text of a row, in characters.
const ROW_TEXT: usize = 240;

/// The names and values with nothing secret in them, in the order of the line.
pub fn safe_fields(record: &Record<'_>) -> Vec<Pair> {
    record
        .fields
        .iter()
        .map(|(name, value)| Pair { name: made_visible(name.to_string()), value: made_visible(safe_value(name, value)) })
        .collect()
}

/// A line with nothing secret in it.
pub fn safe_line(line: &str) -> String {
    made_visible_lines(redact::text(line, &KnownSecrets::default()))
}

/// What a row says beside its columns: the reason of an error first, else the values without a column, else the message.
pub fn row_text(record: &Record<'_>) -> String {
    let text = match record.kind {
        LogKind::UserEvent | LogKind::AdminEvent | LogKind::Audit | LogKind::Correlation if !record.fields.is_empty() => {
            let mut parts: Vec<String> = Vec::new();
            let reason = record.fields.iter().filter(|(name, _)| name == "reason");
            let rest = record.fields.iter().filter(|(name, value)| {
                name != "reason"
                    && !IN_COLUMNS.contains(&name.as_ref())
                    && !name.starts_with("kc.")
                    && !value.is_empty()
                    && value != "null"
            });
            for (name, value) in reason.chain(rest) {
                let value = safe_value(name, value);
                parts.push(if name == "part" { value } else { format!("{name}={value}") });
            }
            parts.join("  ")
        }
        _ => safe_line(record.message.trim()),
    };
    let text = made_visible(text);
    match text.char_indices().nth(ROW_TEXT) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

/// The record as an event that can be joined to a step; none for what is no event or has no time.
/// `time_ms` is its time with the zone applied, `id` a name for it.
pub fn as_event(record: &Record<'_>, time_ms: i64, server: &str, id: String) -> Option<Event> {
    let event_type = record.value(record.columns.event_type)?;
    let field = |name: &str| record.field(name).map(str::to_owned);
    let event = Event {
        id,
        time_ms,
        server: server.to_owned(),
        event_type: event_type.to_owned(),
        error: record.value(record.columns.error).map(str::to_owned),
        client: record.value(record.columns.client).map(str::to_owned),
        user_id: field("userId"),
        username: record.value(record.columns.user).map(str::to_owned),
        session: record.value(record.columns.session).map(str::to_owned),
        token_id: field("token_id"),
        audience: field("audience"),
        details: safe_fields(record),
        step: None,
        joined_by: None,
    };
    Some(event.visible())
}

fn safe_value(name: &str, value: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    // Ids of tokens are not tokens; everything else named like a secret is masked.
    if !name.ends_with("_id") && name != "client_auth_method" && (redact::sensitive_member(last) || last == "cookies") {
        return redact::DOTS.into();
    }
    let value = redact::text(value, &KnownSecrets::default());
    if value.chars().count() > 4000 { measure::middle_cut(&value, 2000, 1000) } else { value }
}
