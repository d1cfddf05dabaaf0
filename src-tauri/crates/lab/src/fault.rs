//! Everything the lab can be told to do wrong, in one list.
//!
//! A client is judged by what it does when a server misbehaves, and real servers do not misbehave on request. Each
//! fault stays in force until another one is set; [`Fault::None`] puts the lab back to strict good behaviour.

/// One way to misbehave. The provider is the one at fault in all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fault {
    /// No fault: the servers behave.
    #[default]
    None,
    /// Discovery answers 200 with an HTML page, as a captive portal or a wrong base URL does.
    DiscoveryHtml,
    /// Discovery names another issuer than the one it was asked for (OpenID Connect Discovery section 4.3).
    DiscoveryOtherIssuer,
    /// Discovery sends JSON that goes on without end, far beyond 1 MiB.
    DiscoveryHuge,
    /// Discovery sends the head and the first bytes, then nothing more.
    DiscoveryNeverEnds,
    /// The key set can not be read: 503 with a text. Servers that have the keys already go on with them.
    KeysUnavailable,
    /// The token endpoint answers 500 with an HTML page.
    TokenServerError,
    /// The token endpoint answers 200 with something that is called JSON and is not.
    TokenInvalidJson,
    /// The token endpoint answers 200 and an `error` member.
    TokenErrorWithOk,
    /// The token endpoint answers 302 to another place; a client must not carry credentials there.
    TokenRedirect,
    /// The token endpoint takes the request and never answers.
    TokenHang,
    /// The ID token carries another nonce than the one sent.
    IdTokenWrongNonce,
    /// The ID token is for another client.
    IdTokenWrongAudience,
    /// The ID token names another issuer.
    IdTokenWrongIssuer,
    /// The signature of the ID token does not fit its content.
    IdTokenBadSignature,
    /// The ID token is unsigned, `alg` none.
    IdTokenAlgNone,
    /// The authorization response carries another `state`.
    AuthorizationWrongState,
    /// The authorization response carries no `state`.
    AuthorizationMissingState,
    /// The authorization response carries `state` twice, the right one first (RFC 6749 section 3.1 forbids it).
    AuthorizationRepeatedState,
    /// The authorization response carries another `iss` (RFC 9207 section 2.4, mix-up).
    AuthorizationWrongIssuer,
    /// The authorization response carries neither `code` nor `error`.
    AuthorizationNoCode,
}
