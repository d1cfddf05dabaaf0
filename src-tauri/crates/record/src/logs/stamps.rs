//! Times in every other form a server can be told to write, for lines whose layout is not one of those read at once.
//!
//! Slower than [`super::time`], and only asked where that gave nothing: at the head of a line that no known layout fits.

use super::time::{Time, YEARLESS, clock_at, days, number, stamp, zone};

/// In what form a time is written, so that lines of one layout can be told from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// `2026-11-30 14:02:31,204`, RFC 3339, and the same with slashes, points or nothing between the numbers.
    Iso,
    /// `30/11/2026 14:02:31` or `11/30/2026 2:02:31 PM`.
    Numbers,
    /// `30 Nov 2026 14:02:31`, `30-Nov-2026 14:02:31.204`, `30/Nov/2026:14:02:31 +0000`.
    Named,
    /// `Nov 30 14:02:31`, `Nov 30, 2026 2:02:31 PM`, `Mon Nov 30 14:02:31 UTC 2026`.
    MonthFirst,
    /// `14:02:31,204`.
    Clock,
    /// Seconds, milliseconds, microseconds or nanoseconds since 1970.
    Epoch,
}

/// A time at the beginning of a text, with its length in bytes. `month_first` decides of `4/5/2026`.
pub(super) fn any(text: &str, month_first: bool) -> Option<(Time, usize, Form)> {
    let bytes = text.as_bytes();
    let found = match bytes.first()? {
        b'0'..=b'9' => iso(text).or_else(|| epoch(bytes)).or_else(|| day_first(text, month_first)).or_else(|| {
            let (ms, at) = clock_from(bytes, 0)?;
            let (time, at) = with_half(bytes, at, Time { ms, zoned: false, dated: false, yearless: false });
            Some((time, at, Form::Clock))
        }),
        b'A'..=b'Z' => month_named(text),
        _ => None,
    };
    // A time is a word of its own.
    found.filter(|(_, at, _)| !bytes.get(*at).is_some_and(u8::is_ascii_alphanumeric))
}

/// `yyyy?MM?dd?HH:mm:ss` with any one separator, and `yyyyMMdd`.
fn iso(text: &str) -> Option<(Time, usize, Form)> {
    let bytes = text.as_bytes();
    if let Some((time, at)) = stamp(text) {
        let (time, at) = with_zone(bytes, at, time);
        return Some((time, at, Form::Iso));
    }
    let year = number(bytes, 0, 4)?;
    let (month, day, at) = match bytes.get(4)? {
        sep @ (b'-' | b'/' | b'.') if bytes.get(7) == Some(sep) => (number(bytes, 5, 2)?, number(bytes, 8, 2)?, 10),
        b'0'..=b'9' => (number(bytes, 4, 2)?, number(bytes, 6, 2)?, 8),
        _ => return None,
    };
    if !(1970..2200).contains(&year) {
        return None;
    }
    let at = gap(bytes, at)?;
    let (of_day, end) = clock_at(bytes, at).or_else(|| bare_clock(bytes, at))?;
    let (time, end) = with_zone(bytes, end, date(year, month, day, of_day)?);
    Some((time, end, Form::Iso))
}

/// `HHmmss`.
fn bare_clock(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let (hour, minute, second) = (number(bytes, at, 2)?, number(bytes, at + 2, 2)?, number(bytes, at + 4, 2)?);
    (hour < 24 && minute < 60 && second < 61).then_some((((hour * 60 + minute) * 60 + second) * 1000, at + 6))
}

/// A clock whose hour may have one digit and whose fraction may follow a colon.
fn clock_from(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let found = clock_at(bytes, at).or_else(|| {
        let hour = number(bytes, at, 1)?;
        let (minute, second) = (number(bytes, at + 2, 2)?, number(bytes, at + 5, 2)?);
        let fits = bytes.get(at + 1) == Some(&b':') && bytes.get(at + 4) == Some(&b':') && minute < 60 && second < 61;
        fits.then_some((((hour * 60 + minute) * 60 + second) * 1000, at + 7))
    })?;
    match (bytes.get(found.1), number(bytes, found.1 + 1, 3)) {
        (Some(b':' | b'.' | b','), Some(ms)) if found.1 <= at + 8 => Some((found.0 + ms, found.1 + 4)),
        _ => Some(found),
    }
}

/// Digits since 1970, told apart by how many there are.
fn epoch(bytes: &[u8]) -> Option<(Time, usize, Form)> {
    let length = bytes.iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
    let (divisor, factor) = match length {
        10 => (1, 1000),
        13 => (1, 1),
        16 => (1000, 1),
        19 => (1_000_000, 1),
        _ => return None,
    };
    let mut ms = number(bytes, 0, length)? / divisor * factor;
    let mut at = length;
    if length == 10 && matches!(bytes.get(at), Some(b'.' | b',')) && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        let digits = bytes[at + 1..].iter().take(9).take_while(|byte| byte.is_ascii_digit()).count();
        ms += number(bytes, at + 1, digits.min(3))? * [0, 100, 10, 1][digits.min(3)];
        at += 1 + digits;
    }
    // Between 2001 and 2100.
    (978_307_200_000..4_102_444_800_000).contains(&ms).then_some((
        Time { ms, zoned: true, dated: true, yearless: false },
        at,
        Form::Epoch,
    ))
}

/// `30/11/2026 …`, `30 Nov 2026 …` and their like.
fn day_first(text: &str, month_first: bool) -> Option<(Time, usize, Form)> {
    let bytes = text.as_bytes();
    let (first, mut at) = short_number(bytes, 0)?;
    let sep = *bytes.get(at).filter(|byte| matches!(byte, b'/' | b'.' | b'-' | b' '))?;
    at += 1;
    if let Some((month, length)) = month_name(text.get(at..)?) {
        at += length;
        bytes.get(at).filter(|byte| matches!(byte, b'/' | b'.' | b'-' | b' '))?;
        let year = number(bytes, at + 1, 4)?;
        at = gap(bytes, at + 5)?;
        let (of_day, end) = clock_from(bytes, at)?;
        let (time, end) = with_half(bytes, end, date(year, month, first, of_day)?);
        let (time, end) = with_zone(bytes, end, time);
        return Some((time, end, Form::Named));
    }
    if sep == b' ' {
        return None;
    }
    let (second, after) = short_number(bytes, at)?;
    if bytes.get(after) != Some(&sep) {
        return None;
    }
    let (year, after) = match number(bytes, after + 1, 4) {
        Some(year) => (year, after + 5),
        None => (2000 + number(bytes, after + 1, 2)?, after + 3),
    };
    let at = gap(bytes, after)?;
    let (of_day, end) = clock_from(bytes, at)?;
    let months = second > 12 || (month_first && first <= 12);
    let (day, month) = if months { (second, first) } else { (first, second) };
    let (time, end) = with_half(bytes, end, date(year, month, day, of_day)?);
    let (time, end) = with_zone(bytes, end, time);
    Some((time, end, Form::Numbers))
}

/// Which of the first two numbers of `a/b/yyyy` cannot be a month: the second (`false`, days come first), the first (`true`), or
/// nothing that tells.
pub(super) fn tells_order(text: &str) -> Option<bool> {
    let bytes = text.as_bytes();
    let (first, at) = short_number(bytes, 0)?;
    let (second, _) = short_number(bytes, at + 1)?;
    if first > 12 {
        Some(false)
    } else if second > 12 {
        Some(true)
    } else {
        None
    }
}

/// `[Mon[day][,] ]Nov 30[,] [2026 ]14:02:31[ UTC][ 2026]`, and `Mon, 30 Nov 2026 …`.
fn month_named(text: &str) -> Option<(Time, usize, Form)> {
    const WEEK: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let bytes = text.as_bytes();
    let mut at = 0;
    if let Some(word) = text.get(..3)
        && WEEK.contains(&word)
    {
        at = bytes.iter().take(10).take_while(|byte| byte.is_ascii_alphabetic()).count();
        at = gap(bytes, at)?;
        if bytes.get(at).is_some_and(u8::is_ascii_digit) {
            // `Mon 2026-11-30 14:02:31 UTC` of journald, `Mon, 30 Nov 2026 …` of mail.
            let rest = text.get(at..)?;
            let (time, length, _) = iso(rest).or_else(|| day_first(rest, false))?;
            return Some((time, at + length, Form::MonthFirst));
        }
    }
    let (month, length) = month_name(text.get(at..)?)?;
    at = gap(bytes, at + length)?;
    let (day, after) = short_number(bytes, at)?;
    at = gap(bytes, after)?;
    let mut year = None;
    if bytes.get(at + 4).is_some_and(|byte| matches!(byte, b' ' | b','))
        && let Some(named) = number(bytes, at, 4)
    {
        (year, at) = (Some(named), gap(bytes, at + 4)?);
    }
    let (of_day, end) = clock_from(bytes, at)?;
    let (time, end) = with_half(bytes, end, date(year.unwrap_or(YEARLESS), month, day, of_day)?);
    let (mut time, mut end) = with_zone(bytes, end, time);
    if year.is_none() {
        match number(bytes, end + 1, 4).filter(|year| bytes.get(end) == Some(&b' ') && (1970..2200).contains(year)) {
            Some(named) if !bytes.get(end + 5).is_some_and(u8::is_ascii_alphanumeric) => {
                let moved = date(named, month, day, of_day)?;
                let first = date(YEARLESS, month, day, of_day)?;
                (time.ms, end) = (time.ms - first.ms + moved.ms, end + 5);
            }
            _ => time.yearless = true,
        }
    }
    Some((time, end, Form::MonthFirst))
}

fn month_name(text: &str) -> Option<(i64, usize)> {
    const LONG: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let length = text.bytes().take(10).take_while(u8::is_ascii_alphabetic).count();
    let word = text.get(..length)?.to_ascii_lowercase();
    // `Nov`, `Nov.`, `Sept`, `November`, and no other word that begins so.
    let month = LONG.iter().position(|name| length >= 3 && name.starts_with(&word))? as i64 + 1;
    Some((month, length + usize::from(text.as_bytes().get(length) == Some(&b'.'))))
}

/// One or two digits and where they end.
fn short_number(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    match number(bytes, at, 2) {
        Some(value) => Some((value, at + 2)),
        None => Some((number(bytes, at, 1)?, at + 1)),
    }
}

/// Behind what parts a day from a clock.
fn gap(bytes: &[u8], at: usize) -> Option<usize> {
    let length =
        bytes.get(at..)?.iter().take(3).take_while(|byte| matches!(byte, b' ' | b'T' | b',' | b':' | b'_' | b'-' | b'/')).count();
    (length > 0).then_some(at + length)
}

fn date(year: i64, month: i64, day: i64, of_day: i64) -> Option<Time> {
    let fits = (1..=12).contains(&month) && (1..=31).contains(&day);
    fits.then(|| Time { ms: days(year, month, day) * 86_400_000 + of_day, zoned: false, dated: true, yearless: false })
}

/// A day without a year.
pub(super) fn yearless(month: i64, day: i64, of_day: i64) -> Option<Time> {
    date(YEARLESS, month, day, of_day).map(|time| Time { yearless: true, ..time })
}

fn half_day(bytes: &[u8], at: usize) -> Option<(usize, bool)> {
    let blank = usize::from(bytes.get(at) == Some(&b' '));
    let word = bytes.get(at + blank..at + blank + 2)?;
    let pm = word.eq_ignore_ascii_case(b"pm");
    let ends = !bytes.get(at + blank + 2).is_some_and(u8::is_ascii_alphanumeric);
    ((pm || word.eq_ignore_ascii_case(b"am")) && ends).then_some((blank + 2, pm))
}

fn in_half(ms: i64, pm: bool) -> i64 {
    const HALF: i64 = 12 * 3_600_000;
    match (ms.rem_euclid(2 * HALF) >= HALF, pm) {
        // Twelve at night.
        (true, false) => ms - HALF,
        (false, true) => ms + HALF,
        _ => ms,
    }
}

fn with_half(bytes: &[u8], at: usize, mut time: Time) -> (Time, usize) {
    match half_day(bytes, at) {
        Some((length, pm)) => {
            time.ms = in_half(time.ms, pm);
            (time, at + length)
        }
        None => (time, at),
    }
}

/// Names of zones that mean one offset everywhere, in minutes.
const ZONES: [(&str, i64); 18] = [
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("CET", 60),
    ("CEST", 120),
    ("WET", 0),
    ("WEST", 60),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("JST", 540),
    ("EST", -300),
    ("EDT", -240),
    ("CDT", -300),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("AEST", 600),
];

/// A zone behind a clock, with or without a blank.
fn with_zone(bytes: &[u8], at: usize, mut time: Time) -> (Time, usize) {
    if time.zoned {
        return (time, at);
    }
    let begin = at + usize::from(bytes.get(at) == Some(&b' '));
    if let Some(sign @ (b'+' | b'-')) = bytes.get(begin)
        && let Some((minutes, length)) = zone(bytes, begin + 1).filter(|(minutes, length)| *length > 2 && *minutes <= 15 * 60)
        && !bytes.get(begin + 1 + length).is_some_and(u8::is_ascii_alphanumeric)
    {
        time.ms -= if *sign == b'+' { minutes } else { -minutes } * 60_000;
        time.zoned = true;
        return (time, begin + 1 + length);
    }
    let word = bytes.get(begin..).unwrap_or_default();
    let length = word.iter().take(5).take_while(|byte| byte.is_ascii_uppercase()).count();
    let ends = !word.get(length).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    if let Some((_, minutes)) = ZONES.iter().find(|(name, _)| ends && name.as_bytes() == &word[..length]) {
        time.ms -= minutes * 60_000;
        time.zoned = true;
        return (time, begin + length);
    }
    (time, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_a_server_can_be_told_to_write() {
        // 30 November 2026, 14:02:31 and 204 ms as if it were UTC.
        const MS: i64 = 1_796_047_351_204;
        let day = 86_400_000;
        type Row<'a> = (&'a str, Option<(i64, bool, usize)>);
        let cases: &[Row<'_>] = &[
            ("2026-11-30 14:02:31,204 x", Some((MS, false, 23))),
            ("2026-11-30 14:02:31.204 UTC x", Some((MS, true, 27))),
            ("2026-11-30 14:02:31.204 +0000 x", Some((MS, true, 29))),
            ("2026-11-30 15:02:31,204 CET x", Some((MS, true, 27))),
            ("2026/11/30 14:02:31 [error]", Some((MS - 204, false, 19))),
            ("2026.11.30 14:02:31.204", Some((MS, false, 23))),
            ("20261130 14:02:31.204|", Some((MS, false, 21))),
            ("20261130T140231Z ", Some((MS - 204, true, 16))),
            ("30/11/2026 14:02:31.204 ", Some((MS, false, 23))),
            ("30.11.2026, 14:02:31 ", Some((MS - 204, false, 20))),
            ("11/30/2026 2:02:31 PM ", Some((MS - 204, false, 21))),
            ("11/30/26 14:02:31 ", Some((MS - 204, false, 17))),
            ("30-Nov-2026 14:02:31.204 ", Some((MS, false, 24))),
            ("30 Nov 2026 14:02:31,204 ", Some((MS, false, 24))),
            ("30/Nov/2026:14:02:31 +0000]", Some((MS - 204, true, 26))),
            ("Nov 30, 2026 2:02:31 PM ", Some((MS - 204, false, 23))),
            ("Mon Nov 30 14:02:31 UTC 2026 ", Some((MS - 204, true, 28))),
            ("Mon, 30 Nov 2026 14:02:31 GMT ", Some((MS - 204, true, 29))),
            ("Mon 2026-11-30 14:02:31 UTC host", Some((MS - 204, true, 27))),
            ("1796047351 x", Some((MS - 204, true, 10))),
            ("1796047351.204 x", Some((MS, true, 14))),
            ("1796047351204 x", Some((MS, true, 13))),
            ("1796047351204000 x", Some((MS, true, 16))),
            ("14:02:31.204 x", Some((MS.rem_euclid(day), false, 12))),
            ("2:02:31 PM x", Some((MS.rem_euclid(day) - 204, false, 10))),
            ("12:02:31 AM x", Some((151_000, false, 11))),
            ("14:02:31:204 x", Some((MS.rem_euclid(day), false, 12))),
            ("2026-11-30", None),
            ("30 files were read 14:02:31", None),
            ("Marching 30 14:02:31", None),
            ("123456", None),
            ("4102444800000 x", None),
        ];
        for (text, expected) in cases {
            let found = any(text, false).map(|(time, at, _)| (time.ms, time.zoned, at));
            assert_eq!(found, *expected, "{text}");
        }
        assert_eq!(
            any("4/5/2026 14:02:31", true).map(|found| found.0.ms),
            any("5/4/2026 14:02:31", false).map(|found| found.0.ms)
        );
        assert_eq!(
            [tells_order("4/5/2026"), tells_order("13/5/2026"), tells_order("4/25/2026")],
            [None, Some(false), Some(true)]
        );
    }

    #[test]
    fn a_time_without_a_year_is_the_last_one() {
        const DAY: i64 = 86_400_000;
        let at = |year, month, day| days(year, month, day) * DAY;
        let year_of = |text: &str, written| any(text, false).map(|(time, _, _)| (time.yearless, time.until(written)));
        assert_eq!(year_of("Nov 30 00:00:00 h", at(2026, 11, 30)), Some((true, at(2026, 11, 30))));
        assert_eq!(year_of("Dec 31 00:00:00 h", at(2027, 1, 2)), Some((true, at(2026, 12, 31))));
        assert_eq!(year_of("Jan  1 00:00:00 h", at(2027, 1, 2)), Some((true, at(2027, 1, 1))));
        assert_eq!(year_of("Feb 29 00:00:00 h", at(2028, 3, 2)), Some((true, at(2028, 2, 29))));
        assert_eq!(year_of("Mar  1 00:00:00 h", at(2026, 3, 2)), Some((true, at(2026, 3, 1))));
        assert_eq!(year_of("Mar  1 00:00:00 2026 h", at(2030, 3, 2)), Some((false, at(2026, 3, 1))));
    }
}
