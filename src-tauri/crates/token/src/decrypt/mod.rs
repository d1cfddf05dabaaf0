//! Decryption: what an encrypted token holds, when the user gives the key it was made for (RFC 7516).
//!
//! The key never leaves the call. What is opened is told apart from what is proven: encryption says who may read a
//! token, not who wrote it. RSA1_5 is refused, since a tool that tells good from bad paddings is an oracle (RFC 8725
//! 3.2); work that the sender chooses (password iterations, inflated size) is bounded before it is done.

mod content;
mod key;
#[cfg(test)]
mod tests;
mod unwrap;

use serde_json::{Map, Value};

use crate::{
    claims,
    decode::{Decoded, Parts, Sealed, decode, error_finding, jws, note_finding},
    finding::Finding,
    inspect::{KeyEvidence, TokenFormat},
};
pub use content::MAX_INFLATED;
pub use key::Keys;
pub use unwrap::MAX_ITERATIONS;

/// An opened token.
pub struct Opened {
    /// Claims, payload text, findings and exact spelling of the content; its header is that of the encrypted token.
    pub decoded: Decoded,
    /// The nested token, when the content is one (RFC 7519 5.2).
    pub nested: Option<String>,
    /// The key that opened it.
    pub key: KeyEvidence,
    /// In words, e.g. `RSA-OAEP-256 and A256GCM`.
    pub how: String,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opened({})", self.how)
    }
}

/// Why a token stays closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// One sentence for people that says what would help.
    pub reason: String,
    /// The finding that stays with the token, when it is about the token and not about the key.
    pub finding: Option<Box<Finding>>,
}

impl From<String> for Closed {
    fn from(reason: String) -> Self {
        Self { reason, finding: None }
    }
}

impl From<&str> for Closed {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

/// Opens an encrypted token with the first key that fits.
pub fn decrypt(decoded: &Decoded, keys: &Keys) -> Result<Opened, Closed> {
    let Some(sealed) = &decoded.sealed else {
        return Err("The token is not encrypted, so there is nothing to decrypt.".into());
    };
    if let Some(reason) = &decoded.signed.refuse {
        return Err(reason.as_str().into());
    }
    let mut closed = None;
    for (header, encrypted_key) in &sealed.recipients {
        match recipient(sealed, header, encrypted_key, keys) {
            Ok((plain, key)) => return open(decoded, header, plain, key),
            Err(reason) => {
                closed.get_or_insert(reason);
            }
        }
    }
    Err(closed.unwrap_or_else(|| "The token names no recipient.".into()))
}

fn text<'a>(header: &'a Map<String, Value>, name: &str) -> Result<&'a str, String> {
    header
        .get(name)
        .and_then(Value::as_str)
        .ok_or_else(|| format!("The header has no {name} that is text, so the token can not be decrypted."))
}

/// Tries the keys on one recipient's part.
fn recipient(
    sealed: &Sealed,
    header: &Map<String, Value>,
    encrypted_key: &[u8],
    keys: &Keys,
) -> Result<(Vec<u8>, KeyEvidence), Closed> {
    let (alg, enc) = (text(header, "alg")?, text(header, "enc")?);
    if header.contains_key("crit") {
        return Err(
            "The header makes something critical that is not understood here, so the token must be refused (RFC 7516 4.1.13)."
                .into(),
        );
    }
    let enc = content::Encryption::named(enc).ok_or_else(|| {
        format!("The content encryption {enc} is not known here. The AES-CBC and AES-GCM ones of RFC 7518 5.1 are.")
    })?;
    let way = unwrap::Way::named(alg)?;
    let protected = match &sealed.aad {
        Some(aad) => format!("{}.{aad}", sealed.protected),
        None => sealed.protected.clone(),
    };
    let mut misfit = None;
    for key in keys.candidates(claims::text(header, "kid").as_deref()) {
        let opened =
            key.fits(alg, enc.name()).and_then(|()| way.unwrap(key, header, encrypted_key, enc)).and_then(|content_key| {
                enc.open(&content_key, &sealed.iv, protected.as_bytes(), &sealed.ciphertext, &sealed.tag).ok_or_else(|| {
                    "The key does not open the token: it was encrypted for another key, or changed afterwards.".to_owned()
                })
            });
        match opened {
            Ok(plain) => return Ok((plain, key.evidence(alg))),
            Err(reason) => {
                misfit.get_or_insert(reason);
            }
        }
    }
    Err(misfit.unwrap_or_else(|| "There is no key among what was given.".into()).into())
}

/// Reads the content of an opened token.
fn open(decoded: &Decoded, header: &Map<String, Value>, plain: Vec<u8>, key: KeyEvidence) -> Result<Opened, Closed> {
    let plain = match header.get("zip").map(Value::as_str) {
        None => plain,
        Some(Some("DEF")) => content::inflate(&plain).map_err(|(reason, limit)| Closed {
            finding: limit.then(|| {
                let detail =
                    format!("The content grows to more than {MAX_INFLATED} bytes when it is unpacked, so it was not read.");
                Box::new(error_finding("decompression-limit", "Grows too large", &detail, Some("RFC 8725 3.6")))
            }),
            reason,
        })?,
        Some(_) => return Err("The content is compressed in a way that is not known here; only DEF is (RFC 7516 4.1.3).".into()),
    };
    let word = |name: &str| claims::text(header, name).unwrap_or_default();
    let how = format!("{} and {}", word("alg"), word("enc"));
    let content =
        String::from_utf8(plain).map_err(|_| "The content was decrypted and is not UTF-8 text, so it holds no claims.")?;
    let inner = decode(&content);
    let nested = matches!(inner.format, TokenFormat::Jws | TokenFormat::SdJwt | TokenFormat::Jwe)
        && (word("cty").to_ascii_lowercase().ends_with("jwt")
            || !content.trim_start().starts_with('{')
            || inner.signed.signature.is_some()
            || inner.sealed.is_some());
    // The content is read as the payload of a token that has no header of its own.
    let mut read = if nested {
        inner
    } else {
        let empty = Map::new();
        let parts = Parts { protected: "", unprotected: Some(&empty), payload: "", signature: None };
        jws(&parts, decoded.size).with_content(&content)
    };
    let shared = ["alg-none", "unsigned", "unprotected-header"];
    read.findings.retain(|finding| nested || !shared.contains(&finding.id.as_str()));
    let detail = format!(
        "The content was decrypted with {} ({how}). That it could be read says nothing about who wrote it.",
        if key.kid.is_empty() { format!("the key given ({})", key.kind) } else { format!("the key {} ({})", key.kid, key.kind) }
    );
    let mut all = decoded.clone();
    all.findings.retain(|finding| finding.id != "jwe-decrypted");
    all.findings.push(note_finding("jwe-decrypted", "Decrypted", &detail, Some("RFC 7516 5.2")));
    if nested {
        let detail = "The content is a token of its own; it stands on the shelf under this one, with its own signature.";
        all.findings.push(note_finding("nested-token", "A token inside", detail, Some("RFC 7519 5.2")));
    } else {
        all.findings.append(&mut read.findings);
    }
    all.claims = read.claims;
    all.content = if nested { None } else { read.content };
    all.spelled.claims = read.spelled.claims;
    all.groups = read.groups;
    Ok(Opened { decoded: all, nested: nested.then_some(content), key, how })
}
