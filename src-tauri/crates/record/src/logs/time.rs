//! Times as servers write them, to milliseconds since the epoch.
//!
//! A million lines are read in a second or two, so the few layouts there are have a reading of their own, digit by digit; the
//! calendar behind them is jiff's ([decision 12](../../../../../docs/decisions/0012-what-stays-our-own-reading.md)).

use jiff::civil::{Date, date};

/// A time of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// Epoch milliseconds; of a line without a zone, as if it were UTC.
    pub ms: i64,
    /// Whether the line names its zone.
    pub zoned: bool,
    /// Whether the line names its day; else the milliseconds are those of a day.
    pub dated: bool,
    /// Whether it names day and month but no year, as syslog does; the milliseconds are then those of 1972, a leap year.
    pub yearless: bool,
}

impl Time {
    /// The milliseconds in the last year that puts them no later than a day after `written_ms`, when the line names no year; else
    /// as they are.
    pub fn until(self, written_ms: i64) -> i64 {
        const DAY_MS: i64 = 86_400_000;
        if !self.yearless {
            return self.ms;
        }
        let (first, next) = (days(YEARLESS, 1, 1) * DAY_MS, days(YEARLESS, 3, 1) * DAY_MS);
        let year = 1970 + written_ms.div_euclid(DAY_MS) * 400 / 146_097;
        // A day after February stands one day earlier in a common year.
        let in_year = |year: i64| {
            let leap = days(year, 3, 1) - days(year, 2, 1) == 29;
            let after = if self.ms >= next && !leap { DAY_MS } else { 0 };
            days(year, 1, 1) * DAY_MS + (self.ms - first) - after
        };
        (year - 1..=year + 1).rev().map(in_year).find(|ms| *ms <= written_ms + DAY_MS).unwrap_or_else(|| in_year(year))
    }
}

/// The year that times without one are kept in.
pub(super) const YEARLESS: i64 = 1972;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `2026-11-20 14:02:31,204` or RFC 3339 at the beginning of a text, with how many bytes it takes.
pub(super) fn stamp(text: &str) -> Option<(Time, usize)> {
    let bytes = text.as_bytes();
    if bytes.len() < 19 || bytes[4] != b'-' || bytes[7] != b'-' || !matches!(bytes[10], b' ' | b'T') {
        return None;
    }
    let (year, month, day) = (number(bytes, 0, 4)?, number(bytes, 5, 2)?, number(bytes, 8, 2)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let (of_day, mut at) = clock_at(bytes, 11)?;
    let mut ms = days(year, month, day) * 86_400_000 + of_day;
    let mut zoned = false;
    match bytes.get(at) {
        Some(b'Z') => (zoned, at) = (true, at + 1),
        Some(sign @ (b'+' | b'-')) => {
            if let Some((minutes, length)) = zone(bytes, at + 1) {
                ms -= if *sign == b'+' { minutes } else { -minutes } * 60_000;
                (zoned, at) = (true, at + 1 + length);
            }
        }
        _ => {}
    }
    Some((Time { ms, zoned, dated: true, yearless: false }, at))
}

/// `14:02:31,204` at the beginning of a text, as consoles of Keycloak before 17 write it.
pub(super) fn clock(text: &str) -> Option<(Time, usize)> {
    let (ms, at) = clock_at(text.as_bytes(), 0)?;
    Some((Time { ms, zoned: false, dated: false, yearless: false }, at))
}

/// `20/Nov/2026:14:02:31 +0000`, as access logs write it.
pub(super) fn of_access(text: &str) -> Option<Time> {
    let bytes = text.as_bytes();
    if bytes.len() < 20 || bytes[2] != b'/' || bytes[6] != b'/' || bytes[11] != b':' {
        return None;
    }
    let month = text.get(3..6)?;
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let (of_day, at) = clock_at(bytes, 12)?;
    let mut ms = days(number(bytes, 7, 4)?, month, number(bytes, 0, 2)?) * 86_400_000 + of_day;
    let mut zoned = false;
    if bytes.get(at) == Some(&b' ')
        && let Some(sign @ (b'+' | b'-')) = bytes.get(at + 1)
        && let Some((minutes, _)) = zone(bytes, at + 2)
    {
        ms -= if *sign == b'+' { minutes } else { -minutes } * 60_000;
        zoned = true;
    }
    Some(Time { ms, zoned, dated: true, yearless: false })
}

/// `HH:mm:ss` with any fraction after a comma or a point: milliseconds of the day, and where it ends.
pub(super) fn clock_at(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    if bytes.get(at + 2) != Some(&b':') || bytes.get(at + 5) != Some(&b':') {
        return None;
    }
    let (hour, minute, second) = (number(bytes, at, 2)?, number(bytes, at + 3, 2)?, number(bytes, at + 6, 2)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut ms = ((hour * 60 + minute) * 60 + second) * 1000;
    let mut end = at + 8;
    if matches!(bytes.get(end), Some(b',' | b'.')) {
        let mut worth = 100;
        end += 1;
        while let Some(digit @ b'0'..=b'9') = bytes.get(end) {
            ms += i64::from(digit - b'0') * worth;
            worth /= 10;
            end += 1;
        }
    }
    Some((ms, end))
}

/// `02:00`, `0200` or `02`: minutes and length.
pub(super) fn zone(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let hours = number(bytes, at, 2)?;
    if bytes.get(at + 2) == Some(&b':') {
        return Some((hours * 60 + number(bytes, at + 3, 2)?, 5));
    }
    Some(match number(bytes, at + 2, 2) {
        Some(minutes) => (hours * 60 + minutes, 4),
        None => (hours * 60, 2),
    })
}

pub(super) fn number(bytes: &[u8], at: usize, length: usize) -> Option<i64> {
    let mut value = 0;
    for byte in bytes.get(at..at + length)? {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(byte - b'0');
    }
    Some(value)
}

/// The beginning of the calendar's count.
const EPOCH: Date = date(1970, 1, 1);

/// Days since 1 January 1970 in the proleptic Gregorian calendar. A day that its month does not have, as 31 April, is one of the
/// next month; a year that no calendar has is the last or first one.
pub(super) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = i16::try_from(year.clamp(Date::MIN.year().into(), Date::MAX.year().into())).unwrap_or_default();
    let first = i8::try_from(month).ok().and_then(|month| Date::new(year, month, 1).ok()).unwrap_or(EPOCH);
    first.duration_since(EPOCH).as_secs() / 86_400 + day - 1
}

/// The time of a line, or that of a layer around it where it knows the zone and the line does not.
pub(super) fn nearer(own: Option<Time>, outer: Option<Time>) -> Option<Time> {
    match (own, outer) {
        (Some(own), Some(outer)) if own.zoned || !outer.zoned => Some(own).filter(|own| own.dated).or(Some(outer)),
        (own, outer) => outer.or(own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps() {
        let cases = [
            ("1970-01-01 00:00:00,000 x", Some((0, false, 23))),
            ("2024-04-21 16:47:02,352 WARN", Some((1_713_718_022_352, false, 23))),
            ("2024-04-21T16:47:02.352Z", Some((1_713_718_022_352, true, 24))),
            ("2024-04-21T18:47:02.352123456+02:00", Some((1_713_718_022_352, true, 35))),
            ("2024-04-21T11:17:02.352-0530", Some((1_713_718_022_352, true, 28))),
            ("2000-02-29 23:59:59", Some((951_868_799_000, false, 19))),
            ("2024-13-21 16:47:02,352", None),
            ("2024-04-21 25:47:02,352", None),
            ("2024-04-21", None),
            ("  at org.keycloak.Thing", None),
        ];
        for (text, expected) in cases {
            assert_eq!(stamp(text).map(|(time, length)| (time.ms, time.zoned, length)), expected, "{text}");
        }
    }

    #[test]
    fn clocks_and_access_times() {
        assert_eq!(clock("16:47:02,352 WARN").map(|(time, length)| (time.ms, time.dated, length)), Some((60_422_352, false, 12)));
        assert_eq!(clock("1647"), None);
        assert_eq!(of_access("21/Apr/2024:18:47:02 +0200").map(|time| (time.ms, time.zoned)), Some((1_713_718_022_000, true)));
        assert_eq!(of_access("21/Abc/2024:18:47:02 +0200"), None);
    }
}
