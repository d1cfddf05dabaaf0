//! The journal: the append-only record of steps, the events read from servers, and the evidence of tokens.
//!
//! SQLite in WAL mode. Steps can be inserted and read, never changed or deleted (triggers say so); `timeline` is an index
//! derived from steps and events and may be rebuilt. Nothing secret is stored: texts arrive redacted, tokens as claims.

mod facts;
mod fault;
mod handle;
mod kept;
mod later;
mod line;
mod numbers;
mod open;
mod query;
mod readings;
mod rows;
mod schema;
mod steps;
mod stored;
#[cfg(test)]
mod tests;

pub use fault::JournalFault;
pub(crate) use handle::Begun;
pub use handle::Journal;
pub use kept::{KeptToken, Particulars};
pub use open::Recovered;
pub use readings::Reread;
