//! Server events: read from the provider's own events API and joined to our steps.
//!
//! Reading goes on while the window shows the audit, every few seconds; those requests are not steps of the user and are not
//! journaled one by one. What is journaled is what they found.

mod read;
mod reader;
mod readers;
mod reread;

pub use read::{EventsRead, SearchFault};
pub(crate) use read::{event_settings, read_events, search_events, take_events};
pub use reader::Blocked;
pub(crate) use reader::{
    EventsAccess, ask_admin, ask_with, choose_reader, chosen_reader, credentials, note_reading, open_door, refusal, token_of,
};
pub(crate) use readers::{Reader, Readers};
