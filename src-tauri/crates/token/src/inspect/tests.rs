//! Names, states and findings of single tokens.

use serde_json::{Map, Value, json};

use super::*;
use crate::finding::{Finding, Severity};

const NOW: i64 = 1_800_000_000;

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn origin() -> Origin {
    Origin { step: Some(1), ..Origin::new("t1", TokenKind::Access, Obtained::LogIn, "login") }
}

fn unchecked() -> Verification {
    Verification::Unverifiable { reason: "no key".into() }
}

fn verified() -> Verification {
    let key = KeyEvidence {
        kid: "k".into(),
        alg: "RS256".into(),
        kind: "RSA 2048".into(),
        source: "x".into(),
        read_ms: None,
        nonce_hashed: false,
    };
    Verification::Verified { key }
}

fn seen(origin: &Origin, claims: Option<Value>, verification: &Verification) -> TokenView {
    let claims = claims.map(map);
    let format = if claims.is_some() { TokenFormat::Jws } else { TokenFormat::Opaque };
    view(origin, None, claims.as_ref(), format, 10, verification, 0)
}

#[test]
fn what_introspection_leaves_out_is_not_said_to_be_missing() {
    for claims in [
        json!({"active": true, "client_id": "web", "scope": "orders"}),
        json!({"active": true}),
        json!({"active": true, "sub": "a", "token_type": "Bearer", "username": "alice"}),
        json!({"active": true, "nonce": "n", "at_hash": "h"}),
    ] {
        let claims = map(claims);
        let found = findings(None, Some(&claims), &unchecked(), NOW);
        assert_eq!(
            found.iter().filter(|one| one.title.starts_with("No ") || one.title.contains("incomplete")).count(),
            0,
            "{found:?}"
        );
        let header = map(json!({"alg": "RS256", "kid": "k"}));
        assert!(findings(Some(&header), Some(&claims), &unchecked(), NOW).iter().any(|one| one.id == "iss-missing"));
    }
}

#[test]
fn a_nonce_in_the_header_of_an_entra_token_is_pointed_out_before_a_key_is_tried() {
    let header = map(json!({"alg": "RS256", "kid": "k", "nonce": "n-1"}));
    for (issuer, said) in [
        ("https://sts.windows.net/11111111-2222-3333-4444-555555555555/", 1),
        ("https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0", 1),
        ("https://sts.windows.net.evil.example/", 0),
        ("https://id.example.org/realms/shop", 0),
    ] {
        let claims = map(json!({"iss": issuer, "aud": "00000003-0000-0000-c000-000000000000"}));
        let found = findings(Some(&header), Some(&claims), &unchecked(), NOW);
        assert_eq!(found.iter().filter(|one| one.id == "nonce-in-header").count(), said, "{issuer}");
        let Verification::Verified { key } = verified() else { continue };
        let hashed = Verification::Verified { key: KeyEvidence { nonce_hashed: true, ..key } };
        assert_eq!(
            findings(Some(&header), Some(&claims), &hashed, NOW).iter().filter(|one| one.id == "nonce-in-header").count(),
            1
        );
    }
}

#[test]
fn a_number_no_parser_holds_is_said_once_and_as_a_number() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let said = |exp: &str| -> Vec<(String, String)> {
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        let payload = format!("{{\"iss\":\"i\",\"aud\":\"a\",\"exp\":{exp}}}");
        let decoded = crate::decode::decode(&format!("{}.{}.AAAA", part("{\"alg\":\"RS256\",\"kid\":\"k\"}"), part(&payload)));
        let found = findings(decoded.header.as_ref(), decoded.claims.as_ref(), &unchecked(), NOW);
        with_text(&decoded.findings, found)
            .into_iter()
            .filter(|finding| finding.path.as_deref() == Some("claims.exp"))
            .map(|finding| (finding.id, finding.detail))
            .collect()
    };
    let [(id, detail)] = said("1e400").try_into().expect("one finding");
    assert_eq!(id, "number-too-large");
    assert!(detail.starts_with("exp is 1e400, a larger number than"), "{detail}");
    let [(id, detail)] = said("\"soon\"").try_into().expect("one finding");
    assert_eq!(id, "numericdate-not-number");
    assert!(detail.ends_with("here it is text."), "{detail}");
}

#[test]
fn the_shelf_names_tokens_as_drawn() {
    let alice = || json!({"sub": "7c57", "preferred_username": "alice", "azp": "frontend", "aud": ["frontend", "orders-api"]});
    let check = |origin: &Origin, claims: Option<Value>, expected: [&str; 4]| {
        let view = seen(origin, claims, &unchecked());
        assert_eq!([view.group.as_str(), view.label.as_str(), view.note.as_str(), view.who.as_str()], expected);
    };
    check(&origin(), Some(alice()), ["alice", "access", "frontend", "alice"]);
    check(&Origin { kind: TokenKind::Id, ..origin() }, Some(alice()), ["alice", "id token", "frontend", "alice"]);
    check(&Origin { kind: TokenKind::Refresh, ..origin() }, Some(alice()), ["alice", "refresh", "frontend", "alice"]);
    let exchanged = Origin { parent: Some("t0".into()), ..origin() };
    check(
        &exchanged,
        Some(json!({"preferred_username": "alice", "azp": "portal", "aud": "orders-api"})),
        ["alice", "portal → orders-api", "", "alice"],
    );
    let refreshed = Origin { obtained: Obtained::Refreshed, ..exchanged.clone() };
    check(&refreshed, Some(alice()), ["alice", "access", "frontend", "alice"]);
    check(
        &exchanged,
        Some(json!({"sub": "alice", "aut": "APPLICATION_USER", "azp": "devportal"})),
        ["alice", "WSO2 user", "devportal", "alice"],
    );
    check(
        &origin(),
        Some(json!({"sub": "owner", "aut": "APPLICATION", "azp": "billing-app"})),
        ["Applications", "billing-app", "WSO2", "billing-app"],
    );
    let service = json!({"sub": "1", "preferred_username": "service-account-orders-batch", "azp": "orders-batch"});
    check(&origin(), Some(service), ["Applications", "orders-batch", "service", "orders-batch"]);
    let asked = Origin { audience_hint: Some("orders-api".into()), ..exchanged.clone() };
    check(
        &asked,
        Some(json!({"sub": "alice", "azp": "portal", "aud": ["account", "orders-api"]})),
        ["alice", "portal → orders-api", "", "alice"],
    );
    let opaque = Origin { client_hint: Some("billing-app".into()), ..origin() };
    check(&opaque, None, ["Applications", "billing-app", "reference", "billing-app"]);
    let pasted = Origin { user_hint: None, shelf_hint: Some(ShelfGroup::Pasted), step: None, ..origin() };
    check(&pasted, Some(json!({"preferred_username": "bob", "azp": "mobile-app"})), ["Pasted", "bob", "mobile-app", "bob"]);
    check(&pasted, None, ["Pasted", "access", "reference", "unknown"]);
}

#[test]
fn a_user_called_like_a_heading_is_a_person() {
    for name in ["Applications", "Pasted", "Predicted", "Kept by the gateway"] {
        let claims = json!({"sub": "1", "preferred_username": name, "azp": "frontend", "aud": "orders-api"});
        let view = seen(&origin(), Some(claims), &unchecked());
        assert_eq!((&view.shelf, view.group.as_str()), (&ShelfGroup::Person { name: name.into() }, name));
        assert_eq!((view.label.as_str(), view.note.as_str()), ("access", "frontend"), "named like the token of any user");
    }
    let service = seen(&origin(), Some(json!({"sub": "1", "azp": "orders-batch"})), &unchecked());
    assert_eq!(service.shelf, ShelfGroup::Person { name: "1".into() });
    let opaque = seen(&Origin { client_hint: Some("billing-app".into()), ..origin() }, None, &unchecked());
    assert_eq!(opaque.shelf, ShelfGroup::Applications);
}

#[test]
fn headings_of_earlier_releases_are_understood() {
    let rows = [
        ("Pasted", Obtained::Pasted, None, ShelfGroup::Pasted),
        ("Pasted", Obtained::LogIn, Some(3), ShelfGroup::Person { name: "Pasted".into() }),
        ("Predicted", Obtained::Predicted, Some(4), ShelfGroup::Predicted),
        ("Kept by the gateway", Obtained::KeptByGateway, None, ShelfGroup::KeptByGateway),
        ("Applications", Obtained::ClientCredentials, Some(5), ShelfGroup::Applications),
        ("alice", Obtained::LogIn, Some(6), ShelfGroup::Person { name: "alice".into() }),
    ];
    for (words, obtained, step, expected) in rows {
        assert_eq!(ShelfGroup::of_earlier_words(words, obtained, step), expected, "{words}");
    }
}

#[test]
fn hints_fill_in_what_a_token_does_not_say() {
    let origin = Origin { expires_at_hint: Some(NOW + 5), client_hint: Some("c".into()), ..origin() };
    assert_eq!(seen(&origin, None, &unchecked()).expires_at, Some(NOW + 5));
    assert_eq!(seen(&origin, Some(json!({"exp": NOW, "azp": "own"})), &unchecked()).expires_at, Some(NOW));
    assert_eq!(seen(&origin, Some(json!({"azp": "own"})), &unchecked()).client.as_deref(), Some("own"));
}

#[test]
fn states_follow_signature_then_time_then_the_server() {
    let bad = Verification::BadSignature {
        key: KeyEvidence {
            kid: String::new(),
            alg: String::new(),
            kind: String::new(),
            source: String::new(),
            read_ms: None,
            nonce_hashed: false,
        },
        reason: String::new(),
    };
    let check = |claims: Option<Value>, verification: &Verification, active: Option<bool>, expected: TokenState| {
        let view = seen(&Origin { active, ..origin() }, claims, verification);
        assert_eq!(state(&view, NOW), expected);
    };
    let exp = |seconds: i64| Some(json!({"exp": NOW + seconds}));
    check(exp(60), &verified(), None, TokenState::Valid);
    check(exp(59), &verified(), None, TokenState::Expiring);
    check(exp(0), &verified(), None, TokenState::Expired);
    check(exp(600), &verified(), Some(false), TokenState::Expired);
    check(exp(600), &unchecked(), None, TokenState::Unverified);
    check(exp(-1), &unchecked(), None, TokenState::Expired);
    check(exp(-1), &bad, None, TokenState::Bad);
    check(exp(600), &Verification::Unsecured, None, TokenState::Bad);
    check(Some(json!({})), &verified(), None, TokenState::Valid);
    check(None, &unchecked(), None, TokenState::Opaque);
    check(None, &unchecked(), Some(true), TokenState::Valid);
    check(None, &unchecked(), Some(false), TokenState::Expired);
}

#[test]
fn kinds_are_told_by_the_tokens_own_words() {
    let check = |header: Value, claims: Value, expected: TokenKind| {
        assert_eq!(kind_of(Some(&map(header)), Some(&map(claims.clone()))), expected, "{claims}");
    };
    check(json!({"typ": "at+jwt"}), json!({}), TokenKind::Access);
    check(json!({"typ": "application/at+jwt"}), json!({}), TokenKind::Access);
    check(json!({"typ": "rt+jwt"}), json!({"scope": "a"}), TokenKind::Refresh);
    check(json!({"typ": "JWT"}), json!({"typ": "ID"}), TokenKind::Id);
    check(json!({}), json!({"typ": "Offline"}), TokenKind::Refresh);
    check(json!({}), json!({"nonce": "1", "aud": "a"}), TokenKind::Id);
    check(json!({}), json!({"scope": "a"}), TokenKind::Access);
    check(json!({"typ": "dpop+jwt"}), json!({"htm": "POST"}), TokenKind::Other);
    check(json!({}), json!({}), TokenKind::Other);
}

fn found(claims: Value) -> Vec<Finding> {
    let header = map(json!({"alg": "RS256", "kid": "k", "typ": "at+jwt"}));
    findings(Some(&header), Some(&map(claims)), &unchecked(), NOW)
}

fn good() -> Map<String, Value> {
    map(
        json!({"iss": "https://issuer.test", "sub": "a", "aud": "api", "client_id": "c", "iat": NOW - 1, "exp": NOW + 300, "scope": "x"}),
    )
}

#[test]
fn a_plain_access_token_has_nothing_remarkable() {
    assert_eq!(found(Value::Object(good())), []);
}

#[test]
fn each_fault_has_its_finding() {
    let check = |name: &str, value: Value, id: &str, severity: Severity| {
        let mut claims = good();
        if value.is_null() {
            claims.shift_remove(name)
        } else {
            claims.insert(name.into(), value)
        };
        let all = found(Value::Object(claims));
        assert!(all.iter().any(|finding| finding.id == id && finding.severity == severity), "{id}: {all:?}");
    };
    check("exp", Value::Null, "exp-missing", Severity::Warning);
    check("exp", json!(NOW - 1), "expired", Severity::Error);
    check("exp", json!("soon"), "numericdate-not-number", Severity::Error);
    check("exp", json!(1_800_000_000_000_i64), "numericdate-milliseconds", Severity::Error);
    check("exp", json!(NOW + 86_400 * 365), "lives-long", Severity::Warning);
    check("iat", json!(NOW + 600), "issued-in-future", Severity::Warning);
    check("iat", json!(-5), "numericdate-negative", Severity::Warning);
    check("nbf", json!(NOW + 1), "not-yet-valid", Severity::Error);
    check("aud", Value::Null, "aud-missing", Severity::Warning);
    check("aud", json!(["a", "b"]), "aud-multiple", Severity::Note);
    check("aud", json!(["a", "b", "c"]), "aud-multiple", Severity::Warning);
    check("aud", json!({"a": 1}), "aud-bad-type", Severity::Error);
    check("iss", Value::Null, "iss-missing", Severity::Warning);
    check("sub", Value::Null, "sub-missing", Severity::Warning);
    check("sub", json!(7), "claim-bad-type", Severity::Error);
    check("client_id", Value::Null, "azp-missing", Severity::Note);
    check("realm_access", json!({"roles": ["user", "admin"]}), "admin-role", Severity::Warning);
    check("roles", json!(["Internal/admin"]), "admin-role", Severity::Warning);
    check("act", json!({"sub": "gateway"}), "act", Severity::Note);
    check("cnf", json!({"jkt": "x"}), "sender-constrained-dpop", Severity::Note);
}

#[test]
fn findings_stand_worst_first_and_once() {
    let mut claims = good();
    claims.insert("aud".into(), json!(["a", "b"]));
    claims.insert("iat".into(), json!(NOW - 100));
    claims.insert("exp".into(), json!(NOW - 1));
    claims.insert("roles".into(), json!(["admin"]));
    let all = found(Value::Object(claims.clone()));
    let weights: Vec<Severity> = all.iter().map(|finding| finding.severity).collect();
    assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
    let view = seen(&origin(), Some(Value::Object(claims.clone())), &unchecked());
    let twice: Vec<Finding> = all.iter().rev().chain(&all).cloned().collect();
    let inspection = inspection(view, None, Some(&claims), twice, None, &TextDetails::default());
    assert_eq!(inspection.findings.len(), all.len());
    assert_eq!(inspection.findings[0].id, "expired");
}

#[test]
fn the_inspector_groups_claims_and_keeps_the_order_of_json() {
    let claims = map(json!({"zone": 1, "iat": NOW, "sub": "a", "aud": "x", "jti": "1"}));
    let header = map(json!({"typ": "JWT", "alg": "RS256"}));
    let view = seen(&origin(), Some(Value::Object(claims.clone())), &unchecked());
    let inspection = inspection(view, Some(&header), Some(&claims), Vec::new(), None, &TextDetails::default());
    let groups: Vec<(&str, Vec<&str>)> = inspection
        .groups
        .iter()
        .map(|group| (group.title.as_str(), group.rows.iter().map(|row| row.path.as_str()).collect()))
        .collect();
    let expected = [
        ("Identity and requester", vec!["sub"]),
        ("Audience and scope", vec!["aud"]),
        ("Lifetime", vec!["iat"]),
        ("Issuer and session", vec!["jti"]),
        ("Other", vec!["zone"]),
    ];
    assert_eq!(groups, expected);
    assert!(inspection.json.find("zone") < inspection.json.find("sub"));
    let labels: Vec<&str> = inspection.header.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, ["typ", "alg"]);
    let text = crate::markdown::claims(&inspection, &[], None, |_, value| value);
    assert!(text.contains("| sub | a |") && text.contains("2027-01-15 08:00:00 UTC"), "{text}");
}

#[test]
fn aud_of_a_gateway_s_own_token_is_the_application() {
    let meaning = |claims: Map<String, Value>| {
        let origin = Origin::new("t", TokenKind::Access, Obtained::Asserted, "jwt-bearer by orders-app");
        let verification = Verification::Unverifiable { reason: "no key".into() };
        let view = view(&origin, None, Some(&claims), TokenFormat::Jws, 900, &verification, 0);
        let shown = inspection(view, None, Some(&claims), Vec::new(), None, &TextDetails::default());
        let row = shown.groups.iter().flat_map(|group| &group.rows).find(|row| row.path == "aud").cloned();
        row.and_then(|row| row.meaning).expect("a line")
    };
    let gateway = |aud: &str| map(json!({"aut": "APPLICATION_USER", "azp": "ck_1", "aud": aud}));
    assert!(meaning(gateway("ck_1")).contains("consumer key"));
    assert!(meaning(gateway("orders-api")).contains("must refuse it"));
    assert!(meaning(map(json!({"azp": "portal", "aud": "portal"}))).contains("must refuse it"), "no token of the gateway");
}

#[test]
fn an_assertion_says_its_issuer_its_subject_its_audience_and_its_times() {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let xml = |conditions: &str, confirmed: &str| {
        format!(
            "<s:Assertion xmlns:s=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_1\" Version=\"2.0\" IssueInstant=\"2026-11-30T19:00:00.250Z\"><s:Issuer>https://idp.example.org</s:Issuer>\
             <s:Subject><s:NameID>ada &amp; co</s:NameID><s:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><s:SubjectConfirmationData {confirmed}/></s:SubjectConfirmation></s:Subject>\
             <s:Conditions {conditions}><s:AudienceRestriction><s:Audience>https://gw.example.org</s:Audience><s:Audience>urn:shop</s:Audience></s:AudienceRestriction></s:Conditions>\
             <s:AuthnStatement AuthnInstant=\"2026-11-30T18:59:00Z\" SessionIndex=\"_s1\"/></s:Assertion>"
        )
    };
    let shown = |text: &str| {
        let decoded = crate::decode::decode(text);
        let said = reading(&decoded).said();
        let mut origin = Origin::new("t", TokenKind::Other, Obtained::Pasted, "pasted");
        origin.shelf_hint = Some(ShelfGroup::Pasted);
        let unverified = Verification::Unverifiable { reason: "not checked".into() };
        view(&origin, None, said.as_ref(), decoded.format, decoded.size, &unverified, 0)
    };
    let at = |minute: i64| Some(1_796_065_200 + minute * 60);
    let end = "NotOnOrAfter=\"2026-11-30T19:05:00Z\"";
    for text in [xml(end, ""), STANDARD.encode(xml(end, ""))] {
        let view = shown(&text);
        assert_eq!(
            (view.issuer.as_deref(), view.subject.as_deref(), view.who.as_str(), view.label.as_str()),
            (Some("https://idp.example.org"), Some("ada & co"), "ada & co", "ada & co")
        );
        assert_eq!(view.audience, ["https://gw.example.org", "urn:shop"]);
        assert_eq!((view.issued_at, view.expires_at), (at(0), at(5)));
        assert_eq!((view.session.as_deref(), view.jti.as_deref()), (Some("_s1"), Some("_1")));
        assert_eq!(state(&view, 1_796_065_201), TokenState::Unverified);
        assert_eq!(state(&view, 1_796_065_200 + 300), TokenState::Expired);
    }
    let ends = |conditions: &str, confirmed: &str| shown(&xml(conditions, confirmed)).expires_at;
    assert_eq!(ends("", end), at(5), "the confirmation alone ends it");
    assert_eq!(ends("NotOnOrAfter=\"2026-11-30T20:00:00Z\"", end), at(5), "the first end is the end");
    assert_eq!(ends(end, "NotOnOrAfter=\"2026-11-30T20:00:00+01:00\""), at(0), "a zone is read");
    for unknown in
        ["", "NotOnOrAfter=\"soon\"", "NotOnOrAfter=\"2026-11-30T19:05:00\"", "NotOnOrAfter=\"2026-11-30T19:05:00Z and on\""]
    {
        assert_eq!(ends(unknown, ""), None, "{unknown}");
    }
    // What is no assertion says nothing in place of claims.
    for text in ["opaque-token-0123456789", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA"] {
        assert_eq!(reading(&crate::decode::decode(text)).said(), None);
    }
}
