//! The authorization endpoint and the login behind it (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2).
//!
//! Checks run in Keycloak's order. A client or redirect URI that is not known ends on a page, since an answer must never
//! go to an address nobody registered; every later refusal goes back to the client with `state` and `iss`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::answer::{complete, redirect_error};
use super::events::Draft;
use super::mint;
use super::page::{self, Login};
use super::realm::Client;
use super::state::Provider;
use super::store::{AuthRequest, Pending, Session, Store};
use super::token::grants::is_pkce_value;
use super::{cookies, redirect};
use crate::form::{Form, words};
use crate::random;
use crate::world::lock;

/// Seconds a login page stays good.
const LOGIN_LIFESPAN: i64 = 1800;

/// `GET .../auth`.
pub(crate) async fn by_query(State(provider): State<Arc<Provider>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    authorize(&provider, &Form::of_query(query), &headers)
}

/// `POST .../auth`, which OpenID Connect Core section 3.1.2.1 asks for too.
pub(crate) async fn by_form(State(provider): State<Arc<Provider>>, headers: HeaderMap, body: Bytes) -> Response {
    authorize(&provider, &Form::parse(&body), &headers)
}

fn authorize(provider: &Provider, form: &Form, headers: &HeaderMap) -> Response {
    let mut store = lock(&provider.store);
    let now = provider.world.now_s();
    let mut draft = Draft::new("LOGIN");
    let (realm_id, time) = (provider.realm.id.clone(), provider.world.now_ms());
    let stop = |store: &mut Store, draft: Draft, error: &str, text: &str| {
        store.events.failure(draft, &realm_id, time, error);
        page::error(400, text)
    };

    let Some(id) = form.filled("client_id") else {
        return stop(&mut store, draft, "invalid_request", "Missing parameters: client_id");
    };
    draft.client = Some(id.to_owned());
    let Some(client) = provider.realm.client(id) else {
        return stop(&mut store, draft, "client_not_found", "Client not found.");
    };
    if !client.enabled {
        return stop(&mut store, draft, "client_disabled", "Client disabled.");
    }
    let redirect_uri = form.filled("redirect_uri").unwrap_or_default();
    draft.detail("redirect_uri", redirect_uri);
    if !redirect::allowed(client.redirect_uris, redirect_uri) {
        return stop(&mut store, draft, "invalid_redirect_uri", "Invalid parameter: redirect_uri");
    }

    let owned = |name: &str| form.filled(name).map(str::to_owned);
    let request = AuthRequest {
        client: client.id,
        redirect_uri: redirect_uri.to_owned(),
        scope: owned("scope").unwrap_or_default(),
        state: owned("state"),
        nonce: owned("nonce"),
        pkce: form.filled("code_challenge_method").zip(form.filled("code_challenge")).map(|(a, b)| (a.to_owned(), b.to_owned())),
        fragment: form.first("response_mode") == Some("fragment"),
        login_hint: owned("login_hint"),
    };
    draft.detail("response_type", form.first("response_type").unwrap_or_default()).detail("auth_method", "openid-connect");
    if let Err((error, description, event)) = check(client, form) {
        if !description.is_empty() {
            draft.detail("reason", &description);
        }
        store.events.failure(draft, &provider.realm.id, provider.world.now_ms(), event);
        return redirect_error(provider, &request, error, &description);
    }

    let prompts: Vec<&str> = form.filled("prompt").map(|text| words(text).collect()).unwrap_or_default();
    let cookie = cookies::value(headers, cookies::IDENTITY);
    let session = cookie.and_then(|value| store.by_cookie(value, now)).filter(|session| !store.disabled.contains(session.user));
    let fresh_enough = |session: &&Session| match form.filled("max_age").map(str::parse::<i64>) {
        Some(Ok(seconds)) => session.auth_time.is_some_and(|at| now - at <= seconds),
        _ => true,
    };
    let usable = session.filter(fresh_enough).filter(|_| !prompts.contains(&"login")).map(|session| session.id.clone());
    match usable {
        Some(session) => complete(provider, &mut store, &request, session, true),
        None if prompts.contains(&"none") => {
            store.events.failure(draft, &provider.realm.id, provider.world.now_ms(), "login_required");
            redirect_error(provider, &request, "login_required", "")
        }
        None => {
            let pending = random::token(24);
            let known = session.and_then(|session| provider.realm.person(session.user)).map(|person| person.username.clone());
            let username = request.login_hint.clone().or(known).unwrap_or_default();
            store.sweep(now);
            store.pending.insert(pending.clone(), Pending { request, expires: now + LOGIN_LIFESPAN });
            let action = action(provider.realm.name, &pending);
            let login = Login { action: &action, client: client.id, username: &username, message: None };
            cookies::set(page::login(provider, 200, &login), provider.realm.name, cookies::LOGIN, &pending)
        }
    }
}

/// The checks whose outcome the client is told: (error, description, error of the event).
fn check(client: &Client, form: &Form) -> Result<(), (&'static str, String, &'static str)> {
    let invalid = |text: &str| Err(("invalid_request", text.to_owned(), "invalid_request"));
    if form.repeats(&["resource"]) {
        return invalid("duplicated parameter");
    }
    match form.first("response_type") {
        None => return invalid("Missing parameter: response_type"),
        Some("code") => {}
        Some(_) => {
            return Err(("unsupported_response_type", String::new(), "invalid_request"));
        }
    }
    if !matches!(form.first("response_mode"), None | Some("query" | "fragment")) {
        return invalid("Invalid parameter: response_mode");
    }
    if !client.standard_flow {
        let text =
            "Client is not allowed to initiate browser login with given response_type. Standard flow is disabled for the client.";
        return Err(("unauthorized_client", text.to_owned(), "not_allowed"));
    }
    let scope = form.first("scope").unwrap_or_default();
    if !mint::scope_is_valid(client, scope) {
        return Err(("invalid_scope", format!("Invalid scopes: {scope}"), "invalid_request"));
    }
    // RFC 7636 section 4.4.1; S256 is demanded of public clients, `pkce.code.challenge.method` in Keycloak's words.
    match (form.filled("code_challenge_method"), form.filled("code_challenge")) {
        (None, None) if !client.public => Ok(()),
        (None, _) => invalid("Missing parameter: code_challenge_method"),
        (Some(method), _) if client.public && method != "S256" => {
            invalid("Invalid parameter: code challenge method is not matching the configured one")
        }
        (Some(method), _) if !["S256", "plain"].contains(&method) => invalid("Invalid parameter: code_challenge_method"),
        (Some(_), None) => invalid("Missing parameter: code_challenge"),
        (Some(_), Some(challenge)) if !is_pkce_value(challenge) => invalid("Invalid parameter: code_challenge"),
        (Some(_), Some(_)) => Ok(()),
    }
}

/// The login form comes back.
pub(crate) async fn submit(
    State(provider): State<Arc<Provider>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = Form::parse(&body);
    let query = Form::of_query(query);
    let mut store = lock(&provider.store);
    let now = provider.world.now_s();
    // The form is only good in the browser it was shown in, or anybody's page could log people in as somebody else.
    let key = query.filled("session_code").filter(|key| cookies::value(&headers, cookies::LOGIN) == Some(key));
    let Some(key) = key else {
        return page::error(400, "Restart login cookie not found. It may have expired; start again.");
    };
    let Some(pending) = store.pending.get(key).filter(|pending| pending.expires > now) else {
        return page::error(400, "Your login attempt timed out. Start again.");
    };
    let request = pending.request.clone();
    let mut draft = Draft::new("LOGIN");
    draft.client = Some(request.client.to_owned());
    draft.detail("redirect_uri", &request.redirect_uri).detail("auth_method", "openid-connect").detail("auth_type", "code");
    let time = provider.world.now_ms();
    if form.first("cancel").is_some() {
        store.pending.remove(key);
        store.events.failure(draft, &provider.realm.id, time, "rejected_by_user");
        // RFC 6749 section 4.1.2.1: the resource owner said no.
        return redirect_error(&provider, &request, "access_denied", "User cancelled the login");
    }

    let username = form.first("username").unwrap_or_default().trim();
    draft.detail("username", username);
    let person = provider.realm.user(username);
    draft.user = person.map(|person| person.id.to_owned());
    let known = person.filter(|person| form.first("password") == Some(person.password()));
    let (error, message) = match (person, known) {
        (None, _) => ("user_not_found", "Invalid username or password."),
        (Some(_), None) => ("invalid_user_credentials", "Invalid username or password."),
        (_, Some(person)) if store.disabled.contains(person.id) => {
            ("user_disabled", "Account is disabled, contact your administrator.")
        }
        (_, Some(person)) => {
            store.pending.remove(key);
            let cookie = random::token(24);
            let session = Session {
                id: random::token(18),
                user: person.id,
                started: now,
                last_used: now,
                auth_time: Some(now),
                cookie: Some(cookie.clone()),
                clients: std::collections::HashMap::new(),
                broker_token: None,
            };
            let id = session.id.clone();
            store.sessions.insert(id.clone(), session);
            return cookies::set(
                complete(&provider, &mut store, &request, id, false),
                provider.realm.name,
                cookies::IDENTITY,
                &cookie,
            );
        }
    };
    store.events.failure(draft, &provider.realm.id, time, error);
    let action = action(provider.realm.name, key);
    page::login(&provider, 200, &Login { action: &action, client: request.client, username, message: Some(message) })
}

fn action(realm: &str, pending: &str) -> String {
    format!("/realms/{realm}/login-actions/authenticate?session_code={pending}")
}
