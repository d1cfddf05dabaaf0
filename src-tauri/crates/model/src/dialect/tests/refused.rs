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
