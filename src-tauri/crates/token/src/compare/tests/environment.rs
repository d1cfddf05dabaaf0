//! Dev beside prod: what two environments must differ in is never counted as substance, and nothing else is hidden with it.

use serde_json::{Map, Value, json};

use super::super::*;
use crate::{
    decode::json::Exact,
    inspect::{Obtained, Origin, Provenance, TokenFormat, TokenKind, Verification, view},
};

static NOTHING_LOST: Exact = Exact::new();
const DEV: &str = "https://id.dev.eu-central-1.platform.example-retail.net/realms/shop";
const PROD: &str = "https://id.prod.eu-central-1.platform.example-retail.net/realms/shop";

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn claims(issuer: &str, change: &Value) -> Map<String, Value> {
    let prod = issuer == PROD;
    let mut claims = map(json!({"iss": issuer, "sub": if prod { "b1e3a920" } else { "7c57d1f0" }, "preferred_username": "dora",
        "azp": "storefront", "typ": "Bearer", "aud": ["orders-api", "stock-api"], "scope": "openid profile orders:read",
        "realm_access": {"roles": ["shopper"]}, "resource_access": {"orders-api": {"roles": ["viewer"]}},
        "sid": if prod { "s-prod" } else { "s-dev" }, "allowed-origins": [if prod { "https://shop" } else { "https://dev.shop" }],
        "jti": if prod { "j-2" } else { "j-1" }, "iat": if prod { 1_047 } else { 1_000 }, "auth_time": if prod { 1_040 } else { 990 },
        "exp": if prod { 1_347 } else { 1_300 }}));
    for (name, value) in change.as_object().into_iter().flatten() {
        if value.is_null() {
            claims.remove(name);
        } else {
            claims.insert(name.clone(), value.clone());
        }
    }
    claims
}

struct Side {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    profile: Option<&'static str>,
}

impl Side {
    fn of(issuer: &str, change: &Value) -> Self {
        let kid = if issuer == PROD { "m3Rt81cA2hQ" } else { "qEYe7kXZvpo" };
        Self { header: map(json!({"alg": "RS256", "typ": "JWT", "kid": kid})), claims: claims(issuer, change), profile: None }
    }

    fn column(&self) -> Column<'_> {
        let mut origin = Origin::new("t", TokenKind::Access, Obtained::LogIn, "log in");
        let issuer = crate::claims::text(&self.claims, "iss").unwrap_or_default();
        origin.provenance = self.profile.map(|id| Provenance { profile: id.into(), name: id.into(), issuer });
        let verification = Verification::Unverifiable { reason: "no key".into() };
        let view = view(&origin, Some(&self.header), Some(&self.claims), TokenFormat::Jws, 1300, &verification, 0);
        Column { view, header: Some(&self.header), claims: Some(&self.claims), exact: &NOTHING_LOST }
    }
}

fn both(dev: &Value, prod: &Value) -> Comparison {
    let (dev, prod) = (Side::of(DEV, dev), Side::of(PROD, prod));
    compare(&[dev.column(), prod.column()], None)
}

fn paths(comparison: &Comparison, group: &str) -> Vec<String> {
    let rows = comparison.groups.iter().filter(|one| one.id == group).flat_map(|one| &one.rows);
    rows.filter(|row| row.change != Change::Same).map(|row| row.path.clone()).collect()
}

fn substance(comparison: &Comparison) -> Vec<String> {
    comparison.groups.iter().flat_map(|group| &group.rows).filter(|row| row.substance).map(|row| row.path.clone()).collect()
}

#[test]
fn two_environments_that_grant_the_same_differ_in_nothing_of_substance() {
    let same = both(&json!({}), &json!({}));
    assert!(same.environments);
    assert_eq!(substance(&same), Vec::<String>::new());
    assert_eq!(same.substance, 0);
    assert_eq!(paths(&same, "environment"), ["iss", "header.kid", "sub", "sid", "allowed-origins"]);
    let mut noise = paths(&same, "noise");
    noise.sort();
    assert_eq!(noise, ["auth_time", "exp", "iat", "jti"]);
    let order: Vec<&str> = same.groups.iter().map(|group| group.id.as_str()).collect();
    assert_eq!(order.iter().rev().take(2).collect::<Vec<_>>(), [&"noise", &"environment"]);
    let group = same.groups.iter().find(|group| group.id == "environment").expect("a group");
    assert!(group.folded);
    assert_eq!((group.title.as_str(), group.summary.as_str()), ("Environment", "5 differ, as two environments must"));
    let said: Vec<String> =
        same.pairs[0].verdicts.iter().map(|one| format!("{} {} {}", one.id, one.word, one.rest).trim().into()).collect();
    assert_eq!(
        said,
        [
            "identity same user name",
            "requester storefront",
            "audience same 2",
            "scope same 3",
            "roles same 2",
            "lifetime 5 min",
            "binding none"
        ]
    );
    let said: Vec<String> = same.pairs[0].environment.iter().map(|one| format!("{} {}", one.id, one.word)).collect();
    assert_eq!(said, ["issuer other", "key other", "subject other"]);
    assert_eq!(same.pairs[0].environment[1].rest, "RS256 both");
    assert!(same.pairs[0].findings.is_empty(), "neither was made from the other");
}

#[test]
fn what_differs_in_substance_stays_and_is_said_in_words_that_name_the_columns() {
    let found = both(
        &json!({"scope": "openid profile orders:read email", "resource_access": {"orders-api": {"roles": ["viewer", "editor", "tester"]}}, "exp": 2_800}),
        &json!({"aud": ["orders-api", "stock-api", "payments-api"]}),
    );
    assert_eq!(substance(&found), ["aud", "scope", "resource_access.orders-api.roles", "exp - iat"]);
    let said = |id: &str| {
        let one = found.pairs[0].verdicts.iter().find(|one| one.id == id).expect("a statement");
        (one.word.clone(), one.rest.clone())
    };
    assert_eq!(said("audience"), ("B adds".into(), "1".into()));
    assert_eq!(said("scope"), ("A has".into(), "1 more".into()));
    assert_eq!(said("roles"), ("A has".into(), "2 more".into()));
    assert_eq!(said("lifetime"), ("30 → 5 min".into(), String::new()));
    let told = |path: &str| {
        let row = found.groups.iter().flat_map(|group| &group.rows).find(|row| row.path == path).expect("a row");
        (row.change, row.change_text.clone())
    };
    assert_eq!(told("aud"), (Change::Added, "B adds 2 → 3".into()));
    assert_eq!(told("scope"), (Change::Removed, "A only 4 → 3".into()));
    let row = found.groups.iter().flat_map(|group| &group.rows).find(|row| row.path == "exp - iat").expect("a row");
    assert_eq!((row.change, row.change_text.as_str()), (Change::Shorter, "shorter 25 min"));
}

/// What is changed in dev and in prod, and whether the claim then belongs to the environment.
#[test]
fn only_what_an_environment_explains_is_set_apart() {
    let rows: Vec<(&str, Value, Value, &str, bool)> = vec![
        ("another person", json!({}), json!({"preferred_username": "dave"}), "sub", false),
        ("no name on one side", json!({"preferred_username": null}), json!({}), "sub", false),
        ("no name on either", json!({"preferred_username": null}), json!({"preferred_username": null}), "sub", false),
        ("a user id beside sub", json!({"oid": "1"}), json!({"oid": "2"}), "oid", true),
        ("a tenant", json!({"tid": "1"}), json!({"tid": "2"}), "tid", true),
        ("an older name of the session", json!({"session_state": "1"}), json!({"session_state": "2"}), "session_state", true),
        ("a session on one side only", json!({"sid": null}), json!({}), "sid", false),
        ("web origins on one side only", json!({"allowed-origins": null}), json!({}), "allowed-origins", true),
        ("the issuer as audience", json!({"aud": DEV}), json!({"aud": PROD}), "aud", true),
        ("the issuer among audiences", json!({"aud": [DEV, "orders-api"]}), json!({"aud": [PROD, "orders-api"]}), "aud", true),
        ("and one audience more", json!({"aud": [DEV]}), json!({"aud": [PROD, "orders-api"]}), "aud", false),
        ("another API host", json!({"aud": "https://api.dev.test"}), json!({"aud": "https://api.prod.test"}), "aud", false),
        (
            "an address of the issuer",
            json!({"picture": format!("{DEV}/p/1")}),
            json!({"picture": format!("{PROD}/p/1")}),
            "picture",
            true,
        ),
        (
            "an address of its host",
            json!({"home": "https://id.dev.eu-central-1.platform.example-retail.net/x"}),
            json!({"home": "https://id.prod.eu-central-1.platform.example-retail.net/x"}),
            "home",
            true,
        ),
        (
            "another path of its host",
            json!({"home": "https://id.dev.eu-central-1.platform.example-retail.net/x"}),
            json!({"home": "https://id.prod.eu-central-1.platform.example-retail.net/y"}),
            "home",
            false,
        ),
        (
            "a host that only begins alike",
            json!({"home": "https://id.dev.eu-central-1.platform.example-retail.net.other.test/x"}),
            json!({"home": "https://id.prod.eu-central-1.platform.example-retail.net.other.test/x"}),
            "home",
            false,
        ),
        ("another client", json!({"azp": "a"}), json!({"azp": "b"}), "azp", false),
        ("another binding", json!({"cnf": {"jkt": "1"}}), json!({"cnf": {"jkt": "2"}}), "cnf.jkt", false),
        ("a role", json!({"realm_access": {"roles": ["admin"]}}), json!({}), "realm_access.roles", false),
        ("a group", json!({"groups": ["/a"]}), json!({"groups": ["/b"]}), "groups", false),
    ];
    for (name, dev, prod, path, belongs) in rows {
        let found = both(&dev, &prod);
        let apart = paths(&found, "environment").iter().any(|one| one == path);
        assert_eq!(apart, belongs, "{name}: {:?}", paths(&found, "environment"));
        // A row is in one place, and counted as substance exactly where it is not set apart.
        // The session's id is noise in every comparison.
        let noise = path == "sid";
        assert_eq!(substance(&found).iter().any(|one| one == path), !belongs && !noise, "{name}: {:?}", substance(&found));
    }
}

#[test]
fn another_algorithm_is_no_matter_of_the_environment() {
    let (dev, mut prod) = (Side::of(DEV, &json!({})), Side::of(PROD, &json!({})));
    prod.header.insert("alg".into(), json!("ES256"));
    let found = compare(&[dev.column(), prod.column()], None);
    assert_eq!(substance(&found), ["header.alg"]);
    prod.header.remove("kid");
    let found = compare(&[dev.column(), prod.column()], None);
    assert!(substance(&found).contains(&"header.kid".to_owned()), "a key that is not named is no other key");
}

/// Which pairs are two environments at all.
#[test]
fn environments_are_told_by_profile_or_by_issuers_of_one_kind() {
    let other = |issuer: &str| json!({"iss": issuer});
    type Pair = (&'static str, Option<&'static str>, &'static str, Option<&'static str>, bool);
    let shape: Vec<Pair> = vec![
        ("two profiles", Some("dev"), PROD, Some("prod"), true),
        ("two profiles of other shapes", Some("dev"), "https://login.test/tenant/v2.0", Some("prod"), true),
        ("pasted, alike but for the host", None, PROD, None, true),
        (
            "pasted, alike but for the realm",
            None,
            "https://id.dev.eu-central-1.platform.example-retail.net/realms/other",
            None,
            true,
        ),
        ("a gateway of the same profile", Some("dev"), "https://gw.dev/oauth2/token", Some("dev"), true),
        ("another run of the same profile", Some("dev"), PROD, Some("dev"), true),
        ("a gateway that was pasted", None, "https://gw.dev/oauth2/a/b", None, false),
        ("one that names nobody", None, "", None, false),
        ("the same issuer by two profiles", Some("dev"), DEV, Some("prod"), false),
    ];
    for (name, one, issuer, two, expected) in shape {
        let (mut dev, mut prod) = (Side::of(DEV, &json!({})), Side::of(PROD, &other(issuer)));
        (dev.profile, prod.profile) = (one, two);
        let expected = expected && name != "a gateway of the same profile";
        assert_eq!(compare(&[dev.column(), prod.column()], None).environments, expected, "{name}");
    }
    let (dev, prod) = (Side::of(DEV, &json!({})), Side::of(PROD, &json!({})));
    for kin in [Kinship::Descendant, Kinship::Ancestor, Kinship::Sibling] {
        let found = compare_all(&[dev.column(), prod.column()], &[None, None], &[Kinship::Unknown, kin]);
        assert!(!found.environments && found.pairs[0].environment.is_empty(), "an exchange is told as one: {kin:?}");
    }
}

#[test]
fn a_third_token_of_the_first_environment_keeps_its_own_differences() {
    let (dev, prod) = (Side::of(DEV, &json!({"tid": "t-dev"})), Side::of(PROD, &json!({"tid": "t-prod"})));
    let again = Side::of(DEV, &json!({"tid": "t-other"}));
    let found = compare(&[dev.column(), prod.column(), again.column()], None);
    assert!(found.environments);
    assert_eq!((found.pairs[0].environment.len(), found.pairs[1].environment.len()), (3, 0));
    assert!(substance(&found).contains(&"tid".to_owned()), "two tenants of one environment are no matter of it");
    assert!(!substance(&found).contains(&"iss".to_owned()));
}

#[test]
fn of_an_opaque_token_beside_a_jwt_nothing_is_stated() {
    let (dev, prod) = (Side::of(DEV, &json!({})), Side::of(PROD, &json!({})));
    let mut opaque = prod.column();
    (opaque.claims, opaque.header) = (None, None);
    let found = compare(&[dev.column(), opaque], None);
    assert!(!found.environments && found.substance == 0 && found.changes == 0);
    assert!(found.pairs[0].findings.iter().all(|finding| finding.id != "wider-than-subject"));
}
