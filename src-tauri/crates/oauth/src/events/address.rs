//! Where the admin API of a realm is, from the address of its events in the profile.

use url::Url;

/// The admin API of one realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RealmAddress {
    /// `{base}/admin/realms/{realm}`, without a slash at its end.
    pub api: String,
    /// The server's base, e.g. `https://id.example.org` or `https://id.example.org/auth`.
    pub base: String,
    /// The realm's name as it stands in the address, percent-encoded.
    pub realm: String,
}

/// Reads it from the events address (`{base}/admin/realms/{realm}/events`); none for an address of another shape.
pub fn realm_address(events: &str) -> Option<RealmAddress> {
    let url = Url::parse(events.trim()).ok()?;
    let (before, rest) = url.path().split_once("/admin/realms/")?;
    let realm = rest.split('/').next().filter(|realm| !realm.is_empty())?.to_owned();
    let origin = url.origin().ascii_serialization();
    let base = format!("{origin}{before}");
    Some(RealmAddress { api: format!("{base}/admin/realms/{realm}"), base, realm })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_the_events_address() {
        let read = |text: &str| realm_address(text).map(|found| (found.base, found.realm, found.api));
        let own = |base: &str, realm: &str, api: &str| Some((base.to_owned(), realm.to_owned(), api.to_owned()));
        assert_eq!(
            read("http://localhost:8080/admin/realms/shop/events"),
            own("http://localhost:8080", "shop", "http://localhost:8080/admin/realms/shop")
        );
        assert_eq!(
            read("https://id.example.org/auth/admin/realms/shop%20floor/events/"),
            own("https://id.example.org/auth", "shop%20floor", "https://id.example.org/auth/admin/realms/shop%20floor")
        );
        assert_eq!(read("https://id.example.org/events"), None);
        assert_eq!(read(""), None);
    }
}
