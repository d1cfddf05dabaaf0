//! Forms: what each operation asks for at a profile, with a first filling that makes the main job one press.
//!
//! Fields carry the RFC's parameter names. A parameter the chosen server does not know stays visible, greyed, with
//! the reason, because finding out that a server ignores `resource` is half of the work.

pub(crate) mod browser;
pub(crate) mod choices;
pub(crate) mod exchange;
pub(crate) mod fields;
mod foreign;
mod onward;
mod preview;
pub(crate) mod ready;
mod shape;
mod typed;
mod warnings;

pub use foreign::{CONFIRMED_FIELD, confirmed, foreign};
pub use onward::{onward, requester};
pub use preview::{known, preview, sensitive};
pub use shape::{Choice, Field, FieldKind, ForeignToken, Form, Preview, ReadyLine, ShownIf};
pub use typed::{recorded, secrets};
pub use warnings::warnings;

use crate::{
    operation::{self, Menu, Target},
    profile::{Profile, ServerRole},
};
use record::operation::Operation;
use token::inspect::TokenView;

/// The menu of operations: title, quiet note, and why one can not run at this profile.
pub fn menu(profile: &Profile) -> Vec<(Operation, &'static str, &'static str, Option<String>)> {
    let entries = operation::ALL.iter().filter_map(|definition| match definition.menu {
        Menu::Entry { note } => Some((*definition, note)),
        Menu::Elsewhere => None,
    });
    entries
        .map(|(definition, note)| {
            let title = definition.title.at(granted_by(profile));
            (definition.operation, title, note, (definition.unavailable)(profile))
        })
        .collect()
}

/// The form of an operation. `shelf` is in the order shown, newest token last in its group; `chosen` is the selected token's id.
pub fn form(operation: Operation, profile: &Profile, shelf: &[TokenView], chosen: Option<&str>) -> Form {
    filled(operation, &choices::Context { profile, shelf, chosen, about: None })
}

/// The form about one token, which is taken even where it came from elsewhere: somebody named it. A draft made of it still passes
/// the question whether it may be sent.
pub fn form_about(operation: Operation, profile: &Profile, shelf: &[TokenView], token: &str) -> Form {
    filled(operation, &choices::Context { profile, shelf, chosen: Some(token), about: Some(token) })
}

fn filled(operation: Operation, context: &choices::Context<'_>) -> Form {
    let profile = context.profile;
    let definition = operation::of(operation);
    let (mut fields, server) = (definition.fields)(context);
    foreign::explain_empty(&mut fields, context);
    Form {
        operation,
        title: definition.title.at(server).into(),
        note: match definition.menu {
            Menu::Entry { note } => note.into(),
            Menu::Elsewhere => String::new(),
        },
        verb: definition.verb.at(server).into(),
        place: place(definition.target, profile, server),
        unavailable: (definition.unavailable)(profile),
        fields,
        unkept: definition.secrets.iter().map(|secret| secret.name.to_owned()).collect(),
    }
}

/// Which server answers where both could: the gateway, if there is one.
fn granted_by(profile: &Profile) -> ServerRole {
    let gateway = profile.clients.iter().any(|client| client.server == ServerRole::Gateway);
    if gateway || profile.gateway.is_some() { ServerRole::Gateway } else { ServerRole::Provider }
}

fn place(target: Target, profile: &Profile, server: ServerRole) -> String {
    match (target, server, &profile.gateway) {
        (Target::Typed(_), _, Some(_)) => format!("through {}", profile.place(ServerRole::Gateway)),
        (Target::Typed(_), _, None) => "at an API".into(),
        (_, ServerRole::Gateway, Some(_)) => format!("at {}", profile.place(ServerRole::Gateway)),
        _ => format!("at {}", profile.place(ServerRole::Provider)),
    }
}

#[cfg(test)]
mod tests;
