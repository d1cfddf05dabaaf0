//! Words that stand for one of several things. One that is not known is kept as it is.

use serde::{Deserialize, Serialize};

/// An enum of words, each with the text it is written as.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $(#[doc = concat!("`", $word, "`.")] $variant,)*
            /// A word of a later version, kept as it is.
            Other(String),
        }

        impl $name {
            /// Every word that is known.
            pub const ALL: &[&str] = &[$($word),*];

            /// What it is written as.
            pub fn word(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word,
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                match word.as_str() {
                    $($word => Self::$variant,)*
                    _ => Self::Other(word),
                }
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$variant => $word.into(),)*
                    $name::Other(word) => word,
                }
            }
        }
    )*};
}

/// What was run: the name of an operation. There will be more of them in every version, and another name is no other form, so any
/// is a word; which of them this version knows is said where the operations are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Operation(pub String);

impl Operation {
    /// What it is written as.
    pub fn word(&self) -> &str {
        &self.0
    }
}

words! {
    /// Who takes part in an exchange.
    Actor {
        Browser = "browser", Claimscope = "claimscope", Gateway = "gateway", Portal = "portal", Provider = "provider", Api = "api",
    }
    /// What an exchange was for.
    Purpose { Keys = "keys", Unsaid = "other" }
    /// How a step ended.
    Outcome { Success = "success", Refused = "refused", Failed = "failed", Cancelled = "cancelled", Unknown = "unknown" }
    /// What a piece of text is.
    Ink { Plain = "plain", Key = "key", Strong = "strong", Quiet = "quiet", Secret = "secret" }
    /// What an event was joined to a step by.
    JoinedBy {
        TokenId = "token_id", Session = "session", ClientAndTime = "client_and_time", ActivityId = "activity_id",
        Reading = "reading",
    }
    /// How a check ended.
    CheckOutcome { Pass = "pass", Fail = "fail", NotApplicable = "not_applicable", Unknown = "unknown" }
    /// Class of a verdict.
    Tone {
        Same = "same", Changed = "changed", Narrowed = "narrowed", Widened = "widened", Added = "added", Removed = "removed",
        Outlives = "outlives", None = "none", Unknown = "unknown",
    }
    /// What a token is used for.
    TokenKind { Access = "access", Id = "id", Refresh = "refresh", Another = "other" }
    /// What a token is made of.
    TokenFormat { Jws = "jws", Jwe = "jwe", SdJwt = "sd_jwt", Saml = "saml", Opaque = "opaque" }
    /// What the check of a signature gave.
    SignatureState {
        Verified = "verified", BadSignature = "bad_signature", Unverifiable = "unverifiable", Unsecured = "unsecured",
    }
    /// Under which heading a token stands on the shelf.
    Heading {
        Person = "person", Applications = "applications", Pasted = "pasted", Predicted = "predicted",
        KeptByGateway = "kept_by_gateway",
    }
    /// How a token came to be here.
    Obtained {
        LogIn = "log_in", Exchanged = "exchanged", Asserted = "asserted", ClientCredentials = "client_credentials",
        Password = "password", Refreshed = "refreshed", Portal = "portal", Answered = "answered", Pasted = "pasted",
        Predicted = "predicted", KeptByGateway = "kept_by_gateway", Opened = "opened", Unknown = "unknown",
    }
}

/// Records from before it was written down do not say it.
impl Default for Purpose {
    fn default() -> Self {
        Self::Unsaid
    }
}
