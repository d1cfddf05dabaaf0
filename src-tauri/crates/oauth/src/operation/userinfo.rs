//! Asking the provider who the user behind a token is (OpenID Connect Core 5.3).

use http::{Method, Request, header};

use super::{
    definition::{
        ByServer, Carries, Definition, Ended, Flow, Headline, Issues, Menu, NOTHING_CHANGED, Offer, Remarked, Scope, Spends,
        Target, TokenField, as_listed, every_field, for_a_resource, is_api_token, not_in_browser, nothing_by_browser,
        nothing_remarkable,
    },
    needs,
};
use crate::{
    form::{Field, choices::Context, fields::token, ready},
    message::{Built, Reads, bearer, builder::Builder},
    profile::ServerRole,
    server::Remarks,
};
use record::{audit::Actor, join::Caused, operation::Operation};
use token::{
    finding::Severity,
    inspect::{TokenFormat, TokenKind, TokenView},
    truth::Speaker,
};

/// The definition.
pub(super) const DEFINITION: Definition = Definition {
    operation: Operation::Userinfo,
    menu: Menu::Entry { note: "OpenID Connect" },
    title: ByServer::both("Userinfo"),
    verb: ByServer::both("Ask"),
    again: "Get it again",
    listed: ByServer::both("Userinfo"),
    step_title: as_listed,
    prefer: ServerRole::Provider,
    target: Target::OfServer(|endpoints| &endpoints.userinfo),
    unavailable: |profile| needs::somewhere(profile, |endpoints| &endpoints.userinfo, "userinfo endpoint"),
    grant: None,
    capability: |_| Some("userinfo"),
    fields,
    sends: every_field,
    tokens: &[TokenField {
        name: "token",
        misfit: for_a_resource,
        may_be_over: false,
        offer: |token| if is_api_token(token) { Offer::of("Userinfo") } else { None },
        remarks: remarks_on_token,
    }],
    secrets: &[],
    as_client: false,
    scope: Scope::None,
    asks_type: false,
    remarks: nothing_remarkable,
    flow: Flow::Request,
    build,
    ready: |asked| ready::about(asked, "token"),
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Confidential("The token"),
    browser_loads: nothing_by_browser,
    issues: Issues::Nothing,
    from_token: false,
    sends_on: false,
    spends: Spends::Never,
    speaker: Some(Speaker::Userinfo),
    events: Caused { types: &["USER_INFO_REQUEST"], by_gateway: false },
    headline,
    stopped: NOTHING_CHANGED,
};

fn fields(context: &Context<'_>) -> (Vec<Field>, ServerRole) {
    let openid = |token: &TokenView| token.kind == TokenKind::Access && token.scope.iter().any(|scope| scope == "openid");
    let subject = context
        .selected(|token| token.kind == TokenKind::Access)
        .or_else(|| context.token(|token| openid(token) && context.by_provider(token)))
        .or_else(|| context.token(|token| token.kind == TokenKind::Access));
    let server = if subject.is_some_and(|token| context.by_gateway(token)) { ServerRole::Gateway } else { ServerRole::Provider };
    (vec![token("token", "OIDC 5.3.1", "An access token with scope openid", subject, true)], server)
}

/// OpenID Connect Core 5.3.1: GET with the token in the header.
fn build(builder: &mut Builder<'_>) -> Option<Built> {
    let token = builder.token_text("token", true);
    let issuer = token.as_ref().and_then(|(view, _)| view.issuer.clone());
    let gateway = builder.profile.gateway.as_ref().filter(|gateway| {
        !gateway.endpoints.userinfo.is_empty() && issuer.as_deref() == Some(gateway.issuer.as_str()) && !gateway.issuer.is_empty()
    });
    let (endpoints, to) = match gateway {
        Some(gateway) => (&gateway.endpoints, Actor::Portal),
        None => (&builder.profile.provider.endpoints, Actor::Provider),
    };
    let mut url = builder.endpoint(&endpoints.userinfo, "token", "userinfo endpoint")?;
    builder.extra_into_query(&mut url);
    let (_, text) = token?;
    let request = Request::builder()
        .method(Method::GET)
        .uri(url.as_str())
        .header(header::AUTHORIZATION, bearer(&text))
        .header(header::ACCEPT, "application/json")
        .body(Vec::new());
    builder.finish(request, to, &url, "userinfo", Reads::Userinfo, None, None)
}

fn headline(ended: &Ended<'_>) -> Headline {
    Headline::new(format!("Userinfo of {}", ended.user), "No userinfo")
}

fn remarks_on_token(_: &Remarked<'_>, subject: &TokenView, found: &mut Remarks) {
    if subject.format == TokenFormat::Jws
        && subject.kind == TokenKind::Access
        && !subject.scope.iter().any(|scope| scope == "openid")
    {
        found.add(
            "userinfo-openid",
            Severity::Warning,
            "No openid",
            "The token's scope lacks openid, which userinfo asks for.".into(),
            Some("OpenID Connect Core 5.3"),
            "token",
        );
    }
}
