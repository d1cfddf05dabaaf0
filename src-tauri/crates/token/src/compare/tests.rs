//! Comparison: the pair of the design, three tokens, and what a comparison must never say.

mod environment;
mod real;
mod told;

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::{
    check::{Expectations, Report, run},
    decode::json::Exact,
    finding::Finding,
    inspect::{ClaimValue, Obtained, Origin, TokenFormat, TokenKind, Verification, view},
};

const IAT: i64 = 1_795_179_731;

static NOTHING_LOST: Exact = Exact::new();

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn header() -> Map<String, Value> {
    map(json!({"alg": "RS256", "typ": "JWT", "kid": "7fXw2Jq0bT9nD1v5kM8sYzE3Qw"}))
}

/// The subject token of the design: alice at frontend.
fn subject() -> Map<String, Value> {
    map(json!({"exp": IAT + 300, "iat": IAT, "auth_time": IAT, "jti": "onrtac:1", "iss": "http://127.0.0.1:18080/realms/shop",
        "aud": ["frontend", "portal", "orders-api"], "sub": "7c57d1f0-3a52-4c8e-9e61-b2a7f04e498d", "azp": "frontend", "sid": "Qm9x", "acr": "1",
        "realm_access": {"roles": ["auditor", "operator"]}, "resource_access": {"orders-api": {"roles": ["editor", "viewer"]}},
        "scope": "openid profile email orders:read orders:write", "name": "Alice Archer", "preferred_username": "alice",
        "email": "alice@example.test", "email_verified": true}))
}

/// The issued token of the design: portal for alice at orders-api.
fn issued() -> Map<String, Value> {
    map(
        json!({"exp": IAT + 307, "iat": IAT + 7, "auth_time": IAT, "jti": "ntrtte:2", "iss": "http://127.0.0.1:18080/realms/shop",
        "aud": "orders-api", "sub": "7c57d1f0-3a52-4c8e-9e61-b2a7f04e498d", "azp": "portal", "sid": "Qm9x", "acr": "1",
        "resource_access": {"orders-api": {"roles": ["editor"]}}, "scope": "profile orders:write", "name": "Alice Archer",
        "preferred_username": "alice"}),
    )
}

fn column<'a>(header: &'a Map<String, Value>, claims: &'a Map<String, Value>) -> Column<'a> {
    let origin = Origin { step: Some(1), ..Origin::new("t", TokenKind::Access, Obtained::LogIn, "login") };
    let verification = Verification::Unverifiable { reason: "no key".into() };
    let view = view(&origin, Some(header), Some(claims), TokenFormat::Jws, 1300, &verification, 0);
    Column { view, header: Some(header), claims: Some(claims), exact: &NOTHING_LOST }
}

fn pair(from: &Map<String, Value>, to: &Map<String, Value>, report: Option<&Report>) -> Comparison {
    let header = header();
    compare(&[column(&header, from), column(&header, to)], report)
}

fn last(comparison: &Comparison) -> &Against {
    comparison.pairs.last().expect("two columns")
}

fn said(comparison: &Comparison) -> Vec<String> {
    last(comparison)
        .verdicts
        .iter()
        .map(|verdict| format!("{} {} {}", verdict.label, verdict.word, verdict.rest).trim().to_owned())
        .collect()
}

fn row<'a>(comparison: &'a Comparison, path: &str) -> &'a Row {
    comparison.groups.iter().flat_map(|group| &group.rows).find(|row| row.path == path).unwrap_or_else(|| panic!("no row {path}"))
}

fn chips(cell: &Cell) -> String {
    let Cell::Members { members, .. } = cell else {
        return format!("{cell:?}");
    };
    let sign = |mark| match mark {
        Mark::Kept => "",
        Mark::Removed => "-",
        Mark::Added => "+",
        Mark::Missing => "x",
    };
    members.iter().map(|member| format!("{}{}", sign(member.mark), member.text)).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_pair_of_the_design_reads_as_drawn() {
    let wanted = Expectations {
        roles_all: vec!["viewer".into()],
        roles_path: "resource_access.orders-api.roles".into(),
        ..Expectations::default()
    };
    let (from, to) = (subject(), issued());
    let report = run("orders-api", &wanted, None, Some(&to), &Verification::Unsecured, None, IAT + 9);
    let comparison = pair(&from, &to, Some(&report));
    assert_eq!((comparison.rows, comparison.changes), (20, 10));
    let expected = [
        "Identity preserved",
        "Requester changed frontend → portal",
        "Audience narrowed 3 → 1",
        "Scope narrowed 5 → 2",
        "Roles narrowed 4 → 1",
        "Lifetime outlives by 7 s",
        "Issuer same",
        "Binding none",
    ];
    assert_eq!(said(&comparison), expected);
    let groups: Vec<String> = comparison
        .groups
        .iter()
        .map(|group| format!("{} | {}{}", group.title, group.summary, if group.folded { " | folded" } else { "" }))
        .collect();
    let expected = [
        "Identity and requester | 1 of 3 changed",
        "Audience and scope | 2 of 2 narrowed",
        "Roles | 2 of 2 changed",
        "Lifetime | issued outlives subject",
        "Profile | 2 of 3 removed",
        "Issuer and key | alg, iss, kid, typ: all the same | folded",
        "Noise | acr, auth_time, iat, jti, sid: 2 of 5 differ | folded",
    ];
    assert_eq!(groups, expected);
    let texts = |path: &str| row(&comparison, path).change_text.clone();
    assert_eq!(texts("aud"), "narrowed 3 → 1");
    assert_eq!(texts("realm_access.roles"), "removed 2 → 0");
    assert_eq!(texts("exp"), "outlives +7 s");
    assert_eq!(texts("azp"), "changed");
    assert_eq!(texts("sub"), "same");
    assert_eq!(texts("email"), "removed");
    assert_eq!(chips(&row(&comparison, "aud").cells[0]), "orders-api -frontend -portal");
    assert_eq!(chips(&row(&comparison, "scope").cells[0]), "profile orders:write -openid -email -orders:read");
    let roles = row(&comparison, "resource_access.orders-api.roles");
    assert_eq!((roles.label.as_str(), roles.failed_check), ("orders-api", true));
    assert_eq!(chips(&roles.cells[0]), "editor -viewer");
    assert_eq!(chips(&roles.cells[1]), "editor xviewer");
    assert_eq!(row(&comparison, "sub").cells[1], Cell::Equal);
    let ids: Vec<&str> = last(&comparison).findings.iter().map(|finding| finding.id.as_str()).collect();
    assert_eq!(ids, ["outlives-subject", "no-act"]);
    assert_eq!(last(&comparison).findings[0].title, "Outlives its subject token by 7 s");
}

#[test]
fn three_tokens_share_what_all_lost() {
    let (from, second) = (subject(), issued());
    let mut third = issued();
    third.insert("scope".into(), json!("orders:read profile"));
    third.insert("resource_access".into(), json!({"orders-api": {"roles": ["viewer"]}}));
    third.insert("exp".into(), json!(IAT + 308));
    let header = header();
    let comparison = compare(&[column(&header, &from), column(&header, &second), column(&header, &third)], None);
    let cells = |path: &str| row(&comparison, path).cells.iter().map(chips).collect::<Vec<_>>();
    let scope = [
        "profile orders:read orders:write -openid -email",
        "profile orders:write -orders:read",
        "profile orders:read -orders:write",
    ];
    assert_eq!(cells("scope"), scope);
    assert_eq!(cells("resource_access.orders-api.roles"), ["editor viewer", "editor -viewer", "viewer -editor"]);
    assert_eq!(row(&comparison, "realm_access.roles").cells[1..], [Cell::Absent, Cell::Absent]);
    assert_eq!(said(&comparison)[5], "Lifetime outlives by 8 s");
}

#[test]
fn identity_is_told_apart() {
    let check = |change: fn(&mut Map<String, Value>), expected: &str| {
        let (from, mut to) = (subject(), issued());
        change(&mut to);
        assert_eq!(said(&pair(&from, &to, None))[0], expected);
    };
    let set = |_: &mut Map<String, Value>| {};
    check(set, "Identity preserved");
    check(|to| drop(to.insert("act".into(), json!({"sub": "gateway"}))), "Identity delegated gateway acts for alice");
    check(
        |to| {
            to.insert("sub".into(), json!("b0b"));
            to.insert("preferred_username".into(), json!("bob"));
        },
        "Identity impersonated alice → bob",
    );
    check(
        |to| {
            to.insert("sub".into(), json!("b0b"));
            to.insert("iss".into(), json!("https://other.test"));
        },
        "Identity mapped alice, another sub",
    );
    check(
        |to| {
            to.insert("iss".into(), json!("https://other.test"));
        },
        "Identity preserved at another issuer",
    );
    check(
        |to| {
            to.insert("aut".into(), json!("APPLICATION"));
            to.insert("sub".into(), json!("x"));
        },
        "Identity changed alice → portal, an application",
    );
    check(|to| drop(to.remove("sub")), "Identity removed the issued token has no sub");
}

#[test]
fn more_than_the_subject_had_is_pointed_out() {
    let check = |change: fn(&mut Map<String, Value>), id: &str, path: &str| {
        let (from, mut to) = (subject(), issued());
        change(&mut to);
        let found = last(&pair(&from, &to, None)).findings.clone();
        assert!(found.iter().any(|finding| finding.id == id && finding.path.as_deref() == Some(path)), "{found:?}");
    };
    check(|to| drop(to.insert("scope".into(), json!("orders:admin"))), "wider-than-subject", "claims.scope");
    check(|to| drop(to.insert("aud".into(), json!(["a", "b", "c", "d"]))), "wider-than-subject", "claims.aud");
    check(|to| drop(to.insert("realm_access".into(), json!({"roles": ["admin"]}))), "wider-than-subject", "claims.roles");
    check(|to| drop(to.remove("exp")), "outlives-subject", "claims.exp");
}

#[test]
fn a_failed_check_has_a_row_even_where_no_token_has_the_claim() {
    let wanted = Expectations {
        claims: vec![crate::check::RequiredClaim { path: "tenant".into(), value: "shop".into(), ..Default::default() }],
        ..Expectations::default()
    };
    let (from, to) = (subject(), issued());
    let report = run("orders-api", &wanted, None, Some(&to), &Verification::Unsecured, None, IAT + 9);
    let comparison = pair(&from, &to, Some(&report));
    let row = row(&comparison, "tenant");
    assert_eq!((row.cells[0].clone(), chips(&row.cells[1]), row.failed_check), (Cell::Absent, "xshop".to_owned(), true));
    assert_eq!(row.change_text, "missing");
    assert!(comparison.groups.iter().any(|group| group.id == "other" && !group.folded));
}

#[test]
fn unreadable_tokens_compare_without_claims() {
    let (from, header) = (subject(), header());
    let mut opaque = column(&header, &from);
    opaque.claims = None;
    opaque.header = None;
    let comparison = compare(&[column(&header, &from), opaque], None);
    let rows: Vec<&Row> = comparison.groups.iter().flat_map(|group| &group.rows).collect();
    assert!(
        rows.iter().all(|row| row.cells[1] == Cell::Unknown && row.change == Change::Unknown && row.change_text == "unknown")
    );
    assert_eq!((comparison.changes, comparison.substance, last(&comparison).changes), (0, 0, 0), "nothing is stated of it");
    for verdict in last(&comparison).verdicts.iter().filter(|verdict| verdict.id != "lifetime") {
        assert_eq!((verdict.tone, verdict.word.as_str()), (VerdictTone::Unknown, "unknown"), "{verdict:?}");
    }
    let mut first = column(&header, &from);
    first.claims = None;
    let turned = compare(&[first, column(&header, &from)], None);
    assert_eq!(turned.changes, 0, "and nothing was added to it");
    assert!(!format!("{:?}", turned.groups).contains("Added"), "{:?}", turned.groups);
    assert_eq!(compare(&[], None).rows, 0);
}

#[test]
fn markdown_has_the_verdicts_and_no_markup_of_the_token() {
    let (from, mut to) = (subject(), issued());
    to.insert("name".into(), json!("a|b <script> `x`\n[y](z)"));
    let text = crate::markdown::comparison(&pair(&from, &to, None), &[], |_, value| value);
    assert!(text.contains("| Audience | narrowed | 3 → 1 |"), "{text}");
    assert!(text.contains("| aud | orders-api, −frontend, −portal | orders-api | narrowed 3 → 1 |"), "{text}");
    assert!(text.contains(r"a\|b \<script\> \`x\` \[y\](z)"), "{text}");
    assert!(!text.contains("eyJ"));

    let wanted = Expectations { scope: vec!["orders:read".into()], ..Expectations::default() };
    let report = run("orders-api", &wanted, None, Some(&to), &Verification::Unsecured, None, IAT + 9);
    let text = crate::markdown::comparison(&pair(&from, &to, Some(&report)), &[None, Some(&report)], |_, value| value);
    for line in [
        "### Findings on B",
        "### B: orders-api would answer 403",
        r#"WWW-Authenticate: Bearer error="insufficient\_scope""#,
        "| Scope orders:read | **fail** | orders:read | profile and orders:write | scope |",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn every_column_is_held_against_the_first_with_its_own_checks() {
    let wanted = |scope: &str| Expectations { scope: vec![scope.into()], ..Expectations::default() };
    let (from, one) = (subject(), issued());
    let mut two = issued();
    two.insert("scope".into(), json!("profile orders:admin"));
    let report =
        |claims, scope: &str| run("orders-api", &wanted(scope), None, Some(claims), &Verification::Unsecured, None, IAT + 9);
    let (of_one, of_two) = (report(&one, "orders:read"), report(&two, "orders:write"));
    let header = header();
    let columns = [column(&header, &from), column(&header, &one), column(&header, &two)];
    let all = compare_all(
        &columns,
        &[None, Some(&of_one), Some(&of_two)],
        &[Kinship::Unknown, Kinship::Descendant, Kinship::Descendant],
    );
    let scope = row(&all, "scope");
    assert_eq!(scope.changes, [Change::Same, Change::Narrowed, Change::Replaced]);
    let cells = scope.cells.iter().map(chips).collect::<Vec<_>>();
    assert_eq!(cells[1..], ["profile orders:write xorders:read", "profile +orders:admin xorders:write"]);
    assert_eq!(all.pairs.len(), 2);
    for (index, claims) in [&one, &two].into_iter().enumerate() {
        let alone = pair(&from, claims, None);
        assert_eq!(
            all.pairs[index].verdicts.iter().map(|v| (&v.word, &v.rest)).collect::<Vec<_>>(),
            last(&alone).verdicts.iter().map(|v| (&v.word, &v.rest)).collect::<Vec<_>>()
        );
        assert_eq!(all.pairs[index].changes, alone.changes);
    }
    let wider = |pair: &Against| pair.findings.iter().any(|finding| finding.id == "wider-than-subject");
    assert_eq!((wider(&all.pairs[0]), wider(&all.pairs[1])), (false, true));
}

#[test]
fn kinship_decides_which_of_two_is_too_much() {
    let header = header();
    let (parent, child) = (subject(), issued());
    let outlives = |from, to, kinship| {
        let comparison = compare_all(&[column(&header, from), column(&header, to)], &[None, None], &[Kinship::Unknown, kinship]);
        last(&comparison).findings.iter().any(|finding| finding.id == "outlives-subject")
    };
    assert!(outlives(&parent, &child, Kinship::Descendant));
    assert!(outlives(&parent, &child, Kinship::Unknown));
    assert!(!outlives(&parent, &child, Kinship::Sibling));
    assert!(!outlives(&child, &parent, Kinship::Descendant), "it ends before");
    assert!(outlives(&child, &parent, Kinship::Ancestor), "the order on screen does not make the child any shorter");
}

#[test]
fn what_another_issuer_names_is_not_held_against_the_subject() {
    let (from, mut to) = (subject(), issued());
    to.insert("iss".into(), json!("https://gateway.test/oauth2/token"));
    to.insert("scope".into(), json!("apim:subscribe"));
    let found = last(&pair(&from, &to, None)).findings.clone();
    assert!(found.iter().all(|finding| finding.path.as_deref() != Some("claims.scope")), "{found:?}");
    assert!(found.iter().any(|finding| finding.id == "outlives-subject"));
}

#[test]
fn a_token_an_assertion_brought_is_told_in_the_words_of_its_grant() {
    let (header, from, to) = (header(), subject(), issued());
    let mut brought = column(&header, &to);
    brought.view.obtained = Obtained::Asserted;
    let comparison = compare(&[column(&header, &from), brought], None);
    let found: Vec<_> =
        last(&comparison).findings.iter().map(|finding| (finding.title.as_str(), finding.rfc.as_deref())).collect();
    assert_eq!(found, [("Outlives its assertion by 7 s", Some("RFC 7521 4.1"))], "and nobody acts for anybody");
}

#[test]
fn numbers_are_compared_by_their_digits() {
    for (from, to, change) in [
        ("1", "1.0", Change::Same),
        ("1", "1e0", Change::Same),
        ("-0", "0.0", Change::Same),
        ("9007199254740993", "9007199254740992", Change::Replaced),
        ("9007199254740993.0", "9007199254740992.0", Change::Replaced),
        ("9007199254740993.0", "9007199254740993", Change::Same),
        ("12345678901234567890123", "12345678901234567890124", Change::Replaced),
        ("12345678901234567890123", "1.2345678901234567890123e22", Change::Same),
        ("0.1", "0.10000000000000000001", Change::Replaced),
        ("1e400", "1e401", Change::Replaced),
        ("1e400", "10e399", Change::Same),
        ("1", "\"1\"", Change::Replaced),
        ("1e400", "\"1e400\"", Change::Replaced),
        ("true", "\"true\"", Change::Replaced),
    ] {
        for shape in [r#"{"n":VALUE}"#, r#"{"tenant":{"n":VALUE}}"#, r#"{"n":[0,VALUE]}"#, r#"{"n":[{"b":2,"a":VALUE}]}"#] {
            let texts = [from, to].map(|value| shape.replace("VALUE", value));
            // The order of members means nothing, in a list neither.
            let texts = [texts[0].clone(), texts[1].replace(&format!(r#""b":2,"a":{to}"#), &format!(r#""a":{to},"b":2"#))];
            let read = texts.each_ref().map(|text| crate::decode::json::read(text.as_bytes()).unwrap().0);
            let exact = texts.each_ref().map(|text| crate::decode::json::exact(text).into_iter().collect::<Exact>());
            let (header, claims) = (header(), read.map(map));
            let columns: Vec<Column<'_>> =
                claims.iter().zip(&exact).map(|(claims, exact)| Column { exact, ..column(&header, claims) }).collect();
            let comparison = compare(&columns, None);
            let path = if shape.contains("tenant") { "tenant.n" } else { "n" };
            let row = row(&comparison, path);
            assert_eq!((row.changes[1], comparison.changes), (change, usize::from(change != Change::Same)), "{texts:?}");
            assert_eq!(row.cells[1] == Cell::Equal, change == Change::Same, "{texts:?}");
        }
    }
}

#[test]
fn what_only_differs_by_type_is_shown_to_differ() {
    let (from, to) = (map(json!({"email_verified": true, "level": "1"})), map(json!({"email_verified": "true", "level": 1})));
    let comparison = pair(&from, &to, None);
    let text = |cell: &Cell| match cell {
        Cell::Value { value: ClaimValue::Text { text } } => text.clone(),
        other => format!("{other:?}"),
    };
    let flag = row(&comparison, "email_verified");
    assert_eq!(
        (text(&flag.cells[0]), text(&flag.cells[1]), flag.change_text.as_str()),
        ("true".into(), "\"true\"".into(), "other type")
    );
    let level = row(&comparison, "level");
    assert_eq!((text(&level.cells[0]), text(&level.cells[1])), ("\"1\"".into(), "1".into()));
}

#[test]
fn an_end_of_life_is_compared_by_value() {
    let changes = |from: &str, to: &str| {
        let texts = [from, to].map(|exp| format!(r#"{{"exp":{exp}}}"#));
        let claims = texts.each_ref().map(|text| map(crate::decode::json::read(text.as_bytes()).unwrap().0));
        let row = row(&pair(&claims[0], &claims[1], None), "exp").clone();
        (row.changes[1], row.change_text)
    };
    assert_eq!(changes("1800000000", "1.8e9"), (Change::Same, "same".into()));
    assert_eq!(changes("1800000000", "1800000000.5"), (Change::Outlives, "outlives".into()));
    assert_eq!(changes("1800000007", "1800000000"), (Change::Shorter, "shorter −7 s".into()));
}

#[test]
fn a_prediction_has_no_algorithm_to_differ_by() {
    let claims = map(json!({"iss": "https://id.example", "sub": "a"}));
    let header = header();
    let issued = column(&header, &claims);
    let issuer = |columns: &[Column<'_>]| {
        let compared = compare(columns, None);
        let found = last(&compared).verdicts.iter().find(|verdict| verdict.id == "issuer").cloned();
        found.map(|verdict| (verdict.tone, verdict.word))
    };
    let mut predicted = column(&header, &claims);
    predicted.header = None;
    predicted.view.alg = None;
    assert_eq!(issuer(&[predicted, issued]), Some((VerdictTone::Same, "same".into())));
}

fn any_value() -> impl Strategy<Value = Value> {
    let words = || prop::collection::vec("[a-c]", 0..4);
    let scalar = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        "[a-z ]{0,3}".prop_map(Value::from),
        words().prop_map(Value::from),
        Just(Value::Null),
        Just(json!({})),
        Just(json!([{"a": [1]}])),
    ];
    scalar.prop_recursive(3, 12, 3, |inner| {
        prop::collection::btree_map("[a-b.]{1,3}|roles", inner, 1..3).prop_map(|map| json!(map))
    })
}

fn any_claims() -> impl Strategy<Value = Map<String, Value>> {
    let name = prop::sample::select(vec![
        "sub",
        "aud",
        "scope",
        "exp",
        "iat",
        "jti",
        "azp",
        "act",
        "cnf",
        "roles",
        "realm_access",
        "resource_access",
        "x",
        "x.a",
        "header",
        "active",
    ]);
    prop::collection::btree_map(name, any_value(), 0..8)
        .prop_map(|all| all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A value without the order of a set, which means nothing.
fn unordered(value: &ClaimValue) -> ClaimValue {
    match value {
        ClaimValue::Set { members, .. } => {
            let mut members = members.clone();
            members.sort();
            members.dedup();
            ClaimValue::Set { members, more: 0 }
        }
        other => other.clone(),
    }
}

/// The rows of one token, as the window shows them when it stands alone.
fn alone(claims: &Map<String, Value>) -> BTreeMap<String, ClaimValue> {
    let whole = pair(claims, claims, None);
    apply(&whole, 0, &BTreeMap::new())
}

/// Makes the rows of a column out of the rows of the first and what the comparison says of that column.
fn apply(comparison: &Comparison, index: usize, first: &BTreeMap<String, ClaimValue>) -> BTreeMap<String, ClaimValue> {
    let mut made = BTreeMap::new();
    for row in comparison.groups.iter().flat_map(|group| &group.rows) {
        let value = match &row.cells[index] {
            Cell::Absent | Cell::Unknown => None,
            Cell::Equal => Some(first[&row.path].clone()),
            Cell::Value { value } => Some(value.clone()),
            Cell::Members { members, .. } => {
                let here = |mark| if index == 0 { mark != Mark::Missing } else { matches!(mark, Mark::Kept | Mark::Added) };
                let members = members.iter().filter(|member| here(member.mark)).map(|member| member.text.clone()).collect();
                Some(ClaimValue::Set { members, more: 0 })
            }
        };
        if let Some(value) = value {
            let known = made.insert(row.path.clone(), unordered(&value));
            assert_eq!(known, None, "every row has a path of its own");
        }
    }
    made
}

/// The same claims under the paths of this comparison, which names two claims apart when either token needs it.
fn named(comparison: &Comparison, index: usize, claims: &Map<String, Value>) -> usize {
    let first = apply(comparison, 0, &BTreeMap::new());
    let made = apply(comparison, index, &first);
    let own = alone(claims);
    for (path, value) in &own {
        let there = made.get(path).or_else(|| made.values().find(|other| *other == value));
        assert_eq!(there, Some(value), "{path}");
    }
    made.len().abs_diff(own.len())
}

fn opposite(change: Change) -> Change {
    match change {
        Change::Added => Change::Removed,
        Change::Removed => Change::Added,
        Change::Narrowed => Change::Widened,
        Change::Widened => Change::Narrowed,
        Change::Outlives => Change::Shorter,
        Change::Shorter => Change::Outlives,
        same => same,
    }
}

proptest! {
    #[test]
    fn a_token_does_not_differ_from_itself(claims in any_claims()) {
        let comparison = pair(&claims, &claims, None);
        prop_assert_eq!(comparison.changes, 0);
        prop_assert!(last(&comparison).findings.is_empty());
        prop_assert!(last(&comparison).verdicts.iter().all(|verdict| matches!(verdict.tone, VerdictTone::Same | VerdictTone::None)), "{:?}", last(&comparison).verdicts);
        prop_assert!(comparison.groups.iter().all(|group| group.folded));
        prop_assert!(comparison.groups.iter().flat_map(|group| &group.rows).all(|row| matches!(row.cells[1], Cell::Equal)));
    }

    #[test]
    fn the_way_back_is_the_opposite(a in any_claims(), b in any_claims()) {
        let rows = |comparison: Comparison| comparison.groups.into_iter().flat_map(|group| group.rows).map(|row| (row.path, row.changes)).collect::<Vec<_>>();
        let back: Vec<(String, Vec<Change>)> = rows(pair(&b, &a, None)).into_iter().map(|(path, changes)| (path, changes.into_iter().map(opposite).collect())).collect();
        prop_assert_eq!(rows(pair(&a, &b, None)), back);
        let tone = |comparison: &Comparison, id: &str| last(comparison).verdicts.iter().find(|verdict| verdict.id == id).map(|verdict| verdict.tone);
        let turned = |tone| match tone {
            Some(VerdictTone::Narrowed) => Some(VerdictTone::Widened),
            Some(VerdictTone::Widened) => Some(VerdictTone::Narrowed),
            Some(VerdictTone::Added) => Some(VerdictTone::Removed),
            Some(VerdictTone::Removed) => Some(VerdictTone::Added),
            other => other,
        };
        for id in ["requester", "audience", "scope", "roles", "binding"] {
            prop_assert_eq!(tone(&pair(&a, &b, None), id), turned(tone(&pair(&b, &a, None), id)), "{}", id);
        }
    }

    #[test]
    fn the_differences_make_the_other_token(a in any_claims(), b in any_claims(), c in any_claims()) {
        let header = header();
        let two = pair(&a, &b, None);
        prop_assert_eq!(named(&two, 1, &b), 0);
        let three = compare(&[column(&header, &a), column(&header, &b), column(&header, &c)], None);
        prop_assert_eq!((named(&three, 0, &a), named(&three, 1, &b), named(&three, 2, &c)), (0, 0, 0));
        for (index, claims) in [&b, &c].into_iter().enumerate() {
            prop_assert_eq!(three.pairs[index].changes, pair(&a, claims, None).changes);
        }
    }
}
