//! The authorization response: a code or an error, always with `state` and `iss`, by redirect.
//!
//! It is apart from the checks because the faults of a provider that a client must notice live here and nowhere else.

use axum::response::Response;

use super::events::Draft;
use super::state::Provider;
use super::store::{AuthRequest, ClientSession, Code, Store};
use crate::fault::Fault;
use crate::{random, serve};

/// Issues a code for a session and sends the browser back (RFC 6749 section 4.1.2).
pub(crate) fn complete(
    provider: &Provider,
    store: &mut Store,
    request: &AuthRequest,
    session_id: String,
    by_cookie: bool,
) -> Response {
    let now = provider.world.now_s();
    let expires = now + store.lifespans.code;
    if let Some(session) = store.sessions.get_mut(&session_id) {
        session.last_used = now;
        session.clients.insert(request.client, ClientSession { by_cookie, ..ClientSession::default() });
        let mut draft = Draft::new("LOGIN");
        draft.client = Some(request.client.to_owned());
        draft.user = Some(session.user.to_owned());
        draft.session = Some(session_id.clone());
        let username = provider.realm.person(session.user).map_or("", |person| person.username.as_str());
        draft
            .detail("auth_method", "openid-connect")
            .detail("auth_type", "code")
            .detail("response_type", "code")
            .detail("response_mode", if request.fragment { "fragment" } else { "query" })
            .detail("redirect_uri", &request.redirect_uri)
            .detail("consent", "no_consent_required")
            .detail("code_id", &session_id)
            .detail("username", username);
        store.events.success(draft, &provider.realm.id, provider.world.now_ms());
    }
    let code = format!("{}.{}.{}", random::uuid(), session_id, random::uuid());
    let record = Code { request: request.clone(), session: session_id.clone(), expires, used: false };
    store.codes.insert(code.clone(), record);
    let mut answer = vec![("session_state", session_id)];
    if provider.world.fault() != Fault::AuthorizationNoCode {
        answer.push(("code", code));
    }
    send_back(provider, request, answer)
}

/// Tells the client why there is no code (RFC 6749 section 4.1.2.1).
pub(crate) fn redirect_error(provider: &Provider, request: &AuthRequest, error: &str, description: &str) -> Response {
    let mut answer = vec![("error", error.to_owned())];
    if !description.is_empty() {
        answer.push(("error_description", description.to_owned()));
    }
    send_back(provider, request, answer)
}

/// The redirect to the client, with `state` echoed and `iss` by RFC 9207 section 2; also where those two are spoilt.
fn send_back(provider: &Provider, request: &AuthRequest, answer: Vec<(&str, String)>) -> Response {
    let fault = provider.world.fault();
    let state = request.state.clone().filter(|_| fault != Fault::AuthorizationMissingState);
    let iss = match fault {
        Fault::AuthorizationWrongIssuer => "http://127.0.0.1:1/realms/other",
        _ => &provider.issuer,
    };
    let mut pairs: Vec<(&str, String)> = Vec::new();
    if let Some(state) = state {
        match fault {
            Fault::AuthorizationWrongState => pairs.push(("state", "another-state".to_owned())),
            Fault::AuthorizationRepeatedState => pairs.extend([("state", state), ("state", "another-state".to_owned())]),
            _ => pairs.push(("state", state)),
        }
    }
    pairs.push(("iss", iss.to_owned()));
    pairs.extend(answer);
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let uri = &request.redirect_uri;
    let separator = match (request.fragment, uri.contains('?')) {
        (true, _) => '#',
        (false, true) => '&',
        (false, false) => '?',
    };
    let response = serve::with_header(serve::text(302, "text/plain", String::new()), "cache-control", "no-store");
    let response = serve::with_header(response, "referrer-policy", "no-referrer");
    serve::with_header(response, "location", &format!("{uri}{separator}{query}"))
}
