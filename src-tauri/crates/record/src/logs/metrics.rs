//! Keycloak's metrics page: how often what happened, by client, event and error.
//!
//! Since 26.2 user events are the counter `keycloak_user_events_total`, with `error` empty on success and with `client_id` and
//! `idp` only if they were chosen as tags. Older servers have counters of the widely used extension keycloak-metrics-spi instead,
//! one name for each event; they are read as the same thing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A counter of user events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MetricSeries {
    /// Event in lower case, e.g. `token_exchange`.
    pub event: String,
    /// Error; empty on success.
    pub error: String,
    /// Realm.
    pub realm: String,
    /// Client, if the server was told to count by it.
    pub client: String,
    /// Identity provider, if told so.
    pub idp: String,
    /// How often since the server started.
    pub count: f64,
}

/// A bar: succeeded and failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MetricBar {
    /// What it counts.
    pub name: String,
    /// Without an error.
    pub succeeded: f64,
    /// With one.
    pub failed: f64,
}

/// A metrics page, as far as it is about user events.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Metrics {
    /// Counters, highest first.
    pub series: Vec<MetricSeries>,
    /// Bars by client; empty when the server does not count by client.
    pub clients: Vec<MetricBar>,
    /// Bars by event.
    pub events: Vec<MetricBar>,
    /// Bars by error.
    pub errors: Vec<MetricBar>,
    /// Metrics on the page that are about something else.
    pub others: u32,
    /// What is missing and the setting that adds it, one sentence each.
    pub remarks: Vec<String>,
}

/// Names of keycloak-metrics-spi: metric without `_total`, event, whether it counts failures only.
const EXTENSION: &[(&str, &str, bool)] = &[
    ("keycloak_logins", "login", false),
    ("keycloak_failed_login_attempts", "login", true),
    ("keycloak_client_logins", "client_login", false),
    ("keycloak_failed_client_login_attempts", "client_login", true),
    ("keycloak_refresh_tokens", "refresh_token", false),
    ("keycloak_refresh_tokens_errors", "refresh_token", true),
    ("keycloak_registrations", "register", false),
    ("keycloak_registrations_errors", "register", true),
    ("keycloak_code_to_tokens", "code_to_token", false),
    ("keycloak_code_to_tokens_errors", "code_to_token", true),
];

/// Reads a page in the text format of Prometheus or OpenMetrics. The error names what is wrong and what to do.
pub fn read_metrics(text: &str) -> Result<Metrics, String> {
    let mut metrics = Metrics::default();
    let (mut by_client, mut by_idp, mut samples) = (false, false, 0u32);
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let sample = sample(line).ok_or_else(|| {
            format!("Line {} of the metrics page is no metric. Save the whole answer of /metrics and open that.", number + 1)
        })?;
        samples += 1;
        let Some((event, failures)) = event_of(&sample) else {
            metrics.others += 1;
            continue;
        };
        let label = |names: &[&str]| {
            sample.labels.iter().find(|(name, _)| names.contains(&name.as_str())).map(|(_, value)| value.clone())
        };
        let client = label(&["client_id", "clientId", "client"]);
        by_client |= client.is_some();
        let idp = label(&["idp", "provider"]);
        by_idp |= idp.is_some();
        let error = label(&["error"]).unwrap_or_default();
        metrics.series.push(MetricSeries {
            event,
            error: if failures && error.is_empty() { "unknown".into() } else { error },
            realm: label(&["realm"]).unwrap_or_default(),
            client: client.unwrap_or_default(),
            idp: idp.unwrap_or_default(),
            count: sample.value,
        });
    }
    if samples == 0 {
        return Err(
            "The metrics page is empty. Open http://host:9000/metrics of a server started with --metrics-enabled=true.".into()
        );
    }
    metrics.series.sort_by(|a, b| {
        b.count
            .total_cmp(&a.count)
            .then_with(|| (&a.event, &a.error, &a.client, &a.realm).cmp(&(&b.event, &b.error, &b.client, &b.realm)))
    });
    if metrics.series.is_empty() {
        metrics.remarks.push(
            "The page counts no user events. Start Keycloak with --event-metrics-user-enabled=true; a counter appears with its first event."
                .into(),
        );
    } else if !by_client {
        metrics.remarks.push("The server does not count by client. Add --event-metrics-user-tags=realm,idp,clientId.".into());
    }
    if by_client || by_idp {
        metrics.clients = bars(&metrics.series, |one| one.client.clone());
    }
    metrics.events = bars(&metrics.series, |one| one.event.clone());
    metrics.errors = bars(&metrics.series, |one| one.error.clone());
    Ok(metrics)
}

fn bars(series: &[MetricSeries], name: impl Fn(&MetricSeries) -> String) -> Vec<MetricBar> {
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for one in series {
        let sum = sums.entry(name(one)).or_default();
        if one.error.is_empty() {
            sum.0 += one.count;
        } else {
            sum.1 += one.count;
        }
    }
    let named = sums.into_iter().filter(|(name, _)| !name.is_empty());
    let mut bars: Vec<MetricBar> = named.map(|(name, (succeeded, failed))| MetricBar { name, succeeded, failed }).collect();
    bars.sort_by(|a, b| (b.succeeded + b.failed).total_cmp(&(a.succeeded + a.failed)).then_with(|| a.name.cmp(&b.name)));
    bars
}

struct Sample {
    name: String,
    labels: Vec<(String, String)>,
    value: f64,
}

fn event_of(sample: &Sample) -> Option<(String, bool)> {
    let name = sample.name.strip_suffix("_total").unwrap_or(&sample.name);
    if name == "keycloak_user_events" {
        let event = sample.labels.iter().find(|(name, _)| name == "event")?;
        return Some((event.1.to_ascii_lowercase(), false));
    }
    if let Some((_, event, failures)) = EXTENSION.iter().find(|(known, _, _)| *known == name) {
        return Some(((*event).to_owned(), *failures));
    }
    let event = name.strip_prefix("keycloak_user_event_")?.to_ascii_lowercase();
    Some(match event.strip_suffix("_error") {
        Some(event) => (event.to_owned(), true),
        None => (event, false),
    })
}

/// `name{label="value",…} value [timestamp]`.
fn sample(line: &str) -> Option<Sample> {
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | ':')))?;
    let (name, mut rest) = (&line[..end], &line[end..]);
    let mut labels = Vec::new();
    if let Some(inner) = rest.strip_prefix('{') {
        rest = inner.trim_start();
        while !rest.starts_with('}') {
            let (label, after) = rest.split_once("=\"")?;
            let (value, after) = label_value(after)?;
            labels.push((label.trim().to_owned(), value));
            rest = after.trim_start().trim_start_matches(',').trim_start();
        }
        rest = rest.strip_prefix('}')?;
    }
    let value = rest.split_ascii_whitespace().next()?.parse().ok()?;
    (!name.is_empty()).then(|| Sample { name: name.to_owned(), labels, value })
}

fn label_value(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 1..])),
            '\\' => match chars.next()?.1 {
                'n' => value.push('\n'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_of_newer_servers() {
        let page = "# HELP keycloak_user_events_total Keycloak user events\n# TYPE keycloak_user_events_total counter\n\
            keycloak_user_events_total{client_id=\"backend\",error=\"not_allowed\",event=\"token_exchange\",idp=\"\",realm=\"demo\",} 3.0\n\
            keycloak_user_events_total{client_id=\"backend\",error=\"\",event=\"token_exchange\",idp=\"\",realm=\"demo\"} 40.0 1763640000123\n\
            keycloak_user_events_total{client_id=\"a\\\"b\",error=\"\",event=\"login\",idp=\"\",realm=\"demo\"} 7\n\
            jvm_memory_used_bytes{area=\"heap\"} 1.2345E8\nagroal_active_count 0.0\n# EOF\n";
        let metrics = read_metrics(page).expect("a page");
        let bar = |name: &str, succeeded, failed| MetricBar { name: name.into(), succeeded, failed };
        assert_eq!(metrics.series.len(), 3);
        assert_eq!((metrics.series[0].event.as_str(), metrics.series[0].count), ("token_exchange", 40.0));
        assert_eq!(metrics.clients, [bar("backend", 40.0, 3.0), bar("a\"b", 7.0, 0.0)]);
        assert_eq!(metrics.events, [bar("token_exchange", 40.0, 3.0), bar("login", 7.0, 0.0)]);
        assert_eq!(metrics.errors, [bar("not_allowed", 0.0, 3.0)]);
        assert_eq!((metrics.others, metrics.remarks), (2, vec![]));
    }

    #[test]
    fn names_of_the_older_extension() {
        let page = "keycloak_logins_total{realm=\"demo\",provider=\"keycloak\",client_id=\"web\"} 5\n\
            keycloak_failed_login_attempts{realm=\"demo\",provider=\"keycloak\",error=\"user_not_found\",client_id=\"web\"} 2\n\
            keycloak_user_event_CLIENT_INFO_ERROR{realm=\"demo\"} 1\n";
        let metrics = read_metrics(page).expect("a page");
        let found: Vec<(&str, &str, f64)> =
            metrics.series.iter().map(|one| (one.event.as_str(), one.error.as_str(), one.count)).collect();
        assert_eq!(found, [("login", "", 5.0), ("login", "user_not_found", 2.0), ("client_info", "unknown", 1.0)]);
    }

    #[test]
    fn what_is_missing_is_said() {
        let told = |page: &str| read_metrics(page).map(|metrics| metrics.remarks.join(" "));
        assert!(
            told("keycloak_user_events_total{error=\"\",event=\"login\",realm=\"demo\"} 1")
                .is_ok_and(|text| text.contains("clientId"))
        );
        assert!(told("jvm_threads 5").is_ok_and(|text| text.contains("event-metrics-user-enabled")));
        assert!(told("").is_err_and(|text| text.contains("empty")));
        assert!(told("jvm_threads 5\n<html>\n").is_err_and(|text| text.starts_with("Line 2 ")));
    }
}
