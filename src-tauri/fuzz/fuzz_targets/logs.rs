//! A server's log made up by a machine: read in chunks that end anywhere, as lines, as metrics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use record::logs::{Place, Reader, Record, Sink, parse, read_metrics, safe_fields, sniff};

#[derive(Default)]
struct Seen {
    records: u64,
    more: u64,
}

impl Sink for Seen {
    fn record(&mut self, _: Place, record: &Record<'_>) {
        self.records += 1;
        let _ = safe_fields(record);
        let columns = record.columns;
        for column in [columns.event_type, columns.realm, columns.client, columns.user, columns.session, columns.ip, columns.error] {
            assert!(column.is_none_or(|at| at < record.fields.len()));
        }
    }

    fn more(&mut self, _: Place, _: &str) {
        self.more += 1;
    }
}

fuzz_target!(|bytes: &[u8]| {
    let (size, bytes) = bytes.split_first().map_or((1, bytes), |(size, rest)| (usize::from(*size) + 1, rest));
    let (mut reader, mut seen) = (Reader::default(), Seen::default());
    bytes.chunks(size).for_each(|chunk| reader.feed(chunk, &mut seen));
    reader.finish(&mut seen);
    assert_eq!((seen.records, seen.more), (reader.tally().records, reader.tally().attached));
    let _ = sniff(bytes);
    let text = String::from_utf8_lossy(bytes);
    let _ = (parse(&text), read_metrics(&text));
});
