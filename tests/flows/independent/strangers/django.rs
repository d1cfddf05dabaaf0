//! django-oauth-toolkit: opaque tokens, metadata that name neither introspection nor revocation, and a revocation that answers 200 to
//! another client's token.

use super::*;

async fn place() -> Option<Place> {
    let python = built("django-oauth-toolkit/bin/python");
    let mut command = Command::new(&python);
    command.arg("server.py");
    let started = start("django-oauth-toolkit", &python, command).await?;
    let basic = ClientAuth::ClientSecretBasic;
    let clients = vec![
        client("frontend", ClientAuth::None, true),
        client("other", ClientAuth::None, false),
        client("portal", basic, false),
        client("terminal", basic, false),
        client("reporting", basic, false),
    ];
    let secrets = [("portal", "secret-of-portal"), ("terminal", "secret-of-terminal"), ("reporting", "wrong")];
    Some(Place::at("django-oauth-toolkit", started, clients, &["openid", "profile", "orders"], &secrets).await)
}

#[tokio::test]
async fn django_oauth_toolkit_is_spoken_and_read() {
    let Some(mut place) = place().await else { return };
    // The OpenID document has neither; RFC 8414's beside it has both.
    let endpoints = &place.desk.profile.provider.endpoints;
    assert!(
        endpoints.introspection.ends_with("/o/introspect/") && endpoints.revocation.ends_with("/o/revoke_token/"),
        "{endpoints:?}"
    );
    grants(&place).await;
    refusals(&mut place).await;
    place.tally("django-oauth-toolkit");
}

async fn grants(place: &Place) {
    use Operation::{CallApi, ClientCredentials, Introspect, LogOut, Password, Refresh, Revoke, Userinfo};
    let alice = place.log_in("frontend", "alice", "openid profile orders").await;
    place.done(Userinfo, &[("token", &alice.access())]).await;
    let app = place.came(&place.done(ClientCredentials, &[("client", "portal"), ("scope", "orders")]).await).access();
    let api = place.told["issuer"].as_str().expect("an issuer").replace("/o", "/orders");
    place.done(CallApi, &[("token", &app), ("url", &api)]).await;
    place.done(Password, &[("client", "terminal"), ("username", "alice"), ("password", "alice"), ("scope", "orders")]).await;
    place.done(Refresh, &[("client", "frontend"), ("refresh_token", &alice.refresh())]).await;

    // Another client's token: 200, and it goes on working. The shelf knows whose it is.
    let alice = place.log_in("frontend", "alice", "openid profile").await;
    let step = place.done(Revoke, &[("client", "portal"), ("token", &alice.access())]).await;
    let said: Vec<&str> = step.surprises.iter().map(|found| found.id.as_str()).collect();
    assert_eq!(
        (step.headline.as_str(), said.as_slice()),
        ("The server accepted the revocation", &["200-revoke-other-client"][..])
    );
    place.done(Userinfo, &[("token", &alice.access())]).await;
    place.done(Introspect, &[("client", "portal"), ("token", &alice.access())]).await;
    assert_eq!(place.token(&reference_id(&alice.access())).active, Some(true));
    // An own one: accepted, which introspection proves.
    let step = place.done(Revoke, &[("client", "frontend"), ("token", &alice.access())]).await;
    assert_eq!(step.surprises.iter().map(|found| found.id.as_str()).collect::<Vec<_>>(), ["200-revoke-accepted"]);
    assert_eq!(step.surprises[0].actions[0].operation, Introspect);
    let out = place
        .desk
        .run(&place.draft(LogOut, &[("client", "frontend"), ("channel", "direct"), ("id_token_hint", &alice.id())]))
        .await;
    assert!(out.outcome == Outcome::Refused || out.headline.ends_with("may be logged out"), "{}", out.headline);
}

async fn refusals(place: &mut Place) {
    use Operation::{CallApi, ClientCredentials, Introspect, Password, Refresh, Revoke, TokenExchange, Userinfo};
    let alice = place.log_in("frontend", "alice", "openid profile orders").await;
    let (access, id, refresh) = (alice.access(), alice.id(), alice.refresh());
    let profile_only = place.log_in("frontend", "alice", "profile").await.access();
    let app = place.came(&place.done(ClientCredentials, &[("client", "portal"), ("scope", "orders")]).await).access();
    let gone = place.came(&place.done(ClientCredentials, &[("client", "portal"), ("scope", "orders")]).await).access();
    place.done(Revoke, &[("client", "portal"), ("token", &gone)]).await;
    place.done(Introspect, &[("client", "portal"), ("token", &gone)]).await;
    let pasted = place.paste("kF9aQ2xTz8wLr4VbN7mCy1HsJd6UoEeP3GiZtX5qZ");
    let api = place.told["issuer"].as_str().expect("an issuer").replace("/o", "/orders");

    place.refused("a wrong secret", ClientCredentials, &[("client", "reporting")], "client-secret-wrong").await;
    place.refused("an unknown scope", ClientCredentials, &[("client", "portal"), ("scope", "nosuch")], "scope-not-allowed").await;
    place.refused("a client without the grant", ClientCredentials, &[("client", "terminal")], "grant-not-allowed").await;
    let mut resource = place.draft(ClientCredentials, &[("client", "portal"), ("scope", "orders")]);
    resource.extra.push(Pair { name: "resource".into(), value: "orders".into() });
    let step = place.desk.run(&resource).await;
    place.judge("a resource that is no address", &step, "resource-unknown");
    let wrong = [("client", "terminal"), ("username", "alice"), ("password", "wrong")];
    place.refused("a wrong password", Password, &wrong, "password-wrong").await;
    let exchange = [("client", "portal"), ("subject_token", access.as_str()), ("subject_token_type", ACCESS)];
    place.refused("no such grant", TokenExchange, &exchange, "unsupported-grant").await;
    place
        .refused(
            "introspection with a wrong secret",
            Introspect,
            &[("client", "reporting"), ("token", &access)],
            "client-secret-wrong",
        )
        .await;
    place
        .refused("revocation with a wrong secret", Revoke, &[("client", "reporting"), ("token", &app)], "client-secret-wrong")
        .await;
    place.refused("userinfo with an ID token", Userinfo, &[("token", &id)], "token-is-id-token").await;
    place.refused("userinfo with a refresh token", Userinfo, &[("token", &refresh)], "token-is-refresh-token").await;
    place.refused("userinfo with an application's token", Userinfo, &[("token", &app)], "userinfo-no-user").await;
    place.refused("userinfo without openid", Userinfo, &[("token", &profile_only)], "userinfo-no-openid").await;
    place.refused("userinfo with a revoked token", Userinfo, &[("token", &gone)], "token-revoked").await;
    place.refused("userinfo with what nobody issued", Userinfo, &[("token", &pasted)], "token-unknown").await;
    place.refused("an API with a revoked token", CallApi, &[("token", &gone), ("url", &api)], "token-revoked").await;
    place.refused("an API without its scope", CallApi, &[("token", &profile_only), ("url", &api)], "api-lacks-right").await;
    place
        .refused(
            "a refresh by another client",
            Refresh,
            &[("client", "other"), ("refresh_token", &refresh)],
            "refresh-other-client",
        )
        .await;
    let wider = [("client", "frontend"), ("refresh_token", refresh.as_str()), ("scope", "openid introspection")];
    place.refused("a refresh for more", Refresh, &wider, "refresh-scope-wider").await;
    place
        .refused(
            "a refresh with an access token",
            Refresh,
            &[("client", "frontend"), ("refresh_token", &access)],
            "refresh-is-access-token",
        )
        .await;
    let used = [("client", "frontend"), ("refresh_token", refresh.as_str())];
    place.done(Refresh, &used).await;
    place.refused("a used refresh token", Refresh, &used, "refresh-used").await;
}
