//! The operations: one file each, with everything the window, the engine and the journal ask about it.
//!
//! A new one is its name in the records ([`record::operation::Operation`]), a file here with its [`Definition`], and a row in the table below.

mod about_token;
mod call_api;
mod client_credentials;
pub(crate) mod definition;
mod discover;
mod introspect;
mod jwt_bearer;
pub(crate) mod log_in;
mod log_out;
mod needs;
mod password;
mod portal;
mod predict;
mod read_events;
mod refresh;
mod revoke;
mod token_exchange;
mod userinfo;

pub use definition::{
    ByServer, Carries, Definition, Ended, Flow, Grant, Headline, IdToken, Issues, Menu, Offer, Scope, SecretField, Spends,
    Stopped, Target, TokenField,
};

use crate::{
    message::{Built, Materials, builder::Builder, client_of},
    profile::{Profile, ServerRole},
};
use record::operation::{Draft, FieldFault, Operation};
use token::inspect::TokenView;

/// Makes of one table the list of all definitions and the way from a name to its definition.
macro_rules! definitions {
    ($($operation:ident => $definition:path,)*) => {
        /// All of them; those of the menu in its order.
        pub const ALL: &[&Definition] = &[$(&$definition),*];

        /// The definition of an operation.
        pub const fn of(operation: Operation) -> &'static Definition {
            match operation {
                $(Operation::$operation => &$definition,)*
            }
        }
    };
}

definitions! {
    LogIn => log_in::DEFINITION,
    TokenExchange => token_exchange::DEFINITION,
    JwtBearer => jwt_bearer::DEFINITION,
    ClientCredentials => client_credentials::DEFINITION,
    Refresh => refresh::DEFINITION,
    Password => password::DEFINITION,
    CallApi => call_api::DEFINITION,
    Introspect => introspect::DEFINITION,
    Userinfo => userinfo::DEFINITION,
    Revoke => revoke::DEFINITION,
    LogOut => log_out::DEFINITION,
    Discover => discover::DEFINITION,
    ReadEvents => read_events::DEFINITION,
    Predict => predict::DEFINITION,
    Portal => portal::DEFINITION,
}

/// Makes lists of the operations of which something holds, for whatever speaks of several of them.
macro_rules! families {
    ($($(#[$doc:meta])* $name:ident: |$definition:ident| $holds:expr;)*) => {$(
        $(#[$doc])*
        pub const $name: &[Operation] = {
            const fn holds($definition: &Definition) -> bool {
                $holds
            }
            const COUNT: usize = {
                let (mut count, mut at) = (0, 0);
                while at < ALL.len() {
                    if holds(ALL[at]) {
                        count += 1;
                    }
                    at += 1;
                }
                count
            };
            const LIST: [Operation; COUNT] = {
                let (mut list, mut count, mut at) = ([Operation::LogIn; COUNT], 0, 0);
                while at < ALL.len() {
                    if holds(ALL[at]) {
                        list[count] = ALL[at].operation;
                        count += 1;
                    }
                    at += 1;
                }
                list
            };
            &LIST
        };
    )*};
}

families! {
    /// Those that bring tokens.
    ISSUING: |definition| definition.issues_tokens();
    /// Those that bring tokens for one request.
    GRANTS: |definition| definition.issues_tokens() && matches!(definition.flow, Flow::Request);
    /// Those in which a client asks as itself.
    AS_CLIENT: |definition| definition.as_client;
}

/// What somebody who looks at a token can open a form for: the operation, its field for the token, and the button.
pub fn uses(token: &TokenView) -> Vec<(Operation, &'static str, Offer)> {
    let sendable = ALL.iter().filter(|_| !token.evidence_only);
    let offered = sendable.flat_map(|definition| {
        definition.tokens.iter().filter_map(|field| Some((definition.operation, field.name, (field.offer)(token)?)))
    });
    let mut uses: Vec<_> = offered.collect();
    // What ends it comes last.
    uses.sort_by_key(|(_, _, offer)| offer.danger);
    uses
}

/// Builds the request of a draft.
///
/// # Errors
/// All complaints, each at its field.
pub fn build(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Result<Built, Vec<FieldFault>> {
    let definition = of(draft.operation);
    let prefer = definition.prefer;
    let title = definition.title.at(prefer);
    let mut builder = Builder {
        draft,
        profile,
        materials,
        prefer,
        grant_type: definition.grant.map(|grant| grant.grant_type),
        title,
        faults: Vec::new(),
        pairs: Vec::new(),
        tokens_in: Vec::new(),
    };
    match (definition.build)(&mut builder) {
        Some(built) if builder.faults.is_empty() => Ok(built),
        _ => Err(builder.faults),
    }
}

/// The server that answered a step, by the client that asked.
pub fn answered_by(operation: Operation, client: Option<&str>, profile: &Profile) -> ServerRole {
    let prefer = of(operation).prefer;
    client.and_then(|id| client_of(profile, id, prefer)).map_or(prefer, |client| client.server)
}

/// What a step is called in lists: by what was run, and by the server that answers the client that asks.
pub fn step_title(draft: &Draft, client: Option<&str>, profile: &Profile) -> &'static str {
    let definition = of(draft.operation);
    (definition.step_title)(draft, definition.listed.at(answered_by(draft.operation, client, profile)))
}

#[cfg(test)]
mod tests;
