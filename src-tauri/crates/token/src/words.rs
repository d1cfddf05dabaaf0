//! Numbers, durations and lists as people write them, so that every sentence of the crate agrees on them.

/// A count with its noun: `1 claim`, `3 claims`.
pub fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// A length of time in its two largest units: `7 s`, `4 min 51 s`, `2 h 5 min`, `364 days`. The sign is dropped.
pub fn duration(seconds: i64) -> String {
    let all = seconds.unsigned_abs();
    let (days, hours, minutes, rest) = (all / 86_400, all / 3600 % 24, all / 60 % 60, all % 60);
    let two = |large: String, small: u64, unit: &str| {
        if small == 0 { large } else { format!("{large} {small} {unit}") }
    };
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{rest} s"),
        (0, 0, _) => two(format!("{minutes} min"), rest, "s"),
        (0, _, _) => two(format!("{hours} h"), minutes, "min"),
        (1, _, _) => two("1 day".into(), hours, "h"),
        _ => format!("{days} days"),
    }
}

/// Names in a sentence: `a`, `a and b`, `a, b and c`.
pub fn list<T: AsRef<str>>(names: &[T]) -> String {
    match names.split_last() {
        None => "none".into(),
        Some((last, [])) => last.as_ref().into(),
        Some((last, rest)) => format!("{} and {}", rest.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "), last.as_ref()),
    }
}

/// Names in a sentence, the first six of them: tokens may carry thousands, sentences may not.
pub fn few<T: AsRef<str>>(names: &[T]) -> String {
    const SHOWN: usize = 6;
    if names.len() <= SHOWN + 1 {
        return list(names);
    }
    let shown: Vec<&str> = names[..SHOWN].iter().map(AsRef::as_ref).collect();
    format!("{} and {} more", shown.join(", "), names.len() - SHOWN)
}

/// Names from outside in a sentence, the first six of them, each as [`crate::shown::shown`] shows it.
pub fn shown_few<T: AsRef<str>>(names: &[T]) -> String {
    let shown: Vec<String> = names.iter().take(8).map(|name| crate::shown::shown(name.as_ref())).collect();
    if names.len() <= shown.len() {
        return few(&shown);
    }
    format!("{} and {} more", shown[..6].join(", "), names.len() - 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_show_two_units() {
        let check = |seconds: i64, expected: &str| assert_eq!(duration(seconds), expected);
        check(7, "7 s");
        check(-7, "7 s");
        check(291, "4 min 51 s");
        check(300, "5 min");
        check(3600, "1 h");
        check(7500, "2 h 5 min");
        check(90_000, "1 day 1 h");
        check(31_536_000, "365 days");
        check(i64::MIN, "106751991167300 days");
    }

    #[test]
    fn lists_read_like_a_sentence() {
        assert_eq!(list::<&str>(&[]), "none");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
        assert_eq!(count(1, "claim"), "1 claim");
        assert_eq!(few(&["a"; 7]), "a, a, a, a, a, a and a");
        assert_eq!(few(&["a"; 100]), "a, a, a, a, a, a and 94 more");
    }
}
