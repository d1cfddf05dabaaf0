//! The form of an operation as the window draws it, and what is said of it while it is filled.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::snippet::Snippet;
use record::operation::{FieldFault, Operation};
use token::finding::Finding;

/// What kind of control a field is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Several lines (request body).
    Lines,
    /// Masked text kept in memory for this run only (password).
    Password,
    /// One of a list.
    Choice {
        /// In the order shown.
        choices: Vec<Choice>,
        /// Whether another value may be typed.
        open: bool,
    },
    /// A set of words, entered as chips.
    Words {
        /// Suggestions.
        suggestions: Vec<String>,
    },
    /// A token on the shelf; the value is `token:<id>`.
    Token,
    /// Made when the operation runs (PKCE); shown, not editable.
    Made,
}

/// One entry of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Choice {
    /// Sent value; empty = the parameter is not sent.
    pub value: String,
    /// Shown text.
    pub label: String,
    /// Quiet remark.
    pub note: String,
    /// Whether it is an unsafe choice, whose remark is said loud.
    pub danger: bool,
}

/// When a field belongs to the form: while another field has one of some values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShownIf {
    /// Name of the other field.
    pub field: String,
    /// Values of it that show this field.
    pub values: Vec<String>,
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Field {
    /// The RFC's parameter name, e.g. `subject_token`; `client` for who asks.
    pub name: String,
    /// Section that defines it, e.g. `RFC 8693 2.1`; may be empty.
    pub rfc: String,
    /// One line below the control.
    pub hint: String,
    /// Control.
    pub kind: FieldKind,
    /// Whether an empty value is a fault.
    pub required: bool,
    /// Whether several values may be sent as repeated parameters.
    pub repeatable: bool,
    /// Why the chosen server does not know this parameter; the control is greyed then.
    pub unavailable: Option<String>,
    /// Values the form starts with.
    pub initial: Vec<String>,
    /// Why a token field starts empty although there are tokens: they came from other environments.
    pub empty: Option<String>,
    /// When it belongs to the form; none = always. A field that is not shown is not sent.
    pub shown_if: Option<ShownIf>,
}

/// An operation's form at a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Form {
    /// Which operation.
    pub operation: Operation,
    /// Name in the menu, e.g. `Token exchange`.
    pub title: String,
    /// Quiet word beside it, e.g. `RFC 8693`.
    pub note: String,
    /// Verb on the button, e.g. `Exchange`.
    pub verb: String,
    /// Where it goes, e.g. `at Keycloak-like lab provider, realm lab`.
    pub place: String,
    /// Why it cannot run at this profile at all.
    pub unavailable: Option<String>,
    /// Fields in order.
    pub fields: Vec<Field>,
    /// Names of the fields in which a secret is typed: what stands there is in no record of the step.
    pub unkept: Vec<String>,
}

/// A token of another environment that a draft would send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ForeignToken {
    /// Field it stands in.
    pub field: String,
    /// Its id.
    pub token: String,
    /// Where it came from, in words; empty where it only stands for itself.
    pub from: String,
    /// Where it would be sent, in words.
    pub to: String,
    /// Both in sentences.
    pub message: String,
    /// The value of `danger_other_environment` that confirms it.
    pub confirmation: String,
    /// Whether the draft carries that value.
    pub confirmed: bool,
}

/// What would be sent, live while the form is filled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Preview {
    /// All formats of the first request (the one the operation is about).
    pub snippets: Vec<Snippet>,
    /// Whether anything in it is masked.
    pub masked: bool,
    /// True for log in: the address is opened in the browser instead of sent.
    pub in_browser: bool,
    /// What is missing or malformed.
    pub faults: Vec<FieldFault>,
    /// What the server will likely refuse, and why, before sending.
    pub warnings: Vec<Finding>,
    /// Tokens of other environments in it; each has to be confirmed before anything is sent.
    pub foreign: Vec<ForeignToken>,
    /// What is asked before anything is sent, in sentences: a secret, a token or a password would go to somebody it is not for.
    pub questions: Vec<String>,
    /// "Ready to send" summary lines for the pane below the request.
    pub ready: Vec<ReadyLine>,
}

/// What the token and the profile already say about a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReadyLine {
    /// What it is about, in a word.
    pub name: String,
    /// The sentence.
    pub value: String,
    /// Whether something was compared and found to fit; else it states how it will be.
    pub checked: bool,
    /// Whether it tells a time that runs, so that it has to be asked again to stay true.
    pub counts: bool,
}
