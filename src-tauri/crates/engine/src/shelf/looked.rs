//! The texts of tokens that are looked for in what is shown and written.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use record::redact;
use token::secret::Secret;

use super::held::Held;

/// How many tokens may be looked for beside those that were made ready together.
const BESIDE: usize = 32;

/// Texts of tokens made ready to be looked for: most of them together, the newest apart.
#[derive(Default)]
pub(super) struct Looked {
    most: redact::KnownSecrets,
    all: redact::KnownSecrets,
    /// Each token as it was when it was made ready, with its words, by its id.
    ready: HashMap<String, (Arc<Held>, String)>,
    /// Those that are not in `most`.
    newest: Vec<(Secret, String)>,
}

impl Looked {
    /// What is looked for, with tokens that were not yet. One that is gone from the shelf is still looked for, until the others are
    /// made ready anew.
    pub(super) fn with(&mut self, shelf: &[Arc<Held>], now_s: i64) -> redact::KnownSecrets {
        let (mut new, mut said_otherwise) = (false, false);
        for held in shelf {
            let before = self.ready.get_mut(held.id());
            if before.as_ref().is_some_and(|(as_it_was, _)| Arc::ptr_eq(as_it_was, held)) {
                continue;
            }
            let Some(text) = held.text() else { continue };
            let words = redact::evidence(&held.view(now_s));
            match before {
                Some((as_it_was, said)) if as_it_was.text() == Some(text) && *said == words => {
                    *as_it_was = held.clone();
                    continue;
                }
                before => said_otherwise |= before.is_some(),
            }
            new = true;
            self.newest.push((text.clone(), words.clone()));
            self.ready.insert(held.id().to_owned(), (held.clone(), words));
        }
        if !new {
            return self.all.clone();
        }
        if said_otherwise || self.newest.len() > BESIDE {
            let there: HashSet<&str> = shelf.iter().map(|held| held.id()).collect();
            self.ready.retain(|id, _| there.contains(id.as_str()));
            // In the order of the shelf: of two with one text the first gives the words.
            let ready = shelf.iter().filter_map(|held| self.ready.get(held.id()));
            let named = ready.filter_map(|(held, words)| Some((held.text()?.clone(), words.clone())));
            self.most = redact::KnownSecrets::new(Vec::new(), named.collect());
            self.newest.clear();
        }
        self.all = redact::KnownSecrets::over(&self.most, Vec::new(), self.newest.clone());
        self.all.clone()
    }
}
