//! Dialects: what a server's refusal means, and what it will refuse before it is asked.
//!
//! This is the one place that looks at the words of a server. The catalogue is data: each entry says at which server,
//! for which operation and by which words it is recognised, what the cause is and what helps. A server's text is not a
//! contract, so an entry that rests on an event or a code beats one that rests on a sentence, and what is not recognised
//! stays unexplained rather than guessed.

pub(crate) mod catalogue;
mod diagnose;
pub mod document;
pub(crate) mod entry;
pub(crate) mod evidence;
mod facts;
mod fate;
pub(crate) mod fit;
mod holds;
mod known;
mod learned;
pub(crate) mod lesson;
pub(crate) mod markup;
pub(crate) mod shelf;
mod tried;
mod userinfo;
pub(crate) mod when;

pub use diagnose::{LOGOUT_UNSURE, diagnose, surprises};
pub use facts::RefusalFacts;
pub use fate::Fate;
pub use known::{Background, Behind, ClientSettings, MadeSecret, Past, ProviderSettings, ScopeSettings, Settings};
pub use learned::learned;
pub use userinfo::{UserinfoAnswer, userinfo_could_tell, userinfo_tells};
