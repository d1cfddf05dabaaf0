//! Identity drift: a token somebody keeps, beside what a fresh exchange would give now.
//!
//! A gateway that exchanges tokens keeps them until they end. Roles that were taken away meanwhile, or a user who was disabled,
//! are not in what it keeps, and the API behind it goes by that. The comparison is the usual one; what is added here is what the
//! differences mean, and that a refusal of the fresh exchange is the largest difference of all.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use record::audit::{Diagnosis, Outcome, Step};
use token::{
    claims,
    compare::{self, Cell, Change, Column, Mark, Row, Verdict, VerdictTone},
    finding::{Finding, Severity},
    inspect::{ClaimValue, TokenView},
    words,
};

/// Which token is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum DriftOf {
    /// The one the gateway used for a call it made with a token from its cache.
    Call {
        /// Step of the call.
        step: i64,
    },
    /// One on the shelf that came from an exchange.
    Token {
        /// Its id.
        token: String,
    },
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DriftKind {
    /// A fresh exchange says the same.
    Same,
    /// A fresh exchange says something else.
    Changed,
    /// A fresh exchange is refused.
    Refused,
    /// The fresh exchange got no usable answer.
    Unknown,
}

/// A claim that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DriftLine {
    /// Path of the claim.
    pub path: String,
    /// What the kept token has, one text a value.
    pub kept: Vec<String>,
    /// What the fresh one has.
    pub fresh: Vec<String>,
    /// What happened, e.g. `narrowed 2 → 1`.
    pub words: String,
}

/// A kept token held against a fresh exchange.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Drift {
    /// The kept token.
    pub kept: TokenView,
    /// What a fresh exchange gave; none when it was refused.
    pub fresh: Option<TokenView>,
    /// Step of the fresh exchange.
    pub step: i64,
    /// Its exchange with the server in that step, for its request.
    pub exchange: Option<u32>,
    /// What became of it.
    pub kind: DriftKind,
    /// The whole in one sentence.
    pub headline: String,
    /// What it means, the weightiest first.
    pub findings: Vec<Finding>,
    /// The usual statements, the kept token first.
    pub verdicts: Vec<Verdict>,
    /// Claims that changed, without those that are new in every token.
    pub lines: Vec<DriftLine>,
    /// The server's own words of a refusal.
    pub said: Option<String>,
    /// Why the fresh exchange was refused.
    pub diagnosis: Option<Diagnosis>,
}

/// Everything a drift is read from.
pub struct DriftFacts<'a> {
    /// The kept token.
    pub kept: Column<'a>,
    /// What the fresh exchange gave.
    pub fresh: Option<Column<'a>>,
    /// The step of the fresh exchange.
    pub step: &'a Step,
    /// The token both were exchanged for.
    pub subject: Option<&'a TokenView>,
    /// When the kept one was obtained, epoch milliseconds.
    pub obtained_ms: i64,
    /// Now, epoch milliseconds.
    pub now_ms: i64,
}

/// Groups whose claims are new in every token, or follow from the moment it is issued.
const OF_THE_MOMENT: [&str; 2] = ["lifetime", "noise"];

/// Statements that say who may do what.
const OF_RIGHTS: [&str; 6] = ["identity", "requester", "audience", "scope", "roles", "binding"];

/// Reads it.
pub fn drift(facts: &DriftFacts<'_>) -> Drift {
    let comparison = facts.fresh.as_ref().map(|fresh| compare::compare(&[facts.kept.clone(), fresh.clone()], None));
    let verdicts =
        comparison.as_ref().and_then(|found| found.pairs.first()).map(|pair| pair.verdicts.clone()).unwrap_or_default();
    let lines: Vec<DriftLine> = comparison
        .iter()
        .flat_map(|found| &found.groups)
        .filter(|group| !OF_THE_MOMENT.contains(&group.id.as_str()))
        .flat_map(|group| &group.rows)
        .filter(|row| !matches!(row.change, Change::Same | Change::Unknown))
        .map(line)
        .collect();
    let kind = match (&facts.fresh, facts.step.outcome) {
        (Some(_), _) if lines.is_empty() => DriftKind::Same,
        (Some(_), _) => DriftKind::Changed,
        (None, Outcome::Refused) => DriftKind::Refused,
        (None, _) => DriftKind::Unknown,
    };
    let moved: Vec<&Verdict> = verdicts.iter().filter(|verdict| moved(verdict)).collect();
    Drift {
        kept: facts.kept.view.clone(),
        fresh: facts.fresh.as_ref().map(|fresh| fresh.view.clone()),
        step: facts.step.id,
        exchange: facts.step.main_exchange,
        kind,
        headline: headline(facts, kind, &moved),
        findings: findings(facts, kind, &moved),
        said: facts.step.words.as_ref().filter(|_| kind == DriftKind::Refused).and_then(|words| words.description.clone()),
        diagnosis: facts.step.diagnosis.clone().filter(|_| kind == DriftKind::Refused),
        verdicts,
        lines,
    }
}

fn moved(verdict: &Verdict) -> bool {
    OF_RIGHTS.contains(&verdict.id.as_str())
        && !matches!(verdict.tone, VerdictTone::Same | VerdictTone::None | VerdictTone::Unknown)
}

/// `roles narrowed 2 → 1`.
fn told(verdict: &Verdict) -> String {
    format!("{} {} {}", verdict.label.to_lowercase(), verdict.word, verdict.rest).trim_end().to_owned()
}

fn headline(facts: &DriftFacts<'_>, kind: DriftKind, moved: &[&Verdict]) -> String {
    let left = left_s(facts);
    let lasts = match left {
        Some(left) if left > 0 => format!("the kept token passes for another {}", words::duration(left)),
        Some(left) => format!("the kept token ended {} ago", words::duration(left)),
        None => "the kept token names no end".into(),
    };
    match kind {
        DriftKind::Same => format!("A fresh exchange gives the same: nothing has drifted in {}.", age(facts)),
        DriftKind::Changed if moved.is_empty() => {
            format!("A fresh exchange gives other claims than the kept token, which is {} old.", age(facts))
        }
        DriftKind::Changed => {
            let all: Vec<String> = moved.iter().map(|verdict| told(verdict)).collect();
            format!("The kept token is out of date: {}.", words::list(&all))
        }
        DriftKind::Refused => format!("A fresh exchange is refused, and {lasts}."),
        DriftKind::Unknown => "The fresh exchange got no usable answer, so nothing can be said of drift.".into(),
    }
}

fn findings(facts: &DriftFacts<'_>, kind: DriftKind, moved: &[&Verdict]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut say = |id: &str, severity, title: &str, detail: String, path: Option<&str>| {
        let path = path.map(str::to_owned);
        found.push(Finding { id: id.into(), severity, title: title.into(), detail, rfc: None, path });
    };
    let until = until(facts);
    if kind == DriftKind::Refused {
        let detail = format!("Whoever keeps the token asks nobody while it lasts, so calls with it go on as before. {until}");
        say("drift-refused", Severity::Warning, "Nobody would get this token any more", detail, None);
    }
    if let Some(verdict) = moved.iter().find(|verdict| verdict.id == "roles") {
        let (gone, come) = roles(facts);
        let mut detail = String::new();
        if !gone.is_empty() {
            detail.push_str(&format!(
                "Only the kept token has {}: the API goes on granting what was taken away. ",
                words::few(&gone)
            ));
        }
        if !come.is_empty() {
            detail.push_str(&format!("Only a fresh one has {}: the API goes on refusing what was granted. ", words::few(&come)));
        }
        detail.push_str(&until);
        let path = verdict.paths.first().map(String::as_str);
        say("drift-roles", Severity::Warning, "The API decides by roles that are not the user's any more", detail, path);
    }
    for verdict in moved.iter().filter(|verdict| verdict.id != "roles") {
        let detail = format!("A fresh exchange: {}. The API behind goes by the kept token. {until}", told(verdict));
        let title = format!("{} is not as it was", verdict.label);
        say(&format!("drift-{}", verdict.id), Severity::Warning, &title, detail, verdict.paths.first().map(String::as_str));
    }
    let ended =
        facts.subject.and_then(|subject| subject.expires_at).map(|end| facts.now_ms / 1000 - end).filter(|over| *over >= 0);
    if let Some(over) = ended {
        let over = words::duration(over);
        let detail = format!("It ended {over} ago, so no exchange can succeed with it; the kept token outlives it. {until}");
        say("drift-subject-ended", Severity::Warning, "The token it was exchanged for has ended", detail, Some("exp"));
    }
    if let Some(over) = left_s(facts).filter(|left| *left <= 0) {
        let detail = format!(
            "It ended {} ago and passes nowhere. The next call makes the gateway exchange anew, as the fresh exchange here did.",
            words::duration(over)
        );
        say("drift-kept-ended", Severity::Note, "The kept token has ended", detail, Some("exp"));
    }
    found
}

/// `viewer of orders-api`, only in the kept and only in the fresh token.
fn roles(facts: &DriftFacts<'_>) -> (Vec<String>, Vec<String>) {
    let of = |column: Option<&Column<'_>>| column.and_then(|column| column.claims).map(claims::roles).unwrap_or_default();
    let (kept, fresh) = (of(Some(&facts.kept)), of(facts.fresh.as_ref()));
    let named = |(path, role): &(String, String)| match path
        .strip_prefix("resource_access.")
        .and_then(|rest| rest.strip_suffix(".roles"))
    {
        Some(client) => format!("{role} of {client}"),
        None => role.clone(),
    };
    let only = |some: &[(String, String)], other: &[(String, String)]| -> Vec<String> {
        some.iter().filter(|role| !other.contains(role)).map(named).collect()
    };
    (only(&kept, &fresh), only(&fresh, &kept))
}

fn age(facts: &DriftFacts<'_>) -> String {
    words::duration(facts.now_ms.saturating_sub(facts.obtained_ms) / 1000)
}

/// Seconds the kept token still lasts; negative once it is over.
fn left_s(facts: &DriftFacts<'_>) -> Option<i64> {
    facts.kept.view.expires_at.map(|end| end - facts.now_ms / 1000)
}

fn until(facts: &DriftFacts<'_>) -> String {
    match left_s(facts) {
        Some(left) if left > 0 => {
            format!("It is {} old and ends in {}; only then is a new one asked for.", age(facts), words::duration(left))
        }
        Some(_) => String::new(),
        None => "It names no end: only emptying the cache ends this.".into(),
    }
}

fn line(row: &Row) -> DriftLine {
    DriftLine {
        path: row.path.clone(),
        kept: texts(row.cells.first(), Mark::Added),
        fresh: texts(row.cells.get(1), Mark::Removed),
        words: row.change_text.clone(),
    }
}

/// What stands in a cell, without the chips that only mark what stands in the other.
fn texts(cell: Option<&Cell>, other: Mark) -> Vec<String> {
    match cell {
        Some(Cell::Value { value: ClaimValue::Text { text } | ClaimValue::Json { text } }) => vec![text.clone()],
        Some(Cell::Value { value: ClaimValue::Set { members, .. } }) => members.clone(),
        Some(Cell::Value { value: ClaimValue::Time { epoch } }) => vec![epoch.to_string()],
        Some(Cell::Members { members, .. }) => {
            let here = members.iter().filter(|member| member.mark != Mark::Missing && member.mark != other);
            here.map(|member| member.text.clone()).collect()
        }
        Some(Cell::Absent | Cell::Unknown | Cell::Equal) | None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use record::operation::Operation;
    use token::{
        decode::json::Exact,
        inspect::{Obtained, Origin, TokenFormat, TokenKind, Verification, view},
    };

    const NOW: i64 = 1_795_000_100;

    fn claims(roles: &[&str], exp: i64, jti: &str) -> Map<String, Value> {
        let claims = json!({
            "iss": "https://id.test", "sub": "alice", "aud": "orders-api", "azp": "gateway", "jti": jti, "iat": exp - 300, "exp": exp,
            "resource_access": {"orders-api": {"roles": roles}},
        });
        claims.as_object().cloned().unwrap_or_default()
    }

    fn read(kept: &Map<String, Value>, fresh: Option<&Map<String, Value>>, outcome: Outcome, subject_end: i64) -> Drift {
        let exact = Exact::default();
        let column = |claims| {
            let origin = Origin::new("t", TokenKind::Access, Obtained::Exchanged, "an exchange");
            let unverified = Verification::Unverifiable { reason: String::new() };
            let view = view(&origin, None, Some(claims), TokenFormat::Jws, 0, &unverified, 0);
            Column { view, header: None, claims: Some(claims), exact: &exact }
        };
        let subject = TokenView { expires_at: Some(subject_end), ..column(kept).view };
        let step = Step { outcome, ..crate::acceptance::tests::step(7, Operation::TokenExchange, "", 200, "") };
        drift(&DriftFacts {
            kept: column(kept),
            fresh: fresh.map(column),
            step: &step,
            subject: Some(&subject),
            obtained_ms: (NOW - 60) * 1000,
            now_ms: NOW * 1000,
        })
    }

    fn ids(drift: &Drift) -> Vec<&str> {
        drift.findings.iter().map(|finding| finding.id.as_str()).collect()
    }

    #[test]
    fn what_is_new_in_every_token_is_no_drift() {
        let (kept, fresh) = (claims(&["viewer"], NOW + 200, "a"), claims(&["viewer"], NOW + 300, "b"));
        let drift = read(&kept, Some(&fresh), Outcome::Success, NOW + 10);
        assert_eq!((drift.kind, drift.lines.len(), ids(&drift)), (DriftKind::Same, 0, Vec::<&str>::new()));
        assert_eq!(drift.headline, "A fresh exchange gives the same: nothing has drifted in 1 min.");
    }

    #[test]
    fn a_role_that_was_taken_away_is_named_with_how_long_it_is_still_granted() {
        let (kept, fresh) = (claims(&["viewer", "editor"], NOW + 200, "a"), claims(&["viewer"], NOW + 300, "b"));
        let drift = read(&kept, Some(&fresh), Outcome::Success, NOW + 10);
        assert_eq!((drift.kind, ids(&drift)), (DriftKind::Changed, vec!["drift-roles"]));
        assert_eq!(drift.headline, "The kept token is out of date: roles narrowed 2 \u{2192} 1.");
        let detail = &drift.findings[0].detail;
        assert!(detail.contains("editor of orders-api") && detail.contains("1 min old and ends in 3 min 20 s"), "{detail}");
        let line = &drift.lines[0];
        assert_eq!((line.kept.join(" "), line.fresh.join(" ")), ("viewer editor".into(), "viewer".into()));
    }

    #[test]
    fn a_refusal_an_ended_subject_and_an_ended_token_are_told_apart() {
        let kept = claims(&["viewer"], NOW + 200, "a");
        let refused = read(&kept, None, Outcome::Refused, NOW + 10);
        assert_eq!((refused.kind, ids(&refused)), (DriftKind::Refused, vec!["drift-refused"]));
        assert_eq!(refused.headline, "A fresh exchange is refused, and the kept token passes for another 3 min 20 s.");
        let ended = read(&kept, None, Outcome::Refused, NOW - 30);
        assert_eq!(ids(&ended), ["drift-refused", "drift-subject-ended"]);
        let over = claims(&["viewer"], NOW - 5, "a");
        let over = read(&over, None, Outcome::Failed, NOW + 10);
        assert_eq!((over.kind, ids(&over)), (DriftKind::Unknown, vec!["drift-kept-ended"]));
    }
}
