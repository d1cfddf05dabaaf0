//! The grants of RFC 6749: authorization code, refresh token, client credentials and password.

use serde_json::Value;

use crate::form::words;
use crate::jose;
use crate::provider::events::Draft;
use crate::provider::issue::{Request, With, access, in_session, respond};
use crate::provider::mint::{self, Order};
use crate::provider::refusal::Refusal;
use crate::provider::store::{Session, Store};

/// RFC 6749 section 4.1.3, with PKCE by RFC 7636 section 4.6. A code is spent by the first attempt, good or bad; a second
/// one also takes away what the first one got (RFC 6749 section 4.1.2).
pub(crate) fn authorization_code(request: &Request<'_>, store: &mut Store, draft: &mut Draft) -> Result<Value, Refusal> {
    let Request { provider, client, form, now } = *request;
    draft.client = Some(client.id.to_owned());
    let refuse = |description: &str, event| Refusal::new(400, "invalid_grant", description, event);
    let Some(text) = form.first("code") else {
        return Err(Refusal::new(400, "invalid_request", "Missing parameter: code", "invalid_code").because_so());
    };
    let Some(code) = store.codes.get_mut(text) else {
        return Err(refuse("Code not valid", "invalid_code"));
    };
    let (asked, session_id, expires) = (code.request.clone(), code.session.clone(), code.expires);
    draft.detail("code_id", &session_id);
    draft.session = Some(session_id.clone());
    if std::mem::replace(&mut code.used, true) {
        store.detach(&session_id, asked.client);
        return Err(refuse("Code not valid", "invalid_code"));
    }
    if expires <= now {
        return Err(refuse("Code is expired", "expired_code"));
    }
    let Some(session) = store.live(&session_id, now) else {
        return Err(refuse("User session not found", "user_session_not_found"));
    };
    let Some(person) = provider.realm.person(session.user) else {
        return Err(refuse("User not found", "user_not_found"));
    };
    draft.user = Some(person.id.to_owned());
    if store.disabled.contains(person.id) {
        return Err(refuse("User disabled", "user_disabled"));
    }
    let redirect_uri = form.first("redirect_uri");
    if redirect_uri != Some(asked.redirect_uri.as_str()) {
        let reason = format!(
            "Parameter 'redirect_uri' did not match originally saved redirect URI used in initial OIDC request. Saved redirectUri: {}, redirectUri parameter: {}",
            asked.redirect_uri,
            redirect_uri.unwrap_or("null"),
        );
        return Err(refuse("Incorrect redirect_uri", "invalid_redirect_uri").because(reason));
    }
    if client.id != asked.client {
        return Err(refuse("Auth error: Found different client_id in clientSession", "invalid_client").because_so());
    }
    if !session.clients.contains_key(client.id) {
        return Err(refuse("Session not active", "user_session_not_found").because_so());
    }
    check_verifier(asked.pkce.as_ref(), form.first("code_verifier"))?;

    let held = in_session(store, session, client);
    let order = Order { session: Some(&held), session_kind: "on", ..request.order(store, person, "ac", &asked.scope) };
    let minted = access(provider, &order);
    let with = With { refresh: true, id: openid(&asked.scope).then_some(asked.nonce.as_deref()) };
    Ok(Value::Object(respond(provider, &order, &minted, &with, draft)))
}

fn check_verifier(pkce: Option<&(String, String)>, verifier: Option<&str>) -> Result<(), Refusal> {
    let refuse = |description: &str, event| Refusal::new(400, "invalid_grant", description, event);
    let (method, challenge, verifier) = match (pkce, verifier) {
        (None, None) => return Ok(()),
        (Some(_), None) => {
            return Err(refuse("PKCE code verifier not specified", "code_verifier_missing"));
        }
        (None, Some(_)) => {
            let text = "PKCE code verifier specified but challenge not present in authorization";
            return Err(refuse(text, "invalid_code_verifier"));
        }
        (Some((method, challenge)), Some(verifier)) => (method, challenge, verifier),
    };
    if !is_pkce_value(verifier) {
        return Err(refuse("PKCE verification failed: Invalid code verifier", "invalid_code_verifier"));
    }
    let derived = if method == "S256" { jose::s256(verifier) } else { verifier.to_owned() };
    if derived != *challenge {
        return Err(refuse("PKCE verification failed: Code mismatch", "pkce_verification_failed"));
    }
    Ok(())
}

/// The alphabet and length of verifiers and challenges (RFC 7636 section 4.1).
pub(crate) fn is_pkce_value(text: &str) -> bool {
    (43..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// RFC 6749 section 6, with rotation: each refresh token works once, a second use ends the client session.
pub(crate) fn refresh_token(request: &Request<'_>, store: &mut Store, draft: &mut Draft) -> Result<Value, Refusal> {
    let Request { provider, client, form, now } = *request;
    draft.client = Some(client.id.to_owned());
    let refuse = |description: &str| Refusal::new(400, "invalid_grant", description, "invalid_token").because_so();
    let Some(text) = form.first("refresh_token") else {
        return Err(Refusal::new(400, "invalid_request", "No refresh token", "invalid_token").because_so());
    };
    let Some(old) = provider.refresh_token(text) else {
        return Err(refuse("Invalid refresh token"));
    };
    let [jti, azp, sub, sid, scope] =
        ["jti", "azp", "sub", "sid", "scope"].map(|name| old.text(name).unwrap_or_default().to_owned());
    draft.session = Some(sid.clone());
    draft.detail("refresh_token_id", &jti).detail("refresh_token_type", "Refresh").detail("refresh_token_sub", &sub);
    if old.number("exp").unwrap_or_default() <= now {
        return Err(refuse("Token is not active"));
    }
    if azp != client.id {
        return Err(refuse("Invalid refresh token. Token client and authorized client don't match"));
    }
    let Some(session) = store.live(&sid, now) else {
        return Err(refuse("Session not active"));
    };
    let Some(person) = provider.realm.person(session.user) else {
        return Err(refuse("Unknown user"));
    };
    if store.disabled.contains(person.id) {
        return Err(refuse("User disabled"));
    }
    let Some(held) = session.clients.get(client.id) else {
        return Err(refuse("Session doesn't have required client"));
    };
    if held.used_refresh.contains(&jti) {
        let last = held.used_refresh.last() == Some(&jti);
        store.detach(&sid, client.id);
        return Err(refuse(if last { "Maximum allowed refresh token reuse exceeded" } else { "Stale token" }));
    }
    draft.user = Some(person.id.to_owned());
    if let Some(session) = store.sessions.get_mut(&sid) {
        session.last_used = now;
        if let Some(held) = session.clients.get_mut(client.id) {
            held.used_refresh.push(jti);
        }
    }

    // Scopes can only become fewer (RFC 6749 section 6); names that were not granted are left out without a word.
    let wanted: Vec<&str> = form.filled("scope").map(|text| words(text).collect()).unwrap_or_default();
    let kept: Vec<&str> = words(&scope).filter(|word| wanted.is_empty() || wanted.contains(word)).collect();
    let kept = kept.join(" ");
    let audience = jose::audience(old.claims.get("req-aud"));
    let Some(session) = store.live(&sid, now) else {
        return Err(refuse("Session not active"));
    };
    let in_session = in_session(store, session, client);
    let order = Order {
        session: Some(&in_session),
        session_kind: "on",
        audience: &audience,
        ..request.order(store, person, "rt", &kept)
    };
    let minted = access(provider, &order);
    draft
        .detail("age_of_refresh_token", (now - old.number("iat").unwrap_or(now)).to_string())
        .detail("access_token_expiration_time", minted.expires_in.to_string());
    let with = With { refresh: true, id: openid(&kept).then_some(None) };
    Ok(Value::Object(respond(provider, &order, &minted, &with, draft)))
}

/// RFC 6749 section 4.4: the client's own account, no session, no refresh token.
pub(crate) fn client_credentials(request: &Request<'_>, store: &mut Store, draft: &mut Draft) -> Result<Value, Refusal> {
    let Request { provider, client, form, .. } = *request;
    draft.client = Some(client.id.to_owned());
    let refuse = |text: &str| Refusal::new(401, "unauthorized_client", text, "invalid_client").because_so();
    if client.public {
        return Err(refuse("Public client not allowed to retrieve service account"));
    }
    let Some(person) = provider.realm.account_of(client.id) else {
        return Err(refuse("Client not enabled to retrieve service account"));
    };
    draft.user = Some(person.id.to_owned());
    draft.detail("username", &person.username);
    let scope = form.first("scope").unwrap_or_default();
    check_scope(request, scope)?;
    let order = request.order(store, person, "cc", scope);
    let minted = access(provider, &order);
    let with = With { refresh: false, id: openid(scope).then_some(None) };
    Ok(Value::Object(respond(provider, &order, &minted, &with, draft)))
}

/// RFC 6749 section 4.3, for scripts that have no browser.
pub(crate) fn password(request: &Request<'_>, store: &mut Store, draft: &mut Draft) -> Result<Value, Refusal> {
    let Request { provider, client, form, now } = *request;
    draft.client = Some(client.id.to_owned());
    draft.detail("auth_method", "openid-connect");
    if !client.direct_grants {
        let text = "Client not allowed for direct access grants";
        return Err(Refusal::new(400, "unauthorized_client", text, "not_allowed").because_so());
    }
    let scope = form.first("scope").unwrap_or_default();
    check_scope(request, scope)?;
    let Some(username) = form.filled("username") else {
        return Err(Refusal::new(401, "invalid_request", "Missing parameter: username", "user_not_found"));
    };
    draft.detail("username", username);
    let wrong = |event| Refusal::new(400, "invalid_grant", "Invalid user credentials", event);
    let Some(person) = provider.realm.user(username) else {
        return Err(wrong("user_not_found"));
    };
    draft.user = Some(person.id.to_owned());
    if store.disabled.contains(person.id) {
        return Err(Refusal::new(400, "invalid_grant", "Account disabled", "user_disabled"));
    }
    if form.first("password") != Some(person.password()) {
        return Err(wrong("invalid_user_credentials"));
    }
    store.sweep(now);
    let session = Session::begun(person.id, client.id, now);
    let held = in_session(store, &session, client);
    draft.session = Some(session.id.clone());
    store.sessions.insert(session.id.clone(), session);
    let order = Order { session: Some(&held), session_kind: "on", ..request.order(store, person, "ro", scope) };
    let minted = access(provider, &order);
    let with = With { refresh: true, id: openid(scope).then_some(None) };
    Ok(Value::Object(respond(provider, &order, &minted, &with, draft)))
}

/// Refuses a scope that is not assigned to the client (RFC 6749 section 5.2, `invalid_scope`).
pub(crate) fn check_scope(request: &Request<'_>, scope: &str) -> Result<(), Refusal> {
    if mint::scope_is_valid(request.client, scope) {
        return Ok(());
    }
    Err(Refusal::new(400, "invalid_scope", format!("Invalid scopes: {scope}"), "invalid_request").because_so())
}

/// Whether an ID token was asked for (OpenID Connect Core section 3.1.2.1).
pub(crate) fn openid(scope: &str) -> bool {
    words(scope).any(|word| word == "openid")
}
