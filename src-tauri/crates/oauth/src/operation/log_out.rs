//! Ending a session: OpenID Connect RP-Initiated Logout 1.0, or Keycloak's back channel with a refresh token.

use super::{
    definition::{
        ByBrowser, ByServer, Carries, Definition, Ended, Flow, Headline, Issues, Menu, Offer, Scope, Spends, Stopped, Target,
        TokenField, Wanted, as_listed, nothing_remarkable, token_unremarked,
    },
    needs,
};
use crate::{
    binding::Load,
    form::{
        Field, FieldKind, ShownIf, browser,
        choices::Context,
        fields::{choice, client, field, owner, redirect_words, token},
        ready,
    },
    message::{Built, CHANNEL_FIELD, LogoutChannel, Reads, builder::Builder, logout_request, to_of, token_request, value},
    profile::{Profile, ServerRole},
    server::habits,
};
use record::{
    join::Caused,
    operation::{Draft, Operation},
};
use token::inspect::TokenKind;

/// The definition.
pub(super) const DEFINITION: Definition = Definition {
    operation: Operation::LogOut,
    menu: Menu::Entry { note: "end the session" },
    title: ByServer::both("Log out"),
    verb: ByServer::both("Log out"),
    again: "Get it again",
    listed: ByServer::both("Log out"),
    step_title: as_listed,
    prefer: ServerRole::Provider,
    target: Target::OfServer(|endpoints| &endpoints.end_session),
    unavailable: |profile| needs::somewhere(profile, |endpoints| &endpoints.end_session, "end session endpoint"),
    grant: None,
    capability: |_| Some("logout"),
    fields,
    sends: |draft, field| LogoutChannel::of(draft).uses(field),
    tokens: &[
        TokenField {
            name: "refresh_token",
            misfit: |kind| matches!(kind, TokenKind::Access | TokenKind::Id).then_some("This is not a refresh token."),
            may_be_over: false,
            offer: |token| if token.kind == TokenKind::Refresh { Offer::of("Log out") } else { None },
            remarks: token_unremarked,
        },
        TokenField {
            name: "id_token_hint",
            misfit: |kind| matches!(kind, TokenKind::Access | TokenKind::Refresh).then_some("This is not an ID token."),
            may_be_over: true,
            offer: |token| if token.kind == TokenKind::Id { Offer::of("Log out") } else { None },
            remarks: token_unremarked,
        },
    ],
    secrets: &[],
    as_client: true,
    scope: Scope::None,
    asks_type: false,
    remarks: nothing_remarkable,
    flow: Flow::LogOut,
    build,
    ready: ready::nothing,
    says_client: true,
    browser,
    carries: Carries::Confidential("The token of the session"),
    browser_loads,
    issues: Issues::Nothing,
    from_token: false,
    sends_on: true,
    spends: Spends::Never,
    speaker: None,
    events: Caused { types: &["LOGOUT"], by_gateway: false },
    headline,
    stopped: Stopped {
        // What the browser did meanwhile, or the server, nobody told.
        message: "You stopped this step. Whether the session is over is not known.",
        advice: "Introspect one of its tokens to find out.",
    },
};

fn fields(context: &Context<'_>) -> (Vec<Field>, ServerRole) {
    // Sessions are the provider's; a gateway's refresh token ends none of them.
    let refresh = context.token(|token| token.kind == TokenKind::Refresh && context.by_provider(token));
    let hint = context.token(|token| token.kind == TokenKind::Id && context.by_provider(token));
    let keycloak = habits(context.profile.provider.dialect).ends_session_by_refresh_token;
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
            initial: vec![redirect_words(context.profile)],
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
    (fields, ServerRole::Provider)
}

/// OpenID Connect RP-Initiated Logout 2, by POST so that the hint does not stand in an address; or Keycloak's
/// back channel, which ends the session of a refresh token.
fn build(builder: &mut Builder<'_>) -> Option<Built> {
    let channel = LogoutChannel::of(builder.draft);
    match channel {
        LogoutChannel::Front => {
            builder.fault("", "This log out goes through the browser; it is not one request that could be sent from here.");
            return None;
        }
        LogoutChannel::Back if value(builder.draft, "refresh_token").is_none() => builder.fault(
            "refresh_token",
            "Choose the refresh token of the session to end, or another channel and an ID token as id_token_hint.",
        ),
        LogoutChannel::Back => builder.token("refresh_token", true),
        LogoutChannel::Direct => builder.token("id_token_hint", true),
    }
    let client = builder.client()?;
    let endpoints = builder.endpoints(client.server)?;
    let url = builder.endpoint(&endpoints.end_session, "client", "end session endpoint")?;
    if channel == LogoutChannel::Back {
        return builder.form_request(&client, &url, Reads::Empty, "log out", None);
    }
    builder.push("client_id", &client.client_id);
    builder.extra_into_body();
    let request = token_request(&url, None, &builder.pairs);
    let request = builder.keep(request)?;
    Some(builder.built(request, to_of(client.server), &url, "log out", Reads::Any, Some(client.client_id.clone()), None))
}

/// The request of a front-channel log out; what is made at run time is said instead of shown.
fn browser(asked: &Wanted<'_>) -> ByBrowser {
    if LogoutChannel::of(asked.draft) != LogoutChannel::Front {
        return None;
    }
    let made = [
        ("post_logout_redirect_uri", redirect_words(asked.profile), ""),
        ("state", "made when it runs".to_owned(), "192 bits, checked on return"),
    ];
    let request = logout_request(asked.draft, asked.profile, asked.materials, "?", "?");
    Some(request.and_then(|request| browser::lines(&request, &made)))
}

fn headline(ended: &Ended<'_>) -> Headline {
    let user = &ended.user;
    Headline::new(format!("{user} is logged out"), format!("{user} was not logged out"))
}

fn browser_loads(draft: &Draft, profile: &Profile) -> Vec<Load> {
    let hinted = LogoutChannel::of(draft) == LogoutChannel::Front && value(draft, "id_token_hint").is_some();
    let load = Load::to_provider("The ID token of the session", draft, &profile.provider.endpoints.end_session);
    Some(load).filter(|_| hinted).into_iter().collect()
}
