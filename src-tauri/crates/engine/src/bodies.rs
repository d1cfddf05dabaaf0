//! Bodies that are longer than their record, for as long as they are at hand.
//!
//! A step keeps the first part of a long answer. The whole of the last few stays in memory, in clear and unparsed, so that the
//! window can ask for more of it; each part is masked anew with what was known when the step ended.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use record::{
    audit::Exchange,
    redact::{self, KnownSecrets},
};
use token::{
    bounded::{self, Part},
    text::Span,
};

use crate::{
    fault::TokenFault,
    http::HttpAnswer,
    journal::Journal,
    tape::{Long, reason},
};

/// Most bytes of bodies that are held; older ones go.
const MOST_BYTES: usize = 16 << 20;

struct Held {
    step: i64,
    long: Long,
    known: Arc<KnownSecrets>,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Bodies(Mutex<VecDeque<Held>>);

impl Bodies {
    /// Holds the long answers of a step that was just written.
    pub(crate) fn hold(&self, step: i64, long: Vec<Long>, known: KnownSecrets) {
        let known = Arc::new(known);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.extend(long.into_iter().map(|long| Held { step, long, known: Arc::clone(&known) }));
        let size = |held: &VecDeque<Held>| held.iter().map(|one| one.long.answer.body.len()).sum::<usize>();
        while held.len() > 1 && size(&held) > MOST_BYTES {
            held.pop_front();
        }
    }

    fn find(&self, step: i64, seq: u32) -> Option<(HttpAnswer, Arc<KnownSecrets>)> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = held.iter().find(|one| one.step == step && one.long.seq == seq)?;
        Some((one.long.answer.clone(), Arc::clone(&one.known)))
    }
}

/// The part of an exchange's response that begins at a line. It is laid out here and now, so this may take a moment.
///
/// # Errors
/// When there is no such exchange, or its body is no longer at hand.
pub(crate) fn response_part(bodies: &Bodies, journal: &Journal, step: i64, seq: u32, from: usize) -> Result<Part, TokenFault> {
    if let Some((answer, known)) = bodies.find(step, seq) {
        let words = reason(answer.status);
        let mut part = redact::response_part(answer.status, words, &answer.headers, &answer.body, &known, from);
        part.lines.iter_mut().flatten().for_each(Span::make_visible);
        return Ok(part);
    }
    let fault = |id, message: String, advice: &str| TokenFault { id, message, advice: advice.into() };
    let kept = journal.step(step).map_err(|error| fault("journal", error.to_string(), "Try again."))?;
    let exchange = kept.and_then(|step| step.exchanges.into_iter().find(|one| one.seq == seq));
    let Some(Exchange { response, rest, .. }) = exchange else {
        return Err(fault("no-such-exchange", format!("Step {step} has no exchange {seq}."), "Choose another one."));
    };
    // The last line of a cut record is the one that says so.
    let (whole, there) = match &rest {
        Some(rest) => (rest.lines, rest.next),
        None => (response.len(), response.len()),
    };
    if from >= there && from < whole {
        return Err(fault(
            "body-gone",
            "The rest of this answer is no longer at hand: a record keeps the first part, the length and the digest.".into(),
            "Run the step again to see all of it.",
        ));
    }
    Ok(bounded::part(response.into_iter().take(there).skip(from), from, whole))
}
