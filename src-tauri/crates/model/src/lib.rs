//! Everything Claimscope knows about tokens and OAuth messages, as values and functions of values.
//!
//! Nothing here reads a file, opens a socket, asks the clock or rolls a die: time and randomness come in
//! as arguments, so every statement the window makes about a token can be tested with plain data.

pub mod acceptance;
pub mod audit;
pub mod belongs;
pub mod binding;
pub mod bounded;
pub mod capability;
pub mod certificate;
pub mod check;
pub mod claims;
pub mod cut;
mod decimal;
pub mod decode;
pub mod decrypt;
pub mod dialect;
pub mod diff;
pub mod drift;
pub mod encode;
pub mod events;
pub mod evidence;
pub mod finding;
pub mod form;
pub mod hashes;
pub mod import;
pub mod issuer;
pub mod join;
pub mod lineage;
pub mod logs;
pub mod mapping;
pub mod markdown;
pub mod measure;
pub mod oauth;
pub mod operation;
pub mod paste;
pub mod portal;
pub mod profile;
pub mod progress;
pub mod redact;
pub mod resource;
pub mod secret;
pub mod sequence;
pub mod shown;
pub mod snippet;
pub mod text;
pub mod token;
pub mod truth;
pub mod verify;
pub mod words;
