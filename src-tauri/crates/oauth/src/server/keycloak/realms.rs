//! Realms of one Keycloak: each is an issuer of its own, and all are of one server.
//!
//! A token of another realm of the same server is at home in identity chaining. Its keys lie where every realm has them, so that it
//! can be verified without a profile for that realm, and without asking any server that the profile does not name.

use url::Url;

use crate::profile::{Dialect, Provider};

/// How a realm's name begins, as we show it.
const REALM: &str = "Keycloak, realm ";

/// The readable name of a realm.
pub fn realm_name(realm: &str) -> String {
    format!("{REALM}{realm}")
}

/// The realm a profile was imported with, e.g. from a realm's export, which knows no address; none once the server was read.
pub fn imported_realm(provider: &Provider) -> Option<&str> {
    let named = provider.name.strip_prefix(REALM).map(str::trim).filter(|realm| !realm.is_empty());
    named.filter(|_| provider.dialect == Dialect::Keycloak && provider.read_ms == 0)
}

/// Between the base of a Keycloak and the name of a realm.
const REALMS: &str = "/realms/";

/// Where the keys of an issuer lie that is another realm of the provider's server; none for any other issuer.
pub(super) fn keys_of_sibling(issuer: &str, provider: &Provider) -> Option<String> {
    let (theirs, ours) = (Url::parse(issuer).ok()?, Url::parse(&provider.issuer).ok()?);
    let (their_base, their_realm) = theirs.path().rsplit_once(REALMS)?;
    let (our_base, our_realm) = ours.path().rsplit_once(REALMS)?;
    let sibling = theirs.origin() == ours.origin()
        && their_base == our_base
        && their_realm != our_realm
        && !their_realm.is_empty()
        && !their_realm.contains('/')
        && theirs.query().is_none()
        && theirs.fragment().is_none();
    sibling.then(|| format!("{issuer}/protocol/openid-connect/certs"))
}

#[cfg(test)]
mod tests {
    use super::super::super::keys_of_sibling;
    use super::*;

    #[test]
    fn only_another_realm_of_the_same_server() {
        let provider = |issuer: &str, dialect| Provider { issuer: issuer.into(), dialect, ..Provider::default() };
        let ours = provider("https://id.test/auth/realms/shop", Dialect::Keycloak);
        assert_eq!(
            keys_of_sibling("https://id.test/auth/realms/partner", &ours).as_deref(),
            Some("https://id.test/auth/realms/partner/protocol/openid-connect/certs")
        );
        for issuer in [
            "https://id.test/auth/realms/shop",
            "https://id.test/realms/partner",
            "https://id.test:8443/auth/realms/partner",
            "http://id.test/auth/realms/partner",
            "https://other.test/auth/realms/partner",
            "https://id.test/auth/realms/",
            "https://id.test/auth/realms/a/b",
            "https://id.test/auth/realms/partner?x=1",
            "https://id.test/auth/realms/partner#x",
            "https://id.test@other.test/auth/realms/partner",
            "partner",
            "",
        ] {
            assert_eq!(keys_of_sibling(issuer, &ours), None, "{issuer}");
        }
        let plain = provider("https://id.test/auth/realms/shop", Dialect::Plain);
        assert_eq!(keys_of_sibling("https://id.test/auth/realms/partner", &plain), None);
    }
}
