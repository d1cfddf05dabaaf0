//! Refusals judged by what was really sent: the claims of the token, its target, its client, and whose code it is.

use super::*;

const CALL: &[(&str, &str)] = &[("token", "token:t"), ("url", "http://127.0.0.1:3/orders")];

fn plain(draft: &Draft, status: u16, error: &str, description: &str, body: &str, token: Option<&TokenView>) -> Diagnosis {
    read(Case { dialect: Dialect::Plain, draft, status, error, description, body, token, ..Case::default() })
        .unwrap_or_else(|| panic!("{status} {error} {description} {body}"))
}

fn ids(found: &Diagnosis) -> Vec<&str> {
    std::iter::once(found.id.as_str()).chain(found.others.iter().map(|other| other.id.as_str())).collect()
}

fn shown<'a>(found: &'a Diagnosis, name: &str) -> Option<(&'a [String], &'a [String])> {
    let evidence = found.evidence.iter().find(|evidence| evidence.name == name)?;
    Some((&evidence.values, &evidence.missing))
}

const NAMED: &str = "scope named by WWW-Authenticate";

#[test]
fn an_api_is_judged_by_the_scope_of_the_jwt_and_not_by_that_of_the_response() {
    let call = draft(Operation::CallApi, CALL);
    let by = |wanted: &str, token: serde_json::Value| {
        let token = view("t", token);
        let known = Background { wanted_scope: wanted.split_whitespace().map(str::to_owned).collect(), ..Background::default() };
        read(Case {
            dialect: Dialect::Plain,
            draft: &call,
            status: 403,
            error: "insufficient_scope",
            token: Some(&token),
            known,
            ..Case::default()
        })
        .expect("known")
    };
    let list = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    // Claim, granted by the response, format, wanted, what is lacking; none = nothing is.
    let rows = [
        ("orders:read", Some("orders:read orders:write"), "jws", "orders:write", Some("orders:write")),
        ("orders:read", None, "jws", "orders:write", Some("orders:write")),
        ("", Some("orders:write"), "jws", "orders:write", Some("orders:write")),
        ("orders:read orders:write", Some("orders:read"), "jws", "orders:write", None),
        ("orders:read orders:write", None, "jws", "orders:read orders:write", None),
        ("", Some("orders:read"), "opaque", "orders:write", Some("orders:write")),
        ("", Some("orders:read orders:write"), "opaque", "orders:write", None),
    ];
    for (claim, granted, format, wanted, lacking) in rows {
        let found = by(wanted, json!({"step": 4, "scope": list(claim), "granted": granted.map(list), "format": format}));
        let why = format!("{claim:?} {granted:?} {format} {wanted}: {found:?}");
        let has = if format == "jws" { list(claim) } else { list(granted.unwrap_or_default()) };
        assert_eq!(shown(&found, "scope").map(|(values, _)| values.to_vec()), Some(has), "{why}");
        assert_eq!(shown(&found, NAMED).map(|(_, missing)| missing.to_vec()), Some(list(lacking.unwrap_or_default())), "{why}");
        match lacking {
            Some(_) => assert!(found.id == "api-scope" && found.certain && !found.fix.contains("has the scopes"), "{why}"),
            None => assert!(!found.certain && found.others.len() >= 3 && !found.cause.contains("lacks"), "{why}"),
        }
        // Asking again for what the response was for changes nothing.
        let asks = found.actions.iter().any(|act| act.label == "Get a token with the scope");
        let was_granted = granted.is_some_and(|granted| granted.contains(wanted));
        assert_eq!(asks, lacking.is_some() && !was_granted, "{why}");
    }
}

#[test]
fn roles_are_shown_where_the_token_or_the_server_has_such_a_path() {
    let call = draft(Operation::CallApi, CALL);
    let token = view("t", json!({"step": 4}));
    let rows = [
        (Dialect::Plain, json!({}), None),
        (Dialect::Plain, json!({"roles": ["clerk"]}), Some(("roles", 1))),
        (Dialect::Plain, json!({"groups": ["clerks"]}), Some(("groups", 1))),
        (Dialect::Plain, json!({"permissions": ["orders:read"]}), Some(("permissions", 1))),
        (Dialect::Plain, json!({"realm_access": {"roles": ["clerk"]}}), Some(("realm_access.roles", 1))),
        (Dialect::Keycloak, json!({}), Some(("realm_access.roles", 0))),
    ];
    for (dialect, claims, expected) in rows {
        let why = format!("{claims}");
        let found = read(Case {
            dialect,
            draft: &call,
            status: 403,
            error: "insufficient_scope",
            token: Some(&token),
            claims,
            ..Case::default()
        })
        .expect("known");
        let names = ["roles", "groups", "permissions", "realm_access.roles"];
        let roles = found.evidence.iter().find(|evidence| names.contains(&evidence.name.as_str()));
        assert_eq!(roles.map(|evidence| (evidence.name.as_str(), evidence.values.len())), expected, "{why}");
    }
}

#[test]
fn no_cause_names_an_audience_that_was_not_sent() {
    let service = draft(Operation::ClientCredentials, &[("client", "portal"), ("scope", "orders")]);
    let rows = [
        (403, "access_denied", "Service not enabled within domain: https://orders.example"),
        (403, "access_denied", "Service not found: https://orders.example"),
        (
            403,
            "access_denied",
            "Client is not authorized to access \"https://orders.example\". You need to create a \"client-grant\" associated to this API.",
        ),
        (400, "invalid_target", "Unknown resource"),
        (400, "invalid_target", ""),
        (400, "invalid_target", "The requested audience is not allowed"),
        (400, "invalid_request", "The requested audience is not allowed"),
        (403, "access_denied", "The requested audience is not allowed"),
        (400, "invalid_request", "Missing resource parameter"),
        (400, "invalid_target", "The requested resource is invalid, missing, unknown, or malformed."),
    ];
    for (status, error, description) in rows {
        let found = plain(&service, status, error, description, "", None);
        assert!(found.cause.contains("either audience nor resource was sent"), "{error} {description}: {found:?}");
        assert!(shown(&found, "audience asked for").is_none() && !found.cause.contains("that was sent"), "{found:?}");
        assert!(!found.cause.contains('{') && !found.fix.contains('{'), "{found:?}");
    }
    assert!(plain(&service, 403, rows[0].1, rows[0].2, "", None).cause.contains("https://orders.example"));
    // What was sent is named.
    for name in ["audience", "resource"] {
        let mut sent = service.clone();
        sent.values.push(Pair { name: name.into(), value: "https://orders.example".into() });
        for (status, error, description) in rows {
            if description.contains("Missing") {
                continue;
            }
            let found = plain(&sent, status, error, description, "", None);
            assert!(!found.cause.contains("either audience"), "{name} {error} {description}: {found:?}");
        }
        let found = plain(&sent, 400, "invalid_target", "", "", None);
        assert!(found.cause.contains("https://orders.example"), "{name}: {found:?}");
    }
    // Words of a user's password speak of the resource owner.
    let password = draft(Operation::Password, &[("client", "portal")]);
    let found = plain(&password, 400, "invalid_grant", "Invalid resource owner credentials", "", None);
    assert_eq!(found.id, "password-wrong");
}

#[test]
fn a_fault_of_wso2_is_read_before_an_api_of_no_gateway() {
    let call = draft(Operation::CallApi, CALL);
    let token = view("t", json!({"step": 4}));
    let rows = [
        (
            401,
            r#"{"fault":{"code":900901,"message":"Invalid Credentials","description":"Access failure for API: /orders, version: 1.0.0 status: (900901) - Invalid Credentials."}}"#,
            "wso2-900901",
        ),
        (
            401,
            r#"{"code":"900902","message":"Missing Credentials","description":"Invalid Credentials. Make sure your API invocation call has a header: 'Authorization : Bearer ACCESS_TOKEN'"}"#,
            "wso2-900902",
        ),
        (
            403,
            r#"{"code":"900908","message":"Resource forbidden ","description":"User is NOT authorized to access the Resource. API Subscription validation failed."}"#,
            "wso2-900908",
        ),
        (
            403,
            r#"{"code":"900910","message":"The access token does not allow you to access the requested resource","description":"User is NOT authorized to access the Resource: /orders. Scope validation failed."}"#,
            "wso2-900910",
        ),
        (
            500,
            r#"{"fault":{"code":900900,"type":"Status report","message":"Unclassified Authentication Failure","description":"Unclassified Authentication Failure"}}"#,
            "wso2-900900",
        ),
        (
            401,
            "<ams:fault xmlns:ams=\"http://wso2.org/apimanager/security\"><ams:code>900901</ams:code><ams:message>Invalid Credentials</ams:message><ams:description>Access failure</ams:description></ams:fault>",
            "wso2-900901",
        ),
        (
            403,
            "<fault><code>900910</code><message>The access token does not allow you to access the requested resource</message></fault>",
            "wso2-900910",
        ),
        (401, "Access failure for API: /orders, version: 1.0.0 status: (900901) - Invalid Credentials.", "wso2-900901"),
        (
            401,
            r#"{"error_code":"900901","error_message":"Invalid Credentials","error_description":"Make sure you have provided the correct security credentials"}"#,
            "wso2-900901",
        ),
    ];
    for dialect in [Dialect::Plain, Dialect::Keycloak] {
        for (status, body, id) in rows {
            for error in ["", "invalid_token"] {
                let found = read(Case { dialect, draft: &call, status, error, body, token: Some(&token), ..Case::default() });
                assert_eq!(found.map(|found| found.id).as_deref(), Some(id), "{dialect:?} {error} {body}");
            }
        }
    }
    // Six digits of somebody else.
    let others = [
        r#"{"code":900901,"message":"Order 17 is closed"}"#,
        r#"{"code":"123456","message":"Invalid Credentials"}"#,
        r#"{"code":"900999","message":"Invalid Credentials"}"#,
        r#"{"code":101503,"message":"access token"}"#,
        r#"{"order":900901,"message":"Invalid Credentials"}"#,
        "Order (900901) was refused",
        r#"{"code":"9009010","message":"Invalid Credentials"}"#,
    ];
    for body in others {
        let found = plain(&call, 401, "", "", body, Some(&token));
        assert!(!found.id.starts_with("wso2"), "{body}: {}", found.id);
    }
}

#[test]
fn whose_client_was_taken_before_has_the_right_name() {
    let refresh = draft(Operation::Refresh, &[("client", "portal"), ("refresh_token", "token:t")]);
    let revoke = draft(Operation::Revoke, &[("client", "portal"), ("token", "token:t")]);
    let introspect = draft(Operation::Introspect, &[("client", "portal"), ("token", "token:t")]);
    let service = draft(Operation::ClientCredentials, &[("client", "portal")]);
    let own = view("t", json!({"step": 4, "client": "portal"}));
    let refresh_token = view("t", json!({"step": 4, "client": "portal", "kind": "refresh"}));
    let foreign = view("t", json!({"step": 4, "client": "frontend"}));
    let first = |draft: &Draft, status, token: Option<&TokenView>| plain(draft, status, "", "", "", token);
    for status in [400, 401, 403] {
        for (draft, token) in [(&refresh, &refresh_token), (&revoke, &own), (&introspect, &own)] {
            let found = first(draft, status, Some(token));
            assert_eq!(found.id, "client-taken-before", "{status} {found:?}");
            assert!(!found.certain && ids(&found).contains(&"client-secret-wrong"), "{found:?}");
        }
    }
    assert_eq!(first(&introspect, 401, Some(&foreign)).id, "client-secret-wrong");
    assert_eq!(first(&service, 401, None).id, "client-secret-wrong");
    // RFC 6749 5.2 has 401 and 400 for a wrong secret.
    let found = first(&service, 403, None);
    assert_eq!(&ids(&found)[..2], &["client-no-right", "client-proxy"], "{found:?}");
    assert!(ids(&found).contains(&"client-secret-wrong"), "{found:?}");
}

#[test]
fn a_subject_token_that_is_sound_was_not_cut() {
    let exchange =
        draft(Operation::TokenExchange, &[("client", "portal"), ("subject_token", "token:t"), ("subject_token_type", ACCESS)]);
    let key = json!({"kid": "k", "alg": "RS256", "kind": "RSA 2048", "source": "http://127.0.0.1:1/certs", "read_ms": 5});
    let sound = |change: serde_json::Value| {
        let mut all = json!({"step": 4, "origin": "log in by frontend", "verification": {"state": "verified", "key": key}});
        for (name, value) in change.as_object().expect("an object") {
            all[name] = value.clone();
        }
        view("t", all)
    };
    for (error, description) in [
        ("invalid_grant", ""),
        ("invalid_grant", "subject_token is invalid"),
        ("invalid_request", "'subject_token' is invalid."),
        ("invalid_request", "Invalid token"),
    ] {
        let of = |token: &TokenView| plain(&exchange, 400, error, description, "", Some(token));
        let found = of(&sound(json!({})));
        assert_eq!(
            &ids(&found)[..2],
            &["exchange-subject-ended-elsewhere", "exchange-subject-policy"],
            "{description} {found:?}"
        );
        assert!(!found.certain && !ids(&found).contains(&"exchange-subject-unknown"), "{found:?}");
        let found = of(&sound(json!({"audience": ["orders-api"]})));
        assert_eq!(found.id, "exchange-subject-not-for-client", "{found:?}");
        let found = of(&sound(json!({"active": true})));
        assert!(found.id == "exchange-subject-policy" && !ids(&found).contains(&"exchange-subject-ended-elsewhere"), "{found:?}");
        // What is not known to be sound stays as it was.
        for (change, id) in [
            (json!({"verification": {"state": "unverifiable", "reason": ""}}), "exchange-subject-unknown"),
            (json!({"expires_at": 1_000}), "exchange-subject-ended"),
            (json!({"issuer": "https://other.example"}), "exchange-subject-other-issuer"),
            (json!({"expires_at": null}), "exchange-subject-unknown"),
        ] {
            assert_eq!(of(&sound(change.clone())).id, id, "{change}");
        }
    }
}
