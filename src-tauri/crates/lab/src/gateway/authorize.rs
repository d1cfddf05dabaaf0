//! `/oauth2/authorize` of the gateway's own key manager: the authorization code grant with a page of its own.
//!
//! Only the one local user can sign in here. What matters for a client is the redirect, its parameters and its errors: a
//! redirect address that was not registered ends on an error page of the server and never at the client.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde_json::{Map, Value};

use super::issue::{for_user, granted};
use super::refusal::Refusal;
use super::registry::Consumer;
use super::state::{ADMIN, ADMIN_ID, Code, Gateway, Issued};
use crate::form::Form;
use crate::world::lock;
use crate::{jose, random, serve};

/// WSO2's default life of a code.
const CODE_LIFESPAN_S: i64 = 300;

/// `GET /oauth2/authorize`: the login page, or the error page.
pub(crate) async fn page(State(gateway): State<Arc<Gateway>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    match checked(&gateway, &Form::parse(query.as_bytes())) {
        Err(response) => *response,
        Ok(_) => {
            let action = query.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
            let body = format!(
                "<!doctype html><html lang=\"en\"><title>Sign in (simulation)</title><body><h1>WSO2 API Manager (simulation)</h1>\
                 <form id=\"loginForm\" action=\"/oauth2/authorize?{action}\" method=\"post\">\
                 <label>Username <input name=\"username\"></label> <label>Password <input name=\"password\" type=\"password\"></label> \
                 <button>Continue</button></form></body></html>"
            );
            serve::text(200, "text/html; charset=UTF-8", body)
        }
    }
}

/// The form of that page.
pub(crate) async fn submit(State(gateway): State<Arc<Gateway>>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let asked = Form::of_query(query);
    let (consumer, redirect_uri) = match checked(&gateway, &asked) {
        Ok(found) => found,
        Err(response) => return *response,
    };
    let typed = Form::parse(&body);
    if !gateway.is_admin(typed.first("username").unwrap_or_default(), typed.first("password").unwrap_or_default()) {
        return serve::text(200, "text/html; charset=UTF-8", "<p>Login failed! Please check your credentials.</p>".to_owned());
    }
    let code = random::uuid();
    let held = Code {
        consumer: consumer.key,
        redirect_uri: redirect_uri.clone(),
        scope: granted(asked.filled("scope").unwrap_or_default(), &[ADMIN]),
        challenge: asked.filled("code_challenge").map(str::to_owned),
        expires: gateway.world.now_s() + CODE_LIFESPAN_S,
    };
    lock(&gateway.state).codes.insert(code.clone(), held);
    let pairs: Vec<(&str, &str)> =
        [("code", Some(code.as_str())), ("state", asked.first("state"))].into_iter().filter_map(|(n, v)| Some((n, v?))).collect();
    to(&redirect_uri, &pairs)
}

/// The consumer and its redirect address, or the page or redirect that says what is wrong.
fn checked(gateway: &Gateway, asked: &Form) -> Result<(Consumer, String), Box<Response>> {
    let error_page = |code: &str, text: &str| {
        let pairs = [("oauthErrorCode", code), ("oauthErrorMsg", text)];
        Box::new(to(&format!("{}/authenticationendpoint/oauth2_error.do", gateway.base), &pairs))
    };
    let consumer = asked.filled("client_id").and_then(|id| gateway.consumer(id));
    let Some(consumer) = consumer else {
        let text = "A valid OAuth client could not be found for client_id";
        return Err(error_page("invalid_client", text));
    };
    let Some(redirect_uri) = asked.filled("redirect_uri") else {
        return Err(error_page("invalid_request", "Redirect URI is not present in the authorization request"));
    };
    if !gateway.callbacks(&consumer.key).iter().any(|known| known == redirect_uri) {
        return Err(error_page("invalid_callback", "callback.not.match"));
    }
    if asked.filled("response_type") != Some("code") {
        let pairs = [("error", "unsupported_response_type"), ("error_description", "Unsupported response_type value")];
        return Err(Box::new(to(redirect_uri, &pairs)));
    }
    Ok((consumer, redirect_uri.to_owned()))
}

/// RFC 6749 section 4.1.3, with RFC 7636 where a challenge was sent.
pub(crate) fn redeem(gateway: &Gateway, form: &Form, consumer: &Consumer, issue: Issued) -> Result<Map<String, Value>, Refusal> {
    let refuse = |text: &str| Refusal(400, "invalid_grant", text.to_owned());
    let held = form.filled("code").and_then(|code| lock(&gateway.state).codes.remove(code));
    let held = held.filter(|held| held.consumer == consumer.key && held.expires > gateway.world.now_s());
    let held = held.ok_or_else(|| refuse("Invalid authorization code received from token request"))?;
    if form.first("redirect_uri") != Some(held.redirect_uri.as_str()) {
        return Err(refuse("Callback url mismatch"));
    }
    if held.challenge.is_some_and(|challenge| form.filled("code_verifier").map(jose::s256) != Some(challenge)) {
        return Err(refuse("PKCE validation failed"));
    }
    let issue = Issued { sub: ADMIN_ID.to_owned(), user: true, scope: held.scope, ..issue };
    Ok(for_user(gateway, issue, "BasicAuthenticator"))
}

fn to(address: &str, pairs: &[(&str, &str)]) -> Response {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let mark = if address.contains('?') { '&' } else { '?' };
    serve::with_header(serve::text(302, "text/plain", String::new()), "location", &format!("{address}{mark}{query}"))
}

impl Gateway {
    /// The redirect addresses of a consumer, from its registration or its application's keys.
    fn callbacks(&self, key: &str) -> Vec<String> {
        let state = lock(&self.state);
        let registered = state.registrations.iter().filter(|one| one.key == key).map(|one| one.callback.clone());
        registered.chain(state.portal.callback(key)).filter(|callback| !callback.is_empty()).collect()
    }
}
