//! Spring Authorization Server: exchange with `act` and `may_act`, every assertion a client can authenticate with, log out.

use record::audit::Outcome;
use serde_json::json;
use token::secret::Secret;

use super::*;

const SECRETS: &[(&str, &str)] = &[
    ("portal", "secret-of-portal-long-enough-for-hs256"),
    ("web", "secret-of-web-long-enough-for-hs256"),
    ("posting", "secret-of-posting-long-enough-for-hs256"),
    ("reporting", "secret-of-reporting-long-enough-for-hs256"),
    ("secret-signing", "secret-of-secret-signing-long-enough-for-hs256"),
];

async fn place() -> Option<Place> {
    let jar = built("spring-authorization-server/server.jar");
    let mut command = Command::new("java");
    command.args(["-XX:TieredStopAtLevel=1", "-Xshare:auto", "-jar"]).arg(&jar);
    let started = start("spring-authorization-server", &jar, command).await?;
    let key = pem(&started.1["key"]);
    let basic = ClientAuth::ClientSecretBasic;
    let mut clients = vec![client("frontend", ClientAuth::None, true)];
    clients.extend(["other", "opaque", "short"].map(|id| client(id, ClientAuth::None, false)));
    clients.extend(["portal", "web", "reporting"].map(|id| client(id, basic, false)));
    clients.push(client("posting", ClientAuth::ClientSecretPost, false));
    clients.push(client("secret-signing", ClientAuth::ClientSecretJwt, false));
    clients.push(Client {
        key_id: "signing-1".into(),
        signing_alg: "RS256".into(),
        ..client("signing", ClientAuth::PrivateKeyJwt, false)
    });
    let mut secrets = SECRETS.to_vec();
    secrets.push(("signing", &key));
    Some(Place::at("spring-authorization-server", started, clients, &["openid", "profile", "orders"], &secrets).await)
}

/// A private key as the server tells it, ready to be entered.
fn pem(told: &Value) -> String {
    let body = told.as_str().expect("a key").as_bytes();
    let lines: Vec<String> = body.chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

#[tokio::test]
async fn spring_authorization_server_is_spoken_and_read() {
    let Some(mut place) = place().await else { return };
    grants(&place).await;
    exchange(&mut place).await;
    clients(&mut place).await;
    tokens(&mut place).await;
    place.tally("Spring Authorization Server");
}

/// Log in and every grant.
async fn grants(place: &Place) {
    use Operation::{ClientCredentials, LogOut, Refresh, TokenExchange, Userinfo};
    let alice = place.log_in("frontend", "alice", "openid profile orders").await;
    assert!(alice.0.values().any(|token| matches!(token.verification, token::inspect::Verification::Verified { .. })));
    place.done(Userinfo, &[("token", &alice.access())]).await;
    for client in ["portal", "posting", "secret-signing", "signing"] {
        place.done(ClientCredentials, &[("client", client), ("scope", "orders")]).await;
    }
    let web = place.log_in("web", "bob", "openid orders").await;
    let again = place.done(Refresh, &[("client", "web"), ("refresh_token", &web.refresh())]).await;
    assert!(again.tokens_out.len() >= 2);

    let subject = alice.access();
    let fields = [("client", "portal"), ("subject_token", subject.as_str()), ("subject_token_type", ACCESS), ("scope", "orders")];
    place.done(TokenExchange, &fields).await;
    // Delegation: alice lets portal act for her, and the new token names it.
    let willing = place.log_in("frontend", "alice", "openid delegation").await.access();
    let actor = place.came(&place.done(ClientCredentials, &[("client", "portal"), ("scope", "orders")]).await).access();
    let acting = [
        ("client", "portal"),
        ("exchange", "delegation"),
        ("subject_token", willing.as_str()),
        ("subject_token_type", ACCESS),
        ("actor_token", actor.as_str()),
        ("actor_token_type", ACCESS),
        ("scope", "orders"),
    ];
    let step = place.done(TokenExchange, &acting).await;
    assert_eq!(place.desk.claims(&step.tokens_out[0])["act"]["sub"], json!("portal"));

    // The request is answered with a redirect: the session may be over.
    let out = place.done(LogOut, &[("client", "frontend"), ("channel", "direct"), ("id_token_hint", &alice.id())]).await;
    assert_eq!(out.surprises.iter().map(|found| found.id.as_str()).collect::<Vec<_>>(), ["200-logout-redirect"]);
    assert!(out.headline.ends_with("may be logged out"), "{}", out.headline);
}

async fn exchange(place: &mut Place) {
    use Operation::{ClientCredentials, Introspect, Revoke, TokenExchange};
    let alice = place.log_in("frontend", "alice", "openid profile orders").await;
    let (access, id) = (alice.access(), alice.id());
    let with = |more: &[(&'static str, &str)], subject: &str| -> Fields {
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
    let own = place.came(&place.done(ClientCredentials, &[("client", "portal"), ("scope", "orders")]).await).access();
    let others = place.came(&place.done(ClientCredentials, &[("client", "reporting"), ("scope", "orders")]).await).access();
    let willing = place.log_in("frontend", "alice", "openid delegation").await.access();
    let short = place.log_in("short", "alice", "openid orders").await.access();
    let gone = place.came(&place.done(ClientCredentials, &[("client", "portal"), ("scope", "orders")]).await).access();
    place.done(Revoke, &[("client", "portal"), ("token", &gone)]).await;
    let proved = place.came(&place.done(ClientCredentials, &[("client", "portal"), ("scope", "orders")]).await).access();
    place.done(Revoke, &[("client", "portal"), ("token", &proved)]).await;
    place.done(Introspect, &[("client", "portal"), ("token", &proved)]).await;
    place.ended(&short).await;
    let pasted = place.paste("kF9aQ2xTz8wLr4VbN7mCy1HsJd6UoEeP3GiZtX5qZ");
    let orders = ("scope", "orders");
    let rows: Vec<(&str, Fields, &str)> = vec![
        ("no scope, so all of the subject's", with(&[], &access), "exchange-scope-of-subject"),
        ("a scope that is not the client's", with(&[("scope", "nosuch")], &access), "scope-not-allowed"),
        ("a client without the grant", with(&[("client", "reporting"), orders], &access), "grant-not-allowed"),
        ("an ID token called access token", with(&[orders], &id), "exchange-subject-is-id-token"),
        ("an ID token as such", with(&[("subject_token_type", ID), orders], &id), "exchange-subject-type"),
        ("an ID token asked for", with(&[("requested_token_type", ID), orders], &access), "exchange-requested-type"),
        ("what nobody issued", with(&[orders], &pasted), "exchange-subject-unknown"),
        ("a client's own token", with(&[orders], &own), "exchange-subject-no-user"),
        ("may_act without an actor", with(&[orders], &willing), "exchange-may-act-alone"),
        (
            "an actor that may_act does not name",
            with(&[("exchange", "delegation"), ("actor_token", &others), ("actor_token_type", ACCESS), orders], &willing),
            "exchange-may-act-other",
        ),
        (
            "an actor nobody issued",
            with(&[("exchange", "delegation"), ("actor_token", &pasted), ("actor_token_type", ACCESS), orders], &access),
            "exchange-actor-not-taken",
        ),
        ("an ended token", with(&[orders], &short), "exchange-subject-ended"),
        ("a revoked token", with(&[orders], &gone), "exchange-subject-revoked"),
        ("a revoked token, introspected", with(&[orders], &proved), "exchange-subject-revoked"),
    ];
    let whole = with(&[orders], &access);
    let whole: Vec<(&str, &str)> = whole.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut added = place.draft(TokenExchange, &whole);
    // The form takes full addresses only; what is added by hand is sent as it stands.
    added.extra.push(Pair { name: "resource".into(), value: "orders".into() });
    let step = place.desk.run(&added).await;
    place.judge("a resource that is no address", &step, "resource-unknown");
    for (name, fields, cause) in rows {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        place.refused(name, TokenExchange, &fields, cause).await;
    }
}

/// Clients that do not prove who they are.
async fn clients(place: &mut Place) {
    use Operation::{ClientCredentials, Introspect, Password, Revoke};
    let alice = place.log_in("frontend", "alice", "openid orders").await.access();
    place.refused("an unknown scope", ClientCredentials, &[("client", "portal"), ("scope", "nosuch")], "scope-not-allowed").await;
    let fields = [("client", "portal"), ("username", "alice"), ("password", "alice")];
    place.refused("no such grant", Password, &fields, "unsupported-grant").await;
    place
        .refused("revocation by another client", Revoke, &[("client", "portal"), ("token", &alice)], "revoke-other-client")
        .await;
    place.refused("revocation by a public client", Revoke, &[("client", "frontend"), ("token", &alice)], "client-public").await;
    place
        .refused("introspection by a public client", Introspect, &[("client", "frontend"), ("token", &alice)], "client-public")
        .await;

    let stranger = pem(&place.told["stranger"]);
    let wrong = [
        ("portal", "wrong", "client-secret-wrong"),
        ("posting", "wrong", "client-secret-wrong"),
        ("secret-signing", "wrong-but-long-enough-for-hs256-all-the-same", "client-assertion-secret"),
        ("signing", stranger.as_str(), "client-assertion-key"),
    ];
    for (client, secret, cause) in wrong {
        let known = place.desk.profile.clients.iter().find(|known| known.client_id == client).expect("a client").clone();
        place.desk.workbench.keep_secret(&place.desk.profile, &known, Secret::new(secret)).await.expect("memory takes it");
        let step = place.refused(&format!("a wrong secret of {client}"), ClientCredentials, &[("client", client)], cause).await;
        assert_eq!(step.outcome, Outcome::Refused);
        if let Some(found) = step.diagnosis.filter(|_| client == "signing") {
            assert!(
                found.id != "client-secret-wrong" && found.others.iter().all(|other| other.id != "client-secret-wrong"),
                "{found:?}"
            );
        }
    }
    for (client, secret) in SECRETS.iter().filter(|(client, _)| ["portal", "posting", "secret-signing"].contains(client)) {
        let known = place.desk.profile.clients.iter().find(|known| known.client_id == *client).expect("a client").clone();
        place.desk.workbench.keep_secret(&place.desk.profile, &known, Secret::new(*secret)).await.expect("memory takes it");
    }
}

/// Tokens at userinfo and at an API.
async fn tokens(place: &mut Place) {
    use Operation::{CallApi, ClientCredentials, Introspect, Refresh, Revoke, Userinfo};
    let alice = place.log_in("frontend", "alice", "openid profile orders").await;
    let (profile_only, opaque) = (
        place.log_in("frontend", "alice", "profile").await.access(),
        place.log_in("opaque", "alice", "openid orders").await.access(),
    );
    let app = place.came(&place.done(ClientCredentials, &[("client", "portal"), ("scope", "orders")]).await).access();
    let gone = place.log_in("web", "alice", "openid orders").await;
    place.done(Revoke, &[("client", "web"), ("token", &gone.access())]).await;
    place.done(Introspect, &[("client", "portal"), ("token", &gone.access())]).await;
    let web = place.log_in("web", "bob", "openid orders").await;
    place.done(Refresh, &[("client", "web"), ("refresh_token", &web.refresh())]).await;
    let api = format!("{}/orders", place.told["issuer"].as_str().expect("an issuer"));
    place.refused("userinfo with an ID token", Userinfo, &[("token", &alice.id())], "token-is-id-token").await;
    place.refused("userinfo with an application's token", Userinfo, &[("token", &app)], "scope-without-user").await;
    place.refused("userinfo without openid", Userinfo, &[("token", &profile_only)], "scope-openid").await;
    place.refused("userinfo with an opaque token", Userinfo, &[("token", &opaque)], "api-wants-jwt").await;
    place.refused("userinfo with a revoked token", Userinfo, &[("token", &gone.access())], "token-revoked").await;
    place.refused("an API with an opaque token", CallApi, &[("token", &opaque), ("url", &api)], "api-wants-jwt").await;
    place.refused("an API without its scope", CallApi, &[("token", &profile_only), ("url", &api)], "api-scope").await;
    let used = web.refresh();
    place.refused("a used refresh token", Refresh, &[("client", "web"), ("refresh_token", &used)], "refresh-used").await;
    let access = gone.access();
    place
        .refused(
            "an access token as refresh token",
            Refresh,
            &[("client", "web"), ("refresh_token", &access)],
            "refresh-is-access-token",
        )
        .await;
}
