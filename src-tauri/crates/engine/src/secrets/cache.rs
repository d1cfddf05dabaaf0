//! What the store was asked before, so that the keychain is asked once.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{BoundSecret, Owner};

/// Secrets that were read, and that there is none. A reading that was under way while something changed is not remembered: it may
/// have read what was there before.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Held>);

#[derive(Default)]
struct Held {
    read: HashMap<Owner, Option<BoundSecret>>,
    changes: u64,
}

/// When a reading began.
#[derive(Clone, Copy)]
pub(crate) struct Begun(u64);

impl Cache {
    /// What was read before, or the beginning of a reading.
    pub fn get(&self, owner: &Owner) -> Result<Option<BoundSecret>, Begun> {
        let held = self.held();
        held.read.get(owner).cloned().ok_or(Begun(held.changes))
    }

    /// Remembers what a reading found, unless something changed since it began.
    pub fn put(&self, begun: Begun, owner: &Owner, read: Option<BoundSecret>) {
        let mut held = self.held();
        if held.changes == begun.0 {
            held.read.insert(owner.clone(), read);
        }
    }

    /// Forgets one secret.
    pub fn forget(&self, owner: &Owner) {
        let mut held = self.held();
        held.changes += 1;
        held.read.remove(owner);
    }

    /// Forgets all.
    pub fn clear(&self) {
        let mut held = self.held();
        held.changes += 1;
        held.read.clear();
    }

    /// Every secret that is remembered.
    pub fn all(&self) -> Vec<BoundSecret> {
        self.held().read.values().flatten().cloned().collect()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use oauth::profile::{Client, Profile, ServerRole};
    use token::secret::Secret;

    use super::*;
    use crate::secrets::Sort;

    fn secret(profile: &Profile, text: &str) -> BoundSecret {
        BoundSecret::entered(Secret::new(text), Sort::Secret, profile, ServerRole::Provider)
    }

    #[test]
    fn a_reading_that_overlaps_a_change_is_not_remembered() {
        type Change = fn(&Cache, &Owner, &Owner);
        let changes: [(&str, Change, bool); 5] = [
            ("nothing", |_, _, _| {}, true),
            ("this one is forgotten", |cache, one, _| cache.forget(one), false),
            ("another is forgotten", |cache, _, other| cache.forget(other), false),
            ("all are forgotten", |cache, _, _| cache.clear(), false),
            ("twice", |cache, one, _| (cache.clear(), cache.forget(one)).1, false),
        ];
        let profile = Profile::default();
        let owner = |name: &str| Owner::of(&profile, &Client { client_id: name.into(), ..Client::default() });
        for (word, change, remembered) in changes {
            let cache = Cache::default();
            let (one, other) = (owner("one"), owner("other"));
            let Err(begun) = cache.get(&one) else { panic!("{word}: nothing was read yet") };
            change(&cache, &one, &other);
            cache.put(begun, &one, Some(secret(&profile, "old")));
            assert_eq!(cache.get(&one).is_ok(), remembered, "{word}");
            assert_eq!(cache.all().len(), usize::from(remembered), "{word}");
        }
    }
}
