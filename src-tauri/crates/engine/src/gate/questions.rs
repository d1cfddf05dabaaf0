//! What the user is asked before a secret goes anywhere else, and what was said.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use oauth::profile::ServerRole;

use crate::secrets::{Approval, Crossing, Owner};

/// How many questions wait for an answer at most; the oldest goes.
const OPEN_QUESTIONS: usize = 16;

/// How long a word that was given for one time waits for the run it was given for, milliseconds.
const ONCE_MS: i64 = 5 * 60 * 1000;

/// What the user has to say, and said.
#[derive(Default)]
pub(crate) struct Gate {
    pub(super) open: Mutex<Vec<(u64, Crossing)>>,
    /// What was allowed for one run, and when, epoch milliseconds.
    pub(super) once: Mutex<HashMap<Crossing, i64>>,
    /// Addresses that are allowed, by profile and server, as the store was read.
    pub(super) approved: Mutex<HashMap<(String, ServerRole), Vec<Approval>>>,
    /// Origins that the metadata of an issuer named at their first reading.
    pub(super) named: Mutex<HashMap<String, BTreeSet<String>>>,
    last: AtomicU64,
    /// How often the store was to be read anew.
    readings: AtomicU64,
}

impl Gate {
    pub(super) fn ask(&self, crossing: &Crossing) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.iter().any(|(_, known)| known == crossing) {
            return;
        }
        if open.len() >= OPEN_QUESTIONS {
            open.remove(0);
        }
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        open.push((id, crossing.clone()));
    }

    /// Takes a consent that was given for one time. One that waited too long is none.
    pub(super) fn take(&self, crossing: &Crossing, now_ms: i64) -> bool {
        let mut once = self.once.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that went back does not make a consent last.
        once.remove(crossing).is_some_and(|given_ms| (0..=ONCE_MS).contains(&now_ms.saturating_sub(given_ms)))
    }

    /// Drops every question about a client's secret and every consent that was not used: there is another secret now, or none.
    pub(crate) fn forget(&self, owner: &Owner) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).retain(|(_, crossing)| crossing.owner != *owner);
        self.once.lock().unwrap_or_else(PoisonError::into_inner).retain(|crossing, _| crossing.owner != *owner);
    }

    /// The same of all clients of a profile, and of what they carry.
    pub(crate) fn forget_profile(&self, profile: &str) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).retain(|(_, crossing)| crossing.owner.profile != profile);
        self.once.lock().unwrap_or_else(PoisonError::into_inner).retain(|crossing, _| crossing.owner.profile != profile);
    }

    /// Reads from the store anew what is allowed.
    pub(crate) fn read_anew(&self) {
        let mut approved = self.approved.lock().unwrap_or_else(PoisonError::into_inner);
        self.readings.fetch_add(1, Ordering::Relaxed);
        approved.clear();
    }

    /// Which reading of the store this is.
    pub(super) fn readings(&self) -> u64 {
        self.readings.load(Ordering::Relaxed)
    }
}

/// A crossing the user is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Names it for [`Workbench::answer_question`].
    pub id: u64,
    /// What was about to happen.
    pub crossing: Crossing,
}

/// What the user says to a crossing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// This once.
    Once,
    /// For this secret from now on.
    Always,
    /// Not at all.
    No,
}
