//! The fields of each operation.

use super::{
    choices::{Context, unique},
    exchange::token_exchange,
};
use crate::{
    form::{Choice, Field, FieldKind, ShownIf},
    message::{CHANNEL_FIELD, LogoutChannel},
    profile::{Client, ClientAuth, ServerRole},
};
use record::operation::Operation;
use token::inspect::{TokenFormat, TokenKind, TokenView};

/// What the token type identifiers of RFC 8693 3 begin with.
pub(super) const TYPE: &str = "urn:ietf:params:oauth:token-type:";

/// Fields in order, and the server the first filling goes to.
pub(super) fn fields(operation: Operation, context: &Context<'_>) -> (Vec<Field>, ServerRole) {
    match operation {
        Operation::LogIn => (log_in(context), ServerRole::Provider),
        Operation::TokenExchange => (token_exchange(context), ServerRole::Provider),
        Operation::JwtBearer => jwt_bearer(context),
        Operation::ClientCredentials => client_credentials(context),
        Operation::Refresh => refresh(context),
        Operation::Password => (password(context), ServerRole::Provider),
        Operation::CallApi => (call_api(context), ServerRole::Gateway),
        Operation::Introspect => about_token(context, "RFC 7662 2.1", "Which token to ask about", true),
        Operation::Revoke => about_token(context, "RFC 7009 2.1", "Which token to end", false),
        Operation::Userinfo => userinfo(context),
        Operation::LogOut => (log_out(context), ServerRole::Provider),
        Operation::Discover | Operation::ReadEvents | Operation::Predict => (Vec::new(), ServerRole::Provider),
        // The portal has a place of its own in the window, with a form for each call.
        Operation::Portal => (Vec::new(), ServerRole::Gateway),
    }
}

fn log_in(context: &Context<'_>) -> Vec<Field> {
    let profile = context.profile;
    let initial = profile
        .clients
        .iter()
        .find(|client| client.login)
        .or_else(|| profile.clients.iter().find(|client| client.server == ServerRole::Provider));
    let port = match profile.redirect.port {
        0 => format!("Any free port on {}", profile.redirect.host),
        port => format!("Port {port} on {}", profile.redirect.host),
    };
    let scope = if profile.scopes.is_empty() { vec!["openid".to_owned()] } else { profile.scopes.clone() };
    vec![
        client(context, ServerRole::Provider, "Who logs the user in", |client| client.server == ServerRole::Provider, initial),
        Field {
            initial: vec![super::preview::redirect_words(profile)],
            ..field("redirect_uri", "RFC 8252 7.3", &port, FieldKind::Made)
        },
        words("scope", "OIDC 3.1.2.1", "openid asks for an ID token", context.scopes(), scope),
        Field {
            initial: vec!["S256, made when you run".into()],
            ..field("code_challenge", "RFC 7636 4.2", "New for every login", FieldKind::Made)
        },
        Field {
            kind: choice(&[
                ("", "not sent", ""),
                ("login", "login", "asks for the password again"),
                ("consent", "consent", "asks for consent again"),
                ("select_account", "select_account", "lets the user choose"),
                ("none", "none", "no page at all"),
            ]),
            initial: vec![String::new()],
            ..field("prompt", "OIDC 3.1.2.1", "login asks for the password again", FieldKind::Text)
        },
        field("login_hint", "OIDC 3.1.2.1", "Fills in the user name", FieldKind::Text),
        field("acr_values", "OIDC 3.1.2.1", "Wanted strength of the log in", FieldKind::Text),
    ]
}

fn jwt_bearer(context: &Context<'_>) -> (Vec<Field>, ServerRole) {
    let gateway = context.profile.clients.iter().find(|client| client.server == ServerRole::Gateway);
    let own = |client: &&Client| client.auth != ClientAuth::None && !client.events;
    let initial = gateway
        .or_else(|| context.profile.clients.iter().find(own))
        .or_else(|| context.profile.clients.iter().find(|client| client.auth != ClientAuth::None));
    let server = initial.map_or(ServerRole::Gateway, |client| client.server);
    let jwt = |token: &TokenView| token.format == TokenFormat::Jws && token.kind != TokenKind::Refresh;
    let assertion = if server == ServerRole::Provider { meant_for(context) } else { None };
    // An exchanged token is for another service; the gateway trusts the one the user logged in with.
    let own = |token: &TokenView| server == ServerRole::Gateway && context.by_gateway(token);
    let assertion = assertion
        .or_else(|| context.selected(jwt).map(|token| if server == ServerRole::Gateway { context.root(token) } else { token }))
        .filter(|token| jwt(token) && !own(token))
        .or_else(|| {
            context.token(|token| {
                jwt(token)
                    && token.kind == TokenKind::Access
                    && context.by_provider(token)
                    && token.parent.is_none()
                    && token.session.is_some()
            })
        })
        .or_else(|| context.token(|token| jwt(token) && context.by_provider(token)))
        .or_else(|| context.token(jwt));
    let hint = match server {
        ServerRole::Gateway => "A JWT whose issuer the server trusts",
        ServerRole::Provider => "A JWT of a trusted issuer; its aud names this realm's issuer and nobody else",
    };
    let fields = vec![
        client(context, server, "", |_| true, initial),
        token("assertion", "RFC 7523 2.1", hint, assertion, true),
        words("scope", "RFC 7523 2.1", "What the user token may do", scopes_at(context, server), Vec::new()),
    ];
    (fields, server)
}

/// A token of another issuer that was made for this provider: the second step of identity chaining begins with it.
fn meant_for<'a>(context: &Context<'a>) -> Option<&'a TokenView> {
    let provider = &context.profile.provider;
    let fits = |token: &TokenView| {
        token.format == TokenFormat::Jws
            && token.issuer.as_deref().is_some_and(|issuer| issuer != provider.issuer)
            && token.audience.iter().any(|audience| *audience == provider.issuer || *audience == provider.endpoints.token)
    };
    context.token(fits)
}

fn client_credentials(context: &Context<'_>) -> (Vec<Field>, ServerRole) {
    let confidential = |client: &Client| client.auth != ClientAuth::None;
    let application = context.profile.clients.iter().find(|client| client.server == ServerRole::Gateway && confidential(client));
    let initial = application.or_else(|| context.profile.clients.iter().find(|client| confidential(client) && !client.events));
    let server = initial.map_or(ServerRole::Provider, |client| client.server);
    let fields = vec![
        client(context, ServerRole::Gateway, "", confidential, initial),
        words("scope", "RFC 6749 4.4.2", "What the application may do", scopes_at(context, server), Vec::new()),
    ];
    (fields, server)
}

fn refresh(context: &Context<'_>) -> (Vec<Field>, ServerRole) {
    let subject = context.token(|token| token.kind == TokenKind::Refresh);
    let owner = owner(context, subject).or_else(|| context.profile.clients.iter().find(|client| client.login));
    let server = owner.map_or(ServerRole::Provider, |client| client.server);
    let fields = vec![
        client(context, server, "The client the token was issued to", |_| true, owner),
        token("refresh_token", "RFC 6749 6", "From the shelf, or pasted", subject, true),
        words("scope", "RFC 6749 6", "Equal or narrower; left out = as before", scopes_at(context, server), Vec::new()),
    ];
    (fields, server)
}

fn password(context: &Context<'_>) -> Vec<Field> {
    let login = context
        .profile
        .clients
        .iter()
        .find(|client| client.login)
        .or_else(|| context.profile.clients.iter().find(|client| client.server == ServerRole::Provider));
    vec![
        client(context, ServerRole::Provider, "", |_| true, login),
        Field { required: true, ..field("username", "RFC 6749 4.3.2", "A test user", FieldKind::Text) },
        Field { required: true, ..field("password", "RFC 6749 4.3.2", "Kept in memory for this run only", FieldKind::Password) },
        words("scope", "RFC 6749 4.3.2", "openid asks for an ID token", context.scopes(), context.profile.scopes.clone()),
    ]
}

fn call_api(context: &Context<'_>) -> Vec<Field> {
    let access = |token: &TokenView| token.kind == TokenKind::Access;
    let resources = &context.profile.resources;
    let subject = context.selected(access);
    let through = context.behind_gateway(subject.or_else(|| context.token(|token| access(token) && context.by_gateway(token))));
    // The API the selected token names; else the first behind the gateway, with a token of the gateway.
    let named = subject
        .and_then(|token| resources.iter().find(|resource| !resource.through_gateway && token.audience.contains(&resource.name)));
    let resource = match subject {
        Some(token) if context.by_gateway(token) => through,
        Some(_) => named,
        None => through,
    }
    .or(named)
    .or_else(|| resources.first());
    let subject = subject
        .or_else(|| {
            resource
                .filter(|resource| resource.through_gateway)
                .and_then(|_| context.token(|token| access(token) && context.by_gateway(token)))
        })
        .or_else(|| resource.and_then(|resource| context.token(|token| access(token) && token.audience.contains(&resource.name))))
        .or_else(|| context.token(access));
    let urls = resources.iter().filter(|resource| !resource.url.is_empty()).map(|resource| Choice {
        value: resource.url.clone(),
        label: resource.name.clone(),
        note: if resource.through_gateway { "through the gateway".into() } else { resource.url.clone() },
    });
    vec![
        token("token", "RFC 6750 2.1", "Sent as Authorization: Bearer; none shows what strangers get", subject, false),
        Field {
            required: true,
            initial: vec!["GET".into()],
            ..field(
                "method",
                "",
                "",
                choice(&[
                    ("GET", "GET", ""),
                    ("POST", "POST", ""),
                    ("PUT", "PUT", ""),
                    ("PATCH", "PATCH", ""),
                    ("DELETE", "DELETE", ""),
                    ("HEAD", "HEAD", ""),
                    ("OPTIONS", "OPTIONS", ""),
                ]),
            )
        },
        Field {
            required: true,
            initial: resource.map(|resource| resource.url.clone()).into_iter().collect(),
            ..field("url", "", "An API of the profile, or any address", FieldKind::Choice { choices: urls.collect(), open: true })
        },
        field("headers", "", "Name: value, one a line", FieldKind::Lines),
        field("body", "", "Sent as typed; JSON is recognised", FieldKind::Lines),
    ]
}

fn about_token(context: &Context<'_>, rfc: &str, hint: &str, introspect: bool) -> (Vec<Field>, ServerRole) {
    // Introspection is most telling for a token that can not be read.
    let subject = context
        .selected(|_| true)
        .or_else(|| context.token(|token| introspect && token.format == TokenFormat::Opaque && token.kind == TokenKind::Access))
        .or_else(|| context.token(|token| token.kind == TokenKind::Access));
    let owner = owner(context, subject);
    let server = subject.map_or(ServerRole::Provider, |token| {
        if context.by_gateway(token) { ServerRole::Gateway } else { owner.map_or(ServerRole::Provider, |client| client.server) }
    });
    let confidential =
        |client: &&Client| client.server == server && (client.auth != ClientAuth::None || !introspect) && !client.events;
    // Keycloak tells about a token only to a client the token names (26.6.2 and later), so such a one goes first.
    let named = context
        .profile
        .clients
        .iter()
        .filter(confidential)
        .find(|client| introspect && subject.is_some_and(|token| token.audience.contains(&client.client_id)));
    let initial = named
        .or_else(|| owner.filter(|client| confidential(client)))
        .or_else(|| context.profile.clients.iter().find(confidential));
    let fields = vec![
        client(
            context,
            server,
            if introspect {
                "Who asks; it has to be in the token's aud at newer Keycloaks"
            } else {
                "The client the token was issued to"
            },
            |client| client.auth != ClientAuth::None || !introspect,
            initial,
        ),
        token("token", rfc, hint, subject, true),
        Field {
            initial: vec![match subject.map(|token| token.kind) {
                Some(TokenKind::Refresh) => "refresh_token".into(),
                _ => String::new(),
            }],
            ..field(
                "token_type_hint",
                rfc,
                "Helps the server to find it",
                choice(&[("", "not sent", ""), ("access_token", "access_token", ""), ("refresh_token", "refresh_token", "")]),
            )
        },
    ];
    (fields, server)
}

fn userinfo(context: &Context<'_>) -> (Vec<Field>, ServerRole) {
    let openid = |token: &TokenView| token.kind == TokenKind::Access && token.scope.iter().any(|scope| scope == "openid");
    let subject = context
        .selected(|token| token.kind == TokenKind::Access)
        .or_else(|| context.token(|token| openid(token) && context.by_provider(token)))
        .or_else(|| context.token(|token| token.kind == TokenKind::Access));
    let server = if subject.is_some_and(|token| context.by_gateway(token)) { ServerRole::Gateway } else { ServerRole::Provider };
    (vec![token("token", "OIDC 5.3.1", "An access token with scope openid", subject, true)], server)
}

fn log_out(context: &Context<'_>) -> Vec<Field> {
    // Sessions are the provider's; a gateway's refresh token ends none of them.
    let refresh = context.token(|token| token.kind == TokenKind::Refresh && context.by_provider(token));
    let hint = context.token(|token| token.kind == TokenKind::Id && context.by_provider(token));
    let keycloak = crate::server::habits(context.profile.provider.dialect).ends_session_by_refresh_token;
    let initial = match (keycloak && refresh.is_some(), context.profile.provider.endpoints.authorization.is_empty()) {
        (true, _) => LogoutChannel::Back,
        (false, false) => LogoutChannel::Front,
        (false, true) => LogoutChannel::Direct,
    };
    let owner = owner(context, if initial == LogoutChannel::Back { refresh } else { hint })
        .or_else(|| context.profile.clients.iter().find(|client| client.login));
    let mut refresh_token = token(
        "refresh_token",
        "Keycloak",
        "Ends the session it belongs to, without the browser",
        refresh.filter(|_| keycloak),
        true,
    );
    refresh_token.unavailable = (!keycloak).then(|| "Only Keycloak ends a session by a refresh token".into());
    let mut fields = vec![
        client(
            context,
            ServerRole::Provider,
            "The client the session was opened by",
            |client| client.server == ServerRole::Provider,
            owner,
        ),
        Field {
            required: true,
            initial: vec![initial.id().into()],
            ..field(
                CHANNEL_FIELD,
                "",
                "Which way; not sent itself",
                choice(&[
                    ("back_channel", "Back channel", "by its refresh token, without the browser"),
                    ("front_channel", "Front channel", "in the browser, ends the single sign-on there"),
                    ("direct", "POST from here", "by its ID token; the browser keeps its cookie"),
                ]),
            )
        },
        refresh_token,
        token(
            "id_token_hint",
            "OIDC RP-Initiated Logout 2",
            "Names the session; without it the server asks the user",
            hint,
            false,
        ),
        Field {
            initial: vec![super::preview::redirect_words(context.profile)],
            ..field(
                "post_logout_redirect_uri",
                "OIDC RP-Initiated Logout 2",
                "Must be registered for the client; Keycloak: Valid post logout redirect URIs",
                FieldKind::Made,
            )
        },
    ];
    for field in &mut fields {
        let values: Vec<String> = LogoutChannel::ALL
            .into_iter()
            .filter(|channel| channel.uses(&field.name))
            .map(|channel| channel.id().into())
            .collect();
        field.shown_if = (values.len() < LogoutChannel::ALL.len()).then(|| ShownIf { field: CHANNEL_FIELD.into(), values });
    }
    fields
}

/// The client a token was issued to, when the profile knows it.
fn owner<'a>(context: &Context<'a>, token: Option<&TokenView>) -> Option<&'a Client> {
    let id = token?.client.as_deref()?;
    let server = if context.by_gateway(token?) { ServerRole::Gateway } else { ServerRole::Provider };
    crate::message::client_of(context.profile, id, server)
}

fn scopes_at(context: &Context<'_>, server: ServerRole) -> Vec<String> {
    match server {
        ServerRole::Provider => context.scopes(),
        ServerRole::Gateway => {
            let expected = context
                .profile
                .resources
                .iter()
                .filter(|resource| resource.through_gateway)
                .flat_map(|resource| resource.expectations.scope.iter().cloned());
            let portal = context.profile.gateway.as_ref().map(|gateway| crate::server::habits(gateway.dialect).portal_scopes);
            unique(expected.chain(portal.into_iter().flatten().map(|scope| (*scope).to_owned())).collect())
        }
    }
}

pub(super) fn client(
    context: &Context<'_>,
    prefer: ServerRole,
    hint: &str,
    keep: impl Fn(&Client) -> bool,
    initial: Option<&Client>,
) -> Field {
    Field {
        required: true,
        initial: initial.map(|client| client.client_id.clone()).into_iter().collect(),
        ..field(
            "client",
            "",
            if hint.is_empty() { "Who asks" } else { hint },
            FieldKind::Choice { choices: context.clients(prefer, keep), open: false },
        )
    }
}

pub(super) fn token(name: &str, rfc: &str, hint: &str, initial: Option<&TokenView>, required: bool) -> Field {
    Field {
        required,
        initial: initial.map(|token| format!("token:{}", token.id)).into_iter().collect(),
        ..field(name, rfc, hint, FieldKind::Token)
    }
}

pub(super) fn words(name: &str, rfc: &str, hint: &str, suggestions: Vec<String>, initial: Vec<String>) -> Field {
    Field { initial, ..field(name, rfc, hint, FieldKind::Words { suggestions }) }
}

pub(super) fn type_choice(suffixes: &[&str]) -> FieldKind {
    FieldKind::Choice {
        choices: suffixes
            .iter()
            .map(|suffix| Choice { value: format!("{TYPE}{suffix}"), label: (*suffix).into(), note: String::new() })
            .collect(),
        open: true,
    }
}

pub(super) fn optional_type_choice(suffixes: &[&str]) -> FieldKind {
    let FieldKind::Choice { mut choices, open } = type_choice(suffixes) else { return FieldKind::Text };
    choices.insert(0, Choice { value: String::new(), label: "not sent".into(), note: String::new() });
    FieldKind::Choice { choices, open }
}

pub(super) fn choice(entries: &[(&str, &str, &str)]) -> FieldKind {
    FieldKind::Choice {
        choices: entries
            .iter()
            .map(|(value, label, note)| Choice { value: (*value).into(), label: (*label).into(), note: (*note).into() })
            .collect(),
        open: false,
    }
}

pub(super) fn field(name: &str, rfc: &str, hint: &str, kind: FieldKind) -> Field {
    Field {
        name: name.into(),
        rfc: rfc.into(),
        hint: hint.into(),
        kind,
        required: false,
        repeatable: false,
        unavailable: None,
        initial: Vec::new(),
        empty: None,
        shown_if: None,
    }
}
