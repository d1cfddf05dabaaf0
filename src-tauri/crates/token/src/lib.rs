//! Tokens: reading, verifying, decrypting, comparing and checking them, as values and functions of values.
//!
//! Nothing here knows an OAuth message, a server or a profile, reads a file, opens a socket, asks the clock or rolls a die: time
//! comes in as an argument, so every statement about a token can be tested with plain data.

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod bounded;
pub mod check;
pub mod claims;
pub mod compare;
pub mod decimal;
pub mod decode;
pub mod decrypt;
pub mod finding;
pub mod hashes;
pub mod inspect;
pub mod lineage;
pub mod markdown;
pub mod measure;
pub mod secret;
pub mod shown;
pub mod text;
pub mod truth;
pub mod verify;
pub mod words;
