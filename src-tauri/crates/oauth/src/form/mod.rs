//! Forms: what each operation asks for at a profile, with a first filling that makes the main job one press.
//!
//! Fields carry the RFC's parameter names. A parameter the chosen server does not know stays visible, greyed, with
//! the reason, because finding out that a server ignores `resource` is half of the work.

mod choices;
mod exchange;
mod fields;
mod foreign;
mod onward;
mod preview;
mod ready;
mod shape;
mod typed;

pub use foreign::{CONFIRMED_FIELD, ForeignToken, confirmed, foreign};
pub use onward::{onward, requester};
pub use preview::{known, preview, sensitive};
pub use shape::{Choice, Field, FieldKind, Form, Preview, ShownIf};
pub use typed::{recorded, secrets};

use crate::{
    message::title,
    profile::{ClientAuth, Profile, ServerRole},
};
use record::operation::Operation;
use token::inspect::TokenView;

/// The operations of the menu, in the order shown.
const MENU: [(Operation, &str); 11] = [
    (Operation::LogIn, "authorization code"),
    (Operation::TokenExchange, "RFC 8693"),
    (Operation::JwtBearer, "jwt-bearer, RFC 7523"),
    (Operation::ClientCredentials, "RFC 6749 4.4"),
    (Operation::Refresh, "RFC 6749 6"),
    (Operation::Password, "test users only"),
    (Operation::CallApi, "bearer token, RFC 6750"),
    (Operation::Introspect, "RFC 7662"),
    (Operation::Userinfo, "OpenID Connect"),
    (Operation::Revoke, "RFC 7009"),
    (Operation::LogOut, "end the session"),
];

/// The menu of operations: title, quiet note, and why one can not run at this profile.
pub fn menu(profile: &Profile) -> Vec<(Operation, &'static str, &'static str, Option<String>)> {
    MENU.iter()
        .map(|(operation, note)| (*operation, words(*operation, granted_by(profile)).0, *note, unavailable(*operation, profile)))
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
    let (mut fields, server) = fields::fields(operation, context);
    foreign::explain_empty(&mut fields, context);
    Form {
        operation,
        title: words(operation, server).0.into(),
        note: MENU.iter().find(|(entry, _)| *entry == operation).map(|(_, note)| (*note).to_owned()).unwrap_or_default(),
        verb: words(operation, server).1.into(),
        place: place(operation, profile, server),
        unavailable: unavailable(operation, profile),
        fields,
    }
}

/// Which server answers a JWT bearer grant at this profile: the gateway, if there is one.
fn granted_by(profile: &Profile) -> ServerRole {
    let gateway = profile.clients.iter().any(|client| client.server == ServerRole::Gateway);
    if gateway || profile.gateway.is_some() { ServerRole::Gateway } else { ServerRole::Provider }
}

/// Title and verb. One grant has two meanings: a gateway maps the user of a foreign token, a provider trusts another one.
fn words(operation: Operation, server: ServerRole) -> (&'static str, &'static str) {
    match (operation, server) {
        (Operation::JwtBearer, ServerRole::Provider) => ("JWT authorization grant", "Get token"),
        _ => (title(operation), verb(operation)),
    }
}

fn verb(operation: Operation) -> &'static str {
    match operation {
        Operation::LogIn => "Log in",
        Operation::TokenExchange => "Exchange",
        Operation::JwtBearer => "Map user",
        Operation::ClientCredentials | Operation::Password => "Get token",
        Operation::Refresh => "Refresh",
        Operation::CallApi => "Call",
        Operation::Introspect => "Introspect",
        Operation::Userinfo => "Ask",
        Operation::Revoke => "Revoke",
        Operation::LogOut => "Log out",
        Operation::Discover => "Read",
        Operation::ReadEvents => "Read",
        Operation::Predict => "Predict",
        Operation::Portal => "Ask",
    }
}

fn place(operation: Operation, profile: &Profile, server: ServerRole) -> String {
    match (operation, server, &profile.gateway) {
        (Operation::CallApi, _, Some(_)) => format!("through {}", profile.place(ServerRole::Gateway)),
        (Operation::CallApi, _, None) => "at an API".into(),
        (_, ServerRole::Gateway, Some(_)) => format!("at {}", profile.place(ServerRole::Gateway)),
        _ => format!("at {}", profile.place(ServerRole::Provider)),
    }
}

/// Why an operation can not run at a profile at all.
fn unavailable(operation: Operation, profile: &Profile) -> Option<String> {
    let provider = &profile.provider.endpoints;
    let gateway = profile.gateway.as_ref().map(|gateway| &gateway.endpoints);
    let somewhere = |pick: fn(&crate::profile::Endpoints) -> &String| {
        !pick(provider).is_empty() || gateway.is_some_and(|endpoints| !pick(endpoints).is_empty())
    };
    let confidential = profile.clients.iter().any(|client| client.auth != ClientAuth::None);
    let missing = |what: &str| Some(format!("The profile has no {what}. Read the server's metadata in Profiles."));
    match operation {
        Operation::LogIn if provider.authorization.is_empty() => missing("authorization endpoint"),
        Operation::LogIn if profile.clients.iter().all(|client| client.server != ServerRole::Provider) => {
            Some("The profile has no client at the provider. Add one in Profiles.".into())
        }
        Operation::TokenExchange
        | Operation::JwtBearer
        | Operation::ClientCredentials
        | Operation::Refresh
        | Operation::Password
            if !somewhere(|e| &e.token) =>
        {
            missing("token endpoint")
        }
        Operation::TokenExchange | Operation::ClientCredentials if !confidential => {
            Some("It needs a client with a secret, and the profile has none. Add one in Profiles.".into())
        }
        Operation::JwtBearer
            if profile.gateway.is_none()
                && !crate::server::habits(profile.provider.dialect).takes_assertions
                && profile.clients.is_empty() =>
        {
            Some("The profile has neither a gateway nor a client.".into())
        }
        Operation::Introspect if !somewhere(|e| &e.introspection) => missing("introspection endpoint"),
        Operation::Userinfo if !somewhere(|e| &e.userinfo) => missing("userinfo endpoint"),
        Operation::Revoke if !somewhere(|e| &e.revocation) => missing("revocation endpoint"),
        Operation::LogOut if !somewhere(|e| &e.end_session) => missing("end session endpoint"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
