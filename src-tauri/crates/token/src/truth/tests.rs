//! Three-way truth: who says what, and what follows when they do not say the same.

use serde_json::{Map, Value, json};

use super::*;
use crate::{
    finding::Severity,
    inspect::{Obtained, Origin, TokenKind, view},
};

const NOW: i64 = 1_795_179_740;

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn claims() -> Map<String, Value> {
    map(
        json!({"iss": "https://kc.test/realms/shop", "sub": "7c57", "azp": "portal", "aud": ["a", "b"], "scope": "openid profile",
        "exp": NOW + 291, "jti": "onrtac:1", "email": "alice@example.test"}),
    )
}

fn told(claims: Value) -> Told {
    let claims = claims.is_object().then(|| map(claims));
    let status = if claims.is_some() { 200 } else { 401 };
    let problem = claims.is_none().then(|| "invalid_token".to_owned());
    Told {
        claims,
        exact: Exact::new(),
        status: Some(status),
        problem,
        address: "https://kc.test/ask".into(),
        read_ms: NOW * 1000,
        step: Some(9),
    }
}

static NOTHING_LOST: Exact = Exact::new();

fn ask(token: Option<&Map<String, Value>>, introspection: Option<&Told>, userinfo: Option<&Told>) -> Truth {
    truth(&at_hand(token, introspection, userinfo), NOW)
}

fn at_hand<'a>(token: Option<&'a Map<String, Value>>, introspection: Option<&'a Told>, userinfo: Option<&'a Told>) -> AtHand<'a> {
    let origin = Origin { step: Some(1), ..Origin::new("t", TokenKind::Access, Obtained::LogIn, "login") };
    let format = if token.is_some() { TokenFormat::Jws } else { TokenFormat::Opaque };
    let view = view(&origin, None, token, format, 900, &Verification::Unverifiable { reason: "x".into() }, 0);
    AtHand { view, claims: token, exact: &NOTHING_LOST, introspection: Ok(introspection), userinfo: Ok(userinfo) }
}

fn ids(truth: &Truth) -> Vec<(&str, Severity, &str)> {
    truth
        .findings
        .iter()
        .map(|finding| (finding.id.as_str(), finding.severity, finding.path.as_deref().unwrap_or_default()))
        .collect()
}

fn row<'a>(truth: &'a Truth, path: &str) -> &'a TruthRow {
    truth.groups.iter().flat_map(|group| &group.rows).find(|row| row.path == path).unwrap_or_else(|| panic!("no row {path}"))
}

/// What introspection says of the token above when all is well.
fn answer() -> Value {
    let mut answer = claims();
    answer.insert("active".into(), json!(true));
    answer.insert("client_id".into(), json!("portal"));
    answer.insert("username".into(), json!("alice"));
    answer.insert("aud".into(), json!(["b", "a"]));
    answer.insert("scope".into(), json!("profile openid"));
    Value::Object(answer)
}

#[test]
fn large_numbers_differ_by_one_digit() {
    let (text, said) =
        (r#"{"sub":"7c57","tenant":12345678901234567890123}"#, r#"{"active":true,"tenant":12345678901234567890124}"#);
    let read = |text: &str| map(serde_json::from_str(text).unwrap());
    let claims = read(text);
    let told = Told { exact: crate::decode::json::numbers(said), ..told(Value::Object(read(said))) };
    let at_hand = AtHand { exact: &crate::decode::json::numbers(text), ..at_hand(Some(&claims), Some(&told), None) };
    let truth = truth(&at_hand, NOW);
    let tenant = row(&truth, "tenant");
    assert_eq!(tenant.agreement, Agreement::Differ);
    let shown = |at: usize| tenant.cells[at].value.clone();
    assert_eq!(shown(0), Some(ClaimValue::Text { text: "12345678901234567890123".into() }));
    assert_eq!(shown(1), Some(ClaimValue::Text { text: "12345678901234567890124".into() }));
}

fn changed(name: &str, value: Value) -> Told {
    let mut answer = map(answer());
    answer.insert(name.into(), value);
    told(Value::Object(answer))
}

#[test]
fn three_that_agree_leave_no_finding() {
    let (token, introspection) = (claims(), told(answer()));
    let userinfo = told(json!({"sub": "7c57", "email": "alice@example.test", "name": "Alice"}));
    let truth = ask(Some(&token), Some(&introspection), Some(&userinfo));
    assert_eq!((ids(&truth), truth.differences), (Vec::new(), 0));
    assert_eq!(row(&truth, "aud").agreement, Agreement::Agree, "the order of a set means nothing");
    assert_eq!((row(&truth, "name").agreement, row(&truth, "name").words.as_str()), (Agreement::Alone, "only userinfo"));
    let words: Vec<&str> = truth.sources.iter().map(|source| source.words.as_str()).collect();
    assert_eq!(words, ["not verified", "active", "3 members"]);
    assert_eq!((truth.sources[1].active, truth.sources[1].step), (Some(true), Some(9)));
}

#[test]
fn nothing_agrees_before_somebody_else_was_heard() {
    let token = claims();
    let truth = ask(Some(&token), None, None);
    assert_eq!((row(&truth, "sub").agreement, row(&truth, "sub").words.as_str()), (Agreement::Unheard, ""));
}

#[test]
fn inactive_though_not_expired_is_the_first_thing_said() {
    let (token, introspection) = (claims(), told(json!({"active": false})));
    let userinfo = told(json!({"sub": "7c57"}));
    let truth = ask(Some(&token), Some(&introspection), Some(&userinfo));
    assert_eq!(
        ids(&truth),
        [("introspection-inactive", Severity::Error, "claims.exp"), ("servers-disagree", Severity::Warning, "claims.active")]
    );
    assert!(truth.findings[0].detail.starts_with("The token has 4 min 51 s left"), "{}", truth.findings[0].detail);
    let mut over = claims();
    over.insert("exp".into(), json!(NOW - 5));
    assert_eq!(ids(&ask(Some(&over), Some(&introspection), None)), []);
    assert_eq!(ids(&ask(Some(&over), Some(&changed("exp", json!(NOW - 5))), None))[0].0, "introspection-active-after-end");
}

#[test]
fn each_difference_is_marked_with_what_each_says() {
    for (name, value, severity, said) in [
        ("sub", json!("other"), Severity::Error, "The token says 7c57, introspection says other."),
        ("azp", json!("frontend"), Severity::Error, "The token says portal, introspection says frontend."),
        ("aud", json!("a"), Severity::Warning, "The token says a and b, introspection says a."),
        ("scope", json!("openid"), Severity::Warning, "The token says openid and profile, introspection says openid."),
        ("exp", json!(NOW + 10), Severity::Warning, "2026-11-20 13:07:11 UTC, introspection says"),
        ("email", json!("a@b.test"), Severity::Note, "introspection says a@b.test."),
    ] {
        let token = claims();
        let truth = ask(Some(&token), Some(&changed(name, value)), None);
        let path = format!("claims.{name}");
        assert_eq!(ids(&truth), [("introspection-differs", severity, path.as_str())], "{name}");
        assert!(truth.findings[0].detail.contains(said), "{}", truth.findings[0].detail);
        let row = row(&truth, name);
        assert_eq!((row.agreement, row.words.as_str()), (Agreement::Differ, "introspection differs"));
        assert_eq!((row.cells[0].differs, row.cells[1].differs, truth.differences), (false, true, 1));
    }
}

#[test]
fn what_the_server_leaves_out_or_adds_is_said() {
    let mut token = claims();
    token.insert("act".into(), json!({"sub": "gateway"}));
    token.insert("cnf".into(), json!({"jkt": "x"}));
    let truth = ask(Some(&token), Some(&told(answer())), None);
    assert_eq!(
        ids(&truth),
        [("introspection-omits", Severity::Warning, "claims.act"), ("introspection-omits", Severity::Warning, "claims.cnf")]
    );
    let light = map(json!({"sub": "7c57", "azp": "portal", "exp": NOW + 9, "iss": "https://kc.test/realms/shop"}));
    let mut full = map(answer());
    full.insert("exp".into(), json!(NOW + 9));
    let truth = ask(Some(&light), Some(&told(Value::Object(full))), None);
    assert_eq!(ids(&truth).iter().map(|one| one.0).collect::<Vec<_>>(), ["introspection-says-more"]);
    let other = ask(Some(&claims()), Some(&changed("client_id", json!("billing"))), None);
    assert!(other.findings.iter().any(|finding| finding.title == "Another client"), "{:?}", ids(&other));
}

#[test]
fn userinfo_must_be_of_the_same_user() {
    let token = claims();
    let of = |answer: Value| {
        let userinfo = told(answer);
        ask(Some(&token), None, Some(&userinfo))
    };
    assert_eq!(ids(&of(json!({"email": "alice@example.test"})))[0].0, "userinfo-without-sub");
    assert_eq!(ids(&of(json!({"sub": "bob"}))), [("userinfo-other-sub", Severity::Error, "claims.sub")]);
    let moved = of(json!({"sub": "7c57", "email": "alice@new.test"}));
    assert_eq!(ids(&moved), [("userinfo-differs", Severity::Note, "claims.email")]);
    assert_eq!(
        moved.findings[0].detail,
        "It was alice@example.test when the token was issued, userinfo says alice@new.test now."
    );
    let refused = told(Value::Null);
    let truth = ask(Some(&token), Some(&told(answer())), Some(&refused));
    assert_eq!(ids(&truth), [("userinfo-refused", Severity::Warning, "claims.scope")]);
    assert_eq!((truth.sources[2].heard, truth.sources[2].words.as_str()), (Heard::Refused, "401, invalid_token"));
}

#[test]
fn it_is_written_as_markdown_without_markup_of_the_servers() {
    let token = claims();
    let userinfo = told(json!({"sub": "7c57", "name": "A|B <i>`x`"}));
    let text = crate::markdown::truth(&ask(Some(&token), Some(&changed("aud", json!("a"))), Some(&userinfo)), |_, value| value);
    for line in [
        "- **Introspection** active",
        "| aud | a, b | a | not said | introspection differs |",
        r"| name | not said | not said | A\|B \<i\>\`x\` | only userinfo |",
        "- **aud differs** (warning): The token says a and b, introspection says a.",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(!text.contains("eyJ"));
}

#[test]
fn an_opaque_token_is_read_through_its_server() {
    let introspection = told(answer());
    let userinfo = told(json!({"sub": "7c57"}));
    let truth = ask(None, Some(&introspection), Some(&userinfo));
    assert_eq!((truth.sources[0].heard, ids(&truth)), (Heard::Unavailable, Vec::new()));
    assert_eq!(row(&truth, "sub").agreement, Agreement::Agree);
    let nobody = ask(None, None, None);
    assert!(nobody.groups.is_empty() && nobody.sources[1].heard == Heard::NotAsked);
    let silent = truth_of_none();
    assert_eq!((silent.sources[1].heard, silent.sources[1].words.as_str()), (Heard::Unavailable, "no endpoint"));
}

fn truth_of_none() -> Truth {
    let view = ask(None, None, None).token;
    truth(&AtHand { view, claims: None, exact: &NOTHING_LOST, introspection: Err("no endpoint".into()), userinfo: Ok(None) }, NOW)
}
