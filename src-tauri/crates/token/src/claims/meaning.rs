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
    if path.starts_with("impersonator.") {
        return Some("Keycloak: the administrator who stands in for the user. RFC 8693 knows it as act.");
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
    ("resource", "APIs the token was asked for by address, RFC 8707 2."),
    // RFC 8693
    ("act", "Who acts for the subject, RFC 8693 4.1. Only the outermost actor counts for access."),
    ("act.sub", "The current actor: who uses this token for the subject. RFC 8693 4.1."),
    ("act.iss", "The issuer that knows the current actor. RFC 8693 4.1."),
    ("act.client_id", "The client that is the current actor. RFC 8693 4.1."),
    ("may_act", "Who may become the actor for this subject in an exchange, RFC 8693 4.4."),
    ("may_act.sub", "The subject that may become the actor in an exchange, RFC 8693 4.4."),
    ("may_act.client_id", "The client that may become the actor in an exchange, RFC 8693 4.4."),
    ("may_act.iss", "The issuer that knows the party which may act, RFC 8693 4.4."),
    // RFC 7800, RFC 8705, RFC 9449
    ("cnf", "Binds the token to a key: whoever uses it must prove that key, RFC 7800 3.1."),
    ("cnf.jkt", "Thumbprint of the DPoP key the token is bound to, RFC 9449 6.1."),
    ("cnf.x5t#S256", "Thumbprint of the client certificate the token is bound to, RFC 8705 3.1."),
    ("cnf.jwk", "The public key the token is bound to, RFC 7800 3.2."),
    ("cnf.kid", "Name of the key the token is bound to; both sides must know it, RFC 7800 3.4."),
    ("cnf.jku", "Address of the key the token is bound to, RFC 7800 3.5. Never followed here."),
    ("cnf.jwe", "The symmetric key the token is bound to, encrypted, RFC 7800 3.3."),
    ("txn", "The transaction this token belongs to, the same in every service it passes, RFC 8417 2.2."),
    ("toe", "When the event happened, which may be before iat, RFC 8417 2.2."),
    ("sub_id", "Whom it is about, as a subject identifier, RFC 9493 4.1."),
    ("htm", "DPoP proof: the method of the one request it is for, RFC 9449 4.2."),
    ("htu", "DPoP proof: the address of the one request it is for, RFC 9449 4.2."),
    ("ath", "DPoP proof: hash of the access token it goes with, RFC 9449 4.2."),
    ("vct", "Type of a verifiable credential in SD-JWT form."),
    ("_sd", "Digests of claims the holder may disclose, RFC 9901 4.2.4.1."),
    ("_sd_alg", "Hash of the digests; sha-256 when it is left out, RFC 9901 4.1.1."),
    ("sd_hash", "Key binding: hash of the token and its shown disclosures, RFC 9901 4.3."),
    ("status", "Where the issuer says whether the token was revoked (token status list)."),
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
    ("middle_name", "Middle name, for display."),
    ("nickname", "Casual name, for display."),
    ("profile", "Address of the profile page."),
    ("picture", "Address of a picture."),
    ("website", "Web page of the user."),
    ("gender", "Gender as the user gave it."),
    ("birthdate", "Birthday, YYYY-MM-DD; the year may be 0000."),
    ("zoneinfo", "Time zone of the user, e.g. Europe/Paris."),
    ("address", "Postal address, OpenID Connect Core 5.1.1."),
    ("email", "Email address. It can change, do not key on it."),
    ("email_verified", "Whether the issuer checked the address. Linking accounts by an unchecked one is a takeover risk."),
    ("phone_number", "Phone number, for display."),
    ("phone_number_verified", "Whether the issuer checked the phone number."),
    ("locale", "Language of the user."),
    ("updated_at", "When the profile last changed."),
    ("events", "Security events; makes this a logout token or a security event token."),
    ("_claim_names", "Claims that other parties vouch for, by name, OpenID Connect Core 5.6.2."),
    ("_claim_sources", "Where those other parties are asked, OpenID Connect Core 5.6.2."),
    ("active", "Introspection: whether the token is live right now by the server's word, RFC 7662 2.2."),
    ("username", "Introspection and WSO2: a readable user name, RFC 7662 2.2."),
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
    ("impersonator", "Keycloak: the administrator who stands in for the user. RFC 8693 knows it as act."),
    ("trusted-certs", "Keycloak: thumbprints of client certificates, by adapters of old."),
    ("policy", "Keycloak: policies of the authorization services."),
    ("category", "Keycloak: which kind of token it is inside the server."),
    // WSO2
    ("aut", "WSO2: APPLICATION for a token of the application alone, APPLICATION_USER when a user stands behind it."),
    ("application", "WSO2: the application the key belongs to. In API keys and tokens of APIM 3.x."),
    ("tierInfo", "WSO2: throttling of the subscribed tiers. In API keys and tokens of APIM 3.x."),
    ("subscribedAPIs", "WSO2: APIs this key may call. In API keys and tokens of APIM 3.x; later gateways look it up by azp."),
    ("keytype", "WSO2: PRODUCTION or SANDBOX."),
    ("application.owner", "WSO2: who owns the application."),
    ("application.tier", "WSO2: throttling tier of the application."),
    ("application.name", "WSO2: name of the application in the developer portal."),
    ("application.id", "WSO2: number of the application."),
    ("application.uuid", "WSO2: id of the application in the developer portal's API."),
    ("user_td", "WSO2: tenant domain of the user."),
    ("app_td", "WSO2: tenant domain of the application."),
    ("realm.signing_tenant", "WSO2: the tenant whose key signed the token."),
    ("endusername", "WSO2: user name, in tokens of APIM 3.x."),
    ("backendJwt", "WSO2: the token the gateway made for the backend."),
    ("consumerKey", "WSO2 APIM 3.x: the client id."),
    ("token_type", "How the token is used (Bearer, DPoP, N_A) in introspection; apiKey or refresh_token in JWTs of WSO2."),
    ("permittedIP", "WSO2 API key: addresses that may use it."),
    ("permittedReferer", "WSO2 API key: referers that may use it."),
    ("entity_id", "WSO2: id of the user, or of the client for application tokens."),
    ("is_federated", "WSO2: the user came from another identity provider."),
    ("is_consented", "WSO2: the user consented to the attributes."),
    ("user_session_id", "WSO2: the sign-in session."),
    ("realm", "WSO2: the tenant that signed the token."),
    ("binding_ref", "WSO2: what the token is bound to, as a reference."),
    ("binding_type", "WSO2: how the token is bound, e.g. to a cookie or a certificate."),
    ("http://wso2.org/claims/subscriber", "WSO2 gateway to backend: owner of the subscription."),
    ("http://wso2.org/claims/applicationid", "WSO2 gateway to backend: number of the calling application."),
    ("http://wso2.org/claims/applicationname", "WSO2 gateway to backend: name of the calling application."),
    ("http://wso2.org/claims/applicationtier", "WSO2 gateway to backend: throttling tier of the calling application."),
    ("http://wso2.org/claims/applicationUUId", "WSO2 gateway to backend: id of the calling application."),
    ("http://wso2.org/claims/applicationAttributes", "WSO2 gateway to backend: attributes of the calling application."),
    ("http://wso2.org/claims/apiname", "WSO2 gateway to backend: name of the called API."),
    ("http://wso2.org/claims/apicontext", "WSO2 gateway to backend: path of the called API."),
    ("http://wso2.org/claims/version", "WSO2 gateway to backend: version of the called API."),
    ("http://wso2.org/claims/tier", "WSO2 gateway to backend: tier of the subscription."),
    ("http://wso2.org/claims/keytype", "WSO2 gateway to backend: PRODUCTION or SANDBOX."),
    ("http://wso2.org/claims/usertype", "WSO2 gateway to backend: always Application_User."),
    ("http://wso2.org/claims/enduser", "WSO2 gateway to backend: the user behind the call."),
    ("http://wso2.org/claims/enduserTenantId", "WSO2 gateway to backend: tenant of the user."),
    ("http://wso2.org/claims/role", "WSO2 gateway to backend: roles of the user."),
    ("tid", "Entra: the tenant."),
    ("oid", "Entra: id of the user or service principal in the tenant; the one to key on."),
    ("appid", "Entra: the client the token was issued to."),
    ("idp", "Entra: the provider that signed the user in."),
    ("wids", "Entra: roles of the directory the user has."),
    ("ver", "Version of the token's form, at Entra 1.0 or 2.0."),
    ("uti", "Entra: id of this one token."),
    ("rh", "Entra: for its own use."),
    ("upn", "Sign-in name at Entra. It can change, do not key on it."),
    ("unique_name", "Sign-in name of old Entra tokens. It can change, do not key on it."),
    ("token_use", "Cognito: id or access."),
    ("cid", "Okta: the client the token was issued to."),
    ("uid", "Okta: id of the user."),
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
    ("header.epk", "The sender's key for this one message, RFC 7518 4.6.1.1."),
    ("header.apu", "Who produced it, part of the key agreement, RFC 7518 4.6.1.2."),
    ("header.apv", "Whom it is for, part of the key agreement, RFC 7518 4.6.1.3."),
    ("header.iv", "Start value of the key encryption, RFC 7518 4.7.1.1."),
    ("header.tag", "Seal of the encrypted key, RFC 7518 4.7.1.2."),
    ("header.p2s", "Salt of a password-based key, RFC 7518 4.8.1.1."),
    ("header.p2c", "Rounds of a password-based key, RFC 7518 4.8.1.2. A huge count is an attack on the reader."),
    ("header.nonce", "Entra: tells that the token is for Microsoft's own use and can not be verified by others."),
    ("header.ppt", "Kind of a SIP identity token, RFC 8225."),
    ("header.zip", "Compression before encryption, RFC 7516 4.1.3."),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// What standards and servers put into tokens; a claim without a line would be a gap in the window.
    const KNOWN: &[&str] = &[
        // RFC 7519, RFC 9068
        "iss",
        "sub",
        "aud",
        "exp",
        "nbf",
        "iat",
        "jti",
        "client_id",
        "scope",
        "auth_time",
        "acr",
        "amr",
        "groups",
        "roles",
        "entitlements",
        // ID token
        "nonce",
        "azp",
        "at_hash",
        "c_hash",
        "s_hash",
        "sid",
        "events",
        // RFC 8693, RFC 7800, RFC 8705, RFC 9449, RFC 9396
        "act.sub",
        "act.act.sub",
        "act.act.act.act.client_id",
        "may_act.sub",
        "may_act.act.sub",
        "cnf.jkt",
        "cnf.x5t#S256",
        "cnf.jwk.kty",
        "cnf.kid",
        "authorization_details",
        "resource",
        // Keycloak
        "typ",
        "session_state",
        "realm_access.roles",
        "resource_access.https://api.test.roles",
        "allowed-origins",
        "authorization.permissions",
        "clientHost",
        "clientAddress",
        "organization",
        "preferred_username",
        "email",
        "email_verified",
        "name",
        "given_name",
        "family_name",
        "locale",
        // WSO2
        "aut",
        "application.owner",
        "application.tier",
        "application.name",
        "application.id",
        "application.uuid",
        "tierInfo.Gold.tierQuotaType",
        "subscribedAPIs",
        "keytype",
        "consumerKey",
        "token_type",
        "permittedIP",
        "permittedReferer",
        "entity_id",
        "is_federated",
        "is_consented",
        "user_session_id",
        "realm.signing_tenant",
        "user_td",
        "app_td",
        "binding_ref",
        "binding_type",
        "http://wso2.org/claims/subscriber",
        // Introspection
        "active",
        "username",
    ];

    #[test]
    fn every_claim_of_the_standards_and_servers_has_its_line() {
        let silent: Vec<&&str> = KNOWN.iter().filter(|path| meaning(path).is_none()).collect();
        assert!(silent.is_empty(), "{silent:?}");
    }

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
