//! Looks for secrets in clear in everything the app has written. Files are searched as raw bytes, the database's write-ahead
//! log and free pages included. A long value may be cut by a page of the database, so pieces of it are looked for, not only
//! the whole; of a JWT the signature is what counts, since its claims are kept as evidence on purpose.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::Result;

/// Length of a piece; long enough not to be found by chance.
const PIECE: usize = 20;

/// A value that must stand nowhere.
pub struct Secret {
    /// What it is, for the report; never the value.
    pub name: String,
    value: String,
}

impl Secret {
    /// A client's secret, with the form HTTP Basic gives it (RFC 6749 2.3.1).
    pub fn of_client(client: &str, secret: &str) -> [Self; 2] {
        [
            Self { name: format!("secret of {client}"), value: secret.to_owned() },
            Self { name: format!("Basic credentials of {client}"), value: STANDARD.encode(format!("{client}:{secret}")) },
        ]
    }

    /// A token's text: all of it when it is opaque, its signature when it has one.
    pub fn of_token(name: &str, text: &str) -> Self {
        let value = match text.split('.').collect::<Vec<_>>()[..] {
            [_, _, signature] if signature.len() >= PIECE => signature,
            _ => text,
        };
        Self { name: name.to_owned(), value: value.to_owned() }
    }

    /// The authorization code in a redirect (RFC 6749 4.1.2), if there is one. Keycloak's is `secret.session.client`, and the
    /// last two are ids that tokens and events carry openly.
    pub fn of_callback(address: &str) -> Option<Self> {
        let (_, query) = address.split_once('?')?;
        let code = query.split(['&', '#']).find_map(|pair| pair.strip_prefix("code="))?;
        let value = match code.split('.').collect::<Vec<_>>()[..] {
            [secret, _, _] if secret.len() >= PIECE => secret,
            _ => code,
        };
        Some(Self { name: "authorization code".into(), value: value.to_owned() })
    }

    /// First, middle and last piece; a short value is its own only piece.
    fn pieces(&self) -> Vec<&[u8]> {
        let bytes = self.value.as_bytes();
        if bytes.len() <= PIECE {
            return vec![bytes];
        }
        let middle = (bytes.len() - PIECE) / 2;
        vec![&bytes[..PIECE], &bytes[middle..middle + PIECE], &bytes[bytes.len() - PIECE..]]
    }
}

/// Searches files and folders; fails with each place where a secret stands. Answers with the number of files it read.
pub fn scan(places: &[PathBuf], secrets: &[Secret]) -> Result<usize> {
    if let Some(secret) = secrets.iter().find(|secret| secret.value.len() < 6) {
        return Err(format!("{} is too short to be looked for", secret.name));
    }
    let mut files = Vec::new();
    for place in places {
        list(place, &mut files).map_err(|e| format!("{}: {e}", place.display()))?;
    }
    let mut found = Vec::new();
    for file in &files {
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            // The web engine tidies up while it ends; what is gone holds nothing.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(format!("{}: {error}", file.display())),
        };
        for secret in secrets {
            if secret.pieces().into_iter().any(|piece| bytes.windows(piece.len()).any(|window| window == piece)) {
                found.push(format!("{} in {}", secret.name, file.display()));
            }
        }
    }
    if found.is_empty() { Ok(files.len()) } else { Err(format!("in clear: {}", found.join("; "))) }
}

fn list(place: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !place.is_dir() {
        files.push(place.to_owned());
        return Ok(());
    }
    let mut entries: Vec<_> = fs::read_dir(place)?.collect::<std::io::Result<_>>()?;
    entries.sort_by_key(|entry| entry.file_name());
    for entry in entries {
        let kind = entry.file_type()?;
        // Sockets and links hold nothing of their own.
        if kind.is_dir() || kind.is_file() {
            match list(&entry.path(), files) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_file(bytes: &[u8], secret: &Secret) -> bool {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("claimscope-leak-{}-{count}", std::process::id()));
        fs::write(&path, bytes).unwrap();
        let secret = Secret { name: secret.name.clone(), value: secret.value.clone() };
        let found = scan(std::slice::from_ref(&path), &[secret]).is_err();
        fs::remove_file(path).unwrap();
        found
    }

    #[test]
    fn a_signature_is_found_even_when_a_page_cuts_it() {
        let signature = "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5cABCDEFGHIJ";
        let token = Secret::of_token("access token", &format!("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.{signature}"));
        assert!(in_file(signature.as_bytes(), &token));
        assert!(in_file(&[&[0, 1, 2], &signature.as_bytes()[..25]].concat(), &token));
        assert!(!in_file(b"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.", &token), "claims are evidence, not a leak");
    }

    #[test]
    fn basic_credentials_and_codes_are_found() {
        let [_, basic] = Secret::of_client("portal", "portal-secret");
        assert!(in_file(b"Authorization: Basic cG9ydGFsOnBvcnRhbC1zZWNyZXQ=", &basic));
        let code = Secret::of_callback("http://127.0.0.1:1/callback?state=a&code=abcdef0123&iss=b").unwrap();
        assert_eq!(code.value, "abcdef0123");
        assert!(Secret::of_callback("http://127.0.0.1:1/callback?error=access_denied").is_none());
    }
}
