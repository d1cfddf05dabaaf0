//! Values of claims as plain texts.

use serde_json::Value;

/// A value as a list of texts: a string is one member, a list its members; numbers are written out.
pub fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().filter_map(plain).collect(),
        other => plain(other).into_iter().collect(),
    }
}

/// A space separated list or a JSON list, as words.
pub fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(line) => line.split_ascii_whitespace().map(str::to_owned).collect(),
        other => strings(other),
    }
}

/// A scalar as the text a person would write for it; none for objects, lists and null.
pub fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A point in time as `2026-11-20 14:02:18 UTC`, for texts that leave the window (which shows local time).
pub fn utc(epoch: i64) -> String {
    let (days, seconds) = (epoch.div_euclid(86_400), epoch.rem_euclid(86_400));
    // Civil calendar from days since 1970-01-01, counted in eras of 400 years that begin on 1 March.
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{:04}-{month:02}-{date:02} {hour:02}:{minute:02}:{second:02} UTC", year + era * 400 + next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        let check = |epoch: i64, expected: &str| assert_eq!(utc(epoch), expected);
        check(0, "1970-01-01 00:00:00 UTC");
        check(1_795_179_738, "2026-11-20 13:02:18 UTC");
        check(1_709_164_800, "2024-02-29 00:00:00 UTC");
        check(-1, "1969-12-31 23:59:59 UTC");
    }
}
