//! What the tests bring instead of the world: a clock, known randomness, a browser of a few lines, and a server to work with.

pub mod bench;
pub mod browser;
pub mod desk;
pub mod differences;
pub mod keycloak;
pub mod raw;
pub mod server;
pub mod world;

pub use bench::Bench;
pub use desk::{Desk, with};
