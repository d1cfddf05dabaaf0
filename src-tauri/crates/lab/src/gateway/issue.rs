//! Making the gateway's tokens, and finding them again.
//!
//! The shapes are those of the two releases played: 4.7 writes who the token is about into it and makes JWTs of refresh
//! tokens, since nothing is kept on the server; 4.6 keeps everything, hands out opaque refresh tokens, and revokes the token
//! that the same application had for the same user and scope.

use serde_json::{Map, Value, json};

use super::registry::Consumer;
use super::release::GatewayRelease;
use super::state::{Gateway, Issued};
use crate::form::words;
use crate::world::lock;
use crate::{jose, random};

const REFRESH_LIFESPAN_S: i64 = 86_400;

/// The roles that may have a scope of the product's own APIs, and of the one scope the orders API registers.
const SCOPE_ROLES: &[(&str, &[&str])] = &[
    ("apim:subscribe", &["admin", "Internal/subscriber"]),
    ("apim:app_manage", &["admin", "Internal/subscriber"]),
    ("apim:sub_manage", &["admin", "Internal/subscriber"]),
    ("apim:api_key", &["admin", "Internal/subscriber"]),
    ("apim:store_settings", &["admin", "Internal/subscriber"]),
    ("apim:sub_alert_manage", &["admin", "Internal/subscriber"]),
    ("apim:app_import_export", &["admin"]),
    ("apim:admin", &["admin"]),
    ("orders_edit", &["Internal/subscriber"]),
];

/// A token of the consumer's own, without scopes yet.
pub(crate) fn blank(gateway: &Gateway, consumer: &Consumer) -> Issued {
    let now = gateway.world.now_s();
    Issued {
        consumer: consumer.key.clone(),
        sub: consumer.owner.clone(),
        user: false,
        scope: String::new(),
        issued: now,
        expires: now + gateway.lifespan,
        revoked: false,
        subject_token: None,
        subject: Map::new(),
    }
}

/// What is granted of what was asked: registered scopes go by role and are left out without a word, unknown names are
/// granted as they stand, and asking for nothing gives `default`.
pub(crate) fn granted(requested: &str, roles: &[&str]) -> String {
    let allowed = |scope: &&str| match SCOPE_ROLES.iter().find(|(name, _)| name == scope) {
        Some((_, able)) => able.iter().any(|role| roles.contains(role)),
        None => !scope.starts_with("apim:"),
    };
    let mut scopes: Vec<&str> = words(requested).filter(allowed).collect();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() { "default".to_owned() } else { scopes.join(" ") }
}

/// The answer for an application of its own account: no refresh token, no ID token.
pub(crate) fn for_application(gateway: &Gateway, consumer: &Consumer, issue: Issued) -> Map<String, Value> {
    if consumer.opaque {
        return reference(gateway, issue);
    }
    let token = access_token(gateway, &issue);
    response(token, None, None, &issue)
}

/// A reference token: the one that still lives is handed out again.
fn reference(gateway: &Gateway, issue: Issued) -> Map<String, Value> {
    let mut state = lock(&gateway.state);
    let live = state.tokens.iter().find(|(_, held)| {
        held.consumer == issue.consumer && held.scope == issue.scope && !held.revoked && held.expires > issue.issued
    });
    let (token, held) = match live {
        Some((token, held)) => (token.clone(), Issued { issued: issue.issued, ..held.clone() }),
        None => {
            let token = random::uuid();
            state.tokens.insert(token.clone(), issue.clone());
            (token, issue)
        }
    };
    response(token, None, None, &held)
}

/// The answer for an application on behalf of a user. `method` is how the user was authenticated, for the ID token.
pub(crate) fn for_user(gateway: &Gateway, issue: Issued, method: &str) -> Map<String, Value> {
    let token = access_token(gateway, &issue);
    let id_token = words(&issue.scope).any(|word| word == "openid").then(|| id_token(gateway, &issue, &token, method));
    let refresh_id = random::uuid();
    let until = issue.issued + REFRESH_LIFESPAN_S;
    let refresh = match gateway.release {
        GatewayRelease::V4_6 => refresh_id.clone(),
        GatewayRelease::V4_7 => gateway.sign(
            "rt+jwt",
            json!({
                "sub": issue.sub, "aud": gateway.issuer, "nbf": issue.issued, "azp": issue.consumer, "scope": issue.scope,
                "iss": gateway.issuer, "exp": until, "iat": issue.issued, "jti": refresh_id, "client_id": issue.consumer,
                "token_type": "refresh_token",
            }),
        ),
    };
    lock(&gateway.state).refresh.insert(refresh_id, (issue.clone(), until));
    response(token, Some(refresh), id_token, &issue)
}

fn response(token: String, refresh: Option<String>, id: Option<String>, issue: &Issued) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
    put("access_token", json!(token));
    if let Some(refresh) = refresh {
        put("refresh_token", json!(refresh));
    }
    put("scope", json!(issue.scope));
    if let Some(id) = id {
        put("id_token", json!(id));
    }
    put("token_type", json!("Bearer"));
    put("expires_in", json!(issue.expires - issue.issued));
    body
}

/// Signs an access token with WSO2's claims and remembers it by its id.
pub(crate) fn access_token(gateway: &Gateway, issue: &Issued) -> String {
    let jti = random::uuid();
    let mut claims = json!({
        "sub": issue.sub, "aut": if issue.user { "APPLICATION_USER" } else { "APPLICATION" }, "aud": issue.consumer,
        "nbf": issue.issued, "azp": issue.consumer, "scope": issue.scope, "iss": gateway.issuer,
        "realm": {"signing_tenant": "carbon.super"}, "exp": issue.expires, "iat": issue.issued, "jti": jti,
        "client_id": issue.consumer,
    });
    if gateway.release == GatewayRelease::V4_7 {
        // A token that nobody remembers has to say more of itself.
        claims["entity_id"] = json!(if issue.user { &issue.sub } else { &issue.consumer });
        if issue.user && issue.subject_token.is_some() {
            claims["is_federated"] = json!(true);
        }
    }
    let mut state = lock(&gateway.state);
    // Ended tokens are of no more use than unknown ones.
    state.tokens.retain(|_, held| held.expires > issue.issued);
    state.refresh.retain(|_, (_, until)| *until > issue.issued);
    if gateway.release == GatewayRelease::V4_6 {
        let same = |held: &&mut Issued| {
            held.consumer == issue.consumer && held.sub == issue.sub && held.user == issue.user && held.scope == issue.scope
        };
        state.tokens.values_mut().filter(same).for_each(|held| held.revoked = true);
    }
    state.tokens.insert(jti, issue.clone());
    drop(state);
    gateway.sign("at+jwt", claims)
}

fn id_token(gateway: &Gateway, issue: &Issued, access_token: &str, method: &str) -> String {
    gateway.sign(
        "JWT",
        json!({
            "sub": issue.sub, "aud": issue.consumer, "azp": issue.consumer, "iss": gateway.issuer, "amr": [method],
            "exp": issue.expires, "iat": issue.issued, "nbf": issue.issued, "jti": random::uuid(),
            "at_hash": jose::at_hash(access_token),
        }),
    )
}

/// The id of a refresh token of ours.
pub(crate) fn own_refresh_token(gateway: &Gateway, text: &str) -> Option<String> {
    if !text.contains('.') {
        return lock(&gateway.state).refresh.contains_key(text).then(|| text.to_owned());
    }
    let token = jose::parse(text).filter(|token| gateway.key.verifies(token))?;
    (token.text("token_type") == Some("refresh_token")).then(|| token.text("jti").map(str::to_owned))?
}

/// An access token of ours by its text, with the id it is kept under, whether or not it still counts.
pub(crate) fn known_access_token(gateway: &Gateway, text: &str) -> Option<(String, Issued)> {
    let id = if text.contains('.') {
        let token = jose::parse(text).filter(|token| gateway.key.verifies(token) && token.text("aut").is_some())?;
        token.text("jti")?.to_owned()
    } else {
        text.to_owned()
    };
    let held = lock(&gateway.state).tokens.get(&id).cloned()?;
    Some((id, held))
}

/// The same, only while it lives and is not revoked.
pub(crate) fn own_access_token(gateway: &Gateway, text: &str) -> Option<(String, Issued)> {
    known_access_token(gateway, text).filter(|(_, held)| !held.revoked && held.expires > gateway.world.now_s())
}

impl Gateway {
    /// The `sub` userinfo would answer with: only for a live access token with scope `openid`.
    pub fn user_of(&self, text: &str) -> Option<String> {
        let (_, held) = own_access_token(self, text)?;
        words(&held.scope).any(|word| word == "openid").then_some(held.sub)
    }
}
