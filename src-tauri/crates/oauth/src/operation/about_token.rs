//! What introspection and revocation have in common: a token, and a hint at what kind it is.

use crate::{
    form::{
        Field,
        choices::Context,
        fields::{choice, client, field, owner, token},
    },
    message::{Built, Reads, builder::Builder},
    profile::{Client, ClientAuth, Endpoints, ServerRole},
};
use token::inspect::{TokenFormat, TokenKind};

/// Fields in order, and the server the first filling goes to.
pub(super) fn fields(context: &Context<'_>, rfc: &str, hint: &str, introspect: bool) -> (Vec<Field>, ServerRole) {
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

/// RFC 7662 2.1 and RFC 7009 2.1 have the same shape.
pub(super) fn build(builder: &mut Builder<'_>, reads: Reads, pick: fn(&Endpoints) -> &String, name: &str) -> Option<Built> {
    builder.token("token", true);
    builder.one("token_type_hint", false);
    let client = builder.client()?;
    let endpoints = builder.endpoints(client.server)?;
    let url = builder.endpoint(pick(&endpoints), "client", name)?;
    let short = if reads == Reads::Introspection { "introspection" } else { "revocation" };
    builder.form_request(&client, &url, reads, short, None)
}
