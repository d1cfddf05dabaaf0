//! The catalogue row by row, against the words the servers were seen to use.

use serde_json::json;

use crate::{
    form::warnings,
    message::tests::{Table, draft, profile, view},
    profile::Dialect,
    refusal::*,
};
use record::{
    audit::{Diagnosis, Event},
    operation::{Draft, Operation},
};
use token::{finding::Severity, inspect::TokenView, text::Pair};

mod known;
mod real;
mod refused;
mod rooms;
mod servers;
mod spoken;

const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";

fn exchange(client: &str) -> Draft {
    draft(
        Operation::TokenExchange,
        &[
            ("client", client),
            ("subject_token", "token:t"),
            ("subject_token_type", ACCESS),
            ("audience", "orders-api"),
            ("scope", "profile"),
        ],
    )
}

fn event(kind: &str, error: &str, reason: &str) -> Event {
    Event {
        id: "e".into(),
        time_ms: 0,
        server: "Lab".into(),
        event_type: kind.into(),
        error: Some(error.into()),
        client: None,
        user_id: None,
        username: None,
        session: None,
        token_id: None,
        audience: None,
        details: vec![Pair { name: "reason".into(), value: reason.into() }],
        step: None,
        joined_by: None,
    }
}

/// The draft most rows are about.
static EXCHANGE: std::sync::LazyLock<Draft> = std::sync::LazyLock::new(|| exchange("portal"));

struct Case<'a> {
    dialect: Dialect,
    draft: &'a Draft,
    status: u16,
    error: &'a str,
    description: &'a str,
    body: &'a str,
    token: Option<&'a TokenView>,
    claims: serde_json::Value,
    events: &'a [Event],
    known: Background,
    issued: &'a [TokenView],
}

impl Default for Case<'_> {
    fn default() -> Self {
        Self {
            dialect: Dialect::Keycloak,
            draft: &EXCHANGE,
            status: 400,
            error: "",
            description: "",
            body: "",
            token: None,
            claims: json!({}),
            events: &[],
            known: Background::default(),
            issued: &[],
        }
    }
}

fn read(case: Case<'_>) -> Option<Diagnosis> {
    with_facts(case, diagnose)
}

fn with_facts<T>(case: Case<'_>, read: impl FnOnce(&RefusalFacts<'_>) -> T) -> T {
    read(&RefusalFacts {
        dialect: case.dialect,
        operation: case.draft.operation,
        status: case.status,
        error: Some(case.error).filter(|text| !text.is_empty()),
        description: Some(case.description).filter(|text| !text.is_empty()),
        body: case.body,
        subject_claims: case.claims.as_object(),
        draft: case.draft,
        profile: &profile(),
        events: case.events,
        token_in: case.token,
        issued: case.issued,
        issued_claims: case.claims.as_object().filter(|_| !case.issued.is_empty()),
        known: &case.known,
        now_s: 1_100,
    })
}

#[test]
fn requester_not_in_aud_shows_the_way_out() {
    let token = view("t", json!({"audience": ["frontend", "portal", "orders-api"]}));
    let reporting = exchange("reporting");
    let events = [event("TOKEN_EXCHANGE_ERROR", "not_allowed", "client is not within the token audience")];
    let diagnosis = read(Case {
        draft: &reporting,
        status: 403,
        error: "access_denied",
        description: "Client is not within the token audience",
        token: Some(&token),
        events: &events,
        ..Case::default()
    })
    .expect("known");
    assert_eq!((diagnosis.id.as_str(), diagnosis.certain), ("kc-v2-requester-not-in-aud", true));
    assert_eq!(
        diagnosis.cause,
        "The subject token is not meant for reporting. Keycloak exchanges a token only for a client that its aud names."
    );
    assert!(diagnosis.fix.starts_with("Add an audience mapper for reporting to the client frontend"));
    let shown: Vec<(&str, String, String)> =
        diagnosis.evidence.iter().map(|e| (e.name.as_str(), e.values.join(" "), e.missing.join(" "))).collect();
    assert_eq!(
        shown,
        [
            ("aud", "frontend portal orders-api".into(), "reporting".into()),
            ("azp", "frontend".into(), String::new()),
            ("event", "TOKEN_EXCHANGE_ERROR not_allowed client is not within the token audience".into(), String::new())
        ]
    );
    assert_eq!(diagnosis.actions[0].label, "Exchange as portal");
    assert_eq!(diagnosis.actions[0].values, [Pair { name: "client".into(), value: "portal".into() }]);
}

#[test]
fn a_scope_keeps_its_colon_and_one_the_realm_lacks_has_to_be_made_first() {
    let draft = draft(Operation::TokenExchange, &[("client", "portal"), ("scope", "openid nosuch:scope")]);
    let case =
        || Case { draft: &draft, error: "invalid_scope", description: "Invalid scopes: openid nosuch:scope", ..Case::default() };
    let mut lists = profile();
    let mut fix_with = |scopes: &[&str]| {
        lists.provider.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        with_facts(case(), |facts| diagnose(&RefusalFacts { profile: &lists, ..*facts }))
            .map(|found| (found.cause, found.fix))
            .expect("known")
    };
    let (cause, fix) = fix_with(&["openid", "profile"]);
    assert_eq!(cause, "At least one of these scopes is neither default nor optional for portal: openid nosuch:scope.");
    let add = "Leave it out, or add the client scope to portal as optional.";
    let create = "nosuch:scope is not in the server's metadata: if the realm has no such client scope, create it first.";
    assert_eq!(fix, format!("{add} {create}"));
    assert_eq!(fix_with(&["openid", "nosuch:scope"]).1, add, "it is there");
    assert_eq!(fix_with(&[]).1, add, "nobody knows which there are");
}

#[test]
fn keycloak_rows() {
    let table = [
        (400, "invalid_request", "Standard token exchange is not enabled for the requested client", "kc-v2-not-enabled"),
        (400, "invalid_request", "Parameter 'subject_token' required for standard token exchange", "kc-v2-subject-token-missing"),
        (
            400,
            "invalid_request",
            "Parameter 'subject_token_type' required for standard token exchange",
            "kc-v2-subject-type-missing",
        ),
        (400, "invalid_request", "Parameter 'subject_token' supports access tokens only", "kc-v2-access-tokens-only"),
        (
            400,
            "invalid_request",
            "Parameter 'requested_subject' is not supported for standard token exchange",
            "kc-v2-requested-subject",
        ),
        (
            400,
            "invalid_request",
            "Parameter 'requested_issuer' is not supported for standard token exchange",
            "kc-v2-requested-issuer",
        ),
        (
            400,
            "invalid_request",
            "Parameter 'subject_issuer' is not supported for standard token exchange",
            "kc-v2-subject-issuer",
        ),
        (400, "invalid_request", "requested_token_type unsupported", "kc-requested-type"),
        (400, "invalid_request", "Invalid token", "kc-v2-subject-session-over"),
        (400, "invalid_client", "Audience not found", "kc-v2-audience-not-found"),
        (400, "invalid_client", "Client disabled", "kc-v2-audience-disabled"),
        (400, "invalid_request", "Requested audience not available: billing", "kc-v2-audience-not-available"),
        (400, "invalid_scope", "Invalid scopes: nonsense", "kc-invalid-scopes"),
        (400, "invalid_client", "Public client is not allowed to exchange token", "kc-v2-public-client"),
        (400, "invalid_scope", "Missing consents for Token Exchange in client portal", "kc-v2-consent-missing"),
        (
            400,
            "invalid_request",
            "Refresh token not valid as requested_token_type because creating a new session is needed",
            "kc-v2-refresh-needs-session",
        ),
        (400, "invalid_request", "Scope offline_access not allowed for token exchange", "kc-v2-offline-access"),
        (
            400,
            "invalid_request",
            "Sender-constrained token exchange rejected as the token was not issued for the requesting client",
            "kc-v2-sender-constrained",
        ),
        (400, "invalid_request", "DPoP proof is missing", "kc-dpop-missing"),
        (400, "invalid_request", "Invalid subject token type", "kc-v2-subject-type-invalid"),
        (400, "invalid_request", "duplicated parameter", "kc-duplicated-parameter"),
        (401, "unauthorized_client", "Invalid client or Invalid client credentials", "kc-client-secret"),
        (401, "invalid_client", "Invalid client or Invalid client credentials", "kc-client-unknown"),
        (400, "invalid_client", "Missing client_id parameter", "kc-client-id-missing"),
        (400, "unsupported_grant_type", "Unsupported grant_type", "kc-feature-off"),
        (403, "invalid_request", "HTTPS required", "kc-https-required"),
        (403, "access_denied", "Client not allowed to exchange", "kc-v1-audience-permission"),
        (500, "unknown_error", "For more on this error consult the server log.", "kc-v1-server-error"),
    ];
    for (status, error, description, id) in table {
        let diagnosis = read(Case { status, error, description, ..Case::default() }).expect(description);
        assert_eq!(diagnosis.id, id, "{description}");
        assert!(!diagnosis.cause.contains('{') && !diagnosis.fix.contains('{'), "{diagnosis:?}");
    }
}

#[test]
fn one_sentence_many_causes() {
    let cases = [
        (json!({"kind": "id"}), "kc-v2-subject-is-id-token"),
        (json!({"expires_at": 1_040}), "kc-v2-subject-expired"),
        (json!({"issuer": "http://localhost:1/realms/lab"}), "kc-v2-subject-other-host"),
        (json!({"issuer": "http://127.0.0.1:1/realms/other"}), "kc-v2-subject-other-realm"),
        (json!({"issuer": "https://login.example.test"}), "kc-v2-subject-other-issuer"),
        (json!({"format": "opaque"}), "kc-v2-subject-not-jwt"),
        (json!({"kind": "refresh"}), "kc-v2-subject-is-refresh-token"),
        (json!({}), "kc-v2-subject-session-over"),
    ];
    for (change, id) in cases {
        let token = view("t", change);
        let diagnosis =
            read(Case { error: "invalid_request", description: "Invalid token", token: Some(&token), ..Case::default() })
                .expect("known");
        assert_eq!(diagnosis.id, id);
    }
    let expired = view("t", json!({"expires_at": 1_040}));
    assert!(
        read(Case { error: "invalid_request", description: "Invalid token", token: Some(&expired), ..Case::default() })
            .expect("known")
            .cause
            .contains("ended 1 min ago")
    );
    let told = |reason: &str, extra: &[(&str, &str)], subject: bool| {
        let mut draft = exchange("portal");
        draft.values.retain(|pair| subject || pair.name != "subject_token");
        draft.extra = extra.iter().map(|(name, value)| Pair { name: (*name).into(), value: (*value).into() }).collect();
        let events = [event("TOKEN_EXCHANGE_ERROR", "not_allowed", reason)];
        let case = Case {
            draft: &draft,
            status: 403,
            error: "access_denied",
            description: "Client not allowed to exchange",
            events: if reason.is_empty() { &[] } else { &events },
            ..Case::default()
        };
        let diagnosis = read(case).expect("known");
        (diagnosis.id, diagnosis.certain, diagnosis.others.into_iter().map(|other| other.id).collect::<Vec<_>>())
    };
    let certain = |id: &str| (id.to_owned(), true, Vec::<String>::new());
    let bob: &[(&str, &str)] = &[("requested_subject", "bob")];
    let partner: &[(&str, &str)] = &[("requested_issuer", "partner")];
    assert_eq!(told("client not allowed to exchange to audience", &[], true), certain("kc-v1-audience-permission"));
    assert_eq!(told("", &[], true), certain("kc-v1-audience-permission"), "the draft leaves one cause");
    assert_eq!(told("", partner, true), certain("kc-v1-requested-issuer-permission"));
    assert_eq!(told("subject not allowed to impersonate", bob, true), certain("kc-v1-impersonate-subject"));
    assert_eq!(told("client not allowed to impersonate", bob, false), certain("kc-v1-impersonate-client"));
    assert_eq!(told("requested_subject not found", bob, true), certain("kc-v1-impersonate-nobody"));
    let bob_elsewhere: &[(&str, &str)] = &[("requested_subject", "bob"), ("audience", "orders-api")];
    let from_outside: &[(&str, &str)] = &[("subject_issuer", "partner"), ("audience", "orders-api")];
    let to_audience = "client not allowed to exchange to audience";
    assert_eq!(told(to_audience, bob_elsewhere, true), certain("kc-v1-audience-permission-impersonated"));
    assert_eq!(told(to_audience, bob_elsewhere, false), certain("kc-v1-audience-permission-impersonated"));
    assert_eq!(told(to_audience, from_outside, true), certain("kc-v1-audience-permission-outside"));
    assert_eq!(
        told("client not allowed to exchange subject_issuer", from_outside, true),
        certain("kc-v1-subject-issuer-permission-first")
    );
    assert_eq!(
        told("", from_outside, true),
        ("kc-v1-subject-issuer-permission-first".into(), false, vec!["kc-v1-audience-permission-outside".into()])
    );
    // The draft asks for an audience, whose permission is needed too.
    let others = vec!["kc-v1-audience-permission-impersonated".into(), "kc-v1-impersonate-nobody".into()];
    assert_eq!(told("", bob, true), ("kc-v1-impersonate-subject".into(), false, others));
    let events = [event("CLIENT_LOGIN_ERROR", "client_disabled", "")];
    assert_eq!(
        read(Case {
            status: 401,
            error: "invalid_client",
            description: "Invalid client or Invalid client credentials",
            events: &events,
            ..Case::default()
        })
        .expect("known")
        .id,
        "kc-client-disabled"
    );
}

#[test]
fn jwt_grant_and_refresh_rows() {
    let bearer = draft(Operation::JwtBearer, &[("client", "portal"), ("assertion", "token:t")]);
    let refresh = draft(Operation::Refresh, &[("client", "portal"), ("refresh_token", "token:t")]);
    let login = draft(Operation::LogIn, &[("client", "frontend")]);
    let table = [
        (&bearer, "Multiple audiences not allowed", "kc-jwt-audiences"),
        (&bearer, "Invalid token audience", "kc-jwt-audience"),
        (&bearer, "No Identity Provider for provided issuer", "kc-jwt-no-idp"),
        (&bearer, "Token reuse detected", "kc-jwt-reuse"),
        (&bearer, "Token is not active", "kc-jwt-not-yet"),
        (&bearer, "Missing claim: sub", "kc-jwt-claims"),
        (&bearer, "Invalid signature", "kc-jwt-keys-elsewhere"),
        (&bearer, "User not found", "kc-jwt-user"),
        (&refresh, "Invalid refresh token. Token client and authorized client don't match", "kc-refresh-other-client"),
        (&refresh, "Session not active", "kc-session-over"),
        (&refresh, "Stale token", "kc-refresh-stale"),
        (&refresh, "Maximum allowed refresh token reuse exceeded", "kc-refresh-reuse"),
        (&refresh, "Token is not active", "kc-refresh-expired"),
        (&refresh, "Invalid refresh token", "kc-refresh-invalid"),
        (&login, "Code not valid", "kc-code"),
        (&login, "PKCE verification failed: Code mismatch", "kc-pkce"),
        (&login, "something new", "invalid-grant-code"),
    ];
    for (draft, description, id) in table {
        assert_eq!(
            read(Case { draft, error: "invalid_grant", description, ..Case::default() }).expect(description).id,
            id,
            "{description}"
        );
    }
}

#[test]
fn wso2_rows() {
    let call = draft(Operation::CallApi, &[("token", "token:t"), ("url", "https://127.0.0.1:2/orders")]);
    let own = json!({"issuer": "https://127.0.0.1:2/oauth2/token", "client": "billing-app"});
    let token = view("t", own);
    let foreign = view("t", json!({}));
    let table = [
        (401, "900901", &token, "wso2-900901"),
        (401, "900901", &foreign, "wso2-900901-foreign"),
        (401, "900902", &token, "wso2-900902"),
        (401, "900905", &token, "wso2-900905"),
        (403, "900908", &token, "wso2-900908"),
        (403, "900908", &foreign, "wso2-900908-foreign"),
        (403, "900910", &token, "wso2-900910"),
        (403, "900914", &token, "wso2-900914"),
        (500, "900900", &token, "wso2-900900"),
        (429, "900803", &token, "wso2-throttled"),
        (503, "101503", &token, "wso2-backend"),
    ];
    for (status, code, token, id) in table {
        let body = format!("{{\"code\":\"{code}\",\"message\":\"m\",\"description\":\"d\"}}");
        assert_eq!(
            read(Case { dialect: Dialect::Wso2, draft: &call, status, body: &body, token: Some(token), ..Case::default() })
                .expect(code)
                .id,
            id
        );
        let xml = format!("<ams:fault xmlns:ams=\"x\"><ams:code>{code}</ams:code><ams:message>m</ams:message></ams:fault>");
        assert_eq!(
            read(Case { dialect: Dialect::Wso2, draft: &call, status, body: &xml, token: Some(token), ..Case::default() })
                .expect(code)
                .id,
            id
        );
    }
    let bearer = draft(Operation::JwtBearer, &[("client", "devportal"), ("assertion", "token:t")]);
    let table = [
        ("No Registered IDP found for the JWT with issuer name : X", "wso2-idp-unknown"),
        ("None of the audience values matched the tokenEndpoint Alias X", "wso2-alias"),
        ("JSON Web Token is expired.", "wso2-assertion-clock"),
        ("JSON Web Token is issued before the allowed time.", "wso2-assertion-old"),
        ("Signature or Message Authentication invalid.", "wso2-assertion-signature"),
    ];
    for (description, id) in table {
        assert_eq!(
            read(Case {
                dialect: Dialect::Wso2,
                draft: &bearer,
                error: "invalid_grant",
                description,
                token: Some(&foreign),
                ..Case::default()
            })
            .expect(description)
            .id,
            id
        );
    }
}

#[test]
fn the_wrong_kind_of_token_is_told_by_what_it_says_of_itself() {
    let call = draft(Operation::CallApi, &[("token", "token:t"), ("url", "https://127.0.0.1:2/orders")]);
    let token = view("t", json!({"issuer": "https://127.0.0.1:2/oauth2/token"}));
    for (claims, id, operations) in [
        (json!({"aut": "APPLICATION", "sub": "a"}), "wso2-900905-application", &[Operation::JwtBearer][..]),
        (json!({"aut": "APPLICATION_USER", "sub": "alice"}), "wso2-900905-user", &[Operation::ClientCredentials]),
        (json!({}), "wso2-900905", &[Operation::Introspect, Operation::JwtBearer, Operation::ClientCredentials]),
    ] {
        let said = claims.to_string();
        let diagnosis = read(Case {
            dialect: Dialect::Wso2,
            draft: &call,
            status: 401,
            body: "{\"code\":\"900905\",\"message\":\"m\",\"description\":\"d\"}",
            token: Some(&token),
            claims,
            ..Case::default()
        })
        .expect("known");
        let offered: Vec<Operation> = diagnosis.actions.iter().map(|action| action.operation).collect();
        assert_eq!((diagnosis.id.as_str(), offered.as_slice()), (id, operations), "{said}");
        assert_eq!(diagnosis.certain, id != "wso2-900905");
        assert_eq!(diagnosis.cause.contains("or the reverse"), id == "wso2-900905", "{}", diagnosis.cause);
    }
}

#[test]
fn plain_rows() {
    let call = draft(Operation::CallApi, &[("token", "token:t"), ("url", "http://127.0.0.1:3/orders")]);
    let token = view("t", json!({"audience": ["portal"]}));
    let plain = |draft, status, error, description| {
        read(Case { dialect: Dialect::Plain, draft, status, error, description, token: Some(&token), ..Case::default() })
    };
    let exchange = exchange("portal");
    let table = [
        (&exchange, 400, "invalid_target", "resource was not granted by the authorization request", "invalid-target"),
        (
            &exchange,
            400,
            "invalid_scope",
            "token exchange may narrow the subject token scope, never widen it",
            "scope-not-allowed",
        ),
        (&exchange, 400, "invalid_request", "actor_token_type is meaningless without actor_token", "exchange-actor-type"),
        (
            &exchange,
            400,
            "invalid_request",
            "subject_token_type must be urn:ietf:params:oauth:token-type:access_token",
            "exchange-subject-type",
        ),
        (
            &exchange,
            400,
            "invalid_request",
            "this server issues only urn:ietf:params:oauth:token-type:access_token",
            "exchange-requested-type",
        ),
        // Where nothing is known, what can not be known comes first, the others beside it.
        (&exchange, 400, "invalid_request", "subject_token is not a live access token", "exchange-subject-unknown"),
        (&exchange, 401, "invalid_client", "", "client-secret-wrong"),
        (&exchange, 400, "use_dpop_nonce", "nonce is required in the DPoP proof", "use-dpop-nonce"),
        (&call, 403, "insufficient_scope", "", "api-scope"),
        (&call, 401, "invalid_token", "The audience does not fit", "api-audience"),
        (&call, 401, "invalid_token", "", "api-other-audience"),
        (&call, 403, "", "", "api-lacks-right"),
    ];
    for (draft, status, error, description, id) in table {
        assert_eq!(plain(draft, status, error, description).expect(description).id, id, "{description}");
    }
    let diagnosis = plain(&call, 401, "invalid_token", "The audience does not fit").expect("known");
    assert_eq!(diagnosis.actions[0].label, "Exchange for orders-api");
    assert!(plain(&exchange, 418, "teapot", "").is_none(), "the unknown stays unexplained");
}

#[test]
fn the_catalogue_is_well_kept() {
    let mut ids: Vec<&str> = Vec::new();
    for entry in catalogue::all().chain(catalogue::successes()) {
        assert!(!ids.contains(&entry.id), "{} twice", entry.id);
        ids.push(entry.id);
        assert!(!entry.seen.is_empty() && entry.cause.ends_with('.') && entry.fix.ends_with('.'), "{}", entry.id);
        assert!(
            entry.words.iter().chain(entry.event).all(|words| *words == words.to_lowercase() || words.starts_with("==")),
            "{}",
            entry.id
        );
        assert!(
            entry.tell.is_empty() || entry.tell.ends_with('.') && !entry.certain,
            "{}: what has to be told apart is not certain",
            entry.id
        );
        assert!(
            entry.status != 0 || !entry.error.is_empty() || !entry.words.is_empty() || !entry.event.is_empty(),
            "{} fits everything",
            entry.id
        );
    }
    assert!(ids.len() > 120, "{}", ids.len());
}

#[test]
fn warnings_before_sending() {
    let ids = |draft: &Draft, change: serde_json::Value, text: Option<&str>, now| -> Vec<(String, Severity)> {
        let table = Table(Default::default(), Some(now)).with(view("t", change), text);
        warnings(draft, &profile(), &table).into_iter().map(|finding| (finding.id, finding.severity)).collect()
    };
    let names = |found: Vec<(String, Severity)>| found.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    let good = exchange("portal");
    assert!(ids(&good, json!({}), Some("x"), 1_100).is_empty());
    assert_eq!(names(ids(&good, json!({"audience": ["frontend"]}), Some("x"), 1_100)), ["requester-not-in-aud"]);
    assert_eq!(names(ids(&good, json!({"audience": [], "client": "portal"}), Some("x"), 1_100)), Vec::<String>::new());
    assert_eq!(names(ids(&good, json!({}), Some("x"), 1_300)), ["subject-expired"]);
    assert_eq!(names(ids(&good, json!({}), Some("x"), 1_290)), ["subject-expiring"]);
    assert_eq!(names(ids(&good, json!({"evidence_only": true}), None, 1_100)), ["evidence-only"]);
    assert_eq!(names(ids(&exchange("frontend"), json!({}), Some("x"), 1_100)), ["public-requester"]);
    assert_eq!(names(ids(&good, json!({"issuer": "https://other"}), Some("x"), 1_100)), ["kc-foreign-subject"]);
    assert_eq!(names(ids(&good, json!({"kind": "id"}), Some("x"), 1_100)), ["kc-access-token-only", "subject-type-mismatch"]);
    let mut extra = good.clone();
    extra.extra =
        vec![Pair { name: "requested_subject".into(), value: "bob".into() }, Pair { name: "scope".into(), value: "x".into() }];
    assert_eq!(names(ids(&extra, json!({}), Some("x"), 1_100)), ["kc-legacy-parameter", "repeated-parameter"]);
    let asked = |name: &str, value: &str| {
        let mut draft = exchange("portal");
        draft.values.retain(|pair| pair.name != name);
        draft.values.push(Pair { name: name.into(), value: value.into() });
        draft
    };
    assert_eq!(
        ids(&asked("scope", "offline_access"), json!({}), Some("x"), 1_100),
        [("kc-offline-exchange".into(), Severity::Warning)]
    );
    let jwt = asked("requested_token_type", "urn:ietf:params:oauth:token-type:jwt");
    assert_eq!(names(ids(&jwt, json!({}), Some("x"), 1_100)), ["kc-requested-type"]);
    assert_eq!(names(ids(&good, json!({"format": "opaque"}), Some("x"), 1_100)), ["kc-subject-not-jwt"]);
    let here = draft(Operation::JwtBearer, &[("client", "portal"), ("assertion", "token:t")]);
    let partner = json!({"issuer": "http://127.0.0.1:1/realms/partner", "audience": ["http://127.0.0.1:1/realms/lab"]});
    assert_eq!(names(ids(&here, partner.clone(), Some("x"), 1_100)), Vec::<String>::new());
    assert_eq!(
        names(ids(&here, json!({"issuer": "http://x", "audience": ["other"]}), Some("x"), 1_100)),
        ["kc-assertion-audience"]
    );
    assert_eq!(names(ids(&here, json!({"audience": ["http://127.0.0.1:1/realms/lab"]}), Some("x"), 1_100)), ["kc-assertion-own"]);
    let mut old = partner;
    old["expires_at"] = json!(9_000);
    assert_eq!(names(ids(&here, old, Some("x"), 1_400)), ["kc-assertion-old"]);
    let bearer = draft(Operation::JwtBearer, &[("client", "devportal"), ("assertion", "token:t")]);
    assert_eq!(
        names(ids(&bearer, json!({"alg": "ES256", "issued_at": 1_000, "expires_at": 9_000}), Some("x"), 3_000)),
        ["wso2-rsa-only", "wso2-too-old"]
    );
    let call = draft(Operation::CallApi, &[("token", "token:t"), ("url", "https://127.0.0.1:2/catalog")]);
    assert_eq!(names(ids(&call, json!({}), Some("x"), 1_100)), ["call-other-issuer"]);
}
