//! The gateway's token endpoint (`/oauth2/token`), with WSO2's grants and errors.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::grants::{JWT_BEARER, KNOWN, SAML2_BEARER, TOKEN_EXCHANGE};
use super::issue::{blank, for_application, for_user, granted, own_refresh_token};
use super::refusal::{Refusal, refused};
use super::registry::Consumer;
use super::state::{ADMIN, ADMIN_ID, Gateway, Issued};
use super::{assertion, authorize};
use crate::form::Form;
use crate::serve;
use crate::world::lock;

/// A jwt-bearer assertion may not be older than this, however long it says it lives.
const ASSERTION_AGE_S: i64 = 30 * 60;
const TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:";

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

fn bad(error: &'static str, text: impl Into<String>) -> Refusal {
    Refusal(400, error, text.into())
}

async fn answer(gateway: &Gateway, headers: &HeaderMap, form: &Form) -> Result<Map<String, Value>, Refusal> {
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
    if !consumer.grants.iter().any(|one| one == grant) {
        let text = "The authenticated client is not authorized to use this authorization grant type";
        return Err(bad("unauthorized_client", text));
    }
    let now = gateway.world.now_s();
    let issue = blank(gateway, &consumer);
    let requested = form.filled("scope").unwrap_or_default();
    match grant {
        "client_credentials" => Ok(for_application(gateway, &consumer, Issued { scope: granted(requested, &[]), ..issue })),
        "password" => password(gateway, form, issue),
        "authorization_code" => authorize::redeem(gateway, form, &consumer, issue),
        JWT_BEARER => {
            let text = form.filled("assertion");
            let claims = assertion::check(gateway, text, ASSERTION_AGE_S).await.map_err(assertion::Flaw::of_jwt_bearer)?;
            Ok(for_user(gateway, assertion::federated(gateway, issue, text, claims, requested), "jwt-bearer"))
        }
        TOKEN_EXCHANGE => exchange(gateway, form, issue).await,
        // The lab trusts no SAML identity provider, so every assertion is a stranger's.
        SAML2_BEARER => Err(bad("invalid_grant", "Identity provider not found for the SAML assertion")),
        "refresh_token" => {
            let id = form.filled("refresh_token").and_then(|text| own_refresh_token(gateway, text));
            let held = id.and_then(|id| lock(&gateway.state).refresh.remove(&id));
            let held = held.filter(|(held, until)| held.consumer == consumer.key && *until > now);
            let Some((held, _)) = held else {
                return Err(bad("invalid_grant", "Persisted access token data not found"));
            };
            Ok(for_user(gateway, Issued { issued: now, expires: now + gateway.lifespan, ..held }, "refresh_token"))
        }
        _ => Err(bad("unsupported_grant_type", "Unsupported grant_type value")),
    }
}

/// RFC 8693 as WSO2 has it: JWT subjects only, and a JWT comes out.
async fn exchange(gateway: &Gateway, form: &Form, issue: Issued) -> Result<Map<String, Value>, Refusal> {
    let named = |name: &str| form.filled(name).map(|value| value.strip_prefix(TOKEN_TYPE).unwrap_or(value));
    if let Some(kind) = named("requested_token_type").filter(|kind| *kind != "jwt") {
        let text = format!("Unsupported requested token type : {TOKEN_TYPE}{kind} provided");
        return Err(bad("invalid_request", text));
    }
    match named("subject_token_type") {
        Some("jwt" | "access_token") => {}
        Some(kind) => {
            return Err(bad("invalid_request", format!("Unsupported subject token type : {TOKEN_TYPE}{kind} provided")));
        }
        None => return Err(bad("invalid_request", "Subject token type is empty")),
    }
    let text = form.filled("subject_token");
    let claims = assertion::check(gateway, text, assertion::SUBJECT_AGE_S).await.map_err(assertion::Flaw::of_exchange)?;
    let issue = assertion::federated(gateway, issue, text, claims, form.filled("scope").unwrap_or_default());
    let mut body = for_user(gateway, issue, "token-exchange");
    body.insert("issued_token_type".to_owned(), json!(format!("{TOKEN_TYPE}jwt")));
    Ok(body)
}

/// RFC 6749 section 4.3, for the one local user.
fn password(gateway: &Gateway, form: &Form, issue: Issued) -> Result<Map<String, Value>, Refusal> {
    let user = form.filled("username").unwrap_or_default();
    let name = user.strip_suffix("@carbon.super").unwrap_or(user);
    if !gateway.is_admin(name, form.first("password").unwrap_or_default()) {
        return Err(bad("invalid_grant", format!("Authentication failed for {user}")));
    }
    let scope = granted(form.filled("scope").unwrap_or_default(), &[ADMIN]);
    Ok(for_user(gateway, Issued { sub: ADMIN_ID.to_owned(), user: true, scope, ..issue }, "password"))
}

/// The consumer of a request, by Basic or in the body.
pub(crate) fn authenticate(gateway: &Gateway, headers: &HeaderMap, form: &Form) -> Result<Consumer, Refusal> {
    let pair = match serve::basic(headers) {
        Some(pair) => pair.ok(),
        None => form.filled("client_id").zip(form.first("client_secret")).map(|(id, secret)| (id.to_owned(), secret.to_owned())),
    };
    let now = gateway.world.now_s();
    let known = pair.and_then(|(id, secret)| gateway.consumer(&id).filter(|consumer| consumer.has_secret(&secret, now)));
    known.ok_or_else(|| Refusal(401, "invalid_client", "Client credentials are invalid.".to_owned()))
}
