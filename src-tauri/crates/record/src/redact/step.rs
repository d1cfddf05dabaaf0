//! The last net over a record: whatever a step, an event or a diagnosis says in words is read once more for known values and shapes
//! before it is written, so that a value that came there by a way nobody thought of is not kept.

use super::{needles::KnownSecrets, plain};
use crate::audit::{Candidate, Checked, Diagnosis, Event, Evidence, Exchange, ServerWords, Step};
use token::{check::Report, compare::Verdict, text::Pair};

/// What the words of a record are read for.
struct Net<'a>(&'a KnownSecrets);

impl Net<'_> {
    /// Our own sentences, and values out of tokens.
    fn ours(&self, text: &mut String) {
        let shown = plain::claim(text, self.0);
        if shown != *text {
            *text = shown;
        }
    }

    /// What a server or a library says.
    fn theirs(&self, text: &mut String) {
        let shown = plain::text(text, self.0);
        if shown != *text {
            *text = shown;
        }
    }

    fn all<'t>(&self, texts: impl IntoIterator<Item = &'t mut String>) {
        texts.into_iter().for_each(|text| self.ours(text));
    }

    fn pairs(&self, pairs: &mut [Pair]) {
        pairs.iter_mut().for_each(|pair| self.ours(&mut pair.value));
    }
}

/// A step before it is written. Its exchanges and its draft have been redacted already.
pub fn step(step: &mut Step, known: &KnownSecrets) {
    let net = Net(known);
    net.ours(&mut step.headline);
    net.all([&mut step.subject, &mut step.client, &mut step.audience].into_iter().flatten());
    [&mut step.problem, &mut step.advice].into_iter().flatten().for_each(|text| net.theirs(text));
    if let Some(ServerWords { server, error, description, account_link, .. }) = &mut step.words {
        net.ours(server);
        [error, description].into_iter().flatten().for_each(|text| net.theirs(text));
        // A link with dots in it leads nowhere.
        if account_link.as_ref().is_some_and(|link| plain::claim(link, known) != *link) {
            *account_link = None;
        }
    }
    step.diagnosis.iter_mut().chain(&mut step.surprises).for_each(|found| diagnosis(found, known));
    step.verdicts.iter_mut().for_each(|verdict| self::verdict(verdict, &net));
    step.report.iter_mut().for_each(|report| checked(report, &net));
    step.exchanges.iter_mut().for_each(|exchange| self::exchange(exchange, &net));
}

/// A reading of a refusal.
pub fn diagnosis(diagnosis: &mut Diagnosis, known: &KnownSecrets) {
    let net = Net(known);
    let Diagnosis { id: _, certain: _, cause, evidence, fix, actions, tell, others } = diagnosis;
    net.all([cause, fix].into_iter().chain(tell));
    for Evidence { name, values, missing } in evidence {
        net.all(std::iter::once(name).chain(values).chain(missing));
    }
    for action in actions {
        net.ours(&mut action.label);
        net.pairs(&mut action.values);
    }
    for Candidate { id: _, cause, fix, tell } in others {
        net.all([cause, fix, tell]);
    }
}

/// An event of a server before it is written.
pub fn event(event: &mut Event, known: &KnownSecrets) {
    let net = Net(known);
    let Event { error, client, user_id, username, session, token_id, audience, details, event_type, .. } = event;
    net.all([error, client, user_id, username, session, token_id, audience].into_iter().flatten());
    net.ours(event_type);
    net.pairs(details);
}

fn verdict(verdict: &mut Verdict, net: &Net<'_>) {
    net.all([&mut verdict.word, &mut verdict.rest]);
}

fn checked(checked: &mut Checked, net: &Net<'_>) {
    let Checked { report, fixes } = checked;
    fixes.iter_mut().for_each(|fix| net.pairs(&mut fix.action.values));
    let Report { resource, error, challenge, headline, checks, .. } = report;
    net.all([resource, headline].into_iter().chain(error).chain(challenge));
    for check in checks {
        net.all(
            [&mut check.title, &mut check.expected, &mut check.found]
                .into_iter()
                .chain(&mut check.missing)
                .chain(&mut check.advice),
        );
    }
}

fn exchange(exchange: &mut Exchange, net: &Net<'_>) {
    net.all([&mut exchange.label, &mut exchange.url].into_iter().chain(&mut exchange.failure).chain(&mut exchange.token_id));
}
