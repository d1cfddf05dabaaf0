//! What may last and is no step, by the name it can be stopped under.

use crate::{gate, ground::Ground, running::Running};

/// Reading an issuer's metadata.
pub const DISCOVERY: &str = "discovery";
/// Reading the certificate a server shows.
pub const CERTIFICATE: &str = "certificate";
/// Checking signatures of what was pasted or came up inside a token.
pub const VERIFICATION: &str = "verification";
/// Waiting for the system keychain.
pub const KEYCHAIN: &str = "keychain";

/// Reading a profile's events and their settings.
pub fn events(profile: &str) -> String {
    format!("events/{profile}")
}

/// Asking a profile's provider what it would issue.
pub fn prediction(profile: &str) -> String {
    format!("prediction/{profile}")
}

/// Does something that may last under a name, as one run; none when the user stopped it.
pub(crate) async fn until_cancelled<T>(ground: &Ground, run: &str, work: impl Future<Output = T>) -> Option<T> {
    let running = Running::default();
    let _listed = ground.runs.listed(run, &running);
    // What lasts is large, and whoever waits for it should not carry it on the stack.
    let work = Box::pin(gate::in_one_go(&ground.gate, work));
    tokio::select! {
        done = work => Some(done),
        () = running.cancelled() => None,
    }
}
