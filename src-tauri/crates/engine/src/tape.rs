//! The tape of a running step: every HTTP exchange, token and secret it has met so far.
//!
//! It stands outside the flow, so that a step that is cancelled or fails half-way is recorded with all that happened before.

use std::sync::{Mutex, MutexGuard, PoisonError};

use record::{
    audit::{Actor, Exchange, ExchangePurpose},
    redact::{self, KnownSecrets},
};
use token::{
    bounded::{self, Rest},
    measure,
    secret::Secret,
    text::{Ink, Line, Span},
};

use crate::{
    http::{HttpAnswer, Recorded},
    journal::Begun,
};

/// Something that went over the wire, before redaction.
pub enum Taken {
    /// Sent by our client.
    Ours {
        /// Receiver.
        to: Actor,
        /// Words on the arrow.
        label: String,
        /// What it is for.
        purpose: ExchangePurpose,
        /// The exchange.
        recorded: Box<Recorded>,
    },
    /// Seen or reported, already redacted.
    Told(Box<Exchange>),
}

/// A request that is on its way, or about to be: what is known of it when no answer comes.
struct UnderWay {
    to: Actor,
    label: String,
    request: http::Request<Vec<u8>>,
    started_ms: i64,
}

/// What stands where the answer would, when the step ended before one came.
const NO_ANSWER: &str = "No answer is known: the step ended before one came.";

#[derive(Default)]
struct Inner {
    taken: Vec<Taken>,
    under_way: Option<UnderWay>,
    main: Option<usize>,
    secrets: Vec<Secret>,
    tokens: Vec<(Secret, String)>,
    /// What was known before the step.
    before: KnownSecrets,
    /// What is made of all three, until something is added.
    known: Option<KnownSecrets>,
}

/// See the module.
#[derive(Default)]
pub struct Tape {
    inner: Mutex<Inner>,
    /// The note of the step in the journal.
    pub(crate) begun: Begun,
}

impl Tape {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an exchange.
    pub fn add(&self, taken: Taken) {
        self.lock().taken.push(taken);
    }

    /// Says what the step is about to send, before it does; the answer is then added with [`add_main`](Self::add_main).
    pub fn sends(&self, to: Actor, label: &str, request: &http::Request<Vec<u8>>, started_ms: i64) {
        self.lock().under_way = Some(UnderWay { to, label: label.to_owned(), request: request.clone(), started_ms });
    }

    /// Whether a request was, or may have been, sent that no answer is known of.
    pub fn is_under_way(&self) -> bool {
        self.lock().under_way.is_some()
    }

    /// Adds the exchange the step is about; a later one takes its place.
    pub fn add_main(&self, taken: Taken) {
        let mut inner = self.lock();
        inner.under_way = None;
        inner.main = Some(inner.taken.len());
        inner.taken.push(taken);
    }

    /// Position of the exchange the step is about, as in [`Exchange::seq`].
    pub fn main(&self) -> Option<u32> {
        let inner = self.lock();
        let pending = inner.under_way.is_some().then_some(inner.taken.len());
        pending.or(inner.main).and_then(|index| u32::try_from(index + 1).ok())
    }

    /// Adds a text that must not be shown.
    pub fn hide(&self, secret: &Secret) {
        let mut inner = self.lock();
        if !inner.secrets.contains(secret) {
            inner.secrets.push(secret.clone());
            inner.known = None;
        }
    }

    /// What is known before the step; it is looked for as well.
    pub fn begin_with(&self, known: KnownSecrets) {
        let mut inner = self.lock();
        inner.before = known;
        inner.known = None;
    }

    /// Adds a token text with the words it is shown by.
    pub fn name(&self, token: &Secret, evidence: String) {
        let mut inner = self.lock();
        inner.tokens.push((token.clone(), evidence));
        inner.known = None;
    }

    /// Status of the last answer our client got.
    pub fn last_status(&self) -> Option<u16> {
        self.lock().taken.iter().rev().find_map(|taken| match taken {
            Taken::Ours { recorded, .. } => recorded.result.as_ref().ok().map(|answer| answer.status),
            Taken::Told(_) => None,
        })
    }

    /// All that is to be redacted, as far as it is known now; made once and shared until more is known.
    pub fn known(&self) -> KnownSecrets {
        let mut inner = self.lock();
        if let Some(known) = &inner.known {
            return known.clone();
        }
        let known = KnownSecrets::over(&inner.before, inner.secrets.clone(), inner.tokens.clone());
        inner.known = Some(known.clone());
        known
    }

    /// The exchanges in order of time, redacted, and the answers among them that are longer than their record.
    pub(crate) fn exchanges(&self) -> (Vec<Exchange>, Vec<Long>) {
        let known = self.known();
        let inner = self.lock();
        let mut long = Vec::new();
        let mut exchanges: Vec<Exchange> = inner
            .taken
            .iter()
            .map(|taken| match taken {
                Taken::Ours { to, label, purpose, recorded } => {
                    Exchange { purpose: *purpose, ..redacted(*to, label, recorded, &known) }
                }
                // It was written down when less was known.
                Taken::Told(exchange) => bounded_told(&told(exchange, &known)),
            })
            .collect();
        exchanges.extend(inner.under_way.as_ref().map(|pending| unanswered(pending, &known)));
        for (index, exchange) in exchanges.iter_mut().enumerate() {
            exchange.seq = u32::try_from(index + 1).unwrap_or(u32::MAX);
        }
        for (exchange, taken) in exchanges.iter().zip(&inner.taken) {
            // A body is kept aside for its further lines alone.
            if let (Some(rest), Taken::Ours { recorded, .. }) = (&exchange.rest, taken)
                && rest.next < rest.lines
                && let Ok(answer) = &recorded.result
            {
                long.push(Long { seq: exchange.seq, answer: answer.clone() });
            }
        }
        (exchanges, long)
    }
}

/// A long answer of an exchange.
#[derive(Clone)]
pub(crate) struct Long {
    /// Position of its exchange in the step.
    pub(crate) seq: u32,
    pub(crate) answer: HttpAnswer,
}

/// Reason phrase of a status code.
pub fn reason(status: u16) -> &'static str {
    http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("")
}

fn told(exchange: &Exchange, known: &KnownSecrets) -> Exchange {
    let mut exchange = exchange.clone();
    exchange.url = redact::text(&exchange.url, known);
    exchange.label = redact::text(&exchange.label, known);
    for span in exchange.request.iter_mut().chain(&mut exchange.response).flatten() {
        let shown = redact::text(&span.text, known);
        if shown != span.text {
            *span = Span::new(Ink::Secret, shown);
        }
    }
    exchange
}

/// `GET /token, token-exchange`: the path may hold what the rest of an address may.
fn label(label: &str, known: &KnownSecrets) -> String {
    match label.split_once(' ') {
        Some((method, path)) if path.starts_with('/') => {
            let (path, rest) = path.split_once(", ").map_or((path, String::new()), |(path, rest)| (path, format!(", {rest}")));
            format!("{} {}{}", redact::text(method, known), redact::url_text(path, known), redact::text(&rest, known))
        }
        _ => redact::text(label, known),
    }
}

/// The request alone, where no answer is known.
fn unanswered(pending: &UnderWay, known: &KnownSecrets) -> Exchange {
    Exchange {
        started_ms: pending.started_ms,
        response: vec![vec![Span::new(Ink::Quiet, NO_ANSWER)]],
        failure: Some(NO_ANSWER.to_owned()),
        ..asked(pending.to, &pending.label, &pending.request, known)
    }
}

fn redacted(to: Actor, words: &str, recorded: &Recorded, known: &KnownSecrets) -> Exchange {
    let (response, rest, status, headers, bytes, failure) = match &recorded.result {
        Ok(answer) => {
            let (lines, rest) = laid_out(answer, known);
            (lines, rest, Some(answer.status), answer.headers.len(), answer.body.len(), None)
        }
        Err(fault) => {
            // An error of a library may name the whole address.
            let message = redact::text(&fault.message, known);
            (vec![vec![Span::new(Ink::Quiet, message.clone())]], None, None, 0, 0, Some(message))
        }
    };
    Exchange {
        response,
        rest,
        response_headers: u32::try_from(headers).unwrap_or(u32::MAX),
        status,
        failure,
        started_ms: recorded.started_ms,
        duration_us: recorded.duration_us,
        response_bytes: bytes,
        ..asked(to, words, &recorded.request, known)
    }
}

/// An exchange of which only the request is known.
fn asked(to: Actor, words: &str, request: &http::Request<Vec<u8>>, known: &KnownSecrets) -> Exchange {
    let address = request.uri().to_string();
    let url = url::Url::parse(&address).map_or_else(|_| redact::url_text(&address, known), |url| redact::url(&url, known));
    Exchange {
        seq: 0,
        from: Actor::Claimscope,
        to,
        label: label(words, known),
        through_browser: false,
        purpose: ExchangePurpose::Other,
        reported: false,
        cached: false,
        method: redact::text(request.method().as_str(), known),
        url: bounded::sentence(&url),
        request: cut(redact::request(request, known), request.body()).0,
        response: Vec::new(),
        rest: None,
        response_headers: 0,
        status: None,
        failure: None,
        started_ms: 0,
        duration_us: 0,
        response_bytes: 0,
        token_id: None,
    }
}

/// The first part of a response, and what is not in it. A body in a coding nobody asked for is named instead of shown.
fn laid_out(answer: &HttpAnswer, known: &KnownSecrets) -> (Vec<Line>, Option<Rest>) {
    let shown = |body: &[u8]| redact::response_part(answer.status, reason(answer.status), &answer.headers, body, known, 0);
    if let Some(coding) = answer.coding() {
        let mut head = shown(b"").lines;
        let (size, digest) = (measure::size(answer.body.len()), bounded::sha256(&answer.body));
        let words = format!("{size} in the coding {coding}, which was not asked for and is not unpacked; SHA-256 {digest}");
        head.extend([Vec::new(), vec![Span::new(Ink::Quiet, words)]]);
        return (head, None);
    }
    let part = shown(&answer.body);
    // A body on one line has no further lines, and still its length and digest belong above its beginning.
    let cut = part.next.is_none() && part.lines.iter().any(|line| bounded::is_cut(line));
    let Some(next) = part.next.or_else(|| cut.then_some(part.whole)) else { return (part.lines, None) };
    let rest = Rest { lines: part.whole, next, sha256: bounded::sha256(&answer.body) };
    let mut lines = part.lines;
    lines.push(bounded::cut_words(next, rest.lines, answer.body.len(), &rest.sha256));
    (lines, Some(rest))
}

/// Lines that were laid out elsewhere, with the words that say what is missing; the flag says whether something is.
fn cut(lines: Vec<Line>, body: &[u8]) -> (Vec<Line>, bool) {
    let whole = lines.len();
    let part = bounded::part(lines, 0, whole);
    let mut lines = part.lines;
    if let Some(next) = part.next {
        lines.push(bounded::cut_words(next, whole, body.len(), &bounded::sha256(body)));
    }
    (lines, part.next.is_some())
}

/// What a gateway told of an exchange of its own is as long as it likes.
fn bounded_told(exchange: &Exchange) -> Exchange {
    let bytes = |lines: &[Line]| lines.iter().flatten().map(|span| span.text.as_str()).collect::<String>().into_bytes();
    let cut = |lines: &Vec<Line>| cut(lines.clone(), &bytes(lines)).0;
    Exchange {
        label: bounded::sentence(&exchange.label),
        url: bounded::sentence(&exchange.url),
        request: cut(&exchange.request),
        response: cut(&exchange.response),
        token_id: exchange.token_id.as_deref().map(bounded::sentence),
        ..exchange.clone()
    }
}
