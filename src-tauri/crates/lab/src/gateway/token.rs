//! The gateway's token endpoint (`/oauth2/token`), with WSO2's errors and token shapes.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};
use subtle::ConstantTimeEq as _;

use super::{ADMIN_ID, CONSUMERS, Consumer, Gateway, Issued, JWT_BEARER, assertion};
use crate::form::{Form, words};
use crate::world::lock;
use crate::{jose, random, serve};

const REFRESH_LIFESPAN_S: i64 = 86_400;
/// Grants WSO2 knows, whether or not a consumer may use them.
const KNOWN: &[&str] = &[
    "authorization_code",
    "password",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:saml2-bearer",
    "iwa:ntlm",
    JWT_BEARER,
    "urn:ietf:params:oauth:grant-type:token-exchange",
];
/// Scopes that go by role: those of the developer portal, and the one scope the orders API registers.
const BY_ROLE: &[&str] = &["apim:subscribe", "apim:app_manage", "apim:sub_manage", "apim:api_key", "orders_edit"];

/// A refused token request.
pub(crate) struct Refusal(pub u16, pub &'static str, pub String);

/// `POST /oauth2/token`, form or JSON.
pub(crate) async fn endpoint(State(gateway): State<Arc<Gateway>>, headers: HeaderMap, body: Bytes) -> Response {
    let is_json = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"));
    let form = if is_json { Form::from_json(&body) } else { Some(Form::parse(&body)) };
    let result = match form {
        Some(form) => answer(&gateway, &headers, &form).await,
        None => Err(Refusal(400, "invalid_request", "Invalid JSON body".to_owned())),
    };
    result.map_or_else(|refusal| refused(&gateway, &refusal), |body| serve::json(200, &Value::Object(body)))
}

/// The error answer; `error_description` comes first at this server.
pub(crate) fn refused(gateway: &Gateway, Refusal(status, error, description): &Refusal) -> Response {
    let response = serve::json(*status, &json!({"error_description": description, "error": error}));
    if *status != 401 {
        return response;
    }
    let host = gateway.base.trim_start_matches("https://");
    serve::with_header(response, "www-authenticate", &format!("Basic realm={host}"))
}

async fn answer(gateway: &Gateway, headers: &HeaderMap, form: &Form) -> Result<Map<String, Value>, Refusal> {
    let bad = |error, text: &str| Refusal(400, error, text.to_owned());
    if form.repeats(&[]) {
        return Err(bad("invalid_request", "Invalid request with repeated parameters."));
    }
    let Some(grant) = form.filled("grant_type") else {
        return Err(bad("invalid_request", "Missing grant_type parameter value"));
    };
    if !KNOWN.contains(&grant) {
        return Err(bad("invalid_request", "Unsupported grant_type value"));
    }
    let consumer = authenticate(gateway, headers, form)?;
    if !consumer.grants.contains(&grant) {
        let text = "The authenticated client is not authorized to use this authorization grant type";
        return Err(bad("unauthorized_client", text));
    }
    let requested = form.filled("scope").unwrap_or_default();
    let now = gateway.world.now_s();
    let issue = Issued {
        consumer: consumer.key,
        sub: ADMIN_ID.to_owned(),
        user: false,
        scope: String::new(),
        issued: now,
        expires: now + gateway.lifespan,
        revoked: false,
        subject_token: None,
        subject: Map::new(),
    };
    match grant {
        "client_credentials" => Ok(client_credentials(gateway, consumer, Issued { scope: granted(requested, &[]), ..issue })),
        JWT_BEARER => {
            let text = form.filled("assertion");
            let claims = assertion::check(gateway, text).await.map_err(|text| Refusal(400, "invalid_grant", text))?;
            let issue = Issued {
                sub: claims.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned(),
                user: true,
                scope: granted(requested, &assertion::roles(&claims)),
                subject_token: text.map(str::to_owned),
                subject: claims,
                ..issue
            };
            Ok(for_user(gateway, issue))
        }
        // The one left of the consumers' grants.
        _ => {
            let id = form.filled("refresh_token").and_then(|text| own_refresh_token(gateway, text));
            let held = id.and_then(|id| lock(&gateway.state).refresh.remove(&id));
            let held = held.filter(|(held, until)| held.consumer == consumer.key && *until > now);
            let Some((held, _)) = held else {
                return Err(bad("invalid_grant", "Persisted access token data not found"));
            };
            Ok(for_user(gateway, Issued { issued: now, expires: now + gateway.lifespan, ..held }))
        }
    }
}

/// The consumer of a request, by Basic or in the body.
pub(crate) fn authenticate(gateway: &Gateway, headers: &HeaderMap, form: &Form) -> Result<&'static Consumer, Refusal> {
    let pair = match serve::basic(headers) {
        Some(pair) => pair.ok(),
        None => form.filled("client_id").zip(form.first("client_secret")).map(|(id, secret)| (id.to_owned(), secret.to_owned())),
    };
    let known = pair.as_ref().filter(|(id, secret)| secret_is_right(gateway, id, secret));
    let consumer = known.and_then(|(id, _)| CONSUMERS.iter().find(|consumer| consumer.key == id));
    consumer.ok_or_else(|| Refusal(401, "invalid_client", "Client credentials are invalid.".to_owned()))
}

pub(crate) fn secret_is_right(gateway: &Gateway, id: &str, secret: &str) -> bool {
    gateway.secrets.get(id).is_some_and(|right| right.as_bytes().ct_eq(secret.as_bytes()).into())
}

/// What is granted of what was asked: registered scopes go by role and are left out without a word, unknown names are
/// granted as they stand, and asking for nothing gives `default`.
fn granted(requested: &str, roles: &[&str]) -> String {
    let allowed = |scope: &&str| {
        !BY_ROLE.contains(scope) && !scope.starts_with("apim:")
            || BY_ROLE.contains(scope) && roles.contains(&"Internal/subscriber")
    };
    let mut scopes: Vec<&str> = words(requested).filter(allowed).collect();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() { "default".to_owned() } else { scopes.join(" ") }
}

fn client_credentials(gateway: &Gateway, consumer: &Consumer, issue: Issued) -> Map<String, Value> {
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

fn for_user(gateway: &Gateway, issue: Issued) -> Map<String, Value> {
    let token = access_token(gateway, &issue);
    let id_token = words(&issue.scope).any(|word| word == "openid").then(|| id_token(gateway, &issue, &token));
    let refresh_id = random::uuid();
    let until = issue.issued + REFRESH_LIFESPAN_S;
    let refresh = gateway.sign(
        "rt+jwt",
        json!({
            "sub": issue.sub, "aud": gateway.issuer, "nbf": issue.issued, "azp": issue.consumer, "scope": issue.scope,
            "iss": gateway.issuer, "exp": until, "iat": issue.issued, "jti": refresh_id, "client_id": issue.consumer,
            "token_type": "refresh_token",
        }),
    );
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
fn access_token(gateway: &Gateway, issue: &Issued) -> String {
    let jti = random::uuid();
    let mut claims = json!({
        "sub": issue.sub, "aut": if issue.user { "APPLICATION_USER" } else { "APPLICATION" }, "aud": issue.consumer,
        "nbf": issue.issued, "azp": issue.consumer, "scope": issue.scope, "iss": gateway.issuer,
        "realm": {"signing_tenant": "carbon.super"}, "exp": issue.expires, "iat": issue.issued, "jti": jti,
        "client_id": issue.consumer,
        "entity_id": if issue.user { issue.sub.as_str() } else { issue.consumer },
    });
    if issue.user {
        claims["is_federated"] = json!(true);
    }
    let mut state = lock(&gateway.state);
    // Ended tokens are of no more use than unknown ones.
    state.tokens.retain(|_, held| held.expires > issue.issued);
    state.refresh.retain(|_, (_, until)| *until > issue.issued);
    state.tokens.insert(jti, issue.clone());
    drop(state);
    gateway.sign("at+jwt", claims)
}

fn id_token(gateway: &Gateway, issue: &Issued, access_token: &str) -> String {
    gateway.sign(
        "JWT",
        json!({
            "sub": issue.sub, "aud": issue.consumer, "azp": issue.consumer, "iss": gateway.issuer, "amr": ["jwt-bearer"],
            "exp": issue.expires, "iat": issue.issued, "nbf": issue.issued, "jti": random::uuid(),
            "at_hash": jose::at_hash(access_token),
        }),
    )
}

/// The id of a refresh token of ours.
pub(crate) fn own_refresh_token(gateway: &Gateway, text: &str) -> Option<String> {
    let token = jose::parse(text).filter(|token| gateway.key.verifies(token))?;
    (token.text("token_type") == Some("refresh_token")).then(|| token.text("jti").map(str::to_owned))?
}

/// A live access token of ours by its text, with the id it is kept under.
pub(crate) fn own_access_token(gateway: &Gateway, text: &str) -> Option<(String, Issued)> {
    let id = if text.contains('.') {
        let token = jose::parse(text).filter(|token| gateway.key.verifies(token) && token.text("aut").is_some())?;
        token.text("jti")?.to_owned()
    } else {
        text.to_owned()
    };
    let held = lock(&gateway.state).tokens.get(&id).cloned()?;
    (!held.revoked && held.expires > gateway.world.now_s()).then_some((id, held))
}
