//! Standard token exchange V2 (RFC 8693 section 2, as Keycloak 26.2 and later do it).
//!
//! The most refusals of the whole provider are in here, and a developer meets them one after the other, so their order
//! counts as much as their words. It is the order measured on 26.7.1: the request's shape, then the requested type,
//! then the subject token, then audience, scope and session.

use serde_json::{Value, json};

use super::events::Draft;
use super::issue::{Request, With, access, in_session, respond};
use super::legacy;
use super::mint::{self, InSession, Order};
use super::realm::Client;
use super::refusal::Refusal;
use super::store::{ClientSession, Store};
use crate::form::words;

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const REFRESH_TOKEN: &str = "urn:ietf:params:oauth:token-type:refresh_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

/// The grant. Parameters are those of RFC 8693 section 2.1.
pub(crate) fn exchange(request: &Request<'_>, store: &mut Store, draft: &mut Draft) -> Result<Value, Refusal> {
    let Request { provider, client, form, now } = *request;
    draft.client = Some(client.id.to_owned());
    draft.detail("auth_method", "token_exchange");

    // With the legacy exchange switched on, what the standard one is not for goes there: its parameters, and clients without
    // the switch.
    let legacy_asked = legacy::PARAMETERS.iter().any(|name| form.first(name).is_some());
    if provider.legacy && (legacy_asked || !client.exchange) {
        return legacy::exchange(request, store, draft);
    }
    let subject_token = check_shape(request)?;
    let requested_type = check_requested_type(request, draft)?;
    let valid = provider.valid_access_token(store, subject_token).ok_or_else(|| {
        refuse(400, "invalid_request", "Invalid token", "invalid_token").because("subject_token validation failure")
    })?;
    let (person, token) = (valid.person, &valid.token);
    let sid = token.text("sid");
    draft.user = Some(person.id.to_owned());
    draft.session = sid.map(str::to_owned);
    draft.detail("username", &person.username).detail("subject_token_client_id", valid.client.id);
    draft.detail("requested_token_type", requested_type);

    let audience = form.all("audience");
    check_audience(request, &audience, valid.client, &token.audience(), draft)?;
    let scope = form.first("scope").unwrap_or_default();
    if !mint::scope_is_valid(client, scope) {
        return Err(refuse(400, "invalid_scope", &format!("Invalid scopes: {scope}"), "invalid_request").because_so());
    }
    let wants_refresh = requested_type == REFRESH_TOKEN;
    if wants_refresh && sid.is_none() {
        let text = "Refresh token not valid as requested_token_type because creating a new session is needed";
        return Err(invalid(text));
    }
    if wants_refresh && words(scope).any(|word| word == "offline_access") {
        return Err(invalid("Scope offline_access not allowed for token exchange"));
    }

    let session = sid.and_then(|sid| store.live(sid, now));
    let known = session.is_some_and(|session| session.clients.contains_key(client.id));
    let held: Option<InSession> = session.map(|session| in_session(store, session, client));
    let order = Order {
        session: held.as_ref(),
        session_kind: match (&held, known || wants_refresh) {
            (None, _) => "tr",
            (Some(_), true) => "on",
            (Some(_), false) => "nt",
        },
        audience: &audience,
        ..request.order(store, person, "te", scope)
    };
    let minted = access(provider, &order);
    let missing: Vec<&str> = audience.iter().filter(|asked| !minted.audience.contains(asked)).map(String::as_str).collect();
    if !missing.is_empty() {
        return Err(invalid(&format!("Requested audience not available: {}", missing.join(", "))));
    }

    if wants_refresh && let Some(session) = sid.and_then(|sid| store.sessions.get_mut(sid)) {
        let from = (valid.client.id.to_owned(), token.text("jti").unwrap_or_default().to_owned());
        session.clients.entry(client.id).or_insert_with(ClientSession::default).exchanged_from.push(from);
    }
    // An ID token comes along only when THIS request asks for `openid`, or takes the place of the access token.
    let asks_openid = words(scope).any(|word| word == "openid");
    let with = With { refresh: wants_refresh, id: (asks_openid || requested_type == ID_TOKEN).then_some(None) };
    let mut body = respond(provider, &order, &minted, &with, draft);
    if !minted.audience.is_empty() {
        draft.detail("audience", minted.audience.join(" "));
    }
    if requested_type == ID_TOKEN {
        // RFC 8693 section 2.2.1: whatever the type, the issued token stands in `access_token`.
        if let Some(id) = body.shift_remove("id_token") {
            body.insert("access_token".to_owned(), id);
        }
        body.insert("token_type".to_owned(), json!("N_A"));
    }
    body.insert("issued_token_type".to_owned(), json!(requested_type));
    Ok(Value::Object(body))
}

/// Is it a request this kind of exchange can take at all? Absence counts here; an empty value goes on.
fn check_shape<'a>(request: &Request<'a>) -> Result<&'a str, Refusal> {
    let form = request.form;
    for legacy in ["requested_subject", "requested_issuer", "subject_issuer"] {
        if form.first(legacy).is_some() {
            return Err(invalid(&format!("Parameter '{legacy}' is not supported for standard token exchange")));
        }
    }
    if !request.client.exchange {
        return Err(invalid("Standard token exchange is not enabled for the requested client"));
    }
    let Some(subject_token) = form.first("subject_token") else {
        return Err(invalid("Parameter 'subject_token' required for standard token exchange"));
    };
    match form.first("subject_token_type") {
        None => Err(invalid("Parameter 'subject_token_type' required for standard token exchange")),
        Some(ACCESS_TOKEN) => Ok(subject_token),
        Some(_) => Err(invalid("Parameter 'subject_token' supports access tokens only")),
    }
}

fn check_requested_type<'a>(request: &Request<'a>, draft: &mut Draft) -> Result<&'a str, Refusal> {
    let Some(requested) = request.form.first("requested_token_type") else {
        return Ok(ACCESS_TOKEN);
    };
    draft.detail("requested_token_type", requested);
    match requested {
        ACCESS_TOKEN | ID_TOKEN => Ok(requested),
        REFRESH_TOKEN if request.client.exchange_refresh => Ok(requested),
        _ => Err(invalid("requested_token_type unsupported")),
    }
}

/// May this client exchange this token for those audiences?
fn check_audience(
    request: &Request<'_>,
    audience: &[String],
    holder: &Client,
    token_audience: &[String],
    draft: &mut Draft,
) -> Result<(), Refusal> {
    let client = request.client;
    let mut targets = Vec::new();
    for asked in audience {
        let Some(target) = request.provider.realm.client(asked) else {
            draft.detail("audience", asked);
            return Err(refuse(400, "invalid_client", "Audience not found", "client_not_found").because("audience not found"));
        };
        targets.push(target);
    }
    if client.public {
        let text = "Public client is not allowed to exchange token";
        return Err(refuse(400, "invalid_client", text, "invalid_client").because_so());
    }
    if let Some(target) = targets.iter().find(|target| !target.enabled) {
        draft.detail("audience", target.id);
        return Err(refuse(400, "invalid_client", "Client disabled", "client_disabled").because("audience client disabled"));
    }
    if holder.id != client.id && !token_audience.iter().any(|one| one == client.id) {
        let text = "Client is not within the token audience";
        return Err(refuse(403, "access_denied", text, "not_allowed").because("client is not within the token audience"));
    }
    Ok(())
}

fn refuse(status: u16, error: &'static str, description: &str, event: &'static str) -> Refusal {
    Refusal::new(status, error, description, event)
}

/// The most common refusal: 400 `invalid_request`, the event says the same.
fn invalid(description: &str) -> Refusal {
    refuse(400, "invalid_request", description, "invalid_request").because_so()
}
