//! Lines of WSO2 API Manager: `wso2carbon.log`, `audit.log`, `correlation.log` and the logs of single APIs.
//!
//! Audit lines are JSON whose inner quotes the server may have taken the backslashes from, so what cannot be read as JSON is
//! searched for its members. Token errors have no layout of their own: a line of the server counts as one when it names a code.

use std::borrow::Cow;

use serde_json::Value;

use super::{
    access::is_uuid,
    record::{Level, LogKind, Record},
    time,
};

/// `TID: [-1234] [app] [2026-11-20 14:02:31,204] [correlation id]  INFO {class} - message`, with any of the groups, in any order,
/// and with `TID CARBON:` or nothing before them; none without a time among them.
pub(super) fn line(text: &str) -> Option<Record<'_>> {
    let labelled = text.strip_prefix("TID");
    let rest = match labelled {
        Some(rest) => rest.split_once(':').filter(|(name, _)| matches!(name.trim(), "" | "CARBON"))?.1.trim_start(),
        None => text,
    };
    let (groups, rest) = Groups::read(rest)?;
    let (level, logger, message) = tail(rest)?;
    let mut record = match api_record(message) {
        Some(record) if labelled.is_none() && !is_audit(logger) => record,
        _ if is_audit(logger) => audit(message),
        _ => server(message),
    };
    if labelled.is_some() || groups.tenant.is_some() {
        let at = record.push("tenant", groups.tenant.unwrap_or_default());
        record.columns.realm = at;
    }
    if let Some(app) = groups.app {
        record.push("application", app);
    }
    if let Some(id) = groups.correlation {
        // What the head says is the request's own; an id in the message may be any.
        record.columns.session = record.push("correlationId", id);
    }
    record.time = Some(groups.time);
    record.level = Some(level);
    record.logger = Cow::Borrowed(logger);
    Some(record)
}

fn is_audit(logger: &str) -> bool {
    logger == "AUDIT_LOG" || logger.to_ascii_lowercase().contains("audit")
}

/// The groups in brackets before the level.
struct Groups<'a> {
    time: time::Time,
    tenant: Option<&'a str>,
    app: Option<&'a str>,
    correlation: Option<&'a str>,
}

impl<'a> Groups<'a> {
    fn read(mut rest: &'a str) -> Option<(Self, &'a str)> {
        let (mut time, mut tenant, mut app, mut correlation) = (None, None, None, None);
        let mut count = 0;
        while let Some(inner) = rest.strip_prefix('[').filter(|_| count < 12) {
            let (word, after) = inner.split_once(']')?;
            rest = after.trim_start_matches(' ');
            let trimmed = word.trim();
            let number = trimmed.strip_prefix('-').unwrap_or(trimmed);
            match () {
                () if time.is_none() && time::stamp(trimmed).is_some() => time = time::stamp(trimmed).map(|(time, _)| time),
                () if trimmed.is_empty() || Level::read(trimmed).is_some() => {
                    if !trimmed.is_empty() {
                        return None;
                    }
                }
                () if tenant.is_none() && time.is_none() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
                    tenant = Some(trimmed)
                }
                () if is_uuid(trimmed) || time.is_some() => correlation = correlation.or(Some(trimmed)),
                () => app = app.or(Some(trimmed)),
            }
            count += 1;
        }
        Some((Self { time: time?, tenant, app, correlation }, rest))
    }
}

/// `name - {"correlationId": …}`, the message of an API's log.
fn api_record(message: &str) -> Option<Record<'_>> {
    let (name, json) = message.split_once(" - ").or(Some(("", message))).filter(|(_, json)| json.starts_with('{'))?;
    let Ok(Value::Object(members)) = serde_json::from_str::<Value>(json) else { return None };
    let mut record = Record::new(LogKind::Correlation, message);
    record.push("api", name);
    for (member, value) in &members {
        record.fields.push((Cow::Owned(member.clone()), Cow::Owned(plain(value))));
    }
    let at = |names: &[&str]| record.fields.iter().position(|(name, _)| names.contains(&name.as_ref()));
    let (kind, id, ip, status) = (at(&["flow"]), at(&["correlationId"]), at(&["sourceIP"]), at(&["statusCode"]));
    (record.columns.event_type, record.columns.session, record.columns.ip) = (kind, id, ip);
    record.columns.error =
        status.filter(|at| record.fields.get(*at).is_some_and(|(_, value)| value.parse::<u16>().is_ok_and(|code| code >= 400)));
    Some(record)
}

/// `2026-11-20 14:02:31,204|correlation id|thread|…`.
pub(super) fn correlation(text: &str) -> Option<Record<'_>> {
    let (time, at) = time::stamp(text)?;
    let rest = text.get(at..)?.strip_prefix('|')?;
    let mut parts = rest.split('|');
    let (id, thread) = (parts.next()?, parts.next()?);
    // A layout of somebody's own with bars has a level among them.
    if rest.split('|').take(5).any(|part| Level::read(part.trim()).is_some()) {
        return None;
    }
    let mut record = Record::new(LogKind::Correlation, rest);
    record.time = Some(time);
    record.columns.session = record.push("correlationId", id.trim());
    record.push("thread", thread);
    let mut parts = parts.peekable();
    if let Some(took) = parts.next_if(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())) {
        record.push("milliseconds", took);
    }
    record.columns.event_type = parts.next().and_then(|kind| record.push("kind", kind));
    let mut verb = false;
    for part in parts.filter(|part| !part.is_empty()) {
        let is_verb = matches!(part, "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS");
        let name = match () {
            () if is_verb => "method",
            () if verb => "target",
            () if part.len() == 3 && part.parse::<u16>().is_ok_and(|status| (100..600).contains(&status)) => "status",
            () => "part",
        };
        let at = record.push(name, part);
        if name == "status" && part >= "400" {
            record.columns.error = at;
        }
        verb = is_verb;
    }
    Some(record)
}

/// Level, logger and message; older versions write the logger last, the console writes its last part without braces.
fn tail(rest: &str) -> Option<(Level, &str, &str)> {
    let (word, rest) = rest.split_once(' ')?;
    let level = Level::read(word)?;
    let rest = rest.trim_start();
    if let Some(rest) = rest.strip_prefix("- ") {
        let (logger, message) = rest.split_once(' ').unwrap_or((rest, ""));
        return match logger.strip_prefix('{').and_then(|logger| logger.strip_suffix('}')) {
            Some(logger) => Some((level, logger, message.trim_start_matches(['-', ' ']).trim_end())),
            None => Some((level, logger, message.trim())),
        };
    }
    let (logger, message) = rest.strip_prefix('{')?.split_once('}')?;
    let logger = logger.trim();
    let message = message.trim_start().strip_prefix('-').unwrap_or(message).trim();
    Some((level, logger, message.strip_suffix(&format!("{{{logger}}}")).unwrap_or(message).trim_end()))
}

pub(super) fn audit(message: &str) -> Record<'_> {
    let mut record = Record::new(LogKind::Audit, message);
    if message.starts_with('{') {
        audit_json(message, &mut record);
    } else if message.contains(" | ") && message.contains(" : ") {
        for part in message.split(" | ") {
            if let Some((name, value)) = part.split_once(" : ") {
                record.fields.push((Cow::Borrowed(name.trim()), Cow::Borrowed(value.trim())));
            }
        }
        let at = |name: &str| record.fields.iter().position(|(key, _)| key == name);
        (record.columns.event_type, record.columns.user) = (at("Action"), at("Initiator"));
        record.columns.error = at("Result")
            .or_else(|| at("Outcome"))
            .filter(|at| record.fields.get(*at).is_some_and(|(_, value)| !value.to_ascii_lowercase().starts_with("success")));
    } else if let Some((user, rest)) = message.strip_prefix('\'').and_then(|rest| rest.split_once('\'')) {
        let what = rest.split(" at [").next().unwrap_or(rest).trim();
        record.columns.event_type = record.push("action", what);
        // The tenant's number stands behind the name.
        record.columns.user = record.push("user", user.split(" [").next().unwrap_or(user));
    } else if let Some((request, rest)) = message.split_once(" user: ") {
        record.columns.event_type = record.push("request", request);
        let (user, app) = rest.split_once(" app: ").unwrap_or((rest, ""));
        record.columns.user = record.push("user", user);
        record.columns.client = record.push("consumerKey", app);
    }
    record
}

fn audit_json<'a>(message: &'a str, record: &mut Record<'a>) {
    if let Ok(Value::Object(members)) = serde_json::from_str::<Value>(message) {
        for (name, value) in &members {
            // Older versions hold `info` as JSON in a string.
            let inner = match value {
                Value::String(text) if name == "info" => serde_json::from_str::<Value>(text).ok(),
                Value::Object(_) => Some(value.clone()),
                _ => None,
            };
            match inner {
                Some(Value::Object(inner)) => {
                    for (key, value) in &inner {
                        record.fields.push((Cow::Owned(format!("{name}.{key}")), Cow::Owned(plain(value))));
                    }
                }
                _ => record.fields.push((Cow::Owned(name.clone()), Cow::Owned(plain(value)))),
            }
        }
    } else {
        for name in ["type", "typ", "action", "performedBy", "name", "info"] {
            if let Some(value) = member(message, name) {
                record.fields.push((Cow::Borrowed(name), Cow::Borrowed(value)));
            }
        }
    }
    let text =
        |names: &[&str]| record.fields.iter().find(|(key, _)| names.contains(&key.as_ref())).map(|(_, value)| value.to_string());
    let what = [text(&["type", "typ"]), text(&["action"])].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let at = |names: &[&str]| record.fields.iter().position(|(key, _)| names.contains(&key.as_ref()));
    record.columns.user = at(&["performedBy"]);
    record.columns.client = at(&["info.consumerKey", "info.consumer_key", "info.clientId", "info.client_id"]);
    if !what.is_empty() {
        record.columns.event_type = record.push("event", what);
    }
}

/// `"name":"value"` in text that only looks like JSON.
fn member<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = &text[text.find(&format!("\"{name}\""))? + name.len() + 2..];
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    match rest.strip_prefix('"') {
        Some(inner) => inner.split('"').next(),
        None => rest.split([',', '}']).next().map(str::trim),
    }
}

pub(super) fn server(message: &str) -> Record<'_> {
    let mut record = Record::new(LogKind::Server, message);
    if let Some(code) = fault_code(message) {
        record.columns.error = record.push("code", code);
    }
    let lower = message.to_ascii_lowercase();
    if let Some(client) = after(message, &lower, &["consumer key", "consumerkey", "client id", "clientid", "client_id"], 8) {
        record.columns.client = record.push("consumerKey", client);
    }
    if let Some(user) = after(message, &lower, &["username", "authorized user", "user"], 1) {
        record.columns.user = record.push("user", user);
    }
    if let Some(id) = message.split(|c: char| !(c.is_ascii_hexdigit() || c == '-')).find(|word| is_uuid(word)) {
        record.columns.session = record.push("correlationId", id);
    }
    record
}

/// A code of the gateway's table (9xxxxx) that stands alone.
fn fault_code(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .find(|word| word.len() == 6 && word.starts_with("90") && word.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The word behind a label and `:` or `=`.
fn after<'a>(text: &'a str, lower: &str, labels: &[&str], least: usize) -> Option<&'a str> {
    labels.iter().find_map(|label| {
        let rest = text.get(lower.find(label)? + label.len()..)?.trim_start();
        let rest = rest.strip_prefix([':', '='])?.trim_start().trim_start_matches(['[', '\'', '"']);
        let word = rest.split([' ', ',', ';', ']', '\'', '"', ')']).next()?.trim_end_matches('.');
        (word.len() >= least).then_some(word)
    })
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
