//! What a reader of one shape asks of the search as a whole: to keep a token, and to go on with what is inside.
//!
//! Shapes stand in shapes, so the finder asks the readers and they ask the finder. The readers know it by this alone.

use super::place::Place;
use token::inspect::TokenKind;

/// The search for tokens, as a reader of one shape sees it.
pub(super) trait Walk {
    /// Tokens that were found so far, those that are too many included.
    fn count(&self) -> usize;

    /// Whether a token is new and would be kept: finding out where it stood costs something.
    fn wants(&self, text: &str) -> bool;

    /// Keeps a token. One that stands inside another that was found is that one, seen a second time.
    fn add(&mut self, text: &str, kind: Option<TokenKind>, source: &str, place: &Place);

    /// Looks at what stood inside something else.
    fn look(&mut self, text: &str, place: &Place, depth: usize);

    /// Tokens that can be read, in a value that is more than one.
    fn readable_in(&mut self, value: &str, base: &str, place: &Place);

    /// A value under a name; false when nothing was taken of it.
    fn named(&mut self, name: &str, value: &str, base: &str, place: &Place, depth: usize) -> bool;

    /// A value whose name says nothing: a token by its looks, or a text that holds one.
    fn leaf(&mut self, text: &str, base: &str, place: &Place, depth: usize);
}
