//! Reading claims: where a fact stands in a token, whatever server wrote it.
//!
//! Servers agree on few names (RFC 7519, RFC 8693, RFC 9068) and differ on the rest: Keycloak nests its
//! roles, WSO2 calls the kind of token `aut`, Microsoft writes `scp`. Every other module asks here, so a
//! new habit of a server is learnt in one place. Nothing here judges; a claim of the wrong type reads as
//! absent and is reported by [`crate::inspect::findings`].

mod exact;
mod facts;
mod groups;
mod meaning;
mod remark;
mod value;

pub use exact::Key;
pub(crate) use exact::spelled;
pub use facts::{actor_chain, at, audience, client, epoch, roles, scopes, text, user};
pub use groups::{Entry, GROUPS, Layout, distinct, entries, exact_entries, header_entries, title};
pub use meaning::meaning;
pub use remark::explained;
pub use value::{plain, strings, utc, words};
