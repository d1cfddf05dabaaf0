//! Arguments and answers of the commands, as far as the model has no type for them.

pub use oauth::progress::{Progress, Stage, StageState};
use oauth::{
    acceptance::{Trace, repeat::Repetition},
    binding::Elsewhere,
    drift::Drift,
    events::{EventSettings, RightsHelp, SettingAdvice},
    form::Form,
    portal::PortalWays,
    profile::{Capability, Profile, ServerRole, Shape, Support},
    snippet::SnippetFormat,
};
use record::{
    audit::{Checked, FixAction, Step},
    operation::Operation,
};
use serde::{Deserialize, Serialize};
use token::{
    check::Expectations,
    compare::Comparison,
    finding::Finding,
    inspect::{TokenKind, TokenView},
    lineage::Lineage,
    text::Pair,
    truth::Truth,
};
use ts_rs::TS;

use crate::lab::LabState;

/// Which place of the app is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ViewName {
    /// First start or Run.
    #[default]
    Run,
    /// Comparison, or the inspector when one token is selected.
    Compare,
    /// Timeline.
    Audit,
    /// Developer portal of the gateway.
    Portal,
    /// Profiles.
    Profiles,
}

/// How times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TimeMode {
    /// `in 4 min 51 s`.
    #[default]
    Relative,
    /// Local clock with zone.
    Local,
    /// UTC.
    Utc,
    /// Epoch seconds.
    Epoch,
}

/// Light, dark or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What is kept of the window between starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SavedView {
    /// Place.
    pub view: ViewName,
    /// Selected tokens, first = A.
    pub selected: Vec<String>,
    /// Operation chosen in Run.
    pub operation: Option<Operation>,
    /// Theme.
    pub theme: Theme,
    /// Times.
    pub time_mode: TimeMode,
    /// Chosen profile.
    pub profile: Option<String>,
    /// Selected step in Audit.
    pub step: Option<i64>,
}

/// A line of the profile list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProfileSummary {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Quiet second line, e.g. `built in, running`.
    pub note: String,
    /// Whether the provider's metadata were read.
    pub state: Support,
    /// Built in and simulated.
    pub simulated: bool,
    /// The shape it is told apart by.
    pub mark: Shape,
    /// A production environment.
    pub production: bool,
    /// Issuers of its servers, to tell which tokens are its own.
    pub issuers: Vec<String>,
}

/// Which secret store is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretStoreKind {
    /// The system keychain.
    Keychain,
    /// An encrypted file, opened with a passphrase.
    EncryptedFile,
    /// Memory only: gone when the app closes.
    Memory,
}

/// State of the secret store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecretStoreState {
    /// Kind in use.
    pub kind: SecretStoreKind,
    /// Words, e.g. `system keychain is available`.
    pub words: String,
    /// Why the keychain cannot be used, if so.
    pub problem: Option<String>,
    /// Whether an encrypted file exists and is still locked.
    pub locked: bool,
}

/// Something the user must know about, shown as a banner until dismissed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notice {
    /// Stable id, e.g. `profiles-recovered`.
    pub id: String,
    /// What happened.
    pub message: String,
    /// What was done or what to do.
    pub advice: String,
    /// True when it holds for as long as the window is open, so that it cannot be dismissed.
    #[serde(default)]
    pub standing: bool,
}

/// All the window needs to draw its first frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Boot {
    /// `0.1.0`.
    pub version: String,
    /// Saved profiles in order, the lab first.
    pub profiles: Vec<ProfileSummary>,
    /// Chosen profile in full.
    pub profile: Option<Profile>,
    /// Shelf.
    pub tokens: Vec<TokenView>,
    /// Number of steps in the journal.
    pub steps: i64,
    /// Last step.
    pub last_step: Option<Step>,
    /// Where the user was.
    pub view: SavedView,
    /// Secret store; none while the keychain has not answered yet, which `secret_store` waits for.
    pub secrets: Option<SecretStoreState>,
    /// Lab.
    pub lab: LabState,
    /// What must be said.
    pub notices: Vec<Notice>,
}

/// What a finished run leaves: the step and the shelf after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Ran {
    /// The step.
    pub step: Step,
    /// The shelf after it.
    pub tokens: Vec<TokenView>,
    /// Steps in the journal.
    pub steps: i64,
    /// The profile, when the step taught something about its provider.
    pub profile: Option<Profile>,
    /// What the developer portal is good for after it.
    pub portal: PortalWays,
}

/// A token that was found in a pasted text, and not put anywhere yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Offered {
    /// What it is used for.
    pub kind: TokenKind,
    /// Where it stood, e.g. `header Authorization of the second entry`.
    pub place: String,
}

/// What pasting did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Pasted {
    /// Tokens that were found, newest last.
    pub added: Vec<String>,
    /// One sentence, e.g. `2 tokens from a JSON token response`.
    pub message: String,
    /// Where several were found and none was chosen yet: all of them, in their order.
    pub offered: Vec<Offered>,
    /// The shelf after it.
    pub tokens: Vec<TokenView>,
}

/// What reading an issuer's metadata found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Discovered {
    /// A profile filled from it, not saved yet.
    pub profile: Profile,
    /// What it supports.
    pub capabilities: Vec<Capability>,
    /// What lies at another host than at the reading before this one.
    pub moved: Vec<Elsewhere>,
    /// Which addresses lie at another host than the issuer.
    pub elsewhere: Vec<Elsewhere>,
    /// How long it took, milliseconds.
    pub duration_ms: i64,
    /// Step in the journal.
    pub step: i64,
}

/// What is kept for a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretSort {
    /// A word both sides know.
    #[default]
    Secret,
    /// A private key.
    Key,
}

/// What the user says to a secret on its way to somebody it was not entered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretConsent {
    /// This once.
    Once,
    /// For this secret from now on.
    Always,
    /// Not at all.
    No,
}

/// A secret that was about to go to somebody it was not entered for. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecretQuestion {
    /// Names it for the answer.
    pub id: String,
    /// Profile it belongs to.
    pub profile: String,
    /// The client.
    pub client_id: String,
    /// Secret or key.
    pub sort: SecretSort,
    /// What a step carries, e.g. `The refresh token`; none = the client's own secret.
    pub load: Option<String>,
    /// For whom it was entered, or who gave it; none for a secret that an earlier version kept.
    pub bound: Option<String>,
    /// The server the profile names now.
    pub issuer: String,
    /// Where it was to go.
    pub origin: String,
    /// The same in a sentence.
    pub words: String,
}

/// A saved secret as the window sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SecretState {
    /// Client it belongs to.
    pub client_id: String,
    /// Where that is registered: a client of the same id at the other server has a secret of its own.
    pub server: ServerRole,
    /// Whether a secret or a key is saved.
    pub sort: SecretSort,
    /// Whether the profile names another server now than the one it was entered for, which the user is asked about.
    pub elsewhere: bool,
    /// For whom it was entered; empty = not known.
    pub issuer: String,
    /// Other hosts its owner lets it go to.
    pub approved: Vec<String>,
    /// Saved or not.
    pub saved: bool,
    /// Where, in words: `Saved in the system keychain`.
    pub place: String,
    /// Why the store cannot be read; none = it can.
    pub problem: Option<String>,
    /// When it was saved, epoch milliseconds; 0 = unknown.
    pub saved_ms: i64,
}

/// An address that is allowed for what a server's steps carry, beside the host that names the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AllowedAddress {
    /// The server of the profile.
    pub server: ServerRole,
    /// By which name the profile has to call it for this to hold; empty = none.
    pub issuer: String,
    /// Scheme, host and port.
    pub origin: String,
}

/// A profile opened in the editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpenProfile {
    /// The profile.
    pub profile: Profile,
    /// State of each confidential client's secret.
    pub secrets: Vec<SecretState>,
    /// Which addresses lie at another host than the issuer.
    pub elsewhere: Vec<Elsewhere>,
    /// Which other hosts are used without a question.
    pub allowed: Vec<AllowedAddress>,
    /// The exact redirect URI to register at the provider.
    pub redirect_uri: String,
    /// One line beside it, e.g. `Keycloak accepts any port on 127.0.0.1 for it.`
    pub redirect_note: String,
}

/// Comparison with the checks of a resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Compared {
    /// Side by side.
    pub comparison: Comparison,
    /// Checks of each column for the chosen resource.
    pub reports: Vec<Option<Checked>>,
    /// Resources that can be chosen.
    pub resources: Vec<String>,
    /// The step from first to last, if there is one.
    pub step: Option<Step>,
}

/// What is said of one token besides its own reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Examined {
    /// Checks for the chosen resource, or for the one its audience names.
    pub report: Option<Checked>,
    /// Resources that can be chosen.
    pub resources: Vec<String>,
    /// Where it came from and what was made from it.
    pub lineage: Lineage,
    /// Where it is more than the token it was made from.
    pub findings: Vec<Finding>,
    /// Forms it leads to at another server.
    pub onward: Vec<FixAction>,
    /// What it can be used for here.
    pub uses: Vec<TokenUse>,
}

/// A form that can be opened with a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TokenUse {
    /// Whose form.
    pub operation: Operation,
    /// Its field for the token.
    pub field: String,
    /// What the button says.
    pub label: String,
    /// Whether it ends the token.
    pub danger: bool,
}

/// What asking the servers about a token left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ServersAsked {
    /// Token, introspection and userinfo side by side.
    pub truth: Truth,
    /// The shelf after it.
    pub tokens: Vec<TokenView>,
    /// Steps in the journal.
    pub steps: i64,
    /// The last step that was made; none when nobody could be asked.
    pub last_step: Option<Step>,
}

/// What showing a token at every door left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Traced {
    /// All doors, the first refusal named.
    pub trace: Trace,
    /// The shelf after it.
    pub tokens: Vec<TokenView>,
    /// Steps in the journal.
    pub steps: i64,
    /// The last step that was made; none when there was no door to knock at.
    pub last_step: Option<Step>,
}

/// What holding a kept token against a fresh exchange left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Drifted {
    /// What differs, and what it means.
    pub drift: Drift,
    /// The step of the fresh exchange.
    pub step: Step,
    /// The shelf after it.
    pub tokens: Vec<TokenView>,
    /// Steps in the journal.
    pub steps: i64,
}

/// What a repeated call left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Repeated {
    /// All calls and what they show.
    pub repetition: Repetition,
    /// The shelf after it.
    pub tokens: Vec<TokenView>,
    /// Steps in the journal.
    pub steps: i64,
    /// The last step that was made.
    pub last_step: Option<Step>,
}

/// Expectations from elsewhere, before they are put into a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Required {
    /// The expectations.
    pub expectations: Expectations,
    /// What will be required, in words.
    pub lines: Vec<Pair>,
    /// Resource they fit, by the audience; empty when none is named.
    pub resource: String,
    /// What was read and is left out, one sentence each.
    pub notes: Vec<String>,
}

/// What to copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum CopySource {
    /// The request of a draft.
    Draft {
        /// What is filled in.
        draft: record::operation::Draft,
        /// Format.
        format: SnippetFormat,
        /// Secrets in clear instead of environment variables.
        include_secrets: bool,
    },
    /// A recorded request of the journal; its tokens and secrets always come from environment variables.
    Exchange {
        /// Step.
        step: i64,
        /// Position in the step.
        seq: u32,
        /// Format.
        format: SnippetFormat,
    },
    /// A comparison as Markdown, without signatures.
    Comparison {
        /// Tokens, subject first.
        tokens: Vec<String>,
        /// Resource of the checks; none = the one the audience names.
        resource: Option<String>,
    },
    /// A token's claims as Markdown, without signature, with findings and checks.
    Claims {
        /// Token.
        token: String,
        /// Resource of the checks; none = the one the audience names.
        resource: Option<String>,
    },
    /// What a token, introspection and userinfo say, as Markdown.
    Truth {
        /// Token.
        token: String,
    },
    /// A token's text, in clear.
    Token {
        /// Token.
        token: String,
    },
    /// A step with its exchanges and events as Markdown evidence, redacted.
    Evidence {
        /// Step.
        step: i64,
    },
    /// The address a running log in waits for.
    LoginAddress {
        /// Run.
        run: String,
    },
    /// Any shown text, e.g. the redirect URI.
    Text {
        /// The text.
        text: String,
    },
}

/// What was copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Copied {
    /// Words for the toast, e.g. `curl copied. Set CLAIMSCOPE_CLIENT_SECRET before running it.`
    pub message: String,
    /// Environment variables the text expects.
    pub environment: Vec<String>,
}

/// State of reading server events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventsRead {
    /// How many new events.
    pub new: u32,
    /// How many were read, new or not, that fit what was asked for.
    pub read: u32,
    /// Whether all of the range asked for was read.
    pub covered: bool,
    /// Time of the oldest event that was read, epoch milliseconds.
    pub oldest_ms: Option<i64>,
    /// When, epoch milliseconds.
    pub read_ms: i64,
    /// Who read, e.g. `audit-reader` or `the token of alice`; empty when nobody could.
    pub reader: String,
    /// Why they cannot be read, and what would help.
    pub problem: Option<String>,
    /// Stable id of the problem, e.g. `forbidden`; `null` where there is none.
    pub problem_id: Option<String>,
}

/// What a realm saves, who reads it, and how that is granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventSettingsRead {
    /// The settings, when they may be read.
    pub settings: Option<EventSettings>,
    /// What the realm does not save, and the setting that would change that.
    pub advice: Vec<SettingAdvice>,
    /// Why the settings cannot be read.
    pub problem: Option<String>,
    /// How somebody is allowed to read events.
    pub help: RightsHelp,
    /// Token on the shelf that was chosen to read; none = the service account.
    pub chosen: Option<String>,
}

/// An operation in the menu.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperationChoice {
    /// Operation.
    pub operation: Operation,
    /// Name.
    pub title: String,
    /// Quiet word.
    pub note: String,
    /// Why it cannot run here.
    pub unavailable: Option<String>,
}

/// Form with the menu it was chosen from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpenForm {
    /// Fields.
    pub form: Form,
    /// Menu.
    pub operations: Vec<OperationChoice>,
}
