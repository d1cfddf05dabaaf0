//! Secrets as steps take them: read from the store once, and held here where the store did not take one that is shown only once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use token::secret::Secret;

use crate::secrets::{BoundSecret, Cache, Owner, SecretFault, Secrets};

/// See the module.
pub(crate) struct Vault {
    pub(crate) store: Arc<Secrets>,
    read: Cache,
    /// Secrets that a server shows once and the store did not take, until the app closes.
    unsaved: Mutex<HashMap<Owner, BoundSecret>>,
}

impl Vault {
    /// Before a store that nothing was read from.
    pub(crate) fn of(store: Arc<Secrets>) -> Self {
        Self { store, read: Cache::default(), unsaved: Mutex::default() }
    }

    /// A client's secret; the keychain is asked once.
    pub(crate) async fn secret(&self, owner: &Owner) -> Result<Option<BoundSecret>, SecretFault> {
        if let Some(held) = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).get(owner) {
            return Ok(Some(held.clone()));
        }
        let begun = match self.read.get(owner) {
            Ok(known) => return Ok(known),
            Err(begun) => begun,
        };
        let read = self.store.read(owner).await?;
        self.read.put(begun, owner, read.clone());
        Ok(read)
    }

    /// Keeps a secret, and looks at no question about it: where only what is known of it changed.
    pub(crate) async fn keep(&self, owner: &Owner, secret: BoundSecret) -> Result<(), SecretFault> {
        self.store.keep(owner, &secret).await?;
        self.forget_unsaved(owner);
        Ok(())
    }

    /// Forgets a secret wherever it is held.
    pub(crate) async fn forget(&self, owner: &Owner) -> Result<(), SecretFault> {
        self.store.forget(owner).await?;
        self.forget_unsaved(owner);
        Ok(())
    }

    /// Forgets what was read, so that a change in the store is seen.
    pub(crate) fn read_anew(&self) {
        self.read.clear();
    }

    /// Holds a secret that may never be shown again, before it is saved.
    pub(crate) fn hold_unsaved(&self, owner: &Owner, secret: BoundSecret) {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).insert(owner.clone(), secret);
    }

    /// Lets go of it once the store has it.
    pub(crate) fn forget_unsaved(&self, owner: &Owner) {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).remove(owner);
        self.read.forget(owner);
    }

    /// Every secret that is at hand, to be hidden in what is written.
    pub(crate) fn at_hand(&self) -> Vec<Secret> {
        let read = self.read.all();
        let unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        read.iter().chain(unsaved.values()).map(|secret| secret.for_its_owner().clone()).collect()
    }
}
