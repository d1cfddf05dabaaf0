//! The tape of a running step: every HTTP exchange, token and secret it has met so far.
//!
//! It stands outside the flow, so that a step that is cancelled or fails half-way is recorded with all that happened before.

use std::sync::{Mutex, MutexGuard, PoisonError};

use model::{
    audit::{Actor, Exchange},
    redact::{self, Known},
    secret::Secret,
    text::{Ink, Span},
};

use crate::http::Recorded;

/// Something that went over the wire, before redaction.
pub enum Taken {
    /// Sent by our client.
    Ours {
        /// Receiver.
        to: Actor,
        /// Words on the arrow.
        label: String,
        /// The exchange.
        recorded: Box<Recorded>,
    },
    /// Seen or reported, already redacted.
    Told(Box<Exchange>),
}

#[derive(Default)]
struct Inner {
    taken: Vec<Taken>,
    main: Option<usize>,
    secrets: Vec<Secret>,
    tokens: Vec<(Secret, String)>,
}

/// See the module.
#[derive(Default)]
pub struct Tape {
    inner: Mutex<Inner>,
}

impl Tape {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an exchange.
    pub fn add(&self, taken: Taken) {
        self.lock().taken.push(taken);
    }

    /// Adds the exchange the step is about; a later one takes its place.
    pub fn add_main(&self, taken: Taken) {
        let mut inner = self.lock();
        inner.main = Some(inner.taken.len());
        inner.taken.push(taken);
    }

    /// Position of the exchange the step is about, as in [`Exchange::seq`].
    pub fn main(&self) -> Option<u32> {
        self.lock().main.and_then(|index| u32::try_from(index + 1).ok())
    }

    /// Adds a text that must not be shown.
    pub fn hide(&self, secret: &Secret) {
        self.lock().secrets.push(secret.clone());
    }

    /// Adds a token text with the words it is shown by.
    pub fn name(&self, token: &Secret, evidence: String) {
        self.lock().tokens.push((token.clone(), evidence));
    }

    /// Status of the last answer our client got.
    pub fn last_status(&self) -> Option<u16> {
        self.lock().taken.iter().rev().find_map(|taken| match taken {
            Taken::Ours { recorded, .. } => recorded.result.as_ref().ok().map(|answer| answer.status),
            Taken::Told(_) => None,
        })
    }

    /// All that is to be redacted.
    pub fn known(&self) -> Known {
        let inner = self.lock();
        Known { secrets: inner.secrets.clone(), tokens: inner.tokens.clone() }
    }

    /// The exchanges in order of time, redacted.
    pub fn exchanges(&self) -> Vec<Exchange> {
        let known = self.known();
        let inner = self.lock();
        let mut exchanges: Vec<Exchange> = inner
            .taken
            .iter()
            .map(|taken| match taken {
                Taken::Ours { to, label, recorded } => redacted(*to, label, recorded, &known),
                Taken::Told(exchange) => (**exchange).clone(),
            })
            .collect();
        for (index, exchange) in exchanges.iter_mut().enumerate() {
            exchange.seq = u32::try_from(index + 1).unwrap_or(u32::MAX);
        }
        exchanges
    }
}

/// Reason phrase of a status code.
pub fn reason(status: u16) -> &'static str {
    http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("")
}

fn redacted(to: Actor, label: &str, recorded: &Recorded, known: &Known) -> Exchange {
    let url = url::Url::parse(&recorded.request.uri().to_string())
        .map_or_else(|_| redact::text(&recorded.request.uri().to_string(), known), |url| redact::url(&url, known));
    let (response, status, headers, bytes, failure) = match &recorded.result {
        Ok(answer) => (
            redact::response(answer.status, reason(answer.status), &answer.headers, &answer.body, known),
            Some(answer.status),
            answer.headers.len(),
            answer.body.len(),
            None,
        ),
        Err(fault) => (vec![vec![Span::new(Ink::Quiet, fault.message.clone())]], None, 0, 0, Some(fault.message.clone())),
    };
    Exchange {
        seq: 0,
        from: Actor::Claimscope,
        to,
        label: label.to_owned(),
        through_browser: false,
        reported: false,
        cached: false,
        method: recorded.request.method().to_string(),
        url,
        request: redact::request(&recorded.request, known),
        response,
        response_headers: u32::try_from(headers).unwrap_or(u32::MAX),
        status,
        failure,
        started_ms: recorded.started_ms,
        duration_us: recorded.duration_us,
        response_bytes: bytes,
        token_id: None,
    }
}
