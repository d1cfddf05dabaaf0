//! JSON numbers by their value, digit by digit.
//!
//! A float holds about sixteen digits, so two ids of twenty digits look the same to it; and `1`, `1.0` and `1e0` are three
//! spellings of one number (RFC 8259 6 leaves the range to the reader). Here a number is its digits and a power of ten, however
//! many there are.

use std::{cmp::Ordering, fmt};

/// A number: digits without zeros at either end, times a power of ten. Zero has no digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    digits: String,
    power: i128,
}

impl Decimal {
    /// Reads the text of a JSON number; none for anything else, and for an exponent of more than 38 digits.
    pub fn read(text: &str) -> Option<Self> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i128>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if whole.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = all.trim_end_matches('0');
        let shift = i128::try_from(all.len() - digits.len()).ok()? - i128::try_from(fraction.len()).ok()?;
        let digits = digits.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Some(Self { negative: false, digits, power: 0 });
        }
        Some(Self { negative, digits, power: exponent.checked_add(shift)? })
    }

    /// Whether two texts are spellings of one number.
    pub fn same(one: &str, other: &str) -> bool {
        Self::read(one).zip(Self::read(other)).is_some_and(|(one, other)| one == other)
    }

    /// Where the first digit stands, counted in powers of ten.
    fn height(&self) -> i128 {
        self.power.saturating_add(i128::try_from(self.digits.len()).unwrap_or(i128::MAX))
    }
}

impl fmt::Display for Decimal {
    /// One text for one value, e.g. `18e8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        let digits = if self.digits.is_empty() { "0" } else { &self.digits };
        write!(f, "{sign}{digits}e{}", self.power)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = self.height().cmp(&other.height()).then_with(|| self.digits.cmp(&other.digits));
        match sign(self).cmp(&sign(other)) {
            Ordering::Equal if self.negative => size.reverse(),
            Ordering::Equal if !self.digits.is_empty() => size,
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Decimal {
        Decimal::read(text).unwrap_or_else(|| panic!("{text} is a number"))
    }

    #[test]
    fn spellings_of_one_number_are_one_value() {
        for same in [
            &["1", "1.0", "1e0", "1E+0", "10e-1", "0.1e1", "1.000"][..],
            &["0", "-0", "0.0", "0e9", "0.000e-7"],
            &["1800000000", "1.8e9", "18e8"],
            &["-12.50", "-1250e-2", "-1.25E1"],
            &["12345678901234567890123", "12345678901234567890123.0", "1.2345678901234567890123e22"],
        ] {
            for one in same {
                assert_eq!((read(one), read(one).to_string()), (read(same[0]), read(same[0]).to_string()), "{one}");
                assert_eq!(read(&read(one).to_string()), read(one));
            }
        }
        for none in ["", "-", "1e", "x", "1e1.5", ".5", "1 ", "0x1", "+1", "Infinity"] {
            assert_eq!(Decimal::read(none), None, "{none}");
        }
    }

    #[test]
    fn order_is_that_of_the_values() {
        let rising = [
            "-1e400",
            "-12",
            "-2",
            "-0.5",
            "0",
            "1e-400",
            "0.5",
            "0.50000000000000000000001",
            "2",
            "12",
            "9007199254740992",
            "9007199254740993",
            "1e400",
        ];
        for pair in rising.windows(2) {
            assert!(read(pair[0]) < read(pair[1]), "{pair:?}");
        }
    }

    proptest! {
        #[test]
        fn integers_compare_as_integers(a in any::<i64>(), b in any::<i64>(), zeros in 0_usize..4) {
            let (one, other) = (read(&a.to_string()), read(&format!("{b}.{}", "0".repeat(zeros + 1))));
            prop_assert_eq!(one.cmp(&other), a.cmp(&b));
            prop_assert_eq!(one == other, a == b);
        }
    }
}
