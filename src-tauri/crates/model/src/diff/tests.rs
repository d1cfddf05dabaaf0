//! Comparison: the pair of the design, three tokens, and what a comparison must never say.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::{
    check::{Expectations, run},
    token::{Origin, TokenFormat, TokenKind, Verification, view},
};

const IAT: i64 = 1_795_179_731;

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
    let origin = Origin {
        id: "t".into(),
        kind: TokenKind::Access,
        parent: None,
        step: Some(1),
        words: "login".into(),
        user_hint: None,
        group_hint: None,
        audience_hint: None,
        client_hint: None,
        expires_at_hint: None,
        simulated: false,
        evidence_only: false,
        active: None,
    };
    let verification = Verification::Unverifiable { reason: "no key".into() };
    let view = view(&origin, Some(header), Some(claims), TokenFormat::Jws, 1300, &verification, 0);
    Column { view, header: Some(header), claims: Some(claims) }
}

fn pair(from: &Map<String, Value>, to: &Map<String, Value>, report: Option<&Report>) -> Comparison {
    let header = header();
    compare(&[column(&header, from), column(&header, to)], report)
}

fn said(comparison: &Comparison) -> Vec<String> {
    comparison
        .verdicts
        .iter()
        .map(|verdict| format!("{} {} {}", verdict.label, verdict.word, verdict.rest).trim().to_owned())
        .collect()
}

fn row<'a>(comparison: &'a Comparison, path: &str) -> &'a Row {
    comparison.groups.iter().flat_map(|group| &group.rows).find(|row| row.path == path).unwrap_or_else(|| panic!("no row {path}"))
}

fn chips(cell: &Cell) -> String {
    let Cell::Members { members } = cell else {
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
    let ids: Vec<&str> = comparison.findings.iter().map(|finding| finding.id.as_str()).collect();
    assert_eq!(ids, ["outlives-subject", "no-act"]);
    assert_eq!(comparison.findings[0].title, "Outlives its subject token by 7 s");
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
        let found = pair(&from, &to, None).findings;
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
        claims: vec![crate::check::RequiredClaim { path: "tenant".into(), value: "shop".into() }],
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
    assert!(comparison.groups.iter().flat_map(|group| &group.rows).all(|row| row.cells[1] == Cell::Absent));
    assert_eq!(compare(&[], None).rows, 0);
}

#[test]
fn markdown_has_the_verdicts_and_no_markup_of_the_token() {
    let (from, mut to) = (subject(), issued());
    to.insert("name".into(), json!("a|b <script> `x`\n[y](z)"));
    let text = crate::markdown::comparison(&pair(&from, &to, None), None);
    assert!(text.contains("| Audience | narrowed | 3 → 1 |"), "{text}");
    assert!(text.contains("| aud | orders-api, −frontend, −portal | orders-api | narrowed 3 → 1 |"), "{text}");
    assert!(text.contains(r"a\|b \<script\> \`x\` \[y\](z)"), "{text}");
    assert!(!text.contains("eyJ"));
}

fn any_claims() -> impl Strategy<Value = Map<String, Value>> {
    let words = || prop::collection::vec("[a-c]", 0..4);
    let scalar = prop_oneof![
        any::<i64>().prop_map(Value::from),
        "[a-z]{0,3}".prop_map(Value::from),
        words().prop_map(Value::from),
        Just(Value::Null),
        Just(json!({"a": [1]}))
    ];
    let name =
        prop::sample::select(vec!["sub", "aud", "scope", "exp", "iat", "jti", "azp", "act", "cnf", "roles", "realm_access", "x"]);
    prop::collection::btree_map(name, scalar, 0..8)
        .prop_map(|all| all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

proptest! {
    #[test]
    fn a_token_does_not_differ_from_itself(claims in any_claims()) {
        let comparison = pair(&claims, &claims, None);
        prop_assert_eq!(comparison.changes, 0);
        prop_assert!(comparison.findings.is_empty());
        prop_assert!(comparison.verdicts.iter().all(|verdict| matches!(verdict.tone, VerdictTone::Same | VerdictTone::None)), "{:?}", comparison.verdicts);
        prop_assert!(comparison.groups.iter().all(|group| group.folded));
    }

    #[test]
    fn the_way_back_is_the_opposite(a in any_claims(), b in any_claims()) {
        let opposite = |change| match change {
            Change::Added => Change::Removed,
            Change::Removed => Change::Added,
            Change::Narrowed => Change::Widened,
            Change::Widened => Change::Narrowed,
            Change::Outlives => Change::Shorter,
            Change::Shorter => Change::Outlives,
            same => same,
        };
        let rows = |comparison: Comparison| comparison.groups.into_iter().flat_map(|group| group.rows).map(|row| (row.path, row.change)).collect::<Vec<_>>();
        let back: Vec<(String, Change)> = rows(pair(&b, &a, None)).into_iter().map(|(path, change)| (path, opposite(change))).collect();
        prop_assert_eq!(rows(pair(&a, &b, None)), back);
    }
}
