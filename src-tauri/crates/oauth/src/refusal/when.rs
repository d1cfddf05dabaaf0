//! Conditions on what was sent and on what is known besides, for causes that share the server's words: their names, as the rows of
//! the servers give them. When one holds is said in [`super::holds`] and [`super::shelf`].
//!
//! A [`When`] looks at the draft, the tokens and the answer: it holds or it does not. A [`Proof`] may also be unknown,
//! because nobody asked: then its cause stays one of several.

use token::inspect::TokenKind;

/// A condition that the words alone do not express.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// None.
    Always,
    /// All of these.
    All(&'static [When]),
    /// The token that was sent has ended.
    Expired,
    /// The token that the one that was sent was made from has ended.
    ParentEnded,
    /// The gateway reports that its own exchange at the provider was refused.
    RefusedBehind,
    /// The secret Claimscope last had made for the client has ended.
    SecretEnded,
    /// The token that was sent is from another issuer than the server.
    ForeignIssuer,
    /// The token that was sent is from the gateway of the profile.
    FromGateway,
    /// Its issuer is the server's, written with another host.
    OtherHost,
    /// Its issuer is another realm of the same host.
    OtherRealm,
    /// The token that was sent is from the issuer that refused it.
    OwnIssuer,
    /// The token that was sent is an ID token.
    IsIdToken,
    /// The token that was sent is a refresh token.
    IsRefreshToken,
    /// The token that was sent is not a refresh token, by its own claims.
    NotRefreshToken,
    /// What was sent is no JWT.
    NotJwt,
    /// The signature of the token that was sent does not fit its issuer's key.
    BadSignature,
    /// The token that was sent has no user behind it.
    NoUser,
    /// The token that was sent says of itself that a user is behind it (`aut`).
    UserBehind,
    /// The scope `openid` is not in the token.
    NoOpenid,
    /// The asking client shows no secret, as the profile has it.
    Public,
    /// A parameter of this name was sent.
    Has(&'static str),
    /// No parameter of this name was sent.
    Lacks(&'static str),
    /// `requested_token_type` ends with this word.
    Requested(&'static str),
    /// `subject_token_type` ends with this word.
    SubjectType(&'static str),
    /// `scope` asked for this one.
    AskedScope(&'static str),
    /// The asking client is not in the `aud` of the token that was sent.
    RequesterNotInAud,
    /// A scope that was asked for is not in what was issued.
    ScopeNotIssued,
    /// An audience that was asked for is not in what was issued.
    AudienceNotIssued,
    /// The issued access token names nobody in `aud`.
    NoAudience,
    /// The issued access token names no `sub`.
    NoSubject,
    /// No token of this kind was issued.
    NotIssued(TokenKind),
    /// The issued access token has no claim of this name.
    WithoutClaim(&'static str),
    /// The answer is a refusal by its status, 400 to 403.
    Refusal,
    /// The status is this one.
    Status(u16),
    /// The answer sends the request to another place, 300 to 399.
    Redirected,
    /// The server says nothing more than its code, or only in these words (small letters): they name no cause.
    Vague(&'static [&'static str]),
    /// The server says something beyond its code, with one of these words (small letters).
    Says(&'static [&'static str]),
    /// The words carry a number of the server's own table, `AADSTS…`: it says more than any word beside it.
    Numbered,
    /// The shelf knows that it is so.
    Known(Shelf),
    /// The shelf does not know that it is so.
    NotKnown(Shelf),
    /// The asking client signs with its private key.
    ByKey,
    /// The asking client signs with its secret.
    BySharedKey,
    /// One of the two.
    ByAssertion,
    /// The asking client sends its secret.
    BySecret,
    /// The profile knows where to introspect.
    Introspects,
    /// A scope was asked for.
    HasScope,
    /// The server's words say what it expected and what it found.
    ExpectedOther,
    /// Neither `audience` nor `resource` was sent (RFC 8693 2.1, RFC 8707 2).
    NoTarget,
    /// The challenge names scopes, and the token that was sent has them all.
    ScopesHeld,
}

impl When {
    /// How many conditions it makes; a cause with more of them is the more particular one.
    pub fn weight(self) -> u32 {
        match self {
            Self::Always => 0,
            Self::All(list) => list.iter().map(|when| when.weight()).sum(),
            Self::Numbered => 4,
            Self::Refusal | Self::Vague(_) | Self::NotKnown(_) => 0,
            _ => 1,
        }
    }
}

/// What would settle which of several causes it was, where somebody can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Nothing would.
    Nothing,
    /// Our journal or an event has the end of its session, or the provider does not list it.
    SessionOver,
    /// Our journal, or an event that names it, has a revocation.
    Revoked,
    /// Our journal has an earlier use of the same token.
    UsedBefore,
    /// The user is switched off.
    UserDisabled,
    /// The client the token was issued to is switched off or gone.
    OriginDisabled,
    /// A not-before of realm, client or user is later than the token.
    NotBefore,
    /// There is no asking client of this name.
    RequesterMissing,
    /// The asking client is switched off.
    RequesterDisabled,
    /// The asking client may not have refresh tokens in an exchange.
    ExchangeRefreshOff,
    /// The asking client may not have refresh tokens at all.
    RefreshOff,
    /// No identity provider has the issuer of the token.
    ProviderMissing,
    /// The identity provider with this issuer is switched off.
    ProviderDisabled,
    /// The identity provider with this issuer takes no assertions.
    ProviderGrantOff,
    /// The keys of the identity provider can not be those of the issuer: its JWKS address is another.
    ProviderOtherKeys,
    /// A scope that was not issued is not named in tokens at all.
    ScopeHidden,
    /// A scope that was not issued is bound to roles.
    ScopeGated,
    /// The shelf or the journal knows it of the token that was sent.
    Of(Shelf),
}

/// A fact about the token that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shelf {
    /// It is an assertion whose `aud` names neither the issuer nor the token endpoint of the server it was shown to.
    OtherAudience,
    /// It has ended, by its own `exp` or by `expires_in` of its answer.
    Ended,
    /// The server accepted its revocation from the client it was issued to.
    Revoked,
    /// It is an ID token.
    IdToken,
    /// It is a refresh token.
    RefreshToken,
    /// It is an access token.
    AccessToken,
    /// It was issued to another client than the one that asks.
    OtherClient,
    /// Its issuer is not the server that refused it.
    OtherIssuer,
    /// There is no user behind it.
    NoUser,
    /// `openid` is not in its scope.
    NoOpenid,
    /// Its signature does not fit.
    BadSignature,
    /// Introspection says that it is not active, and nothing else that is known explains it.
    Inactive,
    /// It was used before, and another came in its place.
    Rotated,
    /// It says who may act for its user (RFC 8693 4.4), and no actor was sent.
    MayActAlone,
    /// It says who may act for its user, and an actor was sent.
    MayActOther,
    /// Its signature fits its issuer's key, the issuer is the server asked, and it has not ended: it is whole and the server's own.
    Sound,
    /// Introspection says that it is active.
    Alive,
    /// The client that asks got it, so the server took that client before.
    ClientTaken,
    /// A scope that was asked for is not among those the server's metadata list.
    UnlistedScope,
}
