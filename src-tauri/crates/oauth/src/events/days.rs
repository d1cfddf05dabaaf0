//! Days of the calendar for servers that know no finer date: Keycloak before 26.2 takes `yyyy-MM-dd` only.

use jiff::{Timestamp, tz::TimeZone};

/// The UTC day of a moment (epoch milliseconds) as `yyyy-MM-dd`; of one that no calendar has, its first or last day.
pub fn utc_day(ms: i64) -> String {
    let moment = Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 { Timestamp::MIN } else { Timestamp::MAX });
    TimeZone::UTC.to_datetime(moment).date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        for (ms, day) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (951_782_400_000, "2000-02-29"),
            (951_868_800_000, "2000-03-01"),
            (1_709_251_199_999, "2024-02-29"),
            (1_763_640_000_123, "2025-11-20"),
            (1_795_132_800_000, "2026-11-20"),
            (1_798_761_599_999, "2026-12-31"),
        ] {
            assert_eq!(utc_day(ms), day, "{ms}");
        }
    }
}
