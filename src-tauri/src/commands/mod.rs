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

/// Does something that takes a moment where it holds up no other command.
pub(crate) async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, wire::Fault> + Send + 'static,
) -> Result<T, wire::Fault> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| crate::fault::fault(wire::FaultKind::Bug, "background", error.to_string(), "Report this."))?
}
