//! Checks: all run, in the order an API runs them, each with its evidence.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::inspect::{KeyEvidence, Verification};

const NOW: i64 = 1_795_179_740;

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn claims() -> Map<String, Value> {
    map(json!({"iss": "http://127.0.0.1:18080/realms/shop", "sub": "7c57", "preferred_username": "alice", "azp": "portal",
        "aud": "orders-api", "typ": "Bearer", "scope": "profile orders:write", "iat": NOW - 2, "exp": NOW + 298,
        "resource_access": {"orders-api": {"roles": ["editor"]}}, "realm_access": {"roles": ["viewer"]}}))
}

fn verified() -> Verification {
    Verification::Verified {
        key: KeyEvidence {
            kid: "k".into(),
            alg: "RS256".into(),
            kind: "RSA 2048".into(),
            source: "x".into(),
            read_ms: None,
            nonce_hashed: false,
        },
    }
}

fn wanted() -> Expectations {
    Expectations {
        issuer: vec!["http://127.0.0.1:18080/realms/shop".into()],
        audience: vec!["orders-api".into()],
        roles_all: vec!["viewer".into()],
        roles_path: "resource_access.orders-api.roles".into(),
        scope: vec!["orders:write".into()],
        signature: true,
        ..Expectations::default()
    }
}

fn report(expectations: &Expectations, claims: &Map<String, Value>, verification: &Verification) -> Report {
    run("orders-api", expectations, None, Some(claims), verification, None, NOW)
}

fn find<'a>(report: &'a Report, id: &str) -> &'a Check {
    report.checks.iter().find(|check| check.id == id).unwrap_or_else(|| panic!("no check {id}"))
}

#[test]
fn the_missing_role_of_the_mock_is_explained() {
    let report = report(&wanted(), &claims(), &verified());
    assert_eq!((report.answer, report.headline.as_str()), (Some(403), "orders-api would answer 403"));
    assert_eq!(report.first_failure.as_deref(), Some("roles"));
    let roles = find(&report, "roles");
    assert_eq!(
        (roles.title.as_str(), roles.expected.as_str(), roles.found.as_str()),
        ("Role viewer of orders-api", "viewer", "editor")
    );
    assert_eq!(roles.missing, ["viewer"]);
    assert_eq!(
        roles.advice.as_deref(),
        Some("Role viewer is in realm_access.roles, the API reads resource_access.orders-api.roles.")
    );
    let passed = report.checks.iter().filter(|check| check.outcome == CheckOutcome::Pass).map(|check| check.id.as_str());
    assert_eq!(passed.collect::<Vec<_>>(), ["signature", "issuer", "expiry", "audience", "scope"]);
}

#[test]
fn a_token_that_meets_everything_is_answered() {
    let mut wanted = wanted();
    wanted.roles_all = vec!["editor".into()];
    let report = report(&wanted, &claims(), &verified());
    assert_eq!((report.answer, report.headline.as_str(), report.first_failure), (Some(200), "orders-api would accept it", None));
}

#[test]
fn the_first_failure_decides_the_answer() {
    let check = |change: fn(&mut Map<String, Value>, &mut Expectations), id: &str, status: u16| {
        let (mut claims, mut wanted) = (claims(), wanted());
        wanted.roles_all = vec!["editor".into()];
        change(&mut claims, &mut wanted);
        let report = report(&wanted, &claims, &verified());
        assert_eq!((report.first_failure.as_deref(), report.answer), (Some(id), Some(status)));
    };
    check(|claims, _| drop(claims.insert("iss".into(), json!("http://other/realms/shop"))), "issuer", 401);
    check(|claims, _| drop(claims.insert("exp".into(), json!(NOW))), "expiry", 401);
    check(|claims, _| drop(claims.remove("exp")), "expiry", 401);
    check(|claims, _| drop(claims.insert("nbf".into(), json!(NOW + 5))), "not-before", 401);
    check(|_, wanted| wanted.token_type = "at+jwt".into(), "token-type", 401);
    check(|claims, _| drop(claims.remove("aud")), "audience", 401);
    check(
        |claims, wanted| {
            wanted.needs_user = true;
            claims.insert("aut".into(), json!("APPLICATION"));
        },
        "user",
        403,
    );
    check(|_, wanted| wanted.scope.push("orders:read".into()), "scope", 403);
    check(|_, wanted| wanted.roles_any = vec!["a".into(), "b".into()], "roles-any", 403);
    check(|_, wanted| wanted.claims.push(RequiredClaim { path: "email".into(), ..RequiredClaim::default() }), "claim:email", 403);
    check(|_, wanted| wanted.max_lifetime_s = 60, "lifetime", 401);
    check(|_, wanted| wanted.max_age_s = 1, "age", 401);
}

/// What each expectation may ask for; by its stored name.
fn asked(name: &str) -> Value {
    match name {
        "issuer" | "audience" | "roles_all" | "roles_any" | "scope" => json!(["another"]),
        "token_type" => json!("at+jwt"),
        "roles_path" => json!("realm_access.others"),
        "claims" => json!([{"path": "email", "value": "", "pattern": ""}]),
        "binding" => json!("dpop"),
        "needs_user" | "signature" => json!(true),
        "max_lifetime_s" | "max_age_s" => json!(1),
        "clock_tolerance_s" => json!(600),
        other => panic!("{other} has no example here, so nothing says that it is checked and told"),
    }
}

#[test]
fn every_expectation_is_checked_and_told() {
    // Two of them are about another one: where roles are read, and by how much every time may be off.
    let base = |name: &str| match name {
        "roles_path" => Expectations { roles_all: vec!["editor".into()], ..Expectations::default() },
        _ => Expectations::default(),
    };
    let mut claims = claims();
    claims.insert("aut".into(), json!("APPLICATION"));
    claims.insert("exp".into(), json!(NOW - 1));
    for name in map(serde_json::to_value(Expectations::default()).expect("JSON")).keys() {
        let without = base(name);
        let mut with = map(serde_json::to_value(&without).expect("JSON"));
        with.insert(name.clone(), asked(name));
        let with: Expectations = serde_json::from_value(Value::Object(with)).expect("expectations");
        assert_ne!(in_words(&with), in_words(&without), "{name} is not told");
        assert_ne!(
            report(&with, &claims, &verified()).checks,
            report(&without, &claims, &verified()).checks,
            "{name} is not checked"
        );
    }
}

#[test]
fn near_misses_are_named() {
    let check = |name: &str, value: Value, id: &str, expected: &str| {
        let mut claims = claims();
        claims.insert(name.into(), value);
        let report = report(&wanted(), &claims, &verified());
        let advice = find(&report, id).advice.clone().unwrap_or_default();
        assert!(advice.contains(expected), "{advice}");
    };
    check("iss", json!("http://127.0.0.1:18080/realms/shop/"), "issuer", "a slash at the end");
    check("iss", json!("http://localhost:18080/realms/shop"), "issuer", "another host name");
    check("aud", json!("Orders-API"), "audience", "letter by letter");
    check("scope", json!("Orders:Write"), "scope", "letter by letter");
    check("resource_access", json!({}), "roles", "Role viewer is in realm_access.roles");
}

#[test]
fn clocks_are_tolerated() {
    let mut claims = claims();
    claims.insert("exp".into(), json!(NOW - 10));
    let mut wanted = wanted();
    wanted.clock_tolerance_s = 30;
    assert_eq!(find(&report(&wanted, &claims, &verified()), "expiry").outcome, CheckOutcome::Pass);
}

#[test]
fn what_is_not_known_is_not_guessed() {
    let reason = Verification::Unverifiable { reason: "no key".into() };
    let mut wanted = wanted();
    wanted.roles_all.clear();
    let unknown = report(&wanted, &claims(), &reason);
    assert_eq!(
        (unknown.answer, unknown.headline.as_str()),
        (None, "Cannot tell what orders-api would answer: signature is not known")
    );
    wanted.scope.push("x".into());
    assert_eq!(report(&wanted, &claims(), &reason).headline, "orders-api would answer 403, if the signature holds");
    let opaque = run("orders-api", &wanted, None, None, &reason, None, NOW);
    assert!(opaque.checks.iter().all(|check| check.missing.is_empty()));
    assert!(
        opaque.checks.iter().all(|check| !matches!(check.outcome, CheckOutcome::Pass | CheckOutcome::Fail)),
        "{:?}",
        opaque.checks
    );
}

#[test]
fn introspection_vouches_and_revokes() {
    let reason = Verification::Unverifiable { reason: "opaque".into() };
    let mut wanted = wanted();
    wanted.roles_all.clear();
    let yes = run("orders-api", &wanted, None, Some(&claims()), &reason, Some(true), NOW);
    assert_eq!(yes.answer, Some(200));
    let no = run("orders-api", &wanted, None, Some(&claims()), &verified(), Some(false), NOW);
    assert_eq!((no.answer, no.first_failure.as_deref()), (Some(401), Some("active")));
}

#[test]
fn derived_expectations_hold_for_their_token() {
    let claims = claims();
    let wanted = derive(&claims, None);
    assert_eq!(wanted.scope, ["orders:write"]);
    assert_eq!(wanted.roles_path, "resource_access.orders-api.roles");
    assert_eq!((wanted.max_lifetime_s, wanted.needs_user), (300, true));
    let report = report(&wanted, &claims, &verified());
    assert_eq!(report.answer, Some(200), "{:?}", report.first_failure);
}

#[test]
fn the_answer_is_said_as_the_api_would_say_it() {
    let mut wanted = wanted();
    wanted.roles_all.clear();
    wanted.scope.push("orders:\"read\" ü".into());
    let forbidden = report(&wanted, &claims(), &verified());
    assert_eq!((forbidden.answer, forbidden.error.as_deref()), (Some(403), Some("insufficient_scope")));
    let challenge = "Bearer error=\"insufficient_scope\", error_description=\"Scope orders:?read? ?\", scope=\"orders:write orders:?read? ?\"";
    assert_eq!(forbidden.challenge.as_deref(), Some(challenge));
    wanted.binding = Binding::Dpop;
    wanted.issuer = vec!["https://other.test".into()];
    let refused = report(&wanted, &claims(), &verified());
    assert_eq!(refused.challenge.as_deref(), Some("DPoP error=\"invalid_token\", error_description=\"Other issuer\""));
    let fine = report(&Expectations::default(), &claims(), &verified());
    assert_eq!((fine.answer, fine.error, fine.challenge), (Some(200), None, None));
}

#[test]
fn claims_are_held_against_values_and_patterns() {
    let outcome = |path: &str, value: &str, pattern: &str| {
        let required = RequiredClaim { path: path.into(), value: value.into(), pattern: pattern.into() };
        let wanted = Expectations { claims: vec![required], ..Expectations::default() };
        let mut claims = claims();
        claims.insert("tags".into(), json!(["a1", "b2"]));
        claims.insert("org".into(), json!({"Tenant": "shop-eu"}));
        find(&report(&wanted, &claims, &verified()), &format!("claim:{path}")).clone()
    };
    for (path, value, pattern, expected) in [
        ("azp", "", "", CheckOutcome::Pass),
        ("azp", "portal", "", CheckOutcome::Pass),
        ("azp", "", "port.*", CheckOutcome::Pass),
        ("azp", "", "port", CheckOutcome::Fail),
        ("azp", "portal", "x.*", CheckOutcome::Fail),
        ("tags", "", "b[0-9]", CheckOutcome::Pass),
        ("tags", "c", "", CheckOutcome::Fail),
        ("org.Tenant", "", "shop-(eu|us)", CheckOutcome::Pass),
        ("exp", "", "[0-9]+", CheckOutcome::Pass),
        ("azp", "", "(", CheckOutcome::Unknown),
    ] {
        assert_eq!(outcome(path, value, pattern).outcome, expected, "{path} {value} {pattern}");
    }
    assert_eq!(outcome("tenant", "", "").advice.as_deref(), Some("The token has org.Tenant, the API reads tenant."));
    let unreadable = outcome("azp", "", "(").advice.unwrap_or_default();
    assert!(
        unreadable.starts_with("The pattern cannot be read") && unreadable.ends_with("Correct it in the expectations."),
        "{unreadable}"
    );
}

#[test]
fn required_numbers_are_compared_by_their_digits() {
    let text = r#"{"tenant":12345678901234567890123,"level":1.0,"name":"1.0"}"#;
    let claims = map(serde_json::from_str(text).unwrap());
    let exact = crate::decode::json::numbers(text);
    let outcome = |path: &str, value: &str| {
        let required = RequiredClaim { path: path.into(), value: value.into(), ..Default::default() };
        let wanted = Expectations { claims: vec![required], ..Expectations::default() };
        let presented = Presented { header: None, claims: Some(&claims), exact: &exact, verification: &verified(), active: None };
        let report = run_on("orders-api", &wanted, &presented, 0);
        let check = find(&report, &format!("claim:{path}"));
        (check.outcome, check.found.clone())
    };
    let big = "12345678901234567890123";
    assert_eq!(outcome("tenant", big), (CheckOutcome::Pass, big.into()));
    assert_eq!(outcome("tenant", "12345678901234567890124"), (CheckOutcome::Fail, big.into()));
    assert_eq!(outcome("level", "1"), (CheckOutcome::Pass, "1.0".into()));
    assert_eq!(outcome("name", "1"), (CheckOutcome::Fail, "1.0".into()), "a text is no number");
}

#[test]
fn binding_is_a_check_of_its_own() {
    let check = |cnf: Value, binding: Binding| {
        let mut claims = claims();
        claims.insert("cnf".into(), cnf);
        find(&report(&Expectations { binding, ..Expectations::default() }, &claims, &verified()), "binding").clone()
    };
    let (dpop, mtls) = (json!({"jkt": "x"}), json!({"x5t#S256": "y"}));
    for (cnf, binding, outcome) in [
        (&dpop, Binding::Dpop, CheckOutcome::Pass),
        (&dpop, Binding::Mtls, CheckOutcome::Fail),
        (&dpop, Binding::AnyKey, CheckOutcome::Pass),
        (&mtls, Binding::Mtls, CheckOutcome::Pass),
        (&mtls, Binding::Dpop, CheckOutcome::Fail),
        (&json!({"kid": "k"}), Binding::AnyKey, CheckOutcome::Pass),
        (&json!({}), Binding::AnyKey, CheckOutcome::Fail),
        (&json!(null), Binding::Dpop, CheckOutcome::Fail),
        (&dpop, Binding::NotAsked, CheckOutcome::NotApplicable),
    ] {
        assert_eq!(check(cnf.clone(), binding).outcome, outcome, "{cnf} {binding:?}");
    }
    assert_eq!(check(json!({}), Binding::Dpop).missing, ["jkt"]);
    assert!(check(dpop, Binding::NotAsked).advice.is_some_and(|advice| advice.contains("proof of that key")));
}

#[test]
fn a_report_says_until_when_it_holds() {
    let until = |claims: &Map<String, Value>, wanted: &Expectations| report(wanted, claims, &verified()).until_s;
    let tolerant = Expectations { clock_tolerance_s: 30, max_age_s: 60, ..Expectations::default() };
    assert_eq!(until(&claims(), &Expectations::default()), Some(NOW + 298));
    assert_eq!(until(&claims(), &tolerant), Some(NOW - 2 + 60 + 30 + 1));
    let at = |now: i64| run("r", &tolerant, None, Some(&claims()), &verified(), None, now);
    let moment = NOW - 2 + 60 + 30 + 1;
    assert_eq!(find(&at(moment - 1), "age").outcome, CheckOutcome::Pass);
    assert_eq!(find(&at(moment), "age").outcome, CheckOutcome::Fail);
    assert_eq!(at(moment).until_s, Some(NOW + 298 + 30));
    assert_eq!(find(&at(NOW + 298 + 29), "expiry").outcome, CheckOutcome::Pass);
    assert_eq!(find(&at(NOW + 298 + 30), "expiry").outcome, CheckOutcome::Fail);
    assert_eq!(at(NOW + 298 + 30).until_s, None);
    assert_eq!(find(&at(NOW), "expiry").moment, Some(NOW + 298));
}

#[test]
fn expectations_are_said_in_words_and_their_faults_named() {
    let mut wanted = wanted();
    wanted.claims = vec![
        RequiredClaim { path: "tenant".into(), value: "shop".into(), ..Default::default() },
        RequiredClaim { path: String::new(), value: "x".into(), pattern: "(".into() },
    ];
    let lines: Vec<String> = in_words(&wanted).into_iter().map(|line| format!("{}: {}", line.name, line.value)).collect();
    assert!(lines.contains(&"Roles, all: viewer in resource_access.orders-api.roles".to_owned()), "{lines:?}");
    assert!(lines.contains(&"Claim tenant: shop".to_owned()), "{lines:?}");
    let named: Vec<String> = faults(&wanted).into_iter().map(|(field, _)| field).collect();
    assert_eq!(named, ["claims.1.path", "claims.1.pattern"]);
    assert!(faults(&Expectations::default()).is_empty() && in_words(&Expectations::default()).is_empty());
}

proptest! {
    #[test]
    fn every_expectation_has_its_check(
        issuer in prop::collection::vec("[a-z]{1,4}", 0..3), audience in prop::collection::vec("[a-z]{1,4}", 0..3),
        roles in prop::collection::vec("[a-z]{1,4}", 0..3), any in prop::collection::vec("[a-z]{1,4}", 0..3),
        scope in prop::collection::vec("[a-z]{1,4}", 0..3), required in prop::collection::vec("[a-z.]{1,6}", 0..3),
        typ in "[a-z+]{0,6}", path in "[a-z.]{0,8}", limit in -5i64..500, age in any::<i64>(), user in any::<bool>(), readable in any::<bool>(),
        binding in prop::sample::select(vec![Binding::NotAsked, Binding::Dpop, Binding::Mtls, Binding::AnyKey]),
    ) {
        let wanted = Expectations {
            issuer, audience, roles_all: roles, roles_any: any, scope, token_type: typ, roles_path: path,
            claims: required.into_iter().map(|path| RequiredClaim { path, ..RequiredClaim::default() }).collect(),
            needs_user: user, max_lifetime_s: limit, max_age_s: age, clock_tolerance_s: age, signature: true, binding,
        };
        let claims = claims();
        let report = run("r", &wanted, None, readable.then_some(&claims), &verified(), None, NOW);
        let ids: Vec<&str> = report.checks.iter().map(|check| check.id.as_str()).collect();
        let fixed = ["signature", "issuer", "expiry", "not-before", "token-type", "audience", "user", "scope", "roles", "binding", "lifetime", "age"];
        prop_assert!(fixed.iter().all(|id| ids.contains(id)));
        prop_assert_eq!(ids.contains(&"roles-any"), !wanted.roles_any.is_empty());
        for required in &wanted.claims {
            let id = format!("claim:{}", required.path);
            prop_assert!(ids.contains(&id.as_str()));
        }
        let asked = [("issuer", !wanted.issuer.is_empty()), ("audience", !wanted.audience.is_empty()), ("scope", !wanted.scope.is_empty()),
            ("roles", !wanted.roles_all.is_empty()), ("user", user), ("token-type", !wanted.token_type.is_empty()), ("lifetime", limit > 0), ("binding", binding != Binding::NotAsked)];
        for (id, asked) in asked {
            prop_assert_eq!(find(&report, id).outcome != CheckOutcome::NotApplicable, asked, "{}", id);
        }
    }
}
