//! Flows: what happens when the user presses the button, from draft to journal.
//!
//! Every flow runs beside a [`Tape`]; whatever ends it (an answer, a refusal, a fault, the user), the step is written with what
//! the tape holds. A refusal by a server is a value here, not an error.

mod answer;
mod begin;
mod discover;
mod ending;
mod finish;
mod login;
mod logout;
mod play;
mod portal;
mod predict;
mod send;
mod server_info;
mod teller;
mod visit;

pub use crate::{fault::Problem, foreign::FOREIGN_TOKEN};
pub use discover::{DiscoverFault, Discovered};
pub(crate) use discover::{discover, discover_realm};
pub use ending::RunFault;
pub(crate) use finish::teach;
pub(crate) use play::{run, run_bundled};
pub(crate) use portal::portal;
pub use portal::{CallMade, KeptSecret};
pub(crate) use predict::{open_prediction, predict};
pub use server_info::InfoRead;
pub(crate) use server_info::server_info;
