//! What a provocation is made of.

use record::operation::Operation;

/// One provocation.
pub struct Row {
    /// What goes wrong, in words.
    pub name: &'static str,
    /// What is set before the token is made. All of it is set back afterwards.
    pub before: &'static [Set],
    /// The token that is sent.
    pub token: Token,
    /// What happens between the token and the request.
    pub after: &'static [Set],
    /// What is run.
    pub operation: Operation,
    /// Fields of the form; `$token` is the token.
    pub values: &'static [(&'static str, &'static str)],
    /// Parameters added beyond the form.
    pub extra: &'static [(&'static str, &'static str)],
    /// Entry of the catalogue that must be named.
    pub expect: &'static str,
}

/// Something done at the server or in the profile. Texts are JSON that is put into what is there; `$soon` in it is a time
/// a few seconds ahead, `$base` the address of the server.
#[derive(Clone, Copy)]
pub enum Set {
    /// A client of the realm.
    Client(&'static str, &'static str),
    /// A client of the partner realm.
    PartnerClient(&'static str, &'static str),
    /// A user.
    User(&'static str, &'static str),
    /// The realm itself.
    Realm(&'static str),
    /// The identity provider of this alias.
    Provider(&'static str, &'static str),
    /// A client policy for every client, with this executor.
    Policy(&'static str),
    /// The profile says another secret for a client.
    Secret(&'static str, &'static str),
    /// The profile says that a client is public.
    ProfilePublic(&'static str),
    /// The profile has a client more, with a secret.
    ProfileClient(&'static str),
    /// The profile names a realm that is not there.
    OtherRealm,
    /// The user logs out through Claimscope.
    LogOut,
    /// The session ends in another program.
    LogOutElsewhere,
    /// An administrator ends the user's sessions.
    EndSessions(&'static str),
    /// An administrator of the partner realm ends the user's sessions there.
    EndPartnerSessions(&'static str),
    /// The token is revoked through Claimscope.
    Revoke,
    /// The token is revoked in another program.
    RevokeElsewhere,
    /// The same draft is run once before, whatever comes of it.
    Once,
    /// Until the token has ended.
    UntilExpired,
    /// Until so many seconds after the token was issued.
    UntilOld(i64),
    /// A wrong password is tried so often.
    WrongPasswords(&'static str, u32),
    /// The user is linked to the subject of the token at the identity provider `partner`.
    Link(&'static str),
    /// A client may exchange to a target: path of the target's permissions and the client.
    Permit(Target, &'static str),
}

/// What a legacy permission is about.
#[derive(Clone, Copy)]
pub enum Target {
    /// A client.
    Client(&'static str),
    /// An identity provider.
    Provider(&'static str),
}

/// Where a token comes from.
#[derive(Clone, Copy)]
pub enum Token {
    /// None is sent.
    None,
    /// This text, which is no token.
    Text(&'static str),
    /// A log in with a password, through Claimscope.
    Of(Kind, Login),
    /// The same, with the last letters of the signature changed, pasted.
    Broken(Kind, Login),
    /// A log in through the host name `localhost`, pasted.
    Localhost(Kind, Login),
    /// A log in at the partner realm, pasted.
    Partner(Kind, Login),
    /// The same, with a broken signature.
    PartnerBroken(Kind, Login),
    /// A log in at the partner realm through the host name `localhost`, pasted.
    PartnerLocalhost(Kind, Login),
    /// Client credentials of this client, through Claimscope.
    Service(&'static str),
}

/// Which token of an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Access,
    Id,
    Refresh,
}

/// Who logs in.
#[derive(Clone, Copy)]
pub struct Login {
    pub client: &'static str,
    pub user: &'static str,
    pub scope: &'static str,
}

/// What most rows send: alice's access token, through frontend.
pub const ALICE: Login = Login { client: "frontend", user: "alice", scope: "openid" };
/// The same of bob, who may come to harm.
pub const BOB: Login = Login { client: "frontend", user: "bob", scope: "openid" };
/// An access token of alice.
pub const ACCESS: Token = Token::Of(Kind::Access, ALICE);
/// Her refresh token.
pub const REFRESH: Token = Token::Of(Kind::Refresh, ALICE);

/// Prefix of token types.
pub const ACCESS_TYPE: &str = "urn:ietf:params:oauth:token-type:access_token";
pub const ID_TYPE: &str = "urn:ietf:params:oauth:token-type:id_token";
pub const JWT_TYPE: &str = "urn:ietf:params:oauth:token-type:jwt";
pub const REFRESH_TYPE: &str = "urn:ietf:params:oauth:token-type:refresh_token";
pub const SAML_TYPE: &str = "urn:ietf:params:oauth:token-type:saml2";

/// A row to begin with.
pub const ROW: Row = Row {
    name: "",
    before: &[],
    token: ACCESS,
    after: &[],
    operation: Operation::TokenExchange,
    values: &[],
    extra: &[],
    expect: "",
};

/// An exchange by portal.
pub const EXCHANGE: Row =
    Row { values: &[("client", "portal"), ("subject_token", "$token"), ("subject_token_type", ACCESS_TYPE)], ..ROW };
