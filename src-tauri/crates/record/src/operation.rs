//! What was run, by name, and what was filled in for it, as it is recorded.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use token::text::Pair;

/// The operations of the Run view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Authorization code with PKCE in the system browser (RFC 6749 4.1, RFC 7636, RFC 8252).
    LogIn,
    /// RFC 8693.
    TokenExchange,
    /// RFC 7523 2.1: assertion to token, e.g. Keycloak token to WSO2 user token.
    JwtBearer,
    /// RFC 6749 4.4.
    ClientCredentials,
    /// RFC 6749 6.
    Refresh,
    /// RFC 6749 4.3, for test users only.
    Password,
    /// A call with a bearer token (RFC 6750).
    CallApi,
    /// RFC 7662.
    Introspect,
    /// OpenID Connect Core 5.3.
    Userinfo,
    /// RFC 7009.
    Revoke,
    /// OpenID Connect RP-Initiated Logout 1.0, or Keycloak's back channel with a refresh token.
    LogOut,
    /// RFC 8414 / OpenID Connect Discovery: reading the metadata, run by Connect and Discover.
    Discover,
    /// Reading a server's audit events.
    ReadEvents,
    /// Asking Keycloak what a client would get (evaluate-scopes), without a token being issued.
    Predict,
    /// A call of the developer portal or of its client registration; the draft's field `call` says which.
    Portal,
}

/// What the user filled in so far. Values that refer to a token carry `token:<id>`; a pasted token is sent to
/// the shelf first, so that no token text stands in a draft.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Draft {
    /// Which operation.
    pub operation: Operation,
    /// At which profile.
    pub profile: String,
    /// Field values by field name; repeatable fields appear once per value.
    pub values: Vec<Pair>,
    /// Parameters the user added beyond the form; sent after the others.
    pub extra: Vec<Pair>,
}

impl std::fmt::Debug for Draft {
    /// Without any value: which of them is a secret is known where the operations are.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.values.iter().chain(&self.extra).map(|pair| pair.name.as_str()).collect();
        f.debug_struct("Draft")
            .field("operation", &self.operation)
            .field("profile", &self.profile)
            .field("names", &names)
            .finish()
    }
}

/// A complaint about one field, shown at the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldFault {
    /// Field name.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}
