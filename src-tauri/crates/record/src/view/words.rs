//! Words of records and the types of the picture. A type that gets another word does not compile until it stands here.

use ::token::{
    check::CheckOutcome,
    compare::VerdictTone,
    inspect::{Obtained, TokenFormat, TokenKind},
    text::Ink,
};

use serde::{
    Deserialize as _,
    de::{
        IntoDeserializer as _,
        value::{Error as ValueError, StrDeserializer},
    },
};

use crate::{
    audit::{Actor, ExchangePurpose, JoinedBy, Outcome},
    operation::Operation,
    v1,
};

/// What a word of a record stands for in the picture.
pub(super) trait KnownWord {
    /// The type of the picture.
    type Shown;

    /// None for a word of a later version.
    fn known(&self) -> Option<Self::Shown>;
}

macro_rules! same {
    ($($shown:ident = $stored:ident { $($variant:ident $(= $other:ident)?),* $(,)? })*) => {$(
        impl From<$shown> for v1::$stored {
            fn from(shown: $shown) -> Self {
                match shown {
                    $($shown::$variant => same!(@ $stored $variant $($other)?),)*
                }
            }
        }

        impl KnownWord for v1::$stored {
            type Shown = $shown;

            fn known(&self) -> Option<$shown> {
                $(if *self == same!(@ $stored $variant $($other)?) {
                    return Some($shown::$variant);
                })*
                None
            }
        }
    )*};
    (@ $stored:ident $variant:ident) => { v1::$stored::$variant };
    (@ $stored:ident $variant:ident $other:ident) => { v1::$stored::$other };
}

impl From<Operation> for v1::Operation {
    fn from(operation: Operation) -> Self {
        // The name of an operation is written as a text, so there is always one.
        let word = serde_json::to_value(operation).ok().and_then(|word| word.as_str().map(str::to_owned));
        Self(word.unwrap_or_default())
    }
}

impl KnownWord for v1::Operation {
    type Shown = Operation;

    fn known(&self) -> Option<Operation> {
        let word: StrDeserializer<'_, ValueError> = self.word().into_deserializer();
        Operation::deserialize(word).ok()
    }
}

same! {
    Actor = Actor { Browser, Claimscope, Gateway, Portal, Provider, Api }
    ExchangePurpose = Purpose { Keys, Other = Unsaid }
    Outcome = Outcome { Success, Refused, Failed, Cancelled, Unknown }
    Ink = Ink { Plain, Key, Strong, Quiet, Secret }
    JoinedBy = JoinedBy { TokenId, Session, ClientAndTime, ActivityId, Reading }
    CheckOutcome = CheckOutcome { Pass, Fail, NotApplicable, Unknown }
    VerdictTone = Tone { Same, Changed, Narrowed, Widened, Added, Removed, Outlives, None, Unknown }
    TokenKind = TokenKind { Access, Id, Refresh, Other = Another }
    TokenFormat = TokenFormat { Jws, Jwe, SdJwt, Saml, Opaque }
    Obtained = Obtained {
        LogIn, Exchanged, Asserted, ClientCredentials, Password, Refreshed, Portal, Answered, Pasted, Predicted, KeptByGateway,
        Opened, Unknown,
    }
}
