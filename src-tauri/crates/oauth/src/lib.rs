//! What Claimscope knows about OAuth: operations and their forms, messages, servers and what their refusals mean, and what people
//! bring along (pasted text, configurations).
//!
//! Nothing here reads a file, opens a socket, asks the clock or rolls a die: time and randomness come in as arguments.

pub mod acceptance;
pub mod belongs;
pub mod binding;
pub mod capability;
pub mod certificate;
pub mod cut;
pub mod drift;
pub mod events;
pub mod form;
pub mod import;
pub mod mapping;
pub mod message;
pub mod operation;
pub mod paste;
pub mod portal;
pub mod profile;
pub mod progress;
pub mod refusal;
pub mod resource;
pub mod server;
pub mod snippet;
