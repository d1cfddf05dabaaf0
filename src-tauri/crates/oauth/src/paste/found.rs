//! Tokens that were found in a pasted text.

use token::{
    finding::Finding,
    inspect::{TokenFormat, TokenKind},
    secret::Secret,
};

/// A token and where in the pasted text it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundToken {
    /// The token itself.
    pub text: Secret,
    /// What it is used for, by the name it stood under or else by its own claims.
    pub kind: TokenKind,
    /// What it is made of.
    pub format: TokenFormat,
    /// Where it stood, e.g. `member access_token` or `header Authorization of the second entry`. No two of a text have the same.
    pub source: String,
    /// What was taken away around it.
    pub notes: Vec<Finding>,
}

/// What was found in a pasted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasting {
    /// The tokens in their order, each once.
    pub tokens: Vec<FoundToken>,
    /// One sentence, e.g. `Found an access token and a refresh token.`
    pub message: String,
}

/// Most tokens that are taken out of one text: nobody copies more on purpose, and each is decoded, checked and kept.
pub const MOST_TOKENS: usize = 50;
