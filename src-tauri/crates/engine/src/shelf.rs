//! The shelf: the tokens at hand, each under the one it came from.

mod held;
mod looked;

pub use held::Held;

use std::sync::{Arc, Mutex, PoisonError};

use record::redact;
use token::{inspect::TokenView, secret::Secret};

use crate::journal::KeptToken;
use looked::Looked;

/// All tokens at hand, oldest first.
#[derive(Default)]
pub struct Shelf {
    held: Mutex<Vec<Arc<Held>>>,
    /// What was taken off since the app was opened, with its place, so that it can be put back.
    removed: Mutex<Vec<(usize, Arc<Held>)>>,
    /// What is looked for in texts, so that a step does not make it ready again for every token there is.
    secret: Mutex<Looked>,
}

impl Shelf {
    /// A shelf with evidence of an earlier session.
    pub fn with_evidence(kept: Vec<KeptToken>) -> Self {
        let held = kept.into_iter().map(|kept| Arc::new(Held::evidence(kept))).collect();
        Self { held: Mutex::new(held), ..Self::default() }
    }

    /// Puts a token on the shelf, or replaces the one with the same id.
    pub fn put(&self, held: Held) {
        let held = Arc::new(held);
        let mut all = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match all.iter_mut().find(|other| other.id() == held.id()) {
            Some(place) => *place = held,
            None => all.push(held),
        }
    }

    /// A copy of one token.
    pub fn find(&self, id: &str) -> Option<Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).iter().find(|held| held.id() == id).map(|held| Held::clone(held))
    }

    /// The live token with this very text, if it is on the shelf.
    pub fn find_text(&self, text: &Secret) -> Option<Arc<Held>> {
        self.all().into_iter().find(|held| held.text() == Some(text))
    }

    /// Takes a token off; its children stay. It can be put back until the app is closed.
    pub fn remove(&self, id: &str) {
        let mut all = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = all.iter().position(|held| held.id() == id) else { return };
        let gone = all.remove(place);
        self.removed.lock().unwrap_or_else(PoisonError::into_inner).push((place, gone));
    }

    /// Puts a token that was taken off back to its place. False when it was not taken off.
    pub fn put_back(&self, id: &str) -> bool {
        let mut all = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut removed = self.removed.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(index) = removed.iter().position(|(_, held)| held.id() == id) else { return false };
        let (place, held) = removed.remove(index);
        let place = place.min(all.len());
        all.insert(place, held);
        true
    }

    /// The texts that must not be shown, each with the words that stand for it.
    pub fn secret(&self, now_s: i64) -> redact::KnownSecrets {
        let all = self.all();
        self.secret.lock().unwrap_or_else(PoisonError::into_inner).with(&all, now_s)
    }

    /// All, oldest first.
    pub fn all(&self) -> Vec<Arc<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shelf lines, oldest first.
    pub fn views(&self, now_s: i64) -> Vec<TokenView> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|held| held.view(now_s)).collect()
    }
}

#[cfg(test)]
mod tests;
