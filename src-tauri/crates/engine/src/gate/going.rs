//! What the user allowed once: for one run, however many requests it makes, and for nothing after it.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use super::questions::Gate;
use crate::secrets::{Crossing, Owner};

tokio::task_local! {
    static GOING: Arc<Going>;
}

/// One run, a row of steps included.
#[derive(Default)]
pub(crate) struct Going {
    /// Crossings the user allowed once: they hold until it ends.
    passed: Mutex<HashSet<Crossing>>,
    /// Who took part: what is left of their consents ends with it.
    owners: Mutex<HashSet<Owner>>,
}

impl Going {
    /// The run this is part of; one of its own where there is none.
    pub(super) fn here() -> Arc<Self> {
        GOING.try_with(Arc::clone).unwrap_or_default()
    }

    /// Remembers who takes part.
    pub(super) fn joined(&self, owner: Owner) {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner).insert(owner);
    }

    /// Whether the user allowed this once, for this run.
    pub(super) fn may(&self, crossing: &Crossing, gate: &Gate, now_ms: i64) -> bool {
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        passed.contains(crossing) || (gate.take(crossing, now_ms) && passed.insert(crossing.clone()))
    }
}

/// Takes back what was allowed once and not used, however a run ends.
struct Ends<'a>(&'a Gate, Arc<Going>);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        let owners = self.1.owners.lock().unwrap_or_else(PoisonError::into_inner);
        self.0.once.lock().unwrap_or_else(PoisonError::into_inner).retain(|crossing, _| !owners.contains(&crossing.owner));
    }
}

/// Does something as one run: what the user allowed once holds for all of it and ends with it. Part of another run, it is that one.
pub(crate) async fn in_one_go<T>(gate: &Gate, work: impl Future<Output = T>) -> T {
    if GOING.try_with(|_| ()).is_ok() {
        return work.await;
    }
    let going = Arc::new(Going::default());
    let _ends = Ends(gate, Arc::clone(&going));
    GOING.scope(going, work).await
}
