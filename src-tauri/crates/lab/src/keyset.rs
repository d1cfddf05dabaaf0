//! Another server's keys, fetched over HTTP as a resource server does it, and signatures checked with a JOSE crate.
//!
//! Whoever accepts tokens in the lab goes through here and not through the code that signed them: what passes is then a
//! token that a stranger can verify.

use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use serde_json::{Map, Value};
use tokio::sync::Mutex;

/// The keys behind a `jwks_uri`, fetched again whenever a token names one that is not known yet.
pub(crate) struct KeySet {
    http: reqwest::Client,
    url: String,
    known: Mutex<JwkSet>,
}

/// Why a token's signature counts for nothing.
#[derive(Debug)]
pub(crate) enum Unverified {
    /// Not a JWT.
    Unreadable,
    /// Signed, but not by a published key, or not as the header says.
    Signature,
    /// The keys could not be fetched.
    NoKeys,
}

impl KeySet {
    pub fn new(http: reqwest::Client, url: String) -> Self {
        KeySet { http, url, known: Mutex::new(JwkSet { keys: Vec::new() }) }
    }

    /// The claims of a token whose signature holds. Claims themselves are the caller's to check, by its own clock.
    pub async fn claims(&self, token: &str) -> Result<Map<String, Value>, Unverified> {
        let header = decode_header(token).map_err(|_| Unverified::Unreadable)?;
        let key = self.key(header.kid.as_deref().ok_or(Unverified::Signature)?).await?;
        // The algorithm is the key's, never the header's alone (RFC 8725 section 3.1).
        let named = key.common.key_algorithm.map(|alg| alg.to_string());
        if named.as_deref() != Some(format!("{:?}", header.alg).as_str()) {
            return Err(Unverified::Signature);
        }
        let key = DecodingKey::from_jwk(&key).map_err(|_| Unverified::Signature)?;
        let mut validation = Validation::new(header.alg);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        decode(token, &key, &validation).map(|data| data.claims).map_err(|_| Unverified::Signature)
    }

    async fn key(&self, kid: &str) -> Result<Jwk, Unverified> {
        let mut known = self.known.lock().await;
        let signs = |set: &JwkSet| {
            let usable = |key: &&Jwk| key.common.public_key_use != Some(PublicKeyUse::Encryption);
            set.keys.iter().filter(usable).find(|key| key.common.key_id.as_deref() == Some(kid)).cloned()
        };
        if let Some(key) = signs(&known) {
            return Ok(key);
        }
        let answer = self.http.get(&self.url).send().await.map_err(|_| Unverified::NoKeys)?;
        let text = answer.text().await.map_err(|_| Unverified::NoKeys)?;
        *known = serde_json::from_str(&text).map_err(|_| Unverified::NoKeys)?;
        signs(&known).ok_or(Unverified::Signature)
    }
}

/// An HTTP client that goes straight to its target, follows no redirect and trusts the given CA alone.
pub(crate) fn client(ca_pem: Option<&str>) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    let roots = ca_pem.map(|pem| reqwest::Certificate::from_pem(pem.as_bytes())).transpose()?;
    builder.tls_certs_only(roots).build()
}
