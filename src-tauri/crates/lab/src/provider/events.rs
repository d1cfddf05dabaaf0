//! The saved user events, with Keycloak's JSON shape, detail keys and filters.
//!
//! A client that can read events sees the `reason` the token endpoint keeps to itself, so these records are as much a
//! part of the provider's behaviour as its answers are. An error event is written at once, a success event with the
//! answer: both can be read when the answer is back.

use serde_json::{Map, Value, json};

use crate::form::Form;
use crate::random;

/// Events kept before the oldest is dropped; a real realm drops them by age.
const KEPT: usize = 5000;

/// What is known about an event while the request is being handled.
pub(crate) struct Draft {
    pub kind: &'static str,
    pub client: Option<String>,
    pub user: Option<String>,
    pub session: Option<String>,
    details: Map<String, Value>,
}

impl Draft {
    pub fn new(kind: &'static str) -> Self {
        Draft { kind, client: None, user: None, session: None, details: Map::new() }
    }

    /// Sets a detail; values are always strings.
    pub fn detail(&mut self, key: &str, value: impl Into<String>) -> &mut Self {
        self.details.insert(key.to_owned(), Value::String(value.into()));
        self
    }
}

/// One saved event.
struct Event {
    time: i64,
    kind: String,
    client: Option<String>,
    user: Option<String>,
    json: Value,
}

/// The saved events, oldest first.
#[derive(Default)]
pub(crate) struct Events(std::collections::VecDeque<Event>);

impl Events {
    pub fn success(&mut self, draft: Draft, realm: &str, time: i64) {
        let kind = draft.kind.to_owned();
        self.save(draft, kind, realm, time, None);
    }

    pub fn failure(&mut self, draft: Draft, realm: &str, time: i64, error: &str) {
        let kind = format!("{}_ERROR", draft.kind);
        self.save(draft, kind, realm, time, Some(error));
    }

    fn save(&mut self, draft: Draft, kind: String, realm: &str, time: i64, error: Option<&str>) {
        let mut event = Map::new();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                event.insert(key.to_owned(), value);
            }
        };
        put("id", Some(json!(random::uuid())));
        put("time", Some(json!(time)));
        put("type", Some(json!(kind)));
        put("realmId", Some(json!(realm)));
        put("clientId", draft.client.clone().map(Value::from));
        put("userId", draft.user.clone().map(Value::from));
        put("sessionId", draft.session.map(Value::from));
        put("ipAddress", Some(json!("127.0.0.1")));
        put("error", error.map(Value::from));
        put("details", (!draft.details.is_empty()).then_some(Value::Object(draft.details)));
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(Event { time, kind, client: draft.client, user: draft.user, json: Value::Object(event) });
    }

    pub fn read(&self, query: &Query) -> Value {
        let matching = |event: &&Event| {
            (query.kinds.is_empty() || query.kinds.contains(&event.kind))
                && query.client.as_ref().is_none_or(|client| event.client.as_ref() == Some(client))
                && query.user.as_ref().is_none_or(|user| event.user.as_ref() == Some(user))
                && query.from.is_none_or(|from| event.time >= from)
                && query.to.is_none_or(|to| event.time <= to)
        };
        let page = |events: &mut dyn Iterator<Item = &Event>| {
            events.filter(matching).skip(query.first).take(query.max).map(|event| event.json.clone()).collect()
        };
        Value::Array(if query.ascending { page(&mut self.0.iter()) } else { page(&mut self.0.iter().rev()) })
    }
}

/// The filters of `GET /admin/realms/{realm}/events`.
pub(crate) struct Query {
    kinds: Vec<String>,
    client: Option<String>,
    user: Option<String>,
    from: Option<i64>,
    to: Option<i64>,
    first: usize,
    max: usize,
    ascending: bool,
}

impl Query {
    /// Reads the filters; the error is the text of the 400 answer.
    pub fn parse(form: &Form) -> Result<Self, String> {
        let date = |name: &str, end_of_day: bool| {
            let Some(text) = form.filled(name) else {
                return Ok(None);
            };
            moment(text, end_of_day)
                .map(Some)
                .ok_or_else(|| format!("Invalid value for '{name}', expected format is yyyy-MM-dd or an Epoch timestamp"))
        };
        let number = |name: &str, default| {
            form.filled(name).map_or(Ok(default), |text| text.parse().map_err(|_| format!("Invalid value for '{name}'")))
        };
        Ok(Query {
            kinds: form.all("type"),
            client: form.filled("client").map(str::to_owned),
            user: form.filled("user").map(str::to_owned),
            from: date("dateFrom", false)?,
            to: date("dateTo", true)?,
            first: number("first", 0)?,
            max: number("max", 100)?,
            ascending: form.first("direction") == Some("asc"),
        })
    }
}

/// A day in UTC or an epoch timestamp, both in milliseconds; `dateTo` includes its whole day.
fn moment(text: &str, end_of_day: bool) -> Option<i64> {
    const DAY: i64 = 86_400_000;
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let (year, month, day): (i64, i64, i64) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let start = days_from_civil(year, month, day) * DAY;
    Some(if end_of_day { start + DAY - 1 } else { start })
}

/// Days since 1970-01-01 of a date in the Gregorian calendar, counted from March so that leap days come last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        let table = [
            ("1970-01-01", false, Some(0)),
            ("2026-11-20", false, Some(1_795_132_800_000)),
            ("2024-02-29", true, Some(1_709_251_199_999)),
            ("1763640000123", true, Some(1_763_640_000_123)),
            ("2026-13-01", false, None),
            ("20-11-2026", false, None),
            ("yesterday", false, None),
        ];
        for (text, end, expected) in table {
            assert_eq!(moment(text, end), expected, "{text}");
        }
    }
}
