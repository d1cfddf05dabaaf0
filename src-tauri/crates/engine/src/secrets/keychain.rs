//! Calls of the system keychain, each on a thread of its own and with an end: a locked keychain may ask the user, and a missing one
//! may not answer at all.

use std::{sync::Arc, time::Duration};

/// Service name in the system keychain.
const SERVICE: &str = "dev.claimscope.desktop";

/// Why the keychain did not do what it was asked. What it said itself is the source.
#[derive(Clone, Debug, thiserror::Error)]
pub enum KeychainFault {
    /// None has ever answered.
    #[error(
        "No system keychain answers on this machine (no Secret Service). Start one, use an encrypted file, or keep secrets in memory."
    )]
    Missing(#[source] Arc<keyring::Error>),
    /// It is locked or does not let us in.
    #[error("The system keychain is locked or refused access. Unlock it and try again.")]
    Refused(#[source] Arc<keyring::Error>),
    /// Anything else it says.
    #[error("The system keychain failed: {0}.")]
    Failed(#[source] Arc<keyring::Error>),
    /// Its thread ended before it did.
    #[error("The system keychain call broke off.")]
    BrokeOff(#[source] Arc<tokio::task::JoinError>),
    /// It took too long.
    #[error("The system keychain did not answer within 20 s. It may be waiting for you to unlock it.")]
    Silent(#[source] Arc<tokio::time::error::Elapsed>),
}

/// Two are the same where they say the same; their sources cannot be compared.
impl PartialEq for KeychainFault {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for KeychainFault {}

/// Asks for an entry that does not exist: only "no such entry" proves that the keychain works and is unlocked.
pub(super) async fn probe() -> Result<(), KeychainFault> {
    asked(KeychainFault::Missing, |service| match keyring::Entry::new(service, "probe")?.get_password() {
        Ok(_) | Err(keyring::Error::NoEntry) => Ok(()),
        Err(error) => Err(error),
    })
    .await
}

/// Asks a keychain that was there when it was probed.
pub(super) async fn ask<T: Send + 'static>(
    call: impl FnOnce(&str) -> Result<T, keyring::Error> + Send + 'static,
) -> Result<T, KeychainFault> {
    asked(KeychainFault::Refused, call).await
}

/// `platform` is what a failing call of the platform means.
async fn asked<T: Send + 'static>(
    platform: fn(Arc<keyring::Error>) -> KeychainFault,
    call: impl FnOnce(&str) -> Result<T, keyring::Error> + Send + 'static,
) -> Result<T, KeychainFault> {
    match tokio::time::timeout(Duration::from_secs(20), tokio::task::spawn_blocking(move || call(SERVICE))).await {
        Ok(Ok(Ok(value))) => Ok(value),
        Ok(Ok(Err(error))) => Err(told(error, platform)),
        Ok(Err(error)) => Err(KeychainFault::BrokeOff(Arc::new(error))),
        Err(error) => Err(KeychainFault::Silent(Arc::new(error))),
    }
}

fn told(error: keyring::Error, platform: fn(Arc<keyring::Error>) -> KeychainFault) -> KeychainFault {
    let of = match &error {
        keyring::Error::NoStorageAccess(_) => KeychainFault::Refused,
        keyring::Error::PlatformFailure(_) => platform,
        _ => KeychainFault::Failed,
    };
    // The bytes of an entry that is no text are the secret; nothing of them is kept (invariant 6).
    of(Arc::new(match error {
        keyring::Error::BadEncoding(_) => keyring::Error::BadEncoding(Vec::new()),
        other => other,
    }))
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn what_the_keychain_said_is_the_source_and_no_secret_is_in_it() {
        let failed = |text: &str| keyring::Error::PlatformFailure(text.to_owned().into());
        let fault = told(failed("no bus"), KeychainFault::Missing);
        assert!(fault.to_string().starts_with("No system keychain answers"));
        assert!(fault.source().is_some_and(|source| source.to_string().contains("no bus")));
        assert!(matches!(told(failed("no bus"), KeychainFault::Refused), KeychainFault::Refused(_)));
        let bytes = told(keyring::Error::BadEncoding(b"hunter2".to_vec()), KeychainFault::Refused);
        assert!(matches!(&bytes, KeychainFault::Failed(_)) && !format!("{bytes:?}").contains("104, 117"), "{bytes:?}");
    }
}
