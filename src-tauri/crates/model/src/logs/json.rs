//! One JSON object a line: Keycloak's JSON console in its own names and in those of the Elastic Common Schema, and the wrapping
//! Docker puts around any line.

use std::borrow::Cow;

use serde::Deserialize;

use super::{Level, LogKind, Record, keycloak, time};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Line<'a> {
    #[serde(borrow, alias = "@timestamp", alias = "time")]
    timestamp: Cow<'a, str>,
    #[serde(borrow, alias = "log.level")]
    level: Cow<'a, str>,
    #[serde(borrow, rename = "loggerName", alias = "log.logger")]
    logger: Cow<'a, str>,
    #[serde(borrow)]
    message: Cow<'a, str>,
    /// Docker's own wrapping.
    #[serde(borrow)]
    log: Cow<'a, str>,
}

/// Reads a line that begins with a brace; none when it is no object of a log.
pub(super) fn line(text: &str) -> Option<Record<'_>> {
    let line: Line<'_> = serde_json::from_str(text).ok()?;
    if !line.log.is_empty() && line.message.is_empty() {
        let inner = line.log.trim_end().to_owned();
        let mut record = if inner.starts_with('{') { None } else { super::parse(&inner).map(Record::into_owned) }
            .unwrap_or_else(|| Record::new(LogKind::Server, inner.clone()).into_owned());
        let own = record.time.is_some_and(|own| own.zoned);
        record.time = time::stamp(&line.timestamp).map(|(time, _)| time).filter(|_| !own).or(record.time);
        return Some(record);
    }
    if line.timestamp.is_empty() {
        return None;
    }
    let time = time::stamp(&line.timestamp).map(|(time, _)| time)?;
    let mut record = keycloak::message_of(line.message);
    record.time = Some(time);
    record.level = Level::read(&line.level);
    record.logger = line.logger;
    Some(record)
}
