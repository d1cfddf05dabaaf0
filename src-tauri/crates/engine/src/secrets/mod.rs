//! Where client secrets live: the system keychain, an encrypted file, or memory only.
//!
//! A secret is kept under a name made of profile, server and client, with the server it was entered for ([`BoundSecret`]). The
//! lab's secrets are laid over the store for as long as the lab runs and are never written anywhere.

mod addresses;
mod bound;
mod cache;
mod file;
mod installation;
mod keychain;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use oauth::profile::{Profile, ServerRole};
use token::secret::Secret;
use tokio::sync::OnceCell;

pub use bound::{Approval, BoundSecret, Crossing, Destination, Owner, Sort};
pub(crate) use cache::Cache;
pub use file::FileFault;
use file::SecretFile;
pub(crate) use installation::Installation;
pub use keychain::KeychainFault;

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
    /// The keychain is missing, locked or refused.
    #[error(transparent)]
    Keychain(#[from] KeychainFault),
    /// The encrypted file.
    #[error("{0}")]
    File(#[from] FileFault),
    /// An entry of another version.
    #[error("The saved secret of {0} was written by a newer version of Claimscope. It was left as it is.")]
    Newer(String),
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
    overlay: Mutex<HashMap<Owner, BoundSecret>>,
    /// Addresses of servers of ours, by profile.
    ours: Mutex<HashMap<(String, ServerRole), Vec<Approval>>>,
    keychain_problem: Mutex<Option<String>>,
    asked: OnceCell<()>,
    /// Whose entries in the keychain are one's own; none = all of them.
    installation: Option<Installation>,
}

impl Secrets {
    /// The keychain, which is not asked before something is wanted of it: its answer may take long, and a window can be
    /// shown without. `path` is where an encrypted file would be.
    pub fn unasked(path: PathBuf) -> Self {
        Self::new(path, Store::Undecided)
    }

    /// The same, with the entries of one data folder.
    #[must_use]
    pub(crate) fn of(mut self, installation: Installation) -> Self {
        self.installation = Some(installation);
        self
    }

    /// A store that is gone when it is dropped.
    pub fn memory(path: PathBuf) -> Self {
        Self::new(path, Store::Memory(HashMap::new()))
    }

    fn new(path: PathBuf, store: Store) -> Self {
        let (overlay, ours, keychain_problem) = Default::default();
        Self { path, store: Mutex::new(store), overlay, ours, keychain_problem, asked: OnceCell::new(), installation: None }
    }

    /// Asks the keychain, once; where it does not answer, secrets are kept in memory and the reason is remembered.
    pub async fn ask(&self) {
        let ask = async || {
            if self.kind().is_some() {
                return;
            }
            let problem = keychain::probe().await.err().map(|fault| fault.to_string());
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
        let tried = keychain::probe().await;
        *self.keychain_problem.lock().unwrap_or_else(PoisonError::into_inner) = tried.as_ref().err().map(ToString::to_string);
        tried?;
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

    /// Lays secrets over the store that are never written, for servers of ours at the addresses of this profile; replaces an
    /// earlier overlay of the same profile. A client the profile knows at both servers has it at both.
    pub fn overlay(&self, profile: &Profile, secrets: impl IntoIterator<Item = (String, Secret)>) {
        self.open_to_ours(profile);
        let mut overlay = self.overlay.lock().unwrap_or_else(PoisonError::into_inner);
        overlay.retain(|owner, _| owner.profile != profile.id);
        for (client, secret) in secrets {
            let mut servers: Vec<ServerRole> =
                profile.clients.iter().filter(|known| known.client_id == client).map(|known| known.server).collect();
            if servers.is_empty() {
                servers.push(ServerRole::Provider);
            }
            for server in servers {
                let owner = Owner::at(&profile.id, server, &client);
                let bound = BoundSecret::ours(secret.clone(), profile, &owner);
                overlay.insert(owner, bound);
            }
        }
    }

    /// Keeps secrets of servers of ours for a profile that is saved, for every address it has of them.
    pub async fn keep_ours(
        &self,
        profile: &Profile,
        secrets: impl IntoIterator<Item = (String, Secret)>,
    ) -> Result<(), SecretFault> {
        for server in [ServerRole::Provider, ServerRole::Gateway] {
            self.keep_approvals(&profile.id, server, &addresses::all_of(profile, server)).await?;
        }
        for (client, secret) in secrets {
            for known in profile.clients.iter().filter(|known| known.client_id == client) {
                let owner = Owner::of(profile, known);
                let bound = BoundSecret::ours(secret.clone(), profile, &owner);
                self.keep(&owner, &bound).await?;
            }
        }
        Ok(())
    }

    /// What the user, or the server itself, allowed for a server of a profile. What cannot be read was not allowed.
    pub(crate) async fn approvals(&self, profile: &str, server: ServerRole) -> Result<Vec<Approval>, SecretFault> {
        Ok(addresses::read(self.stored(addresses::name(profile, server)).await?.as_ref()))
    }

    /// What servers of ours are allowed.
    pub(crate) fn approvals_of_ours(&self, profile: &str, server: ServerRole) -> Vec<Approval> {
        let ours = self.ours.lock().unwrap_or_else(PoisonError::into_inner);
        ours.get(&(profile.to_owned(), server)).cloned().unwrap_or_default()
    }

    /// Keeps what is allowed from now on, in place of what was.
    pub(crate) async fn keep_approvals(
        &self,
        profile: &str,
        server: ServerRole,
        approved: &[Approval],
    ) -> Result<(), SecretFault> {
        let name = addresses::name(profile, server);
        match addresses::written(approved) {
            Some(text) => self.put(name, text).await,
            None => self.remove(name).await,
        }
    }

    /// Lets a profile of servers of ours use all its addresses, until [`Secrets::uncover`].
    fn open_to_ours(&self, profile: &Profile) {
        let mut ours = self.ours.lock().unwrap_or_else(PoisonError::into_inner);
        for server in [ServerRole::Provider, ServerRole::Gateway] {
            ours.insert((profile.id.clone(), server), addresses::all_of(profile, server));
        }
    }

    /// Takes the overlay of a profile away.
    pub fn uncover(&self, profile: &str) {
        self.ours.lock().unwrap_or_else(PoisonError::into_inner).retain(|(of, _), _| of != profile);
        self.overlay.lock().unwrap_or_else(PoisonError::into_inner).retain(|owner, _| owner.profile != profile);
    }

    /// Lays one more secret over the store, for a server of ours that is gone when the app closes.
    pub fn lay(&self, profile: &Profile, server: ServerRole, client: &str, secret: Secret) {
        let owner = Owner::at(&profile.id, server, client);
        let bound = BoundSecret::ours(secret, profile, &owner);
        self.overlay.lock().unwrap_or_else(PoisonError::into_inner).insert(owner, bound);
    }

    /// The secret of a client, if one is kept.
    pub async fn read(&self, owner: &Owner) -> Result<Option<BoundSecret>, SecretFault> {
        if let Some(secret) = self.overlay.lock().unwrap_or_else(PoisonError::into_inner).get(owner) {
            return Ok(Some(secret.clone()));
        }
        let stored = self.stored(owner.name()).await?;
        if let Some(stored) = stored {
            return BoundSecret::unsealed(stored).map(Some).ok_or_else(|| SecretFault::Newer(owner.client.clone()));
        }
        // What earlier versions kept, plain and for whichever server; an envelope was never under such a name.
        Ok(self.stored(owner.old_name()).await?.and_then(BoundSecret::plain))
    }

    async fn stored(&self, name: String) -> Result<Option<Secret>, SecretFault> {
        self.ask().await;
        {
            let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            match &*store {
                Store::Memory(map) => return Ok(map.get(&name).cloned()),
                Store::File(file) => return Ok(file.read(&name)),
                Store::Keychain | Store::Undecided => {}
            }
        }
        let (own, earlier) = Installation::names(self.installation.as_ref(), &name);
        Ok(keychain::ask(move |service| {
            for name in std::iter::once(own).chain(earlier) {
                match keyring::Entry::new(service, &name)?.get_password() {
                    Ok(text) => return Ok(Some(Secret::new(text))),
                    Err(keyring::Error::NoEntry) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(None)
        })
        .await?)
    }

    /// Keeps the secret of a client.
    pub async fn keep(&self, owner: &Owner, secret: &BoundSecret) -> Result<(), SecretFault> {
        self.put(owner.name(), secret.sealed()).await
    }

    /// Keeps a text under a name as earlier versions did.
    #[doc(hidden)]
    pub async fn keep_plain(&self, profile: &str, client: &str, text: Secret) -> Result<(), SecretFault> {
        self.put(Owner::at(profile, ServerRole::Provider, client).old_name(), text).await
    }

    async fn put(&self, name: String, text: Secret) -> Result<(), SecretFault> {
        self.ask().await;
        {
            let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
            match &mut *store {
                Store::Memory(map) => {
                    map.insert(name, text);
                    return Ok(());
                }
                Store::File(file) => return Ok(file.keep(&name, text)?),
                Store::Keychain | Store::Undecided => {}
            }
        }
        let (own, _) = Installation::names(self.installation.as_ref(), &name);
        Ok(keychain::ask(move |service| keyring::Entry::new(service, &own)?.set_password(text.expose())).await?)
    }

    /// Forgets the secret of a client, with what an earlier version kept for it.
    pub async fn forget(&self, owner: &Owner) -> Result<(), SecretFault> {
        self.overlay.lock().unwrap_or_else(PoisonError::into_inner).remove(owner);
        self.remove(owner.name()).await?;
        self.remove(owner.old_name()).await
    }

    async fn remove(&self, name: String) -> Result<(), SecretFault> {
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
        let (own, earlier) = Installation::names(self.installation.as_ref(), &name);
        Ok(keychain::ask(move |service| {
            for name in std::iter::once(own).chain(earlier) {
                match keyring::Entry::new(service, &name)?.delete_credential() {
                    Ok(()) | Err(keyring::Error::NoEntry) => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        })
        .await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    fn profile() -> Profile {
        let mut profile = Profile { id: "lab".into(), ..Profile::default() };
        profile.provider.issuer = "https://id.example.org/realms/shop".into();
        profile.provider.endpoints.token = "https://id.example.org/token".into();
        profile
    }

    fn text(read: Option<BoundSecret>) -> Option<String> {
        read.map(|bound| bound.for_its_owner().expose().to_owned())
    }

    #[test]
    fn an_overlay_covers_the_store_and_is_replaced_whole() {
        run(async {
            let secrets = Secrets::memory(PathBuf::from("/nonexistent/secrets"));
            let (profile, owner) = (profile(), Owner::at("lab", ServerRole::Provider, "portal"));
            let kept = BoundSecret::entered(Secret::new("kept"), Sort::Secret, &profile, ServerRole::Provider);
            secrets.keep(&owner, &kept).await.unwrap();
            secrets.overlay(&profile, [("portal".to_owned(), Secret::new("laid over"))]);
            assert_eq!(text(secrets.read(&owner).await.unwrap()).as_deref(), Some("laid over"));
            secrets.overlay(&profile, []);
            assert_eq!(secrets.read(&owner).await.unwrap(), Some(kept));
            secrets.forget(&owner).await.unwrap();
            assert_eq!(secrets.read(&owner).await.unwrap(), None);
        });
    }

    #[test]
    fn what_an_earlier_version_kept_is_read_and_bound_to_nobody() {
        run(async {
            let secrets = Secrets::memory(PathBuf::from("/nonexistent/secrets"));
            let jwk = r#"{"kty":"EC","d":"AQ"}"#;
            for (client, plain, sort) in [("a", "hunter2", Sort::Secret), ("b", jwk, Sort::Key), ("c", "{not json", Sort::Secret)]
            {
                secrets.keep_plain("lab", client, Secret::new(plain)).await.unwrap();
                for server in [ServerRole::Provider, ServerRole::Gateway] {
                    let read = secrets.read(&Owner::at("lab", server, client)).await.unwrap().unwrap();
                    assert_eq!((read.for_its_owner().expose(), read.sort(), read.issuer()), (plain, sort, None));
                }
                secrets.forget(&Owner::at("lab", ServerRole::Gateway, client)).await.unwrap();
                assert_eq!(secrets.read(&Owner::at("lab", ServerRole::Provider, client)).await.unwrap(), None);
            }
            let owner = Owner::at("lab", ServerRole::Provider, "d");
            secrets.put(owner.name(), Secret::new(r#"{"claimscope_secret":2,"x":"hunter2"}"#)).await.unwrap();
            let fault = secrets.read(&owner).await.unwrap_err();
            assert!(matches!(&fault, SecretFault::Newer(client) if client == "d"), "{fault}");
        });
    }

    #[test]
    fn a_provider_and_a_gateway_share_no_secret() {
        run(async {
            let secrets = Secrets::memory(PathBuf::from("/nonexistent/secrets"));
            let gateway = Owner::at("p", ServerRole::Gateway, "same");
            let kept = BoundSecret::entered(Secret::new("of the gateway"), Sort::Secret, &profile(), ServerRole::Gateway);
            secrets.keep(&gateway, &kept).await.unwrap();
            assert_eq!(secrets.read(&Owner::at("p", ServerRole::Provider, "same")).await.unwrap(), None);
            // No name of a client can reach another one's entry by the names of earlier versions.
            assert_eq!(secrets.read(&Owner::at("p", ServerRole::Provider, "gateway\u{1f}same")).await.unwrap(), None);
        });
    }
}
