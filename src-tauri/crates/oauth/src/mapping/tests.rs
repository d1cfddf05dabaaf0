//! Mapping: what follows from which claim, and what to set when it does not.

use serde_json::{Map, Value, json};

use super::*;
use token::inspect::{Obtained, Origin, TokenFormat, TokenKind, Verification, view};

const ISSUER: &str = "https://kc.test/realms/shop";

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn keycloak(more: Value) -> Map<String, Value> {
    let mut claims = map(json!({"iss": ISSUER, "sub": "7c57", "preferred_username": "alice", "azp": "frontend",
        "aud": ["gateway", "account"], "scope": "openid profile", "allowed-origins": ["*"],
        "realm_access": {"roles": ["default-roles-shop", "wso2-dev"]}, "resource_access": {"account": {"roles": ["view-profile"]}}}));
    claims.extend(map(more));
    claims
}

fn wso2(scope: &str) -> Map<String, Value> {
    map(json!({"iss": "https://localhost:9443/oauth2/token", "sub": "7c57", "aut": "APPLICATION_USER", "azp": "devportal",
        "client_id": "devportal", "aud": "devportal", "scope": scope}))
}

fn shelved(id: &str, claims: &Map<String, Value>) -> TokenView {
    let origin = Origin { step: Some(1), ..Origin::new(id, TokenKind::Access, Obtained::LogIn, "log in") };
    view(&origin, None, Some(claims), TokenFormat::Jws, 900, &Verification::Unsecured, 0)
}

const ASKED: &str = "openid apim:subscribe apim:app_manage apim:sub_manage";

fn check(source: &Map<String, Value>, granted: Option<&str>, asked: Option<&str>, claim: Option<&str>) -> Mapping {
    let (view, issued) = (shelved("k", source), granted.map(wso2));
    let made = issued.as_ref().map(|claims| shelved("w", claims));
    mapping(&MappingFacts {
        source: Some(Side { view: &view, claims: source }),
        issued: made.as_ref().zip(issued.as_ref()).map(|(view, claims)| Side { view, claims }),
        asked: asked.map(|asked| asked.split(' ').map(str::to_owned).collect()),
        claim,
        back: Some(Back {
            issuer: "https://localhost:9443/oauth2/token",
            base: "https://localhost:9443",
            userinfo: "https://localhost:9443/oauth2/userinfo",
            private_authority: true,
            realm: ISSUER,
            requester: "portal",
            audience: Some("orders-api"),
        }),
    })
}

fn whys(mapping: &Mapping) -> Vec<&str> {
    mapping.scopes.iter().map(|scope| scope.why.as_str()).collect()
}

fn repairs(mapping: &Mapping) -> Vec<&str> {
    mapping.repairs.iter().map(|repair| repair.id.as_str()).collect()
}

#[test]
fn nested_roles_are_not_found_and_the_mapper_is_ready() {
    let found = check(&keycloak(json!({})), Some("openid"), Some(ASKED), None);
    assert_eq!(found.headline, "WSO2 answered 200 and granted alice none of the portal's scopes, though 3 were asked for.");
    assert_eq!(found.claims.len(), 1, "{:?}", found.claims);
    assert_eq!((found.claims[0].path.as_str(), found.claims[0].usable), ("realm_access.roles", false));
    assert!(whys(&found).iter().all(|why| why.contains("realm_access.roles is nested")), "{:?}", whys(&found));
    assert_eq!(repairs(&found), ["kc-role-mapper", "wso2-role-claim"]);
    let mapper: Value = serde_json::from_str(&found.repairs[0].json).expect("JSON");
    assert_eq!(mapper["protocolMapper"], "oidc-usermodel-realm-role-mapper");
    assert_eq!((&mapper["config"]["claim.name"], &mapper["config"]["multivalued"]), (&json!("roles"), &json!("true")));
    assert_eq!(
        found.repairs[0].send_to,
        "POST https://kc.test/admin/realms/shop/clients/{id of frontend}/protocol-mappers/models"
    );
    assert!(found.repairs[1].title.contains("map wso2-dev to Internal/subscriber"), "{}", found.repairs[1].title);
    let ids: Vec<(&str, Severity)> = found.findings.iter().map(|one| (one.id.as_str(), one.severity)).collect();
    assert_eq!(
        ids,
        [("no-flat-role-claim", Severity::Error), ("scopes-left-out", Severity::Warning), ("owner-is-sub", Severity::Note)]
    );
}

#[test]
fn a_flat_claim_that_is_mapped_opens_all() {
    let found = check(&keycloak(json!({"groups": ["/engineering"]})), Some(ASKED), Some(ASKED), None);
    assert_eq!(found.headline, "alice has what was asked for, 3 scopes of the portal.");
    assert_eq!(found.claim.as_deref(), Some("groups"));
    assert!(whys(&found)[0].starts_with("Granted: one of /engineering (groups) is mapped to"), "{:?}", whys(&found));
    assert_eq!((repairs(&found), found.actions.len()), (Vec::<&str>::new(), 0));
}

#[test]
fn a_flat_claim_that_nobody_mapped_is_a_matter_of_wso2() {
    let found = check(&keycloak(json!({"roles": ["wso2-dev"]})), Some("openid"), Some(ASKED), None);
    assert!(whys(&found)[0].starts_with("Of wso2-dev in roles none is mapped to"), "{:?}", whys(&found));
    assert_eq!(repairs(&found), ["wso2-role-claim"]);
    assert!(found.findings.iter().all(|one| one.id != "no-flat-role-claim"));
    let again = &found.actions[0];
    let scopes: Vec<&str> = again.values.iter().filter(|pair| pair.name == "scope").map(|pair| pair.value.as_str()).collect();
    assert_eq!(scopes, ["openid", "apim:subscribe", "apim:app_manage", "apim:sub_manage"]);
    assert!(again.values.iter().any(|pair| pair.name == "assertion" && pair.value == "token:k"));
}

#[test]
fn a_single_string_is_no_array_and_an_empty_one_no_role() {
    let found = check(&keycloak(json!({"roles": "wso2-dev"})), Some("openid"), Some(ASKED), None);
    let claim = found.claims.iter().find(|one| one.path == "roles").expect("seen");
    assert!(!claim.usable && claim.why.contains("Multivalued"));
    assert_eq!(repairs(&found), ["kc-role-mapper", "wso2-role-claim"]);
    let found = check(&keycloak(json!({"roles": []})), Some("openid"), Some(ASKED), Some("roles"));
    assert!(whys(&found)[0].contains("empty"), "{:?}", whys(&found));
}

#[test]
fn a_claim_that_is_there_and_empty_is_a_matter_of_the_user() {
    let found = check(&keycloak(json!({"groups": []})), Some("openid"), Some(ASKED), None);
    assert_eq!(found.claim.as_deref(), Some("groups"));
    assert_eq!(repairs(&found), ["kc-membership", "wso2-role-claim"], "no mapper: the claim is there");
    assert!(found.repairs[0].steps[0].ends_with("Users, alice, Groups, Join Group."), "{:?}", found.repairs[0].steps);
    assert_eq!(found.repairs[1].title, "WSO2: read roles from groups and map the user's group to Internal/subscriber");
    assert!(found.findings.iter().any(|one| one.id == "role-claim-empty" && one.detail.contains("alice has nothing")));
    assert!(found.findings.iter().all(|one| one.id != "no-flat-role-claim"));
}

#[test]
fn both_servers_are_told_of_one_claim() {
    for more in [json!({}), json!({"groups": "/sales"}), json!({"role": "x"}), json!({"groups": []}), json!({"roles": []})] {
        let found = check(&keycloak(more.clone()), Some("openid"), Some(ASKED), None);
        let [keycloak, wso2] = &found.repairs[..] else { panic!("two: {more}") };
        let claim = wso2.title.strip_prefix("WSO2: read roles from ").and_then(|rest| rest.split(' ').next()).expect("named");
        assert!(keycloak.title.ends_with(&format!(" {claim}")), "{more}: {} against {}", keycloak.title, wso2.title);
    }
}

#[test]
fn the_claim_wso2_reads_can_be_named() {
    let source = keycloak(json!({"roles": ["wso2-dev"], "groups": ["/sales"]}));
    assert_eq!(check(&source, None, None, None).claim.as_deref(), Some("roles"));
    let found = check(&source, Some("openid"), Some(ASKED), Some(" groups "));
    assert_eq!(found.claim.as_deref(), Some("groups"));
    assert!(whys(&found)[0].contains("/sales in groups"));
    let found = check(&source, Some("openid"), Some(ASKED), Some("realm_access.roles"));
    assert!(whys(&found)[0].contains("nested"), "{:?}", whys(&found));
    assert_eq!(repairs(&found), ["kc-role-mapper", "wso2-role-claim"]);
}

#[test]
fn what_was_not_asked_for_is_not_missed() {
    let found = check(&keycloak(json!({})), Some("openid"), Some("openid"), None);
    assert!(whys(&found).iter().all(|why| *why == "It was not asked for. Name it in scope."), "{:?}", whys(&found));
    assert!(repairs(&found).contains(&"kc-role-mapper") && !repairs(&found).contains(&"wso2-role-claim"));
    assert!(found.findings.iter().all(|one| one.id != "scopes-left-out"));
}

#[test]
fn before_there_is_a_wso2_token_the_keycloak_one_is_judged_alone() {
    let found = check(&keycloak(json!({"aud": "account"})), None, None, None);
    assert_eq!(found.headline, "alice has no WSO2 token yet. What the Keycloak token would give is shown.");
    assert_eq!(repairs(&found), ["kc-role-mapper", "wso2-role-claim", "kc-audience-mapper"]);
    assert!(whys(&found)[0].starts_with("No role will be found"));
    assert_eq!(found.actions[0].label, "Map the user");
}

#[test]
fn an_application_has_no_role() {
    let claims = map(
        json!({"iss": "https://localhost:9443/oauth2/token", "sub": "app", "aut": "APPLICATION", "azp": "app", "scope": "default"}),
    );
    let view = shelved("w", &claims);
    let found = mapping(&MappingFacts {
        source: None,
        issued: Some(Side { view: &view, claims: &claims }),
        asked: None,
        claim: None,
        back: None,
    });
    assert!(whys(&found).iter().all(|why| why.starts_with("No user stands behind")), "{:?}", whys(&found));
    assert!(found.repairs.is_empty() && found.actions.is_empty() && found.findings.is_empty());
}

#[test]
fn the_way_back_is_written_down_with_the_values_of_the_tokens() {
    let found = check(&keycloak(json!({"groups": ["/engineering"]})), Some(ASKED), Some(ASKED), None);
    let ids: Vec<&str> = found.back.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["kc-know-gateway", "kc-link-user", "kc-permit-requester"]);
    let [provider, link, permission] = &found.back[..] else { panic!("three") };
    let entry: Value = serde_json::from_str(&provider.json).expect("JSON");
    assert_eq!((&entry["alias"], &entry["providerId"]), (&json!("wso2"), &json!("oidc")));
    assert_eq!(entry["config"]["issuer"], "https://localhost:9443/oauth2/token");
    assert_eq!(entry["config"]["userInfoUrl"], "https://localhost:9443/oauth2/userinfo");
    assert!(provider.steps.iter().any(|step| step.contains("conf/truststores")), "{:?}", provider.steps);
    assert_eq!(provider.send_to, "POST https://kc.test/admin/realms/shop/identity-provider/instances");
    let linked: Value = serde_json::from_str(&link.json).expect("JSON");
    assert_eq!(linked, json!({"identityProvider": "wso2", "userId": "7c57", "userName": "alice"}));
    assert_eq!(link.send_to, "POST https://kc.test/admin/realms/shop/users/7c57/federated-identity/wso2");
    assert!(permission.title.contains("portal") && permission.steps.iter().any(|step| step.contains("orders-api")));
}
