//! What servers and gateways say in words of their own, and codes that stand where nobody looks.

use super::*;

const CALL: &[(&str, &str)] = &[("token", "token:t"), ("url", "http://127.0.0.1:3/orders")];

fn plain(draft: &Draft, status: u16, error: &str, description: &str, body: &str, token: &TokenView) -> Diagnosis {
    read(Case { dialect: Dialect::Plain, draft, status, error, description, body, token: Some(token), ..Case::default() })
        .unwrap_or_else(|| panic!("{status} {error} {description} {body}"))
}

/// Body, or description with the error `invalid_token`, as proxies and libraries write them.
#[test]
fn words_of_apis_are_used() {
    let call = draft(Operation::CallApi, CALL);
    let token = view("t", json!({"step": 4}));
    let rows = [
        (401, "Jwt issuer is not configured", "api-issuer"),
        (401, "Jwt is missing", "api-no-token"),
        (401, "Jwt is expired", "api-expired-said"),
        (401, "Jwt verification fails", "api-signature"),
        (401, "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections", "api-wants-jwt"),
        (401, "Jwks doesn't have key to match kid or alg from Jwt", "api-key-unknown"),
        (403, "Audiences in Jwt are not allowed", "api-audience"),
        (403, "RBAC: access denied", "api-rbac"),
        (401, "An error occurred while attempting to decode the Jwt: Jwt expired at 2026-11-30T10:00:00Z", "api-expired-said"),
        (401, "An error occurred while attempting to decode the Jwt: Signed JWT rejected: Invalid signature", "api-signature"),
        (401, "An error occurred while attempting to decode the Jwt: Malformed token", "api-wants-jwt"),
        (401, "An error occurred while attempting to decode the Jwt: Unsupported algorithm of none", "api-algorithm"),
        (401, "An error occurred while attempting to decode the Jwt: The aud claim is not valid", "api-audience"),
        (401, "An error occurred while attempting to decode the Jwt: The iss claim is not valid", "api-issuer"),
        (401, "Expected 'a', but was 'b'", "api-expected-other"),
        (401, "Expected iss claim to be: https://a.example, but was: https://b.example.", "api-expected-other"),
        (401, "No bearer token found in the request.", "api-no-token"),
        (401, "jwt malformed", "api-wants-jwt"),
        (401, "jwt expired", "api-expired-said"),
        (401, "invalid signature", "api-signature"),
    ];
    for (status, words, id) in rows {
        let as_text = plain(&call, status, "", "", words, &token);
        assert_eq!((as_text.id.as_str(), as_text.certain, as_text.others.len()), (id, true, 0), "{words}");
        let described = plain(&call, status, "invalid_token", words, "", &token);
        assert_eq!(described.id, id, "{words}");
        assert!(!described.cause.contains('{'), "{}", described.cause);
    }
}

#[test]
fn what_was_expected_and_what_was_found_is_named_with_its_claim() {
    let call = draft(Operation::CallApi, CALL);
    let token = view("t", json!({"step": 4}));
    let rows = [
        ("Expected 'orders', but was 'portal'", "The API expected orders and found portal, which is aud of the token."),
        ("Expected [a] but got [frontend]", "The API expected a and found frontend, which is azp of the token."),
        (
            "Expected iss claim to be: https://a.example, but was: http://127.0.0.1:1/realms/lab.",
            "The API expected https://a.example and found http://127.0.0.1:1/realms/lab, which is iss of the token.",
        ),
        ("Expected 'x', but was 'y'", "The API expected x and found y."),
        ("wrong alg: expected \"ES256\", actual \"RS256\"", "The API expected ES256 and found RS256, which is alg of the token."),
    ];
    for (words, cause) in rows {
        assert_eq!(plain(&call, 401, "invalid_token", words, "", &token).cause, cause);
    }
}

/// Refusals of the token endpoint whose words name what to do.
#[test]
fn words_of_token_endpoints_are_used() {
    let token = view("t", json!({"step": 4}));
    let exchange = |more: &[(&str, &str)]| {
        let mut made = draft(
            Operation::TokenExchange,
            &[("client", "portal"), ("subject_token", "token:t"), ("subject_token_type", ACCESS)],
        );
        made.values.extend(more.iter().map(|(name, value)| Pair { name: (*name).into(), value: (*value).into() }));
        made
    };
    let requested = exchange(&[("requested_token_type", "urn:ietf:params:oauth:token-type:id_token")]);
    let resource = exchange(&[("resource", "https://orders.example/")]);
    let scoped = exchange(&[("scope", "orders")]);
    let bare = exchange(&[]);
    let login = draft(Operation::LogIn, &[("client", "frontend"), ("scope", "profile")]);
    let rows: &[(&Draft, u16, &str, &str, &str, &str)] = &[
        (&requested, 400, "invalid_request", "Invalid requested_token_type", "exchange-requested-type", "id_token"),
        (
            &requested,
            400,
            "unsupported_token_type",
            "OAuth 2.0 Token Exchange parameter: requested_token_type",
            "exchange-requested-type",
            "id_token",
        ),
        (&requested, 400, "unsupported_token_type", "", "exchange-token-type", "id_token"),
        (
            &bare,
            400,
            "unsupported_token_type",
            "OAuth 2.0 Token Exchange parameter: subject_token_type",
            "exchange-subject-type",
            "access_token",
        ),
        (&bare, 400, "invalid_request", "subject_token_type is not supported", "exchange-subject-type", "access_token"),
        (&bare, 400, "invalid_request", "actor_token_type is missing", "exchange-actor-type", "actor_token_type"),
        (&resource, 400, "invalid_target", "Unknown resource", "resource-unknown", "https://orders.example/"),
        (&resource, 400, "invalid_request", "Unknown resource", "resource-unknown", "https://orders.example/"),
        (&resource, 400, "invalid_request", "OAuth 2.0 Parameter: resource", "resource-unknown", "https://orders.example/"),
        (&login, 400, "invalid_scope", "Missing required scope(s) [\"openid\"].", "scope-required", "openid"),
        (&scoped, 400, "invalid_scope", "Missing required scope(s) openid", "scope-required", "Add the scope"),
        (&bare, 500, "server_error", "user doesn't have impersonation permission", "server-says-permission", "right"),
        (
            &bare,
            500,
            "server_error",
            "exchanging id_token to refresh_token is not supported",
            "server-says-unsupported",
            "can not do this",
        ),
        (&bare, 400, "invalid_scope", "", "exchange-scope-of-subject", "subject token"),
        (&scoped, 400, "invalid_request", "OAuth 2.0 Parameter: client_id", "parameter-not-taken", "client_id"),
    ];
    for (draft, status, error, description, id, named) in rows {
        let found = plain(draft, *status, error, description, "", &token);
        assert_eq!((found.id.as_str(), found.others.len()), (*id, 0), "{error} {description}");
        assert!(found.cause.contains(named) || found.fix.contains(named), "{named}: {} {}", found.cause, found.fix);
        assert!(!found.cause.contains('{'), "{}", found.cause);
    }
    // Adding is the way, not leaving out.
    let found = plain(&login, 400, "invalid_scope", "Missing required scope(s) [\"openid\"].", "", &token);
    assert!(found.fix.starts_with("Add the scope") && found.actions.is_empty(), "{found:?}");
}

/// 400, 401 and 403 with an empty body, by what is known.
#[test]
fn empty_bodies_are_read_by_what_is_known() {
    let call = draft(Operation::CallApi, CALL);
    let userinfo = draft(Operation::Userinfo, &[("token", "token:t")]);
    let introspect = draft(Operation::Introspect, &[("client", "portal"), ("token", "token:t")]);
    let service = draft(Operation::ClientCredentials, &[("client", "portal")]);
    let refresh = draft(Operation::Refresh, &[("client", "frontend"), ("refresh_token", "token:t")]);
    let ended = json!({"step": 4, "expires_at": 1_000});
    let id = json!({"step": 4, "kind": "id"});
    let fresh = json!({"step": 4});
    let rows: &[(&Draft, u16, &serde_json::Value, &str, bool)] = &[
        (&call, 401, &ended, "token-expired", true),
        (&call, 403, &ended, "token-expired", true),
        (&call, 400, &ended, "token-expired", true),
        (&call, 401, &id, "token-is-id-token", true),
        (&call, 403, &id, "token-is-id-token", true),
        (&call, 403, &fresh, "api-lacks-right", false),
        (&call, 401, &fresh, "api-other-audience", false),
        (&userinfo, 401, &ended, "token-expired", true),
        (&userinfo, 403, &id, "token-is-id-token", true),
        (&userinfo, 401, &fresh, "token-unknown", false),
        (&introspect, 401, &fresh, "client-secret-wrong", false),
        (&introspect, 403, &fresh, "client-no-right", false),
        (&service, 401, &fresh, "client-secret-wrong", false),
        (&refresh, 400, &id, "refresh-is-id-token", true),
    ];
    for (draft, status, token, id, certain) in rows {
        for body in ["", "{}", "  "] {
            let found = plain(draft, *status, "", "", body, &view("t", (*token).clone()));
            assert_eq!((found.id.as_str(), found.certain), (*id, *certain), "{status} {body:?} {token}");
            assert_eq!(found.others.is_empty(), *certain, "{found:?}");
        }
    }
}

/// What is certain, and what excludes every other cause each time.
#[test]
fn certain_is_said_only_where_what_was_seen_excludes_every_other_cause() {
    let userinfo = draft(Operation::Userinfo, &[("token", "token:t")]);
    let case = |token: serde_json::Value, past: Past| {
        let token = view("t", token);
        let found = read(Case {
            dialect: Dialect::Plain,
            draft: &userinfo,
            status: 401,
            error: "invalid_token",
            token: Some(&token),
            known: Background { past, ..Background::default() },
            ..Case::default()
        })
        .expect("known");
        (found.id, found.certain)
    };
    let revoked = || Past { revoked: Some(3), ..Past::default() };
    let is = |id: &str, certain| (id.to_owned(), certain);
    // The end is a whole tolerance of clocks ago: no server takes it.
    assert_eq!(case(json!({"step": 4, "expires_at": 1_000}), Past::default()), is("token-expired", true));
    // It ended 30 s ago, and a server may take it for a minute: something else may be the cause.
    assert_eq!(case(json!({"step": 4, "expires_at": 1_070}), Past::default()), is("token-expired", false));
    // 200 at revocation is given to unknown tokens, too; only introspection proves that it ended.
    assert_eq!(case(json!({"step": 4}), revoked()), is("token-revoked", false));
    assert_eq!(case(json!({"step": 4, "active": false}), revoked()), is("token-revoked", true));
    // Introspection calls it active after all, so the revocation did nothing, and is still likelier than what nobody saw.
    assert_eq!(case(json!({"step": 4, "active": true}), revoked()), is("token-revoked", false));
    // The answer it came with called it an ID token, and userinfo takes none.
    assert_eq!(case(json!({"step": 4, "kind": "id"}), Past::default()), is("token-is-id-token", true));
    // Two things are wrong with it; either would do, so neither is the only one.
    assert!(!case(json!({"step": 4, "kind": "id", "expires_at": 1_000}), Past::default()).1);
    // Nothing is known: nothing is certain.
    assert_eq!(case(json!({"step": 4}), Past::default()), is("token-unknown", false));
}

#[test]
fn the_gateways_code_decides_wherever_it_stands() {
    let call = draft(Operation::CallApi, &[("token", "token:t"), ("url", "https://127.0.0.1:2/orders")]);
    let own = view("t", json!({"issuer": "https://127.0.0.1:2/oauth2/token", "client": "billing-app"}));
    let xml = |code: &str| {
        format!(
            "<ams:fault xmlns:ams=\"http://wso2.org/apimanager/security\"><ams:code>{code}</ams:code><ams:message>m</ams:message><ams:description>d</ams:description></ams:fault>"
        )
    };
    let rows: Vec<(String, &str)> = vec![
        (r#"{"fault":{"code":900900,"type":"Status report","message":"Unclassified Authentication Failure","description":"d"}}"#.into(), "wso2-900900"),
        (r#"{"fault":{"code":"900908","message":"m"}}"#.into(), "wso2-900908"),
        (r#"{"code":"900902","message":"Missing Credentials"}"#.into(), "wso2-900902"),
        (r#"{"error":{"status":401,"detail":{"code":900910}}}"#.into(), "wso2-900910"),
        (r#"{"errors":[{"code":900906,"message":"No matching resource"}]}"#.into(), "wso2-900906"),
        (xml("900908"), "wso2-900908"),
        (xml("900910"), "wso2-900910"),
        (xml(" 900906 "), "wso2-900906"),
        ("Access failure for API: /orders/1.0, version: 1.0 status: (900908) - Resource forbidden".into(), "wso2-900908"),
        (r#"{"message":"Access failure for API: /orders/1.0 status: (900910) - scope"}"#.into(), "wso2-900910"),
        ("<html><body><p>status: (900907) - blocked</p></body></html>".into(), "wso2-900907"),
        (r#"{"message":"(1234567) no code (900906) of ours"}"#.into(), "wso2-900906"),
    ];
    for (body, id) in &rows {
        // The challenge beside it says `invalid_token` for every one of them.
        for error in ["", "invalid_token"] {
            let found = read(Case {
                dialect: Dialect::Wso2,
                draft: &call,
                status: 401,
                error,
                body,
                token: Some(&own),
                ..Case::default()
            });
            assert_eq!(found.map(|found| found.id).as_deref(), Some(*id), "{error} {body}");
        }
    }
    // Another server's numbers are no codes of a gateway.
    let body = r#"{"code":900900,"error":"invalid_token"}"#;
    let found = plain(&call, 401, "invalid_token", "", body, &own);
    assert!(!found.id.starts_with("wso2"), "{found:?}");
}

#[test]
fn the_legacy_exchange_has_the_causes_of_the_standard_one_for_the_same_words() {
    let rows = [
        json!({"kind": "id"}),
        json!({"expires_at": 1_040}),
        json!({"issuer": "http://localhost:1/realms/lab"}),
        json!({"issuer": "http://127.0.0.1:1/realms/other"}),
        json!({"issuer": "https://login.example.test"}),
        json!({"format": "opaque"}),
        json!({"kind": "refresh"}),
        json!({}),
    ];
    for change in rows {
        let token = view("t", change.clone());
        let by = |error| {
            let found =
                read(Case { error, description: "Invalid token", token: Some(&token), ..Case::default() }).expect("known");
            let others: Vec<String> = found.others.into_iter().map(|other| other.id).collect();
            (found.id, found.certain, others)
        };
        assert_eq!(by("invalid_token"), by("invalid_request"), "{change}");
    }
    // With capitals it is another cause: the user.
    let found = read(Case { error: "invalid_token", description: "Invalid Token", ..Case::default() });
    assert!(found.as_ref().is_none_or(|found| !found.id.starts_with("kc-v2")), "{found:?}");
}

#[test]
fn who_is_not_the_holder_is_not_called_public_beside_a_secret() {
    let token = view("t", json!({}));
    let found = read(Case {
        status: 403,
        error: "access_denied",
        description: "Client is not the holder of the token",
        token: Some(&token),
        ..Case::default()
    })
    .expect("known");
    assert_eq!(found.id, "kc-v1-not-holder");
    assert!(
        found.evidence.iter().any(|evidence| evidence.values.iter().any(|value| value.contains("secret by HTTP Basic"))),
        "{found:?}"
    );
    assert!(!found.cause.contains("is public") && found.fix.contains("Where portal has a secret"), "{found:?}");
}

/// No sentence of ours for a plain server or an API speaks of Keycloak, whatever is refused.
#[test]
fn keycloaks_advice_never_appears_at_another_server() {
    let elsewhere = |entry: &&entry::Refusal| !matches!(entry.dialect, Some(Dialect::Keycloak | Dialect::Wso2));
    for entry in catalogue::all().chain(catalogue::successes()).filter(elsewhere) {
        let all = format!("{} {} {}", entry.cause, entry.fix, entry.tell);
        assert!(!all.contains("Keycloak") && !all.contains("realm"), "{}: {all}", entry.id);
    }
}

#[test]
fn an_accepted_revocation_says_what_200_does_not_say() {
    let revoke = draft(Operation::Revoke, &[("client", "portal"), ("token", "token:t")]);
    let ids = |change: serde_json::Value| {
        let token = view("t", change);
        let case = Case { dialect: Dialect::Plain, draft: &revoke, status: 200, token: Some(&token), ..Case::default() };
        with_facts(case, |facts| surprises(facts).into_iter().map(|found| (found.id, found.certain)).collect::<Vec<_>>())
    };
    let accepted = [("200-revoke-accepted".to_owned(), false)];
    assert_eq!(ids(json!({"client": "portal"})), accepted);
    assert_eq!(ids(json!({"client": "frontend"})), [("200-revoke-other-client".to_owned(), true)]);
    assert_eq!(ids(json!({"client": "portal", "kind": "id"})), [("200-revoke-id-token".to_owned(), true)]);
    assert_eq!(ids(json!({"client": null})), accepted);
}

#[test]
fn a_log_out_answered_with_302_or_a_page_says_that_the_session_may_be_over() {
    let log_out = draft(Operation::LogOut, &[("client", "portal"), ("id_token_hint", "token:t")]);
    let token = view("t", json!({"kind": "id"}));
    let rows = [
        (302, "", Some("200-logout-redirect")),
        (303, "", Some("200-logout-see-other")),
        (302, "<a href=\"/logged-out\">Found</a>.", Some("200-logout-redirect")),
        (200, "<!DOCTYPE html><html>signed out</html>", Some("200-logout-page")),
        (200, "<html><form>Do you want to log out?</form></html>", Some("200-logout-page")),
        (200, "", None),
        (204, "", None),
        (200, "{}", None),
    ];
    for (status, body, id) in rows {
        let case = Case { dialect: Dialect::Plain, draft: &log_out, status, body, token: Some(&token), ..Case::default() };
        let found = with_facts(case, surprises);
        assert_eq!(found.first().map(|found| found.id.as_str()), id, "{status} {body}");
        assert!(found.iter().all(|found| !found.certain && LOGOUT_UNSURE.contains(&found.id.as_str())), "{found:?}");
    }
}

/// A code that means nothing where it came from says no more than that.
#[test]
fn invalid_grant_is_read_by_what_was_asked() {
    let token = view("t", json!({"step": 4}));
    let (client, user) = ([("client", "portal")], [("client", "portal"), ("username", "alice")]);
    for (operation, values, id) in
        [(Operation::ClientCredentials, &client[..], "invalid-grant-client"), (Operation::Password, &user[..], "password-wrong")]
    {
        let read = plain(&draft(operation, values), 400, "invalid_grant", "", "", &token);
        assert_eq!((read.id.as_str(), read.certain), (id, false), "{read:?}");
        assert!(
            operation != Operation::ClientCredentials
                || !format!("{} {:?}", read.fix, read.actions).to_lowercase().contains("log in"),
            "{read:?}"
        );
    }
}

#[test]
fn of_several_audiences_none_is_said_to_be_the_one() {
    for (audiences, description, cause) in [
        (&["orders-api"][..], "Audience not found", "orders-api is no client of this realm."),
        (
            &["orders-api", "no-such-client"],
            "Audience not found",
            "One of orders-api and no-such-client is no client of this realm.",
        ),
        (&["a", "b", "c"], "Client disabled", "One of a, b and c is a disabled client."),
    ] {
        let mut values = vec![("client", "portal"), ("subject_token", "token:t")];
        values.extend(audiences.iter().map(|audience| ("audience", *audience)));
        let draft = draft(Operation::TokenExchange, &values);
        let read = read(Case { draft: &draft, status: 400, error: "invalid_client", description, ..Case::default() })
            .expect(description);
        assert!(read.cause.starts_with(cause), "{}", read.cause);
    }
}
