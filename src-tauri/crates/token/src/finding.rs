//! Findings: what is remarkable about a token, each with a stable id, a weight, a source and one sentence.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::shown::{made_sentence, sentence};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing, nothing is wrong.
    Note,
    /// Legal, but a reviewer would ask about it.
    Warning,
    /// A conforming receiver refuses this.
    Error,
}

/// One remark about a token or a pair of tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// Stable, kebab-case, e.g. `alg-none`, `duplicate-member`, `outlives-subject`.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// Two or three words for a list.
    pub title: String,
    /// One sentence for people: what it is and what follows from it.
    pub detail: String,
    /// Where the rule stands, e.g. `RFC 8725 3.1`.
    pub rfc: Option<String>,
    /// Claim or header path it is about, e.g. `header.alg` or `claims.aud`.
    pub path: Option<String>,
}

impl Finding {
    /// It with whatever hidden character got into its texts written out ([`crate::shown`]).
    #[must_use]
    pub fn visible(self) -> Self {
        Self { title: made_sentence(self.title), detail: made_sentence(self.detail), path: self.path.map(made_sentence), ..self }
    }

    /// A remark that nothing follows from.
    pub fn note(id: &str, title: &str, detail: &str, rfc: Option<&str>) -> Self {
        Self::of(Severity::Note, id, title, detail, rfc)
    }

    /// A remark a reviewer would ask about.
    pub fn warning(id: &str, title: &str, detail: &str, rfc: Option<&str>) -> Self {
        Self::of(Severity::Warning, id, title, detail, rfc)
    }

    /// A remark for which a conforming receiver refuses the token.
    pub fn error(id: &str, title: &str, detail: &str, rfc: Option<&str>) -> Self {
        Self::of(Severity::Error, id, title, detail, rfc)
    }

    fn of(severity: Severity, id: &str, title: &str, detail: &str, rfc: Option<&str>) -> Self {
        // Whatever was put into the sentence, no hidden character of it gets out.
        let clean = |text: &str| sentence(text).into_owned();
        Self { id: id.into(), severity, title: clean(title), detail: clean(detail), rfc: rfc.map(str::to_owned), path: None }
    }
}
