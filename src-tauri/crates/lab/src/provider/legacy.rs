//! The legacy token exchange V1: impersonation, from outside to inside, from inside to outside, and between clients.
//!
//! One refusal stands for six causes here: "Client not allowed to exchange" with another `reason` in the event each time. That is
//! the lesson of this file, so every one of them can be met.

use serde_json::{Map, Value, json};

use super::broker::Broker;
use super::events::Draft;
use super::issue::{Request, With, access, in_session, respond};
use super::mint::Order;
use super::realm::{Client, IMPERSONATORS, MAY_USE_BROKERS, PARTNER, Person};
use super::refusal::Refusal;
use super::state::{Provider, Valid};
use super::store::{Session, Store};
use crate::form::words;
use crate::{jose, random};

const TYPE: &str = "urn:ietf:params:oauth:token-type:";

/// The parameters that ask for this implementation.
pub(crate) const PARAMETERS: [&str; 3] = ["requested_subject", "requested_issuer", "subject_issuer"];

/// The grant, as far as the standard exchange has not taken it.
pub(crate) fn exchange(request: &Request<'_>, store: &mut Store, draft: &mut Draft) -> Result<Value, Refusal> {
    let form = request.form;
    if let Some(issuer) = form.filled("subject_issuer") {
        draft.detail("subject_issuer", issuer);
        if issuer != request.provider.issuer {
            return from_outside(request, store, draft, issuer);
        }
    }
    let subject = subject(request, store)?;
    let stands_in = form.filled("requested_subject").map(|name| stand_in(request, store, draft, name, subject.as_ref()));
    let (person, sid) = match (stands_in.transpose()?, &subject) {
        (Some((person, session)), _) => (person, Some(session)),
        (None, Some(valid)) => (valid.person, valid.token.text("sid").map(str::to_owned)),
        (None, None) => {
            return Err(refuse(400, "invalid_request", "Invalid token", "invalid_token").because("subject_token is missing"));
        }
    };
    // Whoever it is by now: one who stands in for another may ask for the tokens a provider gave that one.
    if let Some(alias) = form.filled("requested_issuer") {
        draft.detail("requested_issuer", alias);
        return to_outside(request, store, person, alias, sid.as_deref());
    }
    let target = target(request, draft, subject.as_ref())?;
    let Some(sid) = sid else {
        return Err(refuse(400, "invalid_request", "Invalid token", "invalid_token").because("user session not found"));
    };
    let held = subject.as_ref().map(|valid| valid.token.text("scope").unwrap_or_default());
    issue(request, store, draft, person, &sid, target, held)
}

/// The subject token, where one was sent.
fn subject<'a>(request: &Request<'a>, store: &Store) -> Result<Option<Valid<'a>>, Refusal> {
    let Some(text) = request.form.filled("subject_token") else { return Ok(None) };
    if request.form.filled("subject_token_type").is_some_and(|kind| kind != format!("{TYPE}access_token")) {
        return Err(refuse(400, "invalid_request", "Invalid token type, must be access token", "invalid_token")
            .because("subject_token supports access tokens only"));
    }
    let valid = request.provider.valid_access_token(store, text);
    let invalid = || refuse(400, "invalid_request", "Invalid token", "invalid_token").because("subject_token validation failure");
    valid.map(Some).ok_or_else(invalid)
}

/// Impersonation: the user who is asked for, in a session of their own. Without a subject (direct naked impersonation) the client
/// alone has to have the right.
fn stand_in<'a>(
    request: &Request<'a>,
    store: &mut Store,
    draft: &mut Draft,
    name: &str,
    subject: Option<&Valid<'_>>,
) -> Result<(&'a Person, String), Refusal> {
    let Request { provider, client, now, .. } = *request;
    draft.detail("requested_subject", name);
    let person = provider.realm.user(name).or_else(|| provider.realm.person(name));
    let Some(person) = person.filter(|person| !store.disabled.contains(person.id)) else {
        return Err(not_allowed("requested_subject not found"));
    };
    match subject {
        Some(valid) => {
            draft.detail("impersonator", &valid.person.username);
            // The right has to be in the token: one of a client without full scope carries no role of the realm's management.
            if !(IMPERSONATORS.contains(&valid.person.username.as_str()) && valid.client.full_scope) {
                return Err(not_allowed("subject not allowed to impersonate"));
            }
        }
        None if client.public => return Err(not_allowed("public clients not allowed")),
        None if !client.impersonates => return Err(not_allowed("client not allowed to impersonate")),
        None => {}
    }
    Ok((person, open_session(store, person, client, now, None)))
}

/// External to internal: a token of the partner or of the gateway, checked by its signature or by asking userinfo there.
fn from_outside(request: &Request<'_>, store: &mut Store, draft: &mut Draft, issuer: &str) -> Result<Value, Refusal> {
    let Request { provider, client, form, now } = *request;
    let Some(broker) = Broker::named(provider, issuer) else {
        return Err(refuse(400, "invalid_issuer", "Invalid subject_issuer parameter", "invalid_issuer"));
    };
    if !MAY_USE_BROKERS.contains(&client.id) {
        return Err(not_allowed("client not allowed to exchange subject_issuer"));
    }
    let invalid = |why: &str| refuse(400, "invalid_token", "invalid token", "invalid_token").because(why);
    let Some(text) = form.filled("subject_token") else {
        return Err(refuse(400, "invalid_token", "token not set", "invalid_token").because("token not set"));
    };
    let kind = form.filled("subject_token_type").unwrap_or("urn:ietf:params:oauth:token-type:access_token");
    let subject = match kind.strip_prefix(TYPE) {
        Some("access_token") => {
            draft.detail("validation_method", "user info");
            broker.by_userinfo(text).ok_or_else(|| invalid("user info call failure"))?
        }
        Some("jwt" | "id_token") => {
            draft.detail("validation_method", "signature");
            let genuine = |token: &jose::Parsed| {
                broker.signed(token)
                    && token.text("iss") == Some(broker.issuer())
                    && token.number("exp").is_some_and(|ends| ends > now)
            };
            let token = jose::parse(text).filter(genuine);
            // The kind is read from the content, where Keycloak writes it and WSO2 does not: its header says `at+jwt` in vain.
            if token.as_ref().is_some_and(|token| token.text("typ").is_none()) {
                // No event is written about it.
                let mut refusal = refuse(400, "invalid_token", "token type not supported", "invalid_token");
                refusal.event = None;
                return Err(refusal);
            }
            let subject = token.and_then(|token| token.text("sub").map(str::to_owned));
            subject.ok_or_else(|| invalid("token validation failure"))?
        }
        _ => {
            return Err(
                refuse(400, "invalid_token", "invalid token type", "invalid_token_type").because("subject_token_type invalid")
            );
        }
    };
    let known = broker.username(provider, &subject);
    let Some(person) = broker.linked(provider, &subject) else {
        if provider.realm.user(&known).is_some() {
            return Err(refuse(400, "invalid_token", "User already exists", "federated_identity_account_exists"));
        }
        return Err(invalid("Failed to extract identity from token"));
    };
    if store.disabled.contains(person.id) {
        return Err(refuse(400, "invalid_token", "Invalid Token", "user_disabled"));
    }
    let session = open_session(store, person, client, now, Some(text.to_owned()));
    let target = target(request, draft, None)?;
    issue(request, store, draft, person, &session, target, None)
}

/// Internal to external: no new token is made; the one that came from the partner for this session is handed out.
fn to_outside(request: &Request<'_>, store: &Store, person: &Person, alias: &str, sid: Option<&str>) -> Result<Value, Refusal> {
    let Request { provider, client, form, now } = *request;
    if alias != PARTNER || provider.partner.is_none() {
        return Err(
            refuse(400, "invalid_request", "Invalid issuer", "unknown_identity_provider").because("unknown requested_issuer")
        );
    }
    if !MAY_USE_BROKERS.contains(&client.id) {
        return Err(not_allowed("client not allowed to exchange for requested_issuer"));
    }
    if form.filled("requested_token_type").is_some_and(|kind| kind != format!("{TYPE}access_token")) {
        return Err(refuse(400, "invalid_target", "response_token_type_unsupported", "invalid_request")
            .because("requested_token_type unsupported"));
    }
    let link = || account_link(provider, client, sid.unwrap_or_default());
    if person.partner_id.is_none() {
        return Err(refuse(400, "not_linked", "identity provider is not linked", "invalid_token")
            .because("requested_issuer is not linked")
            .with("account-link-url", link()));
    }
    // The user is linked and the provider stores tokens, but none came in yet.
    let held = sid.and_then(|sid| store.live(sid, now)).and_then(|session| session.broker_token.clone());
    let Some(token) = held else {
        return Err(refuse(400, "not_linked", "identity provider is not linked", "invalid_token")
            .because("requested_issuer is not linked")
            .with("account-link-url", link()));
    };
    let ends = jose::parse(&token).and_then(|token| token.number("exp")).unwrap_or_default();
    if ends <= now {
        return Err(refuse(400, "token_expired", "linked token is expired", "invalid_token")
            .because("requested_issuer token expired")
            .with("account-link-url", link()));
    }
    let mut body = Map::new();
    body.insert("access_token".into(), json!(token));
    // As the server writes it, whatever the token itself says.
    body.insert("expires_in".into(), json!(0));
    body.insert("refresh_expires_in".into(), json!(0));
    body.insert("not-before-policy".into(), json!(0));
    body.insert("issued_token_type".into(), json!(format!("{TYPE}access_token")));
    Ok(Value::Object(body))
}

/// Where the user links the account; the client adds its own `redirect_uri`.
fn account_link(provider: &Provider, client: &Client, session: &str) -> String {
    let nonce = random::uuid();
    let hash = jose::s256(&format!("{nonce}{session}{}{PARTNER}", client.id));
    format!("{}/broker/{PARTNER}/link?nonce={nonce}&hash={hash}&client_id={}", provider.issuer, client.id)
}

/// The client whose mappers make the token: the first audience, or the requester itself. Another client than the requester has to
/// permit it, whoever the token will be about.
fn target<'a>(request: &Request<'a>, draft: &mut Draft, subject: Option<&Valid<'_>>) -> Result<&'a Client, Refusal> {
    let client = request.client;
    let requested = request.form.filled("requested_token_type");
    draft.detail("requested_token_type", requested.map_or_else(|| format!("{TYPE}refresh_token"), str::to_owned));
    let target = match request.form.filled("audience") {
        None => client,
        Some(asked) => {
            draft.detail("audience", asked);
            request.provider.realm.client(asked).ok_or_else(|| {
                refuse(400, "invalid_client", "Audience not found", "client_not_found").because("audience not found")
            })?
        }
    };
    if !target.enabled {
        return Err(refuse(400, "invalid_client", "Client disabled", "client_disabled").because("audience client disabled"));
    }
    let foreign = subject.filter(|valid| valid.client.id != client.id);
    if client.public && foreign.is_some() {
        return Err(refuse(403, "access_denied", "Client is not the holder of the token", "not_allowed")
            .because("client is not the token holder"));
    }
    if target.id != client.id {
        return if client.legacy_targets.contains(&target.id) {
            Ok(target)
        } else {
            Err(not_allowed("client not allowed to exchange to audience"))
        };
    }
    if foreign.is_some_and(|valid| !valid.token.audience().iter().any(|one| one == client.id)) {
        return Err(refuse(403, "access_denied", "Client is not within the token audience", "not_allowed")
            .because("client is not within the token audience"));
    }
    Ok(target)
}

fn open_session(store: &mut Store, person: &Person, client: &Client, now: i64, broker_token: Option<String>) -> String {
    store.sweep(now);
    let session = Session { broker_token, ..Session::begun(person.id, client.id, now) };
    let id = session.id.clone();
    store.sessions.insert(id.clone(), session);
    id
}

/// Mints with the target's mappers and gives the token to the requester. `held` is the scope of the subject token: with it the
/// scope can only become smaller, without a word about what was left out.
fn issue(
    request: &Request<'_>,
    store: &mut Store,
    draft: &mut Draft,
    person: &Person,
    sid: &str,
    target: &Client,
    held: Option<&str>,
) -> Result<Value, Refusal> {
    let Request { provider, client, form, now } = *request;
    let requested = form.filled("requested_token_type").and_then(|kind| kind.strip_prefix(TYPE));
    let refresh = match (form.filled("requested_token_type"), requested) {
        (None, _) | (_, Some("refresh_token")) => true,
        (_, Some("access_token" | "id_token")) => false,
        _ => {
            return Err(refuse(400, "invalid_request", "requested_token_type unsupported", "invalid_request").because_so());
        }
    };
    if let Some(session) = store.sessions.get_mut(sid) {
        session.clients.entry(client.id).or_default();
    }
    let Some(session) = store.live(sid, now) else {
        return Err(refuse(400, "invalid_request", "Invalid token", "invalid_token").because("user session not found"));
    };
    let asked: Vec<&str> = form.filled("scope").or(held).map(|text| words(text).collect()).unwrap_or_default();
    let may = |word: &&str| {
        let at_target = *word == "openid" || target.optional_scopes.contains(word) || target.default_scopes.contains(word);
        at_target && held.is_none_or(|held| words(held).any(|one| one == *word))
    };
    let scope = asked.into_iter().filter(may).collect::<Vec<_>>().join(" ");
    let session = in_session(store, session, client);
    let order = Order {
        client: target,
        session: Some(&session),
        session_kind: "on",
        // What the legacy exchange makes says of its grant: not known.
        ..request.order(store, person, "na", &scope)
    };
    let mut minted = access(provider, &order);
    minted.claims.insert("azp".into(), json!(client.id));
    if target.id != client.id && !minted.audience.iter().any(|one| one == target.id) {
        minted.audience.push(target.id.to_owned());
        let audience = if minted.audience.len() == 1 { json!(target.id) } else { json!(minted.audience) };
        minted.claims.insert("aud".into(), audience);
    }
    // What goes with the access token is the requester's: it refreshes as itself.
    let own = Client { id: client.id, ..*target };
    let order = Order { client: &own, ..order };
    let with = With { refresh, id: (words(&scope).any(|word| word == "openid")).then_some(None) };
    let mut body = respond(provider, &order, &minted, &with, draft);
    // The event names the target, not what the token's `aud` became, and no session.
    draft.user = Some(person.id.to_owned());
    draft.detail("audience", target.id);
    let kind = if refresh { "refresh_token" } else { requested.unwrap_or("access_token") };
    body.insert("issued_token_type".into(), json!(format!("{TYPE}{kind}")));
    Ok(Value::Object(body))
}

fn refuse(status: u16, error: &'static str, description: &str, event: &'static str) -> Refusal {
    Refusal::new(status, error, description, event)
}

/// The refusal with many reasons.
fn not_allowed(reason: &str) -> Refusal {
    refuse(403, "access_denied", "Client not allowed to exchange", "not_allowed").because(reason)
}
