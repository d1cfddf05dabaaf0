//! What stands where a secret was, and the ranges of a text that nets give for masking.

/// What stands where a secret was. Always the same length, so that it does not tell the secret's.
pub const DOTS: &str = "••••••••";

/// What stands where a JWT was: its constant first characters (`{"` in base64url), then dots.
pub const JWT_DOTS: &str = "eyJ••••••••";

/// What stands where something was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// Dots.
    Dots,
    /// The beginning of a JWT and dots.
    Jwt,
    /// Evidence of a token, by its number.
    Evidence(usize),
}

/// A range to be masked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mask {
    pub start: usize,
    pub end: usize,
    pub stand: Stand,
}

impl Mask {
    pub fn dots(start: usize, end: usize) -> Self {
        Self { start, end, stand: Stand::Dots }
    }
}

/// Which nets hang.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nets {
    /// Everything: for what servers and users write.
    All,
    /// What a token says: known values, tokens and keys by their shape, members by name. Prose stays as it is.
    Claims,
}
