//! One call again and again until its answer changes: how long a cache lets a revoked token pass, keeps a refused one out, or takes to
//! hear of a change. The calls are steps like any other; this lays them out as runs of the same answer and says what they show.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Admission, stages};
use record::{
    audit::{Outcome, Step},
    operation::FieldFault,
};
use token::words;

/// How often and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RepeatPlan {
    /// Pause between two calls, milliseconds.
    pub every_ms: i64,
    /// The end when nothing changes, milliseconds from the first call.
    pub for_ms: i64,
    /// Call once, revoke the token, and repeat from there.
    pub revoke: bool,
}

/// Shortest pause: what is measured is a cache, not the server's strength.
const SHORTEST_MS: i64 = 100;
/// Longest end.
const LONGEST_MS: i64 = 4 * 3_600_000;

impl RepeatPlan {
    /// What is wrong with it, by field.
    pub fn faults(&self) -> Vec<FieldFault> {
        let fault = |field: &str, message: &str| FieldFault { field: field.into(), message: message.into() };
        let mut found = Vec::new();
        if !(SHORTEST_MS..=600_000).contains(&self.every_ms) {
            found.push(fault("every", "Choose a pause from a tenth of a second to 10 minutes."));
        }
        if !(self.every_ms..=LONGEST_MS).contains(&self.for_ms) {
            found.push(fault("for", "Choose an end that is not before the second call and not after 4 hours."));
        }
        found
    }
}

/// Why it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RepeatEnd {
    /// It goes on.
    Going,
    /// The answer changed.
    Changed,
    /// Nothing changed until the end that was set.
    TimeOver,
    /// The user stopped it.
    Cancelled,
    /// The token was to be revoked and was not.
    NotRevoked,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RepeatedCall {
    /// Step in the journal.
    pub step: i64,
    /// When, epoch milliseconds.
    pub at_ms: i64,
    /// Since the revocation, or without one since the first call; milliseconds.
    pub after_ms: i64,
    /// How it ended.
    pub admission: Admission,
    /// `200`, `401 900901`.
    pub words: String,
}

/// Calls in a row with the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SameAnswer {
    /// How they ended.
    pub admission: Admission,
    /// `200`, `401 900901`.
    pub words: String,
    /// How many.
    pub calls: usize,
    /// The first of them, as [`RepeatedCall::after_ms`].
    pub from_ms: i64,
    /// The last of them.
    pub to_ms: i64,
    /// Step of the first.
    pub step: i64,
}

/// All calls so far, and what they show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Repetition {
    /// Every call, oldest first.
    pub calls: Vec<RepeatedCall>,
    /// The same in runs of one answer.
    pub answers: Vec<SameAnswer>,
    /// When the token was revoked, epoch milliseconds; none when it was not.
    pub revoked_ms: Option<i64>,
    /// Why it ended.
    pub end: RepeatEnd,
    /// The conclusion in one sentence.
    pub headline: String,
    /// What follows from it.
    pub detail: String,
}

/// A step as one of the calls; `from_ms` is the revocation or the first call.
pub fn call(step: &Step, from_ms: i64) -> RepeatedCall {
    RepeatedCall {
        step: step.id,
        at_ms: step.started_ms,
        after_ms: step.started_ms.saturating_sub(from_ms),
        admission: match step.outcome {
            Outcome::Success => Admission::Accepted,
            Outcome::Refused if stages::about_token(step) => Admission::Refused,
            _ => Admission::Unknown,
        },
        words: stages::words_of(step),
    }
}

/// Lays the calls out and concludes.
pub fn repetition(calls: Vec<RepeatedCall>, revoked_ms: Option<i64>, end: RepeatEnd) -> Repetition {
    let mut answers: Vec<SameAnswer> = Vec::new();
    for call in &calls {
        match answers.last_mut().filter(|last| (last.admission, &last.words) == (call.admission, &call.words)) {
            Some(last) => {
                last.calls += 1;
                last.to_ms = call.after_ms;
            }
            None => answers.push(SameAnswer {
                admission: call.admission,
                words: call.words.clone(),
                calls: 1,
                from_ms: call.after_ms,
                to_ms: call.after_ms,
                step: call.step,
            }),
        }
    }
    let (headline, detail) = conclusion(&calls, revoked_ms.is_some(), end);
    Repetition { calls, answers, revoked_ms, end, headline, detail }
}

fn conclusion(calls: &[RepeatedCall], revoked: bool, end: RepeatEnd) -> (String, String) {
    let span = |call: &RepeatedCall| words::duration(call.after_ms / 1000);
    let (since, after) = if revoked { (" after the revocation", " after the revocation") } else { ("", " after the first call") };
    let (Some(first), Some(last)) = (calls.first(), calls.last()) else {
        let headline = match end {
            RepeatEnd::NotRevoked => "The token was not revoked, so nothing was repeated.",
            RepeatEnd::Going => "The first call is under way.",
            _ => "Nothing was called.",
        };
        return (headline.into(), String::new());
    };
    let state = match first.admission {
        Admission::Accepted => "accepted".to_owned(),
        Admission::Refused => format!("refused ({})", first.words),
        _ => format!("without a word about the token ({})", first.words),
    };
    let count = words::count(calls.len(), "call");
    let before = calls.iter().rev().find(|call| call.admission == first.admission).unwrap_or(first);
    let headline = match (end, first.admission, last.admission) {
        (RepeatEnd::Changed, Admission::Accepted, _) => format!("It passed for {}{since}, then {}.", span(before), last.words),
        (RepeatEnd::Changed, _, Admission::Accepted) => format!("It was {state} for {}{since}, then accepted.", span(before)),
        (RepeatEnd::Changed, ..) => format!("It was {state} for {}{since}, then {}.", span(before), last.words),
        (RepeatEnd::TimeOver, ..) => format!("It was still {state} {}{after}, in {count}.", span(last)),
        (RepeatEnd::Going, ..) => format!("It is {state} so far: {}{since}, {count}.", span(last)),
        _ => format!("Stopped: it was {state} until {}{since}, in {count}.", span(last)),
    };
    (headline, detail(first, last, revoked, end).into())
}

fn detail(first: &RepeatedCall, last: &RepeatedCall, revoked: bool, end: RepeatEnd) -> &'static str {
    match (first.admission, last.admission, revoked, end) {
        (Admission::Accepted, Admission::Refused, true, RepeatEnd::Changed) => {
            "So long somebody went by what was known of the token before: a gateway keeps what introspection said of an opaque token for up to 15 min, WSO2's own APIs a token they have seen for 5 min."
        }
        (Admission::Accepted, Admission::Accepted, true, _) => {
            "Whoever checks signature and time alone never learns of a revocation; such a token passes until exp."
        }
        (Admission::Refused, Admission::Accepted, ..) => {
            "The cause was mended, or the memory of the refusal ended: WSO2 keeps a refused token for 15 min, and a new subscription takes some seconds."
        }
        (Admission::Refused, Admission::Refused, ..) => {
            "WSO2 keeps a refused token for 15 min and answers from memory: mending the cause does not help this token, a new one does."
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(list: &[(i64, Admission, &str)]) -> Vec<RepeatedCall> {
        let call = |(index, (after_s, admission, words)): (i64, &(i64, Admission, &str))| RepeatedCall {
            step: 10 + index,
            at_ms: after_s * 1000,
            after_ms: after_s * 1000,
            admission: *admission,
            words: (*words).into(),
        };
        (0..).zip(list).map(call).collect()
    }

    #[test]
    fn the_conclusion_says_what_was_so_for_how_long_and_what_came_then() {
        use Admission::{Accepted, Refused, Unknown};
        use RepeatEnd::{Cancelled, Changed, Going, NotRevoked, TimeOver};
        type Row = (&'static [(i64, Admission, &'static str)], bool, RepeatEnd, &'static str);
        const ROWS: &[Row] = &[
            (
                &[(1, Accepted, "200"), (62, Accepted, "200"), (67, Refused, "401 900901")],
                true,
                Changed,
                "It passed for 1 min 2 s after the revocation, then 401 900901.",
            ),
            (
                &[(0, Refused, "403 900908"), (4, Refused, "403 900908"), (9, Accepted, "200")],
                false,
                Changed,
                "It was refused (403 900908) for 4 s, then accepted.",
            ),
            (
                &[(0, Refused, "401 900901"), (900, Refused, "401 900901")],
                false,
                TimeOver,
                "It was still refused (401 900901) 15 min after the first call, in 2 calls.",
            ),
            (&[(0, Accepted, "200"), (5, Unknown, "503")], false, Changed, "It passed for 0 s, then 503."),
            (&[(0, Accepted, "200")], false, Going, "It is accepted so far: 0 s, 1 call."),
            (&[(3, Accepted, "200")], true, Cancelled, "Stopped: it was accepted until 3 s after the revocation, in 1 call."),
            (&[], false, NotRevoked, "The token was not revoked, so nothing was repeated."),
        ];
        for (list, revoked, end, headline) in ROWS {
            let found = repetition(calls(list), revoked.then_some(0), *end);
            assert_eq!(found.headline, *headline);
            assert_eq!(found.answers.iter().map(|answer| answer.calls).sum::<usize>(), list.len());
        }
        let found = repetition(calls(ROWS[0].0), Some(0), Changed);
        let runs: Vec<(usize, i64, i64, i64)> =
            found.answers.iter().map(|one| (one.calls, one.from_ms, one.to_ms, one.step)).collect();
        assert_eq!(runs, [(2, 1000, 62_000, 10), (1, 67_000, 67_000, 12)]);
        assert!(found.detail.contains("introspection"), "{}", found.detail);
    }

    #[test]
    fn a_plan_that_would_flood_or_never_repeat_is_refused_by_field() {
        let faults = |every_ms, for_ms| {
            let plan = RepeatPlan { every_ms, for_ms, revoke: false };
            plan.faults().into_iter().map(|fault| fault.field).collect::<Vec<_>>()
        };
        assert_eq!(faults(5000, 960_000), Vec::<String>::new());
        assert_eq!(faults(10, 960_000), ["every"]);
        assert_eq!(faults(5000, 4000), ["for"]);
        assert_eq!(faults(5000, 5 * 3_600_000), ["for"]);
    }
}
