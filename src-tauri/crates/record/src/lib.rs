//! What was done and what the servers say of it: steps and their exchanges, events, log lines; how they are joined, drawn and
//! written down; and taking secrets out of all of it.
//!
//! Nothing here reads a file, asks the clock or sends anything.

pub mod audit;
pub mod encode;
pub mod evidence;
pub mod issuer;
pub mod join;
pub mod logs;
pub mod operation;
pub mod redact;
pub mod sequence;
pub mod v1;
pub mod view;
