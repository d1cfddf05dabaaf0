//! Redacted text as it is kept: the letters of a line, and how they are cut into runs.

use serde::{Deserialize, Serialize};

use super::words::Ink;

/// A line. Most have one run of ordinary text and are written as that text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// Ordinary text; an empty line where it is empty.
    Plain(String),
    /// Text with its runs.
    Marked {
        /// All letters of the line. A masked value is dots.
        text: String,
        /// The runs in order.
        runs: Vec<Run>,
    },
}

/// A run of a line: how many bytes of UTF-8 it has, and what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run(pub usize, pub Ink);

impl Line {
    /// Puts a line together of its pieces.
    pub fn of<'a>(pieces: impl Iterator<Item = (&'a str, Ink)>) -> Self {
        let mut text = String::new();
        let mut runs = Vec::new();
        for (piece, ink) in pieces {
            text.push_str(piece);
            runs.push(Run(piece.len(), ink));
        }
        match runs.as_slice() {
            [] => Self::Plain(text),
            // An empty piece is not the same as no piece.
            [Run(_, Ink::Plain)] if !text.is_empty() => Self::Plain(text),
            _ => Self::Marked { text, runs },
        }
    }

    /// Its pieces. Where the runs do not fit the text, the rest of it is one piece.
    pub fn pieces(&self) -> Vec<(&str, &Ink)> {
        match self {
            Self::Plain(text) if text.is_empty() => Vec::new(),
            Self::Plain(text) => vec![(text, &Ink::Plain)],
            Self::Marked { text, runs } => {
                let (mut rest, mut pieces) = (text.as_str(), Vec::new());
                for Run(length, ink) in runs {
                    let Some((piece, after)) = rest.split_at_checked(*length) else { break };
                    pieces.push((piece, ink));
                    rest = after;
                }
                if !rest.is_empty() {
                    pieces.push((rest, &Ink::Plain));
                }
                pieces
            }
        }
    }
}
