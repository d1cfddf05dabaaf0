//! Operations: what a user can run, the form it is filled in with, and the request that would be sent.
//!
//! A draft is what the user typed, kept as it is; a form says what the fields mean at the chosen server.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{finding::Finding, form::ForeignToken, text::Line};

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

/// A name and a value, in the order they are sent; names may repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Pair {
    /// Parameter or field name.
    pub name: String,
    /// Its value.
    pub value: String,
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
    /// As it may be recorded, with the names of what was left out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = crate::redact::Known::new(crate::form::secrets(self), Vec::new());
        let shown = crate::form::recorded(self, &known);
        let names: Vec<&str> = self.values.iter().chain(&self.extra).map(|pair| pair.name.as_str()).collect();
        f.debug_struct("Draft")
            .field("operation", &self.operation)
            .field("profile", &self.profile)
            .field("values", &shown.values)
            .field("extra", &shown.extra)
            .field("names", &names)
            .finish()
    }
}

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
}

/// A complaint about one field, shown at the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldFault {
    /// Field name.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// A way of writing a request down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SnippetFormat {
    /// Raw HTTP.
    Raw,
    /// curl for POSIX shells.
    Bash,
    /// curl.exe for PowerShell.
    Powershell,
    /// curl for cmd.exe.
    Cmd,
}

/// The request written down once in one format, secrets masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Snippet {
    /// Format.
    pub format: SnippetFormat,
    /// The text.
    pub lines: Vec<Line>,
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
    /// "Ready to send" summary lines for the pane below the request: label, value.
    pub ready: Vec<Pair>,
}
