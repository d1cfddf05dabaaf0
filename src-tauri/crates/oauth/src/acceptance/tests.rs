//! Acceptance: all doors are tried, the first refusal is named with its claim, and repetition tells of caches.

use serde_json::{Map, Value, json};

use super::*;
use crate::profile::Gateway;
use record::{
    audit::{Actor, Diagnosis, Evidence, Exchange, Outcome, ServerWords, Step},
    operation::{Draft, Operation},
};
use token::{
    check::{self, Expectations},
    inspect::{KeyEvidence, Obtained, Origin, TokenFormat, TokenKind, Verification, view},
    text::Pair,
    truth::Told,
};

const NOW: i64 = 1_795_179_740;
const GATEWAY: &str = "https://gw.test:8243/orders/1.0/orders";
const API: &str = "https://orders.test/orders";

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn claims() -> Map<String, Value> {
    map(json!({"iss": "https://gw.test:9443/oauth2/token", "sub": "7c57", "aut": "APPLICATION_USER", "azp": "devportal",
        "aud": "devportal", "scope": "openid", "iat": NOW - 9, "exp": NOW + 3591, "jti": "j"}))
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

fn token(claims: &Map<String, Value>, format: TokenFormat) -> TokenView {
    let origin = Origin { step: Some(1), ..Origin::new("t", TokenKind::Access, Obtained::Asserted, "user mapping") };
    let readable = (format != TokenFormat::Opaque).then_some(claims);
    view(&origin, None, readable, format, 900, &verified(), 0)
}

fn profile() -> Profile {
    let resource = |name: &str, url: &str, through_gateway, issuer: &str| Resource {
        name: name.into(),
        url: url.into(),
        through_gateway,
        expectations: Expectations {
            issuer: vec![issuer.into()],
            needs_user: name != "catalog",
            signature: true,
            ..Expectations::default()
        },
    };
    Profile {
        gateway: Some(Gateway { base: "https://gw.test:8243".into(), ..Gateway::default() }),
        resources: vec![
            resource("orders-api", API, false, "https://kc.test/realms/shop"),
            resource("catalog", "https://gw.test:8243/catalog/1.0/items", true, "https://gw.test:9443/oauth2/token"),
            resource("orders at the gateway", GATEWAY, true, "https://gw.test:9443/oauth2/token"),
        ],
        ..Profile::default()
    }
}

pub(crate) fn step(id: i64, operation: Operation, url: &str, status: u16, error: &str) -> Step {
    let outcome = if status < 400 { Outcome::Success } else { Outcome::Refused };
    let words = (status >= 400).then(|| ServerWords {
        server: "gateway".into(),
        status,
        status_text: String::new(),
        body: Vec::new(),
        error: Some(error.to_owned()).filter(|error| !error.is_empty()),
        description: Some("its own words".into()),
        account_link: None,
    });
    Step {
        id,
        started_ms: NOW * 1000 + id * 2000,
        duration_us: 1000,
        operation,
        title: "Call an API".into(),
        headline: String::new(),
        profile: "p".into(),
        subject: None,
        client: None,
        audience: None,
        outcome,
        status: Some(status),
        problem: None,
        problem_id: None,
        advice: None,
        words,
        diagnosis: None,
        surprises: Vec::new(),
        tokens_in: vec!["t".into()],
        tokens_out: Vec::new(),
        verdicts: Vec::new(),
        report: None,
        main_exchange: Some(1),
        bundle: None,
        exchanges: Vec::new(),
        events: Vec::new(),
        draft: Some(Draft {
            operation,
            profile: "p".into(),
            values: vec![Pair { name: "url".into(), value: url.into() }],
            extra: Vec::new(),
        }),
    }
}

fn diagnosed(step: Step, certain: bool, name: &str, values: &[&str], missing: &[&str]) -> Step {
    let own = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
    let evidence = vec![Evidence { name: name.into(), values: own(values), missing: own(missing) }];
    let diagnosis = Diagnosis {
        id: "row".into(),
        certain,
        cause: "the cause".into(),
        evidence,
        fix: "the fix".into(),
        actions: Vec::new(),
        tell: None,
        others: Vec::new(),
    };
    Step { diagnosis: Some(diagnosis), ..step }
}

struct Case {
    claims: Map<String, Value>,
    format: TokenFormat,
    verification: Verification,
    told: Option<Told>,
    steps: Vec<Step>,
}

impl Default for Case {
    fn default() -> Self {
        Self { claims: claims(), format: TokenFormat::Jws, verification: verified(), told: None, steps: Vec::new() }
    }
}

impl Case {
    fn trace(&self) -> Trace {
        let profile = profile();
        let token = token(&self.claims, self.format);
        let read = (self.format != TokenFormat::Opaque).then_some(&self.claims);
        let report = |name: &str, wanted: &Expectations| check::run(name, wanted, None, read, &self.verification, None, NOW);
        let at = |door: Door| {
            let resource = usual(door, &token, &profile, None).ok_or("none")?;
            Ok(Called { resource, report: report(&resource.name, &resource.expectations) })
        };
        trace(&TraceFacts {
            own: report("", &Expectations { signature: true, ..Expectations::default() }),
            introspection: Ok(self.told.as_ref()),
            gateway: at(Door::Gateway),
            api: at(Door::Api),
            token: token.clone(),
            steps: &self.steps,
            profile: &profile,
            now_s: NOW,
        })
    }
}

fn told(answer: Value) -> Told {
    let claims = answer.is_object().then(|| map(answer));
    let (status, problem) = if claims.is_some() { (200, None) } else { (401, Some("invalid_client".to_owned())) };
    Told {
        claims,
        exact: Default::default(),
        status: Some(status),
        problem,
        address: "https://gw.test/introspect".into(),
        read_ms: NOW * 1000,
        step: Some(2),
    }
}

fn at(trace: &Trace, door: Door) -> &AtDoor {
    trace.stages.iter().find(|stage| stage.door == door).expect("every door is there")
}

fn blamed(stage: &AtDoor) -> (&str, &str, &str) {
    let blame = stage.blame.as_ref().expect("a claim at fault");
    (&blame.claim, &blame.found, &blame.expected)
}

#[test]
fn nothing_is_said_of_doors_nobody_knocked_at() {
    let trace = Case::default().trace();
    let admissions: Vec<Admission> = trace.stages.iter().map(|stage| stage.admission).collect();
    assert_eq!(admissions, [Admission::Accepted, Admission::NotAsked, Admission::NotAsked, Admission::NotAsked]);
    assert!(trace.headline.contains("not shown at 3 places yet"), "{}", trace.headline);
    assert_eq!((trace.gateway.as_deref(), trace.api.as_deref()), (Some("orders at the gateway"), Some("orders-api")));
    assert_eq!((trace.gateways.len(), trace.apis.len(), trace.refused_by), (2, 1, None));
}

#[test]
fn an_application_is_shown_to_the_api_that_needs_no_user() {
    let claims = map(json!({"iss": "https://gw.test:9443/oauth2/token", "sub": "app", "aut": "APPLICATION", "azp": "app",
        "client_id": "app", "exp": NOW + 10}));
    let trace = Case { claims, ..Case::default() }.trace();
    assert_eq!(trace.gateway.as_deref(), Some("catalog"));
}

#[test]
fn all_doors_are_tried_and_the_first_refusal_is_named_with_its_claim() {
    let refused = step(5, Operation::CallApi, API, 401, "invalid_token");
    let steps = vec![step(4, Operation::CallApi, GATEWAY, 200, ""), diagnosed(refused, false, "aud", &["x"], &[])];
    let trace = Case { told: Some(told(json!({"active": true}))), steps, ..Case::default() }.trace();
    let admissions: Vec<Admission> = trace.stages.iter().map(|stage| stage.admission).collect();
    assert_eq!(admissions, [Admission::Accepted, Admission::Accepted, Admission::Accepted, Admission::Refused]);
    assert_eq!(trace.headline, "orders-api is the first to refuse it, over iss.");
    assert_eq!(trace.refused_by, Some(Door::Api));
    let stage = at(&trace, Door::Api);
    assert_eq!(blamed(stage), ("iss", "https://gw.test:9443/oauth2/token", "https://kc.test/realms/shop"), "the check decides");
    assert_eq!((stage.cause.as_deref(), stage.fix.as_deref()), (Some("the cause"), Some("the fix")));
    assert_eq!((stage.words.as_str(), stage.step, stage.said.as_deref()), ("401 invalid_token", Some(5), Some("its own words")));
}

#[test]
fn what_the_servers_code_decides_counts_before_our_checks() {
    let refused = step(4, Operation::CallApi, GATEWAY, 403, "900908");
    let steps = vec![diagnosed(refused, true, "azp", &["devportal"], &[])];
    let trace = Case { steps, ..Case::default() }.trace();
    assert_eq!(blamed(at(&trace, Door::Gateway)), ("azp", "devportal", ""));
    assert_eq!(trace.headline, "The gateway is the first to refuse it, over azp.");
}

#[test]
fn doors_of_one_api_are_paired_and_others_called_different() {
    let mut profile = profile();
    let catalog = Resource { name: "catalog-api".into(), url: "https://items.test/items".into(), ..Resource::default() };
    profile.resources.push(catalog);
    let token = token(&claims(), TokenFormat::Jws);
    let [_, behind, ..] = &profile.resources[..] else { panic!("four") };
    let name = |beside| usual(Door::Api, &token, &profile, beside).map(|resource| resource.name.as_str());
    assert_eq!((behind.name.as_str(), name(Some(behind)), name(None)), ("catalog", Some("catalog-api"), Some("orders-api")));

    // An application's token passes the catalogue and is then shown to the orders: two APIs.
    let claims = map(json!({"iss": "https://gw.test:9443/oauth2/token", "sub": "app", "aut": "APPLICATION", "azp": "app",
        "client_id": "app", "exp": NOW + 10}));
    let url = "https://gw.test:8243/catalog/1.0/items";
    let steps = vec![step(4, Operation::CallApi, url, 200, ""), step(5, Operation::CallApi, API, 401, "invalid_token")];
    let trace = Case { claims, steps, ..Case::default() }.trace();
    let said = "By name and address that is another API than catalog, which let it pass.";
    assert!(trace.headline.ends_with(said), "{}", trace.headline);
}

#[test]
fn what_is_in_order_is_not_blamed() {
    let refused = || {
        let one = diagnosed(step(4, Operation::CallApi, GATEWAY, 401, "900901"), false, "iss", &["https://gw.test"], &[]);
        let diagnosis = one.diagnosis.clone().map(|found| Diagnosis { id: "wso2-900901".into(), ..found });
        Step { diagnosis, ..one }
    };
    let trace = Case { steps: vec![refused()], told: Some(told(json!({"active": true}))), ..Case::default() }.trace();
    let stage = at(&trace, Door::Gateway);
    assert_eq!(trace.headline, "The gateway is the first to refuse it.");
    assert_eq!(stage.blame, None);
    assert!(stage.cause.as_deref().is_some_and(|cause| cause.contains("is none of these")), "{:?}", stage.cause);
    let unasked = Case { steps: vec![refused()], ..Case::default() }.trace();
    assert_eq!(at(&unasked, Door::Gateway).cause.as_deref(), Some("the cause"), "introspection was not asked");
}

#[test]
fn signature_and_time_come_first() {
    let mut ended = claims();
    ended.insert("exp".into(), json!(NOW - 120));
    let trace = Case { claims: ended.clone(), told: Some(told(json!({"active": false}))), ..Case::default() }.trace();
    assert_eq!(trace.refused_by, Some(Door::Signature));
    assert_eq!(blamed(at(&trace, Door::Signature)).0, "exp");
    assert_eq!(blamed(at(&trace, Door::Introspection)), ("exp", "ended 2 min ago", "a time to come"));

    let verification = Verification::Unsecured;
    let trace = Case { verification, ..Case::default() }.trace();
    assert_eq!(blamed(at(&trace, Door::Signature)).0, "header.alg");
    let verification = Verification::Unverifiable { reason: "no keys".into() };
    let trace = Case { verification, ..Case::default() }.trace();
    assert_eq!((at(&trace, Door::Signature).admission, trace.refused_by), (Admission::Unknown, None));
    let opaque = Case { format: TokenFormat::Opaque, ..Case::default() }.trace();
    assert_eq!(at(&opaque, Door::Signature).admission, Admission::Unavailable);
}

#[test]
fn inactive_and_unanswered_are_two_things() {
    let revoked = Case { told: Some(told(json!({"active": false}))), ..Case::default() }.trace();
    assert_eq!(blamed(at(&revoked, Door::Introspection)), ("active", "false", "true"));
    let unheard = Case { told: Some(told(Value::Null)), ..Case::default() }.trace();
    let stage = at(&unheard, Door::Introspection);
    assert_eq!((stage.admission, stage.said.as_deref(), unheard.refused_by), (Admission::Unknown, Some("invalid_client"), None));
}

#[test]
fn what_comes_after_the_token_was_accepted_speaks_neither_for_nor_against_it() {
    for (status, error) in [(404, "404"), (429, "900803"), (500, "101503"), (503, "700700"), (403, "900906")] {
        let trace = Case { steps: vec![step(4, Operation::CallApi, GATEWAY, status, error)], ..Case::default() }.trace();
        assert_eq!(at(&trace, Door::Gateway).admission, Admission::Unknown, "{status} {error}");
    }
    for (status, error) in [(401, "900901"), (403, "900910"), (500, "900900"), (401, ""), (403, "insufficient_scope")] {
        let trace = Case { steps: vec![step(4, Operation::CallApi, GATEWAY, status, error)], ..Case::default() }.trace();
        assert_eq!(at(&trace, Door::Gateway).admission, Admission::Refused, "{status} {error}");
    }
}

#[test]
fn a_stale_token_that_passes_is_timed() {
    let steps = vec![
        step(1, Operation::CallApi, GATEWAY, 200, ""),
        step(2, Operation::Revoke, "", 200, ""),
        step(3, Operation::CallApi, GATEWAY, 200, ""),
        step(5, Operation::CallApi, GATEWAY, 401, "900901"),
        step(6, Operation::CallApi, GATEWAY, 401, "900901"),
        step(7, Operation::CallApi, API, 200, ""),
    ];
    let trace = Case { steps, ..Case::default() }.trace();
    let since: Vec<Option<i64>> = trace.attempts.iter().map(|attempt| attempt.since_revoked_ms).collect();
    assert_eq!(since, [None, None, Some(2000), Some(6000), Some(8000), Some(10_000)]);
    let said: Vec<(&str, &str)> =
        trace.remarks.iter().map(|remark| (remark.id.as_str(), remark.detail.split(". ").next().unwrap_or_default())).collect();
    assert_eq!(
        said,
        [
            ("stale-after-revoke", "Still accepted 2 s after the revocation"),
            ("refused-stays-refused", "Refused 2 times within 2 s"),
            ("stale-after-revoke", "Still accepted 10 s after the revocation"),
        ]
    );
    assert!(trace.remarks[0].detail.contains("The first refusal came 6 s after"), "{:?}", trace.remarks[0]);
    assert!(trace.remarks[2].detail.contains("until exp"), "an API that does not ask");
}

#[test]
fn a_token_the_gateway_keeps_is_pointed_out() {
    let kept = |step: Step| {
        let plain = |text: &str| vec![token::text::Span { text: text.into(), ink: token::text::Ink::Plain }];
        let exchange = Exchange {
            seq: 1,
            from: Actor::Claimscope,
            to: Actor::Gateway,
            label: String::new(),
            through_browser: false,
            purpose: record::audit::ExchangePurpose::Other,
            reported: false,
            cached: false,
            method: "GET".into(),
            url: GATEWAY.into(),
            request: Vec::new(),
            response: vec![plain("HTTP/1.1 200 OK"), plain("X-Lab-Exchange: cached")],
            rest: None,
            response_headers: 1,
            status: Some(200),
            failure: None,
            started_ms: 0,
            duration_us: 0,
            response_bytes: 0,
            token_id: None,
        };
        Step { exchanges: vec![exchange], ..step }
    };
    let steps = vec![step(1, Operation::CallApi, GATEWAY, 200, ""), kept(step(31, Operation::CallApi, GATEWAY, 200, ""))];
    let trace = Case { steps, ..Case::default() }.trace();
    assert_eq!(trace.attempts.iter().map(|attempt| attempt.cached).collect::<Vec<_>>(), [false, true]);
    assert_eq!(trace.remarks.iter().map(|remark| remark.id.as_str()).collect::<Vec<_>>(), ["exchange-cached"]);
    assert!(trace.remarks[0].detail.contains("exchanged 1 min before"), "{:?}", trace.remarks[0]);
}

#[test]
fn a_subscription_that_arrives_late_is_seen() {
    let steps = vec![step(1, Operation::CallApi, GATEWAY, 403, "900908"), step(3, Operation::CallApi, GATEWAY, 200, "")];
    let trace = Case { steps, ..Case::default() }.trace();
    assert_eq!(trace.remarks.iter().map(|remark| remark.id.as_str()).collect::<Vec<_>>(), ["accepted-later"]);
    assert!(trace.remarks[0].detail.contains("4 s later"), "{:?}", trace.remarks[0]);
}
