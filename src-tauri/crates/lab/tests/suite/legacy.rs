//! The legacy exchange, the JWT authorization grant and clients that sign for themselves: what works, and every refusal with its
//! words and, where the caller is not told, its reason in the event.

use serde_json::Value;

use crate::support::{ACCESS_TOKEN, Answer, Bench, EXCHANGE, JWT_BEARER, claims};

const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

impl Bench {
    /// A form post to the partner's token endpoint as one of its clients.
    async fn at_partner(&self, client: &str, pairs: &[(&str, &str)]) -> Answer {
        use base64::Engine as _;
        let partner = &self.lab.description().partner;
        let url = format!("{}/protocol/openid-connect/token", partner.issuer);
        let known = partner.clients.iter().find(|one| one.client_id == client).expect("a client of the partner");
        let secret = known.secret.clone().expect("a confidential client");
        let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{client}:{secret}")));
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("authorization", basic.as_str())];
        self.send("POST", &url, &headers, crate::support::form(pairs)).await
    }

    /// A token of the partner for a user, not meant for anybody in particular.
    async fn partner_token(&self, user: &str) -> String {
        let pairs = [("grant_type", "password"), ("username", user), ("password", user), ("scope", "openid")];
        self.at_partner("partner-app", &pairs).await.member("access_token")
    }

    /// The first step of identity chaining: a token of the partner whose only audience is the lab's realm.
    async fn meant_for_the_lab(&self, user: &str) -> String {
        let subject = self.partner_token(user).await;
        let issuer = self.lab.description().issuer.clone();
        let pairs = [
            ("grant_type", EXCHANGE),
            ("subject_token", subject.as_str()),
            ("subject_token_type", ACCESS_TOKEN),
            ("scope", "lab:access"),
            ("audience", issuer.as_str()),
        ];
        self.at_partner("partner-app", &pairs).await.member("access_token")
    }

    async fn grant(&self, client: &str, assertion: &str) -> Answer {
        self.token(client, &[("grant_type", JWT_BEARER), ("assertion", assertion)]).await
    }

    /// The reason of the newest failed exchange.
    async fn reason(&self) -> String {
        let events = self.events("type=TOKEN_EXCHANGE_ERROR").await;
        events.first().and_then(|event| event["details"]["reason"].as_str()).unwrap_or_default().to_owned()
    }
}

fn refused(status: u16, error: &str, description: &str) -> (u16, String, String) {
    (status, error.to_owned(), description.to_owned())
}

#[tokio::test]
async fn two_realms_are_chained() {
    let bench = Bench::new().await;
    let assertion = bench.meant_for_the_lab("alice").await;
    assert_eq!(claims(&assertion)["aud"], Value::from(bench.lab.description().issuer.as_str()));
    let answer = bench.grant("partner-desk", &assertion).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let token = claims(&answer.member("access_token"));
    assert_eq!((token["preferred_username"].as_str(), token["azp"].as_str()), (Some("alice"), Some("partner-desk")));
    assert!(token["sid"].is_null() && answer.json()["refresh_token"].is_null(), "no session and no refresh token");
    assert!(token["jti"].as_str().is_some_and(|jti| jti.starts_with("trrtag:")));
    let again = bench.grant("partner-desk", &assertion).await;
    assert_eq!(again.refusal(), refused(400, "invalid_grant", "Token reuse detected"));
}

#[tokio::test]
async fn what_the_grant_refuses() {
    let bench = Bench::new().await;
    let meant = bench.meant_for_the_lab("alice").await;
    let own = bench.access_token("alice").await;
    let plain = bench.partner_token("alice").await;
    let unlinked = bench.meant_for_the_lab("dora").await;
    let rows = [
        ("partner-desk", "", "Missing parameter:assertion"),
        ("partner-desk", "no.jwt", "The provided assertion is not a valid JWT"),
        ("frontend", meant.as_str(), "Public client not allowed to use authorization grant"),
        ("portal", meant.as_str(), "JWT Authorization Grant is not supported for the requested client"),
        ("partner-desk", own.as_str(), "No Identity Provider for provided issuer"),
        ("partner-desk", plain.as_str(), "Invalid token audience"),
        ("partner-desk", unlinked.as_str(), "User not found"),
    ];
    for (client, assertion, text) in rows {
        let answer = bench.grant(client, assertion).await;
        assert_eq!(answer.refusal(), refused(400, "invalid_grant", text), "{client}");
    }
    let forged = crate::support::forged(&meant, &own);
    assert_eq!(bench.grant("partner-desk", &forged).await.refusal(), refused(400, "invalid_grant", "Invalid signature"));
}

#[tokio::test]
async fn the_legacy_exchange_is_off_unless_it_is_switched_on() {
    let bench = Bench::new().await;
    let alice = bench.access_token("alice").await;
    for name in ["requested_subject", "requested_issuer", "subject_issuer"] {
        let answer = bench.exchange("portal", &alice, &[(name, "x")]).await;
        let text = format!("Parameter '{name}' is not supported for standard token exchange");
        assert_eq!(answer.refusal(), refused(400, "invalid_request", &text));
    }
    // Switched on, it also answers for a client without the switch of the standard exchange.
    let bench = Bench::legacy().await;
    let alice = bench.access_token("alice").await;
    let answer = bench.exchange("billing", &alice, &[("audience", "orders-api")]).await;
    assert_eq!(answer.refusal(), refused(403, "access_denied", "Client not allowed to exchange"));
    assert_eq!(bench.reason().await, "client not allowed to exchange to audience");
}

#[tokio::test]
async fn who_may_impersonate_gets_another_users_token() {
    let bench = Bench::legacy().await;
    let alice = bench.access_token("alice").await;
    let answer = bench.exchange("portal", &alice, &[("requested_subject", "bob")]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let token = claims(&answer.member("access_token"));
    assert_eq!((token["preferred_username"].as_str(), token["azp"].as_str()), (Some("bob"), Some("portal")));
    assert_ne!(token["sid"], claims(&alice)["sid"], "a session of its own");
    assert!(answer.json()["refresh_token"].is_string(), "the legacy exchange gives one unless told otherwise");
    let event = &bench.events("type=TOKEN_EXCHANGE").await[0];
    assert_eq!((event["details"]["impersonator"].as_str(), event["sessionId"].as_str()), (Some("alice"), None));
    assert_eq!((&event["userId"], event["details"]["audience"].as_str()), (&token["sub"], Some("portal")));
    assert_eq!((&token["scope"], answer.json()["id_token"].is_string()), (&claims(&alice)["scope"], true));
    let refreshed =
        bench.token("portal", &[("grant_type", "refresh_token"), ("refresh_token", &answer.member("refresh_token"))]).await;
    assert_eq!(refreshed.status, 200, "{}", refreshed.text);
}

#[tokio::test]
async fn one_refusal_has_many_reasons() {
    let bench = Bench::legacy().await;
    let (alice, bob) = (bench.access_token("alice").await, bench.access_token("bob").await);
    // alice may, but a token of a client without full scope does not say so.
    let narrow = bench.exchange("portal", &alice, &[]).await.member("access_token");
    let naked = [("grant_type", EXCHANGE), ("requested_subject", "bob")];
    let partner = bench.partner_token("alice").await;
    let rows: [(Answer, &str); 10] = [
        (bench.exchange("portal", &narrow, &[("requested_subject", "bob")]).await, "subject not allowed to impersonate"),
        (bench.exchange("portal", &alice, &[("requested_subject", "nobody")]).await, "requested_subject not found"),
        (bench.exchange("portal", &bob, &[("requested_subject", "alice")]).await, "subject not allowed to impersonate"),
        (bench.token("portal", &naked).await, "client not allowed to impersonate"),
        (bench.token("mobile", &naked).await, "public clients not allowed"),
        (
            bench.exchange("gateway", &partner, &[("subject_issuer", "partner")]).await,
            "client not allowed to exchange subject_issuer",
        ),
        (
            bench.exchange("gateway", &alice, &[("requested_issuer", "partner")]).await,
            "client not allowed to exchange for requested_issuer",
        ),
        // carol is disabled. A target has to permit whatever is asked for it.
        (bench.exchange("portal", &alice, &[("requested_subject", "carol")]).await, "requested_subject not found"),
        (
            bench.exchange("portal", &alice, &[("requested_subject", "bob"), ("audience", "billing-api")]).await,
            "client not allowed to exchange to audience",
        ),
        (
            bench.exchange("portal", &partner, &[("subject_issuer", "partner"), ("audience", "billing-api")]).await,
            "client not allowed to exchange to audience",
        ),
    ];
    // Who impersonates is looked at before what is asked for in the other's name.
    let both = bench.exchange("portal", &bob, &[("requested_subject", "alice"), ("requested_issuer", "nobody")]).await;
    assert_eq!(both.refusal(), refused(403, "access_denied", "Client not allowed to exchange"));
    let events = bench.events("type=TOKEN_EXCHANGE_ERROR").await;
    assert_eq!(events[0]["details"]["reason"], "subject not allowed to impersonate");
    assert!(events.iter().all(|event| event["userId"].is_null() && event["sessionId"].is_null()), "{events:?}");
    let events = &events[1..];
    for (at, (answer, reason)) in rows.iter().enumerate() {
        assert_eq!(answer.refusal(), refused(403, "access_denied", "Client not allowed to exchange"), "{reason}");
        // The newest stands first.
        assert_eq!(events[rows.len() - 1 - at]["details"]["reason"], *reason);
    }
    let answer = bench.token("gateway", &naked).await;
    assert_eq!(claims(&answer.member("access_token"))["preferred_username"], "bob", "a client that may, may");
}

#[tokio::test]
async fn tokens_come_from_the_partner_and_go_back_to_it() {
    let bench = Bench::legacy().await;
    let partner = bench.partner_token("alice").await;
    for more in [&[("subject_issuer", "partner"), ("subject_token_type", JWT)][..], &[("subject_issuer", "partner")]] {
        let base = [("grant_type", EXCHANGE), ("subject_token", partner.as_str())];
        let pairs: Vec<_> = base.iter().chain(more).copied().collect();
        let answer = bench.token("portal", &pairs).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let inside = answer.member("access_token");
        assert_eq!(claims(&inside)["preferred_username"], "alice");
        let back = bench.exchange("portal", &inside, &[("requested_issuer", "partner")]).await;
        assert_eq!(back.member("access_token"), partner, "the very token that came in");
    }
    // dora comes into being here; bob is in the way of the partner's bob.
    let dora = bench.partner_token("dora").await;
    let from = [("grant_type", EXCHANGE), ("subject_issuer", "partner"), ("subject_token_type", JWT)];
    let with = |token: &str| {
        from.iter()
            .copied()
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .chain([("subject_token".to_owned(), token.to_owned())])
            .collect::<Vec<_>>()
    };
    let post = async |token: &str| {
        let pairs = with(token);
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        bench.token("portal", &pairs).await
    };
    assert_eq!(claims(&post(&dora).await.member("access_token"))["preferred_username"], "dora");
    let bob = bench.partner_token("bob").await;
    assert_eq!(post(&bob).await.refusal(), refused(400, "invalid_token", "User already exists"));
    let own = bench.access_token("alice").await;
    assert_eq!(post(&own).await.refusal(), refused(400, "invalid_token", "invalid token"));
    assert_eq!(bench.reason().await, "token validation failure");
    let answer = bench.exchange("portal", &partner, &[("subject_issuer", "stranger")]).await;
    assert_eq!(answer.refusal(), refused(400, "invalid_issuer", "Invalid subject_issuer parameter"));
    let answer = bench.exchange("portal", &own, &[("requested_issuer", "stranger")]).await;
    assert_eq!(answer.refusal(), refused(400, "invalid_request", "Invalid issuer"));
    // Linked, but no token came in yet; and not linked at all. Both say where to link.
    let bob = bench.access_token("bob").await;
    for subject in [own, bob] {
        let answer = bench.exchange("portal", &subject, &[("requested_issuer", "partner")]).await;
        assert_eq!(answer.refusal(), refused(400, "not_linked", "identity provider is not linked"));
        assert!(answer.member("account-link-url").contains("/broker/partner/link?nonce="));
    }
}

#[tokio::test]
async fn an_exchange_between_clients_is_minted_by_the_target() {
    let bench = Bench::legacy().await;
    let alice = bench.access_token("alice").await;
    // `portal` has the standard exchange, which takes it; asked with a legacy parameter the other one does.
    let answer = bench
        .exchange("portal", &alice, &[("audience", "orders-api"), ("subject_issuer", bench.lab.description().issuer.as_str())])
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let token = claims(&answer.member("access_token"));
    assert_eq!(token["azp"], "portal");
    assert!(token["aud"].to_string().contains("orders-api"), "{token}");
    let answer = bench
        .exchange("portal", &alice, &[("audience", "billing-api"), ("subject_issuer", bench.lab.description().issuer.as_str())])
        .await;
    assert_eq!(answer.refusal(), refused(403, "access_denied", "Client not allowed to exchange"));
}

#[tokio::test]
async fn a_secret_is_no_proof_of_a_client_that_signs() {
    let bench = Bench::new().await;
    let kind = ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let issuer = bench.lab.description().issuer.clone();
    // Claims without a signature worth the name, as far as each step needs them.
    let unsigned = |claims: Value| {
        use base64::Engine as _;
        format!("e30.{}.AA", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims.to_string()))
    };
    let good = |client: &str| serde_json::json!({"iss": client, "sub": client, "aud": issuer, "exp": crate::support::NOW + 60, "jti": "j"});
    for client in ["payments", "ledger"] {
        let answer = bench.token(client, &[("grant_type", "client_credentials")]).await;
        assert_eq!(answer.refusal(), refused(400, "invalid_client", "Parameter client_assertion_type is missing"));
        let signature = if client == "payments" {
            refused(
                400,
                "invalid_client",
                "Client authentication with signed JWT failed: Signature on JWT token failed validation",
            )
        } else {
            refused(
                400,
                "unauthorized_client",
                "Client authentication with client secret signed JWT failed: Signature on JWT token by client secret  failed validation",
            )
        };
        let change = |name: &str, value: Value| {
            let mut claims = good(client);
            claims[name] = value;
            unsigned(claims)
        };
        let rows = [
            ("e30.e30.AA".to_owned(), refused(400, "invalid_client", "Token sub claim is required")),
            (change("iss", "other".into()), refused(401, "invalid_client", "Invalid client or Invalid client credentials")),
            (change("aud", "other".into()), refused(400, "invalid_client", "Invalid token audience")),
            (change("aud", serde_json::json!([issuer, "x"])), refused(400, "invalid_client", "Multiple audiences not allowed")),
            (change("exp", 1.into()), refused(400, "invalid_client", "Token is not active")),
            (change("jti", Value::Null), refused(400, "invalid_client", "Token jti claim is required")),
            (unsigned(good(client)), signature),
        ];
        for (assertion, expected) in rows {
            let pairs =
                [("grant_type", "client_credentials"), ("client_id", client), kind, ("client_assertion", assertion.as_str())];
            let form = [("content-type", "application/x-www-form-urlencoded")];
            let answer = bench.send("POST", &bench.oidc("token"), &form, crate::support::form(&pairs)).await;
            assert_eq!(answer.refusal(), expected, "{client}");
        }
    }
}

#[tokio::test]
async fn the_server_info_is_for_admins() {
    let bench = Bench::legacy().await;
    let url = format!("{}/admin/serverinfo", bench.lab.description().provider);
    let reader = bench.service_token("audit-reader").await;
    let info = bench.get_bearer(&url, &reader).await.json();
    let on =
        |name: &str| info["features"].as_array().expect("a list").iter().any(|one| one["name"] == name && one["enabled"] == true);
    assert!(on("TOKEN_EXCHANGE") && on("TOKEN_EXCHANGE_STANDARD_V2") && !on("DPOP"));
    let alice = bench.access_token("alice").await;
    assert_eq!(bench.get_bearer(&url, &alice).await.status, 403);
    assert_eq!(bench.get(&url).await.status, 401);
}
