//! What the tests bring instead of the world: a clock, known randomness, a browser of a few lines, and a server to work with.

pub mod answers;
pub mod bench;
pub mod browser;
pub mod desk;
pub mod differences;
#[allow(dead_code, reason = "the provocation suite shares it and uses the rest")]
pub mod keycloak;
pub mod raw;
pub mod real;
pub mod server;
pub mod world;

pub use answers::{json, text};
pub use bench::Bench;
pub use desk::{Desk, with};
