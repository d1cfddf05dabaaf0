//! What can be stopped: steps, rows of steps, and questions that are no step.
//!
//! Everything that may last stands on one list by a name, and whoever waits for it waits for the stop as well. A stop counts also
//! where it comes before anybody waits.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use token::secret::Secret;
use tokio::sync::Notify;

use crate::world::Browser;

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

/// The list of what can be stopped.
#[derive(Default)]
pub(crate) struct Runs(Mutex<HashMap<String, Vec<Running>>>);

impl Runs {
    /// Puts something on the list, for as long as the answer is kept.
    pub(crate) fn listed<'a>(&'a self, run: &'a str, running: &Running) -> Listed<'a> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(run.to_owned()).or_default().push(running.clone());
        Listed { runs: self, run, running: running.clone() }
    }

    /// Stops everything that runs under a name.
    pub(crate) fn cancel(&self, run: &str) {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.get(run).into_iter().flatten().for_each(Running::stop);
    }

    /// The address a running log in waits for.
    pub(crate) fn login_address(&self, run: &str) -> Option<Secret> {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(run)?.last().cloned()?;
        running.address.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Opens the browser once more for a running log in. The error is a sentence.
    pub(crate) fn open_again(&self, run: &str, browser: &dyn Browser) -> Result<(), String> {
        match self.login_address(run) {
            Some(address) => browser.open(address.expose()),
            None => Err("No log in is waiting for the browser any more.".into()),
        }
    }
}

/// Takes a run off the list whatever ends it.
pub(crate) struct Listed<'a> {
    runs: &'a Runs,
    run: &'a str,
    running: Running,
}

impl Drop for Listed<'_> {
    fn drop(&mut self) {
        let mut all = self.runs.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(same) = all.get_mut(self.run) {
            same.retain(|other| !other.is(&self.running));
            if same.is_empty() {
                all.remove(self.run);
            }
        }
    }
}
