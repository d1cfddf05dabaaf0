//! The commands, one file per group. Each unpacks, asks, and hands on.

mod app;
mod audit;
mod copy;
mod expectations;
mod lab;
mod logs;
mod portal;
mod profiles;
mod run;
mod secrets;
mod tokens;

pub use app::*;
pub use audit::*;
pub use copy::*;
pub use expectations::*;
pub use lab::*;
pub use logs::*;
pub use portal::*;
pub use profiles::*;
pub use run::*;
pub use secrets::*;
pub use tokens::*;
