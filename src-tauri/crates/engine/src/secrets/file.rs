//! The encrypted secret file: Argon2id over a passphrase, XChaCha20-Poly1305 over the whole content.
//!
//! Layout: 8 bytes mark, 16 bytes salt, 24 bytes nonce, sealed JSON object of name to secret. A new nonce at every save.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit},
};
use token::secret::Secret;

const MARK: &[u8; 8] = b"CLMSCP\x00\x01";

/// Why the file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// Reading or writing failed.
    #[error("The encrypted secret file cannot be {0}.")]
    Io(String),
    /// Seal does not open.
    #[error("The passphrase does not open the secret file, or the file was damaged.")]
    WrongPassphrase,
    /// Not our file.
    #[error("The secret file was not written by this version of Claimscope. It was left as it is.")]
    Unknown,
    /// Empty passphrase.
    #[error("Type a passphrase of at least 8 characters.")]
    TooShort,
}

/// An open encrypted file.
pub(super) struct SecretFile {
    path: PathBuf,
    salt: [u8; 16],
    cipher: XChaCha20Poly1305,
    entries: BTreeMap<String, Secret>,
}

impl SecretFile {
    pub(super) fn open(path: &Path, passphrase: &Secret) -> Result<Self, FileFault> {
        if passphrase.expose().chars().count() < 8 {
            return Err(FileFault::TooShort);
        }
        match fs::read(path) {
            Ok(bytes) => Self::unseal(path, &bytes, passphrase),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let salt = random()?;
                let file = Self { path: path.into(), salt, cipher: cipher(passphrase, &salt)?, entries: BTreeMap::new() };
                file.save()?;
                Ok(file)
            }
            Err(error) => Err(FileFault::Io(format!("read ({error})"))),
        }
    }

    fn unseal(path: &Path, bytes: &[u8], passphrase: &Secret) -> Result<Self, FileFault> {
        let rest = bytes.strip_prefix(MARK).ok_or(FileFault::Unknown)?;
        let (salt, rest) = rest.split_first_chunk::<16>().ok_or(FileFault::Unknown)?;
        let (nonce, sealed) = rest.split_first_chunk::<24>().ok_or(FileFault::Unknown)?;
        let cipher = cipher(passphrase, salt)?;
        let plain = cipher.decrypt(&XNonce::from(*nonce), sealed).map_err(|_| FileFault::WrongPassphrase)?;
        let entries: BTreeMap<String, String> = serde_json::from_slice(&plain).map_err(|_| FileFault::Unknown)?;
        let entries = entries.into_iter().map(|(name, text)| (name, Secret::new(text))).collect();
        Ok(Self { path: path.into(), salt: *salt, cipher, entries })
    }

    pub(super) fn read(&self, name: &str) -> Option<Secret> {
        self.entries.get(name).cloned()
    }

    pub(super) fn keep(&mut self, name: &str, secret: Secret) -> Result<(), FileFault> {
        let before = self.entries.insert(name.to_owned(), secret);
        self.saved_or(name, before)
    }

    pub(super) fn forget(&mut self, name: &str) -> Result<(), FileFault> {
        let before = self.entries.remove(name);
        self.saved_or(name, before)
    }

    /// Saves; what could not be saved is not taken for kept.
    fn saved_or(&mut self, name: &str, before: Option<Secret>) -> Result<(), FileFault> {
        self.save().inspect_err(|_| match before {
            Some(secret) => drop(self.entries.insert(name.to_owned(), secret)),
            None => drop(self.entries.remove(name)),
        })
    }

    fn save(&self) -> Result<(), FileFault> {
        let plain: BTreeMap<&str, &str> = self.entries.iter().map(|(name, secret)| (name.as_str(), secret.expose())).collect();
        let plain = serde_json::to_vec(&plain).map_err(|error| FileFault::Io(format!("written ({error})")))?;
        let nonce = XNonce::from(random()?);
        let sealed = self.cipher.encrypt(&nonce, plain.as_slice()).map_err(|_| FileFault::Io("sealed".into()))?;
        let bytes = [MARK.as_slice(), &self.salt, nonce.as_slice(), &sealed].concat();
        crate::storage::write_whole(&self.path, &bytes).map_err(|error| FileFault::Io(format!("written ({error})")))
    }
}

/// Bytes of the operating system's generator.
fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], FileFault> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| FileFault::Io(format!("sealed ({error})")))?;
    Ok(bytes)
}

/// Argon2id with the parameters of RFC 9106 4 (second recommended option: 64 MiB, 3 passes, 4 lanes).
fn cipher(passphrase: &Secret, salt: &[u8; 16]) -> Result<XChaCha20Poly1305, FileFault> {
    let params = Params::new(64 * 1024, 3, 4, Some(32)).map_err(|error| FileFault::Io(format!("opened ({error})")))?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose().as_bytes(), salt, &mut key)
        .map_err(|error| FileFault::Io(format!("opened ({error})")))?;
    Ok(XChaCha20Poly1305::new(&key.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sealed by other implementations (argon2-cffi and PyCryptodome): salt 0 to 15, nonce 0 to 23, `correct horse`.
    const FOREIGN: [&str; 4] = [
        "434c4d5343500001000102030405060708090a0b0c0d0e0f",
        "000102030405060708090a0b0c0d0e0f1011121314151617",
        "c34fadc6dd6ca3a82a449a1d249eb4df2b03d0cb07a3ce382a842935515f",
        "bd3161f3618f7f75b8b5eb8d62744d",
    ];

    #[test]
    fn a_file_opens_that_the_algorithms_as_specified_sealed() {
        let digits = FOREIGN.concat();
        let bytes: Vec<u8> =
            (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect();
        let file = SecretFile::unseal(Path::new("secrets"), &bytes, &Secret::new("correct horse")).unwrap();
        assert_eq!(file.read("lab portal").unwrap().expose(), "s3cr3t-value");
    }

    #[test]
    fn a_secret_survives_and_nothing_stands_in_clear() {
        let folder = std::env::temp_dir().join(format!("claimscope-secret-file-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("secrets");
        let pass = Secret::new("correct horse");
        SecretFile::open(&path, &pass).unwrap().keep("lab portal", Secret::new("s3cr3t-value")).unwrap();
        let raw = fs::read(&path).unwrap();
        assert!(!raw.windows(6).any(|window| window == b"s3cr3t" || window == b"portal"));
        let again = SecretFile::open(&path, &pass).unwrap();
        assert_eq!(again.read("lab portal").unwrap().expose(), "s3cr3t-value");
        assert_eq!(SecretFile::open(&path, &Secret::new("wrong horse")).err(), Some(FileFault::WrongPassphrase));
        assert_eq!(SecretFile::open(&path, &Secret::new("short")).err(), Some(FileFault::TooShort));
        fs::write(&path, b"hello").unwrap();
        assert_eq!(SecretFile::open(&path, &pass).err(), Some(FileFault::Unknown));
        fs::remove_dir_all(&folder).unwrap();
    }
}
