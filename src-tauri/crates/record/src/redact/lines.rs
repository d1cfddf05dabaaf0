//! The lines of a body while they are made: which of them are wanted, and how much of a long value is shown.

use token::{
    measure,
    text::{Ink, Line, Span},
};

use super::{needles::Needles, value::masked};

/// How much of one value is shown, in bytes.
const SHOWN_VALUE: usize = 16 << 10;

/// Which lines of a body are laid out. Lines before and after it are counted and not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineRange {
    /// The first, from 0.
    pub from: usize,
    /// How many at most.
    pub count: usize,
}

impl LineRange {
    /// What is laid out of a body that nobody asked more of.
    pub const FIRST: LineRange = LineRange { from: 0, count: 2_000 };
    /// All lines: for texts that are bounded otherwise.
    pub const ALL: LineRange = LineRange { from: 0, count: usize::MAX };
}

/// The lines of a range, while they are made one after the other.
pub(super) struct Lines {
    range: LineRange,
    made: usize,
    kept: Vec<Line>,
}

impl Lines {
    pub fn new(range: LineRange) -> Self {
        Self { range, made: 0, kept: Vec::new() }
    }

    /// Whether the line being made is in the range.
    pub fn wanted(&self) -> bool {
        self.made >= self.range.from && self.made - self.range.from < self.range.count
    }

    /// Ends a line.
    pub fn push(&mut self, line: Line) {
        if self.wanted() {
            self.kept.push(line);
        }
        self.made += 1;
    }

    /// The lines of the range, and one that says how many follow.
    pub fn done(mut self) -> Vec<Line> {
        let more = self.made.saturating_sub(self.range.from.saturating_add(self.range.count));
        if more > 0 {
            let lines = if more == 1 { "line" } else { "lines" };
            self.kept.push(vec![Span::new(Ink::Quiet, format!("cut here; {more} more {lines}"))]);
        }
        self.kept
    }
}

/// The beginning of a long text, after redaction, and a remark that says how long it is.
pub(super) fn cut(mut text: String) -> (String, Option<Span>) {
    if text.len() <= SHOWN_VALUE {
        return (text, None);
    }
    let whole = measure::size(text.len());
    let mut end = SHOWN_VALUE;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    (text, Some(Span::new(Ink::Quiet, format!("  cut here; it has {whole}"))))
}

/// A value that is a token or another known secret as a whole.
pub(super) fn whole_token(value: &str, needles: &Needles) -> Option<Line> {
    let known = needles.whole(value).is_some();
    let jwt = value.starts_with("eyJ")
        && value.len() >= 16
        && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '='));
    (known || jwt).then(|| masked(value, needles))
}
