//! Days of the calendar for servers that know no finer date: Keycloak before 26.2 takes `yyyy-MM-dd` only.

const DAY_MS: i64 = 86_400_000;

/// The UTC day of a moment (epoch milliseconds) as `yyyy-MM-dd`.
pub fn utc_day(ms: i64) -> String {
    // Counted in years that begin in March, so that the leap day is the last one.
    let days = ms.div_euclid(DAY_MS) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = (year_of_era + era * 400, if month < 10 { month + 3 } else { month - 9 });
    let year = if month <= 2 { year + 1 } else { year };
    format!("{year:04}-{month:02}-{day:02}")
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
