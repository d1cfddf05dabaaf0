//! The APIs of a profile: what is expected of their tokens, how a service says it in its YAML, and the press that mends a failed
//! check.

pub mod block;
mod fix;
mod wanted;

pub use fix::{Made, suggest};
pub use wanted::{EVERY_API, Wanted};
