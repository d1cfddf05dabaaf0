//! What a security block says, and why one can not be read.

use token::check::Expectations;

/// Largest block that is read, in bytes.
pub const LARGEST: usize = 64 * 1024;

/// What a block said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The resource's expectations with what the block says put in; what it does not speak of stays.
    pub expectations: Expectations,
    /// What was read and changes nothing, and what is not known here: one sentence each, with its line.
    pub notes: Vec<String>,
}

/// Why a block can not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockFault {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub advice: String,
}
