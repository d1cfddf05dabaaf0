//! Who calls an API, by the token of the call.

use std::sync::Arc;

use axum::http::HeaderMap;
use serde_json::Value;

use super::fault::{Fault, invalid_credentials, unclassified};
use super::issue::{known_access_token, own_access_token};
use super::registry::Rights;
use super::state::{Gateway, Issued};
use super::trusted::Trusted;
use crate::keyset::Unverified;
use crate::world::lock;
use crate::{jose, serve};

/// Whoever presented a token that holds.
pub(super) struct Caller {
    pub(super) token_id: String,
    /// The token itself, when it is the gateway's own.
    pub(super) token: Option<String>,
    pub(super) client_id: String,
    pub(super) application: String,
    pub(super) rights: Rights,
    pub(super) user: Option<User>,
    pub(super) scope: String,
    /// For a token of the provider: its audience. The gateway's own tokens are not bound to an API.
    pub(super) audience: Option<Vec<String>>,
}

/// The user a caller's token stands for.
pub(super) struct User {
    pub sub: String,
    /// The provider's token behind it.
    pub subject_token: String,
    /// Who issued that.
    pub provider: Arc<Trusted>,
}

/// The token of a call. Expired, revoked, forged and unknown are one and the same fault, as they are at WSO2.
pub(super) async fn authenticate(gateway: &Gateway, headers: &HeaderMap) -> Result<Caller, Fault> {
    let Some(token) = serve::bearer(headers) else {
        return Err(Fault {
            status: 401,
            code: "900902",
            message: "Missing Credentials",
            description:
                "Invalid Credentials. Make sure your API invocation call has a header: 'Authorization : Bearer ACCESS_TOKEN'"
                    .to_owned(),
        });
    };
    // A token that was refused once stays refused for a while, whatever became of the reason.
    let (now, kept_ms) = (gateway.world.now_ms(), gateway.world.caches().refused_ms);
    if lock(&gateway.state).refused.get(token).is_some_and(|since| now - since < kept_ms) {
        return Err(invalid_credentials());
    }
    let found = known_caller(gateway, token).await;
    if found.as_ref().is_err_and(|fault| fault.code == "900901") {
        let refused = &mut lock(&gateway.state).refused;
        refused.retain(|_, since| now - *since < kept_ms);
        refused.insert(token.to_owned(), now);
    }
    found
}

/// A token of the resident key manager. The gateway hears of a revoked JWT by an event; what introspection said of a reference
/// token it keeps, and the event does not clear that.
fn of_this_server(gateway: &Gateway, token: &str) -> Option<(String, Issued)> {
    if token.contains('.') {
        return own_access_token(gateway, token);
    }
    let (now, kept_ms) = (gateway.world.now_ms(), gateway.world.caches().introspected_ms);
    if lock(&gateway.state).introspected.get(token).is_some_and(|since| now - since < kept_ms) {
        return known_access_token(gateway, token).filter(|(_, held)| held.expires > gateway.world.now_s());
    }
    let found = own_access_token(gateway, token)?;
    let introspected = &mut lock(&gateway.state).introspected;
    introspected.retain(|_, since| now - *since < kept_ms);
    introspected.insert(token.to_owned(), now);
    Some(found)
}

/// Who a token stands for, by the key manager its issuer names.
async fn known_caller(gateway: &Gateway, token: &str) -> Result<Caller, Fault> {
    if let Some((token_id, held)) = of_this_server(gateway, token) {
        let consumer = gateway.consumer(&held.consumer).ok_or_else(invalid_credentials)?;
        let issuer = held.subject.get("iss").and_then(Value::as_str).unwrap_or_default();
        let user = held.subject_token.zip(gateway.provider(issuer));
        return Ok(Caller {
            token_id,
            token: Some(token.to_owned()),
            client_id: consumer.key,
            application: consumer.name,
            rights: consumer.rights,
            user: user.map(|(subject_token, provider)| User { sub: held.sub, subject_token, provider }),
            scope: held.scope,
            audience: None,
        });
    }
    // The key manager is chosen by `iss`; each provider is registered as a further one.
    let issuer = jose::parse(token).and_then(|parsed| parsed.text("iss").map(str::to_owned)).unwrap_or_default();
    let provider = gateway.provider(&issuer).ok_or_else(invalid_credentials)?;
    let claims = provider.keys.claims(token).await.map_err(|why| match why {
        Unverified::NoKeys => unclassified(),
        Unverified::Unreadable | Unverified::Signature => invalid_credentials(),
    })?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let live = claims.get("exp").and_then(Value::as_i64).is_some_and(|exp| exp > gateway.world.now_s());
    if !live || text("typ") != "Bearer" {
        return Err(invalid_credentials());
    }
    let azp = text("azp");
    // Client ids of the provider that are mapped to an application: two by the lab, others by `map-keys`.
    let mapped = lock(&gateway.state).portal.mapped(&azp);
    let (application, rights) = match mapped {
        Some((id, name)) => (name, Rights::Application(id)),
        None if provider.built_in && ["frontend", "portal"].contains(&azp.as_str()) => {
            (azp.clone(), Rights::Seeded(&["/catalog", "/orders"]))
        }
        None => (azp.clone(), Rights::None),
    };
    Ok(Caller {
        token_id: text("jti"),
        token: None,
        application,
        client_id: azp,
        rights,
        user: Some(User { sub: text("sub"), subject_token: token.to_owned(), provider }),
        scope: text("scope"),
        audience: Some(jose::audience(claims.get("aud"))),
    })
}
