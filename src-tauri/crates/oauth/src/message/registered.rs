//! Which redirect to register at a provider.

use crate::{profile::Profile, server::habits};

/// The redirect URI to register at the provider, and one line about it (RFC 8252 7.3).
pub fn redirect_hint(profile: &Profile) -> (String, String) {
    let redirect = &profile.redirect;
    let path = if redirect.path.starts_with('/') { redirect.path.clone() } else { format!("/{}", redirect.path) };
    let (uri, mut note) = match redirect.port {
        0 => {
            let (uri, note) = (habits(profile.provider.dialect).redirect_without_port)(&redirect.host, &path);
            (uri, note.to_owned())
        }
        port => (
            format!("http://{}:{port}{path}", redirect.host),
            format!("Register it exactly like this. Port {port} must be free when you log in."),
        ),
    };
    if redirect.host == "localhost" {
        note.push_str(" localhost leads browsers to 127.0.0.1 or [::1]; the port is held at both while you log in. 127.0.0.1 leads to one place only (RFC 8252 8.3).");
    }
    (uri, note)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Dialect;

    #[test]
    fn redirect_to_register() {
        let mut profile = Profile::default();
        profile.provider.dialect = Dialect::Keycloak;
        assert_eq!(redirect_hint(&profile).0, "http://127.0.0.1/*");
        profile.provider.dialect = Dialect::Plain;
        assert_eq!(redirect_hint(&profile).0, "http://127.0.0.1/callback");
        profile.redirect.port = 53_682;
        assert_eq!(redirect_hint(&profile).0, "http://127.0.0.1:53682/callback");
    }
}
