//! Steps.

use ::token::{
    bounded::Rest,
    check::{Check, CheckOutcome, Report},
    compare::{Verdict, VerdictTone},
    text::{Ink, Line, Span},
};

use super::{
    pairs::{pairs, stored_pairs},
    words::KnownWord as _,
};
use crate::{
    audit::{Actor, Candidate, CheckFix, Checked, Diagnosis, Evidence, Exchange, FixAction, Outcome, ServerWords, Step},
    operation::{Draft, Operation},
    v1::{self, More, Unread},
};

fn all<S, T>(records: Vec<S>, shown: impl Fn(S) -> Result<T, Unread>) -> Result<Vec<T>, Unread> {
    records.into_iter().map(shown).collect()
}

pub(super) fn shown(id: i64, record: v1::Step) -> Result<Step, Unread> {
    Ok(Step {
        id,
        started_ms: record.started_ms,
        duration_us: record.duration_us,
        operation: operation(&record.operation)?,
        title: record.title,
        headline: record.headline,
        profile: record.profile,
        subject: record.subject,
        client: record.client,
        audience: record.audience,
        outcome: record.outcome.known().unwrap_or(Outcome::Unknown),
        status: record.status,
        problem: record.problem,
        problem_id: record.problem_id,
        advice: record.advice,
        words: record.words.map(words),
        diagnosis: record.diagnosis.map(shown_diagnosis).transpose()?,
        surprises: all(record.surprises, shown_diagnosis)?,
        tokens_in: record.tokens_in,
        tokens_out: record.tokens_out,
        verdicts: record.verdicts.into_iter().map(verdict).collect(),
        report: record.report.map(report).transpose()?,
        main_exchange: record.main_exchange,
        bundle: record.bundle,
        exchanges: all(record.exchanges, exchange)?,
        events: Vec::new(),
        draft: record.draft.map(draft).transpose()?,
    })
}

pub(super) fn stored(step: Step) -> v1::Step {
    let Step {
        id: _,
        started_ms,
        duration_us,
        operation,
        title,
        headline,
        profile,
        subject,
        client,
        audience,
        outcome,
        status,
        problem,
        problem_id,
        advice,
        words,
        diagnosis,
        surprises,
        tokens_in,
        tokens_out,
        verdicts,
        report,
        main_exchange,
        bundle,
        exchanges,
        events: _,
        draft,
    } = step;
    v1::Step {
        started_ms,
        duration_us,
        operation: operation.into(),
        title,
        headline,
        profile,
        subject,
        client,
        audience,
        outcome: outcome.into(),
        status,
        problem,
        problem_id,
        advice,
        words: words.map(stored_words),
        diagnosis: diagnosis.map(stored_diagnosis),
        surprises: surprises.into_iter().map(stored_diagnosis).collect(),
        tokens_in,
        tokens_out,
        verdicts: verdicts.into_iter().map(stored_verdict).collect(),
        report: report.map(stored_report),
        main_exchange,
        bundle,
        exchanges: exchanges.into_iter().map(stored_exchange).collect(),
        draft: draft.map(stored_draft),
        more: More::new(),
    }
}

fn operation(word: &v1::Operation) -> Result<Operation, Unread> {
    word.known().ok_or_else(|| Unread::Word { what: "operation", word: word.word().to_owned() })
}

fn actor(word: &v1::Actor) -> Result<Actor, Unread> {
    word.known().ok_or_else(|| Unread::Word { what: "participant", word: word.word().to_owned() })
}

fn lines(lines: &[v1::Line]) -> Vec<Line> {
    let span = |(text, ink): (&str, &v1::Ink)| Span { text: text.to_owned(), ink: ink.known().unwrap_or(Ink::Plain) };
    lines.iter().map(|line| line.pieces().into_iter().map(span).collect()).collect()
}

fn stored_lines(lines: &[Line]) -> Vec<v1::Line> {
    lines.iter().map(|line| v1::Line::of(line.iter().map(|span| (span.text.as_str(), span.ink.into())))).collect()
}

fn exchange(record: v1::Exchange) -> Result<Exchange, Unread> {
    Ok(Exchange {
        seq: record.seq,
        from: actor(&record.from)?,
        to: actor(&record.to)?,
        label: record.label,
        purpose: record.purpose.known().unwrap_or_default(),
        through_browser: record.through_browser,
        reported: record.reported,
        cached: record.cached,
        method: record.method,
        url: record.url,
        request: lines(&record.request),
        response: lines(&record.response),
        rest: record.rest.map(|v1::Rest { lines, next, sha256, .. }| Rest { lines, next, sha256 }),
        response_headers: record.response_headers,
        status: record.status,
        failure: record.failure,
        started_ms: record.started_ms,
        duration_us: record.duration_us,
        response_bytes: record.response_bytes,
        token_id: record.token_id,
    })
}

fn stored_exchange(exchange: Exchange) -> v1::Exchange {
    let Exchange {
        seq,
        from,
        to,
        label,
        purpose,
        through_browser,
        reported,
        cached,
        method,
        url,
        request,
        response,
        rest,
        response_headers,
        status,
        failure,
        started_ms,
        duration_us,
        response_bytes,
        token_id,
    } = exchange;
    v1::Exchange {
        seq,
        from: from.into(),
        to: to.into(),
        label,
        purpose: purpose.into(),
        through_browser,
        reported,
        cached,
        method,
        url,
        request: stored_lines(&request),
        response: stored_lines(&response),
        rest: rest.map(|Rest { lines, next, sha256 }| v1::Rest { lines, next, sha256, more: More::new() }),
        response_headers,
        status,
        failure,
        started_ms,
        duration_us,
        response_bytes,
        token_id,
        more: More::new(),
    }
}

fn words(record: v1::ServerWords) -> ServerWords {
    let v1::ServerWords { server, status, status_text, body, error, description, account_link, .. } = record;
    ServerWords { server, status, status_text, body: lines(&body), error, description, account_link }
}

fn stored_words(words: ServerWords) -> v1::ServerWords {
    let ServerWords { server, status, status_text, body, error, description, account_link } = words;
    v1::ServerWords {
        server,
        status,
        status_text,
        body: stored_lines(&body),
        error,
        description,
        account_link,
        more: More::new(),
    }
}

pub(super) fn shown_diagnosis(record: v1::Diagnosis) -> Result<Diagnosis, Unread> {
    let v1::Diagnosis { id, certain, cause, evidence, fix, actions, tell, others, .. } = record;
    Ok(Diagnosis {
        id,
        certain,
        cause,
        evidence: evidence
            .into_iter()
            .map(|v1::Evidence { name, values, missing, .. }| Evidence { name, values, missing })
            .collect(),
        fix,
        actions: all(actions, action)?,
        tell,
        others: others.into_iter().map(|v1::Candidate { id, cause, fix, tell, .. }| Candidate { id, cause, fix, tell }).collect(),
    })
}

pub(super) fn stored_diagnosis(diagnosis: Diagnosis) -> v1::Diagnosis {
    let Diagnosis { id, certain, cause, evidence, fix, actions, tell, others } = diagnosis;
    v1::Diagnosis {
        id,
        certain,
        cause,
        evidence: evidence
            .into_iter()
            .map(|Evidence { name, values, missing }| v1::Evidence { name, values, missing, more: More::new() })
            .collect(),
        fix,
        actions: actions.into_iter().map(stored_action).collect(),
        tell,
        others: others
            .into_iter()
            .map(|Candidate { id, cause, fix, tell }| v1::Candidate { id, cause, fix, tell, more: More::new() })
            .collect(),
        more: More::new(),
    }
}

fn action(record: v1::Action) -> Result<FixAction, Unread> {
    Ok(FixAction { label: record.label, values: pairs(record.values), operation: operation(&record.operation)? })
}

fn stored_action(action: FixAction) -> v1::Action {
    let FixAction { label, values, operation } = action;
    v1::Action { label, values: stored_pairs(values), operation: operation.into(), more: More::new() }
}

fn verdict(record: v1::Verdict) -> Verdict {
    let v1::Verdict { id, label, tone, word, rest, paths, .. } = record;
    Verdict { id, label, tone: tone.known().unwrap_or(VerdictTone::Unknown), word, rest, paths }
}

fn stored_verdict(verdict: Verdict) -> v1::Verdict {
    let Verdict { id, label, tone, word, rest, paths } = verdict;
    v1::Verdict { id, label, tone: tone.into(), word, rest, paths, more: More::new() }
}

fn report(record: v1::Report) -> Result<Checked, Unread> {
    let v1::Report { resource, answer, error, challenge, headline, first_failure, checks, until_s, fixes, .. } = record;
    let fix = |fix: v1::CheckFix| Ok(CheckFix { check: fix.check, action: action(fix.action)? });
    Ok(Checked {
        report: Report {
            resource,
            answer,
            error,
            challenge,
            headline,
            first_failure,
            checks: checks.into_iter().map(check).collect(),
            until_s,
        },
        fixes: all(fixes, fix)?,
    })
}

fn stored_report(checked: Checked) -> v1::Report {
    let Checked { report, fixes } = checked;
    let Report { resource, answer, error, challenge, headline, first_failure, checks, until_s } = report;
    let fix = |CheckFix { check, action }| v1::CheckFix { check, action: stored_action(action), more: More::new() };
    v1::Report {
        resource,
        answer,
        error,
        challenge,
        headline,
        first_failure,
        checks: checks.into_iter().map(stored_check).collect(),
        until_s,
        fixes: fixes.into_iter().map(fix).collect(),
        more: More::new(),
    }
}

fn check(record: v1::Check) -> Check {
    let v1::Check { id, label, title, outcome, expected, found, path, missing, advice, rfc, moment, .. } = record;
    let outcome = outcome.known().unwrap_or(CheckOutcome::Unknown);
    Check { id, label, title, outcome, expected, found, path, missing, advice, rfc, moment }
}

fn stored_check(check: Check) -> v1::Check {
    let Check { id, label, title, outcome, expected, found, path, missing, advice, rfc, moment } = check;
    let outcome = outcome.into();
    v1::Check { id, label, title, outcome, expected, found, path, missing, advice, rfc, moment, more: More::new() }
}

fn draft(record: v1::Draft) -> Result<Draft, Unread> {
    Ok(Draft {
        operation: operation(&record.operation)?,
        profile: record.profile,
        values: pairs(record.values),
        extra: pairs(record.extra),
    })
}

fn stored_draft(draft: Draft) -> v1::Draft {
    let Draft { operation, profile, values, extra } = draft;
    v1::Draft {
        operation: operation.into(),
        profile,
        values: stored_pairs(values),
        extra: stored_pairs(extra),
        more: More::new(),
    }
}
