//! Lines of Keycloak: the default console and file layout, and the events in it.
//!
//! `2026-11-20 14:02:31,204 WARN  [org.keycloak.events] (executor-thread-1) type="LOGIN_ERROR", …` in development and production
//! mode alike; before version 17 the console wrote the time without a day. An event is known by its message, so that a renamed
//! logger or a line copied without its beginning is still read.

use std::borrow::Cow;

use super::{
    access, pairs, parts,
    record::{Columns, Level, LogKind, Record, set},
    time,
};

/// A line with time, level, category and thread in the layout Keycloak comes with; none for other lines.
pub(super) fn line(text: &str) -> Option<Record<'_>> {
    let (time, at) = time::stamp(text).or_else(|| time::clock(text))?;
    let rest = text.get(at..)?.trim_start_matches(' ');
    let (word, rest) = rest.split_once(' ')?;
    let level = Level::read(word)?;
    let (logger, rest) = enclosed(rest.trim_start(), '[', "] ").filter(|(logger, _)| is_plain(logger))?;
    // What MDC or tracing put before the message is read with the rest of the head.
    let (_thread, message) =
        enclosed(rest, '(', ") ").filter(|(_, message)| !message.starts_with(['{', '[']) && !begins_with_pair(message))?;
    if logger.ends_with("access-log")
        && let Some(record) = access::line(message)
    {
        return Some(Record { level: Some(level), logger: Cow::Borrowed(logger), ..record });
    }
    Some(Record { time: Some(time), level: Some(level), logger: Cow::Borrowed(logger), ..message_of(Cow::Borrowed(message)) })
}

/// An event pasted without time and level.
pub(super) fn message_alone(text: &str) -> Option<Record<'_>> {
    let record = message_of(Cow::Borrowed(text));
    record.kind.is_event().then_some(record)
}

/// Reads a message as an event where it is one.
pub(super) fn message_of(message: Cow<'_, str>) -> Record<'_> {
    match message {
        Cow::Borrowed(text) => read(text).unwrap_or_else(|| Record::new(LogKind::Server, text)),
        Cow::Owned(text) => match read(&text).map(Record::into_owned) {
            Some(record) => record,
            None => Record::new(LogKind::Server, text),
        },
    }
}

/// Whether a message begins with what tracing or MDC put before it.
fn begins_with_pair(message: &str) -> bool {
    parts::name_length(message).and_then(|length| message.get(..length)).is_some_and(parts::of_head)
}

/// Whether brackets hold a category and nothing else that a layout may put there.
fn is_plain(logger: &str) -> bool {
    !logger.bytes().any(|byte| matches!(byte, b' ' | b'=' | b'[' | b']'))
}

fn enclosed<'a>(text: &'a str, open: char, close: &str) -> Option<(&'a str, &'a str)> {
    text.strip_prefix(open)?.split_once(close)
}

fn read(message: &str) -> Option<Record<'_>> {
    let kind = if message.starts_with("type=") {
        LogKind::UserEvent
    } else if message.starts_with("operationType=") {
        LogKind::AdminEvent
    } else {
        return None;
    };
    let mut record = Record::new(kind, message);
    record.fields.reserve(20);
    if !pairs::read(message, &mut record.fields) {
        return None;
    }
    let mut columns = Columns { event_type: Some(0), ..Columns::default() };
    let (mut realm_id, mut user_id, mut code_id, mut resource) = (None, None, None, None);
    for (at, (name, value)) in record.fields.iter().enumerate() {
        let place = Some(at).filter(|_| set(value));
        match name.as_ref() {
            "realmName" => columns.realm = place,
            "realmId" => realm_id = place,
            "clientId" => columns.client = place,
            "userId" => user_id = place,
            "username" => columns.user = place,
            "sessionId" => columns.session = place,
            "code_id" => code_id = place,
            "ipAddress" => columns.ip = place,
            "error" => columns.error = place,
            "resourceType" => resource = place,
            _ => {}
        }
    }
    columns.realm = columns.realm.or(realm_id);
    columns.user = columns.user.or(user_id);
    // Before 26 the session of a log in stood only in the code's id, which it begins or is.
    columns.session = columns.session.or(code_id);
    if let Some((_, resource)) = resource.and_then(|at| record.fields.get(at))
        && let Some((_, operation)) = record.fields.first()
    {
        let words = format!("{operation} {resource}");
        columns.event_type = record.push("event", words);
    }
    record.columns = columns;
    Some(record)
}
