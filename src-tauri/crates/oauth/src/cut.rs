//! What the window gets of a token, a comparison or a report: all of it, or a bounded part with what is missing counted.
//!
//! A token may name sixty thousand roles and a claim may be a megabyte long. All of that is read, compared and checked here;
//! the window gets as much as somebody looks at, and asks for more of a text by its lines ([`token::bounded::Part`]).

use crate::{
    acceptance::{AtDoor, Trace},
    certificate::Certificate,
    drift::Drift,
    portal,
};
use record::audit::{Candidate, Checked, Diagnosis, Evidence};
use token::{
    bounded::{LINES, Part, part_of_text, sentence},
    check::{Check, Report},
    compare::{Against, Cell, Comparison, Mark, Member, Row, Verdict},
    finding::{Finding, Severity},
    inspect::{ClaimRow, ClaimValue, Inspection, TokenView},
    lineage::{Lineage, Relative},
    truth::Truth,
};

/// Most members of a set.
pub const MEMBERS: usize = 200;
/// Most rows of a table.
pub const ROWS: usize = 1_000;
/// Most findings.
pub const FINDINGS: usize = 100;

/// Cuts what goes to the window to a bounded size.
pub trait Shown {
    /// As much of it as the window gets.
    #[must_use]
    fn shown(self) -> Self;
}

impl Shown for String {
    fn shown(self) -> Self {
        if self.len() <= token::bounded::TEXT { self } else { sentence(&self) }
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown(self) -> Self {
        self.map(Shown::shown)
    }
}

/// Each of a list; the length of the list is bounded elsewhere.
fn each<T: Shown>(list: Vec<T>) -> Vec<T> {
    list.into_iter().map(Shown::shown).collect()
}

/// The first of a list, and how many are left out.
fn first<T>(mut list: Vec<T>, most: usize) -> (Vec<T>, usize) {
    let more = list.len().saturating_sub(most);
    list.truncate(most);
    (list, more)
}

/// A list of names whose end says how many are missing.
fn names(list: Vec<String>) -> Vec<String> {
    let (list, more) = first(list, MEMBERS);
    let mut list = each(list);
    if more > 0 {
        list.push(format!("… and {more} more"));
    }
    list
}

impl Shown for Vec<TokenView> {
    fn shown(self) -> Self {
        each(self)
    }
}

impl Shown for TokenView {
    fn shown(self) -> Self {
        Self {
            label: self.label.shown(),
            note: self.note.shown(),
            group: self.group.shown(),
            shelf: self.shelf.with_name(Shown::shown),
            who: self.who.shown(),
            origin: self.origin.shown(),
            issuer: self.issuer.shown(),
            client: self.client.shown(),
            subject: self.subject.shown(),
            audience: names(self.audience),
            scope: names(self.scope),
            jti: self.jti.shown(),
            session: self.session.shown(),
            alg: self.alg.shown(),
            kid: self.kid.shown(),
            ..self
        }
    }
}

impl Shown for ClaimValue {
    fn shown(self) -> Self {
        match self {
            Self::Text { text } => Self::Text { text: text.shown() },
            Self::Json { text } => Self::Json { text: text.shown() },
            Self::Set { members, more } => {
                let (members, cut) = first(members, MEMBERS);
                Self::Set { members: each(members), more: more + cut }
            }
            time @ Self::Time { .. } => time,
        }
    }
}

impl Shown for ClaimRow {
    fn shown(self) -> Self {
        Self { path: self.path.shown(), label: self.label.shown(), value: self.value.shown(), ..self }
    }
}

impl Shown for Finding {
    fn shown(self) -> Self {
        Self { title: self.title.shown(), detail: self.detail.shown(), path: self.path.shown(), ..self }
    }
}

impl Shown for Vec<Finding> {
    fn shown(self) -> Self {
        let (list, more) = first(self, FINDINGS);
        let mut list = each(list);
        if more > 0 {
            list.push(Finding {
                id: "more-findings".into(),
                severity: Severity::Note,
                title: format!("{more} more"),
                detail: format!("{more} more findings are not listed; they weigh no more than those above."),
                rfc: None,
                path: None,
            });
        }
        list
    }
}

impl Shown for Verdict {
    fn shown(self) -> Self {
        Self { word: self.word.shown(), rest: self.rest.shown(), paths: first(each(self.paths), ROWS).0, ..self }
    }
}

impl Shown for Inspection {
    fn shown(self) -> Self {
        let mut room = ROWS;
        let mut left_out = self.left_out;
        let mut groups = self.groups;
        for group in &mut groups {
            let (rows, more) = first(std::mem::take(&mut group.rows), room);
            room -= rows.len();
            left_out += more;
            group.rows = each(rows);
        }
        groups.retain(|group| !group.rows.is_empty());
        let (header, more) = first(self.header, ROWS);
        let (json, json_lines) = beginning(self.json);
        let (header_json, header_lines) = beginning(self.header_json);
        let (content, content_lines) = self.content.map(beginning).map_or((None, 0), |(text, lines)| (Some(text), lines));
        Self {
            token: self.token.shown(),
            groups,
            header: each(header),
            left_out: left_out + more,
            findings: self.findings.shown(),
            signatures: self.signatures,
            json,
            json_lines,
            content,
            content_lines,
            header_json,
            header_lines,
            claims_source: self.claims_source.shown(),
        }
    }
}

/// The beginning of a text, and how many lines it has in all; 0 when that is all of it.
fn beginning(text: String) -> (String, usize) {
    if text.len() <= token::bounded::LINE {
        return (text, 0);
    }
    let Part { lines, next, whole, .. } = part_of_text(&text, 0);
    let cut = next.is_some() || lines.iter().any(|line| line.len() > 1);
    if !cut {
        return (text, 0);
    }
    let line = |line: Vec<token::text::Span>| line.into_iter().map(|span| span.text).collect::<String>();
    (lines.into_iter().map(line).collect::<Vec<_>>().join("\n"), whole.max(1))
}

impl Shown for Cell {
    fn shown(self) -> Self {
        match self {
            Self::Value { value } => Self::Value { value: value.shown() },
            Self::Members { members, more } => {
                // What changed is looked for; what stayed is counted.
                let (mut kept, mut others): (Vec<Member>, Vec<Member>) =
                    members.into_iter().partition(|member| member.mark == Mark::Kept);
                let whole = kept.len() + others.len();
                others.truncate(MEMBERS);
                kept.truncate(MEMBERS - others.len().min(MEMBERS / 2));
                kept.append(&mut others);
                let cut = whole - kept.len();
                let short = |member: Member| Member { text: member.text.shown(), ..member };
                Self::Members { members: kept.into_iter().map(short).collect(), more: more + cut }
            }
            other => other,
        }
    }
}

impl Shown for Row {
    fn shown(self) -> Self {
        Self {
            path: self.path.shown(),
            label: self.label.shown(),
            cells: each(self.cells),
            change_text: self.change_text.shown(),
            ..self
        }
    }
}

impl Shown for Against {
    fn shown(self) -> Self {
        Self { verdicts: each(self.verdicts), findings: self.findings.shown(), ..self }
    }
}

impl Shown for Comparison {
    fn shown(self) -> Self {
        let mut room = ROWS;
        let mut left_out = self.left_out;
        let mut groups = self.groups;
        for group in &mut groups {
            // Rows that differ come first where not all have room.
            if group.rows.len() > room {
                group.rows.sort_by_key(|row| row.change == token::compare::Change::Same && !row.failed_check);
            }
            let (rows, more) = first(std::mem::take(&mut group.rows), room);
            room -= rows.len();
            left_out += more;
            group.rows = each(rows);
            group.summary = std::mem::take(&mut group.summary).shown();
        }
        groups.retain(|group| !group.rows.is_empty());
        Self { columns: self.columns.shown(), pairs: each(self.pairs), groups, left_out, ..self }
    }
}

impl Shown for Check {
    fn shown(self) -> Self {
        Self {
            title: self.title.shown(),
            expected: self.expected.shown(),
            found: self.found.shown(),
            missing: names(self.missing),
            advice: self.advice.shown(),
            ..self
        }
    }
}

impl Shown for Report {
    fn shown(self) -> Self {
        Self { challenge: self.challenge.shown(), headline: self.headline.shown(), checks: each(self.checks), ..self }
    }
}

impl Shown for Checked {
    fn shown(self) -> Self {
        Self { report: self.report.shown(), ..self }
    }
}

impl Shown for Truth {
    fn shown(self) -> Self {
        let mut room = ROWS;
        let mut left_out = self.left_out;
        let mut groups = self.groups;
        for group in &mut groups {
            let (rows, more) = first(std::mem::take(&mut group.rows), room);
            room -= rows.len();
            left_out += more;
            group.rows = rows;
            for row in &mut group.rows {
                row.path = std::mem::take(&mut row.path).shown();
                row.label = std::mem::take(&mut row.label).shown();
                for cell in &mut row.cells {
                    cell.value = cell.value.take().shown();
                }
            }
        }
        groups.retain(|group| !group.rows.is_empty());
        Self { token: self.token.shown(), groups, findings: self.findings.shown(), left_out, ..self }
    }
}

impl Shown for Diagnosis {
    fn shown(self) -> Self {
        let evidence = self.evidence.into_iter().map(|one| Evidence {
            name: one.name.shown(),
            values: names(one.values),
            missing: names(one.missing),
        });
        let others = self.others.into_iter().map(|one| Candidate {
            cause: one.cause.shown(),
            fix: one.fix.shown(),
            tell: one.tell.shown(),
            ..one
        });
        Self {
            cause: self.cause.shown(),
            evidence: evidence.collect(),
            fix: self.fix.shown(),
            tell: self.tell.shown(),
            others: others.collect(),
            ..self
        }
    }
}

impl Shown for Vec<Diagnosis> {
    fn shown(self) -> Self {
        each(first(self, FINDINGS).0)
    }
}

impl Shown for Vec<Verdict> {
    fn shown(self) -> Self {
        each(self)
    }
}

impl Shown for portal::PortalAnswer {
    fn shown(self) -> Self {
        fn few<T>(list: &mut Vec<T>) {
            list.truncate(ROWS);
        }
        let mut answer = self;
        match &mut answer {
            Self::KeyManagers { list } => few(list),
            Self::Policies { list } => few(list),
            Self::Apis { list, .. } => few(list),
            Self::Applications { list, .. } => few(list),
            Self::Keys { list } => few(list),
            Self::Secrets { list } => few(list),
            Self::Subscriptions { list, .. } => few(list),
            Self::Token { scope, .. } => *scope = names(std::mem::take(scope)),
            _ => {}
        }
        answer
    }
}

impl Shown for Certificate {
    fn shown(self) -> Self {
        Self { subject: self.subject.shown(), issuer: self.issuer.shown(), names: names(self.names), ..self }
    }
}

impl Shown for Relative {
    fn shown(self) -> Self {
        Self { token: self.token.shown(), ..self }
    }
}

impl Shown for Lineage {
    fn shown(self) -> Self {
        let few = |list| each(first(list, ROWS).0);
        Self {
            ancestors: few(self.ancestors),
            actors: few(self.actors),
            descendants: few(self.descendants),
            acts_in: few(self.acts_in),
        }
    }
}

impl Shown for AtDoor {
    fn shown(self) -> Self {
        let blame = self.blame.map(|blame| crate::acceptance::Blame {
            claim: blame.claim.shown(),
            found: blame.found.shown(),
            expected: blame.expected.shown(),
        });
        Self {
            target: self.target.shown(),
            words: self.words.shown(),
            said: self.said.shown(),
            cause: self.cause.shown(),
            fix: self.fix.shown(),
            blame,
            ..self
        }
    }
}

impl Shown for Trace {
    fn shown(self) -> Self {
        Self {
            token: self.token.shown(),
            stages: each(self.stages),
            headline: self.headline.shown(),
            attempts: first(self.attempts, LINES).0,
            remarks: self.remarks.shown(),
            ..self
        }
    }
}

impl Shown for Drift {
    fn shown(self) -> Self {
        Self {
            kept: self.kept.shown(),
            fresh: self.fresh.shown(),
            headline: self.headline.shown(),
            findings: self.findings.shown(),
            verdicts: each(self.verdicts),
            lines: first(self.lines, ROWS).0,
            said: self.said.shown(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use token::{
        compare::{self, Column},
        decode::json::Exact,
        inspect::{Obtained, Origin, TextDetails, TokenFormat, TokenKind, Verification, inspection, view},
    };

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    fn line(claims: &Map<String, Value>) -> TokenView {
        let origin = Origin::new("t", TokenKind::Access, Obtained::Pasted, "the clipboard");
        view(&origin, None, Some(claims), TokenFormat::Jws, 1, &Verification::Unsecured, 0)
    }

    fn size(value: &impl serde::Serialize) -> usize {
        serde_json::to_string(value).map_or(0, |text| text.len())
    }

    /// A token of about a megabyte of each shape a hostile or an unlucky server may send.
    fn heavy() -> Vec<(&'static str, Map<String, Value>)> {
        let many = |count: usize| (0..count).map(|at| format!("role-{at:06}")).collect::<Vec<_>>();
        let claims = (0..40_000).map(|at| (format!("claim-{at:06}"), json!(at))).collect::<Map<_, _>>();
        vec![
            ("roles", map(json!({"realm_access": {"roles": many(60_000)}}))),
            ("audiences", map(json!({"aud": many(60_000)}))),
            ("scopes", map(json!({"scope": many(60_000).join(" ")}))),
            (
                "clients",
                map(
                    json!({"resource_access": many(20_000).into_iter().map(|one| (one, json!({"roles": ["a"]}))).collect::<Map<_, _>>()}),
                ),
            ),
            ("claims", claims),
            ("long text", map(json!({"note": "x".repeat(1 << 20)}))),
            ("long name", map(json!({"x".repeat(1 << 20): 1}))),
            ("long subject", map(json!({"sub": "x".repeat(1 << 20), "iss": "y".repeat(1 << 20)}))),
            ("list of lists", map(json!({"list": (0..100_000).map(|at| json!([at])).collect::<Vec<_>>()}))),
        ]
    }

    #[test]
    fn no_token_is_too_large_for_the_window() {
        for (name, claims) in heavy() {
            let whole = inspection(line(&claims), None, Some(&claims), Vec::new(), None, &TextDetails::default());
            let shown = whole.clone().shown();
            assert!(size(&shown) < 600_000, "{name}: {}", size(&shown));
            let cut = shown.left_out > 0
                || shown.json_lines > 0
                || shown
                    .groups
                    .iter()
                    .flat_map(|group| &group.rows)
                    .any(|row| matches!(&row.value, ClaimValue::Set { more, .. } if *more > 0));
            assert!(cut, "{name}: what is missing is counted");
            assert!(size(&whole.token.shown()) < 40_000, "{name}");
        }
    }

    #[test]
    fn no_comparison_is_too_large_and_what_changed_comes_before_what_stayed() {
        let exact = Exact::new();
        for (name, claims) in heavy() {
            let other = map(json!({"sub": "a"}));
            let column = |claims| Column { view: line(claims), header: None, claims: Some(claims), exact: &exact };
            let shown = compare::compare(&[column(&claims), column(&other)], None).shown();
            assert!(size(&shown) < 1_200_000, "{name}: {}", size(&shown));
        }
        let many = |last: &str| {
            let mut all: Vec<String> = (0..5_000).map(|at| format!("role-{at}")).collect();
            all.push(last.into());
            map(json!({"realm_access": {"roles": all}}))
        };
        let (one, two) = (many("gone"), many("new"));
        let column = |claims| Column { view: line(claims), header: None, claims: Some(claims), exact: &exact };
        let shown = compare::compare(&[column(&one), column(&two)], None).shown();
        let cells = &shown.groups[0].rows[0].cells;
        let has = |cell: &Cell, text: &str| matches!(cell, Cell::Members { members, more } if *more > 4_000 && members.iter().any(|one| one.text == text));
        assert!(has(&cells[0], "gone") && has(&cells[1], "new"), "{cells:?}");
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let claims = map(json!({"sub": "alice", "aud": ["a", "b"], "realm_access": {"roles": ["viewer"]}}));
        let whole = inspection(line(&claims), None, Some(&claims), Vec::new(), None, &TextDetails::default());
        assert_eq!(whole.clone().shown(), whole);
    }
}
