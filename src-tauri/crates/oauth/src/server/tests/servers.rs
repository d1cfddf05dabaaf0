//! Servers of few words, by what three of them really said (`tests/fixtures/servers`) and by what others are known to say.

use serde_json::Value;

use super::*;
use crate::{
    message::challenged,
    profile::{Client, ClientAuth},
};

const RECORDED: [(&str, &str); 3] = [
    ("spring", include_str!("../../../../../../tests/fixtures/servers/spring-authorization-server-7.0.6.json")),
    ("zitadel", include_str!("../../../../../../tests/fixtures/servers/zitadel-oidc-3.49.2.json")),
    ("django", include_str!("../../../../../../tests/fixtures/servers/django-oauth-toolkit-3.4.1.json")),
];

/// The recorded answer of this name.
fn recorded(server: &str, name: &str) -> Value {
    let (_, text) = RECORDED.iter().find(|(known, _)| *known == server).expect("a server");
    let rows: Vec<Value> = serde_json::from_str(text).expect("the recordings");
    rows.into_iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{server} has no recording {name}"))
}

/// What is tried, what is known of its token, and what must be read of the answer.
#[derive(Clone)]
struct Try<'a> {
    operation: Operation,
    client: &'a str,
    values: &'a [(&'a str, &'a str)],
    /// Of the token that was sent; none = none was sent.
    token: Option<Value>,
    claims: Value,
    past: Past,
}

fn of(operation: Operation) -> Try<'static> {
    Try { operation, client: "portal", values: &[], token: None, claims: json!({}), past: Past::default() }
}

impl<'a> Try<'a> {
    fn by(self, client: &'a str) -> Self {
        Self { client, ..self }
    }
    fn with(self, values: &'a [(&'a str, &'a str)]) -> Self {
        Self { values, ..self }
    }
    /// A token that came in step 4.
    fn sends(self, change: Value) -> Self {
        let mut token = json!({"step": 4, "origin": "log in by frontend"});
        for (name, value) in change.as_object().expect("an object") {
            token[name] = value.clone();
        }
        Self { token: Some(token), ..self }
    }
    fn says(self, claims: Value) -> Self {
        Self { claims, ..self }
    }
    fn after(self, past: Past) -> Self {
        Self { past, ..self }
    }

    fn read(&self, status: u16, error: Option<&str>, description: Option<&str>, body: &str) -> Option<Diagnosis> {
        let mut draft = draft(self.operation, &[("client", self.client)]);
        draft.values.extend(self.values.iter().map(|(name, value)| Pair { name: (*name).into(), value: (*value).into() }));
        let view = self.token.clone().map(|change| view("t", change));
        let mut profile = profile();
        profile.provider.dialect = Dialect::Plain;
        for (id, auth) in [("signing", ClientAuth::PrivateKeyJwt), ("secret-signing", ClientAuth::ClientSecretJwt)] {
            profile.clients.push(Client { client_id: id.into(), auth, ..Client::default() });
        }
        let known = Background { past: self.past.clone(), ..Background::default() };
        diagnose(&RefusalFacts {
            dialect: Dialect::Plain,
            operation: self.operation,
            status,
            error,
            description,
            body,
            subject_claims: self.claims.as_object(),
            draft: &draft,
            profile: &profile,
            events: &[],
            token_in: view.as_ref(),
            issued: &[],
            issued_claims: None,
            known: &known,
            now_s: 1_100,
        })
    }

    fn answered(&self, answer: &Value) -> Option<Diagnosis> {
        let mut headers = http::HeaderMap::new();
        for (name, value) in answer["headers"].as_object().expect("headers") {
            let name: http::HeaderName = name.parse().expect("a name");
            headers.append(name, value.as_str().expect("text").parse().expect("a value"));
        }
        let body = answer["body"].as_str().expect("text");
        let json: Value = serde_json::from_str(body).unwrap_or_default();
        let text = |name: &str| json[name].as_str().map(str::to_owned);
        let error = text("error").or_else(|| challenged(&headers, "error"));
        let description = text("error_description").or_else(|| challenged(&headers, "error_description"));
        let status = u16::try_from(answer["status"].as_u64().expect("a status")).expect("small");
        self.read(status, error.as_deref(), description.as_deref(), body)
    }
}

fn ended() -> Value {
    json!({"expires_at": 1_000})
}

fn id_token() -> Value {
    json!({"kind": "id", "audience": ["frontend"], "scope": []})
}

fn refresh() -> Value {
    json!({"kind": "refresh", "format": "opaque", "issuer": null, "subject": null, "session": null, "scope": [], "audience": [], "expires_at": null, "jti": null})
}

fn opaque() -> Value {
    json!({"format": "opaque", "issuer": null, "subject": null, "session": null, "scope": [], "audience": [], "jti": null})
}

fn of_application() -> Value {
    json!({"origin": "client credentials by portal", "client": "portal", "subject": "portal", "session": null, "audience": ["portal"], "scope": ["orders"]})
}

fn opaque_of_application() -> Value {
    let mut token = opaque();
    token["origin"] = json!("client credentials by portal");
    token["client"] = json!("portal");
    token
}

fn revoked() -> Past {
    Past { revoked: Some(3), ..Past::default() }
}

const EXCHANGE_ACCESS: &[(&str, &str)] = &[("subject_token", "token:t"), ("subject_token_type", ACCESS)];
const EXCHANGE_ORDERS: &[(&str, &str)] = &[("subject_token", "token:t"), ("subject_token_type", ACCESS), ("scope", "orders")];
const ACTING: &[(&str, &str)] = &[
    ("subject_token", "token:t"),
    ("subject_token_type", ACCESS),
    ("actor_token", "token:a"),
    ("actor_token_type", ACCESS),
    ("scope", "orders"),
];
const CALL: &[(&str, &str)] = &[("token", "token:t"), ("url", "http://127.0.0.1:3/orders")];
const TOKEN: &[(&str, &str)] = &[("token", "token:t")];
const OLD: &[(&str, &str)] = &[("refresh_token", "token:t")];
const OLD_AND_MORE: &[(&str, &str)] = &[("refresh_token", "token:t"), ("scope", "openid phone")];
const ASSERTION: &[(&str, &str)] = &[("assertion", "token:t")];
const SCOPED: &[(&str, &str)] = &[("scope", "nosuch")];
const REQUESTED: &[(&str, &str)] = &[
    ("subject_token", "token:t"),
    ("subject_token_type", ACCESS),
    ("requested_token_type", "urn:ietf:params:oauth:token-type:jwt"),
];
const RESOURCE: &[(&str, &str)] = &[("subject_token", "token:t"), ("subject_token_type", ACCESS), ("resource", "orders")];
const RESOURCE_ONLY: &[(&str, &str)] = &[("resource", "orders")];

/// Every recorded refusal: server, recording, what was tried, the cause that must come first, and whether it is the only one left.
#[test]
fn recorded_refusals_are_read_by_what_the_shelf_and_the_journal_know() {
    use Operation::{
        CallApi, ClientCredentials, Introspect, JwtBearer, LogIn, Password, Refresh, Revoke, TokenExchange, Userinfo,
    };
    let exchange = |values| of(TokenExchange).with(values);
    let userinfo = || of(Userinfo).with(TOKEN);
    let call = || of(CallApi).with(CALL);
    let service = |client| of(ClientCredentials).by(client);
    let renew = || of(Refresh).by("frontend").with(OLD);
    let rotated = Past { used: Some(3), rotated: Some(3), ..Past::default() };
    let may_act = json!({"may_act": {"sub": "portal"}});
    let rows: Vec<(&str, &str, Try<'_>, &str, bool)> = vec![
        // Spring Authorization Server.
        ("spring", "code of other client", of(LogIn).by("frontend"), "invalid-grant-code", false),
        ("spring", "cc wrong secret", service("portal"), "client-secret-wrong", false),
        ("spring", "cc unknown client", service("nobody"), "client-unknown", false),
        ("spring", "cc secret in body at basic client", service("post"), "client-secret-wrong", false),
        ("spring", "assertion wrong", service("signing"), "client-assertion-key", false),
        ("spring", "assertion wrong", service("secret-signing"), "client-assertion-secret", false),
        ("spring", "cc unknown scope", service("portal").with(SCOPED), "scope-not-allowed", true),
        ("spring", "password grant", of(Password), "unsupported-grant", true),
        ("spring", "exchange good", exchange(EXCHANGE_ACCESS).sends(json!({})), "exchange-scope-of-subject", true),
        ("spring", "exchange by reporting", exchange(EXCHANGE_ORDERS).sends(json!({})), "grant-not-allowed", true),
        ("spring", "exchange resource not url", exchange(RESOURCE).sends(json!({})), "resource-unknown", true),
        ("spring", "exchange id token as access", exchange(EXCHANGE_ACCESS).sends(id_token()), "exchange-subject-is-id-token", true),
        ("spring", "exchange id token as id type", exchange(EXCHANGE_ACCESS).sends(id_token()), "exchange-subject-type", true),
        ("spring", "exchange requested id", exchange(REQUESTED).sends(json!({})), "exchange-requested-type", true),
        ("spring", "exchange garbage", exchange(EXCHANGE_ACCESS).sends(json!({"step": null, "origin": "the clipboard", "client": null, "issuer": null, "expires_at": null, "format": "opaque"})), "exchange-subject-unknown", false),
        ("spring", "exchange cc token subject", exchange(EXCHANGE_ORDERS).sends(of_application()), "exchange-subject-no-user", true),
        ("spring", "exchange may_act without actor", exchange(EXCHANGE_ORDERS).sends(json!({})).says(may_act.clone()), "exchange-may-act-alone", true),
        ("spring", "exchange may_act other actor", exchange(ACTING).sends(json!({})).says(may_act.clone()), "exchange-may-act-other", false),
        ("spring", "exchange actor garbage", exchange(ACTING).sends(json!({})).says(may_act), "exchange-may-act-other", false),
        ("spring", "exchange actor without type", exchange(ACTING).sends(json!({})), "exchange-actor-type", true),
        ("spring", "exchange expired", exchange(EXCHANGE_ORDERS).sends(ended()), "exchange-subject-ended", true),
        ("spring", "exchange revoked", exchange(EXCHANGE_ORDERS).sends(json!({})).after(revoked()), "exchange-subject-revoked", false),
        ("spring", "exchange revoked", exchange(EXCHANGE_ORDERS).sends(json!({"active": false})).after(revoked()), "exchange-subject-revoked", true),
        ("spring", "revoke by other client", of(Revoke).with(TOKEN).sends(json!({})), "revoke-other-client", true),
        ("spring", "revoke own", of(Revoke).by("frontend").with(TOKEN).sends(json!({})), "client-sent-to-page", false),
        ("spring", "introspect wrong secret", of(Introspect).with(TOKEN).sends(json!({})), "client-secret-wrong", false),
        ("spring", "introspect public", of(Introspect).by("frontend").with(TOKEN).sends(json!({})), "client-sent-to-page", false),
        ("spring", "userinfo revoked", userinfo().sends(json!({"active": false})).after(revoked()), "token-revoked", true),
        ("spring", "userinfo id token", userinfo().sends(id_token()), "token-is-id-token", true),
        ("spring", "userinfo opaque", userinfo().sends(opaque()), "api-wants-jwt", true),
        ("spring", "userinfo expired", userinfo().sends(ended()), "token-expired", true),
        ("spring", "userinfo app token", userinfo().sends(of_application()), "scope-without-user", true),
        ("spring", "userinfo no openid", userinfo().sends(json!({"scope": ["profile"]})), "scope-openid", true),
        ("spring", "orders no scope", call().sends(json!({})), "api-scope", true),
        ("spring", "orders opaque", call().sends(opaque()), "api-wants-jwt", true),
        ("spring", "orders garbage", call().sends(opaque()), "api-wants-jwt", true),
        // zitadel.
        ("zitadel", "wrong verifier", of(LogIn).by("frontend"), "code-verifier", true),
        ("zitadel", "refresh used", renew().sends(refresh()).after(rotated.clone()), "refresh-used", true),
        ("zitadel", "refresh by other", renew().by("portal").sends(refresh()), "refresh-other-client", true),
        ("zitadel", "refresh more scope", renew().with(OLD_AND_MORE).sends(refresh()), "refresh-scope-wider", true),
        ("zitadel", "refresh access token", renew().sends(opaque()), "refresh-is-access-token", true),
        ("zitadel", "refresh revoked", renew().sends(refresh()).after(revoked()), "refresh-revoked", false),
        ("zitadel", "cc wrong secret", service("portal"), "client-secret-wrong", false),
        ("zitadel", "password", of(Password), "unsupported-grant", true),
        ("zitadel", "jwt profile stranger", of(JwtBearer).with(ASSERTION).sends(json!({"issuer": "service"})), "assertion-signature", true),
        ("zitadel", "jwt profile old", of(JwtBearer).with(ASSERTION).sends(json!({"issuer": "service", "expires_at": 1_000})), "assertion-ended", true),
        ("zitadel", "jwt profile id token", of(JwtBearer).with(ASSERTION).sends(id_token()), "assertion-audience", true),
        ("zitadel", "jwt profile garbage", of(JwtBearer).with(ASSERTION).sends(opaque()), "assertion-not-jwt", true),
        ("zitadel", "exchange id to refresh", exchange(REQUESTED).sends(id_token()), "server-says-unsupported", true),
        ("zitadel", "exchange bob no permission", exchange(EXCHANGE_ACCESS).sends(json!({})), "server-says-permission", true),
        ("zitadel", "exchange refresh as access", exchange(EXCHANGE_ACCESS).sends(refresh()), "exchange-subject-is-refresh-token", true),
        ("zitadel", "exchange requested jwt", exchange(REQUESTED).sends(json!({})), "exchange-requested-type", true),
        ("zitadel", "exchange requested saml", exchange(REQUESTED).sends(json!({})), "exchange-requested-type", true),
        ("zitadel", "exchange subject saml", exchange(EXCHANGE_ACCESS).sends(json!({})), "exchange-subject-type", true),
        ("zitadel", "exchange actor garbage", exchange(ACTING).sends(json!({})), "exchange-actor-not-taken", false),
        ("zitadel", "exchange wrong secret", exchange(EXCHANGE_ACCESS).sends(json!({})), "client-secret-wrong", false),
        ("zitadel", "exchange public", exchange(EXCHANGE_ACCESS).by("frontend").sends(json!({})), "client-public", false),
        ("zitadel", "introspect public", of(Introspect).by("frontend").with(TOKEN).sends(json!({})), "client-public", false),
        ("zitadel", "introspect wrong secret", of(Introspect).with(TOKEN).sends(json!({})), "client-secret-wrong", false),
        ("zitadel", "revoke by other client", of(Revoke).with(TOKEN).sends(json!({})), "revoke-said-other-client", true),
        ("zitadel", "revoke refresh by other client", of(Revoke).with(TOKEN).sends(refresh()), "revoke-said-other-client", true),
        ("zitadel", "userinfo id", userinfo().sends(id_token()), "token-is-id-token", true),
        ("zitadel", "userinfo refresh", userinfo().sends(refresh()), "token-is-refresh-token", true),
        ("zitadel", "userinfo cc", userinfo().sends(opaque_of_application()), "userinfo-no-user", true),
        ("zitadel", "userinfo revoked", userinfo().sends(json!({"active": false})).after(revoked()), "token-revoked", true),
        ("zitadel", "userinfo revoked", userinfo().sends(json!({})).after(revoked()), "token-revoked", false),
        // django-oauth-toolkit.
        ("django", "cc wrong secret", service("portal"), "client-secret-wrong", false),
        ("django", "cc unknown scope", service("portal").with(SCOPED), "scope-not-allowed", true),
        ("django", "cc by frontend", service("frontend"), "grant-not-allowed", true),
        ("django", "cc by terminal", service("post"), "grant-not-allowed", true),
        ("django", "password wrong", of(Password), "password-wrong", false),
        ("django", "password by portal", of(Password), "grant-not-allowed", true),
        ("django", "exchange", exchange(EXCHANGE_ACCESS).sends(opaque()), "unsupported-grant", true),
        ("django", "resource bad", service("portal").with(RESOURCE_ONLY), "resource-unknown", true),
        ("django", "refresh used", renew().sends(refresh()).after(rotated), "refresh-used", true),
        ("django", "refresh by other", renew().by("portal").sends(refresh()), "refresh-other-client", true),
        ("django", "refresh more scope", renew().with(OLD_AND_MORE).sends(refresh()), "refresh-scope-wider", true),
        ("django", "refresh access token", renew().sends(opaque()), "refresh-is-access-token", true),
        ("django", "introspect wrong secret", of(Introspect).with(TOKEN).sends(opaque()), "client-secret-wrong", false),
        // Another client's token and a secret that was not taken: 401 speaks of the client, so neither is certain.
        ("django", "revoke wrong secret", of(Revoke).by("post").with(TOKEN).sends(opaque_of_application()), "revoke-other-client", false),
        ("django", "revoke wrong secret", of(Revoke).with(TOKEN).sends(opaque_of_application()), "client-secret-wrong", false),
        ("django", "userinfo id", userinfo().sends(id_token()), "token-is-id-token", true),
        ("django", "userinfo refresh", userinfo().sends(refresh()), "token-is-refresh-token", true),
        ("django", "userinfo cc", userinfo().sends(opaque_of_application()), "userinfo-no-user", true),
        ("django", "userinfo no openid", userinfo().sends(json!({"format": "opaque", "scope": ["profile"]})), "userinfo-no-openid", true),
        ("django", "userinfo garbage", userinfo().sends(json!({"step": null, "format": "opaque", "client": null, "issuer": null, "expires_at": null, "origin": "the clipboard", "scope": []})), "token-unknown", false),
        ("django", "orders no scope", call().sends(opaque()), "api-lacks-right", false),
        ("django", "orders revoked", call().sends(opaque_of_application()).after(revoked()), "token-revoked", false),
        ("django", "userinfo after logout", userinfo().sends(json!({"expires_at": null})).after(Past { logged_out: Some(3), ..Past::default() }), "token-session-over", false),
    ];
    let mut counts = [0usize; 4];
    let mut wrong = Vec::new();
    for (server, name, tried, id, certain) in &rows {
        let found = tried.answered(&recorded(server, name));
        let said = found.as_ref().map(|found| {
            let others: Vec<&str> = found.others.iter().map(|other| other.id.as_str()).collect();
            format!("{} certain {} others {others:?}", found.id, found.certain)
        });
        match &found {
            Some(found) if found.id == *id && found.certain == *certain => {
                counts[usize::from(!certain)] += 1;
                assert!(!found.cause.contains('{') && !found.fix.contains('{'), "{found:?}");
                assert!(!format!("{found:?}").contains("Keycloak"), "{found:?}");
            }
            Some(found) if found.others.iter().any(|other| other.id == *id) => {
                counts[1] += 1;
                if *certain || !["client-unknown", "client-secret-wrong"].contains(id) {
                    wrong.push(format!("{server}, {name}: {id} expected first, {said:?}"));
                }
            }
            _ => {
                counts[3] += 1;
                wrong.push(format!("{server}, {name}: {id} expected, {said:?}"));
            }
        }
    }
    println!("recorded: {} exact, {} ranked, {} wrong of {}", counts[0], counts[1], counts[3], rows.len());
    assert_eq!(wrong, Vec::<String>::new());
}
