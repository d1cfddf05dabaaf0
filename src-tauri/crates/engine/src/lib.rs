//! Everything that touches the outside: the recording HTTP client, the loopback login, the flows, the journal and the
//! secret store.
//!
//! The engine knows nothing of windows. It gets time, randomness and the browser from its caller ([`world`]), asks the
//! model what to send and what an answer means, and writes down what happened before it says so.

pub mod acceptance;
pub mod asking;
mod bodies;
pub mod client_assertion;
mod diagnosis;
pub mod drift;
pub mod events;
mod fault;
pub mod flow;
mod foreign;
pub mod gate;
mod ground;
pub mod http;
pub mod journal;
pub mod judge;
pub mod keys;
pub mod lasting;
pub mod logs;
pub mod loopback;
mod mapping;
mod pasted;
mod preview;
pub mod repeat;
mod running;
pub mod secrets;
pub mod shelf;
pub mod storage;
pub mod tape;
pub mod tls;
mod tokens;
mod vault;
mod verification;
pub mod workbench;
pub mod world;
