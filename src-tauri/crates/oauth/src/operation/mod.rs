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
    ByServer, Carries, Definition, Ended, Headline, IdToken, Issues, Menu, Scope, SecretField, Spends, Stopped, Target,
};

use crate::{
    message::{Built, Materials, builder::Builder, client_of},
    profile::{Profile, ServerRole},
};
use record::operation::{Draft, FieldFault, Operation};

/// Makes of one table the list of all definitions and the way from a name to its definition.
macro_rules! definitions {
    ($($operation:ident => $file:ident,)*) => {
        /// All of them; those of the menu in its order.
        pub const ALL: &[&Definition] = &[$(&$file::DEFINITION),*];

        /// The definition of an operation.
        pub const fn of(operation: Operation) -> &'static Definition {
            match operation {
                $(Operation::$operation => &$file::DEFINITION,)*
            }
        }
    };
}

definitions! {
    LogIn => log_in,
    TokenExchange => token_exchange,
    JwtBearer => jwt_bearer,
    ClientCredentials => client_credentials,
    Refresh => refresh,
    Password => password,
    CallApi => call_api,
    Introspect => introspect,
    Userinfo => userinfo,
    Revoke => revoke,
    LogOut => log_out,
    Discover => discover,
    ReadEvents => read_events,
    Predict => predict,
    Portal => portal,
}

/// Builds the request of a draft.
///
/// # Errors
/// All complaints, each at its field.
pub fn build(draft: &Draft, profile: &Profile, materials: &dyn Materials) -> Result<Built, Vec<FieldFault>> {
    let definition = of(draft.operation);
    let prefer = definition.prefer;
    let title = definition.title.at(prefer);
    let mut builder =
        Builder { draft, profile, materials, prefer, title, faults: Vec::new(), pairs: Vec::new(), tokens_in: Vec::new() };
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
