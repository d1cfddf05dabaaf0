//! The way back: what Keycloak has to know before it takes a token of WSO2 for one of its own users (legacy exchange with
//! `subject_issuer`).
//!
//! Three things by three different people's habits forgotten: the gateway as an identity provider of the realm, the user linked to
//! the subject the gateway writes, and the permission of whoever asks. Keycloak tells none of them apart from the others in its
//! answer, so they are written down before anybody runs into them, with the values of the tokens at hand.

use serde_json::json;

use super::side::{Repair, Side, pretty};
use token::claims;

/// Alias of the gateway in the realm, as proposed.
pub const ALIAS: &str = "wso2";

/// What the way back is written down from.
pub struct Back<'a> {
    /// Issuer of the gateway's tokens.
    pub issuer: &'a str,
    /// Its authorization endpoint, token endpoint and keys, for the record; Keycloak wants them filled.
    pub base: &'a str,
    /// Where Keycloak asks about a token.
    pub userinfo: &'a str,
    /// Whether that address has TLS by an authority of the profile's own, which Keycloak has to be told of.
    pub private_authority: bool,
    /// Issuer of the realm.
    pub realm: &'a str,
    /// The client that exchanges.
    pub requester: &'a str,
    /// Who the target is, where an API is known.
    pub audience: Option<&'a str>,
}

/// The steps, in the order they are done.
pub(super) fn all(back: &Back<'_>, source: Option<&Side<'_>>, issued: Option<&Side<'_>>) -> Vec<Repair> {
    let (server, realm) = back.realm.split_once("/realms/").unwrap_or(("{server}", "your realm"));
    let admin = format!("{server}/admin/realms/{realm}");
    let mut list = vec![provider(back, realm, &admin)];
    list.push(link(&admin, realm, source, issued));
    list.push(permission(back, realm, &admin));
    list
}

fn provider(back: &Back<'_>, realm: &str, admin: &str) -> Repair {
    let value = json!({
        "alias": ALIAS,
        "displayName": "WSO2 API Manager",
        "providerId": "oidc",
        "enabled": true,
        "hideOnLogin": true,
        "config": {
            "issuer": back.issuer,
            "authorizationUrl": format!("{}/oauth2/authorize", back.base),
            "tokenUrl": format!("{}/oauth2/token", back.base),
            "userInfoUrl": back.userinfo,
            "disableUserInfo": "false",
            "jwksUrl": format!("{}/oauth2/jwks", back.base),
            "useJwksUrl": "true",
            "validateSignature": "true",
            "clientId": "keycloak",
            "clientSecret": "not used by the exchange",
            "clientAuthMethod": "client_secret_basic",
        },
    });
    let mut steps = vec![
        format!(
            "In realm {realm}: Identity providers, Add provider, OpenID Connect v1.0. Alias {ALIAS}, Use discovery endpoint off."
        ),
        format!("Issuer {}, as it stands in iss. Then the addresses of the JSON below.", back.issuer),
        format!(
            "User Info URL {}, Disable user info off: Keycloak asks there whose token it is, which needs the scope openid in it.",
            back.userinfo
        ),
        "Client ID and secret may be any words: the exchange does not use them.".into(),
    ];
    if back.private_authority && back.userinfo.starts_with("https://") {
        steps.push(
            "Keycloak has to trust the certificate of that address: put it as a PEM file into conf/truststores and restart Keycloak. A certificate for localhost is good for that name only."
                .into(),
        );
    }
    Repair {
        id: "kc-know-gateway".into(),
        title: "Keycloak: know the gateway as an identity provider".into(),
        steps,
        json: pretty(&value),
        send_to: format!("POST {admin}/identity-provider/instances"),
    }
}

fn link(admin: &str, realm: &str, source: Option<&Side<'_>>, issued: Option<&Side<'_>>) -> Repair {
    let text = |side: Option<&Side<'_>>, name: &str| side.and_then(|side| claims::text(side.claims, name));
    let subject = text(issued, "sub").or_else(|| text(source, "sub"));
    let user = text(source, "sub");
    let name = text(source, "preferred_username").or_else(|| subject.clone());
    let shown = name.clone().unwrap_or_else(|| "the user".into());
    let value = json!({ "identityProvider": ALIAS, "userId": subject, "userName": name });
    let known = subject.clone().unwrap_or_else(|| "the sub of the WSO2 token".into());
    Repair {
        id: "kc-link-user".into(),
        title: format!("Keycloak: link {shown} to the subject WSO2 writes"),
        steps: vec![
            format!("In realm {realm}: Users, {shown}, Identity provider links, Link account at {ALIAS}."),
            format!("User ID {known}, Username {shown}. After jwt-bearer it is the Keycloak user's own sub."),
            "Without the link Keycloak tries to make a new user, and refuses where the name is taken: \"User already exists\"."
                .into(),
        ],
        json: if subject.is_some() { pretty(&value) } else { String::new() },
        send_to: format!("POST {admin}/users/{}/federated-identity/{ALIAS}", user.unwrap_or_else(|| "{id of the user}".into())),
    }
}

fn permission(back: &Back<'_>, realm: &str, admin: &str) -> Repair {
    let requester = back.requester;
    let mut steps = vec![
        "Keycloak has to be started with --features=token-exchange:v1,admin-fine-grained-authz:v1.".into(),
        format!(
            "In realm {realm}: Identity providers, {ALIAS}, Permissions: Permissions enabled on, then the scope permission token-exchange."
        ),
        format!(
            "There: a client policy that names {requester}, the client that asks. The permission is the identity provider's, the policy lists who may."
        ),
    ];
    if let Some(audience) = back.audience {
        steps.push(format!("The same at Clients, {audience}, Permissions, when the exchange asks for audience {audience}."));
    }
    Repair {
        id: "kc-permit-requester".into(),
        title: format!("Keycloak: let {requester} exchange the gateway's tokens"),
        steps,
        json: pretty(&json!({ "enabled": true })),
        send_to: format!("PUT {admin}/identity-provider/instances/{ALIAS}/management/permissions"),
    }
}
