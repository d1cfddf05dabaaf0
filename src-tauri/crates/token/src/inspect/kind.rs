//! What a text turned out to be, and what a token is used for by its own words.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use crate::claims;

/// The kind of thing a text turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TokenFormat {
    /// Signed JWT or other compact JWS (RFC 7515), or a JSON serialisation of one.
    Jws,
    /// Encrypted (RFC 7516); only header and sizes can be read without the key.
    Jwe,
    /// SD-JWT with disclosures (RFC 9901).
    SdJwt,
    /// Assertion of SAML 2.0 (RFC 7522): shown, and its signature is not checked here.
    Saml,
    /// No structure a client could read (RFC 6749 1.4).
    Opaque,
}

/// What the token is used for, as far as the response that carried it or its own claims say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Access token.
    Access,
    /// OpenID Connect ID token.
    Id,
    /// Refresh token.
    Refresh,
    /// Anything else that was pasted or issued.
    Other,
}

/// What a token is used for by its own words: header `typ`, Keycloak's claim `typ`, claims only one kind has.
pub fn kind_of(header: Option<&Map<String, Value>>, claims: Option<&Map<String, Value>>) -> TokenKind {
    let typ = header.and_then(|header| claims::text(header, "typ")).unwrap_or_default().to_ascii_lowercase();
    match typ.strip_prefix("application/").unwrap_or(&typ) {
        "at+jwt" => return TokenKind::Access,
        "rt+jwt" => return TokenKind::Refresh,
        "dpop+jwt" | "logout+jwt" | "client-authentication+jwt" | "kb+jwt" | "oauth-id-jag+jwt" | "txntoken+jwt" => {
            return TokenKind::Other;
        }
        _ => {}
    }
    let Some(claims) = claims else {
        return TokenKind::Other;
    };
    match claims::text(claims, "typ").as_deref() {
        Some("Bearer" | "DPoP") => return TokenKind::Access,
        Some("ID") => return TokenKind::Id,
        Some("Refresh" | "Offline") => return TokenKind::Refresh,
        Some("Logout") => return TokenKind::Other,
        _ => {}
    }
    let use_of = claims::text(claims, "token_use").or_else(|| claims::text(claims, "token_type"));
    match use_of.as_deref() {
        Some("access") => return TokenKind::Access,
        Some("id") => return TokenKind::Id,
        Some("refresh_token") => return TokenKind::Refresh,
        _ => {}
    }
    let has = |name: &str| claims.contains_key(name);
    if has("events") {
        TokenKind::Other
    } else if has("at_hash") || has("c_hash") || (has("nonce") && !has("scope") && !has("scp")) {
        TokenKind::Id
    } else if has("scope") || has("scp") || has("aut") || has("realm_access") || has("client_id") {
        TokenKind::Access
    } else {
        TokenKind::Other
    }
}
