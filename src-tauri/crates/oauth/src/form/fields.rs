//! What the fields of the operations are made of.

use super::{
    choices::{Context, unique},
    shape::{Choice, Field, FieldKind},
};
use crate::profile::{Client, Profile, ServerRole};
use token::inspect::TokenView;

/// What the token type identifiers of RFC 8693 3 begin with.
pub(crate) const TYPE: &str = "urn:ietf:params:oauth:token-type:";

/// The client a token was issued to, when the profile knows it.
pub(crate) fn owner<'a>(context: &Context<'a>, token: Option<&TokenView>) -> Option<&'a Client> {
    let id = token?.client.as_deref()?;
    let server = if context.by_gateway(token?) { ServerRole::Gateway } else { ServerRole::Provider };
    crate::message::client_of(context.profile, id, server)
}

/// Scopes worth suggesting at a server.
pub(crate) fn scopes_at(context: &Context<'_>, server: ServerRole) -> Vec<String> {
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

/// The field of the client that asks.
pub(crate) fn client(
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

/// A field for a token of the shelf.
pub(crate) fn token(name: &str, rfc: &str, hint: &str, initial: Option<&TokenView>, required: bool) -> Field {
    Field {
        required,
        initial: initial.map(|token| format!("token:{}", token.id)).into_iter().collect(),
        ..field(name, rfc, hint, FieldKind::Token)
    }
}

/// A field for a set of words.
pub(crate) fn words(name: &str, rfc: &str, hint: &str, suggestions: Vec<String>, initial: Vec<String>) -> Field {
    Field { initial, ..field(name, rfc, hint, FieldKind::Words { suggestions }) }
}

/// A choice of token types (RFC 8693 3), another may be typed.
pub(crate) fn type_choice(suffixes: &[&str]) -> FieldKind {
    FieldKind::Choice {
        choices: suffixes
            .iter()
            .map(|suffix| Choice {
                value: format!("{TYPE}{suffix}"),
                label: (*suffix).into(),
                note: String::new(),
                danger: false,
            })
            .collect(),
        open: true,
    }
}

/// The same, or none of them.
pub(crate) fn optional_type_choice(suffixes: &[&str]) -> FieldKind {
    let FieldKind::Choice { mut choices, open } = type_choice(suffixes) else { return FieldKind::Text };
    choices.insert(0, Choice { value: String::new(), label: "not sent".into(), note: String::new(), danger: false });
    FieldKind::Choice { choices, open }
}

/// A choice of values, each with its label and a note.
pub(crate) fn choice(entries: &[(&str, &str, &str)]) -> FieldKind {
    FieldKind::Choice {
        choices: entries
            .iter()
            .map(|(value, label, note)| Choice {
                value: (*value).into(),
                label: (*label).into(),
                note: (*note).into(),
                danger: false,
            })
            .collect(),
        open: false,
    }
}

/// An empty field.
pub(crate) fn field(name: &str, rfc: &str, hint: &str, kind: FieldKind) -> Field {
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

/// The address the browser comes back to, with words for a port that is chosen when it runs.
pub(crate) fn redirect_words(profile: &Profile) -> String {
    let redirect = &profile.redirect;
    match redirect.port {
        0 => format!("http://{}:any-port{}", redirect.host, redirect.path),
        port => format!("http://{}:{port}{}", redirect.host, redirect.path),
    }
}
