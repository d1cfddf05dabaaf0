//! Sizes, short times and cut values as people write them; durations in seconds are in [`crate::words`].

/// A time in microseconds: `41 ms`, `6.7 s`, `2 min 3 s`; below a millisecond `under 1 ms`.
pub fn micros(us: i64) -> String {
    match us {
        ..1_000 => "under 1 ms".into(),
        1_000..1_000_000 => format!("{} ms", us / 1_000),
        1_000_000..60_000_000 => format!("{}.{} s", us / 1_000_000, us / 100_000 % 10),
        _ => crate::words::duration(us / 1_000_000),
    }
}

/// A size in bytes: `412 B`, `1.3 kB` (1 kB = 1000 bytes).
pub fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes / 100 % 10),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// Cuts the middle out of a long value, on character borders: `onrtac:0f5c…b318`.
pub fn middle_cut(text: &str, head: usize, tail: usize) -> String {
    let count = text.chars().count();
    if count <= head + tail + 1 {
        return text.into();
    }
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{start}…{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_times_and_cuts() {
        for (us, words) in
            [(-1, "under 1 ms"), (0, "under 1 ms"), (41_300, "41 ms"), (6_700_000, "6.7 s"), (123_000_000, "2 min 3 s")]
        {
            assert_eq!(micros(us), words);
        }
        assert_eq!((size(412), size(1_310), size(2_000_000)), ("412 B".into(), "1.3 kB".into(), "2.0 MB".into()));
        assert_eq!(middle_cut("onrtac:0f5c1234-b318", 11, 4), "onrtac:0f5c…b318");
        assert_eq!(middle_cut("short", 11, 4), "short");
        assert_eq!(middle_cut("äöüäöüäöü", 2, 2), "äö…öü");
    }
}
