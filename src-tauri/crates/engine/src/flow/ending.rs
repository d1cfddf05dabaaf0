//! How a flow ends, and what is known of its step before it does.

use record::operation::FieldFault;

use crate::{fault::Problem, journal::JournalFault, secrets::SecretFault, shelf::Held};

/// Why nothing was run, or why what was run could not be recorded.
#[derive(Debug, thiserror::Error)]
pub enum RunFault {
    /// The draft is not complete; nothing was sent.
    #[error("The form is not complete.")]
    Fields(Vec<FieldFault>),
    /// A token of another environment that was not confirmed; nothing was sent.
    #[error("{}", .0.message)]
    Foreign(Problem),
    /// The secret store failed; nothing was sent.
    #[error(transparent)]
    Secret(#[from] SecretFault),
    /// The journal failed.
    #[error(transparent)]
    Journal(#[from] JournalFault),
}

/// The words of a server, before redaction.
#[derive(Clone, Default)]
pub(crate) struct Words {
    pub(crate) status: u16,
    pub(crate) body: bytes::Bytes,
    pub(crate) headers: http::HeaderMap,
    pub(crate) error: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) from_gateway: bool,
}

/// How a flow ended.
pub(crate) enum Ending {
    Done {
        tokens: Vec<Held>,
        words: Option<Words>,
    },
    Refused {
        words: Words,
    },
    /// Refused through the browser, where only an error code comes back.
    Denied {
        problem: Problem,
    },
    Failed {
        problem: Problem,
        words: Option<Words>,
        tokens: Vec<Held>,
    },
    Cancelled,
}

impl From<Problem> for Ending {
    fn from(problem: Problem) -> Self {
        Ending::Failed { problem, words: None, tokens: Vec::new() }
    }
}

/// What is known of a step before it ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    pub(crate) client: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) tokens_in: Vec<String>,
}
