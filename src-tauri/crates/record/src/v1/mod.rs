//! How steps, events and tokens are written down: the stored form, apart from what the window is shown.
//!
//! A record says in its first member which form it has. A form, once released, is read for ever; a new one gets a number and a
//! listing of its own beside `form-1.txt`. What a later version of the app wrote into a record of this form stays in it: members
//! that are not known are kept and written back, and so is a word that is not known. Records from before there was a form
//! number are today's JSON of the picture; an adapter (`earlier`) brings them to this form. The picture is made of a record in [`crate::view`].

mod earlier;
mod form;
mod record;
mod text;
mod token;
mod words;

pub use form::{
    Action, Candidate, Check, CheckFix, Diagnosis, Draft, Event, Evidence, Exchange, Pair, Reading, Report, Rest, ServerWords,
    Step, Verdict,
};
pub use record::{FORM, More, Record, Unread, read, write};
pub use text::{Line, Run};
pub use token::{Key, Provenance, Token, Verification};
pub use words::{
    Actor, CheckOutcome, Heading, Ink, JoinedBy, Obtained, Operation, Outcome, Purpose, SignatureState, TokenFormat, TokenKind,
    Tone,
};

#[cfg(test)]
mod tests;
