//! An assertion for a token (RFC 7523 2.1): a gateway maps the user of a foreign token, a provider trusts another one.

use super::{
    definition::{
        ByServer, Carries, Definition, Ended, Flow, Grant, Headline, IdToken, Issues, Menu, NOTHING_CHANGED, Offer, Remarked,
        Scope, Spends, Target, TokenField, Wanted, as_listed, every_field, is_api_token, not_in_browser, nothing_by_browser,
        nothing_remarkable,
    },
    needs,
};
use crate::{
    form::{
        Field, ReadyLine,
        choices::Context,
        fields::{client, scopes_at, token, words},
        ready::{self, checked, stated},
    },
    message::{Built, builder::Builder, client_of, value},
    profile::{Client, ClientAuth, Profile, ServerRole},
    server::{Remarks, habits},
};
use record::{
    join::Caused,
    operation::{Draft, Operation},
};
use token::{
    finding::Severity,
    inspect::{Obtained, TokenFormat, TokenKind, TokenView},
};

/// The definition.
pub(super) const DEFINITION: Definition = Definition {
    operation: Operation::JwtBearer,
    menu: Menu::Entry { note: "jwt-bearer, RFC 7523" },
    title: ByServer { provider: "JWT authorization grant", gateway: "User mapping" },
    verb: ByServer { provider: "Get token", gateway: "Map user" },
    again: "Map the user again",
    listed: ByServer { provider: "JWT authorization grant", gateway: "User mapping, jwt-bearer" },
    step_title: as_listed,
    prefer: ServerRole::Gateway,
    target: Target::OfClient(|endpoints| &endpoints.token),
    unavailable,
    grant: Some(Grant { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", id: "jwt-bearer", label: "JWT bearer grant" }),
    capability: |_| Some("jwt-bearer"),
    fields,
    sends: every_field,
    tokens: &[TokenField {
        name: "assertion",
        misfit: |kind| (kind == TokenKind::Refresh).then_some("A refresh token is no assertion. Use an access or ID token."),
        may_be_over: false,
        offer: |token| if is_api_token(token) { Offer::of("Use as assertion") } else { None },
        remarks: remarks_on_assertion,
    }],
    secrets: &[],
    as_client: true,
    scope: Scope::Asks,
    asks_type: false,
    remarks: nothing_remarkable,
    flow: Flow::Request,
    build,
    ready,
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Confidential("The token that is shown as an assertion"),
    browser_loads: nothing_by_browser,
    issues: Issues::Tokens { obtained: Obtained::Asserted, words: "jwt-bearer", id_token: IdToken::NotJudged },
    from_token: true,
    sends_on: false,
    spends: Spends::WhenSent,
    speaker: None,
    events: Caused { types: &["LOGIN", "JWT_AUTHORIZATION_GRANT", "OAUTH2_EXTENSION_GRANT"], by_gateway: false },
    headline,
    stopped: NOTHING_CHANGED,
};

fn unavailable(profile: &Profile) -> Option<String> {
    needs::token_endpoint(profile).or_else(|| {
        let takes = habits(profile.provider.dialect).takes_assertions;
        let nobody = profile.gateway.is_none() && !takes && profile.clients.is_empty();
        nobody.then(|| "The profile has neither a gateway nor a client.".into())
    })
}

fn fields(context: &Context<'_>) -> (Vec<Field>, ServerRole) {
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

/// RFC 7523 2.1.
fn build(builder: &mut Builder<'_>) -> Option<Built> {
    builder.grant();
    builder.token("assertion", true);
    builder.scope();
    builder.at_token_endpoint("jwt-bearer", None)
}

fn ready(asked: &Wanted<'_>) -> Vec<ReadyLine> {
    let mut lines = Vec::new();
    if let Some(subject) = ready::view(asked, "assertion") {
        if let Some(issuer) = &subject.issuer {
            lines.push(stated("Issuer", format!("The server must trust {issuer} under exactly this name.")));
        }
        audience_of_assertion(asked.draft, asked.profile, &subject, &mut lines);
        ready::of_token(asked, &subject, &mut lines);
    }
    lines
}

/// RFC 7523 3: the assertion names the server it is shown to.
fn audience_of_assertion(draft: &Draft, profile: &Profile, subject: &TokenView, lines: &mut Vec<ReadyLine>) {
    let at_provider = value(draft, "client")
        .and_then(|id| client_of(profile, id, ServerRole::Gateway))
        .is_some_and(|client| client.server == ServerRole::Provider);
    if at_provider {
        let said = (habits(profile.provider.dialect).assertion_ready)(&profile.provider, subject);
        lines.extend(said.into_iter().map(|(label, said)| checked(label, said)));
    }
}

fn headline(ended: &Ended<'_>) -> Headline {
    let Ended { client, user, .. } = ended;
    let token = match ended.server {
        ServerRole::Provider => "token",
        ServerRole::Gateway => "gateway token",
    };
    Headline::new(format!("{client} got a {token} for {user}"), format!("{client} got no {token} for {user}"))
}

fn remarks_on_assertion(remarked: &Remarked<'_>, subject: &TokenView, found: &mut Remarks) {
    if subject.format != TokenFormat::Jws {
        found.add(
            "assertion-not-jwt",
            Severity::Error,
            "Not a JWT",
            "The assertion must be a signed JWT; this token is not one.".into(),
            Some("RFC 7523 3"),
            "assertion",
        );
        return;
    }
    if subject.issuer.is_none() || subject.subject.is_none() || subject.audience.is_empty() || subject.expires_at.is_none() {
        found.add(
            "assertion-claims",
            Severity::Error,
            "Claims missing",
            "An assertion needs iss, sub, aud and exp. In Keycloak the client scope basic carries sub, an audience mapper aud."
                .into(),
            Some("RFC 7523 3"),
            "assertion",
        );
    }
    (remarked.own.assertion)(remarked.profile, subject, remarked.now_s, found);
}
