//! Facts about tokens that their response states and the tokens do not: nonce, scope, owner, type.

use record::{audit::Outcome, operation::Operation};
use serde_json::{Value, json};
use token::inspect::{TokenKind, TokenView};

use super::{
    made::{jwk, signed_text},
    provider::{CLIENT, Provider, changed, now},
};

/// A provider whose token endpoint answers with an opaque access token and an ID token of alice, each changed.
async fn answering(answer: Value, id_token: Value) -> Provider {
    let provider = Provider::start().await;
    provider.json("/jwks", json!({"keys": [jwk("rsa")]}).to_string());
    provider.answer("/token", move |issuer, nonce| {
        let mut base = json!({"iss": issuer, "sub": "u-1", "preferred_username": "alice", "aud": CLIENT, "iat": now(), "exp": now() + 300});
        if !nonce.is_empty() {
            base["nonce"] = json!(nonce);
        }
        let id = signed_text(&json!({"alg": "RS256", "kid": "k"}), &changed(base, &id_token).to_string());
        let access = signed_text(
            &json!({"alg": "RS256", "kid": "k", "typ": "at+jwt"}),
            &json!({"iss": issuer, "sub": "u-1", "aud": "orders", "scope": "profile", "iat": now(), "exp": now() + 300}).to_string(),
        );
        let mut body = changed(
            json!({"access_token": "opaque-access-1", "token_type": "Bearer", "expires_in": 300, "id_token": id, "refresh_token": "opaque-refresh-1"}),
            &answer,
        );
        if body["access_token"] == "jwt" {
            body["access_token"] = json!(access);
        }
        ("application/json".into(), body.to_string().into_bytes())
    });
    provider
}

fn made(provider: &Provider, tokens: &[String], kind: TokenKind) -> TokenView {
    let views = tokens.iter().filter_map(|id| provider.bench.inspect(id).ok()).map(|inspection| inspection.token);
    views.into_iter().find(|view| view.kind == kind).unwrap_or_else(|| panic!("a token of kind {kind:?}"))
}

#[tokio::test]
async fn a_log_in_without_openid_is_not_refused_for_the_nonce_it_did_not_send() {
    // Scope in the form, scope in an added parameter, what the ID token says of the nonce.
    for (scope, extra, nonce) in [
        ("profile", &[][..], json!(null)),
        ("", &[][..], json!(null)),
        ("profile", &[][..], json!("one-of-the-servers-own")),
        ("profile", &[("scope", "openid")][..], json!(null)),
        ("profile email", &[][..], json!(7)),
    ] {
        let provider = answering(json!({}), json!({"nonce": nonce})).await;
        let step = provider.run(Operation::LogIn, &[("client", CLIENT), ("scope", scope)], extra).await.expect("it runs");
        assert_eq!((step.outcome, step.problem), (Outcome::Success, None), "{scope} {extra:?} {nonce}");
        assert_eq!(step.tokens_out.len(), 3);
    }
    // With openid it is sent, and what does not come back ends the log in.
    let provider = answering(json!({}), json!({"nonce": null})).await;
    let step = provider.run(Operation::LogIn, &[("client", CLIENT), ("scope", "openid")], &[]).await.expect("it runs");
    assert_eq!(step.problem_id.as_deref(), Some("id-token-nonce"));
}

#[tokio::test]
async fn the_scope_of_the_token_response_decides() {
    let asked = "openid profile email";
    let full = Some(vec!["openid".to_owned(), "profile".into(), "email".into()]);
    // What the answer says, what was granted then, whether something is missed.
    for (answer, granted, missed) in [
        (json!({"access_token": "jwt", "scope": asked}), full.clone(), false),
        (json!({"access_token": "jwt", "scope": "openid profile"}), Some(vec!["openid".into(), "profile".into()]), true),
        // Absent: as it was asked for (RFC 6749 5.1), whatever the claim says.
        (json!({"access_token": "jwt"}), full.clone(), false),
        (json!({"scope": asked}), full.clone(), false),
        (json!({"scope": "openid email"}), Some(vec!["openid".into(), "email".into()]), true),
        (json!({"scope": ""}), Some(vec![]), true),
        (json!({}), full, false),
    ] {
        let provider = answering(answer.clone(), json!({})).await;
        let step = provider.run(Operation::LogIn, &[("client", CLIENT), ("scope", asked)], &[]).await.expect("it runs");
        assert_eq!(made(&provider, &step.tokens_out, TokenKind::Access).granted, granted, "{answer}");
        assert_eq!(step.surprises.iter().any(|one| one.id.contains("200-scope")), missed, "{answer}: {:?}", step.surprises);
    }
}

#[tokio::test]
async fn a_refresh_without_scope_grants_what_the_first_answer_did() {
    let provider = answering(json!({"scope": "openid email"}), json!({})).await;
    let step =
        provider.run(Operation::LogIn, &[("client", CLIENT), ("scope", "openid email profile")], &[]).await.expect("it runs");
    let refresh = made(&provider, &step.tokens_out, TokenKind::Refresh);
    provider.json("/token", json!({"access_token": "opaque-access-2", "token_type": "Bearer", "expires_in": 60}).to_string());
    let values = [("client", CLIENT), ("refresh_token", &format!("token:{}", refresh.id))];
    let renewed = provider.run(Operation::Refresh, &values, &[]).await.expect("it runs");
    let access = made(&provider, &renewed.tokens_out, TokenKind::Access);
    assert_eq!(access.granted, Some(vec!["openid".into(), "email".into()]));
    assert_eq!((access.group.as_str(), access.who.as_str()), ("alice", "alice"), "the one whose session it renews");
}

#[tokio::test]
async fn a_token_nobody_can_read_goes_under_the_user_whose_id_token_came_with_it() {
    let encrypted = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.AAAA.AAAA.AAAA.AAAA";
    for (answer, id_token, owner) in [
        (json!({}), json!({}), "alice"),
        (json!({"access_token": encrypted}), json!({}), "alice"),
        (json!({}), json!({"preferred_username": null, "email": "alice@example.test"}), "alice@example.test"),
        (json!({}), json!({"preferred_username": null}), "u-1"),
        (json!({"id_token": null}), json!({}), "Applications"),
        (json!({"access_token": "jwt"}), json!({}), "alice"),
    ] {
        let provider = answering(answer.clone(), id_token).await;
        let step = provider.run(Operation::LogIn, &[("client", CLIENT), ("scope", "openid")], &[]).await.expect("it runs");
        let access = made(&provider, &step.tokens_out, TokenKind::Access);
        if answer["access_token"] != "jwt" {
            assert_eq!(access.group, owner, "{answer}");
        }
    }
}

#[tokio::test]
async fn another_issued_token_type_than_was_asked_for_is_a_finding() {
    const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";
    const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
    const REFRESH: &str = "urn:ietf:params:oauth:token-type:refresh_token";
    for (asked, issued, found) in [
        (ACCESS, json!(ACCESS), false),
        (REFRESH, json!(ACCESS), true),
        (JWT, json!(ACCESS), true),
        (ACCESS, json!(JWT), true),
        (ACCESS, json!(null), true),
        ("", json!(ACCESS), false),
        ("", json!(JWT), false),
    ] {
        let provider = answering(json!({}), json!({})).await;
        let step = provider.run(Operation::LogIn, &[("client", CLIENT), ("scope", "openid")], &[]).await.expect("it runs");
        let subject = format!("token:{}", made(&provider, &step.tokens_out, TokenKind::Access).id);
        let answer = changed(json!({"access_token": "opaque-2", "token_type": "Bearer"}), &json!({"issued_token_type": issued}));
        provider.json("/token", answer.to_string());
        let values = [
            ("client", CLIENT),
            ("subject_token", &subject),
            ("subject_token_type", ACCESS),
            ("requested_token_type", asked),
            ("scope", "openid"),
        ];
        let step = provider.run(Operation::TokenExchange, &values, &[]).await.expect("it runs");
        assert_eq!(step.outcome, Outcome::Success, "{:?}", step.problem);
        let said = provider.findings(&step).iter().any(|finding| finding.id == "issued-token-type");
        assert_eq!(said, found, "{asked} and {issued}");
        assert!(!step.surprises.iter().any(|one| one.id == "200-id-token"), "an exchange answers with one token");
    }
}

#[tokio::test]
async fn an_exchange_is_named_by_the_last_part_of_its_address() {
    let mut provider = answering(json!({}), json!({})).await;
    let base = provider.profile.provider.issuer.clone();
    for (path, label) in [
        ("/o/token/", "POST /token, authorization_code"),
        ("/token", "POST /token, authorization_code"),
        ("/t", "POST /t, authorization_code"),
        ("/o/token//", "POST /token, authorization_code"),
    ] {
        provider.profile.provider.endpoints.token = format!("{base}{path}");
        let step = provider.run(Operation::LogIn, &[("client", CLIENT), ("scope", "profile")], &[]).await.expect("it runs");
        assert!(
            step.exchanges.iter().any(|exchange| exchange.label == label),
            "{path}: {:?}",
            step.exchanges.iter().map(|one| &one.label).collect::<Vec<_>>()
        );
    }
}
