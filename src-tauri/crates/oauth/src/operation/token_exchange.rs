//! Token exchange (RFC 8693), with what a Keycloak knows beyond it.

use super::{
    definition::{
        Asked, ByServer, Carries, Definition, Ended, Headline, IdToken, Issues, Menu, NOTHING_CHANGED, Scope, Spends, Target,
        as_listed, not_in_browser,
    },
    needs,
};
use crate::{
    form::{exchange, ready, ready::line},
    message::{ExchangeKind, value, values},
    profile::{Profile, ServerRole},
    server::habits,
};
use record::{
    join::Caused,
    operation::{Draft, Operation},
};
use token::{
    inspect::{Obtained, TokenView},
    text::Pair,
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
    capability: |draft| Some(ExchangeKind::of(draft).capability()),
    fields: |context| (exchange::token_exchange(context), ServerRole::Provider),
    sends: |draft, field| ExchangeKind::of(draft).sends(field),
    secrets: &[],
    scope: Scope::Asks,
    build: |builder| builder.token_exchange(),
    ready,
    says_client: true,
    browser: not_in_browser,
    carries: Carries::Confidential("The subject token"),
    issues: Issues::Tokens { obtained: Obtained::Exchanged, words: "token exchange", id_token: IdToken::NotJudged },
    from_token: true,
    sends_on: false,
    spends: Spends::Never,
    speaker: None,
    events: Caused { types: &["TOKEN_EXCHANGE"], by_gateway: false },
    headline,
    stopped: NOTHING_CHANGED,
};

fn ready(asked: &Asked<'_>) -> Vec<Pair> {
    let (draft, profile) = (asked.draft, asked.profile);
    let kind = ExchangeKind::of(draft);
    let mut lines = Vec::new();
    if let Some(subject) = ready::view(asked, "subject_token").filter(|_| kind.sends("subject_token")) {
        requester(draft, profile, &subject, &mut lines);
        ready::of_token(asked, &subject, &mut lines);
    }
    if kind.is_legacy() {
        lines.push(line(
            "Needs",
            "The features token-exchange:v1 and admin-fine-grained-authz:v1 at the server, and a permission for this client."
                .into(),
        ));
    }
    let lines_of = habits(profile.provider.dialect).exchange.standard_ready;
    lines.extend(lines_of.iter().filter(|_| kind == ExchangeKind::Standard).map(|(label, said)| line(label, (*said).into())));
    lines
}

fn requester(draft: &Draft, profile: &Profile, subject: &TokenView, lines: &mut Vec<Pair>) {
    let Some(client) = value(draft, "client") else { return };
    if subject.audience.iter().any(|audience| audience == client) {
        let so = habits(profile.provider.dialect).exchange.requester_in_aud;
        lines.push(line("Requester", format!("{client} is in the subject token's aud{so}.")));
    } else if subject.client.as_deref() == Some(client) {
        lines.push(line("Requester", format!("The subject token was issued to {client} itself.")));
    }
    for audience in values(draft, "audience") {
        if subject.audience.iter().any(|named| named == audience) {
            lines.push(line(
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
