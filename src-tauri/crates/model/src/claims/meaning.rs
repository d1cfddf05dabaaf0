//! One line for every claim and header parameter we know: what it says, and what to beware of.
//!
//! A table, so that a missing claim is a missing line. Sentences are shown beside the value.

/// What a claim or header parameter means; none for unknown ones. Paths as in [`super::Entry::path`],
/// header parameters with the prefix `header.`.
pub fn meaning(path: &str) -> Option<&'static str> {
    if let Some(found) = lookup(path) {
        return Some(found);
    }
    if path.starts_with("resource_access.") {
        return Some(
            "Roles of one client. Keycloak puts them in by the scope roles; a client scope with a role mapping narrows them.",
        );
    }
    if path.starts_with("act.act.") {
        return Some("An earlier actor: history only, it must not decide access. RFC 8693 4.1.");
    }
    // Members of known containers share the line of the container.
    path.rsplit_once('.').filter(|(above, _)| !above.starts_with("header")).and_then(|(above, _)| meaning(above))
}

fn lookup(path: &str) -> Option<&'static str> {
    MEANINGS.iter().find(|(name, _)| *name == path).map(|(_, line)| *line)
}

const MEANINGS: &[(&str, &str)] = &[
    // RFC 7519 and RFC 9068
    ("iss", "Who issued the token. An API must expect exactly this text, RFC 7519 4.1.1."),
    ("sub", "Whom the token is about; unique only together with iss, RFC 7519 4.1.2."),
    ("aud", "Who may accept this token, RFC 7519 4.1.3. An API that is not named must refuse it."),
    ("exp", "From this moment the token must be refused, RFC 7519 4.1.4."),
    ("nbf", "Before this moment the token must be refused, RFC 7519 4.1.5."),
    ("iat", "When the token was issued, RFC 7519 4.1.6."),
    ("jti", "Id of this one token, RFC 7519 4.1.7. Keycloak's audit events name it as token_id."),
    ("scope", "What the client may do, as far as scopes say, RFC 8693 4.2."),
    ("scp", "Granted scopes as a list: the spelling of Entra and Okta for scope."),
    ("client_id", "The client the token was issued to, RFC 8693 4.3."),
    ("groups", "Groups of the subject, RFC 9068 2.2.3.1."),
    ("roles", "Roles of the subject, RFC 9068 2.2.3.1."),
    ("entitlements", "Entitlements of the subject, RFC 9068 2.2.3.1."),
    ("authorization_details", "Fine-grained authorization, RFC 9396."),
    // RFC 8693
    ("act", "Who acts for the subject, RFC 8693 4.1. Only the outermost actor counts for access."),
    ("act.sub", "The current actor: who uses this token for the subject. RFC 8693 4.1."),
    ("act.iss", "The issuer that knows the current actor. RFC 8693 4.1."),
    ("may_act", "Who may become the actor for this subject in an exchange, RFC 8693 4.4."),
    // RFC 7800, RFC 8705, RFC 9449
    ("cnf", "Binds the token to a key: whoever uses it must prove that key, RFC 7800 3.1."),
    ("cnf.jkt", "Thumbprint of the DPoP key the token is bound to, RFC 9449 6.1."),
    ("cnf.x5t#S256", "Thumbprint of the client certificate the token is bound to, RFC 8705 3.1."),
    ("cnf.jwk", "The public key the token is bound to, RFC 7800 3.2."),
    // OpenID Connect
    ("azp", "The client that holds this token (authorized party), OpenID Connect Core 2."),
    ("nonce", "Ties an ID token to the login request that asked for it, OpenID Connect Core 2."),
    ("auth_time", "When the user last signed in, OpenID Connect Core 2."),
    ("acr", "How strong the sign-in was, in the server's own scale, OpenID Connect Core 2."),
    ("amr", "By which methods the user signed in, RFC 8176."),
    ("at_hash", "Half a hash of the access token issued with this ID token, OpenID Connect Core 3.1.3.6."),
    ("c_hash", "Half a hash of the authorization code, OpenID Connect Core 3.3.2.11."),
    ("s_hash", "Half a hash of the state parameter (FAPI)."),
    ("sid", "The sign-in session. Logging out ends every token with the same value."),
    ("session_state", "Keycloak's older name of the sign-in session; gone from tokens since 25."),
    ("name", "Full name, for display."),
    ("given_name", "First name, for display."),
    ("family_name", "Family name, for display."),
    ("preferred_username", "A display name. It can change, do not key on it."),
    ("email", "Email address. It can change, do not key on it."),
    ("email_verified", "Whether the issuer checked the address. Linking accounts by an unchecked one is a takeover risk."),
    ("phone_number", "Phone number, for display."),
    ("locale", "Language of the user."),
    ("updated_at", "When the profile last changed."),
    ("events", "Security events; makes this a logout token or a security event token."),
    // Keycloak
    ("typ", "Keycloak's kind of token: Bearer, DPoP, ID, Refresh, Offline or Logout."),
    ("realm_access", "Realm roles of Keycloak."),
    ("realm_access.roles", "Realm roles of Keycloak: they hold for every client of the realm."),
    ("resource_access", "Client roles of Keycloak, by client."),
    ("allowed-origins", "Web origins Keycloak's adapters allow for cross-origin calls; no authorization by itself."),
    ("authorization", "Permissions of Keycloak's authorization services (UMA)."),
    ("clientHost", "Address a service account called from, as Keycloak saw it."),
    ("clientAddress", "Address a service account called from, as Keycloak saw it."),
    ("organization", "Organizations of the user in Keycloak."),
    ("identity_provider", "The identity provider the user came through."),
    // WSO2
    ("aut", "WSO2: APPLICATION for a token of the application alone, APPLICATION_USER when a user stands behind it."),
    ("application", "WSO2: the application the key belongs to. In API keys and tokens of APIM 3.x."),
    ("tierInfo", "WSO2: throttling of the subscribed tiers. In API keys and tokens of APIM 3.x."),
    ("subscribedAPIs", "WSO2: APIs this key may call. In API keys and tokens of APIM 3.x; later gateways look it up by azp."),
    ("keytype", "WSO2: PRODUCTION or SANDBOX."),
    ("consumerKey", "WSO2 APIM 3.x: the client id."),
    ("token_type", "WSO2: apiKey or refresh_token where the JWT is no access token."),
    ("permittedIP", "WSO2 API key: addresses that may use it."),
    ("permittedReferer", "WSO2 API key: referers that may use it."),
    ("entity_id", "WSO2: id of the user, or of the client for application tokens."),
    ("is_federated", "WSO2: the user came from another identity provider."),
    ("is_consented", "WSO2: the user consented to the attributes."),
    ("user_session_id", "WSO2: the sign-in session."),
    ("realm", "WSO2: the tenant that signed the token."),
    ("binding_ref", "WSO2: what the token is bound to, as a reference."),
    ("binding_type", "WSO2: how the token is bound, e.g. to a cookie or a certificate."),
    ("tid", "Entra: the tenant."),
    ("oid", "Entra: id of the user or service principal in the tenant; the one to key on."),
    ("appid", "Entra: the client the token was issued to."),
    // JOSE headers
    ("header.alg", "Algorithm the sender says it signed with. A verifier chooses by its key, not by this, RFC 8725 3.1."),
    ("header.kid", "Name of the key; a hint from the sender, not proof, RFC 7515 4.1.4."),
    ("header.typ", "Kind of token: at+jwt for access tokens by RFC 9068, JWT by habit."),
    ("header.cty", "Kind of content; JWT marks a token inside a token, RFC 7519 5.2."),
    ("header.crit", "Parameters a verifier must understand or else refuse the token, RFC 7515 4.1.11."),
    ("header.jku", "Address of keys chosen by the sender. Never followed here, RFC 8725 3.10."),
    ("header.jwk", "Key sent along by the sender. Never trusted here, RFC 8725 3.10."),
    ("header.x5u", "Address of a certificate chosen by the sender. Never followed here, RFC 8725 3.10."),
    ("header.x5c", "Certificate sent along by the sender. Never trusted here, RFC 8725 3.10."),
    ("header.x5t", "Thumbprint of the signing certificate; a hint, RFC 7515 4.1.7."),
    ("header.x5t#S256", "Thumbprint of the signing certificate; a hint, RFC 7515 4.1.8."),
    ("header.b64", "Whether the payload is encoded, RFC 7797. A JWT must not use it."),
    ("header.enc", "Algorithm the content is encrypted with, RFC 7516 4.1.2."),
    ("header.zip", "Compression before encryption, RFC 7516 4.1.3."),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_said_once_and_ends_like_a_sentence() {
        for (index, (name, line)) in MEANINGS.iter().enumerate() {
            assert!(line.ends_with('.'), "{name}");
            assert!(MEANINGS[..index].iter().all(|(other, _)| other != name), "{name} stands twice");
        }
    }

    #[test]
    fn members_share_the_line_of_their_container() {
        assert!(meaning("resource_access.orders-api.roles").is_some_and(|line| line.contains("client")));
        assert!(meaning("act.act.sub").is_some_and(|line| line.contains("history")));
        assert_eq!(meaning("authorization.permissions"), meaning("authorization"));
        assert_eq!(meaning("header.unknown"), None);
        assert_eq!(meaning("unknown"), None);
    }
}
