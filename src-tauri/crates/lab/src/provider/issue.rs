//! The one way every answer of a grant and its audit event are made.

use serde_json::{Map, Value, json};

use super::events::Draft;
use super::mint::{self, Access, InSession, Order};
use super::realm::{Client, Person};
use super::refusal::Refusal;
use super::state::Provider;
use super::store::{Session, Store};
use crate::fault::Fault;
use crate::form::Form;
use crate::jose;
use crate::world::lock;

/// RFC 8693 section 2.1.
pub(crate) const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

/// RFC 7523 section 2.1.
pub(crate) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// A token request whose client is known.
pub(crate) struct Request<'a> {
    pub provider: &'a Provider,
    pub client: &'static Client,
    pub form: &'a Form,
    pub now: i64,
}

impl<'a> Request<'a> {
    /// An access token of the requester's own client for a person, without a session; a grant puts in what it knows besides.
    pub fn order<'o>(&self, store: &Store, person: &'o Person, grant: &'static str, scope: &'o str) -> Order<'o>
    where
        'a: 'o,
    {
        Order {
            issuer: &self.provider.issuer,
            client: self.client,
            person,
            session: None,
            session_kind: "tr",
            grant,
            scope,
            audience: &[],
            now: self.now,
            lifespan: store.lifespans.access_token,
        }
    }
}

/// Writes the audit event of a request that has its outcome.
pub(crate) fn finish<T>(provider: &Provider, store: &mut Store, mut draft: Draft, result: &Result<T, Refusal>) {
    let (realm, time) = (&provider.realm.id, provider.world.now_ms());
    match result {
        Ok(_) => store.events.success(draft, realm, time),
        Err(Refusal { event: None, .. }) => {}
        Err(Refusal { event: Some(error), reason, .. }) => {
            if let Some(reason) = reason {
                draft.detail("reason", reason);
            }
            store.events.failure(draft, realm, time, error);
        }
    }
}

/// Which tokens go into an answer beside the access token.
#[derive(Default)]
pub(crate) struct With<'a> {
    /// A refresh token; only where there is a session.
    pub refresh: bool,
    /// An ID token, with this nonce if any.
    pub id: Option<Option<&'a str>>,
}

/// Mints the access token of an order. Disabled clients never get into a token.
pub(crate) fn access(provider: &Provider, order: &Order<'_>) -> Access {
    mint::access(order, |id| provider.realm.client(id).is_some_and(|client| client.enabled))
}

/// Signs what was minted and makes the token response (RFC 6749 section 5.1) in Keycloak's member order.
pub(crate) fn respond(
    provider: &Provider,
    order: &Order<'_>,
    access: &Access,
    with: &With<'_>,
    draft: &mut Draft,
) -> Map<String, Value> {
    let token = provider.sign(order.client, &access.claims);
    draft.detail("token_id", &access.jti).detail("scope", &access.scope);
    let refresh = order.session.filter(|_| with.refresh).map(|session| {
        let (jti, claims) = mint::refresh(order, access, session);
        // A refresh names the used and the new token apart; elsewhere there is only the new one.
        let key = if order.grant == "rt" { "updated_refresh_token_id" } else { "refresh_token_id" };
        draft.detail(key, jti).detail("refresh_token_type", "Refresh");
        (lock(&provider.keys).refresh.sign("JWT", &claims), session.ends - order.now)
    });
    let id = with.id.map(|nonce| id_token(provider, order, mint::id(order, &token, nonce, access.expires_in)));

    let mut body = Map::new();
    let mut put = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
    put("access_token", json!(token));
    put("expires_in", json!(access.expires_in));
    put("refresh_expires_in", json!(refresh.as_ref().map_or(0, |(_, seconds)| *seconds)));
    if let Some((token, _)) = refresh {
        put("refresh_token", json!(token));
    }
    put("token_type", json!("Bearer"));
    if let Some(id) = id {
        put("id_token", json!(id));
    }
    put("not-before-policy", json!(0));
    if let Some(session) = order.session {
        put("session_state", json!(session.id));
    }
    put("scope", json!(access.scope));
    body
}

/// Signs an ID token, or spoils it as the fault in force says.
fn id_token(provider: &Provider, order: &Order<'_>, mut claims: Map<String, Value>) -> String {
    let (name, value) = match provider.world.fault() {
        Fault::IdTokenWrongNonce => ("nonce", "another-nonce"),
        Fault::IdTokenWrongAudience => ("aud", "another-client"),
        Fault::IdTokenWrongIssuer => ("iss", "http://127.0.0.1:1/realms/other"),
        Fault::IdTokenBadSignature => return forged(&provider.sign(order.client, &claims), claims),
        Fault::IdTokenAlgNone => {
            return format!("{}.", jose::unsigned(&json!({"alg": "none", "typ": "JWT"}), &claims));
        }
        _ => return provider.sign(order.client, &claims),
    };
    claims.insert(name.to_owned(), json!(value));
    provider.sign(order.client, &claims)
}

/// The header and signature of a good token around the claims of somebody else.
fn forged(good: &str, mut claims: Map<String, Value>) -> String {
    claims.insert("sub".to_owned(), json!("00000000-0000-0000-0000-000000000000"));
    let header = jose::parse(good).map(|token| token.header);
    let signature = good.rsplit('.').next().unwrap_or_default();
    format!("{}.{signature}", jose::unsigned(&json!(header), &claims))
}

/// The session facts a token of `client` carries.
pub(crate) fn in_session(store: &Store, session: &Session, client: &Client) -> InSession {
    InSession {
        id: session.id.clone(),
        auth_time: session.auth_time,
        by_cookie: session.clients.get(client.id).is_some_and(|held| held.by_cookie),
        ends: store.ends(session),
    }
}
