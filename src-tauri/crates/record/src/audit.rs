//! Steps, HTTP exchanges and server events: the record of what was done and what the servers say of it.
//!
//! All texts here are already redacted: a secret is dots, a token is named by its evidence.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::operation::Operation;
use token::{
    bounded::Rest,
    check::Report,
    compare::Verdict,
    shown::{made_sentence, made_visible},
    text::{Line, Pair},
};

/// Who takes part in a run; the columns of the sequence diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The user and the system browser.
    Browser,
    /// This app.
    Claimscope,
    /// The gateway (data plane).
    Gateway,
    /// The developer portal / key manager side of the gateway.
    Portal,
    /// The identity provider.
    Provider,
    /// A protected API.
    Api,
}

/// What an exchange was for, as far as something is done with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ExchangePurpose {
    /// Reading the keys of an issuer (RFC 7517 5).
    Keys,
    /// Anything else, and all of records of earlier releases.
    #[default]
    #[serde(other)]
    Other,
}

/// One HTTP request and its response or failure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Exchange {
    /// Position inside its step, from 1.
    pub seq: u32,
    /// Who sent it.
    pub from: Actor,
    /// Who received it.
    pub to: Actor,
    /// Short words on the arrow, e.g. `POST /token, token-exchange`.
    pub label: String,
    /// What it was for.
    #[serde(default)]
    pub purpose: ExchangePurpose,
    /// True when it went through the browser (dashed arrow).
    pub through_browser: bool,
    /// True when it was not seen by us but reported by the lab's gateway.
    pub reported: bool,
    /// True when the gateway said that it used a token it had exchanged before.
    #[serde(default)]
    pub cached: bool,
    /// `GET`, `POST`.
    pub method: String,
    /// Address, query redacted.
    pub url: String,
    /// Request as raw HTTP.
    pub request: Vec<Line>,
    /// Status line, headers and body of the response; empty when there was none. Of a long one the first part, and a line that says
    /// how long it is.
    pub response: Vec<Line>,
    /// What of the response is not in it; none when it is whole.
    #[serde(default)]
    pub rest: Option<Rest>,
    /// Number of response headers.
    pub response_headers: u32,
    /// Status code.
    pub status: Option<u16>,
    /// Why there was no response.
    pub failure: Option<String>,
    /// Start, epoch milliseconds.
    pub started_ms: i64,
    /// Until the body was read, in microseconds.
    pub duration_us: i64,
    /// Size of the response body in bytes.
    pub response_bytes: usize,
    /// `jti` of the token it brought or carried, where whoever reported it says so.
    #[serde(default)]
    pub token_id: Option<String>,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Success,
    /// The server answered and said no.
    Refused,
    /// No usable answer: network, TLS, malformed, checks of ours.
    Failed,
    /// The user stopped it.
    Cancelled,
    /// It was begun, and how it ended is not known: the app was ended before, or a later version wrote a word this one does not
    /// know.
    Unknown,
}

/// The server's words, unchanged apart from redaction, and apart from ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ServerWords {
    /// Readable server name, e.g. `Lab provider`.
    pub server: String,
    /// Status code.
    pub status: u16,
    /// Reason phrase, e.g. `Forbidden`.
    pub status_text: String,
    /// Body as it came, inked.
    pub body: Vec<Line>,
    /// `error` member (RFC 6749 5.2), if any.
    pub error: Option<String>,
    /// `error_description` member.
    pub description: Option<String>,
    /// Where the user can link the account that is missing: Keycloak's `account-link-url`.
    #[serde(default)]
    pub account_link: Option<String>,
}

/// A line of evidence in a diagnosis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Evidence {
    /// What it is, e.g. `aud`.
    pub name: String,
    /// Values at hand, drawn as chips when several.
    pub values: Vec<String>,
    /// What should be among them and is not.
    pub missing: Vec<String>,
}

/// A fix that can be pressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FixAction {
    /// Verb on the button, e.g. `Exchange as portal`.
    pub label: String,
    /// Draft values to change; the form is filled with them, not sent.
    pub values: Vec<Pair>,
    /// Operation to switch to.
    pub operation: Operation,
}

/// What would mend a failed check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CheckFix {
    /// Id of the check.
    pub check: String,
    /// A form to open filled in; nothing is sent.
    pub action: FixAction,
}

/// The checks of a token with what would mend those that fail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Checked {
    /// The checks.
    #[serde(flatten)]
    pub report: Report,
    /// What would mend them, where that is known.
    #[serde(default)]
    pub fixes: Vec<CheckFix>,
}

/// Another cause the same words can have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Candidate {
    /// Id in the catalogue.
    pub id: String,
    /// Why it would have been refused.
    pub cause: String,
    /// What would help then.
    pub fix: String,
    /// How to find out whether it is this one.
    pub tell: String,
}

/// Our reading of a refusal: cause, evidence, fix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Diagnosis {
    /// Id in the catalogue, e.g. `kc-v2-requester-not-in-aud`.
    pub id: String,
    /// Whether the evidence decides (else it is the likeliest of several).
    pub certain: bool,
    /// Why it was refused.
    pub cause: String,
    /// What shows it.
    pub evidence: Vec<Evidence>,
    /// What to do.
    pub fix: String,
    /// Fixes as buttons.
    pub actions: Vec<FixAction>,
    /// How to find out whether it is this cause; none when it is certain.
    #[serde(default)]
    pub tell: Option<String>,
    /// Other causes of the same words, likeliest first; empty when it is certain.
    #[serde(default)]
    pub others: Vec<Candidate>,
}

/// What an event was joined to a step by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JoinedBy {
    /// `token_id` of the event = `jti` of a token of the step.
    TokenId,
    /// `sessionId` = `sid`, and the event type fits the operation, within the step's time.
    Session,
    /// Same client, within the step's time.
    ClientAndTime,
    /// The `activityid` of one of the step's exchanges stands in the record (WSO2).
    ActivityId,
    /// No step of the user's: Claimscope caused it itself, when it got a token to read events or settings with.
    Reading,
}

/// One audit event read from a server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Event {
    /// The server's id, or a digest where it has none.
    pub id: String,
    /// Server time, epoch milliseconds.
    pub time_ms: i64,
    /// Server name.
    pub server: String,
    /// e.g. `TOKEN_EXCHANGE_ERROR`.
    pub event_type: String,
    /// e.g. `not_allowed`.
    pub error: Option<String>,
    /// Client id.
    pub client: Option<String>,
    /// User id.
    pub user_id: Option<String>,
    /// Readable user.
    pub username: Option<String>,
    /// Session id.
    pub session: Option<String>,
    /// `token_id` detail.
    pub token_id: Option<String>,
    /// `audience` detail.
    pub audience: Option<String>,
    /// All keys and values in stable order.
    pub details: Vec<Pair>,
    /// Step it belongs to.
    pub step: Option<i64>,
    /// What joined it.
    pub joined_by: Option<JoinedBy>,
}

impl Event {
    /// It with whatever hides in the server's words written out ([`token::shown`]).
    #[must_use]
    pub fn visible(self) -> Self {
        let clean = |text: Option<String>| text.map(made_visible);
        Self {
            id: made_sentence(self.id),
            server: made_visible(self.server),
            event_type: made_visible(self.event_type),
            error: clean(self.error),
            client: clean(self.client),
            user_id: clean(self.user_id),
            username: clean(self.username),
            session: clean(self.session),
            token_id: clean(self.token_id),
            audience: clean(self.audience),
            details: self
                .details
                .into_iter()
                // Those of a log line are written out already.
                .map(|pair| Pair { name: made_sentence(pair.name), value: made_sentence(pair.value) })
                .collect(),
            ..self
        }
    }
}

/// One operation the user ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Step {
    /// Journal number.
    pub id: i64,
    /// Start, epoch milliseconds.
    pub started_ms: i64,
    /// Whole duration in microseconds.
    pub duration_us: i64,
    /// Operation.
    pub operation: Operation,
    /// Words for lists, e.g. `Token exchange`.
    pub title: String,
    /// Sentence for the outcome, e.g. `portal got a token for orders-api`.
    pub headline: String,
    /// Profile id.
    pub profile: String,
    /// Readable user behind it.
    pub subject: Option<String>,
    /// Client that asked.
    pub client: Option<String>,
    /// Audience asked for or called; of a discovery the issuer that was asked.
    pub audience: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// Final HTTP status.
    pub status: Option<u16>,
    /// What went wrong in one sentence when it did not succeed (ours).
    pub problem: Option<String>,
    /// Which check of ours or kind of fault, stable id, e.g. `state-mismatch`.
    pub problem_id: Option<String>,
    /// What to do about it.
    pub advice: Option<String>,
    /// The server's words when it refused or answered.
    pub words: Option<ServerWords>,
    /// Our reading of the refusal.
    pub diagnosis: Option<Diagnosis>,
    /// What a success lacks of what was asked for, the weightiest first.
    #[serde(default)]
    pub surprises: Vec<Diagnosis>,
    /// Tokens it used.
    pub tokens_in: Vec<String>,
    /// Tokens it produced.
    pub tokens_out: Vec<String>,
    /// Verdicts of first token in against first token out.
    pub verdicts: Vec<Verdict>,
    /// Checks of the issued token for the resource asked for.
    pub report: Option<Checked>,
    /// `seq` of the exchange the step is about; the others are keys, introspection and the like.
    #[serde(default)]
    pub main_exchange: Option<u32>,
    /// The first of the steps it belongs to, when a call was repeated.
    #[serde(default)]
    pub bundle: Option<i64>,
    /// HTTP exchanges in order.
    pub exchanges: Vec<Exchange>,
    /// Events joined to it.
    pub events: Vec<Event>,
    /// What was sent, so that it can be run again.
    pub draft: Option<crate::operation::Draft>,
}

/// One line of the audit timeline: a step, or an event hanging under it, or an event alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AuditRow {
    /// Id of the profile it belongs to.
    pub profile: String,
    /// `step:12` or `event:<id>`.
    pub key: String,
    /// Epoch milliseconds.
    pub time_ms: i64,
    /// Step number; for events the one they are joined to.
    pub step: Option<i64>,
    /// True for server events.
    pub is_event: bool,
    /// Title or event type.
    pub operation: String,
    /// Readable user.
    pub subject: Option<String>,
    /// Client.
    pub client: Option<String>,
    /// Audience.
    pub audience: Option<String>,
    /// Outcome; for events refused when they carry an error.
    pub outcome: Outcome,
    /// `200`, `403 access_denied`, or the event's error.
    pub outcome_text: String,
    /// What joined it.
    pub joined_by: Option<JoinedBy>,
    /// Microseconds; none for events.
    pub duration_us: Option<i64>,
}

/// Filter of the audit timeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AuditQuery {
    /// Full text; empty = all.
    pub search: String,
    /// Any of `logins`, `exchanges`, `errors`, `server_events`; empty = all.
    pub chips: Vec<String>,
    /// Only this profile.
    pub profile: Option<String>,
    /// Only steps of this token's lineage.
    pub lineage: Option<String>,
    /// From, epoch milliseconds.
    pub from_ms: Option<i64>,
    /// To, epoch milliseconds.
    pub to_ms: Option<i64>,
    /// Rows to skip.
    pub offset: u32,
    /// Rows to return.
    pub limit: u32,
}

/// One bar of the histogram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Bin {
    /// Start, epoch milliseconds.
    pub from_ms: i64,
    /// Our steps.
    pub steps: u32,
    /// Server events.
    pub events: u32,
    /// Of both, those that failed or were refused.
    pub errors: u32,
}

/// A page of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AuditPage {
    /// Rows, newest step first, events under their step.
    pub rows: Vec<AuditRow>,
    /// Rows that match.
    pub matching: u32,
    /// Rows in all.
    pub total: u32,
    /// Counts for the chips: name, count.
    pub chips: Vec<ChipCount>,
    /// Histogram over all rows that match but for the time range.
    pub bins: Vec<Bin>,
    /// Width of a bin in milliseconds.
    pub bin_ms: i64,
}

/// How many rows a chip would show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChipCount {
    /// As in [`AuditQuery::chips`].
    pub chip: String,
    /// Rows.
    pub count: u32,
}

/// A column of the sequence diagram.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Lane {
    /// Who.
    pub actor: Actor,
    /// Name, e.g. `Provider`.
    pub name: String,
    /// Quiet word below, e.g. the port.
    pub note: String,
}

/// An arrow of the sequence diagram.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Arrow {
    /// Step it belongs to.
    pub step: i64,
    /// The HTTP exchange it stands for.
    pub exchange: Exchange,
}

/// A step's arrows under its heading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Scene {
    /// Step number.
    pub step: i64,
    /// Heading, e.g. `Log in`.
    pub title: String,
    /// Arrows in order.
    pub arrows: Vec<Arrow>,
}

/// A run drawn as actors and arrows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Sequence {
    /// Columns that take part, in fixed order.
    pub lanes: Vec<Lane>,
    /// Steps in order of time.
    pub scenes: Vec<Scene>,
    /// Summary, e.g. `12 exchanges in 6.7 s, one refused`.
    pub summary: String,
}
