//! What can be stopped: steps, rows of steps, and questions that are no step.
//!
//! Everything that may last stands on one list by a name, and whoever waits for it waits for the stop as well. A stop counts also
//! where it comes before anybody waits.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use token::secret::Secret;
use tokio::sync::Notify;

use crate::workbench::Workbench;

/// Something under way that the user may stop: a step, several of them, or a question that is no step.
#[derive(Clone, Default)]
pub(crate) struct Running {
    cancel: Arc<Notify>,
    stopped: Arc<AtomicBool>,
    pub(crate) address: Arc<Mutex<Option<Secret>>>,
}

impl Running {
    /// Ends once the user has stopped it, also when that was before anybody waited.
    pub(crate) async fn cancelled(&self) {
        while !self.is_stopped() {
            self.cancel.notified().await;
        }
    }

    /// Whether the user has stopped it.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes whoever waits now, and leaves a permit for who is about to.
        self.cancel.notify_waiters();
        self.cancel.notify_one();
    }

    /// Whether it is the same one.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.stopped, &other.stopped)
    }
}

/// What may last and is no step, by the name it can be stopped under.
pub mod lasting {
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
}

impl Workbench {
    /// Puts something on the list of what can be stopped, for as long as the answer is kept.
    pub(crate) fn listed<'a>(&'a self, run: &'a str, running: &Running) -> Listed<'a> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).entry(run.to_owned()).or_default().push(running.clone());
        Listed { workbench: self, run, running: running.clone() }
    }

    /// Stops everything that runs under a name: a step by the name of its run, what is no step by its name in [`lasting`].
    pub fn cancel(&self, run: &str) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.get(run).into_iter().flatten().for_each(Running::stop);
    }

    /// Does something that may last under a name, as one run; none when the user stopped it.
    pub async fn until_cancelled<T>(&self, run: &str, work: impl Future<Output = T>) -> Option<T> {
        let running = Running::default();
        let _listed = self.listed(run, &running);
        // What lasts is large, and whoever waits for it should not carry it on the stack.
        let work = Box::pin(self.in_one_go(work));
        tokio::select! {
            done = work => Some(done),
            () = running.cancelled() => None,
        }
    }

    /// The address a running log in waits for.
    pub fn login_address(&self, run: &str) -> Option<Secret> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).get(run)?.last().cloned()?;
        running.address.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Opens the browser once more for a running log in. The error is a sentence.
    pub fn open_again(&self, run: &str) -> Result<(), String> {
        match self.login_address(run) {
            Some(address) => self.world.browser.open(address.expose()),
            None => Err("No log in is waiting for the browser any more.".into()),
        }
    }
}

/// Takes a run off the list whatever ends it.
pub(crate) struct Listed<'a> {
    workbench: &'a Workbench,
    run: &'a str,
    running: Running,
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        let mut all = self.workbench.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(same) = all.get_mut(self.run) {
            same.retain(|other| !other.is(&self.running));
            if same.is_empty() {
                all.remove(self.run);
            }
        }
    }
}
