//! A call of an API with a bearer token (RFC 6750), directly or through a gateway.

use http::{Method, Request, header};
use url::Url;

use super::{
    definition::{
        ByServer, Carries, Definition, Ended, Flow, Headline, Issues, Menu, NOTHING_CHANGED, Offer, Remarked, Scope, Spends,
        Target, TokenField, as_listed, every_field, for_a_resource, is_api_token, no_capability, not_in_browser,
        nothing_by_browser,
    },
    needs,
};
use crate::{
    form::{
        Choice, Field, FieldKind,
        choices::Context,
        fields::{choice, field, token},
        ready,
    },
    message::{Built, Reads, bearer, builder::Builder, endpoint, is_under, value},
    profile::ServerRole,
    server::Remarks,
};
use record::{audit::Actor, join::Caused, operation::Operation};
use token::{
    finding::Severity,
    inspect::{TokenFormat, TokenKind, TokenView},
    shown::shown,
    words,
};

/// The definition.
pub(super) const DEFINITION: Definition = Definition {
    operation: Operation::CallApi,
    menu: Menu::Entry { note: "bearer token, RFC 6750" },
    title: ByServer::both("Call an API"),
    verb: ByServer::both("Call"),
    again: "Get it again",
    listed: ByServer::both("API call"),
    step_title: as_listed,
    prefer: ServerRole::Provider,
    target: Target::Typed("url"),
    unavailable: needs::nothing,
    grant: None,
    capability: no_capability,
    fields,
    sends: every_field,
    tokens: &[TokenField {
        name: "token",
        misfit: for_a_resource,
        may_be_over: false,
        offer: |token| if is_api_token(token) { Offer::of("Call an API") } else { None },
        remarks: remarks_on_token,
    }],
    secrets: &[],
    as_client: false,
    scope: Scope::None,
    asks_type: false,
    remarks,
    flow: Flow::Request,
    build,
    ready: |asked| ready::about(asked, "token"),
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Shown,
    browser_loads: nothing_by_browser,
    issues: Issues::Nothing,
    from_token: false,
    sends_on: false,
    spends: Spends::Never,
    speaker: None,
    events: Caused {
        // A gateway may exchange, ask for a token of its own, or ask about the one it was shown.
        types: &[
            "TOKEN_EXCHANGE",
            "JWT_AUTHORIZATION_GRANT",
            "OAUTH2_EXTENSION_GRANT",
            "CLIENT_LOGIN",
            "INTROSPECT_TOKEN",
            "USER_INFO_REQUEST",
        ],
        by_gateway: true,
    },
    headline,
    stopped: NOTHING_CHANGED,
};

fn fields(context: &Context<'_>) -> (Vec<Field>, ServerRole) {
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
        danger: false,
    });
    let fields = vec![
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
    ];
    (fields, ServerRole::Gateway)
}

/// A call with a bearer token (RFC 6750 2.1); without one it shows what the API says to strangers.
fn build(builder: &mut Builder<'_>) -> Option<Built> {
    let token = value(builder.draft, "token").is_some().then(|| builder.token_text("token", true)).flatten();
    let method = match Method::from_bytes(value(builder.draft, "method").unwrap_or("GET").as_bytes()) {
        Ok(method) => Some(method),
        Err(_) => {
            builder.fault("method", "This is not an HTTP method. Choose GET, POST, PUT, PATCH or DELETE.");
            None
        }
    };
    let url = match value(builder.draft, "url") {
        Some(text) => match endpoint(text, "url", builder.profile) {
            Ok(url) => Some(url),
            Err(fault) => {
                builder.faults.push(fault);
                None
            }
        },
        None => {
            builder.fault("url", "Enter the address of the API, or choose one of the profile's resources.");
            None
        }
    };
    let headers = builder.headers(token.is_some());
    // The body is sent as typed; only one that is nothing but white space counts as none.
    let body = builder
        .draft
        .values
        .iter()
        .find(|pair| pair.name == "body")
        .map(|pair| pair.value.clone())
        .filter(|text| !text.trim().is_empty())
        .unwrap_or_default();
    let (method, mut url) = (method?, url?);
    builder.extra_into_query(&mut url);
    let mut request = Request::builder().method(&method).uri(url.as_str());
    if let Some((_, text)) = &token {
        request = request.header(header::AUTHORIZATION, bearer(text));
    }
    let typed = |name: &str| headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
    if !typed("accept") {
        request = request.header(header::ACCEPT, "application/json");
    }
    if !body.is_empty() && !typed("content-type") {
        let json = serde_json::from_str::<serde::de::IgnoredAny>(&body).is_ok();
        request = request.header(header::CONTENT_TYPE, if json { "application/json" } else { "text/plain; charset=utf-8" });
    }
    for (name, text) in &headers {
        request = request.header(name.as_str(), text.as_str());
    }
    let to = match &builder.profile.gateway {
        Some(gateway) if is_under(&url, &gateway.base) => Actor::Gateway,
        _ => Actor::Api,
    };
    let audience =
        builder.profile.resources.iter().find(|resource| is_under(&url, &resource.url)).map(|resource| resource.name.clone());
    let client = token.as_ref().and_then(|(view, _)| view.client.clone());
    let request = request.body(body.into_bytes());
    let mut built = builder.finish(request, to, &url, "", Reads::Any, client, audience)?;
    built.label = format!("{method} {}", url.path());
    Some(built)
}

fn headline(ended: &Ended<'_>) -> Headline {
    let url = ended.draft.values.iter().find(|pair| pair.name == "url");
    let place = url.map_or_else(|| "the API".to_owned(), |pair| shown(path_of(&pair.value)));
    Headline::new(format!("{place} answered"), format!("{place} did not serve the call"))
}

/// The path of an address: its query and fragment say how it was called, which stands in the request.
fn path_of(url: &str) -> &str {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => url,
    }
}

fn remarks_on_token(remarked: &Remarked<'_>, subject: &TokenView, found: &mut Remarks) {
    let Some(url) = value(remarked.draft, "url").and_then(|url| Url::parse(url).ok()) else { return };
    let Some(resource) = remarked.profile.resources.iter().find(|resource| is_under(&url, &resource.url)) else { return };
    let gateway = remarked.profile.gateway.as_ref().filter(|_| resource.through_gateway);
    if let (Some(gateway), Some(issuer)) = (gateway, &subject.issuer)
        && !gateway.issuer.is_empty()
        && *issuer != gateway.issuer
    {
        found.add(
            "call-other-issuer",
            Severity::Warning,
            "Other issuer",
            format!("The gateway takes its own tokens ({}), this one is from {issuer}.", gateway.issuer),
            None,
            "token",
        );
    }
    let wanted = &resource.expectations.audience;
    if gateway.is_none()
        && !wanted.is_empty()
        && subject.format == TokenFormat::Jws
        && !subject.audience.iter().any(|audience| wanted.contains(audience))
    {
        found.add(
            "call-audience",
            Severity::Warning,
            "Not its audience",
            format!("{} expects {} in aud and would refuse this token. Exchange it first.", resource.name, words::list(wanted)),
            None,
            "token",
        );
    }
    if resource.expectations.needs_user
        && subject.session.is_none()
        && subject.subject.is_some()
        && subject.subject == subject.client
    {
        found.add(
            "call-needs-user",
            Severity::Warning,
            "No user",
            format!("{} needs a user behind the token, and this is an application's.", resource.name),
            None,
            "token",
        );
    }
}

fn remarks(remarked: &Remarked<'_>, found: &mut Remarks) {
    if value(remarked.draft, "token").is_none() {
        found.add(
            "no-token",
            Severity::Note,
            "No token",
            "Without a token the call shows what the API tells strangers.".into(),
            None,
            "token",
        );
    }
}
