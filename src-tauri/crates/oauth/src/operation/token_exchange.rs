//! Token exchange (RFC 8693), with what a Keycloak knows beyond it.

use super::{
    definition::{
        ByServer, Carries, Definition, Ended, Flow, Grant, Headline, IdToken, Issues, Menu, NOTHING_CHANGED, Offer, Remarked,
        Scope, Spends, Target, TokenField, Wanted, any_kind, as_listed, not_in_browser, not_offered, nothing_by_browser,
        token_unremarked,
    },
    needs,
};
use crate::{
    form::{
        ReadyLine, exchange,
        ready::{self, checked, stated},
    },
    message::{ExchangeKind, value, values},
    profile::{ClientAuth, Profile, ServerRole},
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
    operation: Operation::TokenExchange,
    menu: Menu::Entry { note: "RFC 8693" },
    title: ByServer::both("Token exchange"),
    verb: ByServer::both("Exchange"),
    again: "Exchange again",
    listed: ByServer::both("Token exchange"),
    step_title: as_listed,
    prefer: ServerRole::Provider,
    target: Target::OfClient(|endpoints| &endpoints.token),
    unavailable: |profile| needs::token_endpoint(profile).or_else(|| needs::confidential_client(profile)),
    grant: Some(Grant {
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        id: "token-exchange",
        label: "Token exchange",
    }),
    capability: |draft| Some(ExchangeKind::of(draft).capability()),
    fields: |context| (exchange::token_exchange(context), ServerRole::Provider),
    sends: |draft, field| ExchangeKind::of(draft).sends(field),
    tokens: &[
        TokenField {
            name: "subject_token",
            misfit: any_kind,
            may_be_over: false,
            offer: |token| if token.kind == TokenKind::Refresh { None } else { Offer::of("Use as subject token") },
            remarks: remarks_on_subject,
        },
        TokenField { name: "actor_token", misfit: any_kind, may_be_over: false, offer: not_offered, remarks: token_unremarked },
    ],
    secrets: &[],
    as_client: true,
    scope: Scope::Asks,
    asks_type: true,
    remarks,
    flow: Flow::Request,
    build: |builder| builder.token_exchange(),
    ready,
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Confidential("The subject token"),
    browser_loads: nothing_by_browser,
    issues: Issues::Tokens { obtained: Obtained::Exchanged, words: "token exchange", id_token: IdToken::NotJudged },
    from_token: true,
    sends_on: false,
    spends: Spends::Never,
    speaker: None,
    events: Caused { types: &["TOKEN_EXCHANGE"], by_gateway: false },
    headline,
    stopped: NOTHING_CHANGED,
};

fn ready(asked: &Wanted<'_>) -> Vec<ReadyLine> {
    let (draft, profile) = (asked.draft, asked.profile);
    let kind = ExchangeKind::of(draft);
    let mut lines = Vec::new();
    if let Some(subject) = ready::view(asked, "subject_token").filter(|_| kind.sends("subject_token")) {
        requester(draft, profile, &subject, &mut lines);
        ready::of_token(asked, &subject, &mut lines);
    }
    if kind.is_legacy() {
        lines.push(stated(
            "Needs",
            "The features token-exchange:v1 and admin-fine-grained-authz:v1 at the server, and a permission for this client."
                .into(),
        ));
    }
    let lines_of = habits(profile.provider.dialect).exchange.standard_ready;
    lines.extend(lines_of.iter().filter(|_| kind == ExchangeKind::Standard).map(|(label, said)| stated(label, (*said).into())));
    lines
}

fn requester(draft: &Draft, profile: &Profile, subject: &TokenView, lines: &mut Vec<ReadyLine>) {
    let Some(client) = value(draft, "client") else { return };
    if subject.audience.iter().any(|audience| audience == client) {
        let so = habits(profile.provider.dialect).exchange.requester_in_aud;
        lines.push(checked("Requester", format!("{client} is in the subject token's aud{so}.")));
    } else if subject.client.as_deref() == Some(client) {
        lines.push(checked("Requester", format!("The subject token was issued to {client} itself.")));
    }
    for audience in values(draft, "audience") {
        if subject.audience.iter().any(|named| named == audience) {
            lines.push(checked(
                "Audience",
                format!("{audience} is in the subject token's aud already. The exchange can narrow to it."),
            ));
        }
    }
}

fn headline(ended: &Ended<'_>) -> Headline {
    let Ended { client, for_target, .. } = ended;
    Headline::new(format!("{client} got a token{for_target}"), format!("{client} got no token{for_target}"))
}

fn remarks_on_subject(remarked: &Remarked<'_>, subject: &TokenView, found: &mut Remarks) {
    let kind = value(remarked.draft, "subject_token_type").and_then(|text| text.rsplit(':').next()).unwrap_or_default();
    if kind == "access_token" && matches!(subject.kind, TokenKind::Id | TokenKind::Refresh)
        || kind == "id_token" && subject.kind == TokenKind::Access
        || kind == "jwt" && subject.format == TokenFormat::Opaque
    {
        found.add(
            "subject-type-mismatch",
            Severity::Warning,
            "Type does not fit",
            format!("subject_token_type says {kind}, and {} is something else.", subject.label),
            Some("RFC 8693 3"),
            "subject_token_type",
        );
    }
    (remarked.own.asked)(remarked.draft, found);
    if remarked.client.is_some_and(|client| client.auth == ClientAuth::None) {
        found.add(
            "public-requester",
            remarked.own.public_exchange,
            "Public client",
            "A public client has no secret, and servers do not let such a client exchange tokens.".into(),
            Some("RFC 8693 2.1"),
            "client",
        );
    }
    if value(remarked.draft, "audience").is_none() && value(remarked.draft, "resource").is_none() {
        found.add(
            "no-target",
            Severity::Note,
            "No audience",
            "Without audience or resource the server decides whom the token is for.".into(),
            Some("RFC 8693 2.1"),
            "audience",
        );
    }
    if !ExchangeKind::of(remarked.draft).is_legacy() {
        (remarked.own.subject)(remarked.draft, remarked.profile, remarked.client, subject, found);
    }
}

fn remarks(remarked: &Remarked<'_>, found: &mut Remarks) {
    let kind = ExchangeKind::of(remarked.draft);
    (remarked.own.kind)(kind, remarked.profile, found);
    for (name, detail) in remarked.own.ignored {
        if value(remarked.draft, name).is_some() && kind.sends(name) {
            found.add("ignored-parameter", Severity::Warning, "Ignored here", (*detail).into(), None, name);
        }
    }
}
