//! Which rows a filter leaves, what is counted among them, and the bars over time: one pass over the columns.

use std::thread;

use record::{
    audit::{Bin, ChipCount},
    logs::{Field, LogFacet, LogQuery, words},
};

use super::{
    join::Joins,
    store::Store,
    values::{Bits, Column},
};

const CHIPS: [&str; 4] = ["events", "errors", "joined", "others"];

/// Most values of a column that are offered.
const OFFERED: usize = 60;

/// Fewest rows worth a second thread.
const ALONE: usize = 60_000;

/// Shortest word that is looked for in ids, where shorter ones are in every second one and mean nothing.
const SHORTEST_ID: usize = 3;

/// What a filter leaves.
pub(super) struct Filtered {
    /// Rows, oldest first.
    pub(super) rows: Vec<u32>,
    pub(super) chips: Vec<ChipCount>,
    /// Types, clients, users, errors.
    pub(super) facets: [Vec<LogFacet>; 4],
    pub(super) bins: Vec<Bin>,
    pub(super) bin_ms: i64,
}

/// What a row may fail; alone, it still counts for the choice it failed.
const CHIP: u8 = 1 << 4;
const RANGE: u8 = 1 << 5;
const REST: u8 = 1 << 6;

struct Test<'a> {
    store: &'a Store,
    joins: &'a Joins,
    columns: [&'a Column; 4],
    /// Number each column must have; `u32::MAX` for a value that does not occur.
    wanted: [Option<u32>; 4],
    chips: [bool; 4],
    step: Option<i64>,
    range: Option<(i64, i64)>,
    words: Vec<WordTest>,
    first_ms: i64,
    bin_ms: i64,
    bins: usize,
    /// Whether any record has a time; else there are no bars.
    timed: bool,
}

enum WordTest {
    /// Numbers of a column that have the word.
    Column(usize, Bits),
    /// Values that have it, and rows whose ids have it.
    Anywhere(Bits, Option<Bits>),
}

/// Counts of one thread.
#[derive(Default)]
struct Counts {
    rows: Vec<u32>,
    chips: [u32; 4],
    facets: [Vec<u32>; 4],
    /// Events, others, failed.
    bins: Vec<(u32, u32, u32)>,
}

/// Filters a whole log.
pub(super) fn find(store: &Store, joins: &Joins, query: &LogQuery) -> Filtered {
    let test = Test::new(store, joins, query);
    let count = store.len();
    let threads = if count < ALONE { 1 } else { thread::available_parallelism().map_or(1, usize::from).min(4) };
    let size = count.div_ceil(threads).max(1);
    let parts: Vec<Counts> = thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|part| {
                let test = &test;
                let rows = (part * size).min(count)..((part + 1) * size).min(count);
                move || test.run(rows)
            })
            .map(|work| scope.spawn(work))
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
    });
    test.sum(parts)
}

impl<'a> Test<'a> {
    fn new(store: &'a Store, joins: &'a Joins, query: &LogQuery) -> Self {
        let columns = [&store.event_type, &store.client, &store.user, &store.error];
        let asked = [&query.event_type, &query.client, &query.user, &query.error];
        let wanted = std::array::from_fn(|at| {
            asked[at].as_ref().map(|text| {
                let mut numbers = columns[at].values.iter();
                numbers.position(|value| store.values.text(*value) == *text).map_or(u32::MAX, |number| number as u32)
            })
        });
        let words = words(&query.search)
            .into_iter()
            .map(|word| {
                let values = store.values.lower.find(&word.text);
                match word.field {
                    None => {
                        let ids = (word.text.len() >= SHORTEST_ID).then(|| store.ids.find(&word.text)).filter(|ids| ids.any);
                        WordTest::Anywhere(values, ids)
                    }
                    Some(field) => {
                        let at = match field {
                            Field::Type => 0,
                            Field::Client => 1,
                            Field::User => 2,
                            Field::Error => 3,
                        };
                        let mut numbers = Bits::of(columns[at].values.len());
                        for (number, value) in columns[at].values.iter().enumerate() {
                            if values.has(*value) {
                                numbers.set(number as u32);
                            }
                        }
                        WordTest::Column(at, numbers)
                    }
                }
            })
            .collect();
        let span = store.span();
        let (first_ms, last_ms) = span.unwrap_or_default();
        let bin_ms = width(last_ms - first_ms);
        let first_ms = first_ms.div_euclid(bin_ms) * bin_ms;
        let range = (query.from_ms.is_some() || query.to_ms.is_some())
            .then(|| (query.from_ms.unwrap_or(i64::MIN), query.to_ms.unwrap_or(i64::MAX)));
        Self {
            store,
            joins,
            columns,
            wanted,
            chips: CHIPS.map(|chip| query.chips.iter().any(|asked| asked == chip)),
            step: query.step,
            range,
            words,
            first_ms,
            bin_ms,
            bins: usize::try_from((last_ms - first_ms) / bin_ms).unwrap_or_default() + 1,
            timed: span.is_some(),
        }
    }

    fn run(&self, rows: std::ops::Range<usize>) -> Counts {
        let mut counts = Counts {
            facets: self.columns.map(|column| vec![0; column.values.len()]),
            bins: vec![(0, 0, 0); if self.timed { self.bins } else { 0 }],
            ..Counts::default()
        };
        let any_chip = self.chips.iter().any(|chip| *chip);
        for at in rows {
            let row = at as u32;
            let mut failed = 0u8;
            for (bit, column) in self.columns.iter().enumerate() {
                if let Some(wanted) = self.wanted[bit]
                    && column.rows.get(at) != Some(&wanted)
                {
                    failed |= 1 << bit;
                }
            }
            let (time, placed) = (self.store.time(row), self.store.is_placed(row));
            if self.range.is_some_and(|(from, to)| !placed || time < from || time >= to) {
                failed |= RANGE;
            }
            let event = self.store.kind(row).is_event();
            let is = [event, self.store.failed(row), self.joins.has(row), !event];
            if any_chip && !is.iter().zip(self.chips).any(|(is, asked)| *is && asked) {
                failed |= CHIP;
            }
            // More than one failed: it counts nowhere, so the words need not be looked at.
            if failed.count_ones() > 1
                || self.step.is_some_and(|step| self.joins.of(row).is_none_or(|(joined, _)| joined != step))
                || !self.has_words(at)
            {
                failed |= REST;
            }
            if failed & REST != 0 {
                continue;
            }
            for (bit, facet) in counts.facets.iter_mut().enumerate() {
                if failed & !(1 << bit) == 0
                    && let Some(count) = self.columns[bit].rows.get(at).and_then(|number| facet.get_mut(*number as usize))
                {
                    *count += 1;
                }
            }
            if failed & !CHIP == 0 {
                for (count, is) in counts.chips.iter_mut().zip(is) {
                    *count += u32::from(is);
                }
            }
            if failed & !RANGE == 0
                && placed
                && let Ok(bin) = usize::try_from((time - self.first_ms) / self.bin_ms)
                && let Some(bin) = counts.bins.get_mut(bin)
            {
                bin.0 += u32::from(event);
                bin.1 += u32::from(!event);
                bin.2 += u32::from(is[1]);
            }
            if failed == 0 {
                counts.rows.push(row);
            }
        }
        counts
    }

    fn has_words(&self, at: usize) -> bool {
        self.words.iter().all(|word| match word {
            WordTest::Column(column, numbers) => {
                self.columns[*column].rows.get(at).is_some_and(|number| *number != 0 && numbers.has(*number))
            }
            WordTest::Anywhere(values, ids) => {
                values.any && self.store.flat(at).iter().any(|value| values.has(*value))
                    || ids.as_ref().is_some_and(|ids| ids.has(at as u32))
            }
        })
    }

    fn sum(&self, parts: Vec<Counts>) -> Filtered {
        let mut chips = [0; 4];
        let mut facets: [Vec<u32>; 4] = self.columns.map(|column| vec![0; column.values.len()]);
        let mut bins = vec![(0, 0, 0); self.bins];
        let mut rows = Vec::with_capacity(parts.iter().map(|part| part.rows.len()).sum());
        for part in parts {
            rows.extend_from_slice(&part.rows);
            for (sum, count) in chips.iter_mut().zip(part.chips) {
                *sum += count;
            }
            for (sums, counts) in facets.iter_mut().zip(part.facets) {
                sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
            for (sum, bin) in bins.iter_mut().zip(part.bins) {
                *sum = (sum.0 + bin.0, sum.1 + bin.1, sum.2 + bin.2);
            }
        }
        if let Some(order) = &self.store.order {
            let mut left = Bits::of(self.store.len());
            rows.iter().for_each(|row| left.set(*row));
            rows = order.iter().copied().filter(|row| left.has(*row)).collect();
        }
        let facets = std::array::from_fn(|at| self.offered(at, &facets[at]));
        let bins = bins.into_iter().enumerate().map(|(at, (events, others, errors))| Bin {
            from_ms: self.first_ms + at as i64 * self.bin_ms,
            steps: others,
            events,
            errors,
        });
        Filtered {
            rows,
            chips: CHIPS.iter().zip(chips).map(|(chip, count)| ChipCount { chip: (*chip).to_owned(), count }).collect(),
            facets,
            bins: if self.timed { bins.collect() } else { Vec::new() },
            bin_ms: self.bin_ms,
        }
    }

    /// The most frequent values of a column, the chosen one always among them.
    fn offered(&self, column: usize, counts: &[u32]) -> Vec<LogFacet> {
        let values = &self.columns[column].values;
        let chosen = self.wanted[column].map(|number| number as usize);
        let mut numbers: Vec<usize> = (1..values.len())
            .filter(|number| counts.get(*number).is_some_and(|count| *count > 0) || chosen == Some(*number))
            .collect();
        numbers.sort_by_key(|number| std::cmp::Reverse((chosen == Some(*number), counts.get(*number).copied())));
        numbers.truncate(OFFERED);
        numbers.sort_by_key(|number| std::cmp::Reverse(counts.get(*number).copied()));
        let facet = |number: usize| {
            Some(LogFacet { value: self.store.values.text(*values.get(number)?), count: counts.get(number).copied()? })
        };
        numbers.into_iter().filter_map(facet).collect()
    }
}

/// Width of a bar: about a hundred of them, in round times.
fn width(span_ms: i64) -> i64 {
    const WIDTHS_S: [i64; 14] = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 86_400, 604_800, 2_592_000];
    WIDTHS_S.iter().map(|seconds| seconds * 1000).find(|width| span_ms / width < 120).unwrap_or((span_ms / 100).max(1))
}
