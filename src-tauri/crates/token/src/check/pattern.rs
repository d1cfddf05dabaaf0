//! Patterns for values of claims.
//!
//! A pattern is a regular expression of the crate `regex`: no look-around and no back-references, so it is tried in time linear
//! to the text whatever the text is, and its compiled size is bounded. It always has to fit the whole value: `shop-.*` fits
//! `shop-eu` and not `my-shop-eu`.

use regex::{Regex, RegexBuilder};

/// Longest pattern in characters.
pub const LONGEST: usize = 256;
/// Bound of the compiled form in bytes.
const SIZE: usize = 64 * 1024;

/// A pattern that can be tried.
pub struct Pattern(Option<Regex>);

impl Pattern {
    /// Reads a pattern; the empty one fits everything. The error is a sentence that says what to change.
    pub fn new(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        if text.chars().count() > LONGEST {
            return Err(format!("The pattern is longer than {LONGEST} characters. Use a shorter one."));
        }
        let whole = RegexBuilder::new(&format!("^(?:{text})$")).size_limit(SIZE).dfa_size_limit(SIZE).nest_limit(32).build();
        // A lone `)` would end the group that is put around it, so the pattern must also stand on its own.
        let alone = RegexBuilder::new(text).size_limit(SIZE).dfa_size_limit(SIZE).nest_limit(32).build();
        match (whole, alone) {
            (Ok(regex), Ok(_)) => Ok(Self(Some(regex))),
            (_, Err(regex::Error::CompiledTooBig(_))) | (Err(regex::Error::CompiledTooBig(_)), _) => {
                Err("The pattern grows too large. Repeat less, e.g. + instead of {1,5000}.".into())
            }
            (_, Err(error)) | (Err(error), _) => Err(format!("The pattern cannot be read: {}.", reason(&error))),
        }
    }

    /// Whether it fits the whole text.
    pub fn fits(&self, text: &str) -> bool {
        self.0.as_ref().is_none_or(|regex| regex.is_match(text))
    }
}

/// The last line of the crate's report; the lines before it draw the place.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("unknown reason");
    last.trim().trim_start_matches("error: ").trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_the_whole_value() {
        for (pattern, text, fits) in [
            ("", "anything", true),
            ("shop-.*", "shop-eu", true),
            ("shop-.*", "my-shop-eu", false),
            ("a|b", "b", true),
            ("a|b", "bc", false),
            (r"[^@]+@example\.test", "alice@example.test", true),
            (r"[^@]+@example\.test", "alice@example.test.evil", false),
            (".*", "two\nlines", false),
            ("(?i)TRUE", "true", true),
        ] {
            assert_eq!(Pattern::new(pattern).map(|pattern| pattern.fits(text)), Ok(fits), "{pattern} on {text}");
        }
    }

    #[test]
    fn what_cannot_be_a_pattern_is_explained() {
        for (pattern, said) in [
            ("(", "cannot be read: unclosed group"),
            ("a)(b", "cannot be read"),
            (r"(a)\1", "backreferences are not supported"),
            ("(?=a)", "look-around"),
            ("(a{1000}){1000}", "too large"),
            (&"a".repeat(300), "longer than 256"),
        ] {
            let fault = Pattern::new(pattern).err().unwrap_or_default();
            assert!(fault.contains(said) && fault.ends_with('.'), "{pattern}: {fault}");
        }
    }
}
