//! Text made of inked pieces: how requests, responses and snippets reach the window.
//!
//! The window must not guess which part of a request is a secret, so the text is cut into spans here and
//! only painted there. A masked span carries dots, never the value behind them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::shown;

/// What a piece of text is, which decides its ink.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Ink {
    /// Ordinary text.
    Plain,
    /// A parameter or member name.
    Key,
    /// The method or another word that leads the line.
    Strong,
    /// Header names, remarks beside a value.
    Quiet,
    /// A masked secret or a token named by its evidence; shown on the amber ground.
    Secret,
}

/// A run of text in one ink.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Span {
    /// The characters to show.
    pub text: String,
    /// Their ink.
    pub ink: Ink,
}

impl Span {
    /// Builds a span. Whatever the text comes from, no hidden character of it reaches the window.
    pub fn new(ink: Ink, text: impl Into<String>) -> Self {
        Self { text: shown::made_visible_lines(text.into()), ink }
    }

    /// Writes out what still hides in a text that was put together piece by piece, as JSON does.
    pub fn make_visible(&mut self) {
        if let std::borrow::Cow::Owned(clean) = shown::json(&self.text) {
            self.text = clean;
        }
    }
}

/// One line of inked text, without its line break.
pub type Line = Vec<Span>;

/// A name and a value, in the order they are sent; names may repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Pair {
    /// Parameter or field name.
    pub name: String,
    /// Its value.
    pub value: String,
}
