//! Servers: what each of them does in its own way, and what its refusals mean.

mod habits;
mod keycloak;
mod plain;
mod remarks;
pub(crate) mod rfc;
mod wso2;

pub use habits::Habits;
pub(crate) use habits::{ExchangeForm, FirstType, Recognised};
pub(crate) use keycloak::DIALECT as KEYCLOAK;
pub use keycloak::{
    changes::ChangesQuery,
    realms::{imported_realm, realm_name},
};
pub(crate) use {habits::Warnings, remarks::Remarks};

use crate::profile::{Dialect, Endpoints, Provider};

/// Every server: those with words of their own first, and last the one that every server is.
pub const ALL: [Dialect; 3] = [Dialect::Keycloak, Dialect::Wso2, Dialect::Plain];

/// The habits of a server.
pub fn habits(dialect: Dialect) -> &'static Habits {
    match dialect {
        Dialect::Plain => &plain::HABITS,
        Dialect::Keycloak => &keycloak::HABITS,
        Dialect::Wso2 => &wso2::HABITS,
    }
}

/// Every server as a person chooses one: first the one that every server is.
pub fn choices() -> impl Iterator<Item = (Dialect, &'static Habits)> {
    let first = Dialect::default();
    std::iter::once(first).chain(ALL.into_iter().filter(move |one| *one != first)).map(|one| (one, habits(one)))
}

/// The server that a security block names; none where it is named by its issuer.
pub(crate) fn named(name: &str) -> Option<Dialect> {
    ALL.into_iter().find(|dialect| {
        let known = habits(*dialect).yaml;
        !known.is_empty() && name.starts_with(known)
    })
}

/// Which server it looks like by its metadata, its name, and where its events would be.
pub(crate) fn recognise(issuer: &str, endpoints: &Endpoints) -> (Dialect, Recognised) {
    let found = ALL.into_iter().find_map(|dialect| Some((dialect, (habits(dialect).recognise)(issuer, endpoints)?)));
    found.unwrap_or_else(|| (Dialect::default(), Recognised { name: String::new(), events: String::new() }))
}

/// Where the keys of an issuer lie that is of the provider's own server; none for any other issuer.
pub fn keys_of_sibling(issuer: &str, provider: &Provider) -> Option<String> {
    (habits(provider.dialect).keys_of_sibling)(issuer, provider)
}

/// Whether a cause lies in a setting of the server, so that the same request will be refused again until it is changed.
pub fn lies_in_settings(id: &str) -> bool {
    ALL.into_iter().any(|dialect| habits(dialect).in_settings.contains(&id))
}

/// Whether a refusal stands for many causes and names none.
pub fn names_no_cause(id: &str) -> bool {
    ALL.into_iter().any(|dialect| habits(dialect).one_for_all.contains(&id))
}

#[cfg(test)]
mod tests;
