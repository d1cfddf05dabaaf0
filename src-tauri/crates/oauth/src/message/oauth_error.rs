//! A refusal as RFC 6749 5.2 has it.

/// A refusal in the words of RFC 6749 5.2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OAuthError {
    /// `error`; empty where the server refused with nothing but a status.
    pub error: String,
    /// `error_description`.
    pub description: Option<String>,
    /// `error_uri`.
    pub uri: Option<String>,
}
