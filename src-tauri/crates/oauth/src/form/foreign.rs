//! Tokens of another environment in a draft: named before they are sent, and not sent before the user said so.
//!
//! The confirmation is a value of the draft like any other. It holds for one token and one destination, so that it is void as soon
//! as the profile, the server or the address is another one.

use super::choices::Context;
use crate::{
    belongs::{self, Belongs, belongs, goes_home},
    form::{Field, FieldKind, ForeignToken},
    message::{Materials, client_of, token_id, value},
    operation::{self, Target},
    profile::{Profile, ServerRole},
};
use record::operation::Draft;
use token::{
    decode::warning_finding,
    finding::Finding,
    inspect::{TokenKind, TokenView, from_words, origin_of, place_words},
    text::Pair,
};

/// Name of the draft's values that confirm a token of another environment; it is not sent itself.
pub const CONFIRMED_FIELD: &str = "danger_other_environment";

/// The tokens of other environments that a draft would send, by reference or as text.
pub fn foreign(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Vec<ForeignToken> {
    let Destination { address, endpoint, to } = destination(draft, profile);
    let mut found: Vec<ForeignToken> = Vec::new();
    for (field, token) in sent(draft, materials) {
        let home = || goes_home(&token, profile, &endpoint);
        if belongs(&token, profile) != Belongs::Elsewhere || home() || found.iter().any(|one| one.token == token.id) {
            continue;
        }
        let from = from_words(&token).unwrap_or_default();
        let confirmation = format!("{} to {} at {address}", token.id, profile.id);
        found.push(ForeignToken {
            confirmed: draft.values.iter().any(|pair| pair.name == CONFIRMED_FIELD && pair.value == confirmation),
            message: format!("This token came from {from}. It will be sent to {to}."),
            field,
            token: token.id,
            from,
            to: to.clone(),
            confirmation,
        });
    }
    found
}

/// The draft with every token of another environment in it confirmed: the user was asked about each of them and said yes.
pub fn confirmed(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Draft {
    let mut draft = draft.clone();
    for one in foreign(&draft, profile, materials).into_iter().filter(|one| !one.confirmed) {
        draft.values.push(Pair { name: CONFIRMED_FIELD.into(), value: one.confirmation });
    }
    draft
}

/// Tokens of which nobody knows where they came from.
pub(super) fn unknown(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Vec<Finding> {
    let to = destination(draft, profile).to;
    let mut ids: Vec<String> = Vec::new();
    for (_, token) in sent(draft, materials) {
        if belongs(&token, profile) == Belongs::Unknown && !ids.contains(&token.id) {
            ids.push(token.id);
        }
    }
    let detail = format!("It is not known which environment this token came from. It will be sent to {to}.");
    ids.iter().map(|_| warning_finding("unknown-source", "Unknown source", &detail, None)).collect()
}

/// Every token a draft would send, with the field it stands in.
fn sent(draft: &Draft, materials: &dyn Materials) -> Vec<(String, TokenView)> {
    let used = |field: &str| (operation::of(draft.operation).sends)(draft, field);
    let named = draft.values.iter().filter(|pair| pair.name != CONFIRMED_FIELD && used(&pair.name));
    named
        .chain(&draft.extra)
        .flat_map(|pair| {
            let by_id = token_id(pair.value.trim()).and_then(|id| materials.token(id)).map(|token| token.view);
            by_id.into_iter().chain(materials.written_out(&pair.value)).map(|view| (pair.name.clone(), view))
        })
        .collect()
}

/// Where a draft goes.
struct Destination {
    /// What a confirmation is bound to.
    address: String,
    /// The address that is asked.
    endpoint: String,
    /// It in words.
    to: String,
}

fn destination(draft: &Draft, profile: &Profile) -> Destination {
    let definition = operation::of(draft.operation);
    let prefer = definition.prefer;
    let of_client =
        || value(draft, "client").and_then(|id| client_of(profile, id, prefer)).map_or(prefer, |client| client.server);
    let at = |server: ServerRole| profile.gateway.as_ref().filter(|_| server == ServerRole::Gateway);
    let endpoints = |server| at(server).map_or(&profile.provider.endpoints, |gateway| &gateway.endpoints);
    let (server, endpoint) = match definition.target {
        Target::Typed(field) => {
            let endpoint = value(draft, field).unwrap_or_default();
            let address = origin_of(endpoint);
            return Destination { to: place_words(&profile.name, &address), endpoint: endpoint.to_owned(), address };
        }
        Target::OfClient(pick) => (of_client(), pick(endpoints(of_client()))),
        Target::OfServer(pick) => (prefer, pick(endpoints(prefer))),
        Target::Portal => (prefer, at(prefer).map_or(&profile.provider.endpoints.token, |gateway| &gateway.portal)),
    };
    let there = belongs::provenance_at(profile, server);
    let (own, asked) = (origin_of(&there.issuer), origin_of(endpoint));
    if endpoint.trim().is_empty() || own == asked {
        return Destination { endpoint: endpoint.clone(), to: there.words(), address: there.issuer };
    }
    // Where the endpoint lies elsewhere, it is part of what is confirmed and named.
    let to = format!("{} at {}", there.words(), place_words("", &asked));
    Destination { endpoint: endpoint.clone(), to, address: format!("{} by {asked}", there.issuer) }
}

/// Says of every token field that was left empty why, where tokens of other environments would have fitted.
pub(super) fn explain_empty(fields: &mut [Field], context: &Context<'_>) {
    let here = match context.profile.name.as_str() {
        "" => "this profile",
        name => name,
    };
    for field in fields.iter_mut().filter(|field| field.kind == FieldKind::Token && field.unavailable.is_none()) {
        if field.initial.iter().any(|value| !value.is_empty()) {
            continue;
        }
        let fits = |token: &&TokenView| {
            !token.evidence_only
                && match field.name.as_str() {
                    "refresh_token" => token.kind == TokenKind::Refresh,
                    "id_token_hint" => token.kind == TokenKind::Id,
                    _ => matches!(token.kind, TokenKind::Access | TokenKind::Other),
                }
        };
        let all = || context.shelf.iter().filter(fits);
        let chosen = all().find(|token| Some(token.id.as_str()) == context.chosen && !context.own(token));
        field.empty = match chosen {
            Some(token) => Some(match from_words(token) {
                Some(from) => {
                    format!(
                        "The selected token came from {from}, so it is not taken for {here} by itself. Choose it here to send it."
                    )
                }
                None => format!(
                    "It is not known where the selected token came from, so it is not taken for {here} by itself. Choose it here to send it."
                ),
            }),
            None if all().next().is_some() && !all().any(|token| context.own(token)) => {
                Some(format!("No token here came from {here}. Those of other environments are never taken by themselves."))
            }
            None => None,
        };
    }
}
