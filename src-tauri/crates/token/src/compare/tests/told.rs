//! What a comparison may say of a token that only a server can read: nothing that introspection or the response did not say.

use super::*;
use crate::compare::verdict::lifetime_words;

fn opaque<'a>(claims: Option<&'a Map<String, Value>>, ends: Option<i64>) -> Column<'a> {
    let origin = Origin { step: Some(1), expires_at_hint: ends, ..Origin::new("o", TokenKind::Access, Obtained::LogIn, "login") };
    let verification = Verification::Unverifiable { reason: "opaque".into() };
    let view = view(&origin, None, claims, TokenFormat::Opaque, 40, &verification, 0);
    Column { view, header: None, claims, exact: &NOTHING_LOST }
}

fn verdicts(columns: &[Column<'_>]) -> BTreeMap<String, String> {
    let comparison = compare(columns, None);
    last(&comparison).verdicts.iter().map(|one| (one.id.clone(), one.word.clone())).collect()
}

#[test]
fn of_an_opaque_token_beside_a_jwt_identity_audience_issuer_and_lifetime_are_unknown() {
    let (header, claims) = (header(), subject());
    for (columns, which) in [
        ([column(&header, &claims), opaque(None, None)], "the second"),
        ([opaque(None, None), column(&header, &claims)], "the first"),
        ([opaque(None, None), opaque(None, None)], "both"),
    ] {
        let said = verdicts(&columns);
        for id in ["identity", "requester", "audience", "scope", "roles", "lifetime", "issuer", "binding"] {
            assert_eq!(said.get(id).map(String::as_str), Some("unknown"), "{id}, {which} cannot be read");
        }
        let whole = compare(&columns, None);
        assert_eq!(whole.changes, 0, "nothing is counted as changed");
        assert_eq!(last(&whole).findings, [], "nothing is found");
    }
}

#[test]
fn a_member_that_introspection_omits_is_unknown() {
    let (header, claims) = (header(), subject());
    let whole = map(
        json!({"active": true, "sub": "7c57d1f0-3a52-4c8e-9e61-b2a7f04e498d", "client_id": "portal", "scope": "openid profile",
        "aud": "orders-api", "iss": "http://127.0.0.1:18080/realms/shop", "exp": IAT + 200, "username": "alice", "cnf": {"jkt": "k"},
        "realm_access": {"roles": ["operator"]}}),
    );
    for columns in
        [[column(&header, &claims), opaque(Some(&whole), None)], [opaque(Some(&whole), None), column(&header, &claims)]]
    {
        let table = compare(&columns, None);
        assert!(!table.groups.iter().flat_map(|group| &group.rows).any(|row| row.path == "active"), "active is no claim of it");
    }
    let all = verdicts(&[column(&header, &claims), opaque(Some(&whole), None)]);
    let expected = [
        ("identity", "preserved"),
        ("requester", "changed"),
        ("audience", "narrowed"),
        ("scope", "narrowed"),
        ("roles", "narrowed"),
        ("lifetime", "shorter"),
        ("issuer", "same"),
        ("binding", "added"),
    ];
    for (id, word) in expected {
        assert_eq!(all.get(id).map(String::as_str), Some(word), "{id} is said");
    }
    // Member that is left out, verdict that cannot be given then, row that is unknown.
    for (members, id, path) in [
        (&["sub", "username"][..], "identity", "sub"),
        (&["client_id"][..], "requester", "azp"),
        (&["aud"][..], "audience", "aud"),
        (&["scope"][..], "scope", "scope"),
        (&["realm_access"][..], "roles", "realm_access.roles"),
        (&["iss"][..], "issuer", "iss"),
        (&["exp"][..], "lifetime", "exp"),
    ] {
        let less: Map<String, Value> = whole
            .iter()
            .filter(|(name, _)| !members.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        for columns in
            [[column(&header, &claims), opaque(Some(&less), None)], [opaque(Some(&less), None), column(&header, &claims)]]
        {
            let said = verdicts(&columns);
            assert_eq!(said.get(id).map(String::as_str), Some("unknown"), "{id} without {members:?}");
            let comparison = compare(&columns, None);
            assert_eq!(row(&comparison, path).change, Change::Unknown, "the row {path}");
            let of_it = |finding: &Finding| finding.path.as_deref() == Some(&format!("claims.{path}"));
            assert!(!last(&comparison).findings.iter().any(of_it), "{path} is in no finding");
        }
    }
}

#[test]
fn a_name_decides_where_introspection_gives_no_sub() {
    let (header, claims) = (header(), subject());
    for (name, word) in [("alice", "preserved"), ("bob", "changed")] {
        let told = map(json!({"active": true, "username": name}));
        assert_eq!(
            verdicts(&[column(&header, &claims), opaque(Some(&told), None)]).get("identity").map(String::as_str),
            Some(word)
        );
    }
}

#[test]
fn two_verdicts_of_one_picture_never_disagree_about_an_end() {
    let (header, with) = (header(), subject());
    let without = {
        let mut claims = subject();
        claims.remove("exp");
        claims
    };
    let told = map(json!({"active": true, "sub": "a"}));
    let later = map(json!({"active": true, "sub": "a", "exp": IAT + 900}));
    let hinted = |claims, ends| {
        let mut one: Column<'_> = column(&header, claims);
        one.view.expires_at = one.view.expires_at.or(ends);
        one
    };
    let all = || {
        vec![
            hinted(&with, None),
            hinted(&without, None),
            hinted(&without, Some(IAT + 100)),
            hinted(&without, Some(IAT + 900)),
            opaque(None, None),
            opaque(None, Some(IAT + 100)),
            opaque(None, Some(IAT + 900)),
            opaque(Some(&told), None),
            opaque(Some(&told), Some(IAT + 900)),
            opaque(Some(&later), None),
        ]
    };
    for (left, from) in all().into_iter().enumerate() {
        for (right, to) in all().into_iter().enumerate() {
            let comparison = compare(&[from.clone(), to], None);
            let verdict = last(&comparison).verdicts.iter().find(|one| one.id == "lifetime").expect("a verdict");
            let finding = last(&comparison).findings.iter().any(|finding| finding.id == "outlives-subject");
            assert_eq!(finding, verdict.word == "outlives", "{left} and {right}: {verdict:?}");
            let Some(row) = comparison.groups.iter().flat_map(|group| &group.rows).find(|row| row.path == "exp") else {
                continue;
            };
            if row.change == Change::Unknown {
                // What the claims cannot tell the response may have told; the row says nothing, then.
                continue;
            }
            assert_eq!(lifetime_words(row.change), verdict.word, "{left} and {right}: {row:?}");
        }
    }
}

#[test]
fn a_refresh_token_beside_an_access_token_has_no_lifetime_verdict() {
    let (header, claims) = (header(), subject());
    let refresh = |ends| {
        let mut one = column(&header, &claims);
        (one.view.kind, one.view.expires_at) = (TokenKind::Refresh, Some(ends));
        one
    };
    for columns in [
        [column(&header, &claims), refresh(IAT + 9000)],
        [refresh(IAT + 9000), column(&header, &claims)],
        [column(&header, &claims), refresh(IAT + 9)],
    ] {
        assert_eq!(verdicts(&columns).get("lifetime").map(String::as_str), Some("not compared"));
        assert!(!last(&compare(&columns, None)).findings.iter().any(|finding| finding.id == "outlives-subject"));
    }
    assert_eq!(verdicts(&[refresh(IAT + 9), refresh(IAT + 90)]).get("lifetime").map(String::as_str), Some("outlives"));
}
