//! The fields of a token exchange: RFC 8693's own, and those of the kinds of exchange a Keycloak knows.
//!
//! The subject token at hand decides the first filling: a token of another issuer can only be exchanged from outside to inside,
//! and its issuer is the one to name.

use super::{
    choices::{Context, token_type, unique},
    fields::{TYPE, choice, client, field, optional_type_choice, token, type_choice, words},
    onward::subject_type as subject_type_of,
};
use crate::{
    form::{Choice, Field, FieldKind, ShownIf},
    message::{EXCHANGE_FIELD, ExchangeKind},
    profile::{ClientAuth, Support},
    server::{ExchangeForm, FirstType, habits},
};
use record::issuer::same_but_for_the_host;
use token::inspect::{TokenFormat, TokenKind, TokenView};

/// All fields, in the order shown.
pub(crate) fn token_exchange(context: &Context<'_>) -> Vec<Field> {
    let habits = &habits(context.profile.provider.dialect).exchange;
    let foreign = habits.kinds.then(|| foreign(context)).flatten();
    // RFC 8693 2.1 takes a token of any type.
    let selected =
        || context.selected(|token| habits.any_subject && token.kind != TokenKind::Access && token.format != TokenFormat::SdJwt);
    let subject = foreign.or_else(selected).or_else(|| context.subject());
    let requester = context.requester(subject);
    let audience = context.audience(subject, requester).map(|resource| resource.name.clone());
    let mut fields = vec![
        client(context, crate::profile::ServerRole::Provider, "", |client| client.auth != ClientAuth::None, requester),
        token("subject_token", "RFC 8693 2.1", &subject_hint(context, subject), subject, true),
        subject_type(habits, subject, foreign.map(|token| context.by_gateway(token))),
        Field {
            repeatable: true,
            initial: audience.into_iter().collect(),
            required: habits.audience_required,
            ..field(
                "audience",
                "RFC 8693 2.1",
                "Whom the new token is for",
                FieldKind::Words { suggestions: context.audiences() },
            )
        },
        words("scope", "RFC 8693 2.1", habits.scope_hint, context.scopes(), Vec::new()),
        requested_type(habits),
        Field {
            repeatable: true,
            unavailable: habits.resource.why_not(),
            ..field(
                "resource",
                "RFC 8693 2.1",
                "Address of the API the token is for",
                FieldKind::Words {
                    suggestions: unique(context.profile.resources.iter().map(|resource| resource.url.clone()).collect()),
                },
            )
        },
    ];
    fields.extend(actor(habits));
    if habits.kinds {
        fields.insert(0, kinds(context, foreign.is_some()));
        let at = fields.iter().position(|field| field.name == "audience").unwrap_or(fields.len());
        fields.splice(at..at, legacy(foreign.and_then(|token| issuer_of(token, context))));
        for field in &mut fields {
            field.shown_if = shown_if(&field.name);
        }
    }
    fields
}

/// Why the token is not the selected one, where it is another.
fn subject_hint(context: &Context<'_>, subject: Option<&TokenView>) -> String {
    let usual = "From the shelf, or pasted";
    let selected = context.shelf.iter().find(|token| Some(token.id.as_str()) == context.chosen);
    let Some(selected) = selected.filter(|selected| subject.is_none_or(|subject| subject.id != selected.id)) else {
        return usual.into();
    };
    let why = if selected.evidence_only {
        "it is evidence, and its text is gone"
    } else if !context.own(selected) {
        "it came from elsewhere, and is sent only where it is chosen here"
    } else {
        match selected.kind {
            TokenKind::Access => return usual.into(),
            kind => (habits(context.profile.provider.dialect).exchange.why_not)(kind),
        }
    };
    format!("{usual}. Not the selected one: {why}.")
}

/// The selected token, when the provider did not issue it and it could be a subject from outside; the gateway's are, too.
fn foreign<'a>(context: &Context<'a>) -> Option<&'a TokenView> {
    context.selected(|token| {
        matches!(token.kind, TokenKind::Access | TokenKind::Id | TokenKind::Other)
            && (context.by_gateway(token)
                || token.issuer.as_deref().is_some_and(|issuer| {
                    let own = &context.profile.provider.issuer;
                    // Our own realm by another spelling of the host is no other provider; the warnings name the mix-up.
                    issuer != own && !same_but_for_the_host(issuer, own)
                }))
    })
}

/// The issuer to name for a subject from outside; an opaque token of the gateway does not say its own.
fn issuer_of(token: &TokenView, context: &Context<'_>) -> Option<String> {
    let gateway = || context.profile.gateway.as_ref().filter(|_| context.by_gateway(token)).map(|gateway| gateway.issuer.clone());
    token.issuer.clone().or_else(gateway)
}

/// Why the form starts with another kind than the usual one.
const OF_FOREIGN: &str = "External to internal, because the selected token is of another issuer; not sent itself";

fn kinds(context: &Context<'_>, foreign: bool) -> Field {
    let choices = ExchangeKind::ALL
        .into_iter()
        .map(|kind| Choice {
            value: kind.id().into(),
            label: kind.label().into(),
            note: kind_note(context, kind),
            danger: kind.is_unsafe(),
        })
        .collect();
    let initial = if foreign { ExchangeKind::ExternalToInternal } else { ExchangeKind::Standard };
    Field {
        initial: vec![initial.id().into()],
        ..field(
            EXCHANGE_FIELD,
            "",
            if foreign { OF_FOREIGN } else { "Which one; not sent itself" },
            FieldKind::Choice { choices, open: false },
        )
    }
}

/// What a kind does and, where the profile knows, whether this server does it.
fn kind_note(context: &Context<'_>, kind: ExchangeKind) -> String {
    let does = match kind {
        ExchangeKind::Standard => "narrow a token of this realm, V2",
        ExchangeKind::Delegation => "the token names who acts for whom",
        ExchangeKind::Legacy => "with the target's own mappers, V1",
        ExchangeKind::Impersonation => "a token of another user, V1",
        ExchangeKind::ExternalToInternal => "a foreign token becomes ours, V1",
        ExchangeKind::InternalToExternal => "the token a linked provider gave, V1",
        ExchangeKind::DangerNakedImpersonation => "impersonates any user without a token, V1",
    };
    let known =
        context.profile.provider.capabilities.iter().find(|known| known.id == kind.capability()).map(|known| known.support);
    match known {
        Some(Support::Supported) => format!("{does}; supported here"),
        Some(Support::NotSupported) => format!("{does}; not supported here"),
        Some(Support::Unknown) | None => does.into(),
    }
}

/// `foreign`: the subject is from outside, and whether from the gateway.
fn subject_type(habits: &ExchangeForm, subject: Option<&TokenView>, foreign: Option<bool>) -> Field {
    let (types, hint) = (habits.subject_types, habits.subject_type_hint);
    let initial = match habits.subject_type {
        _ if foreign.is_some() => {
            let of_gateway = foreign.unwrap_or_default();
            let value = subject.map_or_else(|| format!("{TYPE}jwt"), |token| subject_type_of(token, of_gateway));
            return Field {
                required: true,
                initial: vec![value],
                ..field("subject_token_type", "RFC 8693 3", hint, type_choice(types))
            };
        }
        FirstType::Always(name) => name,
        FirstType::OfToken => token_type(subject),
    };
    Field {
        required: true,
        initial: vec![format!("{TYPE}{initial}")],
        ..field("subject_token_type", "RFC 8693 3", hint, type_choice(types))
    }
}

fn requested_type(habits: &ExchangeForm) -> Field {
    let choices = habits
        .requested_types
        .iter()
        .map(|(value, note)| Choice {
            value: if value.is_empty() { String::new() } else { format!("{TYPE}{value}") },
            label: if value.is_empty() { "not sent".into() } else { (*value).into() },
            note: (*note).into(),
            danger: false,
        })
        .collect();
    let hint = habits.requested_hint;
    Field {
        initial: vec![String::new()],
        ..field("requested_token_type", "RFC 8693 2.1", hint, FieldKind::Choice { choices, open: true })
    }
}

/// Keycloak's own parameters (legacy exchange).
fn legacy(issuer: Option<String>) -> Vec<Field> {
    vec![
        Field {
            required: true,
            ..field("requested_subject", "Keycloak", "User name or id whose token is wanted", FieldKind::Text)
        },
        Field {
            required: true,
            initial: issuer.into_iter().collect(),
            ..field(
                "subject_issuer",
                "Keycloak",
                "Alias of the identity provider in this realm, or its issuer. For a gateway: what the realm needs is in Portal, Mapping",
                FieldKind::Text,
            )
        },
        Field {
            required: true,
            ..field("requested_issuer", "Keycloak", "Alias of the identity provider the user is linked to", FieldKind::Text)
        },
    ]
}

fn actor(habits: &ExchangeForm) -> [Field; 2] {
    let off = habits.actor.why_not();
    let kind = match habits.actor_type {
        "" => optional_type_choice(&["access_token", "jwt", "id_token"]),
        // With the type filled in, choosing an actor is enough.
        only => choice(&[(format!("{TYPE}{only}").as_str(), only, "")]),
    };
    let initial = if habits.actor_type.is_empty() { String::new() } else { format!("{TYPE}{}", habits.actor_type) };
    [
        Field {
            unavailable: off.clone(),
            required: !habits.actor_type.is_empty(),
            ..field("actor_token", "RFC 8693 2.1", "Who acts for the subject", FieldKind::Token)
        },
        Field {
            unavailable: off,
            initial: vec![initial],
            ..field("actor_token_type", "RFC 8693 2.1", "Sent only with an actor token", kind)
        },
    ]
}

/// The kinds of exchange a field belongs to, from the one rule that also builds the request.
fn shown_if(name: &str) -> Option<ShownIf> {
    let values: Vec<String> =
        ExchangeKind::ALL.into_iter().filter(|kind| kind.sends(name)).map(|kind| kind.id().into()).collect();
    (values.len() < ExchangeKind::ALL.len()).then(|| ShownIf { field: EXCHANGE_FIELD.into(), values })
}
