//! A request written down so that it can be run again: raw HTTP, and curl for three shells.
//!
//! Each shell has its own idea of a quote. The request is first turned into curl's arguments, each a list of literal
//! pieces and variables; only then does a shell write them, so the meaning is decided once and the quoting three times.

mod arguments;
mod bash;
mod cmd;
mod lost;
mod powershell;
mod raw;
mod window;
mod write;
mod written;

pub use lost::lost;
pub use window::lines;
pub use write::write;
pub(crate) use written::CA;
pub use written::{Secrets, Sensitive, Snippet, SnippetFormat, Written};

#[cfg(test)]
mod tests;
