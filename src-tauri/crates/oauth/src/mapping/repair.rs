//! What to set at the two servers, as steps and as JSON for Keycloak's admin API.

use serde_json::json;

use super::{
    facts::MappingFacts,
    side::{PortalScope, Repair, RoleClaim, ordinary, pretty},
};
use record::{audit::FixAction, operation::Operation};
use token::{claims, text::Pair};

pub(super) fn all(
    facts: &MappingFacts<'_>,
    claims: &[RoleClaim],
    read: Option<&RoleClaim>,
    scopes: &[PortalScope],
) -> Vec<Repair> {
    let Some(source) = &facts.source else { return Vec::new() };
    let lacking = scopes.iter().any(|one| one.granted != Some(true) && one.asked != Some(false));
    let mut list = Vec::new();
    let usable = read.filter(|one| one.usable);
    let empty = read.filter(|one| one.empty());
    // Both servers have to speak of one claim.
    let named = || claims.iter().find(|one| !one.usable && !one.path.contains('.'));
    let name = usable.or(empty).or_else(named).map_or("roles", |one| one.path.as_str());
    match (usable, empty) {
        (Some(_), _) => {}
        (None, Some(_)) => list.push(membership(name, &source.view.who, &place(facts))),
        (None, None) => list.push(role_mapper(name, &place(facts))),
    }
    if lacking {
        list.push(role_claim(name, role(claims, usable, empty), empty.is_some()));
    }
    if claims::audience(source.claims) == ["account"] {
        list.push(audience_mapper(&place(facts)));
    }
    list
}

/// Form to get the token again, when something that was not granted can be had by asking.
pub(super) fn actions(facts: &MappingFacts<'_>, scopes: &[PortalScope]) -> Vec<FixAction> {
    let Some(source) = &facts.source else { return Vec::new() };
    if facts.issued.is_some() && scopes.iter().all(|one| one.granted == Some(true)) {
        return Vec::new();
    }
    let pair = |name: &str, value: &str| Pair { name: name.into(), value: value.into() };
    let mut values = vec![pair("assertion", &format!("token:{}", source.view.id)), pair("scope", "openid")];
    values.extend(scopes.iter().map(|one| pair("scope", &one.scope)));
    if let Some(client) = facts.issued.as_ref().and_then(|issued| issued.view.client.as_deref()) {
        values.push(pair("client", client));
    }
    let label = if facts.issued.is_some() { "Map the user again" } else { "Map the user" };
    vec![FixAction { label: label.into(), values, operation: Operation::JwtBearer }]
}

/// Where the Keycloak token comes from: realm, client.
struct Place {
    realm: String,
    client: String,
    admin: String,
}

fn place(facts: &MappingFacts<'_>) -> Place {
    let claims = facts.source.as_ref().map(|source| source.claims);
    let issuer = claims.and_then(|claims| claims::text(claims, "iss")).unwrap_or_default();
    let (base, realm) = issuer.split_once("/realms/").unwrap_or(("", "your realm"));
    Place {
        admin: if base.is_empty() { "{server}/admin/realms/{realm}".into() } else { format!("{base}/admin/realms/{realm}") },
        realm: realm.to_owned(),
        client: claims.and_then(claims::client).unwrap_or_else(|| "the client that logs in".into()),
    }
}

/// A role of the user that says something and stands, or will stand, in the claim WSO2 reads; none where the user has none.
fn role(claims: &[RoleClaim], usable: Option<&RoleClaim>, empty: Option<&RoleClaim>) -> Option<String> {
    let own = |one: &RoleClaim| one.values.iter().find(|role| !ordinary(role)).cloned();
    let realm = || claims.iter().find(|one| one.path == "realm_access.roles").and_then(own);
    match (usable, empty) {
        (Some(usable), _) => own(usable),
        (None, Some(_)) => None,
        (None, None) => realm(),
    }
}

/// What a claim holds, as Keycloak's console calls it.
fn kind(claim: &str) -> &'static str {
    if matches!(claim, "groups" | "group") { "group" } else { "role" }
}

/// The claim is there and right, and the user has nothing that would stand in it.
fn membership(claim: &str, user: &str, place: &Place) -> Repair {
    let Place { realm, .. } = place;
    let kind = kind(claim);
    let give = if kind == "group" {
        format!("In realm {realm}: Users, {user}, Groups, Join Group.")
    } else {
        format!("In realm {realm}: Users, {user}, Role mapping, Assign role.")
    };
    Repair {
        id: "kc-membership".into(),
        title: format!("Keycloak: give {user} a {kind}, which then stands in {claim}"),
        steps: vec![
            give,
            format!(
                "Choose the {kind} that WSO2 maps to Internal/subscriber. The token of a user who has the portal's scopes shows it in {claim}."
            ),
            "Log in again: a token that was issued before does not change.".into(),
        ],
        json: String::new(),
        send_to: String::new(),
    }
}

fn role_mapper(claim: &str, place: &Place) -> Repair {
    let Place { realm, client, admin } = place;
    let mapper = json!({
        "name": format!("{claim} as a flat array"),
        "protocol": "openid-connect",
        "protocolMapper": "oidc-usermodel-realm-role-mapper",
        "config": {
            "claim.name": claim,
            "jsonType.label": "String",
            "multivalued": "true",
            "access.token.claim": "true",
            "id.token.claim": "true",
            "userinfo.token.claim": "false",
            "introspection.token.claim": "true",
        },
    });
    Repair {
        id: "kc-role-mapper".into(),
        title: format!("Keycloak: write the realm roles into a top-level array {claim}"),
        steps: vec![
            format!("In realm {realm}: Clients, {client}, Client scopes, {client}-dedicated."),
            "Add mapper, By configuration, User Realm Role.".into(),
            format!(
                "Token Claim Name {claim}, Multivalued on, Claim JSON Type String, Add to access token on. No dots in the name: a dot nests."
            ),
            "Log in again: a token that was issued before does not change.".into(),
        ],
        json: pretty(&mapper),
        send_to: format!("POST {admin}/clients/{{id of {client}}}/protocol-mappers/models"),
    }
}

fn audience_mapper(place: &Place) -> Repair {
    let Place { realm, client, admin } = place;
    let mapper = json!({
        "name": "audience for WSO2",
        "protocol": "openid-connect",
        "protocolMapper": "oidc-audience-mapper",
        "config": {
            "included.custom.audience": "wso2",
            "access.token.claim": "true",
            "id.token.claim": "false",
            "introspection.token.claim": "true",
        },
    });
    Repair {
        id: "kc-audience-mapper".into(),
        title: "Keycloak: name WSO2 in the audience".into(),
        steps: vec![
            format!("In realm {realm}: Clients, {client}, Client scopes, {client}-dedicated."),
            "Add mapper, By configuration, Audience.".into(),
            "Included Custom Audience wso2, Add to access token on.".into(),
            "At WSO2, Identity Providers, the entry of Keycloak: set Alias to the same word.".into(),
        ],
        json: pretty(&mapper),
        send_to: format!("POST {admin}/clients/{{id of {client}}}/protocol-mappers/models"),
    }
}

/// `given` says that the claim is there already, so that WSO2 may know it.
fn role_claim(claim: &str, role: Option<String>, given: bool) -> Repair {
    let kind = kind(claim);
    let role = role.unwrap_or_else(|| format!("the user's {kind}"));
    let mut steps = vec![
        "In the console (/carbon): Identity Providers, the entry whose issuer name is the token's iss.".into(),
        format!(
            "Claim Configuration, Basic: Define Custom Claim Dialect, add {claim} and map it to http://wso2.org/claims/role; Role Claim URI {claim}."
        ),
        format!(
            "Role Configuration: {role} to Internal/subscriber. A value has to be spelled exactly as in the token, slashes too."
        ),
        "Update, then get the WSO2 token again; the same Keycloak token will do while it is younger than 30 min.".into(),
    ];
    if given {
        steps.insert(
            0,
            format!("If another user of this realm gets the scopes, WSO2 reads {claim} already: nothing to set here."),
        );
    }
    Repair {
        id: "wso2-role-claim".into(),
        title: format!("WSO2: read roles from {claim} and map {role} to Internal/subscriber"),
        steps,
        json: String::new(),
        send_to: String::new(),
    }
}
