//! The grant types WSO2 knows, by the names they have on the wire.

/// RFC 7523 section 2.1.
pub(crate) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// RFC 8693 section 2.1.
pub(crate) const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// RFC 7522 section 2.1.
pub(crate) const SAML2_BEARER: &str = "urn:ietf:params:oauth:grant-type:saml2-bearer";
/// Grants WSO2 knows, whether or not a consumer may use them.
pub(crate) const KNOWN: &[&str] = &[
    "authorization_code",
    "password",
    "refresh_token",
    "client_credentials",
    SAML2_BEARER,
    "iwa:ntlm",
    JWT_BEARER,
    TOKEN_EXCHANGE,
];
