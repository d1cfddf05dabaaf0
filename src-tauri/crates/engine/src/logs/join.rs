//! Records of a log and the steps they belong to.
//!
//! Only records near a step in time or with the id of one of its tokens are looked at; the rule is that of events read by the
//! API. Where a log names no zone, the ids of our own tokens tell it: the record that issued one was written when the step ran.

use std::collections::{HashMap, HashSet};

use record::{
    audit::{JoinedBy, Step},
    join::{self, StepKey},
    logs::{self, Layout, LogKind, Record},
};

use super::store::Store;

/// Clock difference that is allowed, milliseconds.
const SLACK_MS: i64 = 2_000;
/// Zones are whole quarters of an hour.
const QUARTER_MS: i64 = 15 * 60 * 1000;
/// Farthest zone.
pub(super) const FARTHEST_MS: i64 = 15 * 4 * QUARTER_MS;
/// Most records that are read again for joining.
const MOST: usize = 20_000;

/// Which record belongs to which step.
#[derive(Default)]
pub(super) struct Joins {
    rows: HashMap<u32, (i64, JoinedBy)>,
}

impl Joins {
    pub(super) fn has(&self, row: u32) -> bool {
        !self.rows.is_empty() && self.rows.contains_key(&row)
    }

    pub(super) fn of(&self, row: u32) -> Option<(i64, JoinedBy)> {
        self.rows.get(&row).copied()
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// What is known of our steps.
pub(super) struct Ours {
    keys: Vec<StepKey>,
    /// Step by the correlation id its exchanges carried.
    activities: HashMap<String, i64>,
}

impl Ours {
    /// Steps oldest first.
    pub(super) fn new(mut keys: Vec<StepKey>, steps: impl Iterator<Item = Step>) -> Self {
        keys.sort_by_key(|key| key.step);
        let mut activities = HashMap::new();
        for step in steps {
            for exchange in &step.exchanges {
                for line in exchange.request.iter().chain(&exchange.response) {
                    let text: String = line.iter().map(|span| span.text.as_str()).collect();
                    if let Some((name, id)) = text.split_once(": ")
                        && name.eq_ignore_ascii_case("activityid")
                    {
                        activities.insert(id.trim().to_ascii_lowercase(), step.id);
                    }
                }
            }
        }
        Self { keys, activities }
    }

    /// Minutes east of UTC of the records without a zone, if the ids of our tokens agree on them.
    pub(super) fn zone(&self, store: &Store) -> Option<i32> {
        let steps: HashMap<String, &StepKey> =
            self.keys.iter().flat_map(|key| key.jtis.iter().map(move |jti| (jti.to_ascii_lowercase(), key))).collect();
        let mut votes: HashMap<i64, u32> = HashMap::new();
        for row in 0..if steps.is_empty() { 0 } else { store.len() } {
            if store.is_zoned(row as u32) || !store.has_time(row as u32) {
                continue;
            }
            for step in ids_of(store, row).filter_map(|id| steps.get(id)) {
                let written = store.time(row as u32) + store.zone_ms;
                let off = written - step.to_ms;
                let quarters = (off + QUARTER_MS / 2).div_euclid(QUARTER_MS);
                let utc = written - quarters * QUARTER_MS;
                if (step.from_ms - SLACK_MS..=step.to_ms + SLACK_MS).contains(&utc) {
                    *votes.entry(quarters).or_default() += 1;
                }
            }
        }
        let (quarters, _) = votes.into_iter().max_by_key(|(quarters, votes)| (*votes, -quarters.abs()))?;
        i32::try_from(quarters * 15).ok()
    }

    /// Joins what can be joined. `read` gives the text of a record and the layout it is written in.
    pub(super) fn join(&self, store: &Store, server: &str, read: impl Fn(u32) -> Option<(String, Layout)>) -> Joins {
        let mut joins = Joins::default();
        for row in self.candidates(store) {
            let Some((text, layout)) = read(row) else { continue };
            let Some(record) = layout.record(&text) else { continue };
            if let Some(found) = self.step_of(store, row, &record, server) {
                joins.rows.insert(row, found);
            }
        }
        joins
    }

    fn candidates(&self, store: &Store) -> Vec<u32> {
        let ids: HashSet<String> = self
            .keys
            .iter()
            .flat_map(|key| key.jtis.iter())
            .map(|jti| jti.to_ascii_lowercase())
            .chain(self.activities.keys().cloned())
            .collect();
        let windows = windows(&self.keys);
        let near = |time: i64| {
            let at = windows.partition_point(|(_, to)| *to < time);
            windows.get(at).is_some_and(|(from, _)| *from <= time)
        };
        let fits = |row: &u32| {
            let kind = store.kind(*row);
            (kind != LogKind::Text && near(store.time(*row)))
                || (!ids.is_empty() && ids_of(store, *row as usize).any(|id| ids.contains(id)))
        };
        if self.keys.is_empty() { Vec::new() } else { (0..store.len() as u32).filter(fits).take(MOST).collect() }
    }

    fn step_of(&self, store: &Store, row: u32, record: &Record<'_>, server: &str) -> Option<(i64, JoinedBy)> {
        let time_ms = store.time(row);
        if record.kind == LogKind::UserEvent {
            let event = logs::as_event(record, time_ms, server, format!("row {row}"))?;
            return join::join(&event, &self.keys);
        }
        if let Some(step) = record.value(record.columns.session).and_then(|id| self.activities.get(&id.to_ascii_lowercase())) {
            return Some((*step, JoinedBy::ActivityId));
        }
        // A gateway's line about one of our clients, written while a step of that client ran.
        let client = record.value(record.columns.client)?;
        let running = self.keys.iter().filter(|key| {
            key.client.as_deref() == Some(client) && (key.from_ms - SLACK_MS..=key.to_ms + SLACK_MS).contains(&time_ms)
        });
        running.min_by_key(|key| (time_ms - key.to_ms).abs()).map(|key| (key.step, JoinedBy::ClientAndTime))
    }
}

fn ids_of(store: &Store, row: usize) -> impl Iterator<Item = &str> {
    store.ids.text(row).split(|byte| *byte == b'\n').filter_map(|id| std::str::from_utf8(id).ok()).filter(|id| !id.is_empty())
}

/// Times in which steps ran, with slack, in order and without overlap.
fn windows(keys: &[StepKey]) -> Vec<(i64, i64)> {
    let mut all: Vec<(i64, i64)> = keys.iter().map(|key| (key.from_ms - SLACK_MS, key.to_ms + SLACK_MS)).collect();
    all.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (from, to) in all {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}
