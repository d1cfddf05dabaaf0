//! Where client secrets live: the system keychain, an encrypted file, or memory only.
//!
//! A secret is kept under a name made of profile and client. The lab's secrets are laid over the store for as long as
//! the lab runs and are never written anywhere.

mod file;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use model::secret::Secret;
use tokio::sync::OnceCell;

pub use file::FileFault;
use file::SecretFile;

/// Service name in the system keychain.
const SERVICE: &str = "dev.claimscope.desktop";

/// Which store is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The system keychain (Secret Service, Keychain, Credential Manager).
    Keychain,
    /// A file encrypted with a passphrase.
    EncryptedFile,
    /// Gone when the app closes.
    Memory,
}

/// Why a secret could not be kept or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecretFault {
    /// The keychain is missing, locked or refused; the sentence says which.
    #[error("{0}")]
    Keychain(String),
    /// The encrypted file.
    #[error("{0}")]
    File(#[from] FileFault),
}

enum Store {
    /// The keychain was not asked yet.
    Undecided,
    Keychain,
    File(SecretFile),
    Memory(HashMap<String, Secret>),
}

/// The secret store in use.
pub struct Secrets {
    path: PathBuf,
    store: Mutex<Store>,
    overlay: Mutex<HashMap<String, Secret>>,
    keychain_problem: Mutex<Option<String>>,
    asked: OnceCell<()>,
}

impl Secrets {
    /// The keychain, which is not asked before something is wanted of it: its answer may take long, and a window can be
    /// shown without. `path` is where an encrypted file would be.
    pub fn unasked(path: PathBuf) -> Self {
        Self::new(path, Store::Undecided)
    }

    /// A store that is gone when it is dropped.
    pub fn memory(path: PathBuf) -> Self {
        Self::new(path, Store::Memory(HashMap::new()))
    }

    fn new(path: PathBuf, store: Store) -> Self {
        let (overlay, keychain_problem) = Default::default();
        Self { path, store: Mutex::new(store), overlay, keychain_problem, asked: OnceCell::new() }
    }

    /// Asks the keychain, once; where it does not answer, secrets are kept in memory and the reason is remembered.
    pub async fn ask(&self) {
        let ask = async || {
            if self.kind().is_some() {
                return;
            }
            let problem = probe().await.err();
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            // The user may have chosen meanwhile.
            if matches!(*store, Store::Undecided) {
                *store = if problem.is_none() { Store::Keychain } else { Store::Memory(HashMap::new()) };
            }
            *self.keychain_problem.lock().unwrap_or_else(PoisonError::into_inner) = problem;
        };
        self.asked.get_or_init(ask).await;
    }

    /// Kind in use; none before the keychain has answered.
    pub fn kind(&self) -> Option<Kind> {
        match *self.store.lock().unwrap_or_else(PoisonError::into_inner) {
            Store::Undecided => None,
            Store::Keychain => Some(Kind::Keychain),
            Store::File(_) => Some(Kind::EncryptedFile),
            Store::Memory(_) => Some(Kind::Memory),
        }
    }

    /// Why the keychain cannot be used, if so.
    pub fn keychain_problem(&self) -> Option<String> {
        self.keychain_problem.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether an encrypted file exists that is not open.
    pub fn locked_file(&self) -> bool {
        self.kind() != Some(Kind::EncryptedFile) && self.path.exists()
    }

    /// Switches to the keychain, after trying it.
    pub async fn use_keychain(&self) -> Result<(), SecretFault> {
        let tried = probe().await;
        *self.keychain_problem.lock().unwrap_or_else(PoisonError::into_inner) = tried.clone().err();
        tried.map_err(SecretFault::Keychain)?;
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = Store::Keychain;
        Ok(())
    }

    /// Switches to memory only.
    pub fn use_memory(&self) {
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = Store::Memory(HashMap::new());
    }

    /// Opens the encrypted file with a passphrase, or makes one.
    pub fn use_file(&self, passphrase: &Secret) -> Result<(), SecretFault> {
        let file = SecretFile::open(&self.path, passphrase)?;
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = Store::File(file);
        Ok(())
    }

    /// Lays secrets over the store that are never written; replaces an earlier overlay of the same profile.
    pub fn overlay(&self, profile: &str, secrets: impl IntoIterator<Item = (String, Secret)>) {
        let mut overlay = self.overlay.lock().unwrap_or_else(PoisonError::into_inner);
        let prefix = format!("{profile}\u{1f}");
        overlay.retain(|name, _| !name.starts_with(&prefix));
        overlay.extend(secrets.into_iter().map(|(client, secret)| (name(profile, &client), secret)));
    }

    /// Lays one more secret over the store, for a server that is gone when the app closes.
    pub fn lay(&self, profile: &str, client: &str, secret: Secret) {
        self.overlay.lock().unwrap_or_else(PoisonError::into_inner).insert(name(profile, client), secret);
    }

    /// The secret of a client, if one is kept.
    pub async fn read(&self, profile: &str, client: &str) -> Result<Option<Secret>, SecretFault> {
        let name = name(profile, client);
        if let Some(secret) = self.overlay.lock().unwrap_or_else(PoisonError::into_inner).get(&name) {
            return Ok(Some(secret.clone()));
        }
        self.ask().await;
        {
            let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            match &*store {
                Store::Memory(map) => return Ok(map.get(&name).cloned()),
                Store::File(file) => return Ok(file.read(&name)),
                Store::Keychain | Store::Undecided => {}
            }
        }
        keychain(move |service| match keyring::Entry::new(service, &name)?.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
        .await
        .map_err(SecretFault::Keychain)
    }

    /// Keeps the secret of a client.
    pub async fn keep(&self, profile: &str, client: &str, secret: Secret) -> Result<(), SecretFault> {
        let name = name(profile, client);
        self.ask().await;
        {
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            match &mut *store {
                Store::Memory(map) => {
                    map.insert(name, secret);
                    return Ok(());
                }
                Store::File(file) => return Ok(file.keep(&name, secret)?),
                Store::Keychain | Store::Undecided => {}
            }
        }
        keychain(move |service| keyring::Entry::new(service, &name)?.set_password(secret.expose()))
            .await
            .map_err(SecretFault::Keychain)
    }

    /// Forgets the secret of a client.
    pub async fn forget(&self, profile: &str, client: &str) -> Result<(), SecretFault> {
        let name = name(profile, client);
        self.overlay.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
        self.ask().await;
        {
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            match &mut *store {
                Store::Memory(map) => {
                    map.remove(&name);
                    return Ok(());
                }
                Store::File(file) => return Ok(file.forget(&name)?),
                Store::Keychain | Store::Undecided => {}
            }
        }
        keychain(move |service| match keyring::Entry::new(service, &name)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
        .await
        .map_err(SecretFault::Keychain)
    }
}

fn name(profile: &str, client: &str) -> String {
    format!("{profile}\u{1f}{client}")
}

/// Asks the keychain for an entry that does not exist: only "no such entry" proves that it works and is unlocked.
async fn probe() -> Result<(), String> {
    asked(NOBODY, |service| match keyring::Entry::new(service, "probe")?.get_password() {
        Ok(_) | Err(keyring::Error::NoEntry) => Ok(()),
        Err(error) => Err(error),
    })
    .await
}

/// What a failing platform call means before the keychain has ever answered.
const NOBODY: &str = "No system keychain answers on this machine (no Secret Service). Start one, use an encrypted file, or keep secrets in memory.";
/// And what it means once it has.
const REFUSED: &str = "The system keychain is locked or refused access. Unlock it and try again.";

/// Asks a keychain that was there when it was probed.
async fn keychain<T: Send + 'static>(call: impl FnOnce(&str) -> Result<T, keyring::Error> + Send + 'static) -> Result<T, String> {
    asked(REFUSED, call).await
}

/// Runs a keychain call on a thread of its own, and does not wait for ever: a locked keychain may ask the user.
async fn asked<T: Send + 'static>(
    platform: &str,
    call: impl FnOnce(&str) -> Result<T, keyring::Error> + Send + 'static,
) -> Result<T, String> {
    match tokio::time::timeout(Duration::from_secs(20), tokio::task::spawn_blocking(move || call(SERVICE))).await {
        Ok(Ok(Ok(value))) => Ok(value),
        Ok(Ok(Err(keyring::Error::NoStorageAccess(_)))) => Err(REFUSED.into()),
        Ok(Ok(Err(keyring::Error::PlatformFailure(_)))) => Err(platform.into()),
        Ok(Ok(Err(error))) => Err(format!("The system keychain failed: {error}.")),
        Ok(Err(_)) => Err("The system keychain call broke off.".into()),
        Err(_) => Err("The system keychain did not answer within 20 s. It may be waiting for you to unlock it.".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    #[test]
    fn an_overlay_covers_the_store_and_is_replaced_whole() {
        run(async {
            let secrets = Secrets::memory(PathBuf::from("/nonexistent/secrets"));
            secrets.keep("lab", "portal", Secret::new("kept")).await.unwrap();
            secrets.overlay("lab", [("portal".to_owned(), Secret::new("laid over"))]);
            assert_eq!(secrets.read("lab", "portal").await.unwrap().unwrap().expose(), "laid over");
            secrets.overlay("lab", []);
            assert_eq!(secrets.read("lab", "portal").await.unwrap().unwrap().expose(), "kept");
            secrets.forget("lab", "portal").await.unwrap();
            assert_eq!(secrets.read("lab", "portal").await.unwrap(), None);
        });
    }
}
