//! What a refusal teaches of a server's features, as the rooms of the servers write it down.

use crate::profile::Support;

/// One thing a refusal teaches.
pub(crate) struct Lesson {
    /// Which capabilities must have been tried; empty = any.
    pub tried: &'static [&'static str],
    /// `error` member; empty = any.
    pub error: &'static str,
    /// Small-letter words of the description; empty = any.
    pub words: &'static str,
    /// What it teaches: capability (empty = the one that was tried) and state.
    pub teaches: &'static [(&'static str, Support)],
}
