//! The stored form of a step and of an event. What a member means is said at the picture's member of the same name
//! ([`crate::audit`]); here it is only written down.

use super::{
    earlier,
    record::{More, Record},
    text::Line,
    words::{Actor, CheckOutcome, JoinedBy, Operation, Outcome, Purpose, Tone},
};

/// A stored struct: its members, and whatever a later version wrote beside them.
macro_rules! stored {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $(
                #[doc = concat!("`", stringify!($field), "` of the picture.")]
                $(#[$attribute])*
                pub $field: $type,
            )*
            /// What a later version wrote beside it.
            #[serde(flatten)]
            pub more: $crate::v1::More,
        }

        impl $name {
            /// Its members as they are declared, for the listing of the form.
            #[cfg(test)]
            pub(in crate::v1) const MEMBERS: &[&str] =
                &[$(concat!($(stringify!(#[$attribute]), " ",)* stringify!($field), ": ", stringify!($type))),*];
        }
    )*};
}
pub(super) use stored;

stored! {
    /// A name and a value.
    Pair { name: String, value: String }
    /// What was filled in.
    Draft { operation: Operation, profile: String, values: Vec<Pair>, extra: Vec<Pair> }
    /// What of a response is not in its record.
    Rest { lines: usize, next: usize, sha256: String }
    /// A request and its response or failure.
    Exchange {
        seq: u32, from: Actor, to: Actor, label: String,
        #[serde(default)] purpose: Purpose,
        through_browser: bool, reported: bool,
        #[serde(default)] cached: bool,
        method: String, url: String, request: Vec<Line>, response: Vec<Line>, rest: Option<Rest>, response_headers: u32,
        status: Option<u16>, failure: Option<String>, started_ms: i64, duration_us: i64, response_bytes: usize,
        token_id: Option<String>,
    }
    /// The server's words.
    ServerWords {
        server: String, status: u16, status_text: String, body: Vec<Line>, error: Option<String>, description: Option<String>,
        account_link: Option<String>,
    }
    /// A line of evidence.
    Evidence { name: String, values: Vec<String>, missing: Vec<String> }
    /// A form to open filled in.
    Action { label: String, values: Vec<Pair>, operation: Operation }
    /// Another cause the same words can have.
    Candidate { id: String, cause: String, fix: String, tell: String }
    /// A reading of a refusal.
    Diagnosis {
        id: String, certain: bool, cause: String, evidence: Vec<Evidence>, fix: String, actions: Vec<Action>,
        tell: Option<String>,
        #[serde(default)] others: Vec<Candidate>,
    }
    /// One statement about two tokens.
    Verdict { id: String, label: String, tone: Tone, word: String, rest: String, paths: Vec<String> }
    /// One check.
    Check {
        id: String, label: String, title: String, outcome: CheckOutcome, expected: String, found: String, path: String,
        missing: Vec<String>, advice: Option<String>, rfc: Option<String>, moment: Option<i64>,
    }
    /// What would mend a failed check.
    CheckFix { check: String, action: Action }
    /// All checks of a token, and what would mend them.
    Report {
        resource: String, answer: Option<u16>, error: Option<String>, challenge: Option<String>, headline: String,
        first_failure: Option<String>, checks: Vec<Check>, until_s: Option<i64>,
        #[serde(default)] fixes: Vec<CheckFix>,
    }
    /// One step. Its number and its events lie beside it.
    Step {
        started_ms: i64, duration_us: i64, operation: Operation, title: String, headline: String, profile: String,
        subject: Option<String>, client: Option<String>, audience: Option<String>, outcome: Outcome, status: Option<u16>,
        problem: Option<String>, problem_id: Option<String>, advice: Option<String>, words: Option<ServerWords>,
        diagnosis: Option<Diagnosis>,
        #[serde(default)] surprises: Vec<Diagnosis>,
        tokens_in: Vec<String>, tokens_out: Vec<String>, verdicts: Vec<Verdict>, report: Option<Report>,
        main_exchange: Option<u32>, bundle: Option<i64>, exchanges: Vec<Exchange>, draft: Option<Draft>,
    }
    /// An event of a server. What it is joined to lies beside it; a record of before the form number has that in it as well.
    Event {
        id: String, time_ms: i64, server: String, event_type: String, error: Option<String>, client: Option<String>,
        user_id: Option<String>, username: Option<String>, session: Option<String>, token_id: Option<String>,
        audience: Option<String>, details: Vec<Pair>, step: Option<i64>, joined_by: Option<JoinedBy>,
    }
    /// How a step is read: when it ended, and again with what came to light after it. `headline` stands in place
    /// of the step's own.
    Reading {
        diagnosis: Option<Diagnosis>,
        #[serde(default)] surprises: Vec<Diagnosis>,
        headline: Option<String>,
    }
}

impl Record for Step {
    fn earlier(value: &mut serde_json::Value) {
        earlier::step(value);
    }

    fn more(&mut self) -> &mut More {
        &mut self.more
    }
}

impl Record for Event {
    fn earlier(_: &mut serde_json::Value) {}

    fn more(&mut self) -> &mut More {
        &mut self.more
    }
}

impl Record for Reading {
    fn earlier(_: &mut serde_json::Value) {}

    fn more(&mut self) -> &mut More {
        &mut self.more
    }
}
