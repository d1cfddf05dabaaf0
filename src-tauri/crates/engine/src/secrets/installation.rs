//! Whose entries in the system keychain are one's own. The keychain is shared by everything the user runs, and outlives a data
//! folder that was emptied: entries carry an id that lies in the data folder, so that no new profile finds a secret by its name.
//!
//! Entries of versions before that carry none. They are read only where the data folder had profiles when it got its id.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{storage, world::World};

/// Name of the file.
const FILE: &str = "installation.json";
/// The list of profiles, with the copy that is kept beside it.
const PROFILES: [&str; 2] = ["profiles.json", "profiles.json.good"];
/// Longest file that is read, bytes.
const LIMIT: u64 = 4096;

/// The id of a data folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Installation {
    /// Random; part of the name of every entry.
    id: String,
    /// Whether there were profiles before it, whose entries carry no id.
    before: bool,
}

impl Installation {
    /// Reads the id of a data folder, or gives it one. Where that cannot be written, it holds until the app closes.
    pub(crate) fn of(folder: &Path, world: &World) -> Self {
        let path = folder.join(FILE);
        let read = storage::read_bounded(&path, LIMIT).ok().and_then(|bytes| serde_json::from_slice::<Self>(&bytes).ok());
        if let Some(known) = read.filter(|known| known.id.len() >= 16) {
            return known;
        }
        let before = PROFILES.iter().any(|name| std::fs::metadata(folder.join(name)).is_ok_and(|file| file.len() > 2));
        let new = Self { id: world.token(18), before };
        // A folder that takes no file takes no profile either.
        let _ = serde_json::to_vec(&new).map(|bytes| storage::write_whole(&path, &bytes));
        new
    }

    /// Names an entry has: the one it is written under, and the one of earlier versions where it may be one's own.
    pub(super) fn names(own: Option<&Self>, name: &str) -> (String, Option<String>) {
        match own {
            None => (name.to_owned(), None),
            Some(own) => (format!("{}\u{1d}{name}", own.id), own.before.then(|| name.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        any::Any,
        collections::BTreeMap,
        sync::{Arc, Mutex, PoisonError},
    };

    use keyring::{
        Error,
        credential::{Credential, CredentialApi, CredentialBuilderApi},
    };
    use oauth::profile::{Profile, ServerRole};
    use token::secret::Secret;

    use super::*;
    use crate::{
        secrets::{BoundSecret, Owner, Secrets, Sort},
        world::{Browser, SystemClock, SystemRandom},
    };

    /// A keychain in memory, one for everybody, as the system's is.
    #[derive(Clone, Default)]
    struct Chain(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

    struct Entry(Chain, String);

    impl CredentialBuilderApi for Chain {
        fn build(&self, _: Option<&str>, service: &str, user: &str) -> keyring::Result<Box<Credential>> {
            Ok(Box::new(Entry(self.clone(), format!("{service} {user}"))))
        }

        fn as_any(&self) -> &dyn Any {
            self
        }
    }

    impl CredentialApi for Entry {
        fn set_secret(&self, secret: &[u8]) -> keyring::Result<()> {
            self.0.0.lock().unwrap_or_else(PoisonError::into_inner).insert(self.1.clone(), secret.to_vec());
            Ok(())
        }

        fn get_secret(&self) -> keyring::Result<Vec<u8>> {
            self.0.0.lock().unwrap_or_else(PoisonError::into_inner).get(&self.1).cloned().ok_or(Error::NoEntry)
        }

        fn delete_credential(&self) -> keyring::Result<()> {
            self.0.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1).map(drop).ok_or(Error::NoEntry)
        }

        fn as_any(&self) -> &dyn Any {
            self
        }
    }

    struct NoBrowser;

    impl Browser for NoBrowser {
        fn open(&self, _: &str) -> Result<(), String> {
            Err("there is no browser".into())
        }
    }

    fn world() -> World {
        World { clock: Arc::new(SystemClock), random: Arc::new(SystemRandom), browser: Arc::new(NoBrowser) }
    }

    /// A data folder's own view of the keychain.
    async fn opened(folder: &Path) -> Secrets {
        let secrets = Secrets::unasked(folder.join("secrets.sealed")).of(Installation::of(folder, &world()));
        secrets.use_keychain().await.expect("the keychain in memory");
        secrets
    }

    /// One test for all of it: the keychain is one for the whole process.
    #[tokio::test]
    async fn an_emptied_data_folder_finds_no_secret_and_one_from_before_keeps_its_own() {
        keyring::set_default_credential_builder(Box::new(Chain::default()));
        let mut profile = Profile { id: "shop".into(), ..Profile::default() };
        profile.provider.issuer = "https://id.example.org/realms/shop".into();
        let owner = |client: &str| Owner::at("shop", ServerRole::Provider, client);
        let entered = |text: &str| BoundSecret::entered(Secret::new(text), Sort::Secret, &profile, ServerRole::Provider);
        let text = |read: Option<BoundSecret>| read.map(|bound| bound.for_its_owner().expose().to_owned());

        let folder = tempfile::tempdir().expect("a folder");
        let first = opened(folder.path()).await;
        first.keep(&owner("portal"), &entered("of the first folder")).await.expect("kept");
        let again = opened(folder.path()).await;
        assert_eq!(text(again.read(&owner("portal")).await.expect("read")).as_deref(), Some("of the first folder"));

        // Emptied, and a second folder: neither finds it, nor forgets it.
        for another in [tempfile::tempdir().expect("a folder"), folder] {
            let _ = std::fs::remove_file(another.path().join(FILE));
            let other = opened(another.path()).await;
            assert_eq!(other.read(&owner("portal")).await.expect("read"), None);
            other.forget(&owner("portal")).await.expect("nothing to forget");
        }
        assert_eq!(text(first.read(&owner("portal")).await.expect("read")).as_deref(), Some("of the first folder"));

        // What versions before kept, under both of their names, is found where there were profiles, and nowhere else.
        let before = Secrets::unasked("/nonexistent/secrets".into());
        before.use_keychain().await.expect("the keychain in memory");
        before.keep(&owner("bound"), &entered("bound")).await.expect("kept");
        before.keep_plain("shop", "plain", Secret::new("plain")).await.expect("kept");
        let (old, new) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        std::fs::write(old.path().join("profiles.json"), r#"{"profiles":[]}"#).expect("written");
        std::fs::write(new.path().join("profiles.json"), "{}").expect("written");
        let (old, new) = (opened(old.path()).await, opened(new.path()).await);
        for client in ["bound", "plain"] {
            assert_eq!(new.read(&owner(client)).await.expect("read"), None, "{client}");
            new.forget(&owner(client)).await.expect("nothing to forget");
            assert_eq!(text(old.read(&owner(client)).await.expect("read")).as_deref(), Some(client));
            old.forget(&owner(client)).await.expect("forgotten");
            assert_eq!(old.read(&owner(client)).await.expect("read"), None, "{client}");
        }

        // What is allowed for a profile's addresses is no more another folder's.
        let allowed = [crate::secrets::Approval { issuer: "i".into(), origin: "o".into() }];
        first.keep_approvals("shop", ServerRole::Provider, &allowed).await.expect("kept");
        assert_eq!(first.approvals("shop", ServerRole::Provider).await.expect("read"), allowed);
        assert_eq!(new.approvals("shop", ServerRole::Provider).await.expect("read"), []);
        assert_eq!(first.approvals("shop", ServerRole::Gateway).await.expect("read"), []);
    }

    #[test]
    fn a_folder_keeps_its_id_and_one_that_cannot_be_written_has_one_all_the_same() {
        let world = world();
        let folder = tempfile::tempdir().expect("a folder");
        let first = Installation::of(folder.path(), &world);
        assert_eq!(Installation::of(folder.path(), &world), first);
        for broken in ["", "{}", r#"{"id":"","before":true}"#, "[[[[", r#"{"id":"short","before":false}"#] {
            std::fs::write(folder.path().join(FILE), broken).expect("written");
            let next = Installation::of(folder.path(), &world);
            assert!(next.id.len() >= 16 && next.id != first.id && !next.before, "{broken}");
        }
        let nowhere = Installation::of(&storage::nowhere(), &world);
        assert!(nowhere.id.len() >= 16);
    }
}
