//! What the catalogue makes of more than words: every documented sentence, what is known besides, and successes that lack
//! something.

use super::*;
use record::audit::{Actor, Exchange};

/// Every sentence of the server that is documented or was seen has a row of Keycloak's own.
#[test]
fn every_sentence_of_keycloak_is_known() {
    let mut legacy = draft(Operation::TokenExchange, &[("client", "portal"), ("subject_token", "token:t")]);
    legacy.extra = vec![Pair { name: "subject_issuer".into(), value: "partner".into() }];
    let bearer = draft(Operation::JwtBearer, &[("client", "portal"), ("assertion", "token:t")]);
    let login = draft(Operation::LogIn, &[("client", "frontend")]);
    let refresh = draft(Operation::Refresh, &[("client", "portal"), ("refresh_token", "token:t")]);
    let service = draft(Operation::ClientCredentials, &[("client", "portal")]);
    let grant = "invalid_grant";
    let table: &[(&Draft, u16, &str, &[&str])] = &[
        (
            &legacy,
            400,
            "invalid_request",
            &[
                "Invalid token type, must be access token",
                "Invalid issuer",
                "Issuer does not support token exchange",
                "Invalid actor token type",
                "Invalid actor token",
                "Actor and subject user cannot be the same user",
                "Invalid may_act claim in the subject_token",
                "Actor user is not allowed by the may_act claim inside the subject_token",
                "Requesting client does not match the client_id in the may_act claim",
                "The subject_token carries no may_act claim, so the user did not consent to this delegation",
                "Actor is not allowed to delegate as the subject user",
            ],
        ),
        (&legacy, 403, "access_denied", &["Client not allowed to exchange", "Client is not the holder of the token"]),
        (&legacy, 400, "invalid_client", &["Client requires user consent"]),
        (
            &legacy,
            400,
            "not_linked",
            &["identity provider is not linked", "identity provider is not linked, can only link to current user session"],
        ),
        (&legacy, 400, "token_expired", &["linked token is expired"]),
        (&legacy, 400, "invalid_target", &["target_exchange_unsupported", "response_token_type_unsupported"]),
        (&legacy, 400, "invalid_issuer", &["Invalid subject_issuer parameter"]),
        (
            &legacy,
            400,
            "invalid_token",
            &["invalid token type", "token not set", "token type not supported", "User already exists", "Invalid Token"],
        ),
        (&legacy, 400, "invalid_config", &["Invalid server config"]),
        (&legacy, 500, "unknown_error", &["For more on this error consult the server log."]),
        (
            &bearer,
            400,
            grant,
            &[
                "Missing parameter:assertion",
                "The provided assertion is not a valid JWT",
                "Public client not allowed to use authorization grant",
                "JWT Authorization Grant is not supported for the requested client",
                "Missing claim: iss",
                "Missing claim: sub",
                "No Identity Provider for provided issuer",
                "Identity Provider is not allowed for the client",
                "Identity Provider is not configured for JWT Authorization Grant",
                "Token exp claim is required",
                "Token is not active",
                "Token expiration is too far in the future and iat claim not present in token",
                "Token was issued in the future",
                "Token was issued too far in the past to be used now",
                "Token jti claim is required",
                "Token reuse detected",
                "Invalid signature algorithm",
                "Invalid signature",
                "Error validating JWT with identity provider",
                "User not found",
                "User is not enabled",
                "Invalid token audience",
                "Multiple audiences not allowed",
            ],
        ),
        (
            &login,
            400,
            grant,
            &["Code not valid", "Code is expired", "Incorrect redirect_uri", "PKCE verification failed: Invalid code verifier"],
        ),
        (
            &refresh,
            400,
            grant,
            &[
                "Session not active",
                "Token is not active",
                "Invalid refresh token",
                "Stale token",
                "Session doesn't have required client",
                "Invalid refresh token. Token client and authorized client don't match",
                "Invalid token issuer. Expected 'http://127.0.0.1:1/realms/lab'",
                "Maximum allowed refresh token reuse exceeded",
                "User disabled",
            ],
        ),
        (&service, 400, "invalid_request", &["Missing form parameter: grant_type", "No refresh token", "duplicated parameter"]),
        (&service, 400, "invalid_client", &["Missing client_id parameter", "Bearer-only not allowed"]),
        (&service, 400, "unauthorized_client", &["Client credentials setup required"]),
    ];
    for (draft, status, error, sentences) in table {
        for description in *sentences {
            let id = read(Case { draft, status: *status, error, description, ..Case::default() }).expect(description).id;
            assert!(id.starts_with("kc-"), "{description}: {id}");
        }
    }
}

/// What is known besides, and the cause it settles.
#[test]
fn what_is_known_settles_which_of_many() {
    let token = view("t", json!({"client": "frontend"}));
    let invalid = |known: Background| {
        read(Case {
            error: "invalid_request",
            description: "Invalid token",
            token: Some(&token),
            events: &[event("TOKEN_EXCHANGE_ERROR", "invalid_token", "subject_token validation failure")],
            known,
            ..Case::default()
        })
        .expect("known")
    };
    let open = invalid(Background::default());
    assert_eq!((open.id.as_str(), open.certain), ("kc-v2-subject-session-over", false));
    assert_eq!(
        open.others.iter().map(|other| other.id.as_str()).collect::<Vec<_>>(),
        [
            "kc-v2-subject-revoked",
            "kc-v2-subject-user-disabled",
            "kc-v2-subject-client-disabled",
            "kc-v2-subject-not-before",
            "kc-v2-subject-invalid"
        ]
    );
    assert!(open.tell.is_some() && open.others.iter().all(|other| !other.tell.is_empty() && !other.tell.contains('{')));

    let past = |past: Past| Background { past, ..Background::default() };
    let settings = |settings: Settings| Background { settings, ..Background::default() };
    let around = |kind: &str, session: Option<&str>, jti: Option<&str>| {
        let mut event = event(kind, "", "");
        (event.error, event.session, event.token_id) = (None, session.map(Into::into), jti.map(Into::into));
        Background { around: vec![event], ..Background::default() }
    };
    let userinfo = |fate| Background { userinfo: Some(fate), ..Background::default() };
    let disabled = ClientSettings { exists: true, ..ClientSettings::default() };
    let table = [
        (past(Past { logged_out: Some(3), ..Past::default() }), "kc-v2-subject-session-over", "step 3 ended the session"),
        (past(Past { revoked: Some(3), ..Past::default() }), "kc-v2-subject-revoked", "step 3 revoked it"),
        (around("LOGOUT", Some("s"), None), "kc-v2-subject-session-over", "LOGOUT of the same session"),
        (around("REVOKE_GRANT", Some("s"), Some("j")), "kc-v2-subject-revoked", "REVOKE_GRANT of the same token"),
        (
            settings(Settings { session_alive: Some(false), ..Settings::default() }),
            "kc-v2-subject-session-over",
            "the session is not among the user's sessions",
        ),
        (
            settings(Settings { user_enabled: Some(false), session_alive: Some(true), ..Settings::default() }),
            "kc-v2-subject-user-disabled",
            "the user is not enabled",
        ),
        (
            settings(Settings { origin: Some(disabled), ..Settings::default() }),
            "kc-v2-subject-client-disabled",
            "client frontend is not enabled",
        ),
        (
            settings(Settings { realm_not_before: Some(1_050), ..Settings::default() }),
            "kc-v2-subject-not-before",
            "a not-before is later than the token's iat",
        ),
        (userinfo(Fate::SessionOver), "kc-v2-subject-session-over", "asked about the same token, it knows no session of it"),
        (userinfo(Fate::Revoked), "kc-v2-subject-revoked", "asked about the same token, it finds it revoked"),
        (
            userinfo(Fate::UserDisabled),
            "kc-v2-subject-user-disabled",
            "asked about the same token, it says that the user is disabled",
        ),
        (
            userinfo(Fate::OriginDisabled),
            "kc-v2-subject-client-disabled",
            "asked about the same token, it says that the client is disabled",
        ),
        (
            userinfo(Fate::NotBefore),
            "kc-v2-subject-not-before",
            "asked about the same token, it finds it older than a not-before",
        ),
    ];
    for (known, id, evidence) in table {
        let diagnosis = invalid(known);
        assert_eq!((diagnosis.id.as_str(), diagnosis.certain, diagnosis.others.len()), (id, true, 0), "{diagnosis:?}");
        assert!(diagnosis.evidence.iter().any(|shown| shown.values == [evidence]), "{diagnosis:?}");
    }
    // What happened after the refusal, whose own event is of time 0, did not cause it.
    for (kind, jti) in [("LOGOUT", None), ("REVOKE_GRANT", Some("j"))] {
        let mut later = around(kind, Some("s"), jti);
        later.around[0].time_ms = 1;
        assert!(!invalid(later).certain, "{kind} after the refusal");
    }
    // An event of another session, or a setting that is in order, settles nothing and leaves the rest.
    assert!(!invalid(around("LOGOUT", Some("other"), None)).certain);
    let enabled = invalid(settings(Settings { user_enabled: Some(true), ..Settings::default() }));
    assert!(!enabled.certain && enabled.others.iter().all(|other| other.id != "kc-v2-subject-user-disabled"));
}

/// What userinfo of 26.7.5 says of a token that an exchange refused, in its challenge and in the event of the question.
#[test]
fn userinfo_names_what_the_exchange_keeps_to_itself() {
    let token = view("t", json!({"scope": ["openid", "profile"], "client": "frontend"}));
    let tells = |error, description, events: &[Event]| {
        let answer = UserinfoAnswer { status: 401, error: Some(error), description: Some(description) };
        userinfo_tells(answer, events, &token, &profile(), 1_100)
    };
    for (description, fate) in [
        ("user_session_not_found", Some(Fate::SessionOver)),
        ("User disabled", Some(Fate::UserDisabled)),
        ("Client disabled", Some(Fate::OriginDisabled)),
        ("Token verification failed", None),
        ("Something new", None),
    ] {
        assert_eq!(tells("invalid_token", description, &[]), fate, "{description}");
    }
    let event = |reason| [event("USER_INFO_REQUEST_ERROR", "invalid_token", reason)];
    for (reason, fate) in [
        ("Stale token", Some(Fate::NotBefore)),
        ("JWT check failed for check org.keycloak.protocol.oidc.TokenManager$TokenRevocationCheck@416c206", Some(Fate::Revoked)),
        ("Failed to parse JWT", None),
    ] {
        assert_eq!(tells("invalid_token", "Token verification failed", &event(reason)), fate, "{reason}");
    }
    assert_eq!(tells("insufficient_scope", "Missing openid scope", &[]), None);
}

#[test]
fn userinfo_is_asked_where_it_could_tell() {
    let open = Diagnosis {
        id: "kc-v2-subject-session-over".into(),
        certain: false,
        cause: String::new(),
        evidence: Vec::new(),
        fix: String::new(),
        actions: Vec::new(),
        tell: None,
        others: Vec::new(),
    };
    let good = json!({"scope": ["openid"], "expires_at": 1_200});
    let asks = |found: &Diagnosis, token: serde_json::Value| userinfo_could_tell(found, &view("t", token), &profile(), 1_100);
    assert!(asks(&open, good.clone()));
    for (why, token) in [
        ("without openid it answers before it looks", json!({"scope": ["profile"], "expires_at": 1_200})),
        ("what has ended is refused for that", json!({"scope": ["openid"], "expires_at": 1_100})),
        ("another issuer's", json!({"scope": ["openid"], "expires_at": 1_200, "issuer": "http://127.0.0.1:2/realms/x"})),
        ("an ID token", json!({"scope": ["openid"], "expires_at": 1_200, "kind": "id"})),
    ] {
        assert!(!asks(&open, token), "{why}");
    }
    assert!(!asks(&Diagnosis { certain: true, ..open.clone() }, good.clone()));
    let other = |id: &str| Diagnosis { id: id.into(), ..open.clone() };
    assert!(!asks(&other("kc-v1-impersonate-nobody"), good.clone()), "it knows nothing of that");
    assert!(asks(&other("kc-200-inactive-session"), good));
}

/// The server says that a signature does not fit, and by the issuer's own key it does: then the server has other keys.
#[test]
fn a_signature_that_fits_its_issuer_is_checked_with_other_keys() {
    let bearer = draft(Operation::JwtBearer, &[("client", "portal"), ("assertion", "token:t")]);
    let read_with = |verification: serde_json::Value| {
        let token = view("t", json!({"issuer": "http://127.0.0.1:1/realms/partner", "verification": verification}));
        let case = Case {
            draft: &bearer,
            error: "invalid_grant",
            description: "Invalid signature",
            token: Some(&token),
            ..Case::default()
        };
        let found = read(case).expect("known");
        (found.id, found.certain)
    };
    let key = |read_ms: serde_json::Value| json!({"kid": "k", "alg": "RS256", "kind": "RSA 2048", "source": "http://127.0.0.1:1/certs", "read_ms": read_ms});
    let own = |id: &str, certain| (id.to_owned(), certain);
    assert_eq!(read_with(json!({"state": "verified", "key": key(json!(5))})), own("kc-jwt-keys-elsewhere", true));
    assert_eq!(read_with(json!({"state": "verified", "key": key(json!(null))})), own("kc-jwt-keys-elsewhere", false), "pasted");
    assert_eq!(
        read_with(json!({"state": "bad_signature", "key": key(json!(5)), "reason": "no"})),
        own("kc-jwt-signature-broken", true)
    );
    assert_eq!(read_with(json!({"state": "unverifiable", "reason": "no key"})), own("kc-jwt-keys-elsewhere", false));
    // Another sentence begins with the same words, in the answer and in its event.
    let token = view("t", json!({"verification": {"state": "verified", "key": key(json!(5))}}));
    let case = Case {
        draft: &bearer,
        error: "invalid_grant",
        description: "Invalid signature algorithm",
        token: Some(&token),
        events: &[event("JWT_AUTHORIZATION_GRANT_ERROR", "invalid_request", "Invalid signature algorithm")],
        ..Case::default()
    };
    assert_eq!(read(case).map(|found| found.id).as_deref(), Some("kc-jwt-algorithm"));
}

#[test]
fn a_session_was_alive_when_it_was_last_seen_at_work() {
    let token = view("t", json!({"session": "s"}));
    let told = |kind: &str, session: &str, error: Option<&str>, time_ms| Event {
        error: error.map(Into::into),
        session: Some(session.into()),
        time_ms,
        ..event(kind, "", "")
    };
    let around = vec![
        told("LOGIN", "s", None, 10),
        told("TOKEN_EXCHANGE", "s", None, 20),
        told("TOKEN_EXCHANGE_ERROR", "s", Some("invalid_token"), 30),
        told("LOGOUT", "s", None, 40),
        told("LOGIN", "other", None, 50),
        told("REFRESH_TOKEN", "s", None, 60),
    ];
    let known = Background { around, ..Background::default() };
    assert_eq!(known.alive_ms(&token, 60), Some(60));
    assert_eq!(known.alive_ms(&token, 59), Some(20));
    assert_eq!(known.alive_ms(&token, 9), None);
    assert_eq!(known.alive_ms(&view("t", json!({"session": null})), 60), None);
}

#[test]
fn a_success_that_lacks_what_was_asked_for() {
    let access = view("n", json!({"audience": ["orders-api"], "scope": ["profile"], "client": "portal"}));
    let change = |change: serde_json::Value| {
        let mut value = serde_json::to_value(&access).expect("a view");
        for (name, new) in change.as_object().expect("an object") {
            value[name] = new.clone();
        }
        vec![serde_json::from_value::<TokenView>(value).expect("a view")]
    };
    let asked = |name: &str, value: &str| {
        let mut draft = exchange("portal");
        draft.values.retain(|pair| pair.name != name);
        draft.values.push(Pair { name: name.into(), value: value.into() });
        draft
    };
    let revoke = draft(Operation::Revoke, &[("client", "portal"), ("token", "token:t")]);
    let table: Vec<(Draft, Vec<TokenView>, &str, &[&str])> = vec![
        (exchange("portal"), change(json!({})), "", &[]),
        (asked("scope", "profile email"), change(json!({})), "", &["kc-200-scope-role"]),
        // What the response granted decides, not the claim (RFC 6749 5.1).
        (asked("scope", "profile email"), change(json!({"granted": ["profile", "email"]})), "", &[]),
        (asked("scope", "profile"), change(json!({"granted": []})), "", &["kc-200-scope-role"]),
        (asked("scope", "email"), change(json!({"scope": [], "granted": ["email"]})), "", &[]),
        (
            asked("scope", "email"),
            change(json!({})),
            "{\"issued_token_type\":\"urn:ietf:params:oauth:token-type:refresh_token\"}",
            &["kc-200-scope-legacy"],
        ),
        (asked("scope", "offline_access profile"), change(json!({})), "", &["kc-200-refresh-offline"]),
        // An exchange answers with one token (RFC 8693 2.2.1): no ID token is missed.
        (asked("scope", "openid profile"), change(json!({})), "", &[]),
        (exchange("portal"), change(json!({"audience": []})), "", &["200-audience", "kc-200-no-audience"]),
        (exchange("portal"), change(json!({"subject": null})), "", &["kc-200-no-subject"]),
        (asked("actor_token", "token:a"), change(json!({})), "", &["kc-200-actor-ignored"]),
        (asked("resource", "http://127.0.0.1:3"), change(json!({})), "", &["kc-200-resource-ignored"]),
        (revoke, Vec::new(), "{\"error\":\"invalid_token\"}", &["kc-200-revoke-nothing"]),
    ];
    for (draft, issued, body, expected) in table {
        let case = Case { draft: &draft, status: 200, body, issued: &issued, ..Case::default() };
        let mut found: Vec<String> = with_facts(case, surprises).into_iter().map(|one| one.id).collect();
        found.sort();
        assert_eq!(found, expected, "{draft:?}");
    }
}

#[test]
fn an_inactive_token_is_explained_once() {
    let ask = draft(Operation::Introspect, &[("client", "portal"), ("token", "token:t")]);
    let inactive = |token: serde_json::Value, events: &[Event]| {
        let token = view("t", token);
        let case = Case { draft: &ask, status: 200, body: "{\"active\":false}", token: Some(&token), events, ..Case::default() };
        let mut found = with_facts(case, surprises);
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    };
    assert_eq!(inactive(json!({"expires_at": 1_000}), &[]).id, "kc-200-inactive-expired");
    assert_eq!(inactive(json!({"audience": ["orders-api"]}), &[]).id, "kc-200-inactive-audience");
    assert_eq!(inactive(json!({"issuer": "http://localhost:1/realms/lab"}), &[]).id, "kc-200-inactive-issuer");
    let open = inactive(json!({}), &[]);
    assert_eq!((open.id.as_str(), open.certain, open.others.len()), ("kc-200-inactive-session", false, 3));
    let over = event(
        "INTROSPECT_TOKEN_ERROR",
        "user_session_not_found",
        "Introspection access token for x client: user_session_not_found",
    );
    let told = inactive(json!({}), &[over]);
    assert_eq!((told.id.as_str(), told.certain, told.others.len()), ("kc-200-inactive-session", true, 0));
}

fn reported(to: Actor, status: u16, body: &str) -> Exchange {
    let line = |text: &str| vec![token::text::Span::new(token::text::Ink::Plain, text)];
    Exchange {
        seq: 2,
        from: Actor::Gateway,
        to,
        label: String::new(),
        through_browser: false,
        purpose: record::audit::ExchangePurpose::Other,
        reported: true,
        cached: false,
        method: "POST".into(),
        url: String::new(),
        request: Vec::new(),
        response: [line("400 Bad Request"), line("content-type: application/json"), Vec::new()]
            .into_iter()
            .chain(body.lines().map(line))
            .collect(),
        rest: None,
        response_headers: 1,
        status: Some(status),
        failure: None,
        started_ms: 0,
        duration_us: 0,
        response_bytes: body.len(),
        token_id: None,
    }
}

#[test]
fn the_gateways_own_exchange_is_the_evidence_of_its_one_code() {
    let body = "{\n  \"error\": \"invalid_request\",\n  \"error_description\": \"Invalid token\"\n}";
    let refused = reported(Actor::Provider, 400, body);
    let behind = Behind::of(std::slice::from_ref(&refused));
    assert_eq!(behind.as_ref().map(Behind::words).as_deref(), Some("400 invalid_request: Invalid token"));
    assert_eq!(Behind::of(&[refused.clone(), reported(Actor::Provider, 200, "{}")]), None, "the last one counts");
    assert_eq!(Behind::of(&[reported(Actor::Api, 400, body)]), None, "an API is no provider");
    assert_eq!(Behind::of(&[Exchange { reported: false, ..refused }]), None);
    assert_eq!(Behind::of(&[reported(Actor::Provider, 502, "<html>")]).map(|one| one.words()).as_deref(), Some("502"));

    let call = draft(Operation::CallApi, &[("token", "token:t"), ("url", "https://127.0.0.1:2/orders")]);
    let token = view("t", json!({"issuer": "https://127.0.0.1:2/oauth2/token", "client": "billing-app"}));
    let fault = "{\"code\":\"900901\",\"message\":\"m\",\"description\":\"d\"}";
    for (known, id, certain, first) in [
        (Background::default(), "wso2-900901", false, None),
        (
            Background { parent_ends_s: Some(i64::MAX), behind: behind.clone(), ..Background::default() },
            "wso2-exchange-refused",
            true,
            Some("exchange at the provider"),
        ),
        (
            Background { parent_ends_s: Some(0), behind, ..Background::default() },
            "wso2-exchange-subject-ended",
            true,
            Some("exchange at the provider"),
        ),
    ] {
        let found = read(Case {
            dialect: Dialect::Wso2,
            draft: &call,
            status: 401,
            body: fault,
            token: Some(&token),
            known,
            ..Case::default()
        })
        .expect(id);
        assert_eq!((found.id.as_str(), found.certain), (id, certain));
        assert!(found.evidence.iter().all(|one| one.name != "iss"), "its own issuer is not at fault: {:?}", found.evidence);
        if let Some(first) = first {
            assert_eq!(found.evidence[0].name, first);
            assert!(found.cause.contains("400 invalid_request: Invalid token"), "{}", found.cause);
            assert!(found.actions.iter().any(|action| action.operation == Operation::LogIn), "{:?}", found.actions);
        }
    }
}

#[test]
fn a_secret_that_was_made_with_an_end_is_named_when_it_has_ended() {
    let ask = draft(Operation::ClientCredentials, &[("client", "qDj")]);
    for (ends_s, id) in [(Some(0), "wso2-secret-ended"), (Some(i64::MAX), "wso2-client"), (None, "wso2-client")] {
        let known = Background { secret: ends_s.map(|ends_s| MadeSecret { step: 44, ends_s }), ..Background::default() };
        let found =
            read(Case { dialect: Dialect::Wso2, draft: &ask, status: 401, error: "invalid_client", known, ..Case::default() })
                .expect(id);
        assert_eq!(found.id, id);
        if id == "wso2-secret-ended" {
            assert!(!found.certain, "the secret may have been changed by hand since");
            assert!(found.cause.contains("step 44") && found.fix.contains("Generate a secret"), "{} {}", found.cause, found.fix);
        }
    }
}
