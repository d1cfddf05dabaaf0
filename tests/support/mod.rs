//! What the tests bring instead of the world: a clock, known randomness, a browser of a few lines, and the lab's profile.

pub mod bench;
pub mod browser;
pub mod raw;
pub mod server;
pub mod world;

pub use bench::{Bench, with};
