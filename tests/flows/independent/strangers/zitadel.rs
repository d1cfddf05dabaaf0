//! zitadel's example server: `N_A` tokens, ID and refresh tokens as subjects, impersonation, the JWT profile grant, a log out that
//! answers 302.

use super::*;

async fn place() -> Option<Place> {
    let program = built("zitadel");
    let mut command = Command::new(&program);
    command.arg("users.json");
    let started = start("zitadel", &program, command).await?;
    let basic = ClientAuth::ClientSecretBasic;
    let clients = vec![
        client("frontend", ClientAuth::None, true),
        client("other", ClientAuth::None, false),
        client("service", ClientAuth::None, false),
        client("portal", basic, false),
        client("reporting", basic, false),
        client("sid1", basic, false),
    ];
    let secrets = [("portal", "secret-of-portal"), ("reporting", "wrong"), ("sid1", "verysecret")];
    Some(Place::at("zitadel", started, clients, &["openid", "profile", "offline_access"], &secrets).await)
}

#[tokio::test]
async fn zitadels_example_server_is_spoken_and_read() {
    let Some(mut place) = place().await else { return };
    grants(&place).await;
    exchange(&mut place).await;
    tokens(&mut place).await;
    place.tally("zitadel/oidc");
}

async fn grants(place: &Place) {
    use Operation::{ClientCredentials, Introspect, JwtBearer, LogOut, Refresh, Revoke, TokenExchange, Userinfo};
    let alice = place.log_in("frontend", "alice", "openid profile offline_access").await;
    place.done(Userinfo, &[("token", &alice.access())]).await;
    place.done(Introspect, &[("client", "portal"), ("token", &alice.access())]).await;
    place.done(Refresh, &[("client", "frontend"), ("refresh_token", &alice.refresh())]).await;
    place.done(ClientCredentials, &[("client", "sid1"), ("scope", "openid")]).await;
    let assertion = place.paste(place.told["assertion"].as_str().expect("an assertion"));
    place.done(JwtBearer, &[("client", "service"), ("assertion", &assertion), ("scope", "openid")]).await;

    let alice = place.log_in("frontend", "alice", "openid profile offline_access").await;
    let (access, id, refresh) = (alice.access(), alice.id(), alice.refresh());
    for (subject, kind) in [(&access, ACCESS), (&id, ID), (&refresh, REFRESH)] {
        let fields = [
            ("client", "portal"),
            ("subject_token", subject),
            ("subject_token_type", kind),
            ("requested_token_type", ACCESS),
            ("scope", "openid"),
        ];
        place.done(TokenExchange, &fields).await;
    }
    // RFC 8693 2.2.1: what is no access token has the type N_A.
    let fields = [
        ("client", "portal"),
        ("subject_token", access.as_str()),
        ("subject_token_type", ACCESS),
        ("requested_token_type", ID),
        ("scope", "openid"),
    ];
    let step = place.done(TokenExchange, &fields).await;
    assert_eq!(place.token(&step.tokens_out[0]).kind, TokenKind::Id);
    let impersonating = [
        ("client", "portal"),
        ("subject_token", access.as_str()),
        ("subject_token_type", ACCESS),
        ("requested_token_type", ACCESS),
        ("scope", "openid custom_scope:impersonate:bob"),
    ];
    place.done(TokenExchange, &impersonating).await;

    let revoked = place.done(Revoke, &[("client", "frontend"), ("token", &access)]).await;
    assert_eq!(revoked.headline, "The server accepted the revocation");
    let out = place.done(LogOut, &[("client", "frontend"), ("channel", "direct"), ("id_token_hint", &id)]).await;
    assert_eq!(out.surprises.iter().map(|found| found.id.as_str()).collect::<Vec<_>>(), ["200-logout-redirect"]);
}

async fn exchange(place: &mut Place) {
    use Operation::{ClientCredentials, JwtBearer, Password, TokenExchange};
    let alice = place.log_in("frontend", "alice", "openid profile offline_access").await;
    let bob = place.log_in("frontend", "bob", "openid").await.access();
    let (access, id, refresh) = (alice.access(), alice.id(), alice.refresh());
    let pasted = place.paste("kF9aQ2xTz8wLr4VbN7mCy1HsJd6UoEeP3GiZtX5qZ");
    let fields = |subject: &str, more: &[(&'static str, &str)]| -> Fields {
        let mut fields = vec![
            ("client", "portal".to_owned()),
            ("subject_token", subject.to_owned()),
            ("subject_token_type", ACCESS.to_owned()),
        ];
        for (name, value) in more {
            fields.retain(|(known, _)| known != name);
            fields.push((*name, (*value).to_owned()));
        }
        fields
    };
    let saml = "urn:ietf:params:oauth:token-type:saml2";
    let rows: Vec<(&str, Fields, &str)> = vec![
        (
            "an ID token for a refresh token",
            fields(&id, &[("subject_token_type", ID), ("requested_token_type", REFRESH)]),
            "server-says-unsupported",
        ),
        ("a user without the right", fields(&bob, &[("requested_token_type", ACCESS)]), "server-says-permission"),
        ("a refresh token called access token", fields(&refresh, &[]), "exchange-subject-is-refresh-token"),
        ("a JWT asked for", fields(&access, &[("requested_token_type", JWT)]), "exchange-requested-type"),
        ("SAML asked for", fields(&access, &[("requested_token_type", saml)]), "exchange-requested-type"),
        ("SAML sent", fields(&access, &[("subject_token_type", saml)]), "exchange-subject-type"),
        ("what nobody issued", fields(&pasted, &[]), "exchange-subject-unknown"),
        (
            "an actor nobody issued",
            fields(
                &access,
                &[
                    ("exchange", "delegation"),
                    ("actor_token", &pasted),
                    ("actor_token_type", ACCESS),
                    ("requested_token_type", ACCESS),
                ],
            ),
            "exchange-actor-not-taken",
        ),
        ("a wrong secret", fields(&access, &[("client", "reporting")]), "client-secret-wrong"),
        ("a public client", fields(&access, &[("client", "frontend")]), "client-public"),
    ];
    for (name, fields, cause) in rows {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        place.refused(name, TokenExchange, &fields, cause).await;
    }
    for (name, told, cause) in [
        ("an assertion of another key", "stranger", "assertion-signature"),
        ("an assertion that has ended", "old", "assertion-ended"),
    ] {
        let assertion = place.paste(place.told[told].as_str().expect("an assertion"));
        place.refused(name, JwtBearer, &[("client", "service"), ("assertion", &assertion), ("scope", "openid")], cause).await;
    }
    place
        .refused("an ID token as assertion", JwtBearer, &[("client", "service"), ("assertion", &id)], "assertion-audience")
        .await;
    place.refused("no JWT as assertion", JwtBearer, &[("client", "service"), ("assertion", &pasted)], "assertion-not-jwt").await;
    let fields = [("client", "portal"), ("username", "alice"), ("password", "alice")];
    place.refused("no such grant", Password, &fields, "unsupported-grant").await;
    place.refused("a client without the grant's secret", ClientCredentials, &[("client", "portal")], "client-unknown").await;
}

async fn tokens(place: &mut Place) {
    use Operation::{ClientCredentials, Introspect, Refresh, Revoke, TokenExchange, Userinfo};
    let alice = place.log_in("frontend", "alice", "openid profile offline_access").await;
    let (access, id, refresh) = (alice.access(), alice.id(), alice.refresh());
    let app = place.came(&place.done(ClientCredentials, &[("client", "sid1"), ("scope", "openid")]).await).access();
    place.refused("userinfo with an ID token", Userinfo, &[("token", &id)], "token-is-id-token").await;
    place.refused("userinfo with a refresh token", Userinfo, &[("token", &refresh)], "token-is-refresh-token").await;
    place.refused("userinfo with an application's token", Userinfo, &[("token", &app)], "userinfo-no-user").await;
    place
        .refused("introspection by a public client", Introspect, &[("client", "frontend"), ("token", &access)], "client-public")
        .await;
    place
        .refused(
            "introspection with a wrong secret",
            Introspect,
            &[("client", "reporting"), ("token", &access)],
            "client-secret-wrong",
        )
        .await;
    place
        .refused("revocation by another client", Revoke, &[("client", "portal"), ("token", &access)], "revoke-said-other-client")
        .await;
    place
        .refused(
            "a refresh by another client",
            Refresh,
            &[("client", "other"), ("refresh_token", &refresh)],
            "refresh-other-client",
        )
        .await;
    let wider = [("client", "frontend"), ("refresh_token", refresh.as_str()), ("scope", "openid email phone")];
    place.refused("a refresh for more", Refresh, &wider, "refresh-scope-wider").await;
    let used = [("client", "frontend"), ("refresh_token", refresh.as_str())];
    place.done(Refresh, &used).await;
    place.refused("a used refresh token", Refresh, &used, "refresh-used").await;
    let again = place.log_in("frontend", "alice", "openid offline_access").await;
    place.done(Revoke, &[("client", "frontend"), ("token", &again.refresh())]).await;
    place
        .refused(
            "a revoked refresh token",
            Refresh,
            &[("client", "frontend"), ("refresh_token", &again.refresh())],
            "refresh-revoked",
        )
        .await;
    let gone = place.log_in("frontend", "alice", "openid").await.access();
    place.done(Revoke, &[("client", "frontend"), ("token", &gone)]).await;
    place.refused("userinfo with a revoked token", Userinfo, &[("token", &gone)], "token-revoked").await;

    // This version ends the connection where an opaque access token is exchanged; nothing is guessed of that.
    let opaque = place.log_in("other", "alice", "openid").await.access();
    let draft = place.draft(TokenExchange, &[("client", "portal"), ("subject_token", &opaque), ("subject_token_type", ACCESS)]);
    let broken = place.desk.run(&draft).await;
    assert_eq!((broken.outcome, broken.diagnosis.is_none()), (Outcome::Failed, true), "{:?}", broken.problem);
    assert!(broken.problem.is_some_and(|text| text.contains("broke off")), "what happened is said");
}
