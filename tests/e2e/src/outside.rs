//! A provider outside the app: the lab as a program of its own. It outlives the app's restarts, and the app knows nothing of
//! it but the issuer URL a user would paste.

use serde_json::Value;

use crate::{Result, desk::Desk, process::Process};

/// The running provider.
pub struct Outside {
    _process: Process,
    said: Value,
}

impl Outside {
    /// Starts it on the desk.
    pub fn start(desk: &Desk, binary: &std::path::Path) -> Result<Self> {
        let log = desk.logs().join("outside.log");
        let (process, said) = Process::start_and_read_json(&[&binary.display().to_string()], desk.environment(), &log)?;
        Ok(Self { _process: process, said })
    }

    /// Its issuer.
    pub fn issuer(&self) -> Result<&str> {
        self.said["issuer"].as_str().ok_or_else(|| "the outside lab says no issuer".into())
    }

    /// The secret of a client.
    pub fn secret(&self, client: &str) -> Result<&str> {
        let clients = self.said["clients"].as_array().into_iter().flatten();
        let found = clients.filter(|one| one["client_id"] == client).find_map(|one| one["secret"].as_str());
        found.ok_or_else(|| format!("the outside lab knows no secret of {client}"))
    }
}
