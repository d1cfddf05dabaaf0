//! What crosses between the shell and the window, and the one list of commands.
//!
//! Facts (tokens, comparisons, steps, profiles) cross as the model's own types; this crate adds arguments,
//! answers and faults. `export` writes all of it as TypeScript, and a test fails when the written files drift.

pub mod commands;
pub mod export;
pub mod fault;
pub mod lab;
pub mod portal;
pub mod types;

pub use fault::{Fault, FaultKind};
pub use lab::*;
pub use portal::*;
pub use types::*;
