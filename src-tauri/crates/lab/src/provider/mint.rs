//! How a token's content follows from client, person, scope and audience.
//!
//! These are Keycloak's rules and nothing else decides what is in a token, so the difference between two tokens can be
//! explained from the tables in `realm.rs`: which scopes are effective, which roles they let through, which audiences
//! the roles bring, and what a requested audience takes away again.

use serde_json::{Map, Value, json};

use super::realm::{Client, LAB_ISSUER, Person, REALM, Role, Scope, scope};
use crate::form::words;
use crate::{jose, random};

/// The session a token belongs to, as far as its claims say.
#[derive(Clone)]
pub(crate) struct InSession {
    pub id: String,
    pub auth_time: Option<i64>,
    pub by_cookie: bool,
    /// The second the session can not outlive.
    pub ends: i64,
}

/// Everything a new token depends on.
pub(crate) struct Order<'a> {
    pub issuer: &'a str,
    pub client: &'a Client,
    pub person: &'a Person,
    pub session: Option<&'a InSession>,
    /// The first two letters of the token id: `on`, `nt` or `tr`.
    pub session_kind: &'static str,
    /// The last two letters of the token id: `ac`, `rt`, `cc`, `ro` or `te`.
    pub grant: &'static str,
    /// The `scope` parameter, defaults not included.
    pub scope: &'a str,
    /// The `audience` parameters; empty means all that the rules give.
    pub audience: &'a [String],
    pub now: i64,
    pub lifespan: i64,
}

/// A minted access token before it is signed.
pub(crate) struct Access {
    pub claims: Map<String, Value>,
    pub jti: String,
    /// The `scope` claim and response member.
    pub scope: String,
    /// All effective scopes, those outside the claim too; a refresh token carries them.
    pub all_scopes: String,
    pub audience: Vec<String>,
    pub expires_in: i64,
}

/// Whether every word is `openid` or a scope assigned to the client.
pub(crate) fn scope_is_valid(client: &Client, requested: &str) -> bool {
    let assigned =
        |word: &str| word == "openid" || client.default_scopes.contains(&word) || client.optional_scopes.contains(&word);
    words(requested).all(assigned)
}

/// The effective client scopes: all defaults, and the optional ones asked for.
pub(crate) fn effective(client: &Client, person: &Person, requested: &str, audience: &[String]) -> Vec<&'static Scope> {
    let own = client.service_account.is_some().then_some("service_account");
    let person_has = person.client_roles();
    let optional = words(requested).filter(|word| client.optional_scopes.contains(word));
    let mut found: Vec<&'static Scope> = Vec::new();
    for name in client.default_scopes.iter().copied().chain(own).chain(optional) {
        let Some(candidate) = scope(name) else {
            continue;
        };
        let held = candidate.roles.is_empty() || candidate.roles.iter().any(|role| person_has.contains(role));
        let wanted = audience.is_empty()
            || candidate.roles.is_empty()
            || candidate.roles.iter().any(|(owner, _)| audience.iter().any(|asked| asked == owner));
        if held && wanted && !found.iter().any(|scope| scope.name == name) {
            found.push(candidate);
        }
    }
    found
}

/// The claims of an access token.
pub(crate) fn access(order: &Order<'_>, is_enabled: impl Fn(&str) -> bool) -> Access {
    let scopes = effective(order.client, order.person, order.scope, order.audience);
    let has = |name: &str| scopes.iter().any(|scope| scope.name == name);
    let client = order.client;

    let lets_through = |role: &Role| {
        client.full_scope
            || role.0 == client.id
            || client.roles.contains(role)
            || scopes.iter().any(|scope| scope.roles.contains(role))
    };
    let mut roles: Vec<Role> = Vec::new();
    if has("roles") {
        roles.extend(order.person.client_roles().into_iter().filter(lets_through).filter(|(owner, _)| is_enabled(owner)));
    }
    let realm_roles = if has("roles") && client.full_scope { order.person.realm_roles } else { &[] };

    // Audience mappers first, then audience resolve: every other client the token carries a role of.
    let mut audience: Vec<String> = Vec::new();
    let mapped = client.audiences.iter().copied().chain(scopes.iter().filter_map(|scope| scope.audience));
    let resolved = roles.iter().map(|(owner, _)| *owner).filter(|owner| *owner != client.id);
    for one in mapped.chain(resolved).map(|one| named(one, order.issuer)).filter(|one| is_enabled(one)) {
        if !audience.contains(&one) {
            audience.push(one);
        }
    }
    if !order.audience.is_empty() {
        audience.retain(|one| order.audience.contains(one));
        roles.retain(|(owner, _)| order.audience.iter().any(|asked| asked == owner));
    }

    let expires = order.session.map_or(order.now + order.lifespan, |session| session.ends.min(order.now + order.lifespan));
    let jti = format!("{}rt{}:{}", order.session_kind, order.grant, random::uuid());
    let openid = words(order.scope).any(|word| word == "openid").then_some("openid");
    let scope_claim = join(openid.into_iter().chain(scopes.iter().filter(|scope| scope.in_token).map(|scope| scope.name)));

    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
    put("exp", json!(expires));
    put("iat", json!(order.now));
    if let Some(auth_time) = order.session.and_then(|session| session.auth_time).filter(|_| has("basic")) {
        put("auth_time", json!(auth_time));
    }
    put("jti", json!(jti));
    put("iss", json!(order.issuer));
    match audience.as_slice() {
        [] => {}
        [one] => put("aud", json!(one)),
        many => put("aud", json!(many)),
    }
    put("sub", json!(order.person.id));
    put("typ", json!("Bearer"));
    put("azp", json!(client.id));
    if let Some(session) = order.session {
        put("sid", json!(session.id));
    }
    put("acr", json!(acr(order.session)));
    if has("web-origins") {
        let origins: Vec<&str> = client.redirect_uris.iter().filter_map(|uri| uri.strip_suffix("/*")).collect();
        put("allowed-origins", json!(origins));
    }
    if !realm_roles.is_empty() {
        put("realm_access", json!({"roles": realm_roles}));
    }
    if !roles.is_empty() {
        put("resource_access", resource_access(&roles));
    }
    put("scope", json!(scope_claim));
    personal(order.person, &scopes, &mut put);
    if has("service_account") && order.person.service_of.is_some() {
        put("client_id", json!(client.id));
        put("clientHost", json!("127.0.0.1"));
        put("clientAddress", json!("127.0.0.1"));
    }
    Access {
        claims,
        jti,
        scope: scope_claim,
        all_scopes: join(openid.into_iter().chain(scopes.iter().map(|scope| scope.name))),
        audience,
        expires_in: expires - order.now,
    }
}

/// The name of an audience: the realm `lab` goes by its issuer at the partner, which has the same base address.
fn named(audience: &str, issuer: &str) -> String {
    match issuer.rsplit_once('/') {
        Some((realms, _)) if audience == LAB_ISSUER => format!("{realms}/{REALM}"),
        _ => audience.to_owned(),
    }
}

/// The claims of the ID token that goes with an access token (OpenID Connect Core section 2).
pub(crate) fn id(order: &Order<'_>, access_token: &str, nonce: Option<&str>, expires_in: i64) -> Map<String, Value> {
    let scopes = effective(order.client, order.person, order.scope, &[]);
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
    put("exp", json!(order.now + expires_in));
    put("iat", json!(order.now));
    if let Some(auth_time) = order.session.and_then(|session| session.auth_time) {
        put("auth_time", json!(auth_time));
    }
    put("jti", json!(random::uuid()));
    put("iss", json!(order.issuer));
    put("aud", json!(order.client.id));
    put("sub", json!(order.person.id));
    put("typ", json!("ID"));
    put("azp", json!(order.client.id));
    if let Some(nonce) = nonce {
        put("nonce", json!(nonce));
    }
    if let Some(session) = order.session {
        put("sid", json!(session.id));
    }
    put("at_hash", json!(jose::at_hash(access_token)));
    put("acr", json!(acr(order.session)));
    personal(order.person, &scopes, &mut put);
    claims
}

/// The claims of a refresh token: for the provider's own eyes.
pub(crate) fn refresh(order: &Order<'_>, access: &Access, session: &InSession) -> (String, Map<String, Value>) {
    let jti = random::uuid();
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
    put("exp", json!(session.ends));
    put("iat", json!(order.now));
    put("jti", json!(jti));
    put("iss", json!(order.issuer));
    put("aud", json!(order.issuer));
    put("sub", json!(order.person.id));
    put("typ", json!("Refresh"));
    put("azp", json!(order.client.id));
    put("sid", json!(session.id));
    put("scope", json!(access.all_scopes));
    if !order.audience.is_empty() {
        put("req-aud", json!(order.audience));
    }
    (jti, claims)
}

/// The claims of `profile`, `email` and `groups`, also what userinfo answers.
pub(crate) fn personal(person: &Person, scopes: &[&Scope], put: &mut dyn FnMut(&str, Value)) {
    let has = |name: &str| scopes.iter().any(|scope| scope.name == name);
    if has("email") && person.profile.is_some() {
        put("email_verified", json!(true));
    }
    if has("profile") {
        if let Some(profile) = &person.profile {
            put("name", json!(format!("{} {}", profile.given_name, profile.family_name)));
        }
        put("preferred_username", json!(person.username));
        if let Some(profile) = &person.profile {
            put("given_name", json!(profile.given_name));
            put("family_name", json!(profile.family_name));
        }
    }
    if has("groups") {
        put("groups", json!(person.groups));
    }
    if let Some(profile) = person.profile.as_ref().filter(|_| has("email")) {
        put("email", json!(profile.email));
    }
}

fn acr(session: Option<&InSession>) -> &'static str {
    if session.is_some_and(|session| session.by_cookie) { "0" } else { "1" }
}

fn resource_access(roles: &[Role]) -> Value {
    let mut owners = Map::new();
    for (owner, role) in roles {
        let entry = owners.entry((*owner).to_owned()).or_insert_with(|| json!({"roles": []}));
        if let Some(list) = entry["roles"].as_array_mut() {
            list.push(json!(role));
        }
    }
    Value::Object(owners)
}

fn join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(" ")
}
