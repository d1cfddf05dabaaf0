//! The journal as others hold it: each question is handed to the thread the file belongs to.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use oauth::refusal::{MadeSecret, Past};
use record::{
    audit::{AuditPage, AuditQuery, AuditRow, Diagnosis, Event, Step},
    join::StepKey,
    operation::Operation,
};
use token::inspect::TokenView;

use super::{fault::JournalFault, kept::KeptToken, line::Line, readings::Reread, rows::Rows};

/// The number of a step that was noted before it was sent; none until it was.
#[derive(Clone, Debug, Default)]
pub(crate) struct Begun(Arc<AtomicI64>);

impl Begun {
    /// Number of the step, once it is noted.
    pub(crate) fn id(&self) -> Option<i64> {
        Some(self.0.load(Ordering::SeqCst)).filter(|id| *id > 0)
    }
}

/// An open journal. SQLite works on a thread of its own; neither those who await it nor those who wait for it hold up other
/// tasks meanwhile.
pub struct Journal {
    pub(super) line: Line,
}

impl Journal {
    /// Appends a step with the tokens it produced; gives its number. `step.id` is ignored.
    pub fn append(&self, step: &Step, tokens: &[KeptToken], session: i64) -> Result<i64, JournalFault> {
        let (step, tokens) = (step.clone(), tokens.to_vec());
        self.line.ask(move |rows| rows.append(&step, &tokens, session, None))
    }

    /// Keeps the evidence of a token that no step produced (pasted), or a better reading of one (introspected).
    pub fn keep_token(&self, kept: &KeptToken, session: i64, now_ms: i64) -> Result<(), JournalFault> {
        let kept = kept.clone();
        self.line.ask(move |rows| rows.keep_token(&kept, session, now_ms))
    }

    /// Takes a token off the shelf; its evidence stays in the record of its step.
    pub fn remove_token(&self, id: &str) -> Result<(), JournalFault> {
        let id = id.to_owned();
        self.line.ask(move |rows| rows.remove_token(&id))
    }

    /// Puts a token back on the shelf.
    pub fn put_back_token(&self, id: &str) -> Result<(), JournalFault> {
        let id = id.to_owned();
        self.line.ask(move |rows| rows.put_back_token(&id))
    }

    /// Number of the next session; a session is one start of the app.
    pub fn next_session(&self) -> Result<i64, JournalFault> {
        self.line.ask(move |rows| rows.next_session())
    }

    /// Evidence of the tokens of the last session that had any, oldest first, and how many records of them cannot be read.
    pub fn last_tokens(&self) -> Result<(Vec<KeptToken>, usize), JournalFault> {
        self.line.ask(move |rows| rows.last_tokens())
    }

    /// Evidence of one token, on the shelf or not.
    pub fn token(&self, id: &str) -> Result<Option<KeptToken>, JournalFault> {
        let id = id.to_owned();
        self.line.ask(move |rows| rows.token(&id))
    }

    /// Number of steps.
    pub fn steps(&self) -> Result<i64, JournalFault> {
        self.line.ask(move |rows| rows.steps())
    }

    /// One step with the events joined to it.
    pub fn step(&self, id: i64) -> Result<Option<Step>, JournalFault> {
        self.line.ask(move |rows| rows.step(id))
    }

    /// Number of the newest step, if any.
    pub fn last_step(&self) -> Result<Option<i64>, JournalFault> {
        self.line.ask(move |rows| rows.last_step())
    }

    /// The steps of the current run of a profile: from its last successful log in on, oldest first, at most `limit`.
    pub fn current_run(&self, profile: &str, limit: u32) -> Result<Vec<i64>, JournalFault> {
        let profile = profile.to_owned();
        self.line.ask(move |rows| rows.current_run(&profile, limit))
    }

    /// Steps an event of this time could belong to, newest first.
    pub fn marks(&self, profile: &str, from_ms: i64, to_ms: i64) -> Result<Vec<StepKey>, JournalFault> {
        let profile = profile.to_owned();
        self.line.ask(move |rows| rows.marks(&profile, from_ms, to_ms))
    }

    /// Adds events that are not there yet, with what they were joined to; gives how many were new.
    pub fn add_events(&self, profile: &str, events: &[Event]) -> Result<u32, JournalFault> {
        let (profile, events) = (profile.to_owned(), events.to_vec());
        self.line.ask(move |rows| rows.add_events(&profile, &events))
    }

    /// Events of a profile of which nobody knows yet what caused them, and that are not older than `from_ms`.
    pub fn loose_events(&self, profile: &str, from_ms: i64) -> Result<Vec<Event>, JournalFault> {
        let profile = profile.to_owned();
        self.line.ask(move |rows| rows.loose_events(&profile, from_ms))
    }

    /// One event with what joined it.
    pub fn event(&self, id: &str) -> Result<Option<Event>, JournalFault> {
        let id = id.to_owned();
        self.line.ask(move |rows| rows.event(&id))
    }

    /// Joins an event to a step after all.
    pub fn join_event(&self, profile: &str, event: &Event) -> Result<(), JournalFault> {
        let (profile, event) = (profile.to_owned(), event.clone());
        self.line.ask(move |rows| rows.join_event(&profile, &event))
    }

    /// Time of the newest event of a profile, epoch milliseconds.
    pub fn newest_event(&self, profile: &str) -> Result<Option<i64>, JournalFault> {
        let profile = profile.to_owned();
        self.line.ask(move |rows| rows.newest_event(&profile))
    }

    /// A page of the timeline with counts and histogram. A timeline that does not hold what was written is derived again.
    pub fn page(&self, query: &AuditQuery) -> Result<AuditPage, JournalFault> {
        let query = query.clone();
        self.line.ask(move |rows| rows.page(&query))
    }

    /// Only the rows of a page.
    pub fn rows(&self, query: &AuditQuery) -> Result<Vec<AuditRow>, JournalFault> {
        let query = query.clone();
        self.line.ask(move |rows| rows.rows(&query))
    }

    /// Calls, introspections and revocations that sent a token, oldest first; `since` is the step that made it, if any.
    pub(crate) fn uses(&self, token: &str, since: Option<i64>) -> Result<Vec<Step>, JournalFault> {
        let token = token.to_owned();
        self.line.ask(move |rows| rows.uses(&token, since))
    }

    /// The last step of an operation by a client, if it was refused and its cause is certain: number, id and cause.
    pub(crate) fn last_refusal(
        &self,
        profile: &str,
        operation: Operation,
        client: &str,
    ) -> Result<Option<(i64, Diagnosis)>, JournalFault> {
        let (profile, client) = (profile.to_owned(), client.to_owned());
        self.line.ask(move |rows| rows.last_refusal(&profile, operation, &client))
    }

    /// Does several things in one go, awaited.
    pub(crate) async fn on<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Rows) -> Result<T, JournalFault> + Send + 'static,
    ) -> Result<T, JournalFault> {
        self.line.later(work).await
    }

    /// Notes a step before anything of it is sent. `step.id` is ignored.
    pub(crate) async fn begin(&self, step: Step, begun: &Begun) -> Result<(), JournalFault> {
        let begun = begun.clone();
        self.line
            .later(move |rows| {
                begun.0.store(rows.begin(&step)?, Ordering::SeqCst);
                Ok(())
            })
            .await
    }

    /// Writes a step that has ended, in place of the note of its beginning where there is one; gives its number.
    pub(crate) async fn finish(
        &self,
        step: Step,
        tokens: Vec<KeptToken>,
        session: i64,
        begun: &Begun,
    ) -> Result<i64, JournalFault> {
        let begun = begun.clone();
        self.line.later(move |rows| rows.append(&step, &tokens, session, begun.id())).await
    }

    /// Keeps how a step is read when it ends; `headline` stands in place of its own.
    pub(crate) async fn keep_first_reading(
        &self,
        step: i64,
        reread: Reread,
        headline: Option<String>,
    ) -> Result<(), JournalFault> {
        self.line.later(move |rows| rows.keep_reading(step, reread, Some(headline))).await
    }

    /// Keeps a newer reading of a step.
    pub(crate) async fn keep_reading(&self, step: i64, reread: Reread) -> Result<(), JournalFault> {
        self.line.later(move |rows| rows.keep_reading(step, reread, None)).await
    }

    /// Steps from `from_ms` on that have events and could be read better with them, and were not yet.
    pub(crate) async fn to_be_read_again(&self, profile: &str, from_ms: i64) -> Result<Vec<i64>, JournalFault> {
        let profile = profile.to_owned();
        self.line.later(move |rows| rows.to_be_read_again(&profile, from_ms)).await
    }

    /// Successful earlier steps with a token; `before` is the number of the step that is asked about.
    pub(crate) async fn past(&self, profile: &str, token: &TokenView, before: Option<i64>) -> Result<Past, JournalFault> {
        let (profile, token) = (profile.to_owned(), token.clone());
        self.line.later(move |rows| rows.past(&profile, &token, before)).await
    }

    /// The secret that was made last for a client at a portal, if it was made with an end; what came before `before` counts.
    pub(crate) async fn made_secret(
        &self,
        profile: &str,
        client: &str,
        before: Option<i64>,
    ) -> Result<Option<MadeSecret>, JournalFault> {
        let (profile, client) = (profile.to_owned(), client.to_owned());
        self.line.later(move |rows| rows.made_secret(&profile, &client, before)).await
    }

    /// Events that name the session or the id of a token, newest first.
    pub(crate) async fn events_about(&self, profile: &str, token: &TokenView) -> Result<Vec<Event>, JournalFault> {
        let (profile, token) = (profile.to_owned(), token.clone());
        self.line.later(move |rows| rows.events_about(&profile, &token)).await
    }

    /// The same as [`Journal::step`], awaited.
    pub(crate) async fn step_later(&self, id: i64) -> Result<Option<Step>, JournalFault> {
        self.line.later(move |rows| rows.step(id)).await
    }

    /// The same as [`Journal::keep_token`], awaited.
    pub(crate) async fn keep_token_later(&self, kept: KeptToken, session: i64, now_ms: i64) -> Result<(), JournalFault> {
        self.line.later(move |rows| rows.keep_token(&kept, session, now_ms)).await
    }
}
